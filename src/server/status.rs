//! `experimental/serverStatus`: whether the server works, and what it can't do, for the line in which an editor shows that. As rust-analyzer has
//! it; only for clients that say that they know it (`experimental.serverStatusNotification`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::Backend;
use super::state::Checked;
use crate::message;
use crate::phrase;
use crate::project::Place;
use crate::project::settings::Settings;
use crate::rules::settings_problem;
use crate::world::Analysis;

/// Work that is over sooner is not worth a word.
const MOMENT: Duration = Duration::from_millis(200);

/// How many problems one message names.
const NAMED: usize = 5;

/// Where everybody notes what he is at.
#[derive(Debug, Clone, Default)]
pub struct Board(Arc<(Mutex<Notes>, Notify)>);

#[derive(Debug, Default)]
struct Notes {
    working: usize,
    since: Option<Instant>,
    problems: BTreeMap<(Source, u64), Vec<String>>,
}

/// Who has a problem, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The program itself.
    Failure,
    /// `nginx-analyzer.toml`
    Settings,
    /// The editor's settings.
    Editor,
    /// Access logs.
    Logs,
    /// What is not read because the workspace is not trusted.
    Trust,
}

/// Work that goes on until this is dropped.
#[derive(Debug)]
pub struct Work(Board);

impl Drop for Work {
    fn drop(&mut self) {
        let mut notes = self.0.lock();
        notes.working = notes.working.saturating_sub(1);
        drop(notes);
        self.0.0.1.notify_one();
    }
}

/// As it is sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Status {
    health: &'static str,
    quiescent: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Board {
    fn lock(&self) -> MutexGuard<'_, Notes> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something is done from now on.
    pub fn work(&self) -> Work {
        let mut notes = self.lock();
        if notes.working == 0 {
            notes.since = Some(Instant::now());
        }
        notes.working += 1;
        drop(notes);
        self.0.1.notify_one();
        Work(self.clone())
    }

    /// What is wrong with something of a workspace now; nothing, when it is all right.
    pub fn tell(&self, workspace: u64, source: Source, problems: Vec<String>) {
        let mut notes = self.lock();
        match problems.is_empty() {
            true => drop(notes.problems.remove(&(source, workspace))),
            false => drop(notes.problems.insert((source, workspace), problems)),
        }
        drop(notes);
        self.0.1.notify_one();
    }

    /// The workspace is gone.
    pub fn forget(&self, workspace: u64) {
        self.lock().problems.retain(|(_, of), _| *of != workspace);
        self.0.1.notify_one();
    }

    /// How it is, and when to look again although nothing changes. Work counts once it lasts for so long.
    fn status(&self, moment: Duration) -> (Status, Option<Duration>) {
        let notes = self.lock();
        let left = notes.since.filter(|_| notes.working > 0).map(|since| moment.saturating_sub(since.elapsed()));
        let health = match notes.problems.keys().next() {
            None => "ok",
            Some((Source::Failure, _)) => "error",
            Some(_) => "warning",
        };
        let mut told: Vec<&str> = Vec::new();
        for problem in notes.problems.values().flatten() {
            if told.len() < NAMED && !told.contains(&problem.as_str()) {
                told.push(problem);
            }
        }
        let message = (!told.is_empty()).then(|| told.join("\n"));
        let quiescent = left.is_none_or(|left| !left.is_zero());
        (Status { health, quiescent, message }, left.filter(|left| !left.is_zero()))
    }
}

/// Tells the client whenever it changes, as long as there is one.
pub async fn run(backend: Backend) {
    let mut last: Option<Status> = None;
    loop {
        // Who waits for a quiet moment, the first one or the next, is told of none while work goes on.
        let is_quiet = last.as_ref().is_some_and(|last| last.quiescent);
        let moment = if is_quiet { MOMENT } else { Duration::ZERO };
        let (now, again) = backend.board.status(moment);
        if last.as_ref() != Some(&now) {
            backend.outgoing.notify("experimental/serverStatus", json!(now));
            last = Some(now);
        }
        let changed = backend.board.0.1.notified();
        match again {
            Some(again) => drop(tokio::time::timeout(again, changed).await),
            None => changed.await,
        }
    }
}

/// What is wrong with the settings of a workspace, with the line: everything that is found in their file.
pub fn settings_problems(checked: &Checked) -> Vec<String> {
    let project = &checked.analysis.project;
    let file = project.vfs.id(&project.workspace.join(Settings::FILE));
    let findings = checked.findings.get(&file).into_iter().flat_map(|findings| findings.iter());
    findings.map(|finding| format!("{}: {}", project.path_and_line(Place { file, ..finding.place }), finding.message)).collect()
}

/// What was left out of a workspace that is not trusted.
pub fn untrusted(analysis: &Analysis) -> Vec<String> {
    let left_out = analysis.project.vfs.left_out();
    let Some(first) = left_out.first() else { return Vec::new() };
    let first = analysis.project.display(first);
    vec![message!(analysis.language, "status-untrusted", count = left_out.len(), first = first)]
}

/// Says what of the editor's settings can't be used.
pub fn tell_editor_settings(backend: &Backend) {
    let (problems, language) = {
        let state = backend.lock();
        (editor_problems(&state.settings), state.language(None))
    };
    let problems = problems.iter().map(|problem| message!(language, "status-editor-settings", problem = problem.say(language)));
    backend.board.tell(0, Source::Editor, problems.collect());
}

fn editor_problems(settings: &Value) -> Vec<crate::messages::Message> {
    let mut read = Settings::default();
    let mut problems = read.merge_json(settings);
    problems.extend(settings_problem::of_themselves(&read).into_iter().map(|nothing| {
        let key = format!("{}.{}", nothing.section, nothing.key);
        phrase!("settings-value", key = key, problem = nothing.message)
    }));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_counts_once_it_lasts_and_the_worst_problem_comes_first() {
        let board = Board::default();
        let quiet = |moment| board.status(moment).0.quiescent;
        assert!(quiet(Duration::ZERO));
        let work = board.work();
        assert!(!quiet(Duration::ZERO));
        assert!(quiet(Duration::from_secs(3_600)));
        assert!(board.status(Duration::from_secs(3_600)).1.is_some());
        drop(work);
        assert!(quiet(Duration::ZERO));
        board.tell(1, Source::Logs, vec!["b".into()]);
        board.tell(2, Source::Failure, vec!["a".into()]);
        let status = board.status(Duration::ZERO).0;
        assert_eq!((status.health, status.message.as_deref()), ("error", Some("a\nb")));
        board.forget(2);
        assert_eq!(board.status(Duration::ZERO).0.health, "warning");
        board.tell(1, Source::Logs, Vec::new());
        assert_eq!(board.status(Duration::ZERO).0, Status { health: "ok", quiescent: true, message: None });
    }

    #[test]
    fn an_editor_s_settings_that_say_nothing_are_told() {
        let problems = editor_problems(&json!({ "logs": { "window": "7x" }, "paths": { "etc/x": "x", "/etc/y": "y" } }));
        let said: Vec<String> = problems.iter().map(|problem| problem.say(crate::messages::Language::English)).collect();
        assert!(said[0].starts_with("`logs.window`: `7x` is no span of time"), "{said:?}");
        assert!(said[1].starts_with("`paths.etc/x`: `etc/x` is no path on the server"), "{said:?}");
        assert_eq!(said.len(), 2);
    }
}
