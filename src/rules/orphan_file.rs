//! `orphan-file`: a Lua or HTML file beside others that are in use, and that nothing names.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::{Confidence, Finding, Rule, Severity};
use crate::config::{EntryId, LocationId, Matcher, RestsOn, ServerId};
use crate::message;
use crate::messages::Language;
use crate::nginx::files::{Base, Names};
use crate::project::paths::Mapped;
use crate::project::{Place, Project, is_report};
use crate::text::Span;
use crate::usage::files::Serving;
use crate::usage::lua::{CallKind, Target};
use crate::usage::modules::Module;
use crate::usage::names::{SPEAKING, has_word};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "orphan-file", summary: "a Lua or HTML file beside others in use that nothing names", severity: Severity::Hint, check };

/// Folders of which the files are loaded by others' tools.
const FOREIGN: [&str; 9] = ["resty", "vendor", "lua_modules", "spec", "specs", "test", "tests", "t", "node_modules"];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let project = &analysis.project;
    let mut seen = Seen { html: true, ..Seen::default() };
    for view in analysis.views() {
        seen.config(view);
    }
    let mut candidates: Vec<(PathBuf, PathBuf)> = Vec::new();
    for (folders, extension) in [(&seen.lua_folders, "lua"), (&seen.html_folders, "html")] {
        if (extension == "html" && !seen.html) || (extension == "lua" && seen.any_lua) {
            continue;
        }
        for folder in folders.iter().filter(|folder| !is_foreign(project, folder)) {
            let beside = project.vfs.list(folder);
            let orphans = beside.iter().filter(|path| path.extension().is_some_and(|one| one == extension) && !seen.used.contains(*path));
            candidates.extend(orphans.map(|path| (path.clone(), folder.clone())));
        }
    }
    candidates.retain(|(path, _)| !is_exempt(path) && !seen.may_be_required(path) && !project.vfs.is_ignored(&project.workspace, path));
    if candidates.is_empty() {
        return;
    }
    let Some(named) = named_elsewhere(project, &candidates) else { return };
    candidates.sort();
    candidates.dedup();
    for (path, folder) in candidates.into_iter().filter(|(path, _)| !named.contains(path)) {
        out.push(finding(analysis.language, project, &path, &folder));
    }
}

/// Does a server serve files from nginx's own folder, as no `root` says another?
struct ServesByDefault(bool);

#[derive(Default)]
struct Seen {
    used: FxHashSet<PathBuf>,
    lua_folders: FxHashSet<PathBuf>,
    html_folders: FxHashSet<PathBuf>,
    /// HTML can be judged: every folder that is served is known.
    html: bool,
    /// Lua is loaded by computed names: any file may be meant.
    any_lua: bool,
    /// What computed `require`s begin with.
    prefixes: Vec<String>,
    served: Vec<PathBuf>,
}

impl Seen {
    fn config(&mut self, view: View<'_>) {
        let (project, lua) = (view.project, view.lua());
        for need in view.needs() {
            let Mapped::Present { path, .. } = &need.mapped else { continue };
            let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
            if path.extension().is_some_and(|extension| extension == "lua") {
                self.lua_folders.insert(folder);
            } else if need.what == "alias" && need.names != Names::Folder && path.extension().is_some_and(|extension| extension == "html") {
                self.html_folders.insert(folder);
            }
            self.used.insert(path.clone());
        }
        self.any_lua |= !lua.unread.is_empty();
        for code in &lua.codes {
            self.any_lua |= !code.facts.package_changes.is_empty();
            if code.entry.is_none() {
                self.used.insert(project.vfs.path(code.file).to_path_buf());
            }
            for (number, module) in &code.modules {
                let Some(call) = code.facts.calls.get(*number) else { continue };
                match (&call.target, call.kind) {
                    (Target::Dynamic { prefix }, CallKind::Require) => self.prefixes.push(prefix.to_string()),
                    (Target::Dynamic { .. }, _) => self.any_lua = true,
                    _ => {}
                }
                if let Module::Found(file) = module {
                    let path = project.vfs.path(*file).to_path_buf();
                    self.lua_folders.extend(path.parent().map(Path::to_path_buf));
                }
            }
        }
        self.serves(view);
    }

    /// Folders of which every file has a URL.
    fn serves(&mut self, view: View<'_>) {
        let (project, config, paths) = (view.project, view.config, view.paths());
        let mut served = vec![];
        let folders = config.all("root").iter().chain(config.all("alias"));
        // Many locations say the same.
        let folders: FxHashSet<&str> = folders.map(|id| config.directive(*id).arg(0).unwrap_or("$")).collect();
        for folder in folders {
            served.push(Some(folder).filter(|value| !value.contains('$')).and_then(|value| paths.absolute(Base::Prefix, value)));
        }
        let serving = Serving::new(config);
        let no_root = |block: EntryId| config.inherited(block, "root").is_none();
        let by_default = |id: ServerId| {
            let server = config.server(id);
            let whole =
                |location: &LocationId| matches!(&config.location(*location).matcher, Matcher::Prefix { path, .. } if &**path == "/");
            let files = |location: LocationId| {
                let entry = config.location(location).entry;
                let looks = || serving.is_of(location) || config.children(entry, "try_files").next().is_some();
                no_root(entry) && looks() && config.children(entry, "alias").next().is_none()
            };
            config.locations_of(id).map(LocationId).any(files) || !server.locations.iter().any(whole) && no_root(server.entry)
        };
        let by_default = view.by_server(RestsOn::Surroundings, (), |server| ServesByDefault(by_default(server)));
        if by_default.all().iter().any(|server| server.0) {
            served.push(paths.absolute(Base::Prefix, "html"));
        }
        for path in served {
            match path.map(|path| paths.map(project, config.root, path.trim_end_matches('/'))) {
                // A path that is a file serves only itself.
                Some(Mapped::Present { path, .. }) => self.served.push(path),
                Some(_) => {}
                None => self.html = false,
            }
        }
        let served = &self.served;
        self.html_folders.retain(|folder| !served.iter().any(|path| folder.starts_with(path)));
    }

    fn may_be_required(&self, path: &Path) -> bool {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        self.prefixes.iter().any(|prefix| {
            let last = prefix.rsplit(['.', '/']).next().unwrap_or(prefix);
            stem.starts_with(last)
        })
    }
}

fn is_foreign(project: &Project, folder: &Path) -> bool {
    let inside = folder.strip_prefix(&project.workspace);
    inside.map_or(true, |inside| inside.components().any(|part| FOREIGN.iter().any(|one| part.as_os_str() == *one)))
}

/// Entry points of folders, tests, and pages that servers and browsers ask for by themselves.
fn is_exempt(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    matches!(&*stem, "init" | "index" | "404" | "50x") || stem.ends_with("_spec") || stem.ends_with("_test") || stem.starts_with("test_")
}

/// Those of which another file has the name; `None` when there are too many files to look at.
fn named_elsewhere(project: &Project, candidates: &[(PathBuf, PathBuf)]) -> Option<FxHashSet<PathBuf>> {
    let walk = project.vfs.walk(&project.workspace);
    if walk.cut {
        return None;
    }
    let mut named = FxHashSet::default();
    for file in walk.files.iter() {
        let extension = file.extension().map(|extension| extension.to_string_lossy());
        if !extension.is_none_or(|extension| SPEAKING.contains(&&*extension)) {
            continue;
        }
        let text = project.text(project.vfs.id(file));
        let text = text.to_str();
        if is_report(&text) {
            continue;
        }
        for (path, _) in candidates.iter().filter(|(path, _)| path != file) {
            if has_word(&text, &path.file_stem().unwrap_or_default().to_string_lossy()) {
                named.insert(path.clone());
            }
        }
    }
    Some(named)
}

fn finding(language: Language, project: &Project, path: &Path, folder: &Path) -> Finding {
    let file = project.vfs.id(path);
    let span = Span::new(0, project.text(file).line_span(0).end);
    let message = match path.extension().is_some_and(|extension| extension == "lua") {
        true => message!(language, "orphan-file-lua", file = project.display(path)),
        false => message!(language, "orphan-file-html", file = project.display(path)),
    };
    Finding::new(RULE.id, RULE.severity, Confidence::Likely, Place { file, span }, message).note(message!(
        language,
        "orphan-file-beside",
        folder = project.display(folder)
    ))
}
