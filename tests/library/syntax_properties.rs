//! Properties of the parser: any text has a tree, an edit gives what a fresh parse gives, and words are nginx's words.

use nginx_analyzer::syntax::{Body, Change, Directive, Parse, ProblemKind};
use nginx_analyzer::text::{Span, Text};
use proptest::prelude::*;

const PIECES: &[&str] = &[
    " ",
    "\n",
    "\t",
    "\r\n",
    "\r",
    ";",
    "{",
    "}",
    "#",
    "\"",
    "'",
    "\\",
    "$",
    "${x}",
    "$",
    "(",
    ")",
    "a",
    "server",
    "location /",
    "root /a;",
    "é",
    "\u{1f600}",
    "\u{feff}",
    "content_by_lua_block {",
    "[[",
    "]]",
    "--",
    "--[[",
    "[=[",
    "]=]",
    "return 200 \"x\";",
    "if ($a = \"b\") {",
    "\0",
    "\u{fffd}",
    "{ ",
    "}\n",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// Without Lua code, which has a lexer of its own, and a byte order mark, which is skipped.
fn plain_text() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> = PIECES.iter().copied().filter(|piece| !piece.contains("_by_lua_block") && *piece != "\u{feff}").collect();
    prop::collection::vec(prop::sample::select(pieces), 0..60).prop_map(|pieces| pieces.concat())
}

/// Lua code, most of it broken, and what comes behind.
fn lua_text() -> impl Strategy<Value = String> {
    const LUA: &[&str] = &[
        " ", "\n", "\r\n", "{", "}", "{}", "\"", "'", "\\", "\\\"", "\\\n", "-", "--", "--[", "--[==[", "[", "[=", "[[", "[==[", "]", "]]",
        "]=]", "]==]", "=", "a", "é", "\"}\"", "';'", "#", ";", "$",
    ];
    let heads: &[&str] =
        &["content_by_lua_block {", "\"a_by_lua_block\"{", "_by_lua_block {", "a_by_lua_block x #\n{", "http { init_by_lua_block {\n"];
    let code = prop::collection::vec(prop::sample::select(LUA), 0..20).prop_map(|pieces| pieces.concat());
    (prop::sample::select(heads), code, text()).prop_map(|(head, code, rest)| format!("{head}{code}{rest}"))
}

/// nginx's own way through a text, written down from ngx_conf_read_token: the words, `;`, `{` and `}`, and whether it refuses.
fn reference(source: &str) -> (Vec<String>, bool) {
    let bytes = source.as_bytes();
    let (mut out, mut words, mut depth, mut at) = (Vec::new(), 0, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'#' => at += bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - at),
            b';' | b'{' if words == 0 => return (out, false),
            b';' => {
                (words, at) = (0, at + 1);
                out.push(";".to_owned());
            }
            b'{' => {
                (words, depth, at) = (0, depth + 1, at + 1);
                out.push("{".to_owned());
            }
            b'}' if words > 0 || depth == 0 => return (out, false),
            b'}' => {
                (depth, at) = (depth - 1, at + 1);
                out.push("}".to_owned());
            }
            first => {
                let quote = (first == b'"' || first == b'\'').then_some(first);
                let start = at;
                at += usize::from(quote.is_some());
                let (mut variable, mut ended) = (first == b'$' && quote.is_none(), false);
                if quote.is_none() {
                    at += 1 + usize::from(first == b'\\');
                }
                while at < bytes.len() {
                    let byte = bytes[at];
                    if byte == b'{' && variable {
                        at += 1;
                        continue;
                    }
                    variable = byte == b'$';
                    if byte == b'\\' {
                        at += 2;
                        continue;
                    }
                    if quote.is_none() && matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{') {
                        ended = true;
                        break;
                    }
                    at += 1;
                    if Some(byte) == quote {
                        ended = true;
                        break;
                    }
                }
                if !ended {
                    return (out, false);
                }
                words += 1;
                out.push(source[start..at].to_owned());
                if quote.is_some() && !matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{' | b')')) {
                    return (out, false);
                }
            }
        }
    }
    (out, words == 0 && depth == 0)
}

fn tokens(source: &str, directive: &Directive, out: &mut Vec<String>) {
    out.push(source[directive.name.span.range()].to_owned());
    out.extend(directive.args.iter().map(|word| source[word.span.range()].to_owned()));
    match &directive.body {
        Body::Simple => out.push(";".to_owned()),
        Body::Lua(_) => {}
        Body::Block(block) => {
            out.push("{".to_owned());
            block.directives.iter().for_each(|child| tokens(source, child, out));
            out.push("}".to_owned());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_has_a_tree_without_error_nodes(source in text()) {
        let text = Text::new(&source);
        let parse = Parse::new(&text);
        let sexp = parse.sexp(&text);
        prop_assert!(!sexp.contains("ERROR") && !sexp.contains("MISSING"), "{source:?}: {sexp}");
    }

    #[test]
    fn what_is_read_in_one_pass_is_what_the_tree_has(source in prop_oneof![text(), lua_text()]) {
        let text = Text::new(&source);
        let (read, of_tree) = (Parse::new(&text), Parse::default().edit(&text, &[], |_| false));
        prop_assert_eq!(&read.directives, &of_tree.directives, "{:?}", source);
        prop_assert_eq!(&read.problems, &of_tree.problems, "{:?}", source);
        prop_assert_eq!(&read.comments, &of_tree.comments, "{:?}", source);
    }

    #[test]
    fn words_and_refusals_are_those_of_nginx(source in plain_text()) {
        let parse = Parse::new(&Text::new(&source));
        let (words, accepted) = reference(&source);
        prop_assert_eq!(parse.problems.is_empty(), accepted, "{:?}: {:?}", source, parse.problems);
        if accepted {
            let mut found = Vec::new();
            parse.directives.iter().for_each(|directive| tokens(&source, directive, &mut found));
            prop_assert_eq!(found, words, "{:?}", source);
        }
    }

    #[test]
    fn an_edited_parse_equals_a_fresh_one(source in text(), edits in prop::collection::vec((any::<u16>(), 0u32..12, text()), 1..5)) {
        let mut text = Text::new(&source);
        let mut parse = Parse::new(&text);
        for (at, length, with) in edits {
            let start = text.floor(u32::from(at) % (text.len() + 1));
            let span = Span::new(start, text.floor(start + length));
            let change = Change::new(&text, span, &with);
            text.replace(span, &with);
            parse = parse.edit(&text, &[change], |_| false);
            let fresh = Parse::new(&text);
            prop_assert_eq!(parse.sexp(&text), fresh.sexp(&text), "{:?}", text.to_str());
            prop_assert_eq!(&parse.directives, &fresh.directives);
            prop_assert_eq!(&parse.problems, &fresh.problems);
            prop_assert_eq!(&parse.comments, &fresh.comments);
        }
    }
}

/// Pieces that make sound blocks more often than not, with what breaks them.
const LINES: &[&str] = &[
    "http {\n",
    "  server { # s\n",
    "    listen 80;\n",
    "    listen 80\n",
    "    root \"/a b\"; # c\n",
    "    location /x { root /x; index a; }\n",
    "  location = / {\n",
    "  content_by_lua_block { ngx.say(\"}\") } # l\n",
    "  }\n",
    "}\n",
    "root a; root b;",
    "a 'b'",
    "server_name x\r\n",
    "\n",
    "    ",
    "index",
    "{",
    "}",
    ";",
    "#",
    "\"",
];

/// The texts of directives that have the origin of one of the earlier parse, and say something else.
fn of_one_origin_and_another_text((old_text, old): (&Text, &Parse), (text, parse): (&Text, &Parse)) -> Vec<String> {
    fn all<'a>(directives: &'a [std::sync::Arc<Directive>], out: &mut Vec<&'a Directive>) {
        for directive in directives {
            out.push(directive);
            all(directive.children(), out);
        }
    }
    let (mut earlier, mut present) = (Vec::new(), Vec::new());
    all(&old.directives, &mut earlier);
    all(&parse.directives, &mut present);
    let differs = |one: &&Directive| {
        let same = earlier.iter().filter(|other| one.origin.is_same(other.origin));
        same.into_iter().any(|other| text.slice(one.span) != old_text.slice(other.span))
    };
    present.iter().filter(|one| differs(one)).map(|one| text.slice(one.span).into_owned()).collect()
}

fn lines(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(LINES), 0..most).prop_map(|lines| lines.concat())
}

fn sound_lines() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&LINES[2..6]), 0..8)
        .prop_map(|lines| format!("http {{\n  server {{\n{}  }}\n  server {{ {} }} }}\n", lines.concat(), lines.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_taken_over_equals_what_is_read_again(
        start in prop::collection::vec(prop_oneof![3 => sound_lines(), 1 => lines(20)], 1..4),
        batches in prop::collection::vec(prop::collection::vec((any::<u16>(), 0u32..20, lines(4)), 1..3), 1..4),
    ) {
        let mut text = Text::new(&start.concat());
        let mut parse = Parse::with_vocabulary(&text, known);
        for edits in batches {
            let mut changes = Vec::new();
            let before = (text.clone(), parse.clone());
            for (at, length, with) in edits {
                let start = text.floor(u32::from(at) % (text.len() + 1));
                let span = Span::new(start, text.floor(start + length));
                changes.push(Change::new(&text, span, &with));
                text.replace(span, &with);
            }
            parse = parse.edit(&text, &changes, known);
            prop_assert_eq!(of_one_origin_and_another_text((&before.0, &before.1), (&text, &parse)), Vec::<String>::new());
            let fresh = Parse::with_vocabulary(&text, known);
            prop_assert_eq!(&parse.directives, &fresh.directives, "{:?}", text.to_str());
            prop_assert_eq!(&parse.problems, &fresh.problems, "{:?}", text.to_str());
            prop_assert_eq!(&parse.comments, &fresh.comments, "{:?}", text.to_str());
        }
    }
}

/// Of a large text, several threads bring what lies behind an edit to its place.
#[test]
fn a_large_text_that_moves_equals_one_that_is_read_again() {
    let server =
        "  server { # s\n    listen 80;\n    location /x { root /x; content_by_lua_block { ngx.say(\"}\") } }\n  }\n  root \"/a b\";\n";
    let mut text = Text::new(&format!("http {{\n{}}}\n", server.repeat(4_000)));
    let mut parse = Parse::new(&text);
    for (at, with) in [(7, "  root a;\n"), (text.len() / 2, " "), (0, "user x;"), (16, "index b;"), (text.len() - 3, "  root c;\n")] {
        let span = Span::at(at);
        let change = Change::new(&text, span, with);
        text.replace(span, with);
        parse = parse.edit(&text, &[change], |_| false);
        let fresh = Parse::new(&text);
        assert!(parse.directives == fresh.directives, "{at} {with}");
        assert!(parse.comments == fresh.comments && parse.problems == fresh.problems, "{at} {with}");
    }
}

#[test]
fn ten_thousand_levels_neither_overflow_nor_hang() {
    let source = format!("{}{}", "a {".repeat(10_000), "}".repeat(10_000));
    let parse = Parse::new(&Text::new(&source));
    assert!(parse.problems.iter().any(|problem| problem.kind == ProblemKind::TooDeep), "{:?}", parse.problems);
}

fn names(directives: &[std::sync::Arc<Directive>]) -> String {
    let list: Vec<String> = directives
        .iter()
        .map(|directive| match &directive.body {
            Body::Block(block) => format!("{}({})", &*directive.name.value, names(&block.directives)),
            _ => directive.name.value.to_string(),
        })
        .collect();
    list.join(" ")
}

fn known(name: &str) -> bool {
    ["root", "index", "listen", "server_name"].contains(&name)
}

#[test]
fn a_missing_semicolon_costs_one_directive_nothing() {
    let source = "server {\n    listen 80\n    server_name a\n        b;\n    root /x;\n}\n";
    let parse = Parse::with_vocabulary(&Text::new(source), known);
    assert_eq!(names(&parse.directives), "server(listen server_name root)");
    let spans: Vec<_> = parse.problems.iter().map(|problem| (problem.kind, &source[problem.span.range()])).collect();
    assert_eq!(spans, [(ProblemKind::MissingSemicolon, "0")]);
}

#[test]
fn many_missing_semicolons_are_read_in_one_pass() {
    let source = "listen 80\n".repeat(50_000);
    let parse = Parse::with_vocabulary(&Text::new(&source), known);
    assert_eq!((parse.directives.len(), parse.problems.len()), (50_000, 50_000));
    assert!(parse.directives.iter().all(|directive| directive.args.len() == 1));
}

#[test]
fn a_missing_brace_does_not_swallow_what_follows() {
    let source = "http {\n  server {\n    location /a {\n      root /x;\n    location /b {\n      root /y;\n    }\n  }\n  server {\n    listen 81;\n  }\n}\n";
    let parse = Parse::with_vocabulary(&Text::new(source), known);
    assert_eq!(names(&parse.directives), "http(server(location(root) location(root)) server(listen))");
    let problems: Vec<_> =
        parse.problems.iter().map(|problem| (problem.kind, source[..problem.span.start as usize].lines().count())).collect();
    assert_eq!(problems, [(ProblemKind::MissingClose, 3)]);
}

#[test]
fn a_brace_too_many_does_not_end_the_server() {
    let source = "http {\n  server {\n    location /a {\n      root /x;\n    }\n    }\n    location /b {\n      root /y;\n    }\n  }\n}\n";
    let parse = Parse::with_vocabulary(&Text::new(source), known);
    let kinds: Vec<_> = parse.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::StrayClose], "{:?}", parse.problems);
    assert_eq!(names(&parse.directives), "http(server(location(root) location(root)))");
}

#[test]
fn a_mark_that_comes_to_the_beginning_is_skipped() {
    let mut text = Text::new(";\u{feff}root /a;");
    let parse = Parse::default().edit(&text, &[], |_| false);
    let change = Change::new(&text, Span::new(0, 1), "");
    text.replace(Span::new(0, 1), "");
    let parse = parse.edit(&text, &[change], |_| false);
    assert_eq!(parse.directives, Parse::new(&text).directives);
    assert_eq!(&*parse.directives[0].name.value, "root");
}
