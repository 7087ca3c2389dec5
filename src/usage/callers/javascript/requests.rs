//! Where a script sends requests.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::Kind;
use super::super::value::{self, Value, Values};
use super::Reader;
use super::clients::{Client, based_on};
use super::scope::{Binding, children, is_function, span};
use crate::text::Span;

/// A request, or what becomes one when arguments are put in.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Request {
    pub(super) url: Value,
    pub(super) method: Method,
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// A client's base and a URL were joined.
    pub(super) joined: bool,
}

/// A request's method.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum Method {
    /// This one.
    Known(Arc<str>),
    /// A text that may depend on arguments; the second when none is given.
    Given(Value, &'static str),
    /// Nobody knows.
    Unknown,
}

/// What is given a URL once and asks for it from then on.
const LINKS: [&str; 11] = [
    "createHttpLink",
    "createUploadLink",
    "httpBatchLink",
    "httpLink",
    "HttpLink",
    "BatchHttpLink",
    "ApolloClient",
    "GraphQLClient",
    "SwaggerUIBundle",
    "SwaggerUI",
    "createClient",
];

/// Methods of a client, as they are called.
fn verb(name: &str) -> Option<&'static str> {
    Some(match name.trim_start_matches('$') {
        "get" | "getJSON" | "getScript" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "patch" => "PATCH",
        "delete" | "del" => "DELETE",
        "head" => "HEAD",
        "options" => "OPTIONS",
        _ => return None,
    })
}

pub(super) fn is_method(text: &str) -> bool {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].contains(&text.to_ascii_uppercase().as_str())
}

impl<'a, 't> Reader<'a, 't> {
    fn push(&mut self, urls: Values, method: Method, kind: Kind, node: Node<'t>, joined: bool, out: &mut Vec<Request>) {
        for url in urls {
            out.push(Request { url, method: method.clone(), kind, span: span(node), joined });
        }
    }

    pub(super) fn call_of(&mut self, call: Node<'t>, out: &mut Vec<Request>) {
        let Some(callee) = call.child_by_field_name("function") else { return };
        let arguments = self.source.arguments(call);
        let Some(first) = arguments.first().copied() else { return };
        if let (Some(object), Some(property)) = (callee.child_by_field_name("object"), callee.child_by_field_name("property")) {
            let name = self.source.text(property);
            let of = self.source.text(object);
            match (of, name) {
                ("navigator" | "window.navigator", "sendBeacon") => {
                    let urls = self.value(first);
                    return self.push(urls, Method::Known("POST".into()), Kind::Fetch, first, false, out);
                }
                // A service worker keeps these.
                ("cache" | "c" | "caches", "addAll" | "add") => {
                    let urls = if name == "add" { self.value(first) } else { self.items(first, 12) };
                    return self.push(urls, Method::Known("GET".into()), Kind::Resource, first, false, out);
                }
                (_, "register") if of.ends_with("navigator.serviceWorker") => {
                    let urls = self.value(first);
                    return self.push(urls, Method::Known("GET".into()), Kind::Resource, first, false, out);
                }
                ("window", "open") | ("location" | "window.location" | "document.location", "assign" | "replace") => {
                    let urls = self.value(first);
                    return self.push(urls, Method::Known("GET".into()), Kind::Link, first, false, out);
                }
                // XMLHttpRequest
                (_, "open") if arguments.len() >= 2 && self.source.plain(first).is_some_and(is_method) => {
                    let method = self.source.plain(first).unwrap_or("GET").to_ascii_uppercase();
                    let Some(second) = arguments.get(1).copied() else { return };
                    let urls = self.value(second);
                    return self.push(urls, Method::Known(method.into()), Kind::Fetch, second, false, out);
                }
                (_, "open")
                    if arguments.len() >= 3
                        && self.source.plain(first).is_none()
                        && of.to_ascii_lowercase().contains("x")
                        && of.len() < 16 =>
                {
                    let Some(second) = arguments.get(1).copied() else { return };
                    let urls = self.value(second);
                    let method = self.value(first).into_iter().next().map_or(Method::Unknown, |value| Method::Given(value, "GET"));
                    return self.push(urls, method, Kind::Fetch, second, false, out);
                }
                _ => {}
            }
            if verb(name).is_some()
                || matches!(
                    name,
                    "ajax" | "load" | "request" | "$request" | "raw" | "goto" | "visit" | "getUri" | "fetch" | "stream" | "url"
                )
            {
                let client = self.client(object);
                self.call_method(client, object, name, first, &arguments, out);
            }
            // `window.fetch(…)`, `this.$fetch(…)`
            if matches!(name, "fetch" | "$fetch" | "$http" | "axios" | "$axios" | "ofetch") {
                let client = self.client(callee);
                self.call_client(client, first, &arguments, out);
            }
            return;
        }
        // `import('/x.js')`: what a bundler resolves is no path.
        if callee.kind() == "import" {
            let mut urls = self.value(first);
            urls.retain(|url| ["/", "http://", "https://"].iter().any(|start| url.start().starts_with(start)));
            return self.push(urls, Method::Known("GET".into()), Kind::Resource, first, false, out);
        }
        if callee.kind() == "identifier" {
            if self.source.text(callee) == "importScripts" {
                let urls = self.value(first);
                return self.push(urls, Method::Known("GET".into()), Kind::Resource, first, false, out);
            }
            if LINKS.contains(&self.source.text(callee)) {
                return self.linked(first, out);
            }
            let client = self.client(callee);
            self.call_client(client, first, &arguments, out);
        }
    }

    /// `createHttpLink({ uri })`, `new GraphQLClient(url)`, `SwaggerUIBundle({ url })`
    fn linked(&mut self, first: Node<'t>, out: &mut Vec<Request>) {
        let node = match self.object(first, 8) {
            Some(object) => self.source.property(object, "uri").or_else(|| self.source.property(object, "url")),
            None => Some(first),
        };
        if let Some(node) = node {
            let urls = self.value(node);
            self.push(urls, Method::Unknown, Kind::Fetch, node, false, out);
        }
    }

    /// `fetch(url, options)`, `axios(config)`
    fn call_client(&mut self, client: Option<Client>, first: Node<'t>, arguments: &[Node<'t>], out: &mut Vec<Request>) {
        match client {
            // `fetch(new Request(…))`: that is one already.
            Some(Client::Fetch)
                if first.kind() == "new_expression"
                    && self.source.text(first).trim_start_matches("new").trim_start().starts_with("Request") => {}
            Some(known @ (Client::Fetch | Client::Hook)) => {
                // `useSWR(() => '/x')`, `useFetch(() => …)`
                let urls = match is_function(first.kind()) {
                    true => self.source.numbers.get(&first.id()).copied().map(|function| self.returned(function, 12)).unwrap_or_default(),
                    false => self.value(first),
                };
                let options = arguments.get(1).copied().filter(|_| known == Client::Fetch);
                let method = self.method_in(options, "GET");
                self.push(urls, method, Kind::Fetch, first, false, out);
            }
            Some(Client::Axios(base)) => match self.object(first, 8) {
                Some(config) => self.configured(config, &base, out),
                None => {
                    let urls = based_on(&base, &self.value(first));
                    let method = self.method_in(arguments.get(1).copied(), "GET");
                    self.push(urls, method, Kind::Fetch, first, true, out);
                }
            },
            _ => {}
        }
    }

    /// `axios.get(url)`, `$.ajax(settings)`
    fn call_method(
        &mut self,
        client: Option<Client>,
        object: Node<'t>,
        name: &str,
        first: Node<'t>,
        arguments: &[Node<'t>],
        out: &mut Vec<Request>,
    ) {
        let known = |name: &str| Method::Known(name.into());
        match client {
            Some(Client::Axios(base)) => {
                if let Some(verb) = verb(name) {
                    let urls = based_on(&base, &self.value(first));
                    self.push(urls, known(verb), Kind::Fetch, first, true, out);
                } else if matches!(name, "request" | "$request" | "getUri" | "raw" | "stream") {
                    match self.object(first, 8) {
                        Some(config) => self.configured(config, &base, out),
                        // k6: `http.request('GET', url)`
                        None if self.source.plain(first).is_some_and(is_method) => {
                            let Some(second) = arguments.get(1).copied() else { return };
                            let urls = based_on(&base, &self.value(second));
                            let method = self.source.plain(first).unwrap_or("GET").to_ascii_uppercase();
                            self.push(urls, known(&method), Kind::Fetch, second, true, out);
                        }
                        None => {
                            let urls = based_on(&base, &self.value(first));
                            let method = self.method_in(arguments.get(1).copied(), "GET");
                            self.push(urls, method, Kind::Fetch, first, true, out);
                        }
                    }
                } else if name == "fetch" {
                    let urls = based_on(&base, &self.value(first));
                    let method = self.method_in(arguments.get(1).copied(), "GET");
                    self.push(urls, method, Kind::Fetch, first, true, out);
                }
            }
            Some(Client::JQuery) => match (verb(name), name) {
                (Some(verb @ ("GET" | "POST")), _) => {
                    let urls = self.value(first);
                    self.push(urls, known(verb), Kind::Fetch, first, false, out);
                }
                (_, "ajax") => match self.object(first, 8) {
                    Some(settings) => self.configured(settings, &Values::new(), out),
                    None => {
                        let urls = self.value(first);
                        let method = self.method_in(arguments.get(1).copied(), "GET");
                        self.push(urls, method, Kind::Fetch, first, false, out);
                    }
                },
                _ => {}
            },
            Some(Client::Node) if matches!(name, "get" | "request") => match self.object(first, 8) {
                Some(options) => self.node_options(options, name, out),
                None => {
                    let urls = self.value(first);
                    let method = if name == "get" { known("GET") } else { self.method_in(arguments.get(1).copied(), "GET") };
                    self.push(urls, method, Kind::Code, first, false, out);
                }
            },
            Some(Client::Browser) => match name {
                "goto" | "visit" => match self.object(first, 8) {
                    Some(config) => self.configured(config, &Values::new(), out),
                    None => {
                        let urls = self.value(first);
                        self.push(urls, known("GET"), Kind::Link, first, false, out);
                    }
                },
                "request" => match (self.object(first, 8), self.source.plain(first)) {
                    (Some(config), _) => self.configured(config, &Values::new(), out),
                    (_, Some(method)) if is_method(method) => {
                        let Some(second) = arguments.get(1).copied() else { return };
                        let urls = self.value(second);
                        self.push(urls, known(&method.to_ascii_uppercase()), Kind::Fetch, second, false, out);
                    }
                    _ => {
                        let urls = self.value(first);
                        self.push(urls, known("GET"), Kind::Fetch, first, false, out);
                    }
                },
                _ => {}
            },
            // `$('#x').load('/part')`
            None if name == "load" && object.kind() == "call_expression" => {
                let selected =
                    object.child_by_field_name("function").is_some_and(|callee| matches!(self.client(callee), Some(Client::JQuery)));
                if selected {
                    let urls = self.value(first);
                    // A selector may stand behind the URL.
                    let urls = urls.into_iter().map(|value| match value.known().and_then(|text| text.split_whitespace().next()) {
                        Some(url) => Value::text(url),
                        None => value,
                    });
                    let urls = urls.collect();
                    self.push(urls, known("GET"), Kind::Fetch, first, false, out);
                }
            }
            _ => {}
        }
    }

    /// `{ url, method, baseURL }`
    fn configured(&mut self, config: Node<'t>, base: &Values, out: &mut Vec<Request>) {
        let Some(url) = self.source.property(config, "url").or_else(|| self.source.property(config, "uri")) else { return };
        let own = self.source.property(config, "baseURL").or_else(|| self.source.property(config, "baseUrl")).map(|base| self.value(base));
        let urls = self.value(url);
        let urls = based_on(own.as_ref().unwrap_or(base), &urls);
        let method = self.method_in(Some(config), "GET");
        self.push(urls, method, Kind::Fetch, url, true, out);
    }

    /// `http.request({ hostname, port, path, method })`
    fn node_options(&mut self, options: Node<'t>, name: &str, out: &mut Vec<Request>) {
        let part = |reader: &mut Self, keys: &[&str]| {
            let node = keys.iter().find_map(|key| reader.source.property(options, key))?;
            reader.value(node).into_iter().next()
        };
        let Some(path_node) = self.source.property(options, "path") else { return };
        let host = part(self, &["hostname", "host"]).unwrap_or_else(|| Value::text("localhost"));
        let port = part(self, &["port"]);
        let mut url = Value::text("http://").then(&host);
        if let Some(port) = port {
            url = url.then(&Value::text(":")).then(&port);
        }
        let paths = self.value(path_node);
        let urls = value::joined(&[url], &paths);
        let method = if name == "get" { Method::Known("GET".into()) } else { self.method_in(Some(options), "GET") };
        self.push(urls, method, Kind::Code, path_node, false, out);
    }

    /// The method that options say.
    fn method_in(&mut self, options: Option<Node<'t>>, default: &'static str) -> Method {
        let Some(options) = options else { return Method::Known(default.into()) };
        if let Some(object) = self.object(options, 8) {
            let given = self.source.property(object, "method").or_else(|| self.source.property(object, "type"));
            if let Some(given) = given {
                let mut values = self.value(given);
                return match values.len() {
                    1 => Method::Given(values.remove(0), default),
                    _ => Method::Unknown,
                };
            }
            // `{ ...options, headers }`
            let spread = children(object).into_iter().find(|part| part.kind() == "spread_element");
            return match spread.and_then(|spread| children(spread).first().copied()) {
                Some(inner) => self.method_in(Some(inner), default),
                None => Method::Known(default.into()),
            };
        }
        if options.kind() == "identifier"
            && let [Binding::Argument(function, position, None)] =
                self.source.resolve(self.source.text(options), options.start_byte() as u32).as_slice()
        {
            return Method::Given(Value(vec![self.parameter(*function, *position, Some("method"))]), default);
        }
        // A fetcher, a callback: no options.
        if is_function(options.kind()) || options.kind() == "undefined" || options.kind() == "null" {
            return Method::Known(default.into());
        }
        Method::Unknown
    }

    pub(super) fn new_of(&mut self, node: Node<'t>, out: &mut Vec<Request>) {
        let name = node.child_by_field_name("constructor").map(|name| self.source.text(name)).unwrap_or("");
        let Some(first) = self.source.arguments(node).first().copied() else { return };
        let (kind, method) = match name {
            "EventSource" | "WebSocket" | "window.WebSocket" | "window.EventSource" | "ReconnectingWebSocket" => (Kind::Fetch, "GET"),
            name if LINKS.contains(&name) => return self.linked(first, out),
            "Worker" | "SharedWorker" | "Audio" => (Kind::Resource, "GET"),
            "Request" => {
                let method = self.method_in(self.source.arguments(node).get(1).copied(), "GET");
                let urls = self.value(first);
                return self.push(urls, method, Kind::Fetch, first, false, out);
            }
            _ => return,
        };
        let urls = self.value(first);
        self.push(urls, Method::Known(method.into()), kind, first, false, out);
    }

    pub(super) fn assignment(&mut self, node: Node<'t>, out: &mut Vec<Request>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else { return };
        let whole = self.source.text(left);
        let known = Method::Known("GET".into());
        if matches!(
            whole,
            "location"
                | "window.location"
                | "document.location"
                | "location.href"
                | "window.location.href"
                | "document.location.href"
                | "self.location"
                | "top.location"
                | "top.location.href"
        ) {
            let urls = self.value(right);
            return self.push(urls, known, Kind::Link, right, false, out);
        }
        let Some(property) = left.child_by_field_name("property").map(|property| self.source.text(property)) else { return };
        let kind = match property {
            "src" => Kind::Resource,
            "href" => Kind::Link,
            "action" | "formAction" => Kind::Form,
            _ => return,
        };
        // `this.src`, `config.action`: only what is written as a URL.
        let urls: Values =
            self.value(right).into_iter().filter(|value| value.start().starts_with('/') || value.start().starts_with("http")).collect();
        self.push(urls, if kind == Kind::Form { Method::Unknown } else { known }, kind, right, false, out);
    }

    /// `<a href="/x">` in JSX; what begins with a capital is a component.
    pub(super) fn element(&mut self, node: Node<'t>, out: &mut Vec<Request>) {
        let name = node.child_by_field_name("name").map(|name| self.source.text(name)).unwrap_or("");
        for attribute in children(node).into_iter().filter(|part| part.kind() == "jsx_attribute") {
            let parts = children(attribute);
            let [key, value, ..] = parts.as_slice() else { continue };
            let kind = match (name, self.source.text(*key)) {
                ("a" | "area", "href") => Kind::Link,
                ("form", "action") => Kind::Form,
                ("img" | "script" | "iframe" | "source" | "video" | "audio" | "embed", "src") => Kind::Resource,
                _ => continue,
            };
            let expression = if value.kind() == "jsx_expression" { children(*value).first().copied() } else { Some(*value) };
            let Some(expression) = expression.filter(|expression| !is_function(expression.kind())) else { continue };
            let urls = self.value(expression);
            let method = if kind == Kind::Form { Method::Unknown } else { Method::Known("GET".into()) };
            self.push(urls, method, kind, expression, false, out);
        }
    }
}
