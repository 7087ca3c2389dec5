//! More than anybody asks: thousands of requests at once, most of them cancelled, and messages as large as they get.

use serde_json::json;

use crate::BROKEN;
use crate::client::{Client, Setup};

/// More than are worked on at once ([`super`]'s server takes 4,096 in flight).
const REQUESTS: usize = 6_000;

#[test]
fn thousands_of_requests_are_answered_though_most_are_cancelled() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    let uri = "untitled:flood";
    client.open(uri, BROKEN);
    let document = json!({ "uri": uri });
    let at = json!({ "textDocument": document, "position": { "line": 2, "character": 10 } });
    let mut asked = Vec::new();
    for number in 0..REQUESTS {
        let (method, params) = match number % 5 {
            0 => ("textDocument/hover", at.clone()),
            1 => ("textDocument/completion", at.clone()),
            2 => ("textDocument/semanticTokens/full", json!({ "textDocument": document })),
            3 => ("textDocument/diagnostic", json!({ "textDocument": document })),
            _ => ("workspace/diagnostic", json!({ "previousResultIds": [] })),
        };
        let id = client.ask(method, params);
        // One in ten is wanted.
        if number % 10 != 3 {
            client.cancel(id);
        }
        asked.push((id, number % 10 != 3));
    }
    // All at once, and twice: what is over can be cancelled, too.
    asked.iter().filter(|(_, cancelled)| *cancelled).for_each(|(id, _)| client.cancel(*id));
    for (id, cancelled) in asked {
        match client.answer(id) {
            Ok(_) => {}
            Err(error) => assert!(cancelled && error["code"] == -32800, "{error}"),
        }
    }
    assert_eq!(client.pull(uri, None)["items"].as_array().map(Vec::len), Some(1));
    client.shutdown();
}

/// Larger than anything that is analysed: the text is kept, for the client will edit it, and told of, and everything else goes on.
#[test]
fn a_text_too_large_to_be_analysed_is_kept_and_told_of() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    let uri = "file:///nginx-analyzer-no-such-folder/large.conf";
    let line = "location /a { return 200; }\n";
    let large = line.repeat((65 << 20) / line.len() + 1);
    client.open(uri, &large);
    let found = client.pull(uri, None)["items"].clone();
    assert_eq!((&found[0]["code"], found.as_array().map(Vec::len)), (&json!("unreadable-file"), Some(1)), "{found}");
    assert!(found[0]["message"].as_str().is_some_and(|it| it.contains("too large")), "{found}");
    let document = json!({ "uri": uri });
    let at = json!({ "textDocument": document, "position": { "line": 2, "character": 3 } });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 4, "character": 0 } });
    for (method, params) in [
        ("textDocument/hover", at.clone()),
        ("textDocument/completion", at.clone()),
        ("textDocument/documentSymbol", json!({ "textDocument": document })),
        ("textDocument/foldingRange", json!({ "textDocument": document })),
        ("textDocument/semanticTokens/full", json!({ "textDocument": document })),
        ("textDocument/formatting", json!({ "textDocument": document, "options": { "tabSize": 4, "insertSpaces": true } })),
        ("textDocument/codeAction", json!({ "textDocument": document, "range": whole, "context": { "diagnostics": [] } })),
        ("textDocument/selectionRange", json!({ "textDocument": document, "positions": [{ "line": 2, "character": 3 }] })),
    ] {
        // An answer or a refusal; what it must not be is nothing at all.
        if let Err(error) = client.try_request(method, params) {
            assert_eq!(error["code"], -32803, "{method}: {error}");
        }
    }
    // An edit is made, and one that makes it small again makes it a configuration again.
    let edit = json!([{ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 1, "character": 0 } }, "text": "" }]);
    client.change(uri, edit, &large[line.len()..]);
    assert_eq!(client.pull(uri, None)["items"][0]["code"], "unreadable-file");
    client.replace(uri, BROKEN);
    assert_eq!(client.pull(uri, None)["items"][0]["code"], "dead-location");
    assert_eq!(client.text(uri).1, BROKEN);
    client.close(uri);
    client.shutdown();
}

/// A length alone makes nobody ask for memory: what was announced does not come.
#[test]
fn a_large_length_with_little_behind_it_is_no_large_message() {
    let mut client = Client::start();
    client.send_raw(b"Content-Length: 268435456\r\n\r\n{\"jsonrpc\"");
    client.hang_up();
    assert_eq!(client.wait_exit(), Some(1));
    for terabytes in ["9999999999999", "18446744073709551615", "99999999999999999999999999"] {
        let mut client = Client::start();
        client.send_raw(format!("Content-Length: {terabytes}\r\n\r\n{{}}").as_bytes());
        let code = client.wait("error without id")["code"].clone();
        assert!(code == -32600 || code == -32700, "{terabytes}: {code}");
        client.hang_up();
        assert_eq!(client.wait_exit(), Some(1));
    }
}
