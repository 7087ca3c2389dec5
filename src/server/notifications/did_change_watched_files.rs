//! `workspace/didChangeWatchedFiles`

use tower_lsp::gen_lsp_types::DidChangeWatchedFilesParams;

use crate::server::configuration::FILE;
use crate::server::{Backend, uri};

/// Files changed, came or went on disk.
pub async fn handle(backend: &Backend, params: DidChangeWatchedFilesParams) {
    let paths: Vec<_> = params.changes.iter().filter_map(|change| uri::to_path(&change.uri)).collect();
    let mut state = backend.lock();
    for path in &paths {
        state.disk_changed(path);
    }
    drop(state);
    if paths.iter().any(|path| path.file_name().is_some_and(|name| name == FILE)) {
        let backend = backend.clone();
        tokio::spawn(async move {
            let task = backend.clone();
            let _ = backend.compute(move || task.reload_settings()).await;
        });
    }
}
