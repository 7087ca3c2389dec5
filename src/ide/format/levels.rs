//! How deep each line of a text stands, by the braces.
//!
//! A line adds one step at most, however many blocks open on it: `http { server {` is one. What closes them stands as deep as the line
//! does on which they open.

use std::sync::Arc;

use crate::ide::lines::Lines;
use crate::project::{SourceFile, commented};
use crate::syntax::{Body, Directive};
use crate::text::Span;

/// Where a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// So many steps in.
    Depth(usize),
    /// It goes on with what began on that line.
    Continues(u32),
    /// It is not touched: Lua, quoted text, what is commented out.
    Fixed,
}

/// The levels of all lines.
#[derive(Debug)]
pub(super) struct Levels {
    lines: Vec<Option<Level>>,
    /// The line ends in something whose blanks count.
    inside: Vec<bool>,
}

impl Levels {
    /// Those of a file without problems.
    pub fn of(source: &SourceFile, text: &Lines<'_>, marker: &str) -> Levels {
        let count = text.line_count() as usize;
        let levels = Levels { lines: vec![None; count], inside: vec![false; count] };
        let mut finder = Finder { text, comments: &source.parse.comments, passed: 0, levels };
        let whole = Span::new(0, source.text.len());
        finder.block(&source.parse.directives, whole, 0);
        for comment in &source.parse.comments {
            finder.fix(*comment);
            finder.levels.set_inside(text.line_of(comment.end));
        }
        for hidden in commented::all(&source.text, marker) {
            let start = hidden.header_line(&source.text).map_or(hidden.lines.start, |header| header.start);
            let (first, last) = (text.line_of(start), text.line_of(hidden.span.end));
            (first..=last).for_each(|line| finder.levels.set(line, Level::Fixed));
        }
        finder.levels
    }

    /// Of a line; an empty one has the level of nothing in particular.
    pub fn of_line(&self, line: u32) -> Level {
        self.lines.get(line as usize).copied().flatten().unwrap_or(Level::Depth(0))
    }

    /// True when the blanks at the end of a line belong to a comment, to Lua or to a text.
    pub fn ends_inside(&self, line: u32) -> bool {
        self.inside.get(line as usize) == Some(&true)
    }

    fn set(&mut self, line: u32, level: Level) {
        if let Some(slot) = self.lines.get_mut(line as usize)
            && *slot != Some(Level::Fixed)
        {
            *slot = Some(level);
        }
    }

    fn set_inside(&mut self, line: u32) {
        if let Some(slot) = self.inside.get_mut(line as usize) {
            *slot = true;
        }
    }
}

struct Finder<'a> {
    text: &'a Lines<'a>,
    comments: &'a [Span],
    /// How many of these are behind: the text is gone through in its order.
    passed: usize,
    levels: Levels,
}

impl Finder<'_> {
    /// The lines that begin in a span, and the ends of those that end in it, are not touched.
    fn fix(&mut self, span: Span) {
        let (first, last) = (self.text.line_of(span.start), self.text.line_of(span.end));
        for line in first..last {
            self.levels.set_inside(line);
            self.levels.set(line + 1, Level::Fixed);
        }
    }

    /// Gives a line its level when what stands at the offset is first on it.
    fn place(&mut self, offset: u32, level: Level) {
        let line = self.text.line_of(offset);
        let start = self.text.line_span(line).start;
        let before = self.text.slice(Span::new(start, offset));
        // The mark at the beginning of a file takes no room; elsewhere it is a letter.
        let before = if start == 0 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        if before.trim_matches(super::BLANKS).is_empty() {
            self.levels.set(line, level);
        }
    }

    fn block(&mut self, directives: &[Arc<Directive>], inside: Span, depth: usize) {
        let mut at = inside.start;
        for directive in directives {
            self.comments(Span::new(at, directive.span.start), Level::Depth(depth));
            self.directive(directive, depth);
            at = directive.span.end;
        }
        self.comments(Span::new(at, inside.end), Level::Depth(depth));
    }

    fn comments(&mut self, between: Span, level: Level) {
        let comments: &[Span] = self.comments;
        while comments.get(self.passed).is_some_and(|comment| comment.start < between.start) {
            self.passed += 1;
        }
        while let Some(comment) = comments.get(self.passed).filter(|comment| comment.start < between.end) {
            self.place(comment.start, level);
            self.passed += 1;
        }
    }

    fn directive(&mut self, directive: &Directive, depth: usize) {
        self.place(directive.name.span.start, Level::Depth(depth));
        let line = self.text.line_of(directive.name.span.start);
        // What it stands behind on its line says how deep that is.
        let own = match self.levels.lines.get(line as usize).copied().flatten() {
            Some(Level::Depth(own)) => own,
            _ => depth,
        };
        let continues = Level::Continues(line);
        self.fix(directive.name.span);
        for word in &directive.args {
            self.place(word.span.start, continues);
            self.fix(word.span);
        }
        let head = directive.header().end;
        let body = match &directive.body {
            Body::Simple => directive.span.end,
            Body::Lua(code) => code.start.saturating_sub(1),
            Body::Block(block) => block.span.start,
        };
        self.comments(Span::new(directive.span.start, body), continues);
        match &directive.body {
            Body::Simple => {
                let end = directive.span.end.saturating_sub(1);
                if end > head {
                    self.place(end, continues);
                }
            }
            Body::Lua(code) => {
                self.place(body, Level::Depth(own));
                self.fix(*code);
            }
            Body::Block(block) => {
                self.place(body, Level::Depth(own));
                let end = block.span.end.saturating_sub(1);
                self.block(&block.directives, Span::new(block.span.start + 1, end), own + 1);
                self.place(end, Level::Depth(own));
            }
        }
    }
}
