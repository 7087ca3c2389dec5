//! What a trace tells: plain data, one kind for everything that nginx decides.

use super::super::location;
use super::super::uri::Refused;
use super::Hop;
use crate::config::{LocationId, ServerId};
use crate::messages::Message;
use crate::project::Place;

/// A text of which parts may not be known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Text(pub Vec<TextPart>);

/// A part of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TextPart {
    /// These bytes.
    Known(Vec<u8>),
    /// What a variable has: its name, without the `$`.
    Unknown(String),
}

/// One thing that nginx does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The directive that says so; `None` for what nginx does by itself.
    pub place: Option<Place>,
    /// What.
    pub kind: StepKind,
}

/// What nginx does in one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// The request arrives on a listening socket; the place is its `listen`.
    Socket {
        /// As in `listen`.
        address: String,
        /// The port.
        port: u16,
        /// How many servers share it.
        servers: usize,
    },
    /// Nothing listens there.
    NoSocket {
        /// As asked.
        address: String,
        /// The port.
        port: u16,
    },
    /// `ssl_reject_handshake`: there is no connection by TLS, and no request.
    HandshakeRejected,
    /// The request is refused with 400 before a server is chosen.
    BadRequest {
        /// What is wrong with the target; `None` for a missing or invalid `Host`.
        refused: Option<Refused>,
    },
    /// A server is chosen; the place is the name that did it, or the server.
    Server {
        /// The server.
        server: ServerId,
        /// Why.
        why: ServerReason,
    },
    /// A header is as if it were not there, for its name; the place is the `underscores_in_headers` that says so.
    HeaderIgnored {
        /// Its name, as sent.
        name: String,
    },
    /// The target is decoded and normalised.
    Normalized {
        /// What arrived.
        from: Text,
        /// `r->uri`
        uri: Text,
        /// `r->args`
        args: Text,
        /// [`Socket::merges_slashes`](crate::routing::Socket::merges_slashes)
        merge_slashes: bool,
    },
    /// A location is searched and chosen.
    Location {
        /// Searched with.
        uri: Text,
        /// `None`: the server's own settings.
        location: Option<LocationId>,
        /// Those looked at on the way, in nginx's order; those that lost are among them.
        search: Vec<location::Step>,
    },
    /// The URI is not known, so neither is the location.
    LocationUnknown {
        /// As far as it is known.
        uri: Text,
    },
    /// The location is `internal` and the request comes from outside: 404.
    Internal,
    /// The URI lacks only the slash at the end of the location's name: 301.
    AutoRedirect {
        /// Where to.
        to: Text,
    },
    /// `limit_except` takes the request: its block is what holds.
    LimitExcept {
        /// True when the method is not one of those listed.
        applies: bool,
    },
    /// `set`
    Set {
        /// Without the `$`.
        variable: String,
        /// What it is now.
        value: Text,
    },
    /// `if`
    If {
        /// As written.
        condition: String,
        /// What is compared, with its values.
        found: Message,
        /// Which way it went.
        holds: bool,
    },
    /// `rewrite`
    Rewrite {
        /// Matched against.
        uri: Text,
        /// The new URI with its arguments; `None` when the regex does not match.
        to: Option<Text>,
        /// What follows.
        end: RewriteEnd,
    },
    /// `break`
    Break,
    /// `return`
    Return {
        /// The status.
        status: u16,
        /// The text or URL.
        text: Option<Text>,
    },
    /// The URI was changed: the search for a location starts again.
    Again {
        /// With this.
        uri: Text,
    },
    /// More than ten changes of the URI: 500.
    TooManyChanges,
    /// An `allow` or `deny` decides.
    Access {
        /// What it means for this client.
        rule: AccessRule,
    },
    /// `auth_basic`, `auth_jwt` and the like: credentials are asked for.
    Credentials {
        /// The directive's name.
        directive: String,
    },
    /// `limit_req`, `limit_conn`: may answer 503 (or what `*_status` says).
    Limit {
        /// The directive's name.
        directive: String,
    },
    /// `auth_request`: a subrequest must answer 2xx.
    AuthRequest {
        /// Its URI.
        uri: Text,
        /// Where it goes.
        hop: Box<Hop>,
    },
    /// `mirror`: a copy of the request goes there, its answer is ignored.
    Mirror {
        /// Its URI.
        uri: Text,
        /// Where it goes.
        hop: Box<Hop>,
    },
    /// Lua or other code runs; it may do anything.
    Code {
        /// The directive's name.
        directive: String,
        /// The file, for `*_by_lua_file`.
        file: Option<String>,
        /// It may give the request another URI.
        uri: bool,
    },
    /// An argument of `try_files` is looked for.
    TryFile {
        /// As a path on the server.
        path: Text,
        /// A folder is wanted (the argument ends in a slash).
        folder: bool,
        /// What is there.
        found: FileKind,
        /// True when the search ends here.
        taken: bool,
    },
    /// The last argument of `try_files`: nothing before it was there.
    TryFallback {
        /// The status, URI or name.
        to: Text,
    },
    /// `index`: a file of a folder is looked for.
    Index {
        /// As a path on the server.
        path: Text,
        /// What is there.
        found: FileKind,
    },
    /// `error_page` takes a status.
    ErrorPage {
        /// The status.
        status: u16,
        /// The status that the client sees, when it is changed.
        becomes: Option<u16>,
        /// The URI, `@name` or URL.
        to: Text,
    },
    /// An internal redirect: from the server's rewrites on, everything starts again with a new URI.
    InternalRedirect {
        /// What makes it.
        by: Caller,
        /// The new URI.
        uri: Text,
        /// The new arguments.
        args: Text,
    },
    /// A named location takes over.
    Named {
        /// What makes it.
        by: Caller,
        /// `@name`
        name: String,
        /// `None`: there is none: 500.
        location: Option<LocationId>,
    },
    /// The URI becomes a path; the place is the `root` or `alias`.
    Path {
        /// On the server.
        path: Text,
        /// What is there.
        found: FileKind,
    },
    /// What makes the answer.
    Handler {
        /// As in [`super::Handler`].
        name: String,
    },
    /// The request goes to a backend.
    Pass {
        /// The directive's name.
        directive: String,
        /// With this method.
        method: String,
        /// Who: an upstream's name or `host:port`.
        upstream: Text,
        /// The exact URI.
        uri: Text,
        /// The upstream's addresses, where a block lists them.
        servers: Vec<String>,
    },
    /// That backend is this same configuration: the next hop goes on there.
    Lands {
        /// Through which of the upstream's addresses.
        address: String,
        /// What says so; `None` for a loopback address.
        because: Option<Message>,
    },
    /// The same request was at the same place before.
    Loop {
        /// The hop, counted from 0.
        hop: usize,
    },
    /// nginx answers.
    Status {
        /// With this.
        status: u16,
        /// Why, when no step before says it.
        why: Message,
    },
    /// The trace ends here although the request goes on.
    GaveUp {
        /// What stood in the way.
        why: Message,
    },
}

/// Why a server was chosen (`ngx_http_find_virtual_server`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerReason {
    /// No other listens there: names do not matter.
    Only,
    /// A name equals the host.
    Exact(String),
    /// The longest `*.x` or `.x`.
    Leading(String),
    /// The longest `x.*`.
    Trailing(String),
    /// The first regex that matches.
    Regex(String),
    /// No name fits; true when `default_server` says so, else it is the first one.
    Default(bool),
}

/// What becomes of a `rewrite` that matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RewriteEnd {
    /// It did not match.
    NoMatch,
    /// No flag: what follows goes on with the new URI.
    Continue,
    /// `last`
    Last,
    /// `break`
    Break,
    /// `redirect`, `permanent`, or a replacement that is a URL: the status.
    Redirect(u16),
}

/// What the access rules say about a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessRule {
    /// This one is let in.
    Allowed,
    /// This one gets 403.
    Denied,
    /// It depends on the address: who is let in.
    Depends(Vec<String>),
    /// `satisfy any`: the other checks may let it in.
    SatisfyAny,
}

/// What makes an internal redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// `error_page`
    ErrorPage,
    /// `try_files`
    TryFiles,
    /// `index`
    Index,
    /// An `X-Accel-Redirect`
    Accel,
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Nothing.
    Absent,
    /// Nobody knows.
    Unknown,
}

impl Text {
    /// A text that is known.
    pub fn known(bytes: impl Into<Vec<u8>>) -> Text {
        let bytes = bytes.into();
        if bytes.is_empty() { Text::default() } else { Text(vec![TextPart::Known(bytes)]) }
    }

    /// What a variable has, when nobody knows what.
    pub fn unknown(variable: &str) -> Text {
        Text(vec![TextPart::Unknown(variable.to_owned())])
    }

    /// The bytes, when all of it is known.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self.0.as_slice() {
            [] => Some(&[]),
            [TextPart::Known(bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// True when it surely is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, or what the variable has of which nobody knows what, where it is longer than anything that is followed: `set $a $a$a` makes
    /// one twice as long each time, and nginx has no memory for it in the end.
    pub(super) fn bounded(self, variable: &str) -> Text {
        const LONGEST: usize = 64 * 1024;
        let size = |part: &TextPart| match part {
            TextPart::Known(bytes) => bytes.len(),
            TextPart::Unknown(name) => name.len() + size_of::<TextPart>(),
        };
        let long = self.0.iter().map(size).sum::<usize>() > LONGEST;
        if long { Text::unknown(&variable.to_ascii_lowercase()) } else { self }
    }

    /// Adds a text.
    pub fn push(&mut self, other: &Text) {
        for part in &other.0 {
            match (self.0.last_mut(), part) {
                (Some(TextPart::Known(bytes)), TextPart::Known(more)) => bytes.extend_from_slice(more),
                _ => self.0.push(part.clone()),
            }
        }
    }

    /// As a person reads it: what is not known as `{$variable}`, bytes that are no text as `\xNN`.
    pub fn display(&self) -> String {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                TextPart::Unknown(name) => out.extend(["{$", name, "}"]),
                TextPart::Known(bytes) => {
                    for chunk in bytes.utf8_chunks() {
                        for letter in chunk.valid().chars() {
                            if letter.is_control() { out.extend(letter.escape_default()) } else { out.push(letter) }
                        }
                        for byte in chunk.invalid() {
                            out.push_str(&format!("\\x{byte:02x}"));
                        }
                    }
                }
            }
        }
        out
    }
}
