//! `nginx-analyzer report`: who uses what, what can go, and how.

use anyhow::bail;

use super::args::{ReportArguments, ReportFormat};
use super::workspace::Opened;
use super::{OK, logs, output, print, workspace};
use crate::ide::report;
use crate::message;
use crate::messages::Language;
use crate::project::history::History;
use crate::rules;

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
    if let Some(path) = &arguments.output {
        output::refuse(&analysis, path)?;
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
        Some(path) => output::write(analysis.language, path, &text)?,
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
