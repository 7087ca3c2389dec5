//! Who answers behind a `*_pass`, and which of its routes requests get to.

use super::code;
use crate::config::{EntryId, LocationId};
use crate::ide::routes::{self, Backend, Known, Pass, Route, reach};
use crate::message;
use crate::messages::{Joint, join};
use crate::world::View;

/// How many routes are told.
const SHOWN: usize = 12;

/// Everything about one: who, where, which routes. `None` where a variable decides, or a socket answers.
pub(super) fn pass(view: View<'_>, entry: EntryId) -> Option<String> {
    let pass = routes::pass(view, entry);
    if pass.backends.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    if let Some(upstream) = &pass.upstream {
        let at = format!("{}:{}", upstream.file, upstream.line);
        parts.push(message!(view.language, "hover-pass-upstream", name = code(&upstream.name), at = at));
    }
    for backend in &pass.backends {
        parts.push(who(view, &pass, backend));
        parts.push(told(view, backend));
    }
    Some(parts.join("\n\n"))
}

/// The routes that the requests of a location get to; nothing for one that passes none on, or of which nothing is known.
pub(super) fn of_location(view: View<'_>, id: LocationId) -> Vec<String> {
    let mut parts = Vec::new();
    for entry in reach::passes(view.config, id) {
        let pass = routes::pass(view, entry);
        let known = pass.backends.iter().filter(|backend| !matches!(backend.known, Known::Unknown | Known::Here));
        parts.extend(known.map(|backend| format!("{}\n\n{}", who(view, &pass, backend), told(view, backend))));
    }
    parts
}

/// `**api:3000** · http · service api (compose.yaml:3) · ./api (FastAPI)`
pub(super) fn who(view: View<'_>, pass: &Pass, backend: &Backend) -> String {
    let language = view.language;
    let addresses: Vec<String> = backend.addresses.iter().map(|address| format!("**{}**", code(address))).collect();
    let mut parts = vec![join(language, Joint::Comma, &addresses)];
    parts.extend(pass.scheme.clone());
    if let Some(service) = &backend.service {
        let at = format!("{}:{}", service.file, service.line);
        parts.push(message!(language, "hover-pass-service", name = code(&service.name), at = at));
    }
    match (&backend.source, &backend.image) {
        (Some(folder), _) if backend.frameworks.is_empty() => parts.push(message!(language, "hover-pass-folder", folder = code(folder))),
        (Some(folder), _) => {
            let frameworks = join(language, Joint::Comma, &backend.frameworks);
            parts.push(message!(language, "hover-pass-source", folder = code(folder), frameworks = frameworks));
        }
        (None, Some(image)) => parts.push(message!(language, "hover-pass-image", image = code(image))),
        (None, None) => {}
    }
    parts.join(" · ")
}

/// The routes, and what is not known of them.
fn told(view: View<'_>, backend: &Backend) -> String {
    let language = view.language;
    let why = backend.why.as_deref().unwrap_or_default();
    let count = backend.routes.len();
    let head = match backend.known {
        Known::Complete => message!(language, "hover-routes-complete", count = count),
        Known::Incomplete => message!(language, "hover-routes-incomplete", count = count, why = why),
        Known::Unknown => message!(language, "hover-routes-unknown", why = why),
        Known::Here => message!(language, "hover-routes-here", servers = join(language, Joint::Comma, &backend.servers)),
    };
    let mut lines = vec![head];
    if count > 0 {
        lines.push(String::new());
    }
    lines.extend(backend.routes.iter().take(SHOWN).map(route));
    if let Some(more) = count.checked_sub(SHOWN).filter(|more| *more > 0) {
        lines.push(format!("- {}", message!(language, "hover-more-routes", count = more)));
    }
    lines.join("\n")
}

/// ``- `GET /api/users` → `/users` (api/main.py:12)``
fn route(route: &Route) -> String {
    let methods = if route.methods.is_empty() { String::new() } else { format!("{} ", route.methods.join(",")) };
    let own = code(&route.route);
    let named = match &route.path {
        Some(path) if *path != route.route => format!("{} → {own}", code(&format!("{methods}{path}"))),
        _ => code(&format!("{methods}{}", route.route)),
    };
    match (&route.file, route.line) {
        (Some(file), Some(line)) => format!("- {named} ({file}:{line})"),
        _ => format!("- {named}"),
    }
}
