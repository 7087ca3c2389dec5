//! The libraries that a build names, and which of them are known to add no routes.
//!
//! Whatever lies in a jar that Spring Boot starts with may configure itself: controllers, filters, a server of its own. So one that is
//! not known opens an application, whatever its name.

use std::path::Path;

use super::super::Tree;
use super::super::making::has_any;

/// Groups (with `:` at the end), and libraries of them (with a `*` behind what their names begin with), that add no routes, but for those
/// that [`super::folder`] knows. Sorted.
const HARMLESS: &[&str] = &[
    "ch.qos.logback:",
    "cn.hutool:",
    "co.elastic.clients:",
    "co.elastic.logging:",
    "com.alibaba.cloud:spring-cloud-starter-alibaba-nacos-discovery",
    "com.alibaba.fastjson2:",
    "com.alibaba:druid*",
    "com.alibaba:easyexcel*",
    "com.alibaba:fastjson*",
    "com.alibaba:transmittable-thread-local",
    "com.amazonaws:aws-java-sdk*",
    "com.auth0:",
    "com.azure:azure-*",
    "com.baomidou:",
    "com.bucket4j:",
    "com.datastax.oss:",
    "com.fasterxml.jackson.core:",
    "com.fasterxml.jackson.dataformat:",
    "com.fasterxml.jackson.datatype:",
    "com.fasterxml.jackson.module:",
    "com.fasterxml.uuid:",
    "com.fasterxml.woodstox:",
    "com.fasterxml:",
    "com.github.ben-manes.caffeine:",
    "com.github.database-rider:",
    "com.github.gavlyukovskiy:",
    "com.github.java-json-tools:",
    "com.github.javafaker:",
    "com.github.jsqlparser:",
    "com.github.kagkarlsson:db-scheduler*",
    "com.github.pagehelper:",
    "com.github.tomakehurst:",
    "com.github.ulisesbocchio:",
    "com.github.xiaoymin:",
    "com.google.api-client:",
    "com.google.apis:",
    "com.google.auth:",
    "com.google.cloud:google-cloud-*",
    "com.google.code.findbugs:",
    "com.google.code.gson:",
    "com.google.errorprone:",
    "com.google.firebase:",
    "com.google.guava:",
    "com.google.protobuf:",
    "com.google.zxing:",
    "com.googlecode.json-simple:",
    "com.googlecode.libphonenumber:",
    "com.googlecode.owasp-java-html-sanitizer:",
    "com.graphql-java:",
    "com.h2database:",
    "com.itextpdf:",
    "com.jayway.jsonpath:",
    "com.lmax:",
    "com.mailjet:",
    "com.microsoft.sqlserver:",
    "com.mysql:",
    "com.netflix.graphql.dgs:",
    "com.nimbusds:",
    "com.ninja-squad:",
    "com.opencsv:",
    "com.oracle.database.jdbc:",
    "com.oracle.ojdbc:",
    "com.querydsl:",
    "com.rabbitmq:",
    "com.sendgrid:",
    "com.slack.api:slack-api-client",
    "com.squareup.okhttp3:",
    "com.squareup.okio:",
    "com.squareup.retrofit2:",
    "com.stripe:",
    "com.sun.mail:",
    "com.sun.xml.bind:",
    "com.tngtech.archunit:",
    "com.twilio.sdk:",
    "com.vladmihalcea:",
    "com.zaxxer:",
    "commons-beanutils:",
    "commons-codec:",
    "commons-collections:",
    "commons-fileupload:",
    "commons-io:",
    "commons-lang:",
    "commons-logging:",
    "commons-net:",
    "commons-validator:",
    "de.codecentric:spring-boot-admin-starter-client",
    "dom4j:",
    "io.awspring.cloud:",
    "io.cucumber:",
    "io.github.openfeign.querydsl:",
    "io.github.openfeign:",
    "io.github.resilience4j:",
    "io.hypersistence:",
    "io.jsonwebtoken:",
    "io.lettuce:",
    "io.micrometer:micrometer-core",
    "io.micrometer:micrometer-observation*",
    "io.micrometer:micrometer-registry-*",
    "io.micrometer:micrometer-tracing*",
    "io.minio:",
    "io.mockk:",
    "io.netty:",
    "io.opentelemetry.instrumentation:opentelemetry-*",
    "io.opentelemetry.semconv:",
    "io.opentelemetry:opentelemetry-api*",
    "io.opentelemetry:opentelemetry-context",
    "io.opentelemetry:opentelemetry-exporter-logging*",
    "io.opentelemetry:opentelemetry-exporter-otlp*",
    "io.opentelemetry:opentelemetry-sdk*",
    "io.projectreactor.addons:",
    "io.projectreactor.kotlin:",
    "io.projectreactor:",
    "io.r2dbc:",
    "io.rest-assured:",
    "io.sentry:",
    "io.springfox:",
    "io.swagger.core.v3:swagger-annotations*",
    "io.swagger.core.v3:swagger-core*",
    "io.swagger.core.v3:swagger-models*",
    "io.swagger:swagger-annotations",
    "io.swagger:swagger-models",
    "io.undertow:",
    "io.vavr:",
    "io.zipkin.brave:",
    "io.zipkin.reporter2:",
    "jakarta.activation:",
    "jakarta.annotation:",
    "jakarta.inject:",
    "jakarta.mail:",
    "jakarta.persistence:",
    "jakarta.servlet:",
    "jakarta.transaction:",
    "jakarta.validation:",
    "jakarta.xml.bind:",
    "javax.activation:",
    "javax.annotation:",
    "javax.cache:",
    "javax.inject:",
    "javax.mail:",
    "javax.persistence:",
    "javax.servlet:",
    "javax.transaction:",
    "javax.validation:",
    "javax.xml.bind:",
    "joda-time:",
    "junit:",
    "mysql:",
    "net.bytebuddy:",
    "net.coobird:",
    "net.datafaker:",
    "net.java.dev.jna:",
    "net.javacrumbs.shedlock:",
    "net.logstash.logback:",
    "net.minidev:",
    "net.postgis:",
    "net.sf.ehcache:",
    "net.sf.jasperreports:",
    "net.ttddyy:",
    "nz.net.ultraq.thymeleaf:",
    "org.apache.avro:",
    "org.apache.commons:",
    "org.apache.httpcomponents.client5:",
    "org.apache.httpcomponents.core5:",
    "org.apache.httpcomponents:",
    "org.apache.kafka:kafka-clients",
    "org.apache.kafka:kafka-streams",
    "org.apache.logging.log4j:",
    "org.apache.pdfbox:",
    "org.apache.poi:",
    "org.apache.rocketmq:rocketmq-spring-boot-starter",
    "org.apache.tika:tika-core",
    "org.apache.tika:tika-parsers*",
    "org.apache.tomcat.embed:",
    "org.apache.tomcat:",
    "org.apache.velocity:",
    "org.aspectj:",
    "org.assertj:",
    "org.awaitility:",
    "org.bouncycastle:",
    "org.codehaus.groovy:",
    "org.codehaus.janino:",
    "org.dom4j:",
    "org.easymock:",
    "org.eclipse.jetty:",
    "org.ehcache:",
    "org.elasticsearch.client:",
    "org.elasticsearch:",
    "org.firebirdsql.jdbc:",
    "org.flywaydb:",
    "org.freemarker:",
    "org.glassfish.jaxb:",
    "org.hamcrest:",
    "org.hibernate.orm:",
    "org.hibernate.validator:",
    "org.hibernate:",
    "org.hsqldb:",
    "org.instancio:",
    "org.javassist:",
    "org.jetbrains.kotlin:",
    "org.jetbrains.kotlinx:",
    "org.jetbrains:",
    "org.jooq:",
    "org.json:",
    "org.jsoup:",
    "org.jspecify:",
    "org.junit.jupiter:",
    "org.junit.platform:",
    "org.junit.vintage:",
    "org.keycloak:keycloak-admin-client*",
    "org.liquibase:",
    "org.locationtech.jts:",
    "org.mapstruct.extensions.spring:",
    "org.mapstruct:",
    "org.mariadb.jdbc:",
    "org.mariadb:",
    "org.mockito.kotlin:",
    "org.mockito:",
    "org.modelmapper:",
    "org.mongodb:",
    "org.mybatis.spring.boot:",
    "org.mybatis:",
    "org.neo4j.driver:",
    "org.openapitools:jackson-databind-nullable",
    "org.opensearch.client:",
    "org.owasp.encoder:",
    "org.passay:",
    "org.postgresql:",
    "org.projectlombok:",
    "org.quartz-scheduler:",
    "org.reactivestreams:",
    "org.redisson:",
    "org.skyscreamer:",
    "org.slf4j:",
    "org.spockframework:",
    "org.springdoc:",
    "org.springframework.amqp:",
    "org.springframework.batch:",
    "org.springframework.boot:",
    "org.springframework.cloud:spring-cloud-circuitbreaker*",
    "org.springframework.cloud:spring-cloud-commons",
    "org.springframework.cloud:spring-cloud-context",
    "org.springframework.cloud:spring-cloud-loadbalancer",
    "org.springframework.cloud:spring-cloud-openfeign-core",
    "org.springframework.cloud:spring-cloud-sleuth*",
    "org.springframework.cloud:spring-cloud-starter",
    "org.springframework.cloud:spring-cloud-starter-bootstrap",
    "org.springframework.cloud:spring-cloud-starter-circuitbreaker*",
    "org.springframework.cloud:spring-cloud-starter-consul-discovery",
    "org.springframework.cloud:spring-cloud-starter-loadbalancer",
    "org.springframework.cloud:spring-cloud-starter-netflix-eureka-client",
    "org.springframework.cloud:spring-cloud-starter-openfeign",
    "org.springframework.cloud:spring-cloud-starter-sleuth",
    "org.springframework.cloud:spring-cloud-starter-stream*",
    "org.springframework.cloud:spring-cloud-starter-task*",
    "org.springframework.cloud:spring-cloud-starter-vault*",
    "org.springframework.cloud:spring-cloud-starter-zipkin",
    "org.springframework.cloud:spring-cloud-stream*",
    "org.springframework.data:",
    "org.springframework.graphql:",
    "org.springframework.hateoas:",
    "org.springframework.kafka:",
    "org.springframework.ldap:",
    "org.springframework.modulith:",
    "org.springframework.plugin:",
    "org.springframework.restdocs:",
    "org.springframework.retry:",
    "org.springframework.security:",
    "org.springframework.session:",
    "org.springframework.statemachine:",
    "org.springframework.vault:",
    "org.springframework:",
    "org.testcontainers:",
    "org.thymeleaf.extras:",
    "org.thymeleaf:",
    "org.webjars.bower:",
    "org.webjars.npm:",
    "org.webjars:",
    "org.wiremock:",
    "org.xerial:",
    "org.xmlunit:",
    "org.yaml:",
    "org.zalando:logbook-*",
    "org.zalando:problem*",
    "p6spy:",
    "redis.clients:",
    "software.amazon.awssdk:",
    "xerces:",
];

/// Plug-ins of Gradle that give an application no libraries, by what their names begin with. (Others are like a parent in Maven.)
const PLUGINS: &[&str] = &[
    "application",
    "base",
    "checkstyle",
    "com.bmuschko.",
    "com.diffplug.",
    "com.github.ben-manes.versions",
    "com.github.davidmc24.",
    "com.github.jk1.",
    "com.github.johnrengelman.shadow",
    "com.github.spotbugs",
    "com.google.cloud.tools.jib",
    "com.google.osdetector",
    "com.google.protobuf",
    "com.gorylenko.",
    "com.netflix.dgs.codegen",
    "com.palantir.docker",
    "com.palantir.git-version",
    "eclipse",
    "groovy",
    "idea",
    "info.solidsoft.pitest",
    "io.freefair.lombok",
    "io.spring.dependency-management",
    "io.spring.javaformat",
    "jacoco",
    "java",
    "jvm-test-suite",
    "kotlin",
    "maven-publish",
    "nebula.",
    "net.ltgt.",
    "net.researchgate.release",
    "nu.studer.jooq",
    "org.asciidoctor.",
    "org.cyclonedx.",
    "org.flywaydb.",
    "org.graalvm.",
    "org.gradle.",
    "org.hibernate.",
    "org.jetbrains.kotlin.",
    "org.jooq.",
    "org.liquibase.",
    "org.openapi.generator",
    "org.owasp.dependencycheck",
    "org.sonarqube",
    "org.springdoc.openapi-gradle-plugin",
    "org.springframework.boot",
    "pmd",
    "project-report",
    "signing",
];

/// True when a `pom.xml` names a library that is not known.
pub(super) fn of_pom(pom: &str, here: &[String]) -> bool {
    // What is managed there is not used by that, and what plug-ins use is no part of the application.
    let used =
        without(&without(&without(pom, "<!--", "-->"), "<dependencyManagement>", "</dependencyManagement>"), "<plugins>", "</plugins>");
    used.split("<dependency>").skip(1).any(|dependency| {
        let dependency = without(dependency.split("</dependency>").next().unwrap_or(""), "<exclusions>", "</exclusions>");
        let of = |name| super::build::tag(&dependency, name).unwrap_or("");
        let (group, name) = (of("groupId"), of("artifactId"));
        let own = matches!(group, "${project.groupId}" | "${groupId}" | "${pom.groupId}");
        of("scope") != "test" && !own && !here.iter().any(|known| known == name) && !is_harmless(group, name)
    })
}

/// True when a script of Gradle names a library, or takes code from elsewhere, of which nothing is known.
pub(super) fn of_gradle(script: &str, tree: &Tree<'_>) -> bool {
    const ELSEWHERE: [&str; 6] = ["fileTree(", "fileTree ", "flatDir", "apply from:", "apply(from", "dependencies.add("];
    // Neither is in what is started.
    const APART: [&str; 9] =
        ["test", "androidTest", "annotationProcessor", "kapt", "ksp", "classpath", "mavenBom", "jmh", "integrationTest"];
    let script = without(script, "/*", "*/");
    script.lines().map(str::trim).filter(|line| !line.starts_with("//")).any(|line| {
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
    })
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

/// True when a catalogue of versions has a library or plug-in that is not known, or can't be read.
pub(super) fn of_catalogue(text: &str, tree: &Tree<'_>) -> bool {
    let Ok(catalogue) = text.parse::<toml::Table>() else { return true };
    let table = |name: &str| catalogue.get(name).and_then(toml::Value::as_table).into_iter().flatten().map(|(_, value)| value);
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
    !table("libraries").all(library) || !table("plugins").all(plugin)
}

/// `group:name`, `group:name:version`; `None` for any other text.
fn coordinates(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.split(':');
    let (group, name) = (parts.next()?, parts.next()?);
    let word = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '=' | ','));
    let begins = group.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$');
    (begins && word(group) && word(name)).then_some((group, name))
}

fn is_harmless(group: &str, name: &str) -> bool {
    let library = format!("{group}:{name}");
    HARMLESS.iter().any(|known| match known.strip_suffix('*') {
        Some(start) => library.starts_with(start),
        None => library == *known || known.ends_with(':') && library.starts_with(known),
    })
}

/// True for a plug-in that is known, or one that is a script of this build.
fn is_known_plugin(id: &str, tree: &Tree<'_>) -> bool {
    let script = |ending: &str| !tree.named(&format!("{id}{ending}")).is_empty();
    let known = |start: &&str| match start.strip_suffix('.') {
        Some(_) => id.starts_with(*start),
        None => id.strip_prefix(*start).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-'])),
    };
    PLUGINS.iter().any(known) || script(".gradle") || script(".gradle.kts")
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
        assert!(HARMLESS.is_sorted() && PLUGINS.is_sorted());
        let library = |group: &str, name: &str| dependency(&format!("<groupId>{group}</groupId><artifactId>{name}</artifactId>"));
        assert!(!of_pom(&library("org.postgresql", "postgresql"), &[]));
        assert!(!of_pom(&library("com.acme", "shop-model"), &["shop-model".to_owned()]));
        assert!(!of_pom(&library("com.acme", "acme-test").replace("</artifactId>", "</artifactId><scope>test</scope>"), &[]));
        assert!(!of_pom(&format!("<dependencyManagement>{}</dependencyManagement>", library("com.acme", "acme-bom")), &[]));
        assert!(of_pom(&library("com.acme", "acme-audit"), &[]));
        assert!(of_pom(&library("org.springframework.cloud", "spring-cloud-dataflow-server"), &[]));
        assert!(of_pom(&library("${acme.group}", "acme-audit"), &[]));
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
            assert!(!of_gradle(harmless, &tree), "{harmless}");
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
            assert!(of_gradle(unknown, &tree), "{unknown}");
        }
        let catalogue = "[libraries]\npg = { group = 'org.postgresql', name = 'postgresql' }\njson = 'org.json:json:1'\n";
        assert!(!of_catalogue(catalogue, &tree));
        assert!(of_catalogue(&format!("{catalogue}audit = {{ module = 'com.acme:acme-audit', version.ref = 'a' }}\n"), &tree));
        assert!(of_catalogue("[plugins]\nservice = { id = 'com.acme.service', version = '1' }\n", &tree));
    }
}
