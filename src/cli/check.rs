//! `nginx-analyzer check`: analyse, print, and say by the exit status whether something was found.

use anyhow::bail;

use super::args::{CheckArguments, Format};
use super::render::{self, Report};
use super::{FOUND, OK, asked, logs, print, workspace};
use crate::rules::{self, Severity};
use crate::world::World;

/// Runs the check and returns the exit status.
pub(super) fn run(arguments: &CheckArguments) -> anyhow::Result<u8> {
    let paths = workspace::absolute(&arguments.paths)?;
    let workspace = match &arguments.workspace {
        Some(folder) => workspace::absolute(std::slice::from_ref(folder))?.remove(0),
        None => workspace::of(&paths),
    };
    if !workspace.is_dir() {
        bail!("{}: --workspace takes a folder", workspace.display());
    }
    // The workspace itself as the only path means: find what there is to find.
    let entries = if paths.len() == 1 && paths[0] == workspace { Vec::new() } else { paths };
    let mut world = World::open(&workspace, entries.clone());
    let analysis = logs::load(&mut world, &arguments.logs, false)?;
    // The process ends soon: freeing every directive before that takes longer than the system takes for all of it.
    std::mem::forget(world);
    let min_severity = Severity::from(arguments.min_severity);
    let mut findings = rules::check(&analysis);
    let mut unsettled = if arguments.verbose { Some(rules::unsettled::notes(&analysis, &findings)) } else { None };
    asked::retain(&analysis, &entries, &mut findings);
    unsettled.iter_mut().for_each(|notes| asked::retain(&analysis, &entries, notes));
    if analysis.project.files.values().all(|file| file.problem.is_some()) && findings.is_empty() {
        bail!(
            "no nginx configuration found in {}: name the main file, or set `roots` under [project] in nginx-analyzer.toml",
            workspace.display()
        );
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
        bail!("none of the files given could be read");
    }
    Ok(if shown.is_empty() { OK } else { FOUND })
}
