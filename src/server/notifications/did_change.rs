//! `textDocument/didChange`

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tower_lsp::gen_lsp_types::{MessageType, Position, Range, VersionedTextDocumentIdentifier};

use crate::server::{Backend, convert};
use crate::text::Text;

/// `DidChangeTextDocumentParams`, read leniently: a range that is there but wrong must not turn an edit of one place
/// into a replacement of the whole text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    text_document: VersionedTextDocumentIdentifier,
    content_changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
struct Change {
    #[serde(default, deserialize_with = "clamped")]
    range: Option<Range>,
    text: String,
}

/// A range whose numbers are brought into what a position can hold.
fn clamped<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Range>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if value.is_null() {
        return Ok(None);
    }
    let number = |end: &str, field: &str| {
        let number = &value[end][field];
        match number.as_u64() {
            Some(number) => Some(u32::try_from(number).unwrap_or(u32::MAX)),
            // A float converts by saturation; what is no number has no meaning to guess.
            None => number.as_f64().map(|number| number as u32),
        }
    };
    let position = |end| Some(Position { line: number(end, "line")?, character: number(end, "character")? });
    match (position("start"), position("end")) {
        (Some(start), Some(end)) => Ok(Some(Range { start, end })),
        _ => Err(serde::de::Error::custom("a range needs a start and an end, each with a line and a character")),
    }
}

/// Applies the edits, in order, each to what the one before it made. A version that does not go up is logged, and the
/// edit applied all the same: leaving it out would make the texts differ for good.
pub async fn handle(backend: &Backend, params: Params) {
    let VersionedTextDocumentIdentifier { version, text_document_identifier } = params.text_document;
    let uri = text_document_identifier.uri;
    let encoding = backend.features().encoding;
    let mut state = backend.lock();
    let before = state.documents.get(&uri).map(|document| document.version);
    let edits = params.content_changes.into_iter().map(|change| {
        let span = change.range.map(|range| move |text: &Text| convert::span(text, range, encoding));
        (span, change.text)
    });
    let open = state.change(&uri, version, edits);
    drop(state);
    if !open {
        backend.log(MessageType::Warning, format!("ignored: an edit of {}, which is not open", uri.0));
    } else if before.is_some_and(|before| version <= before) {
        let before = before.unwrap_or_default();
        backend.log(MessageType::Warning, format!("version {version} of {} after version {before}: the edit was applied", uri.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn change(value: Value) -> Result<Change, serde_json::Error> {
        serde_json::from_value(value)
    }

    #[test]
    fn a_wrong_range_is_clamped_or_refused_but_never_dropped() {
        let at = |line: Value| json!({ "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 1 } });
        let line = |value| change(json!({ "range": at(value), "text": "x" })).ok().and_then(|it| it.range).map(|it| it.start.line);
        assert_eq!(line(json!(-1)), Some(0));
        assert_eq!(line(json!(99_999_999_999_u64)), Some(u32::MAX));
        assert_eq!(line(json!(2.0)), Some(2));
        assert!(change(json!({ "range": at(json!("1")), "text": "x" })).is_err());
        assert!(change(json!({ "range": {}, "text": "x" })).is_err());
        assert!(change(json!({ "text": "x" })).is_ok_and(|it| it.range.is_none()));
    }
}
