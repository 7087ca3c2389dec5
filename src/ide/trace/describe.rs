//! What a trace says, in sentences: the same for the terminal, for programs and for editors.

use std::sync::Arc;

use crate::config::{Config, Entry, LocationId, Matcher, ServerId};
use crate::nginx::handlers::passes;
use crate::project::{Place, Project};
use crate::routing::location;
use crate::routing::trace::{AccessRule, Caller, FileKind, Handler, Hop, RewriteEnd, ServerReason, Step, StepKind, Text};

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
    pub fn line(&self) -> String {
        if self.why.is_empty() { self.what.clone() } else { format!("{} — {}", self.what, self.why) }
    }
}

fn say(what: impl Into<String>, why: impl Into<String>) -> Sentence {
    Sentence { what: what.into(), why: why.into() }
}

/// The name of a kind of step in JSON: stable.
pub fn kind(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Socket { .. } => "socket",
        StepKind::NoSocket { .. } => "no-socket",
        StepKind::BadRequest { .. } => "bad-request",
        StepKind::Server { .. } => "server",
        StepKind::Normalized { .. } => "normalized",
        StepKind::Location { .. } => "location",
        StepKind::LocationUnknown { .. } => "location-unknown",
        StepKind::Internal => "internal",
        StepKind::AutoRedirect { .. } => "auto-redirect",
        StepKind::LimitExcept { .. } => "limit-except",
        StepKind::Set { .. } => "set",
        StepKind::If { .. } => "if",
        StepKind::Rewrite { .. } => "rewrite",
        StepKind::Break => "break",
        StepKind::Return { .. } => "return",
        StepKind::Again { .. } => "again",
        StepKind::TooManyChanges => "too-many-changes",
        StepKind::Access { .. } => "access",
        StepKind::Credentials { .. } => "credentials",
        StepKind::Limit { .. } => "limit",
        StepKind::AuthRequest { .. } => "auth-request",
        StepKind::Mirror { .. } => "mirror",
        StepKind::Code { .. } => "code",
        StepKind::TryFile { .. } => "try-file",
        StepKind::TryFallback { .. } => "try-fallback",
        StepKind::Index { .. } => "index",
        StepKind::ErrorPage { .. } => "error-page",
        StepKind::InternalRedirect { .. } => "internal-redirect",
        StepKind::Named { .. } => "named",
        StepKind::Path { .. } => "path",
        StepKind::Handler { .. } => "handler",
        StepKind::Pass { .. } => "pass",
        StepKind::Lands { .. } => "lands",
        StepKind::Loop { .. } => "loop",
        StepKind::Status { .. } => "status",
        StepKind::GaveUp { .. } => "gave-up",
    }
}

/// Tells the steps of traces through one configuration.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// For the texts of directives.
    pub project: &'a Project,
    /// The configuration.
    pub config: &'a Config,
}

impl Teller<'_> {
    /// A step in words; `hop` is the one that it belongs to.
    pub fn step(&self, hop: &Hop, step: &Step) -> Sentence {
        match &step.kind {
            StepKind::Socket { address, port, servers } => {
                let mut why = if *servers > 1 { format!("{servers} servers share it") } else { String::new() };
                if step.place.is_none() {
                    why = "the default where there is no `listen`".to_owned();
                }
                say(format!("listens on {}", socket(address, *port)), why)
            }
            StepKind::NoSocket { address, port } => say(format!("nothing listens on {}", socket(address, *port)), ""),
            StepKind::BadRequest { refused: Some(refused) } => say("400 Bad Request", refused.to_string()),
            StepKind::BadRequest { refused: None } => say("400 Bad Request", "the `Host` header is missing or invalid"),
            StepKind::Server { server, why } => say(self.config.display_server(*server), server_reason(why)),
            StepKind::Normalized { from, uri, args, merge_slashes } => {
                let mut what = format!("URI {}", uri.display());
                if !args.is_empty() {
                    what.push_str(&format!(", arguments {}", args.display()));
                }
                let raw = from.display();
                let path = raw.split('?').next().unwrap_or_default();
                let mut why = if path == uri.display() { String::new() } else { format!("normalised from {path}") };
                if !merge_slashes && path.contains("//") {
                    why = [why.as_str(), "`merge_slashes off` keeps //"]
                        .into_iter()
                        .filter(|it| !it.is_empty())
                        .collect::<Vec<_>>()
                        .join("; ");
                }
                say(what, why)
            }
            StepKind::Location { uri, location, search } => {
                // Who lost is told once.
                let before = hop.steps.iter().take_while(|other| !std::ptr::eq(*other, step));
                let again = before.into_iter().any(|other| matches!(other.kind, StepKind::Location { .. }));
                self.location(hop.server, uri, *location, search, again)
            }
            StepKind::LocationUnknown { uri } => say("which location is next can't be told", format!("the URI is {}", uri.display())),
            StepKind::Internal => say("404", "the location is `internal`: requests from outside don't get in"),
            StepKind::AutoRedirect { to } => {
                say(format!("301 to {}", to.display()), "nginx's own answer for a location that passes requests on")
            }
            StepKind::LimitExcept { applies: true } => {
                say(self.source(step.place, "limit_except"), format!("{} is not among them: its block holds", hop.method))
            }
            StepKind::LimitExcept { applies: false } => {
                say(self.source(step.place, "limit_except"), format!("{} is among them: its block is passed over", hop.method))
            }
            StepKind::Set { variable, value } => say(format!("set ${variable} = {}", quoted(value)), ""),
            StepKind::If { condition, found, holds } => {
                let outcome = if *holds { "holds" } else { "does not hold" };
                say(format!("{} {outcome}", self.source(step.place, &format!("if {condition}"))), found.clone())
            }
            StepKind::Rewrite { uri, to, end } => self.rewrite(step, uri, to.as_ref(), *end),
            StepKind::Break => say("break", "what follows of the rewrites here is left out"),
            StepKind::Return { status, text } => {
                let text = text.as_ref().map(|text| shown(&text.display())).filter(|text| !text.is_empty());
                say(format!("return {status}{}", text.map(|text| format!(" {text}")).unwrap_or_default()), "")
            }
            StepKind::Again { uri } => say(format!("the URI is now {}", uri.display()), "a location is searched again"),
            StepKind::TooManyChanges => say("500", "the URI was changed more than ten times: it goes in a circle"),
            StepKind::Access { rule } => self.access(step, rule),
            StepKind::Credentials { directive } => say(format!("{directive} wants credentials"), "401 without"),
            StepKind::Limit { directive } => say(format!("{directive} may refuse"), "when there are too many requests"),
            StepKind::AuthRequest { uri, .. } => {
                say(format!("auth_request asks {}", uri.display()), "2xx lets the request pass, 401 and 403 end it")
            }
            StepKind::Mirror { uri, .. } => say(format!("mirror sends a copy to {}", uri.display()), "its answer is ignored"),
            StepKind::Code { directive, file } => {
                let file = file.as_ref().map(|file| format!(" {file}")).unwrap_or_default();
                say(format!("{directive}{file} runs"), "it may answer, or send the request elsewhere")
            }
            StepKind::TryFile { path, folder, found, taken } => {
                let kind = if *folder { "folder" } else { "file" };
                let outcome = match (taken, found) {
                    (true, FileKind::Unknown) => format!("taken, if the {kind} is there"),
                    (true, _) => "there: taken".to_owned(),
                    (false, FileKind::Absent) => "not there".to_owned(),
                    (false, FileKind::Unknown) => "not known: taken not to be there".to_owned(),
                    (false, FileKind::Folder) => "a folder, where a file is wanted".to_owned(),
                    (false, FileKind::File) => "a file, where a folder is wanted".to_owned(),
                };
                let the = if *folder { "the folder " } else { "" };
                say(format!("try_files looks for {the}{}", path.display()), outcome)
            }
            StepKind::TryFallback { to } => say(format!("try_files falls back to {}", to.display()), ""),
            StepKind::Index { path, found } => say(format!("index looks for {}", path.display()), there(*found)),
            StepKind::ErrorPage { status, becomes, to } => {
                let why = becomes.map(|becomes| format!("the client gets {becomes}")).unwrap_or_default();
                say(format!("error_page takes {status} to {}", to.display()), why)
            }
            StepKind::InternalRedirect { by, uri, args } => {
                let args = if args.is_empty() { String::new() } else { format!("?{}", args.display()) };
                say(format!("internal redirect to {}{args}", uri.display()), format!("by {}: it starts again in the server", caller(*by)))
            }
            StepKind::Named { by, name, location: Some(_) } => say(format!("location {name}"), format!("by {}", caller(*by))),
            StepKind::Named { by, name, location: None } => {
                say("500", format!("{} names {name}, and the server has no such location", caller(*by)))
            }
            StepKind::Path { path, found } => say(format!("path {}", path.display()), there(*found)),
            StepKind::Handler { name } => say(self.answered_by(name, step.place), ""),
            StepKind::Pass { directive, upstream, uri, servers } => {
                let target = self.source(step.place, "");
                let target = if target.is_empty() { format!("{directive} {}", upstream.display()) } else { target };
                say(format!("{target} → {}", sent(directive, &hop.method, uri)), pass_servers(servers))
            }
            StepKind::Lands { address, because } => {
                say(format!("{address} is this same configuration"), because.clone().unwrap_or_default())
            }
            StepKind::Loop { hop } => say("a loop", format!("the same request was here before, at hop {}", hop + 1)),
            StepKind::Status { status, why } => say(status.to_string(), why.clone()),
            StepKind::GaveUp { why } => say("the trace ends here", why.clone()),
        }
    }

    /// A hop's end in one line: `location /v1/: proxy_pass http://litellm → GET /v1/models`.
    pub fn outcome(&self, hop: &Hop) -> String {
        let place = match (hop.location, hop.server) {
            (Some(location), _) => Some(self.config.display_location(location)),
            (None, Some(server)) => Some(self.config.display_server(server)),
            (None, None) => None,
        };
        let answer = self.answer(hop);
        match place {
            Some(place) if answer.is_empty() => place,
            Some(place) => format!("{place}: {answer}"),
            None => answer,
        }
    }

    /// What the client or the backend gets from a hop; empty when the handler alone knows and has no name.
    pub fn answer(&self, hop: &Hop) -> String {
        let by = |handler: &Handler| self.answered_by(&handler.name, handler.entry.map(|entry| self.config.header(entry)));
        if let Some(to) = &hop.redirect {
            return format!("{} to {}", hop.status.unwrap_or(302), to.display());
        }
        // After a backend's failure an `error_page` may have another handler answer.
        if let (Some(handler), Some(uri)) = (&hop.handler, &hop.upstream_uri)
            && passes(&handler.name)
        {
            return format!("{} → {}", by(handler), sent(&handler.name, &hop.method, uri));
        }
        if let (Some(file), Some("static")) = (&hop.file, hop.handler.as_ref().map(|handler| handler.name.as_str())) {
            let file = file.display();
            let found = hop.steps.iter().rev().find_map(|step| match &step.kind {
                StepKind::Path { found, .. } => Some(*found),
                _ => None,
            });
            return match (hop.status, found) {
                (Some(status), Some(FileKind::Absent)) => format!("{status}, {file} is not there"),
                (Some(200), _) => format!("the file {file}"),
                (Some(status), Some(FileKind::Unknown)) => format!("{status} with the file {file}, if it is there"),
                (Some(status), _) => format!("{status} with the file {file}"),
                (None, _) => format!("the file {file}, if it is there"),
            };
        }
        let status = hop.status.map(|status| status.to_string());
        match (&hop.handler, status) {
            (Some(handler), _) if handler.name == "return" => by(handler),
            (Some(handler), Some(status)) => format!("{status}, {}", by(handler)),
            (Some(handler), None) => by(handler),
            (None, Some(status)) => match hop.steps.last().map(|step| &step.kind) {
                Some(StepKind::Access { .. }) => format!("{status}, denied"),
                Some(StepKind::Internal) => format!("{status}, it is internal"),
                Some(StepKind::BadRequest { refused: Some(refused) }) => format!("{status}, {refused}"),
                Some(StepKind::BadRequest { refused: None }) => format!("{status}, without a valid Host"),
                Some(StepKind::TooManyChanges) => format!("{status}, it goes in a circle"),
                Some(StepKind::Status { why, .. }) if !why.is_empty() => format!("{status}, {why}"),
                _ => status,
            },
            (None, None) => match hop.steps.last().map(|step| &step.kind) {
                Some(StepKind::GaveUp { why }) => format!("and then? {why}"),
                Some(StepKind::NoSocket { address, port }) => format!("nothing listens on {}", socket(address, *port)),
                _ => String::new(),
            },
        }
    }

    fn answered_by(&self, name: &str, place: Option<Place>) -> String {
        match name {
            "static" => "a file".to_owned(),
            "autoindex" => "the folder's listing".to_owned(),
            "redirect" => "a redirect to a slash".to_owned(),
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
        let Some(chosen) = location else {
            let lost = if again { String::new() } else { self.lost(search, uri, None, ": ") };
            let why = format!("no location takes {}{lost}", uri.display());
            return say("the server's own settings", why);
        };
        let what = self.config.display_location(chosen);
        let reason = match search.iter().rev().find(|step| !matches!(step, location::Step::NoMatch(_) | location::Step::NoRegex(_))) {
            Some(location::Step::Exact(_)) => "the very URI".to_owned(),
            Some(location::Step::AutoRedirect(_)) => "the URI lacks only the slash at the end".to_owned(),
            Some(location::Step::Regex(_)) => {
                let prefix = search.iter().rev().find_map(|step| match step {
                    location::Step::Prefix(id) if self.config.location(*id).parent == self.config.location(chosen).parent => Some(*id),
                    _ => None,
                });
                let over = prefix.map(|id| format!(", over the prefix {}", self.config.location(id).matcher.display())).unwrap_or_default();
                format!("first regex that matches{over}")
            }
            _ => self.longest(server, uri, chosen),
        };
        let no_regex = search.iter().any(|step| matches!(step, location::Step::NoRegex(id) if *id == chosen));
        let why = match no_regex {
            _ if again => reason,
            true => format!("{reason}; `^~`: no regex is tried"),
            false => format!("{reason}{}", self.lost(search, uri, Some(chosen), "; ")),
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
            Some(shorter) => format!("longest prefix, before {shorter}"),
            None => "longest prefix".to_owned(),
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
    fn lost(&self, search: &[location::Step], uri: &Text, chosen: Option<LocationId>, before: &str) -> String {
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
        let mut parts = Vec::new();
        match (count, named.len()) {
            (0, _) => {}
            (1, 1) => parts.push(format!("{} does not match", named.join(", "))),
            (count, 0) => parts.push(format!("{count} regexes before do not match")),
            (count, some) if count == some => parts.push(format!("{} do not match", named.join(", "))),
            (count, some) => {
                let rest = count - some;
                let others = if rest == 1 { "other regex" } else { "other regexes" };
                parts.push(format!("{} and {rest} {others} do not match", named.join(", ")));
            }
        }
        if let Some(near) = chosen.and_then(|chosen| self.near_miss(chosen, &text)) {
            parts.push(near);
        }
        if parts.is_empty() { String::new() } else { format!("{before}{}", parts.join("; ")) }
    }

    /// A location beside the chosen one whose name is the URI but for a slash at the end or for its case.
    fn near_miss(&self, chosen: LocationId, uri: &str) -> Option<String> {
        if matches!(self.config.location(chosen).matcher, Matcher::Exact(_)) {
            return None;
        }
        let server = Some(self.config.location(chosen).server);
        self.siblings(server, chosen).iter().filter(|id| **id != chosen).find_map(|id| match &self.config.location(*id).matcher {
            Matcher::Exact(name) if **name != *uri && name.trim_end_matches('/') == uri.trim_end_matches('/') => {
                Some(format!("`= {name}` is not the same"))
            }
            Matcher::Exact(name) if name.eq_ignore_ascii_case(uri) && **name != *uri => Some(format!("`= {name}` differs in case")),
            Matcher::Prefix { path, .. } if path.len() > 1 => {
                let head = uri.get(..path.len())?;
                (head.eq_ignore_ascii_case(path) && *head != **path).then(|| format!("`{path}` differs in case"))
            }
            _ => None,
        })
    }

    fn rewrite(&self, step: &Step, uri: &Text, to: Option<&Text>, end: RewriteEnd) -> Sentence {
        let source = self.source(step.place, "rewrite");
        let Some(to) = to else { return say(source, format!("does not match {}", uri.display())) };
        let what = format!("{source} → {}", to.display());
        let why = match end {
            RewriteEnd::NoMatch => "does not match",
            RewriteEnd::Continue => "goes on with what follows here",
            RewriteEnd::Last => "last: ends the rewrites here, a location is searched again",
            RewriteEnd::Break => "break: ends the rewrites here, the location stays",
            RewriteEnd::Redirect(301) => "the client is sent there with 301",
            RewriteEnd::Redirect(_) => "the client is sent there with 302",
        };
        say(what, why)
    }

    fn access(&self, step: &Step, rule: &AccessRule) -> Sentence {
        let source = self.source(step.place, "access rules");
        match rule {
            AccessRule::Allowed => say(source, "this client is let in"),
            AccessRule::Denied => say(source, "this client gets 403"),
            AccessRule::Depends(list) if list.is_empty() => say(source, "whether it is let in depends on the client's address"),
            AccessRule::Depends(list) => say(source, format!("by the client's address: {} may, others get 403", some_of(list))),
            AccessRule::SatisfyAny => say(source, "`satisfy any`: what else is checked may let the client in"),
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
fn socket(address: &str, port: u16) -> String {
    if port == 0 { address.to_owned() } else { format!("{address}:{port}") }
}

fn server_reason(why: &ServerReason) -> String {
    match why {
        ServerReason::Only => "the only one there: its names do not matter".to_owned(),
        ServerReason::Exact(name) if name.is_empty() => "exact name: the empty one, as there is no Host".to_owned(),
        ServerReason::Exact(_) => "exact name".to_owned(),
        ServerReason::Leading(name) | ServerReason::Trailing(name) => format!("name {name}"),
        ServerReason::Regex(name) => format!("first regex that matches the host: {name}"),
        ServerReason::Default(true) => "no name fits: it is the default_server".to_owned(),
        ServerReason::Default(false) => "no name fits: it is the first one".to_owned(),
    }
}

fn caller(by: Caller) -> &'static str {
    match by {
        Caller::ErrorPage => "error_page",
        Caller::TryFiles => "try_files",
        Caller::Index => "index",
        Caller::Accel => "X-Accel-Redirect",
    }
}

fn there(found: FileKind) -> &'static str {
    match found {
        FileKind::File => "a file",
        FileKind::Folder => "a folder",
        FileKind::Absent => "not there",
        FileKind::Unknown => "not known whether it is there",
    }
}

/// What a backend gets.
fn sent(directive: &str, method: &str, uri: &Text) -> String {
    match directive {
        "proxy_pass" | "grpc_pass" => format!("{method} {}", uri.display()),
        "memcached_pass" => format!("key {}", uri.display()),
        _ => format!("SCRIPT_NAME {}", uri.display()),
    }
}

fn pass_servers(servers: &[String]) -> String {
    match servers {
        [] => String::new(),
        [one] => format!("server {one}"),
        _ => format!("servers {}", some_of(servers)),
    }
}

/// A list, not too long.
fn some_of(list: &[String]) -> String {
    const MOST: usize = 4;
    let mut text = list.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if list.len() > MOST {
        text.push_str(&format!(" and {} more", list.len() - MOST));
    }
    text
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
        let teller = Teller { project: view.project, config: view.config };
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
                StepKind::Code { directive: "rewrite_by_lua_file".into(), file: Some("a.lua".into()) },
                "rewrite_by_lua_file a.lua runs — it may answer, or send the request elsewhere",
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
                    upstream: known("m:11211"),
                    uri: half,
                    servers: vec!["a:1".into(), "b:2".into()],
                },
                "memcached_pass m:11211 → key {$x} — servers a:1, b:2",
            ),
            (StepKind::Loop { hop: 0 }, "a loop — the same request was here before, at hop 1"),
            (StepKind::GaveUp { why: "enough".into() }, "the trace ends here — enough"),
        ] {
            assert_eq!(teller.step(&Hop::default(), &Step { place: None, kind }).line(), line);
        }
        let step = Step { place: satisfy, kind: StepKind::Access { rule: AccessRule::SatisfyAny } };
        assert!(teller.step(&Hop::default(), &step).line().starts_with("satisfy any — "));
    }
}
