//! Fastify: `register` with its prefixes, `route`, plug-ins that add routes.

use tree_sitter::Node;

use super::super::facts::{Expr, Handed, ObjectKind, RouteFact, Why};
use super::super::syntax::{children, span};
use super::packages;
use super::source::{is_function, plain, unquoted};
use super::{Reader, paths};

/// Stands beside a function that `fastify-plugin` wraps. A text is no plug-in, so that this is one which nobody else has.
pub(super) const WITHOUT_PREFIX: &str = "<without prefix>";

impl<'a, 't> Reader<'a, 't> {
    /// `Fastify({…})`
    pub(super) fn fastify_app(&mut self, node: Node<'t>, arguments: &[Node<'t>]) -> Expr {
        let known = self.made.contains_key(&node.id());
        let made = self.object_at(node, ObjectKind::App, "Fastify", Expr::text(""));
        if known {
            return made;
        }
        let Some(options) = arguments.first().map(|options| self.literal(*options)) else { return made };
        let whole = options.kind() == "object" && !self.has_spread(options);
        if self.pair(options, "rewriteUrl").is_some() {
            self.open(Why::Middleware, span(node));
        }
        let caseless = !whole || self.source.within(options).any(|inner| self.source.text(inner) == "caseSensitive");
        if caseless
            && let Expr::Object(index) = &made
            && let Some(object) = self.facts.objects.get_mut(*index)
        {
            object.caseless = true;
        }
        made
    }

    /// `app.route({ method, url, handler })`
    pub(super) fn fastify_route(&mut self, node: Node<'t>, object: Node<'t>, options: Node<'t>) -> bool {
        let on = self.expr(object);
        let options = self.literal(options);
        if options.kind() != "object" {
            let of = self.expr(options);
            // A name for a path, or for a whole route.
            let key = if self.source.text(options).to_ascii_lowercase().contains("path") { None } else { Some("url") };
            let Some(key) = key else {
                self.expr(node);
                return true;
            };
            if matches!(of, Expr::Other) {
                return true;
            }
            let path = super::bindings::member(of, key);
            self.facts.routes.push(RouteFact { on, methods: Vec::new(), path, span: span(node), certain: false, implied: false });
            return true;
        }
        let Some(path) = self.pair(options, "url").or_else(|| self.pair(options, "path")) else {
            if self.has_spread(options) {
                self.facts.routes.push(RouteFact {
                    on,
                    methods: Vec::new(),
                    path: Expr::Unknown,
                    span: span(node),
                    certain: false,
                    implied: false,
                });
            }
            return true;
        };
        let pattern = self.path(path);
        let methods = self.pair(options, "method").map(|methods| self.texts(methods)).unwrap_or_default();
        self.facts.routes.push(RouteFact { on, methods, path: pattern, span: span(path), certain: false, implied: false });
        true
    }

    /// The texts of a literal or of a list of literals; none when not all are known.
    pub(super) fn texts(&self, node: Node<'t>) -> Vec<std::sync::Arc<str>> {
        let node = plain(node);
        let items = if node.kind() == "array" { children(node) } else { vec![node] };
        let texts: Option<Vec<std::sync::Arc<str>>> = items
            .into_iter()
            .map(|item| (item.kind() == "string").then(|| unquoted(self.source.text(item)).to_ascii_uppercase().into()))
            .collect();
        texts.unwrap_or_default()
    }

    /// `app.register(plugin, { prefix })`, and `router.register('/x', ['get'], handler)` of Koa.
    pub(super) fn fastify_register(&mut self, node: Node<'t>, object: Node<'t>, plugin: Node<'t>, given: &[Node<'t>]) -> bool {
        if matches!(plugin.kind(), "string" | "template_string") {
            if given.len() < 3 {
                return false;
            }
            let (on, path) = (self.expr(object), self.path(plugin));
            let methods = given.get(1).map(|methods| self.texts(*methods)).unwrap_or_default();
            self.facts.routes.push(RouteFact { on, methods, path, span: span(plugin), certain: false, implied: false });
            return true;
        }
        if matches!(plugin.kind(), "object" | "number" | "array") {
            return false;
        }
        let on = self.expr(object);
        let options = given.get(1).map(|options| self.options_of(*options));
        let prefix = match options {
            None => Expr::text(""),
            Some(options) => match self.pair(options, "prefix") {
                Some(prefix) => self.path(prefix),
                None if options.kind() == "object" && !self.has_spread(options) => Expr::text(""),
                None if is_function(options.kind()) => Expr::Unknown,
                None => match self.expr(options) {
                    Expr::Other => Expr::text(""),
                    of => super::bindings::member(of, "prefix"),
                },
            },
        };
        if let Some((module, _)) = self.origin(plugin).or_else(|| self.origin_of_call(plugin))
            && self.plugin(node, &module, &on, options, &prefix)
        {
            return true;
        }
        let what = match self.expr(plugin) {
            // `import('./x.js')`
            Expr::Import(module, name) if &*name == "*" => Expr::Import(module, "default".into()),
            what => what,
        };
        if what == Expr::Other {
            return true;
        }
        // Of what is wrapped by `fastify-plugin`, the routes are where they would be without the prefix.
        if prefix.as_text() != Some("") {
            self.facts.handed.push(Handed { to: what.clone(), what: on.clone(), span: span(node) });
        }
        let inner = self.object_at(node, ObjectKind::Router, "Fastify", Expr::text(""));
        self.mount(on.clone(), prefix, inner.clone(), node);
        let mut arguments = vec![inner];
        if let Some(options) = given.get(1) {
            arguments.push(self.expr(*options));
        }
        self.note_call(what.clone(), arguments);
        self.mount(on, Expr::text(""), what, plugin);
        true
    }

    fn options_of(&self, node: Node<'t>) -> Node<'t> {
        let node = self.literal(node);
        // `(parent) => ({ prefix: '/x' })`
        match node.child_by_field_name("body").map(plain) {
            Some(body) if node.kind() == "arrow_function" && body.kind() == "object" => body,
            _ => node,
        }
    }

    fn origin_of_call(&self, node: Node<'t>) -> Option<(String, String)> {
        let node = plain(node);
        self.origin(node.child_by_field_name("function").filter(|_| node.kind() == "call_expression")?)
    }

    /// Plug-ins from the registry; false for one that is not known.
    fn plugin(&mut self, node: Node<'t>, module: &str, on: &Expr, options: Option<Node<'t>>, prefix: &Expr) -> bool {
        let option = |key: &str| options.and_then(|options| self.pair(options, key));
        let written = options.is_none_or(|options| options.kind() == "object" && !self.has_spread(options));
        let off = |key: &str| option(key).is_some_and(|value| self.source.text(value) == "false");
        let below = |path: Expr| super::expressions::joined(vec![path, Expr::text("/*")]);
        let package = packages::package(module);
        match package {
            "@fastify/static" | "fastify-static" => {
                if !(written && off("serve")) {
                    self.implied(on.clone(), below(prefix.clone()), node);
                }
            }
            "@fastify/http-proxy" | "fastify-http-proxy" => self.implied(on.clone(), below(prefix.clone()), node),
            "@fastify/swagger-ui" | "@scalar/fastify-api-reference" | "@fastify/swagger" | "fastify-swagger" => {
                let standard = if package.starts_with("@scalar") { "/reference" } else { "/documentation" };
                // Older ones show the interface by themselves.
                if package.ends_with("/swagger") && option("exposeRoute").is_none() && option("routePrefix").is_none() && written {
                    return true;
                }
                let path = match option("routePrefix") {
                    Some(path) => paths::written(self.expr(path)),
                    None if written => Expr::text(standard),
                    None => Expr::Unknown,
                };
                let whole = super::expressions::joined(vec![prefix.clone(), path]);
                self.implied(on.clone(), below(whole), node);
            }
            "mercurius" | "@fastify/under-pressure" | "under-pressure" | "fastify-metrics" => {
                let (key, standard) = match package {
                    "mercurius" => ("path", "/graphql"),
                    "fastify-metrics" => ("endpoint", "/metrics"),
                    _ => ("exposeStatusRoute", "/status"),
                };
                let path = match option(key) {
                    Some(path) if self.source.text(path) == "true" => Expr::text(standard),
                    Some(path) => self.path(path),
                    None if !written => Expr::Unknown,
                    None if key == "exposeStatusRoute" => return true,
                    None => Expr::text(standard),
                };
                let whole = super::expressions::joined(vec![prefix.clone(), path]);
                self.implied(on.clone(), whole, node);
                if package == "mercurius" {
                    self.implied(on.clone(), Expr::text("/graphiql"), node);
                }
            }
            "@fastify/autoload" | "fastify-autoload" | "@fastify/nextjs" | "@fastify/vite" => self.open(Why::Extension, span(node)),
            _ => return packages::role(module) == Some(packages::Role::Harmless),
        }
        true
    }
}
