//! `nginx-analyzer usage`: which locations the access logs show requests for.

use anyhow::bail;

use super::args::{UsageArguments, UsageFormat};
use super::{OK, logs, print, render, workspace};
use crate::messages::Language;
use crate::world::World;

/// Reads logs, prints what they say of each location.
pub(super) fn run(arguments: &UsageArguments) -> anyhow::Result<u8> {
    let paths = workspace::absolute(&arguments.paths)?;
    let workspace = match &arguments.workspace {
        Some(folder) => workspace::absolute(std::slice::from_ref(folder))?.remove(0),
        None => workspace::of(&paths),
    };
    if !workspace.is_dir() {
        bail!("{}: --workspace takes a folder", workspace.display());
    }
    let entries = if paths.len() == 1 && paths[0] == workspace { Vec::new() } else { paths };
    let mut world = World::open(&workspace, entries);
    if let Some(language) = &arguments.lang {
        world.set_language(Language::of_tag(language));
    }
    let analysis = logs::load(&mut world, &arguments.logs, arguments.format == UsageFormat::Json)?;
    // The process ends soon: freeing every directive before that takes longer than the system takes for all of it.
    std::mem::forget(world);
    if analysis.project.files.values().all(|file| file.problem.is_some()) {
        bail!(
            "no nginx configuration found in {}: name the main file, or set `roots` under [project] in nginx-analyzer.toml",
            workspace.display()
        );
    }
    if analysis.views().all(|view| view.logs().is_none()) {
        bail!("no access log found: name some with --logs, or set `files` under [logs] in nginx-analyzer.toml");
    }
    match arguments.format {
        UsageFormat::Text => print(&render::usage::text(&analysis), Some(arguments.color))?,
        UsageFormat::Json => print(&render::usage::json(&analysis)?, None)?,
    }
    Ok(OK)
}
