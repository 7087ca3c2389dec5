//! `config.ru`: which applications are run where.

use tree_sitter::Node;

use super::super::facts::{Expr, Facts, ObjectKind, Why};
use super::super::making::global;
use super::super::syntax::{children, nodes, span, text};
use super::code::{Call, constant, word};
use crate::text::Span;

/// How deep `map` may be nested.
const DEPTH: u32 = 16;

/// Middleware of Rack that lets everything pass.
const HARMLESS: [&str; 33] = [
    "CommonLogger",
    "ShowExceptions",
    "ShowStatus",
    "Reloader",
    "Lint",
    "Head",
    "ETag",
    "ConditionalGet",
    "ContentLength",
    "ContentType",
    "Deflater",
    "Runtime",
    "MethodOverride",
    "Cookie",
    "Pool",
    "Memcache",
    "Session",
    "Cors",
    "Attack",
    "Protection",
    "Timeout",
    "Logger",
    "NullLogger",
    "Sendfile",
    "Chunked",
    "Lock",
    "TempfileReaper",
    "ConnectionManagement",
    "QueryCache",
    "Unreloader",
    "Parser",
    "JSONBodyParser",
    "PostBodyContentTypeParser",
];

pub(super) fn read(code: &str, root: Node<'_>, facts: &mut Facts) {
    let runs =
        |node: Node<'_>| Call::new(code, node).filter(|call| call.name == "run").and_then(|call| class(code, *call.positional.first()?));
    let ours = nodes(root).into_iter().filter_map(runs).any(|name| !matches!(name, "Application" | "Rails"));
    let framework = if ours { "Sinatra" } else { "Rack" };
    let app = facts.add_object(ObjectKind::App, framework, Expr::text(""), false, Span::at(0));
    all(code, &children(root), &app, "", None, facts, DEPTH);
}

fn all<'t>(code: &str, statements: &[Node<'t>], app: &Expr, prefix: &str, outer: Option<Node<'t>>, facts: &mut Facts, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else { return facts.doubt(Why::Computed, Span::at(0)) };
    let own =
        statements.iter().copied().find(|node| Call::new(code, *node).is_some_and(|call| call.name == "run" && call.receiver.is_none()));
    // A map that runs nothing by itself runs what stands around it.
    if own.is_none()
        && let Some(call) = outer.and_then(|node| Call::new(code, node))
    {
        run(code, &call, app, prefix, facts);
    }
    let outer = own.or(outer);
    for statement in statements {
        let inside = match statement.kind() {
            "if" | "unless" | "elsif" => {
                let branches = ["consequence", "alternative"].map(|field| statement.child_by_field_name(field));
                let inner: Vec<Node<'_>> = branches.into_iter().flatten().flat_map(children).collect();
                all(code, &inner, app, prefix, None, facts, depth);
                continue;
            }
            "if_modifier" | "unless_modifier" => statement.child_by_field_name("body"),
            _ => Some(*statement),
        };
        let Some(call) = inside.and_then(|node| Call::new(code, node)) else {
            if matches!(statement.kind(), "for" | "while" | "case") {
                facts.doubt(Why::Computed, span(*statement));
            }
            continue;
        };
        match call.name {
            "run" if call.receiver.is_none() => run(code, &call, app, prefix, facts),
            "map" if call.receiver.is_none() => match call.positional.first().and_then(|path| word(code, *path)) {
                Some(path) => all(code, &call.body(), app, &format!("{prefix}/{}", path.trim_matches('/')), outer, facts, depth),
                None => facts.doubt(Why::Prefix, span(call.node)),
            },
            "use" if call.receiver.is_none() => used(code, &call, app, prefix, facts),
            "each" | "times" | "instance_eval" | "class_eval" => facts.doubt(Why::Computed, span(call.node)),
            _ => {}
        }
    }
}

/// The class behind `App`, `App.new`, `App.freeze.app`.
fn class<'a>(code: &'a str, node: Node<'_>) -> Option<&'a str> {
    let mut at = node;
    for _ in 0..4 {
        if let Some(name) = constant(code, at) {
            return Some(name);
        }
        let call = Call::new(code, at)?;
        if !matches!(call.name, "new" | "app" | "freeze" | "application") {
            return None;
        }
        at = call.receiver?;
    }
    None
}

fn run(code: &str, call: &Call<'_, '_>, app: &Expr, prefix: &str, facts: &mut Facts) {
    let Some(what) = call.positional.first() else { return facts.doubt(Why::Mounted, span(call.node)) };
    let written = text(code, *what);
    if written == "Rails.application" || written.ends_with("::Application") && !written.starts_with("Sinatra") {
        if !prefix.trim_matches('/').is_empty() {
            facts.doubt(Why::Prefix, span(call.node));
        }
        return;
    }
    // Of a library, or written here: below a path it may have anything there.
    let ours = class(code, *what).filter(|_| !written.starts_with("Rack::") && !written.contains("::Web"));
    match ours {
        Some(name) => facts.add_mount(app.clone(), Expr::text(prefix), global(name), span(call.node)),
        None if prefix.trim_matches('/').is_empty() => facts.doubt(Why::Mounted, span(call.node)),
        None => {
            for path in [prefix.to_owned(), format!("{prefix}/*")] {
                facts.add_route(app.clone(), &[], Expr::Text(path.into()), span(call.node));
            }
        }
    }
}

/// A middleware: known to be harmless, or one of the applications.
pub(super) fn used(code: &str, call: &Call<'_, '_>, app: &Expr, prefix: &str, facts: &mut Facts) {
    let Some(what) = call.positional.first() else { return };
    let written = text(code, *what);
    let Some(name) = constant(code, *what) else { return facts.doubt(Why::Middleware, span(call.node)) };
    let harmless = HARMLESS.contains(&name)
        || written.starts_with("Rack::Session")
        || written.starts_with("Rack::Protection")
        || written.starts_with("Rack::Auth");
    if harmless {
        return;
    }
    if written.starts_with("Rack::") {
        return facts.doubt(Why::Middleware, span(call.node));
    }
    facts.add_mount(app.clone(), Expr::text(prefix), global(name), span(call.node));
}
