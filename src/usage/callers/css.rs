//! Stylesheets: what they load with `url(…)` and `@import`.

use super::value::{Manner, Value};
use super::{Found, Kind};
use crate::text::Span;

/// Reads a stylesheet; comments are passed over.
pub(super) fn read(text: &str, kind: Kind) -> Vec<Found> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let next = ["/*", "url(", "@import"].iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min();
        let Some((found, mark)) = next else { break };
        at += found + mark.len();
        let behind = &text[at..];
        if mark == "/*" {
            at += behind.find("*/").map_or(behind.len(), |end| end + 2);
            continue;
        }
        let inside = behind.trim_start();
        let start = at + behind.len() - inside.len();
        let (start, end) = match inside.chars().next() {
            Some(quote @ ('"' | '\'')) => (start + 1, inside[1..].find(quote).map(|end| start + 1 + end)),
            _ if mark == "url(" => (start, inside.find(')').map(|end| start + end)),
            // `@import url(…)` comes again.
            _ => continue,
        };
        let Some(end) = end else { break };
        let target = text[start..end].trim_end();
        // Sass and Less put in variables.
        let computed = target.contains(['$', '@']) || target.contains("#{");
        if !computed && let Some(url) = Value::text(target.split(['#', '?']).next().unwrap_or(target)).url(Manner::Page) {
            out.push(Found {
                span: Span::new(start as u32, (start + target.len()) as u32),
                kind,
                method: Some("GET".into()),
                url,
                service: None,
            });
        }
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stylesheet_loads() {
        let text = "@import '/base.css'; @import url(\"/more.css\");\n/* url(/no) */ a { background: url( /img/a.png ) } b { src: url('f.woff2?x#y') } c { background: url(data:image/png;base64,x) }";
        let shown: Vec<String> =
            read(text, Kind::Resource).iter().map(|found| format!("{} | {}", found.url, &text[found.span.range()])).collect();
        assert_eq!(shown, ["/base.css | /base.css", "/more.css | /more.css", "/img/a.png | /img/a.png", "./f.woff2 | f.woff2?x#y"]);
        assert!(read("a { background: url(", Kind::Resource).is_empty());
    }
}
