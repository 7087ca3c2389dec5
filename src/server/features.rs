//! What client and server agreed on in `initialize`.

mod everyday;

pub use everyday::Everyday;

use tower_lsp::gen_lsp_types::*;

use crate::text::Encoding;

/// What the client can, as far as the server acts on it.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// How columns are counted.
    pub encoding: Encoding,
    /// It asks for diagnostics (`textDocument/diagnostic`): none are pushed then.
    pub pull: bool,
    /// It asks again when it is told to (`workspace/diagnostic/refresh`).
    pub refresh: bool,
    /// It takes the diagnostics of other documents in an answer.
    pub related_documents: bool,
    /// It shows places beside a diagnostic.
    pub related_information: bool,
    /// It can be asked for settings (`workspace/configuration`).
    pub configuration: bool,
    /// It can be told, later, to report changed settings.
    pub register_configuration: bool,
    /// It can be told, later, which files to watch.
    pub register_watchers: bool,
    /// It shows progress that the server starts.
    pub progress: bool,
    /// It makes edits that the server asks for.
    pub apply_edit: bool,
    /// It takes edits that name the version they are for.
    pub document_changes: bool,
    /// It takes code actions as data, not only commands.
    pub code_action_literals: bool,
    /// It keeps data with an action.
    pub action_data: bool,
    /// It shows why an action can't be had.
    pub disabled_actions: bool,
    /// It shows code lenses.
    pub code_lens: bool,
    /// It asks again for code lenses when it is told to.
    pub code_lens_refresh: bool,
    /// It asks again for inlay hints when it is told to.
    pub inlay_refresh: bool,
    /// It takes the word and the whole of what it leads to with a definition.
    pub definition_links: bool,
    /// It takes completions with tab stops.
    pub snippets: bool,
    /// It shows a few words behind a completion's label.
    pub label_details: bool,
    /// It adjusts the indentation of completions of several lines when it is told to.
    pub adjusts_indentation: bool,
    /// It shows Markdown beside a completion.
    pub completion_markdown: bool,
    /// It shows Markdown beside a signature.
    pub signature_markdown: bool,
    /// It takes a parameter as a part of its signature's label, not only as a text.
    pub label_offsets: bool,
    /// It shows how the server is (`experimental/serverStatus`).
    pub status: bool,
    /// It shows Markdown in a hover.
    pub markdown: bool,
    /// What it asks for all the time.
    pub everyday: Everyday,
}

impl Features {
    /// Reads the client's capabilities. UTF-8 is taken where it is offered: it is what the texts are kept in.
    pub fn new(client: &ClientCapabilities) -> Features {
        let workspace = client.workspace.as_ref();
        let document = client.text_document.as_ref();
        let diagnostic = document.and_then(|it| it.diagnostic.as_ref());
        let publish = document.and_then(|it| it.publish_diagnostics.as_ref());
        let action = document.and_then(|it| it.code_action.as_ref());
        let completion = document.and_then(|it| it.completion.as_ref()).and_then(|it| it.completion_item.as_ref());
        let shown = match diagnostic {
            Some(pull) => Some(&pull.diagnostics_capabilities),
            None => publish.map(|it| &it.diagnostics_capabilities),
        };
        let signature = document.and_then(|it| it.signature_help.as_ref()).and_then(|it| it.signature_information.as_ref());
        let yes = |flag: Option<bool>| flag == Some(true);
        let offered = client.general.as_ref().and_then(|it| it.position_encodings.as_deref()).unwrap_or_default();
        let encoding = [(PositionEncodingKind::UTF8, Encoding::Utf8), (PositionEncodingKind::UTF32, Encoding::Utf32)]
            .into_iter()
            .find_map(|(kind, encoding)| offered.contains(&kind).then_some(encoding));
        Features {
            encoding: encoding.unwrap_or(Encoding::Utf16),
            pull: diagnostic.is_some(),
            refresh: yes(workspace.and_then(|it| it.diagnostics.as_ref()).and_then(|it| it.refresh_support)),
            related_documents: yes(diagnostic.and_then(|it| it.related_document_support)),
            related_information: yes(shown.and_then(|it| it.related_information)),
            configuration: yes(workspace.and_then(|it| it.configuration)),
            register_configuration: yes(workspace
                .and_then(|it| it.did_change_configuration.as_ref())
                .and_then(|it| it.dynamic_registration)),
            register_watchers: yes(workspace.and_then(|it| it.did_change_watched_files.as_ref()).and_then(|it| it.dynamic_registration)),
            progress: yes(client.window.as_ref().and_then(|it| it.work_done_progress)),
            apply_edit: yes(workspace.and_then(|it| it.apply_edit)),
            document_changes: yes(workspace.and_then(|it| it.workspace_edit.as_ref()).and_then(|it| it.document_changes)),
            code_action_literals: action.is_some_and(|it| it.code_action_literal_support.is_some()),
            code_lens: document.is_some_and(|it| it.code_lens.is_some()),
            code_lens_refresh: yes(workspace.and_then(|it| it.code_lens.as_ref()).and_then(|it| it.refresh_support)),
            inlay_refresh: yes(workspace.and_then(|it| it.inlay_hint.as_ref()).and_then(|it| it.refresh_support)),
            action_data: yes(action.and_then(|it| it.data_support)),
            definition_links: yes(document.and_then(|it| it.definition.as_ref()).and_then(|it| it.link_support)),
            snippets: yes(completion.and_then(|it| it.snippet_support)),
            label_details: yes(completion.and_then(|it| it.label_details_support)),
            adjusts_indentation: completion
                .and_then(|it| it.insert_text_mode_support.as_ref())
                .is_some_and(|modes| modes.value_set.contains(&InsertTextMode::AdjustIndentation)),
            completion_markdown: completion
                .and_then(|it| it.documentation_format.as_ref())
                .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            signature_markdown: signature
                .and_then(|it| it.documentation_format.as_ref())
                .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            label_offsets: yes(signature.and_then(|it| it.parameter_information.as_ref()).and_then(|it| it.label_offset_support)),
            markdown: document
                .and_then(|it| it.hover.as_ref())
                .and_then(|it| it.content_format.as_ref())
                .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            status: client.experimental.as_ref().and_then(|it| it.get("serverStatusNotification")).is_some_and(|it| it == true),
            everyday: Everyday::new(client),
            disabled_actions: yes(action.and_then(|it| it.disabled_support)),
        }
    }

    /// What the server offers to such a client.
    pub fn server(&self) -> ServerCapabilities {
        let encoding = match self.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        };
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::SaveOptions(SaveOptions { include_text: Some(false) })),
            ..Default::default()
        };
        let diagnostics = DiagnosticOptions {
            identifier: Some(super::NAME.into()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            work_done_progress_options: Default::default(),
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::RefactorRewrite]),
            ..Default::default()
        };
        let folders =
            WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(ChangeNotifications::Bool(true)) };
        let mut server = ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(TextDocumentSync::Options(sync)),
            diagnostic_provider: self.pull.then_some(DiagnosticProvider::DiagnosticOptions(diagnostics)),
            code_action_provider: self.code_action_literals.then_some(CodeActionProvider::CodeActionOptions(actions)),
            signature_help_provider: Some(SignatureHelpOptions {
                trigger_characters: Some(super::requests::signature_help::TRIGGERS.map(str::to_owned).to_vec()),
                ..Default::default()
            }),
            hover_provider: Some(HoverProvider::Bool(true)),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(super::requests::completion::TRIGGERS.map(|letter| letter.to_string()).to_vec()),
                resolve_provider: Some(true),
                ..Default::default()
            }),
            definition_provider: Some(DefinitionProvider::Bool(true)),
            references_provider: Some(ReferencesProvider::Bool(true)),
            code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false), ..Default::default() }),
            inlay_hint_provider: Some(InlayHintProvider::Bool(true)),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: super::requests::execute_command::ALL.map(str::to_owned).to_vec(),
                ..Default::default()
            }),
            workspace: Some(WorkspaceOptions { workspace_folders: Some(folders), ..Default::default() }),
            ..Default::default()
        };
        self.everyday.offer(&mut server);
        server
    }
}
