//! `missing-directive`: something that nginx can't start without.

use rustc_hash::FxHashMap;

use super::claims::is_unreliable;
use super::{Confidence, Finding, Rule, Severity};
use crate::config::{Config, EntryId, ServerId};
use crate::message;
use crate::nginx::directives;
use crate::project::RootKind;
use crate::usage::definitions::{Protocol, unseen};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "missing-directive",
    summary: "something that nginx can't start without: a certificate, a key, `events`",
    severity: Severity::Error,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views().filter(|view| view.root.kind == RootKind::Main) {
        let config = view.config;
        let mut found = Vec::new();
        if unseen(config, Protocol::Http, false).next().is_none() && config.gave_up.is_none() && !is_of_others(config) {
            certificates(view, &mut found);
            keys(view, &mut found);
            events(view, &mut found);
        }
        out.extend(found.into_iter().filter(|finding| !is_unreliable(analysis, finding.place.file)));
    }
}

/// True where a directive is not known: a relative of nginx may have its own way to say it (`ssl_sign_certificate`).
fn is_of_others(config: &Config) -> bool {
    let unknown = config.named(|name| !directives::is_known(name));
    unknown.iter().any(|id| config.entry(id).context.is_some_and(|context| context.protocol() == "http"))
}

/// A server of a socket: its `listen`, and whether that makes it the default one.
type OfSocket = (ServerId, Option<EntryId>, bool);

/// `ngx_http_ssl_init`: the default server of a socket with TLS needs a certificate; where it rejects handshakes, the others do.
fn certificates(view: View, out: &mut Vec<Finding>) {
    let (config, language) = (view.config, view.language);
    let mut sockets: FxHashMap<(&str, u16, bool), Vec<OfSocket>> = FxHashMap::default();
    let mut tls = Vec::new();
    for (index, server) in config.servers.iter().enumerate().filter(|(_, server)| !server.synthetic) {
        for listen in &server.listens {
            let key = (&*listen.address, listen.port, listen.quic);
            sockets.entry(key).or_default().push((ServerId(index as u32), listen.entry, listen.default));
            if listen.ssl && !tls.iter().any(|(known, _)| *known == key) {
                tls.push((key, listen.entry));
            }
        }
    }
    let lacks = |server: ServerId| config.inherited(config.server(server).entry, "ssl_certificate").is_none();
    let rejects = |server: ServerId| {
        let set = config.inherited(config.server(server).entry, "ssl_reject_handshake");
        set.is_some_and(|set| config.directive(set).arg(0).is_some_and(|value| value.eq_ignore_ascii_case("on")))
    };
    let mut told = Vec::new();
    for (key, by) in tls {
        let Some(servers) = sockets.get(&key) else { continue };
        let Some(first) = servers.iter().find(|(.., default)| *default).or_else(|| servers.first()) else { continue };
        let bad = match lacks(first.0) {
            false => None,
            true if !rejects(first.0) => Some(first),
            true => servers.iter().find(|(server, ..)| lacks(*server) && !rejects(*server)),
        };
        let Some((server, listen, _)) = bad else { continue };
        if told.contains(server) {
            continue;
        }
        told.push(*server);
        let place = config.header(listen.unwrap_or(config.server(*server).entry));
        let socket = if key.1 == 0 { key.0.to_owned() } else { format!("{}:{}", key.0, key.1) };
        let message = message!(language, "missing-directive-certificate", server = config.say_server(language, *server), socket = socket);
        let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, place, message);
        if let Some(by) = by.filter(|by| Some(*by) != *listen) {
            finding = finding.related(config.header(by), message!(language, "missing-directive-tls"));
        }
        out.push(finding);
    }
}

/// `ngx_http_ssl_merge_srv_conf`: a key for each certificate, at the level where they are inherited from.
fn keys(view: View, out: &mut Vec<Finding>) {
    let (config, language) = (view.config, view.language);
    let mut told = Vec::new();
    for server in config.servers.iter().filter(|server| !server.synthetic) {
        let certificates = config.inherited_all(server.entry, "ssl_certificate");
        let keys = config.inherited_all(server.entry, "ssl_certificate_key");
        if let Some(last) = certificates.last().filter(|_| keys.len() < certificates.len())
            && !told.contains(last)
        {
            told.push(*last);
            let message = message!(language, "missing-directive-key", file = config.directive(*last).arg(0).unwrap_or_default());
            out.push(Finding::new(RULE.id, RULE.severity, Confidence::Proven, config.header(*last), message));
        }
    }
}

/// `ngx_event_init_conf`: "no "events" section in configuration". An example with `http` only is common; a file that is called
/// `nginx.conf` is meant for nginx.
fn events(view: View, out: &mut Vec<Finding>) {
    let config = view.config;
    let named = view.project.vfs.path(config.root).file_name().is_some_and(|name| name == "nginx.conf");
    let Some(http) = config.all("http").first().filter(|http| config.entry(**http).parent.is_none()) else { return };
    if named && config.all("events").is_empty() {
        let message = message!(view.language, "missing-directive-events");
        out.push(Finding::new(RULE.id, RULE.severity, Confidence::Proven, config.header(*http), message));
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
    fn certificates() {
        let own = "ssl_certificate a; ssl_certificate_key b;";
        assert_eq!(http("server { listen 443 ssl; }"), 1);
        assert_eq!(http(&format!("server {{ listen 443 ssl; {own} }}")), 0);
        assert_eq!(http(&format!("{own} server {{ listen 443 ssl; }}")), 0);
        assert_eq!(http(&format!("server {{ listen 443 ssl; {own} }} server {{ listen 443 ssl; server_name b; }}")), 0);
        assert_eq!(http(&format!("server {{ listen 443 ssl; {own} }} server {{ listen 443 default_server; server_name b; }}")), 1);
        assert_eq!(http("server { listen 443 ssl; ssl_reject_handshake on; }"), 0);
        assert_eq!(http("server { listen 443 ssl; ssl_reject_handshake on; } server { listen 443 ssl; server_name b; }"), 1);
        assert_eq!(http("server { listen 443 ssl; include certificates.conf; }"), 0);
        assert_eq!(http("server { listen 443 ssl; some_sign_certificate a; }"), 0);
    }

    #[test]
    fn keys_and_events() {
        assert_eq!(http("server { listen 443 ssl; ssl_certificate a; }"), 1);
        assert_eq!(http("server { listen 80; ssl_certificate a; ssl_certificate b; ssl_certificate_key b; }"), 1);
        assert_eq!(findings(check, "http { server { listen 80; } }").len(), 1);
    }
}
