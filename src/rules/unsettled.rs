//! What could be neither proven nor refuted, and what stood in the way: `check --verbose` prints it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::is_unreliable;
use super::dead_location::{self, by_doors};
use super::{Confidence, Finding, Severity, server_try_files, unused_named_location};
use crate::config::{Config, LocationId, Matcher};
use crate::message;
use crate::messages::Language;
use crate::project::Place;
use crate::routing::doors::{Moved, Obstacle, Unsettled};
use crate::routing::language::UriSet;
use crate::routing::pattern::Pattern;
use crate::routing::reach::Proof;
use crate::usage::entries::{Brings, Door, Entries};
use crate::world::{Analysis, View};

/// Rules of which a finding that is not proven leaves open whether something is reached.
const DOUBTING: [&str; 3] = [dead_location::RULE.id, server_try_files::RULE.id, unused_named_location::RULE.id];

/// One note for each location of which it can't be told whether requests reach it, in the order of files and places: at the location, with the place
/// that stood in the way beside it. `findings` are those of [`super::check`], of which the doubts count too.
pub fn notes(analysis: &Analysis, findings: &[Finding]) -> Vec<Finding> {
    let language = analysis.language;
    let mut out = Vec::new();
    // A duplicate in a fragment is no question of who reaches it.
    let mut duplicates: FxHashSet<Place> = FxHashSet::default();
    for view in analysis.views() {
        let config = view.config;
        for dead in view.dead().iter().chain(&view.through().dead) {
            if is_unreliable(analysis, config.place(config.location(dead.location).entry).file) {
                let why = message!(language, "unsettled-template");
                out.push(note(language, config, dead.location, (None, why)));
            }
        }
        let twice = view.dead().iter().filter(|dead| matches!(dead.proof, Proof::Duplicate { .. }));
        duplicates.extend(twice.map(|dead| config.header(config.location(dead.location).entry)));
        out.extend(open(view).into_iter().map(|(location, why)| note(language, config, location, why)));
        out.extend(internal(view).into_iter().map(|(location, why)| note(language, config, location, why)));
    }
    let in_doubt = |finding: &&Finding| {
        let doubting = DOUBTING.contains(&finding.rule) && finding.confidence == Confidence::Likely;
        doubting && !(finding.rule == dead_location::RULE.id && duplicates.contains(&finding.place))
    };
    out.extend(findings.iter().filter(in_doubt).map(|finding| doubted(language, finding)));
    out.sort_by(|a, b| (a.place, &a.message).cmp(&(b.place, &b.message)));
    // A file that is included twice, or belongs to two roots, is told of once.
    out.dedup_by_key(|note| note.place);
    out
}

/// What stood in the way, and where it is.
type Reason = (Option<Place>, String);

fn note(language: Language, config: &Config, location: LocationId, (at, why): Reason) -> Finding {
    let message = message!(language, "unsettled-says", location = config.display_location(location), why = why);
    let place = config.header(config.location(location).entry);
    let note = Finding::new(dead_location::RULE.id, Severity::Hint, Confidence::Hint, place, message);
    match at.filter(|at| *at != place) {
        Some(at) => note.related(at, message!(language, "unsettled-stood")),
        None => note,
    }
}

/// The note of a finding that is not proven: its first doubt.
fn doubted(language: Language, finding: &Finding) -> Finding {
    let doubt = finding.related.iter().find(|related| related.place.is_some()).or(finding.related.last());
    let why = doubt.map_or_else(|| message!(language, "unsettled-partial"), |doubt| doubt.message.clone());
    let name = finding.message.split('`').nth(1).unwrap_or_default();
    let message = message!(language, "unsettled-says", location = name, why = why);
    let note = Finding::new(finding.rule, Severity::Hint, Confidence::Hint, finding.place, message);
    match doubt.and_then(|doubt| doubt.place) {
        Some(at) => note.related(at, message!(language, "unsettled-stood")),
        None => note,
    }
}

/// Locations that neither a proof nor an example settles.
fn open(view: View<'_>) -> Vec<(LocationId, Reason)> {
    let config = view.config;
    let through = view.through();
    let mut out = Vec::new();
    for one in view.unsettled() {
        let server = config.location(one.location).server;
        let Some(entries) = view.entries().get(server.index()) else { continue };
        let dead = through.dead.iter().any(|dead| dead.location == one.location);
        if dead || view.router().is_internal(one.location) || view.example(one.location).is_ok() {
            continue;
        }
        let still = through.unsettled.iter().find(|still| still.location == one.location);
        match (one.why, still) {
            (_, Some(still)) => out.push((one.location, reason(view.language, config, *still))),
            (Obstacle::NotByClients, None) => out.extend(moved(view, entries, one.location).map(|why| (one.location, why))),
            _ => {}
        }
    }
    out
}

/// A location that only an internal move may reach: by which, unless one surely names it.
fn moved(view: View<'_>, entries: &Entries, location: LocationId) -> Option<Reason> {
    let to = |uri: &str| view.router().locate(view.config.location(location).server, uri.as_bytes()).location == Some(location);
    if entries.universe.constants.iter().any(|uri| to(uri)) {
        return None;
    }
    let admitted = UriSet::admitted(&view.config.location(location).matcher)?;
    let may = |door: &&Door| match &door.brings {
        Brings::Below { prefix, .. } => admitted.intersects(&UriSet::prefix(prefix.as_bytes())) != Some(false),
        Brings::Extended | Brings::Unread => true,
        Brings::Uri(_) | Brings::File(_) => false,
    };
    let door = entries.doors.iter().find(may)?;
    let why = match door.brings {
        Brings::Unread => by_doors::doubt(view.language, door),
        _ => message!(view.language, "unsettled-makes", what = &*door.what),
    };
    Some((door.place, why))
}

/// `internal` locations of which it is not known whether something asks for them.
fn internal(view: View<'_>) -> Vec<(LocationId, Reason)> {
    let config = view.config;
    let (mut out, mut servers) = (Vec::new(), FxHashMap::default());
    let dead: FxHashSet<LocationId> = view.dead().iter().chain(&view.through().dead).map(|dead| dead.location).collect();
    for id in config.all("internal") {
        let Some(location) = config.entry(*id).parent.and_then(|block| config.location_at(block)) else { continue };
        let this = config.location(location);
        if matches!(this.matcher, Matcher::Named(_)) || this.parent.is_some_and(|parent| view.router().is_internal(parent)) {
            continue;
        }
        let Some(entries) = view.entries().get(this.server.index()) else { continue };
        let (moved, unread, computed) = servers.entry(this.server).or_insert_with(|| {
            let computed = entries.doors.iter().find(|door| matches!(door.brings, Brings::Below { .. } | Brings::Extended));
            (Moved::of(config, view.router(), &entries.universe, this.server), entries.unread().next(), computed)
        });
        let proven = unread.is_none() && moved.unasked(location).is_some();
        if dead.contains(&location) || proven || moved.is_named(location) {
            continue;
        }
        let why = match (*unread, *computed) {
            (Some(door), _) => (door.place, by_doors::doubt(view.language, door)),
            (None, Some(door)) => (door.place, message!(view.language, "unsettled-computed", what = &*door.what)),
            (None, None) => (None, message!(view.language, "unsettled-index")),
        };
        out.push((location, why));
    }
    out
}

fn reason(language: Language, config: &Config, one: Unsettled) -> Reason {
    let header = |id: LocationId| Some(config.header(config.location(id).entry));
    let named = |id: LocationId| match id == one.location {
        true => message!(language, "unsettled-its-name"),
        false => format!("`{}`", config.display_location(id)),
    };
    match one.why {
        Obstacle::Pattern(id) => {
            let what = match &config.location(id).matcher {
                Matcher::Regex { pattern, caseless } => construct(&Pattern::get(pattern, *caseless)),
                _ => "unsettled-no-regex",
            };
            let whose = match id == one.location {
                true => message!(language, "unsettled-its-regex"),
                false => message!(language, "unsettled-regex-of", location = config.display_location(id)),
            };
            (header(id), message!(language, "unsettled-construct", regex = whose, what = message!(language, what)))
        }
        Obstacle::TooLarge(id) => (header(id), message!(language, "unsettled-too-large")),
        Obstacle::Template(id) => (header(id), message!(language, "unsettled-filled-in", what = named(id))),
        Obstacle::Include(block) => {
            let block = block.unwrap_or(one.location);
            let inside = |include: &&crate::config::EntryId| {
                let around = config.location(block).entry;
                config.ancestors(**include).any(|one| one == around)
            };
            let include = config.unknown_includes.iter().find(inside).or(config.unknown_includes.first());
            (include.map(|include| config.place(*include)), message!(language, "unsettled-include"))
        }
        Obstacle::Many => (None, message!(language, "unsettled-many")),
        Obstacle::Order(id) => (header(id), message!(language, "unsettled-order", what = named(id))),
        Obstacle::NotByClients | Obstacle::OnlyEncoded => (None, message!(language, "unsettled-no-client")),
    }
}

/// What in a regex is not regular, as its users call it: the id of the message.
fn construct(pattern: &Pattern) -> &'static str {
    let source = pattern.source();
    let has = |marks: &[&str]| marks.iter().any(|mark| source.contains(mark));
    let digit = source
        .as_bytes()
        .windows(2)
        .any(|pair| pair.first() == Some(&b'\\') && pair.get(1).is_some_and(|byte| (b'1'..=b'9').contains(byte)));
    if has(&["(?=", "(?!", "(?<=", "(?<!"]) {
        "unsettled-look-around"
    } else if digit || has(&["(?P=", r"\k", r"\g"]) {
        "unsettled-back-reference"
    } else if has(&[r"\b", r"\B"]) {
        "unsettled-word-boundary"
    } else if has(&["(?>", "*+", "++", "?+", "}+"]) {
        "unsettled-possessive"
    } else if has(&["(?R", "(?1", "(?&"]) {
        "unsettled-recursion"
    } else {
        "unsettled-something"
    }
}
