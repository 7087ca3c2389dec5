//! `map`, `geo` and `split_clients` made at random, against what a real nginx gives for their variables.

use std::net::IpAddr;

use nginx_analyzer::routing::values::dead::dead_lines;
use nginx_analyzer::routing::values::{Geo, Map, Matched, Split, Table, Tables};

use crate::live::{Nginx, binary};
use crate::support::{Random, load, seeds};

/// What nginx answers for an argument `x`, percent-encoded here and decoded by nobody: only bytes that may stand in a target.
fn ask(nginx: &Nginx, source: &str) -> String {
    let (status, body) = nginx.ask(format!("/?x={source}").as_bytes(), "h");
    assert_eq!(status, 200, "{source}");
    body
}

fn config(block: &str, variable: &str) -> String {
    format!("{block}\nserver {{ listen 80; location / {{ return 200 \"{variable}\"; }} }}")
}

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', "\\\\"))
}

#[test]
fn maps() {
    let Some(binary) = binary() else { return };
    let keys = [
        "a",
        "A",
        "a.com",
        ".a.com",
        "*.a.com",
        "*.com",
        ".com",
        "w.*",
        "w.a.*",
        "~^a",
        "~*^A",
        "~\\.com$",
        "~^(?<first>[a-z]+)\\.(.*)$",
        "~.",
        "\\~^a",
        "",
        "\\default",
        "*",
        "b.com.",
        ".b.",
        "a..b",
        "*.x.*",
        "x*",
        "~*com",
        "\\\\a",
        "www.a.com",
        "*.w.a.com",
        "hostnames",
        "~^$",
        "..",
        ".",
        "*.",
        "a.",
    ];
    let sources = [
        "",
        "a",
        "A",
        "a.com",
        "w.a.com",
        "W.A.COM",
        "w.w.a.com",
        "x.com",
        "com",
        ".com",
        ".a.com",
        "a.com.",
        "a.com..",
        "..com",
        "w.net",
        "w.",
        "w..",
        "w.a.net",
        "w.a",
        "~^a",
        "default",
        "*",
        "b.com",
        "b.com.",
        "\\a",
        "hostnames",
        "zzz",
        "q..b",
        "a..b",
        ".",
        "..",
        "*.a.com",
        "x.w.a.com",
    ];
    let (mut started, mut refused, mut asked, mut dead_count) = (0, 0, 0, 0);
    for seed in seeds(120) {
        let mut random = Random::new(seed + 1);
        let mut block = String::from("map $arg_x $m {\n");
        for number in 0..1 + random.below(9) {
            if random.below(6) == 0 {
                block.push_str(random.pick(&["hostnames;\n", "volatile;\n"]));
            }
            let key = if random.below(8) == 0 { "default" } else { random.pick(&keys) };
            let value = random.pick(&["", "", "", "$arg_x", "$2"]);
            block.push_str(&format!("{} \"{number}{value}\";\n", quoted(key)));
        }
        block.push('}');
        let loaded = load(&format!("http {{ {block} }}"));
        let map = Map::read(&loaded.config, loaded.config.all("map")[0]);
        let nginx = match Nginx::start(&binary, &config(&block, "$m")) {
            Ok(nginx) => nginx,
            Err(said) => {
                refused += 1;
                assert!(map.unknown.is_some(), "{said}\n{block}");
                continue;
            }
        };
        started += 1;
        let dead = dead_lines(&map, false);
        dead_count += dead.len();
        for source in sources {
            let answer = ask(&nginx, source);
            let Some(found) = map.value(source.as_bytes()) else {
                // A wildcard with an empty label is the one thing that nginx takes and that is given up here.
                assert!(block.contains("\".b.\"") || block.contains("\".\"") || block.contains("\"*.\""), "{source}: unknown\n{block}");
                continue;
            };
            asked += 1;
            let second = found.captures.as_ref().and_then(|captures| captures.group(2)).unwrap_or_default();
            assert!(!dead.iter().any(|dead| Some(dead.entry) == found.entry), "{source} is decided by {dead:?}\n{block}");
            let value = found.value.replace("$arg_x", source).replace("$2", std::str::from_utf8(second).unwrap());
            assert_eq!(answer, value, "{source}\n{block}");
        }
    }
    println!("{started} maps, {refused} refused as foretold, {asked} values, {dead_count} dead lines, no mismatch");
    assert!(started >= 30 && asked >= 800, "{started} {asked}");
}

#[test]
fn named_groups_of_a_map() {
    let block = "map $arg_x $m { ~^(?<first>[a-z]+)-(?<second>\\d+)? got; default none; }";
    let loaded = load(&format!("http {{ {block} }}"));
    let map = Map::read(&loaded.config, loaded.config.all("map")[0]);
    let Some(binary) = binary() else { return };
    let nginx = Nginx::start(&binary, &config(block, "$m,$first,$second")).unwrap();
    for source in ["ab-12", "ab-", "-", "AB-1", "x-1-2"] {
        let Matched { value, captures, .. } = map.value(source.as_bytes()).unwrap();
        let group = |number| captures.as_ref().and_then(|captures| captures.group(number)).unwrap_or_default();
        let text = |number| String::from_utf8_lossy(group(number)).into_owned();
        assert_eq!(ask(&nginx, source), format!("{value},{},{}", text(1), text(2)), "{source}");
    }
}

#[test]
fn split_clients() {
    let Some(binary) = binary() else { return };
    let (mut started, mut refused, mut asked) = (0, 0, 0);
    for seed in seeds(40) {
        let mut random = Random::new(seed + 7);
        let mut block = String::from("split_clients \"$arg_x\" $s {\n");
        for number in 0..1 + random.below(5) {
            let share = random.pick(&["10%", "0.5%", "20.%", "33.33%", "*", "50%", "1%", ".5%", "100%", "0%", "10.123%", "5", "%"]);
            block.push_str(&format!("{share} \"{number}$arg_x\";\n"));
        }
        block.push('}');
        let loaded = load(&format!("http {{ {block} }}"));
        let split = Split::read(&loaded.config, loaded.config.all("split_clients")[0]);
        let nginx = match Nginx::start(&binary, &config(&block, "$s")) {
            Ok(nginx) => nginx,
            Err(said) => {
                refused += 1;
                assert!(split.unknown.is_some(), "{said}\n{block}");
                continue;
            }
        };
        started += 1;
        for _ in 0..60 {
            let source: String = (0..random.below(14)).map(|_| random.pick(&["a", "b", "7", "-", "/", "Z", "."])).collect();
            asked += 1;
            assert_eq!(
                Some(ask(&nginx, &source)),
                split.value(source.as_bytes()).map(|found| found.value.to_string()),
                "{source}\n{block}"
            );
        }
    }
    println!("{started} splits, {refused} refused as foretold, {asked} values, no mismatch");
    assert!(started >= 10 && asked >= 500, "{started}");
}

#[test]
fn geos() {
    let Some(binary) = binary() else { return };
    let networks = [
        "10.0.0.0/8",
        "10.1.0.0/16",
        "10.1.2.3",
        "10.1.2.3/32",
        "10.1.2.9/24",
        "0.0.0.0/0",
        "::/0",
        "2001:db8::/32",
        "2001:db8:1::/48",
        "::1",
        "10.1.2.3/31",
        "default",
        "255.255.255.255",
        "::ffff:10.1.2.3",
        "010.1.2.3",
        "10..0.1",
        "10.0.0.0/33",
        "10.0.0",
        "255.255.255.255/32",
        "128.0.0.0/1",
        "1:2:3::/129",
    ];
    let ranges = [
        "10.0.0.0-10.0.0.255",
        "10.0.0.5-10.0.0.9",
        "10.0.0.0-10.0.0.9",
        "10.0.0.200-10.0.0.255",
        "10.0.0.0-10.2.255.255",
        "10.1.0.0-10.1.255.255",
        "default",
        "10.0.0.0-10.5.255.255",
        "10.0.0.9-10.0.0.9",
        "10.1.5.0-10.1.6.1",
        "10.0.0.9-10.0.0.1",
        "10.1.0.0-10.2.255.255",
        "1.1.1.1",
    ];
    let addresses = [
        "10.0.0.0",
        "10.0.0.5",
        "10.0.0.9",
        "10.0.0.10",
        "10.0.0.255",
        "10.1.2.3",
        "10.1.2.2",
        "10.1.2.200",
        "10.1.5.1",
        "10.1.6.1",
        "10.1.6.2",
        "10.2.3.4",
        "10.3.0.1",
        "200.1.1.1",
        "255.255.255.255",
        "::1",
        "::2",
        "2001:db8::5",
        "2001:db8:1::5",
        "::ffff:10.1.2.3",
        "word",
        "",
        "9.9.9.9",
    ];
    let (mut started, mut refused, mut asked) = (0, 0, 0);
    for seed in seeds(160) {
        let mut random = Random::new(seed + 31);
        let mut block = String::from("geo $arg_x $g {\n");
        let by_range = random.below(2) == 0;
        if by_range {
            block.push_str("ranges;\n");
        }
        let keys: &[&str] = if by_range { &ranges } else { &networks };
        for number in 0..1 + random.below(8) {
            let key = random.pick(keys);
            match random.below(6) {
                0 => block.push_str(&format!("delete {key};\n")),
                _ => block.push_str(&format!("{key} \"{number}$arg_x\";\n")),
            }
        }
        block.push('}');
        let loaded = load(&format!("http {{ {block} }}"));
        let geo = Geo::read(&loaded.config, loaded.config.all("geo")[0]);
        let nginx = match Nginx::start(&binary, &config(&block, "$g")) {
            Ok(nginx) => nginx,
            Err(said) => {
                refused += 1;
                assert!(geo.unknown.is_some() || said.contains("overlaps"), "{said}\n{block}");
                continue;
            }
        };
        started += 1;
        for address in addresses {
            let answer = ask(&nginx, address);
            asked += 1;
            let ip: Option<IpAddr> = address.parse().ok();
            assert_eq!(Some(answer), geo.value(ip).map(|found| found.value.to_string()), "{address}\n{block}");
        }
    }
    println!("{started} geos, {refused} refused as foretold, {asked} values, no mismatch");
    assert!(started >= 40 && asked >= 900, "{started}");
}

/// Regexes only, thousands of sources: no line that is called dead decides, and lines are called dead often enough to matter.
#[test]
fn dead_lines_never_decide() {
    let regexes = [
        "~^/",
        "~^/a",
        "~a",
        "~*a",
        "~A",
        "~^/[ab]",
        "~\\.php$",
        "~php",
        "~.",
        "~^",
        "~(?s).",
        "~^(.*)$",
        "~b$",
        "~^/a(/|$)",
        "~*\\.(gif|php)$",
        "~^/b(?!c)",
        "~a.*b",
        "~[^a]",
        "~*[^a]",
        "~",
        "~^$",
        "~^/a/b",
        "~ab|ba",
    ];
    let parts = ["/", "a", "b", "A", "c", ".php", ".gif", "\n", "ab", "\u{1}", " "];
    let mut dead_count = 0;
    for seed in seeds(300) {
        let mut random = Random::new(seed + 77);
        let mut block = String::from("map $uri $m {\n");
        for number in 0..2 + random.below(7) {
            block.push_str(&format!("{} {number};\n", quoted(random.pick(&regexes))));
        }
        block.push_str("\"\" empty; default d; }");
        let loaded = load(&format!("http {{ {block} }}"));
        let map = Map::read(&loaded.config, loaded.config.all("map")[0]);
        assert_eq!(map.unknown, None, "{block}");
        let dead = dead_lines(&map, false);
        dead_count += dead.len();
        for _ in 0..200 {
            let source: String = (0..random.below(6)).map(|_| random.pick(&parts)).collect();
            let found = map.value(source.as_bytes()).unwrap();
            assert!(!dead.iter().any(|dead| Some(dead.entry) == found.entry), "{source:?} is decided by {dead:?}\n{block}");
        }
    }
    println!("{dead_count} dead lines");
    assert!(dead_count > 300, "{dead_count}");
}

/// Of several tables for one variable the last one counts, whatever kind they are of.
#[test]
fn the_last_table_for_a_variable() {
    let Some(binary) = binary() else { return };
    let tables = ["map $arg_x $t { default map; }", "geo $T { default geo; }", "split_clients $arg_x $t { * split; }"];
    for first in tables {
        for last in tables {
            let block = format!("{first}\n{last}");
            let loaded = load(&format!("http {{ {block} }}"));
            let value = match Tables::build(&loaded.config).get("t") {
                Some(Table::Map(map)) => map.value(b"1"),
                Some(Table::Geo(geo)) => geo.value(None),
                Some(Table::Split(split)) => split.value(b"1"),
                None => None,
            };
            let nginx = Nginx::start(&binary, &config(&block, "$t")).unwrap();
            assert_eq!(value.map(|found| found.value.to_string()), Some(ask(&nginx, "1")), "{block}");
        }
    }
}
