//! Networks of addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::amount::number;

/// A network: the part of an address that counts, and how many bits that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    /// With zeros behind the bits that count.
    pub address: IpAddr,
    /// How many bits count: 32 at most for IPv4, 128 for IPv6.
    pub bits: u8,
}

impl Network {
    /// The network of an address. Its other bits are cleared; more bits than it has count as all of them.
    pub fn new(address: IpAddr, bits: u8) -> Network {
        let bits = bits.min(most(address));
        let address = match address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
                Ipv4Addr::from(u32::from(address) & mask).into()
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
                Ipv6Addr::from(u128::from(address) & mask).into()
            }
        };
        Network { address, bits }
    }

    /// Reads a network, or an address as the network that has nothing else (`ngx_ptocidr`); `None` for what nginx refuses, which
    /// 255.255.255.255 is.
    pub fn read(text: &str) -> Option<Network> {
        let (address, bits) = Network::written(text)?;
        Some(Network::new(address, bits))
    }

    /// The address as it is written, with bits behind the prefix, and how many of its bits count; `None` like [`Network::read`]. Of
    /// bits behind the prefix nginx warns.
    pub fn written(text: &str) -> Option<(IpAddr, u8)> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address = ipv4(address).map(IpAddr::V4).or_else(|| ipv6(address).map(IpAddr::V6))?;
        let most = most(address);
        let bits = match bits {
            Some(bits) => u8::try_from(number(bits)?).ok().filter(|bits| *bits <= most)?,
            None => most,
        };
        Some((address, bits))
    }

    /// True when the address is in it; one of the other family is not.
    pub fn holds(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.address.is_ipv4() && Network::new(address, self.bits) == *self
    }

    /// The network that has all of this one and of which so many bits count; `None` where it would have to be a part of it.
    pub fn around(&self, bits: u8) -> Option<Network> {
        (bits <= self.bits).then(|| Network::new(self.address, bits))
    }
}

/// A range of IPv4 addresses, `10.0.0.1-10.0.0.9`: its first and its last (`ngx_http_geo_range`); `None` for what nginx refuses.
pub fn range(text: &str) -> Option<(Ipv4Addr, Ipv4Addr)> {
    let (first, last) = text.split_once('-')?;
    let (first, last) = (ipv4(first)?, ipv4(last)?);
    (first <= last).then_some((first, last))
}

/// An address of IPv4 (`ngx_inet_addr`): four numbers of at most 255, any of which may be written with zeros in front, or not at all.
/// `None` for anything else and for 255.255.255.255, which is INADDR_NONE.
pub fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut out = 0u32;
    let mut parts = 0;
    for part in text.split('.') {
        let mut octet = 0u32;
        for byte in part.bytes() {
            octet = octet * 10 + char::from(byte).to_digit(10)?;
            if octet > 255 {
                return None;
            }
        }
        out = (out << 8) | octet;
        parts += 1;
        if parts > 4 {
            return None;
        }
    }
    (parts == 4 && out != u32::MAX).then(|| out.into())
}

/// An address of IPv6 (`ngx_inet6_addr`).
pub fn ipv6(text: &str) -> Option<Ipv6Addr> {
    text.parse().ok()
}

/// How many bits an address has.
fn most(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_as_nginx_reads_them() {
        let shown = |text: &str| Network::read(text).map_or("-".to_owned(), |network| format!("{}/{}", network.address, network.bits));
        for (text, read) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("10.0.0.1", "10.0.0.1/32"),
            ("010.1..3", "10.1.0.3/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::1", "::1/128"),
            ("::/0", "::/0"),
            ("2001:db8:1::/32", "2001:db8::/32"),
            ("::ffff:10.0.0.1", "::ffff:10.0.0.1/128"),
        ] {
            assert_eq!(shown(text), read, "{text}");
        }
        for refused in [
            "",
            "10.0.0.0/33",
            "10.0.0",
            "10.0.0.256",
            "10.0.0.0.0",
            "example.com",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0.0/255.0.0.0",
            "10.0.0.*",
            "${NET}",
            "255.255.255.255",
            "unix:/x",
        ] {
            assert_eq!(shown(refused), "-", "{refused}");
        }
    }

    #[test]
    fn ranges() {
        let shown = |text: &str| range(text).map_or("-".to_owned(), |(first, last)| format!("{first} {last}"));
        assert_eq!(shown("10.0.0.1-10.0.0.9"), "10.0.0.1 10.0.0.9");
        assert_eq!(shown("10.0.0.1-10.0.0.1"), "10.0.0.1 10.0.0.1");
        for refused in ["", "10.0.0.1", "10.0.0.9-10.0.0.1", "10.0.0.1-", "10.0.0.1-255.255.255.255", "::1-::2"] {
            assert_eq!(shown(refused), "-", "{refused}");
        }
    }

    #[test]
    fn what_is_in_a_network() {
        let network = |text| Network::read(text).expect("a network");
        let holds = |one, address: &str| network(one).holds(address.parse().expect("an address"));
        assert!(holds("10.0.0.0/8", "10.9.9.9") && holds("::/0", "::1") && holds("0.0.0.0/0", "1.1.1.1"));
        assert!(!holds("10.0.0.0/8", "11.0.0.1") && !holds("::/0", "1.1.1.1") && !holds("0.0.0.0/0", "::1"));
        assert_eq!(network("10.1.2.3").around(8), Some(network("10.0.0.0/8")));
        assert_eq!(network("10.0.0.0/8").around(8), Some(network("10.0.0.0/8")));
        assert_eq!(network("10.0.0.0/8").around(9), None);
    }
}
