//! One file of Go: its scopes, names and expressions.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::super::facts::{Binding, Expr, Facts, Object, ObjectKind, Open, Scope, ScopeId, ScopeKind, Why};
use super::super::syntax::{children, nodes, parse, span, text};
use super::frameworks::{self, Framework};
use super::{mild, net_http};

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

/// What a type is, so far as matters.
enum Type {
    Router(&'static Framework),
    /// A handler or a function: what it is depends on the value.
    Handler,
    /// A struct of the application or of a library.
    Struct(Expr),
    /// Surely no router.
    Plain,
    Unknown,
}

pub(super) struct Reader<'t> {
    pub(super) code: &'t str,
    pub(super) facts: Facts,
    /// Names of imported packages and their paths.
    pub(super) imports: FxHashMap<String, String>,
    /// The functions and their scopes.
    pub(super) scopes: FxHashMap<usize, ScopeId>,
    /// The functions, by scope.
    pub(super) functions: FxHashMap<ScopeId, Node<'t>>,
    pub(super) statics: FxHashMap<(ScopeId, String), Static>,
    /// Fields of structs by their names alone.
    pub(super) fields: FxHashMap<String, Static>,
    /// Names of types that are interfaces or functions.
    pub(super) abstract_types: FxHashSet<String>,
    /// Constants of the file that are texts.
    pub(super) constants: FxHashMap<String, String>,
    /// What calls that make or give routers are, by node.
    pub(super) made: FxHashMap<usize, Option<Expr>>,
    /// The newest binding of each name.
    newest: FxHashMap<(ScopeId, Arc<str>), usize>,
    default_mux: Option<Expr>,
}

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
        facts: Facts::default(),
        imports: FxHashMap::default(),
        scopes: FxHashMap::default(),
        functions: FxHashMap::default(),
        statics: FxHashMap::default(),
        fields: FxHashMap::default(),
        abstract_types: FxHashSet::default(),
        constants: FxHashMap::default(),
        made: FxHashMap::default(),
        newest: FxHashMap::default(),
        default_mux: None,
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
        for node in all.iter().filter(|node| node.kind() == "import_spec") {
            let Some(path) = self.field(*node, "path").and_then(|path| literal(self.text(path))) else { continue };
            if frameworks::is_other(&path) {
                self.open(Why::Option, *node);
            }
            let name = match self.field(*node, "name") {
                Some(name) => self.text(name).to_owned(),
                None => frameworks::package_name(&path).to_owned(),
            };
            match (name.as_str(), path.as_str()) {
                ("_", "net/http/pprof") => self.implied(*node, "/debug/pprof/*"),
                (_, "expvar") => self.implied(*node, "/debug/vars"),
                // All its names are as if they were written here.
                (".", _) if frameworks::of_package(&path).is_some() => self.open(Why::Option, *node),
                _ => {}
            }
            if path == "net/http/pprof" && name != "_" {
                self.implied(*node, "/debug/pprof/*");
            }
            self.imports.insert(name, path);
        }
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
                open.push((node.end_byte(), id));
            }
        }
        out
    }

    /// The types of the file and their fields, its constants, and what its functions are given.
    fn find_types(&mut self, all: &[Node<'t>]) {
        for node in all {
            match node.kind() {
                "type_spec" => {
                    let (Some(name), Some(of)) = (self.field(*node, "name"), self.field(*node, "type")) else { continue };
                    if matches!(of.kind(), "interface_type" | "function_type") {
                        self.abstract_types.insert(self.text(name).to_owned());
                    }
                }
                "const_spec" => {
                    let (Some(name), Some(values)) = (self.field(*node, "name"), self.field(*node, "value")) else { continue };
                    if let [value] = children(values).as_slice()
                        && let Some(value) = self.written(*value)
                    {
                        self.constants.insert(self.text(name).to_owned(), value);
                    }
                }
                _ => {}
            }
        }
        for node in all {
            match node.kind() {
                "type_spec" => self.class(*node),
                "function_declaration" | "method_declaration" | "func_literal" => self.function(*node),
                _ => {}
            }
        }
    }

    fn class(&mut self, node: Node<'t>) {
        let (Some(name), Some(id)) = (self.field(node, "name"), self.scopes.get(&node.id()).copied()) else { return };
        let name = self.text(name);
        self.name(ScopeId::FILE, name, Expr::Scope(id));
        let Some(of) = self.field(node, "type").filter(|of| of.kind() == "struct_type") else { return };
        for field in nodes(of).into_iter().filter(|node| node.kind() == "field_declaration") {
            let Some(declared) = self.field(field, "type") else { continue };
            let mut cursor = field.walk();
            let mut names: Vec<&str> = field.children_by_field_name("name", &mut cursor).map(|name| text(self.code, name)).collect();
            let embedded = names.is_empty();
            if embedded {
                names.push(self.text(declared).trim_start_matches('*').rsplit('.').next().unwrap_or(""));
            }
            let kind = self.kind_of(declared);
            for field_name in names {
                let member = format!("{name}.{field_name}");
                self.name(id, field_name, Expr::Name(ScopeId::FILE, member.as_str().into()));
                match &kind {
                    Type::Router(framework) => {
                        self.fields.insert(field_name.to_owned(), router(framework));
                        if embedded {
                            self.name(ScopeId::FILE, &format!("{name}."), Expr::Name(ScopeId::FILE, member.as_str().into()));
                        }
                    }
                    Type::Struct(instance) => self.name(ScopeId::FILE, &member, instance.clone()),
                    // Something else may fill it: a file, the environment.
                    Type::Plain if self.text(declared) == "string" => {
                        if self.field(field, "tag").is_some() {
                            self.name(ScopeId::FILE, &member, Expr::Unknown);
                        }
                    }
                    Type::Plain => {
                        self.fields.entry(field_name.to_owned()).or_insert(NOT);
                        self.name(ScopeId::FILE, &member, Expr::Other);
                    }
                    Type::Handler | Type::Unknown => {}
                }
            }
        }
    }

    fn function(&mut self, node: Node<'t>) {
        let Some(id) = self.scopes.get(&node.id()).copied() else { return };
        let inline = node.kind() == "func_literal" && self.is_inline_group(node);
        if let Some(receiver) = self.field(node, "receiver").and_then(|list| children(list).first().copied()) {
            let of = self.field(receiver, "type").map(|of| self.text(of).trim_start_matches('*')).unwrap_or("");
            let of = of.split('[').next().unwrap_or(of).to_owned();
            if let Some(name) = self.field(receiver, "name") {
                let instance = Expr::Call(Box::new(Expr::Name(ScopeId::FILE, of.as_str().into())), Vec::new());
                self.name(id, self.text(name), instance);
            }
            if let Some(name) = self.field(node, "name") {
                self.name(ScopeId::FILE, &format!("{of}.{}", self.text(name)), Expr::Scope(id));
            }
        } else if let Some(name) = self.field(node, "name") {
            self.name(ScopeId::FILE, self.text(name), Expr::Scope(id));
        }
        let Some(list) = self.field(node, "parameters") else { return };
        let mut parameters: Vec<Arc<str>> = Vec::new();
        for parameter in children(list) {
            let Some(of) = self.field(parameter, "type") else { continue };
            let mut cursor = parameter.walk();
            let names: Vec<&str> = parameter.children_by_field_name("name", &mut cursor).map(|name| text(self.code, name)).collect();
            if names.is_empty() {
                parameters.push("".into());
            }
            for name in names {
                let several = parameter.kind() == "variadic_parameter_declaration";
                match self.kind_of(of) {
                    Type::Struct(instance) if !several => {
                        parameters.push("".into());
                        self.name(id, name, instance);
                        continue;
                    }
                    Type::Plain if self.text(of) != "string" => {
                        parameters.push("".into());
                        self.name(id, name, Expr::Other);
                        self.statics.insert((id, name.to_owned()), NOT);
                        continue;
                    }
                    Type::Router(framework) => {
                        let matched = inline || framework.matched_first || matches!(self.text(of).rsplit('.').next(), Some("RouterGroup"));
                        self.statics.insert((id, name.to_owned()), Static { matched, ..router(framework) });
                    }
                    _ => {}
                }
                parameters.push(name.into());
                if several {
                    self.name(id, name, Expr::Unknown);
                }
            }
        }
        if let Some(scope) = self.facts.scopes.get_mut(id.0 as usize) {
            scope.parameters = parameters;
        }
    }

    /// `r.Group(func(r chi.Router) { … })`.
    fn is_inline_group(&self, literal: Node<'t>) -> bool {
        let call = literal.parent().and_then(|list| list.parent());
        let function = call.filter(|call| call.kind() == "call_expression").and_then(|call| self.field(call, "function"));
        function.and_then(|function| self.field(function, "field")).is_some_and(|name| self.text(name) == "Group")
    }

    fn kind_of(&self, node: Node<'t>) -> Type {
        let mut node = node;
        for _ in 0..DEPTH {
            node = match node.kind() {
                "pointer_type" | "parenthesized_type" | "generic_type" => match children(node).first() {
                    Some(inner) => *inner,
                    None => return Type::Unknown,
                },
                _ => break,
            };
        }
        match node.kind() {
            "qualified_type" => {
                let (Some(package), Some(name)) = (self.field(node, "package"), self.field(node, "name")) else { return Type::Unknown };
                let (package, name) = (self.text(package), self.text(name));
                let Some(path) = self.imports.get(package) else { return Type::Unknown };
                if let Some(framework) = frameworks::of_package(path) {
                    return match name {
                        _ if framework.routers.contains(&name) => Type::Router(framework),
                        "Server" if path == "net/http" => Type::Unknown,
                        _ if path == "net/http" && !matches!(name, "Handler" | "HandlerFunc") => Type::Plain,
                        _ => Type::Handler,
                    };
                }
                match is_standard(path) {
                    true => Type::Plain,
                    false => Type::Struct(Expr::Call(Box::new(Expr::Import(path.as_str().into(), name.into())), Vec::new())),
                }
            }
            "type_identifier" => {
                let name = self.text(node);
                match name {
                    "string" | "bool" | "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32"
                    | "uint64" | "float32" | "float64" | "byte" | "rune" | "error" => Type::Plain,
                    "any" => Type::Unknown,
                    _ if self.abstract_types.contains(name) => Type::Handler,
                    _ => Type::Struct(Expr::Call(Box::new(Expr::Name(ScopeId::FILE, name.into())), Vec::new())),
                }
            }
            "function_type" => Type::Handler,
            _ => Type::Unknown,
        }
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
            return;
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
    fn declared_in(&self, scope: ScopeId, name: &str) -> ScopeId {
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

    fn newest(&self, scope: ScopeId, name: &str) -> Option<&Expr> {
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

    /// The import path of the package that a selector's operand is.
    pub(super) fn package(&self, operand: Node<'t>) -> Option<&str> {
        (operand.kind() == "identifier").then(|| self.imports.get(self.text(operand))).flatten().map(String::as_str)
    }

    /// What can be seen of a receiver.
    pub(super) fn static_of(&self, node: Node<'t>, scope: ScopeId, depth: usize) -> Option<Static> {
        let depth = depth.checked_sub(1)?;
        match node.kind() {
            "identifier" => {
                let name = self.text(node);
                let mut at = Some(scope);
                while let Some(one) = at {
                    if let Some(known) = self.statics.get(&(one, name.to_owned())) {
                        return Some(*known);
                    }
                    at = self.facts.scopes.get(one.0 as usize).and_then(|scope| scope.parent);
                }
                None
            }
            "selector_expression" => self.field(node, "field").and_then(|field| self.fields.get(self.text(field))).copied(),
            "parenthesized_expression" | "unary_expression" => self.static_of(*children(node).first()?, scope, depth),
            "call_expression" => {
                let function = self.field(node, "function")?;
                let (operand, name) = (self.field(function, "operand")?, self.text(self.field(function, "field")?));
                if let Some(path) = self.package(operand) {
                    let framework = frameworks::of_package(path)?;
                    return framework.makers.contains(&name).then(|| Static { whole: true, ..router(framework) });
                }
                let of = self.static_of(operand, scope, depth)?;
                let framework = of.framework?;
                match name {
                    "With" => Some(Static { matched: true, whole: false, ..of }),
                    "StrictSlash" | "SkipClean" | "UseEncodedPath" => Some(of),
                    "Use" => Some(of),
                    "Group" => Some(Static { matched: of.matched || framework.name == "gin", whole: false, ..of }),
                    _ => Some(Static { whole: false, ..of }),
                }
            }
            _ => None,
        }
    }

    pub(super) fn expr(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Expr {
        let Some(depth) = depth.checked_sub(1) else { return Expr::Unknown };
        match node.kind() {
            "interpreted_string_literal" | "raw_string_literal" => match literal(self.text(node)) {
                Some(text) => Expr::text(&text),
                None => Expr::Unknown,
            },
            "binary_expression" => self.added(node, scope, depth),
            "identifier" => Expr::Name(scope, self.text(node).into()),
            "nil" | "true" | "false" | "iota" | "int_literal" | "float_literal" | "imaginary_literal" | "rune_literal" => Expr::Other,
            "selector_expression" => {
                let (Some(operand), Some(field)) = (self.field(node, "operand"), self.field(node, "field")) else { return Expr::Unknown };
                let field = self.text(field);
                match self.package(operand) {
                    Some("net/http") if field == "DefaultServeMux" => self.default_mux(node),
                    Some("net/http") if field.starts_with("Method") => Expr::text(&field.trim_start_matches("Method").to_uppercase()),
                    Some(path) if mild::is_harmless(path, field) => Expr::Other,
                    Some(path) => Expr::Import(path.into(), field.into()),
                    None => Expr::Member(Box::new(self.expr(operand, scope, depth)), field.into()),
                }
            }
            "call_expression" => self.called(node, scope, depth),
            "func_literal" => self.scopes.get(&node.id()).map_or(Expr::Unknown, |id| Expr::Scope(*id)),
            "parenthesized_expression" => match children(node).first() {
                Some(inner) => self.expr(*inner, scope, depth),
                None => Expr::Unknown,
            },
            "unary_expression" | "type_assertion_expression" => match self.field(node, "operand") {
                Some(inner) => self.expr(inner, scope, depth),
                None => Expr::Unknown,
            },
            "composite_literal" => self.composed(node, scope, depth),
            _ => Expr::Unknown,
        }
    }

    fn added(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Expr {
        let mut pieces = Vec::new();
        let mut at = node;
        // `a + b + c` leans to the left.
        loop {
            let plus = self.field(at, "operator").is_some_and(|operator| self.text(operator) == "+");
            let (true, Some(left), Some(right)) = (plus, self.field(at, "left"), self.field(at, "right")) else { return Expr::Other };
            pieces.push(self.expr(right, scope, depth));
            if left.kind() != "binary_expression" {
                pieces.push(self.expr(left, scope, depth));
                break;
            }
            at = left;
        }
        pieces.reverse();
        Expr::Join(pieces)
    }

    fn composed(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Expr {
        let (Some(of), Some(body)) = (self.field(node, "type"), self.field(node, "body")) else { return Expr::Unknown };
        match of.kind() {
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                let items = children(body).into_iter().map(|item| children(item).first().copied().unwrap_or(item));
                let items: Vec<Node<'t>> = items.take(1000).collect();
                Expr::List(items.into_iter().map(|item| self.expr(item, scope, depth)).collect())
            }
            "qualified_type" | "type_identifier" | "generic_type" => match self.kind_of(of) {
                Type::Struct(instance) => instance,
                Type::Router(_) | Type::Handler | Type::Unknown => Expr::Unknown,
                Type::Plain => Expr::Other,
            },
            _ => Expr::Unknown,
        }
    }

    pub(super) fn arguments(&self, call: Node<'t>) -> Vec<Node<'t>> {
        self.field(call, "arguments").map(children).unwrap_or_default()
    }

    fn called(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Expr {
        if let Some(router) = self.router_call(node, scope, depth) {
            return router;
        }
        let Some(function) = self.field(node, "function") else { return Expr::Unknown };
        let arguments = self.arguments(node);
        let first = arguments.first().copied();
        if function.kind() == "identifier" {
            match (self.text(function), first) {
                ("new", Some(of)) => {
                    return match self.kind_of(of) {
                        Type::Struct(instance) => instance,
                        _ => Expr::Unknown,
                    };
                }
                ("string", Some(value)) => return self.expr(value, scope, depth),
                ("make" | "len" | "cap" | "copy" | "append" | "panic" | "min" | "max", _) => return Expr::Unknown,
                _ => {}
            }
        }
        if let (Some(operand), Some(name)) = (self.field(function, "operand"), self.field(function, "field")) {
            let name = self.text(name);
            if let Some(path) = self.package(operand) {
                match (path, name, first) {
                    ("os", "Getenv", Some(variable)) => {
                        return match self.expr(variable, scope, depth) {
                            Expr::Text(variable) => Expr::Setting(variable, Some(Box::new(Expr::text("")))),
                            _ => Expr::Unknown,
                        };
                    }
                    ("fmt", "Sprintf", Some(_)) => return self.formatted(&arguments, scope, depth),
                    ("path" | "path/filepath", "Join", Some(_)) => {
                        let mut pieces = Vec::new();
                        for argument in &arguments {
                            if !pieces.is_empty() {
                                pieces.push(Expr::text("/"));
                            }
                            pieces.push(self.expr(*argument, scope, depth));
                        }
                        return Expr::Join(pieces);
                    }
                    ("net/http", "HandlerFunc" | "AllowQuerySemicolons" | "MaxBytesHandler" | "TimeoutHandler", Some(value)) => {
                        return self.expr(value, scope, depth);
                    }
                    ("net/http", _, _) => return Expr::Unknown,
                    _ if mild::is_harmless(path, name) => return Expr::Other,
                    _ => {
                        if let Some(wrapped) = mild::wrapped(path, name, &arguments) {
                            return self.expr(wrapped, scope, depth);
                        }
                    }
                }
            } else if let Some(wrapped) = self.wrapped_by_value(operand, name, scope, &arguments) {
                return self.expr(wrapped, scope, depth);
            }
        }
        let function = self.expr(function, scope, depth);
        let arguments = arguments.into_iter().map(|argument| self.expr(argument, scope, depth)).collect();
        Expr::Call(Box::new(function), arguments)
    }

    /// `cors.New(…).Handler(mux)`, `c.Handler(mux)`: of a package of which everything is harmless.
    fn wrapped_by_value(&self, operand: Node<'t>, name: &str, scope: ScopeId, arguments: &[Node<'t>]) -> Option<Node<'t>> {
        if name != "Handler" {
            return None;
        }
        let mut at = operand;
        for _ in 0..DEPTH {
            at = match at.kind() {
                "call_expression" => self.field(at, "function")?,
                "selector_expression" => self.field(at, "operand")?,
                _ => break,
            };
        }
        let path = match self.package(at) {
            Some(path) => path.to_owned(),
            None => {
                let name = self.text(at);
                let scope = self.declared_in(scope, name);
                import_of(self.newest(scope, name)?)?
            }
        };
        (frameworks::without_version(&path) == "github.com/rs/cors").then(|| arguments.first().copied()).flatten()
    }

    /// `fmt.Sprintf("%s/users", prefix)`.
    fn formatted(&mut self, arguments: &[Node<'t>], scope: ScopeId, depth: usize) -> Expr {
        let Some(format) = arguments.first().and_then(|format| literal(self.text(*format))) else { return Expr::Unknown };
        let mut pieces = Vec::new();
        let mut rest = arguments.get(1..).unwrap_or_default().iter();
        for (at, part) in format.split('%').enumerate() {
            if at == 0 {
                pieces.push(Expr::text(part));
                continue;
            }
            match part.strip_prefix(['s', 'v']) {
                Some(after) => {
                    pieces.push(rest.next().map_or(Expr::Unknown, |value| self.expr(*value, scope, depth)));
                    pieces.push(Expr::text(after));
                }
                None => return Expr::Unknown,
            }
        }
        Expr::Join(pieces)
    }
}

/// A router of a framework, as a static type tells it.
pub(super) fn router(framework: &'static Framework) -> Static {
    Static { framework: Some(framework), whole: false, matched: framework.matched_first }
}

/// Surely no router.
const NOT: Static = Static { framework: None, whole: false, matched: false };

/// True for a package of Go itself: its path has no dot in its first part.
pub(super) fn is_standard(path: &str) -> bool {
    !path.split('/').next().is_some_and(|first| first.contains('.')) && STANDARD.contains(&path.split('/').next().unwrap_or(""))
}

/// The first parts of the paths of Go's own packages. An application's own module may have a name without a dot.
const STANDARD: &[&str] = &[
    "bufio",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "hash",
    "html",
    "image",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
];

pub(super) fn import_of(expr: &Expr) -> Option<String> {
    let mut at = expr;
    for _ in 0..DEPTH {
        at = match at {
            Expr::Call(of, _) | Expr::Member(of, _) => of,
            Expr::Import(path, _) => return Some(path.to_string()),
            _ => return None,
        };
    }
    None
}

/// The text of a literal.
pub(super) fn literal(written: &str) -> Option<String> {
    if let Some(raw) = written.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        return Some(raw.to_owned());
    }
    let inside = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))?;
    let mut out = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                c @ ('\\' | '"' | '\'') => out.push(c),
                _ => return None,
            },
            '"' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}
