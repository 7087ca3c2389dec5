//! Controllers: `@RequestMapping` and its kin, on classes, methods, and what they inherit them from.

use tree_sitter::Node;

use super::super::facts::{Expr, ObjectKind, ScopeId, Why};
use super::super::making::global;
use super::super::syntax::{children, span};
use super::values::{File, is_class};
use super::{ADDED_PREFIX, APP, SLASH};

/// What classes give to those that extend or implement them.
const ROUTES: &str = "<routes>";
const PREFIX: &str = "<prefix>";

/// An annotation: its name, and its arguments by name; an argument without one is `value`.
pub(super) struct Annotation<'a, 't> {
    pub(super) name: &'a str,
    pub(super) node: Node<'t>,
    arguments: Vec<(&'a str, Node<'t>)>,
}

impl<'t> Annotation<'_, 't> {
    /// The first of these arguments that is there.
    pub(super) fn argument(&self, names: &[&str]) -> Option<Node<'t>> {
        self.arguments.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| *value)
    }
}

/// The annotations of a declaration.
pub(super) fn annotations<'a, 't>(file: &File<'a, '_>, node: Node<'t>) -> Vec<Annotation<'a, 't>> {
    let modifiers = children(node).into_iter().find(|child| child.kind() == "modifiers");
    let direct = children(node).into_iter().filter(|child| child.kind().ends_with("annotation"));
    let all = modifiers.into_iter().flat_map(children).chain(direct);
    all.filter(|node| matches!(node.kind(), "annotation" | "marker_annotation"))
        .map(|node| {
            let name = file.field(node, "name");
            let arguments = node.child_by_field_name("arguments").map(children).unwrap_or_default();
            let arguments = arguments
                .into_iter()
                .filter_map(|argument| match argument.kind() {
                    "element_value_pair" => Some((file.field(argument, "key"), argument.child_by_field_name("value")?)),
                    _ => Some(("value", argument)),
                })
                .collect();
            Annotation { name: name.rsplit('.').next().unwrap_or(name), node, arguments }
        })
        .collect()
}

/// The methods of a mapping annotation; `None` for any other annotation.
fn mapping<'a>(annotation: &Annotation<'a, '_>, file: &File<'a, '_>) -> Option<Vec<&'static str>> {
    Some(match annotation.name {
        "GetMapping" => vec!["GET"],
        "PostMapping" => vec!["POST"],
        "PutMapping" => vec!["PUT"],
        "DeleteMapping" => vec!["DELETE"],
        "PatchMapping" => vec!["PATCH"],
        "RequestMapping" => {
            let written = annotation.argument(&["method"]).map_or("", |node| file.text(node));
            ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"]
                .into_iter()
                .filter(|name| written.contains(name))
                .collect()
        }
        _ => return None,
    })
}

/// The paths of a mapping; nothing where it has none.
fn paths(annotation: &Annotation<'_, '_>, file: &File<'_, '_>, scope: ScopeId) -> Option<Expr> {
    annotation.argument(&["value", "path"]).map(|node| file.path(node, scope))
}

/// The names of the classes and interfaces that a class extends and implements, without type parameters.
pub(super) fn supertypes<'a>(file: &File<'a, '_>, node: Node<'_>) -> Vec<&'a str> {
    let mut out = Vec::new();
    let lists = children(node).into_iter().filter(|child| matches!(child.kind(), "superclass" | "super_interfaces" | "extends_interfaces"));
    for list in lists {
        for item in children(list) {
            let types = if item.kind() == "type_list" { children(item) } else { vec![item] };
            for one in types {
                let written = file.text(one).split('<').next().unwrap_or("").trim();
                out.push(written.rsplit('.').next().unwrap_or(written));
            }
        }
    }
    out
}

pub(super) fn read(file: &mut File<'_, '_>, nodes: &[Node<'_>]) {
    let library = library_types(file, nodes);
    brought_in(file, nodes);
    for node in nodes.iter().copied().filter(|node| is_class(*node)) {
        if node.kind() == "annotation_type_declaration" {
            let known = annotations(file, node);
            if known.iter().any(|one| one.name.ends_with("Mapping") || one.name.ends_with("Controller")) {
                file.facts.doubt(Why::Computed, span(node));
            }
        } else {
            class(file, node, &library);
        }
    }
}

/// Other people's classes that this file makes beans of: `@Import`, `@EnableX`, scanned packages, methods with `@Bean`.
fn brought_in(file: &mut File<'_, '_>, nodes: &[Node<'_>]) {
    const SPRING: [&str; 3] = ["org.springframework.", "java.", "jakarta."];
    let two = |path: &str| path.split('.').take(2).collect::<Vec<_>>().join(".");
    let written = |node: &Node<'_>| {
        let text = file.text(*node);
        text.trim_start_matches("package").trim_start_matches("import").trim().trim_end_matches(';').trim().to_owned()
    };
    let package = nodes.iter().find(|node| node.kind() == "package_declaration").map(written).unwrap_or_default();
    let people = two(&package);
    let imports: Vec<String> = nodes.iter().filter(|node| node.kind() == "import_declaration").map(written).collect();
    let foreign = |name: &str| {
        let import = imports.iter().find(|path| path.rsplit('.').next() == Some(name));
        import.is_some_and(|path| two(path) != people && !SPRING.iter().any(|known| path.starts_with(known)))
    };
    let mut found = Vec::new();
    for node in nodes.iter().copied().filter(|node| is_class(*node) || node.kind() == "method_declaration") {
        for annotation in annotations(file, node) {
            let words: Vec<&str> = file.text(annotation.node).split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').collect();
            let brings = match annotation.name {
                name if name.starts_with("Enable") => foreign(name),
                "Import" => words.iter().filter_map(|word| word.strip_suffix(".class")).any(foreign),
                "ComponentScan" | "SpringBootApplication" | "ControllerScan" => {
                    words.iter().any(|word| match word.strip_suffix(".class") {
                        Some(name) => foreign(name),
                        None => word.contains('.') && !people.is_empty() && !two(word).starts_with(&people) && !people.starts_with(*word),
                    })
                }
                "Bean" => {
                    let of = file.field(node, "type").split('<').next().unwrap_or("");
                    ["Controller", "Endpoint", "Servlet", "Resource"].iter().any(|end| of.ends_with(end)) && foreign(of)
                }
                _ => false,
            };
            if brings {
                found.push(span(annotation.node));
            }
        }
    }
    for place in found {
        file.facts.doubt(Why::Extension, place);
    }
}

/// Names that are imported from libraries without routes of their own.
fn library_types<'a>(file: &File<'a, '_>, nodes: &[Node<'_>]) -> Vec<&'a str> {
    const HARMLESS: [&str; 12] = [
        "java.",
        "javax.",
        "jakarta.",
        "org.springframework.",
        "lombok.",
        "org.slf4j.",
        "com.fasterxml.",
        "io.swagger.",
        "org.mapstruct.",
        "io.micrometer.",
        "org.hibernate.",
        "reactor.",
    ];
    let imports = nodes.iter().filter(|node| node.kind() == "import_declaration").map(|node| file.text(*node));
    imports
        .filter_map(|written| {
            let path = written.strip_prefix("import")?.trim().trim_end_matches(';').trim();
            HARMLESS.iter().any(|known| path.starts_with(known)).then(|| path.rsplit('.').next())?
        })
        .collect()
}

fn class(file: &mut File<'_, '_>, node: Node<'_>, library: &[&str]) {
    const JAVA_LANG: [&str; 8] =
        ["Object", "Comparable", "Runnable", "Iterable", "AutoCloseable", "Cloneable", "Exception", "RuntimeException"];
    let scope = file.scope(node);
    let known = annotations(file, node);
    let supers: Vec<Expr> = supertypes(file, node)
        .into_iter()
        .filter(|name| !library.contains(name) && !JAVA_LANG.contains(name))
        .map(|name| Expr::Name(scope, name.into()))
        .collect();
    let inherited = |what: &str| supers.iter().map(move |class| Expr::Member(Box::new(class.clone()), what.into())).collect::<Vec<_>>();
    let own = own_routes(file, node, scope);
    let mapped = known.iter().find(|one| one.name == "RequestMapping");
    let prefix = match mapped {
        Some(mapped) => paths(mapped, file, scope).unwrap_or(Expr::text("")),
        None if supers.is_empty() => Expr::text(""),
        None => Expr::List(inherited(PREFIX)),
    };
    let mut routes = vec![Expr::Other];
    routes.extend(own);
    routes.extend(inherited(ROUTES));
    let routes = Expr::List(routes);
    file.facts.bind(scope, ROUTES, routes.clone());
    file.facts.bind(scope, PREFIX, prefix.clone());
    if known.iter().any(|one| matches!(one.name, "SpringBootApplication" | "EnableAutoConfiguration" | "SpringCloudApplication")) {
        let app = file.facts.add_object(ObjectKind::App, "Spring", global("<spring prefix>"), false, span(node));
        file.facts.bind(ScopeId::FILE, APP, app);
    }
    // A custom annotation may be a controller's; where it is declared here, that is open already.
    let is = |name: &str| name.ends_with("Controller");
    if known.iter().any(|one| matches!(one.name, "BasePathAwareController" | "RepositoryRestController")) {
        file.facts.doubt(Why::Extension, span(node));
    }
    let client = known.iter().any(|one| one.name == "FeignClient");
    if !client && node.kind() != "interface_declaration" && (mapped.is_some() || known.iter().any(|one| is(one.name))) {
        if known.iter().any(|one| is(one.name) && !matches!(one.name, "Controller" | "RestController")) {
            file.facts.doubt(Why::Computed, span(node));
        }
        let prefix = Expr::Join(vec![global(ADDED_PREFIX), Expr::text("/"), prefix]);
        file.facts.add_mount(global(APP), prefix, routes, span(node));
    }
}

/// A router with the routes of the methods of a class.
fn own_routes(file: &mut File<'_, '_>, node: Node<'_>, scope: ScopeId) -> Option<Expr> {
    let body = node.child_by_field_name("body")?;
    let mut router = None;
    let direct = children(body).into_iter().flat_map(|member| match member.kind() {
        "enum_body_declarations" => children(member),
        _ => vec![member],
    });
    for method in direct.filter(|member| member.kind() == "method_declaration") {
        for annotation in annotations(file, method) {
            if annotation.name.ends_with("Exchange") {
                file.facts.doubt(Why::Option, span(annotation.node));
            }
            let Some(methods) = mapping(&annotation, file) else { continue };
            let on = router
                .get_or_insert_with(|| file.facts.add_object(ObjectKind::Router, "Spring", Expr::text(""), false, span(node)))
                .clone();
            let place = annotation.argument(&["value", "path"]).unwrap_or(annotation.node);
            let path = paths(&annotation, file, scope).unwrap_or(Expr::text(""));
            file.facts.add_route(on, &methods, Expr::Join(vec![path, global(SLASH)]), span(place));
        }
    }
    router
}
