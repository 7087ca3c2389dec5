//! `textDocument/didSave`

use tower_lsp::gen_lsp_types::DidSaveTextDocumentParams;

use crate::server::configuration::FILE;
use crate::server::{Backend, uri};

/// The disk has a new text. The document's own is known already; settings are read from the disk.
pub async fn handle(backend: &Backend, params: DidSaveTextDocumentParams) {
    let path = uri::to_path(&params.text_document.uri);
    if path.is_some_and(|path| path.file_name().is_some_and(|name| name == FILE)) {
        let backend = backend.clone();
        tokio::spawn(async move {
            let task = backend.clone();
            let _ = backend.compute(move || task.reload_settings()).await;
        });
    }
}
