//! `textDocument/foldingRange`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::folding::{self, Fold, Kind};
use crate::ide::present::Present;
use crate::server::{Backend, convert};

/// What can be folded in the present text; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
    let Some((snapshot, file)) = backend.lock().snapshot_of(&params.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let answer = backend.answer(move |_| {
        let source = snapshot.source(file)?;
        let present = Present::new(&source, snapshot.last().map(|last| &**last));
        let asked = features.everyday.folding.unwrap_or_default();
        let folds = folding::folds(&present, &snapshot.settings().cleanup.marker, asked.limit);
        let convert = |fold: Fold| {
            let range = convert::range(&source.text, fold.span, features.encoding);
            let (start, end) = (range.start, range.end);
            FoldingRange {
                start_line: start.line,
                start_character: (!asked.lines).then_some(start.character),
                // The line with the brace stays where only whole lines are folded.
                end_line: if asked.lines && fold.keeps_last { end.line - 1 } else { end.line },
                end_character: (!asked.lines).then_some(end.character),
                kind: match fold.kind {
                    Kind::Block => None,
                    Kind::Comment => Some(FoldingRangeKind::Comment),
                    Kind::Region => Some(FoldingRangeKind::Region),
                },
                collapsed_text: None,
            }
        };
        Some(folds.into_iter().map(convert).collect())
    });
    Ok(answer.await)
}
