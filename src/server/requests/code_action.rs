//! `textDocument/codeAction`

use std::collections::HashMap;

use serde_json::json;
use tower_lsp::gen_lsp_types::{
    CodeAction, CodeActionDisabled, CodeActionKind, CodeActionParams, CodeActionResponse, DocumentChange, Edit,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};
use tower_lsp::jsonrpc::Result;

use crate::cleanup::{self, FileEdits};
use crate::ide;
use crate::rules::Finding;
use crate::server::convert::{self, Converter, LastPlace};
use crate::server::diagnostic::Diagnostic;
use crate::server::features::Features;
use crate::server::{Backend, content_modified};

/// What can be done at a place. An action that can't be had is there all the same, with the reason, for clients that show that.
pub async fn handle(backend: &Backend, params: CodeActionParams) -> Result<Vec<CodeActionResponse>> {
    let Some((snapshot, file)) = backend.lock().snapshot_of(&params.text_document.uri) else { return Ok(Vec::new()) };
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let converter = Converter::new(&features, &snapshot, &checked);
        let selection = convert::span(&checked.analysis.project.text(file), params.range, features.encoding);
        let findings = checked.findings.get(&file).map(|findings| findings.as_slice()).unwrap_or_default();
        let actions = ide::actions(&checked.analysis, file, selection, findings);
        let wanted = actions.into_iter().filter(|action| wanted(action.kind, params.context.only.as_deref()));
        Some(wanted.filter_map(|action| code_action(&converter, &features, action, findings)).collect())
    });
    answer.await.ok_or_else(content_modified)
}

/// True when the client asked for this kind, for one above it, or for all (LSP 3.17, `CodeActionKind`: kinds are nested by dots).
fn wanted(kind: ide::ActionKind, only: Option<&[CodeActionKind]>) -> bool {
    let name = |kind: &CodeActionKind| serde_json::to_value(kind).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default();
    let kind = kind.as_str();
    only.is_none_or(|only| {
        only.iter()
            .map(name)
            .any(|wanted| wanted.is_empty() || kind.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    })
}

fn code_action(converter: &Converter, features: &Features, action: ide::Action, findings: &[Finding]) -> Option<CodeActionResponse> {
    let (edit, disabled) = match action.disabled {
        None => (Some(edit(converter, features, action.edits)), None),
        Some(reason) if features.disabled_actions => (None, Some(CodeActionDisabled { reason })),
        Some(_) => return None,
    };
    let finding = action.finding.and_then(|index| findings.get(index));
    let diagnostic = finding.and_then(|finding| {
        let text = converter.checked.analysis.project.text(finding.place.file);
        Some(vec![Diagnostic::new(converter, finding, &text, &mut LastPlace::default()).typed()?])
    });
    let code_action = CodeAction {
        title: action.title,
        kind: Some(match action.kind {
            ide::ActionKind::QuickFix => CodeActionKind::QuickFix,
            ide::ActionKind::Refactor => CodeActionKind::RefactorRewrite,
        }),
        diagnostics: diagnostic,
        is_preferred: action.is_preferred.then_some(true),
        disabled,
        edit,
        data: finding.filter(|_| features.action_data).map(|finding| json!({ "rule": finding.rule })),
        ..CodeAction::default()
    };
    Some(CodeActionResponse::CodeAction(code_action))
}

/// The protocol's edit, for the versions that the client has.
pub fn edit(converter: &Converter, features: &Features, files: FileEdits) -> WorkspaceEdit {
    let snapshot = converter.snapshot;
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
        let (fix, rewrite) = (ide::ActionKind::QuickFix, ide::ActionKind::Refactor);
        assert!(wanted(fix, None));
        assert!(wanted(fix, Some(&[CodeActionKind::Empty])));
        assert!(wanted(rewrite, Some(&[CodeActionKind::Refactor])));
        assert!(wanted(rewrite, Some(&[CodeActionKind::Source, CodeActionKind::RefactorRewrite])));
        assert!(!wanted(fix, Some(&[CodeActionKind::Refactor])));
        assert!(!wanted(fix, Some(&[])));
        assert!(!wanted(rewrite, Some(&[CodeActionKind::Custom("refactor.rew".into())])));
    }
}
