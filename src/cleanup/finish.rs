//! The last stage: blocks that have waited long enough are deleted, and files that nothing else needs go into the backup.

use std::path::PathBuf;

use super::plan::WhatIf;
use super::status::Waiting;
use super::{Change, Part, TextEdit, apply, comment, files};
use crate::message;
use crate::project::FileId;
use crate::text::{Span, Text};
use crate::world::Analysis;

/// Which blocks are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those that are due.
    Due,
    /// Those at these lines (from 0), due or not.
    At(Vec<(FileId, u32)>),
}

/// What would be done.
#[derive(Debug, Clone, Default)]
pub struct Finish {
    /// The edits: each part is a block that is deleted.
    pub changes: Vec<Change>,
    /// Files that nothing needs then.
    pub files: Vec<PathBuf>,
    /// What was asked for and is not done: one sentence each.
    pub problems: Vec<String>,
}

/// What finishing means for the blocks that wait.
pub fn finish(analysis: &Analysis, waiting: &[Waiting], which: &Which, what_if: WhatIf<'_>) -> Finish {
    let project = &analysis.project;
    let marker = &project.settings.cleanup.marker;
    let mut out = Finish::default();
    // A line of the block, or that of our line above it.
    let holds = |it: &Waiting, line: u32| {
        let text = project.text(it.file);
        let first = it.hidden.header_line(&text).map_or(it.line, |_| it.line.saturating_sub(1));
        (first..=text.line_of(it.hidden.span.end)).contains(&line)
    };
    let chosen: Vec<&Waiting> = match which {
        Which::Due => {
            // Somebody asks for it: whoever deletes it shall have seen that.
            let (missed, quiet): (Vec<&Waiting>, Vec<&Waiting>) = waiting.iter().filter(|it| it.due).partition(|it| it.is_missed());
            out.problems.extend(missed.into_iter().map(|it| {
                let (block, file) = (it.hidden.title.clone(), project.display_path(it.file));
                message!(analysis.language, "cleanup-finish-missed", block = block, file = file, line = it.line + 1)
            }));
            quiet
        }
        Which::At(places) => {
            for (file, line) in places.iter().filter(|(file, line)| !waiting.iter().any(|it| it.file == *file && holds(it, *line))) {
                out.problems.push(message!(
                    analysis.language,
                    "cleanup-nothing-hidden",
                    file = project.display_path(*file),
                    line = line + 1
                ));
            }
            waiting.iter().filter(|it| places.iter().any(|(file, line)| it.file == *file && holds(it, *line))).collect()
        }
    };
    let mut chosen_files: Vec<FileId> = chosen.iter().map(|it| it.file).collect();
    chosen_files.dedup();
    let mut restored: Vec<(FileId, Text)> = Vec::new();
    for file in chosen_files {
        let Some(source) = project.files.get(&file) else { continue };
        if source.problem.is_some() {
            out.problems.push(message!(analysis.language, "cleanup-not-whole", file = project.display_path(file)));
            continue;
        }
        let text = &source.text;
        let mut parts: Vec<Part> = Vec::new();
        let (mut edits, mut back, mut gone) = (Vec::new(), Vec::new(), 0);
        for it in chosen.iter().filter(|it| it.file == file) {
            let mut span = it.hidden.deletion(text, marker);
            // A blank line between two of them goes with the first.
            span.start = span.start.max(parts.last().map_or(0, |part| part.before.end));
            let header = it.off.as_ref().and_then(|off| off.said.as_ref()).and_then(|said| said.header.clone());
            let (rule, reason) = header.map_or((None, String::new()), |header| (header.rule, header.reason));
            parts.push(Part { title: it.hidden.title.clone(), rule, reason, before: span, after: Span::at(span.start - gone) });
            gone += span.len();
            edits.push(TextEdit { span, new: String::new() });
            back.extend(comment::restoration(text, &it.hidden).edits);
        }
        restored.push((file, apply(text, &back)));
        let path = project.vfs.canonical(&source.path);
        out.changes.push(Change { file, path, before: text.clone(), after: apply(text, &edits), edits, parts });
    }
    if !out.changes.is_empty() {
        let texts: Vec<_> = out.changes.iter().map(|change| (change.file, change.after.clone())).collect();
        out.files = files::unneeded(&what_if(&restored), analysis, Vec::new(), &texts);
    }
    out
}
