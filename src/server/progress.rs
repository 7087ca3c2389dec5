//! Progress of long work (LSP 3.17, `window/workDoneProgress/create`).

use serde_json::json;
use tokio::sync::oneshot;
use tower_lsp::gen_lsp_types::ProgressToken;

use super::Backend;

/// The first reading of a workspace, as the client shows it.
#[derive(Debug)]
pub struct Progress(oneshot::Sender<()>);

impl Progress {
    /// Begins, when the client shows progress and agrees; nothing waits for that.
    pub fn begin(backend: &Backend, key: u64) -> Option<Progress> {
        if !backend.features().progress {
            return None;
        }
        let (done, wait) = oneshot::channel::<()>();
        let backend = backend.clone();
        tokio::spawn(async move {
            let token = format!("{}/load/{key}", super::NAME);
            if backend.client.create_work_done_progress(ProgressToken::String(token.clone())).await.is_err() {
                return;
            }
            let send = |value| backend.outgoing.notify("$/progress", json!({ "token": token, "value": value }));
            send(json!({ "kind": "begin", "title": "nginx-analyzer: reading the workspace", "cancellable": false }));
            // Ended, or dropped with its workspace: over in both cases.
            let _ = wait.await;
            send(json!({ "kind": "end" }));
        });
        Some(Progress(done))
    }

    /// Ends.
    pub fn end(self) {
        let _ = self.0.send(());
    }
}
