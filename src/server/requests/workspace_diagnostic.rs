//! `workspace/diagnostic`

use rustc_hash::{FxHashMap, FxHashSet};
use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use super::document_diagnostic::{outdated, result_id};
use crate::project::FileId;
use crate::server::Backend;
use crate::server::convert::Converter;

/// The diagnostics of every file of every workspace. Files that the client knows diagnostics of and that have none any more are named as empty.
pub async fn handle(backend: &Backend, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReport> {
    let snapshots: Vec<_> = {
        let state = backend.lock();
        state.workspaces.iter().filter_map(|it| state.snapshot(it.key)).collect()
    };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let mut previous: FxHashMap<Uri, String> = params.previous_result_ids.into_iter().map(|it| (it.uri, it.value)).collect();
    let answer = backend.answer(move |cancel| {
        let mut items = Vec::new();
        for snapshot in &snapshots {
            let checked = snapshot.check(&state, cancel)?;
            let converter = Converter::new(&features, snapshot, &checked);
            let files: FxHashSet<FileId> = checked.findings.keys().chain(snapshot.open.keys()).copied().collect();
            let mut files: Vec<FileId> = files.into_iter().collect();
            files.sort();
            for file in files {
                let uri = snapshot.uri(&checked, file);
                let known = previous.remove(&uri);
                items.push(report(uri, snapshot.version(file), converter.diagnostics(file), known));
            }
        }
        items.extend(previous.drain().map(|(uri, known)| report(uri, None, Vec::new(), Some(known))));
        Some(WorkspaceDiagnosticReport { items })
    });
    answer.await.ok_or_else(outdated)
}

fn report(uri: Uri, version: Option<i32>, items: Vec<Diagnostic>, known: Option<String>) -> WorkspaceDocumentDiagnosticReport {
    let id = result_id(&items);
    if known.as_ref() == Some(&id) {
        let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id: id };
        return WorkspaceUnchangedDocumentDiagnosticReport { uri, version, unchanged_document_diagnostic_report }.into();
    }
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id: Some(id), items };
    WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report }.into()
}
