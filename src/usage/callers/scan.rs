//! Finds the files that may call something, reads those that changed, side by side, and puts together what they say.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::formats::{self, Context, Format};
use super::javascript::{Exports, Imports, Script};
use super::link::Links;
use super::{
    Caller, Callers, Found, Kind, collections, compose, css, dockerfile, documentation, go, html, javascript, kubernetes, lua, openapi,
    prometheus, python, recipes, shell,
};
use crate::message;
use crate::messages::Language;
use crate::parallel;
use crate::project::vfs::{self, ReadProblem, Stamp, normalize};
use crate::project::{FileId, Place, Project, is_report, paths};

/// Why a file was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// It has more bytes than are read of a file of its kind.
    TooLarge {
        /// Its bytes.
        size: u64,
        /// As many are read.
        limit: u64,
    },
    /// A program wrote it: minified, bundled or generated code.
    Made,
    /// The system does not let it be read.
    Unreadable(String),
    /// It is a link that leads out of a workspace that is not trusted.
    Outside,
    /// The workspace's folder: it has more files than are looked at.
    TooMany(usize),
}

impl LeftOut {
    /// For a person.
    pub fn say(&self, language: Language) -> String {
        match self {
            LeftOut::TooLarge { size, limit } => message!(language, "callers-too-large", size = size / 1024, limit = limit / 1024),
            LeftOut::Made => message!(language, "callers-made"),
            LeftOut::Unreadable(why) => message!(language, "callers-unreadable", why = why.as_str()),
            LeftOut::Outside => message!(language, "read-outside"),
            LeftOut::TooMany(limit) => message!(language, "callers-too-many", limit = *limit),
        }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::default()))
    }
}

/// What was read of each file, kept from one analysis to the next. A file is read again when its text is another one.
#[derive(Debug, Default)]
pub struct Cache {
    files: Mutex<FxHashMap<FileId, Entry>>,
    reads: AtomicUsize,
}

impl Cache {
    /// How many files have been read since this was made, those that were read again counted again.
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Clone)]
struct Entry {
    stamp: Stamp,
    alone: Arc<Read>,
    /// With what it imports put in: the exports that were used, and what came of it.
    linked: Option<(Vec<Arc<Exports>>, Arc<Read>)>,
}

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct Read {
    callers: Vec<Arc<Caller>>,
    /// What other scripts can use of it.
    pub(super) exports: Arc<Exports>,
    /// Modules of the workspace that it names.
    pub(super) imports: Vec<String>,
    /// Other files whose texts were needed.
    sourced: Vec<(FileId, Stamp)>,
    left_out: Option<LeftOut>,
    looked_at: bool,
}

impl Read {
    fn is_stale(&self, project: &Project) -> bool {
        self.sourced.iter().any(|(file, stamp)| project.vfs.stamp(*file) != *stamp)
    }
}

/// One file to look at.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) file: FileId,
    pub(super) path: &'a Path,
    pub(super) format: Format,
}

/// How often files are read anew with what others export: so deep can wrappers be wrapped across files.
const ROUNDS: usize = 3;

/// Reads every file of the workspace that may call something; only those that changed are read again.
pub fn scan(project: &Project, cache: &Cache) -> Callers {
    let walk = project.vfs.walk(&project.workspace);
    let mut jobs = Vec::new();
    let mut dockerfiles = Vec::new();
    let mut unread: BTreeMap<&'static str, usize> = BTreeMap::new();
    for path in walk.files.iter() {
        let inside = path.strip_prefix(&project.workspace).unwrap_or(path);
        if paths::is_dockerfile(path) {
            dockerfiles.push(path.as_path());
        } else if let Some(language) = formats::unread(path) {
            *unread.entry(language).or_insert(0) += 1;
        } else if let Some(format) = formats::of(inside) {
            let file = project.vfs.id(path);
            if !project.files.contains_key(&file) {
                jobs.push(Job { file, path, format });
            }
        }
    }
    let mut entries = std::mem::take(&mut *cache.files.lock().unwrap_or_else(PoisonError::into_inner));
    let stale: Vec<Job<'_>> = jobs
        .iter()
        .filter(|job| {
            entries.get(&job.file).is_none_or(|entry| entry.stamp != project.vfs.stamp(job.file) || entry.alone.is_stale(project))
        })
        .copied()
        .collect();
    let read = parallel::map(&stale, |job| {
        let stamp = project.vfs.stamp(job.file);
        cache.reads.fetch_add(1, Ordering::Relaxed);
        Entry { stamp, alone: Arc::new(read(project, job, &|_, _| None, false)), linked: None }
    });
    for (job, entry) in stale.iter().zip(read) {
        entries.insert(job.file, entry);
    }
    link(project, &jobs, &mut entries, cache);
    let mut out = Callers { unread: unread.into_iter().collect(), ..Callers::default() };
    for job in &jobs {
        let Some(entry) = entries.get(&job.file) else { continue };
        let read = entry.linked.as_ref().map_or(&entry.alone, |(_, read)| read);
        out.files += usize::from(read.looked_at);
        out.all.extend(read.callers.iter().cloned());
        if let Some(why) = &read.left_out {
            out.left_out.push((job.path.into(), why.clone()));
        }
    }
    // A file that is gone is forgotten.
    if entries.len() > jobs.len() {
        let present: rustc_hash::FxHashSet<FileId> = jobs.iter().map(|job| job.file).collect();
        entries.retain(|file, _| present.contains(file));
    }
    *cache.files.lock().unwrap_or_else(PoisonError::into_inner) = entries;
    let deployed = compose::read(project).into_iter().chain(dockerfiles.iter().flat_map(|path| dockerfile::read(project, path)));
    out.all.extend(deployed.map(Arc::new));
    out.files += dockerfiles.len() + project.compose.iter().map(|compose| compose.files.len()).sum::<usize>();
    if walk.cut {
        out.left_out.push((project.workspace.as_path().into(), LeftOut::TooMany(crate::project::Vfs::MAX_FILES)));
    }
    sort(project, &mut out);
    out
}

/// In the order of the files' names, then of the places; what is written once is there once.
fn sort(project: &Project, out: &mut Callers) {
    let mut paths: FxHashMap<FileId, Arc<Path>> = FxHashMap::default();
    for caller in &out.all {
        paths.entry(caller.place.file).or_insert_with(|| project.vfs.path(caller.place.file));
    }
    let order = |a: &Arc<Caller>, b: &Arc<Caller>| {
        let (one, other) = (a.place, b.place);
        if one.file == other.file { one.span.cmp(&other.span) } else { paths.get(&one.file).cmp(&paths.get(&other.file)) }
    };
    out.all.sort_by(order);
    out.all.dedup();
}

/// Scripts that import from others are read again with what those export.
fn link(project: &Project, jobs: &[Job<'_>], entries: &mut FxHashMap<FileId, Entry>, cache: &Cache) {
    for round in 0..ROUNDS {
        let links = Links::new(jobs, |file| entries.get(&file).map(|entry| entry.linked.as_ref().map_or(&*entry.alone, |(_, read)| read)));
        if links.is_empty() {
            break;
        }
        let wanted: Vec<(Job<'_>, Vec<Arc<Exports>>)> = jobs.iter().filter_map(|job| Some((*job, links.used_by(job.file)?))).collect();
        let mut stale = wanted;
        stale.retain(|(job, used)| {
            let linked = entries.get(&job.file).and_then(|entry| entry.linked.as_ref());
            // The tables are alike when nothing that they were made of was read again.
            linked.is_none_or(|(known, _)| {
                known.len() != used.len() || known.iter().zip(used).any(|(one, other)| !Arc::ptr_eq(one, other) && one != other)
            })
        });
        if stale.is_empty() {
            break;
        }
        let read = parallel::map(&stale, |(job, _)| {
            cache.reads.fetch_add(1, Ordering::Relaxed);
            let file = job.file;
            read(project, job, &|module, name| links.find(file, module, name, 0), true)
        });
        let changed: Vec<(FileId, Vec<Arc<Exports>>, Read)> =
            stale.into_iter().zip(read).map(|((job, used), read)| (job.file, used, read)).collect();
        drop(links);
        for (file, used, read) in changed {
            if let Some(entry) = entries.get_mut(&file) {
                entry.linked = Some((used, Arc::new(read)));
            }
        }
        if round + 1 == ROUNDS {
            break;
        }
    }
}

/// Reads one file. With `linking` it is parsed although nothing in it looks like a request: what it imports may send one.
fn read(project: &Project, job: &Job<'_>, imports: Imports<'_>, linking: bool) -> Read {
    let inside = job.path.strip_prefix(&project.workspace).unwrap_or(job.path);
    let text = match project.vfs.read_once(job.file, job.format.limit()) {
        Ok(text) => text,
        Err(ReadProblem::TooLarge { size, limit }) => {
            // Data in JSON and YAML, and programs without an extension, call nothing.
            let data = matches!(job.format, Format::Json | Format::Yaml | Format::Text)
                || job.format == Format::Shell && job.path.extension().is_none();
            return Read { left_out: (!data).then_some(LeftOut::TooLarge { size, limit }), ..Read::default() };
        }
        Err(ReadProblem::Io(why)) => return Read { left_out: Some(LeftOut::Unreadable(why)), ..Read::default() },
        Err(ReadProblem::Outside) => return Read { left_out: Some(LeftOut::Outside), ..Read::default() },
        Err(_) => return Read::default(),
    };
    if is_report(&text) {
        return Read::default();
    }
    let context = Context::new(inside);
    let imported = match job.format {
        Format::Script(_) | Format::Html => super::link::imports(&text),
        _ => Vec::new(),
    };
    let worth = linking
        || job.format.may_call(&text)
        || match job.format {
            Format::Script(_) => super::link::may_export(inside, &text),
            // What it sources may send requests for it.
            Format::Shell => !shell::sources(&text).is_empty(),
            _ => false,
        };
    if !worth {
        return Read { imports: imported, looked_at: true, ..Read::default() };
    }
    if job.format.is_made(&text) {
        return Read { left_out: Some(LeftOut::Made), ..Read::default() };
    }
    let mut exports = Exports::new();
    let mut sourced = Vec::new();
    let found = match job.format {
        Format::Html => {
            let (found, given) = html::read(&context, &text, imports);
            exports = given;
            found
        }
        Format::Script(dialect) => {
            let read = javascript::read(&Script { text: &text, dialect, kind: javascript_kind(&context, &text) }, imports);
            exports = read.exports;
            read.found
        }
        Format::Shell => shell_file(project, job, &context, &text, &mut sourced),
        Format::Makefile => recipes::makefile(&text, context.kind(Kind::Script)),
        Format::Crontab => recipes::crontab(&text),
        Format::Unit => recipes::unit(&text),
        Format::Package => recipes::package(&text),
        Format::Css => css::read(&text, context.kind(Kind::Resource)),
        Format::Yaml => yaml(&context, &text),
        Format::Json | Format::Har => collections::json(&context, &text).unwrap_or_else(|| openapi::json(&text)),
        Format::HttpFile => collections::http_file(&text),
        Format::Bruno => collections::bruno(&text),
        Format::Lua => lua::read(&text),
        Format::Python => python::read(&context, &text),
        Format::Go => go::read(&context, &text),
        Format::Markdown | Format::Text => documentation::read(&text, job.format == Format::Markdown),
    };
    let callers = found.into_iter().map(|found| Arc::new(caller(job.file, found))).collect();
    Read { callers, exports: Arc::new(exports), imports: imported, sourced, left_out: None, looked_at: true }
}

pub(super) fn caller(file: FileId, found: Found) -> Caller {
    let Found { span, kind, method, url, service } = found;
    Caller { place: Place { file, span }, kind, method, url, service }
}

/// A script that a browser runs, one of a server, or a test.
fn javascript_kind(context: &Context<'_>, text: &str) -> Kind {
    let server = || {
        let modules = [
            "express",
            "fastify",
            "koa",
            "hapi",
            "fs",
            "http",
            "https",
            "net",
            "child_process",
            "os",
            "cluster",
            "next/server",
            "@nestjs/common",
            "commander",
            "dotenv",
            "pg",
        ];
        let named = |name: &str| {
            [format!("require('{name}')"), format!("require(\"{name}\")"), format!("from '{name}'"), format!("from \"{name}\"")]
                .iter()
                .any(|form| text.contains(form.as_str()))
        };
        text.starts_with("#!")
            || text.contains("'node:")
            || text.contains("\"node:")
            || text.contains("process.argv")
            || modules.iter().any(|name| named(name))
    };
    // k6 and Playwright scripts are tests wherever they lie.
    if context.test || text.contains("'k6/") || text.contains("\"k6/") || text.contains("@playwright/test") {
        Kind::Test
    } else if server() {
        Kind::Code
    } else {
        Kind::Fetch
    }
}

/// A script, with the files of the workspace that it sources.
fn shell_file(project: &Project, job: &Job<'_>, context: &Context<'_>, text: &str, sourced: &mut Vec<(FileId, Stamp)>) -> Vec<Found> {
    if context.extension().is_empty() {
        let first = text.lines().next().unwrap_or("");
        if !(first.starts_with("#!") && first.contains("sh")) {
            return Vec::new();
        }
    }
    let mut before = String::new();
    for name in shell::sources(text).into_iter().take(8) {
        // Beside the script, or from a folder above it.
        let above = job.path.ancestors().skip(1).take_while(|folder| folder.starts_with(&project.workspace));
        let found =
            above.map(|folder| normalize(&folder.join(&name))).find(|path| project.vfs.kind(path) == vfs::Kind::File && path != job.path);
        let Some(file) = found.map(|path| project.vfs.id(&path)) else { continue };
        if let Ok(text) = project.vfs.read_once(file, Format::Shell.limit()) {
            sourced.push((file, project.vfs.stamp(file)));
            before.push_str(&text);
            before.push('\n');
        }
    }
    shell::read_behind(&before, text, context.kind(Kind::Script))
}

/// YAML of which only its content says what it is.
fn yaml(context: &Context<'_>, text: &str) -> Vec<Found> {
    let Ok(documents) = crate::project::yaml::Yaml::documents(text) else { return Vec::new() };
    let mut out = Vec::new();
    for document in &documents {
        out.extend(prometheus::read(document, text));
        out.extend(openapi::yaml(document));
        out.extend(collections::yaml(document));
        out.extend(kubernetes::read(document, text));
        out.extend(recipes::workflow(document, text, context));
    }
    out
}
