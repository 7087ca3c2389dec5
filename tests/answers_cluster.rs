//! Who answers in a cluster: Services, their ports, the workloads behind them, and the traps that must stay quiet.
#![allow(missing_docs)]

mod common;

use std::sync::Arc;

use nginx_analyzer::config::EntryId;
use nginx_analyzer::rules::{self, Finding};
use nginx_analyzer::upstreams::{Answer, Scope};
use nginx_analyzer::world::{Analysis, World};

fn analysis(fixture: &str) -> Arc<Analysis> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    common::write_fixture(folder.path(), fixture);
    let analysis = World::open(&folder.path().canonicalize().expect("it is there"), Vec::new()).analysis();
    // Everything is read as long as the folder is there.
    answers_of(&analysis);
    rules::check(&analysis);
    analysis
}

fn findings(rule: &str, fixture: &str) -> Vec<Finding> {
    rules::check(&analysis(fixture)).into_iter().filter(|finding| finding.rule == rule).collect()
}

fn messages(rule: &str, fixture: &str) -> Vec<String> {
    findings(rule, fixture).into_iter().map(|finding| finding.message).collect()
}

fn answers_of(analysis: &Analysis) -> Vec<String> {
    let said = |answer: &Answer| match answer {
        Answer::Here(servers) => format!("here {}", servers.len()),
        Answer::Service(running) => {
            let (service, place) = running.service.as_ref().expect("a service");
            let at = analysis.project.path_and_line(*place);
            let image = running.image.as_ref().map_or("-", |(image, _)| image);
            let source = running.source.as_ref().map_or(String::new(), |source| format!(" from {}", source.folder));
            let scope = match &running.served.scope {
                Scope::Everywhere => "closed".to_owned(),
                Scope::Below(_) => "closed below".to_owned(),
                Scope::Open(why) => format!("open: {}", why.say(Default::default())),
            };
            format!("{service} ({at}) {image}{source} {scope}")
        }
        Answer::Unknown(why) => why.say(Default::default()),
    };
    let mut out = Vec::new();
    for view in analysis.views() {
        for pass in (0..view.config.entries.len() as u32).map(EntryId) {
            let Some(target) = view.upstreams().target_of(pass) else { continue };
            out.extend(target.backends.iter().map(|backend| format!("{}:{} {}", backend.host, backend.port, said(&backend.answer))));
        }
    }
    out
}

/// Who answers each `proxy_pass`.
fn answers(fixture: &str) -> Vec<String> {
    answers_of(&analysis(fixture))
}

/// A server that passes to these URLs, in a pod of the cluster.
fn gateway(urls: &[&str]) -> String {
    let passes: String = urls.iter().enumerate().map(|(at, url)| format!("    location /{at}/ {{ proxy_pass {url}; }}\n")).collect();
    format!("events {{}}\nhttp {{\n  server {{\n    listen 8080;\n{passes}  }}\n}}\n{GATE}")
}

const GATE: &str = "#- /k8s/kustomization.yaml
resources: [gateway.yaml, backend.yaml]
configMapGenerator:
  - {name: conf, files: [../nginx.conf]}
#- /k8s/gateway.yaml
apiVersion: v1
kind: Service
metadata: {name: gateway}
spec: {selector: {app: gateway}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gateway}
spec:
  template:
    metadata: {labels: {app: gateway}}
    spec:
      containers:
        - name: nginx
          image: nginx:1.28
          volumeMounts: [{name: conf, mountPath: /etc/nginx/nginx.conf, subPath: nginx.conf}]
      volumes: [{name: conf, configMap: {name: conf}}]
";

const REGISTRY: &str = "#- /k8s/backend.yaml
apiVersion: v1
kind: Service
metadata:
  name: registry
spec:
  selector: {app: registry}
  ports: [{port: 80, targetPort: http}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: registry}
spec:
  template:
    metadata: {labels: {app: registry, tier: back}}
    spec:
      containers:
        - name: registry
          image: registry:2
          ports: [{name: http, containerPort: 5000}]
";

const CLOSED: &str = "registry (k8s/backend.yaml:4) registry:2 closed";

#[test]
fn a_service_leads_to_a_container() {
    let urls = [
        "http://registry",
        "http://registry.default",
        "http://Registry.default.svc",
        "http://registry.default.svc.cluster.local:80",
        "http://registry.other.svc",
        "http://registry.default.svc.example.com",
        "http://registry:5000",
        "http://unheard",
        "http://gateway",
        "http://gateway:8080",
        "http://127.0.0.1:8080",
        "http://127.0.0.1:9000",
    ];
    let unheard = |host: &str| format!("{host}:80 no Service in the namespace of this configuration is called {host}");
    assert_eq!(
        answers(&(gateway(&urls) + REGISTRY)),
        [
            format!("registry:80 {CLOSED}"),
            format!("registry.default:80 {CLOSED}"),
            format!("Registry.default.svc:80 {CLOSED}"),
            format!("registry.default.svc.cluster.local:80 {CLOSED}"),
            unheard("registry.other.svc"),
            unheard("registry.default.svc.example.com"),
            "registry:5000 the Service registry has no port 5000".to_owned(),
            unheard("unheard"),
            "gateway:80 here 1".to_owned(),
            "gateway:8080 the Service gateway has no port 8080".to_owned(),
            "127.0.0.1:8080 here 1".to_owned(),
            "127.0.0.1:9000 nothing here listens on port 9000".to_owned(),
        ]
    );
}

#[test]
fn routes_that_the_product_lacks() {
    let found = messages("upstream-lacks-route", &(gateway(&["http://registry/none"]) + REGISTRY));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("is not served"), "{found:?}");
    assert_eq!(messages("upstream-lacks-route", &(gateway(&["http://registry/v2/"]) + REGISTRY)), [""; 0]);
}
