//! What is worked out of each server by itself, and kept from one state of a configuration to the next.

use std::ops::Range;
use std::sync::Arc;

use super::{Config, EntryId, ServerId, Unchanged};

/// Something of each server of a configuration. It counts entries from the server's own, so that it holds wherever the server stands.
#[derive(Debug)]
pub struct ByServer<T, C = ()> {
    /// What else it depends on.
    circumstances: C,
    servers: Vec<Arc<T>>,
    made: usize,
}

/// What has to be as it was for something of a server to hold again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestsOn {
    /// The server.
    Itself,
    /// The server, and all that stands in no server: what it inherits.
    Surroundings,
}

impl<T, C: PartialEq> ByServer<T, C> {
    /// Makes it of every server but those that are as they were in the earlier state.
    pub fn after(
        config: &Config,
        earlier: Option<(&ByServer<T, C>, &Unchanged)>,
        rests_on: RestsOn,
        circumstances: C,
        make: impl Fn(ServerId) -> T,
    ) -> ByServer<T, C> {
        let earlier = earlier.filter(|(earlier, unchanged)| {
            earlier.circumstances == circumstances && (rests_on == RestsOn::Itself || unchanged.is_outside_same())
        });
        let known = |server| {
            let (earlier, unchanged) = earlier?;
            earlier.servers.get(unchanged.server(server)?.server.index()).cloned()
        };
        let mut made = 0;
        let servers = (0..config.servers.len() as u32).map(ServerId).map(|server| {
            known(server).unwrap_or_else(|| {
                made += 1;
                Arc::new(make(server))
            })
        });
        let servers = servers.collect();
        ByServer { circumstances, servers, made }
    }

    /// In the order of the servers.
    pub fn all(&self) -> &[Arc<T>] {
        &self.servers
    }

    /// Of how many servers it had to be made.
    pub fn made(&self) -> usize {
        self.made
    }
}

impl Config {
    /// A server's entries, its own first.
    pub fn entries_of(&self, server: ServerId) -> Range<u32> {
        let entry = self.server(server).entry;
        entry.0..self.end(entry)
    }

    /// The directives of that name among some entries: see [`Config::all`].
    pub fn all_within(&self, name: &str, range: &Range<u32>) -> &[EntryId] {
        let all = self.all(name);
        let at = all.partition_point(|id| id.0 < range.start)..all.partition_point(|id| id.0 < range.end);
        all.get(at).unwrap_or_default()
    }

    /// The numbers of a server's locations: nested ones, too.
    pub fn locations_of(&self, server: ServerId) -> Range<u32> {
        let range = self.entries_of(server);
        let first = |entry: u32| self.locations.partition_point(|location| location.entry.0 < entry) as u32;
        first(range.start)..first(range.end)
    }

    /// What stands in no server, in reading order: before the first, between two of them, behind the last.
    pub fn outside(&self) -> impl Iterator<Item = Range<u32>> + '_ {
        let mut from = 0;
        (0..=self.servers.len() as u32).map(move |next| {
            let behind = self.entries.len() as u32;
            let server = if next < self.servers.len() as u32 { self.entries_of(ServerId(next)) } else { behind..behind };
            std::mem::replace(&mut from, server.end)..server.start
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LocationId;
    use crate::routing::testing::load;

    #[test]
    fn every_entry_is_in_one_server_or_outside() {
        let text = "events { } http { map $a $b { c d; } server { listen 80; location / { location /a { } } } server { }
            upstream u { server x; } server { if ($b) { return 200; } location /c { root /d; } } index i; } stream { server { listen 1; } }";
        for text in [text, "", "events { }", "http { server { } }", "server { listen 1; } server { listen 2; }", "location / { root x; }"] {
            let (config, _) = load(text);
            let servers: Vec<Range<u32>> = (0..config.servers.len() as u32).map(|id| config.entries_of(ServerId(id))).collect();
            let mut all: Vec<u32> = config.outside().chain(servers.iter().cloned()).flatten().collect();
            assert_eq!(config.outside().count(), servers.len() + 1);
            assert!(config.outside().flatten().all(|entry| config.server_of(EntryId(entry)).is_none()), "{text}");
            all.sort_unstable();
            assert!(all.iter().copied().eq(0..config.entries.len() as u32), "{text}");
            for (id, range) in (0..).map(ServerId).zip(servers) {
                assert!(range.clone().all(|entry| config.server_of(EntryId(entry)) == Some(id)));
                let locations: Vec<LocationId> = config.locations_of(id).map(LocationId).collect();
                let expected = (0..config.locations.len() as u32).map(LocationId).filter(|one| config.location(*one).server == id);
                assert!(expected.eq(locations), "{text}");
            }
        }
    }

    #[test]
    fn what_was_made_of_a_server_is_kept_as_long_as_what_it_rests_on() {
        let (config, _) = load("http { server { } server { } }");
        let make = |earlier: Option<(&ByServer<u32, &'static str>, &Unchanged)>, rests_on, circumstances| {
            ByServer::after(&config, earlier, rests_on, circumstances, |server| server.0)
        };
        let first = make(None, RestsOn::Itself, "a");
        assert_eq!((first.made(), first.all().iter().map(|one| **one).collect::<Vec<_>>()), (2, vec![0, 1]));
        let nothing = Unchanged::default();
        assert_eq!(make(Some((&first, &nothing)), RestsOn::Itself, "a").made(), 2);
        let project = crate::routing::testing::load_project("http { server { } server { } }").0;
        let same = Unchanged::between((&project, &config), (&project, &config));
        assert_eq!(make(Some((&first, &same)), RestsOn::Surroundings, "a").made(), 0);
        assert_eq!(make(Some((&first, &same)), RestsOn::Itself, "b").made(), 2);
        assert_eq!(make(Some((&first, &nothing.then(&same))), RestsOn::Itself, "a").made(), 2);
        assert_eq!(make(Some((&first, &same.then(&same))), RestsOn::Surroundings, "a").made(), 0);
    }
}
