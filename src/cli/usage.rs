//! `nginx-analyzer usage`: which locations the access logs show requests for.

use anyhow::bail;

use super::args::{UsageArguments, UsageFormat};
use super::workspace::Opened;
use super::{OK, logs, print, render, workspace};
use crate::message;
use crate::messages::Language;

/// Reads logs, prints what they say of each location.
pub(super) fn run(arguments: &UsageArguments, asked: Option<Language>) -> anyhow::Result<u8> {
    let Opened { workspace, mut world, .. } = workspace::open(&arguments.paths, arguments.workspace.as_deref(), None, asked)?;
    let analysis = logs::load(&mut world, &arguments.logs, arguments.format == UsageFormat::Json)?;
    // The process ends soon: freeing every directive before that takes longer than the system takes for all of it.
    std::mem::forget(world);
    if analysis.project.files.values().all(|file| file.problem.is_some()) {
        bail!(message!(analysis.language, "cli-no-configuration", path = workspace.display().to_string()));
    }
    if analysis.views().all(|view| view.logs().is_none()) {
        bail!(message!(analysis.language, "cli-no-logs"));
    }
    match arguments.format {
        UsageFormat::Text => print(&render::usage::text(&analysis), Some(arguments.color))?,
        UsageFormat::Json => print(&render::usage::json(&analysis)?, None)?,
    }
    Ok(OK)
}
