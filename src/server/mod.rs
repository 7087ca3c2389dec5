//! The language server: the only place with LSP types and tokio.

/// Runs the server on standard input and output.
pub fn run_stdio() -> anyhow::Result<()> {
    Ok(())
}
