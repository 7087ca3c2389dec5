//! Semantic tokens from outside.

use serde_json::{Value, json};

use crate::everyday::Editor;

const CONF: &str = "events {}\nhttp {\n  include parts.conf;\n  server {\n    location ~ ^/ { return 200; }\n    location ~ ^/a { proxy_pass http://api; }\n    location = /é { set $x '$host\n$uri'; }\n  }\n}\n#- /parts.conf\nupstream api { server a:1; }\n";

fn able(tokens: Value) -> Value {
    let mut all = json!({ "requests": { "full": { "delta": true }, "range": true }, "tokenTypes": [], "tokenModifiers": [], "formats": ["relative"] });
    for (name, value) in tokens.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    json!({ "textDocument": { "semanticTokens": all }, "workspace": { "semanticTokens": { "refreshSupport": true } } })
}

fn numbers(data: &Value) -> Vec<u64> {
    data.as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
}

/// `line:column length type modifiers`
fn absolute(data: &[u64]) -> Vec<String> {
    let (mut line, mut column) = (0, 0);
    let show = |token: &[u64]| {
        line += token[0];
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        format!("{line}:{column} {} {} {}", token[2], token[3], token[4])
    };
    data.chunks(5).map(show).collect()
}

/// Waits until the analysis says that there is more to show.
fn settled(editor: &mut Editor) {
    editor.client.wait("workspace/semanticTokens/refresh");
}

#[test]
fn tokens_of_a_document_and_of_a_range() {
    let mut editor = Editor::open(able(json!({})), CONF);
    settled(&mut editor);
    let full = editor.ask("textDocument/semanticTokens/full", json!({}));
    let tokens = absolute(&numbers(&full["data"]));
    // The second location is dead: its word, its operator, its regex, and what is in it; `api` is the upstream of the other file.
    for wanted in ["4:4 8 0 0", "5:4 8 0 8", "5:13 1 11 8", "5:32 7 6 8", "5:39 3 8 8"] {
        assert!(tokens.contains(&wanted.to_owned()), "{wanted} in {tokens:#?}");
    }
    // A word over two lines is two tokens, counted in UTF-16.
    for wanted in ["6:20 3 1 0", "6:24 2 2 3", "6:27 1 6 0", "6:28 5 2 4", "7:0 4 2 4", "7:4 1 6 0"] {
        assert!(tokens.contains(&wanted.to_owned()), "{wanted} in {tokens:#?}");
    }
    let range = json!({ "start": { "line": 5, "character": 0 }, "end": { "line": 6, "character": 0 } });
    let part = editor.ask("textDocument/semanticTokens/range", json!({ "range": range }));
    let part = absolute(&numbers(&part["data"]));
    assert_eq!(part, tokens.iter().filter(|token| token.starts_with("5:")).cloned().collect::<Vec<_>>());
    editor.client.take("workspace/semanticTokens/refresh");
    editor.client.ignore("workspace/semanticTokens/refresh");
    editor.client.shutdown();
}

#[test]
fn a_client_that_takes_long_tokens_gets_them_whole() {
    let mut editor = Editor::open(able(json!({ "multilineTokenSupport": true })), "events {}\nhttp { log_format a 'b\nc'; }\n");
    settled(&mut editor);
    let full = editor.ask("textDocument/semanticTokens/full", json!({}));
    assert!(absolute(&numbers(&full["data"])).contains(&"1:20 5 6 0".to_owned()), "{full}");
    editor.client.ignore("workspace/semanticTokens/refresh");
    editor.client.shutdown();
}

#[test]
fn deltas_lead_to_what_a_full_answer_is() {
    let mut editor = Editor::open(able(json!({})), CONF);
    editor.client.ignore("workspace/semanticTokens/refresh");
    let document = editor.document.clone();
    let first = editor.ask("textDocument/semanticTokens/full", json!({}));
    let (mut id, mut data) = (first["resultId"].clone(), numbers(&first["data"]));
    let mut text = CONF.split("#- ").next().unwrap_or_default().to_owned();
    for (at, old, new) in [
        ("200", "200", "204"),
        ("    location = /é", "", "    gzip on;\n"),
        ("    gzip on;\n", "    gzip on;\n", ""),
        ("events", "", "user a;\n"),
    ] {
        let start = text.find(at).expect("there");
        let line = text[..start].matches('\n').count();
        let column = text[..start].rsplit('\n').next().unwrap_or_default().encode_utf16().count();
        let lines = old.matches('\n').count();
        let end = json!({ "line": line + lines, "character": if lines > 0 { 0 } else { column + old.len() } });
        text.replace_range(start..start + old.len(), new);
        let change = json!([{ "range": { "start": { "line": line, "character": column }, "end": end }, "text": new }]);
        editor.client.change(&document, change, &text);
        // What is said of a name that another file defines rests on the analysis: with this, both answers know it.
        editor.ask("textDocument/hover", json!({ "position": { "line": 0, "character": 0 } }));
        let delta = editor.ask("textDocument/semanticTokens/full/delta", json!({ "previousResultId": id }));
        assert_ne!(delta["resultId"], id);
        for edit in delta["edits"].as_array().expect("a delta").iter().rev() {
            let start = edit["start"].as_u64().expect("checked") as usize;
            let end = start + edit["deleteCount"].as_u64().expect("checked") as usize;
            data.splice(start..end, numbers(&edit["data"]));
        }
        // What is dead may be known by now: where each token is, and what, counts here.
        let full = editor.ask("textDocument/semanticTokens/full", json!({}));
        let places = |data: &[u64]| data.chunks(5).map(|token| token[..4].to_vec()).collect::<Vec<_>>();
        assert_eq!(places(&data), places(&numbers(&full["data"])), "after {new:?}");
        (id, data) = (full["resultId"].clone(), numbers(&full["data"]));
    }
    let unknown = editor.ask("textDocument/semanticTokens/full/delta", json!({ "previousResultId": "unknown" }));
    assert!(unknown.get("data").is_some(), "all of them for a client that has something else: {unknown}");
    editor.client.shutdown();
}
