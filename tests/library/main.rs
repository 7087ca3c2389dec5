//! What the library promises, in one program: each program that is linked with all of it takes a hundred megabytes and its seconds.
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;

mod answers;
mod answers_cluster;
mod applications;
mod bad_input;
mod bounds;
mod callers;
mod catalogue;
mod cleanup;
mod cleanup_corpus;
mod completion;
mod corpus;
mod deploy;
mod deploy_compose;
mod doors;
mod editing;
mod effective;
mod found;
mod history;
mod incremental;
mod logs;
mod project;
mod project_nginx;
mod relinking;
mod rule_pages;
mod sequence_rules;
mod servers;
mod syntax_properties;
mod tidy;
mod upstreams;
mod upstreams_catalogue;
mod usage;
mod verdicts;
mod work;
