//! A block that is commented out comes back byte for byte. Two numbers, which block, then a text.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use nginx_analyzer::cleanup::{apply, comment};
use nginx_analyzer::syntax::{Body, Directive, Parse};
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer_fuzz::Bytes;

const MARKER: &str = "#X# ";

fn blocks(directives: &[Arc<Directive>], out: &mut Vec<Span>) {
    for directive in directives {
        if !matches!(directive.body, Body::Simple) {
            out.push(directive.span);
            blocks(directive.children(), out);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let mut data = Bytes(data);
    let which = data.below(1 << 16);
    let text = Text::new(&data.text());
    // Whatever stands there already.
    if let Some(restoration) = comment::restore(&text, text.floor(which % (text.len() + 1)), MARKER) {
        apply(&text, &restoration.edits);
    }
    let parse = Parse::new(&text);
    let mut found = Vec::new();
    blocks(&parse.directives, &mut found);
    let Some(span) = found.get(which as usize % found.len().max(1)) else { return };
    let Ok(edits) = comment::comment_out(&text, &parse, &[*span], MARKER) else { return };
    let after = apply(&text, &edits);
    let at = edits.first().map_or(0, |edit| edit.span.start);
    // A block beside one that was commented out before is one with it: then more comes back, which the plan says.
    if text.to_str().contains(MARKER.trim_end()) {
        return;
    }
    let restoration = comment::restore(&after, at, MARKER).expect("what was commented out is found again");
    assert_eq!(apply(&after, &restoration.edits), text);
});
