//! Names of a script: where they are declared, and what they are given.

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use crate::text::Span;

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Binding<'a, 't> {
    /// This expression.
    Value(Node<'t>),
    /// What `+=` puts behind it.
    More(Node<'t>),
    /// A property of this expression: `const { a } = …`.
    Field(Node<'t>, &'a str),
    /// Each item of this: `for (const x of […])`.
    Item(Node<'t>),
    /// An argument: the function's number, the position, the property of it.
    Argument(usize, usize, Option<&'a str>),
    /// A function, by its number.
    Function(usize),
    /// The body of a class.
    Class(Node<'t>),
    /// Something of another module: `default`, `*` for all of it.
    Import(&'a str, &'a str),
    /// Anything.
    Unknown,
}

/// A function of the script.
#[derive(Debug, Clone)]
pub(super) struct Function<'a, 't> {
    pub(super) node: Node<'t>,
    /// The class's body or the object that it is a method of, and its name there.
    pub(super) method: Option<(usize, &'a str)>,
    /// The arguments that are used, as (position, property): what [`super::super::value::Piece::Param`] counts.
    pub(super) arguments: Vec<(usize, Option<String>)>,
    /// What arguments are when they are not given, by position and property.
    pub(super) defaults: Vec<(usize, Option<&'a str>, Node<'t>)>,
    /// Called for each item of this: `[…].forEach(x => …)`.
    pub(super) each: Option<Node<'t>>,
}

/// A parsed script with its names.
pub(super) struct Source<'a, 't> {
    pub(super) code: &'a str,
    /// All nodes, outer before inner.
    pub(super) nodes: Vec<Node<'t>>,
    /// By node: asking the tree for it starts at the root each time.
    parents: FxHashMap<usize, Node<'t>>,
    names: FxHashMap<&'a str, Vec<(Span, Binding<'a, 't>)>>,
    pub(super) functions: Vec<Function<'a, 't>>,
    /// Numbers of methods by what they are methods of, and their name.
    pub(super) methods: FxHashMap<(usize, &'a str), Vec<usize>>,
    /// Numbers of functions by node.
    pub(super) numbers: FxHashMap<usize, usize>,
    /// `this.x = …` and fields of classes.
    pub(super) fields: FxHashMap<&'a str, Vec<Node<'t>>>,
    /// What other modules get: the name and the expression.
    pub(super) exports: Vec<(&'a str, Node<'t>)>,
    /// `export * from`, `export { a } from`
    pub(super) passed_on: Vec<(&'a str, &'a str, &'a str)>,
}

pub(super) fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "function_declaration"
            | "function_expression"
            | "function"
            | "arrow_function"
            | "method_definition"
            | "generator_function"
            | "generator_function_declaration"
    )
}

fn is_scope(kind: &str) -> bool {
    is_function(kind)
        || matches!(
            kind,
            "program" | "statement_block" | "class_body" | "for_statement" | "for_in_statement" | "catch_clause" | "switch_body"
        )
}

pub(super) fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}

/// The named children without comments.
pub(super) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

impl<'a, 't> Source<'a, 't> {
    pub(super) fn new(code: &'a str, root: Node<'t>) -> Source<'a, 't> {
        let mut nodes = Vec::new();
        let mut parents = FxHashMap::default();
        let mut above: Vec<Node<'t>> = Vec::new();
        let mut cursor = root.walk();
        'all: loop {
            let node = cursor.node();
            if node.is_named() {
                nodes.push(node);
                if let Some(parent) = above.last() {
                    parents.insert(node.id(), *parent);
                }
            }
            if cursor.goto_first_child() {
                above.push(node);
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    break 'all;
                }
                above.pop();
            }
        }
        let mut source = Source {
            code,
            nodes,
            parents,
            names: FxHashMap::default(),
            functions: Vec::new(),
            methods: FxHashMap::default(),
            numbers: FxHashMap::default(),
            fields: FxHashMap::default(),
            exports: Vec::new(),
            passed_on: Vec::new(),
        };
        for at in 0..source.nodes.len() {
            if let Some(node) = source.nodes.get(at).copied() {
                source.declare(node);
            }
        }
        source
    }

    pub(super) fn parent(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.parents.get(&node.id()).copied()
    }

    pub(super) fn text(&self, node: Node<'_>) -> &'a str {
        self.code.get(node.byte_range()).unwrap_or("")
    }

    /// The text of a string that has no escapes.
    pub(super) fn plain(&self, node: Node<'_>) -> Option<&'a str> {
        let text = self.text(node);
        let inside = (node.kind() == "string").then(|| text.get(1..text.len().checked_sub(1)?)).flatten()?;
        (!inside.contains('\\')).then_some(inside)
    }

    /// The name of a property as it is written in an object, a class or behind a dot.
    pub(super) fn key(&self, node: Node<'_>) -> Option<&'a str> {
        match node.kind() {
            "property_identifier"
            | "identifier"
            | "shorthand_property_identifier"
            | "shorthand_property_identifier_pattern"
            | "private_property_identifier" => Some(self.text(node)),
            "string" => self.plain(node),
            _ => None,
        }
    }

    fn scope(&self, node: Node<'t>, hoisted: bool) -> Span {
        let mut at = self.parent(node);
        while let Some(one) = at {
            if is_scope(one.kind()) && (!hoisted || is_function(one.kind()) || one.kind() == "program") {
                return span(one);
            }
            at = self.parent(one);
        }
        Span::new(0, self.code.len() as u32)
    }

    fn add(&mut self, name: &'a str, scope: Span, binding: Binding<'a, 't>) {
        self.names.entry(name).or_default().push((scope, binding));
    }

    fn declare(&mut self, node: Node<'t>) {
        let kind = node.kind();
        if is_function(kind) {
            self.function(node);
        }
        match kind {
            "variable_declarator" => {
                let hoisted = self.parent(node).is_some_and(|parent| parent.kind() == "variable_declaration");
                let scope = self.scope(node, hoisted);
                let Some(name) = node.child_by_field_name("name") else { return };
                let value = node.child_by_field_name("value");
                match name.kind() {
                    "identifier" => {
                        if let Some(value) = value {
                            self.add(self.text(name), scope, self.given(value));
                        }
                    }
                    "object_pattern" => {
                        for (key, local, _) in self.pattern(name) {
                            self.add(local, scope, value.map_or(Binding::Unknown, |value| self.field(value, key)));
                        }
                    }
                    _ => {
                        for inner in children(name).into_iter().filter(|inner| inner.kind() == "identifier") {
                            self.add(self.text(inner), scope, Binding::Unknown);
                        }
                    }
                }
            }
            "assignment_expression" | "augmented_assignment_expression" => {
                let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else { return };
                let more = kind != "assignment_expression";
                match left.kind() {
                    "identifier" => {
                        let name = self.text(left);
                        // The declaration may come later in the text; one that is nowhere is global.
                        let scope = self.scope_of(name, left.start_byte() as u32).unwrap_or(Span::new(0, self.code.len() as u32));
                        self.add(name, scope, if more { Binding::More(right) } else { self.given(right) });
                    }
                    "member_expression" => {
                        let object = left.child_by_field_name("object").map(|object| self.text(object)).unwrap_or("");
                        let property = left.child_by_field_name("property").map(|property| self.text(property)).unwrap_or("");
                        match (object, property) {
                            _ if more => {}
                            ("this", _) => self.fields.entry(property).or_default().push(right),
                            ("module", "exports") => self.export_all(right),
                            ("exports" | "module.exports", _) => self.exports.push((property, right)),
                            // `window.API = '/api'`
                            ("window" | "globalThis" | "self", _) => {
                                self.add(property, Span::new(0, self.code.len() as u32), self.given(right))
                            }
                            _ => {}
                        }
                    }
                    _ => {}
                }
            }
            "public_field_definition" | "field_definition" => {
                let name = node.child_by_field_name("name").or(node.child_by_field_name("property"));
                if let (Some(name), Some(value)) = (name, node.child_by_field_name("value")) {
                    self.fields.entry(self.text(name)).or_default().push(value);
                }
            }
            "function_declaration" | "generator_function_declaration" => {
                if let (Some(name), Some(number)) = (node.child_by_field_name("name"), self.numbers.get(&node.id()).copied()) {
                    let scope = self.scope(node, false);
                    self.add(self.text(name), scope, Binding::Function(number));
                }
            }
            "class_declaration" | "abstract_class_declaration" => {
                if let (Some(name), Some(body)) = (node.child_by_field_name("name"), node.child_by_field_name("body")) {
                    let scope = self.scope(node, false);
                    self.add(self.text(name), scope, Binding::Class(body));
                }
            }
            "for_in_statement" => {
                if let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) {
                    let items = children(node).len() >= 2
                        && self.code.get(left.end_byte()..right.start_byte()).is_some_and(|between| between.trim() == "of");
                    let binding = if items && left.kind() == "identifier" { Binding::Item(right) } else { Binding::Unknown };
                    let names = if left.kind() == "identifier" { vec![left] } else { children(left) };
                    for name in
                        names.into_iter().filter(|name| matches!(name.kind(), "identifier" | "shorthand_property_identifier_pattern"))
                    {
                        self.add(self.text(name), span(node), binding);
                    }
                }
            }
            "catch_clause" => {
                if let Some(name) = node.child_by_field_name("parameter").filter(|name| name.kind() == "identifier") {
                    self.add(self.text(name), span(node), Binding::Unknown);
                }
            }
            "import_statement" => self.import(node),
            "export_statement" => self.export(node),
            _ => {}
        }
    }

    /// What an expression gives a name: a function, a class, something of another module.
    fn given(&self, value: Node<'t>) -> Binding<'a, 't> {
        match self.required(value) {
            Some(module) => Binding::Import(module, "*"),
            None => Binding::Value(value),
        }
    }

    fn field(&self, value: Node<'t>, key: &'a str) -> Binding<'a, 't> {
        match self.required(value) {
            Some(module) => Binding::Import(module, key),
            None => Binding::Field(value, key),
        }
    }

    /// The module in `require('…')`, `await import('…')`.
    pub(super) fn required(&self, value: Node<'t>) -> Option<&'a str> {
        let value = if value.kind() == "await_expression" { children(value).first().copied()? } else { value };
        if value.kind() != "call_expression" {
            return None;
        }
        let callee = value.child_by_field_name("function")?;
        let wanted = callee.kind() == "import" || self.text(callee) == "require";
        let argument = children(value.child_by_field_name("arguments")?).first().copied()?;
        if wanted { self.plain(argument) } else { None }
    }

    /// The names in `{ a, b: c, d = 1 }`: the property, the local name, the default.
    fn pattern(&self, pattern: Node<'t>) -> Vec<(&'a str, &'a str, Option<Node<'t>>)> {
        let one = |part: Node<'t>| match part.kind() {
            "shorthand_property_identifier_pattern" => Some((self.text(part), self.text(part), None)),
            "object_assignment_pattern" => {
                let name = self.text(part.child_by_field_name("left")?);
                Some((name, name, part.child_by_field_name("right")))
            }
            "pair_pattern" => {
                let key = self.key(part.child_by_field_name("key")?)?;
                let value = part.child_by_field_name("value")?;
                match value.kind() {
                    "identifier" => Some((key, self.text(value), None)),
                    "assignment_pattern" => {
                        let left = value.child_by_field_name("left").filter(|left| left.kind() == "identifier")?;
                        Some((key, self.text(left), value.child_by_field_name("right")))
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        children(pattern).into_iter().filter_map(one).collect()
    }

    fn function(&mut self, node: Node<'t>) {
        let number = self.functions.len();
        self.numbers.insert(node.id(), number);
        let scope = span(node);
        let mut function = Function { node, method: self.method(node), arguments: Vec::new(), defaults: Vec::new(), each: self.each(node) };
        let parameters = match (node.child_by_field_name("parameters"), node.child_by_field_name("parameter")) {
            (Some(list), _) => children(list),
            (None, one) => one.into_iter().collect(),
        };
        for (position, parameter) in parameters.into_iter().enumerate() {
            // TypeScript wraps the pattern, and has the default beside it.
            let (pattern, default) = match parameter.kind() {
                "required_parameter" | "optional_parameter" => {
                    (parameter.child_by_field_name("pattern").unwrap_or(parameter), parameter.child_by_field_name("value"))
                }
                "assignment_pattern" => {
                    (parameter.child_by_field_name("left").unwrap_or(parameter), parameter.child_by_field_name("right"))
                }
                _ => (parameter, None),
            };
            match pattern.kind() {
                "identifier" => {
                    if let Some(default) = default {
                        function.defaults.push((position, None, default));
                    }
                    self.add(self.text(pattern), scope, Binding::Argument(number, position, None));
                }
                "object_pattern" => {
                    for (key, local, default) in self.pattern(pattern) {
                        if let Some(default) = default {
                            function.defaults.push((position, Some(key), default));
                        }
                        self.add(local, scope, Binding::Argument(number, position, Some(key)));
                    }
                }
                _ => {
                    for inner in children(pattern).into_iter().filter(|inner| inner.kind() == "identifier") {
                        self.add(self.text(inner), scope, Binding::Unknown);
                    }
                }
            }
        }
        if let Some(method) = function.method {
            self.methods.entry(method).or_default().push(number);
        }
        self.functions.push(function);
    }

    /// The class or object around a method, and the method's name.
    fn method(&self, node: Node<'t>) -> Option<(usize, &'a str)> {
        let parent = self.parent(node)?;
        match (node.kind(), parent.kind()) {
            ("method_definition", "class_body" | "object") => Some((parent.id(), self.key(node.child_by_field_name("name")?)?)),
            (_, "pair") => Some((self.parent(parent)?.id(), self.key(parent.child_by_field_name("key")?)?)),
            (_, "public_field_definition" | "field_definition") => {
                let name = parent.child_by_field_name("name").or(parent.child_by_field_name("property"))?;
                Some((self.parent(parent)?.id(), self.key(name)?))
            }
            _ => None,
        }
    }

    /// What is gone through by `….forEach(function)`.
    fn each(&self, node: Node<'t>) -> Option<Node<'t>> {
        let list = self.parent(node).filter(|parent| parent.kind() == "arguments")?;
        if children(list).first().map(Node::id) != Some(node.id()) {
            return None;
        }
        let callee = self.parent(list)?.child_by_field_name("function").filter(|callee| callee.kind() == "member_expression")?;
        let name = self.text(callee.child_by_field_name("property")?);
        // `test.each(['/a', '/b'])(…)` is another thing; the callbacks of these get the item first.
        matches!(name, "forEach" | "map" | "flatMap" | "every" | "some" | "filter").then(|| callee.child_by_field_name("object")).flatten()
    }

    fn import(&mut self, node: Node<'t>) {
        let Some(module) = node.child_by_field_name("source").and_then(|source| self.plain(source)) else { return };
        let whole = Span::new(0, self.code.len() as u32);
        let Some(clause) = children(node).into_iter().find(|child| child.kind() == "import_clause") else { return };
        for part in children(clause) {
            match part.kind() {
                "identifier" => self.add(self.text(part), whole, Binding::Import(module, "default")),
                "namespace_import" => {
                    if let Some(name) = children(part).first() {
                        self.add(self.text(*name), whole, Binding::Import(module, "*"));
                    }
                }
                "named_imports" => {
                    for one in children(part) {
                        let Some(name) = one.child_by_field_name("name") else { continue };
                        let local = one.child_by_field_name("alias").unwrap_or(name);
                        self.add(self.text(local), whole, Binding::Import(module, self.text(name)));
                    }
                }
                _ => {}
            }
        }
    }

    fn export(&mut self, node: Node<'t>) {
        let source = node.child_by_field_name("source").and_then(|source| self.plain(source));
        if let Some(value) = node.child_by_field_name("value") {
            self.exports.push(("default", value));
        }
        if let Some(declaration) = node.child_by_field_name("declaration") {
            let default = children(node).len() == 1 && self.text(node).trim_start().starts_with("export default");
            match declaration.kind() {
                "lexical_declaration" | "variable_declaration" => {
                    for one in children(declaration) {
                        if let (Some(name), Some(value)) = (one.child_by_field_name("name"), one.child_by_field_name("value")) {
                            self.exports.push((self.text(name), value));
                        }
                    }
                }
                _ => {
                    let name = declaration.child_by_field_name("name").map(|name| self.text(name));
                    self.exports.push((if default { "default" } else { name.unwrap_or("default") }, declaration));
                }
            }
        }
        for clause in children(node).into_iter().filter(|child| child.kind() == "export_clause") {
            for one in children(clause) {
                let Some(name) = one.child_by_field_name("name") else { continue };
                let outside = self.text(one.child_by_field_name("alias").unwrap_or(name));
                match source {
                    Some(module) => self.passed_on.push((outside, module, self.text(name))),
                    None => self.exports.push((outside, name)),
                }
            }
        }
        if let Some(module) = source
            && self.text(node).trim_start_matches("export").trim_start().starts_with('*')
        {
            self.passed_on.push(("*", module, "*"));
        }
    }

    /// `module.exports = { a, b: c }`, or one thing.
    fn export_all(&mut self, value: Node<'t>) {
        self.exports.push(("default", value));
        if value.kind() == "object" {
            for pair in children(value) {
                match pair.kind() {
                    "pair" => {
                        if let (Some(key), Some(value)) =
                            (pair.child_by_field_name("key").and_then(|key| self.key(key)), pair.child_by_field_name("value"))
                        {
                            self.exports.push((key, value));
                        }
                    }
                    "shorthand_property_identifier" => self.exports.push((self.text(pair), pair)),
                    "method_definition" => {
                        if let Some(name) = pair.child_by_field_name("name").and_then(|name| self.key(name)) {
                            self.exports.push((name, pair));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn scope_of(&self, name: &str, at: u32) -> Option<Span> {
        let known = self.names.get(name)?;
        known.iter().map(|(scope, _)| *scope).filter(|scope| scope.start <= at && at < scope.end).min_by_key(|scope| scope.len())
    }

    /// What a name stands for where it is used: all that the nearest scope gives it. Empty for a name of nobody's.
    pub(super) fn resolve(&self, name: &str, at: u32) -> Vec<Binding<'a, 't>> {
        let Some(scope) = self.scope_of(name, at) else { return Vec::new() };
        let known = self.names.get(name).map(Vec::as_slice).unwrap_or_default();
        known.iter().filter(|(of, _)| *of == scope).map(|(_, binding)| *binding).collect()
    }

    /// Names that stand for something that a test takes.
    pub(super) fn names_of(&self, test: impl Fn(&Binding<'a, 't>) -> bool) -> rustc_hash::FxHashSet<&'a str> {
        self.names.iter().filter(|(_, known)| known.iter().any(|(_, binding)| test(binding))).map(|(name, _)| *name).collect()
    }

    /// The class's body or the object around a node, which `this` means there.
    pub(super) fn this(&self, node: Node<'t>) -> Option<usize> {
        let mut at = self.parent(node);
        while let Some(one) = at {
            if one.kind() == "class_body"
                || one.kind() == "object" && children(one).iter().any(|child| child.kind() == "method_definition" || child.kind() == "pair")
            {
                return Some(one.id());
            }
            at = self.parent(one);
        }
        None
    }

    /// The value of a property in an object that is written out.
    pub(super) fn property(&self, object: Node<'t>, key: &str) -> Option<Node<'t>> {
        if object.kind() != "object" {
            return None;
        }
        children(object).into_iter().rev().find_map(|pair| match pair.kind() {
            "pair" => (self.key(pair.child_by_field_name("key")?)? == key).then(|| pair.child_by_field_name("value")).flatten(),
            "shorthand_property_identifier" => (self.text(pair) == key).then_some(pair),
            "method_definition" => (self.key(pair.child_by_field_name("name")?)? == key).then_some(pair),
            _ => None,
        })
    }

    /// The arguments of a call.
    pub(super) fn arguments(&self, call: Node<'t>) -> Vec<Node<'t>> {
        match call.child_by_field_name("arguments") {
            Some(list) if list.kind() == "arguments" => children(list),
            _ => Vec::new(),
        }
    }
}
