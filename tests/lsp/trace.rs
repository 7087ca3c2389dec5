//! "Which location serves …?" as an editor asks it, and the hover on a location.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::reference::{self, Units};

const CONF: &str = "events {}\nhttp { # \u{1f600} \u{e9}\n server { server_name \u{e9}.example;\n  location /a/ { return 204; }\n  location / { return 200 \u{1f600}; }\n }\n server { listen 81; server_name b;\n  location = /a/x { return 201; }\n }\n}\n";

fn ask(client: &mut Client, argument: Value) -> Result<Value, Value> {
    let params = json!({ "command": "nginx-analyzer.trace", "arguments": [argument] });
    loop {
        match client.try_request("workspace/executeCommand", params.clone()) {
            Err(error) if error["code"] == -32801 => {}
            answer => return answer,
        }
    }
}

/// The text of a range.
fn slice<'a>(text: &'a str, range: &Value, units: Units) -> &'a str {
    let at = |end: &str| reference::offset(text, &range[end], units).expect("a position in the text");
    &text[at("start")..at("end")]
}

#[test]
fn a_url_is_traced_to_its_location_in_each_encoding() {
    for units in Units::ALL {
        let mut client = Client::ready(Setup { units: Some(vec![units]), ..Setup::default() });
        client.ignore("textDocument/publishDiagnostics");
        let document = "untitled:trace";
        client.open(document, CONF);
        let answer = ask(&mut client, json!({ "uri": document, "url": "http://b.example/a/x?y" })).expect("traced");
        assert_eq!(answer["location"]["uri"], document);
        assert_eq!(slice(CONF, &answer["location"]["range"], units), "location /a/");
        assert_eq!(answer["hops"][0]["location"]["line"], 4);
        assert_eq!(answer["hops"][0]["server"]["line"], 3);
        let text = answer["text"].as_str().expect("checked");
        assert!(text.starts_with("GET http://b.example/a/x?y\n"), "{text}");
        let links = answer["links"].as_array().expect("checked");
        assert!(!links.is_empty());
        for link in links {
            let name = slice(text, &link["range"], units);
            let line = link["target"]["range"]["start"]["line"].as_u64().expect("checked") + 1;
            assert!(name.ends_with(&format!(":{line}")), "{name} leads to line {line}");
        }
        client.shutdown();
    }
}

#[test]
fn a_path_is_asked_of_the_server_at_the_cursor() {
    let mut client = Client::ready(Setup::default());
    client.ignore("textDocument/publishDiagnostics");
    let document = "untitled:trace";
    client.open(document, CONF);
    for (line, wanted) in [(0, 4), (3, 4), (7, 8)] {
        let position = json!({ "line": line, "character": 3 });
        let answer = ask(&mut client, json!({ "uri": document, "url": "/a/x", "position": position })).expect("traced");
        assert_eq!(answer["hops"][0]["location"]["line"], wanted, "asked on line {line}");
        assert_eq!(answer["notes"].as_array().map(Vec::len), Some(1));
    }
    let method = json!({ "uri": document, "url": "/", "method": "POST", "headers": ["Host: b", "X-A: 1"], "client": "10.0.0.1" });
    let answer = ask(&mut client, method).expect("traced");
    assert_eq!(answer["request"]["method"], "POST");
    assert_eq!(answer["request"]["headers"], json!([{ "name": "Host", "value": "b" }, { "name": "X-A", "value": "1" }]));
    client.shutdown();
}

#[test]
fn what_cannot_be_traced_is_told_in_words() {
    let mut client = Client::ready(Setup::default());
    client.ignore("textDocument/publishDiagnostics");
    let document = "untitled:trace";
    client.open(document, CONF);
    client.open("untitled:empty", "");
    let mut message = |argument: Value| ask(&mut client, argument).expect_err("refused")["message"].as_str().expect("checked").to_owned();
    assert_eq!(
        message(json!({ "uri": document, "url": "http://b:82/" })),
        "nothing listens on port 82; these do: 80 (\u{e9}.example), 81 (b)"
    );
    assert_eq!(message(json!({ "uri": document, "url": "b c" })), "a blank can't stand in a URL: write it as %20");
    assert_eq!(message(json!({ "uri": "untitled:empty", "url": "/" })), "there is no `server` of http here");
    assert_eq!(message(json!({ "uri": "untitled:nowhere", "url": "/" })), "this file is not part of an nginx configuration");
    assert!(message(json!({ "url": "/" })).contains("uri"));
    let error = client.try_request("workspace/executeCommand", json!({ "command": "nginx-analyzer.none" })).expect_err("refused");
    assert_eq!(error["message"], "there is no command `nginx-analyzer.none`");
    client.shutdown();
}

#[test]
fn a_file_that_is_not_open_is_asked_through_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("nginx.conf"), "events {} http { include b.conf; }").expect("a file");
    fs::write(folder.path().join("b.conf"), "server { location /a { return 204; } }").expect("a file");
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    client.ignore("textDocument/publishDiagnostics");
    for name in ["nginx.conf", "b.conf"] {
        let answer = ask(&mut client, json!({ "uri": uri(&folder.path().join(name)), "url": "/a" })).expect("traced");
        assert_eq!(answer["location"]["uri"], uri(&folder.path().join("b.conf")));
    }
    client.shutdown();
}

#[test]
fn the_hover_on_a_location_says_what_it_takes() {
    for (formats, kind) in [(json!(["markdown", "plaintext"]), "markdown"), (json!(["plaintext"]), "plaintext")] {
        let extra = json!({ "textDocument": { "hover": { "contentFormat": formats } } });
        let mut client = Client::ready(Setup { extra, ..Setup::default() });
        client.ignore("textDocument/publishDiagnostics");
        let document = "untitled:hover";
        client.open(document, CONF);
        let mut hover = |line: u64, character: u64| {
            let params = json!({ "textDocument": { "uri": document }, "position": { "line": line, "character": character } });
            loop {
                match client.try_request("textDocument/hover", params.clone()) {
                    Err(error) if error["code"] == -32801 => {}
                    answer => return answer.expect("answered"),
                }
            }
        };
        let said = hover(3, 13);
        assert_eq!(said["contents"]["kind"], kind);
        assert!(said["contents"]["value"].as_str().is_some_and(|it| it.contains("begin with `/a/`")), "{said}");
        assert_eq!(slice(CONF, &said["range"], Units::Utf16), "location /a/");
        assert_eq!(hover(0, 9), Value::Null, "on a brace");
        client.shutdown();
    }
}
