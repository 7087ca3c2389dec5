//! What one part of a configuration defines and uses by name: a server, or what stands between two of them.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Kind, Named, Protocol, defined_by, defines, is_of_nginx, used_by, uses};
use crate::config::{Chosen, Config, EntryId};
use crate::nginx::{case, directives};
use crate::routing::pattern::group_names;
use crate::syntax::{Directive, Signs, Word};

/// Blocks whose lines are data and no directives.
const DATA: [&str; 8] = ["map", "geo", "split_clients", "types", "charset_map", "geoip2", "match", "geoip2_proxy"];

/// Directives with regexes of which the named groups become variables (`ngx_http_regex_compile`).
const REGEXES: [&str; 4] = ["location", "server_name", "if", "rewrite"];

/// A part of a configuration. Entries are counted from its first.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// In reading order, as all that follows.
    pub(super) defined: Vec<Name>,
    /// All but variables.
    pub(super) used: Vec<Name>,
    pub(super) computed: Vec<(Kind, Protocol, u32)>,
    pub(super) template: Option<u32>,
    pub(super) foreign: [Option<u32>; 2],
    /// The names of `used`, each once.
    pub(super) used_names: FxHashMap<Arc<str>, Names>,
    pub(super) variables: FxHashMap<Arc<str>, Variable>,
}

/// As [`Named`], in a part.
#[derive(Debug)]
pub(super) struct Name {
    kind: Kind,
    protocol: Protocol,
    name: Arc<str>,
    entry: u32,
    argument: Option<usize>,
    group: bool,
}

/// As what a name is used.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Names(u16);

/// What is known of a `$name`.
#[derive(Debug, Default)]
pub(super) struct Variable {
    /// Protocols with a use.
    pub(super) used: u8,
    /// Protocols with a definition, or with something that may be one.
    pub(super) defined: u8,
    /// The first use by nginx's own directives that evaluate it, for each protocol: the entry and its argument.
    pub(super) evaluated: [Option<(u32, usize)>; 2],
}

impl Name {
    /// In a part that begins with this entry.
    pub(super) fn at(&self, first: u32) -> Named<'_> {
        let Name { kind, protocol, ref name, entry, argument, group } = *self;
        Named { kind, protocol, name, entry: EntryId(first + entry), argument, group }
    }
}

impl Names {
    fn of(kind: Kind, protocol: Protocol) -> Names {
        Names(1 << (2 * kind as u16 + protocol as u16))
    }

    pub(super) fn add(&mut self, other: Names) {
        self.0 |= other.0;
    }

    pub(super) fn has(self, kind: Kind, protocol: Protocol) -> bool {
        self.0 & Names::of(kind, protocol).0 != 0
    }
}

impl Variable {
    /// Adds what a later part knows of it, which begins with this entry.
    pub(super) fn add(&mut self, later: &Variable, first: u32) {
        self.used |= later.used;
        self.defined |= later.defined;
        for (here, there) in self.evaluated.iter_mut().zip(later.evaluated) {
            *here = here.or(there.map(|(entry, argument)| (first + entry, argument)));
        }
    }
}

impl Part {
    /// What the so manyth entry uses and defines.
    pub(super) fn of(&self, entry: u32) -> impl Iterator<Item = &Name> {
        [&self.used, &self.defined].into_iter().flat_map(move |all| {
            let at = all.partition_point(|one| one.entry < entry)..all.partition_point(|one| one.entry <= entry);
            all.get(at).unwrap_or_default()
        })
    }
}

/// The directives of a configuration that say something of a name.
#[derive(Debug)]
pub(crate) struct Telling<'a> {
    config: &'a Config,
    chosen: Chosen<'a>,
}

impl<'a> Telling<'a> {
    /// Most directives neither define nor use a name: of them, those with a `$` somewhere are of interest, and those of other modules.
    pub(crate) fn of(config: &'a Config) -> Telling<'a> {
        let named = |name: &str| defines(name) || uses(name) || Signs::of(name).has(TELLING) || !is_of_nginx(directives::named(name));
        Telling { config, chosen: config.named_or_with(named, TELLING) }
    }

    /// What is in a part of it.
    pub(crate) fn part(&self, range: Range<u32>) -> Part {
        let config = self.config;
        let first = range.start;
        let mut reader = Reader { config, first, part: Part::default(), names: FxHashSet::default() };
        let before = config.top.partition_point(|block| block.0 < first).saturating_sub(1);
        let mut top = config.top.iter().copied().skip(before).peekable();
        let mut protocol = None;
        for id in self.chosen.within(range) {
            while let Some(block) = top.next_if(|block| *block <= id) {
                protocol = match &*config.directive(block).name.value {
                    "stream" => Some(Protocol::Stream),
                    "mail" | "events" | "rtmp" => None,
                    _ => Some(Protocol::Http),
                };
            }
            if let Some(protocol) = protocol {
                reader.directive(id, protocol);
            }
        }
        reader.part
    }
}

/// Reads a part.
struct Reader<'a> {
    config: &'a Config,
    first: u32,
    part: Part,
    /// Those that are there again and again share their text.
    names: FxHashSet<Arc<str>>,
}

impl Reader<'_> {
    fn directive(&mut self, id: EntryId, protocol: Protocol) {
        let config = self.config;
        let place = id.0 - self.first;
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
            if template {
                self.part.template.get_or_insert(place);
            }
            if group {
                let counts = block == Some("map") || (!is_data && REGEXES.contains(&&*directive.name.value));
                for name in group_names(&word.value) {
                    self.variable(name).defined |= protocol.bit();
                    if counts {
                        let (name, argument) = (self.share(&case::lower(name)), number.checked_sub(1));
                        self.part.defined.push(Name { kind: Kind::Variable, protocol, name, entry: place, argument, group: true });
                    }
                }
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
                    *first = Some((place, number - 1));
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
            if foreign && let Some(first) = self.part.foreign.get_mut(protocol as usize) {
                first.get_or_insert(place);
            }
        } else if telling && !is_data && matches!(evaluates, Evaluates::Nothing) {
            for name in directive.args.iter().filter_map(|word| word.value.strip_prefix('$')) {
                if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                    self.variable(name).defined |= protocol.bit();
                }
            }
        }
        if let Some((kind, name, argument)) = own {
            let name = match kind {
                Kind::Variable | Kind::Upstream => self.share(&case::lower(name)),
                _ => self.share(name),
            };
            if kind == Kind::Variable {
                self.variable(&name).defined |= protocol.bit();
            }
            self.part.defined.push(Name { kind, protocol, name, entry: place, argument: Some(argument), group: false });
        }
        if !is_data {
            self.uses(directive, place, protocol);
        }
    }

    /// What is known of a name, which most often is there already and needs no copy.
    fn variable(&mut self, name: &str) -> &mut Variable {
        let name = self.share(&case::lower(name));
        self.part.variables.entry(name).or_default()
    }

    fn uses(&mut self, directive: &Directive, place: u32, protocol: Protocol) {
        let Some((kind, name, argument)) = used_by(directive) else { return };
        if name.contains('$') && kind != Kind::LogFormat {
            self.part.computed.push((kind, protocol, place));
        } else {
            let name = if kind == Kind::Upstream { self.share(&case::lower(name)) } else { self.share(name) };
            self.part.used_names.entry(name.clone()).or_default().add(Names::of(kind, protocol));
            self.part.used.push(Name { kind, protocol, name, entry: place, argument: Some(argument), group: false });
        }
    }

    fn share(&mut self, name: &str) -> Arc<str> {
        match self.names.get(name) {
            Some(known) => known.clone(),
            None => {
                let name: Arc<str> = name.into();
                self.names.insert(name.clone());
                name
            }
        }
    }
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
pub(in crate::usage) fn variables_in(word: &str, mut each: impl FnMut(&str)) {
    let mut variables = Vec::new();
    scan(word, &mut Found { variables: &mut variables, group: false, template: false });
    variables.into_iter().for_each(&mut each);
}
