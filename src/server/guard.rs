//! What stands around the service: a panic becomes an answer, and the order of messages is kept.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Waker};

use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_service::Service;

/// How far the conversation has come (LSP 3.17, "Server lifecycle").
#[derive(Debug, Default)]
pub struct Lifecycle(AtomicU8);

const NEW: u8 = 0;
const READY: u8 = 1;
const SHUT_DOWN: u8 = 2;

impl Lifecycle {
    /// True after an answered `shutdown`: the process then ends with status 0, otherwise with 1.
    pub fn is_shut_down(&self) -> bool {
        self.0.load(Ordering::SeqCst) == SHUT_DOWN
    }

    /// The error for a request that comes too early or too late, whatever its method.
    fn refusal(&self, method: &str) -> Option<Error> {
        match (self.0.load(Ordering::SeqCst), method) {
            (NEW, "initialize" | "exit") | (READY, _) | (SHUT_DOWN, "exit") => None,
            (NEW, _) => Some(error(-32002, "the first request must be `initialize`")),
            (_, _) => Some(error(-32600, "the server was shut down: only `exit` is left to send")),
        }
    }
}

fn error(code: i64, message: &'static str) -> Error {
    Error { code: ErrorCode::from(code), message: message.into(), data: None }
}

/// A service around a service.
#[derive(Debug)]
pub struct Guard<S> {
    inner: S,
    lifecycle: Arc<Lifecycle>,
}

impl<S> Guard<S> {
    /// Guards `inner`; `lifecycle` is kept up to date.
    pub fn new(inner: S, lifecycle: Arc<Lifecycle>) -> Guard<S> {
        Guard { inner, lifecycle }
    }
}

type Answer<E> = Result<Option<Response>, E>;

impl<S, E: 'static> Service<Request> for Guard<S>
where
    S: Service<Request, Response = Option<Response>, Error = E>,
    S::Future: Send + Unpin + 'static,
    E: Send,
{
    type Response = Option<Response>;
    type Error = E;
    type Future = Pin<Box<dyn Future<Output = Answer<E>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), E>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = request.id().cloned();
        if let Some(error) = self.lifecycle.refusal(request.method()) {
            return Box::pin(std::future::ready(Ok(id.map(|id| Response::from_error(id, error)))));
        }
        let method = request.method().to_owned();
        let step = match method.as_str() {
            "initialize" => Some(READY),
            "shutdown" => Some(SHUT_DOWN),
            _ => None,
        };
        let inner = match catch_unwind(AssertUnwindSafe(|| self.inner.call(request))) {
            Ok(inner) => inner,
            Err(panic) => return Box::pin(std::future::ready(Ok(panicked(&*panic, id, &method)))),
        };
        let mut guarded = Guarded { inner, id, method, lifecycle: self.lifecycle.clone(), step };
        // The first step is taken here, where messages are read one after the other, not when the scheduler gets to
        // it: up to its first `await` a handler sees the state that the client meant. It is polled again by whoever
        // awaits it, so nothing is lost by the waker that does nothing.
        match Pin::new(&mut guarded).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Box::pin(std::future::ready(answer)),
            Poll::Pending => Box::pin(guarded),
        }
    }
}

struct Guarded<F> {
    inner: F,
    id: Option<Id>,
    method: String,
    lifecycle: Arc<Lifecycle>,
    step: Option<u8>,
}

impl<F: Future<Output = Answer<E>> + Unpin, E> Future for Guarded<F> {
    type Output = Answer<E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer<E>> {
        let answer = match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.inner).poll(cx))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(answer)) => answer,
            Err(panic) => Ok(panicked(&*panic, self.id.clone(), &self.method)),
        };
        if let (Some(step), Ok(Some(response))) = (self.step, &answer)
            && response.is_ok()
        {
            self.lifecycle.0.fetch_max(step, Ordering::SeqCst);
        }
        Poll::Ready(answer)
    }
}

fn panicked(panic: &(dyn Any + Send), id: Option<Id>, method: &str) -> Option<Response> {
    let message = format!("`{method}` failed inside nginx-analyzer: {}. The server goes on; please report this.", panic_text(panic));
    id.map(|id| Response::from_error(id, Error { code: ErrorCode::InternalError, message: message.into(), data: None }))
}

/// What a panic said.
pub fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| text.to_string()).or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "a panic without a message".into())
}
