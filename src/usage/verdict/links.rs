//! Who sends requests to which location, and what needs which file: the edges of the graph.

use std::cell::LazyCell;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::beginnings::Beginnings;
use super::served::Served;
use super::{Evidence, beginnings, carry};
use crate::config::{EntryId, LocationId, ServerId};
use crate::project::paths::Mapped;
use crate::project::{FileId, Place};
use crate::routing::uri;
use crate::upstreams::address::PathPart;
use crate::usage::callers::resolve::{Origin, Resolver};
use crate::usage::callers::{Caller, Kind as CallerKind, Path as UrlPath, Strength};
use crate::usage::lua::Target;
use crate::usage::modules::Module;
use crate::usage::references::{Kind, Reference};

/// Something that sends requests or needs a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// A location.
    Location(LocationId),
    /// A server's own level: what holds in all of its locations.
    Server(ServerId),
    /// A file of the workspace: a page, a script, Lua.
    File(FileId),
    /// What runs by itself: a health check, a scrape.
    Clock,
    /// What somebody runs now and then, or wrote down: a test, a manual.
    Paper,
}

/// What a link rests on.
#[derive(Debug, Clone)]
pub(super) enum Link {
    /// Something in the workspace calls it.
    Called(Arc<Caller>, bool),
    /// A directive or Lua sends requests to it.
    Referred { place: Place, kind: Kind, from: Option<LocationId> },
    /// A location passes requests on to it; the flag says that it is certain that they get here.
    PassedOn { from: LocationId, pass: EntryId, certain: bool },
    /// A location stands in it.
    Inside(LocationId),
    /// A computed target may be one of its URIs.
    Computed(Place),
}

impl Link {
    /// Does a request on this way show in the log of the location that it gets to?
    pub(super) fn is_logged(&self) -> bool {
        match self {
            // A subrequest (`ngx_http_log_handler` with `log_subrequest off`).
            Link::Called(caller, _) => caller.kind != CallerKind::Ssi,
            Link::PassedOn { .. } => true,
            Link::Referred { kind, .. } => *kind == Kind::Redirect,
            Link::Inside(_) | Link::Computed(_) => false,
        }
    }

    /// Is it sure that a request of the one gets to the other?
    pub(super) fn is_certain(&self) -> bool {
        match self {
            Link::Called(_, certain) | Link::PassedOn { certain, .. } => *certain,
            Link::Referred { .. } | Link::Inside(_) => true,
            Link::Computed(_) => false,
        }
    }
}

/// Who names nothing in particular in a server, and so may mean any location that nothing else leads to. Thousands may, and mean thousands of
/// locations: it is kept once for all of them.
#[derive(Debug, Default)]
pub(super) struct Unnamed {
    /// Who, and in how many places.
    pub(super) from: FxHashMap<Node, usize>,
    /// Where, each place once and in order; with the location, where only that one has it.
    places: Vec<(Place, Option<LocationId>)>,
    /// How many of the places only this location has.
    own: FxHashMap<LocationId, usize>,
}

impl Unnamed {
    fn of(all: Vec<(Node, Place)>) -> Unnamed {
        let mut out = Unnamed::default();
        let mut at: FxHashMap<Place, usize> = FxHashMap::default();
        for (from, place) in all {
            *out.from.entry(from).or_default() += 1;
            let location = match from {
                Node::Location(id) => Some(id),
                _ => None,
            };
            let at = *at.entry(place).or_insert_with(|| {
                out.places.push((place, location));
                out.places.len() - 1
            });
            if let Some((_, only)) = out.places.get_mut(at) {
                *only = only.filter(|only| Some(*only) == location);
            }
        }
        for id in out.places.iter().filter_map(|(_, only)| *only) {
            *out.own.entry(id).or_default() += 1;
        }
        out
    }

    /// The first `most` places that may mean the location, and how many more do. What a location names itself it does not mean.
    pub(super) fn places(&self, to: LocationId, most: usize) -> (impl Iterator<Item = Place>, usize) {
        let all = self.places.len() - self.own.get(&to).copied().unwrap_or_default();
        let shown = self.places.iter().filter(move |(_, only)| *only != Some(to)).take(most).map(|(place, _)| *place);
        (shown, all.saturating_sub(most))
    }
}

/// The edges of the graph.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// By location: who sends requests to it.
    pub(super) to: Vec<Vec<(Node, Link)>>,
    /// By file: what serves it, runs it or loads it. A file that is not here is used in ways that can't be seen.
    pub(super) files: FxHashMap<FileId, FxHashSet<Node>>,
    /// By server: its locations, those inside others among them.
    inside: Vec<Vec<LocationId>>,
    /// By server: who names nothing in particular, and may mean each of its [hidden](Links::hidden) locations.
    unnamed: Vec<Unnamed>,
    /// By server: the locations that only nginx itself leads requests to.
    hidden: Vec<Vec<LocationId>>,
}

impl Links {
    pub(super) fn build(evidence: &Evidence<'_>) -> Links {
        let config = evidence.config;
        let mut inside = vec![Vec::new(); config.servers.len()];
        for (index, location) in config.locations.iter().enumerate() {
            if let Some(list) = inside.get_mut(location.server.index()) {
                list.push(LocationId(index as u32));
            }
        }
        let hidden = inside.iter().map(|list| list.iter().copied().filter(|id| evidence.is_internal(*id)).collect()).collect();
        let to = vec![Vec::new(); config.locations.len()];
        let mut out = Links { to, files: FxHashMap::default(), inside, unnamed: Vec::new(), hidden };
        out.needs(evidence);
        out.lua(evidence);
        out.references(evidence);
        out.passes(evidence);
        out.nested(evidence);
        out.callers(evidence);
        out
    }

    fn add(&mut self, to: LocationId, from: Node, link: Link) {
        if let Some(list) = self.to.get_mut(to.index()) {
            list.push((from, link));
        }
    }

    fn file(&mut self, file: FileId, by: Node) {
        self.files.entry(file).or_default().insert(by);
    }

    fn inside(&self, server: ServerId) -> &[LocationId] {
        self.inside.get(server.index()).map_or(&[], Vec::as_slice)
    }

    /// Those that only nginx itself leads requests to, by server, with who may mean any of them.
    pub(super) fn hidden(&self) -> impl Iterator<Item = (&[LocationId], &Unnamed)> {
        self.hidden.iter().map(Vec::as_slice).zip(&self.unnamed)
    }

    /// Who names nothing in particular, and may mean this location.
    pub(super) fn unnamed(&self, evidence: &Evidence<'_>, to: LocationId) -> Option<&Unnamed> {
        let of_server = || self.unnamed.get(evidence.config.location(to).server.index());
        evidence.is_internal(to).then(of_server).flatten()
    }

    /// Every server, for what stands above them.
    fn servers(evidence: &Evidence<'_>, server: Option<ServerId>) -> Vec<ServerId> {
        server.map_or_else(|| (0..evidence.config.servers.len()).map(|index| ServerId(index as u32)).collect(), |server| vec![server])
    }

    /// The block that a directive stands in, as nodes.
    fn around(evidence: &Evidence<'_>, entry: EntryId) -> Vec<Node> {
        match evidence.config.location_of(entry) {
            Some(location) => vec![Node::Location(location)],
            None => Links::servers(evidence, evidence.config.server_of(entry)).into_iter().map(Node::Server).collect(),
        }
    }

    fn needs(&mut self, evidence: &Evidence<'_>) {
        for need in evidence.needs {
            let Mapped::Present { path, .. } = &need.mapped else { continue };
            let file = evidence.project.vfs.id(path);
            match need.location {
                Some(location) => self.file(file, Node::Location(location)),
                // A file of a block above serves all that is in it.
                None if need.what != "require" => {
                    Links::servers(evidence, None).into_iter().for_each(|server| self.file(file, Node::Server(server)));
                }
                None => {}
            }
        }
    }

    fn lua(&mut self, evidence: &Evidence<'_>) {
        for code in &evidence.lua.codes {
            let from = match code.entry {
                Some(entry) => Links::around(evidence, entry),
                None => vec![Node::File(code.file)],
            };
            for (_, module) in &code.modules {
                if let Module::Found(file) = module {
                    from.iter().for_each(|node| self.file(*file, *node));
                }
            }
        }
    }

    fn references(&mut self, evidence: &Evidence<'_>) {
        let config = evidence.config;
        let mut unnamed: Vec<Vec<(Node, Place)>> = vec![Vec::new(); config.servers.len()];
        for reference in evidence.references.all() {
            let Reference { place, kind, target, server, from, to, certain } = reference;
            let source = match from {
                Some(from) => Node::Location(*from),
                None if evidence.project.files.contains_key(&place.file) => Node::Server(*server),
                None => Node::File(place.file),
            };
            if let Some(to) = to.filter(|_| !certain) {
                if *from != Some(to) {
                    self.add(to, source, Link::Computed(*place));
                }
                continue;
            }
            if let Some(to) = to {
                self.add(*to, source, Link::Referred { place: *place, kind: *kind, from: *from });
                continue;
            }
            let Target::Dynamic { prefix } = target else { continue };
            // What a rewrite makes is in the replay of the logs; what an answer's header, Lua or other code names is not.
            let named = match kind {
                Kind::LuaExec | Kind::LuaCapture | Kind::LuaSetUri => prefix.len() > 1,
                Kind::Accel | Kind::Code => false,
                _ => continue,
            };
            // Nearly every server has answers that may name something, and few have anything that only they can reach.
            let Some(hidden) = self.hidden.get(server.index()) else { continue };
            if !named {
                // Somebody who names nothing in particular means what only he can reach.
                if let Some(list) = unnamed.get_mut(server.index()).filter(|_| !hidden.is_empty()) {
                    list.push((source, *place));
                }
                continue;
            }
            let begins = |id: &LocationId| beginnings::name(&config.location(*id).matcher).map(|name| name.starts_with(&**prefix));
            let mut meant: Vec<LocationId> = hidden.iter().copied().filter(|id| begins(id).is_none()).collect();
            meant.extend(self.inside(*server).iter().filter(|id| begins(id) == Some(true)));
            for id in meant.into_iter().filter(|id| *from != Some(*id)) {
                self.add(id, source, Link::Computed(*place));
            }
        }
        self.unnamed = unnamed.into_iter().map(Unnamed::of).collect();
    }

    /// What one location passes on to the servers of this same configuration.
    fn passes(&mut self, evidence: &Evidence<'_>) {
        let config = evidence.config;
        let mut beginnings: FxHashMap<ServerId, Beginnings<'_>> = FxHashMap::default();
        for index in 0..config.locations.len() {
            let from = LocationId(index as u32);
            for (pass, target) in carry::passes(evidence, from) {
                let servers = carry::here(target);
                if servers.is_empty() {
                    continue;
                }
                let sent = evidence.upstreams.sent(evidence.project, config, pass);
                for (server, straight) in servers {
                    let one = sent.as_ref().filter(|sent| sent.single && straight).map(|sent| sent.begin.as_str());
                    let (reached, certain) = match one {
                        Some(uri) => {
                            let path = uri.split('?').next().unwrap_or_default();
                            (evidence.router.locate(server, path.as_bytes()).location.into_iter().collect(), true)
                        }
                        None => {
                            let own = match &target.address.path {
                                PathPart::Own => beginnings::beginning(&config.location(from).matcher),
                                _ => "",
                            };
                            let begin = sent.as_ref().map(|sent| sent.begin.as_str()).filter(|begin| !begin.is_empty()).unwrap_or(own);
                            let beginnings = beginnings.entry(server).or_insert_with(|| Beginnings::new(config, self.inside(server)));
                            (beginnings.may_take(begin), false)
                        }
                    };
                    for to in reached {
                        self.add(to, Node::Location(from), Link::PassedOn { from, pass, certain });
                    }
                }
            }
        }
    }

    fn nested(&mut self, evidence: &Evidence<'_>) {
        for (index, location) in evidence.config.locations.iter().enumerate() {
            if let Some(parent) = location.parent {
                let inner = LocationId(index as u32);
                self.add(parent, Node::Location(inner), Link::Inside(inner));
            }
        }
    }

    fn callers(&mut self, evidence: &Evidence<'_>) {
        let served = LazyCell::new(|| Served::new(evidence));
        let resolver = Resolver::new(evidence.project, evidence.config, evidence.router);
        let mut origins: FxHashMap<FileId, Vec<Origin>> = FxHashMap::default();
        for caller in &evidence.callers.all {
            let file = caller.place.file;
            // `/` and something behind it may be anything.
            if matches!(&caller.url.path, UrlPath::Prefix(prefix) if &**prefix == "/") {
                continue;
            }
            let from = origins.entry(file).or_insert_with(|| self.origins(evidence, &served, file)).clone();
            let node = match caller.kind.strength() {
                Strength::Runs => Node::Clock,
                Strength::Tried | Strength::Mentioned => Node::Paper,
                Strength::Follows => Node::File(file),
            };
            if caller.kind == CallerKind::Ssi {
                self.included(evidence, &served, caller);
                continue;
            }
            for called in resolver.resolve(caller, &from) {
                let Some(location) = called.location else { continue };
                self.add(location, node, Link::Called(caller.clone(), called.certain));
                let UrlPath::Exact(path) = &caller.url.path else { continue };
                for next in carry::on(evidence, location, path) {
                    self.add(next, node, Link::Called(caller.clone(), called.certain));
                }
            }
        }
    }

    /// What nginx itself asks for on behalf of a page, with `ssi on` where that is served. Of one that no location serves out of this workspace's
    /// files nobody knows: it may come from a backend.
    fn included(&mut self, evidence: &Evidence<'_>, served: &Served<'_>, caller: &Arc<Caller>) {
        let config = evidence.config;
        if config.all("ssi").is_empty() {
            return;
        }
        let file = caller.place.file;
        let reads = |location: LocationId| {
            let on = |id: EntryId| config.directive(id).arg(0) == Some("on");
            // Also in an `if` of it.
            let inside = || config.all("ssi").iter().any(|id| on(*id) && config.location_of(*id) == Some(location));
            config.inherited(config.location(location).entry, "ssi").is_some_and(on) || inside()
        };
        let pages = served.by(&evidence.project.vfs.path(file));
        let is_served = !pages.is_empty();
        let mut from: Vec<(ServerId, Option<String>)> = pages
            .into_iter()
            .filter(|(location, _)| reads(*location))
            .map(|(location, uri)| (config.location(location).server, Some(uri).filter(|uri| !uri.is_empty())))
            .collect();
        if !is_served {
            let on = config.all("ssi").iter().filter(|id| config.directive(**id).arg(0) == Some("on"));
            from = on.flat_map(|id| Links::servers(evidence, config.server_of(*id))).map(|server| (server, None)).collect();
        }
        from.sort();
        from.dedup();
        for (server, page) in from {
            let folder = page.as_deref().and_then(|page| page.rsplit_once('/')).map(|(folder, _)| folder);
            let (begin, whole) = match &caller.url.path {
                UrlPath::Exact(path) => (path.to_string(), true),
                UrlPath::Prefix(prefix) => (prefix.to_string(), false),
                UrlPath::Relative(path) => match folder {
                    Some(folder) => (format!("{folder}/{path}"), true),
                    None => continue,
                },
                UrlPath::Suffix(..) => continue,
            };
            let reached: Vec<LocationId> = match whole {
                true => {
                    let path = uri::normalize(begin.as_bytes(), true).map_or_else(|_| begin.clone().into_bytes(), |(path, _)| path);
                    evidence.router.locate(server, &path).location.into_iter().collect()
                }
                false => {
                    let beginnings = Beginnings::new(config, self.inside(server));
                    let own = evidence.router.locate(server, begin.as_bytes()).location;
                    let longer = beginnings.longer(&begin).filter(|id| Some(*id) != own);
                    own.into_iter().chain(longer).collect()
                }
            };
            let certain = is_served && reached.len() == 1;
            for location in reached {
                self.add(location, Node::File(file), Link::Called(caller.clone(), certain));
            }
        }
    }

    /// The servers that a browser has the page from: those whose locations serve it, and those that pass requests for it on to them.
    fn origins(&mut self, evidence: &Evidence<'_>, served: &Served<'_>, file: FileId) -> Vec<Origin> {
        let config = evidence.config;
        let mut out = Vec::new();
        for (location, uri) in served.by(&evidence.project.vfs.path(file)) {
            self.file(file, Node::Location(location));
            let page = Some(uri.as_str()).filter(|uri| !uri.is_empty()).map(Into::into);
            let own = Origin { server: config.location(location).server, page };
            if !out.contains(&own) {
                out.push(own.clone());
            }
            for server in Links::servers(evidence, None) {
                let first = evidence.router.locate(server, uri.as_bytes()).location;
                let leads = first.is_some_and(|first| carry::on(evidence, first, &uri).contains(&location));
                let origin = Origin { server, ..own.clone() };
                if leads && !uri.is_empty() && !out.contains(&origin) {
                    out.push(origin);
                }
            }
        }
        out
    }
}
