//! Names that nothing defines, and names that nothing uses, in configurations made at random: what `nginx -t` says of them.

use std::path::Path;
use std::process::Command;

use nginx_analyzer::rules::{self, Confidence, Finding};
use nginx_analyzer::world::{Analysis, World};

use crate::live::{Nginx, binary};
use crate::support::{Random, seeds};

/// What `nginx -t` says against a configuration; `None` where it takes it.
fn refused(binary: &Path, folder: &Path) -> Option<String> {
    let output = Command::new(binary).args(["-t", "-q", "-p"]).arg(folder).arg("-c").arg(folder.join("nginx.conf")).output().unwrap();
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn write(folder: &Path, http: &str) {
    let at = folder.display();
    let text = format!(
        "pid {at}/pid; error_log {at}/err;\nevents {{}}\nhttp {{ access_log off; client_body_temp_path {at}/b; proxy_temp_path {at}/p;\nfastcgi_temp_path {at}/f; \
         uwsgi_temp_path {at}/u; scgi_temp_path {at}/c;\n{}\n}}\n",
        http.replace("/CACHE", &format!("{at}/k"))
    );
    std::fs::write(folder.join("nginx.conf"), text).unwrap();
}

fn analyse(folder: &Path) -> std::sync::Arc<Analysis> {
    World::open(folder, Vec::new()).analysis()
}

fn of<'a>(found: &'a [Finding], rule: &str) -> Vec<&'a Finding> {
    found.iter().filter(|finding| finding.rule == rule).collect()
}

const NAMES: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

fn definition(random: &mut Random, name: &str) -> String {
    let value = random.pick(&NAMES);
    let source = random.pick(&["$uri", "$HTTP_Host", "$arg_a", "$alpha", "$Beta"]);
    match random.below(9) {
        0 => format!("map {source} ${name} {{ default ${value}; a {value}; }}"),
        1 => format!("geo ${name} {{ default $not_a_variable; }}"),
        2 => format!("split_clients \"x{source}\" ${name} {{ * $not_a_variable; }}"),
        3 => format!("upstream {name}{} {{ server 127.0.0.1:1; }}", random.below(100_000)),
        4 => format!("log_format {name}{} '{source}';", random.below(3)),
        5 => format!("limit_req_zone {source} zone=r{name}:1m rate=1r/s;"),
        6 => format!("limit_conn_zone {source} zone=c{name}:1m;"),
        7 => format!("proxy_cache_path /CACHE{name} keys_zone=k{name}:1m;"),
        _ => format!("access_log /CACHE.log {name}{};", random.below(3)),
    }
}

fn usage(random: &mut Random, number: usize) -> String {
    let name = random.pick(&NAMES);
    let what = match random.below(16) {
        0 => format!("return 200 \"x${{{name}}}y\";"),
        1 => format!("set ${name} 1;"),
        2 => format!("set $own${name} 1;").replace("$own$", "$"),
        3 => format!("set $other ${name};"),
        4 => format!("if (${name}) {{ return 204; }}"),
        5 => format!("if ($uri ~ \"^/(?<{name}>.)\") {{ return 204; }}"),
        6 => format!("add_header X ${name};"),
        7 => format!("limit_req zone=r{name};"),
        8 => format!("limit_conn c{name} 1;"),
        9 => format!("proxy_cache k{name}; proxy_pass http://127.0.0.1:1;"),
        10 => format!("access_log /CACHE.log {name}{};", random.below(3)),
        11 => format!("try_files /a${name} =404;"),
        12 => format!("rewrite ^/(?<{name}>a) /$1_{name} break;"),
        13 => format!("error_page 404 /e${name};"),
        14 => format!("fastcgi_param A ${name}; fastcgi_pass 127.0.0.1:1;"),
        _ => format!("root /srv/${name};"),
    };
    format!("location /l{number} {{ {what} }}\n")
}

fn made(random: &mut Random, definitions: usize, uses: usize) -> String {
    let mut out = String::new();
    for _ in 0..random.below(definitions) {
        let name = random.pick(&NAMES);
        out.push_str(&definition(random, name));
        out.push('\n');
    }
    out.push_str("server { listen unix:/tmp/never-bound;\n");
    for number in 0..random.below(uses) {
        out.push_str(&usage(random, number));
    }
    out.push_str("}\n");
    out
}

#[test]
fn nginx_refuses_what_is_undefined_and_takes_the_rest() {
    let Some(binary) = binary() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (mut taken, mut refused_for_a_name, mut other) = (0, 0, 0);
    for seed in seeds(250) {
        let mut random = Random::new(seed + 900);
        let http = made(&mut random, 10, 5);
        write(folder.path(), &http);
        let found = rules::check(&analyse(folder.path()));
        let found = of(&found, "undefined-name");
        match refused(&binary, folder.path()) {
            None => {
                taken += 1;
                assert!(found.is_empty(), "nginx starts: {found:#?}\n{http}");
            }
            Some(said) if ["unknown \"", "unknown log format", "zero size", "\" is unknown"].iter().any(|part| said.contains(part)) => {
                refused_for_a_name += 1;
                let name = said.split('"').nth(if said.contains("\" is unknown") { 3 } else { 1 }).unwrap();
                assert!(found.iter().any(|finding| finding.message.contains(name)), "{said}\n{found:#?}\n{http}");
            }
            // A name defined twice, and the like: nginx does not come to look at the others.
            Some(_) => other += 1,
        }
    }
    println!("{taken} configurations taken, {refused_for_a_name} refused for a name, {other} for something else");
    assert!(taken > 25 && refused_for_a_name > 100, "{taken} {refused_for_a_name} {other}");
}

#[test]
fn nginx_takes_a_configuration_without_what_is_unused() {
    let Some(binary) = binary() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (mut checked, mut removed) = (0, 0);
    for seed in seeds(250) {
        let mut random = Random::new(seed + 5000);
        write(folder.path(), &made(&mut random, 10, 5));
        if refused(&binary, folder.path()).is_some() {
            continue;
        }
        let analysis = analyse(folder.path());
        let found = rules::check(&analysis);
        let mut text = std::fs::read_to_string(folder.path().join("nginx.conf")).unwrap();
        let before = text.clone();
        // What only an unused definition uses is found when that is gone: one step is enough here.
        let mut spans: Vec<_> = of(&found, "unused-definition")
            .iter()
            .filter(|finding| finding.confidence == Confidence::Proven)
            .map(|finding| finding.place.span)
            .collect();
        spans.sort_by_key(|span| std::cmp::Reverse(span.start));
        for span in spans {
            let rest = &text[span.end as usize..];
            let end = if rest.trim_start().starts_with('{') { rest.find('}').unwrap() } else { rest.find(';').unwrap() };
            text.replace_range(span.start as usize..span.end as usize + end + 1, "");
            removed += 1;
        }
        std::fs::write(folder.path().join("nginx.conf"), &text).unwrap();
        checked += 1;
        assert_eq!(refused(&binary, folder.path()), None, "{before}\nwithout what is unused:\n{text}");
    }
    println!("{checked} configurations still start without {removed} unused definitions");
    assert!(checked > 25 && removed > 60, "{checked} {removed}");
}

/// Upstreams without a server that may be asked: 502, or nginx does not start at all.
#[test]
fn upstreams_that_cannot_answer() {
    let Some(binary) = binary() else { return };
    let folder = tempfile::tempdir().unwrap();
    let alive = folder.path().join("alive");
    let alive = format!("unix:{}", alive.display());
    for servers in [
        "server ALIVE down;",
        "server ALIVE down; server ALIVE down;",
        "ip_hash; server ALIVE down; server ALIVE down;",
        "hash $uri consistent; server ALIVE down;",
        "random; server ALIVE down; server ALIVE down;",
        "least_conn; keepalive 4; server ALIVE down backup; server ALIVE down;",
        "server ALIVE down; server ALIVE backup;",
        "server ALIVE; server ALIVE down;",
        "server ALIVE backup;",
        "ip_hash; server ALIVE; server ALIVE backup;",
        "random two; server ALIVE; server ALIVE backup;",
        "hash $uri; least_conn; server ALIVE; server ALIVE backup;",
        "server ALIVE; server ALIVE backup; ip_hash;",
    ] {
        let http = format!(
            "upstream u {{ {} }}\nserver {{ listen {alive}; return 200 ok; }}\nserver {{ listen 80; location / {{ proxy_pass http://u; }} }}",
            servers.replace("ALIVE", &alive)
        );
        write(folder.path(), &http);
        let found = rules::check(&analyse(folder.path()));
        let found: Vec<&str> = of(&found, "dead-upstream").iter().map(|finding| finding.message.as_str()).collect();
        let answer = Nginx::start(&binary, &http).map(|nginx| nginx.ask(b"/", "h").0);
        let _ = std::fs::remove_file(folder.path().join("alive"));
        match answer {
            Ok(200) => assert!(found.is_empty(), "{servers}: {found:?}"),
            Ok(502) => assert!(found.iter().any(|message| message.contains("502")), "{servers}: {found:?}"),
            Err(_) => assert!(found.iter().any(|message| message.contains("refuses")), "{servers}: {found:?}"),
            Ok(other) => panic!("{servers}: {other}"),
        }
    }
}
