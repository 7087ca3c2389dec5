//! Workflow commands of GitHub Actions: each finding becomes an annotation on the changed files of a pull request.

use super::{Report, printable};
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
                message.push_str(&format!("{}:{}: ", report.path_from(report.repository, place), range.start.line));
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
            property(&report.path_from(report.repository, finding.place)),
            range.start.line,
            range.end.line,
            property(finding.rule),
            data(&message),
        ));
    }
}

/// Escapes as `@actions/core` does for the text behind `::`; the log is shown with what a terminal obeys.
fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes as `@actions/core` does for a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_the_command_or_a_property() {
        assert_eq!(data("100%\nof a: b, c\u{1b}[31m"), "100%25%0Aof a: b, c\\u{1b}[31m");
        assert_eq!(property("a,b:c%.conf"), "a%2Cb%3Ac%25.conf");
    }
}
