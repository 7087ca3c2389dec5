//! Calls that register routes and routers, whatever the framework.

use tree_sitter::Node;

use super::super::facts::{Expr, Handed, Mount, ObjectKind, RouteFact, Why};
use super::super::syntax::{children, span};
use super::expressions::arguments;
use super::packages::{self, Role};
use super::source::{is_function, plain, unquoted};
use super::{Reader, paths};

/// The method of HTTP that a method of an app or router is for; an empty one for all.
pub(super) fn verb(method: &str) -> Option<&'static str> {
    Some(match method {
        "get" | "ws" | "sse" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "delete" | "del" => "DELETE",
        "patch" => "PATCH",
        "options" | "opts" => "OPTIONS",
        "head" => "HEAD",
        "all" | "any" | "propfind" | "search" | "trace" | "link" | "unlink" | "lock" | "report" | "purge" => "",
        _ => return None,
    })
}

/// What can follow a call that registers something.
fn goes_on(method: &str) -> bool {
    let more = [
        "addHook",
        "basePath",
        "doc",
        "doc31",
        "fetch",
        "listen",
        "mount",
        "notFound",
        "on",
        "onError",
        "openapi",
        "param",
        "prefix",
        "register",
        "request",
        "route",
        "routes",
        "set",
        "setErrorHandler",
        "setNotFoundHandler",
        "use",
        "withTypeProvider",
        "callback",
        "middleware",
        "allowedMethods",
    ];
    verb(method).is_some() || more.contains(&method)
}

/// True for a path that admits everything.
fn is_everything(path: &Expr) -> bool {
    match path {
        Expr::Text(text) => matches!(&**text, "*" | "/*" | "**"),
        Expr::Any(items) | Expr::List(items) => items.iter().any(is_everything),
        _ => false,
    }
}

impl<'a, 't> Reader<'a, 't> {
    /// True for what may be a handler, by its form.
    pub(super) fn may_handle(&self, node: Node<'t>) -> bool {
        let node = plain(node);
        match node.kind() {
            "identifier"
            | "member_expression"
            | "call_expression"
            | "array"
            | "subscript_expression"
            | "spread_element"
            | "ternary_expression"
            | "new_expression"
            | "binary_expression" => true,
            "object" => self.pair(node, "handler").is_some(),
            kind => is_function(kind),
        }
    }

    /// Notes what a node registers.
    pub(super) fn register(&mut self, at: usize) {
        let Some(place) = self.source.nodes.get(at).copied() else { return };
        let node = place.node;
        match node.kind() {
            "call_expression" => self.register_call(node),
            "new_expression" => self.register_new(node),
            "class_declaration" | "class" | "abstract_class_declaration" => self.nest_class(node),
            "member_expression" => self.lost(node),
            "variable_declarator" => self.taken_apart(node),
            "export_statement" => self.exported_server(node),
            "assignment_expression" => {
                const PATHS: [&str; 8] =
                    ["req.url", "request.url", "req.path", "ctx.url", "ctx.path", "ctx.req.url", "req.originalUrl", "req.raw.url"];
                if node.child_by_field_name("left").is_some_and(|left| PATHS.contains(&self.source.text(left))) {
                    self.open(Why::Middleware, span(node));
                }
            }
            _ => {}
        }
    }

    fn register_new(&mut self, node: Node<'t>) {
        // `new http.Server(handler)`
        if let Some(maker) = node.child_by_field_name("constructor")
            && let Some((module, name)) = self.origin(plain(maker))
        {
            self.plain_server(node, &module, &name, &arguments(node));
        }
        let value = self.expr(node);
        if let Expr::Call(function, given) = value {
            self.hand_over(node, &function, &arguments(node));
            self.note_call(*function, given);
        }
    }

    /// What is given to code that may be other people's: an app, or a thing that has one as a member.
    fn hand_over(&mut self, node: Node<'t>, to: &Expr, given: &[Node<'t>]) {
        for what in given.iter().map(|what| plain(*what)) {
            let members: Vec<Node<'t>> = match what.kind() {
                "identifier" | "member_expression" => vec![what],
                "object" => {
                    let value = |pair: Node<'t>| if pair.kind() == "pair" { pair.child_by_field_name("value") } else { Some(pair) };
                    let values = children(what).into_iter().filter_map(value);
                    values.filter(|value| value.kind().contains("identifier") || value.kind() == "member_expression").collect()
                }
                _ => continue,
            };
            for what in members {
                let what = self.expr(what);
                if !matches!(what, Expr::Other | Expr::Unknown | Expr::Text(_)) {
                    self.facts.handed.push(Handed { to: to.clone(), what, span: span(node) });
                }
            }
        }
    }

    fn register_call(&mut self, node: Node<'t>) {
        let Some(function) = node.child_by_field_name("function").map(plain) else { return };
        let given = arguments(node);
        if function.kind() == "super" {
            let class = self
                .source
                .around(node)
                .find(|around| matches!(around.kind(), "class_declaration" | "class" | "abstract_class_declaration"));
            if let Some(base) = class.and_then(|class| self.superclass(class)) {
                let base = self.expr(base);
                let given = given.into_iter().map(|argument| self.expr(argument)).collect();
                self.note_call(base, given);
            }
            return;
        }
        if self.source.text(function) == "require" {
            if let Some(module) = given.first().filter(|module| module.kind() == "string")
                && packages::role(&unquoted(self.source.text(*module))) == Some(Role::Server)
            {
                self.open(Why::Extension, span(node));
            }
            return;
        }
        // `app[route.method](route.path, handler)`
        if function.kind() == "subscript_expression"
            && given.len() > 1
            && let (Some(object), Some(index)) = (function.child_by_field_name("object"), function.child_by_field_name("index"))
        {
            let method = if index.kind() == "string" { verb(&self.key(index)) } else { Some("") };
            if let Some(method) = method
                && self.verb_call(node, object, method, &given)
            {
                return;
            }
        }
        if let Some(object) = function.child_by_field_name("object").map(plain)
            && let Some(method) = function.child_by_field_name("property").map(|method| self.source.text(method))
        {
            if self.register_method(node, object, method, &given) {
                return;
            }
            // What is done with each item of a list, or with what comes later.
            if matches!(method, "forEach" | "map" | "then" | "flatMap" | "for")
                && let Some(callback) = given.first()
            {
                let list = self.expr(object);
                let callback = self.expr(*callback);
                self.note_call(callback, vec![list]);
            }
        }
        if let Some((module, name)) = self.origin(function).filter(|_| function.kind() == "identifier") {
            self.plain_server(node, &module, &name, &given);
        }
        if !given.is_empty() || function.kind() != "identifier" {
            let called = self.expr(function);
            if !matches!(called, Expr::Other | Expr::Unknown) {
                let own = self.origin(function).is_some_and(|(module, _)| module.starts_with("@nestjs/"));
                if !own && matches!(self.expr(node), Expr::Call(..) | Expr::Unknown) {
                    self.hand_over(node, &called, &given);
                }
                let given = given.into_iter().map(|argument| self.expr(argument)).collect();
                self.note_call(called, given);
            }
        }
    }

    /// A call of a method; false when it may be anything.
    fn register_method(&mut self, node: Node<'t>, object: Node<'t>, method: &'a str, given: &[Node<'t>]) -> bool {
        if let Some(kind) = self.type_of(object)
            && !super::bindings::may_be_router(kind)
        {
            return true;
        }
        if let Some((module, _)) = self.origin(object)
            && packages::role(&module) == Some(Role::Harmless)
        {
            self.register_harmless(node, &module, method, given);
            return true;
        }
        match (method, given) {
            (method, _) if verb(method).is_some() => self.verb_call(node, object, verb(method).unwrap_or(""), given),
            ("use", [_, ..]) => {
                self.use_call(object, given);
                true
            }
            ("route", [options])
                if !matches!(
                    plain(*options).kind(),
                    "string" | "template_string" | "binary_expression" | "member_expression" | "array"
                ) =>
            {
                self.fastify_route(node, object, *options)
            }
            ("route", [_]) => {
                // Whatever is registered on it.
                self.expr(node);
                true
            }
            ("route", [path, what]) => {
                self.hono_route(node, object, *path, *what);
                true
            }
            ("register", [first, ..]) => self.fastify_register(node, object, *first, given),
            ("setNotFoundHandler" | "notFound", [.., handler]) => {
                self.fallback(node, object, *handler);
                true
            }
            ("addHook", [name, handler]) => {
                if ["onRequest", "preHandler", "preValidation", "preParsing"].contains(&unquoted(self.source.text(*name)).as_str()) {
                    let (on, what) = (self.expr(object), self.expr(*handler));
                    self.mount(on, Expr::text(""), what, node);
                } else if ["onSend", "preSerialization", "onError", "onRoute"].contains(&unquoted(self.source.text(*name)).as_str())
                    && self.changes_answers(*handler)
                {
                    self.open(Why::Middleware, span(node));
                }
                true
            }
            // Node's own server: `server.on('request', handler)`.
            ("on" | "addListener" | "once", [event, handler]) if event.kind() == "string" && self.key(*event) == "request" => {
                let what = self.expr(*handler);
                let server = self.object_at(node, ObjectKind::App, "Node.js", Expr::text(""));
                self.made.remove(&node.id());
                self.mount(server, Expr::text(""), what, node);
                true
            }
            ("mount" | "on" | "openapi" | "doc" | "doc31" | "basePath", _) => self.hono_method(node, object, method, given),
            ("redirect", [from, to, ..])
                if self.source.text(*from).get(1..).is_some_and(|path| path.starts_with('/')) && to.kind() == "string" =>
            {
                self.route(object, "", *from);
                true
            }
            ("prefix", [_]) if self.source.text(object).to_ascii_lowercase().contains("router") => {
                let scope = self.source.scope(object);
                if self.source.text(object).contains('.') || self.literal_named(scope, self.source.text(object)).is_none() {
                    self.open(Why::Prefix, span(node));
                }
                true
            }
            _ => self.nest_call(node, object, method, given),
        }
    }

    /// The type that a name or member is said to have.
    fn type_of(&self, object: Node<'t>) -> Option<&'a str> {
        if let Some((class, name)) = self.own_member(object) {
            return self.types.get(&(class, name)).copied();
        }
        if object.kind() != "identifier" {
            return None;
        }
        let name = self.source.text(object);
        let home = self.source.outwards(self.source.scope(object)).find(|scope| self.declared.contains(&(*scope, name)))?;
        self.types.get(&(home, name)).copied()
    }

    fn register_harmless(&mut self, node: Node<'t>, module: &str, method: &str, given: &[Node<'t>]) {
        self.plain_server(node, module, method, given);
    }

    fn route(&mut self, object: Node<'t>, method: &str, path: Node<'t>) {
        let (on, pattern) = (self.expr(object), self.path(path));
        let methods = if method.is_empty() { Vec::new() } else { vec![method.into()] };
        self.facts.routes.push(RouteFact { on, methods, path: pattern, span: span(path), certain: false, implied: false });
    }

    /// `app.get('/x', handler)`
    fn verb_call(&mut self, node: Node<'t>, object: Node<'t>, method: &'static str, given: &[Node<'t>]) -> bool {
        let parent = self.source.parent(node);
        if parent.is_some_and(|parent| parent.kind() == "await_expression") {
            return false;
        }
        // `client.get('/x', options).then(…)`
        if let Some(parent) = parent.filter(|parent| parent.kind() == "member_expression") {
            let next = parent.child_by_field_name("property").map_or("", |property| self.source.text(property));
            if !goes_on(next) {
                return false;
            }
        }
        if !given.is_empty() && self.is_route_builder(object) {
            let on = self.expr(object);
            let methods = if method.is_empty() { Vec::new() } else { vec![method.into()] };
            let path = Expr::text("");
            self.facts.routes.push(RouteFact { on, methods, path, span: span(node), certain: false, implied: false });
            return true;
        }
        let (Some(first), Some(last)) = (given.first().copied(), given.last().copied()) else { return false };
        // `app.get(...route)`
        if first.kind() == "spread_element" {
            let on = self.expr(object);
            let path = Expr::Unknown;
            self.facts.routes.push(RouteFact { on, methods: Vec::new(), path, span: span(node), certain: false, implied: false });
            return true;
        }
        if given.len() < 2 || !self.may_handle(last) {
            return false;
        }
        // `router.get('name', '/path', handler)`
        let named = |path: &Node<'t>| path.kind() == "string" && unquoted(self.source.text(*path)).starts_with('/');
        let path = match given {
            [name, path, _, ..] if name.kind() == "string" && !named(name) && (named(path) || path.kind() == "regex") => *path,
            _ => first,
        };
        if is_function(plain(path).kind()) || path.kind() == "object" {
            return false;
        }
        if path.kind() == "string" && self.source.text(path).contains(' ') {
            return false;
        }
        let pattern = self.path(path);
        if is_everything(&pattern) {
            // It may be only the answer to what is not found.
            let on = self.expr(object);
            for handler in given.iter().filter(|handler| **handler != path) {
                let what = self.catch_all(*handler);
                self.mount(on.clone(), Expr::text(""), what, *handler);
            }
            return true;
        }
        self.route(object, method, path);
        for handler in given {
            self.note_handler(*handler);
        }
        true
    }

    /// The calls in an argument that make a handler: they are given things, too.
    fn note_handler(&mut self, handler: Node<'t>) {
        if handler.kind() == "call_expression"
            && let Expr::Call(function, given) = self.expr(handler)
        {
            self.note_call(*function, given);
        }
    }

    /// A handler of everything: one that is written here answers unless it refuses.
    pub(super) fn catch_all(&mut self, handler: Node<'t>) -> Expr {
        let inner = plain(handler);
        let value = self.expr(inner);
        if is_function(inner.kind()) && matches!(value, Expr::Scope(_)) && !self.surely_refuses(inner) {
            return self.anything(handler, &["*".to_owned()]);
        }
        value
    }

    fn surely_refuses(&self, function: Node<'t>) -> bool {
        self.source.within(function).any(|node| match node.kind() {
            // In Hono and Fastify that is what their handlers of errors answer.
            "throw_statement" => !["notFound(", "setNotFoundHandler("].iter().any(|word| self.source.code.contains(word)),
            "call_expression" => {
                let text = node.child_by_field_name("function").map_or("", |function| self.source.text(function));
                let name = text.rsplit('.').next().unwrap_or("");
                matches!(name, "next" | "throw" | "notFound" | "callNotFound" | "done") || self.refuses(node)
            }
            "assignment_expression" => {
                node.child_by_field_name("left").is_some_and(|left| self.source.text(left).contains("status"))
                    && node.child_by_field_name("right").is_some_and(|right| self.is_refusal(right))
            }
            _ => false,
        })
    }

    /// What answers where no route does.
    fn fallback(&mut self, node: Node<'t>, object: Node<'t>, handler: Node<'t>) {
        let on = self.expr(object);
        let what = self.catch_all(handler);
        self.mount(on, Expr::text(""), what, node);
    }

    /// `router.route('/x')`, with or without calls behind it, or a name for it.
    fn is_route_builder(&mut self, object: Node<'t>) -> bool {
        let mut passed: Vec<usize> = Vec::new();
        let mut names = 0;
        let mut node = plain(object);
        let found = loop {
            if let Some(known) = self.builders.get(&node.id()) {
                break *known;
            }
            passed.push(node.id());
            if node.kind() == "identifier" && names < 200 {
                names += 1;
                match self.literal_named(self.source.scope(node), self.source.text(node)) {
                    Some(value) if value.id() != node.id() => node = value,
                    _ => break false,
                }
                continue;
            }
            if node.kind() != "call_expression" {
                break false;
            }
            let Some(function) = node.child_by_field_name("function").map(plain) else { break false };
            let Some(method) = function.child_by_field_name("property").map(|method| self.source.text(method)) else { break false };
            if method == "route" && arguments(node).len() == 1 {
                break true;
            }
            let Some(inner) = function.child_by_field_name("object").filter(|_| verb(method).is_some()) else { break false };
            node = plain(inner);
        };
        self.builders.extend(passed.into_iter().map(|node| (node, found)));
        found
    }

    /// `app.use('/x', a, b)`
    fn use_call(&mut self, object: Node<'t>, given: &[Node<'t>]) {
        let (prefix, handlers) = match given {
            [first, rest @ ..] if !rest.is_empty() => match self.is_path(*first) {
                Some(true) => (self.path(*first), rest),
                Some(false) => (Expr::text(""), given),
                None => match self.expr(*first) {
                    path @ (Expr::Setting(..) | Expr::Text(_) | Expr::Join(_)) => (paths::written(path), rest),
                    other => (Expr::IfText(Box::new(other)), given),
                },
            },
            [only] if self.is_text(*only) => return,
            _ => (Expr::text(""), given),
        };
        let on = self.expr(object);
        for handler in handlers {
            let what = self.expr(*handler);
            self.note_handler(*handler);
            if matches!(what, Expr::Other | Expr::Text(_)) {
                continue;
            }
            self.facts.mounts.push(Mount {
                on: on.clone(),
                prefix: prefix.clone(),
                replaces: false,
                what,
                span: span(*handler),
                certain: false,
            });
        }
    }

    fn is_text(&self, node: Node<'t>) -> bool {
        matches!(plain(node).kind(), "string" | "template_string" | "regex")
    }

    /// Whether the first argument of `use` is a path and not a handler, so far as its form says.
    fn is_path(&self, node: Node<'t>) -> Option<bool> {
        let node = plain(node);
        match node.kind() {
            "string" | "template_string" | "regex" | "binary_expression" | "ternary_expression" => Some(true),
            "array" => Some(children(node).first().is_some_and(|first| self.is_text(*first))),
            "identifier" => {
                let value = self.literal_named(self.source.scope(node), self.source.text(node))?;
                match value.kind() {
                    "string" | "template_string" | "binary_expression" | "regex" => Some(true),
                    kind if is_function(kind) => Some(false),
                    _ => None,
                }
            }
            "call_expression" if self.source.text(node).starts_with("path.") => Some(true),
            "call_expression" if self.origin_known(node) => Some(false),
            kind if is_function(kind) => Some(false),
            _ => None,
        }
    }

    /// True for a call of something of a package of which it is known what it is.
    fn origin_known(&self, call: Node<'t>) -> bool {
        let function = call.child_by_field_name("function");
        let origin = function.and_then(|function| self.origin(function));
        origin.is_some_and(|(module, _)| packages::role(&module).is_some() || packages::package(&module) == "express")
    }
}
