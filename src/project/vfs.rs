//! Files of the disk, and over them the documents that an editor has open. With `server/` and `cli/` the only
//! place that touches the file system.
//!
//! Everything that was asked once (texts, kinds, folder listings, walks) is remembered until [`Vfs::forget`] says that
//! it may have changed: a keystroke costs no system call.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ignore::gitignore::Gitignore;
use rustc_hash::FxHashMap;

use crate::text::Text;

/// A file that was named once; stable as long as the [`Vfs`] it came from, and its clones, live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Why a file could not be read, or not as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadProblem {
    /// There is no such file.
    #[error("no such file")]
    Missing,
    /// A folder, pipe, socket or device.
    #[error("not a regular file ({0})")]
    NotAFile(&'static str),
    /// Larger than what is read.
    #[error("{size} bytes: files over {limit} bytes are not read")]
    TooLarge {
        /// Bytes on disk.
        size: u64,
        /// Bytes that are read at most.
        limit: u64,
    },
    /// NUL bytes: not a text.
    #[error("binary: it contains NUL bytes")]
    Binary,
    /// Bytes that are no UTF-8. The file is read all the same, each such sequence as U+FFFD.
    #[error("not UTF-8: the bytes that are not are shown as \u{fffd}, the first one at byte {first}")]
    NotUtf8 {
        /// Offset of the first such byte; the same in the file and in the text, for all before it is UTF-8.
        first: u32,
    },
    /// The system said no.
    #[error("{0}")]
    Io(String),
}

impl ReadProblem {
    /// True when what could be read is still worth looking at.
    pub fn is_partial(&self) -> bool {
        matches!(self, ReadProblem::NotUtf8 { .. })
    }
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A pipe, socket, device or unreadable thing.
    Other,
    /// Nothing.
    Missing,
}

/// All files below a folder.
#[derive(Debug, Default)]
pub struct Walk {
    /// The files, sorted by bytes.
    pub files: Vec<PathBuf>,
    /// True when there were more than [`Vfs::WALK_LIMIT`] and the rest was left out.
    pub cut: bool,
}

/// Files with overlays. A clone is a snapshot of the overlays and shares the cache of the disk.
#[derive(Debug, Clone, Default)]
pub struct Vfs {
    overlays: Arc<FxHashMap<FileId, Text>>,
    disk: Arc<Disk>,
}

#[derive(Debug, Default)]
struct Disk {
    names: RwLock<Names>,
    seen: RwLock<Seen>,
}

#[derive(Debug, Default)]
struct Names {
    paths: Vec<Arc<Path>>,
    ids: FxHashMap<Arc<Path>, FileId>,
}

/// What the disk said.
#[derive(Debug, Default)]
struct Seen {
    texts: FxHashMap<FileId, Result<(Text, Option<ReadProblem>), ReadProblem>>,
    kinds: FxHashMap<PathBuf, Kind>,
    lists: FxHashMap<PathBuf, Arc<Vec<PathBuf>>>,
    walks: FxHashMap<PathBuf, Arc<Walk>>,
    canonical: FxHashMap<PathBuf, PathBuf>,
    ignores: FxHashMap<PathBuf, Arc<Gitignore>>,
    asked: u64,
}

impl Vfs {
    /// The largest file that is read, in bytes.
    pub const LIMIT: u64 = 32 * 1024 * 1024;

    /// How many files a walk lists at most.
    pub const WALK_LIMIT: usize = 200_000;

    /// The id of an absolute path; made at its first mention, whether or not the file exists.
    pub fn id(&self, path: &Path) -> FileId {
        let path = normalize(path);
        if let Some(id) = self.disk.names.read().unwrap_or_else(|e| e.into_inner()).ids.get(&*path) {
            return *id;
        }
        let mut names = self.disk.names.write().unwrap_or_else(|e| e.into_inner());
        if let Some(id) = names.ids.get(&*path) {
            return *id;
        }
        let path: Arc<Path> = path.into();
        let id = FileId(names.paths.len() as u32);
        names.paths.push(path.clone());
        names.ids.insert(path, id);
        id
    }

    /// The path of an id; the empty path for an id of another [`Vfs`].
    pub fn path(&self, id: FileId) -> Arc<Path> {
        let names = self.disk.names.read().unwrap_or_else(|e| e.into_inner());
        names.paths.get(id.0 as usize).cloned().unwrap_or_else(|| Path::new("").into())
    }

    /// The text: the overlay where a client has the file open, else the disk's. Bytes that are no UTF-8 come as U+FFFD
    /// ([`Vfs::notice`] tells).
    pub fn read(&self, id: FileId) -> Result<Text, ReadProblem> {
        match self.overlays.get(&id) {
            Some(text) => Ok(text.clone()),
            None => self.from_disk(id).map(|(text, _)| text),
        }
    }

    /// What is to be said about a file although it could be read; `None` for a file that a client has open.
    pub fn notice(&self, id: FileId) -> Option<ReadProblem> {
        match self.overlays.contains_key(&id) {
            true => None,
            false => self.from_disk(id).ok().and_then(|(_, notice)| notice),
        }
    }

    fn from_disk(&self, id: FileId) -> Result<(Text, Option<ReadProblem>), ReadProblem> {
        if let Some(text) = self.seen().texts.get(&id) {
            return text.clone();
        }
        let text = read_disk(&self.path(id));
        self.learn(|seen| seen.texts.insert(id, text.clone()));
        text
    }

    /// What is at a path, links followed.
    pub fn kind(&self, path: &Path) -> Kind {
        if !self.overlays.is_empty() && self.overlays.contains_key(&self.id(path)) {
            return Kind::File;
        }
        if let Some(kind) = self.seen().kinds.get(path) {
            return *kind;
        }
        let kind = match std::fs::metadata(path) {
            Ok(meta) if meta.is_file() => Kind::File,
            Ok(meta) if meta.is_dir() => Kind::Folder,
            Ok(_) => Kind::Other,
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => Kind::Missing,
            // Permission, a loop of links, …: something is there, or it cannot be told.
            Err(_) => Kind::Other,
        };
        self.learn(|seen| seen.kinds.insert(path.to_path_buf(), kind));
        kind
    }

    /// Paths in a folder, sorted by bytes, those that only a client has included; empty when it can't be read.
    pub fn list(&self, folder: &Path) -> Vec<PathBuf> {
        let mut paths = self.on_disk(folder).to_vec();
        let before = paths.len();
        for id in self.overlays.keys() {
            let path = self.path(*id);
            if path.parent() == Some(folder) && paths[..before].binary_search_by(|known| (**known).cmp(&*path)).is_err() {
                paths.push(path.to_path_buf());
            }
        }
        sort(&mut paths);
        paths
    }

    fn on_disk(&self, folder: &Path) -> Arc<Vec<PathBuf>> {
        if let Some(list) = self.seen().lists.get(folder) {
            return list.clone();
        }
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        sort(&mut paths);
        let list = Arc::new(paths);
        self.learn(|seen| seen.lists.insert(folder.to_path_buf(), list.clone()));
        list
    }

    /// Where links lead: the path itself when nothing is there, or it cannot be told.
    pub fn canonical(&self, path: &Path) -> PathBuf {
        if let Some(path) = self.seen().canonical.get(path) {
            return path.clone();
        }
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        self.learn(|seen| seen.canonical.insert(path.to_path_buf(), target.clone()));
        target
    }

    /// All files below a folder that git does not ignore. Links are not followed; `.git`, `node_modules` and `target` are left out.
    pub fn walk(&self, folder: &Path) -> Arc<Walk> {
        self.walk_at_most(folder, Vfs::WALK_LIMIT)
    }

    fn walk_at_most(&self, folder: &Path, limit: usize) -> Arc<Walk> {
        if let Some(walk) = self.seen().walks.get(folder) {
            return walk.clone();
        }
        let mut walk = Walk::default();
        let skipped = |name: &std::ffi::OsStr| matches!(name.to_str(), Some(".git" | ".hg" | ".svn" | "node_modules" | "target"));
        let entries = ignore::WalkBuilder::new(folder)
            .hidden(false)
            .ignore(false)
            .follow_links(false)
            .filter_entry(move |entry| entry.depth() == 0 || !skipped(entry.file_name()))
            .build();
        for entry in entries.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file())) {
            if walk.files.len() == limit {
                walk.cut = true;
                break;
            }
            walk.files.push(entry.into_path());
        }
        sort(&mut walk.files);
        let walk = Arc::new(walk);
        self.learn(|seen| seen.walks.insert(folder.to_path_buf(), walk.clone()));
        walk
    }

    /// True when git ignores the path: what is missing there is made by a build. The path need not exist.
    pub fn is_ignored(&self, path: &Path) -> bool {
        let path = normalize(path);
        let Some(top) = path.ancestors().skip(1).find(|folder| self.kind(&folder.join(".git")) != Kind::Missing) else { return false };
        let is_folder = self.kind(&path) == Kind::Folder;
        // The nearest .gitignore that has a word on it decides (gitignore(5)).
        for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(top)) {
            let rules = self.gitignore(&folder.join(".gitignore"), folder);
            let verdict = rules.matched_path_or_any_parents(&path, is_folder);
            if !verdict.is_none() {
                return verdict.is_ignore();
            }
        }
        self.gitignore(&top.join(".git/info/exclude"), top).matched_path_or_any_parents(&path, is_folder).is_ignore()
    }

    fn gitignore(&self, file: &Path, folder: &Path) -> Arc<Gitignore> {
        if let Some(rules) = self.seen().ignores.get(file) {
            return rules.clone();
        }
        let mut builder = ignore::gitignore::GitignoreBuilder::new(folder);
        if self.kind(file) == Kind::File {
            builder.add(file);
        }
        let rules = Arc::new(builder.build().unwrap_or_else(|_| Gitignore::empty()));
        self.learn(|seen| seen.ignores.insert(file.to_path_buf(), rules.clone()));
        rules
    }

    /// Lays a client's text over the disk's.
    pub fn open(&mut self, id: FileId, text: Text) {
        Arc::make_mut(&mut self.overlays).insert(id, text);
    }

    /// Takes a client's text away; the disk's counts again.
    pub fn close(&mut self, id: FileId) {
        Arc::make_mut(&mut self.overlays).remove(&id);
        self.forget(id);
    }

    /// True while a client has the file open.
    pub fn is_open(&self, id: FileId) -> bool {
        self.overlays.contains_key(&id)
    }

    /// Forgets what was read from the disk about a path and the folder that it lies in: it may have changed, come or gone.
    pub fn forget(&self, id: FileId) {
        let path = self.path(id);
        let mut seen = self.seen_mut();
        seen.texts.remove(&id);
        let known = seen.kinds.remove(&*path);
        seen.canonical.clear();
        seen.lists.remove(&*path);
        if let Some(folder) = path.parent() {
            seen.lists.remove(folder);
            seen.kinds.remove(folder);
        }
        let now = std::fs::metadata(&path).is_ok();
        let rules = path.file_name().is_some_and(|name| name == ".gitignore");
        // A file whose bytes changed is still where it was: the walks hold.
        let listed = |walk: &Walk| walk.files.binary_search_by(|known| (**known).cmp(&*path)).is_ok();
        if rules {
            seen.ignores.clear();
            seen.walks.clear();
        } else {
            seen.walks.retain(|folder, walk| !path.starts_with(folder) || (now && listed(walk)));
        }
        // A folder that went takes everything below with it.
        if known == Some(Kind::Folder) || (now && path.is_dir()) {
            seen.kinds.retain(|other, _| !other.starts_with(&*path));
            seen.lists.retain(|other, _| !other.starts_with(&*path));
            let names = self.disk.names.read().unwrap_or_else(|e| e.into_inner());
            seen.texts.retain(|id, _| !names.paths.get(id.0 as usize).is_some_and(|other| other.starts_with(&*path)));
        } else if !now {
            seen.kinds.retain(|other, _| !other.starts_with(&*path));
        } else {
            // What was missing may now have parents.
            seen.kinds.retain(|other, kind| *kind != Kind::Missing || !path.starts_with(other));
        }
    }

    /// How often the disk was asked so far: what was remembered is not counted.
    pub fn asked(&self) -> u64 {
        self.seen().asked
    }

    fn seen(&self) -> RwLockReadGuard<'_, Seen> {
        self.disk.seen.read().unwrap_or_else(|e| e.into_inner())
    }

    fn seen_mut(&self) -> RwLockWriteGuard<'_, Seen> {
        self.disk.seen.write().unwrap_or_else(|e| e.into_inner())
    }

    fn learn<T>(&self, insert: impl FnOnce(&mut Seen) -> T) {
        let mut seen = self.seen_mut();
        seen.asked += 1;
        insert(&mut seen);
    }
}

/// By the bytes of the names, component by component, as paths compare.
fn sort(paths: &mut [PathBuf]) {
    paths.sort_unstable();
}

/// Removes `.` and resolves `..` by name, without asking the disk.
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

fn read_disk(path: &Path) -> Result<(Text, Option<ReadProblem>), ReadProblem> {
    let io = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => ReadProblem::Missing,
        _ => ReadProblem::Io(error.to_string()),
    };
    // A pipe would block when it is opened: ask what it is first.
    let meta = std::fs::metadata(path).map_err(io)?;
    if meta.is_dir() {
        return Err(ReadProblem::NotAFile("a folder"));
    }
    if !meta.is_file() {
        return Err(ReadProblem::NotAFile("a pipe, socket or device"));
    }
    if meta.len() > Vfs::LIMIT {
        return Err(ReadProblem::TooLarge { size: meta.len(), limit: Vfs::LIMIT });
    }
    let mut bytes = Vec::with_capacity(meta.len() as usize);
    std::fs::File::open(path).and_then(|file| file.take(Vfs::LIMIT).read_to_end(&mut bytes)).map_err(io)?;
    if bytes.contains(&0) {
        return Err(ReadProblem::Binary);
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok((Text::new(text), None)),
        Err(error) => {
            let notice = ReadProblem::NotUtf8 { first: error.valid_up_to() as u32 };
            Ok((Text::new(&String::from_utf8_lossy(&bytes)), Some(notice)))
        }
    }
}
