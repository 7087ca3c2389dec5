//! Values with variables, and the escapes that nginx puts into them: `ngx_http_script.c`, `ngx_escape_uri`.

use super::step::{Text, TextPart};

/// A part of a value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Literal(&'a str),
    Variable(&'a str),
    /// `$1` to `$9`
    Capture(usize),
}

/// Takes a value apart (`ngx_http_script_compile`). A `$` that no name follows, which nginx refuses, stays as it is.
pub(super) fn parts(value: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let mut rest = value;
    while let Some(dollar) = rest.find('$') {
        let (before, after) = (rest.get(..dollar).unwrap_or_default(), rest.get(dollar + 1..).unwrap_or_default());
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (part, end) = match (after.as_bytes().first(), after.strip_prefix('{')) {
            (Some(digit @ b'1'..=b'9'), _) => (Part::Capture(usize::from(digit - b'0')), 1),
            (_, Some(inside)) => {
                let end = inside.find('}').filter(|end| *end > 0 && inside.get(..*end).is_some_and(|name| name.chars().all(is_name)));
                match end {
                    Some(end) => (Part::Variable(inside.get(..end).unwrap_or_default()), end + 2),
                    None => (Part::Literal("$"), 0),
                }
            }
            _ => match after.find(|c| !is_name(c)).unwrap_or(after.len()) {
                0 => (Part::Literal("$"), 0),
                end => (Part::Variable(after.get(..end).unwrap_or_default()), end),
            },
        };
        if !before.is_empty() {
            out.push(Part::Literal(before));
        }
        out.push(part);
        rest = after.get(end..).unwrap_or_default();
    }
    if !rest.is_empty() {
        out.push(Part::Literal(rest));
    }
    out
}

/// Which bytes are written as `%XX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// `NGX_ESCAPE_URI`
    Uri,
    /// `NGX_ESCAPE_ARGS`
    Args,
}

/// `ngx_escape_uri`
pub(super) fn escape(bytes: &[u8], kind: Escape) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        let bad = byte <= b' '
            || byte >= 0x7f
            || b"\"#%<>?\\^`{|}".contains(&byte)
            || (kind == Escape::Args && matches!(byte, b'&' | b'+' | b';'));
        if bad {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
    }
    out
}

/// `ngx_unescape_uri`. With `redirect` (`NGX_UNESCAPE_REDIRECT`) only what needs no escape loses it, up to a question mark. A `%`
/// without two digits goes, and takes a digit with what follows it along.
pub(super) fn unescape(bytes: &[u8], redirect: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if redirect && byte == b'?' {
            out.push(byte);
            break;
        }
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digit = |at: usize| after.get(at).and_then(|byte| (*byte as char).to_digit(16));
        match (digit(0), digit(1)) {
            (None, _) => {
                out.extend(after.first());
                rest = after.get(1..).unwrap_or_default();
            }
            (Some(high), second) => {
                rest = after.get(2..).unwrap_or_default();
                let Some(low) = second else { continue };
                let value = (high * 16 + low) as u8;
                // A letter as the second digit goes through the branch of the C code that stops at a question mark.
                if redirect && value == b'?' {
                    out.push(value);
                    break;
                }
                if !redirect || (0x26..0x7f).contains(&value) {
                    out.push(value);
                } else {
                    out.push(byte);
                    out.extend_from_slice(after.get(..2).unwrap_or_default());
                }
            }
        }
    }
    out.extend_from_slice(rest);
    out
}

impl Text {
    /// The same with each known part changed.
    pub(super) fn map(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Text {
        let part = |part: &TextPart| match part {
            TextPart::Known(bytes) => TextPart::Known(change(bytes)),
            TextPart::Unknown(name) => TextPart::Unknown(name.clone()),
        };
        Text(self.0.iter().map(part).collect())
    }

    /// Adds bytes.
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.push(&Text::known(bytes));
        }
    }

    /// Whether two texts are equal; `None` where that is not known.
    pub(super) fn equals(&self, other: &Text) -> Option<bool> {
        if let (Some(one), Some(two)) = (self.bytes(), other.bytes()) {
            return Some(one == two);
        }
        if self == other {
            return Some(true);
        }
        let begins = |text: &Text| match text.0.first() {
            Some(TextPart::Known(bytes)) => bytes.clone(),
            _ => Vec::new(),
        };
        let ends = |text: &Text| match text.0.last() {
            Some(TextPart::Known(bytes)) => bytes.clone(),
            _ => Vec::new(),
        };
        let (one, two) = (begins(self), begins(other));
        let short = one.len().min(two.len());
        if one.get(..short) != two.get(..short) {
            return Some(false);
        }
        let (one, two) = (ends(self), ends(other));
        let short = one.len().min(two.len());
        let tail = |bytes: &[u8]| bytes.get(bytes.len() - short..).map(<[u8]>::to_vec);
        let longer = |known: &Text, open: &Text| {
            let least: usize = open.0.iter().map(|part| if let TextPart::Known(bytes) = part { bytes.len() } else { 0 }).sum();
            known.bytes().is_some_and(|bytes| bytes.len() < least)
        };
        (tail(&one) != tail(&two) || longer(self, other) || longer(other, self)).then_some(false)
    }

    /// What `if ($variable)` makes of it: false for nothing and for `0`. `None` where that is not known.
    pub(super) fn truth(&self) -> Option<bool> {
        match self.bytes() {
            Some(bytes) => Some(!bytes.is_empty() && bytes != b"0"),
            None => {
                let mut known = self.0.iter().filter_map(|part| if let TextPart::Known(bytes) = part { Some(bytes) } else { None });
                known.any(|bytes| bytes != b"0").then_some(true)
            }
        }
    }

    /// The first byte, when it is known.
    pub(super) fn first(&self) -> Option<u8> {
        match self.0.first() {
            Some(TextPart::Known(bytes)) => bytes.first().copied(),
            _ => None,
        }
    }

    /// Without the first bytes; those of a part that is not known can't be taken off, and `None` is the answer.
    pub(super) fn skip(&self, mut count: usize) -> Option<Text> {
        let mut out = Text::default();
        for part in &self.0 {
            match part {
                TextPart::Known(bytes) => {
                    let cut = count.min(bytes.len());
                    count -= cut;
                    out.push_bytes(bytes.get(cut..).unwrap_or_default());
                }
                TextPart::Unknown(_) if count > 0 => return None,
                TextPart::Unknown(_) => out.0.push(part.clone()),
            }
        }
        Some(out)
    }

    /// Cut in two before the first of these bytes that is known to be there.
    pub(super) fn split(&self, at: &[u8]) -> (Text, Option<Text>) {
        let mut before = Text::default();
        for (index, part) in self.0.iter().enumerate() {
            if let TextPart::Known(bytes) = part
                && let Some(found) = bytes.iter().position(|byte| at.contains(byte))
            {
                before.push_bytes(bytes.get(..found).unwrap_or_default());
                let mut after = Text::default();
                after.push_bytes(bytes.get(found..).unwrap_or_default());
                after.0.extend(self.0.iter().skip(index + 1).cloned());
                return (before, Some(after));
            }
            before.push(&Text(vec![part.clone()]));
        }
        (before, None)
    }

    /// Path and arguments: cut at the first question mark, which is in neither.
    pub(super) fn split_args(&self) -> (Text, Text) {
        match self.split(b"?") {
            (path, Some(args)) => (path, args.skip(1).unwrap_or_default()),
            (path, None) => (path, Text::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_apart() {
        use Part::{Capture, Literal, Variable};
        assert_eq!(
            parts("/a$1b${x_1}c$uri/d"),
            [Literal("/a"), Capture(1), Literal("b"), Variable("x_1"), Literal("c"), Variable("uri"), Literal("/d")]
        );
        assert_eq!(parts("a$"), [Literal("a"), Literal("$")]);
        assert_eq!(parts("${}"), [Literal("$"), Literal("{}")]);
        assert_eq!(parts(""), []);
    }

    #[test]
    fn escapes() {
        assert_eq!(escape(b"/a b%c?+&", Escape::Uri), b"/a%20b%25c%3F+&");
        assert_eq!(escape(b"a+&;", Escape::Args), b"a%2B%26%3B");
        assert_eq!(unescape(b"/%41%20b?%41", true), b"/A%20b?%41");
        assert_eq!(unescape(b"/a%/z%4/y%3f%41", true), b"/a/zy?%41");
        assert_eq!(unescape(b"/%41%20b%3f%41", false), b"/A b?A");
    }

    #[test]
    fn what_is_known_of_equality() {
        let mut open = Text::known(*b"/a/");
        open.push(&Text::unknown("x"));
        assert_eq!(open.equals(&Text::known(*b"/b/c")), Some(false));
        assert_eq!(open.equals(&Text::known(*b"/a/c")), None);
        assert_eq!(open.equals(&Text::known(*b"/a")), Some(false));
        assert_eq!(open.truth(), Some(true));
        assert_eq!(Text::unknown("x").truth(), None);
        assert_eq!(open.display(), "/a/{$x}");
    }
}
