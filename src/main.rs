//! Argument parsing only; the work is in the library.

use std::process::ExitCode;

use clap::Parser;
use nginx_analyzer::cli::args::Arguments;

fn main() -> ExitCode {
    nginx_analyzer::cli::run(Arguments::parse())
}
