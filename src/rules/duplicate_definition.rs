//! `duplicate-definition`: two things of one name, of which nginx takes one only.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::claims::{is_filled_in, is_unreliable};
use super::{Confidence, Finding, Rule, Severity};
use crate::config::EntryId;
use crate::message;
use crate::nginx::case::lower;
use crate::nginx::context::Context;
use crate::nginx::values::{offset, size};
use crate::nginx::variables;
use crate::project::RootKind;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "duplicate-definition",
    summary: "two upstreams, zones, log formats or lines of a map of one name: nginx refuses to start",
    severity: Severity::Error,
    check,
};

/// Variables of the core that are older than any nginx that is still about.
const OLD: (u32, u32) = (1, 18);

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let mut checker = Checker { view, known: FxHashMap::default(), zones: FxHashMap::default(), out: Vec::new() };
        for id in view.config.named(defines).iter() {
            checker.entry(id);
        }
        out.extend(checker.out.into_iter().filter(|finding| !is_unreliable(analysis, finding.place.file)));
    }
}

/// Is it the name of a directive that defines something?
fn defines(name: &str) -> bool {
    let variable = matches!(name, "map" | "geo" | "split_clients" | "set" | "auth_request_set" | "js_set" | "perl_set");
    let memory = matches!(name, "limit_req_zone" | "limit_conn_zone" | "ssl_session_cache" | "lua_shared_dict" | "zone");
    variable || memory || name.ends_with("_cache_path") || matches!(name, "upstream" | "log_format")
}

struct Checker<'a> {
    view: View<'a>,
    /// By what it is, the protocol and the name.
    known: FxHashMap<(&'static str, &'static str, String), EntryId>,
    /// Shared memory: all protocols have their names in common.
    zones: FxHashMap<String, (EntryId, &'static str, &'static str, Option<i64>)>,
    out: Vec<Finding>,
}

impl Checker<'_> {
    fn entry(&mut self, id: EntryId) {
        let config = self.view.config;
        let entry = config.entry(id);
        let Some(context) = entry.context.filter(|context| *context != Context::Data) else { return };
        let directive = &entry.directive;
        let (protocol, first) = (context.protocol(), directive.arg(0).unwrap_or_default());
        match &*directive.name.value {
            "upstream" => self.named(id, "upstream", protocol, first.to_ascii_lowercase(), 0),
            "log_format" if first == "combined" && protocol == "http" => {
                self.refuse(id, 0, message!(self.view.language, "duplicate-definition-combined"), None);
            }
            "log_format" => self.named(id, "log_format", protocol, first.to_owned(), 0),
            "limit_req_zone" => self.zone_of(id, "limit_req_zone", protocol, "zone=", true),
            "limit_conn_zone" => self.zone_of(id, "limit_conn_zone", protocol, "zone=", true),
            "proxy_cache_path" => self.zone_of(id, "proxy_cache_path", protocol, "keys_zone=", true),
            "fastcgi_cache_path" => self.zone_of(id, "fastcgi_cache_path", protocol, "keys_zone=", true),
            "uwsgi_cache_path" => self.zone_of(id, "uwsgi_cache_path", protocol, "keys_zone=", true),
            "scgi_cache_path" => self.zone_of(id, "scgi_cache_path", protocol, "keys_zone=", true),
            "ssl_session_cache" => self.zone_of(id, "ssl_session_cache", protocol, "shared:", false),
            "lua_shared_dict" => self.zone(id, "lua_shared_dict", protocol, (0, first, directive.arg(1).unwrap_or_default()), true),
            "zone" if matches!(context, Context::Upstream | Context::StreamUpstream) => {
                self.zone(id, "upstream", protocol, (0, first, directive.arg(1).unwrap_or_default()), false);
            }
            "map" => {
                self.variable(id, protocol, 1);
                self.lines(id);
            }
            "geo" | "split_clients" => self.variable(id, protocol, directive.args.len().saturating_sub(1)),
            "set" | "auth_request_set" | "js_set" | "perl_set" => self.variable(id, protocol, 0),
            _ => {}
        }
    }

    fn named(&mut self, id: EntryId, kind: &'static str, protocol: &'static str, name: String, argument: usize) {
        if name.is_empty() || is_filled_in(&name) {
            return;
        }
        match self.known.get(&(kind, protocol, name.clone())).copied() {
            None => drop(self.known.insert((kind, protocol, name), id)),
            Some(first) => {
                let message = message!(self.view.language, "duplicate-definition-named", kind = kind, name = name);
                self.refuse(id, argument, message, Some(first));
            }
        }
    }

    /// The shared memory that an argument defines: `zone=name:10m`.
    fn zone_of(&mut self, id: EntryId, kind: &'static str, protocol: &'static str, key: &str, once: bool) {
        let config = self.view.config;
        for (index, word) in config.directive(id).args.iter().enumerate() {
            if let Some((name, bytes)) = word.value.strip_prefix(key).and_then(|zone| zone.split_once(':')) {
                self.zone(id, kind, protocol, (index, name, bytes), once);
            }
        }
    }

    /// `ngx_shared_memory_add`: one use and one size for each name; and what is made once only.
    fn zone(&mut self, id: EntryId, kind: &'static str, protocol: &'static str, (argument, name, bytes): (usize, &str, &str), once: bool) {
        if name.is_empty() || is_filled_in(name) || is_filled_in(bytes) {
            return;
        }
        let language = self.view.language;
        let bytes = if kind == "lua_shared_dict" { offset(bytes).or_else(|| size(bytes)) } else { size(bytes) };
        let Some((first, used, of, known)) = self.zones.get_mut(name) else {
            self.zones.insert(name.to_owned(), (id, kind, protocol, bytes));
            return;
        };
        let first = *first;
        let message = if *used != kind || *of != protocol {
            message!(language, "duplicate-definition-use", name = name, used = *used)
        } else if once {
            message!(language, "duplicate-definition-zone", kind = kind, name = name)
        } else if known.is_some() && bytes.is_some() && *known != bytes {
            message!(language, "duplicate-definition-size", name = name)
        } else {
            *known = known.or(bytes);
            return;
        };
        self.refuse(id, argument, message, Some(first));
    }

    /// `ngx_http_add_variable`: "the duplicate … variable".
    fn variable(&mut self, id: EntryId, protocol: &'static str, argument: usize) {
        let Some(name) = self.view.config.directive(id).arg(argument).and_then(|word| word.strip_prefix('$')) else { return };
        let Some(own) = variables::find(name, protocol) else { return };
        let core = own.documentation().is_some_and(|page| page.contains("_core_module.html"));
        let mut since = own.since.split('.').map(|part| part.parse().unwrap_or(0));
        let old = (since.next().unwrap_or(0), since.next().unwrap_or(0)) < OLD;
        if core && old && !own.prefix && !own.changeable && own.name == name {
            self.refuse(id, argument, message!(self.view.language, "duplicate-definition-variable", name = name), None);
        }
    }

    /// `ngx_http_map`: one `default`, and each key once, without case.
    fn lines(&mut self, map: EntryId) {
        let config = self.view.config;
        let mut keys: FxHashMap<Cow<str>, EntryId> = FxHashMap::default();
        let mut hostnames = false;
        for line in &config.entry(map).children {
            let directive = config.directive(*line);
            let key = &*directive.name.value;
            // It counts from its line on.
            hostnames |= key == "hostnames" && directive.args.is_empty();
            if directive.args.len() != 1 || key.starts_with('~') || key == "include" || is_filled_in(key) {
                continue;
            }
            // A key that is named `default` is another thing.
            let kept = match key {
                "default" => Cow::Borrowed("\0"),
                _ => lower(key.strip_prefix('\\').unwrap_or(key)),
            };
            // `ngx_hash_add_key`: `.x` is `x` and `*.x`.
            let (kept, and) = match kept.strip_prefix('.').filter(|name| hostnames && !name.is_empty()) {
                Some(name) => (Cow::Owned(name.to_owned()), Some(format!("*{kept}"))),
                None => (kept, None),
            };
            match keys.get(&kept).or_else(|| keys.get(and.as_deref()?)).copied() {
                None => {
                    keys.insert(kept, *line);
                    keys.extend(and.map(|and| (Cow::Owned(and), *line)));
                }
                Some(first) => {
                    let other = config.name(first);
                    let message = match other.eq_ignore_ascii_case(key) || !hostnames {
                        true => message!(self.view.language, "duplicate-definition-line", key = key),
                        false => message!(self.view.language, "duplicate-definition-host", key = key, other = other),
                    };
                    let place = crate::project::Place { file: config.entry(*line).file, span: directive.name.span };
                    self.add(place, message, Some(first));
                }
            }
        }
    }

    fn refuse(&mut self, id: EntryId, argument: usize, message: String, first: Option<EntryId>) {
        self.add(self.view.config.arg_place(id, argument), message, first);
    }

    /// A file that nothing includes may be a page of alternatives.
    fn add(&mut self, place: crate::project::Place, message: String, first: Option<EntryId>) {
        let whole = self.view.root.kind == RootKind::Main;
        let (severity, confidence) = if whole { (RULE.severity, Confidence::Proven) } else { (Severity::Warning, Confidence::Likely) };
        let mut finding = Finding::new(RULE.id, severity, confidence, place, message);
        if let Some(first) = first {
            finding = finding.related(self.view.config.header(first), message!(self.view.language, "the-first"));
        }
        self.out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn http(text: &str) -> usize {
        findings(check, &format!("events {{}} http {{ {text} }}")).len()
    }

    #[test]
    fn names() {
        assert_eq!(http("upstream a { server b; } upstream A { server c; }"), 1);
        assert_eq!(http("log_format a x; log_format A y;"), 0);
        assert_eq!(http("log_format a x; log_format a y; log_format combined z;"), 2);
        assert_eq!(findings(check, "events {} http { upstream a { server b; } } stream { upstream a { server b:1; } }").len(), 0);
        assert_eq!(http("upstream ${A} { server b; } upstream ${A} { server c; }"), 0);
    }

    #[test]
    fn zones() {
        assert_eq!(http("limit_req_zone $a zone=z:1m rate=1r/s; limit_req_zone $b zone=z:1m rate=1r/s;"), 1);
        assert_eq!(http("limit_req_zone $a zone=z:1m rate=1r/s; limit_conn_zone $b zone=z:1m;"), 1);
        assert_eq!(http("proxy_cache_path /a keys_zone=c:1m; proxy_cache_path /b keys_zone=c:1m;"), 1);
        assert_eq!(http("server { ssl_session_cache shared:S:1m; } server { ssl_session_cache shared:S:1m; }"), 0);
        assert_eq!(http("server { ssl_session_cache shared:S:1m; } server { ssl_session_cache shared:S:2m; }"), 1);
        assert_eq!(http("upstream a { zone z 1m; server b; } upstream c { zone z; server d; }"), 0);
    }

    #[test]
    fn variables_and_lines() {
        assert_eq!(http("map $a $host { default 1; } map $a $b { default 1; x 2; X 3; default 4; \\default 5; ~x 6; }"), 3);
        assert_eq!(
            http(
                "map $host $a { hostnames; .a.com 1; a.com 2; b.com 3; .B.com 4; *.c.com 5; .c.com 6; .d.com 7; *.d.com 8; e.* 9; E.* 0; }"
            ),
            5
        );
        assert_eq!(http("map $host $a { hostnames; .a.com 1; b.a.com 2; *.b.a.com 3; b.com 4; *.b.com 5; c.* 6; .c.d 7; }"), 0);
        assert_eq!(http("map $host $a { .a.com 1; a.com 2; hostnames; *.a.com 3; }"), 0, "`hostnames` counts from its line on");
        assert_eq!(http("server { set $uri /x; set $args a; set $limit_rate 1k; set $http_x 1; }"), 1);
    }
}
