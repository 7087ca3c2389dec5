//! From a path on the server to a path in the workspace.

mod deployment;

pub use deployment::{Deployment, Placed};

use std::path::{Path, PathBuf};

use super::compose::{Compose, Service};
use super::container::MountSource;
use super::dockerfile;
use super::images;
use super::kubernetes;
use super::vfs::{Kind, normalize};
use super::{FileId, Notice, Place, Project, compose};
use crate::messages::Message;
use crate::phrase;

/// What became of a server path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapped {
    /// It is here.
    Present {
        /// In the workspace.
        path: PathBuf,
        /// What led there.
        via: Vec<Evidence>,
    },
    /// It should be here and is not.
    Missing {
        /// Where it should be.
        path: PathBuf,
        /// What led there.
        via: Vec<Evidence>,
        /// A file beside it with nearly that name.
        near: Option<PathBuf>,
    },
    /// The workspace can't tell.
    Unknown {
        /// Why: `/var/www/acme is a named volume`.
        why: String,
        /// What led to that.
        via: Vec<Evidence>,
    },
}

/// One step of a mapping: `./lua is mounted at /usr/…/custom`, at a line of the compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where it is written; `None` for what an official image brings along.
    pub place: Option<Place>,
    /// What it says.
    pub message: Message,
}

/// Everything that says how files get onto servers.
#[derive(Debug, Clone, Default)]
pub struct Deployments {
    list: Vec<Deployment>,
    /// Containers of a cluster of which nothing says that nginx runs in them. They may run an image that is built from here.
    aside: Vec<Deployment>,
}

/// Reads compose files and Dockerfiles of a project.
pub(super) fn find(project: &Project) -> (Vec<Compose>, Deployments, Vec<Notice>) {
    let mut problems = Vec::new();
    let composes = compose::find(&project.vfs, &project.workspace, &mut problems);
    let mut list = Vec::new();
    let mut built = Vec::new();
    for (compose, service) in composes.iter().flat_map(|compose| compose.services.iter().map(move |service| (compose, service))) {
        let dockerfile = service.container.build.as_ref().and_then(|build| {
            let file = project.vfs.id(&build.dockerfile);
            built.push(file);
            dockerfile::read(&project.vfs, file, &build.context, build.target.as_deref(), &build.args)
        });
        let mut deployment = Deployment::of_service(service, dockerfile);
        deployment.note_writers(writers(compose, service));
        if deployment.runs_nginx() {
            list.push(deployment);
        }
    }
    for path in project.vfs.walk(&project.workspace).files.iter().filter(|path| is_dockerfile(path)) {
        let file = project.vfs.id(path);
        if built.contains(&file) {
            continue;
        }
        let context = path.parent().unwrap_or(Path::new("/"));
        if let Some(dockerfile) = dockerfile::read(&project.vfs, file, context, None, &[]) {
            let deployment = Deployment::of_dockerfile(dockerfile);
            if deployment.runs_nginx() {
                list.push(deployment);
            }
        }
    }
    let mut aside = Vec::new();
    for container in kubernetes::find(&project.vfs, &project.vfs.walk(&project.workspace).files) {
        let deployment = Deployment::of_container(container);
        if deployment.runs_nginx() { list.push(deployment) } else { aside.push(deployment) }
    }
    (composes, Deployments { list, aside }, problems)
}

/// What the other services of a project can write to. Those that run nginx themselves are left out: they read.
fn writers(compose: &Compose, service: &Service) -> Vec<(PathBuf, String, Place)> {
    let others = compose.services.iter().filter(|other| other.name != service.name);
    let others =
        others.filter(|other| other.container.image.as_ref().and_then(|image| image.value.as_deref()).and_then(images::find).is_none());
    let mounts = others.flat_map(|other| other.container.mounts.iter().filter(|mount| !mount.read_only).map(move |mount| (other, mount)));
    mounts
        .filter_map(|(other, mount)| match &mount.source {
            MountSource::Workspace(path, _) => Some((path.clone(), other.name.clone(), mount.place)),
            _ => None,
        })
        .collect()
}

/// `Dockerfile`, `Dockerfile.prod`, `web.Dockerfile`, `Containerfile`.
pub fn is_dockerfile(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
        name == "Dockerfile"
            || name == "Containerfile"
            || name.starts_with("Dockerfile.")
            || name.ends_with(".Dockerfile")
            || name.ends_with(".dockerfile")
    })
}

impl Deployments {
    /// All of them.
    pub fn all(&self) -> &[Deployment] {
        &self.list
    }

    /// The deployments that put this file of the workspace onto a server.
    pub fn of(&self, file: &Path) -> impl Iterator<Item = &Deployment> {
        self.list.iter().filter(move |deployment| deployment.server_path_of(file).is_some())
    }

    /// The paths on the servers of the configuration that starts at `main` where something of the workspace is laid.
    pub fn targets(&self, main: &Path) -> impl Iterator<Item = &str> {
        self.of(main).flat_map(Deployment::laid)
    }

    /// Where a file of the workspace is on the server; `None` when nothing says so, or two say different things.
    pub fn server_path_of(&self, file: &Path) -> Option<String> {
        let mut paths: Vec<String> = self.list.iter().filter_map(|deployment| deployment.server_path_of(file)).collect();
        paths.sort();
        paths.dedup();
        (paths.len() == 1).then(|| paths.remove(0))
    }

    /// nginx's prefix where a main configuration is deployed.
    pub fn prefix_for(&self, file: &Path) -> Option<String> {
        self.of(file).find_map(|deployment| Some(deployment.image?.prefix.to_owned()))
    }

    /// What a path on the server is here, for the configuration that starts at `main`. `None` when nothing in the workspace says
    /// anything of the server's files. Deployments that do not agree make it unknown.
    pub fn map(&self, project: &Project, main: FileId, server_path: &str) -> Option<Mapped> {
        let path = normalize(Path::new(server_path)).to_string_lossy().into_owned();
        if path.contains('$') || path.contains("{{") {
            return Some(Mapped::Unknown { why: format!("{server_path} has a variable in it"), via: Vec::new() });
        }
        if let Some(mapped) = map_settings(project, &path) {
            return Some(mapped);
        }
        let main_path = project.vfs.path(main);
        let mut mapped: Vec<Mapped> = self.of(&main_path).map(|deployment| deployment.map(project, &path)).collect();
        // One that has the file, or can't tell, silences one that lacks it.
        let rank = |mapped: &Mapped| match mapped {
            Mapped::Present { .. } => 0,
            Mapped::Unknown { .. } => 1,
            Mapped::Missing { .. } => 2,
        };
        mapped.sort_by_key(rank);
        // A cluster may lay something over what an image has, also when the main file is not among it.
        let covered = |deployment: &&Deployment| deployment.mounts_over(&path);
        let mut others = self.list.iter().filter(|deployment| deployment.is_cluster()).chain(&self.aside);
        if let Some(Mapped::Missing { via, .. }) = mapped.first()
            && let Some(other) = others.find(covered)
            && !matches!(other.map(project, &path), Mapped::Missing { .. })
        {
            let name = other.service.as_deref().unwrap_or("another container");
            return Some(Mapped::Unknown { why: format!("{name} has something else mounted at {path}"), via: via.clone() });
        }
        mapped.into_iter().next().or_else(|| on_this_machine(project, &main_path, &path))
    }
}

/// The workspace is the server when its configuration lies where nginx reads it: then this disk answers.
fn on_this_machine(project: &Project, main: &Path, path: &str) -> Option<Mapped> {
    let folder = main.parent().filter(|folder| images::is_installation(folder))?;
    let path = PathBuf::from(path);
    let via = vec![Evidence { place: None, message: phrase!("paths-own-folder", folder = folder) }];
    let above = path.parent()?;
    if !project.vfs.may_read(&path) {
        return Some(Mapped::Unknown { why: outside(project, &path), via });
    }
    Some(match (project.vfs.kind(&path), project.vfs.kind(above)) {
        (Kind::Missing, Kind::Folder) if !project.vfs.list(above).is_empty() => {
            let near = nearest(project, &path);
            Mapped::Missing { path, via, near }
        }
        (Kind::Missing, _) => Mapped::Unknown { why: format!("{} can't be read on this machine, or is not there", above.display()), via },
        _ => Mapped::Present { path, via },
    })
}

/// `[paths]` of the settings.
fn map_settings(project: &Project, path: &str) -> Option<Mapped> {
    let below = |target: &str| rest_below(path, target).map(|rest| rest.to_owned());
    let (target, local, rest) = project
        .settings
        .paths
        .iter()
        .filter_map(|(target, local)| Some((target, local, below(target)?)))
        .max_by_key(|(target, ..)| target.trim_end_matches('/').len())?;
    let message = phrase!("paths-settings", target = target, local = local, file = super::settings::Settings::FILE);
    let via = vec![Evidence { place: None, message }];
    Some(look(project, &normalize(&project.workspace.join(local)), &rest, via))
}

/// What is behind `target` in `path`, without a slash in front; `None` when the path is not there or below.
fn rest_below<'a>(path: &'a str, target: &str) -> Option<&'a str> {
    let target = target.trim_end_matches('/');
    let rest = path.strip_prefix(target)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// Why nothing is known of a path that may not be read.
pub(super) fn outside(project: &Project, path: &Path) -> String {
    format!("{} lies outside of the folder, which is not trusted", project.display(path))
}

/// Looks for a file below a folder of the workspace.
fn look(project: &Project, source: &Path, rest: &str, via: Vec<Evidence>) -> Mapped {
    let path = if rest.is_empty() { source.to_path_buf() } else { source.join(rest) };
    let vfs = &project.vfs;
    let unknown = |why: String, via| Mapped::Unknown { why, via };
    if !vfs.may_read(&path) {
        return unknown(outside(project, &path), via);
    }
    if vfs.kind(&path) != Kind::Missing {
        return Mapped::Present { path, via };
    }
    if vfs.kind(source) == Kind::Missing || rest.is_empty() {
        return unknown(format!("{} is not in the workspace", project.display(source)), via);
    }
    if vfs.is_ignored(&project.workspace, &path) {
        return unknown(format!("{} is ignored by git: it is made, not kept", project.display(&path)), via);
    }
    if vfs.kind(source) != Kind::Folder {
        return unknown(format!("{} is no folder", project.display(source)), via);
    }
    // A submodule that is not checked out, a folder kept for what is made later: an empty folder says nothing of its content.
    let hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    if vfs.list(source).iter().all(hidden) {
        return unknown(format!("{} is empty here: it is filled elsewhere", project.display(source)), via);
    }
    let existing = path.ancestors().skip(1).find(|folder| vfs.kind(folder) != Kind::Missing).unwrap_or(source);
    if !vfs.canonical(existing).starts_with(vfs.canonical(&project.workspace)) {
        return unknown(format!("{} is a link that leads out of the workspace", project.display(existing)), via);
    }
    if vfs.kind(existing) != Kind::Folder {
        return unknown(format!("{} is no folder", project.display(existing)), via);
    }
    // What a build writes is seldom kept in git, and not always named in .gitignore.
    let built = ["dist", "build", "out", "_site", "node_modules", "generated", "gen", ".next", "bundle"];
    let below = path.strip_prefix(existing).unwrap_or(Path::new(""));
    if below.parent().is_some_and(|folders| folders.iter().any(|name| built.iter().any(|built| name == *built))) {
        return unknown(format!("{} looks like what a build makes", project.display(&path)), via);
    }
    // A link that leads nowhere from here is something on the server.
    let dangling = path.ancestors().take_while(|folder| *folder != source).any(|part| {
        part.parent().is_some_and(|folder| vfs.kind(folder) == Kind::Folder && vfs.list(folder).iter().any(|entry| entry == part))
            && vfs.kind(part) == Kind::Missing
    });
    if dangling {
        return unknown(format!("{} is a link that leads out of the workspace", project.display(&path)), via);
    }
    let near = nearest(project, &path);
    Mapped::Missing { path, via, near }
}

/// A file in the same folder with nearly the same name.
fn nearest(project: &Project, path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.to_lowercase();
    let distance = |other: &Path| {
        let other = other.file_name()?.to_str()?.to_lowercase();
        let stem = |name: &str| name.split('.').next().unwrap_or("").to_owned();
        if stem(&other) == stem(&name) {
            return Some(1);
        }
        let distance = strsim::damerau_levenshtein(&name, &other);
        (distance <= 2 && distance * 3 < name.len()).then_some(distance)
    };
    let list = project.vfs.list(path.parent()?);
    list.iter().filter_map(|other| Some((distance(other)?, other))).min().map(|(_, other)| other.clone())
}
