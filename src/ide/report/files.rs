//! Files that nothing needs any more: with what they go, or that nothing names them at all.

use super::{Group, Named, SpareFile};
use crate::message;
use crate::rules::{Finding, orphan_file};
use crate::usage::verdict::Verdict;
use crate::world::Analysis;

pub(super) fn spare(analysis: &Analysis, groups: &[Group], found: &[Finding]) -> Vec<SpareFile> {
    let mut out: Vec<SpareFile> = Vec::new();
    for group in groups.iter().filter(|group| group.verdict == Verdict::ProbablyUnused.id()) {
        for file in &group.files {
            if out.iter().any(|known| known.file == *file) {
                continue;
            }
            let named = |part: &super::Part| Named { file: part.file.clone(), line: part.line, location: part.location.clone() };
            out.push(SpareFile {
                file: file.clone(),
                kind: "goes-with",
                reason: message!(analysis.language, "report-file-goes-with", group = group.id, location = group.head.location.as_str()),
                with: group.locations.iter().map(named).collect(),
            });
        }
    }
    for finding in found.iter().filter(|finding| finding.rule == orphan_file::RULE.id) {
        let file = analysis.project.display_path(finding.place.file);
        if !out.iter().any(|known| known.file == file) {
            out.push(SpareFile { file, kind: "orphan", reason: finding.message.clone(), with: Vec::new() });
        }
    }
    out
}
