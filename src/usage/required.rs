//! Names without whose definition nginx does not start, and what uses them.

use rustc_hash::FxHashMap;

use crate::config::{Config, EntryId};
use crate::syntax::{Directive, Word};

/// What is defined under a name, in one name space each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `upstream`
    Upstream,
    /// `set`, `map` and others, the name without `$`.
    Variable,
    /// `limit_req_zone`
    LimitReq,
    /// `limit_conn_zone`
    LimitConn,
    /// `keys_zone=` of `proxy_cache_path` and its relatives.
    Cache,
    /// `log_format`
    LogFormat,
}

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
            let defined = defined_by(&entry.directive);
            let parent = entry.parent.map(|parent| config.directive(parent));
            let mut used = used_by(&entry.directive, parent);
            // A server's `$name` in a map or a log format is looked up when nginx starts, whether or not a request comes by.
            for word in entry.directive.args.iter().filter(|word| word.has_dollar()) {
                variables(word, |name| used.push((Kind::Variable, name.to_ascii_lowercase().into())));
            }
            for key in used.into_iter().filter(|key| Some(key) != defined.as_ref()) {
                let users = out.used.entry(key).or_default();
                if users.last() != Some(&id) {
                    users.push(id);
                }
            }
            if let Some(key) = defined {
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

/// What a directive defines for the rest of the configuration.
pub fn defined_by(directive: &Directive) -> Option<Key> {
    let arg = |index: usize| directive.arg(index).unwrap_or_default();
    let variable = |name: &str| {
        let name = name.strip_prefix('$').filter(|name| !exists_anyway(name))?;
        Some((Kind::Variable, name.to_ascii_lowercase().into()))
    };
    let option = |kind: Kind, key: &str| {
        let value = directive.args.iter().find_map(|word| word.value.strip_prefix(key))?;
        Some((kind, value.split(':').next()?.into()))
    };
    match &*directive.name.value {
        "upstream" => Some((Kind::Upstream, arg(0).to_lowercase().into())),
        "set" | "js_set" | "perl_set" | "auth_request_set" | "js_var" | "set_by_lua_block" | "set_by_lua_file" | "set_by_lua" => {
            variable(arg(0))
        }
        "map" | "split_clients" => variable(arg(1)),
        "geo" => variable(arg(1)).or_else(|| variable(arg(0))),
        "limit_req_zone" => option(Kind::LimitReq, "zone="),
        "limit_conn_zone" => option(Kind::LimitConn, "zone="),
        "proxy_cache_path" | "fastcgi_cache_path" | "uwsgi_cache_path" | "scgi_cache_path" => option(Kind::Cache, "keys_zone="),
        "log_format" => Some((Kind::LogFormat, arg(0).into())),
        _ => None,
    }
}

/// Variables of nginx's own that `set` and `map` may give another value (`NGX_HTTP_VAR_CHANGEABLE`, `NGX_HTTP_VAR_WEAK`), and the
/// families of which every name exists (`NGX_HTTP_VAR_PREFIX`): without the directive they are still there.
fn exists_anyway(name: &str) -> bool {
    let families = ["http_", "sent_http_", "sent_trailer_", "upstream_http_", "upstream_trailer_", "upstream_cookie_", "cookie_", "arg_"];
    matches!(name, "args" | "limit_rate" | "proxy_add_x_forwarded_for") || families.iter().any(|family| name.starts_with(family))
}

/// What a directive uses by name; variables apart.
fn used_by(directive: &Directive, parent: Option<&Directive>) -> Vec<Key> {
    let arg = |index: usize| directive.arg(index).unwrap_or_default();
    let upstream = |url: &str| (Kind::Upstream, host(url).to_lowercase().into());
    let name = &*directive.name.value;
    match name {
        "limit_req" => directive.args.iter().filter_map(|word| Some((Kind::LimitReq, word.value.strip_prefix("zone=")?.into()))).collect(),
        "limit_conn" => vec![(Kind::LimitConn, arg(0).into())],
        "proxy_cache" | "fastcgi_cache" | "uwsgi_cache" | "scgi_cache" => vec![(Kind::Cache, arg(0).into())],
        "access_log" => vec![(Kind::LogFormat, directive.arg(1).unwrap_or("combined").into())],
        "proxy_pass" | "fastcgi_pass" | "uwsgi_pass" | "scgi_pass" | "grpc_pass" | "memcached_pass" => vec![upstream(arg(0))],
        // Where the name of an upstream comes from when a pass is given a variable.
        _ if name == "set" || parent.is_some_and(|parent| ["map", "geo", "split_clients"].iter().any(|name| parent.is(name))) => {
            directive.args.iter().map(|word| upstream(&word.value)).collect()
        }
        _ => Vec::new(),
    }
}

/// `http://backend/path` → `backend`
fn host(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    behind.split('/').next().unwrap_or_default()
}

/// The names in `$name` and `${name}` (`ngx_http_script_compile`).
fn variables<'a>(word: &'a Word, mut found: impl FnMut(&'a str)) {
    for (at, _) in word.value.match_indices('$') {
        let behind = word.value.get(at + 1..).unwrap_or_default();
        let (name, braced) = behind.strip_prefix('{').map_or((behind, false), |name| (name, true));
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(name.len());
        let (name, rest) = name.split_at(end);
        if !name.is_empty() && (!braced || rest.starts_with('}')) {
            found(name);
        }
    }
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
        assert_eq!(said(Kind::LimitReq, "z"), "limit_req_zone < limit_req");
        assert_eq!(said(Kind::LogFormat, "f"), "log_format < access_log");
    }
}
