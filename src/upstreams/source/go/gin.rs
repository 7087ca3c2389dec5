//! gin.

use super::super::facts::Glue;
use super::frameworks::{Framework, Pattern, colons, other_slash};

pub(super) const FRAMEWORK: Framework = Framework {
    name: "gin",
    packages: &["github.com/gin-gonic/gin"],
    routers: &["Engine", "RouterGroup", "IRouter", "IRoutes"],
    makers: &["New", "Default"],
    glue: Glue::Slash,
    caseless: false,
    patterns,
    middleware: &[
        "github.com/gin-gonic/gin",
        "github.com/gin-contrib/cors",
        "github.com/gin-contrib/gzip",
        "github.com/gin-contrib/logger",
        "github.com/gin-contrib/requestid",
        "github.com/gin-contrib/secure",
        "github.com/gin-contrib/sessions",
        "github.com/gin-contrib/size",
        "github.com/gin-contrib/timeout",
        "github.com/gin-contrib/zap",
        "go.opentelemetry.io/contrib/instrumentation/github.com/gin-gonic/gin",
    ],
    answering: &["WrapF", "WrapH"],
    matched_first: false,
};

/// `:id` and `*rest`; what has a slash more or less is redirected.
pub(super) fn patterns(written: &str) -> Vec<Pattern> {
    let path = colons(written, &['/']);
    let mut out = vec![Pattern::new(path.clone())];
    out.extend(other_slash(&path).map(Pattern::implied));
    out
}
