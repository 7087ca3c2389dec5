//! Middleware and handlers of errors: whether they only refuse, or may answer what no route does.

use rustc_hash::FxHashSet;
use tree_sitter::Node;

use super::super::facts::Why;
use super::super::syntax::{children, nodes, text};
use super::reader::Reader;

/// How deep what is returned is looked at.
const DEPTH: u32 = 12;

/// True for a middleware that only passes a request on, refuses it, or sends to a login.
pub(super) fn passes(code: &str, function: Node<'_>) -> bool {
    Returns::of(code, function).all(true)
}

/// True for a handler of errors that answers with an error.
pub(super) fn refuses(code: &str, function: Node<'_>) -> bool {
    let returns = Returns::of(code, function);
    !returns.found.is_empty() && returns.all(false)
}

/// What a function returns.
struct Returns<'c, 't> {
    code: &'c str,
    found: Vec<Option<Node<'t>>>,
    /// What names are given, and which of them have a status.
    given: Vec<(&'c str, Node<'t>)>,
    marked: FxHashSet<&'c str>,
    parameters: FxHashSet<&'c str>,
    functions: FxHashSet<&'c str>,
    /// True when an answer gets a status by which something is there.
    found_after_all: bool,
}

impl<'c, 't> Returns<'c, 't> {
    fn of(code: &'c str, function: Node<'t>) -> Self {
        let mut out = Returns {
            code,
            found: Vec::new(),
            given: Vec::new(),
            marked: FxHashSet::default(),
            parameters: FxHashSet::default(),
            functions: FxHashSet::default(),
            found_after_all: false,
        };
        for node in nodes(function) {
            match node.kind() {
                "return_statement" => out.found.push(node.named_child(0)),
                "assignment" => {
                    let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else { continue };
                    if left.kind() == "identifier" {
                        out.given.push((text(code, left), right));
                    }
                    let status = left.child_by_field_name("attribute").is_some_and(|name| text(code, name) == "status_code");
                    out.found_after_all |= status && !out.is_refusal(right);
                    if let Some(object) = left.child_by_field_name("object").filter(|_| status && out.is_refusal(right)) {
                        out.marked.insert(text(code, object));
                    }
                }
                "function_definition" => {
                    if let Some(name) = node.child_by_field_name("name") {
                        out.functions.insert(text(code, name));
                    }
                    let parameters = node.child_by_field_name("parameters").map(children).unwrap_or_default();
                    for parameter in parameters {
                        let name = match parameter.kind() {
                            "identifier" => Some(parameter),
                            "typed_parameter" => parameter.named_child(0),
                            _ => parameter.child_by_field_name("name"),
                        };
                        if let Some(name) = name {
                            out.parameters.insert(text(code, name));
                        }
                    }
                }
                _ => {}
            }
        }
        out
    }

    fn all(&self, redirects: bool) -> bool {
        !self.found_after_all && self.found.iter().all(|value| value.is_none_or(|value| self.fine(value, redirects, DEPTH)))
    }

    /// A status that is none of success. What is computed is the status of the error as a rule.
    fn is_refusal(&self, node: Node<'_>) -> bool {
        let written = text(self.code, node);
        match node.kind() {
            "integer" => written.len() == 3 && written.starts_with(['4', '5']),
            "attribute" => !written.contains("HTTP_2") && !written.contains("HTTP_3") && !written.ends_with(".OK"),
            "call" | "identifier" => true,
            _ => false,
        }
    }

    fn fine(&self, node: Node<'t>, redirects: bool, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let name = text(self.code, node);
        match node.kind() {
            "none" => true,
            "parenthesized_expression" | "await" => node.named_child(0).is_some_and(|inner| self.fine(inner, redirects, depth)),
            "identifier" => {
                if self.marked.contains(name) || self.functions.contains(name) {
                    return true;
                }
                let given: Vec<_> = self.given.iter().filter(|(known, _)| *known == name).collect();
                match given.is_empty() {
                    true => self.parameters.contains(name),
                    false => given.iter().all(|(_, value)| self.fine(*value, redirects, depth)),
                }
            }
            "tuple" | "expression_list" => children(node).get(1).is_some_and(|status| self.is_refusal(*status)),
            "conditional_expression" => match children(node).as_slice() {
                [yes, _, no] => self.fine(*yes, redirects, depth) && self.fine(*no, redirects, depth),
                _ => false,
            },
            "call" => self.fine_call(node, redirects, depth),
            _ => false,
        }
    }

    fn fine_call(&self, call: Node<'t>, redirects: bool, depth: u32) -> bool {
        let Some(function) = call.child_by_field_name("function") else { return false };
        let name = text(self.code, function);
        let last = name.rsplit('.').next().unwrap_or_default();
        let arguments = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        let passed_on = matches!(last, "call_next" | "get_response" | "abort")
            || matches!(name, "self.app" | "self.wsgi_app" | "self._app" | "app" | "wsgi_app" | "next_handler")
            || name.starts_with("super().");
        if passed_on && (redirects || last == "abort") {
            return true;
        }
        if matches!(last, "redirect" | "RedirectResponse" | "HttpResponseRedirect") {
            return redirects;
        }
        if last.starts_with("HttpResponse") && last.len() > "HttpResponse".len() {
            return !matches!(last, "HttpResponsePermanentRedirect" | "HttpResponseNotModified") || redirects;
        }
        let status = arguments.iter().find_map(|argument| {
            let name = argument.child_by_field_name("name").map(|name| text(self.code, name))?;
            matches!(name, "status_code" | "status").then(|| argument.child_by_field_name("value")).flatten()
        });
        if let Some(status) = status {
            return self.is_refusal(status);
        }
        // `make_response(jsonify(…), 404)`, `error_response(404, "…")`.
        if arguments.iter().any(|argument| argument.kind() == "integer" && self.is_refusal(*argument)) {
            return true;
        }
        // `e.get_response()`: the error as it is.
        if last == "get_response" && name.split('.').next().is_some_and(|first| self.parameters.contains(first)) {
            return true;
        }
        // `make_response((body, 404))`
        match arguments.as_slice() {
            [one] if last == "make_response" => self.fine(*one, redirects, depth),
            _ => false,
        }
    }
}

/// Looks at a class that may be a middleware.
pub(super) fn class(reader: &mut Reader<'_>, node: Node<'_>, bases: &[String]) {
    let methods: Vec<Node<'_>> = node
        .child_by_field_name("body")
        .map(children)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|child| match child.kind() {
            "function_definition" => Some(child),
            "decorated_definition" => child.child_by_field_name("definition"),
            _ => None,
        })
        .collect();
    let code = reader.code;
    let name = |method: &Node<'_>| method.child_by_field_name("name").map_or("", |name| text(code, name));
    let parameters = |method: &Node<'_>| method.child_by_field_name("parameters").map_or("", |list| text(code, list));
    let middleware = bases.iter().any(|base| base.contains("Middleware"))
        || methods.iter().any(|method| {
            let list = parameters(method);
            list.contains("get_response")
                || list.contains("call_next")
                || name(method) == "__call__" && (list.contains("start_response") || list.contains("receive"))
        });
    if !middleware {
        return;
    }
    for method in methods {
        let fine = match name(&method) {
            "dispatch" | "process_request" | "process_response" => passes(code, method),
            "__call__" => passes(code, method) && !answers(code, method),
            _ => true,
        };
        if !fine {
            reader.open(Why::Middleware, method);
        }
    }
}

/// Looks at a function that may make a middleware of Django.
pub(super) fn function(reader: &mut Reader<'_>, node: Node<'_>) {
    let code = reader.code;
    let list = node.child_by_field_name("parameters").map_or("", |list| text(code, list));
    if list.trim_matches(['(', ')']).trim() == "get_response" && !passes(code, node) {
        reader.open(Why::Middleware, node);
    }
    // An application that is a function: `def application(environ, start_response)`. Methods are looked at with their class.
    let whole = list.contains("environ") && list.contains("start_response") || list.contains("receive") && list.contains("send");
    if whole && !list.contains("self") && (!passes(code, node) || answers(code, node)) {
        reader.open(Why::Middleware, node);
    }
}

/// True for a middleware by ASGI or WSGI that may answer by itself with something else than an error.
fn answers(code: &str, method: Node<'_>) -> bool {
    nodes(method).into_iter().any(|node| match node.kind() {
        "call" => {
            let name = node.child_by_field_name("function").map_or("", |function| text(code, function));
            let last = name.rsplit('.').next().unwrap_or_default();
            let arguments = node.child_by_field_name("arguments").map_or("", |list| text(code, list));
            let refused = ["status_code=4", "status_code=5", "'4", "\"4", "'5", "\"5"].iter().any(|status| arguments.contains(status));
            (last.ends_with("Response") || last == "start_response") && !refused
        }
        "pair" => {
            let key = node.child_by_field_name("key").map_or("", |key| text(code, key));
            let value = node.child_by_field_name("value").map_or("", |value| text(code, value));
            key.trim_matches(['"', '\'']) == "status" && !value.starts_with(['4', '5'])
        }
        _ => false,
    })
}
