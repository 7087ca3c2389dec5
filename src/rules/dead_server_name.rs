//! `dead-server-name`: a name that selects no server, or not as it looks.

use super::claims::{Claims, is_unreliable, line};
use super::dead_server::{address, instead, is_whole, quoted, why};
use super::{Confidence, Finding, Rule, Severity, Tag};
use crate::config::{Config, ServerId};
use crate::message;
use crate::messages::{Language, list};
use crate::project::RootKind;
use crate::routing::hosts::{IdleName, Reason};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "dead-server-name", summary: "a name in `server_name` that selects nothing", severity: Severity::Warning, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut claims = Claims::default();
    for view in analysis.views().filter(|view| matches!(view.root.kind, RootKind::Main | RootKind::Http)) {
        if view.config.all("server_name").is_empty() {
            continue;
        }
        idle_names(analysis, view, &mut claims);
        for index in 0..view.config.servers.len() {
            odd_names(analysis, view, ServerId(index as u32), &mut claims);
        }
    }
    out.extend(claims.confirmed(analysis));
}

fn idle_names(analysis: &Analysis, view: View, claims: &mut Claims<Finding>) {
    let (config, router, names) = (view.config, view.router(), view.names());
    let language = view.language;
    let mut rest: Vec<&IdleName> = names.idle.iter().filter(|name| !names.is_dead(name.server)).collect();
    rest.sort_by_key(|name| (name.entry, name.word, name.socket));
    for group in rest.chunk_by(|a, b| (a.entry, a.word) == (b.entry, b.word)) {
        let Some((first, entry)) = group.first().and_then(|first| Some((*first, first.entry?))) else { continue };
        let server = first.server;
        let file = config.entry(entry).file;
        let mut others = group.iter().flat_map(|one| match &one.reason {
            Reason::Taken(winner) => vec![*winner],
            Reason::Covered(servers) => servers.clone(),
            _ => Vec::new(),
        });
        if others.any(|other| is_unreliable(analysis, config.entry(config.server(other).entry).file)) {
            continue;
        }
        let listens = router.sockets_of(server).count();
        let everywhere = listens == group.len();
        // Where the server is the default, or alone, it answers all the same.
        let answers = |one: &&IdleName| instead(router, one) == Some(server);
        let harmless = group.iter().all(answers);
        let at = |server: ServerId| line(analysis, file, config.header(config.server(server).entry));
        let sockets: Vec<String> = group.iter().filter_map(|one| router.sockets().get(one.socket).map(address)).collect();
        let (name, reason) = (quoted(language, &first.name), why(language, config, first, at));
        let message = match everywhere {
            true => message!(language, "dead-server-name-says", name = name, reason = reason),
            false => {
                let addresses = list(language, &sockets, 3);
                message!(language, "dead-server-name-says-on", name = name, addresses = addresses, reason = reason)
            }
        };
        let twice = matches!(first.reason, Reason::Taken(winner) if winner == server);
        let (severity, message) = match twice {
            true => twice_message(language, config, first, message),
            false if harmless => (Severity::Hint, message),
            false => (Severity::Warning, message),
        };
        let mut finding = Finding::new(RULE.id, severity, Confidence::Proven, config.arg_place(entry, first.word), message);
        if everywhere {
            finding = finding.tag(Tag::Unnecessary);
        }
        match instead(router, first) {
            Some(taker) if taker == server && !twice => {
                finding = finding.note(message!(language, "dead-server-name-default"));
            }
            Some(taker) if taker != server && is_whole(view) => {
                let place = config.header(config.server(taker).entry);
                finding = finding.related(place, message!(language, "answers-instead"));
            }
            _ => {}
        }
        claims.add(config, entry, first.word, finding);
    }
}

/// A name that clashes with one of its own server: a mere repetition, or `.a.com` of which nothing is left.
fn twice_message(language: Language, config: &Config, name: &IdleName, message: String) -> (Severity, String) {
    let Some(rest) = name.name.strip_prefix('.') else { return (Severity::Hint, message) };
    let names = || config.server(name.server).names.iter().map(|(name, _)| &**name);
    let text = &*name.name;
    if names().filter(|one| *one == text).count() > 1 {
        return (Severity::Hint, message);
    }
    match names().any(|one| one.strip_prefix("*.") == Some(rest)) {
        // Both are there: whatever comes later adds nothing.
        true if names().any(|one| one == rest) => (Severity::Hint, message),
        true => (Severity::Warning, message!(language, "dead-server-name-no-apex", name = text, other = format!("*.{rest}"), rest = rest)),
        false => (Severity::Warning, message!(language, "dead-server-name-no-below", name = text, rest = rest)),
    }
}

/// Names that nginx takes literally although they look like something else: `_`, and several with commas between them.
fn odd_names(analysis: &Analysis, view: View, server: ServerId, claims: &mut Claims<Finding>) {
    let (config, language) = (view.config, view.language);
    let names = &config.server(server).names;
    if config.server(server).synthetic {
        return;
    }
    for (name, entry) in names {
        let words = || (0..).zip(&config.directive(*entry).args);
        if name.contains(',') && !name.starts_with('~') && !name.contains(['$', '{']) {
            let Some((word, _)) = words().find(|(_, word)| word.value.eq_ignore_ascii_case(name)) else { continue };
            let message = message!(language, "dead-server-name-comma", name = &**name);
            claims.add(
                config,
                *entry,
                word,
                Finding::new(RULE.id, Severity::Warning, Confidence::Likely, config.arg_place(*entry, word), message),
            );
        }
    }
    let [(name, entry)] = names.as_slice() else { return };
    let unknown = config.unknown_includes.iter().any(|include| config.entry(*include).parent == Some(config.server(server).entry));
    if &**name != "_" || unknown || view.names().is_dead(server) {
        return;
    }
    let router = view.router();
    let mine: Vec<_> = router.sockets_of(server).collect();
    let Some(socket) = mine.first().filter(|_| mine.iter().all(|socket| socket.default != server)) else { return };
    let taken = view.names().idle_of(server).next().is_some();
    if taken {
        return;
    }
    let default = config.header(config.server(socket.default).entry);
    let whole = is_whole(view);
    let message = match whole {
        true => {
            let at = line(analysis, config.entry(*entry).file, default);
            message!(language, "dead-server-name-underscore-at", address = address(socket), at = at)
        }
        false => message!(language, "dead-server-name-underscore", address = address(socket)),
    };
    let mut finding = Finding::new(RULE.id, Severity::Hint, Confidence::Proven, config.arg_place(*entry, 0), message);
    if whole {
        finding = finding.related(default, message!(language, "dead-server-name-the-default"));
    }
    claims.add(config, *entry, 0, finding);
}
