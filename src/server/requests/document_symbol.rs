//! `textDocument/documentSymbol`

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::ide::present::Present;
use crate::ide::symbols::{self, Kind, Symbol};
use crate::server::{Backend, convert};
use crate::text::{Encoding, Text};

/// The outline of the present text; nothing for a document that is no configuration.
pub async fn handle(backend: &Backend, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
    let uri = params.text_document.uri;
    let Some((snapshot, file)) = backend.lock().snapshot_of(&uri) else { return Ok(None) };
    let features = backend.features().clone();
    let answer = backend.answer(move |_| {
        let source = snapshot.source(file)?;
        let outline = symbols::outline(&Present::new(&source, snapshot.last().map(|last| &**last)));
        let text = &source.text;
        Some(match features.everyday.nested_outline {
            true => {
                let nested = outline.into_iter().map(|symbol| nested(symbol, text, features.encoding)).collect();
                DocumentSymbolResponse::DocumentSymbolList(nested)
            }
            false => {
                let mut flat = Vec::new();
                outline.into_iter().for_each(|symbol| flatten(symbol, None, &uri, text, features.encoding, &mut flat));
                DocumentSymbolResponse::SymbolInformationList(flat)
            }
        })
    });
    Ok(answer.await)
}

fn nested(symbol: Symbol, text: &Text, encoding: Encoding) -> DocumentSymbol {
    // Blocks are nested at most `syntax::MAX_DEPTH` deep.
    let children: Vec<DocumentSymbol> = symbol.children.into_iter().map(|child| nested(child, text, encoding)).collect();
    #[expect(deprecated, reason = "the member has to be named to be left out")]
    DocumentSymbol {
        name: symbol.name,
        detail: symbol.detail,
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: convert::range(text, symbol.span, encoding),
        selection_range: convert::range(text, symbol.selection, encoding),
        children: (!children.is_empty()).then_some(children),
    }
}

fn flatten(symbol: Symbol, container: Option<&str>, uri: &Uri, text: &Text, encoding: Encoding, out: &mut Vec<SymbolInformation>) {
    let location = Location { uri: uri.clone(), range: convert::range(text, symbol.span, encoding) };
    out.push(information(symbol.name.clone(), symbol.kind, location, container.map(str::to_owned)));
    for child in symbol.children {
        flatten(child, Some(&symbol.name), uri, text, encoding, out);
    }
}

/// A symbol with its place, as clients know it that take no tree.
pub(super) fn information(name: String, kind: Kind, location: Location, container_name: Option<String>) -> SymbolInformation {
    let base_symbol_information = BaseSymbolInformation { name, kind: self::kind(kind), tags: None, container_name };
    #[expect(deprecated, reason = "the member has to be named to be left out")]
    SymbolInformation { deprecated: None, location, base_symbol_information }
}

/// The nearest of the kinds that the protocol has. They are what `queries/tags.scm` calls them.
fn kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Context => SymbolKind::Namespace,
        Kind::Server => SymbolKind::Class,
        Kind::Location => SymbolKind::Method,
        Kind::NamedLocation | Kind::Code => SymbolKind::Function,
        Kind::Upstream => SymbolKind::Module,
        Kind::Table => SymbolKind::Constant,
        Kind::Condition => SymbolKind::Event,
        Kind::Variable => SymbolKind::Variable,
        Kind::Format => SymbolKind::String,
        Kind::Zone => SymbolKind::Struct,
    }
}
