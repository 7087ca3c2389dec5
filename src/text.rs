//! Text and positions: the only place that knows `ropey`.
//!
//! Inside the program a place is a byte offset. Lines and columns exist at the edges (the protocol, the
//! terminal), and the client decides in which code units columns are counted (LSP 3.17, `PositionEncodingKind`).

use std::borrow::Cow;
use std::fmt;

use memchr::memmem;
use ropey::{Rope, str_utils};

/// A half-open range of byte offsets, `start..end`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte; never less than `start`.
    pub end: u32,
}

impl Span {
    /// `start..end`; an `end` before `start` gives the empty span at `start`.
    pub fn new(start: u32, end: u32) -> Self {
        Span { start, end: end.max(start) }
    }

    /// The empty span at `offset`.
    pub fn at(offset: u32) -> Self {
        Span { start: offset, end: offset }
    }

    /// Length in bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// True for a span of no bytes.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// True when `offset` is inside, or just behind the last byte (where a cursor stands after typing).
    pub fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// True when `other` lies wholly inside.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// As a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// In which code units a column is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what a client gets that negotiates nothing.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

/// A line and a column, both counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 0.
    pub line: u32,
    /// Column, from 0, in the code units of an [`Encoding`].
    pub column: u32,
}

/// The length of a text.
fn units(text: &str, encoding: Encoding) -> u32 {
    let length = match encoding {
        Encoding::Utf16 if !text.is_ascii() => text.chars().map(char::len_utf16).sum(),
        Encoding::Utf32 if !text.is_ascii() => text.chars().count(),
        _ => text.len(),
    };
    length as u32
}

/// An immutable text with cheap clones. Lines end at `\n`, `\r\n` or `\r`, as in LSP.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text(Rope);

impl Text {
    /// A text from a string.
    pub fn new(text: &str) -> Self {
        Text(Rope::from_str(text))
    }

    /// True when the two are clones of one text: cheap, and no statement about texts that were made apart.
    pub fn is_same(&self, other: &Text) -> bool {
        self.0.is_instance(&other.0)
    }

    /// How many bytes two texts have in common at their beginning, and behind that at their end: at least so many, in the pieces that a text and
    /// what it was before an edit share. The texts themselves are not looked at; of two that were made apart nothing is known.
    pub fn shared(&self, other: &Text) -> (u32, u32) {
        fn length<'a>(ours: impl Iterator<Item = &'a str>, others: impl Iterator<Item = &'a str>) -> usize {
            ours.zip(others).take_while(|(one, other)| std::ptr::eq(*one, *other)).map(|(one, _)| one.len()).sum()
        }
        fn backwards(rope: &Rope) -> impl Iterator<Item = &str> {
            rope.chunks_at_byte(rope.len_bytes()).0.reversed()
        }
        let beginning = length(self.0.chunks(), other.0.chunks());
        let left = self.0.len_bytes().min(other.0.len_bytes()) - beginning;
        let end = length(backwards(&self.0), backwards(&other.0)).min(left);
        (beginning as u32, end as u32)
    }

    /// Length in bytes.
    pub fn len(&self) -> u32 {
        self.0.len_bytes() as u32
    }

    /// True for a text of no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of lines; a text that ends in a line break has an empty last line.
    pub fn line_count(&self) -> u32 {
        self.0.len_lines() as u32
    }

    /// The text of a span, borrowed where it lies in one chunk. Bounds are clamped to the text and moved down
    /// to a character boundary.
    pub fn slice(&self, span: Span) -> Cow<'_, str> {
        let start = self.floor(span.start);
        let end = self.floor(span.end).max(start);
        Cow::from(self.0.byte_slice(start as usize..end as usize))
    }

    /// The chunk that holds byte `offset`, and where the chunk starts; the last chunk for an offset at or behind the end.
    pub fn chunk_at(&self, offset: u32) -> (&str, u32) {
        let (chunk, start, _, _) = self.0.chunk_at_byte((offset as usize).min(self.0.len_bytes()));
        (chunk, start as u32)
    }

    /// The line (from 0) that holds the byte.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.0.byte_to_line(self.floor(offset) as usize) as u32
    }

    /// The span of a line without its line break; the empty span at the end for a line that is not there.
    pub fn line_span(&self, line: u32) -> Span {
        if line >= self.line_count() {
            return Span::at(self.len());
        }
        let start = self.0.line_to_byte(line as usize);
        let slice = self.0.line(line as usize);
        let mut len = slice.len_bytes();
        while len > 0 && matches!(slice.byte(len - 1), b'\n' | b'\r') {
            len -= 1;
        }
        Span::new(start as u32, (start + len) as u32)
    }

    /// The span of a line with its line break.
    pub fn full_line_span(&self, line: u32) -> Span {
        if line >= self.line_count() {
            return Span::at(self.len());
        }
        let start = self.0.line_to_byte(line as usize);
        let end = self.0.line_to_byte((line as usize + 1).min(self.0.len_lines()));
        Span::new(start as u32, end as u32)
    }

    /// Byte offset to line and column; an offset behind the end gives the end.
    pub fn position(&self, offset: u32, encoding: Encoding) -> Position {
        let offset = (offset as usize).min(self.0.len_bytes());
        let (chunk, start, _, line) = self.0.chunk_at_byte(offset);
        let within = (0..=offset - start).rev().find(|at| chunk.is_char_boundary(*at)).unwrap_or_default();
        // Nearly every line begins in the chunk in which it goes on: to find that out takes one walk through the rope, in place of five. A
        // line's end of two characters is never cut.
        let before = chunk.get(..within).unwrap_or_default();
        let before = before.strip_suffix('\r').filter(|_| chunk.as_bytes().get(within) == Some(&b'\n')).unwrap_or(before);
        let Some(last) = memchr::memrchr2(b'\n', b'\r', before.as_bytes()) else {
            let slice = self.0.byte_slice(self.0.line_to_byte(line)..start + within);
            let column = match encoding {
                Encoding::Utf8 => slice.len_bytes(),
                Encoding::Utf16 => slice.len_utf16_cu(),
                Encoding::Utf32 => slice.len_chars(),
            };
            return Position { line: line as u32, column: column as u32 };
        };
        let count = str_utils::byte_to_line_idx(chunk, last + 1);
        let column = units(chunk.get(last + 1..within).unwrap_or_default(), encoding);
        Position { line: (line + count) as u32, column }
    }

    /// Where a span begins and ends, as [`Text::position`] says it of each.
    pub fn positions(&self, span: Span, encoding: Encoding) -> (Position, Position) {
        let start = self.position(span.start, encoding);
        let (chunk, first) = self.chunk_at(span.start);
        // Most of what is pointed at is a part of one line.
        let inside = (span.start.checked_sub(first)).and_then(|from| chunk.get(from as usize..(span.end - first) as usize));
        match inside.filter(|text| memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none()) {
            Some(text) => (start, Position { column: start.column + units(text, encoding), ..start }),
            None => (start, self.position(span.end, encoding)),
        }
    }

    /// Line and column to byte offset. A column behind the line's end gives the line's end, a line behind the
    /// last gives the text's end, a column inside a character gives the character's start (LSP, `Position`).
    pub fn offset(&self, position: Position, encoding: Encoding) -> u32 {
        if position.line >= self.line_count() {
            return self.len();
        }
        let line = self.line_span(position.line);
        let slice = self.0.byte_slice(line.range());
        let column = position.column as usize;
        let within = match encoding {
            Encoding::Utf8 => {
                let byte = column.min(slice.len_bytes());
                slice.char_to_byte(slice.byte_to_char(byte))
            }
            Encoding::Utf16 => slice.char_to_byte(slice.utf16_cu_to_char(column.min(slice.len_utf16_cu()))),
            Encoding::Utf32 => slice.char_to_byte(column.min(slice.len_chars())),
        };
        line.start + within as u32
    }

    /// Replaces a span. Bounds are clamped as in [`Text::slice`].
    pub fn replace(&mut self, span: Span, with: &str) {
        let start = self.0.byte_to_char(self.floor(span.start) as usize);
        let end = self.0.byte_to_char(self.floor(span.end) as usize).max(start);
        self.0.remove(start..end);
        self.0.insert(start, with);
    }

    /// Whether this stands anywhere in it; without a copy of the text. What is empty is in every text.
    pub fn contains(&self, needle: &str) -> bool {
        let (needle, finder) = (needle.as_bytes(), memmem::Finder::new(needle));
        // What two pieces of the rope, or several, have between them: the end of the one, the beginning of the next.
        let mut seam: Vec<u8> = Vec::with_capacity(2 * needle.len());
        needle.is_empty()
            || self.0.chunks().map(str::as_bytes).any(|chunk| {
                let reach = needle.len() - 1;
                seam.extend(&chunk[..reach.min(chunk.len())]);
                let found = finder.find(chunk).is_some() || finder.find(&seam).is_some();
                if chunk.len() >= reach {
                    seam.clear();
                    seam.extend(&chunk[chunk.len() - reach..]);
                } else {
                    seam.drain(..seam.len().saturating_sub(reach));
                }
                found
            })
    }

    /// The whole text as one string.
    pub fn to_str(&self) -> Cow<'_, str> {
        Cow::from(&self.0)
    }

    /// Clamped to the text, and down to a character boundary.
    pub fn floor(&self, offset: u32) -> u32 {
        let offset = (offset as usize).min(self.0.len_bytes());
        let (chunk, start, _, _) = self.0.chunk_at_byte(offset);
        let within = str_utils::byte_to_char_idx(chunk, offset - start);
        (start + str_utils::char_to_byte_idx(chunk, within)) as u32
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chunks().try_for_each(|chunk| f.write_str(chunk))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needle_is_found_wherever_pieces_of_the_rope_end() {
        let line = "proxy_pass http://a;\n";
        let source = line.repeat(400);
        assert!(Text::new(&source).0.chunks().count() > 5);
        for at in (0..source.len()).step_by(7) {
            let mut text = Text::new(&source);
            text.replace(Span::at(at as u32), "#X#");
            assert!(text.contains("#X#"), "{at}");
            assert!(!text.contains("#X# "), "{at}");
        }
        let long = "ab".repeat(3_000) + "c";
        let text = Text::new(&format!("{line}{long}{line}"));
        assert!(text.contains(&long) && text.contains("") && text.contains("bc") && !text.contains(&format!("{long}c")));
        assert!(Text::new("").contains("") && !Text::new("").contains("a") && !Text::new("#X").contains("#X#"));
    }

    #[test]
    fn positions_are_those_that_the_rope_has() {
        // Lines of all lengths and ends, some longer than a chunk of the rope, others with an end where one chunk ends.
        let pieces = ["\n", "\r\n", "\r", "a", "location / { root x; }", "\u{e9}", "\u{1f600}", "\u{2028}"];
        let mut number: u32 = 7;
        let mut source = String::new();
        for round in 0..4_000 {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            source.push_str(pieces[(number >> 16) as usize % pieces.len()]);
            if round % 1_500 == 0 {
                source.push_str(&"\u{e9}b".repeat(2_000));
            }
        }
        let text = Text::new(&source);
        assert!(text.0.chunks().count() > 10);
        for offset in 0..=text.len() + 1 {
            let at = text.floor(offset) as usize;
            let line = text.0.byte_to_line(at);
            let slice = text.0.byte_slice(text.0.line_to_byte(line)..at);
            let columns = [slice.len_bytes(), slice.len_utf16_cu(), slice.len_chars()];
            for (encoding, column) in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32].into_iter().zip(columns) {
                let wanted = Position { line: line as u32, column: column as u32 };
                assert_eq!(text.position(offset, encoding), wanted, "{offset} {encoding:?}");
                for length in [0, 1, 30].into_iter().filter(|_| offset % 13 < 2) {
                    let end = text.position(offset + length, encoding);
                    assert_eq!(text.positions(Span::new(offset, offset + length), encoding), (wanted, end), "{offset} {length}");
                }
            }
        }
    }

    #[test]
    fn what_a_text_shares_with_what_it_was() {
        let line = "location / { root \u{e9}; }\n";
        let old = Text::new(&line.repeat(2_000));
        for (start, length, with) in [(0, 3, ""), (30_000, 0, "x"), (old.len() - 2, 2, "y\n"), (25_000, 9_000, "z"), (0, 0, "")] {
            let mut new = old.clone();
            new.replace(Span::new(start, start + length), with);
            let (beginning, end) = old.shared(&new);
            assert!(beginning + end <= old.len().min(new.len()));
            assert_eq!(old.slice(Span::new(0, beginning)), new.slice(Span::new(0, beginning)));
            let behind = |text: &Text| text.slice(Span::new(text.len() - end, text.len())).into_owned();
            assert_eq!(behind(&old), behind(&new));
            let far = old.len() - length - 5_000;
            assert!(beginning + end >= far, "{start}: {beginning} and {end} of {}", old.len());
        }
        assert_eq!(old.shared(&Text::new(&line.repeat(2_000))), (0, 0));
    }

    #[test]
    fn columns_are_counted_in_the_encoding_that_was_agreed() {
        let text = Text::new("a\u{e9}\u{1f600}z\r\nnext");
        let z = "a\u{e9}\u{1f600}".len() as u32;
        for (encoding, column) in [(Encoding::Utf8, 7), (Encoding::Utf16, 4), (Encoding::Utf32, 3)] {
            let position = Position { line: 0, column };
            assert_eq!(text.position(z, encoding), position);
            assert_eq!(text.offset(position, encoding), z);
        }
    }

    #[test]
    fn positions_outside_the_text_are_clamped() {
        let text = Text::new("ab\ncd");
        assert_eq!(text.offset(Position { line: 0, column: 99 }, Encoding::Utf16), 2);
        assert_eq!(text.offset(Position { line: 9, column: 0 }, Encoding::Utf8), 5);
        assert_eq!(text.position(99, Encoding::Utf8), Position { line: 1, column: 2 });
    }

    #[test]
    fn only_the_line_ends_of_lsp_count() {
        let text = Text::new("a\u{2028}b\u{c}c\rd\r\ne\n");
        assert_eq!(text.line_count(), 4);
        assert_eq!(text.slice(text.line_span(0)), "a\u{2028}b\u{c}c");
        assert_eq!(text.slice(text.line_span(2)), "e");
        assert_eq!(text.full_line_span(1), Span::new(8, 11));
    }

    #[test]
    fn an_offset_inside_a_character_moves_to_its_start() {
        let text = Text::new("\u{1f600}");
        assert_eq!(text.floor(2), 0);
        assert_eq!(text.offset(Position { line: 0, column: 1 }, Encoding::Utf16), 0);
        assert_eq!(text.slice(Span::new(1, 4)), "\u{1f600}");
    }
}
