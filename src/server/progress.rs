//! Progress of long work (LSP 3.17, `window/workDoneProgress/create`).

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;
use tokio::sync::mpsc;
use tower_lsp::gen_lsp_types::ProgressToken;

use super::Backend;

/// Long work as the client shows it. It is over when this is dropped.
#[derive(Debug)]
pub struct Progress(mpsc::UnboundedSender<(u32, String)>);

impl Progress {
    /// Begins, when the client shows progress and agrees; nothing waits for that. `title` says what is done; without any
    /// [`Progress::report`] it is shown as going on.
    pub fn begin(backend: &Backend, title: String) -> Option<Progress> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        if !backend.features().progress {
            return None;
        }
        let (sender, mut steps) = mpsc::unbounded_channel::<(u32, String)>();
        let backend = backend.clone();
        tokio::spawn(async move {
            let token = format!("{}/{}", super::NAME, NEXT.fetch_add(1, Ordering::Relaxed));
            if backend.client.create_work_done_progress(ProgressToken::String(token.clone())).await.is_err() {
                return;
            }
            let send = |value| backend.outgoing.notify("$/progress", json!({ "token": token, "value": value }));
            send(json!({ "kind": "begin", "title": title, "cancellable": false }));
            // Ended, or dropped with its workspace: over in both cases.
            while let Some((percentage, message)) = steps.recv().await {
                send(json!({ "kind": "report", "percentage": percentage, "message": message }));
            }
            send(json!({ "kind": "end" }));
        });
        Some(Progress(sender))
    }

    /// How far it is, in percent, and what is done just now.
    pub fn report(&self, percentage: u32, message: String) {
        // Whoever listened may have gone.
        let _ = self.0.send((percentage.min(100), message));
    }
}
