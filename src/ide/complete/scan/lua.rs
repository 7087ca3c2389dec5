//! Where the code of a `*_by_lua_block` ends, as lua-nginx-module's lexer has it.

use super::line_end;

/// The place of the closing brace; the text's end where there is none. With `own`, the column of the block's directive, a brace that is
/// first on its line and not indented deeper ends it, too: braces do not balance then.
pub(super) fn end(bytes: &[u8], from: usize, own: Option<usize>) -> usize {
    let mut at = from;
    let mut depth = 0usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 || own.is_some_and(|own| column_if_first(bytes, at).is_some_and(|column| column <= own)) => return at,
            b'}' => depth -= 1,
            b'"' | b'\'' => at = string(bytes, at, *byte),
            b'[' => at = long(bytes, at).unwrap_or(at),
            b'-' if bytes.get(at + 1) == Some(&b'-') => {
                at = long(bytes, at + 2).unwrap_or_else(|| line_end(bytes, at).saturating_sub(1).max(at));
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The last byte of a string; it ends with its line.
fn string(bytes: &[u8], start: usize, mark: u8) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            byte if *byte == mark => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

/// The last byte of `[[ … ]]` or `[==[ … ]==]`; `None` where none begins.
fn long(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?.strip_prefix(b"[")?;
    let level = rest.iter().take_while(|byte| **byte == b'=').count();
    if rest.get(level) != Some(&b'[') {
        return None;
    }
    let body = start + level + 2;
    let close: Vec<u8> = [&b"]"[..], rest.get(..level)?, b"]"].concat();
    let found = memchr::memmem::find(bytes.get(body..)?, &close);
    Some(found.map_or(bytes.len(), |found| body + found + level + 1))
}

fn column_if_first(bytes: &[u8], at: usize) -> Option<usize> {
    let before = bytes.get(..at)?;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |found| found + 1);
    before.get(start..)?.iter().all(|byte| matches!(byte, b' ' | b'\t')).then_some(at - start)
}
