//! What editors ask for all the time, over real configurations: tokens, folds, outlines, and the formatter, which must not change what nginx
//! reads.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nginx_analyzer::ide::format::{self, Options};
use nginx_analyzer::ide::present::Present;
use nginx_analyzer::ide::symbols::Symbol;
use nginx_analyzer::ide::{folding, selection, symbols, tokens};
use nginx_analyzer::nginx::directives;
use nginx_analyzer::project::{SourceFile, Vfs};
use nginx_analyzer::syntax::{Body, Directive, Parse};
use nginx_analyzer::text::{Span, Text};
use proptest::prelude::*;

use crate::common;

const MARKER: &str = "#X# ";

fn source(text: &str) -> SourceFile {
    let path = Path::new("/in-memory/nginx.conf");
    let text = Text::new(text);
    let parse = Arc::new(Parse::with_vocabulary(&text, directives::is_known));
    SourceFile::new(Vfs::default().id(path), Arc::from(path), text, parse, None)
}

/// Every configuration of the corpus, with its name.
fn corpus() -> Option<Vec<(String, String)>> {
    let folder = common::shared("corpus")?;
    let mut pending: Vec<PathBuf> = vec![folder];
    let mut out = Vec::new();
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = path.display().to_string();
            if path.is_dir() {
                pending.push(path);
            } else if !name.ends_with(".gz") && !name.ends_with(".tsv") {
                let bytes = std::fs::read(&path).expect("a file of the corpus");
                out.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    assert!(out.len() > 900, "{} files", out.len());
    Some(out)
}

/// The words as nginx reads them, Lua byte by byte, and every comment.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    fn words(text: &Text, directives: &[Arc<Directive>], out: &mut Vec<String>) {
        for directive in directives {
            out.push(directive.name.value.to_string());
            out.extend(directive.args.iter().map(|word| format!("{:?} {}", word.quote, word.value)));
            match &directive.body {
                Body::Simple => out.push(";".into()),
                Body::Lua(code) => out.push(text.slice(*code).into_owned()),
                Body::Block(block) => {
                    out.push("{".into());
                    words(text, &block.directives, out);
                    out.push("}".into());
                }
            }
        }
    }
    let source = source(text);
    let mut out = Vec::new();
    words(&source.text, &source.parse.directives, &mut out);
    (out, source.parse.comments.iter().map(|comment| source.text.slice(*comment).into_owned()).collect())
}

fn formatted(text: &str, options: Options) -> String {
    let source = source(text);
    let edits = format::format(&Present::new(&source, None), MARKER, options, None);
    assert!(edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "edits overlap: {edits:?}");
    for edit in &edits {
        let replaced = &text[edit.span.range()];
        let blank = |text: &str| text.chars().all(|letter| [' ', '\t', '\r', '\n'].contains(&letter));
        assert!(blank(replaced) && blank(&edit.with), "more than blank space: {edit:?} for {replaced:?}");
    }
    format::apply(text, &edits)
}

const OPTIONS: [Options; 3] = [
    Options { tab_size: 4, insert_spaces: true, trim_lines: true, final_newline: true, trim_final_newlines: true },
    Options { tab_size: 8, insert_spaces: false, trim_lines: true, final_newline: false, trim_final_newlines: false },
    Options { tab_size: 2, insert_spaces: true, trim_lines: false, final_newline: true, trim_final_newlines: false },
];

/// What must hold for the formatter and any text.
fn holds(name: &str, text: &str) {
    for options in OPTIONS {
        let once = formatted(text, options);
        assert_eq!(read(&once), read(text), "{name}: what nginx reads");
        assert_eq!(formatted(&once, options), once, "{name}: twice");
    }
}

/// What must hold for tokens, folds, outlines and selections of any text.
fn is_sound(name: &str, text: &str) {
    let source = source(text);
    let present = Present::new(&source, None);
    let mut end = 0;
    let all = tokens::tokens(&present, None, MARKER, &[], None);
    for token in &all {
        assert!(token.span.start >= end && !token.span.is_empty(), "{name}: {token:?} behind {end}");
        assert!(text.get(token.span.range()).is_some(), "{name}: {token:?} in a character");
        end = token.span.end;
    }
    // A part of them is that part.
    let (from, to) = (source.text.floor(source.text.len() / 3), source.text.floor(source.text.len() / 2));
    let within = Span::new(from, to);
    let part = tokens::tokens(&present, None, MARKER, &[], Some(within));
    let expected: Vec<_> = all.into_iter().filter(|token| token.span.start < within.end && within.start < token.span.end).collect();
    assert_eq!(part, expected, "{name}: within {within:?}");
    let folds = folding::folds(&present, MARKER, None);
    assert!(folds.windows(2).all(|pair| pair[0].start_line < pair[1].start_line), "{name}: folds in order");
    assert_eq!(folding::folds(&present, MARKER, Some(3)).len(), folds.len().min(3), "{name}: no more than asked for");
    fn nested(name: &str, symbols: &[Symbol], around: Span) {
        for symbol in symbols {
            let right = around.covers(symbol.span) && symbol.span.covers(symbol.selection) && !symbol.selection.is_empty();
            assert!(right && !symbol.name.is_empty() && !symbol.name.contains('\n'), "{name}: {symbol:?}");
            nested(name, &symbol.children, symbol.span);
        }
    }
    nested(name, &symbols::outline(&present), Span::new(0, source.text.len()));
    for offset in [0, source.text.len() / 2, source.text.len()] {
        let spans = selection::around(&present, offset);
        assert!(spans.windows(2).all(|pair| pair[1].covers(pair[0]) && pair[0] != pair[1]), "{name}: {spans:?}");
    }
}

#[test]
fn real_configurations() {
    let Some(files) = corpus() else { return };
    for (name, text) in files {
        is_sound(&name, &text);
        holds(&name, &text);
    }
}

/// Texts made of what matters to the formatter.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        " ",
        "  ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "a",
        "server",
        "location",
        "/x",
        "'b'",
        "'b\n  c'",
        "\"d ;\"",
        ";",
        ";\n",
        " {\n",
        "{",
        "}",
        "}\n",
        "# e\n",
        "#X# f;\n",
        "#X# g {\n",
        "#X# }\n",
        "# nginx-analyzer: off since 2026-01-01\n",
        "content_by_lua_block {\n x = '}' \n }\n",
        "$h",
        "${i}",
        "\\",
        "#region\n",
        "#endregion\n",
        "\u{e9}",
        "\u{feff}",
        "map $a $b {\n",
        "if ($c) {\n",
        "~ ^(j|k)$ ",
        "proxy_pass http://a",
        "\n\n\n\n",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in texts()) {
        is_sound("made", &text);
        holds("made", &text);
    }

    /// Half of what is made at random is refused by nginx's tokenizer; this is not.
    #[test]
    fn well_formed_text(pieces in prop::collection::vec((0..8_usize, prop::sample::select(vec!["", " ", "\t", "\n", "\n  ", "\n\n\n\n\t", " # c \n"])), 0..30)) {
        let mut text = String::new();
        let mut open = 0;
        for (what, blank) in pieces {
            text.push_str(blank);
            match what {
                0 => { text.push_str("server {"); open += 1; }
                1 if open > 0 => { text.push('}'); open -= 1; }
                2 => text.push_str("log_format a 'b'\n      'c'\n 'd' ;"),
                3 => text.push_str("set $a \"x \n  y\";"),
                4 => text.push_str("\n  #X# location /x {\n\n#X#   return 200;  \n  #X# }\n"),
                5 => text.push_str("content_by_lua_block{ if x\n   then {} end\n\t}"),
                6 => { text.push_str("location\n /x\n{"); open += 1; }
                _ => text.push_str("listen 80 ;"),
            }
        }
        text.push_str(&"\n }".repeat(open));
        is_sound("made", &text);
        holds("made", &text);
    }
}

/// Found by [`any_text`]: what the first pass left as it was, the second changed.
#[test]
fn a_byte_order_mark_is_not_brought_to_the_beginning() {
    for text in [
        " \u{feff} ;",
        "\n\n \u{feff}a;\n  b;\n",
        "\u{feff}  a;\n b;\n",
        "\t\u{feff}a {\nb;\n}\n",
        "  \u{feff}\n  ;\n",
        "# e\n \u{feff} ;\n",
    ] {
        holds("a mark", text);
    }
}

/// Found by [`any_text`]: a marker inside of a word is no comment, and the tokens of a range began with it.
#[test]
fn a_marker_inside_of_a_word_is_no_comment() {
    let block = "content_by_lua_block {\n x = '}' \n }\nmap $a $b {\n# nginx-analyzer: off since 2026-01-01\n}\n\n\nserverserver if ($c) {\n;# e\n# e\n \n\n";
    is_sound("a word", &format!("server #X# f;\n\n\n}}\n#X# g {{\nmap $a $b {{\n#X# f;\n$h\n\n# e\n#X# f;\n\\\n#X# f;\n{block}"));
}
