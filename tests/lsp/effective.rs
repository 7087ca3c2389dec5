//! The effective configuration and the report, as documents that an editor shows.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::map::command;
use crate::reference::{self, Units};

const MAIN: &str = "events {}\nhttp { # \u{1f600}\n    include conf.d/*.conf;\n    include gone.conf;\n}\n";

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("conf.d")).expect("made");
    fs::write(folder.path().join("nginx.conf"), MAIN).expect("written");
    fs::write(folder.path().join("conf.d/a.conf"), "server {\n    location ~ ^/ { return 200; }\n    location ~ ^/a { return 201; }\n}\n")
        .expect("written");
    fs::write(folder.path().join("conf.d/\u{e9}.conf"), "server { listen 81; }\n").expect("written");
    folder
}

#[test]
fn the_effective_configuration_leads_back_to_its_files() {
    for units in Units::ALL {
        let folder = site();
        let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], units: Some(vec![units]), ..Setup::default() });
        client.ignore("textDocument/publishDiagnostics");
        let part = uri(&folder.path().join("conf.d/a.conf"));
        // Any file of it stands for the whole; what is typed counts.
        client.open(&part, "server { listen 82;\n}\n");
        let found = command(&mut client, "nginx-analyzer.effective", json!({ "uri": part })).expect("a text");
        assert_eq!(found["title"], "nginx.conf with all that it includes");
        let text = found["text"].as_str().expect("a text");
        let lines: Vec<&str> = text.lines().collect();
        let origins = found["origins"].as_array().expect("a list");
        let typed = lines.iter().position(|line| *line == "    server { listen 82;").expect("what is typed");
        let origin = origins.iter().find(|origin| origin["line"] == typed).expect("its origin");
        assert_eq!((&origin["place"]["uri"], &origin["place"]["range"]["start"]["line"]), (&json!(part), &json!(0)));
        let links: Vec<&str> = found["links"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|link| {
                let at = |end: &str| reference::offset(text, &link["range"][end], units).expect("a position");
                &text[at("start")..at("end")]
            })
            .collect();
        assert_eq!(links, ["nginx.conf", "conf.d/a.conf", "conf.d/a.conf", "conf.d/\u{e9}.conf", "conf.d/\u{e9}.conf"]);
        assert!(text.contains("    # not expanded: "), "{text}");
        client.shutdown();
    }
}

#[test]
fn a_file_of_no_configuration_has_none() {
    let folder = site();
    fs::write(folder.path().join("README.md"), "x").expect("written");
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    client.ignore("textDocument/publishDiagnostics");
    let other = uri(&folder.path().join("README.md"));
    let error = command(&mut client, "nginx-analyzer.effective", json!({ "uri": other })).expect_err("no configuration");
    assert_eq!(error["code"], -32602);
    client.shutdown();
}

#[test]
fn the_report_is_the_same_as_the_commands() {
    let folder = site();
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    client.ignore("textDocument/publishDiagnostics");
    let main = uri(&folder.path().join("nginx.conf"));
    for (format, option) in [("markdown", "md"), ("html", "html")] {
        let found = command(&mut client, "nginx-analyzer.report", json!({ "uri": main, "format": format })).expect("a text");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"))
            .args(["report", "--format", option])
            .arg(folder.path())
            .output()
            .expect("it runs");
        assert_eq!(found["text"].as_str().expect("a text"), String::from_utf8_lossy(&output.stdout));
        assert!(found["title"].as_str().is_some_and(|title| title.starts_with("Report on ")), "{}", found["title"]);
    }
    let error = command(&mut client, "nginx-analyzer.report", json!({ "uri": main, "format": "pdf" })).expect_err("no such format");
    assert_eq!(error["code"], Value::from(-32602));
    client.shutdown();
}
