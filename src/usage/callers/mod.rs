//! Who in the workspace calls the gateway: pages and scripts, health checks, scrape configurations, tests, documentation.
//!
//! What a file says is read without knowing any configuration: [`Caller`]s name a URL as it is written. Which location that
//! leads to is for the graph to say.
//!
//! One file a language or format. Code is parsed, never searched: a comment, a text that only looks like a request, the route that a
//! backend defines are no callers. [`scan`] finds the files and keeps what was read of them.

mod collections;
mod command;
mod compose;
mod css;
mod dockerfile;
mod documentation;
mod formats;
mod go;
mod html;
mod javascript;
mod kubernetes;
mod link;
mod lua;
mod openapi;
mod prometheus;
mod python;
mod recipes;
pub mod resolve;
mod scan;
mod shell;
mod ssi;
mod tools;
mod value;

use std::fmt;
use std::sync::Arc;

use tree_sitter::Node;

use crate::project::Place;
use crate::text::Span;
use crate::upstreams::source::syntax::{nodes, parse};
pub use scan::{Cache, LeftOut, scan};

/// One place where something asks for a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Where it is written: the URL's text.
    pub place: Place,
    /// What asks.
    pub kind: Kind,
    /// `GET`, … where it is known.
    pub method: Option<Arc<str>>,
    /// What is asked for.
    pub url: Url,
    /// The compose service, pod or image in which it runs, where that is known: `localhost` means that one.
    pub service: Option<Arc<str>>,
}

/// What asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `healthcheck` of a compose file, `HEALTHCHECK` of a Dockerfile
    HealthCheck,
    /// A Kubernetes probe or lifecycle hook, an ingress's or load balancer's check
    Probe,
    /// A Prometheus or other scrape configuration
    Scrape,
    /// A command that runs with a service or by a timer: compose `command`, a Dockerfile's `CMD`, a crontab
    Command,
    /// `fetch`, axios, `XMLHttpRequest`, `EventSource`, `WebSocket`
    Fetch,
    /// A form's `action`
    Form,
    /// A link that a person can follow: `href`, `location.href = …`
    Link,
    /// `src`, `<link rel=stylesheet>`, `import`: loaded with the page
    Resource,
    /// `<!--# include virtual="…" -->`: nginx puts the answer of a subrequest there, where the page is served with `ssi on`
    Ssi,
    /// Lua: resty.http and the like
    Lua,
    /// Source code of an application that is no page (Python, Go, Node)
    Code,
    /// A shell script, a Makefile, a workflow of CI
    Script,
    /// A test: its path or framework says so
    Test,
    /// `.http`, Postman, HAR, Bruno, Insomnia
    Collection,
    /// A path that an OpenAPI file lists
    OpenApi,
    /// Markdown, text, a comment in a configuration
    Documentation,
}

/// How much it says of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// Somebody wrote it down: documentation, OpenAPI.
    Mentioned,
    /// It is asked for when somebody runs it by hand or in CI: scripts, tests, collections.
    Tried,
    /// It is asked for when something else is used: a page, code.
    Follows,
    /// It is asked for by itself, all the time: health checks, probes, scrapes, commands.
    Runs,
}

/// A URL as it is written, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Url {
    /// `http`, `https`, `ws`, `wss`, in lower case; `None` for one that is relative to the origin.
    pub scheme: Option<Arc<str>>,
    /// The host; `None` for one that is relative.
    pub host: Host,
    /// The port, where it is written.
    pub port: Option<u16>,
    /// The path, without query and fragment, as written.
    pub path: Path,
}

/// A URL's host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Host {
    /// Relative to the page or to whatever sends it.
    #[default]
    Relative,
    /// This one, in lower case. A default of a variable (`${HOST:-gateway.example.com}`) counts as it.
    Named(Arc<str>),
    /// It is computed (`$BASE`, `process.env.API`): nobody knows.
    Unknown,
}

/// A URL's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path {
    /// Begins with `/`.
    Exact(Arc<str>),
    /// Begins with this (which begins with `/`); the rest is computed: `/api/users/${id}`.
    Prefix(Arc<str>),
    /// Relative to the page's own path: `data.json`, `../x`.
    Relative(Arc<str>),
    /// This, behind something that is not known: `${BASE}/api/users`. Begins with `/`; the flag says that the rest is computed, too.
    Suffix(Arc<str>, bool),
}

impl Default for Path {
    fn default() -> Self {
        Path::Exact("/".into())
    }
}

impl Kind {
    /// How much it says of use.
    pub fn strength(self) -> Strength {
        match self {
            Kind::HealthCheck | Kind::Probe | Kind::Scrape | Kind::Command => Strength::Runs,
            Kind::Fetch | Kind::Form | Kind::Link | Kind::Resource | Kind::Ssi | Kind::Lua | Kind::Code => Strength::Follows,
            Kind::Script | Kind::Test | Kind::Collection => Strength::Tried,
            Kind::OpenApi | Kind::Documentation => Strength::Mentioned,
        }
    }
}

/// Everything in a workspace that calls something.
#[derive(Debug, Clone, Default)]
pub struct Callers {
    /// In the order of the files, then of the places.
    pub all: Vec<Arc<Caller>>,
    /// How many files were read.
    pub files: usize,
    /// Files that were not looked at, and why.
    pub left_out: Vec<(Arc<std::path::Path>, LeftOut)>,
    /// Languages that are not read, by name, with the number of their files: what calls something there is not known.
    pub unread: Vec<(&'static str, usize)>,
}

impl fmt::Display for Url {
    /// `http://host:80/x`; `?` for a host and `…` for a part that nobody knows, `./x` for a path relative to a page.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.host, &self.scheme) {
            (Host::Relative, _) => {}
            (Host::Named(host), Some(scheme)) => write!(f, "{scheme}://{host}")?,
            (Host::Named(host), None) => write!(f, "//{host}")?,
            (Host::Unknown, Some(scheme)) => write!(f, "{scheme}://?")?,
            (Host::Unknown, None) => f.write_str("?")?,
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        match &self.path {
            Path::Exact(path) => f.write_str(path),
            Path::Prefix(path) => write!(f, "{path}…"),
            Path::Relative(path) => write!(f, "./{path}"),
            Path::Suffix(path, more) => write!(f, "…{path}{}", if *more { "…" } else { "" }),
        }
    }
}

/// What a reader finds: a [`Caller`] without its file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    span: Span,
    kind: Kind,
    method: Option<Arc<str>>,
    url: Url,
    service: Option<Arc<str>>,
}

/// The named children without comments.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// The span of a text inside another one, where it is written out; else all of it. For what was decoded before it was read.
fn narrow(source: &str, whole: Span, url: &Url) -> Span {
    let within = source.get(whole.range()).unwrap_or("");
    let path = match &url.path {
        Path::Exact(path) | Path::Prefix(path) | Path::Relative(path) | Path::Suffix(path, _) => path,
    };
    let written = match (&url.host, url.port) {
        (Host::Named(host), Some(port)) => Some(format!("{host}:{port}{path}")),
        (Host::Named(host), None) => Some(format!("{host}{path}")),
        _ => None,
    };
    let found = written.and_then(|text| Some((within.find(&text)?, text.len()))).or_else(|| Some((within.find(&**path)?, path.len())));
    let Some((mut at, mut length)) = found.filter(|_| path.len() > 1) else { return whole };
    if let Some(scheme) = &url.scheme {
        let head = format!("{scheme}://");
        if within[..at].ends_with(&head) {
            at -= head.len();
            length += head.len();
        }
    }
    let start = whole.start + at as u32;
    Span::new(start, start + length as u32)
}
