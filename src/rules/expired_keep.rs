//! `expired-keep`: a comment that kept something until a day that has passed.

use super::{Confidence, Finding, Rule, Severity};
use crate::message;
use crate::project::Place;
use crate::project::annotations::AnnotationKind;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule =
    Rule { id: "expired-keep", summary: "a `keep until=` comment of which the day has passed", severity: Severity::Info, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let Some(today) = analysis.today else { return };
    for source in analysis.project.files.values() {
        for annotation in source.annotations() {
            let AnnotationKind::Keep { until: Some((day, span)) } = &annotation.kind else { continue };
            if *day >= today {
                continue;
            }
            let message = message!(analysis.language, "expired-keep-passed", day = day.to_string());
            let finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, Place { file: source.id, span: *span }, message);
            let finding = match annotation.reason.is_empty() {
                true => finding,
                false => finding.note(message!(analysis.language, "expired-keep-reason", reason = annotation.reason.as_str())),
            };
            out.push(finding.note(message!(analysis.language, "expired-keep-do")));
        }
    }
}
