//! Ports that an address has to have, or can't have: who answers to a name decides.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{finding, is_filled_in};
use crate::config::{Config, EntryId};
use crate::message;
use crate::nginx::case::lower;
use crate::nginx::context::Context;
use crate::project::RootKind;
use crate::rules::Finding;
use crate::usage::definitions::{Protocol, unseen};
use crate::world::View;

/// What passes requests or connections on.
const PASSES: [&str; 6] = ["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass", "grpc_pass"];

/// Chosen: a pass for which it matters who answers to the name.
struct Asking;

/// Looks at the addresses of a whole configuration.
pub(super) fn check(view: View, out: &mut Vec<Finding>) {
    let config = view.config;
    if view.root.kind != RootKind::Main {
        return;
    }
    for protocol in [Protocol::Http, Protocol::Stream] {
        let of_protocol = |id: &EntryId| config.entry(*id).context.is_some_and(|context| context.protocol() == protocol.name());
        // Most have what they need, whoever answers to the name: an `upstream` no port, and another host of `proxy_pass` that of the scheme.
        let asks = |port: Option<&str>, name: &str| port.is_some() || protocol == Protocol::Stream || name != "proxy_pass";
        let chosen = match protocol {
            Protocol::Http => {
                view.chosen::<Asking>(&PASSES, |pass| target(config, pass).is_some_and(|(_, port)| asks(port, config.name(pass))))
            }
            Protocol::Stream => PASSES.iter().flat_map(|name| config.all(name)).copied().collect(),
        };
        let targets: Vec<(EntryId, &str, Option<&str>)> = chosen
            .into_iter()
            .filter(of_protocol)
            .filter_map(|pass| target(config, pass).map(|(host, port)| (pass, host, port)))
            .filter(|(pass, _, port)| asks(*port, config.name(*pass)))
            .collect();
        if targets.is_empty() {
            continue;
        }
        let mut upstreams: FxHashMap<Cow<'_, str>, EntryId> = FxHashMap::default();
        for id in config.all("upstream").iter().copied().filter(of_protocol) {
            if let Some(name) = config.directive(id).arg(0) {
                upstreams.entry(lower(name)).or_insert(id);
            }
        }
        let mut hosts: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
        let all = PASSES.iter().flat_map(|name| config.all(name)).copied().filter(of_protocol);
        for (host, _) in all.filter_map(|pass| target(config, pass)) {
            *hosts.entry(lower(host)).or_default() += 1;
        }
        for (pass, host, port) in targets {
            let name = &*config.directive(pass).name.value;
            let key = lower(host);
            let upstream = upstreams.get(&key);
            let message = match (upstream, port) {
                (Some(_), Some(port)) => message!(view.language, "invalid-value-upstream-port", upstream = host, port = port),
                (None, None) if protocol == Protocol::Stream || name != "proxy_pass" => {
                    // Where another address of that host came first, its port is taken.
                    let known = hosts.get(&key).is_some_and(|count| *count > 1);
                    if known || view.definitions().template.is_some() || unseen(config, protocol, true).next().is_some() {
                        continue;
                    }
                    message!(view.language, "invalid-value-no-port", name = name, host = host)
                }
                _ => continue,
            };
            let found = finding(view, config.arg_place(pass, 0), message);
            out.push(match upstream {
                Some(upstream) => found.related(config.header(*upstream), message!(view.language, "invalid-value-upstream")),
                None => found,
            });
        }
    }
    // `ngx_stream_upstream_init_round_robin`
    for server in config.all("server").iter().copied().filter(|id| config.entry(*id).context == Some(Context::StreamUpstream)) {
        let resolved = config.directive(server).args.iter().any(|word| word.value.starts_with("service="));
        if let Some((host, None)) = target(config, server).filter(|_| !resolved) {
            out.push(finding(view, config.arg_place(server, 0), message!(view.language, "invalid-value-stream-port", host = host)));
        }
    }
}

/// Host and port of an address; `None` for a socket of Unix, and where something is not known.
fn target(config: &Config, id: EntryId) -> Option<(&str, Option<&str>)> {
    let word = config.directive(id).args.first()?;
    let text = &*word.value;
    if word.has_dollar() || is_filled_in(text) {
        return None;
    }
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    if rest.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("unix:")) || authority.is_empty() {
        return None;
    }
    let after = authority.rfind(']').map_or(0, |at| at + 1);
    match authority.get(after..)?.split_once(':') {
        Some((before, port)) => Some((authority.get(..after + before.len())?, Some(port))),
        None => Some((authority, None)),
    }
}
