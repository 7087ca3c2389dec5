//! Apps and routers that are made by calls of the frameworks.

use tree_sitter::Node;

use super::super::facts::{Expr, Glue, Mount, Object, ObjectKind, RouteFact, Why};
use super::super::syntax::{children, span};
use super::expressions::joined;
use super::packages::{self, Role};
use super::{Reader, paths};

impl<'a, 't> Reader<'a, 't> {
    /// A new app or router. Made once for a node.
    pub(super) fn object_at(&mut self, node: Node<'t>, kind: ObjectKind, framework: &'static str, prefix: Expr) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let glue = if framework == "Fastify" { Glue::Plain } else { Glue::Slash };
        let caseless = matches!(framework, "Express" | "Koa" | "NestJS");
        self.facts.objects.push(Object { kind, framework, prefix, glue, caseless, span: span(node) });
        let made = Expr::Object(self.facts.objects.len() - 1);
        self.made.insert(node.id(), made.clone());
        made
    }

    /// Something that answers anything below the place where it is put, or what these patterns admit there.
    pub(super) fn anything(&mut self, node: Node<'t>, patterns: &[String]) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let made = self.object_at(node, ObjectKind::Router, "Node.js", Expr::text(""));
        for pattern in patterns {
            self.implied(made.clone(), Expr::text(pattern), node);
        }
        made
    }

    /// A route that nobody wrote.
    pub(super) fn implied(&mut self, on: Expr, path: Expr, node: Node<'t>) {
        self.facts.routes.push(RouteFact { on, methods: Vec::new(), path, span: span(node), certain: true, implied: true });
    }

    pub(super) fn mount(&mut self, on: Expr, prefix: Expr, what: Expr, node: Node<'t>) {
        self.facts.mounts.push(Mount { on, prefix, replaces: false, what, span: span(node), certain: false });
    }

    /// What a call of a package is; `None` for one that is not known.
    pub(super) fn known_call(&mut self, node: Node<'t>, module: &str, name: &str, arguments: &[Node<'t>], depth: u32) -> Option<Expr> {
        let package = packages::package(module);
        Some(match (package, name) {
            ("express", "default" | "express") => self.object_at(node, ObjectKind::Either, "Express", Expr::text("")),
            ("express", "Router") | ("express-promise-router", _) => self.object_at(node, ObjectKind::Router, "Express", Expr::text("")),
            ("express", "static") => self.anything(node, &["*".to_owned()]),
            ("express", _) => Expr::Other,
            ("fastify", "default" | "fastify" | "Fastify") => self.fastify_app(node, arguments),
            ("koa", "default" | "Koa") => self.object_at(node, ObjectKind::Either, "Koa", Expr::text("")),
            ("@koa/router" | "koa-router", "default" | "Router") => self.koa_router(node, arguments, depth),
            ("koa-mount", "default") => self.koa_mount(node, arguments, depth),
            ("koa-compose", _) => Expr::List(arguments.iter().map(|argument| self.value(*argument, depth)).collect()),
            ("hono", "Hono") | ("@hono/zod-openapi", "OpenAPIHono") => {
                if arguments.first().is_some_and(|options| self.pair(*options, "getPath").is_some() || options.kind() != "object") {
                    self.open(Why::Option, span(node));
                }
                self.hono_app(node)
            }
            ("@hono/zod-openapi", "createRoute") => self.value(*arguments.first()?, depth),
            ("hono", _) if module == "hono/combine" => Expr::List(arguments.iter().map(|argument| self.value(*argument, depth)).collect()),
            ("hono" | "@hono/node-server", _) if packages::role(module) != Some(Role::Answers) => Expr::Other,
            ("@nestjs/core", "NestFactory.create") => self.nest_app(node, arguments),
            ("@nestjs/common", "forwardRef") => {
                let inner = arguments.first()?.child_by_field_name("body")?;
                self.value(inner, depth)
            }
            ("socket.io", "Server" | "default" | "default.Server") => {
                let made = self.object_at(node, ObjectKind::App, "Socket.IO", Expr::text(""));
                let path = arguments.last().and_then(|options| self.pair(*options, "path"));
                let path = path.map_or(Expr::text("/socket.io"), |path| self.value(path, depth));
                if !self.facts.routes.iter().any(|route| route.on == made) {
                    self.implied(made.clone(), joined(vec![paths::written(path), Expr::text("/*")]), node);
                }
                made
            }
            ("path", name) if name.ends_with("join") || name.ends_with("resolve") => {
                let mut pieces = Vec::new();
                for (at, argument) in arguments.iter().enumerate() {
                    if at > 0 {
                        pieces.push(Expr::text("/"));
                    }
                    pieces.push(self.value(*argument, depth));
                }
                joined(pieces)
            }
            ("http-proxy-middleware", _) => self.proxy(node, arguments),
            // Whatever prefix it is registered with does not count.
            ("fastify-plugin", _) => Expr::Any(vec![self.value(*arguments.first()?, depth), Expr::text(super::fastify::WITHOUT_PREFIX)]),
            _ => match packages::role(module)? {
                Role::Harmless => Expr::Other,
                Role::Wrapper => Expr::Any(arguments.iter().map(|argument| self.value(*argument, depth)).collect()),
                Role::Answers => self.anything(node, &["*".to_owned()]),
                Role::Server => Expr::Unknown,
            },
        })
    }

    /// A proxy: of all requests, or of those that its options name.
    fn proxy(&mut self, node: Node<'t>, arguments: &[Node<'t>]) -> Expr {
        let filter = match arguments {
            [context, _] => Some(*context),
            [options] => self.pair(*options, "pathFilter").or_else(|| self.pair(*options, "context")),
            _ => None,
        };
        let options = arguments.last().is_some_and(|options| options.kind() == "object" && !self.has_spread(*options));
        let texts: Option<Vec<String>> = match filter {
            Some(filter) if filter.kind() == "string" => Some(vec![self.key(filter)]),
            Some(filter) if filter.kind() == "array" => {
                children(filter).into_iter().map(|item| (item.kind() == "string").then(|| self.key(item))).collect()
            }
            _ => None,
        };
        let simple = |text: &String| text.starts_with('/') && !text.contains(['!', '*', '{', '(', ':']);
        match texts.filter(|texts| options && texts.iter().all(simple)) {
            // The path is looked at as a whole, wherever this is put.
            Some(texts) => self.anything(node, &texts.iter().map(|text| format!("{text}*")).collect::<Vec<_>>()),
            None => self.anything(node, &["*".to_owned()]),
        }
    }

    /// `app.route('/x')`: what is registered on it has that path.
    pub(super) fn express_route(&mut self, node: Node<'t>, object: Node<'t>, path: Node<'t>, depth: u32) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let on = self.value(object, depth);
        let made = self.object_at(node, ObjectKind::Router, "Express", Expr::text(""));
        let prefix = self.path(path);
        self.facts.mounts.push(Mount { on, prefix, replaces: false, what: made.clone(), span: span(path), certain: true });
        made
    }

    /// `new Router({ prefix: '/x' })`, with `router.prefix('/y')` of the same file before it.
    fn koa_router(&mut self, node: Node<'t>, arguments: &[Node<'t>], depth: u32) -> Expr {
        let mut prefix = match arguments.first().copied() {
            None => Expr::text(""),
            Some(options) => match self.pair(options, "prefix") {
                Some(prefix) => paths::written(self.value(prefix, depth)),
                None if options.kind() == "object" && !self.has_spread(options) => Expr::text(""),
                None => Expr::Unknown,
            },
        };
        let declarator = self.source.parent(node).filter(|parent| parent.kind() == "variable_declarator");
        if let Some(name) = declarator.and_then(|declarator| declarator.child_by_field_name("name")) {
            let name = self.source.text(name);
            for more in self.names().prefixes.get(name).cloned().unwrap_or_default() {
                prefix = joined(vec![paths::written(self.value(more, depth)), prefix]);
            }
        }
        self.object_at(node, ObjectKind::Router, "Koa", prefix)
    }

    /// `mount('/x', app)`
    fn koa_mount(&mut self, node: Node<'t>, arguments: &[Node<'t>], depth: u32) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let (prefix, what) = match arguments {
            [prefix, what] => (self.path(*prefix), *what),
            [what] => (Expr::text(""), *what),
            _ => return Expr::Unknown,
        };
        let what = self.value(what, depth);
        let made = self.object_at(node, ObjectKind::Router, "Koa", Expr::text(""));
        self.mount(made.clone(), prefix, what, node);
        made
    }

    /// The value of a key in an object literal, or in one that a name of this file stands for.
    pub(super) fn pair(&self, object: Node<'t>, key: &str) -> Option<Node<'t>> {
        let object = self.literal(object);
        for pair in children(object).into_iter().filter(|_| object.kind() == "object") {
            match pair.kind() {
                "pair" if pair.child_by_field_name("key").is_some_and(|name| self.key(name) == key) => {
                    return pair.child_by_field_name("value");
                }
                "shorthand_property_identifier" if self.source.text(pair) == key => return Some(pair),
                "method_definition" if pair.child_by_field_name("name").is_some_and(|name| self.key(name) == key) => return Some(pair),
                _ => {}
            }
        }
        None
    }

    /// The object or list that a name of this file stands for, or the node itself.
    pub(super) fn literal(&self, node: Node<'t>) -> Node<'t> {
        let node = super::source::plain(node);
        match node.kind() {
            "identifier" => self.literal_named(self.source.scope(node), self.source.text(node)).unwrap_or(node),
            _ => node,
        }
    }

    /// True for an object of which not all keys are written.
    pub(super) fn has_spread(&self, object: Node<'t>) -> bool {
        children(self.literal(object)).iter().any(|child| child.kind() == "spread_element")
    }

    /// A path that is written in the code, as a pattern.
    pub(super) fn path(&mut self, node: Node<'t>) -> Expr {
        let node = super::source::plain(node);
        match node.kind() {
            "regex" => Expr::text(&self.regex(node)),
            "array" => {
                let one = |reader: &mut Self, item: Node<'t>| match item.kind() {
                    "regex" => Expr::text(&reader.regex(item)),
                    _ => paths::written(reader.expr(item)),
                };
                Expr::List(children(node).into_iter().map(|item| one(self, item)).collect())
            }
            _ => paths::written(self.expr(node)),
        }
    }
}
