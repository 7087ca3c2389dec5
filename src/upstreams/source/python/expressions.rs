//! What code computes, and what names are given.

use tree_sitter::Node;

use super::super::facts::{Expr, ScopeId, ScopeKind};
use super::super::syntax::children;
use super::libraries;
use super::reader::{Arguments, Reader};

/// How deep an expression is followed.
pub(super) const DEPTH: u32 = 32;

impl<'t> Reader<'t> {
    /// What an expression is.
    pub(super) fn expr(&mut self, node: Node<'t>, scope: ScopeId) -> Expr {
        self.expr_at(node, scope, DEPTH)
    }

    pub(super) fn expr_at(&mut self, node: Node<'t>, scope: ScopeId, depth: u32) -> Expr {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.steps > 0) else { return Expr::Unknown };
        self.steps -= 1;
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "string" => self.string(node, scope, depth),
            "concatenated_string" => Expr::Join(children(node).into_iter().map(|item| self.expr_at(item, scope, depth)).collect()),
            "identifier" => self.name(node, scope),
            "attribute" => self.attribute(node, scope, depth),
            "call" => self.call(node, scope, depth),
            "subscript" => self.subscript(node, scope, depth),
            "parenthesized_expression" | "await" | "list_splat" | "expression_list" | "expression_statement" | "type"
                if node.named_child_count() == 1 =>
            {
                node.named_child(0).map_or(Expr::Unknown, |inner| self.expr_at(inner, scope, depth))
            }
            "named_expression" => field("value").map_or(Expr::Unknown, |inner| self.expr_at(inner, scope, depth)),
            "list" | "tuple" | "set" | "expression_list" => {
                Expr::List(children(node).into_iter().map(|item| self.expr_at(item, scope, depth)).collect())
            }
            "dictionary" => {
                let values = children(node).into_iter().filter_map(|pair| pair.child_by_field_name("value"));
                Expr::List(values.collect::<Vec<_>>().into_iter().map(|item| self.expr_at(item, scope, depth)).collect())
            }
            "list_comprehension" | "generator_expression" | "set_comprehension" => match field("body") {
                Some(body) => Expr::List(vec![self.expr_at(body, scope, depth)]),
                None => Expr::Unknown,
            },
            "binary_operator" => match (field("left"), field("right"), field("operator").map(|operator| self.text(operator))) {
                (Some(left), Some(right), Some("+")) => {
                    let (left, right) = (self.expr_at(left, scope, depth), self.expr_at(right, scope, depth));
                    match (left, right) {
                        (Expr::List(mut items), right) => {
                            items.push(right);
                            Expr::List(items)
                        }
                        (left, Expr::List(mut items)) => {
                            items.push(left);
                            Expr::List(items)
                        }
                        (left, right) => Expr::Join(vec![left, right]),
                    }
                }
                (_, _, Some("-" | "**" | "//" | "<<" | ">>")) => Expr::Other,
                _ => Expr::Unknown,
            },
            "boolean_operator" => match (field("left"), field("right")) {
                (Some(left), Some(right)) => {
                    let (left, right) = (self.expr_at(left, scope, depth), self.expr_at(right, scope, depth));
                    // `x or "/api"`: what is not set counts as nothing.
                    match left {
                        Expr::Setting(name, None) => Expr::Setting(name, Some(Box::new(right))),
                        Expr::Setting(name, Some(default)) if *default == Expr::Other => Expr::Setting(name, Some(Box::new(right))),
                        Expr::Other => right,
                        left => Expr::Any(vec![left, right]),
                    }
                }
                _ => Expr::Unknown,
            },
            "conditional_expression" => match children(node).as_slice() {
                [yes, _, no] => Expr::Any(vec![self.expr_at(*yes, scope, depth), self.expr_at(*no, scope, depth)]),
                _ => Expr::Unknown,
            },
            "none"
            | "true"
            | "false"
            | "integer"
            | "float"
            | "comparison_operator"
            | "not_operator"
            | "unary_operator"
            | "lambda"
            | "ellipsis" => Expr::Other,
            _ => Expr::Unknown,
        }
    }

    /// A string, with what is put into it.
    fn string(&mut self, node: Node<'t>, scope: ScopeId, depth: u32) -> Expr {
        let prefix = children(node).first().filter(|child| child.kind() == "string_start").map_or("", |start| self.text(*start));
        let raw = prefix.contains(['r', 'R']);
        let formatted = prefix.contains(['f', 'F']);
        if prefix.contains(['t', 'T', 'b', 'B']) {
            return Expr::Other;
        }
        let mut out: Vec<Expr> = Vec::new();
        for child in children(node) {
            match child.kind() {
                "string_content" => match unescape(self.text(child), raw, formatted) {
                    Some(text) => out.push(Expr::text(&text)),
                    None => out.push(Expr::Unknown),
                },
                "interpolation" => {
                    let parts = children(child);
                    match parts.as_slice() {
                        [inner] => out.push(self.expr_at(*inner, scope, depth)),
                        _ => out.push(Expr::Unknown),
                    }
                }
                _ => {}
            }
        }
        match out.len() {
            0 => Expr::text(""),
            1 if matches!(out.first(), Some(Expr::Text(_))) => out.pop().unwrap_or(Expr::Unknown),
            _ => Expr::Join(out),
        }
    }

    /// The class around a scope, for `self`.
    pub(super) fn class_around(&self, scope: ScopeId) -> Option<ScopeId> {
        let mut at = Some(scope);
        while let Some(one) = at {
            let known = self.facts.scopes.get(one.0 as usize)?;
            if known.kind == ScopeKind::Class {
                return Some(one);
            }
            at = known.parent;
        }
        None
    }

    fn name(&self, node: Node<'t>, scope: ScopeId) -> Expr {
        let name = self.text(node);
        match name {
            "self" | "cls" => match self.class_around(scope) {
                Some(class) => Expr::Scope(class),
                None => Expr::Unknown,
            },
            _ if libraries::builtin(name) && !self.knows(name) => Expr::Other,
            _ => Expr::Name(scope, name.into()),
        }
    }

    fn attribute(&mut self, node: Node<'t>, scope: ScopeId, depth: u32) -> Expr {
        let (Some(object), Some(member)) = (node.child_by_field_name("object"), node.child_by_field_name("attribute")) else {
            return Expr::Unknown;
        };
        if let Some(dotted) = self.dotted(node) {
            if let Some(name) = dotted.strip_prefix("django.conf.settings.").filter(|name| !name.contains('.')) {
                return Expr::Import(super::module::DJANGO_SETTINGS.into(), name.into());
            }
            if libraries::harmless(&dotted) && dotted.contains('.') {
                return Expr::Other;
            }
        }
        if let Some((module, members)) = self.module_of(node) {
            let module = Expr::Import(module.as_str().into(), "*".into());
            return members.into_iter().fold(module, |of, member| Expr::Member(Box::new(of), member.into()));
        }
        let of = self.expr_at(object, scope, depth);
        Expr::Member(Box::new(of), self.text(member).into())
    }

    fn subscript(&mut self, node: Node<'t>, scope: ScopeId, depth: u32) -> Expr {
        let (Some(value), Some(key)) = (node.child_by_field_name("value"), node.child_by_field_name("subscript")) else {
            return Expr::Unknown;
        };
        if self.dotted(value).as_deref() == Some("os.environ") {
            return match self.expr_at(key, scope, depth) {
                Expr::Text(name) => Expr::Setting(name, None),
                _ => Expr::Unknown,
            };
        }
        let listed = value.kind() == "identifier"
            && self
                .outer
                .get(self.text(value))
                .is_some_and(|given| matches!(given.as_slice(), [one] if matches!(one.kind(), "dictionary" | "list" | "tuple")));
        if listed { self.expr_at(value, scope, depth) } else { Expr::Unknown }
    }

    fn call(&mut self, node: Node<'t>, scope: ScopeId, depth: u32) -> Expr {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let Some(function) = node.child_by_field_name("function") else { return Expr::Unknown };
        let arguments = self.arguments(node);
        let dotted = self.dotted(function).unwrap_or_default();
        if let Some(made) = self.constructed(node, &dotted, &arguments, scope) {
            return made;
        }
        if let Some(setting) = self.environment(&dotted, function, &arguments, scope, depth) {
            return setting;
        }
        let first = arguments.positional.first().copied();
        let second = arguments.positional.get(1).copied();
        if function.kind() == "identifier" && libraries::builtin(self.text(function)) && !self.knows(self.text(function)) {
            return match (self.text(function), first, second) {
                ("str" | "list" | "tuple" | "set" | "sorted" | "iter", Some(inner), _) => self.expr_at(inner, scope, depth),
                ("getattr", Some(of), Some(name)) => match self.expr_at(name, scope, depth) {
                    Expr::Text(name) => Expr::Member(Box::new(self.expr_at(of, scope, depth)), name),
                    _ => Expr::Unknown,
                },
                ("open" | "int" | "float" | "bool" | "len" | "dict" | "range" | "repr" | "isinstance" | "id" | "hash", ..) => Expr::Other,
                _ => Expr::Unknown,
            };
        }
        // Wrapped, it answers the same.
        let wraps = matches!(dotted.as_str(), "typing.cast" | "copy.copy" | "copy.deepcopy").then_some(second.or(first)).flatten();
        let last = dotted.rsplit('.').next().unwrap_or_default();
        let known_middleware = last.ends_with("Middleware") && dotted.starts_with("starlette.middleware.")
            || matches!(dotted.as_str(), "werkzeug.middleware.proxy_fix.ProxyFix" | "asgiref.wsgi.WsgiToAsgi")
            || last == "WSGIMiddleware"
            || last.ends_with("Middleware") && dotted.starts_with("fastapi.middleware.");
        let wraps = wraps.or_else(|| known_middleware.then(|| arguments.get(0, "app")).flatten());
        if let Some(inner) = wraps {
            return self.expr_at(inner, scope, depth);
        }
        if function.kind() == "attribute"
            && let (Some(of), Some(method)) = (function.child_by_field_name("object"), function.child_by_field_name("attribute"))
        {
            match self.text(method) {
                "rstrip" if arguments.positional.first().is_some_and(|what| self.text(*what).trim_matches(['"', '\'']) == "/") => {
                    return Expr::Trimmed(Box::new(self.expr_at(of, scope, depth)));
                }
                // Slashes at the ends are put right where paths are put together.
                "rstrip" | "lstrip" | "strip" => return self.expr_at(of, scope, depth),
                "format" => return self.formatted(of, &arguments, scope, depth),
                "values" | "items" | "copy" if arguments.positional.is_empty() => return self.expr_at(of, scope, depth),
                "lower" | "upper" | "replace" | "join" | "title" | "removeprefix" | "removesuffix" => return Expr::Unknown,
                _ => {}
            }
        }
        if !dotted.is_empty() && libraries::harmless(&dotted) {
            return Expr::Other;
        }
        let given = self.given_at(function, &arguments, scope, depth);
        Expr::Call(Box::new(self.expr_at(function, scope, depth)), given)
    }

    fn given_at(&mut self, function: Node<'t>, arguments: &Arguments<'t>, scope: ScopeId, depth: u32) -> Vec<Expr> {
        // What is nested deep is not followed further.
        if depth < DEPTH / 2 {
            return vec![Expr::Unknown; 10];
        }
        self.given(function, arguments, scope, depth)
    }

    /// `"/api/{}/x".format(version)`.
    fn formatted(&mut self, template: Node<'t>, arguments: &Arguments<'t>, scope: ScopeId, depth: u32) -> Expr {
        let Expr::Text(template) = self.expr_at(template, scope, depth) else { return Expr::Unknown };
        let mut out = Vec::new();
        let mut next = 0;
        let mut rest = &*template;
        while let Some((head, tail)) = rest.split_once('{') {
            let Some((hole, behind)) = tail.split_once('}') else { return Expr::Unknown };
            let given = match hole {
                "" => arguments.positional.get(next).copied(),
                hole => match hole.parse::<usize>() {
                    Ok(position) => arguments.positional.get(position).copied(),
                    Err(_) => arguments.named(hole),
                },
            };
            next += 1;
            let Some(given) = given.filter(|_| !head.contains('}')) else { return Expr::Unknown };
            out.push(Expr::text(head));
            out.push(self.expr_at(given, scope, depth));
            rest = behind;
        }
        out.push(Expr::text(rest));
        Expr::Join(out)
    }

    /// An environment variable.
    fn environment(&mut self, dotted: &str, function: Node<'t>, arguments: &Arguments<'t>, scope: ScopeId, depth: u32) -> Option<Expr> {
        let reads = match dotted {
            "os.getenv" | "os.environ.get" | "decouple.config" | "starlette.config.Config" | "environ.get" => true,
            _ => {
                // `env = Env(); env("X")`, `config = Config(".env")`.
                let root = match function.kind() {
                    "attribute" => function.child_by_field_name("object")?,
                    _ => function,
                };
                let name = Some(self.text(root)).filter(|name| name.len() < 200)?;
                let made = self.outer.get(name).and_then(|given| given.first()).copied()?;
                let maker = made.child_by_field_name("function").and_then(|maker| self.dotted(maker)).unwrap_or_default();
                matches!(maker.as_str(), "environs.Env" | "environ.Env" | "starlette.config.Config" | "decouple.Config" | "environs.env")
            }
        };
        if !reads || dotted == "starlette.config.Config" {
            return None;
        }
        let name = arguments.get(0, "key").or_else(|| arguments.named("var"))?;
        let Expr::Text(name) = self.expr_at(name, scope, depth) else { return Some(Expr::Unknown) };
        let default = arguments.named("default").or_else(|| match dotted {
            "os.getenv" | "os.environ.get" => arguments.positional.get(1).copied(),
            "decouple.config" => None,
            _ => arguments.positional.get(1).copied().filter(|node| node.kind() != "identifier"),
        });
        let default = default.map(|node| Box::new(self.expr_at(node, scope, depth)));
        // Its default is nothing.
        let default = default.or_else(|| matches!(dotted, "os.getenv" | "os.environ.get").then(|| Box::new(Expr::Other)));
        Some(Expr::Setting(name, default))
    }
}

/// The text of a string as it is meant; `None` where an escape is not understood.
fn unescape(text: &str, raw: bool, formatted: bool) -> Option<String> {
    let text = if formatted { text.replace("{{", "{").replace("}}", "}") } else { text.to_owned() };
    if raw || !text.contains('\\') {
        return Some(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            c @ ('\\' | '\'' | '"') => out.push(c),
            '\n' => {}
            'n' => out.push('\n'),
            't' => out.push('\t'),
            // What Python does not know stays as it is: regular expressions are written like that.
            c @ ('d' | 'w' | 's' | 'D' | 'W' | 'S' | '.' | '/' | '-' | 'Z' | 'A' | '+' | '?' | '(' | ')' | '[' | ']' | '$' | '*') => {
                out.push('\\');
                out.push(c);
            }
            _ => return None,
        }
    }
    Some(out)
}
