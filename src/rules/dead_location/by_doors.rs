//! What is dead given the doors of the server: names and regexes that no URI of a client fits, `internal` locations that nothing asks for, and
//! those that get only requests with an encoded character.

use std::cell::LazyCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{finding, name};
use crate::config::effective::Blocks;
use crate::config::{Config, EntryId, Location, LocationId, Matcher, ServerId};
use crate::message;
use crate::messages::Language;
use crate::project::Place;
use crate::routing::doors::{Encoded, Moved};
use crate::routing::reach::{Dead, Proof};
use crate::routing::uri;
use crate::rules::claims::is_unreliable;
use crate::rules::{Confidence, Finding, Severity};
use crate::usage::entries::Door;
use crate::usage::required::Definers;
use crate::world::{Analysis, View};

/// How many doors a finding lists.
const LISTED: usize = 3;

/// Adds the findings; `told` has the locations that have one already.
pub(super) fn check(analysis: &Analysis, told: &mut FxHashSet<Place>, out: &mut Vec<Finding>) {
    let by_view: Vec<Vec<Dead>> = analysis.views().map(|view| view.through().dead.iter().cloned().chain(unasked(view)).collect()).collect();
    let dead = |(view, found): (View<'_>, &Vec<Dead>)| view.dead().iter().chain(found).map(|dead| dead.location).collect();
    let encoded = |view: View<'_>| view.through().encoded.iter().map(|encoded| encoded.location).collect();
    let readings = LazyCell::new(|| Readings {
        of: readings(analysis),
        dead: analysis.views().zip(&by_view).map(dead).collect(),
        encoded: analysis.views().map(encoded).collect(),
    });
    for (view, found) in analysis.views().zip(&by_view) {
        let config = view.config;
        let (blocks, definers, mut doors) = (Blocks::new(view.project, config), Definers::of(config), Doors::default());
        for dead in found {
            let place = config.place(config.location(dead.location).entry);
            if told.contains(&place) || is_unreliable(analysis, place.file) || !readings.all_in(place, &readings.dead) {
                continue;
            }
            told.insert(place);
            let finding = finding(analysis.language, &blocks, view.router(), &definers, dead);
            out.push(with_doors(view, dead, finding, &mut doors, analysis));
        }
        for encoded in &view.through().encoded {
            let place = config.place(config.location(encoded.location).entry);
            if !told.contains(&place) && !is_unreliable(analysis, place.file) && readings.all_in(place, &readings.encoded) {
                told.insert(place);
                out.push(hint(analysis.language, config, encoded));
            }
        }
    }
}

/// Where each location is read: a file may be included twice.
struct Readings {
    /// By place: by which configuration, and as what.
    of: FxHashMap<Place, Vec<(usize, LocationId)>>,
    /// By configuration: what is dead in it.
    dead: Vec<FxHashSet<LocationId>>,
    /// By configuration: what gets only requests with an encoded character.
    encoded: Vec<FxHashSet<LocationId>>,
}

impl Readings {
    /// Is it one of those wherever it is read?
    fn all_in(&self, place: Place, those: &[FxHashSet<LocationId>]) -> bool {
        let is_one = |(index, id): &(usize, LocationId)| those.get(*index).is_some_and(|those| those.contains(id));
        self.of.get(&place).into_iter().flatten().all(is_one)
    }
}

fn readings(analysis: &Analysis) -> FxHashMap<Place, Vec<(usize, LocationId)>> {
    let mut out: FxHashMap<Place, Vec<(usize, LocationId)>> = FxHashMap::default();
    for (index, view) in analysis.views().enumerate() {
        for (id, location) in (0..).map(LocationId).zip(&view.config.locations) {
            out.entry(view.config.place(location.entry)).or_default().push((index, id));
        }
    }
    out
}

/// By server: how many doors are read, and those that are not.
type Doors<'a> = FxHashMap<ServerId, (usize, Vec<&'a Door>)>;

/// `internal` locations that nothing asks for. Only where every door is read, and not those that are there to keep clients away.
fn unasked(view: View<'_>) -> Vec<Dead> {
    let config = view.config;
    if config.all("internal").is_empty() {
        return Vec::new();
    }
    let dead: FxHashSet<LocationId> = view.dead().iter().chain(&view.through().dead).map(|dead| dead.location).collect();
    let mut servers: FxHashMap<ServerId, Option<Moved<'_>>> = FxHashMap::default();
    let serves = |id: EntryId| {
        let quiet = |child: &EntryId| {
            matches!(&*config.directive(*child).name.value, "internal" | "access_log" | "log_not_found" | "deny" | "return")
        };
        !config.entry(id).children.iter().all(quiet)
    };
    let proof = |id: &EntryId| {
        let entry = config.entry(*id).parent?;
        let location = config.location_at(entry)?;
        let this = config.location(location);
        let around = this.parent.is_some_and(|parent| view.router().is_internal(parent));
        if around || this.matcher.is_template() || matches!(this.matcher, Matcher::Named(_)) || !serves(entry) {
            return None;
        }
        let moved = servers.entry(this.server).or_insert_with(|| {
            let entries = view.entries().get(this.server.index()).filter(|entries| entries.unread().next().is_none())?;
            Some(Moved::of(config, view.router(), &entries.universe, this.server))
        });
        moved.as_ref().filter(|_| !dead.contains(&location))?.unasked(location)
    };
    config.all("internal").iter().filter_map(proof).collect()
}

/// Adds what the proof rests on: the doors that were looked at, and those that could not be.
fn with_doors<'a>(view: View<'a>, dead: &Dead, mut finding: Finding, doors: &mut Doors<'a>, analysis: &Analysis) -> Finding {
    let server = view.config.location(dead.location).server;
    let Some(entries) = view.entries().get(server.index()) else { return finding };
    let language = view.language;
    let (read, unread) = doors.entry(server).or_insert_with(|| {
        let mut unread: Vec<&Door> = entries.unread().collect();
        unread.dedup_by(|a, b| a.place == b.place);
        (entries.read(), unread)
    });
    let moves = match *read {
        0 => message!(language, "dead-location-no-moves"),
        moves => message!(language, "dead-location-moves", count = moves),
    };
    finding = finding.note(match dead.proof {
        Proof::Unasked => message!(language, "dead-location-so-does-index", moves = moves),
        _ => message!(language, "dead-location-every-uri", moves = moves),
    });
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
            Some(place) => finding.related(place, doubt(language, door)),
            None => finding.note(doubt(language, door)),
        };
    }
    match unread.len().saturating_sub(LISTED) {
        0 => finding,
        more => finding.note(message!(language, "dead-location-more-doors", count = more)),
    }
}

/// Why a door that can't be read is a doubt.
pub fn doubt(language: Language, door: &Door) -> String {
    match &*door.what {
        "X-Accel-Redirect" => message!(language, "dead-location-door-accel"),
        "include" => message!(language, "dead-location-door-include"),
        "around" => message!(language, "dead-location-door-around"),
        "ssi" => message!(language, "dead-location-door-ssi"),
        "Lua" | "code" => message!(language, "dead-location-door-code"),
        what if crate::nginx::directives::named(what).is_empty() => message!(language, "dead-location-door-module", what = what),
        what => message!(language, "dead-location-door-other", what = what),
    }
}

/// Why no URI fits the location.
pub(super) fn reason(language: Language, location: &Location) -> String {
    match &location.matcher {
        Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => {
            let part = ["//", "/../", "/./"].into_iter().find(|part| name.contains(part));
            match part {
                _ if !name.starts_with('/') && looks_like_a_regex(name) => message!(language, "dead-location-no-slash-regex"),
                _ if !name.starts_with('/') => message!(language, "dead-location-no-slash"),
                Some("//") => message!(language, "dead-location-slashes"),
                Some(part) => message!(language, "dead-location-dots", part = part),
                None => message!(language, "dead-location-no-name"),
            }
        }
        Matcher::Regex { pattern, .. } if pattern.contains("//") => message!(language, "dead-location-no-uri-slashes"),
        Matcher::Regex { .. } | Matcher::Named(_) => message!(language, "dead-location-no-uri"),
    }
}

fn looks_like_a_regex(name: &str) -> bool {
    name.starts_with('^') || name.ends_with('$') || name.contains(['*', '\\', '|', '('])
}

/// Only requests with an encoded character get there.
fn hint(language: Language, config: &Config, encoded: &Encoded) -> Finding {
    let place = config.header(config.location(encoded.location).entry);
    let this = name(config, encoded.location);
    let target = uri::encode(&encoded.uri);
    let why = match encoded.uri.iter().find(|byte| matches!(byte, b'%' | b'?' | b'#')) {
        Some(b'?') => "dead-location-encoded-query",
        Some(b'#') => "dead-location-encoded-fragment",
        _ => "dead-location-encoded-percent",
    };
    let message = message!(language, "dead-location-encoded", this = this, target = target, why = message!(language, why));
    Finding::new(super::RULE.id, Severity::Hint, Confidence::Hint, place, message)
}
