//! What `redundant-location` calls redundant is taken away, and a real nginx is asked before and after: no request may tell the difference.

use nginx_analyzer::cleanup;
use nginx_analyzer::rules;
use nginx_analyzer::world::World;

use crate::live::{NAMES, Nginx, REGEXES, binary, target};
use crate::support::{Random, seeds};

const HEAD: &str = "events {}\nhttp {\n";
/// What a proxy sends is answered with what arrived; a redirect of the backend shows how it is rewritten.
const BACKEND: &str = "server { listen 80; server_name back; location / { if ($arg_q) { return 302 http://unix/b/$arg_q; }
    return 200 \"back $request_uri $http_x_a\"; } location /b/r { return 302 http://back/b/a/x; } }\n";

/// Handlers of which some do the same under another name, and some only seem to.
const HANDLERS: [&str; 14] = [
    "",
    "",
    "return 200 \"a $uri\";",
    "return 200 \"a $uri\";",
    "return 200 \"captured $1\";",
    "proxy_pass http://unix:/back:;",
    "proxy_pass http://unix:/back:;",
    "proxy_pass http://unix:/back:;",
    "proxy_pass http://unix:/back:/;",
    "proxy_pass http://unix:/back:/b/;",
    "proxy_pass http://unix:/back:/b/a;",
    "alias /usr/share/;",
    "try_files $uri =404;",
    "rewrite ^/(.)(.*)$ /$2$1 break; return 200 \"rewritten $uri\";",
];
const SETTINGS: [&str; 13] = [
    "",
    "",
    "",
    "add_header X-A 1 always;",
    "add_header X-A 1 always; add_header X-B 2 always;",
    "error_page 404 =200 /a;",
    "deny all;",
    "if ($uri ~ b) { return 405; }",
    "if ($uri ~ b) { add_header X-If 1 always; }",
    "limit_except GET { deny all; }",
    "proxy_redirect off;",
    "proxy_set_header X-A 2; proxy_set_header Host back;",
    "root /usr;",
];

fn locations(random: &mut Random, bodies: &[String], parent: &str, depth: usize, out: &mut String) {
    let mut used = Vec::new();
    for _ in 0..2 + random.below(4) {
        let regex = random.below(6) < 2;
        let (modifier, name) = if regex {
            (random.pick(&["~", "~*"]), random.pick(&REGEXES).to_owned())
        } else {
            let name = random.pick(&NAMES);
            (random.pick(&["", "", "", "=", "^~"]), if name.starts_with(parent) { name.to_owned() } else { format!("{parent}{name}") })
        };
        let key = (regex, modifier == "=", name.clone());
        if used.contains(&key) {
            continue;
        }
        used.push(key);
        let body = &bodies[random.below(bodies.len())];
        // The URI part is refused in a regex location, and everywhere below one the names would have to fit its text.
        if regex && ["back:/;", "back:/b", "alias"].iter().any(|part| body.contains(part)) {
            continue;
        }
        out.push_str(&format!("location {modifier} \"{}\" {{\n{body}\n", name.replace('\\', "\\\\")));
        if depth > 0 && modifier != "=" && !regex && random.below(5) == 0 {
            locations(random, bodies, &name, depth - 1, out);
        }
        out.push_str("}\n");
    }
}

/// What nginx says, without what changes from one second to the next.
fn said(nginx: &Nginx, target: &[u8]) -> String {
    let answer = nginx.whole_answer(target, "h");
    answer.lines().filter(|line| !line.starts_with("Date: ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn redundant_locations_change_nothing() {
    let Some(binary) = binary() else { return };
    let (mut started, mut removed, mut asked) = (0, 0, 0);
    for seed in seeds(260) {
        let mut random = Random::new(seed + 4000);
        let outer = random.pick(&["", "root /usr;", "add_header X-A 1 always;", "proxy_redirect off;"]);
        let bodies: Vec<String> = (0..2)
            .map(|_| {
                let header = "proxy_set_header Host back;";
                let setting = random.pick(&SETTINGS);
                let host = if setting.contains("Host") { "" } else { header };
                format!("{setting} {host} {}", random.pick(&HANDLERS))
            })
            .collect();
        let mut servers = format!("{BACKEND}server {{ listen 80; server_name h;\n{outer}\n");
        locations(&mut random, &bodies, "", 2, &mut servers);
        servers.push_str("}\n");

        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("nginx.conf"), format!("{HEAD}{servers}}}\n")).unwrap();
        let analysis = World::open(folder.path(), Vec::new()).analysis();
        let findings = rules::check(&analysis);
        let redundant: Vec<_> = findings.iter().filter(|finding| finding.rule == "redundant-location").collect();
        if redundant.is_empty() {
            continue;
        }
        let Ok(before) = Nginx::start(&binary, &servers) else { continue };
        started += 1;
        let targets: Vec<Vec<u8>> = (0..150).map(|_| target(&mut random)).collect();
        let mut targets: Vec<Vec<u8>> = targets.into_iter().chain(NAMES.iter().map(|name| name.replace(' ', "%20").into_bytes())).collect();
        targets.extend(
            ["/b", "/img", "/b/r", "/a/r", "/a/b/r", "/a?q=a/x", "/a/b?q=x", "/share/", "/a/share/doc"].map(|uri| uri.as_bytes().to_vec()),
        );
        let mut all = Vec::new();
        for finding in redundant {
            let fix = finding.fixes.first().unwrap();
            assert!(fix.safe, "{finding:?}");
            // Something that stays may name the location: that is refused, and no matter here.
            let Ok(edits) = cleanup::resolve(&analysis, &fix.action) else { continue };
            let (file, edits) = edits.into_iter().next().unwrap();
            all.extend(edits.iter().cloned());
            assert_same(&binary, &before, &cleanup::apply(&analysis.project.text(file), &edits).to_str(), &targets, &finding.message);
            removed += 1;
            asked += targets.len();
        }
        // And all of them at once.
        let file = analysis.project.roots[0].file;
        assert_same(&binary, &before, &cleanup::apply(&analysis.project.text(file), &all).to_str(), &targets, "all");
    }
    println!("{started} configurations, {removed} redundant locations taken away, {asked} requests, no difference");
    assert!(started >= 20 && removed >= 30, "{started} {removed}");
}

fn assert_same(binary: &std::path::Path, before: &Nginx, text: &str, targets: &[Vec<u8>], what: &str) {
    let servers = text.strip_prefix(HEAD).and_then(|text| text.trim_end().strip_suffix('}')).unwrap();
    let after = Nginx::start(binary, servers).unwrap_or_else(|said| panic!("{what}: {said}\n{text}"));
    for target in targets.iter().filter(|target| target.starts_with(b"/")) {
        let (then, now) = (said(before, target), said(&after, target));
        assert_eq!(then, now, "{what}: {}\n{text}", String::from_utf8_lossy(target));
    }
}
