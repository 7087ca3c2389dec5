//! Marks of what fills a text in before nginx reads it: template engines, scripts of an installation.

/// Is there a mark of a template engine in the text (`{{`, `{%`, `<%`, `@@`, `%%`), or a byte that was no UTF-8 (U+FFFD stands for it)? What the
/// text will say is not known then. `${` is none of them: nginx may mean it as well.
pub fn has_mark(text: &str) -> bool {
    let bytes = text.as_bytes();
    // One look at each byte: nearly every word of a configuration is asked.
    bytes.iter().enumerate().any(|(at, byte)| {
        let next = || bytes.get(at + 1).copied();
        match byte {
            b'{' => matches!(next(), Some(b'{' | b'%')),
            b'<' | b'%' => next() == Some(b'%'),
            b'@' => next() == Some(b'@'),
            0xEF => bytes.get(at + 1..at + 3) == Some(&[0xBF, 0xBD]),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_pairs() {
        for text in ["{{ x }}", "a{% x %}", "<%= x %>", "@@X@@", "%%X%%", "a\u{fffd}"] {
            assert!(has_mark(text), "{text}");
        }
        for text in ["", "{", "a{b}", "${x}", "<a>", "a@b", "100%", "{ {", "\u{feff}x", "\u{ffff}", "%"] {
            assert!(!has_mark(text), "{text}");
        }
    }
}
