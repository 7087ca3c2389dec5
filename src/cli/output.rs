//! What is written to the file of `--output`: never over something that somebody wrote.

use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::message;
use crate::messages::Language;
use crate::project::is_report;
use crate::project::paths::Mapped;
use crate::store::disk;
use crate::world::{Analysis, View};

/// Writes it whole or not at all, and says so.
pub(super) fn write(language: Language, output: &Path, text: &str) -> anyhow::Result<()> {
    // Where a link stands, what it leads to is written, and the link stays.
    let target = std::fs::canonicalize(output).unwrap_or_else(|_| output.to_path_buf());
    disk::replace(&target, text.as_bytes(), disk::Access::Usual).with_context(|| output.display().to_string())?;
    let shown = output.display().to_string();
    super::say(&message!(language, "cli-report-written", path = shown));
    Ok(())
}

/// How large a file may be and still be looked at for being an older report.
const LARGEST: u64 = 64 << 20;

/// What it is about must not be lost to it, and nothing else that somebody wrote: only an older report is overwritten.
pub(super) fn refuse(analysis: &Analysis, output: &Path) -> anyhow::Result<()> {
    let language = analysis.language;
    let Ok(real) = std::fs::canonicalize(output) else { return Ok(()) };
    let shown = || output.display().to_string();
    if !real.is_file() {
        bail!(message!(language, "cli-report-no-file", path = shown()));
    }
    let project = &analysis.project;
    let is = |path: &Path| project.vfs.canonical(path) == real;
    if project.files.values().any(|source| is(&source.path)) {
        bail!(message!(language, "cli-report-configuration", path = shown()));
    }
    if analysis.views().filter_map(View::logs).flat_map(|logs| &logs.sources).any(|source| is(&source.path)) {
        bail!(message!(language, "cli-report-log", path = shown()));
    }
    let deployed = project.compose.iter().flat_map(|compose| &compose.files).any(|file| is(&project.vfs.path(*file)));
    let needed = analysis.views().flat_map(View::needs).any(|need| matches!(&need.mapped, Mapped::Present { path, .. } if is(path)));
    if deployed || needed {
        bail!(message!(language, "cli-report-project", path = shown()));
    }
    if !is_older_report(&real) {
        bail!(message!(language, "cli-report-other", path = shown()));
    }
    Ok(())
}

/// An empty file is nobody's loss; what can't be read may be anything.
fn is_older_report(path: &Path) -> bool {
    /// As much of a report in JSON as tells it from other files.
    #[derive(Deserialize)]
    struct Json {
        tool: Tool,
        endpoints: IgnoredAny,
    }
    #[derive(Deserialize)]
    struct Tool {
        name: String,
    }
    if std::fs::metadata(path).map_or(true, |metadata| metadata.len() > LARGEST) {
        return false;
    }
    let Ok(bytes) = std::fs::read(path) else { return false };
    let json = || serde_json::from_slice(&bytes).is_ok_and(|Json { tool, endpoints: IgnoredAny }| tool.name == env!("CARGO_PKG_NAME"));
    bytes.is_empty() || is_report(&String::from_utf8_lossy(&bytes)) || json()
}
