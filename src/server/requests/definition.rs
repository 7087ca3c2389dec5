//! `textDocument/definition`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::{self, navigate};
use crate::server::convert::{self, Converter};
use crate::server::{Backend, content_modified};
use crate::text;

/// Where the word at a position leads; nothing for a document that is no configuration. A client that does not take links gets places.
pub async fn handle(backend: &Backend, params: DefinitionParams) -> Result<Option<DefinitionResponse>> {
    let at = params.text_document_position_params;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&at.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let text = checked.analysis.project.text(file);
        let offset = text.offset(text::Position { line: at.position.line, column: at.position.character }, features.encoding);
        let found = ide::definition(&checked.analysis, file, offset);
        if found.is_empty() {
            return Some(None);
        }
        let converter = Converter::new(&features, &snapshot, &checked);
        if !features.definition_links {
            let places = found.iter().map(|link| converter.location(link.selection)).collect();
            return Some(Some(DefinitionResponse::Definition(Definition::LocationList(places))));
        }
        let link = |link: &navigate::Link| {
            let Location { uri: target_uri, range: target_range } = converter.location(link.target);
            LocationLink {
                origin_selection_range: Some(convert::range(&text, link.origin, features.encoding)),
                target_uri,
                target_range,
                target_selection_range: converter.location(link.selection).range,
            }
        };
        Some(Some(DefinitionResponse::DefinitionLinkList(found.iter().map(link).collect())))
    });
    answer.await.ok_or_else(content_modified)
}
