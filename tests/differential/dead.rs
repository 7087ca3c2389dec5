//! What is called dead, against traces of requests at random: none comes through it.

use nginx_analyzer::config::EntryId;
use nginx_analyzer::routing::location;
use nginx_analyzer::routing::trace::{Hop, StepKind};
use nginx_analyzer::rules::{self, Confidence, Finding, Tag};
use nginx_analyzer::text::Span;
use nginx_analyzer::world::World;

use crate::backend::Backends;
use crate::fuzz::{files, show};
use crate::live::binary;
use crate::random::{Maker, print};
use crate::real::test;
use crate::support::{Loaded, Random, load, seeds};
use crate::told::follow;

/// Every directive that a request came to, with what it did.
fn passed(loaded: &Loaded, hop: &Hop, out: &mut Vec<(Span, String)>) {
    for step in &hop.steps {
        if let StepKind::AuthRequest { hop, .. } | StepKind::Mirror { hop, .. } = &step.kind {
            passed(loaded, hop, out);
        }
        // A regex that does not match, or a condition, is looked at; that is no use yet.
        let used = match &step.kind {
            StepKind::Rewrite { to, .. } => to.is_some(),
            StepKind::LimitExcept { applies } => *applies,
            StepKind::If { holds, .. } => *holds,
            StepKind::TryFile { taken, .. } => *taken,
            // A dead location may still redirect to its name with the slash; the finding says so.
            StepKind::Location { search, .. } => !matches!(search.last(), Some(location::Step::AutoRedirect(_))),
            _ => true,
        };
        if let Some(place) = step.place.filter(|_| used) {
            out.push((place.span, format!("{:?}", step.kind)));
        }
    }
    let header = |id: EntryId| loaded.config.header(id).span;
    out.extend(hop.handler.as_ref().and_then(|handler| handler.entry).map(|entry| (header(entry), "it answers".to_owned())));
    // For its name without the slash an `internal` one answers 404 instead.
    let redirects = hop.steps.iter().any(|step| match &step.kind {
        StepKind::Location { search, location, .. } => {
            *location == hop.location && matches!(search.last(), Some(location::Step::AutoRedirect(_)))
        }
        _ => false,
    });
    out.extend(
        hop.location.filter(|_| !redirects).map(|location| (header(loaded.config.location(location).entry), "it answers".to_owned())),
    );
}

/// Rules about what runs, or serves, and makes no difference.
const IN_VAIN: [&str; 2] = ["redundant-location", "unused-definition"];

fn is_proof(finding: &Finding) -> bool {
    !IN_VAIN.contains(&finding.rule) && finding.confidence == Confidence::Proven && finding.tags.contains(&Tag::Unnecessary)
}

#[test]
fn nothing_comes_through_what_is_dead() {
    let binary = binary();
    let backends = Backends::new();
    let (mut proofs, mut traced, mut wrong) = (0, 0, Vec::new());
    for seed in seeds(60) {
        let mut random = Random::new(seed);
        let mut maker = Maker::new(&mut random);
        let config = print(&maker.configuration());
        if binary.as_ref().is_some_and(|binary| !test(binary, &config, &backends).is_ok_and(|(accepted, _)| accepted)) {
            continue;
        }
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("nginx.conf"), &config).expect("a file");
        let mut findings = rules::check(&World::open(folder.path(), Vec::new()).analysis());
        if binary.is_some() {
            let refused = findings.iter().filter(|finding| crate::refusals::RULES.contains(&finding.rule));
            wrong.extend(refused.map(|finding| format!("seed {seed}: {}: {}, but nginx starts\n{config}", finding.rule, finding.message)));
        }
        findings.retain(is_proof);
        proofs += findings.len();
        let loaded = load(&config);
        for _ in 0..if findings.is_empty() { 0 } else { 40 } {
            let ask = maker.ask();
            traced += 1;
            let trace = follow(&loaded, &files(), &ask);
            let mut places = Vec::new();
            trace.ways.iter().flat_map(|way| &way.hops).for_each(|hop| passed(&loaded, hop, &mut places));
            for finding in &findings {
                let found = places.iter().find(|(span, _)| *span == finding.place.span);
                if let Some((_, what)) = found {
                    wrong.push(format!("seed {seed}: {}: {}\n  {}: {what}\n{config}", finding.rule, finding.message, show(&ask)));
                    break;
                }
            }
        }
    }
    println!("{proofs} proofs, {traced} requests traced, {} of them through what is dead", wrong.len());
    let mut seen = Vec::new();
    wrong.retain(|text| {
        let message = text.lines().next().unwrap_or_default().to_owned();
        let new = !seen.contains(&message);
        seen.push(message);
        new
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(proofs >= 20, "only {proofs} proofs");
}
