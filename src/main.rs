//! Argument parsing only; the work is in the library.

use std::process::ExitCode;

fn main() -> std::io::Result<ExitCode> {
    match std::env::args().nth(1).as_deref() {
        Some("lsp" | "--stdio") => nginx_analyzer::server::run_stdio(),
        _ => Ok(ExitCode::from(2)),
    }
}
