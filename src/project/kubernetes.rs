//! Kubernetes manifests: what the containers of a workload have mounted, ConfigMaps and kustomize's generators looked up.
//!
//! Only used to find files and to keep quiet: nothing here makes a file missing. Namespaces are not told apart; a ConfigMap that is
//! defined twice (overlays) has the keys of all.

use std::path::{Path, PathBuf};

use super::vfs::normalize;
use super::yaml::Yaml;
use super::{FileId, Place, Vfs};

/// A container of a workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// `deployment/web`, and the container's name.
    pub name: String,
    /// `image:`
    pub image: Option<String>,
    /// `command:` and `args:`
    pub start: Vec<String>,
    /// What is mounted where.
    pub mounts: Vec<Mount>,
}

/// A file or folder in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Path in the container.
    pub target: String,
    /// The file of the workspace that a generator takes, or why nothing can be told.
    pub source: Result<PathBuf, String>,
    /// The `volumeMounts` entry, the ConfigMap's key or the generator's line.
    pub place: Place,
}

#[derive(Debug)]
struct ConfigMap {
    name: String,
    keys: Vec<Key>,
}

#[derive(Debug, Clone)]
struct Key {
    name: String,
    source: Result<PathBuf, String>,
    place: Place,
}

/// A `Service`: a name in the cluster that leads to containers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its ports, each with the one of the container.
    pub ports: Vec<(u16, u16)>,
    /// The containers of the pods that it selects, named as [`Container::name`].
    pub containers: Vec<String>,
}

/// Larger manifests are mostly generated (custom resource definitions) and hold no configuration of nginx.
const LIMIT: u32 = 1024 * 1024;

/// Reads the containers that the manifests among `files` (absolute paths) describe. What is no YAML (a chart's template) is passed over.
pub fn find(vfs: &Vfs, files: &[PathBuf]) -> Vec<Container> {
    let mut maps: Vec<ConfigMap> = Vec::new();
    let mut workloads: Vec<(FileId, Yaml)> = Vec::new();
    let is_yaml = |path: &&PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml");
    for path in files.iter().filter(is_yaml) {
        let file = vfs.id(path);
        let Ok(text) = vfs.read(file) else { continue };
        let kustomize = path.file_stem().is_some_and(|stem| stem == "kustomization");
        if text.len() > LIMIT {
            continue;
        }
        let text = text.to_str();
        if !kustomize && !(text.contains("kind:") && (text.contains("ConfigMap") || text.contains("volumeMounts"))) {
            continue;
        }
        let Ok(documents) = Yaml::documents(&text) else { continue };
        for document in documents {
            if kustomize {
                let folder = path.parent().unwrap_or(Path::new("/"));
                maps.extend(
                    document
                        .get("configMapGenerator")
                        .map(Yaml::items)
                        .unwrap_or_default()
                        .iter()
                        .filter_map(|map| generated(map, folder, file)),
                );
            }
            collect(document, file, path, &mut maps, &mut workloads, 0);
        }
    }
    workloads.iter().flat_map(|(file, workload)| containers(workload, *file, &maps)).collect()
}

/// The services that the manifests among `files` describe, with the containers that they lead to.
pub fn services(vfs: &Vfs, files: &[PathBuf]) -> Vec<Service> {
    let mut documents: Vec<Yaml> = Vec::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml")) {
        let Ok(text) = vfs.read(vfs.id(path)) else { continue };
        if text.len() > LIMIT || !text.to_str().contains("kind:") {
            continue;
        }
        documents.extend(Yaml::documents(&text.to_str()).unwrap_or_default());
    }
    let listed = documents.iter().flat_map(|document| match document.get("kind").and_then(Yaml::scalar) {
        Some("List") => document.get("items").map(Yaml::items).unwrap_or_default(),
        _ => std::slice::from_ref(document),
    });
    let (services, others): (Vec<&Yaml>, Vec<&Yaml>) =
        listed.partition(|document| document.get("kind").and_then(Yaml::scalar) == Some("Service"));
    services.into_iter().filter_map(|service| selected(service, &others)).collect()
}

fn selected(service: &Yaml, workloads: &[&Yaml]) -> Option<Service> {
    let name = service.get("metadata")?.get("name")?.scalar()?.to_owned();
    let wanted = service.get("spec")?.get("selector")?.pairs();
    let mut out = Service { name, ports: Vec::new(), containers: Vec::new() };
    for workload in workloads {
        let spec = workload.get("spec");
        let template = spec.and_then(|spec| spec.get("template")).unwrap_or(workload);
        let Some(labels) = template.get("metadata").and_then(|meta| meta.get("labels")) else { continue };
        let has = |(key, value): &(&Yaml, &Yaml)| key.scalar().and_then(|key| labels.get(key)).and_then(Yaml::scalar) == value.scalar();
        if wanted.is_empty() || !wanted.iter().all(has) {
            continue;
        }
        let containers = containers_of(workload);
        out.containers.extend(containers.iter().map(|(workload, container)| container_name(workload, container)));
        for port in service.get("spec")?.get("ports").map(Yaml::items).unwrap_or_default() {
            let Some(outer) = port.get("port").and_then(Yaml::scalar).and_then(|port| port.parse::<u16>().ok()) else { continue };
            let inner = match port.get("targetPort").and_then(Yaml::scalar) {
                None => Some(outer),
                Some(text) => text.parse().ok().or_else(|| containers.iter().find_map(|(_, container)| port_named(container, text))),
            };
            out.ports.extend(inner.map(|inner| (outer, inner)));
        }
    }
    Some(out)
}

/// The port of a container that has a name.
pub fn port_named(container: &Yaml, name: &str) -> Option<u16> {
    let ports = container.get("ports").map(Yaml::items).unwrap_or_default();
    ports.iter().find(|port| port.get("name").and_then(Yaml::scalar) == Some(name))?.get("containerPort")?.scalar()?.parse().ok()
}

fn collect(document: Yaml, file: FileId, path: &Path, maps: &mut Vec<ConfigMap>, workloads: &mut Vec<(FileId, Yaml)>, depth: u8) {
    match document.get("kind").and_then(Yaml::scalar) {
        Some("List") if depth < 4 => {
            for item in document.get("items").map(Yaml::items).unwrap_or_default() {
                collect(item.clone(), file, path, maps, workloads, depth + 1);
            }
        }
        Some("ConfigMap") => {
            let Some(name) = document.get("metadata").and_then(|meta| meta.get("name")?.scalar()) else { return };
            let shown = path.file_name().unwrap_or_default().to_string_lossy();
            let pairs = ["data", "binaryData"].into_iter().flat_map(|key| document.get(key).map(Yaml::pairs).unwrap_or_default());
            let keys = pairs
                .filter_map(|(key, value)| {
                    let key_name = key.scalar()?.to_owned();
                    let why = format!("it is the key `{key_name}` of the ConfigMap `{name}` in {shown}");
                    Some(Key { name: key_name, source: Err(why), place: Place { file, span: key.span.join(value.span) } })
                })
                .collect();
            maps.push(ConfigMap { name: name.to_owned(), keys });
        }
        Some(_) if pod(&document).is_some() => workloads.push((file, document)),
        _ => {}
    }
}

/// An entry of kustomize's `configMapGenerator`: `files: [nginx.conf, key=path]`, `literals: [key=value]`.
fn generated(map: &Yaml, folder: &Path, file: FileId) -> Option<ConfigMap> {
    let name = map.get("name")?.scalar()?.to_owned();
    let list = |key: &str| map.get(key).map(Yaml::items).unwrap_or_default().iter().filter_map(|item| Some((item.scalar()?, item.span)));
    let files = list("files").map(|(text, span)| {
        let (key, path) = text.split_once('=').unwrap_or((text.rsplit('/').next().unwrap_or(text), text));
        Key { name: key.to_owned(), source: Ok(normalize(&folder.join(path))), place: Place { file, span } }
    });
    let literals = list("literals").filter_map(|(text, span)| {
        let key = text.split_once('=')?.0;
        Some(Key {
            name: key.to_owned(),
            source: Err(format!("it is the literal `{key}` of a configMapGenerator")),
            place: Place { file, span },
        })
    });
    let keys = files.chain(literals).collect();
    Some(ConfigMap { name, keys })
}

/// The pod's spec of a workload of any kind.
fn pod(workload: &Yaml) -> Option<&Yaml> {
    let spec = workload.get("spec")?;
    let spec = spec.get("jobTemplate").and_then(|job| job.get("spec")).unwrap_or(spec);
    let spec = spec.get("template").and_then(|template| template.get("spec")).unwrap_or(spec);
    spec.get("containers").is_some().then_some(spec)
}

/// The containers of a workload, or of those in a list, each with its workload.
pub fn containers_of(document: &Yaml) -> Vec<(&Yaml, &Yaml)> {
    let workloads = match document.get("kind").and_then(Yaml::scalar) {
        Some("List") => document.get("items").map(Yaml::items).unwrap_or_default(),
        Some(_) => std::slice::from_ref(document),
        None => &[],
    };
    let of = |workload| {
        let containers = pod(workload).and_then(|pod| pod.get("containers")).map(Yaml::items).unwrap_or_default();
        containers.iter().map(move |container| (workload, container))
    };
    workloads.iter().flat_map(of).collect()
}

/// `deployment/web nginx`: a container's name as in [`Container`].
pub fn container_name(workload: &Yaml, container: &Yaml) -> String {
    let text = |yaml: &Yaml, key: &str| yaml.get(key).and_then(Yaml::scalar).unwrap_or_default().to_owned();
    let kind = text(workload, "kind").to_lowercase();
    let name = workload.get("metadata").map(|meta| text(meta, "name")).unwrap_or_default();
    format!("{kind}/{name} {}", text(container, "name"))
}

fn containers(workload: &Yaml, file: FileId, maps: &[ConfigMap]) -> Vec<Container> {
    let Some(pod) = pod(workload) else { return Vec::new() };
    let text = |yaml: &Yaml, key: &str| yaml.get(key).and_then(Yaml::scalar).map(str::to_owned);
    let volumes = pod.get("volumes").map(Yaml::items).unwrap_or_default();
    let one = |container: &Yaml| {
        let words =
            |key: &str| container.get(key).map(Yaml::items).unwrap_or_default().iter().filter_map(|word| word.scalar().map(str::to_owned));
        let mounts = container.get("volumeMounts").map(Yaml::items).unwrap_or_default();
        Container {
            name: container_name(workload, container),
            image: text(container, "image"),
            start: words("command").chain(words("args")).collect(),
            mounts: mounts.iter().flat_map(|mount| lower_mount(mount, volumes, file, maps)).collect(),
        }
    };
    pod.get("containers").map(Yaml::items).unwrap_or_default().iter().map(one).collect()
}

/// One `volumeMounts` entry: a ConfigMap's keys one by one, and the folder that they lie in.
fn lower_mount(mount: &Yaml, volumes: &[Yaml], file: FileId, maps: &[ConfigMap]) -> Vec<Mount> {
    let place = Place { file, span: mount.span };
    let text = |key: &str| mount.get(key).and_then(Yaml::scalar);
    let (Some(name), Some(target)) = (text("name"), text("mountPath")) else { return Vec::new() };
    let target = target.trim_end_matches('/');
    let unknown = |why: String| vec![Mount { target: target.to_owned(), source: Err(why), place }];
    let Some(volume) = volumes.iter().find(|volume| volume.get("name").and_then(Yaml::scalar) == Some(name)) else {
        return unknown(format!("{target} is the volume `{name}`, which is defined elsewhere"));
    };
    let Some(map) = volume.get("configMap") else {
        return unknown(format!("{target} is the volume `{name}`: it is filled in the cluster"));
    };
    let map_name = map.get("name").and_then(Yaml::scalar).unwrap_or_default();
    let keys: Vec<Key> = maps.iter().filter(|known| known.name == map_name).flat_map(|known| known.keys.clone()).collect();
    let items = map.get("items").map(Yaml::items).unwrap_or_default();
    // `items` picks keys and names their files anew; without it each key is a file of that name.
    let files: Vec<(String, Key)> = match items {
        [] => keys.into_iter().map(|key| (key.name.clone(), key)).collect(),
        items => items
            .iter()
            .filter_map(|item| {
                let wanted = item.get("key")?.scalar()?;
                let key = keys.iter().find(|key| key.name == wanted)?.clone();
                Some((item.get("path")?.scalar()?.to_owned(), key))
            })
            .collect(),
    };
    let entry = |target: String, key: Key| Mount { source: key.source.map_err(|why| format!("{target}: {why}")), target, place: key.place };
    if text("subPathExpr").is_some() {
        return unknown(format!("{target} is mounted by a `subPathExpr`"));
    }
    if let Some(wanted) = text("subPath") {
        let found: Vec<Mount> =
            files.into_iter().filter(|(path, _)| path == wanted).map(|(_, key)| entry(target.to_owned(), key)).collect();
        return if found.is_empty() {
            unknown(format!("{target} is `{wanted}` of the ConfigMap `{map_name}`, which is not here"))
        } else {
            found
        };
    }
    let mut out = unknown(format!("{target} is the ConfigMap `{map_name}`, which has no such key here"));
    out.extend(files.into_iter().map(|(path, key)| entry(format!("{target}/{path}"), key)));
    out
}
