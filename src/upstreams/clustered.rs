//! Who answers to a name in a cluster, for a configuration that runs there: a Service, its port, the pod's port, the container.

use crate::config::Config;
use crate::messages::Message;
use crate::phrase;
use crate::project::Project;
use crate::project::cluster::{Cluster, Doubt, Namespace, Part, Pod, Port, Service, Target};
use crate::project::paths::Deployment;

/// The pods that run one configuration.
#[derive(Debug)]
pub struct Clustered<'a> {
    cluster: &'a Cluster,
    /// Where they are; `None` where they are not all in one namespace.
    namespace: Option<&'a Namespace>,
    gates: Vec<&'a Pod>,
    /// The names of the containers in them that run it.
    own: Vec<&'a str>,
    /// It runs elsewhere, too: in a compose project, from a Dockerfile.
    pub also_elsewhere: bool,
}

/// Where a name and a port lead.
pub enum Led<'a> {
    /// To this same configuration, at this port.
    Here(&'a Service, u16),
    /// To this container, at this port.
    To(&'a Service, &'a Part, u16),
    /// Nobody can tell, because of this.
    Unknown(Message),
}

/// A Service without the port that is asked.
#[derive(Debug)]
pub struct Portless<'a> {
    /// The Service.
    pub service: &'a Service,
    /// The one of its ports that is meant.
    pub meant: Option<&'a Port>,
    /// True when that one leads to the pod's port which is asked; else it is the only one.
    pub leads: bool,
}

impl<'a> Clustered<'a> {
    /// `None` for a configuration of which no manifest says that it runs in a cluster.
    pub fn of(project: &'a Project, config: &Config) -> Option<Clustered<'a>> {
        let root = project.vfs.path(config.root);
        let (inside, outside): (Vec<&Deployment>, Vec<&Deployment>) =
            project.deployments.of(&root).partition(|deployment| deployment.is_cluster());
        let own: Vec<&str> = inside.iter().filter_map(|deployment| deployment.service.as_deref()).collect();
        if own.is_empty() {
            return None;
        }
        let cluster = project.cluster();
        let runs = |pod: &&Pod| pod.parts.iter().any(|part| own.contains(&part.id.as_str()));
        let gates: Vec<&Pod> = cluster.pods.iter().filter(runs).collect();
        let first = &gates.first()?.namespace;
        let namespace = gates.iter().all(|gate| gate.namespace == *first).then_some(first);
        Some(Clustered { cluster, namespace, gates, own, also_elsewhere: !outside.is_empty() })
    }

    /// Where a host and a port lead; `None` for a host that no Service has.
    pub fn leads(&self, host: &str, port: u16) -> Option<Led<'a>> {
        let service = match self.service(host)? {
            Ok(service) => service,
            Err(why) => return Some(Led::Unknown(why)),
        };
        let name = &service.name;
        if let Some(doubt) = service.doubt {
            return Some(Led::Unknown(said(doubt, name)));
        }
        let Some(port) = service.ports.iter().find(|known| known.number == port) else {
            return Some(Led::Unknown(phrase!("upstreams-unknown-service-port", service = name, port = port.to_string())));
        };
        let Some(pod) = self.cluster.only(service) else {
            return Some(Led::Unknown(phrase!("upstreams-unknown-workload", service = name)));
        };
        if let Some(doubt) = pod.doubt {
            return Some(Led::Unknown(said(doubt, name)));
        }
        let Some((part, inside)) = pod.at(&port.target) else {
            return Some(Led::Unknown(phrase!("upstreams-unknown-container", service = name, port = port.number.to_string())));
        };
        Some(if self.own.contains(&part.id.as_str()) { Led::Here(service, inside) } else { Led::To(service, part, inside) })
    }

    /// The port of a Service that a host and a port lead to, its container and that one's port, where nobody else may answer.
    pub fn certain(&self, host: &str, port: u16) -> Option<(&'a Port, &'a Part, u16)> {
        match self.leads(host, port)? {
            Led::To(service, part, inside) if !self.also_elsewhere => {
                Some((service.ports.iter().find(|known| known.number == port)?, part, inside))
            }
            _ => None,
        }
    }

    /// The other container of the own pod that listens on a port: they share their loopback address.
    pub fn beside(&self, port: u16) -> Option<(&'a Part, u16)> {
        let [gate] = self.gates.as_slice() else { return None };
        if gate.doubt.is_some() || gate.knows_other_names || self.also_elsewhere {
            return None;
        }
        gate.at(&Target::Number(port)).filter(|(part, _)| !self.own.contains(&part.id.as_str()))
    }

    /// The Service that a host leads to, when it is known to have no such port.
    pub fn portless(&self, host: &str, port: u16) -> Option<Portless<'a>> {
        let service = self.service(host)?.ok()?;
        let certain = matches!(service.doubt, None | Some(Doubt::Unselecting)) && !self.also_elsewhere;
        if !certain || service.ports.iter().any(|known| known.number == port) {
            return None;
        }
        let leads = |known: &&Port| match &known.target {
            Target::Number(number) => *number == port,
            name @ Target::Name(_) => self.cluster.selected(service).any(|pod| pod.at(name).is_some_and(|(_, inside)| inside == port)),
        };
        let mut meant = service.ports.iter().filter(leads);
        Some(match (meant.next(), meant.next(), service.ports.as_slice()) {
            (Some(one), None, _) => Portless { service, meant: Some(one), leads: true },
            (None, _, [only]) => Portless { service, meant: Some(only), leads: false },
            _ => Portless { service, meant: None, leads: false },
        })
    }

    /// The Service of a name: `api`, `api.shop`, `api.shop.svc`, `api.shop.svc.cluster.local`. `None` where there is none here.
    fn service(&self, host: &str) -> Option<Result<&'a Service, Message>> {
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let parts: Vec<&str> = host.split('.').collect();
        let (name, namespace) = match parts.as_slice() {
            [name] => (*name, None),
            [name, namespace] | [name, namespace, "svc"] | [name, namespace, "svc", "cluster", "local"] => (*name, Some(*namespace)),
            _ => return None,
        };
        let there = |service: &&Service| match namespace {
            None => self.namespace == Some(&service.namespace),
            Some(namespace) => service.namespace.is(namespace),
        };
        let mut found = self.cluster.services.iter().filter(|service| service.name == name).filter(there);
        let service = found.next()?;
        if found.next().is_some() {
            return Some(Err(phrase!("upstreams-unknown-several", host = host)));
        }
        if self.gates.iter().any(|gate| gate.doubt == Some(Doubt::Kustomized) || gate.knows_other_names) {
            return Some(Err(phrase!("upstreams-unknown-gate", host = host)));
        }
        Some(Ok(service))
    }
}

/// Why it can't be told where a Service leads.
fn said(doubt: Doubt, service: &str) -> Message {
    match doubt {
        Doubt::Templated => phrase!("upstreams-unknown-templated", service = service),
        Doubt::Kustomized => phrase!("upstreams-unknown-kustomized", service = service),
        Doubt::External => phrase!("upstreams-unknown-external", service = service),
        Doubt::Headless => phrase!("upstreams-unknown-headless", service = service),
        Doubt::Unselecting => phrase!("upstreams-unknown-unselecting", service = service),
        Doubt::Unread => phrase!("upstreams-unknown-manifest", service = service),
    }
}
