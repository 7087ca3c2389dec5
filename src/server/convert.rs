//! From the program's own types to those of the protocol.

use serde_json::json;
use tower_lsp::gen_lsp_types::*;

use super::features::Features;
use super::state::{Checked, Snapshot};
use crate::project::{FileId, Place};
use crate::rules::finding::FixAction;
use crate::rules::{Confidence, Finding, Fix, Severity, Tag, registry};
use crate::text::{self, Encoding, Span, Text};

/// A span as a range in the units that were agreed on.
pub fn range(text: &Text, span: Span, encoding: Encoding) -> Range {
    let position = |offset| {
        let position = text.position(offset, encoding);
        Position { line: position.line, character: position.column }
    };
    Range { start: position(span.start), end: position(span.end) }
}

/// A range as a span; clamped to the text, and empty where the end comes before the start.
pub fn span(text: &Text, range: Range, encoding: Encoding) -> Span {
    Span::new(offset(text, range.start, encoding), offset(text, range.end, encoding))
}

/// A position as a byte; clamped to the text.
pub fn offset(text: &Text, at: Position, encoding: Encoding) -> u32 {
    text.offset(text::Position { line: at.line, column: at.character }, encoding)
}

/// What is needed to turn findings into diagnostics.
#[derive(Debug, Clone, Copy)]
pub struct Converter<'a> {
    /// Where the findings come from.
    pub checked: &'a Checked,
    /// The same moment, as the client sees it.
    pub snapshot: &'a Snapshot,
    /// How columns are counted.
    pub encoding: Encoding,
    /// The client shows places beside a diagnostic; otherwise they are told in its message.
    pub related_information: bool,
}

impl<'a> Converter<'a> {
    /// For a client with these features.
    pub fn new(features: &Features, snapshot: &'a Snapshot, checked: &'a Checked) -> Converter<'a> {
        Converter { checked, snapshot, encoding: features.encoding, related_information: features.related_information }
    }

    /// All diagnostics of a file.
    pub fn diagnostics(&self, file: FileId) -> Vec<Diagnostic> {
        let findings = self.checked.findings.get(&file).map(Vec::as_slice).unwrap_or_default();
        let text = self.checked.analysis.project.text(file);
        findings.iter().map(|finding| self.diagnostic(finding, &text)).collect()
    }

    /// One diagnostic; `text` is that of the finding's file.
    pub fn diagnostic(&self, finding: &Finding, text: &Text) -> Diagnostic {
        let mut message = finding.message.clone();
        let mut places = Vec::new();
        for related in &finding.related {
            match related.place {
                Some(place) if self.related_information => {
                    places.push(DiagnosticRelatedInformation { location: self.location(place), message: related.message.clone() });
                }
                Some(place) => {
                    let line = self.checked.analysis.project.line(place);
                    let path = self.checked.analysis.project.display_path(place.file);
                    message.push_str(&format!("\n{} ({path}:{line})", related.message));
                }
                None => {
                    message.push('\n');
                    message.push_str(&related.message);
                }
            }
        }
        let tag = |tag: &Tag| match tag {
            Tag::Unnecessary => DiagnosticTag::Unnecessary,
            Tag::Deprecated => DiagnosticTag::Deprecated,
        };
        let tags: Vec<DiagnosticTag> = finding.tags.iter().map(tag).collect();
        let fix = |fix: &Fix| {
            let kind = match fix.action {
                FixAction::CommentOut(_) | FixAction::CommentOutAll(_) => "comment-out",
                _ => "edit",
            };
            json!({ "title": fix.title, "safe": fix.safe, "kind": kind })
        };
        let fixes: Vec<_> = finding.fixes.iter().map(fix).collect();
        Diagnostic {
            range: range(text, finding.place.span, self.encoding),
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
                Severity::Info => DiagnosticSeverity::Information,
                Severity::Hint => DiagnosticSeverity::Hint,
            }),
            code: Some(Code::String(finding.rule.into())),
            code_description: Some(CodeDescription { href: Uri(registry::url(finding.rule)) }),
            source: Some(super::NAME.into()),
            message: Message::String(message),
            tags: (!tags.is_empty()).then_some(tags),
            related_information: (!places.is_empty()).then_some(places),
            data: Some(json!({ "rule": finding.rule, "confidence": confidence(finding.confidence), "fixes": fixes })),
        }
    }

    /// A place in any file that was read.
    pub fn location(&self, place: Place) -> Location {
        let text = self.checked.analysis.project.text(place.file);
        Location { uri: self.snapshot.uri(self.checked, place.file), range: range(&text, place.span, self.encoding) }
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Proven => "proven",
        Confidence::Likely => "likely",
        Confidence::Hint => "hint",
    }
}
