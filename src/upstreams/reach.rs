//! Addresses that lead to a service by another way than its name: the machine's ports, and the loopback address that containers share.

use super::service_called;
use crate::config::Config;
use crate::project::Project;
use crate::project::compose::Service;

/// What a container calls the machine that it runs on.
const MACHINE: [&str; 3] = ["host.docker.internal", "gateway.docker.internal", "host.containers.internal"];

/// The service that an address leads to, and its port in its container. `None` where that is not certain.
pub(super) fn by_address<'a>(project: &'a Project, config: &'a Config, host: &str, port: u16, local: bool) -> Option<(&'a Service, u16)> {
    let gates: Vec<&Service> = super::own_services(project, config).collect();
    let mode = |service: &'a Service| service.connected.mode.as_ref().map(|mode| mode.value.as_deref());
    let first = *gates.first()?;
    if !gates.iter().all(|gate| mode(gate) == mode(first)) {
        return None;
    }
    let on_machine = mode(first) == Some(Some("host"));
    if MACHINE.iter().any(|name| name.eq_ignore_ascii_case(host)) || local && on_machine {
        return published(project, port);
    }
    // Whoever has joined the other's network has its loopback address.
    let joins =
        |service: &'a Service, other: &Service| mode(service).flatten().and_then(|mode| mode.strip_prefix("service:")) == Some(&other.name);
    let is_gate = |service: &Service| gates.iter().any(|gate| gate.name == service.name);
    let all = project.compose.iter().flat_map(|compose| &compose.services);
    let mut beside: Vec<&Service> = match mode(first).flatten().and_then(|mode| mode.strip_prefix("service:")) {
        Some(of) => all
            .filter(|service| !is_gate(service) && (service.name == of || joins(service, first) || mode(service) == mode(first)))
            .collect(),
        None => all.filter(|service| !is_gate(service) && joins(service, first)).collect(),
    };
    beside.dedup_by(|a, b| a.name == b.name);
    match beside.as_slice() {
        [service] if local => service_called(project, &service.name).ok()?.map(|service| (service, port)),
        _ => None,
    }
}

/// The one service that has a port of the machine.
fn published(project: &Project, port: u16) -> Option<(&Service, u16)> {
    let all = project.compose.iter().flat_map(|compose| &compose.services);
    let mapped = all.flat_map(|service| service.ports.iter().map(move |port| (service, port.value)));
    let mut found: Vec<_> = mapped.filter(|(_, (outer, _))| *outer == Some(port)).map(|(service, (_, inner))| (service, inner)).collect();
    found.dedup_by(|a, b| a.0.name == b.0.name && a.1 == b.1);
    let [(service, inner)] = found.as_slice() else { return None };
    service_called(project, &service.name).ok()?.map(|service| (service, *inner))
}

/// True where a service is in the project of the containers that run the configuration, and shares no network with any of them.
pub(super) fn is_apart(project: &Project, config: &Config, service: &Service) -> bool {
    let mut apart = false;
    for compose in project.compose.iter() {
        let Some(there) = compose.services.iter().find(|other| other.name == service.name) else { continue };
        let mut gates = compose.services.iter().filter(|other| super::runs(project, config, other)).peekable();
        if gates.peek().is_none() || gates.any(|gate| gate.connected.mode.is_some() || gate.connected.common(&there.connected).is_some()) {
            return false;
        }
        apart = true;
    }
    apart
}
