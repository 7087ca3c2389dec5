//! Clients that go away, in every way in which they do: the server ends, and says nothing to nobody.

use std::io::{BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, Setup};

/// How long the end of a server may take; reached only when it never comes.
const DEADLINE: Duration = Duration::from_secs(60);

fn server() -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"));
    command.arg("lsp").env("NGINX_ANALYZER_TEST_PANIC", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the server starts")
}

fn framed(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn initialize(process: Option<u32>) -> Vec<u8> {
    framed(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "processId": process, "rootUri": null, "capabilities": {} } }))
}

/// Asks for so much that a pipe that nobody reads is full long before it is answered.
fn much() -> Vec<u8> {
    let text = "# a comment\n".repeat(20_000);
    let open = json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {
        "textDocument": { "uri": "untitled:much", "languageId": "plaintext", "version": 1, "text": text } } });
    let mut bytes = framed(&open);
    for id in 2..12 {
        let ask = json!({ "jsonrpc": "2.0", "id": id, "method": "nginxAnalyzer/documentText", "params": { "textDocument": { "uri": "untitled:much" } } });
        bytes.extend(framed(&ask));
    }
    bytes
}

/// The status with which it ends, which it must, and without a word of a panic.
fn ends(mut child: Child) -> Option<i32> {
    let mut stderr = child.stderr.take().expect("piped");
    let (sender, receiver) = channel();
    let id = child.id();
    std::thread::spawn(move || {
        let mut said = String::new();
        let read = stderr.read_to_string(&mut said);
        let _ = sender.send((child.wait().expect("a child can be waited for").code(), read.map(|_| said)));
    });
    match receiver.recv_timeout(DEADLINE) {
        Ok((status, said)) => {
            assert_eq!(said.expect("UTF-8"), "");
            status
        }
        Err(RecvTimeoutError::Timeout) => {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
            panic!("the server does not end")
        }
        Err(RecvTimeoutError::Disconnected) => panic!("the thread that waits has ended"),
    }
}

#[test]
fn one_that_does_not_read_any_more_is_not_waited_for() {
    let mut child = server();
    let mut stdin = child.stdin.take().expect("piped");
    // Held, and never read: the pipe fills up.
    let stdout = child.stdout.take().expect("piped");
    stdin.write_all(&initialize(None)).expect("it reads");
    stdin.write_all(&much()).expect("it reads");
    stdin.write_all(&framed(&json!({ "jsonrpc": "2.0", "method": "exit" }))).expect("it reads");
    assert_eq!(ends(child), Some(1));
    drop((stdin, stdout));
}

#[test]
fn one_that_closes_what_it_reads_from_ends_the_server() {
    let mut child = server();
    let mut stdin = child.stdin.take().expect("piped");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    stdin.write_all(&initialize(None)).expect("it reads");
    let mut first = [0];
    stdout.read_exact(&mut first).expect("an answer");
    drop(stdout);
    // What it would answer finds nobody; it may be gone before all is sent.
    let _ = stdin.write_all(&much());
    assert_eq!(ends(child), Some(1));
    drop(stdin);
}

#[test]
fn one_that_closes_both_ends_it_whatever_it_is_at() {
    let mut child = server();
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(&initialize(None)).expect("it reads");
    // Work that ends only when somebody cancels it.
    for id in 2..200 {
        stdin.write_all(&framed(&json!({ "jsonrpc": "2.0", "id": id, "method": "nginxAnalyzer/testWork" }))).expect("it reads");
    }
    drop(stdin);
    drop(child.stdout.take());
    assert_eq!(ends(child), Some(1));
}

#[test]
fn the_end_of_the_input_is_not_held_up_by_work() {
    let mut client = Client::ready(Setup::default());
    let asked: Vec<i64> = (0..50).map(|_| client.ask("nginxAnalyzer/testWork", Value::Null)).collect();
    while client.request("nginxAnalyzer/testWorking", Value::Null) == 0 {}
    client.hang_up();
    assert_eq!(client.wait_exit(), Some(1));
    // Nobody was there to be answered.
    client.forget(&asked);
}

/// An editor is killed in the middle of a message, and somebody that it had started still holds the pipes.
#[test]
#[cfg(target_os = "linux")]
fn one_that_is_killed_in_the_middle_of_a_message_is_noticed() {
    for sent in [&b"Content-Length: 5000\r\n\r\n{\"jsonrpc\":\"2.0\",\"me"[..], b"Content-Len", b""] {
        let mut editor = Command::new("cat").stdin(Stdio::piped()).spawn().expect("`cat` exists");
        let mut child = server();
        let mut stdin = child.stdin.take().expect("piped");
        let mut stdout = child.stdout.take().expect("piped");
        stdin.write_all(&initialize(Some(editor.id()))).expect("it reads");
        // From its answer on the server knows the editor's process.
        stdout.read_exact(&mut [0]).expect("an answer");
        stdin.write_all(&much()).expect("it reads");
        stdin.write_all(sent).expect("it reads");
        editor.kill().expect("it runs");
        editor.wait().expect("it ends");
        assert_eq!(ends(child), Some(1));
        drop((stdin, stdout));
    }
}
