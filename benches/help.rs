//! How long hovers, signatures and hints take on configurations of 100 to 100,000 lines: `cargo bench --bench help`.
#![allow(missing_docs)]

mod allocator;
#[allow(dead_code, reason = "the benches share it")]
mod generate;

use std::path::Path;
use std::sync::Arc;

use divan::{Bencher, black_box};
use nginx_analyzer::ide::{hints, hover, signature};
use nginx_analyzer::project::FileId;
use nginx_analyzer::project::settings::{Hint, Settings};
use nginx_analyzer::rules;
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::{Analysis, World};

const LINES: [usize; 4] = [100, 1_000, 10_000, 100_000];
const FOLDER: &str = "/nowhere/gateway";

fn main() {
    divan::main();
}

/// As a reader finds it: the rules have been asked.
fn analysis(lines: usize) -> (Arc<Analysis>, FileId, Text) {
    let main = Path::new(FOLDER).join("nginx.conf");
    let mut world = World::new(Path::new(FOLDER), vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    let text = Text::new(&generate::single(lines).main);
    world.set_text(file, text.clone());
    let analysis = world.analysis();
    rules::check(&analysis);
    (analysis, file, text)
}

/// Where the last word that begins so stands.
fn last(text: &Text, word: &str) -> u32 {
    text.to_str().rfind(word).map_or(0, |at| at as u32 + 1)
}

fn hover_on(bencher: Bencher, lines: usize, word: &str) {
    let (analysis, file, text) = analysis(lines);
    let at = last(&text, word);
    bencher.bench_local(|| hover(black_box(&analysis), file, at));
}

#[divan::bench(args = LINES)]
fn hover_on_a_directive(bencher: Bencher, lines: usize) {
    hover_on(bencher, lines, "proxy_set_header");
}

#[divan::bench(args = LINES)]
fn hover_on_a_variable(bencher: Bencher, lines: usize) {
    hover_on(bencher, lines, "$");
}

#[divan::bench(args = LINES)]
fn hover_on_a_location(bencher: Bencher, lines: usize) {
    hover_on(bencher, lines, "location ");
}

/// The first of an analysis has the verdicts on all locations to find.
#[divan::bench(args = LINES, sample_count = 20)]
fn first_hover_on_a_location(bencher: Bencher, lines: usize) {
    let opened = || {
        let (analysis, file, text) = analysis(lines);
        (analysis, file, last(&text, "location "))
    };
    bencher.with_inputs(opened).bench_local_values(|(analysis, file, at)| (hover(black_box(&analysis), file, at), analysis));
}

#[divan::bench(args = LINES)]
fn hover_on_an_upstream(bencher: Bencher, lines: usize) {
    hover_on(bencher, lines, "upstream ");
}

#[divan::bench(args = LINES)]
fn hover_on_a_listen(bencher: Bencher, lines: usize) {
    hover_on(bencher, lines, " 80");
}

#[divan::bench(args = LINES)]
fn signature_at_an_argument(bencher: Bencher, lines: usize) {
    let (analysis, file, mut text) = analysis(lines);
    let at = text.to_str().rfind("proxy_read_timeout").unwrap_or(0) as u32;
    let typed = "\n            proxy_buffers 8 ";
    text.replace(Span::at(at), typed);
    bencher.bench_local(|| signature::signature(black_box(&analysis), file, &text, at + typed.len() as u32));
}

/// Of a screenful in the middle.
#[divan::bench(args = LINES)]
fn hints_of_a_screen(bencher: Bencher, lines: usize) {
    let (analysis, file, text) = analysis(lines);
    let line = text.line_count() / 2;
    let range = text.full_line_span(line).join(text.full_line_span(line + 60));
    let all = [Hint::DefaultServer, Hint::Takeover, Hint::Files];
    bencher.bench_local(|| hints::hints(black_box(&analysis), file, range, &all));
}
