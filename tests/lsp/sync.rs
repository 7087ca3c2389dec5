use serde_json::{Value, json};

use crate::client::{Client, Setup};
use crate::reference::{Random, Units, position, positions};

const PIECES: &[&str] =
    &["", "x", "\n", "\r\n", "\r", "\u{e9}", "\u{1f600}", "\u{2028}", "server { }\n", "a\u{301}", "{", "}", ";\r\n\r\n", "\u{feff}", "\t"];

/// Edits one text in every way that the protocol allows, many edits in one message and many messages in flight.
fn edits_at_random(units: Units, seed: u64) {
    let mut client = Client::ready(Setup { units: Some(vec![units]), ..Setup::default() });
    assert_eq!(client.units, units);
    client.ignore("textDocument/publishDiagnostics");
    let mut random = Random(seed);
    let mut text = String::from("http {\r\n  # \u{1f600} h\u{e9}\n}\r\n");
    let uri = "untitled:sync";
    client.open(uri, &text);
    for round in 0..150 {
        let mut changes = Vec::new();
        for _ in 0..=random.below(3) {
            let piece: String = (0..random.below(3)).map(|_| PIECES[random.below(PIECES.len())]).collect();
            if random.below(40) == 0 {
                text = piece.clone();
                changes.push(json!({ "text": piece }));
                continue;
            }
            let places = positions(&text, units);
            let (a, b) = (random.below(places.len()), random.below(places.len()));
            let (start, end) = (places[a.min(b)], places[(a.min(b) + random.below(8)).min(a.max(b))]);
            text.replace_range(start.2..end.2, &piece);
            changes.push(json!({ "range": { "start": position(start), "end": position(end) }, "text": piece }));
        }
        let version = client.change(uri, Value::Array(changes), &text);
        if round % 10 == 9 {
            assert_eq!(client.text(uri), (version, text.clone()), "{units:?}, seed {seed}, round {round}");
        }
    }
    client.shutdown();
}

#[test]
fn edits_lead_to_the_clients_text_in_utf8() {
    edits_at_random(Units::Utf8, 0x9e37_79b9_7f4a_7c15);
}

#[test]
fn edits_lead_to_the_clients_text_in_utf16() {
    edits_at_random(Units::Utf16, 0xbf58_476d_1ce4_e5b9);
}

#[test]
fn edits_lead_to_the_clients_text_in_utf32() {
    edits_at_random(Units::Utf32, 0x94d0_49bb_1331_11eb);
}

#[test]
fn positions_outside_the_text_are_clamped() {
    let mut client = Client::ready(Setup::default());
    client.ignore("textDocument/publishDiagnostics");
    let uri = "untitled:clamp";
    client.open(uri, "ab\ncd");
    let mut edit = |from: [i64; 2], to: [i64; 2], text: &str, after: &str| {
        let at = |[line, character]: [i64; 2]| json!({ "line": line, "character": character });
        client.change(uri, json!([{ "range": { "start": at(from), "end": at(to) }, "text": text }]), after);
        assert_eq!(client.text(uri).1, after);
    };
    edit([0, 99], [0, 99], "!", "ab!\ncd");
    edit([7, 0], [9, 0], "?", "ab!\ncd?");
    edit([1, 1], [4_000_000_000, 4_000_000_000], "", "ab!\nc");
    edit([-1, -1], [0, 1], "A", "Ab!\nc");
    // The end before the start: nothing is removed.
    edit([1, 1], [0, 0], "+", "Ab!\nc+");
    edit([0, 0], [99_999_999_999, 0], "x", "x");
    client.shutdown();
}

#[test]
fn edits_of_documents_that_are_not_open_are_ignored_and_logged() {
    let mut client = Client::ready(Setup::default());
    client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "untitled:none", "version": 4 }, "contentChanges": [{ "text": "x" }] }),
    );
    assert!(client.wait("window/logMessage")["message"].as_str().is_some_and(|it| it.contains("untitled:none")));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": "untitled:none" } }));
    assert!(client.wait("window/logMessage")["message"].as_str().is_some_and(|it| it.contains("closed")));
    assert!(client.try_request("nginxAnalyzer/documentText", json!({ "textDocument": { "uri": "untitled:none" } })).is_err());
    client.shutdown();
}

#[test]
fn a_version_that_goes_back_is_logged_and_the_edit_is_applied() {
    let mut client = Client::ready(Setup::default());
    client.ignore("textDocument/publishDiagnostics");
    client.open_as("untitled:v", "plaintext", "x");
    client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "untitled:v", "version": 1 }, "contentChanges": [{ "text": "y" }] }),
    );
    assert!(client.wait("window/logMessage")["message"].as_str().is_some_and(|it| it.contains("version 1")));
    assert_eq!(client.text("untitled:v").1, "y");
    client.shutdown();
}

#[test]
fn opening_twice_takes_the_second_text() {
    let mut client = Client::ready(Setup::default());
    client.ignore("textDocument/publishDiagnostics");
    client.open("untitled:twice", "one");
    client.open("untitled:twice", "two");
    assert_eq!(client.text("untitled:twice"), (1, "two".into()));
    client.shutdown();
}
