//! Little memory and a full disk: what can't be done is said, with what and where, and nothing is lost or half written.
#![cfg(target_os = "linux")]
#![allow(missing_docs)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// As much address space as `ulimit -v` gives here, in KiB: 2 GB.
const MEMORY: u64 = 2 << 20;

/// Runs the binary with so much address space (KiB); threads take some of it without using it.
fn with_memory(kib: u64, folder: &Path, arguments: &[&str]) -> Output {
    let own = env!("CARGO_BIN_EXE_nginx-analyzer");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {kib} && exec \"$0\" \"$@\""), own]).args(arguments).current_dir(folder);
    command.output().expect("`sh` exists")
}

fn said(output: &Output) -> String {
    format!("{:?}\n{}\n{}", output.status, String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout))
}

#[test]
fn a_configuration_for_which_there_is_no_memory_is_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = "location /a/b/c { proxy_pass http://b; proxy_set_header Host $host; }\n";
    fs::write(folder.path().join("nginx.conf"), "events {}\nhttp {\n include huge.conf;\n include large.conf;\n include small.conf;\n}\n")
        .expect("written");
    // More than is read anywhere, more than there is memory for, and one that both must not keep from being looked at.
    fs::write(folder.path().join("huge.conf"), line.repeat((100 << 20) / line.len())).expect("written");
    fs::write(folder.path().join("large.conf"), line.repeat((30 << 20) / line.len())).expect("written");
    fs::write(folder.path().join("small.conf"), common_part()).expect("written");
    let output = with_memory(MEMORY, folder.path(), &["check", ".", "--format", "json"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("\"unreadable-file\"").count(), 2, "{said}");
    assert!(said.contains("and files over") && said.contains("dead-location"), "{said}");
}

fn common_part() -> &'static str {
    "server {\n location ~ ^/ { return 200; }\n location ~ ^/a { return 201; }\n}\n"
}

#[test]
fn several_files_that_are_too_much_together_are_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = "# a comment that takes its place in a text and little else\n";
    fs::write(folder.path().join("nginx.conf"), "events {}\nhttp {\n include part*.conf;\n}\n").expect("written");
    for part in 0..6 {
        fs::write(folder.path().join(format!("part{part}.conf")), line.repeat((4 << 20) / line.len())).expect("written");
    }
    let output = with_memory(MEMORY, folder.path(), &["check", ".", "--format", "json"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("there is memory for"), "{said}");
}

#[test]
fn a_large_log_takes_little_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    common::write_fixture(
        folder.path(),
        "events {}\nhttp { access_log logs/access.log; server { listen 80; location /a { return 200; } location /b { return 200; } } }\n",
    );
    fs::create_dir(folder.path().join("logs")).expect("made");
    // A gigabyte of which the system keeps nothing but the first lines: all the rest is one line.
    let log = folder.path().join("logs/access.log");
    fs::write(&log, "10.0.0.1 - - [01/Nov/2025:00:00:00 +0000] \"GET /a HTTP/1.1\" 200 2 \"-\" \"-\"\n".repeat(1_000)).expect("written");
    fs::OpenOptions::new().write(true).open(&log).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    // Eight threads with a stack each are half of this.
    let output = with_memory(1 << 20, folder.path(), &["usage", ".", "--format", "json"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("\"total\": 1000"), "{said}");
}

/// Where even threads can't be had, one does the work.
#[test]
fn without_threads_the_work_is_done_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let locations: String = (0..2_000).map(|at| format!("location /a{at} {{ return 200; }}\n")).collect();
    fs::write(
        folder.path().join("nginx.conf"),
        format!("events {{}}\nhttp {{ server {{\n{locations}location ~ ^/ {{ return 200; }}\nlocation ~ ^/a {{ return 201; }}\n}} }}\n"),
    )
    .expect("written");
    let output = with_memory(300 << 10, folder.path(), &["check", ".", "--format", "json"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("dead-location"), "{said}");
}

/// A small file system in memory, of so many KiB; `None` where it can't be mounted.
fn mounted(folder: &Path, kib: u32) -> Option<Mounted<'_>> {
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"]).arg(folder).output();
    if !mount.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: a small file system can't be mounted here");
        return None;
    }
    Some(Mounted(folder))
}

struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nginx-analyzer")).args(arguments).current_dir(folder).output().expect("the binary runs")
}

#[test]
fn a_report_on_a_full_disk_leaves_the_older_one_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(_mounted) = mounted(folder.path(), 128) else { return };
    common::write_fixture(folder.path(), "events {}\nhttp { server { listen 80; location /a { return 200; } } }\n");
    let arguments = ["report", ".", "--no-history", "--no-logs", "-o", "report.html"];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let report = folder.path().join("report.html");
    let before = fs::read(&report).expect("a report");
    // Nothing is free any more.
    let ballast = folder.path().join("ballast");
    let mut size = 128 << 10;
    while size > 0 && fs::write(&ballast, vec![b'x'; size]).is_err() {
        size -= 4096;
    }
    let names = || {
        let mut names: Vec<_> = fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        names
    };
    let there = names();
    let output = run(folder.path(), &arguments);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("report.html") && text.contains("No space left on device") && !text.contains("panicked"), "{text}");
    assert_eq!(fs::read(&report).expect("still there"), before);
    assert_eq!(names(), there, "nothing half written is left behind");
    fs::remove_file(ballast).expect("removed");
    assert_eq!(run(folder.path(), &arguments).status.code(), Some(0));
}

#[test]
fn an_output_that_is_full_is_a_failure_with_a_reason() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full");
    if full().is_err() {
        eprintln!("skipped: there is no /dev/full");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    common::write_fixture(
        folder.path(),
        "events {}\nhttp { server { listen 80; location /a { return 200; } location @x { return 200; } } }\n",
    );
    for arguments in [
        &["check", "."][..],
        &["check", ".", "--format", "json"],
        &["report", ".", "--no-history"],
        &["routes", "."],
        &["expand", "."],
        &["cleanup", "plan"],
        &["cleanup", "status"],
        &["explain"],
    ] {
        let command = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"));
            command.args(arguments).current_dir(folder.path()).stdout(full().expect("opened"));
            command
        };
        let output = command().output().expect("the binary runs");
        let text = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains("standard output: No space left on device"), "{arguments:?}: {text}");
        // Where not even that can be said, the status says it.
        let status = command().stderr(full().expect("opened")).status().expect("the binary runs");
        assert_eq!(status.code(), Some(2), "{arguments:?}");
    }
}

/// A limit on the size of files ends the process in the middle of a write. Nothing is lost by that, and what there was is there.
#[test]
fn a_limit_on_the_size_of_files_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let locations: String = (0..200).map(|at| format!("        location /a{at} {{ return 200; }}\n")).collect();
    let text = format!(
        "events {{}}\nhttp {{\n    server {{\n        listen 80;\n        location @gone {{ return 403; }}\n{locations}    }}\n}}\n"
    );
    let conf = folder.path().join("nginx.conf");
    fs::write(&conf, &text).expect("written");
    let own = env!("CARGO_BIN_EXE_nginx-analyzer");
    for blocks in [0, 1, 2, 4, 8] {
        let output = Command::new("sh")
            .args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" cleanup apply --at nginx.conf:5 --no-test --today 2026-11-28"), own])
            .current_dir(folder.path())
            .output()
            .expect("`sh` exists");
        assert_ne!(output.status.code(), Some(0), "{blocks}: {}", said(&output));
        assert_eq!(fs::read_to_string(&conf).expect("there"), text, "{blocks}");
        let output = run(folder.path(), &["cleanup", "restore", "--all", "--today", "2026-11-28"]);
        assert!(output.status.code() != Some(101), "{}", said(&output));
        assert_eq!(fs::read_to_string(&conf).expect("there"), text, "{blocks}");
    }
    let output = run(folder.path(), &["cleanup", "apply", "--at", "nginx.conf:5", "--no-test", "--today", "2026-11-28"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}
