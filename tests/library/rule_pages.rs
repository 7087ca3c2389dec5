//! Every rule has a page, and every example on it is what it says.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use nginx_analyzer::rules::{self, registry};
use nginx_analyzer::usage::logs::{Options, Since};
use nginx_analyzer::world::World;
use nginx_analyzer::world::logs::inputs;

use crate::common;

/// The fenced examples of a section.
fn examples<'a>(page: &'a str, section: &str) -> Vec<&'a str> {
    let Some(start) = page.find(&format!("\n## {section}")) else { return Vec::new() };
    let body = &page[start + 1..];
    let end = body[2..].find("\n## ").map_or(body.len(), |at| at + 2);
    body[..end].split("```nginx\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

fn found(example: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    common::write_fixture(folder.path(), example);
    let mut world = World::open(folder.path(), Vec::new());
    world.set_today(jiff::civil::date(2026, 11, 28));
    // As `check` does: logs are read where there are any.
    let analysis = world.analysis();
    let files = analysis.find_logs().files;
    if !files.is_empty() {
        let options = Options { since: Since::parse("7d").expect("a span"), ..Options::default() };
        let logs = analysis.read_logs(inputs(files), &options, &|_, _| {}, &AtomicBool::new(false)).expect("nobody cancels");
        world.take_logs(&analysis, logs);
    }
    let analysis = world.analysis();
    rules::check(&analysis).into_iter().map(|finding| format!("{}: {}", finding.rule, finding.message)).collect()
}

#[test]
fn pages_and_rules_are_the_same_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let mut pages: Vec<String> = std::fs::read_dir(folder)
        .expect("the pages")
        .map(|entry| entry.expect("a page").file_name().to_string_lossy().trim_end_matches(".md").to_owned())
        .collect();
    pages.sort();
    let rules: Vec<&str> = registry::RULES.iter().map(|rule| rule.id).collect();
    assert!(rules.is_sorted(), "{rules:?}");
    assert_eq!(pages, rules);
}

#[test]
fn every_page_has_its_sections() {
    for rule in registry::RULES {
        let page = registry::page(rule.id).expect("a page");
        assert!(page.starts_with(&format!("# {}\n", rule.id)), "{}", rule.id);
        for section in ["Bad", "Good", "What it rests on", "When it is silent"] {
            assert!(page.contains(&format!("\n## {section}\n")), "{} has no section {section}", rule.id);
        }
    }
}

#[test]
fn bad_examples_are_reported_and_good_ones_are_not() {
    for rule in registry::RULES {
        let page = registry::page(rule.id).expect("a page");
        let (bad, good) = (examples(page, "Bad"), examples(page, "Good"));
        assert!(!bad.is_empty() && !good.is_empty(), "{} needs both kinds of examples", rule.id);
        let is_own = |message: &String| message.starts_with(&format!("{}: ", rule.id));
        for example in bad {
            let found = found(example);
            assert!(found.iter().any(is_own), "{} does not report its bad example:\n{example}\nfound: {found:#?}", rule.id);
        }
        for example in good {
            let found = found(example);
            assert!(!found.iter().any(is_own), "{} reports its good example:\n{example}\nfound: {found:#?}", rule.id);
        }
    }
}
