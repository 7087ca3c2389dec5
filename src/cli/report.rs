//! `nginx-analyzer report`: who uses what, what can go, and how.

use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::args::{ReportArguments, ReportFormat};
use super::workspace::Opened;
use super::{OK, logs, print, workspace};
use crate::ide::report;
use crate::message;
use crate::messages::Language;
use crate::project::history::History;
use crate::project::is_report;
use crate::project::paths::Mapped;
use crate::rules;
use crate::store::disk;
use crate::world::{Analysis, View};

/// Makes the report, and prints it or writes it to a file.
pub(super) fn run(arguments: &ReportArguments, asked: Option<Language>) -> anyhow::Result<u8> {
    let language = asked.unwrap_or_default();
    let format = format(arguments, language)?;
    let Opened { workspace, entries, mut world } =
        workspace::open(&arguments.paths, arguments.workspace.as_deref(), arguments.today, asked)?;
    let analysis = logs::load(&mut world, &arguments.logs, true)?;
    // The process ends soon: freeing every directive before that takes longer than the system takes for all of it.
    std::mem::forget(world);
    if analysis.project.files.values().all(|file| file.problem.as_ref().is_some_and(|problem| !problem.is_partial())) {
        bail!(message!(analysis.language, "cli-no-configuration", path = workspace.display().to_string()));
    }
    if let Some(output) = &arguments.output {
        refuse(&analysis, output)?;
    }
    let mut findings = rules::check(&analysis);
    super::asked::retain(&analysis, &entries, &mut findings);
    let history = if arguments.no_history { None } else { History::of(&workspace) };
    let report = report::of(&analysis, &findings, history.as_ref());
    let text = match format {
        ReportFormat::Md => report::markdown::markdown(&report),
        ReportFormat::Html => report::html::html(&report),
        ReportFormat::Json => report.json()?,
    };
    match &arguments.output {
        None => print(&text, None)?,
        Some(output) => {
            // Where a link stands, what it leads to is written, and the link stays.
            let target = std::fs::canonicalize(output).unwrap_or_else(|_| output.clone());
            disk::replace(&target, text.as_bytes(), None).with_context(|| output.display().to_string())?;
            let shown = output.display().to_string();
            anstream::eprintln!("{}", super::render::printable(&message!(analysis.language, "cli-report-written", path = shown)));
        }
    }
    Ok(OK)
}

/// As it is asked for, else by the file's ending.
fn format(arguments: &ReportArguments, language: Language) -> anyhow::Result<ReportFormat> {
    let (None, Some(output)) = (arguments.format, &arguments.output) else { return Ok(arguments.format.unwrap_or(ReportFormat::Md)) };
    let ending = output.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "md" | "markdown" => Ok(ReportFormat::Md),
        "html" | "htm" => Ok(ReportFormat::Html),
        "json" => Ok(ReportFormat::Json),
        _ => bail!(message!(language, "cli-report-ending", path = output.display().to_string())),
    }
}

/// How large a file may be and still be looked at for being an older report.
const LARGEST: u64 = 64 << 20;

/// What the report is about must not be lost to it, and nothing else that somebody wrote: only an older report is overwritten.
fn refuse(analysis: &Analysis, output: &Path) -> anyhow::Result<()> {
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
