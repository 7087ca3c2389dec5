//! Writing so that nothing is lost: what returned is on the disk, and a file is the old one or the new one, whenever the power goes.
//!
//! Each call goes in steps; a test may end the process, or let the disk be full, at any of them ([`hooks`]).

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A kind of step, as far as a full disk tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Needs room.
    Grows,
    /// Does not.
    Other,
}

fn step(kind: Step) -> io::Result<()> {
    #[cfg(debug_assertions)]
    hooks::step(kind)?;
    let _ = kind;
    Ok(())
}

/// Makes a folder and those above it.
pub fn create_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        create_folder(parent)?;
    }
    step(Step::Grows)?;
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(path.parent().unwrap_or(Path::new("."))),
    }
}

/// Makes a folder that is for its owner only, and those above it.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        create_folder(parent)?;
    }
    step(Step::Grows)?;
    private_builder().create(path)?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

fn private_builder() -> fs::DirBuilder {
    #[cfg(unix)]
    {
        let mut builder = fs::DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
    }
    #[cfg(not(unix))]
    fs::DirBuilder::new()
}

/// Takes the permissions of others away. That somebody else's folder stays as it is, is no failure.
pub fn make_private(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(folder).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0) {
            let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// Who may read a file that is made.
#[derive(Debug, Clone, Copy)]
pub enum Access<'a> {
    /// Whoever may read what this process makes.
    Usual,
    /// Its owner only.
    Private,
    /// Its owner only as long as it is written, and then those who may read the file that this is of.
    Like(&'a Metadata),
}

impl Access<'_> {
    /// Opens a file that this access is to hold for from its first byte on.
    pub fn options(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true);
        #[cfg(unix)]
        if !matches!(self, Access::Usual) {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        options
    }
}

/// Writes a file that must not be there yet.
pub fn create(path: &Path, bytes: &[u8], access: Access<'_>) -> io::Result<()> {
    step(Step::Grows)?;
    let mut file = access.options().create_new(true).open(path)?;
    write(&mut file, bytes, Step::Grows)?;
    if let Access::Like(like) = access {
        file.set_permissions(like.permissions())?;
    }
    step(Step::Other)?;
    file.sync_all()?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Puts a file in the place of another one, or where none is: whoever looks sees the old one or the new one, whole. With
/// [`Access::Like`] the owner is that file's, too; an error, with nothing changed, where that can't be kept.
pub fn replace(path: &Path, bytes: &[u8], access: Access<'_>) -> io::Result<()> {
    let beside = beside(path);
    step(Step::Other)?;
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = (|| {
        step(Step::Grows)?;
        let mut file = access.options().create_new(true).open(&beside)?;
        write(&mut file, bytes, Step::Grows)?;
        if let Access::Like(like) = access {
            keep_owner(&file, like)?;
            file.set_permissions(like.permissions())?;
        }
        step(Step::Other)?;
        file.sync_all()?;
        step(Step::Other)?;
        fs::rename(&beside, path)
    })();
    if let Err(error) = written {
        // What is left of it has no use; if it stays, the next attempt takes it away.
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// The file in which [`replace`] writes first. Patterns of `include` do not take it: its name begins with a dot.
pub fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.nginx-analyzer-new"))
}

/// Writes into the file that is there: for one that others hold by itself (a hard link, a container that has it mounted). Not in one
/// step: who is interrupted here has a file that is half the old one and half the new one, and needs a copy.
pub fn overwrite(path: &Path, bytes: &[u8]) -> io::Result<()> {
    step(Step::Other)?;
    // To open a pipe is to wait for who reads it.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut file = OpenOptions::new().write(true).open(path)?;
    let grows = file.metadata()?.len() < bytes.len() as u64;
    write(&mut file, bytes, if grows { Step::Grows } else { Step::Other })?;
    step(Step::Other)?;
    file.set_len(bytes.len() as u64)?;
    step(Step::Other)?;
    file.sync_all()
}

/// Takes a file away; none there is fine.
pub fn remove(path: &Path) -> io::Result<()> {
    step(Step::Other)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(path.parent().unwrap_or(Path::new("."))),
    }
}

fn write(file: &mut File, bytes: &[u8], kind: Step) -> io::Result<()> {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    file.write_all(first)?;
    // Half of it is there: the worst moment.
    step(kind)?;
    file.write_all(second)
}

/// A new name is only safe when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    step(Step::Other)?;
    #[cfg(unix)]
    {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        File::open(path)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(unix)]
fn keep_owner(file: &File, like: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    if (own.uid(), own.gid()) == (like.uid(), like.gid()) {
        return Ok(());
    }
    std::os::unix::fs::fchown(file, Some(like.uid()), Some(like.gid()))
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// True when the file has other names, which a new file in its place would leave with the old text.
#[cfg(unix)]
pub fn has_other_names(meta: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    meta.nlink() > 1
}

/// True when the file has other names, which a new file in its place would leave with the old text.
#[cfg(not(unix))]
pub fn has_other_names(_: &Metadata) -> bool {
    false
}

/// True when both belong to the same user and group: a file that this process makes can have that owner.
#[cfg(unix)]
pub fn same_owner(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.uid(), a.gid()) == (b.uid(), b.gid())
}

/// True when both belong to the same user and group: a file that this process makes can have that owner.
#[cfg(not(unix))]
pub fn same_owner(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// For tests of what happens when the process ends, or the disk is full, at some step. Not in a release.
#[cfg(debug_assertions)]
mod hooks {
    use std::io;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Step;

    /// The process ends before this step, counted from 1.
    const KILL_AT: &str = "NGINX_ANALYZER_TEST_KILL_AT";
    /// The disk is full from this step on.
    const FULL_FROM: &str = "NGINX_ANALYZER_TEST_FULL_FROM";
    /// The status with which it ends.
    const KILLED: i32 = 86;

    static STEPS: AtomicUsize = AtomicUsize::new(0);
    static AT: LazyLock<[Option<usize>; 2]> =
        LazyLock::new(|| [KILL_AT, FULL_FROM].map(|name| std::env::var(name).ok().and_then(|value| value.parse().ok())));

    pub(super) fn step(kind: Step) -> io::Result<()> {
        let now = STEPS.fetch_add(1, Ordering::SeqCst) + 1;
        let [kill, full] = *AT;
        if kill == Some(now) {
            std::process::exit(KILLED);
        }
        match full {
            Some(from) if now >= from && kind == Step::Grows => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_sha256sum() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn what_is_written_is_there_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/b/nginx.conf");
        create_folder(path.parent().expect("a folder")).expect("made");
        create(&path, b"old", Access::Usual).expect("created");
        assert!(create(&path, b"other", Access::Usual).is_err(), "it never overwrites");
        let meta = fs::metadata(&path).expect("there");
        // Of an attempt that was interrupted.
        fs::write(beside(&path), "half").expect("written");
        replace(&path, b"new and longer", Access::Like(&meta)).expect("replaced");
        assert_eq!(fs::read(&path).expect("there"), b"new and longer");
        overwrite(&path, b"short").expect("overwritten");
        assert_eq!(fs::read(&path).expect("there"), b"short");
        remove(&path).expect("removed");
        remove(&path).expect("none is fine");
        assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("listed").count(), 0);
    }

    #[test]
    #[cfg(unix)]
    fn permissions_stay_and_links_are_told() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("nginx.conf");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        let meta = fs::metadata(&path).expect("there");
        replace(&path, b"new", Access::Like(&meta)).expect("replaced");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o7777, 0o640);
        assert!(!has_other_names(&meta));
        fs::hard_link(&path, folder.path().join("other")).expect("linked");
        assert!(has_other_names(&fs::metadata(&path).expect("there")));
    }
}
