//! Django's REST framework: routers and sets of views.

use tree_sitter::Node;

use super::super::facts::{Expr, Glue, ObjectKind, ScopeId, Why};
use super::super::syntax::{children, span};
use super::paths::{self, Style};
use super::reader::{Arguments, Reader};

impl<'t> Reader<'t> {
    pub(super) fn rest_made(&mut self, call: Node<'t>, dotted: &str, arguments: &Arguments<'t>, scope: ScopeId) -> Option<Expr> {
        let nested =
            matches!(dotted, "rest_framework_nested.routers.NestedSimpleRouter" | "rest_framework_nested.routers.NestedDefaultRouter");
        let plain = matches!(
            dotted,
            "rest_framework.routers.DefaultRouter"
                | "rest_framework.routers.SimpleRouter"
                | "rest_framework_nested.routers.DefaultRouter"
                | "rest_framework_nested.routers.SimpleRouter"
        );
        if !nested && !plain {
            return None;
        }
        // What is before the outer one's prefix is the outer one's own.
        let prefix = match arguments.get(1, "parent_prefix") {
            Some(outer) if nested => Expr::Join(vec![Expr::text("*"), regex_path(self.expr(outer, scope)), Expr::text("/{x}/")]),
            _ if nested => Expr::Unknown,
            _ => Expr::text(""),
        };
        let made = self.object(call, ObjectKind::Router, "Django", prefix, Glue::Plain);
        // The list of what there is.
        if dotted.ends_with("DefaultRouter") {
            let root = Expr::Any(vec![Expr::text(""), Expr::text(".{x}"), Expr::text("/.{x}")]);
            self.route(made.clone(), vec!["GET".into()], root, span(call), true, true);
        }
        Some(made)
    }

    pub(super) fn rest_call(&mut self, call: Node<'t>, object: Node<'t>, name: &str, arguments: &Arguments<'t>, scope: ScopeId) -> bool {
        // `router.registry.extend(other.registry)`
        if name == "extend" && self.text(object).ends_with(".registry") {
            let of = object.child_by_field_name("object");
            let from = arguments.positional.first().and_then(|from| from.child_by_field_name("object"));
            match (of, from) {
                (Some(of), Some(from)) => {
                    let (on, what) = (self.expr(of, scope), self.expr(from, scope));
                    self.mount(on, Expr::text(""), what, false, call, true);
                }
                _ => self.open(Why::Computed, call),
            }
            return true;
        }
        let (Some(prefix), Some(views)) = (arguments.get(0, "prefix"), arguments.get(1, "viewset")) else { return false };
        let routers = ["rest_framework", "rest_framework_nested"].iter().any(|module| self.imports(module));
        let router = matches!(self.text(object), name if name.to_ascii_lowercase().contains("router"));
        if name != "register" || !(routers || router) {
            return false;
        }
        let (on, what) = (self.expr(object, scope), self.expr(views, scope));
        let prefix = regex_path(self.expr(prefix, scope));
        self.mount(on, prefix, what, false, call, true);
        true
    }

    /// A class of views that routers know how to take apart is a router of its own.
    pub(super) fn view_set(&mut self, node: Node<'t>, own: ScopeId, bases: &[Node<'t>], dotted: &[String], scope: ScopeId) {
        let body = node.child_by_field_name("body").map(children).unwrap_or_default();
        let actions: Vec<(Node<'t>, Node<'t>)> = body
            .iter()
            .filter(|item| item.kind() == "decorated_definition")
            .filter_map(|item| {
                let decorator = children(*item).into_iter().filter(|child| child.kind() == "decorator").find_map(|child| {
                    let call = child.named_child(0)?;
                    let function = call.child_by_field_name("function")?;
                    let name = self.text(function).rsplit('.').next().unwrap_or_default();
                    matches!(name, "action" | "detail_route" | "list_route").then_some(call)
                })?;
                Some((decorator, item.child_by_field_name("definition")?))
            })
            .collect();
        let named = dotted.iter().any(|base| {
            let last = base.rsplit('.').next().unwrap_or_default();
            last.contains("ViewSet") || last.contains("Viewset")
        });
        if !named && actions.is_empty() {
            return;
        }
        let name = node.child_by_field_name("name").map_or("", |name| self.text(name));
        let made = self.object(node, ObjectKind::Router, "Django", Expr::text(""), Glue::Plain);
        self.facts.bindings.retain(|binding| !(binding.scope == scope && &*binding.name == name && binding.value == Expr::Scope(own)));
        self.bind(scope, name, made.clone());
        // A part of a path, or more where the views say how it looks.
        let code = self.text(node);
        let lookup = if code.contains("lookup_value_regex") || code.contains("lookup_value_converter") { "*" } else { "{x}" };
        let ends = || Expr::Any(["", "/", ".{x}"].iter().map(|end| Expr::text(end)).collect());
        if named {
            self.route(made.clone(), Vec::new(), ends(), span(node), true, false);
            let one = Expr::Join(vec![Expr::text(&format!("/{lookup}")), ends()]);
            self.route(made.clone(), Vec::new(), one, span(node), true, false);
        }
        for (decorator, function) in actions {
            let arguments = self.arguments(decorator);
            let function_name = function.child_by_field_name("name").map_or("", |name| self.text(name));
            let detail = match arguments.get(9, "detail").map(|detail| self.text(detail)) {
                Some("False") => "",
                Some("True") => "/{x}",
                _ if self.text(decorator).contains("list_route") => "",
                _ => "/*",
            };
            let detail = if detail == "/{x}" { format!("/{lookup}") } else { detail.to_owned() };
            let path = match arguments.named("url_path") {
                Some(path) => regex_path(self.expr(path, own)),
                None => Expr::text(function_name),
            };
            let whole = Expr::Join(vec![Expr::text(&format!("{detail}/")), path, ends()]);
            self.route(made.clone(), Vec::new(), whole, span(function), true, false);
        }
        // What it inherits.
        for base in bases {
            let what = self.expr(*base, scope);
            if what != Expr::Other && self.text(*base) != "object" {
                self.mount(made.clone(), Expr::text(""), what, false, node, false);
            }
        }
    }
}

/// Prefixes of routers and paths of actions are regular expressions, or paths as of late: what is neither plain is anything.
fn regex_path(expr: Expr) -> Expr {
    match expr {
        Expr::Text(text) => match text.chars().all(|c| c.is_alphanumeric() || "_-/".contains(c)) {
            true => Expr::text(text.trim_end_matches('/')),
            false => Expr::Any(paths::regex(&format!("^{text}$")).iter().map(|way| Expr::text(way)).collect()),
        },
        Expr::Join(_) => Expr::Unknown,
        other => paths::path(other, Style::Angles),
    }
}
