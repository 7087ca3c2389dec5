//! Where a script sends requests, and which function of it only hands its argument on to one.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::super::value::{self, Manner, Piece, Value, Values};
use super::super::{Found, Kind};
use super::clients::{Client, based_on, single};
use super::scope::{Binding, children, is_function, span};
use super::{Argument, Export, Exports, Read, Reader};
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

/// How deep wrappers of wrappers are followed.
const DEPTH: u32 = 4;
/// How many requests one script can have.
const MOST: usize = 2_000;

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

fn is_method(text: &str) -> bool {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].contains(&text.to_ascii_uppercase().as_str())
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn read(&mut self) -> Read {
        self.global_base();
        let nodes = self.source.nodes.clone();
        let mut requests = Vec::new();
        let mut calls: FxHashMap<usize, Vec<Node<'t>>> = FxHashMap::default();
        let mut called_names: FxHashSet<usize> = FxHashSet::default();
        for node in &nodes {
            match node.kind() {
                "call_expression" => {
                    self.call_of(*node, &mut requests);
                    if let Some(callee) = node.child_by_field_name("function") {
                        if let Some(function) = self.callee(callee) {
                            calls.entry(function).or_default().push(*node);
                            called_names.insert(callee.id());
                        } else if let Some(Export::Function { arguments, requests: inner, .. }) = self.imported(callee) {
                            self.call_imported(*node, &arguments, &inner, &mut requests);
                        }
                    }
                }
                "new_expression" => self.new_of(*node, &mut requests),
                "assignment_expression" => self.assignment(*node, &mut requests),
                "jsx_opening_element" | "jsx_self_closing_element" => self.element(*node, &mut requests),
                _ => {}
            }
            if requests.len() > MOST {
                break;
            }
        }
        let escaped = self.escaped(&nodes, &called_names);
        let mut found = Vec::new();
        let mut wrapped: FxHashMap<usize, Vec<Request>> = FxHashMap::default();
        for request in requests {
            match request.url.function() {
                None => emit(&request, self.kind, &mut found),
                Some(function) => wrapped.entry(function).or_default().push(request),
            }
        }
        // A wrapper's call may stand in another wrapper.
        let mut pending: Vec<(usize, Request, u32)> =
            wrapped.iter().flat_map(|(function, requests)| requests.iter().map(|request| (*function, request.clone(), 0))).collect();
        while let Some((function, request, depth)) = pending.pop() {
            let calls = calls.get(&function).map(Vec::as_slice).unwrap_or_default();
            if calls.is_empty() || escaped.contains(&function) || depth >= DEPTH || found.len() > MOST {
                emit(&request, self.kind, &mut found);
            }
            if depth >= DEPTH || found.len() > MOST {
                continue;
            }
            for call in calls {
                for inner in self.applied(&request, function, *call) {
                    match inner.url.function() {
                        None => emit(&inner, self.kind, &mut found),
                        Some(outer) => {
                            wrapped.entry(outer).or_default().push(inner.clone());
                            pending.push((outer, inner, depth + 1));
                        }
                    }
                }
            }
        }
        found.sort_by(|a, b| (a.span, a.kind).cmp(&(b.span, b.kind)));
        found.dedup();
        let exports = self.exports(&wrapped);
        Read { found, exports }
    }

    /// `axios.defaults.baseURL = '/api'`
    fn global_base(&mut self) {
        for node in self.source.nodes.clone() {
            if node.kind() == "assignment_expression"
                && let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
                && self.source.text(left).ends_with("axios.defaults.baseURL")
            {
                self.base = self.value(right);
            }
        }
    }

    /// Functions that are handed around: they may be called with anything.
    fn escaped(&self, nodes: &[Node<'t>], called: &FxHashSet<usize>) -> FxHashSet<usize> {
        let mut out = FxHashSet::default();
        for node in nodes.iter().filter(|node| node.kind() == "identifier" && !called.contains(&node.id())) {
            let Some(parent) = self.source.parent(*node) else { continue };
            let is = |field: &str| parent.child_by_field_name(field).is_some_and(|child| child.id() == node.id());
            let declares =
                matches!(parent.kind(), "variable_declarator" | "function_declaration" | "import_specifier" | "export_specifier")
                    && is("name");
            if !declares
                && !(parent.kind() == "assignment_expression" && is("left"))
                && !(parent.kind() == "member_expression")
                && let Some(function) = self.callee(*node)
            {
                out.insert(function);
            }
        }
        out
    }

    /// The function of the script that a call's callee is.
    pub(super) fn callee(&self, callee: Node<'t>) -> Option<usize> {
        match callee.kind() {
            "identifier" => {
                self.source.resolve(self.source.text(callee), callee.start_byte() as u32).iter().find_map(|binding| match binding {
                    Binding::Function(number) => Some(*number),
                    Binding::Value(value) => self.as_function(*value, 4),
                    Binding::Field(object, key) => {
                        let object = self.object(*object, 8)?;
                        self.as_function(self.source.property(object, key)?, 4)
                    }
                    _ => None,
                })
            }
            "member_expression" => {
                let object = callee.child_by_field_name("object")?;
                let name = self.source.text(callee.child_by_field_name("property")?);
                let around = match object.kind() {
                    "this" | "super" => self.source.this(callee)?,
                    "identifier" => match self.source.resolve(self.source.text(object), object.start_byte() as u32).first()? {
                        Binding::Class(body) => body.id(),
                        Binding::Value(value) if value.kind() == "new_expression" => {
                            let class = value.child_by_field_name("constructor")?;
                            match self.source.resolve(self.source.text(class), class.start_byte() as u32).first()? {
                                Binding::Class(body) => body.id(),
                                _ => return None,
                            }
                        }
                        _ => self.object(object, 8)?.id(),
                    },
                    _ => return None,
                };
                let mut of_this = self.source.functions.iter().enumerate().filter(|(_, function)| function.method == Some((around, name)));
                let first = of_this.next()?.0;
                of_this.next().is_none().then_some(first)
            }
            _ => None,
        }
    }

    /// The function that an expression is: also in `useCallback(…)`, `debounce(…)`.
    fn as_function(&self, node: Node<'t>, depth: u32) -> Option<usize> {
        if depth == 0 {
            return None;
        }
        match node.kind() {
            kind if is_function(kind) => self.source.numbers.get(&node.id()).copied(),
            "call_expression" => {
                let name = self.source.text(node.child_by_field_name("function")?);
                let name = name.rsplit('.').next()?;
                let wraps = matches!(name, "useCallback" | "debounce" | "throttle" | "memoize" | "cache" | "once" | "useDebounceFn");
                let first = self.source.arguments(node).first().copied().filter(|_| wraps)?;
                self.as_function(first, depth - 1)
            }
            "parenthesized_expression" | "as_expression" => self.as_function(children(node).first().copied()?, depth - 1),
            "identifier" | "shorthand_property_identifier" => {
                self.source.resolve(self.source.text(node), node.start_byte() as u32).iter().find_map(|binding| match binding {
                    Binding::Function(number) => Some(*number),
                    Binding::Value(value) if value.id() != node.id() => self.as_function(*value, depth - 1),
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// What a callee of another module is.
    pub(super) fn imported(&self, callee: Node<'t>) -> Option<Export> {
        let of = |node: Node<'t>| match self.source.resolve(self.source.text(node), node.start_byte() as u32).as_slice() {
            [Binding::Import(module, name)] => Some((*module, *name)),
            _ => None,
        };
        match callee.kind() {
            "identifier" => {
                let (module, name) = of(callee)?;
                (self.imports)(module, if name == "*" { "default" } else { name })
            }
            "member_expression" => {
                let object = callee.child_by_field_name("object").filter(|object| object.kind() == "identifier")?;
                let key = self.source.text(callee.child_by_field_name("property")?);
                let (module, name) = of(object)?;
                if name == "*" { (self.imports)(module, key) } else { (self.imports)(module, name)?.member(key) }
            }
            _ => None,
        }
    }

    fn push(&mut self, urls: Values, method: Method, kind: Kind, node: Node<'t>, joined: bool, out: &mut Vec<Request>) {
        for url in urls {
            out.push(Request { url, method: method.clone(), kind, span: span(node), joined });
        }
    }

    fn call_of(&mut self, call: Node<'t>, out: &mut Vec<Request>) {
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
        if callee.kind() == "identifier" {
            if self.source.text(callee) == "importScripts" {
                let urls = self.value(first);
                return self.push(urls, Method::Known("GET".into()), Kind::Resource, first, false, out);
            }
            let client = self.client(callee);
            self.call_client(client, first, &arguments, out);
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

    fn new_of(&mut self, node: Node<'t>, out: &mut Vec<Request>) {
        let name = node.child_by_field_name("constructor").map(|name| self.source.text(name)).unwrap_or("");
        let Some(first) = self.source.arguments(node).first().copied() else { return };
        let (kind, method) = match name {
            "EventSource" | "WebSocket" | "window.WebSocket" | "window.EventSource" | "ReconnectingWebSocket" => (Kind::Fetch, "GET"),
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

    fn assignment(&mut self, node: Node<'t>, out: &mut Vec<Request>) {
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
    fn element(&mut self, node: Node<'t>, out: &mut Vec<Request>) {
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

    /// The request of a wrapper with the arguments of one call.
    fn applied(&mut self, request: &Request, function: usize, call: Node<'t>) -> Vec<Request> {
        let arguments = self.source.arguments(call);
        let urls = self.fill(&request.url, function, &arguments, 12);
        let method = match &request.method {
            Method::Given(value, default) => {
                self.fill(value, function, &arguments, 12).into_iter().next().map_or(Method::Unknown, |filled| {
                    // Not given at all: the default.
                    if filled.is_gap() && !self.gives(value, function, &arguments) {
                        Method::Known((*default).into())
                    } else {
                        Method::Given(filled, default)
                    }
                })
            }
            method => method.clone(),
        };
        let position = request.url.0.iter().find_map(|piece| match piece {
            Piece::Param(of, index) if *of == function => {
                self.source.functions.get(function)?.arguments.get(*index).map(|(position, _)| *position)
            }
            _ => None,
        });
        let place = position.and_then(|position| arguments.get(position).copied()).unwrap_or(call);
        urls.into_iter().map(|url| Request { url, method: method.clone(), span: span(place), ..request.clone() }).collect()
    }

    /// Does a call say anything of the argument that a text is?
    fn gives(&self, value: &Value, function: usize, arguments: &[Node<'t>]) -> bool {
        let [Piece::Param(of, index)] = value.0.as_slice() else { return true };
        if *of != function {
            return true;
        }
        let Some((position, key)) = self.source.functions.get(function).and_then(|function| function.arguments.get(*index)) else {
            return true;
        };
        match (arguments.get(*position), key) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(argument), Some(key)) => match self.object(*argument, 8) {
                Some(object) => {
                    self.source.property(object, key).is_some() || children(object).iter().any(|part| part.kind() == "spread_element")
                }
                None => true,
            },
        }
    }

    fn call_imported(&mut self, call: Node<'t>, wanted: &[Argument], inner: &[Request], out: &mut Vec<Request>) {
        let arguments = self.source.arguments(call);
        for request in inner {
            let urls = self.fill_imported(std::slice::from_ref(&request.url), wanted, &arguments, 12);
            let method = match &request.method {
                Method::Given(value, default) => {
                    let filled = self.fill_imported(std::slice::from_ref(value), wanted, &arguments, 12).into_iter().next();
                    match filled {
                        Some(filled) if !filled.is_gap() => Method::Given(filled, default),
                        _ => Method::Unknown,
                    }
                }
                method => method.clone(),
            };
            let place = arguments.first().copied().unwrap_or(call);
            for url in urls {
                out.push(Request { url, method: method.clone(), span: span(place), kind: request.kind, joined: request.joined });
            }
        }
    }

    /// What other modules can use of this one.
    fn exports(&mut self, wrapped: &FxHashMap<usize, Vec<Request>>) -> Exports {
        let mut out = Exports::new();
        for (name, module, original) in self.source.passed_on.clone() {
            out.insert(name.to_owned(), Export::From(module.to_owned(), original.to_owned()));
        }
        for (name, node) in self.source.exports.clone() {
            if let Some(export) = self.exported(node, wrapped, 4) {
                out.insert(name.to_owned(), export);
            }
        }
        out
    }

    fn exported(&mut self, node: Node<'t>, wrapped: &FxHashMap<usize, Vec<Request>>, depth: u32) -> Option<Export> {
        if depth == 0 {
            return None;
        }
        if let Some(function) = self.as_function(node, 4) {
            let mut requests = wrapped.get(&function).cloned().unwrap_or_default();
            requests.retain(|request| only_of(&request.url, function));
            let mut returns = self.returned(function, 12);
            returns.retain(|value| !value.is_gap() && only_of(value, function));
            if requests.is_empty() && returns.is_empty() {
                return None;
            }
            let used = self.source.functions.get(function)?.clone();
            let arguments = used.arguments.iter().map(|(position, key)| {
                let default =
                    used.defaults.iter().find(|(at, name, _)| at == position && *name == key.as_deref()).map(|(.., default)| *default);
                Argument { position: *position, key: key.clone(), default: default.map(|default| self.value(default)) }
            });
            let arguments = arguments.collect();
            return Some(Export::Function { arguments, returns, requests });
        }
        if let Some(Client::Axios(base)) = self.client(node) {
            return Some(Export::Client(base));
        }
        // `export default new Api()`, `export class Api`
        let class = match node.kind() {
            "class_declaration" => node.child_by_field_name("body"),
            "new_expression" => node.child_by_field_name("constructor").and_then(|class| {
                match self.source.resolve(self.source.text(class), class.start_byte() as u32).first() {
                    Some(Binding::Class(body)) => Some(*body),
                    _ => None,
                }
            }),
            "identifier" => match self.source.resolve(self.source.text(node), node.start_byte() as u32).first() {
                Some(Binding::Value(value)) if value.id() != node.id() => return self.exported(*value, wrapped, depth - 1),
                Some(Binding::Import(module, name)) => return Some(Export::From((*module).to_owned(), (*name).to_owned())),
                _ => None,
            },
            _ => None,
        };
        if let Some(object) = class.or_else(|| self.object(node, 8)) {
            let mut members = Exports::new();
            for part in children(object) {
                let (key, value) = match part.kind() {
                    "pair" => (part.child_by_field_name("key"), part.child_by_field_name("value")),
                    "method_definition" => (part.child_by_field_name("name"), Some(part)),
                    "shorthand_property_identifier" => (Some(part), Some(part)),
                    "public_field_definition" | "field_definition" => {
                        (part.child_by_field_name("name").or(part.child_by_field_name("property")), part.child_by_field_name("value"))
                    }
                    _ => continue,
                };
                if let (Some(key), Some(value)) = (key.and_then(|key| self.source.key(key)), value)
                    && let Some(export) = self.exported(value, wrapped, depth - 1)
                {
                    members.insert(key.to_owned(), export);
                }
            }
            return (!members.is_empty()).then(|| Export::Object(Arc::new(members)));
        }
        let mut values = self.value(node);
        values.retain(|value| {
            !value.is_gap()
                && value.function().is_none()
                && value.0.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains('/')))
        });
        (!values.is_empty()).then_some(Export::Text(values))
    }
}

/// No argument of another function is in it.
fn only_of(value: &Value, function: usize) -> bool {
    value.0.iter().all(|piece| !matches!(piece, Piece::Param(of, _) if *of != function))
}

fn emit(request: &Request, kind: Kind, out: &mut Vec<Found>) {
    let value = if request.joined { single(&request.url) } else { request.url.clone() };
    let (kind, manner) = match kind {
        Kind::Fetch => (request.kind, Manner::Page),
        // Also in a test: there it is relative to what is tested.
        kind => (kind, Manner::Code),
    };
    // A word that is only a part of a path is none to a script: `fetch(name)`.
    let Some(url) = value.url(manner) else { return };
    let method: Option<Arc<str>> = match &request.method {
        Method::Known(name) => Some(name.clone()),
        Method::Given(value, _) => value.known().filter(|name| is_method(name)).map(|name| name.to_ascii_uppercase().into()),
        Method::Unknown => None,
    };
    out.push(Found { span: request.span, kind, method, url, service: None });
}
