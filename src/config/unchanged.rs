//! Which servers of a configuration are, word for word, those of an earlier state of it: what follows from such a server holds again, and a
//! keystroke only costs what is in its own server.

use std::ops::Range;
use std::sync::Arc;

use super::{Config, EntryId, LocationId, Server, ServerId};
use crate::project::Project;
use crate::syntax::Body;

/// How a configuration compares to an earlier state of the same root. By default nothing is known to be as it was.
#[derive(Debug, Clone, Default)]
pub struct Unchanged {
    servers: Vec<Option<Same>>,
    outside: bool,
}

/// A server that is as it was, and where everything of it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Same {
    /// It, in the earlier state.
    pub server: ServerId,
    entries: i64,
    locations: i64,
}

impl Same {
    /// True when everything of it has the ids that it had.
    pub fn is_in_place(self) -> bool {
        (self.entries, self.locations) == (0, 0)
    }

    /// The present id of an entry of the server.
    pub fn entry(self, earlier: EntryId) -> EntryId {
        EntryId((i64::from(earlier.0) + self.entries) as u32)
    }

    /// The earlier id of an entry of the server.
    pub fn earlier(self, entry: EntryId) -> EntryId {
        EntryId((i64::from(entry.0) - self.entries) as u32)
    }

    /// The earlier id of a location of the server.
    pub fn earlier_location(self, location: LocationId) -> LocationId {
        LocationId((i64::from(location.0) - self.locations) as u32)
    }

    /// The present id of a location of the server.
    pub fn location(self, earlier: LocationId) -> LocationId {
        LocationId((i64::from(earlier.0) + self.locations) as u32)
    }
}

impl Unchanged {
    /// Compares a configuration, each with its project, to the one before it. Costs about a comparison of pointers for each word.
    pub fn between((old_project, old): (&Project, &Config), (project, config): (&Project, &Config)) -> Unchanged {
        let plain = |config: &Config| config.gave_up.is_none() && !config.servers.iter().any(|server| server.synthetic);
        if !plain(old) || !plain(config) {
            return Unchanged::default();
        }
        let sides = (Side::new(old_project, old), Side::new(project, config));
        let mut servers: Vec<Option<Same>> = vec![None; config.servers.len()];
        // A keystroke is in one place: servers before and behind it are found from both ends.
        let both = old.servers.len().min(config.servers.len());
        let front = (0..both).take_while(|index| same_server(&sides, *index, *index)).count();
        let (old_last, last) = (old.servers.len(), config.servers.len());
        let back = (0..both - front).take_while(|behind| same_server(&sides, old_last - 1 - behind, last - 1 - behind)).count();
        let pairs = (0..front).map(|index| (index, index)).chain((1..=back).map(|behind| (old_last - behind, last - behind)));
        for (earlier, present) in pairs {
            let (one, other) = (ServerId(earlier as u32), ServerId(present as u32));
            if let Some(slot) = servers.get_mut(present) {
                *slot = Some(Same {
                    server: one,
                    entries: i64::from(config.server(other).entry.0) - i64::from(old.server(one).entry.0),
                    locations: first_location(config, other) - first_location(old, one),
                });
            }
        }
        Unchanged { servers, outside: same_outside(&sides) }
    }

    /// How the present state compares to one that was still earlier: `self` says how the one between them compares to that.
    pub fn then(&self, next: &Unchanged) -> Unchanged {
        let through = |same: &Option<Same>| {
            let (between, first) = ((*same)?, self.server((*same)?.server)?);
            let (entries, locations) = (first.entries + between.entries, first.locations + between.locations);
            Some(Same { server: first.server, entries, locations })
        };
        Unchanged { servers: next.servers.iter().map(through).collect(), outside: self.outside && next.outside }
    }

    /// The server as it was before; `None` where something in it changed, or that is not known.
    pub fn server(&self, present: ServerId) -> Option<Same> {
        self.servers.get(present.index()).copied().flatten()
    }

    /// True when all that stands in no server is as it was.
    pub fn is_outside_same(&self) -> bool {
        self.outside
    }
}

fn first_location(config: &Config, server: ServerId) -> i64 {
    let entry = config.server(server).entry;
    config.locations.partition_point(|location| location.entry < entry) as i64
}

/// One of the two configurations.
struct Side<'a> {
    project: &'a Project,
    config: &'a Config,
    /// Behind the last entry of each server.
    ends: Vec<usize>,
    /// Entries whose content is not known, sorted.
    unknown: Vec<EntryId>,
}

impl<'a> Side<'a> {
    fn new(project: &'a Project, config: &'a Config) -> Side<'a> {
        let end = |server: &Server| config.end(server.entry) as usize;
        let mut unknown = config.unknown_includes.clone();
        unknown.sort_unstable();
        unknown.dedup();
        Side { project, config, ends: config.servers.iter().map(end).collect(), unknown }
    }

    /// The entries of a server, its own first.
    fn range(&self, server: usize) -> Range<usize> {
        let start = self.config.servers.get(server).map_or(0, |server| server.entry.index());
        start..self.ends.get(server).copied().unwrap_or(start)
    }

    /// Which entries of these are includes that are not known, as numbers among them.
    fn unknown_in<'s>(&'s self, range: &Range<usize>) -> impl Iterator<Item = usize> + use<'s> {
        let start = range.start;
        let from = self.unknown.partition_point(|id| id.index() < range.start);
        let until = self.unknown.partition_point(|id| id.index() < range.end);
        self.unknown.get(from..until).unwrap_or_default().iter().map(move |id| id.index() - start)
    }
}

type Sides<'a> = (Side<'a>, Side<'a>);

fn same_server(sides: &Sides<'_>, earlier: usize, present: usize) -> bool {
    let (one, other) = (sides.0.range(earlier), sides.1.range(present));
    let below = |config: &Config, start: usize, at: usize| {
        // The server's own block stands wherever it stands.
        (at > 0).then(|| config.entries.get(start + at).and_then(|entry| entry.parent).map(|parent| parent.index() - start))
    };
    one.len() == other.len()
        && sides.0.unknown_in(&one).eq(sides.1.unknown_in(&other))
        && (is_moved(sides, &one, &other)
            || (0..one.len()).all(|at| {
                same_entry(sides, one.start + at, other.start + at)
                    && below(sides.0.config, one.start, at) == below(sides.1.config, other.start, at)
            }))
}

/// Is it the block of one directive, with nothing included, that was taken over when the text was parsed?
fn is_moved(sides: &Sides<'_>, earlier: &Range<usize>, present: &Range<usize>) -> bool {
    let entries = (sides.0.config.entries.get(earlier.start), sides.1.config.entries.get(present.start));
    let (Some(one), Some(other)) = entries else { return false };
    (one.file, one.context) == (other.file, other.context)
        && !one.directive.includes
        && one.directive.origin.is_same(other.directive.origin)
}

/// The numbers of the entries that are in no server.
fn outside(side: &Side<'_>) -> Vec<usize> {
    let mut out = Vec::new();
    let mut at = 0;
    for server in 0..side.config.servers.len() {
        let range = side.range(server);
        out.extend(at..range.start);
        at = range.end.max(at);
    }
    out.extend(at..side.config.entries.len());
    out
}

fn same_outside(sides: &Sides<'_>) -> bool {
    let (one, other) = (outside(&sides.0), outside(&sides.1));
    let rank = |all: &[usize], side: &Side<'_>, at: usize| {
        let parent = side.config.entries.get(at).and_then(|entry| entry.parent)?;
        Some(all.binary_search(&parent.index()))
    };
    let unknown = |all: &[usize], side: &Side<'_>| -> Vec<usize> {
        side.unknown.iter().filter_map(|id| all.binary_search(&id.index()).ok()).collect()
    };
    one.len() == other.len()
        && unknown(&one, &sides.0) == unknown(&other, &sides.1)
        && one.iter().zip(&other).all(|(a, b)| same_entry(sides, *a, *b) && rank(&one, &sides.0, *a) == rank(&other, &sides.1, *b))
}

/// Do two entries say the same, what is inside them aside?
fn same_entry((old, new): &Sides<'_>, earlier: usize, present: usize) -> bool {
    let (Some(one), Some(other)) = (old.config.entries.get(earlier), new.config.entries.get(present)) else { return false };
    if one.file != other.file || one.context != other.context {
        return false;
    }
    let (a, b) = (&one.directive, &other.directive);
    if Arc::ptr_eq(a, b) || a.origin.is_same(b.origin) {
        return true;
    }
    // What an edit moves keeps its texts: nearly always the pointers are enough.
    let same = |a: &Arc<str>, b: &Arc<str>| Arc::ptr_eq(a, b) || a == b;
    same(&a.name.value, &b.name.value)
        && a.args.len() == b.args.len()
        && a.args.iter().zip(&b.args).all(|(a, b)| same(&a.value, &b.value))
        && match (&a.body, &b.body) {
            (Body::Simple, Body::Simple) | (Body::Block(_), Body::Block(_)) => true,
            (Body::Lua(here), Body::Lua(there)) => old.project.text(one.file).slice(*here) == new.project.text(other.file).slice(*there),
            _ => false,
        }
}
