//! Which URIs a `proxy_pass` can send (`ngx_http_proxy_create_request`, `ngx_http_proxy_eval`).

use crate::config::{Config, EntryId, Matcher};
use crate::project::Project;
use crate::routing::language::UriSet;

use super::Target;

/// The URIs that are sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// All of them, and perhaps some more: what other locations take is not left out.
    pub uris: UriSet,
    /// As people read it: `/api/token/…`, `/ping`.
    pub display: String,
}

/// The URIs that a `proxy_pass` sends; `None` when something rewrites them in a way that is not followed.
pub fn sent(project: &Project, config: &Config, pass: EntryId, target: &Target) -> Option<Sent> {
    let location = config.location_of(pass)?;
    if rewrites(project, config, config.location(location).entry) {
        return None;
    }
    let matcher = &config.location(location).matcher;
    let part = target.uri.as_deref().map(|uri| uri.strip_suffix("$is_args$args").unwrap_or(uri)).filter(|uri| !uri.is_empty());
    let literal = |uri: &str| Sent { uris: UriSet::literal(uri.as_bytes()), display: uri.to_owned() };
    let prefix = |uri: &str| Sent { uris: UriSet::prefix(uri.as_bytes()), display: format!("{uri}…") };
    match part {
        // With a variable in it, what it comes to is the URI: nothing is appended.
        Some("$request_uri") => {}
        Some(uri) if uri.contains('$') => {
            let known = &uri[..uri.find('$').unwrap_or(uri.len())];
            let known = known.split('?').next().filter(|path| path.starts_with('/'))?;
            return Some(if uri[..uri.find('$')?].contains('?') { literal(known) } else { prefix(known) });
        }
        Some(uri) if target.uri.as_deref().is_some_and(|whole| whole.contains('$')) => return Some(literal(uri.split('?').next()?)),
        Some(uri) => {
            let path = uri.split('?').next().filter(|path| path.starts_with('/'))?;
            return match matcher {
                Matcher::Exact(_) => Some(literal(path)),
                // The location's name is replaced by the URI part.
                Matcher::Prefix { .. } if !uri.contains('?') => Some(prefix(path)),
                _ => None,
            };
        }
        None if target.uri.is_some() => return None,
        None => {}
    }
    match matcher {
        Matcher::Exact(path) => Some(literal(path)),
        Matcher::Prefix { path, .. } if path.starts_with('/') => Some(prefix(path)),
        Matcher::Regex { pattern, caseless } => Some(Sent {
            uris: UriSet::regex(pattern, *caseless)?.intersect(&UriSet::prefix(b"/")),
            display: format!("URIs that match {pattern}"),
        }),
        _ => None,
    }
}

/// Can the URI change between the choice of the location and the request to the backend? A `rewrite … last` leads elsewhere, but
/// `break` keeps the new URI here, and Lua may set any.
fn rewrites(project: &Project, config: &Config, block: EntryId) -> bool {
    let mut pending = vec![block];
    while let Some(entry) = pending.pop() {
        for child in &config.entry(entry).children {
            let directive = config.directive(*child);
            let name: &str = &directive.name.value;
            let changes = match name {
                "rewrite" => !matches!(directive.args.last().map(|word| &*word.value), Some("last" | "redirect" | "permanent")),
                "break" | "try_files" => true,
                _ => name.starts_with("js_") || name.starts_with("perl"),
            };
            if changes {
                return true;
            }
            if name != "location" {
                pending.push(*child);
            }
        }
    }
    lua_sets_uris(project, config)
}

/// Does any Lua that could run here set the URI? Blocks are looked at, and every Lua file of the workspace.
fn lua_sets_uris(project: &Project, config: &Config) -> bool {
    const SETTER: &str = "set_uri";
    let mut has_files = false;
    for entry in &config.entries {
        let name: &str = &entry.directive.name.value;
        if !name.contains("_by_lua") {
            continue;
        }
        match &entry.directive.body {
            crate::syntax::Body::Lua(code) => {
                if project.text(entry.file).slice(*code).contains(SETTER) {
                    return true;
                }
            }
            _ if name.ends_with("_file") => has_files = true,
            _ => {
                if entry.directive.args.iter().any(|word| word.value.contains(SETTER)) {
                    return true;
                }
            }
        }
    }
    has_files
        && project
            .vfs
            .walk(&project.workspace)
            .files
            .iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == "lua"))
            .any(|path| {
                let file = project.vfs.id(path);
                project.vfs.read(file).is_ok_and(|text| text.to_str().contains(SETTER))
            })
}
