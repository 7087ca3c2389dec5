//! `nginx-analyzer trace`: which location serves a URL, and every step that leads there.

use anyhow::{anyhow, bail};

use super::args::{TraceArguments, TraceFormat};
use super::workspace::Opened;
use super::{OK, print, render, workspace};
use crate::ide::trace::{self, Question};
use crate::message;
use crate::messages::Language;

/// Traces and prints.
/// `asked` is the language that was asked for.
pub(super) fn run(arguments: &TraceArguments, asked: Option<Language>) -> anyhow::Result<u8> {
    let conf = std::slice::from_ref(&arguments.conf);
    let Opened { workspace, entries, mut world } = workspace::open(conf, arguments.workspace.as_deref(), None, asked)?;
    let path = entries.into_iter().next().unwrap_or(workspace);
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
