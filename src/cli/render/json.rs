//! For programs. The schema is written down in docs/output.md; `version` changes when a field changes its meaning or goes.

use serde::Serialize;

use super::{Report, escaped};
use crate::ide::findings::{self, Beside, Found, Range};
use crate::rules::{Finding, Severity};

/// Version of the schema.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    tool: Tool,
    workspace: String,
    files: usize,
    summary: Summary,
    findings: Vec<Found>,
    /// With `--verbose` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsettled: Option<Vec<UnsettledOutput<'a>>>,
}

#[derive(Serialize)]
struct UnsettledOutput<'a> {
    #[serde(flatten)]
    range: Range,
    message: &'a str,
    related: Vec<Beside>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
    not_shown: usize,
}

/// Adds the report as one JSON object.
pub(in crate::cli) fn render(report: &Report<'_>, out: &mut String) -> serde_json::Result<()> {
    let output = Output {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        workspace: report.analysis.project.workspace.to_string_lossy().into_owned(),
        files: report.analysis.project.files.len(),
        summary: Summary {
            error: report.count(Severity::Error),
            warning: report.count(Severity::Warning),
            info: report.count(Severity::Info),
            hint: report.count(Severity::Hint),
            not_shown: report.hidden,
        },
        findings: report.findings.iter().map(|finding| findings::found(report.analysis, finding)).collect(),
        unsettled: report.unsettled.map(|notes| notes.iter().map(|note| unsettled_output(report, note)).collect()),
    };
    out.push_str(&escaped(serde_json::to_string_pretty(&output)?));
    out.push('\n');
    Ok(())
}

fn unsettled_output<'a>(report: &Report<'_>, note: &'a Finding) -> UnsettledOutput<'a> {
    let analysis = report.analysis;
    UnsettledOutput { range: findings::range(analysis, note.place), message: &note.message, related: findings::beside(analysis, note) }
}
