//! `textDocument/rename`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use super::code_action;
use super::prepare_rename::refused;
use crate::cleanup::TextEdit;
use crate::ide::rename;
use crate::server::convert::Converter;
use crate::server::{Backend, content_modified};
use crate::text;

/// The edits that give the name at a position another one, in all files, for the versions that the client has.
pub async fn handle(backend: &Backend, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
    let at = params.text_document_position_params;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&at.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let text = checked.analysis.project.text(file);
        let offset = text.offset(text::Position { line: at.position.line, column: at.position.character }, features.encoding);
        let found = match rename::rename(&checked.analysis, file, offset, &params.new_name) {
            Err(refusal) => return Some(Err(refusal)),
            Ok(found) => found,
        };
        let converter = Converter::new(&features, &snapshot, &checked);
        Some(Ok(found.map(|renaming| {
            let mut files = crate::cleanup::FileEdits::default();
            for place in renaming.places {
                let edit = TextEdit { span: place.span, new: renaming.name.clone() };
                match files.iter_mut().find(|(file, _)| *file == place.file) {
                    Some((_, edits)) => edits.push(edit),
                    None => files.push((place.file, vec![edit])),
                }
            }
            code_action::edit(&converter, &features, files)
        })))
    });
    answer.await.ok_or_else(content_modified)?.map_err(refused)
}
