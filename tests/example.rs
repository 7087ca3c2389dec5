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
        .args(["check", "--format", "json", "--min-severity", "hint"])
        .arg(example())
        .output()
        .expect("the command");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn expected() -> Value {
    serde_json::from_slice(&std::fs::read(example().join("expected.json")).expect("the expectations")).expect("JSON")
}

const RULES: &[&str] = &["dead-location", "missing-file", "upstream-lacks-route", "unused-definition", "unused-named-location"];

#[test]
fn everything_that_must_be_found_is_found() {
    let (found, expected) = (check(), expected());
    let found = found["findings"].as_array().expect("findings");
    for entry in
        expected["report"].as_array().expect("a report").iter().filter(|entry| RULES.contains(&entry["rule"].as_str().unwrap_or("")))
    {
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
        reported || orphan
    };
    let surplus: Vec<&Value> = found["findings"].as_array().expect("findings").iter().filter(|finding| !known(finding)).collect();
    assert!(surplus.is_empty(), "{surplus:#?}");
}
