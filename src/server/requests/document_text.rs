//! `nginxAnalyzer/documentText`: the text of an open document as the server has it, to find out whether client and
//! server have drifted apart (our own request; rust-analyzer's `viewFileText` is its like).

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types::TextDocumentIdentifier;
use tower_lsp::jsonrpc::{Error, Result};

use crate::server::Backend;

/// Which document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    text_document: TextDocumentIdentifier,
}

/// What the server has.
#[derive(Debug, Serialize)]
pub struct DocumentText {
    version: i32,
    text: String,
}

/// The text and its version; an error for a document that is not open.
pub async fn handle(backend: &Backend, params: Params) -> Result<DocumentText> {
    let document = backend.lock().documents.get(&params.text_document.uri).cloned();
    match document {
        Some(document) => Ok(DocumentText { version: document.version, text: document.text.to_string() }),
        None => Err(Error::invalid_params(format!("{} is not open", params.text_document.uri.0))),
    }
}
