//! Sets of routes: patterns as people and frameworks write them, as sets of URIs.

use crate::routing::language::UriSet;

/// Routes, and whether they are all.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    patterns: Vec<String>,
}

impl Routes {
    /// From patterns: `/ping`, `/static/*`, `/users/{id}`, `/users/:id`; a method in front (`GET /ping`) is taken off, a base path
    /// is put before.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a String>, base: &str) -> Routes {
        let base = base.trim_end_matches('/');
        let path = |pattern: &String| {
            let path = pattern.split_whitespace().last().unwrap_or("");
            format!("{base}/{}", path.trim_start_matches('/'))
        };
        Routes { patterns: patterns.into_iter().map(path).collect() }
    }

    /// The patterns.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// The first segments only: `/v1/*` for `/v1/models`.
    pub fn first_segments(&self) -> Routes {
        let widen = |pattern: &String| match pattern.trim_start_matches('/').split_once('/') {
            Some((first, _)) => format!("/{first}*"),
            None => pattern.clone(),
        };
        Routes { patterns: self.patterns.iter().map(widen).collect() }
    }

    /// All URIs that are answered. A slash at the end more or less does not count: many servers pass over it. `None` when a
    /// pattern can't be made a set.
    pub fn uris(&self) -> Option<UriSet> {
        let sets: Option<Vec<UriSet>> = self.patterns.iter().map(|pattern| uris_of(pattern)).collect();
        Some(UriSet::union(sets?))
    }

    /// The pattern that is most like a URI, for "nearest: …".
    pub fn nearest(&self, uri: &str) -> Option<&str> {
        let common = |pattern: &str| pattern.bytes().zip(uri.bytes()).take_while(|(a, b)| a == b).count();
        let best = self.patterns.iter().max_by_key(|pattern| (common(pattern), std::cmp::Reverse(pattern.len())))?;
        (common(best) > 1).then_some(best)
    }
}

fn uris_of(pattern: &str) -> Option<UriSet> {
    let simple = !pattern.contains(['{', ':']) && pattern.find('*').is_none_or(|at| at + 1 == pattern.len());
    if simple {
        return Some(match pattern.strip_suffix('*') {
            // `/static/*` also stands for `/static` itself.
            Some(prefix) => UriSet::union([UriSet::prefix(prefix.as_bytes()), UriSet::literal(prefix.trim_end_matches('/').as_bytes())]),
            None => {
                let bare = pattern.trim_end_matches('/');
                UriSet::union([UriSet::literal(bare.as_bytes()), UriSet::literal(format!("{bare}/").as_bytes())])
            }
        });
    }
    let mut regex = String::from("^");
    let mut segments = pattern.trim_start_matches('/').split('/').peekable();
    while let Some(segment) = segments.next() {
        regex.push('/');
        let last = segments.peek().is_none();
        if segment.contains('{') || segment.starts_with(':') {
            regex.push_str("[^/]+");
        } else if segment == "*" && last {
            regex.push_str("(?s:.*)");
        } else {
            for part in segment.split_inclusive('*') {
                let (text, star) = part.strip_suffix('*').map_or((part, false), |text| (text, true));
                regex.push_str(&regex_syntax::escape(text));
                if star {
                    regex.push_str("(?s:.*)");
                }
            }
        }
    }
    regex.push_str("/?\\z");
    UriSet::regex(&regex, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_sets_of_uris() {
        let patterns: Vec<String> = ["GET /ping", "/static/*", "/users/{id}/x", "/a/:b", "/auth/*/", "/health*"].map(String::from).into();
        let uris = Routes::new(&patterns, "/base/").uris().expect("sets");
        for uri in [
            "/base/ping",
            "/base/ping/",
            "/base/static/a/b",
            "/base/static",
            "/base/users/7/x",
            "/base/a/b",
            "/base/auth/x/",
            "/base/healthz",
        ] {
            assert!(uris.contains(uri.as_bytes()), "{uri}");
        }
        for uri in ["/ping", "/base/pin", "/base/users/7", "/base/users/7/y/x", "/base/a/b/c"] {
            assert!(!uris.contains(uri.as_bytes()), "{uri}");
        }
    }
}
