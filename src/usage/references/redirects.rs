//! Where a redirect leads: which servers a URL with a host means, which locations take what is known of its path.
//!
//! The client asks for it, so what counts is the URL as it is written, with what variables of a few texts put in. Follows
//! `ngx_http_send_response` (which statuses of a `return` have a `Location`) and `ngx_http_rewrite` (which replacements are redirects).

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, LocationId, ServerId};
use crate::project::{Place, Project};
use crate::routing::Router;
use crate::usage::callers::resolve::{Called, Origin, Resolver};
use crate::usage::callers::{Caller, Host, Kind, Path, Url};

/// How many texts are followed that variables give, in a whole configuration; a `map` of old to new names may be long, and many servers may use it.
const MOST: usize = 16_384;

/// How often a variable in a variable's text is put in.
const DEPTH: usize = 4;

/// The statuses that `return` makes a `Location` of.
const STATUSES: [&str; 5] = ["301", "302", "303", "307", "308"];

/// Variables by name, in small letters, with the texts that they are given.
type Texts<'a> = FxHashMap<(Option<ServerId>, String), Vec<&'a str>>;

/// Looks up redirects of one configuration.
pub(super) struct Redirects<'a> {
    project: &'a Project,
    config: &'a Config,
    router: &'a Router,
    resolver: OnceCell<Resolver<'a>>,
    /// By server: what its `set`s give; by none: what `map`s do.
    texts: OnceCell<Texts<'a>>,
    /// How many texts were put in.
    followed: Cell<usize>,
}

/// A host as it is written.
enum Authority<'t> {
    /// The one that the request came to: none, `$host` or another variable alone.
    Own,
    /// This one.
    Named(&'t str),
    /// Put together of texts and variables.
    Made,
}

impl<'a> Redirects<'a> {
    pub(super) fn new(project: &'a Project, config: &'a Config, router: &'a Router) -> Redirects<'a> {
        Redirects { project, config, router, resolver: OnceCell::new(), texts: OnceCell::new(), followed: Cell::new(0) }
    }

    /// The locations that a client may get to that is sent to this text by the server; with false where it may be another one, too.
    pub(super) fn to(&self, place: Place, server: ServerId, text: &str) -> Vec<(LocationId, bool)> {
        let mut texts = Vec::new();
        self.put_in(server, text, 0, &mut texts);
        let several = texts.len() > 1;
        let mut seen = FxHashSet::default();
        let mut out = Vec::new();
        for text in texts {
            let called = self.follow(place, server, &text);
            let certain = !several && called.len() == 1 && called.iter().all(|called| called.certain);
            let locations = called.into_iter().filter_map(|called| called.location);
            out.extend(locations.filter(|location| seen.insert(*location)).map(|location| (location, certain)));
        }
        out
    }

    /// All that a text can be whose first variables are given a few texts by `set` or `map`; what nothing is known of stays.
    fn put_in(&self, server: ServerId, text: &str, depth: usize, out: &mut Vec<String>) {
        let mut from = 0;
        while let Some(at) = text.get(from..).and_then(|rest| rest.find('$')).map(|at| from + at) {
            let (name, end) = variable(text, at);
            let key = name.to_ascii_lowercase();
            let given = |server| self.texts().get(&(server, key.clone())).map_or(&[][..], Vec::as_slice);
            let values = given(Some(server)).iter().chain(given(None));
            if depth < DEPTH && values.clone().next().is_some() {
                let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(end..).unwrap_or_default());
                for value in values {
                    let followed = self.followed.get();
                    if followed < MOST {
                        self.followed.set(followed + 1);
                        self.put_in(server, &format!("{before}{value}{behind}"), depth + 1, out);
                    }
                }
                return;
            }
            from = end;
        }
        out.push(text.to_owned());
    }

    fn texts(&self) -> &Texts<'a> {
        self.texts.get_or_init(|| {
            let config = self.config;
            let name = |word: &str| word.strip_prefix('$').map(str::to_ascii_lowercase);
            let mut out = Texts::default();
            for id in config.all("set") {
                let directive = config.directive(*id);
                if let (Some(name), Some(text)) = (directive.arg(0).and_then(name), directive.arg(1)) {
                    out.entry((config.server_of(*id), name)).or_default().push(text);
                }
            }
            for id in config.all("map") {
                let Some(name) = config.directive(*id).arg(1).and_then(name) else { continue };
                let lines = config.entry(*id).children.iter().map(|line| config.directive(*line));
                out.entry((None, name)).or_default().extend(lines.filter_map(|line| line.arg(0)).filter(|text| !text.is_empty()));
            }
            out
        })
    }

    /// Where a client gets to with the URL.
    fn follow(&self, place: Place, server: ServerId, text: &str) -> Vec<Called> {
        let Some((scheme, authority, rest)) = split(text) else { return Vec::new() };
        let Some(path) = path(rest) else { return Vec::new() };
        let resolver = self.resolver.get_or_init(|| Resolver::new(self.project, self.config, self.router));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse::<u16>().ok()),
            _ => (authority, None),
        };
        let ask = |host, origins: &[Origin]| {
            let url = Url { scheme: scheme.map(Arc::from), host, port, path: path.clone() };
            resolver.resolve(&Caller { place, kind: Kind::Link, method: None, url, service: None }, origins)
        };
        let origin = |server| Origin { server, page: None };
        match read(host) {
            Authority::Named(host) => ask(Host::Named(host.to_ascii_lowercase().into()), &[]),
            Authority::Made => ask(Host::Unknown, &[]),
            Authority::Own => {
                let port = port.or(match scheme {
                    Some("http") => Some(80),
                    Some(_) => Some(443),
                    None => None,
                });
                let Some(port) = port else { return ask(Host::Relative, &[origin(server)]) };
                let names = || self.config.server(server).names.iter().map(|(name, _)| &**name);
                let plain = |name: &str| !name.is_empty() && name != "_" && !name.contains(['~', '*', '$']) && !name.starts_with('.');
                let mut out = Vec::new();
                for name in names().filter(|name| plain(name)) {
                    ask(Host::Named(name.into()), &[]).into_iter().for_each(|called| add(&mut out, called));
                }
                if names().next().is_none() || !names().all(plain) {
                    // Any host that gets here may be for any of those on the other port.
                    let sockets = self.router.sockets().iter().filter(|socket| socket.port == port);
                    let origins: Vec<Origin> = sockets.flat_map(|socket| socket.servers.iter().copied()).map(origin).collect();
                    if !origins.is_empty() {
                        ask(Host::Relative, &origins).into_iter().for_each(|called| add(&mut out, called));
                    }
                }
                match out.is_empty() {
                    // Nothing here listens there: something in front does, and hands requests on.
                    true => ask(Host::Relative, &[origin(server)]),
                    false => out,
                }
            }
        }
    }
}

fn add(out: &mut Vec<Called>, called: Called) {
    if !out.iter().any(|known| (known.server, known.location) == (called.server, called.location)) {
        out.push(called);
    }
}

/// Is the first argument of a `return` with two a status that sends the client elsewhere?
pub(super) fn is_status(status: &str) -> bool {
    STATUSES.contains(&status)
}

/// Scheme, authority and what follows; the first is `None` where it is the request's own, the second empty where the first is.
/// `None` for what is no URL.
fn split(text: &str) -> Option<(Option<&'static str>, &str, &str)> {
    if text.starts_with('/') {
        return Some((None, "", text));
    }
    let (scheme, rest) = text.split_once("://")?;
    let scheme = match scheme {
        "http" => Some("http"),
        "https" => Some("https"),
        made if made.starts_with('$') => None,
        _ => return None,
    };
    // `$host$request_uri`: what follows a variable without a port is the path.
    let start = match rest.starts_with('$') {
        true => variable(rest, 0).1,
        false => rest.find(['/', '?', '#', '$', ':']).unwrap_or(rest.len()),
    };
    let behind = rest.get(start..)?;
    let end = match behind.strip_prefix(':') {
        Some(port) if port.starts_with('$') => start + 1 + variable(port, 0).1,
        Some(port) => start + 1 + port.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(port.len()),
        // `www.$host/x`
        None if behind.starts_with('$') && !rest.starts_with('$') || behind.starts_with(['.', '-']) => {
            rest.find(['/', '?', '#']).unwrap_or(rest.len())
        }
        None => start,
    };
    Some((scheme, rest.get(..end)?, rest.get(end..)?))
}

fn read(host: &str) -> Authority<'_> {
    match host.find('$') {
        None if host.is_empty() => Authority::Own,
        None => Authority::Named(host),
        Some(0) if variable(host, 0).1 == host.len() => Authority::Own,
        Some(_) => Authority::Made,
    }
}

/// What is known of a URL's path; `None` where that says nothing.
fn path(text: &str) -> Option<Path> {
    let ends = ["?", "#", "$is_args", "${is_args}"];
    let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    match text.get(..end)? {
        "" => Some(Path::Exact("/".into())),
        path => match path.split_once('$') {
            None => Some(Path::Exact(path.into())),
            Some((known, _)) => (known.starts_with('/') && known.len() > 1).then(|| Path::Prefix(known.into())),
        },
    }
}

/// The name of the variable whose `$` is there, and where it ends with its braces.
fn variable(text: &str, at: usize) -> (&str, usize) {
    let word = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        from + rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len())
    };
    match text.get(at + 1..).is_some_and(|rest| rest.starts_with('{')) {
        true => {
            let end = word(at + 2);
            let closed = usize::from(text.get(end..).is_some_and(|rest| rest.starts_with('}')));
            (text.get(at + 2..end).unwrap_or_default(), end + closed)
        }
        false => {
            let end = word(at + 1);
            (text.get(at + 1..end).unwrap_or_default(), end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let cases = [
            ("/a/$1", Some((None, "", "/a/$1"))),
            ("http://h:80/x", Some((Some("http"), "h:80", "/x"))),
            ("https://$host$request_uri", Some((Some("https"), "$host", "$request_uri"))),
            ("$scheme://${host}:$server_port/x", Some((None, "${host}:$server_port", "/x"))),
            ("https://www.$host/x", Some((Some("https"), "www.$host", "/x"))),
            ("https://$name.example/x", Some((Some("https"), "$name.example", "/x"))),
            ("https://h$request_uri", Some((Some("https"), "h$request_uri", ""))),
            ("https://h?x", Some((Some("https"), "h", "?x"))),
            ("ftp://h/x", None),
            ("text", None),
        ];
        for (text, expected) in cases {
            assert_eq!(split(text), expected, "{text}");
        }
        assert_eq!(path("/a/$is_args$args"), Some(Path::Exact("/a/".into())));
        assert_eq!(path("/a$1?x=$2"), Some(Path::Prefix("/a".into())));
        assert_eq!((path("/$1"), path("$request_uri"), path("?x")), (None, None, Some(Path::Exact("/".into()))));
    }
}
