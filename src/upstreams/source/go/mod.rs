//! Go: `net/http`, chi, gin, echo, Fiber, gorilla/mux.
//!
//! [`reader`] makes scopes, names and expressions, [`routes`] finds what is registered, [`mild`] tells which functions answer nothing by
//! themselves; each framework has a file with what is its own.

mod chi;
mod echo;
mod errors;
mod expressions;
mod fiber;
mod frameworks;
mod gin;
mod gorilla;
mod handlers;
mod mild;
mod net_http;
mod reader;
mod routers;
mod routes;
#[cfg(test)]
mod tests;
mod types;

use std::path::{Path, PathBuf};

use super::facts::Facts;
use super::{Language, Tree};

/// Go.
pub const GO: Language = Language { name: "Go", wants, read, skim: None, module, beside, folder };

fn wants(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "go") && !path.to_string_lossy().ends_with("_test.go")
}

fn read(_path: &Path, text: &str) -> Facts {
    reader::read(text)
}

/// The files of a package of the same module, or of another module that is here too.
fn module(_from: &Path, module: &str, tree: &Tree<'_>) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for file in tree.named("go.mod") {
        let Some(text) = tree.text(file) else { continue };
        let Some(own) = text.lines().find_map(|line| line.trim().strip_prefix("module ")) else { continue };
        let own = own.split("//").next().unwrap_or(own).trim().trim_matches('"');
        let Some(rest) = module.strip_prefix(own) else { continue };
        let folder = file.parent().unwrap_or(Path::new(""));
        let folder = match rest.strip_prefix('/') {
            Some(rest) => folder.join(rest),
            None if rest.is_empty() => folder.to_owned(),
            None => continue,
        };
        out.extend(tree.below(&folder).filter(|path| path.parent() == Some(&*folder) && wants(path)).map(Path::to_owned));
    }
    out
}

/// The files of a folder are a package.
fn beside(from: &Path, other: &Path) -> bool {
    from.parent() == other.parent()
}

fn folder(_tree: &Tree<'_>) -> Vec<(PathBuf, Facts)> {
    Vec::new()
}
