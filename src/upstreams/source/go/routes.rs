//! What a file of Go registers: routes, groups, mounts, middleware, and what listens.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::facts::ScopeId;
use super::super::facts::{Call, Expr, Handled, Mount, ObjectKind, RouteFact, Why};
use super::super::syntax::{children, span};
use super::expressions::is_standard;
use super::frameworks::{self, Framework};
use super::reader::{DEPTH, Reader};
use super::{echo, errors, fiber, gorilla, mild, net_http};

/// Methods of routers named like the methods of HTTP, as gin and echo write them.
const UPPER: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "Any"];
/// And as chi and Fiber do.
const LOWER: &[&str] = &["Get", "Post", "Put", "Delete", "Patch", "Head", "Options", "Connect", "Trace", "All"];

/// One call of a method.
pub(super) struct Called<'t> {
    pub(super) node: Node<'t>,
    pub(super) operand: Node<'t>,
    pub(super) name: &'t str,
    pub(super) arguments: Vec<Node<'t>>,
    pub(super) framework: Option<&'static Framework>,
    /// True when it can be seen that this is a router.
    pub(super) sure: bool,
    pub(super) scope: ScopeId,
}

impl<'t> Reader<'t> {
    /// Notes what one node registers.
    pub(super) fn registered(&mut self, node: Node<'t>, scope: ScopeId) {
        match node.kind() {
            "call_expression" => self.call(node, scope),
            "composite_literal" => self.server(node, scope),
            "selector_expression" => self.method_as_value(node, scope),
            _ => {}
        }
    }

    pub(super) fn route(&mut self, on: Expr, methods: Vec<Arc<str>>, path: Expr, node: Node<'t>, implied: bool) {
        self.facts.routes.push(RouteFact { on, methods, path, span: span(node), certain: false, implied });
    }

    fn call(&mut self, node: Node<'t>, scope: ScopeId) {
        let Some(function) = self.field(node, "function") else { return };
        let arguments = self.arguments(node);
        let (Some(operand), Some(field)) = (self.field(function, "operand"), self.field(function, "field")) else {
            self.passes(node, function, &arguments, scope);
            return;
        };
        let name = self.text(field);
        if let Some(path) = self.package(operand).map(str::to_owned) {
            match (path.as_str(), name, arguments.as_slice()) {
                ("net/http", "Handle" | "HandleFunc", [pattern, handler]) => {
                    let on = self.default_mux(node);
                    self.muxed(on, *pattern, *handler, Some(&net_http::FRAMEWORK), scope);
                }
                // `http.Handle(shop.NewHandler())`: a function gives both.
                ("net/http", "Handle" | "HandleFunc", _) => {
                    let on = self.default_mux(node);
                    self.route(on, Vec::new(), Expr::Unknown, node, false);
                }
                ("net/http", "ListenAndServe" | "ListenAndServeTLS" | "Serve" | "ServeTLS", [.., handler]) => {
                    self.listens(*handler, node, scope);
                }
                _ if frameworks::of_package(&path).is_some_and(|framework| framework.makers.contains(&name)) => {
                    self.router_call(node, scope, DEPTH);
                    self.options(&path, &arguments, scope);
                }
                _ if is_standard(&path) => {}
                _ => {
                    self.given_away(&path, name, node, &arguments, scope);
                    self.passes(node, function, &arguments, scope);
                }
            }
            return;
        }
        let known = self.static_of(operand, scope, DEPTH);
        if known.is_some_and(|known| known.framework.is_none()) {
            self.passes(node, function, &arguments, scope);
            return;
        }
        let sure = known.is_some();
        let framework = known.and_then(|known| known.framework).or_else(|| self.only_framework());
        let called = Called { sure, node, operand, name, arguments, framework, scope };
        if self.router_call(node, scope, DEPTH).is_none() && !self.method(&called) {
            self.passes(node, function, &called.arguments, scope);
        }
    }

    /// `register(r.HandleFunc)`: a way to register that is handed on.
    fn method_as_value(&mut self, node: Node<'t>, scope: ScopeId) {
        let (Some(operand), Some(field)) = (self.field(node, "operand"), self.field(node, "field")) else { return };
        let name = self.text(field);
        let registers =
            UPPER.contains(&name) || LOWER.contains(&name) || matches!(name, "Handle" | "HandleFunc" | "Mount" | "Route" | "Group");
        let called = self.parent(node).is_some_and(|call| call.kind() == "call_expression" && self.field(call, "function") == Some(node));
        let default = self.package(operand) == Some("net/http") && matches!(name, "Handle" | "HandleFunc");
        if registers && !called && (default || self.static_of(operand, scope, DEPTH).is_some_and(|known| known.framework.is_some())) {
            self.open(Why::Computed, node);
        }
    }

    /// Notes a call that may hand a router to a function.
    fn passes(&mut self, node: Node<'t>, function: Node<'t>, arguments: &[Node<'t>], scope: ScopeId) {
        let may = |node: &Node<'t>| {
            matches!(
                node.kind(),
                "identifier" | "selector_expression" | "call_expression" | "func_literal" | "unary_expression" | "composite_literal"
            )
        };
        let builtin = function.kind() == "identifier"
            && matches!(self.text(function), "append" | "len" | "make" | "panic" | "new" | "copy" | "close" | "delete" | "string");
        if builtin
            || !arguments.iter().any(may)
            || self.made.contains_key(&node.id()) && self.made.get(&node.id()).is_some_and(Option::is_some)
        {
            return;
        }
        let function = self.expr(function, scope, DEPTH);
        let arguments = arguments.iter().map(|argument| self.expr(*argument, scope, DEPTH)).collect();
        self.facts.calls.push(Call { function, arguments });
    }

    /// A function of a library that gets a router may register routes on it.
    fn given_away(&mut self, path: &str, name: &str, node: Node<'t>, arguments: &[Node<'t>], scope: ScopeId) {
        const SERVES: &[&str] = &["ListenAndServe", "ListenAndServeTLS", "Run", "Serve", "Walk", "New", "NewV2", "NewHandler", "WalkFunc"];
        if SERVES.contains(&name) || mild::is_harmless(path, name) || mild::wrapped(path, name, arguments).is_some() {
            return;
        }
        for argument in arguments {
            if self.static_of(*argument, scope, DEPTH).is_some_and(|known| known.framework.is_some()) {
                let on = self.expr(*argument, scope, DEPTH);
                let what = Expr::Import(path.into(), name.into());
                self.mount(on, Expr::text(""), what, node, false);
            }
        }
    }

    pub(super) fn mount(&mut self, on: Expr, prefix: Expr, what: Expr, node: Node<'t>, certain: bool) {
        self.facts.mounts.push(Mount { on, prefix, replaces: false, what, span: span(node), certain });
    }

    /// What listens gets every request.
    pub(super) fn listens(&mut self, handler: Node<'t>, node: Node<'t>, scope: ScopeId) {
        if handler.kind() == "nil" || self.text(handler) == "nil" {
            return;
        }
        let on = self.object(&net_http::FRAMEWORK, ObjectKind::App, node);
        let what = self.expr(handler, scope, DEPTH);
        let whole = vec![Expr::text("/*")];
        self.facts.handled.push(Handled { on, what, prefix: Expr::text(""), within: None, whole, span: span(handler) });
    }

    /// `http.Server{Handler: …}`.
    fn server(&mut self, node: Node<'t>, scope: ScopeId) {
        let (Some(of), Some(body)) = (self.field(node, "type"), self.field(node, "body")) else { return };
        let Some((package, "Server")) = self.text(of).split_once('.') else { return };
        if self.imports.get(package).is_none_or(|path| path != "net/http") {
            return;
        }
        for element in children(body).into_iter().filter(|element| element.kind() == "keyed_element") {
            let parts = children(element);
            if let [key, value] = parts.as_slice()
                && self.text(*key) == "Handler"
            {
                let value = children(*value).first().copied().unwrap_or(*value);
                self.listens(value, element, scope);
            }
        }
    }

    /// Options of an app that change what it answers.
    fn options(&mut self, path: &str, arguments: &[Node<'t>], scope: ScopeId) {
        if frameworks::of_package(path).is_none_or(|framework| framework.name != fiber::FRAMEWORK.name) {
            return;
        }
        for config in arguments.iter().filter(|argument| argument.kind() == "composite_literal") {
            let body = self.field(*config, "body").map(children).unwrap_or_default();
            for element in body {
                if let [key, value] = children(element).as_slice()
                    && self.text(*key) == "ErrorHandler"
                {
                    let value = children(*value).first().copied().unwrap_or(*value);
                    self.fallback(value, scope, true);
                }
            }
        }
    }

    /// Fields of apps that change what they answer.
    pub(super) fn assigned_option(&mut self, target: Node<'t>, name: &str, value: Option<Node<'t>>, scope: ScopeId) {
        let Some(value) = value else { return };
        match name {
            "NotFoundHandler" => self.fallback(value, scope, false),
            "HTTPErrorHandler" => self.fallback(value, scope, true),
            "RedirectFixedPath" | "RemoveExtraSlash" if self.text(value) != "false" => self.open(Why::Option, target),
            "Handler" if self.imports.values().any(|path| path == "net/http") => {
                self.listens(value, target, scope);
            }
            _ => {}
        }
    }

    /// A handler of what no route answers. One of errors answers with their status, as a rule.
    pub(super) fn fallback(&mut self, handler: Node<'t>, scope: ScopeId, errors: bool) {
        let serves = ["File(", "ServeContent", "Redirect(", "Render(", "Execute", "FileServer", "HTML(", "Stream(", "Proxy", "Static"];
        let handler = match handler.kind() {
            "call_expression" => self.arguments(handler).first().copied().filter(|inner| inner.kind() == "func_literal").unwrap_or(handler),
            _ => handler,
        };
        let body = match handler.kind() {
            "func_literal" => Some(handler),
            "identifier" => {
                let name = self.text(handler);
                self.named.get(name).and_then(|named| named.first()).copied()
            }
            "selector_expression" if self.text(handler) == "http.NotFound" => return,
            _ => None,
        };
        if let Some(body) = body {
            let body_text = self.text(body);
            let mut left = self.handlers;
            let more = errors::serves(self, body, &serves, &mut left);
            self.handlers = left;
            let harmless = !more
                && (errors || mild::refuses(self.code, body) || body_text.contains("http.NotFound(") || body_text.contains("ErrNotFound"));
            if !harmless {
                self.open(Why::Fallback, handler);
            }
            return;
        }
        let what = Expr::Call(Box::new(self.expr(handler, scope, DEPTH)), vec![Expr::Other]);
        self.facts.mounts.push(Mount {
            // Whatever it is: only what the handler is counts.
            on: Expr::Unknown,
            prefix: Expr::text(""),
            replaces: false,
            what,
            span: span(handler),
            certain: false,
        });
    }

    /// Notes what a method of a router registers; false for any other method.
    fn method(&mut self, called: &Called<'t>) -> bool {
        let arguments = called.arguments.as_slice();
        let framework = called.framework.map_or("", |framework| framework.name);
        match (called.name, arguments) {
            (name, [path, handler, ..]) if UPPER.contains(&name) && self.is_path(*path, called.sure) => {
                if !may_handle(*handler) {
                    return false;
                }
                let methods = if name == "Any" { Vec::new() } else { vec![name] };
                self.plain(called, &methods, *path);
                true
            }
            (name, [path, handler, ..])
                if LOWER.contains(&name) && self.is_path(*path, called.sure) && may_handle(*handler) && !is_reference(*handler) =>
            {
                let upper = name.to_ascii_uppercase();
                let methods = if name == "All" { Vec::new() } else { vec![upper.as_str()] };
                self.plain(called, &methods, *path);
                true
            }
            ("Handle" | "Add" | "Method" | "MethodFunc" | "Match", [method, path, handler, ..])
                if self.is_path(*path, called.sure)
                    && may_handle(*handler)
                    && (called.name != "Add" || self.written(*path).is_some() || called.framework.is_some()) =>
            {
                let methods = self.methods(*method, called.scope);
                let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
                self.plain(called, &methods, *path);
                true
            }
            ("Handle" | "HandleFunc", [path, handler]) if self.is_path(*path, called.sure) => {
                let on = self.expr(called.operand, called.scope, DEPTH);
                self.muxed(on, *path, *handler, called.framework, called.scope);
                self.narrow(called.node);
                true
            }
            ("Handle" | "HandleFunc", [both]) if both.kind() == "call_expression" => {
                let on = self.expr(called.operand, called.scope, DEPTH);
                self.route(on, Vec::new(), Expr::Unknown, called.node, false);
                true
            }
            ("Mount", [path, what]) if self.is_path(*path, called.sure) => {
                let on = self.expr(called.operand, called.scope, DEPTH);
                self.mounted(on, *path, *what, called);
                true
            }
            ("Use" | "Pre", handlers) => {
                self.used(called, handlers);
                true
            }
            ("NotFound", [handler]) if framework != echo::FRAMEWORK.name && may_handle(*handler) => {
                self.fallback(*handler, called.scope, false);
                true
            }
            ("NoRoute", handlers) => {
                for handler in handlers {
                    self.fallback(*handler, called.scope, false);
                }
                true
            }
            ("RouteNotFound", [_, handler, ..]) => {
                self.fallback(*handler, called.scope, false);
                true
            }
            ("Static" | "StaticFS", [path, _, ..]) if self.is_path(*path, called.sure) => {
                self.below(called, *path);
                true
            }
            ("StaticFile" | "StaticFileFS" | "FileFS", [path, _, ..]) if self.is_path(*path, called.sure) => {
                self.plain(called, &["GET", "HEAD"], *path);
                true
            }
            ("File", [path, _, ..]) if framework == echo::FRAMEWORK.name => {
                self.plain(called, &["GET"], *path);
                true
            }
            ("Handler" | "HandlerFunc", [handler]) if self.is_gorilla_route(called.operand, called.scope) => {
                self.gorilla_route(called, *handler);
                true
            }
            ("PathPrefix", [_]) if framework == gorilla::FRAMEWORK.name => {
                self.dangling(called.node);
                true
            }
            ("StrictSlash" | "Methods" | "Queries" | "Headers" | "Schemes" | "Host" | "Name" | "Path" | "NewRoute" | "With", _) => true,
            ("Rewrite" | "Proxy", _) if framework == echo::FRAMEWORK.name => {
                self.open(Why::Proxy, called.node);
                true
            }
            _ => false,
        }
    }

    fn is_path(&self, node: Node<'t>, sure: bool) -> bool {
        match self.written(node) {
            Some(text) => text.is_empty() || text.contains('/') || text.starts_with('*') || self.only_framework().is_some(),
            None => match node.kind() {
                "identifier" => !matches!(self.text(node), "ctx" | "c" | "nil" | "true" | "false" | "w" | "r") || sure,
                "binary_expression" | "selector_expression" | "call_expression" | "index_expression" => true,
                _ => sure,
            },
        }
    }

    pub(super) fn methods(&mut self, node: Node<'t>, scope: ScopeId) -> Vec<String> {
        match self.expr(node, scope, DEPTH) {
            Expr::Text(method) => vec![method.to_string()],
            Expr::List(methods) => {
                let known: Vec<String> = methods.iter().filter_map(|method| method.as_text().map(str::to_owned)).collect();
                if known.len() == methods.len() { known } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn plain(&mut self, called: &Called<'t>, methods: &[&str], path: Node<'t>) {
        let on = self.expr(called.operand, called.scope, DEPTH);
        for (pattern, implied) in self.paths(path, called.framework, called.scope) {
            let methods = methods.iter().map(|method| Arc::<str>::from(*method)).collect();
            self.route(on.clone(), methods, pattern, path, implied);
        }
    }

    /// A folder of files, or all that another server has.
    fn below(&mut self, called: &Called<'t>, path: Node<'t>) {
        let on = self.expr(called.operand, called.scope, DEPTH);
        for prefix in self.prefixes(path, called.framework, called.scope, DEPTH) {
            self.route(on.clone(), vec!["GET".into(), "HEAD".into()], prefix.clone(), path, false);
            self.route(on.clone(), vec!["GET".into(), "HEAD".into()], Expr::Join(vec![prefix, Expr::text("/*")]), path, false);
        }
    }
}

/// What can be a handler: no literal.
pub(super) fn may_handle(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "identifier"
            | "selector_expression"
            | "func_literal"
            | "call_expression"
            | "composite_literal"
            | "unary_expression"
            | "parenthesized_expression"
            | "index_expression"
            | "type_conversion_expression"
    )
}

/// `&value`: where a result is put.
fn is_reference(node: Node<'_>) -> bool {
    node.kind() == "unary_expression" && node.named_child(0).is_some_and(|inner| inner.kind() == "identifier")
}
