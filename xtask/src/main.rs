//! Task runner: `cargo xtask TASK`.

mod grammar;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Generate grammar/src/parser.c from grammar/src/grammar.json
    Grammar {
        /// Change nothing; fail when the committed parser is not what would be generated
        #[arg(long)]
        check: bool,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Grammar { check } => grammar::run(check),
    }
}
