//! What a configuration defines by name (variables, upstreams, log formats, zones) and where those names are used.
//!
//! One walk over all words. It is generous where something counts as a use: a `$name` anywhere is one, in a regex too.

mod finder;

pub use finder::Finder;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, EntryId};
use crate::nginx::{case, directives};
use crate::syntax::{Directive, Signs, Word};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What kind of name.
    pub kind: Kind,
    /// Where it counts.
    pub protocol: Protocol,
    /// The name, without `$`; variables and upstreams in lower case, as they are compared without case.
    pub name: Box<str>,
    /// The directive.
    pub entry: EntryId,
    /// Which argument has the name; `None` for the directive's first word (the key of a `map`).
    pub argument: Option<usize>,
    /// True for a named group of a regex.
    pub group: bool,
}

/// What is known of a `$name`.
#[derive(Debug, Default)]
struct Variable {
    name: Box<str>,
    /// Protocols with a use.
    used: u8,
    /// Protocols with a definition, or with something that may be one.
    defined: u8,
    /// The first use by nginx's own directives that evaluate it, for each protocol.
    evaluated: [Option<(EntryId, usize)>; 2],
}

/// Everything that a configuration defines by name, and what uses it.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Definitions, in reading order.
    pub defined: Vec<Named>,
    /// Uses of all but variables, in reading order.
    pub used: Vec<Named>,
    /// Uses whose name is computed: `proxy_pass http://$name`, `proxy_cache $zone`.
    pub computed: Vec<(Kind, Protocol, EntryId)>,
    /// The first word that something fills in before nginx reads it (`{{`, `<%`, `@@`).
    pub template: Option<EntryId>,
    /// The first directive of a module that is not nginx's own, for each protocol: it may define variables, and read some by name.
    pub foreign: [Option<EntryId>; 2],
    used_names: FxHashSet<(Kind, Protocol, Box<str>)>,
    variables: Vec<Variable>,
    numbers: FxHashMap<Box<str>, usize>,
}

/// Blocks whose lines are data and no directives.
const DATA: [&str; 8] = ["map", "geo", "split_clients", "types", "charset_map", "geoip2", "match", "geoip2_proxy"];

/// Directives with regexes of which the named groups become variables (`ngx_http_regex_compile`).
const REGEXES: [&str; 4] = ["location", "server_name", "if", "rewrite"];

/// Directives that make a variable and do nothing else.
const SETTERS: [&str; 5] = ["set", "js_set", "js_var", "perl_set", "auth_request_set"];

impl Definitions {
    /// Walks over a configuration.
    pub fn build(config: &Config) -> Definitions {
        let mut out = Definitions::default();
        let mut top = config.top.iter().copied().peekable();
        let mut protocol = None;
        // Most directives neither define nor use a name: of them, those with a `$` somewhere are of interest, and those of other modules.
        let named = |name: &str| defines(name) || uses(name) || Signs::of(name).has(TELLING) || !is_of_nginx(directives::named(name));
        for id in config.named_or_with(named, TELLING).iter() {
            while let Some(block) = top.next_if(|block| *block <= id) {
                protocol = match &*config.directive(block).name.value {
                    "stream" => Some(Protocol::Stream),
                    "mail" | "events" | "rtmp" => None,
                    _ => Some(Protocol::Http),
                };
            }
            if let Some(protocol) = protocol {
                out.directive(config, id, protocol);
            }
        }
        out
    }

    fn directive(&mut self, config: &Config, id: EntryId, protocol: Protocol) {
        let directive = config.directive(id);
        let known = config.entry(id).known;
        let block = config.entry(id).parent.map(|parent| &*config.directive(parent).name.value);
        let is_data = block.is_some_and(|block| DATA.contains(&block));
        let own = if is_data { None } else { defined_by(directive) };
        let named = || std::iter::once(&directive.name).chain(&directive.args).enumerate().filter(|(_, word)| is_telling(word));
        // Most directives say nothing of variables, and are not looked at closer.
        let telling = named().next().is_some();
        let evaluates = match block {
            _ if !telling => Evaluates::Nothing,
            Some("map") => Evaluates::From(0),
            _ if is_data => Evaluates::Nothing,
            _ => evaluates(&directive.name.value),
        };
        let mut variables = Vec::new();
        for (number, word) in named() {
            let mut found = Found { variables: &mut variables, group: false, template: false };
            scan(&word.value, &mut found);
            let Found { group, template, .. } = found;
            if template && self.template.is_none() {
                self.template = Some(id);
            }
            if group {
                let counts = block == Some("map") || (!is_data && REGEXES.contains(&&*directive.name.value));
                groups(&word.value, |name| {
                    self.variable(name).defined |= protocol.bit();
                    if counts {
                        let (name, argument) = (name.to_ascii_lowercase().into(), number.checked_sub(1));
                        self.defined.push(Named { kind: Kind::Variable, protocol, name, entry: id, argument, group: true });
                    }
                });
            }
            for name in variables.drain(..) {
                let is_own = own.as_ref().is_some_and(|(kind, _, argument)| *kind == Kind::Variable && argument + 1 == number);
                let variable = self.variable(name);
                if is_own {
                    continue;
                }
                variable.used |= protocol.bit();
                if let Some(first) = variable.evaluated.get_mut(protocol as usize)
                    && first.is_none()
                    && number > 0
                    && evaluates.takes(number - 1, directive)
                {
                    *first = Some((id, number - 1));
                }
            }
        }
        // The lines of `geoip2` define variables; so may whatever is not nginx's own, and what has a variable for a whole argument
        // without being known to evaluate it (`auth_jwt_claim_set $name …`).
        if telling && block == Some("geoip2") {
            variables_in(&directive.name.value, |name| self.variable(name).defined |= protocol.bit());
        } else if !is_data && !is_of_nginx(known) {
            for word in &directive.args {
                variables_in(&word.value, |name| self.variable(name).defined |= protocol.bit());
            }
            let harmless = ["lua-nginx-module", "stream-lua-nginx-module", "njs", "headers-more", "set-misc", "echo", "brotli", "geoip2"];
            let foreign = !known.iter().any(|known| harmless.contains(&known.package));
            if foreign && let Some(first) = self.foreign.get_mut(protocol as usize) {
                *first = first.or(Some(id));
            }
        } else if telling && !is_data && matches!(evaluates, Evaluates::Nothing) {
            for name in directive.args.iter().filter_map(|word| word.value.strip_prefix('$')) {
                if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                    self.variable(name).defined |= protocol.bit();
                }
            }
        }
        if let Some((kind, name, argument)) = own {
            let name: Box<str> = match kind {
                Kind::Variable | Kind::Upstream => name.to_ascii_lowercase().into(),
                _ => name.into(),
            };
            if kind == Kind::Variable {
                self.variable(&name).defined |= protocol.bit();
            }
            self.defined.push(Named { kind, protocol, name, entry: id, argument: Some(argument), group: false });
        }
        if !is_data {
            self.uses(directive, id, protocol);
        }
    }

    /// What is known of a name, which most often is there already and needs no copy.
    fn variable(&mut self, name: &str) -> &mut Variable {
        let lower = case::lower(name);
        let name = &*lower;
        let number = match self.numbers.get(name) {
            Some(number) => *number,
            None => {
                self.variables.push(Variable { name: name.into(), ..Variable::default() });
                self.numbers.insert(name.into(), self.variables.len() - 1);
                self.variables.len() - 1
            }
        };
        &mut self.variables[number]
    }

    fn uses(&mut self, directive: &Directive, id: EntryId, protocol: Protocol) {
        let Some((kind, name, argument)) = used_by(directive) else { return };
        if name.contains('$') && kind != Kind::LogFormat {
            self.computed.push((kind, protocol, id));
        } else {
            let name: Box<str> = if kind == Kind::Upstream { name.to_ascii_lowercase().into() } else { name.into() };
            self.used_names.insert((kind, protocol, name.clone()));
            self.used.push(Named { kind, protocol, name, entry: id, argument: Some(argument), group: false });
        }
    }

    /// True when a directive uses the name.
    pub fn is_used(&self, of: &Named) -> bool {
        match of.kind {
            Kind::Variable => {
                let number = self.numbers.get(&of.name);
                number.and_then(|number| self.variables.get(*number)).is_some_and(|variable| variable.used & of.protocol.bit() != 0)
            }
            kind => self.used_names.contains(&(kind, of.protocol, of.name.clone())),
        }
    }

    /// Variables that nginx's own directives evaluate and that nothing in the configuration defines: name, protocol, where first.
    /// Those that nginx or a module has by itself are among them.
    pub fn undefined_variables(&self) -> Vec<(&str, Protocol, EntryId, usize)> {
        let mut out = Vec::new();
        for variable in &self.variables {
            for protocol in [Protocol::Http, Protocol::Stream] {
                if let Some(Some((entry, argument))) = variable.evaluated.get(protocol as usize)
                    && variable.defined & protocol.bit() == 0
                {
                    out.push((&*variable.name, protocol, *entry, *argument));
                }
            }
        }
        out.sort_unstable_by_key(|(name, _, entry, argument)| (*entry, *argument, *name));
        out
    }

    /// The names that are defined, of a kind.
    pub fn names(&self, kind: Kind, protocol: Protocol) -> impl Iterator<Item = &Named> {
        self.defined.iter().filter(move |one| one.kind == kind && one.protocol == protocol)
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

/// True for directives of which one is nginx's own.
fn is_of_nginx(known: &[directives::Directive]) -> bool {
    known.iter().any(|known| known.package.starts_with("nginx"))
}

/// True for the name of a directive of which [`defined_by`] may tell something.
fn defines(name: &str) -> bool {
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

/// Which arguments a directive of nginx's own evaluates, so that an unknown variable in them keeps nginx from starting.
enum Evaluates {
    Nothing,
    /// From this one on.
    From(usize),
    /// Only this one.
    Only(usize),
    /// Only the last.
    Last,
    /// What is compared: the first.
    Condition,
}

fn evaluates(name: &str) -> Evaluates {
    match name {
        "return"
        | "index"
        | "try_files"
        | "proxy_cache_bypass"
        | "proxy_no_cache"
        | "fastcgi_cache_bypass"
        | "fastcgi_no_cache"
        | "sub_filter" => Evaluates::From(0),
        "log_format" => Evaluates::From(1),
        "set" | "rewrite" | "proxy_set_header" | "grpc_set_header" | "fastcgi_param" | "uwsgi_param" | "scgi_param" | "add_header"
        | "add_trailer" | "auth_request_set" => Evaluates::Only(1),
        "proxy_pass" | "grpc_pass" | "fastcgi_pass" | "uwsgi_pass" | "scgi_pass" | "root" | "alias" | "map" | "split_clients"
        | "limit_req_zone" | "limit_conn_zone" | "proxy_cache_key" | "fastcgi_cache_key" | "access_log" => Evaluates::Only(0),
        "error_page" => Evaluates::Last,
        "if" => Evaluates::Condition,
        _ => Evaluates::Nothing,
    }
}

impl Evaluates {
    fn takes(&self, argument: usize, directive: &Directive) -> bool {
        match self {
            Evaluates::Nothing => false,
            Evaluates::From(first) => argument >= *first,
            Evaluates::Only(one) => argument == *one,
            Evaluates::Last => argument + 1 == directive.args.len(),
            Evaluates::Condition => argument == 0 && directive.arg(0).is_some_and(|word| word.starts_with("($")),
        }
    }
}

/// What one look at a word finds.
struct Found<'a, 'b> {
    variables: &'b mut Vec<&'a str>,
    group: bool,
    template: bool,
}

/// False for a word in which [`scan`] finds nothing.
fn is_telling(word: &Word) -> bool {
    word.signs().has(TELLING)
}

/// Of which one is in every word in which [`scan`] finds something.
const TELLING: Signs = Signs::DOLLAR.or(Signs::TEMPLATE).or(Signs::PARENTHESIS);

/// Looks at a word once, as there are many.
fn scan<'a>(word: &'a str, found: &mut Found<'a, '_>) {
    let bytes = word.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let next = || bytes.get(at + 1);
        match byte {
            b'$' => {
                let start = at + 1 + usize::from(next() == Some(&b'{'));
                let rest = bytes.get(start..).unwrap_or_default();
                let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
                // `$1` ends there, whatever follows (`ngx_http_script_compile`).
                if let Some(name) = word.get(start..start + length).filter(|name| !name.starts_with(|first: char| first.is_ascii_digit()))
                    && !name.is_empty()
                {
                    found.variables.push(name);
                }
            }
            b'(' => found.group |= next() == Some(&b'?'),
            b'{' => found.template |= matches!(next(), Some(b'{' | b'%')),
            b'<' => found.template |= next() == Some(&b'%'),
            b'@' => found.template |= next() == Some(&b'@'),
            _ => {}
        }
    }
}

/// The names in `$name` and `${name}` (`ngx_http_script_compile`).
pub(super) fn variables_in(word: &str, mut each: impl FnMut(&str)) {
    let mut variables = Vec::new();
    scan(word, &mut Found { variables: &mut variables, group: false, template: false });
    variables.into_iter().for_each(&mut each);
}

/// The names of a regex's groups.
fn groups(word: &str, mut each: impl FnMut(&str)) {
    for open in ["(?<", "(?P<", "(?'"] {
        for (at, _) in word.match_indices(open) {
            let rest = word.get(at + open.len()..).unwrap_or_default();
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
            if let Some(name) = rest.get(..end).filter(|name| !name.is_empty()) {
                each(name);
            }
        }
    }
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
        let unused = definitions.defined.iter().filter(|one| !definitions.is_used(one));
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
