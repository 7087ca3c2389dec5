//! Functions of a script that only hand their argument on to a request, and what other scripts can use of it.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::super::value::{Manner, Piece, Value};
use super::super::{Found, Kind};
use super::clients::{Client, single};
use super::requests::{Method, Request, is_method};
use super::scope::{Binding, children, is_function, span};
use super::{Argument, Export, Exports, Read, Reader};

/// How deep wrappers of wrappers are followed.
const DEPTH: u32 = 4;
/// How many requests one script can have.
const MOST: usize = 2_000;

impl<'t> Reader<'_, 't> {
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
        let mut found = Vec::new();
        let mut wrapped: FxHashMap<usize, Vec<Request>> = FxHashMap::default();
        for request in requests {
            match request.url.function() {
                None => emit(&request, self.kind, &mut found),
                Some(function) => wrapped.entry(function).or_default().push(request),
            }
        }
        let escaped = self.escaped(&nodes, &called_names, &wrapped);
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
        found.sort_by_key(|found: &Found| (found.span, found.kind));
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
    fn escaped(&self, nodes: &[Node<'t>], called: &FxHashSet<usize>, wrapped: &FxHashMap<usize, Vec<Request>>) -> FxHashSet<usize> {
        let mut out = FxHashSet::default();
        if wrapped.is_empty() {
            return out;
        }
        let names = self.source.names_of(|binding| match binding {
            Binding::Function(_) => true,
            Binding::Value(value) => self.as_function(*value, 4).is_some(),
            _ => false,
        });
        let of_one =
            |node: &&Node<'t>| node.kind() == "identifier" && names.contains(self.source.text(**node)) && !called.contains(&node.id());
        for node in nodes.iter().filter(of_one) {
            let Some(parent) = self.source.parent(*node) else { continue };
            let is = |field: &str| parent.child_by_field_name(field).is_some_and(|child| child.id() == node.id());
            let declares =
                matches!(parent.kind(), "variable_declarator" | "function_declaration" | "import_specifier" | "export_specifier")
                    && is("name");
            let assigned = parent.kind() == "assignment_expression" && is("left");
            if !declares
                && !assigned
                && parent.kind() != "member_expression"
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
                match self.source.methods.get(&(around, name)).map(Vec::as_slice) {
                    Some([only]) => Some(*only),
                    _ => None,
                }
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
