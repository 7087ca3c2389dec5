//! `textDocument/onTypeFormatting`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use super::formatting;
use crate::ide::format;
use crate::server::{Backend, convert};

/// The characters behind which an editor asks, the first one by itself.
pub const FIRST: &str = "}";
/// See [`FIRST`].
pub const MORE: [&str; 1] = ["\n"];

/// The beginning of the line in which a `}` or a line break was typed.
pub async fn handle(backend: &Backend, params: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
    let Some((snapshot, file)) = backend.lock().snapshot_of(&params.text_document.uri) else { return Ok(None) };
    let encoding = backend.features().encoding;
    let at = params.position;
    let answer = backend.answer(move |_| {
        let text = snapshot.text(file)?;
        let letter = params.ch.chars().next()?;
        let offset = convert::offset(text, at, encoding);
        let edit = format::typed(text, offset, letter, formatting::options(&params.options))?;
        Some(vec![formatting::convert(text, edit, encoding)])
    });
    Ok(answer.await)
}
