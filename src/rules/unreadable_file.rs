//! `unreadable-file`: a file that could not be read, or not as it is.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::{Confidence, Finding, Rule, Severity};
use crate::message;
use crate::messages::Language;
use crate::project::includes::Include;
use crate::project::settings::Settings;
use crate::project::vfs::NoFile;
use crate::project::{FileId, Place, ReadProblem, SourceFile};
use crate::text::Span;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule =
    Rule { id: "unreadable-file", summary: "a file that can't be read, or not as it is", severity: Severity::Warning, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let (project, language) = (&analysis.project, analysis.language);
    let settings = project.vfs.id(&project.workspace.join(Settings::FILE));
    for notice in project.problems.iter().filter(|notice| notice.place.file != settings) {
        out.push(Finding::new(RULE.id, RULE.severity, Confidence::Proven, notice.place, notice.message.say(language)));
    }
    let mut included: FxHashMap<FileId, Vec<Place>> = FxHashMap::default();
    for (place, include) in project.roots.iter().flat_map(|root| &root.includes) {
        if let Include::Files(files) = include {
            files.iter().for_each(|file| included.entry(*file).or_default().push(*place));
        }
    }
    for source in project.files.values() {
        let Some(problem) = &source.problem else { continue };
        // What a person does not trust is told of once, for all of it.
        if *problem == ReadProblem::Outside {
            continue;
        }
        // A link that leads to a path on the server is whole there.
        let elsewhere = |(target, absolute): (PathBuf, bool)| absolute && !target.starts_with(&project.workspace);
        if *problem == ReadProblem::Missing && project.vfs.link_target(&source.path).is_some_and(elsewhere) {
            continue;
        }
        let name = match project.display_path(source.id) {
            whole if whole == "." => source.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            inside => inside,
        };
        let mut places = included.remove(&source.id).unwrap_or_default();
        places.sort();
        places.dedup();
        out.extend(findings(language, source, problem, &name, &places));
    }
}

fn findings(language: Language, source: &SourceFile, problem: &ReadProblem, name: &str, includes: &[Place]) -> Vec<Finding> {
    let own = Place { file: source.id, span: Span::at(0) };
    if problem.is_partial() {
        let at = source.text.to_str().find('\u{fffd}').unwrap_or(0) as u32;
        let place = Place { file: source.id, span: Span::new(at, at + '\u{fffd}'.len_utf8() as u32) };
        let message = message!(language, "unreadable-file-not-utf8", file = name);
        return vec![Finding::new(RULE.id, Severity::Hint, Confidence::Proven, place, message)];
    }
    // nginx itself refuses what is not there, no file, or not permitted; large and binary files it may well read.
    let (severity, consequence) = match problem {
        ReadProblem::Missing | ReadProblem::NotAFile(_) | ReadProblem::LinkLoop => (Severity::Error, "unreadable-file-no-start"),
        _ => (Severity::Warning, "unreadable-file-unknown"),
    };
    let places = if includes.is_empty() { &[own][..] } else { includes };
    let report = |place: &Place| {
        let message = message!(language, consequence, file = name, problem = problem.message().say(language));
        let mut finding = Finding::new(RULE.id, severity, Confidence::Proven, *place, message);
        if *problem == ReadProblem::Missing && !includes.is_empty() {
            finding = finding.note(message!(language, "unreadable-file-link"));
        }
        if *problem == ReadProblem::NotAFile(NoFile::Folder) {
            finding = finding.note(message!(language, "unreadable-file-docker"));
        }
        finding
    };
    places.iter().map(report).collect()
}
