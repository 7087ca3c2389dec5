//! `textDocument/signatureHelp`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::signature::{self, Help};
use crate::server::features::Features;
use crate::server::{Backend, content_modified, convert};

/// What makes an editor ask by itself.
pub const TRIGGERS: [&str; 1] = [" "];

/// The ways to write the directive at a position; nothing outside of arguments. The present text counts, and of the configuration what was
/// known last: an answer is there before the text has been analysed.
pub async fn handle(backend: &Backend, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
    let at = params.text_document_position_params;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&at.text_document.uri) else { return Ok(None) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let analysis = snapshot.recent(&state, cancel)?;
        let Some(text) = snapshot.text(file) else { return Some(None) };
        let offset = convert::offset(text, at.position, features.encoding);
        Some(signature::signature(&analysis, file, text, offset).map(|help| in_protocol(help, &features)))
    });
    answer.await.ok_or_else(content_modified)
}

fn in_protocol(help: Help, features: &Features) -> SignatureHelp {
    let documentation = |markdown: String| {
        let kind = if features.signature_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        Documentation::MarkupContent(MarkupContent { kind, value: markdown })
    };
    let active = |of: &signature::Signature| {
        // One behind the last is none.
        of.active.unwrap_or(of.parameters.len()) as u32
    };
    let active_parameter = help.signatures.get(help.active).map(active);
    let signatures = help.signatures.into_iter().map(|form| {
        let active_parameter = Some(active(&form));
        let label = |range: &std::ops::Range<usize>| {
            // The protocol counts in UTF-16 here, whatever was agreed on.
            let units = |end: usize| form.label.get(..end).unwrap_or_default().encode_utf16().count() as u32;
            match features.label_offsets {
                true => ParameterInformationLabel::Tuple((units(range.start), units(range.end))),
                false => ParameterInformationLabel::String(form.label.get(range.clone()).unwrap_or_default().to_owned()),
            }
        };
        let parameters = form.parameters.iter().map(|parameter| ParameterInformation {
            label: label(&parameter.range),
            documentation: parameter.meaning.clone().map(documentation),
        });
        SignatureInformation {
            parameters: Some(parameters.collect()),
            documentation: help.documentation.clone().map(documentation),
            active_parameter: active_parameter.map(ActiveParameter::from),
            label: form.label.clone(),
        }
    });
    SignatureHelp {
        signatures: signatures.collect(),
        active_signature: Some(help.active as u32),
        active_parameter: active_parameter.map(ActiveParameter::from),
    }
}
