//! A text that code computes, so far as it can be seen, and the URL in it.

use std::sync::Arc;

use super::{Host, Path, Url};

/// One part of a [`Value`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    /// This text.
    Text(String),
    /// Nobody knows what.
    Gap,
    /// `location.host`: host and port of the page.
    Origin,
    /// An argument of a function, by the function's number and the argument's.
    Param(usize, usize),
    /// All arguments of a function: `"$@"`.
    Rest(usize),
}

/// Known and unknown parts, in turn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Value(pub(super) Vec<Piece>);

/// Everything that it can be; never more than [`MAX`].
pub(super) type Values = Vec<Value>;

/// How many texts one expression is followed to.
pub(super) const MAX: usize = 8;
/// A longer text is no URL.
const LONGEST: usize = 4096;

impl Value {
    pub(super) fn text(text: &str) -> Value {
        Value(if text.is_empty() { Vec::new() } else { vec![Piece::Text(text.to_owned())] })
    }

    pub(super) fn gap() -> Value {
        Value(vec![Piece::Gap])
    }

    pub(super) fn push(&mut self, piece: Piece) {
        match (self.0.last_mut(), piece) {
            (_, Piece::Text(text)) if text.is_empty() => {}
            (Some(Piece::Text(last)), Piece::Text(text)) => last.push_str(&text),
            (Some(Piece::Gap), Piece::Gap) => {}
            (_, piece) => self.0.push(piece),
        }
    }

    pub(super) fn then(mut self, other: &Value) -> Value {
        other.0.iter().for_each(|piece| self.push(piece.clone()));
        self
    }

    /// The text, when all of it is known.
    pub(super) fn known(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Nothing of it is known.
    pub(super) fn is_gap(&self) -> bool {
        !self.0.iter().any(|piece| matches!(piece, Piece::Text(_) | Piece::Origin | Piece::Param(..) | Piece::Rest(_)))
            && !self.0.is_empty()
    }

    /// The first function whose argument is a part of it.
    pub(super) fn function(&self) -> Option<usize> {
        self.0.iter().find_map(|piece| match piece {
            Piece::Param(function, _) | Piece::Rest(function) => Some(*function),
            _ => None,
        })
    }

    /// The text that it begins with.
    pub(super) fn start(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    fn flat(&self) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.extend(text.chars().filter(|c| *c != GAP && *c != ORIGIN)),
                Piece::Origin => out.push(ORIGIN),
                Piece::Gap | Piece::Param(..) | Piece::Rest(_) if out.ends_with(GAP) => {}
                Piece::Gap | Piece::Param(..) | Piece::Rest(_) => out.push(GAP),
            }
        }
        out
    }

    /// The URL that it is; `None` for what is none, or says nothing: a scheme that is no request's, a path of which nothing is known.
    pub(super) fn url(&self, manner: Manner) -> Option<Url> {
        parse(&self.flat(), manner)
    }
}

/// Every text of one followed by every text of the other.
pub(super) fn joined(left: &[Value], right: &[Value]) -> Values {
    let mut out: Values = Vec::new();
    for left in left {
        for right in right {
            let both = left.clone().then(right);
            if out.len() < MAX && !out.contains(&both) {
                out.push(both);
            }
        }
    }
    out
}

/// Adds what is new.
pub(super) fn add(to: &mut Values, more: Values) {
    for value in more {
        if to.len() < MAX && !to.contains(&value) {
            to.push(value);
        }
    }
}

/// A URL relative to a base (`new URL(url, base)`, `urljoin`).
pub(super) fn against(url: &Value, base: &Value) -> Value {
    let start = url.start();
    if start.contains("://") || start.starts_with("//") {
        return url.clone();
    }
    let mut pieces = Value::default();
    let absolute = start.starts_with('/');
    let mut after_host = false;
    for piece in &base.0 {
        match piece {
            Piece::Text(text) if absolute && !after_host => {
                let from = text.find("://").map_or(0, |at| at + 3);
                // A base that begins with a gap is taken as a host.
                let end = text[from..].find('/').map(|at| from + at);
                pieces.push(Piece::Text(text[..end.unwrap_or(text.len())].to_owned()));
                after_host = end.is_some();
            }
            _ if after_host => {}
            piece => pieces.push(piece.clone()),
        }
    }
    if !absolute {
        // In the base's folder.
        if let Some(Piece::Text(text)) = pieces.0.last_mut() {
            let from = text.find("://").map_or(0, |at| at + 3);
            match text[from..].rfind('/') {
                Some(at) => text.truncate(from + at + 1),
                None => text.push('/'),
            }
        } else {
            pieces.push(Piece::Text("/".to_owned()));
        }
    }
    pieces.then(url)
}

/// What a text without a scheme means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// In a page: relative to it.
    Page,
    /// On a command line: a host (`curl localhost:8080/x`).
    Command,
    /// In a program: a path from the root, or nothing.
    Code,
}

const GAP: char = '\u{0}';
const ORIGIN: char = '\u{1}';

fn parse(text: &str, manner: Manner) -> Option<Url> {
    let text = text.trim_matches(|c: char| c.is_whitespace());
    if text.is_empty() || text.len() > LONGEST || text.contains(char::is_whitespace) || text.contains(['<', '>', '"', '`', '|', '^']) {
        return None;
    }
    if let Some(rest) = text.strip_prefix(ORIGIN) {
        return relative(rest, manner);
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let scheme = scheme.to_ascii_lowercase();
        if ["http", "https", "ws", "wss"].contains(&scheme.as_str()) {
            return authority(Some(&scheme), rest);
        }
        if scheme.strip_prefix("http").or(scheme.strip_prefix("ws")).unwrap_or(&scheme).chars().all(|c| c == GAP || c == 's') {
            return authority(None, rest);
        }
        if scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')) {
            return None;
        }
    }
    if let Some(rest) = text.strip_prefix("//") {
        return authority(None, rest);
    }
    if let Some(rest) = text.strip_prefix(GAP) {
        return behind_gap(rest);
    }
    if text.starts_with('/') {
        return relative(text, manner);
    }
    let name = text.split(['/', '?', '#']).next().unwrap_or("");
    match manner {
        Manner::Command => {
            let host = name.split(':').next().unwrap_or("");
            let plausible = host == "localhost" || host.contains('.') || name.contains(':') || text.contains('/');
            let plain = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
            if plausible && plain && !host.is_empty() && !host.starts_with(['.', '-']) { authority(Some("http"), text) } else { None }
        }
        Manner::Page if !name.contains(':') && !text.starts_with(['?', '#']) => relative(text, manner),
        Manner::Page | Manner::Code => None,
    }
}

/// What is known of `$BASE/api/users`, behind `$BASE`.
fn behind_gap(rest: &str) -> Option<Url> {
    let unknown = |port, path| Some(Url { scheme: None, host: Host::Unknown, port, path });
    if let Some(after) = rest.strip_prefix(':') {
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (port, path) = after.split_at(end);
        return match port.parse() {
            Ok(port) => unknown(Some(port), absolute(path)?),
            // The port is computed, too.
            Err(_) => path.strip_prefix(GAP).filter(|path| path.starts_with('/')).and_then(|path| unknown(None, absolute(path)?)),
        };
    }
    if rest.starts_with('.') {
        // A host below a name that is known: `$SUB.example.com/x`; `.json` is none.
        let (host, path) = rest.split_at(rest.find('/')?);
        return if host.get(1..)?.contains('.') { unknown(None, absolute(path)?) } else { None };
    }
    let path = match rest.strip_prefix('/') {
        Some(_) => rest.to_owned(),
        // `BASE + 'api/users'`; a single word may be anything.
        None if rest.split(['?', '#', GAP]).next().is_some_and(|start| start.trim_end_matches('/').contains('/')) => format!("/{rest}"),
        None => return None,
    };
    let path = cut(&path);
    let (known, more) = match path.find(GAP) {
        Some(at) => (&path[..at], true),
        None => (path, false),
    };
    if known.trim_matches('/').is_empty() { None } else { unknown(None, Path::Suffix(known.into(), more)) }
}

/// `host:port/path`
fn authority(scheme: Option<&str>, rest: &str) -> Option<Url> {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (mut name, mut path) = rest.split_at(end);
    if let Some(at) = name.rfind('@') {
        name = &name[at + 1..];
    }
    if name.contains(ORIGIN) {
        return relative(path, Manner::Code);
    }
    // `http://host:8080${path}`
    let joined;
    if let Some(at) = name.find(GAP)
        && at + 1 == name.len()
        && !path.starts_with('/')
        && !name[..at].is_empty()
        && !name[..at].ends_with(['.', '-', ':'])
    {
        joined = format!("{GAP}{path}");
        (name, path) = (&name[..at], &joined);
    }
    if name.contains(GAP) {
        let port = name.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        return Some(Url { scheme: scheme.map(Into::into), host: Host::Unknown, port, path: absolute(path)? });
    }
    let (host, port) = match name.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse::<u16>().ok()?)),
        _ => (name, None),
    };
    let plain = host.starts_with('[') || host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if host.is_empty() || !plain {
        return None;
    }
    let host: Arc<str> = host.to_ascii_lowercase().into();
    Some(Url { scheme: scheme.map(Into::into), host: Host::Named(host), port, path: absolute(path)? })
}

/// A path behind a host: empty means `/`.
fn absolute(path: &str) -> Option<Path> {
    let path = cut(path);
    match path.find(GAP) {
        None if path.is_empty() => Some(Path::Exact("/".into())),
        None => Some(Path::Exact(path.into())),
        Some(at) => {
            let known = &path[..at];
            (known.starts_with('/') && known.len() > 1).then(|| Path::Prefix(known.into()))
        }
    }
}

/// A URL without a host.
fn relative(text: &str, manner: Manner) -> Option<Url> {
    let url = |path| Some(Url { path, ..Url::default() });
    if text.starts_with('/') || text.is_empty() || text.starts_with(['?', '#']) && manner != Manner::Page {
        return url(absolute(text)?);
    }
    if manner != Manner::Page {
        return None;
    }
    let path = cut(text);
    match path.find(GAP) {
        None if path.is_empty() => None,
        None => url(Path::Relative(path.into())),
        // `users/${id}`, relative to who knows where: the beginning is no file's name.
        Some(_) => None,
    }
}

/// Without query and fragment. What a gap stands for may begin one, which does not matter.
fn cut(text: &str) -> &str {
    &text[..text.find(['?', '#']).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `_` stands for a gap, `~` for the page's own host.
    fn url(text: &str, manner: Manner) -> String {
        let flat: String = text
            .chars()
            .map(|c| {
                if c == '_' {
                    GAP
                } else if c == '~' {
                    ORIGIN
                } else {
                    c
                }
            })
            .collect();
        match parse(&flat, manner) {
            None => "none".to_owned(),
            Some(url) => url.to_string(),
        }
    }

    #[test]
    fn urls_of_pages() {
        let cases = [
            ("/api/x?y=1#z", "/api/x"),
            ("/api/_", "/api/…"),
            ("/_", "none"),
            ("http://Host:80/x", "http://host:80/x"),
            ("//cdn.example/x.js", "//cdn.example/x.js"),
            ("_/api/users", "?…/api/users"),
            ("_/api/_", "?…/api/…"),
            ("_://h.example/x", "//h.example/x"),
            ("http_://h.example/x", "//h.example/x"),
            ("http://_/x", "http://?/x"),
            ("http://_:8080/x", "http://?:8080/x"),
            ("http://a.example_", "none"),
            ("http://a.example:80_/x", "http://?/x"),
            ("~/x", "/x"),
            ("ws://~/x", "/x"),
            ("data.json", "./data.json"),
            ("../x", "./../x"),
            ("mailto:a@b", "none"),
            ("javascript:void(0)", "none"),
            ("#top", "none"),
            ("?page=2", "none"),
            ("_", "none"),
            ("_.json", "none"),
            ("_api/users", "?…/api/users"),
            ("_users", "none"),
            ("http://user:pass@h.example/", "http://h.example/"),
            ("a b", "none"),
        ];
        for (text, expected) in cases {
            assert_eq!(url(text, Manner::Page), expected, "{text}");
        }
    }

    #[test]
    fn urls_of_commands() {
        let cases = [
            ("localhost:8080/health", "http://localhost:8080/health"),
            ("gateway.example.com", "http://gateway.example.com/"),
            ("web/health", "http://web/health"),
            ("file", "none"),
            ("_:8080/x", "?:8080/x"),
            ("_:_/x", "?/x"),
            ("_.example.com/x", "?/x"),
            ("--flag", "none"),
        ];
        for (text, expected) in cases {
            assert_eq!(url(text, Manner::Command), expected, "{text}");
        }
        assert_eq!(url("users", Manner::Code), "none");
    }
}
