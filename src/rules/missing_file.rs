//! `missing-file`: a file that the configuration needs and the workspace does not have where it should be.

use super::{Confidence, Finding, Rule, Severity};
use crate::config::Config;
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::nginx::files::Names;
use crate::project::Project;
use crate::project::paths::Mapped;
use crate::project::vfs::Kind;
use crate::usage::files::{Consequence, Need};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule { id: "missing-file", summary: "a file that is needed and not there", severity: Severity::Warning, check };

/// How many names of a folder a note lists.
const LISTED: usize = 5;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let needs = view.needs().iter().filter(|need| !never_runs(view, need));
        out.extend(needs.filter_map(|need| finding(view.language, view.project, view.config, need)));
    }
}

/// Directives of the phases behind the rewrites of a location.
const BEHIND: [&str; 5] =
    ["access_by_lua_file", "auth_basic_user_file", "content_by_lua_file", "precontent_by_lua_file", "rewrite_by_lua_file"];

/// Does every request leave the location before it would need the file? (`dead-directive` says so of the directive itself.)
fn never_runs(view: View<'_>, need: &Need) -> bool {
    let Some(location) = need.location.filter(|_| BEHIND.contains(&&*need.what)) else { return false };
    let location = view.config.location(location);
    // What stands in a location holds in those inside of it, too.
    location.locations.is_empty() && view.sequences().of(location.entry).is_some_and(|sequence| sequence.never_stays().is_some())
}

fn finding(language: Language, project: &Project, config: &Config, need: &Need) -> Option<Finding> {
    let Mapped::Missing { path, via, near } = &need.mapped else { return None };
    let shown = project.display(path);
    let effect = effect(language, config, need);
    let (severity, confidence) = match need.consequence {
        Consequence::NoStart => (Severity::Error, Confidence::Proven),
        Consequence::NoStartIfUsed => (Severity::Error, Confidence::Likely),
        Consequence::Nothing => return None,
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
    let mut finding =
        Finding::new(RULE.id, severity, confidence, need.place, message!(language, "missing-file-says", file = &shown, effect = effect));
    let folder = path.parent().filter(|folder| project.vfs.kind(folder) == Kind::Folder);
    for (index, evidence) in via.iter().enumerate() {
        let mut message = evidence.message.say(language);
        if index + 1 == via.len() {
            message = message!(language, "missing-file-would-be", evidence = message, file = &shown);
            if let Some(folder) = folder {
                message = message!(language, "missing-file-folder", evidence = message, contents = contents(language, project, folder));
            }
        }
        finding = match evidence.place {
            Some(place) => finding.related(place, message),
            None => finding.note(message),
        };
    }
    if let Some(near) = near {
        finding = finding.note(message!(language, "did-you-mean", name = near.file_name().unwrap_or_default().to_string_lossy()));
    }
    if !need.elsewhere.is_empty() {
        finding = finding.note(message!(language, "missing-file-image", images = join(language, Joint::Comma, &need.elsewhere)));
    }
    if need.consequence == Consequence::NoStartIfUsed {
        finding = finding.note(message!(language, "missing-file-tls"));
    }
    Some(finding)
}

/// "./html has admin_manager.html, token_manager.html, …"
fn contents(language: Language, project: &Project, folder: &std::path::Path) -> String {
    let list = project.vfs.list(folder);
    let names: Vec<String> = list
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .filter(|name| !name.starts_with('.'))
        .collect();
    let shown = match project.display(folder) {
        whole if whole == "." => message!(language, "workspace-folder"),
        inside => format!("{inside}/"),
    };
    match names.len() {
        0 => message!(language, "missing-file-empty", folder = shown),
        count if count > LISTED => {
            let names = join(language, Joint::Comma, &names[..LISTED]);
            message!(language, "missing-file-has-more", folder = shown, names = names, count = count)
        }
        _ => message!(language, "missing-file-has", folder = shown, names = join(language, Joint::Comma, &names)),
    }
}

fn effect(language: Language, config: &Config, need: &Need) -> String {
    let location = need.location.map(|location| format!("`location {}`", config.location(location).matcher.display()));
    match need.consequence {
        _ if need.what == "require" => message!(language, "missing-file-require", path = &need.server_path),
        Consequence::NoStart => message!(language, "missing-file-no-start"),
        Consequence::NoStartIfUsed => message!(language, "missing-file-no-start-tls"),
        Consequence::Status(status) if need.what == "try_files" => message!(language, "missing-file-try-files", status = status),
        Consequence::Status(status) => match location {
            Some(location) => message!(language, "missing-file-status", subject = location, status = status),
            None => message!(language, "missing-file-status-request", status = status),
        },
        Consequence::RequestFails => message!(language, "missing-file-fails", what = &need.what),
        Consequence::WorkerError => message!(language, "missing-file-worker", what = &need.what),
        Consequence::PlainErrorPage => message!(language, "missing-file-plain-page"),
        Consequence::Nothing => String::new(),
    }
}
