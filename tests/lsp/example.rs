use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};

/// The example in a folder of its own; `None`, said aloud, where it is not at hand.
fn example() -> Option<tempfile::TempDir> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = [here.join("examples/oauth2-gateway"), here.join("../shared/examples/oauth2-gateway")];
    let Some(from) = places.into_iter().find(|it| it.join("nginx.conf").is_file()) else {
        eprintln!("skipped: examples/oauth2-gateway is not here");
        return None;
    };
    let to = tempfile::tempdir().expect("a folder");
    copy(&from, to.path());
    Some(to)
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("readable") {
        let (from, to): (PathBuf, PathBuf) = {
            let entry = entry.expect("readable");
            (entry.path(), to.join(entry.file_name()))
        };
        if from.is_dir() {
            fs::create_dir(&to).expect("made");
            copy(&from, &to);
        } else {
            // Read and written, not copied: the original may be write-protected.
            fs::write(&to, fs::read(&from).expect("readable")).expect("written");
        }
    }
}

fn sorted(mut items: Vec<Value>) -> Vec<Value> {
    items.sort_by_key(|it| it.to_string());
    items
}

#[test]
fn the_example_is_told_the_same_by_push_and_by_pull() {
    let Some(folder) = example() else { return };
    // They are read beside everything else, and whoever asks early is told what is known without them.
    fs::remove_dir_all(folder.path().join("logs")).expect("it has some");
    let main = folder.path().join("nginx.conf");
    let text = fs::read_to_string(&main).expect("readable");
    let main = uri(&main);
    let edited = format!("# a line more\n{text}");
    let expected = fs::read_to_string(folder.path().join("expected.json")).expect("readable");
    let expected: Value = serde_json::from_str(&expected).expect("JSON");
    let dead = expected["report"].as_array().expect("a list").iter().filter(|it| it["rule"] == "dead-location");
    // Lines are counted from 1 there and from 0 here; there is one more of them.
    let dead: Vec<&Value> = dead.map(|it| &it["line"]).collect();
    assert!(!dead.is_empty());

    let mut push = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    push.open(&main, &text);
    let version = push.replace(&main, &edited);
    let pushed = push.diagnostics(&main, Some(version));
    push.ignore("textDocument/publishDiagnostics");
    push.shutdown();

    let mut pull = Client::ready(Setup { pull: true, folders: vec![uri(folder.path())], ..Setup::default() });
    pull.open(&main, &text);
    pull.replace(&main, &edited);
    let pulled = pull.pull(&main, None)["items"].as_array().expect("full").clone();
    let all = pull.pull_workspace(json!([]));
    let in_all =
        all["items"].as_array().and_then(|it| it.iter().find(|it| it["uri"] == main.as_str())).expect("it is open")["items"].clone();
    pull.shutdown();

    let told: Vec<&Value> = pushed.iter().filter(|it| it["code"] == "dead-location").map(|it| &it["range"]["start"]["line"]).collect();
    assert_eq!(told, dead);
    assert_eq!(sorted(pushed), sorted(pulled.clone()));
    assert_eq!(sorted(pulled), sorted(in_all.as_array().expect("full").clone()));
}
