//! What has nothing to do with the URI of a request: `if`s and `set`s by variables of which all values come from elsewhere.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, EntryId};
use crate::nginx::handlers;
use crate::routing::sequence;

/// Variables that a request's line does not decide.
const ELSEWHERE: [&str; 10] = [
    "scheme",
    "https",
    "host",
    "http_host",
    "server_name",
    "server_port",
    "server_addr",
    "remote_addr",
    "request_method",
    "realip_remote_addr",
];

/// What the names of more such variables begin with.
const FAMILIES: [&str; 4] = ["http_", "cookie_", "ssl_", "geoip"];

/// What has nothing to do with the URI, of a whole configuration.
#[derive(Debug)]
pub(super) struct Apart<'a> {
    config: &'a Config,
    /// The variables of `map`s and `geo`s whose sources and values are all such ones, in small letters.
    tables: FxHashSet<String>,
}

impl Apart<'_> {
    pub(super) fn of(config: &Config) -> Apart<'_> {
        let name = |word: &str| word.strip_prefix('$').map(str::to_ascii_lowercase);
        let set: FxHashSet<String> = config.all("set").iter().filter_map(|entry| name(config.directive(*entry).arg(0)?)).collect();
        let mut defined: FxHashSet<String> = FxHashSet::default();
        let mut users: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for entry in ["map", "geo"].into_iter().flat_map(|kind| config.all(kind)) {
            let directive = config.directive(*entry);
            let Some(variable) = directive.args.last().and_then(|word| name(&word.value)) else { continue };
            let source = directive.args.split_last().and_then(|(_, source)| source.first());
            let values = config.entry(*entry).children.iter().flat_map(|child| &config.directive(*child).args);
            for used in source.into_iter().chain(values).flat_map(|word| names(&word.value)).filter(|used| !is_elsewhere(used)) {
                users.entry(used).or_default().push(variable.clone());
            }
            defined.insert(variable);
        }
        // What is not known to come from elsewhere, and with it all that is made of it.
        let mut open: Vec<String> = users.keys().filter(|used| !defined.contains(*used)).cloned().chain(set).collect();
        while let Some(variable) = open.pop() {
            defined.remove(&variable);
            open.extend(users.remove(&variable).unwrap_or_default());
        }
        Apart { config, tables: defined }
    }

    /// Does what a code of the rewrite module does depend on nothing of the URI?
    pub(super) fn has(&self, entry: EntryId) -> bool {
        self.has_at(entry, 0)
    }

    fn has_at(&self, entry: EntryId, depth: usize) -> bool {
        let directive = self.config.directive(entry);
        let inside = || self.config.entry(entry).children.iter().all(|child| self.has_at(*child, depth + 1));
        match &*directive.name.value {
            "rewrite" => false,
            "if" => {
                let files = ["-f", "-d", "-e", "-x", "!-f", "!-d", "!-e", "!-x"];
                let asks_files = |word: &str| files.iter().any(|file| word.trim_start_matches('(').starts_with(file));
                let mut words = directive.args.iter().map(|word| &*word.value);
                depth < 2 && words.all(|word| !asks_files(word) && self.reads(word)) && inside()
            }
            "set" => directive.args.iter().skip(1).all(|word| self.reads(&word.value)),
            // What hands requests on in an `if` is for a trace of each.
            name if depth > 0 => !handlers::passes(name),
            _ => true,
        }
    }

    /// Are all variables of a text ones that have nothing to do with the URI?
    fn reads(&self, text: &str) -> bool {
        names(text).all(|name| is_elsewhere(&name) || self.tables.contains(&name))
    }
}

fn is_elsewhere(name: &str) -> bool {
    ELSEWHERE.contains(&name) || (FAMILIES.iter().any(|family| name.starts_with(family)) && name != "http_referer")
}

/// The names of the variables in a text, in small letters.
fn names(text: &str) -> impl Iterator<Item = String> {
    sequence::names(text).filter(|name| !name.is_empty()).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    #[test]
    fn variables_of_tables_are_followed_to_what_they_come_from() {
        let maps = "map $host $a { default $b; x $http_y; } map $scheme $b { default 1; } map $c $uri_too { default 1; } map $uri $c { default 1; }
            map $d $e { default 1; } map $e $d { default 1; } map $host $f { default $SET; } map $host $set { default 1; } geo $g { default 1; }";
        let asks = ["a", "b", "B", "g", "e", "uri_too", "c", "f", "set", "arg_x", "nothing", "http_referer", "http_cookie"];
        let ifs = asks.map(|name| format!("if (${name}) {{ return 403; }}")).join(" ");
        let (config, _) = load(&format!("http {{ {maps} server {{ set $set $uri; {ifs} }} }}"));
        let apart = Apart::of(&config);
        let found = asks.iter().zip(config.all("if")).filter(|(_, entry)| apart.has(**entry)).map(|(name, _)| *name);
        assert_eq!(found.collect::<Vec<_>>(), ["a", "b", "B", "g", "e", "http_cookie"]);
    }

    #[test]
    fn what_an_if_holds_counts_too() {
        let ifs = "if ($host = a) { return 403; } if ($host = a) { rewrite ^ /b; } if ($host = a) { proxy_pass http://u; } if (-f $host) { return 403; }
            if ($host ~ b$) { set $x $scheme; } if ($host = a) { set $x $args; }";
        let (config, _) = load(&format!("http {{ server {{ location / {{ {ifs} }} }} }}"));
        let apart = Apart::of(&config);
        let found: Vec<bool> = config.all("if").iter().map(|entry| apart.has(*entry)).collect();
        assert_eq!(found, [true, false, false, false, true, false]);
    }
}
