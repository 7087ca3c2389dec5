//! OpenAPI and Swagger: the paths that a description lists, below its servers.

use serde_json::Value as Json;

use super::documentation::templated;
use super::value::{Manner, Value, joined};
use super::{Found, Kind};
use crate::project::yaml::Yaml;
use crate::text::Span;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Reads a document; nothing for one that is no description.
pub(super) fn yaml(document: &Yaml) -> Vec<Found> {
    if document.get("openapi").is_none() && document.get("swagger").is_none() {
        return Vec::new();
    }
    let text = |node: &Yaml, key: &str| node.get(key).and_then(Yaml::scalar).map(str::to_owned);
    let servers = document.get("servers").map(Yaml::items).unwrap_or_default().iter().filter_map(|server| text(server, "url")).collect();
    let schemes = document.get("schemes").map(Yaml::items).unwrap_or_default().first().and_then(Yaml::scalar).map(str::to_owned);
    let bases = bases(servers, text(document, "host"), text(document, "basePath"), schemes);
    let mut out = Vec::new();
    for (path, item) in document.get("paths").map(Yaml::pairs).unwrap_or_default() {
        let Some(written) = path.scalar() else { continue };
        let methods: Vec<String> = item
            .pairs()
            .iter()
            .filter_map(|(key, _)| key.scalar())
            .filter(|key| METHODS.contains(key))
            .map(str::to_ascii_uppercase)
            .collect();
        add(&bases, written, &methods, path.span, &mut out);
    }
    out
}

/// The same in JSON.
pub(super) fn json(text: &str) -> Vec<Found> {
    let Ok(document) = serde_json::from_str::<Json>(text) else { return Vec::new() };
    if document.get("openapi").is_none() && document.get("swagger").is_none() {
        return Vec::new();
    }
    let word = |key: &str| document.get(key).and_then(Json::as_str).map(str::to_owned);
    let servers =
        document["servers"].as_array().into_iter().flatten().filter_map(|server| server["url"].as_str().map(str::to_owned)).collect();
    let bases = bases(servers, word("host"), word("basePath"), document["schemes"][0].as_str().map(str::to_owned));
    let mut out = Vec::new();
    let mut from = text.find("\"paths\"").unwrap_or(0);
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let methods: Vec<String> = item
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
            .filter(|key| METHODS.contains(&key.as_str()))
            .map(|key| key.to_ascii_uppercase())
            .collect();
        // Keys are in the order of the text.
        let quoted = format!("\"{path}\"");
        let at = text.get(from..).and_then(|rest| rest.find(&quoted)).map_or(from, |at| from + at);
        from = at;
        add(&bases, path, &methods, Span::new(at as u32 + 1, (at + 1 + path.len()).min(text.len()) as u32), &mut out);
    }
    out
}

fn bases(servers: Vec<String>, host: Option<String>, base: Option<String>, scheme: Option<String>) -> Vec<Value> {
    if !servers.is_empty() {
        return servers.iter().map(|server| templated(server.trim_end_matches('/'))).collect();
    }
    let base = base.unwrap_or_default();
    let base = base.trim_end_matches('/');
    vec![match host {
        Some(host) => Value::text(&format!("{}://{host}{base}", scheme.unwrap_or_else(|| "http".to_owned()))),
        None => Value::text(base),
    }]
}

fn add(bases: &[Value], path: &str, methods: &[String], span: Span, out: &mut Vec<Found>) {
    if !path.starts_with('/') {
        return;
    }
    for url in joined(bases, &[templated(path)]).iter().filter_map(|value| value.url(Manner::Code)) {
        let method = |name: &str| Found { span, kind: Kind::OpenApi, method: Some(name.into()), url: url.clone(), service: None };
        out.extend(methods.iter().map(|name| method(name)));
        if methods.is_empty() {
            out.push(Found { method: None, ..method("") });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, found: &[Found]) -> Vec<String> {
        found
            .iter()
            .map(|found| format!("{} {} | {}", found.method.as_deref().unwrap_or("?"), found.url, &text[found.span.range()]))
            .collect()
    }

    #[test]
    fn paths_below_their_servers() {
        let text = "openapi: 3.1.0\nservers:\n  - url: https://api.example/v1/\n  - url: /v2\npaths:\n  /users/{id}:\n    get: {}\n    delete: {}\n    parameters: []\n";
        let documents = Yaml::documents(text).expect("YAML");
        assert_eq!(
            shown(text, &yaml(&documents[0])),
            [
                "GET https://api.example/v1/users/… | /users/{id}",
                "DELETE https://api.example/v1/users/… | /users/{id}",
                "GET /v2/users/… | /users/{id}",
                "DELETE /v2/users/… | /users/{id}",
            ]
        );
        let swagger = r#"{"swagger": "2.0", "host": "h.example", "basePath": "/api", "paths": {"/a": {"post": {}}, "/b/{x}/c": {}}}"#;
        assert_eq!(shown(swagger, &json(swagger)), ["POST http://h.example/api/a | /a", "? http://h.example/api/b/… | /b/{x}/c"]);
        assert!(json(r#"{"paths": {"/a": {}}}"#).is_empty());
    }
}
