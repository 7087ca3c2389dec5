//! Who answers in a cluster: Services, their ports, the workloads behind them, and the traps that must stay quiet.

use std::sync::Arc;

use nginx_analyzer::config::EntryId;
use nginx_analyzer::routing::trace::Surroundings;
use nginx_analyzer::rules::{self, Finding};
use nginx_analyzer::upstreams::{Answer, Scope};
use nginx_analyzer::world::{Analysis, World};

use crate::common;
use crate::found::{findings, messages};

fn analysis(fixture: &str) -> Arc<Analysis> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    common::write_fixture(folder.path(), fixture);
    let analysis = World::open(&folder.path().canonicalize().expect("it is there"), Vec::new()).analysis();
    // Everything is read as long as the folder is there.
    answers_of(&analysis);
    rules::check(&analysis);
    analysis
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

/// The answer to `http://registry` behind these manifests.
fn answer(manifests: &str) -> String {
    let all = answers(&(gateway(&["http://registry"]) + manifests));
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap_or_default().trim_start_matches("registry:80 ").to_owned()
}

#[test]
fn where_it_leads_is_not_known() {
    assert_eq!(answer(REGISTRY), CLOSED);
    let with = |from: &str, to: &str| {
        assert!(REGISTRY.contains(from), "{from}");
        answer(&REGISTRY.replace(from, to))
    };
    let second = "---\nkind: Deployment\nmetadata: {name: canary}\nspec: {template: {metadata: {labels: {app: registry}}, spec: {containers: [{name: a, image: other}]}}}\n";
    let workload = "which pods the Service registry selects is not known: not exactly one workload of the manifests has its labels";
    let container = "which container of the pod answers on port 80 of the Service registry is not known";
    let unheard = "no Service in the namespace of this configuration is called registry";
    for (found, expected) in [
        (answer(&format!("{REGISTRY}{second}")), workload),
        (with("{app: registry, tier: back}", "{app: other}"), workload),
        (with("selector: {app: registry}", "selector: {app: registry, tier: front}"), workload),
        (with("metadata: {name: registry}", "metadata: {name: registry, namespace: other}"), workload),
        (with("  name: registry\n", "  name: registry\n  namespace: other\n"), unheard),
        (with("targetPort: http", "targetPort: web"), container),
        (with("  selector: {app: registry}\n", ""), "the Service registry has no selector: who its addresses are is not known"),
        (with("  selector:", "  clusterIP: None\n  selector:"), "the Service registry is headless: it leads to the pods themselves"),
        (
            with("  selector:", "  type: ExternalName\n  externalName: registry.example.com\n  selector:"),
            "the Service registry is a name for a host outside (ExternalName)",
        ),
        (with("port: 80", "port: \"{{ .Values.port }}\""), "the manifests of registry are filled in elsewhere"),
        (with("tier: back", "tier: '{{ .Release.Name }}'"), "the manifests of registry are filled in elsewhere"),
        (with("kind: StatefulSet", "kind: Rollout"), "the manifests of registry are not understood"),
        (with("port: 80", "port: 80, protocol: UDP"), "the manifests of registry are not understood"),
        (
            with("---\n", "---\nkind: Service\nmetadata: {name: registry}\nspec: {selector: {app: x}, ports: [{port: 80}]}\n---\n"),
            "more than one service of the workspace is called registry",
        ),
        // A chart's template that is no YAML.
        (answer("#- /k8s/backend.yaml\nkind: Service\nmetadata: {name: registry}\n{{- if .Values.x }}\n"), unheard),
        // Two containers, of which none says that it has the port.
        (
            with("ports: [{name: http, containerPort: 5000}]\n", "ports: []\n        - {name: side, image: side}\n")
                .replace("targetPort: http", "targetPort: 5000"),
            container,
        ),
    ] {
        assert_eq!(found, expected);
    }
}

#[test]
fn pods_in_several_namespaces_know_other_services() {
    let manifests = gateway(&["http://registry", "http://registry.default"]) + REGISTRY;
    let other =
        GATE.split("---\n").nth(1).expect("the pod").replace("metadata: {name: gateway}", "metadata: {name: gateway, namespace: test}");
    let found = answers(&format!("{manifests}#- /test/gateway.yaml\n{other}"));
    assert_eq!(
        found,
        [
            "registry:80 no Service in the namespace of this configuration is called registry".to_owned(),
            format!("registry.default:80 {CLOSED}")
        ]
    );
}

#[test]
fn kustomizations_change_things() {
    let overlay = |text: &str| answer(&format!("{REGISTRY}#- /overlays/prod/kustomization.yaml\nresources: [../../k8s]\n{text}\n"));
    assert_eq!(overlay("replicas: [{name: registry, count: 3}]"), CLOSED);
    // Both are put into it, and both into the other.
    assert_eq!(overlay("namespace: prod\n#- /overlays/test/kustomization.yaml\nresources: [../../k8s]\nnamespace: test"), CLOSED);
    let gate = "the pod that runs this configuration may know registry by another name";
    for change in ["namePrefix: prod-", "nameSuffix: -v2", "patches: [{path: patch.yaml}]", "components: [../c]", "helmCharts: []"] {
        assert_eq!(overlay(change), gate, "{change}");
    }
    let apart = "#- /other/kustomization.yaml\nresources: [../k8s/backend.yaml]\n";
    assert_eq!(answer(&format!("{REGISTRY}{apart}namePrefix: x-\n")), "a kustomization changes the manifests of registry");
    let unheard = "no Service in the namespace of this configuration is called registry";
    assert_eq!(answer(&format!("{REGISTRY}{apart}namespace: other\n")), unheard);
    assert_eq!(
        overlay("images: [{name: registry, newTag: '3'}]"),
        "registry (k8s/backend.yaml:4) - open: the image of statefulset/registry depends on a variable"
    );
    assert_eq!(overlay("images: [{name: other, newTag: '3'}]"), CLOSED);
}

#[test]
fn labels_of_kustomizations_count() {
    let several = "which pods the Service registry selects is not known: not exactly one workload of the manifests has its labels";
    let overlay = |text: &str| answer(&format!("{REGISTRY}#- /overlays/prod/kustomization.yaml\nresources: [../../k8s]\n{text}\n"));
    // The Service and its pods get it, or neither does.
    for labels in [
        "commonLabels: {env: prod}",
        "labels: [{pairs: {env: prod}, includeSelectors: true}]",
        "labels: [{pairs: {app: shop}}]",
        "labels: [{pairs: {env: prod}, includeTemplates: true}]",
    ] {
        assert_eq!(overlay(labels), CLOSED, "{labels}");
    }
    // The pods of all others get the same label.
    assert_eq!(overlay("commonLabels: {app: shop}"), several);
    // The pods get another one than the Service asks for.
    assert_eq!(overlay("labels: [{pairs: {app: shop}, includeTemplates: true}]"), several);
    // It is not known to what they are given.
    assert_eq!(
        overlay("labels: [{pairs: {env: prod}, fields: [{path: spec/selector, kind: Service}]}]"),
        "the pod that runs this configuration may know registry by another name"
    );
    // The Service is taken, and the pods are not.
    let (service, workload) = REGISTRY.split_once("---\n").expect("both");
    let apart = |overlay: &str| answer(&format!("{service}#- /k8s/workload.yaml\n{workload}#- /over/kustomization.yaml\n{overlay}\n"));
    assert_eq!(apart("resources: [../k8s/backend.yaml]\ncommonLabels: {env: prod}"), several);
    assert_eq!(apart("resources: [../k8s/backend.yaml, ../k8s/workload.yaml]\ncommonLabels: {env: prod}"), CLOSED);
    assert_eq!(apart("resources: [../k8s/backend.yaml]\nlabels: [{pairs: {env: prod}}]"), CLOSED);
}

#[test]
fn what_the_container_is_given_counts() {
    let keycloak = |given: &str| {
        answer(&format!(
            "#- /k8s/backend.yaml\nkind: Service\nmetadata: {{name: registry}}\nspec: {{selector: {{a: b}}, ports: [{{port: 80, targetPort: 9090}}]}}\n---\n\
             kind: Deployment\nmetadata: {{name: p}}\nspec:\n  template:\n    metadata: {{labels: {{a: b}}}}\n    spec:\n      containers:\n        \
             - name: p\n          image: prom/prometheus:v3.5.0\n{given}"
        ))
    };
    let at = "registry (k8s/backend.yaml:2) prom/prometheus:v3.5.0";
    let closed = keycloak("          args: [--web.route-prefix=/prom]\n");
    assert_eq!(closed, format!("{at} closed"));
    for (given, why) in [
        ("          args: [--a=b, \"$(OPTIONS)\"]\n", "the command of deployment/p depends on `$(OPTIONS)`"),
        ("          command: [sh, -c]\n          args: [prometheus]\n", "deployment/p has an entrypoint of its own"),
    ] {
        assert_eq!(keycloak(given), format!("{at} open: {why}"));
    }
}

#[test]
fn variables_of_the_container_count() {
    let lacks = |given: &str, url: &str| {
        let given = format!("          image: registry:2\n{given}");
        let backend = REGISTRY.replace("          image: registry:2\n", &given);
        messages("upstream-lacks-route", &(gateway(&[url]) + &backend)).len()
    };
    let plain = "          env: [{name: REGISTRY_HTTP_PREFIX, value: /reg/}]\n";
    assert_eq!([lacks("", "http://registry/reg/v2/"), lacks("", "http://registry/v2/")], [1, 0]);
    assert_eq!([lacks(plain, "http://registry/reg/v2/"), lacks(plain, "http://registry/v2/")], [0, 1]);
    let map = "#- /k8s/map.yaml\nkind: ConfigMap\nmetadata: {name: options}\ndata: {REGISTRY_HTTP_PREFIX: /reg/}\n";
    let of_map = |given: &str, url: &str, map: &str| {
        let backend = REGISTRY.replace("          image: registry:2\n", &format!("          image: registry:2\n{given}"));
        messages("upstream-lacks-route", &(gateway(&[url]) + &backend + map)).len()
    };
    let from = "          envFrom: [{configMapRef: {name: options}}]\n";
    let key = "          env: [{name: REGISTRY_HTTP_PREFIX, valueFrom: {configMapKeyRef: {name: options, key: REGISTRY_HTTP_PREFIX}}}]\n";
    for given in [from, key] {
        assert_eq!([of_map(given, "http://registry/reg/v2/", map), of_map(given, "http://registry/v2/", map)], [0, 1]);
        // It is not here, or there are two of that name.
        let two = format!("{map}---\n{}", map.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>());
        for map in ["", two.as_str()] {
            assert_eq!([of_map(given, "http://registry/reg/v2/", map), of_map(given, "http://registry/v2/", map)], [0, 0]);
        }
    }
    let secret = "          envFrom: [{secretRef: {name: options}}]\n";
    let key = "          env: [{name: REGISTRY_HTTP_PREFIX, valueFrom: {secretKeyRef: {name: a, key: b}}}]\n";
    let filled = "          env: [{name: REGISTRY_HTTP_PREFIX, value: $(PREFIX)}]\n";
    for given in [secret, key, filled] {
        assert_eq!([lacks(given, "http://registry/reg/v2/"), lacks(given, "http://registry/v2/")], [0, 0], "{given}");
    }
}

#[test]
fn files_that_are_mounted_count() {
    let lacks = |volume: &str, more: &str| {
        let mount = "          image: registry:2\n          volumeMounts: [{name: v, mountPath: /etc/docker/registry}]\n";
        let backend = REGISTRY.replace("          image: registry:2\n", mount) + &format!("      volumes: [{{name: v, {volume}}}]\n");
        let gateway = gateway(&["http://registry/reg/v2/", "http://registry/v2/"])
            .replace("files: [../nginx.conf]}", "files: [../nginx.conf]}\n  - {name: options, files: [config.yml]}");
        messages("upstream-lacks-route", &(gateway + &backend + more)).len()
    };
    let file = "#- /k8s/config.yml\nhttp: {prefix: /reg/}\n";
    assert_eq!(lacks("configMap: {name: options}", file), 1);
    assert_eq!(lacks("emptyDir: {}", file), 0);
    assert_eq!(lacks("configMap: {name: other}", file), 0);
    assert_eq!(lacks("configMap: {name: options}", ""), 0);
}

#[test]
fn files_that_a_config_map_has_count() {
    let lacks = |items: &str, map: &str| {
        let mount = "          image: registry:2\n          volumeMounts: [{name: v, mountPath: /etc/docker/registry}]\n";
        let volume = format!("      volumes: [{{name: v, configMap: {{name: options{items}}}}}]\n");
        let backend = REGISTRY.replace("          image: registry:2\n", mount) + &volume;
        messages("upstream-lacks-route", &(gateway(&["http://registry/reg/v2/", "http://registry/v2/"]) + &backend + map)).len()
    };
    let map = "#- /k8s/map.yaml\nkind: ConfigMap\nmetadata: {name: options}\ndata:\n  config.yml: |\n    http:\n      prefix: /reg/\n";
    assert_eq!(lacks("", map), 1);
    // Without a prefix it is the other one that is missing.
    let other = map.replace("prefix: /reg/", "addr: :5000");
    assert_eq!(lacks("", &other), 1);
    // The key is mounted under another name: the image's own file has none beside it.
    assert_eq!(lacks(", items: [{key: config.yml, path: other.yml}]", map), 1);
    assert_eq!(lacks("", &map.replace("config.yml", "other.yml")), 1);
    // Both are the same as with any other file: a text that is not known says nothing.
    for unknown in [
        map.replace("/reg/", "${PREFIX}"),
        map.replace("/reg/", "{{ .Values.prefix }}"),
        map.replace("data:", "binaryData:"),
        map.replace("prefix: /reg/", "prefix: ["),
        format!("{map}#- /other/map.yaml\nkind: ConfigMap\nmetadata: {{name: options}}\ndata: {{config.yml: ''}}\n"),
        format!("{map}#- /over/kustomization.yaml\nresources: [../k8s/map.yaml]\npatches: [{{path: a.yaml}}]\n"),
    ] {
        assert_eq!(lacks("", &unknown), 0, "{unknown}");
    }
}

#[test]
fn containers_of_one_pod_share_their_loopback_address() {
    let side = "        - {name: side, image: 'registry:2', ports: [{containerPort: 5000}]}\n      volumes:";
    let beside = |from: &str, to: &str| answers(&gateway(&["http://127.0.0.1:5000"]).replace(from, to));
    assert_eq!(beside("      volumes:", side), ["127.0.0.1:5000 deployment/gateway (k8s/gateway.yaml:17) registry:2 closed"]);
    let nothing = ["127.0.0.1:5000 nothing here listens on port 5000"];
    assert_eq!(beside("      volumes:", &side.replace("ports: [{containerPort: 5000}]", "env: []")), nothing);
    assert_eq!(beside("      volumes:", &format!("      hostNetwork: true\n{side}")), nothing);
}

#[test]
fn images_that_are_built_here() {
    let backend = "#- /k8s/backend.yaml\nkind: Service\nmetadata: {name: registry}\nspec: {selector: {a: b}, ports: [{port: 80}]}\n---\n\
        kind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: api, image: 'example/api:1.2'}]}\n\
        #- /api/Dockerfile\nFROM python:3.13\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n#- /api/main.py\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/users')\ndef users(): pass\n";
    let built = "registry (k8s/backend.yaml:2) example/api:1.2 from ./api closed";
    let skaffold = "#- /skaffold.yaml\nkind: Config\nbuild: {artifacts: [{image: example/api, context: api}]}\n";
    assert_eq!(answer(&format!("{backend}{skaffold}")), built);
    assert_eq!(answer(&format!("{backend}#- /compose.yaml\nservices: {{api: {{image: 'example/api:dev', build: ./api}}}}\n")), built);
    let unknown = "registry (k8s/backend.yaml:2) example/api:1.2 open: the routes of deployment/api are not known";
    assert_eq!(answer(backend), unknown);
    assert_eq!(answer(&format!("{backend}{}", skaffold.replace("context: api", "context: api, buildpacks: {}"))), unknown);
    assert_eq!(answer(&format!("{backend}{skaffold}profiles: [{{name: x}}]\n")), unknown);
    assert_eq!(answer(&format!("{backend}{}", skaffold.replace("example/api", "other/api"))), unknown);
}

#[test]
fn a_compose_project_may_answer_otherwise() {
    let compose = |services: &str| {
        answers(&format!(
            "{}{REGISTRY}#- /compose.yaml\nservices:\n  gate: {{image: nginx, volumes: ['./nginx.conf:/etc/nginx/nginx.conf']}}\n{services}",
            gateway(&["http://registry"])
        ))
    };
    assert_eq!(compose(""), [format!("registry:80 {CLOSED}")]);
    let both = compose("  registry: {image: example/registry}\n");
    assert_eq!(
        both,
        [
            "registry:80 registry (compose.yaml:3) example/registry open: the routes of registry are not known".to_owned(),
            format!("registry:80 {CLOSED}")
        ]
    );
}

#[test]
fn a_port_that_the_service_has_not() {
    const RULE: &str = "upstream-port-mismatch";
    let of = |url: &str, backend: &str| findings(RULE, &(gateway(&[url]) + backend));
    let found = of("http://registry:5000/v2/", REGISTRY);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.message, "the Service registry has no port 5000, only 80");
    assert_eq!(finding.fixes.len(), 1);
    assert_eq!(finding.fixes[0].title, "Write `registry:80`");
    let two = REGISTRY.replace("{port: 80, targetPort: http}", "{port: 80, targetPort: 5000}, {port: 9, targetPort: 9}");
    assert_eq!(of("http://registry:5000", &two)[0].fixes[0].title, "Write `registry:80`");
    assert!(of("http://registry:7", &two)[0].fixes.is_empty());
    // Without a selector it has its ports all the same.
    assert_eq!(of("http://registry:5000", &REGISTRY.replace("  selector: {app: registry}\n", "")).len(), 1);
    for quiet in [
        REGISTRY.replace("port: 80", "port: 5000"),
        REGISTRY.replace("  selector:", "  clusterIP: None\n  selector:"),
        REGISTRY.replace("  selector:", "  type: ExternalName\n  externalName: x\n  selector:"),
        REGISTRY.replace("port: 80", "port: ${PORT}"),
        REGISTRY.replace("port: 80", "port: '{{ .Values.port }}'"),
        REGISTRY.replace("  name: registry\n", "  name: registry\n  namespace: other\n"),
        format!("{REGISTRY}---\nkind: Service\nmetadata: {{name: registry}}\nspec: {{ports: [{{port: 5000}}]}}\n"),
        format!("{REGISTRY}#- /over/kustomization.yaml\nresources: [../k8s]\npatches: [{{path: a.yaml}}]\n"),
        format!("{REGISTRY}#- /Dockerfile\nFROM nginx:1.28\nCOPY nginx.conf /etc/nginx/nginx.conf\n"),
        format!("{REGISTRY}#- /compose.yaml\nservices: {{gate: {{image: nginx, volumes: ['./nginx.conf:/etc/nginx/nginx.conf']}}}}\n"),
    ] {
        assert!(of("http://registry:5000", &quiet).is_empty(), "{quiet}");
    }
    // Nothing says that the configuration runs in the cluster.
    let outside = gateway(&["http://registry:5000"]).replace("files: [../nginx.conf]", "files: [../other.conf]") + REGISTRY;
    assert!(findings(RULE, &outside).is_empty());
    assert!(answers(&outside)[0].contains("no service of the workspace is called registry"));
}

#[test]
fn what_a_port_speaks() {
    let found = |urls: &[&str], backend: &str| findings("upstream-scheme-mismatch", &(gateway(urls) + backend));
    let why = |backend: &str| -> Vec<String> {
        let found = found(&["http://registry", "https://registry:80"], backend);
        let of = |finding: &Finding| finding.related.iter().map(|related| related.message.clone()).collect::<Vec<_>>().join("; ");
        found.iter().map(|finding| format!("{}: {}", finding.message, of(finding))).collect()
    };
    let probe = |scheme: &str| {
        let probe = format!("          readinessProbe: {{httpGet: {{port: http, path: /{scheme}}}}}\n");
        format!("{REGISTRY}{probe}")
    };
    let declared = |name: &str| REGISTRY.replace("targetPort: http", &format!("targetPort: http, {name}"));
    let plain = "registry:80 does not speak TLS, and https:// does: the handshake fails, and requests get 502";
    let tls = "registry:80 speaks TLS, and http:// sends plain text: requests fail";
    assert_eq!(why(&probe("")), [format!("{plain}: the cluster asks port 5000 without TLS whether it is well")]);
    assert_eq!(why(&probe(", scheme: HTTPS")), [format!("{tls}: the cluster asks port 5000 with TLS whether it is well")]);
    assert_eq!(why(&declared("appProtocol: https")), [format!("{tls}: its Service says `appProtocol: https`")]);
    for unclear in [
        REGISTRY.to_owned(),
        declared("name: https"),
        declared("appProtocol: tcp"),
        declared("appProtocol: https").replace("spec:\n  selector", "spec:\n  type: LoadBalancer\n  selector"),
        probe("").replace("targetPort: http", "targetPort: http, appProtocol: https"),
        probe(", host: example.com"),
        probe("").replace("{port: http, path", "{port: 5001, path"),
    ] {
        assert_eq!(why(&unclear), Vec::<String>::new(), "{unclear}");
    }
    // The product's own port, whatever the Service calls it.
    let keycloak = REGISTRY.replace("image: registry:2", "image: quay.io/keycloak/keycloak:26.0").replace("5000", "8443");
    assert_eq!(why(&keycloak), [format!("{tls}: keycloak speaks TLS on port 8443")]);
}

#[test]
fn a_trace_comes_back_through_the_service() {
    let fixture =
        "events {}\nhttp {\n  server { listen 8080; location / { proxy_pass http://gateway/x/; } location /x/ { return 204; } }\n}\n";
    let analysis = analysis(&format!("{fixture}{GATE}{REGISTRY}"));
    let view = analysis.views().next().expect("a configuration");
    let landing = |host: &str, port: u16| format!("{:?}", view.around().lands(host, port));
    assert!(landing("gateway", 80).contains("port: 8080"), "{}", landing("gateway", 80));
    for (host, port) in [("gateway", 8080), ("registry", 80), ("gateway.other", 80)] {
        assert_eq!(landing(host, port), "Elsewhere", "{host}:{port}");
    }
}

#[test]
fn manifests_that_change_are_read_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    common::write_fixture(folder.path(), &(gateway(&["http://registry"]) + REGISTRY));
    let folder = folder.path().canonicalize().expect("it is there");
    let mut world = World::open(&folder, Vec::new());
    assert_eq!(answers_of(&world.analysis()), [format!("registry:80 {CLOSED}")]);
    let manifest = folder.join("k8s/backend.yaml");
    std::fs::write(&manifest, "kind: Service\nmetadata: {name: other}\n").expect("written");
    let file = world.analysis().project.vfs.id(&manifest);
    world.disk_changed(file);
    assert!(answers_of(&world.analysis())[0].contains("no Service"));
}
