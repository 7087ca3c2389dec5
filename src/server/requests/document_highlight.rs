//! `textDocument/documentHighlight`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::highlight;
use crate::ide::names::Role;
use crate::ide::present::Present;
use crate::server::{Backend, convert};

/// The places of the present text that have the name at a position; nothing for a word that is no name.
pub async fn handle(backend: &Backend, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
    let at = params.text_document_position_params;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&at.text_document.uri) else { return Ok(None) };
    let encoding = backend.features().encoding;
    let answer = backend.answer(move |_| {
        let source = snapshot.source(file)?;
        let present = Present::new(&source, snapshot.last().map(|last| &**last));
        let offset = convert::offset(&source.text, at.position, encoding);
        let found = highlight::highlights(&present, offset).into_iter().map(|(span, role)| DocumentHighlight {
            range: convert::range(&source.text, span, encoding),
            kind: Some(match role {
                Role::Write => DocumentHighlightKind::Write,
                Role::Read => DocumentHighlightKind::Read,
            }),
        });
        Some(found.collect::<Vec<_>>()).filter(|found| !found.is_empty())
    });
    Ok(answer.await)
}
