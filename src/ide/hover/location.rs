//! What a location takes, an example, what answers, and who would take its URIs without it.

use super::{code, pass};
use crate::config::effective::Blocks;
use crate::config::{Config, EntryId, LocationId, Matcher};
use crate::message;
use crate::messages::{Joint, join};
use crate::nginx::handlers::passes;
use crate::routing::reach::{NoExample, example};
use crate::usage::takeover;
use crate::usage::verdict::{Reason, Verdict};
use crate::usage::words::{self, Context};
use crate::world::{Analysis, View};

/// How many reasons for a verdict are told.
const REASONS: usize = 5;

/// Who uses it: the verdict and what speaks for it. `None` where no log was read and nothing refers to it.
pub(super) fn usage(analysis: &Analysis, view: View<'_>, id: LocationId) -> Option<String> {
    let usage = view.usage(id)?;
    if view.logs().is_none() && usage.verdict != Verdict::InUse {
        return None;
    }
    let context = Context { project: view.project, config: view.config, logs: view.logs(), language: analysis.language };
    let mut lines = vec![format!("**{}**", words::verdict_name(usage.verdict, analysis.language))];
    lines.extend(usage.reasons.iter().take(REASONS).map(|reason| format!("- {}", words::reason(reason, &context).0)));
    let more: usize = usage.reasons.iter().skip(REASONS).map(Reason::count).sum();
    if more > 0 {
        lines.push(format!("- {}", message!(analysis.language, "hover-more-reasons", count = more)));
    }
    Some(lines.join("\n"))
}

pub(super) fn location(view: View<'_>, id: LocationId) -> String {
    let (config, language) = (view.config, view.language);
    let location = config.location(id);
    let server = config.say_server(language, location.server);
    let around = match location.parent {
        Some(parent) => message!(language, "hover-in", location = code(&config.display_location(parent)), server = server),
        None => server,
    };
    let mut parts = vec![format!("**{}** · {around}", config.display_location(id).replace('*', "\\*")), takes(view, id)];
    if view.router().is_internal(id) {
        parts.push(message!(language, "hover-internal"));
    }
    if view.router().is_auto_redirect(id)
        && let Matcher::Prefix { path, .. } | Matcher::Exact(path) = &location.matcher
        && let Some(bare) = path.strip_suffix('/')
        && view.router().locate(location.server, bare.as_bytes()).auto_redirect
    {
        parts.push(message!(language, "hover-redirect", bare = code(bare), path = code(path)));
    }
    parts.extend(for_example(view, id));
    if let Some(handler) = handler(config, location.entry) {
        parts.push(answers(view, handler));
    }
    parts.extend(pass::of_location(view, id));
    let blocks = Blocks::new(view.project, config);
    if let Some(sentence) = takeover::sentence(&blocks, &takeover::of(&blocks, view.router(), id)) {
        let sentence = sentence.say(language);
        let mut letters = sentence.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        parts.push(message!(language, "hover-sentence", sentence = first + letters.as_str()));
    }
    parts.join("\n\n")
}

/// Which URIs it takes, in words.
fn takes(view: View<'_>, id: LocationId) -> String {
    let (config, language) = (view.config, view.language);
    let location = config.location(id);
    let siblings = match location.parent {
        Some(parent) => &config.location(parent).locations,
        None => &config.server(location.server).locations,
    };
    let regexes: Vec<LocationId> =
        siblings.iter().copied().filter(|id| matches!(config.location(*id).matcher, Matcher::Regex { .. })).collect();
    match &location.matcher {
        Matcher::Exact(name) => message!(language, "hover-exact", uri = code(name)),
        Matcher::Named(_) => message!(language, "hover-named"),
        Matcher::Regex { caseless, .. } => {
            let at = regexes.iter().position(|other| *other == id).map_or(0, |at| at + 1);
            let order = match regexes.len() {
                1 => message!(language, "hover-regex-only"),
                count => message!(language, "hover-regex-of", at = at, count = count),
            };
            match caseless {
                true => message!(language, "hover-regex-caseless", order = order),
                false => message!(language, "hover-regex", order = order),
            }
        }
        Matcher::Prefix { path, no_regex } => {
            let longer = siblings.iter().any(|other| {
                *other != id
                    && matches!(&config.location(*other).matcher, Matcher::Prefix { path: other, .. } if other.starts_with(&**path))
            });
            let mut rivals = Vec::new();
            if longer {
                rivals.push(message!(language, "hover-rival-longer"));
            }
            match (no_regex, regexes.len()) {
                (true, _) | (_, 0) => {}
                (false, count) => rivals.push(message!(language, "hover-rival-regexes", count = count)),
            }
            let unless = join(language, Joint::Or, &rivals);
            let takes = match (&**path, unless.is_empty()) {
                ("/", true) => message!(language, "hover-every"),
                ("/", false) => message!(language, "hover-every-unless", rivals = unless),
                (path, true) => message!(language, "hover-prefix", path = code(path)),
                (path, false) => message!(language, "hover-prefix-unless", path = code(path), rivals = unless),
            };
            if *no_regex { message!(language, "hover-no-regex", takes = takes) } else { takes }
        }
    }
}

/// A URI that a client can ask for and that gets here, or why there is none; `None` where that can't be told.
fn for_example(view: View<'_>, id: LocationId) -> Option<String> {
    let (config, language) = (view.config, view.language);
    let server = config.location(id).server;
    let merge_slashes = view.entries().get(server.index()).is_none_or(|entries| entries.universe.merge_slashes);
    let line = |entry: EntryId| {
        let place = config.header(entry);
        message!(language, "line", line = view.project.line(place))
    };
    match example(config, view.router(), id, merge_slashes) {
        Ok(example) => {
            let target = code(&example.target);
            let target = match example.location == id {
                true => target,
                false => {
                    let location = code(&config.display_location(example.location));
                    message!(language, "hover-example-nested", target = target, location = location)
                }
            };
            Some(match example.unless.first() {
                Some(entry) => {
                    let by = &*config.directive(*entry).name.value;
                    message!(language, "hover-example-unless", target = target, by = by, at = line(*entry))
                }
                None => message!(language, "hover-example", target = target),
            })
        }
        Err(NoExample::Returns(entry)) => Some(message!(language, "hover-returns", at = line(entry))),
        Err(NoExample::NoClient) => Some(message!(language, "hover-no-client")),
        Err(NoExample::Named | NoExample::Internal | NoExample::Rewritten(_) | NoExample::Unclear(_)) => None,
    }
}

/// The directive in a block that answers its requests; of several the last one counts.
fn handler(config: &Config, block: EntryId) -> Option<EntryId> {
    let children = || config.entry(block).children.iter().copied();
    let is = |id: &EntryId, names: &[&str]| names.contains(&&*config.directive(*id).name.value);
    let content = |id: &EntryId| {
        let name = &*config.directive(*id).name.value;
        passes(name) || name.starts_with("content_by_lua") || is(id, &["empty_gif", "stub_status", "js_content", "perl", "echo"])
    };
    let before = children().find(|id| is(id, &["return"]));
    before.or_else(|| children().filter(content).last()).or_else(|| children().find(|id| is(id, &["alias", "root", "try_files"])))
}

fn answers(view: View<'_>, handler: EntryId) -> String {
    let config = view.config;
    let directive = config.directive(handler);
    let text = view.project.text(config.entry(handler).file);
    let source = text.slice(directive.header()).split_whitespace().collect::<Vec<_>>().join(" ");
    let source = source.chars().take(120).collect::<String>();
    let entry = view.upstreams().target_of(handler).and_then(|target| target.block);
    let block = entry.and_then(|entry| config.upstreams.iter().find(|block| block.entry == entry));
    let servers = block.map(|block| block.servers.iter().map(|(address, _)| code(address)).collect::<Vec<_>>());
    match servers {
        Some(servers) if !servers.is_empty() => {
            let servers = join(view.language, Joint::Comma, &servers);
            message!(view.language, "hover-answered-servers", handler = code(&source), servers = servers)
        }
        _ => message!(view.language, "hover-answered", handler = code(&source)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use super::super::testing::said as whole;

    /// What is said of the location where the text has `$0`.
    fn said(conf: &str) -> Option<String> {
        whole(conf).and_then(|said| said.split(RULE).next().map(str::to_owned))
    }

    #[test]
    fn a_location_says_what_it_takes_and_what_answers() {
        let conf =
            |inside: &str| format!("events {{}} http {{ upstream b {{ server a:1; server c; }} server {{ server_name g; {inside} }} }}");
        let check = |inside: &str, wanted: &str| {
            let said = said(&conf(inside));
            assert_eq!(said.as_deref().and_then(|said| said.split("\n\nWithout it").next()), Some(wanted), "{inside}");
        };
        check(
            "location /a$0/ { proxy_pass http://b; } location ~ x { } location /a/b { }",
            "**location /a/** · server g:80\n\nTakes URIs that begin with `/a/`, unless a longer prefix or the regex of this level does.\n\n`/a` is \
             answered with 301 to `/a/`.\n\nFor example `/a/`.\n\nAnswered by `proxy_pass http://b`: `a:1`, `c`.",
        );
        check(
            "location$0 / { return 204; }",
            "**location /** · server g:80\n\nTakes every URI.\n\nFor example `/x`.\n\nAnswered by `return 204`.",
        );
        check(
            "location / { location ~* ^$0/p { internal; } }",
            "**location ~\\* ^/p** · in `location /`, server g:80\n\nTakes URIs that match, in upper or lower case: the only regex here. A match wins \
             over every prefix without `^~`.\n\n`internal`: a client gets 404, internal redirects and subrequests get in.",
        );
        check(
            "location ^~ /s$0 { root /srv; } location ~ . { }",
            "**location ^~ /s** · server g:80\n\nTakes URIs that begin with `/s`. No regex of this level is tried.\n\nFor example `/s`.\n\nAnswered by `root /srv`.",
        );
        check(
            "location $0@x { }",
            "**location @x** · server g:80\n\nOnly internal redirects get here: `error_page`, `try_files`, `ngx.exec`.",
        );
        assert!(said(&conf("location / { return$0 204; }")).is_some_and(|said| said.starts_with("```nginx\nreturn")));
    }

    #[test]
    fn a_location_says_who_takes_its_uris_without_it() {
        let conf = "http { server { location / { proxy_pass http://b; } location /a$0/ { deny all; proxy_pass http://b; } } }";
        let said = said(conf).unwrap_or_default();
        let wanted = "Without it `location /` (line 1) takes its URIs: `proxy_pass` stays http://b, but `deny all` does not hold there.";
        assert_eq!(said.split("\n\n").last(), Some(wanted));
    }
}
