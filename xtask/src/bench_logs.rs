//! `cargo xtask bench-logs`: `nginx-analyzer usage` beside goaccess, `grep -c` and `wc -l` on the same generated logs, in turns, in one run.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::logs;

/// One command, and what it took.
struct Side {
    name: &'static str,
    command: Box<dyn Fn() -> Command>,
    times: Vec<Duration>,
    /// Processor time, of all threads.
    cpu: Vec<Duration>,
    /// Kilobytes.
    peak: u64,
}

/// Prints a table for each number of locations, plain and compressed.
pub fn run(counts: &[usize], bytes: u64, runs: usize, binary: Option<PathBuf>) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let binary = match binary {
        Some(binary) => std::fs::canonicalize(&binary).with_context(|| binary.display().to_string())?,
        None => {
            let status = Command::new("cargo").args(["build", "--release", "--bin", "nginx-analyzer"]).current_dir(root).status()?;
            if !status.success() {
                bail!("the release build failed");
            }
            root.join("target/release/nginx-analyzer")
        }
    };
    println!("| locations | log | command | s | CPU s | MB/s | MB/s a core | ratio | peak, MB |");
    println!("|---:|---|---|---:|---:|---:|---:|---:|---:|");
    for count in counts {
        let folder = std::env::temp_dir().join(format!("nginx-analyzer-bench-logs-{}-{count}", std::process::id()));
        let result = one(&folder, *count, bytes, runs, &binary);
        std::fs::remove_dir_all(&folder).ok();
        result?;
    }
    Ok(())
}

fn one(folder: &Path, count: usize, bytes: u64, runs: usize, binary: &Path) -> anyhow::Result<()> {
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
    let with = |name: &'static str, command: Box<dyn Fn() -> Command>| Side { name, command, times: Vec::new(), cpu: Vec::new(), peak: 0 };
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
                measure(side, round > 0)?;
            }
        }
        let first = sides.first().map_or(0.0, |side| median(&side.times));
        for side in sides.iter() {
            let (seconds, cpu) = (median(&side.times), median(&side.cpu));
            let rate = |seconds: f64| size as f64 / 1e6 / seconds.max(1e-6);
            println!(
                "| {count} | {kind} | {} | {seconds:.2} | {cpu:.2} | {:.0} | {:.0} | {:.2} | {:.1} |",
                side.name,
                rate(seconds),
                rate(cpu),
                seconds / first.max(1e-6),
                side.peak as f64 / 1024.0
            );
        }
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn median(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
}

/// Runs it once. Memory and processor time are what `/proc` says last while it runs.
fn measure(side: &mut Side, counts: bool) -> anyhow::Result<()> {
    let mut command = (side.command)();
    // Into a file: grep stops at the first match when it sees that nobody reads what it counts.
    command.stdin(Stdio::null()).stdout(tempfile()?).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
    let (status, stat) = (format!("/proc/{}/status", child.id()), format!("/proc/{}/stat", child.id()));
    let mut cpu = Duration::ZERO;
    loop {
        if let Some(found) = std::fs::read_to_string(&status).ok().as_deref().and_then(peak) {
            side.peak = side.peak.max(found);
        }
        if let Some(found) = std::fs::read_to_string(&stat).ok().as_deref().and_then(processor) {
            cpu = cpu.max(found);
        }
        if child.try_wait()?.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let time = start.elapsed();
    if !child.wait()?.success() {
        bail!("{command:?} failed");
    }
    if counts {
        side.times.push(time);
        side.cpu.push(cpu);
    }
    Ok(())
}

/// Where what is printed goes.
fn tempfile() -> anyhow::Result<std::fs::File> {
    let path = std::env::temp_dir().join(format!("nginx-analyzer-bench-logs-{}.out", std::process::id()));
    let file = std::fs::File::create(&path)?;
    // It goes away when nobody has it open any more.
    std::fs::remove_file(&path)?;
    Ok(file)
}

fn peak(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

/// `utime` and `stime` of all threads, in clock ticks of a hundredth of a second.
fn processor(stat: &str) -> Option<Duration> {
    let mut fields = stat.rsplit(')').next()?.split_whitespace();
    let (user, system): (u64, u64) = (fields.nth(11)?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Duration::from_millis((user + system) * 10))
}
