//! The language of what a person reads: the editor's, unless the settings name one.

use serde_json::{Value, json};

use crate::BROKEN;
use crate::client::{Client, Setup};

const URI: &str = "untitled:language";

/// The message of the only diagnostic, and the titles of what can be done about it.
fn said(client: &mut Client) -> (String, Vec<String>) {
    let found = client.pull(URI, None)["items"].clone();
    let [diagnostic] = found.as_array().expect("checked").as_slice() else { panic!("{found}") };
    let at = json!({ "line": 3, "character": 3 });
    let params = json!({
        "textDocument": { "uri": URI }, "range": { "start": at, "end": at }, "context": { "diagnostics": [] },
    });
    let offered = loop {
        match client.try_request("textDocument/codeAction", params.clone()) {
            Ok(offered) => break offered,
            Err(error) => assert_eq!(error["code"], -32801, "{error}"),
        }
    };
    let titles = offered.as_array().expect("checked").iter().filter_map(|it| it["title"].as_str().map(str::to_owned));
    (diagnostic["message"].as_str().unwrap_or_default().to_owned(), titles.collect())
}

fn ready(locale: Option<&'static str>, options: Value) -> Client {
    let mut client = Client::ready(Setup { pull: true, locale, options, ..Setup::default() });
    client.open(URI, BROKEN);
    client
}

#[test]
fn the_locale_of_the_editor_is_the_language_of_diagnostics_and_actions() {
    let mut client = ready(Some("ja"), Value::Null);
    let (message, titles) = said(&mut client);
    assert!(message.starts_with("`location ~ ^/a`に届くリクエストはありません。"), "{message}");
    assert!(titles.iter().any(|title| title == "このブロックをコメントアウト：`location ~ ^/a`（#X#）"), "{titles:?}");
    assert!(titles.iter().any(|title| title == "このルールをここで無視：dead-location"), "{titles:?}");
    let at = json!({ "textDocument": { "uri": URI }, "position": { "line": 2, "character": 3 } });
    let hover = client.request("textDocument/hover", at);
    let markdown = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(markdown.contains("一致するURIを受け取ります"), "{hover}");
    client.shutdown();
}

#[test]
fn other_languages_are_english() {
    for locale in [None, Some("en-GB"), Some("fr")] {
        let mut client = ready(locale, Value::Null);
        let (message, titles) = said(&mut client);
        assert!(message.starts_with("no request is ever served by `location ~ ^/a`: "), "{locale:?}: {message}");
        assert!(titles.iter().any(|title| title == "Ignore this rule here: dead-location"), "{titles:?}");
        client.shutdown();
    }
}

#[test]
fn the_setting_goes_before_the_locale() {
    let mut client = ready(Some("en"), json!({ "language": "ja" }));
    assert!(said(&mut client).0.contains("届くリクエストはありません"));
    client.shutdown();
    let mut client = ready(Some("ja"), json!({ "language": "en" }));
    assert!(said(&mut client).0.starts_with("no request is ever served by"));
    client.shutdown();
}
