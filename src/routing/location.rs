//! Which location takes a URI: `ngx_http_core_find_location` and `ngx_http_core_find_static_location`.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::{Arc, LazyLock, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::RegexIndex;
use super::pattern::Pattern;
use super::server::{self, Socket};
use crate::config::{Chosen, Config, LocationId, Matcher, ServerId, Unchanged};
use crate::nginx::handlers;

/// The tables that nginx makes of a configuration to route requests.
#[derive(Debug)]
pub struct Router {
    sockets: Vec<Socket>,
    /// By server: its sockets.
    of_server: Vec<Vec<u32>>,
    /// By port, and whether it is one of QUIC: the sockets.
    of_port: FxHashMap<(u16, bool), Vec<u32>>,
    servers: Vec<Arc<Level>>,
    locations: Vec<Node>,
}

/// The table of a block without locations.
static NO_LOCATIONS: LazyLock<Level> = LazyLock::new(Level::default);

#[derive(Debug, Clone)]
struct Node {
    /// `None` for one that holds no locations, as nearly all do: a table is large.
    level: Option<Arc<Level>>,
    internal: bool,
    auto_redirect: bool,
}

/// The locations of one block, as nginx sorts them.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// `=` locations by name.
    pub(super) exact: FxHashMap<Box<[u8]>, LocationId>,
    /// Prefix locations, sorted by name, without duplicates.
    pub(super) prefixes: Vec<Prefix>,
    /// In the order of the file.
    pub(super) regexes: Vec<(Arc<Pattern>, LocationId)>,
    /// `@name`s: of two with one name the first.
    pub(super) named: FxHashMap<Arc<str>, LocationId>,
    /// A regex location whose pattern and flag an earlier one has, and that one.
    pub(super) same: FxHashMap<LocationId, LocationId>,
    /// Of `regexes`, which may match what; made when a search first needs it.
    index: OnceLock<RegexIndex>,
    /// Names that end in a slash and answer with a redirect without it.
    pub(super) redirects: FxHashMap<Box<[u8]>, LocationId>,
    /// A location whose name another one of the same kind has already, and that one. nginx refuses to start.
    pub(super) duplicates: FxHashMap<LocationId, LocationId>,
    /// Exact and prefix locations of a block at or below a regex location: nginx makes no table of them.
    pub(super) unmatched: FxHashSet<LocationId>,
    template: OnceLock<bool>,
}

#[derive(Debug)]
pub(super) struct Prefix {
    pub(super) name: Box<[u8]>,
    /// See [`head`].
    head: u64,
    pub(super) location: LocationId,
    pub(super) no_regex: bool,
    /// The longest other name in the level that this one begins with.
    pub(super) shorter: Option<u32>,
}

/// Where a URI goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The location; `None` for the server's own settings, where no location takes the URI.
    pub location: Option<LocationId>,
    /// The location does not serve it: it answers 301 to the same URI with a slash behind.
    pub auto_redirect: bool,
    /// The location is `internal`: a client gets 404 (and no redirect), an internal redirect or a matched rewrite gets through.
    pub internal: bool,
}

/// One step of the search, in the order in which nginx takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The URI equals an `=` location's name; the search is over.
    Exact(LocationId),
    /// The longest prefix of its level; what is nested in it is looked at next.
    Prefix(LocationId),
    /// The URI lacks only the slash at the end of the name of a location that passes requests on; the search is over.
    AutoRedirect(LocationId),
    /// The regexes of the level are not tried, because of this `^~` location.
    NoRegex(LocationId),
    /// This regex of the level was tried and does not match.
    NoMatch(LocationId),
    /// The first regex of its level that matches; what is nested in it is looked at next, and the search is over.
    Regex(LocationId),
}

/// What is looked for.
struct Search<'a> {
    uri: &'a [u8],
    /// A location that is taken as not there, with all that is nested in it.
    without: Option<LocationId>,
    /// Tell each regex that was tried, too.
    each_regex: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// `NGX_OK`
    Final,
    /// `NGX_DONE`
    Redirect,
    /// `NGX_AGAIN`: a prefix location, unless a regex further out matches.
    Prefix,
    /// `NGX_DECLINED`
    Nothing,
}

impl Router {
    /// Makes the tables. Regexes are compiled when a search first needs them.
    pub fn build(config: &Config) -> Router {
        Router::after(config, None)
    }

    /// The same; the tables of servers that are as they were, and have the ids that they had, are those of the earlier state.
    pub fn after(config: &Config, earlier: Option<(&Router, &Unchanged)>) -> Router {
        let internal = config.all("internal").iter().filter_map(|id| config.entry(*id).parent.and_then(|block| config.location_at(block)));
        let mut internal: FxHashSet<LocationId> = internal.collect();
        let passes = config.named(handlers::passes);
        let (mut servers, mut locations) = (Vec::with_capacity(config.servers.len()), Vec::with_capacity(config.locations.len()));
        for id in (0..config.servers.len() as u32).map(ServerId) {
            let own = config.locations_of(id);
            let kept = earlier.and_then(|(router, unchanged)| {
                let same = unchanged.server(id).filter(|same| same.is_in_place())?;
                Some((router.servers.get(same.server.index())?.clone(), router.locations.get(own.start as usize..own.end as usize)?))
            });
            match kept {
                Some((level, nodes)) => {
                    servers.push(level);
                    locations.extend_from_slice(nodes);
                }
                None => {
                    let redirecting = auto_redirects(config, &passes, id);
                    servers.push(Arc::new(level(config, &redirecting, &config.server(id).locations, false)));
                    nodes(config, own, &redirecting, &mut internal, &mut locations);
                }
            }
        }
        let sockets = server::sockets(config);
        let mut of_server = vec![Vec::new(); config.servers.len()];
        let mut of_port: FxHashMap<(u16, bool), Vec<u32>> = FxHashMap::default();
        for (number, socket) in (0..).zip(&sockets) {
            of_port.entry((socket.port, socket.quic)).or_default().push(number);
            for server in &socket.servers {
                if let Some(own) = of_server.get_mut(server.index()) {
                    own.push(number);
                }
            }
        }
        Router { sockets, of_server, of_port, servers, locations }
    }

    /// The listening sockets, in the order in which they are first named.
    pub fn sockets(&self) -> &[Socket] {
        &self.sockets
    }

    /// Those on which a server listens, in the same order.
    pub fn sockets_of(&self, server: ServerId) -> impl Iterator<Item = &Socket> {
        self.of_server.get(server.index()).into_iter().flatten().filter_map(|number| self.sockets.get(*number as usize))
    }

    /// The socket that a connection to this local address and port arrives at: the address's own, else that of every address
    /// of its family. `*` as address asks for any: the socket of every address first, else the first of that port. One of QUIC
    /// only where no TCP connection gets to any.
    pub fn socket(&self, address: &str, port: u16) -> Option<&Socket> {
        self.socket_by(false, address, port).or_else(|| self.socket_by(true, address, port))
    }

    fn socket_by(&self, quic: bool, address: &str, port: u16) -> Option<&Socket> {
        let address = server::normal_address(address);
        let mine = || self.of_port.get(&(port, quic)).into_iter().flatten().filter_map(|number| self.sockets.get(*number as usize));
        let find = |wanted: &str| mine().find(|socket| &*socket.address == wanted);
        let wildcard = if address.starts_with('[') { "[::]" } else { "*" };
        find(&address)
            .or_else(|| if address.starts_with("unix:") { None } else { find(wildcard) })
            .or_else(|| (address == "*").then(|| mine().find(|socket| !socket.address.starts_with("unix:"))).flatten())
    }

    /// The server that answers a request for `host` (as in the `Host` header; empty when there is none) on this address and
    /// port; `None` when nothing listens there.
    pub fn server(&self, address: &str, port: u16, host: &[u8]) -> Option<ServerId> {
        Some(self.socket(address, port)?.server(host))
    }

    /// Are slashes merged in the targets of all requests that this server may get ([`Socket::merges_slashes`])? A client may name another
    /// server of the socket by SNI than by `Host`.
    pub fn merges_slashes(&self, server: ServerId) -> bool {
        self.sockets_of(server).all(Socket::always_merges_slashes)
    }

    /// The location that takes a normalised URI (see [`super::uri`]).
    pub fn locate(&self, server: ServerId, uri: &[u8]) -> Choice {
        self.search(&Search { uri, without: None, each_regex: false }, server, &mut |_| {})
    }

    /// Hands on the steps, one after the other, without those of regexes that do not match: there may be thousands.
    pub(super) fn follow(&self, server: ServerId, uri: &[u8], step: &mut impl FnMut(Step)) -> Choice {
        self.search(&Search { uri, without: None, each_regex: false }, server, step)
    }

    /// The location that would take the URI if one location, with all that is nested in it, were not there.
    pub fn locate_without(&self, server: ServerId, uri: &[u8], without: LocationId) -> Choice {
        self.search(&Search { uri, without: Some(without), each_regex: false }, server, &mut |_| {})
    }

    /// The same, with the steps that lead there.
    pub fn locate_steps(&self, server: ServerId, uri: &[u8]) -> (Choice, Vec<Step>) {
        let mut steps = Vec::new();
        let choice = self.search(&Search { uri, without: None, each_regex: true }, server, &mut |step| steps.push(step));
        (choice, steps)
    }

    /// The named location; of two with one name nginx finds the first.
    pub fn named(&self, server: ServerId, name: &str) -> Option<LocationId> {
        self.servers.get(server.index())?.named.get(name).copied()
    }

    /// True when the location answers its name without the last slash by a redirect.
    pub fn is_auto_redirect(&self, location: LocationId) -> bool {
        self.locations.get(location.index()).is_some_and(|node| node.auto_redirect)
    }

    /// True when the location, or one around it, is `internal`.
    pub fn is_internal(&self, location: LocationId) -> bool {
        self.locations.get(location.index()).is_some_and(|node| node.internal)
    }

    /// The table of a location's block, or of the server's for `None`.
    pub(super) fn level(&self, server: ServerId, location: Option<LocationId>) -> Option<&Level> {
        match location {
            Some(location) => self.locations.get(location.index()).map(|node| node.level.as_deref().unwrap_or(&NO_LOCATIONS)),
            None => self.servers.get(server.index()).map(|level| &**level),
        }
    }

    /// The location of its level that has its name already: nginx refuses the second (`ngx_http_add_location`, "duplicate location").
    pub fn duplicate_of(&self, config: &Config, location: LocationId) -> Option<LocationId> {
        let known = config.location(location);
        self.level(known.server, known.parent)?.duplicates.get(&location).copied()
    }

    /// The table of a location's block; `None` when no search can end in it.
    fn nested(&self, location: LocationId) -> Option<&Level> {
        self.locations.get(location.index())?.level.as_deref().filter(|level| !level.is_empty())
    }

    fn search(&self, search: &Search<'_>, server: ServerId, step: &mut impl FnMut(Step)) -> Choice {
        let mut location = None;
        let outcome = match self.servers.get(server.index()) {
            Some(level) => self.find(level, search, &mut location, step),
            None => Outcome::Nothing,
        };
        let internal = location.is_some_and(|location| self.is_internal(location));
        Choice { location, auto_redirect: outcome == Outcome::Redirect, internal }
    }

    /// The location of which the URI is the name without its last slash, and that redirects there.
    fn redirecting(&self, level: &Level, uri: &[u8], without: Option<LocationId>) -> Option<LocationId> {
        let location = *level.redirects.get(uri)?;
        let Some(without) = without else { return Some(location) };
        // Of an exact and a prefix location with one name the other stays, and only if it passes requests on itself the redirect does.
        let name = [uri, b"/"].concat();
        let prefix = level.longest(&name).filter(|prefix| prefix.name.len() == name.len()).map(|prefix| prefix.location);
        let twins = level.exact.get(&*name).copied().into_iter().chain(prefix);
        twins.filter(|twin| *twin != without).find(|twin| self.is_auto_redirect(*twin))
    }

    fn find(&self, level: &Level, search: &Search<'_>, found: &mut Option<LocationId>, step: &mut impl FnMut(Step)) -> Outcome {
        let Search { uri, without, .. } = *search;
        let mut outcome = Outcome::Nothing;
        let mut no_regex = false;
        if !level.exact.is_empty()
            && let Some(location) = level.exact.get(uri)
            && Some(*location) != without
        {
            *found = Some(*location);
            step(Step::Exact(*location));
            return Outcome::Final;
        }
        let longest = match level.longest(uri) {
            Some(prefix) if Some(prefix.location) == without => prefix.shorter.and_then(|shorter| level.prefixes.get(shorter as usize)),
            longest => longest,
        };
        if !level.redirects.is_empty()
            && longest.is_none_or(|prefix| prefix.name.len() != uri.len())
            && let Some(location) = self.redirecting(level, uri, without)
        {
            *found = Some(location);
            step(Step::AutoRedirect(location));
            return Outcome::Redirect;
        }
        if let Some(prefix) = longest {
            *found = Some(prefix.location);
            step(Step::Prefix(prefix.location));
            no_regex = prefix.no_regex;
            outcome = Outcome::Prefix;
            if let Some(level) = self.nested(prefix.location) {
                let nested = self.find(level, search, found, step);
                if matches!(nested, Outcome::Final | Outcome::Redirect) {
                    return nested;
                }
            }
        }
        if no_regex {
            if let Some(prefix) = longest {
                step(Step::NoRegex(prefix.location));
            }
            return outcome;
        }
        let Some(location) = level.first_regex(search, step) else { return outcome };
        *found = Some(location);
        step(Step::Regex(location));
        if let Some(level) = self.nested(location) {
            self.find(level, search, found, step);
        }
        Outcome::Final
    }
}

impl Level {
    /// True when a name is filled in before nginx reads it.
    pub(super) fn has_template(&self, config: &Config) -> bool {
        let prefixes = self.prefixes.iter().map(|prefix| prefix.location);
        let mut all = prefixes.chain(self.exact.values().copied()).chain(self.regexes.iter().map(|(_, id)| *id));
        *self.template.get_or_init(|| all.any(|id| config.location(id).matcher.is_template()))
    }

    fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.prefixes.is_empty() && self.regexes.is_empty()
    }

    /// The prefix location with the longest name that the URI begins with.
    pub(super) fn longest(&self, uri: &[u8]) -> Option<&Prefix> {
        // Every name that the URI begins with sorts at or before it, and a longer one after a shorter one.
        let first = head(uri);
        let at = self.prefixes.partition_point(|prefix| match prefix.head.cmp(&first) {
            Ordering::Equal => *prefix.name <= *uri,
            order => order.is_lt(),
        });
        let mut candidate = self.prefixes.get(at.checked_sub(1)?)?;
        while !uri.starts_with(&candidate.name) {
            candidate = self.prefixes.get(candidate.shorter? as usize)?;
        }
        Some(candidate)
    }

    /// The first regex location that takes the URI.
    fn first_regex(&self, search: &Search<'_>, step: &mut impl FnMut(Step)) -> Option<LocationId> {
        /// So few are tried sooner than looked up.
        const FEW: usize = 8;

        let mut takes = |(pattern, location): &(Arc<Pattern>, LocationId)| {
            if Some(*location) == search.without {
                return None;
            }
            let matches = pattern.is_match(search.uri);
            if !matches && search.each_regex {
                step(Step::NoMatch(*location));
            }
            matches.then_some(*location)
        };
        if search.each_regex || self.regexes.len() <= FEW {
            return self.regexes.iter().find_map(takes);
        }
        let index = self.index.get_or_init(|| RegexIndex::new(self.regexes.iter().map(|(pattern, _)| &**pattern)));
        index.candidates(search.uri).into_iter().find_map(|number| takes(self.regexes.get(number as usize)?))
    }
}

/// What is known of a server's locations, which have these numbers. `internal` has those that say so, and gets those that are nested in them.
fn nodes(
    config: &Config,
    own: Range<u32>,
    redirecting: &FxHashSet<LocationId>,
    internal: &mut FxHashSet<LocationId>,
    nodes: &mut Vec<Node>,
) {
    let mut below_regex: FxHashSet<LocationId> = FxHashSet::default();
    for id in own.map(LocationId) {
        let location = config.location(id);
        // A location comes behind the one around it.
        let is = |these: &FxHashSet<LocationId>| location.parent.is_some_and(|outer| these.contains(&outer));
        let regex = matches!(location.matcher, Matcher::Regex { .. }) || is(&below_regex);
        if regex {
            below_regex.insert(id);
        }
        if is(internal) {
            internal.insert(id);
        }
        let nested = || Arc::new(level(config, redirecting, &location.locations, regex));
        nodes.push(Node {
            level: (!location.locations.is_empty()).then(nested),
            internal: internal.contains(&id),
            auto_redirect: redirecting.contains(&id),
        });
    }
}

/// `ngx_http_init_locations`: one block's locations, sorted by kind. Below a regex location only the regexes count.
fn level(config: &Config, redirecting: &FxHashSet<LocationId>, locations: &[LocationId], below_regex: bool) -> Level {
    let mut level = Level::default();
    let mut prefixes: FxHashMap<Box<[u8]>, (LocationId, bool)> = FxHashMap::default();
    let mut regexes: FxHashMap<(&Arc<str>, bool), LocationId> = FxHashMap::default();

    for &id in locations {
        match &config.location(id).matcher {
            Matcher::Regex { pattern, caseless } => {
                match regexes.entry((pattern, *caseless)) {
                    Entry::Occupied(first) => drop(level.same.insert(id, *first.get())),
                    Entry::Vacant(free) => drop(free.insert(id)),
                }
                level.regexes.push((Pattern::get(pattern, *caseless), id));
            }
            Matcher::Named(name) => drop(level.named.entry(name.clone()).or_insert(id)),
            Matcher::Exact(_) | Matcher::Prefix { .. } if below_regex => drop(level.unmatched.insert(id)),
            Matcher::Exact(name) => match level.exact.get(name.as_bytes()) {
                Some(first) => drop(level.duplicates.insert(id, *first)),
                None => {
                    level.exact.insert(name.as_bytes().into(), id);
                }
            },
            Matcher::Prefix { path, no_regex } => match prefixes.get(path.as_bytes()) {
                Some((first, _)) => drop(level.duplicates.insert(id, *first)),
                None => {
                    prefixes.insert(path.as_bytes().into(), (id, *no_regex));
                }
            },
        }
    }
    for (name, location) in prefixes.iter().map(|(name, (id, _))| (name, id)).chain(&level.exact) {
        if redirecting.contains(location)
            && let Some(without) = name.strip_suffix(b"/")
        {
            // Of an exact and a prefix location with one name, nginx takes the exact one, whichever passes requests on.
            let taker = level.exact.get(name).copied().unwrap_or(*location);
            level.redirects.insert(without.into(), taker);
        }
    }
    level.prefixes = prefixes
        .into_iter()
        .map(|(name, (location, no_regex))| Prefix { head: head(&name), name, location, no_regex, shorter: None })
        .collect();
    level.prefixes.sort_by(|a, b| a.name.cmp(&b.name));
    let mut open: Vec<u32> = Vec::new();
    for index in 0..level.prefixes.len() {
        let name = &level.prefixes[index].name;
        while open.last().is_some_and(|outer| !name.starts_with(&level.prefixes[*outer as usize].name)) {
            open.pop();
        }
        let shorter = open.last().copied();
        level.prefixes[index].shorter = shorter;
        open.push(index as u32);
    }
    level.prefixes.shrink_to_fit();
    level.regexes.shrink_to_fit();
    level
}

/// The first bytes of a name as a number that sorts as they do, as if zeros followed a short one: where two differ, nothing else needs a look.
fn head(name: &[u8]) -> u64 {
    match name.first_chunk::<8>() {
        Some(first) => u64::from_be_bytes(*first),
        None => name.iter().zip([56, 48, 40, 32, 24, 16, 8]).fold(0, |head, (byte, shift)| head | u64::from(*byte) << shift),
    }
}

/// Which locations of a server answer their name without its last slash by a redirect: those that pass requests on, by one of `passes`.
fn auto_redirects(config: &Config, passes: &Chosen<'_>, server: ServerId) -> FxHashSet<LocationId> {
    let passing = passes.within(config.entries_of(server)).filter_map(|id| config.location_at(config.entry(id).parent?));
    passing.filter(|location| config.location(*location).matcher.literal().is_some_and(|name| name.ends_with('/'))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    #[test]
    fn the_first_bytes_sort_as_names_do() {
        let names: [&[u8]; 12] = [
            b"",
            b"\0",
            b"/",
            b"/\0",
            b"/a",
            b"/a\0\0\0\0\0\0",
            b"/a\0\0\0\0\0\0\0",
            b"/a/",
            b"/abcdefg",
            b"/abcdefgh",
            b"/abcdefh",
            b"\xff",
        ];
        for one in names {
            for other in names {
                assert!(head(one) == head(other) || head(one).cmp(&head(other)) == one.cmp(other), "{one:?} {other:?}");
            }
        }
        assert!(head(b"/abcdefg") < head(b"/abcdefh"));
    }

    /// Where each URI goes: the location as written, `> …` for its redirect, `! …` where it is internal, `-` for none.
    fn goes(locations: &str, uris: &[&str]) -> Vec<String> {
        let (config, router) = load(&format!("http {{ server {{ listen 80; {locations} }} }}"));
        let show = |uri: &&str| {
            let choice = router.locate(ServerId(0), uri.as_bytes());
            let name = choice.location.map_or("-".to_owned(), |location| config.location(location).matcher.display());
            match choice {
                Choice { internal: true, .. } => format!("! {name}"),
                Choice { auto_redirect: true, .. } => format!("> {name}"),
                _ => name,
            }
        };
        uris.iter().map(show).collect()
    }

    #[test]
    fn longest_prefix_exact_regex_and_no_regex() {
        let conf =
            r"location / {} location /a {} location /ab/c {} location = /a {} location ~ \.php$ {} location ~ x {} location ^~ /s/ {}";
        let uris = ["/", "/a", "/ab", "/ab/c/d", "/a.php", "/x.php", "/s/x.php", "/s", "b"];
        assert_eq!(goes(conf, &uris), ["/", "= /a", "/a", "/ab/c", r"~ \.php$", r"~ \.php$", "^~ /s/", "/", "-"]);
    }

    #[test]
    fn nesting() {
        // The regexes of the longest prefix come first; those of a shorter one are not looked at.
        let conf =
            "location ~ p {} location /a/ { location ~ q {} location ^~ /a/n/ {} } location /a/b/ {} location ^~ /c/ { location ~ q {} }";
        let uris = ["/a/pq", "/a/p", "/a/b/q", "/a/n/p", "/a/n/x", "/c/p", "/c/q"];
        assert_eq!(goes(conf, &uris), ["~ q", "~ p", "/a/b/", "~ p", "^~ /a/n/", "^~ /c/", "~ q"]);
        // Below a regex only regexes count, and no later regex further out is tried.
        let conf = "location ~ /a { location /a/b {} location = /a {} location ~ q {} } location ~ /a/q {}";
        assert_eq!(goes(conf, &["/a", "/a/b", "/a/q", "/a/x"]), ["~ /a", "~ /a", "~ q", "~ /a"]);
    }

    #[test]
    fn redirects_to_the_slash() {
        let conf = "location ~ ^/a {} location /a/ { proxy_pass http://x; } location /b/ { proxy_pass http://x; } location = /b {} location /c/ { return 200; }
            location /d/ { if ($x) { proxy_pass http://x; } } location = /e/ { fastcgi_pass x; } location /f/ { internal; proxy_pass http://x; }
            location /g { location /g/h/ { proxy_pass http://x; } }";
        let uris = ["/a", "/b", "/c", "/d", "/e", "/f", "/g/h"];
        assert_eq!(goes(conf, &uris), ["> /a/", "= /b", "-", "-", "> = /e/", "! /f/", "> /g/h/"]);
    }

    #[test]
    fn names_as_written() {
        let conf = r#"location =/a {} location ^~/b {} location ~\.c$ {} location ~*D {} location "" {} location e {} location = @f {} location @f {}"#;
        let uris = ["/a", "/b.c", "/x.c", "/d", "", "ee", "@f", "/z"];
        assert_eq!(goes(conf, &uris), ["= /a", "^~ /b", r"~ \.c$", "~* D", "", "e", "= @f", ""]);
    }

    #[test]
    fn bytes_line_feeds_and_case() {
        let conf = "location / {} location ~ ^/l.*$ {} location ~ ^/m {} location /A {}";
        assert_eq!(goes(conf, &["/l\nx", "/lx\n", "/m\nx", "/a", "/Ab"]), ["/", "~ ^/l.*$", "~ ^/m", "/", "/A"]);
    }

    #[test]
    fn a_refused_regex_matches_nothing() {
        assert_eq!(goes("location ~ ( {} location / {}", &["/("]), ["/"]);
        assert!(Pattern::get("(", false).problem().is_some());
        assert!(Pattern::get("a", false).problem().is_none());
    }

    #[test]
    fn without_one_location() {
        let (_, router) = load("http { server { location / {} location /a { location ~ b {} } location ~ a {} location = /a {} } }");
        let without =
            |uri: &str, location| router.locate_without(ServerId(0), uri.as_bytes(), LocationId(location)).location.map(|id| id.0);
        assert_eq!(without("/a", 4), Some(3));
        assert_eq!(without("/a/b", 1), Some(3));
        assert_eq!(without("/b", 0), None);
    }

    #[test]
    fn steps_tell_why() {
        let (_, router) = load("http { server { location / {} location ^~ /a/ {} location ~ x {} location ~ y {} } }");
        let steps = |uri: &str| router.locate_steps(ServerId(0), uri.as_bytes()).1;
        assert_eq!(steps("/y"), [Step::Prefix(LocationId(0)), Step::NoMatch(LocationId(2)), Step::Regex(LocationId(3))]);
        assert_eq!(steps("/a/y"), [Step::Prefix(LocationId(1)), Step::NoRegex(LocationId(1))]);
    }
}
