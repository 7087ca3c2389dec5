//! Who needs what: files that a configuration reads, requests that one block sends to another; who uses what: logs, callers, verdicts.

pub mod callers;
pub mod definitions;
pub mod entries;
pub mod files;
pub mod logs;
pub mod lua;
pub mod modules;
pub mod names;
pub mod paths;
pub mod redundant;
pub mod references;
pub mod required;
pub mod surroundings;
pub mod takeover;
pub mod tls;
pub mod verdict;
pub mod words;
