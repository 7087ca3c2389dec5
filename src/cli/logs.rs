//! Access logs for a command: those that are named, those of the settings, or those that are found; read with progress on a terminal.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::{Command, LogArguments};
use crate::project;
use crate::store;
use crate::usage::logs::{Input, Options, Since};
use crate::world::logs::inputs;
use crate::world::{Analysis, World};

/// `--logs` takes every argument behind it. Names at its end that are a configuration's go back to where configurations are named, if none is.
pub(super) fn give_back(command: &mut Command) {
    let (paths, logs) = match command {
        Command::Check(arguments) => (&mut arguments.paths, &mut arguments.logs.logs),
        Command::Usage(arguments) => (&mut arguments.paths, &mut arguments.logs.logs),
        Command::Report(arguments) => (&mut arguments.paths, &mut arguments.logs.logs),
        _ => return,
    };
    let default = matches!(&**paths, [path] if path.as_os_str() == ".");
    if let Some(last) = logs.iter().rposition(|name| !name.ends_with(".conf")).filter(|last| default && last + 1 < logs.len()) {
        *paths = logs.split_off(last + 1).into_iter().map(PathBuf::from).collect();
    }
}

/// Reads logs as the arguments say and gives them to the world; the analysis that knows them. Without logs it is the one before.
pub(super) fn load(world: &mut World, arguments: &LogArguments, sums: bool) -> anyhow::Result<Arc<Analysis>> {
    let analysis = world.analysis();
    if arguments.no_logs {
        return Ok(analysis);
    }
    let settings = &analysis.project.settings;
    let since = match &arguments.since {
        Some(since) => Since::parse(since)
            .ok_or_else(|| anyhow!("--since: `{since}` is no span of time (7d, 36h) and no day (2025-11-03), RFC 3339 moment or `all`"))?,
        // What is wrong in the settings is told there.
        None => Since::parse(&settings.logs.window).unwrap_or_default(),
    };
    let inputs = find(&analysis, arguments)?;
    if inputs.is_empty() {
        return Ok(analysis);
    }
    let options = Options { since, sums, threads: None, now: Some(store::now()) };
    let bar = bar();
    let progress = |read: u64, all: Option<u64>| {
        if let Some(all) = all {
            bar.set_length(all);
        }
        bar.set_position(read);
    };
    // An interrupt ends the process: nothing else has to be cancelled here.
    let logs = analysis.read_logs(inputs, &options, &progress, &AtomicBool::new(false));
    bar.finish_and_clear();
    let Some(logs) = logs else { return Ok(analysis) };
    let named = !arguments.logs.is_empty();
    if let Some(problem) =
        logs.first().into_iter().flat_map(|logs| &logs.sources).find(|source| named && source.lines == 0 && source.problem.is_some())
    {
        let why = problem.problem.as_ref().map(|problem| problem.say(analysis.language)).unwrap_or_default();
        bail!("{}: {why}", problem.path.display());
    }
    world.take_logs(&analysis, logs);
    Ok(world.analysis())
}

/// The logs that the arguments name, else those of the settings or those that are found.
pub(super) fn find(analysis: &Analysis, arguments: &LogArguments) -> anyhow::Result<Vec<Input>> {
    if arguments.logs.is_empty() {
        let found = analysis.find_logs();
        if let Some(pattern) = found.missing.first() {
            super::say(&format!("nginx-analyzer: [logs] files: `{pattern}` names no file"));
        }
        return Ok(inputs(found.files));
    }
    let here = std::env::current_dir().context("the current folder can't be read")?;
    let (streams, patterns): (Vec<String>, Vec<String>) = arguments.logs.iter().cloned().partition(|pattern| pattern == "-");
    let found = project::logs::named(&analysis.project.vfs, &here, &patterns);
    if let Some(pattern) = found.missing.first() {
        bail!("--logs: `{pattern}` names no file");
    }
    let mut out = inputs(found.files);
    if !streams.is_empty() {
        out.push(Input::Stream(PathBuf::from("-"), Box::new(std::io::stdin())));
    }
    Ok(out)
}

/// On standard error, and only where that is a terminal.
fn bar() -> ProgressBar {
    let target = if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    let style = ProgressStyle::with_template("reading logs {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
