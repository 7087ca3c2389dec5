//! The fence of a workspace that a person does not trust: nothing outside of its folders is read, whichever way leads there.
//!
//! Every access to the disk asks [`Fence::admits`] before it is made, by names first and then by where links lead. What an editor has open
//! is its own text, and no access.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use super::{normalize, unpoisoned};

/// How many paths are remembered that were not read.
const KEPT: usize = 1_000;

/// The folders in which files may be read.
#[derive(Debug, Default)]
pub(super) struct Fence {
    folders: Vec<Folder>,
    /// What was asked for and not read.
    left_out: Mutex<BTreeSet<PathBuf>>,
}

#[derive(Debug)]
struct Folder {
    /// As it is named.
    named: PathBuf,
    /// Where it really is, if it is there; found out when somebody has to know.
    real: OnceLock<Option<PathBuf>>,
}

impl Folder {
    fn really_holds(&self, path: &Path, real: impl Fn(&Path) -> Option<PathBuf>) -> bool {
        self.real.get_or_init(|| real(&self.named)).as_ref().is_some_and(|folder| path.starts_with(folder))
    }
}

impl Fence {
    /// A fence around folders.
    pub(super) fn new(folders: &[PathBuf]) -> Fence {
        let folder = |folder: &PathBuf| Folder { named: normalize(folder), real: OnceLock::new() };
        Fence { folders: folders.iter().map(folder).collect(), left_out: Mutex::default() }
    }

    /// True for a path in one of the folders by its name alone: only then the disk may be asked where it leads. `real` says where links
    /// lead, here and below.
    pub(super) fn is_named_inside(&self, path: &Path, real: impl Fn(&Path) -> Option<PathBuf>) -> bool {
        let path = normalize(path);
        self.folders.iter().any(|folder| path.starts_with(&folder.named))
            || self.folders.iter().any(|folder| folder.really_holds(&path, &real))
    }

    /// True where a path leads into one of the folders. What is not there leads where the folder leads that it would be in.
    pub(super) fn admits(&self, path: &Path, real: impl Fn(&Path) -> Option<PathBuf>) -> bool {
        if !self.is_named_inside(path, &real) {
            return false;
        }
        let target = path.ancestors().take_while(|above| self.is_named_inside(above, &real)).find_map(&real);
        // A folder that is not there has nothing in it.
        let Some(target) = target else { return true };
        // Its own folder first: another may be on a disk that does not answer.
        let (own, others): (Vec<_>, Vec<_>) = self.folders.iter().partition(|folder| path.starts_with(&folder.named));
        own.iter().chain(&others).any(|folder| folder.really_holds(&target, &real))
    }

    /// Notes what was not read.
    pub(super) fn note(&self, path: &Path) {
        let mut left_out = unpoisoned(self.left_out.lock());
        if left_out.len() < KEPT {
            left_out.insert(path.to_path_buf());
        }
    }

    /// What was not read, sorted.
    pub(super) fn left_out(&self) -> Vec<PathBuf> {
        unpoisoned(self.left_out.lock()).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk on which `/w/link` leads out, `/w/own` stays inside and everything else is what it is called.
    fn real(path: &Path) -> Option<PathBuf> {
        if let Ok(rest) = path.strip_prefix("/w/link") {
            return Some(Path::new("/etc").join(rest));
        }
        if let Ok(rest) = path.strip_prefix("/w/own") {
            return Some(Path::new("/w/sub").join(rest));
        }
        (!path.ends_with("none")).then(|| path.to_path_buf())
    }

    #[test]
    fn only_what_really_lies_inside_is_admitted() {
        let fence = Fence::new(&["/w".into()]);
        for path in ["/w", "/w/a", "/w/own/a", "/w/none", "/w/sub/../a"] {
            assert!(fence.admits(Path::new(path), real), "{path}");
        }
        for path in ["/", "/etc/passwd", "/ww/a", "/w/../etc/a", "/w/link", "/w/link/a", "/w/link/none"] {
            assert!(!fence.admits(Path::new(path), real), "{path}");
        }
    }

    #[test]
    fn without_a_folder_nothing_is() {
        assert!(!Fence::new(&[]).admits(Path::new("/w"), real));
    }
}
