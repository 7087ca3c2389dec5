//! Images that are made here, by the names under which others run them: a compose file's `image:` with `build:`, Skaffold's artifacts.

use std::path::{Path, PathBuf};

use super::compose::Compose;
use super::container::Build;
use super::vfs::normalize;
use super::yaml::Yaml;
use super::{Place, Vfs};

/// Every image that is made here.
#[derive(Debug, Default)]
pub struct Builds(Vec<(String, Build)>);

impl Builds {
    /// Reads them; `files` are those of the workspace.
    pub fn read(vfs: &Vfs, files: &[PathBuf], composes: &[Compose]) -> Builds {
        let services = composes.iter().flat_map(|compose| &compose.services);
        let composed = services.filter_map(|service| {
            let image = service.container.image.as_ref()?.value.as_deref()?;
            Some((name(image), service.container.build.clone()?))
        });
        let mut out: Vec<(String, Build)> = composed.collect();
        for path in files.iter().filter(|path| is_skaffold(path)) {
            out.extend(artifacts(vfs, path));
        }
        Builds(out)
    }

    /// How the image of a reference is made; `None` where it is not, or by several descriptions that differ.
    pub fn of(&self, reference: &str) -> Option<&Build> {
        let wanted = name(reference);
        let mut found = self.0.iter().filter(|(known, _)| *known == wanted).map(|(_, build)| build);
        let first = found.next()?;
        let same = |other: &Build| {
            (&other.context, &other.dockerfile, &other.target, &other.args)
                == (&first.context, &first.dockerfile, &first.target, &first.args)
        };
        found.all(same).then_some(first)
    }
}

/// A reference without its digest and, where it has a folder, without its tag: what is built here is released under tags that come and
/// go. `postgres:16` without a folder is an image of everybody's, unless the whole reference is that of a build.
fn name(reference: &str) -> String {
    let reference = reference.split('@').next().unwrap_or(reference);
    let reference = reference.strip_prefix("docker.io/").unwrap_or(reference);
    match reference.rsplit_once(':') {
        Some((name, tag)) if name.contains('/') && !tag.contains('/') => name.to_owned(),
        Some((name, "latest")) => name.to_owned(),
        _ => reference.to_owned(),
    }
}

fn is_skaffold(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| matches!(name, "skaffold.yaml" | "skaffold.yml"))
}

/// The artifacts of a `skaffold.yaml` that are built from a Dockerfile. Profiles may build otherwise, and then nothing is known.
fn artifacts(vfs: &Vfs, path: &Path) -> Vec<(String, Build)> {
    let file = vfs.id(path);
    let folder = path.parent().unwrap_or(Path::new("/"));
    let Ok(text) = vfs.read(file) else { return Vec::new() };
    let documents = Yaml::documents(&text.to_str()).unwrap_or_default();
    let artifact = |yaml: &Yaml| {
        let others = ["jib", "ko", "buildpacks", "bazel", "custom"];
        let docker = yaml.get("docker").or(yaml.get("kaniko"));
        let within = |key: &str| docker.and_then(|docker| docker.get(key)?.scalar());
        if others.iter().any(|builder| yaml.get(builder).is_some()) {
            return None;
        }
        let context = normalize(&folder.join(yaml.get("context").and_then(Yaml::scalar).unwrap_or(".")));
        let args = docker.and_then(|docker| docker.get("buildArgs")).map(Yaml::pairs).unwrap_or_default();
        let plain = |value: &Yaml| value.scalar().filter(|value| !value.contains("{{")).map(str::to_owned);
        let build = Build {
            dockerfile: normalize(&context.join(within("dockerfile").unwrap_or("Dockerfile"))),
            context,
            target: within("target").map(str::to_owned),
            args: args.into_iter().filter_map(|(name, value)| Some((name.scalar()?.to_owned(), plain(value)))).collect(),
            place: Place { file, span: yaml.span },
        };
        Some((name(yaml.get("image")?.scalar()?), build))
    };
    let certain = documents.iter().filter(|document| document.get("profiles").is_none());
    let all = certain.filter_map(|document| document.get("build")?.get("artifacts"));
    all.flat_map(Yaml::items).filter_map(artifact).collect()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn tags_of_own_images_come_and_go() {
        for (reference, expected) in [
            ("shop/api:1.2", "shop/api"),
            ("docker.io/shop/api@sha256:00", "shop/api"),
            ("localhost:5000/api", "localhost:5000/api"),
            ("localhost:5000/api:1", "localhost:5000/api"),
            ("api:latest", "api"),
            ("postgres:16", "postgres:16"),
            ("", ""),
        ] {
            assert_eq!(name(reference), expected);
        }
    }
}
