//! The lines of a text, for who asks for each of them: a table instead of a walk through the rope at every question.

use std::cell::Cell;

use crate::text::Span;

/// A text with where its lines begin. They end as LSP says: `\n`, `\r\n`, `\r`.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    source: &'a str,
    starts: Vec<u32>,
    /// The line that was asked for last: who goes through a text asks for the same one or the next.
    last: Cell<u32>,
}

impl<'a> Lines<'a> {
    pub fn new(source: &'a str) -> Lines<'a> {
        let bytes = source.as_bytes();
        let mut starts = vec![0];
        starts.extend(memchr::memchr2_iter(b'\n', b'\r', bytes).filter_map(|at| {
            let is_first_of_two = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
            (!is_first_of_two).then_some(at as u32 + 1)
        }));
        Lines { source, starts, last: Cell::new(0) }
    }

    pub fn len(&self) -> u32 {
        self.source.len() as u32
    }

    pub fn source(&self) -> &'a str {
        self.source
    }

    /// A text that ends in a line break has an empty last line.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    pub fn line_of(&self, offset: u32) -> u32 {
        let is = |line: u32| {
            let at = line as usize;
            self.starts.get(at).is_some_and(|start| *start <= offset) && self.starts.get(at + 1).is_none_or(|next| offset < *next)
        };
        let last = self.last.get();
        let line = match is(last) {
            true => last,
            false if is(last + 1) => last + 1,
            false => self.starts.partition_point(|start| *start <= offset).saturating_sub(1) as u32,
        };
        self.last.set(line);
        line
    }

    /// With its line break; the empty span at the end for a line that is not there.
    pub fn full_line_span(&self, line: u32) -> Span {
        let start = self.starts.get(line as usize).copied().unwrap_or(self.len());
        Span::new(start, self.starts.get(line as usize + 1).copied().unwrap_or(self.len()))
    }

    /// Without it.
    pub fn line_span(&self, line: u32) -> Span {
        let full = self.full_line_span(line);
        Span::new(full.start, full.start + self.slice(full).trim_end_matches(['\n', '\r']).len() as u32)
    }

    /// Empty for a span that ends outside or inside a character.
    pub fn slice(&self, span: Span) -> &'a str {
        self.source.get(span.range()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn they_are_those_of_the_text() {
        for source in ["", "a", "a\n", "a\r\nb\rc\n\n\r\r\n", "\u{e9}\n\u{1f600}", "\r", "\n\r"] {
            let (lines, text) = (Lines::new(source), Text::new(source));
            assert_eq!(lines.line_count(), text.line_count(), "{source:?}");
            for line in 0..=text.line_count() {
                assert_eq!(lines.line_span(line), text.line_span(line), "{source:?} {line}");
                assert_eq!(lines.full_line_span(line), text.full_line_span(line), "{source:?} {line}");
            }
            let offsets = || (0..=source.len()).filter(|at| source.is_char_boundary(*at));
            for offset in offsets().chain(offsets().rev()) {
                assert_eq!(lines.line_of(offset as u32), text.line_of(offset as u32), "{source:?} {offset}");
            }
        }
    }
}
