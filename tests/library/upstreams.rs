//! What a backend serves: every product of the catalogue, the traps around its options, and the URIs that are sent.

use std::path::Path;

use nginx_analyzer::rules::{self, Finding, Severity};
use nginx_analyzer::upstreams::catalogue::{self, Closed, Knowledge, Product};
use nginx_analyzer::upstreams::{Answer, Applications, Upstreams};
use nginx_analyzer::world::World;

/// Checks a fixture: files begin at lines `#- /path`, the first one is nginx.conf.
fn findings(fixture: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut path = "nginx.conf".to_owned();
    let mut text = String::new();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    for line in fixture.lines() {
        if let Some(next) = line.strip_prefix("#- /") {
            write(&path, &text);
            path = next.trim().to_owned();
            text.clear();
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    write(&path, &text);
    let analysis = World::open(&folder.path().canonicalize().expect("it is there"), Vec::new()).analysis();
    rules::check(&analysis).into_iter().filter(|finding| ["upstream-lacks-route", "uri-stripped"].contains(&finding.rule)).collect()
}

/// The lines of nginx.conf with a finding.
fn lines(fixture: &str) -> Vec<usize> {
    let text = fixture.split("#- /").next().unwrap_or(fixture);
    findings(fixture).iter().map(|finding| text[..finding.place.span.start as usize].matches('\n').count() + 1).collect()
}

/// A server with these locations; the first of them is on line 3.
fn gateway(locations: &str, rest: &str) -> String {
    format!("events {{}}\nhttp {{ server {{ listen 80;\n{locations}\n}} }}\n{rest}")
}

fn service(rest: &str) -> String {
    format!("#- /compose.yaml\nservices:\n  backend:\n{}", rest.lines().map(|line| format!("    {line}\n")).collect::<String>())
}

#[test]
fn every_product_of_the_catalogue() {
    let mut reported = 0;
    for product in catalogue::products() {
        let port = product.ports.first().copied().unwrap_or(80);
        let image = product.images[0].replace('*', "x");
        let below = product.closed_under.iter().find(|_| product.closed == Closed::Under);
        let absent = format!("{}no-such-route/x", below.map_or("/", |prefix| prefix));
        let served: Vec<String> = product.routes.iter().map(|route| route.replace('*', "x")).collect();
        let mut locations: Vec<String> = vec![format!("location = {absent} {{ proxy_pass http://backend:{port}; }}")];
        locations.extend(served.iter().map(|uri| format!("location = {uri} {{ proxy_pass http://backend:{port}; }}")));
        let tag = if image.contains(':') { "" } else { ":latest" };
        let fixture = gateway(&locations.join("\n"), &service(&format!("image: {image}{tag}")));
        let taken = product.routes.iter().any(|route| route.strip_suffix('*').is_some_and(|head| absent.starts_with(head)));
        let open = product.closed == Closed::No || (product.closed == Closed::Under && below.is_none()) || taken;
        let expected: &[usize] = if open { &[] } else { &[3] };
        assert_eq!(lines(&fixture), expected, "{}\n{fixture}", product.name);
        if !open {
            reported += 1;
            let found = findings(&fixture).remove(0);
            let severity = if product.knowledge == Knowledge::Whole { Severity::Warning } else { Severity::Hint };
            assert_eq!(found.severity, severity, "{}", product.name);
        }
    }
    assert!(reported >= 20, "{reported}");
}

#[test]
fn what_opens_a_product_silences() {
    for product in catalogue::products().iter().filter(|product| product.closed != Closed::No) {
        for setting in product.option.iter().filter(|option| option.effect == catalogue::Effect::Opens) {
            for env in &setting.env {
                let port = product.ports.first().copied().unwrap_or(80);
                let base =
                    format!("image: {}:latest\nenvironment:\n  - {env}=http://app/", product.images.last().map_or("", |image| image));
                let prefix = product.closed_under.first().map_or("/", |prefix| prefix);
                let location = format!("location = {prefix}no-such-route {{ proxy_pass http://backend:{port}; }}");
                assert_eq!(lines(&gateway(&location, &service(&base))), [0; 0], "{} {env}", product.name);
            }
        }
    }
}

const PROMETHEUS: &str = "image: prom/prometheus:v3.5.0\n";
const VOUCH: &str = "image: quay.io/vouch/vouch-proxy\nenvironment: [VOUCH_DOCUMENT_ROOT=/v]\n";
const OAUTH: &str = "image: quay.io/oauth2-proxy/oauth2-proxy:v7.12.0\n";

/// (locations, service, whether line 3 is reported).
fn cases(cases: &[(&str, String, bool)]) {
    for (locations, backend, expected) in cases {
        let fixture = gateway(locations, &service(backend));
        let expected: &[usize] = if *expected { &[3] } else { &[] };
        assert_eq!(lines(&fixture), expected, "{fixture}");
    }
}

#[test]
fn options_of_a_product() {
    let p = |rest: &str| format!("{PROMETHEUS}{rest}");
    let at = "location /mon/ { proxy_pass http://backend:9090; }";
    let root = "location /api/v1/ { proxy_pass http://backend:9090; }";
    cases(&[
        (at, p(""), true),
        (at, p("command: [--web.route-prefix=/mon]"), false),
        (at, p("command: --storage.tsdb.path=/p --web.route-prefix /mon"), false),
        (root, p("command: [--web.route-prefix=/mon]"), true),
        (at, p("command: [--web.external-url=https://x.example/mon/]"), false),
        (at, p("command: ['--web.external-url=https://x.example/mon/', '--web.route-prefix=/']"), true),
        (at, p("command: ['--web.route-prefix=${PREFIX}']"), false),
        (at, p("command: ['--storage.tsdb.path=${DATA}']"), true),
        (at, p("command: ['--storage.tsdb.path', '${DATA}']"), true),
        (at, p("command: ['${ARGUMENTS}']"), false),
        (at, p("command: sh -c 'prometheus --web.route-prefix=/mon'"), false),
        (at, p("entrypoint: /start.sh"), false),
        (at, p("entrypoint: /bin/prometheus"), true),
        (at, "image: prom/prometheus:${TAG}".into(), false),
        (at, "image: ${IMAGE:-prom/prometheus}".into(), true),
        (at, "build: .".into(), false),
        (at, p("build: ."), false),
        (at, "image: registry.example.com/prom/prometheus".into(), false),
        // Not read: the second major version; a release of which it is not known whether it answers every path.
        (at, "image: prom/prometheus:v2.55.0".into(), false),
        (at, "image: prom/node-exporter:v1.3.1".into(), false),
        (at, "image: prom/node-exporter".into(), true),
        (at, "image: prom/node-exporter\ncommand: [--web.telemetry-path=/]".into(), false),
        (root, "image: prom/node-exporter\ncommand: [--web.telemetry-path=/mon]".into(), true),
        (
            "location = /mon { proxy_pass http://backend:9100; }",
            "image: prom/node-exporter\ncommand: [--web.telemetry-path=/mon]".into(),
            false,
        ),
        ("location = /favicon.ico { proxy_pass http://backend:9090; }", p(""), false),
        ("location = /healthcheck { proxy_pass http://backend; }", VOUCH.into(), false),
        ("location = /v/validate { proxy_pass http://backend; }", VOUCH.into(), false),
        ("location = /validate { proxy_pass http://backend; }", VOUCH.into(), true),
        (at, p("command: promtool check config x"), false),
        (at, p("command: /work/mine --web.listen-address=:9090"), false),
        ("location /x/ { proxy_pass http://backend:5000; }", "image: registry:2\ncommand: /etc/docker/registry/config.yml".into(), true),
        ("location /x/ { proxy_pass http://backend:5000; }", "image: registry:2\ncommand: serve /etc/mine.yml".into(), false),
        ("location /x/ { proxy_pass http://backend:8080; }", "image: traefik:v3\ncommand: [--api.insecure=true]".into(), false),
        ("location /x/ { proxy_pass http://backend:8080; }", "image: quay.io/keycloak/keycloak:16.1\n".into(), false),
        ("location /x/ { proxy_pass http://backend:8080; }", "image: quay.io/keycloak/keycloak:26.0\n".into(), true),
        ("location /x/ { proxy_pass http://backend:8080; }", "image: quay.io/keycloak/keycloak@sha256:00\n".into(), false),
        ("location /metrics { proxy_pass http://backend:8080; }", "image: quay.io/keycloak/keycloak:26.0\n".into(), true),
        ("location /metrics { proxy_pass http://backend:8080; }", "image: quay.io/keycloak/keycloak:24.0\n".into(), false),
        ("location /metrics { proxy_pass http://backend:9000; }", "image: quay.io/keycloak/keycloak:26.0\n".into(), false),
        (
            "location /auth/ { proxy_pass http://backend:8080; }",
            "image: quay.io/keycloak/keycloak:26.0\nenvironment:\n  KC_HTTP_RELATIVE_PATH: /auth\n".into(),
            false,
        ),
    ]);
}

#[test]
fn oauth2_proxy_and_its_files() {
    let location = "location /api/token/ { proxy_pass http://backend:4180; }";
    let mount = "command: [--config=/etc/o.cfg]\nvolumes: ['./o.cfg:/etc/o.cfg:ro']\n";
    for (rest, file, expected) in [
        ("", "", true),
        (mount, "upstreams = []", true),
        (mount, "http_address = '0.0.0.0:4180'", true),
        (mount, "upstreams = [\"http://openresty:8080/\"]", false),
        (mount, "upstreams = \"http://app/\"", false),
        (mount, "upstreams = [", false),
        (mount, "proxy_prefix = \"/api/token\"", false),
        ("command: [--config=/etc/o.cfg]", "upstreams = []", false),
        ("command: [--config=/etc/o.cfg]\nvolumes: ['data:/etc']", "upstreams = []", false),
        ("command: [--config=/etc/o.cfg]\nvolumes: ['${DIR}/o.cfg:/etc/o.cfg']", "upstreams = []", false),
        ("command: [--config=/etc/o.cfg]\nvolumes: ['./absent.cfg:/etc/o.cfg']", "upstreams = []", false),
        ("command: ['--upstream=http://app:80']", "", false),
        ("command: ['--upstream', 'static://202']", "", false),
        ("environment: [OAUTH2_PROXY_UPSTREAMS=http://nginx/]", "", false),
        ("environment: ['OAUTH2_PROXY_UPSTREAMS=${UP}']", "", false),
        ("environment: ['OAUTH2_PROXY_CLIENT_ID=${ID:?}']", "", true),
        ("env_file: secret.env", "", false),
        ("command: [--alpha-config=/etc/o.cfg]\nvolumes: ['./o.cfg:/etc/o.cfg']", "upstreamConfig:\n  upstreams: []\n", true),
        ("command: [--alpha-config=/etc/o.cfg]\nvolumes: ['./o.cfg:/etc/o.cfg']", "upstreamConfig:\n  upstreams:\n    - id: a\n", false),
    ] {
        let fixture = gateway(location, &format!("{}#- /o.cfg\n{file}\n", service(&format!("{OAUTH}{rest}"))));
        let expected: &[usize] = if expected { &[3] } else { &[] };
        assert_eq!(lines(&fixture), expected, "{fixture}");
    }
    let moved = service(&format!("{OAUTH}command: [--proxy-prefix=/sign]"));
    assert_eq!(lines(&gateway("location = /oauth2/auth { proxy_pass http://backend:4180; }", &moved)), [3]);
    assert_eq!(lines(&gateway("location = /sign/auth { proxy_pass http://backend:4180; }", &moved)), [0; 0]);
}

#[test]
fn the_uri_that_is_sent() {
    let b = || PROMETHEUS.to_owned();
    cases(&[
        ("location /mon/ { proxy_pass http://backend:9090/; }", b(), false),
        ("location /mon { proxy_pass http://backend:9090/api; }", b(), false),
        ("location /mon/ { proxy_pass http://backend:9090/mon/; }", b(), true),
        ("location = /mon { proxy_pass http://backend:9090/metrics; }", b(), false),
        ("location = /mon { proxy_pass http://backend:9090/metric; }", b(), true),
        ("location = /mon { proxy_pass http://backend:9090/metrics?x=1; }", b(), false),
        ("location /mon { proxy_pass http://backend:9090/metrics?x=; }", b(), false),
        ("location /mon { proxy_pass http://backend:9090/api?x=; }", b(), true),
        ("location ~ ^/mon/ { proxy_pass http://backend:9090; }", b(), true),
        ("location ~ ^/(mon|metrics) { proxy_pass http://backend:9090; }", b(), false),
        ("location ~ ^/(?!metrics) { proxy_pass http://backend:9090; }", b(), false),
        ("location ~ ^/mon/(.*) { proxy_pass http://backend:9090/$1; }", b(), false),
        ("location ~ ^/mon/(.*) { proxy_pass http://backend:9090/mon/$1; }", b(), true),
        // What the client asked for first, however the request got here.
        ("location /mon/ { proxy_pass http://backend:9090$request_uri; }", b(), false),
        ("location = /m { proxy_pass http://backend:9090$uri/etrics; }", b(), false),
        ("location = /m { proxy_pass http://backend:9090$is_args$args; }", b(), false),
        ("location = /m { proxy_pass http://backend:9090$uri$is_args$args; }", b(), true),
        ("location /metrics { proxy_pass http://backend:9090$uri$is_args$args; }", b(), false),
        ("location = /m { proxy_pass http://backend:9090/metric$is_args$args; }", b(), true),
        ("location = /m { set $up backend:9090; proxy_pass http://$up; }", b(), true),
        ("location = /m { set $up backend:9090; set $up other; proxy_pass http://$up; }", b(), false),
        ("location = /m { if ($host) { set $up backend:9090; } proxy_pass http://$up; }", b(), false),
        ("location /mon/ { rewrite ^/mon/(.*)$ /$1 break; proxy_pass http://backend:9090; }", b(), false),
        ("location /api/v1/ { rewrite ^ /nope break; proxy_pass http://backend:9090; }", b(), true),
        ("location /api/v1/ { rewrite ^/api/v1/x /nope break; proxy_pass http://backend:9090; }", b(), false),
        ("location /api/v1/ { break; rewrite ^ /nope break; proxy_pass http://backend:9090; }", b(), false),
        ("location /mon/ { rewrite ^/mon/(.*)$ /metrics last; proxy_pass http://backend:9090; }", b(), true),
        ("location /mon/ { try_files $uri @x; proxy_pass http://backend:9090; }", b(), false),
        ("location /mon/ { return 404; proxy_pass http://backend:9090; }", b(), false),
        ("location @named { proxy_pass http://backend:9090; }", b(), false),
        ("location / { proxy_pass http://backend:9090; }", b(), false),
        ("location /mon/ { access_by_lua_block { ngx.req.set_uri('/metrics') } proxy_pass http://backend:9090; }", b(), false),
        ("location /mon/ { access_by_lua_block { return } proxy_pass http://backend:9090; }", b(), true),
        ("location /mon/ { access_by_lua_file /nowhere/x.lua; proxy_pass http://backend:9090; }", b(), false),
        ("location /mon/ { if ($x) { proxy_pass http://backend:9090; } }", b(), true),
        ("location /mon/ { include absent.conf; proxy_pass http://backend:9090; }", b(), false),
        ("location /${BASE}/ { proxy_pass http://backend:9090; }", b(), false),
        ("location /mon/ { fastcgi_pass backend:9090; }", b(), false),
        ("location /mon/ { proxy_pass http://unix:/run/x.sock; }", b(), false),
        ("location /mon/ { proxy_pass http://elsewhere.example:9090; }", b(), false),
    ]);
}

#[test]
fn who_answers() {
    let location = "location /mon/ { proxy_pass http://mon; }";
    let http = |upstream: &str, rest: &str| {
        format!("events {{}}\nhttp {{ {upstream} server {{ listen 80;\n{location}\n}} }}\n#- /compose.yaml\nservices:\n{rest}")
    };
    let a = "  a: { image: 'prom/prometheus:v3.5.0', container_name: alpha, networks: { x: { aliases: [ally] } } }\n";
    for (upstream, rest, expected) in [
        ("upstream Mon { server a:9090; }", a.to_owned(), true),
        ("upstream mon { server alpha:9090; }", a.to_owned(), true),
        ("upstream mon { server ally:9090 backup; }", a.to_owned(), true),
        ("upstream mon { server a:9090; server b:9090; }", a.to_owned(), false),
        ("upstream mon { server a:9090; server b:9090; }", format!("{a}  b: {{ image: prom/prometheus }}\n"), true),
        ("upstream mon { server a:9090; server b:9090; }", format!("{a}  b: {{ image: cadvisor }}\n"), false),
        ("upstream mon { server a:9090; balancer_by_lua_block { return } }", a.to_owned(), false),
        ("upstream mon { server unix:/x; }", a.to_owned(), false),
        ("upstream mon { server a:9090; }", format!("{a}  c: {{ image: x, hostname: a }}\n"), false),
        ("upstream mon { server a:9090; }", format!("{a}#- /other/compose.yaml\nservices:\n  a: {{ image: x }}\n"), false),
        ("upstream mon { server 127.0.0.1:80; }", a.to_owned(), false),
        ("upstream mon { server web:80; }", "  web: { image: nginx, volumes: ['./nginx.conf:/etc/nginx/nginx.conf'] }\n".to_owned(), false),
    ] {
        let fixture = http(upstream, &rest);
        let expected: &[usize] = if expected { &[3] } else { &[] };
        assert_eq!(lines(&fixture), expected, "{fixture}");
    }
}

#[test]
fn settings_go_first() {
    let location = "location = /v1/refunds { proxy_pass http://orders:8080; }";
    for (settings, expected) in [
        ("routes = ['/v1/orders']", true),
        ("routes = ['/v1/orders']\nclosed = false", false),
        ("routes = ['/v1/orders']\nopenapi = 'api.yaml'", false),
        ("routes = []", false),
        ("routes = ['/refunds']\nbase_path = '/v1'", false),
        ("routes = ['GET /v1/{kind}']", false),
    ] {
        for name in ["orders", "\"orders:8080\""] {
            let fixture = gateway(location, &format!("#- /nginx-analyzer.toml\n[upstreams.{name}]\n{settings}\n"));
            let expected: &[usize] = if expected { &[3] } else { &[] };
            assert_eq!(lines(&fixture), expected, "{fixture}");
        }
    }
    // What the settings say of a service whose image is known counts, too.
    let both = format!("{}#- /nginx-analyzer.toml\n[upstreams.backend]\nroutes = ['/mon/*']\n", service(PROMETHEUS));
    assert_eq!(lines(&gateway("location /mon/ { proxy_pass http://backend:9090; }", &both)), [0; 0]);
}

#[test]
fn the_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/examples/oauth2-gateway");
    let Ok(folder) = folder.canonicalize() else {
        eprintln!("skipped: ../shared/examples is not here");
        return;
    };
    let analysis = World::open(&folder, Vec::new()).analysis();
    let found: Vec<Finding> =
        rules::check(&analysis).into_iter().filter(|finding| ["upstream-lacks-route", "uri-stripped"].contains(&finding.rule)).collect();
    let line = |finding: &Finding| analysis.project.text(finding.place.file).line_of(finding.place.span.start) + 1;
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), [304]);
    let related: Vec<String> = found[0].related.iter().filter_map(|related| Some(analysis.text_at(related.place?))).collect();
    assert!(related.iter().any(|text| text == "upstreams = []"), "{related:?}");
    assert!(related.iter().any(|text| text == "server oauth2-proxy:4180"), "{related:?}");
    assert!(related.iter().any(|text| text.contains("quay.io/oauth2-proxy")), "{related:?}");
    assert!(found[0].fixes.iter().all(|fix| !fix.safe));

    let config = &analysis.configs[0];
    let upstreams = Upstreams::build(&analysis.project, config, &Applications::default());
    let at = |line: u32| {
        let ids = (0..config.entries.len() as u32).map(nginx_analyzer::config::EntryId);
        let text = analysis.project.text(config.root);
        ids.into_iter().find(|id| config.directive(*id).is("proxy_pass") && text.line_of(config.place(*id).span.start) + 1 == line)
    };
    let (own, oauth, litellm) = (at(127).unwrap(), at(304).unwrap(), at(454).unwrap());
    assert!(upstreams.target_of(own).is_some_and(|target| matches!(target.backends[0].answer, Answer::Here(_))));
    assert_eq!(upstreams.known_product(oauth).map(|product: &Product| product.name.as_str()), Some("oauth2-proxy"));
    assert_eq!(upstreams.known_product(litellm).map(|product| product.name.as_str()), Some("litellm"));
    assert_eq!(upstreams.sends_x_accel(own), Some(false));
    assert_eq!(upstreams.sends_x_accel(oauth), Some(false));
    // Its routes are not known, but it is no relay that is told to pass on what others answer.
    assert_eq!(upstreams.sends_x_accel(litellm), Some(false));
}

#[test]
fn the_page_of_the_rule() {
    let page = rules::registry::page("upstream-lacks-route").expect("it has a page");
    let (mut section, mut seen) = ("", [0, 0]);
    let mut fence: Option<String> = None;
    for line in page.lines() {
        match (&mut fence, line) {
            (None, "```nginx") => fence = Some(String::new()),
            (None, line) if line.starts_with("## ") => section = &line[3..],
            (Some(text), "```") => {
                let found = !lines(text).is_empty();
                assert_eq!(found, section == "Bad", "{section}\n{text}");
                seen[usize::from(section == "Bad")] += 1;
                fence = None;
            }
            (Some(text), line) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    assert!(seen.iter().all(|count| *count >= 2), "{seen:?}");
}

/// What a regex lets through has no URL of its own.
#[test]
fn uris_that_a_regex_admits_are_told_of_at_the_server() {
    let found = findings(&gateway(
        "location ~ ^/z { proxy_pass http://users:3001; }\nlocation /y/ { proxy_pass http://users:3001; }",
        "#- /nginx-analyzer.toml\n[upstreams.\"users:3001\"]\nroutes = [\"/api/a\"]\n",
    ));
    let says = |start: &str| found.iter().any(|finding| finding.message.starts_with(start));
    assert!(says("any URI that matches ~ ^/z at http://users:3001 is not served"), "{found:?}");
    assert!(says("http://users:3001/y/… is not served"), "{found:?}");
    // What is added there counts; beside it, under the bare host, it would not.
    let notes: Vec<&str> = found.iter().flat_map(|finding| &finding.related).map(|related| related.message.as_str()).collect();
    assert!(notes.iter().any(|note| note.contains("under [upstreams.\"users:3001\"]")), "{notes:?}");
}
