//! Lua and HTML files that nothing needs any more once blocks are gone.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::plan::{Change, WhatIf};
use super::{TextEdit, apply};
use crate::nginx::files::Names;
use crate::project::FileId;
use crate::project::paths::Mapped;
use crate::text::Text;
use crate::usage::names::Named;
use crate::world::Analysis;

/// The files that are needed by the analysis before the changes and not afterwards, sorted; those that any other file of the workspace
/// has the name of are left out, as are those outside of it.
pub(super) fn left_over(analysis: &Analysis, changes: &[Change], what_if: WhatIf<'_>) -> Vec<PathBuf> {
    let texts: Vec<_> = changes.iter().map(|change| (change.file, change.after.clone())).collect();
    let after = what_if(&texts);
    // Whole groups go: what is only needed by them.
    let mut more = Vec::new();
    for view in analysis.views() {
        let config = view.config;
        let gone = |location| {
            let place = config.place(config.location(location).entry);
            let mut parts = changes.iter().filter(|change| change.file == place.file).flat_map(|change| &change.parts);
            parts.any(|part| part.before.covers(place.span))
        };
        let groups = view.verdicts().groups.iter();
        let whole = groups.filter(|group| !group.locations.is_empty() && group.locations.iter().all(|location| gone(*location)));
        more.extend(whole.flat_map(|group| &group.files).map(|file| analysis.project.vfs.path(*file).to_path_buf()));
    }
    // The name of a file in a block that goes is no use of it.
    let deleted: Vec<_> = changes.iter().map(|change| (change.file, without(change))).collect();
    unneeded(analysis, &after, more, &deleted)
}

/// The files that one analysis needs and another does not, and `more` as far as that does not need them; `texts` of configuration
/// files count in place of those that are there.
pub(super) fn unneeded(before: &Analysis, after: &Analysis, more: Vec<PathBuf>, texts: &[(FileId, Text)]) -> Vec<PathBuf> {
    let project = &after.project;
    let still = used(after);
    let mut candidates = used(before);
    candidates.extend(more);
    let ours = |path: &PathBuf| path.extension().is_some_and(|one| ["lua", "html", "htm"].iter().any(|it| one == *it));
    candidates.retain(|path| path.starts_with(&project.workspace) && ours(path) && !still.contains(path));
    let mut candidates: Vec<PathBuf> = candidates.into_iter().collect();
    candidates.sort();
    let text = |path: &Path| {
        let file = project.vfs.id(path);
        texts.iter().find(|(other, _)| *other == file).map(|(_, text)| text.clone())
    };
    match Named::of(project, &candidates, &text) {
        Some(named) => candidates.into_iter().enumerate().filter(|(index, _)| !named.stays(*index)).map(|(_, path)| path).collect(),
        None => Vec::new(),
    }
}

/// A text without the blocks of a change.
fn without(change: &Change) -> Text {
    let edits: Vec<TextEdit> = change.parts.iter().map(|part| TextEdit { span: part.before, new: String::new() }).collect();
    apply(&change.before, &edits)
}

/// Files of the workspace that a configuration needs.
fn used(analysis: &Analysis) -> FxHashSet<PathBuf> {
    let mut used = FxHashSet::default();
    for view in analysis.views() {
        for need in view.needs().iter().filter(|need| need.names != Names::Folder) {
            if let Mapped::Present { path, .. } = &need.mapped {
                used.insert(path.clone());
            }
        }
        let codes = view.lua().codes.iter().filter(|code| code.entry.is_none());
        used.extend(codes.map(|code| view.project.vfs.path(code.file).to_path_buf()));
    }
    used
}
