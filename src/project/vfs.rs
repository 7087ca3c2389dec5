//! Files of the disk, and over them the documents that an editor has open. With `server/` and `cli/` the only
//! place that touches the file system.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

use crate::text::Text;

/// A file that was named once; stable as long as the [`Vfs`] it came from, and its clones, live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Why a file could not be read.
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
    /// The system said no.
    #[error("{0}")]
    Io(String),
}

impl ReadProblem {
    /// True when what could be read is still worth looking at.
    pub fn is_partial(&self) -> bool {
        false
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

/// Files with overlays. A clone is a snapshot of the overlays and shares the cache of the disk.
#[derive(Debug, Clone, Default)]
pub struct Vfs {
    overlays: Arc<FxHashMap<FileId, Text>>,
    disk: Arc<Disk>,
}

#[derive(Debug, Default)]
struct Disk {
    names: RwLock<Names>,
    texts: RwLock<FxHashMap<FileId, Result<Text, ReadProblem>>>,
}

#[derive(Debug, Default)]
struct Names {
    paths: Vec<Arc<Path>>,
    ids: FxHashMap<Arc<Path>, FileId>,
}

impl Vfs {
    /// The largest file that is read, in bytes.
    pub const LIMIT: u64 = 32 * 1024 * 1024;

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

    /// The path of an id.
    pub fn path(&self, id: FileId) -> Arc<Path> {
        self.disk.names.read().unwrap_or_else(|e| e.into_inner()).paths[id.0 as usize].clone()
    }

    /// The text: the overlay where a client has the file open, else the disk's.
    pub fn read(&self, id: FileId) -> Result<Text, ReadProblem> {
        if let Some(text) = self.overlays.get(&id) {
            return Ok(text.clone());
        }
        if let Some(text) = self.disk.texts.read().unwrap_or_else(|e| e.into_inner()).get(&id) {
            return text.clone();
        }
        let text = read_disk(&self.path(id));
        self.disk.texts.write().unwrap_or_else(|e| e.into_inner()).insert(id, text.clone());
        text
    }

    /// What is at a path, links followed.
    pub fn kind(&self, path: &Path) -> Kind {
        if self.overlays.contains_key(&self.id(path)) {
            return Kind::File;
        }
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_file() => Kind::File,
            Ok(meta) if meta.is_dir() => Kind::Folder,
            Ok(_) => Kind::Other,
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => Kind::Other,
            Err(_) => Kind::Missing,
        }
    }

    /// Names in a folder, sorted by bytes; empty when it can't be read.
    pub fn list(&self, folder: &Path) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths
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

    /// Forgets what was read from the disk: it may have changed.
    pub fn forget(&self, id: FileId) {
        self.disk.texts.write().unwrap_or_else(|e| e.into_inner()).remove(&id);
    }
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

fn read_disk(path: &Path) -> Result<Text, ReadProblem> {
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
    Ok(Text::new(&String::from_utf8_lossy(&bytes)))
}
