//! Formatting from outside: a document, some of its lines, what was just typed.

use serde_json::{Value, json};

use crate::actions::apply;
use crate::everyday::Editor;

const CONF: &str =
    "events {}\nhttp {\n  server {\n      listen 80 ;\n    add_header X 'é';   \n  content_by_lua_block {\n a()  \n  }\n  }\n}\n";

fn able() -> Value {
    json!({ "textDocument": { "formatting": {}, "rangeFormatting": {}, "onTypeFormatting": {} } })
}

fn options(spaces: bool) -> Value {
    json!({ "tabSize": 2, "insertSpaces": spaces, "trimTrailingWhitespace": true })
}

#[test]
fn a_document_is_formatted_with_the_editors_options() {
    let mut editor = Editor::open(able(), CONF);
    let units = editor.client.units;
    for (spaces, step) in [(true, "  "), (false, "\t")] {
        let edits = editor.ask("textDocument/formatting", json!({ "options": options(spaces) }));
        let wanted = "events {}\nhttp {\n#server {\n##listen 80;\n##add_header X 'é';\n##content_by_lua_block {\n a()  \n  }\n#}\n}\n"
            .replace('#', step);
        assert_eq!(apply(CONF, &edits, units), wanted);
    }
    editor.client.shutdown();
}

#[test]
fn lines_are_formatted() {
    let mut editor = Editor::open(able(), CONF);
    let units = editor.client.units;
    let range = json!({ "start": { "line": 3, "character": 0 }, "end": { "line": 4, "character": 0 } });
    let edits = editor.ask("textDocument/rangeFormatting", json!({ "options": options(true), "range": range }));
    assert_eq!(apply(CONF, &edits, units), CONF.replace("      listen 80 ;", "    listen 80;"));
    editor.client.shutdown();
}

#[test]
fn what_is_typed_finds_its_column() {
    let text = "events {}\nhttp {\n  server {\n    listen 80;\n    }\n";
    let mut editor = Editor::open(able(), "events {}\n");
    let units = editor.client.units;
    let document = editor.document.clone();
    editor.client.replace(&document, text);
    let typed = json!({ "position": { "line": 4, "character": 5 }, "ch": "}", "options": options(true) });
    let edits = editor.ask("textDocument/onTypeFormatting", typed);
    assert_eq!(apply(text, &edits, units), text.replace("\n    }", "\n  }"));
    let text = "events {}\nhttp {\n\n";
    editor.client.replace(&document, text);
    let typed = json!({ "position": { "line": 2, "character": 0 }, "ch": "\n", "options": options(false) });
    let edits = editor.ask("textDocument/onTypeFormatting", typed);
    assert_eq!(apply(text, &edits, units), "events {}\nhttp {\n\t\n");
    editor.client.shutdown();
}

#[test]
fn what_nginx_refuses_is_not_formatted() {
    let mut editor = Editor::open(able(), "events {}\nhttp {\ngzip on;\n");
    let answer = editor.ask("textDocument/formatting", json!({ "options": options(true) }));
    assert_eq!(answer, json!([]));
    editor.client.shutdown();
}
