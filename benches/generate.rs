//! Configurations of any size that look like those of a real gateway: used by the benches and by `cargo xtask bench`.
//!
//! The same number of lines gives the same bytes, and nginx with the modules of its own accepts the result.

use std::fmt::Write;

/// A generated configuration.
#[derive(Debug, Clone)]
pub struct Generated {
    /// `nginx.conf`.
    pub main: String,
    /// Files that it includes, by their path beside it; none for a configuration in one file.
    pub included: Vec<(String, String)>,
}

/// The configuration in one file, of this many lines (give or take those of one block).
#[allow(dead_code, reason = "the benches share it")]
pub fn single(lines: usize) -> Generated {
    let mut main = head();
    let mut number = 0;
    while count(&main) + 4 < lines {
        main.push_str(&service(number, lines.saturating_sub(count(&main) + 4)));
        number += 1;
    }
    main.push_str("}\n");
    Generated { main, included: Vec::new() }
}

/// The same with a file for each service, as `include conf.d/*.conf` has it.
#[allow(dead_code, reason = "the benches share it")]
pub fn split(lines: usize) -> Generated {
    let mut main = head();
    main.push_str("    include conf.d/*.conf;\n}\n");
    let mut included = Vec::new();
    let mut so_far = count(&main);
    while so_far + 4 < lines {
        let text = service(included.len(), lines - so_far);
        so_far += count(&text);
        included.push((format!("conf.d/service-{:05}.conf", included.len()), text));
    }
    Generated { main, included }
}

/// The same spread evenly over so many files, or over fewer where that leaves less than a service for each.
#[allow(dead_code, reason = "the benches share it")]
pub fn spread(lines: usize, files: usize) -> Generated {
    const SMALLEST: usize = 40;
    let mut main = head();
    main.push_str("    include conf.d/*.conf;\n}\n");
    let total = lines.saturating_sub(count(&main));
    let files = files.min(total / SMALLEST).max(1);
    let (mut included, mut number, mut so_far) = (Vec::new(), 0, 0);
    for index in 0..files {
        // What the files before had too much or too little is made up for.
        let share = (total * (index + 1) / files).saturating_sub(so_far);
        let mut text = String::new();
        while text.is_empty() || count(&text) + SMALLEST <= share {
            text.push_str(&service(number, share - count(&text).min(share)));
            number += 1;
        }
        so_far += count(&text);
        included.push((format!("conf.d/part-{index:05}.conf"), text));
    }
    Generated { main, included }
}

fn count(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

fn head() -> String {
    "worker_processes 1;
pid nginx.pid;
error_log stderr;
events {
    worker_connections 1024;
}
http {
    default_type application/octet-stream;
    log_format main '$remote_addr - $remote_user [$time_local] \"$request\" '
                    '$status $body_bytes_sent \"$http_referer\"';
    access_log off;
    server_names_hash_max_size 65536;
    server_names_hash_bucket_size 128;
    variables_hash_max_size 4096;
    map $http_upgrade $connection_upgrade {
        default upgrade;
        ''      close;
    }
    limit_req_zone $binary_remote_addr zone=clients:1m rate=50r/s;
"
    .to_owned()
}

/// An upstream and a server: every third block of locations has a regex, every fifth a rewrite; one location in each server is
/// hidden by a regex above it.
fn service(number: usize, lines: usize) -> String {
    let mut out = String::new();
    let address = format!("127.{}.{}.1", number / 250 % 250, number % 250 + 1);
    let _ = write!(
        out,
        "    upstream backend_{number} {{
        server {address}:9001 weight=2 max_fails=3;
        server {address}:9002 backup;
        keepalive 16;
    }}
    server {{
        listen 127.0.0.1:18080;
        server_name service-{number}.example.com *.service-{number}.example.com;
        client_max_body_size 16m;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        error_page 502 503 504 /unavailable.html;
        location = /unavailable.html {{
            internal;
            root /usr/share/nginx/html;
        }}
        location ~ ^/hidden/ {{
            return 404;
        }}
        location /hidden/{number}/ {{
            proxy_pass http://backend_{number};
        }}
"
    );
    let mut block = 0;
    while count(&out) + 1 < lines.min(400) {
        location(&mut out, number, block);
        block += 1;
    }
    out.push_str("    }\n");
    out
}

fn location(out: &mut String, service: usize, block: usize) {
    let _ = match block % 6 {
        0 => writeln!(out, "        # Route {block} of service {service}\n        location /api/v{}/resource-{block}/ {{", block % 4),
        1 => writeln!(out, "        location = /health-{block} {{"),
        2 => writeln!(out, "        location ~ ^/(reports|exports)/{block}/(?<id_{block}>[0-9a-f-]+)\\.(json|csv)$ {{"),
        3 => writeln!(out, "        location ^~ /static/{block}/ {{"),
        4 => writeln!(
            out,
            "        location ~* ^/media/{block}/.+\\.(png|jpe?g|gif|svg|woff2)$ {{\n            if ($arg_version = \"{block}\") {{\n                return 403;\n            }}"
        ),
        _ => writeln!(out, "        location /pages/{block} {{\n            rewrite ^/pages/{block}/(.*)$ /api/v1/resource-0/$1 break;"),
    };
    out.push_str(match block % 6 {
        1 => "            access_log off;\n            return 200 '{\"status\": \"up\"}';\n",
        3 | 4 => "            root /usr/share/nginx/html;\n            expires 30d;\n            add_header Cache-Control \"public, immutable\";\n",
        _ => "            limit_req zone=clients burst=20 nodelay;\n            proxy_http_version 1.1;\n            proxy_set_header Upgrade $http_upgrade;\n            proxy_set_header Connection $connection_upgrade;\n            proxy_read_timeout 60s;\n",
    });
    if !matches!(block % 6, 1 | 3 | 4) {
        let _ = writeln!(out, "            proxy_pass http://backend_{service};");
    }
    out.push_str("        }\n");
}
