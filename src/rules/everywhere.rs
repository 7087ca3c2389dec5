//! What the rules about single directives share: a directive in a file that is included several times, the words for a place.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Finding;
use super::dead_location::{is_broken, is_template};
use crate::config::{Config, EntryId};
use crate::project::{FileId, Place, Project};
use crate::world::Analysis;

/// What is found of one directive where nginx reads it.
pub(super) struct Found {
    place: Place,
    name: Arc<str>,
    finding: Finding,
    answer: bool,
}

impl Found {
    pub(super) fn new(config: &Config, entry: EntryId, finding: Finding) -> Found {
        Found { place: config.place(entry), name: config.directive(entry).name.value.clone(), finding, answer: true }
    }

    /// The same, of a question with two answers: it must have one answer wherever nginx reads the directive.
    pub(super) fn answering(self, answer: bool) -> Found {
        Found { answer, ..self }
    }
}

/// The findings, each directive once: one that fails in one server is worth a word, whatever it does in another.
pub(super) fn somewhere(analysis: &Analysis, mut found: Vec<Found>) -> Vec<Finding> {
    let mut silent: FxHashMap<FileId, bool> = FxHashMap::default();
    let mut told = FxHashSet::default();
    found.retain(|found| {
        let file = found.place.file;
        let silent = *silent.entry(file).or_insert_with(|| is_template(analysis, file) || is_broken(analysis, file));
        !silent && told.insert(found.place)
    });
    found.into_iter().map(|found| found.finding).collect()
}

/// The findings that hold wherever nginx reads the directive: what is in an included file may be of use in one of the servers. Nothing is
/// said of the source of a template engine, of which one branch is left when nginx reads it, nor of a file that nginx refuses.
pub(super) fn everywhere(analysis: &Analysis, found: Vec<Found>) -> Vec<Finding> {
    if found.is_empty() {
        return Vec::new();
    }
    let mut missing: FxHashMap<Place, usize> = found.iter().map(|found| (found.place, 0)).collect();
    let mut names: Vec<Arc<str>> = found.iter().map(|found| found.name.clone()).collect();
    names.sort();
    names.dedup();
    for config in &analysis.configs {
        for entry in names.iter().flat_map(|name| config.all(name)) {
            if let Some(count) = missing.get_mut(&config.place(*entry)) {
                *count += 1;
            }
        }
    }
    for found in &found {
        missing.entry(found.place).and_modify(|count| *count = count.saturating_sub(1));
    }
    let answers: FxHashSet<(Place, bool)> = found.iter().map(|found| (found.place, found.answer)).collect();
    let holds = |found: &Found| !answers.contains(&(found.place, !found.answer)) && missing.get(&found.place) == Some(&0);
    somewhere(analysis, found.into_iter().filter(holds).collect())
}

/// A directive's name and arguments as a message shows them: `rewrite ^/a /b last`, shortened.
pub(super) fn shown(config: &Config, entry: EntryId) -> String {
    const LONGEST: usize = 48;
    let directive = config.directive(entry);
    let mut out = directive.name.value.to_string();
    for word in &directive.args {
        if out.chars().count() + word.value.chars().count() >= LONGEST {
            return format!("`{out} …`");
        }
        out.push(' ');
        out.push_str(&word.value.replace(['\n', '\r', '`'], " "));
    }
    format!("`{out}`")
}

/// A directive by name and line, as seen from a file: "the `return` at line 12".
pub(super) fn at_line(project: &Project, config: &Config, entry: EntryId, from: FileId) -> String {
    let place = config.place(entry);
    let name = &config.directive(entry).name.value;
    let line = project.text(place.file).line_of(place.span.start) + 1;
    if place.file == from {
        return format!("the `{name}` at line {line}");
    }
    let path = project.vfs.path(place.file);
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    format!("the `{name}` at line {line} of {file}")
}
