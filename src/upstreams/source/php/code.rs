//! Calls in PHP.

use tree_sitter::Node;

use super::super::syntax::{children, text};

/// One call of a chain: `Route::prefix('x')->group(…)` is two.
pub(super) struct Link<'a, 't> {
    pub(super) node: Node<'t>,
    pub(super) name: &'a str,
    /// The names of arguments that have one, and their values.
    pub(super) arguments: Vec<(&'a str, Node<'t>)>,
}

impl<'t> Link<'_, 't> {
    /// An argument by its place.
    pub(super) fn argument(&self, place: usize) -> Option<Node<'t>> {
        self.arguments.get(place).filter(|(name, _)| name.is_empty()).map(|(_, value)| *value)
    }

    /// An argument by its name, or else its place.
    pub(super) fn named(&self, name: &str, place: usize) -> Option<Node<'t>> {
        self.arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).or_else(|| self.argument(place))
    }
}

/// What a chain of calls begins with, and its calls in order; `None` for anything else.
pub(super) fn chain<'a, 't>(code: &'a str, node: Node<'t>) -> Option<(&'a str, Vec<Link<'a, 't>>)> {
    let mut links = Vec::new();
    let mut at = node;
    let root = loop {
        let inner = match at.kind() {
            "member_call_expression" | "nullsafe_member_call_expression" => at.child_by_field_name("object")?,
            "scoped_call_expression" => at.child_by_field_name("scope")?,
            _ => break text(code, at),
        };
        let list = at.child_by_field_name("arguments").map(children).unwrap_or_default();
        let arguments = list
            .into_iter()
            .filter(|argument| argument.kind() == "argument")
            .filter_map(|argument| {
                let name = argument.child_by_field_name("name").map_or("", |name| text(code, name));
                Some((name, children(argument).pop()?))
            })
            .collect();
        links.push(Link { node: at, name: at.child_by_field_name("name").map_or("", |name| text(code, name)), arguments });
        at = inner;
    };
    links.reverse();
    (!links.is_empty()).then(|| (root.rsplit('\\').next().unwrap_or(root), links))
}

/// The text of a string without anything computed in it.
pub(super) fn word(code: &str, node: Node<'_>) -> Option<String> {
    if !matches!(node.kind(), "string" | "encapsed_string") {
        return None;
    }
    let pieces = children(node);
    let plain = pieces.iter().all(|piece| matches!(piece.kind(), "string_content" | "escape_sequence"));
    plain.then(|| pieces.iter().map(|piece| text(code, *piece)).collect())
}

/// The values of a list, or the one value.
pub(super) fn items(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind() {
        "array_creation_expression" => children(node).into_iter().filter_map(|item| children(item).pop()).collect(),
        _ => vec![node],
    }
}

/// The words of a list, or the one word; `None` where one is computed.
pub(super) fn words(code: &str, node: Node<'_>) -> Option<Vec<String>> {
    items(node).into_iter().map(|item| word(code, item)).collect()
}

/// Keys and values of an array.
pub(super) fn pairs<'t>(code: &str, node: Node<'t>) -> Vec<(Option<String>, Node<'t>)> {
    let items = if node.kind() == "array_creation_expression" { children(node) } else { Vec::new() };
    items
        .into_iter()
        .filter_map(|item| {
            let inside = children(item);
            match inside.as_slice() {
                [key, value] => Some((word(code, *key), *value)),
                [value] => Some((None, *value)),
                _ => None,
            }
        })
        .collect()
}
