//! Java, with Spring MVC and WebFlux. Sources in Kotlin and Groovy are not read: where they route, an application is open.

mod build;
mod controllers;
mod dependencies;
mod folder;
mod functional;
mod libraries;
mod other;
mod pattern;
mod settings;
mod values;

use std::path::Path;

use super::facts::{Expr, Facts, ScopeId, ScopeKind, Why};
use super::making::{has_any, no_module, place_of};
use super::{Language, syntax};

/// Java.
pub(super) const LANGUAGE: Language =
    Language { name: "Java", wants, read, skim: None, module: no_module, beside: Some(|_, _| true), folder: folder::folder };

/// What controllers are registered on. No program has such a name.
const APP: &str = "<spring>";
/// What configuration puts before the paths of controllers.
const ADDED_PREFIX: &str = "<added prefix>";
/// What may follow a path: a slash, before Spring 6.
const SLASH: &str = "<slash>";

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or("")
}

fn wants(path: &Path) -> bool {
    matches!(extension(path), "java" | "kt" | "groovy" | "scala") || build::is_build_file(path) || settings::is_main(path)
}

fn read(path: &Path, text: &str) -> Facts {
    let mut facts = Facts::default();
    if extension(path) == "java" {
        if has_any(text, MATTERS) {
            read_java(text, &mut facts);
        } else if let Some(name) = path.file_stem().and_then(|name| name.to_str()) {
            // A class of data, which others may extend; what it extends itself is not looked at.
            let class = facts.add_scope(ScopeId::FILE, ScopeKind::Class);
            facts.bind(ScopeId::FILE, name, Expr::Scope(class));
        }
    } else if matches!(extension(path), "kt" | "groovy" | "scala") {
        const ROUTES: &[&str] = &[
            "springframework.web",
            "springframework.boot",
            "springframework.stereotype.Controller",
            "servlet",
            "ws.rs",
            "io.ktor",
            "io.micronaut",
            "io.javalin",
            "io.vertx",
            "org.http4k",
            "play.api",
            "akka.http",
            "http4s",
            "ratpack",
            "grails",
        ];
        if let Some(word) = ROUTES.iter().find(|word| text.contains(**word)) {
            facts.doubt(Why::Unparsed, place_of(text, word));
        }
    }
    facts
}

/// Only a file with one of these says anything of routes or paths.
const MATTERS: &[&str] = &[
    "Mapping",
    "Controller",
    "Router",
    "Filter",
    "ervlet",
    "Handler",
    "Interceptor",
    "Configur",
    "SpringApplication",
    "SpringBoot",
    "Socket",
    "Exchange",
    "Error",
    "Route",
    "(\"/",
    "final String",
    "static String",
    "interface ",
    "http",
    "Http",
    "ws.rs",
    "spark.",
    "io.javalin",
    "io.vertx",
    "io.micronaut",
    "io.quarkus",
    "io.helidon",
    "io.dropwizard",
    "io.undertow",
    "io.netty",
    "eactor",
    "web",
    "restlet",
    "camel",
    "Integration",
];

fn read_java(text: &str, facts: &mut Facts) {
    let Some(tree) = syntax::parse(text, &tree_sitter_java::LANGUAGE.into()) else {
        return facts.doubt(Why::Unparsed, place_of(text, ""));
    };
    let root = tree.root_node();
    const WEB: &[&str] = &["Mapping", "Controller", "RouterFunction", "Configurer", "SpringApplication", "Filter", "servlet"];
    if root.has_error() && has_any(text, WEB) {
        facts.doubt(Why::Unparsed, place_of(text, ""));
    }
    let nodes = syntax::nodes(root);
    let mut file = values::File::new(text, facts);
    file.declare(&nodes);
    controllers::read(&mut file, &nodes);
    functional::read(&mut file, &nodes);
    other::read(&mut file, &nodes);
}
