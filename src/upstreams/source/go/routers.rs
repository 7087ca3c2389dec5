//! Calls that make routers, and how paths are written.

use tree_sitter::Node;

use super::super::facts::{Call, Expr, ObjectKind, ScopeId};
use super::super::syntax::children;
use super::expressions::literal;
use super::frameworks::{self, Framework, Pattern};
use super::reader::{DEPTH, Reader};
use super::routes::may_handle;
use super::{chi, echo, gin, gorilla, net_http};

impl<'t> Reader<'t> {
    /// What a call is that makes a router, or gives one that is known; `None` for any other call.
    pub(super) fn router_call(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Option<Expr> {
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let depth = depth.checked_sub(1)?;
        let made = self.make(node, scope, depth);
        self.made.insert(node.id(), made.clone());
        made
    }

    fn make(&mut self, node: Node<'t>, scope: ScopeId, depth: usize) -> Option<Expr> {
        let function = self.field(node, "function")?;
        let (operand, name) = (self.field(function, "operand")?, self.text(self.field(function, "field")?));
        let arguments = self.arguments(node);
        if let Some(path) = self.package(operand) {
            let framework = frameworks::of_package(path)?;
            return framework.makers.contains(&name).then(|| self.object(framework, ObjectKind::Either, node));
        }
        let known = self.static_of(operand, scope, DEPTH);
        let framework = match known {
            Some(known) => Some(known.framework?),
            None => self.only_framework(),
        };
        let sure = known.is_some();
        let first = arguments.first().copied();
        match (name, first) {
            ("Group" | "Route", Some(prefix)) if name == "Route" || !is_function(prefix, framework) => {
                let plausible = sure || literal(self.text(prefix)).is_none_or(|text| text.starts_with('/') || text.is_empty());
                if !plausible || !sure && framework.is_none() && literal(self.text(prefix)).is_none() {
                    return None;
                }
                let function = arguments.get(1).copied().filter(|second| name == "Route" && may_handle(*second));
                if name == "Route" && function.is_none() {
                    return None;
                }
                // A function of chi's, if it is no prefix.
                if framework.is_none()
                    && name == "Group"
                    && arguments.len() == 1
                    && matches!(prefix.kind(), "identifier" | "selector_expression")
                {
                    let (function, on) = (self.expr(prefix, scope, depth), self.expr(operand, scope, depth));
                    self.facts.calls.push(Call { function, arguments: vec![on] });
                }
                let on = self.expr(operand, scope, depth);
                let made = self.group(on, Some(prefix), framework, node, scope, depth);
                if let Some(function) = function {
                    let function = self.expr(function, scope, depth);
                    self.facts.calls.push(Call { function, arguments: vec![made.clone()] });
                }
                if name == "Group" && framework.is_none_or(|framework| !framework.matched_first && framework.name != gin::FRAMEWORK.name) {
                    for middleware in arguments.get(1..).unwrap_or_default() {
                        self.middleware(made.clone(), *middleware, scope);
                    }
                }
                Some(made)
            }
            ("Group", Some(function)) => {
                let on = self.expr(operand, scope, depth);
                let function = self.expr(function, scope, depth);
                self.facts.calls.push(Call { function, arguments: vec![on.clone()] });
                Some(on)
            }
            ("With", Some(_)) if sure || framework.is_some_and(|framework| framework.name == chi::FRAMEWORK.name) => {
                Some(self.expr(operand, scope, depth))
            }
            ("StrictSlash" | "SkipClean" | "UseEncodedPath", _)
                if framework.is_some_and(|framework| framework.name == gorilla::FRAMEWORK.name) =>
            {
                Some(self.expr(operand, scope, depth))
            }
            ("Subrouter", None) => {
                let chain = self.chain(operand, scope);
                let on = self.expr(chain.router, scope, depth);
                Some(self.group(on, chain.prefix, Some(&gorilla::FRAMEWORK), node, scope, depth))
            }
            _ => None,
        }
    }

    /// A router below another one.
    fn group(
        &mut self,
        on: Expr,
        prefix: Option<Node<'t>>,
        framework: Option<&'static Framework>,
        node: Node<'t>,
        scope: ScopeId,
        depth: usize,
    ) -> Expr {
        let made = self.object(framework.unwrap_or(&chi::FRAMEWORK), ObjectKind::Router, node);
        let prefixes = match prefix {
            Some(prefix) => self.prefixes(prefix, framework, scope, depth),
            None => vec![Expr::text("")],
        };
        for prefix in prefixes {
            self.mount(on.clone(), prefix, made.clone(), node, true);
        }
        made
    }

    pub(super) fn prefixes(&mut self, node: Node<'t>, framework: Option<&'static Framework>, scope: ScopeId, depth: usize) -> Vec<Expr> {
        match self.written(node) {
            Some(text) => {
                let found = match framework {
                    Some(framework) => (framework.patterns)(text.trim_end_matches('/')),
                    None => frameworks::any_patterns(text.trim_end_matches('/')),
                };
                found.into_iter().filter(|pattern| !pattern.implied).map(|pattern| Expr::text(&pattern.path)).collect()
            }
            None => vec![self.expr(node, scope, depth)],
        }
    }

    /// A text that is written, or a constant of this file.
    pub(super) fn written(&self, node: Node<'t>) -> Option<String> {
        match node.kind() {
            "interpreted_string_literal" | "raw_string_literal" => literal(self.text(node)),
            "identifier" => self.constants.get(self.text(node)).cloned(),
            "parenthesized_expression" => self.written(*children(node).first()?),
            "binary_expression" => {
                let mut pieces = Vec::new();
                let mut at = node;
                for _ in 0..DEPTH {
                    if at.kind() != "binary_expression" {
                        break;
                    }
                    pieces.push(self.written_piece(self.field(at, "right")?)?);
                    at = self.field(at, "left")?;
                }
                pieces.push(self.written_piece(at)?);
                pieces.reverse();
                Some(pieces.concat())
            }
            _ => None,
        }
    }

    fn written_piece(&self, node: Node<'t>) -> Option<String> {
        match node.kind() {
            "interpreted_string_literal" | "raw_string_literal" => literal(self.text(node)),
            "identifier" => self.constants.get(self.text(node)).cloned(),
            _ => None,
        }
    }

    /// The patterns of a path; of one that is not written here, in any way that the framework may mean.
    pub(super) fn paths(&mut self, node: Node<'t>, framework: Option<&'static Framework>, scope: ScopeId) -> Vec<(Expr, bool)> {
        if let Some(text) = self.written(node) {
            let found = match framework {
                Some(framework) => (framework.patterns)(&text),
                None => frameworks::any_patterns(&text),
            };
            let more = self.slashes(framework, &found);
            return found.into_iter().chain(more).map(|pattern| (Expr::text(&pattern.path), pattern.implied)).collect();
        }
        let path = self.expr(node, scope, DEPTH);
        let mut pieces = match path {
            Expr::Join(pieces) => pieces,
            other => vec![other],
        };
        let last = match pieces.last() {
            Some(Expr::Text(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        if last.is_some() {
            pieces.pop();
        }
        // What is written is in the framework's way.
        for piece in &mut pieces {
            if let Expr::Text(text) = piece {
                let front = text.trim_end_matches('/');
                let slashes = text.get(front.len()..).unwrap_or("");
                let path = converted(framework, front).first().map(|pattern| format!("{}{slashes}", pattern.path));
                *piece = path.map_or(Expr::Unknown, |path| Expr::text(&path));
            }
        }
        let whole = |end: &str| Expr::Join(pieces.iter().cloned().chain([Expr::text(end)]).collect());
        if let Some(last) = last {
            let found = converted(framework, &last);
            let more = self.slashes(framework, &found);
            return found.into_iter().chain(more).map(|pattern| (whole(&pattern.path), pattern.implied)).collect();
        }
        // What stands at the end of a text from elsewhere can't be seen: it may be a slash.
        let mut out = vec![(whole(""), false)];
        match framework.map(|framework| framework.name) {
            None => out.push((whole("*"), true)),
            Some(name) if name == net_http::FRAMEWORK.name => out.push((whole("*"), true)),
            Some(name) if name == chi::FRAMEWORK.name || name == echo::FRAMEWORK.name => {}
            Some(_) => out.push((whole("/"), true)),
        }
        out
    }

    /// gorilla's `StrictSlash` redirects to the path with a slash more or less.
    fn slashes(&self, framework: Option<&'static Framework>, found: &[Pattern]) -> Vec<Pattern> {
        if framework.is_none_or(|framework| framework.name != gorilla::FRAMEWORK.name) {
            return Vec::new();
        }
        // Routers from elsewhere may have it.
        let made = self.code.contains(".NewRouter()");
        if made && !self.code.contains("StrictSlash(") {
            return Vec::new();
        }
        found.iter().filter_map(|pattern| frameworks::other_slash(&pattern.path)).map(Pattern::implied).collect()
    }
}

/// A part of a path in a framework's way of writing it.
fn converted(framework: Option<&'static Framework>, piece: &str) -> Vec<Pattern> {
    let patterns = framework.map_or(frameworks::any_patterns as fn(&str) -> Vec<Pattern>, |framework| framework.patterns);
    if piece.is_empty() || piece.starts_with('/') {
        return if piece.is_empty() { vec![Pattern::new("")] } else { patterns(piece) };
    }
    let mut found = patterns(&format!("/{piece}"));
    for pattern in &mut found {
        pattern.path = pattern.path.strip_prefix('/').unwrap_or(&pattern.path).to_owned();
    }
    found
}

/// True for what chi's `Group` gets; others get a prefix there.
fn is_function(node: Node<'_>, framework: Option<&'static Framework>) -> bool {
    match node.kind() {
        "func_literal" => true,
        "selector_expression" | "identifier" | "call_expression" => {
            framework.is_some_and(|framework| framework.name == chi::FRAMEWORK.name)
        }
        _ => false,
    }
}
