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
    /// What of the build context gets into this stage or into any other one; empty where that is not known.
    pub sources: Vec<PathBuf>,
    /// `RUN` lines, with how many copies came before.
    pub runs: Vec<(String, usize)>,
    /// What runs at start: `ENTRYPOINT` and `CMD` as words, the form with a shell as `sh -c …`.
    pub start: Vec<String>,
    /// The words of `CMD` where an `ENTRYPOINT` gets them.
    pub arguments: Vec<String>,
    /// Where the last `CMD`, or the `ENTRYPOINT` that goes before it, is written.
    pub start_place: Option<Place>,
    /// `ENV`, in order; `None` for a value that an argument without value decides.
    pub environment: Vec<(String, Option<String>, Place)>,
    /// `EXPOSE`
    pub exposes: Vec<(u16, Place)>,
    /// `WORKDIR` where the program starts.
    pub workdir: Option<String>,
    /// What a `COPY` puts at a path that a variable hides, as it is written.
    pub hidden: Option<String>,
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
/// when absent. `args` are the build's (`--build-arg`); one without a value comes from the shell.
pub fn read(vfs: &Vfs, file: FileId, context: &Path, target: Option<&str>, args: &[(String, Option<String>)]) -> Option<Dockerfile> {
    let text = vfs.read(file).ok()?;
    let text = text.to_str();
    let mut stages: Vec<(Option<String>, Dockerfile)> = Vec::new();
    let mut workdir = String::from("/");
    let mut arguments: Vec<(String, String)> = Vec::new();
    let mut entrypoint = false;
    let mut sources: Option<Vec<PathBuf>> = Some(Vec::new());
    for (span, line) in instructions(&text) {
        let place = Place { file, span };
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        let rest = rest.trim();
        let filled = |text: &str| replace_arguments(text, &arguments);
        match name.to_ascii_uppercase().as_str() {
            "ARG" => {
                let mut changes = Vec::new();
                for word in interpolate::shell_words(rest) {
                    let (name, default) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
                    let given = args.iter().rev().find(|(known, _)| known == name);
                    let value = match given {
                        Some((_, value)) => value.clone(),
                        None => default.and_then(filled),
                    };
                    match value {
                        Some(value) => changes.push((name.to_owned(), Some(value))),
                        // Set by the shell, by nobody, or by what nobody knows: an ARG before it may still have given it.
                        None if given.is_some() || default.is_some() => changes.push((name.to_owned(), None)),
                        None => {}
                    }
                }
                apply(&mut arguments, changes);
            }
            "ENV" => {
                let words = interpolate::shell_words(rest);
                let pairs: Vec<(String, String)> = match rest.split_whitespace().next() {
                    // The old form: one name, the rest is the value.
                    Some(name) if !name.contains('=') => vec![(name.to_owned(), rest[name.len()..].trim().to_owned())],
                    _ => words
                        .iter()
                        .filter_map(|word| word.split_once('='))
                        .map(|(name, value)| (name.to_owned(), value.to_owned()))
                        .collect(),
                };
                let changes: Vec<(String, Option<String>)> = pairs.into_iter().map(|(name, value)| (name, filled(&value))).collect();
                if let Some((_, stage)) = stages.last_mut() {
                    stage.environment.extend(changes.iter().map(|(name, value)| (name.clone(), value.clone(), place)));
                }
                apply(&mut arguments, changes);
            }
            "EXPOSE" => {
                // `8080`, `8080/tcp`; a range says nothing of what listens.
                let ports = rest.split_whitespace().filter_map(filled);
                let ports = ports.filter_map(|word| word.trim_end_matches("/tcp").parse().ok());
                if let Some((_, stage)) = stages.last_mut() {
                    stage.exposes.extend(ports.map(|port| (port, place)));
                }
            }
            "ENTRYPOINT" | "CMD" => {
                let words = serde_json::from_str::<Vec<String>>(rest).unwrap_or_else(|_| vec!["sh".into(), "-c".into(), rest.to_owned()]);
                if let Some((_, stage)) = stages.last_mut() {
                    // docker-entrypoint.sh of the official images runs the CMD; any other ENTRYPOINT is asked alone.
                    let keeps = name.eq_ignore_ascii_case("CMD") && !stage.start.is_empty() && entrypoint;
                    if keeps {
                        stage.arguments = words;
                    } else {
                        let before = std::mem::replace(&mut stage.start, words);
                        if name.eq_ignore_ascii_case("ENTRYPOINT") && !entrypoint {
                            stage.arguments = before;
                        }
                        stage.start_place = Some(place);
                    }
                    entrypoint |= name.eq_ignore_ascii_case("ENTRYPOINT");
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
                entrypoint = false;
            }
            "WORKDIR" => {
                workdir = join(&workdir, &filled(rest).unwrap_or_else(|| rest.to_owned()));
                if let Some((_, stage)) = stages.last_mut() {
                    stage.workdir = Some(workdir.clone());
                }
            }
            "COPY" | "ADD" => {
                let copies = copies(vfs, rest, context, &workdir, place, &filled);
                match (&copies, &mut sources) {
                    (Some(copies), Some(sources)) => sources.extend(copies.iter().filter_map(|copy| copy.source.clone())),
                    _ => sources = None,
                }
                if let Some((_, stage)) = stages.last_mut() {
                    match copies {
                        Some(copies) => stage.copies.extend(copies),
                        None => stage.hidden = Some(rest.to_owned()),
                    }
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
    let mut stage = stages.swap_remove(index).1;
    // `RUN --mount=type=bind` brings in what it likes.
    let bound = stage.runs.iter().any(|(line, _)| line.starts_with("--mount=type=bind"));
    stage.sources = sources.filter(|_| !bound).unwrap_or_default();
    Some(stage)
}

/// Instructions with continued lines joined, comments left out; a here-document's body follows its RUN and is left out elsewhere.
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
            } else if let Some((_, whole)) =
                out.last_mut().filter(|(_, whole)| whole.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("RUN")))
            {
                // What RUN runs; of a COPY it is the file's content, which nobody asks for.
                whole.push('\n');
                whole.push_str(line);
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

/// Sets variables; one without a value is no longer known.
fn apply(arguments: &mut Vec<(String, String)>, changes: Vec<(String, Option<String>)>) {
    for (name, value) in changes {
        arguments.retain(|(known, _)| *known != name);
        arguments.extend(value.map(|value| (name, value)));
    }
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

fn copies(
    vfs: &Vfs,
    rest: &str,
    context: &Path,
    workdir: &str,
    place: Place,
    filled: &dyn Fn(&str) -> Option<String>,
) -> Option<Vec<Copy>> {
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
    let target = words.pop()?;
    // A path with a variable left in it (WORKDIR is kept as written) is no path that can be looked up.
    let target_path = filled(&target).map(|target| join(workdir, &target)).filter(|path| !path.contains('$'))?;
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
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_image_says_of_its_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("Dockerfile");
        let text = "FROM golang AS build\nENV CGO=0\nFROM alpine\nWORKDIR /app\nARG PORT=80\nENV PORT=$PORT NAME=\"a b\"\nEXPOSE 8080/tcp 9090\nCMD [\"--x\"]\nENTRYPOINT [\"/app/run\"]\n";
        std::fs::write(&path, text).expect("written");
        let vfs = Vfs::default();
        let image = read(&vfs, vfs.id(&path), folder.path(), None, &[]).expect("read");
        let environment: Vec<_> = image.environment.iter().map(|(name, value, _)| (name.as_str(), value.as_deref())).collect();
        assert_eq!(environment, [("PORT", Some("80")), ("NAME", Some("a b"))]);
        assert_eq!(image.exposes.iter().map(|(port, _)| *port).collect::<Vec<_>>(), [8080, 9090]);
        assert_eq!((image.start, image.arguments), (vec!["/app/run".to_owned()], vec!["--x".to_owned()]));
        assert_eq!(image.workdir.as_deref(), Some("/app"));
    }
}
