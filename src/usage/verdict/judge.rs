//! Says the verdict on a location, and why.

use rustc_hash::FxHashSet;

use super::links::{Link, Node};
use super::ranks::{Rank, Ranks, is_fallback};
use super::{Evidence, Reason, Usage, Verdict, Verdicts, group, twin};
use crate::config::effective::{Blocks, Site};
use crate::config::{Config, EntryId, LocationId, Matcher};
use crate::messages::{Argument, Joint};
use crate::phrase;
use crate::routing::takers;
use crate::usage::callers::Strength;
use crate::usage::logs::{Hits, Sight};
use crate::usage::takeover::kept::Likely;

/// How many places that name nothing in particular are told: what more of them say is how many there are.
const TOLD: usize = 10;

/// The verdicts on every location.
pub fn judge(evidence: &Evidence<'_>, ranks: &Ranks) -> Verdicts {
    let blocks = Blocks::new(evidence.project, evidence.config);
    let judge = Judge { evidence, ranks };
    let all = (0..evidence.config.locations.len()).map(|index| LocationId(index as u32));
    let mut locations: Vec<Usage> = all.map(|id| judge.usage(&blocks, id)).collect();
    twin::name_all(evidence, &blocks, &mut locations);
    let groups = group::find(evidence, &ranks.links, &mut locations);
    Verdicts { locations, groups, idle_servers: ranks.idle.clone() }
}

/// The verdict on one location, as [`judge`] has it, but for what it shares with others: its twin, its group and the files that go with it.
pub fn judge_one(evidence: &Evidence<'_>, ranks: &Ranks, location: LocationId) -> Usage {
    Judge { evidence, ranks }.usage(&Blocks::new(evidence.project, evidence.config), location)
}

struct Judge<'a> {
    evidence: &'a Evidence<'a>,
    ranks: &'a Ranks,
}

impl Judge<'_> {
    /// The verdict, and all that speaks for and against it.
    fn usage(&self, blocks: &Blocks<'_>, id: LocationId) -> Usage {
        let config = self.evidence.config;
        let rank = self.ranks.rank(Node::Location(id));
        let mut reasons = self.reasons(id);
        let mut usage = Usage {
            location: id,
            verdict: Verdict::InUse,
            reasons: Vec::new(),
            group: None,
            twin: None,
            takers: Vec::new(),
            shielded: None,
            files: Vec::new(),
            safe: false,
        };
        if rank == Rank::Live {
            usage.reasons = reasons;
            return usage;
        }
        // Nobody asks what becomes of requests to something of which nothing is known.
        if rank == Rank::Dark && !self.ranks.tells(self.evidence, id) && !self.evidence.dead.contains(&id) {
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
        let guard = if self.evidence.is_internal(id) { None } else { takeover.and_then(|takeover| self.guards(takeover)) };
        let keeps_guards = takeover.is_some_and(|takeover| !takeover.loses_guards());
        usage.shielded = takers::shielded(config, self.evidence.router, id);
        usage.safe = rank == Rank::No
            && keeps_guards
            && self.evidence.references.needed_by(config, id).is_empty()
            && !self.evidence.missed.contains(&id)
            && usage.shielded.is_none();
        let exception = if self.evidence.dead.contains(&id) {
            Some(Reason::Dead)
        } else if is_fallback(config, id) {
            Some(Reason::Fallback)
        } else if denies(config, id) && !self.evidence.is_internal(id) {
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
        match self.ranks.rank(from) {
            Rank::Live => Some(true),
            Rank::No => Some(false),
            Rank::Dark | Rank::Maybe => None,
        }
    }

    /// What speaks for and against a location's use, the strongest first.
    fn reasons(&self, id: LocationId) -> Vec<Reason> {
        let mut out = Vec::new();
        if let Some((keep, expired)) = self.ranks.keep(self.evidence, id) {
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
        let mut more = 0;
        if let Some(unnamed) = self.ranks.links.unnamed(self.evidence, id) {
            let (places, untold) = unnamed.places(id, TOLD);
            linked.extend(places.map(|place| (4, Reason::Computed(place))));
            more = untold;
        }
        for (from, link) in &self.ranks.links.to[id.index()] {
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
                Link::PassedOn { certain: false, .. } if self.ranks.tells(self.evidence, id) => continue,
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
        if more > 0 {
            linked.push((4, Reason::ComputedMore(more)));
        }
        linked.sort_by_key(|(order, _)| *order);
        let nobody = linked.is_empty();
        out.extend(linked.into_iter().map(|(_, reason)| reason));
        if nobody {
            out.push(Reason::NoCaller);
        }
        out.extend(self.ranks.broken.get(&id).copied().map(Reason::Broken));
        out
    }

    fn of_logs(&self, id: LocationId, out: &mut Vec<Reason>) {
        if self.evidence.logs.is_none() {
            // No log would have its requests.
            if !self.evidence.is_internal(id) {
                out.push(Reason::NoLogs);
            }
            return;
        }
        let none = Hits::default();
        let hits = self.evidence.hits(id).unwrap_or(&none);
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
        match self.evidence.sight(id) {
            Sight::Seen if self.ranks.is_idle(self.evidence.config.location(id).server) => out.push(Reason::SilentServer),
            Sight::Seen if hits.total + hits.perhaps == 0 && self.evidence.covers() => out.push(Reason::NoHits),
            Sight::Seen if hits.total + hits.perhaps == 0 => out.push(Reason::NoHitsSoFar),
            Sight::Seen | Sight::Internal => {}
            Sight::Off(entry) => out.push(Reason::NotLogged(*entry)),
            Sight::Conditional(entry) => out.push(Reason::PartlyLogged(*entry)),
            Sight::Moved(entry) => out.push(Reason::MovedOn(*entry)),
            Sight::Blind(entry, missing) => out.push(Reason::Blind(*entry, missing.clone())),
            Sight::NotRead => out.push(Reason::OtherLogs),
        }
    }
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
