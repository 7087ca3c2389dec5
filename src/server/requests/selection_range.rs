//! `textDocument/selectionRange`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::present::Present;
use crate::ide::selection;
use crate::server::{Backend, convert};

/// What is around each position of the present text, step by step; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
    let Some((snapshot, file)) = backend.lock().snapshot_of(&params.text_document.uri) else { return Ok(None) };
    let encoding = backend.features().encoding;
    let answer = backend.answer(move |_| {
        let source = snapshot.source(file)?;
        let present = Present::new(&source, snapshot.last().map(|last| &**last));
        let around = |at: Position| {
            let offset = convert::offset(&source.text, at, encoding);
            let spans = selection::around(&present, offset).into_iter().rev();
            let outer = spans
                .fold(None, |parent, span| Some(Box::new(SelectionRange { range: convert::range(&source.text, span, encoding), parent })));
            // There is always the whole text. An answer for each position, in their order.
            outer.map_or_else(|| SelectionRange { range: Range { start: at, end: at }, parent: None }, |outer| *outer)
        };
        Some(params.positions.into_iter().map(around).collect())
    });
    Ok(answer.await)
}
