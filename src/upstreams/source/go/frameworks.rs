//! The router packages that are known, each with its way to write a path.

use super::super::facts::Glue;
use super::{chi, echo, fiber, gin, gorilla, net_http};

/// A package that routes requests.
pub(super) struct Framework {
    /// As people write it.
    pub(super) name: &'static str,
    /// Its import paths, without a version at the end.
    pub(super) packages: &'static [&'static str],
    /// Its types that routes are registered on.
    pub(super) routers: &'static [&'static str],
    /// Its functions that make one.
    pub(super) makers: &'static [&'static str],
    /// How a prefix and a path are put together.
    pub(super) glue: Glue,
    /// True when case does not matter, unless an option says otherwise.
    pub(super) caseless: bool,
    /// What a path that is written means.
    pub(super) patterns: fn(&str) -> Vec<Pattern>,
    /// Its import paths of middleware, and what there answers requests or changes their path. Everything else there is harmless.
    pub(super) middleware: &'static [&'static str],
    /// Names of middleware that answers requests or changes their path.
    pub(super) answering: &'static [&'static str],
    /// True when a middleware runs only for requests that have a route.
    pub(super) matched_first: bool,
}

/// A path as a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// With `{x}` and `*`.
    pub(super) path: String,
    /// True when it is a redirect that the framework adds.
    pub(super) implied: bool,
}

impl Pattern {
    pub(super) fn new(path: impl Into<String>) -> Pattern {
        Pattern { path: path.into(), implied: false }
    }

    pub(super) fn implied(path: impl Into<String>) -> Pattern {
        Pattern { path: path.into(), implied: true }
    }
}

/// All that are known.
pub(super) const FRAMEWORKS: &[&Framework] =
    &[&net_http::FRAMEWORK, &chi::FRAMEWORK, &gin::FRAMEWORK, &echo::FRAMEWORK, &fiber::FRAMEWORK, &gorilla::FRAMEWORK];

/// Packages that route requests in ways that are not read here.
const OTHERS: &[&str] = &[
    "github.com/julienschmidt/httprouter",
    "github.com/kataras/iris",
    "github.com/beego/beego",
    "github.com/astaxie/beego",
    "github.com/revel/revel",
    "github.com/gobuffalo/buffalo",
    "github.com/go-martini/martini",
    "github.com/emicklei/go-restful",
    "github.com/ant0ine/go-json-rest",
    "github.com/grpc-ecosystem/grpc-gateway",
    "github.com/zeromicro/go-zero",
    "github.com/go-kratos/kratos",
    "github.com/danielgtaylor/huma",
    "github.com/cloudwego/hertz",
    "github.com/gogf/gf",
    "github.com/uptrace/bunrouter",
    "github.com/dimfeld/httptreemux",
    "github.com/bmizerany/pat",
    "github.com/go-zoo/bone",
    "github.com/matryer/way",
    "github.com/alexedwards/flow",
    "github.com/savsgio/atreugo",
    "github.com/fasthttp/router",
    "github.com/go-fuego/fuego",
    "github.com/swaggest/rest",
    "github.com/twitchtv/twirp",
    "github.com/pocketbase/pocketbase",
    "github.com/gorilla/pat",
    "github.com/vardius/gorouter",
    "github.com/savsgio/fastrouter",
    "github.com/go-ozzo/ozzo-routing",
    "github.com/aerogo/aero",
    "github.com/gorilla/rpc",
    "connectrpc.com/connect",
    "connectrpc.com/vanguard",
    "goji.io",
    "goa.design/goa",
    "goyave.dev/goyave",
    "github.com/goravel/framework",
    "github.com/googollee/go-socket.io",
    "github.com/improbable-eng/grpc-web",
    "gofr.dev/pkg/gofr",
    "github.com/dunglas/frankenphp",
    "github.com/caddyserver/caddy",
    "github.com/getkin/kin-openapi/routers",
    "github.com/gin-gonic/gin/ginS",
];

/// The framework of an import path.
pub(super) fn of_package(path: &str) -> Option<&'static Framework> {
    let path = without_version(path);
    FRAMEWORKS.iter().copied().find(|framework| framework.packages.contains(&path))
}

/// The framework that an import path is a package of middleware of.
pub(super) fn middleware_of(path: &str) -> Option<&'static Framework> {
    let plain = plain(path);
    FRAMEWORKS.iter().copied().find(|framework| framework.middleware.iter().any(|known| is_in(&plain, known)))
}

/// True for a package that routes requests in a way that is not read here.
pub(super) fn is_other(path: &str) -> bool {
    let plain = without_version(path);
    OTHERS.iter().any(|known| is_in(plain, known))
}

/// True for a package of a framework or of its middleware, by its path without versions.
pub(super) fn has(plain: &str) -> bool {
    let mut known = FRAMEWORKS.iter().flat_map(|framework| framework.packages.iter().chain(framework.middleware));
    known.any(|known| is_in(plain, known))
}

/// True for a module's package, or the module itself.
pub(super) fn is_in(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// An import path without versions: `github.com/jackc/pgx/v5/pgxpool`, `gopkg.in/yaml.v3`.
pub(super) fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').filter(|part| !is_version(part)).collect();
    if parts.first() == Some(&"gopkg.in") {
        for part in &mut parts {
            *part = part.rsplit_once('.').filter(|(_, version)| is_version(version)).map_or(part, |(name, _)| name);
        }
    }
    parts.join("/")
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// An import path without `/v5` at its end.
pub(super) fn without_version(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((front, last)) if is_version(last) => front,
        _ => path,
    }
}

/// The name that a package has where it is imported without one.
pub(super) fn package_name(path: &str) -> &str {
    let plain = without_version(path);
    let last = plain.rsplit('/').next().unwrap_or(plain);
    let last = last.strip_prefix("go-").unwrap_or(last);
    last.split('.').next().unwrap_or(last)
}

/// What any framework here may mean by a path: for a router of which the framework can't be seen.
pub(super) fn any_patterns(written: &str) -> Vec<Pattern> {
    let mut out = match written.contains('{') {
        true if written.contains("...") || written.contains('$') => net_http::patterns(written),
        true => gorilla::patterns(written),
        false => {
            fiber::patterns(net_http::method(written).map_or(written, |method| written.get(method.len()..).unwrap_or("").trim_start()))
        }
    };
    for path in out.iter().map(|pattern| pattern.path.clone()).collect::<Vec<_>>() {
        if path.ends_with('/') {
            out.push(Pattern::new(format!("{path}*")));
        }
        out.extend(other_slash(&path).map(Pattern::implied));
    }
    out
}

/// A path whose segments are parameters when they begin with `:`, and anything from a `*` on.
pub(super) fn colons(written: &str, ends: &[char]) -> String {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        match c {
            ':' => {
                let end = after.find(ends).unwrap_or(after.len());
                let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                out.push('{');
                out.push_str(if name.is_empty() { "x" } else { &name });
                out.push('}');
                rest = after.get(end..).unwrap_or("");
            }
            '*' => {
                out.push('*');
                return out;
            }
            '{' | '}' => {
                out.push_str("{x}");
                rest = after;
            }
            c => {
                out.push(c);
                rest = after;
            }
        }
    }
    out
}

/// A path whose parameters are `{name}` or `{name:regex}`; `spans` tells whether such a regular expression can match more than a segment.
pub(super) fn braces(written: &str, spans: fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(open) = rest.find('{') {
        out.push_str(rest.get(..open).unwrap_or(""));
        let inside = rest.get(open + 1..).unwrap_or("");
        let mut depth = 1usize;
        let end = inside.char_indices().find_map(|(at, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(at)
        });
        let Some(end) = end else {
            out.push('*');
            return out;
        };
        let written = inside.get(..end).unwrap_or("");
        let (name, regex) = written.split_once(':').unwrap_or((written, ""));
        if spans(regex) {
            out.push('*');
        } else {
            let name: String = name.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
            out.push('{');
            out.push_str(if name.is_empty() { "x" } else { &name });
            out.push('}');
        }
        rest = inside.get(end + 1..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// A path with a slash more or less at its end; nothing behind a `*`.
pub(super) fn other_slash(path: &str) -> Option<String> {
    if path.ends_with('*') {
        return path.strip_suffix("/*").map(str::to_owned);
    }
    match path.strip_suffix('/') {
        Some(front) => Some(front.to_owned()),
        None => Some(format!("{path}/")),
    }
}
