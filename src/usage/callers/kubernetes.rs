//! Kubernetes: probes and lifecycle hooks of containers, and what containers run.

use super::command::{self, Line};
use super::value::{Manner, Value, Values};
use super::{Found, Host, Kind, narrow, shell};
use crate::project::kubernetes;
use crate::project::yaml::Yaml;
use crate::text::Span;

/// Reads a manifest; nothing for a document that is no workload.
pub(super) fn read(document: &Yaml, text: &str) -> Vec<Found> {
    let mut out = Vec::new();
    for (workload, container) in kubernetes::containers_of(document) {
        let service = kubernetes::container_name(workload, container);
        let mut found = Vec::new();
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            if let Some(probe) = container.get(probe) {
                handler(probe, container, text, &mut found);
            }
        }
        for hook in ["postStart", "preStop"] {
            if let Some(hook) = container.get("lifecycle").and_then(|hooks| hooks.get(hook)) {
                handler(hook, container, text, &mut found);
            }
        }
        let words: Vec<&Yaml> =
            ["command", "args"].iter().flat_map(|key| container.get(key).map(Yaml::items).unwrap_or_default()).collect();
        run(&words, text, Kind::Command, &mut found);
        out.extend(found.into_iter().map(|found| Found { service: found.service.or_else(|| Some(service.as_str().into())), ..found }));
    }
    // `alb.ingress.kubernetes.io/healthcheck-path` and its like of other load balancers.
    for (name, value) in document.get("metadata").and_then(|meta| meta.get("annotations")).map(Yaml::pairs).unwrap_or_default() {
        let checks = name.scalar().is_some_and(|name| {
            ["/healthcheck-path", "/health-check-path", "-healthcheck-path", "health-probe-request-path"]
                .iter()
                .any(|end| name.ends_with(end))
        });
        if let Some(url) =
            value.scalar().filter(|path| checks && path.starts_with('/')).and_then(|path| Value::text(path).url(Manner::Code))
        {
            out.push(Found { span: narrow(text, value.span, &url), kind: Kind::Probe, method: Some("GET".into()), url, service: None });
        }
    }
    out.sort_by_key(|found| found.span);
    out
}

/// `httpGet` or `exec`.
fn handler(probe: &Yaml, container: &Yaml, text: &str, out: &mut Vec<Found>) {
    if let Some(get) = probe.get("httpGet") {
        let word = |key: &str| get.get(key).and_then(Yaml::scalar);
        let path = word("path").unwrap_or("/");
        let port = word("port").and_then(|port| port.parse::<u16>().ok().or_else(|| kubernetes::port_named(container, port)));
        let scheme = word("scheme").unwrap_or("http").to_ascii_lowercase();
        let headers = get.get("httpHeaders").map(Yaml::items).unwrap_or_default();
        let header =
            headers.iter().find(|header| header.get("name").and_then(Yaml::scalar).is_some_and(|name| name.eq_ignore_ascii_case("host")));
        let header = header.and_then(|header| header.get("value")?.scalar());
        if let (Some(port), Some(mut url)) = (port, Value::text(path).url(Manner::Code)) {
            // The kubelet asks the pod's own address.
            let host = header.or(word("host")).unwrap_or("localhost");
            url.scheme = Some(scheme.into());
            url.host = Host::Named(host.to_ascii_lowercase().into());
            url.port = Some(port);
            let place = get.get("path").map_or(get.span, |path| path.span);
            out.push(Found { span: place, kind: Kind::Probe, method: Some("GET".into()), url, service: None });
        }
    }
    let words: Vec<&Yaml> = probe.get("exec").and_then(|exec| exec.get("command")).map(Yaml::items).unwrap_or_default().iter().collect();
    run(&words, text, Kind::Probe, out);
}

fn run(words: &[&Yaml], text: &str, kind: Kind, out: &mut Vec<Found>) {
    let values: Vec<Values> = words.iter().map(|word| vec![Value::text(word.scalar().unwrap_or(""))]).collect();
    match command::read(&values) {
        Line::Asks(asked) => out.extend(asked.into_iter().map(|asked| {
            let span = words.get(asked.word).map_or(Span::at(0), |word| narrow(text, word.span, &asked.url));
            Found { span, kind, method: asked.method, url: asked.url, service: asked.service }
        })),
        Line::Script(at, script, _) => {
            let whole = words.get(at).map_or(Span::at(0), |word| word.span);
            let found = script.iter().filter_map(Value::known).flat_map(|code| shell::read(code, kind));
            out.extend(found.map(|found| Found { span: narrow(text, whole, &found.url), ..found }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_of_load_balancers() {
        let text = "kind: Ingress\nmetadata:\n  annotations:\n    alb.ingress.kubernetes.io/healthcheck-path: \"/ready\"\n    other/path: /no\nspec: {}\n";
        let documents = Yaml::documents(text).expect("YAML");
        let found = read(&documents[0], text);
        let shown: Vec<String> =
            found.iter().map(|found| format!("{:?} {} {}", found.kind, found.url, &text[found.span.range()])).collect();
        assert_eq!(shown, ["Probe /ready /ready"]);
    }

    #[test]
    fn probes_ask_the_pod_itself() {
        let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: nginx\n          image: nginx\n          \
            ports: [{ name: http, containerPort: 8080 }]\n          livenessProbe:\n            httpGet: { path: /health, port: http }\n          readinessProbe:\n            \
            exec: { command: [\"sh\", \"-c\", \"curl -f http://localhost:8080/ready\"] }\n          lifecycle:\n            postStart: { httpGet: { path: /warm, port: 80, scheme: HTTPS } }\n";
        let documents = Yaml::documents(text).expect("YAML");
        let found = read(&documents[0], text);
        let shown: Vec<String> = found
            .iter()
            .map(|found| format!("{:?} {} {} {}", found.kind, found.url, found.service.as_deref().unwrap_or(""), &text[found.span.range()]))
            .collect();
        assert_eq!(
            shown,
            [
                "Probe http://localhost:8080/health deployment/web nginx /health",
                "Probe http://localhost:8080/ready deployment/web nginx http://localhost:8080/ready",
                "Probe https://localhost:80/warm deployment/web nginx /warm",
            ]
        );
    }
}
