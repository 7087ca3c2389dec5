//! Kustomizations: what they make of the manifests that they take, as far as it matters who a name leads to.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Vfs;
use super::vfs::normalize;
use super::yaml::Yaml;

/// What kustomizations make of one manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// One may give names a prefix, patch something, or do what is not known here.
    pub changed: bool,
    /// The namespaces into which it is put, by one or another, in order.
    pub namespaces: Vec<String>,
    /// Images that are replaced, without their tags.
    pub images: Vec<String>,
}

/// What kustomizations make of the manifests of a workspace.
#[derive(Debug, Default)]
pub struct Kustomizations(FxHashMap<PathBuf, Taken>);

/// The keys that change no name, no label, no port and no container. (`labels` are put into selectors, too, or matter to none.)
const HARMLESS: [&str; 17] = [
    "apiVersion",
    "kind",
    "metadata",
    "resources",
    "bases",
    "namespace",
    "images",
    "replicas",
    "labels",
    "commonLabels",
    "commonAnnotations",
    "configMapGenerator",
    "secretGenerator",
    "generatorOptions",
    "buildMetadata",
    "sortOptions",
    "crds",
];

/// How many kustomizations may lead from one to another.
const DEPTH: usize = 16;

impl Kustomizations {
    /// Reads all of them; `files` are those of the workspace.
    pub fn read(vfs: &Vfs, files: &[PathBuf]) -> Kustomizations {
        let mut documents: FxHashMap<&Path, Yaml> = FxHashMap::default();
        for path in files.iter().filter(|path| is_kustomization(path)) {
            let Ok(text) = vfs.read(vfs.id(path)) else { continue };
            let document = Yaml::documents(&text.to_str()).unwrap_or_default().into_iter().next();
            if let (Some(folder), Some(document)) = (path.parent(), document) {
                documents.insert(folder, document);
            }
        }
        let mut out = Kustomizations::default();
        for (folder, document) in &documents {
            let changes = document.pairs().into_iter().any(|(key, _)| key.scalar().is_none_or(|key| !HARMLESS.contains(&key)));
            let namespace = document.get("namespace").and_then(Yaml::scalar);
            let images = document.get("images").map(Yaml::items).unwrap_or_default();
            let images: Vec<&str> = images.iter().filter_map(|image| image.get("name")?.scalar()).collect();
            let mut manifests = FxHashSet::default();
            take(&documents, folder, &mut FxHashSet::default(), &mut manifests, 0);
            for manifest in manifests {
                let taken = out.0.entry(manifest).or_default();
                taken.changed |= changes;
                taken.namespaces.extend(namespace.map(str::to_owned));
                taken.images.extend(images.iter().map(|image| (*image).to_owned()));
            }
        }
        out.0.values_mut().for_each(|taken| taken.namespaces.sort());
        out
    }

    /// What they make of a manifest; `None` where none takes it.
    pub fn of(&self, manifest: &Path) -> Option<&Taken> {
        self.0.get(manifest)
    }
}

fn is_kustomization(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| matches!(name, "kustomization.yaml" | "kustomization.yml" | "Kustomization"))
}

/// The manifests that a kustomization takes, by itself and by those that it names.
fn take(documents: &FxHashMap<&Path, Yaml>, folder: &Path, seen: &mut FxHashSet<PathBuf>, out: &mut FxHashSet<PathBuf>, depth: usize) {
    let Some(document) = documents.get(folder).filter(|_| depth < DEPTH && seen.insert(folder.to_path_buf())) else { return };
    for key in ["resources", "bases", "components"] {
        for named in document.get(key).map(Yaml::items).unwrap_or_default().iter().filter_map(Yaml::scalar) {
            let path = normalize(&folder.join(named));
            if documents.contains_key(path.as_path()) {
                take(documents, &path, seen, out, depth + 1);
            } else {
                out.insert(path);
            }
        }
    }
}
