//! Files of routes of Laravel, and of what loads them.

use tree_sitter::Node;

use super::super::facts::{Expr, Facts, ObjectKind, Why};
use super::super::making::has_any;
use super::super::syntax::{children, nodes, parse, span, text};
use super::code::{Link, chain, items, pairs, word, words};
use super::pattern;
use crate::text::Span;

/// How deep statements are followed.
const DEPTH: u32 = 120;
/// How many routes one file may make.
const ROUTES: usize = 20_000;

/// What stands before the paths of a group.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Group {
    /// Without slashes around it.
    pub(super) prefix: String,
    wide: bool,
}

/// A file that another one loads, as that writes its name, and below what.
pub(super) type Loaded = (String, Group);

/// Reads a file of routes, or one that loads some; gives back what it says, and the files that it loads.
pub(super) fn read(code: &str, group: &Group) -> (Facts, Vec<Loaded>) {
    let mut facts = Facts::default();
    let app = facts.add_object(ObjectKind::App, "Laravel", Expr::text(""), false, Span::at(0));
    let mut loaded = Vec::new();
    let Some(tree) = parse(code, &tree_sitter_php::LANGUAGE_PHP.into()) else {
        facts.doubt(Why::Unparsed, Span::at(0));
        return (facts, loaded);
    };
    if tree.root_node().has_error() {
        facts.doubt(Why::Unparsed, Span::at(0));
    }
    let mut reader = Reader { code, facts, app, loaded: &mut loaded };
    reader.visit(tree.root_node(), group, DEPTH);
    (reader.facts, loaded)
}

struct Reader<'a, 'l> {
    code: &'a str,
    facts: Facts,
    app: Expr,
    loaded: &'l mut Vec<Loaded>,
}

impl<'a> Reader<'a, '_> {
    fn visit(&mut self, node: Node<'_>, group: &Group, depth: u32) {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.facts.routes.len() < ROUTES) else {
            return self.facts.doubt(Why::Computed, span(node));
        };
        match node.kind() {
            "member_call_expression" | "nullsafe_member_call_expression" | "scoped_call_expression" => {
                let Some((root, links)) = chain(self.code, node) else { return };
                if matches!(root, "Route" | "$router" | "$route") {
                    self.chain(&links, group, depth);
                } else if links.iter().any(|link| link.name == "withRouting") {
                    self.with_routing(&links, depth);
                } else if links.last().is_some_and(|link| matches!(link.name, "loadRoutesFrom")) {
                    self.load(links.last().and_then(|link| link.argument(0)), group);
                } else if links.first().is_some_and(|link| link.name == "routes") && root.starts_with(|c: char| c.is_uppercase()) {
                    self.package(root, node, group);
                } else {
                    self.below(node, group, depth);
                }
            }
            "require_expression" | "require_once_expression" | "include_expression" | "include_once_expression" => {
                self.load(children(node).first().copied(), group);
            }
            "foreach_statement" | "for_statement" | "while_statement" | "do_statement" => {
                if has_any(text(self.code, node), &["Route::", "$router->", "loadRoutesFrom", "require"]) {
                    self.facts.doubt(Why::Computed, span(node));
                }
                self.below(node, group, depth);
            }
            _ => self.below(node, group, depth),
        }
    }

    fn below(&mut self, node: Node<'_>, group: &Group, depth: u32) {
        for child in children(node) {
            self.visit(child, group, depth);
        }
    }

    /// A file that is loaded: its name is the last text of how that is written.
    fn load(&mut self, node: Option<Node<'_>>, group: &Group) {
        let Some(node) = node else { return };
        let inside = nodes(node);
        let computed = inside.iter().any(|node| matches!(node.kind(), "variable_name"));
        let name = inside.iter().filter(|node| node.kind() == "string").filter_map(|node| word(self.code, *node)).next_back();
        match name.filter(|name| !computed && name.ends_with(".php")) {
            Some(name) => self.loaded.push((name, group.clone())),
            None => self.facts.doubt(Why::Mounted, span(node)),
        }
    }

    /// `withRouting` of `bootstrap/app.php`.
    fn with_routing(&mut self, links: &[Link<'_, '_>], depth: u32) {
        for link in links {
            if link.name == "withMiddleware" {
                let body = link.argument(0).map_or("", |node| text(self.code, node));
                if has_any(body, &["->append(", "->prepend(", "->use(", "->replace("]) {
                    self.facts.doubt(Why::Middleware, span(link.node));
                }
            } else if link.name == "withExceptions" {
                let body = link.argument(0).map_or("", |node| text(self.code, node));
                if has_any(body, &["redirect", "view(", "respond(", "file("]) {
                    self.facts.doubt(Why::Fallback, span(link.node));
                }
            }
            if link.name != "withRouting" {
                continue;
            }
            let at = |name: &str| link.arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            let api = match at("apiPrefix") {
                None => Some("api".to_owned()),
                Some(prefix) => word(self.code, prefix),
            };
            if api.is_none() {
                self.facts.doubt(Why::Prefix, span(link.node));
            }
            let api = Group { prefix: api.unwrap_or_else(|| "*".to_owned()).trim_matches('/').to_owned(), wide: false };
            for (name, value) in &link.arguments {
                match *name {
                    "web" => items(*value).into_iter().for_each(|file| self.load(Some(file), &Group::default())),
                    "api" => items(*value).into_iter().for_each(|file| self.load(Some(file), &api)),
                    "health" => match word(self.code, *value) {
                        Some(path) => self.add(&[], &path, &Group::default(), *value),
                        None => self.facts.doubt(Why::Path, span(*value)),
                    },
                    "using" | "then" => self.visit(*value, &Group::default(), depth),
                    "commands" | "channels" | "apiPrefix" => {}
                    "pages" => self.facts.doubt(Why::Extension, span(*value)),
                    _ => self.facts.doubt(Why::Option, span(*value)),
                }
            }
        }
    }

    /// Routes of a package that are asked for: `Auth::routes()`.
    fn package(&mut self, class: &str, node: Node<'_>, group: &Group) {
        let known: &[&str] = match class {
            "Auth" => &[
                "login",
                "logout",
                "register",
                "password/reset",
                "password/reset/{token}",
                "password/email",
                "password/confirm",
                "email/verify",
                "email/verify/{id}/{hash}",
                "email/resend",
            ],
            "Passport" => &["oauth/{x}", "oauth/{x}/{y}"],
            "Broadcast" => &["broadcasting/auth", "broadcasting/user-auth"],
            _ => return self.facts.doubt(Why::Extension, span(node)),
        };
        for path in known {
            self.add(&[], path, group, node);
        }
    }

    /// A path in all the ways that Laravel takes it.
    fn add(&mut self, methods: &[&str], path: &str, group: &Group, node: Node<'_>) {
        for front in pattern::patterns(&group.prefix, group.wide) {
            for one in pattern::patterns(path, group.wide) {
                let whole = match (front.as_str(), one.as_str()) {
                    ("", one) => format!("/{one}"),
                    (front, "") => format!("/{front}"),
                    (front, one) => format!("/{front}/{one}"),
                };
                let whole = match whole.ends_with('*') {
                    true => Expr::Text(whole.into()),
                    false => Expr::Join(vec![Expr::Text(whole.into()), Expr::List(vec![Expr::text(""), Expr::text("/")])]),
                };
                self.facts.add_route(self.app.clone(), methods, whole, span(node));
            }
        }
    }

    fn chain(&mut self, links: &[Link<'a, '_>], group: &Group, depth: u32) {
        let mut group = group.clone();
        // What follows a route may widen it or put something before it; `where` and `prefix` count for the whole chain.
        for link in links {
            let whole = link.arguments.iter().map(|(_, value)| *value);
            match link.name {
                "where" => {
                    let texts = whole.flat_map(nodes).filter(|node| matches!(node.kind(), "string" | "encapsed_string"));
                    let wide = texts.into_iter().any(|node| word(self.code, node).is_none_or(|text| pattern::is_wide(&text)));
                    group.wide |= wide;
                }
                "whereIn" => group.wide = true,
                "prefix" => match link.argument(0).and_then(|node| word(self.code, node)) {
                    Some(prefix) => group.prefix = joined(&group.prefix, &prefix),
                    None => {
                        self.facts.doubt(Why::Prefix, span(link.node));
                        group.prefix = "*".to_owned();
                    }
                },
                _ => {}
            }
        }
        for (at, link) in links.iter().enumerate() {
            let rest = links.get(at + 1..).unwrap_or_default();
            self.link(link, rest, &group, depth);
        }
    }

    fn path(&mut self, link: &Link<'a, '_>, place: usize) -> Option<String> {
        let found = link.named("uri", place).and_then(|node| word(self.code, node));
        if found.is_none() {
            self.facts.doubt(Why::Path, span(link.node));
        }
        found
    }

    fn link(&mut self, link: &Link<'a, '_>, rest: &[Link<'a, '_>], group: &Group, depth: u32) {
        let place = link.argument(0).unwrap_or(link.node);
        match link.name {
            "get" | "post" | "put" | "patch" | "delete" | "options" | "any" | "view" | "redirect" | "permanentRedirect" | "livewire"
            | "inertia" => {
                let upper = link.name.to_ascii_uppercase();
                let methods: &[&str] = match link.name {
                    "get" | "post" | "put" | "patch" | "delete" | "options" => &[&upper],
                    _ => &[],
                };
                if let Some(path) = self.path(link, 0) {
                    self.add(methods, &path, group, place);
                }
            }
            "match" | "addRoute" => {
                if let Some(path) = self.path(link, 1) {
                    self.add(&[], &path, group, place);
                }
            }
            // `fallback` answers everything in its group.
            "fallback" => self.add(&[], "{any}", &Group { wide: true, ..group.clone() }, link.node),
            "resource" | "apiResource" | "singleton" | "apiSingleton" => match link.argument(0).and_then(|node| word(self.code, node)) {
                Some(name) => self.resource(link, &name, link.argument(2), rest, group, place),
                None => self.facts.doubt(Why::Path, span(link.node)),
            },
            "resources" | "apiResources" | "softDeletableResources" => {
                for (name, _) in link.argument(0).map(|list| pairs(self.code, list)).unwrap_or_default() {
                    match name {
                        Some(name) => self.resource(link, &name, link.argument(1), rest, group, place),
                        None => self.facts.doubt(Why::Path, span(link.node)),
                    }
                }
                if link.argument(0).is_none_or(|list| list.kind() != "array_creation_expression") {
                    self.facts.doubt(Why::Path, span(link.node));
                }
            }
            "group" => self.group(link, group, depth),
            "auth" => self.package("Auth", link.node, group),
            "pattern" | "patterns" => {
                let texts = link.arguments.iter().flat_map(|(_, value)| nodes(*value)).filter(|node| node.kind() == "string");
                if texts.into_iter().filter_map(|node| word(self.code, node)).any(|text| pattern::is_wide(&text)) {
                    self.facts.doubt(Why::Option, span(link.node));
                }
            }
            "resourceVerbs" | "macro" | "mixin" => self.facts.doubt(Why::Option, span(link.node)),
            _ if KNOWN.contains(&link.name) => {}
            _ => self.facts.doubt(Why::Extension, span(link.node)),
        }
    }

    fn group(&mut self, link: &Link<'a, '_>, group: &Group, depth: u32) {
        let mut group = group.clone();
        // `group(['prefix' => 'x'], function () { … })`.
        let options = link.argument(0).filter(|_| link.arguments.len() > 1);
        if let Some(options) = options {
            if options.kind() != "array_creation_expression" {
                self.facts.doubt(Why::Prefix, span(options));
            }
            for (key, value) in pairs(self.code, options) {
                match key.as_deref() {
                    Some("prefix") => match word(self.code, value) {
                        Some(prefix) => group.prefix = joined(&group.prefix, &prefix),
                        None => {
                            self.facts.doubt(Why::Prefix, span(value));
                            group.prefix = "*".to_owned();
                        }
                    },
                    Some("where") => group.wide = true,
                    Some(_) => {}
                    None => self.facts.doubt(Why::Option, span(value)),
                }
            }
        }
        let body = if options.is_some() { link.argument(1) } else { link.argument(0) };
        match body {
            Some(body) if matches!(body.kind(), "anonymous_function" | "anonymous_function_creation_expression" | "arrow_function") => {
                self.visit(body, &group, depth);
            }
            Some(file) => items(file).into_iter().for_each(|file| self.load(Some(file), &group)),
            None => self.facts.doubt(Why::Mounted, span(link.node)),
        }
    }

    fn resource(
        &mut self,
        link: &Link<'a, '_>,
        name: &str,
        options: Option<Node<'_>>,
        rest: &[Link<'a, '_>],
        group: &Group,
        place: Node<'_>,
    ) {
        let api = link.name.starts_with("api");
        let single = link.name.ends_with("ingleton");
        let list = |wanted: &str| -> Option<Vec<String>> {
            let chained = rest.iter().find(|link| link.name == wanted).and_then(|link| link.argument(0));
            let given = options.and_then(|options| pairs(self.code, options).into_iter().find(|(key, _)| key.as_deref() == Some(wanted)));
            words(self.code, chained.or(given.map(|(_, value)| value))?)
        };
        let (only, except) = (list("only"), list("except").unwrap_or_default());
        let has =
            |action: &str| only.as_ref().is_none_or(|only| only.iter().any(|one| one == action)) && !except.iter().any(|one| one == action);
        // As an option it may be anything.
        let (shallow, maybe) = (rest.iter().any(|link| link.name == "shallow" && link.arguments.is_empty()), options.is_some());
        let mut parts = name.trim_matches('/').split('.').peekable();
        let mut base = String::new();
        let mut last = String::new();
        while let Some(part) = parts.next() {
            base = joined(&base, part);
            last = part.to_owned();
            if parts.peek().is_some() {
                base.push_str("/{parent}");
            }
        }
        let mut members = vec![if single { base.clone() } else { format!("{base}/{{id}}") }];
        let nested = base != last;
        if shallow && nested && !maybe {
            members.clear();
        }
        if (shallow || maybe) && nested && !single {
            members.push(format!("{last}/{{id}}"));
        }
        for (action, method) in [
            ("index", "GET"),
            ("store", "POST"),
            ("create", "GET"),
            ("show", "GET"),
            ("edit", "GET"),
            ("update", "PUT"),
            ("destroy", "DELETE"),
        ] {
            if !has(action) || api && matches!(action, "create" | "edit") || single && action == "index" {
                continue;
            }
            let paths: Vec<String> = match action {
                "index" | "store" => vec![base.clone()],
                "create" => vec![format!("{base}/create")],
                "edit" => members.iter().map(|member| format!("{member}/edit")).collect(),
                _ => members.clone(),
            };
            let methods: &[&str] = if method == "PUT" { &["PUT", "PATCH"] } else { &[method] };
            for path in paths {
                self.add(methods, &path, group, place);
            }
        }
    }
}

/// What changes nothing of a path, or is seen to by itself.
const KNOWN: [&str; 70] = [
    "prefix",
    "where",
    "whereIn",
    "whereNumber",
    "whereAlpha",
    "whereAlphaNumeric",
    "whereUuid",
    "whereUlid",
    "middleware",
    "withoutMiddleware",
    "name",
    "as",
    "names",
    "namespace",
    "controller",
    "domain",
    "can",
    "scopeBindings",
    "withoutScopedBindings",
    "missing",
    "only",
    "except",
    "parameters",
    "parameter",
    "shallow",
    "scoped",
    "defaults",
    "block",
    "withTrashed",
    "creatable",
    "destroyable",
    "uses",
    "setAction",
    "secure",
    "model",
    "bind",
    "middlewareGroup",
    "aliasMiddleware",
    "pushMiddlewareToGroup",
    "prependMiddlewareToGroup",
    "currentRouteName",
    "currentRouteAction",
    "current",
    "getCurrentRoute",
    "has",
    "is",
    "input",
    "getRoutes",
    "matched",
    "substituteBindings",
    "singularResourceParameters",
    "substituteImplicitBindings",
    "substituteImplicitBindingsUsing",
    "currentRouteNamed",
    "uri",
    "getName",
    "named",
    "getByName",
    "throttle",
    "caseSensitive",
    "breadcrumb",
    "metadata",
    "doc",
    "get_class",
    "toArray",
    "parameterNames",
    "setDefaults",
    "allowsTrashedBindings",
    "whereDate",
    "wherePrimaryKey",
];

fn joined(prefix: &str, more: &str) -> String {
    match (prefix, more.trim_matches('/')) {
        ("", more) => more.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, more) => format!("{prefix}/{more}"),
    }
}
