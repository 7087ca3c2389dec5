//! The gate that a record passes before anything of it is used: it may have come with the project, from somebody who wants files of whoever
//! opens it overwritten or deleted.
//!
//! A clean-up changes, moves and brings back only files of its workspace ([`Store::relative`](super::Store) refuses others, and links are
//! followed before), so a record that names anything else is none of ours. It is refused as a whole.

use std::fs;
use std::io;
use std::path::Path;

use super::record::{Record, Stamp, State};
use super::{FOLDER, RECORDS};
use crate::messages::Message;
use crate::phrase;
use crate::project::vfs::Vfs;

/// Folders that other programs obey or keep things in: a hook in one of them would be run. No repository can bring them along.
const PRIVATE: &[&str] = &[".git", ".hg", ".jj", ".svn", ".bzr", FOLDER];

/// The longest name of a record.
const LONGEST_ID: usize = 40;

/// The most bytes that all files of a record have together.
pub(super) const TOTAL: u64 = 4 * Vfs::LIMIT;

/// True for a name that records have: digits and hyphens, `20261128-1`. It is the name of a folder.
pub(super) fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_digit()) && id.len() <= LONGEST_ID && id.chars().all(|c| c.is_ascii_digit() || c == '-')
}

/// Why a record in the folder of this name is not used; the workspace without links.
pub(super) fn check(workspace: &Path, name: &str, record: &Record) -> Result<(), Message> {
    if record.id != name || !is_id(name) {
        return Err(phrase!("cleanup-record-id", id = record.id.clone()));
    }
    if let Some(undo) = record.undoes.iter().find(|undo| !is_id(&undo.id)) {
        return Err(phrase!("cleanup-record-id", id = undo.id.clone()));
    }
    for change in &record.changes {
        project_file(workspace, &change.path)?;
        if let Some(backup) = &change.backup {
            backup_file(workspace, &record.id, &change.path, backup)?;
        }
    }
    let files = || record.files.iter().chain(&record.brought);
    files().try_for_each(|file| project_file(workspace, &file.path))?;
    let stamps = || record.changes.iter().flat_map(|change| [&change.before, &change.after]).chain(files().map(|file| &file.stamp));
    let is_large = |stamp: &Stamp| stamp.bytes > Vfs::LIMIT;
    if stamps().any(is_large)
        || held(record).is_none_or(|bytes| bytes > TOTAL)
        || record.archive.as_ref().is_some_and(|it| it.bytes > TOTAL)
    {
        return Err(phrase!("cleanup-record-large", limit = TOTAL.to_string()));
    }
    // What was taken back needs its archive no more.
    if record.archive.is_none() && record.state != State::Undone {
        return Err(phrase!("cleanup-record-no-archive"));
    }
    Ok(())
}

/// How many bytes the files in its archive have.
pub(super) fn held(record: &Record) -> Option<u64> {
    let stamps = record.changes.iter().map(|change| &change.before).chain(record.files.iter().map(|file| &file.stamp));
    stamps.map(|stamp| stamp.bytes).try_fold(0_u64, u64::checked_add)
}

/// A file of the project: its path goes down from the workspace, by its name and by where links lead.
fn project_file(workspace: &Path, path: &str) -> Result<(), Message> {
    if !is_plain(path) {
        return Err(phrase!("cleanup-record-outside", path = path));
    }
    if path.split('/').any(is_private) {
        return Err(phrase!("cleanup-record-private", path = path));
    }
    leads_inside(workspace, path, &|real| real.iter().any(|part| part.to_str().is_some_and(is_private)))
}

/// A copy beside the file, or in the record's own folder, under the name that copies have.
fn backup_file(workspace: &Path, id: &str, of: &str, path: &str) -> Result<(), Message> {
    let split =
        |path: &str| path.rsplit_once('/').map_or((String::new(), path.to_owned()), |(folder, name)| (folder.to_owned(), name.to_owned()));
    let ((beside, original), (folder, name)) = (split(of), split(path));
    if !is_plain(path) {
        return Err(phrase!("cleanup-record-outside", path = path));
    }
    if !name.starts_with(&format!("{original}{}", super::BACKUP)) {
        return Err(phrase!("cleanup-record-backup", path = path));
    }
    if folder == beside {
        return project_file(workspace, path);
    }
    let own = format!("{FOLDER}/{RECORDS}/{id}");
    if folder != own {
        return Err(phrase!("cleanup-record-backup", path = path));
    }
    leads_inside(workspace, path, &|real| real != Path::new(&own).join(&name))
}

/// True for names with `/` between them that go down only.
fn is_plain(path: &str) -> bool {
    let strange = |c: char| c == '\0' || (cfg!(windows) && matches!(c, '\\' | ':'));
    let ends_strangely = |part: &str| cfg!(windows) && part.ends_with(['.', ' ']);
    !path.contains(strange) && path.split('/').all(|part| !matches!(part, "" | "." | "..") && !ends_strangely(part))
}

fn is_private(part: &str) -> bool {
    PRIVATE.iter().any(|name| part.eq_ignore_ascii_case(name))
}

/// Follows the links on the way to a file, and its own. What is not there would be where the folder leads that it would be in.
fn leads_inside(workspace: &Path, path: &str, is_forbidden: &dyn Fn(&Path) -> bool) -> Result<(), Message> {
    let outside = || phrase!("cleanup-record-outside", path = path);
    let mut there = workspace.join(path);
    loop {
        match fs::symlink_metadata(&there) {
            // A link to nothing leads nobody knows where.
            Ok(_) => break,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                if !there.pop() || !there.starts_with(workspace) {
                    return Err(outside());
                }
            }
            Err(error) => return Err(phrase!("cleanup-record-unknown", path = path, error = error.to_string())),
        }
    }
    let missing = workspace.join(path).strip_prefix(&there).map(Path::to_path_buf).unwrap_or_default();
    let real = fs::canonicalize(&there).map_err(|_| outside())?;
    let real = if missing.as_os_str().is_empty() { real } else { real.join(missing) };
    let Ok(inside) = real.strip_prefix(workspace) else { return Err(outside()) };
    if is_forbidden(inside) {
        return Err(phrase!("cleanup-record-private", path = path));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_go_down_and_names_are_plain() {
        for path in ["nginx.conf", "conf.d/a b.conf", "..a/b..", ".docker/x", "gitignore/.gitignore"] {
            assert!(is_plain(path) && !path.split('/').any(is_private), "{path}");
        }
        for path in ["", "/etc/passwd", "../a", "a/../../b", "a/..", "./a", "a//b", "a/", "a\0"] {
            assert!(!is_plain(path), "{path}");
        }
        for path in [".git/hooks/x", "sub/.GIT/config", ".nginx-analyzer/cleanup/lock"] {
            assert!(path.split('/').any(is_private), "{path}");
        }
        assert!(is_id("20261128-1") && is_id("1"));
        for id in ["", "-", "../1", "1/2", "1.", "x", "/1", "1\n"] {
            assert!(!is_id(id), "{id}");
        }
    }

    #[test]
    fn backups_have_the_names_of_backups() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(folder.path()).expect("real");
        let check = |path| backup_file(&root, "20261128-1", "conf.d/a.conf", path).is_ok();
        assert!(check("conf.d/a.conf.backup_before_cleanup_20261128"));
        assert!(check(".nginx-analyzer/cleanup/20261128-1/a.conf.backup_before_cleanup_20261128_2"));
        for path in [
            "conf.d/b.conf",
            "a.conf.backup_before_cleanup_20261128",
            ".nginx-analyzer/cleanup/20261128-2/a.conf.backup_before_cleanup_20261128",
            ".nginx-analyzer/cleanup/20261128-1/manifest.json",
            "conf.d/../../a.conf.backup_before_cleanup_20261128",
        ] {
            assert!(!check(path), "{path}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn links_are_followed() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(folder.path()).expect("real").join("w");
        for path in ["w/.git/hooks", "w/own", "out"] {
            fs::create_dir_all(folder.path().join(path)).expect("folders");
        }
        symlink("../out", root.join("link")).expect("linked");
        symlink("own", root.join("inner")).expect("linked");
        symlink(".git/hooks", root.join("hooks")).expect("linked");
        symlink("../out/none", root.join("nothing")).expect("linked");
        for path in ["own/a", "inner/a", "new/folder/a"] {
            assert!(project_file(&root, path).is_ok(), "{path}");
        }
        for path in ["link/a", "link/new/a", "hooks/post-checkout", "nothing", "nothing/a"] {
            assert!(project_file(&root, path).is_err(), "{path}");
        }
    }
}
