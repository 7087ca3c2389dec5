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

/// Writes a fixture's files below a folder. A line `#- /path` begins a file; what stands before the first is `nginx.conf`. A file of which
/// the path is followed by ` × 120` has its lines so many times.
pub fn write_fixture(folder: &std::path::Path, fixture: &str) {
    let mut path = folder.join("nginx.conf");
    let mut times = 1;
    let mut text = String::new();
    let flush = |path: &std::path::Path, text: &mut String, times: usize| {
        if !text.trim().is_empty() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            if times > 1 && !text.ends_with('\n') {
                text.push('\n');
            }
            std::fs::write(path, text.repeat(times)).expect("a file");
        }
        text.clear();
    };
    for line in fixture.split_inclusive('\n') {
        match line.trim_end().strip_prefix("#- /") {
            Some(name) => {
                flush(&path, &mut text, times);
                let (name, count) = name.split_once(" × ").unwrap_or((name, "1"));
                times = count.parse().expect("a number of times");
                path = folder.join(name);
            }
            None => text.push_str(line),
        }
    }
    flush(&path, &mut text, times);
}
