use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::facts::Why;
use super::super::link::{Application, Variable, link};
use super::super::{Tree, language_of};

/// The application of files, with what its environment has.
fn application(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Application {
    let mut paths: Vec<PathBuf> = files.iter().map(|(path, _)| PathBuf::from(path)).collect();
    paths.sort();
    let text = |path: &Path| files.iter().find(|(known, _)| Path::new(known) == path).map(|(_, text)| (*text).to_owned());
    let tree = Tree::new(&paths, &text);
    let facts: Vec<_> =
        paths.iter().filter_map(|path| Some((path.clone(), Arc::new((language_of(path)?.read)(path, &text(path)?))))).collect();
    link(&tree, &facts, &|wanted| match variables.iter().find(|(name, _)| *name == wanted) {
        Some((_, value)) => Variable::Set((*value).to_owned()),
        None => Variable::Unset,
    })
}

/// The patterns of the routes that people wrote, without those that differ by a slash at the end, and what there is to doubt.
fn shown(application: &Application) -> (Vec<String>, Vec<Why>) {
    let written = application.routes.iter().filter(|route| !route.implied);
    let mut routes: Vec<String> = written
        .map(|route| match route.pattern.trim_end_matches('/') {
            "" => "/".to_owned(),
            pattern => pattern.to_owned(),
        })
        .collect();
    routes.sort();
    routes.dedup();
    (routes, application.open.iter().map(|doubt| doubt.why).collect())
}

fn of(files: &[(&str, &str)]) -> (Vec<String>, Vec<Why>) {
    shown(&application(files, &[]))
}

fn closed(files: &[(&str, &str)]) -> Vec<String> {
    let (routes, open) = of(files);
    assert_eq!(open, [], "{files:?}");
    routes
}

const FASTAPI: &str = "from fastapi import FastAPI, APIRouter\napp = FastAPI(openapi_url=None)\n";

#[test]
fn settings_come_from_the_environment() {
    let files = [
        ("app/__init__.py", ""),
        (
            "app/config.py",
            "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    model_config = {'env_prefix': 'X_'}\n    prefix: str = '/a'\n    other: str\nsettings = Settings()\n",
        ),
        (
            "app/main.py",
            "from fastapi import FastAPI\nfrom app.config import settings\napp = FastAPI(openapi_url=None)\n@app.get(settings.prefix + '/x')\ndef x(): ...\n",
        ),
    ];
    assert_eq!(closed(&files), ["/a/x"]);
    assert_eq!(shown(&application(&files, &[("X_PREFIX", "/b")])).0, ["/b/x"]);
    let other = [
        files[0],
        files[1],
        (
            "app/main.py",
            "from fastapi import FastAPI\nfrom .config import settings\napp = FastAPI(openapi_url=None)\n@app.get(f'{settings.other}/x')\ndef x(): ...\n",
        ),
    ];
    assert_eq!(of(&other).1, [Why::Path]);
}

#[test]
fn the_documentation_of_fastapi_goes_where_it_is_told() {
    let implied = |options: &str| {
        let text = format!("from fastapi import FastAPI\napp = FastAPI({options})\n");
        let found = application(&[("main.py", &text)], &[]);
        let mut routes: Vec<String> =
            found.routes.into_iter().map(|route| route.pattern).filter(|pattern| !pattern.ends_with('/')).collect();
        routes.sort();
        routes
    };
    assert_eq!(implied(""), ["/docs", "/docs/oauth2-redirect", "/openapi.json", "/redoc"]);
    assert_eq!(implied("docs_url='/d', redoc_url=None"), ["/d", "/docs/oauth2-redirect", "/openapi.json"]);
    assert_eq!(implied("openapi_url=None"), [] as [&str; 0]);
    assert_eq!(implied("docs_url=None if x else '/d', redoc_url=None, swagger_ui_oauth2_redirect_url=None"), ["/d", "/openapi.json"]);
}

#[test]
fn lists_of_routers_may_grow() {
    let routers = "a = APIRouter()\nb = APIRouter()\n@a.get('/a')\ndef f(): ...\n@b.get('/b')\ndef g(): ...\n";
    let text = format!("{FASTAPI}{routers}all = [a]\nall.append(b)\nfor one in all:\n    app.include_router(one)\n");
    assert_eq!(closed(&[("main.py", &text)]), ["/a", "/b"]);
    let text = format!("{FASTAPI}{routers}for prefix, one in {{'/x': a, '/y': b}}.items():\n    app.include_router(one, prefix=prefix)\n");
    let (routes, open) = of(&[("main.py", &text)]);
    assert!(open.is_empty() || open.contains(&Why::Prefix), "{routes:?} {open:?}");
    let text = format!("{FASTAPI}{routers}for prefix, one in [('/x', a), ('/y', b)]:\n    app.include_router(one, prefix=prefix)\n");
    assert_eq!(closed(&[("main.py", &text)]), ["/x/a", "/x/b", "/y/a", "/y/b"]);
}

#[test]
fn what_is_given_by_name_to_a_function_elsewhere_is_not_known() {
    let helper = ("helper.py", "def put(app, prefix='/a'):\n    @app.get(prefix + '/x')\n    def x(): ...\n");
    let main = format!("{FASTAPI}from helper import put\nput(app, prefix='/b')\n");
    assert_eq!(of(&[helper, ("main.py", &main)]).1, [Why::Path]);
    // In the same file it is.
    let main = format!("{FASTAPI}{}put(prefix='/b', app=app)\n", helper.1);
    assert_eq!(closed(&[("main.py", &main)]), ["/a/x", "/b/x"]);
}

#[test]
fn middleware_that_refuses_is_no_doubt() {
    let with = |body: &str| {
        let text = format!("{FASTAPI}@app.middleware('http')\nasync def m(request, call_next):\n{body}");
        of(&[("main.py", &text)]).1
    };
    assert_eq!(
        with("    if request.headers.get('x'):\n        return JSONResponse({}, status_code=401)\n    return await call_next(request)\n"),
        []
    );
    assert_eq!(with("    response = await call_next(request)\n    response.headers['x'] = 'y'\n    return response\n"), []);
    assert_eq!(
        with("    if request.url.path.startswith('/x'):\n        return JSONResponse({})\n    return await call_next(request)\n"),
        [Why::Middleware]
    );
    assert_eq!(with("    request.scope['path'] = '/x'\n    return await call_next(request)\n"), [Why::Middleware]);
}

#[test]
fn pages_for_what_is_not_found() {
    let with = |kind: &str, body: &str| {
        let text = format!("from flask import Flask\napp = Flask(__name__)\n@app.errorhandler({kind})\ndef e(error):\n    {body}\n");
        of(&[("app.py", &text)]).1
    };
    assert_eq!(with("404", "return render_template('404.html'), 404"), []);
    assert_eq!(with("404", "return app.send_static_file('index.html')"), [Why::Fallback]);
    assert_eq!(with("404", "return redirect('/')"), [Why::Fallback]);
    assert_eq!(with("500", "return redirect('/')"), []);
    assert_eq!(with("HTTPStatus.NOT_FOUND", "return 'x'"), [Why::Fallback]);
    assert_eq!(with("HTTPException", "return jsonify(error=str(error)), error.code"), []);
}

#[test]
fn blueprints_in_blueprints() {
    let text = "from flask import Flask, Blueprint\napp = Flask(__name__, static_folder=None)\nouter = Blueprint('o', __name__, url_prefix='/o')\ninner = Blueprint('i', __name__, url_prefix='/i')\n@inner.route('/x')\ndef x(): ...\nouter.register_blueprint(inner)\nouter.register_blueprint(inner, url_prefix='/j', name='j')\napp.register_blueprint(outer)\napp.register_blueprint(outer, url_prefix='/p', name='p')\n";
    assert_eq!(closed(&[("app.py", text)]), ["/o/i/x", "/o/j/x", "/p/i/x", "/p/j/x"]);
}

#[test]
fn flask_takes_no_slash_away() {
    let text = "from flask import Flask\napp = Flask(__name__, static_folder=None)\n@app.route('/a')\ndef a(): ...\n@app.route('/b/')\ndef b(): ...\n";
    let found = application(&[("app.py", text)], &[]);
    let patterns: Vec<&str> = found.routes.iter().map(|route| route.pattern.as_str()).collect();
    assert_eq!(patterns, ["/a", "/b", "/b/"]);
}

#[test]
fn django_begins_with_its_settings() {
    let urls = "from django.urls import include, path, re_path\nfrom . import views\nurlpatterns = [path('a/<int:x>/', views.a), re_path(r'^b/(?P<y>\\d+)$', views.b), path('c/', include('shop.urls'))]\n";
    let files = [
        ("site/settings.py", "ROOT_URLCONF = 'site.urls'\nMIDDLEWARE = ['django.middleware.common.CommonMiddleware']\n"),
        ("site/urls.py", urls),
        ("shop/urls.py", "from django.urls import path\nurlpatterns = [path('d', x)]\n"),
        ("lost/urls.py", "from django.urls import path\nurlpatterns = [path('e', x)]\n"),
    ];
    assert_eq!(closed(&files), ["/a/{x}", "/b/{x}", "/c/d"]);
    assert_eq!(application(&files, &[]).stray.len(), 1);
    // The project is in a folder of the repository.
    let below: Vec<(String, &str)> = files.iter().map(|(path, text)| (format!("src/{path}"), *text)).collect();
    let below: Vec<(&str, &str)> = below.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    assert_eq!(closed(&below), ["/a/{x}", "/b/{x}", "/c/d"]);
}

#[test]
fn views_inherit_actions() {
    let files = [
        ("p/settings.py", "ROOT_URLCONF = 'p.urls'\n"),
        (
            "p/urls.py",
            "from rest_framework.routers import SimpleRouter\nfrom .views import Users\nrouter = SimpleRouter()\nrouter.register('users', Users)\nurlpatterns = router.urls\n",
        ),
        (
            "p/views.py",
            "from rest_framework.viewsets import ModelViewSet\nfrom rest_framework.decorators import action\nfrom .base import Base\nclass Users(Base, ModelViewSet):\n    @action(detail=True, url_path='set-password')\n    def set_password(self, request, pk): ...\n",
        ),
        (
            "p/base.py",
            "from rest_framework.decorators import action\nclass Base:\n    @action(detail=False)\n    def recent(self, request): ...\n",
        ),
    ];
    let routes = closed(&files);
    for wanted in ["/users", "/users/{x}", "/users/{x}/set-password", "/users/recent"] {
        assert!(routes.iter().any(|route| route == wanted), "{wanted} {routes:?}");
    }
}

#[test]
fn any_text_is_read() {
    let deep = format!("x = {}1{}\n", "(".repeat(5000), ")".repeat(5000));
    let sums = format!("x = {}\n", vec!["a"; 5000].join(" + "));
    let nested: String = (0..300).map(|level| format!("{}def f():\n", " ".repeat(level))).collect();
    for text in [&deep, &sums, &nested, "@", "@app.get(", "def", "urlpatterns = [path(", "\u{0}\u{feff}", "from . import", "class A(B"] {
        let text = format!("from fastapi import FastAPI\napp = FastAPI()\n{text}");
        application(&[("main.py", &text)], &[]);
    }
}
