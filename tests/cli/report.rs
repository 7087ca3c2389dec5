//! The report: what it says of the example, what programs read of it, that nothing in a project becomes markup or a command of its own.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::command::{checkout, fixture, run};
use crate::json::fields;

/// A configuration with a location that nobody uses, and nine days of its log.
const SMALL: &str = r#"events {}
http {
    server {
        listen 80;
        location /used { proxy_pass http://127.0.0.1:1; }
        location /old {
            return 200 a;
        }
        location / { return 404; }
    }
}
#- /logs/access.log
10.0.0.1 - - [01/Nov/2025:00:00:00 +0000] "GET /used HTTP/1.1" 200 2 "-" "Mozilla/5.0"
10.0.0.1 - - [09/Nov/2025:00:00:00 +0000] "POST /used HTTP/1.1" 302 2 "-" "Mozilla/5.0"
"#;

fn json(folder: &std::path::Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[&["report", "--format", "json", "--today", "2025-11-12"], arguments].concat());
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
    serde_json::from_str(&output.out).expect("JSON")
}

fn of_example(format: &str, language: &str) -> String {
    let arguments = ["report", "examples/oauth2-gateway", "--today", "2025-11-12", "--no-history", "--format", format, "--lang", language];
    let output = run(&checkout(), &arguments);
    assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
    output.out
}

#[test]
fn the_example_in_english() {
    insta::assert_snapshot!(of_example("md", "en"));
}

#[test]
fn the_example_in_japanese() {
    insta::assert_snapshot!(of_example("md", "ja"));
}

#[test]
fn two_runs_say_the_same() {
    for format in ["md", "html", "json"] {
        assert_eq!(of_example(format, "en"), of_example(format, "en"), "{format}");
    }
}

fn git(folder: &std::path::Path, arguments: &[&str]) {
    let mut command = std::process::Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
    command.args(arguments).env("GIT_AUTHOR_DATE", "2025-11-10T12:00:00+0900").env("GIT_COMMITTER_DATE", "2025-11-10T12:00:00+0900");
    let output = command.output().expect("git");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn when_a_group_last_changed_is_told() {
    let folder = fixture(SMALL);
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "The old one | <b>"]);
    let changed = || json(folder.path(), &["."])["groups"][0]["changed"].clone();
    assert_eq!(changed()["date"], "2025-11-10");
    assert_eq!(changed()["after_logs_begin"], true);
    assert_eq!(json(folder.path(), &[".", "--no-history"])["groups"][0]["changed"], Value::Null);
    let text = std::fs::read_to_string(folder.path().join("nginx.conf")).expect("the configuration");
    std::fs::write(folder.path().join("nginx.conf"), text.replace("return 200 a", "return 200 b")).expect("a file");
    assert_eq!(changed()["date"], Value::Null);
}

/// Projects that together have every field.
const VARIED: [&str; 4] = [
    SMALL,
    // Several log formats, one of which can't tell; Lua and includes that are not there; a group with files and an upstream; a guard.
    r#"events {}
http {
    log_format bare '$remote_addr "$request" $status';
    log_format glued '$remote_addr$request';
    access_log /var/log/nginx/bare.log bare;
    include missing/*.conf;
    upstream old { server 127.0.0.1:9; }
    upstream new { server 127.0.0.1:8; }
    server {
        listen 80;
        include absent.conf;
        location /a { proxy_pass http://new; }
        location = /page { alias /srv/html/page.html; }
        location = /api { proxy_pass http://old; }
        location /off { access_log off; content_by_lua_block { local f = loadstring(ngx.var.arg_f); f(ngx) } }
        location /lua { content_by_lua_file /srv/lua/$uri.lua; }
        location ~ ^/a/secret { auth_basic x; auth_basic_user_file /etc/x; proxy_pass http://new; }
        # nginx-analyzer: keep the partner's export
        location /kept { return 200; }
    }
    server { listen 82; location / { return 200; } }
    server { listen 81; access_log /var/log/nginx/glued.log glued; location / { return 200; } location /x { return 201; } }
}
#- /logs/bare.log
10.0.0.1 "GET /a HTTP/1.1" 200
10.0.0.1 "GET /x HTTP/1.1" 404
10.0.0.1 "\x16\x03" 400
#- /html/page.html
<script>fetch('/api')</script>
#- /compose.yaml
services:
  web:
    image: nginx:1.27
    ports: ["80:80"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro", "./html:/srv/html:ro"]
"#,
    // The same, with a log that tells.
    r#"events {}
http {
    log_format whole '$remote_addr [$time_local] $host:$server_port "$request" $status "$http_user_agent"';
    access_log /var/log/nginx/access.log whole;
    upstream old { server 127.0.0.1:9; }
    upstream new { server 127.0.0.1:8; }
    server {
        listen 80;
        location /a { proxy_pass http://new; }
        location /sub/ { auth_request /auth; proxy_pass http://new; }
        location = /auth { internal; proxy_pass http://new; }
        location = /page { alias /srv/html/page.html; }
        location = /api { proxy_pass http://old; }
        location = /page2 { alias /srv/html/page2.html; }
        location = /twin { proxy_pass http://new; }
        location = /twins { proxy_pass http://new; }
    }
}
#- /logs/access.log
10.0.0.1 [01/Nov/2025:00:00:00 +0000] a.example:80 "GET /a HTTP/1.1" 200 "Mozilla/5.0"
10.0.0.1 [09/Nov/2025:00:00:00 +0000] a.example:80 "GET /page2 HTTP/1.1" 200 "Mozilla/5.0"
10.0.0.1 [09/Nov/2025:00:00:00 +0000] a.example:80 "GET /sub/ HTTP/1.1" 200 "Mozilla/5.0"
10.0.0.1 [09/Nov/2025:00:00:00 +0000] a.example:80 "GET /twins HTTP/1.1" 200 "Mozilla/5.0"
#- /html/page.html
<script>fetch('/api')</script>
#- /html/page2.html
<a href="/a">a</a>
#- /compose.yaml
services:
  web:
    image: nginx:1.27
    ports: ["80:80"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro", "./html:/srv/html:ro"]
"#,
    // No logs; a page that is too large to be read.
    "events {}\nhttp { server { listen 80; location /a { return 200; } } }\n#- /big.js × 30000\nfetch('/a'); // a line that is long enough to make a large file of it, together with all the others of its kind\n",
];

#[test]
fn every_field_is_documented_and_every_documented_field_is_written() {
    let mut written = BTreeSet::new();
    for project in VARIED {
        let folder = fixture(project);
        fields(&json(folder.path(), &["."]), "", &mut written);
    }
    let folder = fixture(SMALL);
    git(folder.path(), &["init", "-q"]);
    fields(&json(folder.path(), &["."]), "", &mut written);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "All"]);
    fields(&json(folder.path(), &["."]), "", &mut written);
    let text = std::fs::read_to_string(folder.path().join("nginx.conf")).expect("the configuration");
    std::fs::write(folder.path().join("nginx.conf"), text.replace("return 200 a", "return 200 b")).expect("a file");
    fields(&json(folder.path(), &["."]), "", &mut written);
    let example = run(&checkout(), &["report", "examples/oauth2-gateway", "--format", "json"]);
    fields(&serde_json::from_str(&example.out).expect("JSON"), "", &mut written);
    let page = std::fs::read_to_string(checkout().join("docs/output.md")).expect("the page");
    let section = page.split_once("## A report in JSON, version 1").expect("the section").1;
    let section = section.split("\n## ").next().expect("there is one");
    let rows = section.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        Some((cells.next()?.trim_end_matches('`').to_owned(), cells.next()?.trim().to_owned()))
    });
    let documented: BTreeSet<(String, String)> = rows
        .filter(|(_, kinds)| kinds != "object")
        .flat_map(|(path, kinds)| kinds.split(" or ").map(|kind| (path.clone(), kind.to_owned())).collect::<Vec<_>>())
        // The fields of an object that may be missing follow it.
        .filter(|(_, kind)| kind != "object")
        .collect();
    let written: BTreeSet<(String, String)> = written
        .into_iter()
        // As `check` prints them: that they are the same is another test.
        .filter(|(path, _)| !path.starts_with("findings[]"))
        .map(|(path, kind)| (path, kind.to_owned()))
        .collect();
    let missing: Vec<_> = documented.symmetric_difference(&written).collect();
    assert!(missing.is_empty(), "documented or written, but not both: {missing:#?}");
}

#[test]
fn findings_are_those_of_check() {
    let report = json(&checkout(), &["examples/oauth2-gateway"]);
    let check =
        run(&checkout(), &["check", "examples/oauth2-gateway", "--format", "json", "--min-severity", "hint", "--today", "2025-11-12"]);
    let check: Value = serde_json::from_str(&check.out).expect("JSON");
    assert_eq!(report["findings"], check["findings"]);
}

#[test]
fn figures_agree_with_what_is_listed() {
    let report = json(&checkout(), &["examples/oauth2-gateway"]);
    let count = |verdict: &str| report["endpoints"].as_array().expect("endpoints").iter().filter(|one| one["verdict"] == verdict).count();
    assert_eq!(report["summary"]["in_use"], count("in-use"));
    assert_eq!(report["summary"]["probably_unused"], count("probably-unused"));
    assert_eq!(report["summary"]["files"], report["files"].as_array().expect("files").len());
    for group in report["groups"].as_array().expect("groups") {
        assert_eq!(group["safe"].as_bool(), group["why_not"].as_array().map(Vec::is_empty), "{group}");
        for part in group["locations"].as_array().expect("locations") {
            let endpoint = report["endpoints"].as_array().expect("endpoints").iter().find(|one| one["line"] == part["line"]);
            assert_eq!(endpoint.expect("an endpoint")["group"], group["id"]);
        }
    }
}

#[test]
fn only_what_is_safe_is_commented_out_by_the_steps() {
    let report = json(&checkout(), &["examples/oauth2-gateway"]);
    let steps = report["steps"].as_array().expect("steps");
    let kinds: Vec<&str> = steps.iter().filter_map(|step| step["kind"].as_str()).collect();
    assert_eq!(kinds, ["log", "backup", "comment-out", "proven", "test", "reload", "watch", "undo", "delete"]);
    let command = steps[2]["commands"][0].as_str().expect("a command");
    let lines: Vec<&str> = command.split("--at nginx.conf:").skip(1).map(|rest| rest.split_whitespace().next().unwrap_or("")).collect();
    // Not the guard (560), not what loses its guard (293, 504), not what has lost its file (606, 611).
    assert_eq!(lines, ["379", "383", "387", "391", "541", "399"]);
}

#[test]
fn commands_fit_how_the_configuration_gets_to_the_server() {
    let commands = |extra: &str, kind: &str| {
        let folder = fixture(&format!("{SMALL}{extra}"));
        let report = json(folder.path(), &["."]);
        let steps = report["steps"].as_array().expect("steps").clone();
        let step = steps.iter().find(|step| step["kind"] == kind).unwrap_or_else(|| panic!("no step {kind}: {steps:#?}"));
        step["commands"].as_array().expect("commands").iter().map(|one| one.as_str().expect("a line").to_owned()).collect::<Vec<_>>()
    };
    let both = |extra: &str| [commands(extra, "test"), commands(extra, "reload")].concat();
    assert_eq!(both(""), ["sudo nginx -t", "sudo nginx -s reload"]);
    // The folder is mounted: a change is there at once.
    let folder = "#- /compose.yaml\nservices:\n  edge:\n    image: openresty/openresty:alpine\n    volumes: [\".:/usr/local/openresty/nginx/conf:ro\"]\n";
    assert_eq!(both(folder), ["docker compose exec -T edge openresty -t", "docker compose exec -T edge openresty -s reload"]);
    assert_eq!(commands(folder, "log"), ["docker compose logs --no-color edge | nginx-analyzer report . --logs - --since 30d"]);
    // The file itself is mounted: it is written in place, so that the container has it.
    let file = "#- /deploy/prod.compose.yaml\nservices:\n  edge:\n    image: nginx:1.27\n    volumes: [\"../nginx.conf:/etc/nginx/nginx.conf:ro\"]\n";
    let file = file.replace("prod.compose.yaml", "docker-compose.yml");
    assert_eq!(
        both(&file),
        [
            "docker compose -f deploy/docker-compose.yml exec -T edge nginx -t",
            "docker compose -f deploy/docker-compose.yml exec -T edge nginx -s reload"
        ]
    );
    let image =
        "#- /compose.yaml\nservices:\n  edge:\n    build: .\n#- /Dockerfile\nFROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n";
    assert_eq!(
        both(image),
        ["docker compose build edge", "docker compose run --rm --no-deps -T edge nginx -t", "docker compose up -d --no-deps edge"]
    );
}

const HOSTILE: &str = "</script><img src=x onerror=alert(1)>";

/// The tags of a page of ours in order, the inside of its script and style taken out; fails where a `<` begins none.
fn tags(page: &str) -> Vec<(bool, String, String)> {
    let mut out = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("a page");
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>').expect("an end");
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(name.trim_end_matches('/').bytes().all(|byte| byte.is_ascii_alphanumeric()), "no tag: <{tag}>");
        assert_eq!(attributes.matches('"').count() % 2, 0, "a quote is open: <{tag}>");
        out.push((closes, name.trim_end_matches('/').to_owned(), attributes.to_owned()));
        rest = match name {
            "script" | "style" if !closes => &after[after.find(&format!("</{name}>")).expect("an end")..],
            _ => after,
        };
    }
    out
}

#[test]
fn nothing_in_a_project_becomes_markup() {
    let folder = fixture(&format!(
        "events {{}}\nhttp {{ server {{ listen 80;\n location \"/a{HOSTILE}\" {{ return 200; }}\n location /b {{ return 200 \"{HOSTILE}\"; }}\n # nginx-analyzer: keep {HOSTILE}\n location /c {{ return 200; }}\n location /used {{ return 200; }}\n location ~ \"^/x`|{HOSTILE}\" {{ return 201; }} }} }}\n"
    ));
    let logs = folder.path().join("logs <img src=x onerror=alert(1)>");
    std::fs::create_dir(&logs).expect("a folder");
    let lines = format!(
        "10.0.0.1 - - [01/Nov/2025:00:00:00 +0000] \"GET /used HTTP/1.1\" 200 2 \"-\" \"Mozilla/5.0\"\n10.0.0.1 - - [09/Nov/2025:00:00:00 +0000] \"GET /used?{HOSTILE} HTTP/1.1\" 200 2 \"-\" \"Mozilla/5.0\"\n"
    );
    std::fs::write(logs.join("access.log"), lines).expect("a log");
    std::fs::write(folder.path().join("<b>page.html"), "<script>fetch('/b')</script>").expect("a page");
    let arguments = ["report", ".", "--logs", "logs <img src=x onerror=alert(1)>/access.log", "--format", "html"];
    for language in ["en", "ja"] {
        let output = run(folder.path(), &[&arguments[..], &["--lang", language]].concat());
        assert_eq!((output.status, output.err.as_str()), (Some(0), ""));
        assert!(output.out.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"), "the names are shown");
        let tags = tags(&output.out);
        let mut open: Vec<&str> = Vec::new();
        for (closes, name, attributes) in &tags {
            assert!(
                !["img", "b", "iframe", "object", "link", "base", "form"].contains(&&**name) || attributes.is_empty() && name == "b",
                "<{name} {attributes}>"
            );
            assert!(
                !attributes.split('"').step_by(2).any(|part| part.trim_start().starts_with("on") || part.contains("style=")),
                "<{name} {attributes}>"
            );
            match (closes, &**name) {
                (true, name) => assert_eq!(open.pop(), Some(name)),
                (false, "meta" | "input" | "br") => {}
                // Shapes of the picture have no content.
                (false, "rect" | "path") => {}
                (false, name) => open.push(name),
            }
        }
        assert_eq!(open, Vec::<&str>::new());
        assert_eq!(tags.iter().filter(|(closes, name, _)| !closes && name == "script").count(), 1);
        let policy = tags.iter().find(|(_, _, attributes)| attributes.contains("Content-Security-Policy")).expect("a policy");
        assert!(policy.2.contains("default-src 'none'") && !policy.2.contains("unsafe"), "{}", policy.2);
        for outside in ["http:", "https:"] {
            let loads = tags
                .iter()
                .any(|(_, _, attributes)| ["src", "href"].iter().any(|name| attributes.contains(&format!("{name}=\"{outside}"))));
            assert!(!loads, "something is loaded from elsewhere");
        }
    }
    // Code hosts drop such markup, but a reader of the Markdown should see the name, not lose it.
    let output = run(folder.path(), &[&arguments[..5], &["md"]].concat());
    let outside: Vec<&str> =
        output.out.lines().filter(|line| line.contains("<img") && !line.contains('`') && !line.contains("\\<img")).collect();
    assert_eq!(outside, Vec::<&str>::new());
}

#[test]
fn a_report_is_written_whole_and_never_over_the_project() {
    let folder = fixture(&format!("{SMALL}#- /compose.yaml\nservices: {{ a: {{ image: nginx }} }}\n"));
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let refused = |name: &str, why: &str| {
        let old = std::fs::read(folder.path().join(name)).ok();
        let output = run(folder.path(), &["report", ".", "--format", "md", "-o", name]);
        assert_eq!((output.status, output.out.as_str()), (Some(2), ""));
        assert!(output.err.contains(why), "{}", output.err);
        assert_eq!(std::fs::read(folder.path().join(name)).ok(), old);
    };
    refused("nginx.conf", "a file of the configuration");
    refused("logs/access.log", "one of the logs");
    refused("compose.yaml", "the project needs that file");
    refused("logs", "is not a file");
    refused("nowhere/report.md", "nowhere/report.md");
    let output = run(folder.path(), &["report", ".", "-o", "report.txt"]);
    assert_eq!(output.status, Some(2));
    assert!(output.err.contains("its ending says no format"), "{}", output.err);
    assert_eq!(names(), before, "nothing is left behind");
    // Whatever else somebody wrote stays, whether it belongs to the project or not.
    for (name, text) in [
        ("README.md", "# Our gateway\n"),
        ("package.json", "{\"name\": \"nginx-analyzer\", \"endpoints\": []}"),
        ("nginx-analyzer.toml", "\n"),
    ] {
        std::fs::write(folder.path().join(name), text).expect("a file");
        refused(name, "is no report of nginx-analyzer");
        std::fs::remove_file(folder.path().join(name)).expect("a file");
    }
    std::fs::write(folder.path().join("report.html"), "").expect("a file");
    for (name, begins) in [("report.md", "# "), ("report.html", "<!DOCTYPE html>"), ("report.json", "{")] {
        let output = run(folder.path(), &["report", ".", "-o", name]);
        assert_eq!((output.status, output.out.as_str()), (Some(0), ""));
        assert!(std::fs::read_to_string(folder.path().join(name)).expect("a report").starts_with(begins));
    }
    assert_eq!(names().len(), before.len() + 3, "{:?}", names());
    // An older report is overwritten, of whichever format.
    for (name, format, begins) in [("report.md", "json", "{"), ("report.html", "md", "# "), ("report.json", "html", "<!DOCTYPE html>")] {
        let output = run(folder.path(), &["report", ".", "--format", format, "-o", name]);
        assert_eq!((output.status, output.out.as_str()), (Some(0), ""), "{}", output.err);
        assert!(std::fs::read_to_string(folder.path().join(name)).expect("a report").starts_with(begins));
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_the_newest_report_stays_a_link() {
    let folder = fixture(SMALL);
    let (old, link) = (folder.path().join("2025-11.md"), folder.path().join("newest.md"));
    std::fs::write(&old, "").expect("a file");
    std::os::unix::fs::symlink("2025-11.md", &link).expect("a link");
    assert_eq!(run(folder.path(), &["report", ".", "-o", "newest.md"]).status, Some(0));
    assert!(link.is_symlink());
    assert!(std::fs::read_to_string(&old).expect("a report").starts_with("# "));
}

#[test]
fn a_report_does_not_hand_on_what_a_query_holds() {
    let folder = fixture(&SMALL.replace("POST /used HTTP/1.1", "GET /used?code=s3cret&mail=bob@example.com HTTP/1.1"));
    for format in ["md", "html", "json"] {
        let output = run(folder.path(), &["report", ".", "--format", format]);
        assert_eq!(output.status, Some(0));
        assert!(!output.out.contains("s3cret") && !output.out.contains("bob@"), "{}", output.out);
        assert!(format == "md" || output.out.contains("code=…"), "{}", output.out);
    }
}

#[test]
fn logs_that_ended_long_ago_are_told_of_first() {
    let folder = fixture(SMALL);
    let first = |today: &str, format: &str| {
        let output = run(folder.path(), &["report", ".", "--today", today, "--format", format]);
        let at = output.out.find("Mind:").filter(|at| Some(*at) < output.out.find("In use: logs show it"));
        at.is_some()
    };
    for format in ["md", "html"] {
        assert!(!first("2025-11-12", format), "three days ago, of seven");
        assert!(first("2025-12-24", format), "many weeks ago");
    }
}

#[test]
fn a_report_that_lies_in_the_project_is_no_use_of_what_it_names() {
    let folder = fixture(SMALL);
    let verdicts = || {
        let report = json(folder.path(), &["."]);
        report["endpoints"].as_array().expect("endpoints").iter().map(|one| one["verdict"].clone()).collect::<Vec<_>>()
    };
    let before = verdicts();
    assert_eq!(before[1], "probably-unused");
    for name in ["report.md", "report.html", "report.json"] {
        assert_eq!(run(folder.path(), &["report", ".", "-o", name]).status, Some(0));
    }
    assert_eq!(verdicts(), before);
    // Any other page that names it counts.
    std::fs::write(folder.path().join("other.html"), "<a href=\"http://localhost/old\">old</a>").expect("a page");
    assert_ne!(verdicts(), before);
}

#[test]
fn without_logs_nothing_is_called_unused() {
    let folder = fixture(SMALL);
    let report = json(folder.path(), &[".", "--no-logs"]);
    assert_eq!(report["summary"]["probably_unused"], 0);
    assert_eq!(report["steps"], Value::Array(Vec::new()));
    assert_eq!(report["cautions"][0]["kind"], "no-logs");
    let output = run(folder.path(), &["report", ".", "--no-logs"]);
    assert!(output.out.contains("No access log was read: of 3 locations"), "{}", output.out);
}
