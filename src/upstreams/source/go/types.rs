//! The types of a file of Go, their fields, and what its functions are given.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::facts::{Expr, ScopeId};
use super::super::syntax::{children, nodes, text};
use super::expressions::is_standard;
use super::frameworks::{self, Framework};
use super::reader::{DEPTH, NOT, Reader, Static, router};

/// What a type is, so far as matters.
pub(super) enum Type {
    Router(&'static Framework),
    /// A handler or a function: what it is depends on the value.
    Handler,
    /// A struct of the application or of a library.
    Struct(Expr),
    /// Surely no router.
    Plain,
    Unknown,
}

/// True for the name of a type that something from outside fills, as a rule.
fn is_settings(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["conf", "setting", "option", "env", "flag"].iter().any(|word| lower.contains(word))
}

impl<'t> Reader<'t> {
    /// The types of the file and their fields, its constants, and what its functions are given.
    pub(super) fn find_types(&mut self, all: &[Node<'t>]) {
        for node in all {
            match node.kind() {
                "type_spec" => {
                    let (Some(name), Some(of)) = (self.field(*node, "name"), self.field(*node, "type")) else { continue };
                    if matches!(of.kind(), "interface_type" | "function_type") {
                        self.abstract_types.insert(self.text(name).to_owned());
                    }
                }
                "const_spec" => {
                    let (Some(name), Some(values)) = (self.field(*node, "name"), self.field(*node, "value")) else { continue };
                    if let [value] = children(values).as_slice()
                        && let Some(value) = self.written(*value)
                    {
                        self.constants.insert(self.text(name).to_owned(), value);
                    }
                }
                _ => {}
            }
        }
        for node in all {
            match node.kind() {
                "type_spec" => self.class(*node),
                "function_declaration" | "method_declaration" | "func_literal" => self.function(*node),
                _ => {}
            }
        }
    }

    fn class(&mut self, node: Node<'t>) {
        let (Some(name), Some(id)) = (self.field(node, "name"), self.scopes.get(&node.id()).copied()) else { return };
        let name = self.text(name);
        self.name(ScopeId::FILE, name, Expr::Scope(id));
        let Some(of) = self.field(node, "type").filter(|of| of.kind() == "struct_type") else { return };
        for field in nodes(of).into_iter().filter(|node| node.kind() == "field_declaration") {
            let Some(declared) = self.field(field, "type") else { continue };
            let mut cursor = field.walk();
            let mut names: Vec<&str> = field.children_by_field_name("name", &mut cursor).map(|name| text(self.code, name)).collect();
            let embedded = names.is_empty();
            if embedded {
                names.push(self.text(declared).trim_start_matches('*').rsplit('.').next().unwrap_or(""));
            }
            let kind = self.kind_of(declared);
            for field_name in names {
                let member = format!("{name}.{field_name}");
                self.name(id, field_name, Expr::Name(ScopeId::FILE, member.as_str().into()));
                match &kind {
                    Type::Router(framework) => {
                        self.fields.insert(field_name.to_owned(), router(framework));
                        if embedded {
                            self.name(ScopeId::FILE, &format!("{name}."), Expr::Name(ScopeId::FILE, member.as_str().into()));
                        }
                    }
                    Type::Struct(instance) => self.name(ScopeId::FILE, &member, instance.clone()),
                    // Something else may fill it: a file, the environment.
                    Type::Plain if self.text(declared) == "string" => {
                        self.strings.entry(name.to_owned()).or_default().push(field_name.to_owned());
                        if self.field(field, "tag").is_some() || is_settings(name) {
                            self.name(ScopeId::FILE, &member, Expr::Unknown);
                        }
                    }
                    Type::Plain => {
                        self.fields.entry(field_name.to_owned()).or_insert(NOT);
                        self.name(ScopeId::FILE, &member, Expr::Other);
                    }
                    Type::Handler | Type::Unknown => {}
                }
            }
        }
    }

    fn function(&mut self, node: Node<'t>) {
        let Some(id) = self.scopes.get(&node.id()).copied() else { return };
        let inline = node.kind() == "func_literal" && self.is_inline_group(node);
        if let Some(receiver) = self.field(node, "receiver").and_then(|list| children(list).first().copied()) {
            let of = self.field(receiver, "type").map(|of| self.text(of).trim_start_matches('*')).unwrap_or("");
            let of = of.split('[').next().unwrap_or(of).to_owned();
            if let Some(name) = self.field(receiver, "name") {
                let instance = Expr::Call(Box::new(Expr::Name(ScopeId::FILE, of.as_str().into())), Vec::new());
                self.name(id, self.text(name), instance);
            }
            if let Some(name) = self.field(node, "name") {
                self.name(ScopeId::FILE, &format!("{of}.{}", self.text(name)), Expr::Scope(id));
            }
        } else if let Some(name) = self.field(node, "name") {
            self.name(ScopeId::FILE, self.text(name), Expr::Scope(id));
        }
        let Some(list) = self.field(node, "parameters") else { return };
        let mut parameters: Vec<Arc<str>> = Vec::new();
        for parameter in children(list) {
            let Some(of) = self.field(parameter, "type") else { continue };
            let mut cursor = parameter.walk();
            let names: Vec<&str> = parameter.children_by_field_name("name", &mut cursor).map(|name| text(self.code, name)).collect();
            if names.is_empty() {
                parameters.push("".into());
            }
            for name in names {
                let several = parameter.kind() == "variadic_parameter_declaration";
                match self.kind_of(of) {
                    Type::Struct(instance) if !several => {
                        parameters.push("".into());
                        self.name(id, name, instance);
                        continue;
                    }
                    Type::Plain if self.text(of) != "string" => {
                        parameters.push("".into());
                        self.name(id, name, Expr::Other);
                        self.statics.insert((id, name.to_owned()), NOT);
                        continue;
                    }
                    Type::Router(framework) => {
                        let matched = inline || framework.matched_first || matches!(self.text(of).rsplit('.').next(), Some("RouterGroup"));
                        self.statics.insert((id, name.to_owned()), Static { matched, ..router(framework) });
                    }
                    _ => {}
                }
                parameters.push(name.into());
                if several {
                    self.name(id, name, Expr::Unknown);
                }
            }
        }
        if let Some(scope) = self.facts.scopes.get_mut(id.0 as usize) {
            scope.parameters = parameters;
        }
    }

    /// `r.Group(func(r chi.Router) { … })`.
    fn is_inline_group(&self, literal: Node<'t>) -> bool {
        let call = self.parent(literal).and_then(|list| self.parent(list));
        let function = call.filter(|call| call.kind() == "call_expression").and_then(|call| self.field(call, "function"));
        function.and_then(|function| self.field(function, "field")).is_some_and(|name| self.text(name) == "Group")
    }

    pub(super) fn kind_of(&self, node: Node<'t>) -> Type {
        let mut node = node;
        for _ in 0..DEPTH {
            node = match node.kind() {
                "pointer_type" | "parenthesized_type" | "generic_type" => match children(node).first() {
                    Some(inner) => *inner,
                    None => return Type::Unknown,
                },
                _ => break,
            };
        }
        match node.kind() {
            "qualified_type" => {
                let (Some(package), Some(name)) = (self.field(node, "package"), self.field(node, "name")) else { return Type::Unknown };
                let (package, name) = (self.text(package), self.text(name));
                let Some(path) = self.imports.get(package) else { return Type::Unknown };
                if let Some(framework) = frameworks::of_package(path) {
                    return match name {
                        _ if framework.routers.contains(&name) => Type::Router(framework),
                        "Server" if path == "net/http" => Type::Unknown,
                        _ if path == "net/http" && !matches!(name, "Handler" | "HandlerFunc") => Type::Plain,
                        _ => Type::Handler,
                    };
                }
                match is_standard(path) {
                    true => Type::Plain,
                    false => Type::Struct(Expr::Call(Box::new(Expr::Import(path.as_str().into(), name.into())), Vec::new())),
                }
            }
            "type_identifier" => {
                let name = self.text(node);
                match name {
                    "string" | "bool" | "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32"
                    | "uint64" | "float32" | "float64" | "byte" | "rune" | "error" => Type::Plain,
                    "any" => Type::Unknown,
                    _ if self.abstract_types.contains(name) => Type::Handler,
                    _ => Type::Struct(Expr::Call(Box::new(Expr::Name(ScopeId::FILE, name.into())), Vec::new())),
                }
            }
            "function_type" => Type::Handler,
            _ => Type::Unknown,
        }
    }
}
