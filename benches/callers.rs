//! How long it takes to find who calls a gateway in a workspace of 20,000 files on disk: `cargo bench --bench callers`.
#![allow(missing_docs)]

mod allocator;

mod workspace;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use divan::{Bencher, black_box};
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::project::{Parses, Project, Vfs};
use nginx_analyzer::usage::callers::{Cache, scan};

const FILES: usize = 20_000;

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    workspace::write(folder.path(), FILES);
    folder
});

fn main() {
    let path = FOLDER.path().to_path_buf();
    let callers = scan(&load(&path), &Cache::default());
    println!("{FILES} files: {} read, {} callers, {} left out", callers.files, callers.all.len(), callers.left_out.len());
    divan::main();
    // A static is never dropped.
    std::fs::remove_dir_all(path).expect("removed");
}

fn load(folder: &Path) -> Project {
    Project::load(Vfs::default(), folder, Arc::new(Settings::default()), &[folder.join("nginx.conf")], &mut Parses::default())
}

/// Nothing is known but which files there are.
#[divan::bench(sample_count = 10)]
fn cold(bencher: Bencher) {
    bencher.with_inputs(|| load(FOLDER.path())).bench_local_refs(|project| black_box(scan(project, &Cache::default())));
}

/// One file changed on disk.
#[divan::bench(sample_count = 20)]
fn one_file_changed(bencher: Bencher) {
    let project = load(FOLDER.path());
    let cache = Cache::default();
    scan(&project, &cache);
    let file = project.vfs.id(&FOLDER.path().join(workspace::PAGE));
    bencher.bench_local(|| {
        project.vfs.forget(file);
        scan(&project, &cache)
    });
}

/// A module that thousands of scripts import changed.
#[divan::bench(sample_count = 10)]
fn a_shared_module_changed(bencher: Bencher) {
    let project = load(FOLDER.path());
    let cache = Cache::default();
    scan(&project, &cache);
    let file = project.vfs.id(&FOLDER.path().join("web/src/http.ts"));
    bencher.bench_local(|| {
        project.vfs.forget(file);
        scan(&project, &cache)
    });
}
