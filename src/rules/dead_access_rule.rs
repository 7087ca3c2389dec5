//! `dead-access-rule`: an `allow` or `deny` whose addresses an earlier one has all.

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::{Claims, line};
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId};
use crate::message;
use crate::nginx::values::Network;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule {
    id: "dead-access-rule",
    summary: "an `allow` or `deny` behind one that has all its addresses",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut claims = Claims::default();
    for config in &analysis.configs {
        let mut seen: FxHashSet<Option<EntryId>> = FxHashSet::default();
        for id in config.all("allow").iter().chain(config.all("deny")) {
            let block = config.entry(*id).parent;
            if seen.insert(block) && block.is_none_or(|block| has_rules(config, block)) {
                level(analysis, config, block, &mut claims);
            }
        }
    }
    out.extend(claims.confirmed(analysis));
}

/// Blocks in which `allow` and `deny` are what `ngx_http_access_module` and `ngx_stream_access_module` read: not a `map`, nor a block of
/// another module.
pub(super) fn has_rules(config: &Config, block: EntryId) -> bool {
    matches!(&*config.directive(block).name.value, "http" | "server" | "location" | "limit_except" | "stream")
        && !config.ancestors(block).any(|around| matches!(&*config.directive(around).name.value, "rtmp" | "mail"))
}

/// The rules of one level, in order (`ngx_http_access_handler`: the first that has the address decides).
fn level(analysis: &Analysis, config: &Config, block: Option<EntryId>, claims: &mut Claims<Finding>) {
    let children = block.map_or(config.top.as_slice(), |block| &config.entry(block).children);
    let mut earlier = Earlier::default();
    for &id in children {
        let directive = config.directive(id);
        if !matches!(&*directive.name.value, "allow" | "deny") {
            continue;
        }
        // `allow publish …` and the like are another module's.
        if directive.args.len() != 1 {
            return;
        }
        let Some(who) = directive.arg(0).and_then(Who::read) else { continue };
        match earlier.that_has(who) {
            Some((wide, first)) => claims.add(config, id, 0, finding(analysis, config, id, (first, wide == who))),
            None => earlier.push(who, id),
        }
    }
}

/// The rules of a level so far, none of which has all addresses of a later one. There may be many thousands of them: whether one has a network
/// is asked of the networks around it, of which there are no more than it has bits.
#[derive(Default)]
struct Earlier {
    rules: FxHashMap<Who, EntryId>,
    /// How many bits count in their networks.
    bits: Vec<u8>,
}

impl Earlier {
    fn push(&mut self, who: Who, id: EntryId) {
        if let Who::In(network) = who
            && !self.bits.contains(&network.bits)
        {
            self.bits.push(network.bits);
        }
        self.rules.insert(who, id);
    }

    /// The first that has all its addresses.
    fn that_has(&self, who: Who) -> Option<(Who, EntryId)> {
        let around = self.bits.iter().filter_map(|bits| match who {
            Who::In(network) => network.around(*bits).map(Who::In),
            Who::All | Who::Unix => None,
        });
        around.chain([Who::All, who]).filter_map(|one| Some((one, *self.rules.get(&one)?))).min_by_key(|(_, id)| *id)
    }
}

fn finding(analysis: &Analysis, config: &Config, id: EntryId, (first, same): (EntryId, bool)) -> Finding {
    let language = analysis.language;
    let text = |id: EntryId| format!("{} {}", config.directive(id).name.value, config.directive(id).arg(0).unwrap_or_default());
    let at = line(analysis, config.entry(id).file, config.header(first));
    let agree = config.directive(id).name.value == config.directive(first).name.value;
    let message = match (same, agree) {
        (true, true) => message!(language, "dead-access-rule-again", rule = text(id), at = at),
        (false, true) => {
            message!(language, "dead-access-rule-adds-nothing", rule = text(id), first = text(first), at = at)
        }
        (_, false) => message!(language, "dead-access-rule-never", rule = text(id), first = text(first), at = at),
    };
    let severity = if agree { Severity::Hint } else { RULE.severity };
    Finding::new(RULE.id, severity, Confidence::Proven, config.header(id), message)
        .related(config.header(first), message!(language, "dead-access-rule-decides"))
        .tag(Tag::Unnecessary)
        .fix(Fix {
            title: message!(language, "comment-out", what = format!("`{}`", text(id))),
            safe: true,
            action: FixAction::CommentOut(config.place(id)),
        })
}

/// Whom a rule is about (`ngx_http_access_rule`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    /// `all`: every IPv4 and IPv6 address and unix sockets.
    All,
    /// `unix:`
    Unix,
    /// A network, or one address.
    In(Network),
}

impl Who {
    /// `None` for what nginx refuses, or a template fills in.
    fn read(text: &str) -> Option<Who> {
        match text {
            "all" => Some(Who::All),
            "unix:" => Some(Who::Unix),
            _ => Network::read(text).map(Who::In),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn who(text: &str) -> Who {
        Who::read(text).expect("what a rule takes")
    }

    /// Is every address of the other in the one? By its bits, which `around` does not count.
    fn has(one: &str, other: &str) -> bool {
        let number = |address| match address {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address),
        };
        match (who(one), who(other)) {
            (Who::All, _) | (Who::Unix, Who::Unix) => true,
            (Who::In(own), Who::In(network)) if own.address.is_ipv4() == network.address.is_ipv4() => {
                let behind = u32::from(if own.address.is_ipv4() { 32 - own.bits } else { 128 - own.bits });
                own.bits <= network.bits && number(own.address).checked_shr(behind) == number(network.address).checked_shr(behind)
            }
            _ => false,
        }
    }

    #[test]
    fn the_first_that_has_a_network_is_found() {
        let texts = ["10.1.0.0/16", "::1", "10.1.2.3", "10.0.0.0/8", "2001:db8::/32", "unix:", "all", "10.9.0.0/16", "2001:db8:1::/48"];
        for asked in texts.iter().chain(&["10.1.2.4", "10.2.0.0/15", "::/0", "0.0.0.0/0", "192.0.2.1"]) {
            for start in 0..texts.len() {
                let mut earlier = Earlier::default();
                let order: Vec<&str> = texts.iter().cycle().skip(start).take(texts.len()).copied().collect();
                order.iter().zip(0..).for_each(|(text, id)| earlier.push(who(text), EntryId(id)));
                let first = order.iter().zip(0..).find(|(text, _)| has(text, asked));
                assert_eq!(earlier.that_has(who(asked)), first.map(|(text, id)| (who(text), EntryId(id))), "{asked} {start}");
            }
        }
    }

    #[test]
    fn one_network_has_another() {
        assert!(has("all", "10.0.0.0/8") && has("all", "::1") && has("all", "unix:") && has("all", "all"));
        assert!(has("10.0.0.0/8", "10.1.2.3") && has("2001:db8::/32", "2001:db8:1::/48"));
        assert!(!has("10.0.0.0/8", "11.0.0.1") && !has("10.0.0.0/16", "10.0.0.0/8"));
        assert!(!has("0.0.0.0/0", "all") && !has("0.0.0.0/0", "::1") && !has("::/0", "10.0.0.1"), "three lists");
    }
}
