//! The examples of `docs/protocol.md` are what the server takes and answers.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::map::{command, project};

const PAGE: &str = include_str!("../../docs/protocol.md");

/// The examples of a kind, each with the nearest heading before it.
fn examples(kind: &str) -> Vec<(String, Value)> {
    let (mut out, mut heading) = (Vec::new(), String::new());
    let mut lines = PAGE.lines();
    while let Some(line) = lines.next() {
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim().to_owned();
        }
        if line == format!("```json {kind}") {
            let text: String = lines.by_ref().take_while(|line| *line != "```").collect::<Vec<_>>().join("\n");
            let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{heading}: {error}\n{text}"));
            out.push((heading.clone(), value));
        }
    }
    out
}

/// The first command that a heading names.
fn name(heading: &str) -> &str {
    heading.split('`').nth(1).expect("a command")
}

/// The same members everywhere, and values of the same kind; `null` stands for any.
fn assert_alike(at: &str, page: &Value, real: &Value) {
    match (page, real) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(page), Value::Object(real)) => {
            let keys = |object: &serde_json::Map<String, Value>| object.keys().cloned().collect::<std::collections::BTreeSet<_>>();
            assert_eq!(keys(page), keys(real), "{at}");
            page.iter().for_each(|(key, value)| assert_alike(&format!("{at}.{key}"), value, &real[key]));
        }
        (Value::Array(page), Value::Array(real)) => {
            assert!(page.is_empty() || !real.is_empty(), "{at}: the server answers none");
            page.iter().for_each(|one| real.iter().for_each(|other| assert_alike(&format!("{at}[]"), one, other)));
        }
        (page, real) => assert_eq!(std::mem::discriminant(page), std::mem::discriminant(real), "{at}: {page} {real}"),
    }
}

/// The page's folder is another one.
fn moved(value: &Value, folder: &Path) -> Value {
    serde_json::from_str(&value.to_string().replace("file:///home/me/gateway", &uri(folder))).expect("JSON")
}

#[test]
fn the_page_shows_what_the_server_takes_and_answers() {
    let folder = project(true);
    let extra = json!({ "experimental": { "serverStatusNotification": true } });
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], extra, ..Setup::default() });
    client.ignore("textDocument/publishDiagnostics");
    client.wait_for("experimental/serverStatus", |it| it["quiescent"] == true);
    client.ignore("experimental/serverStatus");
    let answers = examples("answer");
    let mut asked = Vec::new();
    for (heading, argument) in examples("argument") {
        let name = name(&heading);
        let answer = command(&mut client, name, moved(&argument, folder.path())).unwrap_or_else(|error| panic!("{name}: {error}"));
        asked.push(name.to_owned());
        match answers.iter().find(|(other, _)| *other == heading) {
            Some((_, page)) => assert_alike(name, page, &answer),
            None => assert!(answer["text"].as_str().is_some_and(|text| !text.is_empty()), "{name}: {answer}"),
        }
    }
    assert_eq!(asked.len(), 6, "{asked:?}");
    client.shutdown();
}

#[test]
fn every_command_that_is_offered_is_on_the_page() {
    let mut client = Client::start();
    let result = client.initialize(Setup::default());
    for command in result["capabilities"]["executeCommandProvider"]["commands"].as_array().expect("commands") {
        let command = command.as_str().expect("a name");
        let short = command.rsplit_once('.').map_or(command, |(_, name)| name);
        let named = |heading: &str| {
            heading.contains(&format!("`{command}`")) || command.contains("cleanup") && heading.contains(&format!("`.{short}`"))
        };
        assert!(PAGE.lines().any(|line| line.starts_with("### ") && named(line)), "{command}");
        // What it is asked is an object; who gives it none is told so.
        for params in [json!({ "command": command }), json!({ "command": command, "arguments": [7] })] {
            let error = client.try_request("workspace/executeCommand", params).expect_err("refused");
            let wanted = format!("`{command}` takes one object, with the `uri` of a file of the configuration");
            assert_eq!((error["code"].as_i64(), error["message"].as_str()), (Some(-32602), Some(&*wanted)));
        }
    }
    client.shutdown();
}

#[test]
fn the_pages_status_is_one() {
    let [(_, status)] = &examples("params")[..] else { panic!("one example") };
    crate::schema::params("experimental/serverStatus", false, status).expect("as the server sends it");
}
