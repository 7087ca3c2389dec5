//! Rust: axum, actix-web, Rocket.
//!
//! [`reader`] makes scopes, names and expressions; each framework has a file that finds what is registered with it.

mod actix;
mod axum;
mod expressions;
mod mild;
mod reader;
mod rocket;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use super::facts::Facts;
use super::{Language, Tree};

/// Rust.
pub const RUST: Language = Language { name: "Rust", wants, read, skim: None, module, beside: None, folder };

fn wants(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs") && path.file_name().is_none_or(|name| name != "build.rs")
}

fn read(_path: &Path, text: &str) -> Facts {
    reader::read(text)
}

/// The files of a module: `crate::users`, `super::users`, `users` for one below, or another crate that is here.
fn module(from: &Path, module: &str, tree: &Tree<'_>) -> Vec<PathBuf> {
    let mut parts: Vec<&str> = module.split("::").filter(|part| !part.is_empty()).collect();
    let Some(first) = parts.first().copied() else { return Vec::new() };
    let root = crate_root(from, tree);
    let mut own = own_path(from, &root);
    match first {
        "crate" => {
            parts.remove(0);
            own.clear();
        }
        "self" => {
            parts.remove(0);
        }
        "super" => {
            while parts.first() == Some(&"super") {
                parts.remove(0);
                own.pop();
            }
        }
        name => {
            let mut below = own.clone();
            below.push(name.to_owned());
            if files(&root, &below, tree).is_empty() {
                let Some(other) = named_crate(name, tree) else { return Vec::new() };
                parts.remove(0);
                return nearest(&other, parts.iter().map(|part| (*part).to_owned()).collect(), tree);
            }
        }
    }
    own.extend(parts.iter().map(|part| (*part).to_owned()));
    nearest(&root, own, tree)
}

/// The files of a module, or of the one around it that has it written inside of itself.
fn nearest(root: &Path, mut path: Vec<String>, tree: &Tree<'_>) -> Vec<PathBuf> {
    loop {
        let found = files(root, &path, tree);
        if !found.is_empty() || path.pop().is_none() {
            return found;
        }
    }
}

fn files(root: &Path, path: &[String], tree: &Tree<'_>) -> Vec<PathBuf> {
    let candidates = match path {
        [] => vec![root.join("main.rs"), root.join("lib.rs")],
        path => {
            let folder = path.iter().fold(root.to_owned(), |folder, part| folder.join(part));
            vec![folder.with_extension("rs"), folder.join("mod.rs")]
        }
    };
    candidates.into_iter().filter(|file| tree.has(file)).collect()
}

/// The folder of the sources of the crate that a file belongs to.
fn crate_root(from: &Path, tree: &Tree<'_>) -> PathBuf {
    let mut folder = from.parent();
    while let Some(at) = folder {
        if tree.has(&at.join("Cargo.toml")) {
            return at.join("src");
        }
        folder = at.parent();
    }
    PathBuf::from("src")
}

/// The path of the module that a file is.
fn own_path(from: &Path, root: &Path) -> Vec<String> {
    let Ok(inside) = from.strip_prefix(root) else { return Vec::new() };
    let mut path: Vec<String> = inside.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|last| matches!(last.as_str(), "mod" | "main" | "lib")) {
        path.pop();
    }
    if path.first().is_some_and(|first| first == "bin") {
        path.clear();
    }
    path
}

/// The folder of the sources of a crate that is here, by its name in code.
fn named_crate(name: &str, tree: &Tree<'_>) -> Option<PathBuf> {
    tree.named("Cargo.toml").iter().find_map(|file| {
        let text = tree.text(file)?;
        let package: toml::Table = text.parse().ok()?;
        let own = package.get("package")?.get("name")?.as_str()?.replace('-', "_");
        (own == name).then(|| file.parent().unwrap_or(Path::new("")).join("src"))
    })
}

fn folder(_tree: &Tree<'_>) -> Vec<(PathBuf, Facts)> {
    Vec::new()
}
