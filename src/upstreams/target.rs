//! Who answers a `proxy_pass`: the upstream, its servers, the compose services behind them.

use crate::config::{Config, EntryId};
use crate::project::compose::Service;
use crate::project::{Place, Project};

/// Where a `*_pass` leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `http`, `https`, `grpc`, …; what nginx takes when none is written.
    pub scheme: String,
    /// The host as it is written: an upstream's name, or a host.
    pub host: String,
    /// What is written behind the host: the URI part, from its `/`; with variables.
    pub uri: Option<String>,
    /// True when `host` is an upstream block.
    pub is_upstream: bool,
    /// Who answers; every server of an upstream.
    pub servers: Vec<Server>,
}

/// One server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// `oauth2-proxy:4180`, as it is written.
    pub address: String,
    /// Host part.
    pub host: String,
    /// Port; the scheme's when none is written.
    pub port: u16,
    /// Where it is written.
    pub place: Place,
    /// What is there.
    pub backend: Backend,
}

/// What is at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    /// A server of this same configuration.
    SameNginx,
    /// A compose service.
    Service {
        /// Its name.
        name: String,
        /// Its image; `None` when it is built, or a variable hides it.
        image: Option<String>,
        /// Where the image is named, or the service where it is not.
        place: Place,
        /// Where in `project.compose` it is: compose project and service.
        index: (usize, usize),
    },
    /// Not known.
    Unknown,
}

/// See [`super::target`].
pub(super) fn resolve(project: &Project, config: &Config, pass: EntryId) -> Option<Target> {
    let directive = config.directive(pass);
    let written = directive.arg(0)?;
    let module = directive.name.value.strip_suffix("_pass")?;
    let (scheme, rest) = match written.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => (if module == "proxy" { "http".to_owned() } else { module.to_owned() }, written),
    };
    if rest.starts_with("unix:") {
        return None;
    }
    let end = rest.find(['/', '?', '$']).unwrap_or(rest.len());
    let (authority, uri) = rest.split_at(end);
    if authority.is_empty() || scheme.contains('$') {
        return None;
    }
    let uri = (!uri.is_empty()).then(|| uri.to_owned());
    let default_port = match scheme.as_str() {
        "https" | "grpcs" => 443,
        "fastcgi" | "uwsgi" | "scgi" => 9000,
        "memcached" => 11211,
        _ => 80,
    };
    let place = config.arg_place(pass, 0);
    let mut target = Target { scheme, host: authority.to_owned(), uri, is_upstream: false, servers: Vec::new() };
    if let Some(upstream) = config.upstream(authority) {
        target.is_upstream = true;
        for (address, entry) in &upstream.servers {
            // `down` takes no request.
            if config.directive(*entry).args.iter().skip(1).any(|word| &*word.value == "down") {
                continue;
            }
            target.servers.push(server(project, config, address, 80, config.arg_place(*entry, 0)));
        }
        // Lua, or a resolver of its own, may add servers that are not written down.
        let entry = upstream.entry;
        let dynamic = config.entry(entry).children.iter().any(|child| config.directive(*child).name.value.contains("_by_lua"));
        if dynamic || target.servers.is_empty() {
            return None;
        }
    } else {
        target.servers.push(server(project, config, authority, default_port, place));
    }
    Some(target)
}

fn server(project: &Project, config: &Config, address: &str, default_port: u16, place: Place) -> Server {
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') && !port.contains(']') => (host, port.parse().unwrap_or(0)),
        _ => (address, default_port),
    };
    Server { address: address.to_owned(), host: host.to_owned(), port, place, backend: backend(project, config, host, port) }
}

fn backend(project: &Project, config: &Config, host: &str, port: u16) -> Backend {
    let listens = || config.servers.iter().any(|server| server.listens.iter().any(|listen| listen.port == port));
    let local = host == "localhost" || host.starts_with("127.") || host == "[::1]";
    if local {
        return if listens() { Backend::SameNginx } else { Backend::Unknown };
    }
    let main = project.vfs.path(config.root);
    let own: Vec<&str> = project.deployments.of(&main).filter_map(|deployment| deployment.service.as_deref()).collect();
    let is_own = |service: &Service| own.contains(&service.name.as_str());
    let mut found: Option<(usize, usize, &Service)> = None;
    for (compose_index, compose) in project.compose.iter().enumerate() {
        // Names hold inside one compose project: one that runs this nginx, where one is known to.
        if !own.is_empty() && !compose.services.iter().any(is_own) {
            continue;
        }
        for (service_index, service) in compose.services.iter().enumerate().filter(|(_, service)| service.answers_to(host)) {
            match found {
                // Two different services of one name: which one answers can't be told.
                Some((_, _, known)) if !same(known, service) => return Backend::Unknown,
                _ => found = Some((compose_index, service_index, service)),
            }
        }
    }
    let Some((compose, index, service)) = found else { return Backend::Unknown };
    if is_own(service) {
        return if listens() { Backend::SameNginx } else { Backend::Unknown };
    }
    let image = service.image.as_ref().filter(|_| service.build.is_none());
    Backend::Service {
        name: service.name.clone(),
        image: image.and_then(|image| image.value.clone()),
        place: image.map_or(service.place, |image| image.place),
        index: (compose, index),
    }
}

/// Two descriptions of a service that come to the same for its routes.
fn same(one: &Service, other: &Service) -> bool {
    let values = |words: &[crate::project::compose::Text]| words.iter().map(|word| word.value.clone()).collect::<Vec<_>>();
    let environment =
        |service: &Service| service.environment.iter().map(|(name, value)| (name.clone(), value.value.clone())).collect::<Vec<_>>();
    one.image.as_ref().map(|image| &image.value) == other.image.as_ref().map(|image| &image.value)
        && one.build.is_some() == other.build.is_some()
        && values(&one.command) == values(&other.command)
        && environment(one) == environment(other)
}
