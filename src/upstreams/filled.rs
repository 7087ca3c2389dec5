//! Variables that are filled in before nginx reads a file, and variables of nginx that have one of a few texts.

use std::borrow::Cow;

use super::variables::Variables;
use crate::config::{Config, EntryId};
use crate::project::Project;
use crate::project::compose::Service;

/// How many texts a variable may have.
const MOST: usize = 16;

/// A text of a template with the variables that the official image's `envsubst` replaces when the container starts, as far as their
/// values are known.
pub fn text<'a>(project: &Project, config: &Config, entry: EntryId, written: &'a str) -> Cow<'a, str> {
    if !written.contains('$') {
        return Cow::Borrowed(written);
    }
    let Some(services) = filling(project, config, entry) else { return Cow::Borrowed(written) };
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('$') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let after = rest.get(at + 1..).unwrap_or_default();
        let (name, end) = name(after);
        match value(&services, name) {
            Some(value) => out.push_str(&value),
            None => out.push_str(rest.get(at..at + 1 + end).unwrap_or_default()),
        }
        rest = after.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The name behind a `$`, and where it ends with its braces; an empty one where it is none.
fn name(after: &str) -> (&str, usize) {
    let word = |text: &str| text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
    match after.strip_prefix('{') {
        Some(inside) => {
            let end = word(inside);
            match inside.get(end..).is_some_and(|rest| rest.starts_with('}')) {
                true => (inside.get(..end).unwrap_or_default(), end + 2),
                false => ("", 0),
            }
        }
        None => {
            let end = word(after);
            (after.get(..end).unwrap_or_default(), end)
        }
    }
}

/// The services whose containers fill in the file in which a directive stands.
fn filling<'a>(project: &'a Project, config: &Config, entry: EntryId) -> Option<Vec<&'a Service>> {
    let path = project.vfs.path(config.place(entry).file);
    if path.extension().is_none_or(|end| end != "template") {
        return None;
    }
    let mut names = Vec::new();
    for deployment in project.deployments.of(&path) {
        let filled = deployment.server_path_of(&path).is_some_and(|path| path.starts_with("/etc/nginx/conf.d/"));
        names.push(deployment.service.as_deref().filter(|name| filled && !name.contains('/'))?);
    }
    let all = project.compose.iter().flat_map(|compose| &compose.services);
    let services: Vec<&Service> = all.filter(|service| names.contains(&service.name.as_str())).collect();
    let usual = |service: &&Service| !service.container.environment.iter().any(|(name, _)| name.starts_with("NGINX_ENVSUBST"));
    (!services.is_empty() && services.iter().all(usual)).then_some(services)
}

/// The value that all these containers have for a variable.
fn value(services: &[&Service], name: &str) -> Option<String> {
    let of = |service: &&Service| {
        let (_, text) = service.container.environment.iter().rev().find(|(known, _)| known == name)?;
        text.value.clone()
    };
    let first = of(services.first()?)?;
    services.iter().all(|service| of(service).as_ref() == Some(&first)).then_some(first)
}

/// What a text can be whose one variable is made by a `map` with plain texts. `None` where it can be anything else.
pub(super) fn choices(variables: &Variables<'_>, written: &str) -> Option<Vec<String>> {
    let config = variables.config;
    let at = written.find('$').filter(|_| !config.all("map").is_empty())?;
    let after = written.get(at + 1..)?;
    let (name, end) = name(after);
    let (before, behind) = (written.get(..at)?, after.get(end..)?);
    if name.is_empty() || behind.contains('$') || before.is_empty() && behind.is_empty() {
        // A `map` may as well have whole addresses; with one name for several schemes and paths nothing is gained.
        return None;
    }
    let only = variables.only_definer(name).filter(|only| config.directive(*only).is("map"))?;
    let mut out: Vec<String> = Vec::new();
    let mut default = false;
    for line in config.entry(only).children.iter().map(|line| config.directive(*line)) {
        let key = &*line.name.value;
        if matches!(key, "hostnames" | "volatile") && line.args.is_empty() {
            continue;
        }
        let value = line.arg(0).filter(|value| line.args.len() == 1 && !value.is_empty() && !value.contains('$') && key != "include")?;
        default |= key == "default";
        let text = format!("{before}{value}{behind}");
        if !out.contains(&text) {
            out.push(text);
        }
    }
    // Without a default it is empty for all others.
    (default && out.len() <= MOST).then_some(out)
}
