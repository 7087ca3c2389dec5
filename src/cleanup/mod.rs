//! Comment out, restore: text edits and the plan that a person reads.
use crate::project::FileId;
use crate::rules::finding::FixAction;
use crate::text::Span;
use crate::world::Analysis;

/// A replacement in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub new: String,
}

/// Why something is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// The edits of a fix.
pub fn resolve(_analysis: &Analysis, action: &FixAction) -> Result<Vec<(FileId, Vec<TextEdit>)>, Refusal> {
    match action {
        FixAction::CommentOut(_) => Err(Refusal("not yet".into())),
        FixAction::Edit(edits) => {
            Ok(edits.iter().map(|(place, new)| (place.file, vec![TextEdit { span: place.span, new: new.clone() }])).collect())
        }
    }
}
