//! Which server answered a logged request: the port, the host and what else its format holds leave one, or more than one.

use super::fields::{Field, Record};
use super::format::Format;
use super::hash;
use crate::config::{Config, ServerId};
use crate::routing::Router;
use crate::routing::server::{Socket, is_valid_host, normal_address, normal_host};

/// Where a request arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The server.
    pub server: ServerId,
    /// As in `listen`.
    pub address: String,
    /// The port.
    pub port: u16,
    /// Over TLS.
    pub tls: bool,
    /// The `Host`, so far as it is known; empty where none was sent, or none that nginx takes.
    pub host: Vec<u8>,
    /// nginx answers 400 to its `Host` before it looks for a server.
    pub refused: bool,
    /// [`Socket::merges_slashes`]
    pub merge_slashes: bool,
}

/// What a line says of its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said<'a> {
    port: &'a [u8],
    host: &'a [u8],
    name: &'a [u8],
    address: &'a [u8],
    scheme: &'a [u8],
    /// It came by QUIC; `None` where the line does not have the protocol.
    quic: Option<bool>,
}

/// Only QUIC carries HTTP/3 (`ngx_http_v3_init`), and nothing else: the request line ends with the protocol.
#[inline]
fn is_quic(request: &[u8]) -> Option<bool> {
    match request {
        [.., b' ', b'H', b'T', b'T', b'P', b'/', major, b'.', _] => Some(*major == b'3'),
        _ => None,
    }
}

impl<'a> Said<'a> {
    /// Takes it from a line.
    #[inline]
    pub fn by(record: &Record<'a>) -> Said<'a> {
        let host = record.get(Field::Host);
        Said {
            port: record.get(Field::Port),
            host: if host.is_empty() { record.get(Field::HttpHost) } else { host },
            name: record.get(Field::ServerName),
            address: record.get(Field::Address),
            scheme: match record.get(Field::Scheme) {
                b"" if record.get(Field::Https) == b"on" => b"https",
                scheme => scheme,
            },
            quic: is_quic(record.get(Field::Request)),
        }
    }

    /// The same with a host that the request line names: it takes the place of the header.
    pub fn with_host(self, host: &'a [u8]) -> Said<'a> {
        Said { host, ..self }
    }

    /// A hash of all of it.
    #[inline]
    pub fn hash(&self, seed: hash::Seed) -> u64 {
        let start = hash::join(hash::bytes(seed, self.host), hash::bytes(seed, self.port));
        let mut all = start;
        match self.quic {
            Some(false) => {}
            None => all = hash::join(all, 1),
            Some(true) => all = hash::join(all, 2),
        }
        for (at, part) in (1u64..).zip([self.name, self.address, self.scheme]) {
            if !part.is_empty() {
                all = hash::join(all ^ at, hash::bytes(seed, part));
            }
        }
        all
    }
}

fn some(text: &[u8]) -> Option<&[u8]> {
    (!text.is_empty() && text != b"-").then_some(text)
}

/// The one server that it must have been, of those that write logs like this one; `None` when there are several, or none.
pub fn place(config: &Config, router: &Router, may_write: &[bool], has_host: bool, said: &Said<'_>) -> Option<Arrived> {
    let port: Option<u16> = some(said.port).and_then(|port| std::str::from_utf8(port).ok()?.parse().ok());
    let address = some(said.address).and_then(|address| std::str::from_utf8(address).ok()).map(|address| match address.contains(':') {
        // `$server_addr` has no brackets.
        true if !address.starts_with("unix:") && !address.starts_with('[') => normal_address(&format!("[{address}]")),
        _ => normal_address(address),
    });
    let tls = match said.scheme {
        b"https" => Some(true),
        b"http" => Some(false),
        _ => None,
    };
    let name = some(said.name);
    let host = some(said.host);
    let refused = host.is_some_and(|host| !is_valid_host(host));
    let on = |socket: &&Socket| {
        let unix = socket.address.starts_with("unix:");
        // A socket of its own has no port: nginx writes nothing for it.
        let ports =
            port.is_none_or(|port| if unix { false } else { socket.port == port }) || (unix && said.port.is_empty() && port.is_none());
        let addresses =
            address.as_ref().is_none_or(|address| router.socket(address, socket.port).is_some_and(|found| found.address == socket.address));
        ports && addresses && said.quic.is_none_or(|quic| quic == socket.quic)
    };
    let mut found: Option<Arrived> = None;
    for socket in router.sockets().iter().filter(on) {
        // Without a host in the line any server of the socket may have answered.
        let chosen: Vec<ServerId> = match host {
            Some(_) if refused => vec![socket.default],
            Some(host) => vec![socket.server(host)],
            None if has_host => vec![socket.server(b"")],
            None => socket.servers.clone(),
        };
        for server in chosen {
            let block = config.server(server);
            let secure = socket.tls;
            let first = block.names.first().map_or("", |(name, _)| name);
            let named = name.is_none_or(|name| first.as_bytes().eq_ignore_ascii_case(name) || first.starts_with('~'));
            if tls.is_some_and(|tls| tls != secure) || !named || !may_write.get(server.index()).copied().unwrap_or(true) {
                continue;
            }
            match &found {
                Some(other) if other.server != server => return None,
                Some(_) => {}
                None => {
                    let usable = |name: &&str| !name.is_empty() && !name.contains(['*', '~']) && *name != "_";
                    let own = || block.names.iter().map(|(name, _)| &**name).find(usable).unwrap_or("localhost").trim_start_matches('.');
                    // A client names by SNI whom it names in the header.
                    let sni = || match host {
                        Some(host) => socket.by_sni(host),
                        None => (!has_host).then_some(server),
                    };
                    found = Some(Arrived {
                        server,
                        address: socket.address.to_string(),
                        port: socket.port,
                        tls: secure,
                        host: match host {
                            Some(host) if !refused => normal_host(host),
                            _ if has_host => Vec::new(),
                            _ => own().as_bytes().to_vec(),
                        },
                        refused,
                        merge_slashes: socket.merges_slashes(secure.then(sni).flatten()),
                    });
                }
            }
        }
    }
    found
}

/// By server: the sockets that it is on, in their order.
pub struct Listening<'a>(Vec<Vec<&'a Socket>>);

impl<'a> Listening<'a> {
    /// Of all servers.
    pub fn of(config: &Config, router: &'a Router) -> Listening<'a> {
        let mut all: Vec<Vec<&'a Socket>> = vec![Vec::new(); config.servers.len()];
        for socket in router.sockets() {
            for server in &socket.servers {
                // One that names a socket twice is on it once.
                if let Some(list) = all.get_mut(server.index())
                    && list.last().is_none_or(|last| !std::ptr::eq(*last, socket))
                {
                    list.push(socket);
                }
            }
        }
        Listening(all)
    }
}

/// The variables that a format lacks to tell a server from others that write the same log; none when it can.
pub fn missing(config: &Config, listening: &Listening<'_>, format: &Format, server: ServerId, others: &[bool]) -> Vec<&'static str> {
    let has_port = format.has(Field::Port);
    let has_host = format.has(Field::Host) || format.has(Field::HttpHost);
    let has_name = format.has(Field::ServerName);
    let has_scheme = format.has(Field::Scheme) || format.has(Field::Https);
    let sockets = |server: ServerId| listening.0.get(server.index()).into_iter().flatten().copied();
    let secure = |server: ServerId| {
        let mut listens = config.server(server).listens.iter().map(|listen| listen.ssl || listen.quic);
        let first = listens.next();
        first.filter(|first| listens.all(|other| other == *first))
    };
    let first_name = |server: ServerId| config.server(server).names.first().map(|(name, _)| name.clone());
    let (mut port, mut host) = (false, false);
    for other in (0..config.servers.len() as u32).map(ServerId) {
        if host != has_host && port != has_port {
            // Nothing else can be missing.
            break;
        }
        if other == server || !others.get(other.index()).copied().unwrap_or(false) {
            continue;
        }
        let ports_differ = sockets(server).all(|socket| sockets(other).all(|theirs| theirs.port != socket.port));
        let together = sockets(server).any(|socket| sockets(other).any(|theirs| std::ptr::eq(theirs, socket)));
        let schemes_differ = secure(server).is_some() && secure(other).is_some() && secure(server) != secure(other);
        let names_differ = first_name(server) != first_name(other);
        if (has_port && ports_differ) || (has_scheme && schemes_differ) || (has_name && names_differ) {
            continue;
        }
        if !ports_differ || together {
            // They share a port: only the host decides there.
            host |= !has_host;
            // Where one of them listens elsewhere, too, a host alone may lead to either.
            let same_sockets = sockets(server).map(|socket| &socket.address).eq(sockets(other).map(|socket| &socket.address))
                && sockets(server).map(|socket| socket.port).eq(sockets(other).map(|socket| socket.port));
            port |= !has_port && !same_sockets;
        } else {
            port |= !has_port;
        }
    }
    [(host, "$host"), (port, "$server_port")].into_iter().filter(|(missing, _)| *missing).map(|(_, name)| name).collect()
}
