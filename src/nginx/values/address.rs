//! Addresses: of hosts, networks, sockets.

use super::amount::number;

/// What is wrong with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing stands where the host should.
    NoHost,
    /// A path, or a `[` without its `]`, where there may be only a host and a port.
    Host,
    /// No port from 1 to 65535.
    Port,
    /// A range of ports that ends before it starts.
    Range,
    /// No address of IPv6 between `[` and `]`.
    Ipv6,
    /// `unix:` without a path.
    NoPath,
    /// A path that is too long for a socket.
    LongPath,
}

/// What an address may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// To listen on: a port may stand alone, and there may be several.
    Listen,
    /// To connect to.
    Connect,
    /// To connect to, with a URI behind it.
    WithUri,
}

/// Reads an address as nginx does (`ngx_parse_url`); what a host name resolves to is another matter.
pub fn socket(text: &str, used: Use) -> Result<(), Trouble> {
    if let Some(path) = text.get(..5).filter(|start| start.eq_ignore_ascii_case("unix:")).and(text.get(5..)) {
        let path = if used == Use::WithUri { path.split(':').next().unwrap_or_default() } else { path };
        return match path.len() {
            0 => Err(Trouble::NoPath),
            1..=107 => Ok(()),
            _ => Err(Trouble::LongPath),
        };
    }
    match text.strip_prefix('[') {
        Some(rest) => ipv6_socket(rest, used),
        None => host_and_port(text, used),
    }
}

fn host_and_port(text: &str, used: Use) -> Result<(), Trouble> {
    let uri = text.find(['/', '?']);
    if uri.is_some() && used != Use::WithUri {
        return Err(Trouble::Host);
    }
    let before = uri.and_then(|at| text.get(..at)).unwrap_or(text);
    if let Some((host, port)) = before.split_once(':') {
        ports(port, used)?;
        return if host.is_empty() { Err(Trouble::NoHost) } else { Ok(()) };
    }
    if used == Use::Listen && uri.is_none() {
        let (first, last) = match before.split_once('-') {
            Some((first, last)) => (first, number(last).map(Some)),
            None => (before, Some(None)),
        };
        // What is no range of numbers is a host with a hyphen.
        if let (Some(_), Some(_)) = (number(first), last) {
            return ports(before, used);
        }
    }
    if before.is_empty() { Err(Trouble::NoHost) } else { Ok(()) }
}

fn ipv6_socket(rest: &str, used: Use) -> Result<(), Trouble> {
    let (address, behind) = rest.split_once(']').ok_or(Trouble::Host)?;
    let uri = behind.find('/');
    if uri.is_some() && used != Use::WithUri {
        return Err(Trouble::Host);
    }
    let behind = uri.and_then(|at| behind.get(..at)).unwrap_or(behind);
    if !behind.is_empty() {
        ports(behind.strip_prefix(':').ok_or(Trouble::Host)?, used)?;
    }
    match address {
        "" => Err(Trouble::NoHost),
        _ if is_ipv6(address) => Ok(()),
        _ => Err(Trouble::Ipv6),
    }
}

fn ports(text: &str, used: Use) -> Result<(), Trouble> {
    let port = |text: &str| number(text).filter(|port| (1..=65535).contains(port)).ok_or(Trouble::Port);
    match text.split_once('-').filter(|_| used == Use::Listen) {
        Some((first, last)) => {
            let (last, first) = (port(last)?, port(first)?);
            if first > last { Err(Trouble::Range) } else { Ok(()) }
        }
        None => port(text).map(drop),
    }
}

/// An address of IPv4 (`ngx_inet_addr`): it takes empty numbers, too.
pub fn is_ipv4(text: &str) -> bool {
    let parts = text.split('.');
    let fits = |part: &str| part.is_empty() || number(part).is_some_and(|value| value <= 255);
    text.split('.').count() == 4 && parts.into_iter().all(fits) && text != "255.255.255.255"
}

/// An address of IPv6 (`ngx_inet6_addr`).
pub fn is_ipv6(text: &str) -> bool {
    text.parse::<std::net::Ipv6Addr>().is_ok()
}

/// A network or an address (`ngx_ptocidr`).
pub fn is_cidr(text: &str) -> bool {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(number(bits))),
        None => (text, None),
    };
    let most = match address {
        address if is_ipv4(address) => 32,
        address if is_ipv6(address) => 128,
        _ => return false,
    };
    bits.is_none_or(|bits| bits.is_some_and(|bits| bits <= most))
}

/// True for a network that has bits set which its mask takes away: nginx takes it, and warns.
pub fn has_host_bits(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let Some(bits) = number(bits).and_then(|bits| u32::try_from(bits).ok()) else { return false };
    match address.parse() {
        Ok(std::net::IpAddr::V4(address)) => bits < 32 && u32::from(address) << bits != 0,
        Ok(std::net::IpAddr::V6(address)) => bits < 128 && u128::from(address) << bits != 0,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_listen_on() {
        for right in ["80", "*:80", "127.0.0.1", "127.0.0.1:8000", "[::]:80", "[::1]", "localhost:80", "unix:/x", "8000-8010", "UNIX:/x"] {
            assert_eq!(socket(right, Use::Listen), Ok(()), "{right}");
        }
        let wrong = |text| socket(text, Use::Listen).unwrap_err();
        assert_eq!(wrong("80000"), Trouble::Port);
        assert_eq!(wrong("0"), Trouble::Port);
        assert_eq!(wrong("*:http"), Trouble::Port);
        assert_eq!(wrong("8010-8000"), Trouble::Range);
        assert_eq!(wrong("[::1:80"), Trouble::Host);
        assert_eq!(wrong("[::g]:80"), Trouble::Ipv6);
        assert_eq!(wrong("http://a"), Trouble::Host);
        assert_eq!(wrong(":80"), Trouble::NoHost);
        assert_eq!(wrong("unix:"), Trouble::NoPath);
        assert_eq!(wrong("::1"), Trouble::Port);
    }

    #[test]
    fn what_to_connect_to() {
        assert_eq!(socket("a:8080/x?y", Use::WithUri), Ok(()));
        assert_eq!(socket("a/b:c", Use::WithUri), Ok(()));
        assert_eq!(socket("a/b", Use::Connect), Err(Trouble::Host));
        assert_eq!(socket("a:b", Use::Connect), Err(Trouble::Port));
        assert_eq!(socket("", Use::Connect), Err(Trouble::NoHost));
    }

    #[test]
    fn networks() {
        for right in ["10.0.0.0/8", "10.0.0.1", "::1", "2001:db8::/32", "0.0.0.0/0", "::ffff:10.0.0.1"] {
            assert!(is_cidr(right), "{right}");
        }
        for wrong in ["10.0.0.0/33", "10.0.0", "10.0.0.256", "example.com", "::/129", "10.0.0.0/", "10.0.0.0/255.0.0.0", "10.0.0.*"] {
            assert!(!is_cidr(wrong), "{wrong}");
        }
        assert!(has_host_bits("10.0.0.1/8") && !has_host_bits("10.0.0.0/8") && !has_host_bits("10.0.0.1/32") && has_host_bits("1.1.1.1/0"));
    }
}
