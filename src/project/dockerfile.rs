//! Dockerfiles: what the last stage copies where, and what else it says.

use std::path::{Path, PathBuf};

use super::interpolate::{self, Environment};
use super::vfs::normalize;
use super::{FileId, Place, Vfs};
use crate::text::Span;

/// What a Dockerfile says of the image that is built.
#[derive(Debug, Clone, Default)]
pub struct Dockerfile {
    /// The image that the last stage starts from, stages in between followed; `None` when a variable hides it.
    pub base: Option<String>,
    /// `COPY` and `ADD`, in order.
    pub copies: Vec<Copy>,
    /// `RUN` lines, with how many copies came before.
    pub runs: Vec<(String, usize)>,
    /// `HEALTHCHECK`'s command.
    pub healthcheck: Option<(String, Place)>,
}

/// One `COPY` or `ADD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Absolute path in the build context; `None` for what comes from another stage, an image, an archive or the network.
    pub source: Option<PathBuf>,
    /// The source as it is written.
    pub written: String,
    /// Absolute path in the image.
    pub target: String,
    /// True when the target is a folder that the source is put into.
    pub into: bool,
    /// Where it is written.
    pub place: Place,
}

/// Reads a Dockerfile; `context` is the folder that sources are relative to. `target` is the stage that is built; the last one
/// when absent.
pub fn read(vfs: &Vfs, file: FileId, context: &Path, target: Option<&str>) -> Option<Dockerfile> {
    let text = vfs.read(file).ok()?;
    let text = text.to_str();
    let mut stages: Vec<(Option<String>, Dockerfile)> = Vec::new();
    let mut workdir = String::from("/");
    let mut arguments: Vec<(String, String)> = Vec::new();
    for (span, line) in instructions(&text) {
        let place = Place { file, span };
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        let rest = rest.trim();
        let filled = |text: &str| replace_arguments(text, &arguments);
        match name.to_ascii_uppercase().as_str() {
            "ARG" | "ENV" => {
                if let Some((name, value)) = rest.split_once('=').or_else(|| rest.split_once(' ')) {
                    let value = interpolate::shell_words(value).into_iter().next().unwrap_or_default();
                    arguments.push((name.trim().to_owned(), filled(&value).unwrap_or(value)));
                }
            }
            "FROM" => {
                let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
                let image = words.first().and_then(|image| filled(image));
                let alias = words.get(2).map(|name| (*name).to_owned());
                // A stage that starts from another has all that the other has.
                let earlier = image.as_deref().and_then(|image| stages.iter().find(|(alias, _)| alias.as_deref() == Some(image)));
                let stage = earlier.map_or_else(|| Dockerfile { base: image.clone(), ..Dockerfile::default() }, |(_, stage)| stage.clone());
                stages.push((alias, stage));
                workdir = "/".into();
            }
            "WORKDIR" => workdir = join(&workdir, &filled(rest).unwrap_or_else(|| rest.to_owned())),
            "COPY" | "ADD" => {
                let copies = copies(vfs, rest, context, &workdir, place, &filled);
                if let Some((_, stage)) = stages.last_mut() {
                    stage.copies.extend(copies);
                }
            }
            "RUN" => {
                if let Some((_, stage)) = stages.last_mut() {
                    let before = stage.copies.len();
                    stage.runs.push((rest.to_owned(), before));
                }
            }
            "HEALTHCHECK" => {
                if let (Some((_, stage)), Some(at)) = (stages.last_mut(), rest.find("CMD")) {
                    stage.healthcheck = Some((rest[at + 3..].trim().to_owned(), place));
                }
            }
            _ => {}
        }
    }
    let wanted = target.and_then(|target| stages.iter().position(|(alias, _)| alias.as_deref() == Some(target)));
    let index = wanted.unwrap_or(stages.len().checked_sub(1)?);
    Some(stages.swap_remove(index).1)
}

/// Instructions with continued lines joined, comments and the bodies of here-documents left out.
fn instructions(text: &str) -> Vec<(Span, String)> {
    let mut out: Vec<(Span, String)> = Vec::new();
    let mut pending: Option<(u32, String)> = None;
    let mut heredoc: Option<String> = None;
    let mut at = 0u32;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len() as u32;
        let line = line.trim_end_matches(['\n', '\r']);
        if let Some(end) = &heredoc {
            if line.trim() == end {
                heredoc = None;
            }
            continue;
        }
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && pending.is_none()) {
            continue;
        }
        let (from, mut whole) = pending.take().unwrap_or((start + (line.len() - line.trim_start().len()) as u32, String::new()));
        if let Some(continued) = trimmed.strip_suffix('\\') {
            whole.push_str(continued);
            whole.push(' ');
            pending = Some((from, whole));
            continue;
        }
        whole.push_str(trimmed);
        if let Some(mark) = whole.find("<<") {
            let word: String =
                whole[mark + 2..].trim_start_matches(['-', '"', '\'']).chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !word.is_empty() {
                heredoc = Some(word);
            }
        }
        out.push((Span::new(from, start + line.len() as u32), whole));
    }
    if let Some((from, whole)) = pending {
        out.push((Span::new(from, at), whole));
    }
    out
}

fn replace_arguments(text: &str, arguments: &[(String, String)]) -> Option<String> {
    let mut environment = Environment::default();
    environment.extend(arguments);
    interpolate::interpolate(text, &environment)
}

fn join(folder: &str, path: &str) -> String {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", folder.trim_end_matches('/')) };
    normalize(Path::new(&whole)).to_string_lossy().into_owned()
}

fn copies(vfs: &Vfs, rest: &str, context: &Path, workdir: &str, place: Place, filled: &dyn Fn(&str) -> Option<String>) -> Vec<Copy> {
    let mut words: Vec<String> = Vec::new();
    let mut foreign = false;
    let mut rest = rest;
    while let Some(flags) = rest.strip_prefix("--") {
        let (flag, after) = flags.split_once(char::is_whitespace).unwrap_or((flags, ""));
        foreign |= flag.starts_with("from=");
        rest = after.trim_start();
    }
    if rest.starts_with('[') {
        words.extend(serde_json::from_str::<Vec<String>>(rest).unwrap_or_default());
    } else {
        words.extend(interpolate::shell_words(rest));
    }
    let Some(target) = words.pop() else { return Vec::new() };
    let Some(target_path) = filled(&target).map(|target| join(workdir, &target)) else { return Vec::new() };
    let several = words.len() > 1;
    let mut out = Vec::new();
    for word in words {
        let remote = foreign
            || word.starts_with("<<")
            || word.contains("://")
            || [".tar", ".gz", ".xz", ".bz2", ".zip", ".tgz"].iter().any(|end| word.ends_with(end));
        let source = filled(&word).filter(|_| !remote).map(|word| normalize(&context.join(word.trim_start_matches('/'))));
        let sources = match source {
            Some(pattern) if word.contains(['*', '?', '[']) => vfs.glob(&pattern).into_iter().map(Some).collect(),
            source => vec![source],
        };
        for source in sources {
            let is_folder = source.as_ref().is_some_and(|source| vfs.kind(source) == super::vfs::Kind::Folder);
            // A folder's content goes to the target; a file goes into it when it is written as a folder, or has no extension
            // while the file has one.
            let named_as_folder = target.ends_with('/') || target.ends_with("/.") || target == ".";
            let extension = |path: &str| Path::new(path).extension().is_some();
            let into = !is_folder && (named_as_folder || several || (extension(&word) && !extension(&target_path)));
            out.push(Copy { source, written: word.clone(), target: target_path.clone(), into, place });
        }
    }
    out
}
