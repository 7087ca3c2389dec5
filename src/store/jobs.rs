//! What is to be done, of a plan: the same for the command line and for editors.

use std::path::Path;

use jiff::civil::Date;

use super::record::{Record, Undo, What};
use super::{Edit, Job, Store};
use crate::cleanup::finish::Finish;
use crate::cleanup::plan::Plan;
use crate::cleanup::undo::Recorded;
use crate::cleanup::{Change, Part, Refusal, apply as apply_edits, comment};
use crate::message;
use crate::project::{FileId, commented, wildcard};
use crate::text::Span;
use crate::world::Analysis;

/// Commenting out what a plan has.
pub fn apply(analysis: &Analysis, plan: &Plan) -> Job {
    Job { files: plan.files.clone(), ..changing(analysis, &plan.changes, plan.today) }
}

/// Deleting what a finish has, and moving the files.
pub fn finish(analysis: &Analysis, finish: &Finish, today: Date) -> Job {
    Job { files: finish.files.clone(), moves: true, ..changing(analysis, &finish.changes, today) }
}

fn changing(analysis: &Analysis, changes: &[Change], today: Date) -> Job {
    Job {
        today,
        changes: changes.iter().map(|change| edit(analysis, change)).collect(),
        backups: Some(is_included),
        included: included(analysis),
        ..Job::default()
    }
}

/// The edit of one file.
pub fn edit(analysis: &Analysis, change: &Change) -> Edit {
    let project = &analysis.project;
    let alone = |path: &Path| project.deployments.all().iter().any(|deployment| deployment.mounts_alone(path));
    Edit::new(change, alone(&change.path) || alone(&project.vfs.path(change.file)))
}

/// Last parts of the patterns that `include` has: a backup of such a name would be loaded.
fn included(analysis: &Analysis) -> Vec<String> {
    let includes = analysis.configs.iter().flat_map(|config| config.all("include").iter().map(move |id| config.directive(*id)));
    let patterns = includes.filter_map(|directive| Some(directive.arg(0)?.rsplit('/').next()?.to_owned()));
    patterns.filter(|pattern| wildcard::is_pattern(pattern.as_bytes())).collect()
}

/// Does a backup of that name match a pattern?
fn is_included(path: &Path, patterns: &[String]) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    patterns.iter().any(|pattern| wildcard::matches(pattern.as_bytes(), name))
}

/// The changes that restore the blocks commented out at these lines (from 0), whoever did it, and which blocks of which records that
/// takes back. Refused where there is none.
pub fn restore_blocks(
    analysis: &Analysis,
    store: &Store,
    records: &[Record],
    places: &[(FileId, u32)],
) -> Result<(Vec<Change>, Vec<Undo>), Refusal> {
    let project = &analysis.project;
    let marker = &project.settings.cleanup.marker;
    let mut changes: Vec<Change> = Vec::new();
    let mut undoes = Vec::new();
    let mut places = places.to_vec();
    places.sort();
    for (file, line) in places {
        let text = project.text(file);
        let at = |line: u32| commented::at(&text, text.line_span(line).end, marker);
        let header = |line: u32| commented::Header::parse(&text.slice(text.line_span(line))).is_some();
        let Some(hidden) = at(line).or_else(|| if header(line) { at(line + 1) } else { None }) else {
            let name = project.display_path(file);
            return Err(Refusal::new(message!(analysis.language, "cleanup-nothing-hidden", file = name, line = line + 1)));
        };
        let restoration = comment::restoration(&text, &hidden);
        let start = hidden.header_line(&text).map_or(hidden.lines.start, |header| header.start);
        let before = Span::new(start, hidden.lines.end);
        let part = Part { title: hidden.title.clone(), rule: None, reason: String::new(), before, after: Span::at(0) };
        let path = project.vfs.canonical(&project.vfs.path(file));
        match changes.iter_mut().find(|change| change.file == file) {
            Some(change) if change.parts.iter().any(|other| other.before == before) => continue,
            Some(change) => {
                change.edits.extend(restoration.edits);
                change.parts.push(part);
            }
            None => changes.push(Change {
                file,
                path: path.clone(),
                before: text.clone(),
                after: text.clone(),
                edits: restoration.edits,
                parts: vec![part],
            }),
        }
        undoes.extend(recorded(store, records, &path, &text.slice(before)));
    }
    for change in &mut changes {
        change.after = apply_edits(&change.before, &change.edits);
        let mut taken = 0;
        for part in &mut change.parts {
            let own: u32 = change.edits.iter().filter(|edit| part.before.covers(edit.span)).map(|edit| edit.span.len()).sum();
            part.after = Span::new(part.before.start - taken, part.before.end - taken - own);
            taken += own;
        }
    }
    Ok((changes, undoes))
}

/// The block of a record that has these lines now.
fn recorded(store: &Store, records: &[Record], path: &Path, lines: &str) -> Option<Undo> {
    records.iter().rev().filter(|record| record.is_outstanding() && record.what == What::Apply).find_map(|record| {
        record.changes.iter().enumerate().filter(|(_, change)| store.path(&change.path) == path).find_map(|(index, change)| {
            let same = |part: &Recorded| !part.undone && part.now == lines;
            let part = change.parts.iter().position(same)?;
            Some(Undo { id: record.id.clone(), change: index, part })
        })
    })
}
