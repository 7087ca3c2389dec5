//! How long routing takes: the choice of a location, a whole trace, and the proofs, over the number of locations.
//! `cargo bench --bench routing`, or `cargo bench --bench routing -- choose`.
#![allow(missing_docs)]

mod allocator;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use nginx_analyzer::config::{Config, ServerId};
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::project::{Parses, Project, Vfs};
use nginx_analyzer::routing::reach::dead_locations;
use nginx_analyzer::routing::trace::{FileKind, Landing, Request, Surroundings, trace};
use nginx_analyzer::routing::{Router, uri};
use nginx_analyzer::text::Text;

const LOCATIONS: [usize; 5] = [10, 24, 500, 1_000, 10_000];
const SERVERS: [usize; 3] = [20, 200, 2_000];

fn main() {
    divan::main();
}

/// One server as a gateway has it: of eight locations one exact, three prefixes, one `^~`, three regexes.
fn locations(count: usize) -> String {
    let mut out = String::new();
    for number in 0..count {
        let matcher = match number % 8 {
            0 => format!("= /api/v{number}/status"),
            1 => format!("/api/service{number}/"),
            2 => format!("/web/page{number}"),
            3 => format!("~ ^/v{number}/(users|items|orders)/[0-9]+$"),
            4 => format!("^~ /static{number}/"),
            5 => format!(r"~* /media{number}/.+\.(png|jpe?g|gif)$"),
            6 => format!("/internal/{number}/"),
            _ => format!(r"~ ^/(old|legacy){number}(/|$)"),
        };
        let _ = writeln!(out, "location {matcher} {{ proxy_pass http://127.0.0.1:9000; }}");
    }
    out
}

/// URIs of which each location has one, and as many that none has.
fn uris(count: usize) -> Vec<Vec<u8>> {
    let uri = |number: usize| match number % 8 {
        0 => format!("/api/v{number}/status"),
        1 => format!("/api/service{number}/users/42"),
        2 => format!("/web/page{number}/index"),
        3 => format!("/v{number}/users/4711"),
        4 => format!("/static{number}/app.js"),
        5 => format!("/x/media{number}/a/b.png"),
        6 => format!("/internal/{number}/x"),
        _ => format!("/old{number}/x"),
    };
    (0..count).flat_map(|number| [uri(number), format!("/nothing/here/{number}")]).map(String::into_bytes).collect()
}

fn load(text: &str) -> (Config, Router) {
    let path = Path::new("/nowhere/nginx.conf");
    let mut vfs = Vfs::default();
    let file = vfs.id(path);
    vfs.open(file, Text::new(text));
    let settings = Arc::new(Settings::default());
    let project = Project::load(vfs, Path::new("/nowhere"), settings, &[path.to_path_buf()], &mut Parses::default());
    let config = project.roots.first().map(|root| Config::build(&project, root)).expect("a root");
    let router = Router::build(&config);
    (config, router)
}

fn server(count: usize) -> (Config, Router) {
    load(&format!("events {{}} http {{ server {{ listen 80; location / {{ return 404; }}\n{} }} }}", locations(count)))
}

/// The choice alone, as log replay needs it: normalise, then locate.
#[divan::bench(args = LOCATIONS)]
fn choose(bencher: Bencher, count: usize) {
    let (_, router) = server(count);
    let uris = uris(count);
    for uri in &uris {
        black_box(router.locate(ServerId(0), uri));
    }
    bencher.counter(ItemsCount::new(uris.len())).bench(|| {
        for uri in &uris {
            black_box(uri::normalize(black_box(uri), true).map(|(uri, _)| router.locate(ServerId(0), &uri)).ok());
        }
    });
}

struct Nothing;

impl Surroundings for Nothing {
    fn file(&self, _: &str) -> FileKind {
        FileKind::Unknown
    }

    fn lands(&self, _: &str, _: u16) -> Landing {
        Landing::Elsewhere
    }
}

#[divan::bench(args = [10, 1_000, 10_000])]
fn trace_one_url(bencher: Bencher, count: usize) {
    let (config, router) = server(count);
    let request = Request { headers: vec![("Host".into(), b"localhost".to_vec())], ..Request::get(uris(count).swap_remove(count)) };
    trace(&config, &router, &Nothing, &request);
    bencher.bench(|| trace(&config, &router, &Nothing, black_box(&request)));
}

#[divan::bench(args = LOCATIONS)]
fn tables(bencher: Bencher, count: usize) {
    let (config, _) = server(count);
    bencher.bench(|| Router::build(black_box(&config)));
}

#[divan::bench(args = LOCATIONS)]
fn proofs(bencher: Bencher, count: usize) {
    let (config, router) = server(count);
    bencher.counter(ItemsCount::new(count)).bench(|| dead_locations(black_box(&config), &router));
}

/// Many servers on one socket, and a host that only the last one has.
#[divan::bench(args = SERVERS)]
fn choose_server(bencher: Bencher, count: usize) {
    let mut text = String::from("events {} http {\n");
    for number in 0..count {
        let _ = writeln!(text, "server {{ listen 80; server_name host{number}.example.com *.zone{number}.example.org; location / {{}} }}");
    }
    text.push('}');
    let (_, router) = load(&text);
    let host = format!("www.zone{}.example.org", count - 1).into_bytes();
    bencher.bench(|| router.server("*", 80, black_box(&host)));
}
