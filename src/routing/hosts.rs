//! Names that select nothing: which `server_name`s no request can have, and which servers are left without any request.
//!
//! Follows `ngx_hash_add_key` (a name that is taken is ignored), `ngx_http_validate_host` (what a host can be) and
//! `ngx_http_find_virtual_server` (exact, `*.x`, `x.*`, the regexes in order, the default server). TLS asks the same tables for the
//! server's name of a handshake (`ngx_http_ssl_servername`).

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::language::{UriSet, Witness};
use super::server::{Found, Socket};
use super::{Router, pattern::Pattern};
use crate::config::{Chosen, Config, EntryId, Server, ServerId};
use crate::nginx::templates;

/// What was found of the names of a configuration.
#[derive(Debug, Default)]
pub struct Names {
    /// Names that select no server on a socket, in the order of the sockets and servers.
    pub idle: Vec<IdleName>,
    /// Servers that no request gets to: default nowhere, and each of their names idle on each of their sockets. In order.
    pub dead: Vec<ServerId>,
    /// By server: its idle names.
    of_server: FxHashMap<ServerId, Vec<usize>>,
}

/// A name that selects nothing on a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleName {
    /// The socket, as an index of [`Router::sockets`].
    pub socket: usize,
    /// The server that has the name.
    pub server: ServerId,
    /// The `server_name`; `None` where the server has none, which means the name `""`.
    pub entry: Option<EntryId>,
    /// Which word of the `server_name`.
    pub word: usize,
    /// The name as nginx compares it.
    pub name: Arc<str>,
    /// Why.
    pub reason: Reason,
}

/// Why a name selects nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// This server has it already.
    Taken(ServerId),
    /// No host has it: it holds a port. nginx takes that off a request's host.
    Port,
    /// No host has it: it ends with a dot. nginx takes that off a request's host.
    TrailingDot,
    /// No host has it: nginx refuses requests with such a character in the host.
    Character(char),
    /// Names that are looked at earlier take each host that the regex matches; these are their servers.
    Covered(Vec<ServerId>),
}

/// How many names may stand in for a regex.
const TAKERS: usize = 24;

/// Of how many regexes of a socket is asked whether they are covered.
const REGEXES: usize = 64;

impl Names {
    /// Looks at all sockets with several servers: where there is only one, names are not looked at.
    ///
    /// What can't be told is left out: servers of which not all is known ([`Known`]), names that a template fills in.
    pub fn of(config: &Config, router: &Router) -> Names {
        let mut out = Names::default();
        let mut seen: FxHashMap<ServerId, bool> = FxHashMap::default();
        let known = Known::new(config);
        let certain: Vec<bool> = config.servers.iter().map(|server| known.is_of(server)).collect();
        for (index, socket) in router.sockets().iter().enumerate() {
            for server in &socket.servers {
                seen.entry(*server).or_insert(true);
            }
            if socket.servers.len() < 2 {
                seen.extend(socket.servers.iter().map(|server| (*server, false)));
                continue;
            }
            let mut asker = Asker { config, router, certain: &certain, index, socket, hosts: None };
            let conflicts: FxHashMap<_, _> = socket.conflicts.iter().map(|one| ((one.server, one.entry, one.word), one.winner)).collect();
            for &server in &socket.servers {
                let sure = certain.get(server.index()) == Some(&true);
                let mut idle = sure && socket.default != server && asker.same_listen(server, socket.default);
                if sure {
                    for name in names(config, server) {
                        let winner = conflicts.get(&(server, name.entry, name.word)).copied();
                        match asker.reason(&name, winner) {
                            Some(reason) => out.idle.push(IdleName { socket: index, reason, ..name }),
                            None => idle = false,
                        }
                    }
                }
                if !idle {
                    seen.insert(server, false);
                }
            }
        }
        out.dead = seen.into_iter().filter(|(_, dead)| *dead).map(|(server, _)| server).collect();
        out.dead.sort();
        for (number, name) in out.idle.iter().enumerate() {
            out.of_server.entry(name.server).or_default().push(number);
        }
        out
    }

    /// True for a server that no request gets to.
    pub fn is_dead(&self, server: ServerId) -> bool {
        self.dead.binary_search(&server).is_ok()
    }

    /// The names of a server that select nothing, in the order of the sockets.
    pub fn idle_of(&self, server: ServerId) -> impl Iterator<Item = &IdleName> {
        self.of_server.get(&server).into_iter().flatten().filter_map(|number| self.idle.get(*number))
    }
}

/// Is everything here that decides about a server's addresses and names? Not with an include that is not known, with a `listen` that
/// can't be read or names a host (which may stand for several addresses), with what a template fills in, and in a fragment that may be
/// of `stream` or `mail`.
pub struct Known<'a> {
    config: &'a Config,
    listens: Chosen<'a>,
    /// With one of these it is not certain which protocol it is.
    strange: Chosen<'a>,
}

impl<'a> Known<'a> {
    /// For the servers of a configuration.
    pub fn new(config: &'a Config) -> Known<'a> {
        let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let strange =
            |name: &str| matches!(name, "proxy_pass" | "protocol" | "proxy" | "starttls" | "js_preread" | "ssl_preread") || !plain(name);
        Known { config, listens: config.named(|name| name == "listen"), strange: config.named(strange) }
    }

    /// Is it of this server?
    pub fn is_of(&self, server: &Server) -> bool {
        let config = self.config;
        let address =
            |text: &str| text == "*" || text.starts_with('[') || text.starts_with("unix:") || text.parse::<std::net::Ipv4Addr>().is_ok();
        let is_read = |listen: &EntryId| {
            let words = &config.directive(*listen).args;
            server.listens.iter().any(|one| one.entry == Some(*listen))
                && words.iter().all(|word| !is_template(&word.value) && &*word.value != "udp")
        };
        let children = &config.entry(server.entry).children;
        !server.synthetic
            && !config.unknown_includes.iter().any(|include| config.entry(*include).parent == Some(server.entry))
            && !children.iter().any(|child| self.strange.has(*child))
            && children.iter().filter(|child| self.listens.has(**child)).all(is_read)
            && server.listens.iter().all(|listen| address(&listen.address))
    }
}

/// Each name of a server, as if it were idle.
fn names(config: &Config, server: ServerId) -> Vec<IdleName> {
    let name = |text: &str, entry, word| {
        let name = if text.starts_with('~') { text.into() } else { text.to_ascii_lowercase().into() };
        IdleName { socket: 0, server, entry, word, name, reason: Reason::Port }
    };
    let written: Vec<IdleName> = config
        .children(config.server(server).entry, "server_name")
        .flat_map(|entry| (0..).zip(&config.directive(entry).args).map(move |(word, text)| name(&text.value, Some(entry), word)))
        .collect();
    if written.is_empty() { vec![name("", None, 0)] } else { written }
}

/// True when the text is filled in before nginx reads it.
fn is_template(text: &str) -> bool {
    text.contains('$') || templates::has_mark(text)
}

struct Asker<'a> {
    config: &'a Config,
    router: &'a Router,
    certain: &'a [bool],
    index: usize,
    socket: &'a Socket,
    /// All hosts, once somebody asked.
    hosts: Option<UriSet>,
}

impl Asker<'_> {
    /// Do both listen by a written `listen`, or both by the default? The port of that is another one when nginx is not started as root.
    fn same_listen(&self, one: ServerId, other: ServerId) -> bool {
        let written = |server: ServerId| self.config.server(server).listens.iter().any(|listen| listen.entry.is_some());
        written(one) == written(other)
    }

    /// Why a name selects nothing on this socket; `None` where it does, or that can't be told.
    fn reason(&mut self, name: &IdleName, winner: Option<ServerId>) -> Option<Reason> {
        let text = &*name.name;
        match text.strip_prefix('~') {
            Some(_) if text.contains("{{") || text.contains("${") || text.contains("<%") || text.contains("@@") => None,
            Some(_) => self.covered(name),
            None if is_template(text) && text != "$hostname" => None,
            None => match winner {
                Some(winner) => {
                    let sure = self.certain.get(winner.index()) == Some(&true) && self.same_listen(name.server, winner);
                    sure.then_some(Reason::Taken(winner))
                }
                None => no_host(text),
            },
        }
    }

    /// Is every host that the regex matches taken by another name?
    fn covered(&mut self, name: &IdleName) -> Option<Reason> {
        let regexes = &self.socket.names.regexes;
        let own = regexes.iter().take(REGEXES).position(|one| Some(one.at) == name.entry.map(|entry| (entry, name.word)))?;
        let pattern = regexes.get(own)?.pattern.clone();
        // Most regexes are alive, and this is quick.
        if let Some(sample) = pattern.sample().map(|sample| sample.to_ascii_lowercase())
            && is_host(&sample)
            && pattern.is_match(&sample)
            && self.takes(&sample) == Some((Found::Regex(own), name.server))
        {
            return None;
        }
        let hosts = self.hosts.get_or_insert_with(hosts).clone();
        let mut rest = UriSet::language(pattern.language()?).intersect(&hosts);
        let mut servers = Vec::new();
        for _ in 0..=TAKERS {
            let host = match rest.witness() {
                Witness::Empty => return Some(Reason::Covered(servers)),
                Witness::CantTell => return None,
                Witness::Found(host) => host,
            };
            // The automaton and PCRE have to agree.
            if !pattern.is_match(&host) || !is_host(&host) {
                return None;
            }
            let (found, server) = self.takes(&host)?;
            if self.certain.get(server.index()) != Some(&true) || !self.same_listen(name.server, server) {
                return None;
            }
            let taken = match found {
                Found::Regex(at) if at == own => return None,
                Found::Regex(at) => UriSet::language(regexes.get(at)?.pattern.language()?),
                Found::Exact => UriSet::literal(&host),
                Found::Head(rest) => UriSet::regex(&format!(".\\.{}\\z", quoted(rest)?), false)?,
                Found::Tail(start) => UriSet::regex(&format!("^{}\\.", quoted(start)?), false)?,
            };
            // A taker that does not have what it took would be asked for again without end.
            if !taken.contains(&host) {
                return None;
            }
            rest = rest.minus(&taken);
            if !servers.contains(&server) {
                servers.push(server);
            }
        }
        None
    }

    fn takes<'h>(&self, host: &'h [u8]) -> Option<(Found<'h>, ServerId)> {
        self.router.sockets().get(self.index)?.find_name(host)
    }
}

/// A text as a pattern that matches it and nothing else; `None` for one with bytes that a pattern can't have here.
fn quoted(text: &[u8]) -> Option<String> {
    let mut out = String::new();
    for byte in text {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' => out.push(char::from(*byte)),
            b'!'..=b'~' => out.extend(['\\', char::from(*byte)]),
            _ => return None,
        }
    }
    Some(out)
}

/// Why no request's host is (or ends, or begins with) this name, which is no regex; `None` where one may. Where a name is read by
/// another rule than this (`a..b`, an asterisk in the middle), nginx refuses to start.
fn no_host(name: &str) -> Option<Reason> {
    let (base, wildcard) = match (name.strip_prefix("*.").or_else(|| name.strip_prefix('.')), name.strip_suffix(".*")) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, true),
        (None, None) => (name, false),
    };
    if let Some(bad) = base.chars().find(|letter| matches!(letter, '\0'..=' ' | '/' | '\x7f')) {
        return Some(Reason::Character(bad));
    }
    // An address in brackets has colons of its own; what is not closed has no port either, so that a host with a colon is left.
    let literal = base.starts_with('[');
    let host_end = if literal { base.find(']').map(|at| at + 1) } else { base.find(':') };
    match host_end {
        Some(end) if end < base.len() && !wildcard => Some(Reason::Port),
        // A host that begins with `[` and lacks the `]` keeps its colons, and a wildcard leaves the beginning open.
        _ if name.ends_with('.') && name.len() > 1 => Some(Reason::TrailingDot),
        _ => None,
    }
}

/// True for what `ngx_http_validate_host` may leave of a host, in lower case.
pub fn is_host(host: &[u8]) -> bool {
    let plain = |byte: &u8| *byte > b' ' && !matches!(*byte, 0x7f | b'/' | b'A'..=b'Z');
    !host.is_empty()
        && host.iter().all(plain)
        && !host.windows(2).any(|pair| pair == b"..")
        && host.last() != Some(&b'.')
        && (host.first() == Some(&b'[') || !host.contains(&b':'))
}

/// All of those.
fn hosts() -> UriSet {
    let never = [r"[\x00-\x20\x7f/A-Z]", r"\.\.", r"\.\z", r"^[^\[:][^:]*:", r"^:"];
    // The patterns are fixed and within the subset; were one not, the set would be too large, which proves less and never more.
    let never = never.into_iter().filter_map(|pattern| Pattern::get(pattern, false).language()).map(UriSet::language);
    UriSet::all().minus(&UriSet::union(never.chain([UriSet::literal(b"")])))
}

/// A server that listens on any address and is hidden on one: requests that come in there are answered by others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The server that listens on all addresses.
    pub server: ServerId,
    /// The `listen` that says so.
    pub listen: EntryId,
    /// The socket of the one address, as an index of [`Router::sockets`].
    pub socket: usize,
    /// The first of its names that another server answers there, and which one.
    pub instead: (Arc<str>, ServerId),
}

/// Servers that are hidden on an address: `listen 80` has no part in what `listen 10.0.0.1:80` of another server gets
/// (`ngx_http_add_addresses`, one table for each address). Only by a name that is written out; loopback addresses are left out, since
/// a server of one is meant to be apart.
pub fn hidden(config: &Config, router: &Router) -> Vec<Hidden> {
    let sockets = router.sockets();
    let mut by_port: FxHashMap<u16, Vec<usize>> = FxHashMap::default();
    for (index, one) in sockets.iter().enumerate().filter(|(_, one)| is_public(&one.address)) {
        by_port.entry(one.port).or_default().push(index);
    }
    let mut out = Vec::new();
    for wide in sockets.iter().filter(|socket| matches!(&*socket.address, "*" | "[::]")) {
        let v6 = wide.address.starts_with('[');
        let narrow = by_port.get(&wide.port).into_iter().flatten().filter_map(|index| Some((*index, sockets.get(*index)?)));
        for (index, one) in
            narrow.filter(|(_, one)| one.quic == wide.quic && one.address != wide.address && one.address.starts_with('[') == v6)
        {
            let apart: FxHashSet<ServerId> = one.servers.iter().copied().collect();
            for &server in wide.servers.iter().filter(|server| !apart.contains(server)) {
                let listen = config.server(server).listens.iter().find(|listen| wide.is_of(listen) && listen.entry.is_some());
                let plain = |name: &&Arc<str>| {
                    !name.starts_with(['~', '.', '*']) && !is_template(name) && is_host(name.as_bytes()) && ***name != *"_"
                };
                let name = config.server(server).names.iter().map(|(name, _)| name).find(plain);
                if let (Some(listen), Some(name)) = (listen.and_then(|listen| listen.entry), name)
                    && wide.server(name.as_bytes()) == server
                {
                    // Another one of that very name is meant for the address.
                    let found = one.find_name(name.as_bytes()).map(|(found, _)| found);
                    if found != Some(Found::Exact) {
                        out.push(Hidden { server, listen, socket: index, instead: (name.clone(), one.server(name.as_bytes())) });
                    }
                }
            }
        }
    }
    out
}

/// An address as others see it.
fn is_public(address: &str) -> bool {
    match address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse::<std::net::Ipv6Addr>().is_ok_and(|ip| !ip.is_loopback()),
        None => address.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| !ip.is_loopback()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    fn found(servers: &str) -> (Vec<(u32, String, Reason)>, Vec<u32>) {
        let (config, router) = load(&format!("events {{}} http {{ {servers} }}"));
        let names = Names::of(&config, &router);
        let idle = names.idle.into_iter().map(|name| (name.server.0, name.name.to_string(), name.reason)).collect();
        (idle, names.dead.into_iter().map(|server| server.0).collect())
    }

    fn dead(servers: &str) -> Vec<u32> {
        found(servers).1
    }

    #[test]
    fn taken_on_all_addresses() {
        assert_eq!(dead("server { server_name a; } server { server_name A; }"), [1]);
        assert_eq!(dead("server { listen 80; } server { listen 80; }"), [1]);
        assert_eq!(dead("server { listen 80; server_name a; } server { listen 80; listen 81; server_name a; }"), [0; 0]);
        assert_eq!(dead("server { listen 80; server_name a; } server { listen 80 default_server; server_name a; }"), [0; 0]);
        assert_eq!(dead("server { listen 80; server_name a; } server { listen 80; server_name a b; }"), [0; 0]);
        assert_eq!(
            dead("server { listen 80; server_name a; } server { listen *:80; server_name a; } server { listen 80; server_name b; }"),
            [1]
        );
    }

    #[test]
    fn an_idle_name_knows_its_socket() {
        let (config, router) =
            load("http { server { listen 80; } server { listen 81; server_name a; } server { listen 81; server_name a; } }");
        let names = Names::of(&config, &router);
        let idle: Vec<(usize, u32)> = names.idle.iter().map(|name| (name.socket, name.server.0)).collect();
        assert_eq!((idle, names.dead), (vec![(1, 2)], vec![ServerId(2)]));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        assert_eq!(dead("server { listen 80; server_name a; } server { listen 80; server_name a; include /nowhere.conf; }"), [0; 0]);
        assert_eq!(dead("server { listen 80; server_name a; } server { listen 80; listen ${PORT}; server_name a; }"), [0; 0]);
        assert_eq!(dead("server { listen 80; server_name a; } server { listen 80; server_name a; ${IF_V6}listen [::]:80; }"), [0; 0]);
        assert_eq!(dead("server { listen 53; proxy_pass a; } server { listen 53 udp; proxy_pass a; }"), [0; 0], "a fragment of stream");
        assert_eq!(dead("server { listen 443 ssl; server_name a; } server { listen 443 quic; server_name a; }"), [0; 0]);
        let both = "server { listen 443 ssl; listen 443 quic; server_name a; }";
        assert_eq!(dead(&format!("{both} {both}")), [1]);
        let last = "server { listen 443 ssl; listen 443 quic default_server; server_name a; }";
        assert_eq!(dead(&format!("{both} {last}")), [0; 0], "it is the default of one of the two");
        let one = "server { listen 443 ssl; server_name a; }";
        assert_eq!(dead(&format!("{both} {one}")), [1]);
        assert_eq!(dead("server { listen 80; server_name a; } server { listen web:80; server_name a; }"), [0; 0]);
        assert_eq!(
            dead("server { listen 80; server_name a; } server { server_name a; }"),
            [0; 0],
            "8000, when nginx is not started as root"
        );
        assert_eq!(dead("server { listen 80; server_name \"{{a}}\"; } server { listen 80; server_name \"{{a}}\"; }"), [0; 0]);
    }

    #[test]
    fn names_that_no_host_has() {
        let (idle, dead) = found(
            "server { listen 80; server_name z; } server { listen 80; server_name a.com:80 http://a a.com. [::1]:80 *.b.com. [::1] *.c:80; }",
        );
        let reasons: Vec<_> = idle.iter().map(|(_, name, reason)| (name.as_str(), reason.clone())).collect();
        let expected = [
            ("a.com:80", Reason::Port),
            ("http://a", Reason::Character('/')),
            ("a.com.", Reason::TrailingDot),
            ("[::1]:80", Reason::Port),
            ("*.b.com.", Reason::TrailingDot),
        ];
        assert_eq!((reasons, dead), (expected.to_vec(), vec![]));
    }

    #[test]
    fn regexes_that_others_cover() {
        let first = "server { listen 80; server_name z; } server { listen 80; server_name ~^.*$; }";
        let (idle, dead) = found(&format!("{first} server {{ listen 80; server_name ~^x\\d+$; }}"));
        assert_eq!(idle, [(2, "~^x\\d+$".to_owned(), Reason::Covered(vec![ServerId(1)]))]);
        assert_eq!(dead, [2]);
        let covered = |names: &str, regex: &str| {
            let servers = format!(
                "server {{ listen 80; server_name z; }} server {{ listen 80; server_name {names}; }} server {{ listen 80; server_name {regex}; }}"
            );
            self::dead(&servers) == [2]
        };
        assert!(covered("*.a.com a.com", "~^(www\\.)?a\\.com$"));
        assert!(!covered(".a.com", "~a\\.com$"), "xa.com");
        assert!(covered(".a.com", "~^(.+\\.)?a\\.com$"));
        assert!(covered("a.*", "~^a\\.(com|net)$"));
        assert!(!covered("a.*", "~^a(\\.com|$)"));
        assert!(covered("~.", "~^(?<name>.+)\\.com$"));
        assert!(!covered("~.", "~^(?!a)b"), "a look-ahead can't be told");
        assert!(covered("~x", "~X"), "hosts are in lower case");
        assert!(covered("b", "~^B$"));
        assert!(!covered("~^[a-z.]+$", "~^[a-z0-9.]+$"));
        assert!(covered("x", "~^$"), "no host is empty");
    }

    #[test]
    fn a_server_is_hidden_by_an_address_of_another() {
        let (config, router) = load(
            "http { server { listen 80; server_name a; } server { listen 10.0.0.1:80; server_name b; } server { listen 127.0.0.1:80; server_name c; }
             server { listen 80; server_name b; } server { listen 80; listen 10.0.0.1:80; server_name d; } }",
        );
        let found: Vec<_> = hidden(&config, &router).into_iter().map(|one| (one.server.0, one.instead.1.0)).collect();
        assert_eq!(found, [(0, 1)]);
    }
}
