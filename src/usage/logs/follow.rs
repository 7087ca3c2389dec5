//! Which places a logged request concerns: the one that answered it, those that it passed on its way, those that got it from there.
//!
//! Most locations answer what they take, and the tables of the router say all. Where something may move a request on (rewrites, `try_files`,
//! `error_page`, `auth_request`, a pass to this same nginx) the trace engine follows it, once for each request that differs in what
//! may decide.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::hash;
use super::plan::{OfServer, Plans};
use super::servers::Arrived;
use super::tally;
use super::written::Place;
use crate::config::{Config, ServerId};
use crate::routing::Router;
use crate::routing::server::normal_host;
use crate::routing::trace::{self, Hop, Lookup, Request, StepKind, Surroundings, Trace};
use crate::routing::uri::{is_itself, parse_target};

/// How often a request may come back to this same configuration.
const MAX_HOPS: usize = 8;
/// How many requests are followed at most, and remembered. What comes later is routed without following.
const FOLLOWED: usize = 20_000;

/// Where a request went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Went {
    /// One place took it, and it touched no other: so it is with most.
    To(Taker),
    /// There are several ways, or other places are on them. Shared, as many requests take the same.
    By(Arc<Outcome>),
}

/// A place that answers what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taker {
    /// The place.
    pub place: u32,
    /// The handler may answer 400.
    refuses: bool,
}

impl Taker {
    /// As [`Way::refused`].
    #[inline]
    pub fn refused(self, status: u16) -> bool {
        status == 400 && !self.refuses
    }
}

/// Where a request went, on each way that it may have taken. The first is the likeliest.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    ways: Box<[Way]>,
}

/// One way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What nginx answers; `None` where a handler decides.
    status: Option<u16>,
    /// The handler may answer 400.
    refuses: bool,
    /// It ends at a file of which nobody knows whether it is there, and no other way is the one without it.
    may_lack: bool,
    /// The place that answers.
    pub total: u32,
    /// Places that the request passes before.
    pub passed: Box<[u32]>,
    /// Places that get it through a pass to this same configuration.
    pub relayed: Box<[u32]>,
}

impl Outcome {
    /// The way that fits the logged status, and the places of other ways that fit, those that a request passes there among them.
    #[inline]
    pub fn choose(&self, status: u16) -> (Option<&Way>, impl Iterator<Item = u32>) {
        let chosen = match &*self.ways {
            [_] => Some(0),
            ways => ways.iter().position(|way| way.fits(status)).or((!ways.is_empty()).then_some(0)),
        };
        let way = chosen.and_then(|chosen| self.ways.get(chosen));
        let others = self.ways.iter().enumerate().filter(move |(at, way)| Some(*at) != chosen && way.fits(status));
        let places = others.flat_map(|(at, way)| way.places().map(move |place| (at, place)));
        // Each place once; not where it is known to have ended, nor, of what is only passed, what it is known to have come to.
        let is_known = move |at: usize, place: u32| {
            let ends = self.ways.get(at).is_some_and(|other| other.total == place);
            way.is_some_and(|way| way.total == place || !ends && way.places().any(|known| known == place))
        };
        let is_first = move |at: usize, place: u32| {
            let earlier = self.ways.iter().enumerate().take(at).filter(|(at, way)| Some(*at) != chosen && way.fits(status));
            !earlier.flat_map(|(_, way)| way.places()).any(|earlier| earlier == place)
        };
        (way, places.filter(move |(at, place)| !is_known(*at, *place) && is_first(*at, *place)).map(|(_, place)| place))
    }
}

impl Way {
    /// True when the answer was nginx's to the request as such (400): this way has none like it.
    #[inline]
    pub fn refused(&self, status: u16) -> bool {
        status == 400 && !self.refuses && self.status != Some(400)
    }

    /// Each place once.
    fn places(&self) -> impl Iterator<Item = u32> {
        let relayed = self.relayed.iter().filter(|place| **place != self.total && !self.passed.contains(place));
        std::iter::once(self.total).chain(self.passed.iter().copied()).chain(relayed.copied())
    }

    fn fits(&self, status: u16) -> bool {
        match (self.status, status) {
            // Of a file that may be there nothing else is made where it is not.
            (_, 404) if self.may_lack => true,
            // What a client did, or kept from happening.
            (_, 0 | 408 | 499) | (None, _) => true,
            (Some(200), 200 | 204 | 206 | 304 | 412 | 416) => true,
            (Some(own), status) => own == status,
        }
    }
}

/// A request as a log shows it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Where it arrived.
    pub arrived: &'a Arrived,
    /// The method.
    pub method: &'a str,
    /// The path of the target, as sent.
    pub path: &'a [u8],
    /// What follows the `?`.
    pub args: &'a [u8],
}

/// What was followed, by place, method and host.
type Patterns = FxHashMap<(u32, u8, u64), Option<Arc<Pattern>>>;

/// Follows requests through one configuration; shared by all threads.
pub struct Follower<'a> {
    config: &'a Config,
    router: &'a Router,
    lookup: Lookup,
    around: &'a (dyn Surroundings + Sync),
    plans: Plans,
    known: RwLock<FxHashMap<Vec<u8>, Arc<Outcome>>>,
    patterns: RwLock<Patterns>,
    followed: AtomicUsize,
    cut: AtomicBool,
}

/// What becomes of all requests that a place takes first.
enum Pattern {
    /// This.
    Same(Arc<Outcome>),
    /// This, and where the flag says so the same request comes to a server of this configuration again.
    Back(Vec<(Way, bool)>),
}

impl<'a> Follower<'a> {
    /// Nothing is followed yet.
    pub fn new(config: &'a Config, router: &'a Router, around: &'a (dyn Surroundings + Sync), plans: Plans) -> Follower<'a> {
        let (known, patterns) = (RwLock::default(), RwLock::default());
        let (followed, cut) = (AtomicUsize::new(0), AtomicBool::new(false));
        Follower { config, router, lookup: Lookup::build(config), around, plans, known, patterns, followed, cut }
    }

    /// What of a request decides where it goes.
    pub fn plans(&self) -> &Plans {
        &self.plans
    }

    /// True when there were more different requests than are followed.
    pub fn was_cut(&self) -> bool {
        self.cut.load(Ordering::Relaxed)
    }

    fn place(&self, place: Place) -> Went {
        let place = place.index(self.config);
        Went::To(Taker { place, refuses: self.plans.may_refuse(place) })
    }

    /// Where the request went.
    pub fn went(&self, asked: &Asked<'_>) -> Went {
        self.went_at(asked, 0)
    }

    fn went_at(&self, asked: &Asked<'_>, depth: usize) -> Went {
        let server = asked.arrived.server;
        let own = || self.place(Place::Server(server));
        match self.plans.server(server) {
            OfServer::Answers => return own(),
            OfServer::Locates | OfServer::Decides => {}
            OfServer::Moves => return self.follow(asked),
        }
        if trace::refuses(self.config, asked.method) {
            return self.follow(asked);
        }
        let decides = self.plans.server(server) == OfServer::Decides;
        let Some(uri) = uri(asked) else { return own() };
        let choice = self.router.locate(server, &uri);
        let place = choice.location.map_or(Place::Server(server), Place::Location);
        let is_folder = uri.ends_with(b"/");
        let index = place.index(self.config);
        if !decides && !self.plans.moves(index, choice.internal, choice.auto_redirect, is_folder) {
            return self.place(place);
        }
        let folder = is_folder && self.plans.serves_files(index);
        if choice.internal || choice.auto_redirect || folder || !self.plans.is_constant(index) {
            return self.follow(asked);
        }
        match self.pattern(index, asked) {
            Some(pattern) => Went::By(self.patterned(index, &pattern, asked, depth)),
            None => self.follow(asked),
        }
    }

    /// What becomes of every request that a place takes first; made of the first one. `None` when something on its way may decide otherwise
    /// for another one.
    fn pattern(&self, place: u32, asked: &Asked<'_>) -> Option<Arc<Pattern>> {
        let host = if self.plans.hosts_matter { hash::bytes(hash::seed(), &asked.arrived.host) ^ u64::from(asked.arrived.port) } else { 0 };
        let key = (place, tally::method(asked.method.as_bytes()), host);
        if let Some(known) = self.patterns.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        if self.patterns.read().unwrap_or_else(PoisonError::into_inner).len() >= FOLLOWED {
            return None;
        }
        let trace = self.trace(asked);
        let (back, files) = (self.plans.back(place).is_some(), self.plans.serves_files(place));
        let written = trace.ways.iter().flat_map(|way| way.hops.first()).all(|hop| is_written(&self.plans, hop, back, files));
        let pattern = (written && !trace.gave_up && !trace.ways.is_empty()).then(|| {
            let server = asked.arrived.server;
            let mut ways: Vec<(Way, bool)> = Vec::new();
            for way in &trace.ways {
                let first = way.hops.get(..1).unwrap_or_default();
                let back = way.hops.len() > 1;
                let mut way = (self.way(first, server), back);
                if back {
                    // The second server's answer may be another one for another URI.
                    way.0.status = None;
                }
                if !ways.contains(&way) {
                    ways.push(way);
                }
            }
            Arc::new(match ways.iter().any(|(_, back)| *back) {
                false => Pattern::Same(Arc::new(Outcome { ways: ways.into_iter().map(|(way, _)| way).collect() })),
                true => Pattern::Back(ways),
            })
        });
        self.patterns.write().unwrap_or_else(PoisonError::into_inner).insert(key, pattern.clone());
        pattern
    }

    fn patterned(&self, place: u32, pattern: &Pattern, asked: &Asked<'_>, depth: usize) -> Arc<Outcome> {
        let ways = match pattern {
            Pattern::Same(outcome) => return outcome.clone(),
            Pattern::Back(ways) => ways,
        };
        let there = self.plans.back(place).and_then(|back| {
            let socket = self.router.socket(&back.address, back.port)?;
            let host = back.host.clone().unwrap_or_else(|| asked.arrived.host.clone());
            let arrived = Arrived {
                server: socket.server(&host),
                address: back.address.clone(),
                port: back.port,
                // Who passes a request on speaks what is spoken there.
                tls: socket.tls,
                merge_slashes: socket.merges_slashes(None),
                host: normal_host(&host),
                refused: false,
            };
            (depth < MAX_HOPS).then(|| self.went_at(&Asked { arrived: &arrived, ..*asked }, depth + 1))
        });
        // How the second server answers is not logged here: its likeliest way.
        let next = there.as_ref().and_then(|went| match went {
            Went::To(taker) => Some((taker.place, &[][..])),
            Went::By(outcome) => outcome.ways.first().map(|way| (way.total, &*way.relayed)),
        });
        let passed = match &there {
            Some(Went::By(outcome)) => outcome.ways.first().map_or(&[][..], |way| &way.passed),
            _ => &[],
        };
        let ways = ways.iter().map(|(way, back)| {
            let Some((total, relayed)) = next.filter(|_| *back) else { return way.clone() };
            let sorted = |lists: [&[u32]; 2]| {
                let mut all = lists.concat();
                all.sort_unstable();
                all.dedup();
                all.into()
            };
            Way { passed: sorted([&way.passed, passed]), relayed: sorted([&[total], relayed]), ..way.clone() }
        });
        Arc::new(Outcome { ways: ways.collect() })
    }

    /// A URI as internal redirects left it: the location that it has now.
    pub fn located(&self, server: ServerId, uri: &[u8]) -> Place {
        self.router.locate(server, uri).location.map_or(Place::Server(server), Place::Location)
    }

    fn follow(&self, asked: &Asked<'_>) -> Went {
        let mut key = Vec::with_capacity(asked.path.len() + asked.method.len() + 16);
        key.extend_from_slice(&asked.arrived.server.0.to_le_bytes());
        key.extend_from_slice(asked.method.as_bytes());
        key.push(b' ');
        key.extend_from_slice(asked.path);
        if self.plans.args_matter {
            key.push(b'?');
            key.extend_from_slice(asked.args);
        }
        if self.plans.hosts_matter {
            key.push(b' ');
            key.extend_from_slice(&asked.arrived.host);
            key.extend_from_slice(&asked.arrived.port.to_le_bytes());
        }
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Went::By(known.clone());
        }
        if self.followed.fetch_add(1, Ordering::Relaxed) >= FOLLOWED {
            self.cut.store(true, Ordering::Relaxed);
            return self.unfollowed(asked);
        }
        let outcome = Arc::new(self.ways(&self.trace(asked), asked.arrived.server));
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(key, outcome.clone());
        Went::By(outcome)
    }

    /// The place that takes the request first.
    fn unfollowed(&self, asked: &Asked<'_>) -> Went {
        let server = asked.arrived.server;
        self.place(uri(asked).map_or(Place::Server(server), |uri| self.located(server, &uri)))
    }

    fn trace(&self, asked: &Asked<'_>) -> Trace {
        let target = if asked.args.is_empty() { asked.path.to_vec() } else { [asked.path, b"?", asked.args].concat() };
        let host = Some(&asked.arrived.host).filter(|host| !host.is_empty());
        let request = Request {
            address: asked.arrived.address.clone(),
            port: asked.arrived.port,
            tls: asked.arrived.tls,
            // Some server takes what has no host.
            server: Some(asked.arrived.server),
            http_1_0: asked.arrived.host.is_empty(),
            method: asked.method.to_owned(),
            target,
            headers: host.map(|host| ("Host".to_owned(), host.clone())).into_iter().collect(),
            client: None,
        };
        trace::trace_with(self.config, self.router, &self.lookup, self.around, &request)
    }

    fn ways(&self, trace: &Trace, server: ServerId) -> Outcome {
        let mut ways: Vec<Way> = Vec::new();
        for way in &trace.ways {
            let way = self.way(&way.hops, server);
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        match ways.is_empty() {
            true => {
                let total = Place::Server(server).index(self.config);
                Outcome {
                    ways: Box::new([Way {
                        status: None,
                        refuses: true,
                        may_lack: false,
                        total,
                        passed: Box::default(),
                        relayed: Box::default(),
                    }]),
                }
            }
            false => Outcome { ways: ways.into() },
        }
    }

    fn way(&self, hops: &[Hop], server: ServerId) -> Way {
        let ends = |hop: &Hop| {
            let server = hop.server?;
            Some(hop.location.map_or(Place::Server(server), Place::Location).index(self.config))
        };
        let first = hops.first();
        let total = first.and_then(ends).unwrap_or_else(|| Place::Server(server).index(self.config));
        let mut passed = Vec::new();
        let mut relayed: Vec<u32> = hops.iter().skip(1).filter_map(ends).collect();
        for (at, hop) in hops.iter().enumerate() {
            let mut on_the_way = Vec::new();
            passes(hop, &mut on_the_way);
            let end = if at == 0 { Some(total) } else { ends(hop) };
            passed.extend(on_the_way.into_iter().filter(|place| Some(*place) != end));
        }
        for list in [&mut passed, &mut relayed] {
            list.sort_unstable();
            list.dedup();
        }
        let refuses = self.plans.may_refuse(total);
        // A file that is sent is a success.
        let sends = |hop: &Hop| hop.handler.as_ref().is_some_and(|handler| handler.name == "static").then_some(200);
        let decided = first.and_then(|hop| hop.status);
        let sent = first.and_then(sends);
        let may_lack = first.is_some_and(|hop| hop.may_lack);
        Way { status: decided.or(sent), refuses, may_lack, total, passed: passed.into(), relayed: relayed.into() }
    }
}

/// The URI of a request; `None` where nginx answers 400 by itself.
fn uri<'a>(asked: &Asked<'a>) -> Option<Cow<'a, [u8]>> {
    if is_itself(asked.path) {
        return Some(Cow::Borrowed(asked.path));
    }
    parse_target(asked.path, asked.arrived.merge_slashes).ok().map(|target| Cow::Owned(target.uri))
}

/// Is all that decided on the way written out in the configuration? What looks at the URI, at variables or at files is not.
fn is_written(plans: &Plans, hop: &Hop, back: bool, files: bool) -> bool {
    hop.steps.iter().all(|step| match &step.kind {
        StepKind::AuthRequest { hop, .. } | StepKind::Mirror { hop, .. } => is_written(plans, hop, false, false),
        // Only the pass of the location itself is known to hand the target on as it is.
        StepKind::Lands { .. } => back,
        StepKind::If { .. } => plans.is_apart(step.place),
        // Whether a file is there changes the status, not who answers.
        StepKind::Path { .. } => files,
        StepKind::Rewrite { .. }
        | StepKind::Again { .. }
        | StepKind::TryFile { .. }
        | StepKind::TryFallback { .. }
        | StepKind::Index { .. }
        | StepKind::LocationUnknown { .. }
        | StepKind::TooManyChanges
        | StepKind::Loop { .. }
        | StepKind::GaveUp { .. } => false,
        _ => true,
    })
}

/// Locations that a hop passes, those of subrequests among them.
fn passes(hop: &Hop, out: &mut Vec<u32>) {
    for step in &hop.steps {
        match &step.kind {
            StepKind::Location { location: Some(location), .. } | StepKind::Named { location: Some(location), .. } => out.push(location.0),
            StepKind::AuthRequest { hop, .. } | StepKind::Mirror { hop, .. } => passes(hop, out),
            _ => {}
        }
    }
}
