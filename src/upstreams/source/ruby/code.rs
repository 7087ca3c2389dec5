//! Calls in Ruby: what they are given.

use tree_sitter::Node;

use super::super::syntax::{children, text};

/// A call of a method.
pub(super) struct Call<'a, 't> {
    pub(super) node: Node<'t>,
    pub(super) receiver: Option<Node<'t>>,
    pub(super) name: &'a str,
    /// Arguments without a name.
    pub(super) positional: Vec<Node<'t>>,
    /// Arguments with a name, and pairs `key => value`: the text of a key where it has one.
    pub(super) pairs: Vec<(Option<String>, Node<'t>)>,
    pub(super) block: Option<Node<'t>>,
}

impl<'a, 't> Call<'a, 't> {
    /// A call, or a name alone, which may be one.
    pub(super) fn new(code: &'a str, node: Node<'t>) -> Option<Call<'a, 't>> {
        if node.kind() == "identifier" {
            return Some(Call { node, receiver: None, name: text(code, node), positional: Vec::new(), pairs: Vec::new(), block: None });
        }
        if node.kind() != "call" {
            return None;
        }
        let mut call = Call {
            node,
            receiver: node.child_by_field_name("receiver"),
            name: node.child_by_field_name("method").map_or("", |name| text(code, name)),
            positional: Vec::new(),
            pairs: Vec::new(),
            block: node.child_by_field_name("block"),
        };
        for argument in node.child_by_field_name("arguments").map(children).unwrap_or_default() {
            match argument.kind() {
                "pair" => call.pair(code, argument),
                "hash" => children(argument).into_iter().filter(|pair| pair.kind() == "pair").for_each(|pair| call.pair(code, pair)),
                _ => call.positional.push(argument),
            }
        }
        Some(call)
    }

    fn pair(&mut self, code: &str, pair: Node<'t>) {
        let (Some(key), Some(value)) = (pair.child_by_field_name("key"), pair.child_by_field_name("value")) else { return };
        self.pairs.push((word(code, key), value));
    }

    /// The argument of that name.
    pub(super) fn option(&self, name: &str) -> Option<Node<'t>> {
        self.pairs.iter().find(|(key, _)| key.as_deref() == Some(name)).map(|(_, value)| *value)
    }

    /// True when it is given a block, of its own or one that a variable has.
    pub(super) fn has_block(&self) -> bool {
        self.block.is_some() || self.positional.iter().any(|argument| argument.kind() == "block_argument")
    }

    /// The statements of the block.
    pub(super) fn body(&self) -> Vec<Node<'t>> {
        self.block.map(statements).unwrap_or_default()
    }
}

/// The statements of a block.
pub(super) fn statements(block: Node<'_>) -> Vec<Node<'_>> {
    block.child_by_field_name("body").map(children).unwrap_or_default()
}

/// The text of a string or symbol; `None` where a part of it is computed, and for anything else.
pub(super) fn word(code: &str, node: Node<'_>) -> Option<String> {
    match node.kind() {
        "string" | "delimited_symbol" => {
            let pieces = children(node);
            let plain = pieces.iter().all(|piece| matches!(piece.kind(), "string_content" | "escape_sequence"));
            plain.then(|| pieces.iter().map(|piece| text(code, *piece)).collect())
        }
        "simple_symbol" => Some(text(code, node).trim_start_matches(':').to_owned()),
        "hash_key_symbol" | "bare_symbol" | "bare_string" => Some(text(code, node).to_owned()),
        _ => None,
    }
}

/// The words of a list, or the one word; `None` where one is computed.
pub(super) fn words(code: &str, node: Node<'_>) -> Option<Vec<String>> {
    match node.kind() {
        "array" | "symbol_array" | "string_array" => children(node).into_iter().map(|item| word(code, item)).collect(),
        _ => word(code, node).map(|word| vec![word]),
    }
}

/// The last name of a constant: `Shop::App` is `App`.
pub(super) fn constant<'a>(code: &'a str, node: Node<'_>) -> Option<&'a str> {
    match node.kind() {
        "constant" | "scope_resolution" => text(code, node).rsplit("::").next(),
        _ => None,
    }
}
