//! `nginx-analyzer check`: analyse, print, and say by the exit status whether something was found.

use anyhow::bail;

use super::args::{CheckArguments, Format};
use super::render::{self, Report};
use super::workspace::Opened;
use super::{FOUND, OK, logs, print, workspace};
use crate::message;
use crate::messages::Language;
use crate::rules::{self, Severity};

/// Runs the check and returns the exit status.
/// `asked` is the language that was asked for.
pub(super) fn run(arguments: &CheckArguments, asked: Option<Language>) -> anyhow::Result<u8> {
    let Opened { workspace, entries, mut world } =
        workspace::open(&arguments.paths, arguments.workspace.as_deref(), arguments.today, asked)?;
    let analysis = logs::load(&mut world, &arguments.logs, false)?;
    // The process ends soon: freeing every directive before that takes longer than the system takes for all of it.
    std::mem::forget(world);
    let min_severity = Severity::from(arguments.min_severity);
    let language = analysis.language;
    let mut findings = rules::check(&analysis);
    let mut unsettled = if arguments.verbose { Some(rules::unsettled::notes(&analysis, &findings)) } else { None };
    super::asked::retain(&analysis, &entries, &mut findings);
    unsettled.iter_mut().for_each(|notes| super::asked::retain(&analysis, &entries, notes));
    if analysis.project.files.values().all(|file| file.problem.is_some()) && findings.is_empty() {
        bail!(message!(language, "cli-no-configuration", path = workspace.display().to_string()));
    }
    let nothing_read = analysis.project.files.values().all(|file| file.problem.as_ref().is_some_and(|problem| !problem.is_partial()));
    let (shown, hidden): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.severity >= min_severity);
    let here = std::env::current_dir().unwrap_or_default();
    let repository = workspace::repository(&workspace, &here);
    let report = Report {
        analysis: &analysis,
        findings: &shown,
        unsettled: unsettled.as_deref(),
        hidden: hidden.len(),
        here: &here,
        repository: &repository,
    };
    let mut out = String::new();
    match arguments.format {
        Format::Text => render::text::render(&report, &mut out),
        Format::Json => render::json::render(&report, &mut out)?,
        Format::Sarif => render::sarif::render(&report, &mut out)?,
        Format::Github => render::github::render(&report, &mut out),
    }
    print(&out, (arguments.format == Format::Text).then_some(arguments.color))?;
    if nothing_read {
        bail!(message!(language, "cli-nothing-read"));
    }
    Ok(if shown.is_empty() { OK } else { FOUND })
}
