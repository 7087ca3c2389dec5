//! `textDocument/hover`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::server::{Backend, content_modified, convert};
use crate::text;

/// What is said of a position; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: HoverParams) -> Result<Option<Hover>> {
    let at = params.text_document_position_params;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&at.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let text = checked.analysis.project.text(file);
        let offset = text.offset(text::Position { line: at.position.line, column: at.position.character }, features.encoding);
        let hover = ide::hover(&checked.analysis, file, offset);
        Some(hover.map(|hover| {
            let kind = if features.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
            let range = convert::range(&text, hover.span, features.encoding);
            Hover { contents: Contents::MarkupContent(MarkupContent { kind, value: hover.markdown }), range: Some(range) }
        }))
    });
    answer.await.ok_or_else(content_modified)
}
