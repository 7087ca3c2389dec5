//! `routes`: the gateway's map.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::command::{checkout, fixture, run};
use crate::json::fields;

/// A gateway in front of an application whose source is here, a service of which nothing is known, a known product, itself, and nobody.
pub const SHOP: &str = r#"events {}
http {
    upstream api { server api:8000; }
    server {
        listen 443 ssl;
        listen 80;
        server_name shop.example www.shop.example;
        location /api/ { proxy_pass http://api/; }
        location = /health { proxy_pass http://api; }
        location /old/ { return 301 https://shop.example/new/; }
        location = /gone { return 410; }
        location ~ \.php$ { fastcgi_pass php:9000; }
        location /static/ { root /srv; }
        location = /hello { content_by_lua_file /etc/nginx/hello.lua; }
        location / { try_files $uri @app; }
        location @app { proxy_pass http://web:3000; }
        location /any/ { proxy_pass http://$arg_x; }
    }
    server {
        listen 8080;
        location /v1/ { rewrite ^/v1/(.*)$ /$1 break; proxy_pass http://api; }
        location /日本語/ { proxy_pass http://127.0.0.1:80; }
        location /auth/ { internal; proxy_pass http://login:4180; }
        location /search/ { proxy_pass http://search:7700/; }
        location /jobs/ { proxy_pass http://jobs:9000; }
    }
}
#- /compose.yaml
services:
  gateway:
    image: openresty/openresty:1.27
    volumes:
      - ./nginx.conf:/usr/local/openresty/nginx/conf/nginx.conf:ro
      - ./hello.lua:/etc/nginx/hello.lua:ro
  api:
    build: ./api
  web:
    image: registry.example/web:1
  login:
    image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0
    command: [--upstream=static://202]
  search:
    image: registry.example/search:1
  jobs:
    image: registry.example/jobs:1
#- /hello.lua
ngx.say("hello")
#- /api/Dockerfile
FROM python:3.12
WORKDIR /app
COPY . .
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
#- /api/main.py
from fastapi import FastAPI

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/health")
def health():
    return {}


@app.get("/users")
def users():
    return []


@app.post("/users")
def add():
    return {}


@app.get("/users/{id}")
def user(id: int):
    return {}
#- /nginx-analyzer.toml
[upstreams.jobs]
routes = ["POST /jobs/run", "/reports/{day}"]
closed = false
[upstreams.search]
routes = ["GET /indexes/*", "POST /indexes/{uid}/search", "/admin"]
"#;

fn json(folder: &std::path::Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[&["routes", "--format", "json"], arguments].concat());
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{arguments:?}");
    serde_json::from_str(&output.out).expect("JSON")
}

#[test]
fn a_table_for_people() {
    let folder = fixture(SHOP);
    let output = run(folder.path(), &["routes"]);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(output.out);
}

/// Every way by which a URI gets to a backend, and back.
const WAYS: &str = r#"events {}
http {
    server {
        listen 80;
        location / { try_files $uri @app; }
        location /users/7/ { proxy_pass http://api; }
        location /slash/ { proxy_pass http://api/v1; }
        location /put/ { proxy_pass http://api/v1/; }
        location ~ ^/v1/.*$ { proxy_pass http://api; }
        location = /one { proxy_pass http://api/v1/users; }
        location /cut/ { rewrite ^/cut/(.*)$ /v1/$1 break; proxy_pass http://api; }
        location /number/ { rewrite ^/number/(\d+)$ /users/$1/posts break; proxy_pass http://api; }
        location /asked/ { proxy_pass http://api/v1/$request_uri; }
        location /closed/ { deny all; }
        location @app { proxy_pass http://api; }
    }
}
#- /nginx-analyzer.toml
[upstreams.api]
routes = ["GET /v1/users", "GET /v1/users/:id", "/users/{id}/posts", "/*.css", "PROPFIND /dav/*"]
"#;

#[test]
fn urls_are_computed_back_from_routes() {
    let folder = fixture(WAYS);
    let output = run(folder.path(), &["routes"]);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(output.out);
    let output = run(folder.path(), &["routes", "--format", "openapi"]);
    let value: Value = serde_json::from_str(&output.out).expect("JSON");
    valid(&value);
    assert!(value["paths"]["/dav/{rest}"]["x-method-propfind"].is_object(), "{}", output.out);
    assert!(value["paths"]["/users/7/posts"]["x-any-method"].is_object(), "{}", output.out);
}

const NOBODY: &str = r#"events {}
http {
    server {
        listen 80;
        server_name a.com;
        location /all/ { proxy_pass http://api; }
        location /read/ { limit_except GET { deny all; } proxy_pass http://api; }
        location /some/ { limit_except GET { allow 10.0.0.0/8; deny all; } proxy_pass http://api; }
        location /login/ { limit_except GET { auth_basic x; } proxy_pass http://api; }
        location = /file { limit_except POST { deny all; } root /srv; }
        location ~ ^/taken {}
        location /taken/ { proxy_pass http://api; location /taken/in/ { proxy_pass http://api; } }
    }
    server {
        listen 80;
        server_name a.com;
        location /never/ { proxy_pass http://api; }
    }
}
#- /nginx-analyzer.toml
[upstreams.api]
routes = ["GET /*", "POST /*/x", "/*/any"]
"#;

#[test]
fn what_nobody_gets_to_is_marked() {
    let folder = fixture(NOBODY);
    let map = json(folder.path(), &["."]);
    let dead = |server: usize| -> Vec<&Value> {
        map["servers"][server]["locations"].as_array().expect("locations").iter().map(|location| &location["dead"]).collect()
    };
    assert_eq!(dead(0), [false, false, false, false, false, false, true, true]);
    assert_eq!(
        (&map["servers"][0]["dead"], &map["servers"][1]["dead"], dead(1)),
        (&Value::from(false), &Value::from(true), vec![&Value::from(true)])
    );
    assert_eq!(map["servers"][1]["urls"], serde_json::json!([]));
    let methods = |location: usize| -> Vec<&Value> {
        let location = &map["servers"][0]["locations"][location];
        let routes = location["passes"][0]["backends"][0]["routes"].as_array();
        std::iter::once(&location["methods"]).chain(routes.into_iter().flatten().map(|route| &route["methods"])).collect()
    };
    let of = |lists: Value| lists.as_array().expect("lists").clone();
    let any = of(serde_json::json!([[], ["GET"], ["POST"], []]));
    assert_eq!(methods(0), any.iter().collect::<Vec<_>>());
    assert_eq!(methods(1), of(serde_json::json!([["GET", "HEAD"], ["GET"], ["GET", "HEAD"]])).iter().collect::<Vec<_>>());
    assert_eq!((methods(2), methods(3)), (any.iter().collect(), any.iter().collect()));
    assert_eq!(methods(4), of(serde_json::json!([["POST"]])).iter().collect::<Vec<_>>());
    let table = run(folder.path(), &["routes"]).out;
    assert!(table.contains("no request gets to it") && table.contains("dead  ") && !table.contains("/never/*"), "{table}");
    let api: Value = serde_json::from_str(&run(folder.path(), &["routes", "--format", "openapi"]).out).expect("JSON");
    valid(&api);
    assert!(!api.to_string().contains("/never/") && !api.to_string().contains("/taken/"), "{api:#}");
}

#[test]
fn in_japanese_and_for_one_server() {
    let folder = fixture(SHOP);
    let output = run(folder.path(), &["routes", "--server", "*:8080", "--lang", "ja"]);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(output.out);
}

#[test]
fn a_narrow_terminal_has_a_paragraph_for_each_location() {
    let folder = fixture(SHOP);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"))
        .args(["routes", "--server", "WWW.shop.example:443"])
        .current_dir(folder.path())
        .env("COLUMNS", "72")
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_description_of_the_public_api() {
    let folder = fixture(SHOP);
    let output = run(folder.path(), &["routes", "--format", "openapi", "-o", "api/openapi.json"]);
    assert_eq!((output.status, output.out.as_str()), (Some(0), ""), "{}", output.err);
    let written = std::fs::read_to_string(folder.path().join("api/openapi.json")).expect("written");
    let mut value: Value = serde_json::from_str(&written).expect("JSON");
    valid(&value);
    // The name of the temporary folder, and the version of the day.
    value["info"]["title"] = "shop".into();
    value["x-generator"]["version"] = "0".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).expect("JSON"));
    // It is no list of a backend's routes, nobody's call, and may be written again.
    let before = json(folder.path(), &["."]);
    let again = run(folder.path(), &["routes", "--format", "openapi", "-o", "api/openapi.json"]);
    assert_eq!((again.status, std::fs::read_to_string(folder.path().join("api/openapi.json")).expect("written")), (Some(0), written));
    std::fs::remove_file(folder.path().join("api/openapi.json")).expect("removed");
    assert_eq!(json(folder.path(), &["."]), before);
}

/// What OpenAPI 3.1 demands of a document like ours.
fn valid(document: &Value) {
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")));
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let mut shapes = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        assert!(path.starts_with('/'), "{path}");
        let names: BTreeSet<&str> = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let declared: Vec<&Value> = item["parameters"].as_array().into_iter().flatten().collect();
        assert!(declared.iter().all(|parameter| parameter["in"] == "path" && parameter["required"] == true), "{path}");
        let declared: Vec<&str> = declared.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
        assert_eq!(declared.iter().copied().collect::<BTreeSet<_>>(), names, "{path}");
        assert_eq!(declared.len(), names.len(), "{path}: a name twice");
        let shape: String = path
            .split('{')
            .enumerate()
            .map(|(at, part)| if at == 0 { part } else { part.split_once('}').expect("closed").1 })
            .collect::<Vec<_>>()
            .join("{}");
        assert!(shapes.insert(shape), "{path}: two of one shape");
        for key in item.as_object().expect("an item").keys() {
            assert!(methods.contains(&key.as_str()) || key == "parameters" || key.starts_with("x-"), "{path}: {key}");
        }
    }
    for server in document["servers"].as_array().into_iter().flatten() {
        let url = server["url"].as_str().expect("a URL");
        assert_eq!(url.contains("{host}"), server["variables"]["host"]["default"].is_string(), "{url}");
    }
}

#[test]
fn every_field_is_documented_and_every_documented_field_is_printed() {
    let mut printed = BTreeSet::new();
    fields(&json(fixture(SHOP).path(), &["."]), "", &mut printed);
    fields(&json(fixture(NOBODY).path(), &["."]), "", &mut printed);
    // Only one of the application's routes is left.
    let few = SHOP
        .replace("location /api/ { proxy_pass http://api/; }", "")
        .replace("location /v1/ { rewrite ^/v1/(.*)$ /$1 break; proxy_pass http://api; }", "");
    fields(&json(fixture(&few).path(), &["."]), "", &mut printed);
    let printed: BTreeSet<(String, String)> = printed.into_iter().map(|(path, kind)| (path, kind.to_owned())).collect();
    let page = std::fs::read_to_string(checkout().join("docs/output.md")).expect("the page");
    let section = page.split_once("## Routes in JSON, version 1").expect("the section").1;
    let section = section.split("\n## ").next().expect("there is one");
    let documented: BTreeSet<(String, String)> = section
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            Some((cells.next()?.trim_end_matches('`').to_owned(), cells.next()?.trim().to_owned()))
        })
        .filter(|(_, kinds)| kinds != "object")
        .flat_map(|(path, kinds)| kinds.split(" or ").map(|kind| (path.clone(), kind.to_owned())).collect::<Vec<_>>())
        .collect();
    // Objects and lists are there by their members.
    let printed: BTreeSet<(String, String)> =
        printed.into_iter().filter(|(_, kind)| !["object", "array"].contains(&kind.as_str())).collect();
    let lacks: Vec<_> = printed.difference(&documented).collect();
    assert!(lacks.is_empty(), "not documented: {lacks:?}");
    let never: Vec<_> = documented.difference(&printed).filter(|(_, kind)| kind != "null").collect();
    assert!(never.is_empty(), "never printed: {never:?}");
}

#[test]
fn what_can_not_be_shown_is_said_with_status_2() {
    let folder = fixture(SHOP);
    for (arguments, wanted) in [
        (&["routes", "--server", "nobody.example"][..], "no server is called nobody.example; there are shop.example:443 and *:8080"),
        (&["routes", "nowhere"], "no such file or folder"),
        (&["routes", "-o", "nginx.conf"], "that is a file of the configuration"),
        (&["routes", "-o", "compose.yaml"], "the project needs that file"),
        (&["routes", "-o", "api/main.py"], "is there already"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!((output.status, output.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(output.err.contains(wanted), "{arguments:?}: {}", output.err);
    }
}

#[test]
fn a_table_in_a_file_has_no_colours_and_may_be_written_again() {
    let folder = fixture(SHOP);
    for _ in 0..2 {
        let output = run(folder.path(), &["routes", "-o", "routes.txt", "--color", "always"]);
        assert_eq!((output.status, output.out.as_str()), (Some(0), ""), "{}", output.err);
    }
    let text = std::fs::read_to_string(folder.path().join("routes.txt")).expect("written");
    assert!(!text.contains('\u{1b}') && text.contains("/api/users/{x}"), "{text}");
    let colours = run(folder.path(), &["routes", "--color", "always"]);
    assert!(colours.out.contains("\u{1b}[1m"), "{}", colours.out);
}
