//! A prefix that a `proxy_pass` cuts off although the backend's routes have it, or keeps although they do not.

use std::sync::Arc;

use super::address::PathPart;
use super::{Backend, Route, Running, Sent, Target, Upstreams, sent};
use crate::config::{Config, EntryId, Matcher};
use crate::project::Project;
use crate::routing::UriSet;

/// What a slash more or less at the end of a `proxy_pass` does to the prefix of its location.
#[derive(Debug, Clone)]
pub struct Stripped {
    /// The location's name.
    pub prefix: String,
    /// What is sent as it is written.
    pub sent: Sent,
    /// The URI part that would be right; `None` for none.
    pub right: Option<String>,
    /// A route that requests would get to then.
    pub route: Route,
    /// Who answers.
    pub backends: Vec<(Backend, Arc<Running>)>,
}

/// Routes that say nothing of where the others are.
const ASIDE: [&str; 20] = [
    "/",
    "/health",
    "/healthz",
    "/health/*",
    "/healthcheck",
    "/live",
    "/livez",
    "/liveness",
    "/ready",
    "/readyz",
    "/readiness",
    "/ping",
    "/status",
    "/version",
    "/metrics",
    "/docs",
    "/docs/oauth2-redirect",
    "/redoc",
    "/openapi.json",
    "/favicon.ico",
];

/// Names of locations that say no more than that there is a backend.
const GENERIC: [&str; 4] = ["api", "app", "backend", "service"];

impl Upstreams {
    /// The prefix that keeps all requests of a location from the routes that its backend has.
    pub fn stripped(&self, project: &Project, config: &Config, pass: EntryId) -> Option<Stripped> {
        let (target, backends) = self.closed(pass)?;
        let Matcher::Prefix { path: prefix, .. } = &config.location(config.location_of(pass)?).matcher else { return None };
        match &target.address.path {
            PathPart::Replaces(with) => {
                let sent = sent::of(project, config, pass, &target.address.path).filter(|sent| sent.begin == *with)?;
                let own = sent::of(project, config, pass, &PathPart::Own).filter(|own| own.begin == **prefix)?;
                cut(prefix, sent, &own, backends)
            }
            PathPart::Own if prefix.len() > 1 && prefix.ends_with('/') => {
                let sent = sent::of(project, config, pass, &PathPart::Own).filter(|sent| sent.begin == **prefix)?;
                let replaced = |with: &str| sent::of(project, config, pass, &PathPart::Replaces(with.to_owned()));
                kept(prefix, sent, replaced, target, backends)
            }
            _ => None,
        }
    }
}

fn is_aside(route: &Route) -> bool {
    route.implied || ASIDE.contains(&route.pattern.as_str())
}

/// All routes begin with the location's name, and what is sent no longer does.
fn cut(prefix: &str, sent: Sent, own: &Sent, backends: Vec<(Backend, Arc<Running>)>) -> Option<Stripped> {
    let bare = prefix.trim_end_matches('/');
    let below = |path: &str| path.strip_prefix(bare).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // `location /api/ { proxy_pass http://shop/api/; }` cuts nothing.
    if bare.is_empty() || below(&sent.begin) {
        return None;
    }
    let mut route = None;
    for (_, running) in &backends {
        let routes = &running.served.routes;
        route = Some(routes.iter().find(|route| below(&route.pattern) && !is_aside(route))?.clone());
        // Only who writes the prefix twice gets to a route, or to one that says nothing.
        let mut reached = vec![UriSet::prefix(bare.as_bytes())];
        for route in routes.iter().filter(|route| is_aside(route)) {
            reached.push(route.uris()?);
        }
        let others = sent.uris.minus(&UriSet::union(reached));
        if running.served.lacks_all(&others) != Some(true) || running.served.lacks_all(&own.uris) != Some(false) {
            return None;
        }
    }
    Some(Stripped { prefix: prefix.to_owned(), sent, right: None, route: route?, backends })
}

/// No route begins with the location's name; without it, or the front of it, some are there.
fn kept(
    prefix: &str,
    sent: Sent,
    replaced: impl Fn(&str) -> Option<Sent>,
    target: &Target,
    backends: Vec<(Backend, Arc<Running>)>,
) -> Option<Stripped> {
    if !backends.iter().all(|(_, running)| running.served.lacks_all(&sent.uris) == Some(true)) {
        return None;
    }
    // `/api/orders/`: then `/orders/`, then `/`.
    for (at, _) in prefix.match_indices('/').skip(1) {
        let right = prefix.get(at..)?;
        if right == "/" && !means_backend(prefix, target, &backends) {
            continue;
        }
        let Some(then) = replaced(right) else { continue };
        let mut route = None;
        let reaches = backends.iter().all(|(_, running)| {
            route = running.served.routes.iter().find(|route| route.pattern.starts_with(right) && !is_aside(route)).cloned();
            route.is_some() && running.served.lacks_all(&then.uris) == Some(false)
        });
        if let (true, Some(route)) = (reaches, route) {
            return Some(Stripped { prefix: prefix.to_owned(), sent, right: Some(right.to_owned()), route, backends });
        }
    }
    None
}

/// True where the location is called as its backend is: the name is the gateway's then, not a part of the backend's routes. Every backend
/// has something below `/`, so that this alone would say nothing.
fn means_backend(prefix: &str, target: &Target, backends: &[(Backend, Arc<Running>)]) -> bool {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], "");
    let Some(last) = prefix.trim_end_matches('/').rsplit('/').next().map(plain).filter(|last| !last.is_empty()) else { return false };
    let means = |name: &str| {
        let name = plain(name);
        last == name || last.len() >= 3 && name.contains(&last) || name.len() >= 3 && last.contains(&name)
    };
    let generic = |running: &Running| running.product.is_none() && GENERIC.contains(&last.as_str());
    means(&target.address.host)
        || backends.iter().all(|(backend, running)| means(&backend.host) || means(&running.name) || generic(running))
}
