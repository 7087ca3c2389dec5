//! Completion on real configurations: at the name of each directive that stands where it may, that name is offered for exactly the word,
//! and where somebody has written only so far.

#[path = "../../benches/generate.rs"]
#[allow(dead_code, reason = "the tests share it")]
mod generate;

use std::path::{Path, PathBuf};

use nginx_analyzer::config::EntryId;
use nginx_analyzer::ide::complete;
use nginx_analyzer::nginx::directives::{self, Directive};
use nginx_analyzer::nginx::parameters::{self, Kind};
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::syntax::Quote;
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::World;

use crate::common;

/// How many directives of a file are asked about.
const DIRECTIVES: usize = 12;

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

/// True for an argument that is one of a few words.
fn is_word_of(directive: &Directive, index: usize, value: &str) -> bool {
    let alternatives = parameters::at(directive, index).map_or(&[][..], |parameter| &parameter.alternatives);
    alternatives.iter().any(|one| match one.kind {
        Kind::Flag => one.key.is_empty() && matches!(value, "on" | "off"),
        Kind::Word(words) => one.key.is_empty() && words.split('|').any(|word| word == value),
        _ => false,
    })
}

#[test]
fn what_people_have_written_is_offered_to_them() {
    let Some(corpus) = common::shared("corpus") else { return };
    let mut paths = Vec::new();
    files(&corpus.join("conf"), &mut paths);
    paths.sort();
    let (mut asked, mut missed) = (0, Vec::new());
    for path in paths {
        let Ok(source) = std::fs::read_to_string(&path) else { continue };
        if source.len() > 200_000 || source.contains('\r') {
            continue;
        }
        // By itself: what it includes is not here.
        let folder = Path::new("/in-memory");
        let main = folder.join("nginx.conf");
        let mut world = World::new(folder, vec![main.clone()], Settings::default());
        let file = world.vfs().id(&main);
        world.set_text(file, Text::new(&source));
        let analysis = world.analysis();
        if analysis.project.files.get(&file).is_none_or(|source| source.is_unreliable()) {
            continue;
        }
        let config = &analysis.configs[0];
        let known = |id: &EntryId| {
            let entry = config.entry(*id);
            let name = &entry.directive.name;
            let found = entry.context.and_then(|context| directives::in_context(&name.value, context));
            // What nginx refuses for being there twice is not offered.
            let once = |block: EntryId| config.children(block, &name.value).count() == 1;
            let outside = || config.top.iter().filter(|other| config.directive(**other).is(&name.value)).count() == 1;
            found.is_some_and(|found| found.repeats != Some(false) || entry.parent.map_or_else(outside, once))
                && !name.span.is_empty()
                && source[name.span.range()] == *name.value
        };
        let ids: Vec<EntryId> = (0..config.entries.len() as u32).map(EntryId).filter(known).collect();
        for id in ids.iter().step_by(ids.len().div_ceil(DIRECTIVES).max(1)) {
            let name = &config.directive(*id).name;
            let end = name.span.end;
            let whole = Text::new(&source);
            let mut begun = Text::new(&source);
            begun.replace(Span::new(end, whole.len()), "");
            for (text, kind) in [(whole, "whole"), (begun, "begun")] {
                asked += 1;
                let found = complete(&analysis, file, &text, end, None);
                if !found.items.iter().any(|item| item.label == *name.value && item.replace == name.span) {
                    let line = text.line_of(end) + 1;
                    missed.push(format!("{}:{line}: {} ({kind})", path.display(), name.value));
                }
            }
            let entry = config.entry(*id);
            let Some(found) = entry.context.and_then(|context| directives::in_context(&name.value, context)) else { continue };
            for (index, word) in entry.directive.args.iter().enumerate().filter(|(index, word)| is_word_of(found, *index, &word.value)) {
                asked += 1;
                let quotes = u32::from(word.quote != Quote::None);
                let inner = Span::new(word.span.start + quotes, word.span.end - quotes);
                let answer = complete(&analysis, file, &Text::new(&source), inner.end, None);
                if !answer.items.iter().any(|item| item.label == *word.value && item.replace == inner) {
                    missed.push(format!("{}: argument {index} of {}: {}", path.display(), name.value, word.value));
                }
            }
        }
    }
    assert!(asked > 1_000, "only {asked} places");
    assert!(missed.is_empty(), "{} of {asked}:\n{}", missed.len(), missed.join("\n"));
}

/// What is offered in a large configuration; how long it took is told, and judged by nobody: that is for `cargo bench`.
#[test]
fn large_configurations_are_answered() {
    let folder = Path::new("/in-memory");
    let main = folder.join("nginx.conf");
    let source = generate::single(10_000).main;
    let mut world = World::new(folder, vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    world.set_text(file, Text::new(&source));
    let analysis = world.analysis();
    let at = source.rfind("proxy_read_timeout").expect("generated") as u32;
    for (typed, label) in [
        ("proxy_hid", "proxy_hide_header"),
        ("proxy_pass http://backend_1", "backend_1"),
        ("add_header A $conn", "$connection_upgrade"),
        ("limit_req zone=", "clients"),
        ("error_page 404 /una", "/unavailable.html"),
        ("if ($a) {\n                set", "set"),
    ] {
        let typed = format!("{typed}\n            ");
        let mut text = Text::new(&source);
        text.replace(Span::at(at), &typed);
        let offset = at + typed.trim_end().len() as u32;
        // What is made at the first question is kept with the analysis.
        complete(&analysis, file, &text, offset, None);
        let start = std::time::Instant::now();
        let found = complete(&analysis, file, &text, offset, None);
        eprintln!("{label}: {} items in {:?}", found.items.len(), start.elapsed());
        assert!(found.items.iter().any(|item| item.label == label), "{label}");
    }
}
