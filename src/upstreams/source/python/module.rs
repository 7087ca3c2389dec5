//! From the name of a module to its files.

use std::path::{Path, PathBuf};

use super::super::Tree;

/// The module of Django by which an application sees its own settings, whatever file they are in.
pub(super) const DJANGO_SETTINGS: &str = "django.conf.settings";

/// How many files a module may be.
const MOST: usize = 16;

/// The files of a module. A relative one is written `./a.b`, `../a.b` (two dots in Python), and so on, with all dots behind the slash
/// between names.
///
/// What an absolute name begins at is not known: the folder that Python is started in may be any one above the file, or an `src`
/// beside. So all that fit above the file are taken, or else those anywhere that are no part of a package themselves.
pub(super) fn files(from: &Path, module: &str, tree: &Tree<'_>) -> Vec<PathBuf> {
    if module == DJANGO_SETTINGS {
        return settings(tree);
    }
    let folder = from.parent().unwrap_or(Path::new(""));
    // Most are of libraries.
    let written = module.rsplit_once('/').map_or(module, |(_, rest)| rest);
    if parts(written).next_back().is_some_and(|last| tree.folders(last).is_empty() && tree.named(&format!("{last}.py")).is_empty()) {
        return Vec::new();
    }
    if let Some((dots, rest)) = module.rsplit_once('/') {
        let up = dots.len().saturating_sub(1);
        return match folder.ancestors().nth(up) {
            Some(base) => at(base, rest, tree).into_iter().collect(),
            None => Vec::new(),
        };
    }
    let mut out: Vec<PathBuf> = folder.ancestors().filter_map(|base| at(base, module, tree)).take(MOST).collect();
    if out.is_empty() {
        out = anywhere(module, tree);
    }
    out
}

/// The parts of a dotted name.
fn parts(module: &str) -> impl DoubleEndedIterator<Item = &str> {
    module.split('.').filter(|part| !part.is_empty())
}

/// The module below a folder.
fn at(base: &Path, module: &str, tree: &Tree<'_>) -> Option<PathBuf> {
    let mut path = base.to_owned();
    path.extend(parts(module));
    let package = path.join("__init__.py");
    if tree.has(&package) {
        return Some(package);
    }
    parts(module).next()?;
    path.set_file_name(format!("{}.py", path.file_name()?.to_str()?));
    tree.has(&path).then_some(path)
}

fn anywhere(module: &str, tree: &Tree<'_>) -> Vec<PathBuf> {
    let Some(last) = parts(module).next_back() else { return Vec::new() };
    let tail: PathBuf = parts(module).collect();
    let mut out = Vec::new();
    let single = tree.named(&format!("{last}.py")).iter().map(|file| (file.to_path_buf(), file.with_extension("")));
    let packages = tree.folders(last).iter().map(|folder| (folder.join("__init__.py"), folder.to_path_buf()));
    let packages = packages.filter(|(file, _)| tree.has(file));
    for (file, stem) in single.chain(packages) {
        if !stem.ends_with(&tail) {
            continue;
        }
        let base = stem.ancestors().nth(tail.components().count());
        if base.is_some_and(|base| !tree.has(&base.join("__init__.py"))) {
            out.push(file);
        }
        if out.len() >= MOST {
            break;
        }
    }
    out
}

/// Everything that looks like the settings of a Django project: which of them is used is decided by its environment.
fn settings(tree: &Tree<'_>) -> Vec<PathBuf> {
    let looks = |path: &&PathBuf| {
        path.extension().is_some_and(|extension| extension == "py")
            && path.iter().any(|part| part.to_str().is_some_and(|part| part.contains("settings") || part.contains("config")))
    };
    tree.files.iter().filter(looks).take(4 * MOST).cloned().collect()
}
