//! What the report rests on: files with their hashes, logs with what they cover, what was searched for callers.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::Offset;
use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};

use super::{CallerFiles, ConfigurationFile, LeftOut, LogFile, Read, Window};
use crate::project::{FileId, SourceFile};
use crate::usage::logs::{Logs, Seconds};
use crate::usage::words;
use crate::world::{Analysis, View};

pub(super) fn read(analysis: &Analysis) -> Read {
    let project = &analysis.project;
    let roots: FxHashSet<FileId> = project.roots.iter().map(|root| root.file).collect();
    let mut configurations: Vec<ConfigurationFile> = project
        .files
        .values()
        .map(|source| ConfigurationFile {
            file: project.display_path(source.id),
            root: roots.contains(&source.id),
            lines: source.text.line_count() - u32::from(ends_in_break(source)),
            sha256: source.problem.is_none().then(|| sha256(&source.text.to_str())),
        })
        .collect();
    configurations.sort_by(|a, b| (!a.root, &a.file).cmp(&(!b.root, &b.file)));
    let callers = analysis.views().next().map(|view| {
        let callers = view.callers();
        let left_out =
            callers.left_out.iter().map(|(path, reason)| LeftOut { file: project.display(path), reason: reason.say(analysis.language) });
        CallerFiles { files: callers.files, found: callers.all.len(), left_out: left_out.collect() }
    });
    Read { configurations, images: images(analysis), logs: logs(analysis), window: window(analysis), callers: callers.unwrap_or_default() }
}

/// Each once, in the order of the configurations.
fn images(analysis: &Analysis) -> Vec<String> {
    let project = &analysis.project;
    let mut out: Vec<String> = Vec::new();
    for root in &project.roots {
        for image in project.deployments.of(&project.vfs.path(root.file)).filter_map(|deployment| deployment.image_name.as_ref()) {
            if !out.contains(image) {
                out.push(image.clone());
            }
        }
    }
    out
}

/// An empty last line is none.
fn ends_in_break(source: &SourceFile) -> bool {
    let last = source.text.line_count().saturating_sub(1);
    last > 0 && source.text.full_line_span(last).is_empty()
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Every log once, although each configuration has read it.
fn logs(analysis: &Analysis) -> Vec<LogFile> {
    let mut out: Vec<LogFile> = Vec::new();
    for logs in analysis.views().filter_map(View::logs) {
        for source in &logs.sources {
            let file = path(analysis, &source.path);
            match out.iter_mut().find(|known| known.file == file) {
                Some(known) => {
                    // A line may be a request in the formats of one configuration only.
                    known.requests = known.requests.max(source.requests);
                    known.formats.extend(source.formats.iter().map(ToString::to_string));
                    known.formats.sort();
                    known.formats.dedup();
                }
                None => out.push(LogFile {
                    file,
                    bytes: source.bytes,
                    sha256: Some(source.sha256.clone()).filter(|hash| !hash.is_empty()),
                    lines: source.lines,
                    requests: source.requests,
                    formats: source.formats.iter().map(ToString::to_string).collect(),
                    first: source.window.and_then(|(first, _)| time(logs, first)),
                    last: source.window.and_then(|(_, last)| time(logs, last)),
                    problem: source.problem.as_ref().map(|problem| problem.say(analysis.language)),
                }),
            }
        }
    }
    out
}

/// A log's path as it is shown.
pub(super) fn path(analysis: &Analysis, path: &std::path::Path) -> String {
    if path.as_os_str() == "-" { "-".to_owned() } else { analysis.project.display(path) }
}

/// What the logs of all configurations cover together.
fn window(analysis: &Analysis) -> Option<Window> {
    let with_window = |logs: &&Logs| logs.window.is_some();
    let widest = analysis.views().filter_map(View::logs).filter(with_window).max_by_key(|logs| {
        let (first, last) = logs.window.unwrap_or_default();
        last.saturating_sub(first)
    })?;
    let (first, last) = widest.window?;
    Some(Window {
        first: time(widest, first)?,
        last: time(widest, last)?,
        days: words::days(widest),
        asked_days: widest.asked.map(|seconds| u64::try_from(seconds / 86_400).unwrap_or(0)),
        text: words::window(widest, analysis.language),
    })
}

/// As in ISO 8601, in the logs' own time zone; `None` for a moment that no calendar has.
pub(super) fn time(logs: &Logs, time: Seconds) -> Option<String> {
    let offset = Offset::from_seconds(logs.offset).ok()?;
    let local = offset.to_datetime(Timestamp::from_second(time).ok()?);
    let sign = if logs.offset < 0 { '-' } else { '+' };
    let minutes = logs.offset.unsigned_abs() / 60;
    Some(format!("{}{sign}{:02}:{:02}", local.strftime("%Y-%m-%dT%H:%M:%S"), minutes / 60, minutes % 60))
}
