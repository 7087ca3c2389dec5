//! `textDocument/codeLens`

use serde_json::json;
use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use super::evidence;
use crate::ide::lens;
use crate::project::settings::UsageDisplay;
use crate::server::{Backend, content_modified, convert};
use crate::store;
use crate::text::Span;

/// Who uses each location; nothing for a document that is no configuration, and where the settings say so.
pub async fn handle(backend: &Backend, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
    let uri = params.text_document.uri;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&uri) else { return Ok(None) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let analysis = &checked.analysis;
        if !matches!(analysis.project.settings.editor.usage, UsageDisplay::Auto | UsageDisplay::Lens | UsageDisplay::Both) {
            return Some(None);
        }
        let text = analysis.project.text(file);
        let lens = |lens: lens::Lens| {
            let range = convert::range(&text, lens.span, features.encoding);
            let argument = json!({ "uri": uri, "position": range.start });
            let command = Command { title: lens.title, tooltip: None, command: evidence::COMMAND.into(), arguments: Some(vec![argument]) };
            // One that spans lines is shown nowhere.
            let end = Position { line: range.start.line, character: range.start.character + 1 };
            CodeLens { range: Range { start: range.start, end }, command: Some(command), data: None }
        };
        Some(Some(lens::lenses(analysis, file, Span { start: 0, end: u32::MAX }, store::now()).into_iter().map(lens).collect()))
    });
    answer.await.ok_or_else(content_modified)
}
