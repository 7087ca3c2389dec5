//! Lua that asks over the network: resty.http and luasocket. What it asks of nginx itself is in [`crate::usage::references`].

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::value::{self, Manner, Piece, Value, Values};
use super::{Found, Kind, parse};
use crate::text::Span;

/// How deep an expression is followed.
const DEPTH: u32 = 24;

/// Reads code.
pub(super) fn read(code: &str) -> Vec<Found> {
    let Some(tree) = parse(code, &tree_sitter_lua::LANGUAGE.into()) else { return Vec::new() };
    let mut reader = Reader { code, names: FxHashMap::default() };
    let nodes = super::nodes(tree.root_node());
    for node in &nodes {
        reader.bind(*node);
    }
    let mut connected: FxHashMap<String, Values> = FxHashMap::default();
    let mut out = Vec::new();
    for node in &nodes {
        reader.call(*node, &mut connected, &mut out);
    }
    out
}

struct Reader<'a, 't> {
    code: &'a str,
    /// Every value that a name is given.
    names: FxHashMap<&'a str, Vec<Option<Node<'t>>>>,
}

impl<'a, 't> Reader<'a, 't> {
    fn text(&self, node: Node<'_>) -> &'a str {
        self.code.get(node.byte_range()).unwrap_or("")
    }

    fn bind(&mut self, node: Node<'t>) {
        if node.kind() != "assignment_statement" {
            return;
        }
        let parts = super::children(node);
        let list = |kind: &str| parts.iter().find(|part| part.kind() == kind).map(|list| super::children(*list)).unwrap_or_default();
        let values = list("expression_list");
        for (at, name) in list("variable_list").into_iter().filter(|name| name.kind() != "attribute").enumerate() {
            self.names.entry(self.text(name)).or_default().push(values.get(at).copied());
        }
    }

    fn string(&self, node: Node<'t>) -> Option<&'a str> {
        let content = (node.kind() == "string").then(|| node.child_by_field_name("content")).flatten()?;
        let text = self.text(content);
        (!text.contains('\\')).then_some(text)
    }

    fn value(&self, node: Node<'t>, depth: u32) -> Values {
        if depth == 0 {
            return vec![Value::gap()];
        }
        let inner = |node: Node<'t>| self.value(node, depth - 1);
        match node.kind() {
            "string" => self.string(node).map_or_else(|| vec![Value::gap()], |text| vec![Value::text(text)]),
            "number" => vec![Value::text(self.text(node))],
            "parenthesized_expression" => super::children(node).first().map_or_else(|| vec![Value::gap()], |node| inner(*node)),
            "identifier" | "dot_index_expression" => match self.names.get(self.text(node)).map(Vec::as_slice) {
                Some(values @ ([_] | [_, _])) => {
                    let mut out = Values::new();
                    for one in values {
                        value::add(&mut out, one.map_or_else(|| vec![Value::gap()], inner));
                    }
                    out
                }
                _ => vec![Value::gap()],
            },
            "binary_expression" => {
                let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
                    return vec![Value::gap()];
                };
                match self.code.get(left.end_byte()..right.start_byte()).unwrap_or("").trim() {
                    ".." => value::joined(&inner(left), &inner(right)),
                    // `os.getenv("X") or "default"`
                    "or" => {
                        let known: Values = inner(left).into_iter().filter(|value| !value.is_gap()).collect();
                        if known.is_empty() { inner(right) } else { known }
                    }
                    _ => vec![Value::gap()],
                }
            }
            "function_call" => {
                let name = node.child_by_field_name("name").map(|name| self.text(name)).unwrap_or("");
                let arguments = node.child_by_field_name("arguments").map(super::children).unwrap_or_default();
                match (name, arguments.split_first()) {
                    ("string.format", Some((format, rest))) => {
                        let Some(format) = self.string(*format) else { return vec![Value::gap()] };
                        let mut out: Values = vec![Value::default()];
                        let mut rest = rest.iter();
                        let mut parts = format.split('%');
                        out = value::joined(&out, &[Value::text(parts.next().unwrap_or(""))]);
                        for part in parts {
                            let known = rest.next().map_or_else(|| vec![Value::gap()], |argument| inner(*argument));
                            out = value::joined(&out, &known);
                            let after = part.find(|c: char| c.is_ascii_alphabetic()).map_or("", |at| &part[at + 1..]);
                            out = value::joined(&out, &[Value::text(after)]);
                        }
                        out
                    }
                    _ => vec![Value::gap()],
                }
            }
            _ => vec![Value::gap()],
        }
    }

    /// A field of a table that is written out.
    fn field(&self, table: Node<'t>, key: &str) -> Option<Node<'t>> {
        let fields = super::children(table).into_iter().filter(|field| field.kind() == "field");
        let mut found = fields.filter(|field| field.child_by_field_name("name").is_some_and(|name| self.text(name) == key));
        found.next()?.child_by_field_name("value")
    }

    /// The values of a name that stands for a table, or of the table itself.
    fn table(&self, node: Node<'t>) -> Option<Node<'t>> {
        match node.kind() {
            "table_constructor" => Some(node),
            "identifier" => match self.names.get(self.text(node)).map(Vec::as_slice) {
                Some([Some(value)]) if value.kind() == "table_constructor" => Some(*value),
                _ => None,
            },
            _ => None,
        }
    }

    fn call(&self, node: Node<'t>, connected: &mut FxHashMap<String, Values>, out: &mut Vec<Found>) {
        if node.kind() != "function_call" {
            return;
        }
        let (Some(name), Some(list)) = (node.child_by_field_name("name"), node.child_by_field_name("arguments")) else { return };
        let arguments = if list.kind() == "arguments" { super::children(list) } else { vec![list] };
        let Some(first) = arguments.first().copied() else { return };
        let method = |table: Option<Node<'t>>| {
            let given = table.and_then(|table| self.field(table, "method"));
            match given {
                Some(given) => self.string(given).map(|method| method.to_ascii_uppercase().into()),
                None => Some("GET".into()),
            }
        };
        let mut push = |values: &[Value], method: Option<std::sync::Arc<str>>, node: Node<'t>| {
            for url in values.iter().filter_map(|value| value.url(Manner::Code)) {
                let span = Span::new(node.start_byte() as u32, node.end_byte() as u32);
                out.push(Found { span, kind: Kind::Lua, method: method.clone(), url, service: None });
            }
        };
        if name.kind() == "method_index_expression" {
            let object = name.child_by_field_name("table").map(|table| self.text(table)).unwrap_or("").to_owned();
            match name.child_by_field_name("method").map(|method| self.text(method)).unwrap_or("") {
                "request_uri" => push(&self.value(first, DEPTH), method(arguments.get(1).and_then(|table| self.table(*table))), first),
                // `httpc:connect("host", 80)`, `httpc:connect({ scheme, host, port })`, then `httpc:request({ path })`.
                "connect" => {
                    let (host, port, scheme) = match self.table(first) {
                        Some(table) => (self.field(table, "host"), self.field(table, "port"), self.field(table, "scheme")),
                        None => (Some(first), arguments.get(1).copied(), None),
                    };
                    let part = |node: Option<Node<'t>>, otherwise: &str| {
                        node.map_or_else(|| vec![Value::text(otherwise)], |node| self.value(node, DEPTH))
                    };
                    let mut url = value::joined(&part(scheme, "http"), &[Value::text("://")]);
                    url = value::joined(&url, &part(host, ""));
                    if port.is_some() {
                        url = value::joined(&value::joined(&url, &[Value::text(":")]), &part(port, ""));
                    }
                    connected.insert(object, url);
                }
                "request" => {
                    let Some(table) = self.table(first) else { return };
                    let Some(path) = self.field(table, "path") else { return };
                    let base = connected.get(&object).cloned().unwrap_or_else(|| vec![Value(vec![Piece::Gap])]);
                    push(&value::joined(&base, &self.value(path, DEPTH)), method(Some(table)), path);
                }
                _ => {}
            }
        } else if matches!(self.text(name), "http.request" | "https.request" | "requests.get" | "socket.http.request") {
            match self.table(first) {
                Some(table) => {
                    if let Some(url) = self.field(table, "url") {
                        push(&self.value(url, DEPTH), method(Some(table)), url);
                    }
                }
                None => push(&self.value(first, DEPTH), Some(if arguments.len() > 1 { "POST" } else { "GET" }.into()), first),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_over_the_network() {
        let code = r#"
            local http = require "resty.http"
            local httpc = http.new()
            local base = os.getenv("BASE") or "http://auth:9000"
            -- httpc:request_uri("http://no/no")
            local res = httpc:request_uri(base .. "/verify", { method = "POST" })
            httpc:request_uri(string.format("http://%s:8080/u/%s", "users", id))
            httpc:connect("inner", 81)
            httpc:request({ path = "/x/" .. id, method = "DELETE" })
            other:request({ path = "/y" })
            ngx.location.capture("/no")
            local s = "httpc:request_uri('http://no/no')"
        "#;
        let shown: Vec<String> = read(code)
            .iter()
            .map(|found| format!("{} {} | {}", found.method.as_deref().unwrap_or("?"), found.url, &code[found.span.range()]))
            .collect();
        assert_eq!(
            shown,
            [
                r#"POST http://auth:9000/verify | base .. "/verify""#,
                r#"GET http://users:8080/u/… | string.format("http://%s:8080/u/%s", "users", id)"#,
                r#"DELETE http://inner:81/x/… | "/x/" .. id"#,
                r#"GET ?…/y | "/y""#,
            ]
        );
    }
}
