//! What the expressions of a file of Go are, so far as can be seen.

use tree_sitter::Node;

use super::super::facts::{Expr, ScopeId};
use super::super::syntax::children;
use super::frameworks;
use super::mild;
use super::reader::{DEPTH, Reader, Static, router};
use super::types::Type;

impl<'t> Reader<'t> {
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
        let Some(depth) = depth.checked_sub(1).filter(|_| self.steps > 0) else { return Expr::Unknown };
        self.steps -= 1;
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
                    _ => {
                        if let Some(wrapped) = mild::wrapped(path, name, &arguments) {
                            return self.expr(wrapped, scope, depth);
                        }
                        if mild::is_harmless(path, name) {
                            return Expr::Other;
                        }
                    }
                }
            } else if let Some(wrapped) = self.wrapped_by_value(operand, name, scope, &arguments) {
                return self.expr(wrapped, scope, depth);
            }
        }
        // `handlers.CORS(…)(router)`.
        if function.kind() == "call_expression"
            && let Some(made) = self.field(function, "function")
            && let (Some(operand), Some(name)) = (self.field(made, "operand"), self.field(made, "field"))
            && self.package(operand).is_some_and(|path| mild::is_harmless(path, self.text(name)))
            && let [wrapped] = arguments.as_slice()
        {
            return self.expr(*wrapped, scope, depth);
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

/// True for a package of Go itself: its path has no dot in its first part.
pub(super) fn is_standard(path: &str) -> bool {
    !path.split('/').next().is_some_and(|first| first.contains('.')) && STANDARD.contains(&path.split('/').next().unwrap_or(""))
}

/// The first parts of the paths of Go's own packages. An application's own module may have a name without a dot.
const STANDARD: &[&str] = &[
    "archive",
    "bufio",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "go",
    "hash",
    "html",
    "image",
    "index",
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
    "structs",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
    "unsafe",
    "weak",
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
