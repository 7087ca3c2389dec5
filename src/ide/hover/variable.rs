//! A variable where it is used or set: what it holds, what sets it, an example.

use super::cursor::Cursor;
use super::directive::place;
use super::{Hover, code};
use crate::config::{EntryId, LocationId, Matcher};
use crate::ide::answer::written;
use crate::ide::navigate::{definitions_of, protocol, variables};
use crate::message;
use crate::messages::Language;
use crate::nginx::context::Context;
use crate::nginx::{summaries, variables as catalogue};
use crate::text::Span;
use crate::usage::definitions::Kind;
use crate::world::View;

/// How many definitions are told, and how many lines of a table.
const SHOWN: usize = 6;

/// What is said of the variable under the pointer; `None` where there is none.
pub(super) fn hover(cursor: &Cursor<'_>) -> Option<Hover> {
    let raw = cursor.source.text.slice(cursor.word.span);
    let start = cursor.word.span.start;
    let found = variables(&raw).into_iter().find_map(|(name, from, to)| {
        let span = Span::new(start + from as u32, start + to as u32);
        span.touches(cursor.offset).then_some((name, span))
    });
    let (name, span) = found?;
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        // `$10` is group 1 and a zero (`ngx_http_script_compile`).
        let digit = name.get(..1)?;
        let span = Span::new(span.start, span.end.min(span.start + if raw.contains("${") { span.len() } else { 2 }));
        return (digit != "0" && span.touches(cursor.offset)).then(|| Hover { span, markdown: capture(cursor, digit) });
    }
    Some(Hover { span, markdown: variable(cursor, &name)? })
}

fn variable(cursor: &Cursor<'_>, name: &str) -> Option<String> {
    let language = cursor.language();
    let known = catalogue::find(name, cursor.protocol());
    let mut parts = Vec::new();
    let set = cursor.site.map(|(view, entry)| setters(view, entry, name)).unwrap_or_default();
    let mut head = vec![format!("**{}**", code(&format!("${name}")))];
    if let Some(known) = known {
        let package = if known.package == "nginx-plus" { "NGINX Plus" } else { known.package };
        if !known.module.is_empty() {
            head.push(code(known.module));
        }
        head.push(match known.since {
            "" => package.to_owned(),
            since => message!(language, "hover-variable-since", package = package, since = since),
        });
    }
    parts.push(head.join(" · "));
    let summary = || known.and_then(summaries::of_variable).map(str::to_owned);
    // What is said of one name goes before what is said of all that begin so.
    let own = if known.is_some_and(|known| known.prefix) { None } else { summary() };
    parts.extend(own.or_else(|| prefixed(language, name, cursor.protocol())).or_else(summary));
    if !set.is_empty() {
        parts.push(set.join("\n"));
    } else if known.is_none() {
        parts.push(message!(language, "hover-variable-nobody"));
    }
    if let Some((view, entry)) = cursor.site
        && set.is_empty()
        && cursor.protocol() == "http"
        && let Some(example) = example(view, entry, name)
    {
        parts.push(example);
    }
    let page = known.and_then(catalogue::Variable::documentation);
    parts.extend(page.map(|page| format!("[{}]({page})", message!(language, "hover-documentation"))));
    Some(parts.join("\n\n"))
}

/// The name of a header as it is sent: `x_request_id` is `X-Request-Id`.
fn header(rest: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    rest.split('_').map(word).collect::<Vec<_>>().join("-")
}

/// Variables that are named after what they hold.
fn prefixed(language: Language, name: &str, protocol: &str) -> Option<String> {
    if protocol != "http" {
        return None;
    }
    let of = |prefix: &str| name.strip_prefix(prefix).filter(|rest| !rest.is_empty());
    let headers = [
        ("upstream_http_", "hover-prefix-upstream-http"),
        ("upstream_trailer_", "hover-prefix-upstream-trailer"),
        ("sent_http_", "hover-prefix-sent-http"),
        ("sent_trailer_", "hover-prefix-sent-trailer"),
        ("http_", "hover-prefix-http"),
    ];
    if let Some((rest, id)) = headers.iter().find_map(|(prefix, id)| Some((of(prefix)?, *id))) {
        return Some(message!(language, id, name = code(&header(rest))));
    }
    if let Some(rest) = of("upstream_cookie_") {
        return Some(message!(language, "hover-prefix-upstream-cookie", name = code(rest)));
    }
    if let Some(rest) = of("cookie_") {
        return Some(message!(language, "hover-prefix-cookie", name = code(rest)));
    }
    of("arg_").map(|rest| message!(language, "hover-prefix-arg", name = code(rest), example = code(&format!("?{rest}=1"))))
}

/// What gives the variable its value in the configuration, a line each; a table with its first lines.
fn setters(view: View<'_>, entry: EntryId, name: &str) -> Vec<String> {
    let (config, language) = (view.config, view.language);
    let mut found: Vec<(EntryId, bool)> =
        definitions_of(view.definitions(), Kind::Variable, protocol(config, entry), name).map(|named| (named.entry, named.group)).collect();
    found.dedup();
    // Where one stands in the same server, those of other servers say nothing of this place.
    let server = config.server_of(entry);
    let near: Vec<(EntryId, bool)> =
        found.iter().copied().filter(|(id, _)| config.server_of(*id).is_none() || config.server_of(*id) == server).collect();
    if server.is_some() && !near.is_empty() {
        found = near;
    }
    let mut lines = Vec::new();
    for (id, group) in found.iter().copied().take(SHOWN) {
        let at = place(view, entry, id);
        let written = code(&written(config, id));
        lines.push(match group {
            true => format!("- {}", message!(language, "hover-set-by-group", written = written, at = at)),
            false => format!("- {}", message!(language, "hover-set-by", written = written, at = at)),
        });
        if !group && found.len() == 1 {
            lines.extend(table(view, id));
        }
    }
    if found.len() > SHOWN {
        lines.push(format!("- {}", message!(language, "hover-more-routes", count = found.len() - SHOWN)));
    }
    lines
}

/// The first lines of a `map` or `geo`.
fn table(view: View<'_>, id: EntryId) -> Vec<String> {
    let config = view.config;
    let children = &config.entry(id).children;
    let mut lines: Vec<String> = children
        .iter()
        .take(SHOWN)
        .filter_map(|line| {
            let directive = config.directive(*line);
            let value = directive.arg(0)?;
            Some(format!("  - {} → {}", code(&directive.name.value), code(value)))
        })
        .collect();
    if children.len() > SHOWN {
        lines.push(format!("  - {}", message!(view.language, "hover-more-routes", count = children.len() - SHOWN)));
    }
    lines
}

/// `$1`: of which regex.
fn capture(cursor: &Cursor<'_>, digit: &str) -> String {
    let language = cursor.language();
    let head = format!("**{}** · {}", code(&format!("${digit}")), message!(language, "hover-capture", number = digit));
    let own = || {
        let (view, entry) = cursor.site?;
        let config = view.config;
        if cursor.directive.is("rewrite") {
            return Some(message!(language, "hover-capture-own", regex = code(cursor.directive.arg(0)?)));
        }
        // In a table it is the key of the line.
        if cursor.context == Some(Context::Data) {
            return Some(message!(language, "hover-capture-own", regex = code(&cursor.directive.name.value)));
        }
        let around = config.ancestors(entry).find_map(|id| {
            let directive = config.directive(id);
            if directive.is("if") && directive.args.iter().any(|word| matches!(&*word.value, "~" | "~*")) {
                return Some((id, written(config, id)));
            }
            let location = config.location_at(id)?;
            matches!(config.location(location).matcher, Matcher::Regex { .. }).then(|| (id, config.display_location(location)))
        });
        let (id, named) = around?;
        Some(message!(language, "hover-capture-around", block = code(&named), at = place(view, entry, id)))
    };
    match own() {
        Some(own) => format!("{head}\n\n{own}"),
        None => head,
    }
}

/// What the variable holds for a request that is known to get to the location around.
fn example(view: View<'_>, entry: EntryId, name: &str) -> Option<String> {
    let (config, language) = (view.config, view.language);
    let server = config.server_of(entry)?;
    let of_server = config.server(server);
    let for_what =
        |value: &str, request: &str| Some(message!(language, "hover-variable-example", value = code(value), request = code(request)));
    let uri = |location: LocationId| {
        let example = view.example(location).ok().filter(|example| example.location == location && example.unless.is_empty())?;
        Some((String::from_utf8(example.uri.clone()).ok()?, example.target))
    };
    let host = || {
        let plain = |name: &&str| !name.is_empty() && *name != "_" && !name.starts_with(['~', '*', '.', '$']) && !name.ends_with('*');
        of_server.names.iter().map(|(name, _)| &**name).find(plain)
    };
    match name {
        "uri" | "document_uri" => {
            let (uri, target) = uri(config.location_of(entry)?)?;
            for_what(&uri, &target)
        }
        "request_uri" => {
            let (_, target) = uri(config.location_of(entry)?)?;
            let target = format!("{target}?a=1");
            for_what(&target, &target)
        }
        "args" | "query_string" => {
            let (_, target) = uri(config.location_of(entry)?)?;
            for_what("a=1", &format!("{target}?a=1"))
        }
        "host" | "http_host" | "server_name" if !of_server.synthetic => host().and_then(|host| for_what(host, &format!("Host: {host}"))),
        "document_root" => {
            let root = config.inherited_of(entry, &["root", "alias"]).last().copied()?;
            let value = config.directive(root).arg(0).filter(|value| !value.contains('$'))?;
            Some(message!(language, "hover-variable-here", value = code(value), at = place(view, entry, root)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_server, said};

    #[test]
    fn what_nginx_sets() {
        let said = in_server("location /api/ { proxy_set_header X $ur$0i; }");
        assert!(said.starts_with("**`$uri`** · `ngx_http_core_module` · in nginx since 0.5.0\n\nThe path decoded, normalized"), "{said}");
        assert!(said.contains("Here for example `/api/x`, for the request `/api/x`."), "{said}");
        assert!(said.ends_with("[Documentation](https://nginx.org/en/docs/http/ngx_http_core_module.html#var_uri)"), "{said}");
        let host = in_server("return 200 \"a ${ho$0st}\";");
        assert!(host.contains("Here for example `a.example`, for the request `Host: a.example`."), "{host}");
    }

    #[test]
    fn what_the_configuration_sets() {
        let conf = "http {\nmap $uri $kind { default a; /b c; }\nserver { location / {\nset $x 1;\nreturn 200 $0$kind; } } }";
        let text = said(conf).unwrap_or_default();
        assert_eq!(text, "**`$kind`**\n\n- set by `map $uri $kind` (line 2)\n  - `default` → `a`\n  - `/b` → `c`");
        let set = said(&conf.replace("$0", "").replace("$x", "$x$0")).unwrap_or_default();
        assert_eq!(set, "**`$x`**\n\n- set by `set $x 1` (line 4)");
        let group = in_server("location ~ ^/(?<id>.+) { return 200 $i$0d; }");
        assert_eq!(group, "**`$id`**\n\n- captured by `location ~ ^/(?<id>.+)` (line 6)");
        assert!(in_server("return 200 $nob$0ody;").contains("Nothing that is seen here sets it"));
    }

    #[test]
    fn names_that_say_what_they_hold() {
        let check = |variable: &str, wanted: &str| {
            let said = in_server(&format!("add_header X {variable};"));
            assert!(said.contains(wanted), "{variable}: {said}");
        };
        check("$http_x_requ$0est_id", "The request header `X-Request-Id`");
        check("$arg_pa$0ge", "The argument `page` of the query: what follows `=` in `?page=1`");
        check("$cookie_s$0id", "The cookie `sid`");
        check("$upstream_http_et$0ag", "The header `Etag` of the upstream's answer");
        check("$sent_http_x_fr$0om", "The header `X-From` of the answer");
    }

    #[test]
    fn groups_by_their_number() {
        assert_eq!(
            in_server("rewrite ^/(.*)$ /x/$$01;"),
            "**`$1`** · what group 1 of the last regex that matched has kept\n\nThat of `^/(.*)$`."
        );
        let said = in_server("location ~ ^/(.*)$ { proxy_pass http://a/$1$0; }");
        assert!(said.ends_with("That of `location ~ ^/(.*)$` (line 6), unless another regex matches in between."), "{said}");
        assert_eq!(in_server("rewrite ^/(.*)$$0 /x;").split('\n').next(), Some("`^/(.*)$` matches, in this order:"));
    }
}
