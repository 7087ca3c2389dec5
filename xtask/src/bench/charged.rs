//! What Linux charges to a command: the pages that it has for itself, and those of files that nobody had in memory before. What every process
//! that runs a program shares, the program itself, is none of it. That is what a container's limit counts.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs of one command; the one in the middle counts.
const RUNS: usize = 3;

/// A command that took longer than this is not run again.
const SLOW: Duration = Duration::from_secs(2);

/// The exit code of a run that could not be put into its group.
const CANT_ENTER: i32 = 125;

/// Where control groups are made, and the file of one that says the most it was charged: of the first and of the second kind.
const KINDS: [(&str, &str); 2] = [("/sys/fs/cgroup/memory", "memory.max_usage_in_bytes"), ("/sys/fs/cgroup", "memory.peak")];

/// The most that a command is charged at any time, in kilobytes. What it reads should be in memory already. None where no control group can be
/// made, which takes root, or where the command can't be run.
pub fn peak(command: &Command) -> Option<u64> {
    let start = Instant::now();
    let mut peaks: Vec<u64> = (0..RUNS).take_while(|run| *run == 0 || start.elapsed() < SLOW).filter_map(|_| once(command)).collect();
    peaks.sort_unstable();
    peaks.get(peaks.len() / 2).copied()
}

fn once(command: &Command) -> Option<u64> {
    let group = Group::new()?;
    // The shell goes into the group and becomes the program: nothing is charged before.
    let mut inside = Command::new("sh");
    inside.args(["-c", "echo $$ > \"$0\" || exit 125; exec \"$@\""]).arg(group.folder.join("cgroup.procs"));
    inside.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        inside.current_dir(folder);
    }
    let status = inside.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    // What a shell says of a program that it can't run.
    if matches!(status.code(), None | Some(CANT_ENTER | 126 | 127)) {
        return None;
    }
    let bytes: u64 = std::fs::read_to_string(group.folder.join(group.peak)).ok()?.trim().parse().ok()?;
    Some(bytes / 1024)
}

/// Gone when it is dropped.
struct Group {
    folder: PathBuf,
    peak: &'static str,
}

impl Group {
    fn new() -> Option<Group> {
        let make = |(around, peak): (&str, &'static str)| {
            let folder = Path::new(around).join(format!("nginx-analyzer-bench-{}", std::process::id()));
            std::fs::create_dir(&folder).ok()?;
            let group = Group { folder, peak };
            group.folder.join(peak).exists().then_some(group)
        };
        KINDS.into_iter().find_map(make)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        std::fs::remove_dir(&self.folder).ok();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_takes_for_itself() {
        let shell = |script: &str| peak(Command::new("sh").args(["-c", script]));
        let Some(small) = shell("exit 0") else {
            println!("skipped: no control group can be made here");
            return;
        };
        assert_eq!(peak(&Command::new("/nowhere/at/all")), None);
        let large = shell("x=$(head -c 40000000 /dev/zero | tr '\\0' 'x'); exit 0").expect("a group, as before");
        assert!(small < 30_000 && large > 39_000, "{small} {large}");
    }
}
