//! Commenting out, restoring, refusing, and the actions that offer it.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use nginx_analyzer::cleanup::{self, apply, comment};
use nginx_analyzer::ide::{self, ActionKind};
use nginx_analyzer::messages::Language;
use nginx_analyzer::nginx::directives;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::project::{FileId, Place};
use nginx_analyzer::rules::finding::{Fix, FixAction};
use nginx_analyzer::rules::{Confidence, Finding, Severity};
use nginx_analyzer::syntax::{Body, Directive, Parse};
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::{Analysis, World};

use crate::common;

const MARKER: &str = "#X# ";

fn find<'a>(directives: &'a [Arc<Directive>], header: &str) -> Option<&'a Directive> {
    directives.iter().find_map(|directive| {
        let found = comment::title(directive) == header;
        if found { Some(&**directive) } else { find(directive.children(), header) }
    })
}

fn out(source: &str, headers: &[&str]) -> Result<String, String> {
    let text = Text::new(source);
    let parse = Parse::with_vocabulary(&text, directives::is_known);
    let spans: Vec<Span> = headers.iter().map(|header| find(&parse.directives, header).expect(header).span).collect();
    let edits = comment::comment_out(&text, &parse, &spans, MARKER).map_err(|refusal| refusal.say(Language::English))?;
    Ok(apply(&text, &edits).to_string())
}

fn back(source: &str, cursor: &str) -> Option<String> {
    let text = Text::new(source);
    let restoration = comment::restore(&text, source.find(cursor).expect(cursor) as u32, MARKER)?;
    Some(apply(&text, &restoration.edits).to_string())
}

#[track_caller]
fn there_and_back(source: &str, headers: &[&str], cursor: &str, expected: &str) {
    let commented = out(source, headers).expect("commented out");
    assert_eq!(commented, expected);
    assert_eq!(back(&commented, cursor).as_deref(), Some(source));
}

#[test]
fn a_block_keeps_its_indentation_and_its_blank_lines() {
    there_and_back(
        "http {\n\tlocation /a {\n\t\treturn 200;\n\n\t\t# why\n\t} # end\n}\n",
        &["location /a"],
        "return",
        "http {\n\t#X# location /a {\n\t#X# \treturn 200;\n\n\t#X# \t# why\n\t#X# } # end\n}\n",
    );
}

#[test]
fn line_ends_and_a_missing_last_one_are_kept() {
    there_and_back("a {\r\n  b;\r\n}", &["a"], "b", "#X# a {\r\n#X#   b;\r\n#X# }");
    there_and_back("  a {\r\n\r\n b;\r\n}\r\nc;\r\n", &["a"], "a {", "  #X# a {\r\n\r\n #X# b;\r\n#X# }\r\nc;\r\n");
}

#[test]
fn what_was_a_comment_before_is_one_afterwards() {
    there_and_back(
        "location /a {\n    #X# access_log off;\n    # x\n    return 200;\n}\n",
        &["location /a"],
        "location",
        "#X# location /a {\n#X#     #X# access_log off;\n#X#     # x\n#X#     return 200;\n#X# }\n",
    );
}

#[test]
fn lua_and_quotes_over_several_lines_are_text_like_any_other() {
    let lua =
        "location /a {\n  content_by_lua_block {\n    local s = [[\n}\n\n  #X# x ]]\n    -- }\n  }\n}\nlog_format a 'x\n   y'\n 'z';\n";
    let commented = out(lua, &["location /a", "log_format a x y z"]).expect("commented out");
    assert!(commented.lines().all(|line| line.is_empty() || line.trim_start().starts_with(MARKER)), "{commented}");
    let first = back(&commented, "local").expect("a block");
    assert_eq!(back(&first, "log_format").as_deref(), Some(lua));
}

#[test]
fn blocks_that_follow_each_other_are_restored_one_by_one() {
    let source = "location /a {\n}\nlocation /b {\n}\n";
    let both = out(source, &["location /a", "location /b"]).expect("commented out");
    assert_eq!(back(&both, "location /b").as_deref(), Some("#X# location /a {\n#X# }\nlocation /b {\n}\n"));
    assert_eq!(back(&both, "location /a").as_deref(), Some("location /a {\n}\n#X# location /b {\n#X# }\n"));
}

#[test]
fn a_marker_written_by_hand_may_lack_its_blank() {
    assert_eq!(
        back("  #X#location /a {\n  #X#  return 200;\n  #X#\n  #X#}\n", "return").as_deref(),
        Some("  location /a {\n    return 200;\n  \n  }\n")
    );
    assert_eq!(back("#X# only words\n#X# and more\n", "words"), None);
    assert_eq!(back("#X# location /a {\n#X# return 200;\n", "return").as_deref(), Some("#X# location /a {\nreturn 200;\n"));
    assert_eq!(back("#X# only words\n#X# location /a {\n#X# }\n", "location").as_deref(), Some("#X# only words\nlocation /a {\n}\n"));
}

#[test]
fn several_on_one_line_go_together_or_not_at_all() {
    let source = "location /a { return 200; } location /b { return 201; }\n";
    let refusal = out(source, &["location /a"]).expect_err("shares its line");
    assert_eq!(refusal, "`location /b` is on the same line as `location /a`: put them on lines of their own first");
    there_and_back(source, &["location /a", "location /b"], "/b", &format!("#X# {source}"));
    assert!(out("server { location / {\n} }\n", &["location /"]).expect_err("shared").contains("`server` is on the same line"));
    assert!(out("server {\nlocation / { } }\n", &["location /"]).expect_err("shared").contains("`}` is on the same line"));
}

#[test]
fn broken_blocks_markers_and_long_lines_are_refused() {
    let text = Text::new("a { b; }\n");
    let parse = Parse::new(&text);
    for marker in ["X", "", "#\n", "# \r"] {
        assert!(comment::comment_out(&text, &parse, &[Span::new(0, 8)], marker).is_err(), "{marker:?}");
        assert_eq!(comment::restore(&text, 0, marker), None);
    }
    assert!(comment::comment_out(&text, &parse, &[Span::new(1, 8)], MARKER).is_err());
    assert!(comment::comment_out(&text, &parse, &[Span::new(90, 99)], MARKER).is_err());
    assert!(out("http {\n location /a {\n", &["location /a"]).expect_err("open").contains("closing brace"));
    let long = |length: usize| {
        format!("a {{\n  {}\n}}\n", format!("{} ", "b".repeat(9)).repeat(length / 10 + 1).split_at(length - 1).0.to_owned() + ";")
    };
    assert!(out(&long(4089), &["a"]).is_ok());
    assert!(out(&long(4090), &["a"]).expect_err("too long").contains("line 2 would become a comment of 4096 bytes"));
}

#[test]
fn nginx_reads_comments_up_to_the_bound_that_is_assumed() {
    let Some(nginx) = common::nginx() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (length, good) in [(4095, true), (4096, false)] {
        let source = format!("events {{}}\n  #{}\nhttp {{ }}\n", "x".repeat(length - 1));
        assert_eq!(accepted(&nginx, folder.path(), &source).is_ok(), good, "{length}");
    }
}

fn accepted(nginx: &Path, folder: &Path, source: &str) -> Result<(), String> {
    let path = folder.join("nginx.conf");
    std::fs::write(&path, source).expect("written");
    let pid = format!("pid {}; error_log stderr;", folder.join("pid").display());
    let output = Command::new(nginx).arg("-t").arg("-p").arg(folder).arg("-c").arg(&path).arg("-g").arg(pid).output().expect("nginx runs");
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

const GATEWAY: &str = "events {}
http {
    log_format short '$remote_addr $kind';
    limit_req_zone $binary_remote_addr zone=slow:1m rate=1r/s;
    map $uri $kind {
        default page;
        ~^/api  api;
    }
    upstream backend {
        server 127.0.0.1:9001;
        server 127.0.0.1:9002;
    }
    upstream alone {
        server 127.0.0.1:9003;
    }
    server {
        listen 127.0.0.1:8099;
        access_log off;
        location /api/ {
            auth_request /auth;
            limit_req zone=slow;
            access_log /dev/null short;
            proxy_pass http://backend;
        }
        location = /auth {
            internal;
            return 204;
        }
        location / {
            set $page home;
            try_files $uri @app;
            error_page 404 /missing.html;
        }
        location @app {
            return 200 $kind;
        }
        location = /missing.html {
            return 404 none;
        }
        location /lonely/ {
            set $mine 1;
            return 200 $mine;
        }
        if ($arg_x) {
            return 403;
        }
    }
    server {
        listen 127.0.0.1:8098;
        location /old {
            return 410;
        }
    }
}
";

fn analyze(source: &str) -> (Arc<Analysis>, FileId) {
    let folder = Path::new("/nowhere/gateway");
    let path = folder.join("nginx.conf");
    let mut world = World::new(folder, vec![path.clone()], Settings::default());
    let file = world.vfs().id(&path);
    world.set_text(file, Text::new(source));
    (world.analysis(), file)
}

fn refusal(source: &str, headers: &[&str]) -> Option<String> {
    let (analysis, file) = analyze(source);
    let parse = &analysis.project.files[&file].parse;
    let spans: Vec<Span> = headers.iter().map(|header| find(&parse.directives, header).expect(header).span).collect();
    cleanup::comment_out(&analysis, file, &spans).err().map(|refusal| refusal.say(Language::English))
}

#[test]
fn what_something_else_needs_stays() {
    for (header, reason) in [
        ("location = /auth", "`auth_request /auth` (nginx.conf:20) needs `location = /auth`: it takes `/auth`"),
        ("location @app", "`try_files $uri @app` (nginx.conf:31) needs `location @app`"),
        (
            "location = /missing.html",
            "`error_page 404 /missing.html` (nginx.conf:32) needs `location = /missing.html`: it takes `/missing.html`",
        ),
        ("upstream backend", "`proxy_pass http://backend` (nginx.conf:23) needs the upstream `backend`, which is defined here"),
        ("map $uri $kind", "`log_format short $remote_addr $kind` (nginx.conf:3) needs the variable `$kind`, which is defined here"),
        (
            "limit_req_zone $binary_remote_addr zone=slow:1m rate=1r/s",
            "`limit_req zone=slow` (nginx.conf:21) needs the limit_req zone `slow`, which is defined here",
        ),
        (
            "log_format short $remote_addr $kind",
            "`access_log /dev/null short` (nginx.conf:22) needs the log format `short`, which is defined here",
        ),
        ("server 127.0.0.1:9003", "`upstream alone` would have no server left, and nginx refuses that"),
        ("events", "nginx does not start without an `events` block"),
    ] {
        assert_eq!(refusal(GATEWAY, &[header]).as_deref(), Some(reason), "{header}");
    }
    for headers in [
        &["location /api/"][..],
        &["location /lonely/"],
        &["upstream alone"],
        &["server 127.0.0.1:9001"],
        &["location = /auth", "location /api/"],
        &["upstream backend", "location /api/"],
        &["http"],
    ] {
        assert_eq!(refusal(GATEWAY, headers), None, "{headers:?}");
    }
    let lua = "events {}\nhttp {\nserver {\nlocation = /in {\nreturn 200;\n}\nlocation / {\ncontent_by_lua_block {\nngx.location.capture(\"/in\")\n}\n}\n}\n}\n";
    assert!(refusal(lua, &["location = /in"]).expect("needed").contains("(nginx.conf:9) needs `location = /in`"));
}

/// Every block that may go does so without making nginx refuse the rest.
#[test]
fn nginx_accepts_what_is_left() {
    let Some(nginx) = common::nginx() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    accepted(&nginx, folder.path(), GATEWAY).expect("the fixture is good");
    let (analysis, file) = analyze(GATEWAY);
    let source = &analysis.project.files[&file];
    let mut stack: Vec<&Directive> = source.parse.directives.iter().map(|directive| &**directive).collect();
    let (mut gone, mut kept) = (0, 0);
    while let Some(directive) = stack.pop() {
        stack.extend(directive.children().iter().map(|directive| &**directive));
        if matches!(directive.body, Body::Simple) && !directive.is("server") && !directive.is("log_format") {
            continue;
        }
        match cleanup::comment_out(&analysis, file, &[directive.span]) {
            Ok(edits) => {
                gone += 1;
                let after = apply(&source.text, &edits).to_string();
                accepted(&nginx, folder.path(), &after).unwrap_or_else(|error| panic!("{}: {error}", comment::title(directive)));
            }
            Err(_) => kept += 1,
        }
    }
    assert!(gone >= 10 && kept >= 6, "{gone} gone, {kept} kept");
}

#[test]
fn actions_at_a_cursor_and_in_a_selection() {
    let (analysis, file) = analyze(GATEWAY);
    let at = |needle: &str| GATEWAY.find(needle).expect(needle) as u32;
    let titles =
        |selection: Span| -> Vec<String> { ide::actions(&analysis, file, selection, &[]).into_iter().map(|action| action.title).collect() };
    assert_eq!(titles(Span::at(at("set $mine"))), ["Comment out this block: `location /lonely/` (#X#)"]);
    assert_eq!(titles(Span::at(at("        location /lonely/"))), ["Comment out this block: `location /lonely/` (#X#)"]);
    assert_eq!(titles(Span::at(at("listen 127.0.0.1:8098"))), ["Comment out this block: `server` (#X#)"]);
    let two = Span::new(at("        location /lonely/"), at("    server {\n        listen 127.0.0.1:8098"));
    let actions = ide::actions(&analysis, file, Span::new(two.start, at("    }\n    server {\n        listen 127.0.0.1:8098")), &[]);
    assert_eq!(actions[0].title, "Comment out these 2 blocks (#X#)");
    let needed = &ide::actions(&analysis, file, Span::at(at("return 204")), &[])[0];
    assert!(needed.disabled.as_deref().is_some_and(|why| why.contains("auth_request")) && needed.edits.is_empty());
}

#[test]
fn a_finding_is_settled_or_ignored_and_what_is_gone_comes_back() {
    let (analysis, file) = analyze(GATEWAY);
    let directive = find(&analysis.project.files[&file].parse.directives, "location /lonely/").expect("a location");
    let place = Place { file, span: directive.span };
    let header = Place { file, span: directive.header() };
    let fix = Fix { title: "Comment out".into(), safe: true, action: FixAction::CommentOut(place) };
    let finding = Finding::new("dead-location", Severity::Warning, Confidence::Proven, header, "dead").fix(fix);
    let actions = ide::actions(&analysis, file, Span::at(directive.span.start), std::slice::from_ref(&finding));
    let found: Vec<_> = actions.iter().map(|action| (action.title.as_str(), action.kind, action.finding)).collect();
    assert_eq!(
        found,
        [
            ("Comment out this block: `location /lonely/` (#X#)", ActionKind::QuickFix, Some(0)),
            ("Ignore this rule here: dead-location", ActionKind::QuickFix, Some(0)),
        ]
    );
    let text = &analysis.project.files[&file].text;
    let ignored = apply(text, &actions[1].edits[0].1).to_string();
    assert!(ignored.contains("        }\n        # nginx-analyzer: ignore dead-location\n        location /lonely/ {\n"), "{ignored}");
    let gone = apply(text, &actions[0].edits[0].1).to_string();
    let (analysis, file) = analyze(&gone);
    let cursor = Span::at(gone.find("set $mine").expect("still there") as u32);
    let restore =
        ide::actions(&analysis, file, cursor, &[]).into_iter().find(|action| action.title.starts_with("Restore")).expect("offered");
    assert_eq!(restore.title, "Restore the commented-out block: `location /lonely/`");
    assert_eq!(apply(&Text::new(&gone), &restore.edits[0].1).to_string(), GATEWAY);
}

#[test]
fn the_example_s_own_markers_are_understood() {
    let Some(example) = common::shared("examples/oauth2-gateway/nginx.conf") else { return };
    let source = std::fs::read_to_string(example).expect("the example");
    let text = Text::new(&source);
    for (cursor, title, lines) in [
        ("alias /usr/local/openresty/nginx/html/session_manager.html", "location = /session-manager", 5),
        ("#X# proxy_connect_timeout 2s", "proxy_connect_timeout 2s", 1),
    ] {
        let restoration = comment::restore(&text, source.find(cursor).expect(cursor) as u32, MARKER).expect("a block");
        assert_eq!((restoration.title.as_str(), restoration.edits.len()), (title, lines));
    }
}

#[test]
fn a_whole_file_that_is_commented_out_is_told_apart() {
    let source: String = (0..1500).map(|number| format!("#X# location /{number} {{\n#X#     return 200;\n#X# }}\n#X# # note\n")).collect();
    let expected = source.replace("#X# location /1400 {\n#X#     return 200;\n#X# }", "location /1400 {\n    return 200;\n}");
    assert_eq!(back(&source, "location /1400 "), Some(expected));
    assert_eq!(back(&source, "# note"), None);
}

#[test]
fn any_bytes_any_place() {
    let pieces = [
        "#X# ",
        "#X#",
        "a {",
        "}",
        ";",
        "\n",
        "\r\n",
        "\r",
        "'",
        "\"",
        "[[",
        "content_by_lua_block {",
        "\u{e9}",
        "\t",
        " ",
        "\u{0}",
        "#",
        "${",
        "location",
    ];
    let mut state = 7u64;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % limit
    };
    for _ in 0..3000 {
        let source: String = (0..below(24)).map(|_| pieces[below(pieces.len())]).collect();
        let text = Text::new(&source);
        let parse = Parse::with_vocabulary(&text, directives::is_known);
        comment::restore(&text, below(40) as u32, MARKER);
        for directive in &parse.directives {
            if let Ok(edits) = comment::comment_out(&text, &parse, &[directive.span], MARKER) {
                let after = apply(&text, &edits);
                let cursor = edits.first().expect("an edit").span.start;
                let restoration = comment::restore(&after, cursor, MARKER).expect("found again");
                assert_eq!(apply(&after, &restoration.edits), text, "{source:?}");
            }
        }
    }
}

/// nginx refuses a configuration that uses a variable which nothing defines, and the named groups of regexes define some.
#[test]
fn what_defines_a_variable_by_a_group_is_not_taken_out_unasked() {
    use crate::found::findings;
    let http = |inside: &str| format!("events {{}}\nhttp {{\n{inside}\n}}\n");
    let location = |inside: &str| http(&format!("server {{ listen 80; location /a {{ {inside} }} location / {{ return 200; }} }}"));
    for (rule, conf, safe) in [
        ("unused-definition", http("map $uri $m { \"~^/a(?<g>.)\" 1; }\nserver { listen 80; return 200 $g; }"), false),
        ("unused-definition", http("map $uri $m { \"~^/a(?<g>.)\" $g; }\nserver { listen 80; return 200; }"), true),
        ("constant-condition", location("if ($uri ~ \"^/b(?<n>.*)\") { return 200; } return 200 x$n;"), false),
        ("constant-condition", location("if ($uri ~ \"^/b.*\") { return 200; } return 200 x;"), true),
        ("unused-named-location", location("return 200 $n; } location @x { if ($uri ~ \"^/b(?<n>.*)\") { return 200; }"), false),
        ("dead-location", http("server { listen 80; location ~ ^/a { return 200 $N; } location ~ ^/a/(?<n>.*)$ { return 200; } }"), false),
    ] {
        let found = findings(rule, &conf);
        let fixes: Vec<bool> = found.iter().flat_map(|finding| finding.fixes.iter().map(|fix| fix.safe)).collect();
        assert_eq!(fixes, [safe], "{rule} {conf} {found:?}");
    }
}
