//! `${VAR}` in compose files, `.env` files, and shell words.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::project::Vfs;

/// Variables that a compose file is filled in with. The shell of whoever runs it is not known: only `.env` and `PWD` are.
#[derive(Debug, Clone, Default)]
pub struct Env(FxHashMap<String, String>);

/// A text after `${VAR}` was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text; what nothing sets stays as written.
    pub text: String,
    /// The first variable that nothing sets.
    pub unset: Option<String>,
}

impl Env {
    /// The variables of a project's folder: its `.env`, and `PWD`.
    pub fn of_folder(vfs: &Vfs, folder: &Path) -> Env {
        let mut env = Env::default();
        env.0.insert("PWD".into(), folder.to_string_lossy().into_owned());
        if let Ok(text) = vfs.read(vfs.id(&folder.join(".env"))) {
            for (name, value, _) in read_env(&text.to_str()) {
                let value = env.fill(&value).text;
                env.0.insert(name, value);
            }
        }
        env
    }

    /// Variables given one by one.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Env {
        Env(pairs.into_iter().collect())
    }

    /// Sets one.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_string(), value);
    }

    /// The value of one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Replaces `$VAR`, `${VAR}`, `${VAR:-default}`, `${VAR-default}`, `${VAR:+other}`, `${VAR+other}`, `${VAR:?message}` and
    /// `$$` (compose-go, template/template.go). What nothing sets stays as written and is named in the result.
    pub fn fill(&self, source: &str) -> Filled {
        self.fill_nested(source, 0)
    }

    fn fill_nested(&self, source: &str, depth: u8) -> Filled {
        let mut out = Filled { text: String::new(), unset: None };
        let mut rest = source;
        while let Some(at) = rest.find('$') {
            out.text.push_str(&rest[..at]);
            rest = &rest[at..];
            let after = &rest[1..];
            if let Some(tail) = after.strip_prefix('$') {
                out.text.push('$');
                rest = tail;
                continue;
            }
            let (inner, len, braced) = match after.strip_prefix('{') {
                Some(body) => match closing(body) {
                    Some(end) => (&body[..end], end + 3, true),
                    None => (after, 0, false),
                },
                None => {
                    let end = name_len(after);
                    (&after[..end], end + 1, false)
                }
            };
            let name = &inner[..name_len(inner)];
            if len == 0 || name.is_empty() {
                out.text.push('$');
                rest = after;
                continue;
            }
            let set = self.get(name);
            let operator = if braced { &inner[name.len()..] } else { "" };
            let filled = |text: &str| if depth < 8 { self.fill_nested(text, depth + 1) } else { Filled { text: text.into(), unset: Some(name.into()) } };
            let unset = || Filled { text: rest[..len].to_string(), unset: Some(name.to_string()) };
            let plain = |value: &str| Filled { text: value.to_string(), unset: None };
            let value = if let Some(default) = operator.strip_prefix(":-") {
                set.filter(|value| !value.is_empty()).map_or_else(|| filled(default), plain)
            } else if let Some(default) = operator.strip_prefix('-') {
                set.map_or_else(|| filled(default), plain)
            } else if let Some(other) = operator.strip_prefix(":+") {
                if set.is_some_and(|value| !value.is_empty()) { filled(other) } else { plain("") }
            } else if let Some(other) = operator.strip_prefix('+') {
                if set.is_some() { filled(other) } else { plain("") }
            } else {
                set.map_or_else(unset, plain)
            };
            out.text.push_str(&value.text);
            out.unset = out.unset.or(value.unset);
            rest = &rest[len..];
        }
        out.text.push_str(rest);
        out
    }
}

fn name_len(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The offset of the `}` that closes a `${`, nested ones skipped.
fn closing(body: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in body.char_indices() {
        match c {
            '{' if body[..at].ends_with('$') => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `NAME=value` lines of an env file, with the byte range of each value as written. `export ` before a name, quotes
/// around a value and ` #` behind it are taken off.
pub fn read_env(text: &str) -> Vec<(String, String, std::ops::Range<usize>)> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        let trimmed = trimmed.strip_prefix("export ").unwrap_or(trimmed).trim_start();
        let Some((name, value)) = trimmed.split_once('=').filter(|_| !trimmed.starts_with('#')) else { continue };
        let value = value.trim();
        let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.find(quote).map(|end| &rest[..end]));
        let bare = || value.find(" #").map_or(value, |at| value[..at].trim_end());
        let clean = quoted('"').or_else(|| quoted('\'')).unwrap_or_else(bare);
        let from = start + line.find(clean).unwrap_or(0);
        out.push((name.trim().to_string(), clean.to_string(), from..from + clean.len()));
    }
    out
}

/// Splits a line into words as a shell does: quotes and backslashes, no expansion. An open quote ends at the end.
pub fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\\', Some('"')) if matches!(chars.peek(), Some('"' | '\\' | '$' | '`')) => word.get_or_insert_default().extend(chars.next()),
            ('\\', None) => word.get_or_insert_default().extend(chars.next().filter(|c| *c != '\n')),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => out.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    out
}

impl Env {
    /// Takes over what another has and this one has not; `PWD` stays.
    pub fn inherit(&mut self, other: &Env) {
        for (name, value) in &other.0 {
            // compose-go, loader/include.go: the including project's environment wins.
            if name != "PWD" {
                self.0.insert(name.clone(), value.clone());
            }
        }
    }
}
