//! Flask, with Flask-RESTful and Flask-RESTX.

use tree_sitter::Node;

use super::super::facts::{Expr, Glue, ObjectKind, ScopeId, Why};
use super::super::syntax::span;
use super::paths::{Style, either_slash, path};
use super::reader::{Arguments, Reader};

impl<'t> Reader<'t> {
    pub(super) fn flask_made(&mut self, call: Node<'t>, dotted: &str, arguments: &Arguments<'t>, scope: ScopeId) -> Option<Expr> {
        match dotted {
            "flask.Flask" | "flask.app.Flask" => {
                let made = self.flask_app(call);
                self.static_folder(&made, call, arguments, scope, true);
                if arguments.spread {
                    self.open(Why::Option, call);
                }
                Some(made)
            }
            "flask.Blueprint" | "flask.blueprints.Blueprint" => {
                let prefix = self.optional(arguments.get(5, "url_prefix"), scope);
                let made = self.object(call, ObjectKind::Router, "Flask", prefix, Glue::Slash);
                self.static_folder(&made, call, arguments, scope, false);
                if arguments.spread {
                    self.open(Why::Option, call);
                }
                Some(made)
            }
            "flask_restful.Api" | "flask_restx.Api" => {
                let prefix = self.optional(arguments.named("prefix"), scope);
                let made = self.object(call, ObjectKind::Router, "Flask", prefix, Glue::Slash);
                if dotted == "flask_restx.Api" {
                    self.restx_documentation(&made, call, arguments, scope);
                }
                if let Some(app) = arguments.get(0, "app").filter(|app| app.kind() != "none") {
                    let on = self.expr(app, scope);
                    self.mount(on, Expr::text(""), made.clone(), false, call, true);
                }
                Some(made)
            }
            "flask_restx.Namespace" => Some(self.namespace(call, arguments, scope)),
            _ => {
                // `api.namespace("users")`
                let function = call.child_by_field_name("function").filter(|function| function.kind() == "attribute")?;
                let name = function.child_by_field_name("attribute").map_or("", |name| self.text(name));
                let api = function.child_by_field_name("object").filter(|_| name == "namespace" && self.imports("flask_restx"))?;
                let made = self.namespace(call, arguments, scope);
                let on = self.expr(api, scope);
                self.mount(on, Expr::text(""), made.clone(), false, call, true);
                Some(made)
            }
        }
    }

    /// A path that need not be given.
    fn optional(&mut self, node: Option<Node<'t>>, scope: ScopeId) -> Expr {
        match node.map(|node| self.expr(node, scope)) {
            None | Some(Expr::Other) => Expr::text(""),
            Some(expr) => path(expr, Style::Angles),
        }
    }

    /// The files that Flask serves by itself.
    fn static_folder(&mut self, on: &Expr, call: Node<'t>, arguments: &Arguments<'t>, scope: ScopeId, app: bool) {
        let folder = arguments.named("static_folder").or_else(|| arguments.positional.get(if app { 3 } else { 2 }).copied());
        let url = arguments.named("static_url_path").or_else(|| arguments.positional.get(if app { 2 } else { 3 }).copied());
        let folder = match folder.map(|folder| self.expr(folder, scope)) {
            Some(Expr::Other) => return,
            None if !app => return,
            None => Some("static".to_owned()),
            Some(Expr::Text(text)) => text.trim_end_matches('/').rsplit('/').next().map(str::to_owned),
            Some(_) => None,
        };
        let url = match (url.map(|url| self.expr(url, scope)), folder) {
            (Some(Expr::Other) | None, Some(folder)) => Expr::text(&format!("/{folder}")),
            // Below the name of a folder that is not seen.
            (Some(Expr::Other) | None, None) => Expr::text("/{x}"),
            (Some(expr), _) => path(expr, Style::Angles),
        };
        self.route(on.clone(), vec!["GET".into()], Expr::Join(vec![url, Expr::text("/*")]), span(call), true, true);
    }

    /// What Flask-RESTX adds by itself.
    fn restx_documentation(&mut self, on: &Expr, call: Node<'t>, arguments: &Arguments<'t>, scope: ScopeId) {
        let doc = match arguments.named("doc").map(|doc| self.expr(doc, scope)) {
            None => Some(Expr::text("/")),
            Some(Expr::Other) => None,
            Some(expr) => Some(path(expr, Style::Angles)),
        };
        let get = || vec!["GET".into()];
        self.route(on.clone(), get(), Expr::text("/swagger.json"), span(call), true, true);
        // Without a slash one is sent to the root, and finds nothing there unless the documentation is that.
        if let Some(doc) = doc {
            self.route(on.clone(), get(), either_slash(doc), span(call), true, true);
            self.route(on.clone(), get(), Expr::text(""), span(call), true, true);
        }
        // Its files are below the root of the application, wherever it is itself.
        if let Some(list) = call.child_by_field_name("arguments") {
            let root = self.flask_app(list);
            self.route(root, get(), Expr::text("/swaggerui/*"), span(call), true, true);
        }
    }

    /// An application, or one more object for the root of one.
    fn flask_app(&mut self, node: Node<'t>) -> Expr {
        // Gunicorn takes that off the paths.
        let script_name = Expr::Setting("SCRIPT_NAME".into(), Some(Box::new(Expr::text(""))));
        self.object(node, ObjectKind::App, "Flask", Expr::Any(vec![Expr::text(""), script_name]), Glue::Slash)
    }

    /// `Namespace("users", path="/users")`.
    fn namespace(&mut self, call: Node<'t>, arguments: &Arguments<'t>, scope: ScopeId) -> Expr {
        let prefix = match (arguments.named("path"), arguments.get(0, "name")) {
            (Some(written), _) if written.kind() != "none" => path(self.expr(written, scope), Style::Angles),
            (_, Some(name)) => match self.expr(name, scope) {
                Expr::Text(name) => Expr::text(&format!("/{name}")),
                name => Expr::Join(vec![Expr::text("/"), name]),
            },
            _ => Expr::Unknown,
        };
        self.object(call, ObjectKind::Router, "Flask", prefix, Glue::Slash)
    }

    pub(super) fn flask_call(&mut self, call: Node<'t>, object: Node<'t>, name: &str, arguments: &Arguments<'t>, scope: ScopeId) -> bool {
        match name {
            "register_blueprint" => {
                let Some(blueprint) = arguments.get(0, "blueprint") else { return false };
                let (on, what) = (self.expr(object, scope), self.expr(blueprint, scope));
                let prefix = arguments.named("url_prefix").map(|prefix| self.expr(prefix, scope)).filter(|prefix| *prefix != Expr::Other);
                if arguments.spread {
                    self.mount(on.clone(), Expr::Unknown, what.clone(), true, call, true);
                }
                match prefix {
                    Some(prefix) => self.mount(on, path(prefix, Style::Angles), what, true, call, true),
                    None => self.mount(on, Expr::text(""), what, false, call, true),
                }
            }
            "add_url_rule" => {
                let Some(rule) = arguments.get(0, "rule") else {
                    if arguments.spread {
                        let on = self.expr(object, scope);
                        self.route(on, Vec::new(), Expr::Unknown, span(call), true, false);
                    }
                    return true;
                };
                let on = self.expr(object, scope);
                let methods = self.methods("", arguments, scope);
                let written = self.expr(rule, scope);
                self.slashed_route(on, methods, written, rule, arguments, true);
            }
            "add_resource" => {
                let on = self.expr(object, scope);
                for rule in arguments.positional.iter().skip(1) {
                    let written = self.expr(*rule, scope);
                    self.slashed_route(on.clone(), Vec::new(), written, *rule, arguments, true);
                }
                if arguments.spread {
                    self.route(on, Vec::new(), Expr::Unknown, span(call), true, false);
                }
            }
            "add_namespace" => {
                let Some(namespace) = arguments.get(0, "ns") else { return false };
                let (on, what) = (self.expr(object, scope), self.expr(namespace, scope));
                match arguments.get(1, "path") {
                    Some(written) => {
                        let prefix = path(self.expr(written, scope), Style::Angles);
                        self.mount(on, prefix, what, true, call, true);
                    }
                    None => self.mount(on, Expr::text(""), what, false, call, true),
                }
            }
            "add" if self.text(object).ends_with("url_map") => self.open(Why::Computed, call),
            "before_request" | "before_app_request" | "after_request" => {
                for function in &arguments.positional {
                    let known = self.function_of(*function);
                    if !known.is_some_and(|function| super::guards::passes(self.code, function)) {
                        self.open(Why::Middleware, call);
                    }
                }
            }
            _ => return false,
        }
        true
    }
}
