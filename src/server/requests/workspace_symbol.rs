//! `workspace/symbol`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use super::document_symbol::information;
use crate::ide::symbols;
use crate::server::convert::Converter;
use crate::server::{Backend, content_modified};

/// Servers, locations, upstreams, variables of all workspaces by a part of their name.
pub async fn handle(backend: &Backend, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
    let snapshots = {
        let state = backend.lock();
        state.workspaces.iter().filter_map(|workspace| state.snapshot(workspace.key)).collect::<Vec<_>>()
    };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let mut out = Vec::new();
        for snapshot in snapshots {
            let checked = snapshot.check(&state, cancel)?;
            let converter = Converter::new(&features, &snapshot, &checked);
            let found = symbols::find(&checked.analysis, &params.query).into_iter();
            out.extend(found.map(|one| information(one.name, one.kind, converter.location(one.place), one.container)));
        }
        Some(WorkspaceSymbolResponse::SymbolInformationList(out))
    });
    answer.await.map(Some).ok_or_else(content_modified)
}
