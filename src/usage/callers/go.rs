//! Go: `net/http`, and the helpers of tests.

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::formats::Context;
use super::value::{self, Manner, Value, Values};
use super::{Found, Kind, children, parse};
use crate::text::Span;

/// How deep an expression is followed.
const DEPTH: u32 = 16;

/// Reads a file.
pub(super) fn read(context: &Context<'_>, code: &str) -> Vec<Found> {
    let Some(tree) = parse(code, &tree_sitter_go::LANGUAGE.into()) else { return Vec::new() };
    let nodes = super::nodes(tree.root_node());
    let mut reader = Reader { code, names: FxHashMap::default() };
    for node in &nodes {
        reader.declare(*node);
    }
    let kind = context.kind(Kind::Code);
    let mut out = Vec::new();
    for node in nodes.iter().filter(|node| node.kind() == "call_expression") {
        reader.call(*node, kind, &mut out);
    }
    out
}

struct Reader<'a, 't> {
    code: &'a str,
    /// What names are given; `None` for what is not seen (a parameter).
    names: FxHashMap<&'a str, Vec<Option<Node<'t>>>>,
}

impl<'a, 't> Reader<'a, 't> {
    fn text(&self, node: Node<'_>) -> &'a str {
        self.code.get(node.byte_range()).unwrap_or("")
    }

    fn declare(&mut self, node: Node<'t>) {
        let list = |node: Node<'t>, field: &str| -> Vec<Node<'t>> {
            let mut cursor = node.walk();
            let found: Vec<Node<'t>> = node.children_by_field_name(field, &mut cursor).filter(Node::is_named).collect();
            found.into_iter().flat_map(|one| if one.kind() == "expression_list" { children(one) } else { vec![one] }).collect()
        };
        let (names, values) = match node.kind() {
            "const_spec" | "var_spec" => (list(node, "name"), list(node, "value")),
            "short_var_declaration" | "assignment_statement" => (list(node, "left"), list(node, "right")),
            "parameter_declaration" | "range_clause" => {
                (list(node, if node.kind() == "range_clause" { "left" } else { "name" }), Vec::new())
            }
            _ => return,
        };
        for (at, name) in names.into_iter().enumerate() {
            self.names.entry(self.text(name)).or_default().push(values.get(at).copied());
        }
    }

    fn value(&self, node: Node<'t>, depth: u32) -> Values {
        if depth == 0 {
            return vec![Value::gap()];
        }
        let inner = |node: Node<'t>| self.value(node, depth - 1);
        let values = match node.kind() {
            "interpreted_string_literal" | "raw_string_literal" => {
                let text = self.text(node);
                vec![Value::text(text.get(1..text.len().saturating_sub(1)).unwrap_or(""))]
            }
            "int_literal" => vec![Value::text(self.text(node))],
            "parenthesized_expression" => children(node).first().map_or_else(Values::new, |node| inner(*node)),
            "binary_expression" => match (node.child_by_field_name("left"), node.child_by_field_name("right")) {
                (Some(left), Some(right)) if self.code.get(left.end_byte()..right.start_byte()).unwrap_or("").trim() == "+" => {
                    value::joined(&inner(left), &inner(right))
                }
                _ => Values::new(),
            },
            "identifier" | "selector_expression" => {
                let mut out = Values::new();
                for given in self.names.get(self.text(node)).map(Vec::as_slice).unwrap_or_default().iter().take(value::MAX) {
                    value::add(&mut out, given.map_or_else(|| vec![Value::gap()], inner));
                }
                out
            }
            "call_expression" => {
                let name = node.child_by_field_name("function").map(|name| self.text(name)).unwrap_or("");
                let arguments = node.child_by_field_name("arguments").map(children).unwrap_or_default();
                match (name, arguments.split_first()) {
                    ("fmt.Sprintf", Some((format, rest))) => self.formatted(*format, rest, depth - 1),
                    ("string" | "strings.TrimRight" | "strings.TrimSuffix", Some((first, _))) => inner(*first),
                    _ => Values::new(),
                }
            }
            _ => Values::new(),
        };
        if values.is_empty() { vec![Value::gap()] } else { values }
    }

    fn formatted(&self, format: Node<'t>, arguments: &[Node<'t>], depth: u32) -> Values {
        let formats = self.value(format, depth);
        let Some(format) = formats.first().and_then(Value::known) else { return Values::new() };
        let mut arguments = arguments.iter();
        let mut parts = format.split('%');
        let mut out = vec![Value::text(parts.next().unwrap_or(""))];
        for part in parts {
            let known = arguments.next().map_or_else(|| vec![Value::gap()], |argument| self.value(*argument, depth));
            out = value::joined(&out, &known);
            let after = part.find(|c: char| c.is_ascii_alphabetic()).map_or("", |at| &part[at + 1..]);
            out = value::joined(&out, &[Value::text(after)]);
        }
        out
    }

    /// `"GET"`, `http.MethodGet`
    fn method(&self, node: Node<'t>) -> Option<String> {
        match self.text(node).strip_prefix("http.Method") {
            Some(name) => Some(name.to_ascii_uppercase()),
            None => self.value(node, DEPTH).first().and_then(Value::known).map(str::to_ascii_uppercase).filter(|name| !name.is_empty()),
        }
    }

    fn call(&self, call: Node<'t>, kind: Kind, out: &mut Vec<Found>) {
        let Some(function) = call.child_by_field_name("function").filter(|function| function.kind() == "selector_expression") else {
            return;
        };
        let (Some(operand), Some(field)) = (function.child_by_field_name("operand"), function.child_by_field_name("field")) else { return };
        let arguments = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        let operand = self.text(operand);
        let last = operand.rsplit('.').next().unwrap_or(operand).to_ascii_lowercase();
        let sends = operand == "http" || last.contains("client") || operand.contains(".R()");
        let (url, method) = match (operand, self.text(field)) {
            ("http", "NewRequest") | ("httptest", "NewRequest") => {
                (arguments.get(1), arguments.first().and_then(|method| self.method(*method)))
            }
            ("http" | "httptest", "NewRequestWithContext") => (arguments.get(2), arguments.get(1).and_then(|method| self.method(*method))),
            (_, "Get" | "Head" | "Post" | "PostForm" | "Put" | "Patch" | "Delete") if sends => {
                let name = self.text(field);
                (arguments.first(), Some(if name == "PostForm" { "POST".to_owned() } else { name.to_ascii_uppercase() }))
            }
            _ => return,
        };
        let Some(node) = url else { return };
        let kind = if operand == "httptest" { Kind::Test } else { kind };
        let span = Span::new(node.start_byte() as u32, node.end_byte() as u32);
        for url in self.value(*node, DEPTH).iter().filter_map(|value| value.url(Manner::Code)) {
            out.push(Found { span, kind, method: method.as_deref().map(Into::into), url, service: None });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn requests_of_programs() {
        let code = r#"package main
import "net/http"
const base = "http://a.example"
func f(id string) {
	http.Get(base + "/x")
	// http.Get("http://no/no")
	req, _ := http.NewRequest(http.MethodPut, fmt.Sprintf("%s/y/%d", base, id), nil)
	http.NewRequestWithContext(ctx, "DELETE", base + "/z/" + id, nil)
	s.httpClient.Post("http://b.example/w", "", nil)
	http.HandleFunc("/no", h)
	mux.Handle("/no", h)
	cache.Get("/no")
	r := httptest.NewRequest("GET", "/t", nil)
	client.R().SetBody(x).Post("http://c.example/r")
}
"#;
        let found = read(&Context::new(Path::new("main.go")), code);
        let shown: Vec<String> =
            found.iter().map(|found| format!("{:?} {} {}", found.kind, found.method.as_deref().unwrap_or("?"), found.url)).collect();
        assert_eq!(
            shown,
            [
                "Code GET http://a.example/x",
                "Code PUT http://a.example/y/…",
                "Code DELETE http://a.example/z/…",
                "Code POST http://b.example/w",
                "Test GET /t",
                "Code POST http://c.example/r",
            ]
        );
    }
}
