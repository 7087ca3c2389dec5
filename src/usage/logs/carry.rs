//! What logs say of a later state of a configuration: by what its servers and locations are, not by where they stand.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::{Limit, Logs, Sight};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};

/// A server: what it listens on, its names, and which of those that are alike it is.
type ServerKey = (Vec<(String, u16)>, Vec<String>, usize);
/// A location: its server, the matchers that lead to it, and which of those that are alike it is.
type LocationKey = (ServerKey, Vec<Matcher>, usize);

/// What a server listens on, and its names.
type Face = (Vec<(String, u16)>, Vec<String>);

fn server_keys(config: &Config) -> Vec<ServerKey> {
    let mut seen: FxHashMap<Face, usize> = FxHashMap::default();
    let key = |server: &crate::config::Server| {
        let listens = server.listens.iter().map(|listen| (listen.address.clone(), listen.port)).collect::<Vec<_>>();
        (listens, server.names.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>())
    };
    let with_number = config.servers.iter().map(|server| {
        let key = key(server);
        let number = seen.entry(key.clone()).or_insert(0);
        *number += 1;
        (key.0, key.1, *number)
    });
    with_number.collect()
}

fn location_keys(config: &Config, servers: &[ServerKey]) -> Vec<LocationKey> {
    let mut seen: FxHashMap<(ServerId, Vec<Matcher>), usize> = FxHashMap::default();
    let chain = |location: LocationId| {
        let mut chain: Vec<Matcher> =
            std::iter::successors(Some(location), |id| config.location(*id).parent).map(|id| config.location(id).matcher.clone()).collect();
        chain.reverse();
        chain
    };
    let keys = (0..config.locations.len() as u32).map(LocationId).map(|id| {
        let (server, chain) = (config.location(id).server, chain(id));
        let number = seen.entry((server, chain.clone())).or_insert(0);
        *number += 1;
        (servers.get(server.index()).cloned().unwrap_or_default(), chain, *number)
    });
    keys.collect()
}

/// Old indices by new ones.
fn mapped<K: std::hash::Hash + Eq>(old: Vec<K>, new: Vec<K>) -> Vec<Option<usize>> {
    let mut table: FxHashMap<K, usize> = FxHashMap::default();
    for (index, key) in old.into_iter().enumerate() {
        if let Entry::Vacant(free) = table.entry(key) {
            free.insert(index);
        }
    }
    new.iter().map(|key| table.get(key).copied()).collect()
}

/// The directive of the later state that stands for one of the earlier: the same name and arguments, in the same place among those that
/// are alike.
fn entry(from: &Config, to: &Config, entry: EntryId) -> Option<EntryId> {
    let directive = from.entries.get(entry.index()).map(|entry| &entry.directive)?;
    let alike = |config: &Config| {
        let same = |id: &EntryId| {
            let other = config.directive(*id);
            other.args.iter().map(|word| &word.value).eq(directive.args.iter().map(|word| &word.value))
        };
        config.all(&directive.name.value).iter().copied().filter(same).collect::<Vec<_>>()
    };
    let number = alike(from).iter().position(|other| *other == entry)?;
    let later = alike(to);
    later.get(number).or(later.last()).copied()
}

/// See [`Logs::carried`].
pub fn carried(logs: &Logs, from: &Config, to: &Config) -> Logs {
    let (old_servers, new_servers) = (server_keys(from), server_keys(to));
    let locations = mapped(location_keys(from, &old_servers), location_keys(to, &new_servers));
    let servers = mapped(old_servers, new_servers);
    let mut out = Logs {
        sources: logs.sources.clone(),
        window: logs.window,
        offset: logs.offset,
        asked: logs.asked,
        unplaced: logs.unplaced,
        upstreams: logs.upstreams.clone(),
        ..Logs::default()
    };
    out.servers = servers.iter().map(|old| old.and_then(|old| logs.servers.get(old).cloned()).unwrap_or_default()).collect();
    for old in locations {
        out.locations.push(old.and_then(|old| logs.locations.get(old).cloned()).unwrap_or_default());
        let sight = old.and_then(|old| logs.sights.get(old)).map_or(Sight::NotRead, |sight| match sight {
            Sight::Off(at) => entry(from, to, *at).map_or(Sight::NotRead, Sight::Off),
            Sight::Conditional(at) => entry(from, to, *at).map_or(Sight::NotRead, Sight::Conditional),
            Sight::Blind(at, missing) => match at.map(|at| entry(from, to, at)) {
                Some(None) => Sight::NotRead,
                Some(Some(at)) => Sight::Blind(Some(at), missing.clone()),
                None => Sight::Blind(None, missing.clone()),
            },
            other => other.clone(),
        });
        out.sights.push(sight);
    }
    let limits = logs.limits.iter().filter_map(|limit| match limit {
        Limit::Format { entry: Some(at), missing, better } => {
            let entry = Some(entry(from, to, *at)?);
            Some(Limit::Format { entry, missing: missing.clone(), better: better.clone() })
        }
        Limit::Unreadable(at, why) => Some(Limit::Unreadable(entry(from, to, *at)?, why.clone())),
        other => Some(other.clone()),
    });
    out.limits = limits.collect();
    out
}
