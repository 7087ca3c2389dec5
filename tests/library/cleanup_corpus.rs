//! Over real configurations: commenting out a block takes it from what nginx reads and nothing else, and restoring gives the bytes back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nginx_analyzer::cleanup::{apply, comment};
use nginx_analyzer::messages::Language;
use nginx_analyzer::syntax::{Body, Directive, Parse};
use nginx_analyzer::text::{Span, Text};

use crate::common;

const MARKER: &str = "#X# ";

fn blocks<'a>(directives: &'a [Arc<Directive>], path: &mut Vec<usize>, out: &mut Vec<(Vec<usize>, &'a Directive)>) {
    for (index, directive) in directives.iter().enumerate() {
        path.push(index);
        if !matches!(directive.body, Body::Simple) {
            out.push((path.clone(), directive));
            blocks(directive.children(), path, out);
        }
        path.pop();
    }
}

/// Names, arguments and nesting, without one directive: what nginx reads, wherever it stands.
fn shape(text: &Text, directives: &[Arc<Directive>], without: Option<Span>, out: &mut String) {
    for directive in directives.iter().filter(|directive| Some(directive.span) != without) {
        out.push_str(&directive.name.value);
        directive.args.iter().for_each(|word| {
            out.push('\u{1}');
            out.push_str(&word.value);
        });
        match &directive.body {
            Body::Simple => out.push(';'),
            Body::Lua(code) => out.push_str(&text.slice(*code)),
            Body::Block(_) => {
                out.push('{');
                shape(text, directive.children(), without, out);
                out.push('}');
            }
        }
    }
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

#[test]
fn every_block_of_the_corpus_comes_back() {
    let Some(corpus) = common::shared("corpus") else { return };
    let mut paths = Vec::new();
    ["conf", "docs", "ngxtests", "tsocket"].iter().for_each(|folder| files(&corpus.join(folder), &mut paths));
    paths.sort();
    let (mut done, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    for path in &paths {
        let bytes = std::fs::read(path).expect("a file of the corpus");
        let text = Text::new(&String::from_utf8_lossy(&bytes));
        let parse = Parse::new(&text);
        if !parse.problems.is_empty() {
            continue;
        }
        let mut found = Vec::new();
        blocks(&parse.directives, &mut Vec::new(), &mut found);
        // A few files are long lists of one-line servers: a sample of those says as much.
        let step = found.len().div_ceil(12).max(1);
        for (_, block) in found.iter().step_by(step) {
            let edits = match comment::comment_out(&text, &parse, &[block.span], MARKER) {
                Ok(edits) => edits,
                Err(refusal) => {
                    refused.push(format!("{}: {}", path.display(), refusal.say(Language::English)));
                    continue;
                }
            };
            done += 1;
            let after = apply(&text, &edits);
            let reparsed = Parse::new(&after);
            let (mut expected, mut got) = (String::new(), String::new());
            shape(&text, &parse.directives, Some(block.span), &mut expected);
            shape(&after, &reparsed.directives, None, &mut got);
            if expected != got {
                wrong.push(format!("{}: {:?}: something else changed", path.display(), block.header()));
            }
            let last = edits.last().expect("an edit").span.start + (edits.len() * MARKER.len()) as u32;
            for cursor in [edits[0].span.start, last] {
                let Some(restoration) = comment::restore(&after, cursor, MARKER) else {
                    wrong.push(format!("{}: {:?}: not found again", path.display(), block.header()));
                    continue;
                };
                let back = apply(&after, &restoration.edits);
                if back != text {
                    wrong.push(format!("{}: {:?}: other bytes", path.display(), block.header()));
                } else {
                    // And restoring, then commenting out, is nothing either.
                    let again = comment::comment_out(&back, &parse, &[block.span], MARKER).expect("as before");
                    assert_eq!(apply(&back, &again), after);
                }
            }
        }
    }
    println!("{done} blocks commented out and restored, {} refused", refused.len());
    for refusal in &refused {
        println!("refused {refusal}");
    }
    assert!(wrong.is_empty(), "{} of {done}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(refused.len() * 10 < done, "{} of {} refused:\n{}", refused.len(), done, refused.join("\n"));
}
