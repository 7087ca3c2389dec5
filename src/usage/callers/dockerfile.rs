//! Dockerfiles: `HEALTHCHECK`, and what runs at start.

use std::path::Path;

use super::command::{self, Line};
use super::value::{Value, Values};
use super::{Caller, Found, Kind, compose, narrow, shell};
use crate::project::{Project, dockerfile};
use crate::text::Span;

/// Reads a Dockerfile: once for each service that is built with it, or for nobody's.
pub(super) fn read(project: &Project, path: &Path) -> Vec<Caller> {
    let file = project.vfs.id(path);
    let context = path.parent().unwrap_or(Path::new("/"));
    let owned = path.to_path_buf();
    let mut builds: Vec<_> = compose::built_with(project, &owned)
        .map(|service| {
            (
                Some(service.name.as_str()),
                service.container.build.as_ref().and_then(|build| build.target.as_deref()),
                service.container.build.as_ref(),
            )
        })
        .collect();
    builds.sort_by_key(|(name, target, _)| (*name, *target));
    builds.dedup_by_key(|(name, target, _)| (*name, *target));
    if builds.is_empty() {
        builds.push((None, None, None));
    }
    let text = project.vfs.read(file).unwrap_or_default();
    let text = text.to_str();
    let whole = Span::new(0, text.len() as u32);
    let mut out: Vec<Caller> = Vec::new();
    for (service, target, build) in builds {
        let args = build.map(|build| build.args.as_slice()).unwrap_or_default();
        let Some(image) = dockerfile::read(&project.vfs, file, context, target, args) else { continue };
        let mut found = Vec::new();
        if let Some((line, place)) = &image.healthcheck {
            found.extend(one(line, Kind::HealthCheck).into_iter().map(|found| (place.span, found)));
        }
        if !image.start.is_empty() {
            let words: Vec<Values> = image.start.iter().map(|word| vec![Value::text(word)]).collect();
            found.extend(run(&words, Kind::Command).into_iter().map(|found| (whole, found)));
        }
        for (span, found) in found {
            let service = found.service.clone().or_else(|| service.map(Into::into));
            let span = narrow(&text, span, &found.url);
            out.push(super::scan::caller(file, Found { span, service, ..found }));
        }
    }
    out
}

/// `HEALTHCHECK CMD`: words in JSON, or a line for the shell.
fn one(line: &str, kind: Kind) -> Vec<Found> {
    match serde_json::from_str::<Vec<String>>(line) {
        Ok(words) => run(&words.iter().map(|word| vec![Value::text(word)]).collect::<Vec<Values>>(), kind),
        Err(_) => shell::read(line, kind),
    }
}

fn run(words: &[Values], kind: Kind) -> Vec<Found> {
    match command::read(words) {
        Line::Asks(asked) => asked
            .into_iter()
            .map(|asked| Found { span: Span::at(0), kind, method: asked.method, url: asked.url, service: asked.service })
            .collect(),
        Line::Script(_, script, _) => script.iter().filter_map(Value::known).flat_map(|code| shell::read(code, kind)).collect(),
    }
}
