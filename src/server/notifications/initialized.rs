//! `initialized`

use serde_json::json;
use tower_lsp::gen_lsp_types::{MessageType, Registration};

use super::did_change_configuration;
use crate::server::{Backend, SECTION, status};

/// Files whose changes on disk change what is found.
pub const WATCHED: &[&str] = &[
    "**/*.conf",
    "**/*.nginx",
    "**/*.template",
    "**/{compose,docker-compose}*.{yml,yaml}",
    "**/Dockerfile*",
    "**/*.lua",
    "**/*.{html,htm,vue,svelte,js,jsx,mjs,cjs,ts,tsx,sh,bash,py,go,md,http,rest,har,bru,java,kt,cs,rb,ru,php,rs,properties,toml}",
    "**/*.{yml,yaml,json}",
    "**/Kustomization",
    "**/Makefile",
    "**/*.log",
    "**/.env*",
    "**/nginx-analyzer.toml",
];

/// Starts to work, and asks the client for what it can tell.
pub fn handle(backend: &Backend) {
    backend.start_workspaces();
    let features = backend.features();
    status::tell_editor_settings(backend);
    if features.status {
        tokio::spawn(status::run(backend.clone()));
    }
    let mut registrations = Vec::new();
    if features.register_watchers {
        let watchers: Vec<_> = WATCHED.iter().map(|glob| json!({ "globPattern": glob })).collect();
        registrations.push(registration("workspace/didChangeWatchedFiles", json!({ "watchers": watchers })));
    }
    if features.register_configuration {
        registrations.push(registration("workspace/didChangeConfiguration", json!({ "section": SECTION })));
    }
    let configuration = features.configuration;
    let backend = backend.clone();
    tokio::spawn(async move {
        if !registrations.is_empty()
            && let Err(error) = backend.client.register_capability(registrations).await
        {
            backend.log(MessageType::Warning, format!("the client does not report changes of files or settings: {error}"));
        }
        if configuration {
            did_change_configuration::pull(backend).await;
        }
    });
}

fn registration(method: &str, options: serde_json::Value) -> Registration {
    Registration { id: method.into(), method: method.into(), register_options: Some(options) }
}
