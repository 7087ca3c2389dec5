//! Patterns of `glob(3)` for one name, over bytes.

/// True when the name holds one of the characters that make nginx look for files (`ngx_conf_include`).
pub fn is_pattern(name: &[u8]) -> bool {
    name.iter().any(|byte| b"*?[".contains(byte))
}

/// Does the pattern match the whole name? As `fnmatch` with `FNM_PERIOD` in the C locale: a leading dot is matched only by a dot, `\\`
/// takes the next character as it is, and a `[` without its `]` stands for itself.
pub fn matches(pattern: &[u8], name: &[u8]) -> bool {
    if name.first() == Some(&b'.') && !(pattern.first() == Some(&b'.') || pattern.starts_with(b"\\.")) {
        return false;
    }
    let (mut p, mut n) = (0, 0);
    // Where to go on after the last star: the pattern behind it, and the first byte that it has not yet taken.
    let mut star = None;
    while n < name.len() {
        if pattern.get(p) == Some(&b'*') {
            p += 1;
            star = Some((p, n));
        } else if let Some(next) = one(pattern, p, name[n]) {
            p = next;
            n += 1;
        } else if let Some((after, taken)) = star {
            p = after;
            n = taken + 1;
            star = Some((after, n));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

/// Matches one byte; where the pattern goes on, or `None`.
fn one(pattern: &[u8], at: usize, byte: u8) -> Option<usize> {
    match *pattern.get(at)? {
        b'?' => Some(at + 1),
        b'\\' => (pattern.get(at + 1).is_some_and(|literal| *literal == byte)).then_some(at + 2),
        b'[' => match set(pattern, at, byte) {
            Some((true, end)) => Some(end),
            Some((false, _)) => None,
            None => (byte == b'[').then_some(at + 1),
        },
        literal => (literal == byte).then_some(at + 1),
    }
}

/// Whether a set has the byte, and where it ends; `None` for a `[` that nothing closes.
fn set(pattern: &[u8], open: usize, byte: u8) -> Option<(bool, usize)> {
    let mut at = open + 1;
    let negated = matches!(pattern.get(at)?, b'!' | b'^');
    at += usize::from(negated);
    let first = at;
    let mut found = false;
    loop {
        let mut low = *pattern.get(at)?;
        if low == b']' && at > first {
            return Some((found != negated, at + 1));
        }
        if low == b'\\' {
            at += 1;
            low = *pattern.get(at)?;
        }
        let mut high = low;
        if pattern.get(at + 1) == Some(&b'-') && pattern.get(at + 2).is_some_and(|high| *high != b']') {
            at += 2;
            high = *pattern.get(at)?;
            if high == b'\\' {
                at += 1;
                high = *pattern.get(at)?;
            }
        }
        found |= (low..=high).contains(&byte);
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_glob_matches() {
        let matching = [
            "*.conf|a.conf",
            "*|a",
            "a*b*c|axxbyyc",
            "[ab]?|ax",
            "[!a]|b",
            "[^a]|b",
            "[a-c]x|bx",
            "[]]|]",
            "[x|[x",
            "\\*|*",
            ".*|.a",
            "**|abc",
            "*.conf|\u{e9}.conf",
        ];
        let other = ["*.conf|.a.conf", "*.conf|a.confx", "?|", "[a-c]|d", "[!a]|a", "a|b", "\\*|a", "*b|a", "[.]a|.a", "|a"];
        for (cases, expected) in [(&matching[..], true), (&other[..], false)] {
            for case in cases {
                let (pattern, name) = case.split_once('|').expect("a pattern and a name");
                assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), expected, "{case}");
            }
        }
    }

    #[test]
    fn many_stars_do_not_take_for_ever() {
        assert!(!matches(&b"*a".repeat(200), &b"a".repeat(199)));
    }
}
