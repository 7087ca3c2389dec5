//! Collections of requests: `.http` files, Hurl, Postman, Insomnia, Bruno, HAR.

use serde_json::Value as Json;

use super::formats::Context;
use super::value::{Manner, Piece, Value};
use super::{Found, Kind};
use crate::project::yaml::Yaml;
use crate::text::Span;

const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE"];

/// Variables by name.
type Variables = Vec<(String, String)>;

/// Puts in `{{name}}` what a file gives it; a gap where it gives nothing. Postman's `:id` in a path is one, too.
fn filled(text: &str, variables: &Variables, depth: usize) -> Value {
    let mut out = Value::default();
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        out.push(Piece::Text(rest[..at].to_owned()));
        let (name, behind) = rest[at + 2..].split_once("}}").unwrap_or((&rest[at + 2..], ""));
        match variables.iter().rev().find(|(known, _)| known == name.trim()) {
            Some((_, value)) if depth < 4 && !value.is_empty() => out = out.then(&filled(value, variables, depth + 1)),
            _ => out.push(Piece::Gap),
        }
        rest = behind;
    }
    out.push(Piece::Text(rest.to_owned()));
    out
}

/// `/users/:id`
fn with_parameters(value: Value) -> Value {
    let mut out = Value::default();
    for piece in value.0 {
        let Piece::Text(text) = piece else {
            out.push(piece);
            continue;
        };
        let mut rest = text.as_str();
        while let Some(at) = rest.find("/:").filter(|at| rest[at + 2..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')) {
            out.push(Piece::Text(rest[..at + 1].to_owned()));
            out.push(Piece::Gap);
            rest = rest[at + 2..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        }
        out.push(Piece::Text(rest.to_owned()));
    }
    out
}

fn push(method: Option<&str>, value: Value, span: Span, out: &mut Vec<Found>) {
    if let Some(url) = with_parameters(value).url(Manner::Command) {
        out.push(Found { span, kind: Kind::Collection, method: method.map(|name| name.to_ascii_uppercase().into()), url, service: None });
    }
}

/// `.http`, `.rest` and Hurl: `@name = value`, then `METHOD url`, or a URL alone at the beginning of a request.
pub(super) fn http_file(text: &str) -> Vec<Found> {
    let mut variables = Variables::new();
    for line in text.lines() {
        if let Some((name, value)) = line.trim().strip_prefix('@').and_then(|line| line.split_once('=')) {
            variables.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    let mut out = Vec::new();
    let mut fresh = true;
    let mut at = 0usize;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if trimmed.starts_with("###") {
            fresh = true;
            continue;
        }
        if trimmed.is_empty() || trimmed.starts_with(['#', '@']) || trimmed.starts_with("//") {
            continue;
        }
        let (word, rest) = trimmed.split_once(char::is_whitespace).unwrap_or((trimmed, ""));
        let (method, target) = match METHODS.contains(&word) {
            true => (Some(word), rest.trim()),
            false if fresh && (word.contains("://") || word.starts_with("{{")) => (Some("GET"), trimmed),
            false => {
                fresh = false;
                continue;
            }
        };
        fresh = false;
        let target = target.split(" HTTP/").next().unwrap_or(target).trim();
        let from = start + line.find(target).unwrap_or(0);
        push(method, filled(target, &variables, 0), Span::new(from as u32, (from + target.len()) as u32), &mut out);
    }
    out
}

/// Bruno: `get { url: … }`.
pub(super) fn bruno(text: &str) -> Vec<Found> {
    let mut out = Vec::new();
    let mut method: Option<&str> = None;
    let mut at = 0usize;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if let Some(name) = trimmed.strip_suffix('{').map(str::trim) {
            method = METHODS.iter().find(|known| known.eq_ignore_ascii_case(name)).copied();
        } else if trimmed == "}" {
            method = None;
        } else if let (Some(name), Some(target)) = (method, trimmed.strip_prefix("url:")) {
            let target = target.trim();
            let from = start + line.find(target).unwrap_or(0);
            push(Some(name), filled(target, &Variables::new(), 0), Span::new(from as u32, (from + target.len()) as u32), &mut out);
        }
    }
    out
}

/// Postman, Insomnia and HAR; `None` for other JSON.
pub(super) fn json(context: &Context<'_>, text: &str) -> Option<Vec<Found>> {
    let is_archive = context.extension() == "har" || text.contains("\"entries\"") && text.contains("\"httpVersion\"");
    let is_collection = text.contains("getpostman.com") || text.contains("_postman_id");
    let is_export = text.contains("\"__export_format\"") || text.contains("\"_type\"") && text.contains("insomnia");
    if !(is_archive || is_collection || is_export) {
        return None;
    }
    let document: Json = serde_json::from_str(text).ok()?;
    let mut out = Vec::new();
    let mut finder = Finder { text, from: 0 };
    if is_collection {
        let variable = |one: &Json| Some((one["key"].as_str()?.to_owned(), one["value"].as_str().unwrap_or_default().to_owned()));
        let variables = document["variable"].as_array().into_iter().flatten().filter_map(variable).collect();
        items(&document["item"], &variables, &mut finder, &mut out, 0);
    } else if is_export {
        let resources = document["resources"].as_array();
        let mut variables = Variables::new();
        for environment in resources.into_iter().flatten().filter(|one| one["_type"] == "environment") {
            for (name, value) in environment["data"].as_object().into_iter().flatten() {
                variables.extend(value.as_str().map(|value| (name.clone(), value.to_owned())));
                variables.extend(value.as_str().map(|value| (format!("_.{name}"), value.to_owned())));
            }
        }
        for request in resources.into_iter().flatten().filter(|one| one["_type"] == "request") {
            if let Some(url) = request["url"].as_str() {
                push(
                    request["method"].as_str(),
                    filled(&url.replace("{{ ", "{{").replace(" }}", "}}"), &variables, 0),
                    finder.find(url),
                    &mut out,
                );
            }
        }
    } else {
        for entry in document["log"]["entries"].as_array().into_iter().flatten() {
            let request = &entry["request"];
            if let Some(url) = request["url"].as_str() {
                push(request["method"].as_str(), Value::text(url), finder.find(url), &mut out);
            }
        }
        // A recorded session asks for the same things again and again.
        let mut seen = rustc_hash::FxHashSet::default();
        out.retain(|found| seen.insert((found.method.clone(), found.url.to_string())));
    }
    Some(out)
}

/// Insomnia's newer export.
pub(super) fn yaml(document: &Yaml) -> Vec<Found> {
    let is_export = document.get("type").and_then(Yaml::scalar).is_some_and(|kind| kind.starts_with("collection.insomnia"));
    let mut out = Vec::new();
    let mut pending: Vec<&Yaml> =
        if is_export { document.get("collection").map(Yaml::items).unwrap_or_default().iter().collect() } else { Vec::new() };
    while let Some(item) = pending.pop() {
        pending.extend(item.get("children").map(Yaml::items).unwrap_or_default());
        if let (Some(url), Some(method)) = (item.get("url"), item.get("method").and_then(Yaml::scalar)) {
            push(Some(method), filled(url.scalar().unwrap_or(""), &Variables::new(), 0), url.span, &mut out);
        }
    }
    out.sort_by_key(|found| found.span);
    out
}

/// Postman's requests, in folders.
fn items(list: &Json, variables: &Variables, finder: &mut Finder<'_>, out: &mut Vec<Found>, depth: usize) {
    if depth > 32 {
        return;
    }
    for item in list.as_array().into_iter().flatten() {
        items(&item["item"], variables, finder, out, depth + 1);
        let request = &item["request"];
        let url = request.as_str().or(request["url"].as_str()).or(request["url"]["raw"].as_str());
        if let Some(url) = url {
            push(request["method"].as_str().or(Some("GET")), filled(url, variables, 0), finder.find(url), out);
        }
    }
}

/// Finds texts of a document in their order.
struct Finder<'a> {
    text: &'a str,
    from: usize,
}

impl Finder<'_> {
    fn find(&mut self, written: &str) -> Span {
        let quoted = serde_json::to_string(written).unwrap_or_default();
        let bare = quoted.trim_matches('"');
        let found = self.text.get(self.from..).and_then(|rest| rest.find(bare)).map(|at| self.from + at).or_else(|| self.text.find(bare));
        let Some(at) = found else { return Span::at(0) };
        self.from = at + bare.len();
        Span::new(at as u32, (at + bare.len()) as u32)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn shown(text: &str, found: &[Found]) -> Vec<String> {
        found
            .iter()
            .map(|found| format!("{} {} | {}", found.method.as_deref().unwrap_or("?"), found.url, &text[found.span.range()]))
            .collect()
    }

    #[test]
    fn http_files() {
        let text = "@host = http://a.example\n### one\nGET {{host}}/x/{{id}} HTTP/1.1\nAccept: http://no/no\n\n{ \"u\": \"http://no/no\" }\n###\nhttp://b.example/y\n# GET http://no/no\n###\nDELETE {{other}}/z\n";
        assert_eq!(
            shown(text, &http_file(text)),
            ["GET http://a.example/x/… | {{host}}/x/{{id}}", "GET http://b.example/y | http://b.example/y", "DELETE ?…/z | {{other}}/z"]
        );
    }

    #[test]
    fn bruno_and_postman() {
        let text = "meta {\n  name: x\n}\npost {\n  url: {{base}}/login\n  body: json\n}\nbody:json {\n  { \"url\": 1 }\n}\n";
        assert_eq!(shown(text, &bruno(text)), ["POST ?…/login | {{base}}/login"]);
        let text = r#"{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
            "variable": [{"key": "base", "value": "http://a.example"}],
            "item": [{"name": "f", "item": [{"request": {"method": "PUT", "url": {"raw": "{{base}}/users/:id?x=1"}}}]}, {"request": "http://b.example/y"}]}"#;
        let context = Context::new(Path::new("a.json"));
        let found = json(&context, text).expect("a collection");
        assert_eq!(
            shown(text, &found),
            ["PUT http://a.example/users/… | {{base}}/users/:id?x=1", "GET http://b.example/y | http://b.example/y"]
        );
        assert!(json(&context, r#"{"url": "http://a/x"}"#).is_none());
    }

    #[test]
    fn archives_and_exports() {
        let text = r#"{"log": {"entries": [{"request": {"method": "GET", "url": "http://a.example/x?y=1", "httpVersion": "1"}}, {"request": {"method": "GET", "url": "http://a.example/x?y=2"}}]}}"#;
        let found = json(&Context::new(Path::new("a.har")), text).expect("an archive");
        assert_eq!(shown(text, &found), ["GET http://a.example/x | http://a.example/x?y=1"]);
        let text = r#"{"_type": "export", "__export_format": 4, "resources": [{"_type": "environment", "data": {"base": "http://a.example"}}, {"_type": "request", "method": "POST", "url": "{{ _.base }}/z"}]}"#;
        let found = json(&Context::new(Path::new("a.json")), text).expect("an export");
        assert_eq!(shown(text, &found), ["POST http://a.example/z | {{ _.base }}/z"]);
        let text = "type: collection.insomnia.rest/5.0\ncollection:\n  - name: f\n    children:\n      - url: http://a.example/q\n        method: GET\n";
        let documents = Yaml::documents(text).expect("YAML");
        assert_eq!(shown(text, &yaml(&documents[0])), ["GET http://a.example/q | http://a.example/q"]);
    }
}
