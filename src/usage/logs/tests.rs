//! Whole readings: from the bytes of a log to what is known of each location.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::config::ServerId;
use crate::project::settings::Settings;
use crate::world::{Analysis, World};

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
    let view = analysis.views().next().expect("a configuration");
    let around = view.around();
    let parts = Parts { project: view.project, config: view.config, router: view.router(), around: &around };
    let inputs = logs.iter().map(|(name, bytes)| Input::Stream(PathBuf::from(name), Box::new(Cursor::new(bytes.clone())))).collect();
    read(&analysis.project.vfs, &[parts], inputs, options, &|_, _| {}, &AtomicBool::new(false)).expect("not cancelled").remove(0)
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
    let options = Options { since: Since::Span(7 * time::DAY), sums: true, threads: Some(2) };
    let logs = read_streams(&analysis, &[("openresty.log", bytes)], &options);
    assert_eq!(logs.sources[0].lines, 1721);
    assert_eq!((logs.sources[0].requests, logs.sources[0].garbled, logs.unplaced), (1719, 1, 0), "one client sent no HTTP");
    assert_eq!(logs.limits, []);
    assert!(logs.covers());
    let config = &analysis.configs[0];
    let line = |location: &crate::config::Location| {
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
