//! `textDocument/formatting`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::format::{self, Edit, Options};
use crate::ide::present::Present;
use crate::server::{Backend, convert};
use crate::text::{Encoding, Text};

/// What is to be changed in the present text; nothing for a document that is no configuration, or one that nginx can't read.
pub async fn handle(backend: &Backend, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
    Ok(edits(backend, &params.text_document.uri, params.options, None).await)
}

/// The edits in a document, or in some of its lines.
pub(super) async fn edits(backend: &Backend, uri: &Uri, options: FormattingOptions, range: Option<Range>) -> Option<Vec<TextEdit>> {
    let (snapshot, file) = backend.lock().snapshot_of(uri)?;
    let encoding = backend.features().encoding;
    let answer = backend.answer(move |_| {
        let source = snapshot.source(file)?;
        let present = Present::new(&source, snapshot.last().map(|last| &**last));
        let lines = range.map(|range| {
            // A selection of whole lines ends before the first character of the next one.
            let ends_before = range.end.character == 0 && range.end.line > range.start.line;
            (range.start.line, range.end.line - u32::from(ends_before))
        });
        let edits = format::format(&present, &snapshot.settings().cleanup.marker, self::options(&options), lines);
        Some(edits.into_iter().map(|edit| convert(&source.text, edit, encoding)).collect())
    });
    answer.await
}

/// As the editor wants it. What it says nothing of is left to the formatter.
pub(super) fn options(options: &FormattingOptions) -> Options {
    Options {
        // Wider than any screen is no width.
        tab_size: options.tab_size.clamp(1, 16) as usize,
        insert_spaces: options.insert_spaces,
        trim_lines: options.trim_trailing_whitespace != Some(false),
        final_newline: options.insert_final_newline == Some(true),
        trim_final_newlines: options.trim_final_newlines == Some(true),
    }
}

pub(super) fn convert(text: &Text, edit: Edit, encoding: Encoding) -> TextEdit {
    TextEdit { range: convert::range(text, edit.span, encoding), new_text: edit.with }
}
