//! What the expressions of a file of Rust are, so far as can be seen.

use tree_sitter::Node;

use super::super::facts::{Expr, ScopeId};
use super::super::syntax::children;
use super::reader::{DEPTH, Reader};
use super::{actix, axum, rocket};

impl<'t> Reader<'t> {
    pub(super) fn arguments(&self, call: Node<'t>) -> Vec<Node<'t>> {
        let all = self.field(call, "arguments").map(children).unwrap_or_default();
        all.into_iter().filter(|argument| argument.kind() != "attribute_item").collect()
    }

    pub(super) fn expr(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Expr {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.steps > 0) else { return Expr::Unknown };
        self.steps -= 1;
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
            if gives_back(name) {
                let root = self.root(node);
                return self.expr(root, scope, depth);
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

    /// What a chain of methods that give back what they are called on begins with.
    fn root(&mut self, node: Node<'t>) -> Node<'t> {
        let mut passed = Vec::new();
        let mut at = node;
        loop {
            if let Some(known) = self.roots.get(&at.id()) {
                at = *known;
                break;
            }
            let function = self.field(at, "function").filter(|_| at.kind() == "call_expression");
            let function = function
                .map(|function| self.field(function, "function").filter(|_| function.kind() == "generic_function").unwrap_or(function));
            let part = |name: &str| function.and_then(|function| self.field(function, name));
            let (Some(value), Some(field)) = (part("value"), part("field")) else { break };
            if !gives_back(self.text(field)) {
                break;
            }
            passed.push(at.id());
            at = value;
        }
        self.roots.extend(passed.into_iter().map(|id| (id, at)));
        at
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

fn gives_back(name: &str) -> bool {
    axum::BUILDERS.contains(&name) || actix::BUILDERS.contains(&name) || rocket::BUILDERS.contains(&name) || SAME.contains(&name)
}

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
pub(super) fn imported(path: &str) -> Expr {
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
    let mut out = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                c @ ('\\' | '"' | '\'') => out.push(c),
                _ => return None,
            },
            '"' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}
