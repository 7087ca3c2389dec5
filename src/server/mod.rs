//! The language server: the protocol's messages on one side, [`World`](crate::world::World)s on the other.
//!
//! Architecture invariants. LSP types exist only here. A handler changes the state, or takes its snapshot of it, before
//! its first `await`; [`guard`] runs it up to there in the order in which messages arrive. Work on the CPU or the disk
//! runs on threads of its own, a few at a time. No handler waits for the client: what is asked of it is asked
//! in a task. A panic costs the request that caused it, never the server.

mod at;
mod convert;
mod diagnostic;
mod envelope;
mod features;
mod guard;
mod logs;
mod notifications;
mod parent;
mod prepared;
mod progress;
mod publishing;
mod requests;
mod shown;
mod sources;
mod state;
mod status;
mod stdio;
mod tokens;
mod turn;
mod uri;

use std::any::Any;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use serde_json::json;
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio::task::JoinError;
use tower_lsp::gen_lsp_types::{InitializeParams, InitializeResult, InitializedParams, MessageType, Uri};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::{Client, LanguageServer, LspService, Server};

use crate::parallel;
use features::Features;
use guard::{Guard, Lifecycle};
use prepared::{AsWritten, Prepared};
use state::State;
use status::Board;
use stdio::{Input, Outgoing};

/// The server's name: in `serverInfo`, and as the source of diagnostics.
pub const NAME: &str = "nginx-analyzer";
/// The section of the editor's settings, and the name that our own requests begin with.
pub const SECTION: &str = "nginxAnalyzer";

/// When set to `1`, requests exist that tests need: one that panics, one that works until it is cancelled.
pub const TEST_HOOKS: &str = "NGINX_ANALYZER_TEST_PANIC";

/// Requests in flight at once. They wait for a permit before they work, so this costs memory only; at the default of 4
/// a few waiting requests would keep an edit from being read.
const IN_FLIGHT: usize = 4096;

/// Serves one client on standard input and output until it says `exit`, closes its end, or dies.
///
/// Returns the status to exit with: 0 when the client asked for `shutdown` first, else 1 (LSP 3.17, `exit`). An error means that the server could not start.
pub fn run_stdio() -> io::Result<u8> {
    serve(io::BufReader::new(io::stdin()), io::stdout())
}

/// Serves one client on any pair of pipes, as [`run_stdio`] does on its own.
pub fn serve(from: impl io::BufRead + Send + 'static, to: impl io::Write + Send + 'static) -> io::Result<u8> {
    let gone = Arc::new(Notify::new());
    let notify = gone.clone();
    let outgoing = Outgoing::start(to, move || notify.notify_one())?;
    let ended = Arc::new(Notify::new());
    let notify = ended.clone();
    let input = Input::start(from, outgoing.clone(), move || notify.notify_one())?;
    let lifecycle = Arc::new(Lifecycle::default());
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).max_blocking_threads(THREADS).thread_stack_size(parallel::STACK).enable_time().build()?;
    runtime.block_on(async {
        let prepared = Prepared::default();
        let (service, socket) = service(outgoing.clone(), gone.clone(), prepared.clone());
        let server = Server::new(input, outgoing.clone(), socket).concurrency_level(IN_FLIGHT);
        tokio::select! {
            () = server.serve(AsWritten::new(Guard::new(service, lifecycle.clone()), prepared, outgoing.clone())) => {}
            () = gone.notified() => {}
            // What is nearly done is still answered; long work is in vain.
            () = async { ended.notified().await; tokio::time::sleep(stdio::PATIENCE).await } => {}
        }
    });
    // Threads that still compute are not waited for: nobody is left to hear what they find.
    runtime.shutdown_background();
    outgoing.close();
    Ok(u8::from(!lifecycle.is_shut_down()))
}

/// Every method that is served, each in its own file.
fn service(outgoing: Outgoing, gone: Arc<Notify>, prepared: Prepared) -> (LspService<Backend>, tower_lsp::ClientSocket) {
    let hooks = std::env::var(TEST_HOOKS).is_ok_and(|value| value == "1");
    let service = LspService::build_with_lifecycle_methods(|client| Backend::new(client, outgoing, gone, prepared))
        .custom_method("textDocument/didOpen", notifications::did_open::handle)
        .custom_method("textDocument/didChange", notifications::did_change::handle)
        .custom_method("textDocument/didSave", notifications::did_save::handle)
        .custom_method("textDocument/didClose", notifications::did_close::handle)
        .custom_method("workspace/didChangeConfiguration", notifications::did_change_configuration::handle)
        .custom_method("workspace/didChangeWatchedFiles", notifications::did_change_watched_files::handle)
        .custom_method("workspace/didChangeWorkspaceFolders", notifications::did_change_workspace_folders::handle)
        .custom_method("textDocument/codeAction", requests::code_action::handle)
        .custom_method("textDocument/hover", requests::hover::handle)
        .custom_method("textDocument/completion", requests::completion::handle)
        .custom_method("completionItem/resolve", requests::completion_resolve::handle)
        .custom_method("textDocument/signatureHelp", requests::signature_help::handle)
        .custom_method("textDocument/definition", requests::definition::handle)
        .custom_method("textDocument/references", requests::references::handle)
        .custom_method("textDocument/codeLens", requests::code_lens::handle)
        .custom_method("textDocument/inlayHint", requests::inlay_hint::handle)
        .custom_method("textDocument/documentSymbol", requests::document_symbol::handle)
        .custom_method("workspace/symbol", requests::workspace_symbol::handle)
        .custom_method("textDocument/semanticTokens/full", requests::semantic_tokens_full::handle)
        .custom_method("textDocument/semanticTokens/full/delta", requests::semantic_tokens_delta::handle)
        .custom_method("textDocument/semanticTokens/range", requests::semantic_tokens_range::handle)
        .custom_method("textDocument/foldingRange", requests::folding_range::handle)
        .custom_method("textDocument/selectionRange", requests::selection_range::handle)
        .custom_method("textDocument/formatting", requests::formatting::handle)
        .custom_method("textDocument/rangeFormatting", requests::range_formatting::handle)
        .custom_method("textDocument/onTypeFormatting", requests::on_type_formatting::handle)
        .custom_method("textDocument/documentHighlight", requests::document_highlight::handle)
        .custom_method("textDocument/documentLink", requests::document_link::handle)
        .custom_method("textDocument/prepareRename", requests::prepare_rename::handle)
        .custom_method("textDocument/rename", requests::rename::handle)
        .custom_method("workspace/executeCommand", requests::execute_command::handle)
        .custom_method("textDocument/diagnostic", requests::document_diagnostic::handle)
        .custom_method("workspace/diagnostic", requests::workspace_diagnostic::handle)
        .custom_method("nginxAnalyzer/documentText", requests::document_text::handle);
    let service = match hooks {
        true => service
            .custom_method("nginxAnalyzer/testPanic", requests::test_hooks::panic)
            .custom_method("nginxAnalyzer/testWork", requests::test_hooks::work)
            .custom_method("nginxAnalyzer/testWorking", requests::test_hooks::working),
        false => service,
    };
    service.finish()
}

/// Work that takes longer may wait for a disk: its processor is given to others.
const PATIENCE: Duration = Duration::from_secs(1);

/// So many threads work or wait at most.
const THREADS: usize = 64;

/// What every handler gets. Clones are the same server.
#[derive(Clone, Debug)]
pub struct Backend {
    client: Client,
    outgoing: Outgoing,
    prepared: Prepared,
    gone: Arc<Notify>,
    state: Arc<Mutex<State>>,
    features: Arc<OnceLock<Features>>,
    /// What the client is told of how it goes.
    board: Board,
    /// As many permits as there are processors: further work waits here, not on threads.
    processors: Arc<Semaphore>,
}

impl Backend {
    fn new(client: Client, outgoing: Outgoing, gone: Arc<Notify>, prepared: Prepared) -> Backend {
        let processors = std::thread::available_parallelism().map_or(2, |count| count.get().max(2));
        Backend {
            client,
            outgoing,
            prepared,
            gone,
            state: Arc::default(),
            features: Arc::default(),
            board: Board::default(),
            processors: Arc::new(Semaphore::new(processors)),
        }
    }

    /// The state, for a moment.
    fn lock(&self) -> MutexGuard<'_, State> {
        state::lock(&self.state)
    }

    /// What was agreed on; a client that can nothing before `initialize`.
    fn features(&self) -> &Features {
        static NOTHING: OnceLock<Features> = OnceLock::new();
        self.features.get().unwrap_or_else(|| NOTHING.get_or_init(Features::default))
    }

    /// A line in the client's log.
    fn log(&self, kind: MessageType, message: String) {
        self.outgoing.notify("window/logMessage", json!({ "type": kind, "message": message }));
    }

    /// Runs work on a thread of its own; a panic comes back as an error.
    async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> std::result::Result<T, Box<dyn Any + Send>> {
        // The semaphore is never closed; if it were, working without a permit would still be right.
        let permit = self.processors.clone().acquire_owned().await.ok();
        let (ends, ended) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let _ = tokio::time::timeout(PATIENCE, ended).await;
            drop(permit);
        });
        let task = tokio::task::spawn_blocking(move || {
            let _ends = ends;
            work()
        });
        match task.await.map_err(JoinError::try_into_panic) {
            Ok(done) => Ok(done),
            Err(Ok(panic)) => Err(panic),
            // The runtime ends, and with it whoever waits for this.
            Err(Err(_)) => std::future::pending().await,
        }
    }

    /// Runs a request's work. The flag becomes true when the request is cancelled; a panic goes on to the [`guard`].
    async fn answer<T: Send + 'static>(&self, work: impl FnOnce(&AtomicBool) -> T + Send + 'static) -> T {
        let cancel = Cancel(Arc::default());
        let flag = cancel.0.clone();
        let result = self.compute(move || work(&flag)).await;
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// Waits until the access logs around a file have been read once: before that, what is told of who uses what is less than they show.
    async fn logs_known_near(&self, uri: &Uri) {
        let known = self.lock().logs_known_near(uri);
        if let Some(mut known) = known {
            // An error says that the workspace is gone: whoever asks about it is told so.
            let _ = known.wait_for(|known| *known).await;
        }
    }

    /// Gives every workspace that has none its watcher.
    fn start_workspaces(&self) {
        let unwatched = std::mem::take(&mut self.lock().unwatched);
        if unwatched.is_empty() {
            return;
        }
        for (key, changed, disk) in unwatched {
            // From now on, not from when a task gets to run: there is no quiet moment between.
            let work = || self.board.work();
            tokio::spawn(publishing::run(self.clone(), key, changed, work()));
            tokio::spawn(logs::run(self.clone(), key, disk.clone(), work()));
            tokio::spawn(sources::run(self.clone(), key, disk, work()));
        }
    }
}

/// Tells the work of a request that nobody waits for it any more: `$/cancelRequest` drops the request's future.
struct Cancel(Arc<AtomicBool>);

impl Drop for Cancel {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The answer to a request whose document changed while it was computed (LSP 3.17, `ContentModified`).
fn content_modified() -> Error {
    Error { code: ErrorCode::ContentModified, message: "the document changed while this was computed".into(), data: None }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        Ok(requests::initialize::handle(self, params))
    }

    async fn initialized(&self, _: InitializedParams) {
        notifications::initialized::handle(self);
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}
