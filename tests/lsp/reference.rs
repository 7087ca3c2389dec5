//! Positions and edits done the simple way, to compare the server's with.

use serde_json::{Value, json};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Units {
    Utf8,
    Utf16,
    Utf32,
}

impl Units {
    pub const ALL: [Units; 3] = [Units::Utf8, Units::Utf16, Units::Utf32];

    pub fn name(self) -> &'static str {
        match self {
            Units::Utf8 => "utf-8",
            Units::Utf16 => "utf-16",
            Units::Utf32 => "utf-32",
        }
    }

    fn of(self, c: char) -> u64 {
        match self {
            Units::Utf8 => c.len_utf8() as u64,
            Units::Utf16 => c.len_utf16() as u64,
            Units::Utf32 => 1,
        }
    }
}

/// Byte ranges of the lines, without their ends.
pub fn lines(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let end = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
            b'\r' | b'\n' => 1,
            _ => 0,
        };
        if end > 0 {
            lines.push((start, at));
            start = at + end;
        }
        at += end.max(1);
    }
    lines.push((start, bytes.len()));
    lines
}

/// Every position that there is, as (line, character, byte).
pub fn positions(text: &str, units: Units) -> Vec<(u64, u64, usize)> {
    let mut positions = Vec::new();
    for (line, (start, end)) in lines(text).into_iter().enumerate() {
        let mut column = 0;
        for (at, c) in text[start..end].char_indices() {
            positions.push((line as u64, column, start + at));
            column += units.of(c);
        }
        positions.push((line as u64, column, end));
    }
    positions
}

/// The byte at a position; `None` when there is no such position.
pub fn offset(text: &str, position: &Value, units: Units) -> Option<usize> {
    let wanted = (position["line"].as_u64()?, position["character"].as_u64()?);
    let (start, end) = *lines(text).get(wanted.0 as usize)?;
    let mut column = 0;
    for (at, c) in text[start..end].char_indices() {
        if column == wanted.1 {
            return Some(start + at);
        }
        column += units.of(c);
    }
    (column == wanted.1).then_some(end)
}

pub fn position(at: (u64, u64, usize)) -> Value {
    json!({ "line": at.0, "character": at.1 })
}

/// A small generator of numbers (xorshift): the same for the same seed.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}
