//! Which lines a marker hides a block in. A line is what ends at a line feed, as for nginx.

use std::ops::Range;

use super::{BLANKS, Hidden, indentation, is_marker, line_end, title};
use crate::nginx::directives;
use crate::syntax::{Body, Directive, Parse};
use crate::text::{Span, Text};

/// How often the lines around a cursor, or of one run, are parsed at most: only lines that are no configuration need more than one.
const ATTEMPTS: usize = 200;

/// How many bytes are parsed for that at most: of very many lines all attempts together take as long as some of a few.
const WORK: usize = 1024 * 1024;

/// What finding the blocks of one run may cost yet.
struct Budget {
    attempts: usize,
    bytes: usize,
}

impl Budget {
    /// Takes the cost of one parse; false where there is nothing left.
    fn take(&mut self, bytes: usize) -> bool {
        self.attempts = self.attempts.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
        !self.is_spent()
    }

    fn is_spent(&self) -> bool {
        self.attempts == 0 || self.bytes == 0
    }
}

/// One line of a run of commented-out lines.
struct Line {
    /// In the text, with the line break.
    range: Range<usize>,
    /// The marker in it; empty on a blank line.
    marker: Range<usize>,
}

/// What the lines of one unit hide.
struct Found {
    title: String,
    block: bool,
}

/// The commented-out block at a byte offset: `None` where no line with the marker is, or where what the marker hides is no complete
/// directive. Of several blocks that follow each other, the one at the offset.
pub(super) fn at(text: &Text, offset: u32, marker: &str) -> Option<Hidden> {
    if !is_marker(marker) {
        return None;
    }
    let source = text.to_str();
    let (run, cursor) = run_at(&source, offset as usize, marker)?;
    if let Some(units) = units_of_clean_run(&source, &run) {
        let (lines, found) = units.into_iter().find(|(lines, _)| lines.contains(&cursor))?;
        return Some(hidden(&source, run.get(lines)?, marker, found));
    }
    let units = units_of_mixed_run(&source, &run, cursor);
    let (lines, found) = units.into_iter().find(|(lines, _)| lines.contains(&cursor))?;
    Some(hidden(&source, run.get(lines)?, marker, found))
}

/// All commented-out blocks of a text, in order.
pub(super) fn all(text: &Text, marker: &str) -> Vec<Hidden> {
    let mut out = Vec::new();
    // Most texts have none, which is seen without a copy.
    if !is_marker(marker) || !text.contains(marker.trim_end()) {
        return out;
    }
    let source = text.to_str();
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| rest.find(marker.trim_end())) {
        let Some((run, _)) = run_at(&source, at + found, marker) else {
            let behind = source.get(at + found..).and_then(|rest| rest.find('\n'));
            match behind {
                Some(line) => at += found + line + 1,
                None => break,
            }
            continue;
        };
        let units = units_of_clean_run(&source, &run).unwrap_or_else(|| units_of_mixed_run(&source, &run, run.len().saturating_sub(1)));
        out.extend(units.into_iter().filter_map(|(lines, found)| Some(hidden(&source, run.get(lines)?, marker, found))));
        at = run.last().map_or(source.len(), |line| line.range.end);
    }
    out
}

/// What of a text tells of the lines that hold a span, commented out or not: these lines, those around them that have the marker or are blank,
/// and the next line on either side.
pub(super) fn around(text: &Text, span: Span, marker: &str) -> Span {
    let goes_on = |line: Span| marked(&text.slice(line), 0..line.len() as usize, marker).is_some();
    let mut start = line_at(text, span.start).start;
    while start > 0 {
        let line = line_at(text, start - 1);
        start = line.start;
        if !goes_on(line) {
            break;
        }
    }
    let mut end = line_at(text, span.end).end;
    while end < text.len() {
        let line = line_at(text, end);
        end = line.end;
        if !goes_on(line) {
            break;
        }
    }
    Span::new(start, end)
}

/// The line that holds the byte, with its line feed.
fn line_at(text: &Text, offset: u32) -> Span {
    let ends = |line: Span| line.end == text.len() || text.slice(Span::new(line.end - 1, line.end)) == "\n";
    let number = text.line_of(offset);
    let (mut first, mut last) = (number, number);
    // Lines of the protocol may end at a carriage return.
    while first > 0 && !ends(text.full_line_span(first - 1)) {
        first -= 1;
    }
    while !ends(text.full_line_span(last)) {
        last += 1;
    }
    Span::new(text.full_line_span(first).start, text.full_line_span(last).end)
}

fn hidden(source: &str, lines: &[Line], marker: &str, found: Found) -> Hidden {
    // Where a line was marked without the blank, the blanks behind the marker of the others are their own.
    let bare = marker.trim_end().len();
    let by_hand = |line: &Line| {
        let behind = source.get(line.marker.start + bare..line.range.end).unwrap_or_default();
        line.marker.len() == bare && !behind.starts_with(BLANKS) && !behind.is_empty()
    };
    let bare = if lines.iter().any(by_hand) { bare } else { usize::MAX };
    let start = lines.first().map_or(0, |line| line.range.start) as u32;
    let end = lines.last().map_or(0, |line| line.range.end) as u32;
    let markers = lines
        .iter()
        .filter(|line| !line.marker.is_empty())
        .map(|line| Span::new(line.marker.start as u32, line.marker.end.min(line.marker.start.saturating_add(bare)) as u32))
        .collect();
    let span = Span::new(start, line_end(source, Span::new(start, end)));
    Hidden { title: found.title, block: found.block, span, lines: Span::new(start, end), markers }
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

/// A unit's lines in its run, and what they hide.
type Unit = (Range<usize>, Found);

/// Where all that a run hides is configuration, one parse tells its blocks apart. `None` for a run that holds something else, too.
fn units_of_clean_run(source: &str, run: &[Line]) -> Option<Vec<Unit>> {
    let (hidden, ends) = unmark(source, run);
    let parse = Parse::with_vocabulary(&Text::new(&hidden), directives::is_known);
    if !parse.problems.is_empty() || parse.directives.iter().any(|directive| begins_as_prose(&hidden, directive)) {
        return None;
    }
    let line_of = |offset: u32| ends.partition_point(|end| *end < offset as usize);
    let mut units: Vec<Unit> = Vec::new();
    for directive in &parse.directives {
        let (start, end) = (line_of(directive.span.start + 1), line_of(directive.span.end) + 1);
        match units.last_mut() {
            Some((lines, found)) if start < lines.end => {
                lines.end = lines.end.max(end);
                found.block |= is_block(directive);
            }
            _ => units.push((start..end, Found { title: title(directive), block: is_block(directive) })),
        }
    }
    Some(units)
}

/// The blocks among lines of which some are no configuration, up to the one that holds the line `last`.
fn units_of_mixed_run(source: &str, run: &[Line], last: usize) -> Vec<Unit> {
    let mut budget = Budget { attempts: ATTEMPTS, bytes: WORK };
    let (mut units, mut first) = (Vec::new(), 0);
    while first <= last && !budget.is_spent() {
        let starts_one = run.get(first).is_some_and(|line| {
            let hidden = source.get(line.marker.end..line.range.end).unwrap_or_default().trim_start_matches(BLANKS);
            !line.marker.is_empty() && !hidden.is_empty() && !hidden.starts_with('#')
        });
        match if starts_one { complete(source, &run[first..], &mut budget) } else { None } {
            Some((count, found)) => {
                units.push((first..first + count, found));
                first += count;
            }
            None => first += 1,
        }
    }
    units
}

fn is_block(directive: &Directive) -> bool {
    !matches!(directive.body, Body::Simple)
}

/// How many of the lines make the first complete directive (with what else stands on its last line), and what it is called.
fn complete(source: &str, lines: &[Line], budget: &mut Budget) -> Option<(usize, Found)> {
    let (hidden, ends) = unmark(source, lines);
    budget.take(hidden.len());
    // What follows may be no configuration and must not count, but it rarely disturbs: look at all first, then line by line.
    let all = Parse::with_vocabulary(&Text::new(&hidden), directives::is_known);
    if let Some(count) = first_unit(&all, &ends)
        && let Some(found) = is_unit(&hidden, &ends, count)
    {
        return Some((count, found));
    }
    if all.problems.is_empty() {
        return None;
    }
    for count in 1..=lines.len() {
        let line = hidden.get(if count > 1 { ends[count - 2] } else { 0 }..ends[count - 1]).unwrap_or_default();
        if !line.contains(['}', ';']) {
            continue;
        }
        let goes_on = budget.take(ends[count - 1]);
        if let Some(found) = is_unit(&hidden, &ends, count) {
            return Some((count, found));
        }
        if !goes_on {
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

fn is_unit(hidden: &str, ends: &[usize], count: usize) -> Option<Found> {
    let text = hidden.get(..*ends.get(count.checked_sub(1)?)?)?;
    let parse = Parse::with_vocabulary(&Text::new(text), directives::is_known);
    let prose = parse.directives.iter().any(|directive| begins_as_prose(text, directive));
    let whole = !prose && parse.problems.is_empty() && first_unit(&parse, ends) == Some(count);
    let found = |first: &std::sync::Arc<Directive>| Found { title: title(first), block: parse.directives.iter().any(|it| is_block(it)) };
    if whole { parse.directives.first().map(found) } else { None }
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
