//! Any sequence of messages of a client: every request that has an id is answered, and the server ends when the client does. Parts: a number that
//! says which message, then its text.
#![no_main]

use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex};

use libfuzzer_sys::fuzz_target;
use nginx_analyzer::server;
use nginx_analyzer_fuzz::Bytes;
use serde_json::{Value, json};

const URI: &str = "file:///nowhere/gateway/nginx.conf";
const METHODS: [&str; 10] = [
    "textDocument/hover", "textDocument/completion", "textDocument/signatureHelp", "textDocument/definition", "textDocument/references", "textDocument/codeAction",
    "textDocument/codeLens", "textDocument/inlayHint", "textDocument/diagnostic", "workspace/diagnostic",
];

/// Where the server writes to.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nothing panics here").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn framed(out: &mut Vec<u8>, body: &[u8]) {
    out.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    out.extend_from_slice(body);
}

fuzz_target!(|data: &[u8]| {
    let mut data = Bytes(data);
    let mut sent = Vec::new();
    let say = |out: &mut Vec<u8>, message: Value| framed(out, message.to_string().as_bytes());
    say(&mut sent, json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"capabilities": {"textDocument": {"diagnostic": {}, "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}}}, "rootUri": "file:///nowhere/gateway"}}));
    say(&mut sent, json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}));
    let (mut id, mut version, mut sound) = (0, 1, true);
    while !data.is_empty() {
        let kind = data.byte();
        let place = json!({"line": data.byte(), "character": data.byte()});
        let text = data.text();
        match kind % 16 {
            0 => say(&mut sent, json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": URI, "languageId": "nginx", "version": version, "text": text}}})),
            1..=3 => {
                version += 1;
                let end = json!({"line": place["line"], "character": kind});
                say(&mut sent, json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": URI, "version": version}, "contentChanges": [{"range": {"start": place, "end": end}, "text": text}]}}));
            }
            4 => say(&mut sent, json!({"jsonrpc": "2.0", "method": "textDocument/didClose", "params": {"textDocument": {"uri": URI}}})),
            5 => say(&mut sent, json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}})),
            6 => framed(&mut sent, text.as_bytes()),
            7 => {
                // After this nobody knows where the next message begins.
                sent.extend_from_slice(text.as_bytes());
                sound = false;
            }
            8 => {
                id += 1;
                say(&mut sent, json!({"jsonrpc": "2.0", "id": id, "method": "workspace/executeCommand", "params": {"command": "nginx-analyzer.trace", "arguments": [{"uri": URI, "url": text, "position": place}]}}));
            }
            _ => {
                id += 1;
                let method = METHODS[usize::from(kind) % METHODS.len()];
                say(&mut sent, json!({"jsonrpc": "2.0", "id": id, "method": method, "params": {"textDocument": {"uri": URI}, "position": place, "range": {"start": place, "end": place}, "context": {"includeDeclaration": true, "diagnostics": []}, "previousResultIds": []}}));
            }
        }
    }
    say(&mut sent, json!({"jsonrpc": "2.0", "id": "end", "method": "shutdown"}));
    say(&mut sent, json!({"jsonrpc": "2.0", "method": "exit"}));
    let written = Written::default();
    let status = server::serve(Cursor::new(sent), written.clone()).expect("threads and a runtime");
    if sound {
        assert_eq!(status, 0);
    }
});
