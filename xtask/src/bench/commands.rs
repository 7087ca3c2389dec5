//! `cargo xtask bench`: commands that read a whole configuration, on the same generated files.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::bail;

use super::statistics::{median, megabytes, milliseconds, p95, ratio};
use super::table::{Align, Table};
use super::workspace::Workspace;
use super::{binary, charged, measure, peers};

/// The arguments of the task.
#[derive(clap::Args)]
pub struct Arguments {
    /// How many lines, as often as there are sizes
    #[arg(long = "lines", default_values_t = [100, 1_000, 10_000, 100_000])]
    lines: Vec<usize>,
    /// Over how many files they are spread, through include; as often as there are ways
    #[arg(long = "files", default_values_t = [1, 150])]
    files: Vec<usize>,
    /// How often each is run
    #[arg(long, default_value_t = 11)]
    runs: usize,
    /// How long one run may take, in seconds
    #[arg(long, default_value_t = 60)]
    bound: u64,
    /// How long all runs of one command at one size may take, in seconds: a slow one is run less often
    #[arg(long, default_value_t = 30)]
    budget: u64,
    /// Only nginx-analyzer and nginx, nothing from PyPI
    #[arg(long)]
    alone: bool,
    /// The binary; built in release mode when it is left out
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// What comes between a program and the configuration's path, for the folder that it is in.
type Before = fn(&Path) -> Vec<PathBuf>;

/// A command that is measured.
struct Side {
    name: &'static str,
    program: PathBuf,
    arguments: Before,
    /// Exit codes of a run that went well.
    good: &'static [i32],
}

impl Side {
    fn command(&self, workspace: &Workspace) -> Command {
        let mut command = Command::new(&self.program);
        command.args((self.arguments)(workspace.folder())).arg(&workspace.main).current_dir(workspace.folder());
        command
    }
}

/// What a side took at one size.
#[derive(Default)]
struct Measured {
    times: Vec<Duration>,
    /// Processor time, of all threads.
    cpu: Vec<Duration>,
    /// Kilobytes.
    peak: Option<u64>,
    /// The same, of what it is charged for.
    charged: Option<u64>,
    /// Why there is nothing more.
    stopped: Option<String>,
}

const NGINX: &str = "nginx -t";

/// Prints what was measured, and then the ratios.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let sides = sides(&arguments)?;
    let base = if sides.iter().any(|side| side.name == NGINX) { NGINX } else { "nginx-analyzer check" };
    let (time, memory, charged) = (format!("time, × {base}"), format!("memory, × {base}"), format!("charged, × {base}"));
    let size = [("lines", Align::Right), ("files", Align::Right), ("command", Align::Left)];
    let mut absolute = Table::new(
        size.into_iter().chain(["runs", "median, ms", "p95, ms", "CPU, ms", "peak, MB", "charged, MB"].map(|title| (title, Align::Right))),
    );
    let titles = [time.as_str(), "p95", "CPU", memory.as_str(), charged.as_str()];
    let mut ratios = Table::new(size.into_iter().chain(titles.map(|title| (title, Align::Right))));
    for lines in &arguments.lines {
        for files in &arguments.files {
            let Some(workspace) = Workspace::generate(*lines, *files)? else { continue };
            eprintln!("{} lines, {} files", workspace.lines, workspace.files);
            let measured = in_turns(&sides, &workspace, &arguments)?;
            let of = |name: &str| sides.iter().zip(&measured).find(|(side, _)| side.name == name).map(|(_, measured)| measured);
            let of_base = of(base);
            for (side, measured) in sides.iter().zip(&measured) {
                let size = || [workspace.lines.to_string(), workspace.files.to_string(), side.name.to_owned()];
                let said = |cell: Option<String>| cell.or_else(|| measured.stopped.clone()).unwrap_or_else(|| "-".to_owned());
                let shown = |time: Option<Duration>| said(time.map(milliseconds));
                let memory = [measured.peak, measured.charged].map(|peak| peak.map_or_else(|| "-".to_owned(), megabytes));
                let times = [median(&measured.times), p95(&measured.times), median(&measured.cpu)].map(shown);
                absolute.row(size().into_iter().chain([measured.times.len().to_string()]).chain(times).chain(memory));
                let compared = |number: fn(&Measured) -> Option<f64>| ratio(number(measured), of_base.and_then(number));
                let times: [fn(&Measured) -> Option<f64>; 3] = [
                    |it| median(&it.times).map(|time| time.as_secs_f64()),
                    |it| p95(&it.times).map(|time| time.as_secs_f64()),
                    |it| median(&it.cpu).map(|time| time.as_secs_f64()),
                ];
                let memory: [fn(&Measured) -> Option<f64>; 2] =
                    [|it| it.peak.map(|peak| peak as f64), |it| it.charged.map(|peak| peak as f64)];
                let memory = memory.map(|number| compared(number).unwrap_or_else(|| "-".to_owned()));
                if side.name != base {
                    ratios.row(size().into_iter().chain(times.map(|number| said(compared(number)))).chain(memory));
                }
            }
        }
    }
    println!("{absolute}\nAs ratios:\n\n{ratios}");
    Ok(())
}

fn sides(arguments: &Arguments) -> anyhow::Result<Vec<Side>> {
    let ours = Side {
        name: "nginx-analyzer check",
        program: binary(arguments.binary.clone())?,
        arguments: |folder| vec!["check".into(), "--workspace".into(), folder.into()],
        good: &[0, 1],
    };
    let mut sides = vec![ours];
    let nginx = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].map(PathBuf::from).into_iter().find(|path| path.exists());
    match nginx {
        Some(program) => sides.push(Side {
            name: NGINX,
            program,
            arguments: |folder| {
                ["-t", "-q", "-e", "stderr", "-p"].into_iter().map(PathBuf::from).chain([folder.into(), "-c".into()]).collect()
            },
            good: &[0],
        }),
        None => println!("{NGINX}: not installed"),
    }
    if arguments.alone {
        return Ok(sides);
    }
    // Each is asked for all that it does with a configuration by itself: crossplane parses, gixy looks for what is insecure.
    let others: [(&str, &str, &str, Before, &[i32]); 3] = [
        ("crossplane parse", "crossplane", "crossplane", |_| vec!["parse".into()], &[0]),
        ("gixy-ng", "gixy-ng", "gixy", |_| Vec::new(), &[0, 1]),
        ("gixy", "gixy", "gixy", |_| Vec::new(), &[0, 1]),
    ];
    for (name, package, program, arguments, good) in others {
        match peers::program(package, program)? {
            Ok(program) => sides.push(Side { name, program, arguments, good }),
            Err(why) => println!("{name}: not installed: {why}"),
        }
    }
    Ok(sides)
}

/// In turns, so that whatever else the machine does meets all of them. The first round warms the caches and is watched for memory; it counts
/// only for those that are too slow to be run again.
fn in_turns(sides: &[Side], workspace: &Workspace, arguments: &Arguments) -> anyhow::Result<Vec<Measured>> {
    let mut all: Vec<Measured> = sides.iter().map(|_| Measured::default()).collect();
    let mut spent = vec![Duration::ZERO; sides.len()];
    for round in 0..=arguments.runs {
        for ((side, measured), spent) in sides.iter().zip(&mut all).zip(&mut spent) {
            if measured.stopped.is_some() || *spent > Duration::from_secs(arguments.budget) {
                continue;
            }
            let start = Instant::now();
            let mut command = side.command(workspace);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let run = measure::run(&mut command, Duration::from_secs(arguments.bound), round == 0)?;
            *spent += start.elapsed();
            measured.peak = measured.peak.max(run.peak);
            match run.status {
                None => measured.stopped = Some(format!("no answer in {} s", arguments.bound)),
                Some(status) if status.code().is_some_and(|code| side.good.contains(&code)) => {
                    if round > 0 || *spent > Duration::from_secs(arguments.budget) {
                        measured.times.push(run.time);
                        measured.cpu.push(run.cpu);
                    }
                }
                // A peer that can't read it is something to know; ours and nginx have to.
                Some(status) if round > 0 || matches!(side.name, NGINX | "nginx-analyzer check") => bail!("{command:?}: {status}"),
                Some(status) => measured.stopped = Some(status.to_string()),
            }
        }
    }
    // What they read is in memory by now.
    for (side, measured) in sides.iter().zip(&mut all).filter(|(_, measured)| measured.stopped.is_none()) {
        measured.charged = charged::peak(&side.command(workspace));
    }
    Ok(all)
}
