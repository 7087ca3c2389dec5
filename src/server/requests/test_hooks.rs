//! Requests for tests of the server itself; they exist only when the environment variable [`TEST_HOOKS`](crate::server::TEST_HOOKS) is set.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::server::Backend;

static WORKING: AtomicUsize = AtomicUsize::new(0);

/// Where to panic.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PanicParams {
    in_worker: bool,
}

/// `nginxAnalyzer/testPanic`: panics, in the handler or in its work.
#[expect(clippy::panic, reason = "that is what the test asks for")]
pub async fn panic(backend: &Backend, params: PanicParams) -> Result<Value> {
    if params.in_worker {
        backend.answer(|_| panic!("as the test asked, in the worker")).await
    } else {
        // With the state locked: the worst moment.
        let _state = backend.lock();
        panic!("as the test asked, in the handler")
    }
}

/// `nginxAnalyzer/testWork`: works until it is cancelled, a minute at most; answers whether it was.
pub async fn work(backend: &Backend) -> Result<bool> {
    let work = |cancel: &std::sync::atomic::AtomicBool| {
        WORKING.fetch_add(1, Ordering::SeqCst);
        let cancelled = (0..60_000).any(|_| {
            std::thread::sleep(Duration::from_millis(1));
            cancel.load(Ordering::Relaxed)
        });
        WORKING.fetch_sub(1, Ordering::SeqCst);
        cancelled
    };
    Ok(backend.answer(work).await)
}

/// `nginxAnalyzer/testWorking`: how many of them work at the moment.
pub async fn working(_: &Backend) -> Result<usize> {
    Ok(WORKING.load(Ordering::SeqCst))
}
