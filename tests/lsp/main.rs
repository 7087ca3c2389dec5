//! The language server from outside: the real binary over its standard input and output, with a client that checks every message.

mod bad_input;
mod client;
mod concurrency;
mod diagnostics;
mod example;
mod lifecycle;
mod reference;
mod schema;
mod sync;
mod workspace;

/// A configuration in which one thing is wrong: a `}` too many, on its fourth line.
const BROKEN: &str = "events {}\nhttp {\n}\n}\n";
/// The same without it.
const SOUND: &str = "events {}\nhttp {\n}\n";
