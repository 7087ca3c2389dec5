//! One run of a request through the phases, from the socket on.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::server::{Chosen, is_valid_host, normal_host};
use super::super::uri::parse_target;
use super::super::{Router, location};
use super::decide::Decisions;
use super::script::{Escape, escape};
use super::step::{ServerReason, Step, StepKind, Text};
use super::{Handler, Hop, Request, Surroundings};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::project::Place;
use crate::routing::pattern::{Captures, Pattern};
use crate::routing::values::Tables;

/// How many passes through servers are followed.
const MAX_HOPS: usize = 12;

/// `NGX_HTTP_MAX_URI_CHANGES` and one: at zero there is no further one.
const URI_CHANGES: u32 = 11;

/// What of a request changes on its way (`ngx_http_request_t`).
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) server: Option<ServerId>,
    /// `r->loc_conf`: the block of the server, a location, an `if` or a `limit_except`.
    pub(super) block: Option<EntryId>,
    pub(super) location: Option<LocationId>,
    /// `r->content_handler`: the directive that set it.
    pub(super) handler: Option<EntryId>,
    pub(super) method: String,
    /// The target as it arrived.
    pub(super) target: Text,
    pub(super) host: Text,
    pub(super) uri: Text,
    pub(super) args: Text,
    /// The target has a `%` or a `+`: captures are escaped where they get into arguments.
    pub(super) quoted: bool,
    pub(super) plus: bool,
    pub(super) internal: bool,
    pub(super) valid_location: bool,
    pub(super) valid_unparsed: bool,
    pub(super) uri_changed: bool,
    pub(super) uri_changes: u32,
    pub(super) add_uri_to_alias: bool,
    /// `r->err_status`
    pub(super) error_status: u16,
    /// `r->error_page`: it may be used no more.
    pub(super) error_page: bool,
    pub(super) subrequest: bool,
    /// The method of the request that a subrequest belongs to: `$request_method` is that one.
    pub(super) main_method: Option<String>,
    pub(super) captures: Vec<Text>,
    /// Variables that have a value of their own for the rest of the request.
    pub(super) variables: FxHashMap<Arc<str>, Text>,
    /// Code ran that may have set variables: these, or any.
    pub(super) touched: Touched,
    pub(super) arrival: Arc<Arrival>,
}

/// What code that nobody follows may have set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Touched {
    #[default]
    Nothing,
    These(Vec<String>),
    Anything,
}

/// A request as it comes to a socket.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrival {
    pub(super) address: String,
    pub(super) port: u16,
    pub(super) tls: bool,
    pub(super) http_1_0: bool,
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

/// What makes two requests the same: server, method, target and host.
type Seen = (ServerId, String, Text, Text);

/// A run.
pub(super) struct Run<'a> {
    pub(super) config: &'a Config,
    pub(super) router: &'a Router,
    pub(super) tables: &'a Tables,
    pub(super) surroundings: &'a dyn Surroundings,
    decisions: Decisions,
    hops: Vec<Hop>,
    /// Of the request that is running; those of the requests which wait for a subrequest are in `waiting`.
    pub(super) hop: Hop,
    waiting: Vec<Hop>,
    pub(super) state: State,
    /// The index of that hop, or of the one that waits for it.
    at: usize,
    /// The requests that wait for the one that is running, and it: what must not come again, and the index of the hop.
    seen: Vec<(Seen, usize)>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        config: &'a Config,
        router: &'a Router,
        tables: &'a Tables,
        surroundings: &'a dyn Surroundings,
        decisions: Decisions,
    ) -> Run<'a> {
        Run {
            config,
            router,
            tables,
            surroundings,
            decisions,
            hops: Vec::new(),
            hop: Hop::default(),
            waiting: Vec::new(),
            state: State::default(),
            at: 0,
            seen: Vec::new(),
        }
    }

    /// Follows a request to its last hop.
    pub(super) fn follow(mut self, request: &Request) -> (Decisions, Vec<Hop>) {
        let headers = request.headers.iter().map(|(name, value)| (name.clone(), Text::known(value.clone())));
        self.arrive(Arrival {
            address: request.address.clone(),
            port: request.port,
            tls: request.tls,
            http_1_0: request.http_1_0,
            method: request.method.clone(),
            target: Text::known(request.target.clone()),
            headers: headers.collect(),
            client: request.client,
        });
        (self.decisions, self.hops)
    }

    /// Follows a request that a `*_pass` sends back here while the one that it comes from waits. The status of its answer, when that
    /// is known; `None` also where it is not followed.
    pub(super) fn onward(&mut self, arrival: Arrival) -> Option<u16> {
        if self.hops.len() >= MAX_HOPS {
            self.step(None, StepKind::GaveUp { why: format!("after {MAX_HOPS} passes through this configuration") });
            return None;
        }
        let (state, hop, waiting) = (std::mem::take(&mut self.state), std::mem::take(&mut self.hop), std::mem::take(&mut self.waiting));
        let (in_subrequest, hops) = (state.subrequest, self.hops.len());
        self.arrive(arrival);
        let status = self.hops.get(hops).and_then(|hop| hop.status);
        if in_subrequest {
            // A trace shows where a subrequest goes, but not what becomes of it further on.
            self.hops.truncate(hops);
        }
        (self.state, self.hop, self.waiting) = (state, hop, waiting);
        status
    }

    pub(super) fn step(&mut self, place: Option<Place>, kind: StepKind) {
        self.hop.steps.push(Step { place, kind });
    }

    /// Where a directive is.
    pub(super) fn place(&self, entry: EntryId) -> Option<Place> {
        Some(self.config.header(entry))
    }

    /// See [`Decisions::decide`].
    pub(super) fn decide(&mut self, key: String, place: Option<Place>, alternatives: Vec<String>) -> usize {
        let steps = self.waiting.first().unwrap_or(&self.hop).steps.len();
        self.decisions.decide(key, place, alternatives, (self.at, steps))
    }

    /// Yes or no, no first.
    pub(super) fn ask(&mut self, key: String, place: Option<Place>, no: String, yes: String) -> bool {
        self.decide(key, place, vec![no, yes]) == 1
    }

    fn arrive(&mut self, arrival: Arrival) {
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
        let listen = self.listen(default, &socket.address, socket.port);
        self.step(listen, StepKind::Socket { address: socket.address.to_string(), port: socket.port, servers });
        let setting = self.config.inherited(self.config.server(default).entry, "merge_slashes");
        let merge_slashes = setting.is_none_or(|entry| self.config.directive(entry).arg(0) != Some("off"));
        self.state.block = Some(self.config.server(default).entry);
        let Some(raw) = arrival.target.bytes().map(<[u8]>::to_vec) else {
            let uri = arrival.target.clone();
            return self.step(None, StepKind::LocationUnknown { uri });
        };
        // `ngx_http_parse_request_line`
        if arrival.method.is_empty() || !arrival.method.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-')) {
            self.state.server = Some(default);
            self.hop.server = Some(default);
            self.status(400, "a method is written in capital letters");
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
        let nameless = host.is_none() && !arrival.http_1_0;
        // The header is looked at even where the target has a host of its own.
        let is_invalid = |host: Option<&Text>| host.and_then(Text::bytes).is_some_and(|host| !is_valid_host(host));
        let chosen = !is_invalid(host.as_ref());
        let invalid = !chosen || is_invalid(arrival.host());
        let host = host.unwrap_or_default();
        let (server, why) = match host.bytes() {
            Some(_) if !chosen => (default, Chosen::Default),
            Some(bytes) => socket.choose(bytes),
            None if servers < 2 => (default, Chosen::Only),
            None => {
                let why = format!("which server answers depends on the Host that is sent: {}", host.display());
                return self.step(None, StepKind::GaveUp { why });
            }
        };
        self.state.host = host.bytes().map_or_else(|| host.clone(), |bytes| Text::known(normal_host(bytes)));
        self.choose(server, default, why);
        let path_and_args = match &target.host {
            // Only the path counts as the request's own URI.
            Some(_) => raw.windows(3).position(|three| three == b"://").and_then(|at| {
                let rest = raw.get(at + 3..)?;
                let start = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
                let path = rest.get(start..)?;
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
        self.state.valid_unparsed = true;
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
        } else {
            self.handle();
        }
    }

    /// The `listen` of a server for an address.
    fn listen(&self, server: ServerId, address: &str, port: u16) -> Option<Place> {
        let server = self.config.server(server);
        let fits =
            |listen: &&crate::config::Listen| listen.port == port && super::super::server::normal_address(&listen.address) == *address;
        let entry = server.listens.iter().find(fits).and_then(|listen| listen.entry)?;
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

    /// What the groups of a regex matched, from now on.
    pub(super) fn take_captures(&mut self, captures: Captures) {
        self.state.captures = captures.all().map(Text::known).collect();
        for (name, value) in captures.named() {
            self.assign(name, Text::known(value.unwrap_or_default()));
        }
    }

    /// `ngx_http_handler`: from the server's rewrites on.
    pub(super) fn handle(&mut self) {
        self.state.valid_location = true;
        self.state.uri_changed = false;
        let Some(server) = self.state.server else { return };
        let block = self.config.server(server).entry;
        self.state.block = Some(block);
        self.state.location = None;
        self.code(&["server_rewrite_by_lua", "server_rewrite_by_lua_block", "server_rewrite_by_lua_file"]);
        if self.rewrites(block).is_finished() {
            return;
        }
        self.find_config();
    }

    /// `NGX_HTTP_FIND_CONFIG_PHASE` to `NGX_HTTP_POST_REWRITE_PHASE`, as often as the URI changes; then what follows.
    pub(super) fn find_config(&mut self) {
        let Some(server) = self.state.server else { return };
        loop {
            self.state.handler = None;
            self.state.uri_changed = false;
            let uri = self.state.uri.clone();
            let Some(bytes) = uri.bytes() else {
                return self.step(None, StepKind::LocationUnknown { uri });
            };
            let (choice, search) = self.router.locate_steps(server, bytes);
            for found in &search {
                if let location::Step::Regex(location) = found
                    && let Matcher::Regex { pattern, caseless } = &self.config.location(*location).matcher
                    && let Some(captures) = Pattern::get(pattern, *caseless).captures(bytes)
                {
                    self.take_captures(captures);
                }
            }
            self.state.location = choice.location;
            let block = match choice.location {
                Some(location) => self.config.location(location).entry,
                None => self.config.server(server).entry,
            };
            self.state.block = Some(block);
            let place = choice.location.and_then(|_| self.place(block));
            self.step(place, StepKind::Location { uri: uri.clone(), location: choice.location, search });
            if choice.internal && !self.state.internal {
                let internal = self.config.inherited(block, "internal").and_then(|entry| self.place(entry));
                self.step(internal, StepKind::Internal);
                return self.finalize(404);
            }
            self.update_location();
            if choice.auto_redirect {
                let name = self.location_name(block);
                let mut to = Text::known(escape(name.as_bytes(), Escape::Uri));
                if !self.state.args.is_empty() {
                    to.push_bytes(b"?");
                    to.push(&self.state.args.clone());
                }
                let to = self.absolute(to);
                self.step(None, StepKind::AutoRedirect { to: to.clone() });
                self.hop.redirect = Some(to);
                self.hop.handler = Some(Handler { name: "redirect".to_owned(), entry: None });
                return self.finalize(301);
            }
            match self.rewrite_phase(choice.location.is_some()) {
                Next::Content => return self.access_and_content(),
                Next::Search => {}
                Next::Finished => return,
            }
        }
    }

    /// `NGX_HTTP_REWRITE_PHASE` and `NGX_HTTP_POST_REWRITE_PHASE` in the present block; `located` is false for the server's own
    /// settings, of which the rewrites ran before.
    pub(super) fn rewrite_phase(&mut self, located: bool) -> Next {
        let Some(block) = self.state.block else { return Next::Finished };
        let lua = ["rewrite_by_lua", "rewrite_by_lua_block", "rewrite_by_lua_file"];
        let first = self.flag(block, "rewrite_by_lua_no_postpone");
        if first {
            self.code(&lua);
        }
        let replaced = self.config.directive(block).is("limit_except");
        if located && !replaced && self.rewrites(block).is_finished() {
            return Next::Finished;
        }
        if !first {
            self.code(&lua);
        }
        if !self.state.uri_changed {
            return Next::Content;
        }
        self.state.uri_changes -= 1;
        if self.state.uri_changes == 0 {
            self.step(None, StepKind::TooManyChanges);
            self.finalize(500);
            return Next::Finished;
        }
        let uri = self.state.uri.clone();
        self.step(None, StepKind::Again { uri });
        self.state.block = self.state.server.map(|server| self.config.server(server).entry);
        Next::Search
    }

    /// What comes once the location is settled.
    pub(super) fn access_and_content(&mut self) {
        if self.access().is_finished() {
            return;
        }
        self.content();
    }

    /// `ngx_http_update_location_config`
    pub(super) fn update_location(&mut self) {
        let Some(block) = self.state.block else { return };
        let limit = self.config.children(block, "limit_except").last();
        if let Some(limit) = limit {
            let method = self.state.method.as_str();
            let listed = |word: &str| word.eq_ignore_ascii_case(method) || (word.eq_ignore_ascii_case("GET") && method == "HEAD");
            let applies = !self.config.directive(limit).args.iter().any(|word| listed(&word.value));
            self.step(self.place(limit), StepKind::LimitExcept { applies });
            if applies {
                self.state.block = Some(limit);
                // The modules that pass requests on are attached again in the block (`lmt_excpt`); other handlers are not.
                let own = self.handler_of(limit);
                let outer = self.pass_of(block).filter(|pass| !self.config.directive(*pass).is("memcached_pass"));
                if let Some(handler) = own.or(outer) {
                    self.state.handler = Some(handler);
                }
                return;
            }
        }
        if let Some(handler) = self.handler_of(block) {
            self.state.handler = Some(handler);
        }
    }

    /// The name of the location that a block is, or is in; `""` outside of any.
    pub(super) fn location_name(&self, block: EntryId) -> Arc<str> {
        match self.config.location_of(block).map(|location| &self.config.location(location).matcher) {
            Some(Matcher::Exact(name) | Matcher::Prefix { path: name, .. } | Matcher::Named(name)) => name.clone(),
            Some(Matcher::Regex { pattern, .. }) => pattern.clone(),
            None => "".into(),
        }
    }

    /// An on/off setting that is inherited; false where it is not written.
    pub(super) fn flag(&self, block: EntryId, name: &str) -> bool {
        self.config.inherited(block, name).is_some_and(|entry| self.config.directive(entry).arg(0) == Some("on"))
    }

    /// Runs code that nobody follows, if a directive of these names holds here.
    pub(super) fn code(&mut self, names: &[&str]) {
        let Some(block) = self.state.block else { return };
        let nearest = self.config.ancestors(block).find_map(|level| {
            let mut children = self.config.entry(level).children.iter().rev();
            children.find(|child| names.iter().any(|name| self.config.directive(**child).is(name))).copied()
        });
        let top = || self.config.top.iter().rev().find(|child| names.iter().any(|name| self.config.directive(**child).is(name))).copied();
        if let Some(entry) = nearest.or_else(top) {
            self.run_code(entry);
        }
    }

    pub(super) fn run_code(&mut self, entry: EntryId) {
        let directive = self.config.directive(entry);
        let name = directive.name.value.to_string();
        let file = if name.ends_with("_file") { directive.args.last().map(|word| word.value.to_string()) } else { None };
        self.step(self.place(entry), StepKind::Code { directive: name, file });
        let touched = &mut self.state.touched;
        match (self.surroundings.code(entry).variables, &mut *touched) {
            (None, touched) => *touched = Touched::Anything,
            (Some(_), Touched::Anything) => {}
            (Some(more), Touched::These(list)) => list.extend(more),
            (Some(more), touched @ Touched::Nothing) => *touched = Touched::These(more),
        }
    }

    /// Runs a subrequest in the same server (`ngx_http_subrequest`).
    pub(super) fn subrequest(&mut self, uri: Text, args: Text, method: &str) -> Hop {
        let mut state = State {
            server: self.state.server,
            method: method.to_owned(),
            target: self.state.target.clone(),
            host: self.state.host.clone(),
            uri: uri.clone(),
            args,
            internal: true,
            uri_changes: URI_CHANGES,
            subrequest: true,
            main_method: Some(self.state.main_method.clone().unwrap_or_else(|| self.state.method.clone())),
            variables: self.state.variables.clone(),
            touched: self.state.touched.clone(),
            arrival: self.state.arrival.clone(),
            ..State::default()
        };
        std::mem::swap(&mut self.state, &mut state);
        let hop = Hop { method: method.to_owned(), target: uri, host: self.hop.host.clone(), server: self.hop.server, ..Hop::default() };
        self.waiting.push(std::mem::replace(&mut self.hop, hop));
        self.handle();
        self.hop.location = self.state.location;
        self.hop.uri = self.state.uri.clone();
        self.hop.args = self.state.args.clone();
        std::mem::swap(&mut self.state, &mut state);
        // Variables are the main request's.
        self.state.variables = state.variables;
        self.state.touched = state.touched;
        let outer = self.waiting.pop().unwrap_or_default();
        std::mem::replace(&mut self.hop, outer)
    }
}

/// What comes after the rewrites of a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The phases up to the content.
    Content,
    /// The URI changed: a location is searched again.
    Search,
    /// The request is answered.
    Finished,
}

/// How a part of the phases ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// What follows runs.
    Goes,
    /// The sequence of rewrites ends here.
    Stops,
    /// The request is answered.
    Finished,
}

impl Flow {
    pub(super) fn is_finished(self) -> bool {
        self == Flow::Finished
    }
}
