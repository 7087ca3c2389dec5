//! Who needs what: files that a configuration reads, requests that one block sends to another.

pub mod definitions;
pub mod entries;
pub mod files;
pub mod lua;
pub mod modules;
pub mod paths;
pub mod references;
pub mod surroundings;
pub mod takeover;
