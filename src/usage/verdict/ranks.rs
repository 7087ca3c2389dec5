//! How alive everything is: what is known spreads along the links.

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Evidence;
use super::links::{Link, Links, Node};
use crate::config::{Config, LocationId, Matcher, ServerId};
use crate::project::annotations::AnnotationKind;
use crate::project::paths::Mapped;
use crate::project::{FileId, Place};
use crate::text::Span;
use crate::usage::logs::{Hits, Sight};

/// How alive something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The evidence says that it is not used.
    No,
    /// Nobody can tell.
    Dark,
    /// The evidence points both ways.
    Maybe,
    /// It is used.
    Live,
}

/// What verdicts rest on.
#[derive(Debug)]
pub struct Ranks {
    /// Who sends requests to whom.
    pub(super) links: Links,
    kept: FxHashMap<LocationId, Keep>,
    /// Servers that have no request in logs in which others have some, ascending.
    pub(super) idle: Vec<ServerId>,
    /// By location: a file that it can't answer without and that is missing.
    pub(super) broken: FxHashMap<LocationId, Place>,
    locations: Vec<Rank>,
    servers: Vec<Rank>,
    files: FxHashMap<FileId, Rank>,
}

impl Ranks {
    /// What is known of each location, server and file, and what follows from it for those that they lead to.
    pub fn of(evidence: &Evidence<'_>) -> Ranks {
        let links = Links::build(evidence);
        let mut ranks = Ranks {
            kept: kept(evidence),
            idle: idle(evidence),
            broken: broken(evidence),
            locations: Vec::new(),
            servers: vec![Rank::No; evidence.config.servers.len()],
            files: links.files.keys().map(|file| (*file, Rank::No)).collect(),
            links,
        };
        ranks.spread(evidence);
        ranks
    }

    /// Has its server no request in the logs that were read?
    pub(super) fn is_idle(&self, server: ServerId) -> bool {
        self.idle.binary_search(&server).is_ok()
    }

    /// Would the logs show a request to it, if there were one in the window?
    pub(super) fn tells(&self, evidence: &Evidence<'_>, location: LocationId) -> bool {
        let server = evidence.config.location(location).server;
        *evidence.sight(location) == Sight::Seen && !self.is_idle(server)
    }

    /// The comment that keeps it; with true when the day on which that ends has passed.
    pub(super) fn keep(&self, evidence: &Evidence<'_>, location: LocationId) -> Option<(&Keep, bool)> {
        let keep = self.kept.get(&location)?;
        let expired = match (&keep.until, evidence.today) {
            (Some(until), Some(today)) => *until < today,
            _ => false,
        };
        Some((keep, expired))
    }

    /// What is known of a location by itself.
    fn base(&self, evidence: &Evidence<'_>, id: LocationId) -> Rank {
        if self.keep(evidence, id).is_some_and(|(_, expired)| !expired) {
            return Rank::Live;
        }
        let hits = evidence.hits(id);
        if evidence.dead.contains(&id) {
            // Nothing but the redirect from its name to the one with a slash can be a request to it.
            let redirects = hits.is_some_and(|hits| hits.total + hits.passed + hits.relayed > 0);
            return if redirects { Rank::Live } else { Rank::No };
        }
        if let Some(hits) = hits {
            if hits.used() + hits.passed + hits.relayed > 0 {
                return Rank::Live;
            }
            if hits.total + hits.perhaps > 0 {
                return Rank::Maybe;
            }
        }
        if is_fallback(evidence.config, id) {
            return Rank::Dark;
        }
        // What nothing selects but another block has no life of its own.
        match evidence.is_internal(id) || (self.tells(evidence, id) && evidence.covers()) {
            true => Rank::No,
            false => Rank::Dark,
        }
    }

    /// How alive it is, as far as what leads to it tells.
    pub(super) fn rank(&self, node: Node) -> Rank {
        match node {
            Node::Location(id) => self.locations.get(id.index()).copied().unwrap_or(Rank::Dark),
            Node::Server(id) => self.servers.get(id.index()).copied().unwrap_or(Rank::Dark),
            // A file of which nobody sees who uses it may be a part of anything.
            Node::File(file) => self.files.get(&file).copied().unwrap_or(Rank::Maybe),
            Node::Clock => Rank::Live,
            Node::Paper => Rank::Maybe,
        }
    }

    /// What comes over a link.
    fn over(&self, evidence: &Evidence<'_>, from: Node, link: &Link, to: LocationId) -> Rank {
        let rank = self.rank(from);
        if rank == Rank::No {
            return Rank::No;
        }
        let shown = link.is_logged() && self.tells(evidence, to);
        match link {
            // That a location passes on whatever it gets says nothing where its requests would show.
            Link::PassedOn { certain: false, .. } if shown => Rank::No,
            Link::PassedOn { certain: false, .. } => rank.min(Rank::Dark),
            // A health check that runs elsewhere, with another log, is one all the same.
            _ if from == Node::Clock && link.is_certain() => Rank::Live,
            _ if !link.is_certain() || shown => Rank::Maybe.min(if rank == Rank::Dark { Rank::Maybe } else { rank }),
            _ => rank,
        }
    }

    /// Until nothing changes: a rank only grows, so this ends.
    fn spread(&mut self, evidence: &Evidence<'_>) {
        self.locations = (0..evidence.config.locations.len()).map(|index| self.base(evidence, LocationId(index as u32))).collect();
        let mut changed = true;
        while std::mem::take(&mut changed) {
            let servers = self.ranks_of_servers(evidence);
            changed |= servers != self.servers;
            self.servers = servers;
            let rank_of = |users: &FxHashSet<Node>| users.iter().map(|user| self.rank(*user)).max().unwrap_or(Rank::Maybe);
            let files: FxHashMap<FileId, Rank> = self.links.files.iter().map(|(file, users)| (*file, rank_of(users))).collect();
            changed |= files != self.files;
            self.files = files;
            // What is not known to be unused may mean something. A location does not mean itself: two of them are enough.
            let used = |from: &Node| self.rank(*from) != Rank::No;
            let meaning: Vec<Vec<Node>> =
                self.links.hidden().map(|(_, unnamed)| unnamed.from.keys().copied().filter(used).take(2).collect()).collect();
            for (hidden, from) in self.links.hidden().map(|(hidden, _)| hidden).zip(&meaning) {
                let meant = |to: &LocationId| !evidence.dead.contains(to) && from.iter().any(|from| *from != Node::Location(*to));
                for to in hidden.iter().filter(|to| meant(to)) {
                    changed |= self.locations[to.index()] < Rank::Maybe;
                    self.locations[to.index()] = self.locations[to.index()].max(Rank::Maybe);
                }
            }
            for (index, links) in self.links.to.iter().enumerate() {
                let to = LocationId(index as u32);
                if evidence.dead.contains(&to) {
                    continue;
                }
                let best = links.iter().map(|(from, link)| self.over(evidence, *from, link, to)).max().unwrap_or(Rank::No);
                changed |= best > self.locations[index];
                self.locations[index] = self.locations[index].max(best);
            }
        }
    }

    /// A server is alive with its requests, or with what is in it; nobody can tell that nothing in it is used.
    fn ranks_of_servers(&self, evidence: &Evidence<'_>) -> Vec<Rank> {
        let hits = evidence.logs.map_or(&[][..], |logs| &logs.servers);
        let asked = |index: usize| hits.get(index).is_some_and(|hits| hits.total + hits.relayed > 0);
        let mut out: Vec<Rank> = (0..self.servers.len()).map(|index| if asked(index) { Rank::Live } else { Rank::Dark }).collect();
        for (location, rank) in evidence.config.locations.iter().zip(&self.locations) {
            if let Some(server) = out.get_mut(location.server.index()) {
                *server = (*server).max(*rank);
            }
        }
        out
    }
}

impl Evidence<'_> {
    /// What the logs say of it; `None` where none was read.
    pub(super) fn hits(&self, location: LocationId) -> Option<&Hits> {
        self.logs?.locations.get(location.index())
    }

    /// Would a log show its requests?
    pub(super) fn sight(&self, location: LocationId) -> &Sight {
        const NOT_READ: &Sight = &Sight::NotRead;
        self.logs.and_then(|logs| logs.sights.get(location.index())).unwrap_or(NOT_READ)
    }

    /// Does only nginx itself lead requests to it?
    pub(super) fn is_internal(&self, id: LocationId) -> bool {
        matches!(self.config.location(id).matcher, Matcher::Named(_)) || self.router.is_internal(id)
    }

    /// Do the logs cover the whole window?
    pub(super) fn covers(&self) -> bool {
        self.logs.is_some_and(|logs| logs.covers())
    }
}

/// A comment that keeps a location.
#[derive(Debug)]
pub(super) struct Keep {
    pub(super) place: Place,
    pub(super) until: Option<Date>,
    pub(super) reason: String,
}

/// The comments that keep locations, by the location's directive. One around it keeps it, too.
fn kept(evidence: &Evidence<'_>) -> FxHashMap<LocationId, Keep> {
    let config = evidence.config;
    let mut out = FxHashMap::default();
    let mut by_file: FxHashMap<FileId, Vec<(Span, LocationId)>> = FxHashMap::default();
    for (index, location) in config.locations.iter().enumerate() {
        let place = config.place(location.entry);
        by_file.entry(place.file).or_default().push((place.span, LocationId(index as u32)));
    }
    for (file, mut locations) in by_file {
        let Some(source) = evidence.project.files.get(&file) else { continue };
        // A file that is included twice has each of them twice.
        locations.sort_by_key(|(span, _)| span.start);
        for comment in source.annotations() {
            let until = match &comment.kind {
                AnnotationKind::Keep { until } => until.as_ref().map(|(day, _)| *day),
                // What somebody wanted to keep is kept; the comment is told of elsewhere.
                AnnotationKind::BadDay(..) => None,
                _ => continue,
            };
            let Some(target) = comment.target else { continue };
            let first = locations.partition_point(|(span, _)| span.start < target.start);
            let inside = locations.iter().skip(first).take_while(|(span, _)| span.start <= target.end);
            for (_, id) in inside.filter(|(span, _)| target.covers(*span)) {
                let place = Place { file, span: comment.span };
                // The first one that speaks of it.
                out.entry(*id).or_insert_with(|| Keep { place, until, reason: comment.reason.clone() });
            }
        }
    }
    out
}

/// Servers that have no request in logs in which others have some.
fn idle(evidence: &Evidence<'_>) -> Vec<ServerId> {
    let Some(logs) = evidence.logs else { return Vec::new() };
    let total = |index: usize| logs.servers.get(index).map_or(0, |hits| hits.total + hits.perhaps + hits.relayed);
    let seen: FxHashSet<ServerId> = evidence
        .config
        .locations
        .iter()
        .zip(&logs.sights)
        .filter(|(_, sight)| **sight == Sight::Seen)
        .map(|(location, _)| location.server)
        .collect();
    let all = (0..evidence.config.servers.len()).map(|index| ServerId(index as u32));
    all.filter(|server| total(server.index()) == 0 && seen.contains(server)).collect()
}

/// The missing files that locations can't answer without; of several of one location the first.
fn broken(evidence: &Evidence<'_>) -> FxHashMap<LocationId, Place> {
    let mut out = FxHashMap::default();
    for need in evidence.needs.iter().filter(|need| matches!(need.mapped, Mapped::Missing { .. })) {
        let Some(id) = need.location else { continue };
        let stands_in = evidence.config.place(evidence.config.location(id).entry).span.covers(need.place.span);
        let handler = matches!(need.what.as_str(), "alias" | "root" | "location") || need.what.contains("content_by");
        if stands_in && handler {
            out.entry(id).or_insert(need.place);
        }
    }
    out
}

/// `location /` of a server: it takes what nothing else does.
pub(super) fn is_fallback(config: &Config, id: LocationId) -> bool {
    let location = config.location(id);
    location.parent.is_none() && matches!(&location.matcher, Matcher::Prefix { path, .. } if &**path == "/")
}
