//! Any files around a configuration: what describes deployments, routes and callers, and application source. Parts: a number that says which
//! file, then its text.
#![no_main]

use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::rules;
use nginx_analyzer::world::World;
use nginx_analyzer_fuzz::Bytes;

const CONF: &str = "events {}\nhttp { upstream api { server api:8000; }\nserver { listen 80; server_name gateway; root /www;\n\
    location /api/ { proxy_pass http://api; }\nlocation /old { proxy_pass http://app:3000/v1/; }\nlocation /lua { content_by_lua_file /lua/a.lua; }\n} }\n";
const COMPOSE: &str = "services:\n  nginx:\n    image: nginx\n    volumes: [./nginx.conf:/etc/nginx/nginx.conf, ./html:/www, ./lua:/lua]\n  api:\n    build: ./api\n  app:\n    image: grafana/grafana\n";
const NAMES: [&str; 24] = [
    "nginx.conf", "compose.yaml", "nginx-analyzer.toml", ".env", "Dockerfile", "api/Dockerfile", "k8s/all.yaml", "kustomization.yaml", "api/openapi.yaml",
    "api/openapi.json", "api/routes.txt", "api/main.py", "api/package.json", "api/index.js", "api/app.ts", "api/main.go", "api/src/main.rs", "html/index.html",
    "html/a.css", "lua/a.lua", "test.sh", "README.md", "requests.http", "prometheus.yml",
];

fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let memory = PathBuf::from("/dev/shm");
        let above = if memory.is_dir() { memory } else { std::env::temp_dir() };
        above.join(format!("nginx-analyzer-fuzz-{}", std::process::id()))
    })
}

fuzz_target!(|data: &[u8]| {
    let mut data = Bytes(data);
    let folder = folder();
    let _ = std::fs::remove_dir_all(folder);
    let mut files = vec![("nginx.conf", CONF.as_bytes()), ("compose.yaml", COMPOSE.as_bytes()), ("api/Dockerfile", b"FROM python:3\nCOPY . /app\nCMD python /app/main.py\n")];
    while !data.is_empty() && files.len() < 12 {
        files.push((NAMES[usize::from(data.byte()) % NAMES.len()], data.part()));
    }
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder that can be made");
        std::fs::write(path, text).expect("a file that can be written");
    }
    let mut world = World::new(folder, vec![folder.join("nginx.conf")], Settings::default());
    world.reload_settings(Settings::default());
    let analysis = world.analysis();
    for finding in rules::check(&analysis) {
        analysis.text_at(finding.place);
    }
});
