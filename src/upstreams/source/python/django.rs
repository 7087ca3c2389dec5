//! Django: lists of patterns, and the settings that name the first of them.

use tree_sitter::Node;

use super::super::facts::{Expr, Glue, Handed, ObjectKind, ScopeId, Why};
use super::super::syntax::{children, span};
use super::module::DJANGO_SETTINGS;
use super::paths::{self, Style, either_slash, ends_with_slash};
use super::reader::{Arguments, Reader};

/// How deep lists of patterns are nested.
const DEPTH: u32 = 24;

/// Lists of patterns of others; everything below where they are put may be theirs.
const LISTS: &[&str] = &[
    "allauth",
    "captcha",
    "ckeditor_uploader",
    "debug_toolbar",
    "dj_rest_auth",
    "django",
    "django_browser_reload",
    "django_prometheus",
    "djoser",
    "drf_spectacular",
    "drf_yasg",
    "explorer",
    "health_check",
    "hijack",
    "oauth2_provider",
    "rest_auth",
    "rest_framework",
    "silk",
    "social_django",
    "tinymce",
    "wagtail",
];

/// What adds no paths of what is put into `MIDDLEWARE`.
const MIDDLEWARE: &[&str] = &[
    "allauth",
    "axes",
    "corsheaders",
    "crum",
    "csp",
    "debug_toolbar",
    "django",
    "django_guid",
    "django_otp",
    "django_prometheus",
    "django_structlog",
    "hijack",
    "oauth2_provider",
    "rest_framework",
    "reversion",
    "silk",
    "simple_history",
    "waffle",
    "whitenoise",
];

impl<'t> Reader<'t> {
    /// `urlpatterns = […]`, and other lists of routes. True when it is one.
    pub(super) fn patterns_assigned(&mut self, left: Node<'t>, right: Node<'t>, scope: ScopeId) -> bool {
        if left.kind() != "identifier" {
            return false;
        }
        let name = self.text(left);
        if name.ends_with("_URLCONF") && scope == ScopeId::FILE {
            self.django_settings(right);
        }
        let named = matches!(name, "urlpatterns" | "websocket_urlpatterns");
        if !named && !self.is_patterns(right) {
            return false;
        }
        self.add_to(name, right, scope);
        true
    }

    /// `urlpatterns += […]`.
    pub(super) fn patterns_extended(&mut self, left: Node<'t>, right: Node<'t>, scope: ScopeId) -> bool {
        if left.kind() != "identifier" {
            return false;
        }
        let name = self.text(left);
        if !self.patterns.contains_key(&(scope, name)) && name != "urlpatterns" && !self.is_patterns(right) {
            return false;
        }
        self.add_to(name, right, scope);
        true
    }

    fn add_to(&mut self, name: &'t str, right: Node<'t>, scope: ScopeId) {
        let on = match self.patterns.get(&(scope, name)) {
            Some(known) => Expr::Object(*known),
            None => {
                let framework = if self.has_routes(right) { "Starlette" } else { "Django" };
                let made = self.object(right, ObjectKind::Router, framework, Expr::text(""), Glue::Plain);
                if let Expr::Object(index) = made {
                    self.patterns.insert((scope, name), index);
                }
                self.bind(scope, name, made.clone());
                made
            }
        };
        if self.has_routes(right) {
            self.route_list(&on, right, scope, DEPTH);
        } else {
            self.add_patterns(&on, right, name, scope, DEPTH);
        }
    }

    /// True for a list in which something is a pattern.
    fn is_patterns(&self, node: Node<'t>) -> bool {
        match node.kind() {
            "list" => self.has_routes(node) || children(node).into_iter().any(|item| self.is_pattern(item)),
            "binary_operator" => {
                let mut at = node;
                let mut left = 0;
                while at.kind() == "binary_operator" && left < 64 {
                    if at.child_by_field_name("right").is_some_and(|right| right.kind() == "list" && self.is_patterns(right)) {
                        return true;
                    }
                    let Some(next) = at.child_by_field_name("left") else { return false };
                    at = next;
                    left += 1;
                }
                at.kind() == "list" && self.is_patterns(at)
            }
            _ => false,
        }
    }

    fn function_name(&self, call: Node<'t>) -> String {
        call.child_by_field_name("function").and_then(|function| self.dotted(function)).unwrap_or_default()
    }

    fn is_pattern(&self, call: Node<'t>) -> bool {
        matches!(
            self.function_name(call).as_str(),
            "django.urls.path" | "django.urls.re_path" | "django.conf.urls.url" | "django.urls.conf.path" | "django.urls.conf.re_path"
        )
    }

    /// What is put into a list of patterns.
    fn add_patterns(&mut self, on: &Expr, node: Node<'t>, own: &str, scope: ScopeId, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return self.open(Why::Computed, node) };
        match node.kind() {
            "list" | "tuple" => {
                for item in children(node) {
                    self.add_patterns(on, item, own, scope, depth);
                }
            }
            "parenthesized_expression" | "list_splat" => {
                if let Some(inner) = node.named_child(0) {
                    self.add_patterns(on, inner, own, scope, depth);
                }
            }
            "list_comprehension" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.add_patterns(on, body, own, scope, depth);
                }
            }
            "conditional_expression" => {
                for (at, part) in children(node).into_iter().enumerate() {
                    if at != 1 {
                        self.add_patterns(on, part, own, scope, depth);
                    }
                }
            }
            "binary_operator" => {
                for side in ["left", "right"] {
                    if let Some(side) = node.child_by_field_name(side) {
                        self.add_patterns(on, side, own, scope, depth);
                    }
                }
            }
            "identifier" if self.text(node) == own => {}
            "call" => self.add_called(on, node, own, scope, depth),
            _ => {
                let what = self.expr(node, scope);
                self.mount(on.clone(), Expr::text(""), list_of(what), false, node, true);
            }
        }
    }

    fn add_called(&mut self, on: &Expr, call: Node<'t>, own: &str, scope: ScopeId, depth: u32) {
        let dotted = self.function_name(call);
        let arguments = self.arguments(call);
        match dotted.as_str() {
            _ if self.is_pattern(call) => self.pattern(on, call, &dotted, &arguments, scope, depth),
            "django.conf.urls.static.static" => {
                let Some(prefix) = arguments.get(0, "prefix") else { return };
                let prefix = self.expr(prefix, scope);
                self.route(on.clone(), vec!["GET".into()], Expr::Join(vec![prefix, Expr::text("*")]), span(call), true, true);
            }
            "django.contrib.staticfiles.urls.staticfiles_urlpatterns" => {
                let prefix = Expr::Import(DJANGO_SETTINGS.into(), "STATIC_URL".into());
                self.route(on.clone(), vec!["GET".into()], Expr::Join(vec![prefix, Expr::text("*")]), span(call), true, true);
            }
            "django.conf.urls.i18n.i18n_patterns" => {
                let inner = self.object(call, ObjectKind::Router, "Django", Expr::text(""), Glue::Plain);
                for item in &arguments.positional {
                    self.add_patterns(&inner, *item, own, scope, depth);
                }
                if arguments.spread {
                    for item in call.child_by_field_name("arguments").map(children).unwrap_or_default() {
                        if item.kind() == "list_splat" {
                            self.add_patterns(&inner, item, own, scope, depth);
                        }
                    }
                }
                // Without the language one is sent to the path with it.
                let prefix = Expr::Any(vec![Expr::text("{x}/"), Expr::text("")]);
                let at_root = |item: &Node<'t>| {
                    let written = self.arguments(*item).get(0, "route").map(|node| self.text(node));
                    !self.is_pattern(*item)
                        || written.is_none_or(|text| matches!(text, "\"\"" | "''" | "r\"^$\"" | "r'^$'") || !text.ends_with(['"', '\'']))
                };
                if arguments.spread || arguments.positional.iter().any(at_root) {
                    self.route(on.clone(), Vec::new(), Expr::text("{x}"), span(call), true, true);
                }
                self.mount(on.clone(), prefix, inner, false, call, true);
            }
            "rest_framework.urlpatterns.format_suffix_patterns" => {
                let Some(list) = arguments.get(0, "urlpatterns") else { return };
                self.suffixes(on, call, list, own, scope, depth);
            }
            "django.urls.include" | "django.conf.urls.include" | "django.urls.conf.include" => {
                self.include(on, Expr::text(""), &arguments, call, scope, depth);
            }
            _ => {
                let what = self.expr(call, scope);
                self.mount(on.clone(), Expr::text(""), list_of(what), false, call, true);
            }
        }
    }

    /// Each of the patterns is there with a suffix too: `/users.json`.
    fn suffixes(&mut self, on: &Expr, call: Node<'t>, list: Node<'t>, own: &str, scope: ScopeId, depth: u32) {
        let (Expr::Object(index), true) = (on, self.text(list) == own) else {
            self.add_patterns(on, list, own, scope, depth);
            return self.open(Why::Computed, call);
        };
        let known: Vec<Expr> = self
            .facts
            .routes
            .iter()
            .filter(|route| route.on == Expr::Object(*index))
            .map(|route| Expr::Join(vec![route.path.clone(), Expr::text(".{x}")]))
            .collect();
        for path in known {
            self.route(on.clone(), Vec::new(), path, span(call), true, true);
        }
    }

    /// `path("users/", view)`, `path("api/", include("api.urls"))`.
    fn pattern(&mut self, on: &Expr, call: Node<'t>, dotted: &str, arguments: &Arguments<'t>, scope: ScopeId, depth: u32) {
        let Some(written) = arguments.get(0, "route").or_else(|| arguments.named("regex")) else {
            self.route(on.clone(), Vec::new(), Expr::Unknown, span(call), true, false);
            return;
        };
        let regular = !dotted.ends_with(".path");
        let mut view = arguments.get(1, "view");
        // `api = include(…)`, further up.
        if let Some(node) = view.filter(|node| node.kind() == "identifier")
            && let Some([one]) = self.outer.get(self.text(node)).map(Vec::as_slice)
            && one.kind() == "call"
        {
            view = Some(*one);
        }
        let included = view.filter(|view| view.kind() == "call" && self.function_name(*view).ends_with(".include"));
        let site = view.is_some_and(|view| view.kind() == "attribute" && self.text(view).ends_with(".urls"))
            || view.is_some_and(|view| matches!(view.kind(), "tuple" | "list" | "list_splat"));
        let below = included.is_some() || site;
        let path = match self.expr(written, scope) {
            Expr::Text(text) if regular && below => Expr::Any(paths::regex_prefix(&text).iter().map(|way| Expr::text(way)).collect()),
            Expr::Text(text) if regular => Expr::Any(paths::regex(&text).iter().map(|way| Expr::text(way)).collect()),
            _ if regular => Expr::Unknown,
            // `_("users/")`: a translated path.
            Expr::Other | Expr::Call(..) => Expr::Unknown,
            expr => paths::path(expr, Style::Angles),
        };
        if below && ends_with_slash(&path) != Some(false) {
            // Without the slash at its end one is sent to the path with it.
            if path.as_text() != Some("") {
                self.route(on.clone(), Vec::new(), either_slash(path.clone()), span(written), true, true);
            }
        }
        if let Some(included) = included {
            let inner = self.arguments(included);
            return self.include(on, path, &inner, included, scope, depth);
        }
        if site {
            self.route(on.clone(), Vec::new(), Expr::Join(vec![path, Expr::text("*")]), span(written), true, false);
            return;
        }
        let path = if ends_with_slash(&path) == Some(false) { path } else { either_slash(path) };
        self.route(on.clone(), Vec::new(), path, span(written), true, false);
    }

    fn include(&mut self, on: &Expr, prefix: Expr, arguments: &Arguments<'t>, call: Node<'t>, scope: ScopeId, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return self.open(Why::Computed, call) };
        let Some(mut what) = arguments.get(0, "arg") else { return self.open(Why::Mounted, call) };
        if what.kind() == "tuple"
            && let Some(first) = what.named_child(0)
        {
            what = first;
        }
        if matches!(what.kind(), "list" | "binary_operator") {
            let inner = self.object(what, ObjectKind::Router, "Django", Expr::text(""), Glue::Plain);
            self.add_patterns(&inner, what, "", scope, depth);
            return self.mount(on.clone(), prefix, inner, false, call, true);
        }
        let everything = |of: Expr| Expr::Join(vec![of, Expr::text("*")]);
        let first = |dotted: &str| dotted.split('.').next().unwrap_or_default().to_owned();
        match self.expr(what, scope) {
            Expr::Text(module) if LISTS.contains(&first(&module).as_str()) => {
                self.route(on.clone(), Vec::new(), everything(prefix), span(call), true, true);
            }
            Expr::Text(module) => {
                let what = Expr::Import(module, "urlpatterns".into());
                self.mount(on.clone(), prefix, what, false, call, true);
            }
            expr => {
                let dotted = self.dotted(what).unwrap_or_default();
                if LISTS.contains(&first(&dotted).as_str()) {
                    self.route(on.clone(), Vec::new(), everything(prefix), span(call), true, true);
                    return;
                }
                self.mount(on.clone(), prefix, list_of(expr), false, call, true);
            }
        }
    }

    pub(super) fn django_call(&mut self, _call: Node<'t>, object: Node<'t>, name: &str, arguments: &Arguments<'t>, scope: ScopeId) -> bool {
        if !matches!(name, "append" | "extend" | "insert") || object.kind() != "identifier" {
            return false;
        }
        let list = self.text(object);
        let mut at = Some(scope);
        let mut known = None;
        while let Some(one) = at.filter(|_| known.is_none()) {
            known = self.patterns.get(&(one, list)).copied();
            at = self.facts.scopes.get(one.0 as usize).and_then(|scope| scope.parent);
        }
        let (Some(index), Some(item)) = (known, arguments.positional.last().copied()) else { return false };
        let on = Expr::Object(index);
        if self.facts.objects.get(index).is_some_and(|object| object.framework == "Starlette") {
            self.open(Why::Computed, object);
        } else {
            self.add_patterns(&on, item, list, scope, DEPTH);
        }
        true
    }

    /// The settings of a project: what it serves begins with them.
    fn django_settings(&mut self, root: Node<'t>) {
        let prefix = Expr::Any(vec![Expr::text(""), Expr::Setting("SCRIPT_NAME".into(), Some(Box::new(Expr::text(""))))]);
        let on = self.object(root, ObjectKind::App, "Django", prefix, Glue::Plain);
        match self.expr(root, ScopeId::FILE) {
            Expr::Text(module) => {
                let what = Expr::Import(module, "urlpatterns".into());
                self.mount(on.clone(), Expr::text("/"), what, false, root, true);
            }
            _ => self.open(Why::Mounted, root),
        }
        // Served in development, and by WhiteNoise.
        let files = Expr::Join(vec![Expr::Import(DJANGO_SETTINGS.into(), "STATIC_URL".into()), Expr::text("*")]);
        let path = if self.code.contains("STATIC_URL") { files } else { Expr::text("static/*") };
        if !self.outer.get("STATIC_URL").is_some_and(|given| given.iter().any(|node| self.text(*node).contains("://"))) {
            self.route(on.clone(), vec!["GET".into()], Expr::Join(vec![Expr::text("/"), path]), span(root), true, true);
        }
        if self.code.contains("WHITENOISE_ROOT") || self.code.contains("WHITENOISE_INDEX_FILE") {
            self.open(Why::Fallback, root);
        }
        let names: Vec<&'t str> = ["MIDDLEWARE", "MIDDLEWARE_CLASSES"]
            .iter()
            .flat_map(|name| self.outer.get(name).cloned().unwrap_or_default())
            .filter(|node| matches!(node.kind(), "list" | "tuple"))
            .flat_map(children)
            .filter(|item| item.kind() == "string")
            .map(|item| self.text(item).trim_matches(['"', '\'']))
            .collect();
        for name in names {
            if name.ends_with("FallbackMiddleware") {
                self.open(Why::Fallback, root);
            }
            let first = name.split('.').next().unwrap_or_default();
            if let Some((module, class)) = name.rsplit_once('.').filter(|_| !MIDDLEWARE.contains(&first)) {
                let to = Expr::Import(module.into(), class.into());
                self.facts.handed.push(Handed { to, what: on.clone(), span: span(root) });
            }
        }
        let script = self.outer.get("FORCE_SCRIPT_NAME").cloned().unwrap_or_default();
        for value in script {
            // Paths that begin with it are served as those that do not.
            let expr = self.expr(value, ScopeId::FILE);
            if expr == Expr::Other {
                continue;
            }
            if let Expr::Object(index) = on
                && let Some(Expr::Any(any)) = self.facts.objects.get_mut(index).map(|object| &mut object.prefix)
            {
                any.push(expr);
            }
        }
    }
}

/// A list of patterns, by whatever is included: a module has it, a list is it.
fn list_of(expr: Expr) -> Expr {
    match expr {
        Expr::Object(_) => expr,
        expr => Expr::Member(Box::new(expr), "urlpatterns".into()),
    }
}
