//! What the rules about what nginx refuses say, against what the real `nginx -t` says of the same configuration.

use std::path::Path;
use std::process::Command;

use nginx_analyzer::rules;
use nginx_analyzer::world::World;

use crate::live::binary;

/// The rules that name what nginx refuses, and nothing else.
pub const RULES: &[&str] = &[
    "argument-count",
    "conflicting-options",
    "duplicate-definition",
    "duplicate-directive",
    "invalid-value",
    "misplaced-directive",
    "missing-directive",
    "nginx-refuses",
    "unknown-directive",
];

/// Inside a server that listens on 8123.
const SERVERS: &[&str] = &[
    "listen 8123;",
    "listen *:8123;",
    "listen 0.0.0.0:8123 default_server;",
    "listen 127.0.0.1:8123;",
    "listen [::]:8123; listen [::0]:8123;",
    "listen [::]:8123;",
    "listen unix:/tmp/nginx-analyzer-s; listen unix:/tmp/nginx-analyzer-s;",
    "error_page 200 /x;",
    "error_page 499 /x;",
    "error_page 404 =200 /x;",
    "error_page 404 = /x;",
    "error_page 404 = 200 /x;",
    "error_page abc /x;",
    "error_page 404 500 600 /x;",
    "return 1000;",
    "return 999;",
    "return 200 x;",
    "return /x;",
    "return text;",
    "return http://x;",
    "return $scheme://x;",
    "return 301 /x;",
    "root;",
    "root /a /b;",
    "root /a {}",
    "location /a;",
    "internal now;",
    "rewrite a;",
    "sever_name a;",
    "server_name;",
    "gzip on; gzip on;",
    "gzip on; location / { gzip off; if ($uri) { gzip on; } }",
    "add_header A b; add_header A b; set $a b; set $a c; types {} types {} server_name a; server_name a;",
    "limit_except GET { deny all; }",
    "worker_processes 1;",
    "mirror /a; mirror /b; location /a {} location /b {}",
    "proxy_bind off; proxy_bind off;",
    "proxy_cache_valid 1m; proxy_cache_valid 200 1m;",
    "satisfy_any on;",
    "location /a { location /a/b {} }",
    "location /a { location /a {} }",
    "location = /a { location /a/b {} }",
    "location @a { location /a {} }",
    "location /a { location @b {} }",
    "location /a/ { location /b {} }",
    "location /a/ { location = /a {} }",
    "location /a/ { location ~ ^/b {} }",
    "location /a/ { location ^~ /a/b {} }",
    "location ~ ^/a { location /a/b {} }",
    "location ~ /a { location = /a/b {} }",
    "location /a { location ~ b { location /c {} } }",
    "location /a { root /x; alias /y; }",
    "location /a { alias /x; root /y; }",
    "root /x; root /y;",
    "root /x; location / { root /y; if ($uri) { root /z; } }",
    "location @a { alias /x; }",
    "location / { try_files a b; try_files a b; }",
    "try_files a b; location / { try_files a b; }",
    "location / { limit_except GET { deny all; } limit_except PUT { deny all; } }",
    "location / { proxy_pass http://127.0.0.1:9; proxy_pass http://127.0.0.1:9; }",
    "location / { proxy_pass http://127.0.0.1:9; if ($uri) { proxy_pass http://127.0.0.1:9; } }",
    "location / { proxy_pass http://127.0.0.1:9; fastcgi_pass 127.0.0.1:9; }",
    "location / { fastcgi_pass 127.0.0.1:9; fastcgi_pass 127.0.0.1:9; }",
    "location / { uwsgi_pass 127.0.0.1:9; uwsgi_pass 127.0.0.1:9; }",
    "location / { scgi_pass 127.0.0.1:9; scgi_pass 127.0.0.1:9; }",
    "location / { memcached_pass 127.0.0.1:9; memcached_pass 127.0.0.1:9; }",
    "location / { grpc_pass 127.0.0.1:9; grpc_pass 127.0.0.1:9; }",
    "location / { empty_gif; empty_gif; }",
    "location ~ x { proxy_pass http://127.0.0.1:9/; }",
    "location ~ x { proxy_pass http://127.0.0.1:9; }",
    "location ~ x { proxy_pass http://127.0.0.1:9?a; }",
    "location @x { proxy_pass http://127.0.0.1:9/; }",
    "location / { proxy_pass http://127.0.0.1:9/; if ($uri) { proxy_pass http://127.0.0.1:9; } }",
    "location / { if ($uri) { proxy_pass http://127.0.0.1:9/a; } }",
    "location / { limit_except GET { proxy_pass http://127.0.0.1:9/x; } }",
    "location ~ x { proxy_pass http://unix:/s:; }",
    "location ~ x { proxy_pass http://unix:/s:/; }",
    "location ~ x { proxy_pass http://127.0.0.1:9$uri; }",
    "location ~ ^/a { location ~ b { proxy_pass http://127.0.0.1:9/; } }",
    "location ~ /a { location /a { proxy_pass http://127.0.0.1:9/; } }",
    "if ($uri) { location / {} }",
    "if ($uri) { return 403; }",
    "if ($uri) { proxy_pass http://127.0.0.1:9; }",
    "if ($uri) { add_header A 1; }",
    "location / { if ($uri) { add_header A 1; root /x; access_log off; expires 1h; error_page 404 /x; gzip on; } }",
    "location / { if ($uri) { if ($uri) { return 403; } } }",
    "proxy_pass http://127.0.0.1:9;",
    "limit_except GET { deny all; }",
    "location / { if ($uri) { try_files a b; } }",
    "location / { if ($uri) { alias /x; } }",
    "location / { if ($uri) { index x; } }",
    "location / { if ($uri) { deny all; } }",
    "location / { if ($uri) { auth_basic x; } }",
    "location / { if ($uri) { client_max_body_size 1m; } }",
    "location / { if ($uri) { proxy_set_header A 1; } }",
    "location / { limit_except GET { return 403; } }",
    "location / { limit_except GET { allow all; auth_basic x; proxy_pass http://127.0.0.1:9; } }",
    "location / { server_name x; }",
    "location / { listen 81; }",
    "upstream x { server 127.0.0.1:9; }",
    "map $uri $x { default 1; }",
    "internal;",
    "log_format x x;",
    "location / { log_format x x; }",
    "location / { internal; mirror /a; satisfy any; autoindex on; }",
];

/// Inside http.
const HTTPS: &[&str] = &[
    "upstream u { }",
    "upstream u { keepalive 3; }",
    "upstream u { server 127.0.0.1:9; }",
    "server { listen 8124 default_server; } server { listen 8124 default_server; }",
    "server { listen 8124 default_server; } server { listen *:8124 default; }",
    "server { listen 8124 default_server; } server { listen 8125 default_server; }",
    "server { listen 8124 default_server; } server { listen [::]:8124 default_server; }",
    "server { listen 8124 default_server; } server { listen 8124; }",
    "location / { }",
    "return 403;",
    "root /x; root /y;",
    "deny all; add_header A 1; error_page 404 /x;",
];

/// With the module for Lua.
const LUA: &[&str] = &[
    "location / { content_by_lua_block { } content_by_lua_block { } }",
    "location / { content_by_lua_block { } content_by_lua_file x.lua; }",
    "location / { content_by_lua_block { } proxy_pass http://127.0.0.1:9; }",
    "location / { access_by_lua_block { } access_by_lua_block { } }",
    "access_by_lua_block { } location / { access_by_lua_block { } }",
    "rewrite_by_lua_block { } rewrite_by_lua_file x.lua;",
    "location / { log_by_lua_block { } log_by_lua_block { } }",
    "location / { header_filter_by_lua_block { } header_filter_by_lua_block { } }",
    "location / { set_by_lua_block $a { return 1 } set_by_lua_block $a { return 1 } }",
];

/// Does nginx accept it, and what do we say?
fn compare(binary: &Path, modules: &str, conf: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().display();
    let text = format!("{modules} pid {at}/pid; error_log stderr emerg; events {{}}\nhttp {{ access_log off; {conf} }}\n");
    let file = folder.path().join("nginx.conf");
    std::fs::write(&file, &text).unwrap();
    let output = Command::new(binary).args(["-t", "-p", &at.to_string(), "-c", &file.display().to_string()]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let analysis = World::open(folder.path(), Vec::new()).analysis();
    let findings = rules::check(&analysis);
    let own: Vec<&str> = findings.iter().filter(|finding| RULES.contains(&finding.rule)).map(|finding| &*finding.message).collect();
    assert_eq!(output.status.success(), own.is_empty(), "{conf}\nnginx: {said}\nwe: {own:#?}");
}

#[test]
fn what_nginx_refuses_is_named_and_nothing_else() {
    let Some(binary) = binary() else { return };
    for server in SERVERS {
        compare(&binary, "", &format!("server {{ listen 8123; {server} }}"));
    }
    for http in HTTPS {
        compare(&binary, "", http);
    }
    let modules = Path::new("/usr/lib/nginx/modules");
    let load: Vec<String> = ["ndk_http_module.so", "ngx_http_lua_module.so"]
        .iter()
        .map(|name| modules.join(name))
        .filter(|path| path.exists())
        .map(|path| format!("load_module {};", path.display()))
        .collect();
    if load.len() < 2 {
        println!("skipped: the module for Lua is not installed");
        return;
    }
    for server in LUA {
        compare(&binary, &load.join(" "), &format!("server {{ listen 8123; {server} }}"));
    }
}
