//! What a directive is for, what it takes, and what holds where it stands.

use super::code;
use super::cursor::Cursor;
use crate::config::{Config, EntryId};
use crate::ide::answer::written;
use crate::message;
use crate::messages::{Joint, Language, join, list};
use crate::nginx::context::{Context, Contexts};
use crate::nginx::directives::{self, Directive};
use crate::nginx::merging::{self, Kind};
use crate::nginx::summaries;
use crate::project::RootKind;
use crate::world::View;

/// How many places are named in a sentence.
const NAMED: usize = 4;

/// All about the directive under the pointer; `None` for a name that is in no table.
pub(super) fn directive(cursor: &Cursor<'_>) -> Option<String> {
    let language = cursor.language();
    let Some(record) = cursor.record() else { return gone(cursor) };
    let mut parts = vec![syntax(record)];
    parts.extend(summaries::of_directive(record).map(str::to_owned));
    let defaults: Vec<String> = record.defaults().map(code).collect();
    let mut facts = Vec::new();
    if let Some(removed) = directives::removed(record.name).find(|removed| removed.protocol == record.protocol) {
        facts.push(message!(language, "hover-removed", version = removed.removed, last = removed.last));
    }
    if !defaults.is_empty() {
        facts.push(message!(language, "hover-default", default = join(language, Joint::And, &defaults)));
    }
    facts.push(message!(language, "hover-contexts", contexts = contexts(language, record.contexts)));
    facts.push(origin(language, record));
    if let Some(context) = cursor.context.filter(|context| !record.contexts.contains(*context)) {
        facts.push(message!(language, "hover-not-here", context = context_name(language, context)));
    }
    facts.extend(cursor.site.into_iter().flat_map(|(view, entry)| here(view, entry, record)));
    parts.push(facts.iter().map(|fact| format!("- {fact}")).collect::<Vec<_>>().join("\n"));
    let page = record.documentation();
    parts.extend(page.map(|page| format!("[{}]({page})", message!(language, "hover-documentation"))));
    Some(parts.join("\n\n"))
}

/// A directive that nginx had once.
fn gone(cursor: &Cursor<'_>) -> Option<String> {
    if cursor.context == Some(Context::Data) {
        return None;
    }
    let language = cursor.language();
    let name = &*cursor.directive.name.value;
    let removed = directives::removed(name).last()?;
    let text = message!(language, "hover-removed", version = removed.removed, last = removed.last);
    Some(format!("**{}**\n\n{text}", code(name)))
}

/// Each form on a line, as code.
pub(in crate::ide) fn syntax(record: &Directive) -> String {
    let mut lines: Vec<String> = record.written().collect();
    if lines.is_empty() {
        lines.push(format!("{}{}", record.name, if record.is_block() { " { … }" } else { ";" }));
    }
    format!("```nginx\n{}\n```", lines.join("\n"))
}

fn contexts(language: Language, contexts: Contexts) -> String {
    if contexts == Contexts::ALL {
        return message!(language, "hover-anywhere");
    }
    join(language, Joint::Comma, &contexts.iter().map(|context| context_name(language, context)).collect::<Vec<_>>())
}

/// A context as a person names it.
pub(super) fn context_name(language: Language, context: Context) -> String {
    match context {
        Context::ServerIf => message!(language, "hover-if-in", block = "`server`"),
        Context::LocationIf => message!(language, "hover-if-in", block = "`location`"),
        other => match other.name().split_once('.') {
            Some((outer, inner)) => message!(language, "hover-inner-context", inner = code(inner), outer = code(outer)),
            None => code(other.name()),
        },
    }
}

/// The module, and since when it has the directive.
fn origin(language: Language, record: &Directive) -> String {
    let package = match record.package {
        "nginx-plus" => "NGINX Plus",
        package => package,
    };
    let module = if record.module.is_empty() { code(package) } else { code(record.module) };
    match (record.package, record.since) {
        ("nginx" | "nginx-doc-only", "") => message!(language, "hover-module", module = module),
        ("nginx", since) => message!(language, "hover-module-since", module = module, package = "nginx", since = since),
        (_, "") => message!(language, "hover-module-of", module = module, package = package),
        (_, since) => message!(language, "hover-module-since", module = module, package = package, since = since),
    }
}

/// What holds because of this directive, what it replaces, and where it is replaced in turn.
fn here(view: View<'_>, entry: EntryId, record: &Directive) -> Vec<String> {
    let (config, language) = (view.config, view.language);
    let of_http = matches!(record.protocol, "http" | "core" | "events" | "stream" | "mail");
    let Some((kind, names)) = setting(record).filter(|_| of_http) else { return Vec::new() };
    let Some(block) = config.entry(entry).parent else { return Vec::new() };
    let at = |id: EntryId| place(view, entry, id);
    let same = config.inherited_of(block, &names);
    let outer = config.entry(block).parent.map(|around| config.inherited_of(around, &names)).unwrap_or_default();
    let mut out = Vec::new();
    match kind {
        Kind::Scalar => {
            let Some(last) = same.last().copied() else { return out };
            let value = arguments(config, last);
            out.push(match (last == entry, outer.last()) {
                (false, _) => message!(language, "hover-later-holds", value = value, at = at(last)),
                // What the file is included in may have others.
                (true, None) if view.root.kind != RootKind::Main => message!(language, "hover-holds", value = value),
                (true, Some(before)) => {
                    message!(language, "hover-instead-of", value = value, before = arguments(config, *before), at = at(*before))
                }
                (true, None) => match record.defaults().next() {
                    Some(default) if record.defaults().count() == 1 => match code(default) == value {
                        true => message!(language, "hover-as-default", value = value),
                        false => message!(language, "hover-instead-of-default", value = value, default = code(default)),
                    },
                    _ => message!(language, "hover-holds", value = value),
                },
            });
        }
        Kind::Array => {
            if same.len() > 1 {
                out.push(message!(language, "hover-together", count = same.len() - 1, places = places(view, entry, &same)));
            }
            if !outer.is_empty() {
                out.push(message!(language, "hover-hides", count = outer.len(), places = places(view, entry, &outer)));
            }
        }
        Kind::Concat if !outer.is_empty() => {
            out.push(message!(language, "hover-adds", count = outer.len(), places = places(view, entry, &outer)));
        }
        Kind::Sequence | Kind::Handler | Kind::Own => out.push(message!(language, "hover-own-block")),
        _ => {}
    }
    if matches!(kind, Kind::Scalar | Kind::Array) {
        out.extend(replaced(view, block, entry, &names));
    }
    out
}

/// The blocks inside that have the setting themselves.
fn replaced(view: View<'_>, block: EntryId, entry: EntryId, names: &[&str]) -> Option<String> {
    let config = view.config;
    let inside = |id: EntryId| config.entry(id).parent != Some(block) && config.ancestors(id).skip(1).any(|around| around == block);
    // Blocks are in the order of reading: what is inside comes before whatever follows the block.
    let mut found: Vec<EntryId> = Vec::new();
    for name in names {
        let all = config.all(name);
        let from = all.partition_point(|id| *id <= block);
        let within = all.get(from..).unwrap_or_default().iter().copied().take(MOST);
        found.extend(within.take_while(|id| config.ancestors(*id).any(|around| around == block)).filter(|id| inside(*id)));
    }
    found.sort_unstable();
    found.dedup_by_key(|id| config.entry(*id).parent);
    let count = found.len();
    (count > 0).then(|| message!(view.language, "hover-replaced", count = count, places = places(view, entry, &found)))
}

/// How many directives are looked at for that.
const MOST: usize = 2_000;

/// How blocks pass the setting on, and the directives that fill it together. Those of whole servers are merged as scalars
/// (`ngx_http_core_merge_srv_conf`).
fn setting(record: &Directive) -> Option<(Kind, Vec<&'static str>)> {
    if record.protocol == "http"
        && let Some(merging) = merging::of(record.name)
    {
        let names: Vec<&'static str> =
            directives_of(merging.key, record.name).into_iter().filter(|name| merging::of(name).is_some()).collect();
        return Some((merging.kind, names));
    }
    let levels = [Context::Http, Context::Stream, Context::Mail].iter().filter(|context| record.contexts.contains(**context)).count();
    let merged = levels > 0 && record.contexts.iter().count() > 1 && !record.is_block();
    (merged && record.repeats == Some(false)).then(|| (Kind::Scalar, vec![record.name]))
}

/// Directives of one key.
fn directives_of(key: &'static str, own: &'static str) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = match key {
        "allow" => vec!["allow", "deny"],
        "root" => vec!["root", "alias"],
        _ => Vec::new(),
    };
    // A handler's Lua may be written in three ways.
    names.extend(directives::named(key).iter().map(|record| record.name));
    let ways = ["_block", "_file"].into_iter().filter(|_| key.ends_with("_by_lua"));
    names.extend(ways.filter_map(|way| directives::named(&format!("{key}{way}")).first()).map(|record| record.name));
    names.push(own);
    names.sort_unstable();
    names.dedup();
    names
}

/// What stands behind the name.
fn arguments(config: &Config, entry: EntryId) -> String {
    let written = written(config, entry);
    code(written.split_once(' ').map_or(&*written, |(_, arguments)| arguments))
}

/// `line 3`, with its file where that is another one.
pub(super) fn place(view: View<'_>, from: EntryId, to: EntryId) -> String {
    let header = view.config.header(to);
    match view.config.entry(from).file == header.file {
        true => message!(view.language, "line", line = view.project.line(header)),
        false => view.project.path_and_line(header),
    }
}

/// Several of them.
pub(super) fn places(view: View<'_>, from: EntryId, all: &[EntryId]) -> String {
    let named: Vec<String> = all.iter().filter(|id| **id != from).map(|id| place(view, from, *id)).collect();
    list(view.language, &named, NAMED)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_server, said, said_of};
    use crate::messages::Language;

    #[test]
    fn a_directive_says_what_it_takes_and_what_holds() {
        let said = in_server("client_max_$0body_size 8m;");
        assert!(said.starts_with("```nginx\nclient_max_body_size <size>;\n```\n\n"), "{said}");
        for part in [
            "- Default: `1m`",
            "- In: `http`, `server`, `location`",
            "- Module: `ngx_http_core_module`",
            "- Here `8m` holds, instead of the default `1m`.",
            "[Documentation](https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size)",
        ] {
            assert!(said.contains(part), "{part}\n{said}");
        }
    }

    #[test]
    fn inheritance_is_told() {
        let said = in_server("proxy_read_timeout 5s; location / { proxy_read_timeo$0ut 9s; location /a { proxy_read_timeout 10s; } }");
        assert!(said.contains("- Here `9s` holds, instead of `5s` (line 6)."), "{said}");
        assert!(said.contains("- Not in the block inside that has its own (line 6)."), "{said}");
        let said = in_server("add_header A 1;\nadd_header B 2;\nlocation / { \nadd_hea$0der C 3;\nadd_header D 4;\n}");
        assert!(said.contains("- Together with 1 more of this block (line 10)."), "{said}");
        assert!(said.contains("- The 2 of the blocks around it do not hold here (line 6 and line 7)."), "{said}");
    }

    #[test]
    fn of_several_the_one_of_the_context() {
        let said = said("stream { server { proxy_$0pass a:1; } }").unwrap_or_default();
        assert!(said.contains("stream"), "{said}");
        let snippet = super::super::testing::said("proxy_set_header A b;\nif ($a) { ret$0urn 403; }").unwrap_or_default();
        assert!(snippet.starts_with("```nginx\nreturn <code> [<text>];"), "{snippet}");
        let lua = in_server("location / { content_by_lua_bl$0ock { ngx.say(1) } }");
        assert!(lua.contains("of lua-nginx-module") || lua.contains("lua-nginx-module since"), "{lua}");
    }

    #[test]
    fn what_is_gone_and_what_is_data() {
        let ssl = in_server("ss$0l on;");
        assert!(ssl.contains("- **Removed** in 1.25.1 (1.25.0 is the last version that has it)"), "{ssl}");
        assert_eq!(said("http { map $a $b { inc$0lude 1; } }"), None);
        assert_eq!(said("http { nonsen$0se 1; }"), None);
    }

    #[test]
    fn in_japanese() {
        let said = said_of(&[("nginx.conf", "http { server { send_time$0out 5s; } }")], Language::Japanese).unwrap_or_default();
        assert!(said.contains("- 既定値：`60s`") && said.contains("[ドキュメント]("), "{said}");
    }
}
