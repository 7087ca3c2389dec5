//! `textDocument/semanticTokens/full`

use std::sync::Arc;

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::server::{Backend, tokens};

/// All tokens of the present text; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: SemanticTokensParams) -> Result<Option<SemanticTokens>> {
    let uri = params.text_document.uri;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&uri) else { return Ok(None) };
    let features = backend.features().clone();
    let Some(found) = backend.answer(move |_| tokens::of(&snapshot, file, &features, None)).await else { return Ok(None) };
    let tokens = Arc::new(found);
    let id = backend.lock().tokens_sent(&uri, tokens.clone());
    Ok(Some(SemanticTokens { result_id: id, data: Arc::unwrap_or_clone(tokens) }))
}
