//! Texts that are nested ten thousand deep, and every request that there is about them.

use serde_json::{Value, json};

use crate::client::{Client, Setup};

const LEVELS: usize = 10_000;

/// Everything that can be asked of a document.
fn questions(uri: &str, line: u32, character: u32) -> Vec<(&'static str, Value)> {
    let document = json!({ "uri": uri });
    let position = json!({ "line": line, "character": character });
    let at = json!({ "textDocument": document, "position": position });
    let with = |more: Value| {
        let mut at = at.clone();
        at.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        at
    };
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 100_000, "character": 0 } });
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let command = |name: &str, more: Value| {
        let mut argument = json!({ "uri": uri });
        argument.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        ("workspace/executeCommand", json!({ "command": format!("nginx-analyzer.{name}"), "arguments": [argument] }))
    };
    vec![
        ("textDocument/hover", at.clone()),
        ("textDocument/completion", at.clone()),
        ("textDocument/signatureHelp", at.clone()),
        ("textDocument/definition", at.clone()),
        ("textDocument/references", with(json!({ "context": { "includeDeclaration": true } }))),
        ("textDocument/documentHighlight", at.clone()),
        ("textDocument/prepareRename", at.clone()),
        ("textDocument/rename", with(json!({ "newName": "other" }))),
        ("textDocument/selectionRange", json!({ "textDocument": document, "positions": [position] })),
        ("textDocument/foldingRange", json!({ "textDocument": document })),
        ("textDocument/documentSymbol", json!({ "textDocument": document })),
        ("textDocument/documentLink", json!({ "textDocument": document })),
        ("textDocument/codeLens", json!({ "textDocument": document })),
        ("textDocument/semanticTokens/full", json!({ "textDocument": document })),
        ("textDocument/semanticTokens/range", json!({ "textDocument": document, "range": range })),
        ("textDocument/inlayHint", json!({ "textDocument": document, "range": range })),
        ("textDocument/codeAction", json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } })),
        ("textDocument/formatting", json!({ "textDocument": document, "options": options })),
        ("textDocument/rangeFormatting", json!({ "textDocument": document, "range": range, "options": options })),
        ("textDocument/onTypeFormatting", with(json!({ "ch": "}", "options": options }))),
        ("textDocument/diagnostic", json!({ "textDocument": document })),
        ("workspace/symbol", json!({ "query": "location" })),
        ("workspace/diagnostic", json!({ "previousResultIds": [] })),
        command("trace", json!({ "url": "http://localhost/x" })),
        command("map", json!({})),
        command("effective", json!({})),
        command("report", json!({ "format": "markdown" })),
        command("cleanup.plan", json!({})),
    ]
}

#[test]
fn every_request_about_what_is_nested_ten_thousand_deep() {
    let parentheses = format!("{}a{}", "(".repeat(LEVELS), ")".repeat(LEVELS));
    let tables = format!("{}{}", "{".repeat(LEVELS), "}".repeat(LEVELS));
    let inside = |text: &str| format!("events {{}}\nhttp {{\n server {{\n{text}\n }}\n}}\n");
    let texts = [
        inside(&format!("{}\n{}", "location /x {\n".repeat(LEVELS), "}\n".repeat(LEVELS))),
        inside(&format!("{}{}", "if ($x) { ".repeat(LEVELS), "}".repeat(LEVELS))),
        inside(&"location /x {\n".repeat(LEVELS)),
        "}\n".repeat(LEVELS),
        inside(&format!("location ~ ^/{parentheses}$ {{ return 200; }}\nrewrite ^/{parentheses}$ /x last;")),
        inside(&format!("location /l {{ content_by_lua_block {{ local t = {tables} local p = {parentheses} }} }}")),
        inside(&format!("set $x \"{}\";", "${x".repeat(LEVELS))),
        inside(&"#X# location /x {\n".repeat(LEVELS)),
    ];
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    let uri = "file:///nginx-analyzer-no-such-folder/nginx.conf";
    for (number, text) in texts.iter().enumerate() {
        client.open(uri, text);
        let lines: Vec<&str> = text.lines().collect();
        let middle = lines.len() / 2;
        for (line, character) in [(0, 0), (middle, lines[middle].len() / 2), (lines.len() - 1, lines[lines.len() - 1].len())] {
            for (method, params) in questions(uri, line as u32, character as u32) {
                // A refusal is an answer (nothing to rename, no configuration to trace); the end of the server, or a panic, is none.
                if let Err(error) = client.try_request(method, params) {
                    assert!([-32602, -32802, -32803].contains(&error["code"].as_i64().unwrap_or_default()), "{number}: {method}: {error}");
                }
            }
        }
        // Typing in it.
        client.change(
            uri,
            json!([{ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } }, "text": "\n" }]),
            &format!("\n{text}"),
        );
        client.pull(uri, None);
        assert_eq!(client.text(uri).1, format!("\n{text}"));
        client.close(uri);
    }
    client.shutdown();
}
