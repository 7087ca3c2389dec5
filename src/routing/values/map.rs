//! `map` (`ngx_http_map_module`): a hash of exact keys and wildcards, then regexes in order, then the default.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Matched, is_template, lines, variable};
use crate::config::{Config, EntryId};
use crate::routing::pattern::Pattern;
use crate::syntax::Body;

/// A `map` block as a table.
#[derive(Debug, Default)]
pub struct Map {
    /// What is looked up, as written: text and variables.
    pub source: Arc<str>,
    /// The variable that it defines, without `$`, in lower case; empty where none is written.
    pub variable: Arc<str>,
    /// `hostnames`: a dot at the end of the source doesn't count, and keys below it may be wildcards.
    pub hostnames: bool,
    /// `volatile`: evaluated anew at each use.
    pub volatile: bool,
    /// The `default`.
    pub default: Option<Line>,
    /// All other lines, in order.
    pub lines: Vec<Line>,
    /// The first line that keeps the table from being known: an `include` that can't be read, a key that a template fills in, what
    /// nginx refuses.
    pub unknown: Option<EntryId>,
    exact: FxHashMap<Vec<u8>, usize>,
    /// Behind `*.` or `.`; true for the latter, which takes the bare name too.
    head: FxHashMap<Vec<u8>, (usize, bool)>,
    /// Before `.*`.
    tail: FxHashMap<Vec<u8>, usize>,
    regexes: Vec<(Arc<Pattern>, usize)>,
}

/// One line of a `map`.
#[derive(Debug, Clone)]
pub struct Line {
    /// The directive.
    pub entry: EntryId,
    /// What it matches.
    pub key: Key,
    /// The value as written.
    pub value: Arc<str>,
}

/// What a line matches.
#[derive(Debug, Clone)]
pub enum Key {
    /// `default`
    Default,
    /// This text, in lower case: the source is compared without case.
    Exact(Arc<str>),
    /// `*.x`, or `.x`, which takes `x` too (`bare`); the part behind the first dot, in lower case.
    Head {
        /// Behind the dot.
        name: Arc<str>,
        /// `.x`
        bare: bool,
    },
    /// `x.*`; the part before, in lower case.
    Tail(Arc<str>),
    /// `~ regex`, `~* regex`
    Regex(Arc<Pattern>),
}

impl Map {
    /// Reads a block; anything but a `map` gives a table of its lines all the same.
    pub fn read(config: &Config, entry: EntryId) -> Map {
        let directive = config.directive(entry);
        let (entries, unknown) = lines(config, entry);
        let mut map = Map {
            source: directive.args.first().map(|word| word.value.clone()).unwrap_or_default(),
            variable: variable(directive.arg(1)),
            unknown,
            ..Map::default()
        };
        for entry in entries {
            if map.line(config, entry).is_none() {
                map.unknown = map.unknown.or(Some(entry));
            }
        }
        map
    }

    /// `ngx_http_map`; `None` for a line that nginx refuses, or that is not known.
    fn line(&mut self, config: &Config, entry: EntryId) -> Option<()> {
        let directive = config.directive(entry);
        let word = &*directive.name.value;
        if !matches!(directive.body, Body::Simple) {
            return None;
        }
        let value = match directive.args.as_slice() {
            [] if word == "hostnames" => {
                self.hostnames = true;
                return Some(());
            }
            [] if word == "volatile" => {
                self.volatile = true;
                return Some(());
            }
            [value] => value.value.clone(),
            _ => return None,
        };
        if word == "default" {
            let line = Line { entry, key: Key::Default, value };
            return self.default.is_none().then(|| self.default = Some(line));
        }
        if is_template(word) {
            return None;
        }
        let number = self.lines.len();
        let key = match word.strip_prefix('~') {
            Some(regex) => {
                let (pattern, caseless) = regex.strip_prefix('*').map_or((regex, false), |pattern| (pattern, true));
                let pattern = Pattern::get(pattern, caseless);
                if pattern.problem().is_some() {
                    return None;
                }
                self.regexes.push((pattern.clone(), number));
                Key::Regex(pattern)
            }
            None => {
                let key = key(word.strip_prefix('\\').unwrap_or(word), self.hostnames)?;
                self.add(&key, number)?;
                key
            }
        };
        self.lines.push(Line { entry, key, value });
        Some(())
    }

    /// `ngx_hash_add_key`; `None` for a key that another line has ("conflicting parameter").
    fn add(&mut self, key: &Key, number: usize) -> Option<()> {
        let bytes = |text: &str| text.as_bytes().to_vec();
        match key {
            Key::Exact(text) => {
                let conflict = self.exact.contains_key(text.as_bytes()) || matches!(self.head.get(text.as_bytes()), Some((_, true)));
                (!conflict).then(|| self.exact.insert(bytes(text), number))?;
            }
            Key::Head { name, bare } => {
                let conflict = self.head.contains_key(name.as_bytes()) || (*bare && self.exact.contains_key(name.as_bytes()));
                (!conflict).then(|| self.head.insert(bytes(name), (number, *bare)))?;
            }
            Key::Tail(name) => {
                let conflict = self.tail.contains_key(name.as_bytes());
                (!conflict).then(|| self.tail.insert(bytes(name), number))?;
            }
            Key::Default | Key::Regex(_) => {}
        };
        Some(())
    }

    /// The value for a source (`ngx_http_map_variable`, `ngx_http_map_find`); `None` where the table is not known well enough.
    /// Exact keys come before wildcards, those before regexes, which are not tried on an empty source.
    pub fn value(&self, source: &[u8]) -> Option<Matched> {
        let source = if self.hostnames { source.strip_suffix(b".").unwrap_or(source) } else { source };
        let lower = source.to_ascii_lowercase();
        if let Some(number) = self.exact.get(&lower) {
            return self.matched(*number);
        }
        if self.unknown.is_some() {
            return None;
        }
        if let Some(number) = self.wildcard(&lower) {
            return self.matched(number);
        }
        let regex = self.regexes.iter().filter(|_| !source.is_empty());
        if let Some((captures, number)) = regex.into_iter().find_map(|(pattern, number)| Some((pattern.captures(source)?, *number))) {
            return self.matched(number).map(|matched| Matched { captures: Some(captures), ..matched });
        }
        Some(match &self.default {
            Some(line) => Matched { entry: Some(line.entry), value: line.value.clone(), captures: None },
            None => Matched::nothing(),
        })
    }

    /// `ngx_hash_find_wc_head`, then `ngx_hash_find_wc_tail`: the longest of each.
    fn wildcard(&self, source: &[u8]) -> Option<usize> {
        if self.head.is_empty() && self.tail.is_empty() {
            return None;
        }
        let dots: Vec<usize> = source.iter().enumerate().filter(|(_, byte)| **byte == b'.').map(|(at, _)| at).collect();
        if let Some((number, true)) = self.head.get(source) {
            return Some(*number);
        }
        let head = dots.iter().find_map(|dot| self.head.get(source.get(dot + 1..)?));
        let tail = || dots.iter().rev().find_map(|dot| self.tail.get(source.get(..*dot)?));
        head.map(|(number, _)| *number).or_else(|| tail().copied())
    }

    fn matched(&self, number: usize) -> Option<Matched> {
        let line = self.lines.get(number)?;
        Some(Matched { entry: Some(line.entry), value: line.value.clone(), captures: None })
    }
}

/// The kind of a key that is no regex; `None` for what nginx refuses ("invalid hostname or wildcard"), and for wildcards with an
/// empty label, which its hash takes apart in ways of its own.
fn key(word: &str, hostnames: bool) -> Option<Key> {
    let lower = word.to_ascii_lowercase();
    if !hostnames {
        return Some(Key::Exact(lower.into()));
    }
    if lower.matches('*').count() > 1 || lower.contains("..") {
        return None;
    }
    let name = |text: &str| (!text.is_empty() && !text.starts_with('.') && !text.ends_with('.')).then(|| Arc::<str>::from(text));
    if let Some(rest) = lower.strip_prefix('.').filter(|rest| !rest.is_empty()) {
        return (!rest.contains('*')).then(|| name(rest)).flatten().map(|name| Key::Head { name, bare: true });
    }
    if let Some(rest) = lower.strip_prefix("*.") {
        return name(rest).map(|name| Key::Head { name, bare: false });
    }
    if let Some(rest) = lower.strip_suffix(".*") {
        return name(rest).map(Key::Tail);
    }
    (!lower.contains('*')).then(|| Key::Exact(lower.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    fn read(lines: &str) -> (Config, Map) {
        let (config, _) = load(&format!("http {{ map $host$uri $To {{ {lines} }} }}"));
        let map = Map::read(&config, config.all("map")[0]);
        (config, map)
    }

    fn values<'a>(lines: &str, sources: &[&'a str]) -> Vec<(&'a str, String)> {
        let (_, map) = read(lines);
        sources.iter().map(|source| (*source, map.value(source.as_bytes()).map_or("?".into(), |found| found.value.to_string()))).collect()
    }

    #[test]
    fn what_the_block_says() {
        let (config, map) = read("volatile; default d; a 1;");
        assert_eq!((&*map.source, &*map.variable, map.volatile, map.hostnames), ("$host$uri", "to", true, false));
        assert_eq!(map.value(b"A").and_then(|found| found.entry), Some(map.lines[0].entry));
        assert_eq!(map.value(b"zzz").and_then(|found| found.entry), map.default.as_ref().map(|line| line.entry));
        assert!(config.directive(map.lines[0].entry).is("a"));
    }

    #[test]
    fn exact_wildcards_regexes_default() {
        let lines = r#"hostnames; ~^b re; *.a.com head; .b.com bare; "" empty; x.* tail; \~r tilde; a.com. dot; default d;"#;
        let found = values(lines, &["w.a.com", "W.A.COM.", "a.com", "b.com", "q.b.com", "x.y", "x", "~r", "b", "", "a.com..", "..a.com"]);
        let expected = ["head", "head", "d", "bare", "bare", "tail", "d", "tilde", "re", "empty", "dot", "head"];
        assert_eq!(found.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), expected);
        assert_eq!(values("~. any; default d;", &["", "x"]), [("", "d".into()), ("x", "any".into())]);
        assert_eq!(values("*.a star; a 1;", &["x.a", "*.a", "b"]), [("x.a", "".into()), ("*.a", "star".into()), ("b", "".into())]);
    }

    #[test]
    fn captures() {
        let (_, map) = read(r"~*^/(?<lang>de|en)/(.*)$ $lang/$2; default none;");
        let found = map.value(b"/DE/x").unwrap();
        let captures = found.captures.unwrap();
        assert_eq!((&*found.value, captures.group(1), captures.group(2)), ("$lang/$2", Some(b"DE".as_slice()), Some(b"x".as_slice())));
        assert_eq!(captures.named().collect::<Vec<_>>(), [("lang", Some(b"DE".as_slice()))]);
        assert_eq!(map.value(b"/fr/").unwrap().captures, None);
    }

    #[test]
    fn what_is_not_known() {
        for lines in [
            "include gone.map;",
            "\"{{key}}\" 1;",
            "a { b 1; }",
            "${KEY} 1;",
            "~( 1;",
            "a 1 2;",
            "default 1; default 2;",
            "a 1; A 2;",
            "hostnames; *x 1;",
        ] {
            let (_, map) = read(&format!("{lines} known 1; ~x 2;"));
            assert!(map.unknown.is_some(), "{lines}");
            assert_eq!(map.value(b"x"), None, "{lines}");
            assert_eq!(&*map.value(b"known").unwrap().value, "1", "no line can come before an exact key");
        }
    }
}
