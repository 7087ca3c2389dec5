//! Locations that are dead because the server's own `return` or `rewrite` comes before any search for a location.

use super::{Dead, Proof};
use crate::config::{Config, LocationId, Matcher};
use crate::routing::Router;
use crate::routing::sequence::{Answered, answered_servers};

/// Adds them, in place of what is inside them. A duplicate keeps nginx from starting, which is the more important thing to say.
pub(super) fn extend(config: &Config, router: &Router, out: &mut Vec<Dead>) {
    for (server, answered) in answered_servers(config, router) {
        for location in &config.server(server).locations {
            visit(config, &answered, *location, out);
        }
    }
}

fn visit(config: &Config, answered: &Answered, id: LocationId, out: &mut Vec<Dead>) {
    let location = config.location(id);
    let around = |inner: LocationId| std::iter::successors(Some(inner), |id| config.location(*id).parent).any(|one| one == id);
    if answered.alive.iter().any(|alive| around(*alive)) {
        location.locations.iter().for_each(|nested| visit(config, answered, *nested, out));
        return;
    }
    let refused = |dead: &Dead| matches!(dead.proof, Proof::Duplicate { .. }) && around(dead.location);
    if out.iter().any(refused) || matches!(location.matcher, Matcher::Named(_)) {
        return;
    }
    out.retain(|dead| !around(dead.location));
    let proof = Proof::Answered { by: answered.by };
    out.push(Dead { location: id, proof, takes_over: answered.sent_to.clone(), redirects: Vec::new(), guards_against: None });
}
