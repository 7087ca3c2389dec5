//! Tree to events: directives' heads, braces and comments in the order of the text, with words decoded.
//!
//! Events, not directives, because which block a directive belongs to is decided later (`build`): in a file with a brace too
//! few the tree's nesting is wrong from there to the end.

use std::sync::{Arc, LazyLock};

use tree_sitter::{Language, Node, Tree};

use super::build::{self, Event, Head, last_character};
use super::reuse::Earlier;
use super::{MAX_WORD, Parse, Problem, ProblemKind, Quote, Vocabulary, Word};
use crate::text::{Span, Text};

/// Ids of the node kinds that matter.
struct Kinds {
    word: u16,
    unterminated_word: u16,
    comment: u16,
    block_open: u16,
    block_close: u16,
    semicolon: u16,
    lua_block: u16,
    lua_code: u16,
    unbalanced_lua_code: u16,
    missing_close: u16,
    simple_directive: u16,
    incomplete_directive: u16,
    block_directive: u16,
    lua_directive: u16,
    nameless_block: u16,
    stray_semicolon: u16,
    stray_close: u16,
}

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    let language: Language = tree_sitter_nginx::LANGUAGE.into();
    let named = |kind| language.id_for_node_kind(kind, true);
    let token = |kind| language.id_for_node_kind(kind, false);
    Kinds {
        word: named("word"),
        unterminated_word: named("unterminated_word"),
        comment: named("comment"),
        block_open: token("{"),
        block_close: token("}"),
        semicolon: token(";"),
        lua_block: named("lua_block"),
        lua_code: named("lua_code"),
        unbalanced_lua_code: named("unbalanced_lua_code"),
        missing_close: named("missing_close"),
        simple_directive: named("simple_directive"),
        incomplete_directive: named("incomplete_directive"),
        block_directive: named("block_directive"),
        lua_directive: named("lua_directive"),
        nameless_block: named("nameless_block"),
        stray_semicolon: named("stray_semicolon"),
        stray_close: named("stray_close"),
    }
});

/// Lowers a tree; what an earlier parse has of it unchanged is taken from there.
pub(super) fn lower(tree: Option<Tree>, text: &Text, known: Vocabulary, earlier: Option<Earlier<'_>>) -> Parse {
    let Some(tree) = tree else { return Parse::default() };
    let source = text.to_str();
    let mut lowering = Lowering::new(&source, earlier);
    lowering.walk(&tree);
    if (lowering.brace_error || lowering.nameless) && lowering.earlier.is_some() {
        lowering = Lowering::new(&source, None);
        lowering.walk(&tree);
    }
    let Lowering { events, comments, mut problems, brace_error, .. } = lowering;
    if source.starts_with('\u{feff}') {
        problems.push(Problem { span: Span::new(0, '\u{feff}'.len_utf8() as u32), kind: ProblemKind::ByteOrderMark });
    }
    let events = build::split_at_missing_semicolons(&source, events, known);
    let directives = build::build(&source, events, brace_error, &mut problems);
    problems.sort_by_key(|problem| problem.span);
    Parse { tree: Some(tree), directives, comments, problems }
}

struct Lowering<'a> {
    source: &'a str,
    events: Vec<Event>,
    comments: Vec<Span>,
    problems: Vec<Problem>,
    /// Words of the directive that is being read.
    head: Option<Vec<Word>>,
    brace_error: bool,
    earlier: Option<Earlier<'a>>,
    /// Blocks that are open.
    depth: usize,
    /// A block has no name: it is no directive, and what is inside is less deep than it seems.
    nameless: bool,
}

impl<'a> Lowering<'a> {
    fn new(source: &'a str, earlier: Option<Earlier<'a>>) -> Lowering<'a> {
        let (events, comments, problems) = (Vec::new(), Vec::new(), Vec::new());
        Lowering { source, events, comments, problems, head: None, brace_error: false, earlier, depth: 0, nameless: false }
    }

    /// Visits every node in the order of the text, without recursion: blocks may be nested as deep as the file is long.
    fn walk(&mut self, tree: &Tree) {
        let mut cursor = tree.walk();
        loop {
            let into = self.enter(cursor.node());
            if into && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    /// Takes a node; true when its children are to be visited.
    fn enter(&mut self, node: Node<'_>) -> bool {
        let kinds = &*KINDS;
        let kind = node.kind_id();
        let span = span(node);
        if kind == kinds.word || kind == kinds.unterminated_word {
            self.word(span, kind == kinds.unterminated_word);
            return false;
        }
        if kind == kinds.simple_directive || kind == kinds.block_directive || kind == kinds.lua_directive {
            if let Some(earlier) = &self.earlier
                && let Some((directive, comments)) = earlier.directive(self.source, span, self.depth)
            {
                self.comments.extend(comments);
                self.events.push(Event::Ready(directive));
                return false;
            }
            self.head = Some(Vec::new());
        } else if kind == kinds.incomplete_directive {
            // The token that says so is empty: there is no `;` to come.
            self.head = Some(Vec::new());
            let mut cursor = node.walk();
            for child in node.children(&mut cursor) {
                self.enter(child);
            }
            if let Some(head) = self.take_head() {
                let at = head.end();
                self.problems.push(Problem { span: last_character(self.source, at), kind: ProblemKind::MissingSemicolon });
                self.events.push(Event::Simple(head, at));
            }
            return false;
        } else if kind == kinds.semicolon {
            if let Some(head) = self.take_head() {
                self.events.push(Event::Simple(head, span.end));
            }
        } else if kind == kinds.block_open {
            let head = self.take_head();
            self.depth += 1;
            self.nameless |= head.is_none();
            if head.is_none() {
                self.problems.push(Problem { span, kind: ProblemKind::NamelessBlock });
            }
            self.events.push(Event::Open(head, span));
        } else if kind == kinds.block_close {
            self.depth = self.depth.saturating_sub(1);
            self.events.push(Event::Close(span));
        } else if kind == kinds.lua_block {
            self.lua_block(node);
            return false;
        } else if kind == kinds.comment {
            self.comment(span);
        } else if kind == kinds.stray_semicolon {
            self.problems.push(Problem { span, kind: ProblemKind::StraySemicolon });
            return false;
        } else if kind == kinds.stray_close {
            self.brace_error = true;
            self.events.push(Event::Close(span));
            return false;
        } else if kind == kinds.missing_close {
            self.brace_error = true;
        } else if kind == kinds.nameless_block {
            self.head = None;
        }
        true
    }

    fn take_head(&mut self) -> Option<Head> {
        Head::new(self.head.take()?)
    }

    fn word(&mut self, span: Span, unterminated: bool) {
        if unterminated {
            self.problems.push(Problem { span: Span::new(span.start, span.start + 1), kind: ProblemKind::UnterminatedQuote });
        }
        if span.len() > MAX_WORD {
            self.problems.push(Problem { span, kind: ProblemKind::WordTooLong });
        }
        let raw = &self.source[span.range()];
        let (quote, inner) = match raw.as_bytes().first() {
            Some(b'"') => (Quote::Double, &raw[1..]),
            Some(b'\'') => (Quote::Single, &raw[1..]),
            _ => (Quote::None, raw),
        };
        let inner = if quote != Quote::None && !unterminated { &inner[..inner.len() - 1] } else { inner };
        let Some(head) = &mut self.head else { return };
        // Behind a closing quote nginx wants a blank, `;`, `{` or `)` (ngx_conf_read_token, need_space).
        if let Some(before) = head.last()
            && before.quote != Quote::None
            && before.span.end == span.start
            && !raw.starts_with(')')
        {
            self.problems.push(Problem { span: last_character(self.source, span.start), kind: ProblemKind::TextAfterQuote });
        }
        head.push(Word::new(span, decode(inner), quote));
    }

    fn comment(&mut self, span: Span) {
        let line = &self.source[span.range()];
        let span = Span::new(span.start, span.end - u32::from(line.ends_with('\r')));
        if let Some(before) = self.head.as_ref().and_then(|head| head.last())
            && before.quote != Quote::None
            && before.span.end == span.start
        {
            self.problems.push(Problem { span: last_character(self.source, span.start), kind: ProblemKind::TextAfterQuote });
        }
        // nginx stumbles when its buffer is full and the file goes on.
        if span.len() > MAX_WORD && (span.end as usize) < self.source.len() {
            self.problems.push(Problem { span, kind: ProblemKind::CommentTooLong });
        }
        self.comments.push(span);
    }

    fn lua_block(&mut self, node: Node<'_>) {
        let kinds = &*KINDS;
        let whole = span(node);
        let mut code = Span::at(whole.start + 1);
        let mut closed = false;
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            let kind = child.kind_id();
            if kind == kinds.block_close {
                closed = true;
                // From brace to brace: blanks at both ends belong to the code.
                code.end = child.start_byte() as u32;
            } else if kind == kinds.lua_code || kind == kinds.unbalanced_lua_code {
                code.end = child.end_byte() as u32;
            }
        }
        if !closed {
            self.problems.push(Problem { span: Span::new(whole.start, whole.start + 1), kind: ProblemKind::UnbalancedLua });
        }
        if let Some(head) = self.take_head() {
            self.events.push(Event::Lua(head, code, whole.end.max(code.end)));
        }
    }
}

fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}

/// What nginx makes of the inside of a word (`ngx_conf_read_token`): `\"`, `\'` and `\\` lose the backslash, `\t`, `\r` and
/// `\n` are those characters, any other backslash stays.
fn decode(raw: &str) -> Arc<str> {
    if !raw.contains('\\') {
        return raw.into();
    }
    let mut out = String::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    while let Some(character) = characters.next() {
        let decoded = match (character, characters.peek()) {
            ('\\', Some(next @ ('"' | '\'' | '\\'))) => Some(*next),
            ('\\', Some('t')) => Some('\t'),
            ('\\', Some('r')) => Some('\r'),
            ('\\', Some('n')) => Some('\n'),
            _ => None,
        };
        match decoded {
            Some(decoded) => {
                out.push(decoded);
                characters.next();
            }
            None => out.push(character),
        }
    }
    out.into()
}
