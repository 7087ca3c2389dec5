//! Blocks that are commented out with the marker of the settings (`#X# `), since when, and until when they are kept.
//!
//! What is hidden is found here; `cleanup/` makes edits of it. A block may have a line above it that says when it was commented out:
//! ours (`# nginx-analyzer: off since 2026-11-28 until 2026-12-12: why`), or a person's ("off since 2025-10-20").

mod dates;
mod find;

pub use dates::{Dates, Header, spoken};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::syntax::Directive;
use crate::text::{Span, Text};

/// A block that is commented out, or a simple directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The block's first line up to `{` or `;`, without marker: `location /old/`.
    pub title: String,
    /// False where only simple directives are hidden: people switch those off and on.
    pub block: bool,
    /// The lines, without the last line break.
    pub span: Span,
    /// The lines, with the last line break where there is one.
    pub lines: Span,
    /// The marker in each line; taking them away restores the block.
    pub markers: Vec<Span>,
}

/// What is said of a hidden block above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The comment that says it, in its line.
    pub place: Span,
    /// When it was commented out; `None` where only the end is said.
    pub since: Option<Date>,
    /// Until when it is to be kept, where that is said.
    pub until: Option<Date>,
    /// Our line; `None` for a person's words.
    pub header: Option<Header>,
}

/// When a block was commented out, and when it may be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Off {
    /// Since when; `None` where a comment says only until when.
    pub since: Option<Date>,
    /// The day from which on it may be deleted.
    pub due: Date,
    /// The comment that says so; `None` where version control does.
    pub said: Option<Since>,
}

/// What nginx takes for a blank.
pub(crate) const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// How many lines of comments above a block are read for a date.
const LINES_ABOVE: usize = 6;

/// True for a text that can be a marker: a comment that stays on its line.
pub fn is_marker(marker: &str) -> bool {
    marker.starts_with('#') && !marker.contains(['\n', '\r'])
}

/// All blocks that are commented out with the marker, in order. A marker may lack the blanks at its end: people who write it by hand
/// leave them out.
pub fn all(text: &Text, marker: &str) -> Vec<Hidden> {
    find::all(text, marker)
}

/// The commented-out block at a byte offset; `None` where there is none, or where what the marker hides is no complete directive.
pub fn at(text: &Text, offset: u32, marker: &str) -> Option<Hidden> {
    find::at(text, offset, marker)
}

/// What of a text tells of the lines that hold a span, commented out or not: these lines, those around them that have the marker or are blank,
/// and the next line on either side.
pub(crate) fn around(text: &Text, span: Span, marker: &str) -> Span {
    find::around(text, span, marker)
}

impl Hidden {
    /// Our own line above the block, with its line break.
    pub fn header_line(&self, text: &Text) -> Option<Span> {
        let line = text.line_of(self.lines.start).checked_sub(1)?;
        Header::parse(&text.slice(text.line_span(line)))?;
        Some(Span::new(text.full_line_span(line).start, self.lines.start))
    }

    /// When it was commented out, if a comment right above it says so: our line, or a person's words, the nearest first.
    pub fn since(&self, text: &Text, marker: &str) -> Option<Since> {
        let first = text.line_of(self.lines.start);
        for line in (0..first).rev().take(LINES_ABOVE) {
            let span = text.line_span(line);
            let content = text.slice(span);
            let comment = content.trim_start_matches(BLANKS);
            let place = Span::new(span.end - comment.len() as u32, span.end);
            if let Some(header) = Header::parse(comment) {
                // One above something else is not about this block.
                let own = line + 1 == first;
                return own.then_some(Since { place, since: Some(header.since), until: header.until, header: Some(header) });
            }
            // Behind the marker it has to be a comment or words: a hidden directive is a block of its own.
            let hidden = comment.strip_prefix(marker.trim_end()).map(|hidden| hidden.trim_start_matches(BLANKS));
            let words = hidden.unwrap_or(comment);
            if !comment.starts_with('#') || hidden.is_some_and(|hidden| hidden.ends_with([';', '{', '}'])) {
                return None;
            }
            if let Some(Dates { since, until }) = spoken(words) {
                return Some(Since { place, since, until, header: None });
            }
        }
        None
    }

    /// Since when it is commented out and until when it is kept: a comment says it, else `changed`, which tells when the lines of a span
    /// changed last. `None` where nobody knows. People switch single directives off and on: those are asked about only where a
    /// comment gives them a date.
    pub fn off(&self, text: &Text, marker: &str, keep_days: u32, changed: &dyn Fn(Span) -> Option<Date>) -> Option<Off> {
        let kept = |since: Date| since.checked_add(i64::from(keep_days).days()).ok();
        if let Some(said) = self.since(text, marker) {
            let due = said.until.or_else(|| said.since.and_then(kept))?;
            return Some(Off { since: said.since, due, said: Some(said) });
        }
        let since = if self.block { changed(self.lines) } else { None };
        since.and_then(|since| Some(Off { since: Some(since), due: kept(since)?, said: None }))
    }

    /// What to delete so that nothing of the block is left: its lines, our line above it, comments above that are about it alone,
    /// and one of two blank lines that would meet. Whole lines.
    pub fn deletion(&self, text: &Text, marker: &str) -> Span {
        let mut start = self.header_line(text).map_or(self.lines.start, |line| line.start);
        let mut end = self.lines.end;
        let blank = |line: u32| text.slice(text.line_span(line)).trim_matches(BLANKS).is_empty();
        let first = text.line_of(start);
        let last = text.line_of(self.span.end) + 1;
        let ends = last >= text.line_count() || blank(last) || text.slice(text.line_span(last)).trim_start_matches(BLANKS).starts_with('}');
        // Right above, from a blank line or the beginning of the block on, with nothing below that it could be about.
        let comments = (0..first).rev().take_while(|line| {
            let content = text.slice(text.line_span(*line));
            let content = content.trim_matches(BLANKS);
            content.starts_with('#') && !content.starts_with(marker.trim_end())
        });
        let top = comments.last().unwrap_or(first);
        let opens = top == 0 || blank(top - 1) || text.slice(text.line_span(top - 1)).trim_end_matches(BLANKS).ends_with('{');
        let ruled = |line: u32| !text.slice(text.line_span(line)).contains(char::is_alphanumeric);
        if ends && opens && top < first && !(top..first).any(ruled) {
            start = text.full_line_span(top).start;
        }
        let first = text.line_of(start);
        let before = first == 0 || blank(first - 1) || text.slice(text.line_span(first - 1)).trim_end_matches(BLANKS).ends_with('{');
        if before && last < text.line_count() && blank(last) && text.line_span(last).start == end {
            end = text.full_line_span(last).end;
        }
        Span::new(start, end)
    }
}

/// What a directive is called in a menu: its first words, shortened.
pub fn title(directive: &Directive) -> String {
    let mut title = directive.name.value.to_string();
    for word in &directive.args {
        title.push(' ');
        title.push_str(&word.value);
    }
    shorten(&title)
}

pub(crate) fn shorten(title: &str) -> String {
    /// As long as a title may be.
    const LONGEST: usize = 60;
    let plain = |(at, byte): (usize, u8)| match byte {
        b' ' => at > 0 && !matches!(title.as_bytes().get(at + 1), None | Some(b' ')),
        byte => byte.is_ascii_graphic(),
    };
    // Nearly all are as they should be.
    if title.len() <= LONGEST && title.bytes().enumerate().all(plain) {
        return title.to_owned();
    }
    let words: Vec<&str> = title.split_whitespace().collect();
    let title = words.join(" ");
    match title.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title,
    }
}

pub(crate) fn indentation(line: &str) -> &str {
    let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
    &line[..end]
}

/// Where whole lines end, without the last line break.
pub(crate) fn line_end(source: &str, lines: Span) -> u32 {
    let text = source.get(lines.range()).unwrap_or_default();
    let text = text.strip_suffix('\n').unwrap_or(text);
    lines.start + text.strip_suffix('\r').unwrap_or(text).len() as u32
}

#[cfg(test)]
mod tests;
