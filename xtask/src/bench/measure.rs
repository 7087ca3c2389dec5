//! One run of a command: how long, with how much processor time, in how much memory.

use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use wait4::Wait4;

/// How often the memory of a process that is watched is looked at.
const LOOK: Duration = Duration::from_micros(200);

/// By how many kilobytes two counts of the same memory may differ: Linux adds up what each processor counted only now and then.
const SLACK: u64 = 1024;

/// What one run took.
pub struct Run {
    /// None where it was ended because it took too long.
    pub status: Option<ExitStatus>,
    /// From start to exit.
    pub time: Duration,
    /// Processor time, of all threads.
    pub cpu: Duration,
    /// The largest resident size in kilobytes; none where it can't be told.
    pub peak: Option<u64>,
}

/// Runs it, for no longer than `bound`. One that is watched is asked for its memory all the while, which costs time.
pub fn run(command: &mut Command, bound: Duration, is_watched: bool) -> anyhow::Result<Run> {
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
    // By now it is the program, and was a copy of this process before: of no more than this process has had since.
    let own = peak("self").unwrap_or(0) + SLACK;
    let (ended, end) = channel::<()>();
    let pid = child.id();
    std::thread::scope(|scope| {
        let watch = scope.spawn(move || watch(pid, bound, is_watched, &end));
        let used = wait(&mut child);
        let time = start.elapsed();
        drop(ended);
        let watched = watch.join().unwrap_or_default();
        let used = used?;
        // Linux counts that copy as well. Only what is larger is the program's for certain.
        let peak = if used.peak > own { Some(used.peak) } else { Some(watched.peak).filter(|peak| *peak > 0) };
        Ok(Run { status: Some(used.status).filter(|_| !watched.is_stopped), time, cpu: used.cpu, peak })
    })
}

struct Used {
    status: ExitStatus,
    cpu: Duration,
    peak: u64,
}

fn wait(child: &mut Child) -> anyhow::Result<Used> {
    let used = child.wait4()?;
    Ok(Used { status: used.status, cpu: used.rusage.utime + used.rusage.stime, peak: used.rusage.maxrss / 1024 })
}

#[derive(Default)]
struct Watched {
    peak: u64,
    is_stopped: bool,
}

/// Until it ended, or has to be.
fn watch(pid: u32, bound: Duration, looks: bool, end: &Receiver<()>) -> Watched {
    let mut watched = Watched::default();
    let start = Instant::now();
    loop {
        if looks {
            watched.peak = watched.peak.max(peak(&pid.to_string()).unwrap_or(0));
        }
        let left = bound.saturating_sub(start.elapsed());
        match end.recv_timeout(if looks { LOOK.min(left) } else { left }) {
            Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                watched.is_stopped = true;
                // The one who waits for it has it borrowed.
                Command::new("kill").args(["-9", &pid.to_string()]).status().ok();
                return watched;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return watched,
        }
    }
}

/// The largest resident size that a process had so far (`VmHWM`), in kilobytes; none where there is no `/proc`, or no such process.
pub fn peak(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn shell(script: &str, bound: Duration) -> Run {
        run(Command::new("sh").args(["-c", script]), bound, true).expect("a shell")
    }

    #[test]
    fn what_takes_too_long_is_ended() {
        // It reads from a pipe that nobody writes to, for ever.
        let run = shell("read nothing < /dev/zero", Duration::from_millis(50));
        assert!(run.status.is_none());
        assert!(run.time >= Duration::from_millis(50));
    }

    #[test]
    fn memory_is_the_programs_own() {
        // A good deal larger than the shell, and far smaller than this process may be.
        let small = shell("exit 3", Duration::from_secs(60));
        assert_eq!(small.status.and_then(|status| status.code()), Some(3));
        let large = shell("x=$(head -c 40000000 /dev/zero | tr '\\0' 'x'); exit 0", Duration::from_secs(60));
        assert!(large.peak > Some(39_000), "{:?}", large.peak);
        assert!(small.peak < Some(30_000), "{:?}", small.peak);
    }
}
