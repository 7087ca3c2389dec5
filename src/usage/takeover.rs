//! What changes for requests when a location goes away: which locations take its URIs, and what those do otherwise.
//!
//! Everything here follows from the configuration; what of it matters is for a person to say, except for one thing: a block that denies,
//! authenticates or limits is a guard, and nothing that lets requests past a guard is called safe.

pub mod kept;

use crate::config::effective::{Blocks, Change, Effective, Site, same};
use crate::config::{Config, EntryId, LocationId, Matcher};
use crate::messages::{Argument, Joint, Message};
use crate::phrase;
use crate::project::{Place, Project};
use crate::routing::Router;
use crate::routing::takers::{self, Takers};

/// How many differences a sentence names.
const NAMED: usize = 3;
/// How much of a directive it shows, in characters.
const SHOWN: usize = 60;

/// What happens when a location goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takeover {
    /// The location.
    pub location: LocationId,
    /// Who takes its URIs; empty where no URI gets there, or where likely ones tell nothing.
    pub takers: Vec<Taker>,
    /// As [`Takers::whole`].
    pub whole: bool,
    /// As [`Takers::redirect`].
    pub redirect: Option<Vec<u8>>,
    /// True when all that holds in the location and in the takers is seen and understood: no include whose content is not known, no directive
    /// of a module that is not known, nothing that works without a request.
    pub certain: bool,
}

/// Who takes some of the URIs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taker {
    /// The location, or the server itself.
    pub site: Site,
    /// What is not the same there; empty when the same is written, and means the same.
    pub differences: Vec<Difference>,
}

/// One thing that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about: `access`, `authentication`, `headers` …
    pub about: &'static str,
    /// What holds with the taker: "`access_by_lua_file` is `auth.lua` instead of `admin.lua`".
    pub phrase: Message,
    /// What says it for the location; `None` when that has nothing of the kind.
    pub here: Option<EntryId>,
    /// True when something that denies, authenticates or limits is lost.
    pub guard: bool,
}

impl Takeover {
    /// True when nothing at all changes for any request; false where that can't be told.
    pub fn changes_nothing(&self) -> bool {
        self.whole && self.certain && self.redirect.is_none() && self.takers.iter().all(|taker| taker.differences.is_empty())
    }

    /// What is lost that denies, authenticates or limits.
    pub fn guards(&self) -> impl Iterator<Item = (Site, &Difference)> {
        let lost = |taker: &'_ Taker| taker.site;
        self.takers.iter().flat_map(move |taker| {
            taker.differences.iter().filter(|difference| difference.guard).map(move |difference| (lost(taker), difference))
        })
    }
}

/// What happens when the location goes away, with all that is nested in it.
pub fn of(blocks: &Blocks<'_>, router: &Router, location: LocationId) -> Takeover {
    with(blocks, location, takers::takers(blocks.config, router, location))
}

/// The same with those who take likely URIs of it only: for many locations at once, where nothing rests on knowing all.
pub fn likely(blocks: &Blocks<'_>, router: &Router, location: LocationId) -> Takeover {
    with(blocks, location, takers::likely(blocks.config, router, location))
}

/// The same if nothing changes for any request; where something does, that is seen at once for nearly all locations.
pub fn of_redundant(blocks: &Blocks<'_>, router: &Router, location: LocationId) -> Option<Takeover> {
    let server = blocks.config.location(location).server;
    let alike = |taker: Option<LocationId>| blocks.answer_alike(location, taker.map_or(Site::Server(server), Site::Location));
    let takers = takers::takers_if(blocks.config, router, location, &alike)?;
    let sites = sites(blocks, location, &takers);
    let nothing = takers.whole && takers.redirect.is_none() && !sites.is_empty() && is_same(blocks, location, &sites);
    nothing.then(|| Takeover { whole: true, redirect: None, ..between(blocks, location, &sites) })
}

fn sites(blocks: &Blocks<'_>, location: LocationId, takers: &Takers) -> Vec<Site> {
    let server = blocks.config.location(location).server;
    takers.all.iter().map(|taker| taker.map_or(Site::Server(server), Site::Location)).collect()
}

fn with(blocks: &Blocks<'_>, location: LocationId, takers: Takers) -> Takeover {
    let sites = sites(blocks, location, &takers);
    Takeover { whole: takers.whole, redirect: takers.redirect, ..between(blocks, location, &sites) }
}

/// The same where it is known who takes the URIs.
pub fn between(blocks: &Blocks<'_>, location: LocationId, takers: &[Site]) -> Takeover {
    let mut out = Takeover { location, takers: Vec::new(), whole: false, redirect: None, certain: false };
    if takers.is_empty() {
        return out;
    }
    let here = blocks.effective(Site::Location(location));
    out.certain = is_seen(blocks, location, &here, takers);
    out.takers = takers
        .iter()
        .map(|site| {
            let there = blocks.effective(*site);
            let compare =
                Compare { blocks, project: blocks.project, config: blocks.config, location, site: *site, here: &here, there: &there };
            out.certain &= compare.is_seen();
            Taker { site: *site, differences: compare.differences() }
        })
        .collect();
    out
}

/// Is all seen and understood, and nothing otherwise with any of the takers? What [`between`] would say, without the words.
fn is_same(blocks: &Blocks<'_>, location: LocationId, takers: &[Site]) -> bool {
    let here = blocks.effective(Site::Location(location));
    is_seen(blocks, location, &here, takers)
        && takers.iter().all(|site| {
            let there = blocks.effective(*site);
            let compare =
                Compare { blocks, project: blocks.project, config: blocks.config, location, site: *site, here: &here, there: &there };
            compare.is_seen() && !compare.differs()
        })
}

/// Is all that holds in the location seen and understood? A location with an empty name has no settings of its own for its `if`s; levels of
/// `add_header` can be told to add up.
fn is_seen(blocks: &Blocks<'_>, location: LocationId, here: &Effective, takers: &[Site]) -> bool {
    let named = |site: &Site| Compare::name(*site, blocks.config).is_none_or(|name| !name.is_empty());
    !here.open
        && here.runs.is_empty()
        && named(&Site::Location(location))
        && takers.iter().all(named)
        && blocks.config.all("add_header_inherit").is_empty()
        && blocks.config.all("add_trailer_inherit").is_empty()
}

/// What happens, in one sentence; `None` where no URI gets to the location.
pub fn sentence(blocks: &Blocks<'_>, takeover: &Takeover) -> Option<Message> {
    let taker = takeover.takers.first()?;
    let at = match taker.site {
        Site::Location(id) => Some(seen_from(blocks.project, blocks.config, id, takeover.location)),
        Site::Server(_) => None,
    };
    Some(afterwards(blocks, takeover)?.sentence(at))
}

/// Where a location is, for a person who looks at another one: its line, with the file where that is another one.
fn seen_from(project: &Project, config: &Config, id: LocationId, from: LocationId) -> Argument {
    let place = config.header(config.location(id).entry);
    let line = project.line(place);
    match place.file == config.header(config.location(from).entry).file {
        true => phrase!("line", line = line as usize).into(),
        false => format!("{}:{line}", project.display_path(place.file)).into(),
    }
}

/// What a sentence says, but for the places that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Afterwards {
    /// The first location that takes the URIs; `None` where it is the server.
    taker: Option<String>,
    /// How many others do.
    others: usize,
    differences: Option<Argument>,
    /// The handler that stays, and its argument.
    kept: Option<(String, String)>,
}

fn afterwards(blocks: &Blocks<'_>, takeover: &Takeover) -> Option<Afterwards> {
    let first = takeover.takers.first()?;
    let taker = match first.site {
        Site::Location(id) => Some(blocks.config.display_location(id)),
        Site::Server(_) => None,
    };
    let (differences, kept) = (phrases(first), kept(blocks, takeover.location, first));
    Some(Afterwards { taker, others: takeover.takers.len() - 1, differences, kept })
}

impl Afterwards {
    /// The sentence, with the place of the taker where that is a location.
    fn sentence(&self, at: Option<Argument>) -> Message {
        let Afterwards { taker, others, differences, kept } = self;
        let takes = match (taker, at, others) {
            (Some(id), Some(at), 0) => phrase!("takeover-location-all", location = id, at = at),
            (Some(id), Some(at), _) => phrase!("takeover-location-some", location = id, at = at),
            (_, _, 0) => phrase!("takeover-server-all"),
            _ => phrase!("takeover-server-some"),
        };
        let out = match (differences.clone(), kept) {
            (None, _) => phrase!("takeover-same", takes = takes),
            (Some(phrases), None) => phrase!("takeover-differs", takes = takes, differences = phrases),
            (Some(phrases), Some((handler, value))) => {
                phrase!("takeover-differs-kept", takes = takes, handler = handler, value = value, differences = phrases)
            }
        };
        match others {
            0 => out,
            others => phrase!("takeover-more", sentence = out, count = *others),
        }
    }
}

/// What is otherwise with the first that takes the URIs, in a phrase; `None` where nothing is, or nobody takes them.
pub fn difference(takeover: &Takeover) -> Option<Argument> {
    phrases(takeover.takers.first()?)
}

const CAPTURES: &str = "takeover-captures";

fn phrases(taker: &Taker) -> Option<Argument> {
    let mut sorted: Vec<&Difference> = taker.differences.iter().collect();
    // Captures are always others than those of a regex location: worth a word only where nothing else differs.
    if sorted.iter().any(|difference| difference.phrase.id() != CAPTURES) {
        sorted.retain(|difference| difference.phrase.id() != CAPTURES);
    }
    sorted.sort_by_key(|difference| !difference.guard);
    let mut phrases: Vec<Argument> = sorted.iter().take(NAMED).map(|difference| difference.phrase.clone().into()).collect();
    match sorted.len() - phrases.len() {
        0 => {}
        more => phrases.push(phrase!("takeover-settings", count = more).into()),
    }
    (!phrases.is_empty()).then_some(Argument::List(Joint::Clauses, phrases))
}

/// What guards the location and not the one that takes its URIs, with the place where it is written; `None` where nothing of the kind is lost.
pub fn unguarded(blocks: &Blocks<'_>, takeover: &Takeover) -> Option<(Option<Place>, Message)> {
    let (entry, message) = lost_guards(blocks, takeover)?;
    Some((entry.map(|entry| blocks.config.place(entry)), message))
}

fn lost_guards(blocks: &Blocks<'_>, takeover: &Takeover) -> Option<(Option<EntryId>, Message)> {
    let (site, first) = takeover.guards().next()?;
    let guards = takeover.guards().filter(|(one, _)| *one == site).take(NAMED);
    let differences = Argument::List(Joint::Clauses, guards.map(|(_, difference)| difference.phrase.clone().into()).collect());
    let message = match site {
        Site::Location(id) => phrase!("takeover-unguarded", location = blocks.config.display_location(id), differences = differences),
        Site::Server(_) => phrase!("takeover-unguarded-server", differences = differences),
    };
    Some((first.here, message))
}

/// `proxy_pass` and what it stays, `http://x`: that the answer comes from the same place is what a person wants to hear first.
fn kept(blocks: &Blocks<'_>, location: LocationId, taker: &Taker) -> Option<(String, String)> {
    if taker.differences.iter().any(|difference| difference.about == "handler") {
        return None;
    }
    let handler = blocks.effective(Site::Location(location)).handlers.last().map(|id| blocks.config.directive(*id));
    handler.and_then(|handler| Some((handler.name.value.to_string(), short(handler.arg(0)?))))
}

/// What a URI-dependent setting does with the location's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Same,
    Differs,
}

struct Compare<'a> {
    blocks: &'a Blocks<'a>,
    project: &'a Project,
    config: &'a Config,
    location: LocationId,
    site: Site,
    here: &'a Effective,
    there: &'a Effective,
}

impl Compare<'_> {
    /// Is all that holds with the taker seen, and what is not known the same on both sides?
    fn is_seen(&self) -> bool {
        let (here, there) = (&self.here.unknown, &self.there.unknown);
        !self.there.open && here.iter().all(|id| there.contains(id)) && there.len() == here.len()
    }

    /// True for a change that is none to nobody.
    fn is_idle(&self, change: &Change) -> bool {
        match change.key {
            "root" => self.files() == Meaning::Same,
            "handler" => self.handler() == Meaning::Same,
            _ => self.is_off(&change.here) && self.is_off(&change.there),
        }
    }

    /// Is there any of [`Compare::differences`]?
    fn differs(&self) -> bool {
        self.handler() == Meaning::Differs
            || self.files() == Meaning::Differs
            || self.redirects_by_name()
            || self.here.changes(self.there, self.project, self.config).iter().any(|change| !self.is_idle(change))
            || self.captures_differ()
    }

    fn differences(&self) -> Vec<Difference> {
        let changes = self.here.changes(self.there, self.project, self.config);
        // A taker that refuses every request guards more than anything.
        let refuses = refuses(self.config, self.there);
        let mut out: Vec<Difference> = changes
            .iter()
            .filter(|change| !self.is_idle(change))
            .map(|change| Difference {
                about: change.about,
                phrase: self.phrase(change),
                here: change.here.last().copied(),
                guard: !refuses && self.is_guard(change),
            })
            .collect();
        // The same text may mean another thing.
        if !changes.iter().any(|change| change.key == "root") && self.files() == Meaning::Differs {
            out.push(self.by_name("files", "alias", "root", "takeover-other-files"));
        }
        if !changes.iter().any(|change| change.key == "handler") && self.handler() == Meaning::Differs {
            out.push(self.by_name("handler", "proxy_pass", "", "takeover-other-uri"));
        }
        if self.redirects_by_name() && !out.iter().any(|difference| difference.about == "handler") {
            out.push(self.by_name("headers", "proxy_redirect", "", "takeover-other-redirect"));
        }
        if self.captures_differ() {
            out.push(Difference { about: "rewriting", phrase: phrase!(CAPTURES), here: None, guard: false });
        }
        // Groups in the order of the table; guards first within the sentence.
        out.sort_by_key(|difference| ORDER.iter().position(|about| *about == difference.about).unwrap_or(ORDER.len()));
        out
    }

    fn by_name(&self, about: &'static str, name: &str, key: &str, what: &'static str) -> Difference {
        let find = |of: &Effective| {
            let list = if key.is_empty() { &of.handlers } else { of.setting(key) };
            list.last().copied()
        };
        Difference { about, phrase: phrase!(what, directive = name), here: find(self.here), guard: false }
    }

    /// `off`, or nothing: where the module's default is `off`.
    fn is_off(&self, list: &[EntryId]) -> bool {
        let default_off =
            ["auth_basic", "auth_request", "auth_jwt", "internal", "proxy_cache", "fastcgi_cache", "autoindex", "limit_rate", "expires"];
        list.iter().all(|id| {
            let directive = self.config.directive(*id);
            default_off.contains(&&*directive.name.value) && directive.arg(0) == Some("off")
        })
    }

    fn phrase(&self, change: &Change) -> Message {
        let (here, there) = (&change.here, &change.there);
        let config = self.config;
        let name = |id: EntryId| config.directive(id).name.value.clone();
        // One directive on either side: only its arguments are of interest.
        if let ([one], [other]) = (here.as_slice(), there.as_slice())
            && name(*one) == name(*other)
            && let (Some(mine), Some(its)) = (arguments(config, *one), arguments(config, *other))
        {
            return phrase!("takeover-changed", directive = &*name(*one), there = its, here = mine);
        }
        if change.key == "unknown" {
            return phrase!("takeover-unknown", list = self.list(if here.is_empty() { there } else { here }));
        }
        match (here.is_empty(), there.is_empty()) {
            (false, true) => phrase!("takeover-lost", list = self.list(here), count = here.len()),
            (true, false) => phrase!("takeover-gained", list = self.list(there), count = there.len()),
            _ => phrase!("takeover-instead", there = self.list(there), here = self.list(here), count = there.len()),
        }
    }

    fn list(&self, list: &[EntryId]) -> Argument {
        let shown: Vec<String> = list.iter().take(2).map(|id| format!("`{}`", title(self.config, *id))).collect();
        match list.len() - shown.len() {
            0 => (Joint::And, shown).into(),
            more => phrase!("list-more", head = (Joint::Comma, shown), count = more).into(),
        }
    }

    /// Does what is lost deny, authenticate or limit?
    fn is_guard(&self, change: &Change) -> bool {
        let config = self.config;
        let has = |name: &str| change.here.iter().any(|id| config.directive(*id).is(name));
        // A `return` without a condition answers before any of these is looked at.
        let answered = self.here.sequence.iter().any(|id| config.directive(*id).is("return"));
        match change.key {
            "allow" => has("deny") && !answered,
            "auth_basic" | "auth_request" | "auth_jwt" | "js_access" | "auth_require" | "auth_oidc" | "auth_jwt_require" => {
                !self.is_off(&change.here) && !answered
            }
            "access_by_lua" | "satisfy" | "auth_basic_user_file" | "modsecurity" | "modsecurity_rules" => {
                !change.here.is_empty() && !answered
            }
            "limit_req" | "limit_conn" | "limit_rate" => !change.here.is_empty() && !self.is_off(&change.here) && !answered,
            "internal" | "limit_except" => !change.here.is_empty(),
            "rewrite_by_lua" => !change.here.is_empty() && !answered,
            "sequence" => {
                let mut open = change.here.clone();
                let mut refusing = Vec::new();
                while let Some(id) = open.pop() {
                    if is_refusal(config, id) {
                        refusing.push(id);
                    }
                    open.extend(&config.entry(id).children);
                }
                !refusing.is_empty()
            }
            _ => false,
        }
    }

    fn name(site: Site, config: &Config) -> Option<&str> {
        match site {
            Site::Location(id) => match &config.location(id).matcher {
                Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => Some(name),
                Matcher::Regex { .. } | Matcher::Named(_) => None,
            },
            Site::Server(_) => None,
        }
    }

    /// Do `root` and `alias` lead to the same files for the URIs of the location? (`ngx_http_map_uri_to_path`)
    fn files(&self) -> Meaning {
        let one = self.here.setting("root").last().copied();
        let other = self.there.setting("root").last().copied();
        let is_alias = |id: Option<EntryId>| id.is_some_and(|id| self.config.directive(id).is("alias"));
        if one == other {
            return Meaning::Same;
        }
        if !is_alias(one) && !is_alias(other) {
            let list = |id: Option<EntryId>| id.into_iter().collect::<Vec<_>>();
            let equal = same(self.project, self.config, &list(one), &list(other));
            return if equal { Meaning::Same } else { Meaning::Differs };
        }
        // Where each stands decides how much of the URI it replaces; `try_files` and `$document_root` tell them apart, too.
        Meaning::Differs
    }

    /// Do the handlers do the same with the URIs of the location? (`ngx_http_proxy_create_request`)
    fn handler(&self) -> Meaning {
        let (one, other) = (&self.here.handlers, &self.there.handlers);
        let text = same(self.project, self.config, one, other);
        let passes = self.passes_with_uri();
        if !passes {
            return if text { Meaning::Same } else { Meaning::Differs };
        }
        let (Some(mine), Some(its)) = (Self::name(Site::Location(self.location), self.config), Self::name(self.site, self.config)) else {
            return Meaning::Differs;
        };
        if mine == its {
            return if text { Meaning::Same } else { Meaning::Differs };
        }
        let ([one], [other]) = (one.as_slice(), other.as_slice()) else { return Meaning::Differs };
        let argument = |id: EntryId| self.config.directive(id).arg(0).map(str::to_owned);
        let (Some(one), Some(other)) = (argument(*one), argument(*other)) else { return Meaning::Differs };
        let is_proxy = |of: &Effective| of.handlers.iter().all(|id| self.config.directive(*id).is("proxy_pass"));
        let replaced = mine.strip_prefix(its).is_some_and(|rest| one == format!("{other}{rest}"));
        if replaced && is_proxy(self.here) && is_proxy(self.there) && uri_part(&one) && uri_part(&other) {
            Meaning::Same
        } else {
            Meaning::Differs
        }
    }

    /// True when either hands requests to a `proxy_pass` with a URI part, which replaces the location's name.
    fn passes_with_uri(&self) -> bool {
        [self.here, self.there].into_iter().any(|of| {
            let passes = of.handlers.iter().map(|id| self.config.directive(*id)).filter(|directive| directive.is("proxy_pass"));
            passes.into_iter().any(|directive| directive.arg(0).is_some_and(uri_part))
        })
    }

    /// True where the default `proxy_redirect` writes the location's name into answers, and the names differ (`ngx_http_proxy_merge_loc_conf`).
    fn redirects_by_name(&self) -> bool {
        let by_default = |of: &Effective| {
            let redirects = of.setting("proxy_redirect");
            redirects.is_empty() || redirects.iter().any(|id| self.config.directive(*id).arg(0) == Some("default"))
        };
        self.passes_with_uri()
            && (by_default(self.here) || by_default(self.there))
            && Self::name(Site::Location(self.location), self.config) != Self::name(self.site, self.config)
    }

    /// True where one of them is a regex location and something may read the captures of its regex.
    fn captures_differ(&self) -> bool {
        let regex = |site: Site| match site {
            Site::Location(id) => match &self.config.location(id).matcher {
                Matcher::Regex { pattern, .. } => Some(pattern.clone()),
                _ => None,
            },
            Site::Server(_) => None,
        };
        let (one, other) = (regex(Site::Location(self.location)), regex(self.site));
        if one.is_none() && other.is_none() || one == other {
            return false;
        }
        self.blocks.reads_captures()
    }
}

/// Groups of differences, as a person asks about them.
const ORDER: [&str; 14] = [
    "access",
    "authentication",
    "handler",
    "rewriting",
    "files",
    "backend",
    "limits",
    "headers",
    "error pages",
    "caching",
    "logging",
    "sizes and time-outs",
    "the body",
    "other requests",
];

/// True when the argument of a `proxy_pass` has a URI part, which replaces the location's name; false where a variable is in it
/// (`ngx_http_proxy_pass`).
pub fn uri_part(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    if text.contains('$') {
        return false;
    }
    match rest.strip_prefix("unix:") {
        Some(path) => path.split_once(':').is_some_and(|(_, uri)| !uri.is_empty()),
        None => rest.contains(['/', '?']),
    }
}

/// Does it answer every request by refusing it?
fn refuses(config: &Config, of: &Effective) -> bool {
    match of.sequence.as_slice() {
        [first, ..] => is_refusal(config, *first),
        [] => false,
    }
}

/// `return` with a status that refuses.
fn is_refusal(config: &Config, id: EntryId) -> bool {
    let directive = config.directive(id);
    let status = directive.arg(0).and_then(|status| status.parse::<u16>().ok());
    directive.is("return") && status.is_some_and(|status| status >= 400 && status != 499)
}

/// The arguments as one text; `None` for a directive without any or with a block.
fn arguments(config: &Config, id: EntryId) -> Option<String> {
    let directive = config.directive(id);
    let words: Vec<&str> = directive.args.iter().map(|word| &*word.value).collect();
    (!words.is_empty() && matches!(directive.body, crate::syntax::Body::Simple)).then(|| short(&words.join(" ")))
}

fn title(config: &Config, id: EntryId) -> String {
    let directive = config.directive(id);
    let words = std::iter::once(&directive.name).chain(&directive.args).map(|word| &*word.value);
    short(&words.collect::<Vec<_>>().join(" "))
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(SHOWN).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Language;
    use crate::routing::testing::load_project;

    /// What is said of the last location that is written, and whether it guards.
    fn said(locations: &str) -> (String, bool) {
        let (project, config, router) = load_project(&format!("http {{\nserver {{ listen 80;\n{locations}\n}} }}"));
        let blocks = Blocks::new(&project, &config);
        let takeover = of(&blocks, &router, LocationId(config.locations.len() as u32 - 1));
        assert_eq!(
            takeover.changes_nothing(),
            sentence(&blocks, &takeover).is_some_and(|said| said.say(Language::English).ends_with("very same") && takeover.whole)
        );
        let guards = takeover.guards().next().is_some();
        (sentence(&blocks, &takeover).map_or(String::new(), |said| said.say(Language::English)), guards)
    }

    #[test]
    fn says_what_differs() {
        assert_eq!(
            said(
                "location /v1/ { access_by_lua_file auth.lua; proxy_pass http://litellm; }\nlocation /v1/admin { access_by_lua_file admin.lua; proxy_pass http://litellm; }"
            ),
            (
                "without it `location /v1/` (line 3) takes its URIs: `proxy_pass` stays http://litellm, but `access_by_lua_file` is auth.lua instead of admin.lua"
                    .to_owned(),
                true
            )
        );
        assert_eq!(
            said("location / { root /x; }\nlocation /a { deny all; return 302 /; }").0,
            "without it `location /` (line 3) takes its URIs: `deny all` does not hold there, `return 302 /` does not hold there, and `root /x` holds there, too"
        );
        assert_eq!(
            said("location /a { auth_basic x; }").0,
            "without it no location, only the settings of the server itself, takes its URIs: `auth_basic x` does not hold there"
        );
        assert_eq!(
            said("location / { root /x; } location /a { root /x; }").0,
            "without it `location /` (line 3) takes its URIs, and does the very same"
        );
    }

    #[test]
    fn guards() {
        let guards = |locations: &str| said(locations).1;
        assert!(guards("location / {} location /a { deny all; }"));
        assert!(!guards("location / {} location /a { allow all; }"));
        assert!(!guards("location / { deny all; } location /a { }"));
        assert!(!guards("location / { deny all; } location /a { deny all; }"));
        assert!(guards("location / {} location ~ ^/a { return 404; }"));
        assert!(!guards("location / {} location ~ ^/a { return 200; deny all; }"));
        assert!(guards("location / {} location ~ ^/a { if ($invalid_referer) { return 403; } }"));
        assert!(!guards("location / { return 403; } location ~ ^/a { auth_basic x; return 404; }"), "all is refused there");
        assert!(guards("location / {} location /a { limit_req zone=x; }"));
        assert!(!guards("location / {} location /a { auth_basic off; }"));
        assert!(!guards("auth_basic x; location / {} location /a { auth_basic off; }"));
        assert!(guards("auth_basic off; location / {} location /a { auth_basic x; }"));
        assert!(guards("location / {} location = /a { internal; }"));
    }

    #[test]
    fn what_depends_on_the_name() {
        let same = |locations: &str| said(locations).0.ends_with("very same");
        assert!(same("location / { proxy_pass http://x; } location /a { proxy_pass http://x; }"));
        assert!(!same("location / { proxy_pass http://x/; } location /a { proxy_pass http://x/; }"));
        assert!(!same("location / { proxy_pass http://x/b/; } location /a { proxy_pass http://x/b/a; }"), "proxy_redirect");
        assert!(same("proxy_redirect off; location / { proxy_pass http://x/b/; } location /a { proxy_pass http://x/b/a; }"));
        assert!(same("location /a { proxy_pass http://x/; } location = /a { proxy_pass http://x/; }"), "the same name");
        assert!(same("location / { proxy_pass http://x$uri; } location /a { proxy_pass http://x$uri; }"));
        assert!(!same("location / { alias /x/; } location /a { alias /x/; }"));
        assert!(same("location / { root /x; } location /a { root /x; }"));
        assert!(!same("location / { add_header A $1; } location ~ ^/a { add_header A $1; }"));
        assert!(same("location / { add_header A $uri; } location ~ ^/a { add_header A $uri; }"));
    }
}
