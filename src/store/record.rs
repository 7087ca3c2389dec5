//! The record of one clean-up: `.nginx-analyzer/cleanup/<id>/manifest.json` and the archive beside it.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Problem, Result, at, disk, gate, read_own};
use crate::cleanup::undo::Recorded;
use crate::phrase;
use crate::project::vfs::{ReadProblem, Vfs};

/// Version of the manifest; a newer one is left alone.
pub const VERSION: u32 = 1;
/// The largest manifest, in bytes.
pub(super) const LIMIT: u64 = Vfs::LIMIT;
/// The manifest's name.
pub const MANIFEST: &str = "manifest.json";
/// The archive's name.
pub const ARCHIVE: &str = "before.tar.gz";

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Blocks were commented out.
    Apply,
    /// Blocks were deleted, and files moved into the archive.
    Finish,
    /// One of those was taken back.
    Restore,
}

/// How far it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is being done, or was interrupted.
    Open,
    /// It is done.
    Done,
    /// It was taken back.
    Undone,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// A new file takes its place.
    Replace,
    /// Into the file that is there.
    InPlace,
    /// By the editor that has it open.
    Editor,
}

/// Which bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// How many.
    pub bytes: u64,
}

impl Stamp {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Stamp {
        Stamp { sha256: disk::sha256(bytes), bytes: bytes.len() as u64 }
    }
}

/// One configuration file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeRecord {
    /// Relative to the workspace, with `/`.
    pub path: String,
    /// Its bytes before.
    pub before: Stamp,
    /// Its bytes afterwards.
    pub after: Stamp,
    /// How it is written.
    pub how: How,
    /// The copy beside it, or in this folder where a copy beside it would be included; relative to the workspace.
    pub backup: Option<String>,
    /// The blocks.
    pub parts: Vec<Recorded>,
}

/// A Lua or HTML file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileRecord {
    /// Relative to the workspace, with `/`.
    pub path: String,
    /// Its bytes.
    pub stamp: Stamp,
    /// It was moved into the archive.
    pub moved: bool,
}

/// A block of another record that a restoration takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// The record.
    pub id: String,
    /// Which of its changes.
    pub change: usize,
    /// Which of its parts.
    pub part: usize,
}

/// A record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// [`VERSION`].
    pub version: u32,
    /// Its name: `20261128-1`.
    pub id: String,
    /// The program that made it.
    pub tool: String,
    /// When, in UTC.
    pub time: String,
    /// The date that the person has.
    pub today: Date,
    /// What was done.
    pub what: What,
    /// How far it got.
    pub state: State,
    /// The archive with everything as it was before; `None` as long as there is none.
    pub archive: Option<Stamp>,
    /// The configuration files.
    pub changes: Vec<ChangeRecord>,
    /// The Lua and HTML files.
    pub files: Vec<FileRecord>,
    /// Files that a restoration brings back.
    #[serde(default)]
    pub brought: Vec<FileRecord>,
    /// What it takes back.
    #[serde(default)]
    pub undoes: Vec<Undo>,
}

impl Record {
    /// Reads the record in a folder, of at most so many bytes, which are less afterwards.
    pub(super) fn read(folder: &Path, room: &mut u64) -> Result<Record> {
        let path = folder.join(MANIFEST);
        let bytes = read_own(&path, LIMIT.min(*room))?;
        *room -= bytes.len() as u64;
        let record: Record = at(&path, serde_json::from_slice(&bytes).map_err(io::Error::from))?;
        if record.version > VERSION {
            let newer = format!("it is of version {}, and this program knows {VERSION}", record.version);
            return at(&path, Err(io::Error::other(newer)));
        }
        Ok(record)
    }

    /// Writes it, in one step.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(MANIFEST);
        let mut json = at(&path, serde_json::to_vec_pretty(self).map_err(io::Error::from))?;
        json.push(b'\n');
        let size = json.len() as u64;
        if size > LIMIT {
            return Err(Problem::Unread { path, problem: ReadProblem::TooLarge { size, limit: LIMIT } });
        }
        at(&path, disk::replace(&path, &json, disk::Access::Private))
    }

    /// True when something of it can still be taken back.
    pub fn is_outstanding(&self) -> bool {
        self.state == State::Done && self.what != What::Restore
    }
}

/// A file for an archive.
pub struct Packed<'a> {
    /// Its path in it.
    pub path: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Its permissions as on Unix.
    pub mode: u32,
}

/// A tar.gz of some files.
pub fn pack(files: &[Packed<'_>]) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(file.mode);
        header.set_entry_type(tar::EntryType::Regular);
        builder.append_data(&mut header, file.path, file.bytes)?;
    }
    builder.into_inner()?.finish()
}

/// What a file in an archive may need besides its bytes: its head, a long name, and what fills its last block up.
const OVERHEAD: u64 = 16 * 1024;
/// Permissions that come back: never those with which a program runs as somebody else.
const PERMISSIONS: u32 = 0o777;

/// An archive that is the one which its record was written with.
pub(super) struct Archive {
    folder: PathBuf,
    bytes: Vec<u8>,
    /// The most that unpacking it gives.
    limit: u64,
}

impl Archive {
    /// Of the record in a folder.
    pub(super) fn open(folder: &Path, record: &Record) -> Result<Archive> {
        let path = folder.join(ARCHIVE);
        let bytes = read_own(&path, gate::TOTAL)?;
        if record.archive.as_ref() != Some(&Stamp::of(&bytes)) {
            return Err(Problem::Refused { folder: folder.to_path_buf(), why: phrase!("cleanup-record-archive") });
        }
        let files = (record.changes.len() + record.files.len() + 1) as u64;
        let limit = gate::held(record).unwrap_or(0).saturating_add(files.saturating_mul(OVERHEAD));
        Ok(Archive { folder: folder.to_path_buf(), bytes, limit })
    }

    /// A file of it: its bytes, which are those of the stamp, and permissions.
    pub(super) fn unpack(&self, path: &str, stamp: &Stamp) -> Result<(Vec<u8>, u32)> {
        let found = at(&self.folder.join(ARCHIVE), self.find(path, stamp.bytes))?;
        let (bytes, mode) = found
            .filter(|(bytes, _)| Stamp::of(bytes) == *stamp)
            .ok_or_else(|| Problem::Refused { folder: self.folder.clone(), why: phrase!("cleanup-record-not-archived", path = path) })?;
        Ok((bytes, mode & PERMISSIONS))
    }

    fn find(&self, path: &str, size: u64) -> io::Result<Option<(Vec<u8>, u32)>> {
        let mut archive = tar::Archive::new(GzDecoder::new(&*self.bytes).take(self.limit));
        for entry in archive.entries()? {
            let mut entry = entry?;
            if *entry.path_bytes() == *path.as_bytes() {
                if entry.header().entry_type() != tar::EntryType::Regular || entry.size() != size {
                    return Ok(None);
                }
                let mode = entry.header().mode()?;
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                return Ok(Some((bytes, mode)));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(files: &[Packed<'_>], archive: &[u8]) -> Record {
        let file = |file: &Packed<'_>| FileRecord { path: file.path.to_owned(), stamp: Stamp::of(file.bytes), moved: true };
        Record {
            version: VERSION,
            id: "20261128-1".to_owned(),
            tool: String::new(),
            time: String::new(),
            today: Date::default(),
            what: What::Finish,
            state: State::Done,
            archive: Some(Stamp::of(archive)),
            changes: Vec::new(),
            files: files.iter().map(file).collect(),
            brought: Vec::new(),
            undoes: Vec::new(),
        }
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let long = format!("{}/ä.lua", "lua".repeat(60));
        let files =
            [Packed { path: "nginx.conf", bytes: b"events {}\r\n\xff", mode: 0o6640 }, Packed { path: &long, bytes: b"", mode: 0o600 }];
        let packed = pack(&files).expect("packed");
        std::fs::write(folder.path().join(ARCHIVE), &packed).expect("written");
        let archive = Archive::open(folder.path(), &record(&files, &packed)).expect("opened");
        for file in &files {
            let expected = (file.bytes.to_vec(), file.mode & 0o777);
            assert_eq!(archive.unpack(file.path, &Stamp::of(file.bytes)).expect("there"), expected);
        }
        assert!(archive.unpack("other", &Stamp::of(b"")).is_err());
        assert!(archive.unpack("nginx.conf", &Stamp::of(b"events {}\r\n ")).is_err(), "other bytes");
    }

    #[test]
    fn another_archive_and_one_that_holds_more_than_it_says_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let large = vec![0; 1 << 20];
        let files = [Packed { path: "large", bytes: &large, mode: 0o600 }, Packed { path: "small", bytes: b"a", mode: 0o600 }];
        let packed = pack(&files).expect("packed");
        std::fs::write(folder.path().join(ARCHIVE), &packed).expect("written");
        assert!(Archive::open(folder.path(), &record(&files, b"other")).is_err());
        let archive = Archive::open(folder.path(), &record(&files[1..], &packed)).expect("opened");
        assert!(archive.unpack("small", &Stamp::of(b"a")).is_err(), "it lies behind more than the record has");
    }
}
