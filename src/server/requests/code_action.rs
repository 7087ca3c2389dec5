//! `textDocument/codeAction`

use std::collections::HashMap;

use serde_json::json;
use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::cleanup::{self, FileEdits};
use crate::project::FileId;
use crate::rules::Finding;
use crate::server::convert::{self, Converter};
use crate::server::features::Features;
use crate::server::state::Snapshot;
use crate::server::{Backend, content_modified};
use crate::text::Span;

/// What can be done at a place. An action that can't be had is there all the same, with the reason, for clients that show that.
pub async fn handle(backend: &Backend, params: CodeActionParams) -> Result<Vec<CodeActionResponse>> {
    let Some((snapshot, file)) = backend.lock().snapshot_of(&params.text_document.uri) else { return Ok(Vec::new()) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let converter = Converter::new(&features, &snapshot, &checked);
        let selection = convert::span(&checked.analysis.project.text(file), params.range, features.encoding);
        let offers = offers(&converter, file, selection);
        let wanted = offers.into_iter().filter(|offer| wanted(&offer.kind, params.context.only.as_deref()));
        Some(wanted.filter_map(|offer| action(&converter, &features, &snapshot, offer)).collect())
    });
    answer.await.ok_or_else(content_modified)
}

/// One entry of the menu.
struct Offer {
    title: String,
    kind: CodeActionKind,
    edits: std::result::Result<FileEdits, cleanup::Refusal>,
    diagnostic: Option<Diagnostic>,
    preferred: bool,
    data: LspAny,
}

fn offers(converter: &Converter, file: FileId, selection: Span) -> Vec<Offer> {
    let analysis = &converter.checked.analysis;
    let text = analysis.project.text(file);
    let here = |finding: &&Finding| finding.place.span.start <= selection.end && selection.start <= finding.place.span.end;
    let mut offers = Vec::new();
    for finding in converter.checked.findings.get(&file).into_iter().flatten().filter(here) {
        let mut preferred = true;
        for fix in &finding.fixes {
            let edits = cleanup::resolve(analysis, &fix.action);
            // The best fix that is safe and can be had: what "fix it" without a further question means.
            let best = preferred && fix.safe && edits.is_ok();
            preferred &= !best;
            offers.push(Offer {
                title: fix.title.clone(),
                kind: CodeActionKind::QuickFix,
                edits,
                diagnostic: Some(converter.diagnostic(finding, &text)),
                preferred: best,
                data: json!({ "rule": finding.rule, "safe": fix.safe }),
            });
        }
    }
    offers
}

/// True when the client asked for this kind, for one above it, or for all (LSP 3.17, `CodeActionKind`: kinds are nested by dots).
fn wanted(kind: &CodeActionKind, only: Option<&[CodeActionKind]>) -> bool {
    let name = |kind: &CodeActionKind| serde_json::to_value(kind).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default();
    let kind = name(kind);
    only.is_none_or(|only| {
        only.iter()
            .map(name)
            .any(|wanted| wanted.is_empty() || kind.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    })
}

fn action(converter: &Converter, features: &Features, snapshot: &Snapshot, offer: Offer) -> Option<CodeActionResponse> {
    let (edit, disabled) = match offer.edits {
        Ok(edits) => (Some(edit(converter, features, snapshot, edits)), None),
        Err(refusal) if features.disabled_actions => (None, Some(CodeActionDisabled { reason: refusal.reason })),
        Err(_) => return None,
    };
    let action = CodeAction {
        title: offer.title,
        kind: Some(offer.kind),
        diagnostics: offer.diagnostic.map(|it| vec![it]),
        is_preferred: offer.preferred.then_some(true),
        disabled,
        edit,
        data: features.action_data.then_some(offer.data),
        ..CodeAction::default()
    };
    Some(CodeActionResponse::CodeAction(action))
}

fn edit(converter: &Converter, features: &Features, snapshot: &Snapshot, files: FileEdits) -> WorkspaceEdit {
    let files = files.into_iter().map(|(file, edits)| {
        let text = converter.checked.analysis.project.text(file);
        let edit = |edit: cleanup::TextEdit| TextEdit { range: convert::range(&text, edit.span, features.encoding), new_text: edit.new };
        (file, snapshot.uri(converter.checked, file), edits.into_iter().map(edit).collect::<Vec<_>>())
    });
    if !features.document_changes {
        let changes: HashMap<_, _> = files.map(|(_, uri, edits)| (uri, edits)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let changes = files.map(|(file, uri, edits)| {
        let text_document = OptionalVersionedTextDocumentIdentifier {
            version: snapshot.version(file),
            text_document_identifier: TextDocumentIdentifier { uri },
        };
        DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits: edits.into_iter().map(Edit::TextEdit).collect() })
    });
    WorkspaceEdit { document_changes: Some(changes.collect()), ..WorkspaceEdit::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_nested_by_dots() {
        let (fix, rewrite) = (CodeActionKind::QuickFix, CodeActionKind::RefactorRewrite);
        assert!(wanted(&fix, None));
        assert!(wanted(&fix, Some(&[CodeActionKind::Empty])));
        assert!(wanted(&rewrite, Some(&[CodeActionKind::Refactor])));
        assert!(wanted(&rewrite, Some(&[CodeActionKind::Source, CodeActionKind::RefactorRewrite])));
        assert!(!wanted(&fix, Some(&[CodeActionKind::Refactor])));
        assert!(!wanted(&fix, Some(&[])));
        assert!(!wanted(&rewrite, Some(&[CodeActionKind::Custom("refactor.rew".into())])));
    }
}
