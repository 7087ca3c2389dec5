//! What packages carry: the binary, what it prints about itself, and the documents.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::About;
use crate::licences;

/// The licences of what is built in, beside the program's own.
pub const THIRD_PARTY: &str = "THIRD-PARTY-LICENSES.txt";

/// The files of all kinds of packages; each kind has its own places for them.
pub struct Payload {
    pub binary: Vec<u8>,
    /// Name and text: licences, README, changes.
    pub documents: Vec<(String, String)>,
    /// Manual pages: name and text.
    pub manual: Vec<(String, String)>,
    pub completions: Vec<Completion>,
}

/// A script for a shell.
pub struct Completion {
    /// As `nginx-analyzer completions` calls the shell.
    pub shell: &'static str,
    /// What its file is called where that shell looks for it.
    pub file: &'static str,
    pub script: String,
}

/// Shells, with the name that each wants its file to have.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "nginx-analyzer.bash"),
    ("zsh", "_nginx-analyzer"),
    ("fish", "nginx-analyzer.fish"),
    ("powershell", "_nginx-analyzer.ps1"),
    ("elvish", "nginx-analyzer.elv"),
];

impl Payload {
    /// Asks `runnable` for the manual and the completions, and reads the rest from the sources.
    pub fn gather(root: &Path, metadata: &Value, about: &About, binary: Vec<u8>, runnable: &Path) -> anyhow::Result<Payload> {
        let runnable = runnable.canonicalize().with_context(|| runnable.display().to_string())?;
        let version = says(&runnable, &["--version"])?;
        let wanted = format!("{} {}", about.name, about.version);
        ensure!(version.trim() == wanted, "{} is {}, Cargo.toml has {wanted}", runnable.display(), version.trim());
        let mut documents = Vec::new();
        for name in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
            documents.push((name.to_owned(), std::fs::read_to_string(root.join(name)).context(name)?));
        }
        documents.push((THIRD_PARTY.to_owned(), licences::texts(metadata)?));
        let completions =
            SHELLS.iter().map(|(shell, file)| Ok(Completion { shell, file, script: says(&runnable, &["completions", shell])? }));
        Ok(Payload { binary, documents, manual: manual(&runnable)?, completions: completions.collect::<anyhow::Result<_>>()? })
    }

    /// A document by its name.
    pub fn document(&self, name: &str) -> anyhow::Result<&str> {
        let found = self.documents.iter().find(|(file, _)| file == name);
        Ok(&found.with_context(|| format!("no document {name}"))?.1)
    }
}

fn says(program: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.with_context(|| format!("{} does not run here: name one that does with --runnable", program.display()))?;
    ensure!(output.status.success(), "{} {}: {}", program.display(), arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

fn manual(runnable: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_str().context("the temporary folder's name")?;
    says(runnable, &["man", "--output", path])?;
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder.path())? {
        let entry = entry?;
        pages.push((entry.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(entry.path())?));
    }
    pages.sort();
    Ok(pages)
}
