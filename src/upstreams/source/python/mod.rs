//! Python: FastAPI and Starlette, Flask with its extensions for APIs, Django with its REST framework.

mod django;
mod expressions;
mod flask;
mod guards;
mod libraries;
mod module;
mod names;
mod paths;
mod reader;
mod registered;
mod rest;
mod skim;
mod starlette;

use std::path::Path;

use super::Language;
use super::facts::{Facts, Open, Why};
use super::making::has_any;
use super::syntax::{parse, span};
use reader::Reader;

/// Python.
pub const LANGUAGE: Language = Language {
    name: "Python",
    wants: |path| path.extension().is_some_and(|extension| extension == "py"),
    read,
    skim: Some(|_, text| skim::skim(text)),
    module: module::files,
    beside: None,
    folder: |_| Vec::new(),
};

fn read(_: &Path, text: &str) -> Facts {
    let mut facts = Facts::default();
    let Some(tree) = parse(text, &tree_sitter_python::LANGUAGE.into()) else {
        facts.open.push(Open { why: Why::Unparsed, span: crate::text::Span::at(0) });
        return facts;
    };
    let root = tree.root_node();
    let mut reader = Reader::new(text, root);
    reader.read();
    let broken = root.has_error();
    if copies(text) {
        reader.open(Why::Middleware, root);
    }
    if reader.steps == 0 {
        reader.open(Why::Unparsed, root);
    }
    facts = reader.facts;
    if broken {
        // A file that has nothing to do with routes may be of any make.
        let matters = !(facts.routes.is_empty() && facts.mounts.is_empty() && facts.objects.is_empty());
        if matters || libraries::is_web(text) {
            facts.open.push(Open { why: Why::Unparsed, span: span(root) });
        }
    }
    facts
}

/// True where a request may be copied with another path.
fn copies(text: &str) -> bool {
    const COPIES: &[&str] = &[
        "dict(scope",
        "scope.update(",
        "**scope",
        "**request.scope",
        "scope.copy()",
        "copy(scope",
        "**environ",
        "dict(environ",
        "environ.update(",
    ];
    has_any(text, COPIES) && has_any(text, &["path", "PATH_INFO", "SCRIPT_NAME"])
}

#[cfg(test)]
mod tests;
