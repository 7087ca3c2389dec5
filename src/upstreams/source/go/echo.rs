//! echo.

use super::super::facts::Glue;
use super::frameworks::{Framework, Pattern, colons};

pub(super) const FRAMEWORK: Framework = Framework {
    name: "Echo",
    packages: &["github.com/labstack/echo"],
    routers: &["Echo", "Group"],
    makers: &["New"],
    glue: Glue::Plain,
    caseless: false,
    patterns,
    middleware: &[
        "github.com/labstack/echo/middleware",
        "github.com/labstack/echo-contrib/session",
        "github.com/labstack/echo-jwt",
        "go.opentelemetry.io/contrib/instrumentation/github.com/labstack/echo",
    ],
    answering: &[
        "Static",
        "StaticWithConfig",
        "Proxy",
        "ProxyWithConfig",
        "Rewrite",
        "RewriteWithConfig",
        "AddTrailingSlash",
        "AddTrailingSlashWithConfig",
        "RemoveTrailingSlash",
        "RemoveTrailingSlashWithConfig",
        "HTTPSRedirect",
        "HTTPSWWWRedirect",
        "HTTPSNonWWWRedirect",
        "WWWRedirect",
        "NonWWWRedirect",
    ],
    matched_first: false,
};

/// `:id` and `*`.
pub(super) fn patterns(written: &str) -> Vec<Pattern> {
    let path = colons(written, &['/']);
    match path.strip_suffix("/*") {
        Some(front) => vec![Pattern::implied(front.to_owned()), Pattern::new(path)],
        None => vec![Pattern::new(path)],
    }
}
