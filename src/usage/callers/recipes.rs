//! Commands in files that are no scripts: Makefiles, crontabs, workflows of CI.

use super::formats::Context;
use super::{Found, Kind, narrow, shell};
use crate::project::yaml::{Value, Yaml};
use crate::text::Span;

/// A Makefile's recipes, and a justfile's.
pub(super) fn makefile(text: &str, kind: Kind) -> Vec<Found> {
    let mut variables = String::new();
    let mut out = Vec::new();
    let mut at = 0usize;
    let mut pending: Option<(usize, String)> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end_matches(['\n', '\r']);
        let (from, whole) = match pending.take() {
            Some((from, before)) => (from, before + bare.trim_start()),
            None => (start, bare.to_owned()),
        };
        if let Some(more) = whole.strip_suffix('\\') {
            pending = Some((from, format!("{more} ")));
            continue;
        }
        if whole.starts_with(['\t', ' ']) {
            let line = whole.trim_start().trim_start_matches(['@', '-', '+']);
            if super::command::NAMES.iter().any(|name| line.contains(name.trim_end())) {
                let script = format!("{variables}{}", to_shell(line));
                let span = Span::new(from as u32, (start + bare.len()) as u32);
                out.extend(shell::read(&script, kind).into_iter().map(|found| Found { span: narrow(text, span, &found.url), ..found }));
            }
        } else if let Some((name, value)) = whole.split_once('=')
            && !whole.starts_with('#')
        {
            let name = name.trim_end_matches(['?', ':', '+']).trim();
            let name = name.strip_prefix("export ").unwrap_or(name);
            if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                variables.push_str(&format!("{name}=\"{}\"\n", to_shell(value.split(" #").next().unwrap_or("").trim()).trim_matches('"')));
            }
        }
    }
    out
}

/// `$(NAME)` and `$NAME` of make, `{{ name }}` of just, `$$` for the shell's own dollar.
fn to_shell(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['$', '{']) {
        out.push_str(&rest[..at]);
        let from = &rest[at..];
        if let Some(after) = from.strip_prefix("$$") {
            out.push('$');
            rest = after;
        } else if let Some(after) = from.strip_prefix("$(") {
            let (inside, behind) = after.split_once(')').unwrap_or((after, ""));
            let plain = inside.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            out.push_str(&if plain { format!("${{{inside}}}") } else { "${_unknown}".to_owned() });
            rest = behind;
        } else if let Some(after) = from.strip_prefix("{{") {
            let (inside, behind) = after.split_once("}}").unwrap_or((after, ""));
            let inside = inside.trim();
            let plain = inside.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            out.push_str(&if plain { format!("${{{inside}}}") } else { "${_unknown}".to_owned() });
            rest = behind;
        } else {
            let length = from.chars().next().map_or(1, char::len_utf8);
            out.push_str(&from[..length]);
            rest = &from[length..];
        }
    }
    out.push_str(rest);
    out
}

/// A crontab: five fields of time or `@daily`, in `/etc/cron.d` a user, a command.
pub(super) fn crontab(text: &str) -> Vec<Found> {
    let mut variables = String::new();
    let mut out = Vec::new();
    let mut at = 0usize;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let time = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "*/,-".contains(c));
        let mut words = trimmed.split_whitespace();
        let skip = if trimmed.starts_with('@') { 1 } else { 5 };
        if skip == 5 && (!words.clone().take(5).all(time) || !trimmed.starts_with(|c: char| c.is_ascii_digit() || c == '*')) {
            if trimmed.contains('=') {
                variables.push_str(trimmed);
                variables.push('\n');
            }
            continue;
        }
        let Some(first) = words.nth(skip) else { continue };
        let command = &trimmed[first.as_ptr() as usize - trimmed.as_ptr() as usize..];
        let span = Span::new(start as u32, (start + line.trim_end().len()) as u32);
        let read = |command: &str| shell::read(&format!("{variables}{command}"), Kind::Command);
        let mut found = read(command);
        if found.is_empty()
            && let Some((_, behind)) = command.split_once(char::is_whitespace)
        {
            // The user comes first.
            found = read(behind);
        }
        out.extend(found.into_iter().map(|found| Found { span: narrow(text, span, &found.url), ..found }));
    }
    out
}

/// A unit of systemd: what it starts.
pub(super) fn unit(text: &str) -> Vec<Found> {
    let mut out = Vec::new();
    let mut at = 0usize;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((_, command)) = line.trim().split_once('=').filter(|(key, _)| key.starts_with("Exec")) else { continue };
        let span = Span::new(start as u32, (start + line.trim_end().len()) as u32);
        let found = shell::read(command.trim_start_matches(['-', '@', '+', '!', ':']), Kind::Command);
        out.extend(found.into_iter().map(|found| Found { span: narrow(text, span, &found.url), ..found }));
    }
    out
}

/// The scripts of a `package.json`.
pub(super) fn package(text: &str) -> Vec<Found> {
    let Ok(document) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let whole = Span::new(0, text.len() as u32);
    let scripts = document["scripts"].as_object().into_iter().flatten().filter_map(|(_, script)| script.as_str());
    let found = scripts.flat_map(|script| shell::read(script, Kind::Script));
    found.map(|found| Found { span: narrow(text, whole, &found.url), ..found }).collect()
}

/// Where tools of CI look for their file.
const PLACES: [&str; 12] = [
    ".github/",
    ".gitlab-ci",
    ".circleci/",
    "azure-pipelines",
    "bitbucket-pipelines",
    "taskfile",
    ".drone",
    ".woodpecker",
    "buildspec",
    ".gitea/",
    ".forgejo/",
    "cloudbuild",
];

/// A workflow's scripts: `run:`, `script:` and their like.
pub(super) fn workflow(document: &Yaml, text: &str, context: &Context<'_>) -> Vec<Found> {
    let path = context.path.to_string_lossy().to_lowercase();
    if !PLACES.iter().any(|place| path.contains(place)) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut pending = vec![(document, String::new())];
    while let Some((node, mut variables)) = pending.pop() {
        for (name, value) in ["env", "variables"].iter().filter_map(|key| node.get(key)).flat_map(Yaml::pairs) {
            if let (Some(name), Some(value)) = (name.scalar(), value.scalar().or_else(|| value.get("value")?.scalar())) {
                variables.push_str(&format!("{name}=\"{}\"\n", expressions(value).replace('"', "")));
            }
        }
        for (key, value) in node.pairs() {
            let scripts = ["run", "script", "before_script", "after_script", "command", "cmds", "commands", "bash", "cmd"];
            if !key.scalar().is_some_and(|key| scripts.contains(&key)) || matches!(value.value, Value::Mapping(_)) {
                pending.push((value, variables.clone()));
                continue;
            }
            let lines = if value.scalar().is_some() { std::slice::from_ref(value) } else { value.items() };
            // One list is one script.
            let code: String = lines.iter().filter_map(Yaml::scalar).map(|line| format!("{}\n", expressions(line))).collect();
            let found = shell::read(&format!("{variables}{code}"), context.kind(Kind::Script));
            out.extend(found.into_iter().map(|found| Found { span: narrow(text, value.span, &found.url), ..found }));
        }
        pending.extend(node.items().iter().map(|item| (item, variables.clone())));
    }
    out.sort_by_key(|found| found.span);
    out
}

/// `${{ … }}` is known when the workflow runs.
fn expressions(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${{") {
        out.push_str(&rest[..at]);
        out.push_str("${_unknown}");
        rest = rest[at..].split_once("}}").map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn shown(text: &str, found: &[Found]) -> Vec<String> {
        found.iter().map(|found| format!("{} | {}", found.url, &text[found.span.range()])).collect()
    }

    #[test]
    fn recipes_of_make() {
        let text = "HOST ?= a.example\nBASE := http://$(HOST):8080\nhealth:\n\t@curl -fsS $(BASE)/health\n\t-curl $$URL/x # y\n# curl http://no/no\n";
        assert_eq!(shown(text, &makefile(text, Kind::Script)), ["http://a.example:8080/health | /health", "?…/x | /x"]);
    }

    #[test]
    fn lines_of_crontabs() {
        let text = "MAILTO=x\n# * * * * * curl http://no/no\n*/5 * * * * root curl -s http://a.example/warm\n@daily wget -q http://a.example/day\n0 4 * * 1 curl http://a.example/x\n";
        let expected = [
            "http://a.example/warm | http://a.example/warm",
            "http://a.example/day | http://a.example/day",
            "http://a.example/x | http://a.example/x",
        ];
        assert_eq!(shown(text, &crontab(text)), expected);
    }

    #[test]
    fn units_and_packages() {
        let text = "[Service]\nExecStart=-/usr/bin/curl -fsS http://a.example/tick\n# ExecStart=curl http://no/no\n";
        assert_eq!(shown(text, &unit(text)), ["http://a.example/tick | http://a.example/tick"]);
        let text = r#"{"scripts": {"smoke": "curl -f http://localhost:8080/health && echo", "build": "tsc"}}"#;
        assert_eq!(shown(text, &package(text)), ["http://localhost:8080/health | http://localhost:8080/health"]);
    }

    #[test]
    fn steps_of_workflows() {
        let text = "on: push\nenv:\n  BASE: http://a.example\njobs:\n  check:\n    steps:\n      - run: |\n          curl -f $BASE/health\n          curl http://${{ secrets.HOST }}/x\n      - run: echo\n";
        let documents = Yaml::documents(text).expect("YAML");
        let context = Context::new(Path::new(".github/workflows/ci.yml"));
        assert_eq!(shown(text, &workflow(&documents[0], text, &context)), ["http://a.example/health | /health", "http://?/x | /x"]);
        assert!(workflow(&documents[0], text, &Context::new(Path::new("values.yml"))).is_empty());
    }
}
