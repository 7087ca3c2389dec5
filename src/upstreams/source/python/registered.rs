//! Which calls and decorators register routes, by whatever framework; and classes.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::facts::{Expr, Glue, Object, ObjectKind, ScopeId, Why};
use super::super::syntax::{children, span};
use super::paths::{Style, either_slash, ends_with_slash, path};
use super::reader::{Arguments, Reader};
use super::{guards, libraries};

impl<'t> Reader<'t> {
    /// Notes what a node does with apps and routers.
    pub(super) fn note_use(&mut self, node: Node<'t>, scope: ScopeId) {
        match node.kind() {
            "decorated_definition" => self.decorated(node, scope),
            "call" => self.registering_call(node, scope),
            "assignment" => self.path_assigned(node),
            // `get = app.get`, `partial(app.route, methods=["GET"])`
            "attribute" if !self.is_used(node) => {
                let (object, name) = (node.child_by_field_name("object"), node.child_by_field_name("attribute"));
                if let (Some(object), Some(name)) = (object, name)
                    && registers(self.text(name))
                {
                    self.lost(object, node, scope);
                }
            }
            _ => {}
        }
    }

    /// An app or router that is made by a call.
    pub(super) fn constructed(&mut self, call: Node<'t>, dotted: &str, arguments: &Arguments<'t>, scope: ScopeId) -> Option<Expr> {
        self.starlette_made(call, dotted, arguments, scope)
            .or_else(|| self.flask_made(call, dotted, arguments, scope))
            .or_else(|| self.rest_made(call, dotted, arguments, scope))
    }

    /// Makes an app or router. Members that are the same again are known under its number.
    pub(super) fn object(&mut self, call: Node<'t>, kind: ObjectKind, framework: &'static str, prefix: Expr, glue: Glue) -> Expr {
        let index = self.facts.objects.len();
        self.facts.objects.push(Object { kind, framework, prefix, glue, caseless: false, span: span(call) });
        self.made.insert(call.id(), Expr::Object(index));
        for member in ["urls", "router", "wsgi_app", "urlpatterns", "asgi", "app"] {
            self.bind(ScopeId::FILE, &format!("{index}.{member}"), Expr::Object(index));
        }
        self.bind(ScopeId::FILE, &format!("{index}.init_app"), Expr::Other);
        Expr::Object(index)
    }

    fn decorated(&mut self, node: Node<'t>, scope: ScopeId) {
        let Some(definition) = node.child_by_field_name("definition") else { return };
        let decorators: Vec<Node<'t>> = children(node).into_iter().filter(|child| child.kind() == "decorator").collect();
        for decorator in decorators {
            let Some(call) = decorator.named_child(0) else { continue };
            let (function, arguments) = match call.kind() {
                "call" => (call.child_by_field_name("function"), self.arguments(call)),
                _ => (Some(call), Arguments::default()),
            };
            // `get = app.get`, further up.
            let function = function.map(|function| match self.outer.get(self.text(function)).map(Vec::as_slice) {
                Some([one]) if function.kind() == "identifier" && one.kind() == "attribute" => *one,
                _ => function,
            });
            let Some(function) = function.filter(|function| function.kind() == "attribute") else { continue };
            let (Some(object), Some(name)) = (function.child_by_field_name("object"), function.child_by_field_name("attribute")) else {
                continue;
            };
            match self.text(name) {
                "errorhandler" | "app_errorhandler" | "exception_handler" => {
                    let kind = arguments.positional.first().copied().or_else(|| arguments.named.first().map(|(_, node)| *node));
                    self.error_handler(kind, Some(definition), decorator);
                }
                "before_request" | "before_app_request" | "after_request" | "after_app_request" | "middleware"
                    if !guards::passes(self.code, definition) =>
                {
                    self.open(Why::Middleware, decorator);
                }
                method if call.kind() == "call" && is_method(method) => {
                    self.written_route(object, method, &arguments, call, scope);
                }
                _ => {}
            }
        }
    }

    /// `@app.get("/x")`, `@app.route("/x", methods=["GET"])`.
    fn written_route(&mut self, object: Node<'t>, method: &str, arguments: &Arguments<'t>, call: Node<'t>, scope: ScopeId) {
        let names = ["path", "rule"];
        let mut given: Vec<Node<'t>> = arguments.positional.clone();
        // `@api.route("/a", "/b")` of Flask-RESTX; elsewhere what follows is no path.
        let mut at = 0;
        given.retain(|node| {
            at += 1;
            at == 1 || method == "route" && node.kind() == "string"
        });
        given.extend(names.iter().filter_map(|name| arguments.named(name)));
        if given.is_empty() {
            if arguments.spread {
                let on = self.expr(object, scope);
                self.route(on, Vec::new(), Expr::Unknown, span(call), true, false);
            }
            return;
        }
        // `@mock.patch("package.name")`.
        if self.dotted(object).is_some_and(|dotted| libraries::harmless(&dotted)) {
            return;
        }
        let on = self.expr(object, scope);
        let methods = self.methods(method, arguments, scope);
        for node in given {
            let written = self.expr(node, scope);
            if written.as_text().is_some_and(|text| !text.is_empty() && !text.starts_with(['/', '<', '{'])) {
                continue;
            }
            self.slashed_route(on.clone(), methods.clone(), written, node, arguments, true);
        }
    }

    /// A route with the other paths that lead to it because of slashes.
    pub(super) fn slashed_route(
        &mut self,
        on: Expr,
        methods: Vec<Arc<str>>,
        written: Expr,
        node: Node<'t>,
        arguments: &Arguments<'t>,
        certain: bool,
    ) {
        let style = self.style();
        let path = path(self.inlined(written), style);
        let lenient = arguments.named("strict_slashes").is_some_and(|value| self.text(value) == "False");
        // Flask adds a slash, and takes none away.
        let exact = style == Style::Angles && !lenient && ends_with_slash(&path) == Some(false);
        let path = if exact { path } else { either_slash(path) };
        self.route(on, methods, path, span(node), certain, false);
    }

    /// True when a name is given something once only.
    fn given_once(&self, name: &str) -> bool {
        self.facts.bindings.iter().filter(|binding| &*binding.name == name).take(2).count() == 1
            && !self.facts.scopes.iter().any(|scope| scope.parameters.iter().any(|known| &**known == name))
    }

    /// A name of the file that is one text, as that text: its end is seen then.
    fn inlined(&mut self, expr: Expr) -> Expr {
        match expr {
            Expr::Name(scope, name) => match self.outer.get(&*name).map(Vec::as_slice) {
                Some([one]) if one.kind() == "string" && self.given_once(&name) => {
                    let one = *one;
                    self.expr(one, ScopeId::FILE)
                }
                _ => Expr::Name(scope, name),
            },
            other => other,
        }
    }

    /// The methods of a route; none for any.
    pub(super) fn methods(&mut self, method: &str, arguments: &Arguments<'t>, scope: ScopeId) -> Vec<Arc<str>> {
        let verb = method.to_ascii_uppercase();
        if matches!(verb.as_str(), "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" | "TRACE") {
            return vec![verb.as_str().into()];
        }
        match arguments.named("methods").map(|list| self.expr(list, scope)) {
            Some(Expr::List(items)) => {
                let known: Option<Vec<Arc<str>>> =
                    items.iter().map(|item| item.as_text().map(|text| text.to_ascii_uppercase().as_str().into())).collect();
                known.unwrap_or_default()
            }
            Some(_) => Vec::new(),
            None if method == "route" || method == "api_route" || method.starts_with("websocket") => vec!["GET".into()],
            None => Vec::new(),
        }
    }

    fn registering_call(&mut self, call: Node<'t>, scope: ScopeId) {
        // Makes it, if nothing asked for it yet.
        let dotted = call.child_by_field_name("function").and_then(|function| self.dotted(function)).unwrap_or_default();
        let arguments = self.arguments(call);
        if self.made.contains_key(&call.id()) || self.constructed(call, &dotted, &arguments, scope).is_some() {
            return;
        }
        let Some(function) = call.child_by_field_name("function") else { return };
        if function.kind() == "call" {
            return self.decorating_call(call, function, scope);
        }
        if function.kind() == "attribute"
            && let (Some(object), Some(name)) = (function.child_by_field_name("object"), function.child_by_field_name("attribute"))
        {
            let name = self.text(name);
            // What it gives back is a decorator, which is used somewhere else.
            if is_method(name) && !self.is_used(call) {
                self.lost(object, call, scope);
            }
            if self.starlette_call(call, object, name, &arguments, scope)
                || self.flask_call(call, object, name, &arguments, scope)
                || self.rest_call(call, object, name, &arguments, scope)
                || self.django_call(call, object, name, &arguments, scope)
            {
                return;
            }
            if name == "init_app"
                && let Some(app) = arguments.get(0, "app")
            {
                let (on, what) = (self.expr(app, scope), self.expr(object, scope));
                self.mount(on, Expr::text(""), what, false, call, false);
            }
        }
        self.plain_call(call, scope);
    }

    /// `app.get("/x")(handler)`.
    fn decorating_call(&mut self, call: Node<'t>, inner: Node<'t>, scope: ScopeId) {
        let Some(function) = inner.child_by_field_name("function").filter(|function| function.kind() == "attribute") else { return };
        let (Some(object), Some(name)) = (function.child_by_field_name("object"), function.child_by_field_name("attribute")) else {
            return;
        };
        let arguments = self.arguments(inner);
        let handler = self.arguments(call).positional.first().and_then(|handler| self.function_of(*handler));
        match self.text(name) {
            "errorhandler" | "app_errorhandler" | "exception_handler" => {
                self.error_handler(arguments.positional.first().copied(), handler, call);
            }
            "middleware" if !handler.is_some_and(|handler| guards::passes(self.code, handler)) => self.open(Why::Middleware, call),
            name if is_method(name) => self.written_route(object, name, &arguments, inner, scope),
            _ => {}
        }
    }

    /// A handler of what no route answers.
    pub(super) fn error_handler(&mut self, kind: Option<Node<'t>>, handler: Option<Node<'t>>, at: Node<'t>) {
        if let Some(kind) = kind {
            let written = self.text(kind);
            let dotted = self.dotted(kind).unwrap_or_else(|| written.to_owned());
            let last = dotted.rsplit('.').next().unwrap_or_default();
            let other = match kind.kind() {
                "integer" => written != "404",
                "identifier" | "attribute" => {
                    let lower = last.to_ascii_lowercase().replace('_', "");
                    !["notfound", "httpexception", "404"].iter().any(|part| lower.contains(part))
                        && !matches!(last, "Exception" | "BaseException")
                }
                _ => false,
            };
            if other {
                return;
            }
        }
        let refuses = handler.is_some_and(|handler| guards::refuses(self.code, handler));
        if !refuses {
            self.open(Why::Fallback, at);
        }
    }

    /// The function of this file that an expression names.
    pub(super) fn function_of(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.functions.get(self.text(node)).copied()
    }

    /// The path of a request is changed: what is asked for is not what is answered.
    fn path_assigned(&mut self, node: Node<'t>) {
        let Some(left) = node.child_by_field_name("left") else { return };
        let key = match left.kind() {
            "subscript" => left.child_by_field_name("subscript").map_or("", |key| self.text(key).trim_matches(['"', '\''])),
            "attribute" => left.child_by_field_name("attribute").map_or("", |name| self.text(name)),
            _ => return,
        };
        let object = left.child_by_field_name("object").or_else(|| left.child_by_field_name("value")).map_or("", |node| self.text(node));
        match key {
            "path" | "raw_path" | "root_path" if object.ends_with("scope") => self.open(Why::Middleware, node),
            "PATH_INFO" | "SCRIPT_NAME" => self.open(Why::Middleware, node),
            "path_info" | "urlconf" if object.ends_with("request") => self.open(Why::Middleware, node),
            "not_found" | "default" if object.ends_with("router") => self.open(Why::Fallback, node),
            "strict_slashes" | "redirect_slashes" => self.open(Why::Option, node),
            "root_path" => self.open(Why::Prefix, node),
            "url_map" | "url_rule_class" | "router_class" => self.open(Why::Option, node),
            _ => {}
        }
    }

    /// An attribute of an app that stands for all of it is given something: `app.wsgi_app = ProxyFix(app.wsgi_app)`.
    pub(super) fn slot_assigned(&mut self, left: Node<'t>, right: Node<'t>, scope: ScopeId) -> bool {
        let member = match left.kind() {
            "attribute" => left.child_by_field_name("attribute").map_or("", |name| self.text(name)),
            "identifier" if scope == ScopeId::FILE => self.text(left),
            _ => return false,
        };
        match member {
            "wsgi_app" => {
                let value = self.expr(right, scope);
                let same = matches!(&value, Expr::Member(_, name) if &**name == "wsgi_app");
                if !same {
                    self.open(Why::Middleware, left);
                }
                true
            }
            "handler404" => {
                let handler = self.function_of(right);
                self.error_handler(None, handler, left);
                true
            }
            _ => false,
        }
    }

    /// A class: settings, a set of views, a middleware, or an app of its own make.
    pub(super) fn class(&mut self, node: Node<'t>, scope: ScopeId) {
        let Some(own) = self.scopes.get(&node.id()).copied() else { return };
        let bases: Vec<Node<'t>> = node
            .child_by_field_name("superclasses")
            .map(|list| children(list).into_iter().filter(|base| base.kind() != "keyword_argument").collect())
            .unwrap_or_default();
        let dotted: Vec<String> = bases.iter().map(|base| self.dotted(*base).unwrap_or_else(|| self.text(*base).to_owned())).collect();
        let makes = |name: &String| {
            let last = name.rsplit('.').next().unwrap_or_default();
            matches!(
                last,
                "FastAPI" | "APIRouter" | "Starlette" | "Flask" | "Blueprint" | "Api" | "Namespace" | "DefaultRouter" | "SimpleRouter"
            )
        };
        if dotted.iter().any(makes) {
            self.open(Why::Extension, node);
        }
        guards::class(self, node, &dotted);
        let settings = dotted.iter().any(|name| name.rsplit('.').next().is_some_and(|last| last.ends_with("BaseSettings")));
        if settings {
            self.settings_class(node, own);
        }
        self.view_set(node, own, &bases, &dotted, scope);
    }

    /// The fields of a class of settings: each is an environment variable.
    fn settings_class(&mut self, node: Node<'t>, own: ScopeId) {
        let Some(body) = node.child_by_field_name("body") else { return };
        self.settings.insert(own);
        let mut env_prefix = Some(String::new());
        let mut fields = Vec::new();
        for statement in children(body) {
            let inner = statement.named_child(0).unwrap_or(statement);
            if inner.kind() == "assignment" {
                let name = inner.child_by_field_name("left").map_or("", |left| self.text(left));
                if name == "model_config" {
                    env_prefix = self.env_prefix(inner.child_by_field_name("right"), own, env_prefix);
                } else {
                    fields.push((name, inner.child_by_field_name("right")));
                }
            }
            if statement.kind() == "class_definition" {
                for line in statement.child_by_field_name("body").map(children).unwrap_or_default() {
                    let inner = line.named_child(0).unwrap_or(line);
                    if inner.child_by_field_name("left").is_some_and(|left| self.text(left) == "env_prefix") {
                        env_prefix =
                            inner.child_by_field_name("right").and_then(|value| self.expr(value, own).as_text().map(str::to_owned));
                    }
                }
            }
        }
        for (name, value) in fields {
            let (mut variable, mut default) = (None, None);
            match value.filter(|value| value.kind() == "call") {
                Some(call) => {
                    let arguments = self.arguments(call);
                    default = arguments.get(0, "default").map(|node| self.expr(node, own));
                    let alias = ["validation_alias", "env", "alias"].iter().find_map(|name| arguments.named(name));
                    if let Some(alias) = alias {
                        variable = Some(self.expr(alias, own));
                    }
                }
                None => {
                    if let Some(value) = value {
                        default = Some(self.expr(value, own));
                    }
                }
            }
            let default = default.map(Box::new);
            let value = match (variable, &env_prefix) {
                (Some(Expr::Text(name)), _) => setting(&name, default),
                (Some(_), _) | (None, None) => Expr::Unknown,
                (None, Some(prefix)) => setting(&format!("{prefix}{name}"), default),
            };
            self.bind(own, name, value);
        }
    }

    fn env_prefix(&mut self, config: Option<Node<'t>>, own: ScopeId, before: Option<String>) -> Option<String> {
        let config = config?;
        let value = match config.kind() {
            "call" => self.arguments(config).named("env_prefix"),
            "dictionary" => children(config)
                .into_iter()
                .find(|pair| pair.child_by_field_name("key").is_some_and(|key| self.text(key).trim_matches(['"', '\'']) == "env_prefix"))
                .and_then(|pair| pair.child_by_field_name("value")),
            _ => return None,
        };
        match value {
            Some(value) => self.expr(value, own).as_text().map(str::to_owned),
            None => before,
        }
    }
}

/// Case does not matter in the names of variables; people write them in capitals.
fn setting(name: &str, default: Option<Box<Expr>>) -> Expr {
    let (upper, lower) = (name.to_uppercase(), name.to_lowercase());
    Expr::Setting(upper.as_str().into(), Some(Box::new(Expr::Setting(lower.as_str().into(), default))))
}

/// True for the methods of an app or router that register something.
fn registers(name: &str) -> bool {
    is_method(name)
        || matches!(
            name,
            "add_url_rule" | "add_api_route" | "add_route" | "include_router" | "register_blueprint" | "mount" | "add_resource" | "url_map"
        )
}

pub(super) fn is_method(name: &str) -> bool {
    matches!(
        name,
        "get"
            | "post"
            | "put"
            | "delete"
            | "patch"
            | "head"
            | "options"
            | "trace"
            | "route"
            | "api_route"
            | "websocket"
            | "websocket_route"
    )
}
