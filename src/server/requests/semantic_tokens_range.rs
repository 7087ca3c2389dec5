//! `textDocument/semanticTokens/range`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::server::{Backend, convert, tokens};

/// The tokens in a range of the present text; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: SemanticTokensRangeParams) -> Result<Option<SemanticTokens>> {
    let Some((snapshot, file)) = backend.lock().snapshot_of(&params.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let answer = backend.answer(move |_| {
        let within = convert::span(snapshot.text(file)?, params.range, features.encoding);
        let data = tokens::of(&snapshot, file, &features, Some(within))?;
        Some(SemanticTokens { result_id: None, data })
    });
    Ok(answer.await)
}
