//! The gateway's map: which URL leads to which location, from there to which backend, and to which of its routes; and the routes that
//! nothing leads to. Plain data in the reader's language, without any IO.
//!
//! [`of`] makes it of an [`Analysis`]; as it stands it is the JSON for programs (docs/output.md), [`openapi`] writes it as a description of
//! the public API.

mod gather;
pub mod openapi;
pub(super) mod reach;

use serde::Serialize;

pub(super) use gather::{Gatherer, pass};
pub use gather::{names_of, of};

use crate::messages::printable::escaped;
use crate::project::{Place, REPORT_MARK};

/// Version of the schema.
pub const VERSION: u32 = 1;

/// All of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Map {
    /// By which this program knows its own output again: what is listed here is nobody's use of it.
    pub mark: &'static str,
    /// [`VERSION`]
    pub version: u32,
    /// What made it.
    pub tool: Tool,
    /// The tag of the language that its sentences are in.
    pub language: &'static str,
    /// Absolute path of the folder that files are relative to.
    pub workspace: String,
    /// Every server of every configuration, in reading order.
    pub servers: Vec<Server>,
    /// The backends' routes that no location passes on.
    pub unreachable: Vec<Unreachable>,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// A server.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Server {
    /// The file where its configuration starts.
    pub configuration: String,
    /// The file that it is written in.
    pub file: String,
    /// The line.
    pub line: u32,
    /// As messages name it: `server shop.example:80`.
    pub server: String,
    /// Its `server_name`s.
    pub names: Vec<String>,
    /// What its URLs begin with, `*` for any host: `https://shop.example`. Empty where it only listens on sockets, is not known, or is dead.
    pub urls: Vec<String>,
    /// True where it is proven that no request gets to it.
    pub dead: bool,
    /// Its locations, in reading order.
    pub locations: Vec<Location>,
}

/// A location.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Location {
    /// The file that it is written in.
    pub file: String,
    /// The line.
    pub line: u32,
    /// As a person writes it: `= /a`, `~ \.php$`.
    pub location: String,
    /// Its URIs, where a text says it: `/a`, `/api/*`; `None` for a regex, and for what no client's URI selects.
    pub path: Option<String>,
    /// True where no client gets in.
    pub internal: bool,
    /// True where it is proven that no request gets to it, or to its server.
    pub dead: bool,
    /// The methods that a `limit_except` lets in, where it keeps all others out; empty for any.
    pub methods: Vec<String>,
    /// What answers.
    pub kind: Kind,
    /// The directive that says so, as it is written.
    pub written: String,
    /// The status of a `return`.
    pub status: Option<u16>,
    /// Where a `return` sends the client, what a `try_files` falls back on.
    pub target: Option<String>,
    /// The Lua file that answers.
    pub handler: Option<String>,
    /// Where it passes requests on to.
    pub passes: Vec<Pass>,
}

/// What answers a location's requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A backend.
    Pass,
    /// `return` that sends the client elsewhere.
    Redirect,
    /// `return`
    Return,
    /// Lua code.
    Lua,
    /// Files.
    Files,
    /// Another module.
    Other,
}

/// A `*_pass`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pass {
    /// The file that it is written in.
    pub file: String,
    /// The line.
    pub line: u32,
    /// Where that is, for an editor.
    #[serde(skip)]
    pub place: Place,
    /// As it is written.
    pub written: String,
    /// `http`, `https`, `grpc`, `fastcgi`, …; `None` where that can't be told.
    pub scheme: Option<String>,
    /// The `upstream` block.
    pub upstream: Option<Named>,
    /// Who may answer. Empty where that can't be told.
    pub backends: Vec<Backend>,
}

/// A thing of a name, and where it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// Where that is, for an editor.
    #[serde(skip)]
    pub place: Place,
}

/// Who may answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backend {
    /// The service or product, else the address.
    pub name: String,
    /// `host:port`, as the configuration has them.
    pub addresses: Vec<String>,
    /// The compose service.
    pub service: Option<Named>,
    /// Its image.
    pub image: Option<String>,
    /// The folder of its source.
    pub source: Option<String>,
    /// The frameworks that its source uses.
    pub frameworks: Vec<String>,
    /// Servers of the same configuration: the way goes on there.
    pub servers: Vec<String>,
    /// How well its routes are known.
    pub known: Known,
    /// Why they are not, or not all; below which prefixes they are.
    pub why: Option<String>,
    /// Those that the location's requests get to.
    pub routes: Vec<Route>,
}

/// How well the routes of a backend are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Known {
    /// All of them.
    Complete,
    /// Some.
    Incomplete,
    /// None, or not which of them a request gets to.
    Unknown,
    /// It is this same nginx.
    Here,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Route {
    /// `GET`, …; empty for any.
    pub methods: Vec<String>,
    /// What a client asks for, below one of the server's URLs; `None` where that can't be told, or nobody can.
    pub path: Option<String>,
    /// Its path as the backend has it: `*` is any text, `{name}` one segment.
    pub route: String,
    /// True for what a framework adds.
    pub implied: bool,
    /// The file that it is written in.
    pub file: Option<String>,
    /// The line.
    pub line: Option<u32>,
    /// Where that is, for an editor.
    #[serde(skip)]
    pub place: Option<Place>,
}

/// A backend with routes that no location passes on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unreachable {
    /// The file where the configuration starts that passes nothing on to them.
    pub configuration: String,
    /// The service.
    pub name: String,
    /// The compose service.
    pub service: Option<Named>,
    /// The routes.
    pub routes: Vec<Route>,
}

impl Map {
    /// As one JSON object.
    pub fn json(&self) -> serde_json::Result<String> {
        let mut out = escaped(serde_json::to_string_pretty(self)?);
        out.push('\n');
        Ok(out)
    }
}

/// The mark and the program, at the beginning of each format.
fn head() -> (&'static str, Tool) {
    (REPORT_MARK, Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })
}
