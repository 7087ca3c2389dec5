//! What of a configuration may move a request on from the location that takes it: decided once, before any line is read.

use crate::config::effective::{Blocks, Site};
use crate::config::{Config, EntryId, LocationId, ServerId};
use crate::nginx::handlers;
use crate::project::Project;
use crate::routing::Router;
use crate::routing::trace::{Landing, Surroundings};

/// What a server does before a location is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfServer {
    /// Nothing that matters here.
    Locates,
    /// It answers everything itself.
    Answers,
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
}

/// For a whole configuration.
#[derive(Debug, Clone, Default)]
pub struct Plans {
    servers: Vec<OfServer>,
    places: Vec<OfPlace>,
    /// The arguments may decide where a request goes.
    pub args_matter: bool,
    /// The host may, besides choosing the server.
    pub hosts_matter: bool,
}

impl Plans {
    /// Looks at all of it.
    pub fn of(project: &Project, config: &Config, router: &Router, around: &dyn Surroundings) -> Plans {
        let blocks = Blocks::new(project, config);
        let codes = |block: EntryId| config.entry(block).children.iter().copied();
        let is = |entry: EntryId, names: &[&str]| names.iter().any(|name| config.directive(entry).is(name));
        let servers = config.servers.iter().map(|server| {
            let moving = codes(server.entry).find(|entry| is(*entry, &["return", "rewrite", "if"]));
            match moving {
                None => OfServer::Locates,
                Some(first) if is(first, &["return"]) => OfServer::Answers,
                Some(_) => OfServer::Moves,
            }
        });
        let servers = servers.collect();
        let sites = (0..config.locations.len() as u32).map(|index| Site::Location(LocationId(index)));
        let sites = sites.chain((0..config.servers.len() as u32).map(|index| Site::Server(ServerId(index))));
        let places = sites.map(|site| {
            let effective = blocks.effective(site);
            let has = |key: &str| effective.setting(key).iter().any(|entry| config.directive(*entry).arg(0) != Some("off"));
            let leads = |entry: &EntryId| {
                let to = config.directive(*entry).args.last().map_or("", |word| &*word.value);
                to.starts_with(['/', '@', '$'])
            };
            let pages = effective.setting("error_page").iter().any(leads);
            let rewrites = effective.sequence.iter().any(|entry| is(*entry, &["rewrite", "if"]));
            let tries = effective.own.iter().any(|entry| is(*entry, &["try_files"]));
            let pass = effective.handlers.iter().any(|entry| comes_back(config, around, *entry));
            let answers = !effective.handlers.is_empty() || effective.sequence.iter().any(|entry| is(*entry, &["return"]));
            OfPlace { moves: pages || rewrites || tries || pass || has("auth_request") || has("mirror"), files: !answers, pages }
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
            args_matter: uses(&["$arg", "${arg", "$query_string", "$request_uri", "${request_uri", "$is_args"], &deciding[..8]),
            hosts_matter: shared || uses(&["$host", "${host", "$http_host", "$server_port"], &deciding),
        }
    }

    /// What the server does first.
    pub fn server(&self, server: ServerId) -> OfServer {
        self.servers.get(server.index()).copied().unwrap_or(OfServer::Moves)
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

/// Does a `*_pass` lead to this same configuration, for all that is known?
fn comes_back(config: &Config, around: &dyn Surroundings, entry: EntryId) -> bool {
    let directive = config.directive(entry);
    if !handlers::passes(&directive.name.value) || !matches!(&*directive.name.value, "proxy_pass" | "grpc_pass") {
        return false;
    }
    let Some(to) = directive.arg(0) else { return false };
    if to.contains('$') {
        return true;
    }
    let (scheme, rest) = to.split_once("://").unwrap_or(("http", to));
    let authority = if rest.starts_with("unix:") { rest } else { rest.split('/').next().unwrap_or_default() };
    let usual = if matches!(scheme, "https" | "grpcs") { 443 } else { 80 };
    let servers: Vec<&str> = match config.upstream(authority) {
        Some(upstream) => upstream.servers.iter().map(|(address, _)| &**address).collect(),
        None => vec![authority],
    };
    servers.into_iter().any(|address| {
        let (host, port) = match address.rsplit_once(':') {
            _ if address.starts_with("unix:") => (address, 0),
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(usual)),
            _ => (address, usual),
        };
        matches!(around.lands(host, port), Landing::Here { .. })
    })
}
