//! One file of Rust: its scopes, names and expressions.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::super::facts::{Binding, Call, Expr, Facts, Glue, Mount, Object, ObjectKind, Open, RouteFact, Scope, ScopeId, ScopeKind, Why};
use super::super::syntax::{children, nodes, parse, span, text};
use super::{actix, axum, mild, rocket};

/// How deep expressions are followed.
pub(super) const DEPTH: usize = 60;

pub(super) struct Reader<'t> {
    pub(super) code: &'t str,
    pub(super) facts: Facts,
    /// Names that `use` brings, and their paths.
    pub(super) imports: FxHashMap<String, String>,
    pub(super) scopes: FxHashMap<usize, ScopeId>,
    /// Types that are written here.
    pub(super) types: FxHashMap<String, ScopeId>,
    /// Routers that are made here, by the node that makes them.
    pub(super) made: FxHashMap<usize, Expr>,
    /// Constants of the file that are texts.
    constants: FxHashMap<String, String>,
}

/// A call of a method: `router.route("/x", get(f))`.
pub(super) struct Method<'t> {
    pub(super) node: Node<'t>,
    pub(super) value: Node<'t>,
    pub(super) name: &'t str,
    pub(super) arguments: Vec<Node<'t>>,
    pub(super) scope: ScopeId,
}

pub(super) fn read(code: &str) -> Facts {
    let Some(tree) = parse(code, &tree_sitter_rust::LANGUAGE.into()) else {
        let mut facts = Facts::default();
        facts.open.push(Open { why: Why::Unparsed, span: crate::text::Span::at(0) });
        return facts;
    };
    let root = tree.root_node();
    let all = nodes(root);
    let mut reader = Reader {
        code,
        facts: Facts::default(),
        imports: FxHashMap::default(),
        scopes: FxHashMap::default(),
        types: FxHashMap::default(),
        made: FxHashMap::default(),
        constants: FxHashMap::default(),
    };
    for node in &all {
        match node.kind() {
            "use_declaration" => reader.uses(*node),
            "const_item" | "static_item" => reader.constant(*node),
            _ => {}
        }
    }
    let routes = ["axum", "actix", "rocket"].iter().any(|word| code.contains(word));
    if root.has_error() && routes {
        reader.open(Why::Unparsed, root);
    }
    let scoped = reader.find_scopes(&all);
    for (node, scope) in &scoped {
        reader.bind(*node, *scope);
    }
    for (node, scope) in &scoped {
        match node.kind() {
            "call_expression" => reader.call(*node, *scope),
            "attribute_item" => {
                if matches!(node.parent().map(|parent| parent.kind()), Some("source_file" | "declaration_list")) {
                    rocket::catcher(&mut reader, *node);
                }
            }
            "identifier" | "type_identifier" => reader.named(*node),
            _ => {}
        }
    }
    for (node, scope) in &scoped {
        reader.returned(*node, *scope);
    }
    reader.facts
}

impl<'t> Reader<'t> {
    pub(super) fn text(&self, node: Node<'_>) -> &'t str {
        text(self.code, node)
    }

    pub(super) fn field(&self, node: Node<'t>, name: &str) -> Option<Node<'t>> {
        node.child_by_field_name(name)
    }

    pub(super) fn open(&mut self, why: Why, node: Node<'_>) {
        self.facts.open.push(Open { why, span: span(node) });
    }

    pub(super) fn name(&mut self, scope: ScopeId, name: &str, value: Expr) {
        if name != "_" {
            self.facts.bindings.push(Binding { scope, name: name.into(), value });
        }
    }

    pub(super) fn object(&mut self, node: Node<'t>, kind: ObjectKind, framework: &'static str, prefix: Expr) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        self.facts.objects.push(Object { kind, framework, prefix, glue: Glue::Slash, caseless: false, span: span(node) });
        let made = Expr::Object(self.facts.objects.len() - 1);
        self.made.insert(node.id(), made.clone());
        made
    }

    pub(super) fn route(&mut self, on: Expr, methods: Vec<Arc<str>>, path: Expr, node: Node<'t>) {
        self.facts.routes.push(RouteFact { on, methods, path, span: span(node), certain: false, implied: false });
    }

    pub(super) fn mount(&mut self, on: Expr, prefix: Expr, what: Expr, node: Node<'t>, certain: bool) {
        self.facts.mounts.push(Mount { on, prefix, replaces: false, what, span: span(node), certain });
    }

    /// True when a name is of a crate, by what `use` says or by a path that is written in full.
    pub(super) fn is_of(&self, path: &str, crates: &[&str]) -> bool {
        let first = path.split("::").next().unwrap_or(path);
        let full = self.imports.get(first).map_or(path, String::as_str);
        let root = full.split("::").next().unwrap_or(full);
        crates.contains(&root)
    }

    /// `use a::{b, c as d, e::*};`
    fn uses(&mut self, node: Node<'t>) {
        let Some(argument) = self.field(node, "argument") else { return };
        let mut open: Vec<(Node<'t>, String)> = vec![(argument, String::new())];
        while let Some((node, before)) = open.pop() {
            let join = |path: &str| if before.is_empty() { path.to_owned() } else { format!("{before}::{path}") };
            match node.kind() {
                "scoped_use_list" => {
                    let path = self.field(node, "path").map_or(before.clone(), |path| join(self.text(path)));
                    if let Some(list) = self.field(node, "list") {
                        open.extend(children(list).into_iter().map(|item| (item, path.clone())));
                    }
                }
                "use_list" => open.extend(children(node).into_iter().map(|item| (item, before.clone()))),
                "use_as_clause" => {
                    if let (Some(path), Some(alias)) = (self.field(node, "path"), self.field(node, "alias")) {
                        let path = join(self.text(path));
                        self.used(self.text(alias), &path);
                    }
                }
                "use_wildcard" => {
                    let path = join(self.text(node).trim_end_matches('*').trim_end_matches("::"));
                    self.name(ScopeId::FILE, "*", Expr::Import(path.as_str().into(), "*".into()));
                }
                "self" => {
                    let name = before.rsplit("::").next().unwrap_or("").to_owned();
                    self.used(&name, &before);
                }
                _ => {
                    let path = join(self.text(node));
                    let name = path.rsplit("::").next().unwrap_or("").to_owned();
                    self.used(&name, &path);
                }
            }
        }
    }

    fn used(&mut self, name: &str, path: &str) {
        let path: String = path.chars().filter(|c| !c.is_whitespace()).collect();
        let value = imported(&path);
        self.name(ScopeId::FILE, name, value);
        self.imports.insert(name.to_owned(), path);
    }

    fn constant(&mut self, node: Node<'t>) {
        let (Some(name), Some(value)) = (self.field(node, "name"), self.field(node, "value")) else { return };
        if let Some(value) = literal(self.text(value)) {
            self.constants.insert(self.text(name).to_owned(), value);
        }
    }

    /// All nodes with the scope that they are in.
    fn find_scopes(&mut self, all: &[Node<'t>]) -> Vec<(Node<'t>, ScopeId)> {
        for node in all.iter().filter(|node| matches!(node.kind(), "struct_item" | "enum_item")) {
            let id = ScopeId(self.facts.scopes.len() as u32);
            self.facts.scopes.push(Scope { parent: Some(ScopeId::FILE), kind: ScopeKind::Class, ..Scope::default() });
            if let Some(name) = self.field(*node, "name") {
                self.types.insert(self.text(name).to_owned(), id);
                self.name(ScopeId::FILE, self.text(name), Expr::Scope(id));
            }
        }
        let mut open: Vec<(usize, ScopeId)> = Vec::new();
        // The types whose methods are being read.
        let mut implemented: Vec<(usize, &'t str)> = Vec::new();
        let mut out = Vec::with_capacity(all.len());
        for node in all {
            while open.last().is_some_and(|(end, _)| *end <= node.start_byte()) {
                open.pop();
            }
            while implemented.last().is_some_and(|(end, _)| *end <= node.start_byte()) {
                implemented.pop();
            }
            let around = open.last().map_or(ScopeId::FILE, |(_, scope)| *scope);
            out.push((*node, around));
            match node.kind() {
                "impl_item" => {
                    let of = self.field(*node, "type").map_or("", |of| self.text(of));
                    implemented.push((node.end_byte(), of.split('<').next().unwrap_or(of)));
                }
                "function_item" | "closure_expression" => {
                    let id = ScopeId(self.facts.scopes.len() as u32);
                    self.facts.scopes.push(Scope { parent: Some(around), kind: ScopeKind::Function, ..Scope::default() });
                    self.scopes.insert(node.id(), id);
                    self.function(*node, id, around, implemented.last().map(|(_, of)| *of));
                    open.push((node.end_byte(), id));
                }
                _ => {}
            }
        }
        out
    }

    fn function(&mut self, node: Node<'t>, id: ScopeId, around: ScopeId, of: Option<&'t str>) {
        let mut parameters: Vec<Arc<str>> = Vec::new();
        for parameter in self.field(node, "parameters").map(children).unwrap_or_default() {
            match parameter.kind() {
                "self_parameter" => {
                    if let Some(of) = of {
                        self.name(id, "self", Expr::Call(Box::new(Expr::Name(ScopeId::FILE, of.into())), Vec::new()));
                    }
                }
                "parameter" => {
                    let pattern = self.field(parameter, "pattern").map_or("", |pattern| self.text(pattern));
                    parameters.push(pattern.trim_start_matches("mut ").trim().into());
                }
                "attribute_item" => {}
                _ => parameters.push(self.text(parameter).trim_start_matches("mut ").trim().into()),
            }
        }
        if let Some(scope) = self.facts.scopes.get_mut(id.0 as usize) {
            scope.parameters = parameters;
        }
        let Some(name) = self.field(node, "name") else { return };
        let name = self.text(name);
        let value = match actix::macros(self, node) {
            Some(routes) => routes,
            None => Expr::Scope(id),
        };
        match of {
            Some(of) => self.name(ScopeId::FILE, &format!("{of}.{name}"), value),
            None => {
                if around != ScopeId::FILE {
                    self.name(around, name, value.clone());
                }
                self.name(ScopeId::FILE, name, value);
            }
        }
    }

    fn bind(&mut self, node: Node<'t>, scope: ScopeId) {
        match node.kind() {
            "let_declaration" | "const_item" | "static_item" => {
                let Some(name) = self.field(node, "pattern").or_else(|| self.field(node, "name")) else { return };
                if matches!(name.kind(), "identifier" | "mut_pattern") {
                    let value = self.field(node, "value").map_or(Expr::Unknown, |value| self.expr(value, scope, DEPTH));
                    if self.field(node, "value").is_some() {
                        self.name(scope, self.text(name).trim_start_matches("mut ").trim(), value);
                    }
                    return;
                }
                for inner in nodes(name).into_iter().filter(|inner| inner.kind() == "identifier") {
                    self.name(scope, self.text(inner), Expr::Unknown);
                }
            }
            "assignment_expression" => {
                let (Some(left), Some(right)) = (self.field(node, "left"), self.field(node, "right")) else { return };
                let value = self.expr(right, scope, DEPTH);
                match left.kind() {
                    "identifier" => self.name(self.declared_in(scope, self.text(left)), self.text(left), value),
                    "field_expression" => {
                        let operand = self.field(left, "value").map_or("", |value| self.text(value));
                        let field = self.field(left, "field").map_or("", |field| self.text(field));
                        if operand == "self"
                            && let Some(of) = self.own_type(left)
                        {
                            self.name(ScopeId::FILE, &format!("{of}.{field}"), value);
                        }
                    }
                    _ => {}
                }
            }
            "field_initializer" | "shorthand_field_initializer" => {
                let of = node.parent().and_then(|list| list.parent()).and_then(|of| self.field(of, "name"));
                let mut of = of.map_or("", |of| self.text(of));
                if of == "Self" {
                    of = self.own_type(node).unwrap_or("");
                }
                let name = self.field(node, "field").or_else(|| self.field(node, "name")).or_else(|| children(node).first().copied());
                let (Some(name), true) = (name, self.types.contains_key(of)) else { return };
                let value = self.field(node, "value").unwrap_or(name);
                let value = self.expr(value, scope, DEPTH);
                self.name(ScopeId::FILE, &format!("{of}.{}", self.text(name)), value);
            }
            "for_expression" => {
                if let Some(pattern) = self.field(node, "pattern") {
                    let list = self.field(node, "value").map_or(Expr::Unknown, |value| self.expr(value, scope, DEPTH));
                    let whole = pattern.kind() == "identifier" && matches!(list, Expr::List(_));
                    for inner in nodes(pattern).into_iter().filter(|inner| inner.kind() == "identifier") {
                        self.name(scope, self.text(inner), if whole { list.clone() } else { Expr::Unknown });
                    }
                }
            }
            "match_pattern" => {
                for inner in nodes(node).into_iter().filter(|inner| inner.kind() == "identifier") {
                    self.name(scope, self.text(inner), Expr::Unknown);
                }
            }
            _ => {}
        }
    }

    fn declared_in(&self, scope: ScopeId, name: &str) -> ScopeId {
        let mut at = Some(scope);
        while let Some(one) = at {
            let known = self.facts.scopes.get(one.0 as usize);
            if known.is_some_and(|known| known.parameters.iter().any(|parameter| &**parameter == name))
                || self.facts.bindings.iter().rev().take(2000).any(|binding| binding.scope == one && &*binding.name == name)
            {
                return one;
            }
            at = known.and_then(|scope| scope.parent);
        }
        scope
    }

    /// The type whose `impl` a node is in.
    fn own_type(&self, node: Node<'t>) -> Option<&'t str> {
        let mut at = node;
        for _ in 0..DEPTH {
            at = at.parent()?;
            if at.kind() == "impl_item" {
                let of = self.field(at, "type").map(|of| self.text(of))?;
                return Some(of.split('<').next().unwrap_or(of));
            }
        }
        None
    }

    /// What functions return: what stands at their end, and what `return` says.
    fn returned(&mut self, node: Node<'t>, scope: ScopeId) {
        let (value, scope) = match node.kind() {
            "return_expression" => (children(node).first().copied(), scope),
            "function_item" | "closure_expression" => {
                let Some(id) = self.scopes.get(&node.id()).copied() else { return };
                if let Some(verdict) = mild::verdict(self.code, node) {
                    if let Some(scope) = self.facts.scopes.get_mut(id.0 as usize) {
                        scope.returns = verdict;
                    }
                    return;
                }
                let nothing = node.kind() == "function_item" && self.field(node, "return_type").is_none();
                let body = self.field(node, "body").filter(|_| !nothing);
                (body, id)
            }
            _ => return,
        };
        let Some(value) = value else { return };
        let mut value = self.expr(value, scope, DEPTH);
        let Some(known) = self.facts.scopes.get_mut(scope.0 as usize) else { return };
        if let Expr::Name(of, name) = &value
            && *of == scope
            && let Some(position) = known.parameters.iter().position(|parameter| parameter == name)
            && !self.facts.bindings.iter().any(|binding| binding.scope == scope && binding.name == *name)
        {
            value = Expr::Parameter(scope, position);
        }
        if known.kind == ScopeKind::Function && !known.returns.contains(&value) && !matches!(known.returns.as_slice(), [Expr::Unknown]) {
            known.returns.push(value);
        }
    }

    /// Names that make one doubt wherever they stand.
    fn named(&mut self, node: Node<'t>) {
        let why = match self.text(node) {
            "NormalizePathLayer" | "NormalizePath" | "LiveReloadLayer" | "uri_mut" | "set_uri" => Why::Middleware,
            "OpenApiRouter" | "ApiRouter" | "OpenApiService" => Why::Extension,
            "PrometheusMetricsBuilder" => Why::Extension,
            _ => return,
        };
        if node.parent().is_some_and(|parent| !matches!(parent.kind(), "use_list" | "use_declaration" | "scoped_use_list"))
            && !self.in_use(node)
        {
            self.open(why, node);
        }
    }

    fn in_use(&self, node: Node<'t>) -> bool {
        let mut at = Some(node);
        for _ in 0..8 {
            let Some(one) = at else { return false };
            if one.kind() == "use_declaration" {
                return true;
            }
            at = one.parent();
        }
        false
    }

    fn call(&mut self, node: Node<'t>, scope: ScopeId) {
        let Some(function) = self.field(node, "function") else { return };
        let arguments = self.arguments(node);
        let function = match function.kind() {
            "generic_function" => self.field(function, "function").unwrap_or(function),
            _ => function,
        };
        if let (Some(value), Some(field)) = (self.field(function, "value"), self.field(function, "field")) {
            let method = Method { node, value, name: self.text(field), arguments, scope };
            if axum::method(self, &method) || actix::method(self, &method) || rocket::method(self, &method) {
                return;
            }
            self.passes(node, scope);
            return;
        }
        self.passes(node, scope);
    }

    /// Notes a call that may hand a router to a function.
    fn passes(&mut self, node: Node<'t>, scope: ScopeId) {
        let may = |node: &Node<'t>| {
            matches!(
                node.kind(),
                "identifier"
                    | "call_expression"
                    | "field_expression"
                    | "reference_expression"
                    | "closure_expression"
                    | "self"
                    | "try_expression"
                    | "await_expression"
            )
        };
        if !self.arguments(node).iter().any(may) {
            return;
        }
        if let Expr::Call(function, arguments) = self.expr(node, scope, DEPTH)
            && !matches!(*function, Expr::Other | Expr::Unknown)
        {
            self.facts.calls.push(Call { function: *function, arguments });
        }
    }

    pub(super) fn arguments(&self, call: Node<'t>) -> Vec<Node<'t>> {
        let all = self.field(call, "arguments").map(children).unwrap_or_default();
        all.into_iter().filter(|argument| argument.kind() != "attribute_item").collect()
    }

    pub(super) fn expr(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Expr {
        let Some(depth) = depth.checked_sub(1) else { return Expr::Unknown };
        match node.kind() {
            "string_literal" | "raw_string_literal" => literal(self.text(node)).map_or(Expr::Unknown, |text| Expr::text(&text)),
            "integer_literal" | "boolean_literal" | "float_literal" | "char_literal" | "unit_expression" => Expr::Other,
            "identifier" | "self" => Expr::Name(scope, self.text(node).into()),
            "scoped_identifier" => self.path(self.text(node)),
            "generic_function" => match self.field(node, "function") {
                Some(inner) => self.expr(inner, scope, depth),
                None => Expr::Unknown,
            },
            "field_expression" => match (self.field(node, "value"), self.field(node, "field")) {
                (Some(value), Some(field)) => Expr::Member(Box::new(self.expr(value, scope, depth)), self.text(field).into()),
                _ => Expr::Unknown,
            },
            "reference_expression" | "try_expression" | "await_expression" | "parenthesized_expression" | "unary_expression" => {
                match self.field(node, "value").or_else(|| children(node).last().copied()) {
                    Some(inner) => self.expr(inner, scope, depth),
                    None => Expr::Unknown,
                }
            }
            "block" | "async_block" | "unsafe_block" => {
                let last = children(node).last().copied();
                match last {
                    Some(last) if last.kind() == "block" || is_value(last) => self.expr(last, scope, depth),
                    Some(last) if last.kind() == "expression_statement" && !self.text(last).ends_with(';') => {
                        match children(last).first() {
                            Some(inner) => self.expr(*inner, scope, depth),
                            None => Expr::Unknown,
                        }
                    }
                    _ => Expr::Other,
                }
            }
            "if_expression" => {
                let mut any = Vec::new();
                for part in ["consequence", "alternative"] {
                    if let Some(part) = self.field(node, part) {
                        let part = if part.kind() == "else_clause" { children(part).first().copied().unwrap_or(part) } else { part };
                        any.push(self.expr(part, scope, depth));
                    }
                }
                Expr::Any(any)
            }
            "tuple_expression" | "array_expression" => {
                let items: Vec<Node<'t>> = children(node).into_iter().take(1000).collect();
                Expr::List(items.into_iter().map(|item| self.expr(item, scope, depth)).collect())
            }
            "closure_expression" => self.scopes.get(&node.id()).map_or(Expr::Unknown, |id| Expr::Scope(*id)),
            "struct_expression" => match self.field(node, "name").map(|name| self.text(name)) {
                Some("Self") => self.own_type(node).map_or(Expr::Unknown, |of| instance(Expr::Name(ScopeId::FILE, of.into()))),
                Some(name) => instance(self.path(name)),
                None => Expr::Unknown,
            },
            "macro_invocation" => self.macro_call(node, scope),
            "call_expression" => self.called(node, scope, depth),
            _ => Expr::Unknown,
        }
    }

    /// A path: of a module, a type, a function.
    pub(super) fn path(&self, written: &str) -> Expr {
        let written: String = without_generics(written);
        let Some((first, rest)) = written.split_once("::") else { return Expr::Name(ScopeId::FILE, written.as_str().into()) };
        if self.types.contains_key(first) {
            return Expr::Name(ScopeId::FILE, format!("{first}.{}", rest.replace("::", ".")).into());
        }
        match self.imports.get(first) {
            Some(full) => imported(&format!("{full}::{rest}")),
            None => imported(&written),
        }
    }

    fn macro_call(&mut self, node: Node<'t>, scope: ScopeId) -> Expr {
        let name = self.field(node, "macro").map_or("", |name| self.text(name));
        let tokens = children(node).into_iter().find(|child| child.kind() == "token_tree");
        let Some(tokens) = tokens else { return Expr::Unknown };
        match name.rsplit("::").next().unwrap_or(name) {
            "format" | "concat" => self.formatted(tokens, scope, name.ends_with("concat")),
            "env" | "option_env" => Expr::Unknown,
            "routes" => rocket::listed(self, tokens),
            "vec" => Expr::Unknown,
            _ => Expr::Unknown,
        }
    }

    /// `format!("{prefix}/users")`, `format!("{}/users", prefix)`, `concat!("/a", "/b")`.
    fn formatted(&mut self, tokens: Node<'t>, scope: ScopeId, concat: bool) -> Expr {
        let parts = children(tokens);
        if concat {
            let pieces = parts.iter().map(|part| literal(self.text(*part)).map_or(Expr::Unknown, |text| Expr::text(&text)));
            return Expr::Join(pieces.collect());
        }
        let Some(format) = parts.first().and_then(|format| literal(self.text(*format))) else { return Expr::Unknown };
        let mut given = parts.get(1..).unwrap_or_default().iter();
        let mut pieces = Vec::new();
        let mut rest = format.replace("{{", "\u{1}").replace("}}", "\u{2}");
        while let Some((before, after)) = rest.clone().split_once('{') {
            pieces.push(Expr::text(&before.replace('\u{1}', "{").replace('\u{2}', "}")));
            let Some((name, after)) = after.split_once('}') else { return Expr::Unknown };
            pieces.push(match name {
                "" => match given.next() {
                    // One name each; anything longer is several tokens.
                    Some(value) if value.kind() == "identifier" && parts.len() == format.matches("{}").count() + 1 => {
                        Expr::Name(scope, self.text(*value).into())
                    }
                    _ => Expr::Unknown,
                },
                name if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => Expr::Name(scope, name.into()),
                _ => return Expr::Unknown,
            });
            rest = after.to_owned();
        }
        pieces.push(Expr::text(&rest.replace('\u{1}', "{").replace('\u{2}', "}")));
        Expr::Join(pieces)
    }

    fn called(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Expr {
        let Some(function) = self.field(node, "function") else { return Expr::Unknown };
        let function = match function.kind() {
            "generic_function" => self.field(function, "function").unwrap_or(function),
            _ => function,
        };
        let arguments = self.arguments(node);
        if let (Some(value), Some(field)) = (self.field(function, "value"), self.field(function, "field")) {
            let name = self.text(field);
            if axum::BUILDERS.contains(&name) || actix::BUILDERS.contains(&name) || rocket::BUILDERS.contains(&name) || SAME.contains(&name)
            {
                return self.expr(value, scope, depth);
            }
            if matches!(name, "unwrap_or" | "unwrap_or_else" | "unwrap_or_default") {
                return self.or_else(value, name, arguments.first().copied(), scope, depth);
            }
            let on = self.expr(value, scope, depth);
            let arguments = arguments.into_iter().map(|argument| self.expr(argument, scope, depth)).collect();
            return Expr::Call(Box::new(Expr::Member(Box::new(on), name.into())), arguments);
        }
        let path = without_generics(self.text(function));
        if let Some(made) =
            axum::made(self, node, &path).or_else(|| actix::made(self, node, &path, scope)).or_else(|| rocket::made(self, node, &path))
        {
            return made;
        }
        match (path.as_str(), arguments.as_slice()) {
            ("Ok" | "Some" | "String::from" | "Box::new" | "Arc::new" | "Cow::from", [inner]) => return self.expr(*inner, scope, depth),
            ("env::var" | "std::env::var", [name]) => {
                return match self.expr(*name, scope, depth) {
                    Expr::Text(name) => Expr::Setting(name, None),
                    _ => Expr::Unknown,
                };
            }
            ("Err" | "None", _) => return Expr::Other,
            _ => {}
        }
        let function = self.expr(function, scope, depth);
        let arguments = arguments.into_iter().map(|argument| self.expr(argument, scope, depth)).collect();
        Expr::Call(Box::new(function), arguments)
    }

    /// `env::var("X").unwrap_or("/api".into())`.
    fn or_else(&mut self, value: Node<'t>, name: &str, other: Option<Node<'t>>, scope: ScopeId, depth: usize) -> Expr {
        let value = self.expr(value, scope, depth);
        let other = match (name, other) {
            ("unwrap_or_default", _) => Expr::text(""),
            (_, Some(other)) if other.kind() == "closure_expression" => match self.field(other, "body") {
                Some(body) => self.expr(body, scope, depth),
                None => Expr::Unknown,
            },
            (_, Some(other)) => self.expr(other, scope, depth),
            (_, None) => Expr::Unknown,
        };
        match value {
            Expr::Setting(name, _) => Expr::Setting(name, Some(Box::new(other))),
            value => Expr::Any(vec![value, other]),
        }
    }

    /// The patterns of a path, as a framework writes it.
    pub(super) fn paths(&mut self, node: Node<'t>, scope: ScopeId, patterns: fn(&str) -> Vec<String>) -> Vec<Expr> {
        let written = match node.kind() {
            "identifier" => self.constants.get(self.text(node)).cloned(),
            _ => literal(self.text(node)),
        };
        if let Some(text) = written {
            return patterns(&text).iter().map(|path| Expr::text(path)).collect();
        }
        match self.expr(node, scope, DEPTH) {
            Expr::Text(text) => patterns(&text).iter().map(|path| Expr::text(path)).collect(),
            Expr::Join(pieces) => {
                let whole = |piece: Expr| match piece {
                    // What is only a part of a path has no other forms.
                    Expr::Text(text) => patterns(&text).first().map_or(Expr::Unknown, |path| Expr::text(path)),
                    piece => piece,
                };
                vec![Expr::Join(pieces.into_iter().map(whole).collect())]
            }
            other => vec![other],
        }
    }
}

/// Methods that give back what they are called on, for texts and routers alike.
const SAME: &[&str] =
    &["unwrap", "expect", "into", "to_owned", "to_string", "as_str", "as_ref", "clone", "to_uppercase", "as_deref", "ok", "leak", "await"];

fn is_value(node: Node<'_>) -> bool {
    node.kind().ends_with("_expression")
        || node.kind().ends_with("_literal")
        || matches!(node.kind(), "identifier" | "scoped_identifier" | "macro_invocation" | "self" | "generic_function")
}

fn instance(class: Expr) -> Expr {
    Expr::Call(Box::new(class), Vec::new())
}

/// `Router::<AppState>::new` without what stands in `<>`.
fn without_generics(written: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(written.len());
    for c in written.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            c if depth == 0 && !c.is_whitespace() => out.push(c),
            _ => {}
        }
    }
    out.replace("::::", "::")
}

/// What a full path means: the last part is a name of the module before it, or a function of a type.
fn imported(path: &str) -> Expr {
    let parts: Vec<&str> = path.split("::").collect();
    match parts.as_slice() {
        [front @ .., of, name] if of.starts_with(|c: char| c.is_ascii_uppercase()) && !front.is_empty() => {
            Expr::Import(front.join("::").into(), format!("{of}.{name}").into())
        }
        [front @ .., name] if !front.is_empty() => Expr::Import(front.join("::").into(), (*name).into()),
        _ => Expr::Import(path.into(), "*".into()),
    }
}

/// The text of a literal.
pub(super) fn literal(written: &str) -> Option<String> {
    if let Some(raw) = written.strip_prefix('r') {
        let raw = raw.trim_start_matches('#').strip_prefix('"')?;
        return raw.trim_end_matches('#').strip_suffix('"').map(str::to_owned);
    }
    let inside = written.strip_prefix('"')?.strip_suffix('"')?;
    if inside.contains(['\\', '"']) {
        return None;
    }
    Some(inside.to_owned())
}
