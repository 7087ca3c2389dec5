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
use crate::nginx::directives;
use crate::phrase;
use crate::syntax::{Body, Directive, MAX_WORD, Parse};
use crate::text::{Span, Text};

/// How often [`restore`] parses the lines around a cursor at most: only lines that are no configuration need more than one.
const ATTEMPTS: usize = 200;

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

/// What a directive is called in a menu: its first words, shortened.
pub fn title(directive: &Directive) -> String {
    let mut title = directive.name.value.to_string();
    for word in &directive.args {
        title.push(' ');
        title.push_str(&word.value);
    }
    shorten(&title)
}

fn shorten(title: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().collect();
    let title = words.join(" ");
    match title.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title,
    }
}

/// The edits that comment out the directives at these spans, which need not be sorted and may overlap.
///
/// Refused, with the reason, where it can't be undone exactly or where nginx would read the result otherwise: when something else
/// stands on one of the lines, when the directive is not complete, and when a comment would be longer than nginx reads.
pub fn comment_out(text: &Text, parse: &Parse, spans: &[Span], marker: &str) -> Result<Vec<TextEdit>, Refusal> {
    check_marker(marker)?;
    let source = text.to_str();
    let mut spans = spans.to_vec();
    spans.sort();
    let mut groups: Vec<Group> = Vec::new();
    for span in spans {
        let directive = directive_at(&parse.directives, span).ok_or_else(|| Refusal::new(phrase!("refusal-no-directive")))?;
        if matches!(&directive.body, Body::Block(block) if !block.closed) {
            return Err(Refusal::new(phrase!("refusal-unclosed", directive = title(directive))));
        }
        if let Some(problem) = parse.problems.iter().find(|problem| span.covers(problem.span)) {
            let line = text.line_of(problem.span.start) as usize + 1;
            return Err(Refusal::new(phrase!("refusal-error", directive = title(directive), line = line)));
        }
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
        group.owns_its_lines(&source, parse)?;
        group.mark(&source, marker, &mut edits)?;
    }
    // Lines right above may be commented out, too, and read like the beginning of this block: then nobody could tell them apart.
    let mut shift = 0;
    let after = super::apply(text, &edits);
    for group in &groups {
        let inserted: Vec<&TextEdit> = edits.iter().filter(|edit| group.lines.contains(&(edit.span.start as usize))).collect();
        let first = group.lines.start + shift;
        shift += inserted.len() * marker.len();
        let expected = Span::new(first as u32, (group.lines.end + shift) as u32);
        if !undone(&after, expected, marker, &source, group.lines.clone()) {
            return Err(Refusal::new(phrase!("refusal-beside", directive = &group.title)));
        }
    }
    Ok(edits)
}

/// Lines that are commented out together: one block, or several that share lines.
struct Group {
    lines: Range<usize>,
    spans: Vec<Span>,
    title: String,
}

impl Group {
    fn owns_its_lines(&self, source: &str, parse: &Parse) -> Result<(), Refusal> {
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
            for comment in &parse.comments {
                let comment = comment.range();
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

    fn mark(&self, source: &str, marker: &str, edits: &mut Vec<TextEdit>) -> Result<(), Refusal> {
        let indentation = indentation(source.get(self.lines.clone()).unwrap_or_default());
        let mut start = self.lines.start;
        for line in source.get(self.lines.clone()).unwrap_or_default().split_inclusive('\n') {
            if !line.trim_matches(BLANKS).is_empty() {
                let common = line.bytes().zip(indentation.bytes()).take_while(|(line, block)| line == block).count();
                let comment = marker.len() + line.trim_end_matches('\n').len() - common;
                if comment > MAX_WORD as usize {
                    let number = source.get(..start).unwrap_or_default().matches('\n').count() + 1;
                    return Err(Refusal::new(phrase!("refusal-long-comment", line = number, bytes = comment, most = MAX_WORD as usize)));
                }
                edits.push(TextEdit { span: Span::at((start + common) as u32), new: marker.to_owned() });
            }
            start += line.len();
        }
        Ok(())
    }
}

/// What nginx takes for a blank.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

fn blank(source: &str, range: Range<usize>) -> Result<(), &str> {
    let text = source.get(range).unwrap_or_default().trim_matches(BLANKS);
    if text.is_empty() { Ok(()) } else { Err(text) }
}

fn indentation(line: &str) -> &str {
    let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
    &line[..end]
}

fn whole_lines(source: &str, span: Span) -> Range<usize> {
    let before = source.get(..span.start as usize).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let behind = source.get(span.end as usize..).unwrap_or_default();
    let end = behind.find('\n').map_or(source.len(), |at| span.end as usize + at + 1);
    start..end
}

fn directive_at(directives: &[std::sync::Arc<Directive>], span: Span) -> Option<&Directive> {
    let index = directives.partition_point(|directive| directive.span.end < span.end);
    let directive = directives.get(index)?;
    if directive.span == span {
        return Some(directive);
    }
    if directive.span.covers(span) { directive_at(directive.children(), span) } else { None }
}

fn check_marker(marker: &str) -> Result<(), Refusal> {
    if !marker.starts_with('#') || marker.contains(['\n', '\r']) {
        return Err(Refusal::new(phrase!("refusal-marker", marker = format!("{marker:?}"))));
    }
    Ok(())
}

/// True when restoring at every block of the lines gives back what was there.
fn undone(after: &Text, lines: Span, marker: &str, before: &str, original: Range<usize>) -> bool {
    let source = after.to_str();
    let first = lines.start + indentation(source.get(lines.range()).unwrap_or_default()).len() as u32;
    let Some(restoration) = restore(after, first, marker) else { return false };
    let covered = restoration.span.start == lines.start && restoration.span.end == line_end(&source, lines);
    let restored: u32 = restoration.edits.iter().map(|edit| edit.span.len()).sum();
    covered && lines.len() - restored == original.len() as u32 && {
        let restored = super::apply(after, &restoration.edits);
        restored.slice(Span::new(lines.start, lines.start + original.len() as u32)) == before.get(original).unwrap_or_default()
    }
}

fn line_end(source: &str, lines: Span) -> u32 {
    let text = source.get(lines.range()).unwrap_or_default();
    let text = text.strip_suffix('\n').unwrap_or(text);
    lines.start + text.strip_suffix('\r').unwrap_or(text).len() as u32
}

/// One line of a run of commented-out lines.
struct Line {
    /// In the text, with the line break.
    range: Range<usize>,
    /// The marker in it; empty on a blank line.
    marker: Range<usize>,
}

/// The commented-out block at a byte offset, and the edits that restore it: `None` where no line with the marker is, or where what
/// the marker hides is no complete directive. Of several blocks that follow each other, the one at the offset.
///
/// The marker may lack the blanks at its end: people who write it by hand leave them out.
pub fn restore(text: &Text, offset: u32, marker: &str) -> Option<Restoration> {
    check_marker(marker).ok()?;
    let source = text.to_str();
    let (run, cursor) = run_at(&source, offset as usize, marker)?;
    if let Some(found) = unit_of_clean_run(&source, &run, cursor) {
        let (lines, title) = found?;
        return Some(restoration(&source, run.get(lines)?, marker, title));
    }
    let mut attempts = 1;
    let mut first = 0;
    while first <= cursor {
        let starts_one = run.get(first).is_some_and(|line| {
            let hidden = source.get(line.marker.end..line.range.end).unwrap_or_default().trim_start_matches(BLANKS);
            !line.marker.is_empty() && !hidden.is_empty() && !hidden.starts_with('#')
        });
        if !starts_one {
            first += 1;
            continue;
        }
        match complete(&source, &run[first..], &mut attempts) {
            Some((count, title)) if first + count > cursor => {
                return Some(restoration(&source, run.get(first..first + count)?, marker, title));
            }
            Some((count, _)) => first += count,
            None => first += 1,
        }
        if attempts >= ATTEMPTS {
            return None;
        }
    }
    None
}

fn restoration(source: &str, lines: &[Line], marker: &str, title: String) -> Restoration {
    // Where a line was marked without the blank, the blanks behind the marker of the others are their own.
    let bare = marker.trim_end().len();
    let by_hand = |line: &Line| {
        let behind = source.get(line.marker.start + bare..line.range.end).unwrap_or_default();
        line.marker.len() == bare && !behind.starts_with(BLANKS) && !behind.is_empty()
    };
    let bare = if lines.iter().any(by_hand) { bare } else { usize::MAX };
    let start = lines.first().map_or(0, |line| line.range.start) as u32;
    let end = lines.last().map_or(0, |line| line.range.end) as u32;
    let edits = lines
        .iter()
        .filter(|line| !line.marker.is_empty())
        .map(|line| Span::new(line.marker.start as u32, line.marker.end.min(line.marker.start.saturating_add(bare)) as u32))
        .map(|span| TextEdit { span, new: String::new() })
        .collect();
    Restoration { title, span: Span::new(start, line_end(source, Span::new(start, end))), edits }
}

/// The lines around the offset that have the marker or are blank, and the offset's among them.
fn run_at(source: &str, offset: usize, marker: &str) -> Option<(Vec<Line>, usize)> {
    let offset = offset.min(source.len());
    let here = source.as_bytes().get(..offset)?.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let mut run = Vec::new();
    let mut at = here;
    while at > 0 {
        let start = source.get(..at - 1)?.rfind('\n').map_or(0, |at| at + 1);
        let Some(line) = marked(source, start..at, marker) else { break };
        run.push(line);
        at = start;
    }
    run.reverse();
    let cursor = run.len();
    for line in source.get(here..)?.split_inclusive('\n') {
        let start = run.last().map_or(here, |line| line.range.end);
        let Some(line) = marked(source, start..start + line.len(), marker) else { break };
        run.push(line);
    }
    if run.get(cursor)?.marker.is_empty() { None } else { Some((run, cursor)) }
}

fn marked(source: &str, range: Range<usize>, marker: &str) -> Option<Line> {
    let line = source.get(range.clone())?;
    if line.trim_matches(BLANKS).is_empty() {
        return Some(Line { marker: range.start..range.start, range });
    }
    let start = range.start + indentation(line).len();
    let behind = source.get(start..range.end)?;
    let len = [marker, marker.trim_end()].into_iter().find(|marker| behind.starts_with(marker))?.len();
    Some(Line { range, marker: start..start + len })
}

/// What the lines hide, and where in that each of them ends.
fn unmark(source: &str, lines: &[Line]) -> (String, Vec<usize>) {
    let mut hidden = String::new();
    let mut ends = Vec::with_capacity(lines.len());
    for line in lines {
        hidden.push_str(source.get(line.range.start..line.marker.start).unwrap_or_default());
        hidden.push_str(source.get(line.marker.end..line.range.end).unwrap_or_default());
        ends.push(hidden.len());
    }
    (hidden, ends)
}

/// Where all that a run hides is configuration, one parse tells its blocks apart: the one that the cursor is in. The outer `None` is
/// for a run that holds something else, too.
#[allow(clippy::type_complexity)]
fn unit_of_clean_run(source: &str, run: &[Line], cursor: usize) -> Option<Option<(Range<usize>, String)>> {
    let (hidden, ends) = unmark(source, run);
    let parse = Parse::with_vocabulary(&Text::new(&hidden), directives::is_known);
    if !parse.problems.is_empty() || parse.directives.iter().any(|directive| begins_as_prose(&hidden, directive)) {
        return None;
    }
    let line_of = |offset: u32| ends.partition_point(|end| *end < offset as usize);
    let mut unit: Option<(Range<usize>, String)> = None;
    for directive in &parse.directives {
        let (start, end) = (line_of(directive.span.start + 1), line_of(directive.span.end) + 1);
        match &mut unit {
            Some((lines, _)) if start < lines.end => lines.end = lines.end.max(end),
            Some((lines, _)) if lines.end > cursor => break,
            _ => unit = Some((start..end, title(directive))),
        }
    }
    Some(unit.filter(|(lines, _)| lines.contains(&cursor)))
}

/// How many of the lines make the first complete directive (with what else stands on its last line), and what it is called.
fn complete(source: &str, lines: &[Line], attempts: &mut usize) -> Option<(usize, String)> {
    let (hidden, ends) = unmark(source, lines);
    *attempts += 1;
    // What follows may be no configuration and must not count, but it rarely disturbs: look at all first, then line by line.
    let all = Parse::with_vocabulary(&Text::new(&hidden), directives::is_known);
    if let Some(count) = first_unit(&all, &ends)
        && let Some(title) = is_unit(&hidden, &ends, count)
    {
        return Some((count, title));
    }
    if all.problems.is_empty() {
        return None;
    }
    for count in 1..=lines.len() {
        let line = hidden.get(if count > 1 { ends[count - 2] } else { 0 }..ends[count - 1]).unwrap_or_default();
        if !line.contains(['}', ';']) {
            continue;
        }
        *attempts += 1;
        if let Some(title) = is_unit(&hidden, &ends, count) {
            return Some((count, title));
        }
        if *attempts >= ATTEMPTS {
            return None;
        }
    }
    None
}

/// The lines up to the end of the first directive, and on while a directive that begins on the last of them goes on behind it.
fn first_unit(parse: &Parse, ends: &[usize]) -> Option<usize> {
    let line_of = |offset: u32| ends.partition_point(|end| *end < offset as usize);
    let mut last = line_of(parse.directives.first()?.span.end);
    for directive in &parse.directives {
        if line_of(directive.span.start + 1) <= last {
            last = last.max(line_of(directive.span.end));
        }
    }
    Some(last + 1)
}

fn is_unit(hidden: &str, ends: &[usize], count: usize) -> Option<String> {
    let text = hidden.get(..*ends.get(count.checked_sub(1)?)?)?;
    let parse = Parse::with_vocabulary(&Text::new(text), directives::is_known);
    let prose = parse.directives.iter().any(|directive| begins_as_prose(text, directive));
    let whole = !prose && parse.problems.is_empty() && first_unit(&parse, ends) == Some(count);
    if whole { parse.directives.first().map(|directive| title(directive)) } else { None }
}

/// Words above a directive read like its beginning: `a note` and, on the next line, `location /a {`. What shows it is a directive's name
/// that is first on its line and not indented deeper than the words.
fn begins_as_prose(hidden: &str, directive: &Directive) -> bool {
    let column = |offset: u32| {
        let before = hidden.get(..offset as usize).unwrap_or_default();
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        line.trim_matches(BLANKS).is_empty().then_some(line.len())
    };
    let Some(own) = column(directive.name.span.start) else { return false };
    let first_on_line = |offset: u32| column(offset).is_some_and(|column| column <= own);
    directive.args.iter().any(|word| directives::is_known(&word.value) && first_on_line(word.span.start))
}
