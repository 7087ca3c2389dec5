//! The founding example: everything that must be found is found, nothing that must stay quiet is named.
#![allow(missing_docs)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/oauth2-gateway")
}

fn check() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"))
        .args(["check", "--format", "json", "--min-severity", "hint", "--today", TODAY])
        .arg(example())
        .output()
        .expect("the command");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn expected() -> Value {
    serde_json::from_slice(&std::fs::read(example().join("expected.json")).expect("the expectations")).expect("JSON")
}

/// The day on which the log ends; the commented-out block is long over its time.
const TODAY: &str = "2025-11-10";

#[test]
fn everything_that_must_be_found_is_found() {
    let (found, expected) = (check(), expected());
    let found = found["findings"].as_array().expect("findings");
    for entry in expected["report"].as_array().expect("a report") {
        let matching = found.iter().find(|finding| ["rule", "file", "line"].iter().all(|key| finding[key] == entry[key]));
        let finding = matching.unwrap_or_else(|| panic!("not found: {entry}\nfound: {found:#?}"));
        if let Some(confidence) = entry.get("confidence") {
            assert_eq!(&finding["confidence"], confidence, "{finding}");
        }
    }
    for orphan in expected["orphan_files"].as_array().expect("orphans") {
        assert!(found.iter().any(|finding| finding["rule"] == "orphan-file" && finding["file"] == orphan["file"]), "not found: {orphan}");
    }
}

#[test]
fn nothing_else_is_said() {
    let (found, expected) = (check(), expected());
    let known = |finding: &&Value| {
        let reported = expected["report"]
            .as_array()
            .expect("a report")
            .iter()
            .any(|entry| ["rule", "file", "line"].iter().all(|key| finding[key] == entry[key]));
        let orphan = expected["orphan_files"]
            .as_array()
            .expect("orphans")
            .iter()
            .any(|entry| finding["rule"] == "orphan-file" && finding["file"] == entry["file"]);
        reported || orphan || is_stale(finding, &expected)
    };
    let surplus: Vec<&Value> = found["findings"].as_array().expect("findings").iter().filter(|finding| !known(finding)).collect();
    assert!(surplus.is_empty(), "{surplus:#?}");
}

fn report(folder: &Path) -> Value {
    let output =
        Command::new(env!("CARGO_BIN_EXE_nginx-analyzer")).args(["report", "--format", "json"]).arg(folder).output().expect("the command");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn endpoint<'a>(report: &'a Value, line: &Value) -> &'a Value {
    let endpoints = report["endpoints"].as_array().expect("endpoints");
    endpoints.iter().find(|endpoint| endpoint["line"] == *line).unwrap_or_else(|| panic!("no endpoint at line {line}"))
}

#[test]
fn the_report_has_the_verdicts() {
    let (report, expected) = (report(&example()), expected());
    for entry in expected["report"].as_array().expect("a report").iter().filter(|entry| entry["rule"] == "unused-location") {
        let endpoint = endpoint(&report, &entry["line"]);
        let verdict = entry["verdict"].as_str().expect("a verdict").replace(' ', "-");
        assert_eq!(endpoint["verdict"], verdict, "{endpoint}");
        for file in entry.get("goes_with").and_then(Value::as_array).into_iter().flatten() {
            let files = report["files"].as_array().expect("files");
            assert!(files.iter().any(|one| one["file"] == *file), "{file} does not go with line {}: {files:#?}", entry["line"]);
        }
    }
    // The page, its four API locations and their files are one finding.
    let groups = report["groups"].as_array().expect("groups");
    let group = groups.iter().find(|group| group["locations"].as_array().is_some_and(|all| all.len() == 5)).expect("a group of five");
    let lines: Vec<u64> = group["locations"].as_array().expect("locations").iter().filter_map(|one| one["line"].as_u64()).collect();
    assert_eq!(lines, [379, 383, 387, 391, 541]);
    assert_eq!(group["head"]["line"], 541);
}

#[test]
fn what_is_used_is_never_called_unused() {
    let (report, found, expected) = (report(&example()), check(), expected());
    for quiet in expected["quiet"].as_array().expect("what stays quiet") {
        assert_ne!(endpoint(&report, &quiet["line"])["verdict"], "probably-unused", "{quiet}");
        let findings = found["findings"].as_array().expect("findings");
        assert!(!findings.iter().any(|finding| finding["line"] == quiet["line"] && finding["rule"] == "unused-location"), "{quiet}");
        if quiet["why"].as_str().is_some_and(|why| why.starts_with("hits") || why.contains("health check") || why.contains("HEALTHCHECK")) {
            assert_eq!(endpoint(&report, &quiet["line"])["verdict"], "in-use", "{quiet}");
        }
    }
}

#[test]
fn a_sign_in_that_leads_back_is_followed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sign-in-proxy");
    let report = report(&folder);
    let text = std::fs::read_to_string(folder.join("nginx.conf")).expect("the configuration");
    let internal = text.lines().position(|line| line.contains("listen 8081")).expect("the internal server") as u64;
    for endpoint in report["endpoints"].as_array().expect("endpoints") {
        let line = endpoint["line"].as_u64().expect("a line");
        let unused = endpoint["verdict"] == "probably-unused";
        assert_eq!(unused, endpoint["location"].as_str().expect("a name").contains("/api/v1/"), "{endpoint}");
        assert!(line < internal || !unused, "{endpoint}");
    }
    let rules: Vec<&str> = report["findings"].as_array().expect("findings").iter().filter_map(|finding| finding["rule"].as_str()).collect();
    assert_eq!(rules, ["unused-location"], "nothing that oauth2-proxy passes back lacks its route");
}

/// A block of which `expected.json` says that deleting it is offered.
fn is_stale(finding: &Value, expected: &Value) -> bool {
    let blocks = expected["commented_out"].as_array().expect("blocks");
    finding["rule"] == "stale-commented-block" && finding["file"] == "nginx.conf" && blocks.iter().any(|it| it["line"] == finding["line"])
}

#[test]
fn blocks_that_have_been_commented_out_for_long_can_be_deleted() {
    let (found, expected) = (check(), expected());
    let found = found["findings"].as_array().expect("findings");
    let stale: Vec<&Value> = found.iter().filter(|finding| finding["rule"] == "stale-commented-block").collect();
    let blocks = expected["commented_out"].as_array().expect("blocks");
    assert!(!blocks.is_empty() && stale.len() == blocks.len(), "{stale:#?}");
    for finding in stale {
        assert!(is_stale(finding, &expected), "{finding}");
        let edit = &finding["fixes"][0]["edits"][0];
        assert_eq!((&edit["line"], &edit["end_line"], &edit["text"]), (&516.into(), &523.into(), &"".into()), "{finding}");
    }
    assert!(!found.iter().any(|finding| finding.to_string().contains("/session_manager.html")), "it is in a comment");
}
