//! Which locations serve a file of the workspace, and under which URI.

use std::path::{Path, PathBuf};

use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::nginx::files::Base;
use crate::nginx::handlers;
use crate::project::paths::Mapped;
use crate::usage::verdict::Evidence;

/// A folder or file that an `alias` or a `root` serves.
struct Tree {
    /// In the workspace.
    path: PathBuf,
    by: By,
}

enum By {
    /// The location's own `alias`.
    Alias(LocationId),
    /// A `root`, and the server whose URIs have it.
    Root(EntryId, ServerId),
}

/// All that is served.
pub(super) struct Served<'a> {
    evidence: &'a Evidence<'a>,
    trees: Vec<Tree>,
}

impl<'a> Served<'a> {
    pub(super) fn new(evidence: &'a Evidence<'a>) -> Served<'a> {
        let Evidence { project, config, paths, .. } = *evidence;
        let mut trees = Vec::new();
        let path = |entry: EntryId| {
            let value = config.directive(entry).arg(0).filter(|value| !value.contains('$'))?;
            let server_path = paths.absolute(Base::Prefix, value)?;
            match paths.map(project, config.root, server_path.trim_end_matches('/')) {
                Mapped::Present { path, .. } => Some(path),
                _ => None,
            }
        };
        for entry in config.all("alias") {
            let location = config.entry(*entry).parent.and_then(|parent| config.location_at(parent));
            if let (Some(location), Some(path)) = (location, path(*entry)) {
                trees.push(Tree { path, by: By::Alias(location) });
            }
        }
        for entry in config.all("root") {
            let Some(path) = path(*entry) else { continue };
            let all = (0..config.servers.len()).map(|index| ServerId(index as u32));
            let servers: Vec<ServerId> = config.server_of(*entry).map_or_else(|| all.collect(), |server| vec![server]);
            trees.extend(servers.into_iter().map(|server| Tree { path: path.clone(), by: By::Root(*entry, server) }));
        }
        Served { evidence, trees }
    }

    /// The locations that serve the file, each with the URI.
    pub(super) fn by(&self, file: &Path) -> Vec<(LocationId, String)> {
        let Evidence { config, router, .. } = *self.evidence;
        let mut out = Vec::new();
        for tree in &self.trees {
            let Ok(rest) = file.strip_prefix(&tree.path) else { continue };
            let rest = rest.to_string_lossy().replace('\\', "/");
            match tree.by {
                By::Alias(location) if is_answered_by_files(config, location) => {
                    let uri = match &config.location(location).matcher {
                        Matcher::Exact(path) if rest.is_empty() => path.to_string(),
                        Matcher::Prefix { path, .. } => match rest.is_empty() {
                            true => path.to_string(),
                            false => format!("{}/{rest}", path.trim_end_matches('/')),
                        },
                        Matcher::Regex { .. } => String::new(),
                        _ => continue,
                    };
                    out.push((location, uri));
                }
                By::Root(root, server) => {
                    let uri = format!("/{rest}");
                    let location = router.locate(server, uri.as_bytes()).location;
                    let holds = |location: &LocationId| {
                        let entry = config.location(*location).entry;
                        config.inherited(entry, "root") == Some(root)
                            && config.children(entry, "alias").next().is_none()
                            && is_answered_by_files(config, *location)
                    };
                    out.extend(location.filter(holds).map(|location| (location, uri)));
                }
                By::Alias(_) => {}
            }
        }
        out.sort();
        out.dedup();
        out
    }
}

/// Does the location answer with files, at least when one is there?
fn is_answered_by_files(config: &Config, location: LocationId) -> bool {
    let answers = |entry: &EntryId| {
        let name = &*config.directive(*entry).name.value;
        handlers::passes(name) || name == "return" || name.contains("content_by_lua")
    };
    let children = &config.entry(config.location(location).entry).children;
    // With `try_files` what passes requests on is for those without a file.
    children.iter().any(|entry| config.directive(*entry).is("try_files")) || !children.iter().any(answers)
}
