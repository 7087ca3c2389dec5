//! `textDocument/didClose`

use tower_lsp::gen_lsp_types::{DidCloseTextDocumentParams, MessageType};

use crate::server::Backend;

/// From now on the disk's text counts again. A file outside every folder is forgotten, and what was said of it taken back.
pub async fn handle(backend: &Backend, params: DidCloseTextDocumentParams) {
    let uri = params.text_document.uri;
    let closed = backend.lock().close(&uri);
    if closed.is_none() {
        backend.log(MessageType::Warning, format!("ignored: {} was closed without being open", uri.0));
    }
}
