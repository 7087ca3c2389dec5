//! One file of Rust: its scopes, names and expressions.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::super::facts::{
    Binding, Call, Expr, Facts, Glue, Handed, Mount, Object, ObjectKind, Open, RouteFact, Scope, ScopeId, ScopeKind, Why,
};
use super::super::syntax::{children, nodes, parents, parse, span, text};
use super::expressions::{imported, literal};
use super::{actix, axum, mild, rocket};

/// How deep expressions are followed.
pub(super) const DEPTH: usize = 60;
/// How many expressions of a file are followed; with none left, it is not known.
const STEPS: usize = 400_000;

pub(super) struct Reader<'t> {
    pub(super) code: &'t str,
    /// What the named nodes are in.
    pub(super) parents: FxHashMap<usize, Node<'t>>,
    pub(super) facts: Facts,
    /// Names that `use` brings, and their paths.
    pub(super) imports: FxHashMap<String, String>,
    pub(super) scopes: FxHashMap<usize, ScopeId>,
    /// Types that are written here.
    pub(super) types: FxHashMap<String, ScopeId>,
    /// Routers that are made here, by the node that makes them.
    pub(super) made: FxHashMap<usize, Expr>,
    /// Constants of the file that are texts.
    pub(super) constants: FxHashMap<String, String>,
    /// What a chain of methods that give back what they are called on begins with, by the node of each.
    pub(super) roots: FxHashMap<usize, Node<'t>>,
    /// The names that are bound.
    bound: FxHashSet<(ScopeId, Arc<str>)>,
    /// How many expressions are still followed.
    pub(super) steps: usize,
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
    let all = without_tests(code, nodes(root));
    let mut reader = Reader {
        code,
        parents: parents(&all),
        facts: Facts::default(),
        imports: FxHashMap::default(),
        scopes: FxHashMap::default(),
        types: FxHashMap::default(),
        made: FxHashMap::default(),
        constants: FxHashMap::default(),
        roots: FxHashMap::default(),
        bound: FxHashSet::default(),
        steps: STEPS,
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
            "macro_invocation" | "macro_definition" => reader.hidden(*node),
            "identifier" | "type_identifier" => reader.named(*node),
            _ => {}
        }
    }
    for (node, scope) in &scoped {
        reader.returned(*node, *scope);
    }
    if reader.steps == 0 {
        reader.open(Why::Unparsed, root);
    }
    reader.facts
}

/// The nodes outside of modules of tests.
fn without_tests<'t>(code: &str, all: Vec<Node<'t>>) -> Vec<Node<'t>> {
    let mut end = 0;
    let mut test = false;
    let mut out = Vec::with_capacity(all.len());
    for node in all {
        if node.start_byte() < end {
            continue;
        }
        match node.kind() {
            "attribute_item" => test |= text(code, node).contains("cfg(test)"),
            "mod_item" if test => {
                end = node.end_byte();
                test = false;
                continue;
            }
            kind if kind.ends_with("_item") || kind.ends_with("_declaration") => test = false,
            _ => {}
        }
        out.push(node);
    }
    out
}

/// Crates that serve routes which are not read here.
const OTHERS: &[&str] = &[
    "warp",
    "poem",
    "salvo",
    "tide",
    "ntex",
    "gotham",
    "rouille",
    "trillium",
    "viz",
    "iron",
    "nickel",
    "dropshot",
    "loco_rs",
    "leptos_axum",
    "tonic",
];

impl<'t> Reader<'t> {
    pub(super) fn text(&self, node: Node<'_>) -> &'t str {
        text(self.code, node)
    }

    pub(super) fn parent(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.parents.get(&node.id()).copied()
    }

    pub(super) fn field(&self, node: Node<'t>, name: &str) -> Option<Node<'t>> {
        node.child_by_field_name(name)
    }

    pub(super) fn open(&mut self, why: Why, node: Node<'_>) {
        self.facts.open.push(Open { why, span: span(node) });
    }

    pub(super) fn name(&mut self, scope: ScopeId, name: &str, value: Expr) {
        if name != "_" {
            let name: Arc<str> = name.into();
            self.bound.insert((scope, name.clone()));
            self.facts.bindings.push(Binding { scope, name, value });
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
                        self.used(self.text(alias), &path, node);
                    }
                }
                "use_wildcard" => {
                    let path = join(self.text(node).trim_end_matches('*').trim_end_matches("::"));
                    self.name(ScopeId::FILE, "*", Expr::Import(path.as_str().into(), "*".into()));
                }
                "self" => {
                    let name = before.rsplit("::").next().unwrap_or("").to_owned();
                    self.used(&name, &before, node);
                }
                _ => {
                    let path = join(self.text(node));
                    let name = path.rsplit("::").next().unwrap_or("").to_owned();
                    self.used(&name, &path, node);
                }
            }
        }
    }

    fn used(&mut self, name: &str, path: &str, node: Node<'t>) {
        if path.split("::").next().is_some_and(|root| OTHERS.contains(&root)) {
            self.open(Why::Option, node);
        }
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
        // What stands before the next item.
        let mut attributes: Vec<Node<'t>> = Vec::new();
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
                "attribute_item" => attributes.push(*node),
                "impl_item" => {
                    attributes.clear();
                    let of = self.field(*node, "type").map_or("", |of| self.text(of));
                    implemented.push((node.end_byte(), of.split('<').next().unwrap_or(of)));
                }
                "function_item" | "closure_expression" => {
                    let id = ScopeId(self.facts.scopes.len() as u32);
                    self.facts.scopes.push(Scope { parent: Some(around), kind: ScopeKind::Function, ..Scope::default() });
                    self.scopes.insert(node.id(), id);
                    let before = if node.kind() == "function_item" { std::mem::take(&mut attributes) } else { Vec::new() };
                    self.function(*node, id, around, implemented.last().map(|(_, of)| *of), &before);
                    open.push((node.end_byte(), id));
                }
                kind if kind.ends_with("_item") || kind.ends_with("_declaration") => attributes.clear(),
                _ => {}
            }
        }
        out
    }

    fn function(&mut self, node: Node<'t>, id: ScopeId, around: ScopeId, of: Option<&'t str>, attributes: &[Node<'t>]) {
        rocket::catcher(self, node, attributes);
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
        let value = match actix::macros(self, node, attributes) {
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
                let of = self.parent(node).and_then(|list| self.parent(list)).and_then(|of| self.field(of, "name"));
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
                || self.bound.contains(&(one, Arc::<str>::from(name)))
            {
                return one;
            }
            at = known.and_then(|scope| scope.parent);
        }
        scope
    }

    /// The type whose `impl` a node is in.
    pub(super) fn own_type(&self, node: Node<'t>) -> Option<&'t str> {
        let mut at = node;
        for _ in 0..DEPTH {
            at = self.parent(at)?;
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
            && !self.bound.contains(&(scope, name.clone()))
        {
            value = Expr::Parameter(scope, position);
        }
        if known.kind == ScopeKind::Function && !known.returns.contains(&value) && !matches!(known.returns.as_slice(), [Expr::Unknown]) {
            known.returns.push(value);
        }
    }

    /// What registers inside of a macro can't be read.
    fn hidden(&mut self, node: Node<'t>) {
        const REGISTERS: &[&str] = &[".route(", ".nest(", ".merge(", ".service(", ".mount(", ".configure(", "Router::new("];
        let written = self.text(node);
        if REGISTERS.iter().any(|call| written.contains(call)) {
            self.open(Why::Computed, node);
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
        if self.parent(node).is_some_and(|parent| !matches!(parent.kind(), "use_list" | "use_declaration" | "scoped_use_list"))
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
            at = self.parent(one);
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
            let path = self.field(node, "function").map_or("", |function| self.text(function));
            if path.contains("::") && !is_harmless(path) {
                for what in arguments.iter().filter(|what| !matches!(what, Expr::Other | Expr::Unknown | Expr::Text(_))) {
                    self.facts.handed.push(Handed { to: (*function).clone(), what: what.clone(), span: span(node) });
                }
            }
            self.facts.calls.push(Call { function: *function, arguments });
        }
    }
}

/// True for functions of libraries that only serve what they are given, or hold it.
fn is_harmless(path: &str) -> bool {
    const ROOTS: &[&str] = &[
        "axum",
        "axum_server",
        "tokio",
        "std",
        "actix_web",
        "rocket",
        "hyper",
        "Box",
        "Arc",
        "Rc",
        "Some",
        "Ok",
        "Err",
        "Vec",
        "Mutex",
        "RwLock",
        "Data",
        "web",
        "HttpServer",
        "App",
        "tower",
        "tower_http",
        "futures",
        "lambda_http",
        "shuttle_axum",
        "ServiceExt",
        "IntoMakeServiceExt",
        "MakeRouter",
        "Server",
        "Option",
        "Result",
        "tracing",
        "Router",
    ];
    path.split("::").next().is_some_and(|root| ROOTS.contains(&root))
}
