//! The servers that grew out of nginx, and what each has built in: packages of the catalogue ([`Directive::package`]).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::directives::{self, Directive};

/// A server of nginx's family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flavour {
    /// nginx itself.
    Nginx,
    /// NGINX Plus.
    Plus,
    /// OpenResty.
    OpenResty,
    /// Angie.
    Angie,
    /// freenginx.
    Freenginx,
}

impl Flavour {
    /// All, as settings name them.
    pub const NAMES: [(Flavour, &str); 5] = [
        (Flavour::Nginx, "nginx"),
        (Flavour::Plus, "plus"),
        (Flavour::OpenResty, "openresty"),
        (Flavour::Angie, "angie"),
        (Flavour::Freenginx, "freenginx"),
    ];

    /// The one that settings name so.
    pub fn named(name: &str) -> Option<Flavour> {
        Flavour::NAMES.iter().find(|(_, own)| *own == name).map(|(flavour, _)| *flavour)
    }

    /// As settings name it.
    pub fn name(self) -> &'static str {
        Flavour::NAMES.iter().find(|(flavour, _)| *flavour == self).map_or("", |(_, name)| name)
    }

    /// As people call it.
    pub fn title(self) -> &'static str {
        match self {
            Flavour::Nginx => "nginx",
            Flavour::Plus => "NGINX Plus",
            Flavour::OpenResty => "OpenResty",
            Flavour::Angie => "Angie",
            Flavour::Freenginx => "freenginx",
        }
    }

    /// The packages that it has built in.
    pub fn packages(self) -> &'static [&'static str] {
        let own = TABLE.iter().find(|row| row.is_flavour && row.name == self.name());
        own.map_or(&[], |row| row.packages.as_slice())
    }

    /// True when all that it understands is known here: the catalogue has nothing of what Angie and freenginx added.
    pub fn is_known_whole(self) -> bool {
        !matches!(self, Flavour::Angie | Flavour::Freenginx)
    }
}

struct Row {
    is_flavour: bool,
    name: &'static str,
    packages: Vec<&'static str>,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let lines = include_str!("flavours.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (kind, name, packages) = (columns.next()?, columns.next()?, columns.next()?);
            let packages = packages.split(',').filter(|package| !package.is_empty()).collect();
            Some(Row { is_flavour: kind == "flavour", name, packages })
        })
        .collect()
});

/// The packages that `load_module` brings with a file (`modules/ngx_http_brotli_filter_module.so`): none for one without directives,
/// `None` for one that is not known.
pub fn of_module_file(file: &str) -> Option<Vec<&'static str>> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let name = name.strip_suffix(".so").unwrap_or(name).trim_end_matches("-debug");
    if let Some(row) = TABLE.iter().find(|row| !row.is_flavour && row.name == name) {
        return Some(row.packages.clone());
    }
    directives::all().iter().find(|directive| directive.module == name).map(|directive| vec![directive.package])
}

/// The package as `load_module` or a flavour brings it; what only the documentation has is nginx's own.
pub fn package(directive: &Directive) -> &'static str {
    match directive.package {
        "nginx-doc-only" => "nginx",
        package => package,
    }
}

/// True for the name of a package of the catalogue.
pub fn is_package(name: &str) -> bool {
    directives::all().iter().any(|directive| package(directive) == name)
}

/// All packages of the catalogue, sorted.
pub fn packages() -> Vec<&'static str> {
    let mut all: Vec<&'static str> = directives::all().iter().map(package).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flavours_have_packages_of_the_catalogue() {
        for (flavour, name) in Flavour::NAMES {
            assert_eq!(Flavour::named(name), Some(flavour));
            assert_eq!(flavour.name(), name);
            assert!(flavour.packages().contains(&"nginx"), "{name}");
        }
        let packages = TABLE.iter().flat_map(|row| &row.packages);
        assert!(packages.clone().all(|name| is_package(name)), "{:?}", packages.filter(|name| !is_package(name)).collect::<Vec<_>>());
        assert_eq!(Flavour::named("apache"), None);
        assert!(!is_package("nginx-doc-only") && packages_are_sorted());
    }

    fn packages_are_sorted() -> bool {
        packages().is_sorted() && packages().len() > 20
    }

    #[test]
    fn files_of_modules() {
        assert_eq!(of_module_file("modules/ngx_http_brotli_filter_module.so"), Some(vec!["brotli"]));
        assert_eq!(of_module_file("/usr/lib/nginx/modules/ngx_stream_module.so"), Some(vec!["nginx"]));
        assert_eq!(of_module_file("ndk_http_module.so"), Some(vec![]));
        assert_eq!(of_module_file("modules/ngx_http_js_module-debug.so"), Some(vec!["njs"]));
        assert_eq!(of_module_file("modules/own.so"), None);
    }
}
