//! Who uses a location, beside it: code lenses, inlay hints, and what a click answers.

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};

const CONF: &str = "events {}\nhttp {\n    log_format main '$remote_addr [$time_iso8601] $host:$server_port \"$request\" $status';\n    access_log /var/log/nginx/access.log main;\n    server {\n        listen 80;\n        location /api/ { return 200; }\n        location /old/ { return 200; }\n        location / { return 404; }\n    }\n}\n";
const LOG: &str = "203.0.113.7 [2025-11-03T09:00:00+00:00] shop.example:80 \"GET /api/a HTTP/1.1\" 200\n203.0.113.7 [2025-11-10T09:00:00+00:00] shop.example:80 \"GET /api/b HTTP/1.1\" 200\n";

/// Asks until the logs have been read: the server says when they have.
fn lenses(client: &mut Client, uri: &str, has: &str) -> Vec<Value> {
    loop {
        match client.try_request("textDocument/codeLens", json!({ "textDocument": { "uri": uri } })) {
            Ok(Value::Array(lenses)) if lenses.iter().any(|lens| title(lens).contains(has)) => return lenses,
            Ok(_) => drop(client.wait("workspace/codeLens/refresh")),
            Err(error) => assert_eq!(error["code"], -32801, "{error}"),
        }
    }
}

fn title(lens: &Value) -> &str {
    lens["command"]["title"].as_str().expect("a title")
}

#[test]
fn a_lens_says_who_uses_a_location_and_a_click_shows_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("nginx.conf");
    std::fs::create_dir(folder.path().join("logs")).expect("a folder");
    std::fs::write(folder.path().join("logs/access.log"), LOG).expect("a log");
    std::fs::write(&path, CONF).expect("a file");
    std::fs::write(folder.path().join("smoke.sh"), "curl -fsS http://localhost:80/old/x\n").expect("a script");
    let extra = json!({ "textDocument": { "codeLens": {} }, "workspace": { "codeLens": { "refreshSupport": true } } });
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], extra, ..Setup::default() });
    client.ignore("textDocument/publishDiagnostics");
    let uri = uri(&path);
    client.open(&uri, CONF);
    let found = lenses(&mut client, &uri, "2 hits");
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(title(&found[0]).starts_with("2 hits in 7 days, last "), "{}", title(&found[0]));
    assert!(title(&found[1]).starts_with("no hits in 7 days"), "{}", title(&found[1]));
    assert_eq!(found[0]["range"]["start"], json!({ "line": 6, "character": 8 }));
    let command = &found[0]["command"];
    let answer = client.request("workspace/executeCommand", json!({ "command": command["command"], "arguments": command["arguments"] }));
    let places = answer["locations"].as_array().expect("places");
    assert!(
        places
            .iter()
            .any(|place| place["uri"].as_str().is_some_and(|uri| uri.ends_with("logs/access.log")) && place["range"]["start"]["line"] == 1)
    );
    // A client that shows lenses has no hints, unless it asks for both.
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 20, "character": 0 } });
    let hints = |client: &mut Client| client.request("textDocument/inlayHint", json!({ "textDocument": { "uri": uri }, "range": range }));
    assert_eq!(hints(&mut client), Value::Null);
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "nginxAnalyzer": { "editor": { "usage": "inlay" } } } }));
    let shown = hints(&mut client);
    assert_eq!(shown[0]["label"], "2 hits");
    assert_eq!(shown[0]["position"], json!({ "line": 6, "character": 22 }));
    client.shutdown();
}
