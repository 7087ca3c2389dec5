//! Compose files: health checks, and the commands of services.

use std::path::PathBuf;

use super::command::{self, Line};
use super::value::{Piece, Value, Values};
use super::{Caller, Found, Kind, narrow, shell};
use crate::project::compose::Service;
use crate::project::container::Text;
use crate::project::{Place, Project};
use crate::text::Span;

/// Reads all services of a workspace.
pub(super) fn read(project: &Project) -> Vec<Caller> {
    let mut out: Vec<Caller> = Vec::new();
    for service in project.compose.iter().flat_map(|compose| &compose.services) {
        let mut found: Vec<(Place, Found)> = Vec::new();
        let check = &service.healthcheck;
        match check.first().and_then(|word| word.value.as_deref()) {
            Some("NONE") => {}
            Some("CMD") => found.extend(words(project, check.get(1..).unwrap_or(&[]), Kind::HealthCheck)),
            Some("CMD-SHELL") => check.iter().skip(1).for_each(|line| found.extend(script(project, line, Kind::HealthCheck))),
            _ => {}
        }
        let command: Vec<Text> = service.container.entrypoint.iter().chain(&service.container.command).cloned().collect();
        found.extend(words(project, &command, Kind::Command));
        for (place, found) in found {
            let service = found.service.clone().or_else(|| Some(service.name.as_str().into()));
            let caller = super::scan::caller(place.file, Found { service, ..found });
            // A service of the base file is there again with every variant of it.
            if !out.contains(&caller) {
                out.push(caller);
            }
        }
    }
    out
}

/// The services that are built with a Dockerfile.
pub(super) fn built_with<'a>(project: &'a Project, dockerfile: &PathBuf) -> impl Iterator<Item = &'a Service> {
    let services = project.compose.iter().flat_map(|compose| &compose.services);
    services.filter(move |service| service.container.build.as_ref().is_some_and(|build| build.dockerfile == *dockerfile))
}

/// What one word can be. Where a variable of the environment hides it, the rest is known all the same.
fn values(project: &Project, word: &Text) -> Values {
    if let Some(value) = &word.value {
        return vec![Value::text(value)];
    }
    let raw = raw(project, word.place);
    let mut out = Value::default();
    let mut rest = raw.as_str();
    while let Some(at) = rest.find("${") {
        out.push(Piece::Text(rest[..at].replace("$$", "$")));
        out.push(Piece::Gap);
        rest = rest[at..].split_once('}').map_or("", |(_, behind)| behind);
    }
    out.push(Piece::Text(rest.to_owned()));
    vec![out]
}

/// A scalar as it is written, without quotes.
fn raw(project: &Project, place: Place) -> String {
    let text = project.text(place.file);
    let text = text.slice(place.span);
    text.trim().trim_matches(['"', '\'']).to_owned()
}

fn place_of(project: &Project, word: &Text, found: &Found) -> Place {
    let source = project.text(word.place.file);
    Place { file: word.place.file, span: narrow(&source.to_str(), word.place.span, &found.url) }
}

/// A line that a shell reads.
fn script(project: &Project, line: &Text, kind: Kind) -> Vec<(Place, Found)> {
    let code = match &line.value {
        Some(code) => code.clone(),
        None => raw(project, line.place).replace("$$", "$"),
    };
    shell::read(&code, kind).into_iter().map(|found| at(place_of(project, line, &found), found)).collect()
}

fn at(place: Place, found: Found) -> (Place, Found) {
    (place, Found { span: place.span, ..found })
}

/// A command given as words.
fn words(project: &Project, words: &[Text], kind: Kind) -> Vec<(Place, Found)> {
    let all: Vec<Values> = words.iter().map(|word| values(project, word)).collect();
    match command::read(&all) {
        Line::Asks(asked) => {
            let one = |asked: command::Asked| {
                let word = words.get(asked.word)?;
                let found = Found { span: Span::at(0), kind, method: asked.method, url: asked.url, service: asked.service };
                Some(at(place_of(project, word, &found), found))
            };
            asked.into_iter().filter_map(one).collect()
        }
        Line::Script(index, _, _) => words.get(index).map(|line| script(project, line, kind)).unwrap_or_default(),
    }
}
