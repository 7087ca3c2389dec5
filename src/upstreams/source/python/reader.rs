//! One file: its scopes, its names, and which of its calls matter.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::super::facts::{Binding, Call, Expr, Facts, Handed, Mount, Open, RouteFact, Scope, ScopeId, ScopeKind, Why};
use super::super::syntax::{children, nodes, span, text};
use super::expressions::DEPTH;
use super::libraries;
use super::paths::Style;
use crate::text::Span;

/// How many expressions of a file are followed.
const STEPS: usize = 120_000;

/// The reader of a file.
pub(super) struct Reader<'t> {
    pub(super) code: &'t str,
    root: Node<'t>,
    pub(super) facts: Facts,
    /// What imported names are, as dotted names.
    imports: FxHashMap<&'t str, String>,
    /// Modules of which all names are imported.
    stars: Vec<String>,
    /// Modules that are imported by all of their dotted name.
    modules: FxHashSet<String>,
    /// The scopes that functions and classes make.
    pub(super) scopes: FxHashMap<usize, ScopeId>,
    /// What was made of calls already: each app is made once.
    pub(super) made: FxHashMap<usize, Expr>,
    /// What is assigned to names of the file, all of it.
    pub(super) outer: FxHashMap<&'t str, Vec<Node<'t>>>,
    /// The functions of the file.
    pub(super) functions: FxHashMap<&'t str, Node<'t>>,
    /// Lists that hold patterns of Django.
    pub(super) patterns: FxHashMap<(ScopeId, &'t str), usize>,
    /// The names that are given something, with and without where.
    bound: FxHashSet<(ScopeId, Arc<str>)>,
    known: FxHashSet<Arc<str>>,
    /// Names that are given something that is made here.
    routers: FxHashSet<&'t str>,
    /// What is called, or decorates, by its node.
    used: FxHashSet<usize>,
    /// How many expressions are still followed; with none left, the file is not known.
    pub(super) steps: usize,
    /// Classes of settings, the fields of which are not just what they are given.
    pub(super) settings: FxHashSet<ScopeId>,
}

/// The arguments of a call.
#[derive(Default)]
pub(super) struct Arguments<'t> {
    /// By position.
    pub(super) positional: Vec<Node<'t>>,
    /// By name.
    pub(super) named: Vec<(&'t str, Node<'t>)>,
    /// True when there are others, out of a list or dictionary.
    pub(super) spread: bool,
}

impl<'t> Arguments<'t> {
    /// The argument of that position or name.
    pub(super) fn get(&self, position: usize, name: &str) -> Option<Node<'t>> {
        self.named(name).or_else(|| self.positional.get(position).copied())
    }

    /// The argument of that name.
    pub(super) fn named(&self, name: &str) -> Option<Node<'t>> {
        self.named.iter().find(|(known, _)| *known == name).map(|(_, node)| *node)
    }
}

impl<'t> Reader<'t> {
    pub(super) fn new(code: &'t str, root: Node<'t>) -> Reader<'t> {
        Reader {
            code,
            root,
            facts: Facts::default(),
            imports: FxHashMap::default(),
            stars: Vec::new(),
            modules: FxHashSet::default(),
            scopes: FxHashMap::default(),
            made: FxHashMap::default(),
            outer: FxHashMap::default(),
            functions: FxHashMap::default(),
            patterns: FxHashMap::default(),
            bound: FxHashSet::default(),
            known: FxHashSet::default(),
            routers: FxHashSet::default(),
            used: FxHashSet::default(),
            steps: STEPS,
            settings: FxHashSet::default(),
        }
    }

    /// Reads all of it.
    pub(super) fn read(&mut self) {
        let found = self.note_definitions();
        for (node, scope) in &found {
            self.note_names(*node, *scope);
        }
        self.used = found.iter().filter_map(|(node, _)| used_by(*node)).map(|node| node.id()).collect();
        self.routers = found.iter().filter_map(|(node, _)| self.given_a_router(*node)).collect();
        for (node, scope) in &found {
            self.note_use(*node, *scope);
        }
    }

    /// The name that an assignment gives what was made here.
    fn given_a_router(&self, node: Node<'t>) -> Option<&'t str> {
        let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
        let name = match left.kind() {
            "identifier" => left,
            "attribute" => left.child_by_field_name("attribute")?,
            _ => return None,
        };
        self.made.contains_key(&right.id()).then(|| self.text(name))
    }

    pub(super) fn text(&self, node: Node<'_>) -> &'t str {
        text(self.code, node)
    }

    /// All nodes with the scopes that they are in; makes the scopes.
    fn note_definitions(&mut self) -> Vec<(Node<'t>, ScopeId)> {
        let mut out = Vec::new();
        let mut around: Vec<(usize, ScopeId)> = Vec::new();
        for node in nodes(self.root) {
            while around.last().is_some_and(|(end, _)| node.start_byte() >= *end) {
                around.pop();
            }
            let scope = around.last().map_or(ScopeId::FILE, |(_, scope)| *scope);
            out.push((node, scope));
            match node.kind() {
                "function_definition" => {
                    let made = self.function(node, scope);
                    around.push((node.end_byte(), made));
                }
                "class_definition" => {
                    let made = self.scope(node, scope, ScopeKind::Class, Vec::new());
                    around.push((node.end_byte(), made));
                }
                "assignment" | "augmented_assignment" if scope == ScopeId::FILE => {
                    if let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) {
                        self.outer.entry(self.text(left)).or_default().push(right);
                    }
                }
                "import_statement" => self.import(node, scope),
                "import_from_statement" | "future_import_statement" => self.import_from(node, scope),
                _ => {}
            }
        }
        out
    }

    fn scope(&mut self, node: Node<'t>, parent: ScopeId, kind: ScopeKind, parameters: Vec<Arc<str>>) -> ScopeId {
        let id = ScopeId(self.facts.scopes.len() as u32);
        self.facts.scopes.push(Scope { parent: Some(parent), kind, parameters, returns: Vec::new() });
        self.scopes.insert(node.id(), id);
        if let Some(name) = node.child_by_field_name("name") {
            self.bind(parent, self.text(name), Expr::Scope(id));
        }
        id
    }

    fn function(&mut self, node: Node<'t>, parent: ScopeId) -> ScopeId {
        let name = node.child_by_field_name("name").map_or("", |name| self.text(name));
        let in_class = self.facts.scopes.get(parent.0 as usize).is_some_and(|scope| scope.kind == ScopeKind::Class);
        let mut parameters: Vec<&'t str> = self.parameters(node).into_iter().map(|(name, _)| name).collect();
        if in_class && matches!(parameters.first(), Some(&("self" | "cls"))) {
            parameters.remove(0);
        }
        let parameters: Vec<Arc<str>> = parameters.into_iter().map(Into::into).collect();
        if parent == ScopeId::FILE {
            self.functions.insert(name, node);
        }
        // What a class is called with its constructor gets.
        if in_class && name == "__init__" {
            if let Some(class) = self.facts.scopes.get_mut(parent.0 as usize) {
                class.parameters = parameters;
            }
            return self.scope(node, parent, ScopeKind::Function, Vec::new());
        }
        self.scope(node, parent, ScopeKind::Function, parameters)
    }

    /// The parameters of a function with their defaults.
    pub(super) fn parameters(&self, function: Node<'t>) -> Vec<(&'t str, Option<Node<'t>>)> {
        let Some(list) = function.child_by_field_name("parameters") else { return Vec::new() };
        let mut out = Vec::new();
        for parameter in children(list) {
            let name = parameter.child_by_field_name("name").or_else(|| match parameter.kind() {
                "identifier" => Some(parameter),
                "typed_parameter" => parameter.named_child(0),
                _ => None,
            });
            if let Some(name) = name {
                out.push((self.text(name), parameter.child_by_field_name("value")));
            }
        }
        out
    }

    pub(super) fn bind(&mut self, scope: ScopeId, name: &str, value: Expr) {
        let name: Arc<str> = name.into();
        self.bound.insert((scope, name.clone()));
        self.known.insert(name.clone());
        self.facts.bindings.push(Binding { scope, name, value });
    }

    pub(super) fn open(&mut self, why: Why, node: Node<'_>) {
        self.facts.open.push(Open { why, span: span(node) });
    }

    pub(super) fn route(&mut self, on: Expr, methods: Vec<Arc<str>>, path: Expr, span: Span, certain: bool, implied: bool) {
        self.facts.routes.push(RouteFact { on, methods, path, span, certain, implied });
    }

    pub(super) fn mount(&mut self, on: Expr, prefix: Expr, what: Expr, replaces: bool, node: Node<'_>, certain: bool) {
        self.facts.mounts.push(Mount { on, prefix, replaces, what, span: span(node), certain });
    }

    fn import(&mut self, node: Node<'t>, scope: ScopeId) {
        for item in children(node) {
            if item.kind() == "aliased_import" {
                let (Some(module), Some(alias)) = (item.child_by_field_name("name"), item.child_by_field_name("alias")) else { continue };
                let (module, alias) = (self.text(module), self.text(alias));
                self.imports.insert(alias, module.to_owned());
                self.imported(scope, alias, module, "*", module, item);
            } else {
                let module = self.text(item);
                let first = module.split('.').next().unwrap_or_default();
                self.modules.insert(module.to_owned());
                self.imports.insert(first, first.to_owned());
                self.imported(scope, first, first, "*", module, item);
            }
        }
    }

    fn import_from(&mut self, node: Node<'t>, scope: ScopeId) {
        let Some(from) = node.child_by_field_name("module_name") else { return };
        let module = module_name(self.text(from));
        let mut cursor = node.walk();
        let names: Vec<Node<'t>> = node.children_by_field_name("name", &mut cursor).collect();
        if names.is_empty() {
            if libraries::serves(&module) {
                self.open(Why::Extension, node);
            }
            if !libraries::harmless(&module) {
                self.bind(scope, "*", Expr::Import(module.as_str().into(), "*".into()));
            }
            self.stars.push(module);
            return;
        }
        for item in names {
            let (name, alias) = match (item.child_by_field_name("name"), item.child_by_field_name("alias")) {
                (Some(name), Some(alias)) => (self.text(name), self.text(alias)),
                _ => (self.text(item), self.text(item)),
            };
            let dotted = match module.ends_with(['/', '.']) {
                true => format!("{module}{name}"),
                false => format!("{module}.{name}"),
            };
            self.imports.insert(alias, dotted.clone());
            self.imported(scope, alias, &module, name, &dotted, item);
        }
    }

    fn imported(&mut self, scope: ScopeId, alias: &str, module: &str, name: &str, dotted: &str, node: Node<'t>) {
        if libraries::serves(dotted) {
            self.open(Why::Extension, node);
        }
        let value = if libraries::harmless(dotted) { Expr::Other } else { Expr::Import(module.into(), name.into()) };
        self.bind(scope, alias, value);
    }

    /// The dotted name of what is imported: `fastapi.FastAPI`. `None` for what is not.
    pub(super) fn dotted(&self, node: Node<'t>) -> Option<String> {
        let mut members = Vec::new();
        let mut at = node;
        while at.kind() == "attribute" && members.len() < 16 {
            members.push(self.text(at.child_by_field_name("attribute")?));
            at = at.child_by_field_name("object")?;
        }
        if at.kind() != "identifier" {
            return None;
        }
        let first = self.text(at);
        let mut out = match self.imports.get(first) {
            Some(known) => known.clone(),
            // One of the modules that give all of their names.
            None if self.outer.contains_key(first) || self.functions.contains_key(first) => return None,
            None => format!("{}.{first}", self.stars.iter().find(|module| libraries::is_web(module))?),
        };
        for member in members.iter().rev() {
            out.push('.');
            out.push_str(member);
        }
        Some(out)
    }

    /// The module that is imported by its dotted name and that an expression begins with, and the members behind it.
    pub(super) fn module_of(&self, node: Node<'t>) -> Option<(String, Vec<&'t str>)> {
        let mut members = Vec::new();
        let mut at = node;
        loop {
            let written = self.text(at);
            if self.modules.contains(written) && written.contains('.') {
                members.reverse();
                return Some((written.to_owned(), members));
            }
            if at.kind() != "attribute" || members.len() > 16 {
                return None;
            }
            members.push(self.text(at.child_by_field_name("attribute")?));
            at = at.child_by_field_name("object")?;
        }
    }

    /// True when a name is given something anywhere in the file.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    /// True when a name is given something in just that scope.
    pub(super) fn binds(&self, scope: ScopeId, name: &str) -> bool {
        self.known.contains(name) && self.bound.contains(&(scope, name.into()))
    }

    /// True when something of that module is imported.
    pub(super) fn imports(&self, module: &str) -> bool {
        let of = |dotted: &String| dotted.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.imports.values().any(of) || self.stars.iter().any(of)
    }

    /// How paths are written here.
    pub(super) fn style(&self) -> Style {
        let flask = ["flask", "flask_restx", "flask_restful"].iter().any(|module| self.imports(module));
        let starlette = ["fastapi", "starlette"].iter().any(|module| self.imports(module));
        match (flask, starlette) {
            (true, false) => Style::Angles,
            (false, true) => Style::Braces,
            _ => Style::Both,
        }
    }

    pub(super) fn arguments(&self, call: Node<'t>) -> Arguments<'t> {
        let mut out = Arguments::default();
        let Some(list) = call.child_by_field_name("arguments") else { return out };
        // `f(x for x in y)`
        if list.kind() != "argument_list" {
            out.positional.push(list);
            return out;
        }
        for argument in children(list) {
            match argument.kind() {
                "keyword_argument" => {
                    if let (Some(name), Some(value)) = (argument.child_by_field_name("name"), argument.child_by_field_name("value")) {
                        out.named.push((self.text(name), value));
                    }
                }
                "list_splat" | "dictionary_splat" => out.spread = true,
                _ => out.positional.push(argument),
            }
        }
        out
    }

    /// True for what is called or decorates.
    pub(super) fn is_used(&self, node: Node<'_>) -> bool {
        self.used.contains(&node.id())
    }

    /// If this is an app or router, what is done with it is not followed.
    pub(super) fn lost(&mut self, object: Node<'t>, at: Node<'t>, scope: ScopeId) {
        let what = self.expr(object, scope);
        if !matches!(what, Expr::Other | Expr::Unknown | Expr::Text(_) | Expr::Setting(..) | Expr::Join(_)) {
            self.facts.handed.push(Handed { to: Expr::Unknown, what, span: span(at) });
        }
    }

    /// A call of a function of the application, or of one that is not seen.
    pub(super) fn plain_call(&mut self, call: Node<'t>, scope: ScopeId) {
        let Some(function) = call.child_by_field_name("function") else { return };
        if function.kind() == "identifier" && !self.knows(self.text(function)) {
            match self.text(function) {
                "getattr" => {
                    if let Some(object) = self.arguments(call).positional.first() {
                        self.lost(*object, call, scope);
                    }
                    return;
                }
                "exec" | "eval" if libraries::is_web(self.code) => self.open(Why::Computed, call),
                name if libraries::builtin(name) => return,
                _ => {}
            }
        }
        if self.is_list_method(function) {
            return;
        }
        let arguments = self.arguments(call);
        if arguments.named("ROOT_URLCONF").is_some() {
            self.open(Why::Option, call);
        }
        // What matters of these is read where it is used.
        if self.dotted(function).is_some_and(|dotted| libraries::read(&dotted)) {
            return;
        }
        // The application of Django is wrapped.
        if ["django.core.wsgi", "django.core.asgi"].iter().any(|module| self.imports(module))
            && !(arguments.positional.is_empty() && arguments.named.is_empty())
            && !self.dotted(function).is_some_and(|dotted| libraries::harmless(&dotted))
        {
            self.open(Why::Extension, call);
        }
        let nodes: Vec<Node<'t>> = arguments.positional.iter().copied().chain(arguments.named.iter().map(|(_, node)| *node)).collect();
        // What other files and other people's code gets may be an app by any name.
        let elsewhere = match function.kind() {
            "identifier" if self.functions.contains_key(self.text(function)) => true,
            _ => self.dotted(function).is_some_and(|dotted| !libraries::harmless(&dotted)),
        };
        let named = |node: Node<'t>| matches!(node.kind(), "identifier" | "attribute");
        let matters = |node: &Node<'t>| self.may_be_router(*node) || elsewhere && named(*node);
        let matter: Vec<Node<'t>> = nodes.into_iter().filter(matters).collect();
        let paths = |node: &Node<'t>| node.kind() == "string" && self.text(*node).contains('/');
        if matter.is_empty() && !arguments.spread && !arguments.positional.iter().any(paths) {
            return;
        }
        let to = self.expr(function, scope);
        if matches!(to, Expr::Other) {
            return;
        }
        for node in matter {
            let what = self.expr(node, scope);
            if !matches!(what, Expr::Other | Expr::Unknown | Expr::Text(_) | Expr::Setting(..) | Expr::Join(_)) {
                self.facts.handed.push(Handed { to: to.clone(), what, span: span(call) });
            }
        }
        let arguments = self.given(function, &arguments, scope, DEPTH);
        self.facts.calls.push(Call { function: to, arguments });
    }

    /// `routers.append(x)` on a list that is made here: what it has then is bound to its name.
    fn is_list_method(&self, function: Node<'t>) -> bool {
        let (Some(object), Some(method)) = (function.child_by_field_name("object"), function.child_by_field_name("attribute")) else {
            return false;
        };
        // The text of a long chain is no name.
        let made = Some(self.text(object)).filter(|name| name.len() < 200).and_then(|name| self.outer.get(name)?.first());
        matches!(self.text(method), "append" | "extend" | "insert" | "add" | "update" | "setdefault")
            && made.is_some_and(|made| matches!(made.kind(), "list" | "dictionary" | "set" | "list_comprehension"))
    }

    /// True for an argument that may be an app or router: it is made here, or it is called like one, or nothing is said by its name.
    fn may_be_router(&self, node: Node<'t>) -> bool {
        let name = match node.kind() {
            "identifier" => self.text(node),
            "attribute" => node.child_by_field_name("attribute").map_or("", |name| self.text(name)),
            "call" | "list" | "tuple" | "subscript" | "conditional_expression" | "list_splat" => return true,
            _ => return false,
        };
        let lower = name.to_ascii_lowercase();
        lower.len() <= 2
            || self.routers.contains(name)
            || [
                "app",
                "api",
                "route",
                "bp",
                "blueprint",
                "server",
                "asgi",
                "wsgi",
                "web",
                "site",
                "namespace",
                "service",
                "parent",
                "child",
            ]
            .iter()
            .any(|part| lower.contains(part))
    }

    /// What a function is given, by position so far as that is seen.
    pub(super) fn given(&mut self, function: Node<'t>, arguments: &Arguments<'t>, scope: ScopeId, depth: u32) -> Vec<Expr> {
        let mut out: Vec<Expr> = arguments.positional.iter().map(|node| self.expr_at(*node, scope, depth)).collect();
        let known = match function.kind() {
            "identifier" => self.functions.get(self.text(function)).map(|node| self.parameters(*node)),
            _ => None,
        };
        let mut lost = arguments.spread;
        for (name, value) in &arguments.named {
            let position = known.as_ref().and_then(|known| known.iter().position(|(known, _)| known == name));
            match position {
                Some(position) => {
                    while out.len() <= position {
                        // Not given: it has its default.
                        out.push(Expr::List(Vec::new()));
                    }
                    if let Some(slot) = out.get_mut(position) {
                        *slot = self.expr_at(*value, scope, depth);
                    }
                }
                None => lost |= !matches!(self.expr_at(*value, scope, depth), Expr::Other),
            }
        }
        // It may be any of the parameters behind those.
        if lost {
            out.resize(out.len().max(10), Expr::Unknown);
        }
        out
    }
}

/// What a call calls, and what a decorator is.
fn used_by(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "call" => node.child_by_field_name("function"),
        "decorator" => node.named_child(0),
        _ => None,
    }
}

/// A module as it is named in [`super::module::files`].
pub(super) fn module_name(written: &str) -> String {
    let dots = written.bytes().take_while(|byte| *byte == b'.').count();
    match dots {
        0 => written.to_owned(),
        dots => format!("{}/{}", ".".repeat(dots), written.get(dots..).unwrap_or_default().trim()),
    }
}
