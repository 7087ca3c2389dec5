use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::{BROKEN, BROKEN_PART, SOUND, SOUND_PART};

#[test]
fn asks_for_what_the_client_offers_and_shows_its_progress() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("nginx.conf"), SOUND).expect("written");
    let extra = json!({
        "window": { "workDoneProgress": true },
        "workspace": {
            "configuration": true,
            "didChangeConfiguration": { "dynamicRegistration": true },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
        },
    });
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], extra, ..Setup::default() });
    let registrations = client.wait("client/registerCapability");
    let registration =
        |method: &str| registrations["registrations"].as_array().and_then(|it| it.iter().find(|it| it["method"] == method)).cloned();
    let watched = registration("workspace/didChangeWatchedFiles").expect("registered");
    let globs: Vec<&str> =
        watched["registerOptions"]["watchers"].as_array().expect("a list").iter().filter_map(|it| it["globPattern"].as_str()).collect();
    for glob in ["**/*.conf", "**/*.lua", "**/*.lua", "**/Dockerfile*", "**/.env*", "**/nginx-analyzer.toml"] {
        assert!(globs.contains(&glob), "{glob} in {globs:?}");
    }
    assert!(registration("workspace/didChangeConfiguration").is_some());
    client.wait("workspace/configuration");
    client.wait("window/workDoneProgress/create");
    let begin = client.wait("$/progress");
    assert_eq!(begin["value"]["kind"], "begin");
    assert_eq!(client.wait("$/progress")["value"]["kind"], "end");
    client.shutdown();
}

#[test]
fn rules_can_be_turned_down_in_each_place_where_settings_are_made() {
    let off = json!({ "rules": { "dead-location": "off" } });
    let hint = json!({ "rules": { "dead-location": "hint" } });
    let name = "untitled:settings";
    // At the start.
    for options in [off.clone(), json!({ "nginxAnalyzer": off })] {
        let mut client = Client::ready(Setup { options, ..Setup::default() });
        client.open(name, BROKEN);
        assert_eq!(client.diagnostics(name, Some(1)), Vec::<Value>::new());
        client.shutdown();
    }
    // Told later.
    let mut client = Client::ready(Setup::default());
    client.open(name, BROKEN);
    assert_eq!(client.diagnostics(name, Some(1))[0]["severity"], 2);
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "nginxAnalyzer": hint } }));
    assert_eq!(client.diagnostics(name, Some(1))[0]["severity"], 4);
    client.shutdown();
    // Asked for.
    let extra = json!({ "workspace": { "configuration": true } });
    let mut client = Client::ready(Setup { extra, settings: hint, ..Setup::default() });
    client.wait("workspace/configuration");
    client.open(name, BROKEN);
    client.wait_for("textDocument/publishDiagnostics", |it| it["diagnostics"][0]["severity"] == 4);
    client.shutdown();
}

#[test]
fn the_file_of_settings_is_read_and_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (main, settings) = (folder.path().join("nginx.conf"), folder.path().join("nginx-analyzer.toml"));
    fs::write(&main, BROKEN).expect("written");
    fs::write(&settings, "[rules]\ndead-location = 'info'\n").expect("written");
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    assert_eq!(client.diagnostics(&uri(&main), None)[0]["severity"], 3);
    fs::write(&settings, "[rules]\ndead-location = 'error'\n").expect("written");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&settings), "type": 2 }] }));
    assert_eq!(client.diagnostics(&uri(&main), None)[0]["severity"], 1);
    // What is typed into it counts before it is saved.
    let text = "[rules]\ndead-location = 'hint'\n";
    client.open_as(&uri(&settings), "toml", text);
    client.wait_for("textDocument/publishDiagnostics", |it| it["diagnostics"][0]["severity"] == 4);
    client.replace(&uri(&settings), "[rules]\ndead-location = 'loud'\n");
    client.wait_for("textDocument/publishDiagnostics", |it| it["diagnostics"][0]["code"] == "settings-problem");
    client.ignore("textDocument/publishDiagnostics");
    client.shutdown();
}

#[test]
fn a_file_of_any_name_is_looked_at_when_somebody_says_that_it_is_nginx_unless_the_roots_are_named() {
    for (settings, found) in [("", 1), ("[project]\nroots = ['main.conf']\n", 0)] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("main.conf"), SOUND).expect("written");
        fs::write(folder.path().join("nginx-analyzer.toml"), settings).expect("written");
        let file = folder.path().join("gateway.txt");
        fs::write(&file, BROKEN).expect("written");
        let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], pull: true, ..Setup::default() });
        client.open_as(&uri(&file), "nginx", BROKEN);
        let items = client.pull(&uri(&file), None)["items"].as_array().map_or(0, Vec::len);
        assert_eq!(items, found, "{settings}");
        client.shutdown();
    }
}

#[test]
fn several_folders_and_files_outside_of_them_have_worlds_of_their_own() {
    let (one, two, outside) =
        (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    for folder in [&one, &two, &outside] {
        fs::write(folder.path().join("nginx.conf"), BROKEN).expect("written");
    }
    let name = |folder: &tempfile::TempDir| uri(&folder.path().join("nginx.conf"));
    let mut client = Client::ready(Setup { folders: vec![uri(one.path())], ..Setup::default() });
    assert_eq!(client.diagnostics(&name(&one), None).len(), 1);
    client.open(&name(&outside), BROKEN);
    assert_eq!(client.diagnostics(&name(&outside), Some(1)).len(), 1);
    let folders = |added: Value, removed: Value| json!({ "event": { "added": added, "removed": removed } });
    client.notify("workspace/didChangeWorkspaceFolders", folders(json!([{ "uri": uri(two.path()), "name": "two" }]), json!([])));
    assert_eq!(client.diagnostics(&name(&two), None).len(), 1);
    client.notify("workspace/didChangeWorkspaceFolders", folders(json!([]), json!([{ "uri": uri(one.path()), "name": "one" }])));
    assert_eq!(client.diagnostics(&name(&one), None), Vec::<Value>::new());
    client.close(&name(&outside));
    assert_eq!(client.diagnostics(&name(&outside), None), Vec::<Value>::new());
    client.shutdown();
}

const MAIN: &str = "events {}\nhttp {\n include conf.d/*.conf;\n}\n";

/// A main file and a broken one that it includes: the folder, and their URIs.
fn part_of_a_main_file() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let (main, part) = (folder.path().join("nginx.conf"), folder.path().join("conf.d/a.conf"));
    fs::create_dir(folder.path().join("conf.d")).expect("made");
    fs::write(&main, MAIN).expect("written");
    fs::write(&part, BROKEN_PART).expect("written");
    (folder, uri(&main), uri(&part))
}

#[test]
fn an_open_document_is_told_of_by_the_world_that_has_its_text() {
    let (_folder, main, part) = part_of_a_main_file();
    let mut client = Client::ready(Setup::default());
    client.open(&part, SOUND_PART);
    assert_eq!(client.diagnostics(&part, Some(1)), Vec::<Value>::new());
    client.open(&main, MAIN);
    client.diagnostics(&main, Some(1));
    client.text(&main);
    let of_part = client.take("textDocument/publishDiagnostics").into_iter().filter(|it| it["params"]["uri"] == part.as_str());
    assert_eq!(of_part.collect::<Vec<_>>(), Vec::<Value>::new(), "the disk does not count while it is open");
    // Closed, it is a file of the other world, and what the disk has.
    client.close(&part);
    assert_eq!(client.diagnostics(&part, None).len(), 1);
    client.open(&part, BROKEN_PART);
    assert_eq!(client.diagnostics(&part, Some(1)).len(), 1);
    client.close(&part);
    // One world takes its own back, and the other one tells of it: in whichever order, the latter is last.
    let shown = |it: &Value| it["uri"] == part.as_str() && it["diagnostics"].as_array().is_some_and(|it| it.is_empty());
    client.wait_for("textDocument/publishDiagnostics", shown);
    assert_eq!(client.diagnostics(&part, None).len(), 1);
    client.shutdown();
}

#[test]
fn a_file_that_two_worlds_read_is_pulled_once() {
    let (_folder, main, part) = part_of_a_main_file();
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    client.open(&part, SOUND_PART);
    client.open(&main, MAIN);
    let report = client.pull_workspace(json!([]));
    let of_part: Vec<&Value> = report["items"].as_array().expect("checked").iter().filter(|it| it["uri"] == part.as_str()).collect();
    assert_eq!(of_part.len(), 1, "{report:#}");
    assert_eq!((&of_part[0]["version"], &of_part[0]["items"]), (&json!(1), &json!([])));
    client.shutdown();
}

#[test]
fn an_open_document_moves_to_the_folder_that_is_added_around_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let main = uri(&folder.path().join("nginx.conf"));
    let mut client = Client::ready(Setup::default());
    client.ignore("textDocument/publishDiagnostics");
    client.open(&main, SOUND);
    let event = json!({ "event": { "added": [{ "uri": uri(folder.path()), "name": "x" }], "removed": [] } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    client.replace(&main, BROKEN);
    assert_eq!(client.text(&main), (2, BROKEN.into()));
    let event = json!({ "event": { "added": [], "removed": [{ "uri": uri(folder.path()), "name": "x" }] } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    client.replace(&main, SOUND);
    assert_eq!(client.text(&main), (3, SOUND.into()));
    client.close(&main);
    client.shutdown();
}

#[test]
fn documents_that_are_nobodys_configuration_are_kept_and_not_judged() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    for name in ["git:/srv/nginx.conf?ref", "http://example.org/nginx.conf", "nonsense", "file:///srv/%00/nginx.conf"] {
        client.open(name, BROKEN);
        assert_eq!(client.text(name).1, BROKEN);
        assert_eq!(client.pull(name, None)["items"], json!([]), "{name}");
        client.close(name);
    }
    client.open_as("file:///nginx-analyzer-no-such-folder/notes.txt", "plaintext", BROKEN);
    assert_eq!(client.pull("file:///nginx-analyzer-no-such-folder/notes.txt", None)["items"], json!([]));
    client.shutdown();
}
