//! Diagnostics without being asked: computed a moment after the last change, for clients that do not pull; those that
//! do are told to ask again when something changed that they can't know of.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;
use tower_lsp::gen_lsp_types::{MessageType, Uri};

use super::Backend;
use super::convert::Converter;
use super::guard::panic_text;
use super::progress::Progress;
use super::shown::{self, Shown};
use super::state::{Checked, Snapshot};
use super::status::{self, Source, Work};
use super::{tokens, uri};
use crate::message;
use crate::project::FileId;

/// After a change that followed another one, or came while that was looked at, so long nothing must change before it is looked at: a burst
/// of edits makes two analyses. The first one, or a letter that somebody typed, is looked at at once; so is what a client opens when it has
/// started the server.
const QUIET: Duration = Duration::from_millis(30);

/// What the client shows of one file: the parameters of the notification.
#[derive(Debug, PartialEq, Serialize)]
struct Published {
    uri: Uri,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    #[serde(serialize_with = "shown::serialize")]
    diagnostics: Arc<Shown>,
}

/// Serves one workspace until it is gone.
pub async fn run(backend: Backend, key: u64, mut changed: watch::Receiver<u64>, first: Work) {
    let mut published = FxHashMap::default();
    let mut seen = Seen::default();
    let mut seen_tokens = tokens::Seen::default();
    let mut progress = Progress::begin(&backend, message!(backend.lock().language(Some(key)), "server-reading"));
    let mut work = Some(first);
    let mut last: Option<Instant> = None;
    loop {
        changed.mark_unchanged();
        let Some(snapshot) = backend.lock().snapshot(key) else { break };
        let (task, state, features) = (snapshot.clone(), backend.state.clone(), backend.features().clone());
        let shown: Vec<FileId> = published.keys().copied().collect();
        let found = backend.compute(move || {
            let checked = task.check(&state, &AtomicBool::new(false))?;
            let ready = Ready::new(&Converter::new(&features, &task, &checked), features.pull, shown);
            Some((checked, ready))
        });
        let found = found.await;
        let is_stale = matches!(found, Ok(None));
        match found {
            Err(panic) => {
                let language = backend.lock().language(Some(key));
                let text = message!(language, "server-failed", problem = panic_text(&*panic));
                backend.board.tell(key, Source::Failure, vec![text.clone()]);
                backend.log(MessageType::Error, text);
            }
            // Stale: there is something newer to analyse.
            Ok(None) => {}
            Ok(Some((checked, ready))) => {
                tell(&backend, key, &checked);
                let mut past = Vec::new();
                match ready {
                    Ready::Pushed(files) => past = publish(&backend, &snapshot, files, &mut published),
                    Ready::Pulled(now) => {
                        let again = !backend.lock().take_again(key).is_empty();
                        if backend.features().refresh && (again || news(&seen, &now)) {
                            let client = backend.client.clone();
                            tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
                        }
                        seen = now;
                    }
                }
                // What nobody waits for: colours that may have changed elsewhere, and the state before, which is freed with the snapshot.
                let (server, mut tokens_before) = (backend.clone(), std::mem::take(&mut seen_tokens));
                let afterwards = backend.compute(move || {
                    drop(past);
                    tokens::refresh(&server, &snapshot, &checked, &mut tokens_before);
                    tokens_before
                });
                seen_tokens = afterwards.await.unwrap_or_default();
            }
        }
        drop(progress.take());
        if !is_stale {
            drop(work.take());
        }
        if changed.changed().await.is_err() {
            break;
        }
        if last.is_some_and(|last| is_stale || last.elapsed() < QUIET) {
            // Each further change starts the wait again.
            while let Ok(Ok(())) = tokio::time::timeout(QUIET, changed.changed()).await {}
        }
        last = Some(Instant::now());
        work.get_or_insert_with(|| backend.board.work());
    }
    // The workspace is gone, and with it all that was said of its files.
    backend.board.forget(key);
    for (_, old) in published.drain().filter(|(_, old): &(FileId, Published)| !old.diagnostics.is_empty()) {
        let mut state = backend.lock();
        let shown_elsewhere = state.documents.get(&old.uri).is_some_and(|it| it.home.is_some());
        if !shown_elsewhere {
            if let Some(path) = uri::to_path(&old.uri) {
                state.tell_again(&path, key);
            }
            backend.outgoing.notify("textDocument/publishDiagnostics", json!({ "uri": old.uri, "diagnostics": [] }));
        }
    }
}

/// Says what stands in the way in this workspace.
fn tell(backend: &Backend, key: u64, checked: &Checked) {
    backend.board.tell(key, Source::Failure, Vec::new());
    backend.board.tell(key, Source::Settings, status::settings_problems(checked));
    backend.board.tell(key, Source::Trust, status::untrusted(&checked.analysis));
}

/// What was found, made ready for the client.
enum Ready {
    /// To be sent: of each file that has something to show, had it before, or is open.
    Pushed(Vec<(FileId, Published)>),
    /// Fetched by the client; kept to see whether it should.
    Pulled(Seen),
}

impl Ready {
    /// Of the files `shown` the client has something already. Takes as long as there is much to say: not for a thread that serves messages.
    fn new(converter: &Converter<'_>, pull: bool, shown: Vec<FileId>) -> Ready {
        let Converter { snapshot, checked, .. } = *converter;
        let files = checked.findings.keys().chain(snapshot.open.keys()).copied();
        if pull {
            let files: FxHashSet<FileId> = files.collect();
            let look = |file| (file, (snapshot.version(file), snapshot.show(converter, file).fingerprint()));
            return Ready::Pulled(files.into_iter().map(look).collect());
        }
        let mut files: Vec<FileId> = files.chain(shown).collect();
        files.sort_unstable();
        files.dedup();
        let show = |file| {
            let (uri, version) = (snapshot.uri(checked, file), snapshot.version(file));
            (file, Published { uri, version, diagnostics: snapshot.show(converter, file) })
        };
        Ready::Pushed(files.into_iter().map(show).collect())
    }
}

/// Sends what is not as it was when it was sent last, of files that no other workspace has open; what that takes the place of, to be freed where nobody waits.
fn publish(
    backend: &Backend,
    snapshot: &Snapshot,
    files: Vec<(FileId, Published)>,
    published: &mut FxHashMap<FileId, Published>,
) -> Vec<Published> {
    let again = backend.lock().take_again(snapshot.key);
    let is_news = |file: &FileId, new: &Published| again.contains(file) || published.get(file) != Some(new);
    let messages: Vec<_> = files.into_iter().filter(|(file, new)| is_news(file, new)).collect();
    // Under the lock: nothing can change between this look and the sending.
    let mut state = backend.lock();
    if !state.is_current(snapshot) {
        state.give_again(snapshot.key, again);
        return messages.into_iter().map(|(_, new)| new).collect();
    }
    let mut past = Vec::new();
    let away = state.away(snapshot.key);
    for (file, new) in messages {
        if away.contains(&file) {
            past.push(new);
            continue;
        }
        let was_shown = published.get(&file).is_some_and(|old| !old.diagnostics.is_empty());
        if let Some(old) = published.get(&file).filter(|old| old.uri != new.uri && !old.diagnostics.is_empty()) {
            backend.outgoing.notify("textDocument/publishDiagnostics", json!({ "uri": old.uri, "diagnostics": [] }));
        }
        if new.version.is_some() || was_shown || !new.diagnostics.is_empty() {
            backend.outgoing.notify("textDocument/publishDiagnostics", &new);
        }
        if new.version.is_none() && new.diagnostics.is_empty() {
            if let Some(path) = uri::to_path(&new.uri).filter(|_| was_shown) {
                state.tell_again(&path, snapshot.key);
            }
            past.extend(published.remove(&file));
        } else {
            past.extend(published.insert(file, new));
        }
    }
    past
}

/// Each file's version and the fingerprint of its diagnostics.
type Seen = FxHashMap<FileId, (Option<i32>, u64)>;

/// True when diagnostics changed in a file that the client did not change itself: for those it asks without being told.
fn news(before: &Seen, now: &Seen) -> bool {
    let nothing = (None, Shown::default().fingerprint());
    let changed = |file: &FileId| {
        let (old, new) = (before.get(file).unwrap_or(&nothing), now.get(file).unwrap_or(&nothing));
        // What is closed may have changed on disk before it was looked at again.
        (old.0 == new.0 || new.0.is_none()) && old.1 != new.1
    };
    before.keys().any(changed) || now.keys().any(changed)
}
