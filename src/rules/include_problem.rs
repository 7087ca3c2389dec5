//! `include-problem`: an `include` that leads nowhere, or in a circle.

use std::path::{Path, PathBuf};

use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::Language;
use crate::project::images;
use crate::project::includes::{self, Include};
use crate::project::paths::{Evidence, Mapped};
use crate::project::vfs::{Kind, normalize};
use crate::project::{Place, Project, Root, RootKind};
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule =
    Rule { id: "include-problem", summary: "an `include` that leads nowhere, or in a circle", severity: Severity::Error, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let (project, language) = (&analysis.project, analysis.language);
    for (root, config) in project.roots.iter().zip(&analysis.configs) {
        if let Some(entry) = config.gave_up {
            let message = message!(language, "include-problem-gave-up");
            out.push(Finding::new(RULE.id, Severity::Warning, Confidence::Proven, config.header(entry), message));
        }
        for entry in &config.unknown_includes {
            if !config.directive(*entry).is("include") {
                continue;
            }
            match root.includes.get(&config.place(*entry)) {
                Some(Include::Missing(path)) => out.push(missing(language, project, root, config, *entry, path)),
                Some(Include::Loop(file)) => {
                    let name = project.display_path(*file);
                    let message = message!(language, "include-problem-loop", name = &name);
                    let mut finding = Finding::new(RULE.id, Severity::Error, Confidence::Proven, place(config, *entry), message);
                    if let Some(from) = entry_of(root, *file) {
                        finding = finding.related(from, message!(language, "include-problem-read-from", name = name));
                    }
                    out.push(finding);
                }
                Some(Include::Unknown(_)) => out.extend(probably_missing(language, project, root, config, *entry)),
                Some(Include::Files(_)) | None => {}
            }
        }
    }
}

fn place(config: &Config, entry: EntryId) -> Place {
    config.arg_place(entry, 0)
}

/// The first `include` that leads to a file.
fn entry_of(root: &Root, file: crate::project::FileId) -> Option<Place> {
    let leads = |include: &Include| matches!(include, Include::Files(files) if files.contains(&file));
    root.includes.iter().filter(|(_, include)| leads(include)).map(|(place, _)| *place).min()
}

fn missing(language: Language, project: &Project, root: &Root, config: &Config, entry: EntryId, path: &Path) -> Finding {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let installed = images::is_installation(&root.conf_dir);
    let confidence = if installed { Confidence::Proven } else { Confidence::Likely };
    let shown = project.display(path);
    let message = message!(language, "include-problem-missing", file = shown);
    let mut finding = Finding::new(RULE.id, Severity::Error, confidence, place(config, entry), message);
    finding = finding.evidence(language, &evidence(project, root, config.directive(entry).arg(0).unwrap_or_default()));
    let id = match project.vfs.kind(folder) {
        Kind::Folder => "include-problem-looked",
        _ => "include-problem-no-folder",
    };
    finding = finding.note(message!(language, id, folder = shown_folder(language, project, folder)));
    with_near(language, project, config, entry, path, finding)
}

/// How the workspace tells where a path on the server is.
fn evidence(project: &Project, root: &Root, name: &str) -> Vec<Evidence> {
    let server_path = match (name.starts_with('/'), root.server_path.as_deref().and_then(|main| main.rsplit_once('/'))) {
        (true, _) => name.to_owned(),
        (false, Some((folder, _))) => format!("{folder}/{name}"),
        (false, None) => return Vec::new(),
    };
    match project.deployments.map(project, root.file, &server_path) {
        Some(Mapped::Missing { via, .. }) => via,
        _ => Vec::new(),
    }
}

/// A relative `include` of a file beside others that are here. The server may have it from elsewhere, so this speaks only when a
/// sibling is included in the same way, and the name is none that packages of nginx bring along.
fn probably_missing(language: Language, project: &Project, root: &Root, config: &Config, entry: EntryId) -> Option<Finding> {
    let name = config.directive(entry).arg(0)?;
    let plain = !name.starts_with('/') && !name.contains(['*', '?', '[', '$', '{', '\0']);
    if root.kind != RootKind::Main || !plain || includes::is_packaged(name) {
        return None;
    }
    let path = normalize(&root.conf_dir.join(name));
    let folder = path.parent()?;
    let sibling = root.includes.values().any(|include| match include {
        Include::Files(files) => files.iter().any(|file| project.vfs.path(*file).parent() == Some(folder)),
        _ => false,
    });
    if !sibling || project.vfs.kind(&path) != Kind::Missing || project.vfs.is_ignored(&project.workspace, &path) {
        return None;
    }
    let message = message!(language, "include-problem-siblings", file = project.display(&path));
    let finding = Finding::new(RULE.id, Severity::Warning, Confidence::Likely, place(config, entry), message)
        .note(message!(language, "include-problem-elsewhere"));
    Some(with_near(language, project, config, entry, &path, finding))
}

/// Adds "did you mean" when the folder has a file with nearly that name.
fn with_near(language: Language, project: &Project, config: &Config, entry: EntryId, path: &Path, finding: Finding) -> Finding {
    let Some(near) = nearest(project, path) else { return finding };
    let name = near.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let place = place(config, entry);
    let written = config.directive(entry).arg(0).unwrap_or_default();
    let replacement = match written.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{name}"),
        None => name.clone(),
    };
    let file = project.vfs.id(&near);
    let at = Place { file, span: crate::text::Span::at(0) };
    let plain = replacement.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
    let finding = finding.related(at, message!(language, "did-you-mean", name = name));
    if !plain {
        return finding;
    }
    let action = FixAction::Edit(vec![(place, replacement.clone())]);
    finding.fix(Fix { title: message!(language, "include-problem-fix", file = replacement), safe: false, action })
}

fn nearest(project: &Project, path: &Path) -> Option<PathBuf> {
    let wanted = path.file_name()?.to_str()?;
    let near = |other: &PathBuf| Some((strsim::damerau_levenshtein(wanted, other.file_name()?.to_str()?), other.clone()));
    let all = project.vfs.list(path.parent()?);
    let (distance, found) = all.iter().filter_map(near).min()?;
    (distance <= 2 && distance < wanted.len() && project.vfs.kind(&found) == Kind::File).then_some(found)
}

fn shown_folder(language: Language, project: &Project, folder: &Path) -> String {
    let shown = project.display(folder);
    if shown == "." { message!(language, "workspace-folder") } else { shown }
}
