//! `unused-upstream-server`: a `server` of an `upstream` that answered none of the requests that the others got.

use super::{Confidence, Finding, Rule, Severity};
use crate::config::{Config, EntryId, Upstream};
use crate::message;
use crate::messages::Language;
use crate::usage::logs::Logs;
use crate::usage::words;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unused-upstream-server",
    summary: "a server of an upstream that answered none of the requests which the others got",
    severity: Severity::Info,
    check,
};

/// So many requests must have gone to the upstream for each of its servers before one without any means something.
const ENOUGH: u64 = 50;

/// With these the choice does not go round, or others than nginx choose.
const UNEVEN: [&str; 7] = ["hash", "ip_hash", "sticky", "balancer_by_lua_block", "balancer_by_lua_file", "random", "zone"];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let Some(logs) = view.logs().filter(|logs| !logs.upstreams.is_empty()) else { continue };
        for upstream in &view.config.upstreams {
            out.extend(servers(view.config, upstream, logs, analysis.language));
        }
    }
}

fn servers(config: &Config, upstream: &Upstream, logs: &Logs, language: Language) -> Vec<Finding> {
    let children = &config.entry(upstream.entry).children;
    let uneven = children.iter().any(|entry| UNEVEN.contains(&&*config.directive(*entry).name.value));
    // The same address in another upstream answers for that, too: nobody can tell which.
    let elsewhere = |address: &str| {
        let others = config.upstreams.iter().filter(|other| other.entry != upstream.entry);
        others.flat_map(|other| &other.servers).any(|(one, _)| logged(one).as_deref() == Some(address))
    };
    let counted: Option<Vec<(EntryId, u64)>> = upstream
        .servers
        .iter()
        .map(|(written, entry)| {
            let address = logged(written).filter(|address| !elsewhere(address))?;
            let count = logs.upstreams.iter().find(|(one, _)| **one == *address).map_or(0, |(_, count)| *count);
            Some((*entry, count))
        })
        .collect();
    let Some(counted) = counted.filter(|counted| counted.len() > 1 && !uneven) else { return Vec::new() };
    let total: u64 = counted.iter().map(|(_, count)| count).sum();
    if total < ENOUGH * counted.len() as u64 {
        return Vec::new();
    }
    let idle = |entry: EntryId| {
        let words = config.directive(entry).args.iter().skip(1);
        !words.into_iter().any(|word| matches!(&*word.value, "backup" | "down") || &*word.value == "weight=0")
    };
    let unused = counted.iter().filter(|(entry, count)| *count == 0 && idle(*entry));
    unused
        .map(|(entry, _)| {
            let message = message!(
                language,
                "unused-upstream-server-none",
                server = config.directive(*entry).arg(0).unwrap_or_default(),
                upstream = &*upstream.name,
                total = total,
                window = words::window(logs, language),
            );
            let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Hint, config.header(*entry), message);
            for (other, count) in counted.iter().filter(|(_, count)| *count > 0) {
                finding = finding.related(config.header(*other), message!(language, "unused-upstream-server-other", count = *count));
            }
            finding.note(message!(language, "unused-upstream-server-check"))
        })
        .collect()
}

/// A server's address as `$upstream_addr` shows it; `None` for a name, of which only the resolver knows the addresses.
fn logged(written: &str) -> Option<String> {
    if written.starts_with("unix:") {
        return Some(written.to_owned());
    }
    let socket = written.parse::<std::net::SocketAddr>().ok();
    let alone = || written.trim_matches(['[', ']']).parse::<std::net::IpAddr>().ok().map(|address| std::net::SocketAddr::new(address, 80));
    socket.or_else(alone).map(|address| address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    fn found(upstream: &str, logged: &[(&str, u64)]) -> Vec<String> {
        let (config, _) = load(&format!("events {{}} http {{ upstream u {{ {upstream} }} }}"));
        let logs = Logs { upstreams: logged.iter().map(|(address, count)| ((*address).into(), *count)).collect(), ..Logs::default() };
        let findings = servers(&config, &config.upstreams[0], &logs, Language::English);
        findings.into_iter().map(|finding| finding.message.split('`').nth(1).unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn one_that_gets_nothing_while_the_others_do_is_named() {
        let two = "server 10.0.0.1:80; server 10.0.0.2;";
        assert_eq!(found(two, &[("10.0.0.1:80", 300)]), ["10.0.0.2"]);
        assert_eq!(found(two, &[("10.0.0.1:80", 150), ("10.0.0.2:80", 150)]), [""; 0]);
        assert_eq!(found(two, &[("10.0.0.1:80", 3)]), [""; 0], "too few to say");
    }

    #[test]
    fn what_is_not_chosen_in_turn_is_not_judged() {
        for other in ["server 10.0.0.2 backup;", "server 10.0.0.2 down;", "server 10.0.0.2; ip_hash;", "server app2;"] {
            assert_eq!(found(&format!("server 10.0.0.1:80; {other}"), &[("10.0.0.1:80", 300)]), [""; 0], "{other}");
        }
    }
}
