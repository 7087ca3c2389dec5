//! All files below a folder, and what Git keeps out of a project.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rustc_hash::FxHashMap;

use super::{Kind, Vfs, unpoisoned};

/// All files below a folder.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    /// The files, sorted; those that `.gitignore` names and those in `node_modules`, `.git` and their like left out.
    pub files: Arc<[PathBuf]>,
    /// True when there are more than [`Vfs::MAX_FILES`], or the folder may not be looked into: the rest was not looked at.
    pub cut: bool,
}

impl Vfs {
    /// The most files that are looked at below one folder.
    pub const MAX_FILES: usize = 200_000;

    /// All files below a folder, with those that only a client has. What the disk says is kept until a file comes or goes.
    pub fn walk(&self, folder: &Path) -> Walk {
        let known = self.walk_disk(folder);
        let mut unsaved: Vec<PathBuf> = self.overlays.keys().map(|id| self.path(*id).to_path_buf()).collect();
        unsaved.retain(|path| {
            let Ok(inside) = path.strip_prefix(folder) else { return false };
            let is_on_disk = || path.parent().is_some_and(|parent| self.list_disk(parent).binary_search(path).is_ok());
            // On disk the walk has decided about it.
            !inside.ancestors().skip(1).any(is_foreign) && !is_on_disk() && !self.is_ignored(folder, path)
        });
        if unsaved.is_empty() {
            return known;
        }
        unsaved.extend_from_slice(&known.files);
        unsaved.sort();
        Walk { files: unsaved.into(), cut: known.cut }
    }

    fn walk_disk(&self, folder: &Path) -> Walk {
        self.settle();
        if let Some(walk) = unpoisoned(self.disk.walks.read()).get(folder) {
            return walk.clone();
        }
        if !self.may_read(folder) {
            return Walk { files: Arc::default(), cut: true };
        }
        self.count();
        let mut files = Vec::new();
        let mut builder = ignore::WalkBuilder::new(folder);
        // The walker's own filters are not used: it reads whatever is called `.gitignore`, a pipe without an end, too. What somebody has told
        // Git for all repositories lies outside of the workspace, and would make findings differ from machine to machine. Configurations
        // lie in `.docker` and `.platform`, too.
        builder.follow_links(false).standard_filters(false);
        let is_foreign_folder =
            |entry: &ignore::DirEntry| entry.depth() > 0 && entry.file_type().is_some_and(|kind| kind.is_dir()) && is_foreign(entry.path());
        // Above the folder nothing is looked at where that is not allowed; without a repository nobody asks Git.
        let top = if self.is_confined() { Some(folder) } else { self.repository(folder) };
        let (vfs, ignores, top) = (self.clone(), Ignores::default(), top.map(Path::to_path_buf));
        builder.filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let is_ignored = |top: &PathBuf| entry.depth() > 0 && ignores.names(&vfs, top, entry.path(), is_folder);
            !is_foreign_folder(entry) && !top.as_ref().is_some_and(is_ignored)
        });
        let mut cut = false;
        for entry in builder.build().flatten() {
            // Links to files count (sites-enabled is made of them); links to folders are not followed, they may lead anywhere.
            let links_to_file = || match self.admits(entry.path()) {
                true => entry.path().is_file(),
                // Nobody looks what is there; who reads it is told that he may not.
                false => true,
            };
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file() || (kind.is_symlink() && links_to_file()));
            if is_file {
                if files.len() == Self::MAX_FILES {
                    cut = true;
                    break;
                }
                files.push(entry.into_path());
            }
        }
        files.sort();
        let walk = Walk { files: files.into(), cut };
        unpoisoned(self.disk.walks.write()).insert(folder.to_path_buf(), walk.clone());
        walk
    }

    /// True for a folder that holds other people's files: `node_modules`, `.git`.
    pub fn is_foreign(&self, folder: &Path) -> bool {
        is_foreign(folder)
    }

    /// True when a `.gitignore` between the repository's top (the workspace's where there is none) and the path names it: a file
    /// that is made, not kept. False for a path outside of the workspace.
    pub fn is_ignored(&self, workspace: &Path, path: &Path) -> bool {
        if !path.starts_with(workspace) {
            return false;
        }
        let top = self.repository(workspace).unwrap_or(workspace);
        Ignores::default().names(self, top, path, self.kind(path) == Kind::Folder)
    }

    /// The top of the repository that a folder is in.
    fn repository<'a>(&self, folder: &'a Path) -> Option<&'a Path> {
        folder.ancestors().find(|folder| !matches!(self.kind(&folder.join(".git")), Kind::Missing | Kind::Other))
    }
}

/// The `.gitignore` of each folder, and the top's own `.git/info/exclude`; read once.
#[derive(Debug, Default)]
struct Ignores(Mutex<FxHashMap<PathBuf, Option<Arc<Gitignore>>>>);

impl Ignores {
    /// True when one from the top down to the path names it; the nearest that says anything decides.
    fn names(&self, vfs: &Vfs, top: &Path, path: &Path, is_folder: bool) -> bool {
        let Some(inside) = path.parent().and_then(|folder| folder.strip_prefix(top).ok()) else { return false };
        let mut folder = top.to_path_buf();
        let mut ignored = false;
        for part in std::iter::once(None).chain(inside.components().map(Some)) {
            if let Some(part) = part {
                folder.push(part);
            }
            let Some(rules) = self.of(vfs, &folder, part.is_none()) else { continue };
            match rules.matched_path_or_any_parents(path, is_folder) {
                ignore::Match::Ignore(_) => ignored = true,
                ignore::Match::Whitelist(_) => ignored = false,
                ignore::Match::None => {}
            }
        }
        ignored
    }

    fn of(&self, vfs: &Vfs, folder: &Path, is_top: bool) -> Option<Arc<Gitignore>> {
        if let Some(known) = unpoisoned(self.0.lock()).get(folder) {
            return known.clone();
        }
        let read = || {
            // What is written in the folder decides over what holds in this copy of the repository only.
            let here = is_top.then_some(".git/info/exclude").into_iter().chain([".gitignore"]);
            let files = here.map(|name| folder.join(name)).filter(|file| vfs.kind(file) == Kind::File);
            let texts: Vec<_> = files.filter_map(|file| vfs.read(vfs.id(&file)).ok()).collect();
            if texts.is_empty() {
                return None;
            }
            let mut builder = GitignoreBuilder::new(folder);
            for text in &texts {
                for line in text.to_str().lines() {
                    // A line that is no pattern is what git passes over, too.
                    let _ = builder.add_line(None, line);
                }
            }
            builder.build().ok().map(Arc::new)
        };
        let rules = read();
        unpoisoned(self.0.lock()).insert(folder.to_path_buf(), rules.clone());
        rules
    }
}

/// Folders that hold other people's files, or copies of these.
fn is_foreign(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        [".git", ".hg", ".svn", "node_modules", "target", "vendor", "__pycache__", ".venv", ".nginx-analyzer"]
            .iter()
            .any(|foreign| name == *foreign)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::text::Text;

    #[test]
    fn what_only_a_client_has_is_there_where_it_would_be_on_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        fs::create_dir_all(top.join("made")).expect("folders");
        fs::create_dir_all(top.join(".git")).expect("folders");
        for (name, text) in [(".gitignore", "made/\n"), ("made/there.conf", ""), ("there.conf", "")] {
            fs::write(top.join(name), text).expect("written");
        }
        let mut vfs = Vfs::default();
        let names = |vfs: &Vfs| -> Vec<String> {
            let files = vfs.walk(top).files;
            files.iter().map(|path| path.strip_prefix(top).expect("inside").display().to_string()).collect()
        };
        assert_eq!(names(&vfs), [".gitignore", "there.conf"]);
        for name in ["new.conf", "sub/new.conf", "there.conf", "made/there.conf", "made/new.conf", "node_modules/new.conf", "../new.conf"] {
            vfs.open(vfs.id(&super::super::normalize(&top.join(name))), Text::new("events {}"));
        }
        assert_eq!(names(&vfs), [".gitignore", "new.conf", "sub/new.conf", "there.conf"]);
        vfs.close(vfs.id(&top.join("new.conf")));
        assert_eq!(names(&vfs), [".gitignore", "sub/new.conf", "there.conf"]);
    }

    #[test]
    fn what_git_is_told_in_a_repository() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path().canonicalize().expect("it is there");
        let names = |below: &str| -> Vec<String> {
            let files = Vfs::default().walk(&top.join(below)).files;
            files.iter().map(|path| path.strip_prefix(&top).expect("inside").display().to_string()).collect()
        };
        fs::create_dir_all(top.join("in/made")).expect("folders");
        for (name, text) in [(".gitignore", "made/\n*.gen\n"), ("in/.gitignore", "!kept.gen\n"), ("in/made/a", ""), ("in/b.gen", "")] {
            fs::write(top.join(name), text).expect("written");
        }
        for (name, text) in [("in/kept.gen", ""), ("in/c", ""), ("in/own", "")] {
            fs::write(top.join(name), text).expect("written");
        }
        assert_eq!(names("in"), ["in/.gitignore", "in/b.gen", "in/c", "in/kept.gen", "in/made/a", "in/own"], "no repository");
        fs::create_dir_all(top.join(".git/info")).expect("folders");
        fs::write(top.join(".git/info/exclude"), "own\n").expect("written");
        assert_eq!(names("in"), ["in/.gitignore", "in/c", "in/kept.gen"], "below the top of one");
        assert_eq!(names(""), [".gitignore", "in/.gitignore", "in/c", "in/kept.gen"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_called_gitignore_need_not_be_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join(".git")).expect("folders");
        std::os::unix::fs::symlink("/dev/zero", folder.path().join(".gitignore")).expect("a link");
        fs::write(folder.path().join("a.conf"), "").expect("written");
        assert_eq!(Vfs::default().walk(folder.path()).files.len(), 1);
    }
}
