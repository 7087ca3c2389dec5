//! FastAPI and Starlette.

use tree_sitter::Node;

use super::super::facts::{Call, Expr, Glue, Handed, ObjectKind, ScopeId, Why};
use super::super::syntax::{children, span};
use super::libraries;
use super::paths::{Style, either_slash, path};
use super::reader::{Arguments, Reader};

/// How deep lists of routes are nested.
const DEPTH: u32 = 16;

impl<'t> Reader<'t> {
    pub(super) fn starlette_made(&mut self, call: Node<'t>, dotted: &str, arguments: &Arguments<'t>, scope: ScopeId) -> Option<Expr> {
        let last = dotted.rsplit('.').next().unwrap_or_default();
        let library = dotted.starts_with("fastapi.") || dotted.starts_with("starlette.");
        let (kind, framework) = match last {
            _ if !library => return None,
            "FastAPI" => (ObjectKind::App, "FastAPI"),
            "Starlette" => (ObjectKind::App, "Starlette"),
            "APIRouter" => (ObjectKind::Router, "FastAPI"),
            "Router" => (ObjectKind::Either, "Starlette"),
            "StaticFiles" => {
                let made = self.object(call, ObjectKind::Router, "Starlette", Expr::text(""), Glue::Plain);
                self.route(made.clone(), vec!["GET".into()], Expr::text("/*"), span(call), true, true);
                return Some(made);
            }
            _ => return None,
        };
        let prefix = match (last, arguments.named("prefix"), arguments.named("root_path")) {
            ("APIRouter", Some(prefix), _) => path(self.expr(prefix, scope), Style::Braces),
            // A path may begin with the root path and may not; servers take it from the environment too.
            ("FastAPI" | "Starlette", _, root) => {
                let mut any = vec![Expr::text(""), Expr::Setting("UVICORN_ROOT_PATH".into(), Some(Box::new(Expr::text(""))))];
                any.extend(root.map(|root| self.expr(root, scope)));
                Expr::Any(any)
            }
            _ => Expr::text(""),
        };
        let made = self.object(call, kind, framework, prefix, Glue::Plain);
        // Options that are given as a whole may be any.
        if arguments.spread {
            self.open(Why::Option, call);
        }
        if last == "FastAPI" {
            self.documentation(&made, call, arguments, scope);
        }
        let position = match last {
            "Router" => 0,
            "Starlette" => 1,
            _ => usize::MAX,
        };
        if let Some(routes) = arguments.get(position, "routes") {
            self.route_list(&made, routes, scope, DEPTH);
        }
        // What answers where no route does.
        if arguments.named("default").is_some() {
            self.open(Why::Fallback, call);
        }
        if let Some(handlers) = arguments.named("exception_handlers") {
            let pairs = if handlers.kind() == "dictionary" { children(handlers) } else { Vec::new() };
            if handlers.kind() != "dictionary" {
                self.open(Why::Fallback, handlers);
            }
            for pair in pairs {
                let handler = pair.child_by_field_name("value").and_then(|value| self.function_of(value));
                self.error_handler(pair.child_by_field_name("key"), handler, pair);
            }
        }
        // What runs when it starts gets it.
        if let Some(function) = arguments.named("lifespan") {
            let function = self.expr(function, scope);
            self.facts.calls.push(Call { function, arguments: vec![made.clone()] });
        }
        if let Some(list) = arguments.named("middleware") {
            self.middleware_list(&made, list, scope);
        }
        Some(made)
    }

    /// What FastAPI adds by itself.
    fn documentation(&mut self, on: &Expr, call: Node<'t>, arguments: &Arguments<'t>, scope: ScopeId) {
        let mut option = |name: &str, default: &str| match arguments.named(name) {
            None => Some(Expr::text(default)),
            Some(value) => match self.expr(value, scope) {
                Expr::Other => None,
                // Off, or there.
                Expr::Any(items) => Some(Expr::Any(items.into_iter().filter(|item| *item != Expr::Other).collect())),
                value => Some(value),
            },
        };
        let Some(openapi) = option("openapi_url", "/openapi.json") else { return };
        let docs = option("docs_url", "/docs");
        let redoc = option("redoc_url", "/redoc");
        let redirect = option("swagger_ui_oauth2_redirect_url", "/docs/oauth2-redirect");
        // Those who serve the documentation from elsewhere register this one by themselves.
        if let (Expr::Object(index), Some(redirect)) = (on, &redirect) {
            self.bind(ScopeId::FILE, &format!("{index}.swagger_ui_oauth2_redirect_url"), redirect.clone());
        }
        let oauth = redirect.filter(|_| docs.is_some());
        for found in [Some(openapi), docs, redoc, oauth].into_iter().flatten() {
            let both = either_slash(path(found, Style::Braces));
            self.route(on.clone(), vec!["GET".into(), "HEAD".into()], both, span(call), true, true);
        }
    }

    /// `[Route("/x", f), Mount("/y", routes=[…])]`, put on an app or router.
    pub(super) fn route_list(&mut self, on: &Expr, list: Node<'t>, scope: ScopeId, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return self.open(Why::Computed, list) };
        match list.kind() {
            "list" | "tuple" => {
                for item in children(list) {
                    self.route_item(on, item, scope, depth);
                }
            }
            "none" => {}
            _ => {
                let what = self.expr(list, scope);
                self.mount(on.clone(), Expr::text(""), what, false, list, true);
            }
        }
    }

    fn route_item(&mut self, on: &Expr, item: Node<'t>, scope: ScopeId, depth: u32) {
        let dotted = item.child_by_field_name("function").and_then(|function| self.dotted(function)).unwrap_or_default();
        let last = dotted.rsplit('.').next().unwrap_or_default();
        let library = dotted.starts_with("starlette.") || dotted.starts_with("fastapi.");
        let arguments = self.arguments(item);
        match last {
            "Route" | "WebSocketRoute" | "APIRoute" if library && item.kind() == "call" => {
                let Some(written) = arguments.get(0, "path") else { return self.open(Why::Path, item) };
                let expr = self.expr(written, scope);
                let methods = self.methods("route", &arguments, scope);
                self.slashed_route(on.clone(), methods, expr, written, &arguments, true);
            }
            "Mount" if library => {
                let prefix = arguments.get(0, "path");
                self.mounted(on, item, prefix, arguments.get(1, "app"), arguments.named("routes"), scope, depth);
            }
            "Host" if library => self.mounted(on, item, None, arguments.get(1, "app"), arguments.named("routes"), scope, depth),
            _ if item.kind() == "list_splat" => match item.named_child(0) {
                Some(inner) => self.route_list(on, inner, scope, depth),
                None => self.open(Why::Computed, item),
            },
            _ => {
                let what = self.expr(item, scope);
                self.mount(on.clone(), Expr::text(""), what, false, item, true);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a mount is written with, and where")]
    fn mounted(
        &mut self,
        on: &Expr,
        call: Node<'t>,
        prefix: Option<Node<'t>>,
        app: Option<Node<'t>>,
        routes: Option<Node<'t>>,
        scope: ScopeId,
        depth: u32,
    ) {
        let prefix = prefix.map_or(Expr::text(""), |prefix| path(self.expr(prefix, scope), Style::Braces));
        let prefix = match prefix {
            Expr::Text(text) => Expr::text(text.trim_end_matches('/')),
            other => other,
        };
        // Without its slash it is sent on to the one with it.
        if prefix.as_text().is_none_or(|text| !text.is_empty()) {
            self.route(on.clone(), Vec::new(), prefix.clone(), span(call), true, true);
        }
        if let Some(routes) = routes {
            let inner = self.object(routes, ObjectKind::Router, "Starlette", Expr::text(""), Glue::Plain);
            self.route_list(&inner, routes, scope, depth);
            self.mount(on.clone(), prefix.clone(), inner, false, call, true);
        }
        if let Some(app) = app {
            let dotted = app.child_by_field_name("function").and_then(|function| self.dotted(function)).unwrap_or_default();
            if FOREIGN_APPS.contains(&dotted.as_str()) {
                let all = Expr::Join(vec![prefix, Expr::text("/*")]);
                return self.route(on.clone(), Vec::new(), all, span(call), true, false);
            }
            let what = self.expr(app, scope);
            self.mount(on.clone(), prefix, what, false, call, true);
        }
    }

    /// True when a list holds routes of Starlette.
    pub(super) fn has_routes(&self, list: Node<'t>) -> bool {
        children(list).into_iter().any(|item| {
            let dotted = item.child_by_field_name("function").and_then(|function| self.dotted(function)).unwrap_or_default();
            dotted.starts_with("starlette.routing.") || dotted.starts_with("fastapi.routing.")
        })
    }

    pub(super) fn starlette_call(
        &mut self,
        call: Node<'t>,
        object: Node<'t>,
        name: &str,
        arguments: &Arguments<'t>,
        scope: ScopeId,
    ) -> bool {
        match name {
            "include_router" => {
                let Some(router) = arguments.get(0, "router") else { return false };
                let (on, what) = (self.expr(object, scope), self.expr(router, scope));
                let prefix = match arguments.named("prefix") {
                    Some(prefix) => path(self.expr(prefix, scope), Style::Braces),
                    None if arguments.spread => Expr::Unknown,
                    None => Expr::text(""),
                };
                self.mount(on, prefix, what, false, call, true);
            }
            "mount" | "host" => {
                let Some(app) = arguments.get(1, "app") else { return false };
                let on = self.expr(object, scope);
                let prefix = arguments.get(0, "path").filter(|_| name == "mount");
                self.mounted(&on, call, prefix, Some(app), None, scope, DEPTH);
            }
            // Files of a build, and a page for what is none of them.
            "frontend" => {
                let (Some(path_given), on) = (arguments.get(0, "path"), self.expr(object, scope)) else { return false };
                let prefix = path(self.expr(path_given, scope), Style::Braces);
                let whole = Expr::Join(vec![prefix.clone(), Expr::text("/*")]);
                self.route(on.clone(), vec!["GET".into()], prefix, span(call), false, false);
                self.route(on, vec!["GET".into()], whole, span(call), false, false);
            }
            "add_api_route" | "add_route" | "add_websocket_route" | "add_api_websocket_route" => {
                let Some(written) = arguments.get(0, "path") else { return false };
                let on = self.expr(object, scope);
                let methods = self.methods("route", arguments, scope);
                let expr = self.expr(written, scope);
                self.slashed_route(on, methods, expr, written, arguments, true);
            }
            "add_middleware" => {
                let (Some(what), on) = (arguments.get(0, "middleware_class"), self.expr(object, scope)) else { return false };
                self.middleware(&on, what, scope, call);
            }
            "middleware" => {
                // `app.middleware("http")(f)` is a call of this one; the function is looked at where it is defined.
            }
            "add_exception_handler" | "register_error_handler" => {
                let (kind, handler) = (arguments.positional.first().copied(), arguments.positional.get(1).copied());
                // One of the framework refuses.
                if handler.and_then(|handler| self.dotted(handler)).is_some_and(|dotted| libraries::harmless(&dotted)) {
                    return true;
                }
                let handler = handler.and_then(|handler| self.function_of(handler));
                self.error_handler(kind, handler, call);
            }
            "append" | "extend" | "insert" if self.text(object).ends_with(".routes") => self.open(Why::Computed, call),
            "run" if self.dotted(object).as_deref() == Some("uvicorn") => {
                if arguments.named("root_path").is_some() || arguments.spread {
                    self.open(Why::Prefix, call);
                }
            }
            // Of the instrumentation that many use: `Instrumentator().instrument(app).expose(app)`.
            "expose" if self.imports("prometheus_fastapi_instrumentator") => {
                let Some(app) = arguments.get(0, "app") else { return false };
                let on = self.expr(app, scope);
                let path = arguments.named("endpoint").map_or(Expr::text("/metrics"), |path| self.expr(path, scope));
                self.route(on, vec!["GET".into()], either_slash(path), span(call), true, true);
            }
            "instrument" if self.imports("prometheus_fastapi_instrumentator") => {}
            _ => return false,
        }
        true
    }

    fn middleware_list(&mut self, on: &Expr, list: Node<'t>, scope: ScopeId) {
        if list.kind() == "none" {
            return;
        }
        let list = match (list.kind(), self.outer.get(self.text(list)).map(Vec::as_slice)) {
            ("identifier", Some([one])) => *one,
            _ => list,
        };
        if list.kind() != "list" {
            return self.open(Why::Middleware, list);
        }
        for item in children(list) {
            match self.arguments(item).positional.first() {
                Some(what) => self.middleware(on, *what, scope, item),
                None => self.open(Why::Middleware, item),
            }
        }
    }

    /// One that is not of the application, and not known, may do anything.
    fn middleware(&mut self, on: &Expr, what: Node<'t>, scope: ScopeId, call: Node<'t>) {
        let dotted = self.dotted(what).unwrap_or_default();
        if libraries::harmless(&dotted) {
            return;
        }
        let to = self.expr(what, scope);
        self.facts.handed.push(Handed { to, what: on.clone(), span: span(call) });
    }
}

/// Makers of apps of which everything is below where they are mounted.
const FOREIGN_APPS: &[&str] =
    &["prometheus_client.make_asgi_app", "starlette_exporter.handle_metrics", "strawberry.asgi.GraphQL", "ariadne.asgi.GraphQL"];
