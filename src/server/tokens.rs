//! Semantic tokens as they are sent: five numbers each, relative to the one before, in the units of the client.
//!
//! What was sent last of a document is kept, so that a client can be told what changed. Answers come from the present text at once; what
//! the last analysis knows beyond (upstreams of other files, what is dead) is in them when it was made of the same text. When it says
//! something new later, the client is told to ask again.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tower_lsp::gen_lsp_types::SemanticToken;

use super::Backend;
use super::state::{Checked, Snapshot};
use crate::ide::present::Present;
use crate::ide::tokens::{self, Token};
use crate::project::FileId;
use crate::text::{Encoding, Span, Text};

/// What was sent of a document.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What the client calls it by.
    pub id: String,
    /// All of it.
    pub tokens: Arc<Vec<SemanticToken>>,
}

/// The tokens of an open file, as they are sent; `None` when it is not open.
pub fn of(snapshot: &Snapshot, file: FileId, features: &super::Features, within: Option<Span>) -> Option<Vec<SemanticToken>> {
    let source = snapshot.source(file)?;
    let present = Present::new(&source, snapshot.last().map(|last| &**last));
    let dead = snapshot.known().filter(|known| known.analysis.project.text(file).is_same(&source.text));
    let dead = dead.map(|checked| self::dead(&checked, file)).unwrap_or_default();
    let marker = &snapshot.settings().cleanup.marker;
    let found = tokens::tokens(&present, snapshot.last().map(|last| &**last), marker, &dead, within);
    let multiline = features.everyday.tokens.is_some_and(|tokens| tokens.multiline);
    Some(encode(&source.text, &found, features.encoding, multiline))
}

/// The places of which it is proven that they never count, in order.
fn dead(checked: &Checked, file: FileId) -> Vec<Span> {
    let findings = checked.findings.get(&file).map(|findings| findings.as_slice()).unwrap_or_default();
    let mut dead: Vec<Span> =
        findings.iter().filter(|finding| finding.rule.starts_with("dead-")).map(|finding| finding.place.span).collect();
    dead.sort_unstable();
    dead.dedup();
    dead
}

fn encode(text: &Text, tokens: &[Token], encoding: Encoding, multiline: bool) -> Vec<SemanticToken> {
    let source = text.to_str();
    let mut lines = Lines { source: &source, encoding, line: 0, start: 0, end: line_end(&source, 0) };
    let (mut last_line, mut last_column) = (0, 0);
    let mut out = Vec::with_capacity(tokens.len());
    let mut push = |line: u32, column: u32, length: u32, token: &Token| {
        if length > 0 {
            out.push(SemanticToken {
                delta_line: line - last_line,
                delta_start: if line == last_line { column - last_column } else { column },
                length,
                token_type: u32::from(token.kind as u8),
                token_modifiers_bitset: u32::from(token.modifiers),
            });
            (last_line, last_column) = (line, column);
        }
    };
    for token in tokens {
        let Span { start, end } = token.span;
        let (start, end) = (start as usize, end as usize);
        lines.go_to(start);
        if multiline {
            push(lines.line, lines.units(lines.start, start), lines.units(start, end), token);
            continue;
        }
        let mut at = start;
        loop {
            push(lines.line, lines.units(lines.start, at), lines.units(at, end.min(lines.end)), token);
            if end <= lines.end || !lines.next() {
                break;
            }
            at = lines.start;
        }
    }
    out
}

/// A walk over the lines of a text, forwards.
struct Lines<'a> {
    source: &'a str,
    encoding: Encoding,
    line: u32,
    start: usize,
    /// Without the line break.
    end: usize,
}

impl Lines<'_> {
    /// The line that holds the byte.
    fn go_to(&mut self, at: usize) {
        while self.after() <= at && self.next() {}
    }

    /// Where the next line begins; past the end of the text when there is none.
    fn after(&self) -> usize {
        match self.source.as_bytes().get(self.end..) {
            Some([b'\r', b'\n', ..]) => self.end + 2,
            Some([_, ..]) => self.end + 1,
            _ => usize::MAX,
        }
    }

    fn next(&mut self) -> bool {
        let after = self.after();
        if after == usize::MAX {
            return false;
        }
        (self.line, self.start, self.end) = (self.line + 1, after, line_end(self.source, after));
        true
    }

    fn units(&self, from: usize, to: usize) -> u32 {
        let text = self.source.get(from..to).unwrap_or_default();
        let count = match self.encoding {
            Encoding::Utf8 => text.len(),
            _ if text.is_ascii() => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
            Encoding::Utf32 => text.chars().count(),
        };
        count as u32
    }
}

fn line_end(source: &str, from: usize) -> usize {
    let rest = source.as_bytes().get(from..).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(source.len(), |found| from + found)
}

/// What was said of the open files of a workspace when it was analysed last.
#[derive(Debug, Default)]
pub struct Seen(FxHashMap<FileId, (Option<i32>, u64, bool)>);

/// Tells the client to ask again where an analysis has something to say that it could not be told when it asked.
pub fn refresh(backend: &Backend, snapshot: &Snapshot, checked: &Checked, seen: &mut Seen) {
    if !backend.features().everyday.tokens.is_some_and(|tokens| tokens.refresh) {
        return;
    }
    let mut now = FxHashMap::default();
    for file in snapshot.open.keys() {
        if let Some(source) = checked.analysis.project.files.get(file) {
            let dead = dead(checked, *file);
            let number = tokens::fingerprint(&Present::new(source, Some(&checked.analysis)), &checked.analysis, &dead);
            now.insert(*file, (snapshot.version(*file), number, !dead.is_empty()));
        }
    }
    let news = now.iter().any(|(file, (version, number, dead))| match seen.0.get(file) {
        Some((before, old, _)) => number != old || *dead && version != before,
        None => true,
    });
    seen.0 = now;
    if news {
        let client = backend.client.clone();
        tokio::spawn(async move { client.semantic_tokens_refresh().await });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::tokens::Kind;

    fn encoded(text: &str, spans: &[(usize, usize)], encoding: Encoding, multiline: bool) -> Vec<(u32, u32, u32)> {
        let token = |(start, end): &(usize, usize)| Token { span: Span::new(*start as u32, *end as u32), kind: Kind::String, modifiers: 0 };
        let tokens: Vec<Token> = spans.iter().map(token).collect();
        let sent = encode(&Text::new(text), &tokens, encoding, multiline);
        sent.into_iter().map(|token| (token.delta_line, token.delta_start, token.length)).collect()
    }

    #[test]
    fn columns_are_in_the_units_of_the_client() {
        let text = "\u{1f600} ab\r\n\r\u{e9}c d";
        let (ab, c, d) = ((5, 7), (10, 13), (14, 15));
        assert_eq!(encoded(text, &[ab, c, d], Encoding::Utf8, false), [(0, 5, 2), (2, 0, 3), (0, 4, 1)]);
        assert_eq!(encoded(text, &[ab, c, d], Encoding::Utf16, false), [(0, 3, 2), (2, 0, 2), (0, 3, 1)]);
        assert_eq!(encoded(text, &[ab, c, d], Encoding::Utf32, false), [(0, 2, 2), (2, 0, 2), (0, 3, 1)]);
    }

    #[test]
    fn a_token_over_several_lines_is_split_where_the_client_wants_it() {
        let text = "a 'b\nc\n\nd' e";
        assert_eq!(encoded(text, &[(2, 10), (11, 12)], Encoding::Utf16, false), [(0, 2, 2), (1, 0, 1), (2, 0, 2), (0, 3, 1)]);
        assert_eq!(encoded(text, &[(2, 10), (11, 12)], Encoding::Utf16, true), [(0, 2, 8), (3, 3, 1)]);
    }
}
