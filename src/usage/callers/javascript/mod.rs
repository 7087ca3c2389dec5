//! JavaScript and TypeScript: `fetch`, axios and their like, with constants, instances and small wrappers of the script followed.

mod clients;
mod evaluate;
mod requests;
mod scope;
mod wrappers;

use std::collections::BTreeMap;
use std::sync::Arc;

use tree_sitter::Language;

use super::value::{Manner, Value, Values};
use super::{Found, Kind, Url, parse};
use requests::Request;
use scope::Source;

/// A script.
pub(super) struct Script<'a> {
    pub(super) text: &'a str,
    pub(super) dialect: Dialect,
    /// [`Kind::Fetch`] for what runs in a browser: there a link is a link. Any other kind is that of all that is found.
    pub(super) kind: Kind,
}

/// Which grammar reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Dialect {
    JavaScript,
    TypeScript,
    Tsx,
}

/// What was read of a script.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) found: Vec<Found>,
    pub(super) exports: Exports,
}

/// What a module gives to others, by name; `default` for what it exports as a whole.
pub(super) type Exports = BTreeMap<String, Export>;

/// Something that a module exports and that matters for URLs.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Export {
    /// A text.
    Text(Values),
    /// A function: what it returns, and the requests that it sends, with the arguments open.
    Function { arguments: Vec<Argument>, returns: Values, requests: Vec<Request> },
    /// An instance of a client (`axios.create`), with its base URL.
    Client(Values),
    /// Several things by name.
    Object(Arc<Exports>),
    /// What another module exports by this name.
    From(String, String),
}

/// An argument of an exported function.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Argument {
    pub(super) position: usize,
    pub(super) key: Option<String>,
    pub(super) default: Option<Values>,
}

impl Export {
    /// A member of an object.
    pub(super) fn member(&self, key: &str) -> Option<Export> {
        match self {
            Export::Object(members) => members.get(key).cloned(),
            _ => None,
        }
    }
}

/// Finds what another module exports: by module and name.
pub(super) type Imports<'i> = &'i dyn Fn(&str, &str) -> Option<Export>;

/// How much is evaluated in one script.
const STEPS: usize = 50_000;

struct Reader<'a, 't> {
    source: Source<'a, 't>,
    imports: Imports<'a>,
    kind: Kind,
    steps: usize,
    /// `axios.defaults.baseURL = …`
    base: Values,
}

impl Dialect {
    fn language(self) -> Language {
        match self {
            Dialect::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Dialect::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Dialect::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        }
    }
}

/// Reads a script.
pub(super) fn read(script: &Script<'_>, imports: Imports<'_>) -> Read {
    let Some(tree) = parse(script.text, &script.dialect.language()) else { return Read::default() };
    let source = Source::new(script.text, tree.root_node());
    let mut reader = Reader { source, imports, kind: script.kind, steps: 0, base: Vec::new() };
    reader.read()
}

/// What one expression can be, as URLs: in an attribute of a template.
pub(super) fn expression(code: &str) -> Vec<Url> {
    let Some(tree) = parse(code, &Dialect::JavaScript.language()) else { return Vec::new() };
    let source = Source::new(code, tree.root_node());
    let first = source.nodes.iter().find(|node| node.kind() == "expression_statement").and_then(|statement| statement.named_child(0));
    let mut reader = Reader { source, imports: &|_, _| None, kind: Kind::Fetch, steps: 0, base: Vec::new() };
    let values: Vec<Value> = first.map(|first| reader.value(first)).unwrap_or_default();
    values.iter().filter_map(|value| value.url(Manner::Page)).collect()
}

#[cfg(test)]
mod tests;
