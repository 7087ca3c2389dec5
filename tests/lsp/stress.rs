//! Somebody who does anything, quickly: edits, questions, cancelled questions, documents that close and open again. After all of it the server has
//! the client's text and says of it what a new one says. The environment variable `NGINX_ANALYZER_STRESS` makes it as many rounds as it says.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::reference::{Random, Units, position, positions};

/// How many rounds each seed has; enough for every kind of thing to meet every other.
const ROUNDS: usize = 150;

/// After so many rounds a document is closed and opened again.
const REOPENED: usize = 400;

/// A text of so many bytes becomes smaller again.
const LARGE: usize = 40_000;

/// After about so many rounds somebody takes all edits of a text back: what is broken stays so for long, and hides all behind it.
const TAKEN_BACK: usize = 40;

/// What is put in: whole and broken pieces of configurations, and what no configuration has.
const PIECES: &[&str] = &[
    "location /new/ { proxy_pass http://api/; }\n",
    "location ~ ^/(a|b)+$ { return 200 \"$1\"; }\n",
    "server { listen 80; server_name *.example.com; ",
    "upstream api { server 127.0.0.1:9000; }\n",
    "content_by_lua_block { ngx.say(\"}\") }\n",
    "rewrite ^/x/(.*)$ /y/$1 last;\n",
    "include *.conf;\n",
    "if ($uri ~ ^/z) { break; }\n",
    "#X# location /off/ { return 1; }\n",
    "map $host $name { default 0; hostnames; }\n",
    "proxy_pass http://$host$request_uri",
    "{",
    "}",
    ";",
    "\"",
    "'",
    "\\",
    "$",
    "${",
    "#",
    "\r\n",
    "\u{1f600}",
    "\u{e9}",
    "\u{0}",
    "",
];

/// A character's place in a text of the client.
fn somewhere(random: &mut Random, text: &str) -> (u64, u64, usize) {
    let places = positions(text, Units::Utf16);
    places[random.below(places.len())]
}

/// What is put in is taken away as fast, so that the text stays of one size.
fn edit(random: &mut Random, text: &mut String) -> Value {
    let places = positions(text, Units::Utf16);
    let start = random.below(places.len());
    let length = match random.below(3) {
        0 if text.len() > LARGE => random.below(2000),
        0 => random.below(200),
        _ => 0,
    };
    let (start, end) = (places[start], places[(start + length).min(places.len() - 1)]);
    let piece = match random.below(4) {
        // What the person wrote elsewhere.
        0 => {
            let (from, to) = (random.below(places.len()), random.below(places.len()));
            let to = to.clamp(from.saturating_sub(300), from + 300);
            text[places[from.min(to)].2..places[from.max(to).min(places.len() - 1)].2].to_owned()
        }
        _ => PIECES[random.below(PIECES.len())].to_owned(),
    };
    text.replace_range(start.2..end.2, &piece);
    json!([{ "range": { "start": position(start), "end": position(end) }, "text": piece }])
}

fn question(random: &mut Random, uri: &str, text: &str) -> (&'static str, Value) {
    let document = json!({ "uri": uri });
    let (one, other) = (somewhere(random, text), somewhere(random, text));
    let (start, end) = if one.2 <= other.2 { (one, other) } else { (other, one) };
    let range = json!({ "start": position(start), "end": position(end) });
    let at = json!({ "textDocument": document, "position": position(one) });
    match random.below(29) {
        0 => ("textDocument/hover", at),
        1 => ("textDocument/completion", at),
        2 => ("textDocument/signatureHelp", at),
        3 => ("textDocument/definition", at),
        4 => {
            let mut at = at;
            at["context"] = json!({ "includeDeclaration": true });
            ("textDocument/references", at)
        }
        5 => ("textDocument/codeAction", json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } })),
        6 => ("textDocument/codeLens", json!({ "textDocument": document })),
        7 => ("textDocument/inlayHint", json!({ "textDocument": document, "range": range })),
        8 => {
            let argument = json!({ "uri": uri, "url": "http://gateway.example.com/v1/models?x=1" });
            ("workspace/executeCommand", json!({ "command": "nginx-analyzer.trace", "arguments": [argument] }))
        }
        9 => ("workspace/executeCommand", json!({ "command": "nginx-analyzer.map", "arguments": [{ "uri": uri }] })),
        10 => ("workspace/executeCommand", json!({ "command": "nginx-analyzer.effective", "arguments": [{ "uri": uri }] })),
        11 => ("textDocument/documentSymbol", json!({ "textDocument": document })),
        12 => ("textDocument/semanticTokens/full", json!({ "textDocument": document })),
        13 => ("textDocument/semanticTokens/range", json!({ "textDocument": document, "range": range })),
        14 => ("textDocument/foldingRange", json!({ "textDocument": document })),
        15 => ("textDocument/selectionRange", json!({ "textDocument": document, "positions": [position(one), position(other)] })),
        16 => ("textDocument/documentHighlight", at),
        17 => ("textDocument/documentLink", json!({ "textDocument": document })),
        18 => ("textDocument/prepareRename", at),
        19 => {
            let mut at = at;
            at["newName"] = "another".into();
            ("textDocument/rename", at)
        }
        20 => ("textDocument/formatting", json!({ "textDocument": document, "options": { "tabSize": 2, "insertSpaces": true } })),
        21 => (
            "textDocument/rangeFormatting",
            json!({ "textDocument": document, "range": range, "options": { "tabSize": 4, "insertSpaces": true } }),
        ),
        22 => {
            let mut at = at;
            at["ch"] = "}".into();
            at["options"] = json!({ "tabSize": 4, "insertSpaces": true });
            ("textDocument/onTypeFormatting", at)
        }
        // Of an answer that was given before, or never.
        23 => (
            "textDocument/semanticTokens/full/delta",
            json!({ "textDocument": document, "previousResultId": random.below(50).to_string() }),
        ),
        24 => ("workspace/symbol", json!({ "query": (["", "api", "location /"][random.below(3)]) })),
        25 => ("workspace/diagnostic", json!({ "previousResultIds": [] })),
        26 => ("workspace/executeCommand", json!({ "command": "nginx-analyzer.cleanup.plan", "arguments": [{ "uri": uri }] })),
        27 => ("workspace/executeCommand", json!({ "command": "nginx-analyzer.report", "arguments": [{ "uri": uri, "format": "json" }] })),
        _ => ("textDocument/diagnostic", json!({ "textDocument": document })),
    }
}

/// Whatever is answered, it is an answer of the protocol (the client looks); of errors only those that say that the question is out of date,
/// that nobody waits for it any more, or that it makes no sense in such a text.
fn settle(client: &mut Client, id: i64, method: &str) {
    if let Err(error) = client.answer(id) {
        let code = error["code"].as_i64();
        assert!(matches!(code, Some(-32800 | -32801 | -32802 | -32803 | -32602)), "{method}: {error}");
    }
}

fn session(seed: u64, rounds: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let example =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/oauth2-gateway/nginx.conf")).expect("the example");
    fs::write(folder.path().join("nginx.conf"), &example).expect("written");
    fs::write(folder.path().join("part.conf"), crate::BROKEN_PART).expect("written");
    let setup = || Setup { pull: true, folders: vec![uri(folder.path())], ..Setup::default() };
    let mut client = Client::ready(setup());
    let names = ["nginx.conf", "part.conf"].map(|name| uri(&folder.path().join(name)));
    let first = [example, crate::BROKEN_PART.to_owned()];
    let mut texts = first.clone();
    for (name, text) in names.iter().zip(&texts) {
        client.open(name, text);
    }
    let mut random = Random(seed);
    let mut waiting: VecDeque<(i64, &str)> = VecDeque::new();
    for round in 1..=rounds {
        let which = usize::from(random.below(4) == 0);
        let (name, text) = (&names[which], &mut texts[which]);
        if random.below(TAKEN_BACK) == 0 {
            text.clone_from(&first[which]);
            client.replace(name, text);
        }
        for _ in 0..=random.below(3) {
            let changes = edit(&mut random, text);
            client.change(name, changes, text);
        }
        for _ in 0..random.below(3) {
            let (method, params) = question(&mut random, name, text);
            waiting.push_back((client.ask(method, params), method));
        }
        if let (0, Some((id, _))) = (random.below(5), waiting.back()) {
            client.cancel(*id);
        }
        while waiting.len() > 40 {
            let (id, method) = waiting.pop_front().expect("more than forty");
            settle(&mut client, id, method);
        }
        if round % 50 == 0 {
            assert_eq!(client.text(name).1, *text, "seed {seed:#x}, round {round}");
        }
        if round % REOPENED == 0 {
            waiting.drain(..).for_each(|(id, method)| settle(&mut client, id, method));
            client.close(name);
            client.open(name, text);
        }
    }
    waiting.drain(..).for_each(|(id, method)| settle(&mut client, id, method));
    let mut fresh = Client::ready(setup());
    for (name, text) in names.iter().zip(&texts) {
        fresh.open(name, text);
    }
    for (name, text) in names.iter().zip(&texts) {
        assert_eq!(client.text(name).1, *text, "seed {seed:#x}");
        assert_eq!(client.pull(name, None)["items"], fresh.pull(name, None)["items"], "seed {seed:#x}: {name}");
    }
    fresh.shutdown();
    client.shutdown();
}

#[test]
fn anything_quickly_leaves_what_a_new_server_finds() {
    let rounds = std::env::var("NGINX_ANALYZER_STRESS").map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    std::thread::scope(|scope| {
        for seed in [0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
            scope.spawn(move || session(seed, rounds));
        }
    });
}

#[test]
fn a_thousand_documents_come_and_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut client = Client::ready(Setup { pull: true, folders: vec![uri(folder.path())], ..Setup::default() });
    for number in 0..1000 {
        let name = uri(&folder.path().join(format!("conf.d/site-{number}.conf")));
        client.open(&name, crate::BROKEN_PART);
        client.replace(&name, crate::SOUND_PART);
        if number % 100 == 0 {
            assert_eq!(client.pull(&name, None)["items"], json!([]));
        }
        client.close(&name);
    }
    // Nothing of them is left that could be told of.
    let main = uri(&folder.path().join("nginx.conf"));
    client.open(&main, crate::BROKEN);
    assert_eq!(client.pull(&main, None)["items"].as_array().map(Vec::len), Some(1));
    client.shutdown();
}
