//! What access logs say of one configuration: which server and location each logged request went to.
//!
//! [`format`] compiles a `log_format` into something that reads lines, [`written`] says which location writes what where, [`wrapper`] takes
//! lines out of what compose, kubectl, journald and others put around them, [`input`] reads whatever is compressed in pieces, [`servers`]
//! and [`follow`] replay routing, [`tally`] counts, and [`read()`] runs all of it on every core.

mod agents;
mod apart;
mod carry;
mod clients;
mod escape;
mod fields;
mod follow;
mod format;
pub(super) mod hash;
mod input;
mod json;
mod limits;
mod moves;
mod plan;
mod read;
mod servers;
mod tally;
pub mod time;
mod worker;
mod wrapper;
mod written;

pub use input::Input;
pub use read::{Options, Parts, Progress, Since, holds_requests, read};

/// Seconds since 1970-01-01T00:00:00Z.
pub type Seconds = i64;

use std::path::PathBuf;
use std::sync::Arc;

use crate::config::{Config, EntryId};
use crate::messages::Message;

/// What the logs that were read say of one configuration. Of bounded size, however long the logs are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Logs {
    /// Each file or stream that was read, in the order of reading.
    pub sources: Vec<Source>,
    /// The time of the first and of the last request that counts; `None` when no request with a time was read.
    pub window: Option<(Seconds, Seconds)>,
    /// The time zone of the newest request, in seconds east of UTC: in it days are told to people.
    pub offset: i32,
    /// How far back requests count from the newest one, in seconds; `None` for all.
    pub asked: Option<Seconds>,
    /// By `LocationId`: the requests that it answered.
    pub locations: Vec<Hits>,
    /// By `ServerId`: the requests that it answered, in whichever of its locations or by itself.
    pub servers: Vec<Hits>,
    /// By `LocationId`: can these logs tell?
    pub sights: Vec<Sight>,
    /// Requests of which the server could not be told: no host or port in the format, and several servers.
    pub unplaced: u64,
    /// What limits all of this, for a person to read.
    pub limits: Vec<Limit>,
    /// `$upstream_addr`, where a format has it: address as logged, requests that it answered (at most a few thousand addresses).
    pub upstreams: Vec<(Arc<str>, u64)>,
}

/// One file or stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    /// Its path, or `-` for standard input.
    pub path: PathBuf,
    /// Its size in bytes as stored.
    pub bytes: u64,
    /// SHA-256 of the bytes as stored, in hexadecimal; empty where it was not asked for.
    pub sha256: String,
    /// Lines in it.
    pub lines: u64,
    /// Lines that are requests in one of the configuration's formats.
    pub requests: u64,
    /// Lines that are an access log's and of which the request line could not be read (`""`, binary).
    pub garbled: u64,
    /// The `log_format`s in which they were read.
    pub formats: Vec<Arc<str>>,
    /// The time of its first and last request.
    pub window: Option<(Seconds, Seconds)>,
    /// Why it could not be read, or not wholly.
    pub problem: Option<Message>,
}

/// Requests that came to one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hits {
    /// All of them.
    pub total: u64,
    /// By the first digit of the status; 0 for what has none.
    pub classes: [u64; 6],
    /// Those answered with 404.
    pub not_found: u64,
    /// When the first came.
    pub first: Option<Seconds>,
    /// When the last came.
    pub last: Option<Seconds>,
    /// Methods with their counts, the most frequent first; at most eight.
    pub methods: Vec<(Arc<str>, u64)>,
    /// How many different clients, estimated.
    pub clients: u64,
    /// Who asked.
    pub agents: Agents,
    /// Requests that may have come here instead of where they are counted: it depends on what a log does not hold.
    pub perhaps: u64,
    /// Requests that passed through on their way to another location of the same server (an internal redirect, `auth_request`).
    pub passed: u64,
    /// Requests that another server of this configuration passed on to here, by replaying its own log.
    pub relayed: u64,
    /// The newest request, to jump to.
    pub example: Option<Example>,
}

/// Who asked, by `User-Agent`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agents {
    /// People and programs: everything that is none of the following.
    pub others: u64,
    /// Search engines and other crawlers.
    pub bots: u64,
    /// Tools that look for holes.
    pub scanners: u64,
    /// Health checks of load balancers, orchestrators and monitoring.
    pub checks: u64,
}

/// One logged request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Which of [`Logs::sources`].
    pub source: usize,
    /// Its line, from 1.
    pub line: u64,
    /// `GET /path?query`, as logged, at most 200 characters.
    pub request: String,
}

/// Can the logs tell whether a location is used?
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sight {
    /// Every request that it answers is in a log that was read.
    Seen,
    /// `access_log off`, at this directive.
    Off(EntryId),
    /// Only requests that its `if=` lets through are logged, at this directive.
    Conditional(EntryId),
    /// Only internal requests come here, and those are not logged (`internal`, a named location).
    Internal,
    /// Its log's format does not hold what would tell it from others: the format's directive (`None` for `combined`), and the variables
    /// that are missing (`$server_port`, `$host`, `$request`).
    Blind(Option<EntryId>, Vec<&'static str>),
    /// This directive moves requests on to where they are not seen: to a location that does not write to these logs, or, in a log with `$uri`
    /// alone, to another URI. nginx logs a request where it ends.
    Moved(EntryId),
    /// None of the logs that were read is in the format of its `access_log`, or it writes to another file than those read.
    #[default]
    NotRead,
}

/// Something that the logs can't tell, or that makes them tell less than asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// No request counts: the time of the newest one where all are older than what was asked for, `None` where no line is a request in a format
    /// of this configuration.
    NoRequest(Option<Seconds>),
    /// The logs cover less than the window that was asked for: asked and covered, in seconds.
    ShortWindow(Seconds, Seconds),
    /// In the midst of the window there is nothing for so long: asked and missing, in seconds. A rotated file is not among those read, or nothing
    /// ran.
    Hole(Seconds, Seconds),
    /// A format lacks these variables; with them, this `log_format` directive would tell servers apart.
    Format {
        /// The `log_format`; `None` for `combined`.
        entry: Option<EntryId>,
        /// What is missing.
        missing: Vec<&'static str>,
        /// The line to write instead.
        better: String,
    },
    /// A format can't be read back: two variables without a text between them, at this `log_format`, and why.
    Unreadable(EntryId, String),
    /// Times without a zone were taken as UTC.
    NoZone,
    /// So many requests bear a time that has not come: a clock was wrong. They count, whenever they were.
    Ahead(u64),
    /// So many different request targets that later ones were routed without following rewrites.
    Cut,
}

impl Hits {
    /// Requests of people, programs and health checks that were answered with anything but 404: what counts as use. What a search engine or
    /// a scanner finds is there, but nobody needs it for that.
    pub fn used(&self) -> u64 {
        self.total.saturating_sub(self.not_found).min(self.agents.others + self.agents.checks)
    }
}

impl Logs {
    /// What the logs say of a later state of the configuration: by the same servers and locations, wherever they stand now. Locations that
    /// are new have no hits, and [`Sight::NotRead`]. These same logs where nothing of what they tell of moved.
    pub fn carried(self: &Arc<Logs>, from: &Config, to: &Config) -> Arc<Logs> {
        carry::carried(self, from, to)
    }

    /// True when the logs go back as far as was asked, but for a 24th of that, and have no hole: then no hit means that there was none.
    pub fn covers(&self) -> bool {
        self.window.is_some() && !self.limits.iter().any(|limit| matches!(limit, Limit::ShortWindow(..) | Limit::Hole(..)))
    }
}

/// Can lines be read back that a `log_format` with these arguments behind its name writes? If not, why, for a person.
pub fn check_format<'a>(arguments: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let (escape, text) = written::parts(arguments);
    format::Format::compile("".into(), None, &text, escape).map(|_| ())
}
