//! Syntax trees, as the readers of all languages use them.

use rustc_hash::FxHashMap;
use tree_sitter::{Language, Node, Parser, Tree};

use crate::text::Span;

/// How deep the tree of a file may be. Nobody writes so deep, and what a tree is asked (what is around a node, what an expression is) takes
/// time and stack by its depth.
const DEEPEST: usize = 1_500;

/// Parses a text; `None` when the grammar can't be used, and for what is nested deeper than anybody writes.
pub(crate) fn parse(text: &str, language: &Language) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(language).ok()?;
    parser.parse(text, None).filter(|tree| !is_too_deep(tree.root_node()))
}

fn is_too_deep(root: Node<'_>) -> bool {
    // The tree knows how many nodes it has.
    if root.descendant_count() <= DEEPEST {
        return false;
    }
    let mut cursor = root.walk();
    let mut depth = 0;
    loop {
        if cursor.goto_first_child() {
            depth += 1;
            if depth > DEEPEST {
                return true;
            }
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return false;
            }
            depth -= 1;
        }
    }
}

/// All named nodes, outer before inner, without recursion.
pub(crate) fn nodes(root: Node<'_>) -> Vec<Node<'_>> {
    let mut out = Vec::new();
    let mut cursor = root.walk();
    loop {
        if cursor.node().is_named() {
            out.push(cursor.node());
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return out;
            }
        }
    }
}

/// The named children without comments.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.kind().contains("comment")).collect()
}

/// Where a node is.
pub(super) fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}

/// The text of a node.
pub(super) fn text<'a>(code: &'a str, node: Node<'_>) -> &'a str {
    code.get(node.byte_range()).unwrap_or("")
}

/// What each of the nodes is in, by its id: to ask a node itself takes as long as its tree is wide.
pub(super) fn parents<'t>(all: &[Node<'t>]) -> FxHashMap<usize, Node<'t>> {
    let mut out = FxHashMap::default();
    let mut open: Vec<Node<'t>> = Vec::new();
    for node in all {
        while open.last().is_some_and(|around| around.end_byte() < node.end_byte() || around.end_byte() <= node.start_byte()) {
            open.pop();
        }
        if let Some(around) = open.last() {
            out.insert(node.id(), *around);
        }
        open.push(*node);
    }
    out
}
