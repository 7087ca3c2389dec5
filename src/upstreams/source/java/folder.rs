//! What follows from the folder of an application with Spring: settings, libraries, static files.

use std::path::{Path, PathBuf};

use super::super::Tree;
use super::super::facts::{Expr, Facts, ObjectKind, ScopeId, Why};
use super::super::making::{filled_by_build, global, has_any};
use super::build::Build;
use super::settings::{self, Settings};
use super::{ADDED_PREFIX, APP, SLASH, extension};
use crate::text::Span;

/// Folders below which files are served by their names.
const STATIC: [&str; 4] = ["static", "public", "META-INF/resources", "resources"];

pub(super) fn folder(tree: &Tree<'_>) -> Vec<(PathBuf, Facts)> {
    let source = tree.files.iter().find(|path| extension(path) == "java");
    let build = Build::read(tree);
    let Some(source) = source else { return Vec::new() };
    let anchor = tree.files.iter().find(|path| settings::is_main(path)).cloned().or(build.file.clone()).unwrap_or_else(|| source.clone());
    let settings = Settings::read(tree);
    let mut facts = Facts::default();
    let prefix = prefix(&settings, &build);
    facts.bind(ScopeId::FILE, "<spring prefix>", prefix.clone());
    facts.bind(ScopeId::FILE, ADDED_PREFIX, Expr::text(""));
    let slash = if build.strict_slash() { Expr::text("") } else { Expr::List(vec![Expr::text(""), Expr::text("/")]) };
    facts.bind(ScopeId::FILE, SLASH, slash);
    for (key, value) in settings.all() {
        facts.bind(ScopeId::FILE, &key, value);
    }
    let spring = build.has("springframework") || settings.has("server.") || settings.has("spring.");
    let mut out = Vec::new();
    if spring {
        for why in build.doubts(tree) {
            facts.doubt(why, Span::at(0));
        }
        if let Some((file, span)) = build.unknown.clone() {
            let mut facts = Facts::default();
            facts.doubt(Why::Library, span);
            out.push((file, facts));
        }
        own_routes(&mut facts, &settings, &build);
        elsewhere(&mut facts, &settings);
        if settings.has("management.server.port") || settings.has("management.port") {
            management(&mut facts, &settings);
        }
        if by_command(tree) {
            facts.doubt(Why::Prefix, Span::at(0));
        }
        out.extend(files(tree, &mut facts, &settings, &prefix));
    }
    out.insert(0, (anchor, facts));
    out
}

/// The path below which everything is.
fn prefix(settings: &Settings, build: &Build) -> Expr {
    let either = |new: Expr, old: &str| match new {
        Expr::Setting(name, default) => Expr::Setting(name, Some(Box::new(Expr::Setting(old.into(), default)))),
        other => other,
    };
    let context = either(settings.value("server.servlet.context-path", ""), "SERVER_SERVLET_CONTEXT_PATH");
    // Spring Boot 1 has it under another name.
    let context = match settings.has("server.context-path") {
        true => Expr::List(vec![context, settings.value("server.context-path", "")]),
        false => context,
    };
    let servlet = settings.value("spring.mvc.servlet.path", "");
    let mvc = Expr::Join(vec![context, Expr::text("/"), servlet]);
    let reactive = settings.value("spring.webflux.base-path", "");
    let (web, flux) =
        (build.has("spring-boot-starter-web<") || build.has("starter-web'") || build.has("starter-web\""), build.has("starter-webflux"));
    match (web, flux) {
        (true, _) => mvc,
        (false, true) => reactive,
        (false, false) => Expr::List(vec![mvc, reactive]),
    }
}

/// True when a command that starts the application may say where it is, or start more.
fn by_command(tree: &Tree<'_>) -> bool {
    const WORDS: &[&str] = &[
        "context-path",
        "contextPath",
        "base-path",
        "servlet.path",
        "spring.config",
        "static-locations",
        "path-pattern",
        "loader.path",
        "jmx_prometheus",
        "jolokia",
    ];
    let starts = |path: &&PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        name.contains("ockerfile") || name.ends_with(".sh") || name == "Procfile" || name == "Containerfile"
    };
    tree.files.iter().filter(starts).filter_map(|path| tree.text(path)).any(|text| has_any(&text, WORDS))
}

/// Settings may come from places that are not in the folder.
fn elsewhere(facts: &mut Facts, settings: &Settings) {
    if settings.imports {
        facts.doubt(Why::Option, Span::at(0));
    }
    for name in [
        "MANAGEMENT_SERVER_PORT",
        "SPRING_APPLICATION_JSON",
        "SPRING_CONFIG_LOCATION",
        "SPRING_CONFIG_ADDITIONAL_LOCATION",
        "SPRING_CONFIG_IMPORT",
        "SPRING_CONFIG_NAME",
        "SPRING_CLOUD_CONFIG_URI",
    ] {
        // A text has no members: where the variable is set, what is mounted is not known.
        let value = Expr::Setting(name.into(), Some(Box::new(Expr::Other)));
        facts.add_mount(global(APP), Expr::text(""), Expr::Member(Box::new(value), "routes".into()), Span::at(0));
    }
    for key in [
        "spring.mvc.static-path-pattern",
        "spring.webflux.static-path-pattern",
        "spring.web.resources.static-locations",
        "spring.resources.static-locations",
        "spring.mvc.pathmatch.use-suffix-pattern",
    ] {
        if settings.has(key) {
            facts.doubt(Why::Option, Span::at(0));
        }
    }
}

/// On a port of its own, what is for operators is below no path of the application.
fn management(facts: &mut Facts, settings: &Settings) {
    let app = facts.add_object(ObjectKind::App, "Spring", settings.value("management.server.base-path", ""), false, Span::at(0));
    for tail in ["", "/*"] {
        facts.add_implied(app.clone(), "", Span::at(0));
        if let Some(route) = facts.routes.last_mut() {
            route.path = Expr::Join(vec![settings.value("management.endpoints.web.base-path", "/actuator"), Expr::text(tail)]);
        }
    }
}

/// What the framework and its libraries add.
fn own_routes(facts: &mut Facts, settings: &Settings, build: &Build) {
    let app = global(APP);
    let mut add = |paths: &[&str]| paths.iter().for_each(|path| facts.add_implied(app.clone(), path, Span::at(0)));
    // The context path without a slash is a redirect.
    add(&["", "/error", "/favicon.ico"]);
    if build.has("webjars") || build.has("springdoc") || build.has("springfox") {
        add(&["/webjars/*"]);
    }
    if build.has("security") {
        add(&[
            "/login",
            "/logout",
            "/default-ui.css",
            "/oauth2/authorization/{x}",
            "/login/oauth2/code/{x}",
            "/login/*",
            "/logout/*",
            "/oauth2/*",
            "/saml2/*",
            "/webauthn/*",
            "/ott/{x}",
        ]);
    }
    if build.has("springdoc") || build.has("springfox") || build.has("knife4j") {
        add(&[
            "/v3/api-docs",
            "/v3/api-docs/*",
            "/v3/api-docs.yaml",
            "/v3/api-docs.yaml/*",
            "/swagger-ui.html",
            "/swagger-ui",
            "/swagger-ui/*",
        ]);
        add(&[
            "/v2/api-docs",
            "/v2/api-docs/*",
            "/swagger-resources",
            "/swagger-resources/*",
            "/doc.html",
            "/csrf",
            "/scalar",
            "/scalar/*",
        ]);
    }
    if build.has("h2") {
        add(&["/h2-console", "/h2-console/*"]);
    }
    if build.has("graphql") || build.has("dgs") {
        add(&["/graphql", "/graphiql", "/graphiql/*", "/graphql/*", "/schema.json", "/subscriptions", "/subscriptions/*"]);
    }
    if build.has("druid") {
        add(&["/druid", "/druid/*"]);
    }
    if build.has("actuator") {
        add(&["/livez", "/readyz", "/cloudfoundryapplication", "/cloudfoundryapplication/*", "/hystrix.stream"]);
    }
    for (key, default, tails) in [
        ("server.error.path", "/error", &[""][..]),
        ("spring.graphql.path", "/graphql", &["", "/schema"]),
        ("spring.graphql.http.path", "/graphql", &["", "/schema"]),
        ("spring.h2.console.path", "/h2-console", &["", "/*"]),
        ("springdoc.api-docs.path", "/v3/api-docs", &["", "/*", ".yaml"]),
        ("springdoc.swagger-ui.path", "/swagger-ui.html", &["", "/*"]),
        ("management.endpoints.web.base-path", "/actuator", &["", "/*"]),
        ("management.server.base-path", "", &["/actuator", "/actuator/*"]),
    ] {
        let wanted = settings.has(key) || key.starts_with("management.e") && build.has("actuator");
        if !wanted {
            continue;
        }
        for tail in tails {
            let path = Expr::Join(vec![settings.value(key, default), Expr::text(tail)]);
            facts.add_implied(app.clone(), "", Span::at(0));
            if let Some(route) = facts.routes.last_mut() {
                route.path = path;
            }
        }
    }
    if settings.has("management.endpoints.web.path-mapping")
        || settings.has("management.server.base-path") && settings.has("management.endpoints.web.base-path")
    {
        facts.doubt(Why::Option, Span::at(0));
    }
}

/// Files that are served by their names.
fn files(tree: &Tree<'_>, facts: &mut Facts, settings: &Settings, prefix: &Expr) -> Vec<(PathBuf, Facts)> {
    if filled_by_build(tree, &["static", "public", "resources", "classes"]) {
        facts.doubt(Why::Computed, Span::at(0));
    }
    if settings.says("spring.web.resources.add-mappings", "false") || settings.says("spring.resources.add-mappings", "false") {
        return Vec::new();
    }
    let mut out = Vec::new();
    for path in tree.files {
        let Some(uri) = served_name(path) else { continue };
        let mut facts = Facts::default();
        let app = facts.add_object(ObjectKind::App, "Spring", prefix.clone(), false, Span::at(0));
        if uri == "index.html" {
            facts.add_route(app.clone(), &["GET"], Expr::text("/"), Span::at(0));
        }
        facts.add_route(app, &["GET"], Expr::Text(format!("/{uri}").into()), Span::at(0));
        out.push((path.clone(), facts));
    }
    out
}

/// Under which name a file is served, when it is.
fn served_name(path: &Path) -> Option<String> {
    let written = path.to_str()?.replace('\\', "/");
    if let Some(inside) = written.split_once("src/main/webapp/").map(|(_, inside)| inside) {
        return (!inside.starts_with("WEB-INF")).then(|| inside.to_owned());
    }
    let (_, inside) = written.split_once("src/main/resources/")?;
    if inside == "templates/index.html" {
        return Some("index.html".to_owned());
    }
    let name = STATIC.iter().find_map(|folder| inside.strip_prefix(folder)?.strip_prefix('/'))?;
    Some(name.replace(['{', '}', '*'], "{x}"))
}
