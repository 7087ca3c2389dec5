//! What Lua code asks nginx and the file system for: parsed, never searched, so strings and comments are what they are.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use crate::text::Span;
use crate::upstreams::source::syntax::parse;

/// What one piece of Lua code (a file, a block, an inline string) refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LuaFacts {
    /// Calls that name a module, a file or a URI.
    pub calls: Vec<LuaCall>,
    /// `ngx.var.NAME`, reads and writes.
    pub variables: Vec<(Arc<str>, Span)>,
    /// `ngx.shared.NAME`
    pub shared: Vec<(Arc<str>, Span)>,
    /// Constant strings with an `@`: they may name a location however they get to nginx.
    pub at_names: Vec<(Arc<str>, Span)>,
    /// Constant strings that are `X-Accel-Redirect`, in any case.
    pub accel: Vec<Span>,
    /// What keeps the code from being followed: `ngx` or one of its functions handed around as a value, `loadstring`, a syntax error.
    pub opaque: Vec<Span>,
    /// Changes of `package.path`, `package.loaded`, …: modules may come from elsewhere.
    pub package_changes: Vec<Span>,
    /// `ngx.req.set_uri` without a new search at once.
    pub uri_changes: Vec<Span>,
    /// True when `ngx.var[…]` or `ngx.shared[…]` is asked with a computed name.
    pub computed_names: bool,
}

/// A call that names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LuaCall {
    /// Which call.
    pub kind: CallKind,
    /// What it names.
    pub target: Target,
    /// The argument that names it, or the call where there is none.
    pub span: Span,
    /// True inside `pcall(f, …)`: a failure is expected.
    pub guarded: bool,
}

/// Calls that name something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// `require`
    Require,
    /// `dofile`, `loadfile`
    LoadFile,
    /// `ngx.location.capture`, `ngx.location.capture_multi`: a subrequest.
    Capture,
    /// `ngx.exec`: an internal redirect.
    Exec,
    /// `ngx.req.set_uri(uri, true)`: the location is looked for again.
    SetUri,
    /// `ngx.redirect`: the client is told to ask for it.
    Redirect,
}

/// What a call or directive names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// Always this.
    Constant(Arc<str>),
    /// It is computed; `prefix` is what it always begins with, empty when even that is not known.
    Dynamic {
        /// The constant beginning.
        prefix: Arc<str>,
    },
}

/// Where a piece of code is in its file.
#[derive(Debug, Clone, Copy)]
pub enum Origin {
    /// It starts at this byte, word for word.
    At(u32),
    /// It was decoded from a word: every span is the word's.
    Word(Span),
}

impl Target {
    fn unknown() -> Target {
        Target::Dynamic { prefix: "".into() }
    }

    /// The constant, if it is one.
    pub fn constant(&self) -> Option<&str> {
        match self {
            Target::Constant(value) => Some(value),
            Target::Dynamic { .. } => None,
        }
    }
}

const FOLLOWED: [&str; 6] =
    ["ngx.location", "ngx.location.capture", "ngx.location.capture_multi", "ngx.exec", "ngx.req", "ngx.req.set_uri"];
/// How deep an expression is followed: deeper ones are computed, not written.
const DEPTH: u32 = 64;

impl LuaFacts {
    /// Reads code. Code that is no Lua gives what can be recognised, and is `opaque`.
    pub fn read(code: &str, origin: Origin) -> LuaFacts {
        let mut facts = LuaFacts::default();
        let Some(tree) = parse(code, &tree_sitter_lua::LANGUAGE.into()) else {
            facts.opaque.push(place(origin, 0, code.len()));
            return facts;
        };
        let root = tree.root_node();
        let mut reader = Reader { code, origin, bindings: FxHashMap::default(), locals: FxHashSet::default(), facts };
        if root.has_error() {
            reader.facts.opaque.push(place(origin, 0, code.len()));
        }
        let nodes = all(root);
        for node in &nodes {
            reader.bind(*node);
        }
        // Other code may give a global another value, and use the one that it is given here.
        let Reader { bindings, locals, .. } = &mut reader;
        bindings.iter_mut().filter(|(name, _)| !locals.contains(*name)).for_each(|(_, values)| values.push(None));
        for node in &nodes {
            reader.visit(*node);
        }
        reader.facts
    }
}

/// All nodes, outer before inner, in the order of the text; without recursion, as code may be nested as deep as it likes.
fn all(root: Node<'_>) -> Vec<Node<'_>> {
    let mut out = Vec::new();
    let mut cursor = root.walk();
    loop {
        out.push(cursor.node());
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return out;
            }
        }
    }
}

fn place(origin: Origin, start: usize, end: usize) -> Span {
    match origin {
        Origin::At(offset) => Span::new(offset.saturating_add(start as u32), offset.saturating_add(end as u32)),
        Origin::Word(span) => span,
    }
}

struct Reader<'a, 't> {
    code: &'a str,
    origin: Origin,
    /// Every value that a name is given anywhere in the code; `None` where it can't be seen (a parameter, a loop).
    bindings: FxHashMap<&'a str, Vec<Option<Node<'t>>>>,
    /// The names that are local, or parameters, somewhere in the code.
    locals: FxHashSet<&'a str>,
    facts: LuaFacts,
}

impl<'a, 't> Reader<'a, 't> {
    fn text(&self, node: Node<'t>) -> &'a str {
        self.code.get(node.byte_range()).unwrap_or("")
    }

    fn span(&self, node: Node<'t>) -> Span {
        place(self.origin, node.start_byte(), node.end_byte())
    }

    fn named(node: Node<'t>) -> Vec<Node<'t>> {
        let mut cursor = node.walk();
        node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
    }

    fn bind(&mut self, node: Node<'t>) {
        match node.kind() {
            "assignment_statement" => {
                let parts = Self::named(node);
                let names = parts.iter().find(|part| part.kind() == "variable_list").map_or(Vec::new(), |list| Self::named(*list));
                let values = parts.iter().find(|part| part.kind() == "expression_list").map_or(Vec::new(), |list| Self::named(*list));
                let names: Vec<_> = names.into_iter().filter(|name| name.kind() != "attribute").collect();
                let local = node.parent().is_some_and(|parent| parent.kind() == "variable_declaration");
                for (index, name) in names.iter().enumerate() {
                    if name.kind() == "identifier" {
                        let text = self.text(*name);
                        self.bindings.entry(text).or_default().push(values.get(index).copied());
                        if local {
                            self.locals.insert(text);
                        }
                    }
                }
            }
            "parameters" | "for_generic_clause" | "for_numeric_clause" | "function_declaration" => {
                for child in Self::named(node) {
                    let names = if child.kind() == "variable_list" { Self::named(child) } else { vec![child] };
                    for name in names.into_iter().filter(|name| name.kind() == "identifier") {
                        self.bindings.entry(self.text(name)).or_default().push(None);
                    }
                }
            }
            "variable_declaration" => {
                // `local x` without a value.
                for list in Self::named(node).into_iter().filter(|child| child.kind() == "variable_list") {
                    for name in Self::named(list).into_iter().filter(|name| name.kind() == "identifier") {
                        self.bindings.entry(self.text(name)).or_default().push(None);
                    }
                }
            }
            _ => {}
        }
    }

    /// `ngx.location.capture` for an expression that is a chain of names, local names replaced by what they stand for.
    fn path(&self, node: Node<'t>, depth: u32) -> Option<String> {
        if depth == 0 {
            return None;
        }
        let path = match node.kind() {
            "identifier" => {
                let name = self.text(node);
                let Some(values) = self.bindings.get(name) else { return Some(name.to_owned()) };
                let mut paths = values.iter().map(|value| match value {
                    Some(value) if value.kind() == "identifier" && self.text(*value) == name => Some(name.to_owned()),
                    Some(value) => self.path(*value, depth - 1),
                    None => None,
                });
                let first = paths.next().flatten()?;
                paths.all(|path| path.as_ref() == Some(&first)).then_some(first)?
            }
            "dot_index_expression" => {
                let table = self.path(node.child_by_field_name("table")?, depth - 1)?;
                format!("{table}.{}", self.text(node.child_by_field_name("field")?))
            }
            "bracket_index_expression" => {
                let table = self.path(node.child_by_field_name("table")?, depth - 1)?;
                let field = self.string(node.child_by_field_name("field")?)?;
                format!("{table}.{field}")
            }
            "parenthesized_expression" => self.path(*Self::named(node).first()?, depth - 1)?,
            _ => return None,
        };
        Some(path.strip_prefix("_G.").map(str::to_owned).unwrap_or(path))
    }

    /// The value of a string literal; `None` for anything else and for escapes that are rare in names.
    fn string(&self, node: Node<'t>) -> Option<String> {
        if node.kind() != "string" {
            return None;
        }
        let Some(content) = node.child_by_field_name("content") else { return Some(String::new()) };
        let raw = self.text(content);
        if self.text(node).starts_with('[') {
            return Some(raw.strip_prefix('\n').unwrap_or(raw).to_owned());
        }
        let mut out = String::with_capacity(raw.len());
        let mut chars = raw.chars();
        while let Some(char) = chars.next() {
            if char != '\\' {
                out.push(char);
                continue;
            }
            out.push(match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                char @ ('\\' | '"' | '\'' | '\n' | '/') => char,
                _ => return None,
            });
        }
        Some(out)
    }

    fn value(&self, node: Node<'t>, depth: u32) -> Target {
        if depth == 0 {
            return Target::unknown();
        }
        match node.kind() {
            "string" => self.string(node).map_or(Target::unknown(), |value| Target::Constant(value.into())),
            "number" => Target::Constant(self.text(node).into()),
            "parenthesized_expression" => match Self::named(node).first() {
                Some(inner) => self.value(*inner, depth - 1),
                None => Target::unknown(),
            },
            "identifier" => match self.bindings.get(self.text(node)).map(Vec::as_slice) {
                Some([Some(value)]) => self.value(*value, depth - 1),
                _ => Target::unknown(),
            },
            "binary_expression" => {
                let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
                    return Target::unknown();
                };
                let operator = self.code.get(left.end_byte()..right.start_byte()).unwrap_or("");
                if !operator.contains("..") {
                    return Target::unknown();
                }
                match self.value(left, depth - 1) {
                    Target::Constant(left) => match self.value(right, depth - 1) {
                        Target::Constant(right) => Target::Constant(format!("{left}{right}").into()),
                        Target::Dynamic { prefix } => Target::Dynamic { prefix: format!("{left}{prefix}").into() },
                    },
                    dynamic => dynamic,
                }
            }
            "function_call" => {
                let format = node.child_by_field_name("name").and_then(|name| self.path(name, DEPTH)).is_some_and(|p| p == "string.format");
                let first = node.child_by_field_name("arguments").and_then(|list| Self::named(list).first().copied());
                match first.filter(|_| format).map(|first| self.value(first, depth - 1)) {
                    Some(Target::Constant(format)) => Target::Dynamic { prefix: format.split('%').next().unwrap_or("").into() },
                    _ => Target::unknown(),
                }
            }
            _ => Target::unknown(),
        }
    }

    fn visit(&mut self, node: Node<'t>) {
        match node.kind() {
            "function_call" => {
                if let (Some(name), Some(list)) = (node.child_by_field_name("name"), node.child_by_field_name("arguments")) {
                    let arguments = if list.kind() == "arguments" { Self::named(list) } else { vec![list] };
                    if let Some(path) = self.path(name, DEPTH) {
                        self.call(node, &path, &arguments, false);
                    }
                }
            }
            "string" => {
                if let Some(value) = self.string(node) {
                    if value.contains('@') {
                        let span = self.span(node);
                        self.facts.at_names.push((value.into(), span));
                    } else if value.eq_ignore_ascii_case("x-accel-redirect") {
                        let span = self.span(node);
                        self.facts.accel.push(span);
                    }
                }
            }
            "assignment_statement" => {
                for list in Self::named(node).into_iter().filter(|part| part.kind() == "variable_list") {
                    for target in Self::named(list) {
                        if target.kind() != "identifier" && self.path(target, DEPTH).is_some_and(|path| path.starts_with("package.")) {
                            let span = self.span(target);
                            self.facts.package_changes.push(span);
                        }
                    }
                }
            }
            "identifier" | "dot_index_expression" | "bracket_index_expression" => self.index(node),
            _ => {}
        }
    }

    fn index(&mut self, node: Node<'t>) {
        let Some(parent) = node.parent() else { return };
        if node.kind() == "bracket_index_expression" {
            let table = node.child_by_field_name("table").and_then(|table| self.path(table, DEPTH));
            if self.path(node, DEPTH).is_none() {
                match table.as_deref() {
                    Some("ngx.var" | "ngx.shared") => self.facts.computed_names = true,
                    Some("ngx" | "ngx.location" | "ngx.req" | "_G") => {
                        let span = self.span(node);
                        self.facts.opaque.push(span);
                    }
                    _ => {}
                }
                return;
            }
        }
        let Some(path) = self.path(node, DEPTH) else { return };
        if node.kind() != "identifier" {
            for (prefix, list) in [("ngx.var.", &mut self.facts.variables), ("ngx.shared.", &mut self.facts.shared)] {
                if let Some(name) = path.strip_prefix(prefix).filter(|name| !name.contains('.')) {
                    list.push((name.into(), place(self.origin, node.start_byte(), node.end_byte())));
                }
            }
        }
        if !matches!(path.as_str(), "ngx" | "_G") && !FOLLOWED.contains(&path.as_str()) {
            return;
        }
        let is_field_of = |name: &str| parent.child_by_field_name(name).is_some_and(|child| child.id() == node.id());
        let followed = match parent.kind() {
            // The name in `x.ngx`, and what is indexed further, is looked at as a whole.
            "dot_index_expression" | "bracket_index_expression" | "method_index_expression" => {
                parent.kind() != "bracket_index_expression" || is_field_of("table")
            }
            "function_call" => true,
            // Bound to a local name that always means this, or the name itself.
            "expression_list" => {
                let bound = self.bindings.iter().any(|(_, values)| values.iter().flatten().any(|value| value.id() == node.id()));
                bound && parent.parent().is_some_and(|statement| statement.kind() == "assignment_statement") && self.is_alias(node)
            }
            "variable_list" | "parameters" => true,
            "arguments" => self.is_called_through(node) || path == "_G" && self.is_guarded(node),
            "field" => is_field_of("name"),
            _ => false,
        };
        if !followed {
            let span = self.span(node);
            self.facts.opaque.push(span);
        }
    }

    /// Is the name that this value is bound to always this value?
    fn is_alias(&self, value: Node<'t>) -> bool {
        let path = self.path(value, DEPTH);
        self.bindings
            .values()
            .filter(|values| values.iter().flatten().any(|one| one.id() == value.id()))
            .all(|values| values.iter().all(|one| one.is_some_and(|one| one.id() == value.id() || self.path(one, DEPTH) == path)))
    }

    /// The function in `pcall(ngx.exec, …)`, `ngx.thread.spawn(ngx.location.capture, …)`.
    fn is_called_through(&self, node: Node<'t>) -> bool {
        let Some(list) = node.parent() else { return false };
        let name = list.parent().and_then(|call| call.child_by_field_name("name")).and_then(|name| self.path(name, DEPTH));
        matches!(name.as_deref(), Some("pcall" | "xpcall" | "ngx.thread.spawn"))
            && Self::named(list).first().is_some_and(|first| first.id() == node.id())
    }

    /// `setmetatable(_G, …)` keeps code from making globals; nothing is taken out of the table by that.
    fn is_guarded(&self, node: Node<'t>) -> bool {
        let name = node.parent().and_then(|list| list.parent()).and_then(|call| call.child_by_field_name("name"));
        name.and_then(|name| self.path(name, DEPTH)).is_some_and(|name| matches!(name.as_str(), "setmetatable" | "getmetatable" | "rawset"))
    }

    fn call(&mut self, call: Node<'t>, path: &str, arguments: &[Node<'t>], guarded: bool) {
        let kind = match path {
            "require" => CallKind::Require,
            "dofile" | "loadfile" => CallKind::LoadFile,
            "ngx.location.capture" => CallKind::Capture,
            "ngx.exec" => CallKind::Exec,
            "ngx.redirect" => CallKind::Redirect,
            "ngx.req.set_uri" => {
                let jump = arguments.get(1).map(|jump| jump.kind());
                if matches!(jump, None | Some("false" | "nil")) {
                    let span = self.span(call);
                    self.facts.uri_changes.push(span);
                    return;
                }
                CallKind::SetUri
            }
            "ngx.location.capture_multi" => return self.capture_multi(call, arguments, guarded),
            "pcall" | "xpcall" | "ngx.thread.spawn" => {
                let skip = if path == "xpcall" { 2 } else { 1 };
                if let Some(inner) = arguments.first().and_then(|first| self.path(*first, DEPTH)).filter(|inner| inner != path) {
                    self.call(call, &inner, arguments.get(skip..).unwrap_or(&[]), guarded || path != "ngx.thread.spawn");
                }
                return;
            }
            "load" | "loadstring" | "setfenv" | "getfenv" => {
                let span = self.span(call);
                self.facts.opaque.push(span);
                return;
            }
            _ => return,
        };
        let target = arguments.first().map_or(Target::unknown(), |first| self.value(*first, DEPTH));
        let span = self.span(arguments.first().copied().unwrap_or(call));
        self.facts.calls.push(LuaCall { kind, target, span, guarded });
    }

    fn capture_multi(&mut self, call: Node<'t>, arguments: &[Node<'t>], guarded: bool) {
        let span = self.span(call);
        let push = |reader: &mut Self, target, span| reader.facts.calls.push(LuaCall { kind: CallKind::Capture, target, span, guarded });
        let Some(table) = arguments.first().filter(|first| first.kind() == "table_constructor") else {
            return push(self, Target::unknown(), span);
        };
        let value_of = |node: Node<'t>| node.child_by_field_name("value");
        let name_of = |node: Node<'t>| node.child_by_field_name("name");
        for request in Self::named(*table) {
            let parts = value_of(request).filter(|value| value.kind() == "table_constructor").map(Self::named).unwrap_or_default();
            // `{ [2] = options, [1] = uri }`
            let numbered = parts.iter().any(|part| name_of(*part).is_some_and(|name| name.kind() != "identifier"));
            let uri = parts.into_iter().find(|part| name_of(*part).is_none()).filter(|_| !numbered).and_then(value_of);
            match uri {
                Some(uri) => push(self, self.value(uri, DEPTH), self.span(uri)),
                None => push(self, Target::unknown(), self.span(request)),
            }
        }
    }
}

#[cfg(test)]
mod tests;
