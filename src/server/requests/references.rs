//! `textDocument/references`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::server::Backend;

/// Who uses what is named at a position; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
    let with_definition = params.context.include_declaration;
    let answer = backend.answer_at(params.text_document_position_params, move |at| {
        let converter = at.converter();
        let found = ide::references(&at.checked.analysis, at.file, at.offset, with_definition);
        found.into_iter().map(|place| converter.location(place)).collect()
    });
    answer.await
}
