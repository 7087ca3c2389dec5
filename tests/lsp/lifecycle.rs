use serde_json::{Value, json};

use crate::client::{Client, Setup};
use crate::reference::Units;

#[test]
fn a_session_in_each_encoding_that_can_be_agreed_on() {
    for (offered, agreed) in [
        (None, Units::Utf16),
        (Some(vec![]), Units::Utf16),
        (Some(vec![Units::Utf16]), Units::Utf16),
        (Some(vec![Units::Utf16, Units::Utf32]), Units::Utf32),
        (Some(vec![Units::Utf32, Units::Utf16, Units::Utf8]), Units::Utf8),
    ] {
        let mut client = Client::start();
        let result = client.initialize(Setup { units: offered, ..Setup::default() });
        assert_eq!(client.units, agreed);
        assert_eq!(result["serverInfo"], json!({ "name": "nginx-analyzer", "version": env!("CARGO_PKG_VERSION") }));
        client.shutdown();
    }
}

#[test]
fn requests_before_initialize_are_refused_and_the_session_goes_on() {
    let mut client = Client::start();
    for method in ["textDocument/codeAction", "shutdown", "no/suchMethod"] {
        assert_eq!(client.try_request(method, Value::Null).expect_err("refused")["code"], -32002, "{method}");
    }
    client.notify(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": "untitled:1", "languageId": "nginx", "version": 1, "text": "" } }),
    );
    client.initialize(Setup::default());
    // What came too early did nothing.
    assert!(client.try_request("nginxAnalyzer/documentText", json!({ "textDocument": { "uri": "untitled:1" } })).is_err());
    client.shutdown();
}

#[test]
fn requests_after_shutdown_are_refused() {
    let mut client = Client::ready(Setup::default());
    client.request("shutdown", Value::Null);
    for method in ["textDocument/diagnostic", "shutdown", "initialize", "no/suchMethod"] {
        assert_eq!(client.try_request(method, json!({})).expect_err("refused")["code"], -32600, "{method}");
    }
    client.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(client.wait_exit(), Some(0));
}

#[test]
fn shutdown_is_taken_with_parameters_too() {
    // As Kakoune's client sends it.
    for params in [json!({}), json!([])] {
        let mut client = Client::ready(Setup::default());
        assert_eq!(client.request("shutdown", params), Value::Null);
        client.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        assert_eq!(client.wait_exit(), Some(0));
    }
}

#[test]
fn initialize_is_taken_once() {
    let mut client = Client::ready(Setup::default());
    let error = client.try_request("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    assert_eq!(error.expect_err("refused")["code"], -32600);
    client.shutdown();
}

#[test]
fn a_failed_initialize_can_be_repeated() {
    let mut client = Client::start();
    let error = client.try_request("initialize", json!({ "capabilities": 7 })).expect_err("refused");
    assert_eq!(error["code"], -32602);
    client.initialize(Setup::default());
    client.shutdown();
}

#[test]
fn methods_that_are_not_there_are_named() {
    let mut client = Client::ready(Setup::default());
    let error = client.try_request("textDocument/moniker", json!({})).expect_err("refused");
    assert_eq!(error["code"], -32601);
    for method in ["$/whatever", "$/cancelRequest", "$/progress", "$/setTrace"] {
        assert_eq!(client.try_request(method, json!({})).expect_err("refused")["code"], -32601, "{method}");
    }
    client.notify("$/whatever", json!({}));
    client.notify("textDocument/whatever", json!({}));
    client.shutdown();
}

#[test]
fn exit_without_shutdown_ends_with_1() {
    let mut client = Client::ready(Setup::default());
    client.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(client.wait_exit(), Some(1));
    let mut client = Client::start();
    client.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(client.wait_exit(), Some(1));
}

#[test]
fn the_end_of_the_input_ends_the_server() {
    let mut client = Client::ready(Setup::default());
    client.hang_up();
    assert_eq!(client.wait_exit(), Some(1));
    let mut client = Client::ready(Setup::default());
    client.request("shutdown", Value::Null);
    client.hang_up();
    assert_eq!(client.wait_exit(), Some(0));
}

#[test]
#[cfg(target_os = "linux")]
fn the_server_ends_when_the_clients_process_has_died() {
    let mut editor = std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().expect("`cat` exists");
    let mut client = Client::start();
    client.request("initialize", json!({ "processId": editor.id(), "rootUri": null, "capabilities": {} }));
    editor.kill().expect("it runs");
    editor.wait().expect("it ends");
    assert_eq!(client.wait_exit(), Some(1));
}
