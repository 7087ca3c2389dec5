//! Endpoints: `MapGet` and its kin, groups, and what else is mapped.

use tree_sitter::Node;

use super::super::facts::{Call, Expr, ScopeId, ScopeKind, Why};
use super::super::making::global;
use super::super::syntax::{children, span};
use super::pattern::{any_slash, as_path};
use super::values::{File, Invocation};
use super::{APP, CONVENTIONAL, middleware, pattern};

/// How deep receivers are followed.
const DEPTH: u32 = 40;

pub(super) fn read(file: &mut File<'_, '_>, nodes: &[Node<'_>]) {
    for node in nodes.iter().copied() {
        match node.kind() {
            "invocation_expression" => {
                if let Some(call) = file.invocation(node) {
                    invocation(file, call);
                }
            }
            "return_statement" | "arrow_expression_clause" => returned(file, node),
            _ => {}
        }
    }
}

/// What a function gives back.
fn returned(file: &mut File<'_, '_>, node: Node<'_>) {
    let scope = file.scope(node);
    let Some(value) = children(node).pop() else { return };
    let value = match value.kind() {
        "identifier" | "invocation_expression" | "member_access_expression" | "string_literal" => file.value(value, scope),
        "interpolated_string_expression" | "binary_expression" => file.value(value, scope),
        _ => Expr::Other,
    };
    if let Some(known) = file.facts.scopes.get_mut(scope.0 as usize).filter(|known| known.kind == ScopeKind::Function) {
        known.returns.push(value);
    }
}

fn invocation(file: &mut File<'_, '_>, call: Invocation<'_, '_>) {
    let scope = file.scope(call.node);
    let Some(receiver) = call.receiver else {
        // A function of this file that is given an app.
        let value = file.value(call.node, scope);
        if let Expr::Call(function, arguments) = value {
            file.facts.calls.push(Call { function: *function, arguments });
        }
        return;
    };
    let builder = file.is_builder(receiver, DEPTH);
    if !builder && file.is_static(receiver) {
        let given: Vec<Node<'_>> = file.arguments(call.node).into_iter().map(|(_, value)| value).collect();
        if given.iter().any(|value| file.is_builder(*value, DEPTH)) {
            other(file, call, scope);
        }
    } else if call.name.starts_with("Map") {
        mapped(file, call, receiver, scope, builder);
    } else if builder && (call.name.starts_with("Use") || call.name == "Run") {
        middleware::used(file, call, receiver, scope);
    } else if builder && call.name != "Build" {
        let known = [
            "With", "Require", "Add", "Produces", "Allow", "Disable", "Cache", "Exclude", "Create", "Run", "Start", "Stop", "Dispose",
            "WaitFor", "Get", "ToString",
        ];
        if !known.iter().any(|start| call.name.starts_with(start)) {
            other(file, call, scope);
        }
    }
}

/// A method that this does not know: one of the application, or of a library, which may do anything.
pub(super) fn other(file: &mut File<'_, '_>, call: Invocation<'_, '_>, scope: ScopeId) {
    let (function, arguments) = file.parts(call, scope);
    // Of a library it can't be found, and that makes a doubt; one of the application is read where it stands.
    file.facts.add_mount(global(APP), Expr::text(""), function.clone(), span(call.node));
    file.facts.calls.push(Call { function, arguments });
}

/// Registers a route.
pub(super) fn route(file: &mut File<'_, '_>, on: &Expr, methods: &[&str], path: Expr, place: Node<'_>) {
    file.facts.add_route(on.clone(), methods, any_slash(path), span(place));
}

/// Registers what is known to answer at these paths.
pub(super) fn fixed(file: &mut File<'_, '_>, on: &Expr, paths: &[&str], place: Node<'_>) {
    for path in paths {
        file.facts.add_implied(on.clone(), path, span(place));
    }
}

fn mapped(file: &mut File<'_, '_>, call: Invocation<'_, '_>, receiver: Node<'_>, scope: ScopeId, builder: bool) {
    let node = call.node;
    let pattern = file.argument(node, "pattern", 0);
    let methods: &[&str] = match call.name {
        "MapGet" => &["GET"],
        "MapPost" => &["POST"],
        "MapPut" => &["PUT"],
        "MapDelete" => &["DELETE"],
        "MapPatch" => &["PATCH"],
        _ => &[],
    };
    // `Map` and others are also what mappers of objects are called.
    let sure = !methods.is_empty()
        || matches!(
            call.name,
            "MapMethods"
                | "MapControllers"
                | "MapControllerRoute"
                | "MapFallback"
                | "MapFallbackToFile"
                | "MapHub"
                | "MapHealthChecks"
                | "MapReverseProxy"
                | "MapRazorPages"
        );
    if !builder && !sure {
        return;
    }
    let on = file.value(receiver, scope);
    let on = &on;
    let below = |file: &mut File<'_, '_>, place: Node<'_>| {
        let path = file.path(place, scope);
        route(file, on, &[], path.clone(), place);
        file.facts.add_route(on.clone(), &[], Expr::Join(vec![path, Expr::text("/*")]), span(place));
    };
    match call.name {
        "MapGroup" => {
            let _ = file.value(node, scope);
        }
        "MapGet" | "MapPost" | "MapPut" | "MapDelete" | "MapPatch" | "MapMethods" | "MapHealthChecks" | "MapForwarder"
        | "MapConnections" => match pattern {
            Some(place) => {
                let path = file.path(place, scope);
                route(file, on, methods, path, place);
                if call.name == "MapConnections" {
                    below(file, place);
                }
            }
            None => file.facts.doubt(Why::Path, span(node)),
        },
        "MapHub"
        | "MapBlazorHub"
        | "MapGraphQL"
        | "MapHangfireDashboard"
        | "MapScalarApiReference"
        | "MapOpenApi"
        | "MapMetrics"
        | "MapPrometheusScrapingEndpoint"
        | "MapSwagger" => {
            let literal = pattern.filter(|pattern| !matches!(pattern.kind(), "lambda_expression" | "object_creation_expression"));
            match literal {
                Some(place) => below(file, place),
                None if call.name == "MapHub" => file.facts.doubt(Why::Path, span(node)),
                None => fixed(
                    file,
                    on,
                    &[
                        "/graphql",
                        "/graphql/*",
                        "/hangfire",
                        "/hangfire/*",
                        "/scalar",
                        "/scalar/*",
                        "/openapi/*",
                        "/metrics",
                        "/_blazor",
                        "/_blazor/*",
                        "/swagger/*",
                    ],
                    node,
                ),
            }
        }
        "Map" => branch(file, call, on, scope),
        "MapWhen" => {
            if let Some((_, lambda)) = file.arguments(node).pop() {
                lambda_parameter(file, lambda, on, scope);
            }
            file.facts.doubt(Why::Computed, span(node));
        }
        "MapControllers" => {}
        "MapDefaultControllerRoute" => file.facts.add_mount(on.clone(), Expr::text(""), global(CONVENTIONAL), span(node)),
        "MapControllerRoute" | "MapAreaControllerRoute" | "MapRoute" => {
            let place = if call.name == "MapAreaControllerRoute" { 2 } else { 1 };
            let pattern = file.argument(node, if call.name == "MapRoute" { "template" } else { "pattern" }, place);
            match pattern.map(|pattern| (pattern, file.value(pattern, scope))) {
                Some((place, Expr::Text(text))) => conventional(file, on, &text, place),
                _ => file.facts.doubt(Why::Path, span(node)),
            }
        }
        "MapRazorPages" => {}
        "MapRazorComponents" => fixed(file, on, &["/_blazor", "/_blazor/*", "/_framework/*", "/_content/*"], node),
        "MapStaticAssets" => {}
        "MapFallback"
        | "MapFallbackToFile"
        | "MapFallbackToPage"
        | "MapFallbackToController"
        | "MapFallbackToAreaPage"
        | "MapFallbackToAreaController" => {
            let all = file.arguments(node);
            let own = pattern
                .filter(|pattern| all.len() > 1 && file.text(*pattern).contains(['{', '/']) && !file.text(*pattern).contains("nonfile"));
            match own {
                Some(place) => below(file, place),
                None => file.facts.add_route(on.clone(), &[], Expr::text("/*"), span(node)),
            }
        }
        "MapIdentityApi" => fixed(
            file,
            on,
            &[
                "/register",
                "/login",
                "/refresh",
                "/confirmEmail",
                "/resendConfirmationEmail",
                "/forgotPassword",
                "/resetPassword",
                "/manage/2fa",
                "/manage/info",
            ],
            node,
        ),
        "MapDefaultEndpoints" if !file.code.contains("void MapDefaultEndpoints") => {
            fixed(file, on, &["/health", "/alive"], node);
            other(file, call, scope);
        }
        "MapReverseProxy" | "MapDefaultReverseProxy" => file.facts.doubt(Why::Proxy, span(node)),
        "MapGrpcService"
        | "MapGrpcReflectionService"
        | "MapODataRoute"
        | "MapDynamicControllerRoute"
        | "MapDynamicPageRoute"
        | "MapCarter" => {
            file.facts.doubt(Why::Extension, span(node));
        }
        _ => other(file, call, scope),
    }
}

/// `Map(path, branch)`: an endpoint, or everything below the path.
fn branch(file: &mut File<'_, '_>, call: Invocation<'_, '_>, on: &Expr, scope: ScopeId) {
    let Some(place) = file.argument(call.node, "pattern", 0) else { return };
    let path = file.path(place, scope);
    route(file, on, &[], path.clone(), place);
    let Some((_, lambda)) = file.arguments(call.node).into_iter().nth(1) else { return };
    if lambda.kind() == "lambda_expression" && has_use(file.text(lambda)) {
        let inner = file.group(call.node, on.clone(), path.clone());
        lambda_parameter(file, lambda, &inner, scope);
        file.facts.add_route(on.clone(), &[], Expr::Join(vec![path, Expr::text("/*")]), span(place));
    } else if lambda.kind() != "lambda_expression" {
        file.facts.add_route(on.clone(), &[], Expr::Join(vec![path, Expr::text("/*")]), span(place));
    }
}

fn has_use(code: &str) -> bool {
    [".Use", ".Run", ".Map"].iter().any(|word| code.contains(word))
}

/// The parameter of a lambda is what the call is made on.
pub(super) fn lambda_parameter(file: &mut File<'_, '_>, lambda: Node<'_>, on: &Expr, scope: ScopeId) {
    let Some(written) = lambda.child_by_field_name("parameters") else { return };
    let name = file.text(written).trim_matches(['(', ')']).rsplit([' ', ',']).next().unwrap_or("").trim();
    file.name_builder(name);
    file.facts.bind(scope, name, on.clone());
}

/// Actions by the names of controllers and methods.
fn conventional(file: &mut File<'_, '_>, on: &Expr, template: &str, place: Node<'_>) {
    let parts: Vec<&str> = template.trim_matches('/').split('/').collect();
    let at = parts.iter().position(|part| part.starts_with("{controller"));
    if let Some((front, tail)) = at.and_then(|at| parts.split_at_checked(at)) {
        let head = tail.iter().take(2).map(|part| part.trim_matches(['{', '}'])).collect::<Vec<_>>();
        let usual = matches!(head.as_slice(), ["controller=Home" | "controller", "action=Index" | "action"]);
        let id = match tail.get(2) {
            None => tail.len() == 2,
            Some(part) => part.starts_with("{id") && part.ends_with("?}") && tail.len() == 3,
        };
        if usual && id {
            // Controllers of an area have that in their paths already.
            let front: Vec<&str> = front.iter().copied().filter(|part| !part.starts_with("{area")).collect();
            let prefix = as_path(Expr::text(&front.join("/")));
            file.facts.add_mount(on.clone(), prefix, global(CONVENTIONAL), span(place));
            return;
        }
    }
    for one in pattern::patterns(template) {
        route(file, on, &[], Expr::text(&one), place);
    }
}
