//! What a configuration defines by name (variables, upstreams, log formats, zones) and where those names are used.
//!
//! One walk over all words, server by server: those that are as they were are not walked over again. It is generous where something counts as a
//! use: a `$name` anywhere is one, in a regex too.

mod finder;
mod part;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use finder::Finder;
pub(super) use part::variables_in;
pub(crate) use part::{Part, Telling};

use crate::config::{ByServer, Config, EntryId, RestsOn};
use crate::nginx::directives;
use crate::syntax::Directive;
use part::{Names, Variable};

/// Names of different kinds do not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `map`, `geo`, `split_clients`, `set` and others: `$name`
    Variable,
    /// `upstream`
    Upstream,
    /// `log_format`
    LogFormat,
    /// `limit_req_zone`
    RequestZone,
    /// `limit_conn_zone`
    ConnectionZone,
    /// `keys_zone=` of `proxy_cache_path` and its relatives
    Cache,
    /// `lua_shared_dict`
    Dictionary,
}

/// `http` and `stream` have their names each for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// `http`
    Http,
    /// `stream`
    Stream,
}

impl Protocol {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Http => "http",
            Protocol::Stream => "stream",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Protocol::Http => 1,
            Protocol::Stream => 2,
        }
    }
}

/// A name where it is defined or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// What kind of name.
    pub kind: Kind,
    /// Where it counts.
    pub protocol: Protocol,
    /// The name, without `$`; variables and upstreams in lower case, as they are compared without case.
    pub name: &'a str,
    /// The directive.
    pub entry: EntryId,
    /// Which argument has the name; `None` for the directive's first word (the key of a `map`).
    pub argument: Option<usize>,
    /// True for a named group of a regex.
    pub group: bool,
}

/// Everything that a configuration defines by name, and what uses it.
#[derive(Debug)]
pub struct Definitions {
    /// Uses whose name is computed: `proxy_pass http://$name`, `proxy_cache $zone`.
    pub computed: Vec<(Kind, Protocol, EntryId)>,
    /// The first word that something fills in before nginx reads it (`{{`, `<%`, `@@`).
    pub template: Option<EntryId>,
    /// The first directive of a module that is not nginx's own, for each protocol: it may define variables, and read some by name.
    pub foreign: [Option<EntryId>; 2],
    /// What stands in no server and what stands in one, by turns, each with its first entry.
    parts: Vec<(u32, Arc<Part>)>,
    /// All but variables.
    used_names: FxHashMap<Arc<str>, Names>,
    variables: FxHashMap<Arc<str>, Variable>,
}

impl Definitions {
    /// Walks over a configuration.
    pub fn build(config: &Config) -> Definitions {
        let telling = Telling::of(config);
        let part = |server| telling.part(config.entries_of(server));
        Definitions::with(config, &telling, &ByServer::after(config, None, RestsOn::Itself, (), part))
    }

    /// The same, where the parts of servers are known.
    pub(crate) fn with(config: &Config, telling: &Telling<'_>, servers: &ByServer<Part>) -> Definitions {
        let mut parts = Vec::with_capacity(2 * config.servers.len() + 1);
        let mut of_servers = config.servers.iter().zip(servers.all());
        for range in config.outside() {
            if !range.is_empty() {
                parts.push((range.start, Arc::new(telling.part(range))));
            }
            parts.extend(of_servers.next().map(|(server, part)| (server.entry.0, part.clone())));
        }
        let (mut used_names, mut variables): (FxHashMap<Arc<str>, Names>, FxHashMap<Arc<str>, Variable>) = Default::default();
        let (mut computed, mut template, mut foreign) = (Vec::new(), None, [None; 2]);
        for (first, part) in &parts {
            let at = |entry: u32| EntryId(first + entry);
            computed.extend(part.computed.iter().map(|(kind, protocol, entry)| (*kind, *protocol, at(*entry))));
            template = template.or(part.template.map(at));
            for (all, one) in foreign.iter_mut().zip(part.foreign) {
                *all = all.or(one.map(at));
            }
            part.used_names.iter().for_each(|(name, kinds)| used_names.entry(name.clone()).or_default().add(*kinds));
            part.variables.iter().for_each(|(name, one)| variables.entry(name.clone()).or_default().add(one, *first));
        }
        Definitions { computed, template, foreign, parts, used_names, variables }
    }

    /// Definitions, in reading order.
    pub fn defined(&self) -> impl Iterator<Item = Named<'_>> {
        self.parts.iter().flat_map(|(first, part)| part.defined.iter().map(|name| name.at(*first)))
    }

    /// Uses of all but variables, in reading order.
    pub fn used(&self) -> impl Iterator<Item = Named<'_>> {
        self.parts.iter().flat_map(|(first, part)| part.used.iter().map(|name| name.at(*first)))
    }

    /// The names that a directive uses (but for variables), then those that it defines.
    pub fn of(&self, entry: EntryId) -> impl Iterator<Item = Named<'_>> {
        let behind = self.parts.partition_point(|(first, _)| *first <= entry.0);
        let part = behind.checked_sub(1).and_then(|at| self.parts.get(at));
        part.into_iter().flat_map(move |(first, part)| part.of(entry.0 - first).map(|name| name.at(*first)))
    }

    /// True when a directive uses the name.
    pub fn is_used(&self, of: &Named<'_>) -> bool {
        match of.kind {
            Kind::Variable => self.variables.get(of.name).is_some_and(|variable| variable.used & of.protocol.bit() != 0),
            kind => self.used_names.get(of.name).is_some_and(|kinds| kinds.has(kind, of.protocol)),
        }
    }

    /// Variables that nginx's own directives evaluate and that nothing in the configuration defines: name, protocol, where first.
    /// Those that nginx or a module has by itself are among them.
    pub fn undefined_variables(&self) -> Vec<(&str, Protocol, EntryId, usize)> {
        let mut out = Vec::new();
        for (name, variable) in &self.variables {
            for protocol in [Protocol::Http, Protocol::Stream] {
                if let Some(Some((entry, argument))) = variable.evaluated.get(protocol as usize)
                    && variable.defined & protocol.bit() == 0
                {
                    out.push((&**name, protocol, EntryId(*entry), *argument));
                }
            }
        }
        out.sort_unstable_by_key(|(name, _, entry, argument)| (*entry, *argument, *name));
        out
    }

    /// The names that are defined, of a kind.
    pub fn names(&self, kind: Kind, protocol: Protocol) -> impl Iterator<Item = Named<'_>> {
        self.defined().filter(move |one| one.kind == kind && one.protocol == protocol)
    }
}

/// `include`s of which the content is not known and that may define or use names of a protocol. Those that lie inside a server can't
/// define zones, formats, upstreams and maps: `outermost` leaves them out. The files that packages of nginx bring along have none.
pub fn unseen(config: &Config, protocol: Protocol, outermost: bool) -> impl Iterator<Item = EntryId> + '_ {
    config.unknown_includes.iter().copied().filter(move |include| {
        let around: Vec<EntryId> = config.ancestors(*include).skip(1).collect();
        let Some(block) = around.last() else {
            // Beside `http { … }`, only the other protocols can be in it.
            return !config.top.iter().any(|id| config.directive(*id).is(protocol.name()));
        };
        let name = config.directive(*include).arg(0).unwrap_or_default();
        let data = around.first().is_some_and(|block| config.directive(*block).is("types") || config.directive(*block).is("upstream"));
        config.directive(*block).is(protocol.name())
            && !data
            && (!outermost || around.len() == 1)
            && !PACKAGED.iter().any(|file| name.ends_with(file))
    })
}

/// Files of nginx's packages that define and use no names but nginx's own.
const PACKAGED: [&str; 9] =
    ["mime.types", "fastcgi_params", "fastcgi.conf", "uwsgi_params", "scgi_params", "koi-utf", "koi-win", "win-utf", "proxy_params"];

/// Directives that make a variable and do nothing else.
const SETTERS: [&str; 5] = ["set", "js_set", "js_var", "perl_set", "auth_request_set"];

/// True for directives of which one is nginx's own.
fn is_of_nginx(known: &[directives::Directive]) -> bool {
    known.iter().any(|known| known.package.starts_with("nginx"))
}

/// True for the name of a directive of which [`defined_by`] may tell something.
pub(super) fn defines(name: &str) -> bool {
    matches!(name, "map" | "split_clients" | "geo" | "upstream" | "log_format" | "lua_shared_dict" | "limit_req_zone" | "limit_conn_zone")
        || name.ends_with("_cache_path")
        || SETTERS.contains(&name)
}

/// True for the name of a directive of which [`used_by`] may tell something.
fn uses(name: &str) -> bool {
    matches!(name, "access_log" | "limit_req" | "limit_conn") || name.ends_with("_cache") || name.ends_with("_pass")
}

/// What a directive defines: kind, name, argument.
pub fn defined_by(directive: &Directive) -> Option<(Kind, &str, usize)> {
    let variable = |argument: usize| {
        let name = directive.arg(argument)?.strip_prefix('$')?;
        Some((Kind::Variable, name, argument))
    };
    match &*directive.name.value {
        "map" | "split_clients" => variable(1),
        "geo" => variable(directive.args.len().checked_sub(1)?),
        name if SETTERS.contains(&name) => variable(0),
        "upstream" => directive.arg(0).map(|name| (Kind::Upstream, name, 0)),
        "log_format" => directive.arg(0).map(|name| (Kind::LogFormat, name, 0)),
        "lua_shared_dict" => directive.arg(0).map(|name| (Kind::Dictionary, name, 0)),
        "limit_req_zone" => parameter(directive, "zone=").map(|(name, argument)| (Kind::RequestZone, name, argument)),
        "limit_conn_zone" => parameter(directive, "zone=").map(|(name, argument)| (Kind::ConnectionZone, name, argument)),
        "proxy_cache_path" | "fastcgi_cache_path" | "uwsgi_cache_path" | "scgi_cache_path" => {
            parameter(directive, "keys_zone=").map(|(name, argument)| (Kind::Cache, name, argument))
        }
        _ => None,
    }
}

/// What a directive uses by its name, variables aside: kind, name (a part of the argument's value, perhaps with a variable in it), argument.
pub fn used_by(directive: &Directive) -> Option<(Kind, &str, usize)> {
    let name = &*directive.name.value;
    match name {
        "access_log" if directive.arg(0) != Some("off") => directive.arg(1).map(|name| (Kind::LogFormat, name, 1)),
        "limit_req" => parameter(directive, "zone=").map(|(name, argument)| (Kind::RequestZone, name, argument)),
        "limit_conn" => directive.arg(0).map(|name| (Kind::ConnectionZone, name, 0)),
        "proxy_cache" | "fastcgi_cache" | "uwsgi_cache" | "scgi_cache" => {
            directive.arg(0).filter(|name| *name != "off").map(|name| (Kind::Cache, name, 0))
        }
        _ if name.ends_with("_pass") => directive.arg(0).map(|target| (Kind::Upstream, host(target), 0)),
        _ => None,
    }
}

/// The name in `zone=name:size`.
fn parameter<'a>(directive: &'a Directive, start: &str) -> Option<(&'a str, usize)> {
    let found = directive.args.iter().enumerate().find_map(|(at, word)| Some((word.value.strip_prefix(start)?, at)));
    found.map(|(value, at)| (value.split(':').next().unwrap_or(value), at))
}

/// Who a `*_pass` names: without scheme, port and URI.
pub fn host(target: &str) -> &str {
    let rest = match target.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('$') => rest,
        // `http:/$uri` is a URL, too, once the variable is filled in.
        _ if target.contains('$') => return target,
        _ => target,
    };
    if rest.starts_with('[') || rest.starts_with("unix:") {
        return rest;
    }
    rest.split(['/', ':', '?']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    fn defined(text: &str) -> (Config, Definitions) {
        let (config, _) = load(text);
        let definitions = Definitions::build(&config);
        (config, definitions)
    }

    fn unused(text: &str) -> Vec<String> {
        let (_, definitions) = defined(text);
        let unused = definitions.defined().filter(|one| !definitions.is_used(one));
        unused.map(|one| format!("{} {}", one.protocol.name(), one.name)).collect()
    }

    #[test]
    fn every_name_that_defines_or_uses_is_looked_at() {
        let known: std::collections::BTreeSet<&str> = directives::all().iter().map(|directive| directive.name).collect();
        for name in known {
            for args in ["$a", "$a $b", "b zone=c:1m", "b keys_zone=c:1m", "c", "b c"] {
                let (config, _) = load(&format!("http {{ {name} {args}; }}"));
                let Some(directive) = config.all(name).first().map(|id| config.directive(*id)) else { continue };
                assert!(defined_by(directive).is_none() || defines(name), "{name} {args}");
                assert!(used_by(directive).is_none() || uses(name), "{name} {args}");
            }
        }
    }

    #[test]
    fn names_and_their_uses() {
        let text = "http { map $uri $A { default $b; } map $a $c { ~^(?<g>.) 1; } upstream Up { server 127.0.0.1; } log_format f '$c';
            limit_req_zone $g zone=z:1m rate=1r/s; limit_conn_zone $host zone=y:1m; proxy_cache_path /c levels=1:2 keys_zone=k:1m; set $s 1;
            server { access_log /l f; location / { proxy_pass http://up/x; limit_req burst=1 zone=z; limit_conn y 1; proxy_cache k; } } }
            stream { upstream up { server 127.0.0.1:1; } map $ssl_preread_server_name $t { a b; } server { proxy_pass $t; } }";
        assert_eq!(unused(text), ["http s", "stream up"]);
        let (_, definitions) = defined(text);
        let undefined: Vec<_> = definitions.undefined_variables().into_iter().map(|(name, protocol, ..)| (name, protocol.name())).collect();
        assert_eq!(undefined, [("uri", "http"), ("b", "http"), ("host", "http"), ("ssl_preread_server_name", "stream")]);
        assert_eq!(definitions.computed.len(), 1);
    }

    #[test]
    fn geoip_defines_variables() {
        let (_, definitions) = defined("http { geoip2 f { $geo x; } server { return 200 $geo$uri$1_x; } }");
        assert!(definitions.undefined_variables().iter().all(|(name, ..)| *name == "uri"));
    }

    #[test]
    fn who_a_pass_names() {
        assert_eq!(["http:/$uri", "$a://b", "http://b$c/d", "http://b/$c", "b:80"].map(host), ["http:/$uri", "$a://b", "b$c", "b", "b"]);
    }
}
