//! Controllers: routes by attributes, and by the names of classes and methods.

use tree_sitter::Node;

use super::super::facts::{Expr, ObjectKind, ScopeId, Why};
use super::super::making::global;
use super::super::syntax::{children, span};
use super::pattern::{any_slash, as_path};
use super::values::File;
use super::{APP, CONVENTIONAL, FRAMEWORK};

/// What classes give to those that extend them.
const ROUTES: &str = "<routes>";
const PREFIX: &str = "<prefix>";

/// An attribute: its name without `Attribute`, its first argument, and the named one for a route.
struct Attribute<'a, 't> {
    name: &'a str,
    node: Node<'t>,
    arguments: Vec<Node<'t>>,
}

fn attributes<'a, 't>(file: &File<'a, '_>, node: Node<'t>) -> Vec<Attribute<'a, 't>> {
    let lists = children(node).into_iter().filter(|child| child.kind() == "attribute_list").flat_map(children);
    lists
        .filter(|attribute| attribute.kind() == "attribute")
        .map(|attribute| {
            let name = file.field(attribute, "name").rsplit('.').next().unwrap_or("");
            let name = name.split('<').next().unwrap_or("");
            let list = children(attribute).into_iter().find(|child| child.kind() == "attribute_argument_list");
            Attribute {
                name: name.strip_suffix("Attribute").unwrap_or(name),
                node: attribute,
                arguments: list.map(children).unwrap_or_default(),
            }
        })
        .collect()
}

/// The names of what a class extends.
fn supertypes<'a>(file: &File<'a, '_>, node: Node<'_>) -> Vec<&'a str> {
    let bases = children(node).into_iter().filter(|child| child.kind() == "base_list").flat_map(children);
    bases
        .map(|base| {
            let written = file.text(base).split(['<', '(']).next().unwrap_or("").trim();
            written.rsplit('.').next().unwrap_or(written)
        })
        .collect()
}

pub(super) fn read(file: &mut File<'_, '_>, nodes: &[Node<'_>]) {
    for node in nodes.iter().copied().filter(|node| matches!(node.kind(), "class_declaration" | "record_declaration")) {
        class(file, node);
    }
}

/// What replaces tokens: `[controller]`, `[action]`, `[area]`.
struct Tokens<'a> {
    controller: &'a str,
    area: Option<&'a str>,
}

impl Tokens<'_> {
    /// A template with its tokens replaced; in a class that others extend they are parameters.
    fn fill(&self, expr: Expr, action: Option<&str>) -> Expr {
        match expr {
            Expr::Text(text) => {
                let mut out = text.replace("[controller]", self.controller).replace("[Controller]", self.controller);
                out = out.replace("[area]", self.area.unwrap_or("{area}"));
                out = out.replace("[action]", action.unwrap_or("{action}"));
                Expr::Text(out.replace(['[', ']'], "").into())
            }
            Expr::Join(pieces) => Expr::Join(pieces.into_iter().map(|piece| self.fill(piece, action)).collect()),
            other => other,
        }
    }
}

fn class(file: &mut File<'_, '_>, node: Node<'_>) {
    const PLAIN: [&str; 4] = ["ControllerBase", "Controller", "ViewComponent", "PageModel"];
    let scope = file.scope(node);
    let name = file.field(node, "name");
    let known = attributes(file, node);
    let supers = supertypes(file, node);
    let is = |ending: &str| supers.iter().any(|class| class.ends_with(ending));
    let controller = name.ends_with("Controller")
        || known.iter().any(|one| matches!(one.name, "ApiController" | "Controller"))
        || is("Controller")
        || is("ControllerBase");
    if !controller || known.iter().any(|one| one.name == "NonController") {
        return;
    }
    // Its other parts may have the route of the class.
    if children(node).into_iter().any(|child| child.kind() == "modifier" && file.text(child) == "partial") {
        file.facts.doubt(Why::Prefix, span(node));
    }
    let text = file.text(node);
    let open = text.split('{').next().unwrap_or("").contains("abstract ")
        || text.split('{').next().unwrap_or("").contains('<') && node_is_generic(node);
    let own_name = name.strip_suffix("Controller").unwrap_or(name);
    let area = known
        .iter()
        .find(|one| one.name == "Area")
        .and_then(|one| one.arguments.first().copied())
        .map(|node| file.text(node).trim_matches('"'));
    let tokens = Tokens { controller: if open { "{controller}" } else { own_name }, area };
    let inherits: Vec<Expr> = supers
        .iter()
        .filter(|class| !PLAIN.contains(class) && !is_interface(class))
        .map(|class| Expr::Name(scope, (*class).into()))
        .collect();
    let inherited = |what: &str| inherits.iter().map(|class| Expr::Member(Box::new(class.clone()), what.into())).collect::<Vec<_>>();
    let mut own: Vec<Expr> = Vec::new();
    let mut inheritable: Vec<Expr> = Vec::new();
    for route in known.iter().filter(|one| one.name == "Route") {
        let template = template(file, route, scope);
        own.push(as_path(tokens.fill(template.clone(), None)));
        inheritable.push(as_path(Tokens { controller: "{controller}", area: None }.fill(template, None)));
    }
    // With `[action]` in the route of the class, each action fills it in by itself.
    let prefix = match (own.is_empty(), inherits.is_empty()) {
        (false, _) => Expr::List(own.clone()),
        (true, true) => Expr::text(""),
        (true, false) => Expr::List(inherited(PREFIX)),
    };
    let routed = !own.is_empty();
    let actions = actions(file, node, scope, &tokens, routed, !inherits.is_empty());
    let mut routes = vec![Expr::Other];
    routes.extend(actions);
    routes.extend(inherited(ROUTES));
    let routes = Expr::List(routes);
    file.facts.bind(scope, ROUTES, routes.clone());
    file.facts.bind(scope, PREFIX, if routed { Expr::List(inheritable) } else { prefix.clone() });
    if !open {
        file.facts.add_mount(global(APP), prefix, routes, span(node));
    }
    if known.iter().any(|one| one.name.ends_with("Route") && one.name != "Route" || one.name.starts_with("OData")) {
        file.facts.doubt(Why::Computed, span(node));
    }
}

fn node_is_generic(node: Node<'_>) -> bool {
    children(node).iter().any(|child| child.kind() == "type_parameter_list")
}

/// Interfaces give no routes.
fn is_interface(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase)
}

/// The template of an attribute; an empty text where it has none.
fn template(file: &mut File<'_, '_>, attribute: &Attribute<'_, '_>, scope: ScopeId) -> Expr {
    match written(file, attribute) {
        Some(node) => file.value(node, scope),
        None => Expr::text(""),
    }
}

fn written<'t>(file: &File<'_, '_>, attribute: &Attribute<'_, 't>) -> Option<Node<'t>> {
    let verbs = attribute.name == "AcceptVerbs";
    attribute.arguments.iter().find_map(|argument| {
        let value = children(*argument).pop()?;
        if value.kind() == "assignment_expression" {
            let named = matches!(file.field(value, "left"), "Route" | "Template");
            return named.then(|| value.child_by_field_name("right"))?;
        }
        let name = file.field(*argument, "name");
        let text = file.text(*argument);
        if text.starts_with("Name") || text.starts_with("Order") {
            return None;
        }
        if verbs {
            return text.starts_with("Route").then_some(value);
        }
        (name.is_empty() || name == "template").then_some(value)
    })
}

/// A router with the actions of a class; absolute ones and those without a route stand elsewhere.
fn actions(file: &mut File<'_, '_>, node: Node<'_>, scope: ScopeId, tokens: &Tokens<'_>, routed: bool, extends: bool) -> Option<Expr> {
    let body = node.child_by_field_name("body")?;
    let mut router = None;
    for method in children(body).into_iter().filter(|member| member.kind() == "method_declaration") {
        let modifiers: Vec<&str> =
            children(method).into_iter().filter(|child| child.kind() == "modifier").map(|child| file.text(child)).collect();
        if !modifiers.contains(&"public") || modifiers.contains(&"static") {
            continue;
        }
        let known = attributes(file, method);
        if known.iter().any(|one| one.name == "NonAction") {
            continue;
        }
        let name = file.field(method, "name");
        let renamed = known.iter().find(|one| one.name == "ActionName").and_then(|one| one.arguments.first().copied());
        let name = renamed.map_or(name, |node| file.text(node).trim_matches('"'));
        let mut names = vec![name];
        names.extend(name.strip_suffix("Async"));
        let mut methods: Vec<&str> = Vec::new();
        let mut templates: Vec<(Expr, Node<'_>)> = Vec::new();
        for one in &known {
            let verb = match one.name {
                "HttpGet" => "GET",
                "HttpPost" => "POST",
                "HttpPut" => "PUT",
                "HttpDelete" => "DELETE",
                "HttpPatch" => "PATCH",
                "HttpHead" => "HEAD",
                "HttpOptions" => "OPTIONS",
                "Route" | "AcceptVerbs" => "",
                name if name.starts_with("Http") => {
                    file.facts.doubt(Why::Computed, span(one.node));
                    continue;
                }
                _ => continue,
            };
            methods.extend((!verb.is_empty()).then_some(verb));
            if let Some(place) = written(file, one) {
                templates.push((file.value(place, scope), place));
            }
        }
        if known.iter().any(|one| one.name == "AcceptVerbs") {
            methods.clear();
        }
        if templates.is_empty() && (routed || extends) {
            templates.push((Expr::text(""), method.child_by_field_name("name").unwrap_or(method)));
        }
        if !routed && templates.iter().all(|(template, _)| template.as_text() == Some("")) {
            by_name(file, method, tokens, &names, &methods);
        }
        for (template, place) in templates {
            for name in &names {
                let filled = tokens.fill(template.clone(), Some(name));
                let absolute = filled.as_text().is_some_and(|text| text.starts_with(['/', '~']));
                let on = match absolute {
                    true => global(APP),
                    false => router
                        .get_or_insert_with(|| file.facts.add_object(ObjectKind::Router, FRAMEWORK, Expr::text(""), true, span(node)))
                        .clone(),
                };
                // One that may be absolute, too.
                if !matches!(filled, Expr::Text(_)) {
                    file.facts.add_route(global(APP), &methods, any_slash(as_path(filled.clone())), span(place));
                }
                file.facts.add_route(on, &methods, any_slash(as_path(filled)), span(place));
            }
        }
    }
    router
}

/// An action by the names of its controller and method.
fn by_name(file: &mut File<'_, '_>, method: Node<'_>, tokens: &Tokens<'_>, names: &[&str], methods: &[&str]) {
    let place = span(method.child_by_field_name("name").unwrap_or(method));
    let controller = tokens.controller;
    let area = tokens.area.map(|area| format!("/{area}")).unwrap_or_default();
    for name in names {
        let mut paths = vec![format!("{area}/{controller}/{name}"), format!("{area}/{controller}/{name}/{{id}}")];
        if *name == "Index" {
            paths.push(format!("{area}/{controller}"));
            if controller == "Home" || controller == "{controller}" {
                paths.push(area.clone());
            }
        }
        for path in paths {
            file.facts.add_route(global(CONVENTIONAL), methods, any_slash(Expr::text(&path)), place);
        }
    }
}
