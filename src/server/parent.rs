//! The server ends when its client has died without saying so (LSP 3.17, `InitializeParams.processId`).

use std::time::Duration;

/// How often the client's process is looked for.
const EVERY: Duration = Duration::from_secs(3);

/// A process that runs.
#[derive(Debug)]
pub struct Process {
    id: u32,
    started: u64,
}

impl Process {
    /// Looks for the process at once: it may end before a task gets to run. `None` for one that can't be seen (another
    /// container, another machine, a system without `/proc`): there the end of standard input is what ends the server.
    pub fn find(id: u32) -> Option<Process> {
        Some(Process { id, started: start_time(id)? })
    }

    /// Calls `gone` once when the process ends.
    pub async fn watch(self, gone: impl FnOnce()) {
        // Another start time is another process that got the same number.
        while start_time(self.id) == Some(self.started) {
            tokio::time::sleep(EVERY).await;
        }
        gone();
    }
}

/// When a living process started, in clock ticks since boot (`proc(5)`, `/proc/[pid]/stat`, field 22); `None` when there is none,
/// or only what is left of one that nobody waited for.
fn start_time(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is a file name in parentheses that may hold blanks and parentheses.
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
    match fields.next()? {
        "Z" | "X" | "x" => None,
        _ => fields.nth(18)?.parse().ok(),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_seen_until_it_ends() {
        assert!(start_time(std::process::id()).is_some());
        let mut child = std::process::Command::new("true").spawn().expect("`true` exists");
        let id = child.id();
        child.wait().expect("it ends");
        assert_eq!(start_time(id), None);
    }
}
