//! Finds who answers a `*_pass`: this configuration itself, a service of a compose file or of a cluster, or nobody knows who.

use std::cell::OnceCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::catalogue::{self, Product};
use super::clustered::{Clustered, Led};
use super::served::Served;
use super::variables::Variables;
use super::{
    Address, Answer, Applications, Backend, Running, Several, Target, address, filled, product, reach, runs, service_called, stated,
};
use crate::config::{Config, EntryId, ServerId};
use crate::phrase;
use crate::project::compose::Service;
use crate::project::container::Container;
use crate::project::settings::UpstreamSettings;
use crate::project::{Place, Project};

/// A directive's name and its argument, by where their texts lie: what is written alike in a file shares them, and the configuration keeps them.
type Written = (usize, usize);

/// Looks up who answers in one configuration.
pub(super) struct Finder<'a> {
    project: &'a Project,
    config: &'a Config,
    variables: Variables<'a>,
    applications: &'a Applications,
    clustered: Option<Clustered<'a>>,
    /// By host and port.
    known: FxHashMap<(String, u16), Arc<[Answer]>>,
    /// By directive and argument, where no variable is in that: it means the same wherever it stands.
    targets: FxHashMap<Written, Option<Arc<Target>>>,
    /// Who listens on a port; looked up when it is first asked for.
    listening: OnceCell<FxHashMap<u16, Vec<ServerId>>>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(project: &'a Project, config: &'a Config, applications: &'a Applications) -> Finder<'a> {
        let clustered = Clustered::of(project, config);
        Finder {
            project,
            config,
            variables: Variables::new(project, config),
            applications,
            clustered,
            known: FxHashMap::default(),
            targets: FxHashMap::default(),
            listening: OnceCell::new(),
        }
    }

    /// Where a `*_pass` leads; `None` where that can't be told.
    pub(super) fn target(&mut self, pass: EntryId) -> Option<Arc<Target>> {
        let directive = self.config.directive(pass);
        let argument = directive.args.first()?;
        if argument.has_dollar() {
            return self.look_up(pass).map(Arc::new);
        }
        let place = |text: &Arc<str>| Arc::as_ptr(text).cast::<u8>().addr();
        let key = (place(&directive.name.value), place(&argument.value));
        if let Some(known) = self.targets.get(&key) {
            return known.clone();
        }
        let target = self.look_up(pass).map(Arc::new);
        self.targets.insert(key, target.clone());
        target
    }

    fn look_up(&mut self, pass: EntryId) -> Option<Target> {
        let all = Address::all(&self.variables, pass);
        let mut backends = Vec::new();
        for address in &all {
            self.backends(address, &mut backends);
        }
        let mut addresses = all.into_iter();
        let address = addresses.next()?;
        let block = self.config.upstream(&address.host).map(|block| block.entry).filter(|_| addresses.next().is_none());
        Some(Target::new(address, block, backends))
    }

    /// Everyone who may answer at an address.
    fn backends(&mut self, address: &Address, backends: &mut Vec<Backend>) {
        let settings = self.settings(address);
        let Some(block) = self.config.upstream(&address.host) else {
            let port = address.port_or_default();
            let answers = self.answers(&address.host, port, &settings).into_iter();
            backends.extend(answers.map(|answer| Backend { host: address.host.clone(), port, server: None, answer }));
            return;
        };
        let unknown = self.config.unknown_includes.iter().any(|include| self.config.entry(*include).parent == Some(block.entry));
        let mut children = self.config.entry(block.entry).children.iter();
        let lua = children.any(|child| self.config.directive(*child).name.value.starts_with("balancer_by_lua"));
        let mut doubt = (unknown || lua || block.servers.is_empty()).then(|| phrase!("upstreams-unknown-block"));
        for (written, server) in &block.servers {
            let service = self.config.directive(*server).args.iter().any(|word| word.value.starts_with("service="));
            let filled = filled::text(self.project, self.config, *server, written);
            let found = if service || filled.starts_with("unix:") || filled.contains('$') { None } else { address::split_port(&filled) };
            let Some((host, port)) = found else {
                doubt = Some(phrase!("upstreams-unknown-server", server = written));
                continue;
            };
            let port = port.unwrap_or(80);
            let answers = self.answers(host, port, &settings).into_iter();
            backends.extend(answers.map(|answer| Backend { host: host.to_owned(), port, server: Some(*server), answer }));
        }
        if let Some(doubt) = doubt {
            backends.push(Backend { host: address.host.clone(), port: 0, server: None, answer: Answer::Unknown(doubt) });
        }
    }

    /// `[upstreams.NAME]`: the name of the upstream block, or the host with or without its port.
    fn settings(&self, address: &Address) -> Option<(String, UpstreamSettings)> {
        let names = [address.authority(), address.host.clone()];
        let settings = &self.project.settings.upstreams;
        let find = |name: &String| settings.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        names.iter().find_map(find).map(|(name, settings)| (name.clone(), settings.clone()))
    }

    /// Everyone who answers at an address, each where the configuration runs.
    fn answers(&mut self, host: &str, port: u16, settings: &Option<(String, UpstreamSettings)>) -> Vec<Answer> {
        let key = (host.to_ascii_lowercase(), port);
        let found = match self.known.get(&key) {
            Some(found) => found.clone(),
            None => {
                let found: Arc<[Answer]> = self.everywhere(host, port).into();
                self.known.insert(key, found.clone());
                found
            }
        };
        let found = found.iter().cloned();
        let Some((name, settings)) = settings else { return found.collect() };
        let stated = |own: Answer| match own {
            // Its own locations say more than a list.
            Answer::Here(_) => own,
            _ => stated::stated(self.project, name, settings, own),
        };
        found.map(stated).collect()
    }

    /// In a cluster a name may lead to somebody else than in a compose project.
    fn everywhere(&self, host: &str, port: u16) -> Vec<Answer> {
        let Some(clustered) = &self.clustered else { return vec![self.look(host, port)] };
        let in_cluster = self.in_cluster(clustered, host, port);
        if !clustered.also_elsewhere {
            let unknown = || Answer::Unknown(phrase!("upstreams-unknown-cluster", host = host));
            return vec![in_cluster.unwrap_or_else(unknown)];
        }
        match (in_cluster, self.look(host, port)) {
            (None, elsewhere) => vec![elsewhere],
            (Some(Answer::Here(inside)), Answer::Here(elsewhere)) if inside == elsewhere => vec![Answer::Here(inside)],
            (Some(inside), Answer::Unknown(_)) if matches!(service_called(self.project, host), Ok(None)) => vec![inside],
            (Some(inside), elsewhere) => vec![elsewhere, inside],
        }
    }

    /// Who answers at an address in the cluster; `None` for a name that its manifests do not know.
    fn in_cluster(&self, clustered: &Clustered<'_>, host: &str, port: u16) -> Option<Answer> {
        if is_local(host) {
            let here = self.listening(port);
            if !here.is_empty() {
                return Some(Answer::Here(here));
            }
            let Some((part, inside)) = clustered.beside(port) else {
                return Some(Answer::Unknown(phrase!("upstreams-unknown-port", port = port.to_string())));
            };
            return Some(Answer::Service(Arc::new(self.running((&part.container.name, part.place), &part.container, inside))));
        }
        Some(match clustered.leads(host, port)? {
            Led::Here(_, inside) => match self.listening(inside) {
                here if here.is_empty() => Answer::Unknown(phrase!("upstreams-unknown-port", port = inside.to_string())),
                here => Answer::Here(here),
            },
            Led::To(service, part, inside) => {
                Answer::Service(Arc::new(self.running((&service.name, service.place), &part.container, inside)))
            }
            Led::Unknown(why) => Answer::Unknown(why),
        })
    }

    /// Who answers at an address.
    fn look(&self, host: &str, port: u16) -> Answer {
        let local = is_local(host);
        let here = self.listening(port);
        if local && !here.is_empty() {
            return Answer::Here(here);
        }
        if let Some((service, inside)) = reach::by_address(self.project, self.config, host, port, local) {
            return self.composed(service, inside);
        }
        if local {
            return Answer::Unknown(phrase!("upstreams-unknown-port", port = port.to_string()));
        }
        let service = match service_called(self.project, host) {
            Ok(Some(service)) => service,
            Ok(None) => return Answer::Unknown(phrase!("upstreams-unknown-host", host = host)),
            Err(Several) => return Answer::Unknown(phrase!("upstreams-unknown-several", host = host)),
        };
        if runs(self.project, self.config, service) {
            return if here.is_empty() {
                Answer::Unknown(phrase!("upstreams-unknown-port", port = port.to_string()))
            } else {
                Answer::Here(here)
            };
        }
        if reach::is_apart(self.project, self.config, service) {
            return Answer::Unknown(phrase!("upstreams-unknown-network", host = host));
        }
        self.composed(service, port)
    }

    /// Servers that listen on a port.
    fn listening(&self, port: u16) -> Vec<ServerId> {
        let table = self.listening.get_or_init(|| {
            let mut table: FxHashMap<u16, Vec<ServerId>> = FxHashMap::default();
            for (index, server) in self.config.servers.iter().enumerate().filter(|(_, server)| !server.synthetic) {
                let id = ServerId(index as u32);
                for listen in &server.listens {
                    let servers = table.entry(listen.port).or_default();
                    if servers.last() != Some(&id) {
                        servers.push(id);
                    }
                }
            }
            table
        });
        table.get(&port).cloned().unwrap_or_default()
    }

    /// What a container serves on a port. `service` is the name that leads to it, and where that is defined.
    fn running(&self, service: (&str, Place), container: &Container, port: u16) -> Running {
        let image = container.image.as_ref();
        let reference = image.and_then(|image| image.value.as_deref());
        let parsed = reference.and_then(catalogue::Image::parse);
        let product = reference.filter(|_| container.build.is_none()).and_then(Product::of_image);
        let mut source = None;
        let served = match (product, &parsed) {
            (Some(product), Some(parsed)) => product::of_container(self.project, product, parsed, container, port),
            _ if let Some((served, from)) = self.applications.served(self.project, container) => {
                source = from;
                served
            }
            _ if image.is_some() && reference.is_none() => Served::open(phrase!("upstreams-open-image", service = &container.name)),
            _ => Served::open(phrase!("upstreams-open-routes", service = &container.name)),
        };
        let (name, place) = service;
        Running {
            name: product.map_or_else(|| name.to_owned(), |product| product.name.clone()),
            service: Some((name.to_owned(), place)),
            image: image.and_then(|image| Some((image.value.clone()?, image.place))),
            build: container.build.as_ref().map(|build| build.place),
            product,
            source,
            returns: self.returns(&served),
            served,
        }
    }

    /// What a service of a compose file serves on a port.
    fn composed(&self, service: &Service, port: u16) -> Answer {
        Answer::Service(Arc::new(self.running((&service.name, service.place), &service.container, port)))
    }

    /// Servers of this same configuration among those that a backend passes requests on to.
    fn returns(&self, served: &Served) -> Vec<ServerId> {
        let mut out = Vec::new();
        for url in &served.forwards_to {
            let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
            let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
            let Some((host, port)) = address::split_port(authority) else { continue };
            let port = port.unwrap_or(if scheme == "https" { 443 } else { 80 });
            // Its loopback is another one than ours.
            let own = match &self.clustered {
                _ if is_local(host) => None,
                Some(clustered) if let Some(Led::Here(_, inside)) = clustered.leads(host, port) => Some(inside),
                _ => {
                    let service = service_called(self.project, host).ok().flatten();
                    service.filter(|service| runs(self.project, self.config, service)).map(|_| port)
                }
            };
            if let Some(port) = own {
                out.extend(self.listening(port).into_iter().filter(|server| !out.contains(server)).collect::<Vec<_>>());
            }
        }
        out
    }
}

/// The address of the own machine, by the names that it has everywhere.
fn is_local(host: &str) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].contains(&host.to_ascii_lowercase().as_str())
}
