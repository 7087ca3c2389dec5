//! What else needs a block.
use super::Refusal;
use crate::project::FileId;
use crate::text::Span;
use crate::world::Analysis;

/// Nothing yet.
pub fn needed(_: &Analysis, _: FileId, _: &[Span]) -> Option<Refusal> { None }
