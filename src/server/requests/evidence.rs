//! The command behind a code lens: everything that speaks for and against a location's use, with the places to jump to.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use super::execute_command;
use crate::ide::lens;
use crate::server::convert::{self, Converter};
use crate::server::{Backend, content_modified, uri};
use crate::store;

/// Its name.
pub const COMMAND: &str = "nginx-analyzer.evidence";

#[derive(Debug, Deserialize)]
struct Asked {
    uri: Uri,
    position: Position,
}

/// `{ title, details: [sentence], locations: [Location] }` of the location whose header is at the position; `null` where none is, or where
/// nothing is known of it.
pub async fn handle(backend: &Backend, argument: Value) -> Result<Value> {
    let asked: Asked = execute_command::asked(COMMAND, argument)?;
    let (snapshot, file) = execute_command::near(backend, &asked.uri)?;
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let text = checked.analysis.project.text(file);
        let offset = convert::offset(&text, asked.position, features.encoding);
        let Some(found) = lens::evidence(&checked.analysis, file, offset, store::now()) else { return Some(Value::Null) };
        let converter = Converter::new(&features, &snapshot, &checked);
        let mut locations: Vec<Value> = found.places.iter().map(|place| json!(converter.location(*place))).collect();
        // A log may be too large to be opened for its columns: the whole line is meant.
        let logged = found.logged.filter(|(path, _)| path.is_absolute());
        locations.extend(logged.map(|(path, line)| {
            let line = line.saturating_sub(1);
            let at = json!({ "line": line, "character": 0 });
            json!({ "uri": uri::from_path(&path), "range": { "start": at, "end": at } })
        }));
        Some(json!({ "title": found.title, "details": found.details, "locations": locations }))
    });
    answer.await.ok_or_else(content_modified)
}
