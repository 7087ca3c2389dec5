//! `nginx-analyzer trace`: which location serves a URL, and every step that leads there.

use anyhow::{anyhow, bail};

use super::args::{TraceArguments, TraceFormat};
use super::{OK, print, render, workspace};
use crate::ide::trace::{self, Question};
use crate::message;
use crate::messages::Language;
use crate::world::World;

/// Traces and prints.
/// `asked` is the language that was asked for.
pub(super) fn run(arguments: &TraceArguments, asked: Option<Language>) -> anyhow::Result<u8> {
    let language = asked.unwrap_or_default();
    let path = workspace::absolute(language, std::slice::from_ref(&arguments.conf))?.remove(0);
    let workspace = match &arguments.workspace {
        Some(folder) => workspace::absolute(language, std::slice::from_ref(folder))?.remove(0),
        None => workspace::of(std::slice::from_ref(&path)),
    };
    if !workspace.is_dir() {
        bail!(message!(language, "cli-workspace-folder", path = workspace.display().to_string()));
    }
    let entries = if path == workspace { Vec::new() } else { vec![path.clone()] };
    let mut world = World::open(&workspace, entries);
    asked.into_iter().for_each(|language| world.insist_on(language));
    let analysis = world.analysis();
    // The process ends soon: freeing every directive before that takes longer than the system takes for all of it.
    std::mem::forget(world);
    let (project, language) = (&analysis.project, analysis.language);
    let real = project.vfs.canonical(&path);
    let named = project.files.values().find(|source| source.path.as_ref() == path || project.vfs.canonical(&source.path) == real);
    if let Some(problem) = named.and_then(|source| source.problem.as_ref()).filter(|problem| !problem.is_partial()) {
        let problem = problem.message().say(language);
        bail!(message!(language, "cli-path-problem", path = arguments.conf.display().to_string(), problem = problem));
    }
    let files: Vec<_> = named.map(|source| source.id).into_iter().collect();
    if files.is_empty() && path.is_file() {
        bail!(message!(language, "cli-not-nginx", path = arguments.conf.display().to_string()));
    }
    let question = Question {
        url: arguments.url.clone(),
        method: Some(arguments.method.clone()),
        headers: arguments.headers.clone(),
        client: arguments.client,
        at: files.first().map(|file| (*file, 0)),
    };
    let answer = trace::choose(&analysis, &files, &question).and_then(|chosen| trace::answer(chosen, &question));
    let answer = answer.map_err(|problem| anyhow!("{}: {problem}", arguments.conf.display()))?;
    let here = std::env::current_dir().unwrap_or_default();
    match arguments.format {
        TraceFormat::Text => print(&render::trace::text(&answer, &here), Some(arguments.color))?,
        TraceFormat::Json => print(&render::trace::json(&answer)?, None)?,
    }
    Ok(OK)
}
