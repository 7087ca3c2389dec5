//! Excerpts of texts that are hard to print.

use crate::command::{fixture, run};

fn text(configuration: &str, arguments: &[&str]) -> String {
    let folder = fixture("");
    std::fs::write(folder.path().join("nginx.conf"), configuration).expect("a file");
    let output = run(folder.path(), &[&["check", "nginx.conf"], arguments].concat());
    assert_eq!((output.status, output.err.as_str()), (Some(1), ""));
    output.out
}

#[test]
fn tabs_carriage_returns_wide_characters_and_no_final_newline() {
    insta::assert_snapshot!(text(
        "events {}\r\nhttp {\r\n\tserver {\r\n\t\tset $a 日本語;\tlocation /a { return 200; } # é\r\n\t\tlocation ~ ^/a {\r\n\t\t\treturn 200; }\r\n\t}\r\n}",
        &[]
    ));
}

#[test]
fn a_long_line_is_cut_around_what_is_meant() {
    // The second is longer than what is handed over of a line.
    for count in [100, 1000] {
        let many: String = (0..count).map(|number| format!("location /x{number}/ {{ return 200; }} ")).collect();
        let conf = format!("events {{}} http {{ server {{ {many} location /a/ {{ return 200; }} location ~ ^/a {{ return 200; }} }} }}");
        let out = text(&conf, &[]);
        assert!(out.lines().all(|line| line.chars().count() < 220), "{out}");
        assert!(out.contains("location /a/ { return 200; }"), "{out}");
        let column = conf.find("location /a/").expect("there") + 1;
        assert!(out.contains(&format!("--> nginx.conf:1:{column}\n")), "{out}");
    }
}

#[test]
fn verbose_tells_what_can_not_be_told() {
    let conf = "events {}\nhttp { server {\n location g { return 200; }\n location ~ (?=/q)(?!/qx)\u{1b} { return 200; }\n location / { proxy_pass http://127.0.0.1:9; }\n} }\n";
    let out = text(conf, &["--verbose"]);
    let notes: Vec<&str> = out.lines().filter(|line| line.starts_with("note: can't tell whether")).collect();
    assert_eq!(
        notes,
        [
            "note: can't tell whether `location g` is reached: what answers here may name any URI in an X-Accel-Redirect header; ignoring the header \
             (`proxy_ignore_headers X-Accel-Redirect;`, or that of another `*_pass`, as `fastcgi_ignore_headers`) would settle it (nginx.conf:3, nginx.conf:5)",
            "note: can't tell whether `location ~ (?=/q)(?!/qx)\\u{1b}` is reached: its regex has look-around, which no automaton follows (nginx.conf:4)",
        ]
    );
    assert!(!text(conf, &[]).contains("can't tell"), "{out}");
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let hostile = "events {}\nhttp { server {\n location @x\u{1b}[31m\u{7}\u{9b}2J\u{202e} { return 200; } # \u{1b}]0;title\u{7}\n } }\n";
    for format in ["text", "json", "sarif", "github"] {
        let out = text(hostile, &["--format", format]);
        let obeyed: Vec<char> = out.chars().filter(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}').collect();
        assert_eq!(obeyed, [], "{format}");
        assert!(out.contains("unused-named-location"), "{out}");
    }
    insta::assert_snapshot!(text(hostile, &[]));
}

#[test]
fn colours_only_where_they_are_asked_for() {
    let dead = "events {}\nhttp { server { location /a { return 200; } location ~ /a { return 200; } } }\n";
    assert!(!text(dead, &[]).contains('\u{1b}'));
    assert!(text(dead, &["--color", "always"]).contains("\u{1b}["));
    assert!(!text(dead, &["--color", "always", "--format", "json"]).contains('\u{1b}'));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::{Command, Stdio};
    let folder = fixture("events {}\nhttp { server { location /a { return 200; } location ~ /a { return 200; } } }\n");
    let mut child = Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"))
        .args(["check", "nginx.conf"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), ""));
}

/// A name may have a line break in it: the sentence that it is in stays on its line.
#[test]
fn a_line_break_in_a_name_is_shown_as_its_escape() {
    let folder = fixture("server { location \"/a\\nb\" { return 200; } location ~ ^/a { return 200; } }\n");
    let out = run(folder.path(), &["check", "--no-logs", "."]).out;
    assert!(
        out.starts_with("warning[dead-location]: no request is ever served by `location /a\\nb`: every URI that begins with /a\\nb is"),
        "{out}"
    );
}
