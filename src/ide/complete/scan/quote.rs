//! The end of a quoted word, also where the closing quote is missing.

use super::line_end;

/// Where the inside and the whole of the word end that begins with the quote at `start`.
pub(super) fn read(bytes: &[u8], start: usize, mark: u8) -> (usize, usize) {
    let line = line_end(bytes, start);
    match closing(bytes, start + 1, mark) {
        Some(end) if end < line => (end, end + 1),
        // Over several lines: as people write log formats and Lua. Where the first line ends as a directive does, or something is
        // glued to the closing quote, that is the opening quote of another word.
        Some(end) if !ends_directive(bytes, start, line) && follows_well(bytes.get(end + 1)) => (end, end + 1),
        _ => {
            let end = cut(bytes, start, line);
            (end, end)
        }
    }
}

fn closing(bytes: &[u8], from: usize, mark: u8) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + memchr::memchr2(mark, b'\\', bytes.get(at..)?)?;
        if bytes.get(found) == Some(&mark) {
            return Some(found);
        }
        at = found + 2;
    }
}

/// What nginx wants behind a closing quote.
fn follows_well(next: Option<&u8>) -> bool {
    next.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b';' | b'{' | b')'))
}

fn ends_directive(bytes: &[u8], start: usize, line: usize) -> bool {
    bytes.get(start + 1..line).unwrap_or_default().trim_ascii_end().last().is_some_and(|last| matches!(last, b';' | b'{'))
}

/// The end of a word whose closing quote is missing: before the `;` at the end of its line, else before the blanks there.
fn cut(bytes: &[u8], start: usize, line: usize) -> usize {
    let rest = bytes.get(start + 1..line).unwrap_or_default();
    let trimmed = rest.trim_ascii_end();
    let length = match trimmed.last() {
        Some(b';' | b'{') => trimmed.len() - 1,
        _ => rest.len(),
    };
    start + 1 + length
}
