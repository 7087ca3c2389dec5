//! Where a location passes requests on, and on which ways they come there.

use crate::config::{Config, EntryId, LocationId};
use crate::nginx::handlers;
use crate::upstreams::Way;
use crate::usage::references::Kind;
use crate::world::View;

/// The `*_pass` of a location, those in its `if`s among them, in reading order.
pub fn passes(config: &Config, location: LocationId) -> Vec<EntryId> {
    let mut out = Vec::new();
    let mut open: Vec<EntryId> = vec![config.location(location).entry];
    while let Some(block) = open.pop() {
        for child in config.entry(block).children.iter().copied() {
            let name = &*config.directive(child).name.value;
            if handlers::passes(name) {
                out.push(child);
            } else if matches!(name, "if" | "limit_except") {
                open.push(child);
            }
        }
    }
    out.sort();
    out
}

/// The ways to a `*_pass`; `None` where it can't be told what is sent.
pub fn ways(view: View<'_>, pass: EntryId) -> Option<Vec<Way>> {
    let config = view.config;
    let location = config.location_of(pass)?;
    let mut from: Vec<Option<LocationId>> = Vec::new();
    for reference in view.references().to(location).filter(|reference| reference.kind.is_internal()) {
        from.push(reference.from);
        // An `error_page` holds in the locations within, too.
        if let (Kind::ErrorPage, Some(outer)) = (reference.kind, reference.from) {
            let within = |inner: &LocationId| {
                let around = std::iter::successors(config.location(*inner).parent, |id| config.location(*id).parent);
                around.into_iter().any(|id| id == outer)
            };
            from.extend((0..config.locations.len() as u32).map(LocationId).filter(within).map(Some));
        }
    }
    from.sort();
    from.dedup();
    view.upstreams().ways(view.project, config, pass, &from)
}
