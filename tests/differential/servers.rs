//! Names, servers and directives that are called dead, against a real nginx: none of them ever answers, and without them every answer is
//! the same.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use nginx_analyzer::config::ServerId;
use nginx_analyzer::routing::hosts::Names;
use nginx_analyzer::rules::finding::FixAction;
use nginx_analyzer::rules::{self, Finding};
use nginx_analyzer::text::Span;
use nginx_analyzer::world::World;

use crate::live::{Nginx, binary};
use crate::support::{Random, load, seeds};

/// The whole answer to a request; empty where the connection is just closed.
fn ask(socket: &Path, request: &str) -> String {
    // Each socket begins to listen after the one before.
    let start = Instant::now();
    let mut stream = loop {
        match UnixStream::connect(socket) {
            Ok(stream) => break stream,
            Err(error) => assert!(start.elapsed() < Duration::from_secs(20), "{}: {error}", socket.display()),
        }
        std::thread::yield_now();
    };
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Status and body.
fn parts(answer: &str) -> (&str, &str) {
    (answer.split(' ').nth(1).unwrap_or(""), answer.split_once("\r\n\r\n").map_or("", |(_, body)| body))
}

/// What one rule finds in a whole configuration with these servers; places count from the start of the servers.
fn findings(rule: &str, servers: &str) -> Vec<(Finding, Span)> {
    let folder = tempfile::tempdir().expect("a folder");
    let head = "events {}\nhttp {\n";
    std::fs::write(folder.path().join("nginx.conf"), format!("{head}{servers}\n}}\n")).expect("a file");
    let analysis = World::open(folder.path(), Vec::new()).analysis();
    let found = rules::check(&analysis).into_iter().filter(|finding| finding.rule == rule);
    let moved = |span: Span| Span { start: span.start - head.len() as u32, end: span.end - head.len() as u32 };
    found.map(|finding| (finding.clone(), moved(finding.place.span))).collect()
}

/// The text with other text in place of some spans.
fn replaced(text: &str, mut spans: Vec<Span>, with: &str) -> String {
    spans.sort_by_key(|span| span.start);
    let mut out = text.to_owned();
    for span in spans.iter().rev() {
        out.replace_range(span.start as usize..span.end as usize, with);
    }
    out
}

/// A server that listens where [`Nginx::start`] waits.
const WAITING: &str = "server { listen 80; return 200 waiting; }\n";

const NAMES: [&str; 30] = [
    "a.com",
    "b.a.com",
    "A.com",
    "b.com",
    "*.a.com",
    ".a.com",
    "*.b.a.com",
    "a.*",
    "b.*",
    "_",
    "\"\"",
    "\"~^.*$\"",
    "~^a\\.com$",
    "~^(b|c)\\.a\\.com$",
    "~\\.com$",
    "~^[a-z.]+$",
    "a.com:80",
    "a.com.",
    "http://a",
    "~^x\\d+$",
    "~^X",
    "\"[::1]\"",
    "\"[::1]:80\"",
    "localhost",
    "~.",
    "~^(?!a)",
    "~^$",
    "*.com:80",
    "~:",
    "~\\.$",
];

const HOSTS: [&str; 36] = [
    "a.com",
    "A.com",
    "a.com:80",
    "a.com.",
    "a.com.:80",
    "b.a.com",
    "c.a.com",
    "x.b.a.com",
    "b.com",
    "c.b.com",
    "a.net",
    "a",
    "b",
    "b.x.y",
    "_",
    "localhost",
    "x1",
    "X22",
    "xa",
    "[::1]",
    "[::1]:80",
    "[a",
    "[a:80",
    "z",
    "zzz.com",
    "1.2.3.4",
    "www.a.com",
    ".a.com",
    "a.b",
    "http",
    "-",
    "a.com,b.com",
    "[x.com:80",
    "\u{e9}.com",
    "A.B.C",
    "a,",
];

#[test]
fn names_and_servers() {
    let Some(binary) = binary() else { return };
    let (mut started, mut asked, mut dead_count, mut idle_count) = (0, 0, 0, 0);
    for seed in seeds(60) {
        let mut random = Random::new(seed + 900);
        let folder = tempfile::tempdir().expect("a folder");
        let sockets = [folder.path().join("one"), folder.path().join("two")];
        let mut blocks = Vec::new();
        for server in 0..2 + random.below(6) {
            let mut block = String::from("server {");
            let which = random.below(4);
            for (at, socket) in
                sockets.iter().enumerate().filter(|(at, _)| which != 3 && (which == 2 || which == *at) || which == 3 && *at == 0)
            {
                let default = if random.below(8) == at { " default_server" } else { "" };
                block.push_str(&format!(" listen unix:{}{default};", socket.display()));
            }
            let names: Vec<&str> = (0..random.below(4)).map(|_| random.pick(&NAMES)).collect();
            if !names.is_empty() {
                block.push_str(&format!(" server_name {};", names.join(" ")));
            }
            blocks.push(format!("{block} return 200 {server}; }}\n"));
        }
        let servers = blocks.concat();
        let loaded = load(&format!("events {{}}\nhttp {{\n{servers}\n}}\n"));
        let names = Names::of(&loaded.config, &loaded.router);
        let answers = |servers: &str| -> Option<Vec<String>> {
            for socket in &sockets {
                let _ = std::fs::remove_file(socket);
            }
            let _nginx = Nginx::start(&binary, &format!("{WAITING}{servers}")).ok()?;
            let mut out = Vec::new();
            for socket in sockets
                .iter()
                .filter(|socket| servers.contains(&format!("{};", socket.display())) || servers.contains(&format!("{} ", socket.display())))
            {
                for host in HOSTS {
                    out.push(ask(socket, &format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")));
                }
                out.push(ask(socket, "GET / HTTP/1.0\r\n\r\n"));
            }
            // Without the date.
            Some(out.iter().map(|answer| format!("{:?}", parts(answer))).collect())
        };
        let Some(before) = answers(&servers) else { continue };
        started += 1;
        asked += before.len();
        for dead in &names.dead {
            assert!(!before.iter().any(|answer| *answer == format!("(\"200\", \"{}\")", dead.0)), "{dead:?} answers\n{servers}");
        }
        dead_count += names.dead.len();
        let alive: String = blocks
            .iter()
            .enumerate()
            .filter(|(at, _)| !names.dead.contains(&ServerId(*at as u32)))
            .map(|(_, block)| block.as_str())
            .collect();
        if !names.dead.is_empty() {
            assert_eq!(answers(&alive).as_ref(), Some(&before), "without {:?}\n{servers}", names.dead);
        }
        // A name that selects nothing on all of its server's sockets can be any other one.
        let mut spans: Vec<Span> = Vec::new();
        for idle in &names.idle {
            let of_server = loaded.router.sockets().iter().filter(|socket| socket.servers.contains(&idle.server)).count();
            let same = names.idle.iter().filter(|one| (one.entry, one.word) == (idle.entry, idle.word)).count();
            if let (Some(entry), true) = (idle.entry, same == of_server) {
                let span = loaded.config.arg_place(entry, idle.word).span;
                let head = "events {}\nhttp {\n".len() as u32;
                let span = Span { start: span.start - head, end: span.end - head };
                if !spans.contains(&span) {
                    spans.push(span);
                }
            }
        }
        idle_count += spans.len();
        if !spans.is_empty() {
            let mut text = servers.clone();
            spans.sort_by_key(|span| span.start);
            for (at, span) in spans.iter().enumerate().rev() {
                text.replace_range(span.start as usize..span.end as usize, &format!("never-{at}.invalid"));
            }
            assert_eq!(answers(&text).as_ref(), Some(&before), "other names:\n{servers}\n{text}");
        }
    }
    println!("{started} configurations, {asked} requests, {dead_count} dead servers, {idle_count} idle names, no mismatch");
    assert!(started >= 20 && dead_count >= 10 && idle_count >= 30, "{started} {dead_count} {idle_count}");
}

#[test]
fn rules_of_access() {
    let Some(binary) = binary() else { return };
    const RULES: [&str; 20] = [
        "all",
        "10.0.0.0/8",
        "10.1.0.0/16",
        "10.1.2.3",
        "10.1.2.3/16",
        "192.168.0.0/16",
        "192.168.1.0/24",
        "192.168.1.1",
        "0.0.0.0/0",
        "::/0",
        "2001:db8::/32",
        "2001:db8:1::/48",
        "2001:db8:1::1",
        "::1",
        "unix:",
        "127.0.0.1",
        "128.0.0.0/1",
        "fe80::/10",
        "::ffff:0:0/96",
        "10.1.2.3/31",
    ];
    const ADDRESSES: [&str; 16] = [
        "10.1.2.3",
        "10.1.2.2",
        "10.1.9.9",
        "10.9.9.9",
        "192.168.1.1",
        "192.168.1.2",
        "192.168.9.9",
        "127.0.0.1",
        "200.1.1.1",
        "8.8.8.8",
        "2001:db8:1::1",
        "2001:db8:1::2",
        "2001:db8:2::1",
        "::1",
        "fe80::1",
        "::ffff:10.1.2.3",
    ];
    let mut random = Random::new(77);
    let mut servers = String::from("server { listen 80; set_real_ip_from unix:; real_ip_header X-Real-IP;\n");
    for location in 0..120 {
        servers.push_str(&format!("location = /{location} {{ empty_gif; "));
        for _ in 0..1 + random.below(6) {
            servers.push_str(&format!("{} {}; ", random.pick(&["allow", "deny"]), random.pick(&RULES)));
        }
        servers.push_str("}\n");
    }
    servers.push('}');
    let dead: Vec<Span> =
        findings("dead-access-rule", &servers).into_iter().map(|(_, span)| Span { start: span.start, end: span.end + 1 }).collect();
    assert!(dead.len() > 50, "{}", dead.len());
    let answers = |servers: &str| {
        let nginx = Nginx::start(&binary, servers).expect("nginx starts");
        let mut out = Vec::new();
        for location in 0..120 {
            for address in ADDRESSES.iter().map(|address| format!("X-Real-IP: {address}\r\n")).chain([String::new()]) {
                let answer = ask(nginx.socket(), &format!("GET /{location} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{address}\r\n"));
                out.push(parts(&answer).0.to_owned());
            }
        }
        out
    };
    let before = answers(&servers);
    assert!(before.iter().any(|status| status == "200") && before.iter().any(|status| status == "403"));
    assert_eq!(answers(&replaced(&servers, dead.clone(), "")), before);
    println!("{} dead rules, {} requests, no mismatch", dead.len(), before.len());
}

#[test]
fn pages_for_errors() {
    let Some(binary) = binary() else { return };
    let mut random = Random::new(5);
    let mut dead_count = 0;
    for _ in 0..12 {
        let mut servers = String::from("server { listen 80;\n");
        for page in 0..1 + random.below(5) {
            let codes: Vec<&str> = (0..1 + random.below(3)).map(|_| random.pick(&["403", "404", "410", "500", "503"])).collect();
            servers.push_str(&format!("error_page {}{} /p{page};\n", codes.join(" "), random.pick(&["", " =200", " =", " =418"])));
        }
        for code in [403, 404, 410, 500, 503] {
            servers.push_str(&format!("location = /c{code} {{ return {code}; }}\n"));
        }
        servers.push_str("location / { return 200 $uri; } }\n");
        let dead: Vec<Span> = findings("dead-error-page", &servers).into_iter().map(|(_, span)| span).collect();
        dead_count += dead.len();
        let answers = |servers: &str| {
            let nginx = Nginx::start(&binary, servers).expect("nginx starts");
            let asked = ["403", "404", "410", "500", "503"].map(|code| ask(nginx.socket(), &format!("GET /c{code} HTTP/1.0\r\n\r\n")));
            asked.map(|answer| format!("{:?}", parts(&answer)))
        };
        assert_eq!(answers(&replaced(&servers, dead, "511")), answers(&servers), "{servers}");
    }
    assert!(dead_count > 10, "{dead_count}");
}

#[test]
fn headers_of_errors() {
    let Some(binary) = binary() else { return };
    let mut random = Random::new(11);
    let mut claimed = 0;
    for round in 0..10 {
        let mut servers = format!("server {{ listen 80; {}\n", random.pick(&["", "error_page 403 /0;", "error_page 404 http://a/;"]));
        for location in 0..60 {
            let mut lines = vec![format!("add_header X-{location} yes{};", random.pick(&["", " always"]))];
            let code = random.pick(&[
                "200", "202", "204", "301 /x", "302 /x", "308 /x", "400", "401 '{}'", "403", "404", "404 text", "444", "500", "503",
            ]);
            lines.push(format!("return {code};"));
            for _ in 0..random.below(3) {
                let extra = [
                    "if ($arg_x) { return 200; }",
                    "set $v 1;",
                    "error_page 404 /1;",
                    "error_page 403 =200 /2;",
                    "rewrite ^ /3 last;",
                    "rewrite nothing /3 break;",
                    "break;",
                    "proxy_pass http://127.0.0.1:9;",
                    "limit_except POST { deny all; }",
                    "location ~ \\.x$ { return 200; }",
                    "deny all;",
                    "internal;",
                    "expires 1d;",
                ];
                let one = random.pick(&extra).to_owned();
                if !lines.contains(&one) {
                    lines.push(one);
                }
            }
            for at in (1..lines.len()).rev() {
                lines.swap(at, random.below(at + 1));
            }
            servers.push_str(&format!("location {}/{location}/ {{ {} }}\n", random.pick(&["", "^~ "]), lines.join(" ")));
        }
        servers.push('}');
        let inert: Vec<String> = findings("inert-directive", &servers)
            .into_iter()
            .filter_map(|(finding, _)| Some(finding.message.strip_prefix("`add_header ")?.split('`').next()?.to_owned()))
            .collect();
        claimed += inert.len();
        let nginx = match Nginx::start(&binary, &servers) {
            Ok(nginx) => nginx,
            Err(said) => panic!("round {round}: {said}\n{servers}"),
        };
        let mut sent = 0;
        for location in 0..60 {
            for target in [format!("/{location}/"), format!("/{location}"), format!("/{location}/?x=1"), format!("/{location}/a.x")] {
                for method in ["GET", "POST"] {
                    let answer = ask(
                        nginx.socket(),
                        &format!("{method} {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
                    );
                    for header in &inert {
                        assert!(!answer.contains(&format!("\r\n{header}: ")), "{target} {answer}\n{servers}");
                    }
                    sent += usize::from(answer.contains("\r\nX-"));
                }
            }
        }
        assert!(sent > 20, "{sent}");
    }
    assert!(claimed > 30, "{claimed}");
}

#[test]
fn what_is_called_inert_has_no_effect() {
    let Some(binary) = binary() else { return };
    let servers = "upstream back { server unix:SOCKET; }
        server { listen 80; server_name back; location = /a404 { return 404 own; } location / { return 200 $request_uri; } }
        server { listen 80; server_name front; error_page 405 /top; add_header X-Outer yes always; add_header X-Other yes always;
            location /app/ { rewrite ^/app/(.*)$ /$1 break; proxy_pass http://back/v2/; proxy_set_header Host back; }
            location /plain/ { proxy_pass http://back/v2/; proxy_set_header Host back; }
            location /asked/ { satisfy any; allow all; auth_basic x; auth_basic_user_file /nowhere; empty_gif; }
            location /denied/ { satisfy any; deny unix:; allow all; auth_basic x; auth_basic_user_file /nowhere; empty_gif; }
            location /a404 { error_page 404 /page; proxy_pass http://back; proxy_set_header Host back; }
            location /lost { add_header X-Inner yes; error_page 404 /page; empty_gif; index x; autoindex on; }
            location = /page { return 200 page; }
        }";
    let folder = tempfile::tempdir().expect("a folder");
    let _ = folder;
    let count = |rule: &str, part: &str| findings(rule, servers).into_iter().filter(|(finding, _)| finding.message.contains(part)).count();
    assert_eq!(count("inert-directive", "`/v2/` of this `proxy_pass` is never sent"), 1);
    assert_eq!(count("inert-directive", "asks nobody"), 1);
    assert_eq!(count("inert-directive", "`index` and `autoindex` have no effect"), 1);
    assert_eq!(count("dead-error-page", "an answer 404 of the upstream does not get here"), 1);
    assert_eq!(count("lost-inheritance", "X-Outer and X-Other are not sent here"), 1);
    assert_eq!(count("lost-inheritance", "405 is without a page"), 2);
    let nginx = Nginx::start(&binary, servers).expect("nginx starts");
    let get = |target: &str| ask(nginx.socket(), &format!("GET {target} HTTP/1.1\r\nHost: front\r\nConnection: close\r\n\r\n"));
    assert_eq!(parts(&get("/app/x")), ("200", "/x"));
    assert_eq!(parts(&get("/plain/x")), ("200", "/v2/x"));
    assert_eq!(parts(&get("/asked/")).0, "200");
    assert_eq!(parts(&get("/denied/")).0, "401");
    assert_eq!(parts(&get("/a404")), ("404", "own"));
    let lost = get("/lost/");
    assert!(lost.contains("X-Inner: yes") && !lost.contains("X-Outer") && parts(&lost).0 == "200", "{lost}");
}

/// What a fix takes away, nobody misses: every server of the page's examples that is called dead can go.
#[test]
fn fixes_are_the_blocks() {
    let servers = "server { listen 80; server_name a; } server { listen 80; server_name a; }";
    let found = findings("dead-server", servers);
    let [(finding, _)] = found.as_slice() else { panic!("{found:?}") };
    assert!(matches!(finding.fixes.as_slice(), [fix] if fix.safe && matches!(fix.action, FixAction::CommentOut(_))), "{finding:?}");
}
