//! The configuration with everything that it includes in one text.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types::Uri;
use tower_lsp::jsonrpc::{Error, Result};

use super::execute_command;
use crate::ide::effective;
use crate::message;
use crate::server::convert::{self, Converter};
use crate::server::{Backend, content_modified};
use crate::text::Text;

/// The command.
pub const COMMAND: &str = "nginx-analyzer.effective";

#[derive(Debug, Deserialize)]
struct Asked {
    uri: Uri,
}

/// `{ title, text, origins: [{ line, place }], links: [{ range, target }] }` of the configuration that a file belongs to.
pub async fn handle(backend: &Backend, argument: Value) -> Result<Value> {
    let asked: Asked = execute_command::asked(COMMAND, argument)?;
    let (snapshot, file) = execute_command::near(backend, &asked.uri)?;
    let features = backend.features().clone();
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = snapshot.check(&state, cancel)?;
        let Some(view) = checked.analysis.view_of(file) else {
            return Some(Err(Error::invalid_params(message!(checked.analysis.language, "server-not-nginx"))));
        };
        let converter = Converter::new(&features, &snapshot, &checked);
        let found = effective::of(view);
        let text = Text::new(&found.text);
        let origins = found.origins.iter().map(|(line, place)| json!({ "line": line, "place": converter.location(*place) }));
        let links = found
            .links
            .iter()
            .map(|(span, place)| json!({ "range": convert::range(&text, *span, features.encoding), "target": converter.location(*place) }));
        let (origins, links): (Vec<Value>, Vec<Value>) = (origins.collect(), links.collect());
        Some(Ok(json!({ "title": found.title, "text": found.text, "origins": origins, "links": links })))
    });
    answer.await.ok_or_else(content_modified)?
}
