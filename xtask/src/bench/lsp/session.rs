//! What somebody does with a server, the same for each: start, open a file, point at directives, type and ask for completions, type and wait for
//! diagnostics.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::{Client, Failure};
use super::document::Document;

/// What is measured, in the order in which it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// From the start of the process to the answer to `initialize`.
    Start,
    /// From `initialized`, with `didOpen` right behind it, to the first diagnostics of that file.
    Open,
    /// From a question about a directive's name to the answer.
    Hover,
    /// From a typed character to the completions there.
    Completion,
    /// From a typed character to the diagnostics of the text with it.
    Keystroke,
}

impl Stage {
    pub const ALL: [Stage; 5] = [Stage::Start, Stage::Open, Stage::Hover, Stage::Completion, Stage::Keystroke];

    pub fn title(self) -> &'static str {
        match self {
            Stage::Start => "start",
            Stage::Open => "open → diagnostics",
            Stage::Hover => "hover",
            Stage::Completion => "completion",
            Stage::Keystroke => "keystroke → diagnostics",
        }
    }
}

/// How a client gets diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Diagnostics {
    /// The server publishes them.
    Published,
    /// The client asks for them, as soon as it has told of a change.
    Pulled,
    /// The server has none.
    None,
}

/// So long nobody types after the diagnostics came: somebody quick is waited for, too.
const BETWEEN: Duration = Duration::from_millis(100);

/// How much is measured in one session.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub samples: usize,
    /// How long a stage goes on with further samples.
    pub stage: Duration,
}

/// What sessions with one server gave.
#[derive(Debug, Default)]
pub struct Measured {
    pub samples: BTreeMap<Stage, Vec<Duration>>,
    /// Why there are no samples, or no more.
    pub said: BTreeMap<Stage, String>,
    /// Kilobytes.
    pub peak: Option<u64>,
}

/// What is pointed at: a directive that every peer knows.
const HOVERED: &str = "proxy_pass";
/// Behind which directive a new line begins.
const AFTER: &str = "proxy_read_timeout 60s;";
/// What is typed there: not a directive that the block has already, as some servers leave those out.
const NAME: &str = "proxy_send_timeout";
const DIRECTIVE: &str = "proxy_send_timeout 61s;";

/// Two of the protocol's errors that mean "ask again" (LSP 3.17, `ErrorCodes`): `ServerCancelled`, `ContentModified`.
const AGAIN: [i64; 2] = [-32802, -32801];

/// One session from start to end; `measured` gets what it gave.
pub fn hold(
    client: Client,
    start: Instant,
    folder: &Path,
    edited: &Path,
    diagnostics: Diagnostics,
    limits: Limits,
    measured: &mut Measured,
) -> anyhow::Result<()> {
    let mut session = Session { client, document: Document::read(edited)?, diagnostics, limits, measured };
    let (reached, failure) = session.all(start, folder)?;
    session.measured.peak = session.measured.peak.max(session.client.peak());
    if let Some(failure) = failure {
        let word = match failure {
            Failure::TooLong(bound) => format!("no answer in {} s", bound.as_secs()),
            Failure::Ended => "ended".to_owned(),
            Failure::Refused { message, .. } => format!("error: {message}"),
        };
        session.measured.said.insert(reached, word);
        for stage in Stage::ALL.into_iter().filter(|stage| *stage > reached) {
            session.measured.said.entry(stage).or_insert_with(|| "not reached".to_owned());
        }
    }
    Ok(())
}

struct Session<'a> {
    client: Client,
    document: Document,
    diagnostics: Diagnostics,
    limits: Limits,
    measured: &'a mut Measured,
}

impl Session<'_> {
    /// All stages, or those until one failed.
    fn all(&mut self, start: Instant, folder: &Path) -> anyhow::Result<(Stage, Option<Failure>)> {
        let capabilities = match self.start(start, folder) {
            Ok(capabilities) => capabilities,
            Err(failure) => return Ok((Stage::Start, Some(failure))),
        };
        let sync = &capabilities["textDocumentSync"];
        self.document.is_incremental = sync["change"].as_i64().or(sync.as_i64()) == Some(2);
        let places = self.document.places_of(HOVERED, self.limits.samples);
        if let Err(failure) = self.open() {
            return Ok((Stage::Open, Some(failure)));
        }
        if capabilities.get("hoverProvider").is_some_and(|provider| *provider != false) {
            let stage = self.repeat(Stage::Hover, |session, index| session.hover(places.get(index % places.len().max(1))));
            if let Err(failure) = stage {
                return Ok((Stage::Hover, Some(failure)));
            }
        }
        let room = self.document.make_room(AFTER)?;
        if let Err(failure) = self.client.notify("textDocument/didChange", room) {
            return Ok((Stage::Completion, Some(failure)));
        }
        if capabilities.get("completionProvider").is_some_and(Value::is_object)
            && let Err(failure) = self.repeat(Stage::Completion, |session, _| session.complete())
        {
            return Ok((Stage::Completion, Some(failure)));
        }
        if self.diagnostics != Diagnostics::None
            && let Err(failure) = self.repeat(Stage::Keystroke, |session, _| session.keystroke().map(Some))
        {
            return Ok((Stage::Keystroke, Some(failure)));
        }
        Ok((Stage::Keystroke, None))
    }

    fn start(&mut self, start: Instant, folder: &Path) -> Result<Value, Failure> {
        let uri = format!("file://{}", folder.display());
        let mut text_document = json!({
            "synchronization": { "didSave": true },
            "publishDiagnostics": { "relatedInformation": true, "versionSupport": true },
            "completion": { "completionItem": { "snippetSupport": true, "documentationFormat": ["markdown", "plaintext"] } },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
        });
        if self.diagnostics == Diagnostics::Pulled {
            text_document["diagnostic"] = json!({ "relatedDocumentSupport": true });
        }
        let params = json!({
            "processId": std::process::id(),
            "rootUri": uri,
            "workspaceFolders": [{ "uri": uri, "name": "bench" }],
            "capabilities": { "textDocument": text_document, "workspace": { "workspaceFolders": true } },
        });
        let (_, id) = self.client.ask("initialize", params)?;
        let (arrived, answer) = self.client.answer(id)?;
        self.sample(Stage::Start, arrived - start);
        Ok(answer["capabilities"].clone())
    }

    fn open(&mut self) -> Result<(), Failure> {
        let document =
            json!({ "uri": self.document.uri, "languageId": "nginx", "version": self.document.version, "text": self.document.text() });
        // A server that reads the folder begins here, and may have diagnostics before the last byte of the text is written.
        let begin = Instant::now();
        self.client.notify("initialized", json!({}))?;
        self.client.notify("textDocument/didOpen", json!({ "textDocument": document }))?;
        if self.diagnostics != Diagnostics::None {
            let arrived = self.diagnosed()?;
            self.sample(Stage::Open, arrived - begin);
        }
        Ok(())
    }

    fn hover(&mut self, place: Option<&Value>) -> Result<Option<Duration>, Failure> {
        let params = json!({ "textDocument": { "uri": self.document.uri }, "position": place });
        let (sent, id) = self.client.ask("textDocument/hover", params)?;
        let (arrived, answer) = self.client.answer(id)?;
        Ok(answer.get("contents").is_some().then(|| arrived - sent))
    }

    fn complete(&mut self) -> Result<Option<Duration>, Failure> {
        let sent = self.type_on(NAME)?;
        let params = json!({
            "textDocument": { "uri": self.document.uri },
            "position": self.document.cursor(),
            "context": { "triggerKind": 1 },
        });
        let (_, id) = self.client.ask("textDocument/completion", params)?;
        let (arrived, answer) = self.client.answer(id)?;
        let items = answer.as_array().or_else(|| answer["items"].as_array());
        let is_offered = items.into_iter().flatten().any(|item| item["label"] == NAME);
        Ok(is_offered.then(|| arrived - sent))
    }

    fn keystroke(&mut self) -> Result<Duration, Failure> {
        std::thread::sleep(BETWEEN);
        let sent = self.type_on(DIRECTIVE)?;
        Ok(self.diagnosed()? - sent)
    }

    /// The moment in which the last change was told.
    fn type_on(&mut self, wanted: &str) -> Result<Instant, Failure> {
        let mut sent = Instant::now();
        for change in self.document.type_on(wanted) {
            sent = self.client.notify("textDocument/didChange", change)?;
        }
        Ok(sent)
    }

    /// The moment in which the client has the diagnostics of the text as it is.
    fn diagnosed(&mut self) -> Result<Instant, Failure> {
        if self.diagnostics == Diagnostics::Pulled {
            loop {
                let (_, id) = self.client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": self.document.uri } }))?;
                match self.client.answer(id) {
                    Ok((arrived, _)) => return Ok(arrived),
                    Err(Failure::Refused { code, .. }) if AGAIN.contains(&code) => {}
                    Err(failure) => return Err(failure),
                }
            }
        }
        let (uri, version) = (self.document.uri.clone(), self.document.version);
        let is_wanted = |message: &Value| {
            let params = &message["params"];
            let is_current = params.get("version").is_none_or(|it| it.is_null() || *it == version);
            message["method"] == "textDocument/publishDiagnostics" && params["uri"] == uri.as_str() && is_current
        };
        self.client.wait(is_wanted).map(|(arrived, _)| arrived)
    }

    /// So many samples, or as many as there is time for. Answers with nothing in them do not count.
    fn repeat(&mut self, stage: Stage, mut once: impl FnMut(&mut Self, usize) -> Result<Option<Duration>, Failure>) -> Result<(), Failure> {
        let begin = Instant::now();
        for index in 0..self.limits.samples {
            match once(self, index)? {
                Some(time) => self.sample(stage, time),
                None => {
                    self.measured.said.insert(stage, "answers with nothing".to_owned());
                }
            }
            if begin.elapsed() > self.limits.stage {
                break;
            }
        }
        Ok(())
    }

    fn sample(&mut self, stage: Stage, time: Duration) {
        self.measured.samples.entry(stage).or_default().push(time);
    }
}

#[cfg(test)]
mod tests {
    use super::super::client::pretended;
    use super::*;

    const TEXT: &str = "location / {\n    proxy_read_timeout 60s;\n    proxy_pass http://a;\n}\n";

    /// A session with a server that has these capabilities, answers questions with `answer`, and publishes where it is told to.
    fn session(
        bound: Duration,
        capabilities: Value,
        publishes: bool,
        diagnostics: Diagnostics,
        mut answer: impl FnMut(&str) -> Option<Value> + Send + 'static,
    ) -> Measured {
        let folder = tempfile::tempdir().expect("a folder");
        let edited = folder.path().join("nginx.conf");
        std::fs::write(&edited, TEXT).expect("a file");
        let client = pretended::server(bound, move |message| {
            let (id, method) = (&message["id"], message["method"].as_str().unwrap_or_default());
            let document = &message["params"]["textDocument"];
            match method {
                "initialize" => vec![json!({ "id": id, "result": { "capabilities": capabilities } })],
                // Of the version before first: nobody waits for that.
                "textDocument/didOpen" | "textDocument/didChange" if publishes => [0, 1]
                    .map(|more| document["version"].as_i64().expect("a version") + more - 1)
                    .map(|version| json!({ "method": "textDocument/publishDiagnostics", "params": { "uri": document["uri"], "version": version } }))
                    .to_vec(),
                _ if id.is_null() => Vec::new(),
                _ => answer(method).map(|result| json!({ "id": id, "result": result })).into_iter().collect(),
            }
        });
        let limits = Limits { samples: 4, stage: Duration::from_secs(60) };
        let mut measured = Measured::default();
        hold(client, Instant::now(), folder.path(), &edited, diagnostics, limits, &mut measured).expect("a session");
        measured
    }

    fn counts(measured: &Measured) -> [usize; 5] {
        Stage::ALL.map(|stage| measured.samples.get(&stage).map_or(0, Vec::len))
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn everything_is_measured_of_a_server_that_can_everything() {
        let capabilities = json!({ "textDocumentSync": { "change": 2 }, "hoverProvider": true, "completionProvider": {} });
        let measured = session(LONG, capabilities, true, Diagnostics::Published, |method| match method {
            "textDocument/hover" => Some(json!({ "contents": "text" })),
            _ => Some(json!({ "items": [{ "label": NAME }] })),
        });
        assert_eq!(counts(&measured), [1, 1, 4, 4, 4]);
        assert!(measured.said.is_empty(), "{:?}", measured.said);
    }

    #[test]
    fn what_a_server_can_not_is_not_asked() {
        let measured = session(LONG, json!({ "textDocumentSync": 1 }), false, Diagnostics::None, |method| panic!("{method}"));
        assert_eq!(counts(&measured), [1, 0, 0, 0, 0]);
        assert!(measured.said.is_empty(), "{:?}", measured.said);
    }

    #[test]
    fn an_answer_without_what_was_asked_for_is_none() {
        let capabilities = json!({ "hoverProvider": {}, "completionProvider": {} });
        let answer = |method: &str| Some(if method == "textDocument/hover" { Value::Null } else { json!([{ "label": "other" }]) });
        let measured = session(LONG, capabilities, false, Diagnostics::None, answer);
        assert_eq!(counts(&measured), [1, 0, 0, 0, 0]);
        assert_eq!(measured.said.get(&Stage::Hover).map(String::as_str), Some("answers with nothing"));
        assert_eq!(measured.said.get(&Stage::Completion).map(String::as_str), Some("answers with nothing"));
    }

    #[test]
    fn a_server_that_falls_silent_has_a_word_for_each_stage() {
        let measured = session(Duration::from_secs(2), json!({ "hoverProvider": true }), true, Diagnostics::Published, |_| None);
        assert_eq!(counts(&measured), [1, 1, 0, 0, 0]);
        assert_eq!(measured.said.get(&Stage::Hover).map(String::as_str), Some("no answer in 2 s"));
        assert_eq!(measured.said.get(&Stage::Keystroke).map(String::as_str), Some("not reached"));
    }

    #[test]
    fn diagnostics_are_asked_for_until_there_are_some() {
        let mut asked = 0;
        let measured = session(LONG, json!({}), false, Diagnostics::Pulled, move |method| {
            assert_eq!(method, "textDocument/diagnostic");
            asked += 1;
            Some(json!({ "kind": "full", "items": [], "resultId": asked.to_string() }))
        });
        assert_eq!(counts(&measured), [1, 1, 0, 0, 4]);
    }
}
