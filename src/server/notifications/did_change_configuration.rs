//! `workspace/didChangeConfiguration`

use serde_json::Value;
use tower_lsp::gen_lsp_types::{ConfigurationItem, DidChangeConfigurationParams};

use crate::server::Backend;
use crate::server::configuration::SECTION;

/// Settings changed. A client that can be asked is asked: what it sends along is empty, by the protocol's own advice.
pub async fn handle(backend: &Backend, params: DidChangeConfigurationParams) {
    if backend.features().configuration {
        tokio::spawn(pull(backend.clone()));
    } else if let Some(settings) = params.settings.get(SECTION).cloned() {
        tokio::spawn(apply(backend.clone(), settings));
    }
}

/// Asks the client for the settings and puts them in place.
pub async fn pull(backend: Backend) {
    let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.into()) };
    // A client that refuses to say keeps what it has.
    if let Ok(answer) = backend.client.configuration(vec![item]).await
        && let Some(settings) = answer.into_iter().next()
    {
        apply(backend, settings).await;
    }
}

async fn apply(backend: Backend, settings: Value) {
    {
        let mut state = backend.lock();
        if settings.is_null() || state.settings == settings {
            return;
        }
        state.settings = settings;
    }
    let task = backend.clone();
    let _ = backend.compute(move || task.reload_settings()).await;
}
