//! `workspace/didChangeWatchedFiles`

use std::path::PathBuf;

use tower_lsp::gen_lsp_types::DidChangeWatchedFilesParams;

use crate::server::{Backend, uri};

/// Files changed, came or went on disk.
pub async fn handle(backend: &Backend, params: DidChangeWatchedFilesParams) {
    let paths: Vec<PathBuf> = params.changes.iter().filter_map(|change| uri::to_path(&change.uri)).collect();
    backend.lock().disk_changed(&paths);
}
