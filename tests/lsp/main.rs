//! The language server from outside: the real binary over its standard input and output, with a client that checks every message.

#[path = "../common/mod.rs"]
mod common;

mod actions;
mod bad_input;
mod cleanup;
mod client;
mod completion;
mod concurrency;
mod deep;
mod diagnostics;
mod effective;
mod everyday;
mod example;
mod flood;
mod formatting;
mod help;
mod language;
mod lifecycle;
mod map;
mod memory;
mod navigate;
mod protocol;
mod reference;
mod rename;
mod schema;
mod schema_everyday;
#[cfg(target_os = "linux")]
mod slow;
mod sources;
mod status;
mod stress;
mod sync;
mod tokens;
mod trace;
mod trust;
mod usage;
mod vanish;
mod watched;
mod workspace;

/// A configuration in which one thing is wrong: on its fourth line a location that no request reaches.
const BROKEN: &str = "events {}\nhttp { server {\n location ~ ^/ { return 200; }\n location ~ ^/a { return 201; }\n} }\n";
/// The same without it.
const SOUND: &str = "events {}\nhttp { server {\n location ~ ^/ { return 200; }\n} }\n";
/// A part of a configuration, wrong on its third line.
const BROKEN_PART: &str = "server {\n location ~ ^/ { return 200; }\n location ~ ^/a { return 201; }\n}\n";
/// The same without that.
const SOUND_PART: &str = "server {\n location ~ ^/ { return 200; }\n}\n";
