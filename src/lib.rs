//! nginx-analyzer: what `nginx -t` can't say.
//!
//! Layers, each knowing only those above it (a test checks the `use` lines): `text`, `syntax`, `nginx`, `messages`, `project`,
//! `config`, `routing`, `upstreams`, `usage`, `world`, `rules`, `cleanup`, `ide`, `store`, `server`, `cli`. ARCHITECTURE.md
//! has a paragraph on each.

// What came from outside never ends the program: a value that is not there is a case like any other.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod cleanup;
pub mod cli;
pub mod config;
pub mod ide;
pub mod messages;
pub mod nginx;
pub mod parallel;
pub mod project;
pub mod routing;
pub mod rules;
pub mod server;
pub mod store;
pub mod syntax;
pub mod text;
pub mod upstreams;
pub mod usage;
pub mod world;
