//! Access logs, read beside everything else: a workspace shows what it finds at once, and who uses what when that is known.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tower_lsp::gen_lsp_types::MessageType;

use super::Backend;
use super::guard::panic_text;
use super::progress::Progress;
use super::state::lock;
use super::status::{self, Source, Work};
use crate::config::Config;
use crate::message;
use crate::project::settings::LogSettings;
use crate::store;
use crate::usage::logs::{Options, Since};
use crate::world::logs::inputs;

/// How long after the last change on disk the logs are looked at again.
const QUIET: Duration = Duration::from_millis(500);

/// What was read last. The same again would say the same.
#[derive(Debug)]
struct Read {
    settings: LogSettings,
    files: Vec<(PathBuf, u64)>,
    configs: Vec<Arc<Config>>,
}

impl PartialEq for Read {
    fn eq(&self, other: &Read) -> bool {
        let same = |(one, other): (&Arc<Config>, &Arc<Config>)| Arc::ptr_eq(one, other);
        self.settings == other.settings
            && self.files == other.files
            && self.configs.len() == other.configs.len()
            && self.configs.iter().zip(&other.configs).all(same)
    }
}

/// Reads the logs of one workspace, and again when something on disk or in the settings changed, until the workspace is gone.
pub async fn run(backend: Backend, key: u64, mut changed: watch::Receiver<u64>, first: Work) {
    let mut last = None;
    let mut work = Some(first);
    loop {
        changed.mark_unchanged();
        // A change meanwhile makes what is read now stale: it is read again from the start.
        let cancel = Arc::new(AtomicBool::new(false));
        let reading = read(&backend, key, &mut last, cancel.clone());
        tokio::pin!(reading);
        let mut ended = false;
        tokio::select! {
            () = &mut reading => {
                drop(work.take());
                backend.lock().logs_are_known(key);
            }
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
        // Each further change starts the wait again.
        while let Ok(Ok(())) = tokio::time::timeout(QUIET, changed.changed()).await {}
        work.get_or_insert_with(|| backend.board.work());
    }
}

async fn read(backend: &Backend, key: u64, last: &mut Option<Read>, cancel: Arc<AtomicBool>) {
    let Some(snapshot) = backend.lock().snapshot(key) else { return };
    let (state, stop) = (backend.state.clone(), cancel.clone());
    let looked = backend.compute(move || {
        // While somebody types one moment after the other is over before it is analysed.
        let mut snapshot = snapshot;
        let checked = loop {
            match snapshot.check(&state, &AtomicBool::new(false)) {
                Some(checked) => break checked,
                None if stop.load(Ordering::Relaxed) => return None,
                None => snapshot = lock(&state).snapshot(key)?,
            }
        };
        let analysis = checked.analysis.clone();
        let found = analysis.find_logs();
        let size = |path: &PathBuf| analysis.project.vfs.stream(path).map_or(0, |(_, size)| size);
        let files = found.files.iter().map(|path| (path.clone(), size(path))).collect();
        let read = Read { settings: analysis.project.settings.logs.clone(), files, configs: analysis.configs.clone() };
        Some((analysis, found, read))
    });
    let (analysis, found, now) = match looked.await {
        Ok(Some(looked)) => looked,
        // The workspace is gone, or what is on disk has changed: that comes here, too.
        Ok(None) => return,
        Err(panic) => {
            return backend.log(MessageType::Error, format!("looking for logs failed: {}; please report this", panic_text(&*panic)));
        }
    };
    let language = analysis.language;
    let absent = found.missing.iter().map(|pattern| message!(language, "status-no-log", pattern = pattern));
    let mut problems: Vec<String> = absent.collect();
    backend.board.tell(key, Source::Trust, status::untrusted(&analysis));
    if last.as_ref() == Some(&now) {
        return;
    }
    let files = found.files;
    if files.is_empty() {
        backend.board.tell(key, Source::Logs, problems);
        let had = last.replace(now).is_some_and(|last| !last.files.is_empty());
        if had {
            backend.lock().forget_logs(key);
            refresh(backend);
        }
        return;
    }
    let progress = Progress::begin(backend, message!(language, "server-reading-logs"));
    let since = Since::parse(&analysis.project.settings.logs.window).unwrap_or_default();
    // One core stays for the person who types.
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().saturating_sub(1).max(1));
    let options = Options { since, sums: false, threads: Some(threads), now: Some(store::now()) };
    let asked = analysis.clone();
    let read = backend.compute(move || {
        let said = AtomicU32::new(0);
        let tell = |done: u64, all: Option<u64>| {
            let (Some(progress), Some(all)) = (&progress, all.filter(|all| *all > 0)) else { return };
            let percent = u32::try_from(done.saturating_mul(100) / all).unwrap_or(100);
            if said.fetch_max(percent, Ordering::Relaxed) < percent {
                progress.report(percent, amounts(done, all));
            }
        };
        asked.read_logs(inputs(files), &options, &tell, &cancel)
    });
    match read.await {
        Ok(Some(logs)) => {
            for source in logs.first().into_iter().flat_map(|logs| &logs.sources) {
                if let Some(problem) = &source.problem {
                    let text = format!("{}: {}", analysis.project.display(&source.path), problem.say(language));
                    backend.log(MessageType::Warning, text.clone());
                    problems.push(text);
                }
            }
            backend.board.tell(key, Source::Logs, problems);
            backend.board.tell(key, Source::Trust, status::untrusted(&analysis));
            if backend.lock().take_logs(key, &analysis, logs) {
                *last = Some(now);
                refresh(backend);
            }
        }
        Ok(None) => {}
        Err(panic) => backend.log(MessageType::Error, format!("reading the logs failed: {}; please report this", panic_text(&*panic))),
    }
}

/// How many of how many bytes, in a unit in which all of them are some.
fn amounts(done: u64, all: u64) -> String {
    match all >> 20 {
        0 => format!("{} / {} kB", done >> 10, all.div_ceil(1 << 10)),
        megabytes => format!("{} / {megabytes} MB", done >> 20),
    }
}

/// What stands beside locations is asked for again, by clients that do so when told.
fn refresh(backend: &Backend) {
    if backend.features().code_lens_refresh {
        let client = backend.client.clone();
        tokio::spawn(async move { client.code_lens_refresh().await });
    }
    if backend.features().inlay_refresh {
        let client = backend.client.clone();
        tokio::spawn(async move { client.inlay_hint_refresh().await });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_logs_are_some_kilobytes() {
        let shown = [(0, 100), (300 << 10, 700 << 10), (3 << 20, 5 << 20)].map(|(done, all)| amounts(done, all));
        assert_eq!(shown, ["0 / 1 kB", "300 / 700 kB", "3 / 5 MB"]);
    }
}
