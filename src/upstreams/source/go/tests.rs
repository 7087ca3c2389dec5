use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::Tree;
use super::super::link::{Application, Variable, link};
use super::*;

const APP: &str = r#"package main

import (
	"net/http"

	"example.com/shop/api"
	"github.com/go-chi/chi/v5"
)

type server struct{ router chi.Router }

func main() {
	s := &server{router: chi.NewRouter()}
	s.routes()
	http.ListenAndServe(":80", s)
}

func (s *server) routes() {
	s.router.Route("/v1", func(r chi.Router) {
		api.Users(r, "/users")
		r.With(quiet).Get(`/stock/{sku:[a-z]{3}}`, nil2)
	})
	s.router.Mount("/console", api.Console())
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

func quiet(next http.Handler) http.Handler { return next }

func nil2(w http.ResponseWriter, r *http.Request) {}
"#;

const API: &str = r#"package api

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"
)

func Users(r chi.Router, at string) {
	r.Get(at, list)
	r.Get(fmt.Sprintf("%s/{id}", at), list)
}

func Console() http.Handler {
	r := chi.NewRouter()
	r.Get("/", list)
	return r
}

func list(w http.ResponseWriter, r *http.Request) {}
"#;

fn linked(texts: &[(&str, &str)]) -> Application {
    let files: Vec<PathBuf> = texts.iter().map(|(path, _)| PathBuf::from(path)).collect();
    let text = |wanted: &Path| texts.iter().find(|(path, _)| Path::new(path) == wanted).map(|(_, text)| (*text).to_owned());
    let tree = Tree::new(&files, &text);
    let read = |(path, text): &(&str, &str)| (PathBuf::from(path), Arc::new((GO.read)(Path::new(path), text)));
    let mut facts: Vec<_> = texts.iter().filter(|(path, _)| wants(Path::new(path))).map(read).collect();
    facts.extend((GO.folder)(&tree).into_iter().map(|(path, facts)| (path, Arc::new(facts))));
    link(&tree, &facts, &|_| Variable::Unset)
}

#[test]
fn an_application_of_several_packages() {
    let application = linked(&[("api/api.go", API), ("go.mod", "module example.com/shop\n\ngo 1.22\n"), ("main.go", APP)]);
    let routes: Vec<&str> = application.routes.iter().map(|route| route.pattern.as_str()).collect();
    assert_eq!(routes, ["/v1/users", "/v1/users/{id}", "/console", "/console/", "/v1/stock/{sku}"]);
    assert_eq!(application.open, []);
    assert_eq!(application.frameworks, ["chi"]);
}

#[test]
fn what_is_no_router_is_none() {
    let code =
        "package main\n\nimport \"example.com/cache\"\n\nfunc f(c *cache.Client, key string) {\n\tc.Get(key, &f)\n\tc.Delete(\"/x\")\n}\n";
    let application = linked(&[("cache/cache.go", "package cache\n"), ("go.mod", "module example.com\n"), ("main.go", code)]);
    assert_eq!((application.routes, application.open), (Vec::new(), Vec::new()));
}

#[test]
fn libraries_may_add_what_they_like() {
    let opens = |module: &str, import: &str| {
        let code = format!("package main\n\nimport \"{import}\"\n\nfunc main() {{}}\n");
        !linked(&[("go.mod", &format!("module example.com/shop\n{module}")), ("main.go", &code)]).open.is_empty()
    };
    for harmless in ["github.com/jackc/pgx/v5/pgxpool", "go.uber.org/zap", "gopkg.in/yaml.v3", "unsafe", "example.com/shop"] {
        assert!(!opens("", harmless), "{harmless}");
    }
    assert!(opens("", "github.com/acme/metrics"));
    assert!(opens("", "example.com/shopping"));
    assert!(opens("replace go.uber.org/zap => ../zap\n", "go.uber.org/zap"));
    assert!(!opens("replace go.uber.org/zap => github.com/sirupsen/logrus v1.0.0\n", "go.uber.org/zap"));
}

#[test]
fn any_text_is_read() {
    for code in [APP, API] {
        for end in (0..code.len()).step_by(11).filter(|end| code.is_char_boundary(*end)) {
            (GO.read)(Path::new("main.go"), &code[..end]);
            (GO.read)(Path::new("main.go"), &code[end..]);
        }
    }
    let deep = format!("package main\nfunc f() {{ x := {}1{} }}", "(".repeat(5_000), ")".repeat(5_000));
    (GO.read)(Path::new("main.go"), &deep);
    let chain = format!("package main\nfunc f() {{ r{} }}", ".Get(\"/x\", f)".repeat(300));
    (GO.read)(Path::new("main.go"), &chain);
}
