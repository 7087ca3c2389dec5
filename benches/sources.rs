//! How long it takes to find the routes of an application of 20,000 files on disk: `cargo bench --bench sources`.
#![allow(missing_docs)]

mod allocator;

use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use nginx_analyzer::upstreams::Answer;
use nginx_analyzer::world::World;

const PACKAGES: usize = 200;
/// Modules of one package; the first ten have routes, as in an application of that size most code is something else.
const MODULES: usize = 100;
const WITH_ROUTES: usize = 10;

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path());
    folder
});

fn main() {
    let path = FOLDER.path().to_path_buf();
    println!("{} files: {} routes", PACKAGES * (MODULES + 1) + 3, routes(&mut World::open(&path, Vec::new())));
    divan::main();
    // A static is never dropped.
    std::fs::remove_dir_all(path).expect("removed");
}

fn write(folder: &Path) {
    let file = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    file("nginx.conf", "events {}\nhttp {\n  server {\n    listen 80;\n    location /p0/ { proxy_pass http://api:8000; }\n  }\n}\n");
    file("compose.yaml", "services:\n  api:\n    build: ./api\n");
    file("api/Dockerfile", "FROM python:3.13\nWORKDIR /srv\nCOPY app app\nCMD [\"uvicorn\", \"app.main:app\"]\n");
    file(
        "api/app/common.py",
        "import logging\nimport os\n\nLIMIT = int(os.environ.get('LIMIT', '10'))\n\ndef note(what, number):\n    logging.info('%s: %s', what, number)\n",
    );
    let mut main = String::from("from fastapi import FastAPI\n");
    let mut mounts = String::from("app = FastAPI()\n");
    for package in 0..PACKAGES {
        let _ = writeln!(main, "from app.p{package} import router as r{package}");
        let _ = writeln!(mounts, "app.include_router(r{package}, prefix='/p{package}')");
        let mut package_imports = String::from("from fastapi import APIRouter\n");
        let mut package_mounts = String::from("router = APIRouter()\n");
        for module in 0..MODULES {
            if module < WITH_ROUTES {
                let _ = writeln!(package_imports, "from .m{module} import router as m{module}");
                let _ = writeln!(package_mounts, "router.include_router(m{module}, prefix='/m{module}')");
            }
            file(&format!("api/app/p{package}/m{module}.py"), &code(module));
        }
        file(&format!("api/app/p{package}/__init__.py"), &format!("{package_imports}{package_mounts}"));
    }
    file("api/app/main.py", &format!("{main}{mounts}"));
    file("api/app/__init__.py", "");
}

/// The code of a module: it uses others of its package, and what all have in common.
fn code(module: usize) -> String {
    let mut code = String::from("import json\nimport logging\nfrom dataclasses import dataclass\nfrom app.common import LIMIT, note\n");
    if module < WITH_ROUTES {
        let used = module + WITH_ROUTES;
        let _ = write!(
            code,
            "from fastapi import APIRouter, Depends\nfrom .m{used} import Thing0, load0\nfrom . import m{used} as service\n\nrouter = APIRouter()\n\n@router.get('/items')\ndef items(db=Depends(note)):\n    return load0(db)\n\n@router.get('/items/{{item}}')\ndef item(item: int, db=Depends(note)):\n    note('item', item)\n    return service.load1(db, item)\n\n@router.post('/items')\ndef add(body: dict):\n    return Thing0(**body)\n"
        );
    } else if module > 2 * WITH_ROUTES {
        let used = module - 1;
        let _ =
            write!(code, "from .m{used} import Thing1, load2\n\ndef all(path):\n    return [Thing1(one, LIMIT) for one in load2(path)]\n");
    }
    for number in 0..6 {
        let _ = write!(
            code,
            "\n@dataclass\nclass Thing{number}:\n    name: str\n    size: int = {number}\n\n    def total(self, others):\n        found = [other.size for other in others if other.size > self.size]\n        if not found:\n            logging.info('none of %s', self.name)\n            return 0\n        return sum(found) + {number}\n\ndef load{number}(path):\n    with open(path) as file:\n        data = json.load(file)\n    return [Thing{number}(**entry) for entry in data.get('things', [])]\n"
        );
    }
    code
}

fn routes(world: &mut World) -> usize {
    let analysis = world.analysis();
    let view = analysis.views().next().expect("a configuration");
    let pass = view.config.all("proxy_pass").first().copied().expect("a proxy_pass");
    match &view.upstreams().target_of(pass).expect("an address").backends.first().expect("a backend").answer {
        Answer::Service(running) => running.served.routes.len(),
        Answer::Here(_) | Answer::Unknown(_) => 0,
    }
}

/// Nothing is known but what is on disk.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn cold(bencher: Bencher) {
    bencher.with_inputs(|| World::open(FOLDER.path(), Vec::new())).bench_local_refs(|world| black_box(routes(world)));
}

/// One file changed on disk, and with it the places of its routes.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn one_file_changed(bencher: Bencher) {
    changed(bencher, 3, "# A comment.\n");
}

/// One route came or went.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn one_route_changed(bencher: Bencher) {
    changed(bencher, 4, "\n@router.get('/others')\ndef others():\n    return []\n");
}

/// One file without routes changed on disk.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn one_other_file_changed(bencher: Bencher) {
    changed(bencher, 50, "\ndef other(path):\n    return load0(path)\n");
}

/// A module of a package has this in it, and then has not, and so on.
fn changed(bencher: Bencher, module: usize, more: &str) {
    let mut world = World::open(FOLDER.path(), Vec::new());
    routes(&mut world);
    let path = FOLDER.path().join(format!("api/app/p7/m{module}.py"));
    let file = world.vfs().id(&path);
    let plain = code(module);
    let (before, behind) = plain.split_at(plain.find("\n@").expect("a decorator"));
    let mut has = false;
    bencher.bench_local(|| {
        has = !has;
        std::fs::write(&path, if has { format!("{before}{more}{behind}") } else { plain.clone() }).expect("written");
        world.disk_changed(file);
        routes(&mut world)
    });
    std::fs::write(&path, &plain).expect("written");
}
