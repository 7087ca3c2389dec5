//! Who answers: names, networks, ports and schemes, and the traps that must stay quiet.

use nginx_analyzer::rules;
use nginx_analyzer::upstreams::{Answer, Applications, Upstreams};
use nginx_analyzer::world::World;

use crate::common;
use crate::found::{findings, messages};

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
            "#- /infra/monitoring.yml\nservices:\n  web:\n    image: x\n",
            "#- /start.sh\ndocker run -d --network shop_default --name web example/web\n",
        ] {
            assert_eq!(messages(RULE, &format!("{base}{more}")), [""; 0], "{more}");
        }
        // Not in any container.
        let alone = format!("events {{}} http {{ {} }}\n#- /compose.yaml\nservices:\n{API}", pass("http://web:80"));
        assert_eq!(messages(RULE, &alone), [""; 0]);
    }
}

mod ports {
    use super::*;

    const RULE: &str = "upstream-port-mismatch";

    fn at(url: &str, services: &str) -> String {
        project(&format!("server {{ listen 80; location / {{ proxy_pass {url}; }} }}"), "", services)
    }

    /// A service that is built here, with this Dockerfile behind `FROM python:3.13`, and more of its compose entry.
    fn built(dockerfile: &str, compose: &str) -> String {
        let compose: String = compose.lines().map(|line| format!("    {line}\n")).collect();
        format!("  api:\n    build: ./api\n{compose}#- /api/Dockerfile\nFROM python:3.13\nCOPY . /app\n{dockerfile}\n")
    }

    #[test]
    fn the_port_of_the_machine() {
        let services = "  api: {image: x/api, ports: ['127.0.0.1:8080:3000']}\n";
        let found = messages(RULE, &at("http://api:8080", services));
        assert_eq!(
            found,
            [
                "api does not listen on port 8080: compose publishes its port 3000 there on the machine, but containers reach each other by 3000"
            ]
        );
        let text = |url: &str| fixed(RULE, &at(url, services)).expect("a fix");
        assert!(text("http://api:8080/v1/").contains("proxy_pass http://api:3000/v1/;"));
        let eighty = "  api: {image: x/api, ports: [{target: 3000, published: 80}]}\n";
        assert!(fixed(RULE, &at("http://api", eighty)).expect("a fix").contains("proxy_pass http://api:3000;"));
        let block = project("upstream u { server api:8080; } server { location / { proxy_pass http://u; } }", "", services);
        assert!(fixed(RULE, &block).expect("a fix").contains("server api:3000;"));
        for quiet in [
            "  api: {image: x/api, ports: ['8080:3000'], expose: [8080]}\n",
            "  api: {image: x/api, ports: ['8080:3000', '8081:8080']}\n",
            "  api: {image: x/api, ports: ['8080:3000', '8080:3001']}\n",
            "  api: {image: x/api, ports: ['8080:3000'], environment: {ADDRESS: ':8080'}}\n",
            "  api: {image: x/api, ports: ['8080:3000'], environment: {PORT: '${PORT}'}}\n",
            "  api: {image: x/api, ports: ['8080:3000'], command: serve -l 8080}\n",
            "  api: {image: x/api, ports: ['8080:3000'], healthcheck: {test: curl localhost:8080}}\n",
            "  api: {image: x/api, ports: ['8080:8080']}\n",
            "  api: {image: x/api, ports: ['8080:3000/udp']}\n",
            "  api: {image: x/api, ports: ['${PORT}:3000']}\n",
            "  api: {image: x/api, ports: ['8080:3000'], network_mode: host}\n",
            "  api: {image: x/api, ports: ['8080:3000'], networks: [n]}\nnetworks: {n: }\n",
            "  api: {build: ., ports: ['8080:3000']}\n#- /Dockerfile\nFROM x\nRUN echo 8080\n",
            "  api: {image: x/api, ports: ['8080:3000']}\n  two: {image: x/b, hostname: api}\n",
            "  api: {image: x/api, ports: ['8080:3000']}\n#- /k8s.yaml\nkind: Service\nmetadata: {name: api}\nspec: {selector: {app: api}, ports: [{port: 8080}]}\n",
            "  api: {image: x/api, ports: ['8080:3000']}\n#- /Dockerfile\nFROM nginx:1.28\nCOPY nginx.conf /etc/nginx/nginx.conf\n",
            "  api: {image: x/api, ports: ['8080:3000']}\n#- /docker-compose.prod.yml\nservices: {api: {expose: [8080]}}\n",
        ] {
            assert_eq!(messages(RULE, &at("http://api:8080", quiet)), [""; 0], "{quiet}");
        }
        let alone = format!(
            "events {{}} http {{ server {{ location / {{ proxy_pass http://api:8080; }} }} }}\n#- /compose.yaml\nservices:\n{services}"
        );
        assert_eq!(messages(RULE, &alone), [""; 0]);
    }

    #[test]
    fn what_the_command_says() {
        let elsewhere = |program: &str, own: u16| format!("api does not listen on port 3000: its {program} listens on {own}");
        let loopback =
            |program: &str| format!("api takes no connection from another container: its {program} listens on the loopback address only");
        for (dockerfile, compose, expected) in [
            ("CMD uvicorn a:b --host 0.0.0.0 --port 9000", "", Some(elsewhere("uvicorn", 9000))),
            ("CMD [\"uvicorn\", \"a:b\", \"--host=0.0.0.0\"]", "", Some(elsewhere("uvicorn", 8000))),
            ("CMD uvicorn a:b --port 3000", "", Some(loopback("uvicorn"))),
            ("CMD uvicorn a:b --port 3000 --host localhost", "", Some(loopback("uvicorn"))),
            ("CMD uvicorn a:b --port 3000 --host 0.0.0.0", "", None),
            ("CMD uvicorn a:b --port 3000", "command: uvicorn a:b --port 3000 --host '::'", None),
            ("CMD uvicorn a:b --port 3000", "environment: {UVICORN_HOST: 0.0.0.0}", None),
            ("ENV UVICORN_HOST=0.0.0.0\nCMD uvicorn a:b --port 3000", "", None),
            ("CMD uvicorn a:b --port 3000", "env_file: secret.env", None),
            ("CMD uvicorn a:b --port 3000 --uds /tmp/x", "", None),
            ("CMD uvicorn a:b --port 3000", "entrypoint: ./start.sh", None),
            ("ENTRYPOINT [\"./start.sh\"]\nCMD [\"uvicorn\", \"a:b\"]", "", None),
            ("ENTRYPOINT [\"uvicorn\", \"a:b\"]\nCMD [\"--port\", \"3000\"]", "", Some(loopback("uvicorn"))),
            ("ENTRYPOINT [\"uvicorn\", \"a:b\"]", "command: --port 9000 --host 0.0.0.0", Some(elsewhere("uvicorn", 9000))),
            ("CMD uvicorn a:b --host 0.0.0.0 --port ${PORT:-9000}", "", Some(elsewhere("uvicorn", 9000))),
            ("CMD uvicorn a:b --host 0.0.0.0 --port ${PORT:-9000}", "environment: {PORT: 3000}", None),
            ("CMD uvicorn a:b --host 0.0.0.0 --port $PORT", "environment: ['PORT=${PORT}']", None),
            ("CMD alembic upgrade head && exec uvicorn a:b --port 3000", "", Some(loopback("uvicorn"))),
            ("CMD uvicorn x:y --port 9000 & uvicorn a:b --port 3000 --host 0.0.0.0", "", None),
            ("CMD cd sub && uvicorn a:b --port 9000", "", None),
            ("CMD poetry run uvicorn a:b --port 3000", "", Some(loopback("uvicorn"))),
            ("CMD python -m uvicorn a:b --port 3000", "", Some(loopback("uvicorn"))),
            ("CMD gunicorn a:b -b 0.0.0.0:9000", "", Some(elsewhere("gunicorn", 9000))),
            ("CMD gunicorn a:b -b 127.0.0.1:3000", "", Some(loopback("gunicorn"))),
            ("CMD gunicorn a:b -b :3000", "", None),
            ("CMD gunicorn a:b -b :3000 -b :9000", "", None),
            ("CMD gunicorn a:b -c conf.py", "", None),
            ("CMD gunicorn a:b\n#- /api/gunicorn.conf.py\nbind = '0.0.0.0:3000'", "", None),
            ("CMD gunicorn a:b", "environment: {PORT: 3000}", None),
            ("CMD gunicorn a:b", "environment: {GUNICORN_CMD_ARGS: '-b :3000'}", None),
            ("CMD flask run", "", Some(elsewhere("flask", 5000))),
            ("CMD flask run -p 3000", "", Some(loopback("flask"))),
            ("CMD flask run -p 3000 -h 0.0.0.0", "", None),
            ("CMD flask run -p 3000\n#- /api/.flaskenv\nFLASK_RUN_HOST=0.0.0.0", "", None),
            ("CMD python manage.py runserver 0.0.0.0:3000", "", None),
            ("CMD python manage.py runserver 3000", "", Some(loopback("runserver"))),
            ("CMD python manage.py runserver 0:9000", "", Some(elsewhere("runserver", 9000))),
            ("CMD python -m http.server 3000", "", None),
            ("CMD python app.py", "", None),
            ("CMD npx next dev -H 127.0.0.1 -p 3000", "", Some(loopback("next"))),
            ("CMD npm start\n#- /api/package.json\n{\"scripts\": {\"start\": \"next start -p 9000\"}}", "", Some(elsewhere("next", 9000))),
            ("CMD npm start\n#- /api/package.json\n{\"scripts\": {\"start\": \"next start\"}}", "", None),
            ("CMD npm run dev\n#- /api/package.json\n{\"scripts\": {\"dev\": \"vite --port 3000\"}}", "", Some(loopback("vite"))),
            (
                "CMD npm run dev\n#- /api/package.json\n{\"scripts\": {\"dev\": \"vite --port 3000\"}}\n#- /api/vite.config.ts\nserver: { host: true }",
                "",
                None,
            ),
        ] {
            let found = messages(RULE, &at("http://api:3000", &built(dockerfile, compose)));
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{dockerfile} {compose}");
        }
    }

    #[test]
    fn an_image_that_is_not_official_may_set_anything() {
        let own = "  api: {image: x/api, command: uvicorn a:b --port 3000}\n";
        assert_eq!(messages(RULE, &at("http://api:3000", own)), [""; 0]);
        let official = "  api: {image: 'python:3.13', command: uvicorn a:b --port 3000}\n";
        assert_eq!(messages(RULE, &at("http://api:3000", official)).len(), 1);
        let said = "  api: {image: x/api, command: uvicorn a:b --port 9000 --host 0.0.0.0}\n";
        assert_eq!(messages(RULE, &at("http://api:3000", said)).len(), 1);
    }
}

mod schemes {
    use super::*;

    const RULE: &str = "upstream-scheme-mismatch";

    /// A server that passes everything there, beside these servers.
    fn at(url: &str, servers: &str) -> String {
        let directive = if url.starts_with("grpc") { "grpc_pass" } else { "proxy_pass" };
        format!("events {{}} http {{ server {{ listen 80; location / {{ {directive} {url}; }} }}\n{servers}\n}}")
    }

    #[test]
    fn ports_of_the_same_configuration() {
        let tls = "server { listen 8443 ssl; } server { listen [::]:8443 ssl; server_name x; } server { listen 8443 quic; }";
        let plain = "server { listen 127.0.0.1:8081; }";
        let found = messages(RULE, &at("http://127.0.0.1:8443", tls));
        assert_eq!(found, ["127.0.0.1:8443 speaks TLS: nginx answers 400 (the plain HTTP request was sent to HTTPS port)"]);
        let found = messages(RULE, &at("https://localhost:8081/x", plain));
        assert_eq!(found, ["localhost:8081 does not speak TLS, and https:// does: the handshake fails, and requests get 502"]);
        assert_eq!(messages(RULE, &at("grpc://127.0.0.1:8443", tls)).len(), 1);
        assert_eq!(messages(RULE, &at("grpcs://127.0.0.1:8081", plain)).len(), 1);
        let block = "upstream u { server 127.0.0.1:8443; } server { listen 8443 ssl; }";
        assert_eq!(messages(RULE, &at("http://u", block)).len(), 1);
        assert!(fixed(RULE, &at("https://localhost:8081/x", plain)).expect("a fix").contains("proxy_pass http://localhost:8081/x;"));
        for (url, servers) in [
            ("https://127.0.0.1:8443", tls),
            ("http://127.0.0.1:8081", plain),
            ("http://127.0.0.1:8443", "server { listen 8443 ssl; error_page 497 =301 https://$host$request_uri; }"),
            ("http://127.0.0.1:8443", "server { listen 8443 ssl; } server { listen 10.0.0.1:8443; } server { listen 127.0.0.1:8443; }"),
            ("http://10.0.0.9:8443", "server { listen 8443 ssl; }"),
            ("https://127.0.0.1:8081", "server { listen 8081; include /etc/elsewhere/tls.conf; }"),
            ("https://127.0.0.1:8081", "server { listen 8081; ssl on; }"),
            ("https://127.0.0.1:8081", "server { listen 8081; } server { listen 8081 ssl; server_name x; }"),
            ("$scheme://127.0.0.1:8443", tls),
            ("http://127.0.0.1:9999", tls),
        ] {
            assert_eq!(messages(RULE, &at(url, servers)), [""; 0], "{url} {servers}");
        }
        // Of a fragment, another file may listen there, too.
        let fragment = "server { listen 80; location / { proxy_pass https://127.0.0.1:80; } }";
        assert_eq!(messages(RULE, fragment), [""; 0]);
    }

    #[test]
    fn what_the_command_says() {
        let at = |url: &str, command: &str| {
            let services = format!("  api: {{image: 'python:3.13', command: '{command}'}}\n");
            messages(RULE, &project(&format!("server {{ location / {{ proxy_pass {url}; }} }}"), "", &services))
        };
        let with = "uvicorn a:b --host 0.0.0.0 --ssl-keyfile k --ssl-certfile c";
        assert_eq!(at("http://api:8000", with), ["api:8000 speaks TLS, and http:// sends plain text: requests fail"]);
        assert_eq!(at("https://api:8000", with), [""; 0]);
        assert_eq!(at("https://api:8000", "uvicorn a:b --host 0.0.0.0").len(), 1);
        assert_eq!(at("http://api:8000", "gunicorn -b :8000 --certfile c --keyfile k a:b"), [""; 0], "a file may be there");
        assert_eq!(at("https://api:8000", "./start.sh"), [""; 0]);
        assert_eq!(at("https://api:8000", "next start -p 8000"), [""; 0]);
    }
}

mod prefixes {
    use super::*;

    const RULE: &str = "uri-stripped";

    fn at(location: &str, url: &str, routes: &str) -> String {
        let toml = format!("#- /nginx-analyzer.toml\n[upstreams.shop]\nroutes = [{routes}]\n");
        format!("events {{}} http {{ server {{ listen 80; location {location} {{ proxy_pass {url}; }} }} }}\n{toml}")
    }

    #[test]
    fn a_prefix_that_is_cut_off() {
        let routes = "'/api/users', '/api/orders/{id}', '/health'";
        let found = messages(RULE, &at("/api/", "http://shop:3000/", routes));
        assert_eq!(
            found,
            ["/api/ is cut off on the way: http://shop:3000/… is asked for, and the routes of shop begin with it (/api/users)"]
        );
        assert!(fixed(RULE, &at("/api/", "http://shop:3000/", routes)).expect("a fix").contains("proxy_pass http://shop:3000;"));
        assert_eq!(messages("upstream-lacks-route", &at("/api/", "http://shop:3000/v2/", routes)), [""; 0], "one finding");
        assert_eq!(messages(RULE, &at("/api/", "http://shop:3000/v2/", routes)).len(), 1);
        for (location, url, routes) in [
            ("/api/", "http://shop:3000", routes),
            ("/api/", "http://shop:3000/api/", routes),
            ("/api/", "http://shop:3000/", "'/api/users', '/users'"),
            ("/api/", "http://shop:3000/", "'/api/users', '/*'"),
            ("/api/", "http://shop:3000/", "'/apis/users'"),
            ("/", "http://shop:3000/", routes),
            ("= /api/", "http://shop:3000/", routes),
            ("~ ^/api/", "http://shop:3000", routes),
            ("/api/", "http://shop:3000/$uri", routes),
            ("/api/", "http://other:3000/", routes),
            ("/api/", "http://shop:3000/", "'/health', '/docs'"),
        ] {
            assert_eq!(messages(RULE, &at(location, url, routes)), [""; 0], "{location} {url} {routes}");
        }
        let open = at("/api/", "http://shop:3000/", routes) + "closed = false\n";
        assert_eq!(messages(RULE, &open), [""; 0]);
    }

    #[test]
    fn a_prefix_that_is_kept() {
        let routes = "'/users', '/orders/{id}'";
        let found = messages(RULE, &at("/shop/", "http://shop:3000", routes));
        assert_eq!(
            found,
            ["/shop/ is kept on the way: http://shop:3000/shop/… is asked for, and the routes of shop do not begin with it (/users)"]
        );
        assert!(fixed(RULE, &at("/api/", "http://shop:3000", routes)).expect("a fix").contains("proxy_pass http://shop:3000/;"));
        let part = at("/v1/orders/", "http://shop:3000", routes);
        assert!(fixed(RULE, &part).expect("a fix").contains("proxy_pass http://shop:3000/orders/;"));
        for (location, url, routes) in [
            ("/shop/", "http://shop:3000/", routes),
            // It may be pointed at the wrong one: that is upstream-lacks-route.
            ("/wiki/", "http://shop:3000", routes),
            ("/shop/", "http://shop:3000", "'/shop/users', '/users'"),
            ("/shop", "http://shop:3000", routes),
            ("/shop/", "http://shop:3000", "'/health'"),
        ] {
            assert_eq!(messages(RULE, &at(location, url, routes)), [""; 0], "{location} {url} {routes}");
        }
        assert_eq!(messages("upstream-lacks-route", &at("/wiki/", "http://shop:3000", routes)).len(), 1);
        let off = at("/shop/", "http://shop:3000", routes) + "[rules]\nuri-stripped = 'off'\n";
        assert_eq!(messages("upstream-lacks-route", &off).len(), 1);
    }
}

mod addresses {
    use super::*;

    /// Who answers the first `proxy_pass`: `api`, `here`, or nothing where that is not known.
    fn who(fixture: &str) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        common::write_fixture(folder.path(), fixture);
        let analysis = World::open(&folder.path().canonicalize().expect("it is there"), Vec::new()).analysis();
        let config = analysis.configs.iter().find(|config| !config.all("proxy_pass").is_empty()).expect("a configuration");
        let upstreams = Upstreams::build(&analysis.project, config, &Applications::default());
        let Some(target) = upstreams.target_of(config.all("proxy_pass")[0]) else { return vec!["?".to_owned()] };
        let of = |answer: &Answer| match answer {
            Answer::Here(_) => "here".to_owned(),
            Answer::Service(running) => running.service.as_ref().map_or_else(String::new, |(name, _)| name.clone()),
            Answer::Unknown(_) => String::new(),
        };
        target.backends.iter().map(|backend| of(&backend.answer)).collect()
    }

    fn at(url: &str, gate: &str, services: &str) -> String {
        project(&format!("server {{ listen 80; location / {{ proxy_pass {url}; }} }}"), gate, services)
    }

    #[test]
    fn by_another_way_than_the_name() {
        let api = "  api: {image: x, ports: ['8080:3000']}\n";
        for (url, gate, services, expected) in [
            ("http://api:3000", "", api, "api"),
            ("http://api:3000", "networks: [a]", "  api: {image: x, networks: [b]}\n", ""),
            ("http://api:3000", "networks: [a]", "  api: {image: x, networks: [a, b]}\n", "api"),
            ("http://host.docker.internal:8080", "", api, "api"),
            ("http://host.docker.internal:3000", "", api, ""),
            ("http://host.docker.internal:8080", "", "  api: {image: x, ports: ['8080:3000']}\n  b: {image: y, ports: ['8080:80']}\n", ""),
            ("http://127.0.0.1:8080", "network_mode: host", api, "api"),
            ("http://127.0.0.1:80", "network_mode: host", api, "here"),
            ("http://127.0.0.1:8080", "", api, ""),
            ("http://127.0.0.1:3000", "network_mode: 'service:api'", api, "api"),
            ("http://localhost:3000", "", "  api: {image: x, network_mode: 'service:gate'}\n", "api"),
            (
                "http://localhost:3000",
                "",
                "  api: {image: x, network_mode: 'service:gate'}\n  b: {image: y, network_mode: 'service:gate'}\n",
                "",
            ),
            ("http://localhost:3000", "", "  api: {image: x, network_mode: 'service:other'}\n", ""),
        ] {
            assert_eq!(who(&at(url, gate, services)), [expected], "{url} {gate} {services}");
        }
        let alone =
            "events {} http { server { listen 80; location / { proxy_pass http://127.0.0.1:8080; } } }\n#- /compose.yaml\nservices:\n";
        assert_eq!(who(&format!("{alone}{api}")), [""], "it may be another machine");
    }

    #[test]
    fn variables_that_are_one_of_a_few() {
        let map = |lines: &str, url: &str| {
            let http = format!("map $http_x $to {{ {lines} }} server {{ listen 80; location / {{ proxy_pass {url}; }} }}");
            who(&project(&http, "", "  api: {image: x}\n  web: {image: y}\n"))
        };
        assert_eq!(map("default api; b web; c api;", "http://$to:3000"), ["api", "web"]);
        assert_eq!(map("default api:3000; ~^b web:80;", "http://${to}/x/"), ["api", "web"]);
        assert_eq!(map("default api;", "http://$to"), ["api"]);
        assert_eq!(map("default api; b nobody;", "http://$to"), ["api", ""]);
        for lines in ["b web;", "default api; b $host;", "default api; include more;", "default api; b \"\";"] {
            assert_eq!(map(lines, "http://$to:80"), ["?"], "{lines}");
        }
        assert_eq!(map("default api; b web;", "http://$to$request_uri"), ["?"]);
        assert_eq!(map("default api; b web/x;", "http://$to"), ["?"], "another path");
    }

    #[test]
    fn templates_are_filled_in() {
        let at = |http: &str, compose: &str| {
            let conf = "events {} http { include /etc/nginx/conf.d/*.conf; }";
            format!(
                "{conf}\n#- /templates/default.conf.template\n{http}\n#- /compose.yaml\nservices:\n  gate:\n    image: nginx:1.28\n    volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro', './templates:/etc/nginx/templates:ro']\n{compose}  api: {{image: x}}\n"
            )
        };
        let http = "server { listen 80; location / { proxy_pass http://${API_HOST}:$API_PORT/; } }";
        let env = "    environment: {API_HOST: api, API_PORT: '3000'}\n";
        assert_eq!(who(&at(http, env)), ["api"]);
        assert_eq!(who(&at(http, "    environment: {API_HOST: api}\n")), ["?"]);
        assert_eq!(who(&at(http, "    environment: {API_HOST: api, API_PORT: '${PORT}'}\n")), ["?"]);
        assert_eq!(who(&at(http, &format!("{env}    environment: {{API_HOST: api, API_PORT: '1', NGINX_ENVSUBST_FILTER: X}}\n"))), ["?"]);
        let block = "upstream u { server ${API_HOST}:3000; } server { listen 80; location / { proxy_pass http://u; } }";
        assert_eq!(who(&at(block, env)), ["api"]);
        let found = messages("unknown-upstream-host", &at(block, "    environment: {API_HOST: ap1}\n"));
        assert_eq!(found, [""; 0], "three letters, one of them other: too far from api");
        let typo = "upstream u { server ${API_HOST}:3000; server api; } server { listen 80; location / { proxy_pass http://u; } }";
        assert_eq!(messages("unknown-upstream-host", &at(typo, "    environment: {API_HOST: ap1}\n")).len(), 1);
    }
}
