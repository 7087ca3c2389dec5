//! Tokens to events: words of a directive's head, braces and comments in the order of the text, with words decoded.
//!
//! Events, not directives, because which block a directive belongs to is decided later (`build`): in a file with a brace too
//! few the nesting is wrong from there to the end.

use std::hash::BuildHasher;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::build::{self, Event, Head, last_character};
use super::reuse::Moved;
use super::{Directive, MAX_WORD, Parse, Problem, ProblemKind, Quote, Vocabulary, Word};
use crate::parallel;
use crate::text::Span;

/// From how many bytes on what has moved is brought to its place by several threads: starting them takes some hundredths of a millisecond.
const MANY_MOVED: u64 = 128 * 1024;

/// Takes a file's tokens in their order, whoever found them.
pub(super) struct Collector<'a> {
    pub source: &'a str,
    events: Vec<Event>,
    /// Directives that are not yet where they have moved to, each with the number of its event.
    moved: Vec<(usize, Arc<Directive>, Moved)>,
    comments: Vec<Span>,
    problems: Vec<Problem>,
    /// Words of the directive that is being read.
    words: Vec<Word>,
    texts: Texts<'a>,
    /// Blocks that are open, those without a name among them.
    pub depth: usize,
    /// A `}` that closes nothing, or a block that nothing closes.
    brace_error: bool,
    /// A block has no name: it is no directive, and what is inside is less deep than it seems.
    nameless: bool,
}

/// Texts of words that came before: what is written again and again (names of directives, `on`, `$host`) is kept once. Whoever walks over all
/// directives finds their names in the processor's cache then.
#[derive(Default)]
struct Texts<'a> {
    names: FxHashMap<&'a str, Arc<str>>,
    /// One of those that fall on each slot: arguments may all differ, and no table grows with them.
    arguments: Vec<Option<Arc<str>>>,
}

impl<'a> Texts<'a> {
    const SLOTS: usize = 512;
    /// Longer ones are rarely written twice.
    const LONGEST: usize = 32;

    fn name(&mut self, text: &'a str) -> Arc<str> {
        self.names.entry(text).or_insert_with(|| text.into()).clone()
    }

    fn argument(&mut self, text: &str) -> Arc<str> {
        if text.len() > Self::LONGEST {
            return text.into();
        }
        if self.arguments.is_empty() {
            self.arguments.resize(Self::SLOTS, None);
        }
        let slot = FxBuildHasher.hash_one(text) as usize % Self::SLOTS;
        let Some(slot) = self.arguments.get_mut(slot) else { return text.into() };
        match slot {
            Some(kept) if **kept == *text => kept.clone(),
            _ => slot.insert(text.into()).clone(),
        }
    }
}

impl<'a> Collector<'a> {
    pub fn new(source: &'a str) -> Collector<'a> {
        let (events, moved, comments, problems, words) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let texts = Texts::default();
        Collector { source, events, moved, comments, problems, words, texts, depth: 0, brace_error: false, nameless: false }
    }

    /// Is every `{` one of a directive, and has each its `}`? What an earlier parse had can be taken over only then.
    pub fn braces_are_sound(&self) -> bool {
        !self.brace_error && !self.nameless
    }

    /// A word, from quote to quote if it has any. One without its closing quote goes on to the end of the file.
    pub fn word(&mut self, span: Span, unterminated: bool) {
        if unterminated {
            self.problem(Span::new(span.start, span.start + 1), ProblemKind::UnterminatedQuote);
        }
        if span.len() > MAX_WORD {
            self.problem(span, ProblemKind::WordTooLong);
        }
        let raw = &self.source[span.range()];
        let (quote, inner) = match raw.as_bytes().first() {
            Some(b'"') => (Quote::Double, &raw[1..]),
            Some(b'\'') => (Quote::Single, &raw[1..]),
            _ => (Quote::None, raw),
        };
        let inner = if quote != Quote::None && !unterminated { &inner[..inner.len() - 1] } else { inner };
        // Behind a closing quote nginx wants a blank, `;`, `{` or `)` (ngx_conf_read_token, need_space).
        if self.is_right_behind_a_quote(span.start) && !raw.starts_with(')') {
            self.problem(last_character(self.source, span.start), ProblemKind::TextAfterQuote);
        }
        let texts = &mut self.texts;
        let word = match self.words.is_empty() {
            true => Word::read(span, inner, quote, |text| texts.name(text)),
            false => Word::read(span, inner, quote, |text| texts.argument(text)),
        };
        self.words.push(word);
    }

    /// A comment, from its `#` to before the line feed.
    pub fn comment(&mut self, span: Span) {
        let line = &self.source[span.range()];
        let span = Span::new(span.start, span.end - u32::from(line.ends_with('\r')));
        if self.is_right_behind_a_quote(span.start) {
            self.problem(last_character(self.source, span.start), ProblemKind::TextAfterQuote);
        }
        // nginx stumbles when its buffer is full and the file goes on.
        if span.len() > MAX_WORD && (span.end as usize) < self.source.len() {
            self.problem(span, ProblemKind::CommentTooLong);
        }
        self.comments.push(span);
    }

    /// The `;` behind a directive's words, which ends there.
    pub fn semicolon(&mut self, end: u32) {
        if let Some(head) = self.head() {
            self.events.push(Event::Simple(head, end));
        }
    }

    /// What comes behind a directive's words ends it without a `;`.
    pub fn missing_semicolon(&mut self) {
        if let Some(head) = self.head() {
            let end = head.end();
            self.problem(last_character(self.source, end), ProblemKind::MissingSemicolon);
            self.events.push(Event::Simple(head, end));
        }
    }

    /// The `{` behind a directive's words, or behind none.
    pub fn open(&mut self, brace: Span) {
        let head = self.head();
        self.depth += 1;
        if head.is_none() {
            self.nameless = true;
            self.problem(brace, ProblemKind::NamelessBlock);
        }
        self.events.push(Event::Open(head, brace));
    }

    /// The `}` of the innermost block.
    pub fn close(&mut self, brace: Span) {
        self.depth = self.depth.saturating_sub(1);
        self.events.push(Event::Close(brace));
    }

    /// Lua code behind a directive's words: where its `{` is, the code, and where the directive ends: behind the `}`, if it has one.
    pub fn lua(&mut self, brace: Span, code: Span, end: u32, closed: bool) {
        if !closed {
            self.problem(brace, ProblemKind::UnbalancedLua);
        }
        if let Some(head) = self.head() {
            self.events.push(Event::Lua(head, code, end));
        }
    }

    /// A `;` behind nothing.
    pub fn stray_semicolon(&mut self, span: Span) {
        self.problem(span, ProblemKind::StraySemicolon);
    }

    /// A `}` that closes nothing.
    pub fn stray_close(&mut self, brace: Span) {
        self.brace_error = true;
        self.events.push(Event::Close(brace));
    }

    /// The file ends inside of a block.
    pub fn missing_close(&mut self) {
        self.brace_error = true;
    }

    /// A directive with all that is in it, as an earlier parse had it, and how far it has moved since.
    pub fn ready(&mut self, directive: Arc<Directive>, moved: Moved, comments: impl Iterator<Item = Span>) {
        self.comments.extend(comments);
        if moved != Moved::NOT {
            self.moved.push((self.events.len(), directive.clone(), moved));
        }
        self.events.push(Event::Ready(directive));
    }

    /// Brings what has moved to where it is now. Nearly all that lies behind an edit does, and in a large file that is most of the work.
    fn settle(&mut self) {
        let moved = std::mem::take(&mut self.moved);
        let settle = |(_, directive, by): &(usize, Arc<Directive>, Moved)| by.directive(directive);
        let bytes: u64 = moved.iter().map(|(_, directive, _)| u64::from(directive.span.len())).sum();
        let settled = if bytes < MANY_MOVED { moved.iter().map(settle).collect() } else { parallel::map(&moved, settle) };
        for ((at, ..), directive) in moved.into_iter().zip(settled) {
            if let Some(event) = self.events.get_mut(at) {
                *event = Event::Ready(directive);
            }
        }
    }

    /// The directives, now that the file has ended. The parse has no tree.
    pub fn finish(mut self, known: Vocabulary) -> Parse {
        if self.source.starts_with('\u{feff}') {
            self.problem(Span::new(0, '\u{feff}'.len_utf8() as u32), ProblemKind::ByteOrderMark);
        }
        self.settle();
        let Collector { source, events, comments, mut problems, brace_error, .. } = self;
        let events = build::split_at_missing_semicolons(source, events, known);
        let directives = build::build(source, events, brace_error, &mut problems);
        problems.sort_by_key(|problem| problem.span);
        Parse { tree: Default::default(), directives, comments, problems }
    }

    fn head(&mut self) -> Option<Head> {
        Head::new(&mut self.words)
    }

    fn problem(&mut self, span: Span, kind: ProblemKind) {
        self.problems.push(Problem { span, kind });
    }

    fn is_right_behind_a_quote(&self, at: u32) -> bool {
        self.words.last().is_some_and(|before| before.quote != Quote::None && before.span.end == at)
    }
}
