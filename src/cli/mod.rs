//! The command line: what each subcommand does, and how findings are printed.

pub mod args;
mod asked;
mod check;
mod explain;
mod render;
mod workspace;

use std::process::ExitCode;

use args::{Arguments, Command};

/// Found nothing, or did what was asked.
const OK: u8 = 0;
/// Found something at the chosen level.
const FOUND: u8 = 1;
/// Could not run.
const FAILED: u8 = 2;

/// Runs the command; everything that is said on failure goes to standard error.
pub fn run(arguments: Arguments) -> ExitCode {
    let result = match arguments.command {
        _ if arguments.stdio => crate::server::run_stdio().map_err(Into::into),
        Some(Command::Lsp { .. }) => crate::server::run_stdio().map_err(Into::into),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Explain { rule }) => explain::run(rule.as_deref()),
        None => Err(anyhow::anyhow!("nothing to do: try `nginx-analyzer check PATH`, or `nginx-analyzer --help`")),
    };
    match result {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            anstream::eprintln!("nginx-analyzer: {}", render::printable(&format!("{error:#}")));
            ExitCode::from(FAILED)
        }
    }
}
