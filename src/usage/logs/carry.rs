//! What logs say of a later state of a configuration: by what its servers and locations are, not by where they stand.
//!
//! This runs at every keystroke: it takes one walk over both states, and where nothing that the logs tell of moved, they are handed on as they are.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Hits, Limit, Logs, Sight};
use crate::config::{Config, EntryId, Matcher};

/// What a server listens on, and its names.
type Face<'a> = (Vec<(&'a str, u16)>, Vec<&'a str>);

/// Numbers for what is alike in both states.
#[derive(Default)]
struct Numbers<'a> {
    faces: FxHashMap<Face<'a>, u32>,
    /// By the face, and which of those that are alike it is.
    servers: FxHashMap<(u32, u32), u32>,
    /// By what is around a location, and its matcher.
    chains: FxHashMap<(Around, &'a Matcher), u32>,
}

/// What a location stands in, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Around {
    Server(u32),
    Chain(u32),
}

/// The number of a thing that is perhaps a new one.
fn number<K: std::hash::Hash + Eq>(table: &mut FxHashMap<K, u32>, key: K) -> u32 {
    let next = table.len() as u32;
    *table.entry(key).or_insert(next)
}

/// How many came before, of those with the same number.
fn count(seen: &mut FxHashMap<u32, u32>, of: u32) -> u32 {
    let count = seen.entry(of).or_insert(0);
    *count += 1;
    *count - 1
}

impl<'a> Numbers<'a> {
    /// The numbers of all servers of one state, each once.
    fn servers(&mut self, config: &'a Config) -> Vec<u32> {
        let mut seen = FxHashMap::default();
        let number_of = |server: &'a crate::config::Server| {
            let listens = server.listens.iter().map(|listen| (&*listen.address, listen.port)).collect();
            let face = number(&mut self.faces, (listens, server.names.iter().map(|(name, _)| &**name).collect()));
            number(&mut self.servers, (face, count(&mut seen, face)))
        };
        config.servers.iter().map(number_of).collect()
    }

    /// The matchers that lead to each location, and which of those that are alike it is: each once.
    fn locations(&mut self, config: &'a Config, servers: &[u32]) -> Vec<(u32, u32)> {
        let mut seen = FxHashMap::default();
        let mut chains: Vec<u32> = Vec::with_capacity(config.locations.len());
        let keys = config.locations.iter().map(|location| {
            // A location comes behind the one around it.
            let around = match location.parent.and_then(|parent| chains.get(parent.index())) {
                Some(chain) => Around::Chain(*chain),
                None => Around::Server(servers.get(location.server.index()).copied().unwrap_or(u32::MAX)),
            };
            let chain = number(&mut self.chains, (around, &location.matcher));
            chains.push(chain);
            (chain, count(&mut seen, chain))
        });
        keys.collect()
    }
}

/// Old indices by new ones.
fn mapped<K: std::hash::Hash + Eq>(old: Vec<K>, new: Vec<K>) -> Vec<Option<usize>> {
    if old == new {
        return (0..new.len()).map(Some).collect();
    }
    let table: FxHashMap<K, usize> = old.into_iter().zip(0..).collect();
    new.iter().map(|key| table.get(key).copied()).collect()
}

/// The directives of a later state that stand for those of the earlier: the same name and arguments, in the same place among those that
/// are alike.
struct Entries<'a> {
    from: &'a Config,
    to: &'a Config,
    /// By name, as soon as one is asked for.
    names: FxHashMap<&'a str, Alike>,
}

/// All directives of one name.
#[derive(Default)]
struct Alike {
    /// Of the earlier state: which arguments it has, by number, and how many before it have the same.
    earlier: FxHashMap<EntryId, (u32, u32)>,
    /// Of the later state: those that have the same arguments.
    later: Vec<Vec<EntryId>>,
}

impl<'a> Entries<'a> {
    fn new(from: &'a Config, to: &'a Config) -> Entries<'a> {
        Entries { from, to, names: FxHashMap::default() }
    }

    fn of(&mut self, entry: EntryId) -> Option<EntryId> {
        let (from, to) = (self.from, self.to);
        let name = &*from.entries.get(entry.index())?.directive.name.value;
        let alike = self.names.entry(name).or_insert_with(|| Alike::new(from, to, name));
        let (arguments, number) = *alike.earlier.get(&entry)?;
        let later = alike.later.get(arguments as usize)?;
        later.get(number as usize).or(later.last()).copied()
    }
}

impl Alike {
    fn new(from: &Config, to: &Config, name: &str) -> Alike {
        let mut arguments: FxHashMap<Vec<&str>, u32> = FxHashMap::default();
        let mut seen = FxHashMap::default();
        let mut out = Alike::default();
        for id in from.all(name) {
            let number = number(&mut arguments, words(from, *id));
            out.earlier.insert(*id, (number, count(&mut seen, number)));
        }
        out.later.resize_with(arguments.len(), Vec::new);
        for id in to.all(name) {
            if let Some(list) = arguments.get(&words(to, *id)).and_then(|number| out.later.get_mut(*number as usize)) {
                list.push(*id);
            }
        }
        out
    }
}

fn words(config: &Config, entry: EntryId) -> Vec<&str> {
    config.directive(entry).args.iter().map(|word| &*word.value).collect()
}

/// Where everything of the later state was in the earlier.
struct Moved<'a> {
    servers: Vec<Option<usize>>,
    locations: Vec<Option<usize>>,
    entries: Entries<'a>,
}

impl<'a> Moved<'a> {
    fn new(from: &'a Config, to: &'a Config) -> Moved<'a> {
        let mut numbers = Numbers::default();
        let (old_servers, new_servers) = (numbers.servers(from), numbers.servers(to));
        let (old, new) = (numbers.locations(from, &old_servers), numbers.locations(to, &new_servers));
        Moved { servers: mapped(old_servers, new_servers), locations: mapped(old, new), entries: Entries::new(from, to) }
    }

    /// Is everything that the logs tell of where it was?
    fn is_nowhere(&mut self, logs: &Logs) -> bool {
        let all = |moved: &[Option<usize>], count: usize| moved.len() == count && moved.iter().zip(0..).all(|(old, new)| *old == Some(new));
        let mut stays = |entry: &EntryId| self.entries.of(*entry) == Some(*entry);
        all(&self.servers, logs.servers.len())
            && all(&self.locations, logs.locations.len())
            && logs.sights.len() == logs.locations.len()
            && logs.sights.iter().all(|sight| match sight {
                Sight::Off(at) | Sight::Conditional(at) | Sight::Moved(at) | Sight::Blind(Some(at), _) => stays(at),
                Sight::Seen | Sight::Internal | Sight::Blind(None, _) | Sight::NotRead => true,
            })
            && logs.limits.iter().all(|limit| match limit {
                Limit::Format { entry: Some(at), .. } | Limit::Unreadable(at, _) => stays(at),
                _ => true,
            })
    }

    fn sight(&mut self, sight: &Sight) -> Sight {
        match sight {
            Sight::Off(at) => self.entries.of(*at).map_or(Sight::NotRead, Sight::Off),
            Sight::Conditional(at) => self.entries.of(*at).map_or(Sight::NotRead, Sight::Conditional),
            Sight::Moved(at) => self.entries.of(*at).map_or(Sight::NotRead, Sight::Moved),
            Sight::Blind(at, missing) => match at.map(|at| self.entries.of(at)) {
                Some(None) => Sight::NotRead,
                Some(Some(at)) => Sight::Blind(Some(at), missing.clone()),
                None => Sight::Blind(None, missing.clone()),
            },
            other => other.clone(),
        }
    }

    fn limit(&mut self, limit: &Limit) -> Option<Limit> {
        Some(match limit {
            Limit::Format { entry: Some(at), missing, better } => {
                let entry = Some(self.entries.of(*at)?);
                Limit::Format { entry, missing: missing.clone(), better: better.clone() }
            }
            Limit::Unreadable(at, why) => Limit::Unreadable(self.entries.of(*at)?, why.clone()),
            other => other.clone(),
        })
    }

    fn logs(&mut self, logs: &Logs) -> Logs {
        let hits = |of: &[Hits], moved: &[Option<usize>]| {
            moved.iter().map(|old| old.and_then(|old| of.get(old).cloned()).unwrap_or_default()).collect()
        };
        let (servers, locations) = (hits(&logs.servers, &self.servers), hits(&logs.locations, &self.locations));
        let old = self.locations.clone();
        let sights = old.into_iter().map(|old| old.and_then(|old| logs.sights.get(old)).map_or(Sight::NotRead, |sight| self.sight(sight)));
        Logs {
            servers,
            locations,
            sights: sights.collect(),
            limits: logs.limits.iter().filter_map(|limit| self.limit(limit)).collect(),
            sources: logs.sources.clone(),
            window: logs.window,
            offset: logs.offset,
            asked: logs.asked,
            unplaced: logs.unplaced,
            upstreams: logs.upstreams.clone(),
        }
    }
}

/// See [`Logs::carried`].
pub fn carried(logs: &Arc<Logs>, from: &Config, to: &Config) -> Arc<Logs> {
    let mut moved = Moved::new(from, to);
    if moved.is_nowhere(logs) { logs.clone() } else { Arc::new(moved.logs(logs)) }
}
