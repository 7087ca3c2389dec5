//! `textDocument/semanticTokens/full/delta`

use std::sync::Arc;

use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::Result;

use crate::server::{Backend, tokens};

/// What changed in the tokens since the answer that the client names; all of them where it is not the last one.
pub async fn handle(backend: &Backend, params: SemanticTokensDeltaParams) -> Result<Option<SemanticTokensDeltaResponse>> {
    let uri = params.text_document.uri;
    let (snapshot, file, before) = {
        let state = backend.lock();
        let Some((snapshot, file)) = state.snapshot_of(&uri) else { return Ok(None) };
        let before = state.tokens.get(&uri).filter(|sent| sent.id == params.previous_result_id).cloned();
        (snapshot, file, before)
    };
    let features = backend.features().clone();
    let Some(found) = backend.answer(move |_| tokens::of(&snapshot, file, &features, None)).await else { return Ok(None) };
    let found = Arc::new(found);
    let result_id = backend.lock().tokens_sent(&uri, found.clone());
    Ok(Some(match before {
        Some(before) => {
            let edits = edit(&before.tokens, &found).into_iter().collect();
            SemanticTokensDeltaResponse::SemanticTokensDelta(SemanticTokensDelta { result_id, edits })
        }
        None => SemanticTokensDeltaResponse::SemanticTokens(SemanticTokens { result_id, data: Arc::unwrap_or_clone(found) }),
    }))
}

/// The one edit that makes the later tokens of the earlier ones; `None` where they are the same.
fn edit(before: &[SemanticToken], now: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    let same_start = before.iter().zip(now).take_while(|(old, new)| old == new).count();
    let (old, new) = (before.get(same_start..)?, now.get(same_start..)?);
    let same_end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(..old.len() - same_end)?, new.get(..new.len() - same_end)?);
    if old.is_empty() && new.is_empty() {
        return None;
    }
    // Counted in numbers, of which each token has five.
    let numbers = |count: usize| u32::try_from(count * 5).unwrap_or(u32::MAX);
    let data: Vec<u32> = new
        .iter()
        .flat_map(|token| [token.delta_line, token.delta_start, token.length, token.token_type, token.token_modifiers_bitset])
        .collect();
    Some(SemanticTokensEdit { start: numbers(same_start), delete_count: numbers(old.len()), data: (!data.is_empty()).then_some(data) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edit_is_the_smallest_run() {
        let token = |length| SemanticToken { delta_line: 0, delta_start: 1, length, token_type: 0, token_modifiers_bitset: 0 };
        let tokens = |lengths: &[u32]| lengths.iter().map(|length| token(*length)).collect::<Vec<_>>();
        let shown = |before: &[u32], now: &[u32]| {
            edit(&tokens(before), &tokens(now)).map(|edit| (edit.start, edit.delete_count, edit.data.unwrap_or_default().len()))
        };
        assert_eq!(shown(&[1, 2, 3], &[1, 2, 3]), None);
        assert_eq!(shown(&[1, 2, 3], &[1, 9, 3]), Some((5, 5, 5)));
        assert_eq!(shown(&[1, 1], &[1, 1, 1]), Some((10, 0, 5)));
        assert_eq!(shown(&[1, 2, 3], &[1]), Some((5, 10, 0)));
        assert_eq!(shown(&[], &[4]), Some((0, 0, 5)));
    }
}
