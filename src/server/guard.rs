//! What stands around the service: a panic becomes an answer, the order of messages is kept, and what a change made stale is computed again.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_service::Service;

use super::requests::cleanup;

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

/// How often a request is computed again because the document changed meanwhile. Several clients show `ContentModified` to the person as an error
/// and ask no second time; whoever types through all of these gets it.
const AGAIN: u8 = 8;

/// A service around a service.
#[derive(Debug)]
pub struct Guard<S> {
    /// Locked only for `call`, which runs nothing of a handler.
    inner: Arc<Mutex<S>>,
    lifecycle: Arc<Lifecycle>,
}

impl<S> Guard<S> {
    /// Guards `inner`; `lifecycle` is kept up to date.
    pub fn new(inner: S, lifecycle: Arc<Lifecycle>) -> Guard<S> {
        Guard { inner: Arc::new(Mutex::new(inner)), lifecycle }
    }
}

fn call<S: Service<Request>>(inner: &Mutex<S>, request: Request) -> std::thread::Result<S::Future> {
    catch_unwind(AssertUnwindSafe(|| inner.lock().unwrap_or_else(PoisonError::into_inner).call(request)))
}

/// What changes a text at a place that the person pointed to is not done at that place of another text.
fn can_be_asked_of_a_later_text(request: &Request) -> bool {
    match request.method() {
        "textDocument/rename" | "textDocument/formatting" | "textDocument/rangeFormatting" | "textDocument/onTypeFormatting" => false,
        "workspace/executeCommand" => {
            let command = request.params().and_then(|params| params["command"].as_str());
            command.is_some_and(|command| !command.starts_with(cleanup::PREFIX))
        }
        _ => true,
    }
}

/// A request that has no parameters, as the service wants it: some clients send `{}` or `[]`.
fn without_parameters(request: Request) -> Request {
    match (request.method(), request.id()) {
        ("shutdown", Some(id)) => Request::build("shutdown").id(id.clone()).finish(),
        _ => request,
    }
}

type Answer<E> = Result<Option<Response>, E>;

impl<S, E: 'static> Service<Request> for Guard<S>
where
    S: Service<Request, Response = Option<Response>, Error = E> + Send + 'static,
    S::Future: Send + Unpin + 'static,
    E: Send + 'static,
{
    type Response = Option<Response>;
    type Error = E;
    type Future = Pin<Box<dyn Future<Output = Answer<E>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), E>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = request.id().cloned();
        if let Some(error) = self.lifecycle.refusal(request.method()) {
            return Box::pin(std::future::ready(Ok(id.map(|id| Response::from_error(id, error)))));
        }
        let method = request.method().to_owned();
        // The library takes everything of this kind for a notification, and a request has to be answered (LSP 3.17, `$ Notifications and Requests`).
        if let (Some(id), true) = (&id, method.starts_with("$/")) {
            let error = Error { message: format!("there is no request `{method}`").into(), ..Error::method_not_found() };
            return Box::pin(std::future::ready(Ok(Some(Response::from_error(id.clone(), error)))));
        }
        let step = match method.as_str() {
            "initialize" => Some(READY),
            "shutdown" => Some(SHUT_DOWN),
            _ => None,
        };
        let request = without_parameters(request);
        let again = (id.is_some() && can_be_asked_of_a_later_text(&request)).then(|| Again {
            service: self.inner.clone(),
            request: request.clone(),
            left: AGAIN,
        });
        let inner = match call(&self.inner, request) {
            Ok(inner) => inner,
            Err(panic) => return Box::pin(std::future::ready(Ok(panicked(&*panic, id, &method)))),
        };
        let mut guarded = Guarded::<S> { inner, again, id, method, lifecycle: self.lifecycle.clone(), step };
        // The first step is taken here, where messages are read one after the other, not when the scheduler gets to
        // it: up to its first `await` a handler sees the state that the client meant. It is polled again by whoever
        // awaits it, so nothing is lost by the waker that does nothing.
        match Pin::new(&mut guarded).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Box::pin(std::future::ready(answer)),
            Poll::Pending => Box::pin(guarded),
        }
    }
}

/// What it takes to compute a request once more.
struct Again<S> {
    service: Arc<Mutex<S>>,
    request: Request,
    left: u8,
}

struct Guarded<S: Service<Request>> {
    inner: S::Future,
    /// None where it is not asked again.
    again: Option<Again<S>>,
    id: Option<Id>,
    method: String,
    lifecycle: Arc<Lifecycle>,
    step: Option<u8>,
}

impl<S, E: 'static> Future for Guarded<S>
where
    S: Service<Request, Response = Option<Response>, Error = E>,
    S::Future: Unpin,
{
    type Output = Answer<E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer<E>> {
        let answer = loop {
            match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.inner).poll(cx))) {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(answer)) if is_stale(&answer) => match self.once_more() {
                    Some(Ok(inner)) => self.inner = inner,
                    Some(Err(panic)) => break Ok(panicked(&*panic, self.id.clone(), &self.method)),
                    None => break answer,
                },
                Ok(Poll::Ready(answer)) => break answer,
                Err(panic) => break Ok(panicked(&*panic, self.id.clone(), &self.method)),
            }
        };
        if let (Some(step), Ok(Some(response))) = (self.step, &answer)
            && response.is_ok()
        {
            self.lifecycle.0.fetch_max(step, Ordering::SeqCst);
        }
        Poll::Ready(answer)
    }
}

impl<S: Service<Request>> Guarded<S> {
    fn once_more(&mut self) -> Option<std::thread::Result<S::Future>> {
        let again = self.again.as_mut().filter(|again| again.left > 0)?;
        again.left -= 1;
        Some(call(&again.service, again.request.clone()))
    }
}

fn is_stale<E>(answer: &Answer<E>) -> bool {
    matches!(answer, Ok(Some(response)) if response.error().is_some_and(|error| error.code == ErrorCode::ContentModified))
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Answers `ContentModified` so often, then how often it was asked.
    #[derive(Debug)]
    struct Typing {
        stale: u8,
        asked: u8,
    }

    impl Service<Request> for Typing {
        type Response = Option<Response>;
        type Error = ();
        type Future = std::future::Ready<Answer<()>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request) -> Self::Future {
            self.asked += 1;
            let answer = if self.asked > self.stale { Ok(json!(self.asked)) } else { Err(Error::new(ErrorCode::ContentModified)) };
            std::future::ready(Ok(request.id().map(|id| Response::from_parts(id.clone(), answer))))
        }
    }

    fn ask(stale: u8, method: &'static str, params: Value) -> Result<Value, Error> {
        let lifecycle = Arc::new(Lifecycle(AtomicU8::new(READY)));
        let mut guard = Guard::new(Typing { stale, asked: 0 }, lifecycle);
        let mut answer = guard.call(Request::build(method).params(params).id(1).finish());
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(Some(response))) => response.into_parts().1,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_a_change_made_stale_is_computed_again() {
        assert_eq!(ask(0, "textDocument/hover", json!({})), Ok(json!(1)));
        assert_eq!(ask(3, "textDocument/hover", json!({})), Ok(json!(4)));
        assert_eq!(ask(AGAIN, "textDocument/hover", json!({})), Ok(json!(AGAIN + 1)));
        assert_eq!(ask(AGAIN + 1, "textDocument/hover", json!({})).map_err(|error| error.code), Err(ErrorCode::ContentModified));
        assert_eq!(ask(1, "workspace/executeCommand", json!({ "command": "nginx-analyzer.trace" })), Ok(json!(2)));
    }

    #[test]
    fn what_changes_a_text_is_not() {
        let stale = |method, params| ask(1, method, params).map_err(|error| error.code);
        assert_eq!(stale("textDocument/rename", json!({})), Err(ErrorCode::ContentModified));
        for command in [cleanup::APPLY, cleanup::FINISH] {
            assert_eq!(stale("workspace/executeCommand", json!({ "command": command })), Err(ErrorCode::ContentModified), "{command}");
        }
    }
}
