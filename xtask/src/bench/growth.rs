//! `cargo xtask bench-growth`: what grows faster than a configuration does. Each command on configurations that are many of one thing, and four
//! times as many.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::ensure;

use super::shapes::SHAPES;
use super::statistics::{digits, milliseconds};
use super::table::{Align, Table};
use super::{binary, measure};

const COMMANDS: [&[&str]; 2] = [&["check", "--min-severity", "hint"], &["report"]];

/// What is linear takes four times as long, and a little more where it no longer fits into a cache.
const FACTOR: usize = 4;

/// No run takes as long.
const BOUND: Duration = Duration::from_secs(120);

#[derive(clap::Args)]
pub struct Arguments {
    /// How many of each, and four times as many
    #[arg(long, default_value_t = 2_500)]
    count: usize,
    /// Only shapes with this in their name
    #[arg(long, default_value = "")]
    only: String,
    /// Only what grows by more than this
    #[arg(long, default_value_t = 0.0)]
    above: f64,
    /// The binary; built in release mode when it is left out
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// Prints a table: each command on each shape, with the processor time of both sizes.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let binary = binary(arguments.binary)?;
    let empty = time(&binary, COMMANDS[0], "events { }\n")?.unwrap_or_default();
    let (few, many) = (format!("ms with {}", arguments.count), format!("ms with {}", FACTOR * arguments.count));
    let left = ["many", "command"].map(|title| (title, Align::Left));
    let right = [few.as_str(), many.as_str(), "ratio"].map(|title| (title, Align::Right));
    let mut table = Table::new(left.into_iter().chain(right));
    for (name, shape) in SHAPES.iter().filter(|(name, _)| name.contains(&arguments.only)) {
        for command in COMMANDS {
            let [few, many] = [1, FACTOR].map(|factor| time(&binary, command, &shape(factor * arguments.count)));
            let (few, many) = (few?, many?);
            // What the program takes for nothing grows with nothing.
            let of_it = |time: Duration| time.saturating_sub(empty).max(Duration::from_millis(2)).as_secs_f64();
            let ratio = few.zip(many).map(|(few, many)| of_it(many) / of_it(few));
            let shown = |time: Option<Duration>| time.map_or_else(|| "too long".to_owned(), milliseconds);
            if ratio.is_none_or(|ratio| ratio > arguments.above) {
                let name = [(*name).to_owned(), command.first().copied().unwrap_or_default().to_owned()];
                table.row(name.into_iter().chain([shown(few), shown(many), ratio.map_or_else(|| "-".to_owned(), digits)]));
            }
        }
    }
    println!("{table}");
    Ok(())
}

/// The processor time; none where it had to be ended.
fn time(binary: &std::path::Path, command: &[&str], text: &str) -> anyhow::Result<Option<Duration>> {
    let folder = tempfile::Builder::new().prefix("nginx-analyzer-bench-growth-").tempdir()?;
    let main = folder.path().join("nginx.conf");
    std::fs::write(&main, text)?;
    let mut process = Command::new(binary);
    process.args(command).arg(&main).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let run = measure::run(&mut process, BOUND, false)?;
    // 2: it could not do what it was asked for.
    ensure!(run.status.is_none_or(|status| matches!(status.code(), Some(0 | 1))), "{process:?}: {:?}", run.status);
    Ok(run.status.map(|_| run.cpu))
}
