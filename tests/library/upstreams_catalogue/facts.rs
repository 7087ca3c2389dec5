//! The catalogue beside the facts that it was made from.

use std::collections::BTreeMap;

use nginx_analyzer::upstreams::catalogue::{Closed, Product, products};
use serde::Deserialize;

use super::Gateway;
use crate::common;

#[derive(Debug, Deserialize)]
struct Facts {
    product: BTreeMap<String, Fact>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    match_image: Vec<String>,
    #[serde(default)]
    ports: Vec<u16>,
    closed: String,
    #[serde(default)]
    closed_if: String,
    #[serde(default)]
    closed_under: Vec<String>,
    #[serde(default)]
    base: Vec<String>,
    #[serde(default)]
    routes: Vec<String>,
    #[serde(default)]
    other_port: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    note: String,
    source: String,
}

/// Where the catalogue says something else than the facts, on purpose: product, what, why.
const DIFFERENT: &[(&str, &str, &str)] = &[
    ("traefik-api", "closed", "a router of any provider may use the entry point on 8080, and 1.x has other routes"),
    ("vault", "closed_under", "the facts have no prefix; with the UI on, every other path is redirected to it"),
    ("oauth2-proxy", "port 9100", "where --metrics-address is put by convention; nothing is said of another port"),
    ("oauth2-proxy", "image bitnami/oauth2-proxy", "what its own start script does is unread"),
    ("oauth2-proxy", "image quay.io/pusher/oauth2_proxy", "releases before the sixth, of which the routes are unread"),
    ("minio", "port 9001", "the console, one page for every path"),
    ("kratos", "/.well-known/change-password", "/.well-known/* holds it, and ory/webauthn.js, which the facts lack"),
    ("vllm", "/docs", "/docs* holds it, and its redirect for OAuth"),
    ("alertmanager", "/api/v2/alerts", "/api/v2/* holds all of the interface, older and newer ones"),
    ("alertmanager", "/api/v2/alerts/groups", "as above"),
    ("alertmanager", "/api/v2/receivers", "as above"),
    ("alertmanager", "/api/v2/silences", "as above"),
    ("alertmanager", "/api/v2/silence/*", "as above"),
    ("alertmanager", "/api/v2/status", "as above"),
    ("vllm", "model task enables/disables families", "the routes of all families count as being there"),
    ("keycloak", "17- and older images: /auth prefix", "nothing is said of a version before 18"),
    ("keycloak", "note: ", "the same in other words"),
    ("traefik-api", "--ping.entryPoint", "nothing is ever said to be missing"),
    ("traefik-api", "--metrics.prometheus.entryPoint", "nothing is ever said to be missing"),
    ("jupyter-server", "--ServerApp.base_url", "nothing is ever said to be missing"),
    ("grafana", "GF_SERVER_ROOT_URL", "moves routes only with GF_SERVER_SERVE_FROM_SUB_PATH, which silences"),
];

fn deliberate(product: &str, what: &str) -> bool {
    DIFFERENT.iter().any(|(name, different, _)| *name == product && what.starts_with(different))
}

fn facts() -> Option<BTreeMap<String, Fact>> {
    let path = common::shared("data/upstream-routes.toml")?;
    let text = std::fs::read_to_string(path).expect("the facts");
    Some(toml::from_str::<Facts>(&text).expect("TOML").product)
}

#[test]
fn all_facts_are_in_the_catalogue() {
    let Some(facts) = facts() else { return };
    let mut lost = Vec::new();
    for (name, fact) in &facts {
        let Some(product) = products().iter().find(|product| product.name == *name) else {
            lost.push(format!("{name}: the product"));
            continue;
        };
        let mut miss = |what: String| {
            if !deliberate(name, &what) {
                lost.push(format!("{name}: {what}"));
            }
        };
        fact.match_image.iter().filter(|image| !product.images.contains(image)).for_each(|image| miss(format!("image {image}")));
        let listens = |port: &u16| product.ports.contains(port) || product.listener.iter().any(|listener| listener.port == Some(*port));
        fact.ports.iter().filter(|port| !listens(port)).for_each(|port| miss(format!("port {port}")));
        let closed = match product.closed {
            Closed::Yes => "yes",
            Closed::Under => "under",
            Closed::Cond => "cond",
            Closed::No => "no",
        };
        if closed != fact.closed {
            miss(format!("closed = {}", fact.closed));
        }
        if product.closed_under != fact.closed_under || (closed == "under" && product.closed_under.is_empty()) {
            miss("closed_under".to_owned());
        }
        fact.routes.iter().filter(|route| !product.routes.contains(route)).for_each(|route| miss(route.clone()));
        for (listener, routes) in &fact.other_port {
            let known = |route: &String| product.listener.iter().any(|listener| listener.routes.contains(route));
            routes.iter().filter(|route| !known(route)).for_each(|route| miss(format!("{listener}: {route}")));
        }
        for text in [&fact.note, &fact.closed_if] {
            if !product.note.contains(text.as_str()) {
                miss(format!("note: {text}"));
            }
        }
        if !product.source.contains(fact.source.split([' ', ',']).next().unwrap_or("")) {
            miss(format!("source: {}", fact.source));
        }
        for written in &fact.base {
            let options = options(written);
            if options.is_empty() {
                miss(written.clone());
            }
            options.into_iter().filter(|option| !honours(product, option)).for_each(&mut miss);
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
    let known = |name: &str| facts.contains_key(name);
    assert!(DIFFERENT.iter().all(|(name, _, _)| known(name)), "a difference of a product that has no facts");
}

/// The flags, variables and keys in a line of the facts: `--web.route-prefix (defaults to …)`, `http.prefix / REGISTRY_HTTP_PREFIX`.
fn options(written: &str) -> Vec<String> {
    let words = written.split([' ', '(', ')', ',']).filter(|word| !word.is_empty());
    let option = |word: &&str| {
        let variable = word.contains('_') && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let key = word.contains('.') && word.bytes().all(|byte| byte.is_ascii_alphabetic() || b"._-".contains(&byte));
        word.starts_with('-') || variable || key
    };
    words.filter(option).map(str::to_owned).collect()
}

fn honours(product: &Product, option: &str) -> bool {
    let bare = option.trim_start_matches('-');
    let same = |name: &String| name.eq_ignore_ascii_case(bare) || name.starts_with(&format!("{bare}-"));
    product.option.iter().any(|setting| setting.flags.iter().chain(&setting.env).chain(&setting.keys).any(same))
}

#[test]
fn no_recorded_route_is_said_to_be_missing() {
    let Some(facts) = facts() else { return };
    for (name, fact) in &facts {
        for image in &fact.match_image {
            let mut gateway = Gateway {
                image: image.replace('*', "x"),
                port: fact.ports.first().copied().unwrap_or(80),
                uris: fact.routes.iter().map(|route| route.replace('*', "x")).collect(),
                ..Gateway::default()
            };
            gateway.uris.dedup();
            if fact.closed == "no" {
                gateway.uris.push("/no-such-route".to_owned());
            }
            assert_eq!(gateway.lacking(), [""; 0], "{name} {image}");
            for (listener, routes) in &fact.other_port {
                // `4445 admin`, or the option that sets it, which is the last port then.
                let named = listener.split(' ').next().and_then(|port| port.parse().ok());
                let Some(port) = named.or(fact.ports.last().copied()) else { continue };
                let uris = routes.iter().map(|route| route.replace('*', "x")).collect();
                let gateway = Gateway { port, uris, image: gateway.image.clone(), ..Gateway::default() };
                assert_eq!(gateway.lacking(), [""; 0], "{name} {image} {listener}");
            }
        }
    }
}
