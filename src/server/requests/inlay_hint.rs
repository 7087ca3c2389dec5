//! `textDocument/inlayHint`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::{hints, lens};
use crate::project::settings::UsageDisplay;
use crate::server::{Backend, content_modified, convert};
use crate::store;
use crate::text::Span;

/// What is implied in the range, and who uses each location, in a few words behind it: the latter where the editor shows no code lens, or
/// the settings say so.
pub async fn handle(backend: &Backend, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
    let Some((snapshot, file)) = backend.lock().snapshot_of(&params.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let analysis = &checked.analysis;
        let settings = &analysis.project.settings.editor;
        let text = analysis.project.text(file);
        let asked = convert::span(&text, params.range, features.encoding);
        let hint = |span: Span, label: String, tooltip: String| InlayHint {
            position: convert::range(&text, Span::at(hints::behind(&text, span)), features.encoding).end,
            label: Label::String(label),
            kind: None,
            text_edits: None,
            tooltip: Some(Tooltip::String(tooltip)),
            padding_left: Some(true),
            padding_right: Some(true),
            data: None,
        };
        let implied = hints::hints(analysis, file, asked, &settings.hints);
        let mut out: Vec<InlayHint> = implied.into_iter().map(|one| hint(one.span, one.label, one.tooltip)).collect();
        let shows_usage = match settings.usage {
            UsageDisplay::Inlay | UsageDisplay::Both => true,
            UsageDisplay::Auto => !features.code_lens,
            UsageDisplay::Lens | UsageDisplay::Off => false,
        };
        if shows_usage {
            let lenses = lens::lenses(analysis, file, asked, store::now()).into_iter();
            out.extend(lenses.map(|lens| hint(lens.span, lens.short, lens.title)));
        }
        Some((!out.is_empty()).then_some(out))
    });
    answer.await.ok_or_else(content_modified)
}
