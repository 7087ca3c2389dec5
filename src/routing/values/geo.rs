//! `geo` (`ngx_http_geo_module`): the longest network that holds an address, or the range.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Matched, lines, variable};
use crate::config::{Config, EntryId};
use crate::nginx::values::{Network, network};
use crate::syntax::Body;

/// A `geo` block as a table.
#[derive(Debug, Default)]
pub struct Geo {
    /// The variable that has the address, without `$`; `None` for the client's own address.
    pub address: Option<Arc<str>>,
    /// The variable that it defines, without `$`, in lower case; empty where none is written.
    pub variable: Arc<str>,
    /// `ranges`: keys are ranges of IPv4 addresses.
    pub by_range: bool,
    /// `proxy`: an address in one of these is replaced by the last one of `X-Forwarded-For`.
    pub proxies: Vec<Network>,
    /// `proxy_recursive`
    pub proxy_recursive: bool,
    /// `volatile`: evaluated anew at each use.
    pub volatile: bool,
    /// Lines that another one with the same network, or the same range, takes the place of: the line, and the one that counts.
    pub replaced: Vec<(EntryId, EntryId)>,
    /// The first line that keeps the table from being known: an `include` that can't be read, a key that a template fills in, what
    /// nginx refuses.
    pub unknown: Option<EntryId>,
    networks: FxHashMap<Network, Line>,
    default: Option<Line>,
    /// Sorted, none overlapping.
    ranges: Vec<(u32, u32, Line)>,
}

#[derive(Debug, Clone)]
struct Line {
    entry: EntryId,
    value: Arc<str>,
}

impl Geo {
    /// Reads a block; anything but a `geo` gives a table of its lines all the same.
    pub fn read(config: &Config, entry: EntryId) -> Geo {
        let directive = config.directive(entry);
        let (entries, unknown) = lines(config, entry);
        let mut geo = Geo { unknown, ..Geo::default() };
        match directive.args.as_slice() {
            [address, own] => {
                geo.address = Some(variable(Some(&address.value)));
                geo.variable = variable(Some(&own.value));
            }
            [own] => geo.variable = variable(Some(&own.value)),
            _ => geo.unknown = geo.unknown.or(Some(entry)),
        }
        for entry in entries {
            if geo.line(config, entry).is_none() {
                geo.unknown = geo.unknown.or(Some(entry));
            }
        }
        geo
    }

    /// `ngx_http_geo`; `None` for a line that nginx refuses, or that is not known.
    fn line(&mut self, config: &Config, entry: EntryId) -> Option<()> {
        let directive = config.directive(entry);
        let word = &*directive.name.value;
        if !matches!(directive.body, Body::Simple) {
            return None;
        }
        let argument = match directive.args.as_slice() {
            [] => {
                match word {
                    "ranges" if self.networks.is_empty() => self.by_range = true,
                    "proxy_recursive" => self.proxy_recursive = true,
                    "volatile" => self.volatile = true,
                    _ => return None,
                }
                return Some(());
            }
            [argument] => argument.value.clone(),
            _ => return None,
        };
        match word {
            "proxy" => self.proxies.push(cidr(&argument)?),
            "delete" if self.by_range => self.delete(range(&argument)?),
            "delete" => drop(self.networks.remove(&cidr(&argument)?)),
            "default" if self.by_range => {
                if let Some(earlier) = self.default.replace(Line { entry, value: argument }) {
                    self.replaced.push((earlier.entry, entry));
                }
            }
            "default" => {
                let everything = |address: IpAddr| Network { address, bits: 0 };
                let line = Line { entry, value: argument };
                let earlier = self.networks.insert(everything(Ipv4Addr::UNSPECIFIED.into()), line.clone());
                let earlier6 = self.networks.insert(everything(Ipv6Addr::UNSPECIFIED.into()), line);
                // One that was given for IPv4 or IPv6 alone lives on in the other tree.
                if let (Some(earlier), Some(earlier6)) = (earlier, earlier6)
                    && earlier.entry == earlier6.entry
                {
                    self.replaced.push((earlier.entry, entry));
                }
            }
            key if self.by_range => self.add(range(key)?, Line { entry, value: argument }),
            key => {
                let network = cidr(key)?;
                if let Some(earlier) = self.networks.insert(network, Line { entry, value: argument })
                    && !self.networks.values().any(|line| line.entry == earlier.entry)
                {
                    self.replaced.push((earlier.entry, entry));
                }
            }
        }
        Some(())
    }

    /// `ngx_http_geo_add_range`: a range inside of another one cuts it apart. What nginx refuses ("overlaps") is cut, too.
    fn add(&mut self, (start, end): (u32, u32), line: Line) {
        let from = self.ranges.partition_point(|range| range.1 < start);
        let to = from + self.ranges.get(from..).map_or(0, |rest| rest.partition_point(|range| range.0 <= end));
        let mut parts = Vec::new();
        for (old_start, _, old) in self.ranges.get(from..to).unwrap_or_default() {
            if *old_start < start {
                parts.push((*old_start, start - 1, old.clone()));
            }
        }
        let own = line.entry;
        parts.push((start, end, line));
        for (_, old_end, old) in self.ranges.get(from..to).unwrap_or_default() {
            if *old_end > end {
                parts.push((end + 1, *old_end, old.clone()));
            }
        }
        let gone: Vec<EntryId> =
            self.ranges.splice(from..to, parts).filter(|old| (old.0, old.1) == (start, end)).map(|old| old.2.entry).collect();
        // One that was cut apart before may have other pieces.
        for old in gone.into_iter().filter(|old| !self.ranges.iter().any(|range| range.2.entry == *old)).collect::<Vec<_>>() {
            self.replaced.push((old, own));
        }
    }

    /// `ngx_http_geo_delete_range`: in each block of 65,536 addresses the range that has exactly these bounds goes.
    fn delete(&mut self, (start, end): (u32, u32)) {
        let mut block = start & 0xffff_0000;
        loop {
            let (from, to) = (start.max(block), end.min(block | 0xffff));
            let at = self.ranges.partition_point(|range| range.1 < from);
            if let Some((old_start, old_end, line)) = self.ranges.get(at).cloned()
                && (old_start.max(block), old_end.min(block | 0xffff)) == (from, to)
            {
                let before = (old_start < from).then(|| (old_start, from - 1, line.clone()));
                let after = (old_end > to).then(|| (to + 1, old_end, line));
                self.ranges.splice(at..=at, before.into_iter().chain(after));
            }
            match block.checked_add(0x1_0000) {
                Some(next) if next <= end => block = next,
                _ => return,
            }
        }
    }

    /// True when a connection from there has its address replaced by one of `X-Forwarded-For`, if that is sent
    /// (`ngx_http_get_forwarded_addr`).
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = plain(address);
        self.proxies.iter().any(|network| network.holds(address))
    }

    /// The value for an address (`ngx_http_geo_cidr_variable`, `ngx_http_geo_range_variable`), given as it is after `proxy`; `None`
    /// for one that is no IP address (a client on a unix socket, a variable with other text), which counts as 255.255.255.255. The
    /// answer is `None` where the table is not known.
    pub fn value(&self, address: Option<IpAddr>) -> Option<Matched> {
        if self.unknown.is_some() {
            return None;
        }
        let address = address.map_or(IpAddr::V4(Ipv4Addr::BROADCAST), plain);
        let line = if self.by_range {
            let number = match address {
                IpAddr::V4(address) => u32::from(address),
                IpAddr::V6(_) => u32::MAX,
            };
            let at = self.ranges.partition_point(|range| range.1 < number);
            self.ranges.get(at).filter(|range| range.0 <= number).map(|range| &range.2).or(self.default.as_ref())
        } else {
            let bits = if address.is_ipv4() { 32 } else { 128 };
            (0..=bits).rev().find_map(|bits| self.networks.get(&Network::new(address, bits)))
        };
        Some(match line {
            Some(line) => Matched { entry: Some(line.entry), value: line.value.clone(), captures: None },
            None => Matched::nothing(),
        })
    }
}

/// An IPv4 address that is written as IPv6 is looked up as what it is.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(inner) => inner.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// `ngx_http_geo_cidr_value`: INADDR_NONE, which is no address elsewhere, is one here.
fn cidr(text: &str) -> Option<Network> {
    if text == "255.255.255.255" { Some(Network::new(Ipv4Addr::BROADCAST.into(), 32)) } else { Network::read(text) }
}

fn range(text: &str) -> Option<(u32, u32)> {
    network::range(text).map(|(first, last)| (first.into(), last.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    fn read(lines: &str) -> Geo {
        let (config, _) = load(&format!("http {{ geo $remote_user $Geo {{ {lines} }} }}"));
        Geo::read(&config, config.all("geo")[0])
    }

    fn values(lines: &str, addresses: &[&str]) -> Vec<String> {
        let geo = read(lines);
        addresses.iter().map(|address| geo.value(address.parse().ok()).map_or("?".into(), |found| found.value.to_string())).collect()
    }

    #[test]
    fn the_longest_network() {
        let lines = "default d; 10.0.0.0/8 a; 10.1.2.3/16 b; 10.1.2.3 c; 2001:db8::/32 six; 255.255.255.255 none; 10.2.0.0/16 x; delete 10.2.0.0/16;";
        let addresses =
            ["10.9.9.9", "10.1.9.9", "10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1", "::1", "not an address", "10.2.0.1", "9.9.9.9"];
        assert_eq!(values(lines, &addresses), ["a", "b", "c", "c", "six", "d", "none", "a", "d"]);
        assert_eq!(values("10.0.0.0/8 a;", &["11.0.0.1"]), [""]);
        let geo = read("proxy 192.168.0.0/16; proxy_recursive; volatile; 1.1.1.1 a;");
        assert!(geo.trusts("192.168.3.4".parse().unwrap()) && !geo.trusts("1.1.1.1".parse().unwrap()));
        assert_eq!((geo.address.as_deref(), &*geo.variable, geo.proxy_recursive, geo.volatile), (Some("remote_user"), "geo", true, true));
    }

    #[test]
    fn ranges() {
        let lines = "ranges; default d; 10.0.0.0-10.2.255.255 a; 10.0.0.5-10.0.0.9 b; 10.0.0.9-10.0.0.9 c; delete 10.1.0.0-10.1.255.255; delete 10.0.0.5-10.0.0.8;";
        let addresses = ["10.0.0.4", "10.0.0.5", "10.0.0.9", "10.0.0.10", "10.1.0.1", "10.2.255.255", "10.3.0.0", "::1", "unix:"];
        assert_eq!(values(lines, &addresses), ["a", "d", "c", "a", "d", "a", "d", "d", "d"]);
    }

    #[test]
    fn replaced_lines() {
        let geo = read("10.0.0.0/8 a; 10.9.9.9/8 b; default x; default y; 0.0.0.0/0 z;");
        assert_eq!(geo.replaced.len(), 2);
        assert_eq!(read("ranges; 10.0.0.1-10.0.0.2 a; 10.0.0.1-10.0.0.2 b;").replaced.len(), 1);
        assert_eq!(read("ranges; 10.0.0.1-10.0.0.9 a; 10.0.0.5-10.0.0.9 b; 10.0.0.1-10.0.0.4 c;").replaced.len(), 1);
        assert!(read("ranges; 10.0.0.1-10.0.0.9 a; 10.0.0.5-10.0.0.6 b; 10.0.0.1-10.0.0.4 c;").replaced.is_empty());
        assert_eq!(read("::/0 a; default b; default c;").replaced.len(), 1);
    }

    #[test]
    fn what_is_not_known() {
        for lines in [
            "include gone;",
            "10.0.0.0/33 a;",
            "{{net}} a;",
            "10.0.0 a;",
            "1.2.3.4 a b;",
            "ranges; 10.0.0.9-10.0.0.1 a;",
            "1.1.1.1 a; ranges;",
        ] {
            assert_eq!(values(&format!("{lines} default d;"), &["1.1.1.1"]), ["?"], "{lines}");
        }
    }
}
