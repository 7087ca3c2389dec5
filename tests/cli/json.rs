//! The JSON that programs read, and its documentation.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::command::{checkout, fixture, run};

fn example() -> Value {
    let output = run(&checkout(), &["check", "examples/oauth2-gateway", "--format", "json", "--min-severity", "hint"]);
    assert_eq!(output.status, Some(1));
    serde_json::from_str(&output.out).expect("JSON")
}

/// `findings[].related[].message` and so on: the path of everything that is neither an object nor an array.
pub(crate) fn fields(value: &Value, at: &str, out: &mut BTreeSet<(String, &'static str)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                fields(value, &if at.is_empty() { key.clone() } else { format!("{at}.{key}") }, out);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, &format!("{at}[]"), out)),
        Value::String(_) => drop(out.insert((at.to_owned(), "string"))),
        Value::Number(_) => drop(out.insert((at.to_owned(), "number"))),
        Value::Bool(_) => drop(out.insert((at.to_owned(), "boolean"))),
        Value::Null => drop(out.insert((at.to_owned(), "null"))),
    }
}

#[test]
fn every_field_is_documented_and_every_documented_field_is_printed() {
    let mut printed = BTreeSet::new();
    fields(&example(), "", &mut printed);
    // A fix that has to be refused: something else needs the block.
    let refused = fixture(
        "events {}\nhttp { server { location /a { error_page 404 = /b/x; return 404; } location /b/ { return 200; } location ~ ^/b { return 200; } } }\n",
    );
    let output = run(refused.path(), &["check", "nginx.conf", "--format", "json"]);
    fields(&serde_json::from_str(&output.out).expect("JSON"), "", &mut printed);
    // A location of which it can't be told whether it is reached.
    let unsettled = fixture("events {}\nhttp { server { location g { return 200; } location / { proxy_pass http://127.0.0.1:9; } } }\n");
    let output = run(unsettled.path(), &["check", "nginx.conf", "--format", "json", "--verbose"]);
    fields(&serde_json::from_str(&output.out).expect("JSON"), "", &mut printed);
    let page = std::fs::read_to_string(checkout().join("docs/output.md")).expect("the page");
    let section = page.split_once("## Findings in JSON, version 1").expect("the section").1;
    let section = section.split("\n## ").next().expect("there is one");
    let documented: BTreeSet<(String, &str)> = section
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            Some((cells.next()?.trim_end_matches('`').to_owned(), cells.next()?.trim()))
        })
        .collect();
    let documented: BTreeSet<(String, String)> = documented.into_iter().map(|(name, kind)| (name, kind.to_owned())).collect();
    let printed: BTreeSet<(String, String)> = printed.into_iter().map(|(name, kind)| (name, kind.to_owned())).collect();
    assert_eq!(documented, printed);
}

#[test]
fn the_example() {
    let mut example = example();
    // What differs from checkout to checkout and from version to version.
    example["workspace"] = Value::Null;
    example["tool"]["version"] = Value::Null;
    for finding in example["findings"].as_array_mut().into_iter().flatten() {
        for fix in finding["fixes"].as_array_mut().into_iter().flatten() {
            let edits = fix["edits"].as_array().map_or(0, Vec::len);
            fix["edits"] = Value::from(format!("{edits} edits"));
        }
    }
    insta::assert_json_snapshot!(example);
}

#[test]
fn columns_count_characters_from_1() {
    let folder = fixture("events {}\nhttp { server {\n\t/*é*/ x; location /a { return 200; } location ~ /a { return 200; } } }\n");
    let output = run(folder.path(), &["check", "nginx.conf", "--format", "json"]);
    let value: Value = serde_json::from_str(&output.out).expect("JSON");
    let findings = value["findings"].as_array().expect("findings");
    let found = findings.iter().find(|found| found["rule"] == "dead-location").expect("a dead location");
    assert_eq!(["line", "column", "end_line", "end_column"].map(|key| found[key].as_u64()), [Some(3), Some(11), Some(3), Some(22)]);
}
