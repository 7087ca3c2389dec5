//! Configurations made at random in which requests move about (rewrites, `try_files`, `error_page`, `index`, subrequests), asked of a real nginx:
//! nothing gets to a location that is called dead, and what is given as an example of a location's requests gets there.

use std::path::Path;

use nginx_analyzer::config::{Config, LocationId};
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::routing::reach::{NoExample, example};
use nginx_analyzer::routing::uri;
use nginx_analyzer::rules::{self, Confidence, Finding};
use nginx_analyzer::text::Text;
use nginx_analyzer::world::World;

use crate::live::{Nginx, binary};
use crate::support::{Random, seeds};

pub const NAMES: [&str; 26] = [
    "/",
    "/a",
    "/a/",
    "/a//b",
    "/a//b/",
    "php",
    "g",
    "/x%20y",
    "/q?z",
    "/i/",
    "/i",
    "/i/x.html",
    "",
    "/a/../b",
    "/i/index.html",
    "/b/",
    "/c",
    "/d/",
    "/e",
    "/x y",
    "/a/x.html",
    "/b#",
    "x.html",
    "/index.html",
    "/100%",
    "//",
];
pub const REGEXES: [&str; 16] = [
    "^http",
    "//",
    "\\?z",
    "%20",
    "^/i",
    "html$",
    "^[^/]",
    "^/a/\\.\\./",
    "^/b(?!x)",
    "^/[ab]/",
    "/$",
    "^/c",
    "(?=x)x",
    "^/\\w+$",
    "/\\./",
    "^/i/.*\\.html$",
];
pub const TARGETS: [&str; 22] = [
    "/a//b",
    "php",
    "g",
    "/x%20y",
    "/a/../b",
    "/i/x",
    "/i",
    "/i/x.html",
    "$1",
    "/$1",
    "/a/$1",
    "/q?z=1",
    "/q%3Fz",
    "/i/",
    "/a//b/",
    "/d",
    "x.html",
    "/c?x",
    "$uri",
    "/b/$uri",
    "/nothing",
    "/e",
];
pub const FILES: [&str; 8] = ["index.html", "x.html", "a/index.html", "a/x.html", "a/b/x.html", "i/x.html", "b/x.html", "d/index.html"];

pub fn moves(random: &mut Random, in_location: bool, out: &mut String) {
    let target = random.pick(&TARGETS);
    let slashed = if target.starts_with('/') && !target.contains('$') { target } else { "/e" };
    match random.below(if in_location { 9 } else { 5 }) {
        0 => {
            let regex = random.pick(&["^/(.*)$", "^(.*)$", "^/a(.*)$", "^/[bc]/?(.*)$", "^()", "^/(.)"]);
            let flag = random.pick(&["last", "break", "", "break"]);
            out.push_str(&format!("rewrite {regex} \"{target}\" {flag};\n"));
        }
        1 => out.push_str(&format!(
            "index {};\n",
            random.pick(&["x.html", "nothing x.html", "/i/x.html", "i/x.html", "$uri", "../x.html", "i//x.html"])
        )),
        2 => out.push_str(&format!("error_page {} {} \"{target}\";\n", random.pick(&["404", "404 502", "502"]), random.pick(&["=", ""]))),
        3 | 4 => {}
        5 => {
            let first = random.pick(&["/nothing", "$uri", "$uri/", "/b/$uri/", "/a/x.html", "/a//"]);
            out.push_str(&format!("try_files {first} \"{target}\";\n"));
        }
        6 => out.push_str(&format!("auth_request \"{slashed}\";\n")),
        7 => out.push_str(&format!("mirror \"{slashed}\";\n")),
        _ => out.push_str("return 404;\n"),
    }
}

fn location(random: &mut Random, modifier: &str, name: &str, number: &mut u32, depth: usize, out: &mut String) {
    let this = *number;
    out.push_str(&format!("location {modifier} \"{}\" {{\nset $way \"$way:{this}:\";\n", name.replace('\\', "\\\\")));
    *number += 1;
    if random.below(4) == 0 {
        out.push_str("internal;\n");
    }
    if random.below(3) > 0 {
        if random.below(4) == 0 {
            let target = random.pick(&TARGETS);
            out.push_str(&format!("if ($arg_q = \"\") {{ rewrite ^/(.*)$ \"{target}\" {}; }}\n", random.pick(&["last", "break", ""])));
        }
        moves(random, true, out);
        // Without a handler of its own, files are served.
        out.push_str(random.pick(&["root html;\n", "default_type text/plain;\n", "proxy_pass http://unix:/nobody;\n"]));
        if random.below(6) == 0 {
            out.push_str(&format!(
                "{} \"{}\";\n",
                random.pick(&["add_before_body", "post_action"]),
                random.pick(&["/a//b", "/i/x", "/q?z=1", "/c"])
            ));
        }
    } else {
        out.push_str(&format!("return 200 \"{this}\";\n"));
    }
    if depth > 0 && matches!(modifier, "" | "^~") && random.below(3) == 0 {
        let nested = format!("{name}{}", random.pick(&["x", "/i", "//b", "i/x.html", "..", "/"]));
        let (modifier, nested) = match random.below(3) {
            0 => ("~", random.pick(&REGEXES).to_owned()),
            1 => ("=", nested),
            _ => ("", nested),
        };
        location(random, modifier, &nested, number, depth - 1, out);
    }
    out.push_str("}\n");
}

fn server(random: &mut Random) -> String {
    let mut out = "server { listen 80;\n".to_owned();
    if random.below(6) == 0 {
        out.push_str("merge_slashes off;\n");
    }
    for _ in 0..random.below(2) {
        moves(random, false, &mut out);
    }
    let mut used: Vec<String> = Vec::new();
    let mut number = 0;
    for _ in 0..3 + random.below(9) {
        let regex = random.below(4) == 0;
        let modifier = if regex { random.pick(&["~", "~*"]) } else { random.pick(&["", "", "=", "^~"]) };
        let name = if regex { random.pick(&REGEXES) } else { random.pick(&NAMES) };
        let key = format!("{} {name}", modifier.replace("^~", ""));
        if used.contains(&key) {
            continue;
        }
        used.push(key);
        location(random, modifier, name, &mut number, 1, &mut out);
    }
    out.push_str("}\n");
    out
}

fn targets(random: &mut Random, config: &Config) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in NAMES.iter().chain(&TARGETS) {
        out.push(uri::encode(format!("/{}", name.trim_start_matches('/')).as_bytes()));
        out.push(format!("/{}", name.trim_start_matches('/').replace([' ', '$'], "")));
    }
    for _ in 0..30 {
        let mut target = String::from("/");
        for _ in 0..random.below(5) {
            target.push_str(
                random.pick(&[
                    "a", "/", "//", "b", "x", ".html", "%2F", "../", "i/", "%3Fz", "%2520", "%20", "c", "http:", "%0A", "./", "?q",
                ]),
            );
        }
        out.push(target);
    }
    let _ = config;
    out
}

/// A location that is called dead.
#[derive(Debug)]
pub struct Claim {
    pub location: LocationId,
    pub message: String,
    pub proven: bool,
}

fn is_claim(finding: &Finding) -> bool {
    finding.rule == "unused-named-location" || finding.message.starts_with("no request is ever served")
}

/// What is said of a configuration.
pub fn said(world: &mut World) -> Vec<Claim> {
    let analysis = world.analysis();
    let view = analysis.views().next().expect("a configuration");
    let mut said = Vec::new();
    for finding in rules::check(&analysis).into_iter().filter(is_claim) {
        let ids = (0..view.config.locations.len() as u32).map(LocationId);
        let at = ids.filter(|id| view.config.header(view.config.location(*id).entry) == finding.place);
        let proven = finding.confidence == Confidence::Proven;
        said.extend(at.map(|location| Claim { location, message: finding.message.clone(), proven }));
    }
    said
}

#[test]
fn requests_that_move_about() {
    let Some(binary) = binary() else { return };
    let seeds = seeds(150);
    let (mut started, mut asked, mut dead, mut proven, mut examples, mut unclear, mut slowest) = (0, 0, 0, 0, 0, 0, 0u128);
    for seed in seeds.clone() {
        let mut random = Random::new(seed + 7000);
        let servers = format!("add_header X-Way \"[$way]\" always;\n{}", server(&mut random));
        let path = Path::new("/work-in-memory/nginx.conf");
        let mut world = World::new(Path::new("/work-in-memory"), vec![path.to_path_buf()], Settings::default());
        let file = world.vfs().id(path);
        world.set_text(file, Text::new(&format!("events {{}}\nhttp {{\n{servers}\n}}\n")));
        let said = said(&mut world);
        let analysis = world.analysis();
        let view = analysis.views().next().expect("a configuration");
        let Ok(nginx) = Nginx::start_with(&binary, &servers, &FILES) else { continue };
        started += 1;
        dead += said.len();
        proven += said.iter().filter(|claim| claim.proven).count();
        let way = |target: &str| -> Vec<u32> {
            let answer = nginx.whole_answer(target.as_bytes(), "h");
            let way = answer.split_once("X-Way: [").and_then(|(_, rest)| rest.split_once(']')).map(|(way, _)| way.to_owned());
            way.unwrap_or_default().split(':').filter_map(|number| number.parse().ok()).collect()
        };
        let mut wanted = targets(&mut random, view.config);
        let merge = view.entries()[0].universe.merge_slashes;
        for id in (0..view.config.locations.len() as u32).map(LocationId) {
            let claim = said.iter().find(|claim| claim.location == id);
            let start = std::time::Instant::now();
            let found = example(view.config, view.router(), id, merge);
            slowest = slowest.max(start.elapsed().as_micros());
            match found {
                Ok(example) => {
                    assert!(claim.is_none(), "{} is an example of a dead location: {claim:?}\n{servers}", example.target);
                    if example.unless.is_empty() {
                        examples += 1;
                        let way = way(&example.target);
                        assert_eq!(way.first(), Some(&example.location.0), "{} for location {}: {way:?}\n{servers}", example.target, id.0);
                    }
                    wanted.push(example.target);
                }
                Err(NoExample::Unclear(why)) => {
                    unclear += 1;
                    println!("can't tell: {} {why:?}", view.config.display_location(id));
                }
                Err(NoExample::NoClient) => {
                    wanted.push(uri::encode(b"/x"));
                }
                Err(_) => {}
            }
        }
        for target in wanted {
            asked += 1;
            for number in way(&target) {
                let claim = said.iter().find(|claim| claim.location.0 == number);
                assert!(claim.is_none(), "{target} gets to location {number}: {claim:?}\n{servers}");
            }
        }
    }
    println!(
        "{started} configurations, {asked} requests, {dead} dead locations ({proven} proven), {examples} examples confirmed, {unclear} can't tell, slowest example {slowest} us"
    );
    assert!(started * 2 > seeds.count() as u64 && proven > 0 && examples > 100);
}
