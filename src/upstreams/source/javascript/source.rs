//! A file as a tree with scopes.

use std::path::Path;

use rustc_hash::FxHashMap;
use tree_sitter::{Node, Tree};

use super::super::facts::{Scope, ScopeId, ScopeKind};
use super::super::syntax;

/// How many scopes of a file are told apart; what is in further ones counts as in the one around it.
const MOST_SCOPES: usize = 20_000;

/// A parsed file.
pub(super) struct Source<'a, 't> {
    /// Its text.
    pub(super) code: &'a str,
    /// All named nodes, outer before inner.
    pub(super) nodes: Vec<Place<'t>>,
    pub(super) scopes: Vec<Scope>,
    /// Where a node is in `nodes`.
    index: FxHashMap<usize, usize>,
    /// The scopes that functions, classes and object literals make.
    made: FxHashMap<usize, ScopeId>,
    /// The class that `this` means in a scope.
    this: Vec<Option<ScopeId>>,
}

/// A node and where it is.
#[derive(Clone, Copy)]
pub(super) struct Place<'t> {
    pub(super) node: Node<'t>,
    /// The scope that it is in; for a function that around it.
    pub(super) scope: ScopeId,
    parent: usize,
}

/// Parses a file by the grammar that its name asks for.
pub(super) fn parse(path: &Path, text: &str) -> Option<Tree> {
    let language = match path.extension().and_then(|ending| ending.to_str()) {
        Some("ts" | "mts" | "cts") => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        Some("tsx") => tree_sitter_typescript::LANGUAGE_TSX,
        _ => tree_sitter_javascript::LANGUAGE,
    };
    syntax::parse(text, &language.into())
}

/// True for a function of any kind.
pub(super) fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "function_declaration"
            | "function_expression"
            | "arrow_function"
            | "method_definition"
            | "generator_function"
            | "generator_function_declaration"
    )
}

fn is_class(kind: &str) -> bool {
    matches!(kind, "class_declaration" | "class" | "abstract_class_declaration" | "object" | "enum_declaration")
}

impl<'a, 't> Source<'a, 't> {
    /// The nodes and scopes of a file.
    pub(super) fn new(code: &'a str, root: Node<'t>) -> Source<'a, 't> {
        let mut source = Source {
            code,
            nodes: Vec::new(),
            scopes: vec![Scope::default()],
            index: FxHashMap::default(),
            made: FxHashMap::default(),
            this: vec![None],
        };
        // The nodes around, by place and scope inside.
        let mut around: Vec<(usize, ScopeId)> = Vec::new();
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            let (parent, scope) = around.last().copied().unwrap_or((0, ScopeId::FILE));
            let mut here = (parent, scope);
            if node.is_named() {
                let at = source.nodes.len();
                source.index.insert(node.id(), at);
                source.nodes.push(Place { node, scope, parent });
                here = (at, source.scope_of(node, scope));
            }
            if cursor.goto_first_child() {
                around.push(here);
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return source;
                }
                around.pop();
            }
        }
    }

    /// The scope inside a node.
    fn scope_of(&mut self, node: Node<'t>, around: ScopeId) -> ScopeId {
        let kind = match node.kind() {
            kind if is_function(kind) => ScopeKind::Function,
            kind if is_class(kind) => ScopeKind::Class,
            _ => return around,
        };
        if self.scopes.len() >= MOST_SCOPES {
            return around;
        }
        let scope = ScopeId(self.scopes.len() as u32);
        self.scopes.push(Scope { parent: Some(around), kind, ..Scope::default() });
        let this = if kind == ScopeKind::Class { Some(scope) } else { self.this.get(around.0 as usize).copied().flatten() };
        self.this.push(this);
        self.made.insert(node.id(), scope);
        scope
    }

    /// The scope that a function, class or object literal makes.
    pub(super) fn made_by(&self, node: Node<'_>) -> Option<ScopeId> {
        self.made.get(&node.id()).copied()
    }

    /// The scope that a node is in.
    pub(super) fn scope(&self, node: Node<'_>) -> ScopeId {
        self.place(node).map_or(ScopeId::FILE, |place| place.scope)
    }

    /// The class or object that `this` is at a node.
    pub(super) fn this(&self, node: Node<'_>) -> Option<ScopeId> {
        self.this.get(self.scope(node).0 as usize).copied().flatten()
    }

    fn place(&self, node: Node<'_>) -> Option<&Place<'t>> {
        self.nodes.get(*self.index.get(&node.id())?)
    }

    /// The nodes around a node, the nearest first.
    pub(super) fn around<'s>(&'s self, node: Node<'t>) -> impl Iterator<Item = Node<'t>> + use<'s, 'a, 't> {
        let mut at = self.index.get(&node.id()).copied().unwrap_or(0);
        std::iter::from_fn(move || {
            if at == 0 {
                return None;
            }
            at = self.nodes.get(at)?.parent;
            self.nodes.get(at).map(|place| place.node)
        })
    }

    /// What is directly around a node.
    pub(super) fn parent(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.around(node).next()
    }

    /// All named nodes in a node, itself first.
    pub(super) fn within<'s>(&'s self, node: Node<'t>) -> impl Iterator<Item = Node<'t>> + use<'s, 'a, 't> {
        let from = self.index.get(&node.id()).copied().unwrap_or(usize::MAX);
        let end = node.end_byte();
        let inner = self.nodes.get(from..).unwrap_or_default().iter();
        inner.map(|place| place.node).take_while(move |inner| inner.start_byte() < end || inner.id() == node.id())
    }

    /// The text of a node.
    pub(super) fn text(&self, node: Node<'_>) -> &'a str {
        syntax::text(self.code, node)
    }

    /// The scope outwards of one, itself first.
    pub(super) fn outwards<'s>(&'s self, scope: ScopeId) -> impl Iterator<Item = ScopeId> + use<'s, 'a, 't> {
        let mut at = Some(scope);
        std::iter::from_fn(move || {
            let here = at?;
            at = self.scopes.get(here.0 as usize).and_then(|scope| scope.parent);
            Some(here)
        })
    }
}

/// The node without brackets, `await`, casts.
pub(super) fn plain(mut node: Node<'_>) -> Node<'_> {
    loop {
        let inner = match node.kind() {
            "parenthesized_expression" | "await_expression" | "as_expression" | "satisfies_expression" | "non_null_expression" => {
                syntax::children(node).first().copied()
            }
            // `<T>x`
            "type_assertion" => syntax::children(node).last().copied(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}

/// The text between quotes, with its escapes resolved.
pub(super) fn unquoted(text: &str) -> String {
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
    unescaped(inside)
}

/// A text of a literal with its escapes resolved.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('\n') | None => {}
            Some(other) => out.push(other),
        }
    }
    out
}
