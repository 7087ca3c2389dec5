//! Lists of routes: OpenAPI 3 and Swagger 2, what frameworks print (`GET /users/:id`), OWASP Noir's JSON, and what `nginx-analyzer probe`
//! writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::routes::Route;
use super::source::pattern;
use crate::project::yaml::Yaml;
use crate::project::{FileId, Place, Project, is_report};
use crate::text::Span;

/// The most bytes of a list that are read.
const LIMIT: u64 = 8 * 1024 * 1024;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The routes of the descriptions among an application's files: those that are called as such files are.
pub(super) fn beside(project: &Project, folder: &Path, files: &[PathBuf]) -> Vec<Route> {
    let described = files.iter().filter(|path| is_description(path)).take(32);
    described.filter_map(|path| of_file(project, &folder.join(path)).filter(|list| list.described)).flat_map(|list| list.routes).collect()
}

/// True for a name like `openapi.yaml`, `swagger.json`, `api-docs.json`.
fn is_description(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("").to_ascii_lowercase();
    let ends = [".json", ".yaml", ".yml"].iter().any(|end| name.ends_with(end));
    ends && ["openapi", "swagger", "api-docs", "apispec"].iter().any(|part| name.contains(part))
}

/// A list that was read.
#[derive(Debug, Default)]
pub(super) struct List {
    /// What it lists.
    pub(super) routes: Vec<Route>,
    /// True for OpenAPI and Swagger.
    described: bool,
    /// When and of whom `nginx-analyzer probe` asked for it.
    pub(super) asked: Option<Asked>,
}

/// What a manifest says of itself: `nginx-analyzer probe` wrote it.
#[derive(Debug)]
pub(super) struct Asked {
    /// The day.
    pub(super) day: String,
    /// The URL that was asked.
    pub(super) of: String,
    /// False when only some URIs were tried: there may be other routes.
    pub(super) complete: bool,
}

/// The routes that an OpenAPI or Swagger description, as JSON or YAML, has; `None` for a text that is no such description.
pub fn description(text: &str) -> Option<Vec<Route>> {
    let document = documents(text)?.into_iter().next()?;
    is_described(&document).then(|| described(&document, &|_| None))
}

fn is_described(document: &Yaml) -> bool {
    document.get("openapi").is_some() || document.get("swagger").is_some()
}

/// What a text with a structure holds. JSON is YAML, but for tabs, which some write between its values.
fn documents(text: &str) -> Option<Vec<Yaml>> {
    Yaml::documents(text).or_else(|_| Yaml::documents(&text.replace('\t', " "))).ok()
}

/// Reads the list in a file; `None` where there is none.
pub(super) fn of_file(project: &Project, path: &Path) -> Option<List> {
    let file = project.vfs.id(path);
    let text = project.vfs.read_once(file, LIMIT).ok()?;
    // What we wrote ourselves describes the gateway.
    if is_report(&text) {
        return None;
    }
    read(&text, file)
}

/// Reads a list; `None` for a text that is none.
pub(super) fn read(text: &str, file: FileId) -> Option<List> {
    let place = |span: Span| Some(Place { file, span });
    let head = text.trim_start().get(..1);
    let structured =
        matches!(head, Some("{" | "[")) || text.lines().any(|line| line.starts_with("openapi:") || line.starts_with("swagger:"));
    let Some(document) = structured.then(|| documents(text)).flatten().and_then(|documents| documents.into_iter().next()) else {
        let routes: Vec<Route> = printed(text).into_iter().map(|(route, span)| Route { place: place(span), ..route }).collect();
        return (!routes.is_empty()).then_some(List { routes, ..List::default() });
    };
    let document = &document;
    if is_described(document) {
        return Some(List { routes: described(document, &place), described: true, asked: None });
    }
    if let Some(asked) = asked(document) {
        let implied = document.get("implied").map(Yaml::items).unwrap_or_default();
        let implied =
            implied.iter().filter_map(|item| Some(Route { place: place(item.span), implied: true, ..Route::written(item.scalar()?) }));
        let routes = listed(document, &place).into_iter().chain(implied).collect();
        return Some(List { routes, described: false, asked: Some(asked) });
    }
    let routes = match document.get("endpoints") {
        Some(endpoints) => endpoints.items().iter().filter_map(|endpoint| noir(endpoint, &place)).collect(),
        None => listed(document, &place),
    };
    Some(List { routes, ..List::default() })
}

/// What a manifest says of itself; `None` for another document. One that does not say that it is complete is not.
fn asked(document: &Yaml) -> Option<Asked> {
    let text = |key: &str| document.get(key).and_then(Yaml::scalar);
    (text("nginx-analyzer")? == "routes").then(|| Asked {
        day: text("asked").unwrap_or("?").to_owned(),
        of: text("of").unwrap_or("?").to_owned(),
        complete: text("complete") == Some("true"),
    })
}

/// The paths of a description, below its servers.
fn described(document: &Yaml, place: &dyn Fn(Span) -> Option<Place>) -> Vec<Route> {
    let mut bases: Vec<String> = document.get("servers").map(Yaml::items).unwrap_or_default().iter().map(base_of).collect();
    if let Some(base) = document.get("basePath").and_then(Yaml::scalar) {
        bases.push(base.trim_end_matches('/').to_owned());
    }
    if bases.is_empty() {
        bases.push(String::new());
    }
    let mut out = Vec::new();
    for (path, item) in document.get("paths").map(Yaml::pairs).unwrap_or_default() {
        let Some(written) = path.scalar().filter(|path| path.starts_with('/')) else { continue };
        let keys = item.pairs();
        let methods: Vec<Arc<str>> = keys
            .iter()
            .filter_map(|(key, _)| key.scalar())
            .filter(|key| METHODS.contains(key))
            .map(|key| Arc::from(key.to_ascii_uppercase()))
            .collect();
        let route = |base: &str, implied: bool| Route {
            methods: methods.clone(),
            pattern: pattern::tidy(&format!("{base}{written}")),
            caseless: false,
            implied,
            place: place(path.span),
        };
        out.extend(bases.iter().map(|base| route(base, false)));
        // The server may be the gateway's own address, and its path cut off before the backend is asked.
        if bases.iter().all(|base| !base.is_empty()) {
            out.push(route("", true));
        }
    }
    out
}

/// The path of a server's URL; variables have their defaults.
fn base_of(server: &Yaml) -> String {
    let url = server.get("url").and_then(Yaml::scalar).unwrap_or("");
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    };
    let mut out = path.split(['?', '#']).next().unwrap_or(path).to_owned();
    for (name, variable) in server.get("variables").map(Yaml::pairs).unwrap_or_default() {
        if let (Some(name), Some(default)) = (name.scalar(), variable.get("default").and_then(Yaml::scalar)) {
            out = out.replace(&format!("{{{name}}}"), default);
        }
    }
    out.trim_end_matches('/').to_owned()
}

/// `{"url": "/users", "method": "GET"}`
fn noir(endpoint: &Yaml, place: &dyn Fn(Span) -> Option<Place>) -> Option<Route> {
    let url = endpoint.get("url")?;
    let method = endpoint.get("method").and_then(Yaml::scalar).unwrap_or("").to_ascii_uppercase();
    let written = url.scalar()?;
    let path = match written.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => written,
    };
    let methods = if method.is_empty() { Vec::new() } else { vec![Arc::from(method)] };
    let pattern = pattern::tidy(&pattern::from_written(path.split('?').next().unwrap_or(path)));
    Some(Route { methods, pattern, caseless: false, implied: false, place: place(url.span) })
}

/// `{"routes": ["GET /users"]}`, or the list alone.
fn listed(document: &Yaml, place: &dyn Fn(Span) -> Option<Place>) -> Vec<Route> {
    let items = document.get("routes").unwrap_or(document).items();
    let route = |item: &Yaml| Some(Route { place: place(item.span), ..Route::written(item.scalar()?) });
    items.iter().filter_map(route).filter(|route| route.pattern.starts_with(['/', '*'])).collect()
}

/// Lines with a method and a path, as frameworks print them.
fn printed(text: &str) -> Vec<(Route, Span)> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mut method: Option<Vec<Arc<str>>> = None;
        let mut at = 0;
        for word in line.split_whitespace() {
            let from = line.get(at..).and_then(|rest| rest.find(word)).map_or(at, |found| at + found);
            at = from + word.len();
            let names: Vec<&str> = word.split(['|', ',']).filter(|name| !name.is_empty()).collect();
            let is_method =
                |name: &&str| METHODS.contains(&name.to_ascii_lowercase().as_str()) && name.bytes().all(|byte| byte.is_ascii_uppercase());
            if !names.is_empty() && (names.iter().all(is_method) || ["ANY", "ALL", "*"].contains(&word)) {
                method = Some(names.into_iter().filter(is_method).map(Arc::from).collect());
            } else if let Some(methods) = method.take_if(|_| word.starts_with('/')) {
                let path = word.strip_suffix("(.:format)").unwrap_or(word);
                let pattern = pattern::tidy(&pattern::from_written(path));
                let span = Span::new((start + from) as u32, (start + at) as u32);
                out.push((Route { methods, pattern, caseless: false, implied: false, place: None }, span));
                break;
            }
        }
        start += line.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let file = crate::project::Vfs::default().id(Path::new("/x"));
        let list = read(text, file).unwrap_or_default();
        list.routes.iter().map(|route| format!("{route}{}", if route.implied { " (implied)" } else { "" })).collect()
    }

    #[test]
    fn descriptions() {
        let text = "openapi: 3.1.0\nservers:\n  - url: https://x.example/{v}/\n    variables: {v: {default: v1}}\npaths:\n  /users/{id}:\n    get: {}\n    delete: {}\n";
        assert_eq!(shown(text), ["GET,DELETE /v1/users/{id}", "GET,DELETE /users/{id} (implied)"]);
        let swagger = "{\n\t\"swagger\": \"2.0\", \"basePath\": \"/\", \"paths\": {\"/a\": {\"post\": {}}}}";
        assert_eq!(shown(swagger), ["POST /a"]);
    }

    #[test]
    fn lists() {
        let printed = "[GIN-debug] GET    /ping --> main.main.func1 (3 handlers)\n users GET|POST /users(.:format) users#index\n nothing\nANY /x/*any\n";
        assert_eq!(shown(printed), ["GET /ping", "GET,POST /users", "/x/*"]);
        assert_eq!(shown(r#"{"endpoints": [{"url": "/u/:id", "method": "GET"}]}"#), ["GET /u/{x}"]);
        assert_eq!(shown(r#"{"asked": "2026-01-02", "routes": ["GET /a", "/b/*"]}"#), ["GET /a", "/b/*"]);
        assert!(shown("just text /with a path").is_empty());
    }

    #[test]
    fn manifests() {
        let text = |complete: &str| {
            format!(
                r#"{{"nginx-analyzer": "routes", "asked": "2026-01-02", "of": "http://x", {complete}"routes": ["GET /v1/a"], "implied": ["GET /a"], "missing": ["GET /b"], "unknown": [{{"uri": "/c", "why": "502"}}]}}"#
            )
        };
        assert_eq!(shown(&text("")), ["GET /v1/a", "GET /a (implied)"]);
        let file = crate::project::Vfs::default().id(Path::new("/x"));
        let complete = |written: &str| read(&text(written), file).and_then(|list| list.asked).map(|asked| (asked.complete, asked.day));
        assert_eq!(complete(r#""complete": true, "#), Some((true, "2026-01-02".into())));
        assert_eq!(complete(""), Some((false, "2026-01-02".into())));
        assert!(description(&text("")).is_none());
        assert_eq!(description("{\"openapi\": \"3.0.0\", \"paths\": {}}").map(|routes| routes.len()), Some(0));
    }
}
