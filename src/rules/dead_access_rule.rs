//! `dead-access-rule`: an `allow` or `deny` whose addresses an earlier one has all.

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::{Claims, line};
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId};
use crate::message;
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
        let Some(network) = directive.arg(0).and_then(Network::read) else { continue };
        match earlier.that_has(network) {
            Some((wide, first)) => claims.add(config, id, 0, finding(analysis, config, id, (first, wide == network))),
            None => earlier.push(network, id),
        }
    }
}

/// The rules of a level so far, none of which has all addresses of a later one. There may be many thousands of them: whether one has a network
/// is asked of the networks around it, of which there are no more than it has bits.
#[derive(Default)]
struct Earlier {
    rules: FxHashMap<Network, EntryId>,
    /// The lengths of their prefixes.
    lengths: Vec<u8>,
}

impl Earlier {
    fn push(&mut self, network: Network, id: EntryId) {
        if let Some(length) = network.prefix().filter(|length| !self.lengths.contains(length)) {
            self.lengths.push(length);
        }
        self.rules.insert(network, id);
    }

    /// The first that has all addresses of the network.
    fn that_has(&self, network: Network) -> Option<(Network, EntryId)> {
        let around = self.lengths.iter().filter_map(|length| network.around(*length));
        let around = around.chain([Network::All, network]);
        around.filter_map(|one| Some((one, *self.rules.get(&one)?))).min_by_key(|(_, id)| *id)
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

/// What a rule is about (`ngx_http_access_rule`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Network {
    /// `all`: every IPv4 and IPv6 address and unix sockets.
    All,
    /// `unix:`
    Unix,
    /// An IPv4 network and the length of its prefix.
    V4(u32, u8),
    /// An IPv6 network and the length of its prefix.
    V6(u128, u8),
}

impl Network {
    /// `None` for what is none (nginx refuses it, or a template fills it in).
    fn read(text: &str) -> Option<Network> {
        if text == "all" {
            return Some(Network::All);
        }
        if text == "unix:" {
            return Some(Network::Unix);
        }
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) if !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                (address, Some(bits.parse::<u8>().ok()?))
            }
            Some(_) => return None,
            None => (text, None),
        };
        // ngx_ptocidr drops the bits behind the prefix.
        if let Ok(v4) = address.parse::<std::net::Ipv4Addr>() {
            let bits = bits.unwrap_or(32);
            let mask = u32::MAX.checked_shl(32u32.checked_sub(bits.into())?).unwrap_or(0);
            return Some(Network::V4(u32::from(v4) & mask, bits));
        }
        let v6 = address.parse::<std::net::Ipv6Addr>().ok()?;
        let bits = bits.unwrap_or(128);
        let mask = u128::MAX.checked_shl(128u32.checked_sub(bits.into())?).unwrap_or(0);
        Some(Network::V6(u128::from(v6) & mask, bits))
    }

    /// The length of its prefix; `None` for what has none.
    fn prefix(self) -> Option<u8> {
        match self {
            Network::All | Network::Unix => None,
            Network::V4(_, bits) | Network::V6(_, bits) => Some(bits),
        }
    }

    /// The network with a prefix of that length that has all of this one; `None` where it is shorter itself.
    fn around(self, bits: u8) -> Option<Network> {
        let wider = self.prefix().is_some_and(|own| bits <= own);
        match self {
            Network::V4(address, _) if wider => Some(Network::V4(address & u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0), bits)),
            Network::V6(address, _) if wider => {
                Some(Network::V6(address & u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0), bits))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Is every address of the other in the one? By its bits, which `around` does not count.
    fn has(one: &str, other: &str) -> bool {
        let same = |own: u128, other: u128, behind: u8| own.checked_shr(behind.into()) == other.checked_shr(behind.into());
        match (Network::read(one).unwrap(), Network::read(other).unwrap()) {
            (Network::All, _) | (Network::Unix, Network::Unix) => true,
            (Network::V4(own, bits), Network::V4(address, more)) => bits <= more && same(own.into(), address.into(), 32 - bits),
            (Network::V6(own, bits), Network::V6(address, more)) => bits <= more && same(own, address, 128 - bits),
            _ => false,
        }
    }

    #[test]
    fn the_first_that_has_a_network_is_found() {
        let texts = ["10.1.0.0/16", "::1", "10.1.2.3", "10.0.0.0/8", "2001:db8::/32", "unix:", "all", "10.9.0.0/16", "2001:db8:1::/48"];
        let networks: Vec<Network> = texts.iter().map(|text| Network::read(text).unwrap()).collect();
        for asked in texts.iter().chain(&["10.1.2.4", "10.2.0.0/15", "::/0", "0.0.0.0/0", "192.0.2.1"]) {
            let network = Network::read(asked).unwrap();
            for start in 0..texts.len() {
                let mut earlier = Earlier::default();
                let order: Vec<usize> = (0..texts.len()).map(|at| (at + start) % texts.len()).collect();
                order.iter().zip(0..).for_each(|(at, id)| earlier.push(networks[*at], EntryId(id)));
                let first = order.iter().zip(0..).find(|(at, _)| has(texts[**at], asked));
                assert_eq!(earlier.that_has(network), first.map(|(at, id)| (networks[*at], EntryId(id))), "{asked} {start}");
            }
        }
    }

    #[test]
    fn networks_are_read_as_nginx_reads_them() {
        assert_eq!(Network::read("10.1.2.3/8"), Network::read("10.0.0.0/8"));
        assert_eq!(Network::read("0.0.0.0/0"), Some(Network::V4(0, 0)));
        assert_eq!(Network::read("::/0"), Some(Network::V6(0, 0)));
        for bad in ["", "10.0.0.0/33", "10.0.0", "::/129", "example.com", "${NET}", "10.0.0.0/", "10.0.0.0/255.0.0.0", "unix:/x"] {
            assert_eq!(Network::read(bad), None, "{bad}");
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
