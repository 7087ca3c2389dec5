//! `cases.toml`: for every product, option, listener and file.

use std::collections::BTreeMap;

use nginx_analyzer::upstreams::catalogue::{Closed, Product, products};
use serde::Deserialize;

use super::Gateway;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    image: Option<String>,
    port: Option<u16>,
    #[serde(default)]
    service: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    lacks: Vec<String>,
    #[serde(default)]
    has: Vec<String>,
}

fn cases() -> BTreeMap<String, Vec<Case>> {
    toml::from_str(include_str!("cases.toml")).expect("cases.toml")
}

fn product(name: &str) -> &'static Product {
    products().iter().find(|product| product.name == name).unwrap_or_else(|| panic!("the catalogue has no {name}"))
}

#[test]
fn what_is_missing_is_reported_and_nothing_else() {
    let mut wrong = Vec::new();
    for (name, cases) in cases() {
        let product = product(&name);
        for case in cases {
            let gateway = Gateway {
                image: case.image.clone().unwrap_or_else(|| product.images[0].clone()),
                port: case.port.or(product.ports.first().copied()).unwrap_or(80),
                service: &case.service,
                files: case.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect(),
                uris: case.lacks.iter().chain(&case.has).cloned().collect(),
            };
            assert_eq!(Product::of_image(&gateway.image).map(|product| &product.name), Some(&name), "{}", gateway.image);
            let lacking = gateway.lacking();
            let missed = case.lacks.iter().filter(|uri| !lacking.contains(uri)).map(|uri| format!("{uri} is not reported"));
            let false_alarms = case.has.iter().filter(|uri| lacking.contains(uri)).map(|uri| format!("{uri} is reported"));
            wrong.extend(missed.chain(false_alarms).map(|what| format!("{name} {} {}: {what}", gateway.image, case.service)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_product_option_file_and_listener_has_a_case() {
    let cases = cases();
    let mut without = Vec::new();
    for product in products() {
        let Some(own) = cases.get(&product.name) else {
            without.push(product.name.clone());
            continue;
        };
        if matches!(product.closed, Closed::Yes | Closed::Cond) {
            assert!(own.iter().any(|case| !case.lacks.is_empty()), "{}", product.name);
        }
        let given = |name: &String| {
            let name = name.trim_end_matches('*').to_ascii_lowercase();
            let last = name.rsplit('.').next().unwrap_or(&name);
            own.iter().any(|case| {
                let service = case.service.to_ascii_lowercase();
                service.contains(&name) || case.files.values().any(|text| text.to_ascii_lowercase().contains(last))
            })
        };
        // Files of which the mere presence, or the mere flag, silences: one is tried for each product.
        let files = product.file.iter().filter(|file| !file.paths.is_empty() || !file.flags.is_empty() || !file.env.is_empty());
        let names = product.option.iter().flat_map(|option| option.flags.iter().chain(&option.env).chain(&option.keys));
        without.extend(names.filter(|name| !given(name)).map(|name| format!("{}: {name}", product.name)));
        if files.count() > 0 && !own.iter().any(|case| case.service.contains("volumes:")) && !UNREAD.contains(&product.name.as_str()) {
            without.push(format!("{}: a mounted file", product.name));
        }
        for port in product.listener.iter().filter_map(|listener| listener.port) {
            if !own.iter().any(|case| case.port == Some(port) && case.lacks.is_empty()) {
                without.push(format!("{}: port {port}", product.name));
            }
        }
        if product.since.is_some_and(|since| since > 0) && !own.iter().any(|case| case.image.is_some() && case.lacks.is_empty()) {
            without.push(format!("{}: a version before it", product.name));
        }
    }
    assert!(without.is_empty(), "{without:#?}");
}

/// Nothing is ever said of them, or a file of theirs only opens.
const UNREAD: [&str; 2] = ["harbor-nginx", "jaeger"];

#[test]
fn what_serves_anything_is_not_known() {
    // User content at the root, plug-ins, one page for every path.
    for image in [
        "jenkins/jenkins:lts",
        "gitlab/gitlab-ce",
        "gitea/gitea:1.22",
        "nextcloud:29",
        "wordpress",
        "phpmyadmin",
        "adminer",
        "elasticsearch:8.15.0",
        "docker.elastic.co/kibana/kibana:8.15.0",
        "homeassistant/home-assistant",
        "n8nio/n8n",
        "ghcr.io/open-webui/open-webui:main",
        "metabase/metabase",
        "sonarqube",
        "sonatype/nexus3",
        "apache/superset",
        "apache/airflow",
        "getsentry/sentry",
        "rocket.chat",
        "mattermost/mattermost-team-edition",
        "dpage/pgadmin4",
        "ghcr.io/goauthentik/server",
        "langfuse/langfuse:3",
    ] {
        assert!(Product::of_image(image).is_none(), "{image}");
        let gateway =
            Gateway { image: image.to_owned(), port: 80, uris: vec!["/nope".to_owned(), "/api/nope".to_owned()], ..Gateway::default() };
        assert!(gateway.lacking().is_empty(), "{image}");
    }
}
