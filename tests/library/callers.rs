//! Who in a workspace calls the gateway, and to which location that leads.

use std::path::Path;

use nginx_analyzer::text::Encoding;
use nginx_analyzer::usage::callers::resolve::{Origin, Resolver};
use nginx_analyzer::usage::callers::{self, Cache};
use nginx_analyzer::world::{Analysis, World};

use crate::common;

/// `file:line kind [service:] METHOD url -> server location line, …`, one line a caller.
fn lines(analysis: &Analysis) -> Vec<String> {
    let view = analysis.views().next().expect("a configuration");
    let (project, config) = (view.project, view.config);
    let resolver = Resolver::new(project, config, view.router());
    let line = |caller: &std::sync::Arc<callers::Caller>| {
        let text = project.vfs.read(caller.place.file).unwrap_or_default();
        let at = text.position(caller.place.span.start, Encoding::Utf8).line + 1;
        let service = caller.service.as_ref().map(|name| format!("[{name}] ")).unwrap_or_default();
        let method = caller.method.as_deref().unwrap_or("?");
        let led = resolver.resolve(caller, &[]);
        let shown: Vec<String> = led
            .iter()
            .map(|called| {
                let port = config.server(called.server).listens.first().map_or(0, |listen| listen.port);
                let doubt = if called.certain { "" } else { "?" };
                match called.location {
                    Some(location) => {
                        let place = config.header(config.location(location).entry);
                        let line = project.text(place.file).position(place.span.start, Encoding::Utf8).line + 1;
                        format!("{port} {} ({line}){doubt}", config.location(location).matcher.display())
                    }
                    None => format!("{port} none{doubt}"),
                }
            })
            .collect();
        format!(
            "{}:{at} {:?} {service}{method} {} -> {}",
            project.display_path(caller.place.file),
            caller.kind,
            caller.url,
            shown.join(", ")
        )
    };
    view.callers().all.iter().map(line).collect()
}

fn of(fixture: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    common::write_fixture(folder.path(), fixture);
    lines(&World::open(folder.path(), Vec::new()).analysis())
}

#[test]
fn the_example_has_exactly_these_callers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/oauth2-gateway");
    let found = lines(&World::open(&folder, Vec::new()).analysis());
    let expected = [
        "compose.yaml:23 HealthCheck [openresty] GET http://localhost:8080/health -> 8080 /health (410)",
        "html/admin_manager.html:5 Fetch GET /api/admin/manage -> 80 = /api/admin/manage (238)?, 8080 = /api/admin/manage (470)?",
        "html/token_manager.html:8 Fetch POST /api/token/generate -> 80 /api/token/ (293)?, 8080 = /api/token/generate (379)?",
        "html/token_manager.html:9 Fetch GET /api/token/list -> 80 /api/token/ (293)?, 8080 = /api/token/list (391)?",
        "html/token_manager.html:10 Fetch POST /api/token/revoke -> 80 /api/token/ (293)?, 8080 = /api/token/revoke (387)?",
        "html/token_manager.html:11 Fetch GET /api/token/info -> 80 /api/token/ (293)?, 8080 = /api/token/info (383)?",
        "html/token_session_manager.html:4 Link GET /admin-manager -> 80 = /admin-manager (162)?, 8080 = /admin-manager (464)?",
        "html/token_session_manager.html:6 Fetch GET /api/admin/tokens -> 80 ~ ^/api/admin/(tokens|sessions) (113)?, 8080 ~ ^/api/admin/tokens (481)?",
        "html/token_session_manager.html:7 Fetch GET /api/admin/sessions -> 80 ~ ^/api/admin/(tokens|sessions) (113)?, 8080 ~ ^/api/admin/sessions (486)?",
        "html/token_session_manager.html:8 Fetch DELETE /api/admin/tokens/… -> 80 ~ ^/api/admin/(tokens|sessions) (113)?, 8080 ~ ^/api/admin/tokens (481)?",
        "openresty/Dockerfile:3 HealthCheck [openresty] GET http://localhost/health -> 80 = /health (106)",
        "prometheus.yml:5 Scrape GET http://openresty:8080/metrics -> 8080 /metrics (417)",
        "verify/phase1_health.sh:4 Test GET http://gateway.example.com/health -> 80 = /health (106)",
        "verify/phase1_health.sh:5 Test GET http://localhost:8080/health -> 8080 /health (410)",
        "verify/phase2_pages.sh:4 Test GET http://gateway.example.com/token-session-manager -> 80 = /token-session-manager (139)",
        "verify/phase4_tokens.sh:5 Test GET http://gateway.example.com/api/admin/tokens -> 80 ~ ^/api/admin/(tokens|sessions) (113)",
        "verify/phase4_tokens.sh:6 Test DELETE http://gateway.example.com/api/admin/tokens/… -> 80 ~ ^/api/admin/(tokens|sessions) (113)",
        "verify/phase4_tokens.sh:8 Test POST http://gateway.example.com/key/generate -> 80 = /key/generate (185)",
        "verify/phase5_llm.sh:4 Test POST http://gateway.example.com/v1/messages -> 80 /v1/ (221)",
        "verify/phase6_sessions.sh:4 Test GET http://gateway.example.com/api/admin/sessions -> 80 ~ ^/api/admin/(tokens|sessions) (113)",
    ];
    assert_eq!(found, expected, "{found:#?}");
}

#[test]
fn a_page_calls_the_server_that_serves_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/oauth2-gateway");
    let analysis = World::open(&folder, Vec::new()).analysis();
    let view = analysis.views().next().expect("a configuration");
    let resolver = Resolver::new(view.project, view.config, view.router());
    let server =
        view.config.locations.iter().find(|location| location.matcher.display() == "/token-manager").expect("the page's location").server;
    let origin = Origin { server, page: Some("/token-manager".into()) };
    let page = view.callers().all.iter().filter(|caller| view.project.display_path(caller.place.file) == "html/token_manager.html");
    let led: Vec<String> = page
        .flat_map(|caller| resolver.resolve(caller, std::slice::from_ref(&origin)))
        .map(|called| {
            assert!(called.certain && called.server == server);
            view.config.location(called.location.expect("a location")).matcher.display()
        })
        .collect();
    assert_eq!(led, ["= /api/token/generate", "= /api/token/list", "= /api/token/revoke", "= /api/token/info"]);
}

const SERVERS: &str = r#"events {}
http {
    server {
        listen 80;
        server_name shop.example *.shop.example;
        location = /health { return 200; }
        location /api/ { return 200; }
        location /api/admin/ { return 200; }
        location ~ ^/files/[0-9]+$ { return 200; }
        location /hidden/ { internal; return 200; }
        location / { return 200; }
    }
    server {
        listen 8080;
        server_name _;
        location /metrics { return 200; }
        location /api/v1/ { return 200; }
        location / { return 200; }
    }
}
#- /compose.yaml
services:
  web:
    image: nginx
    container_name: edge
    ports: ["80:80", "127.0.0.1:9000:8080"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
  app:
    image: app
    healthcheck:
      test: curl -f http://localhost:80/api/x && curl http://edge:8080/metrics || exit 1
  off:
    image: app
    healthcheck: { test: ["CMD", "curl", "http://web/health"], disable: true }
"#;

#[test]
fn hosts_mean_this_configuration_or_another() {
    let script = "#- /check.sh\ncurl http://localhost/health\ncurl http://localhost:9000/metrics\ncurl http://localhost:8080/metrics\ncurl http://web:8080/metrics\n\
        curl http://other.example/health\ncurl https://shop.example/api/admin/x\ncurl http://a.shop.example/api/\ncurl http://shop.example:9000/metrics\n\
        docker compose exec web curl http://localhost:8080/metrics\ndocker exec app curl http://localhost/health\ncurl http://shop.example/hidden/x\ncurl http://shop.example/none\n";
    assert_eq!(
        of(&format!("{SERVERS}{script}")),
        [
            "check.sh:1 Script GET http://localhost/health -> 80 = /health (6)",
            "check.sh:2 Script GET http://localhost:9000/metrics -> 8080 /metrics (16)",
            // Nothing publishes 8080.
            "check.sh:3 Script GET http://localhost:8080/metrics -> ",
            "check.sh:4 Script GET http://web:8080/metrics -> 8080 /metrics (16)",
            "check.sh:5 Script GET http://other.example/health -> ",
            // TLS ends before nginx: the name is this server's all the same.
            "check.sh:6 Script GET https://shop.example/api/admin/x -> 80 /api/admin/ (8)",
            "check.sh:7 Script GET http://a.shop.example/api/ -> 80 /api/ (7)",
            "check.sh:8 Script GET http://shop.example:9000/metrics -> 8080 /metrics (16)",
            "check.sh:9 Script [web] GET http://localhost:8080/metrics -> 8080 /metrics (16)",
            "check.sh:10 Script [app] GET http://localhost/health -> ",
            "check.sh:11 Script GET http://shop.example/hidden/x -> ",
            "check.sh:12 Script GET http://shop.example/none -> 80 / (11)",
            "compose.yaml:10 HealthCheck [app] GET http://localhost:80/api/x -> ",
            "compose.yaml:10 HealthCheck [app] GET http://edge:8080/metrics -> 8080 /metrics (16)",
        ]
    );
}

#[test]
fn slashes_are_merged_as_nginx_does_it_on_the_socket() {
    let conf = "#- /nginx.conf\nhttp {\nserver { listen 80; listen 443 ssl; server_name a.example; }\nserver { listen 80; listen 443 ssl; server_name b.example; merge_slashes off;\n\
        location /x/ { return 200; }\nlocation /x//y { return 200; }\n}\n}\n";
    let script = "#- /check.sh\ncurl https://b.example/x//y\ncurl http://b.example/x//y\n";
    assert_eq!(
        of(&format!("{conf}{script}")),
        ["check.sh:1 Script GET https://b.example/x//y -> 80 /x//y (5)", "check.sh:2 Script GET http://b.example/x//y -> 80 /x/ (4)",]
    );
}

#[test]
fn what_is_only_known_in_part_is_not_certain() {
    let page = "#- /html/index.html\n<script>\nfetch(`/api/${x}`);\nfetch(`/files/${x}`);\nfetch(BASE + '/v1/users');\nfetch('/nowhere');\nfetch('/hidden/x');\nfetch('/health');\n</script>\n<img src=\"a.png\">\n";
    let found = of(&format!("{SERVERS}{page}"));
    let of_page: Vec<&String> = found.iter().filter(|line| line.starts_with("html")).collect();
    assert_eq!(
        of_page,
        [
            "html/index.html:2 Fetch GET /api/… -> 80 /api/ (7)?, 80 /api/admin/ (8)?, 8080 /api/v1/ (17)?",
            "html/index.html:3 Fetch GET /files/… -> 80 ~ ^/files/[0-9]+$ (9)?",
            "html/index.html:4 Fetch GET ?…/v1/users -> 8080 /api/v1/ (17)?",
            "html/index.html:5 Fetch GET /nowhere -> ",
            "html/index.html:6 Fetch GET /hidden/x -> ",
            "html/index.html:7 Fetch GET /health -> 80 = /health (6)",
            "html/index.html:9 Resource GET ./a.png -> ",
        ]
    );
}

#[test]
fn only_what_changed_is_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let files: String = (0..40).map(|at| format!("#- /html/{at}.html\n<a href=\"/api/{at}\">x</a>\n")).collect();
    let linked = "#- /src/http.js\nexport default axios.create({ baseURL: '/api' });\n#- /src/use.js\nimport http from './http';\nhttp.get('/users');\n";
    common::write_fixture(folder.path(), &format!("{SERVERS}{files}{linked}"));
    let cache = Cache::default();
    let mut world = World::open(folder.path(), Vec::new());
    let analysis = world.analysis();
    let first = callers::scan(&analysis.project, &cache);
    assert!(first.all.iter().any(|caller| caller.url.to_string() == "/api/users"));
    let reads = cache.reads();
    assert_eq!(reads, 43, "42 files, and the one that imports twice");
    let again = callers::scan(&analysis.project, &cache);
    assert_eq!((cache.reads(), &again.all, again.files), (reads, &first.all, first.files));

    let changed = folder.path().join("html/7.html");
    std::fs::write(&changed, "<a href=\"/api/new\">x</a>").expect("written");
    world.disk_changed(world.vfs().id(&changed));
    let analysis = world.analysis();
    let now = callers::scan(&analysis.project, &cache);
    assert_eq!(cache.reads(), reads + 1);
    assert!(
        now.all.iter().any(|caller| caller.url.to_string() == "/api/new")
            && !now.all.iter().any(|caller| caller.url.to_string() == "/api/7")
    );

    let base = folder.path().join("src/http.js");
    world.set_text(world.vfs().id(&base), nginx_analyzer::text::Text::new("export default axios.create({ baseURL: '/v2' });"));
    let analysis = world.analysis();
    let now = callers::scan(&analysis.project, &cache);
    assert_eq!(cache.reads(), reads + 3, "the module, and the one that imports it");
    assert!(now.all.iter().any(|caller| caller.url.to_string() == "/v2/users"));

    std::fs::remove_file(&changed).expect("removed");
    world.disk_changed(world.vfs().id(&changed));
    let analysis = world.analysis();
    let now = callers::scan(&analysis.project, &cache);
    assert!(!now.all.iter().any(|caller| caller.url.to_string() == "/api/new"));
}

#[test]
fn names_of_a_cluster_lead_to_its_containers() {
    let manifest = "#- /web.yaml\napiVersion: v1\nkind: Service\nmetadata: { name: edge }\nspec:\n  selector: { app: web }\n  ports: [{ port: 80, targetPort: http }]\n---\nkind: Service\nmetadata: { name: other }\n\
        spec:\n  selector: { app: other }\n  ports: [{ port: 80 }]\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    metadata: { labels: { app: web } }\n    spec:\n      \
        containers:\n        - name: nginx\n          image: nginx\n          ports: [{ name: http, containerPort: 8080 }]\n          livenessProbe: { httpGet: { path: /metrics, port: http } }\n          \
        volumeMounts: [{ name: conf, mountPath: /etc/nginx/nginx.conf, subPath: nginx.conf }]\n        - name: side\n          image: side\n          command: [curl, \"http://localhost:8080/api/v1/x\"]\n      volumes: [{ name: conf, configMap: { name: conf } }]\n\
        #- /kustomization.yaml\nconfigMapGenerator:\n  - name: conf\n    files: [nginx.conf]\n\
        #- /check.sh\ncurl http://edge/metrics\ncurl http://edge.default.svc.cluster.local/api/v1/\ncurl http://edge:8080/metrics\ncurl http://other/metrics\n";
    let config = SERVERS.split("#- /compose.yaml").next().expect("the servers");
    assert_eq!(
        of(&format!("{config}{manifest}")),
        [
            "check.sh:1 Script GET http://edge/metrics -> 8080 /metrics (16)",
            "check.sh:2 Script GET http://edge.default.svc.cluster.local/api/v1/ -> 8080 /api/v1/ (17)",
            "check.sh:3 Script GET http://edge:8080/metrics -> ",
            "check.sh:4 Script GET http://other/metrics -> ",
            "web.yaml:25 Probe [deployment/web nginx] GET http://localhost:8080/metrics -> 8080 /metrics (16)",
            "web.yaml:29 Command [deployment/web side] GET http://localhost:8080/api/v1/x -> 8080 /api/v1/ (17)",
        ]
    );
}

#[test]
fn what_a_script_sources_counts_and_is_watched() {
    let folder = tempfile::tempdir().expect("a folder");
    let scripts = "#- /verify/lib.sh\ncheck() { curl -fsS \"http://shop.example$1\"; }\n#- /verify/run.sh\n. \"$(dirname \"$0\")/lib.sh\"\ncheck /health\n";
    common::write_fixture(folder.path(), &format!("{SERVERS}{scripts}"));
    let cache = Cache::default();
    let mut world = World::open(folder.path(), Vec::new());
    let urls = |callers: &callers::Callers| {
        callers.all.iter().filter(|one| one.kind == callers::Kind::Test).map(|one| one.url.to_string()).collect::<Vec<_>>()
    };
    // The function alone says nothing: its path is an argument.
    assert_eq!(urls(&callers::scan(&world.analysis().project, &cache)), ["http://shop.example/health"]);
    let lib = folder.path().join("verify/lib.sh");
    std::fs::write(&lib, "check() { curl -fsS \"http://other.example$1\"; }\n").expect("written");
    world.disk_changed(world.vfs().id(&lib));
    assert_eq!(urls(&callers::scan(&world.analysis().project, &cache)), ["http://other.example/health"]);
}

#[test]
fn what_is_not_looked_at_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = format!(
        "#- /html/app.js\nfetch('/api/x');{}\n#- /src/A.java\nclass A {{}}\n#- /src/b.rb\nx\n#- /.gitignore\n/out/\n#- /out/x.html\n<a href='/api/no'>x</a>\n",
        "a=1;".repeat(10_000)
    );
    common::write_fixture(folder.path(), &format!("{SERVERS}{made}"));
    std::fs::create_dir(folder.path().join(".git")).expect("a folder");
    std::fs::write(folder.path().join("big.html"), "x".repeat(2 * 1024 * 1024)).expect("written");
    let callers = callers::scan(&World::open(folder.path(), Vec::new()).analysis().project, &Cache::default());
    let left: Vec<String> =
        callers.left_out.iter().map(|(path, why)| format!("{}: {why}", path.file_name().unwrap_or_default().to_string_lossy())).collect();
    assert_eq!(
        left,
        [
            "big.html: it is too large: 2048 KiB, and of such a file 1024 KiB are read",
            "app.js: it was written by a program: minified, bundled or generated code",
        ]
    );
    assert_eq!(callers.unread, [("Java", 1), ("Ruby", 1)]);
    assert!(!callers.all.iter().any(|caller| caller.url.to_string().contains("/api/no")));
}
