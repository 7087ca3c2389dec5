//! The report as a text, as `nginx-analyzer report` writes it.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types::Uri;
use tower_lsp::jsonrpc::{Error, Result};

use super::execute_command;
use crate::ide::report;
use crate::message;
use crate::rules::Finding;
use crate::server::{Backend, content_modified};

/// The command.
pub const COMMAND: &str = "nginx-analyzer.report";

#[derive(Debug, Deserialize)]
struct Asked {
    uri: Uri,
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Markdown,
    Html,
}

/// `{ title, text }` of the workspace that a file belongs to. The logs are those that were read last: who wants others changes the setting.
pub async fn handle(backend: &Backend, argument: Value) -> Result<Value> {
    let asked: Asked = execute_command::asked(COMMAND, argument)?;
    backend.logs_known_near(&asked.uri).await;
    let (snapshot, _) = execute_command::near(backend, &asked.uri)?;
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let analysis = &checked.analysis;
        if analysis.configs.is_empty() {
            return Some(Err(Error::invalid_params(message!(analysis.language, "server-not-nginx"))));
        }
        let mut findings: Vec<Finding> = checked.findings.values().flat_map(|findings| findings.iter()).cloned().collect();
        // As `rules::check` has them.
        findings.sort_by(|one, other| (one.place, one.rule, &one.message).cmp(&(other.place, other.rule, &other.message)));
        if snapshot.is_over(cancel) {
            return None;
        }
        let history = analysis.project.history();
        let report = report::of(analysis, &findings, history.as_ref());
        let text = match asked.format {
            Format::Markdown => report::markdown::markdown(&report),
            Format::Html => report::html::html(&report),
        };
        let folder = analysis.project.workspace.file_name().unwrap_or_default().to_string_lossy();
        Some(Ok(json!({ "title": message!(analysis.language, "report-document", folder = folder.as_ref()), "text": text })))
    });
    answer.await.ok_or_else(content_modified)?
}
