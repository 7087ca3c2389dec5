//! How long what an editor asks for all the time takes on configurations of 100 to 100,000 lines: `cargo bench --bench editing`.
#![allow(missing_docs)]

mod allocator;
#[allow(dead_code, reason = "the benches share it")]
mod generate;

use std::path::Path;
use std::sync::Arc;

use divan::{Bencher, black_box};
use nginx_analyzer::ide::present::Present;
use nginx_analyzer::ide::{folding, format, highlight, symbols, tokens};
use nginx_analyzer::project::SourceFile;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::{Analysis, World};

const LINES: [usize; 4] = [100, 1_000, 10_000, 100_000];
const FOLDER: &str = "/nowhere/gateway";
const MARKER: &str = "#X# ";

fn main() {
    divan::main();
}

/// As a request finds it: the last analysis is of the same text, and what names are defined was asked before.
fn opened(lines: usize) -> (Arc<Analysis>, Arc<SourceFile>) {
    let main = Path::new(FOLDER).join("nginx.conf");
    let mut world = World::new(Path::new(FOLDER), vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    world.set_text(file, Text::new(&generate::single(lines).main));
    let analysis = world.analysis();
    for view in analysis.views() {
        black_box(view.definitions().defined().count());
    }
    let source = world.inputs().source(file).unwrap_or_else(|| analysis.project.files[&file].clone());
    (analysis, source)
}

fn bench<T>(bencher: Bencher, lines: usize, ask: impl Fn(&Present<'_>, &Analysis) -> T) {
    let (analysis, source) = opened(lines);
    bencher.bench_local(|| ask(&Present::new(black_box(&source), Some(&analysis)), &analysis));
}

#[divan::bench(args = LINES)]
fn all_tokens(bencher: Bencher, lines: usize) {
    bench(bencher, lines, |present, analysis| tokens::tokens(present, Some(analysis), MARKER, &[], None));
}

#[divan::bench(args = LINES)]
fn tokens_of_a_screen(bencher: Bencher, lines: usize) {
    bench(bencher, lines, |present, analysis| tokens::tokens(present, Some(analysis), MARKER, &[], Some(Span::new(0, 2_000))));
}

#[divan::bench(args = LINES)]
fn outline(bencher: Bencher, lines: usize) {
    bench(bencher, lines, |present, _| symbols::outline(present));
}

#[divan::bench(args = LINES)]
fn folds(bencher: Bencher, lines: usize) {
    bench(bencher, lines, |present, _| folding::folds(present, MARKER, None));
}

#[divan::bench(args = LINES)]
fn highlights(bencher: Bencher, lines: usize) {
    bench(bencher, lines, |present, _| {
        let at = present.source.text.to_str().rfind('$').map_or(0, |at| at as u32 + 1);
        highlight::highlights(present, at)
    });
}

#[divan::bench(args = LINES)]
fn formatted(bencher: Bencher, lines: usize) {
    bench(bencher, lines, |present, _| format::format(present, MARKER, format::Options::default(), None));
}
