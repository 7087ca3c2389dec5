//! What expressions and names of a Java file are.

use tree_sitter::Node;

use super::super::facts::{Expr, Facts, ScopeId, ScopeKind};
use super::super::making::{Scopes, global};
use super::super::syntax::{children, text};
use super::pattern;

/// How deep expressions are read.
const DEPTH: u32 = 60;

/// A file while it is read.
pub(super) struct File<'a, 'f> {
    /// Its text.
    pub(super) code: &'a str,
    /// What it says.
    pub(super) facts: &'f mut Facts,
    scopes: Scopes,
}

/// True for what declares a class or something like it.
pub(super) fn is_class(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "class_declaration" | "interface_declaration" | "record_declaration" | "enum_declaration" | "annotation_type_declaration"
    )
}

impl<'a, 'f> File<'a, 'f> {
    pub(super) fn new(code: &'a str, facts: &'f mut Facts) -> File<'a, 'f> {
        File { code, facts, scopes: Scopes::default() }
    }

    pub(super) fn text(&self, node: Node<'_>) -> &'a str {
        text(self.code, node)
    }

    /// The text of a field of a node.
    pub(super) fn field(&self, node: Node<'_>, name: &str) -> &'a str {
        node.child_by_field_name(name).map_or("", |node| self.text(node))
    }

    /// The class around a node, itself included.
    pub(super) fn scope(&self, node: Node<'_>) -> ScopeId {
        self.scopes.around(node, self.facts)
    }

    /// Classes, constants and static imports.
    pub(super) fn declare(&mut self, nodes: &[Node<'_>]) {
        for node in nodes {
            if is_class(*node) {
                let parent = self.scope(*node);
                let scope = self.facts.add_scope(parent, ScopeKind::Class);
                self.scopes.add(*node, scope);
                let name = self.field(*node, "name");
                self.facts.bind(parent, name, Expr::Scope(scope));
                if parent != ScopeId::FILE {
                    // It may be imported by its own name.
                    self.facts.bind(ScopeId::FILE, name, Expr::Scope(scope));
                }
            } else if node.kind() == "import_declaration" {
                self.import(*node);
            } else if matches!(node.kind(), "field_declaration" | "constant_declaration") {
                self.constant(*node);
            }
        }
    }

    fn import(&mut self, node: Node<'_>) {
        let written = self.text(node).trim_end_matches(';');
        let Some(path) = written.strip_prefix("import").map(str::trim_start).and_then(|rest| rest.strip_prefix("static ")) else { return };
        let mut parts = path.trim().rsplit('.');
        let (Some(name), Some(class)) = (parts.next(), parts.next()) else { return };
        if name != "*" && class != name {
            self.facts.bind(ScopeId::FILE, name, Expr::Member(Box::new(global(class)), name.into()));
        }
    }

    fn constant(&mut self, node: Node<'_>) {
        if !matches!(self.field(node, "type"), "String" | "java.lang.String") {
            return;
        }
        let scope = self.scope(node);
        let modifiers = children(node).into_iter().find(|child| child.kind() == "modifiers").map_or("", |node| self.text(node));
        for declarator in children(node).into_iter().filter(|child| child.kind() == "variable_declarator") {
            let name = self.field(declarator, "name");
            let value = declarator.child_by_field_name("value").map(|value| self.expr(value, scope));
            let fixed = node.kind() == "constant_declaration" || modifiers.contains("final");
            let value = value.filter(|_| fixed).unwrap_or(Expr::Unknown);
            self.facts.bind(scope, name, value.clone());
            // Classes that extend or implement this one have the name, and so have files that import all of it.
            if scope != ScopeId::FILE && fixed {
                self.facts.bind(ScopeId::FILE, name, value);
            }
        }
    }

    /// What an expression is.
    pub(super) fn expr(&self, node: Node<'_>, scope: ScopeId) -> Expr {
        self.expr_in(node, scope, DEPTH)
    }

    fn expr_in(&self, node: Node<'_>, scope: ScopeId, depth: u32) -> Expr {
        let Some(depth) = depth.checked_sub(1) else { return Expr::Unknown };
        match node.kind() {
            "string_literal" => literal(self.text(node)),
            "parenthesized_expression" => match children(node).first() {
                Some(inner) => self.expr_in(*inner, scope, depth),
                None => Expr::Unknown,
            },
            "binary_expression" if self.field(node, "operator") == "+" => {
                let side = |name| node.child_by_field_name(name).map_or(Expr::Unknown, |node| self.expr_in(node, scope, depth));
                Expr::Join(vec![side("left"), side("right")])
            }
            "element_value_array_initializer" | "array_initializer" => {
                Expr::List(children(node).into_iter().map(|item| self.expr_in(item, scope, depth)).collect())
            }
            "identifier" => Expr::Name(scope, self.text(node).into()),
            "field_access" => self.member(self.text(node), scope),
            _ => Expr::Unknown,
        }
    }

    /// `Paths.API`, also with packages before it.
    fn member(&self, written: &str, scope: ScopeId) -> Expr {
        let mut parts = written.split('.').map(str::trim).filter(|part| *part != "this").peekable();
        while parts.peek().is_some_and(|part| part.starts_with(|c: char| c.is_lowercase())) && written.contains(|c: char| c.is_uppercase())
        {
            parts.next();
        }
        let Some(first) = parts.next() else { return Expr::Unknown };
        parts.fold(Expr::Name(scope, first.into()), |of, name| Expr::Member(Box::new(of), name.into()))
    }

    /// An expression that is used as a path: its texts are patterns.
    pub(super) fn path(&self, node: Node<'_>, scope: ScopeId) -> Expr {
        as_path(self.expr(node, scope))
    }
}

/// Literal texts as patterns; the depth is that of what was read.
fn as_path(expr: Expr) -> Expr {
    match expr {
        Expr::Text(text) => match pattern::patterns(&text).as_slice() {
            [one] => Expr::text(one),
            several => Expr::List(several.iter().map(|one| Expr::text(one)).collect()),
        },
        Expr::Join(pieces) => Expr::Join(pieces.into_iter().map(as_path).collect()),
        Expr::List(items) => Expr::List(items.into_iter().map(as_path).collect()),
        other => other,
    }
}

/// A literal, with what the properties give for `${key}`.
fn literal(written: &str) -> Expr {
    let inside = match written.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\"")) {
        Some(block) => block.trim(),
        None => written.trim_matches('"'),
    };
    let plain = inside.replace("\\\\", "\\");
    let mut pieces = Vec::new();
    let mut rest = plain.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        let Some((key, behind)) = after.split_once('}') else { return Expr::Unknown };
        if key.contains([':', '{']) || before.contains("#{") {
            // A default counts only where no property has the key, which is not known here.
            return Expr::Unknown;
        }
        pieces.push(Expr::text(before));
        pieces.push(global(&format!("${{{}}}", super::settings::canonical(key))));
        rest = behind;
    }
    if rest.contains("#{") {
        return Expr::Unknown;
    }
    if pieces.is_empty() {
        return Expr::text(rest);
    }
    pieces.push(Expr::text(rest));
    Expr::Join(pieces)
}
