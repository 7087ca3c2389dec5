//! Short ways to write facts down, for the readers of languages whose frameworks find controllers by themselves.

use super::Tree;
use aho_corasick::AhoCorasick;
use tree_sitter::Node;

use super::facts::{Binding, Expr, Facts, Glue, Mount, Object, ObjectKind, Open, RouteFact, Scope, ScopeId, ScopeKind, Why};
use crate::text::Span;

impl Facts {
    /// A scope of its own.
    pub(super) fn add_scope(&mut self, parent: ScopeId, kind: ScopeKind) -> ScopeId {
        self.scopes.push(Scope { parent: Some(parent), kind, ..Scope::default() });
        ScopeId(self.scopes.len() as u32 - 1)
    }

    /// A name for something.
    pub(super) fn bind(&mut self, scope: ScopeId, name: &str, value: Expr) {
        self.bindings.push(Binding { scope, name: name.into(), value });
    }

    /// An app or router.
    pub(super) fn add_object(&mut self, kind: ObjectKind, framework: &'static str, prefix: Expr, caseless: bool, span: Span) -> Expr {
        self.objects.push(Object { kind, framework, prefix, glue: Glue::Slash, caseless, span });
        Expr::Object(self.objects.len() - 1)
    }

    /// A route that somebody wrote.
    pub(super) fn add_route(&mut self, on: Expr, methods: &[&str], path: Expr, span: Span) {
        let methods = methods.iter().map(|method| (*method).into()).collect();
        self.routes.push(RouteFact { on, methods, path, span, certain: true, implied: false });
    }

    /// A route that the framework has by itself.
    pub(super) fn add_implied(&mut self, on: Expr, path: &str, span: Span) {
        self.routes.push(RouteFact { on, methods: Vec::new(), path: Expr::text(path), span, certain: true, implied: true });
    }

    /// A router below another one; what turns out to be neither a router nor unknown is left out.
    pub(super) fn add_mount(&mut self, on: Expr, prefix: Expr, what: Expr, span: Span) {
        self.mounts.push(Mount { on, prefix, replaces: false, what, span, certain: false });
    }

    /// There may be other routes.
    pub(super) fn doubt(&mut self, why: Why, span: Span) {
        self.open.push(Open { why, span });
    }
}

/// A name of the file, or of what it sees without an import.
pub(super) fn global(name: &str) -> Expr {
    Expr::Name(ScopeId::FILE, name.into())
}

/// No file: for languages whose classes see each other.
pub(super) fn no_module(_: &std::path::Path, _: &str, _: &Tree<'_>) -> Vec<std::path::PathBuf> {
    Vec::new()
}

/// True when any of the words is in the text.
pub(super) fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// The place of a word in a text, or the start of it.
pub(super) fn place_of(text: &str, word: &str) -> Span {
    match text.find(word) {
        Some(start) => Span::new(start as u32, (start + word.len()) as u32),
        None => Span::at(0),
    }
}

/// True for a program that only copies what is built elsewhere into one of these folders: what lies there when it runs is not seen.
pub(super) fn filled_by_build(tree: &Tree<'_>, folders: &[&str]) -> bool {
    let dockerfile = |path: &&std::path::PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        name.starts_with("Dockerfile") || name.ends_with(".Dockerfile") || name == "Containerfile"
    };
    tree.files.iter().filter(dockerfile).filter_map(|path| tree.text(path)).any(|text| {
        let copies = |line: &str| line.trim_start().get(..4).is_some_and(|word| word.eq_ignore_ascii_case("copy"));
        text.lines().any(|line| copies(line) && line.contains("--from") && has_any(line, folders))
    })
}

/// Where the scopes of a file are, in the order in which they begin. All of them are added here.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    places: Vec<(usize, usize, ScopeId)>,
}

impl Scopes {
    /// A scope that begins where a node does, behind all that were added.
    pub(super) fn add(&mut self, node: Node<'_>, scope: ScopeId) {
        self.places.push((node.start_byte(), node.end_byte(), scope));
    }

    /// The innermost scope around a node.
    pub(super) fn around(&self, node: Node<'_>, facts: &Facts) -> ScopeId {
        let before = self.places.partition_point(|(start, ..)| *start <= node.start_byte());
        let mut at = before.checked_sub(1).and_then(|last| self.places.get(last));
        // What is around the last scope that begins before it is around the node, too.
        while let Some((_, end, scope)) = at {
            if *end >= node.end_byte() {
                return *scope;
            }
            let outer = facts.scopes.get(scope.0 as usize).and_then(|scope| scope.parent).filter(|outer| *outer != ScopeId::FILE);
            at = outer.and_then(|outer| self.places.get((outer.0 as usize).checked_sub(1)?));
        }
        ScopeId::FILE
    }
}

/// Words of which any makes an application open.
pub(super) struct Doubts {
    words: &'static [(&'static str, Why)],
    automaton: Option<AhoCorasick>,
}

impl Doubts {
    /// Of these words.
    pub(super) fn new(words: &'static [(&'static str, Why)]) -> Doubts {
        Doubts { words, automaton: AhoCorasick::new(words.iter().map(|(word, _)| *word)).ok() }
    }

    /// Those that a text has.
    pub(super) fn find(&self, text: &str, facts: &mut Facts) {
        let Some(automaton) = &self.automaton else { return facts.doubt(Why::Option, Span::at(0)) };
        for found in automaton.find_overlapping_iter(text).take(64) {
            if let Some((_, why)) = self.words.get(found.pattern().as_usize()) {
                facts.doubt(*why, Span::new(found.start() as u32, found.end() as u32));
            }
        }
    }
}
