//! What sends requests: which library a name stands for.

use tree_sitter::Node;

use super::super::value::{self, Values};
use super::super::{Kind, value::Value};
use super::scope::{Binding, children};
use super::{Export, Reader};

/// A function or object that sends requests.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Client {
    /// `fetch(url, options)`
    Fetch,
    /// `useSWR(url, fetcher)`: nothing else is said of the request.
    Hook,
    /// `axios.get(url, …)`, `axios({ url })`; with its base URL, empty when it has none.
    Axios(Values),
    /// `$.ajax`, `$.get`
    JQuery,
    /// `http.request(url | options)` of Node
    Node,
    /// `supertest`: called with an application it gives a client.
    Supertest,
    /// `page.goto`, `cy.visit`
    Browser,
}

/// How deep names are followed.
const DEPTH: u32 = 12;

/// Names that frameworks give a client.
fn injected(name: &str) -> Option<Client> {
    match name {
        "$http" | "http" | "_http" | "httpClient" | "$axios" | "axios" | "axiosInstance" => Some(Client::Axios(Values::new())),
        _ => None,
    }
}

/// Names that nothing in the script declares.
fn global(name: &str) -> Option<Client> {
    Some(match name {
        "fetch" | "$fetch" | "ofetch" | "useFetch" | "useLazyFetch" => Client::Fetch,
        "useSWR" | "useSWRImmutable" | "useSWRInfinite" => Client::Hook,
        "axios" | "ky" | "got" | "superagent" | "$http" => Client::Axios(Values::new()),
        "$" | "jQuery" | "jquery" => Client::JQuery,
        "cy" => Client::Browser,
        _ => return None,
    })
}

/// What a module exports.
fn module(module: &str, name: &str) -> Option<Client> {
    let whole = matches!(name, "default" | "*");
    Some(match module.trim_start_matches("node:") {
        "axios" | "redaxios" | "ky" | "got" | "ky-universal" | "superagent" | "wretch" | "needle" | "request" | "request-promise"
        | "bent"
            if whole || name == "got" =>
        {
            Client::Axios(Values::new())
        }
        "k6/http" if whole => Client::Axios(Values::new()),
        "node-fetch" | "cross-fetch" | "isomorphic-fetch" | "whatwg-fetch" | "unfetch" | "ofetch" | "make-fetch-happen"
        | "@vueuse/core"
            if whole || matches!(name, "fetch" | "ofetch" | "$fetch" | "useFetch") =>
        {
            Client::Fetch
        }
        "swr" | "swr/immutable" | "swr/infinite" if whole => Client::Hook,
        "undici" if name == "fetch" || name == "request" => Client::Fetch,
        "jquery" if whole => Client::JQuery,
        "http" | "https" if whole => Client::Node,
        "supertest" | "supertest-session" | "chai-http" if whole || name == "agent" => Client::Supertest,
        _ => return None,
    })
}

impl<'t> Reader<'_, 't> {
    /// The client that an expression is.
    pub(super) fn client(&mut self, node: Node<'t>) -> Option<Client> {
        self.client_deep(node, DEPTH)
    }

    fn client_deep(&mut self, node: Node<'t>, depth: u32) -> Option<Client> {
        if depth == 0 {
            return None;
        }
        match node.kind() {
            "identifier" => {
                let name = self.source.text(node);
                let bindings = self.source.resolve(name, node.start_byte() as u32);
                let Some(binding) = bindings.first().copied() else { return global(name).map(|client| self.based(client)) };
                match binding {
                    Binding::Import(from, export) => self.of_module(from, export),
                    Binding::Value(value) if value.id() != node.id() => self.client_deep(value, depth - 1),
                    Binding::Field(object, key) => self.client_of_member(object, key, depth - 1),
                    Binding::Argument(_, _, key) => match (key.unwrap_or(name), self.kind) {
                        ("request" | "page", Kind::Test) if name == "page" => Some(Client::Browser),
                        ("request", Kind::Test) => Some(Client::Axios(Values::new())),
                        _ => injected(name),
                    },
                    _ => None,
                }
            }
            "member_expression" => {
                let object = node.child_by_field_name("object")?;
                let key = self.source.text(node.child_by_field_name("property")?);
                self.client_of_member(object, key, depth - 1)
            }
            "call_expression" => self.made(node, depth - 1),
            "new_expression" => {
                let name = self.source.text(node.child_by_field_name("constructor")?);
                let options = self.source.arguments(node).first().copied();
                (name == "Axios").then(|| Client::Axios(self.base_of(options)))
            }
            "await_expression" | "parenthesized_expression" | "as_expression" | "non_null_expression" => {
                self.client_deep(children(node).first().copied()?, depth - 1)
            }
            // `export default axios.create(…)`
            "instantiation_expression" => self.client_deep(children(node).first().copied()?, depth - 1),
            _ => None,
        }
    }

    fn of_module(&mut self, from: &str, export: &str) -> Option<Client> {
        if let Some(client) = module(from, export) {
            return Some(self.based(client));
        }
        match (self.imports)(from, export) {
            Some(Export::Client(base)) => Some(Client::Axios(base)),
            Some(Export::Object(members)) if export == "*" => match members.get("default") {
                Some(Export::Client(base)) => Some(Client::Axios(base.clone())),
                _ => None,
            },
            _ => None,
        }
    }

    /// axios itself has the base that the script gives it.
    fn based(&self, client: Client) -> Client {
        match client {
            Client::Axios(base) if base.is_empty() => Client::Axios(self.base.clone()),
            client => client,
        }
    }

    fn client_of_member(&mut self, object: Node<'t>, key: &str, depth: u32) -> Option<Client> {
        if let Some(module_name) = self.source.required(object) {
            return self.of_module(module_name, key);
        }
        let named = self.source.text(object);
        if matches!(named, "window" | "globalThis" | "self" | "global") {
            return global(key).map(|client| self.based(client));
        }
        if object.kind() == "this" {
            let values = self.source.fields.get(key).cloned().unwrap_or_default();
            for value in values {
                // `constructor(http) { this.http = http; }`
                if let Some(client) = self.client_deep(value, depth.saturating_sub(1)) {
                    return Some(client);
                }
            }
            return injected(key);
        }
        if object.kind() == "identifier" {
            let bindings = self.source.resolve(named, object.start_byte() as u32);
            if let [Binding::Import(from, export)] = bindings.as_slice() {
                if let Some(client) = module(from, export) {
                    // `axios.default`, `http.default`
                    return (key == "default").then(|| self.based(client));
                }
                let found = if *export == "*" {
                    (self.imports)(from, key)
                } else {
                    (self.imports)(from, export).and_then(|export| export.member(key))
                };
                return match found {
                    Some(Export::Client(base)) => Some(Client::Axios(base)),
                    _ => None,
                };
            }
            // `page.request`
            if key == "request" && matches!(self.client_deep(object, depth.saturating_sub(1)), Some(Client::Browser)) {
                return Some(Client::Axios(Values::new()));
            }
        }
        if let Some(object) = self.object(object, depth) {
            let value = self.source.property(object, key)?;
            return self.client_deep(value, depth.saturating_sub(1));
        }
        // `Vue.http`, `vm.$http`, `useNuxtApp().$axios`
        matches!(key, "$http" | "$axios").then(|| Client::Axios(self.base.clone())).or_else(|| (key == "$fetch").then_some(Client::Fetch))
    }

    /// `axios.create({ baseURL })`, `ky.extend({ prefixUrl })`, `request(app)`, `wretch('/api')`
    fn made(&mut self, call: Node<'t>, depth: u32) -> Option<Client> {
        if let Some(name) = self.source.required(call) {
            return self.of_module(name, "*");
        }
        let callee = call.child_by_field_name("function")?;
        let arguments = self.source.arguments(call);
        if let (Some(object), Some(property)) = (callee.child_by_field_name("object"), callee.child_by_field_name("property")) {
            let client = self.client_deep(object, depth)?;
            return match (self.source.text(property), client) {
                ("create" | "extend" | "defaults" | "instance" | "url" | "options" | "auth" | "set", Client::Axios(base)) => {
                    let own = self.base_of(arguments.first().copied());
                    Some(Client::Axios(if own.is_empty() {
                        base
                    } else if base.is_empty() {
                        own
                    } else {
                        based_on(&base, &own)
                    }))
                }
                ("create", Client::Fetch) => Some(Client::Axios(self.base_of(arguments.first().copied()))),
                ("agent", Client::Supertest) => Some(Client::Axios(Values::new())),
                _ => None,
            };
        }
        match self.client_deep(callee, depth)? {
            Client::Supertest => Some(Client::Axios(Values::new())),
            // `wretch('/api')` gives a client; `axios('/api')` a promise, of which nothing is asked.
            Client::Axios(_) if self.source.text(callee) == "wretch" => {
                let base = arguments.first().map(|base| self.value(*base)).unwrap_or_default();
                Some(Client::Axios(base))
            }
            _ => None,
        }
    }

    /// The base URL in a client's options; empty when there is none.
    fn base_of(&mut self, options: Option<Node<'t>>) -> Values {
        let Some(options) = options else { return Values::new() };
        let Some(object) = self.object(options, DEPTH) else {
            return match options.kind() {
                "string" | "template_string" => self.value(options),
                _ => Values::new(),
            };
        };
        for key in ["baseURL", "prefixUrl", "baseUrl", "prefix", "base"] {
            if let Some(value) = self.source.property(object, key) {
                return self.value(value);
            }
        }
        Values::new()
    }
}

/// A URL of a client with a base.
pub(super) fn based_on(base: &Values, urls: &Values) -> Values {
    if base.is_empty() {
        return urls.clone();
    }
    let mut out = Values::new();
    for url in urls {
        let start = url.start();
        if start.contains("://") || start.starts_with("//") {
            value::add(&mut out, vec![url.clone()]);
            continue;
        }
        for base in base {
            value::add(&mut out, vec![joined(base, url)]);
        }
    }
    out
}

/// One slash between the two; what an argument begins with is not known yet, and put right by [`single`].
fn joined(base: &Value, url: &Value) -> Value {
    use super::super::value::Piece;
    if base.0.is_empty() {
        return url.clone();
    }
    let mut out = base.clone();
    if let Some(Piece::Text(text)) = out.0.last_mut() {
        text.truncate(text.trim_end_matches('/').len());
    }
    let mut url = url.clone();
    if let Some(Piece::Text(text)) = url.0.first_mut() {
        *text = text.trim_start_matches('/').to_owned();
    }
    if url.0.iter().all(|piece| matches!(piece, Piece::Text(text) if text.is_empty())) {
        return out;
    }
    out.push(Piece::Text("/".to_owned()));
    out.then(&url)
}

/// Slashes that came together when a base and an argument were joined.
pub(super) fn single(value: &Value) -> Value {
    use super::super::value::Piece;
    let mut out = Value::default();
    for piece in &value.0 {
        match piece {
            Piece::Text(text) => {
                let (head, tail) = match text.find("://") {
                    Some(at) => text.split_at(at + 3),
                    None => ("", text.as_str()),
                };
                let mut tail = tail.to_owned();
                while tail.contains("//") {
                    tail = tail.replace("//", "/");
                }
                out.push(Piece::Text(format!("{head}{tail}")));
            }
            piece => out.push(piece.clone()),
        }
    }
    out
}
