//! Is it used? The verdict on a location, with everything that speaks for and against it.
//!
//! A graph: [`links`] finds who sends requests to whom, [`served`] which locations serve a file, [`ranks`] lets what is known spread
//! along it from the roots (logs, health checks), [`judge()`] says the verdicts, [`group`] finds what hangs together.

pub(super) mod beginnings;
mod carry;
mod group;
mod judge;
mod links;
mod ranks;
mod served;
mod twin;

pub use judge::{judge, judge_one};
pub use ranks::Ranks;

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use super::callers::{self, Callers};
use super::files::Need;
use super::logs::Logs;
use super::modules::Lua;
use super::paths::Paths;
use super::references::{self, References};
use super::takeover::kept::Takeovers;
use crate::config::{Config, EntryId, LocationId, ServerId};
use crate::messages::Message;
use crate::project::{FileId, Place, Project};
use crate::routing::Router;
use crate::upstreams::Upstreams;

/// Is it used?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Logs show it, or something that runs needs it.
    InUse,
    /// A log that can tell, over the whole window, shows no request, and nothing that is in use refers to it.
    ProbablyUnused,
    /// The evidence points both ways: a person has to look.
    ToCheck,
    /// There is no evidence: no log that can tell, and nothing refers to it.
    CannotTell,
}

/// What speaks for or against a location's use. The strongest first in a [`Usage`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// `# nginx-analyzer: keep`, with its reason; `until` is the day on which it ends.
    Kept {
        /// The comment.
        place: Place,
        /// The day, `YYYY-MM-DD`.
        until: Option<String>,
        /// Why, in the words of whoever wrote it.
        reason: String,
        /// The day has passed.
        expired: bool,
    },
    /// The logs show this many requests that count as use.
    Hits(u64),
    /// The logs show requests, all of them answered with 404.
    OnlyNotFound(u64),
    /// The logs show requests, all of them of scanners or bots.
    OnlyMachines(u64),
    /// Requests may have come here: it depends on what a log does not hold.
    PerhapsHits(u64),
    /// Requests that another location took came through here: `auth_request`, an internal redirect.
    Passed(u64),
    /// Requests that another server of this same nginx logged and passed on to here.
    Relayed(u64),
    /// The logs can tell, cover the window, and show no request.
    NoHits,
    /// The logs can tell, show no request, and cover less than the window.
    NoHitsSoFar,
    /// Requests are not logged: `access_log off` at this directive.
    NotLogged(EntryId),
    /// Only some requests are logged: `if=` at this directive.
    PartlyLogged(EntryId),
    /// This directive moves its requests on to where the logs do not show them, or not that they came through here.
    MovedOn(EntryId),
    /// The format does not hold these variables.
    Blind(Option<EntryId>, Vec<&'static str>),
    /// No log was given at all.
    NoLogs,
    /// The logs that were given are others than those that this location writes to.
    OtherLogs,
    /// Something in the workspace calls it. `live` says whether that itself is in use: `None` when nobody knows.
    Called {
        /// What, where.
        caller: Arc<callers::Caller>,
        /// Is the caller in use?
        live: Option<bool>,
    },
    /// Another block of the configuration, or Lua, sends requests here. `live` as in [`Reason::Called`].
    Referred {
        /// Where it is written.
        place: Place,
        /// What sends them.
        kind: references::Kind,
        /// The location in which it is written.
        from: Option<LocationId>,
        /// Is that one in use?
        live: Option<bool>,
    },
    /// Another location passes requests on to this one's server, and some of its URIs come here. `live` as in [`Reason::Called`].
    PassedOn {
        /// The location that passes them on.
        from: LocationId,
        /// Its `proxy_pass`.
        pass: EntryId,
        /// Is that one in use?
        live: Option<bool>,
    },
    /// Nothing in the workspace and the configuration refers to it.
    NoCaller,
    /// It only denies or refuses: that nobody asks for it is what it is for.
    Denies,
    /// It is a guard: without it, another location would take its URIs without what it asks for.
    Guard {
        /// Where the guard is written.
        place: Option<Place>,
        /// What would be lost, for a person.
        phrase: Message,
    },
    /// The outside world asks for it by convention (`/robots.txt`, `/.well-known/…`, `/favicon.ico`).
    Convention,
    /// It is what takes everything that no other location of its server takes.
    Fallback,
    /// A location nested in it is in use.
    HasUsedInside(LocationId),
    /// A computed target may be one of its URIs.
    Computed(Place),
    /// So many more computed targets may be.
    ComputedMore(usize),
    /// No request can reach it, as is proven.
    Dead,
    /// The logs show no request to any location of its server, while others have some: is this server's log among them?
    SilentServer,
    /// A file that it can't answer without is missing: the directive that names it.
    Broken(Place),
}

impl Reason {
    /// How many reasons it stands for.
    pub fn count(&self) -> usize {
        match self {
            Reason::ComputedMore(count) => *count,
            _ => 1,
        }
    }
}

/// The verdict on one location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The location.
    pub location: LocationId,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, the strongest first.
    pub reasons: Vec<Reason>,
    /// In which of [`Verdicts::groups`] it is.
    pub group: Option<usize>,
    /// A location that looks like it and is in use.
    pub twin: Option<LocationId>,
    /// Who takes its URIs when it is gone (`None` for the server's own settings), as far as likely URIs tell; empty where nobody does, and
    /// for what is in use.
    pub takers: Vec<Option<LocationId>>,
    /// A location that would get URIs of others when it is gone ([`takers::shielded`]); `None` for what is in use.
    ///
    /// [`takers::shielded`]: crate::routing::takers::shielded
    pub shielded: Option<LocationId>,
    /// Files that only it needs, and that go with it.
    pub files: Vec<FileId>,
    /// Nothing else that works needs it, none of those that take its URIs asks for less than it does, and without it all other URIs go where
    /// they go now.
    pub safe: bool,
}

/// What goes together: a page, the locations that only it calls, the files that only they need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The one that the others hang on.
    pub head: Option<LocationId>,
    /// All of its locations, in reading order, the head among them.
    pub locations: Vec<LocationId>,
    /// Files that nothing else needs, those of a single location among them.
    pub files: Vec<FileId>,
    /// Upstreams that nothing else passes to.
    pub upstreams: Vec<EntryId>,
}

/// The verdicts on all locations of a configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// By `LocationId`.
    pub locations: Vec<Usage>,
    /// What goes together; those of one location, too.
    pub groups: Vec<Group>,
    /// Servers to which no request came, though their logs were read, while others had some.
    pub idle_servers: Vec<ServerId>,
}

impl Verdict {
    /// As in JSON: `in-use`, `probably-unused`, `to-check`, `cannot-tell`.
    pub fn id(self) -> &'static str {
        match self {
            Verdict::InUse => "in-use",
            Verdict::ProbablyUnused => "probably-unused",
            Verdict::ToCheck => "to-check",
            Verdict::CannotTell => "cannot-tell",
        }
    }
}

/// What the verdicts are made from.
pub struct Evidence<'a> {
    /// The project.
    pub project: &'a Project,
    /// The configuration.
    pub config: &'a Config,
    /// Its tables.
    pub router: &'a Router,
    /// Who takes likely URIs of a location when it goes away.
    pub takeovers: &'a Takeovers,
    /// What logs say; `None` where none was given.
    pub logs: Option<&'a Logs>,
    /// Who calls what.
    pub callers: &'a Callers,
    /// Who sends requests to which location.
    pub references: &'a References,
    /// Who answers behind each `*_pass`.
    pub upstreams: &'a Upstreams,
    /// The files that the configuration needs.
    pub needs: &'a [Need],
    /// All Lua code.
    pub lua: &'a Lua,
    /// What relative paths start from.
    pub paths: &'a Paths,
    /// The locations that nothing reaches, as is proven.
    pub dead: FxHashSet<LocationId>,
    /// Those of them that are missed all the same: they, or what is nested in them, redirect to their name, or keep others from some URIs.
    pub missed: FxHashSet<LocationId>,
    /// The day on which it is asked, for comments that hold until one.
    pub today: Option<Date>,
}
