//! `upstream-lacks-route`: a proxied location none of whose URIs the backend serves.

use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::{Config, EntryId};
use crate::upstreams::catalogue::Knowledge;
use crate::upstreams::{Lacking, Upstreams};
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule {
    id: "upstream-lacks-route",
    summary: "a proxied location none of whose URIs the backend serves",
    severity: Severity::Warning,
    check,
};

/// How many routes a note lists.
const LISTED: usize = 12;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let (config, upstreams) = (view.config, view.upstreams());
        for pass in (0..config.entries.len() as u32).map(EntryId).filter(|id| config.directive(*id).is("proxy_pass")) {
            if let Some(lacking) = upstreams.lacking(&analysis.project, config, pass) {
                out.extend(finding(config, upstreams, pass, &lacking));
            }
        }
    }
}

fn finding(config: &Config, upstreams: &Upstreams, pass: EntryId, lacking: &Lacking) -> Option<Finding> {
    let target = upstreams.target_of(pass)?;
    let location = config.location_of(pass)?;
    let sent = &lacking.sent;
    let (backend, running) = lacking.backends.first()?;
    let image = running.image.as_ref().map_or(String::new(), |(image, _)| format!(" ({image})"));
    let whole = lacking.backends.iter().all(|(_, running)| running.served.knowledge == Knowledge::Whole);
    let what = if sent.single || sent.name.starts_with(&sent.begin) {
        format!("{}://{}:{}{}", target.address.scheme, backend.host, backend.port, sent.name)
    } else {
        format!("{} at {}://{}:{}", sent.name, target.address.scheme, backend.host, backend.port)
    };
    let lacks = match (sent.single, sent.name.starts_with(&sent.begin) && !sent.begin.is_empty()) {
        (true, _) => format!("has no route {}", sent.begin),
        (false, true) if sent.begin.ends_with('/') => format!("has no route under {}", sent.begin),
        (false, true) => format!("has no route that begins with {}", sent.begin),
        (false, false) => "has no such route".to_owned(),
    };
    let forwards = running.served.forwards_nothing.as_ref().map_or(String::new(), |why| format!(" and forwards nothing ({why})"));
    let seems = if whole { "is not served" } else { "seems not to be served" };
    let mut message = format!("{what} {seems}: {}{image} {lacks}{forwards}", running.name);
    if lacking.backends.len() > 1 {
        message.push_str(&format!("; nor has any of the {} servers of the upstream", lacking.backends.len()));
    }
    let (severity, confidence) = if whole { (RULE.severity, Confidence::Likely) } else { (Severity::Hint, Confidence::Hint) };
    let mut finding = Finding::new(RULE.id, severity, confidence, config.header(pass), message);
    for (backend, running) in &lacking.backends {
        if let Some(server) = backend.server {
            finding = finding.related(config.header(server), format!("the upstream leads to {}:{}", backend.host, backend.port));
        }
        if let Some((image, place)) = &running.image {
            let service = running.service.as_ref().map_or("", |(name, _)| name);
            finding = finding.related(*place, format!("the service {service} runs {image}"));
        }
        for evidence in &running.served.evidence {
            finding = match evidence.place {
                Some(place) => finding.related(place, evidence.message.clone()),
                None => finding.note(evidence.message.clone()),
            };
        }
    }
    finding = finding.note(listing(&sent.begin, running));
    if !whole {
        let why = match running.served.knowledge {
            Knowledge::Grows => "newer versions add routes",
            Knowledge::Part | Knowledge::Whole => "the list of its routes may not be complete",
        };
        finding = finding.note(format!("a hint only: {why}; a request for {} to the running backend settles it", sent.name));
    }
    let holds = match (&running.product, &running.served.provided) {
        (None, _) => "that list is complete".to_owned(),
        (Some(_), Some(provided)) => format!("the service runs that image unchanged and {provided}"),
        (Some(_), None) => "the service runs that image unchanged".to_owned(),
    };
    finding = finding.note(format!(
        "this holds so long as {holds}; if it has other routes, list them under [upstreams.{}] in nginx-analyzer.toml",
        quoted(&target.address.host)
    ));
    let title = format!("Comment out `{}`", config.display_location(location));
    let action = FixAction::CommentOut(config.place(config.location(location).entry));
    Some(finding.fix(Fix { title, safe: false, action }))
}

/// The routes there are, and the nearest one.
fn listing(uri: &str, running: &crate::upstreams::Running) -> String {
    let routes = &running.served.routes;
    let more = match routes.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let listed = routes.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let near = running.nearest_route(uri).map_or(String::new(), |route| format!("; the nearest is {route}"));
    format!("{} serves {listed}{more}{near}", running.name)
}

/// A key of TOML.
fn quoted(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if bare { name.to_owned() } else { format!("\"{name}\"") }
}
