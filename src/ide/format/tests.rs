use super::*;
use crate::ide::present::testing::source;
use crate::text::Text;

fn formatted_with(text: &str, options: Options, lines: Option<(u32, u32)>) -> String {
    let source = source(text);
    apply(text, &format(&Present::new(&source, None), "#X# ", options, lines))
}

/// The same again changes nothing.
fn formatted(text: &str) -> String {
    let once = formatted_with(text, Options::default(), None);
    assert_eq!(formatted_with(&once, Options::default(), None), once, "twice");
    once
}

#[test]
fn blocks_are_indented() {
    assert_eq!(
        formatted("http {\nserver{\n      listen 80 ;   \nlocation /   {\n return 200;\t\n  }\n}\n      }\n"),
        "http {\n    server {\n        listen 80;\n        location / {\n            return 200;\n        }\n    }\n}\n"
    );
}

#[test]
fn a_line_adds_one_step() {
    assert_eq!(
        formatted("http { server {\nlisten 80;\nlocation / { return 200; }\n} }\n"),
        "http { server {\n    listen 80;\n    location / { return 200; }\n} }\n"
    );
    assert_eq!(formatted("server\n  {\nlisten 80;\n    }\n"), "server\n{\n    listen 80;\n}\n");
}

#[test]
fn what_goes_on_keeps_its_alignment() {
    let text = "http {\n  log_format main '$a'\n                  '$b'\n  'c';\n}\n";
    assert_eq!(formatted(text), "http {\n    log_format main '$a'\n                    '$b'\n        'c';\n}\n");
    let aligned = "server {\n    listen       80;\n    server_name  a;\n}\n";
    assert_eq!(formatted(aligned), aligned);
}

#[test]
fn what_is_not_blank_space_between_words_stays() {
    let lua = "server {\n  content_by_lua_block{\n if a then\n\tb()   \n   end\n  }\nset $a 'x  \n   y ;' ;\n}\n";
    assert_eq!(formatted(lua), "server {\n    content_by_lua_block {\n if a then\n\tb()   \n   end\n  }\n    set $a 'x  \n   y ;';\n}\n");
    let comments = "server {\n# one  \n  #   two {  \n     # three\nlisten 80; # four  \n}\n";
    assert_eq!(formatted(comments), "server {\n    # one  \n      #   two {  \n         # three\n    listen 80; # four  \n}\n");
}

#[test]
fn what_is_commented_out_stays() {
    let text =
        "server {\n# nginx-analyzer: off since 2026-01-01: why\n  #X# location /a {\n\n #X#     return 200;   \n  #X# }\nlisten 80;\n}\n";
    assert_eq!(formatted(text), text.replace("listen", "    listen"));
}

#[test]
fn blank_lines() {
    assert_eq!(formatted("a;\n  \n\n\n\nb {\n\n\n}\n"), "a;\n\n\nb {\n\n\n}\n");
    let ends = |text: &str, final_newline, trim_final_newlines| {
        let once = formatted_with(text, Options { final_newline, trim_final_newlines, ..Options::default() }, None);
        assert_eq!(formatted_with(&once, Options { final_newline, trim_final_newlines, ..Options::default() }, None), once);
        once
    };
    assert_eq!(ends("a;", true, false), "a;\n");
    assert_eq!(ends("a;\r\nb;", true, false), "a;\r\nb;\r\n");
    assert_eq!(ends("a;\n\n\n", false, true), "a;\n");
    assert_eq!(ends("a; # x  \n\n", true, true), "a; # x  \n");
    assert_eq!(ends("a;", false, true), "a;");
    assert_eq!(ends("", true, true), "");
}

#[test]
fn tabs() {
    let options = Options { insert_spaces: false, ..Options::default() };
    let once =
        formatted_with("http {\n server {\n    log_format a 'b'\n                 'c';\n\t\t\tset $a\n\t\t\t\t1;\n}\n}\n", options, None);
    assert_eq!(once, "http {\n\tserver {\n\t\tlog_format a 'b'\n\t\t             'c';\n\t\tset $a\n\t\t\t1;\n\t}\n}\n");
    assert_eq!(formatted_with(&once, options, None), once);
}

#[test]
fn only_some_lines() {
    let text = "http {\nserver {\nlisten 80;\n}\n}\n";
    assert_eq!(formatted_with(text, Options::default(), Some((2, 2))), "http {\nserver {\n        listen 80;\n}\n}\n");
}

#[test]
fn a_blank_that_is_part_of_a_word_stays() {
    assert_eq!(formatted_with("root a\\ \n;\n", Options::default(), None), "root a\\ \n    ;\n");
    assert_eq!(formatted_with("root a\\\\ \n;\n", Options::default(), None), "root a\\\\\n    ;\n");
}

#[test]
fn trimming_can_be_turned_off() {
    let options = Options { trim_lines: false, ..Options::default() };
    assert_eq!(formatted_with("a;  \n  \n b;\n", options, None), "a;  \n  \nb;\n");
}

#[test]
fn line_ends_stay() {
    assert_eq!(formatted("a {\r\nb;\r\n\r\n\r\n\r\n}\r\n"), "a {\r\n    b;\r\n\r\n\r\n}\r\n");
    assert_eq!(formatted("a {\rb; # c\r  d;\n}"), "a {\r    b; # c\r  d;\n}");
}

#[test]
fn what_nginx_refuses_and_templates_are_not_touched() {
    for text in ["http {\nserver {\n}\n", "a\n  b;\n}\n", "http {\n{% if x %}\ngzip on;\n{% endif %}\n}\n", "a 'b;\n"] {
        assert_eq!(formatted(text), text);
    }
}

fn after_typing(text: &str, letter: char) -> String {
    let offset = text.find("|>").expect("a cursor") as u32;
    let bare = text.replacen("|>", "", 1);
    let edit = typed(&Text::new(&bare), offset, letter, Options { tab_size: 2, ..Options::default() });
    apply(&bare, &edit.into_iter().collect::<Vec<_>>())
}

#[test]
fn a_brace_that_is_typed() {
    assert_eq!(after_typing("http {\n  server {\n    listen 80;\n    }|>\n}\n", '}'), "http {\n  server {\n    listen 80;\n  }\n}\n");
    // One that is still missing further down.
    assert_eq!(after_typing("http {\n  server {\n    listen 80;\n    }|>\n", '}'), "http {\n  server {\n    listen 80;\n  }\n");
    assert_eq!(after_typing("http {\n  a b }|>\n", '}'), "http {\n  a b }\n");
    assert_eq!(after_typing("x_by_lua_block {\n    }|>\n  }\n", '}'), "x_by_lua_block {\n    }\n  }\n");
}

#[test]
fn a_line_break_that_is_typed() {
    assert_eq!(after_typing("http {\n|>\n", '\n'), "http {\n  \n");
    assert_eq!(after_typing("http {\n    server {\n|>}\n}\n", '\n'), "http {\n    server {\n    }\n}\n");
    assert_eq!(after_typing("http {\n  gzip on;\n      |>\n}\n", '\n'), "http {\n  gzip on;\n  \n}\n");
    assert_eq!(after_typing("http {\n  log_format a\n|>\n}\n", '\n'), "http {\n  log_format a\n  \n}\n");
    assert_eq!(after_typing("a 'b\n|>c';\n", '\n'), "a 'b\nc';\n");
    assert_eq!(after_typing("a;\n  |>\n", '\n'), "a;\n\n");
}
