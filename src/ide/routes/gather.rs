//! From an analysis to the map.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Backend, Kind, Known, Location, Map, Named, Pass, Route, Server, Unreachable, VERSION, head, reach};
use crate::config::effective::Blocks;
use crate::config::{EntryId, LocationId, Matcher, ServerId};
use crate::ide::answer;
use crate::message;
use crate::nginx::handlers;
use crate::project::Place;
use crate::project::paths::Mapped;
use crate::upstreams::{self, Answer, Running, Scope, Way};
use crate::world::{Analysis, View};

/// How many URLs of a server are named: a port range has thousands.
const URLS: usize = 50;

/// What keeps everybody out, as it is written.
const DENY: &str = "deny all";

/// The map of all configurations, or of the servers that are called `only`.
pub fn of(analysis: &Analysis, only: Option<&str>) -> Map {
    let (mark, tool) = head();
    let mut servers = Vec::new();
    let mut unreachable = Vec::new();
    for view in analysis.views() {
        let gatherer = Gatherer::new(view);
        let all = (0..view.config.servers.len() as u32).map(ServerId);
        let wanted: BTreeSet<ServerId> = all.filter(|id| only.is_none_or(|only| is_called(view, *id, only))).collect();
        servers.extend(wanted.iter().map(|id| gatherer.server(*id)));
        for found in view.upstreams().unreachable(view.project, view.config) {
            let asked = |pass: &EntryId| view.config.server_of(*pass).is_some_and(|server| wanted.contains(&server));
            if found.passes.iter().any(asked) {
                unreachable.push(gatherer.unreachable(&found));
            }
        }
    }
    let workspace = analysis.project.workspace.to_string_lossy().into_owned();
    Map { mark, version: VERSION, tool, language: analysis.language.tag(), workspace, servers, unreachable }
}

/// Where a `*_pass` leads.
pub fn pass(view: View<'_>, entry: EntryId) -> Pass {
    Gatherer::new(view).pass(entry)
}

/// By which names the servers of a workspace can be asked for.
pub fn names_of(analysis: &Analysis) -> Vec<String> {
    let (mut out, mut seen) = (Vec::new(), FxHashSet::default());
    for view in analysis.views() {
        for id in (0..view.config.servers.len() as u32).map(ServerId) {
            let name = short(view, id);
            if seen.insert(name.clone()) {
                out.push(name);
            }
        }
    }
    out
}

/// `shop.example:80`
fn short(view: View<'_>, id: ServerId) -> String {
    let name = view.config.display_server(id);
    name.strip_prefix("server ").map(str::to_owned).unwrap_or(name)
}

fn is_called(view: View<'_>, id: ServerId, name: &str) -> bool {
    let server = view.config.server(id);
    let names = server.names.iter().any(|(own, _)| {
        let with_port = || server.listens.iter().any(|listen| name.eq_ignore_ascii_case(&format!("{own}:{}", listen.port)));
        own.eq_ignore_ascii_case(name) || with_port()
    });
    names || short(view, id).eq_ignore_ascii_case(name)
}

/// Tells of the parts of one configuration.
pub(in crate::ide) struct Gatherer<'a> {
    view: View<'a>,
    blocks: Blocks<'a>,
    /// Files that are needed, by the argument that names them.
    needs: OnceCell<FxHashMap<Place, &'a Mapped>>,
    /// The locations that no request gets to, without what is nested in them.
    dead: OnceCell<FxHashSet<LocationId>>,
}

impl<'a> Gatherer<'a> {
    pub(in crate::ide) fn new(view: View<'a>) -> Gatherer<'a> {
        let (needs, dead) = (OnceCell::new(), OnceCell::new());
        Gatherer { view, blocks: Blocks::new(view.project, view.config), needs, dead }
    }

    fn at(&self, place: Place) -> (String, u32) {
        (self.view.project.display_path(place.file), self.view.project.line(place))
    }

    fn named(&self, name: &str, place: Place) -> Named {
        let (file, line) = self.at(place);
        Named { name: name.to_owned(), file, line, place }
    }

    /// `server shop.example:80`; one that is not here is described in the reader's language.
    pub(in crate::ide) fn server_name(&self, id: ServerId) -> String {
        let config = self.view.config;
        if config.server(id).synthetic { config.say_server(self.view.language, id) } else { config.display_server(id) }
    }

    fn server(&self, id: ServerId) -> Server {
        let config = self.view.config;
        let server = config.server(id);
        let (file, line) = self.at(config.header(server.entry));
        let dead = self.view.names().is_dead(id);
        let locations = config.locations_of(id).map(LocationId);
        Server {
            configuration: self.view.project.display_path(config.root),
            file,
            line,
            server: self.server_name(id),
            names: server.names.iter().map(|(name, _)| name.to_string()).collect(),
            urls: if dead { Vec::new() } else { self.urls(id) },
            dead,
            locations: locations.map(|id| self.location(id)).map(|location| Location { dead: dead || location.dead, ..location }).collect(),
        }
    }

    /// Is it proven that no request gets to the location, or to one around it?
    fn is_dead(&self, id: LocationId) -> bool {
        let found = || self.view.dead().iter().chain(&self.view.through().dead).map(|dead| dead.location).collect();
        let dead = self.dead.get_or_init(found);
        std::iter::successors(Some(id), |id| self.view.config.location(*id).parent).any(|id| dead.contains(&id))
    }

    /// The methods that the `limit_except` of a location lets in (`ngx_http_update_location_config`), `GET` with `HEAD`; `None` where it
    /// keeps nobody out.
    fn let_in(&self, id: LocationId) -> Option<Vec<String>> {
        let config = self.view.config;
        let limit = config.children(config.location(id).entry, "limit_except").last().filter(|limit| self.denies(*limit))?;
        let mut methods: Vec<String> = config.directive(limit).args.iter().map(|word| word.value.to_ascii_uppercase()).collect();
        if let Some(get) = methods.iter().position(|method| method == "GET")
            && !methods.iter().any(|method| method == "HEAD")
        {
            methods.insert(get + 1, "HEAD".to_owned());
        }
        Some(methods)
    }

    /// Those with TLS first.
    pub(in crate::ide) fn urls(&self, id: ServerId) -> Vec<String> {
        let server = self.view.config.server(id);
        let mut out: Vec<String> = Vec::new();
        if server.synthetic {
            return out;
        }
        let names = server.names.iter().map(|(name, _)| &**name);
        let mut hosts: Vec<&str> = names.filter(|name| !name.is_empty() && *name != "_" && !name.starts_with('~')).collect();
        hosts.truncate(URLS);
        let mut listens: Vec<_> = server.listens.iter().filter(|listen| listen.port != 0).collect();
        listens.sort_by_key(|listen| !(listen.ssl || listen.quic));
        for listen in listens {
            let (scheme, usual) = if listen.ssl || listen.quic { ("https", 443) } else { ("http", 80) };
            let port = if listen.port == usual { String::new() } else { format!(":{}", listen.port) };
            let address = if matches!(listen.address.as_str(), "*" | "[::]") { "*" } else { listen.address.as_str() };
            let own = [address];
            for host in if hosts.is_empty() { &own[..] } else { &hosts } {
                let url = format!("{scheme}://{host}{port}");
                if out.len() < URLS && !out.contains(&url) {
                    out.push(url);
                }
            }
        }
        out
    }

    pub(in crate::ide) fn location(&self, id: LocationId) -> Location {
        let config = self.view.config;
        let location = config.location(id);
        let (file, line) = self.at(config.header(location.entry));
        let found = answer::of(&self.blocks, id);
        let passes: Vec<Pass> = reach::passes(config, id).into_iter().map(|pass| self.pass(pass)).collect();
        let path = match &location.matcher {
            Matcher::Exact(path) => Some(path.to_string()),
            Matcher::Prefix { path, .. } => Some(format!("{path}*")),
            Matcher::Regex { .. } | Matcher::Named(_) => None,
        };
        let mut out = Location {
            file,
            line,
            location: location.matcher.display(),
            path: path.filter(|_| !location.matcher.is_template()),
            internal: self.view.router().is_internal(id) || matches!(location.matcher, Matcher::Named(_)),
            dead: self.is_dead(id),
            methods: self.let_in(id).unwrap_or_default(),
            kind: Kind::Files,
            written: found.map_or_else(|| answer::DEFAULT.to_owned(), |entry| answer::written(config, entry)),
            status: None,
            target: None,
            handler: None,
            passes,
        };
        self.classify(found, &mut out);
        if out.kind == Kind::Files && self.denies(location.entry) {
            (out.kind, out.status, out.written) = (Kind::Return, Some(403), DENY.to_owned());
        }
        out
    }

    /// True where nobody is let in.
    fn denies(&self, entry: EntryId) -> bool {
        let config = self.view.config;
        let all = config.children(entry, "deny").any(|deny| config.directive(deny).arg(0) == Some("all"));
        let any = config.inherited(entry, "satisfy").is_some_and(|satisfy| config.directive(satisfy).arg(0) == Some("any"));
        all && !any && config.children(entry, "allow").next().is_none()
    }

    /// What kind of answer a directive gives.
    fn classify(&self, found: Option<EntryId>, out: &mut Location) {
        let Some(entry) = found else { return };
        let config = self.view.config;
        let directive = config.directive(entry);
        match &*directive.name.value {
            name if handlers::passes(name) => out.kind = Kind::Pass,
            "return" => {
                let first = directive.arg(0).unwrap_or_default();
                let status: Option<u16> = first.parse().ok();
                // A URL alone is a 302.
                let target = if status.is_some() { directive.arg(1) } else { Some(first) };
                out.status = Some(status.unwrap_or(302));
                let redirects = matches!(out.status, Some(301 | 302 | 303 | 307 | 308));
                out.kind = if redirects { Kind::Redirect } else { Kind::Return };
                out.target = target.filter(|_| redirects).map(str::to_owned);
            }
            name if name.starts_with("content_by_lua") || name.starts_with("rewrite_by_lua") => {
                out.kind = Kind::Lua;
                let needs = self.needs.get_or_init(|| self.view.needs().iter().rev().map(|need| (need.place, &need.mapped)).collect());
                out.handler = match needs.get(&config.arg_place(entry, 0)) {
                    Some(Mapped::Present { path, .. }) => Some(self.view.project.display(path)),
                    _ if name.ends_with("_file") => directive.arg(0).map(str::to_owned),
                    _ => None,
                };
            }
            "try_files" => out.target = directive.args.last().map(|word| word.value.to_string()),
            "alias" | "root" => {}
            _ => out.kind = Kind::Other,
        }
    }

    fn pass(&self, pass: EntryId) -> Pass {
        let config = self.view.config;
        let place = config.header(pass);
        let (file, line) = self.at(place);
        let written = answer::written(config, pass);
        let Some(target) = self.view.upstreams().target_of(pass) else {
            return Pass { file, line, place, written, scheme: None, upstream: None, backends: Vec::new() };
        };
        let ways = reach::ways(self.view, pass);
        let block = target.block.map(|block| self.named(config.directive(block).arg(0).unwrap_or_default(), config.header(block)));
        let mut backends: Vec<Backend> = Vec::new();
        for backend in &target.backends {
            let address = if backend.port == 0 { backend.host.clone() } else { format!("{}:{}", backend.host, backend.port) };
            let found = self.backend(pass, &address, &backend.answer, ways.as_deref());
            let same = |known: &&mut Backend| (&known.name, &known.service, known.known) == (&found.name, &found.service, found.known);
            match backends.iter_mut().find(same) {
                Some(known) if known.service.is_some() => known.addresses.push(address),
                _ => backends.push(found),
            }
        }
        Pass { file, line, place, written, scheme: Some(target.address.scheme.clone()), upstream: block, backends }
    }

    fn backend(&self, pass: EntryId, address: &str, answer: &Answer, ways: Option<&[Way]>) -> Backend {
        let language = self.view.language;
        let mut out = Backend {
            name: address.to_owned(),
            addresses: vec![address.to_owned()],
            service: None,
            image: None,
            source: None,
            frameworks: Vec::new(),
            servers: Vec::new(),
            known: Known::Unknown,
            why: None,
            routes: Vec::new(),
        };
        let running: &Arc<Running> = match answer {
            Answer::Here(servers) => {
                out.known = Known::Here;
                out.servers = servers.iter().map(|server| self.server_name(*server)).collect();
                return out;
            }
            Answer::Unknown(why) => {
                out.why = Some(why.say(language));
                return out;
            }
            Answer::Service(running) => running,
        };
        out.name = running.name.clone();
        out.service = running.service.as_ref().map(|(name, place)| self.named(name, *place));
        out.image = running.image.as_ref().map(|(image, _)| image.clone());
        out.source = running.source.as_ref().map(|source| source.folder.clone());
        out.frameworks = running.source.iter().flat_map(|source| &source.frameworks).map(|name| (*name).to_owned()).collect();
        let Some(ways) = ways else {
            let Some(location) = self.view.config.location_of(pass) else { return out };
            let dead = self.view.dead().iter().chain(&self.view.through().dead).any(|dead| dead.location == location);
            out.why = Some(match dead {
                true => message!(language, "routes-dead"),
                false => message!(language, "routes-unsettled", location = self.view.config.display_location(location)),
            });
            return out;
        };
        out.routes = self.routes(pass, running, ways);
        match &running.served.scope {
            Scope::Everywhere => out.known = Known::Complete,
            Scope::Below(prefixes) => {
                out.known = Known::Incomplete;
                out.why = Some(message!(language, "routes-below", prefixes = prefixes.join(", ")));
            }
            Scope::Open(why) => {
                out.known = if running.served.routes.is_empty() { Known::Unknown } else { Known::Incomplete };
                out.why = Some(why.say(language));
            }
        }
        out
    }

    /// The routes that the ways lead to, each once. That a framework takes a slash more at the end goes without saying.
    fn routes(&self, pass: EntryId, running: &Running, ways: &[Way]) -> Vec<Route> {
        let config = self.view.config;
        // A pass of the `limit_except` itself is for the methods that are kept out of the location.
        let of_location = !config.ancestors(pass).any(|block| config.name(block) == "limit_except");
        let let_in = config.location_of(pass).filter(|_| of_location).and_then(|location| self.let_in(location));
        let mut out: Vec<Route> = Vec::new();
        for way in ways {
            let internal = way.location.is_some_and(|location| self.view.router().is_internal(location));
            for reached in way.reached(config, &running.served.routes) {
                let path = reached.path.filter(|_| !internal);
                let mut route = self.route(reached.route, path);
                if let Some(let_in) = &let_in {
                    match route.methods.is_empty() {
                        true => route.methods.clone_from(let_in),
                        false => route.methods.retain(|method| let_in.contains(method)),
                    }
                    if route.methods.is_empty() {
                        continue;
                    }
                }
                let slash = |other: &Route| {
                    let one = (&other.methods, &other.file, other.line) == (&route.methods, &route.file, route.line);
                    one && (route.implied || route.line.is_some()) && route.route.strip_suffix('/') == Some(&other.route)
                };
                if !out.iter().any(|other| slash(other) || is_same(other, &route)) {
                    out.push(route);
                }
            }
        }
        out
    }

    fn route(&self, route: &upstreams::Route, path: Option<String>) -> Route {
        let at = route.place.map(|place| self.at(place));
        Route {
            methods: route.methods.iter().map(|method| method.to_string()).collect(),
            path,
            route: route.pattern.clone(),
            implied: route.implied,
            line: at.as_ref().map(|(_, line)| *line),
            file: at.map(|(file, _)| file),
            place: route.place,
        }
    }

    fn unreachable(&self, found: &upstreams::Unreachable) -> Unreachable {
        Unreachable {
            configuration: self.view.project.display_path(self.view.config.root),
            name: found.running.name.clone(),
            service: found.running.service.as_ref().map(|(name, place)| self.named(name, *place)),
            routes: found.routes.iter().map(|route| self.route(route, None)).collect(),
        }
    }
}

/// True for routes that are told in the same words: one line may hold both.
fn is_same(one: &Route, other: &Route) -> bool {
    let words = (&one.methods, &one.path, &one.route, one.implied);
    words == (&other.methods, &other.path, &other.route, other.implied) && (&one.file, one.line) == (&other.file, other.line)
}
