//! Taking back what an interrupted clean-up had done.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use super::record::{self, How, Record, Stamp, State, Undo, What};
use super::{Locked, Problem, Result, Store, at, disk, set_mode, write_as};

/// Notes in other records which of their blocks are taken back (or are not, when `undone` is false).
pub(super) fn mark(store: &Store, undoes: &[Undo], undone: bool) -> Result<()> {
    let ids: BTreeSet<&str> = undoes.iter().map(|undo| undo.id.as_str()).collect();
    for id in ids {
        let folder = store.folder_of(id);
        let mut record = at(&folder, Record::read(&folder))?;
        for undo in undoes.iter().filter(|undo| undo.id == id) {
            if let Some(part) = record.changes.get_mut(undo.change).and_then(|change| change.parts.get_mut(undo.part)) {
                part.undone = undone;
            }
        }
        let all = record.changes.iter().flat_map(|change| &change.parts).all(|part| part.undone);
        record.state = if all { State::Undone } else { State::Done };
        at(&folder, record.write(&folder))?;
    }
    Ok(())
}

/// Takes an open record back. Returns copies of what was found in files that were neither as before nor as meant; `later` says that
/// somebody else may have written them since.
pub(super) fn roll_back(store: &Store, record: &mut Record, later: bool) -> Result<Vec<PathBuf>> {
    let folder = store.folder_of(&record.id);
    let mut found = Vec::new();
    for change in &record.changes {
        let path = store.path(&change.path);
        let _ = fs::remove_file(disk::beside(&path));
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            other => Some(at(&path, other)?),
        };
        let stamp = bytes.as_deref().map(Stamp::of);
        if stamp.as_ref() == Some(&change.before) {
            continue;
        }
        let (before, mode) = at(&folder, record::unpack(&folder, &change.path))?;
        match bytes {
            // On a full disk there is no room for a second file, but the text before fits where the text afterwards is.
            Some(_) if stamp.as_ref() == Some(&change.after) => write_as(&path, &before, kept(change.how))
                .or_else(|problem| if disk::overwrite(&path, &before).is_ok() { Ok(()) } else { Err(problem) })?,
            // Half written, or edited by somebody: what is there is kept, too.
            Some(bytes) if change.how == How::InPlace => {
                if later {
                    let copy = copy_name(&folder, &change.path);
                    at(&copy, disk::create(&copy, &bytes, None))?;
                    found.push(copy);
                }
                at(&path, disk::overwrite(&path, &before))?;
            }
            // Somebody edited it after the interruption: it was whole all the time.
            Some(_) => continue,
            None => {
                at(&path, disk::replace(&path, &before, None))?;
                at(&path, set_mode(&path, mode))?;
            }
        }
    }
    for file in record.files.iter().filter(|file| file.moved) {
        let path = store.path(&file.path);
        if !path.exists() {
            bring(store, record, &file.path)?;
        }
    }
    for file in &record.brought {
        let path = store.path(&file.path);
        let _ = fs::remove_file(disk::beside(&path));
        if fs::read(&path).is_ok_and(|bytes| Stamp::of(&bytes) == file.stamp) {
            at(&path, disk::remove(&path))?;
        }
    }
    if record.what == What::Restore {
        mark(store, &record.undoes, false)?;
    }
    for change in &record.changes {
        let Some(backup) = &change.backup else { continue };
        let path = store.path(backup);
        let now = fs::read(store.path(&change.path)).unwrap_or_default();
        // A copy of what is there, or the beginning of one, is of no use any more.
        if fs::read(&path).is_ok_and(|copy| now.starts_with(&copy)) {
            at(&path, disk::remove(&path))?;
        }
    }
    record.state = State::Undone;
    at(&folder, record.write(&folder))?;
    Ok(found)
}

/// Puts a file of a record's archive where it was.
fn bring(store: &Store, record: &Record, relative: &str) -> Result<()> {
    let folder = store.folder_of(&record.id);
    let path = store.path(relative);
    let (bytes, mode) = at(&folder, record::unpack(&folder, relative))?;
    if let Some(parent) = path.parent() {
        at(parent, disk::create_folder(parent))?;
    }
    at(&path, disk::replace(&path, &bytes, None))?;
    at(&path, set_mode(&path, mode))
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
            let ours = folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(|c: char| c.is_ascii_digit()));
            if ours && folder.is_dir() && !folder.join(record::MANIFEST).exists() {
                let _ = fs::remove_dir_all(&folder);
            }
        }
        let mut out = Vec::new();
        for mut record in records.into_iter().rev().filter(|record| record.state == State::Open) {
            let found = roll_back(&self.store, &mut record, true).map_err(|problem| match problem {
                Problem::Io { path, error } => Problem::Io { path, error },
                other => Problem::Stuck { why: format!("clean-up {} was interrupted", record.id), error: other.to_string() },
            })?;
            out.push(Recovered { id: record.id.clone(), found });
        }
        Ok(out)
    }
}
