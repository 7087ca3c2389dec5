//! What follows from the folder of an application in PHP.

use std::path::{Component, Path, PathBuf};

use rustc_hash::FxHashSet;

use super::super::Tree;
use super::super::facts::{Expr, Facts, ObjectKind, Why};
use super::super::making::{filled_by_build, has_any};
use super::laravel::{self, Group, Loaded};
use super::packages;
use crate::text::Span;

/// How many files of routes are read, the same one below several prefixes counted again.
const MOST: usize = 400;

pub(super) fn folder(tree: &Tree<'_>) -> Vec<(PathBuf, Facts)> {
    let mut out = Vec::new();
    let mut roots: Vec<&Path> = Vec::new();
    for composer in tree.named("composer.json") {
        let Some(text) = tree.text(composer) else { continue };
        let root = composer.parent().unwrap_or(Path::new(""));
        if text.contains("laravel/framework") && !text.contains("laravel/lumen") {
            roots.push(root);
            application(tree, root, composer, &text, &mut out);
        }
    }
    // Anything else in PHP may serve whatever its files say.
    let other = tree.files.iter().find(|path| {
        let php = path.extension().is_some_and(|extension| extension == "php" || extension == "phtml");
        php && !roots.iter().any(|root| path.starts_with(root))
    });
    if let Some(path) = other {
        let mut facts = Facts::default();
        facts.doubt(Why::Option, Span::at(0));
        out.push((path.clone(), facts));
    }
    out
}

fn application(tree: &Tree<'_>, root: &Path, composer: &Path, text: &str, out: &mut Vec<(PathBuf, Facts)>) {
    let mut facts = Facts::default();
    let app = facts.add_object(ObjectKind::App, "Laravel", Expr::text(""), false, Span::at(0));
    packages::read(text, &mut facts, &app);
    for path in
        ["/index.php", "/index.php/*", "/storage/*", "/broadcasting/auth", "/broadcasting/user-auth", "/build/*", "/_ignition/*", "/hot"]
    {
        facts.add_implied(app.clone(), path, Span::at(0));
    }
    let mut wanted: Vec<(PathBuf, Group)> = Vec::new();
    let mut loads = false;
    for path in tree.below(root).filter(|path| path.extension().is_some_and(|extension| extension == "php")) {
        let inside = path.strip_prefix(root).unwrap_or(path);
        if has_component(inside, &["vendor", "routes", "database", "lang", "resources", "config", "storage", "tests"]) {
            continue;
        }
        let Some(code) = tree.text(path) else { continue };
        handlers(&code, path, out);
        if has_any(&code, &["withRouting", "Route::", "loadRoutesFrom", "$router->", "base_path('routes", "base_path(\"routes"]) {
            let (found, loaded) = laravel::read(&code, &Group::default());
            loads |= !loaded.is_empty();
            want(tree, root, path, loaded, &mut wanted, &mut facts);
            out.push((path.to_path_buf(), found));
        }
        if has_any(&code, &["['router']", "app('router')", "app(\"router\")", "Facades\\Route as", "Spatie\\RouteAttributes", "Folio::"]) {
            facts.doubt(Why::Computed, Span::at(0));
        }
    }
    // Nobody is seen to load the routes.
    if !loads {
        facts.doubt(Why::Option, Span::at(0));
    }
    let mut done: FxHashSet<(PathBuf, String)> = FxHashSet::default();
    while let Some((path, group)) = wanted.pop() {
        if !done.insert((path.clone(), group.prefix.clone())) {
            continue;
        }
        let Some(code) = tree.text(&path).filter(|_| done.len() <= MOST) else {
            facts.doubt(Why::Mounted, Span::at(0));
            continue;
        };
        let (found, loaded) = laravel::read(&code, &group);
        want(tree, root, &path, loaded, &mut wanted, &mut facts);
        out.push((path, found));
    }
    files(tree, root, &app, &mut facts);
    out.push((composer.to_path_buf(), facts));
}

fn has_component(path: &Path, names: &[&str]) -> bool {
    path.iter().filter_map(|part| part.to_str()).any(|part| names.contains(&part))
}

/// Finds the files that one loads.
fn want(tree: &Tree<'_>, root: &Path, from: &Path, loaded: Vec<Loaded>, wanted: &mut Vec<(PathBuf, Group)>, facts: &mut Facts) {
    for (name, group) in loaded {
        let name = name.trim_start_matches('/');
        let beside = from.parent().unwrap_or(Path::new("")).join(name);
        let places = [plain(&beside), plain(&root.join(name)), plain(&root.join("routes").join(name))];
        match places.into_iter().flatten().find(|path| tree.has(path)) {
            Some(path) if has_component(&path, &["vendor"]) => {}
            Some(path) => wanted.push((path, group)),
            // `vendor/autoload.php` and the like are not here.
            None if has_any(name, &["vendor/", "autoload", "maintenance.php", "storage/", "bootstrap/"]) => {}
            None => facts.doubt(Why::Mounted, Span::at(0)),
        }
    }
}

fn plain(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop().then_some(())?;
            }
            Component::Normal(name) => out.push(name),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(out)
}

/// What may answer where no route does: the handler of exceptions, and middleware for all requests.
fn handlers(code: &str, path: &Path, out: &mut Vec<(PathBuf, Facts)>) {
    const USUAL: &[&str] = &[
        "TrustProxies",
        "TrustHosts",
        "HandleCors",
        "PreventRequestsDuringMaintenance",
        "CheckForMaintenanceMode",
        "ValidatePostSize",
        "TrimStrings",
        "ConvertEmptyStringsToNull",
        "InvokeDeferredCallbacks",
        "ValidatePathEncoding",
    ];
    let mut why = None;
    if code.contains("extends ExceptionHandler")
        && has_any(code, &["NotFoundHttpException", "isHttpException", "404"])
        && has_any(code, &["redirect", "view(", "200", "file("])
    {
        why = Some(Why::Fallback);
    }
    if code.contains("extends HttpKernel") {
        let list = code.split_once("$middleware =").and_then(|(_, rest)| rest.split_once(';')).map_or("", |(list, _)| list);
        let classes = list.lines().map(str::trim).filter(|line| line.contains("::class") && !line.starts_with("//"));
        if classes.into_iter().any(|line| !has_any(line, USUAL)) {
            why = Some(Why::Middleware);
        }
    }
    if has_any(code, &["pushMiddleware(", "prependMiddleware("]) {
        why = Some(Why::Middleware);
    }
    if let Some(why) = why {
        let mut facts = Facts::default();
        facts.doubt(why, Span::at(0));
        out.push((path.to_path_buf(), facts));
    }
}

/// Files of `public`, by their names.
fn files(tree: &Tree<'_>, root: &Path, app: &Expr, facts: &mut Facts) {
    let public = root.join("public");
    if filled_by_build(tree, &["public"]) {
        facts.doubt(Why::Computed, Span::at(0));
    }
    for path in tree.below(&public) {
        let Some(inside) = path.strip_prefix(&public).ok().and_then(Path::to_str) else { continue };
        let name = inside.replace('\\', "/").replace(['{', '}', '*'], "{x}");
        facts.add_route(app.clone(), &["GET"], Expr::Text(format!("/{name}").into()), Span::at(0));
        if let Some(folder) = name.strip_suffix("index.html") {
            facts.add_route(app.clone(), &["GET"], Expr::Text(format!("/{folder}").into()), Span::at(0));
        }
        // Another program.
        if name.ends_with(".php") && name != "index.php" {
            facts.add_route(app.clone(), &[], Expr::Text(format!("/{name}/*").into()), Span::at(0));
        }
    }
}
