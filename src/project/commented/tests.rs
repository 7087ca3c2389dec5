use jiff::civil::{Date, date};

use super::*;

const MARKER: &str = "#X# ";

fn since(text: &str) -> Option<(Option<Date>, Option<Date>)> {
    let text = Text::new(text);
    let hidden = all(&text, MARKER);
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    hidden[0].since(&text, MARKER).map(|it| (it.since, it.until))
}

#[test]
fn people_say_in_many_ways_since_when_it_is_off() {
    let day = Some(date(2025, 10, 20));
    for comment in [
        "The page before the second tab (off since 2025-10-20)",
        "disabled 2025-10-20 by mk",
        "Disabled on 2025/10/20: nobody asks for it",
        "commented out: 2025.10.20",
        "COMMENTED OUT AS OF 2025-10-20",
        "switched off for the migration, since 2025-10-20",
        "2025-10-20 より無効化",
        "2025年10月20日に停止",
        "コメントアウト: 2025-10-20",
        "added 2019-01-01, removed 2025-10-20",
    ] {
        assert_eq!(spoken(comment).and_then(|it| it.since), day, "{comment}");
    }
    assert_eq!(spoken("off until 2026-01-01"), Some(Dates { since: None, until: Some(date(2026, 1, 1)) }));
    assert_eq!(spoken("off since 2025-10-20 until 2026-01-01"), Some(Dates { since: day, until: Some(date(2026, 1, 1)) }));
}

#[test]
fn other_dates_say_nothing() {
    for comment in [
        "added 2025-10-20",
        "since 2025-10-20",
        "will be removed on 2025-10-20",
        "to be disabled 2025-10-20",
        "not off since 2025-10-20",
        "kept until 2025-10-20",
        "turnoff 2025-10-20",
        "unused since 2025-10-20",
        "2025-10-20に廃止予定",
        "off since 2025-13-20",
        "off since 12025-10-20",
        "off since 2025-10-200",
        "off since 2025-10",
        "off since last year",
        "",
    ] {
        assert_eq!(spoken(comment), None, "{comment}");
    }
}

#[test]
fn our_line_is_read_as_it_is_written() {
    let header = Header::new(date(2026, 11, 28), 14, "no request\n in 7 days", Some("unused-location"));
    let line = header.line();
    assert_eq!(line, "# nginx-analyzer: off since 2026-11-28 until 2026-12-12: no request in 7 days (unused-location)");
    assert_eq!(Header::parse(&format!("   {line}\r")), Some(header));
    let bare = Header { since: date(2026, 1, 2), until: None, reason: String::new(), rule: None };
    assert_eq!(bare.line(), "# nginx-analyzer: off since 2026-01-02");
    assert_eq!(Header::parse(&bare.line()), Some(bare));
    let words = Header::new(date(2026, 1, 2), 0, "a (b) c: d", None);
    assert_eq!(Header::parse(&words.line()), Some(words));
    assert!(Header::new(date(2026, 1, 2), 1, &"ab ".repeat(5000), None).line().len() < 300);
    assert_eq!(Header::new(Date::MAX, 9, "", None).until, Some(Date::MAX));
    for line in [
        "# nginx-analyzer: keep off since 2026-01-02",
        "# off since 2026-01-02",
        "nginx-analyzer: off since 2026-01-02",
        "# nginx-analyzer: off",
    ] {
        assert_eq!(Header::parse(line), None, "{line}");
    }
}

#[test]
fn the_date_is_looked_for_right_above() {
    let day = Some((Some(date(2025, 10, 20)), None));
    assert_eq!(since("# off since 2025-10-20\n#X# location /a {\n#X# }\n"), day);
    assert_eq!(since("  # why\n  # off since 2025-10-20,\n  # by mk\n  #X# location /a {\n  #X# }\n"), day);
    assert_eq!(since("#X# off since 2025-10-20\n#X# location /a {\n#X# }\n"), day);
    assert_eq!(since("#X# # off since 2025-10-20\n#X# location /a {\n#X# }\n"), day);
    assert_eq!(since("# off since 2025-10-20\n\n#X# location /a {\n#X# }\n"), None);
    assert_eq!(since("# off since 2025-10-20\nuser a;\n#X# location /a {\n#X# }\n"), None);
    let ours = "# nginx-analyzer: off since 2026-01-02 until 2026-01-16\n";
    assert_eq!(since(&format!("{ours}#X# location /a {{\n#X# }}\n")), Some((Some(date(2026, 1, 2)), Some(date(2026, 1, 16)))));
    assert_eq!(since(&format!("{ours}# more\n#X# location /a {{\n#X# }}\n")), None, "it stood above something that is gone");
}

#[test]
fn blocks_of_one_run_are_told_apart() {
    let source = "#X# a note\n#X# location /a {\n#X#     return 200;\n#X# }\n\n#X# location /b { }\nuser x;\n  #X# access_log off;\n";
    let text = Text::new(source);
    let found: Vec<_> = all(&text, MARKER).into_iter().map(|it| (it.title.clone(), it.block, text.slice(it.span).into_owned())).collect();
    assert_eq!(
        found,
        [
            ("location /a".to_owned(), true, "#X# location /a {\n#X#     return 200;\n#X# }".to_owned()),
            ("location /b".to_owned(), true, "#X# location /b { }".to_owned()),
            ("access_log off".to_owned(), false, "  #X# access_log off;".to_owned()),
        ]
    );
    for hidden in all(&text, MARKER) {
        assert_eq!(at(&text, hidden.span.end, MARKER), Some(hidden));
    }
}

#[test]
fn many_hidden_lines_are_read_in_few_passes() {
    let clean = "#X# location /a {\n#X#     return 200;\n#X# }\n".repeat(3000);
    assert_eq!(all(&Text::new(&clean), MARKER).len(), 3000);
    // Words only: bounded, not one attempt a line.
    assert!(all(&Text::new(&"#X# some words; and more\n".repeat(3000)), MARKER).is_empty());
}

fn deleted(source: &str) -> String {
    let text = Text::new(source);
    let hidden = all(&text, MARKER).into_iter().next().expect("a block");
    let span = hidden.deletion(&text, MARKER);
    let mut rest = source.to_owned();
    rest.replace_range(span.range(), "");
    rest
}

#[test]
fn what_is_deleted_leaves_no_trace_and_no_neighbour_is_touched() {
    let ours = "    # nginx-analyzer: off since 2026-01-02 until 2026-01-16\n";
    let block = "    #X# location /a {\n    #X# }\n";
    let around = |above: &str, below: &str| deleted(&format!("server {{\n{above}{ours}{block}{below}}}\n"));
    assert_eq!(around("    listen 80;\n\n", "\n    location /b { }\n"), "server {\n    listen 80;\n\n    location /b { }\n}\n");
    assert_eq!(
        around("    listen 80;\n\n    # about a\n", "\n    location /b { }\n"),
        "server {\n    listen 80;\n\n    location /b { }\n}\n"
    );
    assert_eq!(around("    # about both\n", "    location /b { }\n"), "server {\n    # about both\n    location /b { }\n}\n");
    assert_eq!(around("    listen 80;\n    # of listen?\n", "\n"), "server {\n    listen 80;\n    # of listen?\n\n}\n");
    assert_eq!(around("\n    # ------\n    # Part two\n    # ------\n", ""), "server {\n\n    # ------\n    # Part two\n    # ------\n}\n");
    assert_eq!(around("", "\n    listen 80;\n"), "server {\n    listen 80;\n}\n");
    assert_eq!(deleted("user a;\r\n\r\n# off since 2025-10-20\r\n#X# events {\r\n#X# }"), "user a;\r\n\r\n");
}
