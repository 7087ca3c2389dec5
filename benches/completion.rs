//! How long completion takes on configurations of 100 to 100,000 lines: `cargo bench --bench completion`.
#![allow(missing_docs)]

mod allocator;
#[allow(dead_code, reason = "the benches share it")]
mod generate;

use std::path::Path;

use divan::{Bencher, black_box};
use nginx_analyzer::ide::complete;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::World;

const LINES: [usize; 4] = [100, 1_000, 10_000, 100_000];
const FOLDER: &str = "/nowhere/gateway";

fn main() {
    divan::main();
}

/// In a location near the end, so that all of the text is read; what is typed there is not analysed yet.
fn bench(bencher: Bencher, lines: usize, typed: &str) {
    let main = Path::new(FOLDER).join("nginx.conf");
    let mut world = World::new(Path::new(FOLDER), vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    let mut text = Text::new(&generate::single(lines).main);
    world.set_text(file, text.clone());
    let analysis = world.analysis();
    let at = text.to_str().rfind("proxy_read_timeout").unwrap_or(0) as u32;
    text.replace(Span::at(at), typed);
    let offset = at + typed.len() as u32;
    complete(&analysis, file, &text, offset, None);
    bencher.bench_local(|| complete(black_box(&analysis), file, &text, offset, None));
}

#[divan::bench(args = LINES)]
fn a_directive(bencher: Bencher, lines: usize) {
    bench(bencher, lines, "\n            pro");
}

#[divan::bench(args = LINES)]
fn a_variable(bencher: Bencher, lines: usize) {
    bench(bencher, lines, "\n            add_header X-A $");
}

#[divan::bench(args = LINES)]
fn an_upstream(bencher: Bencher, lines: usize) {
    bench(bencher, lines, "\n            proxy_pass http://b");
}

/// A brace is missing: the text is read twice.
#[divan::bench(args = LINES)]
fn in_broken_text(bencher: Bencher, lines: usize) {
    bench(bencher, lines, "\n            if ($a) {\n            pro");
}
