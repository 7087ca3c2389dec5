//! Proofs over the URIs that come in by the doors of a server: those of clients, and those that its internal moves bring.
//!
//! [`reach`](super::reach) proves over all byte strings, and what it proves holds whatever the doors are. Here only what it left open because of
//! a URI that no client can send is asked again.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::language::{UriSet, Witness};
use super::location::Router;
use super::reach::{Dead, Found, Proof, Prover};
use super::uri;
use crate::config::{Config, LocationId, Matcher, ServerId};

/// A location that is neither proven dead over all byte strings nor seen to get an ordinary URI of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsettled {
    /// The location.
    pub location: LocationId,
    /// What stood in the way.
    pub why: Obstacle,
}

/// What keeps a location from being proven dead or seen alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// This location's regex has look-around, back-references or something else that is no regular expression.
    Pattern(LocationId),
    /// The automata would be too large; this location's regex is part of them.
    TooLarge(LocationId),
    /// This location's name is filled in by a template.
    Template(LocationId),
    /// What this block includes is not known: the location's, or that of the server around it for `None`.
    Include(Option<LocationId>),
    /// More locations take URIs from it than are followed.
    Many,
    /// Which of the two takes a URI depends on more than their own matchers.
    Order(LocationId),
    /// It gets URIs, but the one found is none that a client can send.
    NotByClients,
    /// It gets URIs of clients, but the one found holds a `%`, `?` or `#`, which a client has to send encoded.
    OnlyEncoded,
}

/// What a location search of a server can start with.
#[derive(Debug, Clone, Default)]
pub struct Universe {
    /// Slashes of a client's URI are merged ([`Router::merges_slashes`](super::Router::merges_slashes)).
    pub merge_slashes: bool,
    /// URIs that an internal move names.
    pub constants: Vec<Arc<str>>,
    /// Beginnings of URIs that an internal move makes; the rest may be anything. An empty one: any URI at all.
    pub below: Vec<Arc<str>>,
    /// Those of `below` of which the rest may hold a `%`, `?` or `#` that no client sent encoded.
    pub raw: Vec<Arc<str>>,
    /// Files that `index` leads to: the folder's URI with one of these names behind.
    pub index: Vec<Arc<str>>,
}

impl Universe {
    /// What clients bring.
    pub fn client(&self) -> UriSet {
        UriSet::client(self.merge_slashes)
    }

    /// All that comes in.
    pub fn uris(&self) -> UriSet {
        let normal = |uri: &&Arc<str>| uri::is_normal(uri.as_bytes(), self.merge_slashes);
        let constants = self.constants.iter().filter(|uri| !normal(uri)).map(|uri| UriSet::literal(uri.as_bytes()));
        let below = self.below.iter().map(|prefix| UriSet::prefix(prefix.as_bytes()));
        UriSet::union(std::iter::once(self.client()).chain(constants).chain(below))
    }

    /// What internal moves bring that may hold a `%`, `?` or `#` which no client sent.
    fn raw(&self) -> UriSet {
        let special = |text: &&Arc<str>| text.contains(['%', '?', '#']);
        let constants = self.constants.iter().filter(special).map(|uri| UriSet::literal(uri.as_bytes()));
        let files = self.index.iter().filter(special).map(|name| in_a_folder(name).unwrap_or_else(UriSet::all));
        UriSet::union(constants.chain(files).chain(self.raw.iter().map(|prefix| UriSet::prefix(prefix.as_bytes()))))
    }
}

/// A location that gets only requests in which a character is encoded that nobody encodes without need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The location.
    pub location: LocationId,
    /// A URI that gets there, as nginx sees it; the request has it encoded ([`uri::encode`]).
    pub uri: Vec<u8>,
}

/// What the doors say about what was open.
#[derive(Debug, Clone, Default)]
pub struct Through {
    /// Dead: nothing that comes in reaches it. None of them is dead over all byte strings.
    pub dead: Vec<Dead>,
    /// Only requests with an encoded `%`, `?` or `#` reach it.
    pub encoded: Vec<Encoded>,
    /// What is still open.
    pub unsettled: Vec<Unsettled>,
}

/// Asks again about locations that were left open, given what comes in; the `universe` of a server is asked for only where it matters
/// (`None`: anything may come in).
pub fn through<'u>(config: &Config, router: &Router, open: &[Unsettled], universe: impl Fn(ServerId) -> Option<&'u Universe>) -> Through {
    let mut prover = Prover::new(config, router);
    let mut out = Through::default();
    let mut known: Option<ServerId> = None;
    for one in open {
        let server = config.location(one.location).server;
        match one.why {
            Obstacle::NotByClients => {
                if known != Some(server) {
                    prover.through(universe(server).map_or_else(UriSet::all, Universe::uris));
                    known = Some(server);
                }
                let inside = |dead: &Dead| prover.chain(one.location).contains(&dead.location);
                if out.dead.iter().any(inside) {
                    continue;
                }
                let mut found = Found::default();
                if prover.visit(server, one.location, &mut found) {
                    out.dead.extend(found.dead.into_iter().filter(|dead| dead.location == one.location));
                } else if found.unsettled.iter().all(|found| found.location != one.location) {
                    out.encoded.extend(universe(server).and_then(|universe| encoded(config, &prover, universe, one.location)));
                } else {
                    out.unsettled.extend(found.unsettled.into_iter().filter(|found| found.location == one.location));
                }
            }
            Obstacle::OnlyEncoded => {
                out.encoded.extend(universe(server).and_then(|universe| encoded(config, &prover, universe, one.location)));
            }
            _ => out.unsettled.push(*one),
        }
    }
    out
}

/// The location, when its matcher and those around it admit only URIs that a client has to send with an encoded character.
fn encoded(config: &Config, prover: &Prover<'_>, universe: &Universe, location: LocationId) -> Option<Encoded> {
    if let Matcher::Exact(name) | Matcher::Prefix { path: name, .. } = &config.location(location).matcher {
        // A `%` that nothing hexadecimal follows is only a percent sign.
        let hex = |at: usize| name.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        if !name.contains(['?', '#']) && !name.match_indices('%').any(|(at, _)| hex(at)) {
            return None;
        }
    }
    let admitted = prover.admitted(&prover.chain(location));
    let special = UriSet::regex("[%?#]", false)?;
    let sent = admitted.intersect(&universe.client());
    if sent.minus(&special).is_empty() != Some(true) || admitted.intersect(&universe.raw()).is_empty() != Some(true) {
        return None;
    }
    match sent.witness() {
        Witness::Found(uri) => Some(Encoded { location, uri }),
        Witness::Empty | Witness::CantTell => None,
    }
}

/// The `internal` locations of one server, given that all its internal moves are known.
pub struct Moved<'a> {
    config: &'a Config,
    router: &'a Router,
    universe: &'a Universe,
    prover: Prover<'a>,
    /// Where a URI that is written out leads, with the locations around it.
    named: FxHashSet<LocationId>,
}

impl<'a> Moved<'a> {
    /// Looks where each URI leads that one of the moves names.
    pub fn of(config: &'a Config, router: &'a Router, universe: &'a Universe, server: ServerId) -> Moved<'a> {
        let prover = Prover::new(config, router);
        let to = universe.constants.iter().filter_map(|uri| router.locate(server, uri.as_bytes()).location);
        let named = to.flat_map(|to| prover.chain(to)).collect();
        Moved { config, router, universe, prover, named }
    }

    /// Does a URI that is written out lead to the location, or to what is nested in it?
    pub fn is_named(&self, location: LocationId) -> bool {
        self.named.contains(&location)
    }

    /// Proof that an `internal` location gets nothing: none of the moves leads to it or to what is nested in it. `None` where one does, or may.
    pub fn unasked(&self, location: LocationId) -> Option<Dead> {
        if self.is_named(location) {
            return None;
        }
        let Moved { config, router, universe, prover, .. } = self;
        let admitted = prover.admitted(&prover.chain(location));
        let misses = |set: &UriSet| admitted.intersect(set).is_empty() == Some(true);
        if !universe.below.iter().all(|prefix| misses(&UriSet::prefix(prefix.as_bytes()))) {
            return None;
        }
        let by_index = |name: &Arc<str>| match &config.location(location).matcher {
            // The folder is served by another location, so its URI does not begin with the whole of this name: the file's has to end it, which
            // may have folders of its own.
            Matcher::Prefix { path, .. } if is_alone(config, router, location, path) => {
                let ends = path.match_indices('/').filter_map(|(slash, _)| path.get(slash + 1..));
                ends.filter(|end| !end.is_empty()).any(|end| name.starts_with(end))
            }
            _ => in_a_folder(name).is_none_or(|set| !misses(&set)),
        };
        if universe.index.iter().any(by_index) {
            return None;
        }
        Some(Dead { location, proof: Proof::Unasked, takes_over: Vec::new(), redirects: Vec::new(), guards_against: None })
    }
}

/// True when no other location takes a URI that begins with the name of this one.
fn is_alone(config: &Config, router: &Router, location: LocationId, name: &str) -> bool {
    let this = config.location(location);
    let Some(level) = router.level(this.server, this.parent) else { return false };
    let other = |other: &[u8]| other.starts_with(name.as_bytes()) && other.len() > name.len();
    let no_regex = level.regexes.is_empty() || level.prefixes.iter().any(|prefix| prefix.location == location && prefix.no_regex);
    this.parent.is_none()
        && no_regex
        && !level.exact.keys().any(|exact| exact.starts_with(name.as_bytes()))
        && !level.prefixes.iter().any(|prefix| other(&prefix.name))
        && config.location(location).locations.is_empty()
}

/// The URIs of files of that name, in whatever folder; `None` where that is too much to say.
fn in_a_folder(name: &str) -> Option<UriSet> {
    UriSet::regex(&format!("/{}\\z", escaped(name)), false)
}

/// A text as a pattern that matches it.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|char| (!char.is_alphanumeric()).then_some('\\').into_iter().chain([char])).collect()
}
