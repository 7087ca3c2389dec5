//! `workspace/didChangeConfiguration`

use serde_json::Value;
use tower_lsp::gen_lsp_types::{ConfigurationItem, DidChangeConfigurationParams};

use crate::server::{Backend, SECTION, status};

/// Settings changed. A client that can be asked is asked: what it sends along is empty, by the protocol's own advice.
pub async fn handle(backend: &Backend, params: DidChangeConfigurationParams) {
    if backend.features().configuration {
        tokio::spawn(pull(backend.clone()));
    } else if let Some(settings) = params.settings.get(SECTION).cloned() {
        apply(backend, settings);
    }
}

/// Asks the client for the settings and puts them in place.
pub async fn pull(backend: Backend) {
    let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.into()) };
    // A client that refuses to say keeps what it has.
    if let Ok(answer) = backend.client.configuration(vec![item]).await
        && let Some(settings) = answer.into_iter().next()
    {
        apply(&backend, settings);
    }
}

fn apply(backend: &Backend, settings: Value) {
    if !settings.is_null() {
        backend.lock().set_settings(settings);
        status::tell_editor_settings(backend);
    }
}
