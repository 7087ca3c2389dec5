//! Argument parsing only; the work is in the library.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use nginx_analyzer::cli::args::Arguments;

// An analysis makes and frees millions of small things on several threads.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    nginx_analyzer::cli::run(Arguments::parse())
}
