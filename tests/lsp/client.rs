//! A client that speaks to the real server over its standard input and output, and fails the test at the first message
//! that the protocol does not allow. When it is dropped, everything that came must have been looked at.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::reference::{self, Units};
use crate::schema;

/// How long anything may take; reached only when it never comes.
const DEADLINE: Duration = Duration::from_secs(20);

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    incoming: Receiver<Result<Value, String>>,
    pending: HashMap<i64, String>,
    answers: HashMap<i64, Value>,
    /// Requests and notifications of the server that no test has looked at yet.
    inbox: VecDeque<Value>,
    ignored: HashSet<String>,
    next_id: i64,
    open: HashMap<String, Open>,
    published: HashMap<String, i64>,
    progress: HashMap<String, bool>,
    registered: HashSet<String>,
    settings: Value,
    initialized: bool,
    pull: bool,
    refresh: bool,
    pub units: Units,
    /// Whether it makes the edits that the server asks for.
    pub makes_edits: bool,
    ended: bool,
}

#[derive(Clone)]
struct Open {
    version: i64,
    /// Texts by version: an answer may speak of an older one.
    texts: Vec<(i64, String)>,
    /// No request has been answered since it was closed: what is on the way may still name its version.
    closed: bool,
}

/// What a client says of itself.
pub struct Setup {
    pub units: Option<Vec<Units>>,
    pub pull: bool,
    pub folders: Vec<String>,
    pub extra: Value,
    pub options: Value,
    pub settings: Value,
    /// As in `initialize`.
    pub locale: Option<&'static str>,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup { units: None, pull: false, folders: Vec::new(), extra: json!({}), options: Value::Null, settings: Value::Null, locale: None }
    }
}

pub fn uri(path: &Path) -> String {
    let mut out = String::from("file://");
    for byte in path.to_str().expect("test paths are UTF-8").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn merge(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            over.iter().for_each(|(key, value)| merge(under.entry(key.clone()).or_insert(Value::Null), value));
        }
        (under, over) => *under = over.clone(),
    }
}

impl Client {
    /// A server that nothing was said to.
    pub fn start() -> Client {
        Client::start_with(|_| {})
    }

    /// The same, with something changed in how it is started.
    pub fn start_with(change: impl FnOnce(&mut Command)) -> Client {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"));
        command.arg("lsp").env("NGINX_ANALYZER_TEST_PANIC", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        change(&mut command);
        let mut child = command.spawn().expect("the server starts");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Client {
            child,
            stdin,
            incoming,
            pending: HashMap::new(),
            answers: HashMap::new(),
            inbox: VecDeque::new(),
            ignored: HashSet::new(),
            next_id: 0,
            open: HashMap::new(),
            published: HashMap::new(),
            progress: HashMap::new(),
            registered: HashSet::new(),
            settings: Value::Null,
            initialized: false,
            pull: false,
            refresh: false,
            units: Units::Utf16,
            makes_edits: true,
            ended: false,
        }
    }

    /// A server that is ready.
    pub fn ready(setup: Setup) -> Client {
        let mut client = Client::start();
        client.initialize(setup);
        client
    }

    pub fn initialize(&mut self, setup: Setup) -> Value {
        let mut capabilities = json!({
            "textDocument": { "publishDiagnostics": { "relatedInformation": true }, "codeAction": {
                "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } }, "disabledSupport": true, "dataSupport": true
            } },
            "workspace": { "workspaceEdit": { "documentChanges": true }, "workspaceFolders": true },
        });
        if setup.pull {
            capabilities["textDocument"]["diagnostic"] = json!({ "relatedDocumentSupport": true, "relatedInformation": true });
        }
        if let Some(units) = &setup.units {
            capabilities["general"] = json!({ "positionEncodings": units.iter().map(|it| it.name()).collect::<Vec<_>>() });
        }
        merge(&mut capabilities, &setup.extra);
        self.pull = setup.pull;
        self.refresh = capabilities["workspace"]["diagnostics"]["refreshSupport"] == true;
        self.settings = setup.settings;
        let folders: Vec<Value> = setup.folders.iter().map(|uri| json!({ "uri": uri, "name": "folder" })).collect();
        let result = self.request(
            "initialize",
            json!({
                "processId": std::process::id(), "rootUri": null, "capabilities": capabilities,
                "initializationOptions": setup.options, "workspaceFolders": folders, "locale": setup.locale,
            }),
        );
        let encoding = result["capabilities"]["positionEncoding"].as_str().expect("checked");
        self.units = Units::ALL.into_iter().find(|it| it.name() == encoding).expect("an encoding of the protocol");
        let offered = setup.units.unwrap_or(vec![Units::Utf16]);
        assert!(self.units == Units::Utf16 || offered.contains(&self.units), "an encoding that was not offered");
        assert_eq!(result["capabilities"].get("diagnosticProvider").is_some(), self.pull, "push or pull, never both");
        self.initialized = true;
        self.notify("initialized", json!({}));
        result
    }

    // ---- sending

    pub fn send_raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("still open");
        // A server that stopped reading is judged by what it answered, not by this.
        let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request without waiting for its answer.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.pending.insert(id, method.to_owned());
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        id
    }

    /// Waits for the answer to a request: its result, or its error.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        loop {
            if let Some(mut answer) = self.answers.remove(&id) {
                return match answer.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(answer["result"].take()),
                };
            }
            self.receive();
        }
    }

    pub fn try_request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    pub fn request(&mut self, method: &str, params: Value) -> Value {
        self.try_request(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    pub fn cancel(&mut self, id: i64) {
        self.notify("$/cancelRequest", json!({ "id": id }));
    }

    // ---- documents

    pub fn open(&mut self, uri: &str, text: &str) {
        self.open_as(uri, "nginx", text);
    }

    pub fn open_as(&mut self, uri: &str, language: &str, text: &str) {
        self.published.remove(uri);
        self.open.insert(uri.into(), Open { version: 1, texts: vec![(1, text.into())], closed: false });
        self.notify("textDocument/didOpen", json!({ "textDocument": { "uri": uri, "languageId": language, "version": 1, "text": text } }));
    }

    /// Changes that are in order; `text` is what they lead to.
    pub fn change(&mut self, uri: &str, changes: Value, text: &str) -> i64 {
        let open = self.open.get_mut(uri).expect("open");
        open.version += 1;
        open.texts.push((open.version, text.into()));
        let version = open.version;
        self.notify("textDocument/didChange", json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes }));
        version
    }

    pub fn replace(&mut self, uri: &str, text: &str) -> i64 {
        self.change(uri, json!([{ "text": text }]), text)
    }

    pub fn close(&mut self, uri: &str) {
        self.open.get_mut(uri).expect("open").closed = true;
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
        // What the server said before it read this has come when this is answered.
        let error = self.try_request("nginxAnalyzer/documentText", json!({ "textDocument": { "uri": uri } }));
        assert_eq!(error.expect_err("it is closed")["code"], -32602);
        self.open.remove(uri);
    }

    pub fn text(&mut self, uri: &str) -> (i64, String) {
        let answer = self.request("nginxAnalyzer/documentText", json!({ "textDocument": { "uri": uri } }));
        (answer["version"].as_i64().expect("checked"), answer["text"].as_str().expect("checked").into())
    }

    pub fn pull(&mut self, uri: &str, previous: Option<&str>) -> Value {
        let mut params = json!({ "textDocument": { "uri": uri } });
        if let Some(previous) = previous {
            params["previousResultId"] = previous.into();
        }
        self.pull_until_answered("textDocument/diagnostic", &params)
    }

    /// The diagnostics of the whole workspace; `previous` has the members of `PreviousResultId`.
    pub fn pull_workspace(&mut self, previous: Value) -> Value {
        self.pull_until_answered("workspace/diagnostic", &json!({ "previousResultIds": previous }))
    }

    fn pull_until_answered(&mut self, method: &str, params: &Value) -> Value {
        loop {
            match self.try_request(method, params.clone()) {
                Ok(report) => return report,
                Err(error) => assert_eq!((&error["code"], &error["data"]["retriggerRequest"]), (&json!(-32802), &json!(true)), "{error}"),
            }
        }
    }

    // ---- receiving

    /// The next message of the server of that method, kept until it is asked for.
    pub fn wait(&mut self, method: &str) -> Value {
        self.wait_for(method, |_| true)
    }

    /// The next message of that method for which it holds; those of the method before it are passed over.
    pub fn wait_for(&mut self, method: &str, holds: impl Fn(&Value) -> bool) -> Value {
        loop {
            while let Some(at) = self.inbox.iter().position(|it| it["method"] == method) {
                let message = self.inbox.remove(at).expect("found");
                if holds(&message["params"]) {
                    return message["params"].clone();
                }
            }
            self.receive();
        }
    }

    /// The diagnostics that are pushed for a version of a document, or for a closed one (`None`).
    pub fn diagnostics(&mut self, uri: &str, version: Option<i64>) -> Vec<Value> {
        let params = self.wait_for("textDocument/publishDiagnostics", |it| it["uri"] == uri && it["version"].as_i64() == version);
        params["diagnostics"].as_array().expect("checked").clone()
    }

    /// Messages of a method that have come and were not looked at; looked at now.
    pub fn take(&mut self, method: &str) -> Vec<Value> {
        let (taken, kept) = std::mem::take(&mut self.inbox).into_iter().partition(|it| it["method"] == method);
        self.inbox = kept;
        taken.into()
    }

    /// The test does not care about messages of that method.
    pub fn ignore(&mut self, method: &str) {
        self.ignored.insert(method.into());
    }

    fn receive(&mut self) {
        match self.incoming.recv_timeout(DEADLINE) {
            Ok(message) => self.handle(message),
            Err(RecvTimeoutError::Timeout) => {
                panic!("nothing came in {DEADLINE:?}; unanswered: {:?}; inbox: {:?}", self.pending, self.inbox)
            }
            Err(RecvTimeoutError::Disconnected) => panic!("the server is gone; unanswered: {:?}", self.pending),
        }
    }

    fn handle(&mut self, message: Result<Value, String>) {
        let message = message.unwrap_or_else(|error| panic!("{error}"));
        self.check(&message).unwrap_or_else(|error| panic!("{error}\nin {message}"));
    }

    fn check(&mut self, message: &Value) -> schema::Check {
        if message["jsonrpc"] != "2.0" {
            return Err("no JSON-RPC 2.0".into());
        }
        match message["method"].as_str() {
            Some(method) => self.check_call(method, message),
            None => self.check_answer(message),
        }
    }

    fn check_answer(&mut self, message: &Value) -> schema::Check {
        schema::object(
            message,
            &[("jsonrpc", &schema::string), ("id", &schema::any)],
            &[("result", &schema::any), ("error", &schema::error)],
        )?;
        if message.get("result").is_some() == message.get("error").is_some() {
            return Err("exactly one of result and error".into());
        }
        if message["id"].is_null() && message.get("error").is_some() {
            self.inbox.push_back(json!({ "method": "error without id", "params": message["error"] }));
            return Ok(());
        }
        let id = message["id"].as_i64().ok_or("an id that was never used")?;
        let method = self.pending.remove(&id).ok_or("an answer to no request, or a second one")?;
        if let Some(result) = message.get("result") {
            schema::result(&method, result)?;
            self.check_ranges(&method, result)?;
        }
        self.answers.insert(id, message.clone());
        Ok(())
    }

    /// Edits lie within the version they are for.
    fn check_ranges(&self, method: &str, result: &Value) -> schema::Check {
        if method != "textDocument/codeAction" {
            return Ok(());
        }
        for change in result.as_array().into_iter().flatten().flat_map(|it| it["edit"]["documentChanges"].as_array()).flatten() {
            let (uri, version) = (change["textDocument"]["uri"].as_str().unwrap_or_default(), change["textDocument"]["version"].as_i64());
            for edit in change["edits"].as_array().into_iter().flatten() {
                self.check_range(uri, version, &edit["range"])?;
            }
        }
        Ok(())
    }

    fn check_range(&self, uri: &str, version: Option<i64>, range: &Value) -> schema::Check {
        let Some(text) = self.open.get(uri).and_then(|it| it.texts.iter().find(|(of, _)| Some(*of) == version)) else { return Ok(()) };
        for end in ["start", "end"] {
            if reference::offset(&text.1, &range[end], self.units).is_none() {
                return Err(format!("{} is no position in version {version:?} of {uri}", range[end]));
            }
        }
        Ok(())
    }

    fn check_call(&mut self, method: &str, message: &Value) -> schema::Check {
        let null = Value::Null;
        let params = message.get("params").unwrap_or(&null);
        let id = message.get("id");
        schema::params(method, id.is_some(), params)?;
        if !self.initialized && method != "window/logMessage" {
            return Err("sent before `initialize` was answered".into());
        }
        match method {
            "textDocument/publishDiagnostics" => self.check_published(params)?,
            "$/progress" => self.check_progress(params)?,
            "window/workDoneProgress/create" => {
                let token = params["token"].as_str().unwrap_or_default();
                if self.progress.insert(token.into(), false).is_some() {
                    return Err("a token that is in use".into());
                }
            }
            "client/registerCapability" => {
                for registration in params["registrations"].as_array().into_iter().flatten() {
                    if !self.registered.insert(registration["id"].as_str().unwrap_or_default().into()) {
                        return Err("registered twice".into());
                    }
                }
            }
            "workspace/diagnostic/refresh" if !self.refresh => return Err("refresh without the client's support".into()),
            _ => {}
        }
        if let Some(id) = id {
            let result = match method {
                "workspace/applyEdit" => {
                    let applied = self.makes_edits;
                    if applied {
                        self.make(&params["edit"])?;
                    }
                    json!({ "applied": applied })
                }
                "workspace/configuration" => Value::Array(vec![self.settings.clone(); params["items"].as_array().map_or(0, Vec::len)]),
                _ => Value::Null,
            };
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
        }
        if !self.ignored.contains(method) {
            self.inbox.push_back(json!({ "method": method, "params": params }));
        }
        Ok(())
    }

    /// Makes an edit in the open documents, and tells of it.
    fn make(&mut self, edit: &Value) -> schema::Check {
        for change in edit["documentChanges"].as_array().ok_or("edits with versions")?.clone() {
            let uri = change["textDocument"]["uri"].as_str().ok_or("a URI")?.to_owned();
            let open = self.open.get(&uri).ok_or("an edit of a document that is not open")?;
            if change["textDocument"]["version"].as_i64() != Some(open.version) {
                return Err("an edit of another version".into());
            }
            self.check_range(
                &uri,
                Some(self.open[&uri].version),
                &json!({ "start": change["edits"][0]["range"]["start"], "end": change["edits"][0]["range"]["end"] }),
            )?;
            let text = self.open[&uri].texts.last().map(|(_, text)| text.clone()).ok_or("a text")?;
            let text = crate::actions::apply(&text, &change["edits"], self.units);
            self.replace(&uri, &text);
        }
        Ok(())
    }

    /// The text of an open document as the client has it.
    pub fn own_text(&self, uri: &str) -> String {
        self.open[uri].texts.last().expect("a text").1.clone()
    }

    fn check_progress(&mut self, params: &Value) -> schema::Check {
        let begun = self.progress.get_mut(params["token"].as_str().unwrap_or_default()).ok_or("progress without a token")?;
        let kind = params["value"]["kind"].as_str().unwrap_or_default();
        if *begun != (kind != "begin") {
            return Err("progress begins once, and ends after it began".into());
        }
        *begun = kind != "end";
        Ok(())
    }

    fn check_published(&mut self, params: &Value) -> schema::Check {
        if self.pull {
            return Err("diagnostics pushed to a client that pulls".into());
        }
        let (uri, version) = (params["uri"].as_str().unwrap_or_default().to_owned(), params["version"].as_i64());
        let Some(version) = version else {
            return match self.open.get(&uri) {
                // It may have been on the way when the document was opened or closed; after a version has been named it is late.
                Some(open) if !open.closed && self.published.contains_key(&uri) => {
                    Err("diagnostics of an open document without its version".into())
                }
                _ => Ok(()),
            };
        };
        let Some(open) = self.open.get(&uri) else { return Err("diagnostics with a version, of a document that is closed".into()) };
        if version > open.version {
            return Err("a version that was never sent".into());
        }
        if self.published.insert(uri.clone(), version).is_some_and(|before| before > version) {
            return Err("versions go back".into());
        }
        params["diagnostics"].as_array().into_iter().flatten().try_for_each(|it| self.check_range(&uri, Some(version), &it["range"]))
    }

    // ---- ending

    /// `shutdown`, `exit`, and the process must end well.
    pub fn shutdown(mut self) {
        self.request("shutdown", Value::Null);
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        assert_eq!(self.wait_exit(), Some(0));
    }

    /// The memory that the server takes now, in KiB (`VmRSS`).
    #[cfg(target_os = "linux")]
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
        line.split_whitespace().next().and_then(|size| size.parse().ok()).expect("a number")
    }

    /// Closes the server's input.
    pub fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// These were asked of a server that has ended since: no answer is missed.
    pub fn forget(&mut self, asked: &[i64]) {
        assert!(self.ended);
        for id in asked {
            self.pending.remove(id);
            self.answers.remove(id);
        }
    }

    /// Waits for the process to end; what it still says is checked too.
    pub fn wait_exit(&mut self) -> Option<i32> {
        let end = Instant::now() + DEADLINE;
        // The output ends with the process.
        loop {
            match self.incoming.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(message) => self.handle(message),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the server does not end"),
            }
        }
        self.ended = true;
        self.child.wait().expect("a child can be waited for").code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() || !self.ended {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if std::thread::panicking() {
            return;
        }
        assert!(self.ended, "the test did not end the server");
        assert!(self.pending.is_empty(), "never answered: {:?}", self.pending);
        assert!(self.answers.is_empty(), "answers that nobody looked at: {:?}", self.answers);
        self.inbox.retain(|it| !self.ignored.contains(it["method"].as_str().unwrap_or_default()));
        assert!(self.inbox.is_empty(), "messages that nobody looked at: {:?}", self.inbox);
    }
}

/// One message, read strictly; `None` at the end.
fn read_message(from: &mut impl BufRead) -> Option<Result<Value, String>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        match from.read_line(&mut line) {
            Ok(0) if length.is_none() => return None,
            Ok(0) => return Some(Err("the output ends inside a header".into())),
            Ok(_) => {}
            Err(error) => return Some(Err(error.to_string())),
        }
        match line.strip_suffix("\r\n").map(|line| line.split_once(": ")) {
            None => return Some(Err(format!("a header line that does not end in CR LF: {line:?}"))),
            Some(Some(("Content-Length", value))) => length = value.parse::<usize>().ok(),
            Some(None) if line == "\r\n" => break,
            Some(_) => return Some(Err(format!("an unknown header: {line:?}"))),
        }
    }
    let Some(length) = length else { return Some(Err("no length".into())) };
    let mut body = vec![0; length];
    if from.read_exact(&mut body).is_err() {
        return Some(Err("the output ends inside a message".into()));
    }
    Some(serde_json::from_slice(&body).map_err(|error| format!("no JSON: {error}")))
}
