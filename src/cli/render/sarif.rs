//! SARIF 2.1.0 (OASIS), for code scanning.

use std::path::Path;

use serde_json::{Value, json};

use super::{Report, escaped};
use crate::project::Place;
use crate::rules::{Confidence, Finding, Severity, registry};

/// Adds the report as one SARIF log.
pub(in crate::cli) fn render(report: &Report<'_>, out: &mut String) -> serde_json::Result<()> {
    let rules: Vec<Value> = registry::RULES
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.summary },
                "help": { "text": rule.summary, "markdown": registry::page(rule.id).unwrap_or_default() },
                "helpUri": registry::url(rule.id),
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": report.findings.iter().map(|finding| result(report, finding)).collect::<Vec<_>>(),
        }],
    });
    out.push_str(&escaped(serde_json::to_string_pretty(&log)?));
    out.push('\n');
    Ok(())
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

fn result(report: &Report<'_>, finding: &Finding) -> Value {
    let notes: Vec<&str> =
        finding.related.iter().filter(|related| related.place.is_none()).map(|related| related.message.as_str()).collect();
    let mut text = finding.message.clone();
    for note in notes {
        text.push('\n');
        text.push_str(note);
    }
    let related: Vec<Value> = finding
        .related
        .iter()
        .filter_map(|related| {
            let mut location = location(report, related.place?);
            location["message"] = json!({ "text": plain(&related.message) });
            Some(location)
        })
        .enumerate()
        .map(|(id, mut location)| {
            location["id"] = json!(id);
            location
        })
        .collect();
    json!({
        "ruleId": finding.rule,
        "ruleIndex": registry::RULES.iter().position(|rule| rule.id == finding.rule),
        "level": level(finding.severity),
        "message": { "text": plain(&text) },
        "locations": [location(report, finding.place)],
        "relatedLocations": related,
        // 0 to 100: how likely it is that the finding is right.
        "rank": match finding.confidence { Confidence::Proven => 100.0, Confidence::Likely => 80.0, Confidence::Hint => 40.0 },
        "properties": { "confidence": finding.confidence },
    })
}

fn location(report: &Report<'_>, place: Place) -> Value {
    let range = report.range(place);
    let path = report.analysis.project.vfs.path(place.file);
    let uri = uri(path.strip_prefix(report.repository).unwrap_or(&path));
    let artifact = match uri.starts_with('/') {
        true => json!({ "uri": format!("file://{uri}") }),
        false => json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }),
    };
    json!({ "physicalLocation": {
        "artifactLocation": artifact,
        "region": {
            "startLine": range.start.line, "startColumn": range.start.column,
            "endLine": range.end.line, "endColumn": range.end.column,
        },
    } })
}

/// A text in which nothing is a link (3.11.6): `[a-z](b|c)` in a regex looks like one.
fn plain(text: &str) -> String {
    text.replace("](", "\\](")
}

/// A path as a URI reference (RFC 3986): each byte of its name that is not unreserved or a slash is percent-encoded, also those that are no UTF-8.
fn uri(path: &Path) -> String {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(*byte).to_string(),
            b'\\' if cfg!(windows) => "/".to_owned(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_a_link() {
        assert_eq!(plain("`~ ^/[a-z](b|c)` [x](https://a.example)"), "`~ ^/[a-z\\](b|c)` [x\\](https://a.example)");
    }

    #[cfg(unix)]
    #[test]
    fn a_name_is_its_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"conf.d/caf\xe9 \\1.conf"));
        assert_eq!(uri(path), "conf.d/caf%E9%20%5C1.conf");
    }
}
