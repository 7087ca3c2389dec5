//! Handlers that may be routers, and middleware.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::facts::{Expr, Handled, ScopeId, Why};
use super::super::syntax::{children, span};
use super::frameworks::{self, Framework};
use super::reader::{DEPTH, Reader};
use super::routes::Called;
use super::{chi, fiber, mild, net_http};

impl<'t> Reader<'t> {
    /// `Handle` and `HandleFunc` of `ServeMux`, chi and gorilla.
    pub(super) fn muxed(&mut self, on: Expr, path: Node<'t>, handler: Node<'t>, framework: Option<&'static Framework>, scope: ScopeId) {
        let methods: Vec<Arc<str>> = match self.written(path).as_deref().and_then(net_http::method) {
            Some("GET") => vec!["GET".into(), "HEAD".into()],
            Some(method) => vec![method.into()],
            None => Vec::new(),
        };
        let mux = framework.is_none_or(|framework| framework.name == net_http::FRAMEWORK.name);
        if let Some(text) = self.written(path).filter(|text| mux && text.ends_with('/'))
            && self.exact_only(handler, &text)
        {
            self.route(on, methods, Expr::text(&text), path, false);
            return;
        }
        let paths = self.paths(path, framework, scope);
        // Only what is below a slash can be a router's.
        if mux && paths.iter().any(|(path, _)| ends_in_star(path)) && self.may_be_router(handler) {
            let (handler, prefix) = match self.stripped(handler) {
                Some((prefix, inner)) => (inner, self.prefixes(prefix, Some(&chi::FRAMEWORK), scope, DEPTH)),
                None => (handler, vec![Expr::text("")]),
            };
            let what = self.expr(handler, scope, DEPTH);
            let (whole, redirects): (Vec<_>, Vec<_>) = paths.into_iter().partition(|(path, _)| ends_in_star(path));
            let whole: Vec<Expr> = whole.into_iter().map(|(path, _)| path).collect();
            for (redirect, implied) in redirects {
                self.route(on.clone(), methods.clone(), redirect, path, implied);
            }
            for prefix in prefix {
                self.facts.handled.push(Handled {
                    on: on.clone(),
                    what: what.clone(),
                    prefix,
                    within: None,
                    whole: whole.clone(),
                    span: span(path),
                });
            }
            return;
        }
        for (pattern, implied) in paths {
            self.route(on.clone(), methods.clone(), pattern, path, implied);
        }
    }

    /// True unless it is plain that a handler is a function.
    pub(super) fn may_be_router(&self, handler: Node<'t>) -> bool {
        match handler.kind() {
            "func_literal" => false,
            "call_expression" => self
                .field(handler, "function")
                .is_none_or(|function| !matches!(self.text(function), "http.HandlerFunc" | "http.FileServer")),
            _ => true,
        }
    }

    /// `http.StripPrefix(prefix, handler)`.
    pub(super) fn stripped(&self, handler: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let function = self.field(handler, "function")?;
        if self.text(function) != "http.StripPrefix" {
            return None;
        }
        match self.arguments(handler).as_slice() {
            [prefix, inner] => Some((*prefix, *inner)),
            _ => None,
        }
    }

    /// A function that begins with `if r.URL.Path != "/" { http.NotFound(w, r); return }`.
    fn exact_only(&self, handler: Node<'t>, path: &str) -> bool {
        let function = match handler.kind() {
            "func_literal" => Some(handler),
            "identifier" | "selector_expression" => {
                let name = self.field(handler, "field").map_or_else(|| self.text(handler), |field| self.text(field));
                match self.named.get(name).map(Vec::as_slice) {
                    Some([one]) => Some(*one),
                    _ => None,
                }
            }
            _ => None,
        };
        let Some(body) = function.and_then(|function| self.field(function, "body")) else { return false };
        let mut first = children(body).first().copied();
        if first.is_some_and(|list| list.kind() == "statement_list") {
            first = first.and_then(|list| children(list).first().copied());
        }
        let Some(check) = first.filter(|first| first.kind() == "if_statement") else { return false };
        let condition = self.field(check, "condition").map_or("", |condition| self.text(condition));
        let refusal = self.field(check, "consequence").map_or("", |block| self.text(block));
        let not_found = refusal.contains("http.NotFound(") || refusal.contains("StatusNotFound") && !refusal.contains("ServeFile");
        condition.ends_with(&format!(".URL.Path != \"{path}\"")) && not_found && refusal.contains("return")
    }

    pub(super) fn mounted(&mut self, on: Expr, path: Node<'t>, what: Node<'t>, called: &Called<'t>) {
        let scope = called.scope;
        let stripped = self.stripped(what).is_some();
        let known = self.expr(what, scope, DEPTH);
        for prefix in self.prefixes(path, called.framework, scope, DEPTH) {
            let whole = vec![prefix.clone(), Expr::Join(vec![prefix.clone(), Expr::text("/*")])];
            let what = if stripped { Expr::Unknown } else { known.clone() };
            let within = Some(called.framework.unwrap_or(&chi::FRAMEWORK).name);
            self.facts.handled.push(Handled { on: on.clone(), what, prefix, within, whole, span: span(path) });
        }
    }

    pub(super) fn used(&mut self, called: &Called<'t>, handlers: &[Node<'t>]) {
        let scope = called.scope;
        let known = self.static_of(called.operand, scope, DEPTH);
        let framework = called.framework.map_or("", |framework| framework.name);
        let matched = known.is_some_and(|known| known.matched) || called.framework.is_some_and(|framework| framework.matched_first);
        if matched || handlers.is_empty() {
            return;
        }
        let on = self.expr(called.operand, scope, DEPTH);
        let mut prefix = None;
        for handler in handlers {
            if handler.kind() == "interpreted_string_literal" || handler.kind() == "raw_string_literal" {
                prefix = Some(*handler);
                continue;
            }
            // `r.Use(all...)`.
            if handler.kind() == "variadic_argument" {
                self.open(Why::Middleware, *handler);
                continue;
            }
            let app = self.static_of(*handler, scope, DEPTH).is_some_and(|known| known.framework.is_some());
            match prefix {
                Some(prefix) => {
                    let what = self.expr(*handler, scope, DEPTH);
                    for prefix in self.prefixes(prefix, called.framework, scope, DEPTH) {
                        let whole = vec![prefix.clone(), Expr::Join(vec![prefix.clone(), Expr::text("/*")])];
                        let within = called.framework.map(|framework| framework.name);
                        self.facts.handled.push(Handled {
                            on: on.clone(),
                            what: what.clone(),
                            prefix,
                            within,
                            whole,
                            span: span(called.node),
                        });
                    }
                }
                None if app && framework == fiber::FRAMEWORK.name => {
                    let what = self.expr(*handler, scope, DEPTH);
                    self.mount(on.clone(), Expr::text(""), what, called.node, true);
                }
                None => self.middleware(on.clone(), *handler, scope),
            }
        }
    }

    /// What a middleware gives back when it is called: nothing, where it answers nothing.
    pub(super) fn middleware(&mut self, on: Expr, handler: Node<'t>, scope: ScopeId) {
        let function = self.field(handler, "function").unwrap_or(handler);
        let (operand, field) = (self.field(function, "operand"), self.field(function, "field"));
        if let (Some(path), Some(name)) =
            (operand.and_then(|operand| self.package(operand)).map(str::to_owned), field.map(|field| self.text(field)))
        {
            if mild::is_harmless(&path, name) {
                return;
            }
            // It answers one path.
            if frameworks::middleware_of(&path).is_some_and(|framework| framework.name == chi::FRAMEWORK.name)
                && name == "Heartbeat"
                && let Some(ping) = self.arguments(handler).first().copied()
            {
                for (path, _) in self.paths(ping, Some(&chi::FRAMEWORK), scope) {
                    self.route(on.clone(), vec!["GET".into(), "HEAD".into()], path, handler, true);
                }
                return;
            }
        }
        let what = self.expr(handler, scope, DEPTH);
        if mild::from_harmless(&what) || matches!(what, Expr::Other) {
            return;
        }
        let what = Expr::Call(Box::new(what), vec![Expr::Other]);
        self.mount(on, Expr::text(""), what, handler, false);
    }
}

fn ends_in_star(path: &Expr) -> bool {
    match path {
        Expr::Text(text) => text.ends_with('*'),
        Expr::Join(pieces) => pieces.last().is_some_and(|last| last.as_text().is_some_and(|text| text.ends_with('*'))),
        _ => false,
    }
}
