//! Who answers: names, networks, ports and schemes, and the traps that must stay quiet.
#![allow(missing_docs)]

mod common;

use nginx_analyzer::rules::{self, Finding};
use nginx_analyzer::world::World;

/// What one rule finds in a fixture: files begin at lines `#- /path`, the first one is nginx.conf.
fn findings(rule: &str, fixture: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    common::write_fixture(folder.path(), fixture);
    let analysis = World::open(&folder.path().canonicalize().expect("it is there"), Vec::new()).analysis();
    rules::check(&analysis).into_iter().filter(|finding| finding.rule == rule).collect()
}

fn messages(rule: &str, fixture: &str) -> Vec<String> {
    findings(rule, fixture).into_iter().map(|finding| finding.message).collect()
}

/// The text after the first fix of the first finding.
fn fixed(rule: &str, fixture: &str) -> Option<String> {
    let finding = findings(rule, fixture).into_iter().next()?;
    let fix = finding.fixes.into_iter().next()?;
    let rules::finding::FixAction::Edit(edits) = fix.action else { return None };
    let mut text = fixture.split("#- /").next()?.to_owned();
    for (place, new) in edits {
        text.replace_range(place.span.range(), &new);
    }
    Some(text)
}

/// A server with these directives, behind a compose file in which `gate` runs the configuration.
fn project(http: &str, gate: &str, services: &str) -> String {
    let gate: String = gate.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "events {{}}\nhttp {{\n{http}\n}}\n#- /compose.yaml\nservices:\n  gate:\n    image: nginx:1.28\n    volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro']\n{gate}{services}"
    )
}

fn pass(url: &str) -> String {
    format!("server {{ listen 80; location / {{ proxy_pass {url}; }} location /api/ {{ proxy_pass http://api:3000; }} }}")
}

const API: &str = "  api:\n    image: ghcr.io/example/api\n";

mod hosts {
    use super::*;

    const RULE: &str = "unknown-upstream-host";

    #[test]
    fn a_host_that_nothing_defines() {
        let found = messages(RULE, &project(&pass("http://web:80"), "", API));
        assert_eq!(found, ["nginx does not start: nothing defines the host web where `gate` runs this configuration"]);
        let late = "server { resolver 127.0.0.11 valid=10s; set $u apii; location / { proxy_pass http://$u:3000; } }";
        let found = messages(RULE, &project(late, "", API));
        assert_eq!(found, ["requests fail with 502: nothing defines the host apii where `gate` runs this configuration"]);
        let apart = project(
            &pass("http://db:80"),
            "networks: [a]",
            "  api: {image: x, networks: [a]}\n  db: {image: y, networks: [b]}\nnetworks: {a: , b: }\n",
        );
        let found = messages(RULE, &apart);
        assert_eq!(found, ["nginx does not start: db shares no network with `gate`, which runs this configuration"]);
    }

    #[test]
    fn a_near_name_is_a_fix() {
        let text =
            fixed(RULE, &project("server { location / { proxy_pass http://ap1-server:3000/x; } }", "", "  api-server: {image: x}\n"));
        assert!(text.expect("a fix").contains("proxy_pass http://api-server:3000/x;"));
        let text = fixed(RULE, &project("upstream u { server api_server; }", "", "  api-server: {image: x}\n"));
        assert!(text.expect("a fix").contains("server api-server;"));
        // Two are as near.
        let two = "  app: {image: x}\n  apx: {image: x}\n";
        assert_eq!(fixed(RULE, &project("upstream u { server apy; server app; }", "", two)), None);
    }

    #[test]
    fn quiet_where_the_name_may_be_known() {
        let open = "networks: [n]";
        for (http, gate, services) in [
            // Known names.
            (pass("http://API:80"), "", API.to_owned()),
            (pass("http://gate:80"), "", API.to_owned()),
            (pass("http://v2:80"), "", format!("{API}    networks: {{default: {{aliases: [v2]}}}}\n")),
            (pass("http://box:80"), "", format!("{API}    container_name: box\n")),
            (pass("http://old:80"), "extra_hosts: ['old:10.0.0.1']", API.to_owned()),
            (pass("http://old:80"), "extra_hosts: {old: 10.0.0.1}", API.to_owned()),
            (pass("http://old:80"), "links: ['api:old']", API.to_owned()),
            (pass("http://shop-api-1:80"), "", API.to_owned()),
            (pass("http://shop_api:80"), "", API.to_owned()),
            // Names that nobody here can know.
            (pass("http://web.example.com:80"), "", API.to_owned()),
            (pass("http://web.:80"), "", API.to_owned()),
            (pass("http://10.0.0.1:80"), "", API.to_owned()),
            (pass("http://[::1]:80"), "", API.to_owned()),
            (pass("http://localhost:80"), "", API.to_owned()),
            (pass("http://unix:/run/x.sock"), "", API.to_owned()),
            (pass("http://$web:80"), "", API.to_owned()),
            (pass("http://${WEB}:80"), "", API.to_owned()),
            // Others may be in the network, or other names may be known.
            (pass("http://web:80"), open, "  api: {image: x, networks: [n]}\nnetworks: {n: {external: true}}\n".to_owned()),
            (pass("http://web:80"), open, "  api: {image: x, networks: [n]}\nnetworks: {n: {name: shared}}\n".to_owned()),
            (pass("http://web:80"), "", format!("{API}networks: {{default: {{external: true}}}}\n")),
            (pass("http://web:80"), "network_mode: host", API.to_owned()),
            (pass("http://web:80"), "network_mode: 'service:api'", API.to_owned()),
            (pass("http://web:80"), "dns_search: example.com", API.to_owned()),
            (pass("http://web:80"), "", format!("{API}    container_name: '${{NAME}}'\n")),
            (pass("http://web:80"), "", format!("{API}include: [more.yaml]\n")),
            // Nothing shows that it asks for its own project's containers.
            ("server { location / { proxy_pass http://wiki:80; } }".to_owned(), "", API.to_owned()),
            // The block of that name, the own name.
            (format!("upstream web {{ server api:80; }} {}", pass("http://web")), "", API.to_owned()),
            (format!("server {{ server_name web; }} {}", pass("http://web")), "", API.to_owned()),
            // Another name server; a fragment that may define it.
            (
                "server { resolver 10.0.0.1; set $u web; location / { proxy_pass http://$u:80; } location /a { proxy_pass http://api; } }"
                    .to_owned(),
                "",
                API.to_owned(),
            ),
            (format!("include /etc/nginx/elsewhere.d/*.conf; {}", pass("http://web")), "", API.to_owned()),
        ] {
            let fixture = project(&http, gate, &services);
            assert_eq!(messages(RULE, &fixture), [""; 0], "{fixture}");
        }
    }

    #[test]
    fn quiet_where_it_runs_elsewhere_too() {
        let base = project(&pass("http://web:80"), "", API);
        assert_eq!(messages(RULE, &base).len(), 1);
        for more in [
            "#- /other/compose.yaml\nservices: {web: {image: x}}\n",
            "#- /docker-compose.prod.yml\nservices: {web: {image: x}}\n",
            "#- /Dockerfile\nFROM nginx:1.28\nCOPY nginx.conf /etc/nginx/nginx.conf\n",
            "#- /nginx-analyzer.toml\n[upstreams.web]\nclosed = false\n",
            "#- /conf.d/up.conf\nupstream web { server api; }\n",
        ] {
            assert_eq!(messages(RULE, &format!("{base}{more}")), [""; 0], "{more}");
        }
        // Not in any container.
        let alone = format!("events {{}} http {{ {} }}\n#- /compose.yaml\nservices:\n{API}", pass("http://web:80"));
        assert_eq!(messages(RULE, &alone), [""; 0]);
    }
}
