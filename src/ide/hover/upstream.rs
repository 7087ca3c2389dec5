//! An `upstream` block, its name, and the `server`s in it: who answers, and how often each is asked.

use super::cursor::Cursor;
use super::directive::{place, places};
use super::{code, pass};
use crate::config::EntryId;
use crate::ide::routes;
use crate::message;
use crate::messages::{Joint, join};
use crate::nginx::context::Context;
use crate::nginx::handlers::PASSES;
use crate::syntax::Directive;
use crate::world::View;

/// How many servers are told.
const SHOWN: usize = 12;

/// What chooses between the servers; without any it is each in turn.
const METHODS: [(&str, &str); 5] = [
    ("least_conn", "hover-balance-least-conn"),
    ("ip_hash", "hover-balance-ip-hash"),
    ("hash", "hover-balance-hash"),
    ("random", "hover-balance-random"),
    ("least_time", "hover-balance-least-time"),
];

/// The block by its name.
pub(super) fn block(cursor: &Cursor<'_>) -> Option<String> {
    let (view, entry) = cursor.site?;
    let (config, language) = (view.config, view.language);
    let method = METHODS.iter().find(|(name, _)| config.children(entry, name).next().is_some());
    let mut parts = vec![match method {
        Some((_, id)) => message!(language, *id),
        None => message!(language, "hover-balance-turns"),
    }];
    let servers: Vec<EntryId> = config.children(entry, "server").collect();
    let mut lines: Vec<String> = servers
        .iter()
        .take(SHOWN)
        .filter_map(|server| {
            let directive = config.directive(*server);
            Some(format!("- {}: {}", code(directive.arg(0)?), share(view, entry, directive)))
        })
        .collect();
    if servers.len() > SHOWN {
        lines.push(format!("- {}", message!(language, "hover-more-routes", count = servers.len() - SHOWN)));
    }
    if !lines.is_empty() {
        parts.push(lines.join("\n"));
    }
    let users = users(view, entry);
    // A name that is computed may lead here, too: where none is seen, nothing is said.
    if !users.is_empty() {
        parts.push(message!(language, "hover-upstream-used", count = users.len(), places = places(view, entry, &users)));
    }
    Some(parts.join("\n\n"))
}

/// A `server` of a block.
pub(super) fn server(cursor: &Cursor<'_>) -> Option<String> {
    let (view, entry) = cursor.site?;
    if cursor.context != Some(Context::Upstream) {
        return None;
    }
    let block = view.config.entry(entry).parent?;
    let mut parts = vec![format!("**{}** · {}", code(&cursor.word.value), share(view, block, cursor.directive))];
    if let Some(user) = users(view, block).first() {
        let pass = routes::pass(view, *user);
        let target = view.upstreams().target_of(*user)?;
        let here = target.backends.iter().filter(|backend| backend.server == Some(entry));
        let address = |backend: &crate::upstreams::Backend| match backend.port {
            0 => backend.host.clone(),
            port => format!("{}:{port}", backend.host),
        };
        let addresses: Vec<String> = here.map(address).collect();
        let known = pass.backends.iter().find(|backend| backend.addresses.iter().any(|address| addresses.contains(address)));
        if let Some(known) = known {
            parts.push(pass::who(view, &pass, known));
        }
        parts.push(message!(view.language, "hover-upstream-asked", at = place(view, entry, *user)));
    }
    Some(parts.join("\n\n"))
}

/// Who passes requests on to the block.
fn users(view: View<'_>, block: EntryId) -> Vec<EntryId> {
    let passes = PASSES.iter().flat_map(|name| view.config.all(name)).copied();
    let mut users: Vec<EntryId> =
        passes.filter(|pass| view.upstreams().target_of(*pass).is_some_and(|target| target.block == Some(block))).collect();
    users.sort_unstable();
    users
}

/// How often a server is asked, in words.
fn share(view: View<'_>, block: EntryId, server: &Directive) -> String {
    let (config, language) = (view.config, view.language);
    let has = |server: &Directive, name: &str| server.args.iter().skip(1).any(|word| &*word.value == name);
    if has(server, "down") {
        return message!(language, "hover-server-down");
    }
    if has(server, "backup") {
        return message!(language, "hover-server-backup");
    }
    let weight = |server: &Directive| {
        let written = server.args.iter().skip(1).find_map(|word| word.value.strip_prefix("weight=")?.parse::<u32>().ok());
        u64::from(written.unwrap_or(1))
    };
    let asked: Vec<&Directive> =
        config.children(block, "server").map(|id| config.directive(id)).filter(|one| !has(one, "down") && !has(one, "backup")).collect();
    let total: u64 = asked.iter().map(|one| weight(one)).sum();
    let own = weight(server);
    let by_turns = METHODS.iter().all(|(name, _)| config.children(block, name).next().is_none());
    let mut parts = vec![match (asked.len(), own == total, total) {
        (1, ..) | (_, true, _) => message!(language, "hover-server-only"),
        (_, _, 0) => message!(language, "hover-server-down"),
        _ => {
            let percent = (own * 100 + total / 2) / total;
            let id = if by_turns { "hover-server-share" } else { "hover-server-weight" };
            message!(language, id, weight = own.to_string(), total = total.to_string(), percent = percent.to_string())
        }
    }];
    let limit = |name: &str| server.args.iter().skip(1).find_map(|word| word.value.strip_prefix(name).map(str::to_owned));
    let (fails, timeout) = (limit("max_fails="), limit("fail_timeout="));
    if fails.is_some() || timeout.is_some() {
        let (fails, timeout) = (fails.unwrap_or_else(|| "1".into()), timeout.unwrap_or_else(|| "10s".into()));
        parts.push(match &*fails {
            "0" => message!(language, "hover-server-never-out"),
            _ => message!(language, "hover-server-fails", fails = code(&fails), timeout = code(&timeout)),
        });
    }
    if let Some(connections) = limit("max_conns=").filter(|connections| connections != "0") {
        parts.push(message!(language, "hover-server-connections", connections = code(&connections)));
    }
    join(language, Joint::Comma, &parts)
}

#[cfg(test)]
mod tests {
    use super::super::testing::said;

    const CONF: &str = "http {\nupstream b {\nserver a:1 weight=3 max_fails=2;\nserver c:2;\nserver d:3 backup;\nserver e:4 down;\n}\nserver { location / { proxy_pass http://b; } }\n}";

    #[test]
    fn a_block_says_who_is_asked_how_often() {
        let said = said(&CONF.replace("upstream b", "upstream b$0")).unwrap_or_default();
        assert_eq!(
            said,
            "Servers are asked in turn, by their weights.\n\n\
             - `a:1`: 3 of 4 requests (75%), out for `10s` after `2` failures within that time\n\
             - `c:2`: 1 of 4 requests (25%)\n\
             - `d:3`: asked only when none of the others answers\n\
             - `e:4`: never asked\n\n\
             Requests come from line 8."
        );
    }

    #[test]
    fn a_server_says_who_answers() {
        let said = said(&CONF.replace("c:2", "c:$02")).unwrap_or_default();
        assert!(said.starts_with("**`c:2`** · 1 of 4 requests (25%)"), "{said}");
        assert!(said.ends_with("Requests come from line 8."), "{said}");
    }
}
