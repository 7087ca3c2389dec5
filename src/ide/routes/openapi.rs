//! The map as a description of the public API: OpenAPI 3.1.
//!
//! Nothing is made up: a route of which the methods are not known has `x-any-method` in the place of one, and a location of which it is not
//! known what is below it is listed in `x-other-locations`, with the reason.

use std::collections::BTreeMap;

use serde_json::{Map as Object, Value, json};

use super::{Backend, Kind, Known, Location, Map, Pass, Server, head};
use crate::messages::printable::escaped;

/// The methods that an OpenAPI path item has members for.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// One path of the API.
#[derive(Default)]
struct Item {
    /// With its parameters named: `/users/{id}`.
    template: String,
    parameters: Vec<Parameter>,
    /// By the member's name.
    operations: BTreeMap<String, Operation>,
}

struct Parameter {
    name: String,
    /// Slashes, too.
    any: bool,
}

#[derive(Default)]
struct Operation {
    servers: Vec<usize>,
    locations: Vec<Value>,
    backends: Vec<Value>,
    responses: Object<String, Value>,
}

/// As one JSON object.
pub fn openapi(map: &Map) -> serde_json::Result<String> {
    let mut items: Vec<Item> = Vec::new();
    let mut by_key: BTreeMap<String, usize> = BTreeMap::new();
    let mut others: Vec<Value> = Vec::new();
    for (number, server) in map.servers.iter().enumerate() {
        for location in server.locations.iter().filter(|location| !location.dead) {
            let mut paths = Paths { items: &mut items, by_key: &mut by_key, server: number };
            if let Some(other) = one(&mut paths, server, location) {
                others.push(other);
            }
        }
    }
    let servers: Vec<Value> = map.servers.iter().flat_map(servers_of).collect();
    let several = map.servers.len() > 1;
    let mut paths = Object::new();
    for item in &items {
        paths.insert(item.template.clone(), item.value(several.then_some(map)));
    }
    let (mark, tool) = head();
    let title = map.workspace.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or("gateway");
    let mut out = json!({
        "openapi": "3.1.0",
        "x-mark": mark,
        "x-generator": { "name": tool.name, "version": tool.version },
        "info": { "title": title, "version": "0" },
    });
    if let Some(object) = out.as_object_mut() {
        if !servers.is_empty() {
            object.insert("servers".into(), Value::Array(servers));
        }
        object.insert("paths".into(), Value::Object(paths));
        if !others.is_empty() {
            object.insert("x-other-locations".into(), Value::Array(others));
        }
    }
    Ok(escaped(serde_json::to_string_pretty(&out)?) + "\n")
}

/// Where paths are added.
struct Paths<'a> {
    items: &'a mut Vec<Item>,
    by_key: &'a mut BTreeMap<String, usize>,
    server: usize,
}

impl Paths<'_> {
    /// The operations of a path with these methods; of any method for none.
    fn operations(&mut self, path: &str, methods: &[String], mut each: impl FnMut(&mut Operation)) {
        let (template, parameters, key) = template(path);
        let index = *self.by_key.entry(key).or_insert_with(|| {
            self.items.push(Item { template, parameters, operations: BTreeMap::new() });
            self.items.len() - 1
        });
        let Some(item) = self.items.get_mut(index) else { return };
        let lower = methods.iter().map(|method| method.to_ascii_lowercase());
        let mut members: Vec<String> =
            lower.map(|method| if METHODS.contains(&method.as_str()) { method } else { format!("x-method-{method}") }).collect();
        if members.is_empty() {
            members.push("x-any-method".to_owned());
        }
        for member in members {
            let operation = item.operations.entry(member).or_default();
            if !operation.servers.contains(&self.server) {
                operation.servers.push(self.server);
            }
            each(operation);
        }
    }
}

/// Adds what is known of a location; what is not is given back.
fn one(paths: &mut Paths<'_>, server: &Server, location: &Location) -> Option<Value> {
    let own = json!({ "server": server.server, "location": location.location, "file": location.file, "line": location.line });
    let mut why: Vec<Value> = Vec::new();
    let add = |value: &Value, list: &mut Vec<Value>| {
        if !list.contains(value) {
            list.push(value.clone());
        }
    };
    for pass in &location.passes {
        if pass.backends.is_empty() {
            why.push(json!({ "backend": pass.written, "known": Known::Unknown, "why": null }));
        }
        for backend in &pass.backends {
            if backend.known != Known::Complete {
                why.push(json!({ "backend": backend.name, "known": backend.known, "why": backend.why }));
            }
            let lost: Vec<&str> = backend.routes.iter().filter(|route| route.path.is_none()).map(|route| route.route.as_str()).collect();
            if !lost.is_empty() {
                why.push(json!({ "backend": backend.name, "known": backend.known, "why": null, "routes_of_unknown_url": lost }));
            }
            for route in &backend.routes {
                let Some(path) = &route.path else { continue };
                let to = backend_value(pass, backend, &route.route, route.file.as_deref(), route.line);
                paths.operations(path, &route.methods, |operation| {
                    add(&own, &mut operation.locations);
                    add(&to, &mut operation.backends);
                });
            }
        }
    }
    if location.internal {
        return None;
    }
    let exact = location.path.as_ref().filter(|path| !path.ends_with('*'));
    if let (true, Some(path)) = (location.passes.is_empty(), exact) {
        paths.operations(path, &location.methods, |operation| {
            add(&own, &mut operation.locations);
            if let Some(status) = location.status {
                let description = location.target.as_deref().unwrap_or(&location.written);
                operation.responses.insert(status.to_string(), json!({ "description": description }));
            }
        });
        return None;
    }
    if !location.passes.is_empty() && why.is_empty() {
        return None;
    }
    let mut other = own.clone();
    if let Some(object) = other.as_object_mut() {
        object.insert("path".into(), json!(location.path));
        object.insert("answer".into(), json!(location.written));
        if location.kind == Kind::Pass {
            object.insert("backends".into(), Value::Array(why));
        }
    }
    Some(other)
}

fn backend_value(pass: &Pass, backend: &Backend, route: &str, file: Option<&str>, line: Option<u32>) -> Value {
    json!({
        "name": backend.name,
        "addresses": backend.addresses,
        "scheme": pass.scheme,
        "route": route,
        "file": file,
        "line": line,
    })
}

impl Item {
    /// With the servers of each operation, where the map has several.
    fn value(&self, several: Option<&Map>) -> Value {
        let mut out = Object::new();
        if !self.parameters.is_empty() {
            let parameter = |parameter: &Parameter| {
                let mut value = json!({ "name": parameter.name, "in": "path", "required": true, "schema": { "type": "string" } });
                if let Some(object) = value.as_object_mut().filter(|_| parameter.any) {
                    object.insert("x-any-path".into(), Value::Bool(true));
                }
                value
            };
            out.insert("parameters".into(), self.parameters.iter().map(parameter).collect());
        }
        for (member, operation) in &self.operations {
            let mut value = Object::new();
            let servers: Vec<Value> = several
                .into_iter()
                .flat_map(|map| operation.servers.iter().filter_map(|server| map.servers.get(*server)))
                .flat_map(servers_of)
                .collect();
            if !servers.is_empty() {
                value.insert("servers".into(), Value::Array(servers));
            }
            if !operation.responses.is_empty() {
                value.insert("responses".into(), Value::Object(operation.responses.clone()));
            }
            value.insert("x-nginx-location".into(), Value::Array(operation.locations.clone()));
            if !operation.backends.is_empty() {
                value.insert("x-backend".into(), Value::Array(operation.backends.clone()));
            }
            out.insert(member.clone(), Value::Object(value));
        }
        Value::Object(out)
    }
}

/// The server objects of a server; a host that may be any one is a variable.
fn servers_of(server: &Server) -> Vec<Value> {
    let value = |url: &String| match url.contains('*') {
        false => json!({ "url": url, "description": server.server }),
        true => json!({
            "url": url.replacen('*', "{host}", 1).replace('*', ""),
            "description": server.server,
            "variables": { "host": { "default": "localhost" } },
        }),
    };
    server.urls.iter().map(value).collect()
}

/// A pattern as a path template, its parameters, and what all templates of the same shape have in common (two of one shape may not
/// stand in one description).
fn template(pattern: &str) -> (String, Vec<Parameter>, String) {
    let mut out = String::new();
    let mut key = String::new();
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut rest = pattern;
    if !rest.starts_with('/') {
        out.push('/');
        key.push('/');
    }
    while let Some(letter) = rest.chars().next() {
        let colon = letter == ':' && out.ends_with('/');
        let (name, any, after) = match letter {
            '*' => ("rest", true, rest.get(1..)),
            '{' => match rest.get(1..).and_then(|inside| inside.split_once('}')) {
                Some((name, after)) => (name, false, Some(after)),
                None => ("x", false, None),
            },
            ':' if colon => {
                let end = rest.find('/').unwrap_or(rest.len());
                (rest.get(1..end).unwrap_or_default(), false, rest.get(end..))
            }
            _ => {
                out.push(letter);
                key.push(letter);
                rest = rest.get(letter.len_utf8()..).unwrap_or_default();
                continue;
            }
        };
        rest = after.unwrap_or_default();
        let plain: String = name.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
        let base = if plain.is_empty() { "x".to_owned() } else { plain };
        let taken = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
        let name = match taken(&base) {
            false => base,
            true => (2..).map(|number| format!("{base}{number}")).find(|name| !taken(name)).unwrap_or(base),
        };
        out.push_str(&format!("{{{name}}}"));
        key.push_str("{}");
        parameters.push(Parameter { name, any });
    }
    (out, parameters, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_as_templates() {
        for (pattern, wanted, names) in [
            ("/users/{id}/posts/{id}", "/users/{id}/posts/{id2}", &["id", "id2"][..]),
            ("/a/:name/b", "/a/{name}/b", &["name"]),
            ("/files/*", "/files/{rest}", &["rest"]),
            ("*", "/{rest}", &["rest"]),
            ("/{id:int}.json", "/{id}.json", &["id"]),
            ("/{}/{", "/{x}/{x2}", &["x", "x2"]),
            ("/", "/", &[]),
        ] {
            let (template, parameters, _) = template(pattern);
            assert_eq!(template, wanted, "{pattern}");
            assert_eq!(parameters.iter().map(|parameter| parameter.name.as_str()).collect::<Vec<_>>(), names, "{pattern}");
        }
        assert_eq!(template("/a/{x}").2, template("/a/:other").2);
    }
}
