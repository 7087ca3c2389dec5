//! actix-web, and the attributes that it shares with Rocket: `#[get("/users/{id}")]`.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::facts::{Call, Expr, ObjectKind, ScopeId, Why};
use super::super::syntax::{children, nodes};
use super::expressions::literal;
use super::reader::{DEPTH, Method, Reader};
use super::rocket;

/// Methods of apps, scopes and resources that give them back.
pub(super) const BUILDERS: &[&str] =
    &["service", "configure", "wrap", "wrap_fn", "app_data", "data", "guard", "default_service", "external_resource"];

const FRAMEWORK: &str = "actix-web";

/// `App::new()`, `web::scope("/api")`, `web::resource("/users")`, `Files::new("/static", …)`.
pub(super) fn made<'t>(reader: &mut Reader<'t>, node: Node<'t>, path: &str, scope: ScopeId) -> Option<Expr> {
    let actix = reader.is_of(path, &["actix_web", "actix_files"]);
    if !actix {
        return None;
    }
    if let Some(known) = reader.made.get(&node.id()) {
        return Some(known.clone());
    }
    let first = reader.arguments(node).first().copied();
    let end = path.rsplit("::").take(2).collect::<Vec<_>>();
    match (end.as_slice(), first) {
        (["new", "App"], _) => Some(reader.object(node, ObjectKind::App, FRAMEWORK, Expr::text(""))),
        (["scope", ..] | ["new", "Scope"], Some(prefix)) => {
            let mut prefixes = reader.paths(prefix, scope, |path| patterns(path.trim_end_matches('/')));
            let prefix = prefixes.pop().unwrap_or(Expr::Unknown);
            Some(reader.object(node, ObjectKind::Router, FRAMEWORK, prefix))
        }
        (["resource", ..] | ["new", "Resource"], Some(place)) => {
            let made = reader.object(node, ObjectKind::Router, FRAMEWORK, Expr::text(""));
            for path in reader.paths(place, scope, patterns) {
                reader.route(made.clone(), Vec::new(), path, place);
            }
            Some(made)
        }
        (["new", "Files"], Some(place)) => {
            let made = reader.object(node, ObjectKind::Router, FRAMEWORK, Expr::text(""));
            for path in reader.paths(place, scope, |path| patterns(path.trim_end_matches('/'))) {
                reader.route(made.clone(), vec!["GET".into(), "HEAD".into()], path.clone(), place);
                reader.route(made.clone(), vec!["GET".into(), "HEAD".into()], Expr::Join(vec![path, Expr::text("/*")]), place);
            }
            Some(made)
        }
        (["redirect", ..], Some(place)) => {
            let made = reader.object(node, ObjectKind::Router, FRAMEWORK, Expr::text(""));
            for path in reader.paths(place, scope, patterns) {
                reader.route(made.clone(), Vec::new(), path, place);
            }
            Some(made)
        }
        _ => None,
    }
}

/// `/users/{id}`, `/users/{id:\d+}`, `/files/{rest:.*}`, `/files/{rest}*`.
pub(super) fn patterns(written: &str) -> Vec<String> {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(open) = rest.find('{') {
        out.push_str(rest.get(..open).unwrap_or(""));
        let inside = rest.get(open + 1..).unwrap_or("");
        let mut depth = 1usize;
        let end = inside.char_indices().find_map(|(at, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(at)
        });
        let Some(end) = end else {
            out.push('*');
            return vec![out];
        };
        match inside.get(..end).unwrap_or("").split_once(':') {
            None => out.push_str("{x}"),
            Some((_, "\\d+" | "\\w+" | "[0-9]+" | "[a-z]+" | "[^/]+")) => out.push_str("{x}"),
            Some(_) => out.push('*'),
        }
        rest = inside.get(end + 1..).unwrap_or("");
    }
    out.push_str(rest);
    vec![out]
}

/// Notes what a method registers; false for any other method.
pub(super) fn method<'t>(reader: &mut Reader<'t>, method: &Method<'t>) -> bool {
    if !reader.code.contains("actix_web") {
        return false;
    }
    let scope = method.scope;
    match (method.name, method.arguments.as_slice()) {
        ("service", [what]) => {
            let on = reader.expr(method.value, scope, DEPTH);
            let what_expr = reader.expr(*what, scope, DEPTH);
            reader.mount(on, Expr::text(""), what_expr, *what, true);
        }
        ("route", [path, handler]) => {
            let on = reader.expr(method.value, scope, DEPTH);
            let methods = methods(reader, *handler);
            for path_expr in reader.paths(*path, scope, patterns) {
                reader.route(on.clone(), methods.clone(), path_expr, *path);
            }
        }
        ("configure", [function]) => {
            let on = reader.expr(method.value, scope, DEPTH);
            let function_expr = reader.expr(*function, scope, DEPTH);
            // A function of a library registers what it likes.
            reader.mount(on.clone(), Expr::text(""), function_expr.clone(), *function, false);
            reader.facts.calls.push(Call { function: function_expr, arguments: vec![on] });
        }
        ("default_service", [handler]) => {
            let to = nodes(*handler).into_iter().filter(|node| node.kind() == "call_expression").find(|call| {
                let name = call.child_by_field_name("function").map_or("", |function| reader.text(function));
                name.ends_with("to") && !name.ends_with("route")
            });
            let function = to.and_then(|call| reader.arguments(call).first().copied());
            match function {
                Some(function) => {
                    let on = reader.expr(method.value, scope, DEPTH);
                    let what = Expr::Call(Box::new(reader.expr(function, scope, DEPTH)), Vec::new());
                    reader.mount(on, Expr::text(""), what, *handler, false);
                }
                None => reader.open(Why::Fallback, *handler),
            }
        }
        ("wrap", [middleware]) => wrap(reader, method, *middleware),
        ("wrap_fn", _) => reader.open(Why::Middleware, method.node),
        ("app_data" | "guard" | "external_resource", _) => {}
        _ => return false,
    }
    true
}

fn wrap<'t>(reader: &mut Reader<'t>, method: &Method<'t>, middleware: Node<'t>) {
    let harmless = [
        "Logger",
        "Compress",
        "Cors",
        "DefaultHeaders",
        "SessionMiddleware",
        "IdentityMiddleware",
        "HttpAuthentication",
        "TracingLogger",
        "Governor",
        "ErrorHandlers",
        "RequestTracing",
        "RequestMetrics",
        "Sentry",
        "CookieSession",
        "FlashMessagesFramework",
    ];
    let written = reader.text(middleware);
    let mut names = written.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|name| !name.is_empty());
    if names.any(|name| harmless.contains(&name)) {
        return;
    }
    let from_fn = reader.field(middleware, "function").is_some_and(|function| reader.text(function).ends_with("from_fn"));
    if from_fn && let Some(function) = reader.arguments(middleware).first().copied() {
        let on = reader.expr(method.value, method.scope, DEPTH);
        let function = reader.expr(function, method.scope, DEPTH);
        reader.mount(on, Expr::text(""), Expr::Call(Box::new(function), Vec::new()), middleware, false);
        return;
    }
    if let Some(name) = (middleware.kind() == "identifier").then_some(written) {
        let of_harmless = |expr: &Expr| {
            let mut at = expr;
            for _ in 0..DEPTH {
                at = match at {
                    Expr::Call(of, _) | Expr::Member(of, _) => of,
                    Expr::Import(_, name) => return name.split('.').next().is_some_and(|name| harmless.contains(&name)),
                    _ => return false,
                };
            }
            false
        };
        if reader.facts.bindings.iter().any(|binding| &*binding.name == name && of_harmless(&binding.value)) {
            return;
        }
    }
    reader.open(Why::Middleware, middleware);
}

/// The method of `web::get().to(f)`.
fn methods(reader: &Reader<'_>, handler: Node<'_>) -> Vec<Arc<str>> {
    let written = reader.text(handler);
    for method in ["get", "post", "put", "delete", "patch", "head"] {
        if written.starts_with(&format!("web::{method}()")) {
            return vec![method.to_ascii_uppercase().into()];
        }
    }
    Vec::new()
}

/// The routes of a function that has attributes like `#[get("/users")]`: a router that has just them.
pub(super) fn macros<'t>(reader: &mut Reader<'t>, function: Node<'t>, attributes: &[Node<'t>]) -> Option<Expr> {
    let mut found: Vec<(Vec<Arc<str>>, Node<'t>)> = Vec::new();
    for item in attributes {
        if let Some(attribute) = children(*item).first().copied() {
            found.extend(attribute_route(reader, attribute));
        }
    }
    if found.is_empty() {
        return None;
    }
    let rocket = rocket::is_rocket(reader);
    let made = reader.object(function, ObjectKind::Router, if rocket { "Rocket" } else { FRAMEWORK }, Expr::text(""));
    for (methods, place) in found {
        let written = literal(reader.text(place));
        let paths: Vec<Expr> = match written {
            Some(text) if rocket => rocket::patterns(&text).iter().map(|path| Expr::text(path)).collect(),
            Some(text) => patterns(&text).iter().map(|path| Expr::text(path)).collect(),
            None => vec![Expr::Unknown],
        };
        for path in paths {
            reader.route(made.clone(), methods.clone(), path, place);
        }
    }
    Some(made)
}

fn attribute_route<'t>(reader: &Reader<'t>, attribute: Node<'t>) -> Option<(Vec<Arc<str>>, Node<'t>)> {
    let path = children(attribute).first().copied()?;
    let name = reader.text(path).rsplit("::").next().unwrap_or("");
    let methods: Vec<Arc<str>> = match name {
        "get" => vec!["GET".into(), "HEAD".into()],
        "post" | "put" | "delete" | "patch" | "head" | "options" | "connect" | "trace" => vec![name.to_ascii_uppercase().into()],
        "route" => Vec::new(),
        _ => return None,
    };
    let arguments = attribute.child_by_field_name("arguments")?;
    let place = nodes(arguments).into_iter().find(|node| matches!(node.kind(), "string_literal" | "raw_string_literal"))?;
    Some((methods, place))
}
