//! `workspace/executeCommand`

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::{Error, Result};

use super::{cleanup, effective, evidence, map, report};
use crate::ide::trace::{self, Question};
use crate::message;
use crate::project::FileId;
use crate::server::convert::{self, Converter};
use crate::server::state::Snapshot;
use crate::server::{Backend, content_modified};
use crate::text::{Span, Text};

/// Which location serves a URL.
pub const TRACE: &str = "nginx-analyzer.trace";

/// What there is to be executed.
pub const ALL: [&str; 10] = [
    TRACE,
    evidence::COMMAND,
    map::COMMAND,
    effective::COMMAND,
    report::COMMAND,
    cleanup::PLAN,
    cleanup::APPLY,
    cleanup::STATUS,
    cleanup::RESTORE,
    cleanup::FINISH,
];

/// The argument of [`TRACE`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Trace {
    /// A file of the configuration.
    uri: Uri,
    /// As [`Question::url`].
    url: String,
    method: Option<String>,
    /// `Name: value`, each.
    #[serde(default)]
    headers: Vec<String>,
    client: Option<std::net::IpAddr>,
    /// Where the cursor is: a path without a host is asked of the server there.
    position: Option<Position>,
}

/// Runs a command; an error for one that does not exist, and for what can't be traced, in words for a person.
pub async fn handle(backend: &Backend, params: ExecuteCommandParams) -> Result<Value> {
    let argument = params.arguments.unwrap_or_default().into_iter().next().unwrap_or_default();
    if !argument.is_object() && ALL.contains(&params.command.as_str()) {
        let language = backend.lock().language(None);
        return Err(Error::invalid_params(message!(language, "server-argument", command = params.command)));
    }
    match params.command.as_str() {
        TRACE => trace(backend, argument).await,
        evidence::COMMAND => evidence::handle(backend, argument).await,
        effective::COMMAND => effective::handle(backend, argument).await,
        report::COMMAND => report::handle(backend, argument).await,
        map::COMMAND => map::handle(backend, argument).await,
        command if command.starts_with(cleanup::PREFIX) => cleanup::handle(backend, command, argument).await,
        other => {
            let language = backend.lock().language(None);
            Err(Error::invalid_params(message!(language, "server-no-command", command = other)))
        }
    }
}

/// What a command is asked; an error that names the command where the argument is another.
pub(super) fn asked<T: DeserializeOwned>(command: &str, argument: Value) -> Result<T> {
    serde_json::from_value(argument).map_err(|error| Error::invalid_params(format!("{command}: {error}")))
}

/// The workspace around a file as it is now, and the file in it; an error for a person where no configuration is.
pub(super) fn near(backend: &Backend, uri: &Uri) -> Result<(Snapshot, FileId)> {
    let state = backend.lock();
    state.snapshot_near(uri).ok_or_else(|| Error::invalid_params(message!(state.language(None), "server-not-nginx")))
}

async fn trace(backend: &Backend, argument: Value) -> Result<Value> {
    let asked: Trace = asked(TRACE, argument)?;
    let (snapshot, file) = near(backend, &asked.uri)?;
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let project = &checked.analysis.project;
        let offset = |at: Position| convert::offset(&project.text(file), at, features.encoding);
        let question = Question {
            url: asked.url,
            method: asked.method,
            headers: asked.headers,
            client: asked.client,
            at: Some((file, asked.position.map_or(0, offset))),
        };
        let chosen = trace::choose(&checked.analysis, &[file], &question);
        let answer = match chosen.and_then(|chosen| trace::answer(chosen, &question)) {
            Ok(answer) => answer,
            Err(problem) => return Some(Err(Error::invalid_params(problem))),
        };
        let converter = Converter::new(&features, &snapshot, &checked);
        let lines = answer.lines(&|file| project.display_path(file));
        let page = trace::lines::plain(&lines);
        let rope = Text::new(&page);
        let links: Vec<Value> = trace::lines::links(&lines)
            .into_iter()
            .map(|(start, end, place)| {
                json!({ "range": convert::range(&rope, Span::new(start, end), features.encoding), "target": converter.location(place) })
            })
            .collect();
        let mut value = answer.json();
        value["text"] = page.into();
        value["location"] = json!(answer.place().map(|place| converter.location(place)));
        value["links"] = links.into();
        Some(Ok(value))
    });
    answer.await.ok_or_else(content_modified)?
}
