//! What an expression computes.

use tree_sitter::Node;

use super::super::facts::{Binding, Expr, Scope, ScopeId, ScopeKind};
use super::super::syntax::children;
use super::bindings::{member, member_of, with_default};
use super::packages::{self, Role};
use super::source::{is_function, plain, unescaped, unquoted};
use super::{Reader, paths};

/// How deep expressions are followed.
const DEPTH: u32 = 48;

/// Names of the language and of its runtimes that have nothing to do with routes.
const GLOBALS: &[&str] = &[
    "$",
    "AbortController",
    "Array",
    "Boolean",
    "Buffer",
    "Date",
    "Error",
    "Infinity",
    "Intl",
    "JSON",
    "Map",
    "Math",
    "NaN",
    "Number",
    "Object",
    "Promise",
    "Proxy",
    "Reflect",
    "RegExp",
    "Response",
    "Set",
    "String",
    "Symbol",
    "URL",
    "URLSearchParams",
    "WeakMap",
    "__dirname",
    "__filename",
    "after",
    "afterAll",
    "afterEach",
    "before",
    "beforeAll",
    "beforeEach",
    "clearInterval",
    "clearTimeout",
    "console",
    "cy",
    "describe",
    "document",
    "expect",
    "fetch",
    "global",
    "globalThis",
    "it",
    "jQuery",
    "jest",
    "localStorage",
    "location",
    "navigator",
    "performance",
    "process",
    "queueMicrotask",
    "sessionStorage",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "structuredClone",
    "test",
    "undefined",
    "vi",
    "window",
];

/// Methods that give back what they are called on.
const SAME: &[&str] = &[
    "addContentTypeParser",
    "addHook",
    "addSchema",
    "after",
    "bind",
    "decorate",
    "decorateReply",
    "decorateRequest",
    "disable",
    "doc",
    "doc31",
    "enable",
    "engine",
    "getHttpAdapter",
    "getInstance",
    "middleware",
    "notFound",
    "on",
    "onError",
    "openapi",
    "param",
    "ready",
    "register",
    "routes",
    "set",
    "setErrorHandler",
    "setNotFoundHandler",
    "setSerializerCompiler",
    "setValidatorCompiler",
    "use",
    "withTypeProvider",
];

impl<'a, 't> Reader<'a, 't> {
    /// What an expression computes.
    pub(super) fn expr(&mut self, node: Node<'t>) -> Expr {
        self.value(node, DEPTH)
    }

    pub(super) fn value(&mut self, node: Node<'t>, depth: u32) -> Expr {
        if depth == 0 || self.steps == 0 {
            return Expr::Unknown;
        }
        self.steps -= 1;
        let depth = depth - 1;
        let node = plain(node);
        match node.kind() {
            "string" => Expr::text(&unquoted(self.source.text(node))),
            "template_string" => self.template(node, depth),
            "number" => Expr::text(self.source.text(node)),
            "regex" => Expr::text(&self.regex(node)),
            "identifier" | "shorthand_property_identifier" => self.name(self.source.scope(node), self.source.text(node)),
            "this" => self.source.this(node).map_or(Expr::Unknown, Expr::Scope),
            "member_expression" => self.member_value(node, depth),
            "subscript_expression" => self.subscript(node, depth),
            "call_expression" => self.call(node, depth),
            "new_expression" => self.instance(node, depth),
            "binary_expression" => self.binary(node, depth),
            "ternary_expression" => {
                let sides = ["consequence", "alternative"].map(|side| node.child_by_field_name(side));
                Expr::Any(sides.into_iter().flatten().map(|side| self.value(side, depth)).collect())
            }
            "assignment_expression" => match node.child_by_field_name("right") {
                Some(right) => self.value(right, depth),
                None => Expr::Unknown,
            },
            "sequence_expression" => match children(node).last() {
                Some(last) => self.value(*last, depth),
                None => Expr::Unknown,
            },
            "array" => Expr::List(children(node).into_iter().map(|item| self.item(item, depth)).collect()),
            "spread_element" => match children(node).first() {
                Some(inner) => self.value(*inner, depth),
                None => Expr::Unknown,
            },
            "object" => self.object(node),
            "class" | "class_declaration" => self.class_value(node),
            kind if is_function(kind) => self.function_value(node),
            "true"
            | "false"
            | "null"
            | "undefined"
            | "unary_expression"
            | "update_expression"
            | "jsx_element"
            | "jsx_self_closing_element" => Expr::Other,
            _ => Expr::Unknown,
        }
    }

    /// An item of a list. A list in a list is a thing with members: `[['/users', users]]`.
    fn item(&mut self, item: Node<'t>, depth: u32) -> Expr {
        let inner = plain(item);
        if inner.kind() != "array" {
            return self.value(item, depth);
        }
        let items = children(inner).into_iter().map(|item| self.value(item, depth)).collect();
        self.numbered(self.source.scope(inner), items)
    }

    /// A thing of which the members are numbers.
    fn numbered(&mut self, around: ScopeId, items: Vec<Expr>) -> Expr {
        let scope = ScopeId(self.facts.scopes.len() as u32);
        self.facts.scopes.push(Scope { parent: Some(around), kind: ScopeKind::Class, ..Scope::default() });
        let members = items.into_iter().enumerate();
        self.facts.bindings.extend(members.map(|(at, value)| Binding { scope, name: at.to_string().into(), value }));
        Expr::Scope(scope)
    }

    /// A name, as it is seen in a scope.
    pub(super) fn name(&self, scope: ScopeId, name: &str) -> Expr {
        let declared = self.source.outwards(scope).any(|scope| self.declared.contains(&(scope, name)));
        match declared {
            true => Expr::Name(scope, name.into()),
            false if GLOBALS.contains(&name) => Expr::Other,
            false => Expr::Unknown,
        }
    }

    fn template(&mut self, node: Node<'t>, depth: u32) -> Expr {
        let mut pieces: Vec<Expr> = Vec::new();
        for child in children(node) {
            pieces.push(match child.kind() {
                "template_substitution" => match children(child).first() {
                    Some(inner) => self.value(*inner, depth),
                    None => Expr::Unknown,
                },
                "escape_sequence" => Expr::text(&unescaped(self.source.text(child))),
                _ => Expr::text(self.source.text(child)),
            });
        }
        joined(pieces)
    }

    /// A regular expression, as a pattern.
    pub(super) fn regex(&self, node: Node<'t>) -> String {
        let pattern = node.child_by_field_name("pattern").map_or("", |pattern| self.source.text(pattern));
        let flags = node.child_by_field_name("flags").map_or("", |flags| self.source.text(flags));
        if flags.contains('i') { "*".to_owned() } else { paths::regex(pattern) }
    }

    fn member_value(&mut self, node: Node<'t>, depth: u32) -> Expr {
        let (Some(object), Some(name)) = (node.child_by_field_name("object"), node.child_by_field_name("property")) else {
            return Expr::Unknown;
        };
        let key = self.source.text(name);
        if let Some(variable) = self.environment(object, key) {
            return variable;
        }
        match (self.source.text(object), key) {
            ("module", "exports") => return Expr::Name(ScopeId::FILE, "default".into()),
            ("exports" | "module.exports", _) => return Expr::Name(ScopeId::FILE, key.into()),
            _ => {}
        }
        if object.kind() == "this" {
            return self.of_this(node, key);
        }
        if let Some((module, name)) = self.origin(node)
            && let Some(known) = self.known_member(&module, &name)
        {
            return known;
        }
        let of = self.value(object, depth);
        member(of, key)
    }

    fn of_this(&self, node: Node<'t>, key: &str) -> Expr {
        let Some(class) = self.source.this(node) else { return Expr::Unknown };
        if self.types.get(&(class, key)).is_some_and(|kind| !super::bindings::may_be_router(kind)) {
            return Expr::Other;
        }
        // Of a class that this one extends, or bound from outside.
        Expr::Name(class, key.into())
    }

    /// `process.env.X`, `import.meta.env.X`.
    fn environment(&self, object: Node<'t>, key: &str) -> Option<Expr> {
        let object = self.source.text(object);
        if matches!(object, "process.env" | "import.meta.env" | "Bun.env") {
            return Some(Expr::Setting(key.into(), None));
        }
        (matches!((object, key), ("process", "env"))).then(|| Expr::Setting("".into(), None))
    }

    fn subscript(&mut self, node: Node<'t>, depth: u32) -> Expr {
        let (Some(object), Some(index)) = (node.child_by_field_name("object"), node.child_by_field_name("index")) else {
            return Expr::Unknown;
        };
        if !matches!(index.kind(), "string" | "number") {
            return Expr::Unknown;
        }
        let key = self.key(index);
        if let Some(variable) = self.environment(object, &key) {
            return variable;
        }
        let of = self.value(object, depth);
        member(of, &key)
    }

    fn binary(&mut self, node: Node<'t>, depth: u32) -> Expr {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return Expr::Unknown;
        };
        let operator = node.child_by_field_name("operator").map_or("", |operator| operator.kind());
        match operator {
            "+" => joined(vec![self.value(left, depth), self.value(right, depth)]),
            "||" | "??" => with_default(self.value(left, depth), self.value(right, depth)),
            "&&" => self.value(right, depth),
            _ => Expr::Other,
        }
    }

    /// An object literal, by its members.
    fn object(&mut self, node: Node<'t>) -> Expr {
        if let Some(module) = self.nest_dynamic_module(node) {
            return module;
        }
        self.source.made_by(node).map_or(Expr::Unknown, Expr::Scope)
    }

    /// Of which module something is, and its name there.
    pub(super) fn origin(&self, node: Node<'t>) -> Option<(String, String)> {
        let mut keys: Vec<&str> = Vec::new();
        let mut node = plain(node);
        while node.kind() == "member_expression" {
            keys.push(self.source.text(node.child_by_field_name("property")?));
            node = plain(node.child_by_field_name("object")?);
        }
        let start = match node.kind() {
            "identifier" => {
                let name = self.source.text(node);
                let scope = self.source.scope(node);
                let home = self.source.outwards(scope).find(|scope| self.declared.contains(&(*scope, name)))?;
                self.imports.get(&(home, name)).cloned()?
            }
            "call_expression" => self.module_of(node)?,
            _ => return None,
        };
        Some(keys.iter().rev().fold(start, |(module, name), key| member_of(&module, &name, key)))
    }

    /// The module of `require('x')` and `import('x')`.
    fn module_of(&self, call: Node<'t>) -> Option<(String, String)> {
        let name = match call.child_by_field_name("function").map(|function| self.source.text(function))? {
            "require" => "default",
            "import" => "*",
            _ => return None,
        };
        let module = children(call.child_by_field_name("arguments")?).first().copied().filter(|module| module.kind() == "string")?;
        Some((unquoted(self.source.text(module)), name.to_owned()))
    }

    fn call(&mut self, node: Node<'t>, depth: u32) -> Expr {
        if let Some((module, name)) = self.module_of(node) {
            return self.imported(&module, &name);
        }
        // Chains can be long. Each call in one that gives back what it is called on is the same thing.
        let mut same = Vec::new();
        let mut at = node;
        let found = loop {
            if let Some(known) = self.made.get(&at.id()).or_else(|| self.chains.get(&at.id())) {
                break known.clone();
            }
            same.push(at.id());
            match self.link_of(at, depth) {
                Ok(value) => break value,
                Err(inner) => at = inner,
            }
        };
        for id in same {
            self.chains.insert(id, found.clone());
        }
        found
    }

    /// What a call gives back, or the call before it in a chain if it gives back just that.
    fn link_of(&mut self, node: Node<'t>, depth: u32) -> Result<Expr, Node<'t>> {
        let (Some(function), arguments) = (node.child_by_field_name("function"), arguments(node)) else { return Ok(Expr::Unknown) };
        let function = plain(function);
        if let Some((module, name)) = self.origin(function)
            && let Some(known) = self.known_call(node, &module, &name, &arguments, depth)
        {
            return Ok(known);
        }
        let method = function.child_by_field_name("property").map(|name| self.source.text(name));
        let object = function.child_by_field_name("object").map(plain);
        if let (Some(object), Some(method)) = (object, method) {
            if let Some(known) = self.known_method(node, object, method, &arguments, depth) {
                return Ok(known);
            }
            let verb = super::calls::verb(method).is_some() && arguments.last().is_some_and(|last| self.may_handle(*last));
            let route = method == "route" && (arguments.len() > 1 || arguments.first().is_some_and(|one| one.kind() == "object"));
            if SAME.contains(&method) || verb || route {
                return if object.kind() == "call_expression" { Err(object) } else { Ok(self.value(object, depth)) };
            }
        }
        let called = self.value(function, depth);
        let arguments = arguments.into_iter().map(|argument| self.value(argument, depth)).collect();
        Ok(called_as(called, arguments))
    }

    /// Methods of the language and of frameworks that say what comes out of them.
    fn known_method(&mut self, node: Node<'t>, object: Node<'t>, method: &str, arguments: &[Node<'t>], depth: u32) -> Option<Expr> {
        match (method, arguments) {
            ("route", [path]) if path.kind() != "object" => Some(self.express_route(node, object, *path, depth)),
            ("basePath", [path]) => Some(self.hono_base(node, object, *path, depth)),
            ("createApp", []) if self.uses("hono/factory") => Some(self.hono_app(node)),
            ("allowedMethods" | "listen" | "callback", _) => Some(Expr::Other),
            ("concat", [more]) => Some(joined(vec![self.value(object, depth), self.value(*more, depth)])),
            ("flat" | "filter" | "reverse" | "slice", _) => Some(self.value(object, depth)),
            ("assign", [_, ..]) if self.source.text(object) == "Object" => {
                Some(Expr::Any(arguments.iter().map(|argument| self.value(*argument, depth)).collect()))
            }
            ("create", [inner, ..]) if self.source.text(object) == "Object" => Some(self.value(*inner, depth)),
            ("freeze", [inner]) if self.source.text(object) == "Object" => Some(self.value(*inner, depth)),
            ("resolve", [inner]) if self.source.text(object) == "Promise" => Some(self.value(*inner, depth)),
            ("all", [inner]) if self.source.text(object) == "Promise" => Some(self.value(*inner, depth)),
            ("entries" | "values", [inner]) if self.source.text(object) == "Object" => self.entries(method, *inner, depth),
            ("get" | "getOrThrow", [key, rest @ ..]) if key.kind() == "string" && rest.len() < 2 => {
                let key = unquoted(self.source.text(*key));
                let environment = key.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
                let config = self.source.text(object).to_ascii_lowercase().contains("config");
                let default = rest.first().filter(|last| last.kind() != "object").map(|default| Box::new(self.value(*default, depth)));
                (environment && config).then(|| Expr::Setting(key.into(), default))
            }
            ("map" | "forEach", [function, ..]) if is_function(function.kind()) => {
                let list = self.value(object, depth);
                let function = self.function_value(*function);
                Some(Expr::Call(Box::new(function), vec![list]))
            }
            _ => None,
        }
    }

    /// `Object.entries(x)`, `Object.values(x)` of an object literal of this file.
    fn entries(&mut self, method: &str, object: Node<'t>, depth: u32) -> Option<Expr> {
        let object = plain(object);
        let literal = match object.kind() {
            "identifier" => self.literal_named(self.source.scope(object), self.source.text(object))?,
            _ => object,
        };
        if literal.kind() != "object" {
            return None;
        }
        let mut out = Vec::new();
        for pair in children(literal) {
            let (key, value) = match pair.kind() {
                "pair" => {
                    let key = pair.child_by_field_name("key").filter(|key| key.kind() != "computed_property_name")?;
                    (self.key(key), self.value(pair.child_by_field_name("value")?, depth))
                }
                "shorthand_property_identifier" => (self.source.text(pair).to_owned(), self.value(pair, depth)),
                _ => return None,
            };
            out.push(match method {
                "values" => value,
                _ => self.numbered(self.source.scope(object), vec![Expr::text(&key), value]),
            });
        }
        Some(Expr::List(out))
    }

    fn instance(&mut self, node: Node<'t>, depth: u32) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let arguments = arguments(node);
        let Some(class) = node.child_by_field_name("constructor").map(plain) else { return Expr::Unknown };
        if let Some((module, name)) = self.origin(class)
            && let Some(known) = self.known_call(node, &module, &name, &arguments, depth)
        {
            return known;
        }
        let class = self.value(class, depth);
        let arguments = arguments.into_iter().map(|argument| self.value(argument, depth)).collect();
        called_as(class, arguments)
    }

    /// Something of a package, where that says what it is.
    fn known_member(&self, module: &str, _name: &str) -> Option<Expr> {
        (packages::role(module) == Some(Role::Harmless)).then_some(Expr::Other)
    }
}

/// The arguments of a call.
pub(super) fn arguments(call: Node<'_>) -> Vec<Node<'_>> {
    call.child_by_field_name("arguments").filter(|list| list.kind() == "arguments").map(children).unwrap_or_default()
}

fn called_as(function: Expr, arguments: Vec<Expr>) -> Expr {
    match function {
        Expr::Other => Expr::Other,
        Expr::Unknown => Expr::Unknown,
        function => Expr::Call(Box::new(function), arguments),
    }
}

/// Texts one behind the other.
pub(super) fn joined(pieces: Vec<Expr>) -> Expr {
    let mut out: Vec<Expr> = Vec::new();
    for piece in pieces {
        let more = match piece {
            Expr::Join(inner) => inner,
            piece => vec![piece],
        };
        for piece in more {
            match (out.last_mut(), piece) {
                (Some(Expr::Text(head)), Expr::Text(tail)) => *head = format!("{head}{tail}").into(),
                (_, piece) => out.push(piece),
            }
        }
    }
    match out.len() {
        0 => Expr::text(""),
        1 => out.pop().unwrap_or(Expr::Unknown),
        _ => Expr::Join(out),
    }
}
