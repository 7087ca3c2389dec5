//! `workspace/didChangeWatchedFiles`

use tower_lsp::gen_lsp_types::DidChangeWatchedFilesParams;

use crate::server::{Backend, uri};

/// Files changed, came or went on disk.
pub async fn handle(backend: &Backend, params: DidChangeWatchedFilesParams) {
    let mut state = backend.lock();
    for path in params.changes.iter().filter_map(|change| uri::to_path(&change.uri)) {
        state.disk_changed(&path);
    }
}
