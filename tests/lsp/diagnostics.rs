use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::reference::Units;
use crate::{BROKEN, BROKEN_PART, SOUND, SOUND_PART};

fn check_broken(items: &[Value], line: u64) {
    assert_eq!(items.len(), 1, "{items:?}");
    let item = &items[0];
    assert_eq!(item["code"], "dead-location");
    assert_eq!(item["source"], "nginx-analyzer");
    assert_eq!(item["codeDescription"]["href"], "https://nginx-analyzer.dev/rules/dead-location");
    assert_eq!(item["range"]["start"]["line"], line);
    assert_eq!(item["severity"], 2);
}

#[test]
fn pushed_when_opened_changed_and_taken_back_when_closed() {
    let mut client = Client::ready(Setup::default());
    let uri = "untitled:Untitled-1";
    client.open(uri, BROKEN);
    check_broken(&client.diagnostics(uri, Some(1)), 3);
    let version = client.replace(uri, SOUND);
    assert_eq!(client.diagnostics(uri, Some(version)), Vec::<Value>::new());
    let version = client.replace(uri, &format!("\n{BROKEN}"));
    check_broken(&client.diagnostics(uri, Some(version)), 4);
    client.close(uri);
    assert_eq!(client.diagnostics(uri, None), Vec::<Value>::new());
    client.shutdown();
}

#[test]
fn columns_are_in_the_units_that_were_agreed_on() {
    let before = "server { location ~ ^/ { return 200 '\u{e9}\u{1f600}'; } ";
    let columns = [before.len(), before.encode_utf16().count(), before.chars().count()];
    for (units, column) in Units::ALL.into_iter().zip(columns) {
        let mut client = Client::ready(Setup { units: Some(vec![units]), ..Setup::default() });
        client.open("untitled:columns", &format!("{before}location ~ ^/a {{ return 201; }} }}\n"));
        let items = client.diagnostics("untitled:columns", Some(1));
        let start = json!({ "line": 0, "character": column });
        assert_eq!(items.iter().map(|it| &it["range"]["start"]).collect::<Vec<_>>(), [&start], "{units:?}");
        // The other location, named beside it, is on the same line.
        assert_eq!(items[0]["relatedInformation"][0]["location"]["range"]["start"], json!({ "line": 0, "character": 9 }));
        client.shutdown();
    }
}

#[test]
fn files_that_are_not_open_are_told_too_and_cleared_when_mended() {
    let folder = tempfile::tempdir().expect("a folder");
    let (main, other) = (folder.path().join("nginx.conf"), folder.path().join("sites/a b.conf"));
    fs::create_dir(folder.path().join("sites")).expect("made");
    fs::write(&main, "events {}\nhttp {\n include sites/*.conf;\n}\n").expect("written");
    fs::write(&other, BROKEN_PART).expect("written");
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    check_broken(&client.diagnostics(&uri(&other), None), 2);
    // Open it: the same, with a version. The client's text counts now.
    client.open(&uri(&other), BROKEN_PART);
    check_broken(&client.diagnostics(&uri(&other), Some(1)), 2);
    let version = client.replace(&uri(&other), SOUND_PART);
    assert_eq!(client.diagnostics(&uri(&other), Some(version)), Vec::<Value>::new());
    // Closed without being saved: the disk's text counts again.
    client.close(&uri(&other));
    check_broken(&client.diagnostics(&uri(&other), None), 2);
    fs::write(&other, SOUND_PART).expect("written");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&other), "type": 2 }] }));
    assert_eq!(client.diagnostics(&uri(&other), None), Vec::<Value>::new());
    client.shutdown();
}

#[test]
fn a_client_that_watches_no_files_hears_of_them_when_it_saves() {
    let folder = tempfile::tempdir().expect("a folder");
    let (main, other) = (folder.path().join("nginx.conf"), folder.path().join("other.conf"));
    let text = "events {}\nhttp {\n include other.conf;\n}\n";
    fs::write(&main, text).expect("written");
    fs::write(&other, BROKEN_PART).expect("written");
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    client.open(&uri(&main), text);
    check_broken(&client.diagnostics(&uri(&other), None), 2);
    fs::write(&other, SOUND_PART).expect("written");
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(&main) } }));
    assert_eq!(client.diagnostics(&uri(&other), None), Vec::<Value>::new());
    client.shutdown();
}

#[test]
fn pulled_with_result_ids() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    let (a, b) = ("untitled:a", "untitled:b");
    client.open(a, BROKEN);
    client.open(b, SOUND);
    let first = client.pull(a, None);
    assert_eq!(first["kind"], "full");
    check_broken(first["items"].as_array().expect("checked"), 3);
    let id = first["resultId"].as_str().expect("checked").to_owned();
    assert_eq!(client.pull(a, Some(&id))["kind"], "unchanged");
    // An edit that moves nothing leaves it unchanged; one that mends does not.
    client.replace(a, &format!("{BROKEN}# end\n"));
    assert_eq!(client.pull(a, Some(&id))["kind"], "unchanged");
    client.replace(a, SOUND);
    let mended = client.pull(a, Some(&id));
    assert_eq!((&mended["kind"], &mended["items"]), (&json!("full"), &json!([])));
    assert_eq!(client.pull("untitled:not-open", None)["items"], json!([]));
    client.shutdown();
}

#[test]
fn the_workspace_is_pulled_as_a_whole_and_refreshed_when_the_disk_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (main, other) = (folder.path().join("nginx.conf"), folder.path().join("other.conf"));
    fs::write(&main, "events {}\nhttp {\n include other.conf;\n}\n").expect("written");
    fs::write(&other, BROKEN_PART).expect("written");
    let extra = json!({ "workspace": { "diagnostics": { "refreshSupport": true } } });
    let mut client = Client::ready(Setup { pull: true, folders: vec![uri(folder.path())], extra, ..Setup::default() });
    // The first analysis found something in a file that the client did not ask about.
    client.wait("workspace/diagnostic/refresh");
    let report = client.pull_workspace(json!([]));
    let of = |report: &Value, uri: &str| {
        report["items"].as_array().and_then(|it| it.iter().find(|it| it["uri"] == uri).cloned()).unwrap_or_default()
    };
    let item = of(&report, &uri(&other));
    check_broken(item["items"].as_array().expect("full"), 2);
    let known = json!([{ "uri": uri(&other), "value": item["resultId"] }]);
    assert_eq!(of(&client.pull_workspace(known.clone()), &uri(&other))["kind"], "unchanged");
    // With the other file open, its diagnostics come along with those of the main file.
    client.open(&uri(&main), "events {}\nhttp {\n include other.conf;\n}\n");
    client.open(&uri(&other), BROKEN_PART);
    let related = client.pull(&uri(&main), None);
    check_broken(related["relatedDocuments"][uri(&other)]["items"].as_array().expect("checked"), 2);
    client.close(&uri(&other));
    client.close(&uri(&main));
    client.take("workspace/diagnostic/refresh");
    fs::write(&other, SOUND_PART).expect("written");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&other), "type": 2 }] }));
    client.wait("workspace/diagnostic/refresh");
    let item = of(&client.pull_workspace(known), &uri(&other));
    assert_eq!((&item["kind"], &item["items"], &item["version"]), (&json!("full"), &json!([]), &Value::Null));
    client.shutdown();
}
