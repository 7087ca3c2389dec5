//! One file of Go: its scopes, names and expressions.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::super::facts::{Binding, Expr, Facts, Library, Object, ObjectKind, Open, Scope, ScopeId, ScopeKind, Why};
use super::super::syntax::{children, nodes, parents, parse, span, text};
use super::expressions::{is_standard, literal};
use super::frameworks::{self, Framework};
use super::types::Type;
use super::{libraries, mild, module, net_http};

/// How deep expressions are followed.
pub(super) const DEPTH: usize = 40;

/// What can be seen in the file of what a name holds.
#[derive(Clone, Copy)]
pub(super) struct Static {
    /// The framework of a router; `None` for what surely is no router.
    pub(super) framework: Option<&'static Framework>,
    /// True when it was made here as a router of its own, not as a group of another one.
    pub(super) whole: bool,
    /// True when middleware runs on it only for requests that have a route.
    pub(super) matched: bool,
}

pub(super) struct Reader<'t> {
    pub(super) code: &'t str,
    /// What the named nodes are in.
    pub(super) parents: FxHashMap<usize, Node<'t>>,
    pub(super) facts: Facts,
    /// Names of imported packages and their paths.
    pub(super) imports: FxHashMap<String, String>,
    /// The functions and their scopes.
    pub(super) scopes: FxHashMap<usize, ScopeId>,
    /// The functions, by scope.
    pub(super) functions: FxHashMap<ScopeId, Node<'t>>,
    /// Those that have a name, and methods, by it.
    pub(super) named: FxHashMap<&'t str, Vec<Node<'t>>>,
    pub(super) statics: FxHashMap<(ScopeId, String), Static>,
    /// Fields of structs by their names alone.
    pub(super) fields: FxHashMap<String, Static>,
    /// Names of types that are interfaces or functions.
    pub(super) abstract_types: FxHashSet<String>,
    /// Constants of the file that are texts.
    pub(super) constants: FxHashMap<String, String>,
    /// The fields of the structs that are texts.
    pub(super) strings: FxHashMap<String, Vec<String>>,
    /// What calls that make or give routers are, by node.
    pub(super) made: FxHashMap<usize, Option<Expr>>,
    /// The newest binding of each name.
    newest: FxHashMap<(ScopeId, Arc<str>), usize>,
    default_mux: Option<Expr>,
    /// How many expressions, and how many handlers of errors, are still followed; with none left, the file is not known.
    pub(super) steps: usize,
    pub(super) handlers: usize,
}

/// How many expressions of a file are followed.
const STEPS: usize = 400_000;
/// How many functions are looked at for handlers of errors.
const HANDLERS: usize = 1000;

pub(super) fn read(code: &str) -> Facts {
    let Some(tree) = parse(code, &tree_sitter_go::LANGUAGE.into()) else {
        let mut facts = Facts::default();
        facts.open.push(Open { why: Why::Unparsed, span: crate::text::Span::at(0) });
        return facts;
    };
    let root = tree.root_node();
    let all = nodes(root);
    let mut reader = Reader {
        code,
        parents: parents(&all),
        facts: Facts::default(),
        imports: FxHashMap::default(),
        scopes: FxHashMap::default(),
        functions: FxHashMap::default(),
        named: FxHashMap::default(),
        statics: FxHashMap::default(),
        fields: FxHashMap::default(),
        abstract_types: FxHashSet::default(),
        constants: FxHashMap::default(),
        strings: FxHashMap::default(),
        made: FxHashMap::default(),
        newest: FxHashMap::default(),
        default_mux: None,
        steps: STEPS,
        handlers: HANDLERS,
    };
    reader.read_imports(&all);
    if root.has_error() && reader.may_route() {
        reader.open(Why::Unparsed, root);
    }
    let scoped = reader.find_scopes(&all);
    reader.find_types(&all);
    for (node, scope) in &scoped {
        reader.bind(*node, *scope);
        reader.registered(*node, *scope);
    }
    for (node, scope) in &scoped {
        if node.kind() == "return_statement" {
            reader.returned(*node, *scope);
        }
    }
    mild::judge(&mut reader);
    if reader.steps == 0 {
        reader.open(Why::Unparsed, root);
    }
    reader.facts
}

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

    /// True when the file may have to do with routes at all.
    pub(super) fn may_route(&self) -> bool {
        self.imports.values().any(|path| frameworks::of_package(path).is_some())
    }

    /// The one router package of the file besides `net/http`.
    pub(super) fn only_framework(&self) -> Option<&'static Framework> {
        let mut found: Vec<&'static Framework> = self.imports.values().filter_map(|path| frameworks::of_package(path)).collect();
        found.sort_by_key(|framework| framework.name);
        found.dedup_by_key(|framework| framework.name);
        if found.len() > 1 {
            found.retain(|framework| framework.name != net_http::FRAMEWORK.name);
        }
        match found.as_slice() {
            // Handlers are of this package whatever the router is.
            [only] if only.name != net_http::FRAMEWORK.name => Some(only),
            _ => None,
        }
    }

    fn read_imports(&mut self, all: &[Node<'t>]) {
        let apart = self.is_apart();
        for node in all.iter().filter(|node| node.kind() == "import_spec") {
            let Some(path) = self.field(*node, "path").and_then(|path| literal(self.text(path))) else { continue };
            if frameworks::is_other(&path) {
                self.open(Why::Option, *node);
            }
            let name = match self.field(*node, "name") {
                Some(name) => self.text(name).to_owned(),
                None => frameworks::package_name(&path).to_owned(),
            };
            // All its names are as if they were written here.
            if name == "." && frameworks::of_package(&path).is_some() {
                self.open(Why::Option, *node);
            }
            for route in libraries::registers(&path) {
                self.implied(*node, route);
            }
            if !is_standard(&path) && !libraries::is_known(&path) && !apart {
                let what = Expr::Import(module::PACKAGES.into(), path.as_str().into());
                self.facts.libraries.push(Library { what, span: span(*node) });
            }
            self.imports.insert(name, path);
        }
    }

    /// True for a file that is no part of a program: it holds the tools of those who write it on to their versions.
    fn is_apart(&self) -> bool {
        let before = self.code.lines().take_while(|line| !line.starts_with("package "));
        before.filter_map(|line| line.strip_prefix("//go:build ")).any(|terms| matches!(terms.trim(), "tools" | "tool" | "ignore"))
    }

    fn implied(&mut self, node: Node<'t>, path: &str) {
        let on = self.default_mux(node);
        self.route(on, Vec::new(), Expr::text(path), node, true);
    }

    /// The mux that `http.HandleFunc` registers on.
    pub(super) fn default_mux(&mut self, node: Node<'t>) -> Expr {
        if let Some(known) = &self.default_mux {
            return known.clone();
        }
        let made = self.object(&net_http::FRAMEWORK, ObjectKind::App, node);
        self.default_mux = Some(made.clone());
        made
    }

    pub(super) fn object(&mut self, framework: &'static Framework, kind: ObjectKind, node: Node<'t>) -> Expr {
        self.facts.objects.push(Object {
            kind,
            framework: framework.name,
            prefix: Expr::text(""),
            glue: framework.glue,
            caseless: framework.caseless,
            span: span(node),
        });
        Expr::Object(self.facts.objects.len() - 1)
    }

    /// All nodes with the scope that they are in; a function's own node is in the scope around it.
    fn find_scopes(&mut self, all: &[Node<'t>]) -> Vec<(Node<'t>, ScopeId)> {
        let mut open: Vec<(usize, ScopeId)> = Vec::new();
        let mut out = Vec::with_capacity(all.len());
        for node in all {
            while open.last().is_some_and(|(end, _)| *end <= node.start_byte()) {
                open.pop();
            }
            let around = open.last().map_or(ScopeId::FILE, |(_, scope)| *scope);
            out.push((*node, around));
            let kind = match node.kind() {
                "function_declaration" | "method_declaration" | "func_literal" => ScopeKind::Function,
                "type_spec"
                    if self.field(*node, "type").is_some_and(|of| of.kind() != "interface_type" && of.kind() != "function_type") =>
                {
                    ScopeKind::Class
                }
                _ => continue,
            };
            let id = ScopeId(self.facts.scopes.len() as u32);
            self.facts.scopes.push(Scope { parent: Some(around), kind, ..Scope::default() });
            self.scopes.insert(node.id(), id);
            if kind == ScopeKind::Function {
                self.functions.insert(id, *node);
                if let Some(name) = self.field(*node, "name") {
                    self.named.entry(self.text(name)).or_default().push(*node);
                }
                open.push((node.end_byte(), id));
            }
        }
        out
    }

    pub(super) fn name(&mut self, scope: ScopeId, name: &str, value: Expr) {
        if name != "_" {
            let name: Arc<str> = name.into();
            self.newest.insert((scope, name.clone()), self.facts.bindings.len());
            self.facts.bindings.push(Binding { scope, name, value });
        }
    }

    /// What a statement gives names.
    fn bind(&mut self, node: Node<'t>, scope: ScopeId) {
        match node.kind() {
            "short_var_declaration" | "assignment_statement" => {
                let (Some(left), Some(right)) = (self.field(node, "left"), self.field(node, "right")) else { return };
                self.assign(&children(left), &children(right), scope, node.kind() == "short_var_declaration");
            }
            "var_spec" | "const_spec" => {
                let mut cursor = node.walk();
                let names: Vec<Node<'t>> = node.children_by_field_name("name", &mut cursor).collect();
                if let Some(values) = self.field(node, "value") {
                    self.assign(&names, &children(values), scope, true);
                }
                let Some(of) = self.field(node, "type") else { return };
                match self.kind_of(of) {
                    Type::Router(framework) => {
                        for name in names {
                            self.statics.insert((scope, self.text(name).to_owned()), router(framework));
                        }
                    }
                    Type::Struct(instance) if self.field(node, "value").is_none() => {
                        for name in names {
                            self.name(scope, self.text(name), instance.clone());
                        }
                    }
                    _ => {}
                }
            }
            "range_clause" => {
                let (Some(left), Some(right)) = (self.field(node, "left"), self.field(node, "right")) else { return };
                let names = children(left);
                for (at, name) in names.iter().enumerate().filter(|(_, name)| name.kind() == "identifier") {
                    let value = if at == 1 { self.items(right, scope) } else { Expr::Unknown };
                    self.name(scope, self.text(*name), value);
                }
            }
            "call_expression" => self.filled(node, scope),
            "composite_literal" => {
                let (Some(of), Some(body)) = (self.field(node, "type"), self.field(node, "body")) else { return };
                let of = self.text(of).split('[').next().unwrap_or("");
                for element in children(body).into_iter().filter(|element| element.kind() == "keyed_element") {
                    let parts = children(element);
                    let [key, value] = parts.as_slice() else { continue };
                    let value = children(*value).first().copied().unwrap_or(*value);
                    let key = self.text(*key);
                    if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !of.contains('.') {
                        let value = self.expr(value, scope, DEPTH);
                        self.name(ScopeId::FILE, &format!("{of}.{key}"), value);
                    }
                }
            }
            _ => {}
        }
    }

    /// `json.Unmarshal(data, &settings)`, `flag.StringVar(&prefix, …)`: what a function fills from elsewhere may be anything.
    fn filled(&mut self, call: Node<'t>, scope: ScopeId) {
        const FILLS: &[&str] =
            &["Unmarshal", "Decode", "Parse", "Process", "Load", "Var", "Read", "Scan", "Fill", "Populate", "Init", "Bind"];
        let Some(function) = self.field(call, "function") else { return };
        let name = self.field(function, "field").map_or_else(|| self.text(function), |field| self.text(field));
        if !FILLS.iter().any(|word| name.contains(word)) {
            return self.may_fill(call, name, scope);
        }
        for argument in self.arguments(call).into_iter().filter(|argument| argument.kind() == "unary_expression") {
            let Some(target) = self.field(argument, "operand") else { continue };
            match target.kind() {
                "identifier" => {
                    let name = self.text(target);
                    self.name(self.declared_in(scope, name), name, Expr::Unknown);
                }
                "selector_expression" => {
                    let (Some(of), Some(field)) = (self.field(target, "operand"), self.field(target, "field")) else { continue };
                    if let Some(class) = self.class_of(of, scope) {
                        self.name(ScopeId::FILE, &format!("{class}.{}", self.text(field)), Expr::Unknown);
                    }
                }
                _ => {}
            }
        }
    }

    /// The items of a list that is written here; anything else is not known.
    /// Other people's function that is given a struct may give its fields any text.
    fn may_fill(&mut self, call: Node<'t>, name: &str, scope: ScopeId) {
        if self.named.contains_key(name) || self.strings.is_empty() {
            return;
        }
        for argument in self.arguments(call) {
            let target = self.field(argument, "operand").filter(|_| argument.kind() == "unary_expression").unwrap_or(argument);
            let Some(class) = self.class_of(target, scope) else { continue };
            for field in self.strings.get(&*class).cloned().unwrap_or_default() {
                self.name(ScopeId::FILE, &format!("{class}.{field}"), Expr::Unknown);
            }
        }
    }

    fn items(&mut self, node: Node<'t>, scope: ScopeId) -> Expr {
        match self.expr(node, scope, DEPTH) {
            list @ (Expr::List(_) | Expr::Name(..) | Expr::Member(..)) => list,
            _ => Expr::Unknown,
        }
    }

    fn assign(&mut self, left: &[Node<'t>], right: &[Node<'t>], scope: ScopeId, declares: bool) {
        for (at, target) in left.iter().enumerate() {
            let value = match right.get(at) {
                Some(value) if left.len() == right.len() || at == 0 => {
                    if target.kind() == "identifier"
                        && let Some(known) = self.static_of(*value, scope, DEPTH)
                    {
                        let scope = if declares { scope } else { self.declared_in(scope, self.text(*target)) };
                        self.statics.insert((scope, self.text(*target).to_owned()), known);
                    }
                    self.expr(*value, scope, DEPTH)
                }
                // An error, mostly.
                _ => Expr::Unknown,
            };
            match target.kind() {
                "identifier" => {
                    let name = self.text(*target);
                    let scope = if declares { scope } else { self.declared_in(scope, name) };
                    // `h = wrap(h)`: it is what it was too.
                    self.name(scope, name, value);
                }
                "selector_expression" => {
                    let (Some(of), Some(field)) = (self.field(*target, "operand"), self.field(*target, "field")) else { continue };
                    let name = self.text(field);
                    self.assigned_option(*target, name, right.get(at).copied(), scope);
                    if let Some(class) = self.class_of(of, scope) {
                        self.name(ScopeId::FILE, &format!("{class}.{name}"), value);
                    }
                }
                _ => {}
            }
        }
    }

    /// The scope in which a name was declared: that of the function or of one around it.
    pub(super) fn declared_in(&self, scope: ScopeId, name: &str) -> ScopeId {
        let mut at = Some(scope);
        while let Some(one) = at {
            let known = self.facts.scopes.get(one.0 as usize);
            let parameter = known.is_some_and(|scope| scope.parameters.iter().any(|parameter| &**parameter == name));
            if parameter || self.newest(one, name).is_some() {
                return one;
            }
            at = known.and_then(|scope| scope.parent);
        }
        ScopeId::FILE
    }

    pub(super) fn newest(&self, scope: ScopeId, name: &str) -> Option<&Expr> {
        let at = self.newest.get(&(scope, Arc::<str>::from(name)))?;
        self.facts.bindings.get(*at).map(|binding| &binding.value)
    }

    /// The type of this package that a variable has.
    fn class_of(&self, node: Node<'t>, scope: ScopeId) -> Option<Arc<str>> {
        if node.kind() != "identifier" {
            return None;
        }
        let name = self.text(node);
        let scope = self.declared_in(scope, name);
        match self.newest(scope, name)? {
            Expr::Call(class, _) => match &**class {
                Expr::Name(ScopeId::FILE, class) => Some(class.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    fn returned(&mut self, node: Node<'t>, scope: ScopeId) {
        let Some(list) = children(node).first().copied() else { return };
        let Some(value) = children(list).first().copied() else { return };
        let value = self.expr(value, scope, DEPTH);
        if let Some(scope) = self.facts.scopes.get_mut(scope.0 as usize)
            && scope.kind == ScopeKind::Function
            && !scope.returns.contains(&value)
        {
            scope.returns.push(value);
        }
    }
}

/// A router of a framework, as a static type tells it.
pub(super) fn router(framework: &'static Framework) -> Static {
    Static { framework: Some(framework), whole: false, matched: framework.matched_first }
}

/// Surely no router.
pub(super) const NOT: Static = Static { framework: None, whole: false, matched: false };
