use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::{BROKEN, SOUND};

fn framed(body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

#[test]
fn messages_that_are_no_json_rpc_are_answered_and_the_session_goes_on() {
    // Nothing is pushed about the document that the client does not know it opened.
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    for (bytes, code) in [
        (framed(b"{"), -32700),
        (framed(b""), -32700),
        (framed(b"\xff\xfe\x00"), -32700),
        (framed(b"[1, 2]"), -32600),
        (framed(b"[]"), -32600),
        (framed(b"\"text\""), -32600),
        (framed(b"null"), -32600),
        (framed(b"{}"), -32600),
        (framed(br#"{"jsonrpc":"1.0","method":"x"}"#), -32600),
        (framed(br#"{"jsonrpc":"2.0","id":[],"method":"x"}"#), -32600),
        (framed(br#"{"jsonrpc":"2.0","method":{}}"#), -32600),
        (framed("[".repeat(100_000).as_bytes()), -32700),
        (b"Content-Length: lots\r\n\r\n".to_vec(), -32700),
        (b"Content-Length: -1\r\n\r\n".to_vec(), -32700),
        (b"Content-Type: text/plain\r\n\r\n".to_vec(), -32700),
        (b"hello there\n\n".to_vec(), -32700),
    ] {
        client.send_raw(&bytes);
        assert_eq!(client.wait("error without id")["code"], code, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
    }
    // Editors written in JavaScript send half of a pair of surrogates while a letter is typed.
    client.send_raw(&framed(br##"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:a","languageId":"nginx","version":1,"text":"# \ud83d x"}}}"##));
    let deep = "[".repeat(5000) + &"]".repeat(5000);
    client.send_raw(&framed(format!(r#"{{"jsonrpc":"2.0","method":"x","params":{deep}}}"#).as_bytes()));
    assert_eq!(client.wait("error without id")["code"], -32600);
    // Answers to nothing do nothing.
    client.send(&json!({ "jsonrpc": "2.0", "id": 77, "result": null }));
    client.send(&json!({ "jsonrpc": "2.0", "id": null, "error": { "code": 1, "message": "x" } }));
    client.shutdown();
}

#[test]
fn params_that_make_no_sense_are_refused() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    for params in [Value::Null, json!([]), json!({}), json!({ "textDocument": 1 }), json!({ "textDocument": { "uri": 1 } })] {
        assert_eq!(client.try_request("textDocument/diagnostic", params).expect_err("refused")["code"], -32602);
    }
    for method in
        ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "workspace/didChangeWatchedFiles", "initialized"]
    {
        client.notify(method, json!({ "textDocument": { "uri": 7 }, "changes": "x" }));
    }
    client.shutdown();
}

#[test]
fn a_length_that_is_too_large_ends_the_server_with_an_answer() {
    let mut client = Client::ready(Setup::default());
    client.send_raw(b"Content-Length: 99999999999999999\r\n\r\n{}");
    assert_eq!(client.wait("error without id")["code"], -32600);
    assert_eq!(client.wait_exit(), Some(1));
}

#[test]
fn a_stream_of_garbage_ends_the_server_with_an_answer() {
    let mut client = Client::start();
    client.send_raw(&[b'x'; 100_000]);
    assert_eq!(client.wait("error without id")["code"], -32700);
    assert_eq!(client.wait_exit(), Some(1));
}

#[test]
fn a_message_that_is_cut_off_ends_the_server() {
    for bytes in [&b"Content-Le"[..], b"Content-Length: 100\r\n\r\n{\"jsonrpc\""] {
        let mut client = Client::start();
        client.send_raw(bytes);
        client.hang_up();
        assert_eq!(client.wait_exit(), Some(1));
    }
}

#[test]
fn a_message_in_many_small_pieces_is_one_message() {
    // This client does not know of the document that it opens byte by byte: nothing may be pushed for it.
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    let body = json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": {
        "uri": "untitled:pieces", "languageId": "nginx", "version": 3, "text": "h\u{e9}" } } });
    for byte in framed(body.to_string().as_bytes()) {
        client.send_raw(&[byte]);
    }
    assert_eq!(client.text("untitled:pieces"), (3, "h\u{e9}".into()));
    client.shutdown();
}

#[test]
fn texts_of_every_kind_are_taken() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    let long = format!("# {}\n", "x".repeat(3_000_000));
    let deep = "a {".repeat(20_000);
    for text in ["", "\u{feff}events {}\n", "a\u{0}b;\n", "\r\r\n\n\r", "\u{1f600}", &long, &deep, "}}}}}}", "\"", "content_by_lua_block {"]
    {
        let name = "untitled:texts";
        client.open(name, text);
        client.pull(name, None);
        assert_eq!(client.text(name).1, *text);
        client.close(name);
    }
    client.shutdown();
}

#[test]
#[cfg(unix)]
fn files_that_cannot_be_read_do_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("nginx.conf")).expect("made");
    fs::write(path("latin1.conf"), b"# caf\xe9\nevents {}\n").expect("written");
    fs::write(path("nul.conf"), b"events {}\0\n").expect("written");
    fs::write(path("compose.yaml"), "services: [\n").expect("written");
    fs::write(path("z.conf"), BROKEN).expect("written");
    std::os::unix::fs::symlink(path("loop.conf"), path("loop.conf")).expect("linked");
    let fifo = std::process::Command::new("mkfifo").args([path("fifo.conf"), path("nginx-analyzer.toml")]).status();
    assert!(fifo.is_ok_and(|status| status.success()), "`mkfifo` exists");
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    assert!(!client.diagnostics(&uri(&path("z.conf")), None).is_empty());
    client.ignore("textDocument/publishDiagnostics");
    client.open(&uri(&path("fifo.conf")), SOUND);
    assert_eq!(client.text(&uri(&path("fifo.conf"))).1, SOUND);
    client.shutdown();
}

#[test]
fn a_folder_that_is_not_there_is_no_reason_to_stop() {
    let mut client = Client::ready(Setup {
        folders: vec!["file:///nginx-analyzer-no-such-folder".into(), "http://x/".into(), "".into()],
        ..Setup::default()
    });
    client.open("untitled:x", BROKEN);
    assert_eq!(client.diagnostics("untitled:x", Some(1)).len(), 1);
    client.shutdown();
}
