//! `textDocument/documentLink`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::links;
use crate::ide::present::Present;
use crate::server::{Backend, content_modified, convert};

/// The files that the present text names, where they are here; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
    let Some((snapshot, file)) = backend.lock().snapshot_of(&params.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        // Which files there are, an analysis says; where there was none yet, it is waited for.
        let last = snapshot.recent(&state, cancel)?;
        let Some(source) = snapshot.source(file) else { return Some(None) };
        let links = links::links(&Present::new(&source, Some(&last)), &last);
        let link = |link: links::FileLink| DocumentLink {
            range: convert::range(&source.text, link.span, features.encoding),
            target: Some(snapshot.uri_in(&last, link.file)),
            tooltip: None,
            data: None,
        };
        Some(Some(links.into_iter().map(link).collect()))
    });
    answer.await.ok_or_else(content_modified)
}
