//! The catalogue of known backends: `catalogue.toml`, which documents its own form.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// A backend whose routes are known.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name, the key in the catalogue.
    #[serde(skip)]
    pub name: String,
    /// Repositories that it is pulled as; see [`Product::of_image`].
    pub images: Vec<String>,
    /// Ports where `routes` are served; empty where it has one listener, wherever that is.
    #[serde(default)]
    pub ports: Vec<u16>,
    /// Ports where it speaks TLS and nothing else.
    #[serde(default)]
    pub tls_ports: Vec<u16>,
    /// Whether a path that is not listed is missing.
    pub closed: Closed,
    /// Below which prefixes, for [`Closed::Under`].
    #[serde(default)]
    pub closed_under: Vec<String>,
    /// What it serves.
    pub routes: Vec<String>,
    /// Routes that stay where they are when an option moves the others.
    #[serde(default)]
    pub fixed: Vec<String>,
    /// How well that is known.
    #[serde(default)]
    pub knowledge: Knowledge,
    /// The first major version that it is true of.
    pub since: Option<u32>,
    /// Routes of older versions.
    #[serde(default)]
    pub also: Vec<Also>,
    /// Programs that an entrypoint or a command may start.
    #[serde(default)]
    pub programs: Vec<String>,
    /// What else a command may begin with, other than a flag.
    #[serde(default)]
    pub commands: Vec<String>,
    /// Other listeners.
    #[serde(default)]
    pub listener: Vec<Listener>,
    /// What changes the routes.
    #[serde(default)]
    pub option: Vec<Setting>,
    /// Files that it reads.
    #[serde(default)]
    pub file: Vec<ConfigFile>,
    /// True for a product that is there to pass requests on: its answers, headers and all, may be those of others.
    #[serde(default)]
    pub relays: bool,
    /// For people.
    #[serde(default)]
    pub note: String,
    /// What was read to know this.
    pub source: String,
}

/// Whether a path that is not listed is missing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Closed {
    /// Everywhere.
    Yes,
    /// Below some prefixes.
    Under,
    /// Everywhere, unless an option opens it.
    Cond,
    /// Nothing can be said.
    #[default]
    No,
}

/// How well routes are known.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Knowledge {
    /// Read as a whole.
    #[default]
    Whole,
    /// Read in part.
    Part,
    /// Complete for some version; releases add to it.
    Grows,
}

/// Routes of versions before one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    /// The first major version without them.
    pub before: u32,
    /// What they are.
    pub routes: Vec<String>,
}

/// A listener with routes of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Where it is by default.
    pub port: Option<u16>,
    /// The option that turns it on or moves it.
    pub set_by: Option<String>,
    /// What it serves.
    pub routes: Vec<String>,
}

/// An option of a product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// What it does.
    pub effect: Effect,
    /// Command line flags, without dashes.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Environment variables.
    #[serde(default)]
    pub env: Vec<String>,
    /// Dotted keys of its files.
    #[serde(default)]
    pub keys: Vec<String>,
    /// The route, or the beginning of routes, that the value takes the place of.
    #[serde(default)]
    pub from: String,
    /// Routes that it adds.
    #[serde(default)]
    pub routes: Vec<String>,
    /// It means nothing where this flag is given.
    pub unless: Option<String>,
    /// True for one that opens when it is set to nothing or false, too.
    #[serde(default)]
    pub even_off: bool,
    /// `forwards`: it opens because requests are passed on.
    pub says: Option<String>,
}

/// What an option does to the routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The value is put before every route, or takes the place of `from` at their beginning.
    Moves,
    /// The same with the path of a URL.
    MovesUrl,
    /// Every route is served below the value, too.
    Copies,
    /// The value takes the place of one route.
    Renames,
    /// Routes are added.
    Adds,
    /// Any route may be served.
    Opens,
}

/// A configuration file of a product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// Where it is by default; a folder ends in `/`.
    pub paths: Vec<String>,
    /// How it is written.
    pub format: Format,
    /// Flags that name another.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Environment variables that name another.
    #[serde(default)]
    pub env: Vec<String>,
}

/// How a configuration file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
    /// `key = value` with `[section]`s.
    Ini,
    /// One that is not read: nothing is claimed once it is given.
    Unread,
}

#[derive(Default, Deserialize)]
struct File {
    product: BTreeMap<String, Product>,
}

/// All known products, by name.
pub fn products() -> &'static [Product] {
    static PRODUCTS: OnceLock<Vec<Product>> = OnceLock::new();
    PRODUCTS.get_or_init(|| {
        // The text is part of the program and a test parses it; were it wrong, nothing would be known and nothing claimed.
        let file: File = toml::from_str(include_str!("catalogue.toml")).unwrap_or_default();
        file.product.into_iter().map(|(name, product)| Product { name, ..product }).collect()
    })
}

impl Product {
    /// The product that an image holds; `None` for an image that is not known. Registries that mirror Docker Hub under
    /// another name are seen through, a private registry is not: what it holds may be anybody's own build.
    pub fn of_image(reference: &str) -> Option<&'static Product> {
        let image = Image::parse(reference)?;
        products().iter().find(|product| product.images.iter().any(|pattern| image.is(pattern)))
    }
}

/// An image reference, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    registry: String,
    path: String,
    /// The tag; `None` where none is written.
    pub tag: Option<String>,
    /// True for a digest without tag: the version can't be read off.
    pub pinned: bool,
}

impl Image {
    /// Takes `registry/path:tag@digest` apart. `None` for what is no reference.
    pub fn parse(reference: &str) -> Option<Image> {
        let (name, digest) = match reference.split_once('@') {
            Some((name, _)) => (name, true),
            None => (reference, false),
        };
        let (name, tag) = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag.to_owned())),
            _ => (name, None),
        };
        let (registry, path) = match name.split_once('/') {
            Some((registry, rest)) if registry.contains(['.', ':']) || registry == "localhost" => (registry, rest),
            _ => ("docker.io", name),
        };
        let (registry, path) = match registry {
            "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" | "mirror.gcr.io" => ("docker.io", path),
            "public.ecr.aws" => match path.strip_prefix("docker/") {
                Some(path) => ("docker.io", path),
                None => (registry, path),
            },
            _ => (registry, path),
        };
        let path = if registry == "docker.io" { path.strip_prefix("library/").unwrap_or(path) } else { path };
        let sound = !path.is_empty() && !reference.contains([' ', '$', '{']);
        sound.then(|| Image { registry: registry.into(), path: path.into(), pinned: digest && tag.is_none(), tag })
    }

    /// True for an official image of Docker Hub: `python`, `node`.
    pub fn is_official(&self) -> bool {
        self.registry == "docker.io" && !self.path.contains('/')
    }

    fn is(&self, pattern: &str) -> bool {
        let Some(wanted) = Image::parse(pattern) else { return false };
        let glob = |pattern: &str, text: &str| match pattern.split_once('*') {
            Some((head, tail)) => text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail),
            None => pattern == text,
        };
        let tag = wanted.tag.as_ref().is_none_or(|tag| self.tag.as_ref().is_some_and(|own| glob(tag, own)));
        wanted.registry == self.registry && glob(&wanted.path, &self.path) && tag
    }

    /// The major version that the tag names; `None` where it names none.
    pub fn major(&self) -> Option<u32> {
        let tag = self.tag.as_deref()?;
        let digits = tag.strip_prefix('v').unwrap_or(tag);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let (number, rest) = digits.split_at(end);
        (rest.is_empty() || rest.starts_with(['.', '-'])).then(|| number.parse().ok()).flatten()
    }

    /// True for no tag and for `latest`: what is newest when it is pulled.
    pub fn is_latest(&self) -> bool {
        !self.pinned && self.tag.as_deref().is_none_or(|tag| tag == "latest")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_read() {
        let file: Result<File, _> = toml::from_str(include_str!("catalogue.toml"));
        assert!(file.is_ok(), "{:?}", file.err());
        assert_eq!(products().len(), 31);
        for product in products() {
            let named = product
                .option
                .iter()
                .all(|option| option.effect == Effect::Renames || option.effect != Effect::Adds || !option.routes.is_empty());
            assert!(named && !product.source.is_empty() && !product.images.is_empty(), "{}", product.name);
            assert!(product.closed != Closed::Yes || !product.routes.is_empty(), "{}", product.name);
            for route in product.routes.iter().chain(&product.closed_under) {
                assert!(route.starts_with('/'), "{}: {route}", product.name);
            }
        }
    }

    #[test]
    fn images_are_recognised() {
        let name = |image: &str| Product::of_image(image).map(|product| product.name.as_str());
        for (image, product) in [
            ("quay.io/oauth2-proxy/oauth2-proxy:v7.12.0", Some("oauth2-proxy")),
            ("quay.io/oauth2-proxy/oauth2-proxy@sha256:00", Some("oauth2-proxy")),
            ("docker.io/prom/prometheus", Some("prometheus")),
            ("mirror.gcr.io/prom/prometheus:v3", Some("prometheus")),
            ("registry:2", Some("distribution-registry")),
            ("docker.io/library/registry:2", Some("distribution-registry")),
            ("public.ecr.aws/docker/library/registry:2", Some("distribution-registry")),
            ("registry.example.com/prom/prometheus", None),
            ("localhost:5000/registry", None),
            ("rabbitmq:3.13-management-alpine", Some("rabbitmq-management")),
            ("prom/prometheus-fork", None),
            ("quay.io/prom/prometheus", None),
            ("", None),
        ] {
            assert_eq!(name(image), product, "{image}");
        }
        let major = |image: &str| Image::parse(image).and_then(|image| image.major());
        assert_eq!(major("quay.io/keycloak/keycloak:17.0.1-legacy"), Some(17));
        assert_eq!(major("prom/prometheus:v3.5.0@sha256:00"), Some(3));
        assert_eq!(major("a/b:2abc"), None);
        assert_eq!(major("a/b:main-stable"), None);
    }
}
