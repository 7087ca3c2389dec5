//! How findings are printed: for people, for programs, for code scanning, for pull requests.

pub(super) mod github;
pub(super) mod json;
pub(super) mod routes;
pub(super) mod sarif;
pub(super) mod text;
pub(super) mod trace;
pub(super) mod usage;

use std::path::Path;

pub(super) use crate::messages::printable::{escaped, is_obeyed, one_line, printable};
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
    /// Notes on what can't be told; `None` when nobody asked for them.
    pub unsettled: Option<&'a [Finding]>,
    /// How many were left out for their severity.
    pub hidden: usize,
    /// The current folder: people click on paths from there.
    pub here: &'a Path,
    /// The repository's folder: code hosts count paths from there.
    pub repository: &'a Path,
}

/// A place as people and programs count it: lines and columns from 1, columns in characters.
pub(super) struct Range {
    pub start: Position,
    pub end: Position,
}

impl Report<'_> {
    /// A file's path from a folder, with `/`; absolute when it lies elsewhere.
    pub fn path_from(&self, folder: &Path, place: Place) -> String {
        let path = self.analysis.project.vfs.path(place.file);
        path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/")
    }

    pub fn range(&self, place: Place) -> Range {
        let text = self.analysis.project.text(place.file);
        let one_based = |offset| {
            let position = text.position(offset, Encoding::Utf32);
            Position { line: position.line + 1, column: position.column + 1 }
        };
        Range { start: one_based(place.span.start), end: one_based(place.span.end) }
    }

    /// How many findings have this severity, those that another one tells of among them.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// The source of an excerpt with what a terminal would obey replaced by a mark of the same length, so that spans stay true.
fn same_length(source: &str) -> String {
    source
        .chars()
        .map(|c| match (is_obeyed(c) && c != '\r', c.len_utf8()) {
            (false, _) => c,
            (true, 1) => '?',
            (true, 2) => '\u{bf}',
            (true, _) => '\u{fffd}',
        })
        .collect()
}
