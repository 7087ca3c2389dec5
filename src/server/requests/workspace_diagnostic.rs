//! `workspace/diagnostic`

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use tower_lsp::gen_lsp_types::{Uri, WorkspaceDiagnosticParams};
use tower_lsp::jsonrpc::Result;

use super::document_diagnostic::outdated;
use crate::project::FileId;
use crate::server::Backend;
use crate::server::convert::Converter;
use crate::server::diagnostic::Report;
use crate::server::prepared::Ticket;

/// `WorkspaceDiagnosticReport`.
#[derive(Debug, Serialize)]
struct Answer {
    items: Vec<OfDocument>,
}

/// `WorkspaceDocumentDiagnosticReport`.
#[derive(Debug, Serialize)]
struct OfDocument {
    uri: Uri,
    version: Option<i32>,
    #[serde(flatten)]
    report: Report,
}

/// The diagnostics of every file of every workspace, each file once; of an open document by the workspace that has its text. Files that the client knows diagnostics of and that have none any more are named as empty.
pub async fn handle(backend: &Backend, params: WorkspaceDiagnosticParams) -> Result<Ticket> {
    let snapshots: Vec<_> = {
        let state = backend.lock();
        state.workspaces.iter().filter_map(|it| Some((state.snapshot(it.key)?, state.away(it.key)))).collect()
    };
    let features = backend.features().clone();
    let (state, prepared) = (backend.state.clone(), backend.prepared.clone());
    let mut previous: FxHashMap<Uri, String> = params.previous_result_ids.into_iter().map(|it| (it.uri, it.value)).collect();
    let answer = backend.answer(move |cancel| {
        let mut items = Vec::new();
        let mut told: FxHashSet<Uri> = FxHashSet::default();
        for (snapshot, away) in &snapshots {
            let checked = snapshot.check(&state, cancel)?;
            let converter = Converter::new(&features, snapshot, &checked);
            let files: FxHashSet<FileId> = checked.findings.keys().chain(snapshot.open.keys()).copied().collect();
            let mut files: Vec<FileId> = files.into_iter().collect();
            files.sort();
            for file in files.into_iter().filter(|file| !away.contains(file)) {
                let uri = snapshot.uri(&checked, file);
                // Two workspaces may read it.
                if !told.insert(uri.clone()) {
                    continue;
                }
                let known = previous.remove(&uri);
                let report = Report::new(snapshot.show(&converter, file), known.as_deref());
                items.push(OfDocument { uri, version: snapshot.version(file), report });
            }
        }
        items.extend(previous.drain().map(|(uri, known)| OfDocument {
            uri,
            version: None,
            report: Report::new(Arc::default(), Some(&known)),
        }));
        prepared.write(&Answer { items })
    });
    answer.await.ok_or_else(outdated)
}
