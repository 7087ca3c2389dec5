//! Go: `net/http`, chi, gin, echo, Fiber, gorilla/mux.
//!
//! [`reader`] makes scopes, names and expressions, [`routes`] finds what is registered, [`mild`] tells which functions answer nothing by
//! themselves, [`libraries`] what is known of other people's modules; each framework has a file with what is its own.

mod chi;
mod echo;
mod errors;
mod expressions;
mod fiber;
mod frameworks;
mod gin;
mod gorilla;
mod handlers;
mod libraries;
mod mild;
mod module;
mod net_http;
mod reader;
mod routers;
mod routes;
#[cfg(test)]
mod tests;
mod types;

use std::path::Path;

use super::Language;
use super::facts::Facts;

/// Go.
pub const GO: Language =
    Language { name: "Go", wants, read, skim: None, module: module::files, beside: Some(beside), folder: module::folder };

fn wants(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "go") && !path.to_string_lossy().ends_with("_test.go")
}

fn read(_path: &Path, text: &str) -> Facts {
    reader::read(text)
}

/// The files of a folder are a package.
fn beside(from: &Path, other: &Path) -> bool {
    from.parent() == other.parent()
}
