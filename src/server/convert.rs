//! From the program's own types to those of the protocol.

use tower_lsp::gen_lsp_types::{Location, Position, Range};

use super::diagnostic::{Diagnostic, Written};
use super::features::Features;
use super::state::{Checked, Snapshot};
use crate::project::{FileId, Place, parallel};
use crate::rules::Finding;
use crate::text::{self, Encoding, Span, Text};

/// A span as a range in the units that were agreed on.
pub fn range(text: &Text, span: Span, encoding: Encoding) -> Range {
    let position = |offset| {
        let position = text.position(offset, encoding);
        Position { line: position.line, character: position.column }
    };
    Range { start: position(span.start), end: position(span.end) }
}

/// A range as a span; clamped to the text, and empty where the end comes before the start.
pub fn span(text: &Text, range: Range, encoding: Encoding) -> Span {
    Span::new(offset(text, range.start, encoding), offset(text, range.end, encoding))
}

/// A position as a byte; clamped to the text.
pub fn offset(text: &Text, at: Position, encoding: Encoding) -> u32 {
    text.offset(text::Position { line: at.line, column: at.character }, encoding)
}

/// What is needed to turn findings into diagnostics.
#[derive(Debug, Clone, Copy)]
pub struct Converter<'a> {
    /// Where the findings come from.
    pub checked: &'a Checked,
    /// The same moment, as the client sees it.
    pub snapshot: &'a Snapshot,
    /// How columns are counted.
    pub encoding: Encoding,
    /// The client shows places beside a diagnostic; otherwise they are told in its message.
    pub related_information: bool,
}

impl<'a> Converter<'a> {
    /// For a client with these features.
    pub fn new(features: &Features, snapshot: &'a Snapshot, checked: &'a Checked) -> Converter<'a> {
        Converter { checked, snapshot, encoding: features.encoding, related_information: features.related_information }
    }

    /// All diagnostics of a file.
    pub fn diagnostics(&self, file: FileId) -> Vec<Diagnostic> {
        self.each(file, |diagnostic| diagnostic)
    }

    /// The same as JSON: thousands of them are megabytes, and are written side by side as they are made.
    pub fn written(&self, file: FileId) -> Vec<Written> {
        self.each(file, |diagnostic| Written::of(&diagnostic)).into_iter().flatten().collect()
    }

    fn each<R: Send>(&self, file: FileId, make: impl Fn(Diagnostic) -> R + Sync) -> Vec<R> {
        /// So many are sooner made than handed to another thread.
        const FEW: usize = 32;

        let findings = self.checked.findings.get(&file).map(Vec::as_slice).unwrap_or_default();
        let text = self.checked.analysis.project.text(file);
        let of = |finding: &Finding| make(Diagnostic::new(self, finding, &text));
        let parts: Vec<&[Finding]> = findings.chunks(FEW).collect();
        parallel::map(&parts, |part| part.iter().map(of).collect::<Vec<R>>()).into_iter().flatten().collect()
    }

    /// A place in any file that was read.
    pub fn location(&self, place: Place) -> Location {
        let text = self.checked.analysis.project.text(place.file);
        Location { uri: self.snapshot.uri(self.checked, place.file), range: range(&text, place.span, self.encoding) }
    }
}
