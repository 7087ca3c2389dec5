//! `usage`: what access logs say of each location.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::command::{checkout, fixture, run};
use crate::json::fields;

const EXAMPLE: &str = "examples/oauth2-gateway";

fn json(folder: &std::path::Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[&["usage", "--format", "json"], arguments].concat());
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{arguments:?}");
    serde_json::from_str(&output.out).expect("JSON")
}

#[test]
fn the_example_s_locations_have_the_hits_of_its_log() {
    let value = json(&checkout(), &[EXAMPLE]);
    let configuration = &value["configurations"][0];
    assert_eq!(configuration["sources"][0]["path"], "logs/openresty.log");
    assert_eq!((&configuration["sources"][0]["requests"], &configuration["covers"]), (&1719.into(), &true.into()));
    let expected = std::fs::read_to_string(checkout().join(EXAMPLE).join("expected.json")).expect("the example");
    let expected: Value = serde_json::from_str(&expected).expect("JSON");
    let locations: Vec<&Value> = configuration["servers"]
        .as_array()
        .expect("servers")
        .iter()
        .flat_map(|server| server["locations"].as_array().expect("locations"))
        .collect();
    let at = |line: &Value| *locations.iter().find(|location| location["line"] == *line).unwrap_or_else(|| panic!("no location at {line}"));
    for quiet in expected["quiet"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|quiet| quiet["why"].as_str().is_some_and(|why| why.starts_with("hits")))
    {
        assert!(at(&quiet["line"])["hits"]["total"].as_u64() > Some(0), "{quiet}");
    }
    let unused = expected["report"].as_array().expect("a list").iter().filter(|report| report["rule"] == "unused-location");
    for report in unused {
        let location = at(&report["line"]);
        assert_eq!((&location["hits"]["total"], &location["sight"]), (&0.into(), &"seen".into()), "{report}");
    }
}

#[test]
fn a_table_for_people_in_their_language() {
    let output = run(&checkout(), &["usage", EXAMPLE]);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
    for wanted in
        ["server gateway.example.com:80 (nginx.conf:100)  851 requests", "not logged: access_log off in line 107", "= /admin-manager"]
    {
        assert!(output.out.contains(wanted), "{wanted}: {}", output.out);
    }
    let output = run(&checkout(), &["usage", EXAMPLE, "--lang", "ja"]);
    assert!(output.out.contains("リクエスト851件"), "{}", output.out);
}

#[test]
fn logs_come_from_standard_input_and_from_patterns() {
    let log = std::fs::read(checkout().join(EXAMPLE).join("logs/openresty.log")).expect("the log");
    let mut child = Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"))
        .args(["usage", EXAMPLE, "--logs", "-", "--since", "all"])
        .current_dir(checkout())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    child.stdin.take().expect("a pipe").write_all(&log).expect("written");
    let output = child.wait_with_output().expect("ended");
    assert!(String::from_utf8_lossy(&output.stdout).contains("-: 1,721 lines, 1,719 requests, format gateway"));
    let one_day = json(&checkout(), &[EXAMPLE, "--logs", "examples/oauth2-gateway/logs/*.log", "--since", "2025-11-09"]);
    let week = json(&checkout(), &[EXAMPLE]);
    let total = |value: &Value| value["configurations"][0]["servers"][0]["hits"]["total"].as_u64().expect("a number");
    assert!(total(&one_day) > 0 && total(&one_day) < total(&week));
}

#[test]
fn what_can_not_be_read_is_said_with_status_2() {
    let folder = fixture("events {} http { server { listen 80; location / { } } }");
    for (arguments, wanted) in [
        (&["usage", "."][..], "no access log found"),
        (&["usage", ".", "--logs", "none*.log"], "names no file"),
        (&["usage", ".", "--since", "soon"], "no span of time"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!((output.status, output.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(output.err.contains(wanted), "{arguments:?}: {}", output.err);
    }
}

#[test]
fn every_field_is_documented_and_every_documented_field_is_printed() {
    let mut printed = BTreeSet::new();
    fields(&json(&checkout(), &[EXAMPLE]), "", &mut printed);
    // A format without the server, one that can't be read, a backend, a log that breaks off.
    let folder = fixture(
        "events {} http { log_format up '$remote_addr [$time_local] \"$request\" $status $upstream_addr'; log_format bad '$http_user_agent $request_uri';
        access_log logs/a.log up; server { listen 80; location / { } location /b { access_log /x bad; } } server { listen 81; location / { } } }
#- /logs/a.log
10.0.0.1 [03/Nov/2025:01:06:11 +0000] \"GET / HTTP/1.1\" 200 10.0.0.9:80
",
    );
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    packer.write_all(&b"10.0.0.1 [03/Nov/2025:01:06:11 +0000] \"GET / HTTP/1.1\" 200 -\n".repeat(3_000)).expect("packed");
    let packed = packer.finish().expect("packed");
    std::fs::write(folder.path().join("logs/broken.log"), &packed[..packed.len() / 2]).expect("a file");
    fields(&json(folder.path(), &[".", "--logs", "logs/a.log", "logs/broken.log", "--since", "all"]), "", &mut printed);
    let page = std::fs::read_to_string(checkout().join("docs/output.md")).expect("the page");
    let section = page.split_once("## Usage in JSON, version 1").expect("the section").1;
    let section = section.split("\n## ").next().expect("there is one");
    let documented: BTreeSet<(String, String)> = section
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            Some((cells.next()?.trim_end_matches('`').to_owned(), cells.next()?.trim().to_owned()))
        })
        .filter(|(_, kinds)| kinds != "object")
        .flat_map(|(path, kinds)| kinds.split(" or ").map(|kind| (path.clone(), kind.to_owned())).collect::<Vec<_>>())
        .collect();
    // A server's hits have the members of a location's.
    let same = |path: String| path.replace("servers[].hits.", "servers[].locations[].hits.");
    let printed: BTreeSet<(String, String)> = printed.into_iter().map(|(path, kind)| (same(path), kind.to_owned())).collect();
    let printed = printed.into_iter().filter(|(path, _)| !path.ends_with("servers[].hits")).collect::<BTreeSet<_>>();
    let lacks: Vec<_> = printed.difference(&documented).collect();
    assert!(lacks.is_empty(), "not documented: {lacks:?}");
    let never: Vec<_> = documented.difference(&printed).filter(|(_, kind)| kind != "null").collect();
    assert!(never.is_empty(), "never printed: {never:?}");
}

#[test]
fn a_keep_of_which_the_day_has_passed_keeps_nothing() {
    let folder = fixture(
        "events {} http { log_format l '$remote_addr [$time_local] $host:$server_port \"$request\" $status'; access_log logs/a.log l; server { listen 80;
        # nginx-analyzer: keep until=2020-01-31 the old app
        location /old { return 200; }
        # nginx-analyzer: keep until=2999-01-31 the new app
        location /new { return 200; }
        location / { return 200; } } }
#- /logs/a.log
10.0.0.1 [03/Nov/2025:01:06:11 +0000] a:80 \"GET / HTTP/1.1\" 200
10.0.0.1 [10/Nov/2025:01:06:11 +0000] a:80 \"GET / HTTP/1.1\" 200
",
    );
    let usage = json(folder.path(), &["."]);
    let locations = usage["configurations"][0]["servers"][0]["locations"].as_array().expect("locations");
    let verdicts: Vec<&Value> = locations.iter().map(|location| &location["verdict"]).collect();
    assert_eq!(verdicts, ["probably-unused", "in-use", "in-use"], "{locations:#?}");
}

#[test]
fn logs_without_a_request_that_counts_say_so_and_what_to_do() {
    let log = r#"127.0.0.1 - - [03/Nov/2025:12:00:00 +0000] "GET /a/ HTTP/1.1" 200 5 "-" "curl""#;
    let folder = fixture(&format!(
        "#- /nginx.conf\nevents {{}}\nhttp {{ server {{ listen 80; location / {{ return 200; }} }} }}\n#- /access.log\n{log}\n#- /other.log\nstarted\n"
    ));
    let old = "older than what was asked for, so nothing is said of the locations: the newest is of 2025-11-03 12:00.";
    for (arguments, wanted) in [
        (&["--logs", "access.log", "--since", "2026-01-01"][..], Some(old)),
        (&["--logs", "other.log"], Some("no line of the logs that were read is a request in a format of this configuration")),
        (&["--logs", "access.log"], None),
    ] {
        let output = run(folder.path(), &[&["usage", "nginx.conf"], arguments].concat());
        assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{arguments:?}");
        assert_eq!(output.out.contains("nothing is said of"), wanted.is_some(), "{}", output.out);
        assert!(wanted.is_none_or(|wanted| output.out.contains(wanted)), "{wanted:?}: {}", output.out);
    }
    let value = json(folder.path(), &["nginx.conf", "--logs", "access.log", "--since", "2026-01-01"]);
    assert_eq!(value["configurations"][0]["limits"][0]["kind"], "no-request");
}

#[test]
fn a_configuration_behind_the_logs_is_one() {
    let folder =
        fixture("#- /a/nginx.conf\nevents {}\nhttp { server { listen 80; location /here { return 200; } } }\n#- /access.log\nstarted\n");
    let output = run(folder.path(), &["usage", "--logs", "access.log", "a/nginx.conf"]);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
    assert!(output.out.contains("/here") && !output.out.contains("nginx.conf: "), "{}", output.out);
    let output = run(folder.path(), &["usage", "a", "--logs", "access.log", "a/nginx.conf"]);
    assert!(output.out.contains("a/nginx.conf: ") || output.out.contains("nginx.conf: "), "named as a log: {}", output.out);
}
