//! What a file of Go registers: routes, groups, mounts, middleware, and what listens.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::facts::ScopeId;
use super::super::facts::{Call, Expr, Handled, Mount, ObjectKind, RouteFact, Why};
use super::super::syntax::{children, span};
use super::frameworks::{self, Framework, Pattern};
use super::reader::{DEPTH, Reader, is_standard, literal};
use super::{chi, echo, fiber, gin, gorilla, mild, net_http};

/// Methods of routers named like the methods of HTTP, as gin and echo write them.
const UPPER: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "Any"];
/// And as chi and Fiber do.
const LOWER: &[&str] = &["Get", "Post", "Put", "Delete", "Patch", "Head", "Options", "Connect", "Trace", "All"];

/// One call of a method.
struct Called<'t> {
    node: Node<'t>,
    operand: Node<'t>,
    name: &'t str,
    arguments: Vec<Node<'t>>,
    framework: Option<&'static Framework>,
    scope: ScopeId,
}

impl<'t> Reader<'t> {
    /// Notes what one node registers.
    pub(super) fn registered(&mut self, node: Node<'t>, scope: ScopeId) {
        match node.kind() {
            "call_expression" => self.call(node, scope),
            "composite_literal" => self.server(node, scope),
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
        let framework = known.and_then(|known| known.framework).or_else(|| self.only_framework());
        let called = Called { node, operand, name, arguments, framework, scope };
        if self.router_call(node, scope, DEPTH).is_none() && !self.method(&called) {
            self.passes(node, function, &called.arguments, scope);
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

    fn mount(&mut self, on: Expr, prefix: Expr, what: Expr, node: Node<'t>, certain: bool) {
        self.facts.mounts.push(Mount { on, prefix, replaces: false, what, span: span(node), certain });
    }

    /// What listens gets every request.
    fn listens(&mut self, handler: Node<'t>, node: Node<'t>, scope: ScopeId) {
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
                let operand = self.field(target, "operand").map_or("", |operand| self.text(operand)).to_ascii_lowercase();
                if operand.ends_with("server") || operand.ends_with("srv") || operand == "s" {
                    self.listens(value, target, scope);
                }
            }
            _ => {}
        }
    }

    /// A handler of what no route answers. One of errors answers with their status, as a rule.
    fn fallback(&mut self, handler: Node<'t>, scope: ScopeId, errors: bool) {
        let serves = ["File(", "ServeContent", "Redirect(", "Render(", "Execute", "FileServer", "HTML(", "Stream(", "Proxy", "Static"];
        let handler = match handler.kind() {
            "call_expression" => self.arguments(handler).first().copied().filter(|inner| inner.kind() == "func_literal").unwrap_or(handler),
            _ => handler,
        };
        let body = match handler.kind() {
            "func_literal" => Some(handler),
            "identifier" => {
                let name = self.text(handler);
                self.functions.values().find(|node| self.field(**node, "name").is_some_and(|known| self.text(known) == name)).copied()
            }
            "selector_expression" if self.text(handler) == "http.NotFound" => return,
            _ => None,
        };
        if let Some(body) = body {
            let body_text = self.text(body);
            let harmless = !serves.iter().any(|word| body_text.contains(word))
                && (errors || mild::refuses(self.code, body) || body_text.contains("http.NotFound(") || body_text.contains("ErrNotFound"));
            if !harmless {
                self.open(Why::Fallback, handler);
            }
            return;
        }
        let what = Expr::Call(Box::new(self.expr(handler, scope, DEPTH)), vec![Expr::Other]);
        self.facts.mounts.push(Mount {
            on: Expr::Other,
            prefix: Expr::text(""),
            replaces: false,
            what,
            span: span(handler),
            certain: false,
        });
    }

    /// What a call is that makes a router, or gives one that is known; `None` for any other call.
    pub(super) fn router_call(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Option<Expr> {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let depth = depth.checked_sub(1)?;
        let made = self.make(node, scope, depth);
        self.made.insert(node.id(), made.clone());
        made
    }

    fn make(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Option<Expr> {
        let function = self.field(node, "function")?;
        let (operand, name) = (self.field(function, "operand")?, self.text(self.field(function, "field")?));
        let arguments = self.arguments(node);
        if let Some(path) = self.package(operand) {
            let framework = frameworks::of_package(path)?;
            return framework.makers.contains(&name).then(|| self.object(framework, ObjectKind::Either, node));
        }
        let known = self.static_of(operand, scope, DEPTH);
        let framework = match known {
            Some(known) => Some(known.framework?),
            None => self.only_framework(),
        };
        let sure = known.is_some();
        let first = arguments.first().copied();
        match (name, first) {
            ("Group" | "Route", Some(prefix)) if name == "Route" || !is_function(prefix, framework) => {
                let plausible = sure || literal(self.text(prefix)).is_none_or(|text| text.starts_with('/') || text.is_empty());
                if !plausible || !sure && framework.is_none() && literal(self.text(prefix)).is_none() {
                    return None;
                }
                let function = arguments.get(1).copied().filter(|second| name == "Route" && may_handle(*second));
                if name == "Route" && function.is_none() {
                    return None;
                }
                // A function of chi's, if it is no prefix.
                if framework.is_none()
                    && name == "Group"
                    && arguments.len() == 1
                    && matches!(prefix.kind(), "identifier" | "selector_expression")
                {
                    let (function, on) = (self.expr(prefix, scope, depth), self.expr(operand, scope, depth));
                    self.facts.calls.push(Call { function, arguments: vec![on] });
                }
                let on = self.expr(operand, scope, depth);
                let made = self.group(on, Some(prefix), framework, node, scope, depth);
                if let Some(function) = function {
                    let function = self.expr(function, scope, depth);
                    self.facts.calls.push(Call { function, arguments: vec![made.clone()] });
                }
                if name == "Group" && framework.is_none_or(|framework| !framework.matched_first && framework.name != gin::FRAMEWORK.name) {
                    for middleware in arguments.get(1..).unwrap_or_default() {
                        self.middleware(made.clone(), *middleware, scope);
                    }
                }
                Some(made)
            }
            ("Group", Some(function)) => {
                let on = self.expr(operand, scope, depth);
                let function = self.expr(function, scope, depth);
                self.facts.calls.push(Call { function, arguments: vec![on.clone()] });
                Some(on)
            }
            ("With", Some(_)) if sure || framework.is_some_and(|framework| framework.name == chi::FRAMEWORK.name) => {
                Some(self.expr(operand, scope, depth))
            }
            ("StrictSlash" | "SkipClean" | "UseEncodedPath", _)
                if framework.is_some_and(|framework| framework.name == gorilla::FRAMEWORK.name) =>
            {
                Some(self.expr(operand, scope, depth))
            }
            ("Subrouter", None) => {
                let chain = self.chain(operand, scope);
                let on = self.expr(chain.router, scope, depth);
                Some(self.group(on, chain.prefix, Some(&gorilla::FRAMEWORK), node, scope, depth))
            }
            _ => None,
        }
    }

    /// A router below another one.
    fn group(
        &mut self,
        on: Expr,
        prefix: Option<Node<'t>>,
        framework: Option<&'static Framework>,
        node: Node<'t>,
        scope: ScopeId,
        depth: usize,
    ) -> Expr {
        let made = self.object(framework.unwrap_or(&chi::FRAMEWORK), ObjectKind::Router, node);
        let prefixes = match prefix {
            Some(prefix) => self.prefixes(prefix, framework, scope, depth),
            None => vec![Expr::text("")],
        };
        for prefix in prefixes {
            self.mount(on.clone(), prefix, made.clone(), node, true);
        }
        made
    }

    fn prefixes(&mut self, node: Node<'t>, framework: Option<&'static Framework>, scope: ScopeId, depth: usize) -> Vec<Expr> {
        match self.written(node) {
            Some(text) => {
                let found = match framework {
                    Some(framework) => (framework.patterns)(text.trim_end_matches('/')),
                    None => frameworks::any_patterns(text.trim_end_matches('/')),
                };
                found.into_iter().filter(|pattern| !pattern.implied).map(|pattern| Expr::text(&pattern.path)).collect()
            }
            None => vec![self.expr(node, scope, depth)],
        }
    }

    /// A text that is written, or a constant of this file.
    pub(super) fn written(&self, node: Node<'t>) -> Option<String> {
        match node.kind() {
            "interpreted_string_literal" | "raw_string_literal" => literal(self.text(node)),
            "identifier" => self.constants.get(self.text(node)).cloned(),
            "parenthesized_expression" => self.written(*children(node).first()?),
            "binary_expression" => {
                let mut pieces = Vec::new();
                let mut at = node;
                for _ in 0..DEPTH {
                    if at.kind() != "binary_expression" {
                        break;
                    }
                    pieces.push(self.written_piece(self.field(at, "right")?)?);
                    at = self.field(at, "left")?;
                }
                pieces.push(self.written_piece(at)?);
                pieces.reverse();
                Some(pieces.concat())
            }
            _ => None,
        }
    }

    fn written_piece(&self, node: Node<'t>) -> Option<String> {
        match node.kind() {
            "interpreted_string_literal" | "raw_string_literal" => literal(self.text(node)),
            "identifier" => self.constants.get(self.text(node)).cloned(),
            _ => None,
        }
    }

    /// The patterns of a path; of one that is not written here, in any way that the framework may mean.
    fn paths(&mut self, node: Node<'t>, framework: Option<&'static Framework>, scope: ScopeId) -> Vec<(Expr, bool)> {
        if let Some(text) = self.written(node) {
            let found = match framework {
                Some(framework) => (framework.patterns)(&text),
                None => frameworks::any_patterns(&text),
            };
            let more = self.slashes(framework, &found);
            return found.into_iter().chain(more).map(|pattern| (Expr::text(&pattern.path), pattern.implied)).collect();
        }
        let path = self.expr(node, scope, DEPTH);
        let mut pieces = match path {
            Expr::Join(pieces) => pieces,
            other => vec![other],
        };
        let last = match pieces.last() {
            Some(Expr::Text(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        if last.is_some() {
            pieces.pop();
        }
        // What is written is in the framework's way.
        for piece in &mut pieces {
            if let Expr::Text(text) = piece {
                let front = text.trim_end_matches('/');
                let slashes = text.get(front.len()..).unwrap_or("");
                let path = converted(framework, front).first().map(|pattern| format!("{}{slashes}", pattern.path));
                *piece = path.map_or(Expr::Unknown, |path| Expr::text(&path));
            }
        }
        let whole = |end: &str| Expr::Join(pieces.iter().cloned().chain([Expr::text(end)]).collect());
        if let Some(last) = last {
            let found = converted(framework, &last);
            let more = self.slashes(framework, &found);
            return found.into_iter().chain(more).map(|pattern| (whole(&pattern.path), pattern.implied)).collect();
        }
        // What stands at the end of a text from elsewhere can't be seen: it may be a slash.
        let mut out = vec![(whole(""), false)];
        match framework.map(|framework| framework.name) {
            None => out.push((whole("*"), true)),
            Some(name) if name == net_http::FRAMEWORK.name => out.push((whole("*"), true)),
            Some(name) if name == chi::FRAMEWORK.name || name == echo::FRAMEWORK.name => {}
            Some(_) => out.push((whole("/"), true)),
        }
        out
    }

    /// gorilla's `StrictSlash` redirects to the path with a slash more or less.
    fn slashes(&self, framework: Option<&'static Framework>, found: &[Pattern]) -> Vec<Pattern> {
        if framework.is_none_or(|framework| framework.name != gorilla::FRAMEWORK.name) {
            return Vec::new();
        }
        // Routers from elsewhere may have it.
        let made = self.code.contains(".NewRouter()");
        if made && !self.code.contains("StrictSlash(") {
            return Vec::new();
        }
        found.iter().filter_map(|pattern| frameworks::other_slash(&pattern.path)).map(Pattern::implied).collect()
    }

    /// Notes what a method of a router registers; false for any other method.
    fn method(&mut self, called: &Called<'t>) -> bool {
        let arguments = called.arguments.as_slice();
        let framework = called.framework.map_or("", |framework| framework.name);
        match (called.name, arguments) {
            (name, [path, handler, ..]) if UPPER.contains(&name) && self.is_path(*path) => {
                if !may_handle(*handler) {
                    return false;
                }
                let methods = if name == "Any" { Vec::new() } else { vec![name] };
                self.plain(called, &methods, *path);
                true
            }
            (name, [path, handler, ..])
                if LOWER.contains(&name) && self.is_path(*path) && may_handle(*handler) && !is_reference(*handler) =>
            {
                let upper = name.to_ascii_uppercase();
                let methods = if name == "All" { Vec::new() } else { vec![upper.as_str()] };
                self.plain(called, &methods, *path);
                true
            }
            ("Handle" | "Add" | "Method" | "MethodFunc" | "Match", [method, path, handler, ..])
                if self.is_path(*path)
                    && may_handle(*handler)
                    && (called.name != "Add" || self.written(*path).is_some() || called.framework.is_some()) =>
            {
                let methods = self.methods(*method, called.scope);
                let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
                self.plain(called, &methods, *path);
                true
            }
            ("Handle" | "HandleFunc", [path, handler]) if self.is_path(*path) => {
                let on = self.expr(called.operand, called.scope, DEPTH);
                self.muxed(on, *path, *handler, called.framework, called.scope);
                self.narrow(called.node);
                true
            }
            ("Mount", [path, what]) if self.is_path(*path) => {
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
            ("Static" | "StaticFS", [path, _, ..]) if self.is_path(*path) => {
                self.below(called, *path);
                true
            }
            ("StaticFile" | "StaticFileFS" | "FileFS", [path, _, ..]) if self.is_path(*path) => {
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

    fn is_path(&self, node: Node<'t>) -> bool {
        match self.written(node) {
            Some(text) => text.is_empty() || text.contains('/') || text.starts_with('*') || self.only_framework().is_some(),
            None => match node.kind() {
                "identifier" => !matches!(self.text(node), "ctx" | "c" | "nil" | "true" | "false" | "w" | "r"),
                "binary_expression" | "selector_expression" | "call_expression" => true,
                _ => false,
            },
        }
    }

    fn methods(&mut self, node: Node<'t>, scope: ScopeId) -> Vec<String> {
        match self.expr(node, scope, DEPTH) {
            Expr::Text(method) => vec![method.to_string()],
            Expr::List(methods) => {
                let known: Vec<String> = methods.iter().filter_map(|method| method.as_text().map(str::to_owned)).collect();
                if known.len() == methods.len() { known } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    fn plain(&mut self, called: &Called<'t>, methods: &[&str], path: Node<'t>) {
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

    /// `Handle` and `HandleFunc` of `ServeMux`, chi and gorilla.
    fn muxed(&mut self, on: Expr, path: Node<'t>, handler: Node<'t>, framework: Option<&'static Framework>, scope: ScopeId) {
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
    fn may_be_router(&self, handler: Node<'t>) -> bool {
        match handler.kind() {
            "func_literal" => false,
            "call_expression" => self
                .field(handler, "function")
                .is_none_or(|function| !matches!(self.text(function), "http.HandlerFunc" | "http.FileServer")),
            _ => true,
        }
    }

    /// `http.StripPrefix(prefix, handler)`.
    fn stripped(&self, handler: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
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
                let mut named =
                    self.functions.values().filter(|node| self.field(**node, "name").is_some_and(|known| self.text(known) == name));
                let first = named.next().copied();
                first.filter(|_| named.next().is_none())
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

    fn mounted(&mut self, on: Expr, path: Node<'t>, what: Node<'t>, called: &Called<'t>) {
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

    fn used(&mut self, called: &Called<'t>, handlers: &[Node<'t>]) {
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
    fn middleware(&mut self, on: Expr, handler: Node<'t>, scope: ScopeId) {
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

/// A chain of gorilla's matchers: `r.PathPrefix("/api").Methods("GET")`.
struct Chain<'t> {
    router: Node<'t>,
    prefix: Option<Node<'t>>,
    path: Option<Node<'t>>,
    methods: Vec<String>,
}

impl<'t> Reader<'t> {
    fn chain(&mut self, node: Node<'t>, scope: ScopeId) -> Chain<'t> {
        let mut chain = Chain { router: node, prefix: None, path: None, methods: Vec::new() };
        for _ in 0..DEPTH {
            let Some(function) = self.field(chain.router, "function") else { break };
            let (Some(operand), Some(field)) = (self.field(function, "operand"), self.field(function, "field")) else { break };
            let arguments = self.arguments(chain.router);
            match self.text(field) {
                "PathPrefix" => chain.prefix = arguments.first().copied(),
                "Path" => chain.path = arguments.first().copied(),
                "Methods" => {
                    for argument in arguments {
                        chain.methods.extend(self.methods(argument, scope));
                    }
                }
                "Host" | "Queries" | "Headers" | "HeadersRegexp" | "Schemes" | "Name" | "NewRoute" | "MatcherFunc" => {}
                _ => break,
            }
            chain.router = operand;
        }
        chain
    }

    fn is_gorilla_route(&self, operand: Node<'t>, scope: ScopeId) -> bool {
        let Some(function) = self.field(operand, "function") else { return false };
        let name = self.field(function, "field").map_or("", |field| self.text(field));
        let matcher = matches!(
            name,
            "PathPrefix"
                | "Path"
                | "Methods"
                | "Host"
                | "Queries"
                | "Headers"
                | "HeadersRegexp"
                | "Schemes"
                | "Name"
                | "NewRoute"
                | "MatcherFunc"
        );
        let gorilla = |framework: &Framework| framework.name == gorilla::FRAMEWORK.name;
        let known = self.static_of(operand, scope, DEPTH).and_then(|known| known.framework);
        matcher && (known.is_some_and(gorilla) || known.is_none() && (self.only_framework().is_none_or(gorilla) || name == "PathPrefix"))
    }

    /// `r.PathPrefix("/static/").Handler(…)`, `r.Path("/x").HandlerFunc(…)`.
    fn gorilla_route(&mut self, called: &Called<'t>, handler: Node<'t>) {
        let scope = called.scope;
        let chain = self.chain(called.operand, scope);
        let on = self.expr(chain.router, scope, DEPTH);
        let methods: Vec<Arc<str>> = chain.methods.iter().map(|method| method.as_str().into()).collect();
        let place = chain.prefix.or(chain.path).unwrap_or(called.node);
        match (chain.path, chain.prefix) {
            (Some(path), _) => {
                for (pattern, implied) in self.paths(path, Some(&gorilla::FRAMEWORK), scope) {
                    self.route(on.clone(), methods.clone(), pattern, path, implied);
                }
            }
            (None, Some(prefix)) => {
                // A prefix of the text, not of segments.
                let starts: Vec<Expr> = match self.written(prefix) {
                    Some(text) => (gorilla::FRAMEWORK.patterns)(&text).into_iter().map(|pattern| Expr::text(&pattern.path)).collect(),
                    None => vec![self.expr(prefix, scope, DEPTH)],
                };
                let whole: Vec<Expr> = starts.iter().map(|start| Expr::Join(vec![start.clone(), Expr::text("*")])).collect();
                let root = self.static_of(chain.router, scope, DEPTH).is_some_and(|known| known.whole);
                let (inner, below) = match self.stripped(handler) {
                    Some((prefix, inner)) => (inner, self.prefixes(prefix, Some(&chi::FRAMEWORK), scope, DEPTH)),
                    None => (handler, vec![Expr::text("")]),
                };
                let what = if root && self.may_be_router(inner) { self.expr(inner, scope, DEPTH) } else { Expr::Unknown };
                for prefix in below {
                    let handled =
                        Handled { on: on.clone(), what: what.clone(), prefix, within: None, whole: whole.clone(), span: span(place) };
                    self.facts.handled.push(handled);
                }
            }
            // Any path, with some method or host.
            (None, None) => self.route(on, methods, Expr::text("/*"), called.node, false),
        }
    }

    /// `r.HandleFunc("/x", f).Methods("GET")`: the methods of the routes just noted.
    fn narrow(&mut self, node: Node<'t>) {
        let mut methods: Vec<Arc<str>> = Vec::new();
        let mut at = node;
        for _ in 0..DEPTH {
            let Some(call) = at.parent().filter(|selector| selector.kind() == "selector_expression").and_then(|selector| selector.parent())
            else {
                break;
            };
            let name = self.field(call, "function").and_then(|function| self.field(function, "field")).map_or("", |field| self.text(field));
            if name == "Methods" {
                for argument in self.arguments(call) {
                    let found = self.methods(argument, ScopeId::FILE);
                    if found.is_empty() {
                        return;
                    }
                    methods.extend(found.iter().map(|method| Arc::<str>::from(method.as_str())));
                }
            }
            at = call;
        }
        if methods.is_empty() {
            return;
        }
        let range = node.byte_range();
        for route in self.facts.routes.iter_mut().rev().take_while(|route| range.contains(&(route.span.start as usize))) {
            route.methods.clone_from(&methods);
        }
    }

    /// A `PathPrefix` that is kept for later.
    fn dangling(&mut self, node: Node<'t>) {
        let mut at = node;
        for _ in 0..DEPTH {
            let Some(call) = at.parent().filter(|selector| selector.kind() == "selector_expression").and_then(|selector| selector.parent())
            else {
                break;
            };
            let name = self.field(call, "function").and_then(|function| self.field(function, "field")).map_or("", |field| self.text(field));
            if matches!(name, "Handler" | "HandlerFunc" | "Subrouter") {
                return;
            }
            at = call;
        }
        self.open(Why::Computed, node);
    }
}

/// A part of a path in a framework's way of writing it.
fn converted(framework: Option<&'static Framework>, piece: &str) -> Vec<Pattern> {
    let patterns = framework.map_or(frameworks::any_patterns as fn(&str) -> Vec<Pattern>, |framework| framework.patterns);
    if piece.is_empty() || piece.starts_with('/') {
        return if piece.is_empty() { vec![Pattern::new("")] } else { patterns(piece) };
    }
    let mut found = patterns(&format!("/{piece}"));
    for pattern in &mut found {
        pattern.path = pattern.path.strip_prefix('/').unwrap_or(&pattern.path).to_owned();
    }
    found
}

fn ends_in_star(path: &Expr) -> bool {
    match path {
        Expr::Text(text) => text.ends_with('*'),
        Expr::Join(pieces) => pieces.last().is_some_and(|last| last.as_text().is_some_and(|text| text.ends_with('*'))),
        _ => false,
    }
}

/// True for what chi's `Group` gets; others get a prefix there.
fn is_function(node: Node<'_>, framework: Option<&'static Framework>) -> bool {
    match node.kind() {
        "func_literal" => true,
        "selector_expression" | "identifier" | "call_expression" => {
            framework.is_some_and(|framework| framework.name == chi::FRAMEWORK.name)
        }
        _ => false,
    }
}

/// What can be a handler: no literal.
fn may_handle(node: Node<'_>) -> bool {
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
