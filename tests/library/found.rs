//! What a rule finds in a fixture.

use nginx_analyzer::rules::{self, Finding};
use nginx_analyzer::world::World;

use crate::common;

/// What one rule finds in a workspace that is written for it (see [`common::write_fixture`]).
pub fn findings(rule: &str, fixture: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    common::write_fixture(folder.path(), fixture);
    let analysis = World::open(&folder.path().canonicalize().expect("it is there"), Vec::new()).analysis();
    rules::check(&analysis).into_iter().filter(|finding| finding.rule == rule).collect()
}

/// Their messages.
pub fn messages(rule: &str, fixture: &str) -> Vec<String> {
    findings(rule, fixture).into_iter().map(|finding| finding.message).collect()
}
