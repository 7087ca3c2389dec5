//! Rocket.

use tree_sitter::Node;

use super::super::facts::{Call, Expr, Handled, ObjectKind, ScopeId, Why};
use super::super::syntax::{children, span};
use super::reader::{DEPTH, Method, Reader};

/// Methods of `Rocket` that give it back.
pub(super) const BUILDERS: &[&str] = &["mount", "register", "attach", "manage", "configure", "ignite", "launch"];

/// True when a file is of an application of Rocket.
pub(super) fn is_rocket(reader: &Reader<'_>) -> bool {
    let names = |root: &str| reader.imports.values().any(|path| path.split("::").next() == Some(root));
    names("rocket") || reader.code.contains("rocket::") || !names("actix_web") && !reader.code.contains("actix_web")
}

/// `rocket::build()`.
pub(super) fn made<'t>(reader: &mut Reader<'t>, node: Node<'t>, path: &str) -> Option<Expr> {
    let makers = ["rocket::build", "rocket::custom", "rocket::ignite", "Rocket::build", "Rocket::custom", "rocket::Rocket::build"];
    makers.contains(&path).then(|| reader.object(node, ObjectKind::App, "Rocket", Expr::text("")))
}

/// `/users/<id>` and `/files/<path..>`; a slash more or less at the end does not matter in some versions.
pub(super) fn patterns(written: &str) -> Vec<String> {
    let path = written.split('?').next().unwrap_or(written);
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('<') {
        out.push_str(rest.get(..open).unwrap_or(""));
        let Some(close) = rest.find('>').filter(|close| *close > open) else {
            out.push('*');
            return vec![out];
        };
        if rest.get(open..close).is_some_and(|name| name.ends_with("..")) {
            out.push('*');
            return match out.strip_suffix("/*") {
                Some(front) => vec![front.to_owned(), out.clone()],
                None => vec![out],
            };
        }
        out.push_str("{x}");
        rest = rest.get(close + 1..).unwrap_or("");
    }
    out.push_str(rest);
    match out.strip_suffix('/') {
        Some(front) => vec![out.clone(), front.to_owned()],
        None => vec![out.clone(), format!("{out}/")],
    }
}

/// `routes![users::list, users::one]`.
pub(super) fn listed(reader: &mut Reader<'_>, tokens: Node<'_>) -> Expr {
    let inside = reader.text(tokens);
    let inside = inside.get(1..inside.len().saturating_sub(1)).unwrap_or("");
    let without_comments: String = inside.lines().map(|line| line.split("//").next().unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let names = without_comments.split(',').map(str::trim).filter(|name| !name.is_empty());
    Expr::List(
        names
            .map(|name| match name.contains("::") {
                true => reader.path(name),
                false => Expr::Name(ScopeId::FILE, name.into()),
            })
            .collect(),
    )
}

/// Notes what a method registers; false for any other method.
pub(super) fn method<'t>(reader: &mut Reader<'t>, method: &Method<'t>) -> bool {
    if !reader.code.contains("rocket") {
        return false;
    }
    let scope = method.scope;
    match (method.name, method.arguments.as_slice()) {
        ("mount", [path, routes]) => {
            let on = reader.expr(method.value, scope, DEPTH);
            let prefixes = reader.paths(*path, scope, |path| vec![path.trim_end_matches('/').to_owned()]);
            let files = matches!(routes.kind(), "call_expression") && {
                let written = reader.text(*routes);
                written.contains("FileServer") || written.contains("StaticFiles")
            };
            let what = if files { Expr::Unknown } else { reader.expr(*routes, scope, DEPTH) };
            for prefix in prefixes {
                if files {
                    let whole = vec![prefix.clone(), Expr::Join(vec![prefix.clone(), Expr::text("/*")])];
                    reader.facts.handled.push(Handled {
                        on: on.clone(),
                        what: what.clone(),
                        prefix,
                        within: None,
                        whole,
                        span: span(*path),
                    });
                } else {
                    reader.mount(on.clone(), prefix, what.clone(), *path, true);
                }
            }
        }
        ("attach", [fairing]) => attached(reader, method, *fairing),
        ("register" | "manage", _) => {}
        _ => return false,
    }
    true
}

/// A fairing: one of the application's own may mount more; one of another crate may do anything.
fn attached<'t>(reader: &mut Reader<'t>, method: &Method<'t>, fairing: Node<'t>) {
    let scope = method.scope;
    let known = ["rocket", "rocket_dyn_templates", "rocket_db_pools", "rocket_sync_db_pools", "rocket_cors", "rocket_contrib"];
    let function = reader.field(fairing, "function").map_or("", |function| reader.text(function));
    if function.ends_with("AdHoc::on_ignite") || function.ends_with("AdHoc::try_on_ignite") {
        if let Some(last) = reader.arguments(fairing).last().copied() {
            let on = reader.expr(method.value, scope, DEPTH);
            let function = reader.expr(last, scope, DEPTH);
            reader.facts.calls.push(Call { function, arguments: vec![on] });
        }
        return;
    }
    if function.ends_with("AdHoc::on_request") || function.ends_with("AdHoc::on_response") {
        reader.open(Why::Middleware, fairing);
        return;
    }
    let path = if function.is_empty() { reader.text(fairing) } else { function };
    if reader.is_of(path, &known) {
        return;
    }
    // Of a type of the application: a connection to a database, as a rule.
    if path.ends_with("::init") || path.ends_with("::fairing") {
        let first = path.split("::").next().unwrap_or("");
        let imported = reader.imports.get(first).map_or(first, String::as_str);
        let own = reader.types.contains_key(first)
            || matches!(imported.split("::").next(), Some("crate" | "self" | "super"))
            || reader.code.contains(&format!("mod {}", imported.split("::").next().unwrap_or("")));
        if !own {
            reader.open(Why::Extension, fairing);
        }
        return;
    }
    // What a function or type of the application is; one of another crate is not known.
    let on = reader.expr(method.value, scope, DEPTH);
    let what = if function.is_empty() { reader.expr(fairing, scope, DEPTH) } else { reader.path(function) };
    reader.mount(on, Expr::text(""), what, fairing, false);
}

/// `#[catch(404)]`: an answer with that status, unless it says another one.
pub(super) fn catcher<'t>(reader: &mut Reader<'t>, function: Node<'t>, attributes: &[Node<'t>]) {
    let catches = |item: &&Node<'t>| {
        let name =
            children(**item).first().and_then(|attribute| children(*attribute).first().copied()).map_or("", |path| reader.text(path));
        name.rsplit("::").next() == Some("catch")
    };
    let Some(item) = attributes.iter().find(catches).copied() else { return };
    let written = reader.text(function);
    if ["Redirect", "Status::Ok", "status::Accepted", "status::Created", "Status::Found"].iter().any(|word| written.contains(word)) {
        reader.open(Why::Fallback, item);
    }
}
