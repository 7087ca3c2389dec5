//! What several test files need.
#![allow(dead_code, missing_docs)]

use std::path::PathBuf;

/// The folder with shared test material beside the checkout; says that the test is skipped when it is not there.
pub fn shared(what: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(what);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: ../shared/{what} is not here");
    None
}

/// Is there an nginx to ask? Says that the test is skipped when there is none.
pub fn nginx() -> Option<PathBuf> {
    let found = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].iter().map(PathBuf::from).find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: nginx is not installed");
    }
    found
}
