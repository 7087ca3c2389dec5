//! What a trace says, in sentences: the same for the terminal, for programs and for editors.

use std::sync::Arc;

use crate::config::{Config, Entry, LocationId, Matcher, ServerId};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::project::{Place, Project};
use crate::routing::location;
use crate::routing::trace::{AccessRule, Caller, FileKind, Hop, RewriteEnd, ServerReason, Step, StepKind, Text};
use crate::routing::uri::Refused;

/// A step in words: what happens, and why or what else there is to know of it (may be empty).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// `location /v1/`
    pub what: String,
    /// `longest prefix, before /`
    pub why: String,
}

impl Sentence {
    /// Both in one line.
    pub fn line(&self, language: Language) -> String {
        match self.why.is_empty() {
            true => self.what.clone(),
            false => message!(language, "step-line", what = &self.what, why = &self.why),
        }
    }
}

fn say(what: impl Into<String>, why: impl Into<String>) -> Sentence {
    Sentence { what: what.into(), why: why.into() }
}

/// Tells the steps of traces through one configuration.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// For the texts of directives.
    pub project: &'a Project,
    /// The configuration.
    pub config: &'a Config,
    /// In which language it is told.
    pub language: Language,
}

impl Teller<'_> {
    /// A step in words; `hop` is the one that it belongs to.
    pub fn step(&self, hop: &Hop, step: &Step) -> Sentence {
        let language = self.language;
        match &step.kind {
            StepKind::Socket { address, port, servers } => {
                let mut why = if *servers > 1 { message!(language, "step-share", count = *servers) } else { String::new() };
                if step.place.is_none() {
                    why = message!(language, "step-default-listen");
                }
                say(message!(language, "step-listens", address = socket(address, *port)), why)
            }
            StepKind::NoSocket { address, port } => say(message!(language, "step-nothing-listens", address = socket(address, *port)), ""),
            StepKind::HandshakeRejected => say(message!(language, "step-handshake"), message!(language, "step-handshake-why")),
            StepKind::BadRequest { refused: Some(refused) } => say("400 Bad Request", self.refused(*refused)),
            StepKind::BadRequest { refused: None } => say("400 Bad Request", message!(language, "step-no-host")),
            StepKind::Server { server, why } => say(self.config.say_server(language, *server), self.server_reason(why)),
            StepKind::HeaderIgnored { name } => {
                let id = if name.contains('_') { "step-header-underscore" } else { "step-header-invalid" };
                say(message!(language, "step-header-ignored", name = name), message!(language, id))
            }
            StepKind::Normalized { from, uri, args, merge_slashes } => {
                let what = match args.is_empty() {
                    true => message!(language, "step-uri", uri = uri.display()),
                    false => message!(language, "step-uri-args", uri = uri.display(), args = args.display()),
                };
                let raw = from.display();
                let path = raw.split('?').next().unwrap_or_default();
                let mut why = if path == uri.display() { String::new() } else { message!(language, "step-normalised", path = path) };
                if !merge_slashes && path.contains("//") {
                    why = self.both([why, message!(language, "step-keeps-slashes")]);
                }
                say(what, why)
            }
            StepKind::Location { uri, location, search } => {
                // Who lost is told once.
                let before = hop.steps.iter().take_while(|other| !std::ptr::eq(*other, step));
                let again = before.into_iter().any(|other| matches!(other.kind, StepKind::Location { .. }));
                self.location(hop.server, uri, *location, search, again)
            }
            StepKind::LocationUnknown { uri } => {
                say(message!(language, "step-location-unknown"), message!(language, "step-uri-is", uri = uri.display()))
            }
            StepKind::Internal => say("404", message!(language, "step-internal")),
            StepKind::AutoRedirect { to } => {
                say(message!(language, "step-redirect-to", status = 301, to = to.display()), message!(language, "step-auto-redirect"))
            }
            StepKind::LimitExcept { applies: true } => {
                say(self.source(step.place, "limit_except"), message!(language, "step-method-limited", method = &hop.method))
            }
            StepKind::LimitExcept { applies: false } => {
                say(self.source(step.place, "limit_except"), message!(language, "step-method-free", method = &hop.method))
            }
            StepKind::Set { variable, value } => say(format!("set ${variable} = {}", quoted(value)), ""),
            StepKind::If { condition, found, holds } => {
                let id = if *holds { "step-if-holds" } else { "step-if-holds-not" };
                let condition = self.source(step.place, &format!("if {condition}"));
                say(message!(language, id, condition = condition), found.say(language))
            }
            StepKind::Rewrite { uri, to, end } => self.rewrite(step, uri, to.as_ref(), *end),
            StepKind::Break => say("break", message!(language, "step-break")),
            StepKind::Return { status, text } => {
                let text = text.as_ref().map(|text| shown(&text.display())).filter(|text| !text.is_empty());
                say(format!("return {status}{}", text.map(|text| format!(" {text}")).unwrap_or_default()), "")
            }
            StepKind::Again { uri } => {
                say(message!(language, "step-again", uri = uri.display()), message!(language, "step-searched-again"))
            }
            StepKind::TooManyChanges => say("500", message!(language, "step-circle")),
            StepKind::Access { rule } => self.access(step, rule),
            StepKind::Credentials { directive } => {
                say(message!(language, "step-credentials", directive = directive), message!(language, "step-401"))
            }
            StepKind::Limit { directive } => {
                say(message!(language, "step-limit", directive = directive), message!(language, "step-too-many"))
            }
            StepKind::AuthRequest { uri, .. } => {
                say(message!(language, "step-auth-request", uri = uri.display()), message!(language, "step-auth-answers"))
            }
            StepKind::Mirror { uri, .. } => {
                say(message!(language, "step-mirror", uri = uri.display()), message!(language, "step-mirror-ignored"))
            }
            StepKind::Code { directive, file, uri } => {
                let file = file.as_ref().map(|file| format!(" {file}")).unwrap_or_default();
                // What sets a variable can do neither (`ngx_http_lua_set_by_chunk`).
                let does = match uri {
                    _ if directive.starts_with("set_by_lua") => "step-code-value",
                    true => "step-code-uri",
                    false => "step-code-may",
                };
                say(message!(language, "step-code", code = format!("{directive}{file}")), message!(language, does))
            }
            StepKind::TryFile { path, folder, found, taken } => {
                let outcome = match (taken, found) {
                    (true, FileKind::Unknown) if *folder => "step-taken-if-folder",
                    (true, FileKind::Unknown) => "step-taken-if-file",
                    (true, _) => "step-taken",
                    (false, FileKind::Absent) => "step-not-there",
                    (false, FileKind::Unknown) => "step-taken-not",
                    (false, FileKind::Folder) => "step-folder-for-file",
                    (false, FileKind::File) => "step-file-for-folder",
                };
                let id = if *folder { "step-try-folder" } else { "step-try-file" };
                say(message!(language, id, path = path.display()), message!(language, outcome))
            }
            StepKind::TryFallback { to } => say(message!(language, "step-fallback", to = to.display()), ""),
            StepKind::Index { path, found } => say(message!(language, "step-index", path = path.display()), self.there(*found)),
            StepKind::ErrorPage { status, becomes, to } => {
                let why = becomes.map(|becomes| message!(language, "step-client-gets", status = becomes)).unwrap_or_default();
                say(message!(language, "step-error-page", status = *status, to = to.display()), why)
            }
            StepKind::InternalRedirect { by, uri, args } => {
                let args = if args.is_empty() { String::new() } else { format!("?{}", args.display()) };
                let uri = format!("{}{args}", uri.display());
                say(message!(language, "step-internal-redirect", uri = uri), message!(language, "step-starts-again", by = caller(*by)))
            }
            StepKind::Named { by, name, location: Some(_) } => {
                say(format!("location {name}"), message!(language, "step-by", by = caller(*by)))
            }
            StepKind::Named { by, name, location: None } => {
                say("500", message!(language, "step-no-such-location", by = caller(*by), name = name))
            }
            StepKind::Path { path, found } => say(message!(language, "step-path", path = path.display()), self.there(*found)),
            StepKind::Handler { name } => say(self.answered_by(name, step.place), ""),
            StepKind::Pass { directive, method, upstream, uri, servers } => {
                let target = self.source(step.place, "");
                let target = if target.is_empty() { format!("{directive} {}", upstream.display()) } else { target };
                say(format!("{target} → {}", sent(directive, method, uri)), self.pass_servers(servers))
            }
            StepKind::Lands { address, because } => {
                let because = because.as_ref().map_or_else(String::new, |because| because.say(language));
                say(message!(language, "step-is-this", address = address), because)
            }
            StepKind::Loop { hop } => say(message!(language, "step-loop"), message!(language, "step-loop-hop", hop = hop + 1)),
            StepKind::Status { status, why } => say(status.to_string(), why.say(language)),
            StepKind::GaveUp { why } => say(message!(language, "step-ends"), why.say(language)),
        }
    }

    pub(super) fn answered_by(&self, name: &str, place: Option<Place>) -> String {
        match name {
            "static" => message!(self.language, "step-a-file"),
            "autoindex" => message!(self.language, "step-listing"),
            "redirect" => message!(self.language, "step-slash-redirect"),
            _ => self.source(place, name),
        }
    }

    fn location(
        &self,
        server: Option<ServerId>,
        uri: &Text,
        location: Option<LocationId>,
        search: &[location::Step],
        again: bool,
    ) -> Sentence {
        let language = self.language;
        let Some(chosen) = location else {
            let lost = if again { String::new() } else { self.lost(search, uri, None) };
            let why = message!(language, "step-no-location", uri = uri.display());
            let why = if lost.is_empty() { why } else { message!(language, "step-with-lost", why = why, lost = lost) };
            return say(message!(language, "step-own-settings"), why);
        };
        let what = self.config.display_location(chosen);
        let reason = match search.iter().rev().find(|step| !matches!(step, location::Step::NoMatch(_) | location::Step::NoRegex(_))) {
            Some(location::Step::Exact(_)) => message!(language, "step-very-uri"),
            Some(location::Step::AutoRedirect(_)) => message!(language, "step-lacks-slash"),
            Some(location::Step::Regex(_)) => {
                let prefix = search.iter().rev().find_map(|step| match step {
                    location::Step::Prefix(id) if self.config.location(*id).parent == self.config.location(chosen).parent => Some(*id),
                    _ => None,
                });
                match prefix {
                    Some(id) => message!(language, "step-first-regex-over", prefix = self.config.location(id).matcher.display()),
                    None => message!(language, "step-first-regex"),
                }
            }
            _ => self.longest(server, uri, chosen),
        };
        let no_regex = search.iter().any(|step| matches!(step, location::Step::NoRegex(id) if *id == chosen));
        let why = match no_regex {
            _ if again => reason,
            true => message!(language, "step-no-regex", why = reason),
            false => self.both([reason, self.lost(search, uri, Some(chosen))]),
        };
        say(what, why)
    }

    /// Why a prefix wins, with the next shorter one.
    fn longest(&self, server: Option<ServerId>, uri: &Text, chosen: LocationId) -> String {
        let path = |id: &LocationId| match &self.config.location(*id).matcher {
            Matcher::Prefix { path, .. } => Some(path.clone()),
            _ => None,
        };
        let own = path(&chosen);
        let uri = uri.bytes();
        let shorter = self.siblings(server, chosen).iter().filter(|id| **id != chosen).filter_map(path);
        let shorter: Option<Arc<str>> = shorter
            .filter(|path| uri.is_none_or(|uri| uri.starts_with(path.as_bytes())))
            .filter(|path| own.as_ref().is_some_and(|own| own.len() > path.len() && own.starts_with(&**path)))
            .max_by_key(|path| path.len());
        match shorter {
            Some(shorter) => message!(self.language, "step-longest-before", shorter = &*shorter),
            None => message!(self.language, "step-longest"),
        }
    }

    fn siblings(&self, server: Option<ServerId>, location: LocationId) -> &[LocationId] {
        match (self.config.location(location).parent, server) {
            (Some(parent), _) => &self.config.location(parent).locations,
            (None, Some(server)) => &self.config.server(server).locations,
            (None, None) => &[],
        }
    }

    /// Those that a person might have expected: exact names that nearly fit, regexes that begin as the URI does. The rest is counted.
    fn lost(&self, search: &[location::Step], uri: &Text, chosen: Option<LocationId>) -> String {
        /// So many are named.
        const MOST: usize = 2;

        let text = uri.display();
        let mut tried: Vec<(usize, LocationId)> = search
            .iter()
            .filter_map(|step| match step {
                location::Step::NoMatch(id) => Some((likeness(&self.config.location(*id).matcher, &text), *id)),
                _ => None,
            })
            .collect();
        let count = tried.len();
        tried.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
        // A few are named whatever they say; of many, only those that look like the URI.
        if count > 2 {
            tried.retain(|(likeness, _)| *likeness > 1);
        }
        tried.truncate(MOST);
        let named: Vec<String> = tried.iter().map(|(_, id)| format!("`{}`", shown(&self.config.location(*id).matcher.display()))).collect();
        let language = self.language;
        let some = named.len();
        let regexes = join(language, Joint::Comma, &named);
        let lost = match (count, some) {
            (0, _) => String::new(),
            (count, 0) => message!(language, "step-lost-regexes", count = count),
            (count, some) if count == some => message!(language, "step-lost", regexes = regexes, count = count),
            (count, some) => message!(language, "step-lost-more", regexes = regexes, count = count - some),
        };
        let near = chosen.and_then(|chosen| self.near_miss(chosen, &text));
        self.both([lost, near.unwrap_or_default()])
    }

    /// A location beside the chosen one whose name is the URI but for a slash at the end or for its case.
    fn near_miss(&self, chosen: LocationId, uri: &str) -> Option<String> {
        if matches!(self.config.location(chosen).matcher, Matcher::Exact(_)) {
            return None;
        }
        let server = Some(self.config.location(chosen).server);
        self.siblings(server, chosen).iter().filter(|id| **id != chosen).find_map(|id| match &self.config.location(*id).matcher {
            Matcher::Exact(name) if **name != *uri && name.trim_end_matches('/') == uri.trim_end_matches('/') => {
                Some(message!(self.language, "step-not-same", name = &**name))
            }
            Matcher::Exact(name) if name.eq_ignore_ascii_case(uri) && **name != *uri => {
                Some(message!(self.language, "step-case", name = format!("= {name}")))
            }
            Matcher::Prefix { path, .. } if path.len() > 1 => {
                let head = uri.get(..path.len())?;
                (head.eq_ignore_ascii_case(path) && *head != **path).then(|| message!(self.language, "step-case", name = &**path))
            }
            _ => None,
        })
    }

    fn rewrite(&self, step: &Step, uri: &Text, to: Option<&Text>, end: RewriteEnd) -> Sentence {
        let source = self.source(step.place, "rewrite");
        let language = self.language;
        let Some(to) = to else { return say(source, message!(language, "step-matches-not", uri = uri.display())) };
        let what = format!("{source} → {}", to.display());
        let why = match end {
            RewriteEnd::NoMatch => message!(language, "step-no-match"),
            RewriteEnd::Continue => message!(language, "step-goes-on"),
            RewriteEnd::Last => message!(language, "step-last"),
            RewriteEnd::Break => message!(language, "step-rewrite-break"),
            RewriteEnd::Redirect(301) => message!(language, "step-sent-there", status = 301),
            RewriteEnd::Redirect(_) => message!(language, "step-sent-there", status = 302),
        };
        say(what, why)
    }

    fn access(&self, step: &Step, rule: &AccessRule) -> Sentence {
        let language = self.language;
        let source = self.source(step.place, &message!(language, "step-access-rules"));
        match rule {
            AccessRule::Allowed => say(source, message!(language, "step-let-in")),
            AccessRule::Denied => say(source, message!(language, "step-gets-403")),
            AccessRule::Depends(list) if list.is_empty() => say(source, message!(language, "step-by-address")),
            AccessRule::Depends(list) => {
                let name = |who: &String| if who == "all" { message!(language, "step-all-others") } else { who.clone() };
                let who = some_of(language, &list.iter().map(name).collect::<Vec<_>>());
                say(source, message!(language, "step-may", who = who))
            }
            AccessRule::SatisfyAny => say(source, message!(language, "step-satisfy")),
        }
    }

    /// Two remarks in one; either may be empty.
    fn both(&self, [one, other]: [String; 2]) -> String {
        match (one.is_empty(), other.is_empty()) {
            (true, _) => other,
            (_, true) => one,
            _ => message!(self.language, "step-both", one = one, other = other),
        }
    }

    pub(super) fn refused(&self, refused: Refused) -> String {
        let id = match refused {
            Refused::Control => "step-refused-control",
            Refused::Form => "step-refused-form",
            Refused::Escape => "step-refused-escape",
            Refused::Nul => "step-refused-nul",
            Refused::AboveRoot => "step-refused-above-root",
        };
        message!(self.language, id)
    }

    fn server_reason(&self, why: &ServerReason) -> String {
        let language = self.language;
        match why {
            ServerReason::Only => message!(language, "step-server-only"),
            ServerReason::Exact(name) if name.is_empty() => message!(language, "step-server-empty"),
            ServerReason::Exact(_) => message!(language, "step-server-exact"),
            ServerReason::Leading(name) | ServerReason::Trailing(name) => message!(language, "step-server-name", name = &**name),
            ServerReason::Regex(name) => message!(language, "step-server-regex", name = &**name),
            ServerReason::Default(true) => message!(language, "step-server-default"),
            ServerReason::Default(false) => message!(language, "step-server-first"),
        }
    }

    fn there(&self, found: FileKind) -> String {
        let id = match found {
            FileKind::File => "step-a-file",
            FileKind::Folder => "step-a-folder",
            FileKind::Absent => "step-not-there",
            FileKind::Unknown => "step-unknown-there",
        };
        message!(self.language, id)
    }

    fn pass_servers(&self, servers: &[String]) -> String {
        match servers {
            [] => String::new(),
            [one] => message!(self.language, "step-server", server = one),
            _ => message!(self.language, "step-servers", servers = some_of(self.language, servers)),
        }
    }

    /// A directive as it is written, on one line and not too long; `otherwise` where there is none to be found.
    fn source(&self, place: Option<Place>, otherwise: &str) -> String {
        let Some(place) = place else { return otherwise.to_owned() };
        let is = |entry: &&Entry| entry.file == place.file && entry.directive.span.start == place.span.start;
        let Some(entry) = self.config.entries.iter().find(is) else { return otherwise.to_owned() };
        let name = &entry.directive.name.value;
        if name.ends_with("_by_lua") {
            // Code in a string is no line to read.
            return format!("{name} …");
        }
        let text = self.project.text(place.file);
        let words = text.slice(entry.directive.header()).split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() { otherwise.to_owned() } else { shown(&words) }
    }
}

/// `*:80`, `unix:/run/x.sock`
pub(super) fn socket(address: &str, port: u16) -> String {
    if port == 0 { address.to_owned() } else { format!("{address}:{port}") }
}

fn caller(by: Caller) -> &'static str {
    match by {
        Caller::ErrorPage => "error_page",
        Caller::TryFiles => "try_files",
        Caller::Index => "index",
        Caller::Accel => "X-Accel-Redirect",
    }
}

/// What a backend gets.
pub(super) fn sent(directive: &str, method: &str, uri: &Text) -> String {
    match directive {
        "proxy_pass" | "grpc_pass" => format!("{method} {}", uri.display()),
        "memcached_pass" => format!("key {}", uri.display()),
        _ => format!("SCRIPT_NAME {}", uri.display()),
    }
}

/// A list, not too long.
fn some_of(language: Language, list: &[String]) -> String {
    const MOST: usize = 4;
    let text = join(language, Joint::Comma, list.get(..list.len().min(MOST)).unwrap_or_default());
    match list.len().saturating_sub(MOST) {
        0 => text,
        more => message!(language, "list-more", head = text, count = more),
    }
}

fn quoted(value: &Text) -> String {
    format!("\"{}\"", shown(&value.display()))
}

/// A text that may be long, or have many lines.
fn shown(text: &str) -> String {
    const LONGEST: usize = 100;
    let text = text.lines().next().unwrap_or_default();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// How many characters a regex has in common with the beginning of a URI, alternatives and all: enough to guess what a person expected.
fn likeness(matcher: &Matcher, uri: &str) -> usize {
    let Matcher::Regex { pattern, .. } = matcher else { return 0 };
    let letters = pattern.trim_start_matches('^').chars().filter(|c| !matches!(c, '\\' | '(' | '?' | ':'));
    letters.zip(uri.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Message;
    use crate::project::settings::Settings;
    use crate::routing::uri::Refused;
    use crate::text::Text as Document;
    use crate::world::World;

    #[test]
    fn every_kind_of_step_has_a_sentence() {
        let path = std::path::Path::new("/in-memory/nginx.conf");
        let mut world = World::new(std::path::Path::new("/in-memory"), vec![path.to_path_buf()], Settings::default());
        let file = world.vfs().id(path);
        world.set_text(file, Document::new("events {} http { server { satisfy any; location /a { } } }"));
        let analysis = world.analysis();
        let view = analysis.views().next().expect("a configuration");
        let teller = Teller { project: view.project, config: view.config, language: view.language };
        let known = |text: &str| Text::known(text.as_bytes());
        let half = Text(vec![crate::routing::trace::TextPart::Unknown("x".into())]);
        let satisfy = view.config.all("satisfy").first().map(|entry| view.config.place(*entry));
        for (kind, line) in [
            (StepKind::NoSocket { address: "*".into(), port: 81 }, "nothing listens on *:81"),
            (StepKind::BadRequest { refused: Some(Refused::Nul) }, "400 Bad Request — %00 in the request target"),
            (StepKind::BadRequest { refused: None }, "400 Bad Request — the `Host` header is missing or invalid"),
            (StepKind::LocationUnknown { uri: half.clone() }, "which location is next can't be told — the URI is {$x}"),
            (
                StepKind::Normalized { from: known("/a//%62?c"), uri: known("/a//b"), args: known("c"), merge_slashes: false },
                "URI /a//b, arguments c — normalised from /a//%62; `merge_slashes off` keeps //",
            ),
            (StepKind::Break, "break — what follows of the rewrites here is left out"),
            (
                StepKind::Access { rule: AccessRule::Depends(["1.0.0.0/8", "a", "b", "c", "d"].map(str::to_owned).to_vec()) },
                "access rules — by the client's address: 1.0.0.0/8, a, b, c and 1 more may, others get 403",
            ),
            (StepKind::Credentials { directive: "auth_basic".into() }, "auth_basic wants credentials — 401 without"),
            (
                StepKind::Code { directive: "rewrite_by_lua_file".into(), file: Some("a.lua".into()), uri: false },
                "rewrite_by_lua_file a.lua runs — it may answer, or send the request elsewhere",
            ),
            (
                StepKind::Code { directive: "rewrite_by_lua_block".into(), file: None, uri: true },
                "rewrite_by_lua_block runs — it may answer, send the request elsewhere, or give it another URI",
            ),
            (
                StepKind::Code { directive: "set_by_lua_block".into(), file: None, uri: false },
                "set_by_lua_block runs — what it returns is the variable's value",
            ),
            (StepKind::ErrorPage { status: 404, becomes: Some(200), to: known("/e") }, "error_page takes 404 to /e — the client gets 200"),
            (
                StepKind::InternalRedirect { by: Caller::Accel, uri: known("/x"), args: known("y") },
                "internal redirect to /x?y — by X-Accel-Redirect: it starts again in the server",
            ),
            (
                StepKind::Named { by: Caller::TryFiles, name: "@b".into(), location: None },
                "500 — try_files names @b, and the server has no such location",
            ),
            (
                StepKind::Pass {
                    directive: "memcached_pass".into(),
                    method: "GET".into(),
                    upstream: known("m:11211"),
                    uri: half,
                    servers: vec!["a:1".into(), "b:2".into()],
                },
                "memcached_pass m:11211 → key {$x} — servers a:1, b:2",
            ),
            (StepKind::Loop { hop: 0 }, "a loop — the same request was here before, at hop 1"),
            (StepKind::GaveUp { why: Message::verbatim("enough") }, "the trace ends here — enough"),
        ] {
            assert_eq!(teller.step(&Hop::default(), &Step { place: None, kind }).line(Language::English), line);
        }
        let step = Step { place: satisfy, kind: StepKind::Access { rule: AccessRule::SatisfyAny } };
        assert!(teller.step(&Hop::default(), &step).line(Language::English).starts_with("satisfy any — "));
    }
}
