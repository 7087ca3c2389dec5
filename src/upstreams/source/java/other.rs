//! What else of an application in Java answers requests: resource handlers, servlets, filters, handlers of errors.

use std::sync::LazyLock;

use tree_sitter::Node;

use super::super::facts::{Expr, ScopeId, Why};
use super::super::making::{Doubts, global, has_any, place_of};
use super::super::syntax::{children, nodes, span};
use super::controllers::{annotations, supertypes};
use super::values::{File, is_class};
use super::{ADDED_PREFIX, APP, SLASH};

/// Words that only a program has which routes in a way that is not read here.
static DOUBTS: LazyLock<Doubts> = LazyLock::new(|| Doubts::new(WORDS));
const WORDS: &[(&str, Why)] = &[
    ("SimpleUrlHandlerMapping", Why::Computed),
    (".registerMapping(", Why::Computed),
    ("WebMvcRegistrations", Why::Option),
    ("setCaseSensitive(false", Why::Option),
    ("setPathMatcher(", Why::Option),
    ("setUseSuffixPatternMatch(true", Why::Option),
    ("favorPathExtension(true", Why::Option),
    ("UrlHandlerFilter", Why::Middleware),
    ("addErrorPages", Why::Fallback),
    ("new ErrorPage(", Why::Fallback),
    (".setContextPath(", Why::Prefix),
    ("setDefaultProperties", Why::Prefix),
    ("\"server.servlet.", Why::Prefix),
    ("server.servlet.context-path=", Why::Prefix),
    ("spring.webflux.base-path=", Why::Prefix),
    ("WebApplicationInitializer", Why::Prefix),
    ("AbstractAnnotationConfigDispatcherServletInitializer", Why::Prefix),
    ("EnvironmentPostProcessor", Why::Prefix),
    ("ServletContextInitializer", Why::Option),
    ("TomcatServletWebServerFactory", Why::Option),
    ("ServletContextHandler", Why::Option),
    ("addUrlRewrite", Why::Middleware),
    ("ProxyExchange", Why::Proxy),
    ("RouteLocatorBuilder", Why::Proxy),
    ("GatewayRouterFunctions", Why::Proxy),
    ("EnableZuulProxy", Why::Proxy),
    ("EnableEurekaServer", Why::Extension),
    ("EnableConfigServer", Why::Extension),
    ("EnableAdminServer", Why::Extension),
    ("EnableAuthorizationServer", Why::Extension),
    ("org.springframework.data.rest", Why::Extension),
    ("org.springframework.ws", Why::Extension),
    ("org.springframework.remoting", Why::Extension),
    ("javax.ws.rs.Path", Why::Option),
    ("jakarta.ws.rs.Path", Why::Option),
    ("ws.rs.*", Why::Option),
    ("io.javalin", Why::Option),
    ("io.vertx.ext.web", Why::Option),
    ("io.micronaut.http", Why::Option),
    ("io.quarkus", Why::Option),
    ("io.helidon", Why::Option),
    ("io.dropwizard", Why::Option),
    ("import static spark.Spark", Why::Option),
    ("import spark.", Why::Option),
    ("com.sun.net.httpserver", Why::Option),
    ("io.undertow.server", Why::Option),
    ("org.eclipse.jetty.server", Why::Option),
    ("com.linecorp.armeria", Why::Option),
    ("org.apache.cxf", Why::Option),
    ("org.apache.camel", Why::Option),
    ("org.restlet", Why::Option),
    ("com.vaadin", Why::Option),
    ("io.netty.handler.codec.http", Why::Option),
    ("reactor.netty.http.server", Why::Option),
    ("IntegrationFlow", Why::Option),
];

pub(super) fn read(file: &mut File<'_, '_>, all: &[Node<'_>]) {
    let code = file.code;
    DOUBTS.find(code, file.facts);
    if has_any(code, &["NoHandlerFoundException", "NoResourceFoundException"]) && answers_a_page(code) {
        file.facts.doubt(Why::Fallback, place_of(code, "FoundException"));
    }
    if has_any(code, &["setUseTrailingSlashMatch(true", "setMatchOptionalTrailingSeparator(true", "setUseTrailingSlashMatch(Boolean.TRUE"])
    {
        file.facts.bind(ScopeId::FILE, SLASH, Expr::List(vec![Expr::text(""), Expr::text("/")]));
    }
    for node in all.iter().copied() {
        if is_class(node) {
            class(file, node);
        } else if node.kind() == "method_invocation" {
            call(file, node);
        } else if node.kind() == "object_creation_expression" {
            created(file, node);
        } else if node.kind() == "method_declaration" {
            bean(file, node);
            if catches_all(file, node) {
                file.facts.doubt(Why::Fallback, span(node));
            }
        }
    }
}

/// A handler of all exceptions gets what is thrown where nothing is found, too; without a status of its own it answers that with 200.
fn catches_all(file: &File<'_, '_>, method: Node<'_>) -> bool {
    let known = annotations(file, method);
    let Some(handler) = known.iter().find(|one| one.name == "ExceptionHandler") else { return false };
    let text = file.text(method);
    let written = file.text(handler.node);
    let given = match handler.argument(&["value", "exception"]) {
        Some(_) => written,
        None => file.field(method, "parameters"),
    };
    const ALL: [&str; 5] = ["Exception", "Throwable", "ServletException", "ErrorResponseException", "ResponseStatusException"];
    let all = given.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| ALL.contains(&word));
    const REFUSES: &[&str] = &[
        "@ResponseStatus",
        "INTERNAL_SERVER_ERROR",
        "BAD_REQUEST",
        "NOT_FOUND",
        "internalServerError",
        "badRequest",
        "notFound",
        "status(5",
        "status(4",
        "ProblemDetail",
        "sendError",
        "setStatus(",
        "getStatusCode()",
        "throw ",
    ];
    all && (!has_any(text, REFUSES) || has_any(text, &["HttpStatus.OK", "ok("]))
}

/// True for code that may answer with a page where nothing is found.
fn answers_a_page(code: &str) -> bool {
    has_any(code, &["forward:", "redirect:", "index", "ModelAndView", "HttpStatus.OK", "ok()", "RequestDispatcher", "sendRedirect"])
}

fn route(file: &mut File<'_, '_>, node: Node<'_>) {
    let path = file.path(node, file.scope(node));
    file.facts.add_route(global(APP), &[], path, span(node));
}

/// Routes at all these paths; a doubt when there is none.
fn routes(file: &mut File<'_, '_>, paths: &[Node<'_>], place: Node<'_>) {
    if paths.is_empty() {
        file.facts.doubt(Why::Computed, span(place));
    }
    for path in paths {
        route(file, *path);
    }
}

fn call(file: &mut File<'_, '_>, node: Node<'_>) {
    let given = node.child_by_field_name("arguments").map(children).unwrap_or_default();
    let first = given.get(..1).unwrap_or_default();
    match file.field(node, "name") {
        "addResourceHandler" => routes(file, &given, node),
        "addViewController" | "addRedirectViewController" | "addStatusController" => routes(file, first, node),
        "addPathPrefix" => {
            let prefix = first.first().map_or(Expr::Unknown, |prefix| file.path(*prefix, file.scope(*prefix)));
            // It may be meant for some controllers only.
            file.facts.bind(ScopeId::FILE, ADDED_PREFIX, Expr::List(vec![Expr::text(""), prefix]));
        }
        "addEndpoint" if file.code.contains("StompEndpointRegistry") => {
            routes(file, &given, node);
            below(file, &given, node);
        }
        "addHandler" if file.code.contains("WebSocketHandlerRegistry") => {
            let paths = given.get(1..).unwrap_or_default();
            routes(file, paths, node);
            below(file, paths, node);
        }
        "addUrlMappings" | "addMapping" if file.code.contains("Servlet") && !file.code.contains("CorsRegistry") => {
            routes(file, &given, node)
        }
        "setUrlMappings" => file.facts.doubt(Why::Computed, span(node)),
        "loginProcessingUrl" | "logoutUrl" | "loginPage" | "logoutSuccessUrl" => routes(file, first, node),
        "baseUri" if file.code.contains("HttpSecurity") => {
            routes(file, first, node);
            below(file, first, node);
        }
        "logoutRequestMatcher" | "requestMatcher" | "setRequiresAuthenticationRequestMatcher" => {
            let inside: Vec<Node<'_>> = nodes(node).into_iter().filter(|inner| inner.kind() == "string_literal").collect();
            routes(file, &inside, node);
        }
        "setFilterProcessesUrl" => routes(file, first, node),
        "setProperty" if first.iter().any(|key| has_any(file.text(*key), &["server.", "spring."])) => {
            file.facts.doubt(Why::Prefix, span(node))
        }
        _ => {}
    }
}

/// Everything below these paths.
fn below(file: &mut File<'_, '_>, paths: &[Node<'_>], node: Node<'_>) {
    for path in paths {
        let whole = Expr::Join(vec![file.path(*path, file.scope(*path)), Expr::text("/*")]);
        file.facts.add_route(global(APP), &[], whole, span(node));
    }
}

fn created(file: &mut File<'_, '_>, node: Node<'_>) {
    if file.field(node, "type").split('<').next() == Some("ServletRegistrationBean") {
        let given = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let paths: Vec<Node<'_>> = given.into_iter().skip(1).filter(|path| !matches!(path.kind(), "true" | "false")).collect();
        if paths.is_empty() {
            // `addUrlMappings` may come later; without it it answers everything.
            file.facts.doubt(Why::Computed, span(node));
        }
        for path in paths {
            route(file, path);
            below(file, &[path], path);
        }
    }
}

/// A bean whose name is a path answers there.
fn bean(file: &mut File<'_, '_>, node: Node<'_>) {
    named(file, node, &["Bean"]);
}

fn named(file: &mut File<'_, '_>, node: Node<'_>, names: &[&str]) {
    for annotation in annotations(file, node) {
        let name =
            annotation.argument(&["value", "name"]).filter(|name| names.contains(&annotation.name) && file.text(*name).contains("\"/"));
        if let Some(name) = name {
            route(file, name);
        }
    }
}

fn class(file: &mut File<'_, '_>, node: Node<'_>) {
    const FILTERS: [&str; 10] = [
        "Filter",
        "OncePerRequestFilter",
        "GenericFilterBean",
        "GenericFilter",
        "HttpFilter",
        "WebFilter",
        "HandlerInterceptor",
        "HandlerInterceptorAdapter",
        "AsyncHandlerInterceptor",
        "WebRequestInterceptor",
    ];
    const ERRORS: [&str; 9] = [
        "ErrorController",
        "BasicErrorController",
        "AbstractErrorController",
        "ErrorViewResolver",
        "DefaultErrorViewResolver",
        "AbstractErrorWebExceptionHandler",
        "DefaultErrorWebExceptionHandler",
        "ErrorWebExceptionHandler",
        "WebExceptionHandler",
    ];
    const HANDLERS: [&str; 9] = [
        "HandlerMapping",
        "AbstractHandlerMapping",
        "AbstractUrlHandlerMapping",
        "RequestMappingHandlerMapping",
        "RequestMappingInfoHandlerMapping",
        "HttpRequestHandler",
        "AbstractController",
        "HandlerAdapter",
        "ResourceResolver",
    ];
    named(file, node, &["Component", "Controller", "Service"]);
    let supers = supertypes(file, node);
    let body = file.text(node);
    let is = |names: &[&str]| supers.iter().any(|name| names.contains(name));
    if is(&FILTERS) && !only_refuses(body) {
        file.facts.doubt(Why::Middleware, span(node));
    }
    if is(&ERRORS) && answers_a_page(body) {
        file.facts.doubt(Why::Fallback, span(node));
    }
    if is(&HANDLERS) {
        file.facts.doubt(Why::Computed, span(node));
    }
    let servlet = annotations(file, node).into_iter().find(|one| matches!(one.name, "WebServlet" | "ServerEndpoint"));
    match servlet {
        Some(annotation) => match annotation.argument(&["value", "urlPatterns"]) {
            Some(paths) => {
                for path in nodes(paths).into_iter().filter(|node| node.kind() == "string_literal") {
                    below(file, &[path], path);
                    route(file, path);
                }
                if nodes(paths).iter().all(|node| node.kind() != "string_literal") {
                    file.facts.doubt(Why::Computed, span(paths));
                }
            }
            None => file.facts.doubt(Why::Computed, span(node)),
        },
        None if is(&["HttpServlet", "GenericServlet", "Servlet", "DispatcherServlet"]) => file.facts.doubt(Why::Option, span(node)),
        None => {}
    }
}

/// True for a filter that lets requests pass, or refuses them.
fn only_refuses(body: &str) -> bool {
    const ANSWERS: &[&str] = &[
        "sendRedirect",
        "RequestDispatcher",
        ".forward(",
        "RequestWrapper",
        "SC_OK",
        "HttpStatus.OK",
        "mutate()",
        "setStatus(200",
        "FOUND",
        "PERMANENTLY",
        "setHeader(\"Location",
    ];
    const WRITES: &[&str] = &["getWriter", "getOutputStream", "writeWith", ".write("];
    const REFUSES: &[&str] =
        &["SC_UNAUTHORIZED", "SC_FORBIDDEN", "UNAUTHORIZED", "FORBIDDEN", "TOO_MANY", "BAD_REQUEST", "(401", "(403", "(429"];
    !has_any(body, ANSWERS) && (!has_any(body, WRITES) || has_any(body, REFUSES))
}
