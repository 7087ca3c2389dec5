//! Configurations made to hurt: all is said within bounds, and what was not looked at to the end is said to be so.

use std::fmt::Write as _;
use std::path::Path;

use nginx_analyzer::config::ServerId;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::routing::trace::{FileKind, Landing, Request, StepKind, Surroundings, Trace, trace};
use nginx_analyzer::rules;
use nginx_analyzer::text::Text;
use nginx_analyzer::world::World;

/// The world of one file that exists nowhere.
fn world(text: &str) -> World {
    let folder = Path::new("/nowhere/bounds");
    let main = folder.join("nginx.conf");
    let mut world = World::new(folder, vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    world.set_text(file, Text::new(text));
    world
}

struct Nothing;

impl Surroundings for Nothing {
    fn file(&self, _: &str) -> FileKind {
        FileKind::Unknown
    }

    fn lands(&self, _: &str, port: u16) -> Landing {
        Landing::Here { address: "*".into(), port, evidence: None }
    }
}

fn traced(world: &mut World, target: &str) -> Trace {
    let analysis = world.analysis();
    let view = analysis.views().next().expect("a configuration");
    let request = Request { headers: vec![("Host".into(), b"h".to_vec())], ..Request::get(target) };
    trace(view.config, view.router(), &Nothing, &request)
}

/// The ids of what was found.
fn found(world: &mut World) -> Vec<&'static str> {
    let mut ids: Vec<&str> = rules::check(&world.analysis()).iter().map(|finding| finding.rule).collect();
    ids.dedup();
    ids
}

#[test]
fn ten_thousand_locations_in_one_server() {
    let mut text = String::from("events {}\nhttp {\nserver {\nlisten 80;\n");
    for number in 0..10_000 {
        let matcher = match number % 4 {
            0 => format!("/p{number}/"),
            1 => format!("= /e{number}"),
            2 => format!("~ ^/r{number}/(a|b)+$"),
            _ => format!(r"~* \.x{number}$"),
        };
        let _ = writeln!(text, "location {matcher} {{ return 204; }}");
    }
    // One that an earlier regex takes.
    text.push_str("location ~ ^/r2/(a|b)+$ { return 205; }\n}\n}\n");
    let mut world = world(&text);
    assert!(found(&mut world).contains(&"dead-location"));
    let found = traced(&mut world, "/r9998/abab");
    assert_eq!(found.ways[0].hops[0].location.map(|location| location.0), Some(9998));
}

#[test]
fn two_thousand_servers_on_one_socket() {
    let mut text = String::from("events {}\nhttp {\n");
    for number in 0..2_000 {
        let _ = writeln!(text, "server {{ listen 80; server_name h{number} *.w{number} ~^r{number}\\.; location / {{ return 204; }} }}");
    }
    text.push_str("}\n");
    let mut world = world(&text);
    found(&mut world);
    let analysis = world.analysis();
    let router = analysis.views().next().expect("a configuration").router();
    for (host, server) in [("h1999", 1999), ("a.w1998", 1998), ("r1997.x", 1997), ("none", 0)] {
        assert_eq!(router.server("*", 80, host.as_bytes()), Some(ServerId(server)), "{host}");
    }
}

#[test]
fn regexes_that_are_too_large_or_too_slow() {
    // An automaton of this would have millions of states: nothing can be told, and nothing is.
    let large = r"location ~ ^/(a|b)*a(a|b){400}$ { return 204; } location ~ ^/(a|b)*a(a|b){401}$ { return 205; }";
    let nested = format!("location ~ {}x{} {{ return 206; }}", "(".repeat(180), ")*".repeat(180));
    let repeated = r#"location ~ "^/((a{1,100}){1,100}){1,100}$" { return 207; }"#;
    let slow = r"location ~ ^/s/(a+)+$ { return 208; }";
    let mut world =
        world(&format!("events {{}}\nhttp {{ server {{ listen 80; location / {{ }}\n{slow}\n{large}\n{nested}\n{repeated}\n}} }}\n"));
    assert!(!found(&mut world).contains(&"dead-location"));
    // PCRE has a limit of its own for this.
    traced(&mut world, &format!("/s/{}!", "a".repeat(60)));
}

/// Each line makes a text twice as long: what nginx would have no memory for has to be nothing to us.
#[test]
fn texts_that_double_with_each_line() {
    let sets = "set $a $a$a;\n".repeat(60);
    let maps: String = (0..60).map(|at| format!("map $uri $m{} {{ volatile; default $m{at}$m{at}; /x y; }}\n", at + 1)).collect();
    let chain: String = (0..1_000).map(|at| format!("map $n{at} $n{} {{ default $n{at}; }}\n", at + 1)).collect();
    let rewrites = "rewrite ^(.*)$ $1$1;\n".repeat(60);
    let mut world = world(&format!(
        "events {{}}\nhttp {{\nmap $uri $m0 {{ default xx; }}\n{maps}map $uri $n0 {{ default x; }}\n{chain}server {{\nlisten 80;\n\
         location /set {{ set $a xx; {sets} if ($a = q) {{ return 201; }} return 200 $a; }}\n\
         location /pass {{ set $a xx; {sets} proxy_pass http://$a; }}\n\
         location /map {{ root /srv/$m60; if ($m60 = q) {{ return 201; }} return 200 $m60; }}\n\
         location /deep {{ return 200 $n1000; }}\n\
         location /rewrite {{ {rewrites} return 200 $uri; }}\n}}\n}}\n"
    ));
    found(&mut world);
    for target in ["/set", "/pass", "/map", "/deep", "/rewrite"] {
        let trace = traced(&mut world, target);
        assert!(trace.ways.iter().any(|way| way.hops[0].location.is_some()), "{target}");
    }
}

/// A file that is read over and over takes as much memory as one of all that, whoever includes it.
#[test]
fn a_large_file_that_is_included_over_and_over() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write("part.conf", "location /a { return 200; }\n".repeat(20_000));
    // 600 MB for one main file, and for a thousand of them as much again.
    write("nginx.conf", format!("events {{}}\nhttp {{ server {{\n{}}} }}\n", "include part.conf;\n".repeat(1_000)));
    for main in 0..300 {
        write(&format!("main{main}.nginx.conf"), "events {}\nhttp { server { include part.conf; } }\n".to_owned());
    }
    let mut world = World::new(folder.path(), Vec::new(), Settings::default());
    let analysis = world.analysis();
    let entries: usize = analysis.configs.iter().map(|config| config.entries.len()).sum();
    assert!(entries < 6_000_000, "{entries}");
    let said: Vec<String> =
        analysis.project.problems.iter().map(|notice| notice.message.say(nginx_analyzer::messages::Language::English)).collect();
    assert!(said.iter().any(|message| message.contains("there is memory for")), "{said:?}");
}

#[test]
fn requests_that_go_round_in_circles() {
    let mut world = world(
        "events {}\nhttp {\nmap $b $a { default $b; }\nmap $a $b { default $a; }\nserver {\nlisten 80;\n\
         location / { rewrite ^ /x last; }\nlocation /proxy { proxy_pass http://127.0.0.1; }\n\
         location /grow { proxy_pass http://127.0.0.1/grow/more; }\nlocation /map { return 200 $a; }\n\
         location /page { error_page 404 /page; recursive_error_pages on; return 404; }\nlocation /mirror { mirror /mirror; return 200; }\n}\n}\n",
    );
    let ends = |trace: &Trace, wanted: fn(&StepKind) -> bool| {
        let hops = &trace.ways[0].hops;
        hops.iter().flat_map(|hop| &hop.steps).any(|step| wanted(&step.kind))
    };
    assert!(ends(&traced(&mut world, "/"), |step| matches!(step, StepKind::TooManyChanges)));
    assert!(ends(&traced(&mut world, "/page"), |step| matches!(step, StepKind::TooManyChanges)));
    assert!(ends(&traced(&mut world, "/proxy"), |step| matches!(step, StepKind::Loop { hop: 1 })));
    assert!(ends(&traced(&mut world, "/grow"), |step| matches!(step, StepKind::GaveUp { .. })));
    assert_eq!(traced(&mut world, "/map").ways.len(), 1);
    assert_eq!(traced(&mut world, "/mirror").ways[0].hops[0].status, Some(200));
}

#[test]
fn blocks_nested_as_deep_as_they_get() {
    // Blocks more than 200 deep are a `syntax-error`.
    let depth = 150;
    let ifs = format!("{}{}", "if ($remote_addr) { set $x 1; ".repeat(depth), "}".repeat(depth));
    let nested: String = (1..=depth).map(|level| format!("location {} {{ ", "/a".repeat(level))).collect();
    let mut world = world(&format!("events {{}}\nhttp {{ server {{ listen 80; {ifs}\n{nested} return 204; {} }} }}\n", "}".repeat(depth)));
    found(&mut world);
    let found = traced(&mut world, &"/a".repeat(depth));
    assert_eq!(found.ways[0].hops[0].status, Some(204), "{:?}", found.ways[0].hops[0].steps.last());
}

#[test]
fn an_include_explosion() {
    // Each of seven files reads the next one ten times.
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write("nginx.conf", format!("events {{}}\nhttp {{\n{}}}\n", "include f0.conf;\n".repeat(10)));
    for level in 0..7 {
        write(&format!("f{level}.conf"), format!("include f{}.conf;\n", level + 1).repeat(10));
    }
    write("f7.conf", "server { listen 80; location / { return 204; } }\n".to_owned());
    let mut world = World::new(folder.path(), vec![folder.path().join("nginx.conf")], Settings::default());
    let said: Vec<String> = rules::check(&world.analysis()).into_iter().map(|finding| finding.message).collect();
    assert!(said.iter().any(|message| message.starts_with("gave up here")), "{:?}", said.iter().take(5).collect::<Vec<_>>());
}
