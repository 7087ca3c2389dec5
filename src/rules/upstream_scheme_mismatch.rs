//! `upstream-scheme-mismatch`: plain text to a port that speaks TLS, or TLS to one that does not.

use rustc_hash::FxHashMap;

use super::claims::Claims;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::{Config, EntryId, Listen, ServerId};
use crate::message;
use crate::project::{Place, RootKind};
use crate::routing::trace::{Landing, Surroundings};
use crate::upstreams::clustered::Clustered;
use crate::upstreams::listening::Listening;
use crate::upstreams::names::{is_in_cluster, siblings};
use crate::upstreams::{Answer, Backend, Running, Target};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "upstream-scheme-mismatch",
    summary: "plain text sent to a port that speaks TLS, or TLS to one that does not",
    severity: Severity::Warning,
    check,
};

/// What a backend's port speaks, and what says so.
#[derive(Clone)]
struct Speaks {
    tls: bool,
    place: Place,
    why: String,
    /// It is a port of this same configuration.
    own: bool,
    /// Manifests of a cluster say where it is.
    in_cluster: bool,
}

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut claims = Claims::default();
    for view in analysis.views() {
        let config = view.config;
        let clustered = Clustered::of(view.project, config);
        let mut known: FxHashMap<(&str, u16), Option<Speaks>> = FxHashMap::default();
        for pass in view.upstreams().passes().iter().copied() {
            let Some(target) = view.upstreams().target_of(pass) else { continue };
            let sends_tls = match target.address.scheme.as_str() {
                "http" | "grpc" => false,
                "https" | "grpcs" => true,
                _ => continue,
            };
            for backend in &target.backends {
                let speaks = known.entry((&backend.host, backend.port)).or_insert_with(|| speaks(view, clustered.as_ref(), backend));
                if let Some(speaks) = speaks.as_ref().filter(|speaks| speaks.tls != sends_tls)
                    && (speaks.own || speaks.in_cluster || !is_in_cluster(view.project, &backend.host))
                {
                    claims.add(config, pass, 0, finding(view, pass, target, backend, speaks.clone()));
                    break;
                }
            }
        }
    }
    out.extend(claims.confirmed(analysis));
}

fn speaks(view: View<'_>, clustered: Option<&Clustered<'_>>, backend: &Backend) -> Option<Speaks> {
    match &backend.answer {
        Answer::Here(servers) => here(view, backend, servers),
        Answer::Service(running) if let Some(clustered) = clustered.filter(|clustered| !clustered.also_elsewhere) => {
            in_cluster(view, clustered, backend, running)
        }
        Answer::Service(running) => {
            let language = view.language;
            // By its name it is the container's port, by an address of the machine another one.
            let all = view.project.compose.iter().flat_map(|compose| &compose.services);
            let by_name = all.into_iter().any(|service| service.answers_to(&backend.host));
            if let Some(product) = running.product.filter(|product| by_name && product.tls_ports.contains(&backend.port)) {
                let (_, place) = running.image.as_ref()?;
                let why = message!(language, "upstream-scheme-mismatch-product", product = &product.name, port = backend.port);
                return Some(Speaks { tls: true, place: *place, why, own: false, in_cluster: false });
            }
            let services = siblings(view.project, view.config, &backend.host);
            let of = |service| {
                let (program, place) = Listening::of(view.project, service).program?;
                let tls = program.tls.filter(|_| program.port == Some(backend.port))?;
                Some((program.name, tls, place))
            };
            let found: Vec<_> = services.into_iter().map(of).collect::<Option<_>>()?;
            let (name, tls, place) = *found.first()?;
            let why = match tls {
                true => message!(language, "upstream-scheme-mismatch-program-tls", program = name),
                false => message!(language, "upstream-scheme-mismatch-program-plain", program = name),
            };
            found.iter().all(|(_, other, _)| *other == tls).then_some(Speaks { tls, place, why, own: false, in_cluster: false })
        }
        Answer::Unknown(_) => None,
    }
}

/// What a port in a cluster speaks: by its product, by how the cluster asks it whether it is well, and by what its Service says of it.
/// All of them have to agree.
fn in_cluster(view: View<'_>, clustered: &Clustered<'_>, backend: &Backend, running: &Running) -> Option<Speaks> {
    let language = view.language;
    let (port, part, inside) = clustered.certain(&backend.host, backend.port)?;
    let speaks = |tls, place, why| Speaks { tls, place, why, own: false, in_cluster: true };
    let mut found = Vec::new();
    if let (Some(product), Some((_, place))) = (running.product, running.image.as_ref())
        && product.tls_ports.contains(&inside)
    {
        found.push(speaks(true, *place, message!(language, "upstream-scheme-mismatch-product", product = &product.name, port = inside)));
    }
    found.extend(part.probed(inside).map(|(tls, place)| {
        let why = match tls {
            true => message!(language, "upstream-scheme-mismatch-probe-tls", port = inside),
            false => message!(language, "upstream-scheme-mismatch-probe-plain", port = inside),
        };
        speaks(tls, place, why)
    }));
    if let Some((protocol, place)) = &port.protocol {
        let tls = match protocol.as_str() {
            "https" | "kubernetes.io/wss" => Some(true),
            "http" | "kubernetes.io/ws" | "kubernetes.io/h2c" => Some(false),
            _ => None,
        };
        let why = || message!(language, "upstream-scheme-mismatch-declared", protocol = protocol);
        found.extend(tls.map(|tls| speaks(tls, *place, why())));
    }
    let first = found.first()?;
    found.iter().all(|other| other.tls == first.tls).then(|| first.clone())
}

/// What the own socket speaks on which a connection surely arrives.
fn here(view: View<'_>, backend: &Backend, servers: &[ServerId]) -> Option<Speaks> {
    let config = view.config;
    let Landing::Here { address, port, .. } = view.around().lands(&backend.host, backend.port) else { return None };
    let there = |listen: &&Listen| listen.port == port && !listen.quic && [address.as_str(), "*", "[::]"].contains(&&*listen.address);
    let listens: Vec<&Listen> = servers.iter().flat_map(|server| config.server(*server).listens.iter().filter(there)).collect();
    let first = listens.first()?;
    // An include that is not known may say `ssl` for the socket, `ssl on` for a server.
    let hidden = config.unknown_includes.iter().any(|include| may_listen(config, *include));
    let old = servers.iter().any(|server| config.inherited(config.server(*server).entry, "ssl").is_some());
    // A fragment's socket may be another fragment's, too, and one `ssl` is enough.
    let whole = view.project.roots.iter().any(|root| root.file == config.root && root.kind == RootKind::Main);
    if hidden || old || !(whole || first.ssl) || listens.iter().any(|listen| listen.ssl != first.ssl) {
        return None;
    }
    let place = config.header(first.entry?);
    let why = match first.ssl {
        true => message!(view.language, "upstream-scheme-mismatch-own-tls"),
        false => message!(view.language, "upstream-scheme-mismatch-own-plain"),
    };
    // What such a request gets then is another matter.
    let answered = |server: &ServerId| {
        let pages = config.inherited_all(config.server(*server).entry, "error_page");
        pages.iter().any(|page| config.directive(*page).args.iter().any(|word| matches!(&*word.value, "497" | "400")))
    };
    (!first.ssl || !servers.iter().any(answered)).then_some(Speaks { tls: first.ssl, place, why, own: true, in_cluster: false })
}

/// What comes with nginx has no `listen`, and what stands in a location has none either.
fn may_listen(config: &Config, include: EntryId) -> bool {
    let known = ["mime.types", "_params", "fastcgi.conf", "modules-enabled/*.conf", "modules/*.conf"];
    let path = config.directive(include).arg(0).unwrap_or_default();
    config.location_of(include).is_none() && !known.iter().any(|end| path.ends_with(end))
}

fn finding(view: View<'_>, pass: EntryId, target: &Target, backend: &Backend, speaks: Speaks) -> Finding {
    let (language, config, scheme) = (view.language, view.config, target.address.scheme.as_str());
    let to = format!("{}:{}", backend.host, backend.port);
    let message = match (speaks.tls, speaks.own, scheme) {
        (true, true, "http") => message!(language, "upstream-scheme-mismatch-own-http", to = &to),
        (true, ..) => message!(language, "upstream-scheme-mismatch-to-tls", scheme = scheme, to = &to),
        (false, ..) => message!(language, "upstream-scheme-mismatch-to-plain", scheme = scheme, to = &to),
    };
    let confidence = if speaks.own { Confidence::Proven } else { Confidence::Likely };
    let argument = config.arg_place(pass, 0);
    let mut finding = Finding::new(RULE.id, RULE.severity, confidence, argument, message);
    if let Some(server) = backend.server {
        finding = finding.related(config.header(server), message!(language, "upstream-lacks-route-leads", address = &to));
    }
    finding = finding.related(speaks.place, speaks.why);
    let right = match scheme {
        "http" => "https",
        "https" => "http",
        "grpc" => "grpcs",
        _ => "grpc",
    };
    let start = argument.span.start;
    let text = view.project.text(argument.file);
    let written = text.slice(argument.span).to_string();
    let place = written
        .find("://")
        .filter(|at| written.get(..*at) == Some(scheme))
        .map(|at| Place { file: argument.file, span: crate::text::Span::new(start, start + at as u32) });
    match place {
        Some(place) => {
            let action = FixAction::Edit(vec![(place, right.to_owned())]);
            finding.fix(Fix { title: message!(language, "write", what = format!("`{right}://`")), safe: false, action })
        }
        None => finding,
    }
}
