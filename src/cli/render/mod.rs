//! How findings are printed: for people, for programs, for code scanning, for pull requests.

pub(super) mod github;
pub(super) mod json;
pub(super) mod sarif;
pub(super) mod text;

use std::borrow::Cow;

use crate::project::Place;
use crate::rules::{Finding, Severity};
use crate::text::{Encoding, Position};
use crate::world::Analysis;

/// What is printed.
pub(super) struct Report<'a> {
    /// Where the findings come from.
    pub analysis: &'a Analysis,
    /// What is shown, sorted by file and place.
    pub findings: &'a [Finding],
    /// How many were left out for their severity.
    pub hidden: usize,
}

/// A place as people and programs count it: lines and columns from 1, columns in characters.
pub(super) struct Range {
    pub file: String,
    pub start: Position,
    pub end: Position,
}

impl Report<'_> {
    pub fn range(&self, place: Place) -> Range {
        let text = self.analysis.project.text(place.file);
        let one_based = |offset| {
            let position = text.position(offset, Encoding::Utf32);
            Position { line: position.line + 1, column: position.column + 1 }
        };
        Range { file: self.analysis.project.display_path(place.file), start: one_based(place.span.start), end: one_based(place.span.end) }
    }

    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Text from a configuration may hold anything: control characters, which a terminal would obey, are shown as their escapes.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if obeyed(c) { c.escape_default().to_string() } else { c.to_string() }).collect())
}
