//! The command that tests a configuration: a list of words, no shell, with a time limit.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take: a container that hangs must not keep a half-tested configuration in place.
const LIMIT: Duration = Duration::from_secs(60);
/// How often it is looked whether it ended.
const LOOK: Duration = Duration::from_millis(20);
/// How much of what it says is shown, in bytes.
const SHOWN: u64 = 16 * 1024;

/// Runs the command in a folder. Its output where it succeeded; else why it counts as failed, with its output. The output goes through
/// the file, which a program that goes on behind a container can't block.
pub(super) fn run(words: &[String], folder: &Path, mut output: File) -> Result<String, String> {
    let shown = words.join(" ");
    let (program, arguments) = words.split_first().ok_or_else(|| "there is no test command".to_owned())?;
    let (out, err) = match (output.try_clone(), output.try_clone()) {
        (Ok(out), Ok(err)) => (out, err),
        (Err(error), _) | (_, Err(error)) => return Err(format!("`{shown}`: {error}")),
    };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(out).stderr(err);
    let mut child = command.spawn().map_err(|error| format!("`{shown}` could not be started: {error}"))?;
    let end = Instant::now() + LIMIT;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if Instant::now() < end => std::thread::sleep(LOOK),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
        }
    };
    let mut said = Vec::new();
    // What can't be read back is not shown; the status decides.
    let _ = output.rewind().and_then(|()| output.take(SHOWN).read_to_end(&mut said));
    let said = String::from_utf8_lossy(&said).trim_end().to_owned();
    match status {
        Some(status) if status.success() => Ok(said),
        Some(status) => Err(with(format!("`{shown}` failed ({status})"), &said)),
        None => Err(with(format!("`{shown}` did not end within {} seconds", LIMIT.as_secs()), &said)),
    }
}

fn with(why: String, said: &str) -> String {
    if said.is_empty() { why } else { format!("{why}:\n{said}") }
}
