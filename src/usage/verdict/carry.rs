//! Where a request goes on when a location passes it to this same nginx.

use crate::config::{EntryId, LocationId, Matcher, ServerId};
use crate::nginx::handlers;
use crate::upstreams::address::{Completeness, PathPart};
use crate::upstreams::{Answer, Target};
use crate::usage::verdict::Evidence;

/// How often a request is followed through this same nginx.
const HOPS: usize = 4;

/// The directives of the location, and of the `if`s in it, that pass requests on, with where they lead.
pub(super) fn passes<'a>(evidence: &Evidence<'a>, location: LocationId) -> impl Iterator<Item = (EntryId, &'a Target)> {
    let (config, upstreams) = (evidence.config, evidence.upstreams);
    let block = &config.entry(config.location(location).entry).children;
    let conditions = block.iter().filter(|entry| config.directive(**entry).is("if")).flat_map(|entry| &config.entry(*entry).children);
    let passes = block.iter().chain(conditions).copied().filter(move |entry| handlers::passes(&config.directive(*entry).name.value));
    passes.filter_map(move |entry| Some((entry, upstreams.target_of(entry)?)))
}

/// The servers of this same configuration that a pass leads to; with false those that are reached through somebody else, who passes on what
/// it does not answer itself.
pub(super) fn here(target: &Target) -> Vec<(ServerId, bool)> {
    let mut out = Vec::new();
    for backend in &target.backends {
        let (servers, straight) = match &backend.answer {
            Answer::Here(servers) => (servers.as_slice(), true),
            Answer::Service(running) => (running.returns.as_slice(), false),
            Answer::Unknown(_) => continue,
        };
        out.extend(servers.iter().map(|server| (*server, straight)));
    }
    out.sort();
    out.dedup();
    out
}

/// The URI that goes on for one that comes in; `None` where that can't be told.
fn sent(evidence: &Evidence<'_>, location: LocationId, target: &Target, uri: &str) -> Option<String> {
    match &target.address.path {
        PathPart::Own => Some(uri.to_owned()),
        PathPart::Replaces(text) => match &evidence.config.location(location).matcher {
            Matcher::Exact(_) => Some(text.clone()),
            Matcher::Prefix { path, .. } => Some(format!("{text}{}", uri.strip_prefix(&**path)?)),
            _ => None,
        },
        PathPart::Cut(text) | PathPart::Verbatim(text, Completeness::Whole) => Some(text.clone()),
        PathPart::Verbatim(_, Completeness::Begins) => None,
    }
}

/// The locations behind a location that a request for the URI goes on to, through this same nginx, the nearest first.
pub(super) fn on(evidence: &Evidence<'_>, location: LocationId, uri: &str) -> Vec<LocationId> {
    let mut out = Vec::new();
    let mut open = vec![(location, uri.to_owned())];
    for _ in 0..HOPS {
        for (location, uri) in std::mem::take(&mut open) {
            for (_, target) in passes(evidence, location) {
                let Some(next) = sent(evidence, location, target, &uri) else { continue };
                let path = next.split('?').next().unwrap_or(&next);
                for (server, _) in here(target) {
                    if let Some(found) = evidence.router.locate(server, path.as_bytes()).location
                        && !out.contains(&found)
                    {
                        out.push(found);
                        open.push((found, path.to_owned()));
                    }
                }
            }
        }
    }
    out
}
