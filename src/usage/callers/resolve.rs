//! To which locations a caller's URL leads: whether its host means this configuration, which server answers, which location takes the path.
//!
//! A way through `proxy_pass` into another server is not followed here.

use std::cell::OnceCell;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Caller, Host, Kind, Path, Url};
use crate::config::{Config, LocationId, Matcher, ServerId};
use crate::project::Project;
use crate::project::cluster::{Pod, Port};
use crate::project::compose::Service;
use crate::routing::pattern::Pattern;
use crate::routing::server::{Chosen, normal_host};
use crate::routing::{Router, Socket, uri};
use crate::upstreams;
use crate::usage::verdict::beginnings::beginning;

/// A location that a caller's request gets to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Called {
    /// The server that answers.
    pub server: ServerId,
    /// The location; `None` where the server has none for the path.
    pub location: Option<LocationId>,
    /// Nothing about it is guessed: neither the host, nor the server, nor a part of the path.
    pub certain: bool,
}

/// From where a page is served: a URL without a host goes back there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The server.
    pub server: ServerId,
    /// The URI of the page, where it is known: what relative paths start from.
    pub page: Option<Arc<str>>,
}

/// Looks up callers in one configuration.
pub struct Resolver<'a> {
    project: &'a Project,
    config: &'a Config,
    router: &'a Router,
    /// The compose services in whose containers this configuration runs.
    services: Vec<&'a Service>,
    /// The names of all containers in which it runs, those of a cluster included.
    containers: Vec<&'a str>,
    /// The names that lead to those in a cluster, with their ports and the containers'.
    cluster: Vec<(String, Vec<(u16, u16)>)>,
    /// By server: its locations by what their URIs begin with, sorted.
    beginnings: OnceCell<Vec<Vec<(&'a str, LocationId)>>>,
    /// The names of all servers.
    names: OnceCell<Names<'a>>,
}

/// `server_name`s: those that are a host's, and those that are a pattern of hosts.
struct Names<'a> {
    exact: FxHashSet<&'a str>,
    others: Vec<&'a str>,
}

/// Where a request arrives.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    server: ServerId,
    /// [`Socket::merges_slashes`]
    merge_slashes: bool,
    certain: bool,
}

/// What may stand for the part of a path that is computed.
const SAMPLES: [&str; 4] = ["x", "1", "x/x", "550e8400-e29b-41d4-a716-446655440000"];

impl<'a> Resolver<'a> {
    /// For the callers of a workspace and one of its configurations.
    pub fn new(project: &'a Project, config: &'a Config, router: &'a Router) -> Resolver<'a> {
        let root = project.vfs.path(config.root);
        let mut containers: Vec<&str> = project.deployments.of(&root).filter_map(|deployment| deployment.service.as_deref()).collect();
        containers.sort_unstable();
        containers.dedup();
        // Those of a cluster are called `deployment/web nginx`.
        let cluster = containers.iter().any(|name| name.contains('/')).then(|| project.cluster());
        let own = |pod: &&Pod| pod.parts.iter().any(|part| containers.contains(&part.id.as_str()));
        let leading = cluster.into_iter().flat_map(|cluster| cluster.services.iter().map(move |service| (cluster, service)));
        let leading = leading.filter_map(|(cluster, service)| {
            let pods: Vec<&Pod> = cluster.selected(service).filter(own).collect();
            let inner = |port: &Port| pods.iter().find_map(|pod| Some((port.number, pod.at(&port.target)?.1)));
            (!pods.is_empty()).then(|| (service.name.clone(), service.ports.iter().filter_map(inner).collect()))
        });
        let cluster = leading.collect();
        Resolver {
            project,
            config,
            router,
            services: upstreams::own_services(project, config).collect(),
            containers,
            cluster,
            beginnings: OnceCell::new(),
            names: OnceCell::new(),
        }
    }

    /// Where the caller's requests get to; empty when that is not this configuration, or nothing tells. `origins` are the servers that
    /// serve the page in which it is written; without any, a URL without a host goes wherever a location is meant for its path.
    pub fn resolve(&self, caller: &Caller, origins: &[Origin]) -> Vec<Called> {
        let mut out = Vec::new();
        match &caller.url.host {
            Host::Named(host) => {
                for arrival in self.arrivals(caller, host) {
                    self.locate(arrival, &caller.url.path, None, &mut out);
                }
            }
            Host::Relative if !origins.is_empty() => {
                for origin in origins {
                    self.locate(self.somewhere(origin.server), &caller.url.path, origin.page.as_deref(), &mut out);
                }
            }
            Host::Relative => {
                self.anywhere(&caller.url, &mut out);
                // Several servers have it, and nothing says which is meant.
                let server = out.first().map(|called| called.server);
                let several = out.iter().any(|called| Some(called.server) != server);
                out.iter_mut().for_each(|called| called.certain &= !several);
            }
            Host::Unknown => {
                self.anywhere(&caller.url, &mut out);
                out.iter_mut().for_each(|called| called.certain = false);
            }
        }
        out
    }

    /// Every server that has a location meant for the path.
    fn anywhere(&self, url: &Url, out: &mut Vec<Called>) {
        for index in 0..self.config.servers.len() {
            let server = ServerId(index as u32);
            let listens = |port: u16| self.config.server(server).listens.iter().any(|listen| listen.port == port);
            if url.port.is_some_and(|port| !self.inside(port).into_iter().any(listens)) && !self.config.server(server).synthetic {
                continue;
            }
            let mut found = Vec::new();
            self.locate(self.somewhere(server), &url.path, None, &mut found);
            found.retain(|called| called.location.is_some_and(|location| !self.is_fallback(location)));
            out.extend(found);
        }
    }

    /// At a server, it is not said by which of its sockets. There the client names it by SNI, too.
    fn somewhere(&self, server: ServerId) -> Arrival {
        let merge_slashes = self.router.sockets_of(server).all(|socket| socket.merges_slashes(socket.tls.then_some(server)));
        Arrival { server, merge_slashes, certain: true }
    }

    /// The ports in the containers that a port of the machine leads to; the port itself, too.
    fn inside(&self, port: u16) -> Vec<u16> {
        let mut out: Vec<u16> = self.published(port);
        out.push(port);
        out
    }

    fn published(&self, port: u16) -> Vec<u16> {
        let ports = self.services.iter().flat_map(|service| &service.ports);
        let mut out: Vec<u16> = ports.filter(|mapped| mapped.value.0 == Some(port)).map(|mapped| mapped.value.1).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The servers that a request for a named host arrives at.
    fn arrivals(&self, caller: &Caller, host: &str) -> Vec<Arrival> {
        let ports: Vec<u16> = match (caller.url.port, caller.url.scheme.as_deref()) {
            (Some(port), _) => vec![port],
            (None, Some("https" | "wss")) => vec![443],
            (None, Some(_)) => vec![80],
            (None, None) => vec![80, 443],
        };
        let mut out: Vec<Arrival> = Vec::new();
        let on = |socket: &Socket, server: ServerId| {
            let sni = || socket.by_sni(host.as_bytes());
            Arrival { server, merge_slashes: socket.merges_slashes(socket.tls.then(sni).flatten()), certain: true }
        };
        let at = |address: &str, port: u16| {
            let socket = self.router.socket(address, port)?;
            Some(on(socket, socket.server(host.as_bytes())))
        };
        if is_local(host) {
            match self.machine(caller) {
                Machine::Own => ports.iter().filter_map(|port| at("127.0.0.1", *port)).for_each(|arrival| add(&mut out, arrival, true)),
                Machine::Other => {}
                Machine::Host => {
                    let publishes = self.services.iter().any(|service| service.ports.iter().any(|port| port.value.0.is_some()));
                    for port in &ports {
                        if publishes {
                            // The connection comes in over the container's own address.
                            self.published(*port)
                                .into_iter()
                                .filter_map(|inner| at("*", inner))
                                .for_each(|arrival| add(&mut out, arrival, true));
                        } else if let Some(arrival) = at("127.0.0.1", *port) {
                            add(&mut out, arrival, self.services.is_empty() && self.containers.is_empty());
                        }
                    }
                }
            }
            return out;
        }
        if self.services.iter().any(|service| service.answers_to(host)) {
            ports.iter().filter_map(|port| at("*", *port)).for_each(|arrival| add(&mut out, arrival, true));
            // On the machine itself the name may be another thing; inside it is the container.
            if !out.is_empty() {
                return out;
            }
        }
        for (name, mapped) in &self.cluster {
            let rest = host.strip_prefix(name.as_str());
            let whole = rest
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') && (rest.matches('.').count() == 1 || rest.contains(".svc")));
            if whole {
                let inner = ports.iter().flat_map(|port| mapped.iter().filter(move |(outer, _)| outer == port).map(|(_, inner)| *inner));
                inner.filter_map(|port| at("*", port)).for_each(|arrival| add(&mut out, arrival, true));
            }
        }
        if !out.is_empty() {
            return out;
        }
        if self.is_named(host) {
            for port in &ports {
                let mut inner = self.published(*port);
                if inner.is_empty() {
                    inner.push(*port);
                }
                inner.into_iter().filter_map(|port| at("*", port)).for_each(|arrival| add(&mut out, arrival, true));
            }
            // Nothing listens on the port: something in front takes the connection, TLS most of all.
            if out.is_empty() {
                for socket in self.router.sockets() {
                    let (server, chosen) = socket.choose(host.as_bytes());
                    let named = !matches!(chosen, Chosen::Default) && self.names(server, host);
                    if named && !out.iter().any(|known| known.server == server) {
                        out.push(Arrival { certain: caller.url.port.is_none(), ..on(socket, server) });
                    }
                }
                let several = out.len() > 1;
                out.iter_mut().for_each(|arrival| arrival.certain &= !several);
            }
        }
        out
    }

    /// On which machine a caller's `localhost` is.
    fn machine(&self, caller: &Caller) -> Machine {
        let own_image = || {
            let root = self.project.vfs.path(self.config.root);
            let mut deployments = self.project.deployments.of(&root);
            deployments.any(|deployment| deployment.healthcheck.as_ref().is_some_and(|(_, place)| place.file == caller.place.file))
        };
        match &caller.service {
            Some(service) => {
                let pod = |name: &str| name.split_once(' ').map(|(pod, _)| pod.to_owned());
                let own = self.services.iter().any(|own| own.answers_to(service))
                    // Containers of one pod share their addresses.
                    || self.containers.iter().any(|own| **own == **service || pod(own).is_some_and(|own| pod(service) == Some(own)));
                if own { Machine::Own } else { Machine::Other }
            }
            None if matches!(caller.kind, Kind::HealthCheck | Kind::Command | Kind::Probe) => {
                if own_image() {
                    Machine::Own
                } else if caller.kind == Kind::Command {
                    // A crontab.
                    Machine::Host
                } else {
                    Machine::Other
                }
            }
            None => Machine::Host,
        }
    }

    /// Does a `server_name` mean this host, and not just any?
    fn is_named(&self, host: &str) -> bool {
        let host = normal_host(host.as_bytes());
        let Ok(host) = std::str::from_utf8(&host) else { return false };
        let names = self.names.get_or_init(|| {
            let all = self.config.servers.iter().flat_map(|server| server.names.iter().map(|(name, _)| &**name));
            let (exact, others): (Vec<&str>, Vec<&str>) = all.partition(|name| !name.starts_with(['~', '.']) && !name.contains('*'));
            Names { exact: exact.into_iter().collect(), others }
        });
        names.exact.contains(host) && means(host, host) || names.others.iter().any(|name| means(name, host))
    }

    fn names(&self, server: ServerId, host: &str) -> bool {
        let host = normal_host(host.as_bytes());
        let Ok(host) = std::str::from_utf8(&host) else { return false };
        self.config.server(server).names.iter().any(|(name, _)| means(name, host))
    }

    /// `location /`, and a regex that takes everything.
    fn is_fallback(&self, location: LocationId) -> bool {
        match &self.config.location(location).matcher {
            Matcher::Prefix { path, .. } => &**path == "/",
            Matcher::Regex { pattern, .. } => {
                matches!(
                    pattern.trim_start_matches('^').trim_end_matches('$'),
                    "" | "/" | "." | ".*" | "(.*)" | "/.*" | "/(.*)" | "(.+)" | ".+"
                )
            }
            Matcher::Exact(_) | Matcher::Named(_) => false,
        }
    }

    fn locate(&self, arrival: Arrival, path: &Path, page: Option<&str>, out: &mut Vec<Called>) {
        match path {
            Path::Exact(path) => {
                if let Some(location) = self.location(arrival, path) {
                    push(out, Called { server: arrival.server, location, certain: arrival.certain });
                }
            }
            Path::Prefix(path) => self.below(arrival, path, out),
            Path::Relative(path) => match page {
                Some(page) => {
                    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
                    if let Some(location) = self.location(arrival, &format!("{folder}/{path}")) {
                        push(out, Called { server: arrival.server, location, certain: arrival.certain });
                    }
                }
                None => {
                    let path = path.rsplit_once("../").map_or(&**path, |(_, rest)| rest).trim_start_matches("./");
                    self.behind(arrival, &format!("/{path}"), false, out);
                }
            },
            Path::Suffix(path, more) => self.behind(arrival, path, *more, out),
        }
    }

    /// The location of one path; `None` for what nginx refuses, and for what only nginx itself may ask for.
    fn location(&self, arrival: Arrival, path: &str) -> Option<Option<LocationId>> {
        let target = uri::parse_target(path.as_bytes(), arrival.merge_slashes).ok()?;
        let choice = self.router.locate(arrival.server, &target.uri);
        (!choice.internal).then_some(choice.location)
    }

    /// All locations that can take a path with this beginning.
    fn below(&self, arrival: Arrival, prefix: &str, out: &mut Vec<Called>) {
        let mut found: Vec<Option<LocationId>> = Vec::new();
        let mut note = |location: Option<LocationId>| {
            if !found.contains(&location) {
                found.push(location);
            }
        };
        // The computed part may be empty, too.
        self.location(arrival, prefix).into_iter().for_each(&mut note);
        SAMPLES.iter().filter_map(|sample| self.location(arrival, &format!("{prefix}{sample}"))).for_each(&mut note);
        let sorted = self.beginnings(arrival.server);
        let first = sorted.partition_point(|(own, _)| *own < prefix);
        let longer = sorted.get(first..).unwrap_or_default().iter().take_while(|(own, _)| own.starts_with(prefix));
        let is_meant = |(own, id): &&(&str, LocationId)| {
            let regex = matches!(self.config.location(*id).matcher, Matcher::Regex { .. });
            (regex || own.len() > prefix.len()) && !self.router.is_internal(*id)
        };
        let mut longer: Vec<LocationId> = longer.filter(is_meant).map(|(_, id)| *id).collect();
        longer.sort_unstable();
        longer.into_iter().for_each(|id| note(Some(id)));
        let certain = arrival.certain && found.len() == 1;
        found.into_iter().for_each(|location| push(out, Called { server: arrival.server, location, certain }));
    }

    fn beginnings(&self, server: ServerId) -> &[(&'a str, LocationId)] {
        let all = self.beginnings.get_or_init(|| {
            let mut out = vec![Vec::new(); self.config.servers.len()];
            for (index, location) in self.config.locations.iter().enumerate() {
                if let (Some(list), false) = (out.get_mut(location.server.index()), matches!(location.matcher, Matcher::Named(_))) {
                    list.push((beginning(&location.matcher), LocationId(index as u32)));
                }
            }
            out.iter_mut().for_each(|list| list.sort_unstable());
            out
        });
        all.get(server.index()).map_or(&[], Vec::as_slice)
    }

    /// All locations that are meant for a path with this end.
    fn behind(&self, arrival: Arrival, suffix: &str, more: bool, out: &mut Vec<Called>) {
        let mut found: Vec<LocationId> = Vec::new();
        let path = if more { format!("{suffix}x") } else { suffix.to_owned() };
        for path in [suffix, &path] {
            found.extend(self.location(arrival, path).flatten());
        }
        for (index, location) in self.config.locations.iter().enumerate().filter(|(_, location)| location.server == arrival.server) {
            let fits = match &location.matcher {
                Matcher::Exact(path) => path.ends_with(suffix) || more && path.contains(suffix),
                // `/api/v1/` for `…/v1/users`
                Matcher::Prefix { path, .. } => path
                    .match_indices('/')
                    .map(|(at, _)| &path[at..])
                    .any(|end| end.len() > 1 && (suffix.starts_with(end) || end.starts_with(suffix) && (more || end == suffix))),
                Matcher::Regex { .. } | Matcher::Named(_) => false,
            };
            if fits && !self.router.is_internal(LocationId(index as u32)) {
                found.push(LocationId(index as u32));
            }
        }
        found.retain(|location| !self.is_fallback(*location));
        found.into_iter().for_each(|location| push(out, Called { server: arrival.server, location: Some(location), certain: false }));
    }
}

/// Where a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Machine {
    /// With nginx.
    Own,
    /// In another container, or nobody knows where.
    Other,
    /// On the machine that ports are published to.
    Host,
}

/// Does a `server_name` mean this host, in small letters and without a port?
fn means(name: &str, host: &str) -> bool {
    if let Some(source) = name.strip_prefix('~') {
        let pattern = Pattern::get(source, source.bytes().any(|byte| byte.is_ascii_uppercase()));
        // One that takes every host says nothing of this one.
        return pattern.is_match(host.as_bytes()) && !pattern.is_match(b"nobody-has-this-name.invalid");
    }
    let bare = name.strip_prefix('.');
    let behind = name.strip_prefix("*.").or(bare);
    name == host && host.contains('.')
        || bare == Some(host)
        || behind.is_some_and(|end| host.strip_suffix(end).is_some_and(|start| start.ends_with('.')))
        || name.strip_suffix(".*").is_some_and(|start| host.strip_prefix(start).is_some_and(|end| end.starts_with('.')))
        // A name without a dot (`web`) is one of a network; `_` is nobody's.
        || name == host && host.len() > 1
}

fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "[::1]" | "0.0.0.0" | "host.docker.internal") || host.starts_with("127.") || host.ends_with(".localhost")
}

fn add(out: &mut Vec<Arrival>, new: Arrival, certain: bool) {
    match out.iter_mut().find(|known| known.server == new.server) {
        Some(known) => known.certain |= certain,
        None => out.push(Arrival { certain, ..new }),
    }
}

fn push(out: &mut Vec<Called>, called: Called) {
    match out.iter_mut().find(|known| known.server == called.server && known.location == called.location) {
        Some(known) => known.certain |= called.certain,
        None => out.push(called),
    }
}
