//! For programs. The schema is written down in docs/output.md; `version` changes when a field changes its meaning or goes.

use serde::Serialize;

use super::{Report, escaped};
use crate::cleanup;
use crate::project::Place;
use crate::rules::{Confidence, Finding, Severity, registry};

/// Version of the schema.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    tool: Tool,
    workspace: String,
    files: usize,
    summary: Summary,
    findings: Vec<FindingOutput<'a>>,
    /// With `--verbose` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsettled: Option<Vec<UnsettledOutput<'a>>>,
}

#[derive(Serialize)]
struct UnsettledOutput<'a> {
    #[serde(flatten)]
    range: RangeOutput,
    message: &'a str,
    related: Vec<RelatedOutput<'a>>,
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

#[derive(Serialize)]
struct FindingOutput<'a> {
    rule: &'static str,
    severity: Severity,
    confidence: Confidence,
    #[serde(flatten)]
    range: RangeOutput,
    message: &'a str,
    url: String,
    related: Vec<RelatedOutput<'a>>,
    fixes: Vec<FixOutput<'a>>,
    /// The finding of the same rule that tells of this one, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    part_of: Option<RangeOutput>,
}

#[derive(Serialize)]
struct RangeOutput {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct RelatedOutput<'a> {
    #[serde(flatten)]
    range: Option<RangeOutput>,
    message: &'a str,
}

#[derive(Serialize)]
struct FixOutput<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<EditOutput>,
    /// Why the fix can't be made as things are; then there are no edits.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

#[derive(Serialize)]
struct EditOutput {
    #[serde(flatten)]
    range: RangeOutput,
    text: String,
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
        findings: report.findings.iter().map(|finding| finding_output(report, finding)).collect(),
        unsettled: report.unsettled.map(|notes| notes.iter().map(|note| unsettled_output(report, note)).collect()),
    };
    out.push_str(&escaped(serde_json::to_string_pretty(&output)?));
    out.push('\n');
    Ok(())
}

fn unsettled_output<'a>(report: &Report<'_>, note: &'a Finding) -> UnsettledOutput<'a> {
    UnsettledOutput { range: range(report, note.place), message: &note.message, related: related_output(report, note) }
}

fn related_output<'a>(report: &Report<'_>, finding: &'a Finding) -> Vec<RelatedOutput<'a>> {
    let output = |related: &'a crate::rules::Related| RelatedOutput {
        range: related.place.map(|place| range(report, place)),
        message: &related.message,
    };
    finding.related.iter().map(output).collect()
}

fn finding_output<'a>(report: &Report<'_>, finding: &'a Finding) -> FindingOutput<'a> {
    FindingOutput {
        rule: finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        range: range(report, finding.place),
        message: &finding.message,
        url: registry::url(finding.rule),
        related: related_output(report, finding),
        fixes: finding.fixes.iter().map(|fix| fix_output(report, fix)).collect(),
        part_of: finding.part_of.map(|place| range(report, place)),
    }
}

fn fix_output<'a>(report: &Report<'_>, fix: &'a crate::rules::Fix) -> FixOutput<'a> {
    let (edits, refused) = match cleanup::resolve(report.analysis, &fix.action) {
        Ok(files) => (files, None),
        Err(refusal) => (Vec::new(), Some(refusal.say(report.analysis.language))),
    };
    let edits = edits
        .into_iter()
        .flat_map(|(file, edits)| edits.into_iter().map(move |edit| (file, edit)))
        .map(|(file, edit)| EditOutput { range: range(report, Place { file, span: edit.span }), text: edit.new })
        .collect();
    FixOutput { title: &fix.title, safe: fix.safe, edits, refused }
}

fn range(report: &Report<'_>, place: Place) -> RangeOutput {
    let range = report.range(place);
    RangeOutput {
        file: range.file,
        line: range.start.line,
        column: range.start.column,
        end_line: range.end.line,
        end_column: range.end.column,
    }
}
