//! `workspace/didChangeWorkspaceFolders`

use tower_lsp::gen_lsp_types::DidChangeWorkspaceFoldersParams;

use crate::server::{Backend, uri};

/// Folders came or went. Open documents move to the folder that now holds them.
pub async fn handle(backend: &Backend, params: DidChangeWorkspaceFoldersParams) {
    let mut state = backend.lock();
    for path in params.event.removed.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
        state.remove_folder(&path);
    }
    for path in params.event.added.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
        state.add_folder(path);
    }
    drop(state);
    backend.start_workspaces();
}
