//! A finding as a client shows it.
//!
//! Types of our own in place of the protocol library's, which hold what is not ours to know as a tree of JSON: of a large configuration
//! there are thousands at every keystroke.

use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::Arc;

use rustc_hash::FxHasher;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use tower_lsp::gen_lsp_types::{DiagnosticSeverity, DiagnosticTag, Location, Range};

use super::convert::{self, Converter, LastPlace};
use super::shown::{self, Shown};
use crate::rules::finding::FixAction;
use crate::rules::{Confidence, Finding, Fix, Severity, Tag, registry};
use crate::text::Text;

/// `Diagnostic` (LSP 3.17).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    range: Range,
    severity: DiagnosticSeverity,
    code: &'static str,
    code_description: Page,
    source: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<DiagnosticTag>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_information: Vec<Beside>,
    data: Data,
}

/// A [`Diagnostic`] as JSON.
#[derive(Debug, Clone)]
pub struct Written {
    json: Option<Arc<RawValue>>,
    fingerprint: u64,
}

impl Written {
    /// A diagnostic, written.
    pub fn of(diagnostic: &Diagnostic) -> Written {
        // It can be written: nothing in it is a map whose keys are no text.
        let json: Option<Arc<RawValue>> = to_raw_value(diagnostic).ok().map(Arc::from);
        let fingerprint = BuildHasherDefault::<FxHasher>::default().hash_one(json.as_ref().map(|json| json.get()));
        Written { json, fingerprint }
    }

    /// A number that is the same for the same text, in every process.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.as_deref().serialize(serializer)
    }
}

impl PartialEq for Written {
    fn eq(&self, other: &Written) -> bool {
        match (&self.json, &other.json) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other) || one.get() == other.get(),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

/// The page of a rule.
#[derive(Debug, Serialize)]
struct Page {
    #[serde(serialize_with = "address")]
    href: &'static str,
}

fn address<S: Serializer>(rule: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&registry::url(rule))
}

/// `DiagnosticRelatedInformation`.
#[derive(Debug, Serialize)]
struct Beside {
    location: Location,
    message: String,
}

/// What comes along for programs (`docs/protocol.md`).
#[derive(Debug, Serialize)]
struct Data {
    rule: &'static str,
    confidence: &'static str,
    fixes: Vec<Offer>,
}

#[derive(Debug, Serialize)]
struct Offer {
    title: String,
    safe: bool,
    kind: &'static str,
}

impl Diagnostic {
    /// A finding in a file of that text.
    pub fn new(converter: &Converter<'_>, finding: &Finding, text: &Text, beside: &mut LastPlace) -> Diagnostic {
        let mut message = finding.message.clone();
        let mut related_information = Vec::new();
        for related in &finding.related {
            match related.place {
                Some(place) if converter.related_information => {
                    related_information.push(Beside { location: beside.location(converter, place), message: related.message.clone() });
                }
                Some(place) => {
                    let line = converter.checked.analysis.project.line(place);
                    let path = converter.checked.analysis.project.display_path(place.file);
                    message.push_str(&format!("\n{} ({path}:{line})", related.message));
                }
                None => {
                    message.push('\n');
                    message.push_str(&related.message);
                }
            }
        }
        Diagnostic {
            range: convert::range(text, finding.place.span, converter.encoding),
            severity: match finding.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
                Severity::Info => DiagnosticSeverity::Information,
                Severity::Hint => DiagnosticSeverity::Hint,
            },
            code: finding.rule,
            code_description: Page { href: finding.rule },
            source: super::NAME,
            message,
            tags: finding.tags.iter().map(tag).collect(),
            related_information,
            data: Data {
                rule: finding.rule,
                confidence: confidence(finding.confidence),
                fixes: finding.fixes.iter().map(Offer::of).collect(),
            },
        }
    }

    /// As the protocol library has it; `None` never.
    pub fn typed(&self) -> Option<tower_lsp::gen_lsp_types::Diagnostic> {
        serde_json::to_value(self).and_then(serde_json::from_value).ok()
    }
}

impl Offer {
    fn of(fix: &Fix) -> Offer {
        let kind = match fix.action {
            FixAction::CommentOut(_) | FixAction::CommentOutAll(_) => "comment-out",
            FixAction::Edit(_) => "edit",
        };
        Offer { title: fix.title.clone(), safe: fix.safe, kind }
    }
}

fn tag(tag: &Tag) -> DiagnosticTag {
    match tag {
        Tag::Unnecessary => DiagnosticTag::Unnecessary,
        Tag::Deprecated => DiagnosticTag::Deprecated,
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Proven => "proven",
        Confidence::Likely => "likely",
        Confidence::Hint => "hint",
    }
}

/// The diagnostics of a document, or that they are as they were (`DocumentDiagnosticReport`).
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Report {
    /// All of them.
    Full {
        /// What the client knows them by.
        result_id: String,
        /// They.
        #[serde(serialize_with = "shown::serialize")]
        items: Arc<Shown>,
    },
    /// Those that the client has.
    Unchanged {
        /// What it knows them by.
        result_id: String,
    },
}

impl Report {
    /// These, for a client that has what it knows by `previous`.
    pub fn new(items: Arc<Shown>, previous: Option<&str>) -> Report {
        let result_id = format!("{:016x}", items.fingerprint());
        if previous == Some(&result_id) { Report::Unchanged { result_id } } else { Report::Full { result_id, items } }
    }
}
