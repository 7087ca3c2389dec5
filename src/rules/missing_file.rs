//! `missing-file`: a file that the configuration needs and the workspace does not have where it should be.

use super::{Confidence, Finding, Rule, Severity};
use crate::config::Config;
use crate::nginx::files::Names;
use crate::project::Project;
use crate::project::paths::Mapped;
use crate::project::vfs::Kind;
use crate::usage::files::{Consequence, Need};
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule { id: "missing-file", summary: "a file that is needed and not there", severity: Severity::Warning, check };

/// How many names of a folder a note lists.
const LISTED: usize = 5;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        out.extend(view.needs().iter().filter_map(|need| finding(view.project, view.config, need)));
    }
}

fn finding(project: &Project, config: &Config, need: &Need) -> Option<Finding> {
    let Mapped::Missing { path, via, near } = &need.mapped else { return None };
    let shown = project.display(path);
    let effect = effect(config, need);
    let (severity, confidence) = match need.consequence {
        Consequence::NoStart => (Severity::Error, Confidence::Proven),
        Consequence::NoStartIfUsed => (Severity::Error, Confidence::Likely),
        // A folder without files is in no repository: it may be made on the way.
        _ if need.names == Names::Folder => (Severity::Hint, Confidence::Hint),
        Consequence::PlainErrorPage => (Severity::Hint, Confidence::Likely),
        Consequence::WorkerError => (Severity::Warning, Confidence::Proven),
        Consequence::Status(_) | Consequence::RequestFails
            if need.what == "require" || need.what == "try_files" || need.what == "location" =>
        {
            (Severity::Warning, Confidence::Likely)
        }
        Consequence::Status(_) | Consequence::RequestFails => (Severity::Warning, Confidence::Proven),
    };
    let mut finding = Finding::new(RULE.id, severity, confidence, need.place, format!("{shown} does not exist: {effect}"));
    let folder = path.parent().filter(|folder| project.vfs.kind(folder) == Kind::Folder);
    for (index, evidence) in via.iter().enumerate() {
        let mut message = evidence.message.clone();
        if index + 1 == via.len() {
            message = format!("{message}, so the file would be {shown}");
            if let Some(folder) = folder {
                message = format!("{message}; {}", contents(project, folder));
            }
        }
        finding = match evidence.place {
            Some(place) => finding.related(place, message),
            None => finding.note(message),
        };
    }
    if let Some(near) = near {
        finding = finding.note(format!("did you mean {}?", near.file_name().unwrap_or_default().to_string_lossy()));
    }
    if !need.elsewhere.is_empty() {
        finding = finding.note(format!("it would be false if the image had it: in {}", need.elsewhere.join(", ")));
    }
    if need.consequence == Consequence::NoStartIfUsed {
        finding = finding.note("nginx reads it only where TLS is in use");
    }
    Some(finding)
}

/// "./html has admin_manager.html, token_manager.html, …"
fn contents(project: &Project, folder: &std::path::Path) -> String {
    let list = project.vfs.list(folder);
    let names: Vec<String> = list
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .filter(|name| !name.starts_with('.'))
        .collect();
    let shown = match project.display(folder) {
        whole if whole == "." => "the workspace's folder".to_owned(),
        inside => format!("{inside}/"),
    };
    match names.len() {
        0 => format!("{shown} is empty"),
        count if count > LISTED => format!("{shown} has {}, … ({count} in all)", names[..LISTED].join(", ")),
        _ => format!("{shown} has {}", names.join(", ")),
    }
}

fn effect(config: &Config, need: &Need) -> String {
    let location = need.location.map(|location| format!("`location {}`", config.location(location).matcher.display()));
    let subject = location.unwrap_or_else(|| "the request".to_owned());
    match need.consequence {
        _ if need.what == "require" => format!("require \"{}\" raises an error", need.server_path),
        Consequence::NoStart => "nginx refuses to start".to_owned(),
        Consequence::NoStartIfUsed => "nginx refuses to start with TLS".to_owned(),
        Consequence::Status(status) if need.what == "try_files" => format!("`try_files` ends in {status}"),
        Consequence::Status(status) => format!("{subject} answers {status}"),
        Consequence::RequestFails => format!("{} fails", need.what),
        Consequence::WorkerError => format!("{} fails in every worker, which goes on without it", need.what),
        Consequence::PlainErrorPage => "errors show nginx's built-in page".to_owned(),
    }
}
