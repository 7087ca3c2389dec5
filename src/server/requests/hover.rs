//! `textDocument/hover`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::server::{Backend, convert};

/// What is said of a position; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: HoverParams) -> Result<Option<Hover>> {
    let answer = backend.answer_at(params.text_document_position_params, |at| {
        let hover = ide::hover(&at.checked.analysis, at.file, at.offset)?;
        let kind = if at.features.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        let range = convert::range(&at.text(), hover.span, at.features.encoding);
        Some(Hover { contents: Contents::MarkupContent(MarkupContent { kind, value: hover.markdown }), range: Some(range) })
    });
    Ok(answer.await?.flatten())
}
