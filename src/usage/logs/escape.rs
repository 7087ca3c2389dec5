//! How `log_format` writes values: `escape=default`, `json`, `none`, and back.

/// The `escape` of a `log_format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Escape {
    /// `"`, `\` and what is no visible ASCII as `\xXX`; `-` for a variable that is not there.
    #[default]
    Default,
    /// As in JSON strings.
    Json,
    /// As it is.
    None,
}

/// Escapes of both kinds at once: `\x` is none in JSON, and the default knows no other.
pub fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    decode_into(text, &mut out);
    out
}

/// The same, added to `out`.
pub fn decode_into(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        rest = match from {
            [_, b'x', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(hex(*high) << 4 | hex(*low));
                after
            }
            [_, b'u', after @ ..] => match unit(after) {
                Some((first, more)) => {
                    // Two units of UTF-16 are one character; half a pair is none.
                    let second = more.strip_prefix(b"\\u").filter(|_| (0xd800..0xdc00).contains(&first)).and_then(unit);
                    let (letter, after) = match second {
                        Some((second, after)) if (0xdc00..0xe000).contains(&second) => {
                            (char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)), after)
                        }
                        _ => (char::from_u32(first), more),
                    };
                    out.extend_from_slice(letter.unwrap_or('\u{fffd}').encode_utf8(&mut [0; 4]).as_bytes());
                    after
                }
                None => {
                    out.extend_from_slice(b"\\u");
                    after
                }
            },
            [_, letter, after @ ..] => {
                match letter {
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'b' => out.push(8),
                    b'f' => out.push(12),
                    b'"' | b'\\' | b'/' => out.push(*letter),
                    other => out.extend_from_slice(&[b'\\', *other]),
                }
                after
            }
            from => {
                out.extend_from_slice(from);
                &[]
            }
        };
    }
    out.extend_from_slice(rest);
}

/// Four hexadecimal digits, and what follows.
fn unit(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_first_chunk::<4>()?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

fn hex(digit: u8) -> u8 {
    (digit as char).to_digit(16).unwrap_or_default() as u8
}

/// Writes a value as nginx does (`ngx_http_log_escape`, `ngx_escape_json`).
#[cfg(test)]
pub fn escape(value: &[u8], escape: Escape) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for &byte in value {
        match escape {
            Escape::None => out.push(byte),
            Escape::Default if !(b' '..=0x7e).contains(&byte) || matches!(byte, b'"' | b'\\') => {
                out.extend(format!("\\x{byte:02X}").bytes())
            }
            Escape::Json if matches!(byte, b'"' | b'\\') => out.extend([b'\\', byte]),
            Escape::Json if byte < b' ' => match byte {
                b'\n' => out.extend(b"\\n"),
                b'\r' => out.extend(b"\\r"),
                b'\t' => out.extend(b"\\t"),
                8 => out.extend(b"\\b"),
                12 => out.extend(b"\\f"),
                byte => out.extend(format!("\\u{byte:04X}").bytes()),
            },
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        for kind in [Escape::Default, Escape::Json, Escape::None] {
            let written = escape(&all, kind);
            assert_eq!(if kind == Escape::None { written } else { decode(&written) }, all, "{kind:?}");
        }
        assert_eq!(decode(b"\\ud83d\\ude00 \\ud83d x\\"), "\u{1f600} \u{fffd} x\\".as_bytes());
        assert_eq!(decode(b"\\q\\u12"), b"\\q\\u12");
    }
}
