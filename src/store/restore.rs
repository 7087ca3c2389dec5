//! Taking a finished clean-up back: byte for byte where the files are as it left them, else block by block.

use std::path::PathBuf;

use super::record::{self, Archive, How, Record, Stamp, Undo, What};
use super::{Edit, Locked, Problem, Result, read, read_if_there};
use crate::cleanup::undo::Recorded;
use crate::cleanup::{apply, describe};
use crate::message;
use crate::messages::Language;
use crate::messages::printable::one_line;
use crate::text::Text;

/// What is to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Everything that clean-ups did.
    All,
    /// One clean-up, with what was deleted of it.
    One(String),
}

/// What taking back comes to.
#[derive(Debug, Default)]
pub struct Restoration {
    /// The configuration files.
    pub changes: Vec<Edit>,
    /// Files that come back: path, bytes, permissions as on Unix.
    pub brings: Vec<(PathBuf, Vec<u8>, u32)>,
    /// Which blocks of which records.
    pub undoes: Vec<Undo>,
    /// What can't be taken back: the block, its file and line, and where it is kept.
    pub lost: Vec<Kept>,
    /// Files that are in the way of those that come back.
    pub occupied: Vec<PathBuf>,
    /// Backups that are the same as the file again.
    pub needless: Vec<PathBuf>,
}

impl Restoration {
    /// Is there something to do?
    pub fn does_something(&self) -> bool {
        !self.undoes.is_empty() || !self.brings.is_empty()
    }

    /// What stays as it is, a sentence each: blocks that were edited since, and files in the way of those that would come back.
    pub fn left(&self, language: Language, name: describe::Name<'_>) -> Vec<String> {
        let lost = self.lost.iter().map(|kept| {
            let (file, backup) = (name(&kept.path), name(&kept.backup));
            message!(language, "cleanup-lost", block = one_line(&kept.title).into_owned(), file = file, line = kept.line, backup = backup)
        });
        let occupied = self.occupied.iter().map(|path| message!(language, "cleanup-occupied", file = name(path)));
        lost.chain(occupied).collect()
    }
}

/// Something that can't be taken back by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The block's first words.
    pub title: String,
    /// Its file.
    pub path: PathBuf,
    /// Where it was, from 1.
    pub line: u32,
    /// The copy of the file from before the clean-up.
    pub backup: PathBuf,
}

/// A record, and whether it is meant.
struct Layer {
    record: Record,
    meant: bool,
}

impl Locked {
    /// The clean-ups that can be taken back, each the oldest of its own: what was deleted of it belongs to it.
    pub fn outstanding(&self) -> Result<Vec<Record>> {
        let (records, problems) = self.store.records();
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        let layers: Vec<Record> = records.into_iter().filter(Record::is_outstanding).collect();
        let derived = |record: &Record| layers.iter().any(|other| other.id != record.id && is_of(record, other));
        Ok(layers.iter().filter(|record| !derived(record)).cloned().collect())
    }

    /// Which are meant: all, the one that is named, or the only one there is; `None` where there is none, an error where there are several.
    pub fn which(&self, all: bool, id: Option<&str>) -> Result<Option<Which>> {
        match (id, &self.outstanding()?[..]) {
            _ if all => Ok(Some(Which::All)),
            (Some(id), _) => Ok(Some(Which::One(id.to_owned()))),
            (None, []) => Ok(None),
            (None, [one]) => Ok(Some(Which::One(one.id.clone()))),
            (None, several) => Err(Problem::Several(several.iter().map(|record| record.id.clone()).collect())),
        }
    }

    /// What taking back comes to; nothing is written. An error for an id that is none.
    pub fn restoration(&self, which: &Which) -> Result<Restoration> {
        let store = &self.store;
        let (records, problems) = store.records();
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        if let Which::One(id) = which
            && !records.iter().any(|record| record.id == *id && record.is_outstanding())
        {
            return Err(Problem::NoSuch(id.clone()));
        }
        let outstanding: Vec<Record> = records.into_iter().filter(Record::is_outstanding).collect();
        let meant = |record: &Record| match which {
            Which::All => true,
            Which::One(id) => record.id == *id || outstanding.iter().any(|other| other.id == *id && is_of(record, other)),
        };
        let layers: Vec<Layer> = outstanding.iter().map(|record| Layer { meant: meant(record), record: record.clone() }).collect();
        let mut out = Restoration::default();
        let mut paths: Vec<&str> =
            layers.iter().filter(|layer| layer.meant).flat_map(|layer| layer.record.changes.iter().map(|change| &*change.path)).collect();
        paths.sort();
        paths.dedup();
        for path in paths {
            self.file(path, &layers, &mut out)?;
        }
        // Who gets a block back gets the files that went with it; those of its neighbours in the same deletion do no harm.
        let touched = |layer: &&Layer| layer.meant || out.undoes.iter().any(|undo| undo.id == layer.record.id);
        let moved: Vec<&Record> = layers.iter().filter(touched).map(|layer| &layer.record).collect();
        for record in moved {
            self.moved(record, &mut out)?;
        }
        Ok(out)
    }

    fn file(&self, relative: &str, layers: &[Layer], out: &mut Restoration) -> Result<()> {
        let store = &self.store;
        let path = store.path(relative);
        let bytes = read(&path)?;
        let stamp = Stamp::of(&bytes);
        let touching: Vec<(&Layer, usize)> = layers
            .iter()
            .flat_map(|layer| layer.record.changes.iter().enumerate().map(move |(index, change)| (layer, index, change)))
            .filter(|(_, _, change)| change.path == relative)
            .map(|(layer, index, _)| (layer, index))
            .collect();
        let untouched = |(layer, index): &(&Layer, usize)| layer.record.changes[*index].parts.iter().all(|part| !part.undone);
        let first = touching.iter().position(|(layer, _)| layer.meant).unwrap_or(0);
        let suffix = &touching[first..];
        // As it was written then: whatever held the file by itself still does.
        let alone = suffix.iter().any(|(layer, index)| layer.record.changes[*index].how == How::InPlace);
        let last = suffix.last().map(|(layer, index)| &layer.record.changes[*index].after);
        if let Some((original, index)) = suffix.first()
            && suffix.iter().all(|(layer, _)| layer.meant)
            && suffix.iter().all(untouched)
            && last == Some(&stamp)
        {
            // As the clean-up left it: the bytes themselves come back.
            let archive = Archive::open(&store.folder_of(&original.record.id), &original.record)?;
            let (before, _) = archive.unpack(relative, &original.record.changes[*index].before)?;
            let all = suffix.iter().flat_map(|(layer, index)| {
                let parts = layer.record.changes[*index].parts.len();
                (0..parts).map(|part| Undo { id: layer.record.id.clone(), change: *index, part })
            });
            out.undoes.extend(all);
            self.needless(suffix, &before, out);
            out.changes.push(Edit { path, before: bytes, after: before, parts: Vec::new(), alone });
            return Ok(());
        }
        let Ok(mut text) = String::from_utf8(bytes.clone()).map(|text| Text::new(&text)) else {
            suffix.iter().filter(|(layer, _)| layer.meant).for_each(|(layer, index)| self.keep(layer, *index, None, out));
            return Ok(());
        };
        for (layer, index) in suffix.iter().rev() {
            for (number, part) in layer.record.changes[*index].parts.iter().enumerate().rev().filter(|(_, part)| !part.undone) {
                // Of a later clean-up that is not meant, what deleted one of the blocks that are.
                let of_meant = || {
                    touching
                        .iter()
                        .filter(|(other, _)| other.meant)
                        .any(|(other, at)| other.record.changes[*at].parts.iter().any(|block| !block.undone && holds(part, block)))
                };
                if !layer.meant && (layer.record.what != What::Finish || !of_meant()) {
                    continue;
                }
                match part.undo(&text) {
                    Ok(edit) => {
                        if let Some(edit) = edit {
                            text = apply(&text, &[edit]);
                        }
                        out.undoes.push(Undo { id: layer.record.id.clone(), change: *index, part: number });
                    }
                    Err(_) => self.keep(layer, *index, Some(number), out),
                }
            }
        }
        let after = text.to_str().into_owned().into_bytes();
        self.needless(suffix, &after, out);
        if after != bytes {
            out.changes.push(Edit { path, before: bytes, after, parts: Vec::new(), alone });
        }
        Ok(())
    }

    /// Backups of these that say nothing any more: all is as it was, and the archives have the same bytes.
    fn needless(&self, layers: &[(&Layer, usize)], after: &[u8], out: &mut Restoration) {
        let first = layers.iter().find(|(layer, _)| layer.meant).map(|(layer, index)| &layer.record.changes[*index].before);
        if first != Some(&Stamp::of(after)) {
            return;
        }
        for (layer, index) in layers.iter().filter(|(layer, _)| layer.meant) {
            let change = &layer.record.changes[*index];
            let backup = change.backup.as_ref().map(|backup| self.store.path(backup));
            out.needless.extend(backup.filter(|path| read(path).is_ok_and(|bytes| Stamp::of(&bytes) == change.before)));
        }
    }

    fn keep(&self, layer: &Layer, index: usize, part: Option<usize>, out: &mut Restoration) {
        let change = &layer.record.changes[index];
        let folder = self.store.folder_of(&layer.record.id);
        let backup = change.backup.as_ref().map(|backup| self.store.path(backup)).filter(|path| path.exists());
        let backup = backup.unwrap_or_else(|| folder.join(record::ARCHIVE));
        let parts = change.parts.iter().enumerate().filter(|(number, it)| part.is_none_or(|part| part == *number) && !it.undone);
        out.lost.extend(parts.map(|(_, it)| Kept {
            title: it.title.clone(),
            path: self.store.path(&change.path),
            line: it.line,
            backup: backup.clone(),
        }));
    }

    /// Lua and HTML files come back where nothing else took their place.
    fn moved(&self, record: &Record, out: &mut Restoration) -> Result<()> {
        let folder = self.store.folder_of(&record.id);
        let mut opened = None;
        for file in record.files.iter().filter(|file| file.moved) {
            let path = self.store.path(&file.path);
            match read_if_there(&path) {
                Ok(Some(bytes)) if Stamp::of(&bytes) == file.stamp => {}
                Ok(Some(_)) | Err(_) => out.occupied.push(path),
                Ok(None) => {
                    let archive = match &mut opened {
                        Some(archive) => archive,
                        none => none.insert(Archive::open(&folder, record)?),
                    };
                    let (bytes, mode) = archive.unpack(&file.path, &file.stamp)?;
                    out.brings.push((path, bytes, mode));
                }
            }
        }
        Ok(())
    }
}

/// Does a deletion hold a commented-out block whole?
fn holds(deletion: &Recorded, block: &Recorded) -> bool {
    deletion.now.is_empty() && !block.now.is_empty() && deletion.was.contains(&block.now)
}

/// Did the record delete blocks of the other one, and nothing else?
fn is_of(record: &Record, other: &Record) -> bool {
    let parts = || record.changes.iter().flat_map(|change| change.parts.iter().map(move |part| (&change.path, part)));
    record.what == What::Finish
        && other.what == What::Apply
        && parts().next().is_some()
        && parts().all(|(path, part)| {
            let mut blocks = other.changes.iter().filter(|change| change.path == *path).flat_map(|change| &change.parts);
            blocks.any(|block| holds(part, block))
        })
}
