//! The one mutable state, and the immutable analysis that every reader gets.
//!
//! A change only notes what changed. [`World::inputs`] is a cheap copy of all that an analysis needs; [`Inputs::analyze`] does
//! the work wherever the caller wants it done, and [`World::keep`] takes what of it saves work next time.

mod derived;
mod kept;
pub mod logs;
mod settings;

pub use derived::View;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::config::{Config, Unchanged};
use crate::messages::Language;
use crate::nginx::directives;
use crate::project::includes::Include;
use crate::project::settings::Settings;
use crate::project::{FileId, Parses, Place, Project, Root, SourceFile, Vfs};
use crate::syntax::{Change, Parse};
use crate::text::{Span, Text};
use crate::upstreams::{Applications, application};
use crate::usage::callers::{self, Callers};
use crate::usage::logs::Logs;
use crate::usage::modules;
use derived::{Derived, Routing, Surrounded};
use settings::Layers;

/// What is known of a workspace at one moment: cheap to share, never changes.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// Files, roots, mounts.
    pub project: Arc<Project>,
    /// The configuration of each of `project.roots`, in the same order.
    pub configs: Vec<Arc<Config>>,
    /// What is worked out of each of `configs` on demand.
    derived: Vec<Derived>,
    /// Which state of all that is no open configuration file it is of.
    surroundings: u64,
    /// What access logs say of each of `configs`, where any were read.
    logs: Vec<Option<Arc<Logs>>>,
    callers: Arc<OnceLock<Callers>>,
    cache: Arc<callers::Cache>,
    codes: Arc<modules::Cache>,
    /// The applications behind the upstreams whose source is in the workspace.
    applications: Arc<Applications>,
    /// In which language messages are written.
    pub language: Language,
    /// The date, as whoever reads the findings has it; `None` where nobody said: what depends on it is not told then.
    pub today: Option<Date>,
    /// Which state of the world it is of.
    pub revision: u64,
}

/// A workspace that changes.
#[derive(Debug)]
pub struct World {
    inputs: Inputs,
    analysis: Option<Arc<Analysis>>,
}

/// All that an analysis is made from, at one moment.
#[derive(Debug, Clone)]
pub struct Inputs {
    workspace: PathBuf,
    entries: Vec<PathBuf>,
    /// Files that are to be looked at, too, unless the settings name all roots.
    suggested: Vec<PathBuf>,
    settings: Arc<Layers>,
    vfs: Vfs,
    parses: Arc<Parses>,
    /// The last analysis that was kept: what did not change since is taken from it.
    previous: Option<Arc<Analysis>>,
    /// Changes since a file was parsed last; none where another text took its place.
    changes: FxHashMap<FileId, Option<Vec<Change>>>,
    /// What access logs say, by the file at which the configuration starts that they were read for.
    logs: FxHashMap<FileId, (Arc<Config>, Arc<Logs>)>,
    cache: Arc<callers::Cache>,
    codes: Arc<modules::Cache>,
    sources: Arc<application::Cache>,
    /// True where somebody types: much source is read beside everything else.
    brisk: bool,
    /// What an editor or a person asked for, where the settings say nothing.
    language: Language,
    today: Option<Date>,
    /// What goes before the settings.
    insisted: Option<Language>,
    /// Counts the changes of everything but configuration files that are open.
    surroundings: u64,
    revision: u64,
}

/// An analysis, and what of it the world keeps.
#[derive(Debug)]
pub struct Outcome {
    /// The analysis.
    pub analysis: Arc<Analysis>,
    parses: Parses,
}

impl World {
    /// A workspace; `entries` are the files and folders that were asked for, none means all of it.
    pub fn new(workspace: &Path, entries: Vec<PathBuf>, settings: Settings) -> World {
        let inputs = Inputs {
            workspace: workspace.to_path_buf(),
            entries,
            suggested: Vec::new(),
            settings: Arc::new(Layers::alone(settings)),
            vfs: Vfs::default(),
            parses: Arc::default(),
            previous: None,
            changes: FxHashMap::default(),
            logs: FxHashMap::default(),
            cache: Arc::default(),
            codes: Arc::default(),
            sources: Arc::default(),
            brisk: false,
            language: Language::default(),
            today: None,
            insisted: None,
            surroundings: 0,
            revision: 0,
        };
        World { inputs, analysis: None }
    }

    /// A workspace with the settings of its `nginx-analyzer.toml`.
    pub fn open(workspace: &Path, entries: Vec<PathBuf>) -> World {
        let mut world = World::new(workspace, entries, Settings::default());
        world.reload_settings(Settings::default());
        world
    }

    /// `nginx-analyzer.toml` counts as it is now, over the settings that an editor gave; it is read when somebody asks for them.
    pub fn reload_settings(&mut self, base: Settings) {
        let file = self.inputs.vfs.id(&self.inputs.workspace.join(Settings::FILE));
        self.inputs.settings = Arc::new(Layers::with_file(base, file));
        self.touch();
    }

    /// Something changed, and anything may depend on it.
    fn touch(&mut self) {
        self.inputs.surroundings += 1;
        self.touch_configuration();
    }

    fn touch_configuration(&mut self) {
        self.inputs.revision += 1;
        self.analysis = None;
    }

    /// A client changed a text. What is there and where it gets on servers stays as it is when the file was open before and
    /// is read as a configuration only.
    fn touch_text(&mut self, file: FileId) {
        let only_configuration = |analysis: &Arc<Analysis>| {
            let lua = |derived: &Derived| derived.1.reads(file);
            analysis.project.files.contains_key(&file) && !analysis.derived.iter().any(lua)
        };
        match self.inputs.vfs.overlay(file).is_some() && self.inputs.previous.as_ref().is_some_and(only_configuration) {
            true => self.touch_configuration(),
            false => self.touch(),
        }
    }

    /// Files and overlays.
    pub fn vfs(&self) -> &Vfs {
        &self.inputs.vfs
    }

    /// Reads nothing from now on but what lies in these folders: the workspace is not trusted.
    pub fn confine(&mut self, folders: &[PathBuf]) {
        self.inputs.vfs.confine(folders);
        self.touch();
    }

    /// The folder.
    pub fn workspace(&self) -> &Path {
        &self.inputs.workspace
    }

    /// The settings. Reads their file if nobody has.
    pub fn settings(&self) -> &Arc<Settings> {
        self.inputs.settings()
    }

    /// Counts every change.
    pub fn revision(&self) -> u64 {
        self.inputs.revision
    }

    /// A client's text of a file replaces the disk's.
    pub fn set_text(&mut self, file: FileId, text: Text) {
        self.touch_text(file);
        self.inputs.vfs.open(file, text);
        self.inputs.changes.insert(file, None);
    }

    /// A client replaced a span of a file that it has open. False when it has not: nothing is changed then.
    pub fn edit(&mut self, file: FileId, span: Span, with: &str) -> bool {
        let Some(text) = self.inputs.vfs.overlay(file) else { return false };
        let change = Change::new(text, span, with);
        let mut text = text.clone();
        text.replace(span, with);
        self.inputs.vfs.open(file, text);
        if let Some(changes) = self.inputs.changes.entry(file).or_insert_with(|| Some(Vec::new())) {
            changes.push(change);
        }
        self.touch_text(file);
        true
    }

    /// A client closed a file.
    pub fn close(&mut self, file: FileId) {
        self.inputs.vfs.close(file);
        self.inputs.changes.remove(&file);
        self.touch();
    }

    /// A file changed on disk, came or went.
    pub fn disk_changed(&mut self, file: FileId) {
        self.disk_changed_all(&[file]);
    }

    /// Files changed on disk, came or went.
    pub fn disk_changed_all(&mut self, files: &[FileId]) {
        self.inputs.vfs.forget_all(files);
        self.touch();
    }

    /// Takes what access logs say of a configuration of the present analysis, or of an earlier one: it holds for the same servers and
    /// locations until it is given again.
    pub fn set_logs(&mut self, config: Arc<Config>, root: FileId, logs: Arc<Logs>) {
        self.inputs.logs.insert(root, (config, logs));
        self.touch();
    }

    /// Forgets what access logs said.
    pub fn forget_logs(&mut self) {
        if !self.inputs.logs.is_empty() {
            self.inputs.logs.clear();
            self.touch();
        }
    }

    /// Nobody is kept waiting from now on for the source of applications: [`Analysis::read_sources`] reads it, and [`World::sources_read`]
    /// makes it count.
    pub fn be_brisk(&mut self) {
        self.inputs.brisk = true;
        self.touch();
    }

    /// The source that an analysis waited for has been read.
    pub fn sources_read(&mut self) {
        self.touch();
    }

    /// Messages are written in this language from now on, unless the settings name another one.
    pub fn set_language(&mut self, language: Language) {
        if self.inputs.language != language {
            self.inputs.language = language;
            self.touch();
        }
    }

    /// The day on which comments that hold until a day are read. Without one, none of them has ended.
    pub fn set_today(&mut self, today: Date) {
        if self.inputs.today != Some(today) {
            self.inputs.today = Some(today);
            self.touch();
        }
    }

    /// Messages are written in this language from now on, whatever the settings say.
    pub fn insist_on(&mut self, language: Language) {
        self.inputs.insisted = Some(language);
        self.touch();
    }

    /// In which language messages are written. Reads the settings' file if nobody has.
    pub fn language(&self) -> Language {
        self.inputs.language(self.settings())
    }

    /// The same, as far as it is known without reading anything: by an editor's settings before anybody asked for what the file says.
    pub fn language_so_far(&self) -> Language {
        self.inputs.language(self.inputs.settings.so_far())
    }

    /// Looks at this file, too, although its name does not say that it is a configuration. Roots that the settings name are all there are.
    pub fn suggest(&mut self, path: PathBuf) {
        if !self.inputs.suggested.contains(&path) {
            self.inputs.suggested.push(path);
            self.touch();
        }
    }

    /// What the analysis of the present state is made from: a cheap copy.
    pub fn inputs(&self) -> Inputs {
        self.inputs.clone()
    }

    /// Takes an outcome: its analysis if nothing changed meanwhile, its parses anyhow, so far as they are of present texts.
    pub fn keep(&mut self, outcome: &Outcome) {
        let analysis = &outcome.analysis;
        if analysis.revision == self.inputs.revision {
            self.inputs.parses = Arc::new(outcome.parses.clone());
            self.inputs.changes.clear();
            self.inputs.previous = Some(analysis.clone());
            self.analysis = Some(analysis.clone());
        }
    }

    /// The analysis of the present state; made when something changed since the last call.
    pub fn analysis(&mut self) -> Arc<Analysis> {
        if let Some(analysis) = &self.analysis {
            return analysis.clone();
        }
        let outcome = self.inputs.analyze_whole();
        self.keep(&outcome);
        outcome.analysis
    }

    /// How many files have been parsed afresh since the world was made.
    pub fn parsed(&self) -> usize {
        self.inputs.parses.parsed
    }
}

impl Inputs {
    /// Which state of the world they are of.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The last analysis that was kept, perhaps of an earlier state.
    pub fn last(&self) -> Option<&Arc<Analysis>> {
        self.previous.as_ref()
    }

    /// The settings. Reads their file if nobody has.
    pub fn settings(&self) -> &Arc<Settings> {
        self.settings.settings(&self.vfs)
    }

    /// A client's present text of a file; `None` for one that is too large to be looked at.
    pub fn overlay(&self, file: FileId) -> Option<&Text> {
        self.vfs.overlay(file).filter(|text| Vfs::has_room(u64::from(text.len())))
    }

    /// A client's present text of a file with its tree: that of the last analysis that was kept, edited. Nothing else is read or analysed.
    pub fn source(&self, file: FileId) -> Option<Arc<SourceFile>> {
        let text = self.overlay(file)?;
        let parsed = self.parses.get(file).filter(|parsed| !parsed.unread());
        if let Some(parsed) = parsed.filter(|parsed| parsed.text.is_same(text)) {
            return Some(parsed.clone());
        }
        let parse = match (parsed, self.changes.get(&file)) {
            (Some(old), Some(Some(changes))) => old.parse.edit(text, changes, directives::is_known),
            _ => Parse::with_vocabulary(text, directives::is_known),
        };
        Some(Arc::new(SourceFile::new(file, self.vfs.path(file), text.clone(), Arc::new(parse), None)))
    }

    /// The files and folders that are looked at; none means all of the workspace.
    fn entries(&self) -> Vec<PathBuf> {
        let mut entries = self.entries.clone();
        let suggested = self.suggested.iter().filter(|_| self.settings().project.roots.is_empty());
        for path in suggested.filter(|path| !self.entries.contains(path)) {
            if entries.is_empty() {
                entries.push(self.workspace.clone());
            }
            entries.push(path.clone());
        }
        entries
    }

    fn language(&self, settings: &Settings) -> Language {
        self.insisted.or(settings.language).unwrap_or(self.language)
    }

    /// Makes the analysis. `None` when it was cancelled.
    pub fn analyze(&self, cancelled: &AtomicBool) -> Option<Outcome> {
        self.vfs.settle();
        let mut parses = Parses::clone(&self.parses);
        for (file, changes) in &self.changes {
            let (Some(old), Some(text)) = (parses.get(*file).cloned(), self.vfs.overlay(*file)) else { continue };
            match changes {
                _ if old.unread() || !Vfs::has_room(u64::from(text.len())) => parses.remove(*file),
                Some(changes) => {
                    let parse = Arc::new(old.parse.edit(text, changes, directives::is_known));
                    parses.insert(Arc::new(SourceFile::new(*file, old.path.clone(), text.clone(), parse, None)));
                }
                None if old.text == *text => {}
                None => parses.remove(*file),
            }
        }
        if cancelled.load(Ordering::Relaxed) {
            return None;
        }
        let mut project = Project::load(self.vfs.clone(), &self.workspace, self.settings().clone(), &self.entries(), &mut parses);
        project.problems.extend(self.settings.problems(&self.vfs).iter().cloned());
        let same = self.previous.as_ref().filter(|previous| previous.surroundings == self.surroundings);
        if let Some(previous) = same {
            project.keep_cluster(&previous.project);
        }
        let mut configs = Vec::with_capacity(project.roots.len());
        let mut derived = Vec::with_capacity(project.roots.len());
        for root in &project.roots {
            if cancelled.load(Ordering::Relaxed) {
                return None;
            }
            let (config, parts) = match self.previous.as_ref().and_then(|previous| Some((previous, previous.at(root)?))) {
                None => (Arc::new(Config::build(&project, root)), Derived::default()),
                Some((previous, at)) => match unchanged(previous, at, &project, root) {
                    Some((config, (routing, surrounded))) => {
                        (config, (routing, if same.is_some() { surrounded } else { Arc::<Surrounded>::default() }))
                    }
                    None => {
                        let earlier = previous.configs.get(at).zip(previous.derived.get(at));
                        let config = match earlier {
                            Some((before, _)) => Config::build_after(&project, root, before),
                            None => Config::build(&project, root),
                        };
                        let routing = earlier.map(|(before, derived)| {
                            Routing::after(derived, Unchanged::between((&previous.project, before), (&project, &config)))
                        });
                        (Arc::new(config), (Arc::new(routing.unwrap_or_default()), Arc::default()))
                    }
                },
            };
            configs.push(config);
            derived.push(parts);
        }
        let logs = project.roots.iter().zip(&configs).map(|(root, config)| {
            let (read_for, logs) = self.logs.get(&root.file)?;
            Some(if Arc::ptr_eq(read_for, config) { logs.clone() } else { logs.carried(read_for, config) })
        });
        let logs = logs.collect();
        let analysis = Arc::new(Analysis {
            project: Arc::new(project),
            configs,
            derived,
            logs,
            callers: same.map(|previous| previous.callers.clone()).unwrap_or_default(),
            cache: self.cache.clone(),
            codes: self.codes.clone(),
            applications: match same {
                Some(previous) => previous.applications.clone(),
                None if self.brisk => Arc::new(Applications::brisk(self.sources.clone())),
                None => Arc::new(Applications::new(self.sources.clone())),
            },
            language: self.language(self.settings()),
            today: self.today,
            surroundings: self.surroundings,
            revision: self.revision,
        });
        Some(Outcome { analysis, parses })
    }

    /// The analysis as it would be if these files had these texts. Nothing is changed.
    pub fn what_if(&self, texts: &[(FileId, Text)]) -> Arc<Analysis> {
        let mut inputs = self.clone();
        for (file, text) in texts {
            inputs.vfs.open(*file, text.clone());
            inputs.changes.insert(*file, None);
        }
        // Which Lua and pages are needed follows from the configuration, too.
        inputs.surroundings = inputs.surroundings.wrapping_add(1);
        inputs.analyze_whole().analysis
    }

    fn analyze_whole(&self) -> Outcome {
        // Nobody can cancel it: the flag is this function's own.
        loop {
            if let Some(outcome) = self.analyze(&AtomicBool::new(false)) {
                return outcome;
            }
        }
    }
}

/// The configuration that an earlier analysis made of the same root (its `at`th) from the same files, and what is derived from it.
fn unchanged(previous: &Analysis, at: usize, project: &Project, root: &Root) -> Option<(Arc<Config>, Derived)> {
    let old = previous.project.roots.get(at)?;
    let same = |file: &FileId| match (previous.project.files.get(file), project.files.get(file)) {
        (Some(old), Some(new)) => Arc::ptr_eq(old, new),
        (old, new) => old.is_none() && new.is_none(),
    };
    let included = root.includes.values().filter_map(|include| match include {
        Include::Files(files) => Some(files),
        _ => None,
    });
    let all_same = same(&root.file) && included.flatten().all(same);
    if old.kind != root.kind || old.includes != root.includes || !all_same {
        return None;
    }
    Some((previous.configs.get(at)?.clone(), previous.derived.get(at)?.clone()))
}

impl Analysis {
    /// Which of the roots starts at the same file.
    fn at(&self, root: &Root) -> Option<usize> {
        self.project.roots.iter().position(|other| other.file == root.file)
    }

    /// True when the source of an application has to be read before it is known what that serves.
    pub fn waits_for_sources(&self) -> bool {
        self.applications.is_waiting()
    }

    /// Reads that source; false when it was cancelled.
    pub fn read_sources(&self, cancelled: &AtomicBool) -> bool {
        self.applications.read_waiting(&self.project, cancelled)
    }

    /// The text of a place.
    pub fn text_at(&self, place: Place) -> String {
        self.project.text(place.file).slice(place.span).into_owned()
    }
}
