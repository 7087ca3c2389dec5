//! Real configurations: the directives must be those that nginx's own tokenizer reads, and what it refuses must be refused.

use std::io::{BufRead, BufReader};
use std::sync::Arc;

use flate2::read::GzDecoder;
use nginx_analyzer::syntax::{Body, Directive, Parse, ProblemKind};
use nginx_analyzer::text::Text;
use serde_json::{Value, json};

use crate::common;

fn flatten(text: &Text, directives: &[Arc<Directive>], depth: usize, out: &mut Vec<Value>) {
    for directive in directives {
        let end = match directive.body {
            Body::Simple => ";",
            Body::Block(_) => "{",
            Body::Lua(_) => "L",
        };
        let mut row = vec![json!(depth), json!(end), json!(&*directive.name.value)];
        row.extend(directive.args.iter().map(|word| json!(&*word.value)));
        if let Body::Lua(code) = directive.body {
            row.push(json!(text.slice(code)));
        }
        out.push(Value::Array(row));
        flatten(text, directive.children(), depth + 1, out);
    }
}

/// The expectations hold nginx's bytes, each as the character of that number.
fn decode_bytes(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("a byte")).collect();
            json!(String::from_utf8_lossy(&bytes))
        }
        Value::Array(values) => values.iter().map(decode_bytes).collect(),
        other => other.clone(),
    }
}

#[test]
fn every_file_is_read_as_nginx_reads_it() {
    let Some(corpus) = common::shared("corpus") else { return };
    let expected = std::fs::File::open(corpus.join("expected.jsonl.gz")).expect("the expectations");
    let (mut files, mut wrong) = (0, Vec::new());
    for line in BufReader::new(GzDecoder::new(expected)).lines() {
        let line = line.expect("a line");
        let expected: Value = serde_json::from_str(&line).expect("JSON");
        let name = expected["file"].as_str().expect("a name");
        let bytes = std::fs::read(corpus.join(name)).expect("a file of the corpus");
        let text = Text::new(&String::from_utf8_lossy(&bytes));
        // With the names of directives: what nginx accepts must not be taken for a missing `;` either.
        let parse = Parse::with_vocabulary(&text, nginx_analyzer::nginx::directives::is_known);
        files += 1;
        let sexp = parse.sexp(&text);
        if sexp.contains("ERROR") || sexp.contains("MISSING") {
            wrong.push(format!("{name}: an error node"));
        }
        let accepted = expected["accepted"].as_bool().expect("accepted");
        let refused = parse.problems.iter().any(|problem| problem.kind != ProblemKind::ByteOrderMark);
        if accepted == refused {
            wrong.push(format!("{name}: accepted by nginx: {accepted}, but {:?}", parse.problems));
            continue;
        }
        if !accepted {
            continue;
        }
        let mut found = Vec::new();
        flatten(&text, &parse.directives, 0, &mut found);
        let expected = decode_bytes(&expected["directives"]);
        let expected = expected.as_array().expect("directives");
        let mut expected = expected.clone();
        // tree-sitter skips a byte order mark, which serves people better than a directive with an invisible character in its name.
        if let Some(Value::String(name)) = expected.first_mut().and_then(|first| first.get_mut(2)) {
            *name = name.trim_start_matches('\u{feff}').to_owned();
        }
        if let Some(at) = (0..found.len().max(expected.len())).find(|at| found.get(*at) != expected.get(*at)) {
            wrong.push(format!("{name}: directive {at}: found {:?}, nginx {:?}", found.get(at), expected.get(at)));
        }
    }
    // The byte order mark is no matter of the tokenizer: to nginx it is part of the first word.
    assert!(files > 900, "{files} files");
    assert!(wrong.is_empty(), "{} of {files} differ:\n{}", wrong.len(), wrong.join("\n"));
}
