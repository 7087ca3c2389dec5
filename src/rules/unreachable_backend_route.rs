//! `unreachable-backend-route`: routes of a backend that no location passes on.

use super::finding::FixAction;
use super::upstream_lacks_route::describe;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::{Joint, join};
use crate::project::Place;
use crate::text::Span;
use crate::upstreams::{Route, Unreachable};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "unreachable-backend-route", summary: "routes of a backend that no location passes on", severity: Severity::Hint, check };

/// How many routes the message names, and how many have a note of their own.
const NAMED: usize = 3;
const NOTED: usize = 12;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let all: Vec<(View<'_>, Vec<Unreachable>)> =
        analysis.views().map(|view| (view, view.upstreams().unreachable(view.project, view.config))).collect();
    for (at, (view, found)) in all.iter().enumerate() {
        for unreachable in found {
            // Another gateway of the workspace may be there for them: one that passes to this backend, and leaves other routes out or none.
            let others = all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
            let missing = |route: &Route| others.clone().all(|(other, found)| is_missing_there(other, found, unreachable, route));
            let routes: Vec<&Route> = unreachable.routes.iter().filter(|route| missing(route)).collect();
            out.extend(finding(*view, unreachable, &routes));
        }
    }
}

/// True when another configuration does not pass the route on either.
fn is_missing_there(view: &View<'_>, found: &[Unreachable], unreachable: &Unreachable, route: &Route) -> bool {
    let service = &unreachable.running.service;
    match found.iter().find(|other| other.running.service == *service) {
        Some(other) => other.routes.contains(route),
        None => !view.upstreams().leads_to(service.as_ref().map(|(_, place)| *place)),
    }
}

fn finding(view: View<'_>, unreachable: &Unreachable, routes: &[&Route]) -> Option<Finding> {
    let (language, config) = (view.language, view.config);
    let pass = *unreachable.passes.first()?;
    routes.first()?;
    let backend = describe(language, &unreachable.running);
    let named = |route: &&Route| match route.place {
        Some(place) => format!("{route} ({})", view.project.path_and_line(place)),
        None => route.to_string(),
    };
    let mut names: Vec<String> = routes.iter().take(NAMED).map(named).collect();
    if routes.len() > NAMED {
        names.push(message!(language, "unreachable-backend-route-more", count = routes.len() - NAMED));
    }
    let names = join(language, Joint::Comma, &names);
    let message = message!(language, "unreachable-backend-route-says", count = routes.len(), backend = backend, routes = names);
    let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Hint, config.header(pass), message);
    for route in routes.iter().take(NOTED) {
        if let Some(place) = route.place {
            finding = finding.related(place, message!(language, "unreachable-backend-route-here", route = route.to_string()));
        }
    }
    finding = finding.note(message!(language, "unreachable-backend-route-meant"));
    let Some((place, text, names)) = locations(view, pass, routes) else { return Some(finding) };
    let title = message!(language, "unreachable-backend-route-fix", count = names.len(), names = join(language, Joint::Comma, &names));
    Some(finding.fix(Fix { title, safe: false, action: FixAction::Edit(vec![(place, text)]) }))
}

/// The locations that a person would add behind the one that passes on already: where, their text, their names.
fn locations(view: View<'_>, pass: EntryId, routes: &[&Route]) -> Option<(Place, String, Vec<String>)> {
    let config = view.config;
    let target = view.upstreams().target_of(pass)?;
    let outermost = std::iter::successors(config.location_of(pass), |id| config.location(*id).parent).last()?;
    let whole = config.place(config.location(outermost).entry);
    let text = view.project.text(whole.file);
    let start = text.line_span(text.line_of(whole.span.start)).start;
    let indent: String = text.slice(Span::new(start, whole.span.start)).chars().take_while(|c| c.is_whitespace()).collect();
    let step = if indent.contains('\t') { "\t" } else { "    " };
    let mut names: Vec<String> = Vec::new();
    let mut heads: Vec<String> = routes.iter().filter_map(|route| head(&route.pattern)).collect();
    heads.sort_by_key(|head| (head.len(), head.clone()));
    for head in heads {
        let covered =
            |name: &String| head.strip_prefix(name.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if !names.iter().any(covered) && !is_taken(config, outermost, &head) {
            names.push(head);
        }
    }
    names.sort();
    let pass = config.directive(pass).name.value.clone();
    let to = format!("{}://{}", target.address.scheme, target.address.authority());
    let block = |name: &String| format!("\n\n{indent}location {name} {{\n{indent}{step}{pass} {to};\n{indent}}}");
    let added: String = names.iter().map(block).collect();
    (!names.is_empty() && &*pass == "proxy_pass").then(|| (Place { span: Span::at(whole.span.end), ..whole }, added, names))
}

/// What a prefix location for the route is called; `None` for one that would take everything, or that nginx could not read.
fn head(pattern: &str) -> Option<String> {
    let end = pattern.find(['{', '*', ':']).unwrap_or(pattern.len());
    let head = pattern.get(..end)?;
    // A part of a segment in front of a parameter names nothing.
    let head = if end == pattern.len() { head } else { &head[..head.rfind('/')? + 1] };
    let plain = head.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte));
    (plain && head.len() > 1).then(|| head.to_owned())
}

/// True when a location of that name is there already, beside the one that passes on.
fn is_taken(config: &Config, beside: crate::config::LocationId, name: &str) -> bool {
    let server = config.server(config.location(beside).server);
    server.locations.iter().any(|id| config.location(*id).matcher.display().trim_start_matches("= ").trim_start_matches("^~ ") == name)
}
