//! From a socket to a server: what `ngx_http_request.c` does before the phases begin.

use std::sync::Arc;

use super::Hop;
use super::run::{Run, State, URI_CHANGES};
use super::step::{ServerReason, StepKind, Text};
use crate::config::{Config, EntryId, ServerId};
use crate::phrase;
use crate::project::Place;
use crate::routing::Socket;
use crate::routing::server::{Chosen, is_valid_host, normal_host};
use crate::routing::uri::parse_target;

/// nginx's own status of a request without TLS on a socket that speaks it (`NGX_HTTP_TO_HTTPS`).
const PLAIN_TO_TLS: u16 = 497;

/// A request as it comes to a socket.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrival {
    pub(super) address: String,
    pub(super) port: u16,
    pub(super) tls: bool,
    pub(super) server: Option<ServerId>,
    /// `HTTP/1.1`; `None` where that is not known.
    pub(super) protocol: Option<&'static str>,
    pub(super) method: String,
    pub(super) target: Text,
    pub(super) headers: Vec<(String, Text)>,
    /// The client's address.
    pub(super) client: Option<std::net::IpAddr>,
}

impl Arrival {
    /// The value of a header, several joined as nginx does (`ngx_http_variable_unknown_header`).
    pub(super) fn header(&self, matches: impl Fn(&str) -> bool) -> Option<Text> {
        let mut out: Option<Text> = None;
        for (_, value) in self.headers.iter().filter(|(name, _)| matches(name)) {
            match &mut out {
                None => out = Some(value.clone()),
                Some(out) => {
                    out.push_bytes(b", ");
                    out.push(value);
                }
            }
        }
        out
    }

    fn host(&self) -> Option<&Text> {
        self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, value)| value)
    }
}

/// Is a request with this method answered with 405 before a location is looked for? (`ngx_http_process_request_header`: `TRACE`, and from
/// 1.21.1 on `CONNECT`, which a module may allow.)
pub fn refuses(config: &Config, method: &str) -> bool {
    match method {
        "TRACE" => true,
        "CONNECT" => config.all("allow_connect").is_empty(),
        _ => false,
    }
}

impl Run<'_> {
    pub(super) fn arrive(&mut self, arrival: Arrival) {
        // Its place among the hops is before those that it leads to.
        let index = self.hops.len();
        self.hops.push(Hop::default());
        let (seen, outer) = (self.seen.len(), std::mem::replace(&mut self.at, index));
        self.receive(arrival);
        self.seen.truncate(seen);
        self.at = outer;
        if !matches!(self.hop.status, Some(201 | 301 | 302 | 303 | 307 | 308)) {
            self.hop.redirect = None;
        }
        // The settings hold that are in force when the answer is sent, after an `error_page`, too.
        self.hop.redirect = self.hop.redirect.take().map(|to| self.absolute(to));
        self.hop.location = self.state.location;
        self.hop.uri = self.state.uri.clone();
        self.hop.args = self.state.args.clone();
        if let Some(place) = self.hops.get_mut(index) {
            *place = std::mem::take(&mut self.hop);
        }
    }

    fn receive(&mut self, arrival: Arrival) {
        self.hop = Hop { method: arrival.method.clone(), target: arrival.target.clone(), ..Hop::default() };
        let arrival = Arc::new(arrival);
        self.state = State { method: arrival.method.clone(), uri_changes: URI_CHANGES, arrival: arrival.clone(), ..State::default() };
        let Some(socket) = self.router.socket(&arrival.address, arrival.port) else {
            return self.step(None, StepKind::NoSocket { address: arrival.address.clone(), port: arrival.port });
        };
        let (default, servers) = (socket.default, socket.servers.len());
        // `ngx_http_process_request`, "client sent plain HTTP request to HTTPS port"
        let plain = socket.tls && !socket.quic && !arrival.tls;
        let listen = self.listen(default, socket);
        self.step(listen, StepKind::Socket { address: socket.address.to_string(), port: socket.port, servers });
        // A client names by SNI whom it names in the header.
        let sni = || arrival.server.or_else(|| socket.by_sni(arrival.host()?.bytes()?));
        let merge_slashes = socket.merges_slashes(arrival.tls.then(sni).flatten());
        self.state.block = Some(self.config.server(default).entry);
        // Whom nginx itself names by SNI when it passes a request on is another question.
        let client = self.at == 0 && arrival.tls && socket.tls;
        if client && let Some(rejects) = self.rejects(sni().unwrap_or(default)) {
            return self.step(self.place(rejects), StepKind::HandshakeRejected);
        }
        let Some(raw) = arrival.target.bytes().map(<[u8]>::to_vec) else {
            let uri = arrival.target.clone();
            return self.step(None, StepKind::LocationUnknown { uri });
        };
        // `ngx_http_parse_request_line`
        if arrival.method.is_empty() || !arrival.method.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-')) {
            self.state.server = Some(default);
            self.hop.server = Some(default);
            self.status(400, phrase!("trace-method-capitals"));
            return self.finalize(400);
        }
        let target = match parse_target(&raw, merge_slashes) {
            Ok(target) => target,
            Err(refused) => {
                self.state.server = Some(default);
                self.hop.server = Some(default);
                self.step(None, StepKind::BadRequest { refused: Some(refused) });
                return self.finalize(400);
            }
        };
        let host = target.host.clone().map(Text::known).or_else(|| arrival.host().cloned());
        self.hop.host = host.clone().unwrap_or_default();
        // The server is chosen, and the URI known, when nginx misses the header: its `error_page` holds.
        let nameless = arrival.host().is_none() && arrival.protocol == Some("HTTP/1.1");
        // The header is looked at even where the target has a host of its own.
        let is_invalid = |host: Option<&Text>| host.and_then(Text::bytes).is_some_and(|host| !is_valid_host(host));
        let chosen = !is_invalid(host.as_ref());
        let invalid = !chosen || is_invalid(arrival.host());
        let host = host.unwrap_or_default();
        let (server, why) = match (arrival.server, host.bytes()) {
            (Some(server), _) => (server, Chosen::Only),
            (None, Some(_)) if !chosen => (default, Chosen::Default),
            (None, Some(bytes)) => socket.choose(bytes),
            (None, None) if servers < 2 => (default, Chosen::Only),
            (None, None) => {
                let why = phrase!("trace-server-depends", host = host.display());
                return self.step(None, StepKind::GaveUp { why });
            }
        };
        self.state.host = host.bytes().map_or_else(|| host.clone(), |bytes| Text::known(normal_host(bytes)));
        self.choose(server, default, why);
        self.leave_headers(server);
        let mut without_path = false;
        let path_and_args = match &target.host {
            // Only the path counts as the request's own URI.
            Some(_) => raw.windows(3).position(|three| three == b"://").and_then(|at| {
                let rest = raw.get(at + 3..)?;
                let start = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
                let path = rest.get(start..)?;
                // Without a query either, nginx takes a slash of `://` for the URI.
                without_path = path.first() == Some(&b'?');
                Some(if path.first() == Some(&b'/') { path.to_vec() } else { [b"/", path].concat() })
            }),
            None => None,
        };
        let raw = path_and_args.unwrap_or(raw);
        let path = raw.split(|byte| matches!(byte, b'?' | b'#')).next().unwrap_or_default();
        self.state.quoted = path.contains(&b'%');
        self.state.plus = path.contains(&b'+') || path.windows(3).any(|three| three.eq_ignore_ascii_case(b"%2b"));
        self.state.target = Text::known(raw);
        self.state.uri = Text::known(target.uri);
        self.state.args = Text::known(target.args.unwrap_or_default());
        // `ngx_http_process_request_uri`, `empty_path_in_uri`
        self.state.valid_unparsed = !without_path;
        let seen = (server, arrival.method.clone(), self.state.target.clone(), host);
        if let Some((_, hop)) = self.seen.iter().find(|(other, _)| *other == seen) {
            return self.step(None, StepKind::Loop { hop: *hop });
        }
        self.seen.push((seen, self.at));
        let (from, uri, args) = (self.state.target.clone(), self.state.uri.clone(), self.state.args.clone());
        self.step(None, StepKind::Normalized { from, uri, args, merge_slashes });
        if nameless || invalid {
            self.step(None, StepKind::BadRequest { refused: None });
            self.finalize(400);
        } else if refuses(self.config, &self.state.method) {
            self.status(405, phrase!("trace-method-refused", method = &self.state.method));
            self.finalize(405);
        } else if plain {
            self.status(400, phrase!("trace-plain-to-tls"));
            self.finalize(PLAIN_TO_TLS);
            // Without a page it is 400 to the client (`ngx_http_special_response_handler`).
            self.hop.status = self.hop.status.map(|status| if status == PLAIN_TO_TLS { 400 } else { status });
        } else {
            self.handle();
        }
    }

    /// Leaves out the headers whose names nginx takes for invalid (`ngx_http_parse_header_line`, `ngx_http_process_request_headers`): the
    /// settings are those of the server that `Host` chooses, which clients send first.
    fn leave_headers(&mut self, server: ServerId) {
        let block = self.config.server(server).entry;
        let off = |entry: EntryId| self.config.directive(entry).arg(0) == Some("off");
        if self.config.inherited(block, "ignore_invalid_headers").is_some_and(off) {
            return;
        }
        let underscores = self.flag(block, "underscores_in_headers");
        let is_valid = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' && underscores);
        let (kept, left): (Vec<_>, Vec<_>) = self.state.arrival.headers.iter().cloned().partition(|(name, _)| is_valid(name));
        if left.is_empty() {
            return;
        }
        self.state.arrival = Arc::new(Arrival { headers: kept, ..Arrival::clone(&self.state.arrival) });
        let setting = self.config.inherited(block, "underscores_in_headers").and_then(|entry| self.place(entry));
        for (name, _) in left {
            let place = setting.filter(|_| name.contains('_'));
            self.step(place, StepKind::HeaderIgnored { name });
        }
    }

    /// The `ssl_reject_handshake` by which a server ends the connection before there is a request (`ngx_http_ssl_servername`).
    fn rejects(&self, server: ServerId) -> Option<EntryId> {
        let entry = self.config.inherited(self.config.server(server).entry, "ssl_reject_handshake")?;
        (self.config.directive(entry).arg(0) == Some("on")).then_some(entry)
    }

    /// The `listen` of a server for an address.
    fn listen(&self, server: ServerId, socket: &Socket) -> Option<Place> {
        let server = self.config.server(server);
        let entry = server.listens.iter().find(|listen| socket.is_of(listen)).and_then(|listen| listen.entry)?;
        self.place(entry)
    }

    /// Takes a server, and says why.
    fn choose(&mut self, server: ServerId, default: ServerId, why: Chosen) {
        let config = self.config;
        let block = config.server(server).entry;
        self.state.server = Some(server);
        self.state.block = Some(block);
        self.hop.server = Some(server);
        let name = |wanted: &str| {
            let mut words = config.children(block, "server_name").flat_map(|entry| {
                let words = config.directive(entry).args.iter().enumerate();
                words.map(move |(index, word)| (entry, index, word))
            });
            let found = words.find(|(_, _, word)| {
                let word = word.value.to_ascii_lowercase();
                word == wanted || word.strip_prefix('.').is_some_and(|bare| bare == wanted)
            });
            found.map(|(entry, index, _)| config.arg_place(entry, index))
        };
        let (place, reason) = match why {
            Chosen::Only => (None, ServerReason::Only),
            Chosen::Exact(text) => (name(&text), ServerReason::Exact(text)),
            Chosen::Leading(text) => (name(&text), ServerReason::Leading(text)),
            Chosen::Trailing(text) => (name(&text), ServerReason::Trailing(text)),
            Chosen::Regex(pattern) => {
                let host = self.state.host.bytes().unwrap_or_default().to_vec();
                if let Some(captures) = pattern.captures(&host) {
                    self.take_captures(captures);
                }
                (name(&format!("~{}", pattern.source()).to_ascii_lowercase()), ServerReason::Regex(pattern.source().to_owned()))
            }
            Chosen::Default => {
                let written = config.server(default).listens.iter().any(|listen| listen.default);
                (None, ServerReason::Default(written))
            }
        };
        let place = place.or_else(|| self.place(block));
        self.step(place, StepKind::Server { server, why: reason });
    }
}
