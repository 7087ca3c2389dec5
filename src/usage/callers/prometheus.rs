//! Prometheus: which targets are scraped, and which are probed by the blackbox exporter.

use super::value::{Manner, Value};
use super::{Found, Kind, Path};
use crate::project::yaml::Yaml;
use crate::text::Span;

/// Reads a configuration; nothing for a document without `scrape_configs`.
pub(super) fn read(document: &Yaml, _text: &str) -> Vec<Found> {
    let mut out = Vec::new();
    for job in document.get("scrape_configs").map(Yaml::items).unwrap_or_default() {
        let text = |key: &str| job.get(key).and_then(Yaml::scalar);
        let path = text("metrics_path").unwrap_or("/metrics");
        let scheme = text("scheme").unwrap_or("http");
        // Targets are then what is probed: the exporter's own address takes their place.
        let relabeled = job.get("relabel_configs").map(Yaml::items).unwrap_or_default().iter();
        let probes = path.starts_with("/probe")
            && relabeled.clone().any(|rule| rule.get("target_label").and_then(Yaml::scalar) == Some("__param_target"));
        for group in job.get("static_configs").map(Yaml::items).unwrap_or_default() {
            let label = |name: &str| group.get("labels").and_then(|labels| labels.get(name)?.scalar());
            let path = label("__metrics_path__").unwrap_or(path);
            let scheme = label("__scheme__").unwrap_or(scheme);
            for target in group.get("targets").map(Yaml::items).unwrap_or_default() {
                let Some(name) = target.scalar() else { continue };
                let url = if probes {
                    Value::text(name).url(Manner::Command)
                } else {
                    let slash = if path.starts_with('/') { "" } else { "/" };
                    Value::text(&format!("{scheme}://{name}{slash}{path}")).url(Manner::Code)
                };
                let Some(url) = url else { continue };
                // A probe of a host alone may be one of its port.
                if probes && !name.contains("://") && url.path == Path::default() {
                    continue;
                }
                out.push(Found { span: inside(target), kind: Kind::Scrape, method: Some("GET".into()), url, service: None });
            }
        }
    }
    out
}

/// Without the quotes around a scalar.
fn inside(scalar: &Yaml) -> Span {
    let length = scalar.scalar().map_or(0, str::len) as u32;
    if scalar.span.len() == length + 2 { Span::new(scalar.span.start + 1, scalar.span.end - 1) } else { scalar.span }
}
