//! Which files are needed, and who sends requests to whom: with the traps that must stay quiet.

use nginx_analyzer::config::{LocationId, Matcher};
use nginx_analyzer::rules::Finding;
use nginx_analyzer::usage::references::{Kind, References};
use nginx_analyzer::world::World;

use crate::common;
use crate::found::findings;

const COMPOSE: &str = "#- /compose.yaml\nservices:\n  web:\n    image: openresty/openresty:alpine\n    volumes:\n      - ./nginx.conf:/usr/local/openresty/nginx/conf/nginx.conf:ro\n      - ./site:/site:ro\n";

/// What one rule says of a workspace: `severity confidence message`.
fn said(rule: &str, fixture: &str) -> Vec<String> {
    let told = |finding: &Finding| format!("{:?} {:?} {}", finding.severity, finding.confidence, finding.message).to_lowercase();
    findings(rule, fixture).iter().map(told).collect()
}

fn conf(http: &str, files: &str) -> String {
    format!("events {{}}\nhttp {{\n{http}\n}}\n{COMPOSE}{files}")
}

#[test]
fn missing_files_by_what_happens_without_them() {
    let http = r#"
        init_by_lua_file /site/init.lua;
        init_worker_by_lua_file /site/worker.lua;
        server {
            listen 443 ssl;
            ssl_certificate /site/cert.pem;
            location = /a { access_by_lua_file /site/access.lua; empty_gif; }
            location = /b { content_by_lua_file /site/content.lua; }
            location = /c { auth_basic x; auth_basic_user_file /site/users; empty_gif; }
            location = /d { access_by_lua_file /site/never.lua; return 204; }
            location = /e { set_by_lua_file $x /site/set.lua; return 200 $x; }
            location / { return 204; }
        }"#;
    let found = said("missing-file", &conf(http, "#- /site/here.txt\nx\n"));
    assert_eq!(
        found,
        [
            "error proven site/init.lua does not exist: nginx refuses to start",
            "warning proven site/worker.lua does not exist: init_worker_by_lua_file fails in every worker, which goes on without it",
            "error proven site/cert.pem does not exist: nginx refuses to start",
            "warning proven site/access.lua does not exist: `location = /a` answers 404",
            "warning proven site/content.lua does not exist: `location = /b` answers 404",
            "warning proven site/users does not exist: `location = /c` answers 403",
            "warning proven site/set.lua does not exist: `location = /e` answers 500",
        ]
    );
}

#[test]
fn files_that_only_tls_needs() {
    let one = |http: &str| {
        let found = said("missing-file", &conf(http, "#- /site/here.txt\nx\n"));
        found.iter().map(|found| found.split(" does").next().unwrap_or_default().to_owned()).collect::<Vec<_>>().join(", ")
    };
    let certificate = "ssl_certificate /site/here.txt; ssl_certificate_key /site/here.txt;";
    let server = |inside: &str| format!("server {{ listen 443 ssl; {certificate} {inside} }}");
    // nginx reads what it is given, whether anything listens with TLS or not, and nothing where there is no certificate.
    assert_eq!(one("server { listen 80; ssl_certificate /site/a.pem; ssl_certificate_key /site/here.txt; }"), "error proven site/a.pem");
    assert_eq!(one(&server("ssl_dhparam /site/dh.pem;")), "error proven site/dh.pem");
    assert_eq!(one("server { listen 80; ssl_dhparam /site/dh.pem; }"), "");
    assert_eq!(one(&format!("ssl_dhparam /site/dh.pem; server {{ listen 80; }} {}", server(""))), "error proven site/dh.pem");
    assert_eq!(one(&format!("ssl_dhparam /site/dh.pem; {}", server("ssl_dhparam /site/here.txt;"))), "", "nobody inherits it");
    assert_eq!(one("server { listen 80; ssl_password_file /site/words; }"), "error proven site/words", "it is read at once");
    assert_eq!(one(&server("ssl_client_certificate /site/ca.pem;")), "");
    assert_eq!(one(&server("ssl_client_certificate /site/ca.pem; ssl_verify_client optional;")), "error proven site/ca.pem");
    assert_eq!(one("include elsewhere.conf; server { listen 80; ssl_dhparam /site/dh.pem; }"), "error likely site/dh.pem");
    // What is passed on.
    let pass = |to: &str, more: &str| one(&format!("server {{ location / {{ proxy_pass {to}; {more} }} }}"));
    let trusted = "proxy_ssl_trusted_certificate /site/ca.pem;";
    assert_eq!(pass("https://b", trusted), "");
    assert_eq!(pass("https://b", &format!("{trusted} proxy_ssl_verify on;")), "error proven site/ca.pem");
    assert_eq!(pass("http://b", &format!("{trusted} proxy_ssl_verify on;")), "");
    assert_eq!(pass("$to", &format!("{trusted} proxy_ssl_verify on;")), "error likely site/ca.pem");
}

#[test]
fn pages_are_looked_for_where_their_uri_leads() {
    let http = r#"
        server {
            root /site;
            error_page 404 /missing.html;
            error_page 500 /here.html;
            error_page 502 /made.html;
            location = /made.html { return 200 "made"; }
            location /spa/ { try_files $uri $uri/ /spa/index.html; }
            location / { index here.html; }
        }"#;
    let found = said("missing-file", &conf(http, "#- /site/here.html\nx\n"));
    // `location /spa/` itself takes the fallback and has a `try_files` of its own: not judged.
    assert_eq!(found, ["hint likely site/missing.html does not exist: errors show nginx's built-in page"]);
}

#[test]
fn what_is_not_certainly_missing_is_left_alone() {
    let http = r#"
        server {
            set $page x;
            location = /variable { alias /site/$page.html; }
            location = /proxied { alias /site/none.html; proxy_pass http://127.0.0.1:9; }
            location = /favicon.ico { root /site; log_not_found off; }
            location = /elsewhere { alias /opt/none.html; }
            location = /planned { root /site; error_page 404 = @app; }
            location /try/ { root /site; try_files /maintenance.html @app; }
            # location = /off { content_by_lua_file /site/off.lua; }
            location @app { return 204; }
            location / { return 204; }
        }"#;
    assert_eq!(said("missing-file", &conf(http, "#- /site/here.txt\nx\n")), [] as [&str; 0]);
}

#[test]
fn modules_are_looked_for_along_the_package_path() {
    let http = |path: &str| {
        format!(
            "lua_package_path \"{path}\";\nserver {{ location / {{ content_by_lua_block {{\n\
             require \"app.there\" require \"app.gone\" require \"resty.redis\" pcall(require, \"app.optional\") require \"other.gone\"\n\
             -- require \"app.comment\"\n}} }} }}"
        )
    };
    let files = "#- /site/app/there.lua\nreturn {}\n";
    let found = said("missing-file", &conf(&http("/site/?.lua;;"), files));
    assert_eq!(found, ["warning likely site/app/gone.lua does not exist: require \"app.gone\" raises an error"]);
    let changed = files.replace("return", "package.path = '/x/?.lua;' .. package.path\nreturn");
    assert_eq!(said("missing-file", &conf(&http("/site/?.lua;;"), &changed)), [] as [&str; 0]);
    let volume = "/site/?.lua;/cache/?.lua;;";
    let with_volume = format!("{}      - cache:/cache\nvolumes:\n  cache:\n{files}", conf(&http(volume), ""));
    assert_eq!(said("missing-file", &with_volume), [] as [&str; 0]);
}

#[test]
fn references_stay_in_their_server_and_cross_lua_files() {
    let http = r#"
        server {
            listen 8001;
            auth_request /auth;
            location = /auth { internal; return 204; }
            location = /sub { return 204; }
            location = /lua { content_by_lua_file /site/main.lua; }
            location /old/ { rewrite ^/old/(.*)$ /new/$1 last; }
            location @end { return 204; }
            location / { return 204; }
        }
        server {
            listen 8002;
            location = /sub { return 204; }
            location / { return 204; }
        }"#;
    let files =
        "#- /site/main.lua\nrequire(\"helper\")\n#- /site/helper.lua\nngx.location.capture(\"/sub?x=1\")\nreturn ngx.exec(\"@end\")\n";
    let folder = tempfile::tempdir().expect("a folder");
    common::write_fixture(folder.path(), &conf(&format!("lua_package_path '/site/?.lua;;';{http}"), files));
    let analysis = World::open(folder.path(), Vec::new()).analysis();
    let config = &analysis.configs[0];
    let references = References::build(&analysis.project, config);
    let find = |server: usize, name: &str| {
        let index = config.locations.iter().position(|one| one.server.index() == server && one.matcher.display() == name).expect(name);
        LocationId(index as u32)
    };
    let kinds = |location| references.to(location).map(|reference| reference.kind).collect::<Vec<_>>();
    assert_eq!(kinds(find(0, "= /auth")), [Kind::AuthRequest]);
    assert_eq!(kinds(find(0, "= /sub")), [Kind::LuaCapture]);
    assert_eq!(kinds(find(0, "@end")), [Kind::LuaExec]);
    assert_eq!(kinds(find(1, "= /sub")), []);
    let first = config.location(find(0, "= /auth")).server;
    assert!(
        references
            .all()
            .iter()
            .any(|reference| reference.server == first && reference.kind == Kind::Rewrite && reference.target.constant().is_none())
    );
    assert_eq!(references.needed_by(config, find(0, "= /auth")).len(), 1);
    assert!(config.locations.iter().any(|location| matches!(location.matcher, Matcher::Named(_))));
}

#[test]
fn a_named_location_is_proven_unused_only_without_any_doubt() {
    let with = |inside: &str| said("unused-named-location", &conf(&format!("server {{ {inside} location @x {{ return 204; }} }}"), ""));
    let sure = |found: Vec<String>| found.iter().any(|one| one.starts_with("warning proven"));
    let quiet = |found: Vec<String>| found.is_empty();
    let doubtful = |found: Vec<String>| found.iter().any(|one| one.starts_with("warning likely"));
    assert!(sure(with("location / { return 204; }")));
    assert!(sure(with("location / { proxy_pass http://app:1; proxy_ignore_headers X-Accel-Redirect; }")));
    assert!(!sure(with("location / { passenger_enabled on; }")) && sure(with("location / { passenger_enabled off; }")));
    assert!(sure(with("location / { content_by_lua_block { -- ngx.exec('@x')\n ngx.exec('/y' .. ngx.var.uri) } }")));
    assert!(doubtful(with("location / { proxy_pass http://app:1; }")));
    assert!(doubtful(with("location / { content_by_lua_block { ngx.exec(ngx.var.arg_to) } }")));
    assert!(quiet(with("location / { content_by_lua_block { local e = ngx.exec; f(e) } }")));
    assert!(quiet(with("location / { content_by_lua_block { require('unknown_module').go() } }")));
    assert!(quiet(with("location / { js_content main.authorize; }")));
    assert!(doubtful(with("location / { error_page 404 = $to; }")));
    assert!(quiet(with("location / { error_page 404 = @x; }")));
    assert!(quiet(with("location / { try_files $uri @x; }")));
    assert!(quiet(with("location / { limit_req zone=one forbid_action=@x; }")));
    assert!(quiet(with("location / { content_by_lua_block { run('go:@x') } }")));
    assert!(quiet(with("location / { content_by_lua_block { local t = '@x' ngx.exec(t) } }")));
}

#[test]
fn a_definition_is_proven_unused_only_without_any_doubt() {
    let with = |http: &str, server: &str| said("unused-definition", &conf(&format!("{http} server {{ {server} }}"), ""));
    let sure = |found: Vec<String>| found.iter().any(|one| one.starts_with("info proven"));
    let doubtful = |found: Vec<String>| found.len() == 1 && found.iter().all(|one| one.starts_with("hint likely"));
    let quiet = |found: Vec<String>| found.is_empty();
    let map = "map $uri $page { default 1; }";
    assert!(sure(with(map, "return 204;")));
    assert!(sure(with(map, "location / { content_by_lua_block { require('resty.redis') } }")));
    assert!(doubtful(with(map, "location / { content_by_lua_block { ngx.say(ngx.var[ngx.var.arg_x]) } }")));
    assert!(doubtful(with(map, "location / { content_by_lua_block { require('resty.openidc') } }")));
    assert!(doubtful(with(map, "location / { js_content main.go; }")));
    assert!(doubtful(with(map, "location / { ssi on; }")));
    assert!(doubtful(with(map, "location / { some_module on; }")));
    assert!(quiet(with(map, "location / { some_module page; }")));
    assert!(quiet(with(map, "location / { content_by_lua_block { ngx.say(ngx.var['page']) } }")));
    assert!(quiet(with(map, "location / { content_by_lua 'ngx.say(ngx.var.page)'; }")));
    assert!(quiet(with(map, "include unknown.conf;")));
    assert!(quiet(with(map, "location / { return 200 \"a${PAGE}b\"; }")));
    assert!(quiet(with("", "set $limit_rate 1k; set $args a; set $memcached_key a;")));
    let upstream = "upstream blue { server 127.0.0.1:1; }";
    assert!(sure(with(upstream, "location / { proxy_pass http://127.0.0.1:1; }")));
    assert!(doubtful(with(upstream, "location / { proxy_pass http://$host; }")));
    assert!(quiet(with(upstream, "location / { proxy_pass https://Blue:443/x; }")));
    assert!(quiet(with(upstream, "set $to blue; location / { proxy_pass http://$to; }")));
    assert!(quiet(with(upstream, "location / { content_by_lua_block { ngx.var.to = 'blue' } }")));
    assert!(sure(with("proxy_cache_path /c keys_zone=k:1m;", "ssi on; location / { some_module on; }")));
    assert!(doubtful(with("proxy_cache_path /c keys_zone=k:1m;", "proxy_cache $arg_k;")));
    assert!(with("", "location ~ ^/(?<lang>..)/ { return 204; }").iter().any(|one| one.starts_with("hint proven")));
}

#[test]
fn the_table_of_files_says_what_was_found_out_about_nginx() {
    use nginx_analyzer::nginx::files::{self, Base, Missing, When};
    let Some(path) = common::shared("data/file_directives.json") else { return };
    let data: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the facts")).expect("JSON");
    let mut compared = 0;
    for entry in data["entries"].as_array().expect("entries") {
        let field = |name: &str| entry[name].as_str().unwrap_or("");
        for protocol in field("proto").split('+') {
            let protocol = if protocol == "core" { "" } else { protocol };
            let Some(row) = files::find(field("name"), protocol) else { continue };
            if field("args") == "1 (with variables)" || field("relative_to").contains("docs only") || protocol == "*" {
                continue;
            }
            let base = match field("relative_to") {
                text if text.contains("js_path") => Base::JsPath,
                text if text.starts_with("conf_prefix") => Base::ConfFolder,
                text if text.starts_with("prefix") => Base::Prefix,
                text if text.starts_with("cwd") => Base::WorkingFolder,
                _ => Base::Other,
            };
            assert_eq!(row.base, base, "{}", field("name"));
            if row.missing == Missing::Start {
                assert!(field("missing").contains("error") || field("missing").contains("exits"), "{}", field("name"));
            }
            assert_eq!(row.when == When::Load, field("when") == "load", "{}", field("name"));
            compared += 1;
        }
    }
    assert!(compared > 90, "{compared}");
}
