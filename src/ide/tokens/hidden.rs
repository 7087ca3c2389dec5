//! Blocks that are commented out with the marker: a comment by any grammar, but one that is meant to come back.

use super::paint::Painter;
use super::{DISABLED, Kind};
use crate::project::{SourceFile, commented};
use crate::text::Span;

/// Each line of each such block; none that begins inside of a word.
pub(super) fn paint(source: &SourceFile, marker: &str, within: Option<Span>, painter: &mut Painter<'_>) {
    let (text, comments) = (&source.text, &source.parse.comments);
    let is_comment = |marker: &Span| comments.binary_search_by_key(&marker.start, |comment| comment.start).is_ok();
    for hidden in commented::all(text, marker) {
        if within.is_some_and(|within| hidden.lines.end < within.start || within.end < hidden.lines.start) {
            continue;
        }
        for marker in hidden.markers.into_iter().filter(is_comment) {
            let line = text.line_span(text.line_of(marker.start));
            painter.add(Span::new(marker.start, line.end), Kind::Comment, DISABLED);
        }
    }
}
