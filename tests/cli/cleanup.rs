//! `nginx-analyzer cleanup` as a person uses it, on copies of the example.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command::{Output, checkout, fixture, run};

const DAY: &str = "2025-11-10";
const DUE: &str = "2025-11-24";

/// All files below a folder but the records.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with(".nginx-analyzer") {
                    open.push(path);
                }
            } else {
                let name = path.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
                out.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    out
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("copied");
        }
    }
}

fn example() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&checkout().join("examples/oauth2-gateway"), folder.path());
    folder
}

fn cleanup(folder: &Path, arguments: &[&str], day: &str) -> Output {
    let (step, rest) = arguments.split_first().expect("a step");
    let mut all = vec!["cleanup", step];
    all.extend(rest);
    all.extend(["--today", day]);
    run(folder, &all)
}

fn json(folder: &Path, arguments: &[&str], day: &str) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    let output = cleanup(folder, &all, day);
    serde_json::from_str(&output.out).unwrap_or_else(|error| panic!("{error}: {} {}", output.out, output.err))
}

#[test]
fn the_plan_of_the_example_shows_what_why_and_how() {
    let folder = example();
    let before = tree(folder.path());
    let rules = ["plan", "--rule", "unused-definition", "--rule", "unused-named-location", "--rule", "dead-location"];
    let output = cleanup(folder.path(), &rules, DAY);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(output.out);
    assert_eq!(tree(folder.path()), before, "a plan changes nothing");
    assert!(!folder.path().join(".nginx-analyzer").exists());
}

/// The page that nobody opens, and the four locations that only it calls.
const PAGE: [&str; 10] =
    ["--at", "nginx.conf:541", "--at", "nginx.conf:379", "--at", "nginx.conf:383", "--at", "nginx.conf:387", "--at", "nginx.conf:391"];

#[test]
fn a_page_with_all_that_hangs_on_it_goes_and_comes_back() {
    let folder = example();
    let before = tree(folder.path());
    let expected: Value = serde_json::from_slice(&before["expected.json"]).expect("JSON");
    let mut files: Vec<&str> = expected["report"]
        .as_array()
        .expect("a report")
        .iter()
        .filter(|entry| PAGE.iter().any(|place| *place == format!("nginx.conf:{}", entry["line"])))
        .flat_map(|entry| entry["goes_with"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .collect();
    files.sort();
    let mut arguments = vec!["plan"];
    arguments.extend(PAGE);
    let plan = json(folder.path(), &arguments, DAY);
    assert_eq!(plan["files"], Value::from(files.clone()), "{plan:#}");
    assert_eq!(plan["blocks"].as_array().map(Vec::len), Some(5));
    assert_eq!(plan["refused"], Value::from(Vec::<Value>::new()));

    arguments[0] = "apply";
    let applied = cleanup(folder.path(), &arguments, DAY);
    assert_eq!((applied.status, applied.err.as_str()), (Some(0), ""), "{}", applied.out);
    let after = tree(folder.path());
    assert_eq!(after["nginx.conf.backup_before_cleanup_20251110"], before["nginx.conf"]);
    for file in &files {
        assert_eq!(after[*file], before[*file], "files stay until the end");
    }
    let text = String::from_utf8_lossy(&after["nginx.conf"]).into_owned();
    let above = text.lines().position(|line| line == "        #X# location /token-manager {").expect("commented out") - 1;
    let line = text.lines().nth(above).expect("a line");
    assert!(line.starts_with("        # nginx-analyzer: off since 2025-11-10 until 2025-11-24: "), "{line}");

    let status = json(folder.path(), &["status"], DAY);
    let due = |status: &Value| -> Vec<(String, bool)> {
        let blocks = status["blocks"].as_array().expect("blocks");
        blocks.iter().map(|it| (it["block"].as_str().expect("a block").to_owned(), it["due"] == true)).collect()
    };
    let block = |name: &str, due: bool| (name.to_owned(), due);
    assert_eq!(
        due(&status),
        [
            block("location = /api/token/generate", false),
            block("location = /api/token/info", false),
            block("location = /api/token/revoke", false),
            block("location = /api/token/list", false),
            block("location = /session-manager", true),
            block("location /token-manager", false),
        ]
    );
    assert!(due(&json(folder.path(), &["status"], DUE)).iter().all(|(_, due)| *due));

    let dry = cleanup(folder.path(), &["finish", "--dry-run"], DUE);
    assert_eq!(tree(folder.path()), after, "{}", dry.out);
    let finished = cleanup(folder.path(), &["finish"], DUE);
    assert_eq!((finished.status, finished.err.as_str()), (Some(0), ""), "{}", finished.out);
    let last = tree(folder.path());
    for file in &files {
        assert!(!last.contains_key(*file), "{file} is in the archive");
    }
    assert!(!String::from_utf8_lossy(&last["nginx.conf"]).contains("#X# location"));
    let check = run(folder.path(), &["check", "--min-severity", "hint", "--format", "json"]);
    assert!(!check.out.contains("\"missing-file\",\"severity\":\"error\""), "{}", check.out);

    // Of the deletion, which took another block too, only what belongs to the clean-up comes back.
    let id = finished_id(&applied.out);
    let one = cleanup(folder.path(), &["restore", "--id", &id], DUE);
    assert_eq!((one.status, one.err.as_str()), (Some(0), ""), "{}", one.out);
    let text = String::from_utf8_lossy(&tree(folder.path())["nginx.conf"]).into_owned();
    let original = String::from_utf8_lossy(&before["nginx.conf"]).into_owned();
    let hand = original.split_inclusive('\n').skip(515).take(7).collect::<String>();
    assert_eq!(text, original.replace(&hand, ""), "all but the block that was commented out by hand");
    files.iter().for_each(|file| assert_eq!(tree(folder.path())[*file], before[*file]));

    let rest = cleanup(folder.path(), &["restore", "--all"], DUE);
    assert_eq!((rest.status, rest.err.as_str()), (Some(0), ""), "{}", rest.out);
    assert_eq!(tree(folder.path())["nginx.conf"], before["nginx.conf"]);
}

fn finished_id(out: &str) -> String {
    out.split("(clean-up ").nth(1).and_then(|rest| rest.split(')').next()).expect("an id").to_owned()
}

#[test]
fn apply_finish_restore_is_nothing() {
    let folder = example();
    let before = tree(folder.path());
    for steps in [&["apply"][..], &["apply", "finish"], &["finish"], &["apply", "apply --all --yes", "finish"]] {
        for step in steps {
            let output = cleanup(folder.path(), &step.split(' ').collect::<Vec<_>>(), if *step == "finish" { DUE } else { DAY });
            assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{step}: {}", output.out);
            assert_ne!(tree(folder.path()), before, "{step}");
        }
        let done = tree(folder.path());
        let dry = cleanup(folder.path(), &["restore", "--all", "--dry-run"], DUE);
        assert_eq!((dry.status, dry.err.as_str()), (Some(0), ""), "{}", dry.out);
        assert!(tree(folder.path()) == done, "{steps:?}: {}", dry.out);
        let output = cleanup(folder.path(), &["restore", "--all"], DUE);
        assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{}", output.out);
        assert!(tree(folder.path()) == before, "{steps:?}: {}", output.out);
        // It named the same files, and showed what came back.
        let files = |out: &str| out.lines().skip(1).take_while(|line| line.starts_with("  ")).map(str::to_owned).collect::<Vec<_>>();
        assert!(dry.out.starts_with("Would be restored:\n") && output.out.starts_with("Restored:\n"), "{}{}", dry.out, output.out);
        assert_eq!(files(&dry.out), files(&output.out));
        assert!(dry.out.contains("--- a/nginx.conf\n+++ b/nginx.conf\n@@"), "{}", dry.out);
    }
    assert_eq!(cleanup(folder.path(), &["restore"], DUE).out, "There is no clean-up to take back.\n");
}

#[test]
fn a_look_takes_nothing_back() {
    let folder = example();
    cleanup(folder.path(), &["apply"], DAY);
    let manifest = folder.path().join(".nginx-analyzer/cleanup/20251110-1/manifest.json");
    let done = std::fs::read_to_string(&manifest).expect("a record");
    std::fs::write(&manifest, done.replace("\"state\": \"done\"", "\"state\": \"open\"")).expect("written");
    let interrupted = tree(folder.path());
    let dry = cleanup(folder.path(), &["restore", "--dry-run"], DUE);
    assert_eq!((dry.status, dry.err.as_str()), (Some(0), ""));
    assert!(dry.out.starts_with("Clean-up 20251110-1 was interrupted, and would be taken back first:\n  nginx.conf\n"), "{}", dry.out);
    assert!(dry.out.contains("--- a/nginx.conf\n+++ b/nginx.conf\n@@"), "{}", dry.out);
    assert!(tree(folder.path()) == interrupted);
    let restored = cleanup(folder.path(), &["restore"], DUE);
    assert!(restored.out.contains("which was interrupted, is taken back"), "{}", restored.out);
}

const SMALL: &str = "events {}\nhttp {\n    server {\n        location / { return 200; }\n        location @gone {\n            return 403;\n        }\n    }\n}\n";

#[test]
fn what_fails_its_test_is_taken_back_and_the_command_says_why() {
    let folder = fixture(&format!(
        "{SMALL}#- /nginx-analyzer.toml\n[cleanup]\ntest = [\"sh\", \"-c\", \"echo 'nope: line 5'; grep -c '#X#' nginx.conf; exit 3\"]\n"
    ));
    let before = tree(folder.path());
    let output = cleanup(folder.path(), &["apply"], DAY);
    assert_eq!((output.status, output.out.as_str()), (Some(1), ""));
    assert!(output.err.contains("failed (exit status: 3):\nnope: line 5\n3\n"), "it saw the new text: {}", output.err);
    assert_eq!(tree(folder.path()), before);
    let output = cleanup(folder.path(), &["apply", "--test-command", "no-such-program -t"], DAY);
    assert!(output.status == Some(1) && output.err.contains("`no-such-program -t` could not be started"), "{}", output.err);
    assert_eq!(tree(folder.path()), before);
    let output = cleanup(folder.path(), &["apply", "--test-command", "grep -q #X# nginx.conf"], DAY);
    assert!(output.status == Some(0) && output.out.contains("tested: grep -q #X# nginx.conf"), "{} {}", output.out, output.err);
    assert_eq!(cleanup(folder.path(), &["restore"], DAY).status, Some(0));
    let output = cleanup(folder.path(), &["apply", "--no-test"], DAY);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
}

#[test]
fn later_edits_elsewhere_stay_and_edited_blocks_are_told_of() {
    let folder = fixture(SMALL);
    let conf = folder.path().join("nginx.conf");
    let read = || std::fs::read_to_string(&conf).expect("a file");
    assert_eq!(cleanup(folder.path(), &["apply"], DAY).status, Some(0));
    let edited = read().replace("events {}", "events { worker_connections 9; }").replace("return 200", "return 204");
    std::fs::write(&conf, &edited).expect("written");
    let output = cleanup(folder.path(), &["restore"], DAY);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{}", output.out);
    assert_eq!(read(), SMALL.replace("events {}", "events { worker_connections 9; }").replace("return 200", "return 204"));

    std::fs::write(&conf, SMALL).expect("written");
    assert_eq!(cleanup(folder.path(), &["apply"], DAY).status, Some(0));
    let edited = read().replace("return 403", "return 404");
    std::fs::write(&conf, &edited).expect("written");
    let output = cleanup(folder.path(), &["restore"], DAY);
    assert_eq!(output.status, Some(1));
    assert!(
        output.out.contains("`location @gone`, once at line 5, was edited since and is left as it is; the file as it was before is in "),
        "{}",
        output.out
    );
    assert_eq!(read(), edited);
}

#[test]
fn one_block_comes_back_by_its_line_whoever_commented_it_out() {
    let text = "events {}\nhttp {\n    server {\n        location @gone {\n            return 403;\n        }\n        #X# location /hand {\n        #X#     return 410;\n        #X# }\n    }\n}\n";
    let folder = fixture(text);
    let conf = folder.path().join("nginx.conf");
    assert_eq!(cleanup(folder.path(), &["apply"], DAY).status, Some(0));
    let output = cleanup(folder.path(), &["restore", "--at", "nginx.conf:9"], DAY);
    assert_eq!((output.status, output.out.as_str()), (Some(0), "Restored:\n  nginx.conf:8  location /hand\n"), "{}", output.err);
    // By our line above it.
    let output = cleanup(folder.path(), &["restore", "--at", "nginx.conf:4"], DAY);
    assert_eq!((output.status, output.out.as_str()), (Some(0), "Restored:\n  nginx.conf:4  location @gone\n"), "{}", output.err);
    assert_eq!(std::fs::read_to_string(&conf).expect("a file"), text.replace("#X# ", ""));
    assert_eq!(cleanup(folder.path(), &["restore"], DAY).out, "There is no clean-up to take back.\n", "its record knows");
    assert_eq!(cleanup(folder.path(), &["restore", "--at", "nginx.conf:4"], DAY).status, Some(2));
}

#[test]
fn a_backup_never_overwrites_and_is_not_loaded() {
    let folder = fixture(&format!(
        "events {{}}\nhttp {{ include sites/*; }}\n#- /sites/a\n{}",
        "server {\n    location / { return 200; }\n    location @gone {\n        return 403;\n    }\n}\n"
    ));
    std::fs::write(folder.path().join("nginx.conf.backup_before_cleanup_20251110"), "mine").expect("written");
    let output = cleanup(folder.path(), &["apply"], DAY);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{}", output.out);
    let files = tree(folder.path());
    assert_eq!(files.keys().filter(|name| name.starts_with("sites/")).count(), 1, "a file beside it would be a second server");
    assert!(output.out.contains("backup: .nginx-analyzer/cleanup/20251110-1/a.backup_before_cleanup_20251110"), "{}", output.out);

    let folder = fixture(SMALL);
    std::fs::write(folder.path().join("nginx.conf.backup_before_cleanup_20251110"), "mine").expect("written");
    assert_eq!(cleanup(folder.path(), &["apply"], DAY).status, Some(0));
    let files = tree(folder.path());
    assert_eq!(files["nginx.conf.backup_before_cleanup_20251110"], b"mine");
    assert_eq!(files["nginx.conf.backup_before_cleanup_20251110_2"], SMALL.as_bytes());
}

#[test]
#[cfg(unix)]
fn links_permissions_and_line_ends_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let folder = fixture("events {}\nhttp { include enabled/*.conf; }\n");
    let text = "server {\r\n    location / { return 200; }\r\n    location @gone {\r\n        return 403;\r\n    }\r\n}";
    for sub in ["available", "enabled"] {
        std::fs::create_dir(folder.path().join(sub)).expect("a folder");
    }
    let real = folder.path().join("available/a.conf");
    std::fs::write(&real, text).expect("written");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("set");
    symlink("../available/a.conf", folder.path().join("enabled/a.conf")).expect("linked");
    let apply = || {
        let output = cleanup(folder.path(), &["apply"], DAY);
        assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{}", output.out);
        std::fs::read_to_string(&real).expect("a file")
    };
    let after = apply();
    assert!(after.contains("\r\n    #X# location @gone {\r\n") && !after.replace("\r\n", "").contains('\n'), "{after:?}");
    assert!(std::fs::symlink_metadata(folder.path().join("enabled/a.conf")).expect("there").is_symlink());
    assert_eq!(std::fs::metadata(&real).expect("there").permissions().mode() & 0o7777, 0o640);
    assert_eq!(cleanup(folder.path(), &["restore"], DAY).status, Some(0));
    assert_eq!(std::fs::read_to_string(&real).expect("a file"), text);
    // A second name of the file stays one.
    std::fs::hard_link(&real, folder.path().join("available/other")).expect("linked");
    let inode = std::fs::metadata(&real).expect("there").ino();
    let after = apply();
    assert_eq!(std::fs::read_to_string(folder.path().join("available/other")).expect("a file"), after);
    assert_eq!(std::fs::metadata(&real).expect("there").ino(), inode);
    assert_eq!(cleanup(folder.path(), &["restore"], DAY).status, Some(0));
    assert_eq!(std::fs::read_to_string(&real).expect("a file"), text);
}

#[test]
fn what_something_needs_is_refused_with_the_reason_and_what_needs_it_may_go_along() {
    let text = "events {}\nhttp {\n    server {\n        location / { return 200; }\n        location /a {\n            error_page 404 /gone;\n        }\n        location = /gone {\n            return 410;\n        }\n    }\n}\n";
    let folder = fixture(text);
    let plan = json(folder.path(), &["plan", "--at", "nginx.conf:8"], DAY);
    assert_eq!(plan["blocks"].as_array().map(Vec::len), Some(0));
    assert!(plan["refused"][0]["refused"].as_str().is_some_and(|it| it.contains("error_page")), "{plan:#}");
    let plan = json(folder.path(), &["plan", "--at", "nginx.conf:8", "--at", "nginx.conf:5"], DAY);
    assert_eq!(plan["blocks"].as_array().map(Vec::len), Some(2), "{plan:#}");
    let output = cleanup(folder.path(), &["apply", "--at", "nginx.conf:8"], DAY);
    assert_eq!(output.status, Some(1));
    assert_eq!(std::fs::read_to_string(folder.path().join("nginx.conf")).expect("a file"), text);
    for wrong in ["nginx.conf", "nginx.conf:0", "other.conf:1"] {
        assert_eq!(cleanup(folder.path(), &["plan", "--at", wrong], DAY).status, Some(2), "{wrong}");
    }
    assert_eq!(
        cleanup(folder.path(), &["plan", "--rule", "dead-locatoin"], DAY).err,
        "nginx-analyzer: there is no rule `dead-locatoin`; did you mean `dead-location`?\n"
    );
}

#[test]
fn what_is_not_safe_is_only_done_when_it_is_asked_for() {
    let folder = example();
    let output = cleanup(folder.path(), &["apply", "--rule", "dead-location"], DAY);
    assert_eq!(output.status, Some(1), "{}", output.out);
    assert!(output.out.contains("only with --all"), "{}", output.out);
    let output = cleanup(folder.path(), &["apply", "--rule", "dead-location", "--all"], DAY);
    assert!(output.status == Some(1) && output.out.contains("Nothing was done"), "nobody is there to be asked: {}", output.out);
    let output = cleanup(folder.path(), &["apply", "--rule", "dead-location", "--all", "--yes"], DAY);
    assert_eq!(output.status, Some(0), "{}", output.err);
    assert!(output.out.contains("location /admin/"));
}

#[test]
fn the_logs_show_who_asked_since_and_what_is_asked_for_is_not_deleted_by_itself() {
    let folder = example();
    let arguments = ["apply", "--at", "nginx.conf:592", "--at", "nginx.conf:399", "--no-test"];
    assert_eq!(cleanup(folder.path(), &arguments, "2025-11-05").status, Some(0));
    let status = json(folder.path(), &["status"], DAY);
    let blocks = status["blocks"].as_array().expect("blocks");
    let of = |name: &str| blocks.iter().find(|it| it["block"] == name).unwrap_or_else(|| panic!("{name}: {status:#}"));
    // The log shows what the example's expectations say: /v1/ is used, the other is not.
    let used = &of("location /v1/")["requests_since"];
    assert!(
        used["total"].as_u64().is_some_and(|total| total > 0) && used["example"]["request"].as_str().is_some_and(|it| it.contains(" /v1/")),
        "{used}"
    );
    let later = used["log_from"].as_str().expect("a time");
    assert!(later >= "2025-11-04", "only what came since: {later}");
    assert_eq!(of("location /debug-headers")["requests_since"]["total"], 0);
    let finished = cleanup(folder.path(), &["finish"], DUE);
    assert_eq!(finished.status, Some(0), "{}", finished.err);
    let text = String::from_utf8_lossy(&tree(folder.path())["nginx.conf"]).into_owned();
    assert!(text.contains("#X# location /v1/ {") && !text.contains("#X# location /debug-headers"), "{}", finished.out);
    assert!(finished.out.contains("`location /v1/` is due, but requests came since"), "{}", finished.out);
    // Without a log nobody knows.
    let blind = json(folder.path(), &["status", "--no-logs"], DAY);
    assert!(blind["blocks"].as_array().expect("blocks").iter().all(|it| it["requests_since"].is_null()));
    // Nor with one that ends before.
    let folder = example();
    assert_eq!(cleanup(folder.path(), &["apply", "--at", "nginx.conf:475", "--no-test"], "2025-12-01").status, Some(0));
    let late = json(folder.path(), &["status"], "2025-12-02");
    let block = late["blocks"].as_array().expect("blocks").iter().find(|it| it["block"] == "location = /token-session-manager");
    assert!(block.expect("it waits")["requests_since"].is_null(), "{late:#}");
}

#[test]
fn without_a_comment_git_says_since_when() {
    let text = "events {}\nhttp {\n    server {\n        location / { return 200; }\n        #X# location /hand {\n        #X#     return 410;\n        #X# }\n    }\n}\n";
    let folder = fixture(text);
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        let name = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
        command.args(name).args(arguments).current_dir(folder.path());
        command.env("GIT_AUTHOR_DATE", "2025-10-01T12:00:00Z").env("GIT_COMMITTER_DATE", "2025-10-01T12:00:00Z");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", folder.path());
        command.output().is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "-q"]) {
        eprintln!("skipped: git is not installed");
        return;
    }
    let block = || json(folder.path(), &["status"], "2025-10-20")["blocks"][0].clone();
    assert!(block()["since"].is_null(), "it is not committed");
    assert!(git(&["add", "nginx.conf"]) && git(&["commit", "-q", "-m", "off"]));
    let found = block();
    assert_eq!((&found["since"], &found["date_from"], &found["due"]), (&"2025-10-01".into(), &"git".into(), &true.into()), "{found}");
    std::fs::write(folder.path().join("nginx.conf"), text.replace("return 410", "return 404")).expect("written");
    assert!(block()["since"].is_null(), "somebody is at it");
}

/// A record as a repository may bring it along, with an archive that fits it.
struct Shipped {
    manifest: Value,
    archive: Vec<(String, Vec<u8>, u32)>,
}

fn stamp(bytes: &[u8]) -> Value {
    json!({ "sha256": nginx_analyzer::store::disk::sha256(bytes), "bytes": bytes.len() })
}

fn changed(path: &str, before: &[u8], after: &[u8], how: &str) -> Value {
    json!({ "path": path, "before": stamp(before), "after": stamp(after), "how": how, "backup": null, "parts": [part()] })
}

fn moved(path: &str, bytes: &[u8], moved: bool) -> Value {
    json!({ "path": path, "stamp": stamp(bytes), "moved": moved })
}

fn part() -> Value {
    let around = json!({ "above": "", "below": "" });
    json!({ "title": "t", "rule": null, "reason": "", "line": 1, "was": "a", "now": "b", "around": around, "around_before": around })
}

impl Shipped {
    fn new(what: &str, archive: &[(&str, &[u8], u32)]) -> Shipped {
        let manifest = json!({
            "version": 1, "id": "20251110-1", "tool": "x", "time": "x", "today": DAY, "what": what, "state": "open",
            "changes": [], "files": [], "brought": [], "undoes": [],
        });
        Shipped { manifest, archive: archive.iter().map(|(path, bytes, mode)| ((*path).to_owned(), bytes.to_vec(), *mode)).collect() }
    }

    fn with(mut self, key: &str, value: Value) -> Shipped {
        self.manifest[key] = value;
        self
    }

    /// The archive, with names that the library would not write.
    fn packed(&self) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for (path, bytes, mode) in &self.archive {
            let mut header = tar::Header::new_gnu();
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_size(bytes.len() as u64);
            header.set_mode(*mode);
            header.set_entry_type(tar::EntryType::Regular);
            header.set_cksum();
            let filled = bytes.len().next_multiple_of(512) - bytes.len();
            [header.as_bytes(), &bytes[..], &vec![0; filled]].iter().for_each(|piece| out.write_all(piece).expect("packed"));
        }
        out.write_all(&[0; 1024]).expect("packed");
        out.finish().expect("packed")
    }

    /// A project that has it, in a folder with a file beside it; the record's folder is named.
    fn project(&self, name: &str) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let record = folder.path().join("w/.nginx-analyzer/cleanup").join(name);
        for path in [&record, &folder.path().join("w/.git/hooks"), &folder.path().join("out")] {
            std::fs::create_dir_all(path).expect("folders");
        }
        std::fs::write(folder.path().join("w/nginx.conf"), SMALL).expect("written");
        std::fs::write(folder.path().join("out/victim"), MINE).expect("written");
        let archive = self.packed();
        let mut manifest = self.manifest.clone();
        if manifest.get("archive").is_none() {
            manifest["archive"] = stamp(&archive);
        }
        std::fs::write(record.join("before.tar.gz"), archive).expect("written");
        std::fs::write(record.join("manifest.json"), manifest.to_string()).expect("written");
        folder
    }

    /// Whatever is asked for, nothing of the record is used, and it is said which and why.
    #[track_caller]
    fn is_refused(&self, name: &str, why: &str, prepare: &dyn Fn(&Path)) {
        for state in ["open", "done"] {
            let folder =
                Shipped { manifest: self.manifest.clone(), archive: self.archive.clone() }.with("state", state.into()).project(name);
            prepare(folder.path());
            let before = tree(folder.path());
            let workspace = folder.path().join("w");
            for step in [&["restore"][..], &["restore", "--all"], &["restore", "--dry-run"], &["apply", "--all", "--yes"]] {
                let output = cleanup(&workspace, step, DUE);
                assert_eq!(output.status, Some(2), "{state} {step:?}: {}{}", output.out, output.err);
                assert!(output.err.contains("is not used") && output.err.contains(why), "{state} {step:?}: {}", output.err);
                assert!(tree(folder.path()) == before, "{state} {step:?}");
            }
            let status = cleanup(&workspace, &["status"], DUE);
            assert!(status.out.contains("is not used") && status.out.contains(why), "{state}: {}", status.out);
        }
    }
}

const MINE: &[u8] = b"mine\n";
const EVIL: &[u8] = b"evil\n";

#[test]
fn a_record_that_came_with_the_project_reaches_nothing_outside() {
    let outside = tempfile::tempdir().expect("a folder");
    let absolute = outside.path().join("victim").to_string_lossy().into_owned();
    let nothing = |_: &Path| {};
    let small = SMALL.as_bytes();
    for path in ["../out/victim", "../out/new", "sub/../../out/new", absolute.as_str(), ""] {
        let why = "lies outside of the workspace";
        let archive = [(path, EVIL, 0o644)];
        for how in ["in-place", "replace"] {
            let changes = json!([changed(path, EVIL, MINE, how)]);
            Shipped::new("apply", &archive).with("changes", changes).is_refused("20251110-1", why, &nothing);
        }
        let files = json!([moved(path, EVIL, true)]);
        Shipped::new("finish", &archive).with("files", files).is_refused("20251110-1", why, &nothing);
        Shipped::new("restore", &[]).with("brought", json!([moved(path, MINE, false)])).is_refused("20251110-1", why, &nothing);
        let mut change = changed("nginx.conf", MINE, small, "replace");
        change["backup"] = path.into();
        let archive = [("nginx.conf", MINE, 0o644)];
        Shipped::new("apply", &archive).with("changes", json!([change])).is_refused("20251110-1", why, &nothing);
    }
    assert_eq!(std::fs::read_dir(outside.path()).expect("a folder").count(), 0);
}

#[test]
#[cfg(unix)]
fn a_record_that_came_with_the_project_reaches_nothing_through_links() {
    use std::os::unix::fs::symlink;
    let links = |folder: &Path| {
        symlink("../out", folder.join("w/link")).expect("linked");
        symlink("../out/victim", folder.join("w/own")).expect("linked");
    };
    for path in ["link/victim", "link/new", "link/new/a", "own"] {
        let archive = [(path, EVIL, 0o644)];
        let why = "lies outside of the workspace";
        Shipped::new("apply", &archive).with("changes", json!([changed(path, EVIL, MINE, "in-place")])).is_refused(
            "20251110-1",
            why,
            &links,
        );
        Shipped::new("finish", &archive).with("files", json!([moved(path, EVIL, true)])).is_refused("20251110-1", why, &links);
    }
    // Records that are elsewhere themselves.
    for linked in [".nginx-analyzer", ".nginx-analyzer/cleanup", ".nginx-analyzer/cleanup/20251110-1", ".nginx-analyzer/cleanup/lock"] {
        let folder = Shipped::new("apply", &[]).with("state", "undone".into()).project("20251110-1");
        let place = folder.path().join("w").join(linked);
        if place.exists() {
            std::fs::rename(&place, folder.path().join("moved")).expect("moved");
        }
        symlink(folder.path().join("moved"), &place).expect("linked");
        let before = tree(folder.path());
        let output = cleanup(&folder.path().join("w"), &["apply", "--all", "--yes"], DAY);
        assert!(output.status == Some(2) && output.err.contains("is a link"), "{linked}: {}{}", output.out, output.err);
        assert!(tree(folder.path()) == before && folder.path().join("moved").exists() != linked.ends_with("lock"), "{linked}");
    }
}

#[test]
fn a_record_that_came_with_the_project_changes_nothing_that_others_obey() {
    let nothing = |_: &Path| {};
    for path in [".git/hooks/post-checkout", "sub/.GIT/config", ".nginx-analyzer/cleanup/20251110-2/manifest.json"] {
        let files = json!([moved(path, EVIL, true)]);
        let why = "not a file that a clean-up writes";
        Shipped::new("finish", &[(path, EVIL, 0o755)]).with("files", files).is_refused("20251110-1", why, &nothing);
    }
    let why = "copies have other names";
    let mut change = changed("nginx.conf", MINE, SMALL.as_bytes(), "replace");
    change["backup"] = "nginx-analyzer.toml".into();
    Shipped::new("apply", &[("nginx.conf", MINE, 0o644)]).with("changes", json!([change])).is_refused("20251110-1", why, &nothing);
    let why = "not the name of its folder";
    for id in ["../../../out", "20251110-2", "20251110-1\n"] {
        Shipped::new("apply", &[]).with("id", id.into()).is_refused("20251110-1", why, &nothing);
    }
    Shipped::new("apply", &[]).with("id", "x".into()).is_refused("x", why, &nothing);
    let undoes = json!([{ "id": "../../../out", "change": 0, "part": 0 }]);
    Shipped::new("restore", &[]).with("undoes", undoes).is_refused("20251110-1", why, &nothing);
}

#[test]
fn a_record_is_taken_back_by_the_archive_that_it_was_written_with_only() {
    let nothing = |_: &Path| {};
    let files = || json!([moved("old.lua", MINE, true)]);
    let shipped = |archive: &[u8]| Shipped::new("finish", &[("old.lua", archive, 0o6755)]).with("files", files());
    shipped(MINE).with("archive", Value::Null).is_refused("20251110-1", "does not say which archive", &nothing);
    let large = json!([{ "path": "old.lua", "stamp": { "sha256": "", "bytes": 1_u64 << 40 }, "moved": true }]);
    shipped(MINE).with("files", large).is_refused("20251110-1", "larger than a clean-up takes", &nothing);
    for (record, why) in [(shipped(MINE).with("archive", stamp(b"")), "not the one"), (shipped(EVIL), "does not have old.lua")] {
        let folder = record.project("20251110-1");
        let before = tree(folder.path());
        let output = cleanup(&folder.path().join("w"), &["restore"], DUE);
        assert!(output.status == Some(2) && output.err.contains(why), "{}{}", output.out, output.err);
        assert!(tree(folder.path()) == before);
    }
    // One that fits is, with permissions by which nobody becomes somebody else.
    let folder = shipped(MINE).project("20251110-1");
    let output = cleanup(&folder.path().join("w"), &["restore"], DUE);
    assert_eq!(output.status, Some(0), "{}", output.err);
    let restored = folder.path().join("w/old.lua");
    assert_eq!(std::fs::read(&restored).expect("restored"), MINE);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&restored).expect("restored").permissions().mode() & 0o7777, 0o755);
    }
}

#[cfg(unix)]
fn pipe(path: &Path) {
    let _ = std::fs::remove_file(path);
    assert!(std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

#[test]
#[cfg(unix)]
fn pipes_devices_and_huge_files_among_the_records_are_not_read() {
    use std::os::unix::fs::symlink;
    let huge = |path: &Path| std::fs::File::create(path).and_then(|file| file.set_len(1 << 40)).expect("made");
    let device = |path: &Path| {
        let _ = std::fs::remove_file(path);
        symlink("/dev/zero", path).expect("linked");
    };
    type Way<'a> = (&'a dyn Fn(&Path), &'static str);
    let ways: [Way<'_>; 3] = [(&pipe, "not a regular file"), (&device, "is a link"), (&huge, "bytes")];
    for file in ["20251110-1/manifest.json", "20251110-1/before.tar.gz", "lock"] {
        for (way, why) in ways {
            if file == "lock" && why == "bytes" {
                continue;
            }
            let files = json!([moved("old.lua", MINE, true)]);
            let folder = Shipped::new("finish", &[("old.lua", MINE, 0o644)]).with("files", files).project("20251110-1");
            let workspace = folder.path().join("w");
            way(&workspace.join(".nginx-analyzer/cleanup").join(file));
            let output = cleanup(&workspace, &["restore"], DUE);
            assert!(output.status == Some(2) && output.err.contains(why), "{file}: {why}: {}{}", output.out, output.err);
            assert!(!workspace.join("old.lua").exists());
        }
    }
}

#[test]
#[cfg(unix)]
fn a_configuration_that_became_a_pipe_is_not_waited_for() {
    use nginx_analyzer::store::record::What;
    use nginx_analyzer::store::{Edit, Job, Problem, Store};
    let folder = tempfile::tempdir().expect("a folder");
    let path = std::fs::canonicalize(folder.path()).expect("real").join("nginx.conf");
    pipe(&path);
    let locked = Store::new(folder.path()).lock().expect("locked");
    let edit = Edit { path, before: Vec::new(), after: Vec::new(), parts: Vec::new(), alone: false };
    let prepared = locked.prepare(What::Apply, Job { changes: vec![edit], ..Job::default() });
    assert!(matches!(prepared, Err(Problem::Unread { .. })), "{prepared:?}");
}

#[test]
#[cfg(unix)]
fn what_is_kept_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o7777;
    let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("nginx.conf");
    std::fs::write(&file, SMALL).expect("written");
    set(&file, 0o600);
    let store = folder.path().join(".nginx-analyzer/cleanup");
    for _ in 0..2 {
        let applied = cleanup(folder.path(), &["apply", "--test-command", "true"], DAY);
        assert_eq!((applied.status, applied.err.as_str()), (Some(0), ""), "{}", applied.out);
        assert_eq!(mode(&folder.path().join("nginx.conf.backup_before_cleanup_20251110")), 0o600);
        assert_eq!(mode(&store), 0o700);
        let record = store.join("20251110-1");
        assert_eq!(mode(&record), 0o700);
        for name in ["manifest.json", "before.tar.gz", "test.log", "../lock"] {
            assert_eq!(mode(&record.join(name)), 0o600, "{name}");
        }
        let restored = cleanup(folder.path(), &["restore"], DAY);
        assert_eq!((restored.status, mode(&file)), (Some(0), 0o600), "{}", restored.err);
        // As an earlier version made it.
        set(&store, 0o755);
    }
    assert_eq!(mode(&folder.path().join(".nginx-analyzer/.gitignore")) & 0o444, 0o444);
}

#[test]
fn what_a_terminal_would_obey_is_escaped_for_programs_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "@gone\u{7f}\u{9b}31m\u{202e}\u{2066}";
    std::fs::write(folder.path().join("nginx.conf"), SMALL.replace("@gone", name)).expect("written");
    for step in [
        &["plan", "--all"][..],
        &["apply", "--all", "--yes"],
        &["status"],
        &["finish", "--dry-run"],
        &["restore", "--dry-run"],
        &["restore"],
    ] {
        let mut arguments = step.to_vec();
        arguments.extend(["--format", "json"]);
        let output = cleanup(folder.path(), &arguments, DAY);
        let obeyed = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2066}');
        assert!(output.status == Some(0) && !output.out.contains(obeyed), "{step:?}: {:?} {}", output.out, output.err);
        let value: Value = serde_json::from_str(&output.out).expect("JSON");
        let expected = !["plan", "apply", "status"].contains(&step[0]) || value.to_string().contains(name);
        assert!(expected, "{step:?}: {}", output.out);
    }
}

#[test]
fn what_is_named_begins_no_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let evil = "a\n::error::INJECTED";
    write("nginx-analyzer.toml", "[logs]\nfiles = [\"no\\n::error::INJECTED\"]\n");
    let conf = SMALL.replace("server {", &format!("server {{\n server_name \"{evil}\";")).replace("@gone", &format!("\"/{evil}\""));
    write("nginx.conf", &conf);
    let quiet = |output: &Output| {
        let mut lines = output.out.lines().chain(output.err.lines());
        assert!(lines.all(|line| !line.starts_with("::error::INJECTED")), "{}{}", output.out, output.err);
    };
    let told = run(folder.path(), &["check", "--format", "github", "."]);
    assert!(told.err.contains("no\\n::error::INJECTED"), "{}", told.err);
    quiet(&told);
    quiet(&run(folder.path(), &["cleanup", "plan", ".", "--at", "nginx.conf:7", "--no-logs"]));
    #[cfg(unix)]
    {
        write(evil, "192.0.2.1 - - [10/Nov/2025:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"\n");
        let used = run(folder.path(), &["usage", ".", "--logs", evil]);
        assert!(used.out.contains("a\\n::error::INJECTED"), "{}", used.out);
        quiet(&used);
    }
}
