//! What an editor asks for all the time: outline, tokens, folds, highlights, links, renaming, formatting. Each is offered to a client that
//! says it can do something with it.

use tower_lsp::gen_lsp_types::*;

use crate::ide::tokens::{MODIFIERS, TYPES};
use crate::server::requests::on_type_formatting;

/// What the client can of these, as far as the server acts on it.
#[derive(Debug, Clone, Default)]
pub struct Everyday {
    /// It shows an outline.
    pub outline: bool,
    /// An outline may be nested.
    pub nested_outline: bool,
    /// It looks for symbols by name.
    pub workspace_symbols: bool,
    /// It colours by what words are.
    pub tokens: Option<Tokens>,
    /// It folds.
    pub folding: Option<Folding>,
    /// It selects step by step.
    pub selection: bool,
    /// It shows the other places of a name.
    pub highlight: bool,
    /// It makes links of paths.
    pub links: bool,
    /// It renames.
    pub rename: bool,
    /// It asks what can be renamed before it asks a person for the new name.
    pub prepare_rename: bool,
    /// It formats a document, some lines of it, what was just typed.
    pub formatting: (bool, bool, bool),
}

/// How it takes semantic tokens.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tokens {
    /// It asks for all of a document.
    pub full: bool,
    /// It takes what changed since.
    pub delta: bool,
    /// It asks for those in a range.
    pub range: bool,
    /// One token may go over several lines.
    pub multiline: bool,
    /// It asks again when it is told to.
    pub refresh: bool,
}

/// How it folds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Folding {
    /// Whole lines only.
    pub lines: bool,
    /// So many at most.
    pub limit: Option<usize>,
}

impl Everyday {
    /// Reads the client's capabilities.
    pub fn new(client: &ClientCapabilities) -> Everyday {
        let Some(document) = client.text_document.as_ref() else { return Everyday::default() };
        let workspace = client.workspace.as_ref();
        let yes = |flag: Option<bool>| flag == Some(true);
        let refresh = yes(workspace.and_then(|it| it.semantic_tokens.as_ref()).and_then(|it| it.refresh_support));
        let tokens = document.semantic_tokens.as_ref().map(|it| Tokens {
            full: match &it.requests.full {
                Some(ClientSemanticTokensRequestOptionsFull::Bool(full)) => *full,
                Some(_) => true,
                None => false,
            },
            delta: matches!(
                &it.requests.full,
                Some(ClientSemanticTokensRequestOptionsFull::ClientSemanticTokensRequestFullDelta(full)) if full.delta == Some(true)
            ),
            range: match &it.requests.range {
                Some(ClientSemanticTokensRequestOptionsRange::Bool(range)) => *range,
                Some(_) => true,
                None => false,
            },
            multiline: yes(it.multiline_token_support),
            refresh,
        });
        Everyday {
            outline: document.document_symbol.is_some(),
            nested_outline: yes(document.document_symbol.as_ref().and_then(|it| it.hierarchical_document_symbol_support)),
            workspace_symbols: workspace.is_some_and(|it| it.symbol.is_some()),
            tokens: tokens.filter(|tokens| tokens.full || tokens.range),
            folding: document.folding_range.as_ref().map(|it| Folding {
                lines: yes(it.line_folding_only),
                limit: it.range_limit.and_then(|limit| usize::try_from(limit).ok()),
            }),
            selection: document.selection_range.is_some(),
            highlight: document.document_highlight.is_some(),
            links: document.document_link.is_some(),
            rename: document.rename.is_some(),
            prepare_rename: yes(document.rename.as_ref().and_then(|it| it.prepare_support)),
            formatting: (document.formatting.is_some(), document.range_formatting.is_some(), document.on_type_formatting.is_some()),
        }
    }

    /// Adds what the server offers to such a client.
    pub fn offer(&self, server: &mut ServerCapabilities) {
        server.document_symbol_provider = self.outline.then_some(DocumentSymbolProvider::Bool(true));
        server.workspace_symbol_provider = self.workspace_symbols.then_some(WorkspaceSymbolProvider::Bool(true));
        server.semantic_tokens_provider = self.tokens.map(|tokens| {
            let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            let full = match tokens.delta {
                true => Full::SemanticTokensFullDelta(SemanticTokensFullDelta { delta: Some(true) }),
                false => Full::Bool(true),
            };
            SemanticTokensProvider::SemanticTokensOptions(SemanticTokensOptions {
                legend: SemanticTokensLegend { token_types: names(&TYPES), token_modifiers: names(&MODIFIERS) },
                range: tokens.range.then_some(SemanticTokensOptionsRange::Bool(true)),
                full: tokens.full.then_some(full),
                work_done_progress_options: Default::default(),
            })
        });
        server.folding_range_provider = self.folding.map(|_| FoldingRangeProvider::Bool(true));
        server.document_highlight_provider = self.highlight.then_some(DocumentHighlightProvider::Bool(true));
        server.document_link_provider =
            self.links.then(|| DocumentLinkOptions { resolve_provider: Some(false), work_done_progress_options: Default::default() });
        server.rename_provider = self.rename.then(|| match self.prepare_rename {
            true => RenameProvider::RenameOptions(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: Default::default(),
            }),
            false => RenameProvider::Bool(true),
        });
        let (whole, lines, typed) = self.formatting;
        server.document_formatting_provider = whole.then_some(DocumentFormattingProvider::Bool(true));
        server.document_range_formatting_provider = lines.then_some(DocumentRangeFormattingProvider::Bool(true));
        server.document_on_type_formatting_provider = typed.then(|| DocumentOnTypeFormattingOptions {
            first_trigger_character: on_type_formatting::FIRST.to_owned(),
            more_trigger_character: Some(on_type_formatting::MORE.map(str::to_owned).to_vec()),
        });
        server.selection_range_provider = self.selection.then_some(SelectionRangeProvider::Bool(true));
    }
}
