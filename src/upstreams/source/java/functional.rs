//! Functional routes: `route(GET("/x"), …)`, `nest(path("/y"), …)` and the builder.

use tree_sitter::Node;

use super::super::facts::{Expr, Why};
use super::super::making::{global, has_any};
use super::super::syntax::{children, nodes, span};
use super::values::File;
use super::{APP, SLASH};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
/// How far outwards nests are looked for.
const HEIGHT: u32 = 200;
/// Calls whose first argument says where the others are.
const NESTS: [&str; 3] = ["nest", "andNest", "path"];

fn arguments<'t>(call: Node<'t>) -> Vec<Node<'t>> {
    call.child_by_field_name("arguments").map(children).unwrap_or_default()
}

pub(super) fn read(file: &mut File<'_, '_>, all: &[Node<'_>]) {
    if !has_any(file.code, &["RouterFunction", "function.server", "servlet.function"]) {
        return;
    }
    for call in all.iter().copied().filter(|node| node.kind() == "method_invocation") {
        let given = arguments(call);
        match (file.field(call, "name"), given.as_slice()) {
            (name, [path, ..]) if METHODS.contains(&name) && is_path(*path) => route(file, call, &[name], *path),
            // `GET(handler)` of the builder: the path of the nest itself.
            (name, [first]) if METHODS.contains(&name) => here(file, call, &[name], *first),
            ("method", [_, path]) => route(file, call, &[], *path),
            ("resources", [path, _, ..]) if is_path(*path) => route(file, call, &[], *path),
            ("resources", _) => file.facts.doubt(Why::Computed, span(call)),
            ("route" | "andRoute", [predicate, _, ..]) => predicated(file, call, *predicate),
            ("nest" | "andNest" | "path", [_, inner]) => nested(file, *inner),
            ("add" | "and" | "andOther", [other])
                if is_nested(file, call) && !routes_inside(file, *other) && !is_predicate(file, *other) =>
            {
                file.facts.doubt(Why::Mounted, span(*other));
            }
            _ => {}
        }
    }
}

fn is_path(node: Node<'_>) -> bool {
    matches!(node.kind(), "string_literal" | "identifier" | "field_access" | "binary_expression" | "parenthesized_expression")
}

fn is_predicate(file: &File<'_, '_>, node: Node<'_>) -> bool {
    node.kind() == "method_invocation"
        && matches!(
            file.field(node, "name"),
            "accept" | "contentType" | "headers" | "queryParam" | "param" | "methods" | "version" | "or" | "negate"
        )
}

fn routes_inside(file: &File<'_, '_>, node: Node<'_>) -> bool {
    nodes(node).into_iter().any(|call| {
        let name = if call.kind() == "method_invocation" { file.field(call, "name") } else { "" };
        METHODS.contains(&name) || matches!(name, "path" | "method" | "resources")
    })
}

/// A nest whose routes stand elsewhere has its prefix there, where nobody sees it.
fn nested(file: &mut File<'_, '_>, inner: Node<'_>) {
    if !routes_inside(file, inner) {
        file.facts.doubt(Why::Mounted, span(inner));
    }
}

/// A route whose predicate has a path in it has that; any other may be anywhere.
fn predicated(file: &mut File<'_, '_>, call: Node<'_>, predicate: Node<'_>) {
    let inside = nodes(predicate);
    let path = inside.iter().find(|inner| inner.kind() == "method_invocation" && file.field(**inner, "name") == "path");
    match path.and_then(|call| arguments(*call).first().copied()) {
        _ if inside.iter().any(|node| matches!(node.kind(), "lambda_expression" | "method_reference")) => {
            file.facts.doubt(Why::Computed, span(call));
        }
        Some(path) => route(file, call, &[], path),
        None if routes_inside(file, predicate) => {}
        None => file.facts.doubt(Why::Computed, span(call)),
    }
}

/// The prefixes of the nests around a call.
fn around(file: &File<'_, '_>, call: Node<'_>) -> Vec<Expr> {
    let mut out = Vec::new();
    let mut inner = call;
    let mut left = HEIGHT;
    while let Some(list) = inner.parent() {
        let Some(less) = left.checked_sub(1) else {
            out.push(Expr::Unknown);
            break;
        };
        left = less;
        let outer = list.parent().filter(|outer| list.kind() == "argument_list" && outer.kind() == "method_invocation");
        if let Some(outer) = outer.filter(|outer| NESTS.contains(&file.field(*outer, "name"))) {
            let given = arguments(outer);
            if let Some(first) = given.first().filter(|first| given.len() > 1 && first.id() != inner.id()) {
                out.push(prefix(file, outer, *first));
            }
        }
        inner = list;
    }
    out.reverse();
    out
}

fn is_nested(file: &File<'_, '_>, call: Node<'_>) -> bool {
    !around(file, call).is_empty()
}

fn prefix(file: &File<'_, '_>, outer: Node<'_>, first: Node<'_>) -> Expr {
    if is_path(first) && file.field(outer, "name") == "path" {
        return file.path(first, file.scope(first));
    }
    let inner = nodes(first);
    let path = inner.iter().find(|call| call.kind() == "method_invocation" && matches!(file.field(**call, "name"), "path" | "pathPrefix"));
    match path.and_then(|call| arguments(*call).first().copied()) {
        Some(path) => file.path(path, file.scope(path)),
        None if inner.iter().any(|node| matches!(node.kind(), "lambda_expression" | "identifier")) && !is_predicate(file, first) => {
            Expr::Unknown
        }
        None => Expr::text(""),
    }
}

fn register(file: &mut File<'_, '_>, call: Node<'_>, methods: &[&str], path: Expr, place: Node<'_>) {
    let mut pieces: Vec<Expr> = Vec::new();
    for prefix in around(file, call) {
        pieces.push(prefix);
        pieces.push(Expr::text("/"));
    }
    pieces.push(path);
    pieces.push(global(SLASH));
    file.facts.add_route(global(APP), methods, Expr::Join(pieces), span(place));
}

fn route(file: &mut File<'_, '_>, call: Node<'_>, methods: &[&str], path: Node<'_>) {
    let written = file.path(path, file.scope(path));
    register(file, call, methods, written, path);
}

/// A route at the path of the nests around it.
fn here(file: &mut File<'_, '_>, call: Node<'_>, methods: &[&str], first: Node<'_>) {
    if is_nested(file, call) {
        let mut prefixes = around(file, call);
        let last = prefixes.pop().unwrap_or(Expr::text(""));
        let mut pieces: Vec<Expr> = prefixes.into_iter().flat_map(|prefix| [prefix, Expr::text("/")]).collect();
        pieces.push(last);
        pieces.push(Expr::List(vec![Expr::text(""), Expr::text("/")]));
        file.facts.add_route(global(APP), methods, Expr::Join(pieces), span(call));
    } else {
        file.facts.add_route(global(APP), methods, Expr::List(vec![Expr::text("/"), Expr::text("")]), span(first));
    }
}
