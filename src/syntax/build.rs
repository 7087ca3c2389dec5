//! Events to nested directives, with recovery from what people really forget: a `;`, a `}`.

use std::sync::Arc;

use super::{Block, Body, Directive, MAX_DEPTH, Origin, Problem, ProblemKind, Quote, Vocabulary, Word};
use crate::text::Span;

/// Name and arguments of a directive.
#[derive(Debug)]
pub(super) struct Head {
    name: Word,
    args: Vec<Word>,
}

impl Head {
    /// Takes the words, which leaves none; `None` when there are none.
    pub fn new(words: &mut Vec<Word>) -> Option<Head> {
        let mut words = words.drain(..);
        Some(Head { name: words.next()?, args: words.collect() })
    }

    pub fn end(&self) -> u32 {
        self.args.last().unwrap_or(&self.name).span.end
    }

    fn directive(self, end: u32, body: Body, origin: Origin) -> Arc<Directive> {
        let directive = Directive::new(Span::new(self.name.span.start, end), self.name, self.args, body);
        Arc::new(Directive { origin, ..directive })
    }
}

/// What the text consists of, in order.
#[derive(Debug)]
pub(super) enum Event {
    /// A directive, and where it ends (past its `;`).
    Simple(Head, u32),
    /// A directive with Lua code, and where it ends.
    Lua(Head, Span, u32),
    /// A `{`, with what stands before it.
    Open(Option<Head>, Span),
    /// A `}`.
    Close(Span),
    /// A directive with all that is in it, as an earlier parse had it; never where there is a brace error.
    Ready(Arc<Directive>),
}

impl Event {
    fn head_mut(&mut self) -> Option<&mut Head> {
        match self {
            Event::Simple(head, _) | Event::Lua(head, ..) => Some(head),
            Event::Open(head, _) => head.as_mut(),
            Event::Close(_) | Event::Ready(_) => None,
        }
    }
}

/// A missing `;` makes the next directive an argument of the one before. It is seen by an argument that is the first word on
/// its line, has the name of a directive, and is not indented deeper than the directive itself.
pub(super) fn split_at_missing_semicolons(source: &str, events: Vec<Event>, known: Vocabulary) -> Vec<Event> {
    let mut out = Vec::with_capacity(events.len());
    for mut event in events {
        if let Some(head) = event.head_mut() {
            split_off_first(source, head, known, &mut out);
        }
        out.push(event);
    }
    out
}

/// Leaves the last of the directives that a head holds in it; those before go to `out`. One pass, however many there are.
fn split_off_first(source: &str, head: &mut Head, known: Vocabulary, out: &mut Vec<Event>) {
    // Nearly every directive is on one line: whether its name is known need not be looked up.
    if !head.args.iter().any(|word| word.quote == Quote::None && indent(source, word.span.start).is_some()) {
        return;
    }
    // Only a directive that is first on its line has an indentation to compare with.
    let Some(mut own) = indent(source, head.name.span.start) else { return };
    // `...` and `${placeholder}` on a line of their own are no directives that want a `;`.
    if !known(&head.name.value) {
        return;
    }
    let mut args = Vec::new();
    for word in std::mem::take(&mut head.args) {
        let start = match word.quote {
            Quote::None => indent(source, word.span.start).filter(|indent| *indent <= own && known(&word.value)),
            Quote::Single | Quote::Double => None,
        };
        if let Some(indent) = start {
            own = indent;
            let before = Head { name: std::mem::replace(&mut head.name, word), args: std::mem::take(&mut args) };
            let end = before.end();
            out.push(Event::Simple(before, end));
        } else {
            args.push(word);
        }
    }
    head.args = args;
}

/// The width of the blanks before a word; `None` when it is not the first on its line.
fn indent(source: &str, at: u32) -> Option<usize> {
    let mut width = 0;
    for byte in source.as_bytes()[..at as usize].iter().rev() {
        match byte {
            b'\n' | b'\r' => return Some(width),
            b' ' => width += 1,
            b'\t' => width += 4,
            _ => return None,
        }
    }
    Some(width)
}

/// A block that is not closed yet.
struct Open {
    head: Option<Head>,
    brace: Span,
    indent: Option<usize>,
    children: Vec<Arc<Directive>>,
}

/// Nests the directives. Without a brace error as the braces say; with one, also as the indentation says, so that one brace
/// too few or too many does not put the rest of the file into the wrong block.
pub(super) fn build(source: &str, events: Vec<Event>, brace_error: bool, problems: &mut Vec<Problem>) -> Vec<Arc<Directive>> {
    let balance = if brace_error { Balance::of(&events) } else { Balance::default() };
    let origins = Origin::of_new_reading();
    let mut nesting = Nesting { source, stack: Vec::new(), top: Vec::new(), problems, too_deep: 0, balance, origins };
    for event in events {
        match event {
            Event::Close(span) if brace_error && nesting.too_deep == 0 => nesting.close(span),
            event => nesting.take(event),
        }
    }
    while !nesting.stack.is_empty() {
        nesting.close_missing(source.len() as u32);
    }
    let top = nesting.top;
    problems.sort_by_key(|problem| problem.span);
    problems.dedup();
    top
}

/// What the braces alone say is wrong with them, from some place on. Indentation says only where: it finds no brace too many in a file that
/// lacks one, and none to lack in a file that has one too many.
#[derive(Default)]
struct Balance {
    /// So many `}` to come find no block open.
    stray: usize,
    /// So many of these have been found already, by indentation.
    ahead: usize,
    /// So many blocks are open where the file ends, less those that were found to end before.
    missing: usize,
}

impl Balance {
    fn of(events: &[Event]) -> Balance {
        let mut balance = Balance::default();
        for event in events {
            match event {
                Event::Open(..) => balance.missing += 1,
                Event::Close(_) if balance.missing > 0 => balance.missing -= 1,
                Event::Close(_) => balance.stray += 1,
                Event::Simple(..) | Event::Lua(..) | Event::Ready(_) => {}
            }
        }
        balance
    }
}

struct Nesting<'a> {
    source: &'a str,
    stack: Vec<Open>,
    top: Vec<Arc<Directive>>,
    problems: &'a mut Vec<Problem>,
    /// Blocks beyond [`MAX_DEPTH`] that are open.
    too_deep: usize,
    /// Where there is a brace error.
    balance: Balance,
    /// That of the next directive.
    origins: Origin,
}

impl Nesting<'_> {
    fn take(&mut self, event: Event) {
        if self.too_deep > 0 {
            match event {
                Event::Open(..) => self.too_deep += 1,
                Event::Close(_) => self.too_deep -= 1,
                Event::Simple(..) | Event::Lua(..) | Event::Ready(_) => {}
            }
            return;
        }
        match event {
            Event::Simple(head, end) => {
                if !self.source[..end as usize].ends_with(';') || end == head.end() {
                    let span = last_character(self.source, head.end());
                    // An incomplete directive has been reported where it was read.
                    if !self.problems.iter().rev().take(4).any(|problem| problem.span == span) {
                        self.problems.push(Problem { span, kind: ProblemKind::MissingSemicolon });
                    }
                }
                let origin = self.origins.take();
                self.add(head.directive(end, Body::Simple, origin));
            }
            Event::Ready(directive) => self.add(directive),
            Event::Lua(head, code, end) => {
                let origin = self.origins.take();
                self.add(head.directive(end, Body::Lua(code), origin));
            }
            Event::Open(head, brace) => {
                if self.stack.len() >= MAX_DEPTH {
                    if self.too_deep == 0 {
                        self.problems.push(Problem { span: brace, kind: ProblemKind::TooDeep });
                    }
                    self.too_deep = 1;
                    if let Some(head) = head {
                        let end = brace.end;
                        let block = Block { span: brace, closed: true, directives: Vec::new() };
                        let origin = self.origins.take();
                        self.add(head.directive(end, Body::Block(block.into()), origin));
                    }
                    return;
                }
                let start = head.as_ref().map_or(brace.start, |head| head.name.span.start);
                self.stack.push(Open { indent: indent(self.source, start), head, brace, children: Vec::new() });
            }
            Event::Close(span) => match self.stack.pop() {
                Some(open) => self.finish(open, span.end, true),
                None => self.problems.push(Problem { span, kind: ProblemKind::StrayClose }),
            },
        }
    }

    fn add(&mut self, directive: Arc<Directive>) {
        match self.stack.last_mut() {
            Some(open) => open.children.push(directive),
            None => self.top.push(directive),
        }
    }

    fn finish(&mut self, open: Open, end: u32, closed: bool) {
        let block = Block { span: Span::new(open.brace.start, end), closed, directives: open.children };
        match open.head {
            Some(head) => {
                let directive = head.directive(end, Body::Block(block.into()), self.origins.take());
                self.add(directive);
            }
            // A block without a name: nothing is known of it, what is inside counts where it stands.
            None => block.directives.into_iter().for_each(|directive| self.add(directive)),
        }
    }

    /// Ends the innermost block although its brace is missing. What stands at its end and is not indented deeper than it does is behind it.
    fn close_missing(&mut self, end: u32) {
        if let Some(mut open) = self.stack.pop() {
            self.problems.push(Problem { span: open.brace, kind: ProblemKind::MissingClose });
            let inside = |child: &Arc<Directive>| {
                let width = indent(self.source, child.span.start);
                width.is_none_or(|width| open.indent.is_none_or(|own| own < width))
            };
            let kept = open.children.iter().rposition(inside).map_or(0, |last| last + 1);
            // A block of which nothing is indented says nothing by that.
            let behind = if kept > 0 { open.children.split_off(kept) } else { Vec::new() };
            // Not past what is known to be inside.
            let last = open.children.last().map_or(open.brace.end, |last| last.span.end);
            self.finish(open, last.min(end).max(last), false);
            behind.into_iter().for_each(|directive| self.add(directive));
        }
    }

    /// A `}` in a file with a brace error. It closes the block that starts at its own column, if that can be.
    fn close(&mut self, span: Span) {
        let finds_nothing = self.stack.len() <= self.balance.ahead;
        let is_stray = self.is_stray(span);
        match finds_nothing {
            true => {
                self.balance.stray = self.balance.stray.saturating_sub(1);
                self.balance.ahead = self.balance.ahead.saturating_sub(usize::from(!is_stray));
            }
            false => self.balance.ahead += usize::from(is_stray),
        }
        if is_stray {
            self.problems.push(Problem { span, kind: ProblemKind::StrayClose });
            return;
        }
        if self.balance.stray == 0 && !finds_nothing {
            self.close_what_ended_before(span);
        }
        self.take(Event::Close(span));
    }

    /// Where one is too many: it is one that is at no block's column, and indented deeper than the innermost.
    fn is_stray(&self, span: Span) -> bool {
        let Some(width) = indent(self.source, span.start) else { return false };
        self.balance.stray > self.balance.ahead
            && !self.stack.iter().any(|open| open.indent == Some(width))
            && self.stack.last().is_some_and(|open| open.indent.is_some_and(|own| own < width))
    }

    /// Where blocks lack their braces: they are those inside of the block that starts at the column of this one.
    fn close_what_ended_before(&mut self, span: Span) {
        let Some(width) = indent(self.source, span.start) else { return };
        let deeper = |open: &&Open| open.indent.is_some_and(|own| own > width);
        let ended = self.stack.iter().rev().take_while(deeper).count();
        let outer = self.stack.iter().rev().nth(ended).is_some_and(|open| open.indent == Some(width));
        if outer && ended <= self.balance.missing {
            self.balance.missing -= ended;
            (0..ended).for_each(|_| self.close_missing(span.start));
        }
    }
}

/// The last character before `end`: something to underline where something is missing.
pub(super) fn last_character(source: &str, end: u32) -> Span {
    let start = source[..end as usize].char_indices().next_back().map_or(end, |(start, _)| start as u32);
    Span::new(start, end)
}
