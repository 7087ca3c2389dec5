//! `$invalid_referer` (`ngx_http_referer_module`).

use super::run::Run;
use super::step::Text;
use crate::config::EntryId;
use crate::routing::pattern::Pattern;

/// So much of a host is looked at.
const LONGEST_HOST: usize = 256;

/// What a level's `valid_referers` list.
#[derive(Debug, Default)]
struct Valid {
    none: bool,
    blocked: bool,
    /// Names with the URI that has to follow, as written: both in lower case where nginx looks them up so.
    names: Vec<(String, Option<String>)>,
    /// Compared with the host.
    server_regexes: Vec<String>,
    /// Compared with host and URI.
    regexes: Vec<String>,
}

impl Run<'_> {
    /// `ngx_http_referer_variable`: `1`, or nothing for one that is valid.
    pub(super) fn invalid_referer(&self) -> Text {
        let valid = self.state.block.map(|block| self.valid_referers(block)).unwrap_or_default();
        let header = self.state.arrival.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("referer")).map(|(_, value)| value);
        let is_valid = match header.map(Text::bytes) {
            _ if valid.is_empty() => true,
            None => valid.none,
            Some(Some(referer)) => valid.takes(referer),
            Some(None) => return Text::unknown("invalid_referer"),
        };
        if is_valid { Text::default() } else { Text::known(*b"1") }
    }

    /// `ngx_http_valid_referers`, `ngx_http_referer_merge_conf`
    fn valid_referers(&self, block: EntryId) -> Valid {
        let mut valid = Valid::default();
        let words = self.config.inherited_all(block, "valid_referers").iter().flat_map(|entry| &self.config.directive(*entry).args);
        for word in words {
            match &*word.value {
                "none" => valid.none = true,
                "blocked" => valid.blocked = true,
                "server_names" => {
                    let names = self.state.server.map(|server| &self.config.server(server).names);
                    for (name, _) in names.into_iter().flatten() {
                        match name.strip_prefix('~') {
                            Some(regex) => valid.server_regexes.push(regex.to_owned()),
                            None => valid.names.push((name.to_ascii_lowercase(), None)),
                        }
                    }
                }
                other => match (other.strip_prefix('~'), other.find('/')) {
                    (Some(regex), _) => valid.regexes.push(regex.to_owned()),
                    (None, None) => valid.names.push((other.to_ascii_lowercase(), None)),
                    (None, Some(slash)) => {
                        let (name, uri) = other.split_at(slash);
                        valid.names.push((name.to_ascii_lowercase(), Some(uri.to_owned())));
                    }
                },
            }
        }
        valid
    }
}

impl Valid {
    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.server_regexes.is_empty() && self.regexes.is_empty()
    }

    fn takes(&self, referer: &[u8]) -> bool {
        let scheme = |scheme: &str| {
            let (start, rest) = referer.split_at_checked(scheme.len())?;
            start.eq_ignore_ascii_case(scheme.as_bytes()).then_some(rest)
        };
        let long = referer.len() >= "http://i.ru".len();
        let Some(rest) = long.then(|| scheme("http://").or_else(|| scheme("https://"))).flatten() else { return self.blocked };
        let end = rest.iter().position(|byte| matches!(byte, b'/' | b':')).unwrap_or(rest.len()).min(LONGEST_HOST);
        let (host, behind) = rest.split_at(end);
        let host = host.to_ascii_lowercase();
        if let Some(uri) = self.found(&host) {
            let path = behind.iter().position(|byte| *byte == b'/').and_then(|slash| behind.get(slash..)).unwrap_or_default();
            return uri.is_none_or(|uri| path.starts_with(uri.as_bytes()));
        }
        let matches = |regex: &String, text: &[u8]| Pattern::get(regex, true).is_match(text);
        self.server_regexes.iter().any(|regex| matches(regex, &host)) || self.regexes.iter().any(|regex| matches(regex, rest))
    }

    /// The URI that has to follow the name by which a host is found: the name itself, else the longest wildcard at the front, else
    /// the longest at the end (`ngx_hash_find_combined`).
    fn found(&self, host: &[u8]) -> Option<Option<&str>> {
        let exact = self.names.iter().find(|(name, _)| {
            let name = name.as_bytes();
            name == host || name.strip_prefix(b".") == Some(host)
        });
        let head = || {
            let ends = |name: &str| {
                let dotted = name.strip_prefix('*').unwrap_or(name);
                dotted.starts_with('.') && host.len() > dotted.len() && host.ends_with(dotted.as_bytes())
            };
            self.names.iter().filter(|(name, _)| ends(name)).max_by_key(|(name, _)| name.trim_start_matches('*').len())
        };
        let tail = || {
            let starts =
                |name: &str| name.strip_suffix('*').is_some_and(|dotted| dotted.ends_with('.') && host.starts_with(dotted.as_bytes()));
            self.names.iter().filter(|(name, _)| starts(name)).max_by_key(|(name, _)| name.len())
        };
        exact.or_else(head).or_else(tail).map(|(_, uri)| uri.as_deref())
    }
}
