//! `net/http`: `ServeMux`, with the patterns of Go 1.22 and those before.

use super::super::facts::Glue;
use super::frameworks::{Framework, Pattern};

pub(super) const FRAMEWORK: Framework = Framework {
    name: "net/http",
    packages: &["net/http"],
    routers: &["ServeMux"],
    makers: &["NewServeMux"],
    glue: Glue::Plain,
    caseless: false,
    patterns,
    middleware: &[],
    answering: &[],
    matched_first: false,
};

/// The method before a path: `GET /users`.
pub(super) fn method(written: &str) -> Option<&str> {
    let (method, _) = written.split_once([' ', '\t'])?;
    (!method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(method)
}

/// `[METHOD ][HOST]/path`. A path with a slash at its end has everything below it, and a redirect to it.
pub(super) fn patterns(written: &str) -> Vec<Pattern> {
    let path = method(written).map_or(written, |method| written.get(method.len()..).unwrap_or("").trim_start_matches([' ', '\t']));
    let path = path.find('/').map_or(path, |slash| path.get(slash..).unwrap_or(path));
    if let Some(exact) = path.strip_suffix("{$}") {
        // What lacks the slash is redirected here too.
        let front = exact.strip_suffix('/').filter(|front| !front.is_empty());
        return [Pattern::new(wildcards(exact))].into_iter().chain(front.map(|front| Pattern::implied(wildcards(front)))).collect();
    }
    let path = wildcards(path);
    match path.strip_suffix('/') {
        Some("") => vec![Pattern::new("/*")],
        Some(front) => vec![Pattern::new(format!("{path}*")), Pattern::implied(front)],
        None => match path.strip_suffix("/*") {
            Some(front) if !front.is_empty() => vec![Pattern::new(path.clone()), Pattern::implied(front)],
            _ => vec![Pattern::new(path)],
        },
    }
}

/// `{name}` is a segment, `{name...}` the rest.
fn wildcards(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        out.push_str(rest.get(..open).unwrap_or("").replace('*', "{x}").as_str());
        let Some(close) = rest.get(open..).and_then(|inside| inside.find('}')).map(|at| open + at) else { break };
        let name = rest.get(open + 1..close).unwrap_or("");
        if name.ends_with("...") {
            out.push('*');
            return out;
        }
        match name.contains(':') {
            // Of another framework, or nonsense.
            true => out.push('*'),
            false => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = rest.get(close + 1..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_patterns_mean() {
        for (written, paths) in [
            ("/users", &["/users"][..]),
            ("/static/", &["/static/*", "/static"]),
            ("/", &["/*"]),
            ("GET /users/{id}", &["/users/{id}"]),
            ("GET example.com/a/", &["/a/*", "/a"]),
            ("/files/{path...}", &["/files/*", "/files"]),
            ("POST /{$}", &["/"]),
            ("/posts/{$}", &["/posts/", "/posts"]),
        ] {
            assert_eq!(patterns(written).iter().map(|pattern| pattern.path.as_str()).collect::<Vec<_>>(), paths, "{written}");
        }
        assert_eq!(method("GET /x"), Some("GET"));
        assert_eq!(method("/x"), None);
    }
}
