//! From a service to what it serves: which files count, what is started, in which environment.

use nginx_analyzer::messages::Language;
use nginx_analyzer::upstreams::{Answer, Scope};
use nginx_analyzer::world::World;

use crate::common;

const CONF: &str = "events {}\nhttp { server { listen 80; location / { proxy_pass http://api:8000; } } }\n";
const COMPOSE: &str = "services:\n  api:\n    build: ./api\n";
const DOCKERFILE: &str = "FROM python:3.13\nWORKDIR /srv\nCOPY . .\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\"]\n";
const MAIN: &str = "import os\nfrom fastapi import FastAPI\napp = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)\n@app.get(os.getenv('PREFIX', '/v1') + '/users')\ndef users():\n    return []\n";

/// The routes of the backend, and why there may be others.
fn served(files: &[(&str, &str)]) -> (Vec<String>, Option<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let defaults = [("nginx.conf", CONF), ("compose.yaml", COMPOSE), ("api/Dockerfile", DOCKERFILE), ("api/main.py", MAIN)];
    let given = |name: &str| files.iter().any(|(path, _)| *path == name);
    let all = defaults.iter().filter(|(name, _)| !given(name)).chain(files);
    let fixture: String = all.filter(|(_, text)| !text.is_empty()).map(|(path, text)| format!("#- /{path}\n{text}\n")).collect();
    common::write_fixture(folder.path(), &fixture);
    let analysis = World::open(folder.path(), Vec::new()).analysis();
    let view = analysis.views().next().expect("a configuration");
    let pass = *view.config.all("proxy_pass").first().expect("a proxy_pass");
    let answer = view.upstreams().target_of(pass).expect("a target").backends.first().expect("a backend").answer.clone();
    match answer {
        Answer::Service(running) => {
            let routes = running.served.routes.iter().filter(|route| !route.implied).map(ToString::to_string).collect();
            let open = match &running.served.scope {
                Scope::Open(why) => Some(why.say(Language::English)),
                Scope::Everywhere | Scope::Below(_) => None,
            };
            (routes, open)
        }
        Answer::Here(_) => panic!("it is here"),
        Answer::Unknown(why) => (Vec::new(), Some(why.say(Language::English))),
    }
}

fn routes(files: &[(&str, &str)]) -> Vec<String> {
    let (routes, open) = served(files);
    assert_eq!(open, None, "{files:?}");
    routes
}

fn open(files: &[(&str, &str)]) -> String {
    served(files).1.unwrap_or_else(|| panic!("it is closed: {files:?}"))
}

#[test]
fn the_environment_decides_prefixes() {
    assert_eq!(routes(&[]), ["GET /v1/users"]);
    let with = |environment: &str| format!("{COMPOSE}    environment:\n      {environment}\n");
    assert_eq!(routes(&[("compose.yaml", &with("PREFIX: /api"))]), ["GET /api/users"]);
    assert!(open(&[("compose.yaml", &with("PREFIX: ${PREFIX}"))]).contains("path of a route is not known"));
    assert!(open(&[("compose.yaml", &format!("{COMPOSE}    env_file: missing.env\n"))]).contains("is not known"));
    assert_eq!(routes(&[("api/Dockerfile", &DOCKERFILE.replace("COPY", "ENV PREFIX=/image\nCOPY"))]), ["GET /image/users"]);
    assert_eq!(routes(&[("api/.env", "PREFIX=/file\n")]), ["GET /file/users"]);
    // Which of them is read is a matter of the mode.
    assert!(open(&[("api/.env", "PREFIX=/file\n"), ("api/.env.production", "PREFIX=/x\n")]).contains("path of a route"));
    assert_eq!(routes(&[("api/.env.example", "PREFIX=/file\n")]), ["GET /v1/users"]);
}

#[test]
fn what_is_started_decides_whose_routes_they_are() {
    let dockerfile = |start: &str| format!("FROM python:3.13\nWORKDIR /srv\nCOPY . .\n{start}\n");
    for start in [
        "CMD uvicorn main:app",
        "ENTRYPOINT [\"uvicorn\"]\nCMD [\"main:app\", \"--port\", \"8000\"]",
        "CMD [\"sh\", \"-c\", \"alembic upgrade head && exec gunicorn -b 0.0.0.0:8000 main:app\"]",
        "CMD [\"python\", \"-m\", \"uvicorn\", \"main:app\"]",
        "ENTRYPOINT [\"./start.sh\"]",
    ] {
        let files = [("api/Dockerfile", &*dockerfile(start)), ("api/start.sh", "#!/bin/sh\npython migrate.py\nexec uvicorn main:app\n")];
        assert_eq!(routes(&files), ["GET /v1/users"], "{start}");
    }
    for start in [
        "CMD [\"python\", \"-m\", \"litellm\"]",
        "CMD [\"uvicorn\", \"other.app:app\"]",
        "CMD [\"supervisord\", \"-n\"]",
        "CMD [\"./unknown.sh\"]",
        "CMD [\"sh\", \"-c\", \"uvicorn main:app & nginx -g 'daemon off;'\"]",
        "",
    ] {
        assert_eq!(open(&[("api/Dockerfile", &dockerfile(start))]), "which program api starts is not known", "{start}");
    }
    assert!(open(&[("api/Dockerfile", &dockerfile("CMD [\"uvicorn\", \"main:app\", \"--root-path\", \"/x\"]"))]).contains("--root-path"));
    // The compose file's command goes before the image's.
    assert_eq!(
        open(&[("compose.yaml", &format!("{COMPOSE}    command: python -m http.server\n"))]),
        "which program api starts is not known"
    );
    // Routes of another language do not answer.
    let express = "const app = require('express')()\napp.get('/other', (req, res) => res.send())\n";
    assert_eq!(routes(&[("api/tool.js", express)]), ["GET /v1/users"]);
}

#[test]
fn only_what_gets_into_the_container_counts() {
    // A monorepo: the context is the whole repository, one folder of it is copied.
    let compose = "services:\n  api:\n    build:\n      context: .\n      dockerfile: api/Dockerfile\n";
    let dockerfile = DOCKERFILE.replace("COPY . .", "COPY api .");
    let other = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/other')\ndef other(): ...\n";
    assert_eq!(routes(&[("compose.yaml", compose), ("api/Dockerfile", &dockerfile), ("billing/main.py", other)]), ["GET /v1/users"]);
    // Tests are not started.
    assert_eq!(routes(&[("api/tests/test_app.py", other)]), ["GET /v1/users"]);
    for mount in ["code:/srv", "./elsewhere:/srv", "/opt/api:/srv"] {
        let compose = format!("{COMPOSE}    volumes: ['{mount}']\nvolumes: {{code: {{}}}}\n");
        assert!(open(&[("compose.yaml", &compose), ("elsewhere/x.py", "x = 1\n")]).contains("mounted at /srv"), "{mount}");
    }
    for mount in ["./api:/srv", "uploads:/srv/uploads"] {
        let compose = format!("{COMPOSE}    volumes: ['{mount}']\nvolumes: {{uploads: {{}}}}\n");
        assert_eq!(routes(&[("compose.yaml", &compose)]), ["GET /v1/users"], "{mount}");
    }
    // The image of a language with the source mounted into it.
    let mounted =
        "services:\n  api:\n    image: python:3.13\n    working_dir: /srv\n    command: uvicorn main:app\n    volumes: ['./api:/srv']\n";
    assert_eq!(routes(&[("compose.yaml", mounted), ("api/requirements.txt", "fastapi\n")]), ["GET /v1/users"]);
    assert!(open(&[("compose.yaml", "services:\n  api:\n    build: ../elsewhere\n")]).contains("not in the workspace"));
}

#[test]
fn settings_and_descriptions() {
    let settings = |text: &str| format!("[upstreams.api]\n{text}\n");
    // A list takes the place of what was found.
    assert_eq!(routes(&[("nginx-analyzer.toml", &settings("routes = ['GET /a', '/b/*']"))]), ["GET /a", "/b/*"]);
    assert_eq!(routes(&[("nginx-analyzer.toml", &settings("base_path = '/behind'"))]), ["GET /behind/v1/users"]);
    let openapi = "openapi: 3.1.0\npaths:\n  /things/{id}:\n    get: {}\n";
    let files = [("nginx-analyzer.toml", &*settings("openapi = 'api.yaml'\nclosed = true")), ("api.yaml", openapi)];
    assert_eq!(routes(&files), ["GET /things/{id}"]);
    assert!(open(&[("nginx-analyzer.toml", &settings("openapi = 'gone.yaml'"))]).contains("gone.yaml is not here"));
    assert!(open(&[("nginx-analyzer.toml", &settings("closed = false"))]).contains("not said to be complete"));
    // Beside the source it adds to it.
    assert_eq!(routes(&[("api/openapi.yaml", openapi)]), ["GET /v1/users", "GET /things/{id}"]);
}
