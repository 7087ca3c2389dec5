//! Completion from outside: what is offered at a cursor, what is written when it is taken, and what is told of it.

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::reference::{self, Units};

/// Clients that can all of it.
fn able() -> Value {
    json!({ "textDocument": { "completion": { "contextSupport": true, "completionItem": {
        "snippetSupport": true, "labelDetailsSupport": true, "documentationFormat": ["markdown", "plaintext"],
        "insertTextModeSupport": { "valueSet": [1, 2] }, "resolveSupport": { "properties": ["documentation"] }
    } } } })
}

struct Editor {
    folder: tempfile::TempDir,
    client: Client,
    document: String,
}

impl Editor {
    fn new(extra: Value, files: &str) -> Editor {
        let folder = tempfile::tempdir().expect("a folder");
        crate::common::write_fixture(folder.path(), files);
        let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], extra, ..Setup::default() });
        client.ignore("textDocument/publishDiagnostics");
        Editor { folder, client, document: String::new() }
    }

    /// Opens a file with a text whose cursor is at `$0`, or changes it to that.
    fn write(&mut self, name: &str, text: &str) -> Value {
        let at = text.find("$0").expect("a cursor");
        let before = &text[..at];
        let line = before.rsplit('\n').next().unwrap_or_default();
        let text = text.replacen("$0", "", 1);
        let document = uri(&self.folder.path().join(name));
        match self.document == document {
            true => drop(self.client.replace(&document, &text)),
            false => self.client.open(&document, &text),
        }
        self.document = document;
        json!({ "line": before.matches('\n').count(), "character": line.encode_utf16().count() })
    }

    fn complete(&mut self, name: &str, text: &str, typed: Option<&str>) -> Value {
        let position = self.write(name, text);
        let mut params = json!({ "textDocument": { "uri": self.document }, "position": position });
        params["context"] = match typed {
            Some(typed) => json!({ "triggerKind": 2, "triggerCharacter": typed }),
            None => json!({ "triggerKind": 1 }),
        };
        loop {
            match self.client.try_request("textDocument/completion", params.clone()) {
                Err(error) if error["code"] == -32801 => {}
                answer => return answer.expect("answered"),
            }
        }
    }

    /// The text with an item taken.
    fn taken(&self, item: &Value) -> String {
        let text = self.client.own_text(&self.document);
        let at = |end: &str| reference::offset(&text, &item["textEdit"]["range"][end], Units::Utf16).expect("a position");
        format!("{}{}{}", &text[..at("start")], item["textEdit"]["newText"].as_str().expect("checked"), &text[at("end")..])
    }
}

fn labels(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().into_iter().flatten().filter_map(|item| item["label"].as_str()).collect()
}

fn item<'a>(answer: &'a Value, label: &str) -> &'a Value {
    let found = answer["items"].as_array().into_iter().flatten().find(|item| item["label"] == label);
    found.unwrap_or_else(|| panic!("no {label} among {:?}", labels(answer)))
}

const FILES: &str = "#- /nginx.conf
events {}
http {
    upstream api { server app:8000; }
    server { location / { include parts/*.conf; } }
}
#- /parts/a.conf
proxy_set_header Host $host;
#- /compose.yaml
services:
  gateway:
    image: openresty/openresty:1.27
    volumes:
      - ./nginx.conf:/usr/local/openresty/nginx/conf/nginx.conf:ro
      - ./parts:/usr/local/openresty/nginx/conf/parts:ro
      - ./lua:/srv/lua:ro
  app:
    image: example/app:1
    expose: [8000]
#- /lua/shop/cart.lua
return {}
";

#[test]
fn directives_of_the_context_with_documentation_when_it_is_asked_for() {
    let mut editor = Editor::new(able(), FILES);
    let answer = editor.complete("parts/a.conf", "proxy_set_header Host $host;\nprox$0", None);
    let pass = item(&answer, "proxy_pass");
    assert_eq!(labels(&answer).first(), Some(&"proxy_pass"));
    assert_eq!(pass["labelDetails"]["description"], "ngx_http_proxy_module");
    assert_eq!((&pass["insertTextFormat"], &pass["textEdit"]["newText"]), (&json!(2), &json!("proxy_pass ${1:http://upstream};")));
    assert!(pass.get("documentation").is_none());
    let resolved = editor.client.request("completionItem/resolve", pass.clone());
    assert_eq!(resolved["documentation"]["kind"], "markdown");
    assert!(resolved["documentation"]["value"].as_str().is_some_and(|text| text.contains("proxy_pass <URL>;")));
    assert_eq!(resolved["textEdit"], pass["textEdit"]);
    // Not what belongs elsewhere.
    let answer = editor.complete("parts/a.conf", "$0", None);
    assert!(labels(&answer).contains(&"proxy_pass") && !labels(&answer).contains(&"listen"));
    assert_eq!(answer["isIncomplete"], true);
    // A blank that only indents a line, and a comment.
    assert_eq!(editor.complete("parts/a.conf", " $0", Some(" "))["items"], json!([]));
    assert_eq!(editor.complete("parts/a.conf", "# http:$0", Some(":"))["items"], json!([]));
    editor.client.shutdown();
}

#[test]
fn values_replace_exactly_what_is_there() {
    let mut editor = Editor::new(able(), FILES);
    for (text, label, wanted) in [
        ("proxy_pass http://a$0/x;", "api", "proxy_pass http://api/x;"),
        ("proxy_pass $0", "http://app:8000", "proxy_pass http://app:8000"),
        ("# \u{e9}\u{1f600}\nadd_header X \"\u{1f600}${ho$0x}\";", "${host}", "# \u{e9}\u{1f600}\nadd_header X \"\u{1f600}${host}\";"),
        ("gzip o$0ff;", "on", "gzip on;"),
        ("proxy_buffering on\nproxy_read_timeout 30$0", "30s", "proxy_buffering on\nproxy_read_timeout 30s"),
        (
            "content_by_lua_block {\n  local a = require \"shop.$0\"\n}",
            "shop.cart",
            "content_by_lua_block {\n  local a = require \"shop.cart\"\n}",
        ),
    ] {
        let answer = editor.complete("parts/a.conf", text, None);
        let item = item(&answer, label).clone();
        assert_eq!(editor.taken(&item), wanted);
    }
    editor.client.close(&editor.document.clone());
    let answer = editor.complete("nginx.conf", "events {}\nhttp { server { location / { include $0; } } }", Some(" "));
    assert_eq!(editor.taken(item(&answer, "parts/")), "events {}\nhttp { server { location / { include parts/; } } }");
    let answer = editor.complete("nginx.conf", "events {}\nhttp { server { location / { include parts/$0; } } }", Some("/"));
    assert_eq!(labels(&answer), ["*.conf", "a.conf"]);
    assert_eq!(editor.taken(item(&answer, "*.conf")), "events {}\nhttp { server { location / { include parts/*.conf; } } }");
    editor.client.shutdown();
}

#[test]
fn a_client_that_can_little_gets_plain_text() {
    let mut editor = Editor::new(json!({}), FILES);
    let answer = editor.complete("parts/a.conf", "prox$0", None);
    let pass = item(&answer, "proxy_pass");
    assert_eq!((pass.get("insertTextFormat"), &pass["textEdit"]["newText"]), (None, &json!("proxy_pass")));
    assert_eq!(pass["detail"], "ngx_http_proxy_module");
    let resolved = editor.client.request("completionItem/resolve", pass.clone());
    assert_eq!(resolved["documentation"]["kind"], "plaintext");
    // What is no configuration gets nothing.
    let elsewhere = uri(&editor.folder.path().join("none.conf"));
    let params = json!({ "textDocument": { "uri": elsewhere }, "position": { "line": 0, "character": 0 } });
    assert_eq!(editor.client.request("textDocument/completion", params), Value::Null);
    editor.client.shutdown();
}

/// Each letter of a text that somebody types, with an answer after each, whatever is analysed meanwhile.
#[test]
fn an_answer_after_each_letter() {
    let mut editor = Editor::new(able(), "#- /nginx.conf\nevents {}\n");
    let text = "events {}\nhttp {\n  server {\n    listen 80\n    location / {\n      return 200 \"$uri\";\n";
    for end in 11..=text.len() {
        let answer = editor.complete("nginx.conf", &format!("{}$0", &text[..end]), None);
        assert!(answer["items"].is_array());
    }
    let answer = editor.complete("nginx.conf", &format!("{text}      prox$0"), None);
    assert_eq!(labels(&answer).first(), Some(&"proxy_pass"));
    editor.client.shutdown();
}
