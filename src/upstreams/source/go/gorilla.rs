//! gorilla/mux.

use super::super::facts::Glue;
use super::frameworks::{Framework, Pattern, braces};

pub(super) const FRAMEWORK: Framework = Framework {
    name: "gorilla/mux",
    packages: &["github.com/gorilla/mux"],
    routers: &["Router", "Route"],
    makers: &["NewRouter"],
    glue: Glue::Slash,
    caseless: false,
    patterns,
    middleware: &["github.com/gorilla/handlers", "github.com/gorilla/csrf"],
    answering: &["CanonicalHost", "HTTPMethodOverrideHandler"],
    matched_first: true,
};

/// `{id}` and `{id:regex}`.
pub(super) fn patterns(written: &str) -> Vec<Pattern> {
    vec![Pattern::new(braces(written, spans))]
}

/// True for a regular expression that may match a slash, or nothing at all.
fn spans(regex: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-+[]()|\\{},".contains(c);
    let escapes = regex.split('\\').skip(1).all(|after| after.starts_with(['d', 'w', '-', '_']));
    !regex.chars().all(plain)
        || !escapes
        || regex.contains("+-")
        || regex.contains("{0")
        || regex.contains("|)")
        || regex.contains("(|")
        || regex.starts_with('|')
        || regex.ends_with('|')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_paths_mean() {
        for (written, path) in [
            ("/users/{id:[0-9]+}", "/users/{id}"),
            ("/users/{id:[0-9]{1,3}}/x", "/users/{id}/x"),
            ("/files/{rest:.*}", "/files/*"),
            ("/a/{b:(?:x|y)}", "/a/*"),
            ("/a/{b:x|y}", "/a/{b}"),
            ("/a/{b", "/a/*"),
        ] {
            assert_eq!(patterns(written), [Pattern::new(path)], "{written}");
        }
    }
}
