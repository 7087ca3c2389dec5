//! Comment out, restore: text edits and what speaks against them.
//!
//! [`comment`] is pure: a text, its directives, a marker, and the edits that come of them. [`needs`] knows what else in the
//! configuration would miss a block. [`resolve`] puts both together for the fix of a finding.

pub mod comment;
pub mod describe;
mod files;
pub mod finish;
pub mod needs;
pub mod plan;
pub mod status;
pub mod undo;

pub use plan::{Change, Part};

use std::ops::Range;

use crate::messages::{Language, Message};
use crate::phrase;
use crate::project::{FileId, Place};
use crate::rules::finding::FixAction;
use crate::text::{Span, Text};
use crate::world::Analysis;

/// The replacement of one span of a text; all edits of a list count from the text before any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what.
    pub new: String,
}

/// Why something is not done: one sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The sentence.
    pub reason: Message,
    /// What speaks against it, where that is a place.
    pub place: Option<Place>,
}

impl Refusal {
    /// A refusal that points at nothing.
    pub fn new(reason: impl Into<Message>) -> Refusal {
        Refusal { reason: reason.into(), place: None }
    }

    /// The sentence in a language.
    pub fn say(&self, language: Language) -> String {
        self.reason.say(language)
    }
}

/// The edits of each file.
pub type FileEdits = Vec<(FileId, Vec<TextEdit>)>;

/// What a fix comes to in text, or why it is not done.
pub fn resolve(analysis: &Analysis, action: &FixAction) -> Result<FileEdits, Refusal> {
    match action {
        FixAction::CommentOut(place) => comment_out(analysis, place.file, &[place.span]).map(|edits| vec![(place.file, edits)]),
        FixAction::CommentOutAll(places) => {
            let mut files: Vec<FileId> = places.iter().map(|place| place.file).collect();
            files.sort();
            files.dedup();
            let spans = |file: &FileId| places.iter().filter(|place| place.file == *file).map(|place| place.span).collect::<Vec<_>>();
            files.iter().map(|file| comment_out(analysis, *file, &spans(file)).map(|edits| (*file, edits))).collect()
        }
        FixAction::Edit(edits) => {
            let mut files = FileEdits::new();
            for (place, new) in edits {
                let edit = TextEdit { span: place.span, new: new.clone() };
                match files.iter_mut().find(|(file, _)| *file == place.file) {
                    Some((_, edits)) => edits.push(edit),
                    None => files.push((place.file, vec![edit])),
                }
            }
            for (_, edits) in &mut files {
                edits.sort_by_key(|edit| edit.span);
                if edits.is_sorted_by(|before, after| before.span.end <= after.span.start) {
                    continue;
                }
                return Err(Refusal::new(phrase!("refusal-same-place")));
            }
            Ok(files)
        }
    }
}

/// The edits that comment out the directives at these spans of a configuration file, unless something else needs one of them.
pub fn comment_out(analysis: &Analysis, file: FileId, spans: &[Span]) -> Result<Vec<TextEdit>, Refusal> {
    let Some(source) = analysis.project.files.get(&file) else {
        return Err(Refusal::new(phrase!("refusal-not-configuration", file = analysis.project.display_path(file))));
    };
    let edits = comment::comment_out(&source.text, &source.parse, spans, &analysis.project.settings.cleanup.marker)?;
    match needs::needed(analysis, file, spans) {
        Some(refusal) => Err(refusal),
        None => Ok(edits),
    }
}

/// The edits, of whole lines, that make one text of another: in order, with lines that stay between any two.
pub fn difference(before: &Text, after: &Text) -> Vec<TextEdit> {
    let (old, new) = (before.to_str(), after.to_str());
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let diff = similar::TextDiff::from_slices(&old_lines, &new_lines);
    let bytes = |lines: &[&str], range: Range<usize>| lines.get(range).unwrap_or_default().iter().map(|line| line.len()).sum::<usize>();
    let mut edits: Vec<TextEdit> = Vec::new();
    // Where an operation stands follows from those before it: of one that takes or brings nothing, the library moves only the other side.
    let (mut old_at, mut new_at) = (0, 0);
    for operation in diff.ops() {
        let old_end = old_at + bytes(&old_lines, operation.old_range());
        let new_end = new_at + bytes(&new_lines, operation.new_range());
        let text = new.get(new_at..new_end).unwrap_or_default();
        if operation.tag() != similar::DiffTag::Equal {
            match edits.last_mut().filter(|last| last.span.end == old_at as u32) {
                Some(last) => {
                    last.span.end = old_end as u32;
                    last.new.push_str(text);
                }
                None => edits.push(TextEdit { span: Span::new(old_at as u32, old_end as u32), new: text.to_owned() }),
            }
        }
        (old_at, new_at) = (old_end, new_end);
    }
    edits
}

/// The text after the edits. They may come in any order; one that overlaps another, or lies outside the text, is left out.
pub fn apply(text: &Text, edits: &[TextEdit]) -> Text {
    let source = text.to_str();
    let mut edits: Vec<&TextEdit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(source.len() + edits.iter().map(|edit| edit.new.len()).sum::<usize>());
    let mut done = 0;
    for edit in edits {
        let range = edit.span.range();
        let (Some(before), true) = (source.get(done..range.start), source.get(range.clone()).is_some()) else { continue };
        out.push_str(before);
        out.push_str(&edit.new);
        done = range.end;
    }
    out.push_str(source.get(done..).unwrap_or_default());
    Text::new(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_makes_the_other_text() {
        for (before, after) in [("a\nb\nc\n", "a\nx\nb\n"), ("", "a\n"), ("a\r\nb", "b"), ("a\n", "a\n"), ("a\nb\n", "b\na\nb")] {
            let edits = difference(&Text::new(before), &Text::new(after));
            assert_eq!(apply(&Text::new(before), &edits).to_string(), after);
            assert!(edits.windows(2).all(|pair| pair[0].span.end < pair[1].span.start), "{edits:?}");
            assert_eq!(edits.is_empty(), before == after);
        }
    }
}
