//! Which functions answer no request by themselves: middleware that refuses, notes something or goes on.

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::super::facts::{Expr, ScopeId, Why};
use super::super::syntax::{children, nodes, text};
use super::errors::{WRITES, refuses_by_name, words};
use super::expressions::import_of;
use super::frameworks;
use super::reader::{DEPTH, Reader};

/// Packages of which everything is harmless as middleware.
const HARMLESS: &[&str] = &["github.com/rs/cors", "github.com/justinas/nosurf", "github.com/go-chi/cors"];

/// Functions of libraries that give back the handler that they are given, with something around it: package, function, which argument.
const WRAPPERS: &[(&str, &str, usize)] = &[
    ("github.com/gorilla/handlers", "LoggingHandler", 1),
    ("github.com/gorilla/handlers", "CombinedLoggingHandler", 1),
    ("github.com/gorilla/handlers", "CompressHandler", 0),
    ("github.com/gorilla/handlers", "ProxyHeaders", 0),
    ("go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp", "NewHandler", 0),
    ("golang.org/x/net/http2/h2c", "NewHandler", 0),
    ("github.com/justinas/nosurf", "New", 0),
    ("github.com/NYTimes/gziphandler", "GzipHandler", 0),
];

/// True for a package of which something is known here, by its path without versions.
pub(super) fn has(plain: &str) -> bool {
    let wraps = WRAPPERS.iter().map(|(package, ..)| package);
    HARMLESS.iter().chain(wraps).any(|known| frameworks::is_in(plain, known))
}

/// True for middleware of a library that answers nothing.
pub(super) fn is_harmless(path: &str, name: &str) -> bool {
    let Some(framework) = frameworks::middleware_of(path) else {
        // What these make wraps handlers with its own methods.
        return HARMLESS.contains(&frameworks::without_version(path)) && !matches!(name, "New" | "Default" | "AllowAll");
    };
    // One package for each, in Fiber.
    let package = frameworks::package_name(path);
    let router = framework.packages.contains(&frameworks::without_version(path));
    let known = !router
        || framework.name == "gin"
            && matches!(
                name,
                "Logger"
                    | "LoggerWithFormatter"
                    | "LoggerWithConfig"
                    | "Recovery"
                    | "RecoveryWithWriter"
                    | "CustomRecovery"
                    | "ErrorLogger"
                    | "BasicAuth"
                    | "BasicAuthForRealm"
            );
    known && !framework.answering.contains(&name) && !(framework.name == "Fiber" && framework.answering.contains(&package))
}

/// What a function of a library wraps.
pub(super) fn wrapped<'t>(path: &str, name: &str, arguments: &[Node<'t>]) -> Option<Node<'t>> {
    let path = frameworks::without_version(path);
    let (_, _, at) = WRAPPERS.iter().find(|(package, function, _)| *package == path && *function == name)?;
    arguments.get(*at).copied()
}

/// True for an expression that comes from a package of harmless things.
pub(super) fn from_harmless(expr: &Expr) -> bool {
    import_of(expr).is_some_and(|path| HARMLESS.contains(&frameworks::without_version(&path)))
}

/// What the functions that get a request give back, when they are called as middleware: nothing that answers, or what nobody knows.
pub(super) fn judge(reader: &mut Reader<'_>) {
    // A writer that does not let through that nothing was found answers something else.
    for node in reader.named.get("WriteHeader").cloned().unwrap_or_default() {
        let written = reader.text(node);
        if written.contains("StatusNotFound") || written.contains("404") {
            reader.open(Why::Middleware, node);
        }
    }
    let mut next: FxHashSet<&str> = FxHashSet::from_iter(["next"]);
    let functions: Vec<(ScopeId, Node<'_>)> = reader.functions.iter().map(|(scope, node)| (*scope, *node)).collect();
    let mut shapes = Vec::new();
    for (scope, node) in functions {
        let mut shape = Shape { scope, node, writes: false, wraps: None };
        let list = node.child_by_field_name("parameters");
        let mut position = 0;
        for parameter in list.map(children).unwrap_or_default() {
            let of = parameter.child_by_field_name("type").map_or("", |of| reader.text(of));
            let of = of.trim_start_matches('*');
            let mut cursor = parameter.walk();
            let names: Vec<&str> = parameter.children_by_field_name("name", &mut cursor).map(|name| text(reader.code, name)).collect();
            if is_writer(of) {
                shape.writes = true;
            }
            if is_handler(of) {
                shape.wraps = Some(position);
                next.extend(&names);
            }
            position += names.len().max(1);
        }
        if shape.writes || shape.wraps.is_some() {
            shapes.push(shape);
        }
    }
    let writers = writers(reader);
    let own_functions = reader.named.clone();
    for shape in shapes {
        let Some(body) = shape.node.child_by_field_name("body") else { continue };
        let result = shape.node.child_by_field_name("result").map_or("", |of| reader.text(of));
        let method = shape.node.child_by_field_name("name").map_or("", |name| reader.text(name));
        let mut passes = Vec::new();
        let writers = aliases(reader.code, body, &writers);
        let seen =
            Seen { code: reader.code, parents: &reader.parents, writers: &writers, next: &next, own: &own_functions, body, depth: CALLS };
        let answers = answers(&seen, &mut passes);
        if method == "ServeHTTP" && !answers {
            delegate(reader, shape.scope, shape.node, &passes);
        }
        let own = |value: &Expr| match value {
            Expr::Scope(_) => true,
            Expr::Name(_, name) => next.contains(&**name),
            _ => false,
        };
        let silent = !answers && passes.is_empty();
        let Some(scope) = reader.facts.scopes.get_mut(shape.scope.0 as usize) else { continue };
        match shape.wraps {
            _ if shape.writes => scope.returns = if silent { Vec::new() } else { vec![Expr::Unknown] },
            Some(position) if silent && is_handler(result) && scope.returns.iter().all(own) => {
                scope.returns = vec![Expr::Parameter(shape.scope, position)];
            }
            Some(_) if !silent && is_handler(result) => scope.returns.push(Expr::Unknown),
            _ => {}
        }
    }
}

/// A function that is looked at.
struct Seen<'a, 't> {
    code: &'t str,
    parents: &'a FxHashMap<usize, Node<'t>>,
    /// Names of what answers are written to.
    writers: &'a FxHashSet<&'t str>,
    /// Names of handlers that a function gets.
    next: &'a FxHashSet<&'t str>,
    body: Node<'t>,
    /// The bodies of the functions and methods of the file, by their names.
    own: &'a FxHashMap<&'t str, Vec<Node<'t>>>,
    /// How deep these are still followed.
    depth: u32,
}

struct Shape<'t> {
    scope: ScopeId,
    node: Node<'t>,
    /// True when it gets what answers are written to.
    writes: bool,
    /// The position of the handler that it gets.
    wraps: Option<usize>,
}

/// A type's `ServeHTTP` that hands every request to one of its fields: it is mounted as what the field is.
fn delegate(reader: &mut Reader<'_>, scope: ScopeId, node: Node<'_>, passes: &[Node<'_>]) {
    let receiver = node.child_by_field_name("receiver").and_then(|list| children(list).first().copied());
    let of = receiver.and_then(|receiver| receiver.child_by_field_name("type")).map_or("", |of| reader.text(of).trim_start_matches('*'));
    let of = of.to_owned();
    if let [to] = passes
        && to.kind() == "selector_expression"
        && let (Some(field), Some(operand)) = (to.child_by_field_name("field"), to.child_by_field_name("operand"))
    {
        let instance = Expr::Name(scope, reader.text(operand).into());
        let value = Expr::Member(Box::new(instance), reader.text(field).into());
        reader.name(ScopeId::FILE, &format!("{of}."), value);
    }
}

fn is_writer(of: &str) -> bool {
    matches!(of, "http.ResponseWriter" | "gin.Context" | "echo.Context" | "fiber.Ctx" | "fasthttp.RequestCtx")
}

fn is_handler(of: &str) -> bool {
    matches!(of, "http.Handler" | "http.HandlerFunc" | "echo.HandlerFunc" | "func(http.ResponseWriter, *http.Request)")
}

/// All names in the file of what answers are written to.
fn writers<'t>(reader: &Reader<'t>) -> FxHashSet<&'t str> {
    let mut out = FxHashSet::default();
    for node in reader.functions.values() {
        for parameter in node.child_by_field_name("parameters").map(children).unwrap_or_default() {
            let of = parameter.child_by_field_name("type").map_or("", |of| reader.text(of));
            if is_writer(of.trim_start_matches('*')) {
                let mut cursor = parameter.walk();
                out.extend(parameter.children_by_field_name("name", &mut cursor).map(|name| text(reader.code, name)));
            }
        }
    }
    out
}

/// What reads from a request or sets something for those who come later.
const READS: &[&str] = &[
    "Next",
    "Header",
    "Get",
    "Set",
    "Add",
    "Del",
    "Request",
    "Response",
    "Query",
    "QueryParam",
    "Param",
    "Params",
    "GetHeader",
    "GetReqHeaders",
    "Cookie",
    "Cookies",
    "SetCookie",
    "Locals",
    "ClientIP",
    "IP",
    "RealIP",
    "FullPath",
    "GetString",
    "GetInt",
    "MustGet",
    "Value",
    "Context",
    "UserContext",
    "SetUserContext",
    "SetContext",
    "SetRequest",
    "WithContext",
    "Scheme",
    "Method",
    "OriginalURL",
    "Abort",
    "IsAborted",
    "Vary",
    "Append",
    "Logger",
    "FormValue",
    "Size",
    "Bytes",
    "String",
    "UserAgent",
    "Referer",
    "BasicAuth",
    "RemoteIP",
    "Errors",
    "Last",
    "Path",
    "Body",
    "Status",
    "StatusCode",
    "Exists",
    "GetBool",
    "Hostname",
    "Protocol",
    "ContentType",
    "Flush",
    "Len",
    "PathValue",
    "Bind",
    "ShouldBindHeader",
    "RequestURI",
    "Host",
    "Close",
    "Unwrap",
    "Tee",
    "BytesWritten",
    "Written",
    "Reset",
    "Discard",
];

/// Beginnings of the names of functions that only look at a request.
const LOOKS: &[&str] = &["get", "extract", "parse", "is", "has", "log", "set", "from", "new", "wrap", "with"];
/// How deep calls of functions of the file are followed.
const CALLS: u32 = 4;

/// The writers of a body, and what is made of them there: `rec := &recorder{w}`, `ww := NewWrapResponseWriter(w)`.
fn aliases<'t>(code: &'t str, body: Node<'t>, writers: &FxHashSet<&'t str>) -> FxHashSet<&'t str> {
    let mut out = writers.clone();
    for node in nodes(body).into_iter().filter(|node| matches!(node.kind(), "short_var_declaration" | "assignment_statement")) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else { continue };
        let made = children(right).first().copied().filter(|value| {
            let function = value.child_by_field_name("function").map_or("", |function| text(code, function));
            let name = function.rsplit('.').next().unwrap_or("");
            matches!(value.kind(), "unary_expression" | "composite_literal")
                || ["New", "new", "Wrap", "wrap"].iter().any(|start| name.starts_with(start))
        });
        let holds = made.is_some_and(|made| nodes(made).iter().any(|node| node.kind() == "identifier" && out.contains(text(code, *node))));
        if let Some(name) = children(left).first().filter(|name| holds && name.kind() == "identifier") {
            out.insert(text(code, *name));
        }
    }
    out
}

/// True when a function may answer a request otherwise than by refusing it, or change its path. Handlers other than those named that it
/// hands requests to are put into `passes`.
fn answers<'t>(seen: &Seen<'_, 't>, passes: &mut Vec<Node<'t>>) -> bool {
    let code = seen.code;
    for node in nodes(seen.body) {
        match node.kind() {
            "assignment_statement" => {
                let left = node.child_by_field_name("left").map_or("", |left| text(code, left));
                if [".Path", ".RawPath", ".RequestURI", ".URL"].iter().any(|end| left.ends_with(end)) {
                    return true;
                }
            }
            "call_expression" if call_answers(seen, node, passes) => return true,
            _ => {}
        }
    }
    false
}

/// True when what is given to a function holds a writer, not only what is read of one: `c`, `c.Writer`, but not `c.GetHeader("x")`.
fn holds<'t>(seen: &Seen<'_, 't>, argument: Node<'t>) -> bool {
    const WRITERS: &[&str] = &["Writer", "ResponseWriter", "Response", "writer", "w", "rw"];
    let mut open = vec![argument];
    while let Some(node) = open.pop() {
        let field = node.child_by_field_name("field").map_or("", |field| text(seen.code, field));
        match node.kind() {
            "identifier" if seen.writers.contains(text(seen.code, node)) => return true,
            "selector_expression" if !WRITERS.contains(&field) => match node.child_by_field_name("operand") {
                Some(operand) if operand.kind() == "identifier" => {}
                operand => open.extend(operand),
            },
            "call_expression" => {
                let function = node.child_by_field_name("function");
                let method = function.and_then(|function| function.child_by_field_name("field")).map_or("", |name| text(seen.code, name));
                // What these give back is no writer.
                if !READS.contains(&method) || method == "Response" {
                    open.extend(function.and_then(|function| function.child_by_field_name("operand")));
                }
                open.extend(node.child_by_field_name("arguments").map(children).unwrap_or_default());
            }
            "func_literal" => {}
            _ => open.extend(children(node)),
        }
    }
    false
}

fn call_answers<'t>(seen: &Seen<'_, 't>, call: Node<'t>, passes: &mut Vec<Node<'t>>) -> bool {
    let Seen { code, writers, next, .. } = *seen;
    let Some(function) = call.child_by_field_name("function") else { return true };
    let name = function.child_by_field_name("field").map_or_else(|| text(code, function), |field| text(code, field));
    if matches!(name, "StripPrefix" | "HandleContext" | "RestartRouting" | "SetPath" | "Rewrite") {
        return true;
    }
    let operand = function.child_by_field_name("operand");
    let arguments = call.child_by_field_name("arguments").map(children).unwrap_or_default();
    let named = |node: Node<'t>, names: &FxHashSet<&str>| node.kind() == "identifier" && names.contains(text(code, node));
    let gets = arguments.iter().any(|argument| holds(seen, *argument));
    let on = operand.is_some_and(|operand| named(root(operand), writers));
    if name == "ServeHTTP" {
        if let Some(to) = operand
            && !named(to, next)
        {
            passes.push(to);
        }
        return false;
    }
    if !gets && !on || named(function, next) {
        return false;
    }
    // The path of a request can be set so.
    if name == "Path" && !arguments.is_empty() {
        return true;
    }
    if refuses(code, call) || name == "NewHTTPError" || is_options(seen, call) {
        return false;
    }
    let package = operand.filter(|operand| operand.kind() == "identifier").map_or("", |operand| text(code, operand));
    match (package, name) {
        ("http", "Error" | "NotFound" | "SetCookie" | "MaxBytesReader" | "NewResponseController") => return false,
        (_, "Status" | "String") if !arguments.is_empty() => return true,
        _ => {}
    }
    // What is written here is looked at; of anything else there is only the name.
    if let (false, Some(own), Some(depth)) = (on, seen.own.get(name), seen.depth.checked_sub(1)) {
        let body = |node: &Node<'t>| node.child_by_field_name("body");
        return own.len() > 2 || own.iter().filter_map(body).any(|body| answers(&Seen { body, depth, ..*seen }, passes));
    }
    let words = words(name);
    let looks =
        words.first().is_some_and(|first| LOOKS.contains(&first.as_str())) && !words.iter().any(|word| WRITES.contains(&word.as_str()));
    let known = on && READS.contains(&name) || looks && name != "NewEncoder";
    if known || !on && refuses_by_name(&words) {
        return false;
    }
    // What is written behind a status that refuses.
    let block = enclosing(seen, call, "block");
    !(writes_body(name) && block.is_some_and(|block| refuses(code, block)))
}

fn writes_body(name: &str) -> bool {
    matches!(name, "Write" | "WriteString" | "NewEncoder" | "Fprint" | "Fprintf" | "Fprintln" | "Copy")
}

/// The innermost node of a kind around a node, inside of a function's body.
fn enclosing<'t>(seen: &Seen<'_, 't>, node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut at = node;
    for _ in 0..DEPTH {
        at = *seen.parents.get(&at.id())?;
        if at.kind() == kind {
            return Some(at);
        }
        if at == seen.body {
            break;
        }
    }
    None
}

/// Below `if r.Method == http.MethodOptions`: an answer for browsers that ask before they ask.
fn is_options<'t>(seen: &Seen<'_, 't>, node: Node<'t>) -> bool {
    let mut at = node;
    for _ in 0..DEPTH {
        let Some(around) = enclosing(seen, at, "if_statement") else { return false };
        let condition = around.child_by_field_name("condition").map_or("", |condition| text(seen.code, condition));
        if condition.contains("MethodOptions") || condition.contains("\"OPTIONS\"") {
            return true;
        }
        at = around;
    }
    false
}

/// The name that a chain of fields and calls begins with.
pub(super) fn root(node: Node<'_>) -> Node<'_> {
    let mut at = node;
    for _ in 0..DEPTH {
        let inner = match at.kind() {
            "selector_expression" => at.child_by_field_name("operand"),
            "call_expression" => at.child_by_field_name("function"),
            _ => None,
        };
        match inner {
            Some(inner) => at = inner,
            None => break,
        }
    }
    at
}

pub(super) fn refuses(code: &str, node: Node<'_>) -> bool {
    let mut found = false;
    for node in nodes(node) {
        let written = text(code, node);
        match node.kind() {
            "int_literal" if written.len() == 3 => match written.as_bytes().first() {
                Some(b'4' | b'5') => found = true,
                Some(b'1'..=b'3') => return false,
                _ => {}
            },
            "field_identifier" if written.starts_with("Status") && written.len() > "Status".len() => {
                match GOOD.contains(&written.trim_start_matches("Status")) {
                    true => return false,
                    false => found = true,
                }
            }
            _ => {}
        }
    }
    found
}

/// Names of statuses that don't refuse.
const GOOD: &[&str] = &[
    "Code",
    "Text",
    "String",
    "JSON",
    "OK",
    "Created",
    "Accepted",
    "NonAuthoritativeInfo",
    "NonAuthoritativeInformation",
    "NoContent",
    "ResetContent",
    "PartialContent",
    "MultiStatus",
    "AlreadyReported",
    "IMUsed",
    "Continue",
    "SwitchingProtocols",
    "Processing",
    "EarlyHints",
    "MultipleChoices",
    "MovedPermanently",
    "Found",
    "SeeOther",
    "NotModified",
    "UseProxy",
    "TemporaryRedirect",
    "PermanentRedirect",
];
