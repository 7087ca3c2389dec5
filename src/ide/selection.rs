//! What is selected step by step around a cursor: a variable, a word, the arguments, the directive, what is in the block, the block, …

use super::navigate::variables;
use super::present::Present;
use crate::syntax::{Body, Directive, Quote, Word};
use crate::text::Span;

/// So many spans are handed out for a place, as each is written inside of the one before, and readers of JSON stop at some depth.
const MOST: usize = 100;

/// The spans around an offset, each within the next and larger; the last one is the whole text. [`MOST`] of them: beyond, the outer ones are
/// left out.
pub fn around(present: &Present<'_>, offset: u32) -> Vec<Span> {
    let text = &present.source.text;
    let offset = text.floor(offset);
    let whole = Span::new(0, text.len());
    let mut out = vec![whole];
    let mut take = |span: Span| {
        if let Some(last) = out.last()
            && last.covers(span)
            && *last != span
            && span.touches(offset)
        {
            out.push(span);
        }
    };
    for directive in present.at(offset) {
        take(directive.span);
        let inside = match &directive.body {
            Body::Block(block) => block.span,
            Body::Lua(code) => Span::new(code.start.saturating_sub(1), code.end + 1),
            Body::Simple => Span::at(0),
        };
        // On a brace the block is meant, between them what is in it.
        if inside.start < offset && offset <= inside.end {
            take(inside);
            let content = text.slice(Span::new(inside.start + 1, inside.end.saturating_sub(1)));
            let leading = (content.len() - content.trim_start().len()) as u32;
            let start = inside.start + 1 + leading;
            take(Span::new(start, start + content.trim().len() as u32));
        } else if directive.header().touches(offset) {
            self::head(present, directive, offset, &mut take);
        }
    }
    if let Some(comment) = comment_at(present, offset) {
        comment_run(present, comment).into_iter().for_each(&mut take);
        take(comment);
        let words = text.slice(comment);
        let bare = words.trim_start_matches(['#', ' ', '\t']);
        take(Span::new(comment.end - bare.len() as u32, comment.end));
    }
    if out.len() > MOST {
        // The whole, and what is nearest.
        out.drain(1..=out.len() - MOST);
    }
    out.reverse();
    out
}

/// The name and the arguments of a directive.
fn head(present: &Present<'_>, directive: &Directive, offset: u32, take: &mut impl FnMut(Span)) {
    take(directive.header());
    if let (Some(first), Some(last)) = (directive.args.first(), directive.args.last()) {
        take(first.span.join(last.span));
    }
    let mut words = std::iter::once(&directive.name).chain(&directive.args);
    // Of two that touch it the later one.
    let Some(word) = words.rfind(|word| word.span.touches(offset)) else { return };
    take(word.span);
    self::word(present, word, offset, take);
}

fn word(present: &Present<'_>, word: &Word, offset: u32, take: &mut impl FnMut(Span)) {
    let raw = present.source.text.slice(word.span);
    let quotes = u32::from(word.quote != Quote::None);
    let closed = quotes > 0 && raw.len() > 1 && raw.ends_with(['"', '\'']);
    take(Span::new(word.span.start + quotes, word.span.end - u32::from(closed)));
    let variables = variables(&raw).into_iter().map(|(_, from, to)| Span::new(word.span.start + from as u32, word.span.start + to as u32));
    let Some(variable) = variables.into_iter().find(|span| span.touches(offset)) else { return };
    take(variable);
    let inner = present.source.text.slice(variable);
    let name = inner.trim_start_matches(['$', '{']).trim_end_matches('}');
    let start = variable.start + (inner.len() - inner.trim_start_matches(['$', '{']).len()) as u32;
    take(Span::new(start, start + name.len() as u32));
}

fn comment_at(present: &Present<'_>, offset: u32) -> Option<Span> {
    let comments = &present.source.parse.comments;
    let before = comments.partition_point(|comment| comment.start <= offset);
    comments.get(before.checked_sub(1)?).copied().filter(|comment| comment.touches(offset))
}

/// The comments on the lines above and below, when they have their lines for themselves.
fn comment_run(present: &Present<'_>, comment: Span) -> Option<Span> {
    let text = &present.source.text;
    let is_comment =
        |line: u32| line < text.line_count() && text.slice(text.line_span(line)).trim_start_matches([' ', '\t']).starts_with('#');
    let line = text.line_of(comment.start);
    if !is_comment(line) {
        return None;
    }
    let first = (0..line).rev().take_while(|line| is_comment(*line)).last().unwrap_or(line);
    let last = (line + 1..text.line_count()).take_while(|line| is_comment(*line)).last().unwrap_or(line);
    let start = text.line_span(first);
    let indent = text.slice(start).len() - text.slice(start).trim_start_matches([' ', '\t']).len();
    Some(Span::new(start.start + indent as u32, text.line_span(last).end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::present::testing::source;

    /// What is selected at `$0`, from the inside out; without the whole text.
    fn selected(text: &str) -> Vec<String> {
        let offset = text.find("|>").expect("a cursor") as u32;
        let text = text.replacen("|>", "", 1);
        let source = source(&text);
        let mut spans = around(&Present::new(&source, None), offset);
        assert!(spans.windows(2).all(|pair| pair[1].covers(pair[0]) && pair[0] != pair[1]), "{spans:?}");
        assert_eq!(spans.pop(), Some(Span::new(0, text.len() as u32)));
        spans.into_iter().map(|span| text[span.range()].to_owned()).collect()
    }

    #[test]
    fn from_a_variable_to_its_block() {
        assert_eq!(
            selected("a;\nserver {\n  add_header X \"b-${ho|>st}\" always;\n  c;\n}"),
            [
                "host",
                "${host}",
                "b-${host}",
                "\"b-${host}\"",
                "X \"b-${host}\" always",
                "add_header X \"b-${host}\" always",
                "add_header X \"b-${host}\" always;",
                "add_header X \"b-${host}\" always;\n  c;",
                "{\n  add_header X \"b-${host}\" always;\n  c;\n}",
                "server {\n  add_header X \"b-${host}\" always;\n  c;\n}",
            ]
        );
    }

    #[test]
    fn names_comments_and_lua() {
        assert_eq!(selected("a;\nser|>ver { b; }"), ["server", "server { b; }"]);
        assert_eq!(selected("a;\n# one\n# t|>wo\nb;"), ["two", "# two", "# one\n# two"]);
        assert_eq!(selected("a;\nx_by_lua_block { f(|>) }"), ["f()", "{ f() }", "x_by_lua_block { f() }"]);
        assert_eq!(selected("a |>\n"), [""; 0]);
    }

    #[test]
    fn any_offset_of_odd_texts() {
        for text in ["", "a", "'", "a {", "}", "a { b 'c; } # d", "é { \u{1f600} $; }", "x_by_lua_block {", "a '\\'' ${ # \r\n#"] {
            let source = source(text);
            for offset in 0..=text.len() as u32 + 2 {
                let spans = around(&Present::new(&source, None), offset);
                assert!(spans.windows(2).all(|pair| pair[1].covers(pair[0])), "{text} {offset} {spans:?}");
            }
        }
    }
}
