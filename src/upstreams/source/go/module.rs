//! Modules that are here, as `go.mod` files name them, and their packages.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::super::Tree;
use super::super::facts::{Expr, Facts, ScopeId, Why};
use super::super::making::place_of;
use super::{libraries, wants};

/// The module by which the packages of all modules that are here are found: each is a name in it.
pub(super) const PACKAGES: &str = "go.mod";

/// The files of a package of the same module, or of another module that is here too.
pub(super) fn files(_from: &Path, module: &str, tree: &Tree<'_>) -> Vec<PathBuf> {
    if let Some(package) = module.strip_prefix(PACKAGES) {
        return if package.is_empty() { tree.named(PACKAGES).iter().map(|path| path.to_path_buf()).collect() } else { Vec::new() };
    }
    let mut out = Vec::new();
    for file in tree.named("go.mod") {
        let Some(text) = tree.text(file) else { continue };
        let Some(rest) = name(&text).and_then(|own| module.strip_prefix(own)) else { continue };
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

/// The packages that are here ([`PACKAGES`]), and modules that stand in for others.
pub(super) fn folder(tree: &Tree<'_>) -> Vec<(PathBuf, Facts)> {
    let read = |file: &&Path| -> Option<(PathBuf, Facts)> {
        let text = tree.text(file)?;
        let (name, folder) = (name(&text)?, file.parent().unwrap_or(Path::new("")));
        let mut facts = Facts::default();
        let packages: FxHashSet<&Path> = tree.below(folder).filter(|path| wants(path)).filter_map(Path::parent).collect();
        for package in packages {
            let inside = package.strip_prefix(folder).unwrap_or(package).to_string_lossy().replace('\\', "/");
            let path = if inside.is_empty() { name.to_owned() } else { format!("{name}/{inside}") };
            facts.bind(ScopeId::FILE, &path, Expr::Other);
        }
        for (module, other) in replaced(&text) {
            let here = other.starts_with('.') && folder_is_here(tree, folder, other);
            if libraries::is_known(module) && !here && !libraries::is_known(other) {
                facts.doubt(Why::Library, place_of(&text, other));
            }
        }
        Some((file.to_path_buf(), facts))
    };
    tree.named("go.mod").iter().filter_map(read).collect()
}

/// The name of the module.
fn name(text: &str) -> Option<&str> {
    let own = text.lines().find_map(|line| line.trim().strip_prefix("module "))?;
    Some(own.split("//").next().unwrap_or(own).trim().trim_matches('"'))
}

/// `replace a => b`: the modules and what stands in for them.
fn replaced(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| {
        let line = line.split("//").next()?.trim();
        let (module, other) = line.strip_prefix("replace ").unwrap_or(line).split_once("=>")?;
        Some((first_word(module)?, first_word(other)?))
    })
}

/// A module's name, without the version behind it.
fn first_word(side: &str) -> Option<&str> {
    side.split_whitespace().next().map(|word| word.trim_matches('"'))
}

/// True when a folder that is named from another one has a module which is read here.
fn folder_is_here(tree: &Tree<'_>, from: &Path, named: &str) -> bool {
    let mut folder = from.to_path_buf();
    for part in named.split('/') {
        match part {
            "" | "." => {}
            ".." if !folder.pop() => return false,
            ".." => {}
            part => folder.push(part),
        }
    }
    tree.has(&folder.join("go.mod"))
}
