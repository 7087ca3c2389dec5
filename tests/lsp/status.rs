//! `experimental/serverStatus`: whether the server works, and what it can't do.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::{BROKEN, SOUND};

const METHOD: &str = "experimental/serverStatus";

fn ready(folder: &std::path::Path, options: Value) -> Client {
    let extra = json!({ "experimental": { "serverStatusNotification": true } });
    let mut client = Client::ready(Setup { folders: vec![uri(folder)], extra, options, ..Setup::default() });
    client.ignore("textDocument/publishDiagnostics");
    client
}

#[test]
fn it_is_busy_at_first_then_quiet_and_warns_of_settings_that_cannot_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("nginx.conf"), SOUND).expect("written");
    let settings = folder.path().join("nginx-analyzer.toml");
    fs::write(&settings, "[logs]\nwindow = 7\n").expect("written");
    let mut client = ready(folder.path(), Value::Null);
    let first = client.wait(METHOD);
    assert_eq!(first["quiescent"], false, "{first}");
    let found = client.wait_for(METHOD, |it| it["quiescent"] == true);
    assert_eq!(found["health"], "warning", "{found}");
    let message = found["message"].as_str().expect("words");
    assert!(message.starts_with("nginx-analyzer.toml:2: "), "{message}");
    fs::write(&settings, "[logs]\nwindow = \"7d\"\n").expect("written");
    let changes = json!({ "changes": [{ "uri": uri(&settings), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changes);
    let found = client.wait_for(METHOD, |it| it["health"] == "ok");
    assert_eq!(found.get("message"), None);
    client.ignore(METHOD);
    client.shutdown();
}

#[test]
fn logs_that_are_not_there_and_settings_of_the_editor_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("nginx.conf"), SOUND).expect("written");
    let mut client = ready(folder.path(), json!({ "nginxAnalyzer": { "logs": { "files": ["none/*.log"], "window": 7 } } }));
    let both = |it: &Value| it["message"].as_str().is_some_and(|text| text.contains("none/*.log") && text.contains("logs.window"));
    assert_eq!(client.wait_for(METHOD, both)["health"], "warning");
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "nginxAnalyzer": { "logs": { "files": [] } } } }));
    client.wait_for(METHOD, |it| it["health"] == "ok");
    client.ignore(METHOD);
    client.shutdown();
}

#[test]
fn a_client_that_does_not_know_it_is_sent_none() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("nginx.conf"), BROKEN).expect("written");
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    client.diagnostics(&uri(&folder.path().join("nginx.conf")), None);
    assert!(client.take(METHOD).is_empty());
    client.shutdown();
}
