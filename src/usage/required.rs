//! Names without whose definition nginx does not start, and what uses them.

use rustc_hash::FxHashMap;

use super::definitions::{self, Kind, host, variables_in};
use crate::config::{Config, EntryId};
use crate::syntax::Directive;

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
                variables_in(&word.value, |name| used.push(key(Kind::Variable, name)));
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
    let set_by_lua =
        || Some((Kind::Variable, directive.arg(0).filter(|_| directive.name.value.starts_with("set_by_lua"))?.strip_prefix('$')?));
    let (kind, name) = definitions::defined_by(directive).map(|(kind, name, _)| (kind, name)).or_else(set_by_lua)?;
    (kind != Kind::Variable || !exists_anyway(name)).then(|| key(kind, name))
}

fn key(kind: Kind, name: &str) -> Key {
    match kind {
        Kind::Variable | Kind::Upstream => (kind, name.to_ascii_lowercase().into()),
        _ => (kind, name.into()),
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
}
