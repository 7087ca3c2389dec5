//! Lets what is known spread along the links, and says the verdict.

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use super::links::{Link, Links, Node};
use super::{Evidence, Reason, Usage, Verdict, Verdicts, group, twin};
use crate::config::effective::{Blocks, Site};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::messages::{Argument, Joint};
use crate::phrase;
use crate::project::annotations::AnnotationKind;
use crate::project::paths::Mapped;
use crate::project::{FileId, Place};
use crate::text::Span;
use crate::usage::callers::Strength;
use crate::usage::logs::{Hits, Sight};
use crate::usage::takeover::kept::Likely;

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

/// The verdicts on every location.
pub fn judge(evidence: &Evidence<'_>) -> Verdicts {
    let config = evidence.config;
    let links = Links::build(evidence);
    let mut judge = Judge {
        evidence,
        links: &links,
        kept: kept(evidence),
        idle: idle(evidence),
        broken: broken(evidence),
        locations: vec![Rank::No; config.locations.len()],
        servers: vec![Rank::No; config.servers.len()],
        files: links.files.keys().map(|file| (*file, Rank::No)).collect(),
    };
    judge.spread();
    let blocks = Blocks::new(evidence.project, config);
    let mut locations: Vec<Usage> = (0..config.locations.len()).map(|index| judge.usage(&blocks, LocationId(index as u32))).collect();
    twin::name_all(evidence, &blocks, &mut locations);
    let groups = group::find(evidence, &links, &mut locations);
    Verdicts { locations, groups, idle_servers: judge.idle }
}

/// A comment that keeps a location.
struct Keep {
    place: Place,
    until: Option<Date>,
    reason: String,
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

struct Judge<'a> {
    evidence: &'a Evidence<'a>,
    links: &'a Links,
    kept: FxHashMap<LocationId, Keep>,
    /// Ascending.
    idle: Vec<ServerId>,
    /// By location: a file that it can't answer without and that is missing.
    broken: FxHashMap<LocationId, Place>,
    locations: Vec<Rank>,
    servers: Vec<Rank>,
    files: FxHashMap<FileId, Rank>,
}

impl Judge<'_> {
    fn hits(&self, location: LocationId) -> Option<&Hits> {
        self.evidence.logs?.locations.get(location.index())
    }

    fn sight(&self, location: LocationId) -> &Sight {
        const NOT_READ: &Sight = &Sight::NotRead;
        self.evidence.logs.and_then(|logs| logs.sights.get(location.index())).unwrap_or(NOT_READ)
    }

    fn is_idle(&self, server: ServerId) -> bool {
        self.idle.binary_search(&server).is_ok()
    }

    /// Would the logs show a request to it, if there were one in the window?
    fn tells(&self, location: LocationId) -> bool {
        let server = self.evidence.config.location(location).server;
        *self.sight(location) == Sight::Seen && !self.is_idle(server)
    }

    /// Does only nginx itself lead requests to it?
    fn is_internal(&self, id: LocationId) -> bool {
        matches!(self.evidence.config.location(id).matcher, Matcher::Named(_)) || self.evidence.router.is_internal(id)
    }

    fn covers(&self) -> bool {
        self.evidence.logs.is_some_and(|logs| logs.covers())
    }

    fn keep(&self, location: LocationId) -> Option<(&Keep, bool)> {
        let keep = self.kept.get(&location)?;
        let expired = match (&keep.until, self.evidence.today) {
            (Some(until), Some(today)) => *until < today,
            _ => false,
        };
        Some((keep, expired))
    }

    /// What is known of a location by itself.
    fn base(&self, id: LocationId) -> Rank {
        if self.keep(id).is_some_and(|(_, expired)| !expired) {
            return Rank::Live;
        }
        if self.evidence.dead.contains(&id) {
            return Rank::No;
        }
        if let Some(hits) = self.hits(id) {
            if hits.used() + hits.passed + hits.relayed > 0 {
                return Rank::Live;
            }
            if hits.total + hits.perhaps > 0 {
                return Rank::Maybe;
            }
        }
        if is_fallback(self.evidence.config, id) {
            return Rank::Dark;
        }
        // What nothing selects but another block has no life of its own.
        match self.is_internal(id) || (self.tells(id) && self.covers()) {
            true => Rank::No,
            false => Rank::Dark,
        }
    }

    fn rank(&self, node: Node) -> Rank {
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
    fn over(&self, from: Node, link: &Link, to: LocationId) -> Rank {
        let rank = self.rank(from);
        if rank == Rank::No {
            return Rank::No;
        }
        let shown = link.is_logged() && self.tells(to);
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
    fn spread(&mut self) {
        for index in 0..self.locations.len() {
            self.locations[index] = self.base(LocationId(index as u32));
        }
        let mut changed = true;
        while std::mem::take(&mut changed) {
            let servers = self.ranks_of_servers();
            changed |= servers != self.servers;
            self.servers = servers;
            let rank_of = |users: &FxHashSet<Node>| users.iter().map(|user| self.rank(*user)).max().unwrap_or(Rank::Maybe);
            let files: FxHashMap<FileId, Rank> = self.links.files.iter().map(|(file, users)| (*file, rank_of(users))).collect();
            changed |= files != self.files;
            self.files = files;
            for (index, links) in self.links.to.iter().enumerate() {
                let to = LocationId(index as u32);
                if self.evidence.dead.contains(&to) {
                    continue;
                }
                let best = links.iter().map(|(from, link)| self.over(*from, link, to)).max().unwrap_or(Rank::No);
                changed |= best > self.locations[index];
                self.locations[index] = self.locations[index].max(best);
            }
        }
    }

    /// A server is alive with its requests, or with what is in it; nobody can tell that nothing in it is used.
    fn ranks_of_servers(&self) -> Vec<Rank> {
        let hits = self.evidence.logs.map_or(&[][..], |logs| &logs.servers);
        let asked = |index: usize| hits.get(index).is_some_and(|hits| hits.total + hits.relayed > 0);
        let mut out: Vec<Rank> = (0..self.servers.len()).map(|index| if asked(index) { Rank::Live } else { Rank::Dark }).collect();
        for (location, rank) in self.evidence.config.locations.iter().zip(&self.locations) {
            if let Some(server) = out.get_mut(location.server.index()) {
                *server = (*server).max(*rank);
            }
        }
        out
    }

    /// The verdict, and all that speaks for and against it.
    fn usage(&self, blocks: &Blocks<'_>, id: LocationId) -> Usage {
        let config = self.evidence.config;
        let rank = self.rank(Node::Location(id));
        let mut reasons = self.reasons(id);
        let mut usage = Usage {
            location: id,
            verdict: Verdict::InUse,
            reasons: Vec::new(),
            group: None,
            twin: None,
            takers: Vec::new(),
            files: Vec::new(),
            safe: false,
        };
        if rank == Rank::Live {
            usage.reasons = reasons;
            return usage;
        }
        // Nobody asks what becomes of requests to something of which nothing is known.
        if rank == Rank::Dark && !self.tells(id) && !self.evidence.dead.contains(&id) {
            usage.verdict = Verdict::CannotTell;
            if is_fallback(config, id) {
                reasons.insert(0, Reason::Fallback);
            }
            usage.reasons = reasons;
            return usage;
        }
        let takeover = self.evidence.takeovers.likely(blocks, self.evidence.router, id);
        let site = |site: Site| match site {
            Site::Location(id) => Some(id),
            Site::Server(_) => None,
        };
        usage.takers = takeover.into_iter().flat_map(Likely::takers).map(site).collect();
        let guard = if self.is_internal(id) { None } else { takeover.and_then(|takeover| self.guards(takeover)) };
        let keeps_guards = takeover.is_some_and(|takeover| !takeover.loses_guards());
        usage.safe = rank == Rank::No && keeps_guards && self.evidence.references.needed_by(config, id).is_empty();
        let exception = if self.evidence.dead.contains(&id) {
            Some(Reason::Dead)
        } else if is_fallback(config, id) {
            Some(Reason::Fallback)
        } else if denies(config, id) && !self.is_internal(id) {
            Some(Reason::Denies)
        } else if is_convention(&config.location(id).matcher) {
            Some(Reason::Convention)
        } else {
            guard
        };
        usage.verdict = match (&exception, rank) {
            (Some(Reason::Dead), _) => Verdict::ProbablyUnused,
            (Some(_), Rank::No) => Verdict::ToCheck,
            (_, Rank::Dark | Rank::Maybe) => Verdict::ToCheck,
            (_, Rank::Live) => Verdict::InUse,
            (None, Rank::No) => Verdict::ProbablyUnused,
        };
        // What is asked for now and then may be safe to take out; whether it is wanted is for a person to say.
        usage.safe &= usage.verdict == Verdict::ProbablyUnused;
        if let Some(exception) = exception {
            let first = matches!(exception, Reason::Dead | Reason::Fallback | Reason::Denies);
            reasons.insert(if first { 0 } else { reasons.len() }, exception);
        }
        usage.reasons = reasons;
        usage
    }

    /// A location that takes a part of another's URIs only to ask for more than that does.
    fn guards(&self, takeover: Likely<'_>) -> Option<Reason> {
        let config = self.evidence.config;
        let carved = |site: Site| matches!(site, Site::Location(site) if !is_fallback(config, site));
        let (place, lost) = takeover.unguarded_by(config, carved)?;
        let differences = lost.map(|difference| difference.clone().into()).collect();
        Some(Reason::Guard { place, phrase: phrase!("verbatim", text = Argument::List(Joint::Apart, differences)) })
    }

    fn live(&self, from: Node) -> Option<bool> {
        match self.rank(from) {
            Rank::Live => Some(true),
            Rank::No => Some(false),
            Rank::Dark | Rank::Maybe => None,
        }
    }

    /// What speaks for and against a location's use, the strongest first.
    fn reasons(&self, id: LocationId) -> Vec<Reason> {
        let mut out = Vec::new();
        if let Some((keep, expired)) = self.keep(id) {
            out.push(Reason::Kept {
                place: keep.place,
                until: keep.until.map(|day| day.to_string()),
                reason: keep.reason.clone(),
                expired,
            });
        }
        self.of_logs(id, &mut out);
        let mut linked: Vec<(u8, Reason)> = Vec::new();
        let mut seen = FxHashSet::default();
        for (from, link) in &self.links.to[id.index()] {
            let live = self.live(*from);
            let (order, reason) = match link {
                Link::Called(caller, _) => {
                    let live = if matches!(from, Node::File(_)) { live } else { None };
                    let strength = match caller.kind.strength() {
                        Strength::Runs => 0,
                        Strength::Follows => 2,
                        Strength::Tried => 5,
                        Strength::Mentioned => 6,
                    };
                    (strength, Reason::Called { caller: caller.clone(), live })
                }
                Link::Referred { place, kind, from } => (1, Reason::Referred { place: *place, kind: *kind, from: *from, live }),
                // Where its own log tells, that others pass on whatever they get says nothing.
                Link::PassedOn { certain: false, .. } if self.tells(id) => continue,
                Link::PassedOn { from, pass, .. } => (3, Reason::PassedOn { from: *from, pass: *pass, live }),
                Link::Inside(inner) if live == Some(true) => (1, Reason::HasUsedInside(*inner)),
                Link::Inside(_) => continue,
                Link::Computed(place) => (4, Reason::Computed(*place)),
            };
            // Thousands of directives may lead to one location.
            let is_new = match &reason {
                Reason::Called { .. } => !linked.iter().any(|(_, other)| *other == reason),
                Reason::Referred { place, kind, from, .. } => seen.insert((Some((*place, Some(*kind))), *from, None, live)),
                Reason::PassedOn { from, pass, .. } => seen.insert((None, Some(*from), Some(*pass), live)),
                Reason::HasUsedInside(inner) => seen.insert((None, Some(*inner), None, None)),
                Reason::Computed(place) => seen.insert((Some((*place, None)), None, None, None)),
                _ => true,
            };
            if is_new {
                linked.push((order, reason));
            }
        }
        linked.sort_by_key(|(order, _)| *order);
        let nobody = linked.is_empty();
        out.extend(linked.into_iter().map(|(_, reason)| reason));
        if nobody {
            out.push(Reason::NoCaller);
        }
        out.extend(self.broken.get(&id).copied().map(Reason::Broken));
        out
    }

    fn of_logs(&self, id: LocationId, out: &mut Vec<Reason>) {
        if self.evidence.logs.is_none() {
            // No log would have its requests.
            if !self.is_internal(id) {
                out.push(Reason::NoLogs);
            }
            return;
        }
        let none = Hits::default();
        let hits = self.hits(id).unwrap_or(&none);
        if hits.used() > 0 {
            out.push(Reason::Hits(hits.total));
        } else if hits.total > 0 && hits.not_found == hits.total {
            out.push(Reason::OnlyNotFound(hits.total));
        } else if hits.total > 0 {
            out.push(Reason::OnlyMachines(hits.total));
        }
        if hits.passed > 0 {
            out.push(Reason::Passed(hits.passed));
        }
        // Where it logs them itself they have been told of.
        if hits.relayed > 0 && hits.total == 0 {
            out.push(Reason::Relayed(hits.relayed));
        }
        if hits.perhaps > 0 {
            out.push(Reason::PerhapsHits(hits.perhaps));
        }
        match self.sight(id) {
            Sight::Seen if self.is_idle(self.evidence.config.location(id).server) => out.push(Reason::SilentServer),
            Sight::Seen if hits.total + hits.perhaps == 0 && self.covers() => out.push(Reason::NoHits),
            Sight::Seen if hits.total + hits.perhaps == 0 => out.push(Reason::NoHitsSoFar),
            Sight::Seen | Sight::Internal => {}
            Sight::Off(entry) => out.push(Reason::NotLogged(*entry)),
            Sight::Conditional(entry) => out.push(Reason::PartlyLogged(*entry)),
            Sight::Blind(entry, missing) => out.push(Reason::Blind(*entry, missing.clone())),
            Sight::NotRead => out.push(Reason::OtherLogs),
        }
    }
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

/// The text that a matcher compares; `None` for a regex.
pub(super) fn name(matcher: &Matcher) -> Option<&str> {
    match matcher {
        Matcher::Exact(name) | Matcher::Prefix { path: name, .. } | Matcher::Named(name) => Some(name),
        Matcher::Regex { .. } => None,
    }
}

/// What every URI that the matcher takes begins with, as far as it is plain text; of a regex only when it is anchored.
pub(super) fn beginning(matcher: &Matcher) -> &str {
    match matcher {
        Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => name,
        Matcher::Regex { caseless: true, .. } | Matcher::Named(_) => "",
        Matcher::Regex { pattern, .. } => {
            let Some(rest) = pattern.strip_prefix('^') else { return "" };
            let plain = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-'))).unwrap_or(rest.len());
            // What stands before a quantifier may be there or not, and an alternative outside of brackets begins otherwise.
            let optional = rest.get(plain..).is_some_and(|rest| rest.starts_with(['?', '*', '{']));
            match rest.contains('|') && !rest.contains('(') {
                true => "",
                false => rest.get(..plain.saturating_sub(usize::from(optional))).unwrap_or_default(),
            }
        }
    }
}

/// `location /` of a server: it takes what nothing else does.
pub(super) fn is_fallback(config: &Config, id: LocationId) -> bool {
    let location = config.location(id);
    location.parent.is_none() && matches!(&location.matcher, Matcher::Prefix { path, .. } if &**path == "/")
}

/// A location that does nothing but refuse.
fn denies(config: &Config, id: LocationId) -> bool {
    let children = &config.entry(config.location(id).entry).children;
    let argument = |entry: &EntryId| config.directive(*entry).arg(0).unwrap_or_default();
    let is = |name: &'static str| children.iter().filter(move |entry| config.directive(**entry).is(name));
    let refuses = |entry: &EntryId| matches!(argument(entry), "400" | "401" | "403" | "404" | "405" | "410" | "418" | "444");
    is("return").next().is_some_and(refuses) || (is("deny").any(|entry| argument(entry) == "all") && is("allow").next().is_none())
}

/// Paths that clients ask for by convention: RFC 8615, RFC 9309, browsers.
fn is_convention(matcher: &Matcher) -> bool {
    const NAMES: [&str; 12] = [
        "/.well-known",
        "/robots.txt",
        "/favicon.ico",
        "/favicon",
        "/sitemap",
        "/apple-touch-icon",
        "/apple-app-site-association",
        "/ads.txt",
        "/app-ads.txt",
        "/browserconfig.xml",
        "/crossdomain.xml",
        "/security.txt",
    ];
    match matcher {
        Matcher::Exact(path) | Matcher::Prefix { path, .. } => NAMES.iter().any(|name| path.starts_with(name)),
        Matcher::Regex { pattern, .. } => ["well-known", "favicon", "robots"].iter().any(|word| pattern.contains(word)),
        Matcher::Named(_) => false,
    }
}
