//! `upstream-lacks-route`: a proxied location none of whose URIs the backend serves.

use std::sync::Arc;

use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, uri_stripped};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::project::Place;
use crate::project::settings::Level;
use crate::upstreams::catalogue::Knowledge;
use crate::upstreams::{Address, Backend, Lacking, Route, Running, Sent};
use crate::world::{Analysis, View};

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
    // Where a slash makes the difference, that rule says it.
    let told = |rule: &Rule| analysis.project.settings.rules.get(rule.id) != Some(&Level::Off);
    let stripped_told = told(&uri_stripped::RULE);
    for view in analysis.views() {
        let (config, upstreams) = (view.config, view.upstreams());
        for pass in config.all("proxy_pass").iter().copied() {
            let Some(lacking) = upstreams.lacking(&analysis.project, config, pass) else { continue };
            if !stripped_told || upstreams.stripped(&analysis.project, config, pass).is_none() {
                out.extend(finding(view, pass, &lacking));
            }
        }
    }
}

fn finding(view: View<'_>, pass: EntryId, lacking: &Lacking) -> Option<Finding> {
    let (language, config, upstreams) = (view.language, view.config, view.upstreams());
    let target = upstreams.target_of(pass)?;
    let location = config.location_of(pass)?;
    let sent = &lacking.sent;
    let (backend, running) = lacking.backends.first()?;
    let running_as = describe(language, running);
    let whole = lacking.backends.iter().all(|(_, running)| running.served.knowledge == Knowledge::Whole);
    let server = format!("{}://{}:{}", target.address.scheme, backend.host, backend.port);
    let what = sent.at(language, &server);
    let kind = match (sent.single, sent.begins && !sent.begin.is_empty()) {
        (true, _) => "uri",
        (false, true) if sent.begin.ends_with('/') => "under",
        (false, true) => "begins",
        (false, false) => "other",
    };
    let lacks = match (&running.source, kind) {
        (Some(_), kind) => {
            let count = running.served.routes.iter().filter(|route| !route.implied).count();
            message!(language, "upstream-lacks-route-counted", count = count, kind = kind, uri = &sent.begin)
        }
        (None, "uri") => message!(language, "upstream-lacks-route-no-route", uri = &sent.begin),
        (None, "under") => message!(language, "upstream-lacks-route-none-under", uri = &sent.begin),
        (None, "begins") => message!(language, "upstream-lacks-route-none-begins", uri = &sent.begin),
        (None, _) => message!(language, "upstream-lacks-route-none-such"),
    };
    let lacks = match &running.served.forwards_nothing {
        Some(why) => message!(language, "upstream-lacks-route-forwards", lacks = lacks, why = why.say(language)),
        None => lacks,
    };
    let mut message = match whole {
        true => message!(language, "upstream-lacks-route-says", what = what, backend = running_as, lacks = lacks),
        false => message!(language, "upstream-lacks-route-seems", what = what, backend = running_as, lacks = lacks),
    };
    // Where the route that was meant is written is what a person wants to know first.
    if let Some((route, place)) = nearest(running, sent) {
        let place = view.project.path_and_line(place);
        message = message!(language, "upstream-lacks-route-near", sentence = message, route = &route.pattern, place = place);
    }
    if lacking.backends.len() > 1 {
        message = message!(language, "upstream-lacks-route-nor", sentence = message, count = lacking.backends.len());
    }
    let (severity, confidence) = if whole { (RULE.severity, Confidence::Likely) } else { (Severity::Hint, Confidence::Hint) };
    let mut finding = Finding::new(RULE.id, severity, confidence, config.header(pass), message);
    finding = explained(language, config, finding, &lacking.backends, sent, settings_key(view, &target.address));
    let title = message!(language, "comment-out", what = format!("`{}`", config.display_location(location)));
    let action = FixAction::CommentOut(config.place(config.location(location).entry));
    Some(finding.fix(Fix { title, safe: false, action }))
}

/// Adds who answers, which routes there are and on what that rests.
pub(super) fn explained(
    language: Language,
    config: &Config,
    mut finding: Finding,
    backends: &[(Backend, Arc<Running>)],
    sent: &Sent,
    key: &str,
) -> Finding {
    for (backend, running) in backends {
        if let Some(server) = backend.server {
            let address = format!("{}:{}", backend.host, backend.port);
            finding = finding.related(config.header(server), message!(language, "upstream-lacks-route-leads", address = address));
        }
        if let Some((image, place)) = &running.image {
            let service = running.service.as_ref().map_or("", |(name, _)| name);
            finding = finding.related(*place, message!(language, "upstream-lacks-route-service", service = service, image = image));
        }
        if let (Some(source), Some(build)) = (&running.source, running.build) {
            let service = running.service.as_ref().map_or("", |(name, _)| name);
            finding = finding.related(build, message!(language, "upstream-lacks-route-built", service = service, folder = &source.folder));
        }
        finding = finding.evidence(language, &running.served.evidence);
    }
    let Some((_, running)) = backends.first() else { return finding };
    if let Some((route, place)) = nearest(running, sent) {
        finding = finding.related(place, message!(language, "upstream-lacks-route-nearest-is", route = route.to_string()));
    }
    finding = finding.note(listing(language, &sent.begin, running));
    if let Some((_, running)) = backends.iter().find(|(_, running)| running.served.knowledge != Knowledge::Whole) {
        let name = sent.name.say(language);
        finding = finding.note(match running.served.knowledge {
            Knowledge::Grows => message!(language, "upstream-lacks-route-hint-grows", uri = &name),
            Knowledge::Part | Knowledge::Whole => message!(language, "upstream-lacks-route-hint-part", uri = &name),
        });
    }
    let key = quoted(key);
    finding.note(match (&running.product, &running.served.provided) {
        (None, _) if running.source.is_some() => message!(language, "upstream-lacks-route-holds-source", key = key),
        (None, _) => message!(language, "upstream-lacks-route-holds-list", key = key),
        (Some(_), Some(provided)) => {
            message!(language, "upstream-lacks-route-holds-provided", provided = provided.say(language), key = key)
        }
        (Some(_), None) => message!(language, "upstream-lacks-route-holds-image", key = key),
    })
}

/// The name by which the settings say what is served there: with its port where they already do so, as that goes before the bare host.
pub(super) fn settings_key<'a>(view: View<'a>, address: &'a Address) -> &'a str {
    let authority = address.authority();
    let stated = view.project.settings.upstreams.keys().find(|key| key.eq_ignore_ascii_case(&authority));
    stated.map_or(&address.host, |key| key)
}

/// The route that was probably meant, and where it is written.
fn nearest<'a>(running: &'a Running, sent: &Sent) -> Option<(&'a Route, Place)> {
    let route = running.nearest_route(&sent.begin)?;
    Some((route, route.place?))
}

/// The backend, with its image or the source that it is made of.
pub(super) fn describe(language: Language, running: &Running) -> String {
    match (&running.source, &running.image) {
        (Some(source), _) => {
            let frameworks: Vec<String> = source.frameworks.iter().map(ToString::to_string).collect();
            let frameworks = join(language, Joint::Comma, &frameworks);
            message!(language, "upstream-lacks-route-source", name = &running.name, folder = &source.folder, frameworks = frameworks)
        }
        (None, Some((image, _))) => message!(language, "upstream-lacks-route-backend", name = &running.name, image = image),
        (None, None) => running.name.clone(),
    }
}

/// The routes there are, and the nearest one.
fn listing(language: Language, uri: &str, running: &Running) -> String {
    let routes: Vec<&Route> = running.served.routes.iter().filter(|route| !route.implied).collect();
    let listed: Vec<String> = routes.iter().take(LISTED).map(ToString::to_string).collect();
    let listed = join(language, Joint::Comma, &listed);
    let serves = match routes.len().saturating_sub(LISTED) {
        0 => message!(language, "upstream-lacks-route-serves", name = &running.name, routes = listed),
        more => message!(language, "upstream-lacks-route-serves-more", name = &running.name, routes = listed, count = more),
    };
    match running.nearest_route(uri).filter(|route| route.place.is_none()) {
        Some(route) => message!(language, "upstream-lacks-route-nearest", serves = serves, route = route.to_string()),
        None => serves,
    }
}

/// A key of TOML.
fn quoted(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if bare { name.to_owned() } else { format!("\"{name}\"") }
}
