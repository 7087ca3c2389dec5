//! The command as a person and a CI job see it: the real binary, its output, its exit status.
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;

mod asked;
mod cleanup;
mod command;
mod completions;
mod errors;
mod example;
mod expand;
mod json;
mod layout;
mod probe;
mod report;
mod routes;
mod sarif;
mod trace;
mod usage;
