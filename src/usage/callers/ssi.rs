//! Server side includes: `<!--# include virtual="…" -->`, as `ngx_http_ssi_parse` reads them. It knows nothing of HTML: they count wherever
//! they stand.

use super::value::{Manner, Piece, Value};
use super::{Found, Kind};
use crate::text::Span;

/// What the commands of a page include; `file` is looked up like `virtual` (`ngx_http_ssi_include`).
pub(super) fn read(text: &str) -> Vec<Found> {
    const OPEN: &str = "<!--#";
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(OPEN)) {
        at += found + OPEN.len();
        let rest = text.get(at..).unwrap_or_default();
        let command = rest.get(..rest.find("-->").unwrap_or(rest.len())).unwrap_or_default();
        let Some(parameters) =
            command.trim_start().strip_prefix("include").filter(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace()))
        else {
            continue;
        };
        let offset = at + command.len() - parameters.len();
        for (name, from, value) in parameters_of(parameters) {
            if matches!(name, "virtual" | "file")
                && let Some(url) = written(value).url(Manner::Page)
            {
                let start = (offset + from) as u32;
                let span = Span::new(start, start + value.len() as u32);
                out.push(Found { span, kind: Kind::Ssi, method: Some("GET".into()), url, service: None });
            }
        }
        at += command.len();
    }
    out
}

/// `name="value"`, with where the value begins.
fn parameters_of(text: &str) -> impl Iterator<Item = (&str, usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let equals = rest.find('=')?;
        let name = rest.get(..equals)?.trim();
        let behind = rest.get(equals + 1..)?;
        let value = behind.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let value = value.get(1..)?;
        let length = value.find(quote)?;
        let from = text.len() - value.len();
        at = from + length + 1;
        Some((name, from, value.get(..length)?))
    })
}

/// A text with nginx's variables, whose values nobody knows.
fn written(text: &str) -> Value {
    let mut out = Value::default();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        out.push(Piece::Text(before.to_owned()));
        out.push(Piece::Gap);
        rest = match behind.strip_prefix('{') {
            Some(braced) => braced.split_once('}').map_or("", |(_, rest)| rest),
            None => behind.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_'),
        };
    }
    out.push(Piece::Text(rest.to_owned()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_includes() {
        let text = "<!--# include virtual=\"/frag/header?a=$b\" --><!--#include wait='yes' file='inc.html'--><!--# include virtual=\"/u/$id/x\" -->\
                    <!-- #include virtual=\"/no\" --><!--# echo var=\"x\" --><!--# included virtual=\"/no\" --><script>'<!--# include stub=\"s\" virtual=\"/js\" -->'";
        let shown: Vec<String> = read(text).iter().map(|found| format!("{} | {}", found.url, &text[found.span.range()])).collect();
        assert_eq!(shown, ["/frag/header | /frag/header?a=$b", "./inc.html | inc.html", "/u/… | /u/$id/x", "/js | /js"]);
        assert!(read("<!--# include virtual=\"/x").is_empty());
    }
}
