//! The parameters of a syntax as the documentation writes it: `<code> [<text>]`, `on | off`, `[<level> ...]`.

use std::ops::Range;

/// A parameter of a syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Where it is in the syntax.
    pub range: Range<usize>,
    text: &'static str,
}

impl Part {
    /// True for one that may be left out.
    fn is_optional(&self) -> bool {
        self.text.starts_with('[')
    }

    /// True for one that may be written several times.
    fn repeats(&self) -> bool {
        self.text.contains("...")
    }

    /// The ways to write it, without brackets.
    fn ways(&self) -> impl Iterator<Item = &'static str> {
        let bare = |text: &'static str| text.trim().trim_end_matches("...").trim();
        let text = bare(self.text);
        let inner = text.strip_prefix('[').map_or(text, |rest| rest.strip_suffix(']').unwrap_or(rest));
        // A `|` within `<…>` or behind `=` belongs to the value.
        let mut depth = 0usize;
        let mut value = false;
        inner
            .split(move |letter: char| {
                match letter {
                    '<' | '[' => depth += 1,
                    '>' | ']' => depth = depth.saturating_sub(1),
                    '=' => value = true,
                    ' ' => value = false,
                    _ => {}
                }
                letter == '|' && depth == 0 && !value
            })
            .map(bare)
    }

    /// `burst` of `[burst=<number>]`.
    pub(super) fn key(&self) -> Option<&'static str> {
        self.ways().find_map(key_of)
    }

    /// True when it is words to choose from, and no value.
    pub(super) fn is_words(&self) -> bool {
        self.ways().all(|way| !way.contains('<'))
    }

    /// What a word says to it: `Some(true)` that it is meant, `Some(false)` that it is not, `None` that it may be.
    fn takes(&self, word: &str) -> Option<bool> {
        let mut open = false;
        for way in self.ways() {
            let fixed = match way.find('<') {
                Some(value) => way.get(..value).unwrap_or_default().trim_end_matches('['),
                None => key_of(way).unwrap_or(way),
            };
            match fixed {
                "" => open = true,
                fixed if way.contains('<') && (word.starts_with(fixed) || fixed.starts_with(word)) => return Some(true),
                fixed if !way.contains('<') && fixed.starts_with(word.split('=').next().unwrap_or(word)) => return Some(true),
                _ => {}
            }
        }
        if open { None } else { Some(false) }
    }
}

/// The key of `key=<value>`.
fn key_of(way: &'static str) -> Option<&'static str> {
    let (key, _) = way.split_once('=')?;
    let plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    plain.then_some(key)
}

/// Takes a syntax apart.
pub(super) fn read(syntax: &'static str) -> Vec<Part> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut start) = (0usize, None);
    for (at, letter) in syntax.char_indices() {
        match letter {
            '[' | '<' | '{' => depth += 1,
            ']' | '>' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter == ' ' && depth == 0 {
            words.extend(start.take().map(|from| from..at));
        } else if start.is_none() {
            start = Some(at);
        }
    }
    words.extend(start.map(|from| from..syntax.len()));
    let text = |range: &Range<usize>| syntax.get(range.clone()).unwrap_or_default();
    let mut joined: Vec<Range<usize>> = Vec::new();
    let mut glue = false;
    for word in words {
        let own = text(&word);
        if own.starts_with('{') {
            continue;
        }
        let (is_bar, is_more) = (own == "|", own == "...");
        match joined.last_mut().filter(|_| glue || is_bar || is_more) {
            Some(last) => last.end = word.end,
            None => joined.push(word),
        }
        glue = is_bar;
    }
    joined.into_iter().map(|range| Part { text: syntax.get(range.clone()).unwrap_or_default(), range }).collect()
}

/// Could the words that are written be of this syntax, with a cursor in the argument of that index?
pub(super) fn fits(parts: &[Part], written: &[&str], argument: usize) -> bool {
    let first = parts.first().zip(written.first().filter(|word| !word.is_empty()));
    let begins = match first {
        Some((part, word)) if !part.is_optional() => part.takes(word) != Some(false),
        _ => true,
    };
    begins && active(parts, written, argument).is_some()
}

/// Can the first word that is written be nothing but one of this syntax's own words?
pub(super) fn means(parts: &[Part], word: &str) -> bool {
    let at = place(parts, &vec![false; parts.len()], 0, word);
    !word.is_empty() && at.and_then(|at| parts.get(at)).and_then(|part| part.takes(word)) == Some(true)
}

/// The parameter that the argument of that index is; `None` behind the last.
pub(super) fn active(parts: &[Part], written: &[&str], argument: usize) -> Option<usize> {
    let mut next = 0;
    let mut used = vec![false; parts.len()];
    for index in 0..=argument {
        let word = written.get(index).copied().unwrap_or_default();
        let here = place(parts, &used, next, word)?;
        if index == argument {
            return Some(here);
        }
        if let Some(slot) = used.get_mut(here) {
            *slot = true;
        }
        let repeats = parts.get(here).is_some_and(Part::repeats);
        // Options stand in any order: the first that is not written yet comes next.
        next = if repeats { here } else { used.iter().position(|used| !used).unwrap_or(parts.len()).max(least(parts, here)) };
    }
    None
}

/// Parameters that are no options keep their order.
fn least(parts: &[Part], here: usize) -> usize {
    match parts.get(here) {
        Some(part) if !part.is_optional() => here + 1,
        _ => parts.iter().rposition(|part| !part.is_optional()).filter(|last| *last < here).map_or(0, |last| last + 1),
    }
}

/// Which parameter a word is, from the next one on.
fn place(parts: &[Part], used: &[bool], next: usize, word: &str) -> Option<usize> {
    let free = |index: &usize| parts.get(*index).is_some_and(|part| part.repeats()) || used.get(*index) == Some(&false);
    let named = |index: &usize| parts.get(*index).and_then(|part| part.takes(word)) == Some(true);
    let rest = || (next..parts.len()).filter(free);
    if word.is_empty() {
        return rest().next();
    }
    // As far as the first that must be there; options may be passed over.
    let reach = parts.iter().skip(next).position(|part| !part.is_optional()).map_or(parts.len(), |must| next + must + 1);
    let said = rest().take_while(|index| *index < reach).find(named);
    said.or_else(|| rest().find(|index| parts.get(*index).and_then(|part| part.takes(word)).is_none()))
        .or_else(|| rest().find(|index| !parts.get(*index).is_some_and(Part::is_optional)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(syntax: &'static str) -> Vec<&'static str> {
        read(syntax).iter().map(|part| part.text).collect()
    }

    #[test]
    fn syntaxes_are_taken_apart() {
        assert_eq!(texts("<code> [<text>]"), ["<code>", "[<text>]"]);
        assert_eq!(texts("on | off | <file> [a=<x> | b]"), ["on | off | <file>", "[a=<x> | b]"]);
        assert_eq!(texts("<code> ... [=[<response>]] <uri>"), ["<code> ...", "[=[<response>]]", "<uri>"]);
        assert_eq!(texts("[ = | ~ | ~* | ^~ ] <uri> { ... }"), ["[ = | ~ | ~* | ^~ ]", "<uri>"]);
        assert!(texts("").is_empty());
    }

    #[test]
    fn every_syntax_of_the_table_can_be_followed() {
        for directive in crate::nginx::directives::all() {
            for syntax in directive.syntaxes() {
                let parts = read(syntax);
                for part in &parts {
                    assert_eq!(syntax.get(part.range.clone()), Some(part.text));
                }
                for words in [&[][..], &["a"], &["a=1", "x", "$y"], &["on", "off", "8k", "1h", "é", "=", "|"]] {
                    for argument in 0..8 {
                        let found = active(&parts, words, argument);
                        assert!(found.is_none_or(|found| found < parts.len()), "{}: {syntax}", directive.name);
                    }
                }
            }
        }
    }

    #[test]
    fn the_parameter_of_an_argument() {
        let of = |syntax: &'static str, written: &[&str], argument: usize| {
            let parts = read(syntax);
            active(&parts, written, argument).and_then(|at| parts.get(at)).map(|part| part.text)
        };
        let location = "[ = | ~ | ~* | ^~ ] <uri> { ... }";
        assert_eq!(of(location, &[], 0), Some("[ = | ~ | ~* | ^~ ]"));
        assert_eq!(of(location, &["~"], 0), Some("[ = | ~ | ~* | ^~ ]"));
        assert_eq!(of(location, &["/a"], 0), Some("<uri>"));
        assert_eq!(of(location, &["~", "/a"], 1), Some("<uri>"));
        let zone = "zone=<name> [burst=<number>] [nodelay | delay=<number>]";
        assert_eq!(of(zone, &["zone=a", "nod"], 1), Some("[nodelay | delay=<number>]"));
        assert_eq!(of(zone, &["zone=a", "nodelay"], 2), Some("[burst=<number>]"));
        assert_eq!(of(zone, &["zone=a", "nodelay", "burst=1"], 3), None);
        assert_eq!(of("<file> ...", &["a", "b", "c"], 2), Some("<file> ..."));
    }
}
