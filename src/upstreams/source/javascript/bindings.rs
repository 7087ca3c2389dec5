//! What names of a file are given.

use tree_sitter::Node;

use super::super::facts::{Binding, Call, Expr, ScopeId};
use super::super::syntax::children;
use super::packages::{self, Role};
use super::source::{is_function, plain, unquoted};
use super::{Reader, Why};
use crate::upstreams::source::syntax::span;

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn bind(&mut self, scope: ScopeId, name: &str, value: Expr) {
        self.facts.bindings.push(Binding { scope, name: name.into(), value });
    }

    /// The class and name of `this.x`.
    pub(super) fn own_member(&self, node: Node<'t>) -> Option<(ScopeId, &'a str)> {
        let object = node.child_by_field_name("object").filter(|object| object.kind() == "this")?;
        let name = node.child_by_field_name("property")?;
        Some((self.source.this(object)?, self.source.text(name)))
    }

    /// Notes what names are given.
    pub(super) fn bind_node(&mut self, at: usize) {
        let Some(place) = self.source.nodes.get(at).copied() else { return };
        let (node, scope) = (place.node, place.scope);
        match node.kind() {
            "variable_declarator" => {
                let Some(name) = node.child_by_field_name("name") else { return };
                if let Some(value) = node.child_by_field_name("value") {
                    let value = self.expr(value);
                    self.bind_pattern(scope, name, value);
                }
            }
            "import_statement" => self.bind_imports(node),
            "export_statement" => self.bind_exports(node),
            "assignment_expression" => self.bind_assignment(node, scope),
            "return_statement" => {
                if let Some(value) = children(node).first().copied() {
                    let value = self.expr(value);
                    self.returned(scope, value);
                }
            }
            "for_in_statement" => {
                if let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) {
                    let value = self.expr(right);
                    self.bind_pattern(scope, left, value);
                }
            }
            "pair" => {
                if let (Some(key), Some(value)) = (node.child_by_field_name("key"), node.child_by_field_name("value")) {
                    let (key, value) = (self.key(key), self.expr(value));
                    self.bind(scope, &key, value);
                }
            }
            "spread_element" if self.source.parent(node).is_some_and(|parent| parent.kind() == "object") => {
                let all = self.expr(node);
                self.bind(scope, "*", all);
            }
            "shorthand_property_identifier" => {
                let name = self.source.text(node);
                let around = self.facts.scopes.get(scope.0 as usize).and_then(|scope| scope.parent).unwrap_or(ScopeId::FILE);
                let value = self.name(around, name);
                self.bind(scope, name, value);
            }
            "field_definition" | "public_field_definition" => {
                let name = node.child_by_field_name("name").or_else(|| node.child_by_field_name("property"));
                if let Some(name) = name {
                    let value = match node.child_by_field_name("value") {
                        Some(value) => self.expr(value),
                        None => return,
                    };
                    let name = self.key(name);
                    self.bind(scope, &name, value);
                }
            }
            "enum_assignment" => {
                if let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) {
                    let (name, value) = (self.key(name), self.expr(value));
                    let scope = self.source.around(node).find_map(|around| self.source.made_by(around)).unwrap_or(scope);
                    self.bind(scope, &name, value);
                }
            }
            "class_declaration" | "abstract_class_declaration" | "class" => self.bind_class(node, scope),
            "enum_declaration" => {
                if let (Some(name), Some(made)) = (node.child_by_field_name("name"), self.source.made_by(node)) {
                    self.bind(scope, self.source.text(name), Expr::Scope(made));
                }
            }
            kind if is_function(kind) => self.bind_function(node, scope),
            _ => {}
        }
    }

    fn returned(&mut self, scope: ScopeId, value: Expr) {
        if let Some(scope) = self.facts.scopes.get_mut(scope.0 as usize) {
            scope.returns.push(value);
        }
    }

    fn bind_function(&mut self, node: Node<'t>, scope: ScopeId) {
        let Some(made) = self.source.made_by(node) else { return };
        let constructor = node.kind() == "method_definition"
            && node.child_by_field_name("name").is_some_and(|name| self.source.text(name) == "constructor");
        // What a class is given is what its constructor is given.
        let holder = if constructor { scope } else { made };
        let mut names = Vec::new();
        for (position, parameter) in parameters(node).into_iter().enumerate() {
            let (pattern, kind) = parts(parameter);
            let default = parameter.child_by_field_name("value").or_else(|| parameter.child_by_field_name("right"));
            if pattern.kind() == "identifier" {
                names.push(self.source.text(pattern).into());
                if let Some(default) = default {
                    let value = self.expr(default);
                    self.bind(holder, self.source.text(pattern), value);
                }
            } else {
                names.push("".into());
                let rest = pattern.kind() == "rest_pattern";
                let value = if rest { Expr::Unknown } else { Expr::Parameter(holder, position) };
                self.bind_pattern(made, pattern, value);
            }
            if let Some(class) = self.property_of_class(node, parameter) {
                let name = self.source.text(pattern);
                let value = match kind {
                    // What is injected is an instance of the class that is named.
                    Some(kind) if !may_be_router(self.source.text(kind)) => Expr::Other,
                    _ => Expr::Parameter(holder, position),
                };
                if holder != class || value == Expr::Other {
                    self.bind(class, name, value);
                }
            }
        }
        if let Some(scope) = self.facts.scopes.get_mut(holder.0 as usize) {
            scope.parameters = names;
        }
        if let Some(body) = node.child_by_field_name("body").filter(|body| body.kind() != "statement_block") {
            let value = self.expr(body);
            self.returned(made, value);
        }
        let Some(name) = node.child_by_field_name("name") else { return };
        if constructor || node.kind() == "function_expression" {
            return;
        }
        let getter = (0..node.child_count()).filter_map(|at| node.child(at)).any(|child| child.kind() == "get");
        let value = self.function_value(node);
        let value = if getter && node.kind() == "method_definition" { Expr::Call(Box::new(value), Vec::new()) } else { value };
        let name = self.key(name);
        self.bind(scope, &name, value);
    }

    fn bind_class(&mut self, node: Node<'t>, scope: ScopeId) {
        self.bind_served(node);
        if let (Some(base), Some(made)) = (self.superclass(node), self.source.made_by(node)) {
            let base = self.expr(base);
            self.bind(made, "*", base);
        }
        let value = self.class_value(node);
        if let Some(name) = node.child_by_field_name("name").filter(|_| node.kind() != "class") {
            self.bind(scope, self.source.text(name), value);
        }
    }

    /// The class that a class extends.
    pub(super) fn superclass(&self, class: Node<'t>) -> Option<Node<'t>> {
        let heritage = children(class).into_iter().find(|child| child.kind() == "class_heritage")?;
        let clause = children(heritage).into_iter().find(|child| child.kind() != "implements_clause")?;
        if clause.kind() == "extends_clause" { clause.child_by_field_name("value") } else { Some(clause) }
    }

    fn bind_imports(&mut self, node: Node<'t>) {
        let Some(module) = node.child_by_field_name("source").map(|source| unquoted(self.source.text(source))) else {
            // `import x = require('y')`
            return self.bind_required(node);
        };
        if packages::role(&module) == Some(Role::Server) && !self.source.text(node).starts_with("import type") {
            self.open(Why::Extension, span(node));
        }
        for inner in self.source.within(node).collect::<Vec<_>>() {
            let parent = || self.source.parent(inner).map(|parent| parent.kind());
            let (local, name) = match inner.kind() {
                "import_specifier" => match inner.child_by_field_name("name") {
                    Some(name) => (inner.child_by_field_name("alias").unwrap_or(name), self.source.text(name)),
                    None => continue,
                },
                "namespace_import" => match children(inner).first() {
                    Some(local) => (*local, "*"),
                    None => continue,
                },
                "identifier" if parent() == Some("import_clause") => (inner, "default"),
                _ => continue,
            };
            let value = self.imported(&module, name);
            self.bind(ScopeId::FILE, self.source.text(local), value);
        }
    }

    fn bind_required(&mut self, node: Node<'t>) {
        let clause = children(node).into_iter().find(|child| child.kind() == "import_require_clause");
        let Some(clause) = clause else { return };
        let parts = children(clause);
        let module = clause.child_by_field_name("source").or_else(|| parts.last().copied());
        if let (Some(name), Some(module)) = (parts.first(), module) {
            let (name, module) = (self.source.text(*name), unquoted(self.source.text(module)));
            self.declared.insert((ScopeId::FILE, name));
            let value = self.imported(&module, "default");
            self.bind(ScopeId::FILE, name, value);
            self.imports.insert((ScopeId::FILE, name), (module, "default".to_owned()));
        }
    }

    /// What another module gives.
    pub(super) fn imported(&self, module: &str, name: &str) -> Expr {
        match packages::role(module) {
            Some(Role::Harmless) => Expr::Other,
            _ => Expr::Import(module.into(), name.into()),
        }
    }

    fn bind_exports(&mut self, node: Node<'t>) {
        let source = node.child_by_field_name("source").map(|source| unquoted(self.source.text(source)));
        let children_of = children(node);
        let tokens: Vec<&str> = (0..node.child_count()).filter_map(|at| node.child(at)).map(|child| child.kind()).collect();
        if let Some(module) = &source
            && tokens.contains(&"*")
        {
            self.bind(ScopeId::FILE, "*", Expr::Import(module.as_str().into(), "*".into()));
        }
        for child in &children_of {
            match child.kind() {
                "namespace_export" => {
                    if let (Some(name), Some(module)) = (children(*child).first(), &source) {
                        self.bind(ScopeId::FILE, self.source.text(*name), Expr::Import(module.as_str().into(), "*".into()));
                    }
                }
                "export_clause" => {
                    for specifier in children(*child) {
                        let Some(name) = specifier.child_by_field_name("name") else { continue };
                        let outside = specifier.child_by_field_name("alias").unwrap_or(name);
                        let (name, outside) = (self.source.text(name), self.source.text(outside));
                        let value = match &source {
                            Some(module) => self.imported(module, name),
                            None if name == outside => continue,
                            None => self.name(ScopeId::FILE, name),
                        };
                        self.has_default |= outside == "default";
                        self.bind(ScopeId::FILE, outside, value);
                    }
                }
                _ => {}
            }
        }
        if tokens.contains(&"default") || tokens.contains(&"=") {
            self.has_default = true;
            let value = node.child_by_field_name("value").or_else(|| node.child_by_field_name("declaration"));
            let value = value.or_else(|| children_of.iter().copied().rfind(|child| child.kind() != "decorator"));
            if let Some(value) = value {
                let value = match value.kind() {
                    kind if is_function(kind) => self.function_value(value),
                    "class_declaration" | "abstract_class_declaration" => self.class_value(value),
                    _ => self.expr(value),
                };
                self.bind(ScopeId::FILE, "default", value);
            }
        }
    }

    fn bind_assignment(&mut self, node: Node<'t>, scope: ScopeId) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else { return };
        let left = plain(left);
        if matches!(left.kind(), "identifier" | "object_pattern" | "array_pattern") {
            let value = self.expr(right);
            let name = self.source.text(left);
            let home = self.source.outwards(scope).find(|scope| self.declared.contains(&(*scope, name))).unwrap_or(ScopeId::FILE);
            return self.bind_pattern(if left.kind() == "identifier" { home } else { scope }, left, value);
        }
        if let Some((class, name)) = self.own_member(left) {
            let value = self.expr(right);
            return self.bind(class, name, value);
        }
        let (Some(object), Some(name)) = (left.child_by_field_name("object"), left.child_by_field_name("property")) else { return };
        let (whole, object_text, name) = (self.source.text(left), self.source.text(object), self.source.text(name));
        if whole == "module.exports" || whole == "exports.default" || whole == "module.exports.default" {
            self.has_default = true;
            let value = self.expr(right);
            self.bind(ScopeId::FILE, "default", value);
            self.bind_members(right);
        } else if object_text == "module.exports" || object_text == "exports" {
            let value = self.expr(right);
            self.bind(ScopeId::FILE, name, value);
            if let Some(made) = self.exported {
                let value = Expr::Name(ScopeId::FILE, name.into());
                self.bind(made, name, value);
            }
        } else if object.kind() == "identifier"
            && let Some(made) = self.object_named(scope, object_text)
        {
            let value = self.expr(right);
            self.bind(made, name, value);
        }
    }

    /// The names of an object that is what a module is as a whole are names that it gives, too.
    fn bind_members(&mut self, object: Node<'t>) {
        let mut object = plain(object);
        if object.kind() == "identifier" {
            object = self.literal_named(self.source.scope(object), self.source.text(object)).unwrap_or(object);
        }
        if object.kind() != "object" {
            return;
        }
        for pair in children(object) {
            match pair.kind() {
                "pair" => {
                    if let (Some(key), Some(value)) = (pair.child_by_field_name("key"), pair.child_by_field_name("value")) {
                        let (key, value) = (self.key(key), self.expr(value));
                        self.bind(ScopeId::FILE, &key, value);
                    }
                }
                "method_definition" => {
                    if let Some(name) = pair.child_by_field_name("name") {
                        let (name, value) = (self.key(name), self.function_value(pair));
                        self.bind(ScopeId::FILE, &name, value);
                    }
                }
                _ => {}
            }
        }
    }

    /// The object literal that a name of this file is given.
    pub(super) fn object_named(&self, scope: ScopeId, name: &str) -> Option<ScopeId> {
        let node = self.literal_named(scope, name)?;
        if node.kind() == "object" { self.source.made_by(node) } else { None }
    }

    /// What a variable of this file is given where it is declared.
    pub(super) fn literal_named(&self, scope: ScopeId, name: &str) -> Option<Node<'t>> {
        let home = self.source.outwards(scope).find(|scope| self.declared.contains(&(*scope, name)))?;
        self.variables.get(&(home, name)).copied().map(plain)
    }

    /// The name of a property.
    pub(super) fn key(&self, node: Node<'t>) -> String {
        match node.kind() {
            "string" => unquoted(self.source.text(node)),
            _ => self.source.text(node).to_owned(),
        }
    }

    /// Gives the names of a pattern their values.
    pub(super) fn bind_pattern(&mut self, scope: ScopeId, pattern: Node<'t>, value: Expr) {
        let mut open = vec![(pattern, value, 0)];
        while let Some((pattern, value, depth)) = open.pop() {
            let member = |key: &str| member(value.clone(), key);
            match pattern.kind() {
                _ if depth > 8 => {}
                "identifier" | "shorthand_property_identifier_pattern" => {
                    let name = self.source.text(pattern);
                    self.bind(scope, name, value);
                }
                "required_parameter" | "optional_parameter" => {
                    if let Some(inner) = pattern.child_by_field_name("pattern") {
                        open.push((inner, value, depth + 1));
                    }
                }
                "assignment_pattern" => {
                    let (left, right) = (pattern.child_by_field_name("left"), pattern.child_by_field_name("right"));
                    if let (Some(left), Some(right)) = (left, right) {
                        let right = self.expr(right);
                        open.push((left, with_default(value, right), depth + 1));
                    }
                }
                "object_pattern" => {
                    for part in children(pattern) {
                        match part.kind() {
                            "shorthand_property_identifier_pattern" => open.push((part, member(self.source.text(part)), depth + 1)),
                            "pair_pattern" => {
                                let (key, inner) = (part.child_by_field_name("key"), part.child_by_field_name("value"));
                                if let (Some(key), Some(inner)) = (key, inner) {
                                    open.push((inner, member(&self.key(key)), depth + 1));
                                }
                            }
                            "object_assignment_pattern" => {
                                let (left, right) = (part.child_by_field_name("left"), part.child_by_field_name("right"));
                                if let (Some(left), Some(right)) = (left, right) {
                                    let known = member(self.source.text(left));
                                    let right = self.expr(right);
                                    open.push((left, with_default(known, right), depth + 1));
                                }
                            }
                            "rest_pattern" => {
                                if let Some(name) = children(part).first() {
                                    open.push((*name, value.clone(), depth + 1));
                                }
                            }
                            _ => {}
                        }
                    }
                }
                "array_pattern" => {
                    for (at, part) in children(pattern).into_iter().enumerate() {
                        open.push((part, member(&at.to_string()), depth + 1));
                    }
                }
                "rest_pattern" => {
                    if let Some(name) = children(pattern).first() {
                        open.push((*name, Expr::Unknown, depth + 1));
                    }
                }
                _ => {}
            }
        }
    }

    /// Notes a call of a function with what it is given.
    pub(super) fn note_call(&mut self, function: Expr, arguments: Vec<Expr>) {
        self.facts.calls.push(Call { function, arguments });
    }
}

/// A member of a value, where that is known by its form.
pub(super) fn member(of: Expr, key: &str) -> Expr {
    match of {
        // `process.env`
        Expr::Setting(name, None) if name.is_empty() => Expr::Setting(key.into(), None),
        Expr::Import(module, name) if &*name == "*" || key == "default" && &*name == "default" => Expr::Import(module, key.into()),
        // What a module gives by name is known by that name, however it is written there.
        Expr::Import(module, name) if &*name == "default" => Expr::Import(module, key.into()),
        Expr::Other => Expr::Other,
        Expr::Unknown => Expr::Unknown,
        other => Expr::Member(Box::new(other), key.into()),
    }
}

/// A value with what is used where it is not set.
pub(super) fn with_default(value: Expr, default: Expr) -> Expr {
    match value {
        Expr::Setting(name, None) => Expr::Setting(name, Some(Box::new(default))),
        Expr::Setting(name, Some(inner)) => Expr::Setting(name, Some(Box::new(with_default(*inner, default)))),
        other => Expr::Any(vec![other, default]),
    }
}

/// A member of something of another module.
pub(super) fn member_of(module: &str, name: &str, key: &str) -> (String, String) {
    let name = match name {
        "default" | "*" => key.to_owned(),
        name => format!("{name}.{key}"),
    };
    (module.to_owned(), name)
}

/// The parameters of a function.
pub(super) fn parameters(function: Node<'_>) -> Vec<Node<'_>> {
    if let Some(one) = function.child_by_field_name("parameter") {
        return vec![one];
    }
    let list = function.child_by_field_name("parameters").map(children).unwrap_or_default();
    list.into_iter().filter(|parameter| parameter.child_by_field_name("pattern").is_none_or(|pattern| pattern.kind() != "this")).collect()
}

/// The pattern of a parameter, and its type.
pub(super) fn parts(parameter: Node<'_>) -> (Node<'_>, Option<Node<'_>>) {
    let pattern = parameter.child_by_field_name("pattern").or_else(|| parameter.child_by_field_name("left")).unwrap_or(parameter);
    (pattern, parameter.child_by_field_name("type"))
}

/// Whether something of this type may be an app or a router. What is not known may be one.
pub(super) fn may_be_router(kind: &str) -> bool {
    let kind = kind.trim_start_matches([':', ' ']);
    let name = kind.split(['<', '[', '.']).next().unwrap_or("").trim();
    let no = [
        "Service",
        "Client",
        "Repository",
        "Cache",
        "Config",
        "Logger",
        "Store",
        "Gateway",
        "Queue",
        "Map",
        "Set",
        "Axios",
        "AxiosInstance",
    ];
    !no.iter().any(|ending| name.ends_with(ending)) && !matches!(name, "string" | "number" | "boolean" | "Request" | "Response")
}
