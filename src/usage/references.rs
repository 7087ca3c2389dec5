//! Who sends requests to which location, inside one configuration. A subrequest or internal redirect stays in its server.

mod computed;
mod redirects;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::lua::{CallKind, Target};
use super::modules::{self, Lua};
use super::paths::Paths;
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::messages::Message;
use crate::nginx::handlers;
use crate::nginx::values::is_absolute_url;
use crate::phrase;
use crate::project::{Place, Project};
use crate::routing::Router;
use crate::syntax::Signs;
use crate::upstreams;
use computed::Computed;
use redirects::Redirects;

/// One way from a block to a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where it is written: the directive, or the argument in Lua.
    pub place: Place,
    /// What sends the request.
    pub kind: Kind,
    /// What is named: a URI without its query, or `@name`.
    pub target: Target,
    /// The server in which it happens.
    pub server: ServerId,
    /// The location in which it is written; `None` at the level of the server or above, and in a Lua file.
    pub from: Option<LocationId>,
    /// The location that gets it; `None` when that is not known, or no location takes the URI.
    pub to: Option<LocationId>,
    /// False for a redirect that may lead to another location as well: a part of its URL is computed.
    pub certain: bool,
}

/// What sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `auth_request`
    AuthRequest,
    /// `error_page`
    ErrorPage,
    /// `try_files`, its last argument
    TryFiles,
    /// `mirror`
    Mirror,
    /// `post_action`
    PostAction,
    /// `add_before_body`, `add_after_body`
    AddBody,
    /// `rewrite` that leads to a new search of the location
    Rewrite,
    /// `index`, for the location's own folder
    Index,
    /// `echo_exec`, `echo_location`, `echo_subrequest`, `srcache_fetch` and the like
    Module,
    /// `ngx.location.capture`
    LuaCapture,
    /// `ngx.exec`
    LuaExec,
    /// `ngx.req.set_uri` that jumps
    LuaSetUri,
    /// `ngx.redirect`, `return 302`, `rewrite … redirect`: the client is sent there, and may not go
    Redirect,
    /// An `X-Accel-Redirect` of an upstream
    Accel,
    /// Code that can't be followed
    Code,
}

impl Kind {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Kind::AuthRequest => "auth_request",
            Kind::ErrorPage => "error_page",
            Kind::TryFiles => "try_files",
            Kind::Mirror => "mirror",
            Kind::PostAction => "post_action",
            Kind::AddBody => "add_before_body",
            Kind::Rewrite => "rewrite",
            Kind::Index => "index",
            Kind::Module => "a module",
            Kind::LuaCapture => "ngx.location.capture",
            Kind::LuaExec => "ngx.exec",
            Kind::LuaSetUri => "ngx.req.set_uri",
            Kind::Redirect => "a redirect",
            Kind::Accel => "X-Accel-Redirect",
            Kind::Code => "code",
        }
    }

    /// What sends the requests, its name, or what it is where it has none.
    pub fn message(self) -> Message {
        match self {
            Kind::Module => phrase!("reference-module"),
            Kind::Redirect => phrase!("reference-redirect"),
            Kind::Code => phrase!("reference-code"),
            named => Message::verbatim(named.name()),
        }
    }

    /// True for what nginx does itself; false where the client has to follow.
    pub fn is_internal(self) -> bool {
        self != Kind::Redirect
    }

    /// Can it lead to a named location?
    fn may_name(self) -> bool {
        matches!(self, Kind::ErrorPage | Kind::TryFiles | Kind::PostAction | Kind::Module | Kind::LuaExec | Kind::Accel | Kind::Code)
    }
}

/// All references of one configuration.
#[derive(Debug, Default)]
pub struct References {
    all: Vec<Reference>,
    by_location: Vec<Vec<usize>>,
    may_name: Computed,
    /// The servers of which the requests run code that is not seen.
    with_code: FxHashSet<ServerId>,
    /// Words and Lua strings with an `@`, wherever they stand: third-party directives name locations too (`forbid_action=@busy`).
    at_names: Vec<(Arc<str>, Place)>,
}

/// Directives of which the code is not read: JavaScript and Perl can redirect too.
const CODE: [&str; 7] = ["js_content", "js_access", "js_header_filter", "js_body_filter", "js_set", "perl", "perl_set"];

impl References {
    /// Reads the configuration and its Lua.
    pub fn build(project: &Project, config: &Config) -> References {
        let router = Router::build(config);
        let lua = Lua::build(project, config, &Paths::of(project, config), &modules::Cache::default());
        References::with(project, config, &router, &lua, &upstreams::Upstreams::build(project, config, &upstreams::Applications::default()))
    }

    /// The same, with what was made before.
    pub fn with(project: &Project, config: &Config, router: &Router, lua: &Lua, upstreams: &upstreams::Upstreams) -> References {
        let ignoring = config.names().any(|name| name.ends_with("_ignore_headers"));
        let redirects = Redirects::new(project, config, router);
        let anywhere = Target::Dynamic { prefix: "".into() };
        let mut builder = Builder { config, router, upstreams, redirects, ignoring, anywhere, out: References::default() };
        for id in config.named_or_with(may_send, Signs::TEMPLATE).iter() {
            builder.directive(id);
        }
        builder.lua(lua);
        let mut out = builder.out;
        out.by_location = vec![Vec::new(); config.locations.len()];
        for (index, reference) in out.all.iter().enumerate() {
            if let Some(list) = reference.to.and_then(|to| out.by_location.get_mut(to.index())) {
                list.push(index);
            }
        }
        for (index, reference) in out.all.iter().enumerate().filter(|(_, reference)| reference.kind.may_name()) {
            if let Target::Dynamic { prefix } = &reference.target {
                out.may_name.add(reference.server, prefix, index);
            }
        }
        let code = out.all.iter().filter(|reference| reference.kind == Kind::Code);
        out.with_code = code.map(|reference| reference.server).collect();
        out
    }

    /// All of them, in the order of the configuration; those of Lua last.
    pub fn all(&self) -> &[Reference] {
        &self.all
    }

    /// Who sends requests to a location.
    pub fn to(&self, location: LocationId) -> impl Iterator<Item = &Reference> {
        self.by_location.get(location.index()).into_iter().flatten().filter_map(|index| self.all.get(*index))
    }

    /// References of a server that may lead to this named location although they do not name it in so many words: how many, and each,
    /// those first that name most of it.
    pub fn may_name<'a>(&'a self, server: ServerId, name: &str) -> (usize, impl Iterator<Item = &'a Reference> + use<'a>) {
        let lists = self.may_name.of(server, name);
        let count = lists.iter().map(|list| list.len()).sum();
        (count, lists.into_iter().flatten().filter_map(|index| self.all.get(*index)))
    }

    /// Do requests of a server run code that is not seen, and that may lead to any of its locations?
    pub fn runs_code(&self, server: ServerId) -> bool {
        self.with_code.contains(&server)
    }

    /// Where the configuration or Lua has this name (`@name`), alone or within a word, other than as a location's name.
    pub fn mentions<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Place> + 'a {
        self.at_names.iter().filter(move |(one, _)| one.contains(name)).map(|(_, place)| *place)
    }

    /// All words of the configuration and of Lua in which [a name may be mentioned](References::mentions).
    pub fn words(&self) -> impl Iterator<Item = &Arc<str>> {
        self.at_names.iter().map(|(word, _)| word)
    }

    /// What would break if the block of this location were commented out: references that nginx follows itself, and that would go to
    /// another location or to none. References from inside the block are gone with it.
    pub fn needed_by(&self, config: &Config, location: LocationId) -> Vec<&Reference> {
        let entry = config.location(location).entry;
        let inside = |reference: &Reference| {
            reference.from.is_some_and(|from| config.ancestors(config.location(from).entry).any(|block| block == entry))
        };
        let mut targets = vec![location];
        let mut index = 0;
        while let Some(one) = targets.get(index).copied() {
            targets.extend(config.location(one).locations.iter().copied());
            index += 1;
        }
        // A page of a folder's `index` goes with the folder.
        let counts = |reference: &&Reference| reference.kind.is_internal() && reference.kind != Kind::Index && !inside(reference);
        targets.into_iter().flat_map(|target| self.to(target)).filter(counts).collect()
    }
}

/// Which argument of a directive says where it sends requests.
#[derive(Clone, Copy)]
enum Argument {
    First,
    Second,
    /// The last of several.
    Last,
    /// The second, or the only one.
    Target,
    /// See [`rewrite`].
    Replacement,
    /// See [`Builder::index`].
    Pages,
}

/// What a directive of this name sends by itself, and where that is written.
fn sends(name: &str) -> Option<(Kind, Argument)> {
    Some(match name {
        "auth_request" => (Kind::AuthRequest, Argument::First),
        "mirror" => (Kind::Mirror, Argument::First),
        "post_action" => (Kind::PostAction, Argument::First),
        "add_before_body" | "add_after_body" => (Kind::AddBody, Argument::First),
        "error_page" => (Kind::ErrorPage, Argument::Last),
        "try_files" => (Kind::TryFiles, Argument::Last),
        "echo_exec" | "echo_location" | "echo_location_async" => (Kind::Module, Argument::First),
        "echo_subrequest" | "echo_subrequest_async" | "srcache_fetch" | "srcache_store" => (Kind::Module, Argument::Second),
        "rewrite" => (Kind::Rewrite, Argument::Replacement),
        "return" => (Kind::Redirect, Argument::Target),
        "index" => (Kind::Index, Argument::Pages),
        _ => return None,
    })
}

/// Passes requests to an application that it starts itself.
const PASSENGER: &str = "passenger_enabled";

/// Is it the name of a directive that may send requests to a location?
fn may_send(name: &str) -> bool {
    sends(name).is_some() || CODE.contains(&name) || handlers::passes(name) || name == PASSENGER
}

struct Builder<'a> {
    config: &'a Config,
    router: &'a Router,
    upstreams: &'a upstreams::Upstreams,
    redirects: Redirects<'a>,
    /// Is there a `proxy_ignore_headers` or one of its relatives?
    ignoring: bool,
    /// What is not known at all.
    anywhere: Target,
    out: References,
}

impl Builder<'_> {
    /// The servers in which a directive holds: its own, or all for one of the `http` level.
    fn servers(&self, server: Option<ServerId>) -> Vec<ServerId> {
        match server {
            Some(server) => vec![server],
            None => (0..self.config.servers.len()).map(|index| ServerId(index as u32)).collect(),
        }
    }

    fn push(&mut self, place: Place, kind: Kind, target: Target, server: ServerId, from: Option<LocationId>) {
        let to = match &target {
            Target::Constant(name) if name.starts_with('@') => self.router.named(server, name),
            Target::Constant(uri) if uri.starts_with('/') => self.router.locate(server, uri.as_bytes()).location,
            _ => None,
        };
        self.out.all.push(Reference { place, kind, target, server, from, to, certain: true });
    }

    /// A redirect to what is written; one reference for each location that it may lead to.
    fn redirect(&mut self, place: Place, text: &str, server: ServerId, from: Option<LocationId>) {
        let (kind, target) = (Kind::Redirect, target(text));
        if target.constant().is_some() && text.starts_with('/') {
            return self.push(place, kind, target, server, from);
        }
        let led = self.redirects.to(place, server, text);
        if led.is_empty() && text.starts_with('/') {
            return self.push(place, kind, target, server, from);
        }
        for (to, certain) in led {
            self.out.all.push(Reference { place, kind, target: target.clone(), server, from, to: Some(to), certain });
        }
    }

    fn directive(&mut self, id: EntryId) {
        let config = self.config;
        let directive = config.directive(id);
        let name = &*directive.name.value;
        let entry = config.entry(id);
        if directive.signs.has(Signs::TEMPLATE) && name != "location" {
            for word in directive.args.iter().filter(|word| word.may_be_filled_in() && word.value.contains('@')) {
                self.out.at_names.push((word.value.clone(), Place { file: entry.file, span: word.span }));
            }
        }
        let found: Option<(Kind, &str)> = match sends(name) {
            None => None,
            Some((_, Argument::Pages)) => return self.index(id),
            Some((_, Argument::Replacement)) => rewrite(config, id),
            Some((kind, Argument::First)) => directive.arg(0).map(|uri| (kind, uri)),
            Some((kind, Argument::Second)) => directive.arg(1).map(|uri| (kind, uri)),
            Some((kind, Argument::Last)) if directive.args.len() > 1 => directive.args.last().map(|word| (kind, &*word.value)),
            Some((_, Argument::Last)) => None,
            Some((kind, Argument::Target)) => match directive.arg(1) {
                Some(uri) => directive.arg(0).filter(|status| redirects::is_status(status)).map(|_| (kind, uri)),
                None => directive.arg(0).map(|uri| (kind, uri)),
            },
        };
        // Passenger's answers are read as those of an upstream (`ngx_http_upstream_process_headers`).
        let passes = handlers::passes(name) || name == PASSENGER && directive.arg(0) == Some("on");
        let is_code = CODE.contains(&name);
        // Most directives send no requests.
        if found.is_none() && !is_code && !passes {
            return;
        }
        let (server, from) = (self.config.server_of(id), self.config.location_of(id));
        let place = self.config.place(id);
        // `error_page 404 https://…`
        let away = |(kind, value): &(Kind, &str)| *kind == Kind::Redirect || *kind == Kind::ErrorPage && is_absolute_url(value);
        if let Some((_, text)) = found.filter(|one| away(one)) {
            for server in self.servers(server) {
                self.redirect(place, text, server, from);
            }
        } else if let Some((kind, value)) = found {
            let goes = value.starts_with('/') || value.starts_with('@') || value.starts_with('$');
            // `try_files … =404`, `mirror off`
            if goes && !stays_relative(kind, value) {
                for server in self.servers(server) {
                    self.push(place, kind, target(value), server, from);
                }
            }
        }
        if is_code {
            for server in self.servers(server) {
                self.push(place, Kind::Code, self.anywhere.clone(), server, from);
            }
        }
        if passes
            && let Some(server) = server
            && !self.ignores_x_accel(id)
            && self.upstreams.sends_x_accel(id) != Some(false)
        {
            self.push(place, Kind::Accel, self.anywhere.clone(), server, from);
        }
    }

    /// Is nginx told to take no notice of the header? (`proxy_ignore_headers X-Accel-Redirect` and its relatives.)
    fn ignores_x_accel(&self, pass: EntryId) -> bool {
        let Some(module) = self.config.directive(pass).name.value.strip_suffix("_pass") else { return false };
        // memcached gives a value, no headers.
        if module == "memcached" || !self.ignoring {
            return module == "memcached";
        }
        let Some(block) = self.config.entry(pass).parent else { return false };
        let ignored = self.config.inherited_all(block, &format!("{module}_ignore_headers"));
        ignored
            .iter()
            .any(|entry| self.config.directive(*entry).args.iter().any(|word| word.value.eq_ignore_ascii_case("X-Accel-Redirect")))
    }

    /// `index page.html` makes of a request for the location's folder one for the page.
    fn index(&mut self, id: EntryId) {
        let Some(from) = self.config.entry(id).parent.and_then(|parent| self.config.location_at(parent)) else { return };
        let location = self.config.location(from);
        let (Matcher::Exact(path) | Matcher::Prefix { path, .. }) = &location.matcher else { return };
        if !path.ends_with('/') {
            return;
        }
        let directive = self.config.directive(id);
        for word in directive.args.iter().filter(|word| !word.value.contains('$')) {
            let uri = if word.value.starts_with('/') { word.value.to_string() } else { format!("{path}{}", word.value) };
            self.push(self.config.place(id), Kind::Index, Target::Constant(uri.into()), location.server, Some(from));
        }
    }

    fn lua(&mut self, lua: &Lua) {
        for code in &lua.codes {
            self.out.at_names.extend(code.facts.at_names.iter().map(|(name, span)| (name.clone(), Place { file: code.file, span: *span })));
            let from = code.entry.and_then(|entry| self.config.location_of(entry));
            let mut servers = if code.scope.any { self.servers(None) } else { code.scope.servers.iter().copied().collect() };
            servers.sort_unstable();
            for call in &code.facts.calls {
                let kind = match call.kind {
                    CallKind::Capture => Kind::LuaCapture,
                    CallKind::Exec => Kind::LuaExec,
                    CallKind::SetUri => Kind::LuaSetUri,
                    CallKind::Redirect => Kind::Redirect,
                    CallKind::Require | CallKind::LoadFile => continue,
                };
                let target = match &call.target {
                    Target::Constant(uri) => Target::Constant(path_of(uri).into()),
                    dynamic => dynamic.clone(),
                };
                for server in &servers {
                    if let (Kind::Redirect, Target::Constant(url)) = (kind, &call.target)
                        && is_absolute_url(url)
                    {
                        self.redirect(Place { file: code.file, span: call.span }, url, *server, from);
                        continue;
                    }
                    self.push(Place { file: code.file, span: call.span }, kind, target.clone(), *server, from);
                }
            }
        }
        let opaque = lua.opaque();
        let mut unread: FxHashMap<Option<ServerId>, Vec<EntryId>> = FxHashMap::default();
        for (entry, scope) in &lua.unread {
            unread.entry(*scope).or_default().push(*entry);
        }
        for server in self.servers(None) {
            let runs = [None, Some(server)];
            if let Some((_, place)) = runs.iter().filter_map(|scope| opaque.get(scope)).min_by_key(|(number, _)| *number) {
                self.push(*place, Kind::Code, self.anywhere.clone(), server, None);
            }
            for entry in runs.iter().filter_map(|scope| unread.get(scope)).flatten() {
                let from = self.config.location_of(*entry);
                self.push(self.config.place(*entry), Kind::Code, self.anywhere.clone(), server, from);
            }
        }
    }
}

/// A URI without its query.
fn path_of(uri: &str) -> &str {
    uri.split('?').next().unwrap_or(uri)
}

/// The target that an argument of a directive names: constant up to its first variable or capture.
fn target(value: &str) -> Target {
    let path = path_of(value);
    match path.split_once('$') {
        Some((prefix, _)) => Target::Dynamic { prefix: prefix.into() },
        None => Target::Constant(path.into()),
    }
}

/// A rewrite that is followed by a new search: with `last`, and without a flag (at the end of the block); or one that sends the client away.
fn rewrite(config: &Config, id: EntryId) -> Option<(Kind, &str)> {
    let directive = config.directive(id);
    let to = directive.arg(1)?;
    match directive.arg(2) {
        _ if is_absolute_url(to) => Some((Kind::Redirect, to)),
        Some("redirect" | "permanent") => Some((Kind::Redirect, to)),
        Some("break") => None,
        _ => Some((Kind::Rewrite, to)),
    }
}

/// `$uri/`, `$request_uri`: what begins with the request's own URI names no location by itself.
fn stays_relative(kind: Kind, value: &str) -> bool {
    matches!(kind, Kind::TryFiles | Kind::ErrorPage)
        && ["$uri", "$document_uri", "$request_uri", "${uri}"].iter().any(|variable| value.starts_with(variable))
}
