//! Next.js: routes by the names of files.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use tree_sitter::Node;

use super::super::Tree;
use super::super::facts::{Expr, Facts, Glue, Object, ObjectKind, Open, RouteFact, ScopeId, Why};
use super::super::syntax::{children, span};
use super::Reader;
use super::source::{plain, unquoted};
use crate::text::Span;

/// What the module of a file is called that is known by its path.
const FILE: &str = "\0file:";
/// The name by which `basePath` is known.
const BASE: &str = "\0basePath";
/// How many manifests are looked at.
const MOST_MANIFESTS: usize = 200;
/// Servers of which nothing has to be imported.
const SERVERS: &[&str] = &[
    "@adonisjs/core",
    "@remix-run/serve",
    "@react-router/serve",
    "@strapi/strapi",
    "@sveltejs/kit",
    "astro",
    "json-server",
    "meteor",
    "nuxt",
];
/// The endings of pages.
const PAGES: &[&str] = &["js", "jsx", "ts", "tsx", "md", "mdx"];

/// The file that a module of this file's making means.
pub(super) fn file_of(module: &str) -> Option<PathBuf> {
    module.strip_prefix(FILE).map(PathBuf::from)
}

/// True for the settings of Next.js.
pub(super) fn is_config(path: &Path) -> bool {
    path.file_stem().and_then(|stem| stem.to_str()) == Some("next.config")
}

/// What follows from the names of the files.
pub(super) fn folder(tree: &Tree<'_>) -> Vec<(PathBuf, Facts)> {
    let mut out = Vec::new();
    let mut roots: Vec<(PathBuf, Option<PathBuf>)> = Vec::new();
    for ending in ["js", "mjs", "cjs", "ts", "mts"] {
        for config in tree.named(&format!("next.config.{ending}")) {
            let root = config.parent().unwrap_or(Path::new("")).to_owned();
            roots.push((root, Some(config.to_path_buf())));
        }
    }
    for manifest in tree.named("package.json").iter().take(MOST_MANIFESTS) {
        let root = manifest.parent().unwrap_or(Path::new(""));
        let Some(value) = tree.text(manifest).and_then(|text| serde_json::from_str::<Value>(&text).ok()) else { continue };
        let needs = |name: &str| value.get("dependencies").and_then(|all| all.get(name)).is_some();
        if SERVERS.iter().any(|name| needs(name)) {
            out.push((manifest.to_path_buf(), opened(Why::Extension)));
        }
        if needs("next") && !roots.iter().any(|(known, _)| known == root) {
            out.push((manifest.to_path_buf(), served(Expr::text(""), &["/_next/*".to_owned()], &[], true)));
            roots.push((root.to_owned(), None));
        }
    }
    for (root, config) in roots {
        let site = Site::new(tree, &root, config.as_deref());
        site.middleware(&root, &mut out);
        site.pages(&root, &mut out);
        site.app(&root, &mut out);
        site.public(&root, &mut out);
    }
    out
}

struct Site<'a, 'f> {
    tree: &'a Tree<'f>,
    prefix: Expr,
    config: Option<PathBuf>,
    /// True when pages have a language before them.
    translated: bool,
}

impl<'a, 'f> Site<'a, 'f> {
    fn new(tree: &'a Tree<'f>, _root: &Path, config: Option<&Path>) -> Site<'a, 'f> {
        let prefix = match config {
            Some(config) => Expr::Import(format!("{FILE}{}", config.display()).into(), BASE.into()),
            None => Expr::text(""),
        };
        let settings = config.and_then(|config| tree.text(config)).unwrap_or_default();
        Site { tree, prefix, config: config.map(Path::to_owned), translated: settings.contains("locales") }
    }

    /// The file that is named as that of a route: what is no script can't import the prefix.
    fn named(&self, file: &Path) -> PathBuf {
        match &self.config {
            Some(config) if !super::wants(file) => config.clone(),
            _ => file.to_owned(),
        }
    }

    /// What is asked before all routes.
    fn middleware(&self, root: &Path, out: &mut Vec<(PathBuf, Facts)>) {
        for source in [root.to_owned(), root.join("src")] {
            for name in ["middleware.ts", "middleware.js", "middleware.mjs", "proxy.ts", "proxy.js", "proxy.mjs"] {
                let file = source.join(name);
                if self.tree.has(&file) {
                    out.push((file, opened(Why::Middleware)));
                }
            }
        }
    }

    fn pages(&self, root: &Path, out: &mut Vec<(PathBuf, Facts)>) {
        for base in [root.join("pages"), root.join("src/pages")] {
            for file in self.tree.below(&base) {
                let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or("");
                let Ok(inside) = file.strip_prefix(&base) else { continue };
                let inside = inside.with_extension("");
                let mut segments = names(&inside);
                let special = segments.len() == 1 && matches!(segments.first(), Some(&("_app" | "_document" | "_error" | "404" | "500")));
                if !PAGES.contains(&ending) || special || inside.to_string_lossy().ends_with(".d") {
                    continue;
                }
                if segments.last() == Some(&"index") {
                    segments.pop();
                }
                let mut patterns = by_segments(&segments);
                let api = segments.first() == Some(&"api");
                if self.translated && !api {
                    let more: Vec<String> = patterns.iter().map(|pattern| format!("/{{locale}}{pattern}")).collect();
                    patterns.extend(more);
                }
                let methods: &[Arc<str>] = if api { &[] } else { &["GET".into()] };
                out.push((self.named(file), served(self.prefix.clone(), &patterns, methods, false)));
            }
        }
    }

    fn app(&self, root: &Path, out: &mut Vec<(PathBuf, Facts)>) {
        for base in [root.join("app"), root.join("src/app")] {
            for file in self.tree.below(&base) {
                let Ok(inside) = file.strip_prefix(&base) else { continue };
                let folders = inside.parent().map(names).unwrap_or_default();
                // Folders of one's own, and pages that are shown in the place of others.
                if folders.iter().any(|name| name.starts_with('_') || name.starts_with("(.") && name.len() > 1) {
                    continue;
                }
                let segments: Vec<&str> =
                    folders.into_iter().filter(|name| !(name.starts_with('(') && name.ends_with(')') || name.starts_with('@'))).collect();
                let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
                let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or("");
                let script = PAGES.contains(&ending);
                let (tails, methods, implied): (&[&str], Vec<Arc<str>>, bool) = match stem {
                    "page" if script => (&[""], vec!["GET".into()], false),
                    "route" if script => (&[""], self.methods(file), false),
                    "favicon" => (&["/favicon.ico"], vec!["GET".into()], true),
                    "robots" => (&["/robots.txt"], vec!["GET".into()], true),
                    "sitemap" => (&["/sitemap.xml", "/sitemap/*"], vec!["GET".into()], true),
                    "manifest" => (&["/manifest.webmanifest", "/manifest.json"], vec!["GET".into()], true),
                    _ if ["icon", "apple-icon", "opengraph-image", "twitter-image"].iter().any(|name| stem.starts_with(name)) => {
                        (&["/icon*", "/apple-icon*", "/opengraph-image*", "/twitter-image*"], vec!["GET".into()], true)
                    }
                    _ => continue,
                };
                let patterns: Vec<String> = by_segments(&segments)
                    .iter()
                    .flat_map(|head| {
                        tails.iter().map(move |tail| format!("{}{tail}", if tail.is_empty() { head } else { head.trim_end_matches('/') }))
                    })
                    .collect();
                out.push((self.named(file), served(self.prefix.clone(), &patterns, &methods, implied)));
            }
        }
    }

    /// The methods that a handler names.
    fn methods(&self, file: &Path) -> Vec<Arc<str>> {
        let text = self.tree.text(file).unwrap_or_default();
        let named = |method: &&str| ["function ", "const ", "as "].iter().any(|before| text.contains(&format!("{before}{method}")));
        if text.contains("export *") || text.contains("export const {") {
            return Vec::new();
        }
        ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
            .iter()
            .filter(|method| named(method))
            .map(|method| Arc::from(*method))
            .collect()
    }

    fn public(&self, root: &Path, out: &mut Vec<(PathBuf, Facts)>) {
        let base = root.join("public");
        for file in self.tree.below(&base) {
            let Ok(inside) = file.strip_prefix(&base) else { continue };
            let path: Vec<String> = names(inside).iter().map(|name| name.replace(['*', '{', '}', ':'], "{x}")).collect();
            let pattern = format!("/{}", path.join("/"));
            out.push((self.named(file), served(self.prefix.clone(), &[pattern], &["GET".into()], true)));
        }
        // Some are made by a build.
        let manifest = root.join("package.json");
        if self
            .tree
            .text(&manifest)
            .is_some_and(|text| ["next-pwa", "next-sitemap", "serwist", "workbox"].iter().any(|name| text.contains(name)))
        {
            out.push((self.named(&manifest), served(self.prefix.clone(), &["/{name}.{ending}".to_owned()], &["GET".into()], true)));
        }
    }
}

fn names(path: &Path) -> Vec<&str> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect()
}

/// The patterns of a path of folders.
fn by_segments(segments: &[&str]) -> Vec<String> {
    let mut out = String::new();
    for segment in segments {
        if let Some(inner) = segment.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
            let _ = inner;
            return vec![if out.is_empty() { "/".to_owned() } else { out.clone() }, format!("{out}/*")];
        }
        out.push('/');
        match segment.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            // One segment at least.
            Some(name) if name.starts_with("...") => out.push_str("{rest}*"),
            Some(name) => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
            None => out.push_str(&segment.replace("%5F", "_").replace(['*', '{', '}'], "{x}")),
        }
    }
    vec![if out.is_empty() { "/".to_owned() } else { out }]
}

fn opened(why: Why) -> Facts {
    Facts { open: vec![Open { why, span: Span::at(0) }], ..Facts::default() }
}

/// The facts of a file that serves these paths.
fn served(prefix: Expr, patterns: &[String], methods: &[Arc<str>], implied: bool) -> Facts {
    let mut facts = Facts::default();
    let span = Span::at(0);
    facts.objects.push(Object { kind: ObjectKind::App, framework: "Next.js", prefix, glue: Glue::Slash, caseless: false, span });
    facts.routes.extend(patterns.iter().map(|pattern| RouteFact {
        on: Expr::Object(0),
        methods: methods.to_vec(),
        path: Expr::text(pattern),
        span,
        certain: true,
        implied,
    }));
    facts
}

impl<'a, 't> Reader<'a, 't> {
    /// `next.config.js`: the prefix, rewritten and redirected paths.
    pub(super) fn next_config(&mut self) {
        let root = self.source.nodes.first().map(|place| place.node);
        let Some(root) = root else { return };
        let pairs: Vec<(String, Node<'t>, Node<'t>)> = self
            .source
            .nodes
            .iter()
            .filter(|place| place.node.kind() == "pair")
            .filter_map(|place| {
                let (key, value) = (place.node.child_by_field_name("key")?, place.node.child_by_field_name("value")?);
                Some((self.key(key), value, place.node))
            })
            .collect();
        let mut bases: Vec<Expr> = Vec::new();
        for (key, value, pair) in &pairs {
            match key.as_str() {
                "basePath" if self.source.around(*pair).nth(1).is_none_or(|around| around.kind() != "array") => {
                    let base = self.expr(*value);
                    bases.push(if base == Expr::Other { Expr::text("") } else { base });
                }
                "pageExtensions" => {
                    let plain_ones = value.kind() == "array"
                        && children(*value).iter().all(|item| PAGES.contains(&unquoted(self.source.text(*item)).as_str()));
                    if !plain_ones {
                        self.open(Why::Option, span(*value));
                    }
                }
                "tunnelRoute" => {
                    let path = self.path(*value);
                    self.next_route(root, path, *value);
                }
                _ => {}
            }
        }
        // A shorthand, or what can't be found that way.
        let written =
            self.source.nodes.iter().any(|place| place.node.kind().contains("identifier") && self.source.text(place.node) == "basePath");
        let base = match (bases.len(), written) {
            (0, false) => Expr::text(""),
            (0, true) => Expr::Unknown,
            // It may be left out where it is written under a condition.
            _ => Expr::Any(bases),
        };
        self.bind(ScopeId::FILE, BASE, base);
        self.next_route(root, Expr::text("/_next/*"), root);
        for name in ["rewrites", "redirects"] {
            let place = self.source.nodes.iter().map(|place| place.node).find(|node| {
                let key = node.child_by_field_name("key").or_else(|| node.child_by_field_name("name"));
                matches!(node.kind(), "pair" | "method_definition" | "shorthand_property_identifier")
                    && (key.is_some_and(|key| self.source.text(key) == name) || self.source.text(*node) == name)
            });
            let Some(place) = place else { continue };
            // Each of them has to be written here.
            let computed = place.kind() == "shorthand_property_identifier"
                || place
                    .child_by_field_name("value")
                    .is_some_and(|value| !matches!(plain(value).kind(), "arrow_function" | "function_expression"))
                || self.source.within(place).any(|node| match node.kind() {
                    "spread_element" => true,
                    "call_expression" => true,
                    "return_statement" => children(node).first().is_some_and(|value| !matches!(plain(*value).kind(), "array" | "object")),
                    "arrow_function" => node
                        .child_by_field_name("body")
                        .is_some_and(|body| !matches!(plain(body).kind(), "array" | "object" | "statement_block")),
                    _ => false,
                });
            if computed {
                self.open(Why::Computed, span(place));
            }
        }
        for (key, value, pair) in pairs {
            let object = self.source.parent(pair);
            if key == "source" && object.is_some_and(|object| self.pair(object, "destination").is_some()) {
                let path = self.path(value);
                self.next_route(root, path, value);
            }
        }
    }

    fn next_route(&mut self, root: Node<'t>, path: Expr, place: Node<'t>) {
        let on = self.object_at(root, ObjectKind::App, "Next.js", Expr::Name(ScopeId::FILE, BASE.into()));
        // `basePath: false` leaves the prefix out.
        let outside = self.source.parent(place).and_then(|pair| self.source.parent(pair)).and_then(|object| self.pair(object, "basePath"));
        if outside.is_some() {
            self.open(Why::Prefix, span(place));
        }
        let methods = Vec::new();
        self.facts.routes.push(RouteFact { on, methods, path, span: span(place), certain: true, implied: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_as_paths() {
        for (segments, expected) in [
            (&[][..], &["/"][..]),
            (&["a", "[id]"], &["/a/{id}"]),
            (&["a", "[...rest]"], &["/a/{rest}*"]),
            (&["a", "[[...rest]]"], &["/a", "/a/*"]),
            (&["[[...rest]]"], &["/", "/*"]),
        ] {
            assert_eq!(by_segments(segments), expected);
        }
    }
}
