//! No location that a real nginx answered from, or that a request came through, is called unused by the log that it would have written; and
//! the requests in that log are answered alike when all that is unused and safe to take out is commented out.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nginx_analyzer::cleanup;
use nginx_analyzer::config::LocationId;
use nginx_analyzer::project::Place;
use nginx_analyzer::routing::trace::{Hop, StepKind};
use nginx_analyzer::rules::finding::FixAction;
use nginx_analyzer::usage::logs::{Input, Options};
use nginx_analyzer::usage::verdict::Verdict;
use nginx_analyzer::world::World;

use crate::backend::Backends;
use crate::fuzz::{files, is_undefined, show};
use crate::live::binary;
use crate::random::{Maker, print};
use crate::real::{Ask, Real, place};
use crate::safe::{answers, difference};
use crate::support::{Loaded, Random, load, seeds};
use crate::told::follow;

const LOG: &str = r#"    log_format told '$time_iso8601 $server_port "$http_host" "$request" $status';
    access_log logs/told.log told;
"#;
const REQUESTS: usize = 30;

/// As nginx writes a value between quotes.
fn escaped(text: &[u8]) -> String {
    let byte = |byte: &u8| match byte {
        b'"' | b'\\' | 0..=31 | 127..=255 => format!("\\x{byte:02X}"),
        plain => char::from(*plain).to_string(),
    };
    text.iter().map(byte).collect()
}

fn line(ask: &Ask, status: u16) -> String {
    let request = [ask.method.as_bytes(), b" ", &ask.target, b" HTTP/", ask.http.as_bytes()].concat();
    let host = ask.host.as_ref().filter(|host| !host.is_empty()).map_or("-".to_owned(), |host| escaped(host.as_bytes()));
    // What nginx closes without an answer has the status that was asked for.
    format!("2026-06-30T12:00:00+00:00 {} \"{host}\" \"{}\" {status}\n", ask.listen, escaped(&request))
}

/// The locations that a request came through, those of subrequests among them.
fn through(hop: &Hop, out: &mut Vec<LocationId>) {
    out.extend(hop.location);
    for step in &hop.steps {
        match &step.kind {
            StepKind::AuthRequest { hop, .. } | StepKind::Mirror { hop, .. } => through(hop, out),
            StepKind::Location { location, .. } => out.extend(*location),
            _ => {}
        }
    }
}

fn reached(loaded: &Loaded, ask: &Ask, at: &str) -> Vec<LocationId> {
    let mut out = Vec::new();
    out.extend(place(loaded, at).and_then(|(_, location)| location));
    for way in follow(loaded, &files(), ask).ways {
        way.hops.iter().for_each(|hop| through(hop, &mut out));
    }
    out
}

#[test]
fn what_is_asked_for_is_not_unused() {
    let Some(binary) = binary() else { return };
    let backends = Backends::new();
    let (mut asked, mut came, mut unused, mut taken, mut wrong) = (0, 0, 0, 0, Vec::new());
    for seed in seeds(60) {
        let mut random = Random::new(seed + 500_000);
        let mut maker = Maker::new(&mut random);
        let text = print(&maker.configuration());
        let Ok(real) = Real::start(&binary, &text, &files(), &backends) else { continue };
        let loaded = load(&text);
        // Only that it covers the time is said by the first.
        let mut log = "2026-04-30T12:00:00+00:00 80 \"-\" \"\" 400\n".to_owned();
        let mut uses: Vec<(LocationId, Ask)> = Vec::new();
        let mut asks: Vec<Ask> = Vec::new();
        for _ in 0..REQUESTS {
            // No log says what backends answered in `X-Accel-Redirect`.
            let ask = Ask { accel: None, ..maker.ask() };
            if real.socket(&ask.listen).is_none() {
                continue;
            }
            let Ok(answer) = real.ask(&ask) else { break };
            // What it sends to itself would be in the log with lines of its own.
            if is_undefined(&loaded, &answer) || !answer.inner.is_empty() {
                continue;
            }
            asked += 1;
            log.push_str(&line(&ask, answer.status));
            asks.push(ask.clone());
            uses.extend(reached(&loaded, &ask, &answer.at).into_iter().map(|location| (location, ask.clone())));
        }
        let folder = tempfile::tempdir().expect("a folder");
        let conf = text.replacen("http {\n", &format!("http {{\n{LOG}"), 1);
        std::fs::write(folder.path().join("nginx.conf"), conf).expect("a file");
        std::fs::create_dir(folder.path().join("logs")).expect("a folder");
        let path = folder.path().join("logs/told.log");
        std::fs::write(&path, &log).expect("a file");
        let mut world = World::open(folder.path(), Vec::new());
        let analysis = world.analysis();
        let read = analysis.read_logs(vec![Input::File(path)], &Options::default(), &|_, _| {}, &AtomicBool::new(false)).expect("read");
        let (config, root) = (analysis.configs[0].clone(), analysis.project.roots[0].file);
        world.set_logs(config, root, Arc::new(read.into_iter().next().expect("logs")));
        let analysis = world.analysis();
        let view = analysis.views().next().expect("a configuration");
        let verdicts = view.verdicts();
        unused += verdicts.locations.iter().filter(|usage| usage.verdict == Verdict::ProbablyUnused).count();
        let safe: Vec<Place> = verdicts
            .locations
            .iter()
            .filter(|usage| usage.verdict == Verdict::ProbablyUnused && usage.safe)
            .map(|usage| view.config.place(view.config.location(usage.location).entry))
            .collect();
        // What stands in another that goes is gone with it; what is needed by something that stays is refused.
        let resolved =
            safe.iter().filter_map(|place| cleanup::resolve(&analysis, &FixAction::CommentOut(*place)).ok().map(|_| *place)).collect();
        if let Ok(edits) = cleanup::resolve(&analysis, &FixAction::CommentOutAll(resolved))
            && let Some((file, edits)) = edits.into_iter().next()
        {
            let less = cleanup::apply(&analysis.project.text(file), &edits).to_str().replacen(LOG, "", 1);
            let start = |text: &str| Real::start(&binary, text, &files(), &backends);
            match start(&less) {
                Ok(after) => {
                    taken += safe.len();
                    let told = [(&real, &text), (&after, &less)].map(|(real, text)| answers(real, text, &asks).unwrap_or_default());
                    if let Some((ask, before, after)) = difference(&asks, &told[0], &told[1]) {
                        wrong.push(format!("seed {seed}: {}\n  before {before}\n  after  {after}\n{less}", show(ask)));
                    }
                }
                Err(said) => wrong.push(format!("seed {seed}: {said}\n{less}")),
            }
        }
        for (location, ask) in uses {
            came += 1;
            let usage = &verdicts.locations[location.index()];
            if usage.verdict == Verdict::ProbablyUnused {
                let name = loaded.config.display_location(location);
                wrong.push(format!("seed {seed}: {} came to location {name}: {:?}\n{log}\n{text}", show(&ask), usage.reasons));
                break;
            }
        }
    }
    println!(
        "{asked} requests that came to {came} locations; {unused} are called unused, {taken} of them taken out; {} wrong",
        wrong.len()
    );
    wrong.truncate(3);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unused > 20 && taken > 20, "{unused} {taken}");
}
