//! The files of applications: which they are, what each says, and what is kept of that.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::{Served, Source};
use crate::project::container::Container;
use crate::project::vfs::Stamp;
use crate::project::{FileId, Project, parallel};
use crate::upstreams::source::facts::Facts;
use crate::upstreams::source::{self, language_of};

/// The largest file of source that is read, in bytes.
pub(super) const LIMIT: u64 = 1024 * 1024;
/// The most files of one application that are read.
pub(super) const MOST: usize = 30_000;
/// As many files are read while somebody waits for what an editor shows; more are read beside it.
const FEW: usize = 100;

/// What was read of files of source, kept from one analysis to the next. A file is read again when its text is another one.
#[derive(Debug, Default)]
pub struct Cache {
    files: Mutex<FxHashMap<FileId, (Stamp, Arc<Facts>)>>,
    reads: AtomicUsize,
}

impl Cache {
    /// How many files have been read since this was made, those that were read again counted again.
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }

    fn get(&self, project: &Project, file: FileId) -> Option<Arc<Facts>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(&file).filter(|(stamp, _)| *stamp == project.vfs.stamp(file)).map(|(_, facts)| facts.clone())
    }

    /// What a file says; read now unless that is known. `None` when it can't be read.
    fn facts(&self, project: &Project, file: FileId, path: &Path) -> Option<Arc<Facts>> {
        if let Some(facts) = self.get(project, file) {
            return Some(facts);
        }
        let stamp = project.vfs.stamp(file);
        let text = project.vfs.read_once(file, LIMIT).ok()?;
        self.reads.fetch_add(1, Ordering::Relaxed);
        let facts = Arc::new(source::read(path, &text)?);
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(file, (stamp, facts.clone()));
        Some(facts)
    }
}

/// The applications of one state of a workspace; each is read when it is first asked for.
#[derive(Debug, Default)]
pub struct Applications {
    cache: Arc<Cache>,
    /// True where nobody may be kept waiting: see [`Applications::read_waiting`].
    brisk: bool,
    read: Mutex<FxHashMap<Sources, ReadOnce>>,
    /// What each container serves; there are few.
    served: Mutex<Vec<(Container, Once)>>,
    waiting: Mutex<Vec<Sources>>,
}

/// What one container serves, once it is known.
type Once = Arc<OnceLock<Option<(Served, Option<Source>)>>>;

/// The files of one application, once they are read; `None` where that waits.
type ReadOnce = Arc<OnceLock<Option<Arc<Read>>>>;

/// Where the files of an application are: a folder, and what of it counts (everything when that is empty).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Sources {
    pub(super) folder: PathBuf,
    pub(super) parts: Vec<PathBuf>,
}

/// The files of an application, and what each says.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) files: Vec<PathBuf>,
    pub(super) facts: Vec<(PathBuf, Arc<Facts>)>,
    /// Files that could not be read, or have more bytes than are read.
    pub(super) left_out: Vec<PathBuf>,
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
        for sources in waiting {
            let (_, wanted) = list(project, &sources);
            for some in wanted.chunks(FEW) {
                if cancelled.load(Ordering::Relaxed) {
                    return false;
                }
                parallel::map(some, |(file, path)| self.cache.facts(project, *file, path).is_some());
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

    /// The files of an application; `None` where they have to be read first and nobody may wait.
    pub(super) fn read(&self, project: &Project, sources: &Sources) -> Option<Arc<Read>> {
        let cell = self.read.lock().unwrap_or_else(PoisonError::into_inner).entry(sources.clone()).or_default().clone();
        cell.get_or_init(|| self.read_now(project, sources).map(Arc::new)).clone()
    }

    fn read_now(&self, project: &Project, sources: &Sources) -> Option<Read> {
        let (mut out, wanted) = list(project, sources);
        if self.brisk && wanted.iter().filter(|(file, _)| self.cache.get(project, *file).is_none()).nth(FEW).is_some() {
            self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(sources.clone());
            return None;
        }
        let found = parallel::map(&wanted, |(file, path)| self.cache.facts(project, *file, path));
        for ((_, path), facts) in wanted.into_iter().zip(found) {
            match facts {
                Some(facts) => out.facts.push((path, facts)),
                None => out.left_out.push(path),
            }
        }
        Some(out)
    }
}

/// The files of an application, and those of them that are read.
fn list(project: &Project, sources: &Sources) -> (Read, Vec<(FileId, PathBuf)>) {
    let walk = project.vfs.walk(&project.workspace);
    let start = walk.files.partition_point(|file| file.as_path() < sources.folder.as_path());
    let inside = walk.files.get(start..).unwrap_or_default().iter().take_while(|file| file.starts_with(&sources.folder));
    let counts = |file: &&PathBuf| sources.parts.is_empty() || sources.parts.iter().any(|part| file.starts_with(part));
    let mut out = Read { cut: walk.cut, ..Read::default() };
    let mut wanted: Vec<(FileId, PathBuf)> = Vec::new();
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
            wanted.push((project.vfs.id(path), relative.to_path_buf()));
        }
    }
    (out, wanted)
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
