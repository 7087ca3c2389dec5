//! Images that nginx is known to run in: where it looks for its configuration, and what they bring along.

use std::path::Path;

/// An image of nginx.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image {
    /// The names by which it is pulled, without tag.
    names: &'static [&'static str],
    /// `--prefix` of the nginx inside.
    pub prefix: &'static str,
    /// `--conf-path` of the nginx inside.
    pub conf: &'static str,
    /// Folders that it brings along, with content of its own.
    pub own: &'static [&'static str],
    /// Folders of which the content is known; nothing else is in them.
    pub known: &'static [(&'static str, &'static [&'static str])],
}

/// From the images' Dockerfiles: docker-library/nginx, nginxinc/docker-nginx-unprivileged, openresty/docker-openresty, bitnami.
const IMAGES: &[Image] = &[
    Image {
        names: &["nginx", "nginxinc/nginx-unprivileged", "nginx/nginx", "macbre/nginx-http3", "nginx-unprivileged"],
        prefix: "/etc/nginx",
        conf: "/etc/nginx/nginx.conf",
        own: &["/etc/nginx", "/usr/share", "/usr/lib", "/var/lib", "/etc/ssl"],
        known: &[("/usr/share/nginx/html", &["index.html", "50x.html"]), ("/etc/nginx/conf.d", &["default.conf"])],
    },
    Image {
        names: &["openresty/openresty", "openresty"],
        prefix: "/usr/local/openresty/nginx",
        conf: "/usr/local/openresty/nginx/conf/nginx.conf",
        own: &["/usr/local/openresty", "/etc/nginx", "/etc/ssl", "/usr/share", "/usr/lib"],
        known: &[("/usr/local/openresty/nginx/html", &["index.html", "50x.html"]), ("/etc/nginx/conf.d", &["default.conf"])],
    },
    Image {
        names: &["bitnami/nginx", "bitnamilegacy/nginx"],
        prefix: "/opt/bitnami/nginx",
        conf: "/opt/bitnami/nginx/conf/nginx.conf",
        own: &["/opt/bitnami", "/app", "/etc/ssl", "/usr/share", "/usr/lib"],
        known: &[],
    },
    Image {
        names: &["bitnami/openresty", "bitnamilegacy/openresty"],
        prefix: "/opt/bitnami/openresty/nginx",
        conf: "/opt/bitnami/openresty/nginx/conf/nginx.conf",
        own: &["/opt/bitnami", "/app", "/etc/ssl", "/usr/share", "/usr/lib"],
        known: &[],
    },
];

/// The image of that reference (`docker.io/library/nginx:1.27@sha256:…`); `None` for an image that is not known.
pub fn find(reference: &str) -> Option<&'static Image> {
    let name = repository(reference);
    IMAGES.iter().find(|image| image.names.contains(&name))
}

/// A reference without registry, tag and digest: `docker.io/library/nginx:1.27` is `nginx`, `quay.io/a/b@sha256:…` is `a/b`.
pub fn repository(reference: &str) -> &str {
    let name = reference.split('@').next().unwrap_or(reference);
    let name = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => name,
    };
    let name = match name.split_once('/') {
        Some((registry, rest)) if registry.contains(['.', ':']) || registry == "localhost" => rest,
        _ => name,
    };
    name.strip_prefix("library/").unwrap_or(name)
}

/// Folders where nginx's main configuration lies on servers: the defaults of its packages and images.
pub const CONF_FOLDERS: &[&str] = &[
    "/etc/nginx",
    "/usr/local/openresty/nginx/conf",
    "/usr/local/nginx/conf",
    "/etc/openresty",
    "/usr/local/etc/nginx",
    "/opt/homebrew/etc/nginx",
    "/opt/bitnami/nginx/conf",
    "/opt/bitnami/openresty/nginx/conf",
];

/// True for a folder that is nginx's own on the machine where we run: what is not there is nowhere.
pub fn is_installation(conf_dir: &Path) -> bool {
    CONF_FOLDERS.iter().any(|folder| conf_dir == Path::new(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        for (reference, expected) in [
            ("nginx", "nginx"),
            ("docker.io/library/nginx:1.27-alpine", "nginx"),
            ("localhost:5000/a/b@sha256:00", "a/b"),
            ("quay.io/oauth2-proxy/oauth2-proxy:v7", "oauth2-proxy/oauth2-proxy"),
            ("registry.example.com:5000/nginx", "nginx"),
        ] {
            assert_eq!(repository(reference), expected);
        }
        assert!(find("openresty/openresty:alpine").is_some_and(|image| image.conf.ends_with("conf/nginx.conf")));
        assert!(find("my/nginx-exporter").is_none());
    }
}
