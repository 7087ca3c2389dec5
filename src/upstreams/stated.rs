//! `[upstreams.NAME]` of the settings: what a backend serves, as a person says it.

use std::sync::Arc;

use super::catalogue::Knowledge;
use super::routes::Route;
use super::served::{Scope, Served};
use super::{Answer, Running, openapi};
use crate::phrase;
use crate::project::paths::Evidence;
use crate::project::settings::UpstreamSettings;
use crate::project::{Place, Project};

/// What the settings say of an upstream goes before everything else.
pub(super) fn stated(project: &Project, name: &str, settings: &UpstreamSettings, own: Answer) -> Answer {
    let base = settings.base_path.as_deref().unwrap_or("").trim_end_matches('/');
    let below = |route: Route| {
        let path = &route.pattern;
        let pattern = if path.starts_with(['/', '*']) { format!("{base}{path}") } else { format!("{base}/{path}") };
        Route { pattern, ..route }
    };
    let nothing = settings.routes.is_empty() && settings.openapi.is_none();
    let mut served = match &own {
        // The routes are those that were found; they are elsewhere, or all.
        Answer::Service(running) if nothing => {
            let routes = running.served.routes.iter().cloned().map(below).collect();
            Served { routes, ..running.served.clone() }
        }
        _ if nothing && settings.closed.is_none() => return own,
        _ => Served::open(phrase!("upstreams-open-list", name = name)),
    };
    if nothing && settings.closed.is_none() && base.is_empty() {
        return own;
    }
    served.routes.extend(settings.routes.iter().map(|written| below(Route::written(written))));
    let mut described = false;
    // A few URIs that were tried say nothing of others.
    let mut tried = false;
    if let Some(path) = &settings.openapi {
        let path_of = project.workspace.join(path);
        match openapi::of_file(project, &path_of) {
            Some(list) => {
                if let Some(asked) = &list.asked {
                    let place = Place { file: project.vfs.id(&path_of), span: crate::text::Span::new(0, 0) };
                    let message = phrase!("upstreams-asked", path = path, of = &asked.of, day = &asked.day);
                    served.evidence.push(Evidence { place: Some(place), message });
                    tried = !asked.complete;
                }
                served.routes.extend(list.routes.into_iter().map(below));
                described = true;
            }
            None => served.scope = Scope::Open(phrase!("upstreams-open-unlisted", path = path)),
        }
    }
    let unread = settings.openapi.is_some() && !described;
    match settings.closed {
        Some(true) if !unread && !served.routes.is_empty() => {
            served.scope = Scope::Everywhere;
            served.knowledge = Knowledge::Whole;
        }
        None if tried => served.scope = Scope::Open(phrase!("upstreams-open-tried", path = settings.openapi.as_deref().unwrap_or(""))),
        Some(false) => served.scope = Scope::Open(phrase!("upstreams-open-list", name = name)),
        None if !unread && !nothing => {
            served.scope = Scope::Everywhere;
            // A description often leaves out what is not for its readers: health checks, pages, its own address.
            served.knowledge = if described { Knowledge::Part } else { Knowledge::Whole };
        }
        _ => {}
    }
    served.evidence.push(stated_at(project, name));
    let running = match own {
        Answer::Service(running) => Running { served, ..Running::clone(&running) },
        Answer::Here(_) | Answer::Unknown(_) => Running {
            name: name.to_owned(),
            service: None,
            image: None,
            build: None,
            product: None,
            source: None,
            served,
            returns: Vec::new(),
        },
    };
    Answer::Service(Arc::new(running))
}

/// Where the settings say it, when that is in the workspace's own file.
fn stated_at(project: &Project, name: &str) -> Evidence {
    let file = project.vfs.id(&project.workspace.join(crate::project::settings::Settings::FILE));
    let text = project.vfs.read(file).unwrap_or_default();
    let text = text.to_str();
    let header = [format!("[upstreams.{name}]"), format!("[upstreams.\"{name}\"]")];
    let found = header.iter().find_map(|header| Some((text.find(header.as_str())?, header.len())));
    let place = found.map(|(at, length)| Place { file, span: crate::text::Span::new(at as u32, (at + length) as u32) });
    Evidence { place, message: phrase!("upstreams-stated", name = name) }
}
