//! `cargo xtask bench-logs`: `nginx-analyzer usage` beside goaccess, `grep -c` and `wc -l` on the same generated logs, in turns, in one run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use super::statistics::{digits, median, megabytes};
use super::table::{Align, Table};
use super::{binary, measure};
use crate::logs;

/// No run takes as long on a log of a size that makes sense.
const BOUND: Duration = Duration::from_secs(600);

/// One command, and what it took.
struct Side {
    name: &'static str,
    command: Box<dyn Fn() -> Command>,
    times: Vec<Duration>,
    /// Processor time, of all threads.
    cpu: Vec<Duration>,
    /// Kilobytes.
    peak: Option<u64>,
}

/// Prints a table: each command with each number of locations, plain and compressed.
pub fn run(counts: &[usize], bytes: u64, runs: usize, named: Option<PathBuf>) -> anyhow::Result<()> {
    let binary = binary(named)?;
    let left = ["log", "command"].map(|title| (title, Align::Left));
    let right = ["s", "CPU s", "MB/s", "MB/s a core", "ratio", "peak, MB"].map(|title| (title, Align::Right));
    let mut table = Table::new([("locations", Align::Right)].into_iter().chain(left).chain(right));
    for count in counts {
        let folder = tempfile::Builder::new().prefix("nginx-analyzer-bench-logs-").tempdir()?;
        one(folder.path(), *count, bytes, runs, &binary, &mut table)?;
    }
    println!("{table}");
    Ok(())
}

fn one(folder: &Path, count: usize, bytes: u64, runs: usize, binary: &Path, table: &mut Table) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder.join("logs"))?;
    std::fs::write(folder.join("nginx.conf"), logs::configuration(count))?;
    let plain = folder.join("logs/access.log");
    logs::write(std::fs::File::create(&plain)?, count, bytes)?;
    let packed = folder.join("logs/access.log.gz");
    let status = Command::new("gzip").args(["-k", "-6"]).arg(&plain).status().context("gzip")?;
    if !status.success() {
        bail!("gzip failed");
    }
    let ours = |log: &Path, threads: Option<&str>| {
        let (binary, conf, log, folder) = (binary.to_owned(), folder.join("nginx.conf"), log.to_owned(), folder.to_owned());
        let cores = threads.map(str::to_owned);
        move || {
            // One core: what the machine's others do is not measured.
            let mut command = match &cores {
                Some(cores) => {
                    let mut command = Command::new("taskset");
                    command.arg("-c").arg(cores).arg(&binary);
                    command
                }
                None => Command::new(&binary),
            };
            command.arg("usage").arg(&conf).arg("--workspace").arg(&folder).arg("--logs").arg(&log).args(["--since", "all"]);
            command
        }
    };
    let with =
        |name: &'static str, command: Box<dyn Fn() -> Command>| Side { name, command, times: Vec::new(), cpu: Vec::new(), peak: None };
    let file = |program: &'static str, arguments: &'static [&'static str], log: &Path| {
        let log = log.to_owned();
        Box::new(move || {
            let mut command = Command::new(program);
            command.args(arguments).arg(&log);
            command
        }) as Box<dyn Fn() -> Command>
    };
    let installed = |program: &str| Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    let mut plain_sides = vec![
        with("nginx-analyzer usage, one core", Box::new(ours(&plain, Some("0")))),
        with("nginx-analyzer usage", Box::new(ours(&plain, None))),
        with("wc -l", file("wc", &["-l"], &plain)),
        with("grep -c HTTP", file("grep", &["-c", "HTTP"], &plain)),
    ];
    if installed("goaccess") {
        let format = "%h - %^ [%d:%t %^] %v:%^ \"%r\" %s %b \"%R\" \"%u\" %T";
        let log = plain.clone();
        let command = move || {
            let mut command = Command::new("goaccess");
            command.arg(&log).args([
                "--log-format",
                format,
                "--date-format",
                "%d/%b/%Y",
                "--time-format",
                "%H:%M:%S",
                "-o",
                "/dev/null",
                "--no-progress",
            ]);
            command.args(["--output-format", "json"]);
            command
        };
        plain_sides.push(with("goaccess", Box::new(command)));
    }
    let mut packed_sides = vec![
        with("nginx-analyzer usage, one core", Box::new(ours(&packed, Some("0")))),
        with("nginx-analyzer usage", Box::new(ours(&packed, None))),
        with("gzip -dc", file("gzip", &["-dc"], &packed)),
    ];
    let size = std::fs::metadata(&plain)?.len();
    for (kind, sides) in [("plain", &mut plain_sides), (".gz", &mut packed_sides)] {
        // In turns, so that whatever else the machine does meets all; the first round only warms the caches, and is watched for memory.
        for round in 0..=runs {
            for side in sides.iter_mut() {
                measure_once(side, round > 0)?;
            }
        }
        let seconds = |times: &[Duration]| median(times).map_or(0.0, |time| time.as_secs_f64());
        let first = sides.first().map_or(0.0, |side| seconds(&side.times));
        for side in sides.iter() {
            let (time, cpu) = (seconds(&side.times), seconds(&side.cpu));
            let rate = |seconds: f64| format!("{:.0}", size as f64 / 1e6 / seconds.max(1e-6));
            let peak = side.peak.map_or_else(|| "-".to_owned(), megabytes);
            let name = [count.to_string(), kind.to_owned(), side.name.to_owned()];
            table.row(name.into_iter().chain([digits(time), digits(cpu), rate(time), rate(cpu), digits(time / first.max(1e-6)), peak]));
        }
    }
    Ok(())
}

/// Runs it once.
fn measure_once(side: &mut Side, counts: bool) -> anyhow::Result<()> {
    let mut command = (side.command)();
    // Into a file: grep stops at the first match when it sees that nobody reads what it counts.
    command.stdin(Stdio::null()).stdout(tempfile::tempfile()?).stderr(Stdio::null());
    let run = measure::run(&mut command, BOUND, !counts)?;
    ensure!(run.status.is_some_and(|status| status.success()), "{command:?}: {:?}", run.status);
    side.peak = side.peak.max(run.peak);
    if counts {
        side.times.push(run.time);
        side.cpu.push(run.cpu);
    }
    Ok(())
}
