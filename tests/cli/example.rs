//! What the founding example looks like on a terminal without colours.

use crate::command::{checkout, run};

#[test]
fn text() {
    let output = run(&checkout(), &["check", "examples/oauth2-gateway", "--min-severity", "hint"]);
    assert_eq!((output.status, output.err.as_str()), (Some(1), ""));
    insta::assert_snapshot!(output.out);
}

#[test]
fn text_in_japanese() {
    let output = run(&checkout(), &["check", "examples/oauth2-gateway", "--min-severity", "hint", "--lang", "ja"]);
    assert_eq!((output.status, output.err.as_str()), (Some(1), ""));
    insta::assert_snapshot!(output.out);
}

#[test]
fn github() {
    let output = run(&checkout(), &["check", "examples/oauth2-gateway", "--format", "github"]);
    assert_eq!((output.status, output.err.as_str()), (Some(1), ""));
    insta::assert_snapshot!(output.out);
}

#[test]
fn the_level_decides_what_is_shown_and_the_status() {
    let output = run(&checkout(), &["check", "examples/oauth2-gateway", "--min-severity", "error"]);
    assert_eq!(output.status, Some(0));
    assert_eq!(output.out, "nothing found in 1 file; 19 of lower severity not shown (--min-severity hint shows all)\n");
    let output = run(&checkout(), &["check", "examples/oauth2-gateway"]);
    assert!(
        output.out.ends_with("\n9 warnings, 3 notes in 1 file; 3 of lower severity not shown (--min-severity hint shows all)\n"),
        "{}",
        output.out
    );
}
