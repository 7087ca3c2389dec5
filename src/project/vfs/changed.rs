//! What is remembered of the disk, and has changed since.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{FileId, Vfs, Walk, is_file_itself, unpoisoned};

impl Vfs {
    /// Of so many changed files at once the disk is asked what each of them is now.
    const ASKED: usize = 64;

    /// Forgets what was read of a file, or of a folder and all below: it may have changed, come or gone.
    pub fn forget(&self, id: FileId) {
        self.forget_all(&[id]);
    }

    /// As [`Vfs::forget`], of many at once, in the time of one look at what is remembered: whole folders come and go. The disk, which may
    /// be far away, is not asked here, but by [`Vfs::settle`].
    pub fn forget_all(&self, ids: &[FileId]) {
        let paths: FxHashSet<Arc<Path>> = ids.iter().map(|id| self.path(*id)).collect();
        {
            let mut contents = unpoisoned(self.disk.contents.write());
            let mut changes = unpoisoned(self.disk.changes.write());
            for id in ids {
                contents.remove(id);
                *changes.entry(*id).or_default() += 1;
            }
        }
        unpoisoned(self.disk.kinds.write()).clear();
        unpoisoned(self.disk.canonical.write()).clear();
        self.forget_lists(&paths);
        unpoisoned(self.disk.unsettled.lock()).extend(paths);
    }

    /// Forgets the lists of folders in which something changed.
    fn forget_lists(&self, paths: &FxHashSet<Arc<Path>>) {
        let above: FxHashSet<&Path> = paths.iter().filter_map(|path| path.parent()).collect();
        // A folder may have come with a file in it, and nobody tells of folders.
        let mut inside: FxHashMap<&Path, FxHashSet<&Path>> = FxHashMap::default();
        for mut folder in above.iter().copied() {
            while let Some(around) = folder.parent()
                && inside.entry(around).or_default().insert(folder)
            {
                folder = around;
            }
        }
        let lists = |known: &[PathBuf], folder: &Path| known.binary_search_by(|path| path.as_path().cmp(folder)).is_ok();
        let holds = |folder: &Path, known: &[PathBuf]| inside.get(folder).is_none_or(|all| all.iter().all(|one| lists(known, one)));
        unpoisoned(self.disk.folders.write())
            .retain(|folder, known| !above.contains(&**folder) && !is_below(folder, paths) && holds(folder, known));
    }

    /// Looks at what was forgotten: what became of it decides about the walks that list it, and about what was below it. Whoever reads the
    /// disk for an analysis does this first.
    pub fn settle(&self) {
        // Who comes second waits until it is done.
        let _turn = unpoisoned(self.disk.settling.lock());
        let paths = std::mem::take(&mut *unpoisoned(self.disk.unsettled.lock()));
        if paths.is_empty() {
            return;
        }
        // A file that changed is where it was: what a walk listed holds, unless it decides what walks list. Of very many nobody asks the
        // disk one by one: they are taken for files that came or went.
        let asked = paths.len() <= Self::ASKED;
        let is_file = |path: &Arc<Path>| asked && is_file_itself(path);
        let (files, others): (FxHashSet<Arc<Path>>, FxHashSet<Arc<Path>>) = paths.into_iter().partition(is_file);
        let decides = |path: &Arc<Path>| path.file_name().is_some_and(|name| name == ".gitignore" || name == "exclude");
        let holds = |folder: &Path, walk: &Walk| {
            let listed = |path: &Arc<Path>| walk.files.binary_search_by(|file| file.as_path().cmp(path)).is_ok();
            let apart = |path: &Arc<Path>| !path.starts_with(folder) && !folder.starts_with(path);
            others.iter().all(apart) && files.iter().all(|path| apart(path) || listed(path))
        };
        let all_hold = !files.iter().chain(&others).any(decides);
        unpoisoned(self.disk.walks.write()).retain(|folder, walk| all_hold && holds(folder, walk));
        if !others.is_empty() {
            let names = unpoisoned(self.disk.names.read());
            let gone = |id: &FileId| names.paths.get(id.0 as usize).is_some_and(|path| is_below(path, &others));
            unpoisoned(self.disk.contents.write()).retain(|id, _| !gone(id));
            let all = (0..names.paths.len() as u32).map(FileId).filter(gone);
            let mut changes = unpoisoned(self.disk.changes.write());
            all.for_each(|id| *changes.entry(id).or_default() += 1);
        }
    }
}

/// True for one of the paths, and for what is below one.
fn is_below(path: &Path, of: &FxHashSet<Arc<Path>>) -> bool {
    path.ancestors().any(|above| of.contains(above))
}
