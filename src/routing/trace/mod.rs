//! A request's whole way through a configuration, step by step, as nginx takes it.
//!
//! [`trace`] runs the phases of `ngx_http_core_run_phases` on one request. What can't be known (a client's address, a file that
//! is not here, a backend's answer) does not stop it: each such question is answered one way and then the other, and every [`Way`]
//! that comes of it carries the conditions that it depends on.
//!
//! **Architecture Invariant:** it is pure. Everything outside the configuration is asked of [`Surroundings`].

mod access;
mod arrive;
mod content;
mod decide;
mod files;
mod finish;
mod lookup;
mod pass;
mod referer;
mod rewrite;
mod run;
mod script;
mod step;
#[cfg(test)]
mod tests;
mod variables;

pub use arrive::refuses;
pub use lookup::Lookup;
pub use step::{AccessRule, Caller, FileKind, RewriteEnd, ServerReason, Step, StepKind, Text, TextPart};

use std::net::IpAddr;

use super::Router;
use crate::config::{Config, EntryId, LocationId, ServerId};
use crate::messages::Message;
use crate::project::Place;

/// A request as a client sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where it arrives: an address as in `listen` (`*` where only the port is known).
    pub address: String,
    /// Where it arrives.
    pub port: u16,
    /// Over TLS.
    pub tls: bool,
    /// The server that gets it, where that is known otherwise: its name is not asked then.
    pub server: Option<ServerId>,
    /// HTTP/1.0, where a request needs no `Host`.
    pub http_1_0: bool,
    /// `GET`, …; as sent.
    pub method: String,
    /// The target of the request line: `/path?query`, or absolute.
    pub target: Vec<u8>,
    /// Name and value, as sent, `Host` among them. A header that is not here is not sent.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The client's address, when it is known.
    pub client: Option<IpAddr>,
}

impl Request {
    /// A GET over HTTP/1.1 that arrives at port 80 in the clear, without a header.
    pub fn get(target: impl Into<Vec<u8>>) -> Request {
        Request {
            address: "*".into(),
            port: 80,
            tls: false,
            server: None,
            http_1_0: false,
            method: "GET".into(),
            target: target.into(),
            headers: Vec::new(),
            client: None,
        }
    }
}

/// What a trace must ask of the world outside the configuration.
pub trait Surroundings {
    /// What is at a path on the server (absolute, or relative to nginx's prefix).
    fn file(&self, path: &str) -> FileKind;
    /// Where a connection to this host and port gets, made by the machine that runs this configuration.
    fn lands(&self, host: &str, port: u16) -> Landing;
    /// What a backend answers, where somebody knows.
    fn answer(&self, upstream: &Text, uri: &Text) -> Option<Answer> {
        let _ = (upstream, uri);
        None
    }
    /// What the code of a directive (`access_by_lua_file`, …) can change; anything, where nobody has read it.
    fn code(&self, directive: EntryId) -> Effects {
        let _ = directive;
        Effects::default()
    }
}

/// What a backend answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// `X-Accel-Redirect`
    pub accel: Option<String>,
}

/// What code may do to a request besides answering it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effects {
    /// The variables that it may set, without the `$`; `None` when it may set any.
    pub variables: Option<Vec<String>>,
    /// It gives the request another URI, perhaps, and goes on with it where it is (`ngx.req.set_uri`).
    pub uri: bool,
}

/// Follows a request. Every [`Way`] is complete; with more than two dozen of them the rest is left out.
pub fn trace(config: &Config, router: &Router, surroundings: &dyn Surroundings, request: &Request) -> Trace {
    trace_with(config, router, &Lookup::build(config), surroundings, request)
}

/// The same with what requests ask of the configuration looked up already, for many of them.
pub fn trace_with(config: &Config, router: &Router, lookup: &Lookup, surroundings: &dyn Surroundings, request: &Request) -> Trace {
    decide::all_ways(|decisions| run::Run::new(config, router, lookup, surroundings, decisions).follow(request))
}

/// Who answers at a host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    /// This same configuration: as if a client had come to this address and port.
    Here {
        /// As in `listen`.
        address: String,
        /// The port.
        port: u16,
        /// Why that is so, where a file says it (`container_name` in a compose file); none for a loopback address.
        evidence: Option<(Place, Message)>,
    },
    /// This same configuration, if the name leads to this machine: one of its servers has it.
    Perhaps {
        /// As in `listen`.
        address: String,
        /// The port.
        port: u16,
        /// The `server_name`.
        name: Place,
    },
    /// Somebody else, or nobody knows.
    Elsewhere,
}

/// All ways that a request can take.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// The first is the one on which files that nobody knows are not there, what is not known does not match, and what is asked
    /// (an `auth_request`, a backend) answers well. With one way, the trace is certain.
    pub ways: Vec<Way>,
    /// True when there would have been more ways than are followed.
    pub gave_up: bool,
}

/// One way, complete from the socket to the handler.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Way {
    /// What must hold for it; none for what is certain.
    pub conditions: Vec<Condition>,
    /// Each pass through a server of this configuration.
    pub hops: Vec<Hop>,
}

/// Something that can't be known from the configuration, the request and the files at hand, taken as answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Where it decides: the hop, and the step in it that is the first to depend on it.
    pub hop: usize,
    /// See `hop`.
    pub step: usize,
    /// Where the configuration asks.
    pub place: Option<Place>,
    /// As a person says it: `$remote_addr is 10.0.0.1`, `/srv/www/a.html does not exist`.
    pub text: Message,
}

/// One pass through a server: from a socket to a handler.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hop {
    /// `GET`, …
    pub method: String,
    /// The request's target as it arrives.
    pub target: Text,
    /// The `Host` as it arrives.
    pub host: Text,
    /// The server; `None` where nothing listens, or nginx refuses the request before it looks for one.
    pub server: Option<ServerId>,
    /// The location that finally answers; `None` for the server's own settings.
    pub location: Option<LocationId>,
    /// What makes the answer; `None` where nginx refuses before any does.
    pub handler: Option<Handler>,
    /// For `proxy_pass` and its relatives: who gets the request (an upstream's name or `host:port`).
    pub upstream: Option<Text>,
    /// For `proxy_pass` and its relatives: the exact URI that is sent (for FastCGI, uWSGI and SCGI: `SCRIPT_NAME`).
    pub upstream_uri: Option<Text>,
    /// The status that nginx answers with; `None` where the handler decides.
    pub status: Option<u16>,
    /// The connection is closed at once, without an answer (`ngx_http_terminate_request`). A log has the status, unless it has that of an
    /// `error_page` before.
    pub terminated: bool,
    /// Where a redirect sends the client.
    pub redirect: Option<Text>,
    /// The file that is served, as a path on the server.
    pub file: Option<Text>,
    /// Nobody knows whether the file is there, and no other way is the one without it: nginx may answer 404.
    pub may_lack: bool,
    /// `r->uri` at the end.
    pub uri: Text,
    /// `r->args` at the end.
    pub args: Text,
    /// What happened, in order.
    pub steps: Vec<Step>,
}

/// What makes the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handler {
    /// `proxy_pass`, `content_by_lua_file`, `return`, …; `static` for files, `index` for a folder's listing, `redirect` for
    /// nginx's own to a slash.
    pub name: String,
    /// The directive; `None` for what nginx does by itself.
    pub entry: Option<EntryId>,
}
