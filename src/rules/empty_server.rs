//! `empty-server`: a server that says nothing about how to answer.

use super::claims::Claims;
use super::dead_server::is_whole;
use super::{Confidence, Finding, Rule, Severity};
use crate::config::{Config, ServerId};
use crate::message;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule =
    Rule { id: "empty-server", summary: "a server that says nothing about how to answer", severity: Severity::Hint, check };

/// What a server may hold and still not say how to answer; all that begins with `ssl_` beside `ssl_reject_handshake`.
const SILENT: [&str; 17] = [
    "listen",
    "server_name",
    "server_tokens",
    "access_log",
    "error_log",
    "http2",
    "http3",
    "charset",
    "keepalive_timeout",
    "client_max_body_size",
    "client_body_timeout",
    "client_header_timeout",
    "send_timeout",
    "resolver",
    "sendfile",
    "tcp_nodelay",
    "tcp_nopush",
];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut claims = Claims::default();
    for view in analysis.views().filter(|view| is_whole(*view)) {
        let (config, language) = (view.config, view.language);
        let empty: Vec<ServerId> =
            (0..config.servers.len()).map(|index| ServerId(index as u32)).filter(|id| is_empty(config, *id)).collect();
        if empty.is_empty() || http_answers(config) {
            continue;
        }
        for id in empty.into_iter().filter(|id| !view.names().dead.contains(id)) {
            let server = config.server(id);
            let message = message!(language, "empty-server-says", server = config.display_server(id));
            let finding = Finding::new(RULE.id, RULE.severity, Confidence::Likely, config.header(server.entry), message)
                .note(message!(language, "empty-server-refuse"));
            claims.add(config, server.entry, 0, finding);
        }
    }
    out.extend(claims.confirmed(analysis));
}

fn is_empty(config: &Config, id: ServerId) -> bool {
    let entry = config.server(id).entry;
    let silent =
        |name: &str| SILENT.contains(&name) || name.starts_with("ssl_") && name != "ssl_reject_handshake" && !name.contains("_by_lua");
    config.entry(entry).children.iter().all(|id| silent(&config.directive(*id).name.value))
        && !config.unknown_includes.iter().any(|include| config.entry(*include).parent == Some(entry))
}

/// Is there something at the level of http that says where files are, or that may answer?
fn http_answers(config: &Config) -> bool {
    const ANSWER: [&str; 10] =
        ["root", "index", "autoindex", "error_page", "deny", "auth_basic", "auth_request", "random_index", "modsecurity", "post_action"];
    let http = config.top.iter().copied().filter(|id| config.directive(*id).is("http"));
    http.flat_map(|http| &config.entry(http).children).any(|id| {
        let name = &*config.directive(*id).name.value;
        ANSWER.contains(&name) || name.contains("_by_lua") || name.starts_with("js_") || name.starts_with("perl")
    })
}
