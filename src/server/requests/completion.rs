//! `textDocument/completion`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use super::completion_resolve;
use crate::ide::complete::{self, Completions, Item, Kind};
use crate::messages::Language;
use crate::server::features::Features;
use crate::server::{Backend, content_modified, convert};
use crate::text::Text;

/// Characters behind which an editor asks by itself.
pub const TRIGGERS: [char; 10] = ['$', '{', '@', '/', '=', ':', '.', '"', '\'', ' '];

/// What may be written at a position; nothing for a document that is no configuration. The present text counts, and of the configuration
/// what was known last: an answer is there before the text has been analysed.
pub async fn handle(backend: &Backend, params: CompletionParams) -> Result<Option<CompletionResponse>> {
    let at = params.text_document_position_params;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&at.text_document.uri) else { return Ok(None) };
    let typed = params.context.filter(|context| context.trigger_kind == CompletionTriggerKind::TriggerCharacter);
    let typed = typed.and_then(|context| context.trigger_character?.chars().next());
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let analysis = snapshot.recent(&state, cancel)?;
        let Some(text) = snapshot.text(file) else { return Some(None) };
        let offset = convert::offset(text, at.position, features.encoding);
        let Completions { items, incomplete } = complete::complete(&analysis, file, text, offset, typed);
        let items = (0usize..).zip(items).map(|(at, item)| convert(item, at, text, &features, analysis.language)).collect();
        let list = CompletionList { is_incomplete: incomplete, items, ..CompletionList::default() };
        Some(Some(CompletionResponse::CompletionList(list)))
    });
    answer.await.ok_or_else(content_modified)
}

fn convert(item: Item, at: usize, text: &Text, features: &Features, language: Language) -> CompletionItem {
    let (new_text, format) = match item.snippet.filter(|_| features.snippets) {
        Some(snippet) => (snippet, Some(InsertTextFormat::Snippet)),
        None => (item.text, None),
    };
    let adjusts = features.adjusts_indentation && new_text.contains('\n');
    let range = convert::range(text, item.replace, features.encoding);
    let (label_details, detail) = match item.detail {
        detail if !features.label_details => (None, detail),
        None => (None, None),
        description => (Some(CompletionItemLabelDetails { detail: None, description }), None),
    };
    CompletionItem {
        label: item.label,
        label_details,
        detail,
        kind: Some(match item.kind {
            Kind::Directive => CompletionItemKind::Property,
            Kind::Block => CompletionItemKind::Class,
            Kind::Word => CompletionItemKind::Keyword,
            Kind::Option => CompletionItemKind::Field,
            Kind::Variable => CompletionItemKind::Variable,
            Kind::Value => CompletionItemKind::Value,
            Kind::Name => CompletionItemKind::Reference,
            Kind::Constant => CompletionItemKind::Constant,
            Kind::File => CompletionItemKind::File,
            Kind::Folder => CompletionItemKind::Folder,
            Kind::Module => CompletionItemKind::Module,
        }),
        // Editors sort by how well a word fits first, and by this among those that fit alike.
        sort_text: Some(format!("{at:04}")),
        filter_text: item.filter,
        insert_text_format: format,
        insert_text_mode: adjusts.then_some(InsertTextMode::AdjustIndentation),
        text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit { range, new_text })),
        data: item.about.map(|about| completion_resolve::data(&about, language)),
        ..CompletionItem::default()
    }
}
