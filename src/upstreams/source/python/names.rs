//! What names are given: by assignments, loops, parameters, classes.

use tree_sitter::Node;

use super::super::facts::{Expr, ScopeId};
use super::super::syntax::children;
use super::guards;
use super::reader::Reader;

impl<'t> Reader<'t> {
    /// Notes what a node gives names.
    pub(super) fn note_names(&mut self, node: Node<'t>, scope: ScopeId) {
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "assignment" => {
                if let (Some(left), Some(right)) = (field("left"), field("right")) {
                    self.assign(left, right, scope);
                }
            }
            "augmented_assignment" => {
                if let (Some(left), Some(right)) = (field("left"), field("right")) {
                    self.extend(left, right, scope);
                }
            }
            "named_expression" => {
                if let (Some(left), Some(right)) = (field("name"), field("value")) {
                    let value = self.expr(right, scope);
                    self.bind(scope, self.text(left), value);
                }
            }
            "for_statement" | "for_in_clause" => {
                if let (Some(left), Some(right)) = (field("left"), field("right")) {
                    self.each(left, right, scope);
                }
            }
            "as_pattern_target" => self.bind(scope, self.text(node), Expr::Unknown),
            "function_definition" => {
                let Some(own) = self.scopes.get(&node.id()).copied() else { return };
                guards::function(self, node);
                let init = field("name").is_some_and(|name| self.text(name) == "__init__");
                let at = if init { self.class_around(own).unwrap_or(own) } else { own };
                for (name, default) in self.parameters(node) {
                    if let Some(default) = default {
                        let value = self.expr(default, scope);
                        self.bind(at, name, value);
                    }
                }
            }
            "return_statement" => {
                let value = node.named_child(0).map_or(Expr::Other, |value| self.expr(value, scope));
                if let Some(scope) = self.facts.scopes.get_mut(scope.0 as usize) {
                    scope.returns.push(value);
                }
            }
            "yield" => {
                let value = node.named_child(0).map_or(Expr::Other, |value| self.expr(value, scope));
                if let Some(scope) = self.facts.scopes.get_mut(scope.0 as usize) {
                    scope.returns.push(value);
                }
            }
            "class_definition" => self.class(node, scope),
            "call" => self.put_in(node, scope),
            _ => {}
        }
    }

    fn assign(&mut self, left: Node<'t>, right: Node<'t>, scope: ScopeId) {
        // `a = b = c`
        if right.kind() == "assignment"
            && let Some(value) = right.child_by_field_name("right").filter(|value| value.kind() != "assignment")
        {
            return self.assign(left, value, scope);
        }
        if self.settings.contains(&scope) {
            return;
        }
        if self.patterns_assigned(left, right, scope) || self.slot_assigned(left, right, scope) {
            return;
        }
        match left.kind() {
            "identifier" => {
                let value = self.expr(right, scope);
                self.bind(scope, self.text(left), value);
            }
            "attribute" => {
                let (Some(object), Some(member)) = (left.child_by_field_name("object"), left.child_by_field_name("attribute")) else {
                    return;
                };
                if matches!(self.text(object), "self" | "cls")
                    && let Some(class) = self.class_around(scope)
                {
                    let value = self.expr(right, scope);
                    self.bind(class, self.text(member), value);
                }
            }
            // `routers["users"] = users.router`
            "subscript" => {
                if let Some(object) = left.child_by_field_name("value") {
                    self.put(object, right, scope);
                }
            }
            "pattern_list" | "tuple_pattern" => {
                let (names, values) = (children(left), children(right));
                let matched = matches!(right.kind(), "expression_list" | "tuple" | "list") && names.len() == values.len();
                for (at, name) in names.into_iter().enumerate() {
                    let value = match values.get(at).filter(|_| matched) {
                        Some(value) => self.expr(*value, scope),
                        None => Expr::Unknown,
                    };
                    if name.kind() == "identifier" {
                        self.bind(scope, self.text(name), value);
                    }
                }
            }
            _ => {}
        }
    }

    /// `routers.append(users)`: what a list has is bound to its name.
    fn put_in(&mut self, call: Node<'t>, scope: ScopeId) {
        let Some(function) = call.child_by_field_name("function").filter(|function| function.kind() == "attribute") else { return };
        let (Some(object), Some(method)) = (function.child_by_field_name("object"), function.child_by_field_name("attribute")) else {
            return;
        };
        if !matches!(self.text(method), "append" | "extend" | "insert" | "add" | "update" | "setdefault" | "appendleft") {
            return;
        }
        for item in self.arguments(call).positional {
            self.put(object, item, scope);
        }
    }

    /// Something becomes a part of what has that name.
    fn put(&mut self, object: Node<'t>, item: Node<'t>, scope: ScopeId) {
        let (at, name) = match object.kind() {
            "identifier" => {
                let name = self.text(object);
                let mut at = scope;
                while at != ScopeId::FILE && !self.binds(at, name) {
                    at = self.facts.scopes.get(at.0 as usize).and_then(|scope| scope.parent).unwrap_or(ScopeId::FILE);
                }
                if self.patterns.contains_key(&(at, name)) {
                    return;
                }
                // It is more than what is written there.
                self.outer.entry(name).or_default().push(item);
                (at, name)
            }
            "attribute" => {
                let of_self = object.child_by_field_name("object").is_some_and(|of| matches!(self.text(of), "self" | "cls"));
                let Some(class) = self.class_around(scope).filter(|_| of_self) else { return };
                (class, object.child_by_field_name("attribute").map_or("", |name| self.text(name)))
            }
            _ => return,
        };
        let value = self.expr(item, scope);
        if !matches!(value, Expr::Text(_) | Expr::Other) {
            self.bind(at, name, value);
        }
    }

    /// `x += y`.
    fn extend(&mut self, left: Node<'t>, right: Node<'t>, scope: ScopeId) {
        if self.patterns_extended(left, right, scope) || left.kind() != "identifier" {
            return;
        }
        let name = self.text(left);
        let value = self.expr(right, scope);
        let value = match value {
            Expr::List(_) => value,
            // Behind what it was, which is bound too.
            _ => Expr::Unknown,
        };
        self.bind(scope, name, value);
    }

    /// What a name is in a loop.
    fn each(&mut self, left: Node<'t>, right: Node<'t>, scope: ScopeId) {
        let list = self.listed(right);
        match (left.kind(), list) {
            ("identifier", Some(list)) => {
                let items = children(list).into_iter().filter(|item| item.kind() != "pair").collect::<Vec<_>>();
                let keys = children(list).into_iter().filter_map(|item| item.child_by_field_name("key")).collect::<Vec<_>>();
                let value = Expr::List(items.into_iter().chain(keys).map(|item| self.expr(item, scope)).collect());
                self.bind(scope, self.text(left), value);
            }
            ("pattern_list" | "tuple_pattern", Some(list)) => {
                let rows: Vec<Vec<Node<'t>>> = children(list).into_iter().map(children).collect();
                for (at, name) in children(left).into_iter().enumerate() {
                    let value =
                        Expr::List(rows.iter().map(|row| row.get(at).map_or(Expr::Unknown, |item| self.expr(*item, scope))).collect());
                    if name.kind() == "identifier" {
                        self.bind(scope, self.text(name), value);
                    }
                }
            }
            ("identifier", None) => {
                // A list that another file has: a name in the loop is any of its items.
                let value = match right.kind() {
                    "identifier" | "attribute" => self.expr(right, scope),
                    _ => Expr::Unknown,
                };
                self.bind(scope, self.text(left), value);
            }
            _ => {
                for name in children(left) {
                    self.bind(scope, self.text(name), Expr::Unknown);
                }
            }
        }
    }

    /// The list or dictionary that is written there, or that the name there is given once and for all.
    fn listed(&self, node: Node<'t>) -> Option<Node<'t>> {
        let node = match node.kind() {
            // `d.items()`
            "call" => node.child_by_field_name("function")?.child_by_field_name("object")?,
            _ => node,
        };
        let node = match node.kind() {
            "identifier" => match self.outer.get(self.text(node))?.as_slice() {
                [one] => *one,
                _ => return None,
            },
            _ => node,
        };
        matches!(node.kind(), "list" | "tuple" | "set" | "dictionary" | "expression_list").then_some(node)
    }
}
