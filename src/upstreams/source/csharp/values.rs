//! What expressions and names of a C# file are.

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::super::facts::{Expr, Facts, ObjectKind, ScopeId, ScopeKind};
use super::super::making::{Scopes, global};
use super::super::syntax::{children, span, text};
use super::pattern::as_path;
use super::{APP, FRAMEWORK, PATH_BASE};

/// How deep expressions are read.
const DEPTH: u32 = 48;
/// Types of what routes are registered on.
const BUILDERS: [&str; 5] = ["IEndpointRouteBuilder", "WebApplication", "RouteGroupBuilder", "IApplicationBuilder", "ApplicationBuilder"];

/// A file while it is read.
pub(super) struct File<'a, 'f> {
    /// Its text.
    pub(super) code: &'a str,
    /// What it says.
    pub(super) facts: &'f mut Facts,
    scopes: Scopes,
    /// Objects by the call that makes them.
    made: FxHashMap<usize, Expr>,
    /// Names of what routes are registered on.
    builders: FxHashSet<&'a str>,
    /// True when `Build` may make an app.
    web: bool,
}

/// A call of a method: what it is called on, its name without type arguments, and its arguments.
#[derive(Clone, Copy)]
pub(super) struct Invocation<'a, 't> {
    pub(super) node: Node<'t>,
    pub(super) receiver: Option<Node<'t>>,
    pub(super) name: &'a str,
}

impl<'a, 'f> File<'a, 'f> {
    pub(super) fn new(code: &'a str, facts: &'f mut Facts) -> File<'a, 'f> {
        File {
            code,
            facts,
            scopes: Scopes::default(),
            made: FxHashMap::default(),
            builders: FxHashSet::default(),
            web: code.contains("WebApplication"),
        }
    }

    pub(super) fn text(&self, node: Node<'_>) -> &'a str {
        text(self.code, node)
    }

    /// The text of a field of a node.
    pub(super) fn field(&self, node: Node<'_>, name: &str) -> &'a str {
        node.child_by_field_name(name).map_or("", |node| self.text(node))
    }

    /// The function or class around a node, itself included.
    pub(super) fn scope(&self, node: Node<'_>) -> ScopeId {
        self.scopes.around(node, self.facts)
    }

    /// Classes, methods, constants and local variables.
    pub(super) fn declare(&mut self, nodes: &[Node<'_>]) {
        for node in nodes.iter().copied() {
            match node.kind() {
                "class_declaration" | "struct_declaration" | "record_declaration" | "interface_declaration" => {
                    let scope = self.add(node, ScopeKind::Class);
                    self.facts.bind(ScopeId::FILE, self.field(node, "name"), Expr::Scope(scope));
                }
                "method_declaration" | "local_function_statement" | "constructor_declaration" => self.function(node),
                "variable_declarator" => self.variable(node),
                _ => {}
            }
        }
    }

    fn add(&mut self, node: Node<'_>, kind: ScopeKind) -> ScopeId {
        let parent = self.scope(node);
        let scope = self.facts.add_scope(parent, kind);
        self.scopes.add(node, scope);
        scope
    }

    fn function(&mut self, node: Node<'_>) {
        let name = self.field(node, "name");
        let parent = self.scope(node);
        let scope = self.add(node, ScopeKind::Function);
        let parameters = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let mut names = Vec::new();
        for parameter in parameters.into_iter().filter(|parameter| parameter.kind() == "parameter") {
            let own = self.field(parameter, "name");
            let builder = BUILDERS.contains(&self.field(parameter, "type").trim_end_matches('?'));
            if builder {
                self.builders.insert(own);
            }
            // The framework calls `Configure` of the startup class.
            if builder && name.starts_with("Configure") && !self.text(parameter).starts_with("this ") {
                let app = self.app(parameter);
                self.facts.bind(scope, own, app);
                names.push("".into());
            } else {
                names.push(own.into());
            }
        }
        if let Some(known) = self.facts.scopes.get_mut(scope.0 as usize) {
            known.parameters = names;
        }
        // Methods that extend a type are called as if it had them, wherever they stand.
        self.facts.bind(ScopeId::FILE, name, Expr::Scope(scope));
        if parent != ScopeId::FILE {
            self.facts.bind(parent, name, Expr::Scope(scope));
        }
    }

    fn variable(&mut self, node: Node<'_>) {
        let scope = self.scope(node);
        let name = self.field(node, "name");
        let Some(value) =
            children(node).into_iter().rfind(|child| child.id() != node.child_by_field_name("name").map_or(0, |name| name.id()))
        else {
            return;
        };
        if self.is_builder(value, DEPTH) {
            self.builders.insert(name);
        }
        let value = self.value(value, scope);
        self.facts.bind(scope, name, value.clone());
        let field = node.parent().and_then(|declaration| declaration.parent()).filter(|field| field.kind() == "field_declaration");
        if field.is_some_and(|field| self.text(field).contains("const ")) {
            self.facts.bind(ScopeId::FILE, name, value);
        }
    }

    /// An app that the framework gives.
    fn app(&mut self, node: Node<'_>) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let app = self.facts.add_object(ObjectKind::App, FRAMEWORK, global(PATH_BASE), true, span(node));
        self.facts.bind(ScopeId::FILE, APP, app.clone());
        self.made.insert(node.id(), app.clone());
        app
    }

    /// A router below another one.
    pub(super) fn group(&mut self, node: Node<'_>, on: Expr, prefix: Expr) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let router = self.facts.add_object(ObjectKind::Router, FRAMEWORK, Expr::text(""), true, span(node));
        self.made.insert(node.id(), router.clone());
        self.facts.add_mount(on, prefix, router.clone(), span(node));
        router
    }

    /// A call of a method; `None` for what is none.
    pub(super) fn invocation<'t>(&self, node: Node<'t>) -> Option<Invocation<'a, 't>> {
        if node.kind() != "invocation_expression" {
            return None;
        }
        let function = node.child_by_field_name("function")?;
        let (receiver, name) = match function.kind() {
            "member_access_expression" => (function.child_by_field_name("expression"), function.child_by_field_name("name")?),
            _ => (None, function),
        };
        Some(Invocation { node, receiver, name: self.text(name).split('<').next().unwrap_or("").trim() })
    }

    /// The arguments of a call: their names, if they have one, and values.
    pub(super) fn arguments<'t>(&self, call: Node<'t>) -> Vec<(&'a str, Node<'t>)> {
        let list = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        list.into_iter()
            .filter(|argument| argument.kind() == "argument")
            .filter_map(|argument| Some((self.field(argument, "name"), children(argument).pop()?)))
            .collect()
    }

    /// An argument by its name, or else its place.
    pub(super) fn argument<'t>(&self, call: Node<'t>, name: &str, place: usize) -> Option<Node<'t>> {
        let all = self.arguments(call);
        let named = all.iter().find(|(known, _)| *known == name);
        named.or_else(|| all.get(place).filter(|(known, _)| known.is_empty())).map(|(_, value)| *value)
    }

    /// True for what routes are registered on, as far as this file shows.
    pub(super) fn is_builder(&self, node: Node<'_>, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match node.kind() {
            "identifier" => {
                let name = self.text(node);
                // What functions of the application give back is called so.
                self.builders.contains(name) || matches!(name, "app" | "application" | "endpoints" | "routes" | "webApp" | "routeBuilder")
            }
            "invocation_expression" => self.invocation(node).is_some_and(|call| {
                let receiver = call.receiver.is_some_and(|receiver| self.is_builder(receiver, depth));
                receiver || call.name == "MapGroup" || self.web && matches!(call.name, "Build" | "Create")
            }),
            "parenthesized_expression" | "cast_expression" | "await_expression" | "postfix_unary_expression" => {
                children(node).pop().is_some_and(|inner| self.is_builder(inner, depth))
            }
            _ => false,
        }
    }

    /// Makes a name one that routes are registered on.
    pub(super) fn name_builder(&mut self, name: &'a str) {
        self.builders.insert(name);
    }

    /// What an expression is.
    pub(super) fn value(&mut self, node: Node<'_>, scope: ScopeId) -> Expr {
        self.value_in(node, scope, DEPTH)
    }

    fn value_in(&mut self, node: Node<'_>, scope: ScopeId, depth: u32) -> Expr {
        let Some(depth) = depth.checked_sub(1) else { return Expr::Unknown };
        match node.kind() {
            "identifier" => Expr::Name(scope, self.text(node).into()),
            "parenthesized_expression" | "cast_expression" | "await_expression" | "postfix_unary_expression" => {
                match children(node).pop() {
                    Some(inner) => self.value_in(inner, scope, depth),
                    None => Expr::Unknown,
                }
            }
            "string_literal" | "verbatim_string_literal" | "raw_string_literal" => Expr::text(plain(self.text(node))),
            "interpolated_string_expression" => Expr::Join(
                children(node)
                    .into_iter()
                    .filter(|piece| matches!(piece.kind(), "string_content" | "interpolation" | "escape_sequence"))
                    .map(|piece| match piece.kind() {
                        "interpolation" => {
                            let inner = children(piece).into_iter().find(|inner| inner.kind() != "interpolation_brace");
                            inner.map_or(Expr::Unknown, |inner| self.value_in(inner, scope, depth))
                        }
                        // Braces of a parameter are written twice.
                        _ => Expr::text(&self.text(piece).replace("{{", "{").replace("}}", "}")),
                    })
                    .collect(),
            ),
            "binary_expression" if self.field(node, "operator") == "+" => {
                let (left, right) = (node.child_by_field_name("left"), node.child_by_field_name("right"));
                let left = left.map_or(Expr::Unknown, |side| self.value_in(side, scope, depth));
                Expr::Join(vec![left, right.map_or(Expr::Unknown, |side| self.value_in(side, scope, depth))])
            }
            "member_access_expression" => match self.text(node) {
                "string.Empty" | "String.Empty" => Expr::text(""),
                _ => {
                    let of = node.child_by_field_name("expression").map_or(Expr::Unknown, |of| self.value_in(of, scope, depth));
                    Expr::Member(Box::new(of), self.field(node, "name").into())
                }
            },
            "this" | "this_expression" => Expr::Unknown,
            "invocation_expression" => self.called(node, scope, depth),
            _ => Expr::Unknown,
        }
    }

    fn called(&mut self, node: Node<'_>, scope: ScopeId, depth: u32) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let Some(call) = self.invocation(node) else { return Expr::Unknown };
        if call.name == "nameof" {
            let written = self.argument(node, "", 0).map_or("", |node| self.text(node));
            return Expr::text(written.rsplit('.').next().unwrap_or(""));
        }
        let Some(receiver) = call.receiver else {
            return Expr::Call(Box::new(Expr::Name(scope, call.name.into())), self.given(node, None, scope, depth));
        };
        if self.web && matches!(call.name, "Build" | "Create") {
            return self.app(node);
        }
        if call.name == "MapGroup" {
            let on = self.value_in(receiver, scope, depth);
            let prefix = self.argument(node, "prefix", 0).map_or(Expr::Unknown, |prefix| self.value_in(prefix, scope, depth));
            return self.group(node, on, as_path(prefix));
        }
        // Calls in a row that give back what they were called on.
        const SAME: [&str; 9] = ["With", "Require", "Add", "Produces", "Allow", "Disable", "Cache", "Use", "Exclude"];
        if SAME.iter().any(|start| call.name.starts_with(start)) && !self.is_static(receiver) {
            return self.value_in(receiver, scope, depth);
        }
        let (function, arguments) = self.parts_in(call, scope, depth);
        Expr::Call(Box::new(function), arguments)
    }

    /// The function that is called, and what it is given.
    pub(super) fn parts(&mut self, call: Invocation<'_, '_>, scope: ScopeId) -> (Expr, Vec<Expr>) {
        self.parts_in(call, scope, DEPTH)
    }

    fn parts_in(&mut self, call: Invocation<'_, '_>, scope: ScopeId, depth: u32) -> (Expr, Vec<Expr>) {
        match call.receiver {
            Some(receiver) if self.is_static(receiver) => {
                let class = self.text(receiver).rsplit('.').next().unwrap_or("");
                let function = Expr::Member(Box::new(Expr::Name(scope, class.into())), call.name.into());
                (function, self.given(call.node, None, scope, depth))
            }
            receiver => (global(call.name), self.given(call.node, receiver, scope, depth)),
        }
    }

    /// True for the name of a class.
    pub(super) fn is_static(&self, node: Node<'_>) -> bool {
        matches!(node.kind(), "identifier" | "member_access_expression" | "qualified_name")
            && self.text(node).starts_with(|c: char| c.is_uppercase())
            && !self.builders.contains(self.text(node))
    }

    /// What a function is given: what it is called on first, for one that extends that.
    fn given(&mut self, call: Node<'_>, receiver: Option<Node<'_>>, scope: ScopeId, depth: u32) -> Vec<Expr> {
        let mut out = Vec::new();
        if let Some(receiver) = receiver {
            out.push(self.value_in(receiver, scope, depth));
        }
        for (_, value) in self.arguments(call) {
            let simple = matches!(value.kind(), "identifier" | "string_literal" | "invocation_expression" | "member_access_expression");
            out.push(if simple { self.value_in(value, scope, depth) } else { Expr::Unknown });
        }
        out
    }

    /// An expression that is used as a path: its texts are patterns.
    pub(super) fn path(&mut self, node: Node<'_>, scope: ScopeId) -> Expr {
        as_path(self.value(node, scope))
    }
}

/// The text of a literal.
fn plain(written: &str) -> &str {
    written.trim_start_matches('@').trim_matches('"')
}
