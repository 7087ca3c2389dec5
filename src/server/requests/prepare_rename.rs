//! `textDocument/prepareRename`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::ide::rename::{self, Refusal};
use crate::server::{Backend, convert};

/// The name at a position, when it can be changed; the reason where it can't, and nothing where there is no name.
pub async fn handle(backend: &Backend, params: PrepareRenameParams) -> Result<Option<PrepareRenameResult>> {
    let answer = backend.answer_at(params.text_document_position_params, |at| {
        let found = rename::prepare(&at.checked.analysis, at.file, at.offset)?;
        Ok(found.map(|(span, placeholder)| {
            let range = convert::range(&at.text(), span, at.features.encoding);
            PrepareRenameResult::PrepareRenamePlaceholder(PrepareRenamePlaceholder { range, placeholder })
        }))
    });
    answer.await?.transpose().map(Option::flatten).map_err(refused)
}

/// A request that is right, and not done (LSP 3.17, `RequestFailed`): editors show the reason.
pub(super) fn refused(refusal: Refusal) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: refusal.0.into(), data: None }
}
