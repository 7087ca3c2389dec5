//! The URIs that a location can send to its backend (`ngx_http_proxy_create_request`).
//!
//! Every set here is at least as large as the true one: that none of it is served means that nothing of the true one is.

use super::address::{self, Completeness, PathPart};
use crate::config::{Config, EntryId, LocationId, Matcher};
use crate::message;
use crate::messages::{Language, Message};
use crate::nginx::values::is_absolute_url;
use crate::phrase;
use crate::project::Project;
use crate::routing::UriSet;

/// URIs, and how to name them.
#[derive(Debug, Clone)]
pub struct Sent {
    /// At least all of them.
    pub uris: UriSet,
    /// `/api/token/…`, `/oauth2/auth`, or `URIs that match ~ ^/x`.
    pub name: Message,
    /// True when that name begins with `begin`.
    pub begins: bool,
    /// What they all begin with: `/api/token/`; the URI itself when it is one.
    pub begin: String,
    /// True when it is one URI.
    pub single: bool,
}

impl Sent {
    /// With a name that is a URI, or the beginning of some.
    fn named(uris: UriSet, name: String, begin: String, single: bool) -> Sent {
        Sent { uris, begins: name.starts_with(&begin), name: Message::verbatim(name), begin, single }
    }

    /// What is asked for at a server: its URL, where the name is a URI or the beginning of some.
    pub fn at(&self, language: Language, server: &str) -> String {
        let name = self.name.say(language);
        match name.starts_with('/') {
            true => format!("{server}{name}"),
            false => message!(language, "upstream-lacks-route-at", uris = name, server = server),
        }
    }
}

/// What the location around a `*_pass` sends. `None` when that can't be told.
pub fn of(project: &Project, config: &Config, pass: EntryId, path: &PathPart) -> Option<Sent> {
    let location = config.location_of(pass)?;
    if !is_settled(project, config, pass, location) {
        return None;
    }
    let matcher = &config.location(location).matcher;
    let admitted = admitted(config, location)?;
    let moves = moves(config, location)?;
    let name = matcher.literal();
    let (uris, mut begin, single) = match path {
        PathPart::Own => {
            let single = matches!(matcher, Matcher::Exact(_));
            (admitted.clone(), name.unwrap_or_default().to_owned(), single)
        }
        PathPart::Replaces(text) => match matcher {
            Matcher::Exact(_) => (UriSet::literal(text.as_bytes()), text.clone(), true),
            Matcher::Prefix { .. } => (replaced(config, location, text)?, text.clone(), false),
            // nginx refuses it there.
            Matcher::Regex { .. } | Matcher::Named(_) => return None,
        },
        PathPart::Cut(text) => match matcher {
            Matcher::Exact(_) | Matcher::Prefix { .. } => (UriSet::literal(text.as_bytes()), text.clone(), true),
            Matcher::Regex { .. } | Matcher::Named(_) => return None,
        },
        PathPart::Verbatim(text, Completeness::Whole) => {
            let uris = UriSet::literal(text.as_bytes());
            return (admitted.is_empty() == Some(false)).then(|| Sent::named(uris, text.clone(), text.clone(), true));
        }
        PathPart::Verbatim(text, Completeness::Begins) => {
            let uris = UriSet::prefix(text.as_bytes());
            let name = format!("{text}…");
            return (admitted.is_empty() == Some(false)).then(|| Sent::named(uris, name, text.clone(), false));
        }
    };
    // Nothing gets here: that is another finding.
    if admitted.is_empty() != Some(false) {
        return None;
    }
    let mut sets = Vec::new();
    let mut named = String::new();
    let mut single = single;
    match &moves.0 {
        // The first rewrite takes every URI that its regex matches.
        Moves::Rewrites { unchanged, changed } => {
            sets.push(match unchanged {
                Some(taken) if *path == PathPart::Own => admitted.minus(taken),
                _ => uris.clone(),
            });
            // The result is sent as it is, without the URI part (`r->valid_location` is 0 then).
            for (text, whole) in changed {
                sets.push(if *whole { UriSet::literal(text.as_bytes()) } else { UriSet::prefix(text.as_bytes()) });
            }
            if let Some((text, whole)) = changed.first() {
                begin = text.clone();
                single = *whole;
                named = if *whole { text.clone() } else { format!("{text}…") };
            }
        }
        Moves::Nothing => sets.push(uris),
    }
    if moves.1 {
        // A rewrite of the server may have ended with `break`: the URI part is not used then.
        sets.push(admitted);
    }
    if named.is_empty() {
        named = match matcher {
            Matcher::Regex { .. } => {
                let name = phrase!("upstreams-any-uri", regex = matcher.display());
                return Some(Sent { uris: UriSet::union(sets), name, begins: begin.is_empty(), begin, single });
            }
            _ if single => begin.clone(),
            _ => format!("{begin}…"),
        };
    }
    Some(Sent::named(UriSet::union(sets), named, begin, single))
}

/// The URIs that the location can get: what its matcher admits, less what locations beside and in it take for sure.
pub(super) fn admitted(config: &Config, id: LocationId) -> Option<UriSet> {
    let location = config.location(id);
    if location.matcher.is_template() {
        return None;
    }
    let text = |matcher: &Matcher| match matcher {
        Matcher::Exact(name) => Some(UriSet::literal(name.as_bytes())),
        Matcher::Prefix { path, .. } => Some(UriSet::prefix(path.as_bytes())),
        Matcher::Regex { pattern, caseless } => UriSet::regex(pattern, *caseless),
        Matcher::Named(_) => None,
    };
    let own = text(&location.matcher)?.intersect(&UriSet::prefix(b"/"));
    let mut taken = Vec::new();
    let mut take = |other: LocationId| {
        let matcher = &config.location(other).matcher;
        if other != id && !matcher.is_template() {
            taken.extend(text(matcher));
        }
    };
    match &location.matcher {
        Matcher::Prefix { path, no_regex } => {
            let is_longer = |other: &LocationId| match &config.location(*other).matcher {
                Matcher::Prefix { path: longer, .. } => longer.len() > path.len(),
                _ => true,
            };
            config.beside_beginning(id, path).filter(is_longer).for_each(&mut take);
            // Where this prefix is the longest, a regex beside it wins.
            if !no_regex {
                config.regexes_beside(id).iter().copied().for_each(&mut take);
            }
        }
        Matcher::Regex { .. } => {
            let is_exact = |other: &LocationId| matches!(config.location(*other).matcher, Matcher::Exact(_));
            config.beside_beginning(id, "").filter(is_exact).for_each(&mut take);
        }
        Matcher::Exact(_) | Matcher::Named(_) => {}
    }
    // Below a regex location only regexes are looked at.
    let below_regex = std::iter::successors(Some(id), |id| config.location(*id).parent)
        .any(|id| matches!(config.location(id).matcher, Matcher::Regex { .. }));
    for inner in location.locations.iter().map(|inner| &config.location(*inner).matcher) {
        if !inner.is_template() && !below_regex {
            taken.extend(text(inner));
        }
    }
    Some(own.minus(&UriSet::union(taken)))
}

/// The URIs with the location's name replaced; one to one, so that what longer names take is left out.
fn replaced(config: &Config, id: LocationId, with: &str) -> Option<UriSet> {
    let location = config.location(id);
    let Matcher::Prefix { path, .. } = &location.matcher else { return None };
    let others = config.beside_beginning(id, path).chain(location.locations.iter().copied()).filter(|other| *other != id);
    let below = |matcher: &&Matcher| match matcher {
        Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => name.starts_with(&**path) && !matcher.is_template(),
        Matcher::Regex { .. } | Matcher::Named(_) => false,
    };
    let taken = others.map(|other| &config.location(other).matcher).filter(below).filter_map(|matcher| match matcher {
        Matcher::Exact(name) => Some(UriSet::literal(format!("{with}{}", name.strip_prefix(&**path)?).as_bytes())),
        Matcher::Prefix { path: longer, .. } if longer.len() > path.len() => {
            Some(UriSet::prefix(format!("{with}{}", longer.strip_prefix(&**path)?).as_bytes()))
        }
        _ => None,
    });
    let taken: Vec<UriSet> = taken.collect();
    Some(UriSet::prefix(with.as_bytes()).minus(&UriSet::union(taken)))
}

enum Moves {
    Nothing,
    Rewrites {
        /// What surely does not stay as it is.
        unchanged: Option<UriSet>,
        /// What it may become: a text, and whether it is all.
        changed: Vec<(String, bool)>,
    },
}

/// What rewrites do to the URI without leaving the location; and whether one of the server may end with `break`.
fn moves(config: &Config, id: LocationId) -> Option<(Moves, bool)> {
    let location = config.location(id);
    let rewrites = inside(config, location.entry, &["rewrite"]);
    let breaks = !inside(config, location.entry, &["break"]).is_empty();
    let mut changed = Vec::new();
    let mut unchanged = None;
    for (index, rewrite) in rewrites.iter().enumerate() {
        let directive = config.directive(*rewrite);
        let stays = match directive.arg(2) {
            Some("break") => true,
            None => breaks,
            Some(_) => false,
        };
        let (Some(regex), Some(with)) = (directive.arg(0), directive.arg(1)) else { return None };
        if is_absolute_url(with) {
            continue;
        }
        if !stays {
            // `last` leaves; without a flag the next rewrites see the new URI, and then it leaves.
            continue;
        }
        let path = with.split('?').next().unwrap_or(with);
        let end = path.find('$').unwrap_or(path.len());
        changed.push((path[..end].to_owned(), end == path.len()));
        // Behind a `break` it does not run.
        let runs = index == 0 && rewrites.len() == 1 && config.entry(*rewrite).parent == Some(location.entry) && !breaks;
        if runs && directive.arg(2) == Some("break") {
            unchanged = UriSet::regex(regex, false);
        }
    }
    let server = config.server(location.server).entry;
    let server_breaks = config.children(server, "break").next().is_some()
        || config.children(server, "if").any(|block| !inside(config, block, &["break", "rewrite"]).is_empty())
        || config.children(server, "rewrite").any(|rewrite| config.directive(rewrite).arg(2) == Some("break"));
    let moves = if changed.is_empty() { Moves::Nothing } else { Moves::Rewrites { unchanged, changed } };
    Some((moves, server_breaks))
}

/// Directives of these names in a block and in what is nested in it, but not in locations of its own.
pub(super) fn inside(config: &Config, block: EntryId, names: &[&str]) -> Vec<EntryId> {
    let mut out = Vec::new();
    let mut open: Vec<EntryId> = config.entry(block).children.iter().rev().copied().collect();
    while let Some(id) = open.pop() {
        let directive = config.directive(id);
        if names.iter().any(|name| directive.is(name)) {
            out.push(id);
        }
        if !directive.is("location") {
            open.extend(config.entry(id).children.iter().rev());
        }
    }
    out
}

/// What answers in the place of a `*_pass` in the same block, or (`try_files`) changes the URI in ways that are not followed.
const OTHERS: [&str; 14] = [
    "try_files",
    "return",
    "empty_gif",
    "stub_status",
    "flv",
    "mp4",
    "perl",
    "js_content",
    "echo",
    "echo_exec",
    "echo_location",
    "content_by_lua",
    "content_by_lua_file",
    "content_by_lua_block",
];

/// Phases of Lua in which a request's URI can be set.
const PHASES: [&str; 4] = ["server_rewrite", "set", "rewrite", "access"];

/// True when the `*_pass` surely is what answers, and nothing but rewrites changes the URI before it does.
pub(super) fn is_settled(project: &Project, config: &Config, pass: EntryId, id: LocationId) -> bool {
    let location = config.location(id).entry;
    if config.unknown_includes.iter().any(|include| config.ancestors(*include).any(|around| around == location)) {
        return false;
    }
    let block = config.entry(pass).parent.unwrap_or(location);
    let others = config.entry(block).children.iter().any(|other| {
        let name = &*config.directive(*other).name.value;
        *other != pass && (OTHERS.contains(&name) || name.ends_with("_pass"))
    });
    if others {
        return false;
    }
    // Phases of Lua before the content may set the URI.
    let phases: Vec<EntryId> = PHASES
        .iter()
        .flat_map(|phase| ["", "_block", "_file"].map(|kind| format!("{phase}_by_lua{kind}")))
        .filter_map(|name| config.inherited(location, &name))
        .collect();
    if phases.is_empty() {
        return true;
    }
    let written = |entry: &EntryId| {
        let directive = config.directive(*entry);
        if !directive.name.value.ends_with("_file") {
            return true;
        }
        let Some(path) = directive.arg(0) else { return false };
        let mapped = project.deployments.map(project, config.root, path);
        matches!(mapped, Some(crate::project::paths::Mapped::Present { .. }))
    };
    phases.iter().all(written) && !address::lua_says(project, "set_uri")
}
