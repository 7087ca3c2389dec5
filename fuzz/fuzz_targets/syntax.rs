//! Any text has a tree without error nodes, and an edited parse is what a fresh one is. A text, then edits: a place, a length, what comes in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nginx_analyzer::syntax::{Change, Parse};
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer_fuzz::Bytes;

fuzz_target!(|data: &[u8]| {
    let mut data = Bytes(data);
    let mut text = Text::new(&data.text());
    let mut parse = Parse::new(&text);
    assert!(!parse.sexp(&text).contains("ERROR") && !parse.sexp(&text).contains("MISSING"));
    while !data.is_empty() {
        let start = text.floor(data.below(text.len() + 1));
        let span = Span::new(start, text.floor(start + u32::from(data.byte())));
        let with = data.text();
        let change = Change::new(&text, span, &with);
        text.replace(span, &with);
        parse = parse.edit(&text, &[change], |_| false);
    }
    let fresh = Parse::new(&text);
    assert_eq!(parse.sexp(&text), fresh.sexp(&text));
    assert_eq!(parse.directives, fresh.directives);
    assert_eq!(parse.problems, fresh.problems);
    assert_eq!(parse.comments, fresh.comments);
});
