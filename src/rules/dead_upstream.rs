//! `dead-upstream`: an `upstream` that can't answer any request, or that nginx refuses.

use super::{Confidence, Finding, Rule, Severity};
use crate::config::{Config, EntryId, UpstreamId};
use crate::message;
use crate::messages::Language;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule { id: "dead-upstream", summary: "an upstream of which no server is used", severity: Severity::Warning, check };

/// What may stand in an `upstream` without bringing servers along or waking them up. `zone` is not among them: with one, servers
/// can be changed while nginx runs.
const PLAIN: [&str; 15] = [
    "server",
    "ip_hash",
    "hash",
    "least_conn",
    "random",
    "least_time",
    "keepalive",
    "keepalive_requests",
    "keepalive_timeout",
    "keepalive_time",
    "queue",
    "ntlm",
    "sticky",
    "sticky_cookie_insert",
    "resolver",
];

/// Methods that know no backup servers, when they stand before the server.
const WITHOUT_BACKUP: [&str; 3] = ["ip_hash", "hash", "random"];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let config = view.config;
        for index in 0..config.upstreams.len() {
            // `ngx.upstream.set_peer_down` can bring a server back.
            let found = upstream(view.language, config, UpstreamId(index as u32));
            out.extend(
                found.filter(|found| found.severity == Severity::Error || (view.lua().codes.is_empty() && view.lua().unread.is_empty())),
            );
        }
    }
}

fn upstream(language: Language, config: &Config, id: UpstreamId) -> Option<Finding> {
    let upstream = config.upstreams.get(id.index())?;
    let children = &config.entry(upstream.entry).children;
    let known = children.iter().all(|entry| plain(config, *entry)) && !config.unknown_includes.contains(&upstream.entry);
    let servers: Vec<EntryId> = upstream.servers.iter().map(|(_, entry)| *entry).collect();
    let has = |entry: EntryId, parameter: &str| config.directive(entry).args.iter().skip(1).any(|word| &*word.value == parameter);
    let filled_in = |entry: EntryId| {
        let words = &config.directive(entry).args;
        words
            .iter()
            .any(|word| word.value.contains('$') || word.value.contains('{') || word.value.contains('%') || word.value.contains("@@"))
    };
    if servers.iter().any(|entry| filled_in(*entry)) {
        return None;
    }
    let name = &upstream.name;
    let header = config.header(upstream.entry);
    if let Some((method, server)) = refused_backup(config, children) {
        let method_name = &*config.directive(method).name.value;
        let message = message!(language, "dead-upstream-backup", name = &**name, method = method_name);
        let finding = Finding::new(RULE.id, Severity::Error, Confidence::Proven, config.header(server), message);
        return Some(finding.related(config.header(method), message!(language, "dead-upstream-other-methods")));
    }
    if !known {
        return None;
    }
    // One without any server is told by `nginx-refuses`.
    if servers.is_empty() {
        return None;
    }
    if servers.iter().all(|entry| has(*entry, "backup")) {
        let message = message!(language, "dead-upstream-all-backup", name = &**name);
        return Some(Finding::new(RULE.id, Severity::Error, Confidence::Proven, header, message));
    }
    if servers.iter().all(|entry| has(*entry, "down")) {
        let message = message!(language, "dead-upstream-all-down", name = &**name);
        let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, header, message);
        for server in servers.iter().take(3) {
            finding = finding.related(config.header(*server), "`down`");
        }
        return Some(finding);
    }
    None
}

/// One of [`PLAIN`], or an `include` that was followed.
fn plain(config: &Config, entry: EntryId) -> bool {
    let directive = config.directive(entry);
    let seen = directive.is("include") && !config.unknown_includes.contains(&entry);
    seen || PLAIN.contains(&&*directive.name.value)
}

/// A `backup` below a method that knows none (`ngx_http_upstream_server`: the flags of the method that is set by then).
fn refused_backup(config: &Config, children: &[EntryId]) -> Option<(EntryId, EntryId)> {
    let mut method = None;
    for entry in children {
        let directive = config.directive(*entry);
        if WITHOUT_BACKUP.contains(&&*directive.name.value) {
            method = Some(*entry);
        } else if directive.name.value.starts_with("least_") || !(plain(config, *entry) || directive.is("zone")) {
            // Another method takes its place; what is not known may be one.
            method = None;
        } else if directive.is("server")
            && directive.args.iter().skip(1).any(|word| &*word.value == "backup")
            && let Some(method) = method
        {
            return Some((method, *entry));
        }
    }
    None
}
