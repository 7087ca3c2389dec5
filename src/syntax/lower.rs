//! Tree to tokens. Used after an edit, where most of the tree is as it was and is not looked into.

use std::sync::LazyLock;

use tree_sitter::{Language, Node, Tree};

use super::collect::Collector;
use super::reuse::Earlier;
use super::{Parse, Vocabulary};
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
        stray_semicolon: named("stray_semicolon"),
        stray_close: named("stray_close"),
    }
});

/// Lowers a tree; what an earlier parse has of it unchanged is taken from there.
pub(super) fn lower(tree: &Tree, text: &Text, known: Vocabulary, earlier: Option<Earlier<'_>>) -> Parse {
    let source = text.to_str();
    let with_earlier = earlier.is_some();
    let mut lowering = Lowering { tokens: Collector::new(&source), earlier };
    lowering.walk(tree);
    if with_earlier && !lowering.tokens.braces_are_sound() {
        lowering = Lowering { tokens: Collector::new(&source), earlier: None };
        lowering.walk(tree);
    }
    lowering.tokens.finish(known)
}

struct Lowering<'a> {
    tokens: Collector<'a>,
    earlier: Option<Earlier<'a>>,
}

impl Lowering<'_> {
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
            self.tokens.word(span, kind == kinds.unterminated_word);
            return false;
        }
        if kind == kinds.simple_directive || kind == kinds.block_directive || kind == kinds.lua_directive {
            if let Some(earlier) = &self.earlier
                && let Some((directive, moved, comments)) = earlier.directive(self.tokens.source, span, self.tokens.depth)
            {
                self.tokens.ready(directive, moved, comments);
                return false;
            }
        } else if kind == kinds.incomplete_directive {
            // The token that says so is empty: there is no `;` to come.
            let mut cursor = node.walk();
            for child in node.children(&mut cursor) {
                self.enter(child);
            }
            self.tokens.missing_semicolon();
            return false;
        } else if kind == kinds.semicolon {
            self.tokens.semicolon(span.end);
        } else if kind == kinds.block_open {
            self.tokens.open(span);
        } else if kind == kinds.block_close {
            self.tokens.close(span);
        } else if kind == kinds.lua_block {
            self.lua_block(node);
            return false;
        } else if kind == kinds.comment {
            self.tokens.comment(span);
        } else if kind == kinds.stray_semicolon {
            self.tokens.stray_semicolon(span);
            return false;
        } else if kind == kinds.stray_close {
            self.tokens.stray_close(span);
            return false;
        } else if kind == kinds.missing_close {
            self.tokens.missing_close();
        }
        true
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
        self.tokens.lua(Span::new(whole.start, whole.start + 1), code, whole.end.max(code.end), closed);
    }
}

fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}
