//! What a server keeps. Bounds are generous: what is looked for is what grows with every file that was open, and with every letter typed.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::reference::{Random, Units, position, positions};

/// Rounds of which the first is there to fill what is kept once.
const ROUNDS: usize = 5;
/// What may come and go between rounds: allocators keep some.
const NOISE: u64 = 24 << 10;

/// What a server that looks at the example may take, in KiB, two thirds of which are pages of its own file: a debug build's is larger.
const IDLE: u64 = if cfg!(debug_assertions) { 100 << 10 } else { 30 << 10 };

/// A configuration of some size: what was kept of each of a thousand such would be seen.
fn site(number: usize) -> String {
    let locations: String = (0..40).map(|at| format!(" location /s{number}/l{at}/ {{ return 200 \"{at}\"; }}\n")).collect();
    format!("server {{\n listen 80;\n server_name s{number}.example.com;\n{locations}}}\n")
}

#[test]
fn a_thousand_files_open_and_close_and_nothing_of_them_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("nginx.conf"), crate::SOUND).expect("written");
    let mut client = Client::ready(Setup { pull: true, folders: vec![uri(folder.path())], ..Setup::default() });
    let mut sizes = Vec::new();
    for round in 0..ROUNDS {
        // Names that never were before, in the folder and outside of all.
        for number in 0..100 {
            let number = round * 1_000 + number;
            let name = match number % 2 {
                0 => uri(&folder.path().join(format!("conf.d/site-{number}.conf"))),
                _ => format!("untitled:site-{number}"),
            };
            client.open(&name, &site(number));
            assert_eq!(client.pull(&name, None)["items"], json!([]));
            client.request("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": name } }));
            client.close(&name);
        }
        for number in 100..1_000 {
            let number = round * 1_000 + number;
            let name = uri(&folder.path().join(format!("conf.d/site-{number}.conf")));
            client.open(&name, &site(number));
            client.close(&name);
        }
        client.pull_workspace(json!([]));
        sizes.push(client.memory());
    }
    assert!(sizes[ROUNDS - 1] < sizes[1] + NOISE, "it grows: {sizes:?} KiB after each thousand");
    client.shutdown();
}

/// A day of typing: letters, requests that editors send with each of them, files that are saved and looked at.
/// `NGINX_ANALYZER_STRESS` makes it as many edits as it says.
#[test]
fn a_day_of_typing_takes_no_more_than_an_hour() {
    const EDITS: usize = 1_500;
    let edits = std::env::var("NGINX_ANALYZER_STRESS").map_or(EDITS, |edits| edits.parse().expect("a number of edits"));
    let folder = tempfile::tempdir().expect("a folder");
    let main = uri(&folder.path().join("nginx.conf"));
    let example =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/oauth2-gateway/nginx.conf")).expect("the example");
    fs::write(folder.path().join("nginx.conf"), &example).expect("written");
    let mut client = Client::ready(Setup { pull: true, folders: vec![uri(folder.path())], ..Setup::default() });
    client.open(&main, &example);
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut text = example.clone();
    let mut sizes = Vec::new();
    for edit in 0..edits {
        if edit % 200 == 0 {
            text.clone_from(&example);
            client.replace(&main, &text);
        }
        let places = positions(&text, Units::Utf16);
        let at = places[random.below(places.len())];
        let piece = ["location /a", "{", "}", ";", "proxy_pass http://b/;", "x", "\n", " ", "$host"][random.below(9)];
        text.insert_str(at.2, piece);
        client.change(&main, json!([{ "range": { "start": position(at), "end": position(at) }, "text": piece }]), &text);
        // What an editor asks after a letter; of many the answer is waited for after the next letters.
        let document = json!({ "uri": main });
        let place = json!({ "textDocument": document, "position": position(at) });
        for (method, params) in [
            ("textDocument/completion", place.clone()),
            ("textDocument/semanticTokens/full", json!({ "textDocument": document })),
            ("textDocument/documentSymbol", json!({ "textDocument": document })),
            ("textDocument/foldingRange", json!({ "textDocument": document })),
            ("textDocument/hover", place),
        ] {
            let _: Result<Value, Value> = client.try_request(method, params);
        }
        if edit % 10 == 0 {
            client.pull(&main, None);
        }
        if (edit + 1) % (edits / ROUNDS).max(1) == 0 {
            sizes.push(client.memory());
        }
    }
    let last = *sizes.last().expect("some");
    assert!(last < sizes[1] + NOISE, "it grows: {sizes:?} KiB");
    client.shutdown();
}

#[test]
fn a_server_at_rest_is_small() {
    let mut client = Client::ready(Setup {
        pull: true,
        folders: vec![uri(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/oauth2-gateway"))],
        ..Setup::default()
    });
    client.pull_workspace(json!([]));
    let size = client.memory();
    assert!(size < IDLE, "{size} KiB");
    client.shutdown();
}
