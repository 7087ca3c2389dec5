//! `textDocument/didSave`

use tower_lsp::gen_lsp_types::DidSaveTextDocumentParams;

use crate::server::{Backend, uri};

/// The disk has a new text. The document's own is known already; that the file is there now may be news.
///
/// Clients that can't watch files (Neovim on Linux, most that are not VS Code) say nothing else about the disk: a saved document is
/// the moment at which a file that was missing may be there.
pub async fn handle(backend: &Backend, params: DidSaveTextDocumentParams) {
    let watches = backend.features().register_watchers;
    let mut state = backend.lock();
    match uri::to_path(&params.text_document.uri) {
        Some(path) if watches => state.disk_changed(&[path]),
        _ if watches => {}
        _ => state.look_again(),
    }
}
