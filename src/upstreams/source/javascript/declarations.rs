//! Which names there are in a file, and in which scope.

use tree_sitter::Node;

use super::super::facts::ScopeId;
use super::super::syntax::children;
use super::Reader;
use super::bindings::{member_of, parameters, parts};
use super::source::{is_function, plain, unquoted};

impl<'a, 't> Reader<'a, 't> {
    /// Notes which names there are before any of them is looked up.
    pub(super) fn declare(&mut self) {
        for at in 0..self.source.nodes.len() {
            let Some(place) = self.source.nodes.get(at).copied() else { continue };
            let (node, scope) = (place.node, place.scope);
            match node.kind() {
                "variable_declarator" => self.declare_variable(node, scope),
                "import_statement" => self.declare_imports(node),
                "function_declaration"
                | "generator_function_declaration"
                | "class_declaration"
                | "abstract_class_declaration"
                | "enum_declaration" => {
                    if let Some(name) = node.child_by_field_name("name") {
                        self.declared.insert((scope, self.source.text(name)));
                    }
                    self.declare_parameters(node);
                }
                kind if is_function(kind) => {
                    self.declare_parameters(node);
                    if kind == "method_definition" {
                        self.declare_member(node, "name", scope);
                    }
                }
                "field_definition" => self.declare_member(node, "property", scope),
                "public_field_definition" => self.declare_member(node, "name", scope),
                "assignment_expression" => {
                    let Some(target) = node.child_by_field_name("left") else { continue };
                    if let Some((class, name)) = self.own_member(target) {
                        self.declared.insert((class, name));
                    }
                    if self.source.text(target) == "module.exports"
                        && let Some(right) = node.child_by_field_name("right")
                    {
                        self.exported = self.source.made_by(plain(right));
                    }
                }
                "for_in_statement" => {
                    if let Some(left) = node.child_by_field_name("left") {
                        self.declare_pattern(left, scope);
                    }
                }
                "catch_clause" => {
                    if let Some(name) = node.child_by_field_name("parameter") {
                        self.declare_pattern(name, scope);
                    }
                }
                _ => {}
            }
        }
    }

    fn declare_member(&mut self, node: Node<'t>, field: &str, scope: ScopeId) {
        if let Some(name) = node.child_by_field_name(field) {
            self.declared.insert((scope, self.source.text(name)));
        }
        if let (Some(name), Some(kind)) = (node.child_by_field_name(field), node.child_by_field_name("type")) {
            self.types.insert((scope, self.source.text(name)), self.source.text(kind));
        }
    }

    fn declare_variable(&mut self, node: Node<'t>, scope: ScopeId) {
        let Some(name) = node.child_by_field_name("name") else { return };
        self.declare_pattern(name, scope);
        if let Some(kind) = node.child_by_field_name("type") {
            self.types.insert((scope, self.source.text(name)), self.source.text(kind));
        }
        let Some(value) = node.child_by_field_name("value") else { return };
        if name.kind() == "identifier" {
            self.variables.entry((scope, self.source.text(name))).or_insert(value);
        }
        let Some((module, from)) = self.origin(value) else { return };
        if name.kind() == "identifier" {
            self.imports.insert((scope, self.source.text(name)), (module, from));
        } else if name.kind() == "object_pattern" {
            for (key, local) in self.keys_of(name) {
                if let Some(local) = local.filter(|local| !local.is_empty()) {
                    self.imports.insert((scope, local), member_of(&module, &from, key));
                }
            }
        }
    }

    /// The keys of a pattern and the names that they are given, where that is a plain name.
    fn keys_of(&self, pattern: Node<'t>) -> Vec<(&'a str, Option<&'a str>)> {
        let mut out = Vec::new();
        for part in children(pattern) {
            match part.kind() {
                "shorthand_property_identifier_pattern" => out.push((self.source.text(part), Some(self.source.text(part)))),
                "object_assignment_pattern" => {
                    if let Some(left) = part.child_by_field_name("left") {
                        out.push((self.source.text(left), Some(self.source.text(left))));
                    }
                }
                "pair_pattern" => {
                    let value = part.child_by_field_name("value").filter(|value| value.kind() == "identifier");
                    if let Some(key) = part.child_by_field_name("key") {
                        out.push((self.source.text(key), value.map(|value| self.source.text(value))));
                    }
                }
                _ => {}
            }
        }
        out
    }

    fn declare_imports(&mut self, node: Node<'t>) {
        let Some(module) = node.child_by_field_name("source").map(|source| unquoted(self.source.text(source))) else { return };
        for inner in self.source.within(node).collect::<Vec<_>>() {
            let (local, name) = match inner.kind() {
                "import_specifier" => {
                    let Some(name) = inner.child_by_field_name("name") else { continue };
                    (inner.child_by_field_name("alias").unwrap_or(name), self.source.text(name).to_owned())
                }
                "namespace_import" => match children(inner).first() {
                    Some(local) => (*local, "*".to_owned()),
                    None => continue,
                },
                // `import x from`, and `import x = require()`.
                "identifier"
                    if self
                        .source
                        .parent(inner)
                        .is_some_and(|parent| matches!(parent.kind(), "import_clause" | "import_require_clause")) =>
                {
                    (inner, "default".to_owned())
                }
                _ => continue,
            };
            let local = self.source.text(local);
            self.declared.insert((ScopeId::FILE, local));
            self.imports.insert((ScopeId::FILE, local), (module.clone(), name));
        }
    }

    fn declare_parameters(&mut self, function: Node<'t>) {
        let Some(scope) = self.source.made_by(function) else { return };
        for parameter in parameters(function) {
            let (pattern, kind) = parts(parameter);
            self.declare_pattern(pattern, scope);
            if let Some(kind) = kind {
                self.types.insert((scope, self.source.text(pattern)), self.source.text(kind));
            }
            if let Some(class) = self.property_of_class(function, parameter) {
                self.declared.insert((class, self.source.text(pattern)));
                if let Some(kind) = kind {
                    self.types.insert((class, self.source.text(pattern)), self.source.text(kind));
                }
            }
        }
    }

    fn declare_pattern(&mut self, pattern: Node<'t>, scope: ScopeId) {
        for inner in self.source.within(pattern).collect::<Vec<_>>() {
            if matches!(inner.kind(), "identifier" | "shorthand_property_identifier_pattern") {
                self.declared.insert((scope, self.source.text(inner)));
            }
        }
    }

    /// The class of which a parameter of its constructor is a member: `constructor(private users: Users)`.
    pub(super) fn property_of_class(&self, function: Node<'t>, parameter: Node<'t>) -> Option<ScopeId> {
        let constructor = function.child_by_field_name("name").is_some_and(|name| self.source.text(name) == "constructor");
        let property = constructor
            && (0..parameter.child_count())
                .filter_map(|at| parameter.child(at))
                .any(|child| matches!(child.kind(), "accessibility_modifier" | "readonly" | "override_modifier"));
        if property { Some(self.source.scope(function)) } else { None }
    }
}
