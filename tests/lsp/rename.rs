//! Highlights, links and renaming from outside.

use serde_json::{Value, json};

use crate::actions::apply;
use crate::everyday::Editor;

const CONF: &str = "events {}\nhttp {\n  include parts/*.conf;\n  include more.conf;\n  map $host $pool { default 1; }\n  server {\n    location /é { return 200 '$é$pool'; proxy_pass http://api; }\n    location = /b { root html; content_by_lua_file /etc/nginx/b.lua; }\n  }\n}\n#- /parts/a.conf\nupstream api { server a:1; }\n#- /parts/b.conf\n# nothing\n#- /more.conf\nmap $pool $more { default $pool; }\n#- /lua/b.lua\nngx.say(1)\n#- /compose.yaml\nservices:\n  gateway:\n    image: openresty/openresty:1.27\n    volumes:\n      - ./nginx.conf:/usr/local/openresty/nginx/conf/nginx.conf:ro\n      - ./parts:/usr/local/openresty/nginx/conf/parts:ro\n      - ./more.conf:/usr/local/openresty/nginx/conf/more.conf:ro\n      - ./lua/b.lua:/etc/nginx/b.lua:ro\n";

fn able() -> Value {
    json!({ "textDocument": { "documentHighlight": {}, "documentLink": {}, "rename": { "prepareSupport": true } } })
}

/// Where a text begins in the document, and so many characters further.
fn position(text: &str, behind: usize) -> Value {
    let at = CONF.find(text).expect("there");
    let line = CONF[..at].rsplit('\n').next().unwrap_or_default();
    json!({ "line": CONF[..at].matches('\n').count(), "character": line.encode_utf16().count() + behind })
}

#[test]
fn the_other_places_of_a_name() {
    let mut editor = Editor::open(able(), CONF);
    let answer = editor.ask("textDocument/documentHighlight", json!({ "position": position("$pool'", 2) }));
    let shown = |it: &Value| (it["range"]["start"]["line"].as_u64(), it["range"]["start"]["character"].as_u64(), it["kind"].as_u64());
    let found: Vec<_> = answer.as_array().into_iter().flatten().map(shown).collect();
    assert_eq!(found, [(Some(4), Some(12), Some(3)), (Some(6), Some(32), Some(2))]);
    assert_eq!(editor.ask("textDocument/documentHighlight", json!({ "position": position("return", 1) })), Value::Null);
    editor.client.shutdown();
}

#[test]
fn files_that_are_here_are_links() {
    let mut editor = Editor::open(able(), CONF);
    let folder = crate::client::uri(editor.folder.path());
    let answer = editor.ask("textDocument/documentLink", json!({}));
    let shown = |it: &Value| {
        let target = it["target"].as_str().unwrap_or_default().replace(&folder, "");
        format!("{}:{} {target}", it["range"]["start"]["line"], it["range"]["start"]["character"])
    };
    let found: Vec<String> = answer.as_array().into_iter().flatten().map(shown).collect();
    // Two files are no link, and what is not here is none.
    assert_eq!(found, ["3:10 /more.conf", "7:51 /lua/b.lua"]);
    editor.client.shutdown();
}

#[test]
fn without_trust_no_link_leads_outside() {
    let outside = tempfile::tempdir().expect("a folder");
    std::fs::write(outside.path().join("out.conf"), "gzip on;\n").expect("a file");
    for (trusted, links) in [(true, 2), (false, 1)] {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "events {}\nhttp {\n  include in.conf;\n  include link.conf;\n}\n";
        std::fs::write(folder.path().join("nginx.conf"), text).expect("a file");
        std::fs::write(folder.path().join("in.conf"), "gzip off;\n").expect("a file");
        std::os::unix::fs::symlink(outside.path().join("out.conf"), folder.path().join("link.conf")).expect("a link");
        let mut client = crate::client::Client::ready(crate::client::Setup {
            folders: vec![crate::client::uri(folder.path())],
            extra: able(),
            options: json!({ "trusted": trusted }),
            ..Default::default()
        });
        client.ignore("textDocument/publishDiagnostics");
        client.ignore("window/showMessage");
        let document = crate::client::uri(&folder.path().join("nginx.conf"));
        client.open(&document, text);
        let answer = loop {
            match client.try_request("textDocument/documentLink", json!({ "textDocument": { "uri": document } })) {
                Err(error) if error["code"] == -32801 => {}
                answer => break answer.expect("answered"),
            }
        };
        assert_eq!(answer.as_array().map(Vec::len), Some(links), "trusted {trusted}: {answer}");
        client.shutdown();
    }
}

#[test]
fn a_name_is_changed_in_all_files() {
    let mut editor = Editor::open(able(), CONF);
    let at = position("$pool'", 3);
    let prepared = editor.ask("textDocument/prepareRename", json!({ "position": at }));
    assert_eq!(prepared["placeholder"], "pool");
    assert_eq!(prepared["range"]["start"], position("$pool'", 1));
    let edit = editor.ask("textDocument/rename", json!({ "position": at, "newName": "$group" }));
    let units = editor.client.units;
    let folder = crate::client::uri(editor.folder.path());
    let mut seen = Vec::new();
    for change in edit["documentChanges"].as_array().expect("changes with versions") {
        let name = change["textDocument"]["uri"].as_str().unwrap_or_default().replace(&format!("{folder}/"), "");
        let text = std::fs::read_to_string(editor.folder.path().join(&name)).expect("there");
        assert_eq!(change["textDocument"]["version"].as_i64(), (name == "nginx.conf").then_some(1), "{name}");
        let text = apply(&text, &change["edits"], units);
        assert!(!text.contains("pool"), "{text}");
        seen.push(name);
    }
    seen.sort();
    assert_eq!(seen, ["more.conf", "nginx.conf"]);
    editor.client.shutdown();
}

#[test]
fn what_the_settings_say_of_an_upstream_goes_with_it() {
    let settings = "[upstreams.api]\nroutes = [\"/x\"]\n";
    let conf = "events {}\nhttp {\n  upstream api { server 127.0.0.1:1; }\n  server { location / { proxy_pass http://api; } }\n}\n";
    let mut editor = Editor::open(able(), &format!("{conf}#- /nginx-analyzer.toml\n{settings}"));
    let edit = editor.ask("textDocument/rename", json!({ "position": { "line": 2, "character": 12 }, "newName": "back" }));
    let changes = edit["documentChanges"].as_array().expect("changes");
    let change = changes.iter().find(|change| change["textDocument"]["uri"].as_str().is_some_and(|uri| uri.ends_with("toml")));
    let after = apply(settings, &change.expect("the settings, too")["edits"], editor.client.units);
    assert_eq!(after, "[upstreams.back]\nroutes = [\"/x\"]\n");
    editor.client.shutdown();
}

#[test]
fn what_is_not_changed_says_why() {
    let mut editor = Editor::open(able(), CONF);
    let error = editor.try_ask("textDocument/prepareRename", json!({ "position": position("$host", 2) })).expect_err("refused");
    assert_eq!(error["code"], -32803);
    assert!(error["message"].as_str().is_some_and(|message| message.starts_with("Not renamed: nothing here defines host")), "{error}");
    let error = editor.try_ask("textDocument/rename", json!({ "position": position("$pool", 2), "newName": "more" })).expect_err("refused");
    assert!(error["message"].as_str().is_some_and(|message| message.contains("more is taken (more.conf:1)")), "{error}");
    assert_eq!(editor.ask("textDocument/prepareRename", json!({ "position": position("return", 2) })), Value::Null);
    editor.client.shutdown();
}
