//! `textDocument/rename`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use super::code_action;
use super::prepare_rename::refused;
use crate::cleanup::{FileEdits, TextEdit};
use crate::ide::rename;
use crate::server::Backend;

/// The edits that give the name at a position another one, in all files, for the versions that the client has.
pub async fn handle(backend: &Backend, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
    let answer = backend.answer_at(params.text_document_position_params, move |at| {
        let found = rename::rename(&at.checked.analysis, at.file, at.offset, &params.new_name)?;
        Ok(found.map(|renaming| {
            let mut files = FileEdits::default();
            let places = renaming.places.into_iter().map(|place| (place, renaming.name.clone()));
            for (place, new) in places.chain(renaming.settings) {
                let edit = TextEdit { span: place.span, new };
                match files.iter_mut().find(|(file, _)| *file == place.file) {
                    Some((_, edits)) => edits.push(edit),
                    None => files.push((place.file, vec![edit])),
                }
            }
            code_action::edit(&at.converter(), &at.features, files)
        }))
    });
    answer.await?.transpose().map(Option::flatten).map_err(refused)
}
