//! chi.

use super::super::facts::Glue;
use super::frameworks::{Framework, Pattern, braces};

pub(super) const FRAMEWORK: Framework = Framework {
    name: "chi",
    packages: &["github.com/go-chi/chi", "github.com/pressly/chi"],
    routers: &["Router", "Mux", "Routes"],
    makers: &["NewRouter", "NewMux"],
    glue: Glue::Slash,
    caseless: false,
    patterns,
    middleware: &[
        "github.com/go-chi/chi/middleware",
        "github.com/go-chi/cors",
        "github.com/go-chi/httplog",
        "github.com/go-chi/httprate",
        "github.com/go-chi/jwtauth",
        "github.com/go-chi/render",
        "github.com/go-chi/telemetry",
        "github.com/rs/cors",
    ],
    answering: &[
        "Heartbeat",
        "StripSlashes",
        "RedirectSlashes",
        "CleanPath",
        "PathRewrite",
        "URLFormat",
        "GetHead",
        "PageRoute",
        "Maybe",
        "New",
        "Profiler",
        "SupressNotFound",
        "RouteHeaders",
    ],
    matched_first: false,
};

/// `{id}`, `{id:[0-9]+}` and a `*` at the end. A router's `/` answers without the slash too where it is mounted.
pub(super) fn patterns(written: &str) -> Vec<Pattern> {
    // A parameter ends at the next slash, whatever its expression.
    let path = match written.split_once(['*', '{']) {
        Some((front, _)) if written.as_bytes().get(front.len()) == Some(&b'*') => format!("{front}*"),
        _ => braces(written, |_| false),
    };
    match path.as_str() {
        "/" => vec![Pattern::new("/"), Pattern::new("")],
        _ => vec![Pattern::new(path)],
    }
}
