//! What follows from the folder of an application in Ruby: the routes of Rails, gems, static files.

use std::path::{Path, PathBuf};

use super::super::Tree;
use super::super::facts::{Expr, Facts, ObjectKind, Why};
use super::super::making::{filled_by_build, global, has_any};
use super::rails::{Place, draw};
use crate::text::Span;

pub(super) fn folder(tree: &Tree<'_>) -> Vec<(PathBuf, Facts)> {
    let mut out = Vec::new();
    let mut rails = false;
    for path in tree.named("routes.rb").iter().filter(|path| path.ends_with("config/routes.rb")) {
        let root = path.parent().and_then(Path::parent).unwrap_or(Path::new(""));
        let Some(code) = tree.text(path) else { continue };
        // Of an engine; it answers where it is mounted.
        let engine = !tree.has(&root.join("config/application.rb")) && !root.as_os_str().is_empty();
        if engine && !code.contains("application.routes.draw") {
            continue;
        }
        rails = true;
        let mut settings = Facts::default();
        let prefix = prefix(tree, root);
        middleware(tree, root, &mut settings);
        out.extend(drawn(tree, path, &code, root, &prefix));
        let app = settings.add_object(ObjectKind::App, "Rails", prefix.clone(), false, Span::at(0));
        for path in [
            "/",
            "/assets/*",
            "/packs/*",
            "/vite/*",
            "/vite-dev/*",
            "/rails/*",
            "/cable",
            "/cable/*",
            "/recede_historical_location",
            "/resume_historical_location",
            "/refresh_historical_location",
            "/web_console/*",
            "/__web_console/*",
            "/favicon.ico",
        ] {
            settings.add_implied(app.clone(), path, Span::at(0));
        }
        out.push((path.to_path_buf(), settings));
        out.extend(files(tree, root, "Rails", &prefix));
    }
    if !rails {
        sinatra_files(tree, &mut out);
    }
    out
}

/// The routes of a file, and of those that it draws.
fn drawn(tree: &Tree<'_>, path: &Path, code: &str, root: &Path, prefix: &Expr) -> Vec<(PathBuf, Facts)> {
    let mut out = Vec::new();
    let (mut facts, mut others) = draw(code, prefix.clone(), Place::new(), true);
    let mut left = 200usize;
    while let Some((name, place)) = others.pop() {
        let other = root.join("config/routes").join(format!("{name}.rb"));
        match tree.text(&other).filter(|_| left > 0 && tree.has(&other)) {
            Some(code) => {
                left -= 1;
                let (found, more) = draw(&code, prefix.clone(), place, false);
                out.push((other, found));
                others.extend(more);
            }
            None => facts.doubt(Why::Computed, Span::at(0)),
        }
    }
    out.push((path.to_path_buf(), facts));
    out
}

/// Below what the application is put by a setting; nothing, too.
fn prefix(tree: &Tree<'_>, root: &Path) -> Expr {
    let environment = Expr::Setting("RAILS_RELATIVE_URL_ROOT".into(), Some(Box::new(Expr::text(""))));
    let mut all = vec![Expr::text(""), environment];
    let config = root.join("config");
    for path in tree.below(&config).filter(|path| path.extension().is_some_and(|extension| extension == "rb")) {
        let Some(text) = tree.text(path) else { continue };
        for line in text.lines().filter(|line| line.contains("relative_url_root") && !line.trim_start().starts_with('#')) {
            let value = line.split_once('=').map_or("", |(_, value)| value.trim());
            match value.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\''])) {
                Some(value) => all.push(Expr::text(value)),
                None if value.contains("RAILS_RELATIVE_URL_ROOT") => {}
                None => all.push(Expr::Unknown),
            }
        }
    }
    Expr::List(all)
}

/// Middleware that is not known to let everything pass.
fn middleware(tree: &Tree<'_>, root: &Path, facts: &mut Facts) {
    const KNOWN: &[&str] = &[
        "Rack::Cors",
        "Rack::Attack",
        "Rack::Deflater",
        "Rack::Brotli",
        "Rack::MethodOverride",
        "Rack::Head",
        "Rack::ETag",
        "Rack::ConditionalGet",
        "Rack::Runtime",
        "Rack::Timeout",
        "Rack::Sendfile",
        "Rack::Session",
        "Rack::TempfileReaper",
        "ActionDispatch::Cookies",
        "ActionDispatch::Session",
        "ActionDispatch::Flash",
        "ActionDispatch::RequestId",
        "ActionDispatch::RemoteIp",
        "ActionDispatch::ContentSecurityPolicy",
        "ActionDispatch::HostAuthorization",
        "ActionDispatch::SSL",
        "Warden::Manager",
        "RequestStore",
        "Bullet::Rack",
        "I18n::JS",
        "middleware.delete",
    ];
    let config = root.join("config");
    for path in tree.below(&config).filter(|path| path.extension().is_some_and(|extension| extension == "rb")) {
        let Some(text) = tree.text(path) else { continue };
        for line in text.lines().map(str::trim_start).filter(|line| line.contains("middleware.") && !line.starts_with('#')) {
            let adds = has_any(line, &["middleware.use", "middleware.insert", "middleware.unshift", "middleware.swap"]);
            if adds && !has_any(line, KNOWN) {
                facts.doubt(Why::Middleware, Span::at(0));
            }
        }
        if has_any(&text, &["exceptions_app ="])
            && !text.contains("exceptions_app = routes")
            && !text.contains("exceptions_app = self.routes")
        {
            facts.doubt(Why::Fallback, Span::at(0));
        }
    }
}

/// Files of `public`, by their names.
fn files(tree: &Tree<'_>, root: &Path, framework: &'static str, prefix: &Expr) -> Vec<(PathBuf, Facts)> {
    let public = root.join("public");
    let mut out = Vec::new();
    for path in tree.below(&public) {
        let Some(inside) = path.strip_prefix(&public).ok().and_then(Path::to_str) else { continue };
        let name = inside.replace('\\', "/").replace(['{', '}', '*'], "{x}");
        let mut facts = Facts::default();
        let app = facts.add_object(ObjectKind::App, framework, prefix.clone(), false, Span::at(0));
        let mut names = vec![format!("/{name}")];
        // Rails adds the ending, and looks for an index.
        if let Some(page) = name.strip_suffix(".html") {
            names.push(format!("/{page}"));
            names.push(format!("/{page}/"));
            if let Some(folder) = page.strip_suffix("index") {
                names.push(format!("/{folder}"));
                names.push(format!("/{}", folder.trim_end_matches('/')));
            }
        }
        for name in names {
            facts.add_route(app.clone(), &["GET"], Expr::Text(name.into()), Span::at(0));
        }
        out.push((path.to_path_buf(), facts));
    }
    if filled_by_build(tree, &["public", "assets"]) {
        let mut facts = Facts::default();
        facts.doubt(Why::Computed, Span::at(0));
        let dockerfile = tree.files.iter().find(|path| path.to_string_lossy().contains("ockerfile"));
        out.push((dockerfile.cloned().unwrap_or_default(), facts));
    }
    out
}

/// Files of a folder `public`, wherever it is: Sinatra serves them below every prefix where an app is mounted.
fn sinatra_files(tree: &Tree<'_>, out: &mut Vec<(PathBuf, Facts)>) {
    let ruby = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "rb" || extension == "ru");
    let Some(anchor) = tree.files.iter().find(ruby) else { return };
    let mut facts = Facts::default();
    for path in tree.files {
        let written = path.to_string_lossy().replace('\\', "/");
        let inside = match written.split_once("public/") {
            Some((front, inside)) if front.is_empty() || front.ends_with('/') => inside.replace(['{', '}', '*'], "{x}"),
            _ => continue,
        };
        facts.add_route(global("<public>"), &["GET"], Expr::Text(format!("/{inside}").into()), Span::at(0));
    }
    if !facts.routes.is_empty() {
        if filled_by_build(tree, &["public"]) {
            facts.doubt(Why::Computed, Span::at(0));
        }
        out.push((anchor.clone(), facts));
    }
}
