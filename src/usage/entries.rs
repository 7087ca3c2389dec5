//! By which doors requests come into a server, and with which URIs: those of clients, and those of everything that starts a new search
//! for a location with a URI of its own.
//!
//! What such a source brings is taken for more than it may be, never for less: whether it runs at all is not asked.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::lua::{CallKind, Target};
use super::modules::{LIBRARIES, Lua, Module};
use super::references::{Kind, References};
use crate::config::{Config, EntryId, Matcher, ServerId};
use crate::nginx::values::is_absolute_url;
use crate::nginx::{directives, handlers};
use crate::project::{Place, Root, RootKind};
use crate::routing::Router;
use crate::routing::doors::Universe;

/// A source of requests beside the clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Where it is written; `None` for what lies around a fragment.
    pub place: Option<Place>,
    /// What it is: `rewrite`, `X-Accel-Redirect`, …
    pub what: Arc<str>,
    /// The URIs that it brings.
    pub brings: Brings,
}

/// Which URIs a door brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brings {
    /// Exactly this one.
    Uri(Arc<str>),
    /// Any that begins so; all, for an empty text. `raw` when it may hold a `%`, `?` or `#` that no client sent.
    Below {
        /// The beginning.
        prefix: Arc<str>,
        /// What follows is more than parts of the request's own URI.
        raw: bool,
    },
    /// The URI of the request, with something behind.
    Extended,
    /// The request's folder with this file behind, by `index`.
    File(Arc<str>),
    /// Perhaps any: what it names is not written in what can be read.
    Unread,
}

/// What comes into one server.
#[derive(Debug, Default)]
pub struct Entries {
    /// What is known of it, all doors that can be read taken together.
    pub universe: Universe,
    /// The doors beside the clients, in the order of the configuration; those for all servers first.
    pub doors: Vec<Door>,
}

impl Entries {
    /// The sources of which the target is not written in what can be read: each may bring any URI.
    pub fn unread(&self) -> impl Iterator<Item = &Door> {
        self.doors.iter().filter(|door| door.brings == Brings::Unread)
    }

    /// How many doors name what they bring.
    pub fn read(&self) -> usize {
        self.doors.iter().filter(|door| !matches!(door.brings, Brings::Unread | Brings::File(_))).count()
    }
}

/// Directives that send a subrequest or an internal redirect to a URI, and which argument names it.
const MOVES: [(&str, usize); 22] = [
    ("auth_request", 0),
    ("mirror", 0),
    ("post_action", 0),
    ("add_before_body", 0),
    ("add_after_body", 0),
    ("auth_jwt_key_request", 0),
    ("internal_redirect", 0),
    ("echo_exec", 0),
    ("echo_location", 0),
    ("echo_location_async", 0),
    ("echo_subrequest", 1),
    ("echo_subrequest_async", 1),
    ("srcache_fetch", 1),
    ("srcache_store", 1),
    ("nchan_authorize_request", 0),
    ("nchan_subscribe_request", 0),
    ("nchan_unsubscribe_request", 0),
    ("nchan_publisher_upstream_request", 0),
    ("fancyindex_header", 0),
    ("fancyindex_footer", 0),
    ("random_index", 9),
    ("auth_oidc", 9),
];

/// Directives that run what is not read, and may send a request anywhere.
const CODE: [&str; 10] = [
    "js_content",
    "js_access",
    "js_header_filter",
    "js_body_filter",
    "js_set",
    "js_periodic",
    "perl",
    "perl_set",
    "drizzle_pass",
    "allow_connect",
];

/// Directives that may hold others of which nothing is a directive of nginx.
const TABLES: [&str; 6] = ["map", "types", "geo", "split_clients", "charset_map", "upstream"];

/// What comes into each server of a configuration.
pub fn entries(root: &Root, config: &Config, router: &Router, lua: &Lua, references: &References) -> Vec<Entries> {
    let servers = config.servers.len();
    let mut builder = Builder { config, common: Vec::new(), own: vec![Vec::new(); servers], takes_over: takes_over(config) };
    if root.kind != RootKind::Main {
        builder.common.push(Door { place: None, what: "around".into(), brings: Brings::Unread });
    }
    builder.directives();
    builder.foreign();
    builder.includes();
    builder.references(references);
    builder.lua(lua);
    let Builder { common, own, .. } = builder;
    own.into_iter()
        .enumerate()
        .map(|(index, own)| {
            let doors: Vec<Door> = common.iter().cloned().chain(own).collect();
            let merge_slashes = router.merges_slashes(ServerId(index as u32));
            Entries { universe: universe(merge_slashes, &doors), doors }
        })
        .collect()
}

fn universe(merge_slashes: bool, doors: &[Door]) -> Universe {
    let mut universe = Universe { merge_slashes, ..Universe::default() };
    for door in doors {
        match &door.brings {
            Brings::Uri(uri) => universe.constants.push(uri.clone()),
            Brings::Below { prefix, raw } => {
                universe.below.push(prefix.clone());
                universe.raw.extend(raw.then(|| prefix.clone()));
            }
            Brings::File(name) => universe.index.push(name.clone()),
            Brings::Extended | Brings::Unread => {}
        }
    }
    // What is made of the request's own URI begins as that one does.
    if doors.iter().any(|door| door.brings == Brings::Extended) {
        let slash = universe.constants.iter().chain(&universe.below).all(|text| text.starts_with('/'));
        universe.below.push(if slash { "/".into() } else { "".into() });
    }
    // What holds where no `index` is written.
    universe.index.push("index.html".into());
    let folders: Vec<Arc<str>> = universe.constants.iter().filter(|uri| uri.ends_with('/')).cloned().collect();
    for folder in folders {
        universe.constants.extend(universe.index.iter().map(|name| Arc::from(format!("{folder}{name}"))));
    }
    for list in [&mut universe.constants, &mut universe.below, &mut universe.raw, &mut universe.index] {
        list.sort();
        list.dedup();
    }
    let all = universe.below.clone();
    universe.below.retain(|prefix| !all.iter().any(|other| other.len() < prefix.len() && prefix.starts_with(&**other)));
    universe
}

struct Builder<'a> {
    config: &'a Config,
    /// Doors of all servers.
    common: Vec<Door>,
    /// Those of each.
    own: Vec<Vec<Door>>,
    /// See [`takes_over`].
    takes_over: Vec<bool>,
}

/// In which servers a request that failed may go on with the URI that it has: to a location with a name, or by an `error_page` that
/// makes a URI of it.
fn takes_over(config: &Config) -> Vec<bool> {
    let mut out = vec![false; config.servers.len()];
    let named = config.locations.iter().filter(|location| matches!(location.matcher, Matcher::Named(_)));
    let named = named.map(|location| Some(location.server));
    let is_made = |id: &&EntryId| config.directive(**id).args.last().is_some_and(|uri| uri.value.contains('$'));
    let made = config.all("error_page").iter().filter(is_made).map(|id| config.server_of(*id));
    for server in named.chain(made) {
        match server {
            Some(server) => out.get_mut(server.index()).into_iter().for_each(|one| *one = true),
            None => out.fill(true),
        }
    }
    out
}

impl Builder<'_> {
    fn push(&mut self, id: EntryId, brings: Brings) {
        let what = self.config.directive(id).name.value.clone();
        let door = Door { place: Some(self.config.place(id)), what, brings };
        self.push_in(self.config.server_of(id), door);
    }

    fn push_in(&mut self, server: Option<ServerId>, door: Door) {
        let list = server.map_or(Some(&mut self.common), |server| self.own.get_mut(server.index()));
        if let Some(list) = list {
            list.push(door);
        }
    }

    fn directives(&mut self) {
        let config = self.config;
        for id in config.all("rewrite") {
            self.rewrite(*id);
        }
        for id in config.all("try_files") {
            self.try_files(*id);
        }
        for id in config.all("error_page") {
            let directive = config.directive(*id);
            if let Some(uri) = directive.args.last().filter(|_| directive.args.len() > 1)
                && uri.value.starts_with(['/', '$'])
            {
                // Only what begins with a slash stays in nginx (ngx_http_send_error_page).
                self.push(*id, at_least_slash(named(&uri.value)));
            }
        }
        for id in config.all("index") {
            for word in &config.directive(*id).args {
                self.push(*id, index(&word.value));
            }
        }
        for (name, argument) in MOVES {
            for id in config.all(name) {
                match config.directive(*id).arg(argument) {
                    Some("off") => {}
                    // All others take it for a URI.
                    Some(uri) if uri.starts_with('@') && matches!(name, "post_action" | "internal_redirect" | "echo_exec") => {}
                    Some(uri) => {
                        let cut = named(uri);
                        // Most of them take a query for part of the URI.
                        if uri.contains('?') && !uri.contains('$') {
                            self.push(*id, Brings::Uri(uri.into()));
                        }
                        // What is written encoded is decoded by some.
                        match uri.split_once('%') {
                            Some((prefix, _)) if !prefix.contains('$') => {
                                self.push(*id, Brings::Below { prefix: prefix.into(), raw: true })
                            }
                            _ => self.push(*id, cut),
                        }
                    }
                    None if config.directive(*id).arg(0) == Some("off") => {}
                    None => self.push(*id, Brings::Unread),
                }
            }
        }
        for id in config.all("ssi") {
            if config.directive(*id).arg(0) != Some("off") {
                self.push(*id, Brings::Unread);
            }
        }
        for name in CODE {
            for id in config.all(name) {
                self.push(*id, Brings::Unread);
            }
        }
    }

    /// `ngx_http_script_regex_end_code`: the replacement up to its first `?` becomes the URI.
    fn rewrite(&mut self, id: EntryId) {
        let directive = self.config.directive(id);
        let Some(to) = directive.arg(1) else { return };
        let away = is_absolute_url(to);
        if away || matches!(directive.arg(2), Some("redirect" | "permanent")) {
            return;
        }
        let brings = named(to);
        // With `break` no search follows, unless `index` or the last of `try_files` begins one: not where requests are passed on, and
        // nothing takes the request from there with its URI.
        if directive.arg(2) == Some("break")
            && let Some(location) = self.config.location_of(id).map(|id| self.config.location(id))
            && self.passes(location.entry)
            && self.config.children(location.entry, "try_files").next().is_none()
            && !self.takes_over.get(location.server.index()).copied().unwrap_or(true)
        {
            return;
        }
        self.push(id, brings);
    }

    fn passes(&self, block: EntryId) -> bool {
        let passes = |id: &EntryId| handlers::passes(&self.config.directive(*id).name.value);
        self.config.entry(block).children.iter().any(passes)
    }

    fn try_files(&mut self, id: EntryId) {
        let directive = self.config.directive(id);
        let Some((last, tested)) = directive.args.split_last().filter(|(_, tested)| !tested.is_empty()) else { return };
        let alias = self.config.entry(id).parent.is_some_and(|block| self.config.inherited(block, "alias").is_some());
        // A folder that is found is the location's own request for `index`.
        for word in tested {
            let value = &*word.value;
            let made = value.ends_with("//") || value.contains('$') && (value.ends_with('/') || ends_in_variable(value));
            if made && !matches!(value, "$uri" | "$uri/" | "$document_uri" | "$document_uri/") {
                let brings = if alias { Brings::Extended } else { named(value) };
                self.push(id, brings);
            }
        }
        if last.value.starts_with(['@', '=']) {
            return;
        }
        match named(&last.value) {
            // With `alias`, what is evaluated loses the location's name at its front.
            Brings::Below { raw, .. } if alias => self.push(id, Brings::Below { prefix: "".into(), raw }),
            brings => self.push(id, brings),
        }
    }

    /// Directives of modules that are not known, and `*_pass`es that are not followed.
    fn foreign(&mut self) {
        let config = self.config;
        let suspicious = |name: &str| name.ends_with("_pass") && !handlers::passes(name) || !directives::is_known(name);
        for id in config.named(suspicious).iter() {
            // Up to `http`, or to the top of a fragment, there are only blocks that requests get to.
            let mut around = config.ancestors(id).skip(1).peekable();
            let mut requests = false;
            while let Some(block) = around.next() {
                let name = &*config.directive(block).name.value;
                requests = name == "http" || name == "server" && around.peek().is_none();
                if requests || TABLES.contains(&name) {
                    break;
                }
            }
            if requests {
                self.push(id, Brings::Unread);
            }
        }
    }

    fn includes(&mut self) {
        let config = self.config;
        let main = config.top.iter().any(|id| config.directive(*id).is("http"));
        for id in &config.unknown_includes {
            let outermost = config.ancestors(*id).last().unwrap_or(*id);
            let name = config.directive(*id).arg(0).unwrap_or_default();
            if (!main || config.directive(outermost).is("http")) && name.rsplit('/').next() != Some("mime.types") {
                self.push(*id, Brings::Unread);
            }
        }
    }

    fn references(&mut self, references: &References) {
        let mut names: FxHashMap<Kind, Arc<str>> = FxHashMap::default();
        for reference in references.all() {
            let brings = match reference.kind {
                Kind::Accel | Kind::Code => Brings::Unread,
                Kind::LuaCapture | Kind::LuaExec | Kind::LuaSetUri => match &reference.target {
                    Target::Constant(uri) if uri.starts_with('@') && reference.kind == Kind::LuaExec => continue,
                    // These are decoded (ngx_http_parse_unsafe_uri).
                    Target::Constant(uri) => match uri.split_once('%') {
                        Some((prefix, _)) => Brings::Below { prefix: prefix.into(), raw: true },
                        None => Brings::Uri(uri.clone()),
                    },
                    Target::Dynamic { prefix } if prefix.starts_with('@') && reference.kind == Kind::LuaExec => continue,
                    Target::Dynamic { prefix } => Brings::Below { prefix: prefix.split(['%', '?']).next().unwrap_or("").into(), raw: true },
                },
                _ => continue,
            };
            let what = names.entry(reference.kind).or_insert_with(|| reference.kind.name().into()).clone();
            self.push_in(Some(reference.server), Door { place: Some(reference.place), what, brings });
        }
    }

    /// Lua that changes the URI without a search, and modules that may move requests.
    fn lua(&mut self, lua: &Lua) {
        for code in &lua.codes {
            let module = code.modules.iter().find_map(|(number, module)| {
                let call = code.facts.calls.get(*number).filter(|call| call.kind == CallKind::Require)?;
                let name = call.target.constant()?.strip_prefix("resty.")?;
                let library = name.split('.').next().unwrap_or(name);
                let plain = LIBRARIES.contains(&library) || matches!(library, "balancer" | "chash");
                (matches!(module, Module::Provided) && !plain).then_some(call.span)
            });
            for span in code.facts.uri_changes.first().copied().into_iter().chain(module) {
                let door = Door { place: Some(Place { file: code.file, span }), what: "Lua".into(), brings: Brings::Unread };
                match code.scope.any {
                    true => self.common.push(door),
                    false => code.scope.servers.iter().for_each(|server| self.push_in(Some(*server), door.clone())),
                }
            }
        }
    }
}

/// What an argument with variables stands for: the text up to its first `?` or variable.
fn named(value: &str) -> Brings {
    // Whether there are arguments or not, the path ends here.
    let value =
        ["$is_args$args", "$is_args$query_string", "${is_args}${args}"].iter().find_map(|end| value.strip_suffix(end)).unwrap_or(value);
    let path = value.split('?').next().unwrap_or(value);
    let template = ["{{", "{%", "<%", "@@", "\u{fffd}"].iter().filter_map(|mark| path.find(mark)).min();
    let at = path.find('$').into_iter().chain(template).min();
    match at.and_then(|at| path.get(..at)) {
        None => Brings::Uri(path.into()),
        Some("") if ["$uri", "$document_uri", "${uri}"].iter().any(|variable| path.starts_with(variable)) => Brings::Extended,
        Some(prefix) => Brings::Below { prefix: prefix.into(), raw: template.is_some() || !of_the_uri(path) },
    }
}

/// Are all variables parts of the URI, and of what can't hold `%`, `?` or `#`?
fn of_the_uri(text: &str) -> bool {
    text.split('$').skip(1).all(|part| {
        let name: String = part.trim_start_matches('{').chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect();
        name.bytes().all(|byte| byte.is_ascii_digit())
            || matches!(&*name, "uri" | "document_uri" | "host" | "server_name" | "scheme" | "server_port")
    })
}

fn ends_in_variable(text: &str) -> bool {
    text.rsplit('$').next().is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'{' | b'}')))
}

fn at_least_slash(brings: Brings) -> Brings {
    match brings {
        Brings::Below { prefix, raw } if prefix.is_empty() => Brings::Below { prefix: "/".into(), raw },
        Brings::Extended => Brings::Below { prefix: "/".into(), raw: false },
        other => other,
    }
}

/// `ngx_http_index_handler`: a name with a slash in front is the whole URI, any other is put behind the folder's.
fn index(name: &str) -> Brings {
    let normal = !name.contains("//") && !name.split('/').any(|segment| matches!(segment, "." | ".."));
    if name.starts_with('/') {
        named(name)
    } else if name.contains(['$', '{']) || !normal {
        Brings::Extended
    } else {
        Brings::File(name.into())
    }
}
