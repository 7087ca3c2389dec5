//! Which folder is the workspace when a person names files and folders.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::civil::Date;

use crate::message;
use crate::messages::Language;
use crate::store;
use crate::world::World;

/// What marks a folder as a project's own: settings, what deploys it, version control.
const MARKERS: &[&str] =
    &["nginx-analyzer.toml", "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml", "Dockerfile", ".git"];

/// What a command works on.
pub(super) struct Opened {
    /// The folder.
    pub(super) workspace: PathBuf,
    /// The files and folders that were named; none where the workspace itself is, which means: find what there is to find.
    pub(super) entries: Vec<PathBuf>,
    /// With the language that was asked for, and the day.
    pub(super) world: World,
}

/// Opens the workspace of the paths, or the one that is `named`. `today` is the day that was asked for, `asked` the language.
pub(super) fn open(paths: &[PathBuf], named: Option<&Path>, today: Option<Date>, asked: Option<Language>) -> anyhow::Result<Opened> {
    let (workspace, entries) = choose(paths, named, asked.unwrap_or_default())?;
    let mut world = World::open(&workspace, entries.clone());
    asked.into_iter().for_each(|language| world.insist_on(language));
    world.set_today(today.unwrap_or_else(store::today));
    Ok(Opened { workspace, entries, world })
}

/// The workspace, and what in it was named.
pub(super) fn choose(paths: &[PathBuf], named: Option<&Path>, language: Language) -> anyhow::Result<(PathBuf, Vec<PathBuf>)> {
    let paths = absolute(language, paths)?;
    let workspace = match named {
        Some(folder) => absolute(language, &[folder.to_path_buf()])?.remove(0),
        None => of(&paths),
    };
    if !workspace.is_dir() {
        bail!(message!(language, "cli-workspace-folder", path = workspace.display().to_string()));
    }
    let whole = paths.len() == 1 && paths[0] == workspace;
    Ok((workspace, if whole { Vec::new() } else { paths }))
}

/// Makes the paths absolute; every one must exist.
fn absolute(language: Language, paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let here = std::env::current_dir().context(message!(language, "cli-here"))?;
    let mut out = Vec::with_capacity(paths.len());
    for path in paths {
        let path = crate::project::vfs::normalize(&here.join(path));
        match std::fs::metadata(&path) {
            Ok(_) => out.push(path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => match std::fs::read_link(&path) {
                Ok(target) => {
                    let target = target.display().to_string();
                    bail!(message!(language, "cli-dangling", path = path.display().to_string(), target = target))
                }
                Err(_) => bail!(message!(language, "cli-no-such-path", path = path.display().to_string())),
            },
            Err(error) => {
                let problem = error.to_string();
                bail!(message!(language, "cli-path-problem", path = path.display().to_string(), problem = problem))
            }
        }
    }
    Ok(out)
}

/// The workspace for these absolute paths: a folder is its own workspace; for a file it is the nearest folder above with a
/// marker, else the file's folder. For several paths it is the deepest folder that holds all of their workspaces.
fn of(paths: &[PathBuf]) -> PathBuf {
    let mut workspaces = paths.iter().map(|path| of_one(path));
    let first = workspaces.next().unwrap_or_default();
    workspaces.fold(first, |common, folder| {
        common.ancestors().find(|ancestor| folder.starts_with(ancestor)).unwrap_or(Path::new("/")).to_path_buf()
    })
}

/// The folder that code hosts count paths from: the repository's, else the current one when the workspace lies in it.
pub(super) fn repository(workspace: &Path, here: &Path) -> PathBuf {
    let repository = workspace.ancestors().find(|folder| folder.join(".git").exists());
    repository.unwrap_or(if workspace.starts_with(here) { here } else { workspace }).to_path_buf()
}

fn of_one(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.to_path_buf();
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    let marked = folder.ancestors().find(|folder| MARKERS.iter().any(|marker| folder.join(marker).exists()));
    marked.unwrap_or(folder).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_marked_folder_is_the_workspace_of_a_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        std::fs::create_dir_all(root.join("gateway/conf.d")).expect("folders");
        std::fs::write(root.join("gateway/compose.yaml"), "services: {}\n").expect("a file");
        std::fs::write(root.join("gateway/conf.d/a.conf"), "").expect("a file");
        std::fs::write(root.join("lone.conf"), "").expect("a file");
        assert_eq!(of(&[root.join("gateway/conf.d/a.conf")]), root.join("gateway"));
        assert_eq!(of(&[root.join("gateway/conf.d")]), root.join("gateway/conf.d"));
        assert_eq!(of(&[root.join("gateway/conf.d/a.conf"), root.join("gateway")]), root.join("gateway"));
        assert_eq!(of(&[root.join("gateway/conf.d"), root.join("gateway/lua")]), root.join("gateway"));
        assert_eq!(repository(&root.join("gateway"), &root.join("other")), root.join("gateway"));
        assert_eq!(repository(&root.join("gateway"), root), root);
        std::fs::create_dir(root.join(".git")).expect("a folder");
        assert_eq!(repository(&root.join("gateway"), &root.join("other")), root);
    }
}
