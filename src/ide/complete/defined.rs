//! What the configuration defines by name: upstreams, zones, formats, locations, server names; and services of a compose file.

use rustc_hash::FxHashSet;

use super::item::{Item, Kind};
use super::{Ask, context};
use crate::config::{EntryId, Matcher, ServerId};
use crate::text::Span;
use crate::world::View;

/// Names that a directive defines: `limit_req_zone`, `log_format`, `upstream`, …
pub(super) fn of_directive(ask: &mut Ask<'_>, directive: &str, replace: Span) {
    if directive == "location" {
        return locations(ask, replace, true, false);
    }
    if directive == "log_format" {
        ask.out.push(Item::new("combined", Kind::Name, replace).detail("nginx").rank(50));
    }
    let protocol = ask.place.protocol();
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut out = Vec::new();
    for view in ask.views {
        // Caches of all modules are alike.
        let named: Vec<&str> = match directive.ends_with("_cache_path") {
            true => vec!["proxy_cache_path", "fastcgi_cache_path", "uwsgi_cache_path", "scgi_cache_path"],
            false => vec![directive],
        };
        for id in named.iter().flat_map(|name| view.config.all(name)) {
            let entry = view.config.entry(*id);
            let Some(name) = name_of(&entry.directive).filter(|name| !name.contains('$')) else { continue };
            if entry.context.is_none_or(|context| matches!(context.protocol(), "core") || context.protocol() == protocol)
                && seen.insert(name.to_owned())
            {
                out.push(Item::new(name, Kind::Name, replace).detail(from(ask, view, *id)));
            }
        }
    }
    ask.out.append(&mut out);
}

/// The name in `zone=name:size`, or the first argument.
fn name_of(directive: &crate::syntax::Directive) -> Option<&str> {
    let keyed = directive.args.iter().find_map(|word| ["keys_zone=", "zone="].iter().find_map(|key| word.value.strip_prefix(key)));
    let name = keyed.map(|name| name.split(':').next().unwrap_or(name)).or_else(|| directive.arg(0));
    name.filter(|name| !name.is_empty())
}

/// `log_format · nginx.conf:12`
fn from(ask: &Ask<'_>, view: &View<'_>, id: EntryId) -> String {
    format!("{} · {}", view.config.directive(id).name.value, ask.project.path_and_line(view.config.header(id)))
}

/// Locations that requests can be sent to: named ones, and paths of the same servers.
pub(super) fn locations(ask: &mut Ask<'_>, replace: Span, named: bool, paths: bool) {
    let mut out = Vec::new();
    let own: Vec<Vec<ServerId>> = ask.views.iter().map(|view| servers(ask, view)).collect();
    for (view, own) in ask.views.iter().zip(own) {
        for location in view.config.locations.iter().filter(|location| own.is_empty() || own.contains(&location.server)) {
            let (name, rank) = match &location.matcher {
                Matcher::Named(name) if named => (name, 20),
                Matcher::Exact(path) if paths => (path, 30),
                Matcher::Prefix { path, .. } if paths && path.len() > 1 => (path, 40),
                _ => continue,
            };
            out.push(Item::new(&**name, Kind::Name, replace).detail(from(ask, view, location.entry)).rank(rank));
        }
    }
    ask.out.append(&mut out);
}

/// The servers that the cursor is in, of one configuration; none where that is not known.
fn servers(ask: &Ask<'_>, view: &View<'_>) -> Vec<ServerId> {
    let config = view.config;
    let block = ask.scene.blocks.iter().filter_map(|block| block.first()).find(|first| ask.scene.text(first.inner) == "server");
    if let Some(first) = block {
        let here = |id: &ServerId| {
            let entry = config.entry(config.server(*id).entry);
            entry.file == ask.file && entry.directive.name.span.start == first.span.start
        };
        return (0..config.servers.len() as u32).map(ServerId).filter(here).collect();
    }
    let includes = context::includes(ask.views, ask.file).filter(|(of, _)| of.root.file == view.root.file);
    includes.filter_map(|(_, include)| config.server_of(include)).collect()
}

/// Who may be behind a `*_pass`: upstreams and services. `write` makes of a name and its port what is written.
pub(super) fn hosts(ask: &mut Ask<'_>, replace: Span, upstreams: bool, write: impl Fn(&str, Option<u16>) -> String) {
    let protocol = ask.place.protocol();
    let mut out = Vec::new();
    for view in ask.views.iter().filter(|_| upstreams) {
        for id in view.config.all("upstream") {
            let entry = view.config.entry(*id);
            let Some(name) = entry.directive.arg(0) else { continue };
            if entry.context.is_none_or(|context| context.protocol() == protocol) {
                out.push(Item::new(write(name, None), Kind::Name, replace).detail(from(ask, view, *id)));
            }
        }
    }
    for service in ask.project.compose.iter().flat_map(|compose| &compose.services) {
        let port = service.expose.first().map(|port| port.value).or_else(|| service.ports.first().map(|port| port.value.1));
        let detail = ask.project.path_and_line(service.place);
        out.push(Item::new(write(&service.name, port), Kind::Name, replace).detail(detail).rank(30));
    }
    ask.out.append(&mut out);
}

/// Names that servers have.
pub(super) fn server_names(ask: &mut Ask<'_>, replace: Span) {
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let mut out = vec![Item::new("_", Kind::Name, replace).rank(90)];
    for view in ask.views {
        for (name, id) in view.config.servers.iter().flat_map(|server| &server.names) {
            if !name.is_empty() && !name.starts_with('~') && &**name != "_" && seen.insert(name) {
                out.push(Item::new(&**name, Kind::Name, replace).detail(from(ask, view, *id)));
            }
        }
    }
    ask.out.append(&mut out);
}
