//! Workflow commands of GitHub Actions: each finding becomes an annotation on the changed files of a pull request.

use super::Report;
use crate::rules::Severity;

/// Adds a line for each finding.
pub(in crate::cli) fn render(report: &Report<'_>, out: &mut String) {
    for finding in report.findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Hint => "notice",
        };
        let range = report.range(finding.place);
        let mut message = finding.message.clone();
        for related in &finding.related {
            message.push('\n');
            if let Some(place) = related.place {
                let range = report.range(place);
                message.push_str(&format!("{}:{}: ", range.file, range.start.line));
            }
            message.push_str(&related.message);
        }
        // Columns are only allowed where the annotation stays on one line.
        let columns = if range.start.line == range.end.line {
            format!(",col={},endColumn={}", range.start.column, range.end.column)
        } else {
            String::new()
        };
        out.push_str(&format!(
            "::{command} file={},line={},endLine={}{columns},title={}::{}\n",
            property(&range.file),
            range.start.line,
            range.end.line,
            property(finding.rule),
            data(&message),
        ));
    }
}

/// Escapes as `@actions/core` does for the text behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes as `@actions/core` does for a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
