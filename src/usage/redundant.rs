//! The locations without which nothing changes for any request; those of a server that is as it was are not looked for again.

use rustc_hash::FxHashSet;

use super::takeover::{self, Takeover, Taker};
use crate::config::effective::{Blocks, Site};
use crate::config::{Config, LocationId, Same, ServerId, Unchanged};
use crate::routing::Router;

/// The locations of a configuration that could go, each by itself.
#[derive(Debug, Default)]
pub struct Redundant {
    /// In reading order.
    found: Vec<Takeover>,
    /// Which locations were dead, sorted: these are not looked at.
    dead: Vec<LocationId>,
    circumstances: Option<Circumstances>,
    looked_at: usize,
}

/// What counts for a server and may stand in another one.
#[derive(Debug, PartialEq, Eq)]
struct Circumstances {
    reads_captures: bool,
    adds_up: bool,
}

impl Redundant {
    /// Looks at all locations but the dead ones; what an earlier state says of servers that are as they were holds again.
    pub fn after(blocks: &Blocks<'_>, router: &Router, dead: &[LocationId], earlier: &Redundant, unchanged: &Unchanged) -> Redundant {
        let config = blocks.config;
        let gone: FxHashSet<LocationId> = dead.iter().copied().collect();
        let adds_up = ["add_header_inherit", "add_trailer_inherit"].iter().any(|name| !config.all(name).is_empty());
        let circumstances = Circumstances { reads_captures: blocks.reads_captures(), adds_up };
        let is_same = unchanged.is_outside_same() && earlier.circumstances.as_ref() == Some(&circumstances);
        let mut out =
            Redundant { found: Vec::new(), dead: gone.iter().copied().collect(), circumstances: Some(circumstances), looked_at: 0 };
        out.dead.sort_unstable();
        // Those of a server lie together.
        for locations in chunks(config) {
            let Some(server) = locations.first().map(|id| config.location(*id).server) else { continue };
            let same = unchanged.server(server).filter(|same| is_same && earlier.knows(*same, &locations, &out.dead));
            match same {
                Some(same) => out.found.extend(earlier.of(same, &locations).map(|takeover| moved(takeover, same, server))),
                None => {
                    out.looked_at += 1;
                    // What stands in a dead block is dead with it.
                    let is_dead =
                        |id: LocationId| std::iter::successors(Some(id), |id| config.location(*id).parent).any(|id| gone.contains(&id));
                    let alone = |id: &LocationId| config.location(*id).locations.is_empty() && !is_dead(*id);
                    let looked_at = locations.iter().copied().filter(alone);
                    out.found.extend(looked_at.filter_map(|id| takeover::of_redundant(blocks, router, id)));
                }
            }
        }
        out
    }

    /// What happens without each of them, in reading order.
    pub fn all(&self) -> &[Takeover] {
        &self.found
    }

    /// How many servers were looked at; all others were known from an earlier state.
    pub fn servers_looked_at(&self) -> usize {
        self.looked_at
    }

    /// Were the same locations of the server dead?
    fn knows(&self, same: Same, locations: &[LocationId], dead: &[LocationId]) -> bool {
        let then = within(&self.dead, same, locations, |id| *id).map(|id| same.location(*id));
        let now = locations.first().zip(locations.last()).into_iter();
        then.eq(now.flat_map(|(first, last)| slice(dead, |id| *id, *first, *last)).copied())
    }

    fn of<'a>(&'a self, same: Same, locations: &'a [LocationId]) -> impl Iterator<Item = &'a Takeover> {
        within(&self.found, same, locations, |takeover| takeover.location)
    }
}

/// The locations of each server, in reading order.
fn chunks(config: &Config) -> Vec<Vec<LocationId>> {
    let ids = (0..config.locations.len() as u32).map(LocationId).collect::<Vec<_>>();
    ids.chunk_by(|one, next| config.location(*one).server == config.location(*next).server).map(<[_]>::to_vec).collect()
}

/// Those of the earlier state that belong to what are these locations now.
fn within<'a, T>(sorted: &'a [T], same: Same, locations: &[LocationId], id: impl Fn(&T) -> LocationId) -> impl Iterator<Item = &'a T> {
    let ends = locations.first().zip(locations.last()).map(|(first, last)| (same.earlier_location(*first), same.earlier_location(*last)));
    ends.map(|(first, last)| slice(sorted, id, first, last)).unwrap_or_default().iter()
}

fn slice<T>(sorted: &[T], id: impl Fn(&T) -> LocationId, first: LocationId, last: LocationId) -> &[T] {
    let from = sorted.partition_point(|one| id(one) < first);
    let until = sorted.partition_point(|one| id(one) <= last);
    sorted.get(from..until).unwrap_or_default()
}

fn moved(takeover: &Takeover, same: Same, server: ServerId) -> Takeover {
    let site = |site: Site| match site {
        Site::Location(id) => Site::Location(same.location(id)),
        Site::Server(_) => Site::Server(server),
    };
    // Where nothing changes there are no differences, which would have places.
    let taker = |taker: &Taker| Taker { site: site(taker.site), differences: taker.differences.clone() };
    Takeover { location: same.location(takeover.location), takers: takeover.takers.iter().map(taker).collect(), ..takeover.clone() }
}
