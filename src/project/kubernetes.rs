//! Kubernetes manifests: what the containers of a workload have mounted, ConfigMaps and kustomize's generators looked up.
//!
//! Nothing here makes a file missing. Namespaces are not told apart; a ConfigMap that is defined twice (overlays) has the keys of all.
//! Who a `Service` leads to is in `cluster.rs`.

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
    /// What is in it, where a manifest has its text.
    pub text: Inline,
    /// The `volumeMounts` entry, the ConfigMap's key or the generator's line.
    pub place: Place,
}

/// What a manifest itself has of what is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Nothing, or not all.
    No,
    /// The text of a file.
    File(String),
    /// A folder in which there are only the files of its keys.
    Folder,
}

#[derive(Debug)]
struct ConfigMap {
    name: String,
    keys: Vec<Key>,
    /// False where it may have keys that are not read.
    whole: bool,
}

#[derive(Debug, Clone)]
struct Key {
    name: String,
    source: Result<PathBuf, String>,
    /// Its value, where it is written out.
    text: Option<String>,
    place: Place,
}

/// Larger manifests are mostly generated (custom resource definitions) and hold no configuration of nginx.
const LIMIT: u32 = 1024 * 1024;

/// The manifests of a workspace.
#[derive(Debug, Default)]
pub struct Manifests {
    maps: Vec<ConfigMap>,
    /// What has containers, with the file in which it stands.
    pub workloads: Vec<(FileId, Yaml)>,
    /// The `Service`s.
    pub services: Vec<(FileId, Yaml)>,
}

/// Reads the containers that the manifests among `files` (absolute paths) describe.
pub fn find(vfs: &Vfs, files: &[PathBuf]) -> Vec<Container> {
    let manifests = Manifests::read(vfs, files, &["ConfigMap", "volumeMounts"]);
    manifests.workloads.iter().flat_map(|(file, workload)| containers(workload, *file, &manifests)).collect()
}

impl Manifests {
    /// Reads the manifests among `files` in which one of the `words` stands. What is no YAML (a chart's template) is passed over.
    pub fn read(vfs: &Vfs, files: &[PathBuf], words: &[&str]) -> Manifests {
        let mut out = Manifests::default();
        let is_yaml = |path: &&PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml");
        for path in files.iter().filter(is_yaml) {
            let file = vfs.id(path);
            let Ok(text) = vfs.read(file) else { continue };
            let kustomize = path.file_stem().is_some_and(|stem| stem == "kustomization");
            if text.len() > LIMIT {
                continue;
            }
            let text = text.to_str();
            let wanted = text.contains("kind:") && words.iter().any(|word| text.contains(word));
            if !(kustomize || wanted) {
                continue;
            }
            let Ok(documents) = Yaml::documents(&text) else { continue };
            for document in documents {
                if kustomize {
                    let folder = path.parent().unwrap_or(Path::new("/"));
                    let generators = document.get("configMapGenerator").map(Yaml::items).unwrap_or_default();
                    out.maps.extend(generators.iter().filter_map(|map| generated(map, folder, file)));
                }
                out.collect(document, file, path, 0);
            }
        }
        out
    }

    /// The keys of a ConfigMap with their values, where it is written out and only once.
    pub fn values(&self, config_map: &str) -> Option<Vec<(&str, &str, Place)>> {
        let mut found = self.maps.iter().filter(|map| map.name == config_map);
        let map = found.next().filter(|map| map.whole && found.next().is_none())?;
        map.keys.iter().map(|key| Some((key.name.as_str(), key.text.as_deref()?, key.place))).collect()
    }

    fn collect(&mut self, document: Yaml, file: FileId, path: &Path, depth: u8) {
        match document.get("kind").and_then(Yaml::scalar) {
            Some("List") if depth < 4 => {
                for item in document.get("items").map(Yaml::items).unwrap_or_default() {
                    self.collect(item.clone(), file, path, depth + 1);
                }
            }
            Some("ConfigMap") => {
                let Some(name) = document.get("metadata").and_then(|meta| meta.get("name")?.scalar()) else { return };
                let shown = path.file_name().unwrap_or_default().to_string_lossy();
                let pairs =
                    |key: &'static str| document.get(key).map(Yaml::pairs).unwrap_or_default().into_iter().map(move |pair| (key, pair));
                let keys = pairs("data")
                    .chain(pairs("binaryData"))
                    .filter_map(|(of, (key, value))| {
                        let key_name = key.scalar()?.to_owned();
                        let why = format!("it is the key `{key_name}` of the ConfigMap `{name}` in {shown}");
                        let text = value.scalar().map(str::to_owned).filter(|_| of == "data");
                        Some(Key { name: key_name, source: Err(why), text, place: Place { file, span: key.span.join(value.span) } })
                    })
                    .collect();
                self.maps.push(ConfigMap { name: name.to_owned(), keys, whole: true });
            }
            Some("Service") => self.services.push((file, document)),
            Some(_) if pod(&document).is_some() => self.workloads.push((file, document)),
            _ => {}
        }
    }
}

/// The port of a container that has a name.
pub fn port_named(container: &Yaml, name: &str) -> Option<u16> {
    let ports = container.get("ports").map(Yaml::items).unwrap_or_default();
    ports.iter().find(|port| port.get("name").and_then(Yaml::scalar) == Some(name))?.get("containerPort")?.scalar()?.parse().ok()
}

/// An entry of kustomize's `configMapGenerator`: `files: [nginx.conf, key=path]`, `literals: [key=value]`.
fn generated(map: &Yaml, folder: &Path, file: FileId) -> Option<ConfigMap> {
    let name = map.get("name")?.scalar()?.to_owned();
    let list = |key: &str| map.get(key).map(Yaml::items).unwrap_or_default().iter().filter_map(|item| Some((item.scalar()?, item.span)));
    let files = list("files").map(|(text, span)| {
        let (key, path) = text.split_once('=').unwrap_or((text.rsplit('/').next().unwrap_or(text), text));
        Key { name: key.to_owned(), source: Ok(normalize(&folder.join(path))), text: None, place: Place { file, span } }
    });
    let literals = list("literals").filter_map(|(text, span)| {
        let (key, value) = text.split_once('=')?;
        Some(Key {
            name: key.to_owned(),
            text: Some(value.to_owned()).filter(|value| !value.starts_with(['"', '\''])),
            source: Err(format!("it is the literal `{key}` of a configMapGenerator")),
            place: Place { file, span },
        })
    });
    let keys = files.chain(literals).collect();
    let whole = ["env", "envs", "behavior"].iter().all(|key| map.get(key).is_none());
    Some(ConfigMap { name, keys, whole })
}

/// The pod's spec of a workload of any kind.
pub fn pod(workload: &Yaml) -> Option<&Yaml> {
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

fn containers(workload: &Yaml, file: FileId, manifests: &Manifests) -> Vec<Container> {
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
            mounts: mounts.iter().flat_map(|mount| manifests.mount(mount, volumes, file)).collect(),
        }
    };
    pod.get("containers").map(Yaml::items).unwrap_or_default().iter().map(one).collect()
}

impl Manifests {
    /// One `volumeMounts` entry: a ConfigMap's keys one by one, and the folder that they lie in.
    pub fn mount(&self, mount: &Yaml, volumes: &[Yaml], file: FileId) -> Vec<Mount> {
        let place = Place { file, span: mount.span };
        let text = |key: &str| mount.get(key).and_then(Yaml::scalar);
        let (Some(name), Some(target)) = (text("name"), text("mountPath")) else { return Vec::new() };
        let target = target.trim_end_matches('/');
        let unknown = |why: String| vec![Mount { target: target.to_owned(), source: Err(why), text: Inline::No, place }];
        let Some(volume) = volumes.iter().find(|volume| volume.get("name").and_then(Yaml::scalar) == Some(name)) else {
            return unknown(format!("{target} is the volume `{name}`, which is defined elsewhere"));
        };
        let Some(map) = volume.get("configMap") else {
            return unknown(format!("{target} is the volume `{name}`: it is filled in the cluster"));
        };
        let map_name = map.get("name").and_then(Yaml::scalar).unwrap_or_default();
        let maps: Vec<&ConfigMap> = self.maps.iter().filter(|known| known.name == map_name).collect();
        // Of two of one name nobody knows which it is.
        let certain = matches!(maps.as_slice(), [only] if only.whole);
        let keys: Vec<Key> = maps.into_iter().flat_map(|known| known.keys.clone()).collect();
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
        let entry = |target: String, key: Key| Mount {
            source: key.source.map_err(|why| format!("{target}: {why}")),
            target,
            text: key.text.filter(|_| certain).map_or(Inline::No, Inline::File),
            place: key.place,
        };
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
        if certain {
            out.iter_mut().for_each(|folder| folder.text = Inline::Folder);
        }
        out.extend(files.into_iter().map(|(path, key)| entry(format!("{target}/{path}"), key)));
        out
    }
}
