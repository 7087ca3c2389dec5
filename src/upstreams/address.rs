//! Where a `*_pass` goes: scheme, host, port, and what of the URI it names.

use super::filled;
use super::variables::Variables;
use crate::config::EntryId;
use crate::project::{Place, Project};
use crate::text::Span;

/// The argument of a `*_pass`, as far as it is certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `http`, `https`, `grpc`, `grpcs`, `fastcgi`, …
    pub scheme: String,
    /// Host name or address, as written.
    pub host: String,
    /// The port, when one is written.
    pub port: Option<u16>,
    /// The URI part.
    pub path: PathPart,
}

/// The URI part of a `proxy_pass` (`ngx_http_proxy_pass`, `ngx_http_proxy_eval`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathPart {
    /// None: the request's own URI is sent.
    Own,
    /// It takes the place of the location's name at the beginning of the URI.
    Replaces(String),
    /// The same with a question mark behind it: the rest of the URI goes to the arguments, and this is the whole path.
    Cut(String),
    /// The result of variables: sent as it is. The text up to the first variable that is not known.
    Verbatim(String, Completeness),
}

/// Whether a text is all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// It is.
    Whole,
    /// Anything may follow.
    Begins,
}

impl Address {
    /// Reads the argument. `None` for a unix socket, and where a variable decides who answers.
    pub(super) fn of(variables: &Variables<'_>, pass: EntryId) -> Option<Address> {
        let (project, config) = (variables.project, variables.config);
        let written = filled::text(project, config, pass, config.directive(pass).arg(0)?);
        Address::read(variables, pass, &written, written.contains('$'))
    }

    /// All that the argument can be, where the host is one of a few: they differ in host and port alone. Empty where that is not known.
    pub(super) fn all(variables: &Variables<'_>, pass: EntryId) -> Vec<Address> {
        let (project, config) = (variables.project, variables.config);
        if let Some(address) = Address::of(variables, pass) {
            return vec![address];
        }
        let Some(written) = config.directive(pass).arg(0) else { return Vec::new() };
        let written = filled::text(project, config, pass, written);
        let choices = filled::choices(variables, &written).unwrap_or_default();
        let read = |written: &String| Address::read(variables, pass, written, true);
        let all: Vec<Address> = choices.iter().map(read).collect::<Option<_>>().unwrap_or_default();
        let alike = all.first().is_some_and(|first| all.iter().all(|other| other.scheme == first.scheme && other.path == first.path));
        if alike { all } else { Vec::new() }
    }

    fn read(variables: &Variables<'_>, pass: EntryId, written: &str, had_variables: bool) -> Option<Address> {
        let family = variables.config.directive(pass).name.value.strip_suffix("_pass")?;
        let pieces = pieces(variables, pass, written, 0)?;
        let (head, rest) = match pieces.split_first() {
            Some((Piece::Text(head), rest)) => (head.as_str(), rest),
            _ => return None,
        };
        let (scheme, authority) = match (family, head.split_once("://")) {
            ("proxy", Some((scheme, authority))) => (scheme.to_ascii_lowercase(), authority),
            ("proxy", None) => return None,
            ("grpc", Some((scheme, authority))) => (scheme.to_ascii_lowercase(), authority),
            (_, Some(_)) => return None,
            (_, None) => (family.to_owned(), head),
        };
        let known = ["http", "https", "grpc", "grpcs", "fastcgi", "uwsgi", "scgi", "memcached"].contains(&scheme.as_str());
        if !known || authority.starts_with("unix:") {
            return None;
        }
        let end = authority.find(['/', '?']).unwrap_or(authority.len());
        let (authority, path) = authority.split_at(end);
        let (host, port) = split_port(authority)?;
        let path = if path.is_empty() {
            match rest {
                [] => PathPart::Own,
                // What may be a part of the host's name or port is no path. `$request_uri` is what the client asked for first, also
                // when an internal redirect led here from anywhere.
                [Piece::Variable(name), after @ ..] if ["uri", "document_uri"].contains(&name.as_str()) && only_arguments(after) => {
                    PathPart::Own
                }
                _ => return None,
            }
        } else if let Some((text, _)) = path.split_once('?') {
            let text = if text.is_empty() { "/" } else { text }.to_owned();
            if had_variables { PathPart::Verbatim(text, Completeness::Whole) } else { PathPart::Cut(text) }
        } else if !had_variables {
            PathPart::Replaces(path.to_owned())
        } else {
            let whole = only_arguments(rest);
            PathPart::Verbatim(path.to_owned(), if whole { Completeness::Whole } else { Completeness::Begins })
        };
        Some(Address { scheme, host: host.to_owned(), port, path })
    }

    /// The port that is meant where none is written.
    pub fn port_or_default(&self) -> u16 {
        self.port.unwrap_or(if self.scheme == "https" || self.scheme == "grpcs" { 443 } else { 80 })
    }

    /// As it is written: `host:port`.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }
}

/// True for what adds nothing to a path: nothing, or what begins with a question mark if it is not empty.
fn only_arguments(rest: &[Piece]) -> bool {
    match rest {
        [] => true,
        [Piece::Text(text), ..] => text.starts_with('?'),
        // Without arguments it is empty, and `$args` behind it too; any other text would belong to the path then.
        [Piece::Variable(name), after @ ..] => {
            let empty = |piece: &Piece| matches!(piece, Piece::Variable(name) if ["args", "query_string"].contains(&name.as_str()));
            name == "is_args" && after.iter().all(empty)
        }
    }
}

/// Host and port; `None` for a port that is none.
pub fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
        _ => (authority, None),
    };
    let plain = !host.is_empty() && !host.contains(['{', '}', '<', '%', '@', '\u{fffd}']);
    plain.then_some((host, port))
}

/// Where a part of an address (its host, its port) is in an argument; `None` where it is not there exactly once by itself.
pub fn part_place(project: &Project, argument: Place, part: &str) -> Option<Place> {
    let text = project.text(argument.file);
    let written = text.slice(argument.span);
    let word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'$'));
    let bytes = written.as_bytes();
    // Behind the scheme and before the path.
    let start = written.find("://").map_or(0, |at| at + 3);
    let end = written.get(start..)?.find(['/', '?', '$']).map_or(written.len(), |at| start + at);
    let alone = |at: &usize| !word(at.checked_sub(1).and_then(|at| bytes.get(at))) && !word(bytes.get(at + part.len()));
    let mut found = written.get(start..end)?.match_indices(part).map(|(at, _)| start + at).filter(alone);
    let at = found.next().filter(|_| found.next().is_none() && !part.is_empty())?;
    let from = argument.span.start + at as u32;
    Some(Place { file: argument.file, span: Span::new(from, from + part.len() as u32) })
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable(String),
}

/// Text and the variables that are not known, in turn. `None` for what is filled in before nginx reads it.
fn pieces(variables: &Variables<'_>, pass: EntryId, text: &str, depth: usize) -> Option<Vec<Piece>> {
    let mut out: Vec<Piece> = Vec::new();
    let push_text = |out: &mut Vec<Piece>, text: &str| match out.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(last)) => last.push_str(text),
        _ => out.push(Piece::Text(text.to_owned())),
    };
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        push_text(&mut out, &rest[..at]);
        rest = &rest[at + 1..];
        let name = match rest.strip_prefix('{') {
            Some(inside) => {
                let end = inside.find('}')?;
                rest = &inside[end + 1..];
                &inside[..end]
            }
            None => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                rest = after;
                name
            }
        };
        match variables.constant(pass, name).filter(|_| depth < 4) {
            Some(value) => {
                let value = filled::text(variables.project, variables.config, pass, value);
                for piece in pieces(variables, pass, &value, depth + 1)? {
                    match piece {
                        Piece::Text(text) => push_text(&mut out, &text),
                        variable => out.push(variable),
                    }
                }
            }
            None => out.push(Piece::Variable(name.to_owned())),
        }
    }
    push_text(&mut out, rest);
    Some(out)
}

/// True when Lua code of the workspace, in a file of its own or in a configuration, has this text.
pub(super) fn lua_says(project: &Project, needle: &str) -> bool {
    let configs = project.files.values().any(|file| file.text.to_str().contains(needle));
    configs || {
        let walk = project.vfs.walk(&project.workspace);
        let lua = |path: &&std::path::PathBuf| path.extension().is_some_and(|extension| extension == "lua");
        walk.files.iter().filter(lua).any(|path| project.vfs.read(project.vfs.id(path)).is_ok_and(|text| text.to_str().contains(needle)))
    }
}
