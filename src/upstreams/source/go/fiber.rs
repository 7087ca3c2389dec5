//! Fiber.

use super::super::facts::Glue;
use super::frameworks::{Framework, Pattern, colons, other_slash};

pub(super) const FRAMEWORK: Framework = Framework {
    name: "Fiber",
    packages: &["github.com/gofiber/fiber"],
    routers: &["App", "Router", "Group"],
    makers: &["New"],
    glue: Glue::Slash,
    caseless: true,
    patterns,
    middleware: &["github.com/gofiber/fiber/middleware", "github.com/gofiber/contrib/jwt", "github.com/gofiber/contrib/otelfiber"],
    answering: &["filesystem", "proxy", "rewrite", "redirect", "favicon", "healthcheck", "monitor", "pprof", "expvar", "static", "adaptor"],
    matched_first: false,
};

/// `:id`, `:id<int>`, `:id?`, `*` and `+`; a slash more or less at the end does not matter.
pub(super) fn patterns(written: &str) -> Vec<Pattern> {
    let written = without_constraints(written);
    let mut out: Vec<Pattern> = Vec::new();
    let mut push = |path: &str| {
        let path = colons(&path.replace('+', "*").replace('?', ""), &['/', '-', '.', ':', '*']);
        out.extend(other_slash(&path).map(Pattern::implied));
        out.insert(0, Pattern::new(path));
    };
    // Nothing in place of what may be missing; with more than one of them, anything from the first on.
    if let Some(at) = written.find('?') {
        let front = written.get(..at).unwrap_or("");
        let start = front.rfind(':').unwrap_or(front.len());
        let before = front.get(..start).unwrap_or("");
        let after = written.get(at + 1..).unwrap_or("");
        match after.is_empty() {
            true => push(before),
            false => push(&format!("{before}*")),
        }
    }
    push(&written);
    out
}

/// A path without `<int;max(3)>`.
fn without_constraints(written: &str) -> String {
    let mut depth = 0usize;
    let keep = |c: &char| {
        match c {
            '<' => depth += 1,
            '>' if depth > 0 => {
                depth -= 1;
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    written.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_paths_mean() {
        for (written, paths) in [
            ("/users", &["/users", "/users/"][..]),
            ("/users/:id<int;min(1)>", &["/users/{id}", "/users/{id}/"]),
            ("/users/:id?", &["/users/{id}", "/users/", "/users", "/users/{id}/"]),
            ("/f/:from-:to", &["/f/{from}-{to}", "/f/{from}-{to}/"]),
            ("/a/*", &["/a/*", "/a"]),
            ("/a/:x?/b", &["/a/{x}/b", "/a/*", "/a", "/a/{x}/b/"]),
        ] {
            let found = patterns(written);
            let mut found: Vec<&str> = found.iter().map(|pattern| pattern.path.as_str()).collect();
            let mut paths = paths.to_vec();
            found.sort();
            paths.sort();
            assert_eq!(found, paths, "{written}");
        }
    }
}
