//! `initialize`

use tower_lsp::gen_lsp_types::*;

use crate::messages::Language;
use crate::server::features::Features;
use crate::server::{Backend, NAME, SECTION, parent, uri};

/// Agrees on features and makes the workspaces. Nothing is read yet.
pub fn handle(backend: &Backend, params: InitializeParams) -> InitializeResult {
    let features = Features::new(&params.capabilities);
    let capabilities = features.server();
    // A second `initialize` never gets here.
    let _ = backend.features.set(features.clone());
    let mut state = backend.lock();
    state.features = features;
    state.locale = params.locale.as_deref().map_or(Language::default(), Language::of_tag);
    let options = params.initialization_options.unwrap_or_default();
    // Both shapes are met: the section itself, and an object that holds it.
    // Whatever else it says, only `true` is trust.
    state.untrusted = options.get("trusted").is_some_and(|trusted| *trusted != true);
    state.settings = options.get(SECTION).cloned().unwrap_or(options);
    // Clients older than workspace folders name one root.
    #[expect(deprecated, reason = "that is what they send")]
    let roots: Vec<Uri> = match params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => folders.into_iter().map(|folder| folder.uri).collect(),
        _ => params.root_uri.into_iter().collect(),
    };
    for uri in roots {
        if let Some(path) = uri::to_path(&uri) {
            state.add_folder(path);
        }
    }
    drop(state);
    let client = params.process_id.and_then(|id| u32::try_from(id).ok());
    if let Some(process) = client.and_then(parent::Process::find) {
        let gone = backend.gone.clone();
        tokio::spawn(process.watch(move || gone.notify_one()));
    }
    let server_info = ServerInfo { name: NAME.into(), version: Some(env!("CARGO_PKG_VERSION").into()) };
    InitializeResult { capabilities, server_info: Some(server_info) }
}
