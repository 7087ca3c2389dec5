//! Answers of megabytes: written where they are computed, and sent as they are. The protocol library would make a tree of JSON of each.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use rustc_hash::FxHashMap;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use tower_lsp::jsonrpc::{Id, Request, Response};
use tower_service::Service;

use super::stdio::Outgoing;

/// Answers that are written and not sent yet. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Prepared(Arc<Texts>);

#[derive(Debug, Default)]
struct Texts {
    last: AtomicU64,
    texts: Mutex<FxHashMap<u64, Box<RawValue>>>,
}

/// What the library gets in place of an answer. The text is handed over when the library asks what it says, and is gone with the ticket of a
/// request that nobody waits for any more.
#[derive(Debug)]
pub struct Ticket {
    prepared: Prepared,
    text: Mutex<Option<Box<RawValue>>>,
}

/// By what a ticket is told from an answer.
const NUMBER: &str = "nginxAnalyzer/prepared";

impl Prepared {
    /// Writes an answer. `None` never: nothing that is answered has a map with keys that are no text.
    pub fn write(&self, answer: &impl Serialize) -> Option<Ticket> {
        let text = to_raw_value(answer).ok()?;
        Some(Ticket { prepared: self.clone(), text: Mutex::new(Some(text)) })
    }

    /// The answer that was promised, if this is a ticket.
    fn take(&self, result: &Value) -> Option<Box<RawValue>> {
        let number = result.as_object()?.get(NUMBER)?.as_u64()?;
        self.0.texts.lock().unwrap_or_else(PoisonError::into_inner).remove(&number)
    }
}

impl Serialize for Ticket {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Texts { last, texts } = &*self.prepared.0;
        let number = last.fetch_add(1, Ordering::Relaxed);
        if let Some(text) = self.text.lock().unwrap_or_else(PoisonError::into_inner).take() {
            texts.lock().unwrap_or_else(PoisonError::into_inner).insert(number, text);
        }
        let mut ticket = serializer.serialize_map(Some(1))?;
        ticket.serialize_entry(NUMBER, &number)?;
        ticket.end()
    }
}

/// A service around a service: whose answer is a ticket gets what was written, sent past the library.
#[derive(Debug)]
pub struct AsWritten<S> {
    inner: S,
    prepared: Prepared,
    outgoing: Outgoing,
}

impl<S> AsWritten<S> {
    /// Around `inner`, which writes to `prepared`.
    pub fn new(inner: S, prepared: Prepared, outgoing: Outgoing) -> AsWritten<S> {
        AsWritten { inner, prepared, outgoing }
    }
}

/// A response (JSON-RPC 2.0).
#[derive(Serialize)]
struct Sent<'a> {
    jsonrpc: &'static str,
    id: &'a Id,
    result: &'a RawValue,
}

impl<S, E> Service<Request> for AsWritten<S>
where
    S: Service<Request, Response = Option<Response>, Error = E>,
    S::Future: Send + 'static,
    E: Send + 'static,
{
    type Response = Option<Response>;
    type Error = E;
    type Future = Pin<Box<dyn Future<Output = Result<Option<Response>, E>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), E>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (answer, prepared, outgoing) = (self.inner.call(request), self.prepared.clone(), self.outgoing.clone());
        Box::pin(async move {
            let answer = answer.await?;
            if let Some(response) = &answer
                && let Some(result) = response.result().and_then(|result| prepared.take(result))
            {
                outgoing.send(&Sent { jsonrpc: "2.0", id: response.id(), result: &result });
                return Ok(None);
            }
            Ok(answer)
        })
    }
}
