//! Names without whose definition nginx does not start, and what uses them.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::definitions::{self, Kind, host, variables_in};
use crate::config::{Config, EntryId};
use crate::nginx::variables;
use crate::routing::pattern::group_names;
use crate::syntax::{Directive, Signs, Word};

/// A kind and a name; variables and upstreams in lower case, as nginx compares them without case.
pub type Key = (Kind, Box<str>);

/// Which directives define and use which names, each in reading order.
#[derive(Debug, Default)]
pub struct Required {
    defined: FxHashMap<Key, Vec<EntryId>>,
    used: FxHashMap<Key, Vec<EntryId>>,
}

impl Required {
    /// Walks over a configuration.
    pub fn build(config: &Config) -> Required {
        let mut out = Required::default();
        for (index, entry) in config.entries.iter().enumerate() {
            let id = EntryId(index as u32);
            let parent = entry.parent.map(|parent| config.directive(parent));
            let defined = defined_by(&entry.directive, parent);
            let mut used = used_by(&entry.directive, parent);
            // A server's `$name` in a map or a log format is looked up when nginx starts, whether or not a request comes by.
            for word in entry.directive.args.iter().filter(|word| word.has_dollar()) {
                variables_in(&word.value, |name| used.push(key(Kind::Variable, name)));
            }
            for key in used.into_iter().filter(|key| !defined.contains(key)) {
                let users = out.used.entry(key).or_default();
                if users.last() != Some(&id) {
                    users.push(id);
                }
            }
            for key in defined {
                out.defined.entry(key).or_default().push(id);
            }
        }
        out
    }

    /// The directives that define the name.
    pub fn defined(&self, key: &Key) -> &[EntryId] {
        self.defined.get(key).map_or(&[], Vec::as_slice)
    }

    /// The directives that need it to be defined; one that defines it is none of them.
    pub fn used(&self, key: &Key) -> &[EntryId] {
        self.used.get(key).map_or(&[], Vec::as_slice)
    }
}

/// What a directive defines for the rest of the configuration: a name of its own, and the variables that the groups of its regexes are named
/// after (`ngx_http_regex_compile`).
pub fn defined_by(directive: &Directive, parent: Option<&Directive>) -> Vec<Key> {
    let mut out = Vec::new();
    let own = definitions::defined_by(directive).map(|(kind, name, _)| (kind, name));
    if let Some((kind, name)) = own.or_else(|| Some((Kind::Variable, set_by_module(directive, parent)?))) {
        out.push(key(kind, name));
    }
    for word in regexes(directive, parent) {
        out.extend(group_names(&word.value).map(|name| key(Kind::Variable, name)));
    }
    out.retain(|(kind, name)| *kind != Kind::Variable || !variables::is_there_anyway(name));
    out
}

/// True for a name of a directive of which [`defined_by`] may tell something beside the groups of its regexes.
fn may_define(name: &str) -> bool {
    definitions::defines(name) || is_setter(name) || name.starts_with('$')
}

/// `set_by_lua_block $name`, `set_unescape_uri $name`, `auth_jwt_claim_set $name`: modules call what makes a variable after `set`.
fn is_setter(name: &str) -> bool {
    name.starts_with("set_") || name.ends_with("_set")
}

/// The variable, without `$`, of a module's own directive, or of a line of `geoip2`.
fn set_by_module<'a>(directive: &'a Directive, parent: Option<&Directive>) -> Option<&'a str> {
    let name = &*directive.name.value;
    match parent.is_some_and(|parent| parent.is("geoip2")) {
        true => name.strip_prefix('$'),
        false => directive.arg(0).filter(|_| is_setter(name))?.strip_prefix('$'),
    }
}

/// The words that nginx compiles as regexes of which the named groups become variables.
fn regexes<'a>(directive: &'a Directive, parent: Option<&Directive>) -> impl Iterator<Item = &'a Word> {
    let line = parent.is_some_and(|parent| parent.is("map"));
    let key = Some(&directive.name).filter(|_| line);
    let own: &[Word] = match &*directive.name.value {
        "location" | "server_name" | "if" | "proxy_redirect" if !line => &directive.args,
        "rewrite" if !line => directive.args.get(..1).unwrap_or_default(),
        _ => &[],
    };
    key.into_iter().chain(own).filter(|word| word.signs().has(Signs::NAMED_GROUP))
}

/// Asked whether something can go: without the last definition of a name nginx refuses the others' use of it.
pub struct Definers<'a> {
    config: &'a Config,
    /// Where each name is defined first and last; found out when the first block that defines something is asked about.
    places: OnceCell<FxHashMap<Key, (EntryId, EntryId)>>,
}

impl<'a> Definers<'a> {
    /// Of a configuration.
    pub fn of(config: &'a Config) -> Definers<'a> {
        Definers { config, places: OnceCell::new() }
    }

    /// The first name that the directive, or one in its block, defines and nothing outside of it: a variable with its `$`. Whether something
    /// uses it is not asked: Lua and templates may.
    pub fn only_in(&self, block: EntryId) -> Option<String> {
        self.all_only_in(block).next().map(|key| shown(&key))
    }

    /// All those names.
    pub fn all_only_in(&self, block: EntryId) -> impl Iterator<Item = Key> + '_ {
        let range = block.0..self.config.end(block);
        let names = range.clone().map(EntryId).flat_map(|id| self.of_entry(id));
        names.filter(move |key| {
            let places = self.places.get_or_init(|| self.look());
            places.get(key).is_none_or(|(first, last)| range.contains(&first.0) && range.contains(&last.0))
        })
    }

    fn of_entry(&self, id: EntryId) -> Vec<Key> {
        let entry = self.config.entry(id);
        defined_by(&entry.directive, entry.parent.map(|parent| self.config.directive(parent)))
    }

    fn look(&self) -> FxHashMap<Key, (EntryId, EntryId)> {
        let mut places: FxHashMap<Key, (EntryId, EntryId)> = FxHashMap::default();
        let telling = |name: &str| may_define(name) || Signs::of(name).has(Signs::NAMED_GROUP);
        for id in self.config.named_or_with(telling, Signs::NAMED_GROUP).iter() {
            for key in self.of_entry(id) {
                places.entry(key).and_modify(|(_, last)| *last = id).or_insert((id, id));
            }
        }
        places
    }
}

/// A name as a person writes it: a variable with its `$`.
pub fn shown((kind, name): &Key) -> String {
    if *kind == Kind::Variable { format!("${name}") } else { name.to_string() }
}

fn key(kind: Kind, name: &str) -> Key {
    match kind {
        Kind::Variable | Kind::Upstream => (kind, name.to_ascii_lowercase().into()),
        _ => (kind, name.into()),
    }
}

/// What a directive uses by name; variables apart.
fn used_by(directive: &Directive, parent: Option<&Directive>) -> Vec<Key> {
    if let Some((kind, name, _)) = definitions::used_by(directive) {
        return vec![key(kind, name)];
    }
    // Where the name of an upstream comes from when a pass is given a variable.
    let gives = directive.is("set") || parent.is_some_and(|parent| ["map", "geo", "split_clients"].iter().any(|name| parent.is(name)));
    let upstream = |value: &str| key(Kind::Upstream, host(value));
    if gives { directive.args.iter().map(|word| upstream(&word.value)).collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    #[test]
    fn who_defines_and_who_uses() {
        let text = "http { upstream Up { server a; } map $Host $A { default $b; x up; } log_format f '${a} $b2';
            limit_req_zone $a zone=z:1m rate=1r/s; server { set $b $b$a; access_log /l f; limit_req zone=z burst=1;
            location / { proxy_pass http://UP/x; } location /x { set $to up; proxy_pass http://$to; } } }";
        let (config, _) = load(text);
        let required = Required::build(&config);
        let names = |ids: &[EntryId]| ids.iter().map(|id| config.directive(*id).name.value.to_string()).collect::<Vec<_>>().join(" ");
        let said = |kind: Kind, name: &str| {
            let key = (kind, name.into());
            format!("{} < {}", names(required.defined(&key)), names(required.used(&key)))
        };
        assert_eq!(said(Kind::Upstream, "up"), "upstream < x proxy_pass set");
        assert_eq!(said(Kind::Variable, "a"), "map < log_format limit_req_zone set");
        assert_eq!(said(Kind::Variable, "b"), "set < default");
        assert_eq!(said(Kind::Variable, "b2"), " < log_format");
        assert_eq!(said(Kind::RequestZone, "z"), "limit_req_zone < limit_req");
        assert_eq!(said(Kind::LogFormat, "f"), "log_format < access_log");
    }

    #[test]
    fn what_only_one_block_defines() {
        let text = "http { map $uri $m { ~^/a(?<g>.) 1; } geoip2 /db { $country x; } server { server_name ~^(?<Name>.)$;
            set $s 1; set $http_x 1; set_by_lua_block $lua { return 1 } location ~ ^/b(?<b>.) { set $s 2; } location ~ (?<b>.) { set $t 2; }
            location /c { if ($uri ~ (?P<c>.)) { set $s 3; } } location /d { set $s 1; set $args x; rewrite (?<r>.) /x; }
            location /e { if ($arg_a = '(?<') { return 204; } add_header X '(?<x>.)'; } } }";
        let (config, _) = load(text);
        let definers = Definers::of(&config);
        let only = |name: &str, number: usize| definers.only_in(config.all(name)[number]).unwrap_or_default();
        assert_eq!([0, 1, 2, 3, 4].map(|number| only("location", number)), ["", "$t", "$c", "$r", ""]);
        assert_eq!(
            [only("map", 0), only("geoip2", 0), only("server", 0), only("set_by_lua_block", 0)],
            ["$m", "$country", "$name", "$lua"]
        );
        assert_eq!([only("set", 0), only("set", 1), only("server_name", 0)], ["", "", "$name"]);
    }
}
