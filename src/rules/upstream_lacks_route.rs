//! `upstream-lacks-route`: a `proxy_pass` whose every URI is a 404 of the backend.

use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::{Config, EntryId};
use crate::upstreams::{self, Backend, Known, Sent, Target};
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule {
    id: "upstream-lacks-route",
    summary: "a proxy_pass that sends only URIs which the backend does not serve",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for config in &analysis.configs {
        for index in 0..config.entries.len() {
            let pass = EntryId(index as u32);
            if config.directive(pass).is("proxy_pass") {
                out.extend(finding(analysis, config, pass));
            }
        }
    }
}

fn finding(analysis: &Analysis, config: &Config, pass: EntryId) -> Option<Finding> {
    let project = &*analysis.project;
    let target = upstreams::target(project, config, pass)?;
    // Every server of the upstream has to lack the routes: nginx takes any.
    let known: Option<Vec<Known>> = target
        .servers
        .iter()
        .map(|server| match Known::of_settings(project, &[&target.host, &server.address, &server.host]) {
            Some(known) => Some(known),
            None => Known::of(project, server),
        })
        .collect();
    let known = known?;
    let sent = upstreams::sent(project, config, pass, &target)?;
    if !known.iter().all(|known| known.absent.as_ref().is_some_and(|absent| sent.uris.is_subset_of(absent) == Some(true))) {
        return None;
    }
    let first = known.first()?;
    let location = config.location_of(pass)?;
    let partly = known.iter().any(|known| known.partly);
    let (severity, confidence) = if partly { (Severity::Hint, Confidence::Hint) } else { (Severity::Warning, Confidence::Likely) };
    let mut finding = Finding::new(RULE.id, severity, confidence, config.arg_place(pass, 0), message(&target, &sent, first));
    if target.is_upstream
        && let Some(server) = target.servers.first()
    {
        finding = finding.related(server.place, format!("the upstream `{}` is this server", target.host));
    }
    for (place, message) in &first.evidence {
        finding = finding.related(*place, message.clone());
    }
    let mut routes: Vec<&str> = first.routes.patterns().iter().map(String::as_str).collect();
    let more = routes.len().saturating_sub(8);
    routes.truncate(8);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    finding = finding.note(format!("{} serves {}{more}", first.name, routes.join(", ")));
    if let Some(nearest) = first.routes.nearest(sent.display.trim_end_matches('…')) {
        finding = finding.note(format!("the nearest route is {nearest}"));
    }
    let entry = config.location(location).entry;
    Some(finding.fix(Fix { title: "Comment out the location".into(), safe: false, action: FixAction::CommentOut(config.place(entry)) }))
}

fn message(target: &Target, sent: &Sent, known: &Known) -> String {
    let service = target.servers.first().and_then(|server| match &server.backend {
        Backend::Service { name, image, .. } => Some(match image {
            Some(image) => format!("the service {name} ({image})"),
            None => format!("the service {name}"),
        }),
        _ => None,
    });
    let who = service.unwrap_or_else(|| format!("`{}`", known.name));
    let address = target.servers.first().map_or(target.host.as_str(), |server| server.address.as_str());
    let lacks = if sent.display.ends_with('…') { "has no route below it" } else { "has no such route" };
    format!(
        "{}://{address}{} is not served: {who} {lacks}",
        target.scheme,
        if sent.display.starts_with('/') { sent.display.clone() } else { format!(" ({})", sent.display) }
    )
}
