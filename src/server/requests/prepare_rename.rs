//! `textDocument/prepareRename`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::ide::rename::{self, Refusal};
use crate::server::{Backend, content_modified, convert};
use crate::text;

/// The name at a position, when it can be changed; the reason where it can't, and nothing where there is no name.
pub async fn handle(backend: &Backend, params: PrepareRenameParams) -> Result<Option<PrepareRenameResult>> {
    let at = params.text_document_position_params;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&at.text_document.uri) else { return Ok(None) };
    let encoding = backend.features().encoding;
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let text = checked.analysis.project.text(file);
        let offset = text.offset(text::Position { line: at.position.line, column: at.position.character }, encoding);
        let found = rename::prepare(&checked.analysis, file, offset);
        Some(found.map(|found| {
            found.map(|(span, placeholder)| {
                let range = convert::range(&text, span, encoding);
                PrepareRenameResult::PrepareRenamePlaceholder(PrepareRenamePlaceholder { range, placeholder })
            })
        }))
    });
    answer.await.ok_or_else(content_modified)?.map_err(refused)
}

/// A request that is right, and not done (LSP 3.17, `RequestFailed`): editors show the reason.
pub(super) fn refused(refusal: Refusal) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: refusal.0.into(), data: None }
}
