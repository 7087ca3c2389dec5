//! Variables: those that nginx and its modules define, those that the configuration does, and what regexes captured.

use rustc_hash::FxHashMap;

use super::Ask;
use super::item::{About, Item, Kind};
use super::scan::Word;
use crate::nginx::{http, variables};
use crate::text::Span;
use crate::usage::definitions::{self, Protocol};

/// Those that are used most, in that order.
const USUAL: [&str; 24] = [
    "host",
    "uri",
    "request_uri",
    "remote_addr",
    "scheme",
    "proxy_add_x_forwarded_for",
    "args",
    "is_args",
    "request_method",
    "document_root",
    "fastcgi_script_name",
    "server_name",
    "binary_remote_addr",
    "http_upgrade",
    "http_host",
    "request_id",
    "status",
    "request",
    "time_local",
    "remote_user",
    "body_bytes_sent",
    "http_user_agent",
    "http_referer",
    "upstream_addr",
];

/// A `$name` or `${name}` at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// From the `$` to behind the name, or its brace.
    pub span: Span,
    /// `${`
    pub braces: bool,
}

/// The variable that the cursor is in, or whose `$` is just before it.
pub(super) fn token(source: &str, within: Span, cursor: u32) -> Option<Token> {
    let before = source.get(within.start as usize..cursor as usize)?;
    let name = before.len() - before.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_').len();
    let head = before.get(..before.len() - name)?;
    let braces = head.ends_with("${");
    let start = head.len().checked_sub(if braces { 2 } else { 1 }).filter(|_| braces || head.ends_with('$'))?;
    let after = source.get(cursor as usize..within.end.max(cursor) as usize)?;
    let more = after.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let closes = braces && after.get(more..).is_some_and(|rest| rest.starts_with('}'));
    let end = cursor + more as u32 + u32::from(closes);
    Some(Token { span: Span::new(within.start + start as u32, end), braces })
}

/// Offers variables at a token, or, where nothing is written yet, at the place of one.
pub(super) fn offer(ask: &mut Ask<'_>, token: Token) {
    let write = |name: &str| if token.braces { format!("${{{name}}}") } else { format!("${name}") };
    let item = |name: &str| Item::new(write(name), Kind::Variable, token.span);
    let mut out = defined(ask, &item);
    out.extend(captures(ask, &item));
    let protocol = ask.place.protocol();
    if protocol == "http" {
        let typed = ask.scene.text(Span::new(token.span.start, ask.scene.cursor)).trim_start_matches(['$', '{']);
        out.extend(headers(typed).map(|(name, header)| item(&name).detail(header).rank(200)));
    }
    for variable in variables::all().iter().filter(|variable| variable.protocol == protocol) {
        let usual = USUAL.iter().position(|name| *name == variable.name);
        let foreign = !matches!(variable.package, "nginx" | "nginx-plus");
        let rank = match usual {
            Some(at) => 100 + at as u32,
            None if foreign => 400,
            None => 300 + u32::from(variable.prefix),
        };
        let origin = if variable.module.is_empty() { variable.package } else { variable.module };
        let mut one = item(variable.name).detail(origin).rank(rank);
        if variable.prefix {
            one.label = format!("${}…", variable.name);
            one.filter = Some(write(variable.name));
            // What is behind the prefix is still to be written.
            one.text = if token.braces { format!("${{{}", variable.name) } else { one.text };
            one.snippet = token.braces.then(|| format!("\\${{{}${{1:name}}\\}}", variable.name));
        }
        one.about = Some(About::Variable { name: variable.name.to_owned(), protocol: protocol.to_owned() });
        out.push(one);
    }
    ask.out.append(&mut out);
}

/// The header variables that begin with what was typed, where that is one of their prefixes: `http_…` and those like it.
fn headers(typed: &str) -> impl Iterator<Item = (String, &'static str)> {
    const PREFIXES: [(&str, http::Kind); 3] =
        [("http_", http::Kind::RequestHeader), ("sent_http_", http::Kind::ResponseHeader), ("upstream_http_", http::Kind::ResponseHeader)];
    let fitting = PREFIXES.into_iter().filter(move |(prefix, _)| typed.starts_with(prefix));
    fitting.flat_map(|(prefix, kind)| {
        http::words(kind).map(move |header| (format!("{prefix}{}", header.word.to_ascii_lowercase().replace('-', "_")), header.word))
    })
}

/// Those that something of the configuration gives a value, each with the first line that does.
fn defined(ask: &Ask<'_>, item: &impl Fn(&str) -> Item) -> Vec<Item> {
    let protocol = if ask.place.protocol() == "stream" { Protocol::Stream } else { Protocol::Http };
    let mut found: FxHashMap<&str, Item> = FxHashMap::default();
    for view in ask.views {
        for named in view.definitions().names(definitions::Kind::Variable, protocol) {
            if found.contains_key(named.name) {
                continue;
            }
            let place = view.config.header(named.entry);
            let by = &*view.config.directive(named.entry).name.value;
            let detail = format!("{by} · {}", ask.project.path_and_line(place));
            // Those of this file are nearer.
            found.insert(named.name, item(named.name).detail(detail).rank(if place.file == ask.file { 10 } else { 20 }));
        }
    }
    found.into_values().collect()
}

/// `$1` and so on: of the directive's own regex, or of the nearest block that has one.
fn captures(ask: &Ask<'_>, item: &impl Fn(&str) -> Item) -> Vec<Item> {
    let scene = ask.scene;
    let rewrite = scene.word(0) == Some("rewrite") && scene.index > 1;
    let own = scene.words.get(1).filter(|_| rewrite).copied();
    let Some(regex) = own.or_else(|| scene.blocks.iter().rev().find_map(|block| regex_of(ask, block))) else { return Vec::new() };
    let text = scene.text(regex.inner);
    let line = scene.source.get(..regex.span.start as usize).unwrap_or_default().matches('\n').count() + 1;
    let detail = format!("{} · {}:{line}", shortened(text), ask.project.display_path(ask.file));
    (1..=groups(text).min(9)).map(|number| item(&number.to_string()).detail(detail.as_str()).rank(number as u32 - 1)).collect()
}

fn regex_of(ask: &Ask<'_>, block: &[Word]) -> Option<Word> {
    let text = |word: &Word| ask.scene.text(word.inner);
    let sign = block.iter().position(|word| matches!(text(word), "~" | "~*"))?;
    matches!(text(block.first()?), "location" | "if").then(|| block.get(sign + 1).copied())?
}

/// How many groups of a regex capture.
fn groups(regex: &str) -> usize {
    let bytes = regex.as_bytes();
    let mut class = false;
    let mut count = 0;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'(' if !class => {
                let plain = bytes.get(at + 1) != Some(&b'?');
                let named = matches!(bytes.get(at + 2..at + 4), Some([b'<', next]) if !matches!(next, b'=' | b'!'))
                    || matches!(bytes.get(at + 2..at + 4), Some([b'P', b'<']));
                count += usize::from(plain || named);
            }
            _ => {}
        }
        at += 1;
    }
    count
}

fn shortened(text: &str) -> String {
    const MOST: usize = 30;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_at_the_cursor() {
        let find = |text: &str| {
            let cursor = text.find('|').expect("a cursor") as u32;
            let source = text.replacen('|', "", 1);
            token(&source, Span::new(0, source.len() as u32), cursor).map(|token| (source[token.span.range()].to_owned(), token.braces))
        };
        assert_eq!(find("a$ho|st/b"), Some(("$host".into(), false)));
        assert_eq!(find("$|"), Some(("$".into(), false)));
        assert_eq!(find("x${ho|st}y"), Some(("${host}".into(), true)));
        assert_eq!(find("${|"), Some(("${".into(), true)));
        assert_eq!(find("host|"), None);
        assert_eq!(find("$a-b|"), None);
    }

    #[test]
    fn groups_are_counted_as_pcre_does() {
        assert_eq!(["^/(a|b)/(.*)$", r"\((x)", "(?:a)(?<n>b)(?=c)(?<!d)", "[(](a)", ""].map(groups), [2, 1, 1, 1, 0]);
    }
}
