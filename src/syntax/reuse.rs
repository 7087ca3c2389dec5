//! Directives of an earlier parse that an edit did not touch: taken over, moved to where they are now, instead of being read again.

use std::sync::Arc;

use super::{Block, Body, Change, Directive, Parse, ProblemKind, Word};
use crate::text::Span;

/// An earlier parse, and the one span that holds everything that changed since.
pub(super) struct Earlier<'a> {
    parse: &'a Parse,
    /// Before this, both texts are the same.
    start: u32,
    /// From here on, the earlier text is …
    old_end: u32,
    /// … what the present one is from here on.
    new_end: u32,
}

impl<'a> Earlier<'a> {
    /// `None` where nothing can be taken over: with a brace too few or too many, what a block holds depends on all that is around it,
    /// and blocks without a name hide how deep others are.
    pub(super) fn new(parse: &'a Parse, changes: &[Change]) -> Option<Earlier<'a>> {
        let braces = |kind| matches!(kind, ProblemKind::StrayClose | ProblemKind::MissingClose | ProblemKind::NamelessBlock);
        if parse.problems.iter().any(|problem| braces(problem.kind)) {
            return None;
        }
        let (first, rest) = changes.split_first()?;
        let ends = |change: &Change| (change.0.start_byte as u32, change.0.old_end_byte as u32, change.0.new_end_byte as u32);
        let (start, old_end, new_end) = ends(first);
        let mut earlier = Earlier { parse, start, old_end, new_end };
        for change in rest {
            let (start, old_end, new_end) = ends(change);
            let end = earlier.new_end.max(old_end);
            earlier.start = earlier.start.min(start);
            earlier.old_end += end - earlier.new_end;
            earlier.new_end = end - old_end + new_end;
        }
        Some(earlier)
    }

    /// The directive that has this span now, as it was, with how far it has moved and with its comments, when it, what stands before it on its
    /// line and how deep it is nested (`depth`) are as they were, and nothing about it is a problem.
    pub(super) fn directive(
        &self,
        source: &str,
        span: Span,
        depth: usize,
    ) -> Option<(Arc<Directive>, Moved, impl Iterator<Item = Span> + use<'a>)> {
        let moved = if span.end < self.start {
            Moved::NOT
        } else {
            let before = source.as_bytes().get(..span.start as usize)?;
            // What tells how deep the line is indented; a file's first line is touched by any change before it.
            let told = before.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'))?;
            if (told as u32) < self.new_end {
                return None;
            }
            Moved { by: i64::from(self.new_end) - i64::from(self.old_end) }
        };
        let was = moved.back(span)?;
        let directive = find(&self.parse.directives, was, depth)?;
        // One that starts before the directive and reaches into it is about something around it.
        if !self.parse.problems_at(was).is_empty() {
            return None;
        }
        let comments = self.parse.comments_in(was).iter().map(move |comment| moved.span(*comment));
        Some((directive.clone(), moved, comments))
    }
}

/// The directive with exactly this span, `depth` blocks deep.
fn find(directives: &[Arc<Directive>], span: Span, depth: usize) -> Option<&Arc<Directive>> {
    let mut directives = directives;
    for _ in 0..depth {
        directives = last_before(directives, span.start)?.children();
    }
    last_before(directives, span.start).filter(|directive| directive.span == span)
}

fn last_before(directives: &[Arc<Directive>], start: u32) -> Option<&Arc<Directive>> {
    directives.get(directives.partition_point(|directive| directive.span.start <= start).checked_sub(1)?)
}

/// By how many bytes a place moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moved {
    by: i64,
}

impl Moved {
    /// It is where it was.
    pub(super) const NOT: Moved = Moved { by: 0 };

    fn back(self, span: Span) -> Option<Span> {
        let at = |offset: u32| u32::try_from(i64::from(offset) - self.by).ok();
        Some(Span::new(at(span.start)?, at(span.end)?))
    }

    fn span(self, span: Span) -> Span {
        // In both texts, which are shorter than 4 GB.
        let at = |offset: u32| (i64::from(offset) + self.by) as u32;
        Span::new(at(span.start), at(span.end))
    }

    /// The same directive where it is now.
    pub(super) fn directive(self, old: &Arc<Directive>) -> Arc<Directive> {
        if self == Moved::NOT {
            return old.clone();
        }
        let word = |word: &Word| word.at(self.span(word.span));
        let body = match &old.body {
            Body::Simple => Body::Simple,
            Body::Lua(code) => Body::Lua(self.span(*code)),
            // Blocks are nested at most `MAX_DEPTH` deep.
            Body::Block(block) => Body::Block(Box::new(Block {
                span: self.span(block.span),
                closed: block.closed,
                directives: block.directives.iter().map(|inner| self.directive(inner)).collect(),
            })),
        };
        let (name, args) = (word(&old.name), old.args.iter().map(word).collect());
        let Directive { signs, includes, origin, .. } = **old;
        Arc::new(Directive { span: self.span(old.span), name, args, body, signs, includes, sound: old.sound.clone(), origin })
    }
}
