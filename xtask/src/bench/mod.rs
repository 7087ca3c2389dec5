//! `cargo xtask bench`, `bench-lsp`, `bench-logs` and `bench-growth`: the release binary beside other programs, in turns, in one run. What is printed are Markdown
//! tables; BENCHMARKS.md says what they mean.

mod charged;
pub mod commands;
pub mod growth;
pub mod logs;
pub mod lsp;
mod measure;
mod peers;
mod shapes;
mod statistics;
mod table;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

fn root() -> anyhow::Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")
}

/// The binary that is measured: the one that was named, else a release build.
fn binary(named: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    if let Some(binary) = named {
        return std::fs::canonicalize(&binary).with_context(|| binary.display().to_string());
    }
    let root = root()?;
    let status = Command::new("cargo").args(["build", "--release", "--bin", "nginx-analyzer"]).current_dir(root).status()?;
    ensure!(status.success(), "the release build failed");
    Ok(root.join("target/release/nginx-analyzer"))
}
