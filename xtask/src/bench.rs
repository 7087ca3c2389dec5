//! `cargo xtask bench`: the release binary and `nginx -t` on the same generated file, in turns, in one run.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

#[path = "../../benches/generate.rs"]
mod generate;

/// What one side took.
struct Runs {
    times: Vec<Duration>,
    /// Kilobytes.
    peak: u64,
}

impl Runs {
    fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort();
        times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}

/// Prints a table: for each size the median times of both, their ratio and the largest resident size of each.
pub fn run(sizes: &[usize], runs: usize, split: bool, binary: Option<PathBuf>) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let binary = match binary {
        Some(binary) => binary,
        None => {
            let status = Command::new("cargo").args(["build", "--release", "--bin", "nginx-analyzer"]).current_dir(root).status()?;
            if !status.success() {
                bail!("the release build failed");
            }
            root.join("target/release/nginx-analyzer")
        }
    };
    let nginx = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].map(PathBuf::from).into_iter().find(|path| path.exists());
    if nginx.is_none() {
        println!("nginx is not installed: only nginx-analyzer is measured");
    }
    println!("|  lines | check, ms | nginx -t, ms | ratio | check, MB | nginx -t, MB |");
    println!("|-------:|----------:|-------------:|------:|----------:|-------------:|");
    for lines in sizes {
        let folder = std::env::temp_dir().join(format!("nginx-analyzer-bench-{}-{lines}", std::process::id()));
        let result = pair(&folder, *lines, runs, split, &binary, nginx.as_deref());
        std::fs::remove_dir_all(&folder).ok();
        let (count, ours, theirs) = result?;
        let mega = |runs: &Runs| runs.peak as f64 / 1024.0;
        match theirs {
            Some(theirs) => println!(
                "| {count:>6} | {:>9.2} | {:>12.2} | {:>5.2} | {:>9.1} | {:>12.1} |",
                ours.median(),
                theirs.median(),
                ours.median() / theirs.median(),
                mega(&ours),
                mega(&theirs)
            ),
            None => println!("| {count:>6} | {:>9.2} | {:>12} | {:>5} | {:>9.1} | {:>12} |", ours.median(), "-", "-", mega(&ours), "-"),
        }
    }
    Ok(())
}

fn pair(
    folder: &Path,
    lines: usize,
    runs: usize,
    split: bool,
    binary: &Path,
    nginx: Option<&Path>,
) -> anyhow::Result<(usize, Runs, Option<Runs>)> {
    let generated = if split { generate::split(lines) } else { generate::single(lines) };
    std::fs::create_dir_all(folder.join("conf.d"))?;
    let main = folder.join("nginx.conf");
    std::fs::write(&main, &generated.main)?;
    for (path, text) in &generated.included {
        std::fs::write(folder.join(path), text)?;
    }
    let texts = std::iter::once(&generated.main).chain(generated.included.iter().map(|(_, text)| text));
    let count = texts.map(|text| text.lines().count()).sum();
    let mut ours = Runs { times: Vec::new(), peak: 0 };
    let mut theirs = Runs { times: Vec::new(), peak: 0 };
    // In turns, so that whatever else the machine does meets both; the first pair only warms the caches.
    for turn in 0..=runs {
        let mut check = Command::new(binary);
        check.arg("check").arg("--workspace").arg(folder).arg(&main);
        measure(&mut check, &[0, 1], turn > 0, &mut ours)?;
        if let Some(nginx) = nginx {
            let mut test = Command::new(nginx);
            test.arg("-t").arg("-q").arg("-p").arg(folder).arg("-c").arg(&main).arg("-e").arg("stderr");
            measure(&mut test, &[0], turn > 0, &mut theirs)?;
        }
    }
    Ok((count, ours, nginx.map(|_| theirs)))
}

/// Runs it once. The largest resident size is read from `/proc` while it runs: a process that ends within a millisecond or two
/// may show less than it had.
fn measure(command: &mut Command, good: &[i32], counts: bool, runs: &mut Runs) -> anyhow::Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
    if !counts {
        // The warming run is the one that is watched: watching costs time.
        let status = format!("/proc/{}/status", child.id());
        loop {
            if let Some(peak) = std::fs::read_to_string(&status).ok().as_deref().and_then(peak) {
                runs.peak = runs.peak.max(peak);
            }
            if child.try_wait()?.is_some() {
                break;
            }
        }
    }
    let status = child.wait()?;
    let time = start.elapsed();
    match status.code() {
        Some(code) if good.contains(&code) => {}
        code => bail!("{command:?} ended with {code:?}, signal {:?}", status.signal()),
    }
    if counts {
        runs.times.push(time);
    }
    Ok(())
}

fn peak(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
