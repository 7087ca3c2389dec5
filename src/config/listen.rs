//! `listen`: addresses and ports as nginx reads them.

use super::*;

/// The port that a `listen` without one means.
const DEFAULT_PORT: u16 = 80;

/// The `listen` that holds in a server without any (`ngx_http_core_server`; 8000 when nginx is not started as root).
pub(super) fn default_listen() -> Listen {
    Listen { entry: None, address: "*".into(), port: DEFAULT_PORT, default: false, ssl: false, quic: false }
}

/// What one `listen` directive opens: one socket, or one for each port of a range; none where nginx refuses the address.
/// (`ngx_http_core_listen`, `ngx_parse_url`)
pub fn parse_listen(directive: &Directive, entry: Option<EntryId>) -> Vec<Listen> {
    let Some(first) = directive.arg(0) else { return Vec::new() };
    let Some((address, ports)) = address(first) else { return Vec::new() };
    let has = |name: &str| directive.args.iter().skip(1).any(|word| &*word.value == name);
    let (default, ssl, quic) = (has("default_server") || has("default"), has("ssl"), has("quic"));
    ports.map(|port| Listen { entry, address: address.clone(), port, default, ssl, quic }).collect()
}

/// Address and ports of a `listen`'s first argument.
fn address(text: &str) -> Option<(String, std::ops::RangeInclusive<u16>)> {
    if let Some(prefix) = text.get(..5)
        && prefix.eq_ignore_ascii_case("unix:")
    {
        return (text.len() > 5).then(|| (format!("unix:{}", &text[5..]), 0..=0));
    }
    if text.starts_with('[') {
        let (address, rest) = text.split_at(text.find(']')? + 1);
        let written: std::net::Ipv6Addr = address.get(1..address.len() - 1)?.parse().ok()?;
        let ports = if rest.is_empty() { DEFAULT_PORT..=DEFAULT_PORT } else { ports(rest.strip_prefix(':')?)? };
        return Some((format!("[{written}]"), ports));
    }
    match text.split_once(':') {
        Some((host, port)) => Some((host_address(host)?, ports(port)?)),
        // A lone number is a port, anything else an address (`ngx_parse_inet_url`, with `url.listen` set).
        None => match ports(text) {
            Some(ports) => Some(("*".into(), ports)),
            None if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => None,
            None => Some((host_address(text)?, DEFAULT_PORT..=DEFAULT_PORT)),
        },
    }
}

/// `*` and `0.0.0.0` are one address.
fn host_address(host: &str) -> Option<String> {
    match host {
        "" => None,
        "*" | "0.0.0.0" => Some("*".into()),
        host => Some(host.to_ascii_lowercase()),
    }
}

/// `80`, or `8000-8010`.
fn ports(text: &str) -> Option<std::ops::RangeInclusive<u16>> {
    let port =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u16>().ok().filter(|port| *port > 0)).flatten();
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (port(first)?, port(last)?),
        None => (port(text)?, port(text)?),
    };
    (first <= last).then_some(first..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_nginx_reads_them() {
        let one = |text: &str| address(text).map(|(address, ports)| (address, *ports.start(), *ports.end()));
        let is = |text: &str, host: &str, first: u16, last: u16| assert_eq!(one(text), Some((host.to_owned(), first, last)), "{text}");
        is("80", "*", 80, 80);
        is("*:8080", "*", 8080, 8080);
        is("0.0.0.0:80", "*", 80, 80);
        is("127.0.0.1", "127.0.0.1", 80, 80);
        is("LOCALHOST:81", "localhost", 81, 81);
        is("8000-8010", "*", 8000, 8010);
        is("[::]:443", "[::]", 443, 443);
        is("[0:0::1]", "[::1]", 80, 80);
        is("unix:/run/x.sock", "unix:/run/x.sock", 0, 0);
        for bad in ["", "0", "70000", "9-8", "host:x", "[::1", "[zz]:80", ":80", "*:", "127.0.0.1:", "8000-", "[::1]80", "unix:"] {
            assert_eq!(one(bad), None, "{bad}");
        }
    }
}
