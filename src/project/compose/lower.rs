//! From the YAML of one compose file to services.

use std::path::{Path, PathBuf};

use super::env::{self, Env};
use super::merge::{Model, RawBuild, RawService, VolumeDef};
use super::*;
use crate::text::Span;

impl Reader<'_> {
    /// Reads one file with what it includes. `folder` is where its relative paths start.
    pub(super) fn model(&mut self, path: &Path, folder: &Path, env: &Env) -> Model {
        let mut model = Model::default();
        let file = self.vfs.id(path);
        let Some(document) = self.document(path) else { return model };
        if self.open.contains(&file) || self.open.len() > 16 {
            self.note(document.place, format!("{} includes itself", path.display()));
            return model;
        }
        self.open.push(file);
        for include in document.get("include").map(Node::items).unwrap_or_default() {
            model.merge(self.include(include, folder, env));
        }
        let mut own = Model::default();
        let section = |name: &str| document.get(name).map(Node::entries).unwrap_or_default();
        for (key, node) in section("volumes") {
            let options = node.get("driver_opts");
            let is_bind = options.and_then(|o| o.get("o")).and_then(Node::text).is_some_and(|o| o.split(',').any(|o| matches!(o.trim(), "bind" | "rbind")));
            let device = options.and_then(|o| o.get("device")).and_then(Node::text).filter(|_| is_bind);
            let device = device.map(|device| self.path_source(device, folder, env));
            own.volumes.insert(key.text().unwrap_or_default().to_string(), VolumeDef { device });
        }
        for (kind, store) in [("configs", &mut own.configs), ("secrets", &mut own.secrets)] {
            for (key, node) in section(kind) {
                let name = key.text().unwrap_or_default();
                let source = if let Some(path) = node.get("file").and_then(Node::text) {
                    (self.path_source(path, folder, env), path.to_string())
                } else if let Some(content) = node.get("content") {
                    (MountSource::Inline(content.place), name.to_string())
                } else {
                    (MountSource::Volume(Some(name.to_string())), name.to_string())
                };
                store.insert(name.to_string(), source);
            }
        }
        for (key, node) in section("services") {
            let Some(name) = key.text() else { continue };
            own.services.push(self.service(&document, path, key, name, node, folder, env, 0));
        }
        if document.get("services").is_none() && document.get("include").is_none() {
            self.note(Place { file, span: Span::at(0) }, "a compose file without `services:`".into());
        }
        self.open.pop();
        model.merge(own);
        model
    }

    fn include(&mut self, include: &Node, folder: &Path, env: &Env) -> Model {
        let mut model = Model::default();
        let paths: Vec<&Node> = match include.get("path") {
            Some(list) if !list.items().is_empty() => list.items().iter().map(|item| &**item).collect(),
            Some(one) => vec![one],
            None => vec![include],
        };
        let directory = include.get("project_directory").and_then(Node::text).map(|path| absolute(folder, &env.fill(path).text));
        for node in paths {
            let Some(written) = node.text() else { continue };
            let filled = env.fill(written);
            if filled.unset.is_some() || filled.text.contains("://") {
                self.note(node.place, format!("`{written}` is included from elsewhere: its services are not known"));
                continue;
            }
            let path = absolute(folder, &filled.text);
            let base = directory.clone().or_else(|| path.parent().map(Path::to_path_buf)).unwrap_or_default();
            let mut inner = Env::of_folder(self.vfs, &base);
            inner.inherit(env);
            if self.vfs.kind(&path) == super::super::vfs::Kind::Missing {
                self.note(node.place, format!("`{written}` is included and not there: {} does not exist", path.display()));
                continue;
            }
            model.merge(self.model(&path, &base, &inner));
        }
        model
    }

    #[allow(clippy::too_many_arguments)]
    fn service(&mut self, document: &Node, path: &Path, key: &Node, name: &str, node: &Node, folder: &Path, env: &Env, depth: u8) -> RawService {
        let mut raw = RawService::new(name, key.place);
        let text = |node: &Node| node.text().map(|text| Sourced { value: env.fill(text).text, place: node.place });
        let list = |node: Option<&Node>| -> Vec<Sourced<String>> {
            let Some(node) = node else { return Vec::new() };
            match &node.value {
                yaml::Value::List(items) => items.iter().filter_map(|item| text(item)).collect(),
                yaml::Value::Map(_) => node.entries().into_iter().filter_map(|(key, _)| text(key)).collect(),
                _ => text(node).into_iter().collect(),
            }
        };
        let command = |node: Option<&Node>| -> Option<Vec<Sourced<String>>> {
            let node = node?;
            match &node.value {
                yaml::Value::Scalar(line) => {
                    Some(env::words(&env.fill(line).text).into_iter().map(|value| Sourced { value, place: node.place }).collect())
                }
                yaml::Value::List(_) => Some(list(Some(node))),
                _ => None,
            }
        };
        for (key, value) in node.entries() {
            if matches!(value.tag.as_deref(), Some("reset" | "override")) {
                raw.replaced.extend(key.text().map(str::to_string));
            }
        }
        let service = &mut raw.service;
        service.image = node.get("image").and_then(text);
        service.working_dir = node.get("working_dir").and_then(text);
        service.names = ["container_name", "hostname"].iter().filter_map(|key| node.get(key).and_then(text)).collect();
        for (_, network) in node.get("networks").map(Node::entries).unwrap_or_default() {
            service.names.extend(list(network.get("aliases")));
        }
        service.profiles = list(node.get("profiles")).into_iter().map(|item| item.value).collect();
        service.depends_on = list(node.get("depends_on")).into_iter().chain(list(node.get("links"))).collect();
        raw.command = command(node.get("command"));
        raw.entrypoint = command(node.get("entrypoint"));
        raw.healthcheck = node.at(&["healthcheck", "test"]).map(|test| match &test.value {
            yaml::Value::Scalar(line) => {
                let place = test.place;
                vec![Sourced { value: "CMD-SHELL".into(), place }, Sourced { value: env.fill(line).text, place }]
            }
            _ => list(Some(test)).into_iter().filter(|word| word.value != "NONE").collect(),
        });
        if node.at(&["healthcheck", "disable"]).and_then(Node::text) == Some("true") {
            raw.healthcheck = Some(Vec::new());
        }
        service.ports = node.get("ports").map(|ports| ports.items().iter().flat_map(|port| lower_port(port, env)).collect()).unwrap_or_default();
        service.expose = list(node.get("expose")).iter().flat_map(|port| range(&port.value).map(|value| Sourced { value, place: port.place })).collect();
        self.environment(&mut raw, node, folder, env);
        for volume in node.get("volumes").map(Node::items).unwrap_or_default() {
            raw.mounts.extend(self.mount(volume, folder, env));
        }
        for path in list(node.get("tmpfs")) {
            raw.mounts.push(Mount { source: MountSource::Volume(None), written: "tmpfs".into(), target: path.value, place: path.place });
        }
        for (kind, store) in [("configs", &mut raw.configs), ("secrets", &mut raw.secrets)] {
            for item in node.get(kind).map(Node::items).unwrap_or_default() {
                let source = item.text().or_else(|| item.get("source").and_then(Node::text)).unwrap_or_default().to_string();
                let target = item.get("target").and_then(Node::text).unwrap_or(&source);
                let target = match (target.starts_with('/'), kind) {
                    (true, _) => target.to_string(),
                    (false, "configs") => format!("/{target}"),
                    (false, _) => format!("/run/secrets/{target}"),
                };
                store.push((source, target, item.place));
            }
        }
        raw.build = node.get("build").and_then(|build| self.build(build, folder, env));
        if let Some(extends) = node.get("extends") {
            self.extend(&mut raw, extends, document, path, folder, env, depth);
        }
        raw
    }

    #[allow(clippy::too_many_arguments)]
    fn extend(&mut self, raw: &mut RawService, extends: &Node, document: &Node, path: &Path, folder: &Path, env: &Env, depth: u8) {
        let Some(service) = extends.text().or_else(|| extends.get("service").and_then(Node::text)) else { return };
        let other = extends.get("file").and_then(Node::text).map(|file| env.fill(file).text);
        let place = extends.place;
        let gap = |reader: &mut Self, raw: &mut RawService, message: String| {
            reader.note(place, message.clone());
            raw.service.gaps.push(Notice { place, message });
        };
        if depth > 8 {
            return gap(self, raw, format!("`extends: {service}`: services extend each other in a circle"));
        }
        let (document, path, folder) = match other {
            None => (None, path.to_path_buf(), folder.to_path_buf()),
            Some(file) => {
                let path = absolute(folder, &file);
                if self.vfs.kind(&path) == super::super::vfs::Kind::Missing {
                    return gap(self, raw, format!("`extends`: {} does not exist", path.display()));
                }
                let Some(document) = self.document(&path) else { return };
                let folder = path.parent().unwrap_or(Path::new("/")).to_path_buf();
                (Some(document), path, folder)
            }
        }
        .map_document(document);
        let Some((key, node)) = document.get("services").and_then(|services| services.entries().into_iter().find(|(key, _)| key.text() == Some(service))) else {
            return gap(self, raw, format!("`extends`: there is no service `{service}` in {}", path.display()));
        };
        let mut base = self.service(&document, &path, key, service, node, &folder, env, depth + 1);
        let over = std::mem::replace(raw, RawService::new("", place));
        base.service.name = over.service.name.clone();
        base.service.place = over.service.place;
        base.merge(over);
        *raw = base;
    }

    fn environment(&mut self, raw: &mut RawService, node: &Node, folder: &Path, env: &Env) {
        let mut files: Vec<&Node> = Vec::new();
        if let Some(list) = node.get("env_file") {
            match list.items() {
                [] => files.push(list),
                items => files.extend(items.iter().map(|item| &**item)),
            }
        }
        for file in files {
            let Some(written) = file.text().or_else(|| file.get("path").and_then(Node::text)) else { continue };
            let id = self.vfs.id(&absolute(folder, &env.fill(written).text));
            match self.vfs.read(id) {
                Ok(text) => {
                    for (name, value, range) in env::read_env(&text.to_str()) {
                        let place = Place { file: id, span: Span::new(range.start as u32, range.end as u32) };
                        raw.set_env(name, Some(Sourced { value: env.fill(&value).text, place }));
                    }
                }
                // Secrets are seldom in the repository: nothing to complain about, but variables are not all known.
                Err(problem) => raw.service.gaps.push(Notice { place: file.place, message: format!("`{written}` could not be read: {problem}") }),
            }
        }
        let Some(environment) = node.get("environment") else { return };
        for item in environment.items() {
            let Some(text) = item.text() else { continue };
            match text.split_once('=') {
                Some((name, value)) => raw.set_env(name.to_string(), filled(value, item.place, env)),
                None => raw.set_env(text.to_string(), env.get(text).map(|value| Sourced { value: value.to_string(), place: item.place })),
            }
        }
        for (key, value) in environment.entries() {
            let Some(name) = key.text() else { continue };
            let value = match value.text() {
                Some(text) => filled(text, value.place, env),
                None => env.get(name).map(|value| Sourced { value: value.to_string(), place: key.place }),
            };
            raw.set_env(name.to_string(), value);
        }
    }

    fn build(&mut self, node: &Node, folder: &Path, env: &Env) -> Option<RawBuild> {
        let mut build = RawBuild { place: node.place, ..RawBuild::new(node.place) };
        let context = match node.text() {
            Some(text) => Some(text),
            None => node.get("context").and_then(Node::text),
        };
        if node.is_null() {
            return None;
        }
        if let Some(context) = context {
            let filled = env.fill(context);
            match filled.unset.is_some() || filled.text.contains("://") || filled.text.starts_with("git@") {
                true => build.remote = Some(context.to_string()),
                false => build.context = Some(absolute(folder, &filled.text)),
            }
        }
        build.dockerfile = node.get("dockerfile").and_then(Node::text).map(|text| env.fill(text).text);
        build.inline = node.get("dockerfile_inline").is_some();
        build.target = node.get("target").and_then(Node::text).map(|text| env.fill(text).text);
        if let Some(args) = node.get("args") {
            for item in args.items() {
                let Some(text) = item.text() else { continue };
                let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
                build.args.push((name.to_string(), value.map(|value| env.fill(value)).filter(|value| value.unset.is_none()).map(|value| value.text)));
            }
            for (key, value) in args.entries() {
                let value = value.text().map(|value| env.fill(value)).filter(|value| value.unset.is_none()).map(|value| value.text);
                build.args.push((key.text().unwrap_or_default().to_string(), value));
            }
        }
        Some(build)
    }

    fn mount(&mut self, node: &Node, folder: &Path, env: &Env) -> Option<Mount> {
        let place = node.place;
        if let Some(text) = node.text() {
            let filled = env.fill(text);
            let parts = split_short(&filled.text);
            let (source, target) = match parts.as_slice() {
                [target] => (None, *target),
                [source, target, ..] => (Some(*source), *target),
                [] => return None,
            };
            let target = target.to_string();
            let Some(written) = source.map(str::to_string) else {
                return Some(Mount { source: MountSource::Volume(None), written: String::new(), target, place });
            };
            let source = if filled.unset.is_some() && written.contains('$') {
                MountSource::Unresolved(written.clone())
            } else if written.starts_with(['.', '/', '~', '\\']) || (written.as_bytes().get(1) == Some(&b':')) {
                self.path_source(&written, folder, &Env::default())
            } else {
                MountSource::Volume(Some(written.clone()))
            };
            return Some(Mount { source, written, target, place });
        }
        let target = env.fill(node.get("target").and_then(Node::text)?).text;
        let kind = node.get("type").and_then(Node::text).unwrap_or("volume");
        let written = node.get("source").and_then(Node::text).unwrap_or_default().to_string();
        let source = match kind {
            "bind" => self.path_source(&written, folder, env),
            "volume" if !written.is_empty() => MountSource::Volume(Some(env.fill(&written).text)),
            _ => MountSource::Volume(None),
        };
        // The value that names the folder is the best thing to point at.
        Some(Mount { source, written, target, place })
    }

    fn path_source(&self, written: &str, folder: &Path, env: &Env) -> MountSource {
        let filled = env.fill(written);
        if filled.unset.is_some() {
            return MountSource::Unresolved(written.to_string());
        }
        let windows = filled.text.as_bytes().get(1) == Some(&b':') || filled.text.starts_with('\\');
        if filled.text.starts_with('~') || windows {
            return MountSource::Host(filled.text);
        }
        self.source(absolute(folder, &filled.text))
    }
}

/// Where a service's base is looked up.
trait MapDocument {
    fn map_document(self, own: &Node) -> (Arc<Node>, PathBuf, PathBuf);
}

impl MapDocument for (Option<Arc<Node>>, PathBuf, PathBuf) {
    fn map_document(self, own: &Node) -> (Arc<Node>, PathBuf, PathBuf) {
        (self.0.unwrap_or_else(|| Arc::new(own.clone())), self.1, self.2)
    }
}

fn filled(value: &str, place: Place, env: &Env) -> Option<Sourced<String>> {
    let filled = env.fill(value);
    // A value that is nothing but unset variables comes from the shell; a part that is known is worth showing.
    (filled.unset.is_none() || !value.starts_with("${") || !value.ends_with('}')).then_some(Sourced { value: filled.text, place })
}

/// `source:target:mode`, with the colon of `C:\` and of `${VAR:-x}` left alone.
fn split_short(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut braces = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' if text[..at].ends_with('$') => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            ':' if braces == 0 => {
                let drive = at - start == 1 && text[start..at].chars().all(|c| c.is_ascii_alphabetic()) && text[at + 1..].starts_with(['\\', '/']) && start == 0;
                if !drive {
                    parts.push(&text[start..at]);
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// `80`, `80-82`; at most 1000 of them, none for what is no port.
fn range(text: &str) -> impl Iterator<Item = u16> + use<> {
    let text = text.split('/').next().unwrap_or_default();
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let bounds = from.trim().parse::<u16>().ok().zip(to.trim().parse::<u16>().ok());
    let (from, to) = bounds.filter(|(from, to)| from <= to).unwrap_or((1, 0));
    (from..=to).take(1000)
}

fn lower_port(node: &Node, env: &Env) -> Vec<Sourced<(Option<u16>, u16)>> {
    let place = node.place;
    let (host, container) = match node.text() {
        Some(text) => {
            let filled = env.fill(text).text;
            // [ip:]host:container[/protocol]; an IPv6 address stands in brackets.
            let (host, container) = filled.rsplit_once(':').map_or((String::new(), filled.clone()), |(host, container)| (host.to_string(), container.to_string()));
            let host = host.rsplit_once(':').map_or(host.clone(), |(_, host)| host.to_string());
            (host, container)
        }
        None => {
            let text = |key: &str| node.get(key).and_then(Node::text).map(|text| env.fill(text).text).unwrap_or_default();
            (text("published"), text("target"))
        }
    };
    let hosts: Vec<u16> = range(&host).collect();
    range(&container).enumerate().map(|(index, port)| Sourced { value: (hosts.get(index).copied(), port), place }).collect()
}
