//! Addresses of hosts and sockets.

use super::amount::number;
use super::network::ipv6;

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
        _ => ipv6(address).map(drop).ok_or(Trouble::Ipv6),
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
}
