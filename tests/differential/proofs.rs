//! A location that is called dead gets no URI: those of the recorded cases, random ones, and names of the configuration. Who is said to take the
//! URIs of a location takes them when it is gone.

use nginx_analyzer::config::{Config, LocationId, Matcher, ServerId};
use nginx_analyzer::routing::reach::{Dead, Proof, dead_locations};
use nginx_analyzer::routing::takers::takers;
use serde_json::Value;

use crate::live::locations;
use crate::support::{Loaded, Random, load, seeds, shared};

/// URIs put together from the names and letters of a configuration.
fn uri(random: &mut Random, config: &Config) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..1 + random.below(4) {
        match random.below(3) {
            0 if !config.locations.is_empty() => {
                let text = match &config.locations[random.below(config.locations.len())].matcher {
                    Matcher::Exact(text) | Matcher::Prefix { path: text, .. } => text.to_string(),
                    Matcher::Regex { pattern, .. } => {
                        pattern.replace(['^', '$', '\\', '(', ')', '?'], "").split('|').next().unwrap_or("").to_owned()
                    }
                    Matcher::Named(_) => String::new(),
                };
                out.extend_from_slice(text.as_bytes());
            }
            1 => out.extend_from_slice(
                random.pick(&["/", "a", "b", ".php", "x y", "\n", "A", "/img/", ".gif", "%", "?", "", "admin"]).as_bytes(),
            ),
            _ => out.push(random.below(256) as u8),
        }
    }
    out
}

/// Asserts that a URI does not reach a dead location or what is nested in it.
fn assert_unreached(loaded: &Loaded, dead: &[Dead], server: ServerId, uri: &[u8]) {
    let choice = loaded.router.locate(server, uri);
    let Some(location) = choice.location else { return };
    let around = std::iter::successors(Some(location), |id| loaded.config.location(*id).parent);
    for id in around.collect::<Vec<LocationId>>() {
        // The search would get there, but no request gets to the search.
        let searched = |dead: &&Dead| !matches!(dead.proof, Proof::Answered { .. });
        let Some(dead) = dead.iter().find(|dead| dead.location == id).filter(searched) else { continue };
        let redirect = choice.auto_redirect && dead.redirects.contains(&location);
        let text = String::from_utf8_lossy(uri);
        assert!(redirect, "{text:?} reaches line {}, which was called dead: {dead:?}", loaded.line(location));
    }
}

fn check(text: &str, random: &mut Random, uris: usize) -> (Loaded, Vec<Dead>) {
    let loaded = load(text);
    let dead = dead_locations(&loaded.config, &loaded.router);
    if !dead.is_empty() {
        for _ in 0..uris {
            let uri = uri(random, &loaded.config);
            for server in 0..loaded.config.servers.len() as u32 {
                assert_unreached(&loaded, &dead, ServerId(server), &uri);
            }
        }
    }
    (loaded, dead)
}

#[test]
fn recorded_cases() {
    let Some(path) = shared("cases/cases.jsonl") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut random = Random::new(3);
    let mut last = String::new();
    let mut state = None;
    let (mut found, mut refused, mut reached) = (0, 0, 0);
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let config = case["config"].as_str().unwrap();
        if config != last {
            last = config.to_owned();
            let (loaded, dead) = check(config, &mut random, 300);
            found += dead.len();
            state = Some((loaded, dead));
        }
        let Some((loaded, dead)) = &state else { continue };
        let duplicate = dead.iter().any(|dead| matches!(dead.proof, Proof::Duplicate { .. }));
        if let Some(reject) = case["reject"].as_str() {
            if reject.starts_with("duplicate location") {
                refused += 1;
                assert!(duplicate, "nginx says {reject}, and we don't\n{config}");
            }
            continue;
        }
        assert!(!duplicate, "nginx starts with what was called a duplicate\n{config}");
        // What nginx itself answered from.
        for step in case["expect"]["chain"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let Some(location) = step.strip_prefix('L').and_then(|id| id.parse().ok()) else { continue };
            reached += 1;
            let around: Vec<_> = std::iter::successors(Some(LocationId(location)), |id| loaded.config.location(*id).parent).collect();
            let claim = dead.iter().find(|dead| around.contains(&dead.location));
            assert!(claim.is_none(), "nginx reached {step}, which was called dead: {claim:?}\n{config}");
        }
    }
    println!("{found} dead locations; {reached} recorded steps reach none of them; {refused} duplicates refused as nginx does");
    assert!(found > 0 && refused > 0);
}

#[test]
fn corpus() {
    let Some(folder) = shared("corpus/conf") else { return };
    let mut random = Random::new(5);
    let mut count = 0;
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in &files {
        let Ok(bytes) = std::fs::read(file) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        let (loaded, dead) = check(&text, &mut random, 200);
        if loaded.project.files.values().any(|file| !file.parse.problems.is_empty()) {
            continue;
        }
        for dead in &dead {
            count += 1;
            let matcher = |id: LocationId| format!("{}:{}", loaded.config.location(id).matcher.display(), loaded.line(id));
            let by: Vec<String> = dead.takes_over.iter().map(|id| matcher(*id)).collect();
            println!("{} {} {:?} {}", file.file_name().unwrap().display(), matcher(dead.location), dead.proof, by.join(" "));
        }
    }
    println!("{count} dead locations in {} files", files.len());
}

/// Where a search ends: the block that serves, by where it stands, and whether it only redirects to its name.
fn served(loaded: &Loaded, server: ServerId, uri: &[u8]) -> (Option<u32>, bool) {
    let choice = loaded.router.locate(server, uri);
    let start = |id: LocationId| loaded.config.place(loaded.config.location(id).entry).span.start;
    (choice.location.map(start), choice.auto_redirect)
}

#[test]
fn who_takes_the_uris_of_a_location() {
    let (mut asked, mut whole, mut redirects, mut taken) = (0, 0, 0, 0);
    for seed in seeds(400) {
        let mut random = Random::new(seed + 40_000);
        let mut text = "http { server { listen 80;\n".to_owned();
        locations(&mut random, &mut 0, "", 2, &mut text);
        text.push_str("} }\n");
        let before = load(&text);
        let dead = dead_locations(&before.config, &before.router);
        if dead.iter().any(|dead| matches!(dead.proof, Proof::Duplicate { .. })) {
            continue;
        }
        let uris: Vec<Vec<u8>> = (0..150).map(|_| uri(&mut random, &before.config)).collect();
        for id in (0..before.config.locations.len() as u32).map(LocationId) {
            let span = before.config.place(before.config.location(id).entry).span;
            let mut less = text.clone();
            less.replace_range(span.start as usize..span.end as usize, &" ".repeat((span.end - span.start) as usize));
            let after = load(&less);
            let takers = takers(&before.config, &before.router, id);
            let place = |id: LocationId| before.config.place(before.config.location(id).entry).span.start;
            let allowed: Vec<Option<u32>> = takers.all.iter().map(|taker| taker.map(place)).collect();
            whole += usize::from(takers.whole);
            let say = |uri: &[u8]| {
                format!("seed {seed}: {:?} and {}: {takers:?}\n{text}", String::from_utf8_lossy(uri), before.config.display_location(id))
            };
            if let Some(uri) = &takers.redirect {
                redirects += 1;
                let [with, without] = [&before, &after].map(|loaded| served(loaded, ServerId(0), uri).1);
                assert_ne!(with, without, "{}", say(uri));
            }
            for uri in uris.iter().filter(|_| takers.whole) {
                asked += 1;
                let ((with, redirects_with), (without, redirects_without)) =
                    (served(&before, ServerId(0), uri), served(&after, ServerId(0), uri));
                assert_eq!(redirects_with, redirects_without, "{}", say(uri));
                // A redirect to the slash is the name's, whichever location of that name gives its settings.
                if redirects_with {
                    continue;
                }
                if with.is_some_and(|start| span.start <= start && start < span.end) {
                    taken += 1;
                    assert!(allowed.contains(&without), "{}", say(uri));
                } else {
                    assert_eq!(with, without, "{}", say(uri));
                }
            }
        }
    }
    println!("{asked} URIs, {taken} of them taken over; {whole} locations of which all takers are known, {redirects} redirects");
    assert!(taken > 1000 && redirects > 10, "{taken} {redirects}");
}
