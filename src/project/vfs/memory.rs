//! How much of configurations there is memory for.

use std::path::Path;

/// Bytes of memory for each byte of a configuration, with all that is worked out of it (measured: 80 to 105), and some for the rest.
const PER_BYTE: u64 = 128;

/// Even on the smallest machine so much is read.
pub(super) const LEAST: u64 = 1024 * 1024;

/// How many bytes of configurations are read, by the limits that the process has and by the memory of the machine; `most` where nobody says
/// anything. `read` reads a file of the system.
pub(super) fn room(most: u64, read: impl Fn(&Path) -> Option<String>) -> u64 {
    let read = |path: &str| read(Path::new(path));
    let mut limits = Vec::new();
    limits.extend(read("/proc/self/limits").into_iter().flat_map(|text| of_process(&text)));
    limits.extend(read("/proc/meminfo").and_then(|text| of_machine(&text)));
    for file in read("/proc/self/cgroup").into_iter().flat_map(|text| of_groups(&text)) {
        // `max` is no number: no limit.
        limits.extend(read(&file).and_then(|text| text.trim().parse::<u64>().ok()));
    }
    limits.into_iter().min().map_or(most, |limit| (limit / PER_BYTE).clamp(LEAST.min(most), most))
}

/// What `ulimit -v` and `ulimit -d` say (proc(5), `/proc/[pid]/limits`): the soft limit is what counts.
fn of_process(limits: &str) -> Vec<u64> {
    let soft = |line: &str| {
        let rest = line.strip_prefix("Max address space").or_else(|| line.strip_prefix("Max data size"))?;
        rest.split_ascii_whitespace().next()?.parse().ok()
    };
    limits.lines().filter_map(soft).collect()
}

/// What the machine has (proc(5), `/proc/meminfo`).
fn of_machine(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.split_ascii_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

/// The files that say what the groups of the process may use (cgroups(7)), the inner one and those around it. In a container the group is
/// named as outside of it, and lies at the top.
fn of_groups(groups: &str) -> Vec<String> {
    let mut out = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let (top, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|name| name == "memory") => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            _ => continue,
        };
        let above = Path::new(path).ancestors().filter_map(|path| path.to_str());
        out.extend(above.map(|path| format!("{top}{}/{file}", path.trim_end_matches('/'))));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u64 = 64 << 20;
    const LIMITS: &str = "Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            unlimited            seconds   \nMax data size             unlimited            unlimited            bytes     \nMax address space         2147483648           unlimited            bytes     \n";

    fn with(files: &[(&str, &str)]) -> u64 {
        room(MOST, |path| files.iter().find(|(name, _)| path == Path::new(name)).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn the_smallest_limit_counts() {
        let memory = ("/proc/meminfo", "MemTotal:       16000000 kB\nMemFree: 1 kB\n");
        assert_eq!(with(&[memory]), MOST);
        assert_eq!(with(&[memory, ("/proc/self/limits", LIMITS)]), 16 << 20);
        let version_2 = ("/proc/self/cgroup", "0::/user.slice/ci.service\n");
        assert_eq!(with(&[memory, version_2, ("/sys/fs/cgroup/user.slice/memory.max", "1073741824\n")]), 8 << 20);
        assert_eq!(with(&[memory, version_2, ("/sys/fs/cgroup/user.slice/ci.service/memory.max", "max\n")]), MOST);
        let version_1 = ("/proc/self/cgroup", "12:cpu,cpuacct:/x\n4:memory:/docker/abc\n");
        assert_eq!(with(&[memory, version_1, ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n")]), 4 << 20);
    }

    #[test]
    fn where_nobody_says_anything_the_most_is_read_and_never_nothing() {
        assert_eq!(with(&[]), MOST);
        assert_eq!(with(&[("/proc/self/limits", "Max address space 4096 4096 bytes\n")]), LEAST);
        assert_eq!(with(&[("/proc/meminfo", "nonsense"), ("/proc/self/cgroup", "x\n0::\n")]), MOST);
    }
}
