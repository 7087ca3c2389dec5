//! What the time between a keystroke and its findings goes to, stage by stage and rule by rule: `cargo bench --bench keystroke -- 100000`.
//!
//! Everything runs on one thread, in the order in which the rules are listed. What several rules ask is worked out by the first of them, and
//! counted there.
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
/// Rounds before the first that counts: caches and the allocator are what they are after some typing.
const WARM: usize = 3;
/// What takes less is not listed, in milliseconds.
const LEAST: f64 = 0.05;

fn main() {
    let lines: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    for lines in if lines.is_empty() { vec![10_000, 100_000] } else { lines } {
        println!("\nA keystroke in {lines} lines, in milliseconds (medians of {ROUNDS}):");
        let times = measure(lines);
        let mut rows: Vec<(f64, &str)> = times.iter().map(|(name, times)| (median(times), *name)).collect();
        rows.sort_by(|one, other| other.0.total_cmp(&one.0));
        for (time, name) in rows.iter().filter(|(time, _)| *time >= LEAST) {
            println!("{time:9.2}  {name}");
        }
        println!("{:9.2}  all", rows.iter().map(|(time, _)| time).sum::<f64>());
    }
}

/// How long each stage and rule took, round by round.
fn measure(lines: usize) -> BTreeMap<&'static str, Vec<Duration>> {
    let folder = Path::new("/nowhere/gateway");
    let main = folder.join("nginx.conf");
    let mut world = World::new(folder, vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    let text = generate::single(lines).main;
    let half = text.len() / 2;
    let place = Span::at((half + text.bytes().skip(half).position(|byte| byte == b';').unwrap_or_default()) as u32);
    world.set_text(file, Text::new(&text));
    let mut before = world.analysis();
    let mut times: BTreeMap<&'static str, Vec<Duration>> = BTreeMap::new();
    for round in 0..WARM + ROUNDS {
        let (span, with) = if round % 2 == 0 { (place, "x") } else { (Span::new(place.start, place.start + 1), "") };
        let mut clock = Clock { start: Instant::now(), times: &mut times, counts: round >= WARM };
        world.edit(file, span, with);
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
