use serde_json::{Value, json};

use crate::client::{Client, Setup};
use crate::reference::{self, Units};
use crate::{BROKEN, SOUND};

/// The text after edits that all count from the text before.
pub fn apply(text: &str, edits: &Value, units: Units) -> String {
    let at = |position: &Value| reference::offset(text, position, units).expect("a position in the text");
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (at(&it["range"]["start"]), at(&it["range"]["end"]), it["newText"].as_str().expect("checked")))
        .collect();
    edits.sort();
    assert!(edits.windows(2).all(|pair| pair[0].1 <= pair[1].0), "edits overlap: {edits:?}");
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}

fn actions(client: &mut Client, uri: &str, line: u64, only: Value) -> Vec<Value> {
    let at = json!({ "line": line, "character": 3 });
    let mut context = json!({ "diagnostics": [] });
    if !only.is_null() {
        context["only"] = only;
    }
    let params = json!({ "textDocument": { "uri": uri }, "range": { "start": at, "end": at }, "context": context });
    loop {
        match client.try_request("textDocument/codeAction", params.clone()) {
            Ok(actions) => return actions.as_array().expect("checked").clone(),
            Err(error) => assert_eq!(error["code"], -32801, "{error}"),
        }
    }
}

/// The quick fix that comments the dead location out.
fn comment_out(actions: &[Value]) -> &Value {
    let fixes =
        || actions.iter().filter(|it| it["kind"] == "quickfix" && it["title"].as_str().is_some_and(|it| it.starts_with("Comment out")));
    assert_eq!(fixes().count(), 1, "{actions:?}");
    fixes().next().expect("counted")
}

#[test]
fn a_finding_is_mended_by_its_quick_fix_in_each_encoding() {
    for units in Units::ALL {
        let mut client = Client::ready(Setup { pull: true, units: Some(vec![units]), ..Setup::default() });
        let uri = "untitled:fix";
        let text = BROKEN.replace("return 201;", "return 201 '\u{1f600}';").replace("events {}", "events {} # \u{e9}");
        client.open(uri, &text);
        let found = client.pull(uri, None)["items"].clone();
        let offered = actions(&mut client, uri, 3, Value::Null);
        let fix = comment_out(&offered);
        assert_eq!(fix["diagnostics"], found);
        assert_eq!(fix["data"]["rule"], "dead-location");
        let change = &fix["edit"]["documentChanges"][0];
        assert_eq!(change["textDocument"], json!({ "uri": uri, "version": 1 }));
        let mended = apply(&text, &change["edits"], units);
        assert!(mended.lines().any(|line| line.contains("#X# ") && line.contains("return 201")), "{mended}");
        // The client sends the same edits back, the last one first.
        let mut changes: Vec<Value> =
            change["edits"].as_array().expect("checked").iter().map(|it| json!({ "range": it["range"], "text": it["newText"] })).collect();
        changes.sort_by_key(|it| std::cmp::Reverse((it["range"]["start"]["line"].as_u64(), it["range"]["start"]["character"].as_u64())));
        client.change(uri, Value::Array(changes), &mended);
        assert_eq!(client.text(uri).1, mended);
        assert_eq!(client.pull(uri, None)["items"], json!([]));
        client.shutdown();
    }
}

#[test]
fn the_marker_comes_from_the_settings() {
    let mut client = Client::ready(Setup { pull: true, options: json!({ "cleanup": { "marker": "#off# " } }), ..Setup::default() });
    client.open("untitled:marker", BROKEN);
    let offered = actions(&mut client, "untitled:marker", 3, Value::Null);
    let edits = &comment_out(&offered)["edit"]["documentChanges"][0]["edits"];
    assert!(apply(BROKEN, edits, client.units).contains("#off# "), "{edits}");
    client.shutdown();
}

#[test]
fn only_the_kinds_that_are_asked_for_are_offered() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    client.open("untitled:kinds", BROKEN);
    comment_out(&actions(&mut client, "untitled:kinds", 3, json!(["quickfix"])));
    assert!(actions(&mut client, "untitled:kinds", 3, json!(["source"])).is_empty());
    assert!(actions(&mut client, "untitled:kinds", 3, json!([])).is_empty());
    let quick = |actions: Vec<Value>| actions.into_iter().filter(|it| it["kind"] == "quickfix").count();
    assert_eq!(quick(actions(&mut client, "untitled:kinds", 0, Value::Null)), 0);
    client.replace("untitled:kinds", SOUND);
    assert_eq!(quick(actions(&mut client, "untitled:kinds", 2, Value::Null)), 0);
    assert!(actions(&mut client, "untitled:not-open", 3, Value::Null).is_empty());
    client.shutdown();
}

#[test]
fn clients_that_know_less_get_plain_changes() {
    let extra = json!({ "workspace": { "workspaceEdit": { "documentChanges": false } }, "textDocument": { "codeAction": { "dataSupport": false } } });
    let mut client = Client::ready(Setup { pull: true, extra, ..Setup::default() });
    client.open("untitled:plain", BROKEN);
    let offered = actions(&mut client, "untitled:plain", 3, Value::Null);
    let fix = comment_out(&offered);
    assert_eq!(fix.get("data"), None);
    assert!(apply(BROKEN, &fix["edit"]["changes"]["untitled:plain"], client.units).contains("#X# "));
    client.shutdown();
}

#[test]
fn any_block_is_commented_out_and_restored_byte_for_byte() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    let uri = "untitled:restore";
    client.open(uri, SOUND);
    let rewrite = |actions: Vec<Value>, title: &str| {
        let found =
            actions.into_iter().find(|it| it["kind"] == "refactor.rewrite" && it["title"].as_str().is_some_and(|it| it.starts_with(title)));
        found.unwrap_or_else(|| panic!("nothing begins with {title:?}"))["edit"]["documentChanges"][0]["edits"].clone()
    };
    let out = rewrite(actions(&mut client, uri, 2, json!(["refactor"])), "Comment out");
    let commented = apply(SOUND, &out, client.units);
    assert_ne!(commented, SOUND);
    client.replace(uri, &commented);
    let back = rewrite(actions(&mut client, uri, 2, json!(["refactor"])), "Restore");
    assert_eq!(apply(&commented, &back, client.units), SOUND);
    client.shutdown();
}

#[test]
fn a_block_that_something_needs_is_refused_with_the_reason() {
    let text = "events {}\nhttp { server {\n location / { auth_request /auth; }\n location = /auth { return 204; }\n} }\n";
    for disabled in [true, false] {
        let extra = json!({ "textDocument": { "codeAction": { "disabledSupport": disabled } } });
        let mut client = Client::ready(Setup { pull: true, extra, ..Setup::default() });
        client.open("untitled:needed", text);
        let offered = actions(&mut client, "untitled:needed", 3, json!(["refactor"]));
        let refused: Vec<_> = offered.iter().filter_map(|it| it["disabled"]["reason"].as_str()).collect();
        assert_eq!(refused.len(), usize::from(disabled), "{offered:?}");
        assert!(refused.iter().all(|reason| reason.contains("auth_request")), "{refused:?}");
        client.shutdown();
    }
}
