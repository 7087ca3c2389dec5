//! Kustomizations: what they make of the manifests that they take, as far as it matters who a name leads to.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Vfs;
use super::vfs::normalize;
use super::yaml::Yaml;

/// The labels of something, in order.
pub type Labels = Vec<(String, String)>;

/// The labels that something has as one or another kustomization makes it, by the number of that one; `None` where none takes it.
pub type Made = Vec<(Option<usize>, Labels)>;

/// What kustomizations make of one manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// One may give names a prefix, patch something, or do what is not known here.
    pub changed: bool,
    /// The namespaces into which it is put, by one or another, in order.
    pub namespaces: Vec<String>,
    /// Images that are replaced, without their tags.
    pub images: Vec<String>,
    /// The labels that each that takes it gives, by its number, those of the inner ones first.
    labels: Vec<(usize, Vec<Label>)>,
}

/// A label that a kustomization gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Label {
    key: String,
    value: String,
    given: Given,
}

/// To what a label is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Given {
    /// To what is in the manifest itself.
    Manifest,
    /// To the templates of pods, too; where these have no labels, that depends on the version.
    Templates,
    /// To these and to selectors, where there are none, too.
    Selectors,
}

/// What kustomizations make of the manifests of a workspace.
#[derive(Debug, Default)]
pub struct Kustomizations(FxHashMap<PathBuf, Taken>);

/// The keys that change no name, no port and no container. What labels do is known ([`Taken::selectors`]).
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
        let mut starts: Vec<(&Path, &Yaml)> = documents.iter().map(|(folder, document)| (*folder, document)).collect();
        starts.sort_by_key(|(folder, _)| *folder);
        for (number, (folder, document)) in starts.into_iter().enumerate() {
            let changes = document.pairs().into_iter().any(|(key, _)| key.scalar().is_none_or(|key| !HARMLESS.contains(&key)))
                || labels(document).is_none();
            let namespace = document.get("namespace").and_then(Yaml::scalar);
            let images = document.get("images").map(Yaml::items).unwrap_or_default();
            let images: Vec<&str> = images.iter().filter_map(|image| image.get("name")?.scalar()).collect();
            let mut manifests = FxHashMap::default();
            take(&documents, folder, &[], &mut FxHashSet::default(), &mut manifests, 0);
            for (manifest, labels) in manifests {
                let taken = out.0.entry(manifest).or_default();
                taken.changed |= changes;
                taken.labels.push((number, labels));
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

/// The labels that a kustomization gives; `None` where it gives them to what is not known here.
fn labels(document: &Yaml) -> Option<Vec<Label>> {
    let pairs = |yaml: Option<&Yaml>, given: Given| -> Option<Vec<Label>> {
        let pairs = yaml.map(Yaml::pairs).unwrap_or_default().into_iter();
        pairs.map(|(key, value)| Some(Label { key: key.scalar()?.to_owned(), value: value.scalar()?.to_owned(), given })).collect()
    };
    let mut out = pairs(document.get("commonLabels"), Given::Selectors)?;
    for entry in document.get("labels").map(Yaml::items).unwrap_or_default() {
        let is = |key: &str| entry.get(key).and_then(Yaml::scalar) == Some("true");
        let given = match (is("includeSelectors"), is("includeTemplates")) {
            (true, _) => Given::Selectors,
            (false, true) => Given::Templates,
            (false, false) => Given::Manifest,
        };
        if entry.get("fields").is_some() {
            return None;
        }
        out.extend(pairs(entry.get("pairs"), given)?);
    }
    Some(out)
}

impl Taken {
    /// The selectors that a Service has by its own one, as one or another kustomization takes it.
    pub fn selectors(&self, own: &Labels) -> Made {
        self.each(own, |label| label.given == Given::Selectors)
    }

    /// The labels that the pods of a workload have by their own ones; `None` where that depends on the version of kustomize.
    pub fn of_pods(&self, own: &Labels, is_pod: bool) -> Option<Made> {
        let unclear =
            !is_pod && own.is_empty() && self.labels.iter().flat_map(|(_, given)| given).any(|label| label.given == Given::Templates);
        (!unclear).then(|| self.each(own, |label| is_pod || label.given != Given::Manifest))
    }

    fn each(&self, own: &Labels, counts: impl Fn(&Label) -> bool) -> Made {
        let with = |(number, given): &(usize, Vec<Label>)| {
            let mut labels = own.clone();
            for label in given.iter().filter(|label| counts(label)) {
                match labels.iter_mut().find(|(key, _)| *key == label.key) {
                    Some((_, value)) => value.clone_from(&label.value),
                    None => labels.push((label.key.clone(), label.value.clone())),
                }
            }
            (Some(*number), labels)
        };
        self.labels.iter().map(with).collect()
    }
}

/// The manifests that a kustomization takes, by itself and by those that it names, with the labels that they are given on that way.
fn take(
    documents: &FxHashMap<&Path, Yaml>,
    folder: &Path,
    outer: &[Label],
    seen: &mut FxHashSet<PathBuf>,
    out: &mut FxHashMap<PathBuf, Vec<Label>>,
    depth: usize,
) {
    let Some(document) = documents.get(folder).filter(|_| depth < DEPTH && seen.insert(folder.to_path_buf())) else { return };
    let mut given = labels(document).unwrap_or_default();
    given.extend_from_slice(outer);
    for key in ["resources", "bases", "components"] {
        for named in document.get(key).map(Yaml::items).unwrap_or_default().iter().filter_map(Yaml::scalar) {
            let path = normalize(&folder.join(named));
            if documents.contains_key(path.as_path()) {
                take(documents, &path, &given, seen, out, depth + 1);
            } else {
                out.insert(path, given.clone());
            }
        }
    }
}
