//! The source of applications, read beside everything else: what the configuration alone says is shown at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;
use tower_lsp::gen_lsp_types::MessageType;

use super::Backend;
use super::guard::panic_text;
use super::progress::Progress;
use super::state::lock;
use super::status::Work;
use crate::message;

/// Reads the source that the analysis of one workspace waits for, and again when something on disk or in the settings changed, until the
/// workspace is gone.
pub async fn run(backend: Backend, key: u64, mut changed: watch::Receiver<u64>, first: Work) {
    let mut work = Some(first);
    loop {
        changed.mark_unchanged();
        let cancel = Arc::new(AtomicBool::new(false));
        let reading = read(&backend, key, cancel.clone());
        tokio::pin!(reading);
        let mut ended = false;
        tokio::select! {
            () = &mut reading => drop(work.take()),
            result = changed.changed() => {
                ended = result.is_err();
                cancel.store(true, Ordering::Relaxed);
                reading.await;
                changed.mark_changed();
            }
        }
        if ended || changed.changed().await.is_err() {
            break;
        }
        work.get_or_insert_with(|| backend.board.work());
    }
}

async fn read(backend: &Backend, key: u64, cancel: Arc<AtomicBool>) {
    let Some(snapshot) = backend.lock().snapshot(key) else { return };
    let (state, stop) = (backend.state.clone(), cancel.clone());
    let looked = backend.compute(move || {
        let mut snapshot = snapshot;
        loop {
            match snapshot.check(&state, &AtomicBool::new(false)) {
                Some(checked) => return Some(checked.analysis.clone()),
                None if stop.load(Ordering::Relaxed) => return None,
                None => snapshot = lock(&state).snapshot(key)?,
            }
        }
    });
    let analysis = match looked.await {
        Ok(Some(analysis)) if analysis.waits_for_sources() => analysis,
        Ok(_) => return,
        Err(panic) => {
            return backend.log(MessageType::Error, format!("looking for source failed: {}; please report this", panic_text(&*panic)));
        }
    };
    let progress = Progress::begin(backend, message!(analysis.language, "server-reading-sources"));
    let read = backend.compute(move || analysis.read_sources(&cancel)).await;
    drop(progress);
    match read {
        Ok(true) => backend.lock().sources_read(key),
        Ok(false) => {}
        Err(panic) => backend.log(MessageType::Error, format!("reading source failed: {}; please report this", panic_text(&*panic))),
    }
}
