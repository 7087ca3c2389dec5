//! Hono: `route`, `basePath`, `mount`, `on`, and routes with a description of OpenAPI.

use tree_sitter::Node;

use super::super::facts::{Expr, Mount, ObjectKind, RouteFact, Why};
use super::super::syntax::span;
use super::expressions::joined;
use super::{Reader, paths};

impl<'a, 't> Reader<'a, 't> {
    /// `new Hono()`
    pub(super) fn hono_app(&mut self, node: Node<'t>) -> Expr {
        self.object_at(node, ObjectKind::Either, "Hono", Expr::text(""))
    }

    /// `app.basePath('/x')`: the same app, with all paths below.
    pub(super) fn hono_base(&mut self, node: Node<'t>, object: Node<'t>, path: Node<'t>, depth: u32) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let mut prefix = self.path(path);
        // `new Hono().basePath('/a').basePath('/b')`
        let mut base = super::source::plain(object);
        for _ in 0..8 {
            let Some((inner, before)) = self.base_path(base) else { break };
            prefix = joined(vec![self.path(before), Expr::text("/"), prefix]);
            base = super::source::plain(inner);
        }
        if base.kind() == "new_expression" {
            return self.object_at(node, ObjectKind::Either, "Hono", prefix);
        }
        let prefix = self.path(path);
        // Where this one is mounted, all of the other one is.
        if self.is_given_away(node) {
            self.open(Why::Mounted, span(node));
        }
        let on = self.value(object, depth);
        let made = self.object_at(node, ObjectKind::Router, "Hono", prefix);
        let what = made.clone();
        self.facts.mounts.push(Mount { on, prefix: Expr::text(""), replaces: false, what, span: span(path), certain: true });
        made
    }

    /// The object and the path of `x.basePath('/y')`.
    fn base_path(&self, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let function = node.child_by_field_name("function").filter(|_| node.kind() == "call_expression")?;
        let method = function.child_by_field_name("property").filter(|method| self.source.text(*method) == "basePath");
        method.and(function.child_by_field_name("object")).zip(super::expressions::arguments(node).first().copied())
    }

    /// True for a value that other files may get, or that is mounted: all but one with a name that is only written before a dot.
    fn is_given_away(&mut self, node: Node<'t>) -> bool {
        let Some(parent) = self.source.parent(node) else { return true };
        match parent.kind() {
            "member_expression" | "expression_statement" => false,
            "variable_declarator" => {
                let name = parent.child_by_field_name("name").map_or("", |name| self.source.text(name));
                let exported = self.source.around(parent).take(2).any(|around| around.kind() == "export_statement");
                exported || self.names().given.contains(name)
            }
            _ => true,
        }
    }

    /// `app.route('/x', other)`
    pub(super) fn hono_route(&mut self, node: Node<'t>, object: Node<'t>, path: Node<'t>, what: Node<'t>) {
        let (on, prefix, what) = (self.expr(object), self.path(path), self.expr(what));
        self.mount(on, prefix, what, node);
    }

    /// Other methods that register something; false when it may be anything.
    pub(super) fn hono_method(&mut self, node: Node<'t>, object: Node<'t>, method: &str, given: &[Node<'t>]) -> bool {
        let (path, methods) = match (method, given) {
            ("basePath", [_]) => {
                self.expr(node);
                return true;
            }
            ("mount", [path, _, ..]) => (joined(vec![self.path(*path), Expr::text("/*")]), Vec::new()),
            ("on", [methods, path, _, ..]) => (self.path(*path), self.texts(*methods)),
            ("openapi", [description, _, ..]) => match self.route_description(*description) {
                Some(description) => {
                    let path = self.pair(description, "path").map_or(Expr::Unknown, |path| self.path(path));
                    (path, self.pair(description, "method").map(|methods| self.texts(methods)).unwrap_or_default())
                }
                None => (super::bindings::member(self.expr(*description), "path"), Vec::new()),
            },
            ("doc" | "doc31", [path, _]) => (paths::written(self.expr(*path)), vec!["GET".into()]),
            _ => return false,
        };
        let on = self.expr(object);
        let place = given.first().copied().unwrap_or(node);
        let implied = method.starts_with("doc");
        self.facts.routes.push(RouteFact { on, methods, path, span: span(place), certain: false, implied });
        true
    }

    /// The object in `createRoute({…})`, there or behind a name of this file.
    fn route_description(&self, node: Node<'t>) -> Option<Node<'t>> {
        let node = self.literal(node);
        match node.kind() {
            "object" => Some(node),
            "call_expression" => super::expressions::arguments(node).first().copied().filter(|object| object.kind() == "object"),
            _ => None,
        }
    }
}
