//! What goes to a backend, and where that is: `proxy_pass` and its relatives.

use std::sync::Arc;

use super::arrive::Arrival;
use super::content::Mirrored;
use super::rewrite::Quote;
use super::run::{Back, Run};
use super::script::{Escape, escape, unescape};
use super::step::{Caller, StepKind, Text};
use super::{Answer, Handler, Landing};
use crate::config::{EntryId, Matcher};
use crate::messages::Message;
use crate::phrase;
use crate::project::Place;

/// The argument of a `*_pass`, evaluated.
#[derive(Debug)]
struct Address {
    scheme: String,
    /// Host and port, an upstream's name, or `unix:…`.
    authority: Text,
    /// What follows; empty without a URI part.
    uri: Text,
    has_variables: bool,
}

/// The socket of this configuration that a connection gets to.
#[derive(Debug)]
struct Landed {
    address: String,
    port: u16,
    /// What says so.
    evidence: Option<(Place, Message)>,
    /// Set where it gets there only if the name that is written here leads to this machine.
    if_named: Option<Place>,
}

/// `ngx_parse_inet_url`, `ngx_parse_inet6_url`
fn has_invalid_port(authority: &[u8]) -> bool {
    if authority.starts_with(b"unix:") {
        return false;
    }
    let end = if authority.starts_with(b"[") { authority.iter().position(|byte| *byte == b']').unwrap_or(0) } else { 0 };
    let behind = authority.get(end..).unwrap_or_default();
    let Some(colon) = behind.iter().position(|byte| *byte == b':') else { return false };
    let port = behind.get(colon + 1..).unwrap_or_default();
    let number = std::str::from_utf8(port).ok().filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    !number.and_then(|port| port.parse::<u32>().ok()).is_some_and(|port| (1..=65535).contains(&port))
}

impl Run<'_> {
    /// `ngx_http_proxy_handler` and its relatives. With what a mirror terminated the request ends while it waits for its answer.
    pub(super) fn pass(&mut self, handler: EntryId, mirrored: Mirrored) {
        let Some(block) = self.state.block else { return };
        let name = self.config.directive(handler).name.value.to_string();
        let Some(pass) = self.own_pass(block, &name) else {
            self.status(500, phrase!("trace-earlier-if", directive = &name));
            return self.finalize(500);
        };
        let Some(written) = self.config.directive(pass).arg(0).map(str::to_owned) else { return };
        let address = self.address(&name, &written);
        // ngx_http_proxy_eval, ngx_parse_url
        let known_scheme = name != "proxy_pass" || matches!(address.scheme.as_str(), "http" | "https");
        if address.has_variables && (address.authority.is_empty() || !known_scheme) {
            self.status(500, phrase!("trace-no-host", directive = &name));
            return self.finalize(500);
        }
        if address.has_variables && address.authority.bytes().is_some_and(has_invalid_port) {
            self.status(500, phrase!("trace-invalid-port", directive = &name, address = address.authority.display()));
            return self.finalize(500);
        }
        let uri = self.sent_uri(&name, pass, &address);
        let upstream = address.authority.clone();
        let servers = self.servers(&upstream);
        self.hop.handler = Some(Handler { name: name.clone(), entry: Some(pass) });
        self.hop.upstream = Some(upstream.clone());
        self.hop.upstream_uri = Some(uri.clone());
        let method = self.sent_method(block, &name);
        self.step(
            self.place(pass),
            StepKind::Pass {
                directive: name.clone(),
                method: method.clone(),
                upstream: upstream.clone(),
                uri: uri.clone(),
                servers: servers.clone(),
            },
        );
        let lands = if servers.is_empty() { vec![upstream.display()] } else { servers };
        let landing = lands.iter().find_map(|address_of| Some((address_of, self.lands(address_of, &address.scheme)?)));
        let landing = landing.filter(|(through, landed)| match landed.if_named {
            Some(place) => {
                let ways = vec![phrase!("trace-lands-not", host = *through), phrase!("trace-lands-perhaps", host = *through)];
                self.decide(format!("lands {through}"), Some(place), ways) == 1
            }
            None => true,
        });
        let landing = landing.filter(|_| matches!(name.as_str(), "proxy_pass" | "grpc_pass"));
        // What is sent is made before anybody waits.
        let landing = landing
            .map(|(through, landed)| (through, landed.evidence.clone(), self.arrival(block, &address, (method, uri.clone()), landed)));
        if let Some((variables, touched)) = mirrored.variables {
            (self.state.variables, self.state.touched) = (variables, touched);
        }
        if let Some((through, evidence, arrival)) = landing {
            let (place, because) = evidence.map_or((None, None), |(place, why)| (Some(place), Some(why)));
            self.step(place, StepKind::Lands { address: through.clone(), because });
            let back = self.onward(arrival);
            match back {
                _ if mirrored.terminated.is_some() => {}
                Some(Back::Answer(status)) => return self.answered_with(&name, Answer { status, accel: None }),
                // `ngx_http_upstream_next`: there is no other to try.
                Some(Back::Nothing) if lands.len() == 1 => {
                    self.status(502, phrase!("trace-no-answer", host = through));
                    return self.finalize(502);
                }
                Some(Back::Nothing) | None => {}
            }
        }
        if let Some((uri, status)) = mirrored.terminated {
            return self.terminated_by(&uri, status);
        }
        match self.surroundings.answer(&upstream, &uri) {
            Some(answer) => self.answered_with(&name, answer),
            None => self.answered(&name, pass),
        }
    }

    /// The directive by which a module passes requests on here: the block's own, or for an `if` and a `limit_except` that of the location.
    fn own_pass(&self, block: EntryId, name: &str) -> Option<EntryId> {
        let mut level = block;
        loop {
            if let Some(pass) = self.config.children(level, name).last() {
                return Some(pass);
            }
            let directive = self.config.directive(level);
            if !directive.is("if") && !directive.is("limit_except") {
                return None;
            }
            level = self.config.entry(level).parent?;
        }
    }

    fn address(&mut self, name: &str, written: &str) -> Address {
        let has_variables = written.contains('$');
        let url = self.expand(written, Quote::No);
        let text = url.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_else(|| url.display());
        let family = name.strip_suffix("_pass").unwrap_or(name);
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => {
                (scheme.to_ascii_lowercase(), url.skip(scheme.len() + 3).unwrap_or_default())
            }
            _ => (family.to_owned(), url),
        };
        let unix = rest.bytes().and_then(|bytes| bytes.strip_prefix(b"unix:")).map(<[u8]>::to_vec);
        let (authority, uri) = match unix {
            // The socket's path ends at a colon.
            Some(path) => match path.iter().position(|byte| *byte == b':') {
                Some(end) => (Text::known([b"unix:", path.get(..end).unwrap_or_default()].concat()), path.get(end + 1..).map(Text::known)),
                None => (rest, None),
            },
            None => rest.split(b"/?"),
        };
        Address { scheme, authority, uri: uri.unwrap_or_default(), has_variables }
    }

    /// The URI that is sent (`ngx_http_proxy_create_request`; for FastCGI and its like the script's name).
    fn sent_uri(&mut self, name: &str, pass: EntryId, address: &Address) -> Text {
        match name {
            "fastcgi_pass" | "uwsgi_pass" | "scgi_pass" => return self.script_name(),
            "memcached_pass" => return self.variable("memcached_key"),
            _ => {}
        }
        let has_uri = !address.uri.is_empty();
        if address.has_variables && has_uri {
            let mut uri = address.uri.clone();
            if uri.first() == Some(b'?') {
                uri = Text::known(*b"/");
                uri.push(&address.uri);
            }
            return uri;
        }
        if !has_uri && self.state.valid_unparsed {
            return self.state.target.clone();
        }
        let replaces = has_uri && self.state.valid_location;
        let length = if replaces { self.replaced_length(pass) } else { 0 };
        let uri = self.state.uri.clone();
        let length = uri.bytes().map_or(length, |bytes| length.min(bytes.len()));
        let rest = uri.skip(length).unwrap_or_else(|| Text::unknown("uri"));
        let escaped = if self.state.quoted || self.state.internal { rest.map(|bytes| escape(bytes, Escape::Uri)) } else { rest };
        let mut out = if replaces { address.uri.clone() } else { Text::default() };
        out.push(&escaped);
        if !self.state.args.is_empty() {
            out.push_bytes(b"?");
            out.push(&self.state.args.clone());
        }
        out
    }

    /// `ngx_http_proxy_create_request`: as `proxy_method` says, else the request's own.
    fn sent_method(&mut self, block: EntryId, name: &str) -> String {
        let entry = self.config.inherited(block, "proxy_method").filter(|_| name == "proxy_pass");
        match entry.and_then(|entry| self.config.directive(entry).arg(0)) {
            Some(method) => self.expand(method, Quote::No).display(),
            None => self.state.method.clone(),
        }
    }

    /// How long the name is that the URI part replaces: that of the location in which the `proxy_pass` stands.
    fn replaced_length(&self, pass: EntryId) -> usize {
        let inside = self.config.entry(pass).parent.and_then(|parent| self.config.location_at(parent));
        match inside.map(|location| &self.config.location(location).matcher) {
            Some(Matcher::Exact(name) | Matcher::Prefix { path: name, .. }) => name.len(),
            _ => 0,
        }
    }

    /// `$fastcgi_script_name`
    pub(super) fn script_name(&mut self) -> Text {
        let mut out = self.state.uri.clone();
        let ends = out.bytes().is_some_and(|bytes| bytes.ends_with(b"/"));
        if ends && let Some(index) = self.state.block.and_then(|block| self.config.inherited(block, "fastcgi_index")) {
            out.push_bytes(self.config.directive(index).arg(0).unwrap_or_default().as_bytes());
        }
        out
    }

    /// The addresses of an upstream of that name; none where there is no such block.
    fn servers(&self, upstream: &Text) -> Vec<String> {
        let name = upstream.bytes().and_then(|bytes| std::str::from_utf8(bytes).ok());
        let found = name.and_then(|name| self.config.upstream(name));
        found.map(|upstream| upstream.servers.iter().map(|(address, _)| address.to_string()).collect()).unwrap_or_default()
    }

    /// The socket of this configuration that a connection to an address gets to.
    fn lands(&self, address: &str, scheme: &str) -> Option<Landed> {
        if address.starts_with("unix:") {
            self.router.socket(address, 0)?;
            return Some(Landed { address: address.to_owned(), port: 0, evidence: None, if_named: None });
        }
        let (host, port) = match address.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ => (address, if matches!(scheme, "https" | "grpcs") { 443 } else { 80 }),
        };
        match self.surroundings.lands(host, port) {
            Landing::Here { address, port, evidence } => {
                self.router.socket(&address, port)?;
                Some(Landed { address, port, evidence, if_named: None })
            }
            Landing::Perhaps { address, port, name } => {
                self.router.socket(&address, port)?;
                Some(Landed { address, port, evidence: Some((name, phrase!("trace-lands-name", host = host))), if_named: Some(name) })
            }
            Landing::Elsewhere => None,
        }
    }

    /// The request as it arrives behind a `proxy_pass`.
    fn arrival(&mut self, block: EntryId, address: &Address, (method, uri): (String, Text), there: Landed) -> Arrival {
        let usual = if matches!(address.scheme.as_str(), "https" | "grpcs") { ":443" } else { ":80" };
        let authority = match address.authority.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned()) {
            Some(text) if text.starts_with("unix:") => Text::known(*b"localhost"),
            Some(text) => Text::known(text.strip_suffix(usual).unwrap_or(&text).as_bytes()),
            None => address.authority.clone(),
        };
        let family = if address.scheme.starts_with("grpc") { "grpc" } else { "proxy" };
        let mut headers: Vec<(String, Text)> = Vec::new();
        let mut host = Some(authority.clone());
        let mut set: Vec<String> = vec!["host".to_owned(), "connection".to_owned()];
        // What nginx sends by itself was `close`, and depends on the version.
        let mut connection = false;
        let proxy_host = self.state.variables.insert(Arc::from("proxy_host"), authority);
        for &entry in self.config.inherited_all(block, &format!("{family}_set_header")) {
            let (Some(name), Some(value)) = (self.config.directive(entry).arg(0), self.config.directive(entry).arg(1)) else { continue };
            let value = self.expand(value, Quote::No);
            connection |= name.eq_ignore_ascii_case("connection");
            set.push(name.to_ascii_lowercase());
            if name.eq_ignore_ascii_case("host") {
                host = Some(value).filter(|value| !value.is_empty());
            } else if !value.is_empty() {
                headers.push((name.to_owned(), value));
            }
        }
        match proxy_host {
            Some(before) => drop(self.state.variables.insert(Arc::from("proxy_host"), before)),
            None => drop(self.state.variables.remove("proxy_host")),
        }
        let passes = self.config.inherited(block, &format!("{family}_pass_request_headers"));
        if passes.is_none_or(|entry| self.config.directive(entry).arg(0) != Some("off")) {
            let own = self.state.arrival.headers.iter().filter(|(name, _)| !set.contains(&name.to_ascii_lowercase()));
            headers.extend(own.cloned());
        }
        // What holds where nothing is written depends on the version: HTTP/1.0 before 1.29.7, HTTP/1.1 since.
        let version = self.config.inherited(block, "proxy_http_version").filter(|_| family == "proxy");
        let protocol = version.and_then(|entry| match self.config.directive(entry).arg(0)? {
            "1.0" => Some("HTTP/1.0"),
            "1.1" => Some("HTTP/1.1"),
            "2" => Some("HTTP/2.0"),
            _ => None,
        });
        headers.extend(host.map(|host| ("Host".to_owned(), host)));
        if family == "proxy" && !connection {
            headers.push(("Connection".to_owned(), Text::unknown("http_connection")));
        }
        let loopback = address.authority.bytes().is_some_and(|bytes| bytes.starts_with(b"127.") || bytes.starts_with(b"localhost"));
        let tls = matches!(address.scheme.as_str(), "https" | "grpcs");
        let client = loopback.then_some(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));
        Arrival { address: there.address, port: there.port, tls, server: None, protocol, method, target: uri, headers, client }
    }

    /// Takes an answer that is known (`ngx_http_upstream_process_headers`, `ngx_http_upstream_intercept_errors`).
    fn answered_with(&mut self, name: &str, answer: Answer) {
        if answer.status >= 300 && self.intercepts(name) && self.error_pages().iter().any(|page| page.status == answer.status) {
            return self.finalize(answer.status);
        }
        match answer.accel {
            Some(name) if name.starts_with('@') => self.named(Caller::Accel, &Text::known(name)),
            Some(to) => {
                let Some((uri, args)) = accel_uri(to.as_bytes()) else {
                    self.status(404, phrase!("trace-unsafe-uri"));
                    return self.finalize(404);
                };
                let (uri, args) = (Text::known(uri), Text::known(args));
                if self.state.method != "HEAD" {
                    self.state.method = "GET".to_owned();
                }
                self.internal_redirect(Caller::Accel, uri, args);
            }
            None => self.sent(answer.status),
        }
    }

    fn intercepts(&self, name: &str) -> bool {
        let family = name.strip_suffix("_pass").unwrap_or(name);
        self.state.block.is_some_and(|block| self.flag(block, &format!("{family}_intercept_errors")))
    }

    /// Takes the answer of a backend that nobody knows: the ways that an `error_page` makes of it.
    fn answered(&mut self, name: &str, pass: EntryId) {
        let intercepts = self.intercepts(name);
        self.keep_status();
        if self.state.error_page {
            return;
        }
        // What nginx itself answers when the backend does not, and with intercepting also what the backend says.
        let mut alternatives: Vec<(u16, Message)> = Vec::new();
        let mut targets: Vec<(&str, bool)> = Vec::new();
        for page in self.error_pages() {
            let own = matches!(page.status, 502 | 504);
            if !(own || (intercepts && page.status >= 300)) || targets.contains(&(&*page.to, own)) {
                continue;
            }
            targets.push((&page.to, own));
            let text = match page.status {
                502 => phrase!("trace-backend-502"),
                504 => phrase!("trace-backend-504"),
                status => phrase!("trace-backend-status", status = usize::from(status)),
            };
            alternatives.push((page.status, text));
        }
        if alternatives.is_empty() {
            return;
        }
        let key = format!("answer {pass:?} {}", self.state.uri_changes);
        let texts = std::iter::once(phrase!("trace-backend-well")).chain(alternatives.iter().map(|(_, text)| text.clone()));
        let answer = self.decide(key, self.place(pass), texts.collect());
        if let Some((status, _)) = answer.checked_sub(1).and_then(|index| alternatives.get(index)) {
            self.finalize(*status);
        }
    }
}

/// The URI of an `X-Accel-Redirect`, decoded, and its arguments; `None` where it is empty or leads out of a folder
/// (`ngx_http_parse_unsafe_uri`).
fn accel_uri(to: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let end = to.iter().position(|byte| *byte == b'?').unwrap_or(to.len());
    let (raw, args) = (to.get(..end)?, to.get(end + 1..).unwrap_or_default());
    let uri = unescape(raw, false);
    let unsafe_uri = |uri: &[u8]| uri.is_empty() || uri.contains(&0) || uri.split(|byte| *byte == b'/').any(|part| part == b"..");
    (!unsafe_uri(raw) && !unsafe_uri(&uri)).then(|| (uri, args.to_vec()))
}
