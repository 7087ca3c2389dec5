//! The libraries that builds name, and the first of them of which nothing is known.

use std::path::Path;

use super::super::Tree;
use super::super::making::has_any;
use super::libraries::{is_harmless, is_known_plugin};

/// The library of a `pom.xml` that is not known, as it is written there.
pub(super) fn of_pom(pom: &str, here: &[String]) -> Option<String> {
    // What is managed there is not used by that, and what plug-ins use is no part of the application.
    let used =
        without(&without(&without(pom, "<!--", "-->"), "<dependencyManagement>", "</dependencyManagement>"), "<plugins>", "</plugins>");
    used.split("<dependency>").skip(1).find_map(|dependency| {
        let dependency = without(dependency.split("</dependency>").next().unwrap_or(""), "<exclusions>", "</exclusions>");
        let of = |name| super::build::tag(&dependency, name).unwrap_or("");
        let (group, name) = (of("groupId"), of("artifactId"));
        let own = matches!(group, "${project.groupId}" | "${groupId}" | "${pom.groupId}");
        let known = of("scope") == "test" || own || here.iter().any(|known| known == name) || is_harmless(group, name);
        (!known).then(|| name.to_owned())
    })
}

/// The line of a script of Gradle that names a library, or takes code from elsewhere, of which nothing is known.
pub(super) fn of_gradle(script: &str, tree: &Tree<'_>) -> Option<String> {
    const ELSEWHERE: [&str; 6] = ["fileTree(", "fileTree ", "flatDir", "apply from:", "apply(from", "dependencies.add("];
    // Neither is in what is started.
    const APART: [&str; 9] =
        ["test", "androidTest", "annotationProcessor", "kapt", "ksp", "classpath", "mavenBom", "jmh", "integrationTest"];
    let script = without(script, "/*", "*/");
    let unknown = |line: &&str| {
        if has_any(line, &ELSEWHERE) || line.contains("libs.") && tree.named(CATALOG).is_empty() {
            return true;
        }
        let quoted: Vec<&str> = line.split(['"', '\'']).skip(1).step_by(2).collect();
        if line.starts_with("id ") || line.starts_with("id(") || line.starts_with("apply plugin") {
            return quoted.first().is_some_and(|plugin| !is_known_plugin(plugin, tree));
        }
        if APART.iter().any(|word| line.starts_with(word)) || line.contains("platform(") || line.contains("exclude") {
            return false;
        }
        // `implementation files('libs/shop.jar')`
        if line.contains("files(") && quoted.iter().any(|file| file.ends_with(".jar")) {
            return true;
        }
        let named = |key: &str| {
            let (_, rest) = line.split_once(&format!("{key}:")).or_else(|| line.split_once(&format!("{key} =")))?;
            rest.trim_start().strip_prefix(['"', '\''])?.split(['"', '\'']).next()
        };
        match (named("group"), named("name")) {
            (Some(group), Some(name)) => return !is_harmless(group, name),
            // The name is on another line.
            (Some(_), None) if line.ends_with(',') => return true,
            _ => {}
        }
        let mut libraries = quoted.iter().filter_map(|text| coordinates(text)).peekable();
        libraries.peek().is_none() && adds(line) || libraries.any(|(group, name)| !is_harmless(group, name))
    };
    script.lines().map(str::trim).filter(|line| !line.starts_with("//")).find(unknown).map(str::to_owned)
}

/// True for a line that adds a library which is not written on it: `implementation Libraries.AUDIT`.
fn adds(line: &str) -> bool {
    const ADDS: [&str; 7] = ["implementation", "api", "compile", "runtime", "runtimeOnly", "developmentOnly", "compileOnlyApi"];
    const READ: [&str; 3] = ["project(", "libs.", "kotlin("];
    let what = ADDS.iter().find_map(|word| line.strip_prefix(word)?.strip_prefix([' ', '(']));
    what.is_some_and(|what| !READ.iter().any(|read| what.trim_start_matches(['(', ' ']).starts_with(read)))
}

/// The file with a build's libraries and their versions.
const CATALOG: &str = "libs.versions.toml";

/// The library or plug-in of a catalogue of versions that is not known; an empty text for a catalogue that can't be read.
pub(super) fn of_catalogue(text: &str, tree: &Tree<'_>) -> Option<String> {
    let Ok(catalogue) = text.parse::<toml::Table>() else { return Some(String::new()) };
    let table = |name: &str| catalogue.get(name).and_then(toml::Value::as_table).into_iter().flatten();
    let word = |value: &toml::Value, key: &str| value.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let library = |value: &toml::Value| {
        let written = value.as_str().map(str::to_owned).or_else(|| word(value, "module"));
        let written = written.or_else(|| Some(format!("{}:{}", word(value, "group")?, word(value, "name")?)));
        written.as_deref().and_then(coordinates).is_some_and(|(group, name)| is_harmless(group, name))
    };
    let plugin = |value: &toml::Value| {
        let id = value.as_str().and_then(|written| written.split(':').next()).map(str::to_owned).or_else(|| word(value, "id"));
        id.is_some_and(|id| is_known_plugin(&id, tree))
    };
    let unknown = table("libraries").find(|(_, value)| !library(value)).or_else(|| table("plugins").find(|(_, value)| !plugin(value)));
    unknown.map(|(name, _)| name.clone())
}

/// `group:name`, `group:name:version`; `None` for any other text.
fn coordinates(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.split(':');
    let (group, name) = (parts.next()?, parts.next()?);
    let word = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '=' | ','));
    let begins = group.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$');
    (begins && word(group) && word(name)).then_some((group, name))
}

/// A text without what stands between two marks.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once(from) {
        out.push_str(before);
        rest = inside.split_once(to).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// True for a script of Gradle.
pub(super) fn is_gradle(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(".gradle") || name.ends_with(".gradle.kts"))
}

/// True for a catalogue of versions.
pub(super) fn is_catalogue(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == CATALOG)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(inside: &str) -> String {
        format!("<project><dependencies><dependency>{inside}</dependency></dependencies></project>")
    }

    #[test]
    fn libraries_of_maven() {
        let library = |group: &str, name: &str| dependency(&format!("<groupId>{group}</groupId><artifactId>{name}</artifactId>"));
        assert_eq!(of_pom(&library("org.postgresql", "postgresql"), &[]), None);
        assert_eq!(of_pom(&library("com.acme", "shop-model"), &["shop-model".to_owned()]), None);
        assert_eq!(of_pom(&library("com.acme", "acme-test").replace("</artifactId>", "</artifactId><scope>test</scope>"), &[]), None);
        assert_eq!(of_pom(&format!("<dependencyManagement>{}</dependencyManagement>", library("com.acme", "acme-bom")), &[]), None);
        assert!(of_pom(&library("com.acme", "acme-audit"), &[]).is_some());
        assert!(of_pom(&library("org.springframework.cloud", "spring-cloud-dataflow-server"), &[]).is_some());
        assert!(of_pom(&library("${acme.group}", "acme-audit"), &[]).is_some());
    }

    #[test]
    fn libraries_of_gradle() {
        let files = [std::path::PathBuf::from("buildSrc/src/main/groovy/shop.java.gradle")];
        let text = |_: &Path| None;
        let tree = Tree::new(&files, &text);
        for harmless in [
            "implementation 'org.postgresql:postgresql:42.7.3'",
            "implementation(\"org.springframework.boot:spring-boot-starter-web\")",
            "runtimeOnly group: 'com.h2database', name: 'h2', version: '2.2.224'",
            "testImplementation 'com.acme:acme-test:1'",
            "// implementation 'com.acme:acme-audit:1'",
            "id 'org.springframework.boot' version '3.3.4'",
            "id 'shop.java'",
            "implementation project(':core')",
            "url = uri('https://repo.acme.example:8443/maven')",
        ] {
            assert_eq!(of_gradle(harmless, &tree), None);
        }
        for unknown in [
            "implementation 'com.acme:acme-audit:1'",
            "implementation(\"com.acme:acme-audit:${version}\")",
            "implementation group: 'com.acme', name: 'acme-audit'",
            "implementation files('libs/audit.jar')",
            "implementation fileTree(dir: 'libs')",
            "implementation libs.acme.audit",
            "implementation Libraries.AUDIT",
            "implementation group: 'com.acme',",
            "id 'com.acme.service' version '2'",
            "apply from: 'https://acme.example/service.gradle'",
        ] {
            assert_eq!(of_gradle(unknown, &tree).as_deref(), Some(unknown));
        }
        let catalogue = "[libraries]\npg = { group = 'org.postgresql', name = 'postgresql' }\njson = 'org.json:json:1'\n";
        assert_eq!(of_catalogue(catalogue, &tree), None);
        assert!(of_catalogue(&format!("{catalogue}audit = {{ module = 'com.acme:acme-audit', version.ref = 'a' }}\n"), &tree).is_some());
        assert!(of_catalogue("[plugins]\nservice = { id = 'com.acme.service', version = '1' }\n", &tree).is_some());
    }
}
