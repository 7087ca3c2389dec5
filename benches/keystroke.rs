//! What the time between a keystroke and its findings goes to, stage by stage and rule by rule: `cargo bench --bench keystroke -- 100000`.
//!
//! A directive is typed letter by letter, with a pause before each as somebody makes it who types quickly: what the processor has in its caches is
//! then others', and the same work takes up to twice as long as without one (`-- --pause 0`, in milliseconds). Everything runs on one thread, in
//! the order in which the rules are listed. What several rules ask is worked out by the first of them, and counted there.
#![allow(missing_docs)]

mod allocator;
#[allow(dead_code, reason = "the benches share it")]
mod generate;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::rules::registry::RULES;
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::World;

const ROUNDS: usize = 15;
/// Behind which directive a new line begins, its indentation, and what is typed there: a letter a round.
const AFTER: &str = "proxy_read_timeout 60s;";
const ROOM: &str = "\n        ";
const TYPED: &str = "proxy_send_timeout 61s;";
/// So long nobody types, in milliseconds.
const PAUSE: u64 = 100;
/// Rounds before the first that counts: caches and the allocator are what they are after some typing.
const WARM: usize = 3;
/// What takes less is not listed, in milliseconds.
const LEAST: f64 = 0.05;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (mut lines, mut pause) = (Vec::new(), PAUSE);
    while let Some(argument) = arguments.next() {
        match argument.parse::<usize>() {
            Ok(count) => lines.push(count),
            Err(_) if argument == "--pause" => pause = arguments.next().and_then(|next| next.parse().ok()).unwrap_or(PAUSE),
            // What cargo passes on.
            Err(_) => {}
        }
    }
    for lines in if lines.is_empty() { vec![10_000, 100_000] } else { lines } {
        println!("\nA keystroke in {lines} lines, {pause} ms after the one before it, in milliseconds (medians of {ROUNDS}):");
        let times = measure(lines, Duration::from_millis(pause));
        let mut rows: Vec<(f64, &str)> = times.iter().map(|(name, times)| (median(times), *name)).collect();
        rows.sort_by(|one, other| other.0.total_cmp(&one.0));
        for (time, name) in rows.iter().filter(|(time, _)| *time >= LEAST) {
            println!("{time:9.2}  {name}");
        }
        println!("{:9.2}  all", rows.iter().map(|(time, _)| time).sum::<f64>());
    }
}

/// How long each stage and rule took, round by round.
fn measure(lines: usize, pause: Duration) -> BTreeMap<&'static str, Vec<Duration>> {
    let folder = Path::new("/nowhere/gateway");
    let main = folder.join("nginx.conf");
    let mut world = World::new(folder, vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    let mut text = generate::single(lines).main;
    let places = text.match_indices(AFTER).map(|(at, _)| at);
    let middle = places.min_by_key(|at| at.abs_diff(text.len() / 2)).expect("the generated text has it");
    let behind = middle + AFTER.len();
    text.insert_str(behind, ROOM);
    let place = (behind + ROOM.len()) as u32;
    world.set_text(file, Text::new(&text));
    let mut before = world.analysis();
    let mut times: BTreeMap<&'static str, Vec<Duration>> = BTreeMap::new();
    for round in 0..WARM + ROUNDS {
        std::thread::sleep(pause);
        let mut clock = Clock { start: Instant::now(), times: &mut times, counts: round >= WARM };
        world.edit(file, Span::at(place + round as u32), &TYPED[round..=round]);
        clock.stop("(edit)");
        let outcome = world.inputs().analyze(&AtomicBool::new(false)).expect("nobody cancels it");
        clock.stop("(parse, includes, configuration)");
        let mut findings = Vec::new();
        for rule in RULES {
            (rule.check)(&outcome.analysis, &mut findings);
            clock.stop(rule.id);
        }
        drop(findings);
        world.keep(&outcome);
        before = outcome.analysis.clone();
        drop(outcome);
    }
    drop(before);
    times
}

struct Clock<'a> {
    start: Instant,
    times: &'a mut BTreeMap<&'static str, Vec<Duration>>,
    counts: bool,
}

impl Clock<'_> {
    fn stop(&mut self, name: &'static str) {
        if self.counts {
            self.times.entry(name).or_default().push(self.start.elapsed());
        }
        self.start = Instant::now();
    }
}

fn median(times: &[Duration]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}
