//! A folder that the person does not trust: nothing outside of it is read, whichever way leads there, and nothing is written.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::map::command;

/// What stands in every file outside: whoever shows it has read one.
const MARK: &str = "secret";

const LOG: &str = "203.0.113.7 - - [10/Nov/2025:09:00:00 +0000] \"GET /here/a HTTP/1.1\" 200 5 \"-\" \"-\"\n203.0.113.7 - - [03/Nov/2025:09:00:00 +0000] \"GET /here/a HTTP/1.1\" 200 5 \"-\" \"-\"\n";

struct Site {
    top: tempfile::TempDir,
}

impl Site {
    /// A folder, and beside it one into which all ways lead that a configuration, a compose file, settings and links know.
    fn new() -> Site {
        let top = tempfile::tempdir().expect("a folder");
        // As the system names it: the temporary folder may be behind a link itself.
        let real = fs::canonicalize(top.path()).expect("a folder");
        let write = |name: &str, text: &str| {
            let path = real.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        let outside = real.join("outside");
        let away = outside.display();
        for name in ["absolute", "above", "linked", "folder/linked"] {
            write(&format!("outside/{name}.conf"), &format!("upstream {MARK}_{} {{ server 127.0.0.1:9; }}\n", name.replace('/', "_")));
        }
        write("outside/mounted/mounted.conf", &format!("upstream {MARK}_mounted {{ server 127.0.0.1:9; }}\n"));
        write("outside/logs/absolute.log", LOG);
        write("outside/logs/above.log", LOG);
        write("outside/logs/linked.log", LOG);
        let api = format!("{{\"openapi\": \"3.0.0\", \"paths\": {{\"/{MARK}\": {{\"get\": {{}}}}}}}}");
        write("outside/api.json", &api);
        write("outside/app/Dockerfile", "FROM python:3.12\nWORKDIR /app\nCOPY . .\nEXPOSE 3000\nCMD [\"python\", \"app.py\"]\n");
        write("outside/app/requirements.txt", "flask==3.0.0\n");
        write(
            "outside/app/app.py",
            &format!("from flask import Flask\napp = Flask(__name__)\n@app.get('/{MARK}')\ndef x(): return ''\napp.run(port=3000)\n"),
        );
        write(
            "ws/nginx.conf",
            &format!(
                "events {{}}\nhttp {{\n    include {away}/absolute.conf;\n    include ../outside/above.conf;\n    include linked.conf;\n    include linked/*.conf;\n    include /etc/nginx/mounted/*.conf;\n    upstream stated {{ server 127.0.0.1:8; }}\n    server {{\n        listen 80;\n        location /here/ {{ return 200; }}\n        location /built/ {{ proxy_pass http://built:3000/; }}\n        location /stated/ {{ proxy_pass http://stated/; }}\n    }}\n}}\n"
            ),
        );
        write(
            "ws/compose.yaml",
            "services:\n  gateway:\n    image: nginx:1.27\n    volumes: ['./nginx.conf:/etc/nginx/nginx.conf', '../outside/mounted:/etc/nginx/mounted']\n  built:\n    build: ../outside/app\n",
        );
        write("ws/nginx-analyzer.toml", "[upstreams.stated]\nopenapi = \"../outside/api.json\"\n");
        symlink(outside.join("linked.conf"), real.join("ws/linked.conf")).expect("linked");
        symlink(outside.join("folder"), real.join("ws/linked")).expect("linked");
        symlink(outside.join("logs/linked.log"), real.join("ws/linked.log")).expect("linked");
        Site { top }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        fs::canonicalize(self.top.path()).expect("a folder").join(name)
    }

    fn client(&self, folders: &[&str], trusted: Option<Value>) -> Client {
        let mut options = json!({ "nginxAnalyzer": { "logs": { "files": [self.path("outside/logs/absolute.log"), "../outside/logs/above.log", "linked.log"] } } });
        if let Some(trusted) = trusted {
            options["trusted"] = trusted;
        }
        let extra = json!({ "experimental": { "serverStatusNotification": true }, "workspace": { "applyEdit": true } });
        let folders = folders.iter().map(|name| uri(&self.path(name))).collect();
        let mut client = Client::ready(Setup { folders, extra, options, ..Setup::default() });
        for method in ["textDocument/publishDiagnostics", "window/logMessage"] {
            client.ignore(method);
        }
        client
    }
}

/// Waits until all is read, and returns the last status.
fn quiet(client: &mut Client, holds: impl Fn(&Value) -> bool) -> Value {
    client.wait_for("experimental/serverStatus", |it| it["quiescent"] == true && holds(it))
}

/// Everything that the commands tell of the configuration.
fn told(client: &mut Client, main: &Path) -> String {
    let mut out = String::new();
    for (name, more) in [("map", json!({})), ("effective", json!({})), ("report", json!({ "format": "markdown" }))] {
        let mut argument = more;
        argument["uri"] = uri(main).into();
        let answer = command(client, &format!("nginx-analyzer.{name}"), argument).unwrap_or_else(|error| panic!("{name}: {error}"));
        out.push_str(&answer.to_string());
    }
    out
}

/// How many requests the map shows for `/here/`.
fn hits(client: &mut Client, main: &Path) -> Value {
    let map = command(client, "nginx-analyzer.map", json!({ "uri": uri(main) })).expect("a map");
    let locations = map["nodes"][0]["children"].as_array().expect("locations").clone();
    locations.iter().find(|node| node["label"] == "/here/").expect("the location")["hits"].clone()
}

/// What is followed where it may be: what is mounted or stands at an absolute path is on the server, and never read here.
const NAMES: [&str; 3] = ["secret_above", "secret_linked", "secret_folder_linked"];

#[test]
fn where_it_is_trusted_all_ways_are_followed() {
    let site = Site::new();
    let mut client = site.client(&["ws"], None);
    let main = site.path("ws/nginx.conf");
    quiet(&mut client, |it| it.get("message").is_none());
    let told = told(&mut client, &main);
    for name in NAMES {
        assert!(told.contains(name), "{name}: {told}");
    }
    assert!(told.contains("GET /secret"), "the OpenAPI file is read: {told}");
    assert_eq!(hits(&mut client, &main), 6);
    client.ignore("experimental/serverStatus");
    client.shutdown();
}

#[test]
fn where_it_is_not_none_is_and_the_status_says_so() {
    let site = Site::new();
    // Only `true` is trust.
    for trusted in [json!(false), json!("yes"), Value::Null] {
        let mut client = site.client(&["ws"], Some(trusted));
        let main = site.path("ws/nginx.conf");
        let told_so = |it: &Value| it["message"].as_str().is_some_and(|text| text.contains("this folder is not trusted: "));
        assert_eq!(quiet(&mut client, told_so)["health"], "warning");
        let told = told(&mut client, &main);
        assert!(!told.contains(MARK), "{told}");
        assert!(told.contains("lies outside of the folder, which is not trusted"), "{told}");
        assert_eq!(hits(&mut client, &main), Value::Null);
        client.ignore("experimental/serverStatus");
        client.shutdown();
    }
}

#[test]
fn a_folder_that_is_added_is_read_too() {
    let site = Site::new();
    let mut client = site.client(&["ws"], Some(json!(false)));
    let main = site.path("ws/nginx.conf");
    assert!(!told(&mut client, &main).contains(MARK));
    let added = json!([{ "uri": uri(&site.path("outside")), "name": "outside" }]);
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": added, "removed": [] } }));
    let all = told(&mut client, &main);
    for name in NAMES {
        assert!(all.contains(name), "{name}: {all}");
    }
    let removed = json!([{ "uri": uri(&site.path("outside")), "name": "outside" }]);
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": removed } }));
    assert!(!told(&mut client, &main).contains(MARK));
    client.ignore("experimental/serverStatus");
    client.shutdown();
}

#[test]
fn of_a_file_without_a_folder_only_the_text_that_is_open_is_read() {
    let site = Site::new();
    let mut client = site.client(&[], Some(json!(false)));
    let main = uri(&site.path("outside/own.conf"));
    client.open(&main, "events {}\nhttp {\n    include above.conf;\n    server { location /own { return 200; } }\n}\n");
    let found = command(&mut client, "nginx-analyzer.effective", json!({ "uri": main })).expect("a text");
    let text = found["text"].as_str().expect("a text");
    assert!(text.contains("location /own") && !text.contains(MARK), "{text}");
    client.ignore("experimental/serverStatus");
    client.shutdown();
}

#[test]
fn nothing_is_written_and_no_archive_read() {
    let site = Site::new();
    let conf = site.path("ws/own.conf");
    let text = "events {}\nhttp {\n    server {\n        location @gone { return 403; }\n    }\n}\n";
    fs::write(&conf, text).expect("written");
    // An archive that leads elsewhere is a way out, too.
    fs::create_dir_all(site.path("outside/archive")).expect("made");
    symlink(site.path("outside/archive"), site.path("ws/.nginx-analyzer")).expect("linked");
    let mut client = site.client(&["ws"], Some(json!(false)));
    client.open(&uri(&conf), text);
    let at = json!([{ "uri": uri(&conf), "line": 3 }]);
    let ask = |client: &mut Client, step: &str, more: Value| {
        let mut argument = json!({ "uri": uri(&conf), "at": at });
        argument.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        command(client, &format!("nginx-analyzer.cleanup.{step}"), argument)
    };
    assert_eq!(ask(&mut client, "plan", json!({})).expect("looking is allowed")["blocks"].as_array().map(Vec::len), Some(1));
    for (step, more) in
        [("apply", json!({})), ("restore", json!({ "dryRun": true })), ("finish", json!({})), ("apply", json!({ "trusted": true }))]
    {
        let error = ask(&mut client, step, more).expect_err(step);
        assert_eq!(error["message"], "nothing is written in a workspace that is not trusted", "{step}");
    }
    assert_eq!(ask(&mut client, "status", json!({})).expect("a status")["records"], json!([]));
    assert_eq!(fs::read_to_string(&conf).expect("there"), text);
    assert_eq!(fs::read_dir(site.path("outside/archive")).expect("there").count(), 0);
    client.ignore("experimental/serverStatus");
    client.shutdown();
}
