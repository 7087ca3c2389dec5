//! Go to definition, references and the hover on what passes requests on, over a gateway in front of an application whose source is here.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri};
use crate::reference::{self, Units};

/// Cursors are `⟦name⟧`; what is behind one is what it is on.
const CONF: &str = r#"events {}
http {
    map $host $pool { default api; }
    log_format main '$remote_addr $⟦used-variable⟧pool';
    proxy_cache_path /c keys_zone=pages:1m;
    upstream ⟦block⟧api { ⟦member⟧server ⟦address⟧api:8000; }
    include ⟦include⟧parts/*.conf;
    server {
        listen 80;
        access_log /var/log/a.log ⟦format⟧main;
        set $⟦set⟧theme dark;
        location ⟦routes⟧/api/ { ⟦directive⟧proxy_pass ⟦pass⟧http://api/; proxy_cache ⟦cache⟧pages; add_header X-É $⟦theme⟧theme; }
        location /direct/ { proxy_pass ⟦service⟧http://api:8000/; }
        ⟦location⟧location = /hello { content_by_lua_file ⟦lua⟧/etc/nginx/hello.lua; error_page 404 ⟦named⟧@app; }
        location ⟦app⟧@app { proxy_pass http://web:3000; }
        location /self/ { proxy_pass ⟦self⟧http://127.0.0.1:81; }
        location / { auth_request ⟦auth⟧/hello; root ⟦root⟧/srv; }
    }
    server { listen 81; return 204; }
}
"#;

const FILES: &str = r#"#- /parts/a.conf
map $host $a { default 1; }
#- /parts/b.conf
map $host $b { default 1; }
#- /compose.yaml
services:
  gateway:
    image: openresty/openresty:1.27
    volumes:
      - ./nginx.conf:/usr/local/openresty/nginx/conf/nginx.conf:ro
      - ./parts:/usr/local/openresty/nginx/conf/parts:ro
      - ./hello.lua:/etc/nginx/hello.lua:ro
  api:
    build: ./api
  web:
    image: registry.example/web:1
#- /hello.lua
ngx.say("hello")
#- /api/Dockerfile
FROM python:3.12
WORKDIR /app
COPY . .
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
#- /api/main.py
from fastapi import FastAPI

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/users")
def users():
    return []


@app.get("/users/{id}")
def user(id: int):
    return {}
"#;

/// The text without its cursors.
fn bare(text: &str) -> String {
    text.split('⟦').enumerate().map(|(at, part)| if at == 0 { part } else { part.split_once('⟧').expect("closed").1 }).collect()
}

/// Where a cursor is, in UTF-16.
fn cursor(name: &str) -> Value {
    let mark = format!("⟦{name}⟧");
    let before = bare(CONF.split_once(&mark).unwrap_or_else(|| panic!("no cursor {name}")).0);
    let line = before.rsplit('\n').next().unwrap_or_default();
    json!({ "line": before.matches('\n').count(), "character": line.encode_utf16().count() })
}

struct Gateway {
    folder: tempfile::TempDir,
    client: Client,
    document: String,
}

impl Gateway {
    fn open(extra: Value) -> Gateway {
        let folder = tempfile::tempdir().expect("a folder");
        crate::common::write_fixture(folder.path(), &format!("{}\n{FILES}", bare(CONF)));
        let mut client = Client::ready(Setup { folders: vec![uri(folder.path())], extra, ..Setup::default() });
        client.ignore("textDocument/publishDiagnostics");
        let document = uri(&folder.path().join("nginx.conf"));
        let text = std::fs::read_to_string(folder.path().join("nginx.conf")).expect("written");
        client.open(&document, &text);
        Gateway { folder, client, document }
    }

    fn ask(&mut self, method: &str, name: &str) -> Value {
        let params = json!({
            "textDocument": { "uri": self.document },
            "position": cursor(name),
            "context": { "includeDeclaration": true },
        });
        loop {
            match self.client.try_request(method, params.clone()) {
                Err(error) if error["code"] == -32801 => {}
                answer => return answer.expect("answered"),
            }
        }
    }

    /// `file: the text of the range`, or `file` for its beginning.
    fn shown(&self, uri_of: &Value, range: &Value) -> String {
        let root = format!("{}/", uri(self.folder.path()));
        let name = uri_of.as_str().and_then(|it| it.strip_prefix(&root)).expect("a file of the workspace");
        let text = std::fs::read_to_string(self.folder.path().join(Path::new(name))).expect("it is there");
        let at = |end: &str| reference::offset(&text, &range[end], Units::Utf16).expect("a position in the text");
        match &text[at("start")..at("end")] {
            "" => name.to_owned(),
            text => format!("{name}: {text}"),
        }
    }

    fn definitions(&mut self, name: &str) -> Vec<String> {
        let answer = self.ask("textDocument/definition", name);
        answer.as_array().into_iter().flatten().map(|link| self.shown(&link["targetUri"], &link["targetSelectionRange"])).collect()
    }

    fn references(&mut self, name: &str) -> Vec<String> {
        let answer = self.ask("textDocument/references", name);
        answer.as_array().into_iter().flatten().map(|place| self.shown(&place["uri"], &place["range"])).collect()
    }
}

fn links() -> Value {
    json!({ "textDocument": { "definition": { "linkSupport": true }, "hover": { "contentFormat": ["markdown"] } } })
}

#[test]
fn definitions_are_found() {
    let mut gateway = Gateway::open(links());
    for (name, wanted) in [
        ("pass", &["nginx.conf: api"][..]),
        ("service", &["nginx.conf: api"]),
        ("address", &["compose.yaml: api"]),
        ("routes", &["api/main.py: \"/users\"", "api/main.py: \"/users/{id}\""]),
        ("self", &["nginx.conf: server"]),
        ("include", &["parts/a.conf", "parts/b.conf"]),
        ("format", &["nginx.conf: main"]),
        ("cache", &["nginx.conf: keys_zone=pages:1m"]),
        ("theme", &["nginx.conf: $theme"]),
        ("used-variable", &["nginx.conf: $pool"]),
        ("lua", &["hello.lua"]),
        ("named", &["nginx.conf: location @app"]),
        ("auth", &["nginx.conf: location = /hello"]),
        ("app", &["compose.yaml: web"]),
        ("root", &[]),
        ("directive", &[]),
    ] {
        assert_eq!(gateway.definitions(name), wanted, "{name}");
    }
    gateway.client.shutdown();
}

#[test]
fn a_client_without_links_gets_places() {
    let mut gateway = Gateway::open(json!({}));
    let answer = gateway.ask("textDocument/definition", "pass");
    assert_eq!(gateway.shown(&answer[0]["uri"], &answer[0]["range"]), "nginx.conf: api");
    assert_eq!(gateway.ask("textDocument/definition", "root"), Value::Null);
    gateway.client.shutdown();
}

#[test]
fn references_are_found() {
    let mut gateway = Gateway::open(links());
    for (name, wanted) in [
        ("block", &["nginx.conf: api", "nginx.conf: http://api/", "nginx.conf: http://api:8000/"][..]),
        ("pass", &["nginx.conf: api", "nginx.conf: http://api/", "nginx.conf: http://api:8000/"]),
        ("format", &["nginx.conf: main", "nginx.conf: main"]),
        ("cache", &["nginx.conf: keys_zone=pages:1m", "nginx.conf: pages"]),
        ("set", &["nginx.conf: $theme", "nginx.conf: $theme"]),
        ("used-variable", &["nginx.conf: $pool", "nginx.conf: $pool"]),
        ("location", &["nginx.conf: location = /hello", "nginx.conf: /hello"]),
        ("app", &["nginx.conf: @app", "nginx.conf: location @app"]),
        ("root", &[]),
    ] {
        assert_eq!(gateway.references(name), wanted, "{name}");
    }
    gateway.client.shutdown();
}

#[test]
fn the_hover_on_a_pass_says_who_answers_and_what_they_serve() {
    let mut gateway = Gateway::open(links());
    let said = |gateway: &mut Gateway, name: &str| {
        let answer = gateway.ask("textDocument/hover", name);
        answer["contents"]["value"].as_str().map(str::to_owned).unwrap_or_default()
    };
    let wanted = "Upstream block `api` (nginx.conf:6)\n\n**`api:8000`** · http · service `api` (compose.yaml:8) · source `./api` (FastAPI)\n\n\
        All its routes are known, and requests get to 2 of them:\n\n\
        - `GET /api/users` → `/users` (api/main.py:6)\n- `GET /api/users/{x}` → `/users/{x}` (api/main.py:11)";
    assert_eq!(said(&mut gateway, "pass"), wanted);
    assert!(said(&mut gateway, "directive").starts_with(&format!("{wanted}\n\n---\n\n```nginx\nproxy_pass ")));
    assert!(said(&mut gateway, "routes").contains("- `GET /api/users` → `/users` (api/main.py:6)"));
    assert_eq!(said(&mut gateway, "self"), "**`127.0.0.1:81`** · http\n\nIt is this same nginx: server *:81.");
    gateway.client.shutdown();
}
