//! Requests about a position, answered from the analysis of the text in which the client pointed to it.

use std::sync::Arc;

use tower_lsp::gen_lsp_types::TextDocumentPositionParams;
use tower_lsp::jsonrpc::Result;

use super::convert::{self, Converter};
use super::features::Features;
use super::state::{Checked, Snapshot};
use super::{Backend, content_modified};
use crate::project::FileId;
use crate::text::Text;

/// A position in a document that is analysed.
pub struct At {
    /// What was agreed on.
    pub features: Features,
    /// The moment.
    pub snapshot: Snapshot,
    /// What was found.
    pub checked: Arc<Checked>,
    /// The document.
    pub file: FileId,
    /// The position, clamped to the text.
    pub offset: u32,
}

impl At {
    /// The document's text.
    pub fn text(&self) -> Text {
        self.checked.analysis.project.text(self.file)
    }

    /// Makes places and findings the client's.
    pub fn converter(&self) -> Converter<'_> {
        Converter::new(&self.features, &self.snapshot, &self.checked)
    }
}

impl Backend {
    /// Runs work about a position; `None` for a document that is no configuration.
    pub async fn answer_at<T: Send + 'static>(
        &self,
        at: TextDocumentPositionParams,
        work: impl FnOnce(&At) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let Some((snapshot, file)) = self.lock().snapshot_of(&at.text_document.uri) else { return Ok(None) };
        let features = self.features().clone();
        let state = self.state.clone();
        let answer = self.answer(move |cancel| {
            let checked = snapshot.check(&state, cancel)?;
            let offset = convert::offset(&checked.analysis.project.text(file), at.position, features.encoding);
            Some(work(&At { features, snapshot, checked, file, offset }))
        });
        answer.await.map(Some).ok_or_else(content_modified)
    }
}
