//! Whatever happens in the middle of a clean-up, nothing is lost: the process ends at every single step, the disk fills up at every
//! single step, and `restore` brings back every byte.
#![allow(missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

/// The status of a process that a test ended (`store::disk::hooks`).
const KILLED: i32 = 86;
/// More steps than any of these takes.
const MOST: usize = 400;

/// In memory where the system has such a place: what is waited for here is mostly the disk.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).expect("a folder")
}

type Tree = BTreeMap<String, Vec<u8>>;

/// A file that a new one replaces, one that has to stay the same file because a container has it mounted by itself, and Lua that
/// goes along.
const PROJECT: &str = "events {}
http {
    include sites/*.conf;
    server {
        location / { return 200; }
        location = /old {
            content_by_lua_file /srv/lua/old.lua;
        }
    }
}
#- /sites/a.conf
server {
    listen 81;
    location / { return 200; }
    location @gone {
        return 403;
    }
}
#- /lua/old.lua
ngx.say('old')
#- /compose.yaml
services:
  web:
    image: openresty/openresty
    volumes:
      - ./nginx.conf:/usr/local/openresty/nginx/conf/nginx.conf:ro
      - ./sites:/usr/local/openresty/nginx/conf/sites:ro
      - ./lua:/srv/lua:ro
";

const APPLY: &[&str] = &["apply", "--at", "nginx.conf:6", "--at", "sites/a.conf:4", "--no-test", "--today", "2026-11-28"];
const FINISH: &[&str] = &["finish", "--no-test", "--today", "2026-12-12"];
const RESTORE: &[&str] = &["restore", "--all", "--today", "2026-12-12"];

fn tree(folder: &Path) -> Tree {
    let mut out = Tree::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
                out.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    out
}

/// What belongs to the project itself.
fn project(folder: &Path) -> Tree {
    tree(folder).into_iter().filter(|(name, _)| !name.starts_with(".nginx-analyzer/")).collect()
}

fn run(folder: &Path, arguments: &[&str], hook: Option<(&str, usize)>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"));
    command.arg("cleanup").args(arguments).current_dir(folder);
    if let Some((name, step)) = hook {
        command.env(name, step.to_string());
    }
    command.output().expect("the binary runs")
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) {
    let output = run(folder, arguments, None);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stdout));
}

/// Every byte of the original is still somewhere whole: where it was, in a backup, or in an archive.
fn nothing_is_lost(folder: &Path, original: &Tree) {
    let now = tree(folder);
    let archived: Vec<Vec<u8>> = now.iter().filter(|(name, _)| name.ends_with(".tar.gz")).flat_map(|(_, bytes)| unpacked(bytes)).collect();
    for (name, bytes) in original {
        let kept = now.get(name) == Some(bytes) || now.values().any(|other| other == bytes) || archived.contains(bytes);
        assert!(kept, "{name} is lost");
    }
}

/// The files of an archive; of half an archive those that are whole.
fn unpacked(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let Ok(entries) = archive.entries() else { return Vec::new() };
    let read = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry.ok()?, &mut bytes).ok()?;
        Some(bytes)
    };
    entries.map_while(read).collect()
}

/// The project after some steps, and what it was before them.
fn prepared(steps: &[&[&str]]) -> (tempfile::TempDir, Tree) {
    let folder = folder();
    common::write_fixture(folder.path(), PROJECT);
    let original = project(folder.path());
    steps.iter().for_each(|step| done(folder.path(), step));
    (folder, original)
}

/// A copy to break.
fn copy(of: &Path) -> tempfile::TempDir {
    let folder = folder();
    for (name, bytes) in tree(of) {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, bytes).expect("written");
    }
    folder
}

/// Runs a step after some others, interrupted at its every step, and restores. Returns how many there were.
fn interrupted(before: &[&[&str]], step: &[&str]) -> usize {
    let (start, original) = prepared(before);
    for at in 1..MOST {
        let folder = copy(start.path());
        let output = run(folder.path(), step, Some(("NGINX_ANALYZER_TEST_KILL_AT", at)));
        if output.status.code() != Some(KILLED) {
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            return at - 1;
        }
        nothing_is_lost(folder.path(), &original);
        // Looking changes nothing, and it can go on afterwards; not asked at every step, for the time that it takes.
        let thorough = at % 8 == 0;
        if thorough {
            let found = tree(folder.path());
            done(folder.path(), &["status"]);
            assert_eq!(tree(folder.path()), found, "step {at}");
        }
        done(folder.path(), RESTORE);
        assert!(project(folder.path()) == original, "step {at} of {step:?}: {:#?}", project(folder.path()).keys());
        if thorough {
            done(folder.path(), APPLY);
            done(folder.path(), RESTORE);
            assert!(project(folder.path()) == original, "step {at} of {step:?}, again");
        }
    }
    panic!("more than {MOST} steps");
}

fn has_hooks() -> bool {
    if !cfg!(debug_assertions) {
        eprintln!("skipped: a release has no hooks");
    }
    cfg!(debug_assertions)
}

#[test]
fn a_process_that_ends_while_it_applies_loses_nothing() {
    if has_hooks() {
        assert!(interrupted(&[], APPLY) > 20);
    }
}

#[test]
fn a_process_that_ends_while_it_finishes_loses_nothing() {
    if has_hooks() {
        assert!(interrupted(&[APPLY], FINISH) > 20);
    }
}

#[test]
fn a_process_that_ends_while_it_restores_loses_nothing() {
    if has_hooks() {
        assert!(interrupted(&[APPLY, FINISH], RESTORE) > 10);
    }
}

/// What was interrupted can be interrupted again while it is taken back.
#[test]
fn a_process_that_ends_while_it_recovers_loses_nothing() {
    if !has_hooks() {
        return;
    }
    // Deep in the work: both files are written, and what comes last is the record.
    let (start, original) = prepared(&[]);
    let steps =
        (1..MOST).find(|at| run(copy(start.path()).path(), APPLY, Some(("NGINX_ANALYZER_TEST_KILL_AT", *at))).status.code() == Some(0));
    let late = steps.expect("it ends") - 5;
    assert_eq!(run(start.path(), APPLY, Some(("NGINX_ANALYZER_TEST_KILL_AT", late))).status.code(), Some(KILLED));
    assert_ne!(project(start.path())["sites/a.conf"], original["sites/a.conf"]);
    for at in 1..MOST {
        let folder = copy(start.path());
        let output = run(folder.path(), RESTORE, Some(("NGINX_ANALYZER_TEST_KILL_AT", at)));
        nothing_is_lost(folder.path(), &original);
        if output.status.code() != Some(KILLED) {
            assert_eq!(output.status.code(), Some(0));
            assert!(at > 5, "{at}");
            return;
        }
        done(folder.path(), RESTORE);
        assert!(project(folder.path()) == original, "step {at}");
    }
}

#[test]
fn a_full_disk_at_any_step_changes_nothing() {
    if !has_hooks() {
        return;
    }
    for (before, step) in [(&[][..], APPLY), (&[APPLY], FINISH), (&[APPLY, FINISH], RESTORE)] {
        let mut failed = 0;
        let (start, original) = prepared(before);
        for at in 1..MOST {
            let folder = copy(start.path());
            let then = project(folder.path());
            let output = run(folder.path(), step, Some(("NGINX_ANALYZER_TEST_FULL_FROM", at)));
            if output.status.code() == Some(0) {
                break;
            }
            failed += 1;
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!said.contains("panicked"), "{said}");
            nothing_is_lost(folder.path(), &original);
            // Where what was deleted finds no room any more, it says so, and waits for some.
            let stuck = step == FINISH && said.contains("taking it back failed, too");
            for conf in ["nginx.conf", "sites/a.conf"].into_iter().filter(|_| !stuck) {
                let now = &project(folder.path())[conf];
                assert!(*now == then[conf], "step {at} of {step:?}: {conf}\n{said}");
            }
            done(folder.path(), RESTORE);
            assert!(project(folder.path()) == original, "step {at} of {step:?}\n{said}");
        }
        assert!(failed > 5, "{step:?}: {failed}");
    }
}

/// A real full disk: a small file system in memory.
#[test]
#[cfg(target_os = "linux")]
fn a_really_full_disk_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"]).arg(folder.path()).output();
    if !mount.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: a small file system can't be mounted here");
        return;
    }
    struct Mounted<'a>(&'a Path);
    impl Drop for Mounted<'_> {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg(self.0).status();
        }
    }
    let _mounted = Mounted(folder.path());
    common::write_fixture(folder.path(), PROJECT);
    let original = project(folder.path());
    let mut refused = 0;
    for free in (0..=64).step_by(4) {
        let ballast = folder.path().join(".ballast");
        let _ = std::fs::remove_file(&ballast);
        // All that is left, but for some pages.
        let mut size = 256 * 1024;
        while size > 0 && std::fs::write(&ballast, vec![b'x'; size]).is_err() {
            let _ = std::fs::remove_file(&ballast);
            size -= 4096;
        }
        // Where not a page is left there is none yet.
        let file = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(&ballast).expect("there");
        file.set_len(size.saturating_sub(free * 1024) as u64).expect("cut");
        drop(file);
        let output = run(folder.path(), APPLY, None);
        let applied = output.status.code() == Some(0);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        nothing_is_lost(folder.path(), &original);
        if !applied {
            refused += 1;
            for conf in ["nginx.conf", "sites/a.conf"] {
                assert!(project(folder.path())[conf] == original[conf], "{free} KiB free: {conf}\n{said}");
            }
        }
        let _ = std::fs::remove_file(&ballast);
        done(folder.path(), RESTORE);
        assert!(project(folder.path()) == original, "{free} KiB free\n{said}");
    }
    assert!(refused > 0, "it was never full");
}

/// Another process at the same time waits for nobody: it says so and changes nothing.
#[test]
fn two_at_once_do_not_mix() {
    let folder = folder();
    common::write_fixture(folder.path(), PROJECT);
    let original = project(folder.path());
    // It holds the lock while its test command runs, and that is the second one.
    let own = env!("CARGO_BIN_EXE_nginx-analyzer");
    let inner = format!("{own} cleanup finish --at nginx.conf:6 --no-test --today 2026-12-12");
    let mut arguments: Vec<&str> = APPLY.iter().copied().filter(|it| *it != "--no-test").collect();
    arguments.extend(["--test-command", &inner]);
    let output = run(folder.path(), &arguments, None);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("another clean-up of this workspace is running"), "{said}");
    assert_eq!(project(folder.path()), original);
}
