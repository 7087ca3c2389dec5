//! Access logs, from their bytes to what is known of each location.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nginx_analyzer::config::ServerId;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::usage::logs::{Hits, Input, Limit, Logs, Options, Sight, Since, time};
use nginx_analyzer::world::{Analysis, World};

use crate::common;

/// A workspace of one configuration.
fn workspace(conf: &str) -> (tempfile::TempDir, Arc<Analysis>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("nginx.conf");
    std::fs::write(&path, conf).expect("a file");
    let mut world = World::new(folder.path(), vec![path], Settings::default());
    let analysis = world.analysis();
    (folder, analysis)
}

/// Reads streams, each under its name.
fn read_streams(analysis: &Analysis, logs: &[(&str, Vec<u8>)], options: &Options) -> Logs {
    let inputs = logs.iter().map(|(name, bytes)| Input::Stream(PathBuf::from(name), Box::new(Cursor::new(bytes.clone())))).collect();
    analysis.read_logs(inputs, options, &|_, _| {}, &AtomicBool::new(false)).expect("not cancelled").remove(0)
}

fn read_conf(conf: &str, log: &str) -> (Arc<Analysis>, Logs) {
    let (_folder, analysis) = workspace(conf);
    let logs = read_streams(&analysis, &[("some.log", log.as_bytes().to_vec())], &Options::default());
    (analysis, logs)
}

/// `line total/passed/perhaps/relayed` of every location that has anything, by the name that it is written with.
fn hits(analysis: &Analysis, logs: &Logs) -> Vec<String> {
    let config = &analysis.configs[0];
    let all = config.locations.iter().zip(&logs.locations).filter(|(_, hits)| **hits != Hits::default());
    all.map(|(location, hits)| format!("{} {}/{}/{}/{}", location.matcher.display(), hits.total, hits.passed, hits.perhaps, hits.relayed))
        .collect()
}

#[test]
fn the_example_s_log_says_which_locations_are_used() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/oauth2-gateway");
    let mut world = World::open(&folder, Vec::new());
    let analysis = world.analysis();
    let bytes = std::fs::read(folder.join("logs/openresty.log")).expect("the log");
    let options = Options { since: Since::Span(7 * time::DAY), sums: true, threads: Some(2), now: None };
    let logs = read_streams(&analysis, &[("openresty.log", bytes)], &options);
    assert_eq!(logs.sources[0].lines, 1721);
    assert_eq!((logs.sources[0].requests, logs.sources[0].garbled, logs.unplaced), (1719, 1, 0), "one client sent no HTTP");
    assert_eq!(logs.limits, []);
    assert!(logs.covers());
    let config = &analysis.configs[0];
    let line = |location: &nginx_analyzer::config::Location| {
        let place = config.place(location.entry);
        analysis.project.text(place.file).line_of(place.span.start) + 1
    };
    let hits = |wanted: u32| {
        let at = config.locations.iter().position(|location| line(location) == wanted).unwrap_or_else(|| panic!("no location at {wanted}"));
        (&logs.locations[at], &logs.sights[at])
    };
    for used in [113, 316, 395, 441, 464, 470, 475, 492, 572, 592] {
        let (hits, sight) = hits(used);
        assert!(hits.total > 0 && hits.example.is_some(), "{used}: {hits:?}");
        assert_eq!(*sight, Sight::Seen, "{used}");
    }
    for unused in [293, 379, 383, 387, 391, 541, 399, 504, 560] {
        let (hits, sight) = hits(unused);
        assert_eq!((hits.total, hits.perhaps, hits.passed, hits.relayed, sight), (0, 0, 0, 0, &Sight::Seen), "{unused}");
    }
    assert!(matches!(hits(106).1, Sight::Off(_)) && matches!(hits(417).1, Sight::Off(_)));
    assert_eq!(hits(326).1, &Sight::Internal);
    assert!(hits(326).0.passed > 0, "auth_request");
    // What port 80 hands on is logged on port 8080 again.
    assert!(hits(572).0.relayed > 0 && hits(572).0.relayed <= hits(572).0.total, "{:?}", hits(572));
    assert_eq!(logs.servers[ServerId(0).index()].total, 851);
    assert_eq!(logs.servers[ServerId(1).index()].total, 868);
}

const LINE: &str = r#"10.0.0.1 - - [03/Nov/2025:01:06:11 +0000] "GET PATH HTTP/1.1" STATUS 5 "-" "curl/8""#;

fn line(path: &str, status: u16) -> String {
    LINE.replace("PATH", path).replace("STATUS", &status.to_string()) + "\n"
}

#[test]
fn requests_are_followed_to_who_answers() {
    let conf = "http { server { listen 80; location / { try_files $uri $uri/ @app; } location @app { proxy_pass http://app; }
        location /old/ { rewrite ^/old/(.*) /new/$1 last; } location /new/ { return 200; } location /deny { error_page 403 /no.html; deny all; }
        location = /no.html { return 200; } location ^~ /a/ { auth_request /auth; proxy_pass http://app; } location = /auth { internal; proxy_pass http://app; } } }";
    let log = [line("/x", 200), line("/old/y?a=1", 200), line("/deny", 403), line("/a/1", 200), line("/auth", 404)].concat();
    let (analysis, logs) = read_conf(conf, &log);
    assert_eq!(
        hits(&analysis, &logs),
        [
            "/ 0/1/1/0",
            "@app 1/0/0/0",
            "/old/ 0/1/0/0",
            "/new/ 1/0/0/0",
            "/deny 0/1/0/0",
            "= /no.html 1/0/0/0",
            "^~ /a/ 1/0/0/0",
            "= /auth 1/1/0/0"
        ]
    );
    let auth = &logs.locations[7];
    assert_eq!((auth.not_found, auth.used()), (1, 0), "a client that asks for an internal location gets 404");
}

#[test]
fn what_an_error_page_leads_to_may_not_be_there_either() {
    let conf = "http { server { listen 80; root /none; error_page 404 =200 /e$uri; location /s/ {} location /e/ {} } }";
    let (analysis, logs) = read_conf(conf, &[line("/s/x", 404), line("/s/y", 200)].concat());
    assert_eq!(hits(&analysis, &logs), ["/s/ 1/1/0/0", "/e/ 1/0/1/0"]);
}

#[test]
fn a_host_that_nginx_refuses_says_nothing_of_the_same_uri_with_another() {
    let conf = r#"http { log_format with '$remote_addr - - [$time_local] "$request" $status 5 "-" "-" $http_host'; access_log some.log with;
        server { listen 80; location = /a { try_files /none @b; } location @b { return 200; } location = /c { return 400; } } }"#;
    let line = |path: &str, status, host: &str| line(path, status).replace("\"curl/8\"\n", &format!("\"-\" {host}\n"));
    let log = [line("/a", 400, "a..b"), line("/a", 200, "b"), line("/c", 400, "a..b"), line("/c", 400, "b")].concat();
    let (analysis, logs) = read_conf(conf, &log);
    assert_eq!(hits(&analysis, &logs), ["= /a 0/1/1/0", "@b 1/0/0/0", "= /c 1/0/0/0"]);
    assert_eq!(logs.servers[0].total, 4);
}

#[test]
fn over_tls_slashes_are_merged_as_the_server_of_sni_says() {
    let conf = r#"http { log_format with '$remote_addr - - [$time_local] "$request" $status 5 "-" "-" $host $scheme'; access_log some.log with;
        server { listen 443 ssl; listen 80; server_name a; location /x/ { return 200; } location /x//y { return 200; } }
        server { listen 443 ssl; listen 80; server_name b; merge_slashes off; location /x/ { return 200; } location /x//y { return 200; } } }"#;
    let line = |host: &str, scheme: &str| line("/x//y", 200).replace("\"curl/8\"\n", &format!("\"-\" {host} {scheme}\n"));
    let log = [line("a", "https"), line("b", "https"), line("b", "http"), line("b", "http")].concat();
    let (_, logs) = read_conf(conf, &log);
    assert_eq!(logs.locations.iter().map(|hits| hits.total).collect::<Vec<_>>(), [1, 0, 2, 1]);
}

/// Lines of HTTP/3 are of QUIC, others are not; those of which that is not known may be of either server, and are nobody's.
#[test]
fn quic_and_tcp_of_one_port_are_told_apart_by_the_protocol() {
    let of = |format: &str| {
        let conf = format!(
            "http {{ log_format l '$remote_addr - - [$time_local] \"{format}\" $status 5 \"-\" \"-\" $host:$server_port'; access_log some.log l;
             server {{ listen 443 ssl; server_name a; location /t {{ return 200; }} }}
             server {{ listen 443 quic; server_name a; location /q {{ return 200; }} location / {{ return 200; }} }} }}"
        );
        let line = |protocol: &str, path: &str| {
            let request = format.replace("$request_uri", path).replace("$request", &format!("GET {path} {protocol}"));
            line(path, 200).replace(&format!("GET {path} HTTP/1.1"), &request).replace("\"curl/8\"\n", "\"-\" a:443\n")
        };
        let log = [line("HTTP/1.1", "/t"), line("HTTP/2.0", "/t"), line("HTTP/3.0", "/q"), line("HTTP/3.0", "/t")].concat();
        let (_, logs) = read_conf(&conf, &log);
        (logs.locations.iter().map(|hits| hits.total).collect::<Vec<_>>(), logs.unplaced)
    };
    assert_eq!(of("$request"), (vec![2, 1, 1], 0));
    assert_eq!(of("$request_uri"), (vec![0, 0, 0], 4));
}

fn options(since: Since) -> Options {
    Options { since, sums: true, threads: Some(2), now: None }
}

/// Compressed as its name says.
fn packed(name: &str, bytes: &[u8]) -> Vec<u8> {
    match name.rsplit('.').next() {
        Some("gz") => {
            // Two members, as `cat a.gz b.gz` makes.
            let (first, second) = bytes.split_at(bytes.len() / 3);
            let pack = |bytes: &[u8]| {
                let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                packer.write_all(bytes).expect("packed");
                packer.finish().expect("packed")
            };
            [pack(first), pack(second)].concat()
        }
        Some("bz2") => {
            let mut packer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            packer.write_all(bytes).expect("packed");
            packer.finish().expect("packed")
        }
        Some("zst") => {
            let (first, second) = bytes.split_at(bytes.len() / 2);
            let pack = |bytes: &[u8]| ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest);
            // A frame that is to be skipped stands between.
            let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
            [pack(first), skipped, pack(second)].concat()
        }
        _ => bytes.to_vec(),
    }
}

#[test]
fn compressed_logs_are_known_by_their_bytes() {
    let (_folder, analysis) = workspace("http { server { listen 80; location / {} location /a {} } }");
    let text: String = (0..6_000).map(|number| line(if number % 3 == 0 { "/a" } else { "/b" }, 200)).collect();
    for name in ["x.log", "x.gz", "x.bz2", "x.zst"] {
        let logs = read_streams(&analysis, &[("misnamed.log", packed(name, text.as_bytes()))], &options(Since::Always));
        assert_eq!(logs.sources[0].problem, None, "{name}");
        assert_eq!((logs.sources[0].lines, logs.sources[0].requests), (6_000, 6_000), "{name}");
        assert_eq!((logs.locations[0].total, logs.locations[1].total), (4_000, 2_000), "{name}");
    }
    let mut broken = packed("x.gz", text.as_bytes());
    broken.truncate(broken.len() / 2);
    let logs = read_streams(&analysis, &[("x.gz", broken)], &options(Since::Always));
    assert!(logs.sources[0].problem.is_some() && logs.sources[0].requests > 300, "what could be read counts: {:?}", logs.sources[0]);
}

#[test]
fn the_sum_is_that_of_the_stored_bytes() {
    let (_folder, analysis) = workspace("http { server { listen 80; location / {} } }");
    let logs = read_streams(&analysis, &[("x.log", b"abc".to_vec())], &options(Since::Always));
    assert_eq!(logs.sources[0].sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!((logs.sources[0].bytes, logs.sources[0].lines, logs.sources[0].requests), (3, 1, 0));
}

#[test]
fn lines_of_any_length_are_counted_and_numbered() {
    let (_folder, analysis) = workspace("http { server { listen 80; location / {} location /z {} } }");
    let long = format!("{}\n", "x".repeat(3_000_000));
    let text =
        [line("/", 200), long.clone(), line("/", 200), long, "\n".into(), line("/z", 200), line("/z", 200).trim_end().into()].concat();
    let logs = read_streams(&analysis, &[("x.log", text.into_bytes())], &options(Since::Always));
    assert_eq!((logs.sources[0].lines, logs.sources[0].requests), (7, 4));
    assert_eq!(logs.locations[0].example.as_ref().map(|example| example.line), Some(3));
    let example = logs.locations[1].example.as_ref().expect("an example");
    assert_eq!((example.line, example.request.as_str()), (7, "GET /z HTTP/1.1"));
}

#[test]
fn lines_are_taken_out_of_what_is_around_them() {
    let (_folder, analysis) = workspace("http { server { listen 80; location / {} } }");
    let plain = line("/", 200);
    let plain = plain.trim_end();
    let error =
        "2025/11/03 01:06:12 [error] 7#7: *1 open() \"/x\" failed (2: No such file), client: ::1, server: a, request: \"GET /x HTTP/1.1\"";
    let json =
        |line: &str| serde_json::json!({"log": format!("{line}\n"), "stream": "stdout", "time": "2025-11-03T01:06:11.5Z"}).to_string();
    let (first, second) = plain.split_at(40);
    let cases: Vec<(&str, String)> = vec![
        (
            "compose",
            format!(
                "web-1  | {plain}\nproxy-1  | [2025/11/03 01:06:11] GET - \"/oauth2/auth\" HTTP/1.1 202\nweb-1  | {error}\nweb-1  | {plain}\n"
            ),
        ),
        (
            "colours",
            format!("\u{1b}[36mweb-1  | \u{1b}[0m{plain}\n\u{1b}[33mdb-1   | \u{1b}[0mready\n\u{1b}[36mweb-1  | \u{1b}[0m{plain}\n"),
        ),
        (
            "kubectl",
            format!("[pod/web-1/nginx] {plain}\n[pod/web-1/nginx] {error}\n[pod/web-2/nginx] 2025-11-03T01:06:11.123456789Z {plain}\n"),
        ),
        ("docker", format!("{}\n{}\n{}\n", json(plain), json(error), json(plain))),
        ("docker, parted", format!("{}\n{}\n{}\n", json(first).replace("\\n", ""), json(second), json(plain))),
        (
            "containerd",
            format!(
                "2025-11-03T01:06:11.1Z stdout F {plain}\n2025-11-03T01:06:11.1Z stderr F {error}\n2025-11-03T01:06:11.1Z stdout P {first}\n2025-11-03T01:06:11.2Z stdout F {second}\n"
            ),
        ),
        (
            "syslog",
            format!(
                "<190>Nov  3 01:06:11 gate nginx: {plain}\n<187>Nov  3 01:06:11 gate nginx: {error}\nNov  3 01:06:11 gate nginx[1]: {plain}\n"
            ),
        ),
        ("journal export", format!("__CURSOR=s=1\n__REALTIME_TIMESTAMP=1762099571000000\nMESSAGE={plain}\n_PID=1\n\nMESSAGE={plain}\n")),
        (
            "journal json",
            format!(
                "{}\n{}\n",
                serde_json::json!({"MESSAGE": plain, "_PID": "1"}),
                serde_json::json!({"MESSAGE": plain.bytes().collect::<Vec<_>>()})
            ),
        ),
        ("carriage returns", format!("{plain}\r\n{plain}\r\n")),
    ];
    for (name, text) in cases {
        let logs = read_streams(&analysis, &[("x", text.clone().into_bytes())], &options(Since::Always));
        assert_eq!((logs.sources[0].requests, logs.sources[0].garbled, logs.locations[0].total), (2, 0, 2), "{name}:\n{text}");
        assert_eq!(logs.locations[0].last, Some(1_762_131_971), "{name}");
    }
}

const TWO_SERVERS: &str = "log_format port '$remote_addr [$time_local] $server_port \"$request\" $status';
    log_format host '$remote_addr [$time_local] $host \"$request\" $status'; log_format bad '$http_user_agent $request_uri';";

fn sights(servers: &str, name: &str, log: &str) -> (Vec<String>, Vec<u64>, Logs) {
    let (_folder, analysis) = workspace(&format!("http {{ {TWO_SERVERS} {servers} }}"));
    let logs = read_streams(&analysis, &[(name, log.as_bytes().to_vec())], &options(Since::Always));
    let show = |sight: &Sight| match sight {
        Sight::Blind(_, missing) => missing.join(" "),
        sight => format!("{sight:?}").split('(').next().unwrap_or_default().to_owned(),
    };
    (logs.sights.iter().map(show).collect(), logs.locations.iter().map(|hits| hits.total).collect(), logs)
}

#[test]
fn what_a_log_can_not_tell_is_said_with_the_line_that_would() {
    let servers = "server { listen 80; server_name a; location / {} } server { listen 81; server_name b; location / {} }";
    let (seen, hits, logs) = sights(servers, "x.log", &line("/", 200));
    assert_eq!((seen, hits, logs.unplaced), (vec!["$server_port".to_owned(), "$server_port".to_owned()], vec![0, 0], 1));
    let better = logs.limits.iter().find_map(|limit| match limit {
        Limit::Format { better, entry: None, .. } => Some(better.as_str()),
        _ => None,
    });
    let wanted = r#"log_format combined_host '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $server_port';"#;
    assert_eq!(better, Some(wanted));
    // A file for each server tells them apart, also when it is an older one.
    let apart = "server { listen 80; access_log /l/a.log; location / {} } server { listen 81; access_log /l/b.log; location / {} }";
    let (seen, hits, _) = sights(apart, "b.log.2.gz", &line("/", 200));
    assert_eq!((seen, hits), (vec!["NotRead".to_owned(), "Seen".to_owned()], vec![0, 1]));
    let ported = servers.replace("listen", "access_log /dev/stdout port; listen");
    let (seen, hits, _) = sights(&ported, "x.log", "::1 [03/Nov/2025:01:06:11 +0000] 81 \"GET /?a HTTP/2.0\" 200\n");
    assert_eq!((seen, hits), (vec!["Seen".to_owned(), "Seen".to_owned()], vec![0, 1]));
    let named = ported.replace("81", "80").replace(" port", " host");
    let (seen, hits, _) = sights(&named, "x.log", "::1 [03/Nov/2025:01:06:11 +0000] b \"GET / HTTP/1.1\" 200\n");
    assert_eq!((seen, hits), (vec!["Seen".to_owned(), "Seen".to_owned()], vec![0, 1]));
    let other = "server { listen 80; location / { access_log off; } location /a { access_log /x bad; } location /b { access_log /x combined if=$a; }
        location /c { internal; } location @d { } location /e { if ($x) { access_log off; } } location /f { access_log /dev/stdout port; } }";
    let (seen, _, logs) = sights(other, "some.log", &line("/", 200));
    assert_eq!(seen, ["Off", "NotRead", "Conditional", "Internal", "Internal", "Conditional", "NotRead"]);
    assert!(logs.limits.iter().any(|limit| matches!(limit, Limit::Unreadable(..))), "{:?}", logs.limits);
}

#[test]
fn a_location_whose_requests_end_where_they_are_not_logged_is_not_seen() {
    let servers = "server { listen 80; location /quiet/ { access_log off; } location /last/ { rewrite ^/last/(.*) /quiet/$1 last; }
        location /files/ { try_files $uri @quiet; } location @quiet { access_log off; return 200; } location @loud { rewrite ^ /quiet/x; }
        location /page/ { error_page 418 = @quiet; return 418; } location /through/ { try_files $uri @loud; }
        location /folder/ { index quiet.html; } location = /folder/quiet.html { access_log off; }
        location /fails/ { error_page 502 @quiet; proxy_pass http://127.0.0.1:9; } location /away/ { rewrite ^ /quiet/x redirect; }
        location /here/ { rewrite ^/here/(.*) /quiet/$1 break; proxy_pass http://127.0.0.1:9; } location /other/ { rewrite ^ /plain/x last; }
        location /if/ { if ($arg_a) { rewrite ^ /quiet/ last; } return 200; } location /plain/ { return 200; }
        location /docs/ { } location ~ ^/docs/.*[.]html$ { access_log off; } }";
    let (seen, ..) = sights(servers, "some.log", &line("/", 200));
    let expected = [
        "Off", "Moved", "Moved", "Internal", "Internal", "Moved", "Moved", "Moved", "Off", "Seen", "Seen", "Seen", "Seen", "Moved", "Seen",
        "Moved", "Off",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn where_only_the_last_uri_is_logged_what_changes_it_is_not_seen() {
    let servers = |format: &str| {
        format!(
            "log_format end '$remote_addr [$time_local] \"$uri\" $status'; log_format all '$remote_addr [$time_local] \"$uri\" \"$request\" $status';
             server {{ listen 80; access_log /dev/stdout {format}; location /plain/ {{ return 200; }} location /last/ {{ rewrite ^/last/(.*) /plain/$1 last; }}
             location /here/ {{ rewrite ^/here/(.*) /plain/$1 break; proxy_pass http://127.0.0.1:9; }} location /app/ {{ try_files $uri /plain/x; }}
             location /named/ {{ try_files $uri @named; }} location @named {{ return 200; }} location /own/ {{ rewrite ^ /own/x break; }}
             location /folder/ {{ index x.php; }} location ~ [.]php$ {{ return 200; }} }}"
        )
    };
    let (seen, ..) = sights(&servers("end"), "x.log", "::1 [03/Nov/2025:01:06:11 +0000] \"/plain/\" 200\n");
    assert_eq!(seen, ["Seen", "Moved", "Moved", "Moved", "Seen", "Internal", "Seen", "Moved", "Seen"]);
    let (seen, ..) = sights(&servers("all"), "x.log", "::1 [03/Nov/2025:01:06:11 +0000] \"/plain/\" \"GET /plain/ HTTP/1.1\" 200\n");
    assert!(seen.iter().all(|one| one == "Seen" || one == "Internal"), "{seen:?}");
}

#[test]
fn a_uri_with_blanks_is_one() {
    for format in ["$remote_addr|$time_local|$request_method|$uri|$args|$status", "$remote_addr [$time_local] $request_method $uri $status"]
    {
        let conf = format!(
            "http {{ log_format f '{format}'; server {{ listen 80; access_log /dev/stdout f; location /a/ {{}} location / {{}} }} }}"
        );
        let time = "03/Nov/2025:01:06:11 +0000";
        let filled = |uri: &str| {
            format.replace("$remote_addr", "::1").replace("$time_local", time).replace("$request_method", "GET").replace("$uri", uri)
        };
        let line = |uri: &str| filled(uri).replace("$args", "-").replace("$status", "200") + "\n";
        let (analysis, logs) = read_conf(&conf, &[line("/a/x"), line("/a/x y"), line("/a/x  200 y"), line("/b")].concat());
        assert_eq!(hits(&analysis, &logs), ["/a/ 3/0/0/0", "/ 1/0/0/0"], "{format}");
    }
}

#[test]
fn a_line_that_is_too_old_to_count_covers_nothing() {
    let (_folder, analysis) = workspace("http { server { listen 80; location / {} } }");
    let at =
        |day: u32, hour: u32, minute: u32| line("/", 200).replace("03/Nov/2025:01:06", &format!("{day:02}/Nov/2025:{hour:02}:{minute:02}"));
    let today: String =
        (0..12).flat_map(|hour| (0..6).map(move |ten| (hour, ten * 10))).map(|(hour, minute)| at(28, hour, minute)).collect();
    let earlier: String = (0..24).map(|hour| at(19, hour, 0)).collect();
    let week = options(Since::Span(7 * time::DAY));
    let alone = read_streams(&analysis, &[("access.log", today.clone().into_bytes())], &week);
    let both = read_streams(&analysis, &[("access.log", today.into_bytes()), ("access.log.7", earlier.into_bytes())], &week);
    let short = |logs: &Logs| logs.limits.iter().find(|limit| matches!(limit, Limit::ShortWindow(..))).cloned();
    assert!(short(&alone).is_some() && !both.covers());
    assert_eq!(short(&both), short(&alone));
    // Where they come once in a while, a day without one is none that is missing.
    let rare = [at(10, 0, 0), at(23, 0, 0), at(26, 0, 0), at(28, 0, 0)].concat();
    assert!(read_streams(&analysis, &[("access.log", rare.into_bytes())], &week).covers());
}

#[test]
fn a_request_that_several_access_logs_have_counts_once() {
    let servers = "server { listen 80; location / { access_log /l/a.log; access_log /l/b.log port; } }";
    let (_folder, analysis) = workspace(&format!("http {{ {TWO_SERVERS} {servers} }}"));
    let port = "::1 [03/Nov/2025:01:06:11 +0000] 80 \"GET / HTTP/1.1\" 200\n";
    let both = [("a.log", line("/", 200).into_bytes()), ("b.log", port.as_bytes().to_vec())];
    assert_eq!(read_streams(&analysis, &both, &options(Since::Always)).locations[0].total, 1);
    assert_eq!(read_streams(&analysis, &both[1..], &options(Since::Always)).locations[0].total, 1);
    let mixed = [line("/", 200), port.to_owned()].concat();
    assert_eq!(read_streams(&analysis, &[("stdout", mixed.into_bytes())], &options(Since::Always)).locations[0].total, 1);
}

#[test]
fn only_what_is_near_enough_to_the_newest_request_counts() {
    let (_folder, analysis) = workspace("http { server { listen 80; location / {} location /old {} } }");
    let at = |day: u32, path: &str| line(path, 200).replace("03/Nov", &format!("{day:02}/Nov"));
    let days: Vec<(u32, &str)> = vec![(1, "/old"), (5, "/old"), (20, "/"), (14, "/"), (12, "/old"), (19, "/")];
    let orders: [Vec<usize>; 3] = [(0..6).collect(), (0..6).rev().collect(), vec![2, 0, 5, 1, 4, 3]];
    let week = options(Since::Span(7 * time::DAY));
    for order in orders {
        let texts: Vec<String> = order.iter().map(|index| at(days[*index].0, days[*index].1)).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let (first, second) = texts.split_at(3);
        let files: Vec<PathBuf> = [("a.log", first), ("b.log", second)]
            .map(|(name, texts)| {
                let path = folder.path().join(name);
                std::fs::write(&path, texts.concat()).expect("a file");
                path
            })
            .to_vec();
        let from_files = |options: &Options| {
            let inputs = files.iter().cloned().map(Input::File).collect();
            analysis.read_logs(inputs, options, &|_, _| {}, &AtomicBool::new(false)).expect("read").remove(0)
        };
        let streams = [("a.log", first.concat().into_bytes()), ("b.log", second.concat().into_bytes())];
        for logs in [from_files(&week), read_streams(&analysis, &streams, &week)] {
            assert_eq!((logs.locations[0].total, logs.locations[1].total), (3, 0), "{order:?}");
            assert!(logs.covers() && logs.asked == Some(7 * time::DAY));
        }
        let from = Since::parse("2025-11-12").expect("a day");
        let logs = from_files(&options(from));
        assert_eq!((logs.locations[0].total, logs.locations[1].total), (3, 1));
        let month = from_files(&options(Since::parse("30d").expect("a span")));
        assert!(!month.covers() && month.limits.contains(&Limit::ShortWindow(30 * time::DAY, 19 * time::DAY)), "{:?}", month.limits);
    }
}

/// A machine that starts with a wrong clock writes some lines with a time that has not come. Taken as it stands, such a line would make
/// everything else too old to count, and all of it look unused.
#[test]
fn a_clock_that_was_ahead_makes_nothing_look_old() {
    let (_folder, analysis) = workspace("http { server { listen 80; location / {} location /old {} } }");
    let at = |day: &str, path: &str| line(path, 200).replace("03/Nov/2025", day);
    let right: Vec<String> =
        (1..=9).flat_map(|day| [at(&format!("{day:02}/Nov/2025"), "/"), at(&format!("{day:02}/Nov/2025"), "/old")]).collect();
    let now = time::moment("2025-11-10").expect("a day");
    let week = Options { now: Some(now), ..options(Since::Span(7 * time::DAY)) };
    let usual = read_streams(&analysis, &[("a.log", right.concat().into_bytes())], &week);
    assert!(usual.locations[1].total >= 6 && usual.covers() && usual.limits.is_empty(), "{:?}", usual.limits);
    for wrong in ["01/Jan/2099", "12/Nov/2025", "31/Dec/9999"] {
        for place in [0, 7, right.len()] {
            let mut lines = right.clone();
            lines.insert(place, at(wrong, "/"));
            for threads in [1, 2] {
                let options = Options { threads: Some(threads), ..week };
                let logs = read_streams(&analysis, &[("a.log", lines.concat().into_bytes())], &options);
                let counted = |logs: &Logs| (logs.locations[1].total, logs.locations[1].first, logs.locations[1].last);
                assert_eq!(counted(&logs), counted(&usual), "{wrong} as line {place}");
                // It is a request all the same, whenever it was.
                assert_eq!(logs.locations[0].total, usual.locations[0].total + 1, "{wrong} as line {place}");
                assert_eq!(logs.sources[0].window, usual.sources[0].window);
                assert_eq!(logs.limits, [Limit::Ahead(1)]);
            }
        }
    }
    // Where it is not known what time it is, or this machine's own clock is behind, nothing is called unused for it.
    let behind = Options { now: Some(0), ..week };
    let logs = read_streams(&analysis, &[("a.log", right.concat().into_bytes())], &behind);
    assert!(!logs.covers() && logs.limits.contains(&Limit::Ahead(18)), "{:?}", logs.limits);
}

#[test]
fn a_later_state_of_the_configuration_has_the_same_hits() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("nginx.conf");
    let write = |servers: &str| std::fs::write(&path, format!("http {{ {servers} }}")).expect("a file");
    write("server { listen 80; location /a {} location /b { location /b/c {} } } server { listen 81; location /a {} }");
    let mut world = World::new(folder.path(), vec![path.clone()], Settings::default());
    let before = world.analysis();
    let logs = Arc::new(Logs {
        locations: (0..4).map(|total| Hits { total, ..Hits::default() }).collect(),
        servers: (10..12).map(|total| Hits { total, ..Hits::default() }).collect(),
        sights: vec![Sight::Seen; 4],
        ..Logs::default()
    });
    // A server in front, a location in front, one gone, one that moved.
    write(
        "server { listen 82; } server { listen 80; location /new {} location /b { location /b/c {} } location /a {} } server { listen 81; }",
    );
    world.disk_changed(world.vfs().id(&path));
    let after = world.analysis();
    let carried = logs.carried(&before.configs[0], &after.configs[0]);
    assert_eq!(carried.locations.iter().map(|hits| hits.total).collect::<Vec<_>>(), [0, 1, 2, 0]);
    assert_eq!(carried.servers.iter().map(|hits| hits.total).collect::<Vec<_>>(), [0, 10, 11]);
    assert_eq!(carried.sights, [Sight::NotRead, Sight::Seen, Sight::Seen, Sight::Seen]);
    assert!(Arc::ptr_eq(&logs.carried(&before.configs[0], &before.configs[0]), &logs), "nothing moved");
}

#[test]
fn what_logs_say_of_directives_follows_these_to_where_they_are_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("nginx.conf");
    let write = |locations: &str| std::fs::write(&path, format!("http {{ server {{ listen 80; {locations} }} }}")).expect("a file");
    write("location /a { access_log off; } location /b { access_log off; } location /c { access_log x if=$y; }");
    let mut world = World::new(folder.path(), vec![path.clone()], Settings::default());
    let before = world.analysis();
    let config = &before.configs[0];
    let [off_a, off_b, conditional] = config.all("access_log") else { panic!("three of them") };
    let logs = Arc::new(Logs {
        locations: vec![Hits::default(); 3],
        servers: vec![Hits::default()],
        sights: vec![Sight::Off(*off_a), Sight::Off(*off_b), Sight::Conditional(*conditional)],
        limits: vec![Limit::NoZone, Limit::Unreadable(*conditional, "why".into())],
        ..Logs::default()
    });
    let mut after = |locations: &str| {
        write(locations);
        world.disk_changed(world.vfs().id(&path));
        let after = world.analysis();
        (logs.carried(config, &after.configs[0]), after.configs[0].all("access_log").to_vec())
    };
    let same = "location /a { access_log off;  } location /b { access_log off; } location /c { access_log  x if=$y; }";
    assert!(Arc::ptr_eq(&after(same).0, &logs), "blanks are no directives");
    let (moved, all) =
        after("root /x; location /a { access_log off; } location /b { access_log off; root /y; } location /c { access_log x if=$y; }");
    assert_eq!(moved.sights, [Sight::Off(all[0]), Sight::Off(all[1]), Sight::Conditional(all[2])]);
    assert_eq!(moved.limits, [Limit::NoZone, Limit::Unreadable(all[2], "why".into())]);
    // Of two that are alike one is gone: it stands for both. Another condition is another directive.
    let (fewer, all) = after("location /a { access_log off; } location /b { } location /c { access_log x if=$z; }");
    assert_eq!(fewer.sights, [Sight::Off(all[0]), Sight::Off(all[0]), Sight::NotRead]);
    assert_eq!(fewer.limits, [Limit::NoZone]);
}

#[test]
fn reading_stops_when_it_is_told_to() {
    let (_folder, analysis) = workspace("http { server { listen 80; location / {} } }");
    let inputs = vec![Input::Stream("x".into(), Box::new(Cursor::new(line("/", 200))))];
    assert!(analysis.read_logs(inputs, &Options::default(), &|_, _| {}, &AtomicBool::new(true)).is_none());
}

/// Every `log_format` of the corpus can be read back, or it is said why not.
#[test]
fn every_format_of_the_corpus_compiles_or_says_why_not() {
    let Some(corpus) = common::shared("corpus") else { return };
    let (mut read, mut refused) = (0, Vec::new());
    for entry in walk(&corpus.join("conf")).into_iter().chain(walk(&corpus.join("ngxtests"))).chain(walk(&corpus.join("docs"))) {
        let bytes = std::fs::read(&entry).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        if !text.contains("log_format") {
            continue;
        }
        let text = nginx_analyzer::text::Text::new(&text);
        let parse = nginx_analyzer::syntax::Parse::with_vocabulary(&text, nginx_analyzer::nginx::directives::is_known);
        let mut open: Vec<_> = parse.directives.clone();
        while let Some(directive) = open.pop() {
            open.extend(directive.children().iter().cloned());
            if directive.is("log_format") && directive.args.len() > 1 {
                match nginx_analyzer::usage::logs::check_format(directive.args.iter().skip(1).map(|word| &*word.value)) {
                    Ok(()) => read += 1,
                    Err(why) => refused.push(why),
                }
            }
        }
    }
    println!("{read} formats of the corpus can be read back, {} can't: {refused:#?}", refused.len());
    assert!(read >= 30 && refused.iter().all(|why| why.contains("nothing stands between") || why.contains("not in quotes")), "{refused:?}");
    assert!(refused.len() * 10 <= read, "{} of {read}", refused.len());
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { open.push(path) } else { out.push(path) }
        }
    }
    out.sort();
    out
}
