//! Which host names are known where a configuration runs, for certain.
//!
//! That a name is not known is said only of one without a dot, in containers of compose projects all of whose names are read: any
//! other may be in somebody's DNS.

use super::runs;
use crate::config::Config;
use crate::project::compose::{Compose, Service};
use crate::project::{FileId, Place, Project, kubernetes};

/// A host name that nothing defines where the configuration runs.
#[derive(Debug, Clone)]
pub struct Nameless<'a> {
    /// The services whose containers run the configuration.
    pub gates: Vec<&'a Service>,
    /// A service that has the name, but shares no network with these.
    pub apart: Option<&'a Service>,
    /// A name that these know and that is nearly the same, with its service.
    pub near: Option<(&'a str, &'a Service)>,
}

/// The containers that run one configuration, when every name that is known in them is.
#[derive(Debug)]
pub struct Names<'a> {
    project: &'a Project,
    gates: Vec<(&'a Compose, &'a Service)>,
}

impl<'a> Names<'a> {
    /// `None` where the configuration runs elsewhere, too, or names may be known that nothing here says.
    pub fn of(project: &'a Project, config: &'a Config) -> Option<Names<'a>> {
        let incomplete = project.compose.iter().any(|compose| compose.incomplete);
        let gates = gates(project, config).filter(|_| !incomplete)?;
        let all = project.compose.iter().flat_map(|compose| compose.services.iter().map(move |service| (compose, service)));
        let hidden = |service: &Service| service.names.iter().any(|name| name.value.is_none());
        let known = gates.iter().all(|(compose, gate)| is_closed(compose, gate));
        (!gates.is_empty() && known && !all.clone().any(|(_, service)| hidden(service))).then_some(Names { project, gates })
    }

    /// The service of a name, seen from the containers that run the configuration, when all of them see one.
    pub fn sibling(&self, host: &str) -> Option<&'a Service> {
        let mut found = None;
        for (compose, gate) in &self.gates {
            let sees = |service: &&Service| answers(service, host) && service.connected.common(&gate.connected).is_some();
            found = Some(compose.services.iter().find(sees)?);
        }
        found.filter(|service| !self.gates.iter().any(|(_, gate)| gate.name == service.name))
    }

    /// Says why a host name leads nowhere; `None` for one that is known, and for one that may be.
    pub fn nameless(&self, host: &str) -> Option<Nameless<'a>> {
        let label = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let number = host.bytes().all(|byte| byte.is_ascii_digit());
        if !label || number || host.is_empty() || host.len() > 63 || host.eq_ignore_ascii_case("localhost") {
            return None;
        }
        let stated = self.project.settings.upstreams.keys().any(|name| {
            let bare = name.rsplit_once(':').map_or(name.as_str(), |(bare, _)| bare);
            bare.eq_ignore_ascii_case(host)
        });
        if stated {
            return None;
        }
        let mut apart = None;
        for compose in self.project.compose.iter() {
            let own = self.gates.iter().any(|(of, _)| std::ptr::eq(*of, compose));
            for service in &compose.services {
                if generated(&service.name, host) {
                    return None;
                }
                if !answers(service, host) {
                    continue;
                }
                let seen = self.gates.iter().any(|(_, gate)| service.connected.common(&gate.connected).is_some());
                if !own || seen {
                    return None;
                }
                apart = Some(service);
            }
        }
        let own =
            |name: &str| self.gates.iter().any(|(_, gate)| gate.connected.hosts.iter().any(|host| host.value.as_deref() == Some(name)));
        if own(host) || is_started_otherwise(self.project, host) {
            return None;
        }
        let gates = self.gates.iter().map(|(_, gate)| *gate).collect();
        Some(Nameless { gates, apart, near: self.near(host) })
    }

    /// The one name that is nearest to another.
    fn near(&self, host: &str) -> Option<(&'a str, &'a Service)> {
        let bare = |name: &str| name.to_ascii_lowercase().replace(['-', '_'], "");
        let mut best: Option<(usize, &'a str, &'a Service)> = None;
        let mut tie = false;
        for (compose, gate) in &self.gates {
            for service in compose.services.iter().filter(|service| service.connected.common(&gate.connected).is_some()) {
                let names = std::iter::once(service.name.as_str()).chain(service.names.iter().filter_map(|name| name.value.as_deref()));
                for name in names.filter(|_| !self.gates.iter().any(|(_, gate)| gate.name == service.name)) {
                    let distance = match bare(name) == bare(host) {
                        true => 0,
                        false => strsim::damerau_levenshtein(&name.to_ascii_lowercase(), &host.to_ascii_lowercase()),
                    };
                    // `app1` and `app2` are two of a kind, no slip of the finger.
                    let counted = |name: &str| name.trim_end_matches(|letter: char| letter.is_ascii_digit()).len() < name.len();
                    let numbers = counted(name) && counted(host);
                    if distance > 2 || distance * 3 >= host.len().max(2) || numbers {
                        continue;
                    }
                    match best {
                        Some((least, known, _)) if least == distance => tie |= known != name,
                        Some((least, ..)) if least < distance => {}
                        _ => {
                            best = Some((distance, name, service));
                            tie = false;
                        }
                    }
                }
            }
        }
        best.filter(|_| !tie).map(|(_, name, service)| (name, service))
    }
}

/// True where a file that is no compose file by its name may start a container of that name: it is a key of some YAML with services, or
/// the name that a script or instructions give to `docker run`.
fn is_started_otherwise(project: &Project, host: &str) -> bool {
    let read: Vec<FileId> = project.compose.iter().flat_map(|compose| compose.files.iter().copied()).collect();
    let options = ["--name", "--network-alias", "--net-alias", "--hostname"];
    let options: Vec<String> = options.iter().flat_map(|option| [format!("{option} {host}"), format!("{option}={host}")]).collect();
    let key = format!("{host}:");
    project.vfs.walk(&project.workspace).files.iter().any(|path| {
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        let yaml = matches!(end, "yml" | "yaml");
        if !yaml && !matches!(end, "sh" | "bash" | "md" | "mk" | "j2" | "tpl") && path.file_name().is_none_or(|name| name != "Makefile") {
            return false;
        }
        let id = project.vfs.id(path);
        let Some(text) = Some(id).filter(|id| !read.contains(id)).and_then(|id| project.vfs.read(id).ok()) else { return false };
        let text = text.to_str();
        let keyed = || text.contains("services:") && text.lines().any(|line| line.trim() == key);
        options.iter().any(|option| text.contains(option.as_str())) || keyed()
    })
}

/// The containers that run a configuration, with their projects. `None` where it runs in others, too.
fn gates<'a>(project: &'a Project, config: &'a Config) -> Option<Vec<(&'a Compose, &'a Service)>> {
    let root = project.vfs.path(config.root);
    let mut deployments = project.deployments.of(&root);
    // Those of a cluster are called `deployment/web nginx`; a Dockerfile alone is run by somebody, somewhere.
    let elsewhere = deployments.any(|deployment| deployment.service.as_ref().is_none_or(|name| name.contains('/')));
    let all = project.compose.iter().flat_map(|compose| compose.services.iter().map(move |service| (compose, service)));
    (!elsewhere).then(|| all.filter(|(_, service)| runs(project, config, service)).collect())
}

/// The services that answer to a host name, one in each project in which the configuration runs; empty where one of these has none, and
/// where the configuration may run elsewhere, too.
pub fn siblings<'a>(project: &'a Project, config: &'a Config, host: &str) -> Vec<&'a Service> {
    let Some(gates) = gates(project, config) else { return Vec::new() };
    let seen = |(compose, gate): &(&'a Compose, &'a Service)| {
        let mut found = compose.services.iter().filter(|service| answers(service, host) && service.name != gate.name);
        let service = found.next().filter(|_| found.next().is_none())?;
        service.connected.common(&gate.connected).map(|_| service)
    };
    let found: Option<Vec<_>> = gates.iter().map(seen).collect();
    found.unwrap_or_default()
}

/// True where manifests of a cluster have a Service of that name: there it leads to other ports.
pub fn is_in_cluster(project: &Project, host: &str) -> bool {
    let services = kubernetes::services(&project.vfs, &project.vfs.walk(&project.workspace).files);
    services.iter().any(|service| service.name.eq_ignore_ascii_case(host))
}

/// True where the container's own names are all known, and nobody outside the project can be in its networks.
fn is_closed(compose: &Compose, gate: &Service) -> bool {
    let connected = &gate.connected;
    let shared = |name: &str| compose.shared_networks.iter().any(|shared| shared == name);
    connected.mode.is_none()
        && !connected.other_resolver
        && connected.hosts.iter().all(|host| host.value.is_some())
        && !connected.names().any(shared)
}

/// As [`Service::answers_to`], in DNS, where case does not count.
fn answers(service: &Service, host: &str) -> bool {
    let same = |name: &str| name.eq_ignore_ascii_case(host);
    same(&service.name) || service.names.iter().any(|name| name.value.as_deref().is_some_and(same))
}

/// `shop-api-1`, `shop_api_1`, `shop_api`: names that compose and swarm make of the project's and the service's.
fn generated(service: &str, host: &str) -> bool {
    let numbered = host.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let base = if numbered.len() < host.len() { numbered.strip_suffix(['-', '_']).unwrap_or(host) } else { host };
    base.strip_suffix(service).is_some_and(|rest| rest.ends_with(['-', '_']) || rest.is_empty() && base.len() < host.len())
}

/// Where the name is given by which a service is found under a host name.
pub fn name_place(service: &Service, host: &str) -> Place {
    let named = service.names.iter().find(|name| name.value.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(host)));
    named.filter(|_| !service.name.eq_ignore_ascii_case(host)).map_or(service.place, |name| name.place)
}
