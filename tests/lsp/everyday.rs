//! Outline, symbols by name, folds and selections, from outside: answered from the present text, while the analysis of it may not be there.

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};

const CONF: &str = "events {}\nhttp {\n  upstream api { server a:8000; }\n  # one\n  # two\n  server {\n    listen 80;\n    server_name shop.example;\n    location /É/ {\n      proxy_pass http://api;\n    }\n    #X# location /off {\n    #X# }\n  }\n}\n";

pub struct Editor {
    pub folder: tempfile::TempDir,
    pub client: Client,
    pub document: String,
}

impl Editor {
    pub fn open(capabilities: Value, fixture: &str) -> Editor {
        let folder = tempfile::tempdir().expect("a folder");
        crate::common::write_fixture(folder.path(), fixture);
        let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], extra: capabilities, ..Setup::default() });
        client.ignore("textDocument/publishDiagnostics");
        let document = uri(&folder.path().join("nginx.conf"));
        let text = std::fs::read_to_string(folder.path().join("nginx.conf")).expect("written");
        client.open(&document, &text);
        Editor { folder, client, document }
    }

    /// Asks about the document, again where it changed meanwhile.
    pub fn ask(&mut self, method: &str, more: Value) -> Value {
        self.try_ask(method, more).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    pub fn try_ask(&mut self, method: &str, more: Value) -> Result<Value, Value> {
        let mut params = json!({ "textDocument": { "uri": self.document } });
        for (name, value) in more.as_object().into_iter().flatten() {
            params[name] = value.clone();
        }
        loop {
            match self.client.try_request(method, params.clone()) {
                Err(error) if error["code"] == -32801 => {}
                answer => return answer,
            }
        }
    }
}

fn named(symbols: &Value, depth: usize, out: &mut Vec<String>) {
    for symbol in symbols.as_array().into_iter().flatten() {
        let detail = symbol["detail"].as_str().map(|detail| format!(" · {detail}")).unwrap_or_default();
        out.push(format!("{}{}{detail}", "  ".repeat(depth), symbol["name"].as_str().unwrap_or_default()));
        named(&symbol["children"], depth + 1, out);
    }
}

#[test]
fn an_outline_is_nested_where_the_client_takes_it() {
    let able = json!({ "textDocument": { "documentSymbol": { "hierarchicalDocumentSymbolSupport": true } } });
    let mut editor = Editor::open(able, CONF);
    let answer = editor.ask("textDocument/documentSymbol", json!({}));
    let mut names = Vec::new();
    named(&answer, 0, &mut names);
    assert_eq!(
        names,
        ["events", "http", "  upstream api · a:8000", "  server shop.example:80", "    location /É/ · proxy_pass http://api",]
    );
    let selected = &answer[1]["children"][1]["children"][0]["selectionRange"];
    assert_eq!(*selected, json!({ "start": { "line": 8, "character": 13 }, "end": { "line": 8, "character": 16 } }));
    editor.client.shutdown();
}

#[test]
fn an_older_client_gets_a_list() {
    let mut editor = Editor::open(json!({ "textDocument": { "documentSymbol": {} } }), CONF);
    let answer = editor.ask("textDocument/documentSymbol", json!({}));
    let shown = |it: &Value| format!("{} in {}", it["name"].as_str().unwrap_or("-"), it["containerName"].as_str().unwrap_or("-"));
    let names: Vec<String> = answer.as_array().into_iter().flatten().map(shown).collect();
    assert_eq!(names[3..], ["server shop.example:80 in http", "location /É/ in server shop.example:80"]);
    editor.client.shutdown();
}

#[test]
fn the_outline_is_of_the_text_that_was_typed_last() {
    let able = json!({ "textDocument": { "documentSymbol": { "hierarchicalDocumentSymbolSupport": true } } });
    let mut editor = Editor::open(able, CONF);
    let document = editor.document.clone();
    let mut text = CONF.to_owned();
    for round in 0..20 {
        let at = text.find("    listen").expect("there");
        let line = text[..at].matches('\n').count();
        let new = format!("    location /new{round} {{ }}\n");
        text.insert_str(at, &new);
        let start = json!({ "line": line, "character": 0 });
        editor.client.change(&document, json!([{ "range": { "start": start, "end": start }, "text": new }]), &text);
        let mut names = Vec::new();
        named(&editor.ask("textDocument/documentSymbol", json!({})), 0, &mut names);
        assert!(names.contains(&format!("    location /new{round}")), "{names:?}");
    }
    // The whole text at once, and an edit of that before anything was analysed.
    editor.client.replace(&document, "http { server { location /b { } } }\n");
    let at = json!({ "line": 0, "character": 26 });
    editor.client.change(
        &document,
        json!([{ "range": { "start": at, "end": at }, "text": "cd" }]),
        "http { server { location /cdb { } } }\n",
    );
    let mut names = Vec::new();
    named(&editor.ask("textDocument/documentSymbol", json!({})), 0, &mut names);
    assert_eq!(names, ["http", "  server", "    location /cdb"]);
    editor.client.shutdown();
}

#[test]
fn symbols_are_found_in_all_files() {
    let fixture =
        format!("{}\n#- /part.conf\nmap $host $pool {{ default api; }}\n", CONF.replace("http {", "http {\n  include part.conf;"));
    let mut editor = Editor::open(json!({ "workspace": { "symbol": {} } }), &fixture);
    let folder = uri(editor.folder.path());
    let mut find = |query: &str| -> Vec<String> {
        let answer = editor.ask("workspace/symbol", json!({ "query": query }));
        let shown = |it: &Value| {
            let file = it["location"]["uri"].as_str().unwrap_or_default().replace(&format!("{folder}/"), "");
            format!("{} {file}:{}", it["name"].as_str().unwrap_or_default(), it["location"]["range"]["start"]["line"])
        };
        answer.as_array().into_iter().flatten().map(shown).collect()
    };
    assert_eq!(find("pool"), ["$pool part.conf:0"]);
    assert_eq!(find("shop"), ["server shop.example:80 nginx.conf:6"]);
    assert_eq!(find("").len(), 4);
    assert_eq!(find("none of these"), [""; 0]);
    editor.client.shutdown();
}

#[test]
fn folds_by_lines_and_by_characters() {
    let lines = |fold: &Value| {
        (fold["startLine"].as_u64().unwrap_or(99), fold["endLine"].as_u64().unwrap_or(99), fold["kind"].as_str().map(str::to_owned))
    };
    let comment = Some("comment".to_owned());
    let mut editor = Editor::open(json!({ "textDocument": { "foldingRange": { "lineFoldingOnly": true } } }), CONF);
    let answer = editor.ask("textDocument/foldingRange", json!({}));
    let found: Vec<_> = answer.as_array().into_iter().flatten().map(lines).collect();
    assert_eq!(found, [(1, 13, None), (3, 4, comment.clone()), (5, 12, None), (8, 9, None), (11, 12, comment)]);
    assert!(answer[0].get("startCharacter").is_none());
    editor.client.shutdown();
    let mut editor = Editor::open(json!({ "textDocument": { "foldingRange": { "rangeLimit": 1 } } }), CONF);
    let answer = editor.ask("textDocument/foldingRange", json!({}));
    assert_eq!(answer, json!([{ "startLine": 1, "startCharacter": 6, "endLine": 14, "endCharacter": 0 }]));
    editor.client.shutdown();
}

#[test]
fn selections_grow() {
    let mut editor = Editor::open(json!({ "textDocument": { "selectionRange": {} } }), CONF);
    let positions = json!([{ "line": 9, "character": 26 }, { "line": 99, "character": 0 }]);
    let answer = editor.ask("textDocument/selectionRange", json!({ "positions": positions }));
    assert_eq!(answer[0]["range"], json!({ "start": { "line": 9, "character": 17 }, "end": { "line": 9, "character": 27 } }));
    let depth = std::iter::successors(Some(&answer[0]), |one| one.get("parent")).count();
    assert_eq!(depth, 12);
    assert_eq!(answer.as_array().map(Vec::len), Some(2));
    editor.client.shutdown();
}

#[test]
fn what_the_client_can_not_is_not_offered() {
    let mut client = Client::start();
    let result = client.initialize(Setup::default());
    for name in [
        "documentSymbol",
        "workspaceSymbol",
        "semanticTokens",
        "foldingRange",
        "selectionRange",
        "documentHighlight",
        "documentLink",
        "rename",
        "documentFormatting",
        "documentRangeFormatting",
        "documentOnTypeFormatting",
    ] {
        assert!(result["capabilities"].get(format!("{name}Provider")).is_none(), "{name}");
    }
    client.shutdown();
}
