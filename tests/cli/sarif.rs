//! SARIF 2.1.0: what its schema requires, and what code hosts need.

use serde_json::Value;

use crate::command::{checkout, fixture, run};

fn log(folder: &std::path::Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[&["check", "--format", "sarif", "--min-severity", "hint"], arguments].concat());
    serde_json::from_str(&output.out).expect("JSON")
}

fn check_location(location: &Value) {
    let physical = &location["physicalLocation"];
    let uri = physical["artifactLocation"]["uri"].as_str().expect("a URI");
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%:".contains(&byte);
    assert!(uri.bytes().all(allowed) && !uri.starts_with('/'), "{uri}");
    assert_eq!(physical["artifactLocation"]["uriBaseId"].is_null(), uri.starts_with("file:///"), "{uri}");
    let number = |key: &str| physical["region"][key].as_u64().expect("a number");
    assert!(number("startLine") >= 1 && number("startColumn") >= 1);
    assert!((number("endLine"), number("endColumn")) >= (number("startLine"), number("startColumn")));
}

/// The required properties of sarifLog, run, tool, toolComponent, reportingDescriptor, result and message (SARIF 2.1.0, 3.13 to 3.49).
fn check(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    let runs = log["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert_eq!(driver["name"], "nginx-analyzer");
    let rules = driver["rules"].as_array().expect("rules");
    for rule in rules {
        assert!(rule["id"].is_string() && rule["shortDescription"]["text"].is_string() && rule["help"]["text"].is_string());
        assert!(["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().expect("a level")));
    }
    assert_eq!(runs[0]["columnKind"], "unicodeCodePoints");
    for result in runs[0]["results"].as_array().expect("results") {
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        let rule = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        assert_eq!(result["locations"].as_array().map(Vec::len), Some(1));
        check_location(&result["locations"][0]);
        for (id, related) in result["relatedLocations"].as_array().expect("a list").iter().enumerate() {
            assert_eq!(related["id"], id);
            assert!(related["message"]["text"].is_string());
            check_location(related);
        }
        assert!(result["rank"].as_f64().is_some_and(|rank| (0.0..=100.0).contains(&rank)));
    }
}

#[test]
fn the_example() {
    let mut log = log(&checkout(), &["examples/oauth2-gateway"]);
    check(&log);
    assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(19));
    // The pages and versions change with the project; the rest is what code hosts show.
    log["runs"][0]["tool"]["driver"]["rules"] = Value::Null;
    log["runs"][0]["tool"]["driver"]["semanticVersion"] = Value::Null;
    insta::assert_json_snapshot!(log);
}

#[test]
fn uris_are_relative_to_the_repository_and_encoded() {
    let folder = fixture("#- /gate ways/é,b.conf\nserver { location /a { return 200; } location ~ /a { return 200; } }\n");
    std::fs::create_dir(folder.path().join(".git")).expect("a folder");
    let found = log(&folder.path().join("gate ways"), &["."]);
    check(&found);
    let location = &found["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(location["uri"], "gate%20ways/%C3%A9%2Cb.conf");
    let outside = fixture("server { location /a { return 200; } location ~ /a { return 200; } }\n");
    let path = outside.path().join("nginx.conf");
    let found = log(folder.path(), &["--workspace", ".", &path.to_string_lossy()]);
    check(&found);
    let location = &found["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert!(location["uri"].as_str().is_some_and(|uri| uri.starts_with("file:///")), "{location}");
}

/// A name need not be UTF-8, and `%EF%BF%BD` would be another file.
#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_is_its_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let folder = fixture(
        "events {}\nhttp { include conf.d/*.conf; }\n#- /conf.d/a\nserver { location /a { return 200; } location ~ /a { return 200; } }\n",
    );
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.conf");
    std::fs::rename(folder.path().join("conf.d/a"), folder.path().join("conf.d").join(name)).expect("renamed");
    let found = log(folder.path(), &["."]);
    check(&found);
    let result = &found["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "conf.d/caf%E9.conf");
}
