//! `config/routes.rb`: what it draws.

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::super::facts::{Expr, Facts, ObjectKind, Why};
use super::super::syntax::{children, nodes, parse, span, text};
use super::code::{Call, statements, word, words};
use super::pattern;
use crate::text::Span;

/// How deep blocks may be nested.
const DEPTH: u32 = 40;
/// How many prefixes a place may have.
const MOST: usize = 16;
/// How many routes one file may make.
const ROUTES: usize = 20_000;

/// Where routes are drawn.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// What stands before a path.
    at: Vec<String>,
    /// The same for `on: :member` and `on: :collection`.
    member: Vec<String>,
    collection: Vec<String>,
    /// Where the routes of members begin with `shallow`.
    top: Vec<String>,
    shallow: bool,
    /// True when parameters may have slashes in them.
    wide: bool,
}

impl Place {
    /// The outermost one.
    pub(super) fn new() -> Place {
        let root = vec![String::new()];
        Place { at: root.clone(), member: root.clone(), collection: root.clone(), top: root, shallow: false, wide: false }
    }

    /// The same below a path.
    fn below(&self, paths: &[String]) -> Place {
        let at = join(&self.at, paths);
        Place { top: join(&self.top, paths), member: at.clone(), collection: at.clone(), at, ..self.clone() }
    }
}

fn join(prefixes: &[String], paths: &[String]) -> Vec<String> {
    let all = prefixes.iter().flat_map(|prefix| {
        paths.iter().map(move |path| match path.trim_matches('/') {
            "" => prefix.clone(),
            path => format!("{prefix}/{path}"),
        })
    });
    let mut out: Vec<String> = all.take(MOST + 1).collect();
    if out.len() > MOST {
        out = vec!["/*".to_owned()];
    }
    out
}

/// Draws a file; gives back what it says, and the files that it asks for.
pub(super) fn draw(code: &str, prefix: Expr, place: Place, whole: bool) -> (Facts, Vec<(String, Place)>) {
    let mut facts = Facts::default();
    let app = facts.add_object(ObjectKind::App, "Rails", prefix, false, Span::at(0));
    let Some(tree) = parse(code, &tree_sitter_ruby::LANGUAGE.into()) else {
        facts.doubt(Why::Unparsed, Span::at(0));
        return (facts, Vec::new());
    };
    if tree.root_node().has_error() {
        facts.doubt(Why::Unparsed, Span::at(0));
    }
    let mut drawing = Drawing { code, facts, app, concerns: FxHashMap::default(), methods: FxHashMap::default(), others: Vec::new() };
    if whole {
        let draws = nodes(tree.root_node()).into_iter().filter_map(|node| Call::new(code, node)).filter(|call| call.name == "draw");
        let blocks: Vec<Node<'_>> = draws.filter(|call| call.receiver.is_some()).filter_map(|call| call.block).collect();
        if blocks.is_empty() {
            drawing.facts.doubt(Why::Computed, Span::at(0));
        }
        for block in blocks {
            drawing.all(&statements(block), &place, DEPTH);
        }
    } else {
        drawing.all(&children(tree.root_node()), &place, DEPTH);
    }
    (drawing.facts, drawing.others)
}

struct Drawing<'a, 't> {
    code: &'a str,
    facts: Facts,
    app: Expr,
    concerns: FxHashMap<String, Node<'t>>,
    methods: FxHashMap<&'a str, Node<'t>>,
    others: Vec<(String, Place)>,
}

impl<'a, 't> Drawing<'a, 't> {
    fn all(&mut self, statements: &[Node<'t>], place: &Place, depth: u32) {
        for statement in statements {
            self.one(*statement, place, depth);
        }
    }

    fn doubt(&mut self, why: Why, node: Node<'_>) {
        self.facts.doubt(why, span(node));
    }

    fn one(&mut self, node: Node<'t>, place: &Place, depth: u32) {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.facts.routes.len() < ROUTES) else {
            return self.doubt(Why::Computed, node);
        };
        match node.kind() {
            "call" | "identifier" => {
                if let Some(call) = Call::new(self.code, node) {
                    self.call(&call, place, depth);
                }
            }
            "method" => {
                let name = node.child_by_field_name("name").map_or("", |name| text(self.code, name));
                self.methods.insert(name, node);
            }
            "if" | "unless" | "elsif" => {
                for field in ["consequence", "alternative"] {
                    if let Some(branch) = node.child_by_field_name(field) {
                        self.one(branch, place, depth);
                    }
                }
            }
            "then" | "else" | "begin" | "parenthesized_statements" | "body_statement" | "block_body" => {
                self.all(&children(node), place, depth);
            }
            "if_modifier" | "unless_modifier" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.one(body, place, depth);
                }
            }
            "assignment"
            | "operator_assignment"
            | "string"
            | "simple_symbol"
            | "nil"
            | "true"
            | "false"
            | "constant"
            | "empty_statement" => {}
            _ => self.doubt(Why::Computed, node),
        }
    }

    fn call(&mut self, call: &Call<'a, 't>, place: &Place, depth: u32) {
        if call.receiver.is_some() {
            return self.doubt(Why::Computed, call.node);
        }
        match call.name {
            "get" | "post" | "put" | "patch" | "delete" | "options" | "head" | "connect" | "match" => self.route(call, place),
            "root" => {
                for at in &place.at {
                    self.facts.add_route(self.app.clone(), &["GET"], Expr::Text(format!("{at}/").into()), span(call.node));
                    if !at.is_empty() {
                        self.facts.add_route(self.app.clone(), &["GET"], Expr::text(at), span(call.node));
                    }
                }
            }
            "resources" => self.resources(call, place, false, depth),
            "resource" => self.resources(call, place, true, depth),
            "namespace" | "scope" => self.scope(call, place, depth),
            "mount" => self.mount(call, place),
            "member" => self.all(&call.body(), &Place { at: place.member.clone(), ..place.clone() }, depth),
            "collection" => self.all(&call.body(), &Place { at: place.collection.clone(), ..place.clone() }, depth),
            "new" => self.all(&call.body(), &Place { at: join(&place.collection, &["new".to_owned()]), ..place.clone() }, depth),
            "shallow" => self.all(&call.body(), &Place { shallow: true, ..place.clone() }, depth),
            "nested" | "defaults" | "controller" | "constraints" | "authenticate" | "authenticated" | "unauthenticated"
            | "devise_scope" | "with_options" => {
                let place = Place { wide: place.wide || self.wide(call), ..place.clone() };
                self.all(&call.body(), &place, depth);
            }
            "concern" => match (call.positional.first().and_then(|name| word(self.code, *name)), call.block) {
                (Some(name), Some(block)) => {
                    self.concerns.insert(name, block);
                }
                _ => self.doubt(Why::Computed, call.node),
            },
            "concerns" => {
                for name in call.positional.clone() {
                    self.concern(name, place, depth);
                }
            }
            "draw" => match call.positional.first().and_then(|name| word(self.code, *name)) {
                Some(name) => self.others.push((name, place.clone())),
                None => self.doubt(Why::Computed, call.node),
            },
            "direct" | "resolve" | "require" | "require_relative" | "default_url_options" | "private" => {}
            name => match self.methods.get(name).copied() {
                Some(method) => {
                    let body = method.child_by_field_name("body").map(children).unwrap_or_default();
                    self.all(&body, place, depth);
                }
                None => self.doubt(Why::Extension, call.node),
            },
        }
    }

    fn wide(&self, call: &Call<'a, 't>) -> bool {
        let inside = call.node.child_by_field_name("arguments").map(nodes).unwrap_or_default();
        inside.into_iter().any(|node| node.kind() == "regex" && pattern::is_wide(text(self.code, node)))
    }

    /// Whether members are drawn without what they are nested in.
    fn shallow(&mut self, call: &Call<'a, 't>, place: &Place) -> bool {
        match call.option("shallow") {
            None => place.shallow,
            Some(value) => {
                if !matches!(value.kind(), "true" | "false") {
                    self.doubt(Why::Option, value);
                }
                value.kind() == "true"
            }
        }
    }

    /// What an argument means as a path; a doubt and anything where it is computed.
    fn path(&mut self, node: Node<'t>, wide: bool) -> Vec<String> {
        match word(self.code, node) {
            Some(written) => pattern::patterns(&written, false, wide),
            None => {
                self.doubt(Why::Path, node);
                vec!["*".to_owned()]
            }
        }
    }

    /// A path in all the ways that Rails takes it.
    fn add(&mut self, methods: &[&str], path: &str, node: Node<'t>) {
        let whole = match path.ends_with('*') {
            true => Expr::text(path),
            false => Expr::Join(vec![Expr::text(path), Expr::List(["", "/", ".{format}"].map(Expr::text).to_vec())]),
        };
        self.facts.add_route(self.app.clone(), methods, whole, span(node));
    }

    fn route(&mut self, call: &Call<'a, 't>, place: &Place) {
        let on = call.option("on").and_then(|on| word(self.code, on));
        let at = match on.as_deref() {
            Some("member") => place.member.clone(),
            Some("collection") => place.collection.clone(),
            Some("new") => join(&place.collection, &["new".to_owned()]),
            _ => place.at.clone(),
        };
        let wide = place.wide || self.wide(call);
        let mut paths: Vec<(Vec<String>, Node<'t>)> = Vec::new();
        for argument in &call.positional {
            if matches!(argument.kind(), "array" | "symbol_array" | "string_array") {
                match words(self.code, *argument) {
                    Some(all) => paths.extend(all.iter().map(|one| (pattern::patterns(one, false, wide), *argument))),
                    None => self.doubt(Why::Path, *argument),
                }
            } else {
                let path = self.path(*argument, wide);
                paths.push((path, *argument));
            }
        }
        // `get "/x" => "y#z"`; the names of options are no paths.
        const OPTIONS: [&str; 15] = [
            "to",
            "as",
            "via",
            "on",
            "controller",
            "action",
            "constraints",
            "defaults",
            "format",
            "anchor",
            "module",
            "path",
            "param",
            "shallow",
            "id",
        ];
        if call.positional.is_empty() {
            let written = call.node.child_by_field_name("arguments").map(children).unwrap_or_default();
            for pair in written.into_iter().filter(|pair| pair.kind() == "pair") {
                let Some(key) = pair.child_by_field_name("key") else { continue };
                if word(self.code, key).is_some_and(|key| OPTIONS.contains(&key.as_str())) {
                    continue;
                }
                let path = self.path(key, wide);
                paths.push((path, key));
            }
        }
        if let Some(own) = call.option("path") {
            let path = self.path(own, wide);
            paths.push((path, own));
        }
        if paths.is_empty() {
            self.doubt(Why::Path, call.node);
        }
        let upper = call.name.to_ascii_uppercase();
        let methods: &[&str] = if call.name == "match" { &[] } else { &[&upper] };
        // With `anchor: false` everything below is meant, too.
        let open = call.option("anchor").is_some();
        for (path, node) in paths {
            for whole in join(&at, &path) {
                self.add(methods, &whole, node);
                if open {
                    self.add(methods, &format!("{whole}/*"), node);
                }
            }
        }
    }

    fn scope(&mut self, call: &Call<'a, 't>, place: &Place, depth: u32) {
        let wide = place.wide || self.wide(call);
        let mut paths = vec![String::new()];
        let own = call.option("path").or_else(|| call.option("shallow_path"));
        if call.name == "scope" || own.is_none() {
            for argument in call.positional.clone() {
                let path = self.path(argument, wide);
                paths = join(&paths, &path);
            }
        }
        if let Some(own) = own {
            let path = if own.kind() == "nil" { vec![String::new()] } else { self.path(own, wide) };
            paths = join(&paths, &path);
        }
        if call.option("path_names").is_some() {
            self.doubt(Why::Option, call.node);
        }
        let shallow = self.shallow(call, place);
        let inner = Place { wide, shallow, ..place.below(&paths) };
        self.all(&call.body(), &inner, depth);
    }

    fn mount(&mut self, call: &Call<'a, 't>, place: &Place) {
        let at = call.option("at").or_else(|| {
            let known = |key: &Option<String>| {
                key.as_deref().is_some_and(|key| matches!(key, "as" | "via" | "at" | "defaults" | "constraints" | "internal"))
            };
            call.pairs.iter().find(|(key, _)| !known(key)).map(|(_, value)| *value)
        });
        let Some(at) = at else { return self.doubt(Why::Path, call.node) };
        let path = self.path(at, place.wide);
        for whole in join(&place.at, &path) {
            self.facts.add_route(self.app.clone(), &[], Expr::text(&whole), span(call.node));
            self.facts.add_route(self.app.clone(), &[], Expr::Text(format!("{whole}/*").into()), span(call.node));
        }
    }

    fn concern(&mut self, names: Node<'t>, place: &Place, depth: u32) {
        let Some(all) = words(self.code, names) else { return self.doubt(Why::Computed, names) };
        for name in all {
            match self.concerns.get(&name).copied() {
                Some(block) => self.all(&statements(block), place, depth),
                None => self.doubt(Why::Extension, names),
            }
        }
    }

    fn resources(&mut self, call: &Call<'a, 't>, place: &Place, single: bool, depth: u32) {
        const ALL: [&str; 7] = ["index", "create", "new", "show", "update", "destroy", "edit"];
        let list = |name: &str| call.option(name).map(|node| words(self.code, node));
        // Where it can't be read, all may be there.
        let only = list("only").flatten();
        let except = list("except").flatten().unwrap_or_default();
        let has =
            |action: &str| only.as_ref().is_none_or(|only| only.iter().any(|one| one == action)) && !except.iter().any(|one| one == action);
        let actions: Vec<&str> = ALL.into_iter().filter(|action| has(action) && !(single && *action == "index")).collect();
        let wide = place.wide || self.wide(call);
        let param = call.option("param").and_then(|param| word(self.code, param)).unwrap_or_else(|| "id".to_owned());
        let parameter = if wide { "*".to_owned() } else { format!("{{{param}}}") };
        let named = call.option("path_names").map(|names| (children(names), names));
        let name_of = |action: &str| -> Option<String> {
            let Some((pairs, _)) = &named else { return Some(action.to_owned()) };
            let pair =
                pairs.iter().find(|pair| pair.child_by_field_name("key").and_then(|key| word(self.code, key)).as_deref() == Some(action));
            match pair {
                Some(pair) => word(self.code, pair.child_by_field_name("value")?),
                None => Some(action.to_owned()),
            }
        };
        let (new, edit) = (name_of("new"), name_of("edit"));
        if new.is_none() || edit.is_none() {
            self.doubt(Why::Option, call.node);
        }
        let (new, edit) = (new.unwrap_or_default(), edit.unwrap_or_default());
        let shallow = self.shallow(call, place);
        for name in call.positional.clone() {
            let segment = match call.option("path") {
                Some(path) => self.path(path, wide),
                None => self.path(name, wide),
            };
            let collection = join(&place.at, &segment);
            let mut member = match single {
                true => collection.clone(),
                false => join(&collection, std::slice::from_ref(&parameter)),
            };
            if shallow && !single {
                member.clear();
                // Of the scopes around, those with a path of their own may or may not count.
                for top in [&place.top, &vec![String::new()]] {
                    member.extend(join(&join(top, &segment), std::slice::from_ref(&parameter)));
                }
                member.sort();
                member.dedup();
            }
            for action in &actions {
                let (method, paths) = match *action {
                    "index" => ("GET", collection.clone()),
                    "create" => ("POST", collection.clone()),
                    "new" => ("GET", join(&collection, std::slice::from_ref(&new))),
                    "show" => ("GET", member.clone()),
                    "edit" => ("GET", join(&member, std::slice::from_ref(&edit))),
                    "destroy" => ("DELETE", member.clone()),
                    _ => ("PATCH", member.clone()),
                };
                let methods: &[&str] = if method == "PATCH" { &["PATCH", "PUT"] } else { &[method] };
                for path in paths {
                    self.add(methods, &path, name);
                }
            }
            let nested = if wide { "*".to_owned() } else { "{parent}".to_owned() };
            let mut at = match single {
                true => collection.clone(),
                false => join(&collection, std::slice::from_ref(&nested)),
            };
            if shallow && !single {
                for top in [&place.top, &vec![String::new()]] {
                    at.extend(join(&join(top, &segment), std::slice::from_ref(&nested)));
                }
                at.sort();
                at.dedup();
            }
            let inner = Place { at, member, collection, top: place.top.clone(), shallow, wide };
            if let Some(names) = call.option("concerns") {
                self.concern(names, &inner, depth);
            }
            self.all(&call.body(), &inner, depth);
        }
    }
}
