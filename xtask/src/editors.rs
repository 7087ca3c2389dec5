//! `cargo xtask editors`: the tests in real editors, one after the other. What an editor needs is fetched by editors/fetch.sh; what can't be had
//! here is skipped, with the reason. A test is a script editors/<name>/test/run.sh that gets the binary: it ends with 0, with 77 when it could not
//! be run, or with anything else when it failed.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

/// How a script says that it could not be run.
const SKIPPED: i32 = 77;

/// One editor in one version.
struct Suite {
    /// What a person calls it.
    name: &'static str,
    /// Below editors/.
    script: &'static str,
    /// What editors/fetch.sh calls it.
    fetched: &'static str,
    /// How the script is told of it.
    told: Told,
}

enum Told {
    /// Its program, in a variable.
    Program(&'static str),
    /// The folder that it lies in, in a variable.
    Folder(&'static str),
    /// Its programs are first on PATH.
    Path,
}

const SUITES: &[Suite] = &[
    Suite { name: "vscode", script: "vscode/e2e/run.sh", fetched: "code-server", told: Told::Folder("CODE_SERVER") },
    Suite { name: "neovim", script: "neovim/test/run.sh", fetched: "nvim", told: Told::Program("NVIM") },
    Suite { name: "neovim-oldest", script: "neovim/test/run.sh", fetched: "nvim-oldest", told: Told::Program("NVIM") },
    Suite { name: "helix", script: "helix/test/run.sh", fetched: "helix", told: Told::Program("HX") },
    Suite { name: "helix-oldest", script: "helix/test/run.sh", fetched: "helix-oldest", told: Told::Program("HX") },
    Suite { name: "emacs", script: "emacs/test/run.sh", fetched: "emacs", told: Told::Program("EMACS") },
    Suite { name: "vim", script: "vim/test/run.sh", fetched: "vim", told: Told::Program("VIM_PROGRAM") },
    Suite { name: "kakoune", script: "kakoune/test/run.sh", fetched: "kakoune", told: Told::Path },
    Suite { name: "kate", script: "kate/test/run.sh", fetched: "kate", told: Told::Program("KATE") },
    // No Zed runs without a graphics card: Neovim reads its queries.
    Suite { name: "zed", script: "zed/test/run.sh", fetched: "nvim", told: Told::Program("NVIM") },
    // Their makers' sites are needed for these two: what can be held against something else is.
    Suite { name: "sublime", script: "sublime/test/run.sh", fetched: "bat", told: Told::Program("BAT") },
    Suite { name: "jetbrains", script: "jetbrains/test/run.sh", fetched: "checker", told: Told::Path },
];

enum Outcome {
    Passed,
    Skipped(String),
    Failed,
}

/// A line of the table.
struct Row {
    name: &'static str,
    version: String,
    outcome: Outcome,
    checks: usize,
    messages: usize,
    seconds: u64,
}

/// Runs those that are named, or all; prints a table, and fails when one of them did.
pub fn run(names: &[String], binary: Option<PathBuf>) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    if let Some(unknown) = names.iter().find(|name| SUITES.iter().all(|suite| suite.name != **name)) {
        let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        bail!("no editor is called {unknown}; there are {}", known.join(", "));
    }
    let binary = match binary {
        Some(binary) => binary.canonicalize().with_context(|| binary.display().to_string())?,
        None => build(root)?,
    };
    let cache = root.join("target/editors");
    std::fs::create_dir_all(&cache).context("target/editors")?;
    // A python3 with the protocol's types; without it messages are not checked, which the scripts say.
    let checker = fetch(root, "checker").ok();
    let mut rows = Vec::new();
    for suite in SUITES.iter().filter(|suite| names.is_empty() || names.iter().any(|name| name == suite.name)) {
        println!("== {}", suite.name);
        rows.push(suite.run(root, &binary, checker.as_deref(), &cache.join(format!("{}.txt", suite.name)))?);
    }
    println!("\n{}", table(&rows));
    let failed = rows.iter().filter(|row| matches!(row.outcome, Outcome::Failed)).count();
    if failed > 0 {
        bail!("{failed} of {} failed; what they said is in target/editors/*.txt", rows.len());
    }
    Ok(())
}

fn build(root: &Path) -> anyhow::Result<PathBuf> {
    let status = Command::new("cargo").args(["build", "--bin", "nginx-analyzer"]).current_dir(root).status()?;
    if !status.success() {
        bail!("the build failed");
    }
    Ok(root.join("target/debug/nginx-analyzer"))
}

/// The path of what starts it; else the reason why it can't be had.
fn fetch(root: &Path, name: &str) -> Result<PathBuf, String> {
    let output = Command::new("bash").arg(root.join("editors/fetch.sh")).arg(name).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().last().unwrap_or("editors/fetch.sh failed").to_owned())
}

impl Suite {
    fn run(&self, root: &Path, binary: &Path, checker: Option<&Path>, log: &Path) -> anyhow::Result<Row> {
        let begun = Instant::now();
        let mut row = Row { name: self.name, version: String::new(), outcome: Outcome::Failed, checks: 0, messages: 0, seconds: 0 };
        let script = root.join("editors").join(self.script);
        let fetched = if script.exists() { fetch(root, self.fetched) } else { Err(format!("there is no editors/{}", self.script)) };
        let program = match fetched {
            Ok(program) => program,
            Err(reason) => {
                row.outcome = Outcome::Skipped(reason);
                return Ok(row);
            }
        };
        let mut command = Command::new("bash");
        command.arg(&script).arg(binary).stdin(Stdio::null()).stdout(Stdio::piped());
        if let Some(python) = checker {
            command.env("LSP_PYTHON", python).env("EDITOR_PYTHON", python);
        }
        self.tell(&mut command, &program)?;
        let mut child = command.spawn().with_context(|| script.display().to_string())?;
        let mut reason = String::new();
        let mut kept = std::fs::File::create(log).with_context(|| log.display().to_string())?;
        for line in BufReader::new(child.stdout.take().context("its output")?).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            writeln!(kept, "{line}")?;
            println!("{line}");
            row.read(&line, &mut reason);
        }
        row.outcome = match child.wait()?.code() {
            Some(0) => Outcome::Passed,
            Some(SKIPPED) => Outcome::Skipped(reason),
            _ => Outcome::Failed,
        };
        row.seconds = begun.elapsed().as_secs();
        Ok(row)
    }

    fn tell(&self, command: &mut Command, program: &Path) -> anyhow::Result<()> {
        let commands = program.parent().context("fetch.sh prints a path in a folder")?;
        match self.told {
            Told::Program(variable) => command.env(variable, program),
            Told::Folder(variable) => command.env(variable, commands.parent().unwrap_or(commands)),
            Told::Path => {
                let path = std::env::var_os("PATH").unwrap_or_default();
                let all = std::iter::once(commands.to_path_buf()).chain(std::env::split_paths(&path));
                command.env("PATH", std::env::join_paths(all)?)
            }
        };
        Ok(())
    }
}

impl Row {
    /// Takes from a line of a script what the table shows.
    fn read(&mut self, line: &str, reason: &mut String) {
        if let Some(said) = line.strip_prefix("skipped: ") {
            said.clone_into(reason);
        } else if line.starts_with("ok ") {
            self.checks += 1;
            // As editors/validate/report.py puts it.
            let counted = line.trim_start_matches("ok").trim_start().strip_prefix("all ").and_then(|rest| rest.split_once(" messages"));
            self.messages += counted.and_then(|(count, _)| count.parse::<usize>().ok()).unwrap_or(0);
        } else if self.version.is_empty() && self.checks == 0 {
            // The first thing that a script prints is what the editor calls itself.
            let numbered =
                |word: &&str| word.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit()) && word.contains('.');
            self.version = line.split_whitespace().find(numbered).unwrap_or_default().trim_start_matches('v').to_owned();
        }
    }
}

fn table(rows: &[Row]) -> String {
    let mut lines = vec![
        "| editor        | version    | checks | messages | seconds | outcome |".to_owned(),
        "|---------------|------------|-------:|---------:|--------:|---------|".to_owned(),
    ];
    for row in rows {
        let outcome = match &row.outcome {
            Outcome::Passed => "passed".to_owned(),
            Outcome::Skipped(reason) => format!("skipped: {reason}"),
            Outcome::Failed => "FAILED".to_owned(),
        };
        lines.push(format!(
            "| {:<13} | {:<10} | {:>6} | {:>8} | {:>7} | {outcome} |",
            row.name, row.version, row.checks, row.messages, row.seconds
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Row, SUITES, table};

    #[test]
    fn a_row_is_read_from_what_a_script_prints() {
        let mut row = Row { name: "neovim", version: String::new(), outcome: Outcome::Passed, checks: 0, messages: 0, seconds: 7 };
        let mut reason = String::new();
        let said = "NVIM v0.12.4\n-- findings\nok   findings arrive in 1.5 s\n     a note of 2.5\nok   all 28 messages of the server in 1 session(s) keep the protocol";
        for line in said.lines() {
            row.read(line, &mut reason);
        }
        assert_eq!((row.version.as_str(), row.checks, row.messages), ("0.12.4", 2, 28));
        row.read("skipped: no screen", &mut reason);
        assert_eq!(reason, "no screen");
        row.outcome = Outcome::Skipped(reason);
        let line = table(&[row]);
        assert!(line.ends_with("| neovim        | 0.12.4     |      2 |       28 |       7 | skipped: no screen |"), "{line}");
    }

    #[test]
    fn every_name_is_there_once() {
        let mut names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SUITES.len());
    }
}
