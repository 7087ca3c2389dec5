//! axum.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::facts::{Call, Expr, Handled, ObjectKind, Why};
use super::super::syntax::{nodes, span};
use super::expressions::literal;
use super::reader::{DEPTH, Method, Reader};

/// Methods of `Router` that give it back.
pub(super) const BUILDERS: &[&str] = &[
    "route",
    "route_service",
    "nest",
    "nest_service",
    "merge",
    "layer",
    "route_layer",
    "with_state",
    "fallback",
    "fallback_service",
    "method_not_allowed_fallback",
    "into_make_service",
    "into_make_service_with_connect_info",
    "without_v07_checks",
    "boxed",
    "reset_fallback",
];

/// `Router::new()`.
pub(super) fn made<'t>(reader: &mut Reader<'t>, node: Node<'t>, path: &str) -> Option<Expr> {
    let maker = ["Router::new", "Router::default", "Router::with_state"]
        .iter()
        .any(|maker| path == *maker || path.ends_with(&format!("::{maker}")));
    (maker && reader.is_of(path, &["axum"])).then(|| reader.object(node, ObjectKind::Either, "axum", Expr::text("")))
}

/// `/users/{id}` and `/files/{*rest}`, or `/users/:id` and `/files/*rest`.
pub(super) fn patterns(written: &str) -> Vec<String> {
    let mut out = String::with_capacity(written.len());
    for (at, segment) in written.split('/').enumerate() {
        if at > 0 {
            out.push('/');
        }
        if segment.starts_with("{*") || segment.starts_with('*') {
            out.push('*');
        } else if let Some(name) = segment.strip_prefix(':') {
            out.push('{');
            out.push_str(&name.replace(['{', '}', '*'], "x"));
            out.push('}');
        } else if segment.contains("{{") || segment.contains("}}") {
            out.push_str("{x}");
        } else {
            out.push_str(segment);
        }
    }
    // A router's own root, where it is nested, has no slash at its end, or has one, as the version goes.
    if out == "/" { vec![String::new(), out] } else { vec![out] }
}

/// Notes what a method of a router registers; false for any other method.
pub(super) fn method<'t>(reader: &mut Reader<'t>, method: &Method<'t>) -> bool {
    // Other libraries have methods of these names too.
    if !reader.code.contains("axum") && !reader.code.contains("Router") {
        return false;
    }
    let scope = method.scope;
    let arguments = method.arguments.as_slice();
    let actix = reader.imports.values().any(|path| path.starts_with("actix_web"));
    match (method.name, arguments) {
        ("route", [path, handler]) if !actix && is_text(*path) => {
            let on = reader.expr(method.value, scope, DEPTH);
            let methods = methods(reader, *handler);
            for path_expr in reader.paths(*path, scope, patterns) {
                reader.route(on.clone(), methods.clone(), path_expr, *path);
            }
        }
        ("route_service", [path, _]) => {
            let on = reader.expr(method.value, scope, DEPTH);
            for path_expr in reader.paths(*path, scope, patterns) {
                reader.route(on.clone(), Vec::new(), path_expr, *path);
            }
        }
        ("nest", [path, inner]) => {
            let on = reader.expr(method.value, scope, DEPTH);
            let what = reader.expr(*inner, scope, DEPTH);
            for prefix in reader.paths(*path, scope, |path| patterns(path.trim_end_matches('/'))) {
                reader.mount(on.clone(), prefix, what.clone(), *path, true);
            }
        }
        ("nest_service", [path, inner]) => {
            let on = reader.expr(method.value, scope, DEPTH);
            let what = reader.expr(*inner, scope, DEPTH);
            for prefix in reader.paths(*path, scope, |path| patterns(path.trim_end_matches('/'))) {
                let whole = vec![prefix.clone(), Expr::Join(vec![prefix.clone(), Expr::text("/*")])];
                reader.facts.handled.push(Handled {
                    on: on.clone(),
                    what: what.clone(),
                    prefix,
                    within: Some("axum"),
                    whole,
                    span: span(*path),
                });
            }
        }
        ("merge", [inner]) if !actix => {
            let on = reader.expr(method.value, scope, DEPTH);
            if documents(reader, on.clone(), *inner) {
                return true;
            }
            let what = reader.expr(*inner, scope, DEPTH);
            reader.mount(on, Expr::text(""), what, *inner, false);
        }
        ("fallback_service", [inner]) => {
            let on = reader.expr(method.value, scope, DEPTH);
            let what = reader.expr(*inner, scope, DEPTH);
            let whole = vec![Expr::text("/*")];
            let handled = Handled { on, what, prefix: Expr::text(""), within: Some("axum"), whole, span: span(*inner) };
            reader.facts.handled.push(handled);
        }
        ("fallback", [handler]) => {
            let on = reader.expr(method.value, scope, DEPTH);
            // Of `ServeDir`, which has everything below it anyway.
            if of_crate(&on, "tower_http") {
                return true;
            }
            let what = Expr::Call(Box::new(reader.expr(*handler, scope, DEPTH)), Vec::new());
            reader.mount(on, Expr::text(""), what, *handler, false);
        }
        ("layer", [layer]) => middleware(reader, method, *layer),
        ("route_layer" | "with_state" | "into_make_service" | "into_make_service_with_connect_info" | "method_not_allowed_fallback", _) => {
        }
        _ => return false,
    }
    true
}

fn is_text(node: Node<'_>) -> bool {
    !matches!(node.kind(), "closure_expression" | "integer_literal")
}

/// The methods of `get(list).post(create)`; none where they can't be seen.
fn methods(reader: &Reader<'_>, handler: Node<'_>) -> Vec<Arc<str>> {
    let mut out: Vec<Arc<str>> = Vec::new();
    let mut at = handler;
    for _ in 0..DEPTH {
        if at.kind() != "call_expression" {
            return Vec::new();
        }
        let Some(function) = at.child_by_field_name("function") else { return Vec::new() };
        let name = function.child_by_field_name("field").map_or_else(|| reader.text(function), |field| reader.text(field));
        match name.rsplit("::").next().unwrap_or(name) {
            "get" | "get_service" => out.extend(["GET".into(), "HEAD".into()]),
            "post" | "post_service" => out.push("POST".into()),
            "put" | "put_service" => out.push("PUT".into()),
            "delete" | "delete_service" => out.push("DELETE".into()),
            "patch" | "patch_service" => out.push("PATCH".into()),
            "head" | "head_service" => out.push("HEAD".into()),
            "options" | "options_service" => out.push("OPTIONS".into()),
            "layer" | "route_layer" | "with_state" => {}
            _ => return Vec::new(),
        }
        match function.child_by_field_name("value") {
            Some(value) => at = value,
            None => break,
        }
    }
    out.sort();
    out.dedup();
    out
}

/// `SwaggerUi::new("/docs").url("/api-docs/openapi.json", …)`: pages of documentation, at the paths that are written there.
fn documents<'t>(reader: &mut Reader<'t>, on: Expr, node: Node<'t>) -> bool {
    let written = reader.text(node);
    if !["SwaggerUi::", "RapiDoc::", "Redoc::", "Scalar::"].iter().any(|start| written.starts_with(start)) {
        return false;
    }
    for text in nodes(node).into_iter().filter(|node| node.kind() == "string_literal") {
        if let Some(path) = literal(reader.text(text)).filter(|path| path.starts_with('/')) {
            let path = path.trim_end_matches('/').to_owned();
            reader.route(on.clone(), vec!["GET".into()], Expr::text(&path), text);
            reader.route(on.clone(), vec!["GET".into()], Expr::text(&format!("{path}/*")), text);
        }
    }
    true
}

/// Layers that answer nothing, by their beginnings.
const HARMLESS: &[&str] = &[
    "TraceLayer",
    "CorsLayer",
    "CompressionLayer",
    "DecompressionLayer",
    "RequestDecompressionLayer",
    "TimeoutLayer",
    "RequestBodyLimitLayer",
    "RequestBodyTimeoutLayer",
    "DefaultBodyLimit",
    "Extension",
    "SetRequestIdLayer",
    "PropagateRequestIdLayer",
    "PropagateHeaderLayer",
    "SetResponseHeaderLayer",
    "SetRequestHeaderLayer",
    "SetSensitiveHeadersLayer",
    "SetSensitiveRequestHeadersLayer",
    "SetSensitiveResponseHeadersLayer",
    "CatchPanicLayer",
    "ConcurrencyLimitLayer",
    "GlobalConcurrencyLimitLayer",
    "RateLimitLayer",
    "BufferLayer",
    "LoadShedLayer",
    "SessionManagerLayer",
    "AuthManagerLayer",
    "CookieManagerLayer",
    "HandleErrorLayer",
    "RequireAuthorizationLayer",
    "AsyncRequireAuthorizationLayer",
    "ValidateRequestHeaderLayer",
    "AddExtensionLayer",
    "AddAuthorizationLayer",
    "OtelAxumLayer",
    "OtelInResponseLayer",
    "NewSentryLayer",
    "SentryHttpLayer",
    "SentryLayer",
    "PrometheusMetricLayer",
    "GovernorLayer",
    "InFlightRequestsLayer",
    "MapResponseBodyLayer",
    "MapRequestBodyLayer",
];

/// A layer around the routes and what answers where none does.
fn middleware<'t>(reader: &mut Reader<'t>, method: &Method<'t>, layer: Node<'t>) {
    let scope = method.scope;
    let mut at = layer;
    // What a name was given, when it was just before.
    let mut chained = Vec::new();
    for _ in 0..DEPTH {
        let Some(function) = at.child_by_field_name("function").filter(|_| at.kind() == "call_expression") else { break };
        match (function.child_by_field_name("value"), function.child_by_field_name("field")) {
            (Some(value), Some(field)) => {
                if matches!(reader.text(field), "layer" | "option_layer") {
                    chained.extend(reader.arguments(at));
                }
                at = value;
            }
            _ => {
                at = function;
                break;
            }
        }
    }
    let written = reader.text(at);
    let path = written.split("::<").next().unwrap_or(written);
    let names: Vec<&str> = path.split("::").collect();
    if names.contains(&"ServiceBuilder") {
        // Each of its layers is one of the calls that are seen anyway.
        return;
    }
    if names.iter().any(|name| HARMLESS.contains(name)) {
        return;
    }
    let functions = ["from_fn", "from_fn_with_state", "map_request", "map_response", "map_request_with_state", "map_response_with_state"];
    if names.last().is_some_and(|name| functions.contains(name))
        && let Some(function) = reader.arguments(layer).last().copied()
    {
        let on = reader.expr(method.value, scope, DEPTH);
        let function = reader.expr(function, scope, DEPTH);
        reader.facts.calls.push(Call { function: function.clone(), arguments: Vec::new() });
        reader.mount(on, Expr::text(""), Expr::Call(Box::new(function), Vec::new()), layer, false);
        return;
    }
    // A name or a function of the application: its value is looked at where it is made.
    if let Some(name) = (at.kind() == "identifier").then(|| reader.text(at))
        && reader.facts.bindings.iter().any(|binding| &*binding.name == name && made_of_harmless(&binding.value))
    {
        return;
    }
    reader.open(Why::Middleware, layer);
}

/// True for what a crate makes.
fn of_crate(expr: &Expr, name: &str) -> bool {
    let mut at = expr;
    for _ in 0..DEPTH {
        at = match at {
            Expr::Call(of, _) | Expr::Member(of, _) => of,
            Expr::Import(path, _) => return path.split("::").next() == Some(name),
            _ => return false,
        };
    }
    false
}

fn made_of_harmless(expr: &Expr) -> bool {
    let mut at = expr;
    for _ in 0..DEPTH {
        at = match at {
            Expr::Call(of, _) | Expr::Member(of, _) | Expr::IfText(of) => of,
            Expr::Import(_, name) => return HARMLESS.iter().any(|known| name.split('.').next() == Some(known)),
            Expr::Any(_)
            | Expr::Text(_)
            | Expr::Join(_)
            | Expr::Trimmed(_)
            | Expr::Name(..)
            | Expr::Object(_)
            | Expr::Scope(_)
            | Expr::Parameter(..)
            | Expr::Setting(..)
            | Expr::List(_)
            | Expr::Other
            | Expr::Unknown => return false,
        };
    }
    false
}
