//! What hangs together, and what has to be looked at: with the evidence, and with what happens afterwards.

use rustc_hash::{FxHashMap, FxHashSet};

use super::endpoints::Speaker;
use super::{Endpoint, Evidence, Group, Named, Part, Reason, Speaks};
use crate::cleanup;
use crate::config::LocationId;
use crate::message;
use crate::project::Place;
use crate::rules::finding::FixAction;
use crate::rules::{Finding, dead_location, unused_location};
use crate::usage::takeover;
use crate::usage::verdict::{self, Usage, Verdict};
use crate::usage::words;
use crate::world::Analysis;

/// All locations, and the groups: first what is probably unused, then what has to be looked at, both in reading order.
pub(super) fn find(analysis: &Analysis, found: &[Finding]) -> (Vec<Endpoint>, Vec<Group>) {
    let speakers: Vec<Speaker<'_>> = analysis.views().map(|view| Speaker::new(analysis, view)).collect();
    let used = used(&speakers);
    let not_safe = |finding: &&Finding| finding.rule == dead_location::RULE.id && finding.fixes.first().is_some_and(|fix| !fix.safe);
    let still_does: FxHashSet<Place> = found.iter().filter(not_safe).map(|finding| finding.place).collect();
    let mut groups: Vec<Group> = Vec::new();
    let mut known: FxHashMap<Vec<Place>, usize> = FxHashMap::default();
    let mut of_location: FxHashMap<(usize, LocationId), usize> = FxHashMap::default();
    for (at, speaker) in speakers.iter().enumerate() {
        for group in &speaker.view.verdicts().groups {
            // A snippet that is included twice is written once.
            let places: Vec<Place> = group.locations.iter().map(|id| place(speaker, *id)).collect();
            let id = *known.entry(places.clone()).or_insert_with(|| {
                let id = groups.len() + 1;
                groups.extend(unused(speaker, group, id, &places, &used, &still_does));
                id
            });
            if id <= groups.len() {
                of_location.extend(group.locations.iter().map(|location| ((at, *location), id)));
            }
        }
    }
    for (at, speaker) in speakers.iter().enumerate() {
        for usage in &speaker.view.verdicts().locations {
            let places = vec![place(speaker, usage.location)];
            if usage.verdict != Verdict::ToCheck || used.contains(&places[0]) {
                continue;
            }
            if let Some(&id) = known.get(&places) {
                of_location.insert((at, usage.location), id);
            } else if let Some(group) = to_check(speaker, usage, groups.len() + 1) {
                known.insert(places, group.id);
                of_location.insert((at, usage.location), group.id);
                groups.push(group);
            }
        }
    }
    let endpoints = speakers.iter().enumerate().flat_map(|(at, speaker)| {
        let of_location = &of_location;
        let endpoint = move |usage: &Usage| speaker.endpoint(usage, of_location.get(&(at, usage.location)).copied());
        speaker.view.verdicts().locations.iter().map(endpoint)
    });
    (endpoints.collect(), groups)
}

fn place(speaker: &Speaker<'_>, id: LocationId) -> Place {
    let config = speaker.view.config;
    config.header(config.location(id).entry)
}

/// The places of locations that are used, or of which nobody can tell, where they are included in one of the servers.
fn used(speakers: &[Speaker<'_>]) -> FxHashSet<Place> {
    let mut out = FxHashSet::default();
    for speaker in speakers {
        for usage in &speaker.view.verdicts().locations {
            if matches!(usage.verdict, Verdict::InUse | Verdict::CannotTell) {
                out.insert(place(speaker, usage.location));
            }
        }
    }
    out
}

/// A group that is probably unused. `still_does` has the dead locations that are not without effect.
fn unused(
    speaker: &Speaker<'_>,
    group: &verdict::Group,
    id: usize,
    places: &[Place],
    used: &FxHashSet<Place>,
    still_does: &FxHashSet<Place>,
) -> Option<Group> {
    let language = speaker.analysis.language;
    let head = group.head.or_else(|| group.locations.first().copied())?;
    let usages = || group.locations.iter().filter_map(|id| speaker.view.verdicts().locations.get(id.index()));
    let config = speaker.view.config;
    let name = config.display_location(head);
    let title = match group.locations.len() {
        1 => message!(language, "report-group-one", location = name),
        count => message!(language, "report-group-many", location = name, count = count - 1),
    };
    let mut afterwards = Vec::new();
    let mut why_not: Vec<String> = Vec::new();
    for usage in usages() {
        let takeover = takeover::of(&speaker.blocks, speaker.view.router(), usage.location);
        // Who goes as well takes nothing over.
        let inside = !usage.takers.is_empty() && usage.takers.iter().all(|taker| taker.is_some_and(|id| group.locations.contains(&id)));
        if let Some(sentence) = takeover::sentence(&speaker.blocks, &takeover).filter(|_| !inside) {
            let text = sentence.say(language);
            merge(&mut afterwards, Evidence { text, file: None, line: None, of: vec![name_of(speaker, usage.location)] });
        }
        if !speaker.view.router().is_internal(usage.location)
            && let Some((_, text)) = takeover::unguarded(&speaker.blocks, &takeover)
        {
            why_not.push(text.say(language));
        }
        if let Some(other) = usage.shielded {
            let path = name_of(speaker, usage.location);
            let other = name_of(speaker, other);
            why_not.push(message!(language, "unused-location-shields", path = path, other = other));
        }
    }
    let whole: Vec<Place> = group.locations.iter().map(|id| config.place(config.location(*id).entry)).collect();
    if let Err(refusal) = cleanup::resolve(speaker.analysis, &FixAction::CommentOutAll(whole)) {
        why_not.push(refusal.say(language));
    } else {
        let stays = |from: Option<LocationId>| from.is_none_or(|from| !group.locations.contains(&from));
        for location in &group.locations {
            for reference in speaker.view.references().needed_by(config, *location).into_iter().filter(|one| stays(one.from)) {
                let (file, line) = speaker.at(reference.place);
                let (kind, at) = (reference.kind.name(), format!("{file}:{line}"));
                why_not.push(message!(language, "report-not-safe-needed", kind = kind, at = at));
            }
        }
    }
    // Somebody may have planned it, or lost the file.
    if usages().flat_map(|usage| &usage.reasons).any(|reason| matches!(reason, verdict::Reason::Broken(_))) {
        why_not.push(message!(language, "report-not-safe-broken"));
    }
    if places.iter().any(|place| still_does.contains(place)) {
        why_not.push(message!(language, "report-not-safe-dead"));
    }
    if places.iter().any(|place| used.contains(place)) {
        why_not.push(message!(language, "report-not-safe-shared"));
    }
    let unreliable = |place: &Place| speaker.view.project.files.get(&place.file).is_none_or(|source| source.is_unreliable());
    if places.iter().any(unreliable) {
        why_not.push(message!(language, "report-not-safe-unreliable"));
    }
    let mut seen = FxHashSet::default();
    why_not.retain(|text| seen.insert(text.clone()));
    let (mut against, for_use) = evidence(speaker, usages());
    for usage in usages() {
        if let Some(twin) = usage.twin {
            let named = speaker.named(twin);
            let text = message!(language, "unused-location-twin", location = config.display_location(twin));
            merge(
                &mut against,
                Evidence { text, file: Some(named.file), line: Some(named.line), of: vec![name_of(speaker, usage.location)] },
            );
        }
    }
    let locations = parts(speaker, &group.locations);
    Some(Group {
        id,
        verdict: Verdict::ProbablyUnused.id(),
        title,
        text: None,
        head: speaker.named(head),
        lines: lines(&locations),
        locations,
        files: group.files.iter().map(|file| speaker.view.project.display_path(*file)).collect(),
        upstreams: group
            .upstreams
            .iter()
            .map(|entry| {
                let (file, line) = speaker.at(config.header(*entry));
                Named { file, line, location: config.directive(*entry).arg(0).unwrap_or_default().to_owned() }
            })
            .collect(),
        changed: None,
        against,
        for_use,
        afterwards,
        safe: why_not.is_empty(),
        why_not,
    })
}

/// A location that a person has to look at; `None` where there is nothing to say that another rule does not say.
fn to_check(speaker: &Speaker<'_>, usage: &Usage, id: usize) -> Option<Group> {
    let language = speaker.analysis.language;
    let logs = speaker.view.logs()?;
    let config = speaker.view.config;
    if usage.reasons.iter().any(|reason| matches!(reason, verdict::Reason::Broken(_) | verdict::Reason::Dead)) {
        return None;
    }
    let message_id = unused_location::to_check(usage)?;
    let location = config.display_location(usage.location);
    let text = message!(language, message_id, location = location.as_str(), window = words::window(logs, language));
    let (mut against, for_use) = evidence(speaker, std::iter::once(usage));
    if let Some(twin) = usage.twin {
        let named = speaker.named(twin);
        let text = message!(language, "unused-location-twin", location = config.display_location(twin));
        against.push(Evidence { text, file: Some(named.file), line: Some(named.line), of: vec![name_of(speaker, usage.location)] });
    }
    let takeover = takeover::of(&speaker.blocks, speaker.view.router(), usage.location);
    let afterwards = takeover::sentence(&speaker.blocks, &takeover)
        .map(|text| Evidence { text: text.say(language), file: None, line: None, of: vec![name_of(speaker, usage.location)] })
        .into_iter()
        .collect();
    let why_not = match takeover::unguarded(&speaker.blocks, &takeover) {
        Some((_, text)) => vec![text.say(language)],
        None => vec![message!(language, "report-not-safe-evidence")],
    };
    let locations = parts(speaker, &[usage.location]);
    Some(Group {
        id,
        verdict: Verdict::ToCheck.id(),
        title: message!(language, "report-group-one", location = location),
        text: Some(text),
        head: speaker.named(usage.location),
        lines: lines(&locations),
        locations,
        files: usage.files.iter().map(|file| speaker.view.project.display_path(*file)).collect(),
        upstreams: Vec::new(),
        changed: None,
        against,
        for_use,
        afterwards,
        safe: false,
        why_not,
    })
}

fn name_of(speaker: &Speaker<'_>, id: LocationId) -> String {
    speaker.view.config.location(id).matcher.display()
}

fn parts(speaker: &Speaker<'_>, locations: &[LocationId]) -> Vec<Part> {
    let part = |id: &LocationId| {
        let (file, line, end_line) = speaker.lines(*id);
        let location = speaker.view.config.location(*id);
        Part {
            file,
            line,
            end_line,
            location: location.matcher.display(),
            server: speaker.server(location.server),
            handler: speaker.handler(*id),
        }
    };
    locations.iter().map(part).collect()
}

/// How many lines they have together; a nested one counts once.
fn lines(parts: &[Part]) -> u32 {
    let mut ranges: Vec<(&str, u32, u32)> = parts.iter().map(|part| (&*part.file, part.line, part.end_line)).collect();
    ranges.sort();
    let mut out = 0;
    let mut done = ("", 0);
    for (file, first, last) in ranges {
        let first = if done.0 == file { first.max(done.1 + 1) } else { first };
        if first <= last {
            out += last - first + 1;
            done = (file, last);
        }
    }
    out
}

/// What speaks against and for the use of locations; what is said of several is said once.
fn evidence<'a>(speaker: &Speaker<'_>, usages: impl Iterator<Item = &'a Usage>) -> (Vec<Evidence>, Vec<Evidence>) {
    let (mut against, mut for_use) = (Vec::new(), Vec::new());
    for usage in usages {
        for reason in &usage.reasons {
            let Reason { speaks, text, file, line, .. } = speaker.reason(reason);
            let side = if speaks == Speaks::AgainstUse { &mut against } else { &mut for_use };
            merge(side, Evidence { text, file, line, of: vec![name_of(speaker, usage.location)] });
        }
    }
    (against, for_use)
}

fn merge(all: &mut Vec<Evidence>, one: Evidence) {
    match all.iter_mut().find(|known| (&known.text, &known.file, known.line) == (&one.text, &one.file, one.line)) {
        Some(known) => known.of.extend(one.of),
        None => all.push(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_nested_location_count_once() {
        let part = |file: &str, line, end_line| Part {
            file: file.to_owned(),
            line,
            end_line,
            location: String::new(),
            server: String::new(),
            handler: String::new(),
        };
        assert_eq!(lines(&[part("a", 1, 10), part("a", 3, 5), part("a", 20, 20), part("b", 1, 2)]), 13);
        assert_eq!(lines(&[part("a", 1, 4), part("a", 4, 6)]), 6);
    }
}
