//! `nginx-analyzer.cleanup.plan`, `.apply`, `.status`, `.restore`, `.finish`: commands of `workspace/executeCommand`.
//!
//! Only these write to disk: the archive, its record, the backup beside a file, and Lua and HTML files that are moved into the archive or
//! come back. The text of configuration files is changed by the editor (`workspace/applyEdit`), and no command is ever run.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types::*;
use tower_lsp::jsonrpc::{Error, Result};

use super::{code_action, execute_command};
use crate::cleanup::finish::{self, Which};
use crate::cleanup::plan::{self, Asked};
use crate::cleanup::status;
use crate::cleanup::{FileEdits, describe, difference};
use crate::message;
use crate::messages::Language;
use crate::project::FileId;
use crate::project::vfs::{self, Vfs};
use crate::rules::Finding;
use crate::server::convert::Converter;
use crate::server::features::Features;
use crate::server::state::{Checked, Snapshot};
use crate::server::{Backend, content_modified};
use crate::store::record::{State, What};
use crate::store::{self, Job, Prepared, Problem, Store, jobs};
use crate::text::Text;
use crate::usage::logs::{Options, Since};
use crate::world::logs;

/// What their names begin with.
pub const PREFIX: &str = "nginx-analyzer.cleanup.";
/// What would be done.
pub const PLAN: &str = "nginx-analyzer.cleanup.plan";
/// Back up and comment out.
pub const APPLY: &str = "nginx-analyzer.cleanup.apply";
/// What waits.
pub const STATUS: &str = "nginx-analyzer.cleanup.status";
/// Take back.
pub const RESTORE: &str = "nginx-analyzer.cleanup.restore";
/// Delete what is due.
pub const FINISH: &str = "nginx-analyzer.cleanup.finish";

/// Their argument.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Argument {
    /// A file of the configuration.
    uri: Uri,
    /// Only what these rules found.
    #[serde(default)]
    rules: Vec<String>,
    /// The blocks at these lines.
    #[serde(default)]
    at: Vec<At>,
    /// Only what is proven.
    #[serde(default)]
    proven: bool,
    /// Also what is not safe.
    #[serde(default)]
    all: bool,
    /// Of a clean-up to take back.
    id: Option<String>,
    /// Only say what would be done (`finish`, `restore`).
    #[serde(default)]
    dry_run: bool,
}

/// A line of a file.
#[derive(Debug, Deserialize)]
struct At {
    uri: Uri,
    /// From 0.
    line: u32,
}

/// What a command comes to: the answer, and what is to be done once the editor made the edits.
struct Outcome {
    answer: Value,
    work: Option<Work>,
}

struct Work {
    prepared: Prepared,
    edit: WorkspaceEdit,
    done: String,
    language: Language,
}

/// Runs one of them. The answer comes before the editor is asked for its edits: it says what they are.
pub async fn handle(backend: &Backend, command: &str, argument: Value) -> Result<Value> {
    let asked: Argument = execute_command::asked(command, argument)?;
    let command = [PLAN, APPLY, STATUS, RESTORE, FINISH].into_iter().find(|one| *one == command);
    let language = backend.lock().language(None);
    let Some(command) = command else {
        return Err(Error::invalid_params(message!(language, "cleanup-no-step")));
    };
    // What is chosen by its place is that of the text as it is now.
    if asked.at.is_empty() && (command == PLAN || command == APPLY) {
        backend.logs_known_near(&asked.uri).await;
    }
    let (site, lines) = {
        let state = backend.lock();
        let Some((snapshot, _)) = state.snapshot_near(&asked.uri) else {
            return Err(Error::invalid_params(message!(language, "server-not-nginx")));
        };
        let lines = asked.at.iter().map(|at| {
            let near = state.snapshot_near(&at.uri).filter(|(other, _)| other.key == snapshot.key);
            near.map(|(_, file)| (file, at.line))
                .ok_or_else(|| Error::invalid_params(message!(language, "cleanup-no-configuration", file = at.uri.0.as_str())))
        });
        let lines = lines.collect::<Result<Vec<_>>>()?;
        (snapshot, lines)
    };
    let features = backend.features().clone();
    let writes = matches!(command, APPLY | RESTORE | FINISH) && !asked.dry_run;
    // What is kept of earlier clean-ups may lead anywhere, too.
    let untrusted = backend.lock().untrusted;
    if untrusted && (writes || command == RESTORE) {
        return Err(Error::invalid_params(message!(language, "cleanup-untrusted")));
    }
    if writes && !features.apply_edit {
        return Err(Error::invalid_params(message!(language, "cleanup-editor-no-edits")));
    }
    let state = backend.state.clone();
    let answer = backend.answer(move |cancel| {
        let checked = site.check(&state, cancel)?;
        let task = Task { snapshot: &site, checked: &checked, features: &features, asked: &asked, lines, cancel };
        Some(task.run(command))
    });
    let outcome = answer.await.ok_or_else(content_modified)?.map_err(Error::invalid_params)?;
    if let Some(work) = outcome.work {
        tokio::spawn(ask(backend.clone(), work));
    }
    Ok(outcome.answer)
}

/// Asks the editor for the edits, then closes the record, or takes back what was prepared.
async fn ask(backend: Backend, work: Work) {
    let Work { prepared, edit, done, language } = work;
    let applied = match (&edit.changes, &edit.document_changes) {
        (None, None) => Ok(()),
        _ => match backend.client.apply_edit(edit).await {
            Ok(response) if response.applied => Ok(()),
            Ok(response) => Err(response.failure_reason.unwrap_or_else(|| message!(language, "cleanup-editor-refused"))),
            Err(error) => Err(error.to_string()),
        },
    };
    let finished = backend.compute(move || match applied {
        Ok(()) => prepared.confirm().map(|record| (record, done)),
        Err(why) => Err(prepared.abandon(why)),
    });
    let (kind, text) = match finished.await {
        Ok(Ok((record, done))) => {
            let mut state = backend.lock();
            let folders: Vec<_> = state.workspaces.iter().map(|it| it.folder.clone()).collect();
            let moved = || record.files.iter().filter(|file| file.moved).chain(&record.brought);
            let paths: Vec<_> =
                folders.iter().map(|folder| Store::new(folder)).flat_map(|store| moved().map(move |file| store.path(&file.path))).collect();
            state.disk_changed(&paths);
            (MessageType::Info, done)
        }
        Ok(Err(problem)) => (MessageType::Error, message!(language, "cleanup-taken-back", why = problem.say(language))),
        Err(_) => (MessageType::Error, message!(language, "cleanup-taken-back", why = "a panic inside nginx-analyzer")),
    };
    backend.outgoing.notify("window/showMessage", json!({ "type": kind, "message": format!("nginx-analyzer: {text}") }));
}

struct Task<'a> {
    snapshot: &'a Snapshot,
    checked: &'a Arc<Checked>,
    features: &'a Features,
    asked: &'a Argument,
    lines: Vec<(FileId, u32)>,
    cancel: &'a AtomicBool,
}

impl Task<'_> {
    fn run(&self, command: &str) -> std::result::Result<Outcome, String> {
        match command {
            PLAN => Ok(self.plan(false)?),
            APPLY => self.plan(!self.asked.dry_run),
            STATUS => Ok(self.status()),
            RESTORE => self.restore(),
            _ => self.finish(),
        }
    }

    fn language(&self) -> Language {
        self.checked.analysis.language
    }

    fn name(&self, path: &Path) -> String {
        self.checked.analysis.project.display(path)
    }

    fn store(&self) -> Store {
        Store::new(&self.checked.analysis.project.workspace)
    }

    fn today(&self) -> jiff::civil::Date {
        self.checked.analysis.today.unwrap_or_else(store::today)
    }

    fn plan(&self, apply: bool) -> std::result::Result<Outcome, String> {
        let analysis = &self.checked.analysis;
        let asked = Asked { rules: self.asked.rules.clone(), at: self.lines.clone(), proven: self.asked.proven, all: self.asked.all };
        let mut findings: Vec<Finding> = self.checked.findings.values().flat_map(|findings| findings.iter()).cloned().collect();
        findings.sort_by_key(|finding| finding.place);
        let plan = plan::plan(analysis, &findings, &asked, self.today(), &|texts| self.snapshot.what_if(texts));
        let mut answer = describe::plan_json(analysis, &plan, ".");
        answer["text"] = describe::plan(analysis, &plan, &|path| self.name(path), ".").into();
        if !apply || plan.changes.is_empty() {
            return Ok(Outcome { answer, work: None });
        }
        let edits = plan.changes.iter().map(|change| (change.file, change.edits.clone())).collect();
        let done = message!(self.language(), "cleanup-editor-applied", count = plan.items.len(), until = plan.until.to_string());
        self.work(What::Apply, jobs::apply(analysis, &plan), edits, done, answer)
    }

    fn waiting(&self) -> Vec<status::Waiting> {
        let history = self.checked.analysis.project.history();
        status::status(
            &self.checked.analysis,
            self.today(),
            &|texts| self.snapshot.what_if(texts),
            &|source, lines| status::by_history(history.as_ref(), source, lines),
            &|analysis, since| {
                let inputs = logs::inputs(analysis.find_logs().files);
                let options = Options { since: Since::Moment(since), now: Some(store::now()), ..Options::default() };
                if inputs.is_empty() { None } else { analysis.read_logs(inputs, &options, &|_, _| {}, self.cancel) }
            },
        )
    }

    fn status(&self) -> Outcome {
        let analysis = &self.checked.analysis;
        let waiting = self.waiting();
        let confined = analysis.project.vfs.is_confined();
        let (records, problems) = if confined { Default::default() } else { self.store().records() };
        let mut answer = store::status_json(analysis, &waiting, self.today(), &records, &problems);
        answer["text"] = describe::status(analysis, &waiting, &|path| self.name(path)).into();
        Outcome { answer, work: None }
    }

    fn finish(&self) -> std::result::Result<Outcome, String> {
        let analysis = &self.checked.analysis;
        let which = if self.lines.is_empty() { Which::Due } else { Which::At(self.lines.clone()) };
        let finish = finish::finish(analysis, &self.waiting(), &which, &|texts| self.snapshot.what_if(texts));
        let mut answer = describe::finish_json(analysis, &finish);
        answer["text"] = describe::finish(self.language(), &finish, &|path| self.name(path)).into();
        if self.asked.dry_run || finish.changes.is_empty() {
            return Ok(Outcome { answer, work: None });
        }
        let edits = finish.changes.iter().map(|change| (change.file, change.edits.clone())).collect();
        let count: usize = finish.changes.iter().map(|change| change.parts.len()).sum();
        let done = message!(self.language(), "cleanup-editor-finished", count = count);
        self.work(What::Finish, jobs::finish(analysis, &finish, self.today()), edits, done, answer)
    }

    fn restore(&self) -> std::result::Result<Outcome, String> {
        let (analysis, store) = (&self.checked.analysis, self.store());
        let project = &analysis.project;
        let (records, _) = store.records();
        if let Some(open) = records.iter().find(|record| record.state == State::Open) {
            return Err(Problem::Interrupted(open.id.clone()).say(self.language()));
        }
        let (job, edits, lost, occupied, left) = if self.lines.is_empty() {
            let locked = store.lock().map_err(|problem| problem.say(self.language()))?;
            let which = locked.which(self.asked.all, self.asked.id.as_deref()).map_err(|problem| problem.say(self.language()))?;
            let which = which.ok_or_else(|| message!(self.language(), "cleanup-nothing-to-restore"))?;
            // Of what is not saved nobody knows here whether it was meant.
            for file in self.snapshot.open.keys().filter(|file| project.files.contains_key(file)) {
                let path = project.vfs.path(*file);
                if vfs::read_regular(&path, Vfs::LIMIT).is_ok_and(|bytes| bytes != project.text(*file).to_str().as_bytes()) {
                    return Err(message!(self.language(), "cleanup-editor-save", file = self.name(&path)));
                }
            }
            let restoration = locked.restoration(&which).map_err(|problem| problem.say(self.language()))?;
            let mut edits = FileEdits::new();
            for change in &restoration.changes {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map(|text| Text::new(&text));
                let (Ok(before), Ok(after)) = (text(&change.before), text(&change.after)) else {
                    return Err(message!(self.language(), "cleanup-not-whole", file = self.name(&change.path)));
                };
                // The client's name for it: links are not followed there.
                let known = project.files.values().find(|source| project.vfs.canonical(&source.path) == change.path);
                let file = known.map_or_else(|| project.vfs.id(&change.path), |source| source.id);
                if project.text(file).to_str() != before.to_str() {
                    return Err(message!(self.language(), "cleanup-editor-save", file = self.name(&change.path)));
                }
                edits.push((file, difference(&before, &after)));
            }
            let lost: Vec<Value> = restoration
                .lost
                .iter()
                .map(|kept| json!({ "block": kept.title, "file": self.name(&kept.path), "line": kept.line, "backup": self.name(&kept.backup) }))
                .collect();
            let occupied: Vec<String> = restoration.occupied.iter().map(|path| self.name(path)).collect();
            let left = restoration.left(self.language(), &|path| self.name(path));
            let store::Restoration { changes, brings, undoes, needless, .. } = restoration;
            (Job { today: self.today(), changes, brings, undoes, needless, ..Job::default() }, edits, lost, occupied, left)
        } else {
            let (changes, undoes) =
                jobs::restore_blocks(analysis, &store, &records, &self.lines).map_err(|refusal| refusal.say(self.language()))?;
            let edits = changes.iter().map(|change| (change.file, change.edits.clone())).collect();
            let changes = changes.iter().map(|change| jobs::edit(analysis, change)).collect();
            (Job { today: self.today(), changes, undoes, ..Job::default() }, edits, Vec::new(), Vec::new(), Vec::new())
        };
        let files: Vec<String> = job.changes.iter().map(|edit| self.name(&edit.path)).collect();
        let brought: Vec<String> = job.brings.iter().map(|(path, ..)| self.name(path)).collect();
        let diff: String = job.changes.iter().map(|edit| edit.diff(&self.name(&edit.path))).collect();
        // No diff has files that come back, and what stays as it is.
        let mut text = diff.clone();
        if !brought.is_empty() {
            text.push_str(&(message!(self.language(), "cleanup-would-restore") + "\n"));
            brought.iter().for_each(|file| text.push_str(&format!("  {file}\n")));
        }
        left.iter().for_each(|line| text.push_str(&format!("{line}\n")));
        let answer = json!({
            "version": describe::VERSION,
            "changed": files,
            "brought_back": brought,
            "lost": lost,
            "occupied": occupied,
            "complete": left.is_empty(),
            "diff": diff,
            "text": text,
        });
        if self.asked.dry_run || job.undoes.is_empty() && job.changes.is_empty() && job.brings.is_empty() {
            return Ok(Outcome { answer, work: None });
        }
        let done = [vec![message!(self.language(), "cleanup-editor-restored")], left].concat().join("\n");
        self.work(What::Restore, job, edits, done, answer)
    }

    /// Prepares the record; the editor makes the edits.
    fn work(&self, what: What, job: Job, edits: FileEdits, done: String, mut answer: Value) -> std::result::Result<Outcome, String> {
        let locked = self.store().lock().map_err(|problem| problem.say(self.language()))?;
        let prepared = locked.prepare(what, Job { editor: true, ..job }).map_err(|problem| match problem {
            // What the editor shows is not what is on disk.
            Problem::Changed(path) => message!(self.language(), "cleanup-editor-save", file = self.name(&path)),
            problem => problem.say(self.language()),
        })?;
        answer["id"] = prepared.record().id.clone().into();
        let converter = Converter::new(self.features, self.snapshot, self.checked);
        let edits: FileEdits = edits.into_iter().filter(|(_, edits)| !edits.is_empty()).collect();
        let edit = if edits.is_empty() { WorkspaceEdit::default() } else { code_action::edit(&converter, self.features, edits) };
        Ok(Outcome { answer, work: Some(Work { prepared, edit, done, language: self.language() }) })
    }
}
