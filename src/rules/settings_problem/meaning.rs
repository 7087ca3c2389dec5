//! Settings that are right by their form and say nothing.

use crate::messages::Message;
use crate::nginx::templates;
use crate::phrase;
use crate::project::RootKind;
use crate::project::settings::Settings;
use crate::project::vfs::{Kind, normalize};
use crate::rules::unused_definition::has_problems;
use crate::usage::definitions::{Protocol, unseen};
use crate::usage::logs::Since;
use crate::world::{Analysis, View};

/// A setting that says nothing.
#[derive(Debug)]
pub(crate) struct Nothing {
    /// Its section.
    pub section: &'static str,
    /// Its key there.
    pub key: String,
    /// Is it the value that says nothing? Else the key.
    pub is_value: bool,
    /// Why.
    pub message: Message,
}

/// Whatever the workspace: a span of time that is none, a path on the server that is none.
pub(crate) fn of_themselves(settings: &Settings) -> Vec<Nothing> {
    let window = &settings.logs.window;
    let window = Since::parse(window).is_none().then(|| phrase!("settings-window", window = window.as_str()));
    let window = window.map(|message| Nothing { section: "logs", key: "window".into(), is_value: true, message });
    // On Windows nginx has paths with a drive.
    let relative = settings.paths.keys().filter(|path| !path.starts_with('/') && path.as_bytes().get(1) != Some(&b':'));
    let relative = relative.map(|path| {
        let message = phrase!("settings-path-relative", path = path.as_str());
        Nothing { section: "paths", key: path.clone(), is_value: false, message }
    });
    window.into_iter().chain(relative).collect()
}

/// All that say nothing in this workspace.
pub(super) fn all(analysis: &Analysis) -> Vec<Nothing> {
    let mut out = of_themselves(&analysis.project.settings);
    missing_folders(analysis, &mut out);
    unknown_upstreams(analysis, &mut out);
    out
}

/// `[paths]` that lead to nothing: what Git ignores is made, and may be there elsewhere.
fn missing_folders(analysis: &Analysis, out: &mut Vec<Nothing>) {
    let project = &analysis.project;
    for (path, local) in &project.settings.paths {
        let target = normalize(&project.workspace.join(local));
        let is_missing = target.starts_with(&project.workspace)
            && project.vfs.may_read(&target)
            && project.vfs.kind(&target) == Kind::Missing
            && !project.vfs.is_ignored(&project.workspace, &target);
        if is_missing {
            let message = phrase!("settings-path-missing", local = local.as_str(), path = path.as_str());
            out.push(Nothing { section: "paths", key: path.clone(), is_value: true, message });
        }
    }
}

/// `[upstreams.NAME]` of a name that nothing in any configuration has. Silent where a name can come from elsewhere.
fn unknown_upstreams(analysis: &Analysis, out: &mut Vec<Nothing>) {
    let settings = &analysis.project.settings.upstreams;
    if settings.is_empty() || analysis.views().next().is_none() || !analysis.views().all(is_whole) {
        return;
    }
    for name in settings.keys() {
        let host = name.rsplit_once(':').map_or(name.as_str(), |(host, _)| host).to_ascii_lowercase();
        if analysis.views().any(|view| mentions(view, &host)) {
            continue;
        }
        let known = analysis.views().flat_map(|view| view.config.upstreams.iter()).map(|upstream| &*upstream.name);
        let near = known.map(|known| (strsim::damerau_levenshtein(name, known), known)).min().filter(|(distance, _)| *distance <= 2);
        let message = match near {
            Some((_, near)) => phrase!("settings-upstream-near", name = name.as_str(), near = near),
            None => phrase!("settings-upstream-unknown", name = name.as_str()),
        };
        out.push(Nothing { section: "upstreams", key: name.clone(), is_value: false, message });
    }
}

/// Is everything read that can pass requests on, and every name of a backend written out?
fn is_whole(view: View<'_>) -> bool {
    let config = view.config;
    let computed = |text: &str| text.contains('$') || templates::has_mark(text);
    view.root.kind == RootKind::Main
        && config.gave_up.is_none()
        && !has_problems(view.project, config)
        && [Protocol::Http, Protocol::Stream].into_iter().all(|protocol| unseen(config, protocol, false).next().is_none())
        && config.entries.iter().all(|entry| {
            let directive = &entry.directive;
            !(directive.name.value.ends_with("_pass") || directive.is("server")) || !directive.args.iter().any(|word| computed(&word.value))
        })
}

/// Does a word of the configuration have the name in it, with nothing around it that could belong to it?
fn mentions(view: View<'_>, host: &str) -> bool {
    let belongs = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let stands = |text: &str, at: usize| {
        let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + host.len()..).unwrap_or_default());
        !before.ends_with(belongs) && !behind.starts_with(belongs)
    };
    let has = |text: &str| {
        let text = if text.len() < host.len() { String::new() } else { text.to_ascii_lowercase() };
        text.match_indices(host).any(|(at, _)| stands(&text, at))
    };
    view.config.entries.iter().any(|entry| entry.directive.args.iter().any(|word| has(&word.value)))
}
