//! `textDocument/diagnostic`

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;
use tower_lsp::gen_lsp_types::{DocumentDiagnosticParams, Uri};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::server::Backend;
use crate::server::convert::Converter;
use crate::server::diagnostic::Report;
use crate::server::prepared::Ticket;

/// `DocumentDiagnosticReport`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(flatten)]
    report: Report,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    related_documents: HashMap<Uri, Report>,
}

/// The diagnostics of a document, or that they are as they were. What other open documents have now comes along for clients that take it.
pub async fn handle(backend: &Backend, params: DocumentDiagnosticParams) -> Result<Ticket> {
    let uri = params.text_document.uri;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&uri) else {
        // A document that is nobody's configuration, or one that is not open: nothing is said about it.
        let nothing = Answer { report: Report::new(Arc::default(), None), related_documents: HashMap::new() };
        return backend.prepared.write(&nothing).ok_or_else(outdated);
    };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let (previous, prepared) = (params.previous_result_id, backend.prepared.clone());
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let converter = Converter::new(&features, &snapshot, &checked);
        let others = snapshot.open.iter().filter(|(other, _)| features.related_documents && **other != file);
        let related_documents =
            others.map(|(other, (uri, _))| (uri.clone(), Report::new(snapshot.show(&converter, *other), None))).collect();
        let report = Report::new(snapshot.show(&converter, file), previous.as_deref());
        prepared.write(&Answer { report, related_documents })
    });
    answer.await.ok_or_else(outdated)
}

/// `ServerCancelled`: a change came in between, the client asks again (LSP 3.17, `DiagnosticServerCancellationData`).
pub fn outdated() -> Error {
    Error {
        code: ErrorCode::from(-32802),
        message: "the workspace changed while its diagnostics were computed".into(),
        data: Some(json!({ "retriggerRequest": true })),
    }
}
