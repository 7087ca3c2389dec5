//! A formatter that changes blank space at the beginning and the end of lines, before `{` and `;`, and nothing else.
//!
//! What nginx reads stays the same, word for word; Lua, quoted text, comments and what is commented out stay as they are, byte for byte.
//! Alignment is kept: what goes on over several lines moves as a whole. *Invariants:* formatting what was formatted changes nothing; a
//! text that nginx's tokenizer refuses, or a template of one, is not touched.

mod levels;
mod typed;

pub use typed::typed;

use super::lines::Lines;
use super::present::Present;
use crate::syntax::{Body, Directive, ProblemKind};
use crate::text::Span;
use levels::{Level, Levels};

/// As an editor wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How wide a step is, and a tab.
    pub tab_size: usize,
    /// Spaces in place of tabs.
    pub insert_spaces: bool,
    /// Blanks at the end of lines are taken away.
    pub trim_lines: bool,
    /// The text ends with a line break.
    pub final_newline: bool,
    /// And with one only.
    pub trim_final_newlines: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { tab_size: 4, insert_spaces: true, trim_lines: true, final_newline: false, trim_final_newlines: false }
    }
}

/// A replacement within a line, or of line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub with: String,
}

/// So many blank lines may follow each other.
const BLANK_LINES: u32 = 2;

const BLANKS: [char; 2] = [' ', '\t'];

/// What to change in the lines from `first` to `last`, in order and apart from each other; nothing where the text can't be formatted.
pub fn format(present: &Present<'_>, marker: &str, options: Options, lines: Option<(u32, u32)>) -> Vec<Edit> {
    let source = present.source;
    let refused = source.parse.problems.iter().any(|problem| problem.kind != ProblemKind::ByteOrderMark);
    if refused || source.is_unreliable() {
        return Vec::new();
    }
    let whole = source.text.to_str();
    let text = Lines::new(&whole);
    let levels = Levels::of(source, &text, marker);
    let mut lines = lines.unwrap_or((0, u32::MAX));
    // A byte order mark is part of the first word to nginx, and to everybody else the beginning of the file: it is not brought there, and
    // what stands below its line is aligned with that as it is.
    let first = whole.trim_start_matches([' ', '\t', '\r', '\n']);
    let mark = (whole.len() - first.len()) as u32;
    if mark > 0 && first.starts_with('\u{feff}') {
        lines.0 = lines.0.max(text.line_of(mark) + 1);
    }
    let mut formatter = Formatter { text: &text, levels: &levels, options, lines, out: Vec::new() };
    formatter.indent();
    formatter.heads(&source.parse.directives);
    formatter.end();
    let mut out = formatter.out;
    out.sort_by_key(|edit| edit.span);
    out
}

/// The text with the edits made.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start as usize).unwrap_or_default());
        out.push_str(&edit.with);
        at = edit.span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The blanks at the beginning of a line.
pub(super) fn leading(text: &Lines<'_>, line: u32) -> Span {
    let span = text.line_span(line);
    let content = text.slice(span);
    Span::new(span.start, span.start + (content.len() - content.trim_start_matches(BLANKS).len()) as u32)
}

/// Does the line begin with so many spaces, and with no other blank behind them?
fn is_indented(content: &str, width: usize) -> bool {
    let bytes = content.as_bytes();
    bytes.get(..width).is_some_and(|blanks| blanks.iter().all(|byte| *byte == b' ')) && !matches!(bytes.get(width), Some(b' ' | b'\t'))
}

struct Formatter<'a> {
    text: &'a Lines<'a>,
    levels: &'a Levels,
    options: Options,
    lines: (u32, u32),
    out: Vec<Edit>,
}

impl Formatter<'_> {
    fn wants(&self, line: u32) -> bool {
        self.lines.0 <= line && line <= self.lines.1
    }

    fn replace(&mut self, span: Span, with: &str) {
        if self.text.slice(span) != with {
            self.out.push(Edit { span, with: with.to_owned() });
        }
    }

    /// Both ends of every line.
    fn indent(&mut self) {
        let count = self.text.line_count();
        let mut widths: Vec<(usize, usize)> = Vec::with_capacity(count as usize);
        let mut blank = 0;
        // The first of the comments that follow each other.
        let mut run: Option<u32> = None;
        for line in 0..count {
            let span = self.text.line_span(line);
            let content = self.text.slice(span);
            let bare = content.trim_matches(BLANKS);
            let old = self.width(content);
            let level = self.levels.of_line(line);
            let is_empty = bare.is_empty() && level != Level::Fixed;
            blank = if is_empty { blank + 1 } else { 0 };
            let is_comment = bare.starts_with('#') && matches!(level, Level::Depth(_));
            run = if is_comment { run.filter(|first| self.levels.of_line(*first) == level).or(Some(line)) } else { None };
            if is_empty {
                widths.push((old, old));
                self.empty_line(line, span, blank);
                continue;
            }
            let (depth, more) = match level {
                Level::Fixed => {
                    widths.push((old, old));
                    continue;
                }
                Level::Depth(depth) => {
                    let first = run.and_then(|first| widths.get(first as usize)).map_or(old, |(old, _)| *old);
                    (depth * self.options.tab_size, if is_comment { old.saturating_sub(first) } else { 0 })
                }
                Level::Continues(of) => {
                    let (before, now) = widths.get(of as usize).copied().unwrap_or((0, 0));
                    (now, if old > before { old - before } else { self.options.tab_size })
                }
            };
            let wanted = self.wants(line);
            widths.push((old, if wanted { depth + more } else { old }));
            // Most lines are as they should be, and all of them are looked at.
            if wanted && !(self.options.insert_spaces && is_indented(content, depth + more)) {
                let blanks = self.blanks(depth, more, content);
                self.replace(leading(self.text, line), &blanks);
            }
            let rest = content.trim_end_matches(BLANKS);
            // Behind a backslash a blank is part of the word.
            let is_escaped = rest.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
            if wanted && self.options.trim_lines && !is_escaped && !self.levels.ends_inside(line) {
                self.replace(Span::new(span.start + rest.len() as u32, span.end), "");
            }
        }
    }

    /// A line with nothing in it.
    fn empty_line(&mut self, line: u32, span: Span, blank: u32) {
        if !self.wants(line) {
            return;
        }
        let full = self.text.full_line_span(line);
        // The line break of the last line of a text is none of its own.
        if blank > BLANK_LINES && full.end > span.end {
            self.replace(full, "");
        } else if self.options.trim_lines {
            self.replace(span, "");
        }
    }

    /// How far the blanks at the beginning of a line reach.
    fn width(&self, content: &str) -> usize {
        let tab = self.options.tab_size.max(1);
        content.chars().take_while(|letter| BLANKS.contains(letter)).fold(0, |width, letter| match letter {
            '\t' => (width / tab + 1) * tab,
            _ => width + 1,
        })
    }

    /// Blanks of a width; what is `more` than a step of the blocks is alignment, for which a line of tabs alone keeps to tabs.
    fn blanks(&self, width: usize, more: usize, content: &str) -> String {
        let tab = self.options.tab_size.max(1);
        if self.options.insert_spaces {
            return " ".repeat(width + more);
        }
        let by_tabs = content.starts_with('\t') && !content.trim_start_matches('\t').starts_with(' ');
        let aligned = more > 0 && !(by_tabs && (width + more).is_multiple_of(tab));
        match aligned {
            true => format!("{}{}", "\t".repeat(width / tab), " ".repeat(width % tab + more)),
            false => format!("{}{}", "\t".repeat((width + more) / tab), " ".repeat((width + more) % tab)),
        }
    }

    /// What stands before `{` and `;`.
    fn heads(&mut self, directives: &[std::sync::Arc<Directive>]) {
        // Blocks are nested at most `syntax::MAX_DEPTH` deep.
        for directive in directives {
            let head = directive.header().end;
            match &directive.body {
                Body::Simple => self.gap(Span::new(head, directive.span.end.saturating_sub(1)), ""),
                Body::Lua(code) => self.gap(Span::new(head, code.start.saturating_sub(1)), " "),
                Body::Block(block) => {
                    self.gap(Span::new(head, block.span.start), " ");
                    self.heads(&block.directives);
                }
            }
        }
    }

    fn gap(&mut self, span: Span, with: &str) {
        let line = self.text.line_of(span.start);
        if self.wants(line) && self.text.slice(span).trim_matches(BLANKS).is_empty() {
            self.replace(span, with);
        }
    }

    /// How the text ends.
    fn end(&mut self) {
        let last = self.text.line_count() - 1;
        let text = self.text.source();
        if !self.wants(last) || self.levels.of_line(last) == Level::Fixed {
            return;
        }
        let content = text.trim_end_matches(['\n', '\r', ' ', '\t']).len() as u32;
        // Where it ends in a comment, the blanks at its end are part of that.
        let ends_line = self.text.line_span(self.text.line_of(content)).end;
        let (first_break, rest) = text.split_at_checked(ends_line as usize).unwrap_or((text, ""));
        let line_break = if first_break.contains("\r\n") || rest.starts_with("\r\n") { "\r\n" } else { "\n" };
        let whole = Span::new(ends_line, self.text.len());
        let trims = self.options.trim_final_newlines && rest.matches('\n').count() > 1;
        let adds = self.options.final_newline && !first_break.is_empty() && !rest.contains('\n');
        if (trims || adds) && content > 0 {
            self.out.retain(|edit| edit.span.start < whole.start || edit.span.end <= whole.start);
            self.replace(whole, line_break);
        }
    }
}

#[cfg(test)]
mod tests;
