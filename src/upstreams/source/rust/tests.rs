use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::Tree;
use super::super::link::{Application, Variable, link};
use super::*;

const MAIN: &str = r#"mod users;

use axum::{Router, routing::get};

struct App {
    router: Router,
}

impl App {
    fn new(prefix: &str) -> Self {
        let router = Router::new().nest(prefix, users::router());
        Self { router }
    }

    fn finish(self) -> Router {
        self.router.route("/health", get(|| async { "ok" }))
    }
}

async fn main() {
    let app = logged(App::new("/v1").finish());
    axum::serve(listener, app).await;
}

fn logged(router: Router) -> Router {
    router.layer(tower_http::trace::TraceLayer::new_for_http())
}
"#;

const USERS: &str = r#"use axum::Router;
use axum::routing::{get, post};

pub fn router() -> Router {
    Router::new().merge(Router::new().route("/users/:id", get(one).post(one))).route("/files/{*path}", post(one))
}

async fn one() {}
"#;

fn linked(texts: &[(&str, &str)]) -> Application {
    let files: Vec<PathBuf> = texts.iter().map(|(path, _)| PathBuf::from(path)).collect();
    let text = |wanted: &Path| texts.iter().find(|(path, _)| Path::new(path) == wanted).map(|(_, text)| (*text).to_owned());
    let tree = Tree::new(&files, &text);
    let read = |(path, text): &(&str, &str)| (PathBuf::from(path), Arc::new((RUST.read)(Path::new(path), text)));
    let facts: Vec<_> = texts.iter().filter(|(path, _)| wants(Path::new(path))).map(read).collect();
    link(&tree, &facts, &|_| Variable::Unset)
}

#[test]
fn an_application_of_several_modules() {
    let application = linked(&[("Cargo.toml", "[package]\nname = \"shop\"\n"), ("src/main.rs", MAIN), ("src/users.rs", USERS)]);
    let routes: Vec<&str> = application.routes.iter().map(|route| route.pattern.as_str()).collect();
    assert_eq!(routes, ["/health", "/v1/users/{id}", "/v1/files/*"]);
    assert_eq!(application.open, []);
}

#[test]
fn modules_are_found_from_where_they_are_named() {
    let paths = ["Cargo.toml", "src/a.rs", "src/a/b.rs", "src/a/c/mod.rs", "src/lib.rs", "src/main.rs"];
    let mut files: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    files.sort();
    let text = |path: &Path| (path == Path::new("Cargo.toml")).then(|| "[package]\nname = \"the-shop\"\n".to_owned());
    let tree = Tree::new(&files, &text);
    for (from, name, found) in [
        ("src/main.rs", "a::b", &["src/a/b.rs"][..]),
        ("src/a.rs", "b", &["src/a/b.rs"]),
        ("src/a/b.rs", "super::c", &["src/a/c/mod.rs"]),
        ("src/a/c/mod.rs", "super::super", &["src/main.rs", "src/lib.rs"]),
        ("src/a/b.rs", "crate::a::inside", &["src/a.rs"]),
        ("src/main.rs", "the_shop::a", &["src/a.rs"]),
        ("src/main.rs", "tokio::net", &[]),
    ] {
        let found: Vec<PathBuf> = found.iter().map(PathBuf::from).collect();
        assert_eq!(module(Path::new(from), name, &tree), found, "{from} {name}");
    }
}

#[test]
fn any_text_is_read() {
    for code in [MAIN, USERS] {
        for end in (0..code.len()).filter(|end| code.is_char_boundary(*end)) {
            (RUST.read)(Path::new("main.rs"), &code[..end]);
            (RUST.read)(Path::new("main.rs"), &code[end..]);
        }
    }
    let deep = format!("fn f() {{ let x = {}1{}; }}", "(".repeat(20_000), ")".repeat(20_000));
    (RUST.read)(Path::new("main.rs"), &deep);
    let chain = format!("use axum::Router;\nfn f() {{ Router::new(){} }}", ".route(\"/x\", get(f))".repeat(3_000));
    (RUST.read)(Path::new("main.rs"), &chain);
}
