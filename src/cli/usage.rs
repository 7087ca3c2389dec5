//! `nginx-analyzer usage`: which locations the access logs show requests for.

use anyhow::bail;

use super::args::{UsageArguments, UsageFormat};
use super::{OK, logs, print, render, workspace};
use crate::message;
use crate::messages::Language;
use crate::world::World;

/// Reads logs, prints what they say of each location.
pub(super) fn run(arguments: &UsageArguments, asked: Option<Language>) -> anyhow::Result<u8> {
    let language = asked.unwrap_or_default();
    let paths = workspace::absolute(language, &arguments.paths)?;
    let workspace = match &arguments.workspace {
        Some(folder) => workspace::absolute(language, std::slice::from_ref(folder))?.remove(0),
        None => workspace::of(&paths),
    };
    if !workspace.is_dir() {
        bail!(message!(language, "cli-workspace-folder", path = workspace.display().to_string()));
    }
    let entries = if paths.len() == 1 && paths[0] == workspace { Vec::new() } else { paths };
    let mut world = World::open(&workspace, entries);
    asked.into_iter().for_each(|language| world.insist_on(language));
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
