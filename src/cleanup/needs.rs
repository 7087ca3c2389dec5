//! What else needs a block: a reference from elsewhere that would lead nowhere, or elsewhere, without it.
//!
//! Only what is certain counts: a name that stands in the configuration, or a URI without variables that this very location takes.
//! What people or programs outside of the configuration send requests to is not looked at here.

use rustc_hash::FxHashMap;

use super::Refusal;
use super::comment;
use crate::config::{Config, Entries, EntryId, LocationId};
use crate::messages::Message;
use crate::phrase;
use crate::project::{FileId, Place, Project, RootKind};
use crate::syntax::{Body, Directive};
use crate::text::Span;
use crate::usage::references::Reference;
use crate::world::{Analysis, View};

/// Why the directives at these spans can't go, if something that stays needs one of them.
pub fn needed(analysis: &Analysis, file: FileId, spans: &[Span]) -> Option<Refusal> {
    let places: Vec<Place> = spans.iter().map(|span| Place { file, span: *span }).collect();
    needed_of(analysis, &places, &places)
}

/// Why those `asked` about can't go together with all that `go`, if something that stays needs one of those asked about.
pub fn needed_of(analysis: &Analysis, go: &[Place], asked: &[Place]) -> Option<Refusal> {
    analysis.views().find_map(|view| {
        let View { root, config, .. } = view;
        let (gone, asked) = (config.inside(go), config.inside(asked));
        if asked.is_empty() {
            return None;
        }
        let without = Without { view, project: view.project, config, gone, asked };
        without.events(root.kind).or_else(|| without.names()).or_else(|| without.empty_upstream()).or_else(|| without.locations())
    })
}

/// A configuration without some of its directives.
struct Without<'a> {
    view: View<'a>,
    project: &'a Project,
    config: &'a Config,
    gone: Entries,
    /// Those of them that are asked about.
    asked: Entries,
}

/// What is defined under a name, in one name space each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Upstream,
    Variable,
    LimitReq,
    LimitConn,
    Cache,
    LogFormat,
}

impl Kind {
    fn what(self) -> Message {
        match self {
            Kind::Upstream => phrase!("refusal-upstream"),
            Kind::Variable => phrase!("refusal-variable"),
            Kind::LimitReq => phrase!("refusal-limit-req"),
            Kind::LimitConn => phrase!("refusal-limit-conn"),
            Kind::Cache => phrase!("refusal-cache"),
            Kind::LogFormat => phrase!("refusal-log-format"),
        }
    }
}

impl Without<'_> {
    fn is_gone(&self, id: EntryId) -> bool {
        self.gone.contains(id)
    }

    /// Those that are asked about, and go.
    fn asked(&self) -> impl Iterator<Item = EntryId> + '_ {
        self.asked.iter().filter(|id| self.is_gone(*id))
    }

    /// A look at all entries: for what is in question only.
    fn stays(&self) -> impl Iterator<Item = EntryId> + '_ {
        (0..self.config.entries.len() as u32).map(EntryId).filter(|id| !self.is_gone(*id))
    }

    fn refusal(&self, by: EntryId, what: Message) -> Refusal {
        let place = self.config.header(by);
        let line = self.project.line(place);
        let file = self.project.display_path(place.file);
        let user = comment::title(self.config.directive(by));
        let reason = phrase!("refusal-needs", user = user, at = format!("{file}:{line}"), what = what);
        Refusal { reason, place: Some(place) }
    }

    /// `ngx_event_init_conf`: "no "events" section in configuration".
    fn events(&self, root: RootKind) -> Option<Refusal> {
        let is = |id: &EntryId| self.config.entry(*id).parent.is_none() && self.config.directive(*id).is("events");
        let needed = root == RootKind::Main && self.asked().any(|id| is(&id)) && !self.stays().any(|id| is(&id));
        needed.then(|| Refusal::new(phrase!("refusal-events")))
    }

    /// `ngx_http_upstream`: "no servers are inside upstream".
    fn empty_upstream(&self) -> Option<Refusal> {
        let blocks = self.asked().filter_map(|id| self.config.entry(id).parent);
        let mut blocks: Vec<EntryId> =
            blocks.filter(|block| !self.is_gone(*block) && self.config.directive(*block).is("upstream")).collect();
        blocks.dedup();
        let upstreams = blocks.iter().filter_map(|block| self.config.upstreams.iter().find(|upstream| upstream.entry == *block));
        let mut emptied = upstreams.filter(|upstream| {
            upstream.servers.iter().any(|(_, id)| self.asked.contains(*id)) && upstream.servers.iter().all(|(_, id)| self.is_gone(*id))
        });
        emptied.next().map(|upstream| {
            let place = self.config.header(upstream.entry);
            Refusal { reason: phrase!("refusal-empty-upstream", name = &*upstream.name), place: Some(place) }
        })
    }

    fn names(&self) -> Option<Refusal> {
        let mut missing: FxHashMap<(Kind, String), ()> =
            self.asked().flat_map(|id| definitions(self.config.directive(id))).map(|key| (key, ())).collect();
        if missing.is_empty() {
            return None;
        }
        for id in self.stays() {
            for key in definitions(self.config.directive(id)) {
                missing.remove(&key);
            }
        }
        if missing.is_empty() {
            return None;
        }
        let variables: Vec<&str> = missing.keys().filter(|(kind, _)| *kind == Kind::Variable).map(|(_, name)| name.as_str()).collect();
        self.stays().find_map(|id| {
            let directive = self.config.directive(id);
            let parent = self.config.entry(id).parent.map(|parent| self.config.directive(parent));
            let mut used = uses(directive, parent);
            // A server's `$name` in a map or a log format is looked up when nginx starts, whether or not a request comes by.
            for variable in &variables {
                if directive.args.iter().any(|word| mentions(&word.value, variable)) && !defines(directive, variable) {
                    used.push((Kind::Variable, (*variable).to_owned()));
                }
            }
            let (kind, name) = used.into_iter().find(|key| missing.contains_key(key))?;
            let sigil = if kind == Kind::Variable { "$" } else { "" };
            Some(self.refusal(id, phrase!("refusal-defined", kind = kind.what(), name = format!("{sigil}{name}"))))
        })
    }

    fn locations(&self) -> Option<Refusal> {
        let locations: Vec<LocationId> = self.asked.iter().filter_map(|id| self.config.location_at(id)).collect();
        if locations.is_empty() {
            return None;
        }
        let references = self.view.references();
        let server_stays = |reference: &Reference| !self.is_gone(self.config.server(reference.server).entry);
        locations.into_iter().find_map(|location| {
            let needed = references.needed_by(self.config, location);
            let reference = needed.into_iter().find(|reference| !self.is_inside(reference.place) && server_stays(reference))?;
            Some(self.location(reference))
        })
    }

    /// True for a place in something that goes.
    fn is_inside(&self, place: Place) -> bool {
        self.gone.iter().any(|id| self.config.place(id).file == place.file && self.config.place(id).span.covers(place.span))
    }

    fn location(&self, reference: &Reference) -> Refusal {
        let place = reference.place;
        let text = self.project.text(place.file);
        let line = text.line_of(place.span.start) + 1;
        // The directive as it is written; of Lua the call that names the URI.
        let target = reference.target.constant().unwrap_or_default();
        let entry = self.stays().find(|id| {
            let own = self.config.place(*id);
            own.file == place.file && own.span.covers(place.span) && matches!(self.config.directive(*id).body, Body::Simple)
        });
        let user = match entry {
            Some(entry) => comment::title(self.config.directive(entry)),
            None => format!("{}(\"{target}\")", reference.kind.name()),
        };
        let name = reference.to.map(|to| self.config.location(to).matcher.display()).unwrap_or_default();
        let at = format!("{}:{line}", self.project.display_path(place.file));
        let reason = match target.starts_with('@') {
            true => phrase!("refusal-needs", user = user, at = at, what = phrase!("refusal-location", name = name)),
            false => phrase!("refusal-location-takes", user = user, at = at, name = name, uri = target),
        };
        Refusal { reason, place: Some(place) }
    }
}

/// What a directive defines for the rest of the configuration.
fn definitions(directive: &Directive) -> Vec<(Kind, String)> {
    let arg = |index: usize| directive.arg(index).unwrap_or_default();
    let variable = |name: &str| name.strip_prefix('$').filter(|name| !exists_anyway(name)).map(|name| (Kind::Variable, name.to_owned()));
    let option = |key: &str| {
        let value = directive.args.iter().find_map(|word| word.value.strip_prefix(key))?;
        value.split(':').next().map(str::to_owned)
    };
    let name = &*directive.name.value;
    let one = match name {
        "upstream" => Some((Kind::Upstream, arg(0).to_lowercase())),
        "set" | "js_set" | "perl_set" | "auth_request_set" | "js_var" | "set_by_lua_block" | "set_by_lua_file" | "set_by_lua" => {
            variable(arg(0))
        }
        "map" | "split_clients" => variable(arg(1)),
        "geo" => variable(arg(1)).or_else(|| variable(arg(0))),
        "limit_req_zone" => option("zone=").map(|zone| (Kind::LimitReq, zone)),
        "limit_conn_zone" => option("zone=").map(|zone| (Kind::LimitConn, zone)),
        "proxy_cache_path" | "fastcgi_cache_path" | "uwsgi_cache_path" | "scgi_cache_path" => {
            option("keys_zone=").map(|zone| (Kind::Cache, zone))
        }
        "log_format" => Some((Kind::LogFormat, arg(0).to_owned())),
        _ => None,
    };
    one.into_iter().collect()
}

/// Variables of nginx's own that `set` and `map` may give another value (`NGX_HTTP_VAR_CHANGEABLE`, `NGX_HTTP_VAR_WEAK`), and the
/// families of which every name exists (`NGX_HTTP_VAR_PREFIX`): without the directive they are still there.
fn exists_anyway(name: &str) -> bool {
    let families = ["http_", "sent_http_", "sent_trailer_", "upstream_http_", "upstream_trailer_", "upstream_cookie_", "cookie_", "arg_"];
    matches!(name, "args" | "limit_rate" | "proxy_add_x_forwarded_for") || families.iter().any(|family| name.starts_with(family))
}

fn defines(directive: &Directive, variable: &str) -> bool {
    definitions(directive).iter().any(|(kind, name)| *kind == Kind::Variable && name == variable)
}

/// What a directive uses by name; variables apart.
fn uses(directive: &Directive, parent: Option<&Directive>) -> Vec<(Kind, String)> {
    let arg = |index: usize| directive.arg(index).unwrap_or_default();
    let name = &*directive.name.value;
    match name {
        "limit_req" => {
            directive.args.iter().filter_map(|word| Some((Kind::LimitReq, word.value.strip_prefix("zone=")?.to_owned()))).collect()
        }
        "limit_conn" => vec![(Kind::LimitConn, arg(0).to_owned())],
        "proxy_cache" | "fastcgi_cache" | "uwsgi_cache" | "scgi_cache" => vec![(Kind::Cache, arg(0).to_owned())],
        "access_log" => vec![(Kind::LogFormat, directive.arg(1).unwrap_or("combined").to_owned())],
        "proxy_pass" | "fastcgi_pass" | "uwsgi_pass" | "scgi_pass" | "grpc_pass" | "memcached_pass" => {
            vec![(Kind::Upstream, host(arg(0)).to_lowercase())]
        }
        // Where the name of an upstream comes from when a pass is given a variable.
        _ if name == "set" || parent.is_some_and(|parent| ["map", "geo", "split_clients"].iter().any(|name| parent.is(name))) => {
            directive.args.iter().map(|word| (Kind::Upstream, host(&word.value).to_lowercase())).collect()
        }
        _ => Vec::new(),
    }
}

/// `http://backend/path` → `backend`
fn host(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    behind.split('/').next().unwrap_or_default()
}

/// True when the text has `$name` or `${name}`.
fn mentions(text: &str, name: &str) -> bool {
    text.match_indices('$').any(|(at, _)| {
        let behind = &text[at + 1..];
        match behind.strip_prefix('{') {
            Some(braced) => braced.strip_prefix(name).is_some_and(|rest| rest.starts_with('}')),
            None => behind.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')),
        }
    })
}
