//! Which nginx reads a configuration, as far as something says so: the settings, or the images that it is put into.

use std::path::Path;

use super::images::repository;
use super::{FileId, Project};
use crate::nginx::flavours::Flavour;
use crate::nginx::version::Version;

/// What is known of the nginx that reads a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Installation {
    /// Which of nginx's family it is, when that is stated.
    pub flavour: Option<(Flavour, Source)>,
    /// Its version of nginx, when that is stated: OpenResty's is that of the nginx inside.
    pub version: Option<(Version, Source)>,
    /// Which of the family it most probably is: by its paths, where nothing states it.
    pub guess: Option<Flavour>,
}

/// What states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `[nginx]` of the settings.
    Settings,
    /// An image, as it is named.
    Image(String),
}

impl Installation {
    /// What is known of the nginx that starts reading at a file.
    pub fn of(project: &Project, main: FileId) -> Installation {
        let settings = &project.settings.nginx;
        let path = project.vfs.path(main);
        let image = by_images(project, &path).unwrap_or_default();
        Installation {
            flavour: settings.flavour.map(|flavour| (flavour, Source::Settings)).or(image.flavour),
            version: settings.version.as_deref().and_then(Version::read).map(|version| (version, Source::Settings)).or(image.version),
            guess: by_path(&project.deployments.server_path_of(&path).unwrap_or_else(|| path.to_string_lossy().into_owned())),
        }
    }

    /// The flavour as it is stated, or guessed.
    pub fn probable_flavour(&self) -> Option<Flavour> {
        self.flavour.as_ref().map(|(flavour, _)| *flavour).or(self.guess)
    }

    /// The version, where it is stated.
    pub fn stated_version(&self) -> Option<Version> {
        self.version.as_ref().map(|(version, _)| *version)
    }
}

fn by_path(path: &str) -> Option<Flavour> {
    let has = |folder: &str| path.split('/').any(|part| part == folder);
    if has("openresty") { Some(Flavour::OpenResty) } else { has("angie").then_some(Flavour::Angie) }
}

/// What the images say in which a configuration lies, where all of them say the same.
fn by_images(project: &Project, main: &Path) -> Option<Installation> {
    let mut all = project.deployments.of(main).map(|deployment| {
        let name = deployment.image_name.as_deref()?;
        let (flavour, version) = of_image(name)?;
        // Whoever builds modules into an image, or puts another program there, has another nginx than its name says.
        let flavour = flavour.filter(|_| !deployment.builds_more());
        Some(Installation {
            flavour: flavour.map(|flavour| (flavour, Source::Image(name.to_owned()))),
            version: version.map(|version| (version, Source::Image(name.to_owned()))),
            guess: None,
        })
    });
    let first = all.next()??;
    let flavour = |one: &Installation| one.flavour.as_ref().map(|(flavour, _)| *flavour);
    let same = |other: Option<Installation>| {
        other.is_some_and(|other| flavour(&other) == flavour(&first) && other.stated_version() == first.stated_version())
    };
    all.all(same).then_some(first)
}

/// What the name of an image says: `nginx:1.25-alpine`, `openresty/openresty:1.25.3.1-0-jammy`. `None` for one that is not known.
fn of_image(reference: &str) -> Option<(Option<Flavour>, Option<Version>)> {
    let flavour = match repository(reference) {
        "nginx" | "nginxinc/nginx-unprivileged" | "nginx-unprivileged" | "nginx/nginx" => Flavour::Nginx,
        "openresty/openresty" | "openresty" => Flavour::OpenResty,
        "nginx-plus/base" | "nginx-plus/rootless-base" | "nginx-plus/modules" => Flavour::Plus,
        // Of these the version of nginx is known, and that they bring modules of their own.
        "bitnami/nginx" | "bitnamilegacy/nginx" | "bitnami/openresty" | "bitnamilegacy/openresty" => {
            return Some((None, tag(reference).and_then(version)));
        }
        name if name == "angie" || name.ends_with("/angie") => return Some((Some(Flavour::Angie), None)),
        name if name.contains("freenginx") => return Some((Some(Flavour::Freenginx), None)),
        _ => return None,
    };
    let version = if flavour == Flavour::Plus { None } else { tag(reference).and_then(version) };
    Some((Some(flavour), version))
}

fn tag(reference: &str) -> Option<&str> {
    let (_, tag) = reference.split('@').next()?.rsplit_once(':')?;
    (!tag.contains('/')).then_some(tag)
}

/// `1.25.3` of `1.25.3-alpine` and `1.25.3.1-0-jammy`; the end of its series of `1.25-alpine`.
fn version(tag: &str) -> Option<Version> {
    let numbers = tag.split(['-', '_']).next()?;
    let parts: Vec<&str> = numbers.split('.').take(3).collect();
    let version = Version::read(&parts.join("."))?;
    Some(if parts.len() < 3 { version.end_of_series() } else { version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_have_versions_in_their_tags() {
        let of = |reference: &str| {
            of_image(reference).map(|(flavour, version)| (flavour, version.map(|version| version.to_string()).unwrap_or_default()))
        };
        assert_eq!(of("nginx:1.25.3-alpine"), Some((Some(Flavour::Nginx), "1.25.3".into())));
        assert_eq!(of("docker.io/library/nginx:1.25-alpine@sha256:00"), Some((Some(Flavour::Nginx), "1.25".into())));
        assert_eq!(of("openresty/openresty:1.25.3.1-0-jammy"), Some((Some(Flavour::OpenResty), "1.25.3".into())));
        for floating in ["nginx", "nginx:latest", "nginx:alpine", "nginx:stable-alpine", "nginx:1", "openresty/openresty:alpine"] {
            assert_eq!(of(floating).map(|(_, version)| version), Some(String::new()), "{floating}");
        }
        assert_eq!(of("localhost:5000/nginx"), Some((Some(Flavour::Nginx), String::new())));
        assert_eq!(of("docker.angie.software/angie:1.5.0"), Some((Some(Flavour::Angie), String::new())));
        assert_eq!(of("bitnami/nginx:1.27.1"), Some((None, "1.27.1".into())));
        assert_eq!(of("my/nginx-gateway:1.25.1"), None);
    }

    #[test]
    fn paths_are_a_guess() {
        assert_eq!(by_path("/usr/local/openresty/nginx/conf/nginx.conf"), Some(Flavour::OpenResty));
        assert_eq!(by_path("/etc/nginx/nginx.conf"), None);
    }
}
