//! `invalid-value`: an argument that nginx refuses.

mod patterns;
mod ports;
mod words;

use super::claims::{is_filled_in, is_unreliable};
use super::reader::Reader;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::{Config, EntryId};
use crate::message;
use crate::nginx::context::Context;
use crate::nginx::deprecated::{self, Deprecated};
use crate::nginx::directives::{self, Directive};
use crate::nginx::templates::has_mark;
use crate::nginx::values::data::{self, Block};
use crate::nginx::values::{self, TemplateTrouble, Why};
use crate::project::{Place, RootKind};
use crate::rules::finding::FixAction;
use crate::syntax::{Body, Question, Word};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "invalid-value",
    summary: "an argument that nginx refuses: a size, a time, a word, an address, a regex, …",
    severity: Severity::Error,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let config = view.config;
        let mut found = Vec::new();
        for id in config.unsound(Question::Values) {
            match config.entry(id).context {
                Some(Context::Data) => {}
                Some(context) => directive(view, id, context, &mut found),
                None => {}
            }
        }
        ports::check(view, &mut found);
        out.extend(found.into_iter().filter(|finding| !is_unreliable(analysis, finding.place.file)));
    }
}

fn directive(view: View, id: EntryId, context: Context, out: &mut Vec<Finding>) {
    let config = view.config;
    let written = config.directive(id);
    let Some(known) = config.entry(id).known.iter().find(|directive| directive.contexts.contains(context)) else { return };
    if !known.arguments.allow(written.args.len()) {
        return;
    }
    let before = out.len();
    let refused = values::check(known, &written.args);
    let is_sound = refused.is_empty();
    if !refused.is_empty() && !written.args.iter().any(|word| word.value.contains('\u{fffd}')) {
        for refused in refused {
            if elsewhere(view, known, context)
                .any(|other| !values::check(other, &written.args).iter().any(|of| of.argument == refused.argument))
            {
                continue;
            }
            let Some(word) = written.args.get(refused.argument) else { continue };
            if matches!(refused.why, Why::NoOption(_)) && is_of_others(config, &word.value) || is_of_the_past(view, known, &word.value) {
                continue;
            }
            let missing = matches!(refused.why, Why::Missing(_));
            if fills_in(&word.value, &refused.why) || missing && written.args.iter().any(|word| is_filled_in(&word.value)) {
                continue;
            }
            let place = if missing { config.header(id) } else { config.arg_place(id, refused.argument) };
            out.push(said(view, place, known.name, word, &refused.why));
        }
    }
    patterns::check(view, id, known, out);
    if matches!(written.body, Body::Block(_)) && matches!(known.name, "map" | "geo" | "split_clients") {
        lines(view, id, known.name, out);
    } else if is_sound && out.len() == before {
        // It follows from the words and the context alone, as long as nothing was refused.
        written.sound.note(Question::Values, context as u8);
    }
}

/// True for a word that something fills in before nginx reads it. A `${` that nothing closes is no mark of anything, and nginx's own.
fn fills_in(word: &str, why: &Why) -> bool {
    match word.rsplit_once("${") {
        Some((before, behind)) if matches!(why, Why::Template(TemplateTrouble::Brace)) && !behind.contains('}') => {
            is_filled_in(before) || has_mark(behind)
        }
        _ => is_filled_in(word),
    }
}

/// True for an argument that nginx once took, where it is known which nginx it is: `deprecated-directive` says whether that one does.
fn is_of_the_past(view: View, known: &Directive, word: &str) -> bool {
    let is_gone = |one: &Deprecated| one.protocol == known.protocol && one.parameter == word && one.gone.is_some();
    deprecated::named(known.name).iter().any(is_gone) && Reader::new(view).installation.stated_version().is_some()
}

/// True for an option that a relative of nginx has (Tengine, Angie), and where directives show that it is none that is known here.
fn is_of_others(config: &Config, option: &str) -> bool {
    const OPTIONS: [&str; 6] = ["xquic", "xudp", "https_allow_http", "http3", "sid", "backup_switch"];
    let key = option.split('=').next().unwrap_or(option);
    OPTIONS.contains(&key)
        || config
            .named(|name| !directives::is_known(name) && directives::removed(name).next().is_none())
            .iter()
            .any(|id| config.entry(id).context.is_some_and(|context| context != Context::Data))
}

/// A file that nothing includes may be meant for another protocol: the directives of that name there.
fn elsewhere(view: View, known: &'static Directive, context: Context) -> impl Iterator<Item = &'static Directive> {
    let fragment = view.root.kind != RootKind::Main;
    let last = |context: Context| context.name().rsplit('.').next();
    let of_others = directives::named(known.name).iter().filter(move |other| fragment && !std::ptr::eq(*other, known));
    let top = matches!(context, Context::Http | Context::Stream);
    of_others.filter(move |other| {
        other.contexts.iter().any(|own| last(own) == last(context) || top && matches!(own, Context::Http | Context::Stream))
    })
}

/// What stands in a block of data.
fn lines(view: View, id: EntryId, name: &'static str, out: &mut Vec<Finding>) {
    let config = view.config;
    let children = &config.entry(id).children;
    let has = |word: &str| children.iter().any(|line| config.directive(*line).is(word) && config.directive(*line).args.is_empty());
    let block = match name {
        "map" => Block::Map { hostnames: has("hostnames") },
        "geo" => Block::Geo { ranges: has("ranges") },
        _ => Block::Split,
    };
    if name == "geo"
        && let Some(late) = late_ranges(config, children)
    {
        let place = Place { file: config.entry(late).file, span: config.directive(late).name.span };
        out.push(finding(view, place, message!(view.language, "invalid-value-ranges-first")));
        return;
    }
    let mut total = 0;
    for line in children {
        let directive = config.directive(*line);
        if matches!(directive.body, Body::Block(_)) {
            continue;
        }
        // The key of a line is its name.
        let key = &directive.name;
        if let Some((index, why)) = data::line(block, &key.value, &directive.args)
            && let Some(word) = if index == 0 { Some(key) } else { directive.args.get(index - 1) }
            && !directive.args.iter().chain([key]).any(|word| is_filled_in(&word.value))
        {
            let place = Place { file: config.entry(*line).file, span: word.span };
            out.push(said(view, place, name, word, &why));
        }
        if block == Block::Split
            && let Some(part) = data::percent(&directive.name.value)
        {
            let before = total;
            total += part;
            if before <= 10_000 && total > 10_000 {
                let place = Place { file: config.entry(*line).file, span: directive.name.span };
                out.push(finding(view, place, message!(view.language, "invalid-value-percent-total")));
            }
        }
        if name == "map" {
            patterns::of_map(view, *line, out);
        }
    }
}

/// A `ranges` of a `geo` behind a line that made a tree of networks already (`ngx_http_geo`, `ngx_http_geo_cidr`); a second one changes nothing.
fn late_ranges(config: &Config, lines: &[EntryId]) -> Option<EntryId> {
    let is_ranges = |line: &EntryId| config.directive(*line).is("ranges") && config.directive(*line).args.is_empty();
    let first = lines.iter().position(is_ranges)?;
    // What is filled in may become anything.
    let makes_a_tree = |line: &EntryId| {
        let line = config.directive(*line);
        !matches!(&*line.name.value, "proxy" | "proxy_recursive" | "include")
            && line.args.len() == 1
            && !line.args.iter().chain([&line.name]).any(|word| is_filled_in(&word.value))
    };
    let before = lines.get(..first)?;
    // Of two `ranges` the first may be in the included file.
    let included = before.iter().any(|line| config.directive(*line).is("include"));
    (!included && before.iter().any(makes_a_tree)).then(|| lines.get(first).copied()).flatten()
}

fn said(view: View, place: Place, name: &str, word: &Word, why: &Why) -> Finding {
    let finding = finding(view, place, words::message(view.language, name, &word.value, why));
    match values::instead(why, &word.value) {
        Some(better) if view.project.text(place.file).slice(place.span) == *word.value => finding.fix(Fix {
            title: message!(view.language, "write", what = format!("`{better}`")),
            safe: false,
            action: FixAction::Edit(vec![(place, better)]),
        }),
        _ => finding,
    }
}

/// A finding at a place. A file that nothing includes may be a page of alternatives.
fn finding(view: View, place: Place, message: String) -> Finding {
    let whole = view.root.kind == RootKind::Main;
    let (severity, confidence) = if whole { (RULE.severity, Confidence::Proven) } else { (Severity::Warning, Confidence::Likely) };
    Finding::new(RULE.id, severity, confidence, place, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{findings, in_server};

    const NONE: Vec<String> = Vec::new();

    fn said(text: &str) -> Vec<String> {
        in_server(check, text).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn values_of_directives() {
        assert_eq!(
            said("proxy_read_timeout 60sec;"),
            ["`proxy_read_timeout` takes a time such as 500ms, 60s or 5m, not `60sec`: nginx refuses to start"]
        );
        assert_eq!(said("gzip yes;").len(), 1);
        assert_eq!(said("client_max_body_size 1gb; error_page 404 200 /x; return 1000; expires soon;").len(), 4);
        assert_eq!(said("client_max_body_size ${SIZE}; client_max_body_size $SIZE; keepalive_timeout {{ x }}s;"), NONE);
        assert_eq!(said("listen PORT; client_max_body_size <size>;"), NONE);
        assert_eq!(said("location / { proxy_pass backend; }").len(), 1);
        assert_eq!(said("location /a /b { return 204; } location ~* a { return 204; } location ^~ /b { return 204; }").len(), 1);
        assert_eq!(said("location / { if ($a == b) { return 403; } }").len(), 1);
        assert_eq!(said("no_such_thing 60sec; gzip on on;"), NONE);
    }

    /// nginx: `the closing bracket in "host" variable is missing`.
    #[test]
    fn variables_that_are_not_closed() {
        let missing = |word: &str| format!("in `{word}` a variable's closing `}}` is missing: nginx refuses to start");
        assert_eq!(said("return 200 ${host;"), [missing("${host")]);
        assert_eq!(
            said("location / { add_header X \"$uri ${host\"; proxy_pass http://${host; }"),
            [missing("$uri ${host"), missing("http://${host")]
        );
        assert_eq!(said("return 200 ${host}; add_header A ${a.b}; add_header B ${PORT}${c;"), NONE);
    }

    #[test]
    fn what_nginx_once_took_is_told_once() {
        assert_eq!(said("listen 443 spdy; aio sendfile;").len(), 2);
        let of = |version: &str| {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("nginx-analyzer.toml"), format!("[nginx]\nversion = \"{version}\"\n")).expect("written");
            std::fs::write(folder.path().join("nginx.conf"), "events {}\nhttp { server { listen 443 spdy; } }\n").expect("written");
            let found = crate::rules::check(&crate::world::World::open(folder.path(), Vec::new()).analysis());
            found
                .iter()
                .map(|finding| finding.rule)
                .filter(|rule| ["invalid-value", "deprecated-directive"].contains(rule))
                .collect::<Vec<_>>()
        };
        assert_eq!(of("1.24.0"), ["deprecated-directive"]);
        assert_eq!(of("1.18.0"), ["deprecated-directive"], "does nothing, and is taken");
    }

    #[test]
    fn fragments_may_be_of_stream() {
        let of = |text: &str| findings(check, text).len();
        assert_eq!(of("server { listen 53 udp; proxy_pass dns; }"), 0);
        assert_eq!(of("upstream a { server b:x; }"), 1);
        assert_eq!(of("events {} http { server { listen 53 udp; location / { proxy_pass dns; } } }"), 2);
    }

    #[test]
    fn fixes() {
        let fixed = |text: &str| match in_server(check, text).into_iter().flat_map(|finding| finding.fixes).map(|fix| fix.action).next() {
            Some(FixAction::Edit(edits)) => edits.into_iter().map(|(_, text)| text).collect::<String>(),
            _ => String::new(),
        };
        assert_eq!(fixed("proxy_read_timeout 60sec;"), "60s");
        assert_eq!(fixed("listen 81 default_sever;"), "default_server");
        assert_eq!(fixed("location / { if ($a == b) { return 403; } }"), "=");
        assert_eq!(fixed("location / { limit_req zone=a bust=5; }"), "burst=5");
        assert_eq!(fixed("gzip \"yes\";"), "");
    }

    #[test]
    fn regexes() {
        assert_eq!(said("location ~ ^/(a { return 204; }").len(), 1);
        assert_eq!(said("location ~ ^/(a) { return 204; } rewrite ^/b$ /c; server_name ~^x;"), NONE);
        assert_eq!(said("rewrite ^/[b /c;").len(), 1);
        assert_eq!(said("if ($uri ~ \"(\") { return 403; }").len(), 1);
        assert_eq!(said("server_name ~*.example.com;").len(), 1);
        assert_eq!(said("location ~ ^/({{ a { return 204; }"), NONE);
    }

    #[test]
    fn ports_of_addresses() {
        let http = |text: &str| findings(check, &format!("events {{}} http {{ {text} }}")).len();
        assert_eq!(http("server { location / { fastcgi_pass php; } location /a { uwsgi_pass uwsgi://[::1]; } }"), 2);
        assert_eq!(http("server { location / { fastcgi_pass php:9000; } location /a { fastcgi_pass php; } }"), 0);
        assert_eq!(http("upstream PHP { server a; } server { location / { fastcgi_pass php; } }"), 0);
        assert_eq!(http("upstream php { server a; } server { location / { proxy_pass http://php:80/x; } }"), 1);
        assert_eq!(http("include upstreams.conf; server { location / { fastcgi_pass php; } }"), 0);
        assert_eq!(http("server { location / { proxy_pass http://php/x; } location /a { fastcgi_pass unix:/x; } }"), 0);
        let stream = |text: &str| findings(check, &format!("events {{}} stream {{ {text} }}")).len();
        assert_eq!(stream("upstream a { server b; server c:1; } server { listen 1; proxy_pass a; } server { listen 2; proxy_pass d; }"), 2);
    }

    #[test]
    fn lines_of_data() {
        let http = |text: &str| findings(check, &format!("events {{}} http {{ {text} }}")).len();
        assert_eq!(http("map $uri $a { default 0; ~^/x$ 1; /y 2; } geo $g { default 0; 10.0.0.0/8 1; }"), 0);
        assert_eq!(http("map $uri $a { ~( 1; x; y z q; } geo $g { 10.0.0.0/99 1; }"), 4);
        assert_eq!(http("split_clients $uri $b { 60% a; 50% b; * c; }"), 1);
        assert_eq!(http("map $uri a { default 1; }"), 1);
    }

    /// nginx: `the "ranges" directive must be the first directive inside "geo" block`.
    #[test]
    fn ranges_that_come_too_late() {
        let http = |text: &str| findings(check, &format!("events {{}} http {{ geo $a {{ {text} }} }}"));
        let messages = |text: &str| http(text).into_iter().map(|finding| finding.message).collect::<Vec<_>>();
        let late = ["`ranges` has to stand before every other line of `geo`: nginx refuses to start"];
        for text in ["10.0.0.0/8 1; ranges;", "default 0; ranges;", "delete 10.0.0.0/8; ranges;", "proxy 10.0.0.1; ::1 1; ranges;"] {
            assert_eq!(messages(text), late, "{text}");
        }
        for text in [
            "ranges; default 0;",
            "proxy_recursive; proxy 10.0.0.1; ranges; 10.0.0.0-10.0.0.1 1;",
            "ranges; 10.0.0.0-10.0.0.1 1; ranges;",
            "include a; default 0; ranges;",
            "${NETWORK} 1; ranges;",
        ] {
            assert_eq!(messages(text), NONE, "{text}");
        }
    }
}
