//! The other way round: routes of a backend that no location passes on.

use std::sync::Arc;

use super::routes::Route;
use super::{Answer, Running, Upstreams};
use crate::config::{Config, EntryId};
use crate::project::Project;
use crate::routing::UriSet;

/// A backend with routes that nobody reaches through one configuration.
#[derive(Debug, Clone)]
pub struct Unreachable {
    /// The backend.
    pub running: Arc<Running>,
    /// Every `*_pass` that leads to it, in reading order; at least one.
    pub passes: Vec<EntryId>,
    /// The routes, in the order in which the backend has them. Those that only its operators ask for (`/health`, `/metrics`) are left out.
    pub routes: Vec<Route>,
}

/// The last parts of paths that are asked for from inside: by orchestrators, load balancers, scrapers.
const INSIDE: [&str; 16] = [
    "health",
    "healthz",
    "health-check",
    "healthcheck",
    "_health",
    "ready",
    "readyz",
    "readiness",
    "live",
    "livez",
    "liveness",
    "alive",
    "ping",
    "status",
    "metrics",
    "version",
];

/// See [`Upstreams::unreachable`].
pub(super) fn unreachable(upstreams: &Upstreams, project: &Project, config: &Config) -> Vec<Unreachable> {
    let mut backends: Vec<(Arc<Running>, Vec<EntryId>)> = Vec::new();
    for pass in upstreams.passes().iter().copied() {
        for backend in upstreams.target_of(pass).map(|target| target.backends.as_slice()).unwrap_or_default() {
            let Answer::Service(running) = &backend.answer else { continue };
            let same = |(known, _): &&mut (Arc<Running>, Vec<EntryId>)| known.name == running.name && known.service == running.service;
            match backends.iter_mut().find(same) {
                Some((_, passes)) if passes.contains(&pass) => {}
                Some((_, passes)) => passes.push(pass),
                None => backends.push((running.clone(), vec![pass])),
            }
        }
    }
    backends.into_iter().filter_map(|(running, passes)| of_backend(upstreams, project, config, running, passes)).collect()
}

fn of_backend(
    upstreams: &Upstreams,
    project: &Project,
    config: &Config,
    running: Arc<Running>,
    passes: Vec<EntryId>,
) -> Option<Unreachable> {
    // A catalogue lists what a product can do, not what somebody made to be asked for.
    if running.product.is_some() || running.served.routes.iter().all(|route| route.implied) {
        return None;
    }
    // One location of which it is not known what it sends may send anything.
    let sent: Vec<UriSet> = passes.iter().map(|pass| Some(upstreams.sent(project, config, *pass)?.uris)).collect::<Option<_>>()?;
    let reached = |route: &Route| {
        if route.example().is_some_and(|uri| sent.iter().any(|uris| uris.contains(uri.as_bytes()))) {
            return true;
        }
        let Some(own) = route.uris() else { return true };
        sent.iter().any(|uris| own.intersects(uris) != Some(false))
    };
    let counts = |route: &&Route| {
        let last = route.pattern.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        // What follows a prefix that is not known may be anywhere.
        !route.implied && route.pattern.starts_with('/') && route.pattern != "/*" && !INSIDE.contains(&last)
    };
    let routes: Vec<Route> = running.served.routes.iter().filter(counts).filter(|route| !reached(route)).cloned().collect();
    (!routes.is_empty()).then_some(Unreachable { running, passes, routes })
}
