//! How long each stage takes on configurations of 100 to 100,000 lines: `cargo bench`, or `cargo bench -- 'keystroke.*10000'`.
#![allow(missing_docs)]

mod allocator;
mod generate;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use divan::{Bencher, black_box};
use generate::Generated;
use nginx_analyzer::config::Config;
use nginx_analyzer::nginx::directives::is_known;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::project::{FileId, Parses, Project, Vfs};
use nginx_analyzer::rules;
use nginx_analyzer::syntax::{Change, Parse};
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::usage::logs::{Agents, Hits, Logs, Sight};
use nginx_analyzer::world::World;

const LINES: [usize; 4] = [100, 1_000, 10_000, 100_000];
const FOLDER: &str = "/nowhere/gateway";

fn main() {
    divan::main();
}

fn main_file() -> PathBuf {
    Path::new(FOLDER).join("nginx.conf")
}

fn texts(generated: &Generated) -> Vec<(PathBuf, Text)> {
    let included = generated.included.iter().map(|(path, text)| (Path::new(FOLDER).join(path), Text::new(text)));
    std::iter::once((main_file(), Text::new(&generated.main))).chain(included).collect()
}

fn world(generated: &Generated) -> World {
    let mut world = World::new(Path::new(FOLDER), vec![main_file()], Settings::default());
    for (path, text) in texts(generated) {
        let file = world.vfs().id(&path);
        world.set_text(file, text);
    }
    world
}

#[divan::bench(args = LINES)]
fn parse_fresh(bencher: Bencher, lines: usize) {
    let text = Text::new(&generate::single(lines).main);
    bencher.bench(|| Parse::with_vocabulary(black_box(&text), is_known));
}

#[divan::bench(args = LINES)]
fn parse_one_character(bencher: Bencher, lines: usize) {
    let text = Text::new(&generate::single(lines).main);
    let parse = Parse::with_vocabulary(&text, is_known);
    parse.tree(&text);
    let place = middle(&text);
    let mut after = text.clone();
    after.replace(place, "x");
    bencher.bench(|| black_box(&parse).edit(&after, &[Change::new(&text, place, "x")], is_known));
}

#[divan::bench(args = LINES)]
fn model_of_one_file(bencher: Bencher, lines: usize) {
    model(bencher, &generate::single(lines));
}

#[divan::bench(args = LINES)]
fn model_of_many_files(bencher: Bencher, lines: usize) {
    model(bencher, &generate::split(lines));
}

/// From parsed files to the typed configuration.
fn model(bencher: Bencher, generated: &Generated) {
    let mut vfs = Vfs::default();
    for (path, text) in texts(generated) {
        let file = vfs.id(&path);
        vfs.open(file, text);
    }
    let settings = Arc::new(Settings::default());
    let entries = [main_file()];
    let mut parses = Parses::default();
    Project::load(vfs.clone(), Path::new(FOLDER), settings.clone(), &entries, &mut parses);
    bencher.bench_local(|| {
        let project = Project::load(vfs.clone(), Path::new(FOLDER), settings.clone(), &entries, &mut parses);
        project.roots.iter().map(|root| Config::build(&project, root)).collect::<Vec<_>>()
    });
}

#[divan::bench(args = LINES)]
fn check_one_file(bencher: Bencher, lines: usize) {
    check(bencher, &generate::single(lines));
}

#[divan::bench(args = LINES)]
fn check_many_files(bencher: Bencher, lines: usize) {
    check(bencher, &generate::split(lines));
}

/// From texts to findings.
fn check(bencher: Bencher, generated: &Generated) {
    bencher.bench_local(|| rules::check(&world(generated).analysis()));
}

#[divan::bench(args = LINES)]
fn keystroke_to_diagnostics_in_one_file(bencher: Bencher, lines: usize) {
    keystroke(bencher, &generate::single(lines), &main_file());
}

#[divan::bench(args = LINES)]
fn keystroke_to_diagnostics_in_many_files(bencher: Bencher, lines: usize) {
    let generated = generate::split(lines);
    let path = generated.included.first().map_or_else(main_file, |(path, _)| Path::new(FOLDER).join(path));
    keystroke(bencher, &generated, &path);
}

/// A character is typed, and deleted the next time, in a file that a client has open.
fn keystroke(bencher: Bencher, generated: &Generated, path: &Path) {
    let mut world = world(generated);
    let file: FileId = world.vfs().id(path);
    type_in(bencher, &mut world, file);
}

fn type_in(bencher: Bencher, world: &mut World, file: FileId) {
    let mut before = world.analysis();
    let place = middle(&before.project.text(file));
    let mut typed = false;
    bencher.bench_local(|| {
        let (span, with) = if typed { (Span::new(place.start, place.start + 1), "") } else { (place, "x") };
        world.edit(file, span, with);
        typed = !typed;
        let analysis = world.analysis();
        let findings = rules::check(&analysis);
        // As in the server, the state before is freed when the findings are out: divan counts nothing of what is returned.
        (findings, std::mem::replace(&mut before, analysis))
    });
}

#[divan::bench(args = LINES)]
fn keystroke_to_diagnostics_with_logs(bencher: Bencher, lines: usize) {
    let generated = generate::single(lines);
    let mut world = world(&generated);
    let file: FileId = world.vfs().id(&main_file());
    let analysis = world.analysis();
    let config = analysis.configs[0].clone();
    // One location in four is used.
    let used = |index: usize| if index.is_multiple_of(4) { 3 } else { 0 };
    let hits = |total| Hits { total, agents: Agents { others: total, ..Agents::default() }, ..Hits::default() };
    let logs = Logs {
        window: Some((0, 7 * 86_400)),
        locations: (0..config.locations.len()).map(|index| hits(used(index))).collect(),
        servers: config.servers.iter().map(|_| hits(100)).collect(),
        sights: vec![Sight::Seen; config.locations.len()],
        ..Logs::default()
    };
    world.set_logs(config, file, Arc::new(logs));
    type_in(bencher, &mut world, file);
}

/// Inside a comment's or a directive's last word, halfway down.
fn middle(text: &Text) -> Span {
    let source = text.to_str();
    let half = source.len() / 2;
    let at = source.bytes().skip(half).position(|byte| byte == b';').map_or(half, |found| half + found);
    Span::at(at as u32)
}
