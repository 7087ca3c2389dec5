//! `textDocument/definition`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::{self, navigate};
use crate::server::{Backend, convert};

/// Where the word at a position leads; nothing for a document that is no configuration. A client that does not take links gets places.
pub async fn handle(backend: &Backend, params: DefinitionParams) -> Result<Option<DefinitionResponse>> {
    let answer = backend.answer_at(params.text_document_position_params, |at| {
        let found = ide::definition(&at.checked.analysis, at.file, at.offset);
        if found.is_empty() {
            return None;
        }
        let converter = at.converter();
        if !at.features.definition_links {
            let places = found.iter().map(|link| converter.location(link.selection)).collect();
            return Some(DefinitionResponse::Definition(Definition::LocationList(places)));
        }
        let text = at.text();
        let link = |link: &navigate::Link| {
            let Location { uri: target_uri, range: target_range } = converter.location(link.target);
            LocationLink {
                origin_selection_range: Some(convert::range(&text, link.origin, at.features.encoding)),
                target_uri,
                target_range,
                target_selection_range: converter.location(link.selection).range,
            }
        };
        Some(DefinitionResponse::DefinitionLinkList(found.iter().map(link).collect()))
    });
    Ok(answer.await?.flatten())
}
