//! The files of applications: which they are, what each says, and what is kept of that.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::{Served, Source, runs};
use crate::parallel;
use crate::project::container::Container;
use crate::project::vfs::{Stamp, Walk};
use crate::project::{FileId, Project};
use crate::upstreams::source::facts::Facts;
use crate::upstreams::source::link::{Application, Variable};
use crate::upstreams::source::needed::{Files, Imports, Skimmed};
use crate::upstreams::source::{self, Skim, Tree, language_of, of_folder};
use crate::upstreams::started::Runtime;

/// The largest file of source that is read, in bytes.
pub(super) const LIMIT: u64 = 1024 * 1024;
/// The most files of one application that are read.
pub(super) const MOST: usize = 30_000;
/// As many files are read while somebody waits for what an editor shows; more are read beside it.
const FEW: usize = 100;

/// What was read of files of source, kept from one analysis to the next. A file is read again when its text is another one.
#[derive(Debug, Default)]
pub struct Cache {
    files: Mutex<FxHashMap<FileId, (Stamp, Known)>>,
    applications: Mutex<FxHashMap<Sources, Kept>>,
    reads: AtomicUsize,
}

/// What is known of a file.
#[derive(Debug, Clone)]
struct Known {
    /// `None` where its language has no such thing.
    skim: Option<Arc<Skim>>,
    /// What it says; `None` where nobody asked for that.
    facts: Option<Arc<Facts>>,
}

/// What is kept of an application: its files, so long as none comes or goes, and of those that a runtime runs what they import and serve.
#[derive(Debug, Clone)]
struct Kept {
    walked: Arc<[PathBuf]>,
    files: Arc<Listed>,
    run: FxHashMap<Option<Runtime>, Arc<Run>>,
}

/// The files of an application that a runtime runs, and what they were found to be.
#[derive(Debug, Default)]
struct Run {
    wanted: Arc<[(FileId, Arc<Path>)]>,
    imports: Imports,
    linked: Option<Linked>,
}

/// What was linked, and all that it was made from.
#[derive(Debug)]
struct Linked {
    facts: Vec<Option<Arc<Facts>>>,
    folder: Vec<(PathBuf, Arc<Facts>)>,
    /// What the environment said.
    variables: Vec<(String, Variable)>,
    /// Other files that were looked at.
    texts: Vec<(FileId, Stamp)>,
    application: Arc<Application>,
    left_out: Vec<PathBuf>,
}

impl Cache {
    /// How many files have been read since this was made, those that were read again counted again.
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }

    fn files(&self) -> MutexGuard<'_, FxHashMap<FileId, (Stamp, Known)>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn applications(&self) -> MutexGuard<'_, FxHashMap<Sources, Kept>> {
        self.applications.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of files by now.
    fn known<'a>(&self, project: &Project, wanted: impl Iterator<Item = &'a FileId>) -> Vec<Option<Known>> {
        let files = self.files();
        let known = |file: &FileId| files.get(file).filter(|(stamp, _)| *stamp == project.vfs.stamp(*file)).map(|(_, known)| known.clone());
        wanted.map(known).collect()
    }

    /// Looks at a file: skims it, and reads it if that does not do, or if it is wanted. `None` when it can't be read.
    fn look(&self, project: &Project, file: FileId, path: &Path, whole: bool) -> Option<Known> {
        let stamp = project.vfs.stamp(file);
        let text = project.vfs.read_once(file, LIMIT).ok()?;
        self.reads.fetch_add(1, Ordering::Relaxed);
        let skim = source::skim(path, &text).map(Arc::new);
        let facts = if whole || skim.as_ref().is_none_or(|skim| !skim.idle) { Some(Arc::new(source::read(path, &text)?)) } else { None };
        let mut files = self.files();
        // What is as it was stays the same one.
        let (skim, facts) = match files.remove(&file) {
            Some((_, old)) => {
                (old.skim.filter(|old| skim.as_ref() == Some(old)).or(skim), old.facts.filter(|old| facts.as_ref() == Some(old)).or(facts))
            }
            None => (skim, facts),
        };
        let known = Known { skim, facts };
        files.insert(file, (stamp, known.clone()));
        Some(known)
    }

    /// What files are known to say by now, all of them skimmed at least. `None` for one that can't be read.
    fn skimmed(&self, project: &Project, wanted: &[(FileId, Arc<Path>)]) -> Vec<Option<Known>> {
        let known = self.known(project, wanted.iter().map(|(file, _)| file));
        self.skim_more(project, wanted, known)
    }

    /// The same where something is known of them.
    fn skim_more(&self, project: &Project, wanted: &[(FileId, Arc<Path>)], known: Vec<Option<Known>>) -> Vec<Option<Known>> {
        let mut out = known;
        let open: Vec<usize> = out.iter().enumerate().filter(|(_, known)| known.is_none()).map(|(at, _)| at).collect();
        let found = parallel::map(&open, |at| wanted.get(*at).and_then(|(file, path)| self.look(project, *file, path, false)));
        for (at, known) in open.into_iter().zip(found) {
            if let Some(slot) = out.get_mut(at) {
                *slot = known;
            }
        }
        out
    }
}

/// The applications of one state of a workspace; each is read when it is first asked for.
#[derive(Debug, Default)]
pub struct Applications {
    cache: Arc<Cache>,
    /// True where nobody may be kept waiting: see [`Applications::read_waiting`].
    brisk: bool,
    listed: Mutex<FxHashMap<Sources, Arc<Listed>>>,
    /// What each container serves; there are few.
    served: Mutex<Vec<(Container, Once)>>,
    waiting: Mutex<Vec<(Sources, Option<Runtime>)>>,
}

/// What one container serves, once it is known.
type Once = Arc<OnceLock<Option<(Served, Option<Source>)>>>;

/// Where the files of an application are: a folder, and what of it counts (everything when that is empty).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Sources {
    pub(super) folder: PathBuf,
    pub(super) parts: Vec<PathBuf>,
}

/// The files of an application.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) files: Vec<PathBuf>,
    /// Those of them that languages want.
    wanted: Vec<(FileId, Arc<Path>)>,
    /// True when there are more files than are looked at.
    pub(super) cut: bool,
}

impl Applications {
    /// With what is known of files from earlier.
    pub fn new(cache: Arc<Cache>) -> Applications {
        Applications { cache, ..Applications::default() }
    }

    /// The same where nobody may be kept waiting: of an application of which many files are not read yet nothing is known until
    /// [`Applications::read_waiting`] has read them and the workspace is analysed again.
    pub fn brisk(cache: Arc<Cache>) -> Applications {
        Applications { cache, brisk: true, ..Applications::default() }
    }

    /// True when something was asked for that has to be read first.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Reads what was asked for; false when it was cancelled.
    pub fn read_waiting(&self, project: &Project, cancelled: &AtomicBool) -> bool {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (sources, runtime) in waiting {
            let listed = self.list(project, &sources);
            let wanted = of_runtime(&listed, runtime);
            for some in wanted.chunks(FEW) {
                if cancelled.load(Ordering::Relaxed) {
                    return false;
                }
                self.cache.skimmed(project, some);
            }
        }
        true
    }

    /// What a container that is made here serves, and of which source that is known. `None` for one of an image that is not built
    /// here and gets no source from here.
    pub(in crate::upstreams) fn served(&self, project: &Project, container: &Container) -> Option<(Served, Option<Source>)> {
        let mut all = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.iter().find(|(known, _)| known == container).map(|(_, once)| once.clone());
        let once = known.unwrap_or_else(|| {
            let once = Once::default();
            all.push((container.clone(), once.clone()));
            once
        });
        drop(all);
        once.get_or_init(|| super::served(project, self, container)).clone()
    }

    /// The files of an application.
    pub(super) fn list(&self, project: &Project, sources: &Sources) -> Arc<Listed> {
        let mut all = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(sources.clone()).or_insert_with(|| self.cache.list(project, sources)).clone()
    }

    /// Reads and links the files of an application that a runtime runs, all where that is not known: its routes, and the files that could
    /// not be read, or have more bytes than are read. `None` where they have to be read first and nobody may wait.
    pub(super) fn link(
        &self,
        project: &Project,
        sources: &Sources,
        runtime: Option<Runtime>,
        variable: &dyn Fn(&str) -> Variable,
    ) -> Option<(Arc<Application>, Vec<PathBuf>)> {
        let listed = self.list(project, sources);
        let earlier = self.cache.run(sources, &listed, runtime);
        let wanted = &earlier.wanted;
        let known = self.cache.known(project, wanted.iter().map(|(file, _)| file));
        if self.brisk && known.iter().filter(|known| known.is_none()).count() > FEW {
            self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((sources.clone(), runtime));
            return None;
        }
        let known = self.cache.skim_more(project, wanted, known);
        let skims = known.iter().map(|known| known.as_ref().and_then(|known| known.skim.clone()));
        let skimmed: Skimmed = wanted.iter().map(|(_, path)| path.clone()).zip(skims).collect();
        let texts: Mutex<Vec<(FileId, Stamp)>> = Mutex::default();
        let text = |path: &Path| {
            let file = project.vfs.id(&sources.folder.join(path));
            texts.lock().unwrap_or_else(PoisonError::into_inner).push((file, project.vfs.stamp(file)));
            project.vfs.read_once(file, LIMIT).ok()
        };
        let tree = Tree::new(&listed.files, &text);
        let imports = Imports::of(&tree, &skimmed, &earlier.imports);
        let facts = |at: &usize| {
            let known = known.get(*at)?.as_ref()?;
            known.facts.clone().or_else(|| {
                let (file, path) = wanted.get(*at)?;
                self.cache.look(project, *file, path, true)?.facts
            })
        };
        let read = |some: &[usize]| parallel::map(some, facts);
        let mut files = Files::read(&skimmed, &imports, &read);
        let folder = of_folder(&tree, |language| runtime.is_some_and(|runtime| runs(runtime, language.name)));
        // The same from the same.
        let same = earlier.linked.as_ref().filter(|linked| {
            let is_same = |(one, other): (Option<&Arc<Facts>>, &Option<Arc<Facts>>)| match (one, other) {
                (Some(one), Some(other)) => Arc::ptr_eq(one, other),
                // More was read when it was linked.
                (None, _) => true,
                (Some(_), None) => false,
            };
            linked.folder == folder
                && files.facts().zip(&linked.facts).all(is_same)
                && linked.variables.iter().all(|(name, value)| variable(name) == *value)
                && linked.texts.iter().all(|(file, stamp)| project.vfs.stamp(*file) == *stamp)
        });
        // What is not read now and was then is what some expression led to; it may be read again, and be something else.
        let same = same.filter(|linked| {
            let changed = |at: usize, old: &Option<Arc<Facts>>| {
                old.as_ref().is_some_and(|old| facts(&at).is_none_or(|facts| !Arc::ptr_eq(&facts, old)))
            };
            let mut all = files.facts().zip(&linked.facts).enumerate();
            !all.any(|(at, (now, old))| now.is_none() && changed(at, old))
        });
        if let Some(linked) = same {
            return Some((linked.application.clone(), linked.left_out.clone()));
        }
        let asked: RefCell<Vec<(String, Variable)>> = RefCell::default();
        let note = |name: &str| {
            let value = variable(name);
            let mut asked = asked.borrow_mut();
            if !asked.iter().any(|(known, _)| known == name) {
                asked.push((name.to_owned(), value.clone()));
            }
            value
        };
        let application = Arc::new(files.link(&tree, folder.clone(), &note, &read));
        let linked = Linked {
            facts: files.facts().map(Option::<&Arc<Facts>>::cloned).collect(),
            folder,
            variables: asked.take(),
            texts: texts.into_inner().unwrap_or_else(PoisonError::into_inner),
            application: application.clone(),
            left_out: files.left_out.clone(),
        };
        self.cache.keep(sources, &listed, runtime, Run { wanted: wanted.clone(), imports, linked: Some(linked) });
        Some((application, files.left_out))
    }
}

/// The files that a runtime runs.
fn of_runtime(listed: &Listed, runtime: Option<Runtime>) -> Vec<(FileId, Arc<Path>)> {
    let run = |path: &Path| runtime.is_none_or(|runtime| language_of(path).is_some_and(|language| runs(runtime, language.name)));
    listed.wanted.iter().filter(|(_, path)| run(path)).cloned().collect()
}

impl Cache {
    /// The files of an application, and those of them that are read.
    fn list(&self, project: &Project, sources: &Sources) -> Arc<Listed> {
        let walk = project.vfs.walk(&project.workspace);
        if let Some(kept) = self.applications().get(sources).filter(|kept| is_same(&kept.walked, &walk.files)) {
            return kept.files.clone();
        }
        let files = Arc::new(list(project, sources, &walk));
        let kept = Kept { walked: walk.files, files: files.clone(), run: FxHashMap::default() };
        self.applications().insert(sources.clone(), kept);
        files
    }

    /// What is known of the files that a runtime runs.
    fn run(&self, sources: &Sources, listed: &Arc<Listed>, runtime: Option<Runtime>) -> Arc<Run> {
        let mut all = self.applications();
        let kept = all.get_mut(sources).filter(|kept| Arc::ptr_eq(&kept.files, listed));
        if let Some(known) = kept.and_then(|kept| kept.run.get(&runtime)) {
            return known.clone();
        }
        Arc::new(Run { wanted: of_runtime(listed, runtime).into(), ..Run::default() })
    }

    fn keep(&self, sources: &Sources, listed: &Arc<Listed>, runtime: Option<Runtime>, run: Run) {
        if let Some(kept) = self.applications().get_mut(sources).filter(|kept| Arc::ptr_eq(&kept.files, listed)) {
            kept.run.insert(runtime, Arc::new(run));
        }
    }
}

/// True for the same paths. With a file that only an editor has, a walk makes its list anew each time.
fn is_same(paths: &Arc<[PathBuf]>, others: &Arc<[PathBuf]>) -> bool {
    let same = |(path, other): (&PathBuf, &PathBuf)| path.as_os_str() == other.as_os_str();
    Arc::ptr_eq(paths, others) || paths.len() == others.len() && paths.iter().zip(others.iter()).all(same)
}

fn list(project: &Project, sources: &Sources, walk: &Walk) -> Listed {
    let start = walk.files.partition_point(|file| file.as_path() < sources.folder.as_path());
    let inside = walk.files.get(start..).unwrap_or_default().iter().take_while(|file| file.starts_with(&sources.folder));
    let counts = |file: &&PathBuf| sources.parts.is_empty() || sources.parts.iter().any(|part| file.starts_with(part));
    let mut out = Listed { cut: walk.cut, ..Listed::default() };
    for path in inside.filter(counts) {
        let Ok(relative) = path.strip_prefix(&sources.folder) else { continue };
        if is_apart(relative) {
            continue;
        }
        if out.files.len() >= MOST {
            out.cut = true;
            break;
        }
        out.files.push(relative.to_path_buf());
        if language_of(relative).is_some() {
            out.wanted.push((project.vfs.id(path), relative.into()));
        }
    }
    out
}

/// True for tests, for other people's code and for what a build makes: no part of what runs.
fn is_apart(path: &Path) -> bool {
    const FOREIGN: [&str; 14] = [
        "node_modules",
        "bower_components",
        "site-packages",
        "third_party",
        "venv",
        ".venv",
        ".tox",
        ".next",
        ".nuxt",
        ".git",
        "dist",
        "coverage",
        ".storybook",
        "__pycache__",
    ];
    const TESTS: [&str; 10] = ["test", "tests", "__tests__", "__mocks__", "spec", "specs", "e2e", "testdata", "fixtures", "cypress"];
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let folders: Vec<&str> = path.parent().map(|folders| folders.iter().filter_map(|part| part.to_str()).collect()).unwrap_or_default();
    if folders.iter().any(|part| FOREIGN.contains(part)) || name.contains(".min.") || name.ends_with(".d.ts") {
        return true;
    }
    match extension {
        // A package of classes that are found by their annotations may be called `test`.
        "java" | "kt" => folders.windows(2).any(|pair| matches!(pair, ["src", kind] if kind.to_ascii_lowercase().contains("test"))),
        "cs" => folders.iter().any(|part| ["bin", "obj"].contains(part) || part.ends_with("Tests") || part.ends_with(".Test")),
        "rb" | "php" => matches!(folders.first(), Some(first) if TESTS.contains(first)),
        _ => {
            let marked = [".test", ".spec", "_test"].iter().any(|end| stem.ends_with(end));
            marked
                || stem == "conftest"
                || stem.starts_with("test_") && extension == "py"
                || folders.iter().any(|part| TESTS.contains(part))
        }
    }
}
