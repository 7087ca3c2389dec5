//! A backend's routes as they look from outside: which of them a location's requests get to, and under which URI.
//!
//! The way of a request, backwards. What can't be followed backwards has no URI; nothing is made up.

use super::address::{Completeness, PathPart};
use super::routes::Route;
use super::sent;
use super::{Sent, Upstreams};
use crate::config::{Config, EntryId, LocationId, Matcher};
use crate::project::Project;
use crate::routing::UriSet;

/// How requests come to a `*_pass`, and what of them is sent.
#[derive(Debug, Clone)]
pub struct Way {
    /// The location that a client's URI selects; `None` for any URI of the server.
    pub location: Option<LocationId>,
    /// At least all URIs that are sent.
    pub uris: UriSet,
    kind: Kind,
}

/// How the URI outside and the one that is sent belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// They are the same.
    Same,
    /// What begins with `outside` is sent with `inside` in its place.
    Replaced { outside: String, inside: String },
    /// Whatever is asked for, the same is sent.
    Fixed,
    /// A rewrite or a variable does something that is not followed backwards.
    Unclear,
}

/// A route that a way leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached<'a> {
    /// The route.
    pub route: &'a Route,
    /// The URI that a client asks for, as a pattern like the route's; `None` where that can't be told.
    pub path: Option<String>,
}

impl Upstreams {
    /// The ways to a `*_pass`. For one in a named location, `from` are the places that send requests there with their URI as it is
    /// (`try_files`, `error_page`): locations, or `None` for a whole server. `None` where it can't be told what is sent.
    pub fn ways(&self, project: &Project, config: &Config, pass: EntryId, from: &[Option<LocationId>]) -> Option<Vec<Way>> {
        let path = &self.target_of(pass)?.address.path;
        let location = config.location_of(pass)?;
        let matcher = &config.location(location).matcher;
        if !matches!(matcher, Matcher::Named(_)) {
            let Sent { uris, .. } = self.sent(project, config, pass)?;
            return Some(vec![Way { location: Some(location), uris, kind: kind(config, location, path) }]);
        }
        if *path != PathPart::Own || kind(config, location, path) != Kind::Same || !sent::is_settled(project, config, pass, location) {
            return None;
        }
        let way = |from: &Option<LocationId>| {
            let uris = match from {
                Some(from) => sent::admitted(config, *from)?,
                None => UriSet::prefix(b"/"),
            };
            Some(Way { location: *from, uris, kind: Kind::Same })
        };
        // A named location that sends requests on to another one has no URIs of its own.
        let named = |from: &&Option<LocationId>| from.is_some_and(|from| matches!(config.location(from).matcher, Matcher::Named(_)));
        if from.iter().any(|from| named(&from)) {
            return None;
        }
        from.iter().map(way).collect()
    }
}

impl Way {
    /// The routes among these that requests on this way get to, in their order.
    pub fn reached<'a>(&self, config: &Config, routes: &'a [Route]) -> Vec<Reached<'a>> {
        let matcher = self.location.map(|location| &config.location(location).matcher);
        let reached = routes.iter().filter(|route| self.reaches(matcher, route));
        let reached = reached.map(|route| Reached { route, path: self.outside(matcher, &route.pattern) });
        // `location /api/ { proxy_pass http://x/v1; }` sends `/v1users`: what has a slash behind `/v1` nobody can ask for, as nginx merges
        // slashes before it looks at locations.
        reached.filter(|reached| !reached.path.as_ref().is_some_and(|path| path.contains("//"))).collect()
    }

    /// True when it gets there, and where that can't be told.
    fn reaches(&self, matcher: Option<&Matcher>, route: &Route) -> bool {
        if route.example().is_some_and(|uri| self.uris.contains(uri.as_bytes())) {
            return true;
        }
        // Automata are slow where there are many routes: most of them begin otherwise, and are done with at a glance.
        let name = match matcher {
            Some(Matcher::Prefix { path, .. } | Matcher::Exact(path)) => Some(&**path),
            Some(Matcher::Regex { .. } | Matcher::Named(_)) | None => None,
        };
        let begins = match (&self.kind, name) {
            (Kind::Same, Some(name)) => vec![name],
            (Kind::Replaced { inside, .. }, Some(name)) => vec![inside.as_str(), name],
            _ => Vec::new(),
        };
        let head = route.pattern.split(['*', '{']).next().unwrap_or_default();
        let head = head.find("/:").map_or(head, |at| head.get(..=at).unwrap_or(head)).trim_end_matches('/');
        let meets = |begin: &&str| begin.starts_with(head) || head.starts_with(begin.trim_end_matches('/'));
        if !begins.is_empty() && !route.caseless && !begins.iter().any(meets) {
            return false;
        }
        // A dot of a regex takes no newline, a parameter of a route does: such a URI is nobody's.
        let usual = UriSet::regex(r"^[^\x00-\x1f]*\z", false).unwrap_or_else(UriSet::all);
        route.uris().is_none_or(|own| self.uris.intersects(&own.intersect(&usual)) != Some(false))
    }

    /// What a client asks for to get to a route.
    fn outside(&self, matcher: Option<&Matcher>, pattern: &str) -> Option<String> {
        let name = match matcher {
            Some(Matcher::Exact(name)) => return Some(name.to_string()),
            Some(Matcher::Prefix { path, .. }) => Some(&**path),
            Some(Matcher::Named(_)) => return None,
            Some(Matcher::Regex { pattern, caseless: false }) if self.kind != Kind::Fixed => literal_head(pattern),
            Some(Matcher::Regex { .. }) | None => None,
        };
        let path = match &self.kind {
            Kind::Same => pattern.to_owned(),
            Kind::Replaced { outside, inside } => format!("{outside}{}", narrowed(pattern, inside).strip_prefix(inside.as_str())?),
            Kind::Fixed => return name.map(|name| format!("{name}*")),
            Kind::Unclear => return None,
        };
        Some(name.map_or_else(|| path.clone(), |name| narrowed(&path, name)))
    }
}

/// How a location's URIs become those that it sends.
fn kind(config: &Config, location: LocationId, path: &PathPart) -> Kind {
    let rewrites = sent::inside(config, config.location(location).entry, &["rewrite"]);
    match rewrites.as_slice() {
        [] => {}
        [rewrite] => {
            let directive = config.directive(*rewrite);
            let own = config.entry(*rewrite).parent == Some(config.location(location).entry);
            let (Some(regex), Some(with)) = (directive.arg(0), directive.arg(1)) else { return Kind::Unclear };
            return match (own && directive.arg(2) == Some("break")).then(|| stripped(regex, with)).flatten() {
                Some((outside, inside)) => Kind::Replaced { outside, inside },
                None => Kind::Unclear,
            };
        }
        _ => return Kind::Unclear,
    }
    match (path, &config.location(location).matcher) {
        (PathPart::Own, _) => Kind::Same,
        (PathPart::Replaces(inside), Matcher::Prefix { path: outside, .. }) => {
            Kind::Replaced { outside: outside.to_string(), inside: inside.clone() }
        }
        (PathPart::Verbatim(_, Completeness::Begins), _) => Kind::Unclear,
        (PathPart::Replaces(_) | PathPart::Cut(_) | PathPart::Verbatim(_, Completeness::Whole), _) => Kind::Fixed,
    }
}

/// `^/api/(.*)$ /v1/$1`: a rewrite that puts one text in the place of another at the beginning, as both of them.
fn stripped(regex: &str, with: &str) -> Option<(String, String)> {
    let head = regex.strip_prefix('^')?;
    let head = head.strip_suffix('$').unwrap_or(head);
    let (head, group) = head.strip_suffix(')')?.rsplit_once('(')?;
    let inside = with.strip_suffix("$1")?;
    if inside.contains(['$', '?']) {
        return None;
    }
    let head = match (head.strip_suffix("/?"), group) {
        // The slash that may be missing is there where anything follows.
        (Some(head), ".*" | ".+") => format!("{head}/"),
        (None, ".*" | ".+" | "/.*" | "/.+") => head.to_owned(),
        _ => return None,
    };
    let plain = head.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_~".contains(&byte));
    plain.then(|| (head, inside.to_owned()))
}

/// The text that everything begins with which a regex matches: `/v1/` of `^/v1/(a|b)`.
fn literal_head(regex: &str) -> Option<&str> {
    let rest = regex.strip_prefix('^')?;
    let plain = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"/-_~".contains(byte)).count();
    let (head, after) = rest.split_at_checked(plain)?;
    // One more that is optional does not count.
    let head = if after.starts_with(['?', '*', '{']) { head.get(..head.len().saturating_sub(1))? } else { head };
    let mut depth = 0;
    for byte in after.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            // Another branch may begin otherwise. Within a class or behind a backslash it is none, but who knows.
            b'|' if depth <= 0 => return None,
            _ => {}
        }
    }
    (!head.is_empty()).then_some(head)
}

/// The part of a pattern that begins with a text, as a pattern: of `/users/{id}/posts` and `/users/7/` it is `/users/7/posts`. The
/// pattern as it is where nothing of it does, or that can't be written as one.
fn narrowed(pattern: &str, begin: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    let mut left = begin;
    while !left.is_empty() {
        if rest.starts_with('*') {
            return format!("{out}{left}{rest}");
        }
        let parameter = match rest.strip_prefix('{') {
            Some(inside) => inside.split_once('}').map(|(_, after)| after),
            None if rest.starts_with(':') && out.ends_with('/') => Some(rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()),
            None => None,
        };
        if let Some(after) = parameter {
            let Some(end) = left.find('/') else {
                // The text ends within the parameter.
                return pattern.to_owned();
            };
            let (value, next) = left.split_at(end);
            out.push_str(value);
            (rest, left) = (after, next);
            continue;
        }
        let mut letters = (rest.chars(), left.chars());
        match (letters.0.next(), letters.1.next()) {
            (Some(one), Some(other)) if one == other => out.push(one),
            // A slash more at the end is the same route.
            (None, Some('/')) if left == "/" => return format!("{out}/"),
            _ => return pattern.to_owned(),
        }
        (rest, left) = (letters.0.as_str(), letters.1.as_str());
    }
    format!("{out}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_narrowed_to_what_begins_with_a_text() {
        for (pattern, begin, wanted) in [
            ("/users/{id}/posts", "/users/7/", "/users/7/posts"),
            ("/users/:id/posts", "/users/7/", "/users/7/posts"),
            ("/users/{id}", "/users/", "/users/{id}"),
            ("/users/{id}", "/users/ab", "/users/{id}"),
            ("/*", "/api/", "/api/*"),
            ("/api*", "/api/v1/", "/api/v1/*"),
            ("/users", "/users/", "/users/"),
            ("/users", "/other/", "/users"),
            ("/é/{x}", "/é/", "/é/{x}"),
            ("/{x", "/a/", "/{x"),
        ] {
            assert_eq!(narrowed(pattern, begin), wanted, "{pattern} {begin}");
        }
    }

    #[test]
    fn what_a_regex_begins_with() {
        for (regex, wanted) in [
            ("^/v1/(a|b)", Some("/v1/")),
            ("^/v1/.*$", Some("/v1/")),
            ("^/v1/?x", Some("/v1")),
            ("^/a|^/b", None),
            ("/v1/", None),
            ("^(/a|/b)", None),
            ("^/é", Some("/")),
        ] {
            assert_eq!(literal_head(regex), wanted, "{regex}");
        }
    }

    #[test]
    fn a_rewrite_that_takes_a_prefix_away_is_followed_backwards() {
        let pair = |outside: &str, inside: &str| Some((outside.to_owned(), inside.to_owned()));
        for (regex, with, wanted) in [
            ("^/api/(.*)$", "/$1", pair("/api/", "/")),
            ("^/api/(.*)", "/v1/$1", pair("/api/", "/v1/")),
            ("^/api(/.*)$", "$1", pair("/api", "")),
            ("^/api/?(.*)$", "/$1", pair("/api/", "/")),
            ("^/a.i/(.*)$", "/$1", None),
            ("^/(a|b)/(.*)$", "/$2", None),
            ("/api/(.*)", "/$1", None),
            ("^/api/(.*)$", "/$1?x", None),
            ("^/api/(\\d+)$", "/$1", None),
        ] {
            assert_eq!(stripped(regex, with), wanted, "{regex} {with}");
        }
    }
}
