//! `unknown-upstream-host`: a backend's host name that nothing defines in the compose project where the configuration runs.

use super::claims::Claims;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::{Joint, join};
use crate::project::Project;
use crate::upstreams::Upstreams;
use crate::upstreams::address::{part_place, split_port};
use crate::upstreams::filled;
use crate::upstreams::names::{Nameless, Names, name_place};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "unknown-upstream-host",
    summary: "a backend's host name that nothing defines where the configuration runs",
    severity: Severity::Warning,
    check,
};

/// A host that a directive names.
struct Named {
    host: String,
    entry: EntryId,
    /// It is looked up for each request, not when nginx starts.
    late: bool,
}

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut claims = Claims::default();
    for view in analysis.views() {
        let config = view.config;
        let Some(names) = Names::of(view.project, config).filter(|_| !hides_upstreams(config)) else { continue };
        let all = named(view.project, config, view.upstreams());
        // Who asks for one of the containers of its project asks for them in its project.
        let at_home = all.iter().any(|one| names.sibling(&one.host).is_some());
        let block = |host: &str| analysis.configs.iter().any(|config| config.upstream(host).is_some());
        let own = |host: &str| config.servers.iter().any(|server| server.names.iter().any(|(name, _)| name.eq_ignore_ascii_case(host)));
        for (index, one) in all.iter().enumerate().filter(|(_, one)| !block(&one.host) && !own(&one.host)) {
            let Some(found) = names.nameless(&one.host) else { continue };
            if at_home || found.near.is_some() || found.apart.is_some() {
                claims.add(config, one.entry, index, finding(view, one, &found));
            }
        }
    }
    out.extend(claims.confirmed(analysis));
}

/// Every host that nginx looks up, with the directive.
fn named(project: &Project, config: &Config, upstreams: &Upstreams) -> Vec<Named> {
    let mut out = Vec::new();
    for entry in upstreams.passes().iter().copied() {
        let Some(target) = upstreams.target_of(entry) else { continue };
        let late = filled::text(project, config, entry, config.directive(entry).arg(0).unwrap_or_default()).contains('$');
        // Those of an upstream block come with it.
        for backend in target.backends.iter().filter(|backend| backend.server.is_none()) {
            if !late || asks_docker(config, entry) {
                out.push(Named { host: backend.host.clone(), entry, late });
            }
        }
    }
    for (written, entry) in config.upstreams.iter().flat_map(|upstream| &upstream.servers) {
        let later = |word: &str| word == "resolve" || word.starts_with("service=");
        let written = filled::text(project, config, *entry, written);
        let plain = !written.contains('$') && !config.directive(*entry).args.iter().any(|word| later(&word.value));
        if let Some((host, _)) = split_port(&written).filter(|_| plain) {
            out.push(Named { host: host.to_owned(), entry: *entry, late: false });
        }
    }
    out
}

/// The name servers that hold there are Docker's own, which knows the containers and nothing else without a dot.
fn asks_docker(config: &Config, entry: EntryId) -> bool {
    let Some(resolver) = config.entry(entry).parent.and_then(|block| config.inherited(block, "resolver")) else { return false };
    let servers = config.directive(resolver).args.iter().map(|word| &*word.value).filter(|word| !word.contains('='));
    servers.clone().count() > 0 && servers.clone().all(|server| server == "127.0.0.11" || server == "127.0.0.11:53")
}

/// An include that is not known may have any upstream block; what comes with nginx has none.
fn hides_upstreams(config: &Config) -> bool {
    let known = ["mime.types", "_params", "fastcgi.conf", "modules-enabled/*.conf", "modules/*.conf"];
    config.unknown_includes.iter().any(|include| {
        let path = config.directive(*include).arg(0).unwrap_or_default();
        let inside = config.server_of(*include).is_some();
        !inside && !known.iter().any(|end| path.ends_with(end))
    })
}

fn finding(view: View<'_>, one: &Named, found: &Nameless<'_>) -> Finding {
    let (config, language, host) = (view.config, view.language, one.host.as_str());
    let mut services: Vec<String> = found.gates.iter().map(|gate| format!("`{}`", gate.name)).collect();
    services.dedup();
    let gates = join(language, Joint::And, &services);
    let message = match (one.late, found.apart) {
        (false, None) => message!(language, "unknown-upstream-host-start", host = host, service = gates),
        (true, None) => message!(language, "unknown-upstream-host-late", host = host, service = gates),
        (false, Some(_)) => message!(language, "unknown-upstream-host-apart-start", host = host, service = gates),
        (true, Some(_)) => message!(language, "unknown-upstream-host-apart-late", host = host, service = gates),
    };
    let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Likely, config.arg_place(one.entry, 0), message);
    if let Some(gate) = found.gates.first() {
        finding = finding.related(gate.place, message!(language, "unknown-upstream-host-runs", service = &gate.name));
    }
    if let Some(apart) = found.apart {
        let place = apart.connected.networks.first().map_or_else(|| name_place(apart, host), |joined| joined.place);
        let joined: Vec<String> = apart.connected.names().map(|name| format!("`{name}`")).collect();
        let message = match (joined.is_empty(), apart.connected.mode.is_some()) {
            (_, true) | (true, _) => message!(language, "unknown-upstream-host-no-network", service = &apart.name),
            (false, false) => {
                let networks = join(language, Joint::And, &joined);
                message!(language, "unknown-upstream-host-network", service = &apart.name, networks = networks)
            }
        };
        return finding.related(place, message);
    }
    if let Some((near, service)) = found.near {
        finding = finding.related(name_place(service, near), message!(language, "did-you-mean", name = format!("`{near}`")));
        finding = with_fix(view, one, near, finding);
    }
    finding.note(message!(language, "unknown-upstream-host-holds", host = host))
}

fn with_fix(view: View<'_>, one: &Named, near: &str, finding: Finding) -> Finding {
    let Some(place) = part_place(view.project, view.config.arg_place(one.entry, 0), &one.host) else { return finding };
    let action = FixAction::Edit(vec![(place, near.to_owned())]);
    finding.fix(Fix { title: message!(view.language, "write", what = format!("`{near}`")), safe: false, action })
}
