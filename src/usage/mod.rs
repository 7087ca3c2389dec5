//! Who needs what: files that a configuration reads, requests that one block sends to another.

pub mod lua;
