//! One run of a request through the phases, once a server is chosen.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::{Router, location};
use super::arrive::Arrival;
use super::decide::Decisions;
use super::lookup::Lookup;
use super::script::{Escape, escape};
use super::step::{FileKind, Step, StepKind, Text};
use super::{Handler, Hop, Request, Surroundings};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::messages::Message;
use crate::phrase;
use crate::project::Place;
use crate::routing::pattern::{Captures, Pattern};

/// How many passes through servers are followed.
const MAX_HOPS: usize = 12;

/// `NGX_HTTP_MAX_URI_CHANGES` and one: at zero there is no further one.
pub(super) const URI_CHANGES: u32 = 11;

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
    /// What stands in memory before a URI that `try_files` made empty: the end of the folder's path. nginx looks for the slash of a folder
    /// there (`r->uri.data[r->uri.len - 1]`).
    pub(super) before_uri: Option<u8>,
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

/// What makes two requests the same: server, method, target and host.
type Seen = (ServerId, String, Text, Text);

/// A run.
pub(super) struct Run<'a> {
    pub(super) config: &'a Config,
    pub(super) router: &'a Router,
    pub(super) lookup: &'a Lookup,
    pub(super) surroundings: &'a dyn Surroundings,
    decisions: Decisions,
    pub(super) hops: Vec<Hop>,
    /// Of the request that is running; those of the requests which wait for a subrequest are in `waiting`.
    pub(super) hop: Hop,
    waiting: Vec<Hop>,
    pub(super) state: State,
    /// What was answered about files of which nobody knows.
    pub(super) taken: FxHashMap<String, FileKind>,
    /// The index of that hop, or of the one that waits for it.
    pub(super) at: usize,
    /// The requests that wait for the one that is running, and it: what must not come again, and the index of the hop.
    pub(super) seen: Vec<(Seen, usize)>,
    /// How many tables are being looked into, each for the one before.
    pub(super) looking: usize,
    /// How many were looked into so far.
    pub(super) looked: usize,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        config: &'a Config,
        router: &'a Router,
        lookup: &'a Lookup,
        surroundings: &'a dyn Surroundings,
        decisions: Decisions,
    ) -> Run<'a> {
        Run {
            config,
            router,
            lookup,
            surroundings,
            decisions,
            hops: Vec::new(),
            hop: Hop::default(),
            waiting: Vec::new(),
            state: State::default(),
            taken: FxHashMap::default(),
            at: 0,
            seen: Vec::new(),
            looking: 0,
            looked: 0,
        }
    }

    /// Follows a request to its last hop.
    pub(super) fn follow(mut self, request: &Request) -> (Decisions, Vec<Hop>) {
        let headers = request.headers.iter().map(|(name, value)| (name.clone(), Text::known(value.clone())));
        self.arrive(Arrival {
            address: request.address.clone(),
            port: request.port,
            tls: request.tls,
            server: request.server,
            protocol: Some(if request.http_1_0 { "HTTP/1.0" } else { "HTTP/1.1" }),
            method: request.method.clone(),
            target: Text::known(request.target.clone()),
            headers: headers.collect(),
            client: request.client,
        });
        (self.decisions, self.hops)
    }

    /// Follows a request that a `*_pass` sends back here while the one that it comes from waits. The status of its answer, when that
    /// is known; `None` also where it is not followed.
    pub(super) fn onward(&mut self, arrival: Arrival) -> Option<Back> {
        if self.hops.len() >= MAX_HOPS {
            self.step(None, StepKind::GaveUp { why: phrase!("trace-many-passes", most = MAX_HOPS) });
            return None;
        }
        let (state, hop, waiting) = (std::mem::take(&mut self.state), std::mem::take(&mut self.hop), std::mem::take(&mut self.waiting));
        let (in_subrequest, hops) = (state.subrequest, self.hops.len());
        self.arrive(arrival);
        let back = |hop: &Hop| match hop.status? {
            // 444 is, too, what a status of `try_files` comes to of which nginx makes no answer.
            status if hop.terminated || status == 444 => Some(Back::Nothing),
            status => Some(Back::Answer(status)),
        };
        let back = self.hops.get(hops).and_then(back);
        if in_subrequest {
            // A trace shows where a subrequest goes, but not what becomes of it further on.
            self.hops.truncate(hops);
        }
        (self.state, self.hop, self.waiting) = (state, hop, waiting);
        back
    }

    pub(super) fn step(&mut self, place: Option<Place>, kind: StepKind) {
        self.hop.steps.push(Step { place, kind });
    }

    /// Where a directive is.
    pub(super) fn place(&self, entry: EntryId) -> Option<Place> {
        Some(self.config.header(entry))
    }

    /// See [`Decisions::decide`].
    pub(super) fn decide(&mut self, key: String, place: Option<Place>, alternatives: Vec<Message>) -> usize {
        let steps = self.waiting.first().unwrap_or(&self.hop).steps.len();
        self.decisions.decide(key, place, alternatives, (self.at, steps))
    }

    /// Yes or no, no first.
    pub(super) fn ask(&mut self, key: String, place: Option<Place>, no: Message, yes: Message) -> bool {
        self.decide(key, place, vec![no, yes]) == 1
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
                let shown = self.absolute(to.clone());
                self.step(None, StepKind::AutoRedirect { to: shown });
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
                let own = self.lookup.handler(limit);
                let outer = self.lookup.pass(block).filter(|pass| !self.config.directive(*pass).is("memcached_pass"));
                if let Some(handler) = own.or(outer) {
                    self.state.handler = Some(handler);
                }
                return;
            }
        }
        if let Some(handler) = self.lookup.handler(block) {
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
        if let Some(entry) = self.config.inherited_of(block, names).last().copied() {
            self.run_code(entry);
        }
    }

    pub(super) fn run_code(&mut self, entry: EntryId) {
        let directive = self.config.directive(entry);
        let name = directive.name.value.to_string();
        let file = if name.ends_with("_file") { directive.args.last().map(|word| word.value.to_string()) } else { None };
        let effects = self.surroundings.code(entry);
        self.step(self.place(entry), StepKind::Code { directive: name, file, uri: effects.uri });
        if effects.uri {
            // `ngx_http_lua_ngx_req_set_uri`
            self.state.uri = Text::unknown("uri");
            self.state.valid_unparsed = false;
        }
        let touched = &mut self.state.touched;
        match (effects.variables, &mut *touched) {
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

/// What comes back of a request that was passed on to this same nginx.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Back {
    /// An answer with this status.
    Answer(u16),
    /// The connection was closed without one.
    Nothing,
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
