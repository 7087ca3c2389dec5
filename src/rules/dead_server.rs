//! `dead-server`: a server that no request gets to.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::claims::{Claims, is_unreliable, line};
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId, ServerId};
use crate::message;
use crate::messages::Language;
use crate::project::RootKind;
use crate::routing::hosts::{self, IdleName, Reason};
use crate::routing::{Router, Socket};
use crate::usage::required::Definers;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule { id: "dead-server", summary: "a server that no request gets to", severity: Severity::Warning, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut dead = Claims::default();
    let mut hidden = Claims::default();
    for view in analysis.views().filter(|view| matches!(view.root.kind, RootKind::Main | RootKind::Http)) {
        let config = view.config;
        if config.servers.len() < 2 {
            continue;
        }
        let (names, definers) = (view.names(), Definers::of(config));
        let last = LazyCell::new(|| last_with_each_name(config));
        for &server in &names.dead {
            let idle: Vec<&IdleName> = names.idle_of(server).collect();
            // What takes its place has to be there for certain, too.
            let mut files = takers(view.router(), &idle).map(|taker| config.entry(config.server(taker).entry).file);
            if files.all(|file| !is_unreliable(analysis, file)) {
                dead.add(
                    config,
                    config.server(server).entry,
                    0,
                    finding(analysis, view, &definers, &|name: &str| last.get(name).copied(), server, &idle),
                );
            }
        }
        let mut by_listen: BTreeMap<EntryId, Vec<hosts::Hidden>> = BTreeMap::new();
        for one in hosts::hidden(config, view.router()).into_iter().filter(|one| !names.is_dead(one.server)) {
            by_listen.entry(one.listen).or_default().push(one);
        }
        for (listen, list) in by_listen {
            if let Some(finding) = hidden_finding(analysis, view, &list) {
                hidden.add(config, listen, 0, finding);
            }
        }
    }
    out.extend(dead.confirmed(analysis));
    out.extend(hidden.confirmed(analysis));
}

/// The servers that get what these names would select, and the default servers beside them.
fn takers<'a>(router: &'a Router, idle: &'a [&IdleName]) -> impl Iterator<Item = ServerId> + 'a {
    idle.iter().flat_map(|name| {
        let listed: &[ServerId] = match &name.reason {
            Reason::Taken(winner) => std::slice::from_ref(winner),
            Reason::Covered(servers) => servers,
            _ => &[],
        };
        listed.iter().copied().chain(router.sockets().get(name.socket).map(|socket| socket.default))
    })
}

/// An address as it is written in a `listen`: `*:80`, `[::]:443`, `*:443 quic`, `unix:/run/x`.
pub(super) fn address(socket: &Socket) -> String {
    match (socket.port, socket.quic) {
        (0, _) => socket.address.to_string(),
        (port, false) => format!("{}:{port}", socket.address),
        (port, true) => format!("{}:{port} quic", socket.address),
    }
}

/// A name as a message says it.
pub(super) fn quoted(language: Language, name: &str) -> String {
    if name.is_empty() { message!(language, "dead-server-empty-name") } else { format!("`{name}`") }
}

/// The server that answers instead of this name's: for a name that is written out, what the tables say of it.
pub(super) fn instead(router: &Router, idle: &IdleName) -> Option<ServerId> {
    let socket = router.sockets().get(idle.socket)?;
    let plain = !idle.name.starts_with(['~', '*', '.']) && !idle.name.ends_with(".*");
    match &idle.reason {
        Reason::Taken(_) if plain => Some(socket.server(idle.name.as_bytes())),
        Reason::Taken(winner) => Some(*winner),
        Reason::Covered(servers) => servers.first().copied().or(Some(socket.default)),
        Reason::Port | Reason::TrailingDot if plain => Some(socket.server(idle.name.as_bytes())),
        _ => Some(socket.default),
    }
}

/// Why a name selects nothing: `has a port, and a request's host is compared without`.
pub(super) fn why(language: Language, config: &Config, idle: &IdleName, line: impl Fn(ServerId) -> String) -> String {
    let name = quoted(language, &idle.name);
    match &idle.reason {
        Reason::Taken(winner) if *winner == idle.server => message!(language, "dead-server-twice", name = name),
        Reason::Taken(winner) if config.server(*winner).names.is_empty() => {
            message!(language, "dead-server-first-nameless", at = line(*winner))
        }
        Reason::Taken(winner) => message!(language, "dead-server-belongs", name = name, at = line(*winner)),
        Reason::Port => message!(language, "dead-server-port", name = name),
        Reason::TrailingDot => message!(language, "dead-server-dot", name = name),
        Reason::Character(' ') => message!(language, "dead-server-blank", name = name),
        Reason::Character(letter @ '!'..='~') => {
            message!(language, "dead-server-character", name = name, character = letter.to_string())
        }
        Reason::Character(_) => message!(language, "dead-server-control", name = name),
        Reason::Covered(servers) => match servers.as_slice() {
            [] => message!(language, "dead-server-no-host", name = name),
            [one] => message!(language, "dead-server-covered", name = name, at = line(*one)),
            [one, rest @ ..] => {
                message!(language, "dead-server-covered-more", name = name, at = line(*one), count = rest.len())
            }
        },
    }
}

fn finding(
    analysis: &Analysis,
    view: View,
    definers: &Definers<'_>,
    last_with: &dyn Fn(&str) -> Option<ServerId>,
    server: ServerId,
    idle: &[&IdleName],
) -> Finding {
    let (config, router, language) = (view.config, view.router(), view.language);
    let entry = config.server(server).entry;
    let file = config.entry(entry).file;
    let at = |server: ServerId| line(analysis, file, config.header(config.server(server).entry));
    // One name on several addresses is told once.
    let mut reasons: Vec<String> = Vec::new();
    let mut names: Vec<(Arc<str>, &Reason)> = Vec::new();
    for one in idle {
        if !names.iter().any(|(name, reason)| *name == one.name && *reason == &one.reason) {
            names.push((one.name.clone(), &one.reason));
            reasons.push(why(language, config, one, at));
        }
    }
    let more = reasons.len().saturating_sub(3);
    reasons.truncate(3);
    let joined = reasons.into_iter().reduce(|head, next| message!(language, "dead-server-reasons", head = head, next = next));
    let mut reason = joined.unwrap_or_default();
    if more > 0 {
        reason = message!(language, "dead-server-more-names", reasons = reason, count = more);
    }
    let message = message!(language, "dead-server-says", server = config.display_server(server), reasons = reason);
    let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, config.header(entry), message).tag(Tag::Unnecessary);
    let whole = is_whole(view);
    let mut told = Vec::new();
    for one in idle {
        let (Some(taker), Some(socket)) = (instead(router, one), router.sockets().get(one.socket)) else { continue };
        if taker != server && !told.contains(&taker) && told.len() < 3 {
            // In a fragment the default server, and who else has the name, may stand in another file.
            let what = match &one.reason {
                Reason::Taken(_) if !whole => message!(language, "dead-server-has", name = quoted(language, &one.name)),
                Reason::Covered(_) => message!(language, "answers-instead"),
                _ if !whole => continue,
                _ if one.name.is_empty() => message!(language, "dead-server-no-host-instead", address = address(socket)),
                _ => {
                    let name = quoted(language, &one.name);
                    message!(language, "dead-server-instead", name = name, address = address(socket))
                }
            };
            told.push(taker);
            finding = finding.related(config.header(config.server(taker).entry), what);
        }
    }
    // Of `.a.com` nginx notes `a.com` before it refuses the rest, and so ignores an `a.com` further down (`ngx_hash_add_key`).
    let hides = |one: &&IdleName| one.name.starts_with('.') && last_with(&without_dot(&one.name)) > Some(server);
    // What a block defines for all may be missed elsewhere.
    let safe = !may_be_missed(config, entry) && definers.only_in(entry).is_none() && !idle.iter().any(hides);
    finding.fix(Fix {
        title: message!(language, "comment-out", what = format!("`{}`", config.display_server(server))),
        safe,
        action: FixAction::CommentOut(config.place(entry)),
    })
}

/// Are all servers here? Not in a fragment, nor where `http` holds an include that is not known.
pub(super) fn is_whole(view: View) -> bool {
    let config = view.config;
    let types = |include: EntryId| config.directive(include).arg(0).is_some_and(|name| name.ends_with("mime.types"));
    let unknown = |include: &EntryId| config.server_of(*include).is_none() && !types(*include);
    view.root.kind == RootKind::Main && !config.unknown_includes.iter().any(unknown)
}

/// The last server that has each name, in small letters and without a dot before it.
fn last_with_each_name(config: &Config) -> FxHashMap<String, ServerId> {
    let named = (0..).map(ServerId).zip(&config.servers);
    named.flat_map(|(id, server)| server.names.iter().map(move |(name, _)| (without_dot(name), id))).collect()
}

fn without_dot(name: &str) -> String {
    name.trim_start_matches('.').to_ascii_lowercase()
}

/// Does something in the block hold for others, too: shared memory, which one of them gives its size, or the settings of an address?
fn may_be_missed(config: &Config, block: EntryId) -> bool {
    let mut open = vec![block];
    while let Some(id) = open.pop() {
        let directive = config.directive(id);
        let name = &*directive.name.value;
        let zone = directive.args.iter().any(|word| word.value.contains("shared:") || word.value.contains("zone="));
        // A `listen` may carry the settings of the address for all servers that share it.
        let socket = name == "listen" && directive.args.len() > 1;
        if zone || socket {
            return true;
        }
        open.extend(config.entry(id).children.iter().copied());
    }
    false
}

fn hidden_finding(analysis: &Analysis, view: View, list: &[hosts::Hidden]) -> Option<Finding> {
    let (config, router, language) = (view.config, view.router(), view.language);
    let first = list.first()?;
    let socket = router.sockets().get(first.socket)?;
    let (name, other) = &first.instead;
    let file = config.entry(first.listen).file;
    let narrow = config.server(*other).listens.iter().find(|listen| socket.is_of(listen));
    let narrow = narrow.and_then(|listen| listen.entry)?;
    let message = message!(
        language,
        "dead-server-hidden",
        name = &**name,
        address = address(socket),
        at = line(analysis, file, config.header(narrow))
    );
    let finding = Finding::new(RULE.id, Severity::Hint, Confidence::Hint, config.header(first.listen), message)
        .related(config.header(narrow), message!(language, "dead-server-only-here"));
    Some(match list.len() - 1 {
        0 => finding,
        more => finding.note(message!(language, "dead-server-more-addresses", count = more)),
    })
}
