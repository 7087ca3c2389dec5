//! Comment out and restore, byte for byte each other's inverse.
//!
//! A line is what ends at a line feed, as for nginx: a comment ends there and nowhere else (`ngx_conf_read_token`). The marker is
//! put where the block is indented, so that what is inside keeps its own indentation behind the marker:
//!
//! ```nginx
//!     #X# location /old/ {
//!     #X#     return 410;
//!     #X# }
//! ```
//!
//! Blank lines stay as they are. Restoring takes the first marker of each line away, wherever it is indented, so a line that was
//! a comment before comes out as that comment.

use std::ops::Range;

use super::{Refusal, TextEdit};
use crate::phrase;
pub use crate::project::commented::title;
use crate::project::commented::{self, Hidden};
use crate::project::commented::{BLANKS, indentation, shorten};
use crate::syntax::{Body, Directive, MAX_WORD, Parse};
use crate::text::{Span, Text};

/// What a restoration does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restoration {
    /// The block's first line up to `{` or `;`, without marker: `location /old/`.
    pub title: String,
    /// The lines that are restored, without the last line break.
    pub span: Span,
    /// The edits, in order.
    pub edits: Vec<TextEdit>,
}

/// The edits that comment out the directives at these spans, which need not be sorted and may overlap.
///
/// Refused, with the reason, where it can't be undone exactly or where nginx would read the result otherwise: when something else
/// stands on one of the lines, when the directive is not complete, and when a comment would be longer than nginx reads.
pub fn comment_out(text: &Text, parse: &Parse, spans: &[Span], marker: &str) -> Result<Vec<TextEdit>, Refusal> {
    check_marker(marker)?;
    let mut spans = spans.to_vec();
    spans.sort();
    let Some(whole) = spans.iter().copied().reduce(Span::join) else { return Ok(Vec::new()) };
    // Of a long file only what is around the blocks is looked at: there may be many to be asked about, one after the other.
    let window = commented::around(text, whole, marker);
    let here = Part { text: Text::new(&text.slice(window)), start: window.start, line: text.line_of(window.start) as usize };
    let source = here.text.to_str();
    let mut groups: Vec<Group> = Vec::new();
    for span in spans {
        let directive = directive_at(&parse.directives, span).ok_or_else(|| Refusal::new(phrase!("refusal-no-directive")))?;
        if matches!(&directive.body, Body::Block(block) if !block.closed) {
            return Err(Refusal::new(phrase!("refusal-unclosed", directive = title(directive))));
        }
        if let Some(problem) = parse.problems_at(span).iter().find(|problem| span.covers(problem.span)) {
            let line = text.line_of(problem.span.start) as usize + 1;
            return Err(Refusal::new(phrase!("refusal-error", directive = title(directive), line = line)));
        }
        let span = here.span(span);
        let lines = whole_lines(&source, span);
        match groups.last_mut() {
            Some(last) if last.lines.end > lines.start => {
                last.lines.end = last.lines.end.max(lines.end);
                last.spans.push(span);
            }
            _ => groups.push(Group { lines, spans: vec![span], title: title(directive) }),
        }
    }
    let mut edits = Vec::new();
    for group in &groups {
        group.owns_its_lines(&source, &here, parse)?;
        group.mark(&source, marker, here.line, &mut edits)?;
    }
    // Lines right above may be commented out, too, and read like the beginning of this block: then nobody could tell them apart.
    let mut shift = 0;
    let after = super::apply(&here.text, &edits);
    // One that follows another is a part of its run: all are found at once.
    let known = if groups.len() > 1 { commented::all(&after, marker) } else { Vec::new() };
    for group in &groups {
        let [start, end] = [group.lines.start, group.lines.end].map(|at| edits.partition_point(|edit| (edit.span.start as usize) < at));
        let inserted = end - start;
        let first = group.lines.start + shift;
        shift += inserted * marker.len();
        let expected = Span::new(first as u32, (group.lines.end + shift) as u32);
        if !undone(&after, &known, expected, marker, &source, group.lines.clone()) {
            return Err(Refusal::new(phrase!("refusal-beside", directive = &group.title)));
        }
    }
    Ok(edits.into_iter().map(|edit| TextEdit { span: here.whole(edit.span), new: edit.new }).collect())
}

/// Some lines of a text.
struct Part {
    text: Text,
    /// Where they begin in the whole text, …
    start: u32,
    /// … and how many lines are before them.
    line: usize,
}

impl Part {
    /// The place in the lines that is this one in the whole text.
    fn span(&self, whole: Span) -> Span {
        Span::new(whole.start.saturating_sub(self.start), whole.end.saturating_sub(self.start))
    }

    /// The place in the whole text that is this one in the lines.
    fn whole(&self, span: Span) -> Span {
        Span::new(span.start + self.start, span.end + self.start)
    }
}

/// Lines that are commented out together: one block, or several that share lines.
struct Group {
    lines: Range<usize>,
    spans: Vec<Span>,
    title: String,
}

impl Group {
    fn owns_its_lines(&self, source: &str, here: &Part, parse: &Parse) -> Result<(), Refusal> {
        let comments = parse.comments_in(here.whole(Span::new(self.lines.start as u32, self.lines.end as u32)));
        let mut at = self.lines.start;
        let mut free = Vec::new();
        for span in &self.spans {
            if span.start as usize > at {
                free.push(at..span.start as usize);
            }
            at = at.max(span.end as usize);
        }
        free.push(at..self.lines.end);
        for range in free {
            let mut rest = range.start;
            for comment in comments {
                let comment = here.span(*comment).range();
                if comment.start >= rest && comment.end <= range.end {
                    blank(source, rest..comment.start).map_err(|other| self.shared(other))?;
                    rest = comment.end;
                }
            }
            blank(source, rest..range.end).map_err(|other| self.shared(other))?;
        }
        Ok(())
    }

    fn shared(&self, other: &str) -> Refusal {
        let end = other.find(['\n', '{', ';', '}']).unwrap_or(other.len());
        let other = match shorten(other.get(..end).unwrap_or(other)) {
            empty if empty.is_empty() => other.chars().take(1).collect(),
            other => other,
        };
        Refusal::new(phrase!("refusal-same-line", other = other, directive = &self.title))
    }

    /// `before` is how many lines are before the source.
    fn mark(&self, source: &str, marker: &str, before: usize, edits: &mut Vec<TextEdit>) -> Result<(), Refusal> {
        let indentation = indentation(source.get(self.lines.clone()).unwrap_or_default());
        let mut start = self.lines.start;
        for line in source.get(self.lines.clone()).unwrap_or_default().split_inclusive('\n') {
            if !line.trim_matches(BLANKS).is_empty() {
                let common = line.bytes().zip(indentation.bytes()).take_while(|(line, block)| line == block).count();
                let comment = marker.len() + line.trim_end_matches('\n').len() - common;
                if comment > MAX_WORD as usize {
                    let number = before + source.get(..start).unwrap_or_default().matches('\n').count() + 1;
                    return Err(Refusal::new(phrase!("refusal-long-comment", line = number, bytes = comment, most = MAX_WORD as usize)));
                }
                edits.push(TextEdit { span: Span::at((start + common) as u32), new: marker.to_owned() });
            }
            start += line.len();
        }
        Ok(())
    }
}

fn blank(source: &str, range: Range<usize>) -> Result<(), &str> {
    let text = source.get(range).unwrap_or_default().trim_matches(BLANKS);
    if text.is_empty() { Ok(()) } else { Err(text) }
}

fn whole_lines(source: &str, span: Span) -> Range<usize> {
    let before = source.get(..span.start as usize).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let behind = source.get(span.end as usize..).unwrap_or_default();
    let end = behind.find('\n').map_or(source.len(), |at| span.end as usize + at + 1);
    start..end
}

/// The directive of exactly that span.
pub fn directive_at(directives: &[std::sync::Arc<Directive>], span: Span) -> Option<&Directive> {
    let index = directives.partition_point(|directive| directive.span.end < span.end);
    let directive = directives.get(index)?;
    if directive.span == span {
        return Some(directive);
    }
    if directive.span.covers(span) { directive_at(directive.children(), span) } else { None }
}

fn check_marker(marker: &str) -> Result<(), Refusal> {
    if !commented::is_marker(marker) {
        return Err(Refusal::new(phrase!("refusal-marker", marker = format!("{marker:?}"))));
    }
    Ok(())
}

/// True when restoring at every block of the lines gives back what was there. `known` are the blocks that are commented out afterwards.
fn undone(after: &Text, known: &[Hidden], lines: Span, marker: &str, before: &str, original: Range<usize>) -> bool {
    let source = after.slice(lines);
    let first = lines.start + indentation(&source).len() as u32;
    let starting = known.get(known.partition_point(|hidden| hidden.span.start < lines.start));
    let same = |hidden: &&Hidden| hidden.span.start == lines.start && hidden.lines.end <= lines.end;
    let Some(hidden) = starting.filter(same).cloned().or_else(|| commented::at(after, first, marker)) else { return false };
    let end = lines.start + commented::line_end(&source, Span::new(0, lines.len()));
    let covered = hidden.span.start == lines.start && hidden.span.end == end;
    let restored: u32 = hidden.markers.iter().map(|span| span.len()).sum();
    covered && lines.len() - restored == original.len() as u32 && {
        let within = |span: Span| Span::new(span.start - lines.start, span.end - lines.start);
        let edits: Vec<TextEdit> = hidden.markers.iter().map(|span| TextEdit { span: within(*span), new: String::new() }).collect();
        super::apply(&Text::new(&source), &edits).to_str() == before.get(original).unwrap_or_default()
    }
}

/// The commented-out block at a byte offset, and the edits that restore it: `None` where no line with the marker is, or where what
/// the marker hides is no complete directive. Of several blocks that follow each other, the one at the offset. A line above it that
/// we wrote goes, too.
///
/// The marker may lack the blanks at its end: people who write it by hand leave them out.
pub fn restore(text: &Text, offset: u32, marker: &str) -> Option<Restoration> {
    commented::at(text, offset, marker).map(|hidden| restoration(text, &hidden))
}

/// The edits that restore a block.
pub fn restoration(text: &Text, hidden: &Hidden) -> Restoration {
    let header = hidden.header_line(text).map(|line| TextEdit { span: line, new: String::new() });
    let markers = hidden.markers.iter().map(|span| TextEdit { span: *span, new: String::new() });
    Restoration { title: hidden.title.clone(), span: hidden.span, edits: header.into_iter().chain(markers).collect() }
}
