//! Running the binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What one run said.
pub struct Output {
    pub out: String,
    pub err: String,
    pub status: Option<i32>,
}

/// Runs the binary in a folder, without a terminal.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs");
    Output {
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
        status: output.status.code(),
    }
}

/// The checkout.
pub fn checkout() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with a fixture's files.
pub fn fixture(text: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    crate::common::write_fixture(folder.path(), text);
    folder
}
