//! Proofs that a location can't be reached, whatever the request and whichever door it comes through.
//!
//! Every proof here holds over *all* byte strings: internal redirects, rewrites and subrequests search for a location with the same
//! function as a client's request, so what no byte string reaches, nothing reaches.
//!
//! The method: ask for a URI that the location's own matcher admits and nothing known takes. The router says who takes that one; what
//! this taker takes is put aside, and the question is asked again. No URI left is a proof, a URI that the router gives to the
//! location ends it, and so does anything that an automaton can't say.
//!
//! What is neither proven dead nor seen to live is kept as [`Unsettled`]; [`doors`](super::doors) asks again what the URIs that can come in
//! say, and [`example`] gives a URL that gets to a location.

mod answered;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

pub use super::doors::{Obstacle, Unsettled};
pub use super::example::{Example, NoExample, example};
use super::language::{UriSet, Witness};
use super::location::{Router, Step};
use super::pattern::Pattern;
use super::takers;
use super::uri;
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};

/// A location that nothing reaches, with all that is nested in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// The location; none around it is dead.
    pub location: LocationId,
    /// Why.
    pub proof: Proof,
    /// The locations that take its URIs, in the order in which the proof needs them.
    pub takes_over: Vec<LocationId>,
    /// What remains alive: the location itself, or ones nested in it, that still answer the name without its last slash by a
    /// redirect to the one with it.
    pub redirects: Vec<LocationId>,
    /// A location that would get URIs of others without this one ([`takers::shielded`]).
    pub guards_against: Option<LocationId>,
}

/// Why a location is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Another location of its level has its name: nginx refuses to start.
    Duplicate {
        /// The first one.
        first: LocationId,
    },
    /// An earlier regex of its level has the same text and the same flag; of equal named locations the first is found.
    Same {
        /// The first one.
        first: LocationId,
    },
    /// Exact and prefix locations below a regex location are never looked at (`ngx_http_init_static_location_trees`).
    BelowRegex {
        /// The regex location around it.
        regex: LocationId,
    },
    /// The regex matches nothing that gets into the location around it.
    Outside {
        /// The location around it.
        parent: LocationId,
    },
    /// The regex matches no URI at all.
    Never,
    /// Others take every one of its URIs.
    Taken,
    /// The server's own sequence answers every request, or sends it to other locations, before one is looked for.
    Answered {
        /// The directive that does.
        by: EntryId,
    },
    /// Nothing that comes in has a URI that it admits; proven only over the URIs of the server's doors.
    NoSuchUri,
    /// It is `internal`, and no internal move leads to it; proven only over the server's doors.
    Unasked,
}

/// What is known of some locations.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) dead: Vec<Dead>,
    pub(super) unsettled: Vec<Unsettled>,
}

/// How many takers a proof may have.
const TAKERS: usize = 24;

/// All dead locations of a configuration, in reading order. What can't be told is left out.
pub fn dead_locations(config: &Config, router: &Router) -> Vec<Dead> {
    Proofs::default().next(config, router).1
}

/// What was proven of servers, whether it found something dead or not: for a server whose locations stayed as they are, nothing has to
/// be proven again. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Proofs {
    /// The locations' numbers count from the server's first one.
    known: Arc<FxHashMap<Shape, Arc<Found>>>,
    unsettled: Arc<[Unsettled]>,
    fresh: usize,
}

/// All of a server that a proof looks at.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Shape {
    synthetic: bool,
    /// An include whose content is not known stands directly in the server's block.
    unknown: bool,
    /// In reading order.
    locations: Vec<LocationShape>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct LocationShape {
    matcher: Matcher,
    /// The location around it, as an index of the server's locations.
    parent: Option<usize>,
    auto_redirect: bool,
    /// An include whose content is not known stands directly in its block, …
    unknown: bool,
    /// … or somewhere below it.
    unknown_below: bool,
}

impl Proofs {
    /// The dead locations of a configuration in reading order, and what is now known; what is known already is not proven again.
    /// Servers that are gone are forgotten.
    pub fn next(&self, config: &Config, router: &Router) -> (Proofs, Vec<Dead>) {
        let prover = Prover::new(config, router);
        let mut locations: Vec<Vec<LocationId>> = vec![Vec::new(); config.servers.len()];
        for (index, location) in config.locations.iter().enumerate() {
            if let Some(list) = locations.get_mut(location.server.index()) {
                list.push(LocationId(index as u32));
            }
        }
        let mut known = FxHashMap::default();
        let mut fresh = 0;
        let mut out = Vec::new();
        let mut unsettled = Vec::new();
        for (index, locations) in locations.iter().enumerate() {
            let server = ServerId(index as u32);
            let shape = prover.shape(server, locations);
            let found = self.known.get(&shape).or_else(|| known.get(&shape)).cloned().unwrap_or_else(|| {
                fresh += 1;
                let mut found = Found::default();
                for location in &config.server(server).locations {
                    prover.visit(server, *location, &mut found);
                }
                // A proof names no location of another server.
                Arc::new(found.renumbered(|id: LocationId| LocationId(locations.binary_search(&id).unwrap_or_default() as u32)))
            });
            let here = found.renumbered(|id| locations.get(id.index()).copied().unwrap_or(id));
            out.extend(here.dead);
            unsettled.extend(here.unsettled);
            known.insert(shape, found);
        }
        answered::extend(config, router, &mut out);
        out.sort_by_key(|dead| dead.location);
        unsettled.sort_by_key(|one: &Unsettled| one.location);
        (Proofs { known: Arc::new(known), unsettled: unsettled.into(), fresh }, out)
    }

    /// What could not be settled over all byte strings, in reading order.
    pub fn unsettled(&self) -> &[Unsettled] {
        &self.unsettled
    }

    /// How many servers had to be proven the last time.
    pub fn fresh(&self) -> usize {
        self.fresh
    }
}

impl Found {
    fn renumbered(&self, number: impl Fn(LocationId) -> LocationId) -> Found {
        let unsettled = |one: &Unsettled| {
            let why = match one.why {
                Obstacle::Pattern(id) => Obstacle::Pattern(number(id)),
                Obstacle::TooLarge(id) => Obstacle::TooLarge(number(id)),
                Obstacle::Template(id) => Obstacle::Template(number(id)),
                Obstacle::Include(id) => Obstacle::Include(id.map(&number)),
                Obstacle::Order(id) => Obstacle::Order(number(id)),
                Obstacle::Many | Obstacle::NotByClients | Obstacle::OnlyEncoded => one.why,
            };
            Unsettled { location: number(one.location), why }
        };
        Found {
            dead: self.dead.iter().map(|dead| dead.renumbered(&number)).collect(),
            unsettled: self.unsettled.iter().map(unsettled).collect(),
        }
    }
}

impl Dead {
    fn renumbered(&self, number: impl Fn(LocationId) -> LocationId) -> Dead {
        let all = |ids: &[LocationId]| ids.iter().map(|id| number(*id)).collect();
        Dead {
            location: number(self.location),
            proof: match self.proof {
                Proof::Duplicate { first } => Proof::Duplicate { first: number(first) },
                Proof::Same { first } => Proof::Same { first: number(first) },
                Proof::BelowRegex { regex } => Proof::BelowRegex { regex: number(regex) },
                Proof::Outside { parent } => Proof::Outside { parent: number(parent) },
                Proof::Never | Proof::Taken | Proof::NoSuchUri | Proof::Unasked | Proof::Answered { .. } => self.proof,
            },
            takes_over: all(&self.takes_over),
            redirects: all(&self.redirects),
            guards_against: self.guards_against.map(&number),
        }
    }
}

pub(super) struct Prover<'a> {
    config: &'a Config,
    router: &'a Router,
    /// What can come in; `None` for all byte strings.
    doors: Option<UriSet>,
    /// Blocks that hold, at some depth, an include whose content is not known.
    unknown: Vec<EntryId>,
    /// Those that hold it directly.
    unknown_directly: FxHashSet<EntryId>,
}

/// What a URI says about a location.
pub(super) enum Verdict {
    /// It gets there.
    Reaches,
    /// These URIs don't, because of that location.
    Taken(UriSet, LocationId),
    /// It can't be told.
    Open(Obstacle),
}

impl<'a> Prover<'a> {
    pub(super) fn new(config: &'a Config, router: &'a Router) -> Prover<'a> {
        let mut unknown: Vec<EntryId> = config.unknown_includes.iter().flat_map(|include| config.ancestors(*include)).collect();
        unknown.sort();
        unknown.dedup();
        let unknown_directly = config.unknown_includes.iter().filter_map(|include| config.entry(*include).parent).collect();
        Prover { config, router, doors: None, unknown, unknown_directly }
    }

    /// From now on only these URIs come in.
    pub(super) fn through(&mut self, doors: UriSet) {
        self.doors = Some(doors);
    }

    fn shape(&self, server: ServerId, locations: &[LocationId]) -> Shape {
        let shape = |id: &LocationId| {
            let location = self.config.location(*id);
            LocationShape {
                matcher: location.matcher.clone(),
                parent: location.parent.and_then(|parent| locations.binary_search(&parent).ok()),
                auto_redirect: self.router.is_auto_redirect(*id),
                unknown: self.unknown_directly.contains(&location.entry),
                unknown_below: self.has_unknown(location.entry),
            }
        };
        let block = self.config.server(server);
        Shape {
            synthetic: block.synthetic,
            unknown: self.unknown_directly.contains(&block.entry),
            locations: locations.iter().map(shape).collect(),
        }
    }

    /// True when the block may hold more than is seen.
    fn has_unknown(&self, block: EntryId) -> bool {
        self.unknown.binary_search(&block).is_ok()
    }

    /// Looks at a location and what is nested in it; true when all of it is dead.
    pub(super) fn visit(&self, server: ServerId, id: LocationId, out: &mut Found) -> bool {
        let location = self.config.location(id);
        let (before, open) = (out.dead.len(), out.unsettled.len());
        let mut all = true;
        for nested in &location.locations {
            all &= self.visit(server, *nested, out);
        }
        let structural = self.structural(server, id);
        let dead = match structural {
            Some(dead) => Some(dead),
            // What is nested in a regex location gets its requests through it.
            None if !all && !matches!(location.matcher, Matcher::Regex { .. }) => None,
            None => match self.prove(server, id) {
                Ok(dead) => Some(dead),
                Err(why) => {
                    out.unsettled.extend(why.map(|why| Unsettled { location: id, why }));
                    None
                }
            },
        };
        let Some(mut dead) = dead else { return false };
        let without = |name: &str| name.strip_suffix('/').map(|name| self.router.locate(server, name.as_bytes()));
        if let Matcher::Exact(name) | Matcher::Prefix { path: name, .. } = &location.matcher
            && !matches!(dead.proof, Proof::Duplicate { .. } | Proof::BelowRegex { .. })
            && without(name).is_some_and(|choice| choice.auto_redirect && choice.location == Some(id))
        {
            dead.redirects.push(id);
        }
        // One finding for the block: those nested in it are dead with it, but what remains of them remains.
        dead.redirects.extend(out.dead.drain(before..).flat_map(|nested| nested.redirects));
        out.unsettled.truncate(open);
        dead.guards_against = takers::shielded(self.config, self.router, id);
        out.dead.push(dead);
        true
    }

    /// Proofs that need no look at any URI.
    fn structural(&self, server: ServerId, id: LocationId) -> Option<Dead> {
        let location = self.config.location(id);
        let level = self.router.level(server, location.parent)?;
        let dead = |proof, takes_over| Some(Dead { location: id, proof, takes_over, redirects: Vec::new(), guards_against: None });
        if let Some(first) = level.duplicates.get(&id) {
            return dead(Proof::Duplicate { first: *first }, vec![*first]);
        }
        match &location.matcher {
            Matcher::Named(name) => {
                let first = self.router.named(server, name)?;
                if first != id {
                    return dead(Proof::Same { first }, vec![first]);
                }
            }
            Matcher::Regex { .. } => {
                if let Some(first) = level.same.get(&id) {
                    return dead(Proof::Same { first: *first }, vec![*first]);
                }
            }
            Matcher::Exact(_) | Matcher::Prefix { .. } => {
                if level.unmatched.contains(&id)
                    && let Some(regex) = self.chain(id).into_iter().rev().skip(1).find(|outer| self.is_regex(*outer))
                {
                    return dead(Proof::BelowRegex { regex }, vec![regex]);
                }
            }
        }
        None
    }

    /// The location and those around it, outermost first.
    pub(super) fn chain(&self, id: LocationId) -> Vec<LocationId> {
        let mut chain: Vec<LocationId> = std::iter::successors(Some(id), |id| self.config.location(*id).parent).collect();
        chain.reverse();
        chain
    }

    pub(super) fn is_regex(&self, id: LocationId) -> bool {
        matches!(self.config.location(id).matcher, Matcher::Regex { .. })
    }

    pub(super) fn pattern(&self, id: LocationId) -> Option<Arc<Pattern>> {
        match &self.config.location(id).matcher {
            Matcher::Regex { pattern, caseless } => Some(Pattern::get(pattern, *caseless)),
            _ => None,
        }
    }

    /// What the matcher of a location admits; `None` when that is not known.
    fn admits(&self, id: LocationId) -> Option<UriSet> {
        UriSet::admitted(&self.config.location(id).matcher)
    }

    /// What the matchers of a location and of those around it admit; a matcher that is not known admits anything.
    pub(super) fn admitted(&self, chain: &[LocationId]) -> UriSet {
        chain.iter().rev().filter_map(|id| self.admits(*id)).fold(UriSet::all(), |all, set| all.intersect(&set))
    }

    /// A proof; else what stood in its way, `None` where the location gets an ordinary URI.
    fn prove(&self, server: ServerId, id: LocationId) -> Result<Dead, Option<Obstacle>> {
        let location = self.config.location(id);
        // No search gets to a named location: only what names it does.
        if matches!(location.matcher, Matcher::Named(_)) {
            return Err(None);
        }
        let chain = self.chain(id);
        if let Some(template) = chain.iter().find(|id| self.config.location(**id).matcher.is_template()) {
            return Err(Some(Obstacle::Template(*template)));
        }
        let mut unusual = None;
        for sample in self.samples(&chain) {
            if self.doors.as_ref().is_none_or(|doors| doors.contains(&sample))
                && let Verdict::Reaches = self.verdict(server, &chain, &sample)
            {
                unusual = unusual.or(Some(self.unusual(&sample)));
                if self.unusual(&sample).is_none() {
                    return Err(None);
                }
            }
        }
        if let Some(why) = unusual {
            return Err(why);
        }
        // A nested exact or regex location that is not seen could take requests, unless nothing gets to the regex around it.
        if self.has_unknown(location.entry) && !self.is_regex(id) {
            return Err(Some(Obstacle::Include(Some(id))));
        }
        let pattern = self.pattern(id);
        if pattern.as_ref().is_some_and(|pattern| pattern.problem().is_some()) {
            return Err(None);
        }
        let dead = |proof, takes_over| Ok(Dead { location: id, proof, takes_over, redirects: Vec::new(), guards_against: None });
        let own = self.admits(id);
        let not_followed = pattern.filter(|_| own.is_none()).map(|pattern| match pattern.regular() {
            None => Obstacle::Pattern(id),
            Some(_) => Obstacle::TooLarge(id),
        });
        let base = self.admitted(&chain);
        if let Some(own) = own.filter(|_| self.is_regex(id))
            && base.is_empty() == Some(true)
        {
            let parent = location.parent.filter(|_| own.is_empty() != Some(true));
            return dead(parent.map_or(Proof::Never, |parent| Proof::Outside { parent }), Vec::new());
        }
        let base = self.doors.as_ref().map_or(base.clone(), |doors| base.intersect(doors));
        if self.doors.is_some() && base.is_empty() == Some(true) {
            return dead(Proof::NoSuchUri, Vec::new());
        }
        let mut takes_over = Vec::new();
        let mut taken: Vec<UriSet> = Vec::new();
        for _ in 0..TAKERS {
            let uri = match base.minus(&UriSet::union(taken.iter().cloned())).witness() {
                Witness::Empty => return dead(Proof::Taken, takes_over),
                Witness::CantTell => return Err(not_followed.or(Some(Obstacle::TooLarge(id)))),
                Witness::Found(uri) => uri,
            };
            match self.verdict(server, &chain, &uri) {
                Verdict::Reaches => return Err(self.unusual(&uri)),
                Verdict::Open(why) => return Err(not_followed.or(Some(why))),
                // A set without the very URI that it was made for would lead round in circles.
                Verdict::Taken(set, by) if !set.contains(&uri) => return Err(not_followed.or(Some(Obstacle::Order(by)))),
                Verdict::Taken(set, by) => {
                    taken.push(set);
                    if !takes_over.contains(&by) {
                        takes_over.push(by);
                    }
                }
            }
        }
        Err(not_followed.or(Some(Obstacle::Many)))
    }

    /// What is unusual about a URI that reaches a location; nothing where only certain URIs come in.
    fn unusual(&self, uri: &[u8]) -> Option<Obstacle> {
        match uri {
            _ if self.doors.is_some() => None,
            uri if !uri::is_normal(uri, true) => Some(Obstacle::NotByClients),
            uri if uri.iter().any(|byte| matches!(byte, b'%' | b'?' | b'#')) => Some(Obstacle::OnlyEncoded),
            _ => None,
        }
    }

    /// URIs that a living location of this shape most likely takes: for nearly all of them the proof ends here.
    pub(super) fn samples(&self, chain: &[LocationId]) -> Vec<Vec<u8>> {
        let Some(id) = chain.last() else { return Vec::new() };
        let around: Vec<u8> = chain.iter().rev().skip(1).find_map(|outer| self.name(*outer)).unwrap_or_default().to_vec();
        let pattern = self.pattern(*id);
        match pattern.as_deref().and_then(Pattern::sample) {
            Some(sample) => {
                let join = |middle: &[u8]| [around.as_slice(), middle, sample].concat();
                vec![sample.to_vec(), [b"/", sample].concat(), join(b""), join(b"x"), join(b"/x"), join(b"x/"), [sample, b"x"].concat()]
            }
            None => {
                let name = self.name(*id).unwrap_or_default();
                [b"".as_slice(), b"x", b"/x", b"/", b"x/x"].iter().map(|rest| [name, rest].concat()).collect()
            }
        }
    }

    /// The text of an exact or prefix location.
    fn name(&self, id: LocationId) -> Option<&[u8]> {
        self.config.location(id).matcher.literal().map(str::as_bytes)
    }

    /// Where a URI goes, seen from a location and those around it.
    pub(super) fn verdict(&self, server: ServerId, chain: &[LocationId], uri: &[u8]) -> Verdict {
        let Some(&id) = chain.last() else { return Verdict::Open(Obstacle::Many) };
        let mut steps = Vec::new();
        let choice = self.router.follow(server, uri, &mut |step| steps.push(step));
        let taken = |set: UriSet, by: LocationId| {
            if self.config.location(by).matcher.is_template() { Verdict::Open(Obstacle::Template(by)) } else { Verdict::Taken(set, by) }
        };
        for step in steps {
            match step {
                Step::Exact(by) if by == id => return Verdict::Reaches,
                Step::Exact(by) | Step::AutoRedirect(by) => return taken(UriSet::literal(uri), by),
                Step::Prefix(by) => {
                    let parent = self.config.location(by).parent;
                    let Some(name) = self.name(by) else { continue };
                    if parent == Some(id) {
                        return taken(UriSet::prefix(name), by);
                    }
                    // The element of the chain that lies in the same block.
                    let Some(beside) = chain.iter().find(|element| self.config.location(**element).parent == parent) else { continue };
                    if by != *beside && !self.is_regex(*beside) {
                        return taken(UriSet::prefix(name), by);
                    }
                }
                Step::NoRegex(by) => {
                    let parent = self.config.location(by).parent;
                    let beside = chain.iter().find(|element| self.config.location(**element).parent == parent);
                    if beside.is_some_and(|beside| self.is_regex(*beside)) {
                        return match self.alone(server, by) {
                            Some(set) => taken(set, by),
                            None => Verdict::Open(Obstacle::Include(self.config.location(by).parent)),
                        };
                    }
                }
                Step::NoMatch(_) => {}
                Step::Regex(by) if by == id => return Verdict::Reaches,
                Step::Regex(by) if chain.contains(&by) => {}
                Step::Regex(by) => {
                    let parent = self.config.location(by).parent;
                    let beside = chain.iter().position(|element| self.config.location(*element).parent == parent);
                    // A regex takes all that it matches only from what is tried after it.
                    let first = match beside {
                        _ if parent == Some(id) => Some(true),
                        Some(at) => {
                            let behind = |element: &LocationId| self.is_regex(*element);
                            let element = chain.get(at).copied().unwrap_or(id);
                            Some(if self.is_regex(element) { by < element } else { !chain.iter().skip(at + 1).any(behind) })
                        }
                        None => None,
                    };
                    return match (first, self.admits(by)) {
                        (Some(true), Some(set)) => taken(set, by),
                        (Some(true), None) if self.pattern(by).is_some_and(|pattern| pattern.regular().is_some()) => {
                            Verdict::Open(Obstacle::TooLarge(by))
                        }
                        (Some(true), None) => Verdict::Open(Obstacle::Pattern(by)),
                        (Some(_), _) => Verdict::Open(Obstacle::Order(by)),
                        (None, _) => taken(UriSet::literal(uri), by),
                    };
                }
            }
        }
        match choice.location {
            Some(location) if location == id => Verdict::Reaches,
            by => Verdict::Open(by.map_or(Obstacle::Many, Obstacle::Order)),
        }
    }

    /// The URIs whose longest prefix in its block is this location; `None` when more locations than are seen may stand there.
    fn alone(&self, server: ServerId, id: LocationId) -> Option<UriSet> {
        let location = self.config.location(id);
        let block = location.parent.map_or(self.config.server(server).entry, |parent| self.config.location(parent).entry);
        let siblings = match location.parent {
            Some(parent) => &self.config.location(parent).locations,
            None => &self.config.server(server).locations,
        };
        let template = siblings.iter().any(|id| self.config.location(*id).matcher.is_template());
        // A fragment's server has more locations than the fragment.
        let fragment = location.parent.is_none() && self.config.server(server).synthetic;
        if template || fragment || self.unknown_directly.contains(&block) {
            return None;
        }
        let name = self.name(id)?;
        let level = self.router.level(server, location.parent)?;
        let longer = level.prefixes.iter().filter(|prefix| prefix.name.len() > name.len() && prefix.name.starts_with(name));
        let longer = longer.map(|prefix| UriSet::prefix(&prefix.name));
        Some(UriSet::prefix(name).minus(&UriSet::union(longer)))
    }
}

#[cfg(test)]
mod tests;
