//! `textDocument/inlayHint`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::lens;
use crate::project::settings::UsageDisplay;
use crate::server::{Backend, content_modified, convert, now};

/// Who uses each location in the range, in a few words behind it: where the editor shows no code lens, or the settings say so.
pub async fn handle(backend: &Backend, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
    let Some((snapshot, file)) = backend.lock().snapshot_of(&params.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let analysis = &checked.analysis;
        match analysis.project.settings.editor.usage {
            UsageDisplay::Inlay | UsageDisplay::Both => {}
            UsageDisplay::Auto if !features.code_lens => {}
            _ => return Some(None),
        }
        let text = analysis.project.text(file);
        let asked = convert::span(&text, params.range, features.encoding);
        let hints =
            lens::lenses(analysis, file, now()).into_iter().filter(|lens| asked.start <= lens.span.end && lens.span.start <= asked.end);
        let hint = |lens: lens::Lens| InlayHint {
            position: convert::range(&text, lens.span, features.encoding).end,
            label: Label::String(lens.short),
            kind: None,
            text_edits: None,
            tooltip: Some(Tooltip::String(lens.title)),
            padding_left: Some(true),
            padding_right: Some(true),
            data: None,
        };
        Some(Some(hints.map(hint).collect()))
    });
    answer.await.ok_or_else(content_modified)
}
