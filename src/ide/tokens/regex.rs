//! A regex in pieces: what it matches by itself, and what means something in it. A token for the whole would take the colours away that
//! the grammar of an editor gives to its parts.

use super::paint::{Painter, Part};
use super::{DEFINITION, Kind};

/// A regex without what stands before it (`~`, `~*`).
pub(super) fn regex(part: Part<'_>, painter: &mut Painter<'_>) {
    let bytes = part.text.as_bytes();
    let (mut at, mut plain) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        let length = match byte {
            // With what it protects; never in the middle of a character.
            b'\\' => {
                at += 1 + part.text.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                continue;
            }
            b'[' => {
                at = class_end(bytes, at);
                continue;
            }
            b'(' => group_start(bytes, at),
            b')' | b'|' | b'*' | b'+' | b'?' | b'^' | b'$' => 1,
            b'{' => quantifier(bytes, at),
            _ => 0,
        };
        if length == 0 {
            at += 1;
            continue;
        }
        painter.part(part.from(plain).until(at - plain), Kind::Regexp, 0);
        match group_name(part.text, at) {
            Some((name, end)) => {
                painter.part(part.from(at).until(name - at), Kind::Operator, 0);
                painter.part(part.from(name).until(end - name), Kind::Variable, DEFINITION);
                painter.part(part.from(end).until(1), Kind::Operator, 0);
                at = end + 1;
            }
            None => {
                painter.part(part.from(at).until(length), Kind::Operator, 0);
                at += length;
            }
        }
        plain = at;
    }
    painter.part(part.from(plain), Kind::Regexp, 0);
}

/// Past a class of characters that begins at `at`; the end where it does not end. A `]` that is first in it is one of its characters.
fn class_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'^'));
    end += usize::from(bytes.get(end) == Some(&b']'));
    while let Some(byte) = bytes.get(end) {
        match byte {
            b']' => return end + 1,
            b'\\' => end += 2,
            // `[:alpha:]`
            b'[' if bytes.get(end + 1) == Some(&b':') => {
                let rest = bytes.get(end + 2..).unwrap_or_default();
                end += rest.windows(2).position(|pair| pair == b":]").map_or(1, |found| found + 4);
            }
            _ => end += 1,
        }
    }
    bytes.len()
}

/// How long the beginning of a group is: `(`, `(?:`, `(?<=`.
fn group_start(bytes: &[u8], at: usize) -> usize {
    match (bytes.get(at + 1), bytes.get(at + 2), bytes.get(at + 3)) {
        (Some(b'?'), Some(b'<'), Some(b'=' | b'!')) => 4,
        (Some(b'?'), Some(b':' | b'=' | b'!' | b'>' | b'|'), _) => 3,
        (Some(b'?'), ..) => 2,
        _ => 1,
    }
}

/// The name of a group that begins at `at`: from where to where.
fn group_name(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let open = ["(?<", "(?P<", "(?'"].into_iter().find(|open| rest.starts_with(open))?;
    let name = rest.get(open.len()..)?;
    let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let closed = matches!(name.as_bytes().get(length), Some(b'>' | b'\''));
    (length > 0 && closed).then(|| (at + open.len(), at + open.len() + length))
}

/// How long a quantifier is: `{2}`, `{2,}`, `{2,3}`; 0 for any other brace.
fn quantifier(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at + 1..).unwrap_or_default();
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b',').count();
    let starts = rest.first().is_some_and(u8::is_ascii_digit);
    if starts && rest.get(length) == Some(&b'}') { length + 2 } else { 0 }
}
