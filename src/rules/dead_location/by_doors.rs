//! What is dead given the doors of the server: names and regexes that no URI of a client fits, `internal` locations that nothing asks for, and
//! those that get only requests with an encoded character.

use rustc_hash::FxHashSet;

use super::{finding, name};
use crate::config::effective::Blocks;
use crate::config::{Config, EntryId, Location, LocationId, Matcher};
use crate::project::Place;
use crate::routing::doors::{self, Encoded};
use crate::routing::reach::{Dead, Proof};
use crate::routing::uri;
use crate::rules::claims::is_unreliable;
use crate::rules::{Confidence, Finding, Severity};
use crate::usage::entries::Door;
use crate::world::{Analysis, View};

/// How many doors a finding lists.
const LISTED: usize = 3;

/// Adds the findings; `told` has the locations that have one already.
pub(super) fn check(analysis: &Analysis, told: &mut FxHashSet<Place>, out: &mut Vec<Finding>) {
    let by_view: Vec<Vec<Dead>> = analysis.views().map(|view| view.through().dead.iter().cloned().chain(unasked(view)).collect()).collect();
    for (view, found) in analysis.views().zip(&by_view) {
        let config = view.config;
        let blocks = Blocks::new(view.project, config);
        let is_dead = |index: usize, view: View<'_>, id: LocationId| {
            let has = |list: &[Dead]| list.iter().any(|dead| dead.location == id);
            has(view.dead()) || by_view.get(index).is_some_and(|list| has(list))
        };
        for dead in found {
            let place = config.place(config.location(dead.location).entry);
            if told.contains(&place) || is_unreliable(analysis, place.file) || !everywhere(analysis, place, is_dead) {
                continue;
            }
            told.insert(place);
            out.push(with_doors(view, dead, finding(&blocks, view.router(), dead), analysis));
        }
        for encoded in &view.through().encoded {
            let place = config.place(config.location(encoded.location).entry);
            let same = |_: usize, view: View<'_>, id| view.through().encoded.iter().any(|encoded| encoded.location == id);
            if !told.contains(&place) && !is_unreliable(analysis, place.file) && everywhere(analysis, place, same) {
                told.insert(place);
                out.push(hint(config, encoded));
            }
        }
    }
}

/// Does it hold wherever the location is read? A file may be included twice.
fn everywhere(analysis: &Analysis, place: Place, holds: impl Fn(usize, View<'_>, LocationId) -> bool) -> bool {
    analysis.views().enumerate().all(|(index, view)| {
        let ids = (0..view.config.locations.len() as u32).map(LocationId);
        ids.filter(|id| view.config.place(view.config.location(*id).entry) == place).all(|id| holds(index, view, id))
    })
}

/// `internal` locations that nothing asks for. Only where every door is read, and not those that are there to keep clients away.
fn unasked(view: View<'_>) -> impl Iterator<Item = Dead> {
    let config = view.config;
    let serves = |id: EntryId| {
        let quiet = |child: &EntryId| {
            matches!(&*config.directive(*child).name.value, "internal" | "access_log" | "log_not_found" | "deny" | "return")
        };
        !config.entry(id).children.iter().all(quiet)
    };
    config.all("internal").iter().filter_map(move |id| {
        let entry = config.entry(*id).parent?;
        let location = config.location_at(entry)?;
        let this = config.location(location);
        let around = this.parent.is_some_and(|parent| view.router().is_internal(parent));
        if around || this.matcher.is_template() || matches!(this.matcher, Matcher::Named(_)) || !serves(entry) {
            return None;
        }
        let entries = view.entries().get(this.server.index())?;
        if entries.unread().next().is_some() || view.dead().iter().chain(&view.through().dead).any(|dead| dead.location == location) {
            return None;
        }
        doors::unasked(config, view.router(), &entries.universe, location)
    })
}

/// Adds what the proof rests on: the doors that were looked at, and those that could not be.
fn with_doors(view: View<'_>, dead: &Dead, mut finding: Finding, analysis: &Analysis) -> Finding {
    let server = view.config.location(dead.location).server;
    let Some(entries) = view.entries().get(server.index()) else { return finding };
    let moves = match entries.read() {
        0 => "the server has no internal move (rewrite, try_files, error_page, …) with a target of its own".to_owned(),
        1 => "the only internal move of the server whose target is written leads elsewhere".to_owned(),
        moves => format!("the {moves} internal moves of the server whose targets are written lead elsewhere"),
    };
    finding = finding.note(match dead.proof {
        Proof::Unasked => format!("{moves}, and so does `index`"),
        _ => format!("this holds for every URI that a client can send; {moves}"),
    });
    let mut unread: Vec<&Door> = entries.unread().collect();
    unread.dedup_by(|a, b| a.place == b.place);
    let template = view
        .config
        .servers
        .get(server.index())
        .map(|server| view.config.place(server.entry).file)
        .filter(|file| is_unreliable(analysis, *file));
    if unread.is_empty() && template.is_none() {
        return finding;
    }
    finding.confidence = Confidence::Likely;
    finding.fixes.iter_mut().for_each(|fix| fix.safe = false);
    if unread.iter().any(|door| &*door.what == "include") || template.is_some() {
        finding.severity = Severity::Hint;
    }
    for door in unread.iter().take(LISTED) {
        finding = match door.place {
            Some(place) => finding.related(place, doubt(door)),
            None => finding.note(doubt(door)),
        };
    }
    match unread.len().saturating_sub(LISTED) {
        0 => finding,
        1 => finding.note("1 more place may bring such a URI, beside those shown"),
        more => finding.note(format!("{more} more places may bring such a URI, beside those shown")),
    }
}

/// Why a door that can't be read is a doubt.
pub fn doubt(door: &Door) -> String {
    match &*door.what {
        "X-Accel-Redirect" => {
            "what answers here may name any URI in an X-Accel-Redirect header; ignoring the header (`proxy_ignore_headers X-Accel-Redirect;`) would settle it".to_owned()
        }
        "include" => "what this include leads to is not known: it may move requests".to_owned(),
        "the configuration around this file" => "the configuration around this file is not here, and may move requests".to_owned(),
        "ssi" => "a page with server-side includes may ask for any URI".to_owned(),
        "Lua" | "code" => "this code can't be followed: it may move a request to any URI".to_owned(),
        what if crate::nginx::directives::named(what).is_empty() => format!("`{what}` is of a module that is not known here: it may move requests"),
        what => format!("`{what}` may move a request to any URI"),
    }
}

/// Why no URI fits the location.
pub(super) fn reason(location: &Location) -> String {
    let begins = "as every URI of a client does";
    match &location.matcher {
        Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => {
            let part = ["//", "/../", "/./"].into_iter().find(|part| name.contains(part));
            match part {
                _ if !name.starts_with('/') && looks_like_a_regex(name) => {
                    format!("its name does not begin with `/`, {begins} (is a regex meant, with `~`?)")
                }
                _ if !name.starts_with('/') => format!("its name does not begin with `/`, {begins}"),
                Some("//") => "nginx merges the slashes of a URI before it looks for a location, and its name has `//`".to_owned(),
                Some(part) => format!("nginx resolves `.` and `..` in a URI before it looks for a location, and its name has `{part}`"),
                None => "its name is none that a client's URI can have".to_owned(),
            }
        }
        Matcher::Regex { pattern, .. } if pattern.contains("//") => {
            "its regex matches no URI of a client, which has no scheme, no host and no `//`".to_owned()
        }
        Matcher::Regex { .. } | Matcher::Named(_) => {
            "its regex matches no URI of a client, which begins with `/` and has no segment `.` or `..`".to_owned()
        }
    }
}

fn looks_like_a_regex(name: &str) -> bool {
    name.starts_with('^') || name.ends_with('$') || name.contains(['*', '\\', '|', '('])
}

/// Only requests with an encoded character get there.
fn hint(config: &Config, encoded: &Encoded) -> Finding {
    let place = config.header(config.location(encoded.location).entry);
    let this = name(config, encoded.location);
    let target = uri::encode(&encoded.uri);
    let why = match encoded.uri.iter().find(|byte| matches!(byte, b'%' | b'?' | b'#')) {
        Some(b'?') => "the query is not part of the URI that nginx compares, so its `?` is one that was sent as %3F",
        Some(b'#') => "what follows a `#` is not part of the URI that nginx compares, so its `#` is one that was sent as %23",
        _ => "nginx compares the decoded URI, so its `%` is one that was sent as %25",
    };
    let message = format!("{this} gets only requests such as {target}: {why}");
    Finding::new(super::RULE.id, Severity::Hint, Confidence::Hint, place, message)
}
