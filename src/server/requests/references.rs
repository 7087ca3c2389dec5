//! `textDocument/references`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::server::convert::Converter;
use crate::server::{Backend, content_modified};
use crate::text;

/// Who uses what is named at a position; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
    let at = params.text_document_position_params;
    let with_definition = params.context.include_declaration;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&at.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let text = checked.analysis.project.text(file);
        let offset = text.offset(text::Position { line: at.position.line, column: at.position.character }, features.encoding);
        let converter = Converter::new(&features, &snapshot, &checked);
        let found = ide::references(&checked.analysis, file, offset, with_definition);
        Some(Some(found.into_iter().map(|place| converter.location(place)).collect()))
    });
    answer.await.ok_or_else(content_modified)
}
