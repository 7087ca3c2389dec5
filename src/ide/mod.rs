//! Editor features as plain data and byte offsets. No LSP types.
