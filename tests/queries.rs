//! The editors' queries fit the grammar and capture what they are meant to.
#![allow(missing_docs)]

use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator};

const SAMPLE: &str = r#"# sample
upstream app { server 10.0.0.1:80; }
map $host $kind { default a; }
server {
    server_name one.example two.example;
    location ~ \.php$ { proxy_pass http://app; }
    location /lua { content_by_lua_block { ngx.say("}") } }
    set $flag on;
}
;
"#;

/// `capture text` (its first line) of every capture whose match's predicates hold, in the text's order.
fn captures(query: &str) -> Vec<String> {
    let language: Language = tree_sitter_nginx::LANGUAGE.into();
    let mut parser = Parser::new();
    parser.set_language(&language).expect("a grammar of this library's version");
    let tree = parser.parse(SAMPLE, None).expect("a tree");
    let query = Query::new(&language, query).expect("a query that fits the grammar");
    let mut cursor = QueryCursor::new();
    let mut all = cursor.captures(&query, tree.root_node(), SAMPLE.as_bytes());
    let mut out = Vec::new();
    while let Some((found, index)) = all.next() {
        let capture = found.captures()[*index];
        let name = query.capture_names()[capture.index as usize];
        if !name.starts_with('_') {
            let text = &SAMPLE[capture.node.byte_range()];
            out.push(format!("{name} {}", text.lines().next().unwrap_or_default()));
        }
    }
    out
}

fn assert_captures(query: &str, expected: &[&str]) {
    let found = captures(query);
    for wanted in expected {
        assert!(found.iter().any(|capture| capture == wanted), "no {wanted:?} in {found:#?}");
    }
}

#[test]
fn highlights() {
    let query = include_str!("../queries/highlights.scm");
    assert_captures(
        query,
        &[
            "comment # sample",
            "keyword upstream",
            "keyword content_by_lua_block",
            "string one.example",
            "variable $host",
            "boolean on",
            "operator ~",
            r"string.regexp \.php$",
            "punctuation.delimiter ;",
            "punctuation.bracket }",
            "error ;",
        ],
    );
    assert!(!captures(query).iter().any(|capture| capture == "string.regexp /lua" || capture == "operator /lua"));
}

#[test]
fn folds_and_indents() {
    assert_captures(include_str!("../queries/folds.scm"), &["fold { server 10.0.0.1:80; }", "fold { ngx.say(\"}\") }"]);
    assert_eq!(captures(include_str!("../queries/folds.scm")).len(), 6);
    assert_captures(include_str!("../queries/indents.scm"), &["indent.begin { default a; }", "indent.end }", "indent.auto # sample"]);
}

#[test]
fn lua_is_injected_between_the_braces() {
    let found = captures(include_str!("../queries/injections.scm"));
    assert_eq!(
        found.iter().map(|capture| capture.trim_end()).collect::<Vec<_>>(),
        ["injection.content # sample", "injection.content ngx.say(\"}\")"]
    );
}

#[test]
fn locals() {
    assert_captures(
        include_str!("../queries/locals.scm"),
        &["local.definition.namespace app", "local.definition.var $kind", "local.definition.var $flag", "local.reference $host"],
    );
}

#[test]
fn tags() {
    assert_captures(
        include_str!("../queries/tags.scm"),
        &["name app", "name one.example", r"name \.php$", "name /lua", "name $kind", "reference.call proxy_pass http://app;"],
    );
    assert!(!captures(include_str!("../queries/tags.scm")).contains(&"name two.example".to_owned()));
}
