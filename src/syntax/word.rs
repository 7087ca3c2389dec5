//! One word, and what can be seen of it at once.

use std::borrow::Cow;
use std::sync::Arc;

use crate::text::Span;

/// One word, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In the source, quotes included.
    pub span: Span,
    /// What nginx makes of it (`ngx_conf_read_token`: quotes removed, `\" \' \\ \t \r \n` decoded).
    pub value: Arc<str>,
    /// How it was quoted.
    pub quote: Quote,
    signs: Signs,
}

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.value
    }
}

/// Quotes around a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    /// A bare word.
    None,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
}

impl Word {
    /// A word at a place, with what nginx makes of it.
    pub fn new(span: Span, value: Arc<str>, quote: Quote) -> Word {
        let signs = Signs::of(&value);
        Word { span, value, quote, signs }
    }

    /// A word at a place, as it is written between its quotes, if it has any. `share` gives the text to the words that have it.
    pub(super) fn read<'a>(span: Span, raw: &'a str, quote: Quote, share: impl FnOnce(&'a str) -> Arc<str>) -> Word {
        let signs = Signs::of(raw);
        if signs.has(Signs::BACKSLASH) {
            return Word::new(span, decode(raw), quote);
        }
        Word { span, value: share(raw), quote, signs }
    }

    /// What nginx makes of it, for a person: in quotes where without them it would be no word, or another one.
    pub fn shown(&self) -> Cow<'_, str> {
        let ends_a_word = |sign: char| sign.is_ascii_whitespace() || sign == ';';
        let opens_a_block = self.value.replace("${", "").contains('{');
        if !self.value.is_empty() && !self.value.contains(ends_a_word) && !opens_a_block {
            return Cow::Borrowed(&self.value);
        }
        let (quote, escaped) = if self.quote == Quote::Single { ('\'', "\\'") } else { ('"', "\\\"") };
        Cow::Owned(format!("{quote}{}{quote}", self.value.replace(quote, escaped)))
    }

    /// The same word elsewhere.
    pub(super) fn at(&self, span: Span) -> Word {
        Word { span, value: self.value.clone(), quote: self.quote, signs: self.signs }
    }

    /// Which signs are in it.
    #[inline]
    pub fn signs(&self) -> Signs {
        self.signs
    }

    /// Is there a `$` in it?
    #[inline]
    pub fn has_dollar(&self) -> bool {
        self.signs.has(Signs::DOLLAR)
    }

    /// Is there a `(` in it, with which the groups of a regex begin?
    pub fn has_parenthesis(&self) -> bool {
        self.signs.has(Signs::PARENTHESIS)
    }

    /// False when surely nothing fills it in before nginx reads it: there is no sign in it with which a template engine's or `envsubst`'s
    /// marks begin, and all of its bytes were UTF-8.
    pub fn may_be_filled_in(&self) -> bool {
        self.signs.has(Signs::DOLLAR.or(Signs::TEMPLATE))
    }
}

/// Telling signs: looked for once, when a word is read, as every rule asks it of every word after every keystroke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signs(u8);

impl Signs {
    /// `$`
    pub const DOLLAR: Signs = Signs(1);
    /// `(`, with which the groups of a regex begin.
    pub const PARENTHESIS: Signs = Signs(2);
    /// That of a template engine's mark (`{{`, `{%`, `<%`, `@@`, `%%`), and U+FFFD, which stands for bytes that were no UTF-8.
    pub const TEMPLATE: Signs = Signs(4);
    /// What nginx makes of the word may differ from what is written.
    const BACKSLASH: Signs = Signs(8);
    /// `$1` to `$9`: what the groups of a regex have matched.
    pub const CAPTURE: Signs = Signs(16);
    /// `(?<`, `(?P<` or `(?'`, with which groups begin that have names.
    pub const NAMED_GROUP: Signs = Signs(32);

    /// What each byte is a sign of. U+FFFD begins with 0xEF.
    const OF: [u8; 256] = {
        let mut of = [0; 256];
        of[b'$' as usize] = Signs::DOLLAR.0;
        of[b'(' as usize] = Signs::PARENTHESIS.0;
        of[b'\\' as usize] = Signs::BACKSLASH.0;
        let template = [b'{', b'<', b'@', b'%', 0xEF];
        let mut at = 0;
        while at < template.len() {
            of[template[at] as usize] = Signs::TEMPLATE.0;
            at += 1;
        }
        of
    };

    /// Those of a text.
    pub fn of(text: &str) -> Signs {
        let bytes = text.as_bytes();
        let mut signs = Signs(bytes.iter().fold(0, |signs, byte| signs | Signs::OF[*byte as usize]));
        // Signs of several bytes, where there is the first of them.
        if signs.has(Signs::DOLLAR) && bytes.windows(2).any(|pair| matches!(pair, [b'$', b'1'..=b'9'])) {
            signs = signs.or(Signs::CAPTURE);
        }
        let opens = |at: usize| matches!(bytes.get(at..), Some([b'(', b'?', b'<' | b'\'', ..] | [b'(', b'?', b'P', b'<', ..]));
        if signs.has(Signs::PARENTHESIS) && memchr::memchr_iter(b'(', bytes).any(opens) {
            signs = signs.or(Signs::NAMED_GROUP);
        }
        signs
    }

    /// Those of several words together.
    pub fn of_all(words: &[Word]) -> Signs {
        words.iter().fold(Signs::default(), |signs, word| signs.or(word.signs))
    }

    /// These and those.
    pub const fn or(self, other: Signs) -> Signs {
        Signs(self.0 | other.0)
    }

    /// Is there one of these?
    #[inline]
    pub fn has(self, any: Signs) -> bool {
        self.0 & any.0 != 0
    }
}

/// What nginx makes of the inside of a word (`ngx_conf_read_token`): `\"`, `\'` and `\\` lose the backslash, `\t`, `\r` and
/// `\n` are those characters, any other backslash stays.
fn decode(raw: &str) -> Arc<str> {
    let mut out = String::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    while let Some(character) = characters.next() {
        let decoded = match (character, characters.peek()) {
            ('\\', Some(next @ ('"' | '\'' | '\\'))) => Some(*next),
            ('\\', Some('t')) => Some('\t'),
            ('\\', Some('r')) => Some('\r'),
            ('\\', Some('n')) => Some('\n'),
            _ => None,
        };
        match decoded {
            Some(decoded) => {
                out.push(decoded);
                characters.next();
            }
            None => out.push(character),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_seen() {
        let signs = |text: &str| {
            let word = Word::new(Span::at(0), text.into(), Quote::None);
            [word.has_dollar(), word.has_parenthesis(), word.may_be_filled_in()]
        };
        assert_eq!(signs("proxy_pass"), [false, false, false]);
        assert_eq!(signs("~^/a/(?<b>.)$"), [true, true, true]);
        assert_eq!(signs("$uri"), [true, false, true]);
        assert_eq!(signs("(a|b)"), [false, true, false]);
        for (text, capture, group) in [
            ("$1", true, false),
            ("a$0$x", false, false),
            ("(?:a)$", false, false),
            ("((?P<x>.)\\$9)", true, true),
            ("(?'x'a", false, true),
        ] {
            let word = Word::new(Span::at(0), text.into(), Quote::None);
            assert_eq!((word.signs().has(Signs::CAPTURE), word.signs().has(Signs::NAMED_GROUP)), (capture, group), "{text}");
        }
        for filled_in in ["{{ x }}", "{% x %}", "<%= x %>", "@@X@@", "%%X%%", "${X}", "a\u{fffd}"] {
            assert!(signs(filled_in)[2], "{filled_in}");
        }
    }

    #[test]
    fn a_word_is_shown_as_it_could_be_written() {
        for (value, quote, shown) in [
            ("/a", Quote::Double, "/a"),
            ("${a}_b", Quote::Double, "${a}_b"),
            ("public, immutable", Quote::Double, "\"public, immutable\""),
            ("a;b", Quote::Single, "'a;b'"),
            ("it's so", Quote::Single, "'it\\'s so'"),
            ("it's so", Quote::Double, "\"it's so\""),
            ("^/[a-z]{2}$", Quote::Double, "\"^/[a-z]{2}$\""),
            ("", Quote::Double, "\"\""),
        ] {
            assert_eq!(Word::new(Span::at(0), value.into(), quote).shown(), shown);
        }
    }
}
