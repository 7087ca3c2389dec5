//! `textDocument/diagnostic`

use std::collections::HashMap;

use serde_json::json;
use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::server::Backend;
use crate::server::convert::Converter;
use crate::server::diagnostics::fingerprint;

/// The diagnostics of a document, or that they are as they were. What other open documents have now comes along for clients that take it.
pub async fn handle(backend: &Backend, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReport> {
    let uri = params.text_document.uri;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&uri) else {
        // A document that is nobody's configuration, or one that is not open: nothing is said about it.
        return Ok(report(Vec::new(), None, None));
    };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let previous = params.previous_result_id;
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let converter = Converter::new(&features, &snapshot, &checked);
        let related = features.related_documents.then(|| {
            let others = snapshot.open.iter().filter(|(other, _)| **other != file);
            let documents = others.map(|(other, (uri, _))| {
                let items = converter.diagnostics(*other);
                let result_id = Some(result_id(&items));
                (uri.clone(), RelatedDocument::from(FullDocumentDiagnosticReport { result_id, items }))
            });
            documents.collect::<HashMap<_, _>>()
        });
        Some(report(converter.diagnostics(file), previous, related.filter(|it| !it.is_empty())))
    });
    answer.await.ok_or_else(outdated)
}

fn report(
    items: Vec<Diagnostic>,
    previous: Option<String>,
    related_documents: Option<HashMap<Uri, RelatedDocument>>,
) -> DocumentDiagnosticReport {
    let id = result_id(&items);
    if previous.as_ref() == Some(&id) {
        let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id: id };
        return RelatedUnchangedDocumentDiagnosticReport { related_documents, unchanged_document_diagnostic_report }.into();
    }
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id: Some(id), items };
    RelatedFullDocumentDiagnosticReport { related_documents, full_document_diagnostic_report }.into()
}

/// The same for the same diagnostics, whenever they are computed.
pub fn result_id(items: &[Diagnostic]) -> String {
    format!("{:016x}", fingerprint(items))
}

/// `ServerCancelled`: a change came in between, the client asks again (LSP 3.17, `DiagnosticServerCancellationData`).
pub fn outdated() -> Error {
    Error {
        code: ErrorCode::from(-32802),
        message: "the workspace changed while its diagnostics were computed".into(),
        data: Some(json!({ "retriggerRequest": true })),
    }
}
