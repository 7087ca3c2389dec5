//! `textDocument/didOpen`

use serde::Deserialize;
use tower_lsp::gen_lsp_types::Uri;

use crate::server::Backend;
use crate::text::Text;

/// What is needed of `DidOpenTextDocumentParams`; any language is taken.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    text_document: Item,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    uri: Uri,
    #[serde(default)]
    language_id: String,
    version: i32,
    text: String,
}

/// From now on the client's text counts, not the disk's.
pub async fn handle(backend: &Backend, params: Params) {
    let Item { uri, language_id, version, text } = params.text_document;
    backend.lock().open(uri, &language_id, version, Text::new(&text));
    backend.start_workspaces();
}
