//! The gateway's map as a tree, for an editor's side bar and picture.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types::Uri;
use tower_lsp::jsonrpc::{Error, Result};

use super::execute_command;
use crate::ide::map::{self, Map, Node};
use crate::message;
use crate::rules::Finding;
use crate::server::convert::Converter;
use crate::server::{Backend, content_modified};

/// The command.
pub const COMMAND: &str = "nginx-analyzer.map";

#[derive(Debug, Deserialize)]
struct Asked {
    uri: Uri,
}

/// The map of the configuration that a file belongs to; for any other file of the workspace, or its folder, that of the first one.
pub async fn handle(backend: &Backend, argument: Value) -> Result<Value> {
    let asked: Asked = execute_command::asked(COMMAND, argument)?;
    let (snapshot, file) = execute_command::near(backend, &asked.uri)?;
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let analysis = &checked.analysis;
        let Some(view) = analysis.view_of(file).or_else(|| map::usual(analysis)) else {
            return Some(Err(Error::invalid_params(message!(analysis.language, "server-not-nginx"))));
        };
        let findings: Vec<&Finding> = checked.findings.values().flat_map(|findings| findings.iter()).collect();
        let map = map::of(analysis, view, &findings, &|| snapshot.is_over(cancel))?;
        Some(Ok(json(&map, &Converter::new(&features, &snapshot, &checked))))
    });
    answer.await.ok_or_else(content_modified)?
}

fn json(map: &Map, converter: &Converter<'_>) -> Value {
    let links = map.links.iter().map(|link| json!({ "from": link.from, "to": link.to, "kind": link.kind, "label": link.label }));
    json!({
        "version": map::VERSION,
        "configuration": map.configuration,
        "nodes": map.nodes.iter().map(|it| node(it, converter)).collect::<Vec<_>>(),
        "links": links.collect::<Vec<_>>(),
        "note": map.note,
    })
}

/// A node with those below it: as deep as blocks are followed.
fn node(it: &Node, converter: &Converter<'_>) -> Value {
    json!({
        "id": it.id,
        "kind": it.kind,
        "label": it.label,
        "detail": it.detail,
        "place": it.place.map(|place| converter.location(place)),
        "hits": it.hits,
        "verdict": it.verdict,
        "why": it.why,
        "children": it.children.iter().map(|child| node(child, converter)).collect::<Vec<_>>(),
    })
}
