//! `upstream-port-mismatch`: a port on which nothing listens in the container that the host name leads to.

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::Claims;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::EntryId;
use crate::message;
use crate::project::compose::Service;
use crate::upstreams::address::{part_place, split_port};
use crate::upstreams::clustered::{Clustered, Portless};
use crate::upstreams::commands::{Bound, Program};
use crate::upstreams::listening::{Listening, Silent};
use crate::upstreams::names::{is_in_cluster, siblings};
use crate::upstreams::{Answer, Backend};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "upstream-port-mismatch",
    summary: "a port on which nothing listens in the backend's container",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut claims = Claims::default();
    for view in analysis.views() {
        let config = view.config;
        // A server of an upstream block is one claim, however many locations lead there.
        let mut seen = FxHashSet::default();
        let mut known = FxHashMap::default();
        let clustered = Clustered::of(view.project, config);
        for pass in view.upstreams().passes().iter().copied() {
            let Some(target) = view.upstreams().target_of(pass) else { continue };
            for backend in &target.backends {
                let entry = backend.server.unwrap_or(pass);
                if !seen.insert(entry) {
                    continue;
                }
                if let Some(portless) = clustered.as_ref().and_then(|clustered| clustered.portless(&backend.host, backend.port)) {
                    claims.add(config, entry, 0, portless_service(view, entry, backend, &portless));
                    continue;
                }
                if !matches!(backend.answer, Answer::Service(_)) {
                    continue;
                }
                let found = known.entry((&backend.host, backend.port)).or_insert_with(|| silent(view, backend));
                if let Some((service, silent)) = found {
                    claims.add(config, entry, 0, finding(view, entry, backend, service, silent));
                }
            }
        }
    }
    out.extend(claims.confirmed(analysis));
}

/// Why a backend does not answer, in all the projects in which the configuration runs.
fn silent<'a>(view: View<'a>, backend: &Backend) -> Option<(&'a Service, Silent)> {
    let services = siblings(view.project, view.config, &backend.host);
    let of = |service: &&'a Service| Listening::of(view.project, service).silent(backend.port);
    let found: Vec<Silent> = services.iter().map(of).collect::<Option<_>>()?;
    let first = found.first()?.clone();
    let same = |other: &Silent| match (&first, other) {
        (Silent::Published { inside: a, .. }, Silent::Published { inside: b, .. }) => a == b,
        (Silent::Elsewhere { program: a, .. }, Silent::Elsewhere { program: b, .. }) => a == b,
        (Silent::Loopback { program: a, .. }, Silent::Loopback { program: b, .. }) => a == b,
        _ => false,
    };
    (found.iter().all(same) && !is_in_cluster(view.project, &backend.host)).then_some((services.first()?, first))
}

fn finding(view: View<'_>, entry: EntryId, backend: &Backend, service: &Service, silent: &Silent) -> Finding {
    let (language, config) = (view.language, view.config);
    let (name, port) = (&service.name, backend.port);
    let (message, place, why) = match silent {
        Silent::Published { inside, place } => (
            message!(language, "upstream-port-mismatch-published", service = name, port = port, inside = *inside),
            *place,
            message!(language, "upstream-port-mismatch-mapping", port = port, inside = *inside),
        ),
        Silent::Elsewhere { program, port: own, place } => (
            message!(language, "upstream-port-mismatch-elsewhere", service = name, port = port, program = program.name, own = *own),
            *place,
            match program.stated {
                true => message!(language, "upstream-port-mismatch-stated", program = program.name, own = *own),
                false => message!(language, "upstream-port-mismatch-default", program = program.name, own = *own),
            },
        ),
        Silent::Loopback { program, place } => {
            (message!(language, "upstream-port-mismatch-loopback", service = name, program = program.name), *place, loopback(view, program))
        }
    };
    let finding = Finding::new(RULE.id, RULE.severity, Confidence::Likely, config.arg_place(entry, 0), message).related(place, why);
    let right = match silent {
        Silent::Published { inside, .. } => Some(*inside),
        Silent::Elsewhere { program, port, .. } => (program.bound == Bound::All).then_some(*port),
        Silent::Loopback { .. } => None,
    };
    with_fix(view, entry, backend, finding, right)
}

/// A Service of a cluster without that port.
fn portless_service(view: View<'_>, entry: EntryId, backend: &Backend, portless: &Portless<'_>) -> Finding {
    let (language, service, port) = (view.language, portless.service, backend.port);
    let ports: Vec<String> = service.ports.iter().map(|port| port.number.to_string()).collect();
    let ports = ports.join(", ");
    let message = message!(language, "upstream-port-mismatch-service", service = &service.name, port = port, ports = ports);
    let (place, why) = match portless.meant {
        Some(meant) if portless.leads => {
            (meant.place, message!(language, "upstream-port-mismatch-target", number = meant.number, port = port))
        }
        _ => (service.place, message!(language, "upstream-port-mismatch-service-here")),
    };
    let argument = view.config.arg_place(entry, 0);
    let finding = Finding::new(RULE.id, RULE.severity, Confidence::Likely, argument, message).related(place, why);
    with_fix(view, entry, backend, finding, portless.meant.map(|meant| meant.number))
}

/// A finding with the port that would be right, where that is known.
fn with_fix(view: View<'_>, entry: EntryId, backend: &Backend, finding: Finding, right: Option<u16>) -> Finding {
    match right.and_then(|right| Some((right, edit(view, entry, backend, right)?))) {
        Some((right, action)) => {
            let title = message!(view.language, "write", what = format!("`{}:{right}`", backend.host));
            finding.fix(Fix { title, safe: false, action })
        }
        None => finding,
    }
}

/// Why a program takes connections from its own container only.
fn loopback(view: View<'_>, program: &Program) -> String {
    match &program.bound {
        Bound::Loopback(written) => message!(view.language, "upstream-port-mismatch-written", written = written),
        Bound::LoopbackByDefault | Bound::All | Bound::Unknown => {
            message!(view.language, "upstream-port-mismatch-no-host", program = program.name)
        }
    }
}

/// Writes another port; where none is written, behind the host.
fn edit(view: View<'_>, entry: EntryId, backend: &Backend, right: u16) -> Option<FixAction> {
    let argument = view.config.arg_place(entry, 0);
    let written = view.config.directive(entry).arg(0)?;
    let authority = written.split_once("://").map_or(written, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '$']).next()?;
    let (host, port) = split_port(authority)?;
    let change = match port {
        Some(port) => (part_place(view.project, argument, &port.to_string())?, right.to_string()),
        None => (part_place(view.project, argument, host)?, format!("{host}:{right}")),
    };
    (host == backend.host).then(|| FixAction::Edit(vec![change]))
}
