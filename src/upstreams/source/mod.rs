//! The routes of an application, from its source.
//!
//! Each language has a reader that makes [`facts`] of a file by its syntax tree; [`link`] puts the files of an application together,
//! whatever their languages. Nothing here knows of nginx, of compose files or of a file system.
//!
//! *Invariant:* what is found is at least what the application serves, unless it says that it is open: a claim that a route is
//! missing may rest on it.

mod csharp;
pub mod facts;
mod go;
mod java;
mod javascript;
pub mod link;
mod making;
pub mod needed;
mod others;
pub mod pattern;
mod php;
mod python;
mod ruby;
mod rust;
pub(crate) mod syntax;

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::text::Span;
use facts::{Facts, Open, Why};
use rustc_hash::{FxHashMap, FxHashSet};

/// A language and its frameworks.
pub struct Language {
    /// As people write it.
    pub name: &'static str,
    /// Whether it reads a file, by the path in the application's folder alone.
    pub wants: fn(&Path) -> bool,
    /// Reads a file that it wants. Total: for a text that is anything else the facts are few, or say so.
    pub read: fn(&Path, &str) -> Facts,
    /// What can be seen of a file that it wants without parsing it. None where every file has to be read, as in a language in which
    /// files see each other's names without importing them.
    pub skim: Option<fn(&Path, &str) -> Skim>,
    /// The files that a module means which a file imports ([`facts::Expr::Import`]); empty for one that is not of the application.
    /// More than one where a module is a folder of files. A name that a module does not have is asked for as a module too, as
    /// `module.name`.
    pub module: fn(from: &Path, module: &str, tree: &Tree<'_>) -> Vec<PathBuf>,
    /// Whether a file sees the names of another one without importing anything: those of its package in Go, all classes in Java. None
    /// where no file does.
    pub beside: Option<fn(from: &Path, other: &Path) -> bool>,
    /// What follows from the folder as a whole, by the file that says it: routes by the names of files, static folders, settings.
    pub folder: fn(&Tree<'_>) -> Vec<(PathBuf, Facts)>,
}

/// What can be seen of a file without parsing it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Skim {
    /// All modules that it may import, as [`Language::module`] takes them; sorted.
    pub imports: Vec<Box<str>>,
    /// True when it surely makes no app, registers nothing on anything that is not made by another file of the application, and makes
    /// nobody doubt anything: its facts matter only if another file's lead to it, or it imports one in which something is registered.
    pub idle: bool,
}

/// The files of an application.
pub struct Tree<'a> {
    /// Paths relative to its folder, sorted. Of tests, of other people's code and of what is made by a build there is nothing here.
    pub files: &'a [PathBuf],
    text: &'a dyn Fn(&Path) -> Option<String>,
    /// Made when it is first asked for.
    names: OnceCell<Names<'a>>,
}

/// Paths by their last names.
#[derive(Default)]
struct Names<'a> {
    files: FxHashMap<&'a OsStr, Vec<&'a Path>>,
    folders: FxHashMap<&'a OsStr, Vec<&'a Path>>,
}

impl<'a> Tree<'a> {
    /// The files, sorted, and how to get the text of one; `None` where it can't be read.
    pub fn new(files: &'a [PathBuf], text: &'a dyn Fn(&Path) -> Option<String>) -> Tree<'a> {
        Tree { files, text, names: OnceCell::new() }
    }

    fn names(&self) -> &Names<'a> {
        self.names.get_or_init(|| {
            let mut out = Names::default();
            let mut seen: FxHashSet<&Path> = FxHashSet::default();
            for file in self.files {
                let folder = file.parent().filter(|folder| seen.insert(folder));
                if let Some((folder, name)) = folder.and_then(|folder| Some((folder, folder.file_name()?))) {
                    out.folders.entry(name).or_default().push(folder);
                }
                if let Some(name) = file.file_name() {
                    out.files.entry(name).or_default().push(file);
                }
            }
            out
        })
    }

    /// The text of a file; `None` when it can't be read.
    pub fn text(&self, path: &Path) -> Option<String> {
        (self.text)(path)
    }

    /// True when it is there.
    pub fn has(&self, path: &Path) -> bool {
        self.files.binary_search_by(|file| file.as_path().cmp(path)).is_ok()
    }

    /// The files of that name, in any folder.
    pub fn named(&self, name: &str) -> &[&'a Path] {
        self.names().files.get(OsStr::new(name)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The folders of that name that hold files, in any folder.
    pub fn folders(&self, name: &str) -> &[&'a Path] {
        self.names().folders.get(OsStr::new(name)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The files in a folder and in those below it.
    pub fn below<'s>(&'s self, folder: &'s Path) -> impl Iterator<Item = &'s Path> {
        let start = self.files.partition_point(|file| file.as_path() < folder);
        let after = self.files.get(start..).unwrap_or_default().iter().map(PathBuf::as_path);
        after.take_while(move |file| file.starts_with(folder))
    }
}

/// All languages that are read.
pub const LANGUAGES: &[Language] =
    &[python::LANGUAGE, go::GO, rust::RUST, javascript::LANGUAGE, csharp::LANGUAGE, java::LANGUAGE, php::LANGUAGE, ruby::LANGUAGE];

/// What follows from the folder as a whole, for the languages in which a part of the application is written.
pub fn of_folder(tree: &Tree<'_>, written_in: impl Fn(&Language) -> bool) -> Vec<(PathBuf, Arc<Facts>)> {
    let present = |language: &&Language| tree.files.iter().any(|file| (language.wants)(file));
    let wanted = LANGUAGES.iter().filter(|language| written_in(language)).filter(present);
    wanted.flat_map(|language| (language.folder)(tree)).map(|(path, facts)| (path, Arc::new(facts))).collect()
}

/// The longest line that people write, in bytes. What has a longer one is made by a machine, and is no text to read routes from.
const LINE: usize = 5000;

/// What a file says; `None` where no language reads it. Total: any text gives some facts.
pub fn read(path: &Path, text: &str) -> Option<Facts> {
    let language = language_of(path)?;
    if language.name == javascript::LANGUAGE.name && text.lines().any(|line| line.len() > LINE) {
        return Some(made_by_machine(path, text));
    }
    let mut facts = (language.read)(path, text);
    others::find(language.name, text, &mut facts);
    Some(facts)
}

/// What can be seen of a file without parsing it; `None` where its language has to be read.
pub fn skim(path: &Path, text: &str) -> Option<Skim> {
    language_of(path)?.skim.map(|skim| skim(path, text))
}

/// A bundle, minified code, or data. One for browsers serves nothing; any other that may serve is not read.
fn made_by_machine(path: &Path, text: &str) -> Facts {
    const FOR_BROWSERS: [&str; 9] = ["public", "static", "assets", "wwwroot", "www", "htdocs", "media", "vendor", "client"];
    const SERVES: [&str; 12] = [
        "createServer",
        "http.Server(",
        "express",
        "fastify",
        "Fastify",
        "koa",
        "hono",
        "Hono",
        "@nestjs",
        "Bun.serve",
        "Deno.serve",
        "\"node:http",
    ];
    const REGISTERS: [&str; 7] = [".get(", ".post(", ".use(", ".route(", ".register(", ".all(", ".listen("];
    let folder = path.parent().into_iter().flatten().filter_map(OsStr::to_str).any(|part| FOR_BROWSERS.contains(&part));
    let serves = making::has_any(text, &SERVES) || !folder && making::has_any(text, &REGISTERS);
    let open = if serves { vec![Open { why: Why::Unparsed, span: Span::at(0) }] } else { Vec::new() };
    Facts { open, ..Facts::default() }
}

/// The language that reads a file.
pub fn language_of(path: &Path) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| (language.wants)(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(path: &str, text: &str) -> bool {
        read(Path::new(path), text).is_some_and(|facts| !facts.open.is_empty())
    }

    #[test]
    fn what_a_machine_makes_is_not_read() {
        let line = "f(a.b)(c);".repeat(600);
        assert!(opens("index.js", &format!("const a = require('express')();a.get('/x', f);{line}")));
        assert!(opens("routes.js", &format!("module.exports = (a) => a.get('/x', f);{line}")));
        assert!(!opens("public/vendor.js", &format!("$.get('/x', f);{line}")));
        assert!(!opens("icons.js", &format!("export default '{line}'")));
    }

    #[test]
    fn servers_that_are_not_read() {
        assert!(opens("metrics.py", "from prometheus_client import start_http_server\nstart_http_server(9000)\n"));
        assert!(opens("socket.js", "new WebSocketServer({ port: 8080 })"));
        assert!(opens("main.rs", "fn main() { warp::serve(routes).run(address); }"));
        assert!(!opens("main.py", "import json\n"));
    }
}
