//! `textDocument/didSave`

use tower_lsp::gen_lsp_types::DidSaveTextDocumentParams;

use crate::server::{Backend, uri};

/// The disk has a new text. The document's own is known already; that the file is there now may be news.
pub async fn handle(backend: &Backend, params: DidSaveTextDocumentParams) {
    if let Some(path) = uri::to_path(&params.text_document.uri) {
        backend.lock().disk_changed(&path);
    }
}
