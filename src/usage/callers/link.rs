//! Which script imports what from which other one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

use super::formats::Format;
use super::javascript::{Export, Exports};
use super::scan::{Job, Read};
use crate::project::FileId;
use crate::project::vfs::normalize;

/// How many modules may pass a name on.
const DEPTH: usize = 6;

/// The modules of the workspace that a script names: `./api`, `@/http`.
pub(super) fn imports(text: &str) -> Vec<String> {
    static MARKS: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let marks = MARKS.get_or_init(|| AhoCorasick::new(["from '", "from \"", "require('", "require(\"", "import('", "import(\""]).ok());
    let Some(marks) = marks else { return Vec::new() };
    let mut out: Vec<String> = Vec::new();
    for found in marks.find_iter(text) {
        let quote = text.as_bytes().get(found.end() - 1).map_or('\'', |byte| *byte as char);
        let Some(rest) = text.get(found.end()..) else { continue };
        let Some(name) = rest.split(quote).next().filter(|name| name.len() < 200 && is_own(name)) else { continue };
        if !out.iter().any(|known| known == name) {
            out.push(name.to_owned());
        }
    }
    out
}

fn is_own(module: &str) -> bool {
    ["./", "../", "@/", "~/", "src/"].iter().any(|start| module.starts_with(start))
}

/// Is the file one that may hold URLs for others, although it sends no request itself?
pub(super) fn may_export(path: &Path, text: &str) -> bool {
    const NAMES: [&str; 12] =
        ["config", "const", "api", "endpoint", "url", "route", "env", "http", "request", "client", "fetch", "setting"];
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("").to_ascii_lowercase();
    text.len() < 64 * 1024 && text.contains("export") && NAMES.iter().any(|name| stem.contains(name))
}

/// What is exported where, and who imports it.
pub(super) struct Links<'a> {
    exports: FxHashMap<FileId, &'a Arc<Exports>>,
    /// By file: the module as it is written, and the file that it is.
    imports: FxHashMap<FileId, Vec<(&'a str, FileId)>>,
}

impl<'a> Links<'a> {
    pub(super) fn new(jobs: &[Job<'a>], read: impl Fn(FileId) -> Option<&'a Read>) -> Links<'a> {
        let scripts = || jobs.iter().filter(|job| matches!(job.format, Format::Script(_) | Format::Html));
        let mut exports = FxHashMap::default();
        for job in scripts() {
            if let Some(read) = read(job.file).filter(|read| !read.exports.is_empty()) {
                exports.insert(job.file, &read.exports);
            }
        }
        let mut imports: FxHashMap<FileId, Vec<(&str, FileId)>> = FxHashMap::default();
        if exports.is_empty() {
            return Links { exports, imports };
        }
        let files: FxHashMap<&Path, FileId> =
            scripts().filter(|job| exports.contains_key(&job.file)).map(|job| (job.path, job.file)).collect();
        for job in scripts() {
            let Some(read) = read(job.file) else { continue };
            for module in &read.imports {
                if let Some(file) = target(job.path, module, &files).filter(|file| *file != job.file) {
                    imports.entry(job.file).or_default().push((module, file));
                }
            }
        }
        Links { exports, imports }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.imports.is_empty()
    }

    /// The tables that a file uses, those that they pass on included; `None` when it uses none.
    pub(super) fn used_by(&self, file: FileId) -> Option<Vec<Arc<Exports>>> {
        let mut files: Vec<FileId> = self.imports.get(&file)?.iter().map(|(_, file)| *file).collect();
        let mut at = 0;
        while let Some(one) = files.get(at).copied().filter(|_| files.len() < 64) {
            let passes = self.exports.get(&one).is_some_and(|exports| exports.values().any(|export| matches!(export, Export::From(..))));
            for (_, further) in self.imports.get(&one).map(Vec::as_slice).unwrap_or_default() {
                if passes && !files.contains(further) && *further != file {
                    files.push(*further);
                }
            }
            at += 1;
        }
        Some(files.iter().filter_map(|file| self.exports.get(file).map(|exports| (*exports).clone())).collect())
    }

    /// What a name of a module is to a file that imports it.
    pub(super) fn find(&self, file: FileId, module: &str, name: &str, depth: usize) -> Option<Export> {
        if depth > DEPTH {
            return None;
        }
        let (_, target) = self.imports.get(&file)?.iter().find(|(known, _)| *known == module)?;
        let exports = self.exports.get(target)?;
        if name == "*" {
            return Some(Export::Object((*exports).clone()));
        }
        match exports.get(name) {
            Some(Export::From(module, name)) => self.find(*target, module, name, depth + 1),
            Some(export) => Some(export.clone()),
            None => match exports.get("*") {
                Some(Export::From(module, _)) => self.find(*target, module, name, depth + 1),
                _ => None,
            },
        }
    }
}

/// The file that a module's name means, among those that export something.
fn target(from: &Path, module: &str, files: &FxHashMap<&Path, FileId>) -> Option<FileId> {
    let bases: Vec<PathBuf> = match module.strip_prefix("@/").or(module.strip_prefix("~/")).or(module.strip_prefix("src/")) {
        // The alias of Vue's and Next's templates: `src`, or the package's own folder.
        Some(rest) => from.ancestors().skip(1).flat_map(|folder| [folder.join("src").join(rest), folder.join(rest)]).collect(),
        None => vec![normalize(&from.parent()?.join(module))],
    };
    const ENDS: [&str; 8] = ["", ".js", ".ts", ".tsx", ".jsx", ".mjs", ".vue", ".cjs"];
    for base in bases {
        for end in ENDS {
            let mut path = base.clone().into_os_string();
            path.push(end);
            if let Some(file) = files.get(Path::new(&path)) {
                return Some(*file);
            }
        }
        for name in ["index.js", "index.ts", "index.tsx"] {
            if let Some(file) = files.get(base.join(name).as_path()) {
                return Some(*file);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_modules_are_followed() {
        let text = "import a from './a';\nimport { b } from \"@/lib/b\";\nconst c = require('../c');\nimport vue from 'vue';\nexport * from './a';";
        assert_eq!(imports(text), ["./a", "@/lib/b", "../c"]);
    }
}
