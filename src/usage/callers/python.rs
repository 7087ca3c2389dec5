//! Python: requests, httpx, urllib, aiohttp, locust, the clients of test frameworks.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::formats::Context;
use super::value::{self, Manner, Piece, Value, Values};
use super::{Found, Kind, children, parse};
use crate::text::Span;

/// How deep an expression is followed.
const DEPTH: u32 = 16;
/// How deep functions that hand on their argument are followed.
const WRAPPED: u32 = 3;

/// Reads a program.
pub(super) fn read(context: &Context<'_>, code: &str) -> Vec<Found> {
    let Some(tree) = parse(code, &tree_sitter_python::LANGUAGE.into()) else { return Vec::new() };
    let nodes = super::nodes(tree.root_node());
    let mut reader = Reader {
        code,
        test: context.test,
        kind: context.kind(Kind::Code),
        names: FxHashMap::default(),
        functions: Vec::new(),
        modules: Vec::new(),
    };
    for node in &nodes {
        reader.declare(*node);
    }
    let mut requests = Vec::new();
    let mut calls: Vec<(usize, Node<'_>)> = Vec::new();
    for node in nodes.iter().filter(|node| node.kind() == "call") {
        reader.call(*node, &mut requests);
        if let Some(function) = reader.called(*node) {
            calls.push((function, *node));
        }
    }
    reader.finish(requests, &calls)
}

struct Function<'a, 't> {
    name: &'a str,
    /// Of the whole definition.
    range: std::ops::Range<usize>,
    /// Names and defaults, without `self`.
    parameters: Vec<(&'a str, Option<Node<'t>>)>,
}

struct Reader<'a, 't> {
    code: &'a str,
    test: bool,
    kind: Kind,
    /// What is assigned to names, `self.x` among them.
    names: FxHashMap<&'a str, Vec<Node<'t>>>,
    functions: Vec<Function<'a, 't>>,
    /// Local names of libraries that send requests.
    modules: Vec<&'a str>,
}

#[derive(Clone)]
struct Request {
    url: Value,
    method: Option<String>,
    span: Span,
}

fn verb(name: &str) -> Option<&'static str> {
    Some(match name {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "patch" => "PATCH",
        "delete" => "DELETE",
        "head" => "HEAD",
        "options" => "OPTIONS",
        _ => return None,
    })
}

impl<'a, 't> Reader<'a, 't> {
    fn text(&self, node: Node<'_>) -> &'a str {
        self.code.get(node.byte_range()).unwrap_or("")
    }

    fn declare(&mut self, node: Node<'t>) {
        match node.kind() {
            "assignment" => {
                if let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) {
                    self.names.entry(self.text(left)).or_default().push(right);
                }
            }
            // `with httpx.Client() as client:`
            "as_pattern" => {
                if let [value, name, ..] = children(node).as_slice() {
                    self.names.entry(self.text(*name)).or_default().push(*value);
                }
            }
            "for_statement" => {
                if let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
                    && matches!(right.kind(), "list" | "tuple")
                {
                    self.names.entry(self.text(left)).or_default().extend(children(right));
                }
            }
            "import_statement" | "import_from_statement" => {
                const LIBRARIES: [&str; 5] = ["requests", "httpx", "urllib3", "aiohttp", "niquests"];
                for part in children(node) {
                    let (name, local) = match part.kind() {
                        "dotted_name" => (self.text(part), self.text(part)),
                        "aliased_import" => match (part.child_by_field_name("name"), part.child_by_field_name("alias")) {
                            (Some(name), Some(alias)) => (self.text(name), self.text(alias)),
                            _ => continue,
                        },
                        _ => continue,
                    };
                    if LIBRARIES.contains(&name) {
                        self.modules.push(local);
                    }
                }
            }
            "function_definition" => {
                let Some(name) = node.child_by_field_name("name") else { return };
                let parameters = node.child_by_field_name("parameters").map(children).unwrap_or_default();
                let one = |parameter: Node<'t>| match parameter.kind() {
                    "identifier" => Some((self.text(parameter), None)),
                    "default_parameter" | "typed_default_parameter" => {
                        Some((self.text(parameter.child_by_field_name("name")?), parameter.child_by_field_name("value")))
                    }
                    "typed_parameter" => Some((self.text(children(parameter).first().copied()?), None)),
                    _ => None,
                };
                let parameters = parameters.into_iter().filter_map(one).filter(|(name, _)| !matches!(*name, "self" | "cls")).collect();
                self.functions.push(Function { name: self.text(name), range: node.byte_range(), parameters });
            }
            _ => {}
        }
    }

    /// The innermost function around a place that has a parameter of this name.
    fn parameter(&self, name: &str, at: usize) -> Option<(usize, usize)> {
        let around = self.functions.iter().enumerate().filter(|(_, function)| function.range.contains(&at));
        let mut found: Vec<(usize, usize, usize)> = around
            .filter_map(|(number, function)| {
                Some((function.range.len(), number, function.parameters.iter().position(|(known, _)| *known == name)?))
            })
            .collect();
        found.sort_unstable();
        found.first().map(|(_, number, index)| (*number, *index))
    }

    fn value(&self, node: Node<'t>, depth: u32) -> Values {
        if depth == 0 {
            return vec![Value::gap()];
        }
        let inner = |node: Node<'t>| self.value(node, depth - 1);
        let values = match node.kind() {
            "string" => {
                let mut out: Values = vec![Value::default()];
                for part in children(node) {
                    let more = match part.kind() {
                        "string_content" => vec![Value::text(self.text(part))],
                        "interpolation" => children(part).first().map_or_else(|| vec![Value::gap()], |expression| inner(*expression)),
                        _ => continue,
                    };
                    out = value::joined(&out, &more);
                }
                out
            }
            "concatenated_string" => children(node).into_iter().fold(vec![Value::default()], |out, part| value::joined(&out, &inner(part))),
            "integer" => vec![Value::text(self.text(node))],
            "parenthesized_expression" | "await" => children(node).first().map_or_else(Values::new, |node| inner(*node)),
            "binary_operator" => {
                let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
                    return vec![Value::gap()];
                };
                match node.child_by_field_name("operator").map(|operator| self.text(operator)) {
                    Some("+") => value::joined(&inner(left), &inner(right)),
                    Some("%") => {
                        let arguments = if right.kind() == "tuple" { children(right) } else { vec![right] };
                        inner(left).iter().flat_map(|format| self.formatted(format, '%', &arguments, depth - 1)).collect()
                    }
                    _ => Values::new(),
                }
            }
            // `os.environ.get("X") or "default"`
            "boolean_operator" => {
                let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
                    return vec![Value::gap()];
                };
                let known: Values = inner(left).into_iter().filter(|value| !value.is_gap()).collect();
                if known.is_empty() { inner(right) } else { known }
            }
            "conditional_expression" => match children(node).as_slice() {
                [first, _, last] => {
                    let mut out = inner(*first);
                    value::add(&mut out, inner(*last));
                    out
                }
                _ => Values::new(),
            },
            "identifier" => match self.parameter(self.text(node), node.start_byte()) {
                Some((function, index)) => vec![Value(vec![Piece::Param(function, index)])],
                None => self.named(self.text(node), node, depth),
            },
            "attribute" => self.named(self.text(node), node, depth),
            "call" => self.call_value(node, depth),
            _ => Values::new(),
        };
        if values.is_empty() { vec![Value::gap()] } else { values }
    }

    fn named(&self, name: &str, at: Node<'t>, depth: u32) -> Values {
        let mut out = Values::new();
        for given in
            self.names.get(name).map(Vec::as_slice).unwrap_or_default().iter().filter(|given| given.id() != at.id()).take(value::MAX)
        {
            value::add(&mut out, self.value(*given, depth - 1));
        }
        out
    }

    /// `%s` and `{}` in a format.
    fn formatted(&self, format: &Value, mark: char, arguments: &[Node<'t>], depth: u32) -> Values {
        let mut out: Values = vec![Value::default()];
        let mut rest = arguments.iter();
        for piece in &format.0 {
            let Piece::Text(text) = piece else {
                out = value::joined(&out, &[Value(vec![piece.clone()])]);
                continue;
            };
            let mut text = text.as_str();
            while let Some(at) = text.find(mark) {
                out = value::joined(&out, &[Value::text(&text[..at])]);
                let behind = &text[at + 1..];
                let end = if mark == '%' { behind.find(|c: char| c.is_ascii_alphabetic()) } else { behind.find('}') };
                let plain = mark == '%' || end == Some(0);
                let known = rest.next().filter(|_| plain).map_or_else(|| vec![Value::gap()], |argument| self.value(*argument, depth));
                out = value::joined(&out, &known);
                text = end.map_or("", |end| &behind[end + 1..]);
            }
            out = value::joined(&out, &[Value::text(text)]);
        }
        out
    }

    fn call_value(&self, node: Node<'t>, depth: u32) -> Values {
        let Some(function) = node.child_by_field_name("function") else { return Values::new() };
        let name = self.text(function);
        let (arguments, _) = self.arguments(node);
        match (name, arguments.as_slice()) {
            // The default counts.
            ("os.getenv" | "os.environ.get" | "environ.get" | "getenv" | "config" | "env", [_, default]) => self.value(*default, depth - 1),
            ("str" | "quote" | "URL" | "yarl.URL" | "httpx.URL", [first, ..]) => self.value(*first, depth - 1),
            ("urljoin" | "urllib.parse.urljoin" | "parse.urljoin", [base, url]) => {
                let (bases, urls) = (self.value(*base, depth - 1), self.value(*url, depth - 1));
                urls.iter().flat_map(|url| bases.iter().map(move |base| value::against(url, base))).take(value::MAX).collect()
            }
            _ if function.kind() == "attribute" => {
                let (Some(object), Some(method)) = (function.child_by_field_name("object"), function.child_by_field_name("attribute"))
                else {
                    return Values::new();
                };
                match self.text(method) {
                    "format" => {
                        self.value(object, depth - 1).iter().flat_map(|format| self.formatted(format, '{', &arguments, depth - 1)).collect()
                    }
                    "rstrip" => {
                        let strip = |mut value: Value| {
                            if let Some(Piece::Text(text)) = value.0.last_mut() {
                                text.truncate(text.trim_end_matches('/').len());
                            }
                            value
                        };
                        self.value(object, depth - 1).into_iter().map(strip).collect()
                    }
                    "strip" => self.value(object, depth - 1),
                    _ => Values::new(),
                }
            }
            _ => Values::new(),
        }
    }

    /// The arguments of a call: by position, by name.
    fn arguments(&self, call: Node<'t>) -> (Vec<Node<'t>>, Vec<(&'a str, Node<'t>)>) {
        let all = call.child_by_field_name("arguments").filter(|list| list.kind() == "argument_list").map(children).unwrap_or_default();
        let (named, plain): (Vec<_>, Vec<_>) = all.into_iter().partition(|argument| argument.kind() == "keyword_argument");
        let pair = |argument: Node<'t>| Some((self.text(argument.child_by_field_name("name")?), argument.child_by_field_name("value")?));
        (plain, named.into_iter().filter_map(pair).collect())
    }

    /// The base URL of a client, empty when it has none; `None` for what is no client.
    fn client(&self, object: Node<'t>, depth: u32) -> Option<Values> {
        if depth == 0 {
            return None;
        }
        let name = self.text(object);
        match object.kind() {
            "identifier" | "attribute" => {
                if self.modules.contains(&name) {
                    return Some(Values::new());
                }
                let given = self.names.get(name).map(Vec::as_slice).unwrap_or_default();
                if let Some(base) = given.iter().find_map(|given| self.client(*given, depth - 1)) {
                    return Some(base);
                }
                let last = name.rsplit('.').next().unwrap_or(name);
                let usual = matches!(
                    last,
                    "client"
                        | "session"
                        | "http"
                        | "http_client"
                        | "api_client"
                        | "test_client"
                        | "async_client"
                        | "authenticated_client"
                        | "admin_client"
                );
                // Fixtures and users of load tests have theirs from outside.
                (usual && given.is_empty() && (self.test || name == "self.client") || name == "self.client" && given.is_empty())
                    .then(Values::new)
            }
            "call" => {
                let made = self.text(object.child_by_field_name("function")?);
                let last = made.rsplit('.').next().unwrap_or(made);
                if !matches!(
                    last,
                    "Session"
                        | "Client"
                        | "AsyncClient"
                        | "ClientSession"
                        | "TestClient"
                        | "APIClient"
                        | "test_client"
                        | "FuturesSession"
                        | "session"
                        | "PoolManager"
                        | "BaseUrlSession"
                ) {
                    return None;
                }
                let (plain, named) = self.arguments(object);
                let base = named.iter().find(|(name, _)| *name == "base_url").map(|(_, value)| *value);
                let base = base.or_else(|| {
                    plain.first().copied().filter(|first| first.kind() == "string" && matches!(last, "ClientSession" | "BaseUrlSession"))
                });
                Some(base.map(|base| self.value(base, DEPTH)).unwrap_or_default())
            }
            "await" | "parenthesized_expression" => self.client(children(object).first().copied()?, depth - 1),
            _ => None,
        }
    }

    fn call(&self, call: Node<'t>, out: &mut Vec<Request>) {
        let Some(function) = call.child_by_field_name("function") else { return };
        // `@client.get("/x")` is a route.
        if call.parent().is_some_and(|parent| parent.kind() == "decorator") {
            return;
        }
        let (plain, named) = self.arguments(call);
        let by_name = |key: &str| named.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        let known = |node: Option<Node<'t>>| {
            node.and_then(|node| self.value(node, DEPTH).first().and_then(Value::known).map(str::to_ascii_uppercase))
        };
        let name = self.text(function);
        let mut push = |base: &Values, url: Option<Node<'t>>, method: Option<String>| {
            let Some(node) = url else { return };
            let span = Span::new(node.start_byte() as u32, node.end_byte() as u32);
            for url in self.value(node, DEPTH) {
                let start = url.start().to_owned();
                if base.is_empty() || start.contains("://") {
                    out.push(Request { url, method: method.clone(), span });
                    continue;
                }
                for base in base {
                    let mut whole = base.clone();
                    if let Some(Piece::Text(text)) = whole.0.last_mut() {
                        text.truncate(text.trim_end_matches('/').len());
                    }
                    let slash = if start.starts_with('/') { "" } else { "/" };
                    out.push(Request { url: whole.then(&Value::text(slash)).then(&url), method: method.clone(), span });
                }
            }
        };
        if matches!(
            name,
            "urlopen" | "urllib.request.urlopen" | "request.urlopen" | "urllib.request.Request" | "request.Request" | "urlretrieve"
        ) {
            let method = known(by_name("method")).or_else(|| (by_name("data").is_none() && plain.len() < 2).then(|| "GET".to_owned()));
            return push(&Values::new(), plain.first().copied().or(by_name("url")).filter(|node| !self.is_request(*node)), method);
        }
        let (Some(object), Some(attribute)) = (function.child_by_field_name("object"), function.child_by_field_name("attribute")) else {
            return;
        };
        let attribute = self.text(attribute);
        if verb(attribute).is_none() && !matches!(attribute, "request" | "stream" | "ws_connect" | "websocket_connect") {
            return;
        }
        let Some(base) = self.client(object, 6) else { return };
        match attribute {
            "request" | "stream" => {
                let method = known(plain.first().copied().or(by_name("method")));
                push(&base, plain.get(1).copied().or(by_name("url")), method);
            }
            _ => push(&base, plain.first().copied().or(by_name("url")), Some(verb(attribute).unwrap_or("GET").to_owned())),
        }
    }

    /// `urlopen(Request(…))`: that is one already.
    fn is_request(&self, node: Node<'t>) -> bool {
        node.child_by_field_name("function").is_some_and(|function| self.text(function).ends_with("Request"))
    }

    /// The function of the program that is called.
    fn called(&self, call: Node<'t>) -> Option<usize> {
        let function = call.child_by_field_name("function")?;
        let name = match function.kind() {
            "identifier" => self.text(function),
            "attribute" if function.child_by_field_name("object").is_some_and(|object| self.text(object) == "self") => {
                self.text(function.child_by_field_name("attribute")?)
            }
            _ => return None,
        };
        let mut found = self.functions.iter().enumerate().filter(|(_, function)| function.name == name);
        let first = found.next()?.0;
        found.next().is_none().then_some(first)
    }

    fn finish(&self, requests: Vec<Request>, calls: &[(usize, Node<'t>)]) -> Vec<Found> {
        let mut out = Vec::new();
        let mut pending: VecDeque<(Request, u32)> = requests.into_iter().map(|request| (request, 0)).collect();
        while let Some((request, depth)) = pending.pop_front() {
            let function = request.url.function();
            let of = |function: usize| calls.iter().filter(move |(called, _)| *called == function).map(|(_, call)| *call);
            let calls: Vec<Node<'t>> =
                function.filter(|_| depth < WRAPPED).map(|function| of(function).take(200).collect()).unwrap_or_default();
            if calls.is_empty() {
                if let Some(url) = request.url.url(Manner::Code) {
                    out.push(Found { span: request.span, kind: self.kind, method: request.method.map(Into::into), url, service: None });
                }
                continue;
            }
            for call in calls {
                let Some(function) = function else { continue };
                let (plain, named) = self.arguments(call);
                let mut values: Values = vec![Value::default()];
                let mut place = call;
                for piece in &request.url.0 {
                    let Piece::Param(of, index) = piece else {
                        values = value::joined(&values, &[Value(vec![piece.clone()])]);
                        continue;
                    };
                    let parameter =
                        self.functions.get(*of).filter(|_| *of == function).and_then(|function| function.parameters.get(*index));
                    let given = plain.get(*index).copied().or_else(|| {
                        named.iter().find(|(name, _)| parameter.is_some_and(|(known, _)| known == name)).map(|(_, value)| *value)
                    });
                    let known = match (given, parameter.and_then(|(_, default)| *default)) {
                        (Some(given), _) => {
                            place = given;
                            self.value(given, DEPTH)
                        }
                        (None, Some(default)) => self.value(default, DEPTH),
                        (None, None) => vec![Value::gap()],
                    };
                    values = value::joined(&values, &known);
                }
                let span = Span::new(place.start_byte() as u32, place.end_byte() as u32);
                pending.extend(values.into_iter().map(|url| (Request { url, method: request.method.clone(), span }, depth + 1)));
            }
        }
        out.sort_by_key(|found| found.span);
        out.dedup();
        out
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn shown(name: &str, code: &str) -> Vec<String> {
        let found = read(&Context::new(Path::new(name)), code);
        found
            .iter()
            .map(|found| {
                format!("{:?} {} {} | {}", found.kind, found.method.as_deref().unwrap_or("?"), found.url, &code[found.span.range()])
            })
            .collect()
    }

    #[test]
    fn requests_of_programs() {
        let code = r#"
import os, requests
import httpx as hx
BASE = os.environ.get("BASE", "http://a.example")
# requests.get("http://no/no")
requests.get(f"{BASE}/x/{id}")
requests.request("delete", BASE + "/y")
s = requests.Session()
s.post("%s/z/%s" % (BASE, n))
with hx.Client(base_url="http://b.example/v1/") as c:
    c.put("/w")
    c.get(url="q")
urllib.request.urlopen("http://c.example/u".format())
hx.get("{}/f/{}".format(BASE, k))
d = {}
d.get("/no")
@app.get("/no")
def route():
    return requests.get(urljoin(BASE, "/j"))
app.post("/no", x)
"#;
        assert_eq!(
            shown("app/a.py", code),
            [
                r#"Code GET http://a.example/x/… | f"{BASE}/x/{id}""#,
                r#"Code DELETE http://a.example/y | BASE + "/y""#,
                r#"Code POST http://a.example/z/… | "%s/z/%s" % (BASE, n)"#,
                r#"Code PUT http://b.example/v1/w | "/w""#,
                r#"Code GET http://b.example/v1/q | "q""#,
                r#"Code GET http://c.example/u | "http://c.example/u".format()"#,
                r#"Code GET http://a.example/f/… | "{}/f/{}".format(BASE, k)"#,
                r#"Code GET http://a.example/j | urljoin(BASE, "/j")"#,
            ]
        );
    }

    #[test]
    fn tests_and_small_functions() {
        let code = "def call(path, method='GET'):\n    return client.get('/api' + path)\n\ndef test_a(client):\n    call('/a')\n    client.post('/b')\n    for p in ['/c', '/d']:\n        client.get(p)\n";
        let expected = ["Test GET /api/a | '/a'", "Test POST /b | '/b'", "Test GET /c | p", "Test GET /d | p"];
        assert_eq!(shown("tests/test_a.py", code), expected);
        let locust = "from locust import HttpUser\nclass U(HttpUser):\n    @task\n    def t(self):\n        self.client.get('/l')\n";
        assert_eq!(shown("locustfile.py", locust), ["Test GET /l | '/l'"]);
        assert_eq!(shown("app/a.py", "client.get('/cache-key')"), [] as [&str; 0]);
    }
}
