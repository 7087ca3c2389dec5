//! `uri-stripped`: a slash at the end of a `proxy_pass` cuts off a prefix that the backend's routes have, or its lack keeps one that they
//! do not have.

use super::claims::Claims;
use super::finding::FixAction;
use super::upstream_lacks_route::{explained, settings_key};
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::EntryId;
use crate::message;
use crate::project::Place;
use crate::text::Span;
use crate::upstreams::Stripped;
use crate::upstreams::catalogue::Knowledge;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "uri-stripped",
    summary: "a prefix that is cut off although the backend's routes have it, or kept although they do not",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut claims = Claims::default();
    for view in analysis.views() {
        let config = view.config;
        for pass in config.all("proxy_pass").iter().copied() {
            if let Some(stripped) = view.upstreams().stripped(view.project, config, pass)
                && let Some(finding) = finding(view, pass, &stripped)
            {
                claims.add(config, pass, 0, finding);
            }
        }
    }
    out.extend(claims.confirmed(analysis));
}

fn finding(view: View<'_>, pass: EntryId, stripped: &Stripped) -> Option<Finding> {
    let (language, config) = (view.language, view.config);
    let target = view.upstreams().target_of(pass)?;
    let (backend, running) = stripped.backends.first()?;
    let server = format!("{}://{}:{}", target.address.scheme, backend.host, backend.port);
    let (prefix, route) = (&stripped.prefix, stripped.route.to_string());
    let what = stripped.sent.at(language, &server);
    let name = &running.name;
    let message = match &stripped.right {
        None => message!(language, "uri-stripped-cut", prefix = prefix, what = what, name = name, route = route),
        Some(right) if right == "/" => message!(language, "uri-stripped-kept", prefix = prefix, what = what, name = name, route = route),
        Some(right) => {
            message!(language, "uri-stripped-kept-part", prefix = prefix, what = what, name = name, route = route, right = right)
        }
    };
    let whole = stripped.backends.iter().all(|(_, running)| running.served.knowledge == Knowledge::Whole);
    let (severity, confidence) = if whole { (RULE.severity, Confidence::Likely) } else { (Severity::Hint, Confidence::Hint) };
    let finding = Finding::new(RULE.id, severity, confidence, config.header(pass), message);
    let finding = explained(language, config, finding, &stripped.backends, &stripped.sent, settings_key(view, &target.address));
    let argument = config.arg_place(pass, 0);
    let text = view.project.text(argument.file);
    let written = text.slice(argument.span).to_string();
    Some(match edit(argument, &written, stripped.right.as_deref()) {
        Some((edit, after)) => {
            let title = message!(language, "write", what = format!("`proxy_pass {after};`"));
            finding.fix(Fix { title, safe: false, action: FixAction::Edit(vec![edit]) })
        }
        None => finding,
    })
}

/// Another URI part behind the address, and how it is written then.
fn edit(argument: Place, written: &str, right: Option<&str>) -> Option<((Place, String), String)> {
    if written.contains(['"', '\'', '$', '\\', ' ']) {
        return None;
    }
    let authority = written.find("://")? + 3;
    let path = written.get(authority..)?.find(['/', '?']).map_or(written.len(), |at| authority + at);
    let right = right.unwrap_or_default();
    let span = Span::new(argument.span.start + path as u32, argument.span.start + written.len() as u32);
    let after = format!("{}{right}", written.get(..path)?);
    Some(((Place { file: argument.file, span }, right.to_owned()), after))
}
