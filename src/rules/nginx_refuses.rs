//! `nginx-refuses`: what nginx refuses to start with, however well it is written: locations nested as they can't be, addresses taken
//! twice, upstreams without servers.

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::is_unreliable;
use super::{Confidence, Finding, Rule, Severity};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::message;
use crate::nginx::context::Context;
use crate::project::RootKind;
use crate::usage::takeover::uri_part;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "nginx-refuses",
    summary: "something that keeps nginx from starting: badly nested, taken twice",
    severity: Severity::Error,
    check,
};

/// What an `upstream` may hold that is no server and brings none.
const NO_SERVERS: &[&str] = &[
    "keepalive",
    "keepalive_requests",
    "keepalive_time",
    "keepalive_timeout",
    "least_conn",
    "ip_hash",
    "hash",
    "random",
    "include",
    "balancer_by_lua_block",
    "balancer_by_lua_file",
    "queue",
    "ntlm",
];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let mut checker = Checker { view, config: view.config, out: Vec::new() };
        checker.locations();
        checker.passes();
        checker.listens();
        checker.defaults();
        checker.upstreams();
        out.extend(checker.out.into_iter().filter(|finding| {
            let file = finding.place.file;
            !is_unreliable(analysis, file)
        }));
    }
}

/// Chosen: a `proxy_pass` that can't have the URI that it has.
struct Refused;

struct Checker<'a> {
    view: View<'a>,
    config: &'a Config,
    out: Vec<Finding>,
}

impl Checker<'_> {
    /// A finding at a directive. A file that nothing includes may be a page of alternatives.
    fn refuse(&self, id: EntryId, message: String) -> Finding {
        let whole = self.view.root.kind == RootKind::Main;
        let (severity, confidence) = if whole { (RULE.severity, Confidence::Proven) } else { (Severity::Warning, Confidence::Likely) };
        Finding::new(
            RULE.id,
            severity,
            confidence,
            self.config.header(id),
            message!(self.view.language, "nginx-refuses-says", why = message),
        )
    }

    /// The context that a directive stands in; `None` where that is not http's or not known.
    fn context(&self, id: EntryId) -> Option<Context> {
        let entry = self.config.entry(id);
        let whole = entry.parent.is_some() || self.view.root.kind == RootKind::Main;
        entry.context.filter(|context| whole && matches!(context.protocol(), "http" | "core") && *context != Context::Data)
    }

    /// `ngx_http_core_location`: what may be nested in what.
    fn locations(&mut self) {
        let (config, language) = (self.config, self.view.language);
        for index in 0..config.locations.len() {
            let location = config.location(LocationId(index as u32));
            let Some(parent) = location.parent else { continue };
            let outer = config.location(parent);
            let (this, around) = (location.matcher.display(), outer.matcher.display());
            if location.matcher.is_template() || outer.matcher.is_template() {
                continue;
            }
            let name = location.matcher.literal();
            let message = match (&location.matcher, &outer.matcher) {
                (_, Matcher::Exact(_)) => message!(language, "nginx-refuses-in-exact", this = this, around = around),
                (_, Matcher::Named(_)) => message!(language, "nginx-refuses-in-named", this = this, around = around),
                (Matcher::Named(_), _) => message!(language, "nginx-refuses-named-inside", this = this, around = around),
                (_, Matcher::Prefix { path, .. }) if name.is_some_and(|name| !name.starts_with(&**path)) => {
                    message!(language, "nginx-refuses-outside-prefix", this = this, around = around, path = &**path)
                }
                (_, Matcher::Regex { pattern, .. }) if name.is_some_and(|name| !name.starts_with(&**pattern)) => {
                    message!(language, "nginx-refuses-in-regex", this = this, around = around, pattern = &**pattern)
                }
                _ => continue,
            };
            self.out
                .push(self.refuse(location.entry, message).related(config.header(outer.entry), message!(language, "nginx-refuses-around")));
        }
        // `ngx_http_core_root`: "cannot be used inside the named location"
        for id in config.all("alias") {
            if let Some(location) = config.entry(*id).parent.and_then(|parent| config.location_at(parent))
                && let Matcher::Named(name) = &config.location(location).matcher
            {
                self.out.push(self.refuse(*id, message!(language, "nginx-refuses-alias", name = &**name)));
            }
        }
    }

    /// `ngx_http_proxy_pass`: "cannot have URI part"
    fn passes(&mut self) {
        let language = self.view.language;
        for id in self.view.chosen::<Refused>(&["proxy_pass"], |id| self.refused_uri(id).is_some()) {
            let Some((to, refused)) = self.refused_uri(id) else { continue };
            let host = to.split_once("://").map_or(to, |(_, rest)| rest);
            let uri = match host.strip_prefix("unix:") {
                Some(path) => path.split_once(':').map_or("", |(_, uri)| uri),
                None => host.find(['/', '?']).map_or("", |at| &host[at..]),
            };
            let message = message!(language, refused, to = to, uri = uri);
            let finding = self.refuse(id, message).note(message!(language, "nginx-refuses-uri-without", uri = uri));
            self.out.push(finding);
        }
    }

    /// Where a `proxy_pass` goes that has a URI where it can't, and what says so.
    fn refused_uri(&self, pass: EntryId) -> Option<(&str, &'static str)> {
        let config = self.config;
        let to = config.directive(pass).arg(0)?;
        let parent = config.entry(pass).parent?;
        if !uri_part(to) || ["{{", "{%", "<%", "@@"].iter().any(|mark| to.contains(mark)) {
            return None;
        }
        let refused = match self.context(pass)? {
            Context::LocationIf => "nginx-refuses-uri-if",
            Context::LimitExcept => "nginx-refuses-uri-limit-except",
            Context::Location => match &config.location(config.location_at(parent)?).matcher {
                Matcher::Regex { .. } => "nginx-refuses-uri-regex",
                Matcher::Named(_) => "nginx-refuses-uri-named",
                _ => return None,
            },
            _ => return None,
        };
        Some((to, refused))
    }

    /// `ngx_http_add_server`: "a duplicate listen"
    fn listens(&mut self) {
        let (config, language) = (self.config, self.view.language);
        for server in config.servers.iter().filter(|server| server.listens.len() > 1) {
            let mut first: FxHashMap<(&str, u16, bool), EntryId> = FxHashMap::default();
            let mut told: FxHashSet<EntryId> = FxHashSet::default();
            for listen in &server.listens {
                let Some(entry) = listen.entry else { continue };
                let key = (&*listen.address, listen.port, listen.quic);
                match first.get(&key).copied() {
                    None => drop(first.insert(key, entry)),
                    Some(before) if told.insert(entry) => {
                        let message = message!(language, "nginx-refuses-listens", address = address(&listen.address, listen.port));
                        self.out.push(self.refuse(entry, message).related(config.header(before), message!(language, "the-first")));
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// `ngx_http_add_addresses`: "a duplicate default server"
    fn defaults(&mut self) {
        let (config, language) = (self.config, self.view.language);
        let mut first: FxHashMap<(&str, u16, bool), (ServerId, EntryId)> = FxHashMap::default();
        for (index, server) in config.servers.iter().enumerate() {
            let id = ServerId(index as u32);
            for listen in server.listens.iter().filter(|listen| listen.default) {
                let Some(entry) = listen.entry else { continue };
                let key = (&*listen.address, listen.port, listen.quic);
                match first.get(&key).copied() {
                    None => drop(first.insert(key, (id, entry))),
                    Some((other, before)) if other != id => {
                        let message = message!(
                            language,
                            "nginx-refuses-default",
                            address = address(&listen.address, listen.port),
                            server = config.say_server(language, other)
                        );
                        self.out.push(self.refuse(entry, message).related(config.header(before), message!(language, "the-first")));
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// `ngx_http_upstream`: "no servers are inside upstream"
    fn upstreams(&mut self) {
        let config = self.config;
        for upstream in config.upstreams.iter().filter(|upstream| upstream.servers.is_empty()) {
            let children = &config.entry(upstream.entry).children;
            let known = children.iter().all(|child| NO_SERVERS.contains(&&*config.directive(*child).name.value));
            let open = config.unknown_includes.iter().any(|include| config.ancestors(*include).any(|id| id == upstream.entry));
            if known && !open && config.children(upstream.entry, "server").next().is_none() {
                let message = message!(self.view.language, "nginx-refuses-no-server", name = &*upstream.name);
                self.out.push(self.refuse(upstream.entry, message));
            }
        }
    }
}

fn address(address: &str, port: u16) -> String {
    if port == 0 { address.to_owned() } else { format!("{address}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn said(text: &str) -> Vec<String> {
        let short =
            |finding: Finding| format!("{:?} {}", finding.confidence, finding.message.trim_start_matches("nginx refuses to start: "));
        findings(check, text).into_iter().map(short).collect()
    }

    fn server(text: &str) -> Vec<String> {
        said(&format!("events {{}} http {{ server {{ listen 80; {text} }} }}"))
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn says_what_and_why() {
        assert_eq!(
            server("location /a/ { location /b {} }"),
            ["Proven `location /b` stands in `location /a/`, and its name does not begin with /a/"]
        );
        assert_eq!(
            server("location ~ a { proxy_pass http://x/y; }"),
            ["Proven `proxy_pass http://x/y` can't have the URI part /y in a regex location, where it would have no name to replace"]
        );
        assert_eq!(server("listen *:80;"), ["Proven this server listens on *:80 already"]);
    }

    #[test]
    fn what_is_not_seen_or_meant_for_elsewhere() {
        assert_eq!(server("location /${X} { location /b {} }"), NONE);
        assert_eq!(
            said("events {} http { upstream u { consul x; } upstream v { include /nowhere/x; } upstream w { keepalive 3; } }").len(),
            1
        );
    }
}
