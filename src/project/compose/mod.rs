//! Compose files: services, and for each what it is made of, what it mounts and where it listens.
//!
//! A folder's files are one project: the base file (`compose.yaml`, `docker-compose.yml`, …) merged with its `override`,
//! as `docker compose up` reads them without `-f`. Each further file (`compose.prod.yaml`) is the base merged with that one:
//! a [`Compose`] of its own, a variant.

mod env;
mod lower;
mod merge;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::yaml::{self, Node};
use super::{FileId, Notice, Place, Vfs};
pub use env::Env;

/// One compose project: a file and what it includes or extends.
#[derive(Debug, Clone, Default)]
pub struct Compose {
    /// The files it was read from.
    pub files: Vec<FileId>,
    /// Its services.
    pub services: Vec<Service>,
    /// The folder that relative paths start from.
    pub folder: PathBuf,
    /// True for a file that only `docker compose -f …` reads (`compose.prod.yaml`), merged over the folder's base file.
    pub variant: bool,
}

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value, with `${VAR:-default}` replaced where that is possible.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its key under `services:`.
    pub name: String,
    /// The key.
    pub place: Place,
    /// `image:`
    pub image: Option<Sourced<String>>,
    /// `build:`
    pub build: Option<Build>,
    /// `container_name:`, `hostname:`, network aliases: other names by which it is reached.
    pub names: Vec<Sourced<String>>,
    /// `command:` as words.
    pub command: Vec<Sourced<String>>,
    /// `entrypoint:` as words.
    pub entrypoint: Vec<Sourced<String>>,
    /// `environment:` and `env_file:`; `None` where the value comes from the shell and has no default.
    pub environment: Vec<(String, Option<Sourced<String>>)>,
    /// Ports of the container that are published (`ports:`), as (host, container).
    pub ports: Vec<Sourced<(Option<u16>, u16)>>,
    /// `expose:`
    pub expose: Vec<Sourced<u16>>,
    /// `volumes:` (and `configs:`/`secrets:` with a file).
    pub mounts: Vec<Mount>,
    /// `healthcheck.test` as words. Of `CMD-SHELL` and a plain string the second word is the shell line; `NONE` gives no words.
    pub healthcheck: Vec<Sourced<String>>,
    /// `working_dir:`
    pub working_dir: Option<Sourced<String>>,
    /// `profiles:`; a service without any always runs.
    pub profiles: Vec<String>,
    /// `depends_on:`, `links:`: services that it names.
    pub depends_on: Vec<Sourced<String>>,
    /// What could not be read and may hold more mounts, words or variables: a file of `extends:` or `env_file:`.
    pub gaps: Vec<Notice>,
}

/// `build:`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The build context, absolute. Empty when it is no folder here (a git URL, a variable): see `remote`.
    pub context: PathBuf,
    /// The Dockerfile, absolute; empty for `dockerfile_inline:` and remote contexts.
    pub dockerfile: PathBuf,
    /// `target:`
    pub target: Option<String>,
    /// `args:`; `None` where the value comes from the shell.
    pub args: Vec<(String, Option<String>)>,
    /// The context as written, when it is no folder here.
    pub remote: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Where it comes from.
    pub source: MountSource,
    /// The source as written: `./lua`.
    pub written: String,
    /// Path in the container.
    pub target: String,
    /// Where it is written.
    pub place: Place,
}

/// Where a mount comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountSource {
    /// A path in the workspace, absolute.
    Workspace(PathBuf),
    /// An absolute path on the host, outside the workspace.
    Host(String),
    /// A named or anonymous volume: its content is made at run time.
    Volume(Option<String>),
    /// A variable that nothing sets.
    Unresolved(String),
    /// Written in place (`configs: … content:`, a ConfigMap's key).
    Inline(Place),
}

/// What compose files are read with.
pub(crate) struct Reader<'a> {
    pub vfs: &'a Vfs,
    pub workspace: &'a Path,
    pub problems: Vec<Notice>,
    pub files: Vec<FileId>,
    /// Files that are being read: an `include` or `extends` of one of them is a loop.
    pub open: Vec<FileId>,
}

impl Reader<'_> {
    /// A file's first document. What is wrong with the file is noted, and `None` returned.
    fn document(&mut self, path: &Path) -> Option<Arc<Node>> {
        let file = self.vfs.id(path);
        let text = match self.vfs.read(file) {
            Ok(text) => text,
            Err(problem) => {
                let place = Place { file, span: Default::default() };
                self.note(place, format!("{} could not be read: {problem}", path.display()));
                return None;
            }
        };
        let (documents, problem) = yaml::parse(file, &text);
        if !self.files.contains(&file) {
            self.files.push(file);
            self.problems.extend(problem);
        }
        documents.into_iter().next()
    }

    fn note(&mut self, place: Place, message: String) {
        let notice = Notice { place, message };
        if !self.problems.contains(&notice) {
            self.problems.push(notice);
        }
    }

    /// An absolute path as a mount's source.
    fn source(&self, path: PathBuf) -> MountSource {
        match path.starts_with(self.workspace) {
            true => MountSource::Workspace(path),
            false => MountSource::Host(path.to_string_lossy().into_owned()),
        }
    }
}

/// How a file's name reads: which base it belongs to, or none of compose.
fn role(name: &str) -> Option<Role> {
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))?;
    match stem {
        "compose" | "docker-compose" => Some(Role::Base),
        "compose.override" | "docker-compose.override" => Some(Role::Override),
        _ => (stem.starts_with("compose.") || stem.starts_with("docker-compose.") || stem.starts_with("docker-compose-")).then_some(Role::Variant),
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Base,
    Override,
    Variant,
}

/// Reads the compose projects among `files` (absolute paths, as a walk of the workspace gives them), and what is wrong with them.
pub fn find(vfs: &Vfs, workspace: &Path, files: &[PathBuf]) -> (Vec<Compose>, Vec<Notice>) {
    let mut folders: Vec<&Path> = files.iter().filter(|path| path.file_name().and_then(|name| name.to_str()).and_then(role).is_some()).filter_map(|path| path.parent()).collect();
    folders.dedup();
    folders.sort_unstable();
    folders.dedup();
    let mut reader = Reader { vfs, workspace, problems: Vec::new(), files: Vec::new(), open: Vec::new() };
    let mut projects = Vec::new();
    for folder in folders {
        // Listed again: an override is often ignored by git, and counts all the same.
        let mut members: Vec<(Role, PathBuf)> =
            vfs.list(folder).iter().filter_map(|path| Some((role(path.file_name()?.to_str()?)?, path.clone()))).collect();
        members.sort();
        // compose-go, cli/options.go: compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml; the first one counts.
        let preferred = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
        let named = |path: &Path, name: &str| path.file_name().is_some_and(|own| own == name);
        let base = preferred.iter().find_map(|name| members.iter().find(|(_, path)| named(path, name))).map(|(_, path)| path.clone());
        let overrides: Vec<PathBuf> = members.iter().filter(|(role, _)| *role == Role::Override).map(|(_, path)| path.clone()).take(1).collect();
        let variants: Vec<PathBuf> = members.iter().filter(|(role, _)| *role == Role::Variant).map(|(_, path)| path.clone()).collect();
        let main: Vec<PathBuf> = base.iter().cloned().chain(overrides).collect();
        if !main.is_empty() {
            projects.push(reader.project(folder, &main, false));
        }
        for variant in variants {
            let set: Vec<PathBuf> = base.iter().cloned().chain([variant]).collect();
            projects.push(reader.project(folder, &set, true));
        }
    }
    // A problem that makes a file unreadable is told once, although variants read the base again.
    projects.retain(|project| !project.services.is_empty());
    (projects, reader.problems)
}

impl Reader<'_> {
    fn project(&mut self, folder: &Path, paths: &[PathBuf], variant: bool) -> Compose {
        let env = Env::of_folder(self.vfs, folder);
        let mut model = merge::Model::default();
        let mut files = Vec::new();
        for path in paths {
            let known = self.files.len();
            let next = self.model(path, folder, &env);
            files.push(self.vfs.id(path));
            for file in &self.files[known.min(self.files.len())..] {
                if !files.contains(file) {
                    files.push(*file);
                }
            }
            model.merge(next);
        }
        Compose { files, services: model.finish(self, folder), folder: folder.to_path_buf(), variant }
    }
}

/// `a/b/../c` below a folder; `~` stays outside of any workspace.
fn absolute(folder: &Path, path: &str) -> PathBuf {
    super::vfs::normalize(&folder.join(path))
}

#[cfg(test)]
mod tests;
