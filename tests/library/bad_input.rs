//! Files that no configuration should be: each is answered with a message, and the rest is analysed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nginx_analyzer::project::ReadProblem;
use nginx_analyzer::project::vfs::NoFile;
use nginx_analyzer::rules::{self, Finding};
use nginx_analyzer::world::{Analysis, World};

/// A main configuration that includes `bad.conf` and a good file.
fn around(bad: impl FnOnce(&Path)) -> (tempfile::TempDir, Arc<Analysis>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("nginx.conf", "events {}\nhttp {\n  include bad.conf;\n  include good.conf;\n}\n");
    write("good.conf", "server { listen 80; location /good { return 200; } }\n");
    bad(&folder.path().join("bad.conf"));
    let analysis = World::open(folder.path(), vec![folder.path().join("nginx.conf")]).analysis();
    (folder, analysis)
}

fn problem(folder: &Path, analysis: &Analysis) -> Option<ReadProblem> {
    let file = analysis.project.vfs.id(&folder.join("bad.conf"));
    analysis.project.files.get(&file).and_then(|source| source.problem.clone())
}

/// The one finding on the include of `bad.conf`, after seeing that the good file is analysed and nothing is claimed of the bad.
fn only_finding(analysis: &Analysis) -> Finding {
    let config = &analysis.configs[0];
    assert!(config.locations.iter().any(|location| location.matcher.display() == "/good"), "the rest is analysed");
    assert_eq!(config.unknown_includes.len(), 1, "what is unread is known to be unknown");
    let mut found: Vec<Finding> = rules::check(analysis).into_iter().filter(|finding| finding.rule == "unreadable-file").collect();
    assert_eq!(found.len(), 1, "{found:?}");
    let finding = found.remove(0);
    assert_eq!(analysis.text_at(finding.place), "include bad.conf;");
    finding
}

#[test]
fn a_huge_file_is_not_read() {
    let (folder, analysis) = around(|path| std::fs::File::create(path).and_then(|file| file.set_len(100 << 20)).expect("a sparse file"));
    assert!(matches!(problem(folder.path(), &analysis), Some(ReadProblem::TooLarge { size, .. }) if size == 100 << 20));
    assert!(only_finding(&analysis).message.contains("too large"));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_never_opened() {
    let (folder, analysis) =
        around(|path| assert!(std::process::Command::new("mkfifo").arg(path).status().is_ok_and(|status| status.success())));
    assert!(matches!(problem(folder.path(), &analysis), Some(ReadProblem::NotAFile(_))));
    assert!(only_finding(&analysis).message.contains("pipe"));
}

#[test]
fn a_folder_is_no_file() {
    let (folder, analysis) = around(|path| std::fs::create_dir(path).expect("a folder"));
    assert_eq!(problem(folder.path(), &analysis), Some(ReadProblem::NotAFile(NoFile::Folder)));
    let finding = only_finding(&analysis);
    assert!(finding.related.iter().any(|related| related.message.contains("Docker")), "{finding:?}");
}

#[test]
fn a_folder_named_nginx_conf_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("nginx.conf");
    std::fs::create_dir(&path).expect("a folder");
    let analysis = World::open(folder.path(), vec![path]).analysis();
    let found = rules::check(&analysis);
    assert!(found.len() == 1 && found[0].message.contains("a folder"), "{found:?}");
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_ends() {
    let (folder, analysis) = around(|path| std::os::unix::fs::symlink("bad.conf", path).expect("a link"));
    assert_eq!(problem(folder.path(), &analysis), Some(ReadProblem::LinkLoop));
    assert!(only_finding(&analysis).message.contains("link"));
}

#[cfg(unix)]
#[test]
fn a_file_that_is_not_permitted_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, analysis) = around(|path| {
        std::fs::write(path, "server { listen 81; }\n").expect("a file");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000)).expect("no permissions");
    });
    if std::fs::File::open(folder.path().join("bad.conf")).is_ok() {
        eprintln!("skipped: this user may read any file");
        return;
    }
    assert!(matches!(problem(folder.path(), &analysis), Some(ReadProblem::Io(_))));
    only_finding(&analysis);
}

#[test]
fn nul_bytes_make_a_file_binary() {
    let (folder, analysis) = around(|path| std::fs::write(path, b"server {\0 listen 81; }\n").expect("a file"));
    assert_eq!(problem(folder.path(), &analysis), Some(ReadProblem::Binary));
    only_finding(&analysis);
}

#[test]
fn a_file_that_is_not_utf_8_is_analysed_all_the_same() {
    let (folder, analysis) =
        around(|path| std::fs::write(path, b"# caf\xe9\nserver { listen 81; location /bad { return 200; } }\n").expect("a file"));
    assert_eq!(problem(folder.path(), &analysis), Some(ReadProblem::NotUtf8));
    let config = &analysis.configs[0];
    assert_eq!(config.locations.len(), 2);
    assert!(config.unknown_includes.is_empty());
    let found: Vec<Finding> = rules::check(&analysis).into_iter().filter(|finding| finding.rule == "unreadable-file").collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(analysis.text_at(found[0].place), "\u{fffd}");
}

#[test]
fn a_byte_order_mark_and_carriage_returns_change_no_meaning() {
    let (_folder, analysis) = around(|path| {
        std::fs::write(path, "\u{feff}# first\r\nserver {\r\n  listen 81;\r\n  location /bad {\r\n    return 200;\r\n  }\r\n}\r\n")
            .expect("a file")
    });
    let config = &analysis.configs[0];
    assert_eq!(config.servers.len(), 2);
    assert_eq!(config.servers[0].listens[0].port, 81);
    assert_eq!(config.locations[0].matcher.display(), "/bad");
}

#[test]
fn a_name_that_is_no_utf_8_is_a_name() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let odd = std::ffi::OsStr::from_bytes(b"x\xff.conf");
    std::fs::write(folder.path().join("nginx.conf"), "events {}\nhttp { include sites/*.conf; }\n").expect("a file");
    std::fs::create_dir(folder.path().join("sites")).expect("a folder");
    std::fs::write(folder.path().join("sites").join(odd), "server { listen 81; }\n").expect("a file");
    let analysis = World::open(folder.path(), Vec::<PathBuf>::new()).analysis();
    assert_eq!(analysis.configs[0].servers.len(), 1);
}

#[test]
fn blocks_nested_without_end_are_cut() {
    let (_folder, analysis) = around(|path| {
        let text = format!("{}{}", "location / {\n".repeat(50_000), "}\n".repeat(50_000));
        std::fs::write(path, format!("server {{\n{text}}}\n")).expect("a file");
    });
    assert!(analysis.configs[0].locations.iter().any(|location| location.matcher.display() == "/good"));
}

#[test]
fn settings_that_are_no_toml_are_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("nginx.conf"), "events {}\n").expect("a file");
    std::fs::write(folder.path().join("nginx-analyzer.toml"), b"[rules\n\xff = {{{").expect("a file");
    let found = rules::check(&World::open(folder.path(), Vec::new()).analysis());
    assert!(!found.is_empty() && found.iter().all(|finding| finding.rule == "settings-problem"), "{found:?}");
}
