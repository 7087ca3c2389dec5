//! `textDocument/rangeFormatting`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use super::formatting;
use crate::server::Backend;

/// What is to be changed in some lines of the present text; what stands around them says how deep they are.
pub async fn handle(backend: &Backend, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
    Ok(formatting::edits(backend, &params.text_document.uri, params.options, Some(params.range)).await)
}
