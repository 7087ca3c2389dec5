//! Handlers of errors: whether they answer with more than a status; and what the names of functions say of them.

use rustc_hash::FxHashSet;
use tree_sitter::Node;

use super::super::syntax::{children, nodes, text};
use super::expressions::is_standard;
use super::mild;
use super::reader::Reader;

/// True when a status is written there and all that are refuse.
/// True when a handler of errors answers with more than their status: it serves a page, or hands the request to what is not seen.
pub(super) fn serves<'t>(reader: &Reader<'t>, function: Node<'t>, serving: &[&str], left: &mut usize) -> bool {
    let mut seen: FxHashSet<usize> = FxHashSet::default();
    let mut open = vec![function];
    while let Some(function) = open.pop() {
        if !seen.insert(function.id()) {
            continue;
        }
        *left = left.saturating_sub(1);
        let written = reader.text(function);
        if *left == 0 || serving.iter().any(|word| written.contains(word)) {
            return true;
        }
        let mut given: FxHashSet<&str> = FxHashSet::default();
        for parameter in function.child_by_field_name("parameters").map(children).unwrap_or_default() {
            let mut cursor = parameter.walk();
            given.extend(parameter.children_by_field_name("name", &mut cursor).map(|name| text(reader.code, name)));
        }
        for call in nodes(function).into_iter().filter(|node| node.kind() == "call_expression") {
            let Some(called) = call.child_by_field_name("function") else { return true };
            let arguments = call.child_by_field_name("arguments").map(children).unwrap_or_default();
            let gets = arguments.iter().any(|node| node.kind() == "identifier" && given.contains(reader.text(*node)));
            if !gets || given.contains(reader.text(mild::root(called))) {
                continue;
            }
            let name = called.child_by_field_name("field").map_or_else(|| reader.text(called), |field| reader.text(field));
            match reader.named.get(name) {
                Some(own) => open.extend(own),
                None if refuses_by_name(&words(name)) || matches!(name, "NotFound" | "DefaultHTTPErrorHandler" | "As" | "Is") => {}
                None if is_standard_call(reader, called) => {}
                None => return true,
            }
        }
    }
    false
}

/// `log.Println(err)`: of the standard library, and not of its servers.
fn is_standard_call(reader: &Reader<'_>, called: Node<'_>) -> bool {
    let package = called.child_by_field_name("operand").map_or("", |operand| reader.text(operand));
    let standard = |path: &String| is_standard(path) && !matches!(path.as_str(), "net/http" | "io" | "fmt");
    reader.imports.get(package).is_some_and(standard) || matches!(package, "log" | "slog" | "logger" | "zap" | "logrus" | "zerolog")
}

/// Parts of the names of functions that refuse a request.
const REFUSES: &[&str] = &[
    "err",
    "error",
    "errors",
    "unauthorized",
    "unauthorised",
    "forbid",
    "forbidden",
    "fail",
    "failure",
    "abort",
    "deny",
    "denied",
    "reject",
    "rejected",
    "invalid",
];
/// Words for what is written for a page.
pub(super) const WRITES: &[&str] =
    &["page", "file", "html", "index", "template", "over", "response", "responder", "body", "json", "ok", "static"];

/// The words of a name: `respondWithError` has three.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut before = '_';
    for c in name.chars() {
        if c == '_' || c.is_ascii_uppercase() && !before.is_ascii_uppercase() || out.is_empty() {
            out.push(String::new());
        }
        if let Some(last) = out.last_mut().filter(|_| c != '_') {
            last.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    out.retain(|word| !word.is_empty());
    out
}

/// True for the name of a function that refuses a request.
pub(super) fn refuses_by_name(words: &[String]) -> bool {
    let has = |word: &str| words.iter().any(|known| known == word);
    let refuses = REFUSES.iter().any(|word| has(word)) || has("not") && has("found") || has("bad") && has("request") || has("notfound");
    refuses && !["page", "file", "html", "index", "template", "over"].iter().any(|word| has(word))
}
