//! Compose files: services, and for each what it is made of, what it mounts and where it listens.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::container::{Build, Container, Mount, MountSource, Sourced, Text};
use super::interpolate::{self, Environment};
use super::networks::{self, Connected};
use super::vfs::normalize;
use super::yaml::{Value, Yaml};
use super::{FileId, Notice, Place, Vfs};
use crate::phrase;
use crate::text::Span;

/// One compose project: a file with those that it includes, or is overridden by.
#[derive(Debug, Clone, Default)]
pub struct Compose {
    /// The files it was read from.
    pub files: Vec<FileId>,
    /// Its services.
    pub services: Vec<Service>,
    /// Its networks that containers of other projects may be in.
    pub shared_networks: Vec<String>,
    /// Something that it includes or extends could not be read: it may have more services and names.
    pub incomplete: bool,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its key under `services:`.
    pub name: String,
    /// The key.
    pub place: Place,
    /// Its `image:`, `build:`, `command:` and what else makes its container.
    pub container: Container,
    /// `container_name:`, `hostname:`, network aliases: other names by which it is reached.
    pub names: Vec<Text>,
    /// Ports that are published (`ports:`), as (on the host, in the container).
    pub ports: Vec<Sourced<(Option<u16>, u16)>>,
    /// `expose:`
    pub expose: Vec<Sourced<u16>>,
    /// `healthcheck.test` as it is written, with `NONE`, `CMD` or `CMD-SHELL` as the first word: a plain text is `CMD-SHELL` and
    /// that text, `disable: true` is `NONE`.
    pub healthcheck: Vec<Text>,
    /// Its networks, and the names that only it knows.
    pub connected: Connected,
}

/// Finds and reads the compose projects of a workspace.
pub(super) fn find(vfs: &Vfs, workspace: &Path, problems: &mut Vec<Notice>) -> Vec<Compose> {
    let mut folders: FxHashMap<PathBuf, Vec<PathBuf>> = FxHashMap::default();
    for path in vfs.walk(workspace).files.iter() {
        if path.file_name().and_then(|name| name.to_str()).is_some_and(is_compose_name) {
            folders.entry(path.parent().unwrap_or(Path::new("/")).to_path_buf()).or_default().push(path.clone());
        }
    }
    let mut folders: Vec<_> = folders.into_iter().collect();
    folders.sort();
    let mut out = Vec::new();
    for (folder, mut files) in folders {
        // Git often ignores an override: it counts all the same.
        files.extend(
            vfs.list(&folder).iter().filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_compose_name)).cloned(),
        );
        files.sort();
        files.dedup();
        let named = |names: &[&str]| names.iter().map(|name| folder.join(name)).find(|path| files.contains(path));
        let base = named(&["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]);
        let over = named(&["compose.override.yaml", "compose.override.yml", "docker-compose.override.yaml", "docker-compose.override.yml"]);
        let standard: Vec<PathBuf> = base.iter().chain(&over).cloned().collect();
        let mut reader = Reader { vfs, workspace, problems, compose: Compose::default(), reading: Vec::new() };
        if !standard.is_empty() {
            standard.iter().for_each(|file| reader.file(file));
            out.push(reader.compose);
        }
        // `docker-compose.prod.yml` and the like are given with `-f`, over the base: each is a project of its own.
        for variant in files.iter().filter(|file| !standard.contains(file)) {
            let mut reader = Reader { vfs, workspace, problems, compose: Compose::default(), reading: Vec::new() };
            base.iter().chain([variant]).for_each(|file| reader.file(file));
            out.push(reader.compose);
        }
    }
    out
}

/// `compose.yaml`, `docker-compose.prod.yml`, …
pub fn is_compose_name(name: &str) -> bool {
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    stem.is_some_and(|stem| {
        stem == "compose" || stem == "docker-compose" || stem.starts_with("compose.") || stem.starts_with("docker-compose")
    })
}

struct Reader<'a> {
    vfs: &'a Vfs,
    workspace: &'a Path,
    problems: &'a mut Vec<Notice>,
    compose: Compose,
    reading: Vec<FileId>,
}

/// What a value is read against: the file it stands in.
pub(super) struct Context<'a> {
    file: FileId,
    folder: &'a Path,
    environment: &'a Environment,
}

impl Context<'_> {
    pub(super) fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    pub(super) fn text(&self, yaml: &Yaml) -> Option<Text> {
        let raw = yaml.scalar()?;
        Some(Sourced { value: interpolate::interpolate(raw, self.environment), place: self.place(yaml.span) })
    }

    /// `command: a b "c d"`, or `[a, b, "c d"]`.
    fn words(&self, yaml: Option<&Yaml>) -> Vec<Text> {
        let Some(yaml) = yaml else { return Vec::new() };
        match (&yaml.value, self.text(yaml)) {
            (Value::Sequence(items), _) => items.iter().filter_map(|item| self.text(item)).collect(),
            (_, Some(Sourced { value: Some(line), place })) => {
                interpolate::shell_words(&line).into_iter().map(|word| Sourced { value: Some(word), place }).collect()
            }
            (_, Some(unresolved)) => vec![unresolved],
            _ => Vec::new(),
        }
    }
}

impl Reader<'_> {
    fn file(&mut self, path: &Path) {
        let file = self.vfs.id(path);
        if self.reading.contains(&file) || self.reading.len() > 16 {
            return;
        }
        let text = match self.vfs.read(file) {
            Ok(text) => text,
            Err(problem) => {
                self.compose.incomplete = true;
                let message = phrase!("compose-unread", problem = problem.message());
                self.problems.push(Notice { place: Place { file, span: Span::at(0) }, message });
                return;
            }
        };
        let documents = match Yaml::documents(&text.to_str()) {
            Ok(documents) => documents,
            Err((span, problem)) => {
                self.compose.incomplete = true;
                let message = phrase!("compose-no-yaml", problem = problem);
                self.notice(Notice { place: Place { file, span }, message });
                return;
            }
        };
        let folder = path.parent().unwrap_or(Path::new("/")).to_path_buf();
        // `docker compose` is run where the file lies, or it would not be found: that is what PWD is.
        let mut environment = Environment::default();
        environment.extend(&[("PWD".to_owned(), folder.to_string_lossy().into_owned())]);
        environment.extend(&Environment::read(self.vfs, &folder.join(".env")).pairs().cloned().collect::<Vec<_>>());
        let context = Context { file, folder: &folder, environment: &environment };
        self.reading.push(file);
        self.compose.files.push(file);
        if let Some(document) = documents.first() {
            for include in document.get("include").map(Yaml::items).unwrap_or_default() {
                let path = include.get("path").unwrap_or(include);
                let paths = if path.items().is_empty() { std::slice::from_ref(path) } else { path.items() };
                for path in paths {
                    match context.text(path).and_then(|path| path.value) {
                        Some(path) => self.file(&normalize(&folder.join(path))),
                        None => self.compose.incomplete = true,
                    }
                }
            }
            self.compose.shared_networks.extend(networks::shared(document));
            let top = Top { configs: document.get("configs"), secrets: document.get("secrets"), volumes: document.get("volumes") };
            for (name, yaml) in document.get("services").map(Yaml::pairs).unwrap_or_default() {
                let Some(key) = name.scalar() else { continue };
                let service = self.service(key, context.place(name.span), yaml, &context, &top, &documents[0], 0);
                match self.compose.services.iter_mut().find(|known| known.name == service.name) {
                    Some(known) => known.override_with(service),
                    None => self.compose.services.push(service),
                }
            }
        }
        self.reading.pop();
    }

    fn notice(&mut self, notice: Notice) {
        if !self.problems.contains(&notice) {
            self.problems.push(notice);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn service(
        &mut self,
        name: &str,
        place: Place,
        yaml: &Yaml,
        context: &Context<'_>,
        top: &Top<'_>,
        document: &Yaml,
        depth: usize,
    ) -> Service {
        let mut service = Service::new(name, place);
        if let Some(extends) = yaml.get("extends").filter(|_| depth < 8) {
            let base = extends.get("service").or(Some(extends)).and_then(|base| context.text(base)?.value);
            let other = extends.get("file").and_then(|file| context.text(file)?.value);
            if let (Some(base), None) = (&base, &other)
                && let Some((key, base_yaml)) =
                    document.get("services").map(Yaml::pairs).unwrap_or_default().into_iter().find(|(key, _)| key.scalar() == Some(base))
            {
                service = self.service(name, context.place(key.span), base_yaml, context, top, document, depth + 1);
                service.place = place;
            } else if let (Some(base), Some(other)) = (&base, &other) {
                // Read apart, so that only the service that is named comes over.
                let mut reader = Reader {
                    vfs: self.vfs,
                    workspace: self.workspace,
                    problems: self.problems,
                    compose: Compose::default(),
                    reading: self.reading.clone(),
                };
                reader.file(&normalize(&context.folder.join(other)));
                match reader.compose.services.into_iter().find(|service| service.name == *base) {
                    Some(mut found) => {
                        found.container.name = name.to_owned();
                        service = Service { name: name.to_owned(), place, ..found };
                    }
                    None => self.compose.incomplete = true,
                }
            }
        }
        let mut own = Service::new(name, place);
        own.container.image = yaml.get("image").and_then(|image| context.text(image));
        own.container.build = yaml.get("build").and_then(|build| build_of(build, context));
        own.names = ["container_name", "hostname"].iter().filter_map(|key| context.text(yaml.get(key)?)).collect();
        for (_, network) in yaml.get("networks").map(Yaml::pairs).unwrap_or_default() {
            own.names.extend(network.get("aliases").map(Yaml::items).unwrap_or_default().iter().filter_map(|alias| context.text(alias)));
        }
        own.connected = Connected::read(yaml, context);
        own.container.command = context.words(yaml.get("command"));
        own.container.entrypoint = context.words(yaml.get("entrypoint"));
        self.environment(yaml, context, &mut own);
        own.ports = yaml.get("ports").map(Yaml::items).unwrap_or_default().iter().flat_map(|port| ports(port, context)).collect();
        own.expose = yaml
            .get("expose")
            .map(Yaml::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|port| {
                let text = context.text(port)?;
                Some(Sourced { value: text.value?.split('/').next()?.parse().ok()?, place: text.place })
            })
            .collect();
        own.container.mounts =
            yaml.get("volumes").map(Yaml::items).unwrap_or_default().iter().filter_map(|volume| self.mount(volume, context, top)).collect();
        for (key, definitions) in [("configs", top.configs), ("secrets", top.secrets)] {
            own.container.mounts.extend(
                yaml.get(key).map(Yaml::items).unwrap_or_default().iter().filter_map(|used| self.config(key, used, definitions, context)),
            );
        }
        if let Some(check) = yaml.get("healthcheck") {
            own.healthcheck = health(check, context);
        }
        service.override_with(own);
        service
    }

    fn environment(&mut self, yaml: &Yaml, context: &Context<'_>, service: &mut Service) {
        if let Some(files) = yaml.get("env_file") {
            let files = if files.items().is_empty() { std::slice::from_ref(files) } else { files.items() };
            for file in files {
                let path = file.get("path").unwrap_or(file);
                let Some(Sourced { value: Some(name), place }) = context.text(path) else {
                    service.container.unknown_environment = true;
                    continue;
                };
                let path = normalize(&context.folder.join(name));
                if self.vfs.read(self.vfs.id(&path)).is_err() {
                    service.container.unknown_environment = true;
                }
                for (name, value) in Environment::read(self.vfs, &path).pairs() {
                    service.container.environment.push((name.clone(), Sourced { value: Some(value.clone()), place }));
                }
            }
        }
        let Some(environment) = yaml.get("environment") else { return };
        for item in environment.items() {
            let Some(raw) = item.scalar() else { continue };
            let place = context.place(item.span);
            let (name, value) = match raw.split_once('=') {
                Some((name, value)) => (name, interpolate::interpolate(value, context.environment)),
                None => (raw, context.environment.get(raw).map(str::to_owned)),
            };
            service.container.environment.push((name.to_owned(), Sourced { value, place }));
        }
        for (name, value) in environment.pairs() {
            let Some(name) = name.scalar() else { continue };
            let text = match &value.value {
                Value::Scalar(raw) if !raw.is_empty() && raw != "~" && raw != "null" => interpolate::interpolate(raw, context.environment),
                _ => context.environment.get(name).map(str::to_owned),
            };
            service.container.environment.push((name.to_owned(), Sourced { value: text, place: context.place(value.span) }));
        }
    }

    /// A volume in short (`./a:/b:ro`) or long syntax.
    fn mount(&self, volume: &Yaml, context: &Context<'_>, top: &Top<'_>) -> Option<Mount> {
        let place = context.place(volume.span);
        if let Value::Mapping(_) = volume.value {
            let kind = volume.get("type").and_then(Yaml::scalar).unwrap_or("volume");
            let target = context.text(volume.get("target").or(volume.get("dst")).or(volume.get("destination"))?)?.value?;
            let raw = volume.get("source").or(volume.get("src")).and_then(Yaml::scalar);
            let source = match (kind, raw) {
                ("bind", Some(raw)) => self.source(raw, context),
                ("volume", Some(raw)) => self.volume(raw, context, top),
                _ => MountSource::Volume(None),
            };
            let read_only = volume.get("read_only").and_then(Yaml::scalar) == Some("true");
            return Some(Mount { source, target, read_only, place });
        }
        let raw = volume.scalar()?;
        let parts = split_short(raw);
        let (source, target) = match parts[..] {
            [target] => (MountSource::Volume(None), target),
            [source, target, ..] => {
                let is_path = source.starts_with(['.', '/', '~']) || source.starts_with("${") || source.starts_with('$');
                (if is_path { self.source(source, context) } else { self.volume(source, context, top) }, target)
            }
            [] => return None,
        };
        let target = interpolate::interpolate(target, context.environment)?;
        let read_only = parts.get(2).is_some_and(|mode| mode.split(',').any(|option| option == "ro"));
        Some(Mount { source, target, read_only, place })
    }

    fn source(&self, raw: &str, context: &Context<'_>) -> MountSource {
        let Some(path) = interpolate::interpolate(raw, context.environment) else { return MountSource::Unresolved(raw.to_owned()) };
        if path.starts_with('~') {
            return MountSource::Host(path);
        }
        let absolute = normalize(&context.folder.join(&path));
        if absolute.starts_with(self.workspace) { MountSource::Workspace(absolute, raw.to_owned()) } else { MountSource::Host(path) }
    }

    /// A named volume; one that the `local` driver binds to a folder is that folder.
    fn volume(&self, raw: &str, context: &Context<'_>, top: &Top<'_>) -> MountSource {
        let Some(name) = interpolate::interpolate(raw, context.environment) else { return MountSource::Unresolved(raw.to_owned()) };
        let options = top.volumes.and_then(|volumes| volumes.get(&name)?.get("driver_opts"));
        let device = options.and_then(|options| options.get("device")?.scalar());
        let bound = options.and_then(|options| options.get("o")?.scalar()).is_some_and(|options| options.contains("bind"));
        match device {
            Some(device) if bound => self.source(device, context),
            _ => MountSource::Volume(Some(name)),
        }
    }

    /// `configs:` and `secrets:` of a service: their definition names a file.
    fn config(&self, kind: &str, used: &Yaml, definitions: Option<&Yaml>, context: &Context<'_>) -> Option<Mount> {
        let name = used.get("source").or(Some(used))?.scalar()?;
        let default = if kind == "secrets" { format!("/run/secrets/{name}") } else { format!("/{name}") };
        let target = match used.get("target") {
            Some(target) => context.text(target)?.value?,
            None => default,
        };
        let target = match (target.starts_with('/'), kind) {
            (true, _) => target,
            (false, "secrets") => format!("/run/secrets/{target}"),
            (false, _) => format!("/{target}"),
        };
        let source = match definitions.and_then(|definitions| definitions.get(name)?.get("file")?.scalar()) {
            Some(file) => self.source(file, context),
            None => MountSource::Volume(Some(name.to_owned())),
        };
        Some(Mount { source, target, read_only: true, place: context.place(used.span) })
    }
}

/// `healthcheck:`
fn health(check: &Yaml, context: &Context<'_>) -> Vec<Text> {
    let word = |value: &str, place: Place| Sourced { value: Some(value.to_owned()), place };
    if let Some(off) = check.get("disable").filter(|off| off.scalar() == Some("true")) {
        return vec![word("NONE", context.place(off.span))];
    }
    let Some(test) = check.get("test") else { return Vec::new() };
    match context.text(test) {
        Some(line) => vec![word("CMD-SHELL", line.place), line],
        None => context.words(Some(test)),
    }
}

/// The definitions at the top of a compose file.
struct Top<'a> {
    configs: Option<&'a Yaml>,
    secrets: Option<&'a Yaml>,
    volumes: Option<&'a Yaml>,
}

/// Splits `source:target:mode`, but not at the colons inside `${VAR:-x}`.
fn split_short(raw: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, byte) in raw.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b':' if depth == 0 => {
                parts.push(&raw[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&raw[start..]);
    parts
}

fn build_of(build: &Yaml, context: &Context<'_>) -> Option<Build> {
    let place = context.place(build.span);
    let text = |key: &str| context.text(build.get(key)?)?.value;
    let folder = match build.scalar() {
        Some(_) => context.text(build)?.value?,
        None => text("context").unwrap_or_else(|| ".".into()),
    };
    let root = normalize(&context.folder.join(folder));
    let dockerfile = normalize(&root.join(text("dockerfile").unwrap_or_else(|| "Dockerfile".into())));
    let mut args = Vec::new();
    if let Some(yaml) = build.get("args") {
        for item in yaml.items().iter().filter_map(Yaml::scalar) {
            let (name, value) = item.split_once('=').map_or((item, None), |(name, value)| (name, Some(value)));
            args.push((name.to_owned(), value.and_then(|value| interpolate::interpolate(value, context.environment))));
        }
        for (name, value) in yaml.pairs() {
            args.extend(name.scalar().map(|name| (name.to_owned(), context.text(value).and_then(|value| value.value))));
        }
    }
    Some(Build { context: root, dockerfile, target: text("target"), args, place })
}

/// `80`, `8080:80`, `127.0.0.1:8080:80/tcp`, `8000-8001:80-81`, or `{ target: 80, published: 8080 }`.
fn ports(port: &Yaml, context: &Context<'_>) -> Vec<Sourced<(Option<u16>, u16)>> {
    let place = context.place(port.span);
    if let Some(target) = port.get("target").and_then(|target| context.text(target)?.value?.parse().ok()) {
        let published = port.get("published").and_then(|published| context.text(published)?.value?.parse().ok());
        return vec![Sourced { value: (published, target), place }];
    }
    let Some(Sourced { value: Some(text), .. }) = context.text(port) else { return Vec::new() };
    let text = text.split('/').next().unwrap_or("");
    let (host, container) = match text.rsplit_once(':') {
        Some((host, container)) => (host.rsplit(':').next(), container),
        None => (None, text),
    };
    let range = |text: &str| -> Option<(u16, u16)> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
    };
    let Some((first, last)) = range(container).filter(|(first, last)| first <= last) else { return Vec::new() };
    let host = host.and_then(range);
    (first..=last).map(|port| Sourced { value: (host.map(|(start, _)| start.saturating_add(port - first)), port), place }).collect()
}

impl Service {
    fn new(name: &str, place: Place) -> Service {
        Service {
            name: name.to_owned(),
            place,
            container: Container { name: name.to_owned(), ..Container::default() },
            names: Vec::new(),
            ports: Vec::new(),
            expose: Vec::new(),
            healthcheck: Vec::new(),
            connected: Connected::default(),
        }
    }

    /// As compose merges: single values are replaced, other lists are joined.
    fn override_with(&mut self, other: Service) {
        self.place = other.place;
        self.container.override_with(other.container);
        if !other.healthcheck.is_empty() {
            self.healthcheck = other.healthcheck;
        }
        self.names.extend(other.names);
        self.connected.override_with(other.connected);
        self.ports.extend(other.ports);
        self.expose.extend(other.expose);
    }

    /// True for the service's name, and for any other by which it is reached inside the project.
    pub fn answers_to(&self, host: &str) -> bool {
        self.name == host || self.names.iter().any(|name| name.value.as_deref() == Some(host))
    }
}

impl Container {
    /// As compose merges: single values and words are replaced, mounts and variables by their key.
    fn override_with(&mut self, other: Container) {
        self.image = other.image.or(self.image.take());
        self.build = other.build.or(self.build.take());
        for (mine, others) in [(&mut self.command, other.command), (&mut self.entrypoint, other.entrypoint)] {
            if !others.is_empty() {
                *mine = others;
            }
        }
        self.mounts.retain(|mount| !other.mounts.iter().any(|new| new.target == mount.target));
        self.mounts.extend(other.mounts);
        self.environment.retain(|(name, _)| !other.environment.iter().any(|(new, _)| new == name));
        self.environment.extend(other.environment);
        self.unknown_environment |= other.unknown_environment;
    }
}
