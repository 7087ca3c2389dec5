//! What is done with an app that is not followed, and servers without a framework.

use tree_sitter::Node;

use super::super::facts::{Expr, Handed, ObjectKind, Why};
use super::super::syntax::{children, span};
use super::calls::verb;
use super::source::plain;
use super::{Reader, packages};

impl<'a, 't> Reader<'a, 't> {
    /// `const get = app.get.bind(app)`, `Reflect.apply(app.get, …)`: what is done with a method that is not called is not followed.
    pub(super) fn lost(&mut self, node: Node<'t>) {
        let (object, method) = (node.child_by_field_name("object"), node.child_by_field_name("property"));
        let (Some(object), Some(method)) = (object, method.map(|method| self.source.text(method))) else { return };
        if verb(method).is_none() && !matches!(method, "use" | "route" | "register") {
            return;
        }
        let called = self.source.parent(node).is_some_and(|parent| {
            let function = parent.child_by_field_name("function").or_else(|| parent.child_by_field_name("left"));
            function.is_some_and(|function| function.id() == node.id())
        });
        if called {
            return;
        }
        self.lose(object, node);
    }

    /// `export default { fetch(request) { … } }`, as Bun, Deno and workers start it. Of an app it is `fetch: app.fetch`.
    pub(super) fn exported_server(&mut self, node: Node<'t>) {
        let Some(value) = node.child_by_field_name("value").map(plain).filter(|value| value.kind() == "object") else { return };
        if let Some(fetch) = self.pair(value, "fetch").filter(|fetch| fetch.kind() != "member_expression") {
            self.open(Why::Middleware, span(fetch));
        }
    }

    /// `const { get } = app`
    pub(super) fn taken_apart(&mut self, node: Node<'t>) {
        let (Some(pattern), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) else { return };
        let registers = |part: &Node<'t>| {
            let key = part.child_by_field_name("key").unwrap_or(*part);
            verb(self.source.text(key)).is_some() || matches!(self.source.text(key), "use" | "route" | "register")
        };
        if pattern.kind() == "object_pattern" && children(pattern).iter().any(registers) {
            self.lose(value, node);
        }
    }

    fn lose(&mut self, object: Node<'t>, node: Node<'t>) {
        let what = self.expr(object);
        if !matches!(what, Expr::Other | Expr::Unknown | Expr::Text(_)) {
            self.facts.handed.push(Handed { to: Expr::Unknown, what, span: span(node) });
        }
    }

    /// A server of its own, without a framework: it serves what its handler does.
    pub(super) fn plain_server(&mut self, node: Node<'t>, module: &str, name: &str, given: &[Node<'t>]) {
        let makes = name.starts_with("create") || name.ends_with("Server");
        if !makes || !matches!(packages::package(module), "http" | "https" | "http2") {
            return;
        }
        if let Some(handler) = given.last() {
            let what = self.expr(*handler);
            if !self.made.contains_key(&node.id()) {
                let server = self.object_at(node, ObjectKind::App, "Node.js", Expr::text(""));
                self.made.remove(&node.id());
                self.mount(server, Expr::text(""), what, node);
            }
        }
    }
}
