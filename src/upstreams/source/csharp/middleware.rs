//! What runs before and around endpoints: `Use…`, and middleware of the application.

use std::sync::LazyLock;

use tree_sitter::Node;

use super::super::facts::{Expr, ScopeId, Why};
use super::super::making::{Doubts, global, has_any};
use super::super::syntax::{children, span};
use super::endpoints::{fixed, lambda_parameter, other, route};
use super::values::{File, Invocation};
use super::{APP, CONVENTIONAL, PATH_BASE};

/// Known to answer nothing of its own, and to leave paths alone.
const HARMLESS: [&str; 43] = [
    "UseRouting",
    "UseAuthentication",
    "UseAuthorization",
    "UseCors",
    "UseHttpsRedirection",
    "UseHsts",
    "UseExceptionHandler",
    "UseDeveloperExceptionPage",
    "UseDatabaseErrorPage",
    "UseMigrationsEndPoint",
    "UseSerilogRequestLogging",
    "UseResponseCompression",
    "UseRequestDecompression",
    "UseResponseCaching",
    "UseOutputCache",
    "UseRateLimiter",
    "UseIpRateLimiting",
    "UseClientRateLimiting",
    "UseSession",
    "UseForwardedHeaders",
    "UseCertificateForwarding",
    "UseHttpLogging",
    "UseW3CLogging",
    "UseRequestLocalization",
    "UseAntiforgery",
    "UseCookiePolicy",
    "UseWebSockets",
    "UseStatusCodePages",
    "UseHttpMetrics",
    "UseRequestTimeouts",
    "UseHeaderPropagation",
    "UseHostFiltering",
    "UseSentryTracing",
    "UseElasticApm",
    "UseAllElasticApm",
    "UseHangfireServer",
    "UseProblemDetails",
    "UseStaticFiles",
    "UseDefaultFiles",
    "UseMvc",
    "UseStatusCodePagesWithReExecute",
    "UseBlazorFrameworkFiles",
    "UseWebAssemblyDebugging",
];

pub(super) fn used(file: &mut File<'_, '_>, call: Invocation<'_, '_>, receiver: Node<'_>, scope: ScopeId) {
    let node = call.node;
    let on = file.value(receiver, scope);
    let on = &on;
    let first = file.argument(node, "", 0);
    match call.name {
        "UseEndpoints" => {
            if let Some(lambda) = first {
                lambda_parameter(file, lambda, on, scope);
            }
        }
        "UseWhen" => {
            if let Some((_, lambda)) = file.arguments(node).pop() {
                lambda_parameter(file, lambda, on, scope);
            }
        }
        "UsePathBase" => {
            let base = first.map_or(Expr::Unknown, |base| file.path(base, scope));
            file.facts.bind(ScopeId::FILE, PATH_BASE, Expr::List(vec![Expr::text(""), base]));
        }
        "UseHealthChecks" | "UseMetricServer" | "UseHangfireDashboard" | "UseGraphQLPlayground" | "UseGraphQLAltair" | "UseWelcomePage" => {
            match first {
                Some(place) if matches!(place.kind(), "string_literal" | "identifier" | "member_access_expression") => {
                    let path = file.path(place, scope);
                    route(file, on, &[], path.clone(), place);
                    file.facts.add_route(on.clone(), &[], Expr::Join(vec![path, Expr::text("/*")]), span(place));
                }
                _ => match call.name {
                    "UseMetricServer" => fixed(file, on, &["/metrics", "/metrics/"], node),
                    "UseHangfireDashboard" => fixed(file, on, &["/hangfire", "/hangfire/*"], node),
                    _ => file.facts.doubt(Why::Option, span(node)),
                },
            }
        }
        "UseOpenTelemetryPrometheusScrapingEndpoint" if first.is_none() => fixed(file, on, &["/metrics", "/metrics/"], node),
        "UseSwagger" | "UseSwaggerUI" | "UseOpenApi" | "UseSwaggerUi" | "UseSwaggerUi3" | "UseReDoc" | "UseSwaggerGen" => {
            fixed(file, on, &["/swagger", "/swagger/*", "/api-docs", "/api-docs/*"], node);
            swagger(file, on, node);
        }
        "UseStaticFiles" | "UseFileServer" | "UseDirectoryBrowser" if first.is_some() => match first {
            Some(path) if path.kind() == "string_literal" => {
                let path = file.path(path, scope);
                file.facts.add_route(on.clone(), &[], Expr::Join(vec![path, Expr::text("/*")]), span(node));
            }
            _ => static_options(file, on, node, scope),
        },
        "UseFileServer" => {}
        "UseDefaultFiles" if first.is_some() => file.facts.doubt(Why::Option, span(node)),
        "UseMvc" if first.is_some() => {
            if let Some(lambda) = first {
                lambda_parameter(file, lambda, on, scope);
            }
        }
        "Use" | "Run" => inline(file, call, first),
        "UseMiddleware" => middleware_class(file, node, scope),
        "UseMvcWithDefaultRoute" => file.facts.add_mount(on.clone(), Expr::text(""), global(CONVENTIONAL), span(node)),
        name if HARMLESS.contains(&name) => {}
        "UseSpa" | "UseSpaStaticFiles" | "UseStatusCodePagesWithRedirects" => file.facts.doubt(Why::Fallback, span(node)),
        "UseRewriter" | "UseOwin" => file.facts.doubt(Why::Middleware, span(node)),
        "UseOcelot" | "UseProxy" | "RunProxy" => file.facts.doubt(Why::Proxy, span(node)),
        name if name.starts_with("Use") => other(file, call, scope),
        _ => {}
    }
}

/// Where documents are served, when it is not the usual place.
fn swagger(file: &mut File<'_, '_>, on: &Expr, node: Node<'_>) {
    let written = file.text(node);
    for (at, _) in written.match_indices("RoutePrefix") {
        let value = written.get(at + "RoutePrefix".len()..).unwrap_or("").trim_start().trim_start_matches('=').trim_start();
        if value.starts_with("string.Empty") || value.starts_with("String.Empty") || value.starts_with("\"\"") {
            fixed(
                file,
                on,
                &[
                    "/",
                    "/index.html",
                    "/index.js",
                    "/index.css",
                    "/swagger-ui{x}",
                    "/favicon{x}",
                    "/oauth2-redirect.{x}",
                    "/v1/swagger.json",
                    "/swagger-{x}",
                ],
                node,
            );
        } else if let Some((prefix, _)) = value.strip_prefix('"').and_then(|value| value.split_once('"')) {
            let prefix = prefix.trim_matches('/');
            fixed(file, on, &[&format!("/{prefix}"), &format!("/{prefix}/*")], node);
        } else {
            file.facts.doubt(Why::Option, span(node));
        }
    }
    if has_any(written, &["RouteTemplate", ".Path =", ".Path=", "DocumentPath"]) {
        file.facts.doubt(Why::Option, span(node));
    }
}

/// Files of a folder below a path.
fn static_options(file: &mut File<'_, '_>, on: &Expr, node: Node<'_>, scope: ScopeId) {
    let assigned = super::super::syntax::nodes(node)
        .into_iter()
        .find(|inner| inner.kind() == "assignment_expression" && file.field(*inner, "left").ends_with("RequestPath"));
    match assigned.and_then(|assigned| assigned.child_by_field_name("right")) {
        Some(path) => {
            let path = match path.kind() {
                "object_creation_expression" | "implicit_object_creation_expression" => file.argument(path, "", 0),
                _ => Some(path),
            };
            let path = path.map_or(Expr::Unknown, |path| file.path(path, scope));
            file.facts.add_route(on.clone(), &[], Expr::Join(vec![path, Expr::text("/*")]), span(node));
        }
        None => file.facts.doubt(Why::Option, span(node)),
    }
}

/// A middleware or last handler that is written where it is used.
fn inline(file: &mut File<'_, '_>, call: Invocation<'_, '_>, first: Option<Node<'_>>) {
    let Some(handler) = first else { return };
    match (call.name, handler.kind()) {
        // An address to listen on.
        (
            "Run",
            "string_literal"
            | "interpolated_string_expression"
            | "identifier"
            | "binary_expression"
            | "element_access_expression"
            | "member_access_expression",
        ) => {}
        ("Run", _) => file.facts.doubt(Why::Fallback, span(call.node)),
        _ if handler.kind() == "lambda_expression" && passes(file.text(handler)) => {}
        _ => file.facts.doubt(Why::Middleware, span(call.node)),
    }
}

/// A class of a library can't be found, and that makes a doubt.
fn middleware_class(file: &mut File<'_, '_>, node: Node<'_>, scope: ScopeId) {
    let written = file.field(node, "function");
    let class = written.split_once('<').map(|(_, rest)| rest.trim_end_matches('>')).unwrap_or("");
    let class = class.split('<').next().unwrap_or("").rsplit('.').next().unwrap_or("").trim();
    let what = match class.is_empty() {
        true => Expr::Unknown,
        false => Expr::Name(scope, class.into()),
    };
    file.facts.add_mount(global(APP), Expr::text(""), what, span(node));
}

/// True for code that calls what comes next or refuses, and leaves the path alone.
fn passes(code: &str) -> bool {
    const CHANGES: &[&str] = &[
        "Redirect",
        "Request.Path =",
        "Request.Path=",
        "PathBase =",
        "PathBase=",
        "SendFileAsync",
        "Status200",
        "StatusCode = 200",
        "SetEndpoint",
        "RewritePath",
    ];
    const WRITES: &[&str] = &["WriteAsync", "WriteAsJsonAsync", "Body.Write", "ExecuteAsync"];
    const REFUSES: &[&str] =
        &["401", "403", "429", "400", "500", "Unauthorized", "Forbidden", "TooManyRequests", "BadRequest", "InternalServerError"];
    let calls = has_any(code, &["next", "Next", "_request", "await _", "_delegate"]);
    calls && !has_any(code, CHANGES) && (!has_any(code, WRITES) || has_any(code, REFUSES))
}

/// Words that only a program has which routes in a way that is not read here.
static DOUBTS: LazyLock<Doubts> = LazyLock::new(|| Doubts::new(WORDS));
const WORDS: &[(&str, Why)] = &[
    ("IStartupFilter", Why::Middleware),
    ("IHostingStartup", Why::Middleware),
    ("Conventions.Add", Why::Prefix),
    ("Conventions.Insert", Why::Prefix),
    ("IApplicationModelConvention", Why::Prefix),
    ("IControllerModelConvention", Why::Prefix),
    ("IActionModelConvention", Why::Prefix),
    ("IApplicationModelProvider", Why::Prefix),
    ("UseCentralRoutePrefix", Why::Prefix),
    ("UseGeneralRoutePrefix", Why::Prefix),
    ("AddApplicationPart", Why::Mounted),
    ("ApplicationParts.Add", Why::Mounted),
    ("IApplicationFeatureProvider", Why::Computed),
    ("AddPageRoute", Why::Option),
    ("DynamicRouteValueTransformer", Why::Computed),
    ("EndpointDataSource", Why::Computed),
    ("IRouteTemplateProvider", Why::Computed),
    ("using FastEndpoints", Why::Extension),
    ("using ServiceStack", Why::Extension),
    ("using Nancy", Why::Extension),
    ("OData", Why::Extension),
    ("using Microsoft.Owin", Why::Option),
    ("using System.Web.Http", Why::Option),
    ("using System.Web.Mvc", Why::Option),
    ("HttpListener", Why::Option),
    ("HttpTrigger", Why::Option),
    ("CallbackPath", Why::Option),
    ("AppendTrailingSlash", Why::Option),
    ("UseRouter(", Why::Option),
];

/// Classes that are middleware.
pub(super) fn classes(file: &mut File<'_, '_>, nodes: &[Node<'_>]) {
    DOUBTS.find(file.code, file.facts);
    // Signing in elsewhere comes back to these.
    const REMOTE: &[&str] =
        &["AddOpenIdConnect", "AddGoogle", "AddGitHub", "AddMicrosoft", "AddFacebook", "AddTwitter", "AddOAuth", "AddSaml", "AddApple"];
    if has_any(file.code, REMOTE) {
        for path in ["/signin-{x}", "/signout-{x}", "/Saml2/*", "/MicrosoftIdentity/*"] {
            file.facts.add_implied(global(APP), path, crate::text::Span::at(0));
        }
    }
    for node in nodes.iter().copied().filter(|node| node.kind() == "class_declaration") {
        let Some(body) = node.child_by_field_name("body") else { continue };
        let runs = children(body).into_iter().any(|member| {
            member.kind() == "method_declaration"
                && matches!(file.field(member, "name"), "Invoke" | "InvokeAsync")
                && file.field(member, "parameters").contains("HttpContext")
        });
        if runs && !passes(file.text(body)) {
            file.facts.doubt(Why::Middleware, span(node));
        }
    }
}
