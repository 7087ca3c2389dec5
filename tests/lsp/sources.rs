//! The source of applications is read beside everything else: what the configuration alone says is shown at once.

use crate::client::{Client, Setup, uri};

const CONF: &str = "events {}\nhttp {\n    server {\n        listen 80;\n        location /users { proxy_pass http://api:8000; }\n        location /gone { proxy_pass http://api:8000; }\n        location /x { return 200; }\n        location /x { return 200; }\n    }\n}\n";

#[test]
fn a_large_application_is_read_in_the_background() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    file("nginx.conf", CONF);
    file("compose.yaml", "services:\n  api:\n    build: ./api\n");
    file("api/Dockerfile", "FROM python:3.13\nCOPY . /app\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\"]\n");
    file("api/main.py", "from fastapi import FastAPI\napp = FastAPI()\n\n@app.get('/users')\ndef users():\n    return []\n");
    for number in 0..150 {
        file(&format!("api/part{number}.py"), &format!("VALUE = {number}\n"));
    }
    let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], ..Setup::default() });
    let uri = uri(&folder.path().join("nginx.conf"));
    client.open(&uri, CONF);
    let codes = |params: &serde_json::Value| -> Vec<String> {
        let found = params["diagnostics"].as_array().into_iter().flatten();
        found.filter_map(|one| one["code"].as_str().map(str::to_owned)).collect()
    };
    let of_it = |params: &serde_json::Value| params["uri"] == *uri;
    let has = |params: &serde_json::Value| of_it(params) && codes(params).iter().any(|code| code == "upstream-lacks-route");
    let first = client.wait_for("textDocument/publishDiagnostics", of_it);
    // On a busy machine the source may have been read before anything is told.
    let then = if has(&first) {
        first
    } else {
        assert_eq!(codes(&first), ["dead-location"], "what needs no source comes first: {first:#}");
        client.wait_for("textDocument/publishDiagnostics", has)
    };
    let lacking = then["diagnostics"].as_array().expect("diagnostics").iter().find(|one| one["code"] == "upstream-lacks-route");
    let message = lacking.and_then(|one| one["message"].as_str()).expect("a message");
    assert!(message.contains("the service api (./api, FastAPI) has one route, none that begins with /gone"), "{message}");
    client.shutdown();
}
