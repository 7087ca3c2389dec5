//! The gateway's map, as an editor's side bar asks for it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};

const CONF: &str = r#"events {}
http {
    log_format main '$remote_addr [$time_iso8601] $host:$server_port "$request" $status';
    access_log /var/log/nginx/access.log main;
    upstream api { server api:3000; }
    server {
        listen 80;
        server_name shop.example;
        error_page 404 /missing;
        location = /missing { internal; return 404; }
        location /api/ {
            auth_request /auth;
            proxy_pass http://api;
            location ~ ^/api/v1 { return 200; }
            location ~ ^/api/v1/old { return 200; }
        }
        location = /auth { internal; proxy_pass http://127.0.0.1:8080/check; }
        location /old/ { return 200; }
    }
    server {
        listen 127.0.0.1:8080;
        location /check { return 204; }
    }
}
"#;
const LOG: &str = "203.0.113.7 [2025-11-03T09:00:00+00:00] shop.example:80 \"GET /api/a HTTP/1.1\" 200\n203.0.113.7 [2025-11-10T09:00:00+00:00] shop.example:80 \"GET /api/b HTTP/1.1\" 200\n";
const COMPOSE: &str =
    "services:\n  gateway:\n    image: nginx:1.27\n    volumes: [\"./nginx.conf:/etc/nginx/nginx.conf:ro\"]\n  api:\n    build: ./api\n";
const API: &str = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/api/users/<int:id>')\ndef user(id):\n    return {}\n\n\nif __name__ == '__main__':\n    app.run(host='0.0.0.0', port=3000)\n";

/// Runs a command; again where something changed meanwhile.
pub fn command(client: &mut Client, name: &str, argument: Value) -> Result<Value, Value> {
    let params = json!({ "command": name, "arguments": [argument] });
    loop {
        match client.try_request("workspace/executeCommand", params.clone()) {
            Err(error) if error["code"] == -32801 => {}
            answer => return answer,
        }
    }
}

fn project(with_log: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    write("nginx.conf", CONF);
    write("compose.yaml", COMPOSE);
    write("api/Dockerfile", "FROM python:3.12\nWORKDIR /app\nCOPY . .\nEXPOSE 3000\nCMD [\"python\", \"app.py\"]\n");
    write("api/requirements.txt", "flask==3.0.0\n");
    write("api/app.py", API);
    if with_log {
        write("logs/access.log", LOG);
    }
    folder
}

fn ready(folder: &Path) -> Client {
    let extra = json!({ "textDocument": { "codeLens": {} }, "workspace": { "codeLens": { "refreshSupport": true } } });
    let mut client = Client::ready(Setup { folders: vec![uri(folder)], extra, ..Setup::default() });
    client.ignore("textDocument/publishDiagnostics");
    client.ignore("workspace/codeLens/refresh");
    client
}

/// Asks until the map has what is looked for.
fn map(client: &mut Client, uri: &str, has: impl Fn(&Value) -> bool) -> Value {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let map = command(client, "nginx-analyzer.map", json!({ "uri": uri })).expect("a map");
        if has(&map) {
            return map;
        }
        assert!(std::time::Instant::now() < end, "{map:#}");
    }
}

/// The node with these labels, one below the other.
fn node<'a>(map: &'a Value, labels: &[&str]) -> &'a Value {
    let (mut nodes, mut found) = (&map["nodes"], &Value::Null);
    for label in labels {
        found =
            nodes.as_array().expect("nodes").iter().find(|node| node["label"] == *label).unwrap_or_else(|| panic!("{label} in {nodes:#}"));
        nodes = &found["children"];
    }
    found
}

#[test]
fn the_map_has_everything_with_its_place_and_what_is_known_of_it() {
    let folder = project(true);
    let mut client = ready(folder.path());
    let main = uri(&folder.path().join("nginx.conf"));
    let route = |map: &Value| !node(map, &["shop.example:80", "/api/", "api"])["children"].as_array().expect("a list").is_empty();
    let map = map(&mut client, &main, |map| map["note"].is_null() && route(map));
    assert_eq!(map["configuration"], "nginx.conf");
    let api = node(&map, &["shop.example:80", "/api/"]);
    assert_eq!((&api["hits"], &api["verdict"]), (&json!(2), &json!("in-use")), "{api:#}");
    assert_eq!(api["place"]["range"]["start"], json!({ "line": 10, "character": 8 }));
    let old = node(&map, &["shop.example:80", "/old/"]);
    assert_eq!((&old["hits"], &old["verdict"]), (&json!(0), &json!("probably-unused")), "{old:#}");
    assert!(old["why"].as_array().expect("a list").len() >= 2, "{old:#}");
    let dead = node(&map, &["shop.example:80", "/api/", "~ ^/api/v1/old"]);
    assert_eq!(dead["verdict"], "dead");
    assert!(dead["why"][0].as_str().expect("words").contains("~ ^/api/v1"), "{dead:#}");
    let upstream = node(&map, &["shop.example:80", "/api/", "api"]);
    assert_eq!((&upstream["kind"], &upstream["detail"]), (&json!("upstream"), &json!("service api, ./api, Flask")));
    assert_eq!(upstream["place"]["range"]["start"]["line"], 4);
    let route = &upstream["children"][0];
    assert_eq!((&route["label"], &route["detail"]), (&json!("GET /api/users/{x}"), &json!("api/app.py:6")), "{route:#}");
    assert!(route["place"]["uri"].as_str().expect("a URI").ends_with("/api/app.py"));
    let ends: Vec<(&str, &str, &str, &str)> = map["links"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|link| {
            let word = |name: &str| link[name].as_str().expect("a text");
            (word("from"), word("to"), word("kind"), word("label"))
        })
        .collect();
    let server = "nginx.conf > server shop.example:80";
    let here = "nginx.conf > server 127.0.0.1:8080 > location /check";
    let auth = format!("{server} > location = /auth");
    assert!(ends.contains(&(&format!("{server} > location /api/"), &auth, "internal", "auth_request")), "{ends:#?}");
    assert!(ends.contains(&(server, &format!("{server} > location = /missing"), "internal", "error_page")), "{ends:#?}");
    assert!(ends.contains(&(&format!("{auth} > upstream 127.0.0.1:8080"), here, "back", "proxy_pass")), "{ends:#?}");
    client.shutdown();
}

#[test]
fn ids_stay_where_something_else_is_edited() {
    let folder = project(false);
    let mut client = ready(folder.path());
    let main = uri(&folder.path().join("nginx.conf"));
    client.open(&main, CONF);
    let before = map(&mut client, &main, |_| true);
    assert!(before["note"].as_str().expect("a note").starts_with("no logs were read"), "{before:#}");
    assert_eq!(node(&before, &["shop.example:80", "/old/"])["hits"], Value::Null);
    client.replace(
        &main,
        &CONF.replace("        location = /missing", "        # more\n        location /new/ { return 200; }\n        location = /missing"),
    );
    let after = map(&mut client, &main, |_| true);
    let labels = ["shop.example:80", "/old/"];
    assert_eq!(node(&before, &labels)["id"], node(&after, &labels)["id"]);
    let line = |map: &Value| node(map, &labels)["place"]["range"]["start"]["line"].as_u64().expect("a line");
    assert_eq!(line(&before) + 2, line(&after));
    client.shutdown();
}

#[test]
fn other_files_of_the_folder_have_its_map_and_strangers_none() {
    let folder = project(false);
    let mut client = ready(folder.path());
    for path in ["api/app.py", "."] {
        let found = map(&mut client, &uri(&folder.path().join(path)), |_| true);
        assert_eq!(found["configuration"], "nginx.conf", "{path}");
    }
    let error = command(&mut client, "nginx-analyzer.map", json!({ "uri": "file:///elsewhere/x.conf" })).expect_err("nothing is there");
    assert_eq!(error["code"], -32602);
    client.shutdown();
    let empty = tempfile::tempdir().expect("a folder");
    let mut client = ready(empty.path());
    let error = command(&mut client, "nginx-analyzer.map", json!({ "uri": uri(empty.path()) })).expect_err("nothing is there");
    assert_eq!(error["code"], -32602);
    client.shutdown();
}
