//! `unknown-directive`: a name that no directive has.

use rustc_hash::FxHashMap;

use super::finding::FixAction;
use super::reader::{Lacks, Reader};
use super::standing::{Standing, gone, is_filled_in, nginx_says, reliable, standing_of, still};
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::message;
use crate::messages::{Joint, join};
use crate::nginx::context::Context;
use crate::nginx::directives;
use crate::nginx::refusals::Refusal;
use crate::nginx::{deprecated, flavours, foreign};
use crate::project::{Place, RootKind};
use crate::syntax::Quote;
use crate::text::Span;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "unknown-directive",
    summary: "a name that no directive has: misspelt, gone, or of a module that is not known",
    severity: Severity::Error,
    check,
};

/// For so many different names of a configuration those that are near are looked for: to compare each takes as long as all other rules
/// together take for a hundred directives.
const MOST_COMPARED: usize = 100;

/// Of names that are equally near so many are shown.
const MOST_SHOWN: usize = 3;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let mut names = Names::new(view);
        let stated = names.reader.is_stated();
        let asked = view.config.known(|known| stated || still(known).is_empty());
        let found = standing_of(view, &asked).filter_map(|standing| match standing.known() {
            [] => finding(view, &mut names, &standing),
            _ if stated => lacking(view, &names.reader, &standing),
            _ => None,
        });
        let found = found.collect();
        out.extend(reliable(analysis, view, found));
    }
}

/// What is known of a configuration's unknown names.
struct Names {
    /// Where a module is loaded that the catalogue does not know, it may bring anything.
    reader: Reader,
    /// What is near a name in a context.
    near: FxHashMap<(Box<str>, Context), Vec<&'static str>>,
}

impl Names {
    fn new(view: View) -> Names {
        Names { reader: Reader::new(view), near: FxHashMap::default() }
    }

    fn near(&mut self, name: &str, context: Context) -> &[&'static str] {
        let key = (name.into(), context);
        if !self.near.contains_key(&key) {
            let near = if self.near.len() < MOST_COMPARED { near(name, context) } else { Vec::new() };
            self.near.insert(key.clone(), near);
        }
        self.near.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// The names of directives that may stand in a context and are nearest to a name; none where nothing is near.
fn near(name: &str, context: Context) -> Vec<&'static str> {
    let plain = name.to_ascii_lowercase().replace('-', "_");
    let furthest = match name.len() {
        0..=2 => return Vec::new(),
        3..=6 => 1,
        _ => 2,
    };
    let mut best: Vec<&'static str> = Vec::new();
    let mut distance = furthest;
    for directive in directives::all() {
        let other = directive.name;
        if other.len().abs_diff(plain.len()) > distance || best.last() == Some(&other) || !directive.contexts.contains(context) {
            continue;
        }
        let found = strsim::damerau_levenshtein(&plain, other);
        if found < distance {
            best.clear();
            distance = found;
        }
        if found == distance {
            best.push(other);
        }
    }
    best
}

fn finding(view: View, names: &mut Names, standing: &Standing) -> Option<Finding> {
    let (language, name) = (view.language, standing.name());
    let settings = &view.project.settings;
    if is_filled_in(name) || settings.nginx.directives.iter().any(|own| own == name) {
        return None;
    }
    let whole = view.root.kind == RootKind::Main;
    let new = |severity: Severity, confidence: Confidence, message: String| {
        let severity = if whole { severity } else { severity.min(Severity::Warning) };
        let place = Place { file: standing.entry.file, span: standing.entry.directive.name.span };
        Finding::new(RULE.id, severity, confidence, place, message)
    };
    let says = || nginx_says(language, Refusal::Unknown, name);
    if let Some(removed) = gone(name, standing.protocol()) {
        let said = message!(language, "unknown-directive-gone", name = name, removed = removed.removed);
        let instead = deprecated::named(name).iter().find(|one| one.protocol == removed.protocol).and_then(|one| one.instead);
        let message = match instead {
            Some(instead) => message!(language, "deprecated-directive-instead", said = said, instead = instead),
            None => said,
        };
        return Some(new(RULE.severity, Confidence::Likely, message).note(says()));
    }
    if directives::removed(name).any(|removed| removed.protocol == standing.protocol()) {
        // Of a version that people still run.
        return None;
    }
    if let Some(fix) = comment(view, standing) {
        let mut finding = new(RULE.severity, Confidence::Likely, message!(language, "unknown-directive-comment", name = name));
        finding.fixes.extend(fix);
        return Some(finding.note(says()));
    }
    if let Some(written) = without_blank(name) {
        let message = message!(language, "unknown-directive-blank", name = name, written = &*written);
        let finding = new(RULE.severity, Confidence::Likely, message).note(says());
        let title = message!(language, "write", what = format!("`{written}`"));
        let action = FixAction::Edit(vec![(finding.place, written)]);
        return Some(finding.fix(Fix { title, safe: true, action }));
    }
    let foreign = foreign::module_of(name);
    let open = whole && names.reader.open;
    let near = names.near(name, standing.context);
    // What begins like the directives of a module that is known by name only is most probably one of these.
    let near = if foreign.is_some() { &[] } else { near };
    let settles = |finding: Finding| finding.note(message!(language, "unknown-directive-settles", name = name)).note(says());
    match near {
        [] if foreign.is_some() || open || !whole || is_placeholder(name) => None,
        [] => Some(settles(new(Severity::Warning, Confidence::Likely, message!(language, "unknown-directive-says", name = name)))),
        [only] => {
            let message = message!(language, "unknown-directive-near", name = name, near = *only);
            let finding = match open {
                true => new(Severity::Warning, Confidence::Hint, message),
                false => new(RULE.severity, Confidence::Likely, message),
            };
            let place = finding.place;
            Some(settles(finding.fix(Fix {
                title: message!(language, "unknown-directive-replace", near = *only),
                safe: true,
                action: FixAction::Edit(vec![(place, (*only).to_owned())]),
            })))
        }
        several => {
            let shown: Vec<String> = several.iter().take(MOST_SHOWN).map(|near| format!("`{near}`")).collect();
            let shown = join(language, Joint::Or, &shown);
            let message = message!(language, "unknown-directive-several", name = name, near = shown);
            let confidence = if open { Confidence::Hint } else { Confidence::Likely };
            Some(settles(new(if open { Severity::Warning } else { RULE.severity }, confidence, message)))
        }
    }
}

/// A directive that the catalogue knows, and the nginx that reads the configuration does not.
fn lacking(view: View, reader: &Reader, standing: &Standing) -> Option<Finding> {
    let (language, name) = (view.language, standing.name());
    if view.project.settings.nginx.directives.iter().any(|own| own == name) {
        return None;
    }
    let severity = if view.root.kind == RootKind::Main { RULE.severity } else { Severity::Warning };
    let place = Place { file: standing.entry.file, span: standing.entry.directive.name.span };
    let new = |message: String| Finding::new(RULE.id, severity, Confidence::Likely, place, message);
    let says = nginx_says(language, Refusal::Unknown, name);
    Some(match reader.lacks(standing)? {
        Lacks::Newer(since) => {
            let finding = new(message!(language, "unknown-directive-newer", name = name, since = since.to_string()));
            reader.tell_version(language, finding).note(says)
        }
        Lacks::Package(directive) => {
            let package = flavours::package(directive);
            let message = match package {
                "nginx-plus" => message!(language, "unknown-directive-plus", name = name),
                _ => message!(language, "unknown-directive-package", name = name, package = package),
            };
            let finding = reader.tell_flavour(language, new(message));
            let module = directive.module;
            let finding = match module.starts_with("ngx_") && package != "nginx-plus" {
                true => finding.note(message!(language, "unknown-directive-load", module = module)),
                false => finding,
            };
            finding.note(message!(language, "unknown-directive-built", package = package)).note(says)
        }
    })
}

/// Something that is put in the place of is written in signs in pairs, or in signs that no name has: `@USER@`, `<name>`, `%NAME%`, `[name]`,
/// `!{name}`, `#{name}`, `...`. What else nginx could not read as a name is a mistake.
fn is_placeholder(name: &str) -> bool {
    let paired = |sign: char| name.matches(sign).count() > 1;
    name.contains(['{', '}', '<', '>', '[', ']', '%', '!', '#', '\\', '?']) || name.starts_with("..") || paired('@') || paired('$')
}

/// A directive's name with what is written right behind it, and the two apart: `if($x)`, `listen=80`, `root:`.
fn without_blank(name: &str) -> Option<String> {
    let end = name.find(['(', '=', ':'])?;
    let (known, behind) = name.split_at_checked(end)?;
    if !directives::is_known(known) || behind.starts_with(":/") {
        return None;
    }
    Some(match behind.strip_prefix(['=', ':']).unwrap_or(behind) {
        "" => known.to_owned(),
        path if known == "location" && behind.starts_with('=') => format!("{known} = {path}"),
        value => format!("{known} {value}"),
    })
}

/// A line that other languages would take for a comment; the fix, if making one of it changes nothing else.
fn comment(view: View, standing: &Standing) -> Option<Option<Fix>> {
    let directive = &standing.entry.directive;
    let start = directive.name.span.start;
    if !["//", "/*", "--"].iter().any(|sign| directive.name.value.starts_with(sign)) || directive.name.quote != Quote::None {
        return None;
    }
    let text = view.project.text(standing.entry.file);
    let text = text.to_str();
    let (before, line) = text.split_at_checked(start as usize)?;
    let line = line.split('\n').next().unwrap_or_default();
    let is_first = before.rsplit('\n').next().is_some_and(|before| before.trim().is_empty());
    // Braces and quotes may reach beyond the line, and so does a comment of C that does not end on it.
    let is_whole = !line.contains(['{', '}', '"', '\'']) && (!line.starts_with("/*") || line.trim_end().ends_with("*/"));
    Some((is_first && is_whole).then(|| Fix {
        title: message!(view.language, "unknown-directive-make-comment"),
        safe: true,
        action: FixAction::Edit(vec![(Place { file: standing.entry.file, span: Span::at(start) }, "# ".to_owned())]),
    }))
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
    fn names_that_are_near() {
        assert_eq!(server("sever_name a;"), ["Likely there is no directive `sever_name`; did you mean `server_name`?"]);
        assert_eq!(server("location / { proxy-pass a; }"), ["Likely there is no directive `proxy-pass`; did you mean `proxy_pass`?"]);
        assert_eq!(server("ssl_certifcate_key a;").len(), 1);
        assert_eq!(said("worker_procces 3; events {}").len(), 1);
        let found = findings(check, "events {} http { sendfil on; }");
        assert!(matches!(&found[0].fixes[0].action, FixAction::Edit(edits) if edits[0].1 == "sendfile"));
        // Not what stands elsewhere.
        assert_eq!(server("worker_proceses 3;"), ["Likely `worker_proceses` is no directive of nginx, nor of a module that is known"]);
    }

    #[test]
    fn names_of_nobody() {
        assert_eq!(server("own_thing on;"), ["Likely `own_thing` is no directive of nginx, nor of a module that is known"]);
        assert_eq!(said("load_module modules/own.so; events {} http { own_thing on; }"), NONE);
        assert_eq!(said("load_module modules/own.so; events {} http { sendfil on; }").len(), 1);
        assert_eq!(server("vod hls; passenger_enabled on; ${X}y z; own { other 1; }").len(), 1, "own");
        assert_eq!(server("types { a b; } content_by_lua_block { nothing() }"), NONE);
        // What is near a directive that is known, and what stands in one of Debian's own packages.
        assert_eq!(server("location / { redis_pass 127.0.0.1:6379; jvm_var a b; proxy_wasm a; unbrotli on; }"), NONE);
        assert_eq!(server("location /dav { dav_methods PUT DELETE; dav_ext_methods PROPFIND OPTIONS; dav_ext_lock zone=a; }"), NONE);
    }

    /// nginx: `unknown directive "if($arg_x)"`, and so on.
    #[test]
    fn names_that_are_none() {
        let unknown = |name: &str| [format!("Likely `{name}` is no directive of nginx, nor of a module that is known")];
        for name in ["foo-bar", "gzip-on", "foo.bar", "日本", "@x", "$x", "a/b", "x,"] {
            assert_eq!(server(&format!("{name} y;")), unknown(name));
        }
        for (text, written) in [
            ("if($arg_x) { return 403; }", "if ($arg_x)"),
            ("listen=80;", "listen 80"),
            ("root: /x;", "root"),
            ("location=/a { return 204; }", "location = /a"),
        ] {
            let found = findings(check, &format!("events {{}} http {{ server {{ {text} }} }}"));
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].message.contains(&format!("write `{written}`")), "{}", found[0].message);
            assert!(matches!(&found[0].fixes[0].action, FixAction::Edit(edits) if edits[0].1 == written));
        }
        let silent = "@TLS@ y; @@TLS@@ y; %TLS% y; <tls> y; ${TLS} y; $TLS y; [tls] y; ... y;";
        assert_eq!(server(silent), NONE);
        assert_eq!(server("types { a.b/c-d e; } location / { types { // a; } }"), NONE);
        assert_eq!(said("events {} http { map $uri $a { foo-bar 1; // 2; -- 3; } }"), NONE);
    }

    /// nginx: `unknown directive "//"`.
    #[test]
    fn comments_begin_with_a_number_sign() {
        let fixed = |line: &str| {
            let text = format!("events {{}}\nhttp {{\n  server {{\n    {line}\n    listen 80;\n  }}\n}}\n");
            let found = findings(check, &text);
            assert!(matches!(&found[..], [one] if one.message.contains("comments begin with `#`")), "{found:#?}");
            let edits = found[0].fixes.first().map(|fix| match &fix.action {
                FixAction::Edit(edits) => edits.clone(),
                _ => Vec::new(),
            });
            edits.map(|edits| {
                edits.iter().fold(text.clone(), |text, (place, with)| {
                    let (before, behind) = text.split_at(place.span.start as usize);
                    format!("{before}{with}{behind}")
                })
            })
        };
        for line in ["// the port", "//listen 81;", "-- the port", "/* the port */"] {
            let fixed = fixed(line).unwrap();
            assert!(fixed.contains(&format!("    # {line}\n    listen 80;")), "{fixed}");
            assert_eq!(said(&fixed), NONE);
        }
        assert_eq!(fixed("/* the port"), None, "it ends elsewhere");
        assert_eq!(fixed("// location / { return 204; }"), None, "a brace may be that of a block");
    }

    #[test]
    fn names_of_the_past() {
        assert_eq!(server("limit_zone one $binary_remote_addr 10m;").len(), 1);
        assert_eq!(server("satisfy_any on;"), ["Likely `satisfy_any` is gone since nginx 1.9.1: write `satisfy any`"]);
        assert_eq!(server("spdy_headers_comp 1;"), NONE, "in some versions that people run");
    }

    #[test]
    fn fragments_get_milder_words() {
        assert_eq!(said("server { listen 80; sever_name a; own_thing on; }").len(), 1);
    }
}
