//! Which server answers: listening sockets, their tables of names, their default servers.
//!
//! Follows `ngx_http_add_listen` (which tells QUIC and TCP apart, `port[i].type`), `ngx_http_server_names`, `ngx_hash_add_key`, `ngx_hash_find_combined` and
//! `ngx_http_find_virtual_server`.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::pattern::Pattern;
use crate::config::{Config, EntryId, Listen, ServerId};

/// A listening socket and what decides between its servers.
#[derive(Debug)]
pub struct Socket {
    /// `*`, an address, `[…]`, or `unix:…`; every way to write "any IPv4 address" is `*`.
    pub address: Arc<str>,
    /// The port; 0 for a unix socket.
    pub port: u16,
    /// It is one of QUIC; a TCP one of the same address and port is another, with servers and a default of its own.
    pub quic: bool,
    /// The servers that listen here, in reading order.
    pub servers: Vec<ServerId>,
    /// The one that answers when no name fits.
    pub default: ServerId,
    /// It speaks TLS: one of its `listen`s says `ssl` or `quic`, which holds for all (`ngx_http_add_addresses`), or its default server
    /// has the old `ssl on` (`ngx_http_init_connection`).
    pub tls: bool,
    /// Names that can't select their server here, because another one has them.
    pub conflicts: Vec<NameConflict>,
    /// A second `default_server`: nginx refuses to start.
    pub second_default: Option<ServerId>,
    pub(super) names: Names,
    /// Those of its servers that have `merge_slashes off`.
    unmerged: FxHashSet<ServerId>,
}

/// A name that another server of the same socket took first ("conflicting server name … ignored").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameConflict {
    /// The name as nginx compares it.
    pub name: Arc<str>,
    /// The server whose name is ignored.
    pub server: ServerId,
    /// The `server_name`; `None` where the server has none, which means the name `""`.
    pub entry: Option<EntryId>,
    /// Which word of the `server_name` it is.
    pub word: usize,
    /// The server that has the name.
    pub winner: ServerId,
}

/// What decided between the servers of a socket (`ngx_http_find_virtual_server`).
#[derive(Debug, Clone)]
pub enum Chosen {
    /// No other listens there.
    Only,
    /// This name.
    Exact(String),
    /// `*.x` or `.x`.
    Leading(String),
    /// `x.*`
    Trailing(String),
    /// A name that is a regex.
    Regex(Arc<Pattern>),
    /// No name fits.
    Default,
}

#[derive(Debug, Default)]
pub(super) struct Names {
    /// With one server: its last name is a regex with groups.
    captures: bool,
    exact: FxHashMap<Vec<u8>, ServerId>,
    /// Behind `*.` or `.`; true for the latter, which takes the bare name too.
    head: FxHashMap<Vec<u8>, (ServerId, bool)>,
    /// Before `.*`.
    tail: FxHashMap<Vec<u8>, ServerId>,
    pub(super) regexes: Vec<RegexName>,
}

/// A `~regex` among the names of a socket.
#[derive(Debug)]
pub(super) struct RegexName {
    pub(super) pattern: Arc<Pattern>,
    pub(super) server: ServerId,
    /// The `server_name`, and which word of it.
    pub(super) at: (EntryId, usize),
}

/// The name that a host is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// The host itself, written out or as `.host`.
    Exact,
    /// What stands behind `*.` or `.`.
    Head(&'a [u8]),
    /// What stands before `.*`.
    Tail(&'a [u8]),
    /// An index of `regexes`.
    Regex(usize),
}

/// The sockets of a configuration, in the order in which they are first named.
pub(super) fn sockets(config: &Config) -> Vec<Socket> {
    struct Draft {
        key: (Arc<str>, u16, bool),
        servers: Vec<ServerId>,
        default: Option<ServerId>,
        second: Option<ServerId>,
        tls: bool,
    }
    let mut drafts: Vec<Draft> = Vec::new();
    let mut index: FxHashMap<(Arc<str>, u16, bool), usize> = FxHashMap::default();
    for (number, server) in config.servers.iter().enumerate() {
        let id = ServerId(number as u32);
        for listen in &server.listens {
            let key: (Arc<str>, u16, bool) = (normal_address(&listen.address).into(), listen.port, listen.quic);
            let at = *index.entry(key.clone()).or_insert_with(|| {
                drafts.push(Draft { key, servers: Vec::new(), default: None, second: None, tls: false });
                drafts.len() - 1
            });
            let Some(draft) = drafts.get_mut(at) else { continue };
            if draft.servers.last() != Some(&id) {
                draft.servers.push(id);
            }
            draft.tls |= listen.ssl || listen.quic;
            if listen.default {
                match draft.default {
                    None => draft.default = Some(id),
                    Some(first) if first != id => draft.second = draft.second.or(Some(id)),
                    Some(_) => {}
                }
            }
        }
    }
    let says = |server: ServerId, name: &str, word: &str| {
        !config.all(name).is_empty()
            && config.inherited(config.server(server).entry, name).is_some_and(|id| config.directive(id).arg(0) == Some(word))
    };
    drafts
        .into_iter()
        .filter_map(|draft| {
            let default = draft.default.or_else(|| draft.servers.first().copied())?;
            let (mut names, conflicts) = names(config, &draft.servers);
            // Each regex says anew whether there are groups (`ngx_http_core_server_name`, `cscf->captures`).
            let last = config.server(default).names.iter().rev().find_map(|(name, _)| name.strip_prefix('~'));
            names.captures = last.is_some_and(|source| {
                let caseless = source.bytes().any(|byte| byte.is_ascii_uppercase());
                Pattern::get(source, caseless).groups().is_some_and(|(groups, _)| groups > 0)
            });
            let (address, port, quic) = draft.key;
            let tls = draft.tls || says(default, "ssl", "on");
            let unmerged = draft.servers.iter().copied().filter(|server| says(*server, "merge_slashes", "off")).collect();
            let (servers, second_default) = (draft.servers, draft.second);
            Some(Socket { address, port, quic, servers, default, tls, conflicts, second_default, names, unmerged })
        })
        .collect()
}

/// One spelling for each address.
pub fn normal_address(address: &str) -> String {
    match address {
        "" | "*" | "0.0.0.0" => "*".to_owned(),
        "localhost" => "127.0.0.1".to_owned(),
        other => match other.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => match inner.parse::<std::net::Ipv6Addr>() {
                Ok(ip) => format!("[{ip}]"),
                Err(_) => other.to_ascii_lowercase(),
            },
            None => other.to_owned(),
        },
    }
}

fn names(config: &Config, servers: &[ServerId]) -> (Names, Vec<NameConflict>) {
    let mut names = Names::default();
    let mut conflicts = Vec::new();
    // Keys that ngx_hash_add_key has seen as exact names; ".a.com" takes "a.com" even where its wildcard is then refused.
    let mut taken: FxHashMap<Vec<u8>, ServerId> = FxHashMap::default();
    for &server in servers {
        let mut written: Vec<(Arc<str>, Option<EntryId>, usize)> = config
            .children(config.server(server).entry, "server_name")
            .flat_map(|entry| (0..).zip(&config.directive(entry).args).map(move |(at, word)| (word.value.clone(), Some(entry), at)))
            .collect();
        if written.is_empty() {
            written.push(("".into(), None, 0));
        }
        for (name, entry, word) in written {
            if let (Some(pattern), Some(entry)) = (name.strip_prefix('~'), entry) {
                // ngx_http_core_server_name: an upper-case letter makes the whole expression caseless.
                let caseless = pattern.bytes().any(|byte| byte.is_ascii_uppercase());
                names.regexes.push(RegexName { pattern: Pattern::get(pattern, caseless), server, at: (entry, word) });
                continue;
            }
            let lower: Arc<str> = name.to_ascii_lowercase().into();
            let mut conflict = |winner: ServerId| {
                conflicts.push(NameConflict { name: lower.clone(), server, entry, word, winner });
            };
            let key = |text: &str| text.as_bytes().to_vec();
            if let Some(rest) = lower.strip_prefix("*.") {
                match names.head.get(rest.as_bytes()) {
                    Some((winner, _)) => conflict(*winner),
                    None => drop(names.head.insert(key(rest), (server, false))),
                }
            } else if let Some(rest) = lower.strip_prefix('.') {
                if let Some(winner) = taken.get(rest.as_bytes()) {
                    conflict(*winner);
                    continue;
                }
                taken.insert(key(rest), server);
                match names.head.get(rest.as_bytes()) {
                    Some((winner, _)) => conflict(*winner),
                    None => drop(names.head.insert(key(rest), (server, true))),
                }
            } else if let Some(rest) = lower.strip_suffix(".*") {
                match names.tail.get(rest.as_bytes()) {
                    Some(winner) => conflict(*winner),
                    None => drop(names.tail.insert(key(rest), server)),
                }
            } else if let Some(winner) = taken.get(lower.as_bytes()) {
                conflict(*winner);
            } else {
                taken.insert(key(&lower), server);
                names.exact.insert(key(&lower), server);
            }
        }
    }
    (names, conflicts)
}

impl Socket {
    /// Does a `listen` name this socket?
    pub fn is_of(&self, listen: &Listen) -> bool {
        listen.port == self.port && listen.quic == self.quic && normal_address(&listen.address) == *self.address
    }

    /// The server that a request for this host gets; `host` as in the request: port, case and a trailing dot don't matter. An
    /// empty one is a request without `Host`.
    pub fn server(&self, host: &[u8]) -> ServerId {
        self.choose(host).0
    }

    /// The same, with what decided.
    pub fn choose(&self, host: &[u8]) -> (ServerId, Chosen) {
        // ngx_http_optimize_servers: with one server there is no table to look into, unless its last regex has groups.
        if self.servers.len() < 2 && !self.names.captures {
            return (self.default, Chosen::Only);
        }
        let host = normal_host(host);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let Some((found, server)) = self.find_name(&host) else { return (self.default, Chosen::Default) };
        let bare = |rest: &[u8]| self.names.head.get(rest).is_some_and(|(_, bare)| *bare);
        let chosen = match found {
            Found::Exact => Chosen::Exact(text(&host)),
            Found::Head(rest) => Chosen::Leading(format!("{}{}", if bare(rest) { "." } else { "*." }, text(rest))),
            Found::Tail(start) => Chosen::Trailing(format!("{}.*", text(start))),
            Found::Regex(at) => match self.names.regexes.get(at) {
                Some(name) => Chosen::Regex(name.pattern.clone()),
                None => Chosen::Default,
            },
        };
        (server, chosen)
    }

    /// The server that a client's SNI selects when it asks for this host over TLS (`ngx_http_ssl_servername`); `None` for a host that no
    /// client sends as SNI: none at all, and an address (RFC 6066).
    pub fn by_sni(&self, host: &[u8]) -> Option<ServerId> {
        let name = normal_host(host);
        let is_address = name.starts_with(b"[") || std::str::from_utf8(&name).is_ok_and(|name| name.parse::<std::net::Ipv4Addr>().is_ok());
        (is_valid_host(host) && !is_address).then(|| self.server(host))
    }

    /// Are slashes merged in the targets that come in here? That is done before `Host` is known (`ngx_http_process_request_uri`), by the
    /// settings of the default server; over TLS by those of the server that SNI has selected, if any (`hc->conf_ctx`).
    pub fn merges_slashes(&self, by_sni: Option<ServerId>) -> bool {
        !self.unmerged.contains(&by_sni.unwrap_or(self.default))
    }

    /// Are they, whatever the client sends?
    pub fn always_merges_slashes(&self) -> bool {
        self.merges_slashes(None) && !(self.tls && self.servers.iter().any(|sni| self.unmerged.contains(sni)))
    }

    /// The name by which a host is found, and its server; `None` where the default server takes it. The host as
    /// [`normal_host`] makes it.
    pub(super) fn find_name<'a>(&self, host: &'a [u8]) -> Option<(Found<'a>, ServerId)> {
        if let Some(server) = self.names.exact.get(host) {
            return Some((Found::Exact, *server));
        }
        if host.is_empty() {
            return None;
        }
        let dots = || host.iter().enumerate().filter(|(_, byte)| **byte == b'.').map(|(at, _)| at);
        if let Some((server, true)) = self.names.head.get(host) {
            return Some((Found::Exact, *server));
        }
        let behind = |dot: usize| host.get(dot + 1..).and_then(|rest| Some((Found::Head(rest), self.names.head.get(rest)?.0)));
        if let Some(found) = dots().find_map(behind) {
            return Some(found);
        }
        let ends: Vec<usize> = dots().collect();
        let before = |dot: &usize| host.get(..*dot).and_then(|rest| Some((Found::Tail(rest), *self.names.tail.get(rest)?)));
        if let Some(found) = ends.iter().rev().find_map(before) {
            return Some(found);
        }
        self.names.regexes.iter().position(|name| name.pattern.is_match(host)).and_then(|at| {
            let name = self.names.regexes.get(at)?;
            Some((Found::Regex(at), name.server))
        })
    }
}

/// False for what nginx answers 400 to as a `Host` (`ngx_http_validate_host`).
pub fn is_valid_host(host: &[u8]) -> bool {
    let bad = |byte: &u8| *byte == b'/' || *byte <= b' ' || *byte == 0x7f;
    !host.iter().any(bad) && !host.windows(2).any(|two| two == b"..") && !normal_host(host).is_empty()
}

/// `ngx_http_validate_host`: lower case, without the port and without one trailing dot.
pub fn normal_host(host: &[u8]) -> Vec<u8> {
    let end = if host.first() == Some(&b'[') {
        host.iter().position(|byte| *byte == b']').map_or(host.len(), |at| at + 1)
    } else {
        host.iter().position(|byte| *byte == b':').unwrap_or(host.len())
    };
    let host = host.get(..end).unwrap_or(host);
    host.strip_suffix(b".").unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::routing::testing::load;

    /// The number of the server that answers each host.
    fn servers(servers: &str, hosts: &[&str]) -> Vec<u32> {
        let (config, router) = load(&format!("events {{}} http {{ {servers} }}"));
        assert!(!config.servers.is_empty());
        hosts.iter().map(|host| router.server("*", 80, host.as_bytes()).map_or(99, |server| server.0)).collect()
    }

    #[test]
    fn exact_head_tail_regex_default() {
        let conf = r"server { listen 80; server_name d; } server { listen 80; server_name a.com; } server { listen 80; server_name *.a.com; }
            server { listen 80; server_name a.*; } server { listen 80; server_name ~^x\d+$; } server { listen 80; server_name .b.com *.w.b.com; }";
        let hosts =
            ["a.com", "A.COM:80", "a.com.", "w.a.com", "v.w.a.com", "a.net", "a", "x1", "xa", "b.com", "q.b.com", "q.w.b.com", "", "zzz"];
        assert_eq!(servers(conf, &hosts), [1, 1, 1, 2, 2, 3, 0, 4, 0, 5, 5, 5, 0, 0]);
    }

    #[test]
    fn default_servers() {
        let conf = "server { listen 80; server_name a; } server { listen 80 default_server; server_name b; } server { listen 80; }";
        assert_eq!(servers(conf, &["a", "b", "zzz", ""]), [0, 1, 1, 2]);
        assert_eq!(servers("server { listen 80; server_name a; }", &["zzz", ""]), [0, 0]);
        let (_, router) = load("http { server { listen 80 default_server; } server { listen 80 default_server; } }");
        assert!(router.sockets()[0].second_default.is_some());
    }

    #[test]
    fn conflicts_are_ignored_and_told() {
        let (_, router) = load("http { server { listen 80; server_name a.com; } server { listen 80; server_name A.com .a.com b; } }");
        let names: Vec<&str> = router.sockets()[0].conflicts.iter().map(|conflict| &*conflict.name).collect();
        assert_eq!(names, ["a.com", ".a.com"]);
        // ".a.com" behind "*.a.com" is ignored, and yet it keeps a later exact "a.com" out.
        let conf =
            "server { listen 80; server_name z; } server { listen 80; server_name *.a.com; } server { listen 80; server_name .a.com; }
            server { listen 80; server_name a.com; }";
        assert_eq!(servers(conf, &["a.com", "x.a.com"]), [0, 1]);
    }

    /// As nginx 1.22 answers `GET /x//y` with `$uri`.
    #[test]
    fn slashes_are_merged_as_the_default_server_or_that_of_sni_says() {
        let (_, router) = load(
            "http { server { listen 443 ssl; listen 80; server_name a; } server { listen 443; listen 80; server_name b; merge_slashes off; } }",
        );
        let socket = |port| router.socket("*", port).unwrap();
        let over_tls = |host: &[u8]| socket(443).merges_slashes(socket(443).by_sni(host));
        assert_eq!([&b"a"[..], b"b", b"B:443", b"", b"127.0.0.1", b"[::1]"].map(over_tls), [true, false, false, true, true, true]);
        assert!(socket(80).merges_slashes(None), "without TLS the default server's setting holds");
        assert_eq!([443, 80].map(|port| socket(port).tls), [true, false]);
        assert!(!router.merges_slashes(crate::config::ServerId(0)), "SNI and `Host` may differ");
        let old = |first: &str, second: &str| {
            let (_, router) = load(&format!("http {{ server {{ listen 90; {first} }} server {{ listen 90; server_name b; {second} }} }}"));
            router.socket("*", 90).unwrap().tls
        };
        assert_eq!([old("ssl on;", ""), old("", "ssl on;")], [true, false]);
    }

    #[test]
    fn quic_and_tcp_are_sockets_of_their_own() {
        let conf = "server { listen 80 quic; listen 80 ssl; server_name a; } server { listen 80 quic default_server; listen 80 ssl; server_name b; }
            server { listen 80 quic; server_name c; } server { listen 81 quic; server_name d; }";
        let (_, router) = load(&format!("http {{ {conf} }}"));
        let defaults: Vec<_> =
            router.sockets().iter().map(|socket| (socket.port, socket.quic, socket.default.0, socket.servers.len())).collect();
        assert_eq!(defaults, [(80, true, 1, 3), (80, false, 0, 2), (81, true, 3, 1)]);
        assert_eq!(servers(conf, &["zzz", "a", "b", "c"]), [0, 0, 1, 0], "a request comes by TCP where something listens");
        assert_eq!(router.server("*", 81, b"d").map(|server| server.0), Some(3));
    }

    #[test]
    fn an_address_hides_the_one_for_all() {
        let (_, router) = load(
            "http { server { listen 80; server_name a; } server { listen 127.0.0.1:80; server_name b; } server { listen 81; server_name a; } }",
        );
        let server = |address: &str, port, host: &[u8]| router.server(address, port, host).map(|server| server.0);
        assert_eq!(server("127.0.0.1", 80, b"a"), Some(1));
        assert_eq!(server("10.0.0.1", 80, b"a"), Some(0));
        assert_eq!(server("*", 80, b"a"), Some(0));
        assert_eq!(server("*", 81, b"zzz"), Some(2));
        assert_eq!(server("*", 82, b"a"), None);
        assert_eq!(server("[::1]", 80, b"a"), None);
    }
}
