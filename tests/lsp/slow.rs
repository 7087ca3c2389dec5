//! A workspace on a file system that does not answer, as a network's does: who asks for something that is not on it is answered, and when
//! it answers again all goes on.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Client, Setup, uri};

const MAIN: &str = "events {}\nhttp {\n  include servers.conf;\n}\n";
const SERVERS: &str = "server {\n  location ~ ^/ { return 200; }\n  location ~ ^/a { return 201; }\n}\n";

/// The library that makes calls wait, for `LD_PRELOAD`.
fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gate.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lsp/slow/gate.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).args([source, "-ldl"]);
        assert!(compiler.status().expect("a C compiler, which the build needs, too").success());
        library
    })
}

/// A folder that can stop answering.
struct Disk {
    folder: TempDir,
    gate: File,
    own: TempDir,
}

impl Disk {
    fn new() -> Disk {
        let (folder, own) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        fs::write(folder.path().join("nginx.conf"), MAIN).expect("written");
        fs::write(folder.path().join("servers.conf"), SERVERS).expect("written");
        let gate = File::create(own.path().join("gate")).expect("made");
        Disk { folder, gate, own }
    }

    fn uri(&self, name: &str) -> String {
        uri(&self.folder.path().join(name))
    }

    fn start(&self) -> Client {
        Client::start_with(|command| {
            command.env("LD_PRELOAD", library()).env("GATE_BELOW", self.folder.path()).env("GATE", self.own.path().join("gate"));
        })
    }

    fn setup(&self) -> Setup {
        Setup { folders: vec![uri(self.folder.path())], ..Setup::default() }
    }

    fn stops(&self) {
        self.gate.lock().expect("nobody else locks it");
    }

    fn answers_again(&self) {
        self.gate.unlock().expect("it was locked");
    }

    /// Tells the server of a change for which it has to look at the disk.
    fn changes(&self, client: &mut Client) {
        let uri = self.uri("servers.conf");
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
    }
}

fn dead(diagnostics: &[Value]) -> usize {
    diagnostics.iter().filter(|one| one["code"] == "dead-location").count()
}

fn document(uri: &str) -> Value {
    json!({ "textDocument": { "uri": uri } })
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

#[test]
fn what_is_open_is_worked_on_while_the_disk_does_not_answer() {
    let disk = Disk::new();
    let mut client = disk.start();
    client.initialize(disk.setup());
    let servers = disk.uri("servers.conf");
    client.open(&servers, SERVERS);
    assert_eq!(dead(&client.diagnostics(&servers, Some(1))), 1);

    disk.stops();
    disk.changes(&mut client);
    let edit = json!([{ "range": { "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 0 } }, "text": "  aut" }]);
    let text = SERVERS.replacen("  location", "  aut  location", 1);
    client.change(&servers, edit, &text);
    assert_eq!(client.text(&servers).1, text);
    assert!(client.request("textDocument/foldingRange", document(&servers)).as_array().is_some_and(|ranges| !ranges.is_empty()));
    assert!(
        client.request("textDocument/formatting", {
            let mut asked = document(&servers);
            asked["options"] = json!({ "tabSize": 2, "insertSpaces": true });
            asked
        }) != Value::Null
    );
    assert!(client.request("textDocument/semanticTokens/full", document(&servers))["data"].as_array().is_some_and(|data| !data.is_empty()));
    let completions = client.request("textDocument/completion", at(&servers, 1, 5)).to_string();
    assert!(completions.contains("auth_basic"), "{completions}");
    // What needs the disk waits, and can be given up.
    let asked = client.ask("textDocument/hover", at(&servers, 2, 4));
    client.cancel(asked);
    let _ = client.answer(asked);

    let version = client.replace(&servers, SERVERS);
    disk.answers_again();
    assert_eq!(dead(&client.diagnostics(&servers, Some(version))), 1);
    client.shutdown();
}

#[test]
fn another_folder_is_not_held_up() {
    for trusted in [true, false] {
        let (disk, other) = (Disk::new(), tempfile::tempdir().expect("a folder"));
        fs::write(other.path().join("nginx.conf"), format!("events {{}}\nhttp {{\n{SERVERS}}}\n")).expect("written");
        let mut client = disk.start();
        disk.stops();
        let folders = vec![uri(disk.folder.path()), uri(other.path())];
        client.initialize(Setup { folders, options: json!({ "trusted": trusted }), ..Setup::default() });
        let (slow, quick) = (disk.uri("servers.conf"), uri(&other.path().join("nginx.conf")));
        client.open(&slow, SERVERS);
        assert_eq!(dead(&client.diagnostics(&quick, None)), 1, "trusted: {trusted}");
        disk.answers_again();
        assert_eq!(dead(&client.diagnostics(&slow, Some(1))), 1, "trusted: {trusted}");
        client.shutdown();
    }
}

#[test]
fn the_server_ends_although_it_waits_for_the_disk() {
    let disk = Disk::new();
    let mut client = disk.start();
    client.initialize(disk.setup());
    client.open(&disk.uri("servers.conf"), SERVERS);
    assert_eq!(dead(&client.diagnostics(&disk.uri("servers.conf"), Some(1))), 1);
    disk.stops();
    disk.changes(&mut client);
    client.shutdown();
}
