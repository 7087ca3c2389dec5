//! What of a configuration may move a request on from the location that takes it: decided once, before any line is read.

use rustc_hash::FxHashSet;

use super::apart::Apart;
use crate::config::effective::{Blocks, Effective, Site};
use crate::config::{Config, EntryId, LocationId, ServerId};
use crate::nginx::handlers;
use crate::project::{Place, Project};
use crate::routing::Router;
use crate::routing::trace::{Landing, Surroundings};

/// What a server does before a location is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfServer {
    /// Nothing that matters here.
    Locates,
    /// It answers everything itself.
    Answers,
    /// It may answer, by what does not depend on the URI.
    Decides,
    /// It may change the URI, or answer.
    Moves,
}

/// What a place does with a request.
#[derive(Debug, Clone, Copy, Default)]
struct OfPlace {
    /// It may send it on.
    moves: bool,
    /// It serves files: a folder's name becomes that of its index.
    files: bool,
    /// It has an `error_page` that leads to a location.
    pages: bool,
    /// All that moves a request is written out: neither its path nor its arguments decide, for all that is seen here.
    constant: bool,
    /// It may answer 400: it hands requests on, or runs code.
    refuses: bool,
}

/// A pass to this same configuration that hands the target on as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// Where it arrives, as in `listen`.
    pub address: String,
    /// The port.
    pub port: u16,
    /// The `Host` that is sent; `None` for the one that came.
    pub host: Option<Vec<u8>>,
}

/// For a whole configuration.
#[derive(Debug, Clone, Default)]
pub struct Plans {
    servers: Vec<OfServer>,
    places: Vec<OfPlace>,
    /// By place, where it has one.
    back: Vec<Option<Back>>,
    /// The `if`s that have nothing to do with the URI.
    apart: FxHashSet<Place>,
    /// The arguments may decide where a request goes.
    pub args_matter: bool,
    /// The host may, besides choosing the server.
    pub hosts_matter: bool,
}

impl Plans {
    /// Looks at all of it.
    pub fn of(project: &Project, config: &Config, router: &Router, around: &dyn Surroundings) -> Plans {
        let (blocks, apart) = (Blocks::new(project, config), Apart::of(config));
        let codes = |block: EntryId| config.entry(block).children.iter().copied();
        let is = |entry: EntryId, names: &[&str]| names.iter().any(|name| config.directive(entry).is(name));
        let servers = config.servers.iter().map(|server| {
            let moving = codes(server.entry).find(|entry| is(*entry, &["return", "rewrite", "if"]));
            match moving {
                None => OfServer::Locates,
                Some(first) if is(first, &["return"]) => OfServer::Answers,
                Some(_) if codes(server.entry).all(|entry| apart.has(entry)) => OfServer::Decides,
                Some(_) => OfServer::Moves,
            }
        });
        let servers = servers.collect();
        let sites = (0..config.locations.len() as u32).map(|index| Site::Location(LocationId(index)));
        let sites = sites.chain((0..config.servers.len() as u32).map(|index| Site::Server(ServerId(index))));
        let mut back = Vec::new();
        let places = sites.map(|site| {
            let effective = blocks.effective(site);
            let has = |key: &str| effective.setting(key).iter().any(|entry| config.directive(*entry).arg(0) != Some("off"));
            let last = |entry: &EntryId| config.directive(*entry).args.last().map_or("", |word| &*word.value);
            let leads = |entry: &EntryId| last(entry).starts_with(['/', '@', '$']);
            let written = |key: &str| effective.setting(key).iter().all(|entry| !last(entry).contains('$'));
            let pages = effective.setting("error_page").iter().any(leads);
            let rewrites = effective.sequence.iter().any(|entry| is(*entry, &["rewrite", "if"]));
            let is_apart = effective.sequence.iter().all(|entry| apart.has(*entry));
            let tries = effective.own.iter().any(|entry| is(*entry, &["try_files"]));
            let pass = effective.handlers.iter().copied().find(|entry| comes_back(config, around, *entry).is_some());
            let limits = effective.own.iter().any(|entry| is(*entry, &["limit_except"]));
            let answers = !effective.handlers.is_empty() || effective.sequence.iter().any(|entry| is(*entry, &["return"]));
            let plain = pass.map(|pass| plain(config, around, &effective, pass));
            let constant = (answers || !pages)
                && is_apart
                && !(tries || limits || effective.open)
                && ["error_page", "auth_request", "mirror"].iter().all(|key| written(key))
                && plain.as_ref().is_none_or(Option::is_some);
            back.push(plain.flatten());
            let moves = pages || rewrites || tries || pass.is_some() || has("auth_request") || has("mirror");
            let code = ["access_by_lua", "rewrite_by_lua", "server_rewrite_by_lua", "header_filter_by_lua", "js_access", "dav_methods"];
            let says = |entry: &EntryId| config.directive(*entry).args.iter().any(|word| word.value.contains("400"));
            let inside = |entry: &EntryId| says(entry) || config.entry(*entry).children.iter().any(says);
            let refuses = !effective.handlers.is_empty()
                || !effective.unknown.is_empty()
                || code.iter().any(|key| has(key))
                || effective.sequence.iter().any(inside);
            OfPlace { moves, files: !answers, pages, constant, refuses }
        });
        let places = places.collect();
        let uses = |names: &[&str], directives: &[&str]| {
            let all = directives.iter().flat_map(|name| config.all(name));
            all.flat_map(|entry| std::iter::once(*entry).chain(config.entry(*entry).children.iter().copied())).any(|entry| {
                let words = config.directive(entry).args.iter();
                words.into_iter().any(|word| names.iter().any(|name| word.value.contains(name)))
            })
        };
        let deciding =
            ["if", "map", "geo", "split_clients", "set", "rewrite", "try_files", "error_page", "auth_request", "proxy_pass", "return"];
        let shared = router.sockets().iter().any(|socket| socket.servers.len() > 1);
        Plans {
            servers,
            places,
            back,
            apart: config.all("if").iter().filter(|entry| apart.has(**entry)).map(|entry| config.header(*entry)).collect(),
            args_matter: uses(&["$arg", "${arg", "$query_string", "$request_uri", "${request_uri", "$is_args"], &deciding[..8]),
            hosts_matter: shared || uses(&["$host", "${host", "$http_host", "$server_port"], &deciding),
        }
    }

    /// What the server does first.
    pub fn server(&self, server: ServerId) -> OfServer {
        self.servers.get(server.index()).copied().unwrap_or(OfServer::Moves)
    }

    /// True when what becomes of one request that the place takes first becomes of all others with the same method.
    pub fn is_constant(&self, place: u32) -> bool {
        self.places.get(place as usize).is_some_and(|place| place.constant)
    }

    /// May the place answer 400 by itself? Elsewhere it is nginx that refuses a request before it looks for a location.
    pub fn may_refuse(&self, place: u32) -> bool {
        self.places.get(place as usize).is_none_or(|place| place.refuses)
    }

    /// Has the `if` that stands there nothing to do with the URI?
    pub fn is_apart(&self, place: Option<Place>) -> bool {
        place.is_some_and(|place| self.apart.contains(&place))
    }

    /// Does the place serve files, as far as it is seen here?
    pub fn serves_files(&self, place: u32) -> bool {
        self.places.get(place as usize).is_some_and(|place| place.files)
    }

    /// Where the place hands requests on as they are.
    pub fn back(&self, place: u32) -> Option<&Back> {
        self.back.get(place as usize)?.as_ref()
    }

    /// Has a request to be followed that this place takes first?
    pub fn moves(&self, place: u32, internal: bool, redirect: bool, folder: bool) -> bool {
        match self.places.get(place as usize) {
            Some(place) if internal || redirect => place.pages,
            Some(place) => place.moves || (place.files && folder),
            None => true,
        }
    }
}

/// Where a `*_pass` comes back to this same configuration, for all that is known; an empty address where a variable may lead there.
fn comes_back(config: &Config, around: &dyn Surroundings, entry: EntryId) -> Option<(String, u16)> {
    let directive = config.directive(entry);
    if !handlers::passes(&directive.name.value) || !matches!(&*directive.name.value, "proxy_pass" | "grpc_pass") {
        return None;
    }
    let to = directive.arg(0)?;
    if to.contains('$') {
        return Some((String::new(), 0));
    }
    let (scheme, rest) = to.split_once("://").unwrap_or(("http", to));
    let authority = if rest.starts_with("unix:") { rest } else { rest.split('/').next().unwrap_or_default() };
    let usual = if matches!(scheme, "https" | "grpcs") { 443 } else { 80 };
    let servers: Vec<&str> = match config.upstream(authority) {
        Some(upstream) => upstream.servers.iter().map(|(address, _)| &**address).collect(),
        None => vec![authority],
    };
    servers.into_iter().find_map(|address| {
        let (host, port) = match address.rsplit_once(':') {
            _ if address.starts_with("unix:") => (address, 0),
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(usual)),
            _ => (address, usual),
        };
        match around.lands(host, port) {
            Landing::Here { address, port, .. } => Some((address, port)),
            Landing::Perhaps { .. } | Landing::Elsewhere => None,
        }
    })
}

/// A pass that comes back and hands the target on as it is, with a host that is known; `None` for any other.
fn plain(config: &Config, around: &dyn Surroundings, effective: &Effective, pass: EntryId) -> Option<Back> {
    let (address, port) = comes_back(config, around, pass)?;
    let (scheme, authority) = config.directive(pass).arg(0)?.split_once("://")?;
    if authority.contains(['/', '?', '$']) || address.starts_with("unix:") || scheme != "http" || !config.directive(pass).is("proxy_pass") {
        return None;
    }
    let is_host = |entry: &&EntryId| config.directive(**entry).arg(0).is_some_and(|name| name.eq_ignore_ascii_case("host"));
    let host = match effective.setting("proxy_set_header").iter().find(is_host) {
        None => Some(authority.strip_suffix(":80").unwrap_or(authority).as_bytes().to_vec()),
        Some(entry) => match config.directive(*entry).arg(1)? {
            "$host" | "$http_host" | "${host}" | "${http_host}" => None,
            text if text.is_empty() || text.contains('$') => return None,
            text => Some(text.as_bytes().to_vec()),
        },
    };
    // With the latter the answer of the second server decides here, too.
    let changed = ["proxy_method", "proxy_intercept_errors"].iter().any(|key| !effective.setting(key).is_empty());
    (!changed).then_some(Back { address, port, host })
}
