//! `duplicate-directive`: two of what a block may have one of.

use rustc_hash::FxHashMap;

use super::claims::{self, shown};
use super::finding::FixAction;
use super::standing::{Standing, is_filled_in, nginx_says, refusal, reliable};
use super::{Finding, Fix, Rule, Severity};
use crate::config::{Config, EntryId, RestsOn};
use crate::message;
use crate::nginx::refusals::Refusal;
use crate::nginx::repeats;
use crate::project::RootKind;
use crate::syntax::Directive;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule { id: "duplicate-directive", summary: "two of what a block may have one of", severity: Severity::Error, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let config = view.config;
        // A block may have any number of servers: what is repeated is in one of them, or outside of all.
        let servers = view.by_server(RestsOn::Itself, view.root.kind == RootKind::Main, |server| {
            let range = config.entries_of(server);
            let inside = |id: EntryId| id.0 - range.start;
            Repeated(repeated(view, range.clone()).into_iter().map(|(before, id)| (inside(before), inside(id))).collect())
        });
        let mut pairs = repeated(view, config.outside().flatten());
        for (server, repeated) in config.servers.iter().zip(servers.all()) {
            let of_server = |number: u32| EntryId(server.entry.0 + number);
            pairs.extend(repeated.0.iter().map(|(before, id)| (of_server(*before), of_server(*id))));
        }
        let found = pairs.into_iter().filter_map(|(before, id)| finding(view, before, &Standing::of(view, id)?)).collect();
        out.extend(reliable(analysis, view, found));
    }
}

/// In a server, the directives of which there is one before, each behind that one; counted from the server's own.
#[derive(Debug)]
struct Repeated(Vec<(u32, u32)>);

/// The directives of which there is one before in their block, each behind that one.
fn repeated(view: View<'_>, entries: impl Iterator<Item = u32>) -> Vec<(EntryId, EntryId)> {
    let mut out = Vec::new();
    let mut first: FxHashMap<(Option<EntryId>, (&str, &str)), EntryId> = FxHashMap::default();
    for standing in entries.filter_map(|id| Standing::of(view, EntryId(id))) {
        let Some(slot) = slot(&standing) else { continue };
        match first.get(&(standing.entry.parent, slot)).copied() {
            None => drop(first.insert((standing.entry.parent, slot), standing.id)),
            Some(before) => out.push((before, standing.id)),
        }
    }
    out
}

/// What a block has one of, and for which zone: mostly the directive itself, for none. `None` where any module that may be meant takes several.
fn slot<'a>(standing: &Standing<'a>) -> Option<(&'static str, &'a str)> {
    if let Some(limit) = limit(&standing.entry.directive) {
        return Some(limit);
    }
    let mut slots = standing.candidates().map(repeats::slot);
    let first = slots.next()??;
    slots.all(|slot| slot == Some(first)).then_some((first, ""))
}

/// A limit, and the zone that a block may have one of it for (`ngx_http_limit_req`, `ngx_http_limit_conn`, `ngx_stream_limit_conn`).
fn limit(directive: &Directive) -> Option<(&'static str, &str)> {
    let (name, zone) = match &*directive.name.value {
        // The last of several counts.
        "limit_req" => ("limit_req", directive.args.iter().rev().find_map(|word| word.value.strip_prefix("zone="))?),
        "limit_conn" => ("limit_conn", directive.arg(0)?),
        _ => return None,
    };
    (!zone.is_empty() && !claims::is_filled_in(zone)).then_some((name, zone))
}

/// "directive is duplicate" (`ngx_conf_set_str_slot` and its like, `ngx_http_core_root`, …)
fn finding(view: View, before: EntryId, standing: &Standing) -> Option<Finding> {
    let (config, language, id) = (view.config, view.language, standing.id);
    // The first may be there for one deployment and the second for another.
    if is_filled_in(standing.name()) {
        return None;
    }
    let name = |id: EntryId| &*config.directive(id).name.value;
    let (first, second) = (name(before), name(id));
    let block = standing.entry.parent.map(|parent| shown(config, parent));
    let message = match (first == second, block) {
        (true, Some(block)) if let Some((_, zone)) = limit(config.directive(id)) => {
            message!(language, "duplicate-directive-zone", name = second, zone = zone, block = block)
        }
        (true, Some(block)) => message!(language, "duplicate-directive-one", name = second, block = block),
        (true, None) => message!(language, "duplicate-directive-one-here", name = second),
        (false, Some(block)) => message!(language, "duplicate-directive-both", first = first, second = second, block = block),
        (false, None) => message!(language, "duplicate-directive-both-here", first = first, second = second),
    };
    let says = nginx_says(language, Refusal::Duplicate, second);
    if config.place(before) == config.place(id) {
        // One file, read twice: what is wrong is the second `include`.
        let include = include_of(config, id)?;
        let again = message!(language, "duplicate-directive-read-twice");
        return Some(refusal(view, &RULE, config.header(include), message).related(config.header(id), again).note(says));
    }
    let finding = refusal(view, &RULE, config.header(id), message).related(config.header(before), message!(language, "the-first"));
    let words = |id: EntryId| config.directive(id).args.iter().map(|word| &*word.value);
    let same = first == second && words(before).eq(words(id)) && config.directive(id).children().is_empty();
    let finding = match same {
        true => finding.fix(Fix {
            title: message!(language, "comment-out", what = shown(config, id)),
            safe: true,
            action: FixAction::CommentOut(config.place(id)),
        }),
        false => finding,
    };
    Some(finding.note(says))
}

/// The `include` of the same block that brought a directive.
fn include_of(config: &Config, id: EntryId) -> Option<EntryId> {
    let entry = config.entry(id);
    let around = entry.parent.map_or(&config.top, |parent| &config.entry(parent).children);
    let at = around.binary_search(&id).ok()?;
    let before = around.get(..at)?.iter().rev();
    before.copied().find(|other| config.directive(*other).is("include") && config.entry(*other).file != entry.file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{self, findings};

    fn said(text: &str) -> Vec<String> {
        testing::said(check, text)
    }

    fn server(text: &str) -> Vec<String> {
        said(&format!("events {{}} http {{ server {{ listen 80; {text} }} }}"))
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn two_of_one() {
        assert_eq!(server("location /a { root /x; alias /y; }"), ["Proven `root` and `alias` can't both stand in one `location /a`"]);
        assert_eq!(server("gzip on; gzip off;"), ["Proven there may be only one `gzip` in one `server`"]);
        assert_eq!(said("worker_processes 1; worker_processes 2; events {}"), ["Proven there may be only one `worker_processes` here"]);
        assert_eq!(said("events {} events {}").len(), 1);
        assert_eq!(said("events {} http {} http {}"), ["Proven there may be only one `http` here"]);
        assert_eq!(
            server("limit_req zone=a; limit_req burst=5 zone=a; location / { limit_conn c 1; limit_conn c 2; limit_req zone=a; }"),
            [
                "Proven there may be only one `limit_req` of the zone a in one `server`",
                "Proven there may be only one `limit_conn` of the zone c in one `location /`"
            ]
        );
        assert_eq!(server("location / { content_by_lua_block { } content_by_lua_file x; }").len(), 1);
        assert_eq!(
            said("server { listen 80; try_files a b; try_files c d; }"),
            ["Likely there may be only one `try_files` in one `server`"]
        );
    }

    #[test]
    fn many_of_one() {
        assert_eq!(server("add_header A b; add_header A b; server_name a; server_name b; location /a { root x; } root x;"), NONE);
        assert_eq!(server("set $a b; set $a b; if ($a) { } if ($a) { } types { } types { } error_page 404 /a; error_page 404 /a;"), NONE);
        assert_eq!(said("stream { server { listen 53; proxy_pass a; } server { listen 54; proxy_pass a; } }"), NONE);
        assert_eq!(
            server(
                "limit_req zone=a; limit_req zone=b; limit_conn a 1; limit_conn b 1; proxy_redirect a b; proxy_redirect c d; own 1; own 2;"
            ),
            NONE
        );
    }

    #[test]
    fn the_same_again_can_go() {
        let found = findings(check, "events {} http { gzip on; gzip on; }");
        assert_eq!((found[0].fixes.len(), found[0].fixes[0].safe), (1, true));
        assert!(findings(check, "events {} http { gzip on; gzip off; }")[0].fixes.is_empty());
    }
}
