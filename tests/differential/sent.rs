//! What a location may send to its backend, against what backends of a real nginx received: in the recorded cases, and in
//! configurations that are made at random.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use nginx_analyzer::config::{EntryId, LocationId};
use nginx_analyzer::routing::uri;
use nginx_analyzer::upstreams::{Applications, Sent, Upstreams};
use serde_json::Value;

use crate::live::{Nginx, binary};
use crate::support::{Loaded, Random, load, seeds, shared};

/// The `proxy_pass`es of a location itself, of its `if`s and of its `limit_except`s, with what each may send.
fn passes(loaded: &Loaded, upstreams: &Upstreams, location: u32) -> Vec<(EntryId, Option<Sent>)> {
    let all = (0..loaded.config.entries.len() as u32).map(EntryId);
    let own =
        all.filter(|id| loaded.config.directive(*id).is("proxy_pass") && loaded.config.location_of(*id) == Some(LocationId(location)));
    own.map(|pass| (pass, upstreams.sent(&loaded.project, &loaded.config, pass))).collect()
}

/// The paths that a backend may have been asked for, as a set of URIs has them: what a client wrote is sent as it is and is read as nginx
/// itself reads it; everything else was encoded by nginx and is decoded only, and may look like what the client wrote.
fn paths(received: &str, asked: &str) -> Vec<Vec<u8>> {
    let bytes = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    let written = bytes(asked);
    let own = if received == asked { uri::normalize(&written, true).ok() } else { None };
    let raw = bytes(received.split('?').next().unwrap_or(received));
    let mut out = Vec::new();
    let mut rest = raw.as_slice();
    while let Some((byte, after)) = rest.split_first() {
        let digits =
            after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, digits) {
            (b'%', Some(decoded)) => {
                out.push(decoded);
                rest = &after[2..];
            }
            _ => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    own.map(|(path, _)| path).into_iter().chain([out]).collect()
}

/// What a set says of the URI that was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It holds it.
    Right,
    /// No set is given.
    Silent,
    /// A set is given, and lacks it.
    Wrong,
}

fn verdict(passes: &[(EntryId, Option<Sent>)], paths: &[Vec<u8>]) -> Verdict {
    let holds = |sent: &Sent| paths.iter().any(|path| sent.uris.contains(path));
    // Which of several `if`s was taken is not known here: one that is silent may have been.
    match passes {
        passes if passes.iter().any(|(_, sent)| sent.as_ref().is_some_and(holds)) => Verdict::Right,
        passes if passes.iter().any(|(_, sent)| sent.is_none()) => Verdict::Silent,
        _ => Verdict::Wrong,
    }
}

#[test]
fn recorded_backends() {
    let Some(file) = shared("cases/cases.jsonl") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let mut loaded: HashMap<String, (Loaded, Upstreams)> = HashMap::new();
    let (mut cases, mut asked, mut right, mut silent, mut wrong) = (0, 0, 0, 0, Vec::new());
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let config = case["config"].as_str().unwrap();
        if case["level"] != "full" || !config.contains("proxy_pass") {
            continue;
        }
        cases += 1;
        let (loaded, upstreams) = loaded.entry(config.to_owned()).or_insert_with(|| {
            let loaded = load(config);
            let upstreams = Upstreams::build(&loaded.project, &loaded.config, &Applications::default());
            (loaded, upstreams)
        });
        let expect = &case["expect"];
        let steps = expect["chain"].as_array().into_iter().flatten().chain([&expect["final"]]);
        let mut through: Vec<u32> = steps.filter_map(Value::as_str).filter_map(|step| step.strip_prefix('L')?.parse().ok()).collect();
        through.sort_unstable();
        through.dedup();
        for hit in expect["upstream"].as_array().into_iter().flatten() {
            let Some(received) = hit["uri"].as_str() else { continue };
            asked += 1;
            let host = hit["target"].as_str().unwrap_or_default().trim_start_matches("upstream ");
            let mut passes: Vec<_> = through.iter().flat_map(|location| passes(loaded, upstreams, *location)).collect();
            passes.retain(|(pass, _)| upstreams.target_of(*pass).is_none_or(|target| target.address.authority() == host));
            match verdict(&passes, &paths(received, case["request"]["target"].as_str().unwrap())) {
                Verdict::Right => right += 1,
                Verdict::Silent => silent += 1,
                Verdict::Wrong => {
                    wrong.push(format!("case {}: {} -> {received}; {expect}; {passes:?}\n{config}", case["id"], case["request"]));
                }
            }
        }
    }
    println!("{cases} recorded cases, {asked} requests to backends: {right} in the set, {silent} without a set, {} outside", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(right >= 40, "only {right} of {asked}");
}

/// A backend that answers with the mark of the location that asked, and with the request's target.
struct Backend {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Backend {
    fn start() -> Backend {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let seen = stop.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if seen.load(Ordering::SeqCst) {
                    return;
                }
                // A connection that breaks is one answer less; the test sees that.
                let _ = stream.and_then(answer);
            }
        });
        Backend { address, stop, thread: Some(thread) }
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        self.thread.take().map(JoinHandle::join);
    }
}

fn answer(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut target, mut mark) = (Vec::new(), String::new());
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        if target.is_empty() {
            // Bytes as characters, so that nothing is lost on the way back.
            let end = line.windows(6).rposition(|part| part == b" HTTP/").unwrap_or(line.len());
            target = line.get(4..end).unwrap_or_default().to_vec();
        } else if let Some(value) = text.strip_prefix("X-Mark: ") {
            mark = value.to_owned();
        }
        if text.is_empty() {
            break;
        }
    }
    let body = [mark.as_bytes(), b" ", &target].concat();
    let mut stream = reader.into_inner();
    write!(stream, "HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

const NAMES: [&str; 11] = ["/", "/a", "/a/", "/ab", "/a/b", "/a/b/", "/img/", "/x y/", "/b/", "/a/b/c", "/r/"];
const REGEXES: [&str; 9] = ["^/a", "^/a/", "\\.php$", "^/(a|img)", "b", "^/a/b", "(?i)IMG", "^/r/?", "c$"];
/// The URI part; only what begins with `$` or is empty may stand in a regex location and in `if`.
const PARTS: [&str; 15] = [
    "",
    "",
    "",
    "/",
    "/p",
    "/p/",
    "/a/",
    "/p?z=1",
    "/p y/",
    "$uri",
    "$request_uri",
    "$uri$is_args$args",
    "/v$uri",
    "/w/$arg_q",
    "/p$is_args$args",
];
const REWRITES: [&str; 19] = [
    "set $args z=1;",
    "if ($arg_q) { set $args $args&k=1; }",
    "set $args \"\"; rewrite ^/a /b/x break;",
    "rewrite ^/a/(.*)$ /r/$1 break;",
    "rewrite ^/a /b/x last;",
    "rewrite b /whole break;",
    "rewrite ^(.*)$ $1 break;",
    "rewrite ^/a/(.*)$ /x/$1; break;",
    "rewrite ^/a/(.*)$ /a/b/$1?k=1;",
    "rewrite ^/(.*)c$ /q/$1? break;",
    "if ($arg_q) { rewrite ^ /img/q break; }",
    "if ($arg_q) { rewrite ^ /img/q last; }",
    "if ($uri ~ ^/a/(.*)) { rewrite ^ /cap/$1 break; }",
    "if ($arg_q) { break; }",
    "set $x /set; rewrite ^/a/(.*)$ $x/$1 break;",
    "rewrite b /one; rewrite ^/one /two break;",
    "rewrite b /one break; rewrite a /two break;",
    "break;",
    "rewrite ^/a/b /r/b;",
];

fn location(random: &mut Random, number: &mut u32, parent: &str, below_regex: bool, port: u16, depth: usize, out: &mut String) {
    let regex = random.below(4) == 0;
    let (modifier, name) = if regex {
        (random.pick(&["~", "~*"]), random.pick(&REGEXES).to_owned())
    } else {
        let name = random.pick(&NAMES);
        (random.pick(&["", "", "", "=", "^~"]), if name.starts_with(parent) { name.to_owned() } else { format!("{parent}{name}") })
    };
    let id = *number;
    *number += 1;
    out.push_str(&format!("location {modifier} \"{}\" {{\nproxy_set_header X-Mark {id};\n", name.replace('\\', "\\\\")));
    for _ in 0..random.below(3) {
        out.push_str(random.pick(&REWRITES));
        out.push('\n');
    }
    let part = |random: &mut Random, free: bool| loop {
        let part = random.pick(&PARTS);
        if free || part.is_empty() || part.contains('$') {
            return part.to_owned();
        }
    };
    if random.below(6) == 0 {
        let part = part(random, false);
        out.push_str(&format!("if ($arg_i) {{ proxy_pass \"http://127.0.0.1:{port}{part}\"; }}\n"));
    }
    if random.below(12) == 0 {
        out.push_str("error_page 418 = /a/b/err; if ($arg_e) { return 418; }\n");
    }
    if random.below(12) == 0 {
        out.push_str("try_files /none$uri /img/;\n");
    }
    let part = part(random, !regex && !below_regex);
    out.push_str(&format!("proxy_pass \"http://127.0.0.1:{port}{part}\";\n"));
    if depth > 0 && modifier != "=" {
        for _ in 0..random.below(3) {
            location(random, number, if regex { "" } else { &name }, below_regex || regex, port, depth - 1, out);
        }
    }
    out.push_str("}\n");
}

#[test]
fn random_backends() {
    let Some(binary) = binary() else { return };
    let backend = Backend::start();
    let (mut started, mut refused, mut received, mut silent, mut narrow) = (0, 0, 0, 0, 0);
    for seed in seeds(80) {
        let mut random = Random::new(seed + 9000);
        let (mut servers, mut number) = ("server { listen 80; proxy_set_header X-Mark none;\n".to_owned(), 0);
        if random.below(4) == 0 {
            servers.push_str(random.pick(&REWRITES));
        }
        for _ in 0..2 + random.below(5) {
            location(&mut random, &mut number, "", false, backend.address.port(), 1, &mut servers);
        }
        servers.push_str("}\n");
        let Ok(nginx) = Nginx::start(&binary, &servers) else {
            refused += 1;
            continue;
        };
        started += 1;
        let loaded = load(&format!("events {{}}\nhttp {{\n{servers}\n}}\n"));
        let upstreams = Upstreams::build(&loaded.project, &loaded.config, &Applications::default());
        for _ in 0..40 {
            let parts = ["/", "a", "b", "/a/", "/a/b", "/img/", ".php", "%20", "x", "//", "/.", "/r/", "c", "/x%20y/", "%41", "/b/"];
            let mut target = random.pick(&["/", "/a", "/a/", "/a/b"]).to_owned();
            for _ in 0..random.below(4) {
                target.push_str(random.pick(&parts));
            }
            target.push_str(random.pick(&["", "", "?q=1", "?i=1", "?e=1", "?z"]));
            let (status, body) = nginx.ask(target.as_bytes(), "h");
            let Some((mark, sent)) = body.split_once(' ').filter(|_| status == 200) else { continue };
            received += 1;
            let passes = passes(&loaded, &upstreams, mark.parse().unwrap());
            match verdict(&passes, &paths(sent, &target)) {
                Verdict::Right => {
                    let wide = |sent: &Option<Sent>| sent.as_ref().is_none_or(|sent| sent.uris.contains(b"/no/such/place"));
                    narrow += u32::from(!passes.iter().any(|(_, sent)| wide(sent)));
                }
                Verdict::Silent => silent += 1,
                Verdict::Wrong => panic!("{target}: location {mark} sends {sent}, which is not in {passes:?}\n{servers}"),
            }
        }
    }
    println!(
        "{started} configurations ({refused} refused), {received} requests at the backend: {silent} without a set, all others in theirs, {narrow} of them in \
         one that is not everything"
    );
    assert!(started >= 15 && received >= 300 && narrow >= 100, "{started} {received} {narrow}");
}
