//! Which findings answer what was asked: a person who names a file wants to hear about that file.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::project::FileId;
use crate::project::includes::Include;
use crate::rules::{Finding, settings_problem, unreadable_file};
use crate::world::Analysis;

/// Leaves out findings in configuration files that were neither named, nor lie in a named folder, nor are included by such a
/// file. Main files around a named fragment are read to understand it; what is wrong with them was not asked. No `entries`
/// means that everything was asked.
pub(super) fn retain(analysis: &Analysis, entries: &[PathBuf], findings: &mut Vec<Finding>) {
    if entries.is_empty() {
        return;
    }
    let project = &analysis.project;
    let asked = files(analysis, entries);
    let folders: Vec<&PathBuf> = entries.iter().filter(|path| path.is_dir()).collect();
    let whole = project.roots.iter().any(|root| asked.contains(&root.file));
    let unread = asked.iter().any(|file| project.files.get(file).is_some_and(|source| source.unread()));
    findings.retain(|finding| {
        let file = finding.place.file;
        match finding.rule {
            // It says how the check itself ran.
            rule if rule == settings_problem::RULE.id => true,
            // A file that can't be read is told of at the `include` that leads to it.
            rule if rule == unreadable_file::RULE.id && unread => true,
            _ if project.files.contains_key(&file) => asked.contains(&file),
            // Lua, pages, compose files: they belong to the configuration as a whole.
            _ => whole || folders.iter().any(|folder| project.vfs.path(file).starts_with(folder)),
        }
    });
}

/// The configuration files that were named or lie in a named folder, and all that they include.
fn files(analysis: &Analysis, entries: &[PathBuf]) -> FxHashSet<FileId> {
    let project = &analysis.project;
    // A link and its target are one file.
    let entries: Vec<PathBuf> = entries.iter().flat_map(|path| [path.clone(), project.vfs.canonical(path)]).collect();
    let named = |path: &Path| {
        let real = project.vfs.canonical(path);
        entries.iter().any(|entry| path.starts_with(entry) || real.starts_with(entry))
    };
    let mut open: Vec<FileId> = project.files.values().filter(|source| named(&source.path)).map(|source| source.id).collect();
    let mut includes: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
    for (place, include) in project.roots.iter().flat_map(|root| &root.includes) {
        if let Include::Files(files) = include {
            includes.entry(place.file).or_default().extend(files);
        }
    }
    let mut asked = FxHashSet::default();
    while let Some(file) = open.pop() {
        if asked.insert(file) {
            open.extend(includes.get(&file).into_iter().flatten());
        }
    }
    asked
}
