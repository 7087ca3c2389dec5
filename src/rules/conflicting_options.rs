//! `conflicting-options`: settings that exclude each other, or of which one takes the effect of another away.

mod buffers;

use rustc_hash::FxHashMap;

use super::claims::is_unreliable;
use super::{Confidence, Finding, Rule, Severity};
use crate::config::{EntryId, ServerId};
use crate::message;
use crate::nginx::context::Context;
use crate::project::RootKind;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "conflicting-options",
    summary: "settings that exclude each other: buffers, `listen` options, load balancing",
    severity: Severity::Error,
    check,
};

/// Options that hold for the socket: one `listen` of it may have them (`lsopt.set` of `ngx_http_core_listen`).
const SOCKET: [&str; 4] = ["bind", "deferred", "reuseport", "multipath"];
/// Those with a value.
const SOCKET_KEYS: [&str; 8] = ["setfib=", "fastopen=", "backlog=", "rcvbuf=", "sndbuf=", "accept_filter=", "ipv6only=o", "so_keepalive="];

/// Methods of load balancing, each of which takes the place of the one before.
const METHODS: [&str; 4] = ["ip_hash", "hash", "least_conn", "random"];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let mut found = Vec::new();
        listens(view, &mut found);
        upstreams(view, &mut found);
        stores(view, &mut found);
        buffers::check(view, &mut found);
        out.extend(found.into_iter().filter(|finding| !is_unreliable(analysis, finding.place.file)));
    }
}

/// What nginx refuses. A file that nothing includes may be a page of alternatives.
fn refused(view: View, place: crate::project::Place, message: String) -> Finding {
    let whole = view.root.kind == RootKind::Main;
    let (severity, confidence) = if whole { (RULE.severity, Confidence::Proven) } else { (Severity::Warning, Confidence::Likely) };
    Finding::new(RULE.id, severity, confidence, place, message)
}

/// `ngx_http_add_addresses`: "duplicate listen options".
fn listens(view: View, out: &mut Vec<Finding>) {
    let (config, language) = (view.config, view.language);
    let of_socket = |id: EntryId| {
        let args = config.directive(id).args.iter().enumerate().skip(1);
        let own = |text: &str| SOCKET.contains(&text) || SOCKET_KEYS.iter().any(|key| text.starts_with(key));
        args.into_iter().find(|(_, word)| own(&word.value)).map(|(index, _)| index)
    };
    let mut first: FxHashMap<(&str, u16, bool), (ServerId, EntryId)> = FxHashMap::default();
    for (index, server) in config.servers.iter().enumerate() {
        let id = ServerId(index as u32);
        for listen in &server.listens {
            let Some(entry) = listen.entry else { continue };
            let Some(option) = of_socket(entry) else { continue };
            let key = (&*listen.address, listen.port, listen.quic);
            match first.get(&key).copied() {
                None => drop(first.insert(key, (id, entry))),
                Some((other, before)) if other != id => {
                    let socket = if listen.port == 0 { listen.address.clone() } else { format!("{}:{}", listen.address, listen.port) };
                    let word = config.directive(entry).arg(option).unwrap_or_default();
                    let message = message!(language, "conflicting-options-listen", option = word, socket = socket);
                    let finding = refused(view, config.arg_place(entry, option), message);
                    out.push(finding.related(config.header(before), message!(language, "the-first")));
                }
                Some(_) => {}
            }
        }
    }
}

/// `ngx_http_upstream_hash` and its relatives: they take the place of what was set before. That some know no
/// `backup` is told by `dead-upstream`.
fn upstreams(view: View, out: &mut Vec<Finding>) {
    let (config, language) = (view.config, view.language);
    for upstream in config.all("upstream") {
        let (mut method, mut keepalive): (Option<EntryId>, Option<EntryId>) = (None, None);
        for child in &config.entry(*upstream).children {
            let directive = config.directive(*child);
            match &*directive.name.value {
                "keepalive" => keepalive = Some(*child),
                name if METHODS.contains(&name) => {
                    if let Some(before) = keepalive.take() {
                        let message = message!(language, "conflicting-options-keepalive", method = name);
                        let finding = Finding::new(RULE.id, Severity::Warning, Confidence::Proven, config.header(before), message);
                        out.push(finding.related(config.header(*child), message!(language, "conflicting-options-method")));
                    }
                    if let Some(before) = method {
                        let earlier = &*config.directive(before).name.value;
                        let message = message!(language, "conflicting-options-methods", method = name, earlier = earlier);
                        let finding = Finding::new(RULE.id, Severity::Warning, Confidence::Proven, config.header(before), message);
                        out.push(finding.related(config.header(*child), message!(language, "conflicting-options-method")));
                    }
                    method = Some(*child);
                }
                _ => {}
            }
        }
    }
}

/// `ngx_http_proxy_store`, `ngx_http_proxy_cache`: both in one block are refused.
fn stores(view: View, out: &mut Vec<Finding>) {
    let (config, language) = (view.config, view.language);
    for (store, cache) in
        [("proxy_store", "proxy_cache"), ("fastcgi_store", "fastcgi_cache"), ("uwsgi_store", "uwsgi_cache"), ("scgi_store", "scgi_cache")]
    {
        let on = |id: EntryId| config.directive(id).arg(0).is_some_and(|value| value != "off");
        for id in config.all(store).iter().copied().filter(|id| on(*id)) {
            let Some(parent) = config.entry(id).parent else { continue };
            let http = config.entry(id).context.is_some_and(|context| context.protocol() == "http" && context != Context::Upstream);
            if let Some(other) = config.children(parent, cache).find(|other| http && on(*other)) {
                let (first, second) = if other < id { (other, id) } else { (id, other) };
                let message = message!(language, "conflicting-options-store", store = store, cache = cache);
                let finding = refused(view, config.header(second), message);
                out.push(finding.related(config.header(first), message!(language, "conflicting-options-other")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn http(text: &str) -> Vec<Severity> {
        findings(check, &format!("events {{}} http {{ {text} }}")).into_iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn options_of_sockets() {
        assert_eq!(http("server { listen 80 backlog=9; } server { listen 80 reuseport; server_name b; }"), [Severity::Error]);
        assert_eq!(http("server { listen 80 backlog=9; } server { listen 80 default_server; } server { listen 81 reuseport; }"), []);
    }

    #[test]
    fn load_balancing() {
        assert_eq!(http("upstream a { keepalive 3; least_conn; server b; }"), [Severity::Warning]);
        assert_eq!(http("upstream a { least_conn; keepalive 3; server b; server c backup; }"), []);
        assert_eq!(http("upstream a { hash $uri; server b; server c backup; }"), [], "told by dead-upstream");
        assert_eq!(http("upstream a { server b; server c backup; hash $uri; }"), []);
        assert_eq!(http("upstream a { ip_hash; least_conn; server b; }"), [Severity::Warning]);
    }

    #[test]
    fn stores_and_buffers() {
        assert_eq!(http("server { location / { proxy_store on; proxy_cache a; } }"), [Severity::Error]);
        assert_eq!(http("server { location / { proxy_store on; } proxy_cache a; }"), []);
        assert_eq!(http("server { proxy_buffer_size 64k; }"), [Severity::Error]);
        assert_eq!(http("proxy_buffers 8 64k; server { location / { proxy_buffer_size 64k; } }"), []);
        assert_eq!(http("proxy_buffers 1 64k; server {} server {}"), [Severity::Error; 2], "each server, at one place");
        assert_eq!(http("proxy_buffer_size 64k; server { proxy_buffers 8 64k; }"), []);
        assert_eq!(http("proxy_buffer_size 64k;"), []);
        assert_eq!(http("server { fastcgi_buffers 4 16k; fastcgi_busy_buffers_size 64k; }"), [Severity::Error]);
        assert_eq!(http("server { fastcgi_buffers 4 16k; fastcgi_busy_buffers_size 8k; }"), [Severity::Error]);
        assert_eq!(http("server { proxy_max_temp_file_size 0; proxy_buffers 16 32k; proxy_buffer_size 64k; }"), []);
        assert_eq!(http("server { proxy_buffer_size $SIZE; }"), []);
    }
}
