//! Sinatra: classic and modular apps.

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::super::facts::{Expr, Facts, ObjectKind, ScopeId, Why};
use super::super::making::{global, has_any, place_of};
use super::super::syntax::{children, nodes, span, text};
use super::code::{Call, constant, word};
use super::{pattern, rack};

const VERBS: [&str; 8] = ["get", "post", "put", "patch", "delete", "options", "link", "unlink"];
/// How far outwards apps are looked for.
const HEIGHT: u32 = 200;
/// Extensions that add no routes by themselves.
const EXTENSIONS: &[&str] = &[
    "Namespace",
    "Reloader",
    "Contrib",
    "JSON",
    "MultiRoute",
    "Flash",
    "CrossOrigin",
    "ConfigFile",
    "Cookies",
    "ContentFor",
    "CustomLogger",
    "Initializers",
    "ActiveRecordExtension",
    "R18n",
    "I18n",
    "Capture",
    "LinkHeader",
    "RequiredParams",
    "Streaming",
    "Decompile",
];

/// A file while it is read.
struct File<'a, 'f> {
    code: &'a str,
    facts: &'f mut Facts,
    /// Apps by the class; the file itself for a classic one.
    apps: FxHashMap<usize, Expr>,
    loose: bool,
}

pub(super) fn read(code: &str, root: Node<'_>, facts: &mut Facts) {
    let classic =
        has_any(code, &["require 'sinatra'", "require \"sinatra\"", "sinatra/main", "require('sinatra')", "require(\"sinatra\")"]);
    let mentions = has_any(code, &["Sinatra", "sinatra"]);
    let all = nodes(root);
    let mut file = File { code, facts, apps: FxHashMap::default(), loose: code.contains("strict_paths") };
    for node in &all {
        if node.kind() == "class" {
            file.class(*node);
        }
    }
    if classic {
        let app = file.facts.add_object(ObjectKind::Either, "Sinatra", Expr::text(""), false, span(root));
        file.facts.bind(ScopeId::FILE, "Application", app.clone());
        file.own(&app);
        file.apps.insert(root.id(), app);
    }
    const BY_NAME: &[&str] = &["send(:", "send(verb", "send(method", "send verb", "send method", "send(m,", "__send__", "route_eval"];
    if mentions && has_any(code, BY_NAME) {
        file.facts.doubt(Why::Computed, place_of(code, "send"));
    }
    if mentions && code.contains("Sinatra.new") {
        file.facts.doubt(Why::Computed, place_of(code, "Sinatra.new"));
    }
    for node in all {
        let Some(call) = Call::new(code, node) else { continue };
        file.call(&call, mentions || !file.apps.is_empty());
    }
}

impl<'a> File<'a, '_> {
    /// What every app has, wherever it is mounted.
    fn own(&mut self, app: &Expr) {
        self.facts.bind(ScopeId::FILE, "<public>", app.clone());
        self.facts.add_implied(app.clone(), "/__sinatra__/{x}", place_of(self.code, ""));
    }

    /// Makes a class an app when it extends Sinatra, or has routes.
    fn class(&mut self, node: Node<'_>) {
        let parent = node.child_by_field_name("superclass").and_then(|parent| children(parent).first().copied());
        let name = node.child_by_field_name("name").and_then(|name| constant(self.code, name));
        let Some(name) = name else { return };
        let Some(parent) = parent else {
            // More of a class that is declared elsewhere.
            if self.has_routes(node) {
                self.apps.insert(node.id(), global(name));
            }
            return;
        };
        let written = text(self.code, parent);
        let base = matches!(written, "Sinatra::Base" | "Sinatra::Application" | "::Sinatra::Base");
        let routes = self.has_routes(node);
        if !base && !routes || written.starts_with("Grape") {
            return;
        }
        let app = self.facts.add_object(ObjectKind::Either, "Sinatra", Expr::text(""), false, span(node));
        self.facts.bind(ScopeId::FILE, name, app.clone());
        self.own(&app);
        if !base {
            let parent = constant(self.code, parent).map_or(Expr::Unknown, global);
            self.facts.add_mount(app.clone(), Expr::text(""), parent, span(node));
        }
        self.apps.insert(node.id(), app);
    }

    fn has_routes(&self, class: Node<'_>) -> bool {
        class.child_by_field_name("body").is_some_and(|body| children(body).into_iter().any(|member| self.is_route(member)))
    }

    fn is_route(&self, node: Node<'_>) -> bool {
        Call::new(self.code, node).is_some_and(|call| {
            VERBS.contains(&call.name)
                && call.receiver.is_none()
                && call.has_block()
                && call.positional.first().is_some_and(|path| matches!(path.kind(), "string" | "regex"))
                || call.name == "namespace" && call.has_block() && call.receiver.is_none()
        })
    }

    /// The app around a node, and what namespaces put before a path there.
    fn around(&self, node: Node<'_>) -> (Option<Expr>, Vec<Expr>) {
        let mut prefixes = Vec::new();
        let mut at = Some(node);
        let mut left = HEIGHT;
        while let Some(one) = at.filter(|_| left > 0) {
            left -= 1;
            if let Some(app) = self.apps.get(&one.id()) {
                prefixes.reverse();
                return (Some(app.clone()), prefixes);
            }
            // A class that is no app has no routes of one around it.
            if matches!(one.kind(), "class" | "method" | "singleton_method") {
                return (None, prefixes);
            }
            if one.id() != node.id()
                && let Some(call) = Call::new(self.code, one).filter(|call| call.name == "namespace")
            {
                let path = call.positional.first();
                prefixes.push(path.map_or(Expr::Unknown, |path| self.path(*path)));
            }
            at = one.parent();
        }
        (None, prefixes)
    }

    fn path(&self, node: Node<'_>) -> Expr {
        match node.kind() {
            "regex" => Expr::Text(pattern::regex(text(self.code, node)).into()),
            _ => match word(self.code, node) {
                Some(written) => {
                    let all = pattern::patterns(&written, true, false);
                    Expr::List(all.iter().map(|one| Expr::text(one)).collect())
                }
                None => Expr::Unknown,
            },
        }
    }

    fn call(&mut self, call: &Call<'a, '_>, mentions: bool) {
        if let Some(receiver) = call.receiver {
            let owner = text(self.code, receiver);
            let registers = constant(self.code, receiver).is_some()
                || matches!(owner, "app" | "base" | "klass" | "self" | "Sinatra::Application" | "Sinatra::Base");
            if mentions && registers && VERBS.contains(&call.name) && call.has_block() {
                self.facts.doubt(Why::Computed, span(call.node));
            }
            return;
        }
        if !(VERBS.contains(&call.name)
            || matches!(
                call.name,
                "route" | "not_found" | "error" | "before" | "after" | "set" | "register" | "use" | "respond_to" | "get_or_post"
            ))
        {
            return;
        }
        let (Some(app), prefixes) = self.around(call.node) else {
            // In an extension's block or a method: it may be called from anywhere.
            let usual = matches!(call.name, "get" | "post" | "put" | "patch");
            if (mentions || usual) && VERBS.contains(&call.name) && call.has_block() && !call.positional.is_empty() {
                self.facts.doubt(Why::Computed, span(call.node));
            }
            return;
        };
        match call.name {
            "route" => {
                if let Some(path) = call.positional.iter().find(|path| path.kind() == "string") {
                    self.route(&app, prefixes, *path, &[]);
                } else if call.has_block() {
                    self.facts.doubt(Why::Path, span(call.node));
                }
            }
            "not_found" | "error" => {
                let body = call.block.map_or("", |block| text(self.code, block));
                if has_any(body, &["redirect", "status 200", "status(200", "status 30", "halt 200", "call env", "send_file"]) {
                    self.facts.doubt(Why::Fallback, span(call.node));
                }
            }
            "after" => {
                let body = call.block.map_or("", |block| text(self.code, block));
                if has_any(body, &["status 2", "status(2", "status = 2", "status=", "halt", "redirect", "body "]) {
                    self.facts.doubt(Why::Middleware, span(call.node));
                }
            }
            "before" => {
                let body = call.block.map_or("", |block| text(self.code, block));
                if has_any(
                    body,
                    &["redirect", "path_info", "halt 200", "PATH_INFO", "call env", "send_file", "halt erb", "halt haml", "pass"],
                ) {
                    self.facts.doubt(Why::Middleware, span(call.node));
                }
            }
            "set" => {
                let name = call.positional.first().and_then(|name| word(self.code, *name)).unwrap_or_default();
                let named = call.pairs.iter().any(|(key, _)| key.as_deref().is_some_and(|key| key.starts_with("public")));
                let whole = text(self.code, call.node);
                let usual = ["'public'", "\"public\"", "/public'", "/public\""]
                    .iter()
                    .any(|word| whole.ends_with(word) || whole.contains(&format!("{word})")));
                if (name.starts_with("public") || named) && !usual && !whole.ends_with("false") && !whole.ends_with("nil") {
                    self.facts.doubt(Why::Option, span(call.node));
                }
            }
            "register" => {
                let known = |node: &Node<'_>| constant(self.code, *node).is_some_and(|name| EXTENSIONS.contains(&name));
                if !call.positional.iter().all(known) {
                    self.facts.doubt(Why::Extension, span(call.node));
                }
            }
            "use" => rack::used(self.code, call, &app, "", self.facts),
            "respond_to" | "get_or_post" => {}
            verb => {
                let Some(path) = call.positional.first() else { return };
                if call.has_block() {
                    let upper = verb.to_ascii_uppercase();
                    self.route(&app, prefixes, *path, &[&upper]);
                }
            }
        }
    }

    fn route(&mut self, app: &Expr, prefixes: Vec<Expr>, path: Node<'_>, methods: &[&str]) {
        let mut pieces = prefixes;
        // Where an app is mounted, its `/` is there without a slash, too.
        let root = pieces.is_empty() && word(self.code, path).as_deref() == Some("/");
        pieces.push(if root { Expr::List(vec![Expr::text(""), Expr::text("/")]) } else { self.path(path) });
        if self.loose {
            pieces.push(Expr::List(vec![Expr::text(""), Expr::text("/")]));
        }
        self.facts.add_route(app.clone(), methods, Expr::Join(pieces), span(path));
    }
}
