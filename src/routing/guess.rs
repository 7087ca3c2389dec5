//! Guesses for what automata can't follow: to be tried with PCRE, never to be relied on.

/// A subject that a pattern may match which is not regular, to be tried: that of what remains when assertions and back-references are
/// left out and possessive quantifiers and atomic groups taken as others.
pub(super) fn guess(source: &str, caseless: bool) -> Option<Vec<u8>> {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    // `\Q…\E` and comments are rare enough to be refused below, or to make a guess that is none.
    while let Some(next) = rest.chars().next() {
        let assertion = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| rest.starts_with(start));
        if assertion {
            rest = behind_group(rest)?;
            continue;
        }
        if let Some(inner) = rest.strip_prefix("(?>") {
            out.push_str("(?:");
            rest = inner;
            continue;
        }
        if let Some(escaped) = rest.strip_prefix('\\') {
            let byte = escaped.chars().next()?;
            if !matches!(byte, 'b' | 'B' | 'K' | 'G' | '1'..='9') {
                out.push('\\');
                out.push(byte);
            }
            rest = escaped.get(byte.len_utf8()..)?;
            continue;
        }
        rest = rest.get(next.len_utf8()..)?;
        if !(next == '+' && out.ends_with(['*', '+', '?', '}'])) {
            out.push(next);
        }
    }
    super::pcre::parse(&out, caseless).map(|regular| regular.sample())
}

/// What follows the group at the start of the text.
fn behind_group(text: &str) -> Option<&str> {
    let (mut depth, mut escaped, mut class) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b']' => class = false,
            _ if class => {}
            b'[' => class = true,
            b'(' => depth += 1,
            b')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return text.get(at + 1..);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::routing::pattern::Pattern;

    #[test]
    fn most_guesses_match() {
        for (source, guess) in [
            ("^/b(?!/a)", "/b"),
            ("^/a\\b", "/a"),
            ("^/(?>ab|c)+", "/ab"),
            ("^/x++y", "/xy"),
            ("^/(a)/\\1b|^/c\\b", "/a/b"),
            ("(?<=[)(])/z", "/z"),
        ] {
            assert_eq!(super::guess(source, false).as_deref(), Some(guess.as_bytes()), "{source}");
            assert!(Pattern::get(source, false).regular().is_none(), "{source}");
        }
        for source in ["(?=a", "(?#x", "[", "\\"] {
            assert_eq!(super::guess(source, false), None, "{source}");
        }
    }
}
