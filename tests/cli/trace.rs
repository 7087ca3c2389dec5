//! `trace`: which location serves a URL.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::command::{checkout, fixture, run};
use crate::json::fields;

/// The first way of a trace of the example.
fn hops(url: &str) -> Vec<Value> {
    let output = run(&checkout(), &["trace", "examples/oauth2-gateway/nginx.conf", url, "--format", "json"]);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{url}");
    let value: Value = serde_json::from_str(&output.out).expect("JSON");
    value["hops"].as_array().expect("hops").clone()
}

#[test]
fn every_url_of_the_example_goes_where_it_should() {
    let expected = std::fs::read_to_string(checkout().join("examples/oauth2-gateway/expected.json")).expect("the example");
    let expected: Value = serde_json::from_str(&expected).expect("JSON");
    let cases = expected["trace"].as_array().expect("a list");
    assert!(!cases.is_empty());
    for case in cases {
        let url = case["url"].as_str().expect("a URL");
        let hops = hops(url);
        let check = |hop: &Value, wanted: &Value| {
            assert_eq!(hop["location"]["line"], wanted["line"], "{url}");
            assert_eq!(hop["location"]["file"], "nginx.conf", "{url}");
            let server = hop["server"]["name"].as_str().expect("a server");
            assert_eq!(server.rsplit(':').next(), Some(wanted["server"].to_string().as_str()), "{url}");
        };
        check(&hops[0], case);
        let then = &case["then"];
        assert_eq!(hops.len(), if then.is_null() { 1 } else { 2 }, "{url}");
        if !then.is_null() {
            check(&hops[1], then);
        }
    }
}

#[test]
fn the_example() {
    for (name, url) in [
        ("through_the_gateway", "http://gateway.example.com/api/admin/tokens?limit=5"),
        ("raw_slashes", "http://gateway.example.com//v1/./models"),
        ("a_regex_over_a_prefix", "http://localhost:8080/admin/users"),
        ("a_name_that_nearly_fits", "http://localhost:8080/admin-manager/"),
    ] {
        let output = run(&checkout(), &["trace", "examples/oauth2-gateway/nginx.conf", url]);
        assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
        insta::assert_snapshot!(name, output.out);
    }
}

/// Configurations of different kinds, each with URLs.
const VARIED: [(&str, &str, &[&[&str]]); 5] = [
    (
        "rewrites",
        "events {}
http {
    map $arg_lang $site { default en; de de; }
    server {
        listen 8080 default_server;
        server_name shop.example *.shop.example;
        rewrite ^/old/(.*)$ /new/$1;
        set $backend \"shop-$site\";
        location /new/ {
            if ($request_method = POST) { return 405; }
            rewrite ^/new/(\\d+)$ /item?id=$1 last;
            rewrite ^/new/go$ https://other.example/ permanent;
            return 404;
        }
        location = /item { proxy_pass http://127.0.0.1:8081/$backend$is_args$args; }
        location /loop { rewrite ^ /loop last; }
    }
    server {
        listen 8081;
        location /shop-de { return 200 \"$uri $args\"; }
        location / { deny all; }
    }
}
",
        &[
            &["http://www.shop.example:8080/old/12?lang=de"],
            &["http://shop.example:8080/old/go"],
            &["http://shop.example:8080/new/3", "-X", "POST"],
            &["http://shop.example:8080/new/3"],
            &["http://shop.example:8080/loop"],
        ],
    ),
    (
        "files",
        "events {}
http {
    server {
        server_name www.example.com;
        root /srv/www;
        index index.html index.php;
        error_page 404 /404.html;
        location / { try_files $uri $uri/ @app; }
        location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; }
        location /files/ { alias /srv/files/; autoindex on; }
        location @app { proxy_pass http://app:3000; }
        location = /404.html { internal; }
    }
}
#- /compose.yaml
services:
  web:
    image: nginx:1.27
    volumes:
      - ./nginx.conf:/etc/nginx/nginx.conf:ro
      - ./www:/srv/www:ro
#- /www/about.html
about
#- /www/docs/index.html
docs
",
        &[&["http://www.example.com/about.html"], &["/docs/"], &["/docs"], &["/nothing"], &["/files/a.txt"], &["/404.html"], &["/x.php"]],
    ),
    (
        "access",
        "events {}
http {
    server {
        listen 80;
        location /admin/ {
            allow 10.0.0.0/8;
            deny all;
            auth_request /auth;
            error_page 403 = @sorry;
            proxy_pass http://10.1.1.1:9000/;
        }
        location = /auth { internal; proxy_pass http://10.1.1.2/check; }
        location @sorry { return 302 /login; }
        location /upload { limit_except POST { deny all; } mirror /copy; proxy_pass http://10.1.1.1:9000; }
        location = /copy { internal; proxy_pass http://10.1.1.3$request_uri; }
    }
}
",
        &[
            &["/admin/users"],
            &["/admin/users", "--client", "10.2.3.4"],
            &["/admin/users", "--client", "192.0.2.1"],
            &["/admin"],
            &["/upload", "-X", "POST"],
            &["/upload"],
            &["/auth"],
        ],
    ),
    (
        "names",
        "events {}
http {
    server { listen 80; server_name one.example; return 301 https://$host$request_uri; }
    server { listen 80; server_name *.two.example ~^v\\d+\\.; return 200 two; }
    server { listen 80 default_server; return 444; }
    server { listen 443 ssl; server_name one.example; location /a { return 200; } location ~* ^/A$ { return 201; } location = /b/ { return 202; } }
}
",
        &[
            &["http://one.example/a%20b?c"],
            &["http://x.two.example/"],
            &["http://v12.example/"],
            &["http://nobody.example/"],
            &["https://one.example/a"],
            &["https://one.example/b"],
            &["https://one.example/%2e%2e/x"],
            &["https://one.example/c/"],
        ],
    ),
    (
        "a_part",
        "location /api/ { proxy_pass http://api.internal:8000/v2/; }
location /api/static/ { root /srv; }
location = /health { access_log off; return 200 ok; }
",
        &[&["/api/users?x=1"], &["http://example.com/api/static/a.css"], &["/other"]],
    ),
];

#[test]
fn varied_configurations() {
    for (name, files, urls) in VARIED {
        let folder = fixture(files);
        let mut page = String::new();
        for arguments in urls {
            let output = run(folder.path(), &[&["trace", "nginx.conf"], *arguments].concat());
            assert_eq!((output.status, output.err.as_str()), (Some(0), ""), "{arguments:?}");
            page.push_str(&format!("$ nginx-analyzer trace nginx.conf {}\n{}\n", arguments.join(" "), output.out));
        }
        insta::assert_snapshot!(name, page);
    }
}

#[test]
fn every_field_is_documented_and_every_documented_field_is_printed() {
    let mut printed = BTreeSet::new();
    for (_, files, urls) in VARIED {
        let folder = fixture(files);
        for arguments in urls {
            let output = run(folder.path(), &[&["trace", "nginx.conf", "--format", "json"], *arguments].concat());
            fields(&serde_json::from_str(&output.out).expect("JSON"), "", &mut printed);
        }
    }
    let page = std::fs::read_to_string(checkout().join("docs/output.md")).expect("the page");
    let section = page.split_once("## A trace in JSON, version 1").expect("the section").1;
    let section = section.split("\n## ").next().expect("there is one");
    let documented: BTreeSet<(String, String)> = section
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            Some((cells.next()?.trim_end_matches('`').to_owned(), cells.next()?.trim().to_owned()))
        })
        .collect();
    // Hops and conditions have the same members wherever they stand.
    let same = |path: String| match (path.rfind("hops[]"), path.rfind(".hop."), path.rfind("conditions[]")) {
        (Some(_), Some(at), _) => format!("hops[]{}", &path[at + ".hop".len()..]),
        (Some(at), ..) | (None, None, Some(at)) => path[at..].to_owned(),
        _ => path,
    };
    let printed: BTreeSet<(String, String)> = printed.into_iter().map(|(path, kind)| (same(path), kind.to_owned())).collect();
    let documented: BTreeSet<(String, String)> = documented
        .into_iter()
        .filter(|(_, kinds)| kinds != "object")
        .flat_map(|(path, kinds)| kinds.split(" or ").map(|kind| (path.clone(), kind.to_owned())).collect::<Vec<_>>())
        .collect();
    assert_eq!(documented, printed);
}

#[test]
fn what_cannot_be_traced_is_told() {
    let folder = fixture("events {} http { server { listen 81; server_name a.example; } server { listen 127.0.0.1:82; } }");
    let error = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["trace"], arguments].concat());
        assert_eq!((output.status, output.out.as_str()), (Some(2), ""), "{arguments:?}");
        output.err
    };
    assert_eq!(
        error(&["nginx.conf", "http://a.example/"]),
        "nginx-analyzer: nginx.conf: nothing listens on port 80; these do: 81 (a.example), 127.0.0.1:82\n"
    );
    assert_eq!(error(&["nginx.conf", "a b"]), "nginx-analyzer: nginx.conf: a blank can't stand in a URL: write it as %20\n");
    assert_eq!(
        error(&["nginx.conf", "/", "-H", "nothing"]),
        "nginx-analyzer: nginx.conf: `nothing` is no header: write it as `Name: value`\n"
    );
    assert_eq!(
        error(&["nginx.conf", "/", "-X", "get"]),
        "nginx-analyzer: nginx.conf: `get` is no method: they are written in capital letters, as GET or POST\n"
    );
    assert!(error(&["missing.conf", "/"]).ends_with("missing.conf: no such file or folder\n"));
    std::fs::write(folder.path().join("stream.conf"), "events {} stream { server { listen 1; } }").expect("a file");
    assert_eq!(error(&["stream.conf", "/"]), "nginx-analyzer: stream.conf: there is no `server` of http here\n");
}

#[test]
fn a_file_that_another_includes_is_asked_through_it() {
    let folder = fixture(
        "events {}\nhttp { include sites/*; }\n#- /sites/a.conf\nserver { server_name a.example; return 200 a; }\n#- /sites/b.conf\nserver { server_name b.example; location / { return 200 b; } }\n",
    );
    let output = run(folder.path(), &["trace", "sites/b.conf", "/", "--workspace", "."]);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
    assert!(output.out.contains("→ location / at sites/b.conf:1: return 200 b\n"), "{}", output.out);
    assert!(output.out.contains("of 2 servers the one here is asked, as http://b.example\n"), "{}", output.out);
    let output = run(folder.path(), &["trace", ".", "http://a.example"]);
    assert!(output.out.contains("→ server a.example:80 at sites/a.conf:1: return 200 a\n"), "{}", output.out);
}

#[test]
fn what_a_terminal_obeys_is_shown_and_colours_come_when_asked_for() {
    let folder = fixture("events {} http { server { return 200 \"a\u{1b}[31m\"; } }");
    let output = run(folder.path(), &["trace", "nginx.conf", "/"]);
    assert!(!output.out.contains('\u{1b}'), "{}", output.out);
    let output = run(folder.path(), &["trace", "nginx.conf", "/", "--format", "json"]);
    assert!(!output.out.contains('\u{1b}'), "{}", output.out);
    let output = run(folder.path(), &["trace", "nginx.conf", "/", "--color", "always"]);
    assert!(output.out.contains("\u{1b}[1mGET http://localhost/\u{1b}[0m"), "{}", output.out);
    assert!(!output.out.contains("\u{1b}[31m"), "{}", output.out);
}
