//! Taking back what an interrupted clean-up had done.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::record::{Archive, How, MANIFEST, Record, Stamp, State, Undo, What};
use super::{Edit, Locked, Problem, Result, Store, at, bring, disk, gate, is_link, read, read_if_there, write_as};

/// Notes in other records which of their blocks are taken back (or are not, when `undone` is false).
pub(super) fn mark(store: &Store, undoes: &[Undo], undone: bool) -> Result<()> {
    let ids: BTreeSet<&str> = undoes.iter().map(|undo| undo.id.as_str()).collect();
    for id in ids {
        let folder = store.folder_of(id);
        let mut record = store.record(id)?;
        for undo in undoes.iter().filter(|undo| undo.id == id) {
            if let Some(part) = record.changes.get_mut(undo.change).and_then(|change| change.parts.get_mut(undo.part)) {
                part.undone = undone;
            }
        }
        let all = record.changes.iter().flat_map(|change| &change.parts).all(|part| part.undone);
        record.state = if all { State::Undone } else { State::Done };
        record.write(&folder)?;
    }
    Ok(())
}

/// What taking an open record back comes to. It is known whole before the first byte is written: what can't be taken back stops it there.
#[derive(Debug, Default)]
pub struct Recovery {
    /// The record.
    pub id: String,
    /// Configuration files that get their text back.
    pub changes: Vec<Edit>,
    /// Files that come back: path, bytes, permissions as on Unix.
    pub brings: Vec<(PathBuf, Vec<u8>, u32)>,
    /// Files that had come back, and go again.
    pub removes: Vec<PathBuf>,
    steps: Vec<Step>,
}

/// How a configuration file gets its text back.
#[derive(Debug)]
enum Step {
    /// It is as the clean-up left it; which of `changes`.
    Write(usize, How),
    /// It is half written, or was edited by somebody: the name in the record, and which of `changes`.
    Keep(String, usize),
}

/// What taking an open record back comes to; nothing is written.
pub(super) fn plan(store: &Store, record: &Record) -> Result<Recovery> {
    let folder = store.folder_of(&record.id);
    let mut out = Recovery { id: record.id.clone(), ..Recovery::default() };
    let mut opened = None;
    let mut unpack = |path: &str, stamp: &Stamp| -> Result<(Vec<u8>, u32)> {
        let archive = match &mut opened {
            Some(archive) => archive,
            none => none.insert(Archive::open(&folder, record)?),
        };
        archive.unpack(path, stamp)
    };
    for change in &record.changes {
        let path = store.path(&change.path);
        let bytes = read_if_there(&path)?;
        let stamp = bytes.as_deref().map(Stamp::of);
        if stamp.as_ref() == Some(&change.before) {
            continue;
        }
        let is_after = stamp.as_ref() == Some(&change.after);
        if bytes.is_some() && !is_after && change.how != How::InPlace {
            // Somebody edited it after the interruption: it was whole all the time.
            continue;
        }
        let (before, mode) = unpack(&change.path, &change.before)?;
        let Some(bytes) = bytes else {
            out.brings.push((path, before, mode));
            continue;
        };
        let index = out.changes.len();
        out.steps.push(if is_after { Step::Write(index, kept(change.how)) } else { Step::Keep(change.path.clone(), index) });
        out.changes.push(Edit { path, before: bytes, after: before, parts: Vec::new(), alone: false });
    }
    for file in record.files.iter().filter(|file| file.moved) {
        let path = store.path(&file.path);
        if !path.exists() {
            let (bytes, mode) = unpack(&file.path, &file.stamp)?;
            out.brings.push((path, bytes, mode));
        }
    }
    for file in &record.brought {
        let path = store.path(&file.path);
        if read(&path).is_ok_and(|bytes| Stamp::of(&bytes) == file.stamp) {
            out.removes.push(path);
        }
    }
    Ok(out)
}

/// Takes an open record back. Returns copies of what was found in files that were neither as before nor as meant; `later` says that
/// somebody else may have written them since.
pub(super) fn roll_back(store: &Store, record: &mut Record, later: bool) -> Result<Vec<PathBuf>> {
    let folder = store.folder_of(&record.id);
    let recovery = plan(store, record)?;
    let mut found = Vec::new();
    let written = record.changes.iter().map(|change| &change.path).chain(record.brought.iter().map(|file| &file.path));
    for path in written {
        let _ = fs::remove_file(disk::beside(&store.path(path)));
    }
    for step in &recovery.steps {
        let (Step::Write(index, _) | Step::Keep(_, index)) = step;
        let Edit { path, before: bytes, after: before, .. } = &recovery.changes[*index];
        match step {
            // On a full disk there is no room for a second file, but the text before fits where the text afterwards is.
            Step::Write(_, how) => {
                write_as(path, before, *how).or_else(|problem| if disk::overwrite(path, before).is_ok() { Ok(()) } else { Err(problem) })?
            }
            // What is there is kept, too.
            Step::Keep(name, _) => {
                if later {
                    let copy = copy_name(&folder, name);
                    at(&copy, disk::create(&copy, bytes, disk::Access::Private))?;
                    found.push(copy);
                }
                at(path, disk::overwrite(path, before))?;
            }
        }
    }
    for (path, bytes, mode) in &recovery.brings {
        bring(path, bytes, *mode)?;
    }
    for path in &recovery.removes {
        at(path, disk::remove(path))?;
    }
    if record.what == What::Restore {
        mark(store, &record.undoes, false)?;
    }
    for change in &record.changes {
        let Some(backup) = &change.backup else { continue };
        let path = store.path(backup);
        let now = read(&store.path(&change.path)).unwrap_or_default();
        // A copy of what is there, or the beginning of one, is of no use any more.
        if read(&path).is_ok_and(|copy| now.starts_with(&copy)) {
            at(&path, disk::remove(&path))?;
        }
    }
    record.state = State::Undone;
    record.write(&folder)?;
    Ok(found)
}

/// What an editor wrote is taken back on disk.
fn kept(how: How) -> How {
    if how == How::Editor { How::InPlace } else { how }
}

fn copy_name(folder: &std::path::Path, relative: &str) -> PathBuf {
    let name = relative.rsplit('/').next().unwrap_or(relative);
    let mut copies = (1_u32..).map(|number| folder.join(format!("{name}.found-{number}")));
    copies.find(|path| !path.exists()).unwrap_or_else(|| folder.join(name))
}

/// An interrupted clean-up that was taken back.
#[derive(Debug)]
pub struct Recovered {
    /// Its record.
    pub id: String,
    /// Copies of what was found in files that were neither as before nor as meant.
    pub found: Vec<PathBuf>,
}

impl Locked {
    /// Takes back what interrupted clean-ups had done, the newest first.
    pub fn recover(&self) -> Result<Vec<Recovered>> {
        let (records, problems) = self.store.records();
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        // Interrupted before there was a record: nothing was touched, and half an archive is of no use.
        for folder in fs::read_dir(self.store.folder()).into_iter().flatten().flatten().map(|entry| entry.path()) {
            let ours = folder.file_name().and_then(|name| name.to_str()).is_some_and(gate::is_id);
            if ours && folder.is_dir() && !is_link(&folder) && fs::symlink_metadata(folder.join(MANIFEST)).is_err() {
                let _ = fs::remove_dir_all(&folder);
            }
        }
        let mut out = Vec::new();
        for mut record in records.into_iter().rev().filter(|record| record.state == State::Open) {
            let found = roll_back(&self.store, &mut record, true).map_err(|problem| match problem {
                problem @ (Problem::Io { .. } | Problem::Refused { .. } | Problem::Linked(_) | Problem::Unread { .. }) => problem,
                other => Problem::Stuck { why: format!("clean-up {} was interrupted", record.id), error: other.to_string() },
            })?;
            out.push(Recovered { id: record.id.clone(), found });
        }
        Ok(out)
    }

    /// What [`Locked::recover`] would do, the newest first; nothing is written.
    pub fn recovery(&self) -> Result<Vec<Recovery>> {
        let (records, problems) = self.store.records();
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        records.iter().rev().filter(|record| record.state == State::Open).map(|record| plan(&self.store, record)).collect()
    }
}
