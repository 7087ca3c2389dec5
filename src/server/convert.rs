//! From the program's own types to those of the protocol.

use tower_lsp::gen_lsp_types::{Location, Position, Range};

use super::features::Features;
use super::state::{Checked, Snapshot};
use crate::project::Place;
use crate::text::{self, Encoding, Span, Text};

/// A span as a range in the units that were agreed on.
pub fn range(text: &Text, span: Span, encoding: Encoding) -> Range {
    let (start, end) = text.positions(span, encoding);
    let position = |position: text::Position| Position { line: position.line, character: position.column };
    Range { start: position(start), end: position(end) }
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

/// The last place that was told beside a finding: many findings have the same one.
#[derive(Debug, Default)]
pub struct LastPlace(Option<(Place, Location)>);

impl LastPlace {
    /// As [`Converter::location`].
    pub fn location(&mut self, converter: &Converter<'_>, place: Place) -> Location {
        match &self.0 {
            Some((last, location)) if *last == place => location.clone(),
            _ => self.0.insert((place, converter.location(place))).1.clone(),
        }
    }
}

impl<'a> Converter<'a> {
    /// For a client with these features.
    pub fn new(features: &Features, snapshot: &'a Snapshot, checked: &'a Checked) -> Converter<'a> {
        Converter { checked, snapshot, encoding: features.encoding, related_information: features.related_information }
    }

    /// A place in any file that was read.
    pub fn location(&self, place: Place) -> Location {
        let text = self.checked.analysis.project.text(place.file);
        Location { uri: self.snapshot.uri(self.checked, place.file), range: range(&text, place.span, self.encoding) }
    }
}
