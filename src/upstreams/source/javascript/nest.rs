//! NestJS: controllers, modules, the prefix and the versions of an application.

use tree_sitter::Node;

use super::super::facts::{Expr, Mount, ObjectKind, RouteFact, Why};
use super::super::syntax::{children, span};
use super::expressions::{arguments, joined};
use super::packages::{self, Role};
use super::source::plain;
use super::{Reader, paths};

/// The name in a class by which its routes are known to those that extend it. No name is written like this.
const INHERITED: &str = "\0routes";

/// Modules of packages that add routes: where these are by default, and the option that moves them.
const MODULES: &[(&str, &str, &str)] =
    &[("GraphQLModule", "/graphql", "path"), ("PrometheusModule", "/metrics", "path"), ("BullBoardModule", "/queues", "route")];

fn method_of(decorator: &str) -> Option<&'static str> {
    Some(match decorator {
        "Get" | "Sse" => "GET",
        "Post" => "POST",
        "Put" => "PUT",
        "Delete" => "DELETE",
        "Patch" => "PATCH",
        "Options" => "OPTIONS",
        "Head" => "HEAD",
        "All" | "Search" | "Propfind" | "Proppatch" | "Mkcol" | "Copy" | "Move" | "Lock" | "Unlock" | "QueryMethod" => "",
        _ => return None,
    })
}

impl<'a, 't> Reader<'a, 't> {
    /// The decorators of a class or member: their names and nodes.
    fn decorators(&self, node: Node<'t>) -> Vec<(&'a str, Node<'t>)> {
        let mut found: Vec<Node<'t>> = children(node).into_iter().filter(|child| child.kind() == "decorator").collect();
        if let Some(parent) = self.source.parent(node).filter(|parent| parent.kind() == "export_statement") {
            found.extend(children(parent).into_iter().filter(|child| child.kind() == "decorator"));
        }
        self.named_decorators(&found)
    }

    fn named_decorators(&self, decorators: &[Node<'t>]) -> Vec<(&'a str, Node<'t>)> {
        let named = decorators.iter().filter_map(|decorator| {
            let inner = children(*decorator).first().copied()?;
            let name = inner.child_by_field_name("function").unwrap_or(inner);
            Some((self.source.text(name), inner))
        });
        named.collect()
    }

    /// A class, by its members.
    pub(super) fn class_value(&self, class: Node<'t>) -> Expr {
        self.source.made_by(class).map_or(Expr::Unknown, Expr::Scope)
    }

    /// Notes what a class serves as a controller, module or middleware: that is bound in it under an empty name.
    pub(super) fn bind_served(&mut self, class: Node<'t>) {
        let Some(scope) = self.source.made_by(class) else { return };
        let mut things = Vec::new();
        if self.is_controller(class) || self.decorators(class).iter().any(|(name, _)| *name == "Module") {
            things.push(self.object_at(class, ObjectKind::Router, "NestJS", Expr::text("")));
        }
        for (member, _) in self.members(class) {
            let called = member.child_by_field_name("name").is_some_and(|name| self.source.text(name) == "use");
            if called && let Expr::Any(handler) = self.function_value(member) {
                things.extend(handler.into_iter().filter(|thing| matches!(thing, Expr::Object(_))));
            }
        }
        if !things.is_empty() {
            self.bind(scope, "", Expr::Any(things));
        }
    }

    /// The methods of a class with their decorators, which stand before them.
    fn members(&self, class: Node<'t>) -> Vec<(Node<'t>, Vec<(&'a str, Node<'t>)>)> {
        let mut before: Vec<Node<'t>> = Vec::new();
        let mut out = Vec::new();
        for member in class.child_by_field_name("body").map(children).unwrap_or_default() {
            match member.kind() {
                "decorator" => before.push(member),
                "method_definition" => {
                    before.extend(children(member).into_iter().filter(|child| child.kind() == "decorator"));
                    out.push((member, self.named_decorators(&before)));
                    before.clear();
                }
                _ => before.clear(),
            }
        }
        out
    }

    fn is_controller(&self, class: Node<'t>) -> bool {
        self.decorators(class).iter().any(|(name, _)| *name == "Controller")
    }

    /// A decorator of NestJS for a method of HTTP.
    fn is_route(&self, name: &str) -> bool {
        method_of(name).is_some() && self.imports.get(&(super::ScopeId::FILE, name)).is_some_and(|(module, _)| module == "@nestjs/common")
    }

    /// Notes what a class serves.
    pub(super) fn nest_class(&mut self, class: Node<'t>) {
        if !self.uses("@nestjs/common") {
            return;
        }
        self.pass_on(class);
        let decorators = self.decorators(class);
        let find = |wanted: &str| decorators.iter().find(|(name, _)| *name == wanted).map(|(_, node)| *node);
        if let Some(module) = find("Module") {
            let on = self.object_at(class, ObjectKind::Router, "NestJS", Expr::text(""));
            if let Some(options) = arguments(module).first().copied() {
                self.module_parts(&on, options);
            }
        }
        if let Some(catch) = find("Catch") {
            let serves = self.source.within(class).any(|node| {
                node.kind() == "property_identifier" && matches!(self.source.text(node), "sendFile" | "render" | "redirect" | "sendfile")
            });
            if serves {
                self.open(Why::Fallback, span(catch));
            }
        }
        if self.is_controller(class) {
            if let Some((_, crud)) = decorators.iter().find(|(name, _)| name.starts_with("Crud")) {
                self.open(Why::Extension, span(*crud));
            }
            self.controller(class, find("Controller"));
        }
    }

    fn controller(&mut self, class: Node<'t>, decorator: Option<Node<'t>>) {
        let object = self.object_at(class, ObjectKind::Router, "NestJS", Expr::text(""));
        let options = decorator.and_then(|decorator| arguments(decorator).first().copied());
        let (mut prefix, mut versions) = (Expr::text(""), vec![Expr::text("")]);
        if let Some(options) = options {
            let literal = self.literal(options);
            if literal.kind() == "object" {
                prefix = self.pair(literal, "path").map_or(Expr::text(""), |path| self.path(path));
                versions.extend(self.pair(literal, "version").map(|version| self.version(version)));
            } else {
                prefix = self.path(options);
            }
        }
        // The decorator has it at once, the routes need it each for itself: a version stands before it.
        for (_, decorators) in self.members(class) {
            let mut versions = versions.clone();
            for (_, decorator) in decorators.iter().filter(|(name, _)| *name == "Version") {
                versions.extend(arguments(*decorator).first().map(|version| self.version(*version)));
            }
            let mut routes = 0;
            for (name, decorator) in &decorators {
                if !self.is_route(name) {
                    continue;
                }
                routes += 1;
                let path = match arguments(*decorator).first() {
                    Some(path) => self.path(*path),
                    None => Expr::text(""),
                };
                let method = method_of(name).unwrap_or("");
                let methods = if method.is_empty() { Vec::new() } else { vec![method.into()] };
                let slash = || Expr::text("/");
                let path = joined_keeping(vec![Expr::Any(versions.clone()), slash(), prefix.clone(), slash(), path]);
                let place = arguments(*decorator).first().copied().unwrap_or(*decorator);
                self.facts.routes.push(RouteFact { on: object.clone(), methods, path, span: span(place), certain: true, implied: false });
            }
            let own = |name: &str| {
                let module = self.imports.get(&(super::ScopeId::FILE, name)).map(|(module, _)| module.as_str());
                module.is_none_or(|module| packages::role(module) != Some(Role::Harmless) && !module.starts_with("@nestjs/"))
            };
            if routes == 0
                && decorator.is_some()
                && let Some((_, unknown)) = decorators.iter().find(|(name, _)| own(name.split('.').next().unwrap_or("")))
            {
                self.open(Why::Computed, span(*unknown));
            }
        }
        if let Some(base) = self.superclass(class) {
            let what = self.inherited(base);
            let (on, place) = (object, span(base));
            self.facts.mounts.push(Mount { on, prefix, replaces: false, what, span: place, certain: false });
        }
    }

    /// What a class gives to one that extends it: its routes without its own prefix.
    fn inherited(&mut self, base: Node<'t>) -> Expr {
        match self.expr(base) {
            Expr::Other => Expr::Other,
            base => Expr::Member(Box::new(base), INHERITED.into()),
        }
    }

    /// Notes what a class gives to those that extend it.
    fn pass_on(&mut self, class: Node<'t>) {
        let Some(scope) = self.source.made_by(class) else { return };
        let mut routes = Vec::new();
        for (_, decorators) in self.members(class) {
            for (name, decorator) in decorators {
                if !self.is_route(name) {
                    continue;
                }
                let path = arguments(decorator).first().map_or(Expr::text(""), |path| self.path(*path));
                routes.push((method_of(name).unwrap_or(""), path, decorator));
            }
        }
        let base = self.superclass(class);
        let Some(body) = class.child_by_field_name("body").filter(|_| !routes.is_empty() || base.is_some()) else {
            return self.bind(scope, INHERITED, Expr::Other);
        };
        let on = self.object_at(body, ObjectKind::Router, "NestJS", Expr::text(""));
        for (method, path, decorator) in routes {
            let methods = if method.is_empty() { Vec::new() } else { vec![method.into()] };
            let place = span(decorator);
            self.facts.routes.push(RouteFact { on: on.clone(), methods, path, span: place, certain: true, implied: true });
        }
        if let Some(base) = base {
            let what = self.inherited(base);
            self.mount(on.clone(), Expr::text(""), what, base);
        }
        self.bind(scope, INHERITED, on);
    }

    /// A version as it stands in a path: `1` as `/v1`.
    fn version(&mut self, version: Node<'t>) -> Expr {
        let version = self.literal(version);
        let items = if version.kind() == "array" { children(version) } else { vec![version] };
        let one = |reader: &mut Self, item: Node<'t>| match reader.source.text(item).ends_with("VERSION_NEUTRAL") {
            true => Expr::text(""),
            false => joined(vec![Expr::text("/v"), reader.expr(item)]),
        };
        Expr::Any(items.into_iter().map(|item| one(self, item)).collect())
    }

    /// What `@Module({…})` puts into a module.
    fn module_parts(&mut self, on: &Expr, options: Node<'t>) {
        let options = self.literal(options);
        if options.kind() != "object" {
            let what = self.expr(options);
            self.mount(on.clone(), Expr::text(""), super::bindings::member(what.clone(), "controllers"), options);
            self.mount(on.clone(), Expr::text(""), super::bindings::member(what, "imports"), options);
            return;
        }
        if self.has_spread(options) {
            self.open(Why::Mounted, span(options));
        }
        for key in ["controllers", "imports", "module"] {
            let Some(list) = self.pair(options, key) else { continue };
            let literal = self.literal(list);
            let items = if literal.kind() == "array" { children(literal) } else { vec![list] };
            for item in items {
                self.module_import(on, item);
            }
        }
    }

    fn module_import(&mut self, on: &Expr, item: Node<'t>) {
        let inner = plain(item);
        let called = inner.child_by_field_name("function").filter(|_| inner.kind() == "call_expression").map(plain);
        let name = called.and_then(|called| called.child_by_field_name("object")).map_or("", |object| self.source.text(object));
        let given = arguments(inner);
        let options = given.first().map(|options| self.literal(*options));
        match name {
            "ServeStaticModule" => return self.serve_static(on, inner, &given),
            "RouterModule" => {
                if let Some(routes) = options {
                    self.router_module(on, routes, Expr::text(""), 0);
                }
                return;
            }
            _ => {}
        }
        if let Some((_, standard, key)) = MODULES.iter().find(|(known, ..)| *known == name) {
            let path = options.and_then(|options| self.pair(options, key));
            let path = match (path, options) {
                (Some(path), _) => self.path(path),
                (None, Some(options)) if options.kind() != "object" || self.pair(options, "useFactory").is_some() => Expr::text("*"),
                _ => Expr::text(standard),
            };
            // Some have the prefix of the application before them, some not.
            let root = self.object_at(inner, ObjectKind::App, "NestJS", Expr::text(""));
            for path in [path.clone(), joined(vec![path, Expr::text("/*")])] {
                self.implied(on.clone(), path.clone(), inner);
                self.implied(root.clone(), path, inner);
            }
            return;
        }
        let what = self.expr(item);
        if what != Expr::Other {
            self.mount(on.clone(), Expr::text(""), what, item);
        }
    }

    fn serve_static(&mut self, on: &Expr, node: Node<'t>, given: &[Node<'t>]) {
        if given.is_empty() {
            return self.open(Why::Option, span(node));
        }
        for options in given {
            let root = match self.pair(*options, "serveRoot") {
                Some(root) => self.path(root),
                None => Expr::text(""),
            };
            let path = joined(vec![root, Expr::text("/*")]);
            if self.source.within(*options).any(|inner| self.source.text(inner) == "useGlobalPrefix") {
                self.implied(on.clone(), path.clone(), node);
            }
            // It stands outside of the prefix of the application.
            let app = self.object_at(node, ObjectKind::App, "NestJS", Expr::text(""));
            self.implied(app, path, node);
        }
    }

    /// `RouterModule.register([{ path, module, children }])`
    fn router_module(&mut self, on: &Expr, routes: Node<'t>, above: Expr, depth: u32) {
        let routes = self.literal(routes);
        if routes.kind() != "array" || depth > 8 {
            return self.open(Why::Prefix, span(routes));
        }
        for route in children(routes) {
            let route = self.literal(route);
            if route.kind() != "object" {
                // A module in the children of another one: it has the path of that.
                let what = self.expr(route);
                self.mount(on.clone(), above.clone(), what, route);
                continue;
            }
            let path = self.pair(route, "path").map_or(Expr::text(""), |path| self.path(path));
            let prefix = joined_keeping(vec![above.clone(), Expr::text("/"), path]);
            if let Some(module) = self.pair(route, "module") {
                let what = self.expr(module);
                self.mount(on.clone(), prefix.clone(), what, route);
            }
            if let Some(inner) = self.pair(route, "children") {
                self.router_module(on, inner, prefix, depth + 1);
            }
        }
    }

    /// `{ module: X, controllers: […] }`, as `forRoot` gives it back.
    pub(super) fn nest_dynamic_module(&mut self, object: Node<'t>) -> Option<Expr> {
        self.pair(object, "module").filter(|_| self.pair(object, "path").is_none())?;
        if !self.imports.values().any(|(module, _)| module == "@nestjs/common") {
            return None;
        }
        if let Some(known) = self.made.get(&object.id()) {
            return Some(known.clone());
        }
        let made = self.object_at(object, ObjectKind::Router, "NestJS", Expr::text(""));
        self.module_parts(&made, object);
        Some(made)
    }

    /// `NestFactory.create(AppModule)`
    pub(super) fn nest_app(&mut self, node: Node<'t>, given: &[Node<'t>]) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let made = self.object_at(node, ObjectKind::App, "NestJS", Expr::text(""));
        let calls = |reader: &Self, wanted: &str| -> Vec<Node<'t>> {
            let calls = reader.source.nodes.iter().map(|place| place.node).filter(|node| node.kind() == "call_expression");
            let called = |node: &Node<'t>| {
                let method = node.child_by_field_name("function").and_then(|function| function.child_by_field_name("property"));
                method.is_some_and(|method| reader.source.text(method) == wanted)
            };
            calls.filter(called).collect()
        };
        let mut prefixes = Vec::new();
        let found = calls(self, "setGlobalPrefix");
        if found.is_empty() || found.iter().any(|call| self.source.around(*call).any(|around| around.kind() == "if_statement")) {
            prefixes.push(Expr::text(""));
        }
        for call in found {
            let given = arguments(call);
            prefixes.extend(given.first().map(|prefix| paths::written(self.expr(*prefix))));
            if let Some(options) = given.get(1) {
                self.excluded(&made, *options, &mut prefixes);
            }
        }
        let mut versions = vec![Expr::text("")];
        for call in calls(self, "enableVersioning") {
            let options = arguments(call).first().map(|options| self.literal(*options));
            let Some(options) = options else { continue };
            if options.kind() != "object" || self.has_spread(options) || self.pair(options, "prefix").is_some() {
                self.open(Why::Option, span(call));
            }
            if let Some(version) = self.pair(options, "defaultVersion") {
                versions.push(self.version(version));
            }
        }
        if let Some(module) = given.first() {
            let what = self.expr(*module);
            let prefix = joined_keeping(vec![Expr::Any(prefixes), Expr::Any(versions)]);
            let place = span(*module);
            self.facts.mounts.push(Mount { on: made.clone(), prefix, replaces: false, what, span: place, certain: true });
        }
        made
    }

    /// `{ exclude: ['health'] }`: these stay without the prefix.
    fn excluded(&mut self, app: &Expr, options: Node<'t>, prefixes: &mut Vec<Expr>) {
        let Some(list) = self.pair(options, "exclude") else {
            if self.literal(options).kind() != "object" || self.has_spread(options) {
                prefixes.push(Expr::text(""));
            }
            return;
        };
        let list = self.literal(list);
        if list.kind() != "array" {
            return prefixes.push(Expr::text(""));
        }
        for item in children(list) {
            let path = match item.kind() {
                "object" => self.pair(item, "path"),
                _ => Some(item),
            };
            match path {
                Some(path) => {
                    let pattern = self.path(path);
                    self.implied(app.clone(), pattern, path);
                }
                None => prefixes.push(Expr::text("")),
            }
        }
    }

    /// Calls on an app of NestJS; false for others.
    pub(super) fn nest_call(&mut self, node: Node<'t>, object: Node<'t>, method: &str, given: &[Node<'t>]) -> bool {
        match (method, given) {
            ("setGlobalPrefix", _) => {
                if !self.source.code.contains("NestFactory.create") {
                    self.open(Why::Prefix, span(node));
                }
            }
            ("enableVersioning", _) => {
                if !self.source.code.contains("NestFactory.create") {
                    self.open(Why::Option, span(node));
                }
            }
            ("setup", [path, app, ..]) if self.source.text(object) == "SwaggerModule" => {
                let on = self.expr(*app);
                let path = paths::written(self.expr(*path));
                let options = given.get(3).copied();
                let mut prefixes = vec![Expr::text("/")];
                if options.is_some() {
                    // Below the prefix of all, if it is asked to.
                    let calls: Vec<Node<'t>> = self.source.nodes.iter().map(|place| place.node).collect();
                    for call in calls.into_iter().filter(|call| call.kind() == "call_expression") {
                        let function = call.child_by_field_name("function").map_or("", |function| self.source.text(function));
                        if function.ends_with(".setGlobalPrefix")
                            && let Some(prefix) = arguments(call).first()
                        {
                            let prefix = paths::written(self.expr(*prefix));
                            prefixes.push(joined_keeping(vec![Expr::text("/"), prefix, Expr::text("/")]));
                        }
                    }
                }
                for more in ["", "/*", "-json", "-yaml"] {
                    let whole = joined_keeping(vec![Expr::Any(prefixes.clone()), path.clone(), Expr::text(more)]);
                    self.implied(on.clone(), whole, node);
                }
                for key in ["jsonDocumentUrl", "yamlDocumentUrl"] {
                    if let Some(url) = options.and_then(|options| self.pair(options, key)) {
                        let url = self.path(url);
                        let whole = joined_keeping(vec![Expr::Any(prefixes.clone()), url]);
                        self.implied(on.clone(), whole, node);
                    }
                }
            }
            ("useStaticAssets", [..]) => {
                let on = self.expr(object);
                let options = given.iter().find_map(|options| self.pair(*options, "prefix"));
                let prefix = match options {
                    Some(prefix) => self.path(prefix),
                    None => Expr::text(""),
                };
                self.implied(on, joined(vec![prefix, Expr::text("/*")]), node);
            }
            ("apply", [..]) if self.uses("@nestjs/common") => {
                let module = self.source.around(node).find(|around| matches!(around.kind(), "class_declaration" | "class"));
                let Some(module) = module.filter(|module| self.decorators(*module).iter().any(|(name, _)| *name == "Module")) else {
                    return false;
                };
                let on = self.object_at(module, ObjectKind::Router, "NestJS", Expr::text(""));
                for middleware in given {
                    let what = self.expr(*middleware);
                    if what != Expr::Other {
                        self.mount(on.clone(), Expr::text(""), what, *middleware);
                    }
                }
            }
            ("useGlobalFilters" | "useGlobalPipes" | "useGlobalGuards" | "useGlobalInterceptors", _) => {}
            _ => return false,
        }
        true
    }
}

/// Pieces one behind the other, each as it is.
fn joined_keeping(pieces: Vec<Expr>) -> Expr {
    Expr::Join(pieces)
}
