//! Other people's programs from PyPI, each in a virtual environment of its own below `target/`, with the versions of `xtask/peers/NAME.txt`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use super::root;

/// The program `name` of the package of the same name or of another; why it is not there, else.
pub fn program(package: &str, name: &str) -> anyhow::Result<Result<PathBuf, String>> {
    let root = root()?;
    let pinned = root.join(format!("xtask/peers/{package}.txt"));
    let pinned = std::fs::read_to_string(&pinned).with_context(|| pinned.display().to_string())?;
    let folder = root.join("target/bench-peers").join(package);
    Ok(install(&folder, &pinned).map(|()| folder.join("bin").join(name)))
}

/// Does nothing where the same was installed before.
fn install(folder: &Path, pinned: &str) -> Result<(), String> {
    let mark = folder.join("installed.txt");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == pinned) {
        return Ok(());
    }
    std::fs::remove_dir_all(folder).ok();
    eprintln!("installing {}", folder.display());
    run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let wanted = folder.join("wanted.txt");
    std::fs::write(&wanted, pinned).map_err(|error| error.to_string())?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&wanted);
    run(&mut pip)?;
    std::fs::rename(&wanted, &mark).map_err(|error| error.to_string())
}

/// Runs it, and gives the last line of what it complained of.
fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    Err(said
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .map_or_else(|| format!("{program}: {}", output.status), |line| line.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_pinned_and_the_package_itself_is_among_them() {
        let folder = root().expect("the workspace").join("xtask/peers");
        let mut count = 0;
        for entry in std::fs::read_dir(&folder).expect("the folder").flatten() {
            let name = entry.path().file_stem().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(entry.path()).expect("a file");
            assert!(
                text.lines()
                    .all(|line| line.split_once("==").is_some_and(|(_, version)| version.starts_with(|it: char| it.is_ascii_digit()))),
                "{name}"
            );
            assert!(text.lines().any(|line| line.starts_with(&format!("{name}=="))), "{name}");
            count += 1;
        }
        assert!(count > 0);
    }

    #[test]
    fn what_can_not_be_installed_says_why() {
        let said = run(Command::new("sh").args(["-c", "echo first >&2; echo 'no such package' >&2; echo >&2; exit 1"]));
        assert_eq!(said, Err("no such package".to_owned()));
        assert!(run(&mut Command::new("a-program-that-is-not-there")).is_err_and(|why| why.starts_with("a-program-that-is-not-there: ")));
    }
}
