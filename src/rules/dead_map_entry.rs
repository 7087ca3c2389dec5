//! `dead-map-entry`: a line of a `map` or `geo` that never decides, and a table that another one replaces.

use rustc_hash::FxHashMap;

use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::project::{Place, RootKind};
use crate::routing::values::dead::{DeadLine, Why, dead_lines};
use crate::routing::values::{Geo, Map};
use crate::usage::required::Definers;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule =
    Rule { id: "dead-map-entry", summary: "a line of a map or geo that never decides", severity: Severity::Warning, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        // Their blocks are of `http` and `stream`; elsewhere the names mean nothing.
        if matches!(view.root.kind, RootKind::Main | RootKind::Http) {
            tables(view.language, view.config, out);
        }
    }
}

fn tables(language: Language, config: &Config, out: &mut Vec<Finding>) {
    let mut all: Vec<EntryId> = ["map", "geo", "split_clients"].iter().flat_map(|name| config.all(name)).copied().collect();
    all.retain(|entry| is_block(config, *entry));
    all.sort_unstable();
    let definers = Definers::of(config);
    let mut last: FxHashMap<(Option<EntryId>, String), EntryId> = FxHashMap::default();
    for entry in all.iter().rev() {
        let directive = config.directive(*entry);
        let variable = directive.args.last().map(|word| word.value.to_ascii_lowercase()).unwrap_or_default();
        if variable.contains('{') {
            continue;
        }
        match last.get(&(config.entry(*entry).parent, variable.clone())) {
            // A file that is included twice replaces itself.
            Some(later) if config.place(*later) != config.place(*entry) => out.push(replaced(language, config, &definers, *entry, *later)),
            Some(_) => {}
            None => drop(last.insert((config.entry(*entry).parent, variable), *entry)),
        }
    }
    for entry in all {
        match &*config.directive(entry).name.value {
            "map" => map(language, config, &definers, entry, out),
            "geo" => geo(language, config, entry, out),
            _ => {}
        }
    }
}

/// Directly in `http` or `stream`, or at the top of a fragment for there.
fn is_block(config: &Config, entry: EntryId) -> bool {
    let parent = config.entry(entry).parent;
    parent.is_none_or(|parent| config.directive(parent).is("http") || config.directive(parent).is("stream"))
}

fn replaced(language: Language, config: &Config, definers: &Definers<'_>, entry: EntryId, later: EntryId) -> Finding {
    let directive = config.directive(entry);
    let (name, variable) = (&*directive.name.value, directive.args.last().map(|word| &*word.value).unwrap_or_default());
    let by = &*config.directive(later).name.value;
    let message = message!(language, "dead-map-entry-replaced", name = name, variable = variable, later = by);
    let finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, config.header(entry), message);
    let safe = definers.only_in(entry).is_none();
    let finding = finding.related(config.header(later), message!(language, "dead-map-entry-last", variable = variable));
    with_fix(finding, config.place(entry), message!(language, "dead-map-entry-comment-out", name = name), safe)
}

fn map(language: Language, config: &Config, definers: &Definers<'_>, entry: EntryId, out: &mut Vec<Finding>) {
    // Without a regex every line can decide.
    if !config.entry(entry).children.iter().any(|line| config.directive(*line).name.value.starts_with('~')) {
        return;
    }
    let map = Map::read(config, entry);
    let refused = map.unknown.is_some_and(|line| !config.directive(line).is("include"));
    if refused {
        return;
    }
    for dead in dead_lines(&map, never_empty(&map)) {
        out.push(dead_line(language, config, definers, &map, &dead));
    }
}

/// Is there text beside the variables? Without `hostnames` (which takes a dot away), or with more than a dot of it.
fn never_empty(map: &Map) -> bool {
    let mut rest = &*map.source;
    let mut text = String::new();
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        rest = rest[at + 1..].trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '{' | '}'));
    }
    text.push_str(rest);
    text.chars().any(|letter| letter != '.' || !map.hostnames)
}

fn dead_line(language: Language, config: &Config, definers: &Definers<'_>, map: &Map, dead: &DeadLine) -> Finding {
    let word = |entry: EntryId| &*config.directive(entry).name.value;
    let own = word(dead.entry);
    let takers: Vec<String> = dead.takers.iter().map(|taker| format!("`{}`", shown(word(*taker)))).collect();
    let (takers, count) = (join(language, Joint::And, &takers), takers.len());
    let own_shown = shown(own);
    let (line, variable) = (&own_shown, &*map.variable);
    let message = match dead.why {
        Why::Same => message!(language, "dead-map-entry-same", line = line, variable = variable),
        Why::Covered => {
            message!(language, "dead-map-entry-covered", line = line, variable = variable, takers = takers, count = count)
        }
        Why::Default => {
            message!(language, "dead-map-entry-default", line = line, variable = variable, takers = takers, count = count)
        }
    };
    let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, config.header(dead.entry), message);
    for taker in &dead.takers {
        let id = if word(*taker).starts_with('~') { "dead-map-entry-first" } else { "dead-map-entry-empty" };
        finding = finding.related(config.header(*taker), message!(language, id));
    }
    with_fix(
        finding,
        config.place(dead.entry),
        message!(language, "comment-out", what = format!("`{own_shown}`")),
        definers.only_in(dead.entry).is_none(),
    )
}

fn geo(language: Language, config: &Config, entry: EntryId, out: &mut Vec<Finding>) {
    let geo = Geo::read(config, entry);
    if geo.unknown.is_some_and(|line| !config.directive(line).is("include")) {
        return;
    }
    for (first, later) in &geo.replaced {
        if config.place(*first) == config.place(*later) {
            continue;
        }
        let network = shown(&config.directive(*first).name.value);
        let message = message!(language, "dead-map-entry-again", network = &network, variable = &*geo.variable);
        let finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, config.header(*first), message);
        let finding = finding.related(config.header(*later), message!(language, "dead-map-entry-last-line"));
        let title = message!(language, "comment-out-this", what = format!("`{network}`"));
        out.push(with_fix(finding, config.place(*first), title, true));
    }
}

fn with_fix(finding: Finding, place: Place, title: String, safe: bool) -> Finding {
    finding.tag(Tag::Unnecessary).fix(Fix { title, safe, action: FixAction::CommentOut(place) })
}

/// A key as messages show it.
fn shown(key: &str) -> String {
    if key.is_empty() {
        return "\"\"".to_owned();
    }
    if key.chars().count() > 60 { format!("{}…", key.chars().take(59).collect::<String>()) } else { key.to_owned() }
}
