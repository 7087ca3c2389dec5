//! `cargo xtask bench-lsp`: language servers, each driven by the same client through the same session with the same files.

mod client;
mod document;
mod session;

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use client::Client;
use session::{Diagnostics, Limits, Measured, Stage};

use super::statistics::{median, megabytes, milliseconds, p95, ratio};
use super::table::{Align, Table};
use super::workspace::Workspace;
use super::{binary, peers};

/// The arguments of the task.
#[derive(clap::Args)]
pub struct Arguments {
    /// How many lines, as often as there are sizes
    #[arg(long = "lines", default_values_t = [100, 1_000, 10_000, 100_000])]
    lines: Vec<usize>,
    /// Over how many files they are spread, through include; as often as there are ways
    #[arg(long = "files", default_values_t = [1, 150])]
    files: Vec<usize>,
    /// How often each server is started
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How often each thing is done in a session
    #[arg(long, default_value_t = 20)]
    samples: usize,
    /// How long one answer may take, in seconds
    #[arg(long, default_value_t = 60)]
    bound: u64,
    /// How long all sessions with one server at one size may take, in seconds: with a slow one there are fewer
    #[arg(long, default_value_t = 30)]
    budget: u64,
    /// Only nginx-analyzer, nothing from PyPI
    #[arg(long)]
    alone: bool,
    /// The binary; built in release mode when it is left out
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// A server that is measured, in one of its ways.
struct Side {
    name: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
    diagnostics: Diagnostics,
}

/// Prints what was measured, then the ratios, then how ours grows.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let sides = sides(&arguments)?;
    let columns = || {
        let stages = Stage::ALL.map(|stage| (stage.title(), Align::Right));
        [("lines", Align::Right), ("files", Align::Right), ("server", Align::Left)].into_iter().chain(stages)
    };
    let mut absolute = Table::new(columns().chain([("peak, MB", Align::Right)]));
    let mut ratios = Table::new(columns().chain([("memory", Align::Right)]));
    let mut growth = Table::new(columns().chain([("memory", Align::Right)]));
    for files in &arguments.files {
        let mut smallest: Option<Vec<Measured>> = None;
        for lines in &arguments.lines {
            let Some(workspace) = Workspace::generate(*lines, *files)? else { continue };
            eprintln!("{} lines, {} files", workspace.lines, workspace.files);
            let measured = in_turns(&sides, &workspace, &arguments)?;
            for (index, (side, of)) in sides.iter().zip(&measured).enumerate() {
                let name = || [workspace.lines.to_string(), workspace.files.to_string(), side.name.to_owned()].into_iter();
                let memory = of.peak.map_or_else(|| "-".to_owned(), megabytes);
                absolute.row(name().chain(Stage::ALL.map(|stage| time(of, stage))).chain([memory]));
                if let Some(ours) = measured.first().filter(|_| index > 0) {
                    ratios.row(name().chain(compared(of, ours)));
                }
                if let Some(before) = smallest.as_ref().and_then(|smallest| smallest.get(index)) {
                    growth.row(name().chain(compared(of, before)));
                }
            }
            smallest.get_or_insert(measured);
        }
    }
    let first = sides.first().map_or("", |side| side.name);
    println!("Milliseconds, median / p95:\n\n{absolute}\nTimes {first}, median / p95:\n\n{ratios}");
    if arguments.lines.len() > 1 {
        println!("Times the same server at the first of the sizes:\n\n{growth}");
    }
    Ok(())
}

fn time(of: &Measured, stage: Stage) -> String {
    let samples = of.samples.get(&stage).map_or(&[][..], Vec::as_slice);
    match (median(samples), p95(samples)) {
        (Some(median), Some(p95)) => format!("{} / {}", milliseconds(median), milliseconds(p95)),
        _ => nothing(of, stage),
    }
}

/// Each stage, and the memory, as a ratio.
fn compared(of: &Measured, base: &Measured) -> Vec<String> {
    let stage = |stage: Stage| {
        let seconds = |of: &Measured, what: fn(&[Duration]) -> Option<Duration>| {
            of.samples.get(&stage).and_then(|samples| what(samples)).map(|time| time.as_secs_f64())
        };
        let ratio = |what| ratio(seconds(of, what), seconds(base, what));
        match (ratio(median), ratio(p95)) {
            (Some(median), Some(p95)) => format!("{median} / {p95}"),
            _ => nothing(of, stage),
        }
    };
    let memory = ratio(of.peak.map(|peak| peak as f64), base.peak.map(|peak| peak as f64));
    Stage::ALL.into_iter().map(stage).chain([memory.unwrap_or_else(|| "-".to_owned())]).collect()
}

fn nothing(of: &Measured, stage: Stage) -> String {
    of.said.get(&stage).cloned().unwrap_or_else(|| "-".to_owned())
}

fn sides(arguments: &Arguments) -> anyhow::Result<Vec<Side>> {
    let ours = binary(arguments.binary.clone())?;
    let ours = |name, diagnostics| Side { name, program: ours.clone(), arguments: &["lsp"], diagnostics };
    let mut sides = vec![ours("nginx-analyzer", Diagnostics::Published), ours("nginx-analyzer, diagnostics pulled", Diagnostics::Pulled)];
    if !arguments.alone {
        let name = "nginx-language-server";
        match peers::program(name, name)? {
            // It has completions and hovers, and registers nothing else.
            Ok(program) => sides.push(Side { name, program, arguments: &[], diagnostics: Diagnostics::None }),
            Err(why) => println!("{name}: not installed: {why}"),
        }
    }
    Ok(sides)
}

/// A session with each in turn, so that whatever else the machine does meets all of them.
fn in_turns(sides: &[Side], workspace: &Workspace, arguments: &Arguments) -> anyhow::Result<Vec<Measured>> {
    let budget = Duration::from_secs(arguments.budget);
    let limits = Limits { samples: arguments.samples, stage: budget / 6 };
    let mut all: Vec<Measured> = sides.iter().map(|_| Measured::default()).collect();
    let mut spent = vec![Duration::ZERO; sides.len()];
    for _ in 0..arguments.rounds {
        for ((side, measured), spent) in sides.iter().zip(&mut all).zip(&mut spent) {
            // One that failed fails again: that is said once.
            if *spent > budget || !measured.said.is_empty() {
                continue;
            }
            let begin = Instant::now();
            let mut command = Command::new(&side.program);
            command.args(side.arguments).current_dir(workspace.folder());
            let (client, start) = Client::start(&mut command, Duration::from_secs(arguments.bound))?;
            session::hold(client, start, workspace.folder(), &workspace.edited, side.diagnostics, limits, measured)?;
            *spent += begin.elapsed();
        }
    }
    Ok(all)
}
