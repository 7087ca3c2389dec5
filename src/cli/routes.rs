//! `nginx-analyzer routes`: which URL leads to which route of which backend.

use std::io::IsTerminal;

use anyhow::bail;

use super::args::{RoutesArguments, RoutesFormat};
use super::workspace::Opened;
use super::{OK, output, print, render, workspace};
use crate::ide::routes::{self, openapi};
use crate::message;
use crate::messages::{Language, list};

/// How many servers are named to somebody who asked for one that is not there.
const NAMED: usize = 8;

/// Makes the map, and prints it or writes it to a file.
pub(super) fn run(arguments: &RoutesArguments, asked: Option<Language>) -> anyhow::Result<u8> {
    let Opened { workspace, mut world, .. } = workspace::open(&arguments.paths, arguments.workspace.as_deref(), None, asked)?;
    let analysis = world.analysis();
    // The process ends soon: freeing every directive before that takes longer than the system takes for all of it.
    std::mem::forget(world);
    let language = analysis.language;
    if analysis.project.files.values().all(|file| file.problem.as_ref().is_some_and(|problem| !problem.is_partial())) {
        bail!(message!(language, "cli-no-configuration", path = workspace.display().to_string()));
    }
    if let Some(output) = &arguments.output {
        output::refuse(&analysis, output)?;
    }
    let map = routes::of(&analysis, arguments.server.as_deref());
    if let (true, Some(name)) = (map.servers.is_empty(), &arguments.server) {
        let names = list(language, &routes::names_of(&analysis), NAMED);
        bail!(message!(language, "cli-no-server", name = name.as_str(), names = names));
    }
    let text = match arguments.format {
        RoutesFormat::Json => map.json()?,
        RoutesFormat::Openapi => openapi::openapi(&map)?,
        RoutesFormat::Table => {
            let table = render::routes::text(&map, language, width(arguments));
            let Some(_) = &arguments.output else {
                print(&table, Some(arguments.color))?;
                return Ok(OK);
            };
            // A file has no colours.
            format!("{}\n# {}\n", anstream::adapter::strip_str(&table), map.mark)
        }
    };
    match &arguments.output {
        None => print(&text, None)?,
        Some(path) => output::write(language, path, &text)?,
    }
    Ok(OK)
}

/// How wide the terminal is; `None` where nobody reads it on one.
fn width(arguments: &RoutesArguments) -> Option<usize> {
    if arguments.output.is_some() {
        return None;
    }
    let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.map(|(width, _)| usize::from(width.0)).or_else(columns)
}
