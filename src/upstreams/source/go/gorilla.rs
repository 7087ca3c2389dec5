//! gorilla/mux: its way to write paths, and its chains of matchers.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::facts::{Expr, Glue, Handled, ScopeId, Why};
use super::super::syntax::span;
use super::chi;
use super::frameworks::{Framework, Pattern, braces};
use super::reader::{DEPTH, Reader};
use super::routes::Called;

pub(super) const FRAMEWORK: Framework = Framework {
    name: "gorilla/mux",
    packages: &["github.com/gorilla/mux"],
    routers: &["Router", "Route"],
    makers: &["NewRouter"],
    glue: Glue::Slash,
    caseless: false,
    patterns,
    middleware: &["github.com/gorilla/handlers", "github.com/gorilla/csrf"],
    answering: &["CanonicalHost", "HTTPMethodOverrideHandler"],
    matched_first: true,
};

/// `{id}` and `{id:regex}`.
pub(super) fn patterns(written: &str) -> Vec<Pattern> {
    vec![Pattern::new(braces(written, spans))]
}

/// True for a regular expression that may match a slash, or nothing at all.
fn spans(regex: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-+[]()|\\{},".contains(c);
    let escapes = regex.split('\\').skip(1).all(|after| after.starts_with(['d', 'w', '-', '_']));
    !regex.chars().all(plain)
        || !escapes
        || regex.contains("+-")
        || regex.contains("{0")
        || regex.contains("|)")
        || regex.contains("(|")
        || regex.starts_with('|')
        || regex.ends_with('|')
}

/// A chain of gorilla's matchers: `r.PathPrefix("/api").Methods("GET")`.
pub(super) struct Chain<'t> {
    pub(super) router: Node<'t>,
    pub(super) prefix: Option<Node<'t>>,
    path: Option<Node<'t>>,
    methods: Vec<String>,
}

impl<'t> Reader<'t> {
    pub(super) fn chain(&mut self, node: Node<'t>, scope: ScopeId) -> Chain<'t> {
        let mut chain = Chain { router: node, prefix: None, path: None, methods: Vec::new() };
        for _ in 0..DEPTH {
            let Some(function) = self.field(chain.router, "function") else { break };
            let (Some(operand), Some(field)) = (self.field(function, "operand"), self.field(function, "field")) else { break };
            let arguments = self.arguments(chain.router);
            match self.text(field) {
                "PathPrefix" => chain.prefix = arguments.first().copied(),
                "Path" => chain.path = arguments.first().copied(),
                "Methods" => {
                    for argument in arguments {
                        chain.methods.extend(self.methods(argument, scope));
                    }
                }
                "Host" | "Queries" | "Headers" | "HeadersRegexp" | "Schemes" | "Name" | "NewRoute" | "MatcherFunc" => {}
                _ => break,
            }
            chain.router = operand;
        }
        chain
    }

    pub(super) fn is_gorilla_route(&self, operand: Node<'t>, scope: ScopeId) -> bool {
        let Some(function) = self.field(operand, "function") else { return false };
        let name = self.field(function, "field").map_or("", |field| self.text(field));
        let matcher = matches!(
            name,
            "PathPrefix"
                | "Path"
                | "Methods"
                | "Host"
                | "Queries"
                | "Headers"
                | "HeadersRegexp"
                | "Schemes"
                | "Name"
                | "NewRoute"
                | "MatcherFunc"
        );
        let gorilla = |framework: &Framework| framework.name == FRAMEWORK.name;
        let known = self.static_of(operand, scope, DEPTH).and_then(|known| known.framework);
        matcher && (known.is_some_and(gorilla) || known.is_none() && (self.only_framework().is_none_or(gorilla) || name == "PathPrefix"))
    }

    /// `r.PathPrefix("/static/").Handler(…)`, `r.Path("/x").HandlerFunc(…)`.
    pub(super) fn gorilla_route(&mut self, called: &Called<'t>, handler: Node<'t>) {
        let scope = called.scope;
        let chain = self.chain(called.operand, scope);
        let on = self.expr(chain.router, scope, DEPTH);
        let methods: Vec<Arc<str>> = chain.methods.iter().map(|method| method.as_str().into()).collect();
        let place = chain.prefix.or(chain.path).unwrap_or(called.node);
        match (chain.path, chain.prefix) {
            (Some(path), _) => {
                for (pattern, implied) in self.paths(path, Some(&FRAMEWORK), scope) {
                    self.route(on.clone(), methods.clone(), pattern, path, implied);
                }
            }
            (None, Some(prefix)) => {
                // A prefix of the text, not of segments.
                let starts: Vec<Expr> = match self.written(prefix) {
                    Some(text) => (FRAMEWORK.patterns)(&text).into_iter().map(|pattern| Expr::text(&pattern.path)).collect(),
                    None => vec![self.expr(prefix, scope, DEPTH)],
                };
                let whole: Vec<Expr> = starts.iter().map(|start| Expr::Join(vec![start.clone(), Expr::text("*")])).collect();
                let root = self.static_of(chain.router, scope, DEPTH).is_some_and(|known| known.whole);
                let (inner, below) = match self.stripped(handler) {
                    Some((prefix, inner)) => (inner, self.prefixes(prefix, Some(&chi::FRAMEWORK), scope, DEPTH)),
                    None => (handler, vec![Expr::text("")]),
                };
                let what = if root && self.may_be_router(inner) { self.expr(inner, scope, DEPTH) } else { Expr::Unknown };
                for prefix in below {
                    let handled =
                        Handled { on: on.clone(), what: what.clone(), prefix, within: None, whole: whole.clone(), span: span(place) };
                    self.facts.handled.push(handled);
                }
            }
            // Any path, with some method or host.
            (None, None) => self.route(on, methods, Expr::text("/*"), called.node, false),
        }
    }

    /// `r.HandleFunc("/x", f).Methods("GET")`: the methods of the routes just noted.
    pub(super) fn narrow(&mut self, node: Node<'t>) {
        let mut methods: Vec<Arc<str>> = Vec::new();
        let mut at = node;
        for _ in 0..DEPTH {
            let Some(call) =
                self.parent(at).filter(|selector| selector.kind() == "selector_expression").and_then(|selector| self.parent(selector))
            else {
                break;
            };
            let name = self.field(call, "function").and_then(|function| self.field(function, "field")).map_or("", |field| self.text(field));
            if name == "Methods" {
                for argument in self.arguments(call) {
                    let found = self.methods(argument, ScopeId::FILE);
                    if found.is_empty() {
                        return;
                    }
                    methods.extend(found.iter().map(|method| Arc::<str>::from(method.as_str())));
                }
            }
            at = call;
        }
        if methods.is_empty() {
            return;
        }
        let range = node.byte_range();
        for route in self.facts.routes.iter_mut().rev().take_while(|route| range.contains(&(route.span.start as usize))) {
            route.methods.clone_from(&methods);
        }
    }

    /// A `PathPrefix` that is kept for later.
    pub(super) fn dangling(&mut self, node: Node<'t>) {
        let mut at = node;
        for _ in 0..DEPTH {
            let Some(call) =
                self.parent(at).filter(|selector| selector.kind() == "selector_expression").and_then(|selector| self.parent(selector))
            else {
                break;
            };
            let name = self.field(call, "function").and_then(|function| self.field(function, "field")).map_or("", |field| self.text(field));
            if matches!(name, "Handler" | "HandlerFunc" | "Subrouter") {
                return;
            }
            at = call;
        }
        self.open(Why::Computed, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_paths_mean() {
        for (written, path) in [
            ("/users/{id:[0-9]+}", "/users/{id}"),
            ("/users/{id:[0-9]{1,3}}/x", "/users/{id}/x"),
            ("/files/{rest:.*}", "/files/*"),
            ("/a/{b:(?:x|y)}", "/a/*"),
            ("/a/{b:x|y}", "/a/{b}"),
            ("/a/{b", "/a/*"),
        ] {
            assert_eq!(patterns(written), [Pattern::new(path)], "{written}");
        }
    }
}
