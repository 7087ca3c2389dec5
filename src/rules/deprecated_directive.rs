//! `deprecated-directive`: what nginx still takes, or took not long ago, and what is written in its place now.

use super::finding::FixAction;
use super::reader::Reader;
use super::standing::{reliable, standing_of};
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId, ServerId};
use crate::message;
use crate::nginx::deprecated::{self, Deprecated};
use crate::nginx::values;
use crate::nginx::version::Version;
use crate::project::installation::Source;
use crate::project::{Place, RootKind};
use crate::text::Span;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "deprecated-directive",
    summary: "a directive or parameter that is deprecated, does nothing any more, or is gone",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let mut found = Vec::new();
        let mut reader = None;
        let known = view.config.named(|name| !deprecated::named(name).is_empty());
        for standing in standing_of(view, &known) {
            for one in deprecated::named(standing.name()).iter().filter(|one| one.protocol == standing.protocol()) {
                let words = &standing.entry.directive.args;
                let word = match one.parameter {
                    "" => None,
                    parameter => match words.iter().position(|word| &*word.value == parameter) {
                        Some(at) => Some(at),
                        None => continue,
                    },
                };
                let reader = reader.get_or_insert_with(|| Reader::new(view));
                found.extend(finding(view, reader, one, standing.id, word));
            }
        }
        out.extend(reliable(analysis, view, found));
    }
}

/// What became of it.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Gone(Version),
    Idle(Version),
    Deprecated(Version),
    /// The documentation says so, of whatever version.
    Discouraged,
}

fn finding(view: View, reader: &Reader, one: &Deprecated, id: EntryId, word: Option<usize>) -> Option<Finding> {
    let (config, language) = (view.config, view.language);
    let version = reader.installation.stated_version();
    let fate = fate(one, version)?;
    // What no nginx of today takes is told by `invalid-value`, unless it is known which one it is.
    if word.is_some_and(|word| is_refused(config, id, word)) && (version.is_none() || one.gone.is_none()) {
        return None;
    }
    let what = if one.parameter.is_empty() { one.name.to_owned() } else { format!("{} … {}", one.name, one.parameter) };
    let what = what.as_str();
    let said = match fate {
        Fate::Gone(gone) => message!(language, "deprecated-directive-gone", what = what, version = gone.to_string()),
        Fate::Idle(since) => message!(language, "deprecated-directive-idle", what = what, version = since.to_string()),
        Fate::Deprecated(since) => message!(language, "deprecated-directive-deprecated", what = what, version = since.to_string()),
        Fate::Discouraged => message!(language, "deprecated-directive-discouraged", what = what),
    };
    let message = match one.instead {
        Some(instead) => message!(language, "deprecated-directive-instead", said = said, instead = instead),
        None => said,
    };
    let is_gone = matches!(fate, Fate::Gone(_));
    let (severity, confidence) = match (&reader.installation.version, fate) {
        (None, Fate::Gone(_)) => (Severity::Info, Confidence::Hint),
        (None, _) | (Some(_), Fate::Discouraged) => (Severity::Hint, Confidence::Proven),
        (Some((_, Source::Settings)), _) => (if is_gone { Severity::Error } else { RULE.severity }, Confidence::Proven),
        (Some((_, Source::Image(_))), _) => (if is_gone { Severity::Error } else { RULE.severity }, Confidence::Likely),
    };
    let severity = if view.root.kind == RootKind::Main { severity } else { severity.min(Severity::Warning) };
    let place = match word {
        Some(word) => config.arg_place(id, word),
        None => Place { file: config.entry(id).file, span: config.directive(id).name.span },
    };
    let mut finding = Finding::new(RULE.id, severity, confidence, place, message).tag(Tag::Deprecated);
    if fate != Fate::Discouraged {
        finding = reader.tell_version(language, finding);
    }
    finding.fixes.extend(fix(view, one, id, word, fate, version.is_some()));
    Some(finding)
}

/// Does `invalid-value` refuse the argument?
fn is_refused(config: &Config, id: EntryId, word: usize) -> bool {
    let entry = config.entry(id);
    let known = entry.known.iter().find(|known| entry.context.is_some_and(|context| known.contexts.contains(context)));
    known.is_some_and(|known| values::check(known, &entry.directive.args).iter().any(|refused| refused.argument == word))
}

/// What became of it in a version; in any, when that is not known. `None` where nothing became of it yet, and for what has been gone for so
/// long that its name is unknown to whoever reads it (`unknown-directive`).
fn fate(one: &Deprecated, version: Option<Version>) -> Option<Fate> {
    let reached = |since: Option<Version>| since.filter(|since| version.is_none_or(|version| version >= *since));
    if let Some(gone) = reached(one.gone) {
        let recent = one.gone >= Version::read("1.18.0");
        return recent.then_some(Fate::Gone(gone));
    }
    match (one.since, one.gone) {
        (None, None) => Some(Fate::Discouraged),
        (since, _) => reached(since).map(|since| if one.is_idle { Fate::Idle(since) } else { Fate::Deprecated(since) }),
    }
}

/// What is right in its place, when that can be written without knowing more. It is safe where the version is stated.
fn fix(view: View, one: &Deprecated, id: EntryId, word: Option<usize>, fate: Fate, stated: bool) -> Option<Fix> {
    let (config, language) = (view.config, view.language);
    let directive = config.directive(id);
    let file = config.entry(id).file;
    if let (Some(word), "listen") = (word, one.name) {
        let before = word.checked_sub(1).and_then(|before| directive.args.get(before))?;
        let cut = Place { file, span: Span::new(before.span.end, directive.args.get(word)?.span.end) };
        let title = message!(language, "deprecated-directive-remove", word = one.parameter);
        if one.parameter != "http2" {
            return Some(Fix { title, safe: stated, action: FixAction::Edit(vec![(cut, String::new())]) });
        }
        let server = config.server_of(id)?;
        let mut edits = vec![(cut, String::new())];
        if config.children(config.server(server).entry, "http2").next().is_none() {
            let end = Place { file, span: Span::at(directive.span.end) };
            edits.push((end, format!("\n{}http2 on;", indentation(view, config.place(id)))));
        }
        let title = message!(language, "deprecated-directive-http2");
        return Some(Fix { title, safe: stated && is_alone(config, server), action: FixAction::Edit(edits) });
    }
    if matches!(fate, Fate::Idle(_)) || one.name == "ssl" && directive.arg(0) == Some("off") {
        let title = message!(language, "comment-out", what = super::claims::shown(config, id));
        return Some(Fix { title, safe: stated, action: FixAction::CommentOut(config.place(id)) });
    }
    if one.name == "ssl" && directive.arg(0) == Some("on") {
        return ssl(view, id, stated);
    }
    // These take what the new name takes.
    let renamed = matches!(one.name, "proxy_downstream_buffer" | "proxy_upstream_buffer" | "set_misc_base32_padding");
    let instead = one.instead.filter(|_| renamed)?;
    let taken = config.entry(id).parent.is_some_and(|parent| config.children(parent, instead).next().is_some());
    (!taken).then(|| Fix {
        title: message!(language, "deprecated-directive-write", instead = instead),
        safe: stated,
        action: FixAction::Edit(vec![(Place { file, span: directive.name.span }, instead.to_owned())]),
    })
}

/// `ssl on;` of a server with `listen`s of its own: each of them gets the parameter.
fn ssl(view: View, id: EntryId, stated: bool) -> Option<Fix> {
    let (config, file) = (view.config, view.config.entry(id).file);
    let parent = config.entry(id).parent?;
    let listens: Vec<EntryId> = config.children(parent, "listen").collect();
    if listens.is_empty() || listens.iter().any(|listen| config.entry(*listen).file != file) {
        return None;
    }
    let plain = listens.into_iter().filter(|listen| !config.directive(*listen).args.iter().any(|word| &*word.value == "ssl"));
    let mut edits: Vec<(Place, String)> =
        plain.map(|listen| (Place { file, span: Span::at(config.directive(listen).header().end) }, " ssl".to_owned())).collect();
    edits.push((config.place(id), String::new()));
    Some(Fix { title: message!(view.language, "deprecated-directive-ssl"), safe: stated, action: FixAction::Edit(edits) })
}

/// True when no other server listens where this one does: the parameter is the socket's, the directive the server's.
fn is_alone(config: &Config, server: ServerId) -> bool {
    let own = &config.server(server).listens;
    let others = config.servers.iter().enumerate().filter(|(index, _)| *index != server.index());
    let mut listens = others.flat_map(|(_, other)| &other.listens);
    !listens.any(|other| own.iter().any(|listen| listen.port == other.port))
}

/// The blanks before a directive, where it is the first on its line.
fn indentation(view: View, place: Place) -> String {
    let text = view.project.text(place.file);
    let text = text.to_str();
    let before = text.get(..place.span.start as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.chars().take_while(|letter| letter.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn said(text: &str) -> Vec<String> {
        findings(check, text).into_iter().map(|finding| format!("{:?} {}", finding.severity, finding.message)).collect()
    }

    fn server(text: &str) -> Vec<String> {
        said(&format!("events {{}} http {{ server {{ {text} }} }}"))
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn what_became_of_them() {
        assert_eq!(server("listen 443 ssl http2;"), ["Hint `listen … http2` is deprecated since nginx 1.25.1: write `http2 on`"]);
        assert_eq!(server("http2_push /a;"), ["Hint `http2_push` does nothing since nginx 1.25.1"]);
        assert_eq!(server("ssl on;"), ["Info `ssl` is gone since nginx 1.25.1: write `listen … ssl`"]);
        assert_eq!(server("listen 443 spdy; aio sendfile;"), NONE, "told by invalid-value");
        let lua = "location / { content_by_lua 'x'; content_by_lua_block { } }";
        assert_eq!(server(lua), ["Hint `content_by_lua` is discouraged: write `content_by_lua_block`"]);
        assert_eq!(server("listen 443 ssl; http2 on; limit_zone a b c; satisfy_any on;"), NONE);
        assert_eq!(said("events {} stream { server { listen 1 http2; } }"), NONE);
    }

    #[test]
    fn by_version() {
        let of = |name: &str, version: &str| {
            let one = deprecated::named(name).first().unwrap();
            match fate(one, Version::read(version)) {
                None => "nothing",
                Some(Fate::Gone(_)) => "gone",
                Some(Fate::Idle(_)) => "idle",
                Some(Fate::Deprecated(_)) => "deprecated",
                Some(Fate::Discouraged) => "discouraged",
            }
        };
        assert_eq!(["1.14.0", "1.24.0", "1.25.1"].map(|version| of("ssl", version)), ["nothing", "deprecated", "gone"]);
        assert_eq!(["1.8.0", "1.18.0", "1.20.0"].map(|version| of("spdy_headers_comp", version)), ["nothing", "idle", "gone"]);
        assert_eq!(["1.24.0", "1.26.0"].map(|version| of("http2_push", version)), ["nothing", "idle"]);
        assert_eq!(of("satisfy_any", "1.26.0"), "nothing");
    }

    #[test]
    fn http2_gets_a_directive_of_its_own() {
        let text = "events {}\nhttp {\n  server {\n    listen 443 ssl http2;\n  }\n}\n";
        let found = findings(check, text);
        let FixAction::Edit(edits) = &found[0].fixes[0].action else { panic!("an edit") };
        let mut fixed = text.to_owned();
        for (place, with) in edits.iter().rev() {
            fixed.replace_range(place.span.range(), with);
        }
        assert_eq!(fixed, "events {}\nhttp {\n  server {\n    listen 443 ssl;\n    http2 on;\n  }\n}\n");
        assert!(!found[0].fixes[0].safe, "of an unknown version");
    }
}
