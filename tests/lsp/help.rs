//! Help while somebody types, from outside: hovers on what is written, the parameters of what is being written, hints of what is implied.

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};

/// Cursors are `⟦name⟧`; what is behind one is what it is on.
const CONF: &str = r#"events {}
http {
    map $host $⟦set⟧pool { default api; }
    upstream ⟦upstream⟧api { server ⟦member⟧a:8000 weight=2; server b:8000; }
    client_max_body_size 1m;
    server {
        listen ⟦listen⟧80;
        server_name ⟦name⟧*.example.com;
        location ~ ⟦regex⟧^/v\d+/ { client_max_⟦directive⟧body_size ⟦size⟧8m; proxy_set_header X-É $⟦variable⟧pool; return ⟦status⟧404; }
    }
    server { listen 80; location = /x { } }
}
"#;

struct Editor {
    _folder: tempfile::TempDir,
    client: Client,
    document: String,
}

impl Editor {
    fn open(extra: Value, options: Value, text: &str) -> Editor {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("nginx.conf");
        std::fs::write(&path, text).expect("a file");
        let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], extra, options, ..Setup::default() });
        client.ignore("textDocument/publishDiagnostics");
        let document = uri(&path);
        client.open(&document, text);
        Editor { _folder: folder, client, document }
    }

    fn ask(&mut self, method: &str, extra: Value) -> Value {
        let mut params = json!({ "textDocument": { "uri": self.document } });
        for (name, value) in extra.as_object().into_iter().flatten() {
            params[name] = value.clone();
        }
        loop {
            match self.client.try_request(method, params.clone()) {
                Err(error) if error["code"] == -32801 => {}
                answer => return answer.expect("answered"),
            }
        }
    }

    fn hints(&mut self) -> Vec<(u64, String)> {
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
        let answer = self.ask("textDocument/inlayHint", json!({ "range": range }));
        let shown =
            |hint: &Value| (hint["position"]["line"].as_u64().unwrap_or_default(), hint["label"].as_str().unwrap_or_default().to_owned());
        answer.as_array().into_iter().flatten().map(shown).collect()
    }
}

/// The text without its cursors.
fn bare(text: &str) -> String {
    text.split('⟦').enumerate().map(|(at, part)| if at == 0 { part } else { part.split_once('⟧').expect("closed").1 }).collect()
}

fn position(before: &str) -> Value {
    let line = before.rsplit('\n').next().unwrap_or_default();
    json!({ "line": before.matches('\n').count(), "character": line.encode_utf16().count() })
}

fn able() -> Value {
    json!({ "textDocument": {
        "hover": { "contentFormat": ["markdown"] },
        "codeLens": {},
        "signatureHelp": { "signatureInformation": {
            "documentationFormat": ["markdown"], "parameterInformation": { "labelOffsetSupport": true }, "activeParameterSupport": true
        } },
    } })
}

#[test]
fn hovers_say_what_is_under_the_pointer() {
    let mut editor = Editor::open(able(), json!({}), &bare(CONF));
    for (name, wanted) in [
        ("directive", "- Here `8m` holds, instead of `1m` (line 5)."),
        ("size", "`8m` = 8,388,608 bytes (8 MiB)"),
        ("status", "**404 Not Found**"),
        ("variable", "- set by `map $host $pool` (line 3)\n  - `default` → `api`"),
        ("set", "- set by `map $host $pool` (line 3)"),
        ("upstream", "- `a:8000`: 2 of 3 requests (67%)"),
        ("member", "**`a:8000`** · 2 of 3 requests (67%)"),
        ("listen", "The default server of this address, as the first one here"),
        ("name", "Every host that ends with `.example.com`"),
        ("regex", "- `\\d+`: a digit, once or more"),
    ] {
        let before = bare(CONF.split_once(&format!("⟦{name}⟧")).expect("a cursor").0);
        let answer = editor.ask("textDocument/hover", json!({ "position": position(&before) }));
        let said = answer["contents"]["value"].as_str().unwrap_or_default();
        assert!(said.contains(wanted), "{name}: {said}");
        let at = |end: &str| (answer["range"][end]["line"].as_u64(), answer["range"][end]["character"].as_u64());
        let cursor = (position(&before)["line"].as_u64(), position(&before)["character"].as_u64());
        assert!(at("start") <= cursor && cursor <= at("end"), "{name}: {}", answer["range"]);
    }
    editor.client.shutdown();
}

#[test]
fn the_parameter_that_is_typed_is_shown() {
    let text = "events {}\nhttp { server {\n location / {\n  proxy_buffers 8 \n } } }\n";
    let mut editor = Editor::open(able(), json!({}), "events {}\n");
    editor.client.replace(&editor.document, text);
    let before = text.split_once(" \n }").expect("a cursor").0;
    let answer = editor.ask("textDocument/signatureHelp", json!({ "position": position(&format!("{before} ")) }));
    let signature = &answer["signatures"][0];
    assert_eq!(signature["label"], "proxy_buffers <number> <size>");
    assert_eq!(answer["activeParameter"], 1);
    assert_eq!(signature["parameters"][1]["label"], json!([23, 29]));
    assert_eq!(signature["parameters"][1]["documentation"]["value"], "a size: bytes, or with `k` or `m`");
    assert_eq!(editor.ask("textDocument/signatureHelp", json!({ "position": position(" ") })), Value::Null);
    editor.client.shutdown();
}

#[test]
fn a_client_without_parts_of_labels_gets_texts() {
    let text = "events {}\nhttp { gzip on; }\n";
    let mut editor = Editor::open(json!({}), json!({}), text);
    let answer = editor.ask("textDocument/signatureHelp", json!({ "position": position("events {}\nhttp { gzip o") }));
    assert_eq!(answer["signatures"][0]["parameters"][0]["label"], "on | off");
    assert_eq!(answer["signatures"][0]["documentation"]["kind"], "plaintext");
    editor.client.shutdown();
}

#[test]
fn hints_can_be_chosen() {
    let text = bare(CONF);
    let mut editor = Editor::open(able(), json!({}), &text);
    assert_eq!(editor.hints(), [(6, "default server".to_owned())]);
    let set = |hints: Value| json!({ "settings": { "nginxAnalyzer": { "editor": { "hints": hints } } } });
    editor.client.notify("workspace/didChangeConfiguration", set(json!([])));
    assert!(editor.hints().is_empty());
    editor.client.notify("workspace/didChangeConfiguration", set(json!(["files"])));
    assert!(editor.hints().is_empty(), "no root is written");
    editor.client.shutdown();
    let mut editor =
        Editor::open(able(), json!({ "editor": { "hints": ["files"] } }), &text.replace("listen 80; location", "root /srv; location"));
    assert_eq!(editor.hints(), [(10, "/srv/x".to_owned())]);
    editor.client.shutdown();
}
