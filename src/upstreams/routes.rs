//! Route patterns as sets of URIs.

use std::fmt;
use std::sync::Arc;

use crate::project::Place;
use crate::routing::UriSet;

/// A route of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET`, …; empty for any.
    pub methods: Vec<Arc<str>>,
    /// Its path: `*` is any text, `{name}` and `:name` one segment.
    pub pattern: String,
    /// True when case does not matter.
    pub caseless: bool,
    /// True for what nobody wrote: a framework adds it.
    pub implied: bool,
    /// Where it is written; `None` for what is known of a product.
    pub place: Option<Place>,
}

impl Route {
    /// A route as people write it: `GET /oauth2/*`, `/ping`.
    pub fn written(text: &str) -> Route {
        let text = text.trim();
        let (methods, path) = match text.split_once(char::is_whitespace) {
            Some((methods, path))
                if !methods.is_empty() && methods.bytes().all(|byte| byte.is_ascii_uppercase() || b",|".contains(&byte)) =>
            {
                (methods.split([',', '|']).filter(|method| !matches!(*method, "" | "ANY" | "ALL")).map(Arc::from).collect(), path.trim())
            }
            _ => (Vec::new(), text),
        };
        Route { methods, pattern: path.to_owned(), caseless: false, implied: false, place: None }
    }

    /// What it may serve: `*` is any text, `{name}` and `:name` one segment. A slash more or less at the end does not count: most
    /// frameworks redirect there. `None` when the pattern is too large.
    pub fn uris(&self) -> Option<UriSet> {
        set_of(self)
    }

    /// A URI that it serves, for people: parameters have a value that could be theirs. `None` where a `*` hides how it begins.
    pub fn example(&self) -> Option<String> {
        let mut out = String::new();
        for segment in self.pattern.split('/').skip(1) {
            out.push('/');
            match segment.find(['{', '*']) {
                _ if segment.starts_with(':') => out.push('1'),
                None => out.push_str(segment),
                Some(at) => {
                    out.push_str(&segment[..at]);
                    out.push('1');
                    if segment[at..].starts_with('{') {
                        out.push_str(segment[at..].find('}').map_or("", |end| &segment[at + end + 1..]).trim_matches(['{', '}', '*']));
                    }
                }
            }
        }
        self.pattern.starts_with('/').then_some(if out.is_empty() { "/".to_owned() } else { out })
    }
}

impl fmt::Display for Route {
    /// `GET /users/{id}`; of a route for any method the path alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.methods.is_empty() {
            write!(f, "{} ", self.methods.join(","))?;
        }
        f.write_str(&self.pattern)
    }
}

/// See [`Route::uris`].
fn set_of(route: &Route) -> Option<UriSet> {
    let path = route.pattern.as_str();
    let bare = |text: &str| UriSet::literal(text.as_bytes());
    let parameters = path.contains('{') || path.split('/').any(|segment| segment.starts_with(':'));
    if !parameters && !route.caseless && !path.contains('*') {
        let short = path.trim_end_matches('/');
        return Some(UriSet::union([bare(short), bare(&format!("{short}/"))]));
    }
    if !parameters
        && !route.caseless
        && let Some(head) = path.strip_suffix('*')
        && !head.contains('*')
    {
        let below = UriSet::prefix(head.as_bytes());
        return Some(match head.strip_suffix('/') {
            Some(short) if !short.is_empty() => UriSet::union([below, bare(short)]),
            _ => below,
        });
    }
    let mut pattern = String::from("^");
    let trimmed = path.trim_end_matches('/');
    for (index, segment) in trimmed.split('/').enumerate() {
        if index > 0 {
            pattern.push('/');
        }
        if segment.starts_with(':') {
            pattern.push_str("[^/]+");
            continue;
        }
        let mut rest = segment;
        while let Some(at) = rest.find(['*', '{']) {
            pattern.push_str(&regex_syntax::escape(&rest[..at]));
            if rest[at..].starts_with('*') {
                pattern.push_str("(.|\\n)*");
                rest = &rest[at + 1..];
            } else {
                pattern.push_str("[^/]+");
                rest = rest[at..].find('}').map_or("", |end| &rest[at + end + 1..]);
            }
        }
        pattern.push_str(&regex_syntax::escape(rest));
    }
    pattern.push_str("/?\\z");
    UriSet::regex(&pattern, route.caseless)
}

/// The route that looks most like a URI; `None` when none does.
pub(super) fn nearest<'a>(uri: &str, routes: &'a [Route]) -> Option<&'a Route> {
    let same = |a: &str, b: &str| a.split('/').filter(|part| !part.is_empty() && b.split('/').any(|other| other == *part)).count();
    let path_of = |route: &'a Route| route.pattern.trim_end_matches('*');
    let score = |route: &&'a Route| (same(path_of(route), uri), std::cmp::Reverse(strsim::damerau_levenshtein(path_of(route), uri)));
    let best = routes.iter().max_by_key(score)?;
    let path = path_of(best);
    let distance = strsim::damerau_levenshtein(path.trim_matches('/'), uri.trim_matches('/'));
    (same(path, uri) > 0 || distance <= 2).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (route, inside, outside) in [
            ("/ping", &["/ping", "/ping/"][..], &["/pin", "/ping/x"][..]),
            ("GET /oauth2/*", &["/oauth2/", "/oauth2", "/oauth2/a/b"], &["/oauth", "/oauth22"]),
            ("/health*", &["/health", "/healthz", "/health/x"], &["/heal"]),
            ("/v2/*/tags/list", &["/v2/a/b/tags/list"], &["/v2/tags", "/v2/a/tags/lis"]),
            ("/users/{id}/posts", &["/users/7/posts", "/users/7/posts/"], &["/users/7/8/posts", "/users//posts"]),
            ("/users/:id", &["/users/7"], &["/users/", "/users/7/x"]),
            ("/{org}.git/*", &["/a.git/x"], &["/agit/x"]),
            ("/*", &["/", "/x/y"], &["x"]),
            ("/", &["/"], &["/x"]),
        ] {
            let set = set_of(&Route::written(route)).expect(route);
            for uri in inside {
                assert!(set.contains(uri.as_bytes()), "{route} {uri}");
            }
            for uri in outside {
                assert!(!set.contains(uri.as_bytes()), "{route} {uri}");
            }
        }
    }
}
