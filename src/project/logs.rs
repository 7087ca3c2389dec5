//! Access logs in a workspace: those that a person names, those of the settings, those that lie where logs lie.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::vfs::{Kind, Vfs};
use super::wildcard;

/// Logs that were looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logs {
    /// The files, each once: in the order of the patterns, those of one pattern sorted.
    pub files: Vec<PathBuf>,
    /// Patterns that name nothing.
    pub missing: Vec<String>,
}

/// How many folders are looked into at most.
const FOLDERS: usize = 2_000;
/// How deep they may lie below the workspace.
const DEPTH: usize = 5;
/// How many files are taken at most.
const FILES: usize = 500;

/// The files that patterns name, from a folder. A folder stands for the logs in it.
pub fn named(vfs: &Vfs, from: &Path, patterns: &[String]) -> Logs {
    let mut out = Logs::default();
    for pattern in patterns {
        let path = super::vfs::normalize(&from.join(pattern));
        // What is there under that very name is meant, whatever characters it has.
        let paths = if vfs.kind(&path) == Kind::Missing { vfs.glob(&path) } else { vec![path] };
        let mut found = false;
        for path in paths {
            let files = match vfs.kind(&path) {
                Kind::Folder => vfs.list(&path).iter().filter(|file| vfs.kind(file) == Kind::File && is_log(file, true)).cloned().collect(),
                _ => vec![path],
            };
            for file in files {
                found = true;
                if !out.files.contains(&file) {
                    out.files.push(file);
                }
            }
        }
        if !found {
            out.missing.push(pattern.clone());
        }
    }
    out
}

/// The files of a workspace that look like access logs: those named so, and every log in a folder for logs, whether or not `.gitignore` names
/// them. Only so many folders are looked into. What is in a file is not looked at.
pub fn conventional(vfs: &Vfs, workspace: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = VecDeque::from([(workspace.to_path_buf(), 0)]);
    let mut looked = 0;
    while let Some((folder, depth)) = open.pop_front() {
        looked += 1;
        if looked > FOLDERS || files.len() >= FILES {
            break;
        }
        let for_logs = folder.strip_prefix(workspace).is_ok_and(|inside| inside.iter().any(|name| name == "logs" || name == "log"));
        for path in vfs.list(&folder).iter() {
            // A name with an ending is hardly ever a folder's: most need not be asked about.
            match vfs.kind(path) {
                Kind::Folder if depth < DEPTH && !vfs.is_foreign(path) => open.push_back((path.clone(), depth + 1)),
                Kind::File if is_log(path, for_logs) => files.push(path.clone()),
                _ => {}
            }
        }
    }
    files.truncate(FILES);
    files.sort();
    files
}

/// Is it an access log, by its name; `for_logs` says that it lies where logs lie, and need not say `access`.
fn is_log(path: &Path, for_logs: bool) -> bool {
    let Some(name) = path.file_name().map(|name| name.as_encoded_bytes().to_ascii_lowercase()) else { return false };
    let is = |pattern: &str| wildcard::matches(pattern.as_bytes(), &name);
    let access = ["*access*.log", "*access*.log.*", "*access*.log-*", "*access_log*", "*access-log*"].iter().any(|pattern| is(pattern));
    let other = for_logs && ["*.log", "*.log.*", "*.log-*"].iter().any(|pattern| is(pattern));
    (access || other) && !is("*error*") && !is("*.conf") && !is("*.md")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_found_where_they_lie_and_by_their_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let write = |name: &str| {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            std::fs::write(path, "x").expect("a file");
        };
        for name in [
            "logs/openresty.log",
            "logs/error.log",
            "logs/old/access.log.2.gz",
            "access.log",
            "app.log",
            "var/www.access.log-20251103",
            "node_modules/x/logs/access.log",
            "docs/access.log.md",
            ".gitignore",
        ] {
            write(name);
        }
        std::fs::write(root.join(".gitignore"), "logs/\n*.log\n").expect("a file");
        let vfs = Vfs::default();
        let show = |files: &[PathBuf]| {
            files.iter().map(|file| file.strip_prefix(root).expect("inside").to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            show(&conventional(&vfs, root)),
            ["access.log", "logs/old/access.log.2.gz", "logs/openresty.log", "var/www.access.log-20251103"]
        );
        let patterns = ["logs/*.log", "logs", "nothing*.log", "app.log"].map(str::to_owned);
        let found = named(&vfs, root, &patterns);
        assert_eq!(show(&found.files), ["logs/error.log", "logs/openresty.log", "app.log"]);
        assert_eq!(found.missing, ["nothing*.log"]);
    }
}
