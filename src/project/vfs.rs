//! Files of the disk, and over them the documents that an editor has open. With `store/`, `server/` and `cli/` the only place that
//! touches the file system.

mod changed;
mod fence;
mod memory;
mod walk;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::wildcard;
use crate::messages::Message;
use crate::phrase;
use crate::text::Text;
use fence::Fence;

pub use walk::Walk;

/// A file that was named once; stable as long as the [`Vfs`] it came from, and its clones, live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadProblem {
    /// There is no such file.
    Missing,
    /// A folder, pipe, socket or device.
    NotAFile(NoFile),
    /// Larger than what is read.
    TooLarge {
        /// Bytes on disk.
        size: u64,
        /// Bytes that are read at most.
        limit: u64,
    },
    /// With it the configurations of the workspace would be larger than what there is memory for.
    TooMuch {
        /// Its bytes.
        size: u64,
        /// Bytes of all of them that are read at most.
        limit: u64,
    },
    /// NUL bytes: not a text.
    Binary,
    /// Links that lead back to themselves.
    LinkLoop,
    /// The system said no.
    Io(String),
    /// It lies outside of the folders of a workspace that is not trusted ([`Vfs::confine`]).
    Outside,
    /// Bytes that are no UTF-8; the rest of the file was read.
    NotUtf8,
}

/// What is no regular file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFile {
    /// A folder.
    Folder,
    /// A pipe, a socket or a device.
    Special,
}

impl ReadProblem {
    /// What a person is told.
    pub fn message(&self) -> Message {
        match self {
            ReadProblem::Missing => phrase!("read-missing"),
            ReadProblem::NotAFile(NoFile::Folder) => phrase!("read-not-a-file-folder"),
            ReadProblem::NotAFile(NoFile::Special) => phrase!("read-not-a-file-special"),
            ReadProblem::TooLarge { size, limit } => phrase!("read-too-large", size = size.to_string(), limit = limit.to_string()),
            ReadProblem::TooMuch { size, limit } => phrase!("read-too-much", size = size.to_string(), limit = limit.to_string()),
            ReadProblem::Binary => phrase!("read-binary"),
            ReadProblem::LinkLoop => phrase!("read-link-loop"),
            ReadProblem::Io(error) => phrase!("read-io", error = error),
            ReadProblem::Outside => phrase!("read-outside"),
            ReadProblem::NotUtf8 => phrase!("read-not-utf8"),
        }
    }

    /// True when the file was read all the same.
    pub fn is_partial(&self) -> bool {
        *self == ReadProblem::NotUtf8
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

/// A text and what was wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The text; empty when nothing could be read.
    pub text: Text,
    /// What was wrong.
    pub problem: Option<ReadProblem>,
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
    contents: RwLock<FxHashMap<FileId, Contents>>,
    kinds: RwLock<FxHashMap<PathBuf, Kind>>,
    folders: RwLock<FxHashMap<PathBuf, Arc<[PathBuf]>>>,
    walks: RwLock<FxHashMap<PathBuf, Walk>>,
    /// Where links lead; `None` where nothing is.
    canonical: RwLock<FxHashMap<PathBuf, Option<PathBuf>>>,
    /// `None` in a workspace that is trusted.
    fence: RwLock<Option<Arc<Fence>>>,
    /// How often a file was forgotten.
    changes: RwLock<FxHashMap<FileId, u64>>,
    /// What was forgotten and not looked at since.
    unsettled: Mutex<FxHashSet<Arc<Path>>>,
    /// Held by who looks at it.
    settling: Mutex<()>,
    asked: AtomicU64,
}

/// Which text of a file it is: equal as long as nothing said that the file changed.
#[derive(Debug, Clone)]
pub enum Stamp {
    /// A client's.
    Overlay(Text),
    /// The disk's, after so many changes.
    Disk(u64),
}

impl PartialEq for Stamp {
    fn eq(&self, other: &Stamp) -> bool {
        match (self, other) {
            (Stamp::Overlay(one), Stamp::Overlay(other)) => one.is_same(other),
            (Stamp::Disk(one), Stamp::Disk(other)) => one == other,
            _ => false,
        }
    }
}

#[derive(Debug, Default)]
struct Names {
    paths: Vec<Arc<Path>>,
    ids: FxHashMap<Arc<Path>, FileId>,
}

/// A lock that a panic left behind still holds a cache that can be used: every value in it is written in one step.
fn unpoisoned<T>(result: Result<T, PoisonError<T>>) -> T {
    result.unwrap_or_else(PoisonError::into_inner)
}

impl Vfs {
    /// The largest file that is read, in bytes.
    pub const LIMIT: u64 = 64 * 1024 * 1024;

    /// The least that [`Vfs::room`] is anywhere, in bytes.
    pub const LEAST_ROOM: u64 = memory::LEAST;

    /// The id of an absolute path; made at its first mention, whether or not the file exists.
    pub fn id(&self, path: &Path) -> FileId {
        let path = normalize(path);
        if let Some(id) = unpoisoned(self.disk.names.read()).ids.get(&*path) {
            return *id;
        }
        let mut names = unpoisoned(self.disk.names.write());
        if let Some(id) = names.ids.get(&*path) {
            return *id;
        }
        let path: Arc<Path> = path.into();
        let id = FileId(names.paths.len() as u32);
        names.paths.push(path.clone());
        names.ids.insert(path, id);
        id
    }

    /// The path of an id; empty for an id of another [`Vfs`].
    pub fn path(&self, id: FileId) -> Arc<Path> {
        unpoisoned(self.disk.names.read()).paths.get(id.0 as usize).cloned().unwrap_or_else(|| Path::new("").into())
    }

    /// How many bytes of configurations are read in all, by the memory that there is; [`Vfs::LIMIT`] at most.
    pub fn room() -> u64 {
        static ROOM: LazyLock<u64> = LazyLock::new(|| memory::room(Vfs::LIMIT, |path| std::fs::read_to_string(path).ok()));
        *ROOM
    }

    /// True when so many bytes of configurations are no more than [`Vfs::room`]. What has room everywhere is told without asking the system.
    pub fn has_room(bytes: u64) -> bool {
        bytes <= Vfs::LEAST_ROOM || bytes <= Vfs::room()
    }

    /// The text and what was wrong with it: the overlay where a client has the file open, else the disk's.
    pub fn contents(&self, id: FileId) -> Contents {
        self.contents_within(id, Vfs::LIMIT)
    }

    /// As [`Vfs::contents`], of at most so many bytes. What is larger is not read, and what a client sent of it not given.
    pub fn contents_within(&self, id: FileId, limit: u64) -> Contents {
        let within = |contents: Contents| match u64::from(contents.text.len()) {
            size if size > limit => Contents { text: Text::default(), problem: Some(ReadProblem::TooLarge { size, limit }) },
            _ => contents,
        };
        if let Some(text) = self.overlays.get(&id) {
            return within(Contents { text: text.clone(), problem: None });
        }
        if let Some(contents) = unpoisoned(self.disk.contents.read()).get(&id) {
            return within(contents.clone());
        }
        let path = self.path(id);
        if !self.may_read(&path) {
            return Contents { text: Text::default(), problem: Some(ReadProblem::Outside) };
        }
        self.count();
        let contents = read_disk(&path, limit.min(Vfs::LIMIT));
        // Who has more room may read it.
        if !matches!(contents.problem, Some(ReadProblem::TooLarge { .. })) {
            unpoisoned(self.disk.contents.write()).insert(id, contents.clone());
        }
        contents
    }

    /// The text, or why there is none. A file that is not UTF-8 has a text.
    pub fn read(&self, id: FileId) -> Result<Text, ReadProblem> {
        let contents = self.contents(id);
        match contents.problem {
            Some(problem) if !problem.is_partial() => Err(problem),
            _ => Ok(contents.text),
        }
    }

    /// The bytes of a file of whatever size, read as they are asked for, and how many there are. Nothing of it is remembered.
    pub fn stream(&self, path: &Path) -> Result<(Box<dyn Read + Send>, u64), ReadProblem> {
        let (file, size) = self.open_file(path)?;
        Ok((Box::new(file), size))
    }

    /// The last bytes of a file, at most so many.
    pub fn tail(&self, path: &Path, bytes: u64) -> Result<Vec<u8>, ReadProblem> {
        let (mut file, size) = self.open_file(path)?;
        let mut out = Vec::new();
        let read = file.seek(SeekFrom::Start(size.saturating_sub(bytes))).and_then(|_| file.take(bytes).read_to_end(&mut out));
        read.map_err(io_problem)?;
        Ok(out)
    }

    /// Which text of the file [`Vfs::read`] would give.
    pub fn stamp(&self, id: FileId) -> Stamp {
        match self.overlays.get(&id) {
            Some(text) => Stamp::Overlay(text.clone()),
            None => Stamp::Disk(unpoisoned(self.disk.changes.read()).get(&id).copied().unwrap_or(0)),
        }
    }

    /// As [`Vfs::read`], of at most `limit` bytes, and without remembering the text: for files that are looked at once and of which
    /// there are many.
    pub fn read_once(&self, id: FileId, limit: u64) -> Result<String, ReadProblem> {
        let known = self.overlays.get(&id).cloned();
        let known = known.or_else(|| unpoisoned(self.disk.contents.read()).get(&id).map(|contents| contents.text.clone()));
        if let Some(text) = known.filter(|text| !text.is_empty()) {
            let size = u64::from(text.len());
            return if size > limit { Err(ReadProblem::TooLarge { size, limit }) } else { Ok(text.to_str().into_owned()) };
        }
        let path = self.path(id);
        if !self.may_read(&path) {
            return Err(ReadProblem::Outside);
        }
        self.count();
        let bytes = read_bytes(&path, limit)?;
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// What is at a path, links followed.
    pub fn kind(&self, path: &Path) -> Kind {
        if !self.overlays.is_empty() && self.overlays.contains_key(&self.id(path)) {
            return Kind::File;
        }
        if let Some(kind) = unpoisoned(self.disk.kinds.read()).get(path) {
            return *kind;
        }
        // Not missing: nobody knows.
        if !self.admits(path) {
            return Kind::Other;
        }
        self.count();
        let kind = match std::fs::metadata(path) {
            Ok(meta) if meta.is_file() => Kind::File,
            Ok(meta) if meta.is_dir() => Kind::Folder,
            Ok(_) => Kind::Other,
            Err(error) => match error.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Kind::Missing,
                _ => Kind::Other,
            },
        };
        unpoisoned(self.disk.kinds.write()).insert(path.to_path_buf(), kind);
        kind
    }

    /// Paths in a folder, sorted by bytes, with those that only a client has; empty when it can't be read.
    pub fn list(&self, folder: &Path) -> Arc<[PathBuf]> {
        let known = self.list_disk(folder);
        let mut unsaved: Vec<PathBuf> = self.overlays.keys().map(|id| self.path(*id).to_path_buf()).collect();
        unsaved.retain(|path| path.parent() == Some(folder) && known.binary_search(path).is_err());
        if unsaved.is_empty() {
            return known;
        }
        unsaved.extend_from_slice(&known);
        unsaved.sort();
        unsaved.into()
    }

    fn list_disk(&self, folder: &Path) -> Arc<[PathBuf]> {
        if let Some(paths) = unpoisoned(self.disk.folders.read()).get(folder) {
            return paths.clone();
        }
        if !self.may_read(folder) {
            return Arc::default();
        }
        self.count();
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let paths: Arc<[PathBuf]> = paths.into();
        unpoisoned(self.disk.folders.write()).insert(folder.to_path_buf(), paths.clone());
        paths
    }

    /// What a pattern of `glob(3)` names, sorted by bytes, as nginx's `include` reads it (`ngx_open_glob`): `*` and `?` stay within
    /// one folder's names and do not match a leading dot. A link to nothing counts when its name matches: nginx tries to open it.
    pub fn glob(&self, pattern: &Path) -> Vec<PathBuf> {
        let mut paths = vec![PathBuf::new()];
        let mut listed = false;
        for part in pattern.components() {
            let name = part.as_os_str();
            let bytes = name.as_encoded_bytes();
            listed = matches!(part, Component::Normal(_)) && wildcard::is_pattern(bytes);
            if !listed {
                paths.iter_mut().for_each(|path| path.push(name));
                continue;
            }
            paths = paths.iter().flat_map(|folder| self.list(folder).to_vec()).collect();
            paths.retain(|path| path.file_name().is_some_and(|name| wildcard::matches(bytes, name.as_encoded_bytes())));
        }
        if !listed {
            paths.retain(|path| self.kind(path) != Kind::Missing);
        }
        paths.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
        paths
    }

    /// Where links lead; the path itself when nothing is there or it can't be told.
    pub fn canonical(&self, path: &Path) -> PathBuf {
        self.is_named_inside(path).then(|| self.real(path)).flatten().unwrap_or_else(|| path.to_path_buf())
    }

    /// Where links lead; `None` where nothing is, or it can't be told.
    fn real(&self, path: &Path) -> Option<PathBuf> {
        if let Some(path) = unpoisoned(self.disk.canonical.read()).get(path) {
            return path.clone();
        }
        self.count();
        let target = std::fs::canonicalize(path).ok();
        unpoisoned(self.disk.canonical.write()).insert(path.to_path_buf(), target.clone());
        target
    }

    /// Reads from now on only what lies in these folders, links followed; what clients have open is read all the same. What was read before
    /// is forgotten.
    pub fn confine(&self, folders: &[PathBuf]) {
        let fence = Fence::new(folders);
        *unpoisoned(self.disk.fence.write()) = Some(Arc::new(fence));
        unpoisoned(self.disk.contents.write()).clear();
        unpoisoned(self.disk.kinds.write()).clear();
        unpoisoned(self.disk.folders.write()).clear();
        unpoisoned(self.disk.walks.write()).clear();
    }

    /// True when only some folders are read.
    pub fn is_confined(&self) -> bool {
        self.fence().is_some()
    }

    /// What was asked for and not read, because it lies outside of the folders.
    pub fn left_out(&self) -> Vec<PathBuf> {
        self.fence().map(|fence| fence.left_out()).unwrap_or_default()
    }

    fn fence(&self) -> Option<Arc<Fence>> {
        unpoisoned(self.disk.fence.read()).clone()
    }

    /// True where the disk may be asked where a path leads: by its name alone it lies in the folders.
    fn is_named_inside(&self, path: &Path) -> bool {
        self.fence().is_none_or(|fence| fence.is_named_inside(path, |path| self.real(path)))
    }

    /// True where a path may be read.
    pub fn admits(&self, path: &Path) -> bool {
        self.fence().is_none_or(|fence| fence.admits(path, |path| self.real(path)))
    }

    /// As [`Vfs::admits`], for somebody who is about to: what he may not is noted ([`Vfs::left_out`]).
    pub fn may_read(&self, path: &Path) -> bool {
        let admits = self.admits(path);
        if let (false, Some(fence)) = (admits, self.fence()) {
            fence.note(path);
        }
        admits
    }

    /// A regular file and its size.
    fn open_file(&self, path: &Path) -> Result<(File, u64), ReadProblem> {
        if !self.may_read(path) {
            return Err(ReadProblem::Outside);
        }
        open_file(path)
    }

    /// What a symbolic link says, made absolute, and whether it was written so; `None` for what is no link. Remembered by nobody: only
    /// broken links are asked about.
    pub fn link_target(&self, path: &Path) -> Option<(PathBuf, bool)> {
        if !self.is_named_inside(path) {
            return None;
        }
        let target = std::fs::read_link(path).ok()?;
        let absolute = target.is_absolute();
        Some((normalize(&path.parent().unwrap_or(Path::new("/")).join(target)), absolute))
    }

    /// How often the system was asked so far; what is remembered does not count.
    pub fn asked(&self) -> u64 {
        self.disk.asked.load(Ordering::Relaxed)
    }

    fn count(&self) {
        self.disk.asked.fetch_add(1, Ordering::Relaxed);
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

    /// The client's text; `None` for a file that no client has open.
    pub fn overlay(&self, id: FileId) -> Option<&Text> {
        self.overlays.get(&id)
    }
}

/// Removes `.` and resolves `..` by name, without asking the disk.
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// True for a regular file, and not for a link to one.
fn is_file_itself(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file())
}

fn read_disk(path: &Path, limit: u64) -> Contents {
    match read_bytes(path, limit) {
        Err(problem) => Contents { text: Text::default(), problem: Some(problem) },
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Contents { text: Text::new(&text), problem: None },
            Err(error) => Contents { text: Text::new(&String::from_utf8_lossy(error.as_bytes())), problem: Some(ReadProblem::NotUtf8) },
        },
    }
}

fn io_problem(error: std::io::Error) -> ReadProblem {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadProblem::Missing,
        _ if error.to_string().contains("symbolic links") => ReadProblem::LinkLoop,
        _ => ReadProblem::Io(error.to_string()),
    }
}

/// A regular file and its size.
fn open_file(path: &Path) -> Result<(File, u64), ReadProblem> {
    // A pipe would block when it is opened: ask what it is first.
    let meta = std::fs::metadata(path).map_err(io_problem)?;
    if meta.is_dir() {
        return Err(ReadProblem::NotAFile(NoFile::Folder));
    }
    if !meta.is_file() {
        return Err(ReadProblem::NotAFile(NoFile::Special));
    }
    let file = File::open(path).map_err(io_problem)?;
    // Another may have taken its place in between.
    let opened = file.metadata().map_err(io_problem)?;
    if !opened.is_file() {
        return Err(ReadProblem::NotAFile(NoFile::Special));
    }
    Ok((file, opened.len()))
}

/// The bytes of a regular file that is no larger; of a pipe or a device nothing is read.
pub fn read_regular(path: &Path, limit: u64) -> Result<Vec<u8>, ReadProblem> {
    let (file, size) = open_file(path)?;
    if size > limit {
        return Err(ReadProblem::TooLarge { size, limit });
    }
    let mut bytes = Vec::with_capacity(size as usize);
    file.take(limit).read_to_end(&mut bytes).map_err(io_problem)?;
    Ok(bytes)
}

fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, ReadProblem> {
    let bytes = read_regular(path, limit)?;
    if bytes.contains(&0) {
        return Err(ReadProblem::Binary);
    }
    Ok(bytes)
}
