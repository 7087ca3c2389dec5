//! Recorded cases: a configuration, a request, and what a real nginx did with it.

use std::collections::HashMap;

use nginx_analyzer::config::{LocationId, ServerId};
use nginx_analyzer::routing::uri;
use serde_json::Value;

use crate::real::Ask;
use crate::support::{Loaded, load, shared};
use crate::told::{Wanted, differences};

/// What the choice of server and location says about a request: the ids of the recorded chain (`S0`, `L4`), or a status.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Refused,
    Place { server: u32, location: Option<u32>, redirect: bool, internal: bool },
}

fn answer(loaded: &Loaded, request: &Value) -> Answer {
    let text = |key: &str| request[key].as_str().unwrap_or_default();
    let (address, port) = text("listen").rsplit_once(':').unwrap_or(("*", text("listen")));
    let port = port.parse().expect("a port");
    let socket = loaded.router.socket(address, port).expect("a socket");
    let merge = |server: ServerId| {
        let config = &loaded.config;
        config.inherited(config.server(server).entry, "merge_slashes").is_none_or(|entry| config.directive(entry).arg(0) != Some("off"))
    };
    let Ok(target) = uri::parse_target(&bytes(text("target")), merge(socket.default)) else { return Answer::Refused };
    let host = target.host.unwrap_or_else(|| bytes(text("host")));
    let server = socket.server(&host);
    let choice = loaded.router.locate(server, &target.uri);
    let location = choice.location.map(|location| location.0);
    Answer::Place { server: server.0, location, redirect: choice.auto_redirect, internal: choice.internal }
}

#[test]
fn recorded_choices() {
    let Some(path) = shared("cases/cases.jsonl") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut loaded: HashMap<String, Loaded> = HashMap::new();
    let (mut all, mut covered, mut wrong) = (0, 0, Vec::new());
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        all += 1;
        let Some(expect) = case.get("expect") else { continue };
        let config = case["config"].as_str().unwrap();
        let loaded = loaded.entry(config.to_owned()).or_insert_with(|| load(config));
        let answer = answer(loaded, &case["request"]);
        let chain: Vec<&str> = expect["chain"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let status = expect["status"].as_u64().unwrap_or(0);
        // The server's own rewrites come before the location: the chain then begins with where they led.
        let server = chain.first().and_then(|id| id.strip_prefix('S')).and_then(|id| id.parse::<u32>().ok());
        let Some(server) = server else {
            if status == 400 && chain.is_empty() {
                covered += 1;
                if answer != Answer::Refused {
                    wrong.push(format!("case {}: {answer:?}, nginx refuses", case["id"]));
                }
            }
            continue;
        };
        let entry = match &answer {
            Answer::Place { server, .. } => loaded.config.server(ServerId(*server)).entry,
            Answer::Refused => {
                wrong.push(format!("case {}: refused, nginx went to {chain:?}", case["id"]));
                continue;
            }
        };
        let rewrites = ["rewrite", "return", "if", "set", "break"].iter().any(|name| loaded.config.children(entry, name).next().is_some());
        let Answer::Place { server: got_server, location, redirect, internal } = answer else { continue };
        covered += 1;
        let mut right = got_server == server;
        // The server's own try_files and error_page send on what no location takes.
        let has = |name: &str| loaded.config.entries.iter().any(|entry| entry.directive.is(name));
        let fallback = location.is_none() && chain.len() > 1 && (has("try_files") || has("error_page"));
        if !rewrites && !fallback {
            // A location whose rewrite codes did not run is not in the chain: internal, redirected, or in its limit_except.
            let id = |id: &str| id.strip_prefix('L').and_then(|id| id.parse::<u32>().ok());
            let last = expect["final"].as_str().unwrap_or_default();
            let wanted = match chain.get(1) {
                Some(step) => id(step),
                None if last.starts_with('X') => {
                    let line = expect["final_line"].as_u64().unwrap_or(0) as u32;
                    innermost(loaded, line)
                }
                None => id(last),
            };
            if internal {
                // Refused in the location itself, or by the error_page that holds there.
                right &= wanted == location || chain.get(1).is_some_and(|_| status == 404 || has("error_page"));
            } else {
                right &= wanted == location && (!redirect || status == 301 || chain.len() > 1);
            }
        }
        if !right {
            wrong.push(format!(
                "case {}: S{got_server} {location:?} redirect {redirect} internal {internal}, nginx {chain:?} {status}; {}\n{config}",
                case["id"], case["request"]
            ));
        }
    }
    println!("{covered} of {all} recorded cases answered, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.iter().take(400).cloned().collect::<Vec<_>>().join("\n"));
    assert!(covered >= 900, "only {covered} of {all} cases were answered");
}

fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| c as u8).collect()
}

/// A case's request.
fn ask(request: &Value) -> Ask {
    let text = |key: &str| request[key].as_str().map(str::to_owned);
    Ask {
        method: text("method").expect("a method"),
        target: bytes(&text("target").expect("a target")),
        host: text("host"),
        http: "1.1".to_owned(),
        listen: text("listen").expect("an address"),
        upstream_status: request["upstream_status"].as_u64().map(|status| status as u16),
        accel: text("accel"),
    }
}

/// Every case from the socket to the handler: where it ends, with which status, URI and arguments, what backends receive, where
/// the client is sent, and which locations it goes through.
#[test]
fn recorded_traces() {
    let Some(path) = shared("cases/cases.jsonl") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut loaded: HashMap<String, Loaded> = HashMap::new();
    let (mut traced, mut refused, mut wrong) = (0, 0, Vec::new());
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let Some(expect) = case.get("expect") else {
            refused += 1;
            continue;
        };
        let config = case["config"].as_str().unwrap();
        let loaded = loaded.entry(config.to_owned()).or_insert_with(|| load(config));
        let strings = |value: &Value| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let files: Vec<(String, String)> = strings(&case["files"]).into_iter().map(|path| (path, String::new())).collect();
        let hit = |hit: &Value| {
            let target = hit["target"].as_str().unwrap_or_default();
            (target.trim_start_matches("upstream ").to_owned(), bytes(hit["uri"].as_str().unwrap_or_default()))
        };
        let wanted = Wanted {
            at: expect["final"].as_str().map(str::to_owned),
            status: Some(expect["status"].as_u64().map_or(444, |status| status as u16)),
            uri: expect["uri"].as_str().map(bytes),
            args: Some(bytes(expect["args"].as_str().unwrap_or_default())),
            redirect: expect["location"].as_str().map(str::to_owned),
            sent: Some(expect["upstream"].as_array().into_iter().flatten().map(hit).collect()),
            through: strings(&expect["chain"]).iter().filter_map(|id| id.strip_prefix('L')?.parse().ok()).collect(),
            ..Wanted::default()
        };
        traced += 1;
        let ask = ask(&case["request"]);
        let differences = differences(loaded, &files, &ask, &wanted);
        if !differences.is_empty() {
            wrong.push(format!("case {}: {}; {}; {expect}\n{config}", case["id"], case["request"], differences.join("; ")));
        }
    }
    println!("{traced} recorded cases traced, {} wrong; {refused} are refused by nginx", wrong.len());
    let shown = wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} differences\n{shown}", wrong.len());
    assert!(traced >= 900, "only {traced} cases");
}

/// The innermost location whose block holds a line.
fn innermost(loaded: &Loaded, line: u32) -> Option<u32> {
    let holds = |location: &u32| {
        let place = loaded.config.place(loaded.config.location(LocationId(*location)).entry);
        let text = loaded.project.text(place.file);
        (text.line_of(place.span.start) + 1..=text.line_of(place.span.end) + 1).contains(&line)
    };
    (0..loaded.config.locations.len() as u32).rev().find(holds)
}

/// The founding example: which location takes a URL, by line.
#[test]
fn example_traces() {
    let Some(folder) = shared("examples/oauth2-gateway") else { return };
    let loaded = load(&std::fs::read_to_string(folder.join("nginx.conf")).unwrap());
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let traces = expected["trace"].as_array().unwrap();
    assert!(!traces.is_empty());
    for trace in traces {
        let url = trace["url"].as_str().unwrap();
        let target = uri::parse_target(url.as_bytes(), true).unwrap();
        let port = trace["server"].as_u64().unwrap() as u16;
        let server = loaded.router.server("*", port, &target.host.unwrap()).unwrap();
        let location = loaded.router.locate(server, &target.uri).location.unwrap();
        assert_eq!(u64::from(loaded.line(location)), trace["line"].as_u64().unwrap(), "{url}");
    }
}
