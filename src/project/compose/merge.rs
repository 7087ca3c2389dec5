//! Several files as one, as compose merges them (compose specification, "Merge": mappings by key, single values
//! replaced, `command` and `entrypoint` replaced, lists appended, volumes by their target).

use std::collections::BTreeMap;
use std::path::Path;

use super::*;

/// What one or several files say.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub services: Vec<RawService>,
    pub volumes: BTreeMap<String, VolumeDef>,
    pub configs: BTreeMap<String, (MountSource, String)>,
    pub secrets: BTreeMap<String, (MountSource, String)>,
}

/// A top-level volume.
#[derive(Debug, Default)]
pub(super) struct VolumeDef {
    /// `driver_opts.device` of a bind.
    pub device: Option<MountSource>,
}

/// `build:` before merging.
#[derive(Debug)]
pub(super) struct RawBuild {
    pub context: Option<PathBuf>,
    pub dockerfile: Option<String>,
    pub target: Option<String>,
    pub args: Vec<(String, Option<String>)>,
    pub remote: Option<String>,
    pub inline: bool,
    pub place: Place,
}

impl RawBuild {
    pub fn new(place: Place) -> RawBuild {
        RawBuild { context: None, dockerfile: None, target: None, args: Vec::new(), remote: None, inline: false, place }
    }
}

/// A service before merging.
#[derive(Debug)]
pub(super) struct RawService {
    pub service: Service,
    pub build: Option<RawBuild>,
    pub command: Option<Vec<Sourced<String>>>,
    pub entrypoint: Option<Vec<Sourced<String>>>,
    pub healthcheck: Option<Vec<Sourced<String>>>,
    pub mounts: Vec<Mount>,
    /// Name, target, where.
    pub configs: Vec<(String, String, Place)>,
    pub secrets: Vec<(String, String, Place)>,
    /// Keys tagged `!reset` or `!override`: what came before is dropped.
    pub replaced: Vec<String>,
}

impl RawService {
    pub fn new(name: &str, place: Place) -> RawService {
        let service = Service {
            name: name.to_string(),
            place,
            image: None,
            build: None,
            names: Vec::new(),
            command: Vec::new(),
            entrypoint: Vec::new(),
            environment: Vec::new(),
            ports: Vec::new(),
            expose: Vec::new(),
            mounts: Vec::new(),
            healthcheck: Vec::new(),
            working_dir: None,
            profiles: Vec::new(),
            depends_on: Vec::new(),
            gaps: Vec::new(),
        };
        RawService {
            service,
            build: None,
            command: None,
            entrypoint: None,
            healthcheck: None,
            mounts: Vec::new(),
            configs: Vec::new(),
            secrets: Vec::new(),
            replaced: Vec::new(),
        }
    }

    pub fn set_env(&mut self, name: String, value: Option<Sourced<String>>) {
        match self.service.environment.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.service.environment.push((name, value)),
        }
    }

    /// Lays another over this one.
    pub fn merge(&mut self, over: RawService) {
        for key in &over.replaced {
            match key.as_str() {
                "image" => self.service.image = None,
                "build" => self.build = None,
                "command" => self.command = None,
                "entrypoint" => self.entrypoint = None,
                "healthcheck" => self.healthcheck = None,
                "environment" | "env_file" => self.service.environment.clear(),
                "ports" => self.service.ports.clear(),
                "expose" => self.service.expose.clear(),
                "volumes" => self.mounts.clear(),
                "configs" => self.configs.clear(),
                "secrets" => self.secrets.clear(),
                _ => {}
            }
        }
        let (mine, theirs) = (&mut self.service, over.service);
        mine.image = theirs.image.or(mine.image.take());
        mine.working_dir = theirs.working_dir.or(mine.working_dir.take());
        mine.names.extend(theirs.names);
        mine.profiles.extend(theirs.profiles);
        mine.depends_on.extend(theirs.depends_on);
        mine.ports.extend(theirs.ports);
        mine.expose.extend(theirs.expose);
        mine.gaps.extend(theirs.gaps);
        // A new entrypoint drops the image's command only; compose keeps the base file's `command`.
        self.command = over.command.or(self.command.take());
        self.entrypoint = over.entrypoint.or(self.entrypoint.take());
        self.healthcheck = over.healthcheck.or(self.healthcheck.take());
        for (name, value) in theirs.environment {
            self.set_env(name, value);
        }
        for mount in over.mounts {
            self.mounts.retain(|known| known.target.trim_end_matches('/') != mount.target.trim_end_matches('/'));
            self.mounts.push(mount);
        }
        self.configs.extend(over.configs);
        self.secrets.extend(over.secrets);
        self.build = match (self.build.take(), over.build) {
            (Some(base), Some(over)) => Some(RawBuild {
                // A context replaces what was said of the other kind of context.
                remote: if over.context.is_some() { None } else { over.remote.or(base.remote) },
                context: over.context.or(base.context),
                dockerfile: over.dockerfile.or(base.dockerfile),
                target: over.target.or(base.target),
                args: base.args.into_iter().chain(over.args).collect(),
                inline: base.inline || over.inline,
                place: over.place,
            }),
            (base, over) => over.or(base),
        };
    }
}

impl Model {
    pub fn merge(&mut self, over: Model) {
        for service in over.services {
            match self.services.iter_mut().find(|known| known.service.name == service.service.name) {
                Some(known) => known.merge(service),
                None => self.services.push(service),
            }
        }
        self.volumes.extend(over.volumes);
        self.configs.extend(over.configs);
        self.secrets.extend(over.secrets);
    }

    /// The services, with named volumes, configs and secrets looked up.
    pub fn finish(self, reader: &Reader<'_>, folder: &Path) -> Vec<Service> {
        let Model { services, volumes, configs, secrets } = self;
        services
            .into_iter()
            .map(|raw| {
                let mut service = raw.service;
                service.command = raw.command.unwrap_or_default();
                service.entrypoint = raw.entrypoint.unwrap_or_default();
                service.healthcheck = raw.healthcheck.unwrap_or_default();
                service.mounts = raw.mounts;
                for mount in &mut service.mounts {
                    if let MountSource::Volume(Some(name)) = &mount.source
                        && let Some(device) = volumes.get(name).and_then(|volume| volume.device.clone())
                    {
                        mount.source = device;
                    }
                }
                for (list, store) in [(raw.configs, &configs), (raw.secrets, &secrets)] {
                    for (name, target, place) in list {
                        let (source, written) = store.get(&name).cloned().unwrap_or((MountSource::Volume(Some(name.clone())), name));
                        service.mounts.push(Mount { source, written, target, place });
                    }
                }
                service.build = raw.build.map(|build| {
                    let context = build.context.unwrap_or_else(|| folder.to_path_buf());
                    let local = build.remote.is_none();
                    let dockerfile = if local && !build.inline { absolute(&context, build.dockerfile.as_deref().unwrap_or("Dockerfile")) } else { PathBuf::new() };
                    let dockerfile = if local && build.dockerfile.is_none() && !build.inline && !reader.is_there(&dockerfile) && reader.is_there(&context.join("Containerfile")) {
                        context.join("Containerfile")
                    } else {
                        dockerfile
                    };
                    Build {
                        context: if local { context } else { PathBuf::new() },
                        dockerfile,
                        target: build.target,
                        args: build.args,
                        remote: build.remote,
                        place: build.place,
                    }
                });
                service
            })
            .collect()
    }
}

impl Reader<'_> {
    fn is_there(&self, path: &Path) -> bool {
        self.vfs.kind(path) == crate::project::vfs::Kind::File
    }
}
