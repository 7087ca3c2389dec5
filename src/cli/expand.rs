//! `nginx-analyzer expand`: a configuration with everything that it includes in its place.

use std::io::IsTerminal;

use anyhow::bail;

use super::args::ExpandArguments;
use super::workspace::Opened;
use super::{OK, print, render, workspace};
use crate::ide::effective;
use crate::message;
use crate::messages::{Language, list};
use crate::world::View;

/// How many configurations are named to somebody who has to choose one.
const NAMED: usize = 8;

/// Prints the text. A program that reads it gets every byte; a terminal is shown what it would obey.
pub(super) fn run(arguments: &ExpandArguments, asked: Option<Language>) -> anyhow::Result<u8> {
    let paths = std::slice::from_ref(&arguments.path);
    let Opened { workspace, entries, mut world } = workspace::open(paths, arguments.workspace.as_deref(), None, asked)?;
    let analysis = world.analysis();
    let language = analysis.language;
    let project = &analysis.project;
    let view = match entries.first().filter(|entry| entry.is_file()) {
        Some(file) => analysis.view_of(project.vfs.id(file)),
        None => {
            let views: Vec<View<'_>> = analysis.views().collect();
            if views.len() > 1 {
                let names: Vec<String> = views.iter().map(|view| project.display(&project.vfs.path(view.config.root))).collect();
                bail!(message!(language, "cli-several", names = list(language, &names, NAMED)));
            }
            views.first().copied()
        }
    };
    let Some(view) = view else {
        bail!(message!(language, "cli-no-configuration", path = workspace.display().to_string()));
    };
    let text = effective::of(view).text;
    match std::io::stdout().is_terminal() {
        true => print(&render::printable(&text), None)?,
        false => print(&text, None)?,
    }
    Ok(OK)
}
