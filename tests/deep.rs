//! Ten thousand levels of everything that can be nested, in every kind of file that is read: no stack is large enough for that, and none is
//! needed.
#![allow(missing_docs)]

mod common;

use std::path::Path;
use std::process::Command;

const LEVELS: usize = 10_000;

/// A gateway with an application behind it and Lua in it.
const GATEWAY: &str = "events {}
http {
    server {
        listen 80;
        location /api/ { proxy_pass http://app:8000/; }
        location /lua { content_by_lua_file /ws/x.lua; }
    }
}
#- /compose.yaml
services:
  gateway:
    image: openresty/openresty
    ports: ['80:80']
    volumes: ['./nginx.conf:/usr/local/openresty/nginx/conf/nginx.conf:ro', './:/ws:ro']
  app:
    build: ./app
    expose: ['8000']
";

/// So many of it, in lines as somebody would write them: what has very long lines is taken for what a machine made.
fn nested(piece: &str) -> String {
    let mut out = String::with_capacity((piece.len() + 1) * LEVELS);
    for level in 1..=LEVELS {
        out.push_str(piece);
        if level % 30 == 0 {
            out.push('\n');
        }
    }
    out
}

/// An expression inside of itself, in the way of a language.
fn around(before: &str, inner: &str, after: &str) -> String {
    format!("{}{inner}{}", nested(before), nested(after))
}

/// Ends it in good order, whatever it thinks of such files, and still knows the rest.
fn is_read(kind: &str, fixture: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    common::write_fixture(folder.path(), fixture);
    for command in [&["check", ".", "--format", "json"][..], &["report", ".", "--no-history", "--format", "json"], &["routes", "."]] {
        let output = run(folder.path(), command);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{kind}, {command:?}: {:?}: {said}", output.status);
        assert_eq!(said, "", "{kind}, {command:?}");
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(command[0] == "check" || out.contains("/api/"), "{kind}, {command:?}: {out}");
    }
}

fn run(folder: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_nginx-analyzer")).args(arguments).current_dir(folder).output().expect("the binary runs")
}

/// Every kind of expression that the grammars know, in the application's source: the readers of routes and those of callers see it.
fn applications(language: &str, files: impl Fn(&str) -> String, expressions: &[(&str, String)]) {
    for (kind, expression) in expressions {
        is_read(&format!("{language}: {kind}"), &format!("{GATEWAY}{}", files(expression)));
    }
}

#[test]
fn python() {
    let files = |expression: &str| {
        format!(
            "#- /app/Dockerfile\nFROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"flask\", \"run\", \"--port\", \"8000\"]\n#- /app/requirements.txt\nflask\n#- /app/app.py\nfrom flask import Flask\nimport requests\napp = Flask(__name__)\n@app.get('/a')\ndef a(): return requests.get('http://gateway/api/a')\np = ({expression})\napp.add_url_rule(({expression}), view_func=a)\nrequests.get(({expression}))\n"
        )
    };
    let expressions = [
        ("parentheses", around("(", "'/b'", ")")),
        ("lists", around("[", "'/b'", "]")),
        ("sums", nested("'/b' + ") + "'/c'"),
        ("calls", around("f(", "1", ")")),
        ("calls of calls", format!("x{}", nested(".a()"))),
        ("conditions", nested("1 if x else ") + "2"),
    ];
    applications("Python", files, &expressions);
}

#[test]
fn javascript_and_typescript() {
    for ending in ["js", "ts", "tsx"] {
        let files = |expression: &str| {
            format!(
                "#- /app/Dockerfile\nFROM node:20\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"app.{ending}\"]\n#- /app/package.json\n{{\"dependencies\": {{\"express\": \"4\"}}}}\n#- /app/app.{ending}\nconst express = require('express'); const app = express(); app.get('/a', (q, r) => r.send('')); app.listen(8000);\nfetch('http://gateway/api/a');\nconst p = {expression};\napp.get({expression}, () => 1);\nfetch({expression});\nfetch('http://gateway/api/' + p);\n"
            )
        };
        let mut expressions = vec![("parentheses", around("(", "'/b'", ")")), ("sums", nested("'/b' + ") + "'/c'")];
        if ending == "js" {
            expressions.extend([
                ("objects", around("{a: ", "1", "}")),
                ("chains", format!("app{}", nested(".get('/b', f)"))),
                ("functions", around("function () { return ", "1", "}")),
                ("templates", around("`${", "1", "}`")),
                ("arrows", nested("() => ") + "1"),
                ("negations", nested("!") + "x"),
            ]);
        }
        applications(ending, files, &expressions);
    }
}

#[test]
fn go() {
    let files = |expression: &str| {
        format!(
            "#- /app/Dockerfile\nFROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o /s .\nCMD [\"/s\"]\n#- /app/go.mod\nmodule x\ngo 1.22\n#- /app/main.go\npackage main\nimport \"net/http\"\nfunc main() {{\nhttp.HandleFunc(\"/a\", nil)\nhttp.Get(\"http://gateway/api/a\")\np := {expression}\nhttp.HandleFunc({expression}, nil)\nhttp.Get({expression})\nhttp.ListenAndServe(\":8000\", nil)\n}}\n"
        )
    };
    let expressions = [
        ("parentheses", around("(", "\"/b\"", ")")),
        ("sums", nested("\"/b\" + ") + "\"/c\""),
        ("calls", around("f(", "1", ")")),
        ("functions", around("func() { x(", "1", ") }")),
        ("calls of calls", format!("x{}", ".a()".repeat(LEVELS))),
    ];
    applications("Go", files, &expressions);
}

#[test]
fn rust() {
    let files = |expression: &str| {
        format!(
            "#- /app/Dockerfile\nFROM rust:1\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD [\"/app/target/release/x\"]\n#- /app/Cargo.toml\n[package]\nname = \"x\"\nversion = \"0.1.0\"\n[dependencies]\naxum = \"0.8\"\n#- /app/src/main.rs\nuse axum::{{Router, routing::get}};\nasync fn main() {{\nlet app = Router::new().route(\"/a\", get(a));\nlet p = {expression};\nlet app = app.route({expression}, get(a));\naxum::serve(l, app).await.unwrap();\n}}\n"
        )
    };
    let expressions = [
        ("parentheses", around("(", "\"/b\"", ")")),
        ("blocks", around("{", "1", "}")),
        ("calls", around("f(", "1", ")")),
        ("chains", format!("Router::new(){}", nested(".route(\"/b\", get(a))"))),
        ("macros", around("vec![", "", "]")),
    ];
    applications("Rust", files, &expressions);
}

#[test]
fn java_and_csharp() {
    let files = |expression: &str| {
        format!(
            "#- /app/Dockerfile\nFROM maven:3\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD [\"java\", \"-jar\", \"/app/target/x.jar\"]\n#- /app/pom.xml\n<project>{}<parent><artifactId>spring-boot-starter-parent</artifactId></parent><dependencies><dependency><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>\n#- /app/src/main/java/x/App.java\npackage x;\n@SpringBootApplication @RestController\npublic class App {{\n static final String P = {expression};\n @GetMapping({expression}) String b() {{ return \"\"; }}\n}}\n",
            around("<a>", "", "</a>")
        )
    };
    let expressions = [
        ("parentheses", around("(", "\"/b\"", ")")),
        ("sums", nested("\"/b\" + ") + "\"/c\""),
        ("arrays", around("{", "\"/b\"", "}")),
        ("calls", format!("x{}", nested(".a()"))),
    ];
    applications("Java", files, &expressions);
    let files = |expression: &str| {
        format!(
            "#- /app/Dockerfile\nFROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /app\nCOPY . .\nENTRYPOINT [\"dotnet\", \"run\"]\n#- /app/x.csproj\n<Project Sdk=\"Microsoft.NET.Sdk.Web\"></Project>\n#- /app/Program.cs\nvar app = WebApplication.CreateBuilder(args).Build();\napp.MapGet(\"/a\", () => \"\");\nvar p = {expression};\napp.MapGet({expression}, () => \"\");\napp.Run();\n"
        )
    };
    let expressions = [
        ("parentheses", around("(", "\"/b\"", ")")),
        ("groups", format!("app{}", nested(".MapGroup(\"/a\")"))),
        ("functions", nested("() => ") + "1"),
    ];
    applications("C#", files, &expressions);
}

#[test]
fn ruby_and_php() {
    let files = |expression: &str| {
        format!(
            "#- /app/Dockerfile\nFROM ruby:3\nWORKDIR /app\nCOPY . .\nCMD [\"ruby\", \"app.rb\", \"-p\", \"8000\"]\n#- /app/Gemfile\ngem 'sinatra'\n#- /app/app.rb\nrequire 'sinatra'\nget '/a' do\n ''\nend\np = {expression}\nget({expression}) do\nend\n"
        )
    };
    let expressions = [
        ("parentheses", around("(", "'/b'", ")")),
        ("lists", around("[", "'/b'", "]")),
        ("blocks", around("x { ", "", "}")),
        ("modules", around("\nmodule A\n", "", "\nend\n")),
    ];
    applications("Ruby", files, &expressions);
    let files = |expression: &str| {
        format!(
            "#- /app/Dockerfile\nFROM php:8\nWORKDIR /app\nCOPY . .\nCMD [\"php\", \"artisan\", \"serve\", \"--host=0.0.0.0\", \"--port=8000\"]\n#- /app/composer.json\n{{\"require\": {{\"laravel/framework\": \"^11\"}}}}\n#- /app/artisan\n<?php\n#- /app/routes/web.php\n<?php\nRoute::get('/a', fn() => 1);\n$p = {expression};\nRoute::get({expression}, fn() => 1);\n"
        )
    };
    let expressions = [
        ("parentheses", around("(", "'/b'", ")")),
        ("sums", nested("'/b' . ") + "'/c'"),
        ("groups", around("Route::prefix('a')->group(function () { ", "", "})")),
    ];
    applications("PHP", files, &expressions);
}

#[test]
fn lua() {
    let files = |expression: &str| {
        format!(
            "#- /x.lua\nlocal http = require 'resty.http'\nlocal p = {expression}\nngx.exec('/api/a')\nngx.location.capture({expression})\nngx.exec({expression})\nlocal h = http.new():request_uri({expression})\n{}\n",
            around("do ", "ngx.exec('/api/a')", " end")
        )
    };
    let expressions = [
        ("parentheses", around("(", "'/b'", ")")),
        ("tables", around("{", "", "}")),
        ("sums", nested("'/b' .. ") + "'/c'"),
        ("conditions", nested("x and ") + "x"),
        ("calls", format!("x{}", nested(".a()"))),
        ("functions", around("function() return ", "1", " end")),
    ];
    applications("Lua", files, &expressions);
    // In the configuration itself.
    let block = around("{", "", "}");
    is_read("Lua in blocks", &GATEWAY.replace("http {", &format!("http {{\n init_by_lua_block {{ local t = {block} }}")));
}

#[test]
fn data() {
    let object = around("{\"a\": ", "\"http://gateway/api/a\"", "}");
    let flow = around("{a: ", "http://gateway/api/a", "}");
    let lists = around("[", "", "]");
    let indented: String = (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let variable = format!("{}x{}", "${A:-".repeat(LEVELS), "}".repeat(LEVELS));
    for (kind, files) in [
        (
            "JSON",
            format!(
                "#- /openapi.json\n{{\"openapi\": \"3.0.0\", \"paths\": {object}}}\n#- /app/package.json\n{{\"scripts\": {object}}}\n#- /x.json\n{object}\n"
            ),
        ),
        (
            "Postman",
            format!(
                "#- /x.postman_collection.json\n{{\"info\": {{\"schema\": \"https://schema.getpostman.com/json/collection/v2.1.0/collection.json\"}}, \"item\": {}}}\n",
                around("[{\"item\": ", "[]", "}]")
            ),
        ),
        (
            "YAML",
            format!(
                "#- /k8s.yaml\napiVersion: v1\nkind: Service\nmetadata: {{name: x}}\nspec: {flow}\n#- /kustomization.yaml\nresources: {lists}\n#- /prometheus.yml\nscrape_configs: {flow}\n#- /openapi.yaml\nopenapi: 3.0.0\npaths: {flow}\n#- /deep.yaml\n{indented}\n#- /list.yaml\n{}x\n",
                "- ".repeat(LEVELS)
            ),
        ),
        ("TOML", format!("#- /nginx-analyzer.toml\n[rules]\ndead-location = {lists}\n")),
        (
            "a Dockerfile",
            format!("#- /app/Dockerfile\nARG A=nginx\nFROM {variable}\nENV X={variable}\nCMD {}\n", around("[", "", "]").replace('\n', "")),
        ),
        ("variables", format!("#- /.env\nA={variable}\n#- /docker-compose.override.yml\nservices:\n  other:\n    image: \"{variable}\"\n")),
        (
            "shell",
            format!(
                "#- /x.sh\ncurl http://gateway/api/a\n{}\n{}\n#- /Makefile\nall:\n\tcurl http://gateway/api/a {variable}\n",
                around("curl $(", "curl http://gateway/api/a", ")"),
                around("if x; then ", "curl http://gateway/x; ", "fi;")
            ),
        ),
        (
            "pages",
            format!(
                "#- /x.html\n<a href=\"/api/a\">{}<script>fetch('/api/c'); {}</script>\n#- /x.css\na {{ background: url(/api/a) }} {}\n#- /README.md\n{} [a](http://gateway/api/a)\n",
                around("<div>", "", "</div>"),
                around("(", "", ")"),
                around("a{", "", "}"),
                "> ".repeat(LEVELS)
            ),
        ),
    ] {
        is_read(kind, &format!("{GATEWAY}{files}"));
    }
}

#[test]
fn configurations() {
    let server = |inside: &str| GATEWAY.replace("listen 80;", &format!("listen 80;\n{inside}\n"));
    let group = format!("{}a{}", "(".repeat(LEVELS), ")".repeat(LEVELS));
    let chain = |line: &dyn Fn(usize) -> String| (0..LEVELS).map(line).collect::<String>();
    for (kind, text) in [
        ("locations", server(&around("location /x { ", "", "}"))),
        ("conditions", server(&around("if ($x) { ", "", "}"))),
        ("braces that end nothing", server("") + &nested("}")),
        ("braces that nothing ends", server("") + &nested("a {")),
        (
            "regexes",
            server(&format!(
                "location ~ ^/{group}$ {{ return 200; }}\nlocation ~ ^/b{group}$ {{ return 200; }}\nrewrite ^/{group}$ /x last;\nserver_name ~^{group}$;"
            )),
        ),
        (
            "classes and look-ahead",
            server(&format!(
                "location ~ {} {{ return 200; }}\nlocation ~ {}{} {{ return 200; }}",
                "[".repeat(LEVELS),
                "(?=".repeat(LEVELS),
                ")".repeat(LEVELS)
            )),
        ),
        ("variables", server(&format!("set $x {};\nset $y {};", "$x".repeat(LEVELS), "${".repeat(LEVELS)))),
        ("rewrites from one to the next", server(&chain(&|at| format!("location = /r{at} {{ rewrite ^ /r{} last; }}\n", at + 1)))),
        ("comments in comments", server(&format!("{} nginx-analyzer: ignore\n{}", "#".repeat(LEVELS), "# location / {\n".repeat(LEVELS)))),
    ] {
        is_read(kind, &text);
    }
    // Each a file of its own.
    let folder = tempfile::tempdir().expect("a folder");
    common::write_fixture(folder.path(), &GATEWAY.replace("http {", "http { include c0.conf;"));
    for at in 0..LEVELS {
        std::fs::write(folder.path().join(format!("c{at}.conf")), format!("include c{}.conf;\n", at + 1)).expect("written");
    }
    let output = run(folder.path(), &["check", ".", "--format", "json"]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("the rest was not looked at"), "{output:?}");
}

#[test]
fn log_lines() {
    let line = format!("{{\"uri\": {}{}}}\n", "[".repeat(LEVELS), "]".repeat(LEVELS));
    let good = "{\"uri\":\"/api/a\",\"status\":200,\"time\":\"2025-11-09T00:00:00+00:00\"}\n";
    let text = GATEWAY
        .replace("listen 80;", "listen 80;\n access_log logs/access.log j;")
        .replace("http {", "http {\n log_format j escape=json '{\"uri\":\"$request_uri\",\"status\":$status,\"time\":\"$time_iso8601\"}';");
    let folder = tempfile::tempdir().expect("a folder");
    common::write_fixture(
        folder.path(),
        &format!("{text}#- /logs/access.log\n{line}{good}{line}{}\n{}\n", "\"".repeat(LEVELS), "\\".repeat(LEVELS)),
    );
    let output = run(folder.path(), &["usage", ".", "--logs", "logs/access.log", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"/api/\""), "{output:?}");
}
