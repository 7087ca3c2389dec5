//! What `pom.xml` and Gradle files say: which libraries an application has, and which of them route.

use std::path::{Path, PathBuf};

use super::super::Tree;
use super::super::facts::Why;
use super::super::making::{has_any, place_of};
use super::dependencies;
use crate::text::Span;

/// What a build says.
#[derive(Debug, Default)]
pub(super) struct Build {
    text: String,
    /// Each `pom.xml`.
    poms: Vec<String>,
    /// A library that is not known, and where it is written.
    pub(super) unknown: Option<(PathBuf, Span)>,
    /// A file of it.
    pub(super) file: Option<PathBuf>,
}

/// True for a file that says how Java is built.
pub(super) fn is_build_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    name == "pom.xml" || dependencies::is_gradle(path) || dependencies::is_catalogue(path)
}

/// Libraries that add routes, or may.
const DOUBTS: &[(&str, Why)] = &[
    ("data-rest", Why::Extension),
    ("starter-gateway", Why::Proxy),
    ("gateway-server", Why::Proxy),
    ("gateway-mvc", Why::Proxy),
    ("gateway-webflux", Why::Proxy),
    ("netflix-zuul", Why::Proxy),
    ("smiley-http-proxy", Why::Proxy),
    ("eureka-server", Why::Extension),
    ("cloud-config-server", Why::Extension),
    ("cloud-starter-config", Why::Option),
    ("nacos-config", Why::Option),
    ("apollo-client", Why::Option),
    ("admin-starter-server", Why::Extension),
    ("authorization-server", Why::Extension),
    ("starter-jersey", Why::Extension),
    ("starter-web-services", Why::Extension),
    ("cxf-spring-boot", Why::Extension),
    ("starter-hateoas-explorer", Why::Extension),
    ("data-rest-hal", Why::Extension),
    ("cloud-function-web", Why::Extension),
    ("cloud-starter-function-web", Why::Extension),
    ("vaadin", Why::Extension),
    ("camunda", Why::Extension),
    ("flowable", Why::Extension),
    ("activiti", Why::Extension),
    ("jhipster", Why::Extension),
    ("quarkus", Why::Option),
    ("micronaut", Why::Option),
    ("sba-", Why::Extension),
    ("xxl-job-admin", Why::Extension),
    ("<packaging>war", Why::Prefix),
    ("id 'war'", Why::Prefix),
    ("id(\"war\")", Why::Prefix),
    ("apply plugin: 'war'", Why::Prefix),
    ("resources/static", Why::Computed),
    ("resources/public", Why::Computed),
    ("META-INF/resources", Why::Computed),
    ("classes/static", Why::Computed),
    ("classes/public", Why::Computed),
    ("frontend-maven-plugin", Why::Computed),
    ("processResources", Why::Computed),
    ("bootJar {", Why::Computed),
];

/// Starters of others that add no routes.
const HARMLESS: &[&str] = &[
    "mybatis",
    "pagehelper",
    "redisson",
    "jasypt",
    "dynamic-datasource",
    "shedlock",
    "resilience4j",
    "bucket4j",
    "starter-openfeign",
    "starter-bootstrap",
    "starter-loadbalancer",
    "netflix-eureka-client",
    "consul-discovery",
    "kubernetes-client",
    "starter-sleuth",
    "starter-zipkin",
    "starter-stream",
    "starter-circuitbreaker",
    "starter-vault",
    "starter-task",
    "nacos-discovery",
    "rocketmq",
    "logbook",
    "problem-spring",
    "springdoc",
    "springfox",
    "knife4j",
    "starter-aws",
    "starter-sqs",
    "starter-s3",
    "sentry",
    "opentelemetry",
    "okta",
    "druid",
    "graphql",
    "dgs",
];

impl Build {
    /// All build files together.
    pub(super) fn read(tree: &Tree<'_>) -> Build {
        let mut out = Build::default();
        let mut poms = Vec::new();
        for path in tree.files.iter().filter(|path| is_build_file(path)) {
            if let Some(text) = tree.text(path) {
                out.text.push_str(&text);
                let unknown = match () {
                    () if dependencies::is_gradle(path) => dependencies::of_gradle(&text, tree),
                    () if dependencies::is_catalogue(path) => dependencies::of_catalogue(&text, tree),
                    () => None,
                };
                if let Some(written) = unknown {
                    out.unknown.get_or_insert_with(|| (path.clone(), place_of(&text, &written)));
                }
                if path.extension().is_some_and(|extension| extension == "xml") {
                    out.poms.push(text);
                    poms.push(path.clone());
                }
                out.text.push('\n');
                out.file.get_or_insert_with(|| path.clone());
            }
        }
        let here = out.artifacts();
        for (path, pom) in poms.into_iter().zip(&out.poms) {
            if let Some(name) = dependencies::of_pom(pom, &here) {
                out.unknown.get_or_insert_with(|| (path, place_of(pom, &format!("<artifactId>{name}<"))));
            }
        }
        out
    }

    /// The names of the projects of Maven that are here.
    fn artifacts(&self) -> Vec<String> {
        self.poms.iter().filter_map(|pom| tag(&without_parent(pom), "artifactId").map(str::to_owned)).collect()
    }

    /// True when the word is in it.
    pub(super) fn has(&self, word: &str) -> bool {
        self.text.contains(word)
    }

    /// True when it is Spring 6 or later, where a slash at the end matters.
    pub(super) fn strict_slash(&self) -> bool {
        let versions = |marker: &str, within: usize| -> Vec<char> {
            let mut out = Vec::new();
            for (at, _) in self.text.match_indices(marker) {
                let behind: String = self.text.get(at + marker.len()..).unwrap_or("").chars().take(within).collect();
                let number = behind.split_once("version").map_or(behind.as_str(), |(_, rest)| rest);
                out.extend(number.chars().find(char::is_ascii_digit));
            }
            out
        };
        let mut found = versions("spring-boot-starter-parent", 90);
        found.extend(versions("org.springframework.boot'", 60));
        found.extend(versions("org.springframework.boot\"", 60));
        !found.is_empty() && found.iter().all(|major| matches!(major, '3'..='9'))
    }

    /// Why the libraries may add routes.
    pub(super) fn doubts(&self, tree: &Tree<'_>) -> Vec<Why> {
        let mut out: Vec<Why> = DOUBTS.iter().filter(|(word, _)| self.text.contains(word)).map(|(_, why)| *why).collect();
        let quotes = ['"', '\'', '<', '>', ':', ' ', ',', '(', ')', '\n', '\r', '\t', '='];
        for word in self.text.split(quotes) {
            let adds = has_any(word, &["starter", "autoconfigur", "spring-boot-"]) && !word.contains("org.springframework");
            let own = word.starts_with("spring-boot-") || word.starts_with("spring-cloud-dependencies");
            if adds && !own && !has_any(word, HARMLESS) && !is_module(tree, word) && !word.contains('/') && !word.contains('.') {
                out.push(Why::Extension);
            }
        }
        if self.elsewhere() {
            out.push(Why::Extension);
        }
        out.dedup();
        out
    }

    /// True when modules of the same people are not here: a parent with libraries of its own, or a library with controllers.
    fn elsewhere(&self) -> bool {
        let here = self.artifacts();
        let parent = |pom: &String| {
            let parent = pom.split_once("<parent>").and_then(|(_, rest)| tag(rest, "artifactId"));
            parent.is_some_and(|name| !name.starts_with("spring-boot-") && !here.iter().any(|known| known == name))
        };
        let library = |pom: &String| {
            let own = without_parent(pom);
            let head = own.split("<dependencies").next().unwrap_or("");
            // Without one of its own it has that of its parent.
            let group = tag(head, "groupId").or_else(|| tag(pom, "groupId")).unwrap_or("");
            let people: String = group.split('.').take(2).collect::<Vec<_>>().join(".");
            pom.split("<dependency>").skip(1).any(|dependency| {
                let of = tag(dependency, "groupId").unwrap_or("");
                let ours = of == "${project.groupId}"
                    || of.starts_with("${")
                    || group != "org.springframework.boot" && !people.is_empty() && of.starts_with(&people);
                ours && tag(dependency, "artifactId").is_none_or(|name| !here.iter().any(|known| known == name))
            })
        };
        self.poms.iter().any(parent) || self.poms.iter().any(library)
    }
}

/// A `pom.xml` without what it says of its parent.
fn without_parent(pom: &str) -> String {
    match (pom.split_once("<parent>"), pom.split_once("</parent>")) {
        (Some((before, _)), Some((_, after))) => format!("{before}{after}"),
        _ => pom.to_owned(),
    }
}

/// The text of the first element of that name.
pub(super) fn tag<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once('<').map(|(text, _)| text.trim())
}

/// True for a folder of the project itself.
fn is_module(tree: &Tree<'_>, name: &str) -> bool {
    let folder =
        |file: &&str| tree.named(file).iter().any(|path| path.parent().and_then(Path::file_name).is_some_and(|folder| folder == name));
    ["pom.xml", "build.gradle", "build.gradle.kts"].iter().any(folder)
}
