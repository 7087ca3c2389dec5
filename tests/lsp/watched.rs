//! What happens on disk while a server runs: whole folders that come and go, files that turn into something else, folders that are not there
//! any more. What the server says afterwards is what a new one says.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::{BROKEN, SOUND};

/// As many files as a checkout of another branch, or a generator, writes at once.
const FILES: usize = 10_000;

const CREATED: i64 = 1;
const CHANGED: i64 = 2;
const DELETED: i64 = 3;

const MAIN: &str =
    "events {}\nhttp {\n include sites/*.conf;\n server {\n location ~ ^/ { return 200; }\n location ~ ^/a { return 201; }\n }\n}\n";

fn tell(client: &mut Client, paths: &[std::path::PathBuf], kind: i64) {
    let changes: Vec<Value> = paths.iter().map(|path| json!({ "uri": uri(path), "type": kind })).collect();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
}

/// What is found in each file where something is, by its name: the rule and the line.
fn found(client: &mut Client, folder: &Path) -> Vec<String> {
    let report = client.pull_workspace(json!([]));
    let mut out = Vec::new();
    for file in report["items"].as_array().expect("a list") {
        let name = file["uri"].as_str().expect("checked").replace(&uri(folder), "");
        for item in file["items"].as_array().expect("a list") {
            out.push(format!("{name}:{} {}", item["range"]["start"]["line"], item["code"].as_str().unwrap_or_default()));
        }
    }
    out.sort();
    out
}

fn found_anew(folder: &Path) -> Vec<String> {
    let mut fresh = Client::ready(Setup { pull: true, folders: vec![uri(folder)], ..Setup::default() });
    let out = found(&mut fresh, folder);
    fresh.shutdown();
    out
}

#[test]
fn ten_thousand_files_come_change_and_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let sites = folder.path().join("sites");
    fs::write(folder.path().join("nginx.conf"), MAIN).expect("written");
    fs::create_dir(&sites).expect("made");
    let mut client = Client::ready(Setup { pull: true, folders: vec![uri(folder.path())], ..Setup::default() });
    let before = found(&mut client, folder.path());
    assert_eq!(before, ["/nginx.conf:5 dead-location"]);
    let paths: Vec<_> = (0..FILES).map(|number| sites.join(format!("s{number}.conf"))).collect();
    let write = |text: &str| {
        for (number, path) in paths.iter().enumerate() {
            let text = if number == 7 { text } else { "return 204;" };
            fs::write(path, format!("server {{ listen 81; server_name s{number}; {text} }}\n")).expect("written");
        }
    };
    write("location ~ ^/ { return 200; } location ~ ^/b { return 200; }");
    tell(&mut client, &paths, CREATED);
    let now = found(&mut client, folder.path());
    assert!(now == ["/nginx.conf:5 dead-location", "/sites/s7.conf:0 dead-location"], "{:?} and others", now.get(..5));
    write("location / { return 200; }");
    tell(&mut client, &paths, CHANGED);
    let now = found(&mut client, folder.path());
    assert!(now == before, "{:?} and others", now.get(..5));
    fs::remove_dir_all(&sites).expect("removed");
    tell(&mut client, &paths, DELETED);
    let after = found(&mut client, folder.path());
    assert_eq!(after, found_anew(folder.path()));
    client.shutdown();
}

/// A file that is included turns into everything that it can turn into, and back.
#[test]
#[cfg(unix)]
fn a_file_becomes_a_folder_a_pipe_a_loop_and_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("nginx.conf"), "events {}\nhttp {\n include part.conf;\n}\n").expect("written");
    let mut client = Client::ready(Setup { pull: true, folders: vec![uri(folder.path())], ..Setup::default() });
    let part = path("part.conf");
    let clear = || {
        let _ = fs::remove_file(&part).or_else(|_| fs::remove_dir(&part));
    };
    let file = || fs::write(&part, crate::BROKEN_PART).expect("written");
    let kinds: [(&str, &dyn Fn()); 6] = [
        ("file", &file),
        ("folder", &|| fs::create_dir(&part).expect("made")),
        ("pipe", &|| assert!(std::process::Command::new("mkfifo").arg(&part).status().is_ok_and(|status| status.success()))),
        ("loop", &|| std::os::unix::fs::symlink("part.conf", &part).expect("linked")),
        ("device", &|| std::os::unix::fs::symlink("/dev/zero", &part).expect("linked")),
        ("nothing", &|| {}),
    ];
    for (kind, make) in kinds {
        for told in [CHANGED, CREATED, DELETED] {
            clear();
            make();
            tell(&mut client, std::slice::from_ref(&part), told);
            let now = found(&mut client, folder.path());
            assert_eq!(now.iter().any(|it| it.contains("dead-location")), kind == "file", "{kind}: {now:?}");
            assert_eq!(now, found_anew(folder.path()), "{kind}");
        }
        clear();
        file();
        tell(&mut client, std::slice::from_ref(&part), CREATED);
        assert_eq!(found(&mut client, folder.path()), ["/part.conf:2 dead-location"], "after a {kind}");
    }
    client.shutdown();
}

/// Folders go away and come back while they are read, without a word to the server or with one.
#[test]
fn folders_disappear_while_they_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let sites = folder.path().join("sites");
    fs::write(folder.path().join("nginx.conf"), MAIN).expect("written");
    let make = || {
        for number in 0..200 {
            let inside = sites.join(format!("d{}", number % 20));
            fs::create_dir_all(&inside).expect("made");
            fs::write(sites.join(format!("s{number}.conf")), SOUND).expect("written");
            fs::write(inside.join(format!("s{number}.conf")), BROKEN).expect("written");
        }
    };
    make();
    let mut client = Client::ready(Setup { pull: true, folders: vec![uri(folder.path())], ..Setup::default() });
    for round in 0..10 {
        let asked = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
        fs::remove_dir_all(&sites).expect("removed");
        if round % 2 == 0 {
            tell(&mut client, std::slice::from_ref(&sites), DELETED);
        }
        if let Err(error) = client.answer(asked) {
            assert_eq!(error["code"], -32802, "{error}");
        }
        make();
        tell(&mut client, std::slice::from_ref(&sites), CREATED);
    }
    assert_eq!(found(&mut client, folder.path()), found_anew(folder.path()));
    fs::remove_dir_all(&sites).expect("removed");
    tell(&mut client, std::slice::from_ref(&sites), DELETED);
    assert_eq!(found(&mut client, folder.path()), found_anew(folder.path()));
    client.shutdown();
}

/// The workspace's own folder is deleted, and then taken out of the workspace; what is open stays what it is.
#[test]
fn the_workspaces_own_folder_disappears() {
    let folder = tempfile::tempdir().expect("a folder");
    let top = folder.path().join("project");
    let main = top.join("nginx.conf");
    fs::create_dir(&top).expect("made");
    fs::write(&main, BROKEN).expect("written");
    let mut client = Client::ready(Setup { pull: true, folders: vec![uri(&top)], ..Setup::default() });
    assert_eq!(found(&mut client, &top).len(), 1);
    client.open(&uri(&main), BROKEN);
    fs::remove_dir_all(&top).expect("removed");
    tell(&mut client, std::slice::from_ref(&top), DELETED);
    assert_eq!(client.pull(&uri(&main), None)["items"].as_array().map(Vec::len), Some(1), "what is open is there");
    let removed = json!([{ "uri": uri(&top), "name": "project" }]);
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": removed } }));
    assert_eq!(client.pull(&uri(&main), None)["items"].as_array().map(Vec::len), Some(1));
    client.replace(&uri(&main), SOUND);
    assert_eq!(client.pull(&uri(&main), None)["items"], json!([]));
    client.close(&uri(&main));
    assert_eq!(client.pull_workspace(json!([]))["items"], json!([]));
    client.shutdown();
}
