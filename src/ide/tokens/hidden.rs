//! Blocks that are commented out with the marker: a comment by any grammar, but one that is meant to come back.

use super::paint::Painter;
use super::{DISABLED, Kind};
use crate::project::commented;
use crate::text::{Span, Text};

/// Each line of each such block.
pub(super) fn paint(text: &Text, marker: &str, within: Option<Span>, painter: &mut Painter<'_>) {
    for hidden in commented::all(text, marker) {
        if within.is_some_and(|within| hidden.lines.end < within.start || within.end < hidden.lines.start) {
            continue;
        }
        for marker in hidden.markers {
            let line = text.line_span(text.line_of(marker.start));
            painter.add(Span::new(marker.start, line.end), Kind::Comment, DISABLED);
        }
    }
}
