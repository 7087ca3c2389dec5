//! What a client was shown of a file, and what of it holds again: a keystroke leaves nearly all diagnostics what they were, and to write
//! thousands of them takes as long as all else.

use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHasher};
use serde::{Serialize, Serializer};
use tower_lsp::gen_lsp_types::Uri;

use super::convert::{Converter, LastPlace};
use super::diagnostic::{Diagnostic, Written};
use crate::parallel;
use crate::project::{FileId, Place};
use crate::rules::finding::{FixAction, Related};
use crate::rules::{Finding, Fix};
use crate::text::{Span, Text};

/// What was shown last of each file of a workspace.
#[derive(Debug, Default)]
pub struct Screen(Mutex<FxHashMap<FileId, Arc<Shown>>>);

impl Screen {
    /// The diagnostics of a file as they are now.
    pub fn show(&self, converter: &Converter<'_>, file: FileId) -> Arc<Shown> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = lock().get(&file).cloned();
        let now = Arc::new(Shown::new(converter, file, last.as_deref()));
        // What gives way is freed without the lock.
        let _last = if now.is_empty() { lock().remove(&file) } else { lock().insert(file, now.clone()) };
        now
    }
}

/// The diagnostics of a file as JSON, with all that they depend on.
#[derive(Debug, Default)]
pub struct Shown {
    findings: Arc<Vec<Finding>>,
    /// Of each finding.
    written: Vec<Written>,
    /// The file itself, and those in which something stands beside a finding.
    files: FxHashMap<FileId, (Text, Uri)>,
}

impl Shown {
    /// The diagnostics of a file; those that are what they were when it was shown last are not written again, the others side by side.
    fn new(converter: &Converter<'_>, file: FileId, last: Option<&Shown>) -> Shown {
        /// So many are sooner written than handed to another thread.
        const FEW: usize = 32;

        let findings = converter.checked.findings.get(&file).cloned().unwrap_or_default();
        let mut files = FxHashMap::default();
        let mut note = |file: FileId| {
            let of = || (converter.checked.analysis.project.text(file), converter.snapshot.uri(converter.checked, file));
            files.entry(file).or_insert_with(of);
        };
        note(file);
        findings.iter().flat_map(|finding| &finding.related).filter_map(|related| related.place).for_each(|place| note(place.file));
        let again = last.map(|last| Again::new(last, &files));
        let text = converter.checked.analysis.project.text(file);
        let write = |part: &&[Finding]| {
            let mut beside = LastPlace::default();
            let mut at = again.as_ref().zip(part.first()).map_or(0, |(again, first)| again.begin(first.place));
            let written = part.iter().map(|finding| match again.as_ref().and_then(|again| again.find(&mut at, finding)) {
                Some(same) => same,
                None => Written::of(&Diagnostic::new(converter, finding, &text, &mut beside)),
            });
            written.collect::<Vec<Written>>()
        };
        let parts: Vec<&[Finding]> = findings.chunks(FEW).collect();
        let written = parallel::map(&parts, write).into_iter().flatten().collect();
        Shown { findings, written, files }
    }

    /// A number that is the same as long as they are, whenever they are written.
    pub fn fingerprint(&self) -> u64 {
        let hash = BuildHasherDefault::<FxHasher>::default();
        hash.hash_one(self.written.iter().map(Written::fingerprint).collect::<Vec<u64>>())
    }

    /// True where nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Shown) -> bool {
        self.written == other.written
    }
}

/// As a list of diagnostics.
pub fn serialize<S: Serializer>(shown: &Arc<Shown>, serializer: S) -> Result<S::Ok, S::Error> {
    shown.written.serialize(serializer)
}

/// What was shown last, seen from the present texts.
struct Again<'a> {
    last: &'a Shown,
    /// Those that are called what they were called.
    moved: FxHashMap<FileId, Moved>,
}

impl<'a> Again<'a> {
    fn new(last: &'a Shown, files: &FxHashMap<FileId, (Text, Uri)>) -> Again<'a> {
        let moved = files.iter().filter_map(|(file, (text, uri))| {
            let (old, old_uri) = last.files.get(file)?;
            (uri == old_uri).then(|| (*file, Moved::between(old, text)))
        });
        Again { last, moved: moved.collect() }
    }

    /// About where a finding was among those of then.
    fn begin(&self, place: Place) -> usize {
        let was = self.moved.get(&place.file).map_or(place.span.start, |moved| moved.back(place.span.start));
        self.last.findings.partition_point(|finding| finding.place.span.start < was)
    }

    /// What was written of a finding, if it is one of the next of those of then.
    fn find(&self, at: &mut usize, finding: &Finding) -> Option<Written> {
        /// So many may be gone.
        const AHEAD: usize = 4;

        let next = self.last.findings.iter().zip(&self.last.written).skip(*at).take(AHEAD);
        let (ahead, (_, written)) = next.enumerate().find(|(_, (old, _))| self.is_same(old, finding))?;
        *at += ahead + 1;
        Some(written.clone())
    }

    /// Would the same be written?
    fn is_same(&self, old: &Finding, new: &Finding) -> bool {
        let fix = |fix: &Fix| (fix.safe, matches!(fix.action, FixAction::Edit(_)));
        let is_fix = |(one, other): (&Fix, &Fix)| fix(one) == fix(other) && one.title == other.title;
        let is_related = |(one, other): (&Related, &Related)| {
            let place = match (one.place, other.place) {
                (Some(one), Some(other)) => self.is_in_place(one, other),
                (one, other) => one == other,
            };
            place && one.message == other.message
        };
        self.is_in_place(old.place, new.place)
            && (old.rule, old.severity, old.confidence) == (new.rule, new.severity, new.confidence)
            && old.message == new.message
            && old.tags == new.tags
            && old.fixes.len() == new.fixes.len()
            && old.fixes.iter().zip(&new.fixes).all(is_fix)
            && old.related.len() == new.related.len()
            && old.related.iter().zip(&new.related).all(is_related)
    }

    fn is_in_place(&self, old: Place, new: Place) -> bool {
        old.file == new.file && self.moved.get(&new.file).is_some_and(|moved| moved.is_in_place(old.span, new.span))
    }
}

/// Which places of a text have the lines and columns that they had in an earlier one.
#[derive(Debug, Clone, Copy)]
struct Moved {
    /// Those before this one, …
    before: u32,
    /// … and those from here on, as the earlier text counted, …
    behind: u32,
    /// … which are so many bytes further on.
    by: i64,
}

impl Moved {
    fn between(old: &Text, new: &Text) -> Moved {
        let by = i64::from(new.len()) - i64::from(old.len());
        if old.is_same(new) {
            return Moved { before: u32::MAX, behind: u32::MAX, by };
        }
        let (before, end) = old.shared(new);
        // The first line that is whole.
        let line = new.line_of(new.len() - end) + 1;
        let start = new.line_span(line).start;
        let was = (i64::from(start) - by) as u32;
        let is_there = line < new.line_count() && line < old.line_count() && old.line_span(line).start == was;
        Moved { before, behind: if is_there { was } else { u32::MAX }, by }
    }

    fn back(self, offset: u32) -> u32 {
        if offset < self.before { offset } else { (i64::from(offset) - self.by).max(0) as u32 }
    }

    fn is_in_place(self, old: Span, new: Span) -> bool {
        let moved = |offset: u32| i64::from(offset) + self.by;
        // What a place is depends on the byte behind it, too.
        let is_before = || old == new && new.end < self.before;
        let is_behind = || old.start >= self.behind && (i64::from(new.start), i64::from(new.end)) == (moved(old.start), moved(old.end));
        is_before() || is_behind()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::text::Encoding;

    proptest! {
        #[test]
        fn what_is_in_place_has_the_line_and_column_that_it_had(
            pieces in vec(prop_oneof!["\n", "\r\n", "\r", "[a-z]{1,9} ", "\u{e9}|\u{1f600}"], 0..1200),
            edits in vec((0..=1000u32, 0..12u32, prop_oneof!["", "x", "\n", "\r", "y\nz", "\u{1f600}"]), 1..4),
            spans in vec((0..=1000u32, 0..30u32), 40),
        ) {
            let old = Text::new(&pieces.concat());
            let mut new = old.clone();
            for (at, length, with) in edits {
                let start = (u64::from(new.len()) * u64::from(at) / 1000) as u32;
                new.replace(Span::new(start, (start + length).min(new.len())), &with);
            }
            let moved = Moved::between(&old, &new);
            for (at, length) in spans {
                let start = (u64::from(old.len()) * u64::from(at) / 1000) as u32;
                let was = Span::new(start, (start + length).min(old.len()));
                for by in [0, moved.by] {
                    let at = |offset: u32| u32::try_from(i64::from(offset) + by).ok().filter(|at| *at <= new.len());
                    let Some(is) = at(was.start).zip(at(was.end)).map(|(start, end)| Span::new(start, end)) else { continue };
                    if moved.is_in_place(was, is) {
                        prop_assert_eq!(old.positions(was, Encoding::Utf16), new.positions(is, Encoding::Utf16), "{:?} {:?}", was, is);
                    }
                }
            }
        }
    }

    #[test]
    fn a_letter_leaves_what_is_on_other_lines_in_place() {
        let line = "location /a { root /b; }\n";
        let old = Text::new(&line.repeat(1000));
        let middle = (500 * line.len()) as u32 + 3;
        let mut new = old.clone();
        new.replace(Span::at(middle), "x");
        let moved = Moved::between(&old, &new);
        let (first, last) = (Span::new(9, 11), Span::new(old.len() - 9, old.len() - 7));
        assert!(moved.is_in_place(first, first) && moved.is_in_place(last, Span::new(last.start + 1, last.end + 1)));
        let touched = Span::new(middle + 2, middle + 4);
        assert!(!moved.is_in_place(touched, Span::new(middle + 3, middle + 5)), "its column is another one");
        new.replace(Span::at(middle), "\n");
        let moved = Moved::between(&old, &new);
        assert!(
            moved.is_in_place(first, first) && !moved.is_in_place(last, Span::new(last.start + 2, last.end + 2)),
            "its line is another one"
        );
    }
}
