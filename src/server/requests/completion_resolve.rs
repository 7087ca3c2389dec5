//! `completionItem/resolve`

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::complete::{About, documentation};
use crate::messages::Language;
use crate::server::Backend;

/// What an item carries with it until somebody looks at it.
#[derive(Debug, Serialize, Deserialize)]
struct Data {
    #[serde(flatten)]
    what: What,
    /// `en` or `ja`.
    language: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum What {
    Directive { directive: String, module: String },
    Variable { variable: String, protocol: String },
}

/// As it is sent with an item.
pub fn data(about: &About, language: Language) -> Value {
    let what = match about.clone() {
        About::Directive { name, module } => What::Directive { directive: name, module },
        About::Variable { name, protocol } => What::Variable { variable: name, protocol },
    };
    serde_json::to_value(Data { what, language: language.tag().to_owned() }).unwrap_or_default()
}

/// The item with its documentation.
pub async fn handle(backend: &Backend, mut item: CompletionItem) -> Result<CompletionItem> {
    let data = item.data.clone().and_then(|data| serde_json::from_value::<Data>(data).ok());
    if let Some(Data { what, language }) = data {
        let about = match what {
            What::Directive { directive, module } => About::Directive { name: directive, module },
            What::Variable { variable, protocol } => About::Variable { name: variable, protocol },
        };
        let kind = if backend.features().completion_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        let value = documentation(&about, Language::of_tag(&language));
        item.documentation = value.map(|value| Documentation::MarkupContent(MarkupContent { kind, value }));
    }
    Ok(item)
}
