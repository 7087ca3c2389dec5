//! One container that nginx runs in, and what puts files where in it.

use std::path::{Path, PathBuf};

use super::{Evidence, Mapped, look, rest_below};
use crate::messages::Message;
use crate::phrase;
use crate::project::compose::Service;
use crate::project::container::{MountSource, Text};
use crate::project::dockerfile::Dockerfile;
use crate::project::images::{self, Image};
use crate::project::{Place, Project, kubernetes, shell};

/// One container that nginx runs in.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// The compose service, or `None` for a Dockerfile alone.
    pub service: Option<String>,
    /// The image, when it is one that is known.
    pub image: Option<&'static Image>,
    /// The image as it is named, for a service or a Dockerfile's base.
    pub image_name: Option<String>,
    /// What is run when it starts, when something says so: words.
    start: Vec<String>,
    /// Folders here that other services may write to: the folder, the service's name, the line.
    writers: Vec<(PathBuf, String, Place)>,
    /// True for a container of a cluster.
    cluster: bool,
    /// A `COPY` to a path that a variable hides.
    hidden: Option<String>,
    /// The Dockerfile's health check.
    pub healthcheck: Option<(String, Place)>,
    layers: Vec<Layer>,
    runs: Vec<(String, usize)>,
}

/// How a file of the workspace gets into a container: what has to be done for a change of it to get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It lies in a folder that is mounted: a change is there at once.
    InFolder,
    /// It is mounted by itself: when it is replaced by a new file, as most programs save, the container keeps the old one until it starts again.
    ByItself,
    /// It is copied into the image, or made into something else when the container starts.
    InImage,
    /// It goes into a ConfigMap of a cluster.
    InCluster,
}

/// Something that puts files at a path.
#[derive(Debug, Clone)]
struct Layer {
    target: String,
    source: Source,
    place: Place,
    /// How it is said: "`./lua` is mounted at /lua". Nothing for what is not known.
    says: Option<Message>,
    mount: bool,
    read_only: bool,
}

#[derive(Debug, Clone)]
enum Source {
    Path(PathBuf),
    Unknown(String),
}

impl Deployment {
    pub(super) fn of_service(service: &Service, dockerfile: Option<Dockerfile>) -> Deployment {
        let image = service.container.image.as_ref().and_then(|image| image.value.clone());
        let unread = service.container.build.is_some() && dockerfile.is_none();
        let mut deployment = match dockerfile {
            Some(dockerfile) => Deployment::of_dockerfile(dockerfile),
            None => Deployment {
                service: None,
                image: image.as_deref().filter(|_| !unread).and_then(images::find),
                image_name: image,
                healthcheck: None,
                layers: Vec::new(),
                runs: Vec::new(),
                start: Vec::new(),
                writers: Vec::new(),
                hidden: None,
                cluster: false,
            },
        };
        deployment.service = Some(service.name.clone());
        let said = |words: &[Text]| words.iter().map(|word| word.value.clone().unwrap_or_else(|| "$".into())).collect::<Vec<_>>();
        if !service.container.entrypoint.is_empty() {
            deployment.start = said(&service.container.entrypoint);
            deployment.start.extend(said(&service.container.command));
        } else if unread {
            deployment.start = vec!["an entrypoint that is not here".into()];
        } else if !service.container.command.is_empty() && shell::starts_plainly(&deployment.start) {
            // An ENTRYPOINT of the Dockerfile stays: a command is only what it is given.
            deployment.start = said(&service.container.command);
        }
        for mount in &service.container.mounts {
            let (source, says) = match &mount.source {
                MountSource::Workspace(path, written) => {
                    (Source::Path(path.clone()), Some(phrase!("paths-mounted", written = written, target = &mount.target)))
                }
                MountSource::Host(path) => (Source::Unknown(format!("{path} of the host is mounted at {}", mount.target)), None),
                MountSource::Volume(Some(name)) => {
                    (Source::Unknown(format!("{} is the volume `{name}`: it is filled at run time", mount.target)), None)
                }
                MountSource::Volume(None) => (Source::Unknown(format!("{} is a volume: it is filled at run time", mount.target)), None),
                MountSource::Inline(_) => (Source::Unknown(format!("{} is written where it is mounted", mount.target)), None),
                MountSource::Unresolved(written) => {
                    (Source::Unknown(format!("what is mounted at {} depends on `{written}`", mount.target)), None)
                }
            };
            deployment.layers.push(Layer {
                target: mount.target.clone(),
                source,
                place: mount.place,
                says,
                mount: true,
                read_only: mount.read_only,
            });
        }
        deployment
    }

    pub(super) fn of_container(container: kubernetes::Container) -> Deployment {
        let layer = |mount: kubernetes::Mount| {
            let (source, says) = match mount.source {
                Ok(path) => {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    let says = phrase!("paths-config-map", name = name, target = &mount.target);
                    (Source::Path(path), Some(says))
                }
                Err(why) => (Source::Unknown(why), None),
            };
            Layer { target: mount.target, source, place: mount.place, says, mount: true, read_only: true }
        };
        Deployment {
            service: Some(container.name),
            image: container.image.as_deref().and_then(images::find),
            image_name: container.image,
            healthcheck: None,
            layers: container.mounts.into_iter().map(layer).collect(),
            runs: Vec::new(),
            start: container.start,
            writers: Vec::new(),
            hidden: None,
            cluster: true,
        }
    }

    pub(super) fn of_dockerfile(dockerfile: Dockerfile) -> Deployment {
        let layers = dockerfile.copies.into_iter().map(|copy| {
            let name = copy.source.as_ref().and_then(|source| source.file_name()).map(|name| name.to_string_lossy().into_owned());
            let target = match name {
                Some(name) if copy.into => format!("{}/{name}", copy.target.trim_end_matches('/')),
                _ => copy.target,
            };
            let source = match copy.source {
                Some(source) => Source::Path(source),
                None => Source::Unknown(format!("what is copied to {target} (`{}`) is not from the workspace", copy.written)),
            };
            let says = Some(phrase!("paths-copied", written = &copy.written, target = &target));
            Layer { target, source, place: copy.place, says, mount: false, read_only: false }
        });
        Deployment {
            service: None,
            image: dockerfile.base.as_deref().and_then(images::find),
            image_name: dockerfile.base,
            healthcheck: dockerfile.healthcheck,
            layers: layers.collect(),
            runs: dockerfile.runs,
            start: dockerfile.start,
            writers: Vec::new(),
            hidden: dockerfile.hidden,
            cluster: false,
        }
    }

    /// Other services write to these folders: the folder, the service's name, the line.
    pub(super) fn note_writers(&mut self, writers: Vec<(PathBuf, String, Place)>) {
        self.writers = writers;
    }

    /// The paths in it at which something of the workspace is laid.
    pub(super) fn laid(&self) -> impl Iterator<Item = &str> {
        self.layers.iter().filter(|layer| matches!(layer.source, Source::Path(_))).map(|layer| &*layer.target)
    }

    /// True where something is mounted over a path.
    pub(super) fn mounts_over(&self, path: &str) -> bool {
        self.layers.iter().any(|layer| layer.mount && rest_below(path, &layer.target).is_some())
    }

    /// Is it nginx that runs there? By the image, or by a configuration of nginx that is put where nginx reads it.
    pub(super) fn runs_nginx(&self) -> bool {
        let named = self.image_name.as_deref().map(images::repository).is_some_and(|name| {
            let last = name.rsplit('/').next().unwrap_or(name);
            last.contains("nginx") && !last.contains("exporter") || last.contains("openresty")
        });
        let conf = |target: &str| {
            target.ends_with("/nginx.conf") || target.contains("/nginx/") || target.ends_with("/nginx") || target.starts_with("/etc/nginx")
        };
        self.image.is_some() || named || self.layers.iter().any(|layer| conf(&layer.target))
    }

    /// True when this file is mounted by itself, not with its folder: a container keeps the file that it was started with when another one
    /// takes its place.
    pub fn mounts_alone(&self, file: &Path) -> bool {
        self.layers.iter().any(|layer| layer.mount && matches!(&layer.source, Source::Path(source) if source == file))
    }

    /// True when a build step may put another nginx into the image than the one that it starts from, or modules.
    pub fn builds_more(&self) -> bool {
        let builds = |line: &str| {
            ["configure", "make", "cmake", "apk ", "apt", "yum ", "dnf ", "nginx", "opm ", "cargo "].iter().any(|word| line.contains(word))
        };
        let program = |target: &str| target.contains("sbin") || target.contains("modules") || target.ends_with("/nginx");
        self.runs.iter().any(|(line, _)| builds(line) && !shell::only_reads(line))
            || self.layers.iter().any(|layer| matches!(layer.source, Source::Unknown(_)) && program(&layer.target))
    }

    /// True for a container of a cluster (Kubernetes).
    pub fn is_cluster(&self) -> bool {
        self.cluster
    }

    /// Where a file of the workspace is on this server.
    pub fn server_path_of(&self, file: &Path) -> Option<String> {
        self.layers.iter().rev().find_map(|layer| {
            let Source::Path(source) = &layer.source else { return None };
            let rest = file.strip_prefix(source).ok()?;
            let target = layer.target.trim_end_matches('/');
            let rest = rest.to_string_lossy();
            let path = if rest.is_empty() { target.to_owned() } else { format!("{target}/{rest}") };
            // The official image fills in templates at start (docker-entrypoint.d/20-envsubst-on-templates.sh).
            Some(match path.strip_prefix("/etc/nginx/templates/").and_then(|name| name.strip_suffix(".template")) {
                Some(name) => format!("/etc/nginx/conf.d/{name}"),
                None => path,
            })
        })
    }

    /// How a file of the workspace gets there; `None` where it does not.
    pub fn placed(&self, file: &Path) -> Option<Placed> {
        let covers = |layer: &&Layer| matches!(&layer.source, Source::Path(source) if file.starts_with(source));
        let layer = self.layers.iter().rev().find(covers)?;
        Some(match (&layer.source, layer.mount) {
            _ if self.cluster => Placed::InCluster,
            (_, false) => Placed::InImage,
            (Source::Path(source), true) if source == file => Placed::ByItself,
            // The image fills the templates in when it starts.
            _ if layer.target.starts_with("/etc/nginx/templates") => Placed::ByItself,
            _ => Placed::InFolder,
        })
    }

    /// What a path on this server is in the workspace.
    pub(super) fn map(&self, project: &Project, path: &str) -> Mapped {
        let covering = |mount: bool| {
            let mut layers: Vec<(&Layer, &str)> = self
                .layers
                .iter()
                .filter(|layer| layer.mount == mount)
                .filter_map(|layer| Some((layer, rest_below(path, &layer.target)?)))
                .collect();
            layers.sort_by_key(|(layer, _)| layer.target.trim_end_matches('/').len());
            layers
        };
        // A mount hides what the image has there; of two, the deeper one counts.
        if let Some((layer, rest)) = covering(true).pop() {
            return match &layer.source {
                Source::Path(source) => {
                    // Something mounted below makes a folder there that is in no folder here.
                    let below =
                        self.layers.iter().any(|other| other.mount && rest_below(&other.target, path).is_some_and(|rest| !rest.is_empty()));
                    match look(project, source, rest, vec![layer.evidence()]) {
                        Mapped::Missing { path: local, via, near } if !below => {
                            self.unless_made(project, path, source, layer, (local, via, near))
                        }
                        Mapped::Missing { via, .. } if below => Mapped::Unknown { why: format!("something is mounted below {path}"), via },
                        mapped => mapped,
                    }
                }
                Source::Unknown(why) => Mapped::Unknown { why: why.clone(), via: vec![layer.place_only()] },
            };
        }
        let mut missing = None;
        let copies = covering(false);
        for (layer, rest) in copies.iter().rev() {
            match &layer.source {
                Source::Unknown(why) => return Mapped::Unknown { why: why.clone(), via: vec![layer.place_only()] },
                Source::Path(source) => match look(project, source, rest, vec![layer.evidence()]) {
                    Mapped::Missing { path, via, near } => missing = missing.or(Some((path, via, near))),
                    mapped => return mapped,
                },
            }
        }
        let unknown = |why: String| Mapped::Unknown { why, via: Vec::new() };
        let Some((local, via, near)) = missing else {
            return unknown(format!("nothing in the workspace is mounted or copied to {path}"));
        };
        if self.image_may_have(path) {
            return unknown(format!("the image may bring {path} along"));
        }
        if let Some(hidden) = &self.hidden {
            return unknown(format!("`COPY {hidden}` may put {path} there: its target has a variable"));
        }
        // A build step may make files anywhere, by a path, a name or a folder that it is run in.
        if let Some((line, _)) = self.runs.iter().find(|(line, _)| !shell::only_reads(line)) {
            let line = line.lines().next().unwrap_or(line);
            return unknown(format!("`RUN {line}` of the Dockerfile may make {path}"));
        }
        let source = local.parent().unwrap_or(&local).to_path_buf();
        let layer = copies.iter().rev().map(|(layer, _)| *layer).next();
        match layer {
            Some(layer) => self.unless_made(project, path, &source, layer, (local, via, near)),
            None => Mapped::Missing { path: local, via, near },
        }
    }

    /// A file that is missing here, unless something that runs makes it.
    fn unless_made(
        &self,
        project: &Project,
        path: &str,
        source: &Path,
        layer: &Layer,
        missing: (PathBuf, Vec<Evidence>, Option<PathBuf>),
    ) -> Mapped {
        let (local, mut via, near) = missing;
        // docker-entrypoint.d/20-envsubst-on-templates.sh of the official image.
        if let Some(name) = path.strip_prefix("/etc/nginx/conf.d/") {
            let template = format!("/etc/nginx/templates/{name}.template");
            let covering = self.layers.iter().filter(|layer| rest_below(&template, &layer.target).is_some());
            for layer in covering {
                let there = match &layer.source {
                    Source::Path(folder) => !matches!(
                        look(project, folder, rest_below(&template, &layer.target).unwrap_or_default(), Vec::new()),
                        Mapped::Missing { .. }
                    ),
                    Source::Unknown(_) => true,
                };
                if there {
                    via.push(layer.evidence());
                    return Mapped::Unknown { why: format!("{path} is written at start from {template}"), via };
                }
            }
        }
        // A folder that another service was given, or one inside it; not the whole project as a development mount.
        let overlaps = |folder: &Path| folder.starts_with(source) || (source.starts_with(folder) && folder != project.workspace);
        if let Some((_, service, place)) = self.writers.iter().find(|(folder, ..)| overlaps(folder) && (local.starts_with(folder))) {
            via.push(Evidence { place: Some(*place), message: phrase!("paths-service-writes", service = service) });
            return Mapped::Unknown { why: format!("the service `{service}` may make {path} when it runs"), via };
        }
        let scripts = self.layers.iter().any(|layer| rest_below(&layer.target, "/docker-entrypoint.d").is_some());
        if !layer.read_only && (scripts || !shell::starts_plainly(&self.start)) {
            return Mapped::Unknown { why: format!("what the container runs at start may make {path}"), via };
        }
        Mapped::Missing { path: local, via, near }
    }

    /// May the image itself have a file at this path?
    fn image_may_have(&self, path: &str) -> bool {
        let Some(image) = self.image else { return true };
        if let Some((folder, names)) = image.known.iter().find(|(folder, _)| rest_below(path, folder).is_some()) {
            return rest_below(path, folder).is_some_and(|rest| names.contains(&rest));
        }
        image.own.iter().any(|folder| rest_below(path, folder).is_some())
    }
}

impl Layer {
    fn evidence(&self) -> Evidence {
        let message = self.says.clone().unwrap_or_else(|| phrase!("paths-what-is-at", target = &self.target));
        Evidence { place: Some(self.place), message }
    }

    fn place_only(&self) -> Evidence {
        Evidence { place: Some(self.place), message: phrase!("paths-what-is-at", target = &self.target) }
    }
}
