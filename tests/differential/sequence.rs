//! What is called dead leaves no trace: the real nginx answers the same with it and without it, to hundreds of requests, for
//! configurations made at random.

use std::path::Path;

use nginx_analyzer::rules::finding::FixAction;
use nginx_analyzer::rules::{self, Confidence, Finding};
use nginx_analyzer::world::World;

use crate::live::{Nginx, binary};
use crate::support::{Random, seeds};

const CONDITIONS: [&str; 28] = [
    "($a)",
    "($b)",
    "($a = x)",
    "($a != 1)",
    "($b = xy)",
    "($b ~ ^x)",
    "($a !~* X)",
    "($uri ~ ^/b)",
    "($uri ~* ^/A/)",
    "($uri !~ ^/)",
    "($document_uri = /a)",
    "($uri = /k)",
    "($request_method = get)",
    "($request_method != POST)",
    "($request_method ~ post)",
    "($request_method !~ ^[a-z]+$)",
    "($host = A.b)",
    "($host != H)",
    "($scheme = HTTP)",
    "($arg_q)",
    "($arg_q = 1)",
    "($http_host ~ h)",
    "($args)",
    "(-f /nowhere)",
    "($B = x)",
    "($arg_q ~ (?<c>.))",
    "($c)",
    "($uri ~ (?<a>x))",
];
const TEXTS: [&str; 9] = ["\"\"", "0", "1", "x", "$a", "\"${a}y\"", "$uri", "$arg_q", "\"x$b\""];
const REGEXES: [&str; 16] =
    ["^", ".*", "^(.*)$", "^/", "^/a", "^/b", "/a/(.*)$", "x", "^/a/x$", "^/[^b]", "^/b(?!x)", "^/(a|b)/", "(?i)^/A", "^/k$", "y$", "^/?"];
const REPLACEMENTS: [&str; 10] = ["/a", "/b", "/a/x?y=1", "/b/$1", "/k", "http://z/", "/c?", "/b/x", "/a/z$uri", "$scheme://h/"];
const FLAGS: [&str; 7] = ["", "", "last", "last", "break", "redirect", "permanent"];
const LOCATIONS: [&str; 10] = ["/", "/a", "/a/", "= /k", "~ ^/b", "^~ /b/x", "~ \\.php$", "@n", "/c", "~ ^/(?<b>x)"];

/// Directives of the rewrite module.
fn codes(random: &mut Random, server: bool, depth: usize, out: &mut String) {
    for _ in 0..random.below(if depth == 0 { 6 } else { 3 }) {
        match random.below(11) {
            0..=2 => {
                let variable = random.pick(&["a", "b", "A"]);
                out.push_str(&format!("set ${variable} {};\n", random.pick(&TEXTS)));
            }
            3..=5 if depth == 0 => {
                out.push_str(&format!("if {} {{\n", random.pick(&CONDITIONS)));
                codes(random, server, 1, out);
                if !server && random.below(4) == 0 {
                    out.push_str("proxy_pass http://127.0.0.1:9; ");
                }
                out.push_str("}\n");
            }
            6..=7 => {
                let (regex, to) = (random.pick(&REGEXES), random.pick(&REPLACEMENTS));
                out.push_str(&format!("rewrite \"{regex}\" {to} {};\n", random.pick(&FLAGS)));
            }
            8 => out.push_str(random.pick(&["return 200 \"$a|$b|$uri\";\n", "return 404;\n", "return 301 /m;\n", "return 403;\n"])),
            9 if random.below(3) == 0 => out.push_str("break;\n"),
            _ => {}
        }
    }
}

/// What comes behind the rewrite phase.
fn content(random: &mut Random, named: bool, out: &mut String) {
    let lines = [
        "deny all;\n",
        "allow all;\n",
        "auth_basic x; auth_basic_user_file /nowhere;\n",
        "empty_gif;\n",
        "stub_status;\n",
        "proxy_pass http://127.0.0.1:9;\n",
        "try_files /nowhere /k;\n",
        "error_page 403 404 /a/x;\n",
        "limit_except GET { deny all; }\n",
        "",
        "",
        "",
    ];
    let mut last = "";
    for _ in 0..2 {
        let line = random.pick(&lines);
        if line != last && !(named && line.contains("limit_except")) {
            out.push_str(line);
        }
        last = line;
    }
}

fn servers(random: &mut Random) -> String {
    let mut out = "server { listen 80;\nserver_name h;\nroot /nowhere;\nadd_header X-State \"$a|$b|$uri|$args\" always;\n".to_owned();
    if random.below(3) > 0 {
        codes(random, true, 0, &mut out);
    }
    if random.below(3) == 0 {
        out.push_str("error_page 404 403 @n;\n");
    }
    for location in LOCATIONS {
        if location != "@n" && random.below(3) == 0 {
            continue;
        }
        let name = location.replace('$', "");
        out.push_str(&format!("location {location} {{\nadd_header X-State \"{name} $a|$b|$uri|$args\" always;\n"));
        let first = random.below(2) == 0;
        if first {
            content(random, location == "@n", &mut out);
        }
        codes(random, false, 0, &mut out);
        if !first {
            content(random, location == "@n", &mut out);
        }
        if location == "/a" && random.below(2) == 0 {
            out.push_str("location /a/x {\nadd_header X-State \"nested $a|$b|$uri|$args\" always;\n");
            codes(random, false, 0, &mut out);
            out.push_str("}\n");
        }
        out.push_str("}\n");
    }
    out.push_str("}\n");
    // The variables are defined whatever is taken away.
    out.push_str("server { listen 80; server_name other; set $a other; set $b other; set $c other; }\n");
    out
}

/// The findings about directives in these servers.
fn findings(folder: &Path, servers: &str) -> (String, Vec<Finding>) {
    let text = format!("events {{}}\nhttp {{\n{servers}\n}}\n");
    std::fs::write(folder.join("nginx.conf"), &text).unwrap();
    let analysis = World::open(folder, Vec::new()).analysis();
    let found = rules::check(&analysis).into_iter().filter(|finding| finding.confidence == Confidence::Proven);
    let ours = ["dead-directive", "constant-condition", "replaced-handler", "dead-location"];
    // What is said to remain does leave a trace.
    let whole = |finding: &Finding| !finding.related.iter().any(|related| related.message.starts_with("what remains"));
    (text, found.filter(|finding| ours.contains(&finding.rule) && whole(finding)).collect())
}

/// Takes a finding's subject away: an `if` that is always true asks for something that always is.
fn without(text: &str, finding: &Finding) -> Option<String> {
    let place = finding.fixes.iter().find_map(|fix| match fix.action {
        FixAction::CommentOut(place) if finding.rule != "dead-location" || fix.safe => Some(place),
        _ => None,
    });
    let (span, with) = match place {
        Some(place) => (place.span, ""),
        None if finding.rule == "constant-condition" => (finding.place.span, "if ($uri)"),
        None => return None,
    };
    let (start, end) = (span.start as usize, span.end as usize);
    let mut blank: String = text[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    // It may lie in what was taken away already.
    if blank.len() < with.len() || !with.is_empty() && !text[start..].starts_with("if") {
        return None;
    }
    blank.replace_range(..with.len(), with);
    Some(format!("{}{blank}{}", &text[..start], &text[end..]))
}

fn answers(nginx: &Nginx, random: &mut Random) -> Vec<(String, String)> {
    let targets =
        ["/", "/a", "/a/", "/a/x", "/k", "/b", "/b/x", "/x.php", "/c", "/zz", "/a%0Ax", "/%0A", "/B/y", "/A/x", "/bx", "/a/b/c", "/xy"];
    let mut out = Vec::new();
    for target in targets {
        let target = format!("{target}{}", random.pick(&["", "?q=1", "?q=0", "?q", "?z"]));
        let (method, host) = (random.pick(&["GET", "GET", "POST", "PUT"]), random.pick(&["h", "A.B", "H"]));
        let mut answer = nginx.raw(method, target.as_bytes(), host);
        // The time of day, and the counters of `stub_status`.
        let passing = |line: &str| ["Date:", " ", "Active connections:", "Reading"].iter().any(|start| line.starts_with(start));
        let lines = answer.lines().filter(|line| !passing(line));
        answer = lines.collect::<Vec<_>>().join("\n");
        out.push((format!("{method} {target} {host}"), answer));
    }
    out
}

/// The lines between the braces of `http`.
fn inside(text: &str) -> &str {
    text.split_once("http {\n").and_then(|(_, rest)| rest.strip_suffix("\n}\n")).unwrap()
}

#[test]
fn what_never_takes_effect_leaves_no_trace() {
    let Some(binary) = binary() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (mut asked, mut refused, mut counts) = (0, 0, std::collections::BTreeMap::<&str, usize>::new());
    for seed in seeds(60) {
        let mut random = Random::new(seed + 1);
        let servers = servers(&mut random);
        let (text, found) = findings(folder.path(), &servers);
        if found.is_empty() {
            continue;
        }
        let nginx = match Nginx::start(&binary, &servers) {
            Ok(nginx) => nginx,
            Err(_) => {
                refused += 1;
                continue;
            }
        };
        let ask = |nginx: &Nginx| answers(nginx, &mut Random::new(seed + 7));
        let before = ask(&nginx);
        let mut all = text.clone();
        for finding in &found {
            if let Some(less) = without(&all, finding) {
                all = less;
                *counts.entry(finding.rule).or_default() += 1;
            }
        }
        let compare = |text: &str| {
            let nginx = Nginx::start(&binary, inside(text)).unwrap_or_else(|said| panic!("seed {seed}: {said}\n{text}"));
            let after = ask(&nginx);
            before.iter().zip(after).find(|(before, after)| *before != after).map(|(before, after)| (before.clone(), after))
        };
        asked += before.len() * 2;
        if compare(&all).is_none() {
            continue;
        }
        // Which one was it?
        for finding in &found {
            let Some(less) = without(&text, finding) else { continue };
            if let Some((before, after)) = compare(&less) {
                panic!("seed {seed}: {}: {}\nwith it {before:#?}\nwithout {after:#?}\n{text}", finding.rule, finding.message);
            }
        }
        panic!("seed {seed}: together they were not dead\n{text}\n{all}");
    }
    println!("{asked} requests, {refused} configurations refused, taken away without a trace: {counts:?}");
    assert!(counts.len() >= 3, "{counts:?}");
}

/// Each with a request that is fine and one that fails as foretold: `FILES` holds `f` and `i.html`.
const FAILING: [(&str, &str, u16, &str, u16); 12] = [
    ("location / { error_page 403 @no; if ($arg_a) { return 403; } return 204; }", "/", 204, "/?a=1", 500),
    ("root FILES; location / { try_files $uri @no; }", "/f", 200, "/g", 500),
    ("location /a/ { alias FILES/; try_files $uri /a/i.html?$args; }", "/a/f", 200, "/a/g", 404),
    ("location /a/ { alias FILES/; location /a/b/ { try_files $uri /a/i.html?$args; } }", "/a/i.html", 200, "/a/b/f", 404),
    ("location /a/ { alias FILES/; rewrite ^/a/x$ /a/f break; }", "/a/f", 200, "/a/x", 500),
    ("location /a/ { alias FILES/; rewrite ^/a/x$ /a/f; break; }", "/a/f", 200, "/a/x", 500),
    ("location ~ ^/a/(.*)$ { alias FILES/f; if ($arg_a) { rewrite ^/a/x$ /a/f break; } }", "/a/f", 200, "/a/x?a=1", 500),
    ("rewrite ^/q$ /a/f break; location /a/ { alias FILES/; }", "/a/f", 200, "/q", 500),
    ("rewrite ^/q/(.*)$ /a/$1 break; location /a/ { alias FILES/; }", "/a/f", 200, "/q/f", 500),
    ("location / { root FILES; try_files /f =404; if ($arg_a) { add_header A b; } }", "/x", 200, "/x?a=1", 404),
    ("location / { if ($arg_a) { proxy_pass http://127.0.0.1:9; } if ($arg_b) { add_header A b; } }", "/?a=1", 502, "/?a=1&b=1", 500),
    ("location / { if ($arg_a) { fastcgi_pass 127.0.0.1:9; } if ($arg_b) { set $c 1; } }", "/?a=1", 502, "/?a=1&b=1", 500),
];

#[test]
fn what_is_said_to_fail_fails() {
    let Some(binary) = binary() else { return };
    let files = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["f", "i.html"] {
        std::fs::write(files.path().join(name), "here").unwrap();
    }
    for (server, good, fine, bad, fails) in FAILING {
        let server = server.replace("FILES", &files.path().display().to_string());
        let servers = format!("server {{ listen 80; {server} }}");
        std::fs::write(folder.path().join("nginx.conf"), format!("events {{}}\nhttp {{\n{servers}\n}}\n")).unwrap();
        let analysis = World::open(folder.path(), Vec::new()).analysis();
        let found = rules::check(&analysis).into_iter().filter(|finding| finding.rule == "request-fails").count();
        assert_eq!(found, 1, "{server}");
        let nginx = Nginx::start(&binary, &servers).unwrap();
        assert_eq!(nginx.ask(good.as_bytes(), "h").0, fine, "{server} {good}");
        assert_eq!(nginx.ask(bad.as_bytes(), "h").0, fails, "{server} {bad}");
    }
}
