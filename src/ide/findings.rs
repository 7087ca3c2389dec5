//! Findings as programs read them: the same in `check --format json` and in a report. The schema is written down in docs/output.md.

use serde::Serialize;

use crate::cleanup;
use crate::project::Place;
use crate::rules::{self, Confidence, Finding, Severity, registry};
use crate::text::{Encoding, Position};
use crate::world::Analysis;

/// A place: lines and columns count from 1, columns in characters; an end is just behind the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Range {
    /// Relative to the workspace.
    pub file: String,
    /// The first line.
    pub line: u32,
    /// The first column.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// Behind the last column.
    pub end_column: u32,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The rule's id.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where.
    #[serde(flatten)]
    pub range: Range,
    /// One sentence.
    pub message: String,
    /// The rule's page.
    pub url: String,
    /// Other places and why they matter; notes.
    pub related: Vec<Beside>,
    /// What can be done.
    pub fixes: Vec<Fix>,
    /// The finding of the same rule that tells of this one, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<Range>,
}

/// Another place, or a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// Where; nothing for a note.
    #[serde(flatten)]
    pub range: Option<Range>,
    /// Why it matters.
    pub message: String,
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The menu entry.
    pub title: String,
    /// True when nothing that works today can stop working by it.
    pub safe: bool,
    /// What it changes.
    pub edits: Vec<Edit>,
    /// Why the fix can't be made as things are; then there are no edits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// The replacement of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// What is replaced.
    #[serde(flatten)]
    pub range: Range,
    /// By what.
    pub text: String,
}

/// Where a place is.
pub fn range(analysis: &Analysis, place: Place) -> Range {
    let text = analysis.project.text(place.file);
    let one_based = |offset| {
        let position = text.position(offset, Encoding::Utf32);
        Position { line: position.line + 1, column: position.column + 1 }
    };
    let (start, end) = (one_based(place.span.start), one_based(place.span.end));
    Range {
        file: analysis.project.display_path(place.file),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// What stands beside a finding.
pub fn beside(analysis: &Analysis, finding: &Finding) -> Vec<Beside> {
    let output =
        |related: &rules::Related| Beside { range: related.place.map(|place| range(analysis, place)), message: related.message.clone() };
    finding.related.iter().map(output).collect()
}

/// A finding, with the edits of its fixes.
pub fn found(analysis: &Analysis, finding: &Finding) -> Found {
    Found {
        rule: finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        range: range(analysis, finding.place),
        message: finding.message.clone(),
        url: registry::url(finding.rule),
        related: beside(analysis, finding),
        fixes: finding.fixes.iter().map(|one| fix(analysis, one)).collect(),
        part_of: finding.part_of.map(|place| range(analysis, place)),
    }
}

fn fix(analysis: &Analysis, fix: &rules::Fix) -> Fix {
    let (files, refused) = match cleanup::resolve(analysis, &fix.action) {
        Ok(files) => (files, None),
        Err(refusal) => (Vec::new(), Some(refusal.say(analysis.language))),
    };
    let edits = files
        .into_iter()
        .flat_map(|(file, edits)| edits.into_iter().map(move |edit| (file, edit)))
        .map(|(file, edit)| Edit { range: range(analysis, Place { file, span: edit.span }), text: edit.new })
        .collect();
    Fix { title: fix.title.clone(), safe: fix.safe, edits, refused }
}
